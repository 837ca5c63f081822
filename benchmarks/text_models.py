"""What a model from a text costs beside its C file: 1,500 wires, all of them RateBalance.

    python benchmarks/text_models.py                     # a table of ratios
    python benchmarks/text_models.py --only interpreted  # steps of one alone, for a profiler

"advance" is the time of a population's steps alone, "whole step" that of a simulation. Both back ends and the C file
are compiled with the flags of setup.py into one library; once more without the clones for wider vectors (MN_ONE_FORM),
as on machines that have none. Each ratio is of the least times of rounds taken in turn; all forms end with states that
differ by what is printed last, and interpreted and compiled by nothing.
"""

from __future__ import annotations

import argparse
import ctypes
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

import memnet as mn
from memnet import _core, devices, equations

ROOT = Path(__file__).resolve().parent.parent
CSRC = ROOT / "csrc"
MODEL = "RateBalanceText"
TEXT = """
i     = (g_min*(1 - g) + g_max*g)*v
dg/dt = k_P*(1 - g) - k_D*g
k_P   = kappa_p0*exp(min(eta_p*abs(v), 700))
k_D   = kappa_d0*exp(-eta_d*abs(v))
parameter kappa_p0 = 1e-4 1/s in [0, inf)
parameter kappa_d0 = 0.5 1/s in [0, inf)
parameter eta_p = 10 1/V in [0, inf)
parameter eta_d = 1 1/V in [0, inf)
parameter g_min = 1 mS in [0, inf)
parameter g_max = 100 mS in [0, inf)
state g = 0 in [0, 1]
"""
PARAMETERS = {"kappa_p0": 1e-4, "kappa_d0": 0.5, "eta_p": 10.0, "eta_d": 1.0, "g_min": 1e-3, "g_max": 0.1}
SOURCES = ("base/*.c", "equations/*.c", "devices/device.c", "devices/equation_model.c", "devices/rate_balance.c")
FLAGS = ("-std=c11", "-O3", "-ffp-contract=off", "-fno-trapping-math", "-fno-math-errno", "-shared", "-fPIC")
ONE_FORM = ("-DMN_ONE_FORM",)
FORMS = ("C file", "interpreted", "compiled")
DT, STEPS, ROUNDS = 1e-3, 5, 60
ADVANCES = 20


HOOKS = ("start", "ranges", "conductance", "advance", "linearise", "crossing")


def table_in_c(name: str, program: equations.Program) -> str:
    """Return a program with its instructions."""
    rows = ", ".join(
        f"{{MN_OPERATION_{what}, {to}, {{{', '.join(map(str, of))}}}}}" for what, to, of in program.instructions
    )
    constants = ", ".join(map(float.hex, program.constants)) or "0.0"
    sizes = {
        "n_inputs": len(program.inputs),
        "n_uniforms": len(program.uniforms),
        "n_constants": len(program.constants),
        "n_registers": program.n_registers,
        "n_outputs": len(program.outputs),
        "n_instructions": len(program.instructions),
        "constant": f"{name}_constant",
        "instruction": f"{name}_instruction",
    }
    members = ", ".join(f".{member} = {value}" for member, value in sizes.items())
    return (
        f"static const mn_instruction {name}_instruction[] = {{{rows}}};\n"
        f"static const double {name}_constant[] = {{{constants}}};\n"
        f"static const mn_program {name}_whole = {{{members}}};\n"
    )


def model_source() -> str:
    """Return the text as a file of C, and its programs for the interpreter."""
    table = devices.equation_table(MODEL, TEXT)
    programs = {name: one for name, one in zip(HOOKS, table.programs.hooks(), strict=True) if one is not None}
    tables = [table_in_c(name, program) for name, program in programs.items()]
    rows = ", ".join(f"[MN_EQUATIONS_{name.upper()}] = &{name}_whole" for name in programs)
    named = "const mn_program *const text_program[MN_N_EQUATIONS]"
    listed = f"extern {named};\n{named} = {{{rows}}};\n"
    return "\n".join([devices.model_in_c(table), *tables, listed])


class Library:
    """The C file, the interpreter and the compiled text, in one library."""

    def __init__(self, folder: Path, name: str, flags: tuple[str, ...]) -> None:
        source, target = folder / "text.c", folder / f"{name}.so"
        source.write_text(model_source(), encoding="utf-8")
        files = [source, ROOT / "benchmarks" / "text_models.c", *(f for one in SOURCES for f in sorted(CSRC.glob(one)))]
        subprocess.run(["cc", *FLAGS, *flags, f"-I{CSRC}", *map(str, files), "-lm", "-o", str(target)], check=True)
        self.calls = ctypes.CDLL(str(target))
        self.calls.advance_seconds.restype = ctypes.c_double
        self.room = ctypes.create_string_buffer(4096)
        if self.calls.interpreted_model(self.room) != 0:
            raise SystemExit("the interpreter refuses the text")
        self.models = {
            "C file": ctypes.addressof(ctypes.c_char.in_dll(self.calls, "mn_rate_balance")),
            "interpreted": ctypes.addressof(self.room),
            "compiled": ctypes.addressof(ctypes.c_char.in_dll(self.calls, "mn_rate_balance_text")),
        }

    def device(self, form: str) -> mn.Device:
        """Return a device with one of the models."""
        new = ctypes.pythonapi.PyCapsule_New
        new.restype, new.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
        model = _core.MadeModel(new(self.models[form], b"memnet.device_model", None))
        start = {"g_initial": 0.0} if form == "C file" else {}
        return devices.device_class(model.table, model)(**PARAMETERS, **start)

    def advance(self, form: str, v: np.ndarray, n_steps: int) -> tuple[float, np.ndarray]:
        """Return the seconds of a population's steps and where its states are after them."""
        values = [*PARAMETERS.values(), *([0.0, 0.0] if form == "C file" else [])]
        rows = [np.full(len(v), value) for value in values]
        pointers = (ctypes.c_void_p * len(rows))(*(row.ctypes.data for row in rows))
        state = np.empty(len(v))
        seconds = self.calls.advance_seconds(
            ctypes.c_void_p(self.models[form]),
            ctypes.c_int64(len(v)),
            pointers,
            ctypes.c_void_p(v.ctypes.data),
            ctypes.c_double(DT),
            ctypes.c_int64(n_steps),
            ctypes.c_void_p(state.ctypes.data),
        )
        return seconds / n_steps, state


def least(rounds: int, measures: dict[str, Callable[[], float]]) -> dict[str, float]:
    """Return the least of what each measures, in rounds in which each has its turn."""
    best = dict.fromkeys(measures, float("inf"))
    for _ in range(rounds):
        for name, measure in measures.items():
            best[name] = min(best[name], measure())
    return best


def stepped(sim: mn.Simulation) -> float:
    """Return the seconds of a step of a simulation."""
    begin = time.perf_counter()
    sim.step(STEPS)
    return (time.perf_counter() - begin) / STEPS


def show(what: str, best: dict[str, float]) -> None:
    """Print times and their ratios to that of the C file."""
    for form, seconds in best.items():
        print(f"{what:24} {form:12} {1e6 * seconds:8.1f} us, {seconds / best['C file']:.3f} of the C file's")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=FORMS, help="advance this one alone and time nothing: for a profiler")
    parser.add_argument("--one-form", action="store_true", help="with --only: without clones")
    only = parser.parse_args()
    net = mn.nanowires(1500, size=223.6, length=20, length_sd=5, seed=3)
    v = np.random.default_rng(1).normal(0.0, 0.3, net.n_edges)
    with tempfile.TemporaryDirectory() as name:
        if only.only is not None:
            library = Library(Path(name), "library", ONE_FORM if only.one_form else ())
            library.advance(only.only, v, ADVANCES)
            return
        clones, plain = Library(Path(name), "clones", ()), Library(Path(name), "plain", ONE_FORM)
        libraries = {"clones": clones, "without clones": plain}
        for what, library in libraries.items():
            best = least(ROUNDS, {f: lambda f=f, one=library: one.advance(f, v, ADVANCES)[0] for f in FORMS})
            show(f"advance, {what}", best)
        for what, library in libraries.items():
            drive = {"left": 18.0, "right": 0.0}
            sims = {form: mn.Simulation(net, library.device(form), drive, dt=DT) for form in FORMS}
            show(f"whole step, {what}", least(ROUNDS, {f: lambda f=f, sims=sims: stepped(sims[f]) for f in FORMS}))
        states = {form: clones.advance(form, v, ADVANCES)[1] for form in FORMS}
        apart = np.abs(states["C file"] - states["interpreted"]).max()
        same = np.array_equal(states["interpreted"], states["compiled"])
        print(f"states differ from the C file's by {apart:.1e}; interpreted and compiled have equal bits: {same}")


if __name__ == "__main__":
    main()
