/* What the files of _core.Simulation share.
 *
 * run() works without the GIL, so every entry first takes the simulation's flag; whoever finds it taken gets
 * SimulationBusy at once. Waiting instead would let a callback deadlock on its own simulation.
 *
 * step, solved, counters and info answer while another thread runs the simulation: they read `published`, which is
 * written at the end of each call that changes a simulation. Both happen with the GIL held, so they never meet, and
 * what is read is the simulation as the last call left it, at the boundary of a step. */
#ifndef CORE_SIMULATION_OBJECT_H
#define CORE_SIMULATION_OBJECT_H

#include "core.h"
#include "simulate/control_loops.h"

typedef struct {
    PyObject_HEAD mn_simulation simulation;
    core_network *network; /* the simulation keeps its address */
    PyObject *made;        /* list: the MadeModels that it uses */
    PyObject *rows;        /* list: the array bound to each channel, or None; the recorder keeps its address */
    atomic_bool busy;
    mn_cancel cancel; /* the simulation keeps its address */
    struct {
        int64_t step;
        bool solved;
        mn_counters counters;
        mn_step_counters step_counters;
        double step_difference;
        mn_control_loop control_loop;
        mn_solver_info info;
    } published;
} core_simulation;

/* Takes the flag: 0, or -1 with SimulationBusy. */
int core_simulation_enter(core_simulation *self);
void core_simulation_leave(core_simulation *self);
/* Leaves a simulation that may have changed. */
void core_simulation_publish(core_simulation *self);
/* Raises the exception of a code of the library; NULL. */
PyObject *core_simulation_raise(const core_simulation *self, int code, const mn_error *error);

/* simulation_record.c: what is recorded, and the events. */
PyObject *core_simulation_record(PyObject *object, PyObject *args, PyObject *kwargs);
PyObject *core_simulation_bind(PyObject *object, PyObject *args, PyObject *kwargs);
PyObject *core_simulation_n_rows(PyObject *object, PyObject *given);
PyObject *core_simulation_record_clear(PyObject *object, PyObject *ignored);
PyObject *core_simulation_events(PyObject *object, PyObject *ignored);

/* simulation_reactions.c: events that start waveforms. */
PyObject *core_simulation_react(PyObject *object, PyObject *args, PyObject *kwargs);

/* simulation_cycles.c: parameters that are drawn again. */
PyObject *core_simulation_cycle(PyObject *object, PyObject *given);

/* simulation_values.c: parameters and states, and what the last solve gave. */
extern PyGetSetDef core_simulation_getset[];
PyObject *core_simulation_field(PyObject *object, PyObject *args, PyObject *kwargs);
PyObject *core_simulation_own_range(PyObject *object, PyObject *args, PyObject *kwargs);
PyObject *core_simulation_set_field(PyObject *object, PyObject *args, PyObject *kwargs);
PyObject *core_simulation_info(PyObject *object, PyObject *ignored);
PyObject *core_simulation_accuracy(PyObject *object, PyObject *ignored);

/* simulation_linear.c: the devices as differential equations. */
PyObject *core_simulation_linearise(PyObject *object, PyObject *args, PyObject *kwargs);

#endif
