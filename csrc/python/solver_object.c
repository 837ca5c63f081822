/* _core.Solver: one backend on one network. */
#include "convert.h"
#include "job.h"

#include "base/threads.h"
#include "circuit/limits.h"
#include "circuit/solver.h"

#include <string.h>

typedef struct {
    PyObject_HEAD mn_solver solver;
    mn_threads *threads;   /* NULL for one */
    core_network *network; /* the solver keeps its address */
    bool complex_values;
    mn_cancel cancel; /* the solver keeps its address */
    atomic_bool busy; /* calls may run without the GIL, and an abandoned one goes on */
} core_solver;

/* What each call of the library takes and gives, beside the solver itself. */
typedef struct {
    core_solver *self;
    const char *name; /* of a new solver */
    mn_order order;   /* of a new solver */
    bool is_driven;   /* a new solver need only know electrodes that are driven by voltages */
    int64_t n_threads;
    int64_t n; /* changed edges, or replicas */
    const double *conductance;
    const double *imag;
    const int32_t *changed;
    mn_boundary boundary;
    const double *injected, *injected_imag;
    const double *limit; /* n_electrodes, or NULL */
    int8_t *side;        /* n_electrodes, with limits */
    mn_solution solution;
    double terminal_conductance; /* of one replica */
    double *matrix;
} solver_call;

static int enter(core_solver *self)
{
    if (atomic_exchange(&self->busy, true)) {
        PyErr_SetString(core_state_of(Py_TYPE((PyObject *)self))->simulation_busy,
                        "the solver is being used by another thread; give each thread its own");
        return -1;
    }
    return 0;
}

static void leave(core_solver *self)
{
    atomic_store(&self->busy, false);
}

/* An abandoned call has ended: its solver is free again. */
static void discard_solver(void *arguments)
{
    core_solver *self = ((solver_call *)arguments)->self;
    atomic_store(&self->cancel, false);
    leave(self);
}

/* Nanoseconds, about, of a factor and a solve. */
static double step_work(const core_solver *self)
{
    mn_solver_info info;
    const double n = (double)self->network->network.n_electrodes;
    mn_solver_info_get(&self->solver, &info);
    return core_step_work(&self->solver, &info) + n * n * n;
}

/* Makes a call of a solver that enter() has taken; 0, or -1 with an exception. The solver is then left, or will be.
 * owner: what holds the arrays of the call, such as the arguments that Python gave. */
static int run_call(core_solver *self, int (*run)(void *, mn_cancel *, mn_error *), solver_call *call, double work,
                    PyObject *const owner[CORE_OWNERS - 1])
{
    mn_error error = mn_error_none();
    call->self = self;
    core_job job = {.run = run,
                    .discard = discard_solver,
                    .size = sizeof *call,
                    .owner = {(PyObject *)self},
                    .cancel = &self->cancel,
                    .work = work};
    memcpy(job.owner + 1, owner, (CORE_OWNERS - 1) * sizeof *owner);
    const int code = core_job_run(&job, call, &error);
    if (code == CORE_RAISED) {
        return -1;
    }
    leave(self);
    if (code != MN_OK) {
        (void)core_raise(core_state_of(Py_TYPE((PyObject *)self)), code, &error);
        return -1;
    }
    return 0;
}

static int make_solver(void *arguments, mn_cancel *cancel, mn_error *error)
{
    const solver_call *call = arguments;
    core_solver *self = call->self;
    const mn_network *network = &self->network->network;
    int code = mn_threads_init(&self->threads, call->n_threads, error);
    if (code == MN_OK && call->is_driven && !self->complex_values) {
        code = mn_solver_init_driven(&self->solver, call->name, network, call->order, cancel, error);
    } else if (code == MN_OK) {
        code = mn_solver_init_ordered(&self->solver, call->name, network, self->complex_values, call->order, cancel,
                                      error);
    }
    return code == MN_OK ? mn_solver_use_threads(&self->solver, self->threads, error) : code;
}

static PyObject *solver_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static const char *const keywords[] = {"network", "name", "complex_values", "order", "threads", "driven", NULL};
    const core_state *state = core_state_of(type);
    PyObject *network = NULL;
    PyObject *name = NULL;
    int complex_values = 0, is_driven = 0;
    solver_call call = {.order = MN_ORDER_AUTO, .n_threads = 1};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O!U|pO&O&p:Solver", CORE_KEYWORDS(keywords), state->network_type,
                                     &network, &name, &complex_values, core_order, &call.order, core_int64,
                                     &call.n_threads, &is_driven)) {
        return NULL;
    }
    call.name = PyUnicode_AsUTF8(name);
    call.is_driven = is_driven != 0;
    if (call.name == NULL) {
        return NULL;
    }
    core_solver *self = (core_solver *)type->tp_alloc(type, 0);
    if (self == NULL) {
        return NULL;
    }
    self->network = (core_network *)Py_NewRef(network);
    self->complex_values = complex_values != 0;
    atomic_init(&self->cancel, false);
    atomic_init(&self->busy, true);
    if (run_call(self, make_solver, &call, core_analysis_work(&self->network->network),
                 (PyObject *const[]){name, NULL, NULL}) < 0) {
        Py_CLEAR(self);
    }
    return (PyObject *)self;
}

static void solver_dealloc(PyObject *object)
{
    core_solver *self = (core_solver *)object;
    PyTypeObject *type = Py_TYPE(object);
    mn_solver_free(&self->solver);
    mn_threads_free(self->threads);
    Py_XDECREF(self->network);
    type->tp_free(object);
    Py_DECREF(type);
}

/* Imaginary parts are for complex solvers only. */
static int imaginary(const core_solver *self, const char *name, PyObject *value, npy_intp n, const double **data)
{
    if (value != NULL && value != Py_None && !self->complex_values) {
        PyErr_Format(PyExc_ValueError, "%s needs a solver with complex_values=True", name);
        return -1;
    }
    return core_optional(name, value, NPY_FLOAT64, n, data, NULL);
}

static int run_factor(void *arguments, mn_cancel *cancel, mn_error *error)
{
    const solver_call *call = arguments;
    (void)cancel; /* the solver has it */
    mn_threads_begin(call->self->threads);
    const int code =
        mn_solver_factor(&call->self->solver, call->conductance, call->imag, call->n, call->changed, error);
    mn_threads_end(call->self->threads);
    return code;
}

static PyObject *solver_factor(PyObject *object, PyObject *args, PyObject *kwargs)
{
    static const char *const keywords[] = {"conductance", "imag", "changed", NULL};
    core_solver *self = (core_solver *)object;
    const npy_intp n_edges = (npy_intp)self->network->network.n_edges;
    PyObject *conductance_given = NULL;
    PyObject *imag_given = NULL;
    PyObject *changed_given = NULL;
    solver_call call = {0};
    npy_intp n_changed = 0;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O|OO:factor", CORE_KEYWORDS(keywords), &conductance_given,
                                     &imag_given, &changed_given)) {
        return NULL;
    }
    PyArrayObject *conductance = core_array("conductance", conductance_given, NPY_FLOAT64, 1, n_edges, CORE_ANY);
    if (conductance == NULL || imaginary(self, "imag", imag_given, n_edges, &call.imag) < 0 ||
        core_optional("changed", changed_given, NPY_INT32, CORE_ANY, &call.changed, &n_changed) < 0) {
        return NULL;
    }
    for (npy_intp k = 0; k < n_changed; k++) {
        if (call.changed[k] < 0 || call.changed[k] >= n_edges) {
            PyErr_Format(PyExc_ValueError, "changed must name edges below %zd, got %d", (Py_ssize_t)n_edges,
                         (int)call.changed[k]);
            return NULL;
        }
    }
    if (enter(self) < 0) {
        return NULL;
    }
    call.conductance = PyArray_DATA(conductance);
    call.n = call.changed == NULL ? (int64_t)-1 : (int64_t)n_changed;
    if (run_call(self, run_factor, &call, step_work(self), (PyObject *const[]){args, kwargs, NULL}) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* A new array (n0,), or (n0, n1) unless n1 is CORE_ANY, under `key`; its data, or NULL with an exception. */
static double *result(PyObject *dict, const char *key, int64_t n0, int64_t n1)
{
    const npy_intp shape[2] = {(npy_intp)n0, (npy_intp)n1};
    PyObject *array = PyArray_SimpleNew(n1 == CORE_ANY ? 1 : 2, shape, NPY_FLOAT64);
    if (core_dict_set(dict, key, array) < 0) {
        return NULL;
    }
    return PyArray_DATA((PyArrayObject *)array); /* the dict holds it */
}

/* The arrays of a solution, new in `dict`. */
static int solution_init(const core_solver *self, PyObject *dict, mn_solution *solution)
{
    const int64_t n_nodes = self->network->network.n_nodes;
    const int64_t n_electrodes = self->network->network.n_electrodes;
    if ((solution->potential = result(dict, "potential", n_nodes, CORE_ANY)) == NULL ||
        (solution->voltage = result(dict, "voltage", n_electrodes, CORE_ANY)) == NULL ||
        (solution->current = result(dict, "current", n_electrodes, CORE_ANY)) == NULL) {
        return -1;
    }
    if (self->complex_values &&
        ((solution->potential_imag = result(dict, "potential_imag", n_nodes, CORE_ANY)) == NULL ||
         (solution->voltage_imag = result(dict, "voltage_imag", n_electrodes, CORE_ANY)) == NULL ||
         (solution->current_imag = result(dict, "current_imag", n_electrodes, CORE_ANY)) == NULL)) {
        return -1;
    }
    return 0;
}

/* Where it is told which electrodes are at their limits, new in `dict`. */
static int side_init(PyObject *dict, npy_intp n_electrodes, int8_t **side)
{
    PyObject *array = PyArray_SimpleNew(1, &n_electrodes, NPY_INT8);
    *side = array == NULL ? NULL : PyArray_DATA((PyArrayObject *)array);
    return core_dict_set(dict, "limited", array);
}

static int refuse_roles(npy_intp n, const uint8_t *role)
{
    for (npy_intp k = 0; k < n; k++) {
        if (role[k] > MN_CURRENT) {
            PyErr_Format(PyExc_ValueError, "role must be 0, 1 or 2, got %d", (int)role[k]);
            return -1;
        }
    }
    return 0;
}

/* Solves with limits, and writes which electrodes are at theirs. */
static int solve_limited(solver_call *call, mn_error *error)
{
    const int64_t n = call->self->network->network.n_electrodes;
    mn_limits limits;
    int code = mn_limits_init(&limits, n);
    if (code == MN_OK) {
        memcpy(limits.limit, call->limit, (size_t)n * sizeof *limits.limit);
        code = mn_limits_solve(&limits, &call->self->solver, &call->boundary, call->injected, &call->solution, error);
        memcpy(call->side, limits.side, (size_t)n * sizeof *limits.side);
    }
    mn_limits_free(&limits);
    return mn_error_set(error, code);
}

static int run_solve(void *arguments, mn_cancel *cancel, mn_error *error)
{
    solver_call *call = arguments;
    (void)cancel;
    call->solution.conductance = call->self->complex_values ? NULL : &call->terminal_conductance;
    if (call->limit != NULL) {
        return solve_limited(call, error);
    }
    return mn_solver_solve(&call->self->solver, &call->boundary, call->injected, call->injected_imag, &call->solution,
                           error);
}

static PyObject *solver_solve(PyObject *object, PyObject *args, PyObject *kwargs)
{
    static const char *const keywords[] = {"role", "value", "value_imag", "injected", "injected_imag", "limit", NULL};
    core_solver *self = (core_solver *)object;
    const npy_intp n_nodes = (npy_intp)self->network->network.n_nodes;
    const npy_intp n_electrodes = (npy_intp)self->network->network.n_electrodes;
    PyObject *given[6] = {NULL, NULL, NULL, NULL, NULL, NULL};
    solver_call call = {0};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OO|OOOO:solve", CORE_KEYWORDS(keywords), &given[0], &given[1],
                                     &given[2], &given[3], &given[4], &given[5])) {
        return NULL;
    }
    PyArrayObject *role = core_array("role", given[0], NPY_UINT8, 1, n_electrodes, CORE_ANY);
    PyArrayObject *value = role == NULL ? NULL : core_array("value", given[1], NPY_FLOAT64, 1, n_electrodes, CORE_ANY);
    if (value == NULL || imaginary(self, "value_imag", given[2], n_electrodes, &call.boundary.imag) < 0 ||
        core_optional("injected", given[3], NPY_FLOAT64, n_nodes, &call.injected, NULL) < 0 ||
        imaginary(self, "injected_imag", given[4], n_nodes, &call.injected_imag) < 0 ||
        core_optional("limit", given[5], NPY_FLOAT64, n_electrodes, &call.limit, NULL) < 0) {
        return NULL;
    }
    if (call.limit != NULL && self->complex_values) {
        PyErr_SetString(PyExc_ValueError, "limit needs a solver with complex_values=False");
        return NULL;
    }
    call.boundary.role = PyArray_DATA(role);
    call.boundary.value = PyArray_DATA(value);
    if (refuse_roles(n_electrodes, call.boundary.role) < 0) {
        return NULL;
    }

    PyObject *dict = PyDict_New();
    if (dict == NULL || solution_init(self, dict, &call.solution) < 0 ||
        (call.limit != NULL && side_init(dict, n_electrodes, &call.side) < 0) || enter(self) < 0) {
        Py_CLEAR(dict);
    } else if (run_call(self, run_solve, &call, step_work(self), (PyObject *const[]){args, kwargs, dict}) < 0 ||
               core_dict_set(dict, "conductance",
                             PyFloat_FromDouble(self->complex_values ? Py_NAN : call.terminal_conductance)) < 0) {
        Py_CLEAR(dict);
    }
    return dict;
}

static int run_solve_many(void *arguments, mn_cancel *cancel, mn_error *error)
{
    const solver_call *call = arguments;
    (void)cancel;
    return mn_solver_solve_many(&call->self->solver, call->n, call->conductance, &call->boundary, &call->solution,
                                error);
}

static PyObject *solver_solve_many(PyObject *object, PyObject *args, PyObject *kwargs)
{
    static const char *const keywords[] = {"conductance", "role", "value", NULL};
    core_solver *self = (core_solver *)object;
    const mn_network *network = &self->network->network;
    PyObject *given[3] = {NULL, NULL, NULL};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OOO:solve_many", CORE_KEYWORDS(keywords), &given[0], &given[1],
                                     &given[2])) {
        return NULL;
    }
    if (self->complex_values) {
        PyErr_SetString(PyExc_ValueError, "solve_many needs a solver with complex_values=False");
        return NULL;
    }
    PyArrayObject *conductance =
        core_array("conductance", given[0], NPY_FLOAT64, 2, CORE_ANY, (npy_intp)network->n_edges);
    if (conductance == NULL) {
        return NULL;
    }
    const npy_intp n = PyArray_DIM(conductance, 0);
    const npy_intp n_electrodes = (npy_intp)network->n_electrodes;
    PyArrayObject *role = core_array("role", given[1], NPY_UINT8, 1, n_electrodes, CORE_ANY);
    PyArrayObject *value = role == NULL ? NULL : core_array("value", given[2], NPY_FLOAT64, 2, n, n_electrodes);
    if (value == NULL || refuse_roles(n_electrodes, PyArray_DATA(role)) < 0) {
        return NULL;
    }

    PyObject *dict = PyDict_New();
    solver_call call = {.n = n,
                        .conductance = PyArray_DATA(conductance),
                        .boundary = {.role = PyArray_DATA(role), .value = PyArray_DATA(value)}};
    mn_solution *solution = &call.solution;
    if (dict == NULL || (solution->potential = result(dict, "potential", n, network->n_nodes)) == NULL ||
        (solution->voltage = result(dict, "voltage", n, n_electrodes)) == NULL ||
        (solution->current = result(dict, "current", n, n_electrodes)) == NULL ||
        (solution->conductance = result(dict, "conductance", n, CORE_ANY)) == NULL || enter(self) < 0) {
        Py_CLEAR(dict);
    } else if (run_call(self, run_solve_many, &call, (double)n * step_work(self),
                        (PyObject *const[]){args, kwargs, dict}) < 0) {
        Py_CLEAR(dict);
    }
    return dict;
}

static int run_terminal(void *arguments, mn_cancel *cancel, mn_error *error)
{
    const solver_call *call = arguments;
    (void)cancel;
    return mn_solver_terminal(&call->self->solver, call->matrix, error);
}

static PyObject *solver_terminal(PyObject *object, PyObject *ignored)
{
    (void)ignored;
    core_solver *self = (core_solver *)object;
    const npy_intp n = (npy_intp)self->network->network.n_electrodes;
    const npy_intp shape[2] = {n, n};
    PyObject *matrix = PyArray_SimpleNew(2, shape, NPY_FLOAT64);
    if (matrix == NULL) {
        return NULL;
    }
    if (enter(self) < 0) {
        Py_DECREF(matrix);
        return NULL;
    }
    solver_call call = {.matrix = PyArray_DATA((PyArrayObject *)matrix)};
    if (run_call(self, run_terminal, &call, (double)n * step_work(self), (PyObject *const[]){matrix, NULL, NULL}) < 0) {
        Py_CLEAR(matrix);
    }
    return matrix;
}

static PyObject *solver_info(PyObject *object, PyObject *ignored)
{
    (void)ignored;
    core_solver *self = (core_solver *)object;
    if (enter(self) < 0) {
        return NULL;
    }
    mn_solver_info info;
    mn_solver_info_get(&self->solver, &info);
    leave(self);
    return core_solver_info(&info);
}

static PyMethodDef solver_methods[] = {
    {"factor", CORE_METHOD(solver_factor), METH_VARARGS | METH_KEYWORDS,
     "factor($self, /, conductance, imag=None, changed=None)\n--\n\n"
     "Takes new conductances (S); `changed` lists the edges that differ from the last call."},
    {"solve", CORE_METHOD(solver_solve), METH_VARARGS | METH_KEYWORDS,
     "solve($self, /, role, value, value_imag=None, injected=None, injected_imag=None, limit=None)\n--\n\n"
     "Potential (n_nodes), voltage and current (n_electrodes), conductance, in a dict; with limits of the currents of "
     "electrodes at voltages (A, inf for none) also limited, 1 or -1 where one is at its limit."},
    {"solve_many", CORE_METHOD(solver_solve_many), METH_VARARGS | METH_KEYWORDS,
     "solve_many($self, /, conductance, role, value)\n--\n\n"
     "factor and solve for each row of conductance (n, n_edges) and value (n, n_electrodes): potential (n, n_nodes), "
     "voltage and current (n, n_electrodes), conductance (n,), in a dict. No factor is left behind."},
    {"terminal", solver_terminal, METH_NOARGS,
     "terminal($self, /)\n--\n\nTerminal conductance matrix (S), (n_electrodes, n_electrodes)."},
    {"info", solver_info, METH_NOARGS, "info($self, /)\n--\n\nn_free, n_entries, n_updates, bytes, n_columns, rcond."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot solver_slots[] = {
    {Py_tp_doc, CORE_TEXT("Solver(network, name, complex_values=False, order=\"auto\", threads=1)\n--\n\n"
                          "A solver backend, \"kron\" or \"umfpack\", on one network.")},
    {Py_tp_new, CORE_SLOT(solver_new)},
    {Py_tp_dealloc, CORE_SLOT(solver_dealloc)},
    {Py_tp_methods, solver_methods},
    {0, NULL},
};

PyType_Spec core_solver_spec = {
    .name = "memnet._core.Solver",
    .basicsize = sizeof(core_solver),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = solver_slots,
};
