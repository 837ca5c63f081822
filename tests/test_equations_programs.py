"""Programs: registers against direct evaluation, the interpreter against plain Python, C against the interpreter."""

import ctypes
import math
import shutil
import subprocess

import numpy as np
import pytest
import tree
from hypothesis import given, settings, strategies as st

from memnet import _core, devices, equations
from memnet.equations._graph import OPERATIONS, Constant, Graph, Input, Operation, compute
from memnet.equations._registers import allocate

INPUTS = ("a", "b", "c", "t")
WILD = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, 5e-324, -1e-310, 1e-300, 1e300, -1.7e308, 1e16, math.pi, 710.0, -746.0, 3e6]
WILD += [math.inf, -math.inf, math.nan]
# What Python says of a few operations, by rules of its own.
PLAIN = {
    "ADD": lambda a, b: a + b,
    "SUBTRACT": lambda a, b: a - b,
    "MULTIPLY": lambda a, b: a * b,
    "NEGATE": lambda a: -a,
    "ABS": abs,
    "LESS": lambda a, b: float(a < b),
    "LESS_EQUAL": lambda a, b: float(a <= b),
    "EQUAL": lambda a, b: float(a == b),
    "AND": lambda a, b: float(a != 0 and b != 0),
    "OR": lambda a, b: float(a != 0 or b != 0),
    "NOT": lambda a: float(a == 0),
    "WHERE": lambda a, b, c: b if a != 0 else c,
    "COPY": lambda a: a,
    "MULTIPLY_ADD": lambda a, b, c: a * b + c,
    "MULTIPLY_SUBTRACT": lambda a, b, c: a * b - c,
    "SUBTRACT_PRODUCT": lambda a, b, c: c - a * b,
}


NAMES = tuple(sorted(set(OPERATIONS) - {"COPY"}))


@st.composite
def graphs(draw, operations=NAMES, most=40):
    """Return a graph of random operations on inputs and constants, and outputs of it."""
    graph = Graph()
    values = [graph.input(name) for name in INPUTS]
    values += [graph.constant(draw(st.sampled_from(WILD))) for _ in range(draw(st.integers(0, 3)))]
    for _ in range(draw(st.integers(1, most))):
        name = draw(st.sampled_from(operations))
        values.append(graph(name, *(draw(st.sampled_from(values)) for _ in range(OPERATIONS[name][1]))))
    outputs = draw(st.lists(st.sampled_from(values), min_size=1, max_size=6))
    return graph, {f"out{k}": value for k, value in enumerate(outputs)}


def direct(graph, value, given):
    """Return a value of a graph, computed operation by operation."""
    found = {}
    for k in graph.needed([value]):
        what = graph.values[k]
        if isinstance(what, Input):
            found[k] = given[what.name]
        elif isinstance(what, Constant):
            found[k] = what.value
        else:
            assert isinstance(what, Operation)
            found[k] = compute(what.name, *(found[one] for one in what.of))
    return found[value]


def run(program, given):
    """Return what a program computes of arrays, and of numbers for its uniforms."""
    shape = np.broadcast_shapes(*map(np.shape, given.values()))
    rows = np.array([given[name] for name in program.inputs], dtype=float).reshape(len(program.inputs), *shape)
    return program.core().run(rows, np.array([given[name] for name in program.uniforms], dtype=float))


def same_bits(one, other):
    """Return whether two arrays have the same bits, where any nan is any other."""
    one, other = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
    return bool(((one.view(np.int64) == other.view(np.int64)) | (np.isnan(one) & np.isnan(other))).all())


@settings(max_examples=200, deadline=None)
@given(graphs(), st.tuples(*[st.sampled_from(WILD) | st.floats() for _ in INPUTS]))
def test_registers_never_overwrite_what_is_still_needed(made, numbers):
    graph, outputs = made
    given = dict(zip(INPUTS, numbers, strict=True))
    program = allocate(graph, outputs)
    n = 300  # more than a block
    found = run(program, {name: np.full(n, x) if name != "t" else x for name, x in given.items()})
    for row, value in zip(found, outputs.values(), strict=True):
        assert same_bits(row, np.full(n, direct(graph, value, given)))


@pytest.mark.parametrize("name", PLAIN)
@given(st.tuples(*[st.sampled_from(WILD) | st.floats()] * 3))
def test_operations_are_those_of_python(name, numbers):
    of = numbers[: OPERATIONS[name][1]]
    assert same_bits([compute(name, *of)], [PLAIN[name](*of)])


def test_folding_keeps_the_sign_of_zero():
    assert [math.copysign(1, compute("NEGATE", x)) for x in (0.0, -0.0, 0.0, -0.0)] == [-1, 1, -1, 1]
    assert [compute("DIVIDE", 1.0, x) for x in (0.0, -0.0)] == [math.inf, -math.inf]


@given(graphs(), st.dictionaries(st.sampled_from(INPUTS[:3]), st.sampled_from(INPUTS), max_size=3))
@settings(max_examples=50, deadline=None)
def test_substitution_is_of_all_inputs_at_once(made, names):
    graph, outputs = made
    values = dict(zip(INPUTS, (0.5, -1.25, 3.0, 0.75), strict=True))
    swapped = {name: values[names.get(name, name)] for name in INPUTS}
    replaced = graph.substitution({name: graph.input(by) for name, by in names.items()})
    for value in outputs.values():
        was, now = direct(graph, value, swapped), direct(graph, replaced(value), values)
        # What is folded may lose a nan or the sign of a zero: 0 x is 0.
        assert now == pytest.approx(was, nan_ok=True) or math.isnan(was) or math.isinf(was)


def wild(n, seed):
    """Return numbers of every size, with what hurts among them."""
    rng = np.random.default_rng(seed)
    numbers = rng.integers(0, 2**64, n, dtype=np.uint64).view(np.float64)
    moderate = rng.normal(0.0, 10.0, n)
    return np.choose(rng.integers(0, 3, n), [numbers, moderate, rng.choice(WILD, n)])


def random_program(seed):
    """Return a program of sixty random operations, every one of the table among them in turn."""
    rng = np.random.default_rng(seed)
    graph = Graph()
    values = [graph.input(name) for name in INPUTS] + [graph.constant(float(x)) for x in rng.choice(WILD, 3)]
    names = sorted(OPERATIONS)
    for k in range(60):
        name = names[(k + 7 * seed) % len(names)]
        values.append(graph(name, *(int(x) for x in rng.choice(values, OPERATIONS[name][1]))))
    return allocate(graph, {f"out{k}": value for k, value in enumerate(values[-12:])})


def compiled(folder, programs):
    """Return programs as C, compiled with what the C writer's files include."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler")
    csrc = tree.ROOT / "csrc"
    texts = [equations.program_in_c(f"program_{k}", one) for k, one in enumerate(programs)]
    doors = [
        f"void run_{k}(int64_t n, const double *const *in, const double *uniform, double *const *out);\n"
        f"void run_{k}(int64_t n, const double *const *in, const double *uniform, double *const *out)\n"
        f"{{\n    program_{k}(n, in, uniform, out);\n}}\n"
        for k in range(len(programs))
    ]
    source = folder / "programs.c"
    source.write_text("\n".join(['#include "equations/compiled.h"\n', *texts, *doors]))
    sources = [source, *sorted((csrc / "equations").glob("*.c")), *sorted((csrc / "base").glob("*.c"))]
    flags = ["-std=c11", "-O2", "-ffp-contract=off", "-fno-trapping-math", "-fno-math-errno", "-fPIC", "-shared"]
    subprocess.run([compiler, *flags, f"-I{csrc}", *map(str, sources), "-o", folder / "programs.so", "-lm"], check=True)
    return ctypes.CDLL(str(folder / "programs.so"))


def check_bits(program, function, numbers):
    """Check that a program has the bits of its C function."""
    interpreted = run(program, numbers)
    out = np.empty_like(interpreted)
    uniform = np.array([numbers[name] for name in program.uniforms], dtype=float)
    pointers = ctypes.POINTER(ctypes.c_double)
    rows = [np.ascontiguousarray(numbers[name]) for name in program.inputs]
    into = (pointers * max(len(rows), 1))(*(row.ctypes.data_as(pointers) for row in rows))
    outof = (pointers * len(out))(*(row.ctypes.data_as(pointers) for row in out))
    function.restype = None
    function(ctypes.c_int64(out.shape[1]), into, uniform.ctypes.data_as(pointers), outof)
    assert same_bits(interpreted, out)


N_PROGRAMS = 8


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    programs = [random_program(seed) for seed in range(N_PROGRAMS)]
    return programs, compiled(tmp_path_factory.mktemp("programs"), programs)


@pytest.mark.parametrize("k", range(N_PROGRAMS))
def test_compiled_programs_have_the_bits_of_the_interpreter(library, k):
    """A million wild numbers for each input, all operations in all."""
    programs, functions = library
    numbers = {name: wild(1_000_000, 10 * k + j) for j, name in enumerate(INPUTS)} | {"t": 0.3}
    check_bits(programs[k], getattr(functions, f"run_{k}"), numbers)


TEXTS = [cls for cls in devices.MODELS.values() if devices.table_of(cls)["text"] is not None]


@pytest.mark.slow
@pytest.mark.parametrize("cls", TEXTS, ids=[cls.model for cls in TEXTS])
def test_programs_of_models_have_the_bits_of_the_interpreter(tmp_path, cls):
    """A million wild numbers for each parameter and state, of every hook."""
    made = devices.equation_table(cls.model, cls.text).programs
    programs = [one for one in (*made.hooks(), *made.jumps) if one is not None and one.inputs]
    assert programs
    functions = compiled(tmp_path, programs)
    for k, program in enumerate(programs):
        numbers = {name: wild(1_000_000, j) for j, name in enumerate(program.inputs)} | {"t": 0.3, "dt": 1e-3}
        check_bits(program, getattr(functions, f"run_{k}"), numbers)


def test_every_operation_is_compiled_in_one_of_the_programs():
    named = {name for seed in range(N_PROGRAMS) for name, _, _ in random_program(seed).instructions}
    assert named >= set(OPERATIONS) - {"COPY"}


GOOD = {"n_inputs": 1, "n_uniforms": 1, "constants": np.ones(1), "n_registers": 1, "n_outputs": 1}
ADD = OPERATIONS["ADD"][0]


@pytest.mark.parametrize(
    ("rows", "refused"),
    [
        ([[ADD, 3, 0, 1, 0, 0, 0]], "output of a program"),
        ([[ADD, 4, 0, 3, 0, 0, 0]], "instruction of a program"),
        ([[ADD, 4, 0, 5, 0, 0, 0]], "instruction of a program"),
        ([[ADD, 4, -1, 0, 0, 0, 0]], "instruction of a program"),
        ([[ADD, 0, 0, 0, 0, 0, 0]], "instruction of a program"),
        ([[ADD, 2, 0, 0, 0, 0, 0]], "instruction of a program"),
        ([[ADD, 5, 0, 0, 0, 0, 0]], "instruction of a program"),
        ([[-1, 4, 0, 0, 0, 0, 0]], "instruction of a program"),
        ([[len(OPERATIONS), 4, 0, 0, 0, 0, 0]], "instruction of a program"),
    ],
)
def test_programs_that_would_leave_their_memory_are_refused(rows, refused):
    with pytest.raises(ValueError, match=refused):
        _core.Program(**GOOD, instructions=np.array(rows, dtype=np.int16))


@pytest.mark.parametrize("name", ["n_inputs", "n_uniforms", "n_registers", "n_outputs"])
@pytest.mark.parametrize("size", [-1, 2**15, 2**62])
def test_sizes_of_programs_are_bounded(name, size):
    instructions = np.array([[ADD, 4, 0, 1, 0, 0, 0]], dtype=np.int16)
    with pytest.raises(ValueError, match="sizes of a program"):
        _core.Program(**{**GOOD, name: size}, instructions=instructions)
