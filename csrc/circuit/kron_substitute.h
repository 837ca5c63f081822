/* Back-substitution of listed columns. */
#ifndef MN_KRON_SUBSTITUTE_H
#define MN_KRON_SUBSTITUTE_H

#include "circuit/kron_state.h"

/* With what potentials of free vertices are found. */
typedef struct {
    const mn_kron *kron;
    bool injected;    /* whether there are currents in kron->current */
    double low, high; /* the potentials of electrodes */
} mn_kron_substitution;

/* Those of all columns, where there are no fronts. */
void mn_kron_substitute_runs(const mn_kron_substitution *with);
/* Those of columns from `begin` to `end` - 1 of a listed front. */
void mn_kron_substitute_columns(const mn_kron_substitution *with, int64_t begin, int64_t end);

/* v_k = sum_j p_kj v_j (+ b_k / W_k). Without injected currents a potential is a mean of later ones: held between low
 * and high, it keeps the maximum principle whatever the rounding of the shares' sum. */
static inline double mn_kron_potential(const mn_kron *kron, bool injected, double low, double high, int64_t k,
                                       double sum)
{
    if (injected) {
        return sum + (kron->total[k] > 0.0 ? kron->current[k] / kron->total[k] : 0.0);
    }
    sum = sum < low ? low : sum;
    return sum > high ? high : sum;
}

#endif
