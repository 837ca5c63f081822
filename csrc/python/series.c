/* A function of the module: models in series as one model. */
#include "functions.h"

#include "convert.h"
#include "devices/series.h"

enum { MOST_PARTS = 64 };

static void free_model(PyObject *capsule)
{
    mn_series_free(PyCapsule_GetPointer(capsule, NULL));
}

/* The models of the list that a tuple names; -1 with an exception. */
static int find_parts(const core_state *state, PyObject *names, const mn_device_model **part)
{
    for (Py_ssize_t p = 0; p < PyTuple_GET_SIZE(names); p++) {
        PyObject *item = PyTuple_GET_ITEM(names, p);
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

PyObject *core_series(PyObject *module, PyObject *names)
{
    const core_state *state = PyModule_GetState(module);
    const mn_device_model *part[MOST_PARTS] = {NULL};
    mn_device_model *made = NULL;
    mn_error error = mn_error_none();
    if (!PyTuple_Check(names) || PyTuple_GET_SIZE(names) > MOST_PARTS) {
        return PyErr_Format(PyExc_ValueError, "the parts of a series must be a tuple of at most %d names", MOST_PARTS);
    }
    if (find_parts(state, names, part) < 0) {
        return NULL;
    }
    const int code = mn_series_make(&made, PyTuple_GET_SIZE(names), part, &error);
    if (code != MN_OK) {
        return core_raise(state, code, &error);
    }
    PyObject *owner = PyCapsule_New(made, NULL, free_model);
    if (owner == NULL) {
        mn_series_free(made);
        return NULL;
    }
    PyObject *model = core_made_model_new(state, made, owner);
    Py_DECREF(owner);
    return model;
}
