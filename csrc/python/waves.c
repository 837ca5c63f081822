#include "waves.h"

#include "base/cancel.h"
#include "convert.h"
#include "drive/waveform.h"
#include "job.h"

#include <string.h>

/* ------------------------------------------------------------------ the table */

static PyObject *argument_dict(const mn_argument *argument)
{
    static const char *const kind[] = {
        [MN_ARGUMENT_NUMBER] = "number",      [MN_ARGUMENT_COUNT] = "count",
        [MN_ARGUMENT_FLAG] = "flag",          [MN_ARGUMENT_VALUES] = "values",
        [MN_ARGUMENT_TIMES] = "times",        [MN_ARGUMENT_TIMES_WITH_JUMPS] = "times with jumps",
        [MN_ARGUMENT_DURATIONS] = "durations"};
    return Py_BuildValue("{s:s,s:s,s:s,s:s,s:d,s:d,s:d}", "name", argument->name, "unit", argument->unit, "doc",
                         argument->doc, "kind", kind[argument->kind], "low", argument->low, "high", argument->high,
                         "initial", argument->initial);
}

static PyObject *argument_list(const mn_waveform *form)
{
    PyObject *list = PyList_New(0);
    for (int64_t k = 0; list != NULL && k < mn_waveform_arguments(form); k++) {
        PyObject *argument = argument_dict(&form->argument[k]);
        if (argument == NULL || PyList_Append(list, argument) < 0) {
            Py_CLEAR(list);
        }
        Py_XDECREF(argument);
    }
    return list;
}

static PyObject *waveform_dict(const mn_waveform *form)
{
    static const char *const gives[] = {
        [MN_GIVES_VOLTAGE] = "voltage", [MN_GIVES_FLOATING] = "floating", [MN_GIVES_CURRENT] = "current",
        [MN_GIVES_LIMITED] = "limited", [MN_GIVES_EACH] = "each",         [MN_GIVES_COMMON] = "common"};
    static const char *const children[] = {[MN_NO_CHILD] = "none", [MN_ONE_CHILD] = "one", [MN_CHILDREN] = "any"};
    PyObject *arguments = argument_list(form);
    if (arguments == NULL) {
        return NULL;
    }
    return Py_BuildValue("{s:s,s:z,s:z,s:z,s:N,s:s,s:s,s:N,s:N}", "name", form->name, "doc", form->doc, "example",
                         form->example, "answer", form->answer, "leaf", PyBool_FromLong(form->value != NULL), "gives",
                         gives[form->gives], "children", children[form->children], "flat", PyBool_FromLong(form->flat),
                         "arguments", arguments);
}

PyObject *core_waveforms(PyObject *module, PyObject *ignored)
{
    (void)module;
    (void)ignored;
    PyObject *list = PyList_New(0);
    for (int64_t kind = 0; list != NULL && kind < MN_WAVE_N; kind++) {
        PyObject *form = waveform_dict(mn_waveform_get(kind));
        if (form == NULL || PyList_Append(list, form) < 0) {
            Py_CLEAR(list);
        }
        Py_XDECREF(form);
    }
    return list;
}

/* ------------------------------------------------------------------ from Python */

static int wave_parameters(mn_wave *wave, PyObject *parameters)
{
    const Py_ssize_t n = PyTuple_GET_SIZE(parameters);
    if (n > MN_ARGUMENTS) {
        PyErr_Format(PyExc_ValueError, "a wave has at most %d parameters, got %zd", MN_ARGUMENTS, n);
        return -1;
    }
    for (Py_ssize_t k = 0; k < n; k++) {
        wave->p[k] = PyFloat_AsDouble(PyTuple_GET_ITEM(parameters, k));
        if (wave->p[k] == -1.0 && PyErr_Occurred() != NULL) {
            return -1;
        }
    }
    return 0;
}

static int wave_children(mn_wave *wave, PyObject *children, int32_t *room)
{
    wave->n_children = PyTuple_GET_SIZE(children);
    wave->children = room;
    for (Py_ssize_t k = 0; k < wave->n_children; k++) {
        const long child = PyLong_AsLong(PyTuple_GET_ITEM(children, k));
        if (child == -1 && PyErr_Occurred() != NULL) {
            return -1;
        }
        if (child < 0 || child > INT32_MAX) {
            PyErr_Format(PyExc_ValueError, "child %ld of a wave is not an index", child);
            return -1;
        }
        room[k] = (int32_t)child;
    }
    return 0;
}

static int is_wave(PyObject *item)
{
    return PyTuple_Check(item) && PyTuple_GET_SIZE(item) == 4 && PyTuple_Check(PyTuple_GET_ITEM(item, 1)) &&
           PyTuple_Check(PyTuple_GET_ITEM(item, 3));
}

static int wave_from_tuple(mn_wave *wave, PyObject *item, int32_t *room)
{
    const long kind = PyLong_AsLong(PyTuple_GET_ITEM(item, 0));
    if (kind == -1 && PyErr_Occurred() != NULL) {
        return -1;
    }
    if (mn_waveform_get(kind) == NULL) {
        PyErr_Format(PyExc_ValueError, "unknown kind of wave %ld", kind);
        return -1;
    }
    wave->kind = (mn_wave_kind)kind;
    if (wave_parameters(wave, PyTuple_GET_ITEM(item, 1)) < 0) {
        return -1;
    }
    npy_intp n_samples = 0;
    if (core_optional("samples of a wave", PyTuple_GET_ITEM(item, 2), NPY_FLOAT64, CORE_ANY, &wave->samples,
                      &n_samples) < 0) {
        return -1;
    }
    wave->n_samples = n_samples;
    return wave_children(wave, PyTuple_GET_ITEM(item, 3), room);
}

int core_waves_init(core_waves *waves, PyObject *list)
{
    memset(waves, 0, sizeof *waves);
    waves->keep = PySequence_Tuple(list);
    if (waves->keep == NULL) {
        return -1;
    }
    waves->n = PyTuple_GET_SIZE(waves->keep);
    size_t n_children = 0;
    for (Py_ssize_t k = 0; k < waves->n; k++) {
        PyObject *item = PyTuple_GET_ITEM(waves->keep, k);
        if (!is_wave(item)) {
            PyErr_Format(PyExc_TypeError, "wave %zd must be a tuple (kind, parameters, samples, children)", k);
            return -1;
        }
        n_children += (size_t)PyTuple_GET_SIZE(PyTuple_GET_ITEM(item, 3));
    }
    waves->wave = PyMem_Calloc((size_t)waves->n + 1, sizeof *waves->wave);
    waves->children = PyMem_Calloc(n_children + 1, sizeof *waves->children);
    if (waves->wave == NULL || waves->children == NULL) {
        (void)PyErr_NoMemory();
        return -1;
    }
    int32_t *room = waves->children;
    for (Py_ssize_t k = 0; k < waves->n; k++) {
        if (wave_from_tuple(&waves->wave[k], PyTuple_GET_ITEM(waves->keep, k), room) < 0) {
            return -1;
        }
        room += waves->wave[k].n_children;
    }
    return 0;
}

void core_waves_free(core_waves *waves)
{
    PyMem_Free(waves->wave);
    PyMem_Free(waves->children);
    Py_CLEAR(waves->keep);
    waves->wave = NULL;
    waves->children = NULL;
}

/* ------------------------------------------------------------------ calls */

/* What is read and written by a call that looks at a wave. */
typedef struct {
    core_waves waves;
    mn_drive drive;
    int32_t root;
    int64_t n;
    const double *time; /* n; of corners: the time after which, and the last one */
    uint8_t *flag;      /* n: the role; of corners: whether it jumps */
    double *value;      /* n; of corners: the time */
} wave_call;

static int evaluate_wave(void *arguments, mn_cancel *cancel, mn_error *error)
{
    const wave_call *call = arguments;
    for (int64_t k = 0; k < call->n; k++) {
        if (mn_cancelled_at(cancel, k)) {
            return mn_error_set(error, MN_ERR_INTERRUPTED);
        }
        call->value[k] = mn_wave_evaluate(&call->drive, call->root, call->time[k], &call->flag[k]);
    }
    return MN_OK;
}

static int list_corners(void *arguments, mn_cancel *cancel, mn_error *error)
{
    const wave_call *call = arguments;
    mn_corner corner = {.time = call->time[0], .jump = false};
    for (int64_t k = 0; k < call->n; k++) {
        if (mn_cancelled_at(cancel, k)) {
            return mn_error_set(error, MN_ERR_INTERRUPTED);
        }
        if (corner.time <= call->time[1]) {
            corner = mn_wave_next_corner(&call->drive, call->root, corner.time);
        }
        call->value[k] = corner.time <= call->time[1] ? corner.time : INFINITY;
        call->flag[k] = corner.jump;
    }
    return MN_OK;
}

static void discard_wave(void *arguments)
{
    wave_call *call = arguments;
    mn_drive_free(&call->drive);
    core_waves_free(&call->waves);
}

/* Flags and values, n of each, of a call whose waves are there; frees it. NULL with an exception. */
static PyObject *run_wave(const core_state *state, wave_call *call, PyArrayObject *time,
                          int (*run)(void *arguments, mn_cancel *cancel, mn_error *error))
{
    mn_error error = mn_error_none();
    const npy_intp shape[1] = {(npy_intp)call->n};
    PyObject *flag = PyArray_SimpleNew(1, shape, NPY_UINT8);
    PyObject *value = flag == NULL ? NULL : PyArray_SimpleNew(1, shape, NPY_FLOAT64);
    PyObject *both = value == NULL ? NULL : PyTuple_Pack(2, flag, value);
    if (both != NULL) {
        call->time = PyArray_DATA(time);
        call->flag = PyArray_DATA((PyArrayObject *)flag);
        call->value = PyArray_DATA((PyArrayObject *)value);
        const core_job job = {.run = run,
                              .discard = discard_wave,
                              .size = sizeof *call,
                              .owner = {both, (PyObject *)time},
                              .work = 50.0 * (double)call->n};
        const int code = core_job_run(&job, call, &error);
        if (code != MN_OK) {
            Py_CLEAR(both);
            (void)core_job_raise(state, code, &error);
        }
        if (code != CORE_RAISED) {
            discard_wave(call);
        }
    } else {
        discard_wave(call);
    }
    Py_XDECREF(flag);
    Py_XDECREF(value);
    return both;
}

/* What a call with these arguments finds out about a wave: time is an array of n_times numbers, or of any (CORE_ANY).
 */
static PyObject *look_at_wave(PyObject *module, PyObject *args, PyObject *kwargs, const char *format,
                              const char *const *keywords, npy_intp n_times,
                              int (*run)(void *arguments, mn_cancel *cancel, mn_error *error))
{
    const core_state *state = (const core_state *)PyModule_GetState(module);
    PyObject *list = NULL;
    PyObject *time_given = NULL;
    int root = 0;
    wave_call call = {.n = CORE_ANY};
    mn_error error = mn_error_none();
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, format, CORE_KEYWORDS(keywords), &list, &root, &time_given,
                                     core_int64, &call.n)) {
        return NULL;
    }
    PyArrayObject *time = core_array("time", time_given, NPY_FLOAT64, 1, n_times, CORE_ANY);
    if (time == NULL || core_waves_init(&call.waves, list) < 0) {
        goto out;
    }
    if (root < 0 || root >= call.waves.n) {
        PyErr_Format(PyExc_ValueError, "root must be a wave below %lld, got %d", (long long)call.waves.n, root);
        goto out;
    }
    if (n_times == CORE_ANY) {
        call.n = PyArray_DIM(time, 0);
    } else if (call.n < 0) {
        PyErr_Format(PyExc_ValueError, "n must be >= 0, got %lld", (long long)call.n);
        goto out;
    }
    call.root = root;
    const int code = mn_drive_init(&call.drive, 1, &call.root, call.waves.n, call.waves.wave, &error);
    if (code == MN_OK) {
        return run_wave(state, &call, time, run);
    }
    (void)core_raise(state, code, &error);
out:
    discard_wave(&call);
    return NULL;
}

PyObject *core_wave_evaluate(PyObject *module, PyObject *args, PyObject *kwargs)
{
    static const char *const keywords[] = {"waves", "root", "time", NULL};
    return look_at_wave(module, args, kwargs, "OiO:wave_evaluate", keywords, CORE_ANY, evaluate_wave);
}

PyObject *core_wave_corners(PyObject *module, PyObject *args, PyObject *kwargs)
{
    static const char *const keywords[] = {"waves", "root", "time", "n", NULL};
    return look_at_wave(module, args, kwargs, "OiOO&:wave_corners", keywords, 2, list_corners);
}
