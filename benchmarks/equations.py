"""How long it takes to define a model of ten lines, and to run its program for 1,500 members; NumPy beside it."""

import statistics
import time

import numpy as np

import memnet as mn
from memnet import equations

TEXT = """
i     = (g_off + (g_on - g_off)*x)*v
dx/dt = (x_eq - x)/tau
x_eq  = 1/(1 + exp(-(v - V_B)/V_m))
tau   = tau_0/(exp((v - V_A)/V_m) + exp(-(v - V_B)/V_m))
parameter g_on  = 1 mS in (0, inf)
parameter g_off = 1 uS in (0, inf)
parameter V_A   = 20 mV
parameter V_B   = 50 mV
parameter V_m   = {} mV in (0, inf)
parameter tau_0 = 20 ms in (0, inf)
state x = 0.2 in [0, 1]
"""
N_MEMBERS, N_RUNS = 1500, 200


def median_ms(function, n):
    """Return the median time of n calls in ms; the argument counts them."""
    times = []
    for k in range(n):
        began = time.perf_counter()
        function(k)
        times.append(1e3 * (time.perf_counter() - began))
    return statistics.median(times)


def in_numpy(given, dt):
    """Return the states after a step, with arrays for all parts."""
    v, x = given["v"], given["x"]
    x_eq = 1 / (1 + np.exp(-(v - given["V_B"]) / given["V_m"]))
    below = np.exp((v - given["V_A"]) / given["V_m"]) + np.exp(-(v - given["V_B"]) / given["V_m"])
    rate = below / given["tau_0"]
    return np.clip(x - np.expm1(-rate * dt) * (x_eq - x), 0.0, 1.0)


def main():
    mn.device_model("Gate", TEXT.format(20))  # pint is read then
    print(f"a definition: {median_ms(lambda k: mn.device_model('Gate', TEXT.format(21 + k)), 50):.2f} ms")
    model = equations.parse("Gate", TEXT.format(20))
    program = equations.programs(model, equations.table(model)).advance
    rng = np.random.default_rng(0)
    given = {name: np.full(N_MEMBERS, value) for name, value in {"V_A": 0.02, "V_B": 0.05, "V_m": 0.02}.items()}
    given |= {"tau_0": np.full(N_MEMBERS, 0.02), "v": rng.normal(0, 0.05, N_MEMBERS), "x": rng.random(N_MEMBERS)}
    rows, core = np.array([given[name] for name in program.inputs]), program.core()
    worst = np.abs(core.run(rows, np.array([1e-3]))[0] - in_numpy(given, 1e-3)).max()
    print(f"a step's program: {1e3 * median_ms(lambda _: core.run(rows, np.array([1e-3])), N_RUNS):.0f} us")
    print(f"the same in NumPy: {1e3 * median_ms(lambda _: in_numpy(given, 1e-3), N_RUNS):.0f} us")
    print(f"they differ by {worst:.1e}")


if __name__ == "__main__":
    main()
