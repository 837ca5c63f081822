/* The module memnet._core: types, exceptions and functions, in multi-phase initialisation. */
#define CORE_IMPORTS_NUMPY
#include "core.h"

static int add_type(PyObject *module, PyType_Spec *spec, PyTypeObject **slot)
{
    *slot = (PyTypeObject *)PyType_FromModuleAndSpec(module, spec, NULL);
    return *slot == NULL ? -1 : PyModule_AddType(module, *slot);
}

static int add_exception(PyObject *module, const char *full_name, const char *name, const char *doc, PyObject **slot)
{
    *slot = PyErr_NewExceptionWithDoc(full_name, doc, PyExc_RuntimeError, NULL);
    return *slot == NULL ? -1 : PyModule_AddObjectRef(module, name, *slot);
}

/* Names that Python takes from C's tables. */
static int add_names(PyObject *module)
{
    static const char *const parameters[] = {
#define MN_MEMBER(name) #name,
        MN_TRACE_PARAMETERS(MN_MEMBER)
#undef MN_MEMBER
    };
    PyObject *names = PyTuple_New(MN_N_TRACE_PARAMETERS);
    for (Py_ssize_t k = 0; names != NULL && k < MN_N_TRACE_PARAMETERS; k++) {
        PyObject *name = PyUnicode_FromString(parameters[k]);
        if (name == NULL) {
            Py_CLEAR(names);
        } else {
            PyTuple_SET_ITEM(names, k, name);
        }
    }
    const int status = names == NULL ? -1 : PyModule_AddObjectRef(module, "TRACE_PARAMETERS", names);
    Py_XDECREF(names);
    return status;
}

static int core_exec(PyObject *module)
{
    core_state *state = (core_state *)PyModule_GetState(module);
    if (PyArray_ImportNumPyAPI() < 0) {
        return -1; /* GCOV_EXCL_LINE: a NumPy that is too old */
    }
    if (add_exception(module, "memnet.CheckpointError", "CheckpointError",
                      "A checkpoint that is damaged, of another format version or of another simulation.",
                      &state->checkpoint_error) < 0 ||
        add_exception(module, "memnet.SimulationBusy", "SimulationBusy",
                      "The simulation is being used by another thread.", &state->simulation_busy) < 0) {
        return -1; /* GCOV_EXCL_LINE: no memory at import */
    }
    if (add_type(module, &core_discs_spec, &state->discs_type) < 0 ||
        add_type(module, &core_wires_spec, &state->wires_type) < 0 ||
        add_type(module, &core_network_spec, &state->network_type) < 0 ||
        add_type(module, &core_solver_spec, &state->solver_type) < 0 ||
        add_type(module, &core_simulation_spec, &state->simulation_type) < 0 ||
        add_type(module, &core_checkpoint_spec, &state->checkpoint_type) < 0 || add_names(module) < 0) {
        return -1; /* GCOV_EXCL_LINE: no memory at import */
    }
    if (PyModule_AddIntConstant(module, "ROLE_FLOATING", MN_FLOATING) < 0 ||
        PyModule_AddIntConstant(module, "ROLE_VOLTAGE", MN_VOLTAGE) < 0 ||
        PyModule_AddIntConstant(module, "ROLE_CURRENT", MN_CURRENT) < 0) {
        return -1; /* GCOV_EXCL_LINE: no memory at import */
    }
    return PyModule_AddStringConstant(module, "__version__", MN_VERSION);
}

static int core_traverse(PyObject *module, visitproc visit, void *arg)
{
    const core_state *state = (const core_state *)PyModule_GetState(module);
    if (state == NULL) {
        return 0; /* GCOV_EXCL_LINE: Python may ask before core_exec */
    }
    Py_VISIT(state->discs_type);
    Py_VISIT(state->wires_type);
    Py_VISIT(state->network_type);
    Py_VISIT(state->solver_type);
    Py_VISIT(state->simulation_type);
    Py_VISIT(state->checkpoint_type);
    Py_VISIT(state->checkpoint_error);
    Py_VISIT(state->simulation_busy);
    return 0;
}

static int core_clear(PyObject *module)
{
    core_state *state = (core_state *)PyModule_GetState(module);
    if (state == NULL) {
        return 0; /* GCOV_EXCL_LINE: Python may ask before core_exec */
    }
    Py_CLEAR(state->discs_type);
    Py_CLEAR(state->wires_type);
    Py_CLEAR(state->network_type);
    Py_CLEAR(state->solver_type);
    Py_CLEAR(state->simulation_type);
    Py_CLEAR(state->checkpoint_type);
    Py_CLEAR(state->checkpoint_error);
    Py_CLEAR(state->simulation_busy);
    return 0;
}

static void core_free(void *module)
{
    (void)core_clear((PyObject *)module);
}

static PyModuleDef_Slot core_slots[] = {
    {Py_mod_exec, CORE_SLOT(core_exec)},
    {0, NULL},
};

static struct PyModuleDef core_module = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "memnet._core",
    .m_doc = "The C library of memnet behind NumPy arrays.",
    .m_size = sizeof(core_state),
    .m_methods = core_functions,
    .m_slots = core_slots,
    .m_traverse = core_traverse,
    .m_clear = core_clear,
    .m_free = core_free,
};

PyMODINIT_FUNC PyInit__core(void);

PyMODINIT_FUNC PyInit__core(void)
{
    return PyModuleDef_Init(&core_module);
}
