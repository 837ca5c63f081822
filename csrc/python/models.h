/* Device models as data: what functions.c lists of them. */
#ifndef CORE_MODELS_H
#define CORE_MODELS_H

#include "core.h"

PyObject *core_models(PyObject *module, PyObject *ignored);

#endif
