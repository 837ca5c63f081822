/* _core.Simulation.linearise: the equations of one population at states and voltages of the caller's. */
#include "convert.h"
#include "drive/waveform.h"
#include "simulate/points.h"
#include "simulation_object.h"

#include <string.h>

/* What is asked, and the arrays of the answer: NumPy's, so that the library writes into them. */
typedef struct {
    int64_t population;
    double time;
    const double *voltage; /* n_edges */
    const double *states;  /* (n_states, n), or NULL: the present ones */
    PyObject *answer;
    mn_linear linear;
    double *crossing; /* n, or NULL */
} linear_call;

static int64_t count_states(const mn_device_model *model)
{
    int64_t n_states = 0;
    for (int64_t f = 0; f < model->n_fields; f++) {
        n_states += model->field[f].role == MN_STATE;
    }
    return n_states;
}

/* A new array of zeros, (n0,) or (n0, n1), under its name in the answer; NULL with an exception. */
static double *add_array(PyObject *answer, const char *name, int64_t n0, int64_t n1)
{
    PyObject *array = PyArray_ZEROS(n1 == CORE_ANY ? 1 : 2, ((npy_intp[]){(npy_intp)n0, (npy_intp)n1}), NPY_FLOAT64, 0);
    double *data = array == NULL ? NULL : PyArray_DATA((PyArrayObject *)array);
    return core_dict_set(answer, name, array) < 0 ? NULL : data;
}

/* One row of a table (n_states, n) a state, by the number of its field. */
static void point_at_rows(const mn_population *population, double *table, double **row)
{
    for (int64_t f = 0, state = 0; f < population->model->n_fields && row != NULL; f++) {
        if (population->model->field[f].role == MN_STATE) {
            row[f] = table + state++ * population->n;
        }
    }
}

/* Makes the arrays of the answer; -1 with an exception. */
static int make_answer(linear_call *call, const mn_population *population, mn_pool *pool)
{
    static const char *const member[] = {"i", "i_v", "q", "q_v"}, *const state[] = {"f", "f_x", "f_v", "i_x", "q_x"};
    mn_linear *linear = &call->linear;
    double **array[] = {&linear->i, &linear->i_v, &linear->q, &linear->q_v};
    double ***rows[] = {&linear->f, &linear->f_x, &linear->f_v, &linear->i_x, &linear->q_x};
    const mn_device_model *model = population->model;
    for (int k = 0; k < 4; k++) {
        *array[k] = add_array(call->answer, member[k], population->n, CORE_ANY);
        if (*array[k] == NULL) {
            return -1;
        }
    }
    for (int k = 0; k < 5; k++) {
        double *table = add_array(call->answer, state[k], count_states(model), population->n);
        if (table == NULL) {
            return -1;
        }
        *rows[k] = mn_pool_alloc(pool, model->n_fields, sizeof(double *));
        point_at_rows(population, table, *rows[k]);
    }
    if (model->crossing != NULL) {
        call->crossing = add_array(call->answer, "crossing", population->n, CORE_ANY);
        return call->crossing == NULL ? -1 : 0;
    }
    return 0;
}

/* The value of the waveform that the device carries, at the time that is asked. */
static double signal_at(const core_simulation *self, const linear_call *call)
{
    const mn_members *members = &self->simulation.engine->members[call->population];
    uint8_t role;
    return members->carried.n_electrodes == 0
               ? members->signal
               : mn_wave_evaluate(&members->carried, members->carried.root[0], call->time, &role);
}

/* The voltages that members read over their links, where they have some, among those that are asked. */
static double *linked_voltages(const core_simulation *self, const linear_call *call, mn_pool *pool)
{
    const mn_links *links = self->simulation.engine->members[call->population].links;
    const int64_t n = self->simulation.population[call->population].n;
    double *linked = links == NULL ? NULL : mn_pool_alloc(pool, n, sizeof(double));
    for (int64_t k = 0; k < n && linked != NULL; k++) {
        linked[k] = call->voltage[links->edge[k]];
    }
    return linked;
}

/* Runs the hooks where all arrays are there: 0, or -1 with an exception. */
static int linearise(core_simulation *self, linear_call *call)
{
    const mn_population *population = &self->simulation.population[call->population];
    mn_pool pool = {0};
    int status = -1;
    mn_population view = mn_view_alloc(&pool, population);
    mn_point point = {.x = mn_pool_alloc(&pool, population->model->n_fields, sizeof(double *)),
                      .v = mn_pool_alloc(&pool, population->n, sizeof(double))};
    double *copy = mn_pool_alloc(&pool, count_states(population->model) * population->n + 1, sizeof(double));
    const double *linked = linked_voltages(self, call, &pool);
    if (make_answer(call, population, &pool) < 0) {
        goto out;
    }
    if (pool.code != MN_OK) {
        (void)core_simulation_raise(self, pool.code, NULL);
        goto out;
    }
    if (call->states != NULL) {
        memcpy(copy, call->states, (size_t)(count_states(population->model) * population->n) * sizeof(double));
        point_at_rows(population, copy, point.x);
    }
    for (int64_t k = 0; k < population->n; k++) {
        point.v[k] = call->voltage[population->edge[k]];
    }
    mn_view_point(&self->simulation, call->population, &view, &point);
    const mn_step step = {.t = call->time, .v = point.v, .signal = signal_at(self, call), .linked_v = linked};
    view.model->linearise(&view, &step, &call->linear);
    if (call->crossing != NULL) {
        view.model->crossing(&view, &step, call->crossing);
    }
    status = 0;
out:
    mn_pool_free(&pool);
    return status;
}

/* Whether a model's equations are all between its own states, one number an edge each, and voltages; -1 with an
 * exception that names it. */
static int check_model(const mn_device_model *model)
{
    for (int64_t f = 0; f < model->n_fields; f++) {
        if (model->field[f].role == MN_STATE && model->field[f].dimension != NULL) {
            PyErr_Format(PyExc_ValueError, "%s has no linearisation of its state %s, which is a vector", model->name,
                         model->field[f].name);
            return -1;
        }
    }
    if (model->n_linked_states > 0) {
        PyErr_Format(PyExc_ValueError, "%s has no linearisation on its own: it reads the state %s of other edges",
                     model->name, model->linked_state[0]);
        return -1;
    }
    if ((model->flags & MN_READS_INFLOW) != 0) {
        PyErr_Format(PyExc_ValueError,
                     "%s has no linearisation on its own: it reads the current of an electrode (inflow)", model->name);
        return -1;
    }
    if (model->linearise == NULL) {
        PyErr_Format(PyExc_ValueError,
                     "%s has no linearisation: its step is part of the model, or it is random, so it has no rates",
                     model->name);
        return -1;
    }
    return 0;
}

/* Reads what is asked of a simulation that is entered; -1 with an exception. */
static int read_call(const core_simulation *self, PyObject *voltage, PyObject *states, linear_call *call)
{
    const mn_simulation *simulation = &self->simulation;
    if (call->population < 0 || call->population >= simulation->n_populations) {
        PyErr_Format(PyExc_ValueError, "population must be below %lld, got %lld", (long long)simulation->n_populations,
                     (long long)call->population);
        return -1;
    }
    const mn_population *population = &simulation->population[call->population];
    if (check_model(population->model) < 0) {
        return -1;
    }
    PyArrayObject *volts =
        core_array("voltage", voltage, NPY_FLOAT64, 1, (npy_intp)self->network->network.n_edges, CORE_ANY);
    PyArrayObject *values = NULL;
    if (states != Py_None) {
        values = core_array("states", states, NPY_FLOAT64, 2, (npy_intp)count_states(population->model),
                            (npy_intp)population->n);
    }
    if (volts == NULL || (states != Py_None && values == NULL)) {
        return -1;
    }
    call->voltage = PyArray_DATA(volts);
    call->states = values == NULL ? NULL : PyArray_DATA(values);
    return 0;
}

PyObject *core_simulation_linearise(PyObject *object, PyObject *args, PyObject *kwargs)
{
    static const char *const keywords[] = {"population", "voltage", "states", "time", NULL};
    core_simulation *self = (core_simulation *)object;
    linear_call call = {.time = (double)self->published.step * self->simulation.options.dt};
    PyObject *voltage = NULL, *states = Py_None;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O&O|Od:linearise", CORE_KEYWORDS(keywords), core_int64,
                                     &call.population, &voltage, &states, &call.time) ||
        core_simulation_enter(self) < 0) {
        return NULL;
    }
    call.answer = PyDict_New();
    if (call.answer == NULL || read_call(self, voltage, states, &call) < 0 || linearise(self, &call) < 0) {
        Py_CLEAR(call.answer);
    }
    core_simulation_leave(self);
    return call.answer;
}
