/* The functions of the module that functions.c lists; those of waves stand in waves.h. */
#ifndef CORE_FUNCTIONS_H
#define CORE_FUNCTIONS_H

#include "core.h"

/* models.c: device models as data. */
PyObject *core_models(PyObject *module, PyObject *ignored);
PyObject *core_check_device(PyObject *module, PyObject *device);
PyObject *core_model_table(const mn_device_model *model);
/* made_model_object.c: a MadeModel of a model that lives as long as `owner`. */
PyObject *core_made_model_new(const core_state *state, const mn_device_model *model, PyObject *owner);
/* series.c: a MadeModel of models in series. */
PyObject *core_series(PyObject *module, PyObject *parts);
/* equation_model.c: a MadeModel of fields and programs. */
PyObject *core_equation_model(PyObject *module, PyObject *args, PyObject *kwargs);
/* program_object.c: the operations of programs by name: number, and how many operands. */
PyObject *core_operations(PyObject *module, PyObject *ignored);
/* lattices.c */
PyObject *core_grid(PyObject *module, PyObject *args, PyObject *kwargs);
PyObject *core_random_network(PyObject *module, PyObject *args, PyObject *kwargs);
/* traces.c: traces of theory. */
PyObject *core_mean_field_trace(PyObject *module, PyObject *args, PyObject *kwargs);
PyObject *core_rate_balance_trace(PyObject *module, PyObject *args, PyObject *kwargs);

#endif
