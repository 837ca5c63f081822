"""The live view in a real Chromium without a window: what it shows is what the simulation says, and buttons work.

`make check-view` runs these and nothing else. Pictures are left in build/view to look at.
"""

import http.server
import json
import math
import os
import queue
import re
import threading
import time
from pathlib import Path

import browser
import numpy as np
import pytest

import memnet as mn
from memnet.live import Page, _assets

pytestmark = [pytest.mark.slow, pytest.mark.skipif(browser.missing() is not None, reason=str(browser.missing()))]
PICTURES = Path(__file__).resolve().parent.parent / "build" / "view"
LOCAL = {"0100007F", "0000000000000000FFFF00000100007F"}


@pytest.fixture(scope="module")
def driver():
    PICTURES.mkdir(parents=True, exist_ok=True)
    with browser.chromium() as made:
        yield made


@pytest.fixture
def opened(driver):
    """Return a function that opens the page of a simulation; at the end nothing left this machine or complained."""
    pages = []

    def open_page(simulation, query=""):
        pages.append(Page(simulation))
        pages[-1].start()
        driver.get(pages[-1].url + query)
        browser.until(driver, "globalThis.memnet && memnet.frame && memnet.drawn > 0")
        return pages[-1]

    yield open_page
    complaints, asked, far = browser.errors(driver), browser.requests(driver), browser.peers(os.getpid())
    driver.get("about:blank")  # before the pages close: what then still asks would complain in the next test
    for page in pages:
        page.close()
    assert browser.hosts(asked) == {"127.0.0.1"}
    assert far <= LOCAL
    assert [one for one in complaints if "favicon" not in one] == []


def discs(size=40.0):
    net = mn.percolating(size=size, coverage=0.65, seed=1)
    devices = mn.mix(net, {mn.TunnelGap(): 0.7, mn.RateBalance(): 0.3}, seed=2)
    return mn.Simulation(net, devices, {"left": 3.0, "right": 0.0}, seed=0)


def press(driver, label):
    driver.find_element("xpath", f"//button[text()='{label}']").click()


def choose(driver, label, value):
    driver.execute_script(
        "const s = [...document.querySelectorAll('label')].find(l => l.textContent.startsWith(arguments[0]))"
        ".querySelector('select'); s.value = arguments[1]; s.dispatchEvent(new Event('change'))",
        label,
        value,
    )


def words(driver, name):
    return driver.find_element("css selector", f"output.memnet-{name}").text


def shown(driver, name):
    return np.array(driver.execute_script(f"return Array.from(memnet.frame.{name})"))


def test_buttons_run_pause_step_and_reset(driver, opened):
    page = opened(discs())
    sim = page.player.simulation
    press(driver, "Step")
    browser.until(driver, "memnet.frame.step === 1")
    assert sim.steps_done == 1
    press(driver, "Run")
    browser.until(driver, "memnet.frame.running && memnet.frame.step > 20")
    assert words(driver, "state") == "running"
    press(driver, "Pause")
    browser.until(driver, "!memnet.frame.running")
    done = sim.steps_done
    time.sleep(0.3)
    assert sim.steps_done == done
    browser.until(driver, f"memnet.frame.step === {done}")
    assert words(driver, "step") == f"{done:,}"
    np.testing.assert_array_equal(shown(driver, "potential"), sim.potential.astype(np.float32))
    driver.save_screenshot(str(PICTURES / "discs.png"))
    press(driver, "Reset")
    browser.until(driver, "memnet.frame.step === 0")
    assert page.player.simulation.steps_done == 0


def test_what_is_drawn_are_the_values_of_the_simulation(driver, opened):
    page = opened(discs())
    sim = page.player.simulation
    driver.execute_script("memnet.ask({do: 'take', steps: 50})")
    browser.until(driver, "memnet.frame.step === 50 && !memnet.frame.running")
    names = {"conductance": sim.conductance, "voltage": sim.branch_voltage, "current": sim.branch_current}
    for name, values in names.items():
        choose(driver, "edges", name)
        browser.until(driver, f"memnet.frame.shown === '{name}'")
        with np.errstate(divide="ignore"):
            expected = np.log10(np.abs(values)).astype(np.float32)
        found = driver.execute_script("return Array.from(memnet.frame.values, (x) => x === -Infinity ? -1e9 : x)")
        np.testing.assert_array_equal(np.array(found), np.where(np.isneginf(expected), -1e9, expected))
    trace = driver.execute_script(
        "const t = memnet.trace; return [...Array(t.length).keys()].map((k) => [0, 1, 2, 3, 4].map((c) => t.at(k, c)))"
    )
    data = discs().run(50)
    np.testing.assert_array_equal(np.array(trace), np.column_stack([data.time, data.current, data.voltage]))
    assert words(driver, "events").split()[0] == str(int((data.event_kind > 0).sum()))
    colours = shown(driver, "potential")
    disc = driver.execute_script(
        "memnet.draw(); return Array.from(memnet.layers.find((l) => l.shape === 'disc').colour)"
    )
    node = sim.net.layout.group
    ranks = np.round((colours[node] - colours.min()) * 255 / np.ptp(colours)).astype(int)
    table = driver.execute_script(
        "const c = memnet.nodeBar.strip; return Array.from(new Uint32Array(c.getContext('2d')"
        ".getImageData(0, 0, 256, 1).data.buffer))"
    )
    assert np.mean(np.array(table)[ranks] == np.array(disc)) > 0.99


@pytest.mark.parametrize("painter", ["canvas", "webgl"])
def test_both_painters_draw_the_discs_in_their_colours(driver, opened, painter):
    """Pixels in the middle of some discs are what the colour of their potential is."""
    page = opened(discs(20.0), f"?painter={painter}")
    assert driver.execute_script("return memnet.painter.name") == {"canvas": "canvas", "webgl": "WebGL2"}[painter]
    choose(driver, "edges", "none")
    browser.until(driver, "memnet.frame.shown === 'none'")
    found = driver.execute_script("""
        const v = memnet, disc = v.layers.find((l) => l.shape === 'disc');
        v.draw();
        for (const l of v.layers) if (l !== disc) l.shown = false;
        v.painter.draw(v.camera, v.layers, v.ratio);
        const copy = document.createElement('canvas');
        [copy.width, copy.height] = [v.canvas.width, v.canvas.height];
        const context = copy.getContext('2d');
        context.drawImage(v.canvas, 0, 0);
        const last = disc.colour.length - 1;
        return [0, 1, 2, 3, 4, 5, 6, 7].map((j) => {
            const k = last - j;
            const [x, y] = v.camera.toScreen(disc.place[2 * k], disc.place[2 * k + 1]);
            return [[...context.getImageData(x * v.ratio, y * v.ratio, 1, 1).data], disc.colour[k]];
        });""")
    for pixel, colour in found:
        wanted = [colour & 255, colour >> 8 & 255, colour >> 16 & 255, 255]
        assert np.abs(np.array(pixel) - wanted).max() <= 2
    del page


def test_sliders_keys_and_speed_reach_the_simulation(driver, opened):
    page = opened(discs())
    slider = driver.find_element("css selector", "input[type=range][aria-label^='drive of left']")
    driver.execute_script("arguments[0].value = 1.5; arguments[0].dispatchEvent(new Event('input'))", slider)
    browser.until(driver, "memnet.frame.knobs[0].value === 1.5")
    assert page.player.simulation["left"] == 1.5
    driver.execute_script("memnet.map.focus()")
    keys = driver.switch_to.active_element
    keys.send_keys(".")
    browser.until(driver, "memnet.frame.step === 1")
    assert float(page.player.simulation.voltage[0]) == 1.5
    number = driver.find_element("css selector", "label input[type=number]")
    number.clear()
    number.send_keys("25\t")
    browser.until(driver, "memnet.frame.speed === 25")
    keys.send_keys(" ")
    browser.until(driver, "memnet.frame.step > 100")
    keys.send_keys(" ")
    browser.until(driver, "!memnet.frame.running")
    before = driver.execute_script("return memnet.camera.scale")
    keys.send_keys("+")
    assert driver.execute_script("return memnet.camera.scale") == pytest.approx(1.25 * before)
    keys.send_keys("f")
    assert driver.execute_script("return memnet.camera.scale") == pytest.approx(before)
    keys.send_keys("r")
    browser.until(driver, "memnet.frame.step === 0 && memnet.frame.knobs[0].value === 3")


def test_the_pointer_tells_of_edges_and_groups(driver, opened):
    from selenium.webdriver.common.action_chains import ActionChains

    page = opened(discs(12.0))
    sim = page.player.simulation
    canvas = driver.find_element("css selector", ".memnet-map")
    edge, x, y = driver.execute_script("""
        const v = memnet, l = v.layers.find((l) => l.kind === 'edge');
        const p = l.place, k = 4, [x, y] = v.camera.toScreen((p[16] + p[18]) / 2, (p[17] + p[19]) / 2);
        const box = v.map.getBoundingClientRect();
        return [l.number[k], x - box.width / 2, y - box.height / 2];""")
    ActionChains(driver).move_to_element_with_offset(canvas, round(x), round(y)).perform()
    browser.until(driver, "!memnet.tip.hidden && memnet.tip.textContent.includes('edge')")
    text = driver.find_element("css selector", ".memnet-tip").text
    told = int(re.match(r"edge (\d+) ", text)[1])
    nearest = abs(told - edge) == 0 or set(sim.net.edges[told]) & set(sim.net.edges[edge])
    assert nearest
    value = re.search(r"v = ([-\d.e]+) ([a-zµ]?)V", text)
    scale = {"": 1.0, "m": 1e-3, "µ": 1e-6, "n": 1e-9, "p": 1e-12}[value[2]]
    assert float(value[1]) * scale == pytest.approx(sim.branch_voltage[told], rel=1e-5)
    driver.save_screenshot(str(PICTURES / "tip.png"))


def test_an_error_is_shown_as_text(driver, opened, monkeypatch):
    page = opened(discs())

    def fail(_sim, _n=1):
        raise mn.ShortCircuit("electrodes left and right <b>touch</b>")

    monkeypatch.setattr(mn.Simulation, "step", fail)
    press(driver, "Run")
    browser.until(driver, "memnet.frame.error && !document.querySelector('[role=alert]').hidden")
    alert = driver.find_element("css selector", "[role=alert]").text
    assert alert == "ShortCircuit: electrodes left and right <b>touch</b>"
    assert words(driver, "state") == "stopped by an error"
    monkeypatch.undo()
    press(driver, "Step")
    browser.until(driver, "memnet.frame.step === 1 && document.querySelector('[role=alert]').hidden")
    assert page.player.error is None


def test_names_that_look_like_markup_are_text(driver, opened):
    """Of nodes, electrodes, elements, devices and states, on the map, in knobs, legends and tips."""
    bad = "<img src=x onerror='globalThis.ran=1'>"
    made = mn.Circuit()
    made.add(bad, "a", mn.Resistor(conductance=1e-3), name=f"R{bad}")
    made.add("a", "</script><script>globalThis.ran=1</script>", mn.RateBalance(), name="M1")
    opened(made.simulation({bad: 1.0, "</script><script>globalThis.ran=1</script>": 0.0}))
    for kind in ("node", "edge"):
        driver.execute_script(
            f"memnet.pointer = [9, 9]; memnet.ask({{do: 'tell', kind: '{kind}', number: 0}})"
            ".then((said) => memnet.showTip(said))"
        )
        browser.until(driver, f"memnet.tip.textContent.includes(`{bad}`)")
    choose(driver, "edges", "device")
    browser.until(driver, "memnet.frame.shown === 'device'")
    assert bad in driver.find_element("css selector", ".memnet-labels").get_attribute("textContent")
    assert bad in driver.find_element("css selector", ".memnet-legend").text
    assert bad in driver.find_element("css selector", ".memnet-drives").text
    assert driver.execute_script("return [globalThis.ran, document.images.length, document.scripts.length]") == [
        None,
        0,
        1,
    ]


def wires():
    net = mn.nanowires(150, size=60.0, length=25.0, seed=1, wire_resistance=5.0)
    first, *others = net.electrodes
    return mn.Simulation(net, mn.wire_devices(net, mn.RateBalance()), {first: 1.0, **dict.fromkeys(others, 0.0)})


def crossbar():
    net = mn.crossbar(6, 9, line_resistance=2.0)
    drive = {name: 0.5 if name == "w0" else 0.0 for name in net.electrodes}
    return mn.Simulation(net, mn.cell_devices(net, mn.LinearDrift()), drive, dt=1e-3)


def lattice():
    net = mn.grid(20, 30)
    return mn.Simulation(net, mn.RateBalance(), {"left": mn.drive.sine(2.0, frequency=0.02), "right": 0.0})


def springs():
    made = mn.Circuit()
    made.add("in", "a", mn.Resistor(conductance=1e-3), name="R1")
    made.add("a", "gnd", mn.RateBalance(), name="M1")
    made.add("a", "b", mn.Resistor(conductance=1e-4), name="<i>R2</i>")
    made.add("b", "gnd", mn.Capacitor(capacitance=1e-3), name="C1")
    return made.simulation({"in": mn.drive.sine(1.0, frequency=0.5), "gnd": 0.0}, dt=0.02)


@pytest.mark.parametrize("make", [wires, crossbar, lattice, springs], ids=lambda make: make.__name__)
def test_every_kind_of_network_is_drawn(driver, opened, make):
    page = opened(make())
    driver.execute_script("memnet.ask({do: 'take', steps: 60})")
    browser.until(driver, "memnet.frame.step === 60 && !memnet.frame.running")
    np.testing.assert_array_equal(shown(driver, "potential"), page.player.simulation.potential.astype(np.float32))
    choose(driver, "edges", "conductance" if make is crossbar else "current")
    browser.until(driver, "memnet.frame.shown === memnet.show.edges")
    painted = driver.execute_script("""
        memnet.draw();
        const c = document.createElement('canvas');
        [c.width, c.height] = [memnet.canvas.width, memnet.canvas.height];
        const context = c.getContext('2d');
        context.drawImage(memnet.canvas, 0, 0);
        return new Uint32Array(context.getImageData(0, 0, c.width, c.height).data.buffer).filter((x) => x).length;""")
    assert painted > 500
    driver.save_screenshot(str(PICTURES / f"{make.__name__}.png"))


def test_it_can_be_read_in_the_dark(driver, opened):
    driver.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark"}]}
    )
    try:
        opened(discs())
        style = "getComputedStyle(document.querySelector('.memnet-view'))"
        ground, ink = driver.execute_script(f"const s = {style}; return [s.backgroundColor, s.color]")
        assert contrast(ground, ink) > 7.0
        driver.save_screenshot(str(PICTURES / "dark.png"))
    finally:
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def contrast(one, other):
    """Return the contrast of two colours, after WCAG 2.1."""

    def luminance(colour):
        rgb = [int(x) / 255 for x in re.findall(r"\d+", colour)[:3]]
        linear = [x / 12.92 if x <= 0.03928 else ((x + 0.055) / 1.055) ** 2.4 for x in rgb]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def test_every_control_has_a_name(driver, opened):
    opened(discs())
    nameless = driver.execute_script("""
        return [...document.querySelectorAll('button, input, select, canvas, [tabindex]')].filter((e) =>
            !(e.getAttribute('aria-label') || e.textContent.trim() || e.closest('label') || e.ariaHidden
              || e.className === 'memnet-canvas')).map((e) => e.outerHTML);""")
    assert nameless == []


# ---------------------------------------------------------------- the notebook's widget, with a model of ours

PAGE = b"""<!DOCTYPE html><meta charset="utf-8"><link rel="icon" href="data:,"><link rel="stylesheet" href="view.css">
<div id="el"></div><script type="module">
import widget from "./widget.js";
const listeners = new Set();
const model = {
  get: (name) => ({ height: 400, edges: "current" })[name],
  on: (_, listener) => listeners.add(listener),
  off: (_, listener) => listeners.delete(listener),
  send: (words) => fetch("to", { method: "POST", body: JSON.stringify(words) }),
};
globalThis.end = await widget.render({ model, el: document.querySelector("#el") });
globalThis.listeners = listeners;
for (;;) {
  const answer = await fetch("from");
  const words = JSON.parse(answer.headers.get("words"));
  const bytes = await answer.arrayBuffer();
  for (const listener of listeners) listener(words, bytes.byteLength ? [new DataView(bytes)] : []);
}
</script>"""


@pytest.fixture
def notebook(driver):
    """Return a function that shows a view as a notebook would, with messages carried by a server of the test's own."""
    ends = []

    def show(view):
        sent = queue.Queue()
        view.widget.send = lambda content, buffers=(): sent.put((content, b"".join(buffers)))

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                files = {
                    "/": (PAGE, "text/html"),
                    "/widget.js": (_assets.script("notebook").encode(), "text/javascript"),
                }
                files["/view.css"] = (_assets.text("view.css").encode(), "text/css")
                if self.path == "/from":
                    words, body = sent.get()
                    self.answer(body, "application/octet-stream", words=json.dumps(words))
                else:
                    self.answer(*files[self.path])

            def do_POST(self):
                view._hear(view.widget, json.loads(self.rfile.read(int(self.headers["Content-Length"]))), [])
                self.answer(b"", "text/plain")

            def answer(self, body, kind, **headers):
                self.send_response(200)
                for name, value in {"Content-Type": kind, "Content-Length": len(body), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        ends.extend([server.server_close, server.shutdown, view.close])
        driver.get(f"http://127.0.0.1:{server.server_address[1]}/")
        browser.until(driver, "document.querySelector('#el').memnet?.frame")

    yield show
    driver.get("about:blank")
    for end in reversed(ends):
        end()


def test_the_widget_shows_and_steers_as_the_page_does(driver, notebook):
    view = mn.view(discs(), speed=3)
    notebook(view)
    it = "document.querySelector('#el').memnet"
    press(driver, "Step")
    browser.until(driver, f"{it}.frame.step === 1")
    press(driver, "Run")
    browser.until(driver, f"{it}.frame.running && {it}.frame.step > 20")
    press(driver, "Pause")
    browser.until(driver, f"!{it}.frame.running")
    browser.until(driver, f"{it}.frame.step === {view.sim.steps_done}")
    found = driver.execute_script(f"return Array.from({it}.frame.potential)")
    np.testing.assert_array_equal(np.array(found), view.sim.potential.astype(np.float32))
    view.step(5)
    browser.until(driver, f"{it}.frame.step === {view.sim.steps_done}")
    view.turn("left", 1.25)
    browser.until(driver, f"{it}.frame.knobs[0].value === 1.25")
    choose(driver, "edges", "conductance")
    browser.until(driver, f"{it}.frame.shown === 'conductance'")
    found = driver.execute_script(f"return Array.from({it}.frame.values)")
    assert math.isclose(found[0], np.log10(view.sim.conductance[0]), rel_tol=1e-6)
    driver.save_screenshot(str(PICTURES / "notebook.png"))
    assert driver.execute_script("end(); return [listeners.size, document.querySelector('#el').children.length]") == [
        0,
        0,
    ]
    assert browser.errors(driver) == []
    assert browser.hosts(browser.requests(driver)) == {"127.0.0.1"}
