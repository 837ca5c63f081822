/* Functions of the module that make lattices: what functions.c lists of them. */
#ifndef CORE_LATTICES_H
#define CORE_LATTICES_H

#include "core.h"

PyObject *core_grid(PyObject *module, PyObject *args, PyObject *kwargs);
PyObject *core_random_network(PyObject *module, PyObject *args, PyObject *kwargs);

#endif
