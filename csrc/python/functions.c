/* Functions of the module: device models as data, elementary functions, random numbers, traces. */
#include "base/cancel.h"
#include "convert.h"
#include "devices/device.h"
#include "job.h"
#include "waves.h"

#include <string.h>

/* ------------------------------------------------------------------ models */

static const char *kind_name(mn_field_kind kind)
{
    return kind == MN_REAL ? "real" : kind == MN_CHOICE ? "choice" : "flag";
}

static const char *role_name(mn_field_role role)
{
    return role == MN_PARAMETER ? "parameter" : role == MN_STATE ? "state" : "output";
}

/* The words of "a|b|c" as a tuple; NULL text gives an empty one. */
static PyObject *words(const char *text)
{
    PyObject *list = PyList_New(0);
    if (list == NULL) {
        return NULL;
    }
    const char *start = text;
    while (start != NULL) {
        const char *bar = strchr(start, '|');
        const size_t length = bar == NULL ? strlen(start) : (size_t)(bar - start);
        PyObject *word = PyUnicode_FromStringAndSize(start, (Py_ssize_t)length);
        if (word == NULL || PyList_Append(list, word) < 0) {
            Py_XDECREF(word);
            Py_DECREF(list);
            return NULL;
        }
        Py_DECREF(word);
        start = bar == NULL ? NULL : bar + 1;
    }
    PyObject *tuple = PyList_AsTuple(list);
    Py_DECREF(list);
    return tuple;
}

static PyObject *field_dict(const mn_field *field)
{
    return Py_BuildValue("{s:s,s:s,s:s,s:s,s:s,s:d,s:d,s:d,s:s,s:N,s:z}", "name", field->name, "unit", field->unit,
                         "doc", field->doc, "kind", kind_name(field->kind), "role", role_name(field->role), "initial",
                         field->initial, "low", field->low, "high", field->high, "bounds", field->bounds, "choices",
                         words(field->choices), "otherwise", field->otherwise);
}

static PyObject *preset_dict(const mn_preset *preset)
{
    PyObject *values = PyDict_New();
    if (values == NULL) {
        return NULL;
    }
    for (int64_t k = 0; k < preset->n_values; k++) {
        PyObject *value = PyFloat_FromDouble(preset->value[k].value);
        if (value == NULL || PyDict_SetItemString(values, preset->value[k].field, value) < 0) {
            Py_XDECREF(value);
            Py_DECREF(values);
            return NULL;
        }
        Py_DECREF(value);
    }
    return Py_BuildValue("{s:s,s:s,s:s,s:N,s:z,s:z}", "name", preset->name, "doc", preset->doc, "citation",
                         preset->citation, "values", values, "fitted_field", preset->fitted_field, "fitted_choice",
                         preset->fitted_choice);
}

static PyObject *field_list(const mn_device_model *model)
{
    PyObject *fields = PyList_New((Py_ssize_t)model->n_fields);
    for (int64_t k = 0; fields != NULL && k < model->n_fields; k++) {
        PyObject *field = field_dict(&model->field[k]);
        if (field == NULL) {
            Py_CLEAR(fields);
        } else {
            PyList_SET_ITEM(fields, (Py_ssize_t)k, field);
        }
    }
    return fields;
}

static PyObject *preset_list(const mn_device_model *model)
{
    PyObject *presets = PyList_New((Py_ssize_t)model->n_presets);
    for (int64_t k = 0; presets != NULL && k < model->n_presets; k++) {
        PyObject *preset = preset_dict(&model->preset[k]);
        if (preset == NULL) {
            Py_CLEAR(presets);
        } else {
            PyList_SET_ITEM(presets, (Py_ssize_t)k, preset);
        }
    }
    return presets;
}

static PyObject *model_dict(const mn_device_model *model)
{
    PyObject *fields = field_list(model);
    PyObject *presets = preset_list(model);
    if (fields == NULL || presets == NULL) {
        Py_XDECREF(fields);
        Py_XDECREF(presets);
        return NULL;
    }
    return Py_BuildValue("{s:s,s:s,s:s,s:s,s:N,s:N,s:N,s:N,s:N,s:N}", "name", model->name, "doc", model->doc,
                         "citation", model->citation, "check", model->check, "event_driven",
                         PyBool_FromLong((model->flags & MN_EVENT_DRIVEN) != 0), "has_source",
                         PyBool_FromLong((model->flags & MN_HAS_SOURCE) != 0), "stochastic",
                         PyBool_FromLong((model->flags & MN_STOCHASTIC) != 0), "needs_length",
                         PyBool_FromLong((model->flags & MN_NEEDS_LENGTH) != 0), "fields", fields, "presets", presets);
}

static PyObject *core_models(PyObject *module, PyObject *ignored)
{
    (void)module;
    (void)ignored;
    PyObject *list = PyList_New(0);
    if (list == NULL) {
        return NULL;
    }
    const int64_t n = mn_model_count();
    for (int64_t k = 0; k < n; k++) {
        PyObject *model = model_dict(mn_model_get(k));
        if (model == NULL || PyList_Append(list, model) < 0) {
            Py_XDECREF(model);
            Py_DECREF(list);
            return NULL;
        }
        Py_DECREF(model);
    }
    return list;
}

/* ------------------------------------------------------------------ elementary functions */

/* A new array of the shape of x. */
static PyObject *like(PyArrayObject *x)
{
    return PyArray_SimpleNew(PyArray_NDIM(x), PyArray_DIMS(x), NPY_FLOAT64);
}

static PyObject *core_exp(PyObject *module, PyObject *given)
{
    (void)module;
    PyArrayObject *x = core_array("x", given, NPY_FLOAT64, CORE_ANY, CORE_ANY, CORE_ANY);
    PyObject *y = x == NULL ? NULL : like(x);
    if (y != NULL) {
        mn_exp(PyArray_SIZE(x), PyArray_DATA(x), PyArray_DATA((PyArrayObject *)y));
    }
    return y;
}

static PyObject *core_sin_turns(PyObject *module, PyObject *given)
{
    (void)module;
    PyArrayObject *x = core_array("x", given, NPY_FLOAT64, CORE_ANY, CORE_ANY, CORE_ANY);
    PyObject *y = x == NULL ? NULL : like(x);
    if (y != NULL) {
        const double *from = PyArray_DATA(x);
        double *to = PyArray_DATA((PyArrayObject *)y);
        const npy_intp n = PyArray_SIZE(x);
        for (npy_intp k = 0; k < n; k++) {
            to[k] = mn_sin_turns(from[k]);
        }
    }
    return y;
}

/* ------------------------------------------------------------------ random numbers */

static PyObject *core_philox(PyObject *module, PyObject *args, PyObject *kwargs)
{
    (void)module;
    static const char *const keywords[] = {"seed", "stream", "index", "step", NULL};
    uint64_t number[4] = {0};
    uint32_t word[4] = {0};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O&O&O&O&:philox", CORE_KEYWORDS(keywords), core_uint64, &number[0],
                                     core_uint64, &number[1], core_uint64, &number[2], core_uint64, &number[3])) {
        return NULL;
    }
    mn_philox(number[0], number[1], number[2], number[3], word);
    return core_copy(NPY_UINT32, 4, word);
}

typedef struct {
    uint64_t seed, stream;
    int64_t n;
    int32_t *permutation;
} permutation_call;

static int permute(void *arguments, mn_cancel *cancel, mn_error *error)
{
    const permutation_call *call = arguments;
    (void)cancel; /* left to its end, which comes soon */
    (void)error;
    mn_permutation(call->seed, call->stream, call->n, call->permutation);
    return MN_OK;
}

static PyObject *core_permutation(PyObject *module, PyObject *args, PyObject *kwargs)
{
    static const char *const keywords[] = {"seed", "stream", "n", NULL};
    permutation_call call = {0};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O&O&O&:permutation", CORE_KEYWORDS(keywords), core_uint64,
                                     &call.seed, core_uint64, &call.stream, core_int64, &call.n)) {
        return NULL;
    }
    if (call.n < 0 || call.n > INT32_MAX) {
        PyErr_Format(PyExc_ValueError, "n must be in [0, %ld], got %lld", (long)INT32_MAX, (long long)call.n);
        return NULL;
    }
    const npy_intp shape[1] = {(npy_intp)call.n};
    PyObject *permutation = PyArray_SimpleNew(1, shape, NPY_INT32);
    if (permutation == NULL) {
        return NULL;
    }
    call.permutation = PyArray_DATA((PyArrayObject *)permutation);
    mn_error error;
    mn_error_clear(&error);
    const core_job job = {.run = permute, .size = sizeof call, .owner = {permutation}, .work = 40.0 * (double)call.n};
    const int code = core_job_run(&job, &call, &error);
    if (code != MN_OK) {
        Py_DECREF(permutation);
        return core_job_raise((const core_state *)PyModule_GetState(module), code, &error);
    }
    return permutation;
}

/* ------------------------------------------------------------------ lattices */

static void free_edges(PyObject *capsule)
{
    mn_dealloc(PyCapsule_GetPointer(capsule, NULL));
}

/* The edges as an array, (n_edges, 2), which takes over the lattice's memory: there may be gigabytes of it. */
static PyObject *lattice_edges(mn_lattice *lattice)
{
    PyObject *owner = PyCapsule_New(lattice->edge, NULL, free_edges);
    if (owner == NULL) {
        mn_lattice_free(lattice);
        return NULL;
    }
    PyObject *edges = core_view(owner, NPY_INT32, lattice->n_edges, 2, lattice->edge);
    Py_DECREF(owner);
    return edges;
}

typedef struct {
    int64_t n[2]; /* rows and columns, or the number of nodes */
    int diagonals;
    double degree;
    uint64_t seed;
    mn_lattice lattice;
} lattice_call;

static int make_grid(void *arguments, mn_cancel *cancel, mn_error *error)
{
    lattice_call *call = arguments;
    return mn_grid_init(&call->lattice, call->n[0], call->n[1], (mn_diagonals)call->diagonals, call->seed, cancel,
                        error);
}

static int make_random_network(void *arguments, mn_cancel *cancel, mn_error *error)
{
    lattice_call *call = arguments;
    return mn_random_network_init(&call->lattice, call->n[0], call->degree, call->seed, cancel, error);
}

static void discard_lattice(void *arguments)
{
    mn_lattice_free(&((lattice_call *)arguments)->lattice);
}

static PyObject *run_lattice(PyObject *module, const core_job *job, lattice_call *call)
{
    mn_error error;
    mn_error_clear(&error);
    const int code = core_job_run(job, call, &error);
    if (code != MN_OK) {
        return core_job_raise((const core_state *)PyModule_GetState(module), code, &error);
    }
    return lattice_edges(&call->lattice);
}

static PyObject *core_grid(PyObject *module, PyObject *args, PyObject *kwargs)
{
    static const char *const keywords[] = {"rows", "columns", "diagonals", "seed", NULL};
    lattice_call call = {0};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O&O&iO&:grid", CORE_KEYWORDS(keywords), core_int64, &call.n[0],
                                     core_int64, &call.n[1], &call.diagonals, core_uint64, &call.seed)) {
        return NULL;
    }
    const core_job job = {.run = make_grid,
                          .discard = discard_lattice,
                          .size = sizeof call,
                          .work = 20.0 * (double)call.n[0] * (double)call.n[1]};
    return run_lattice(module, &job, &call);
}

static PyObject *core_random_network(PyObject *module, PyObject *args, PyObject *kwargs)
{
    static const char *const keywords[] = {"n_nodes", "degree", "seed", NULL};
    lattice_call call = {0};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O&dO&:random_network", CORE_KEYWORDS(keywords), core_int64,
                                     &call.n[0], &call.degree, core_uint64, &call.seed)) {
        return NULL;
    }
    const core_job job = {.run = make_random_network,
                          .discard = discard_lattice,
                          .size = sizeof call,
                          .work = (10.0 + 50.0 * call.degree) * (double)call.n[0]};
    return run_lattice(module, &job, &call);
}

/* ------------------------------------------------------------------ traces */

/* What the functions of traces take and give; arrays that are taken belong to the arguments of the Python call. */
typedef struct {
    int64_t n;
    const double *dt, *voltage, *parameters;
    double tolerance;
    int64_t most;
    double *trace;
    bool differentiates;
    mn_trace_jacobian jacobian;
} trace_call;

static int run_mean_field(void *arguments, mn_cancel *cancel, mn_error *error)
{
    const trace_call *call = arguments;
    (void)cancel;
    (void)error;
    if (call->differentiates) {
        return mn_mean_field_jacobian(call->n, call->dt, call->voltage, call->parameters, call->tolerance, call->most,
                                      call->trace, &call->jacobian);
    }
    return mn_mean_field_trace(call->n, call->dt, call->voltage, call->parameters, call->tolerance, call->most,
                               call->trace);
}

static int run_rate_balance(void *arguments, mn_cancel *cancel, mn_error *error)
{
    const trace_call *call = arguments;
    (void)cancel;
    (void)error;
    if (call->differentiates) {
        return mn_rate_balance_jacobian(call->n, call->dt, call->voltage, call->parameters, call->trace,
                                        &call->jacobian);
    }
    return mn_rate_balance_trace(call->n, call->dt, call->voltage, call->parameters, call->trace);
}

/* Borrows dt, voltage, parameters and jump (None where no derivatives are asked for); -1 with an exception. */
static int take_trace(trace_call *call, PyObject *const given[4])
{
    PyArrayObject *dt = core_array("dt", given[0], NPY_FLOAT64, 1, CORE_ANY, CORE_ANY);
    if (dt == NULL) {
        return -1;
    }
    call->n = PyArray_DIM(dt, 0);
    PyArrayObject *voltage = core_array("voltage", given[1], NPY_FLOAT64, 1, (npy_intp)call->n, CORE_ANY);
    if (voltage == NULL) {
        return -1;
    }
    PyArrayObject *parameters = core_array("parameters", given[2], NPY_FLOAT64, 1, MN_TRACE_PARAMETERS, CORE_ANY);
    if (parameters == NULL) {
        return -1;
    }
    call->dt = PyArray_DATA(dt);
    call->voltage = PyArray_DATA(voltage);
    call->parameters = PyArray_DATA(parameters);
    if (given[3] == Py_None) {
        return 0;
    }
    PyArrayObject *jump = core_array("jump", given[3], NPY_INT64, 1, CORE_ANY, CORE_ANY);
    if (jump == NULL) {
        return -1;
    }
    call->differentiates = true;
    call->jacobian.n_jumps = PyArray_DIM(jump, 0);
    call->jacobian.jump = PyArray_DATA(jump);
    return 0;
}

/* The trace, or a pair of trace and derivatives, or NULL with an exception. */
static PyObject *run_trace(PyObject *module, int (*run)(void *, mn_cancel *, mn_error *), trace_call *call,
                           PyObject *args, PyObject *kwargs)
{
    const npy_intp shape[2] = {(npy_intp)call->n + 1, MN_TRACE_PARAMETERS + (npy_intp)call->jacobian.n_jumps};
    PyObject *trace = PyArray_SimpleNew(1, shape, NPY_FLOAT64);
    PyObject *jacobian = call->differentiates ? PyArray_SimpleNew(2, shape, NPY_FLOAT64) : NULL;
    PyObject *result = NULL;
    if (trace == NULL || (call->differentiates && jacobian == NULL)) {
        goto out;
    }
    call->trace = PyArray_DATA((PyArrayObject *)trace);
    call->jacobian.values = jacobian == NULL ? NULL : PyArray_DATA((PyArrayObject *)jacobian);
    mn_error error;
    mn_error_clear(&error);
    const core_job job = {
        .run = run, .size = sizeof *call, .owner = {args, kwargs, trace, jacobian}, .work = 500.0 * (double)call->n};
    const int code = core_job_run(&job, call, &error);
    if (code != MN_OK) {
        (void)core_job_raise((const core_state *)PyModule_GetState(module), code, &error);
    } else if (jacobian == NULL) {
        result = Py_NewRef(trace);
    } else {
        result = PyTuple_Pack(2, trace, jacobian);
    }
out:
    Py_XDECREF(trace);
    Py_XDECREF(jacobian);
    return result;
}

static PyObject *core_mean_field_trace(PyObject *module, PyObject *args, PyObject *kwargs)
{
    static const char *const keywords[] = {"dt", "voltage", "parameters", "tolerance", "most", "jump", NULL};
    PyObject *given[4] = {NULL, NULL, NULL, Py_None};
    trace_call call = {.n = 0};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OOOdO&|O:mean_field_trace", CORE_KEYWORDS(keywords), &given[0],
                                     &given[1], &given[2], &call.tolerance, core_int64, &call.most, &given[3]) ||
        take_trace(&call, given) < 0) {
        return NULL;
    }
    return run_trace(module, run_mean_field, &call, args, kwargs);
}

static PyObject *core_rate_balance_trace(PyObject *module, PyObject *args, PyObject *kwargs)
{
    static const char *const keywords[] = {"dt", "voltage", "parameters", "jump", NULL};
    PyObject *given[4] = {NULL, NULL, NULL, Py_None};
    trace_call call = {.n = 0};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OOO|O:rate_balance_trace", CORE_KEYWORDS(keywords), &given[0],
                                     &given[1], &given[2], &given[3]) ||
        take_trace(&call, given) < 0) {
        return NULL;
    }
    return run_trace(module, run_rate_balance, &call, args, kwargs);
}

PyMethodDef core_functions[] = {
    {"models", core_models, METH_NOARGS, "models($module, /)\n--\n\nEvery device model with its field table."},
    {"exp", core_exp, METH_O, "exp($module, x, /)\n--\n\nThe library's exponential of an array."},
    {"sin_turns", core_sin_turns, METH_O, "sin_turns($module, x, /)\n--\n\nsin(2 pi x) of an array."},
    {"philox", CORE_METHOD(core_philox), METH_VARARGS | METH_KEYWORDS,
     "philox($module, /, seed, stream, index, step)\n--\n\nFour random words of Philox 4x32-10, uint32."},
    {"permutation", CORE_METHOD(core_permutation), METH_VARARGS | METH_KEYWORDS,
     "permutation($module, /, seed, stream, n)\n--\n\nA seeded permutation of 0 to n - 1, int32."},
    {"grid", CORE_METHOD(core_grid), METH_VARARGS | METH_KEYWORDS,
     "grid($module, /, rows, columns, diagonals, seed)\n--\n\n"
     "Edges of a grid, (n_edges, 2); diagonals: 0 none, 1 one a cell at random, 2 both."},
    {"random_network", CORE_METHOD(core_random_network), METH_VARARGS | METH_KEYWORDS,
     "random_network($module, /, n_nodes, degree, seed)\n--\n\nEdges of a random graph, (n_edges, 2)."},
    {"wave_evaluate", CORE_METHOD(core_wave_evaluate), METH_VARARGS | METH_KEYWORDS,
     "wave_evaluate($module, /, waves, root, time)\n--\n\nRole (uint8) and value of wave `root` at each time (s)."},
    {"wave_corners", CORE_METHOD(core_wave_corners), METH_VARARGS | METH_KEYWORDS,
     "wave_corners($module, /, waves, root, time, n)\n--\n\n"
     "n corners of wave `root` after time[0], up to time[1]: whether it jumps (uint8), and when (s), inf for none."},
    {"waveforms", core_waveforms, METH_NOARGS, "waveforms($module, /)\n--\n\nThe table of waveforms, in mn_wave_kind."},
    {"mean_field_trace", CORE_METHOD(core_mean_field_trace), METH_VARARGS | METH_KEYWORDS,
     "mean_field_trace($module, /, dt, voltage, parameters, tolerance, most, jump=None)\n--\n\n"
     "Conductance at the start and after each interval for the effective mean field."},
    {"rate_balance_trace", CORE_METHOD(core_rate_balance_trace), METH_VARARGS | METH_KEYWORDS,
     "rate_balance_trace($module, /, dt, voltage, parameters, jump=None)\n--\n\n"
     "Conductance at the start and after each interval for one rate balance."},
    {NULL, NULL, 0, NULL},
};
