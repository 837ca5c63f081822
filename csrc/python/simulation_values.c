/* _core.Simulation: parameters and states of the devices, and what the last solve gave. */
#include "convert.h"
#include "devices/device.h"
#include "simulate/engine.h"
#include "simulation_object.h"

#include <stddef.h>
#include <string.h>

/* ------------------------------------------------------------------ fields */

/* Whether population and field exist; raises ValueError where not. */
static int check_field(const core_simulation *self, int64_t population, int64_t field)
{
    if (population < 0 || population >= self->simulation.n_populations) {
        PyErr_Format(PyExc_ValueError, "population must be below %lld, got %lld",
                     (long long)self->simulation.n_populations, (long long)population);
        return -1;
    }
    const int64_t n_fields = self->simulation.population[population].model->n_fields;
    if (field < 0 || field >= n_fields) {
        PyErr_Format(PyExc_ValueError, "field must be below %lld, got %lld", (long long)n_fields, (long long)field);
        return -1;
    }
    return 0;
}

/* How many numbers a field has, which exists. */
static int64_t count_of(const core_simulation *self, int64_t population, int64_t field)
{
    const mn_population *of = &self->simulation.population[population];
    return of->n * of->width[field];
}

PyObject *core_simulation_field(PyObject *object, PyObject *args, PyObject *kwargs)
{
    static const char *const keywords[] = {"population", "field", NULL};
    core_simulation *self = (core_simulation *)object;
    int64_t population = 0;
    int64_t field = 0;
    PyObject *values = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O&O&:field", CORE_KEYWORDS(keywords), core_int64, &population,
                                     core_int64, &field) ||
        core_simulation_enter(self) < 0) {
        return NULL;
    }
    if (check_field(self, population, field) == 0) {
        values = core_copy(NPY_FLOAT64, count_of(self, population, field),
                           mn_simulation_field(&self->simulation, population, field));
    }
    core_simulation_leave(self);
    return values;
}

PyObject *core_simulation_own_range(PyObject *object, PyObject *args, PyObject *kwargs)
{
    static const char *const keywords[] = {"population", "field", NULL};
    core_simulation *self = (core_simulation *)object;
    int64_t population = 0;
    int64_t field = 0;
    PyObject *ends = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O&O&:own_range", CORE_KEYWORDS(keywords), core_int64, &population,
                                     core_int64, &field) ||
        core_simulation_enter(self) < 0) {
        return NULL;
    }
    if (check_field(self, population, field) == 0) {
        const double *low = mn_simulation_low(&self->simulation, population, field);
        const double *high = mn_simulation_high(&self->simulation, population, field);
        const int64_t n = count_of(self, population, field);
        ends = low == NULL ? Py_NewRef(Py_None)
                           : Py_BuildValue("NN", core_copy(NPY_FLOAT64, n, low), core_copy(NPY_FLOAT64, n, high));
    }
    core_simulation_leave(self);
    return ends;
}

PyObject *core_simulation_set_field(PyObject *object, PyObject *args, PyObject *kwargs)
{
    static const char *const keywords[] = {"population", "field", "value", NULL};
    core_simulation *self = (core_simulation *)object;
    int64_t population = 0;
    int64_t field = 0;
    PyObject *given = NULL;
    PyObject *answer = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O&O&O:set_field", CORE_KEYWORDS(keywords), core_int64, &population,
                                     core_int64, &field, &given) ||
        core_simulation_enter(self) < 0) {
        return NULL;
    }
    if (check_field(self, population, field) < 0) {
        goto out;
    }
    const npy_intp n = (npy_intp)count_of(self, population, field);
    PyArrayObject *value = core_array("value", given, NPY_FLOAT64, 1, n, CORE_ANY);
    if (value == NULL) {
        goto out;
    }
    mn_error error = mn_error_none();
    const int code = mn_simulation_set_field(&self->simulation, population, field, PyArray_DATA(value), &error);
    answer = code == MN_OK ? Py_NewRef(Py_None) : core_simulation_raise(self, code, &error);
out:
    core_simulation_publish(self);
    return answer;
}

/* ------------------------------------------------------------------ reading */

PyObject *core_simulation_info(PyObject *object, PyObject *ignored)
{
    (void)ignored;
    return core_solver_info(&((const core_simulation *)object)->published.info);
}

static PyObject *get_step(PyObject *object, void *closure)
{
    (void)closure;
    return PyLong_FromLongLong(((const core_simulation *)object)->published.step);
}

static PyObject *get_solved(PyObject *object, void *closure)
{
    (void)closure;
    return PyBool_FromLong(((const core_simulation *)object)->published.solved);
}

/* An array of the last solve: how many values it has, in mn_network, and where they are, in mn_simulation, or what
 * computes them; and what puts them there, where the solve may have left them. */
typedef struct {
    size_t count;
    size_t values;
    void (*compute)(const mn_simulation *, double *);
    void (*find)(mn_simulation *);
} solved_array;

static const solved_array CONDUCTANCE = {offsetof(mn_network, n_edges), offsetof(mn_simulation, conductance), NULL,
                                         NULL};
static const solved_array POTENTIAL = {offsetof(mn_network, n_nodes), offsetof(mn_simulation, potential), NULL, NULL};
static const solved_array VOLTAGE = {offsetof(mn_network, n_electrodes), offsetof(mn_simulation, voltage), NULL, NULL};
static const solved_array CURRENT = {offsetof(mn_network, n_electrodes), offsetof(mn_simulation, current), NULL,
                                     mn_engine_find_currents};
static const solved_array BRANCH_VOLTAGE = {offsetof(mn_network, n_edges), 0, mn_simulation_branch_voltage, NULL};
static const solved_array BRANCH_CURRENT = {offsetof(mn_network, n_edges), 0, mn_simulation_branch_current, NULL};

/* The closure of a getter. */
#define ARRAY(array) ((void *)(uintptr_t) & (array))

static PyObject *get_array(PyObject *object, void *closure)
{
    core_simulation *self = (core_simulation *)object;
    const solved_array *array = closure;
    int64_t n;
    double *values;
    if (core_simulation_enter(self) < 0) {
        return NULL;
    }
    memcpy(&n, (const char *)&self->network->network + array->count, sizeof n);
    PyObject *copy = PyArray_SimpleNew(1, (npy_intp[]){(npy_intp)n}, NPY_FLOAT64);
    if (copy != NULL && array->compute != NULL) {
        array->compute(&self->simulation, PyArray_DATA((PyArrayObject *)copy));
    } else if (copy != NULL) {
        if (array->find != NULL) {
            array->find(&self->simulation);
        }
        memcpy(&values, (const char *)&self->simulation + array->values, sizeof values);
        memcpy(PyArray_DATA((PyArrayObject *)copy), values, (size_t)n * sizeof *values);
    }
    core_simulation_leave(self);
    return copy;
}

static PyObject *get_limited(PyObject *object, void *closure)
{
    (void)closure;
    core_simulation *self = (core_simulation *)object;
    if (core_simulation_enter(self) < 0) {
        return NULL;
    }
    PyObject *copy = core_copy(NPY_INT8, self->network->network.n_electrodes, self->simulation.engine->limits.side);
    core_simulation_leave(self);
    return copy;
}

static PyObject *get_terminal_conductance(PyObject *object, void *closure)
{
    (void)closure;
    core_simulation *self = (core_simulation *)object;
    if (core_simulation_enter(self) < 0) {
        return NULL;
    }
    mn_engine_find_conductance(&self->simulation);
    PyObject *value = PyFloat_FromDouble(self->simulation.terminal_conductance);
    core_simulation_leave(self);
    return value;
}

static PyObject *get_counters(PyObject *object, void *closure)
{
    (void)closure;
    const mn_counters counters = ((const core_simulation *)object)->published.counters;
    return Py_BuildValue("{s:L,s:L,s:L,s:L}", "n_solves", (long long)counters.n_solves, "n_columns",
                         (long long)counters.n_columns, "n_events", (long long)counters.n_events, "n_active_steps",
                         (long long)counters.n_active_steps);
}

/* The models of a simulation never change. */
static PyObject *get_locates_events(PyObject *object, void *closure)
{
    (void)closure;
    return PyBool_FromLong(mn_simulation_locates_events(&((const core_simulation *)object)->simulation));
}

static PyObject *get_step_counters(PyObject *object, void *closure)
{
    (void)closure;
    const mn_step_counters counters = ((const core_simulation *)object)->published.step_counters;
    return Py_BuildValue("{s:L,s:L,s:L,s:L,s:L}", "steps", (long long)counters.n_steps, "factorisations",
                         (long long)counters.n_factorisations, "solves", (long long)counters.n_solves, "refused",
                         (long long)counters.n_refused, "negative", (long long)counters.n_negative);
}

static PyObject *get_step_difference(PyObject *object, void *closure)
{
    (void)closure;
    return PyFloat_FromDouble(((const core_simulation *)object)->published.step_difference);
}

static PyObject *get_control_loop(PyObject *object, void *closure)
{
    (void)closure;
    const mn_control_loop loop = ((const core_simulation *)object)->published.control_loop;
    if (loop.edge < 0) {
        Py_RETURN_NONE;
    }
    return Py_BuildValue("{s:i,s:d,s:d}", "edge", (int)loop.edge, "slope", loop.slope, "growth", loop.growth);
}

/* Reads and forgets, so that each call speaks of the solves since the last one. */
PyObject *core_simulation_accuracy(PyObject *object, PyObject *ignored)
{
    (void)ignored;
    core_simulation *self = (core_simulation *)object;
    if (core_simulation_enter(self) < 0) {
        return NULL;
    }
    const mn_accuracy accuracy = self->simulation.accuracy;
    self->simulation.accuracy = mn_accuracy_none();
    core_simulation_leave(self);
    return Py_BuildValue("{s:d,s:d,s:O}", "rcond", accuracy.rcond, "error_bound", accuracy.error_bound,
                         "ill_conditioned", accuracy.error_bound > MN_ERROR_BOUND ? Py_True : Py_False);
}

PyGetSetDef core_simulation_getset[] = {
    {"step", get_step, NULL, "Steps taken.", NULL},
    {"solved", get_solved, NULL, "False before the first step and after a state was set.", NULL},
    {"conductance", get_array, NULL, "Conductance of each edge at the last solve (S), a copy.", ARRAY(CONDUCTANCE)},
    {"potential", get_array, NULL, "Potential of each node at the last solve (V), a copy.", ARRAY(POTENTIAL)},
    {"voltage", get_array, NULL, "Voltage of each electrode (V), a copy.", ARRAY(VOLTAGE)},
    {"current", get_array, NULL, "Current into the network at each electrode (A), a copy.", ARRAY(CURRENT)},
    {"limited", get_limited, NULL, "1 or -1 where the current is at its limit, of that sign, else 0; a copy.", NULL},
    {"branch_voltage", get_array, NULL, "v[a] - v[b] of each edge (V), a copy.", ARRAY(BRANCH_VOLTAGE)},
    {"branch_current", get_array, NULL, "Current from a to b through each edge (A), a copy.", ARRAY(BRANCH_CURRENT)},
    {"terminal_conductance", get_terminal_conductance, NULL, "Conductance between the driven electrodes (S).", NULL},
    {"locates_events", get_locates_events, NULL, "Whether some model has a threshold.", NULL},
    {"counters", get_counters, NULL, "n_solves, n_columns, n_events, n_active_steps.", NULL},
    {"step_counters", get_step_counters, NULL, "steps, factorisations, solves, refused, negative.", NULL},
    {"step_difference", get_step_difference, NULL, "The largest that watch_steps() has found so far.", NULL},
    {"control_loop", get_control_loop, NULL, "edge, slope, growth: what watch_controls() has found; else None.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
