/* Functions of the module: conductance traces of theory. */
#include "functions.h"

#include "convert.h"
#include "job.h"
#include "theory/traces.h"

#include <string.h>

/* What the functions of traces take and give; arrays that are taken belong to the arguments of the Python call. */
typedef struct {
    mn_intervals intervals;
    mn_trace_parameters parameters;
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
    return mn_mean_field_trace(&call->intervals, &call->parameters, call->tolerance, call->most, call->trace,
                               call->differentiates ? &call->jacobian : NULL);
}

static int run_rate_balance(void *arguments, mn_cancel *cancel, mn_error *error)
{
    const trace_call *call = arguments;
    (void)cancel;
    (void)error;
    return mn_rate_balance_trace(&call->intervals, &call->parameters, call->trace,
                                 call->differentiates ? &call->jacobian : NULL);
}

/* Borrows dt, voltage, parameters and jump (None where no derivatives are asked for); -1 with an exception. */
static int take_trace(trace_call *call, PyObject *const given[4])
{
    PyArrayObject *dt = core_array("dt", given[0], NPY_FLOAT64, 1, CORE_ANY, CORE_ANY);
    if (dt == NULL) {
        return -1;
    }
    PyArrayObject *voltage = core_array("voltage", given[1], NPY_FLOAT64, 1, PyArray_DIM(dt, 0), CORE_ANY);
    if (voltage == NULL) {
        return -1;
    }
    PyArrayObject *parameters = core_array("parameters", given[2], NPY_FLOAT64, 1, MN_N_TRACE_PARAMETERS, CORE_ANY);
    if (parameters == NULL) {
        return -1;
    }
    call->intervals = (mn_intervals){.n = PyArray_DIM(dt, 0), .dt = PyArray_DATA(dt), .voltage = PyArray_DATA(voltage)};
    memcpy(&call->parameters, PyArray_DATA(parameters), sizeof call->parameters);
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
    const npy_intp shape[2] = {(npy_intp)call->intervals.n + 1,
                               MN_N_TRACE_PARAMETERS + (npy_intp)call->jacobian.n_jumps};
    PyObject *trace = PyArray_SimpleNew(1, shape, NPY_FLOAT64);
    PyObject *jacobian = call->differentiates ? PyArray_SimpleNew(2, shape, NPY_FLOAT64) : NULL;
    PyObject *result = NULL;
    if (trace == NULL || (call->differentiates && jacobian == NULL)) {
        goto out;
    }
    call->trace = PyArray_DATA((PyArrayObject *)trace);
    call->jacobian.values = jacobian == NULL ? NULL : PyArray_DATA((PyArrayObject *)jacobian);
    mn_error error = mn_error_none();
    const core_job job = {.run = run,
                          .size = sizeof *call,
                          .owner = {args, kwargs, trace, jacobian},
                          .work = 500.0 * (double)call->intervals.n};
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

PyObject *core_mean_field_trace(PyObject *module, PyObject *args, PyObject *kwargs)
{
    static const char *const keywords[] = {"dt", "voltage", "parameters", "tolerance", "most", "jump", NULL};
    PyObject *given[4] = {NULL, NULL, NULL, Py_None};
    trace_call call = {.differentiates = false};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OOOdO&|O:mean_field_trace", CORE_KEYWORDS(keywords), &given[0],
                                     &given[1], &given[2], &call.tolerance, core_int64, &call.most, &given[3]) ||
        take_trace(&call, given) < 0) {
        return NULL;
    }
    return run_trace(module, run_mean_field, &call, args, kwargs);
}

PyObject *core_rate_balance_trace(PyObject *module, PyObject *args, PyObject *kwargs)
{
    static const char *const keywords[] = {"dt", "voltage", "parameters", "jump", NULL};
    PyObject *given[4] = {NULL, NULL, NULL, Py_None};
    trace_call call = {.differentiates = false};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OOO|O:rate_balance_trace", CORE_KEYWORDS(keywords), &given[0],
                                     &given[1], &given[2], &given[3]) ||
        take_trace(&call, given) < 0) {
        return NULL;
    }
    return run_trace(module, run_rate_balance, &call, args, kwargs);
}
