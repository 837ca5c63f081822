/* Distributions around values, for Python. */
#ifndef CORE_DRAWS_H
#define CORE_DRAWS_H

#include "core.h"

/* "O&" converter: (name, size, relative) to an mn_distribution. */
int core_distribution(PyObject *value, void *out);
PyObject *core_draw(PyObject *module, PyObject *args, PyObject *kwargs);

#endif
