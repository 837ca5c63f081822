"""The extension module: C objects behind NumPy arrays. Everything here is thin; users meet the modules above it."""

from collections.abc import Sequence
from typing import Any, TypedDict, overload

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ids = NDArray[np.int32]
# kind (mn_wave_kind), parameters, samples or None, children
Wave = tuple[int, tuple[float, ...], Floats | None, tuple[int, ...]]

__version__: str
TRACE_PARAMETERS: tuple[str, ...]  # mn_trace_parameters
DIAGONALS: tuple[str, ...]  # MN_DIAGONALS
OVERLAPS: tuple[str, ...]  # MN_OVERLAPS
LARGEST_TIME: float  # s, of waveforms and reactions
MOST_RTOL: float  # of adaptive steps
LEAST_RTOL: float  # of adaptive steps
MOST_THREADS: int

class CheckpointError(RuntimeError): ...
class SimulationBusy(RuntimeError): ...

class Field(TypedDict):
    name: str
    unit: str
    doc: str
    kind: str  # "real", "choice", "flag", "count"; of a signal, as Python treats it: "waveform"
    role: str  # "parameter", "state", "output"
    initial: float
    low: float
    high: float
    bounds: str
    choices: tuple[str, ...]
    otherwise: str | None
    below: str | None  # the parameter that this one must stay below
    own_range: str | None  # of a state of which each edge has a range of its own: that in words
    added_later: bool  # left out of descriptions at its default
    dimension: str | None  # of a state that is a vector for each edge: what its numbers are of
    width: int  # and how many there are, or can be at most, where
    width_field: str | None  # a parameter says how many

# model, ascending edges, one array (n,) a parameter field, the waveform that the device carries, its root the last, and
# the edge that each edge reads (n,)
Device = tuple[str | MadeModel, Ids, list[Floats], list[Wave], Ids | None]

class Preset(TypedDict):
    name: str
    doc: str
    citation: str
    values: dict[str, float]  # of a choice: the index
    fitted_field: str | None
    fitted_choice: str | None

class ControlLoop(TypedDict):  # a control that lags and is fed back too much
    edge: int  # the one that reads
    slope: float  # S: of its current with the voltage that it reads
    growth: float  # of the oscillation, a step

class Signal(TypedDict):  # the waveform that a device carries
    name: str
    unit: str
    doc: str
    initial: float

class Model(TypedDict):
    name: str
    doc: str
    citation: str
    text: str | None  # None where it has no equations of its own
    check: str | None  # None where there is no field
    event_driven: bool
    has_source: bool
    stochastic: bool
    needs_length: bool
    has_charge: bool
    implicit: bool
    smooth: bool  # differential equations, which may be stepped at any length
    halves: bool  # draws random numbers, which halves of a step have in common with the whole
    reads_inflow: bool  # the current of the electrode at the first node
    link_at_end: bool  # the voltage that is read counts from the second node of the own edge
    checks_together: bool  # parameters can be good each and not go together
    fixed_field: str | None  # a choice of which only the first word is one
    voltage_field: str | None  # the state that is the voltage of the charge
    fields: list[Field]
    presets: list[Preset]
    events: dict[str, int]  # kind of each event by name
    signal: Signal | None
    linked_states: tuple[str, ...] | None  # of the edge that each edge reads; None where it reads none

class WaveArgument(TypedDict):
    name: str
    unit: str  # "V": a value, in V or A
    doc: str
    kind: str  # "number", "count", "flag"; arrays: "values", "times", "times with jumps", "durations"
    low: float
    high: float
    initial: float  # nan: it must be given

class WaveRow(TypedDict):
    name: str
    doc: str  # this and the two below of a leaf only
    example: str
    answer: str
    leaf: bool
    gives: str  # "voltage", "floating", "current", "limited"; of its children: "each", "common"
    children: str  # "none", "one", "any"
    flat: bool  # constant between its corners, where its children are
    arguments: list[WaveArgument]

ROLE_FLOATING: int  # mn_role
ROLE_VOLTAGE: int
ROLE_CURRENT: int
ROLE_LIMITED: int  # of waveforms alone
WAVE_DEPTH: int  # how deep waveforms may be nested
EQUATION_FIELDS: int  # the most parameters and states of a model from equations
EQUATION_NOISES: int
EQUATION_EVENTS: int

def models() -> list[Model]: ...
def check_device(device: tuple[str | MadeModel, Ids, list[Floats]], /) -> None: ...
def equation_model(
    name: str,
    doc: str,
    citation: str,
    text: str,
    check: str | None,
    voltage_field: str | None,
    flags: tuple[str, ...],
    n_noises: int,
    fields: tuple[tuple[Any, ...], ...],
    presets: tuple[tuple[str, str, str, tuple[tuple[str, float], ...]], ...],
    events: tuple[tuple[str, int], ...],
    linked_states: tuple[str, ...],
    programs: tuple[tuple[Any, ...], tuple[Any, ...]],
) -> MadeModel: ...
def operations() -> dict[str, tuple[int, int]]: ...
def series(parts: tuple[str | MadeModel, ...], /) -> MadeModel: ...
def exp(x: Floats) -> Floats: ...
def sin_turns(x: Floats) -> Floats: ...
def philox(seed: int, stream: int, index: int, draw: int) -> NDArray[np.uint32]: ...
def draw(
    distribution: tuple[str, float, bool],  # name, size, relative
    seed: int,
    stream: int,
    edge: Ids,  # (n,)
    draw: NDArray[np.int64],  # (n,)
    center: Floats,  # (n,)
    low: Floats,  # (n,)
    high: Floats,  # (n,)
) -> Floats: ...
def permutation(seed: int, stream: int, n: int) -> Ids: ...
def grid(rows: int, columns: int, diagonals: int, seed: int) -> Ids: ...
def random_network(n_nodes: int, degree: float, seed: int) -> Ids: ...
@overload
def mean_field_trace(
    dt: Floats, voltage: Floats, parameters: Floats, tolerance: float, most: int, jump: None = None
) -> Floats: ...
@overload
def mean_field_trace(
    dt: Floats, voltage: Floats, parameters: Floats, tolerance: float, most: int, jump: NDArray[np.int64]
) -> tuple[Floats, Floats]: ...
@overload
def rate_balance_trace(dt: Floats, voltage: Floats, parameters: Floats, jump: None = None) -> Floats: ...
@overload
def rate_balance_trace(
    dt: Floats, voltage: Floats, parameters: Floats, jump: NDArray[np.int64]
) -> tuple[Floats, Floats]: ...
def waveforms() -> list[WaveRow]: ...  # in the order of mn_wave_kind
def wave_evaluate(waves: list[Wave], root: int, time: Floats) -> tuple[NDArray[np.uint8], Floats]: ...
def wave_corners(
    waves: list[Wave], root: int, time: Floats, n: int
) -> tuple[NDArray[np.uint8], Floats]: ...  # whether it jumps, time

class Discs:
    """Discs(width, height, coverage, max_gap, periodic_x, periodic_y, seed); arrays are views that keep it alive."""

    def __init__(
        self,
        width: float,
        height: float,
        coverage: float,
        max_gap: float,
        periodic_x: bool,
        periodic_y: bool,
        seed: int,
    ) -> None: ...
    n_discs: int
    n_groups: int
    n_gaps: int
    position: Floats  # (n_discs, 2)
    group: Ids  # (n_discs,)
    group_position: Floats  # (n_groups, 2)
    gap: Ids  # (n_gaps, 2)
    gap_disc: Ids  # (n_gaps, 2)
    gap_length: Floats  # (n_gaps,)

class Wires:
    """Wires(width, height, n_wires, length, length_sd, direction, spread, seed, max_bytes).

    Arrays are views that keep it alive. Direction and spread are in turns; a spread of inf makes every direction as
    likely.
    """

    def __init__(
        self,
        width: float,
        height: float,
        n_wires: int,
        length: float,
        length_sd: float,
        direction: float,
        spread: float,
        seed: int,
        max_bytes: int,
    ) -> None: ...
    @classmethod
    def place(cls, end: Floats, max_bytes: int) -> Wires: ...
    grid: float
    n_wires: int
    n_junctions: int
    end: Floats  # (n_wires, 4)
    length: Floats  # (n_wires,)
    junction: Ids  # (n_junctions, 2)
    along: Floats  # (n_junctions, 2)
    point: Floats  # (n_junctions, 2)
    def rectangle(self, x_low: float, x_high: float, y_low: float, y_high: float) -> Floats: ...  # (n_wires, 2)
    def disc(self, x: float, y: float, radius: float) -> Floats: ...  # (n_wires, 2)

class Network:
    def __init__(
        self,
        n_nodes: int,
        edges: Ids,
        length: Floats | None,
        n_electrodes: int,
        electrode: Ids | None,
        position: Floats | None = None,
    ) -> None: ...
    n_nodes: int
    n_edges: int
    n_electrodes: int
    n_components: int
    n_islands: int
    n_island_nodes: int
    component: Ids
    def path(self, beta: float, start: int, end: int) -> int: ...

class Solver:
    # driven: every solve() will have a voltage at every electrode, which fewer updates may then do for
    def __init__(
        self,
        network: Network,
        name: str,
        complex_values: bool = False,
        order: str = "auto",
        threads: int = 1,
        driven: bool = False,
    ) -> None: ...
    def factor(self, conductance: Floats, imag: Floats | None = None, changed: Ids | None = None) -> None: ...
    def solve(
        self,
        role: NDArray[np.uint8],
        value: Floats,
        value_imag: Floats | None = None,
        injected: Floats | None = None,
        injected_imag: Floats | None = None,
        limit: Floats | None = None,
    ) -> dict[str, Any]: ...  # potential, voltage, current, (each _imag where complex), conductance; limited
    # each row of conductance (n, n_edges) with its row of value (n, n_electrodes): potential (n, n_nodes), voltage and
    # current (n, n_electrodes), conductance (n,)
    def solve_many(self, conductance: Floats, role: NDArray[np.uint8], value: Floats) -> dict[str, Floats]: ...
    def terminal(self) -> Floats: ...
    def info(self) -> dict[str, Any]: ...

class Checkpoint:
    """Checkpoint(path): a checkpoint that was read, from a file or from memory, and found whole."""

    def __init__(self, path: str) -> None: ...
    @classmethod
    def from_bytes(cls, data: bytes, /) -> Checkpoint: ...
    note: bytes

class MadeModel:
    """MadeModel(capsule, /): a model that was made at run time; a capsule "memnet.device_model" has its address."""

    def __init__(self, capsule: object, /) -> None: ...
    table: Model

class Program:
    def __init__(
        self,
        n_inputs: int,
        n_uniforms: int,
        constants: Floats,
        n_registers: int,
        n_outputs: int,
        instructions: NDArray[np.int16],
    ) -> None: ...
    def run(self, inputs: Floats, uniforms: Floats, /) -> Floats: ...

class Ensemble:
    def __init__(self, simulations: Sequence[Simulation]) -> None: ...
    def run(self, until: int, budget: float) -> bool: ...
    def cancel(self, wish: bool = True, /) -> None: ...
    def check(self, replica: int, /) -> None: ...
    @property
    def long_steps(self) -> bool: ...

class Simulation:
    def __init__(
        self,
        network: Network,
        devices: list[Device],
        waves: list[Wave],
        root: Ids,
        solver: str,
        dt: float,
        seed: int,
        incremental: bool = True,
        event_driven: bool = True,
        rtol: float = 0.0,  # of adaptive steps; 0: steps of length dt
        order: str = "auto",
        threads: int = 1,
    ) -> None: ...
    step: int
    solved: bool
    conductance: Floats  # (n_edges,) copies, like the five below
    potential: Floats
    voltage: Floats
    current: Floats
    limited: NDArray[np.int8]  # 1 or -1 at a limit, else 0
    branch_voltage: Floats
    branch_current: Floats
    terminal_conductance: float
    counters: dict[str, int]
    locates_events: bool  # some model has a threshold
    step_counters: dict[str, int]  # of adaptive and implicit steps
    step_difference: float  # the largest that watch_steps has found
    control_loop: ControlLoop | None  # what watch_controls has found
    def run(self, n_steps: int, budget: float) -> tuple[int, int]: ...  # reason (0 done, 1 budget), steps done
    def cancel(self, wish: bool = True, /) -> None: ...  # run or solve, this or the next, raises KeyboardInterrupt
    def solve(self) -> None: ...
    def check_step(self) -> float: ...  # one step against two of half its length; changes nothing
    def watch_steps(self) -> None: ...  # from now on run() does so now and then
    def watch_controls(self) -> None: ...  # from now on run() looks now and then for controls that lag and are fed back
    def solve_static(self) -> None: ...
    def set_drive(self, waves: list[Wave], root: Ids) -> None: ...
    # dicts of population, kind, listens (NDArray[np.uint8] or None), electrode, wave, delay, refractory, overlap, most
    def react(self, reactions: tuple[dict[str, Any], ...], waves: list[Wave]) -> None: ...
    # dicts of population, field, kind, state, level, above, distribution (as for draw), seed, stream, center
    def cycle(self, cycles: tuple[dict[str, Any], ...], /) -> None: ...
    def roles(self, time: Floats, /) -> NDArray[np.uint8]: ...  # (n_times, n_electrodes), mn_role
    def field(self, population: int, field: int) -> Floats: ...  # (n width,)
    def own_range(self, population: int, field: int) -> tuple[Floats, Floats] | None: ...  # (n,) each
    def set_field(self, population: int, field: int, value: Floats) -> None: ...
    # i, i_v, q, q_v (n,); f, f_x, f_v, i_x (n_states, n); crossing (n,) where the model has one
    def linearise(
        self,
        population: int,
        voltage: Floats,  # (n_edges,)
        states: Floats | None = None,  # (n_states, n): the present ones
        time: float = ...,  # of the next step
    ) -> dict[str, Floats]: ...
    def record(
        self,
        quantity: str,  # MN_QUANTITIES
        index: Ids,
        population: int = -1,
        field: int = -1,
        every: int = 1,
        steps: NDArray[np.int64] | None = None,
        left: bool = False,  # adaptive steps: rows at jumps are what was before
    ) -> int: ...  # channel
    def bind(self, channel: int, rows: Floats) -> None: ...  # (capacity, width), C order, writable; kept alive
    def n_rows(self, channel: int) -> int: ...
    def record_clear(self) -> None: ...
    def events(self) -> tuple[NDArray[np.int64], Ids, NDArray[np.int8], Floats]: ...  # copies, then forgets them
    def info(self) -> dict[str, Any]: ...  # of the solver
    # rcond, error_bound, ill_conditioned: the worst of the solves since the last call
    def accuracy(self) -> dict[str, Any]: ...
    def write(self, path: str, note: bytes) -> None: ...
    def dumps(self, note: bytes, /) -> bytes: ...  # what `write` writes
    def restore(self, checkpoint: Checkpoint) -> None: ...
    def verify(self) -> None: ...
