/* Functions of the module: draws around values. */
#include "draws.h"

#include "convert.h"

int core_distribution(PyObject *value, void *out)
{
    mn_distribution *distribution = out;
    const char *name = NULL;
    int relative = 0;
    if (!PyTuple_Check(value)) {
        PyErr_Format(PyExc_TypeError, "distribution must be (name, size, relative), got %R", value);
        return 0;
    }
    if (!PyArg_ParseTuple(value, "sdp:distribution", &name, &distribution->size, &relative)) {
        return 0;
    }
    const int kind = mn_distribution_find(name);
    if (kind < 0) {
        PyErr_Format(PyExc_ValueError, "distribution must be the name of one, got '%s'", name);
        return 0;
    }
    distribution->kind = (mn_distribution_kind)kind;
    distribution->relative = relative != 0;
    return 1;
}

PyObject *core_draw(PyObject *module, PyObject *args, PyObject *kwargs)
{
    (void)module;
    static const char *const keywords[] = {"distribution", "seed", "stream", "edge", "draw",
                                           "center",       "low",  "high",   NULL};
    mn_distribution distribution;
    mn_counter counter = {.seed = 0};
    PyObject *given[5] = {NULL};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O&O&O&OOOOO:draw", CORE_KEYWORDS(keywords), core_distribution,
                                     &distribution, core_uint64, &counter.seed, core_uint64, &counter.stream, &given[0],
                                     &given[1], &given[2], &given[3], &given[4])) {
        return NULL;
    }
    PyArrayObject *edge = core_array("edge", given[0], NPY_INT32, 1, CORE_ANY, CORE_ANY);
    if (edge == NULL) {
        return NULL;
    }
    const npy_intp n = PyArray_DIM(edge, 0);
    PyArrayObject *draw = core_array("draw", given[1], NPY_INT64, 1, n, CORE_ANY);
    PyArrayObject *center = core_array("center", given[2], NPY_FLOAT64, 1, n, CORE_ANY);
    PyArrayObject *low = core_array("low", given[3], NPY_FLOAT64, 1, n, CORE_ANY);
    PyArrayObject *high = core_array("high", given[4], NPY_FLOAT64, 1, n, CORE_ANY);
    if (draw == NULL || center == NULL || low == NULL || high == NULL) {
        return NULL;
    }
    PyObject *drawn = PyArray_SimpleNew(1, &n, NPY_FLOAT64);
    for (npy_intp k = 0; drawn != NULL && k < n; k++) {
        counter.edge = ((const int32_t *)PyArray_DATA(edge))[k];
        counter.draw = (uint64_t)((const int64_t *)PyArray_DATA(draw))[k];
        ((double *)PyArray_DATA((PyArrayObject *)drawn))[k] =
            mn_draw(&distribution, &counter, ((const double *)PyArray_DATA(center))[k],
                    ((const double *)PyArray_DATA(low))[k], ((const double *)PyArray_DATA(high))[k]);
    }
    return drawn;
}
