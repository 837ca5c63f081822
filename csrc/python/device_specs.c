#include "device_specs.h"

#include "convert.h"
#include "functions.h"

#include <string.h>

void core_device_specs_free(core_device_specs *specs)
{
    for (int64_t k = 0; specs->waves != NULL && k < specs->n; k++) {
        core_waves_free(&specs->waves[k]);
    }
    PyMem_Free(specs->waves);
    PyMem_Free(specs->spec);
    PyMem_Free((void *)(uintptr_t)specs->parameter);
    Py_CLEAR(specs->made);
    Py_CLEAR(specs->owner);
    Py_CLEAR(specs->parameter_owner);
    specs->spec = NULL;
    specs->parameter = NULL;
    specs->waves = NULL;
}

static int64_t count_parameters(const mn_device_model *model)
{
    int64_t n = 0;
    for (int64_t k = 0; k < model->n_fields; k++) {
        n += model->field[k].role == MN_PARAMETER;
    }
    return n;
}

/* The model that a device tuple names, or has; NULL with an exception. */
static const mn_device_model *find_model(const core_state *state, PyObject *given)
{
    if (Py_IS_TYPE(given, state->made_model_type)) {
        return ((const core_made_model *)given)->model;
    }
    const char *name = PyUnicode_AsUTF8(given);
    const mn_device_model *model = name == NULL ? NULL : mn_model_find(name);
    if (model == NULL && name != NULL) {
        mn_error error = mn_error_none();
        error.model = name;
        (void)core_raise(state, MN_ERR_UNKNOWN_MODEL, &error);
    }
    return model;
}

/* The model of a device tuple, its parameter arrays appended to parameter_owner; NULL with an exception. */
static const mn_device_model *device_model(const core_state *state, PyObject *item, PyObject *parameter_owner)
{
    if (!PyTuple_Check(item) || PyTuple_GET_SIZE(item) < 3 || PyTuple_GET_SIZE(item) > 5 ||
        !(PyUnicode_Check(PyTuple_GET_ITEM(item, 0)) ||
          Py_IS_TYPE(PyTuple_GET_ITEM(item, 0), state->made_model_type))) {
        PyErr_SetString(PyExc_TypeError, "a device must be a tuple (model, edges, parameters[, waves[, link]])");
        return NULL;
    }
    const mn_device_model *model = find_model(state, PyTuple_GET_ITEM(item, 0));
    if (model == NULL) {
        return NULL;
    }
    PyObject *parameters = PySequence_Tuple(PyTuple_GET_ITEM(item, 2));
    if (parameters == NULL) {
        return NULL;
    }
    const Py_ssize_t n = PyTuple_GET_SIZE(parameters);
    const int status = PyList_Append(parameter_owner, parameters);
    Py_DECREF(parameters);
    if (status < 0) {
        return NULL;
    }
    if (n != count_parameters(model)) {
        PyErr_Format(PyExc_ValueError, "%s has %lld parameters, got %zd", model->name,
                     (long long)count_parameters(model), n);
        return NULL;
    }
    return model;
}

static int device_spec(mn_device_spec *spec, const mn_device_model *model, PyObject *item, PyObject *parameters,
                       const double **parameter)
{
    PyArrayObject *edge = core_array("edges of a device", PyTuple_GET_ITEM(item, 1), NPY_INT32, 1, CORE_ANY, CORE_ANY);
    if (edge == NULL) {
        return -1;
    }
    spec->model = model->name;
    spec->made = PyUnicode_Check(PyTuple_GET_ITEM(item, 0)) ? NULL : model;
    spec->n = PyArray_DIM(edge, 0);
    spec->edge = PyArray_DATA(edge);
    spec->parameter = parameter;
    for (Py_ssize_t k = 0; k < PyTuple_GET_SIZE(parameters); k++) {
        PyArrayObject *values = core_array("parameters of a device", PyTuple_GET_ITEM(parameters, k), NPY_FLOAT64, 1,
                                           PyArray_DIM(edge, 0), CORE_ANY);
        if (values == NULL) {
            return -1;
        }
        parameter[k] = PyArray_DATA(values);
    }
    return 0;
}

/* What device k carries and is linked to, where its tuple says it. */
static int device_inputs(core_device_specs *specs, Py_ssize_t k)
{
    PyObject *item = PyTuple_GET_ITEM(specs->owner, k);
    if (PyTuple_GET_SIZE(item) < 4) {
        return 0;
    }
    if (PyTuple_GET_SIZE(item) > 4 && core_optional("link of a device", PyTuple_GET_ITEM(item, 4), NPY_INT32,
                                                    (npy_intp)specs->spec[k].n, &specs->spec[k].link, NULL) < 0) {
        return -1;
    }
    if (core_waves_init(&specs->waves[k], PyTuple_GET_ITEM(item, 3)) < 0) {
        return -1;
    }
    specs->spec[k].n_waves = specs->waves[k].n;
    specs->spec[k].wave = specs->waves[k].wave;
    return 0;
}

int core_device_specs_init(core_device_specs *specs, const core_state *state, PyObject *list)
{
    memset(specs, 0, sizeof *specs);
    specs->owner = PySequence_Tuple(list);
    specs->parameter_owner = PyList_New(0);
    specs->made = PyList_New(0);
    if (specs->owner == NULL || specs->parameter_owner == NULL || specs->made == NULL) {
        return -1;
    }
    specs->n = PyTuple_GET_SIZE(specs->owner);
    specs->spec = PyMem_Calloc((size_t)specs->n + 1, sizeof *specs->spec);
    specs->waves = PyMem_Calloc((size_t)specs->n + 1, sizeof *specs->waves);
    if (specs->spec == NULL || specs->waves == NULL) {
        (void)PyErr_NoMemory();
        return -1;
    }
    size_t n_parameters = 0;
    for (Py_ssize_t k = 0; k < specs->n; k++) {
        const mn_device_model *model = device_model(state, PyTuple_GET_ITEM(specs->owner, k), specs->parameter_owner);
        if (model == NULL) {
            return -1;
        }
        n_parameters += (size_t)count_parameters(model);
    }
    specs->parameter = PyMem_Calloc(n_parameters + 1, sizeof *specs->parameter);
    if (specs->parameter == NULL) {
        (void)PyErr_NoMemory();
        return -1;
    }
    const double **parameter = specs->parameter;
    for (Py_ssize_t k = 0; k < specs->n; k++) {
        PyObject *item = PyTuple_GET_ITEM(specs->owner, k);
        PyObject *parameters = PyList_GET_ITEM(specs->parameter_owner, k);
        const mn_device_model *model = find_model(state, PyTuple_GET_ITEM(item, 0));
        if (device_spec(&specs->spec[k], model, item, parameters, parameter) < 0 || device_inputs(specs, k) < 0 ||
            (specs->spec[k].made != NULL && PyList_Append(specs->made, PyTuple_GET_ITEM(item, 0)) < 0)) {
            return -1;
        }
        parameter += PyTuple_GET_SIZE(parameters);
    }
    return 0;
}

/* A function of the module. */
PyObject *core_check_device(PyObject *module, PyObject *device)
{
    const core_state *state = PyModule_GetState(module);
    core_device_specs specs = {.n = 0};
    PyObject *answer = NULL;
    PyObject *list = PyTuple_Pack(1, device);
    if (list != NULL && core_device_specs_init(&specs, state, list) == 0) {
        mn_population population;
        mn_error error = mn_error_none();
        const mn_device_spec *spec = &specs.spec[0];
        const mn_device_model *model = spec->made != NULL ? spec->made : mn_model_find(spec->model);
        const int code =
            mn_population_init(&population, model, spec->n, spec->edge, NULL, spec->parameter, 0, 0, &error);
        if (code == MN_OK) {
            mn_population_free(&population);
        }
        answer = code == MN_OK ? Py_NewRef(Py_None) : core_raise(state, code, &error);
    }
    Py_XDECREF(list);
    core_device_specs_free(&specs);
    return answer;
}
