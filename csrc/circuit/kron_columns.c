/* Star-mesh transforms of columns by the list of their updates. */
#include "circuit/kron_columns.h"

#include "base/vector.h"
#include "circuit/kron_lanes.h"

#include <string.h>

/* weight[target[t]] += update[t] of n slots, no two of which are the same: all are read before any is written, as a
 * processor that has to find out at each read whether a write before it meets the same place takes longer. */
MN_INLINE void add_apart(int n, const double *update, int64_t step, double *restrict weight,
                         const int32_t *restrict target)
{
    double sum[MN_KRON_BATCH];
    for (int t = 0; t < n; t++) {
        sum[t] = weight[target[t]] + update[t * step];
    }
    for (int t = 0; t < n; t++) {
        weight[target[t]] = sum[t];
    }
}

/* Star-mesh transform of one column of n entries. Inlined with a constant n, its loops are unrolled. */
MN_INLINE double eliminate(int64_t n, const double *restrict star, double *restrict share, double *restrict weight,
                           const int32_t *restrict target, double *restrict updates, bool keep)
{
    const double total = mn_kron_total(n, star);
    mn_kron_shares(n, star, total, share);
    for (int64_t q = 0, t = 0; q + 1 < n; q++) {
        int64_t r = q + 1;
        for (; r + MN_KRON_BATCH <= n; r += MN_KRON_BATCH, t += MN_KRON_BATCH) {
            double update[MN_KRON_BATCH];
            mn_quad product = star[q] * *(const mn_quad *)(share + r);
            mn_quad_flush(&product, MN_KRON_TINY);
            *(mn_quad *)update = product;
            add_apart(MN_KRON_BATCH, update, 1, weight, target + t);
            if (keep) {
                *(mn_quad *)(updates + t) = product;
            }
        }
        for (; r < n; r++, t++) {
            const double update = mn_kron_flush_one(star[q] * share[r]);
            weight[target[t]] += update;
            if (keep) {
                updates[t] = update;
            }
        }
    }
    return total;
}

/* Shares and pair updates of a batch of columns of n entries each, whose bits are those of eliminate(). */
MN_INLINE void transform_batch(int n, const double *star, double *share, double *total, double *update,
                               mn_quad_bits *n_dead)
{
    const mn_quad zero = MN_QUAD(0.0), one = MN_QUAD(1.0);
    mn_quad w[MN_KRON_BATCH_ROWS], p[MN_KRON_BATCH_ROWS];
    for (int q = 0; q < n; q++) {
        w[q] = *(const mn_quad *)(star + MN_KRON_BATCH * q);
    }
    mn_quad sum = w[0];
    for (int q = 1; q < n; q++) {
        sum += w[q];
    }
    *(mn_quad *)total = sum;
    const mn_quad_bits dead = sum == zero;
    *n_dead -= dead;
    mn_quad_choose(&sum, &dead, &one);
    for (int q = 0; q < n; q++) { /* only large totals leave shares below DBL_MIN: as mn_kron_shares() has it */
        p[q] = w[q] / sum;
        mn_quad_flush(&p[q], DBL_MIN);
        *(mn_quad *)(share + MN_KRON_BATCH * q) = p[q];
    }
    for (int q = 0; q + 1 < n; q++) {
        for (int r = q + 1; r < n; r++, update += MN_KRON_BATCH) {
            mn_quad product = w[q] * p[r];
            mn_quad_flush(&product, MN_KRON_TINY);
            *(mn_quad *)update = product;
        }
    }
}

/* Column after column, so that each slot gets its updates in the order of the columns. */
MN_INLINE void add_updates(int n_pairs, const double *update, double *restrict weight, const int32_t *restrict target,
                           double *restrict updates, bool keep)
{
    for (int i = 0; i < MN_KRON_BATCH; i++, target += n_pairs) {
        for (int t = 0; t < n_pairs; t++) {
            weight[target[t]] += update[MN_KRON_BATCH * t + i];
            if (keep) {
                *updates++ = update[MN_KRON_BATCH * t + i];
            }
        }
    }
}

MN_INLINE void eliminate_batch(int n, const double *star, double *share, double *total, double *weight,
                               const int32_t *target, double *updates, bool keep, mn_quad_bits *n_dead)
{
    double update[MN_KRON_BATCH * MN_KRON_BATCH_ROWS * (MN_KRON_BATCH_ROWS - 1) / 2];
    transform_batch(n, star, share, total, update, n_dead);
    add_updates(n * (n - 1) / 2, update, weight, target, updates, keep);
}

MN_INLINE int64_t eliminate_columns(mn_kron *kron, int64_t begin, int64_t end, double *weight, int64_t offset,
                                    bool keep)
{
    const mn_kron_schedule *s = &kron->schedule;
    mn_quad_bits dead = MN_QUAD(0);
    int64_t n_dead = 0;
    for (int64_t k = begin, lanes; k < end; k += lanes) {
        const int32_t n = s->length[k];
        const double *star = weight + (s->column[k] + offset);
        double *share = kron->share + s->column[k];
        double *total = kron->total + k;
        const int32_t *target = kron->target + s->pair[k];
        double *updates = keep ? kron->update + s->pair[k] : NULL;
        lanes = s->lanes[k];
        if (lanes == 1) {
            switch (n) { /* sparse networks have few neighbours: one jump instead of loops that end unforeseen */
            case 1:
                *total = eliminate(1, star, share, weight, target, updates, keep);
                break;
            case 2:
                *total = eliminate(2, star, share, weight, target, updates, keep);
                break;
            case 3:
                *total = eliminate(3, star, share, weight, target, updates, keep);
                break;
            case 4:
                *total = eliminate(4, star, share, weight, target, updates, keep);
                break;
            default:
                *total = eliminate(n, star, share, weight, target, updates, keep);
                break;
            }
            n_dead += *total == 0.0;
            continue;
        }
        switch (n) {
        case 1:
            eliminate_batch(1, star, share, total, weight, target, updates, keep, &dead);
            break;
        case 2:
            eliminate_batch(2, star, share, total, weight, target, updates, keep, &dead);
            break;
        case 3:
            eliminate_batch(3, star, share, total, weight, target, updates, keep, &dead);
            break;
        case 4:
            eliminate_batch(4, star, share, total, weight, target, updates, keep, &dead);
            break;
        case 5:
            eliminate_batch(5, star, share, total, weight, target, updates, keep, &dead);
            break;
        case 6:
            eliminate_batch(6, star, share, total, weight, target, updates, keep, &dead);
            break;
        default:
            eliminate_batch(7, star, share, total, weight, target, updates, keep, &dead);
            break;
        }
    }
    return n_dead + (dead[0] + dead[1] + dead[2] + dead[3]);
}

MN_VECTOR static int64_t eliminate_plain(mn_kron *kron, int64_t begin, int64_t end, double *weight, int64_t offset)
{
    return eliminate_columns(kron, begin, end, weight, offset, false);
}

MN_VECTOR static int64_t eliminate_keeping(mn_kron *kron, int64_t begin, int64_t end, double *weight, int64_t offset)
{
    return eliminate_columns(kron, begin, end, weight, offset, true);
}

int64_t mn_kron_eliminate_columns(mn_kron *kron, int64_t begin, int64_t end, double *weight, int64_t offset, bool keep)
{
    return keep ? eliminate_keeping(kron, begin, end, weight, offset)
                : eliminate_plain(kron, begin, end, weight, offset);
}
