/* Exact scaling of problems whose numbers are far from 1: what the solver's front asks of it. */
#ifndef MN_SCALING_H
#define MN_SCALING_H

#include "memnet.h"

typedef struct mn_scaling {
    /* parameters */
    const mn_network *network;
    /* state: the factor is that of 2^shift times the conductances, the largest of which is then near 2^high */
    int shift;
    int high;
    /* scratch: real and imaginary parts; the latter are NULL for real problems */
    double *conductance[2]; /* n_edges */
    double *value[2];       /* n_electrodes */
    double *injected[2];    /* n_nodes */
    int32_t *root;          /* n_nodes + n_electrodes */
    mn_pool pool;           /* of the arrays and of this */
} mn_scaling;

int mn_scaling_init(mn_scaling **scaling, const mn_network *network, bool complex_values) MN_CHECKED;
void mn_scaling_free(mn_scaling *scaling);

#define MN_EVERYDAY_LEAST 0x1p-435
#define MN_EVERYDAY_MOST 0x1p430

/* Whether every number is 0 or between these (1e-131 and 3e129) in magnitude: sums, products and quotients of
 * those stay far inside the range of doubles, so no scaling is needed. NULL stands for zeros. */
bool mn_everyday(int64_t n, const double *x);
bool mn_everyday_at(const double *x, int64_t n, const int32_t *index);

/* Makes scaling->conductance the conductances times the power of two that brings the largest near 2^400. Those
 * below 2^-990 of it become 0. Conductances that are not finite are copied as they are, for the backend to refuse.
 * Errors: RANGE (error->edge), where one that would become 0 alone joins two parts of the network. */
int mn_scale_conductances(mn_scaling *scaling, const double *conductance, const double *imag,
                          mn_error *error) MN_CHECKED;
/* The factor is one of the conductances themselves. */
void mn_scaling_reset(mn_scaling *scaling);

/* Makes scaling->value and scaling->injected what the caller gave times a power of two, *shift of them for volts and
 * *shift + scaling->shift for amperes. Drives that are not finite are copied as they are. Errors: RANGE
 * (error->electrode, node). */
int mn_scale_drives(mn_scaling *scaling, const mn_boundary *boundary, const double *const injected[2], int *shift,
                    mn_error *error) MN_CHECKED;
/* Undoes both scales. *underflow: some result is smaller than a double can hold in full (2.2e-308). Errors:
 * NOT_FINITE_POTENTIAL where one is larger. */
int mn_unscale_solution(const mn_scaling *scaling, int shift, const mn_solution *solution, bool *underflow,
                        mn_error *error) MN_CHECKED;

#endif
