/* _core.Discs: discs thrown at random, their groups and the gaps between them. */
#include "convert.h"
#include "job.h"

#include <stddef.h>
#include <structmember.h>

typedef struct {
    PyObject_HEAD mn_discs discs; /* never changes after __new__ */
} core_discs;

typedef struct {
    mn_discs *discs;
    mn_discs_options options;
} discs_call;

static int make_discs(void *arguments, mn_cancel *cancel, mn_error *error)
{
    discs_call *call = arguments;
    call->options.cancel = cancel;
    return mn_discs_init(call->discs, &call->options, error);
}

/* Each disc is compared with those within the longest gap; two lie on each pd^2 at most. */
static double discs_work(const mn_discs_options *options)
{
    const double reach = 4.0 + options->max_gap;
    const double n = 1.5 * options->width * options->height;
    const double near = 2.0 * reach * reach;
    return n * (200.0 + 3.0 * (near < n ? near : n));
}

static PyObject *discs_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static const char *const keywords[] = {"width",      "height",     "coverage", "max_gap",
                                           "periodic_x", "periodic_y", "seed",     NULL};
    discs_call call = {0};
    mn_discs_options *options = &call.options;
    int periodic_x = 0;
    int periodic_y = 0;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "ddddppO&:Discs", CORE_KEYWORDS(keywords), &options->width,
                                     &options->height, &options->coverage, &options->max_gap, &periodic_x, &periodic_y,
                                     core_uint64, &options->seed)) {
        return NULL;
    }
    options->periodic_x = periodic_x != 0;
    options->periodic_y = periodic_y != 0;
    core_discs *self = (core_discs *)type->tp_alloc(type, 0);
    if (self == NULL) {
        return NULL;
    }
    call.discs = &self->discs;
    const core_job job = {
        .run = make_discs, .size = sizeof call, .owner = {(PyObject *)self}, .work = discs_work(options)};
    return core_job_fill(&job, &call);
}

static void discs_dealloc(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    mn_discs_free(&((core_discs *)object)->discs);
    type->tp_free(object);
    Py_DECREF(type);
}

/* Points (x, y) in rows. */
static PyObject *pairs(int64_t n, const double *x, const double *y)
{
    const npy_intp shape[2] = {(npy_intp)n, 2};
    PyObject *array = PyArray_SimpleNew(2, shape, NPY_FLOAT64);
    if (array == NULL) {
        return NULL;
    }
    double *xy = PyArray_DATA((PyArrayObject *)array);
    for (int64_t k = 0; k < n; k++) {
        xy[2 * k] = x[k];
        xy[2 * k + 1] = y[k];
    }
    PyArray_CLEARFLAGS((PyArrayObject *)array, NPY_ARRAY_WRITEABLE);
    return array;
}

static PyObject *get_position(PyObject *object, void *closure)
{
    (void)closure;
    const mn_discs *discs = &((const core_discs *)object)->discs;
    return pairs(discs->n_discs, discs->x, discs->y);
}

static PyObject *get_group_position(PyObject *object, void *closure)
{
    (void)closure;
    const mn_discs *discs = &((const core_discs *)object)->discs;
    return pairs(discs->n_groups, discs->group_x, discs->group_y);
}

static PyMemberDef discs_members[] = {
    {"n_discs", T_LONGLONG, offsetof(core_discs, discs.n_discs), READONLY, "Number of discs."},
    {"n_groups", T_LONGLONG, offsetof(core_discs, discs.n_groups), READONLY, "Number of groups of overlapping discs."},
    {"n_gaps", T_LONGLONG, offsetof(core_discs, discs.n_gaps), READONLY, "Number of gaps between groups."},
    {NULL, 0, 0, 0, NULL},
};

static PyGetSetDef discs_getset[] = {
    {"position", get_position, NULL, "Centres of the discs (pd), (n_discs, 2), a read-only copy.", NULL},
    {"group", core_get_part, NULL, "Group of each disc, (n_discs,), read-only.",
     CORE_PART(core_discs, NPY_INT32, discs.n_discs, CORE_ANY, discs.group)},
    {"group_position", get_group_position, NULL, "Mean centre of each group (pd), (n_groups, 2), a read-only copy.",
     NULL},
    {"gap", core_get_part, NULL, "Groups a < b of each gap, (n_gaps, 2), read-only.",
     CORE_PART(core_discs, NPY_INT32, discs.n_gaps, 2, discs.gap)},
    {"gap_disc", core_get_part, NULL, "The two nearest discs of each gap, (n_gaps, 2), read-only.",
     CORE_PART(core_discs, NPY_INT32, discs.n_gaps, 2, discs.gap_disc)},
    {"gap_length", core_get_part, NULL, "Length of each gap (pd), (n_gaps,), read-only.",
     CORE_PART(core_discs, NPY_FLOAT64, discs.n_gaps, CORE_ANY, discs.gap_length)},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot discs_slots[] = {
    {Py_tp_doc, CORE_TEXT("Discs(width, height, coverage, max_gap, periodic_x, periodic_y, seed)\n--\n\n"
                          "Discs of diameter 1 thrown at random, their groups, and the gaps between groups.")},
    {Py_tp_new, CORE_SLOT(discs_new)},
    {Py_tp_dealloc, CORE_SLOT(discs_dealloc)},
    {Py_tp_members, discs_members},
    {Py_tp_getset, discs_getset},
    {0, NULL},
};

PyType_Spec core_discs_spec = {
    .name = "memnet._core.Discs",
    .basicsize = sizeof(core_discs),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = discs_slots,
};
