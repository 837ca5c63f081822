/* Simulations of one network that take their steps together. Part of the public interface, as memnet.h.
 *
 * Each goes as mn_simulation_run takes it, with the same bits: the same drive, states, rows and events. What they share
 * is one solver, which runs the circuits of eight of them at once, one in each SIMD lane, wherever most conductances
 * are new. All else is their own, so one that fails stays at its last good step and the others go on. */
#ifndef MN_ENSEMBLE_H
#define MN_ENSEMBLE_H

#include "memnet.h"
#include "simulate/lanes.h"
#include "simulate/loans.h"

/* What became of one simulation. */
typedef struct {
    int code; /* MN_OK, or why it stands: it takes no steps until that is cleared */
    mn_error error;
} mn_outcome;

/* Simulations that step together for a while, and how. */
typedef struct {
    bool apart;     /* one after the other: most steps solve nothing, or solve but a part anew */
    int64_t n_rest; /* blocks of steps before lanes may be tried again */
} mn_ensemble_group;

typedef struct {
    /* parameters */
    int64_t n;
    mn_simulation *const *simulation; /* n, the caller's */
    /* state */
    mn_outcome *outcome; /* n */
    mn_ensemble_group *group;
    /* work */
    mn_solver solver; /* of the circuits of a group; without a state where nothing is solved in lanes */
    int64_t n_columns;
    mn_loans loans;
    mn_lanes lanes;
    mn_pool pool;
} mn_ensemble;

/* n >= 1 simulations of networks with the same nodes, edges and electrodes, which must outlive it. `cancel` as in
 * mn_solver_init. Errors: BAD_ARGUMENT (networks that differ), NO_MEMORY, INTERRUPTED. */
int mn_ensemble_init(mn_ensemble *ensemble, int64_t n, mn_simulation *const *simulation, mn_cancel *cancel,
                     mn_error *error) MN_CHECKED;
void mn_ensemble_free(mn_ensemble *ensemble);
/* Takes the steps before `until` of each simulation that has not failed, group by group, for about `budget` seconds,
 * or until an event log may overflow. *reason: MN_DONE or MN_BUDGET. Simulations that fail have their outcome set.
 * Allocates nothing where steps are plain. Error: INTERRUPTED, where a simulation was cancelled; each is then at some
 * good step of its own. */
int mn_ensemble_run(mn_ensemble *ensemble, int64_t until, double budget, mn_reason *reason, mn_error *error) MN_CHECKED;

#endif
