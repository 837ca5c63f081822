/* _core.Simulation: one run of a network of devices. */
#include "simulation_object.h"

#include "base/file.h"
#include "convert.h"
#include "device_specs.h"
#include "simulate/engine.h"
#include "job.h"
#include "simulate/step_check.h"
#include "waves.h"

#include <math.h>

/* Nanoseconds, about, of a step that is long beside the time in which Ctrl-C is answered. */
#define LONG_STEP 2e7

/* ------------------------------------------------------------------ the lock */

static core_state *state_of(const core_simulation *self)
{
    return core_state_of(Py_TYPE((PyObject *)(uintptr_t)self));
}

int core_simulation_enter(core_simulation *self)
{
    if (atomic_exchange(&self->busy, true)) {
        PyErr_SetString(state_of(self)->simulation_busy,
                        "the simulation is being used by another thread; give each thread its own");
        return -1;
    }
    return 0;
}

void core_simulation_leave(core_simulation *self)
{
    atomic_store(&self->busy, false);
}

void core_simulation_publish(core_simulation *self)
{
    self->published.step = self->simulation.step;
    self->published.solved = self->simulation.solved;
    self->published.counters = self->simulation.counters;
    self->published.step_counters = self->simulation.step_counters;
    self->published.step_difference = mn_simulation_step_difference(&self->simulation);
    self->published.control_loop = mn_simulation_control_loop(&self->simulation);
    mn_solver_info_get(&self->simulation.solver, &self->published.info);
    core_simulation_leave(self);
}

PyObject *core_simulation_raise(const core_simulation *self, int code, const mn_error *error)
{
    return core_raise(state_of(self), code, error);
}

/* ------------------------------------------------------------------ life */

typedef struct {
    PyObject *network;
    PyObject *devices;
    PyObject *waves;
    PyObject *root;
    mn_simulation_options options;
} new_arguments;

static int parse_new(const core_state *state, PyObject *args, PyObject *kwargs, new_arguments *given)
{
    static const char *const keywords[] = {"network",     "devices",      "waves", "root",  "solver",  "dt", "seed",
                                           "incremental", "event_driven", "rtol",  "order", "threads", NULL};
    int incremental = 1;
    int event_driven = 1;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O!OOOsdO&|ppdO&O&:Simulation", CORE_KEYWORDS(keywords),
                                     state->network_type, &given->network, &given->devices, &given->waves, &given->root,
                                     &given->options.solver, &given->options.dt, core_uint64, &given->options.seed,
                                     &incremental, &event_driven, &given->options.rtol, core_order,
                                     &given->options.order, core_int64, &given->options.n_threads)) {
        return -1;
    }
    given->options.incremental = incremental != 0;
    given->options.event_driven = event_driven != 0;
    return 0;
}

/* What the library reads while it makes a simulation. */
typedef struct {
    core_simulation *self;
    core_device_specs specs;
    core_waves waves;
    const int32_t *root;
    mn_simulation_options options;
} new_call;

static int make_simulation(void *arguments, mn_cancel *cancel, mn_error *error)
{
    new_call *call = arguments;
    call->options.cancel = cancel;
    return mn_simulation_init(&call->self->simulation, &call->self->network->network, call->specs.n, call->specs.spec,
                              call->waves.n, call->waves.wave, call->root, &call->options, error);
}

static void discard_new(void *arguments)
{
    new_call *call = arguments;
    core_device_specs_free(&call->specs);
    core_waves_free(&call->waves);
}

/* Fills an allocated object; `args` and `kwargs` hold the texts and arrays that are read. */
static int simulation_fill(core_simulation *self, const core_state *state, const new_arguments *given, PyObject *args,
                           PyObject *kwargs)
{
    new_call call = {.self = self, .options = given->options};
    int status = -1;
    self->network = (core_network *)Py_NewRef(given->network);
    self->rows = PyList_New(0);
    PyArrayObject *root =
        core_array("root", given->root, NPY_INT32, 1, (npy_intp)self->network->network.n_electrodes, CORE_ANY);
    if (self->rows == NULL || root == NULL || core_device_specs_init(&call.specs, state, given->devices) < 0 ||
        core_waves_init(&call.waves, given->waves) < 0) {
        goto out;
    }
    call.root = PyArray_DATA(root);
    self->made = Py_NewRef(call.specs.made);
    mn_error error = mn_error_none();
    const core_job job = {.run = make_simulation,
                          .discard = discard_new,
                          .size = sizeof call,
                          .owner = {(PyObject *)self, args, kwargs},
                          .cancel = &self->cancel,
                          .work = core_analysis_work(&self->network->network)};
    const int code = core_job_run(&job, &call, &error);
    if (code == CORE_RAISED) {
        return -1;
    }
    if (code != MN_OK) {
        (void)core_raise(state, code, &error);
        goto out;
    }
    core_simulation_publish(self);
    status = 0;
out:
    discard_new(&call);
    return status;
}

static PyObject *simulation_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    const core_state *state = core_state_of(type);
    new_arguments given = {0};
    if (parse_new(state, args, kwargs, &given) < 0) {
        return NULL;
    }
    core_simulation *self = (core_simulation *)type->tp_alloc(type, 0);
    if (self == NULL) {
        return NULL;
    }
    atomic_init(&self->busy, true);
    atomic_init(&self->cancel, false);
    if (simulation_fill(self, state, &given, args, kwargs) < 0) {
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

/* A cycle can only run through `rows`, a list, whose own tp_clear breaks it. */
static int simulation_traverse(PyObject *object, visitproc visit, void *arg)
{
    const core_simulation *self = (const core_simulation *)object;
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(self->network);
    Py_VISIT(self->made);
    Py_VISIT(self->rows);
    return 0;
}

static void simulation_dealloc(PyObject *object)
{
    core_simulation *self = (core_simulation *)object;
    PyTypeObject *type = Py_TYPE(object);
    PyObject_GC_UnTrack(object);
    mn_simulation_free(&self->simulation);
    Py_CLEAR(self->rows);
    Py_CLEAR(self->made);
    Py_CLEAR(self->network);
    type->tp_free(object);
    Py_DECREF(type);
}

/* ------------------------------------------------------------------ running */

/* What calls of the library that work on the whole simulation take and give. */
typedef struct {
    mn_simulation *simulation;
    int64_t n_steps;
    double budget;
    mn_reason reason;
    int64_t n_done;
    double difference;
    const mn_checkpoint *checkpoint;
} simulation_call;

/* Makes a call without the GIL and publishes what came of it: 0, or -1 with an exception. Python looks at its signals
 * between two calls of run(), so only where one step takes long, or nobody knows how long because its parts follow from
 * errors, events or parameters, is a thread needed, which waits for its end: the simulation is to be used again.
 * cancel() and Ctrl-C then stop the step, which leaves no trace. A call does not take back a wish that is older than
 * itself, since it may have come between two calls that belong together: the call that stops takes it back, or whoever
 * wished it. */
static int run_call(core_simulation *self, int (*run)(void *, mn_cancel *, mn_error *), simulation_call *call)
{
    mn_error error = mn_error_none();
    call->simulation = &self->simulation;
    const mn_engine *engine = self->simulation.engine;
    const bool is_unknown = self->simulation.options.rtol > 0.0 || engine->has_cut_steps || engine->has_long_steps;
    const double work = core_step_work(&self->simulation.solver, &self->published.info);
    const core_job job = {.run = run,
                          .size = sizeof *call,
                          .owner = {(PyObject *)self},
                          .cancel = &self->cancel,
                          .waits = true,
                          .work = is_unknown ? INFINITY : work};
    int code;
    if (job.work > LONG_STEP) {
        code = core_job_run(&job, call, &error);
    } else {
        Py_BEGIN_ALLOW_THREADS;
        code = run(call, &self->cancel, &error);
        Py_END_ALLOW_THREADS;
    }
    core_simulation_publish(self);
    if (code == MN_ERR_INTERRUPTED) {
        atomic_store(&self->cancel, false); /* granted */
    }
    if (code != MN_OK) {
        (void)core_job_raise(state_of(self), code, &error);
        return -1;
    }
    return 0;
}

static int run_steps(void *arguments, mn_cancel *cancel, mn_error *error)
{
    simulation_call *call = arguments;
    (void)cancel; /* the simulation has it */
    return mn_simulation_run(call->simulation, call->n_steps, call->budget, &call->reason, &call->n_done, error);
}

static PyObject *simulation_run(PyObject *object, PyObject *args, PyObject *kwargs)
{
    static const char *const keywords[] = {"n_steps", "budget", NULL};
    core_simulation *self = (core_simulation *)object;
    simulation_call call = {.reason = MN_DONE};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O&d:run", CORE_KEYWORDS(keywords), core_int64, &call.n_steps,
                                     &call.budget) ||
        core_simulation_enter(self) < 0 || run_call(self, run_steps, &call) < 0) {
        return NULL;
    }
    return Py_BuildValue("iL", (int)call.reason, (long long)call.n_done);
}

static PyObject *simulation_cancel(PyObject *object, PyObject *args)
{
    int wish = 1;
    if (!PyArg_ParseTuple(args, "|p:cancel", &wish)) {
        return NULL;
    }
    atomic_store(&((core_simulation *)object)->cancel, wish != 0);
    Py_RETURN_NONE;
}

static int run_check_step(void *arguments, mn_cancel *cancel, mn_error *error)
{
    simulation_call *call = arguments;
    (void)cancel;
    return mn_simulation_check_step(call->simulation, &call->difference, error);
}

static PyObject *simulation_check_step(PyObject *object, PyObject *ignored)
{
    (void)ignored;
    core_simulation *self = (core_simulation *)object;
    simulation_call call = {.difference = 0.0};
    if (core_simulation_enter(self) < 0 || run_call(self, run_check_step, &call) < 0) {
        return NULL;
    }
    return PyFloat_FromDouble(call.difference);
}

/* Prepares a simulation to look for something in its runs. */
static PyObject *watch(PyObject *object, int (*prepare)(mn_simulation *simulation, mn_error *error))
{
    core_simulation *self = (core_simulation *)object;
    if (core_simulation_enter(self) < 0) {
        return NULL;
    }
    mn_error error = mn_error_none();
    const int code = prepare(&self->simulation, &error);
    core_simulation_leave(self);
    return code == MN_OK ? Py_NewRef(Py_None) : core_simulation_raise(self, code, &error);
}

static PyObject *simulation_watch_steps(PyObject *object, PyObject *ignored)
{
    (void)ignored;
    return watch(object, mn_simulation_watch_steps);
}

static PyObject *simulation_watch_controls(PyObject *object, PyObject *ignored)
{
    (void)ignored;
    return watch(object, mn_simulation_watch_controls);
}

static int run_solve(void *arguments, mn_cancel *cancel, mn_error *error)
{
    (void)cancel;
    return mn_simulation_solve(((simulation_call *)arguments)->simulation, error);
}

static PyObject *simulation_solve(PyObject *object, PyObject *ignored)
{
    (void)ignored;
    core_simulation *self = (core_simulation *)object;
    simulation_call call = {0};
    if (core_simulation_enter(self) < 0 || run_call(self, run_solve, &call) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static int run_solve_static(void *arguments, mn_cancel *cancel, mn_error *error)
{
    (void)cancel;
    return mn_simulation_solve_static(((simulation_call *)arguments)->simulation, error);
}

static PyObject *simulation_solve_static(PyObject *object, PyObject *ignored)
{
    (void)ignored;
    core_simulation *self = (core_simulation *)object;
    simulation_call call = {0};
    if (core_simulation_enter(self) < 0 || run_call(self, run_solve_static, &call) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *simulation_verify(PyObject *object, PyObject *ignored)
{
    (void)ignored;
    core_simulation *self = (core_simulation *)object;
    if (core_simulation_enter(self) < 0) {
        return NULL;
    }
    mn_error error = mn_error_none();
    const int code = mn_simulation_verify(&self->simulation, &error);
    core_simulation_leave(self);
    if (code != MN_OK) {
        return core_simulation_raise(self, code, &error);
    }
    Py_RETURN_NONE;
}

static PyObject *simulation_set_drive(PyObject *object, PyObject *args, PyObject *kwargs)
{
    static const char *const keywords[] = {"waves", "root", NULL};
    core_simulation *self = (core_simulation *)object;
    PyObject *list = NULL;
    PyObject *root_given = NULL;
    PyObject *answer = NULL;
    core_waves waves = {0};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OO:set_drive", CORE_KEYWORDS(keywords), &list, &root_given)) {
        return NULL;
    }
    PyArrayObject *root =
        core_array("root", root_given, NPY_INT32, 1, (npy_intp)self->network->network.n_electrodes, CORE_ANY);
    if (root == NULL || core_waves_init(&waves, list) < 0 || core_simulation_enter(self) < 0) {
        goto out;
    }
    mn_error error = mn_error_none();
    const int code = mn_simulation_set_drive(&self->simulation, waves.n, waves.wave, PyArray_DATA(root), &error);
    core_simulation_publish(self);
    answer = code == MN_OK ? Py_NewRef(Py_None) : core_simulation_raise(self, code, &error);
out:
    core_waves_free(&waves);
    return answer;
}

/* Fills roles (n, n_electrodes); -1 with an exception. */
static int evaluate_roles(const core_simulation *self, const double *time, npy_intp n, uint8_t *roles)
{
    const mn_drive *drive = &self->simulation.drive;
    double *value = PyMem_Calloc((size_t)drive->n_electrodes + 1, sizeof *value);
    if (value == NULL) {
        (void)PyErr_NoMemory();
        return -1;
    }
    for (npy_intp k = 0; k < n; k++) {
        mn_drive_evaluate(drive, time[k], roles + k * drive->n_electrodes, value);
    }
    PyMem_Free(value);
    return 0;
}

static PyObject *simulation_roles(PyObject *object, PyObject *given)
{
    core_simulation *self = (core_simulation *)object;
    PyArrayObject *time = core_array("time", given, NPY_FLOAT64, 1, CORE_ANY, CORE_ANY);
    if (time == NULL || core_simulation_enter(self) < 0) {
        return NULL;
    }
    const npy_intp shape[2] = {PyArray_DIM(time, 0), (npy_intp)self->network->network.n_electrodes};
    PyObject *roles = PyArray_SimpleNew(2, shape, NPY_UINT8);
    if (roles != NULL && evaluate_roles(self, PyArray_DATA(time), shape[0], PyArray_DATA((PyArrayObject *)roles)) < 0) {
        Py_CLEAR(roles);
    }
    core_simulation_leave(self);
    return roles;
}

/* ------------------------------------------------------------------ checkpoints */

static PyObject *simulation_dumps(PyObject *object, PyObject *note)
{
    core_simulation *self = (core_simulation *)object;
    if (!PyBytes_Check(note)) {
        return PyErr_Format(PyExc_TypeError, "note must be bytes, got %s", Py_TYPE(note)->tp_name);
    }
    if (core_simulation_enter(self) < 0) {
        return NULL;
    }
    const char *text = PyBytes_AS_STRING(note);
    const size_t note_size = (size_t)PyBytes_GET_SIZE(note);
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)mn_checkpoint_size(&self->simulation, note_size));
    if (bytes != NULL) {
        unsigned char *room = (unsigned char *)PyBytes_AS_STRING(bytes);
        Py_BEGIN_ALLOW_THREADS;
        mn_checkpoint_encode(&self->simulation, text, note_size, room);
        Py_END_ALLOW_THREADS;
    }
    core_simulation_leave(self);
    return bytes;
}

typedef struct {
    const char *path;
    const unsigned char *bytes;
    size_t size;
} write_call;

static int run_write(void *arguments, mn_cancel *cancel, mn_error *error)
{
    const write_call *call = arguments;
    return mn_file_replace(call->path, call->bytes, call->size, cancel, error);
}

/* Only the bytes are made from the simulation; writing them, which waits for a disk, touches it no more. */
static PyObject *simulation_write(PyObject *object, PyObject *args, PyObject *kwargs)
{
    static const char *const keywords[] = {"path", "note", NULL};
    PyObject *path = NULL;
    PyObject *encoded = NULL;
    PyObject *note = NULL;
    PyObject *answer = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OS:write", CORE_KEYWORDS(keywords), &path, &note) ||
        !PyUnicode_FSConverter(path, &encoded)) {
        return NULL;
    }
    PyObject *bytes = simulation_dumps(object, note);
    if (bytes != NULL) {
        mn_error error = mn_error_none();
        write_call call = {.path = PyBytes_AS_STRING(encoded),
                           .bytes = (const unsigned char *)PyBytes_AS_STRING(bytes),
                           .size = (size_t)PyBytes_GET_SIZE(bytes)};
        /* how long a file takes to write is not known before */
        const core_job job = {
            .run = run_write, .size = sizeof call, .owner = {encoded, bytes}, .work = 2.0 * CORE_SHORT_WORK};
        const int code = core_job_run(&job, &call, &error);
        answer = code == MN_OK ? Py_NewRef(Py_None) : NULL;
        if (code != MN_OK && code != CORE_RAISED) {
            (void)core_raise_for_file(core_state_of(Py_TYPE(object)), code, &error, path);
        }
    }
    Py_XDECREF(bytes);
    Py_DECREF(encoded);
    return answer;
}

static int run_restore(void *arguments, mn_cancel *cancel, mn_error *error)
{
    const simulation_call *call = arguments;
    (void)cancel;
    return mn_checkpoint_restore(call->checkpoint, call->simulation, error);
}

static PyObject *simulation_restore(PyObject *object, PyObject *given)
{
    core_simulation *self = (core_simulation *)object;
    if (!Py_IS_TYPE(given, state_of(self)->checkpoint_type)) {
        return PyErr_Format(PyExc_TypeError, "checkpoint must be a Checkpoint, got %s", Py_TYPE(given)->tp_name);
    }
    simulation_call call = {.checkpoint = &((const core_checkpoint *)given)->checkpoint};
    if (core_simulation_enter(self) < 0 || run_call(self, run_restore, &call) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyMethodDef simulation_methods[] = {
    {"run", CORE_METHOD(simulation_run), METH_VARARGS | METH_KEYWORDS,
     "run($self, /, n_steps, budget)\n--\n\n"
     "At most n_steps and about `budget` seconds, without the GIL; (0 done or 1 budget used, steps taken)."},
    {"cancel", simulation_cancel, METH_VARARGS,
     "cancel($self, wish=True, /)\n--\n\n"
     "Stops the run() or solve() under way, or else the next one, within its step, which leaves no trace; it raises "
     "KeyboardInterrupt. False takes the wish back."},
    {"solve", simulation_solve, METH_NOARGS, "solve($self, /)\n--\n\nSolves at the present step, without advancing."},
    {"check_step", simulation_check_step, METH_NOARGS,
     "check_step($self, /)\n--\n\n"
     "How far one step and two of half its length are from their mean conductance; changes nothing."},
    {"watch_steps", simulation_watch_steps, METH_NOARGS,
     "watch_steps($self, /)\n--\n\nFrom now on run() checks steps now and then; see step_difference."},
    {"watch_controls", simulation_watch_controls, METH_NOARGS,
     "watch_controls($self, /)\n--\n\n"
     "From now on run() looks now and then for controls that lag and are fed back; see control_loop."},
    {"solve_static", simulation_solve_static, METH_NOARGS,
     "solve_static($self, /)\n--\n\nSolves the circuit at rest: charges carry nothing, states are what they are."},
    {"set_drive", CORE_METHOD(simulation_set_drive), METH_VARARGS | METH_KEYWORDS,
     "set_drive($self, /, waves, root)\n--\n\nReplaces the drive."},
    {"react", CORE_METHOD(core_simulation_react), METH_VARARGS | METH_KEYWORDS,
     "react($self, /, reactions, waves)\n--\n\n"
     "Gives the simulation its reactions, once: dicts of the members of mn_reaction_spec."},
    {"cycle", core_simulation_cycle, METH_O,
     "cycle($self, cycles, /)\n--\n\n"
     "Has parameters drawn again, once: a tuple of dicts of the members of mn_cycle_spec."},
    {"roles", simulation_roles, METH_O,
     "roles($self, time, /)\n--\n\nRole of each electrode at times (s), (n_times, n_electrodes), as mn_role."},
    {"field", CORE_METHOD(core_simulation_field), METH_VARARGS | METH_KEYWORDS,
     "field($self, /, population, field)\n--\n\nA parameter or state of the members of a population, a copy."},
    {"own_range", CORE_METHOD(core_simulation_own_range), METH_VARARGS | METH_KEYWORDS,
     "own_range($self, /, population, field)\n--\n\nThe ends of a state's ranges, None where they are its table's."},
    {"set_field", CORE_METHOD(core_simulation_set_field), METH_VARARGS | METH_KEYWORDS,
     "set_field($self, /, population, field, value)\n--\n\nSets a parameter or state of a population."},
    {"linearise", CORE_METHOD(core_simulation_linearise), METH_VARARGS | METH_KEYWORDS,
     "linearise($self, /, population, voltage, states=None, time=None)\n--\n\n"
     "The equations of a population at voltages (n_edges,) and states (n_states, n), and their derivatives."},
    {"record", CORE_METHOD(core_simulation_record), METH_VARARGS | METH_KEYWORDS,
     "record($self, /, quantity, index, population=-1, field=-1, every=1, steps=None)\n--\n\n"
     "Adds a channel and returns its number."},
    {"bind", CORE_METHOD(core_simulation_bind), METH_VARARGS | METH_KEYWORDS,
     "bind($self, /, channel, rows)\n--\n\n"
     "Points a channel at an array (capacity, width), which is kept alive; counts its rows from 0."},
    {"n_rows", core_simulation_n_rows, METH_O, "n_rows($self, channel, /)\n--\n\nRows written to a channel's array."},
    {"record_clear", core_simulation_record_clear, METH_NOARGS, "record_clear($self, /)\n--\n\nForgets every channel."},
    {"events", core_simulation_events, METH_NOARGS,
     "events($self, /)\n--\n\nStep, edge, kind and time (s) of the events since the last call, which are then "
     "forgotten."},
    {"info", core_simulation_info, METH_NOARGS, "info($self, /)\n--\n\nWhat Solver.info says."},
    {"accuracy", core_simulation_accuracy, METH_NOARGS,
     "accuracy($self, /)\n--\n\n"
     "rcond, error_bound, ill_conditioned: the worst of the solves since the last call."},
    {"write", CORE_METHOD(simulation_write), METH_VARARGS | METH_KEYWORDS,
     "write($self, /, path, note)\n--\n\nWrites a checkpoint beside `path` and renames it."},
    {"dumps", simulation_dumps, METH_O,
     "dumps($self, note, /)\n--\n\nReturns the bytes of a checkpoint; Checkpoint.from_bytes reads them."},
    {"restore", simulation_restore, METH_O, "restore($self, checkpoint, /)\n--\n\nTakes the state of a checkpoint."},
    {"verify", simulation_verify, METH_NOARGS, "verify($self, /)\n--\n\nWalks every invariant; for tests."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot simulation_slots[] = {
    {Py_tp_doc,
     CORE_TEXT("Simulation(network, devices, waves, root, solver, dt, seed, incremental=True, "
               "event_driven=True, rtol=0.0, order=\"auto\")\n--\n\nDevices on a network under a drive, in time.")},
    {Py_tp_new, CORE_SLOT(simulation_new)},
    {Py_tp_traverse, CORE_SLOT(simulation_traverse)},
    {Py_tp_dealloc, CORE_SLOT(simulation_dealloc)},
    {Py_tp_getset, core_simulation_getset},
    {Py_tp_methods, simulation_methods},
    {0, NULL},
};

PyType_Spec core_simulation_spec = {
    .name = "memnet._core.Simulation",
    .basicsize = sizeof(core_simulation),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_HAVE_GC,
    .slots = simulation_slots,
};
