/* _core.Simulation: parameters that are drawn again. */
#include "convert.h"
#include "devices/device.h"
#include "draws.h"
#include "simulate/cycles.h"
#include "simulation_object.h"

/* One cycle from its keywords; 0 or -1. */
static int read_cycle(const core_simulation *self, PyObject *keywords, mn_cycle_spec *spec)
{
    static const char *const names[] = {"population",   "field", "kind",   "state",  "level", "above",
                                        "distribution", "seed",  "stream", "center", NULL};
    PyObject *center = NULL;
    PyArrayObject *values = NULL;
    int kind = 0, above = 0;
    PyObject *nothing = PyTuple_New(0);
    int status = -1;
    if (nothing == NULL || !PyDict_Check(keywords)) {
        PyErr_SetString(PyExc_TypeError, "a cycle must be a dict");
        goto out;
    }
    *spec = (mn_cycle_spec){.state = -1};
    if (!PyArg_ParseTupleAndKeywords(nothing, keywords, "O&O&iO&dpO&O&O&O:cycle", CORE_KEYWORDS(names), core_int64,
                                     &spec->population, core_int64, &spec->field, &kind, core_int64, &spec->state,
                                     &spec->level, &above, core_distribution, &spec->distribution, core_uint64,
                                     &spec->seed, core_uint64, &spec->stream, &center)) {
        goto out;
    }
    if (kind < INT8_MIN || kind > INT8_MAX) {
        PyErr_Format(PyExc_ValueError, "kind must be in [-128, 127], got %d", kind);
        goto out;
    }
    spec->kind = (int8_t)kind;
    spec->above = above != 0;
    if (spec->population < 0 || spec->population >= self->simulation.n_populations) {
        PyErr_Format(PyExc_ValueError, "population must be below %lld, got %lld",
                     (long long)self->simulation.n_populations, (long long)spec->population);
        goto out;
    }
    values = core_array("center", center, NPY_FLOAT64, 1, (npy_intp)self->simulation.population[spec->population].n,
                        CORE_ANY);
    if (values != NULL) {
        spec->center = PyArray_DATA(values);
        status = 0;
    }
out:
    Py_XDECREF(nothing);
    return status;
}

PyObject *core_simulation_cycle(PyObject *object, PyObject *given)
{
    core_simulation *self = (core_simulation *)object;
    PyObject *answer = NULL;
    if (!PyTuple_Check(given)) {
        PyErr_SetString(PyExc_TypeError, "cycles must be a tuple of dicts");
        return NULL;
    }
    const Py_ssize_t n = PyTuple_GET_SIZE(given);
    mn_cycle_spec *spec = PyMem_Calloc((size_t)n + 1, sizeof *spec);
    if (spec == NULL) {
        (void)PyErr_NoMemory();
        return NULL;
    }
    for (Py_ssize_t c = 0; c < n; c++) {
        if (read_cycle(self, PyTuple_GET_ITEM(given, c), &spec[c]) < 0) {
            goto out;
        }
    }
    if (core_simulation_enter(self) < 0) {
        goto out;
    }
    mn_error error = mn_error_none();
    const int code = mn_simulation_cycle(&self->simulation, n, spec, &error);
    core_simulation_publish(self);
    answer = code == MN_OK ? Py_NewRef(Py_None) : core_simulation_raise(self, code, &error);
out:
    PyMem_Free(spec);
    return answer;
}
