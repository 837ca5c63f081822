/* _core.Network: an immutable mn_network. */
#include "convert.h"
#include "job.h"

#include <stddef.h>
#include <structmember.h>

typedef struct {
    mn_network *network;
    int64_t n_nodes, n_edges, n_electrodes;
    const int32_t *edges;
    const double *length;
    const int32_t *electrode;
    const double *position; /* or NULL */
} network_call;

static int make_network(void *arguments, mn_cancel *cancel, mn_error *error)
{
    const network_call *call = arguments;
    (void)cancel; /* one pass over the edges: soon over */
    int code = mn_network_init(call->network, call->n_nodes, call->n_edges, call->edges, call->length,
                               call->n_electrodes, call->electrode, error);
    if (code == MN_OK && call->position != NULL) {
        code = mn_network_place(call->network, call->position, error);
    }
    return code == MN_OK ? mn_error_set(error, mn_network_keep(call->network)) : code;
}

static PyObject *network_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static const char *const keywords[] = {"n_nodes", "edges", "length", "n_electrodes", "electrode", "position", NULL};
    PyObject *edges_given = NULL;
    PyObject *length_given = NULL;
    PyObject *electrode_given = NULL;
    PyObject *position_given = Py_None;
    network_call call = {0};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O&OOO&O|O:Network", CORE_KEYWORDS(keywords), core_int64,
                                     &call.n_nodes, &edges_given, &length_given, core_int64, &call.n_electrodes,
                                     &electrode_given, &position_given)) {
        return NULL;
    }
    PyArrayObject *edges = core_array("edges", edges_given, NPY_INT32, 2, CORE_ANY, 2);
    if (edges == NULL ||
        core_optional("length", length_given, NPY_FLOAT64, PyArray_DIM(edges, 0), &call.length, NULL) < 0 ||
        core_optional("electrode", electrode_given, NPY_INT32, (npy_intp)call.n_nodes, &call.electrode, NULL) < 0) {
        return NULL;
    }
    if (position_given != Py_None) {
        PyArrayObject *position = core_array("position", position_given, NPY_FLOAT64, 2, (npy_intp)call.n_nodes, 2);
        if (position == NULL) {
            return NULL;
        }
        call.position = PyArray_DATA(position);
    }
    core_network *self = (core_network *)type->tp_alloc(type, 0);
    if (self == NULL) {
        return NULL;
    }
    call.network = &self->network;
    call.n_edges = PyArray_DIM(edges, 0);
    call.edges = PyArray_DATA(edges);
    const core_job job = {.run = make_network,
                          .size = sizeof call,
                          .owner = {(PyObject *)self, args, kwargs},
                          .work = 20.0 * ((double)call.n_nodes + (double)call.n_edges)};
    return core_job_fill(&job, &call);
}

static void network_dealloc(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    mn_network_free(&((core_network *)object)->network);
    type->tp_free(object);
    Py_DECREF(type);
}

typedef struct {
    const mn_network *network;
    double beta;
    int start, end;
    int64_t n_path;
} path_call;

static int find_path(void *arguments, mn_cancel *cancel, mn_error *error)
{
    path_call *call = arguments;
    (void)cancel;
    (void)error;
    return mn_network_path(call->network, call->beta, call->start, call->end, &call->n_path);
}

static PyObject *network_path(PyObject *object, PyObject *args, PyObject *kwargs)
{
    static const char *const keywords[] = {"beta", "start", "end", NULL};
    const core_network *self = (const core_network *)object;
    const int64_t n_electrodes = self->network.n_electrodes;
    path_call call = {.network = &self->network, .n_path = -1};
    mn_error error = mn_error_none();
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "dii:path", CORE_KEYWORDS(keywords), &call.beta, &call.start,
                                     &call.end)) {
        return NULL;
    }
    if (call.start < 0 || call.start >= n_electrodes || call.end < 0 || call.end >= n_electrodes) {
        PyErr_Format(PyExc_ValueError, "start and end must be electrodes below %lld, got %d and %d",
                     (long long)n_electrodes, call.start, call.end);
        return NULL;
    }
    const core_job job = {.run = find_path,
                          .size = sizeof call,
                          .owner = {object},
                          .work = 100.0 * ((double)self->network.n_nodes + (double)self->network.n_edges)};
    const int code = core_job_run(&job, &call, &error);
    if (code != MN_OK) {
        return core_job_raise(core_state_of(Py_TYPE(object)), code, &error);
    }
    return PyLong_FromLongLong(call.n_path);
}

static PyMemberDef network_members[] = {
    {"n_nodes", T_LONGLONG, offsetof(core_network, network.n_nodes), READONLY, "Number of nodes."},
    {"n_edges", T_LONGLONG, offsetof(core_network, network.n_edges), READONLY, "Number of edges."},
    {"n_electrodes", T_LONGLONG, offsetof(core_network, network.n_electrodes), READONLY, "Number of electrodes."},
    {"n_components", T_LONGLONG, offsetof(core_network, network.n_components), READONLY,
     "Number of connected components, electrodes joined."},
    {"n_islands", T_LONGLONG, offsetof(core_network, network.n_islands), READONLY,
     "Number of components without an electrode."},
    {"n_island_nodes", T_LONGLONG, offsetof(core_network, network.n_island_nodes), READONLY,
     "Number of nodes in islands."},
    {NULL, 0, 0, 0, NULL},
};

static PyGetSetDef network_getset[] = {
    {"component", core_get_part, NULL, "Component of each node, (n_nodes,), read-only.",
     CORE_PART(core_network, NPY_INT32, network.n_nodes, CORE_ANY, network.component)},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMethodDef network_methods[] = {
    {"path", CORE_METHOD(network_path), METH_VARARGS | METH_KEYWORDS,
     "path($self, /, beta, start, end)\n--\n\n"
     "Number of edges on the path of least resistance exp(beta length) between two electrodes, -1 for none."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot network_slots[] = {
    {Py_tp_doc, CORE_TEXT("Network(n_nodes, edges, length, n_electrodes, electrode, position=None)\n--\n\n"
                          "A graph with electrodes; never changes.")},
    {Py_tp_new, CORE_SLOT(network_new)},
    {Py_tp_dealloc, CORE_SLOT(network_dealloc)},
    {Py_tp_members, network_members},
    {Py_tp_getset, network_getset},
    {Py_tp_methods, network_methods},
    {0, NULL},
};

PyType_Spec core_network_spec = {
    .name = "memnet._core.Network",
    .basicsize = sizeof(core_network),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = network_slots,
};
