#include "convert.h"

#include <string.h>

enum { MESSAGE_SIZE = 512 };

/* ------------------------------------------------------------------ errors */

static PyObject *exception_of(const core_state *state, int code)
{
    const char *name = mn_error_exception(code);
    if (strcmp(name, "CheckpointError") == 0) {
        return Py_NewRef(state->checkpoint_error);
    }
    PyObject *builtins = PyImport_ImportModule("builtins");
    if (builtins == NULL) {
        return NULL; /* GCOV_EXCL_LINE: no builtins */
    }
    PyObject *exception = PyDict_GetItemString(PyModule_GetDict(builtins), name);
    Py_DECREF(builtins);
    return Py_NewRef(exception != NULL ? exception : PyExc_SystemError);
}

PyObject *core_raise(const core_state *state, int code, const mn_error *error)
{
    char text[MESSAGE_SIZE];
    mn_error plain;
    mn_error_clear(&plain);
    if (error != NULL) {
        plain = *error;
    }
    plain.code = code;
    mn_error_message(&plain, text, sizeof text);

    PyObject *exception = exception_of(state, code);
    if (exception == NULL) {
        return NULL; /* GCOV_EXCL_LINE: no builtins */
    }
    PyErr_SetString(exception, text);
    Py_DECREF(exception);
    return NULL;
}

PyObject *core_raise_for_file(const core_state *state, int code, const mn_error *error, PyObject *path)
{
    if (strcmp(mn_error_exception(code), "OSError") != 0) {
        return core_raise(state, code, error);
    }
    /* with an errno Python picks the subclass, such as FileNotFoundError */
    const char *reason = code == MN_ERR_NOT_REGULAR ? mn_error_sentence(code) : strerror(error->backend_status);
    PyObject *arguments = Py_BuildValue("isO", error->backend_status, reason, path);
    if (arguments != NULL) {
        PyErr_SetObject(PyExc_OSError, arguments);
        Py_DECREF(arguments);
    }
    return NULL;
}

/* ------------------------------------------------------------------ arrays */

static const char *type_name(int type)
{
    switch (type) {
    case NPY_FLOAT64:
        return "float64";
    case NPY_INT32:
        return "int32";
    case NPY_INT64:
        return "int64";
    default:
        return "uint8";
    }
}

PyArrayObject *core_array(const char *name, PyObject *value, int type, int n_dims, npy_intp n0, npy_intp n1)
{
    if (!PyArray_Check(value)) {
        PyErr_Format(PyExc_TypeError, "%s must be a NumPy array of %s, got %s", name, type_name(type),
                     Py_TYPE(value)->tp_name);
        return NULL;
    }
    PyArrayObject *array = (PyArrayObject *)value;
    if (!PyArray_EquivTypenums(PyArray_TYPE(array), type) || !PyArray_ISNOTSWAPPED(array)) {
        PyErr_Format(PyExc_TypeError, "%s must be an array of %s, got dtype %S", name, type_name(type),
                     (PyObject *)PyArray_DESCR(array));
        return NULL;
    }
    if (!PyArray_IS_C_CONTIGUOUS(array) || !PyArray_ISALIGNED(array)) {
        PyErr_Format(PyExc_ValueError, "%s must be C-ordered and aligned", name);
        return NULL;
    }
    if (n_dims == CORE_ANY) {
        return array;
    }
    if (PyArray_NDIM(array) != n_dims) {
        PyErr_Format(PyExc_ValueError, "%s must have %d dimensions, got %d", name, n_dims, PyArray_NDIM(array));
        return NULL;
    }
    const npy_intp want[2] = {n0, n1};
    for (int k = 0; k < n_dims; k++) {
        if (want[k] != CORE_ANY && PyArray_DIM(array, k) != want[k]) {
            PyErr_Format(PyExc_ValueError, "%s must have length %zd along axis %d, got %zd", name, (Py_ssize_t)want[k],
                         k, (Py_ssize_t)PyArray_DIM(array, k));
            return NULL;
        }
    }
    return array;
}

int core_optional(const char *name, PyObject *value, int type, npy_intp n, void *data, npy_intp *n_values)
{
    void *values = NULL;
    npy_intp count = 0;
    if (value != NULL && value != Py_None) {
        PyArrayObject *array = core_array(name, value, type, 1, n, CORE_ANY);
        if (array == NULL) {
            return -1;
        }
        values = PyArray_DATA(array);
        count = PyArray_DIM(array, 0);
    }
    memcpy(data, &values, sizeof values);
    if (n_values != NULL) {
        *n_values = count;
    }
    return 0;
}

PyObject *core_copy(int type, int64_t n, const void *data)
{
    const npy_intp shape[1] = {(npy_intp)n};
    PyObject *array = PyArray_SimpleNew(1, shape, type);
    if (array != NULL && n > 0) {
        memcpy(PyArray_DATA((PyArrayObject *)array), data, (size_t)PyArray_NBYTES((PyArrayObject *)array));
    }
    return array;
}

PyObject *core_view(PyObject *owner, int type, int64_t n0, int64_t n1, void *data)
{
    const npy_intp shape[2] = {(npy_intp)n0, (npy_intp)n1};
    PyObject *array = PyArray_SimpleNewFromData(n1 == CORE_ANY ? 1 : 2, shape, type, data);
    if (array == NULL) {
        return NULL;
    }
    PyArray_CLEARFLAGS((PyArrayObject *)array, NPY_ARRAY_WRITEABLE);
    if (PyArray_SetBaseObject((PyArrayObject *)array, Py_NewRef(owner)) < 0) { /* steals, also when it fails */
        Py_DECREF(array); /* GCOV_EXCL_LINE: a base that NumPy refuses */
        return NULL;      /* GCOV_EXCL_LINE: a base that NumPy refuses */
    }
    return array;
}

PyObject *core_get_part(PyObject *object, void *closure)
{
    const core_part *part = closure;
    int64_t n;
    void *data;
    memcpy(&n, (const char *)object + part->n, sizeof n);
    memcpy(&data, (const char *)object + part->data, sizeof data);
    return core_view(object, part->type, n, part->columns, data);
}

/* ------------------------------------------------------------------ numbers and dicts */

int core_uint64(PyObject *value, void *out)
{
    PyObject *index = PyNumber_Index(value);
    if (index == NULL) {
        return 0;
    }
    const unsigned long long number = PyLong_AsUnsignedLongLong(index);
    Py_DECREF(index);
    if (number == (unsigned long long)-1 && PyErr_Occurred() != NULL) {
        return 0;
    }
    *(uint64_t *)out = (uint64_t)number;
    return 1;
}

int core_order(PyObject *value, void *out)
{
    static const char *const names[] = {"auto", "fast", "best"}; /* as in mn_order */
    const char *name = PyUnicode_AsUTF8(value);
    for (size_t k = 0; name != NULL && k < sizeof names / sizeof names[0]; k++) {
        if (strcmp(name, names[k]) == 0) {
            *(mn_order *)out = (mn_order)k;
            return 1;
        }
    }
    if (name != NULL) {
        PyErr_Format(PyExc_ValueError, "order must be auto, fast or best, got %R", value);
    }
    return 0;
}

int core_int64(PyObject *value, void *out)
{
    PyObject *index = PyNumber_Index(value);
    if (index == NULL) {
        return 0;
    }
    const long long number = PyLong_AsLongLong(index);
    Py_DECREF(index);
    if (number == -1 && PyErr_Occurred() != NULL) {
        return 0;
    }
    *(int64_t *)out = (int64_t)number;
    return 1;
}

PyObject *core_names(Py_ssize_t n, const char *const *name)
{
    PyObject *names = PyTuple_New(n);
    for (Py_ssize_t k = 0; names != NULL && k < n; k++) {
        PyObject *text = PyUnicode_FromString(name[k]);
        if (text == NULL) {
            Py_CLEAR(names);
        } else {
            PyTuple_SET_ITEM(names, k, text);
        }
    }
    return names;
}

int core_dict_set(PyObject *dict, const char *key, PyObject *value)
{
    if (value == NULL) {
        return -1;
    }
    const int status = PyDict_SetItemString(dict, key, value);
    Py_DECREF(value);
    return status;
}

PyObject *core_solver_info(const mn_solver_info *info)
{
    return Py_BuildValue("{s:L,s:L,s:L,s:L,s:L,s:d,s:d,s:O,s:O}", "n_free", (long long)info->n_free, "n_entries",
                         (long long)info->n_entries, "n_updates", (long long)info->n_updates, "bytes",
                         (long long)info->bytes, "n_columns", (long long)info->n_columns, "rcond", info->rcond,
                         "error_bound", info->error_bound, "ill_conditioned",
                         info->ill_conditioned ? Py_True : Py_False, "underflow", info->underflow ? Py_True : Py_False);
}

/* ------------------------------------------------------------------ how long calls take */

double core_analysis_work(const mn_network *network)
{
    const double each = network->column != NULL ? 150.0 : 300.0; /* straight cuts through a lattice are soon found */
    return each * ((double)network->n_nodes + (double)network->n_edges);
}

double core_step_work(const mn_solver *solver, const mn_solver_info *info)
{
    const double n_edges = (double)solver->network->n_edges;
    const bool counts = info->n_updates > 0; /* umfpack knows no more than the entries of the matrix */
    return 5.0 * n_edges + (counts ? (double)info->n_updates : 0.0) + (counts ? 5.0 : 100.0) * (double)info->n_entries;
}
