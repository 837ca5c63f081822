/* _core.Solver: one backend on one network. */
#include "convert.h"

#include <stdatomic.h>

typedef struct {
    PyObject_HEAD mn_solver solver;
    core_network *network; /* the solver keeps its address */
    bool complex_values;
    atomic_bool busy; /* solve_many() runs without the GIL */
} core_solver;

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

static PyObject *solver_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static const char *const keywords[] = {"network", "name", "complex_values", NULL};
    const core_state *state = core_state_of(type);
    PyObject *network = NULL;
    const char *name = NULL;
    int complex_values = 0;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O!s|p:Solver", CORE_KEYWORDS(keywords), state->network_type,
                                     &network, &name, &complex_values)) {
        return NULL;
    }
    core_solver *self = (core_solver *)type->tp_alloc(type, 0);
    if (self == NULL) {
        return NULL;
    }
    self->network = (core_network *)Py_NewRef(network);
    self->complex_values = complex_values != 0;
    atomic_init(&self->busy, false);
    mn_error error;
    mn_error_clear(&error);
    const int code = mn_solver_init(&self->solver, name, &self->network->network, self->complex_values, &error);
    if (code != MN_OK) {
        Py_DECREF(self);
        return core_raise(state, code, &error);
    }
    return (PyObject *)self;
}

static void solver_dealloc(PyObject *object)
{
    core_solver *self = (core_solver *)object;
    PyTypeObject *type = Py_TYPE(object);
    mn_solver_free(&self->solver);
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

static PyObject *solver_factor(PyObject *object, PyObject *args, PyObject *kwargs)
{
    static const char *const keywords[] = {"conductance", "imag", "changed", NULL};
    core_solver *self = (core_solver *)object;
    const npy_intp n_edges = (npy_intp)self->network->network.n_edges;
    PyObject *conductance_given = NULL;
    PyObject *imag_given = NULL;
    PyObject *changed_given = NULL;
    const double *imag = NULL;
    const int32_t *changed = NULL;
    npy_intp n_changed = 0;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O|OO:factor", CORE_KEYWORDS(keywords), &conductance_given,
                                     &imag_given, &changed_given)) {
        return NULL;
    }
    PyArrayObject *conductance = core_array("conductance", conductance_given, NPY_FLOAT64, 1, n_edges, CORE_ANY);
    if (conductance == NULL || imaginary(self, "imag", imag_given, n_edges, &imag) < 0 ||
        core_optional("changed", changed_given, NPY_INT32, CORE_ANY, &changed, &n_changed) < 0) {
        return NULL;
    }
    for (npy_intp k = 0; k < n_changed; k++) {
        if (changed[k] < 0 || changed[k] >= n_edges) {
            PyErr_Format(PyExc_ValueError, "changed must name edges below %zd, got %d", (Py_ssize_t)n_edges,
                         (int)changed[k]);
            return NULL;
        }
    }
    if (enter(self) < 0) {
        return NULL;
    }
    mn_error error;
    mn_error_clear(&error);
    const int code = mn_solver_factor(&self->solver, PyArray_DATA(conductance), imag,
                                      changed == NULL ? (int64_t)-1 : (int64_t)n_changed, changed, &error);
    leave(self);
    if (code != MN_OK) {
        return core_raise(core_state_of(Py_TYPE(object)), code, &error);
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

static PyObject *solver_solve(PyObject *object, PyObject *args, PyObject *kwargs)
{
    static const char *const keywords[] = {"role", "value", "value_imag", "injected", "injected_imag", NULL};
    core_solver *self = (core_solver *)object;
    const npy_intp n_nodes = (npy_intp)self->network->network.n_nodes;
    const npy_intp n_electrodes = (npy_intp)self->network->network.n_electrodes;
    PyObject *given[5] = {NULL, NULL, NULL, NULL, NULL};
    mn_boundary boundary = {0};
    const double *injected = NULL;
    const double *injected_imag = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OO|OOO:solve", CORE_KEYWORDS(keywords), &given[0], &given[1],
                                     &given[2], &given[3], &given[4])) {
        return NULL;
    }
    PyArrayObject *role = core_array("role", given[0], NPY_UINT8, 1, n_electrodes, CORE_ANY);
    PyArrayObject *value = role == NULL ? NULL : core_array("value", given[1], NPY_FLOAT64, 1, n_electrodes, CORE_ANY);
    if (value == NULL || imaginary(self, "value_imag", given[2], n_electrodes, &boundary.imag) < 0 ||
        core_optional("injected", given[3], NPY_FLOAT64, n_nodes, &injected, NULL) < 0 ||
        imaginary(self, "injected_imag", given[4], n_nodes, &injected_imag) < 0) {
        return NULL;
    }
    boundary.role = PyArray_DATA(role);
    boundary.value = PyArray_DATA(value);
    if (refuse_roles(n_electrodes, boundary.role) < 0) {
        return NULL;
    }

    PyObject *dict = PyDict_New();
    mn_solution solution = {0};
    double conductance = 0.0;
    solution.conductance = self->complex_values ? NULL : &conductance;
    if (dict == NULL || solution_init(self, dict, &solution) < 0) {
        goto fail;
    }
    if (enter(self) < 0) {
        goto fail;
    }
    mn_error error;
    mn_error_clear(&error);
    const int code = mn_solver_solve(&self->solver, &boundary, injected, injected_imag, &solution, &error);
    leave(self);
    if (code != MN_OK) {
        (void)core_raise(core_state_of(Py_TYPE(object)), code, &error);
        goto fail;
    }
    if (core_dict_set(dict, "conductance", PyFloat_FromDouble(self->complex_values ? Py_NAN : conductance)) < 0) {
        goto fail;
    }
    return dict;
fail:
    Py_XDECREF(dict);
    return NULL;
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
    mn_solution solution = {0};
    if (dict == NULL || (solution.potential = result(dict, "potential", n, network->n_nodes)) == NULL ||
        (solution.voltage = result(dict, "voltage", n, n_electrodes)) == NULL ||
        (solution.current = result(dict, "current", n, n_electrodes)) == NULL ||
        (solution.conductance = result(dict, "conductance", n, CORE_ANY)) == NULL || enter(self) < 0) {
        Py_XDECREF(dict);
        return NULL;
    }
    const mn_boundary boundary = {.role = PyArray_DATA(role), .value = PyArray_DATA(value)};
    const double *g = PyArray_DATA(conductance);
    mn_error error;
    mn_error_clear(&error);
    int code;
    Py_BEGIN_ALLOW_THREADS;
    code = mn_solver_solve_many(&self->solver, n, g, &boundary, &solution, &error);
    Py_END_ALLOW_THREADS;
    leave(self);
    if (code != MN_OK) {
        Py_DECREF(dict);
        return core_raise(core_state_of(Py_TYPE(object)), code, &error);
    }
    return dict;
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
    mn_error error;
    mn_error_clear(&error);
    const int code = mn_solver_terminal(&self->solver, PyArray_DATA((PyArrayObject *)matrix), &error);
    leave(self);
    if (code != MN_OK) {
        Py_DECREF(matrix);
        return core_raise(core_state_of(Py_TYPE(object)), code, &error);
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
    PyObject *info = core_solver_info(&self->solver);
    leave(self);
    return info;
}

static PyMethodDef solver_methods[] = {
    {"factor", CORE_METHOD(solver_factor), METH_VARARGS | METH_KEYWORDS,
     "factor($self, /, conductance, imag=None, changed=None)\n--\n\n"
     "Takes new conductances (S); `changed` lists the edges that differ from the last call."},
    {"solve", CORE_METHOD(solver_solve), METH_VARARGS | METH_KEYWORDS,
     "solve($self, /, role, value, value_imag=None, injected=None, injected_imag=None)\n--\n\n"
     "Potential (n_nodes), voltage and current (n_electrodes), conductance, in a dict."},
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
    {Py_tp_doc, CORE_TEXT("Solver(network, name, complex_values=False)\n--\n\n"
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
