/* Functions of the module: elementary functions, random numbers, and the list of all. */
#include "functions.h"

#include "convert.h"
#include "draws.h"
#include "job.h"
#include "waves.h"

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
    static const char *const keywords[] = {"seed", "stream", "index", "draw", NULL};
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
    mn_error error = mn_error_none();
    const core_job job = {.run = permute, .size = sizeof call, .owner = {permutation}, .work = 40.0 * (double)call.n};
    const int code = core_job_run(&job, &call, &error);
    if (code != MN_OK) {
        Py_DECREF(permutation);
        return core_job_raise((const core_state *)PyModule_GetState(module), code, &error);
    }
    return permutation;
}

PyMethodDef core_functions[] = {
    {"models", core_models, METH_NOARGS, "models($module, /)\n--\n\nEvery device model with its field table."},
    {"check_device", core_check_device, METH_O,
     "check_device($module, device, /)\n--\n\n"
     "Raises what a simulation would raise for the parameters of a device; its edges need not exist."},
    {"equation_model", CORE_METHOD(core_equation_model), METH_VARARGS | METH_KEYWORDS,
     "equation_model($module, name, doc, citation, text, check, voltage_field, flags, n_noises, fields, presets, "
     "events,"
     " linked_states, programs)\n--\n\nA device model of fields and programs, as a MadeModel."},
    {"operations", core_operations, METH_NOARGS,
     "operations($module)\n--\n\nThe operations of programs by name: their numbers, and how many operands."},
    {"series", core_series, METH_O,
     "series($module, parts, /)\n--\n\nModels, by name or made at run time, in series, as a MadeModel."},
    {"exp", core_exp, METH_O, "exp($module, x, /)\n--\n\nThe library's exponential of an array."},
    {"sin_turns", core_sin_turns, METH_O, "sin_turns($module, x, /)\n--\n\nsin(2 pi x) of an array."},
    {"philox", CORE_METHOD(core_philox), METH_VARARGS | METH_KEYWORDS,
     "philox($module, /, seed, stream, index, draw)\n--\n\nFour random words of Philox 4x32-10, uint32."},
    {"draw", CORE_METHOD(core_draw), METH_VARARGS | METH_KEYWORDS,
     "draw($module, /, distribution, seed, stream, edge, draw, center, low, high)\n--\n\n"
     "A draw around each center, in [low, high], from the counters of an edge and of a draw; nan where none was found. "
     "distribution: (name, size, relative)."},
    {"permutation", CORE_METHOD(core_permutation), METH_VARARGS | METH_KEYWORDS,
     "permutation($module, /, seed, stream, n)\n--\n\nA seeded permutation of 0 to n - 1, int32."},
    {"grid", CORE_METHOD(core_grid), METH_VARARGS | METH_KEYWORDS,
     "grid($module, /, rows, columns, diagonals, seed)\n--\n\n"
     "Edges of a grid, (n_edges, 2); diagonals: a number in DIAGONALS."},
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
