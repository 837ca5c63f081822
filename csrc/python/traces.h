/* Traces of theory: what functions.c lists of them. */
#ifndef CORE_TRACES_H
#define CORE_TRACES_H

#include "core.h"

PyObject *core_mean_field_trace(PyObject *module, PyObject *args, PyObject *kwargs);
PyObject *core_rate_balance_trace(PyObject *module, PyObject *args, PyObject *kwargs);

#endif
