/* _core.Ensemble: simulations of one network that take their steps together. */
#include "convert.h"
#include "job.h"
#include "simulate/engine.h"
#include "simulate/ensemble.h"
#include "simulation_object.h"

#include <math.h>

/* Nanoseconds, about, of steps that are long beside the time in which Ctrl-C is answered, as of one simulation. */
#define LONG_STEPS 2e7

typedef struct {
    PyObject_HEAD mn_ensemble ensemble;
    PyObject *simulations; /* tuple of core_simulation */
    mn_simulation **own;   /* theirs */
    mn_cancel cancel;      /* while it is made */
    atomic_bool busy;
} core_ensemble;

static core_simulation *simulation_at(const core_ensemble *self, Py_ssize_t r)
{
    return (core_simulation *)PyTuple_GET_ITEM(self->simulations, r);
}

static Py_ssize_t count(const core_ensemble *self)
{
    return PyTuple_GET_SIZE(self->simulations);
}

/* ------------------------------------------------------------------ the lock */

static void leave_first(core_ensemble *self, Py_ssize_t n)
{
    for (Py_ssize_t r = 0; r < n; r++) {
        core_simulation_leave(simulation_at(self, r));
    }
    atomic_store(&self->busy, false);
}

/* Takes all simulations: 0, or -1 with SimulationBusy. */
static int enter(core_ensemble *self)
{
    if (atomic_exchange(&self->busy, true)) {
        PyErr_SetString(core_state_of(Py_TYPE((PyObject *)self))->simulation_busy,
                        "the ensemble is being used by another thread");
        return -1;
    }
    for (Py_ssize_t r = 0; r < count(self); r++) {
        if (core_simulation_enter(simulation_at(self, r)) < 0) {
            leave_first(self, r);
            return -1;
        }
    }
    return 0;
}

static void publish(core_ensemble *self)
{
    for (Py_ssize_t r = 0; r < count(self); r++) {
        core_simulation_publish(simulation_at(self, r));
    }
    atomic_store(&self->busy, false);
}

static void wish(core_ensemble *self, bool wish)
{
    for (Py_ssize_t r = 0; r < count(self); r++) {
        atomic_store(&simulation_at(self, r)->cancel, wish);
    }
}

/* ------------------------------------------------------------------ life */

static int make_ensemble(void *arguments, mn_cancel *cancel, mn_error *error)
{
    core_ensemble *self = *(core_ensemble **)arguments;
    return mn_ensemble_init(&self->ensemble, PyTuple_GET_SIZE(self->simulations), self->own, cancel, error);
}

static int ensemble_fill(core_ensemble *self, const core_state *state, PyObject *given)
{
    self->simulations = PySequence_Tuple(given);
    if (self->simulations == NULL) {
        return -1;
    }
    self->own = PyMem_Calloc((size_t)count(self) + 1, sizeof(*self->own));
    if (self->own == NULL) {
        (void)PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t r = 0; r < count(self); r++) {
        if (!Py_IS_TYPE(PyTuple_GET_ITEM(self->simulations, r), state->simulation_type)) {
            PyErr_Format(PyExc_TypeError, "simulations must be Simulations, got %s",
                         Py_TYPE(PyTuple_GET_ITEM(self->simulations, r))->tp_name);
            return -1;
        }
        self->own[r] = &simulation_at(self, r)->simulation;
    }
    if (count(self) == 0) {
        PyErr_SetString(PyExc_ValueError, "simulations must be at least one, got none");
        return -1;
    }
    return 0;
}

static PyObject *ensemble_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static const char *const keywords[] = {"simulations", NULL};
    PyObject *given = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O:Ensemble", CORE_KEYWORDS(keywords), &given)) {
        return NULL;
    }
    core_ensemble *self = (core_ensemble *)type->tp_alloc(type, 0);
    if (self == NULL) {
        return NULL;
    }
    atomic_init(&self->busy, false);
    atomic_init(&self->cancel, false);
    if (ensemble_fill(self, core_state_of(type), given) < 0 || enter(self) < 0) {
        Py_DECREF(self);
        return NULL;
    }
    mn_error error = mn_error_none();
    const core_job job = {.run = make_ensemble,
                          .size = sizeof(self),
                          .owner = {(PyObject *)self},
                          .cancel = &self->cancel,
                          .waits = true,
                          .work = core_analysis_work(self->own[0]->network)};
    const int code = core_job_run(&job, &self, &error);
    leave_first(self, count(self));
    if (code != MN_OK) {
        (void)core_job_raise(core_state_of(type), code, &error);
        Py_CLEAR(self);
    }
    return (PyObject *)self;
}

static int ensemble_traverse(PyObject *object, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(((core_ensemble *)object)->simulations);
    return 0;
}

static void ensemble_dealloc(PyObject *object)
{
    core_ensemble *self = (core_ensemble *)object;
    PyTypeObject *type = Py_TYPE(object);
    PyObject_GC_UnTrack(object);
    mn_ensemble_free(&self->ensemble);
    PyMem_Free(self->own);
    Py_CLEAR(self->simulations);
    type->tp_free(object);
    Py_DECREF(type);
}

/* ------------------------------------------------------------------ running */

typedef struct {
    mn_ensemble *ensemble;
    int64_t until;
    double budget;
    mn_reason reason;
} ensemble_call;

static int run_steps(void *arguments, mn_cancel *cancel, mn_error *error)
{
    ensemble_call *call = arguments;
    (void)cancel; /* each simulation has its own */
    return mn_ensemble_run(call->ensemble, call->until, call->budget, &call->reason, error);
}

/* Whether nobody knows how long a step takes, as of one simulation. */
static bool has_long_steps(const core_ensemble *self)
{
    bool any = false;
    for (Py_ssize_t r = 0; r < count(self); r++) {
        const mn_engine *engine = self->own[r]->engine;
        any = any || self->own[r]->options.rtol > 0.0 || engine->has_cut_steps || engine->has_long_steps;
    }
    return any;
}

/* What lies between two looks at the clock: a step of each simulation of a group. */
static double work_of(const core_ensemble *self)
{
    const core_simulation *first = simulation_at(self, 0);
    const double step = core_step_work(&first->simulation.solver, &first->published.info);
    return has_long_steps(self) ? INFINITY : MN_MOST_TOGETHER * step;
}

static PyObject *get_long_steps(PyObject *object, void *closure)
{
    (void)closure;
    return PyBool_FromLong(has_long_steps((const core_ensemble *)object));
}

static PyObject *ensemble_run(PyObject *object, PyObject *args, PyObject *kwargs)
{
    static const char *const keywords[] = {"until", "budget", NULL};
    core_ensemble *self = (core_ensemble *)object;
    ensemble_call call = {.ensemble = &self->ensemble, .reason = MN_DONE};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O&d:run", CORE_KEYWORDS(keywords), core_int64, &call.until,
                                     &call.budget) ||
        enter(self) < 0) {
        return NULL;
    }
    mn_error error = mn_error_none();
    const core_job job = {.run = run_steps,
                          .size = sizeof call,
                          .owner = {object},
                          .cancel = &self->cancel,
                          .waits = true,
                          .work = work_of(self)};
    int code;
    if (job.work > LONG_STEPS) {
        code = core_job_run(&job, &call, &error);
    } else {
        Py_BEGIN_ALLOW_THREADS;
        code = run_steps(&call, &self->cancel, &error);
        Py_END_ALLOW_THREADS;
    }
    publish(self);
    if (code == MN_ERR_INTERRUPTED) {
        wish(self, false); /* granted */
    }
    return code == MN_OK ? PyBool_FromLong(call.reason == MN_DONE)
                         : core_job_raise(core_state_of(Py_TYPE(object)), code, &error);
}

static PyObject *ensemble_cancel(PyObject *object, PyObject *args)
{
    int given = 1;
    if (!PyArg_ParseTuple(args, "|p:cancel", &given)) {
        return NULL;
    }
    wish((core_ensemble *)object, given != 0);
    Py_RETURN_NONE;
}

static PyObject *ensemble_check(PyObject *object, PyObject *given)
{
    core_ensemble *self = (core_ensemble *)object;
    int64_t r = 0;
    if (!core_int64(given, &r)) {
        return NULL;
    }
    if (r < 0 || r >= count(self)) {
        return PyErr_Format(PyExc_ValueError, "replica must be below %zd, got %lld", count(self), (long long)r);
    }
    const mn_outcome *outcome = &self->ensemble.outcome[r];
    return outcome->code == MN_OK ? Py_NewRef(Py_None)
                                  : core_raise(core_state_of(Py_TYPE(object)), outcome->code, &outcome->error);
}

static PyMethodDef ensemble_methods[] = {
    {"run", CORE_METHOD(ensemble_run), METH_VARARGS | METH_KEYWORDS,
     "run($self, /, until, budget)\n--\n\n"
     "The steps before `until` of every simulation, for about `budget` seconds, without the GIL; whether all are "
     "taken."},
    {"cancel", ensemble_cancel, METH_VARARGS,
     "cancel($self, wish=True, /)\n--\n\nAs Simulation.cancel, of all simulations."},
    {"check", ensemble_check, METH_O,
     "check($self, replica, /)\n--\n\nRaises the exception of a simulation that has failed."},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef ensemble_getset[] = {
    {"long_steps", get_long_steps, NULL, "Whether nobody knows how long a step takes.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot ensemble_slots[] = {
    {Py_tp_doc, CORE_TEXT("Ensemble(simulations)\n--\n\nSimulations of one network that step together.")},
    {Py_tp_new, CORE_SLOT(ensemble_new)},
    {Py_tp_traverse, CORE_SLOT(ensemble_traverse)},
    {Py_tp_dealloc, CORE_SLOT(ensemble_dealloc)},
    {Py_tp_methods, ensemble_methods},
    {Py_tp_getset, ensemble_getset},
    {0, NULL},
};

PyType_Spec core_ensemble_spec = {
    .name = "memnet._core.Ensemble",
    .basicsize = sizeof(core_ensemble),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_HAVE_GC,
    .slots = ensemble_slots,
};
