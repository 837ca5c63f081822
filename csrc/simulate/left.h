/* Private to csrc/simulate: what is recorded of the moment right before a jump. */
#ifndef MN_LEFT_H
#define MN_LEFT_H

#include "simulate/engine.h"

/* Room for what a row goes back to, where a channel is of left sides; before a run, since it allocates. Error:
 * NO_MEMORY. */
int mn_left_prepare(mn_simulation *simulation) MN_CHECKED;
/* Where a channel wants it and the drive jumps at the present row: writes the circuit before the jump to the rows of
 * these channels, which do not count yet. But for them, and the accuracy of solves, all stays as it was; the circuit is
 * to be solved. */
int mn_left_look(mn_simulation *simulation, mn_error *error) MN_CHECKED;

#endif
