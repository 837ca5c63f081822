/* Private to csrc/simulate: the parts of a plain step, for whoever steps several simulations at once. */
#ifndef MN_STEP_H
#define MN_STEP_H

#include "memnet.h"

typedef struct {
    bool changed; /* the drive differs from the boundary of the last solve */
    bool solves;  /* the circuit is to be solved */
} mn_step_begun;

/* Whether rows are found by one solve, and states go on by `advance`. */
bool mn_steps_plainly(const mn_simulation *simulation);
/* Whether the event log has room for all that a step may log. */
bool mn_step_has_room(const mn_simulation *simulation);
/* Reads what drives; then, where `solves`, the circuit is solved with that; then the rest of the step, which leaves no
 * trace where it fails. Errors: those of mn_simulation_run. */
int mn_step_begin(mn_simulation *simulation, mn_step_begun *begun, mn_error *error) MN_CHECKED;
int mn_step_end(mn_simulation *simulation, const mn_step_begun *begun, mn_error *error) MN_CHECKED;
/* Seconds, of a clock that only goes forward. */
double mn_clock(void);

#endif
