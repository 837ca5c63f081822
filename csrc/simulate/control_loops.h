/* Controls that lag: whether a step of the length dt turns a control that is fed back into an oscillation of its own.
 *
 * Edges whose current is linear in v read the voltage of another edge, their control, one step late. A node with a leak
 * g and a capacitance C whose own voltage draws g_m times itself through such an edge goes by the factor
 * (C/dt - g_m) / (g + C/dt) in a step of backward Euler: below -1, where g_m > g + 2 C/dt, it swings from side to side
 * ever more. The trapezoidal rule has the same bound. In a network the factors are the eigenvalues of
 *
 *     (G + C/dt)^-1 (C/dt - G_m)
 *
 * over the nodes. Where nothing is fed back they are in [0, 1]. One that is beyond the unit circle on the negative side
 * turns by more than a right angle in a step, which no circuit does that the steps resolve. Growth on the positive side
 * is the circuit's own. Part of the public interface, as memnet.h. */
#ifndef MN_CONTROL_LOOPS_H
#define MN_CONTROL_LOOPS_H

#include "memnet.h"

/* What was found of a loop. */
typedef struct {
    int32_t edge;  /* the one that reads, and has most part in it; -1: no loop was found */
    double slope;  /* S: of its current with the voltage that it reads */
    double growth; /* factor by which the oscillation grows in a step; 1, to 1e-4, where the law bounds it */
} mn_control_loop;

/* From now on mn_simulation_run looks for such loops now and then: in the first steps, in one of some sixty, and where
 * a control swings from side to side ever more. That changes nothing, and no counter. Does nothing for adaptive steps,
 * and where no control lags. Allocates, so that no step has to. Error: NO_MEMORY. */
int mn_simulation_watch_controls(mn_simulation *simulation, mn_error *error) MN_CHECKED;
/* The first that was found so far. */
mn_control_loop mn_simulation_control_loop(const mn_simulation *simulation);

#endif
