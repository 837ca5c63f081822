/* Back-substitution: listed columns in the batches of their elimination, fronts pivot by pivot, last ones first. */
#include "circuit/kron_substitute.h"

#include "base/threads.h"
#include "base/vector.h"
#include "circuit/kron_apart.h"
#include "circuit/kron_subtrees.h"
#include "circuit/kron_supernodes.h"

/* What potentials of free vertices are found with. */
typedef struct {
    const mn_kron *kron;
    bool injected;     /* whether there are currents in kron->current */
    double low, high;  /* the potentials of electrodes */
    int32_t level;     /* of the parts at hand */
    mn_kron_deal deal; /* these parts */
} substitution;

/* v_k = sum_j p_kj v_j (+ b_k / W_k). Without injected currents a potential is a mean of later ones: held between low
 * and high, it keeps the maximum principle whatever the rounding of the shares' sum. */
static inline double potential_of(const mn_kron *kron, bool injected, double low, double high, int64_t k, double sum)
{
    if (injected) {
        return sum + (kron->total[k] > 0.0 ? kron->current[k] / kron->total[k] : 0.0);
    }
    sum = sum < low ? low : sum;
    return sum > high ? high : sum;
}

/* ------------------------------------------------------------------ lists */

/* sum_j p_kj v_j of a long column, in lanes as its W_k. */
static inline double mean_of_many(int64_t n, const double *restrict share, const int32_t *restrict row,
                                  const double *restrict v)
{
    double lane[MN_KRON_LANES] = {0.0};
    int64_t q = 0;
    for (; q + MN_KRON_LANES <= n; q += MN_KRON_LANES) {
        for (int64_t i = 0; i < MN_KRON_LANES; i++) {
            lane[i] += mn_kron_flush_signed(share[q + i] * v[row[q + i]]);
        }
    }
    for (int64_t i = 0; q < n; q++, i++) {
        lane[i] += mn_kron_flush_signed(share[q] * v[row[q]]);
    }
    return mn_kron_join_lanes(lane);
}

/* A batch of columns of n entries each, whose bits are those of one column after the other. */
MN_INLINE void substitute_batch(const substitution *with, int64_t k, int n, const double *share, const int32_t *row)
{
    const mn_quad least = MN_QUAD(with->low), most = MN_QUAD(with->high);
    double *v = with->kron->potential;
    mn_quad sum = MN_QUAD(0.0);
    for (int q = 0; q < n; q++, share += MN_KRON_BATCH, row += MN_KRON_BATCH) {
        mn_quad term = {v[row[0]], v[row[1]], v[row[2]], v[row[3]]};
        term *= *(const mn_quad *)share;
        mn_quad_flush_signed(&term, MN_KRON_TINY);
        sum += term;
    }
    if (with->injected) {
        for (int64_t i = 0; i < MN_KRON_BATCH; i++) {
            v[k + i] = potential_of(with->kron, true, with->low, with->high, k + i, sum[i]);
        }
        return;
    }
    const mn_quad_bits below = sum < least;
    mn_quad_choose(&sum, &below, &least);
    const mn_quad_bits above = sum > most;
    mn_quad_choose(&sum, &above, &most);
    *(mn_quad *)(v + k) = sum;
}

/* Batches of columns of n entries. */
MN_INLINE void substitute_batches(const substitution *with, const mn_kron_run *run, int n)
{
    const mn_kron_schedule *s = &with->kron->schedule;
    const int64_t last = run->end - MN_KRON_BATCH;
    const double *share = with->kron->share + s->column[last];
    const int32_t *row = s->row + s->first_row[last];
    for (int64_t k = last; k >= run->first; k -= MN_KRON_BATCH) {
        substitute_batch(with, k, n, share, row);
        share -= MN_KRON_BATCH * n;
        row -= MN_KRON_BATCH * n;
    }
}

MN_INLINE void substitute_one(const substitution *with, int64_t k)
{
    const mn_kron *kron = with->kron;
    const mn_kron_schedule *s = &kron->schedule;
    const int64_t n = s->length[k];
    const double *share = kron->share + s->column[k];
    const int32_t *row = s->row + s->first_row[k];
    double *v = kron->potential;
    double sum = 0.0;
    if (n >= MN_KRON_LANES) {
        sum = mean_of_many(n, share, row, v);
    } else {
        for (int64_t q = 0; q < n; q++) {
            sum += mn_kron_flush_signed(share[q] * v[row[q]]);
        }
    }
    v[k] = potential_of(kron, with->injected, with->low, with->high, k, sum);
}

/* Potentials of the rows of a supernode's last column at their places; those of its pivots are 0 at first. */
MN_INLINE void gather_potentials(const mn_kron *kron, const mn_kron_run *run, int m, int64_t n_blocks, mn_quad *v)
{
    const double *x = kron->potential;
    const int32_t *first = kron->schedule.row + kron->schedule.first_row[run->end - 1], *row = first - (m - 1);
    for (int64_t b = 0; b < n_blocks; b++) {
        const int64_t left = run->length - b * MN_KRON_LANES;
        const int64_t *before = mn_kron_places_before(left < MN_KRON_LANES ? left : MN_KRON_LANES);
        for (int64_t h = 0; h < 2; h++, row += MN_KRON_BATCH) {
            mn_quad found;
            for (int64_t i = 0; i < MN_KRON_BATCH; i++) { /* rows behind are another column's */
                found[i] = x[b + 1 < n_blocks || h * MN_KRON_BATCH + i < left ? row[i] : *first];
            }
            mn_quad_keep(&found, before + h * MN_KRON_BATCH);
            v[2 * b + h] = found;
        }
    }
    mn_quad_keep(&v[0], mn_kron_places_from(m - 1));
}

/* sum_j p_kj v_j of column t, which ends at place n, summed as W_k; place j is at share[j]. */
MN_INLINE double mean_of_places(int64_t t, int64_t n, int64_t n_blocks, const double *share, const mn_quad *v)
{
    mn_quad low = MN_QUAD(0.0), high = MN_QUAD(0.0);
    if (n - t < MN_KRON_LANES) {
        double x[2 * MN_KRON_LANES], sum = 0.0;
        for (int64_t b = 0; b < (n_blocks < 2 ? 2 : 4); b++) {
            *(mn_quad *)(x + MN_KRON_BATCH * b) = v[b];
        }
        for (int64_t j = t; j < n; j++) {
            sum += mn_kron_flush_signed(share[j] * x[j]);
        }
        return sum;
    }
    for (int64_t b = 0; b < n_blocks; b++, share += MN_KRON_LANES) {
        const mn_quad first = *(const mn_quad *)share * v[2 * b];
        const mn_quad second = *(const mn_quad *)(share + MN_KRON_BATCH) * v[2 * b + 1];
        mn_quad_add_flushed_signed(&low, &first);
        mn_quad_add_flushed_signed(&high, &second);
    }
    return mn_kron_join_from(t, &low, &high);
}

MN_INLINE void substitute_pivot(const substitution *with, const mn_kron_run *run, int64_t t, int64_t n_blocks,
                                const double *share, mn_quad *v)
{
    const int64_t k = run->first + t;
    const double sum = mean_of_places(t, run->length, n_blocks, share, v);
    const double x = potential_of(with->kron, with->injected, with->low, with->high, k, sum);
    with->kron->potential[k] = x;
    if (t > 0) {
        v[0][t - 1] = x;
    }
}

/* The m pivots one after the other and by name, so that compilers know t. */
MN_INLINE void substitute_pivots(const substitution *with, const mn_kron_run *run, int m, int64_t n_blocks)
{
    const int64_t n = run->length;
    const double *share = with->kron->share + with->kron->schedule.column[run->first];
    mn_quad v[2 * MN_KRON_SUPERNODE_BLOCKS];
    gather_potentials(with->kron, run, m, n_blocks, v);
    if (m > 3) {
        substitute_pivot(with, run, 3, n_blocks, share + (3 * n - 6), v);
    }
    if (m > 2) {
        substitute_pivot(with, run, 2, n_blocks, share + (2 * n - 3), v);
    }
    if (m > 1) {
        substitute_pivot(with, run, 1, n_blocks, share + (n - 1), v);
    }
    substitute_pivot(with, run, 0, n_blocks, share, v);
}

/* Loops that end where compilers see it. */
MN_INLINE void substitute_blocks(const substitution *with, const mn_kron_run *run, int m)
{
    switch (mn_kron_blocks_of(run)) {
    case 1:
        substitute_pivots(with, run, m, 1);
        break;
    case 2:
        substitute_pivots(with, run, m, 2);
        break;
    case 3:
        substitute_pivots(with, run, m, 3);
        break;
    default:
        substitute_pivots(with, run, m, mn_kron_blocks_of(run));
        break;
    }
}

MN_INLINE void substitute_supernode(const substitution *with, const mn_kron_run *run)
{
    switch (run->end - run->first) {
    case 1:
        substitute_blocks(with, run, 1);
        break;
    case 2:
        substitute_blocks(with, run, 2);
        break;
    case 3:
        substitute_blocks(with, run, 3);
        break;
    default:
        substitute_blocks(with, run, MN_KRON_SUPERNODE_PIVOTS);
        break;
    }
}

MN_INLINE void substitute_run(const substitution *with, const mn_kron_run *run)
{
    if (run->rest >= 0) {
        substitute_supernode(with, run);
        return;
    }
    if (run->lanes == 1) {
        for (int64_t k = run->end - 1; k >= run->first; k--) {
            substitute_one(with, k);
        }
        return;
    }
    switch (run->length) {
    case 1:
        substitute_batches(with, run, 1);
        break;
    case 2:
        substitute_batches(with, run, 2);
        break;
    case 3:
        substitute_batches(with, run, 3);
        break;
    case 4:
        substitute_batches(with, run, 4);
        break;
    default:
        substitute_batches(with, run, run->length);
        break;
    }
}

/* Those from `end` - 1 down to `begin`. */
MN_VECTOR static void substitute_runs(const substitution *with, int64_t begin, int64_t end)
{
    for (int64_t i = end; i-- > begin;) { /* there may be none: then nothing is before it either */
        substitute_run(with, &with->kron->schedule.run[i]);
    }
}

/* A part of a list as it was dealt out for its elimination: the thread has the shares. */
static void take_part(void *context, int64_t index, int64_t thread)
{
    const substitution *with = context;
    const mn_kron_part *part = &with->kron->schedule.part[with->deal.dealt[index].task];
    const uint64_t mode = mn_kron_fast_subnormals();
    (void)thread;
    if (part->level == with->level) {
        substitute_runs(with, part->run, part->run_end);
    }
    mn_kron_restore_subnormals(mode);
}

/* Level after level from the last one on; the parts of one do not know of each other. */
static void substitute_parts(substitution *with)
{
    const mn_kron_schedule *s = &with->kron->schedule;
    if (!mn_kron_apart_is_used(with->kron)) {
        substitute_runs(with, 0, s->n_runs);
        return;
    }
    for (int64_t end = s->n_parts, begin; end > 0; end = begin) {
        begin = mn_kron_level_begin(s, end);
        with->level = s->part[begin].level;
        with->deal = mn_kron_apart_deal(with->kron, begin);
        mn_threads_run_dealt(with->kron->threads, take_part, with, with->deal.begin);
    }
}

/* ------------------------------------------------------------------ fronts */

/* Columns of a listed front. */
MN_VECTOR static void substitute_columns(const substitution *with, int64_t begin, int64_t end)
{
    for (int64_t k = end - 1; k >= begin; k--) {
        substitute_one(with, k);
    }
}

/* sum_j p_kj v_j of potentials that lie side by side, in lanes as W_k. */
static inline double mean_side_by_side(int64_t n, const double *restrict share, const double *restrict v)
{
    double lane[MN_KRON_LANES] = {0.0};
    int64_t q = 0;
    for (; q + MN_KRON_LANES <= n; q += MN_KRON_LANES) {
        for (int64_t i = 0; i < MN_KRON_LANES; i++) {
            lane[i] += mn_kron_flush_signed(share[q + i] * v[q + i]);
        }
    }
    for (int64_t i = 0; q < n; q++, i++) {
        lane[i] += mn_kron_flush_signed(share[q] * v[q]);
    }
    return mn_kron_join_lanes(lane);
}

/* The pivots of a front find their potentials side by side, in v. */
MN_VECTOR static void substitute_front(const substitution *with, const mn_kron_front *f, double *v)
{
    const mn_kron *kron = with->kron;
    const mn_kron_schedule *s = &kron->schedule;
    const int64_t n = (int64_t)f->n_pivots + f->n_rows;
    const int32_t *row = s->row + f->row;
    for (int64_t j = f->n_pivots; j < n; j++) {
        v[j] = kron->potential[row[j]];
    }
    for (int64_t t = f->n_pivots - 1; t >= 0; t--) {
        const int64_t k = f->first + t;
        const double sum = mean_side_by_side(n - t - 1, kron->share + s->column[k], v + t + 1);
        v[t] = kron->potential[k] = potential_of(kron, with->injected, with->low, with->high, k, sum);
    }
}

static void substitute(const substitution *with, int64_t i, double *v)
{
    const mn_kron_front *f = &with->kron->schedule.front[i];
    if (f->listed) {
        substitute_columns(with, f->first, f->first + f->n_pivots);
    } else {
        substitute_front(with, f, v);
    }
}

static void substitute_subtree(void *context, int64_t index, int64_t thread)
{
    const substitution *with = context;
    const mn_kron_subtrees *subtrees = with->kron->subtrees;
    const mn_kron_subtree *subtree = &subtrees->subtree[index];
    const uint64_t mode = mn_kron_fast_subnormals();
    for (int64_t i = subtree->last; i >= subtree->first; i--) {
        substitute(with, i, subtrees->space[thread].panel);
    }
    mn_kron_restore_subnormals(mode);
}

/* The fronts above all subtrees, then these side by side. */
static void substitute_subtrees(substitution *with)
{
    const mn_kron_subtrees *subtrees = with->kron->subtrees;
    for (int64_t k = subtrees->n_top - 1; k >= 0; k--) {
        if (subtrees->subtree_of[subtrees->top[k]] < 0) {
            substitute(with, subtrees->top[k], with->kron->space.panel);
        }
    }
    mn_threads_run_dealt(with->kron->threads, substitute_subtree, with, subtrees->begin);
}

/* ------------------------------------------------------------------ both */

void mn_kron_potential_range(const mn_kron *kron, double *low, double *high)
{
    const mn_kron_schedule *s = &kron->schedule;
    *low = DBL_MAX;
    *high = -DBL_MAX;
    for (int64_t k = s->n_free; k < s->n_free + s->n_electrodes; k++) {
        if (kron->reached[k]) {
            *low = kron->potential[k] < *low ? kron->potential[k] : *low;
            *high = kron->potential[k] > *high ? kron->potential[k] : *high;
        }
    }
}

void mn_kron_substitute(mn_kron *kron, bool injected)
{
    const mn_kron_schedule *s = &kron->schedule;
    substitution with = {.kron = kron, .injected = injected};
    mn_kron_potential_range(kron, &with.low, &with.high);
    if (mn_kron_subtrees_used(kron) != NULL) {
        substitute_subtrees(&with);
        return;
    }
    if (s->n_fronts == 0) {
        substitute_parts(&with);
    }
    for (int64_t i = s->n_fronts - 1; i >= 0; i--) {
        substitute(&with, i, kron->space.panel);
    }
}
