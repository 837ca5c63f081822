/* The module memnet._core: types, exceptions and functions, in multi-phase initialisation. */
#define CORE_IMPORTS_NUMPY
#include "convert.h"
#include "devices/equation_model.h"
#include "drive/waveform.h"
#include "simulate/reactions.h"
#include "theory/traces.h"

static const char checkpoint_error_doc[] =
    "A checkpoint that is damaged, of another format version or of another simulation.\n\n"
    "Examples\n--------\n"
    ">>> import memnet as mn\n"
    ">>> with open(\"run.mn\", \"w\") as file:\n"
    "...     size = file.write(\"no checkpoint\")\n"
    ">>> try:\n"
    "...     mn.Simulation.load(\"run.mn\")\n"
    "... except mn.CheckpointError as error:\n"
    "...     print(error)\n"
    "run.mn: the file is not a memnet checkpoint of this format version\n";

static const char simulation_busy_doc[] = "The simulation is being used by another thread.\n\n"
                                          "Examples\n--------\n"
                                          ">>> import memnet as mn\n"
                                          ">>> def look(sim):\n"
                                          "...     try:\n"
                                          "...         return sim.potential.tolist()\n"
                                          "...     except mn.SimulationBusy:  # it runs in another thread\n"
                                          "...         return None\n"
                                          ">>> net = mn.Network(2, [[0, 1]], electrodes={\"a\": 0, \"b\": 1})\n"
                                          ">>> look(mn.Simulation(net, mn.Resistor(), {\"a\": 3.0, \"b\": 1.0}))\n"
                                          "[3.0, 1.0]\n";

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

/* Adds a constant that is new; NULL is an exception that is set. */
static int add_new(PyObject *module, const char *constant, PyObject *value)
{
    const int status = value == NULL ? -1 : PyModule_AddObjectRef(module, constant, value);
    Py_XDECREF(value);
    return status;
}

/* What Python takes from C's tables. */
static int add_tables(PyObject *module)
{
#define MN_MEMBER(name) #name,
    static const char *const parameters[] = {MN_TRACE_PARAMETERS(MN_MEMBER)};
#undef MN_MEMBER
#define MN_MEMBER(name, text) (text),
    static const char *const diagonals[] = {MN_DIAGONALS(MN_MEMBER)};
    static const char *const overlaps[] = {MN_OVERLAPS(MN_MEMBER)};
#undef MN_MEMBER
    if (add_new(module, "TRACE_PARAMETERS", core_names(MN_N_TRACE_PARAMETERS, parameters)) < 0 ||
        add_new(module, "DIAGONALS", core_names(sizeof diagonals / sizeof diagonals[0], diagonals)) < 0 ||
        add_new(module, "OVERLAPS", core_names(MN_OVERLAP_N, overlaps)) < 0) {
        return -1; /* GCOV_EXCL_LINE: no memory at import */
    }
    return 0;
}

static int core_exec(PyObject *module)
{
    core_state *state = (core_state *)PyModule_GetState(module);
    if (PyArray_ImportNumPyAPI() < 0) {
        return -1; /* GCOV_EXCL_LINE: a NumPy that is too old */
    }
    if (add_exception(module, "memnet.CheckpointError", "CheckpointError", checkpoint_error_doc,
                      &state->checkpoint_error) < 0 ||
        add_exception(module, "memnet.SimulationBusy", "SimulationBusy", simulation_busy_doc, &state->simulation_busy) <
            0) {
        return -1; /* GCOV_EXCL_LINE: no memory at import */
    }
#define CORE_TYPE(name) add_type(module, &core_##name##_spec, &state->name##_type) < 0 ||
    if (CORE_TYPES(CORE_TYPE) add_tables(module) < 0) {
        return -1; /* GCOV_EXCL_LINE: no memory at import */
    }
#undef CORE_TYPE
    if (PyModule_AddIntConstant(module, "ROLE_FLOATING", MN_FLOATING) < 0 ||
        PyModule_AddIntConstant(module, "ROLE_VOLTAGE", MN_VOLTAGE) < 0 ||
        PyModule_AddIntConstant(module, "ROLE_CURRENT", MN_CURRENT) < 0 ||
        PyModule_AddIntConstant(module, "ROLE_LIMITED", MN_LIMITED) < 0 ||
        PyModule_AddIntConstant(module, "WAVE_DEPTH", MN_WAVE_DEPTH) < 0 ||
        PyModule_AddIntConstant(module, "EQUATION_FIELDS", MN_MOST_EQUATION_FIELDS) < 0 ||
        PyModule_AddIntConstant(module, "EQUATION_NOISES", MN_MOST_NOISES) < 0 ||
        PyModule_AddIntConstant(module, "EQUATION_EVENTS", MN_MOST_EQUATION_EVENTS) < 0 ||
        add_new(module, "LARGEST_TIME", PyFloat_FromDouble(MN_LARGEST_TIME)) < 0 ||
        PyModule_AddIntConstant(module, "MOST_THREADS", MN_MOST_THREADS) < 0 ||
        add_new(module, "MOST_RTOL", PyFloat_FromDouble(MN_MOST_RTOL)) < 0 ||
        add_new(module, "LEAST_RTOL", PyFloat_FromDouble(MN_LEAST_RTOL)) < 0) {
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
#define CORE_TYPE(name) Py_VISIT(state->name##_type);
    CORE_TYPES(CORE_TYPE)
#undef CORE_TYPE
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
#define CORE_TYPE(name) Py_CLEAR(state->name##_type);
    CORE_TYPES(CORE_TYPE)
#undef CORE_TYPE
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
