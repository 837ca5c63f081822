/* Functions of the module: edges of lattices and random graphs. */
#include "functions.h"

#include "convert.h"
#include "job.h"

static void free_edges(PyObject *capsule)
{
    mn_dealloc(PyCapsule_GetPointer(capsule, NULL));
}

/* The edges as an array, (n_edges, 2), which takes over the lattice's memory: there may be gigabytes of it. */
static PyObject *lattice_edges(mn_lattice *lattice)
{
    PyObject *owner = PyCapsule_New(lattice->edge, NULL, free_edges);
    if (owner == NULL) {
        mn_lattice_free(lattice);
        return NULL;
    }
    PyObject *edges = core_view(owner, NPY_INT32, lattice->n_edges, 2, lattice->edge);
    Py_DECREF(owner);
    return edges;
}

typedef struct {
    int64_t n[2]; /* rows and columns, or the number of nodes */
    int diagonals;
    double degree;
    uint64_t seed;
    mn_lattice lattice;
} lattice_call;

static int make_grid(void *arguments, mn_cancel *cancel, mn_error *error)
{
    lattice_call *call = arguments;
    return mn_grid_init(&call->lattice, call->n[0], call->n[1], (mn_diagonals)call->diagonals, call->seed, cancel,
                        error);
}

static int make_random_network(void *arguments, mn_cancel *cancel, mn_error *error)
{
    lattice_call *call = arguments;
    return mn_random_network_init(&call->lattice, call->n[0], call->degree, call->seed, cancel, error);
}

static void discard_lattice(void *arguments)
{
    mn_lattice_free(&((lattice_call *)arguments)->lattice);
}

static PyObject *run_lattice(PyObject *module, const core_job *job, lattice_call *call)
{
    mn_error error = mn_error_none();
    const int code = core_job_run(job, call, &error);
    if (code != MN_OK) {
        return core_job_raise((const core_state *)PyModule_GetState(module), code, &error);
    }
    return lattice_edges(&call->lattice);
}

PyObject *core_grid(PyObject *module, PyObject *args, PyObject *kwargs)
{
    static const char *const keywords[] = {"rows", "columns", "diagonals", "seed", NULL};
    lattice_call call = {0};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O&O&iO&:grid", CORE_KEYWORDS(keywords), core_int64, &call.n[0],
                                     core_int64, &call.n[1], &call.diagonals, core_uint64, &call.seed)) {
        return NULL;
    }
    const core_job job = {.run = make_grid,
                          .discard = discard_lattice,
                          .size = sizeof call,
                          .work = 20.0 * (double)call.n[0] * (double)call.n[1]};
    return run_lattice(module, &job, &call);
}

PyObject *core_random_network(PyObject *module, PyObject *args, PyObject *kwargs)
{
    static const char *const keywords[] = {"n_nodes", "degree", "seed", NULL};
    lattice_call call = {0};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O&dO&:random_network", CORE_KEYWORDS(keywords), core_int64,
                                     &call.n[0], &call.degree, core_uint64, &call.seed)) {
        return NULL;
    }
    const core_job job = {.run = make_random_network,
                          .discard = discard_lattice,
                          .size = sizeof call,
                          .work = (10.0 + 50.0 * call.degree) * (double)call.n[0]};
    return run_lattice(module, &job, &call);
}
