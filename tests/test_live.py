"""The Python half of the live view: messages, scenes, the player, the local page, the widget."""

import http.client
import json
import queue
import re
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import memnet as mn
from memnet.cli import app
from memnet.live import Page, _assets
from memnet.live._knobs import Knobs
from memnet.live._message import packed
from memnet.live._player import EDGES, MOST_ROWS, MOST_STEPS, Player
from memnet.live._rows import Rows
from memnet.live._scene import scene
from memnet.live._server import MOST_CONNECTIONS

ROOT = Path(__file__).resolve().parent.parent


def unpacked(message):
    """Return a message as the browser reads it: written again from docs/live-view.md."""
    (length,) = struct.unpack_from("<I", message)
    header = json.loads(message[4 : 4 + length])
    place = -(-(4 + length) // 8) * 8
    for name, kind, size in header["arrays"]:
        header[name] = np.frombuffer(message, f"<{kind}", size, place)
        place += -(-header[name].nbytes // 8) * 8
    assert place == len(message)
    return header


def discs():
    net = mn.percolating(size=30, coverage=0.65, seed=1)
    devices = mn.mix(net, {mn.TunnelGap(): 0.7, mn.RateBalance(): 0.3}, seed=2)
    return mn.Simulation(net, devices, {"left": 3.0, "right": 0.0}, seed=0)


def pair(drive, device=None, **options):
    net = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
    return mn.Simulation(net, device or mn.Resistor(conductance=2.0), {"in": drive, "out": 0.0}, **options)


@pytest.fixture
def player():
    return Player(discs())


def played(player, steps):
    """Take steps, wait for their end, and return the picture."""
    player.command({"do": "take", "steps": steps}).result()
    while player.running:
        player.wait(player.picture, 0.05)
    return unpacked(player.frame(0, 0, 0, "current"))


# ---------------------------------------------------------------- messages and rows


def test_a_message_is_its_header_and_its_arrays():
    arrays = {"a": np.array([1.5, np.nan], dtype=np.float32), "b": np.arange(3, dtype=np.int32), "c": np.array([1e-87])}
    found = unpacked(packed({"x": np.inf, "y": [np.float32(0.5), "ä"]}, arrays))
    assert (found["x"], found["y"]) == (None, [0.5, "ä"])
    for name, values in arrays.items():
        np.testing.assert_array_equal(found[name], values)


@pytest.mark.parametrize("sizes", [[3], [1] * 25, [4, 30, 2], [10, 10, 1]])
def test_the_last_rows_are_kept_and_counted(sizes):
    rows, every = Rows(2, 10), np.arange(200.0).reshape(100, 2)
    for size in sizes:
        rows.add(every[rows.end : rows.end + size])
        for first in range(rows.end + 2):
            np.testing.assert_array_equal(rows.since(first), every[max(first, rows.end - 10) : rows.end])


# ---------------------------------------------------------------- scenes


def test_discs_stand_where_they_are_and_belong_to_their_groups():
    sim = discs()
    found = unpacked(scene(sim, ("left", "right")))
    np.testing.assert_array_equal(found["disc_place"].reshape(-1, 2), sim.net.layout.position.astype(np.float32))
    np.testing.assert_array_equal(found["disc_node"], sim.net.layout.group)
    assert set(found["disc_radius"]) == {0.5}
    assert found["box"] == [0.0, 0.0, 30.0, 30.0]
    assert [one["name"] for one in found["electrodes"]] == ["left", "right"]
    np.testing.assert_array_equal(found["edge"], np.arange(sim.net.n_edges))
    for k, device in enumerate(sim.devices):
        np.testing.assert_array_equal(np.flatnonzero(found["edge_device"] == k), sim.edges_of(device))


@pytest.mark.parametrize("resistance", [None, 10.0])
def test_wires_are_lines_and_junctions_spots(resistance):
    net = mn.nanowires(60, size=40.0, length=20.0, seed=1, wire_resistance=resistance)
    drive = dict.fromkeys(net.electrodes, 0.0)
    found = unpacked(scene(mn.Simulation(net, mn.RateBalance(), drive), ()))
    np.testing.assert_array_equal(found["spot_edge"], net.wires.junctions)
    lines = net.wires.segments if resistance else np.arange(net.n_nodes)
    assert len(found["line_ends"]) == 4 * len(lines)
    np.testing.assert_allclose(found["spot_place"].reshape(-1, 2), net.wires.junction_position, rtol=1e-5)


def test_cells_of_a_crossbar_are_squares():
    net = mn.crossbar(3, 4, line_resistance=1.0)
    sim = mn.Simulation(net, mn.Resistor(), dict.fromkeys(net.electrodes, 0.0))
    found = unpacked(scene(sim, ()))
    assert found["squares"]
    np.testing.assert_array_equal(found["spot_edge"], net.layout.cell.ravel())


def test_networks_without_places_are_laid_out_and_not_too_large():
    ring = [(k, (k + 1) % 6) for k in range(6)]
    found = unpacked(
        scene(mn.Simulation(mn.Network(6, ring, electrodes={"a": 0, "b": 3}), mn.Resistor(), {"a": 1, "b": 0}), ())
    )
    assert len(np.unique(found["disc_place"].reshape(-1, 2), axis=0)) == 6
    line = mn.Network(2_001, [(k, k + 1) for k in range(2_000)], electrodes={"a": 0, "b": 2_000})
    with pytest.raises(ValueError, match="2001 nodes needs positions"):
        scene(mn.Simulation(line, mn.Resistor(), {"a": 1.0, "b": 0.0}), ())


def test_what_is_attached_to_electrodes_of_a_box_is_not_drawn():
    net = mn.percolating(size=30, coverage=0.65, seed=1).attach("left", mn.Resistor())
    found = unpacked(scene(mn.Simulation(net, mn.RateBalance(), {"left": 1.0, "right": 0.0}), ()))
    assert len(found["edge"]) == net.n_own_edges == net.n_edges - 1
    assert {one["name"] for one in found["electrodes"]} == set(net.electrodes)


# ---------------------------------------------------------------- the player


def test_what_is_played_has_the_bits_of_a_run(player):
    player.command({"do": "speed", "steps": 70}).result()
    found = played(player, 300)
    other = discs()
    data = other.run(300)
    trace = found["trace"].reshape(-1, 5)
    np.testing.assert_array_equal(trace[:, 0], data.time)
    np.testing.assert_array_equal(trace[:, 1:3], data.current)
    np.testing.assert_array_equal(trace[:, 3:], data.voltage)
    np.testing.assert_array_equal(found["potential"], other.potential.astype(np.float32))
    with np.errstate(divide="ignore"):
        np.testing.assert_array_equal(found["values"], np.log10(np.abs(other.branch_current)).astype(np.float32))
    assert (found["step"], found["up"], found["down"]) == (300, *((data.event_kind * s > 0).sum() for s in (1, -1)))
    np.testing.assert_array_equal(found["event_edge"], data.event_edge)
    assert len(found["event_edge"])
    np.testing.assert_array_equal(player.simulation.potential, other.potential)


def test_many_steps_a_picture_leave_some_of_their_rows_and_all_of_their_events():
    player = Player(pair(mn.drive.sine(1.0, frequency=1e-3)), speed=20_000)
    found = played(player, 20_000)
    trace = found["trace"].reshape(-1, 5)
    assert len(trace) <= 512 * found["picture"]
    assert len(trace) < 20_000
    assert trace[-1, 0] == 19_999.0
    np.testing.assert_allclose(trace[:, 1], 2.0 * np.sin(2e-3 * np.pi * trace[:, 0]), atol=1e-12)


def test_the_trace_is_bounded(monkeypatch):
    monkeypatch.setattr("memnet.live._player.MOST_ROWS", 100)
    player = Player(pair(1.0), speed=100)
    found = played(player, 350)
    trace = found["trace"].reshape(-1, 5)
    assert found["rows"] == found["step"] == 350
    np.testing.assert_array_equal(trace[:, 0], np.arange(250, 350))


def test_a_browser_gets_only_what_is_new(player):
    first = played(player, 5)
    second = played(player, 3)
    assert first["rows"] == 5
    found = unpacked(player.frame(second["begun"], first["rows"], 0, "none"))
    assert len(found["trace"]) == 3 * 5
    assert "values" not in found
    assert not player.wait(found["picture"], 0.01)


def test_run_goes_on_until_a_pause_and_then_nobody_has_the_simulation(player):
    player.command({"do": "run"}).result()
    while player.simulation.steps_done < 3:
        time.sleep(0.005)
    assert unpacked(player.frame(0, 0, 0, "none"))["running"]
    player.command({"do": "pause"}).result()
    steps = player.simulation.steps_done
    player.simulation.step(2)
    assert player.simulation.steps_done == steps + 2
    assert not player.running
    deadline = time.monotonic() + 5.0
    while any(one.name == "memnet live view" for one in threading.enumerate()):  # the thread ends by itself
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_reset_goes_back_to_states_time_and_drive(player):
    player.command({"do": "speed", "steps": 40}).result()
    before = played(player, 40)
    player.command({"do": "turn", "electrode": "left", "value": 1.0}).result()
    player.command({"do": "reset"}).result()
    found = unpacked(player.frame(before["begun"], before["rows"], before["events"], "current"))
    assert (found["step"], found["rows"], found["up"]) == (0, 0, 0)
    assert found["begun"] != before["begun"]
    assert [knob["value"] for knob in found["knobs"]] == [3.0, 0.0]
    again = played(player, 40)
    np.testing.assert_array_equal(again["trace"], before["trace"])


def test_an_error_of_the_simulation_is_shown_and_the_steps_before_it_stay():
    growing = mn.device_model(
        "Growing", "i = x*v\ndx/dt = x*x/g\nparameter g = 1 S s : scale\nstate x = 1 S : conductance"
    )
    player = Player(pair(1.0, growing(), dt=0.5), speed=100)
    found = played(player, 100_000)
    assert found["error"]
    assert "Error" in found["error"].partition(":")[0]
    assert not found["running"]
    assert found["step"] == len(found["trace"]) // 5 > 0
    player.command({"do": "reset"}).result()
    assert player.error is None


def test_a_simulation_that_somebody_else_uses_is_waited_for(player):
    with player.simulation._alone():
        waiting = player.command({"do": "turn", "electrode": "left", "value": 1.0})
        time.sleep(0.05)
        assert not waiting.done()
    waiting.result()
    assert player.simulation["left"] == 1.0


def test_steps_of_somebody_else_are_none_of_the_view(player, monkeypatch):
    step = player.simulation.step
    monkeypatch.setattr(player.simulation, "step", lambda n: (step(n), step(7)))
    found = played(player, 5)
    assert (found["error"], found["rows"], found["step"]) == (None, 5, 5 * 8)


def test_a_listener_that_fails_stops_the_run_and_not_the_player(player):
    calls = iter(range(1_000))

    def listen():
        if next(calls) == 1:  # the first picture that nobody asked for
            raise ValueError("deaf")

    player.listeners.append(listen)
    player.command({"do": "run"}).result(10.0)
    deadline = time.monotonic() + 10.0
    while player.running:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert player.error == "ValueError: deaf"
    assert player.command({"do": "tell", "kind": "node", "number": 0}).result(10.0)["node"] == 0


def test_another_quantity_is_asked_for_while_a_picture_is_taken(player):
    looking = threading.Event()

    class Slow(dict):
        def items(self):
            for pair in super().items():
                looking.set()
                time.sleep(0.05)
                yield pair

    player._asked = Slow(player._asked, device=time.monotonic(), none=time.monotonic())
    shown = player.soon(player.show)
    assert looking.wait(10.0)
    found = unpacked(player.frame(0, 0, 0, "voltage"))
    shown.result(10.0)
    assert player.error is None
    assert len(found["values"]) == player.simulation.net.n_edges


def test_potentials_beyond_single_precision_are_shown_without_a_warning():
    player = Player(pair(1e300))
    assert played(player, 1)["potential"].tolist() == [np.inf, 0.0]
    assert player.error is None


def test_all_there_is_to_say_of_a_node_and_an_edge(player):
    played(player, 20)
    sim = player.simulation
    assert player.command({"do": "tell", "kind": "node", "number": 7}).result() == {
        "node": 7,
        "name": "",
        "potential": sim.potential[7],
    }
    found = player.command({"do": "tell", "kind": "edge", "number": 11}).result()
    assert found["name"] == "edge 11 (n{}-n{})".format(*sim.net.edges[11])
    assert (found["voltage"], found["current"]) == (sim.branch_voltage[11], sim.branch_current[11])
    assert found["conductance"] == sim.conductance[11]
    assert found["device"] in map(repr, sim.devices)


def test_nodes_and_elements_of_circuits_are_told_by_name():
    made = mn.Circuit()
    made.add("in", "mid", mn.Resistor(), name="R1")
    made.add("mid", "gnd", mn.Resistor(), name="R2")
    player = Player(made.simulation({"in": 1.0, "gnd": 0.0}))
    assert "R2" in player.command({"do": "tell", "kind": "edge", "number": 1}).result()["name"]
    names = [player.command({"do": "tell", "kind": "node", "number": k}).result()["name"] for k in range(3)]
    assert sorted(names) == ["gnd", "in", "mid"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "must be an object"),
        ({"do": "runn"}, "did you mean 'run'"),
        ({"do": None}, "command must be a string"),
        ({"do": "run", "steps": 3}, "unknown keyword 'steps'"),
        ({"do": "take"}, "needs steps"),
        ({"do": "take", "steps": 0}, "steps must be an integer in"),
        ({"do": "take", "steps": 1.5}, "steps must be an integer"),
        ({"do": "speed", "steps": 10**9}, "steps must be an integer in"),
        ({"do": "turn", "electrode": "lft", "value": 1.0}, "did you mean 'left'"),
        ({"do": "turn", "electrode": ["left"], "value": 1.0}, "must be a string"),
        ({"do": "turn", "electrode": "left", "value": None}, "value must be a number"),
        ({"do": "turn", "electrode": "left", "value": float("inf")}, "value must be in"),
        ({"do": "tell", "kind": "node", "number": 10**6}, "number must be an integer in"),
        ({"do": "tell", "kind": "disc", "number": 1}, "unknown kind"),
    ],
)
def test_what_no_command_is_is_refused_by_name(player, words, message):
    with pytest.raises((ValueError, TypeError), match=re.escape(message)):
        player.command(words).result()


# ---------------------------------------------------------------- knobs


def test_a_constant_has_a_value_and_any_other_drive_a_factor():
    drive = {"a": 2.0, "b": mn.drive.current(1e-6), "c": mn.drive.sine(0.5, frequency=2.0), "d": None, "e": 0.0}
    net = mn.Network(5, [(k, k + 1) for k in range(4)], electrodes=dict(zip("abcde", range(5), strict=True)))
    knobs = Knobs(mn.Simulation(net, mn.Resistor(), drive).drive)
    listed = {
        knob["electrode"]: (knob["kind"], knob["unit"], knob["low"], knob["high"], knob["value"])
        for knob in knobs.listed()
    }
    assert listed == {
        "a": ("value", "V", -4.0, 4.0, 2.0),
        "b": ("value", "A", -2e-6, 2e-6, 1e-6),
        "c": ("factor", "", 0.0, 2.0, 1.0),
        "e": ("value", "V", -4.0, 4.0, 0.0),
    }
    assert repr(knobs.drive("b", 3e-6)["b"]) == "current(constant(value=3e-06))"
    assert knobs.drive("c", 1.5)["c"](0.125) == pytest.approx(0.75)


def test_a_turned_knob_counts_from_the_next_step_on_and_time_goes_on():
    player = Player(pair(mn.drive.triangle(0.0, 1.0, period=8.0)))
    played(player, 3)
    player.command({"do": "turn", "electrode": "in", "value": 2.0}).result()
    trace = played(player, 2)["trace"].reshape(-1, 5)
    np.testing.assert_allclose(trace[:, 3], [0.0, 0.25, 0.5, 1.5, 2.0])


def test_a_drive_that_was_set_elsewhere_is_what_is_turned(player):
    player.simulation.set_drive({"left": 1.0, "right": mn.drive.sine(1.0, frequency=0.1)})
    player.command({"do": "turn", "electrode": "right", "value": 0.5}).result()
    assert repr(player.simulation.drive["left"]) == "constant(value=1.0)"
    assert "amplitude=0.5" in repr(player.simulation.drive["right"])


# ---------------------------------------------------------------- the page


@pytest.fixture(scope="module")
def page():
    made = Page(discs())
    made.start()
    yield made
    made.close()


def ask(page, path=None, method="GET", body=None, **headers):
    """Return status, headers and body of a request; the path is behind the token, or whole."""
    connection = http.client.HTTPConnection("127.0.0.1", page.port, timeout=15)
    whole = path if path is not None and path.startswith("/") else f"/{page.token}/{path or ''}"
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        connection.request(method, whole, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def command(page, **words):
    return ask(page, "command", "POST", json.dumps(words), Content_Type="application/json")


def test_the_page_and_all_that_it_loads_come_from_here(page):
    for name, kind in (("", "text/html"), ("view.css", "text/css"), ("view.js", "text/javascript")):
        status, headers, body = ask(page, name)
        assert (status, headers.get_content_type()) == (200, kind)
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'; ")
        assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "no-referrer")
        assert not re.findall(rb"(?:https?:)?//[a-z0-9]+\.", body)
    assert unpacked(ask(page, "scene")[2])["kind"] == "scene"


def test_a_picture_and_commands(page):
    assert command(page, do="reset")[0] == 200
    assert command(page, do="take", steps=5)[0] == 200
    found = unpacked(ask(page, "frame?picture=0&edges=conductance")[2])
    assert (found["kind"], found["edges"]) == ("frame", "conductance")
    while page.player.running:
        time.sleep(0.01)
    found = unpacked(ask(page, "frame?picture=0&edges=conductance")[2])
    assert found["step"] == 5
    np.testing.assert_array_equal(found["values"], np.log10(page.player.simulation.conductance).astype(np.float32))
    assert json.loads(command(page, do="tell", kind="node", number=0)[2])["node"] == 0


@pytest.mark.parametrize("path", ["/", "/scene", "/x/", "/x/scene", "/../../etc/passwd", "//", "/%00/", "/%C3%A9/"])
def test_without_the_token_nothing_is_answered(page, path):
    assert ask(page, path)[0] == 403
    assert ask(page, path, "POST", "{}")[0] == 403


def test_a_token_that_is_nearly_right_is_wrong(page):
    for token in (page.token[:-1], page.token + "A", page.token.swapcase(), ""):
        assert ask(page, f"/{token}/scene")[0] == 403
    assert ask(page, f"/{page.token}")[0] == 403
    other = Page(discs())
    other.close()
    assert other.token != page.token


@pytest.mark.parametrize(
    "name",
    [
        "view.py",
        "../_server.py",
        "..%2f_server.py",
        "web/view.css",
        "view.css/",
        "./view.css",
        "%2e%2e/",
        "\\..\\_server.py",
    ],
)
def test_there_are_no_files_but_those_that_are_listed(page, name):
    assert ask(page, name)[0] == 404


def test_other_hosts_and_origins_are_refused(page):
    for host in ("example.org", f"example.org:{page.port}", "127.0.0.1.example.org", "[::1]", "", "127.0.0.2"):
        assert ask(page, "scene", Host=host)[0] == 403
    for host in ("127.0.0.1", "localhost:1234", f"127.0.0.1:{page.port}"):
        assert ask(page, "scene", Host=host)[0] == 200
    good = f"127.0.0.1:{page.port}"
    for origin in (
        "null",
        "http://example.org",
        f"https://{good}",
        "http://127.0.0.1:1",
        f"http://localhost:{page.port}",
    ):
        assert ask(page, "scene", Host=good, Origin=origin)[0] == 403
    assert ask(page, "scene", Host=good, Origin=f"http://{good}")[0] == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE", "CONNECT", "BREW"])
def test_other_methods_are_refused(page, method):
    assert ask(page, "scene", method)[0] == 405


def test_get_and_post_are_not_each_other(page):
    assert ask(page, "command")[0] == 405
    assert ask(page, "scene", "POST", "{}", Content_Type="application/json")[0] == 405


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"x" * 65_537, {}, 413),
        (b"", {"Content-Length": "99999999999999999999"}, 413),
        (b"", {"Content-Length": "-1"}, 411),
        (b"", {"Content-Length": "many"}, 411),
        (b"0\r\n\r\n", {"Transfer-Encoding": "chunked"}, 411),
        (b"{}", {"Content-Type": "text/plain"}, 415),
        (b"{", {}, 400),
        (b"[" * 60_000, {}, 400),
        (b"\xff\xfe", {}, 400),
        (b"[]", {}, 400),
        (b'{"do": "turn", "electrode": "left", "value": NaN}', {}, 400),
        (b'{"do": "turn", "electrode": "left", "value": 1e999}', {}, 400),
        (b'{"do": "take", "steps": ' + b"9" * 5_000 + b"}", {}, 400),
    ],
)
def test_bodies_that_are_no_commands(page, body, headers, status):
    found = ask(page, "command", "POST", body, **{"Content-Type": "application/json", **headers})
    assert found[0] == status
    assert len(found[2]) < 500


@pytest.mark.parametrize(
    "query", ["picture=x", "rows=-1", "events=1e3", f"begun={'9' * 40}", "edges=colour", "picture=%D9%A1"]
)
def test_queries_that_ask_for_no_picture(page, query):
    assert ask(page, f"frame?{query}")[0] == 400


def test_lines_that_are_no_http_end_their_connection(page):
    for line in (b"\x00\x01\x02\r\n\r\n", b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", page.port), timeout=10) as connection:
            connection.sendall(line)
            assert connection.recv(65_536)[:12] not in (b"HTTP/1.1 200",)
    assert ask(page, "scene")[0] == 200


def test_it_listens_at_127_0_0_1_alone(page):
    local = f"0100007F:{page.port:04X}"
    listening = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    mine = [row[1] for row in listening if row[3] == "0A" and row[1].endswith(f":{page.port:04X}")]
    assert mine == [local]
    others = [row.split()[1] for row in Path("/proc/net/tcp6").read_text().splitlines()[1:]]
    assert not [place for place in others if place.endswith(f":{page.port:04X}")]


def test_too_many_connections_are_closed_and_the_page_goes_on(page):
    held = [socket.create_connection(("127.0.0.1", page.port), timeout=15) for _ in range(60)]
    closed = set()
    while len(closed) < 60 - MOST_CONNECTIONS:  # what is open has nothing to read
        ended, _, _ = select.select(set(held) - closed, [], [], 10.0)
        assert ended
        closed |= set(ended)
    assert len(closed) == 60 - MOST_CONNECTIONS
    for connection in held:
        connection.close()
    deadline = time.monotonic() + 10.0
    while True:
        try:
            assert ask(page, "scene")[0] == 200
            return
        except (ConnectionError, http.client.HTTPException):
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_a_page_that_was_closed_answers_nobody():
    made = Page(pair(1.0))
    made.start()
    connection = http.client.HTTPConnection("127.0.0.1", made.port, timeout=15)
    connection.request("GET", f"/{made.token}/scene")
    assert connection.getresponse().read()
    made.close()
    connection.request("POST", f"/{made.token}/command", '{"do": "run"}', {"Content-Type": "application/json"})
    assert connection.getresponse().status == 503
    connection.close()
    assert not made.player.running


def test_a_page_that_nobody_looks_at_pauses():
    player = Player(pair(1.0))
    player.patience = 0.05
    player.command({"do": "run"}).result()
    deadline = time.monotonic() + 10.0
    while player.running:
        assert time.monotonic() < deadline
        time.sleep(0.01)


# ---------------------------------------------------------------- the command line

RUN_FILE = """
network = {kind = "grid", rows = 3, columns = 3}
devices = [{model = "RateBalance"}]
drive = {left = 1.0, right = 0.0}
run = {steps = 5}
"""


@pytest.mark.parametrize(
    ("text", "arguments", "message"),
    [
        (None, [], "no such file"),
        ("a = ", [], "job.toml"),
        (RUN_FILE.replace("drive", "drives"), [], "did you mean 'drive'"),
        (RUN_FILE, ["--port", "70000"], "port must be an integer in [0, 65535]"),
        (RUN_FILE.replace('kind = "grid", rows = 3, columns = 3', 'kind = "grid", rows = 3, colums = 3'), [], "colum"),
    ],
)
def test_files_that_cannot_be_viewed_are_refused_in_one_line(tmp_path, text, arguments, message):
    path = tmp_path / "job.toml"
    if text is not None:
        path.write_text(text)
    done = CliRunner().invoke(app, ["view", str(path), "--no-browser", *arguments])
    assert done.exit_code == 2
    assert message in done.output
    assert done.output.count("\n") == 1


def test_a_port_that_is_taken_is_said(tmp_path, page):
    path = tmp_path / "job.toml"
    path.write_text(RUN_FILE)
    done = CliRunner().invoke(app, ["view", str(path), "--no-browser", "--port", str(page.port)])
    assert (done.exit_code, "in use" in done.output) == (2, True)


def test_the_browser_is_led_there_by_a_file_of_ones_own(monkeypatch):
    opened = queue.Queue()
    monkeypatch.setattr("webbrowser.open", opened.put)
    made = Page(pair(1.0))
    made.open()
    file = Path(opened.get(timeout=10.0).removeprefix("file://"))
    assert made.url in file.read_text()
    assert file.parent.stat().st_mode & 0o077 == 0
    made.close()
    assert not file.exists()


@pytest.mark.slow
def test_memnet_view_serves_until_ctrl_c(tmp_path):
    (tmp_path / "job.toml").write_text(RUN_FILE)
    command_line = [sys.executable, "-m", "memnet", "view", "job.toml", "--no-browser"]
    options = {"cwd": tmp_path, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(
        command_line, env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "PYTHONUNBUFFERED": "1"}, **options
    ) as process:
        try:
            url = next(found[0] for line in process.stdout if (found := re.findall(r"http://\S+/", line)))
            host, port, token = re.fullmatch(r"http://([\d.]+):(\d+)/([\w-]{32})/", url).groups()
            assert host == "127.0.0.1"
            connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=15)
            connection.request("GET", f"/{token}/scene")
            assert unpacked(connection.getresponse().read())["n_nodes"] == 9
            connection.close()
            process.send_signal(signal.SIGINT)
            assert process.wait(15) == 130
        finally:
            process.kill()


# ---------------------------------------------------------------- the widget


@pytest.fixture
def view():
    made = mn.view(discs(), speed=5, edges="conductance", height=300)
    made.sent = []
    made.widget.send = lambda content, buffers=(): made.sent.append((content, *map(unpacked, buffers)))
    yield made
    made.close()


def hear(view, **words):
    view._hear(view.widget, words, [])


def heard(view, wanted):
    """Return the first message of which something holds."""
    deadline = time.monotonic() + 10.0
    while True:
        for message in view.sent:
            if wanted(*message):
                return message
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_the_widget_sends_the_scene_and_pictures_that_are_asked_for(view):
    hear(view, do="scene")
    _, found = heard(view, lambda _, *said: said and said[0]["kind"] == "scene")
    assert found["n_edges"] == view.sim.net.n_edges
    hear(view, do="frame", picture=0, begun=0, rows=0, events=0, edges="conductance")
    _, found = heard(view, lambda _, *said: said and said[0]["kind"] == "frame" and "values" in said[0])
    assert (found["step"], found["speed"]) == (0, 5)
    hear(view, do="frame", picture=found["picture"], begun=found["begun"], rows=0, events=0, edges="conductance")
    view.sent.clear()
    view.step(12)
    _, found = heard(view, lambda _, *said: said and said[0]["step"] == 12)
    assert view.sim.steps_done == 12


def test_the_widget_answers_requests_by_their_number(view):
    hear(view, do="tell", kind="node", number=3, number_of_request=8)
    answer = heard(view, lambda content, *_: content.get("number_of_request") == 8)[0]
    assert answer["reply"] == {"node": 3, "name": "", "potential": view.sim.potential[3]}
    hear(view, do="turn", electrode="nowhere", value=1.0, number_of_request=9)
    assert "nowhere" in heard(view, lambda content, *_: content.get("number_of_request") == 9)[0]["error"]
    hear(view, do="no such thing", number_of_request=10)
    assert "no such thing" in heard(view, lambda content, *_: content.get("number_of_request") == 10)[0]["error"]


def test_a_view_is_steered_by_its_methods(view):
    view.run()
    assert view.running
    view.pause()
    assert not view.running
    done = view.sim.steps_done
    view.turn("left", 2.0)
    view.step()
    assert view.sim["left"] == 2.0
    assert view.sim.steps_done == done + 1
    view.sim.step(3)
    view.refresh()
    assert heard(view, lambda _, *said: said and said[0]["step"] == done + 4)
    view.reset()
    assert view.sim.steps_done == 0
    assert "paused" in repr(view)
    with pytest.raises(ValueError, match="n must be an integer"):
        view.step(0)


def test_a_failed_step_of_a_view_raises(view, monkeypatch):
    def fail(_sim, _n=1):
        raise ArithmeticError("the state of edge 3 is not finite")

    monkeypatch.setattr(mn.Simulation, "step", fail)
    with pytest.raises(RuntimeError, match="ArithmeticError: the state of edge 3"):
        view.step()


def test_without_anywidget_the_extra_is_named(monkeypatch):
    from memnet.live import _view

    monkeypatch.setitem(sys.modules, "anywidget", None)
    _view._widget_class.cache_clear()
    with pytest.raises(ImportError, match=re.escape('pip install "memnet-sim[view]"')):
        mn.view(pair(1.0))
    monkeypatch.undo()
    _view._widget_class.cache_clear()


@pytest.mark.parametrize("entry", ["page", "notebook"])
def test_the_script_is_one_module_of_all(entry):
    text = _assets.script(entry)
    assert not re.findall(r"^import ", text, re.MULTILINE)
    assert re.findall(r"^export .*$", text, re.MULTILINE) == (
        ["export default { render };"] if entry == "notebook" else []
    )
    named = {path.name for path in (Path(mn.__file__).parent / "live" / "web").glob("*.js")}
    assert named == {*_assets.MODULES, *_assets.ENTRIES.values()}


def test_browser_and_python_have_the_same_limits_and_colours():
    script = _assets.script("page")
    assert int(re.search(r"const MOST_ROWS = (\d+);", script)[1]) == MOST_ROWS
    assert int(re.search(r"const MOST_SPEED = ([\d_]+);", script)[1]) == MOST_STEPS
    table = re.search(r"const EDGE_COLOURS = \{(.*?)\}", script, re.DOTALL)[1]
    assert tuple(re.findall(r"(\w+): ", table)) == EDGES
