/* A function of the module: models in series as one model. */
#include "functions.h"

#include "convert.h"
#include "devices/series.h"

enum { MOST_PARTS = 64 };

/* The context of the capsule is the tuple of the parts, which keeps those that were made at run time. */
static void free_model(PyObject *capsule)
{
    PyObject *parts = PyCapsule_GetContext(capsule);
    mn_series_free(PyCapsule_GetPointer(capsule, NULL));
    Py_XDECREF(parts);
}

/* The models of a tuple: names of the list, and MadeModels; -1 with an exception. */
static int find_parts(const core_state *state, PyObject *parts, const mn_device_model **part)
{
    for (Py_ssize_t p = 0; p < PyTuple_GET_SIZE(parts); p++) {
        PyObject *item = PyTuple_GET_ITEM(parts, p);
        if (Py_IS_TYPE(item, state->made_model_type)) {
            part[p] = ((const core_made_model *)item)->model;
            continue;
        }
        const char *name = PyUnicode_Check(item) ? PyUnicode_AsUTF8(item) : NULL;
        part[p] = name == NULL ? NULL : mn_model_find(name);
        if (part[p] == NULL) {
            mn_error error = mn_error_none();
            error.model = name;
            (void)(PyErr_Occurred() != NULL ? NULL : core_raise(state, MN_ERR_UNKNOWN_MODEL, &error));
            return -1;
        }
    }
    return 0;
}

PyObject *core_series(PyObject *module, PyObject *parts)
{
    const core_state *state = PyModule_GetState(module);
    const mn_device_model *part[MOST_PARTS] = {NULL};
    mn_device_model *made = NULL;
    mn_error error = mn_error_none();
    if (!PyTuple_Check(parts) || PyTuple_GET_SIZE(parts) > MOST_PARTS) {
        return PyErr_Format(PyExc_ValueError, "the parts of a series must be a tuple of at most %d models", MOST_PARTS);
    }
    if (find_parts(state, parts, part) < 0) {
        return NULL;
    }
    const int code = mn_series_make(&made, PyTuple_GET_SIZE(parts), part, &error);
    if (code != MN_OK) {
        return core_raise(state, code, &error);
    }
    PyObject *owner = PyCapsule_New(made, NULL, free_model);
    if (owner == NULL) {
        mn_series_free(made);
        return NULL;
    }
    if (PyCapsule_SetContext(owner, Py_NewRef(parts)) < 0) {
        Py_DECREF(parts);
        Py_DECREF(owner);
        return NULL;
    }
    PyObject *model = core_made_model_new(state, made, owner);
    Py_DECREF(owner);
    return model;
}
