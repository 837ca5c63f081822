/* Star-mesh transforms of columns by the list of their updates. */
#include "circuit/kron_columns.h"

#include "circuit/kron_arithmetic.h"

#include <string.h>

/* Star-mesh transform of one column of n entries. Inlined with a constant n, its loops are unrolled. Updates go in
 * pairs whose two slots are read before either is written: a processor that has to find out at each read whether the
 * write before it meets the same place takes longer, and no two slots of a column do. */
static inline double eliminate(int64_t n, const double *restrict star, double *restrict share, double *restrict weight,
                               const int32_t *restrict target, double *restrict updates, bool keep)
{
    const double total = mn_kron_total(n, star);
    mn_kron_shares(n, star, total, share);
    for (int64_t q = 0, t = 0; q + 1 < n; q++) {
        int64_t r = q + 1;
        for (; r + 2 <= n; r += 2, t += 2) {
            const double update[2] = {mn_kron_flush(star[q] * share[r]), mn_kron_flush(star[q] * share[r + 1])};
            const double sum[2] = {weight[target[t]] + update[0], weight[target[t + 1]] + update[1]};
            if (keep) {
                memcpy(updates + t, update, sizeof update);
            }
            weight[target[t]] = sum[0];
            weight[target[t + 1]] = sum[1];
        }
        if (r < n) {
            const double update = mn_kron_flush_one(star[q] * share[r]);
            if (keep) {
                updates[t] = update;
            }
            weight[target[t++]] += update;
        }
    }
    return total;
}

static inline int64_t eliminate_columns(mn_kron *kron, int64_t begin, int64_t end, double *weight, int64_t offset,
                                        bool keep)
{
    const mn_kron_schedule *s = &kron->schedule;
    int64_t n_dead = 0;
    for (int64_t k = begin; k < end; k++) {
        const int64_t n = s->column[k + 1] - s->column[k];
        const double *star = weight + (s->column[k] + offset);
        double *share = kron->share + s->column[k];
        const int32_t *target = s->target + s->pair[k];
        double *updates = keep ? kron->update + s->pair[k] : NULL;
        double total;
        switch (n) { /* sparse networks have few neighbours: one jump instead of loops that end unforeseen */
        case 1:
            total = eliminate(1, star, share, weight, target, updates, keep);
            break;
        case 2:
            total = eliminate(2, star, share, weight, target, updates, keep);
            break;
        case 3:
            total = eliminate(3, star, share, weight, target, updates, keep);
            break;
        case 4:
            total = eliminate(4, star, share, weight, target, updates, keep);
            break;
        default:
            total = eliminate(n, star, share, weight, target, updates, keep);
            break;
        }
        kron->total[k] = total;
        n_dead += total == 0.0;
    }
    return n_dead;
}

int64_t mn_kron_eliminate_columns(mn_kron *kron, int64_t begin, int64_t end, double *weight, int64_t offset, bool keep)
{
    return keep ? eliminate_columns(kron, begin, end, weight, offset, true)
                : eliminate_columns(kron, begin, end, weight, offset, false);
}
