/* _core.Wires: straight wires, thrown at random or given, their junctions, and the pads that they touch. */
#include "convert.h"
#include "job.h"

#include <stddef.h>
#include <structmember.h>

typedef struct {
    PyObject_HEAD mn_wires wires; /* never changes after it was made */
} core_wires;

typedef struct {
    mn_wires *wires;
    mn_wires_options options;
    const double *end; /* given, or NULL: thrown by the options */
} wires_call;

static int make_wires(void *arguments, mn_cancel *cancel, mn_error *error)
{
    wires_call *call = arguments;
    mn_wires_options *options = &call->options;
    if (call->end != NULL) {
        return mn_wires_place(call->wires, options->n_wires, call->end, options->max_bytes, cancel, error);
    }
    options->cancel = cancel;
    return mn_wires_init(call->wires, options, error);
}

/* A new object; `given` is the array of the ends, or NULL. */
static PyObject *run_wires(PyTypeObject *type, wires_call *call, PyArrayObject *given)
{
    core_wires *self = (core_wires *)type->tp_alloc(type, 0);
    if (self == NULL) {
        return NULL;
    }
    call->wires = &self->wires;
    const core_job job = {.run = make_wires,
                          .size = sizeof *call,
                          .owner = {(PyObject *)self, (PyObject *)given},
                          .work = 1000.0 * (double)call->options.n_wires};
    return core_job_fill(&job, call);
}

static PyObject *wires_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static const char *const keywords[] = {"width",     "height", "n_wires", "length",    "length_sd",
                                           "direction", "spread", "seed",    "max_bytes", NULL};
    wires_call call = {0};
    mn_wires_options *options = &call.options;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "ddO&ddddO&O&:Wires", CORE_KEYWORDS(keywords), &options->width,
                                     &options->height, core_int64, &options->n_wires, &options->length,
                                     &options->length_sd, &options->direction, &options->spread, core_uint64,
                                     &options->seed, core_int64, &options->max_bytes)) {
        return NULL;
    }
    return run_wires(type, &call, NULL);
}

static PyObject *wires_place(PyObject *given_type, PyObject *args, PyObject *kwargs)
{
    static const char *const keywords[] = {"end", "max_bytes", NULL};
    PyObject *given = NULL;
    wires_call call = {0};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OO&:place", CORE_KEYWORDS(keywords), &given, core_int64,
                                     &call.options.max_bytes)) {
        return NULL;
    }
    PyArrayObject *end = core_array("end", given, NPY_FLOAT64, 2, CORE_ANY, 4);
    if (end == NULL) {
        return NULL;
    }
    call.options.n_wires = PyArray_DIM(end, 0);
    call.end = PyArray_DATA(end);
    return run_wires((PyTypeObject *)given_type, &call, end);
}

static void wires_dealloc(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    mn_wires_free(&((core_wires *)object)->wires);
    type->tp_free(object);
    Py_DECREF(type);
}

/* The parts of the wires inside a pad, (n_wires, 2). */
static PyObject *new_parts(const mn_wires *wires)
{
    const npy_intp shape[2] = {(npy_intp)wires->n_wires, 2};
    return PyArray_SimpleNew(2, shape, NPY_FLOAT64);
}

static PyObject *wires_rectangle(PyObject *object, PyObject *args, PyObject *kwargs)
{
    static const char *const keywords[] = {"x_low", "x_high", "y_low", "y_high", NULL};
    const mn_wires *wires = &((const core_wires *)object)->wires;
    double x_low = 0.0;
    double x_high = 0.0;
    double y_low = 0.0;
    double y_high = 0.0;
    int64_t n_touching = 0;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "dddd:rectangle", CORE_KEYWORDS(keywords), &x_low, &x_high, &y_low,
                                     &y_high)) {
        return NULL;
    }
    PyObject *inside = new_parts(wires);
    if (inside == NULL) {
        return NULL;
    }
    const int code =
        mn_wires_rectangle(wires, x_low, x_high, y_low, y_high, PyArray_DATA((PyArrayObject *)inside), &n_touching);
    if (code != MN_OK) {
        Py_DECREF(inside);
        return core_raise(core_state_of(Py_TYPE(object)), code, NULL);
    }
    return inside;
}

static PyObject *wires_disc(PyObject *object, PyObject *args, PyObject *kwargs)
{
    static const char *const keywords[] = {"x", "y", "radius", NULL};
    const mn_wires *wires = &((const core_wires *)object)->wires;
    double x = 0.0;
    double y = 0.0;
    double radius = 0.0;
    int64_t n_touching = 0;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "ddd:disc", CORE_KEYWORDS(keywords), &x, &y, &radius)) {
        return NULL;
    }
    PyObject *inside = new_parts(wires);
    if (inside == NULL) {
        return NULL;
    }
    const int code = mn_wires_disc(wires, x, y, radius, PyArray_DATA((PyArrayObject *)inside), &n_touching);
    if (code != MN_OK) {
        Py_DECREF(inside);
        return core_raise(core_state_of(Py_TYPE(object)), code, NULL);
    }
    return inside;
}

static PyMemberDef wires_members[] = {
    {"grid", T_DOUBLE, offsetof(core_wires, wires.grid), READONLY,
     "The power of two that coordinates are multiples of."},
    {"n_wires", T_LONGLONG, offsetof(core_wires, wires.n_wires), READONLY, "Number of wires."},
    {"n_junctions", T_LONGLONG, offsetof(core_wires, wires.n_junctions), READONLY, "Number of junctions."},
    {NULL, 0, 0, 0, NULL},
};

static PyGetSetDef wires_getset[] = {
    {"end", core_get_part, NULL, "Both ends of each wire, (n_wires, 4): x, y, x, y; read-only.",
     CORE_PART(core_wires, NPY_FLOAT64, wires.n_wires, 4, wires.end)},
    {"length", core_get_part, NULL, "Length of each wire, (n_wires,), read-only.",
     CORE_PART(core_wires, NPY_FLOAT64, wires.n_wires, CORE_ANY, wires.length)},
    {"junction", core_get_part, NULL, "Wires a < b of each junction, (n_junctions, 2), read-only.",
     CORE_PART(core_wires, NPY_INT32, wires.n_junctions, 2, wires.junction)},
    {"along", core_get_part, NULL, "Place on both wires as fractions, (n_junctions, 2), read-only.",
     CORE_PART(core_wires, NPY_FLOAT64, wires.n_junctions, 2, wires.along)},
    {"point", core_get_part, NULL, "Place of each junction, (n_junctions, 2), read-only.",
     CORE_PART(core_wires, NPY_FLOAT64, wires.n_junctions, 2, wires.point)},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMethodDef wires_methods[] = {
    {"place", CORE_METHOD(wires_place), METH_VARARGS | METH_KEYWORDS | METH_CLASS,
     "place($type, /, end, max_bytes)\n--\n\nWires with these ends, (n_wires, 4)."},
    {"rectangle", CORE_METHOD(wires_rectangle), METH_VARARGS | METH_KEYWORDS,
     "rectangle($self, /, x_low, x_high, y_low, y_high)\n--\n\n"
     "The part of each wire in the rectangle as fractions, (n_wires, 2); nan where there is none."},
    {"disc", CORE_METHOD(wires_disc), METH_VARARGS | METH_KEYWORDS,
     "disc($self, /, x, y, radius)\n--\n\nThe same for a disc."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot wires_slots[] = {
    {Py_tp_doc, CORE_TEXT("Wires(width, height, n_wires, length, length_sd, direction, spread, seed, max_bytes)\n--\n\n"
                          "Straight wires thrown at random, and the junctions where two of them meet.")},
    {Py_tp_new, CORE_SLOT(wires_new)},
    {Py_tp_dealloc, CORE_SLOT(wires_dealloc)},
    {Py_tp_members, wires_members},
    {Py_tp_getset, wires_getset},
    {Py_tp_methods, wires_methods},
    {0, NULL},
};

PyType_Spec core_wires_spec = {
    .name = "memnet._core.Wires",
    .basicsize = sizeof(core_wires),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = wires_slots,
};
