/* Elimination of supernodes, in a panel, where what is before and behind a column is 0: loops run over whole vectors,
 * and what is outside adds 0. Every slot takes its updates one after the other in the order of the columns. Columns lie
 * in the panel as their shares are read for others: of what was written a moment ago, processors pass on at once only
 * what is read in the same pieces. */
#include "circuit/kron_supernodes.h"

#include "base/vector.h"

enum { LINE = 64, STRIDE = MN_KRON_SUPERNODE_ENTRIES + MN_KRON_LANES }; /* bytes; numbers */

/* A row each column. */
typedef struct {
    _Alignas(LINE) double weight[MN_KRON_SUPERNODE_PIVOTS][STRIDE];
    double share[MN_KRON_SUPERNODE_PIVOTS][STRIDE];
} panel;

/* Four places of column t from j on, with the updates from the columns before it. */
MN_INLINE void load_four(const panel *x, int64_t t, int64_t j, const double *weight, mn_quad *w)
{
    *w = *(const mn_quad *)(weight + j);
    for (int64_t i = 0; i < t; i++) {
        const double a = x->weight[i][t - 1];
        const mn_quad factor = MN_QUAD(a), product = factor * *(const mn_quad *)(x->share[i] + j);
        mn_quad_add_flushed(w, &product);
    }
}

/* Column t, which ends at place n, and its W_k, summed as mn_kron_total() does; place j is at weight[j]. */
MN_INLINE double load_column(panel *x, int64_t t, int64_t n, int64_t n_blocks, const double *weight)
{
    mn_quad low = MN_QUAD(0.0), high = MN_QUAD(0.0), w[2];
    for (int64_t b = 0; b < n_blocks; b++) {
        const int64_t j = b * MN_KRON_LANES, left = n - j;
        const int64_t *from = mn_kron_places_from(b == 0 ? t : 0);
        const int64_t *before = mn_kron_places_before(left < MN_KRON_LANES ? left : MN_KRON_LANES);
        for (int64_t h = 0; h < 2; h++) {
            load_four(x, t, j + h * MN_KRON_BATCH, weight, &w[h]);
            mn_quad_keep(&w[h], from + h * MN_KRON_BATCH);
            mn_quad_keep(&w[h], before + h * MN_KRON_BATCH);
            *(mn_quad *)(x->weight[t] + j + h * MN_KRON_BATCH) = w[h];
        }
        low += w[0];
        high += w[1];
    }
    return n - t < MN_KRON_LANES ? mn_kron_total(n - t, x->weight[t] + t) : mn_kron_join_from(t, &low, &high);
}

/* As mn_kron_shares(). */
MN_INLINE void find_shares(panel *x, int64_t t, int64_t n_blocks, double total)
{
    const double one = total > 0.0 ? total : 1.0;
    const mn_quad divisor = MN_QUAD(one), zero = MN_QUAD(0.0);
    for (int64_t j = 0; j < n_blocks * MN_KRON_LANES; j += MN_KRON_BATCH) {
        mn_quad p = *(const mn_quad *)(x->weight[t] + j) / divisor;
        mn_quad_flush(&p, DBL_MIN); /* only large totals leave such shares */
        *(mn_quad *)(x->share[t] + j) = p;
    }
    *(mn_quad *)(x->share[t] + n_blocks * MN_KRON_LANES) = zero;
}

/* True where W_k = 0. */
MN_INLINE bool eliminate_column(panel *x, int64_t t, int64_t n, int64_t n_blocks, const double *weight, double *total)
{
    total[t] = load_column(x, t, n, n_blocks, weight);
    find_shares(x, t, n_blocks, total[t]);
    return total[t] == 0.0;
}

/* The m columns, one after the other and by name, so that compilers know t. */
MN_INLINE int64_t eliminate_columns(panel *x, int m, int64_t n, int64_t n_blocks, const double *weight, double *total)
{
    int64_t n_dead = eliminate_column(x, 0, n, n_blocks, weight, total);
    if (m > 1) {
        n_dead += eliminate_column(x, 1, n, n_blocks, weight + (n - 1), total);
    }
    if (m > 2) {
        n_dead += eliminate_column(x, 2, n, n_blocks, weight + (2 * n - 3), total);
    }
    if (m > 3) {
        n_dead += eliminate_column(x, 3, n, n_blocks, weight + (3 * n - 6), total);
    }
    return n_dead;
}

/* Updates of pairs of rows behind the pivots; all columns end at place n. */
MN_INLINE void update_rest(const panel *x, int m, int64_t n, int64_t n_quads, const uint8_t *pair,
                           const int32_t *restrict target, double *restrict weight)
{
    for (int64_t i = 0; i < n_quads; i++, target += MN_KRON_BATCH) {
        const double *w = x->weight[0] + (n - pair[2 * i]), *p = x->share[0] + (n - pair[2 * i + 1]);
        mn_quad sum = {weight[target[0]], weight[target[1]], weight[target[2]], weight[target[3]]};
        for (int64_t t = 0; t < m; t++) {
            const double a = w[t * STRIDE];
            const mn_quad factor = MN_QUAD(a), product = factor * *(const mn_quad *)(p + t * STRIDE);
            mn_quad_add_flushed(&sum, &product);
        }
        weight[target[0]] = sum[0];
        weight[target[1]] = sum[1];
        weight[target[2]] = sum[2];
        weight[target[3]] = sum[3];
    }
}

/* Shares from the panel. Zeros follow those of a column until the next one's come. */
MN_INLINE void store_shares(const panel *x, int m, int64_t n, int64_t n_blocks, double *share)
{
    for (int64_t t = 0; t < m; t++) {
        for (int64_t j = 0; j < n_blocks * MN_KRON_LANES; j += MN_KRON_BATCH) {
            mn_quad p = *(const mn_quad *)(x->share[t] + t + j);
            mn_quad_flush(&p, DBL_MIN); /* once more: of a mere copy compilers make a call */
            *(mn_quad *)(share + j) = p;
        }
        share += n - t;
    }
}

MN_INLINE int64_t eliminate(const mn_kron *kron, const mn_kron_run *run, int m, int64_t n_blocks)
{
    const mn_kron_schedule *s = &kron->schedule;
    const int64_t n = run->length, first = run->first;
    panel x;
    const int64_t n_dead = eliminate_columns(&x, m, n, n_blocks, kron->weight + s->column[first], kron->total + first);
    update_rest(&x, m, n, run->n_quads, s->rest_pair, s->rest + run->rest, kron->weight);
    store_shares(&x, m, n, n_blocks, kron->share + s->column[first]);
    return n_dead;
}

/* Loops that end where compilers see it. */
MN_INLINE int64_t eliminate_pivots(const mn_kron *kron, const mn_kron_run *run, int m)
{
    switch (mn_kron_blocks_of(run)) {
    case 1:
        return eliminate(kron, run, m, 1);
    case 2:
        return eliminate(kron, run, m, 2);
    case 3:
        return eliminate(kron, run, m, 3);
    default:
        return eliminate(kron, run, m, mn_kron_blocks_of(run));
    }
}

MN_VECTOR static int64_t eliminate_all(const mn_kron *kron, const mn_kron_run *run, const mn_kron_run *end)
{
    int64_t n_dead = 0;
    for (; run < end; run++) {
        switch (run->end - run->first) {
        case 1:
            n_dead += eliminate_pivots(kron, run, 1);
            break;
        case 2:
            n_dead += eliminate_pivots(kron, run, 2);
            break;
        case 3:
            n_dead += eliminate_pivots(kron, run, 3);
            break;
        default:
            n_dead += eliminate_pivots(kron, run, MN_KRON_SUPERNODE_PIVOTS);
            break;
        }
    }
    return n_dead;
}

int64_t mn_kron_eliminate_supernodes(mn_kron *kron, const mn_kron_run *run, const mn_kron_run *end)
{
    return eliminate_all(kron, run, end);
}
