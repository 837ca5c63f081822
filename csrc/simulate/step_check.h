/* What a step of the length dt is worth: compared with two of half of it. Part of the public interface, as memnet.h. */
#ifndef MN_STEP_CHECK_H
#define MN_STEP_CHECK_H

#include "memnet.h"

/* Whether steps of any length may be taken of these devices: NOT_SMOOTH with error->model, and where it is one choice
 * of it that forbids them, noun, edge and value. */
int mn_simulation_check_smooth(const mn_simulation *simulation, mn_error *error) MN_CHECKED;
/* Takes one step from the present state, and again two of half of it, with the same noise (MN_HALVES), and goes back.
 * *difference (0 to 1) is how far the conductances G and G' of the network then are from their mean, |G - G'| / (G +
 * G'); where no two electrodes are driven those of the edges stand for it, summed above and below. Nothing else is
 * changed, and no counter. For steps of a fixed length. Errors: those of mn_simulation_run, NOT_SMOOTH, UNSUPPORTED
 * (adaptive steps), NO_MEMORY. */
int mn_simulation_check_step(mn_simulation *simulation, double *difference, mn_error *error) MN_CHECKED;
/* From now on mn_simulation_run does so now and then by itself, where a step may do much: at the first one, after a
 * jump of the drive, and after a step that changed the conductance of the network; a few times, and then at most once
 * in some hundred steps; never where a model has thresholds, at which a conductance may jump. Allocates, so that no
 * step has to. Errors: as above. */
int mn_simulation_watch_steps(mn_simulation *simulation, mn_error *error) MN_CHECKED;
/* The largest difference that was found so far. */
double mn_simulation_step_difference(const mn_simulation *simulation);

#endif
