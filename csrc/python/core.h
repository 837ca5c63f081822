/* The extension module memnet._core: C objects behind NumPy arrays. Conversions only; what is computed is computed in
 * the library. Its contract is memnet/_core.pyi. */
#ifndef CORE_H
#define CORE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#define NPY_NO_DEPRECATED_API NPY_2_0_API_VERSION
#define NPY_TARGET_VERSION NPY_2_0_API_VERSION
#define PY_ARRAY_UNIQUE_SYMBOL memnet_core_array_api
#ifndef CORE_IMPORTS_NUMPY
#define NO_IMPORT_ARRAY
#endif
#include <numpy/arrayobject.h>

#include "equations/program.h"
#include "memnet.h"

/* ISO C has no conversion from a function to void *, which Python's slot tables need. */
#define CORE_SLOT(function) (__extension__(void *)(function))
/* A constant text in a slot table. */
#define CORE_TEXT(text) ((void *)(uintptr_t)(text))
/* A function with keywords in a table of methods. */
#define CORE_METHOD(function) ((PyCFunction)(void (*)(void))(function))
/* PyArg_ParseTupleAndKeywords only reads its list, but does not say so before Python 3.13. */
#define CORE_KEYWORDS(list) ((char **)(uintptr_t)(list))

/* The types; of each one NAME_object.c has the specification. */
#define CORE_TYPES(X)                                                                                                  \
    X(discs) X(wires) X(network) X(solver) X(simulation) X(ensemble) X(checkpoint) X(made_model) X(program)
#define CORE_TYPE(name) extern PyType_Spec core_##name##_spec;
CORE_TYPES(CORE_TYPE)
#undef CORE_TYPE

/* One a module, so that sub-interpreters and reloads keep apart. */
typedef struct {
#define CORE_TYPE(name) PyTypeObject *name##_type;
    CORE_TYPES(CORE_TYPE)
#undef CORE_TYPE
    PyObject *checkpoint_error;
    PyObject *simulation_busy;
} core_state;

typedef struct {
    PyObject_HEAD mn_network network; /* never changes after __new__ */
} core_network;

typedef struct {
    PyObject_HEAD mn_checkpoint checkpoint; /* never changes after __new__ */
} core_checkpoint;

typedef struct {
    PyObject_HEAD const mn_device_model *model;
    PyObject *owner; /* what keeps the model */
} core_made_model;

typedef struct {
    PyObject_HEAD mn_program program; /* never changes after __new__ */
    double *constant;
    mn_instruction *instruction;
} core_program;

extern PyMethodDef core_functions[];

/* The state behind an object of one of our types (none can be subclassed). */
static inline core_state *core_state_of(PyTypeObject *type)
{
    return (core_state *)PyType_GetModuleState(type);
}

#endif
