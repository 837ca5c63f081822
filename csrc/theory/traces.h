/* Conductance traces of single-variable models, for fits: public, as memnet.h is. */
#ifndef MN_TRACES_H
#define MN_TRACES_H

#include "memnet.h"

/* Parameters of a trace, conductances in any unit (G), by name for tables: Python reads them too. */
#define MN_TRACE_PARAMETERS(X)                                                                                         \
    X(g_min)                                                                                                           \
    X(range)    /* g_max - g_min; may be infinite for the mean field */                                                \
    X(k_p)      /* mean field: kappa_p0 range (G/s); rate balance: kappa_p0 (1/s) */                                   \
    X(kappa_d0) /* 1/s */                                                                                              \
    X(slope_p)  /* mean field: eta_p g_min (G/V); rate balance: eta_p (1/V) */                                         \
    X(slope_d)  /* likewise of eta_d */                                                                                \
    X(above)    /* G - g_min at the start */

typedef struct {
#define MN_MEMBER(name) double name;
    MN_TRACE_PARAMETERS(MN_MEMBER)
#undef MN_MEMBER
} mn_trace_parameters;

enum { MN_N_TRACE_PARAMETERS = sizeof(mn_trace_parameters) / sizeof(double) };

/* n intervals of length dt (s), each at a constant voltage >= 0 (V). */
typedef struct {
    int64_t n;
    const double *dt, *voltage;
} mn_intervals;

/* Derivatives of a trace, n + 1 rows: those with respect to the parameters, in their order, then those with respect to
 * the voltages of the intervals `jump`. */
typedef struct {
    int64_t n_jumps;
    const int64_t *jump;
    double *values;
} mn_trace_jacobian;

/* Conductance at the start and after each interval, n + 1 values, and its derivatives unless `jacobian` is NULL.
 * The effective mean field (MF23 eq. 7-10), integrated with an error of about `tolerance` a step, in at most `most`
 * steps; derivatives are those of the steps as they were taken. O(n + steps). Errors: TRACE_STEPS, TRACE_RANGE. */
int mn_mean_field_trace(const mn_intervals *intervals, const mn_trace_parameters *p, double tolerance, int64_t most,
                        double *conductance, const mn_trace_jacobian *jacobian) MN_CHECKED;
/* One rate balance (PNN25 eq. 9), by its exact solution. Error: TRACE_RANGE. */
int mn_rate_balance_trace(const mn_intervals *intervals, const mn_trace_parameters *p, double *conductance,
                          const mn_trace_jacobian *jacobian) MN_CHECKED;

#endif
