/* Electrodes at voltages whose currents have limits: which of them are driven by their limit, found at every solve. */
#ifndef MN_LIMITS_H
#define MN_LIMITS_H

#include "memnet.h"

typedef struct {
    /* the caller's */
    double *limit; /* n_electrodes (A), > 0; infinite where there is none */
    /* of the last solve */
    int8_t *side;  /* n_electrodes: 1 or -1 where it is driven by +limit or -limit, else 0 */
    uint8_t *role; /* n_electrodes: the boundary as it is to be solved, and was */
    double *value;
    /* of the solve in a round, as mn_solution; who solves writes them */
    double *voltage, *current; /* n_electrodes */
    int64_t n_rounds;
    int32_t turned; /* the last electrode that did, in these rounds */
    int64_t n_electrodes;
    mn_pool pool;
} mn_limits;

/* No electrode has a limit yet. Error: NO_MEMORY; free in both cases. */
int mn_limits_init(mn_limits *limits, int64_t n_electrodes) MN_CHECKED;
void mn_limits_free(mn_limits *limits);
/* The rounds, for any way of solving: begin, then solve with `role` and `value` and turn, as long as it says `again`.
 * No electrode is at its limit at the beginning, so nothing is remembered from one moment to the next. Error: LIMITS
 * (error->electrode).
 */
void mn_limits_begin(mn_limits *limits, const mn_boundary *boundary);
/* The same from the sides as they are. */
void mn_limits_resume(mn_limits *limits, const mn_boundary *boundary);
/* Turns electrodes that are on the wrong side by the voltages and currents of the solve; `again`: whether there was
 * one. */
int mn_limits_turn(mn_limits *limits, const mn_boundary *boundary, bool *again, mn_error *error) MN_CHECKED;
/* As mn_solver_solve, for real problems, with the limits of what `boundary` has at voltages: no current passes one by
 * more than 1e-12 of it, and no voltage of an electrode at its limit passes the given one by more than 1e-12 of the
 * largest. Conductances are those of the last factor(), and each part of the network with a limit needs an electrode at
 * a voltage without one. Errors: those of mn_solver_solve; LIMITS. */
int mn_limits_solve(mn_limits *limits, mn_solver *solver, const mn_boundary *boundary, const double *injected,
                    const mn_solution *solution, mn_error *error) MN_CHECKED;

#endif
