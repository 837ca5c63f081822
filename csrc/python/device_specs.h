/* The devices of a simulation as the library takes them, read from tuples (model, edges, parameters, waves, link),
 * where a model is its name or a MadeModel. */
#ifndef CORE_DEVICE_SPECS_H
#define CORE_DEVICE_SPECS_H

#include "core.h"
#include "devices/device.h"
#include "waves.h"

typedef struct {
    PyObject *owner;           /* tuple of the device tuples */
    PyObject *parameter_owner; /* list: a tuple of the parameter arrays of each device */
    int64_t n;
    mn_device_spec *spec;
    const double **parameter; /* of all devices in a row */
    core_waves *waves;        /* n: what each device carries */
    PyObject *made;           /* list of the MadeModels among them, which outlive the simulation */
} core_device_specs;

/* Borrows the arrays of a sequence of tuples, which `owner` and `parameter_owner` hold; -1 with an exception, and then
 * there is something to free as well. */
int core_device_specs_init(core_device_specs *specs, const core_state *state, PyObject *list);
void core_device_specs_free(core_device_specs *specs);

#endif
