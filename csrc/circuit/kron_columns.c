/* Star-mesh transforms of columns by the list of their updates. */
#include "circuit/kron_columns.h"

#include "base/vector.h"
#include "circuit/kron_apart.h"
#include "circuit/kron_lanes.h"
#include "circuit/kron_supernodes.h"

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

/* What is at hand: places of the next column in the arrays. */
typedef struct {
    const double *star;
    double *share;
    double *total;
    const int32_t *target;
    double *update; /* NULL: they are not kept */
} place;

/* Batches of columns of n entries. */
MN_INLINE void eliminate_batches(int n, int64_t n_batches, place at, double *weight, mn_quad_bits *n_dead)
{
    const int n_pairs = n * (n - 1) / 2;
    const bool keep = at.update != NULL;
    for (int64_t i = 0; i < n_batches; i++) {
        double update[MN_KRON_BATCH * MN_KRON_BATCH_ROWS * (MN_KRON_BATCH_ROWS - 1) / 2];
        transform_batch(n, at.star, at.share, at.total, update, n_dead);
        add_updates(n_pairs, update, weight, at.target, at.update, keep);
        at.star += MN_KRON_BATCH * n;
        at.share += MN_KRON_BATCH * n;
        at.total += MN_KRON_BATCH;
        at.target += MN_KRON_BATCH * n_pairs;
        if (keep) {
            at.update += MN_KRON_BATCH * n_pairs;
        }
    }
}

/* Columns of n entries, one after the other; returns how many have W_k = 0. */
MN_INLINE int64_t eliminate_one_by_one(int64_t n, int64_t n_columns, place at, double *weight)
{
    const bool keep = at.update != NULL;
    int64_t n_dead = 0;
    for (int64_t i = 0; i < n_columns; i++) {
        *at.total = eliminate(n, at.star, at.share, weight, at.target, at.update, keep);
        n_dead += *at.total == 0.0;
        at.star += n;
        at.share += n;
        at.total++;
        at.target += n * (n - 1) / 2;
        if (keep) {
            at.update += n * (n - 1) / 2;
        }
    }
    return n_dead;
}

/* The columns of a supernode, the first of n entries. */
MN_INLINE int64_t eliminate_nested(int64_t n, int64_t n_columns, place at, double *weight)
{
    int64_t n_dead = 0;
    for (int64_t i = 0; i < n_columns; i++, n--) {
        n_dead += eliminate_one_by_one(n, 1, at, weight);
        at.star += n;
        at.share += n;
        at.total++;
        at.target += n * (n - 1) / 2;
        if (at.update != NULL) {
            at.update += n * (n - 1) / 2;
        }
    }
    return n_dead;
}

MN_INLINE int64_t eliminate_run(const mn_kron_run *run, place at, double *weight)
{
    const int64_t n_columns = run->end - run->first, n_batches = n_columns / MN_KRON_BATCH;
    mn_quad_bits dead = MN_QUAD(0);
    if (run->rest >= 0) {
        return eliminate_nested(run->length, n_columns, at, weight);
    }
    if (run->lanes == 1) {
        return eliminate_one_by_one(run->length, n_columns, at, weight);
    }
    switch (run->length) { /* loops that end where compilers see it */
    case 1:
        eliminate_batches(1, n_batches, at, weight, &dead);
        break;
    case 2:
        eliminate_batches(2, n_batches, at, weight, &dead);
        break;
    case 3:
        eliminate_batches(3, n_batches, at, weight, &dead);
        break;
    case 4:
        eliminate_batches(4, n_batches, at, weight, &dead);
        break;
    case 5:
        eliminate_batches(5, n_batches, at, weight, &dead);
        break;
    case 6:
        eliminate_batches(6, n_batches, at, weight, &dead);
        break;
    default:
        eliminate_batches(7, n_batches, at, weight, &dead);
        break;
    }
    return dead[0] + dead[1] + dead[2] + dead[3];
}

MN_INLINE int64_t eliminate_runs(mn_kron *kron, int64_t begin, int64_t end, bool keep)
{
    const mn_kron_schedule *s = &kron->schedule;
    int64_t n_dead = 0;
    for (const mn_kron_run *run = s->run + begin; run < s->run + end; run++) {
        const int64_t k = run->first;
        if (run->rest >= 0 && !keep && !mn_kron_apart_is_used(kron)) {
            const mn_kron_run *last = run + 1;
            while (last < s->run + end && last->rest >= 0) {
                last++;
            }
            n_dead += mn_kron_eliminate_supernodes(kron, run, last);
            run = last - 1;
            continue;
        }
        const place at = {.star = kron->weight + s->column[k],
                          .share = kron->share + s->column[k],
                          .total = kron->total + k,
                          .target = kron->target + s->pair[k],
                          .update = keep ? kron->update + s->pair[k] : NULL};
        n_dead += eliminate_run(run, at, kron->weight);
    }
    return n_dead;
}

MN_VECTOR static int64_t eliminate_plainly(mn_kron *kron, int64_t begin, int64_t end)
{
    return eliminate_runs(kron, begin, end, false);
}

MN_VECTOR static int64_t eliminate_and_keep(mn_kron *kron, int64_t begin, int64_t end)
{
    return eliminate_runs(kron, begin, end, true);
}

MN_VECTOR static int64_t eliminate_listed(mn_kron *kron, int64_t begin, int64_t end, double *weight, int64_t offset)
{
    const mn_kron_schedule *s = &kron->schedule;
    int64_t n_dead = 0;
    for (int64_t k = begin; k < end; k++) {
        const place at = {.star = weight + (s->column[k] + offset),
                          .share = kron->share + s->column[k],
                          .total = kron->total + k,
                          .target = s->target + s->pair[k],
                          .update = NULL};
        n_dead += eliminate_one_by_one(s->length[k], 1, at, weight);
    }
    return n_dead;
}

int64_t mn_kron_eliminate_runs(mn_kron *kron, int64_t begin, int64_t end, bool keep)
{
    return keep ? eliminate_and_keep(kron, begin, end) : eliminate_plainly(kron, begin, end);
}

int64_t mn_kron_eliminate_columns(mn_kron *kron, int64_t begin, int64_t end, double *weight, int64_t offset)
{
    return eliminate_listed(kron, begin, end, weight, offset);
}
