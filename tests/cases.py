"""Small networks, device mixtures and drives that several tests share."""

import numpy as np

import memnet as mn

FOUR = ["left", "right", "top", "bottom"]


def chain(n_edges=3, length=0.02):
    """Nodes in a row, an electrode at each end."""
    edges = [(k, k + 1) for k in range(n_edges)]
    electrodes = {"left": [0], "right": [n_edges]}
    return mn.Network(n_edges + 1, edges, length=np.full(n_edges, length), electrodes=electrodes)


def random_network(seed, n_nodes=24, n_edges=60, third=False):
    """A ring with chords, parallel edges allowed, gap lengths of 0.005 to 0.1 pd, and an island of two nodes."""
    rng = np.random.default_rng(seed)
    ring = np.stack([np.arange(n_nodes), np.roll(np.arange(n_nodes), -1)], axis=1)
    a = rng.integers(0, n_nodes, n_edges - n_nodes)
    chords = np.stack([a, (a + rng.integers(1, n_nodes, a.size)) % n_nodes], axis=1)
    edges = np.concatenate([ring, chords, [[n_nodes, n_nodes + 1]]])
    electrodes = {"left": [0, 1], "right": [n_nodes // 2]}
    if third:
        electrodes["top"] = [n_nodes // 3]
    return mn.Network(n_nodes + 2, edges, length=rng.uniform(0.005, 0.1, len(edges)), electrodes=electrodes)


# Rates large enough that things happen within a few hundred steps.
def tunnel_gap():
    return mn.TunnelGap(r_d=2e-5, r_w=0.05)


def hillock():
    return mn.Hillock()


def rate_balance():
    return mn.RateBalance()


KINDS = {
    "A": [(tunnel_gap, 1.0)],
    "B": [(hillock, 1.0)],
    "C": [(rate_balance, 1.0)],
    "A:B": [(tunnel_gap, 0.75), (hillock, 0.25)],
    "A:C": [(tunnel_gap, 0.75), (rate_balance, 0.25)],
    "A:B:C": [(tunnel_gap, 0.5), (hillock, 0.25), (rate_balance, 0.25)],
}


def drives(net, kind):
    """Drive left by something that moves, ground right, let the rest float."""
    wave = {
        "constant": 3.0,
        "pulses": mn.drive.pulses(0.5, 3.0, length=20.0, spacing=10.0),
        "triangle": mn.drive.triangle(0.0, 3.0, period=70.0),
    }[kind]
    return {name: {"left": wave, "right": 0.0}.get(name) for name in net.electrodes}


def simulation(kind, seed, drive="constant", third=False, **options):
    """A small simulation in which events happen."""
    net = random_network(seed, third=third)
    devices = mn.mix(net, [(make(), fraction) for make, fraction in KINDS[kind]], seed=seed)
    return mn.Simulation(net, devices, drives(net, drive), seed=seed, **options)


def states(sim):
    """Every state of every device, by device number and name."""
    return {
        (k, field["name"]): sim.state(device, field["name"])
        for k, device in enumerate(sim.devices)
        for field in device._table["fields"]
        if field["role"] != "parameter"
    }


def assert_same_states(one, other):
    """Both simulations are at the same step with the same bits in every state."""
    assert one.steps_done == other.steps_done
    mine, theirs = states(one), states(other)
    assert mine.keys() == theirs.keys()
    for key, values in mine.items():
        assert values.tobytes() == theirs[key].tobytes(), key


def assert_same_data(one, other):
    """Both datasets have the same variables with the same bits."""
    assert set(one.variables) == set(other.variables)
    for name in one.variables:
        mine, theirs = one[name].to_numpy(), other[name].to_numpy()
        assert mine.shape == theirs.shape, name
        if mine.dtype.kind in "fiu":
            assert mine.tobytes() == theirs.astype(mine.dtype).tobytes(), name
        else:
            assert (mine == theirs).all(), name


def small(**changed):
    given = {
        "n_nodes": 5,
        "edges": [(0, 1), (1, 2), (2, 1), (3, 4)],
        "length": [0.1, 0.2, 0.3, 0.0],
        "position": np.arange(10.0).reshape(5, 2),
        "electrodes": {"in": 0, "out": [2]},
    }
    return mn.Network(**(given | changed))


def same_arrays(one, other):
    assert one.n_nodes == other.n_nodes
    np.testing.assert_array_equal(one.edges, other.edges)
    for name in ("length", "position", "disc_position", "disc_group", "gap_discs"):
        mine, its = getattr(one, name), getattr(other, name)
        assert (mine is None) == (its is None), name
        if mine is not None:
            np.testing.assert_array_equal(mine, its)
    assert list(one.electrodes) == list(other.electrodes)
    for name, nodes in one.electrodes.items():
        np.testing.assert_array_equal(nodes, other.electrodes[name])
