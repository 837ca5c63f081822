/* Back-substitution: listed columns in the batches of their elimination, fronts pivot by pivot, last ones first. */
#include "circuit/kron_substitute.h"

#include "base/threads.h"
#include "base/vector.h"
#include "circuit/kron_lanes.h"
#include "circuit/kron_subtrees.h"

/* What potentials of free vertices are found with. */
typedef struct {
    const mn_kron *kron;
    bool injected;            /* whether there are currents in kron->current */
    double low, high;         /* the potentials of electrodes */
    const mn_kron_part *last; /* of the level at hand */
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

/* Potentials of n vertices side by side, zeros behind them; some more of row[] are read. */
MN_INLINE void gather_potentials(int64_t n, const int32_t *row, const double *potential, double *v)
{
    for (int64_t q = 0; q < n; q++) {
        v[q] = potential[row[q]];
    }
    const mn_quad zero = MN_QUAD(0.0);
    *(mn_quad *)(v + n) = zero;
    *(mn_quad *)(v + n + MN_KRON_BATCH) = zero;
    *(mn_quad *)(v + n + MN_KRON_LANES) = zero;
    *(mn_quad *)(v + n + MN_KRON_LANES+MN_KRON_BATCH) = zero;
}

/* The first eight of the potentials that a column of a supernode meets: these change from column to column. */
typedef struct {
    mn_quad low, high;
} window;

MN_INLINE void add_terms(mn_quad *sum, const double *share, const mn_quad *v)
{
    const mn_quad term = *(const mn_quad *)share * *v;
    mn_quad_add_flushed_signed(sum, &term);
}

/* sum_j p_kj v_j of n potentials, as W_k is summed; v: those behind the window, zeros behind them. */
MN_INLINE double mean_in_window(int64_t n, const double *share, const window *first, const double *v)
{
    mn_quad low = MN_QUAD(0.0), high = MN_QUAD(0.0);
    add_terms(&low, share, &first->low);
    add_terms(&high, share + MN_KRON_BATCH, &first->high);
    if (n < MN_KRON_LANES) {
        const double term[MN_KRON_LANES] = {low[0], low[1], low[2], low[3], high[0], high[1], high[2], high[3]};
        double sum = 0.0;
        for (int64_t q = 0; q < n; q++) {
            sum += term[q];
        }
        return sum;
    }
    for (int64_t q = MN_KRON_LANES; q < n; q += MN_KRON_LANES, v += MN_KRON_LANES) {
        const mn_quad v_low = *(const mn_quad *)v, v_high = *(const mn_quad *)(v + MN_KRON_BATCH);
        add_terms(&low, share + q, &v_low);
        add_terms(&high, share + q + MN_KRON_BATCH, &v_high);
    }
    return ((low[0] + low[1]) + (low[2] + low[3])) + ((high[0] + high[1]) + (high[2] + high[3]));
}

MN_INLINE void substitute_supernode(const substitution *with, const mn_kron_run *run)
{
    const mn_kron *kron = with->kron;
    const mn_kron_schedule *s = &kron->schedule;
    const int64_t last = run->end - 1, n_pivots = run->end - run->first;
    int64_t n = run->length - n_pivots + 1;
    const double *share = kron->share + s->column[last];
    double rest[MN_KRON_SUPERNODE_ROWS + 2 * MN_KRON_LANES];
    gather_potentials(n, s->row + s->first_row[last], kron->potential, rest);
    window first = {.low = *(const mn_quad *)rest, .high = *(const mn_quad *)(rest + MN_KRON_BATCH)};
    const double *v = rest + MN_KRON_LANES;
    for (int64_t k = last; k >= run->first; k--, n++, v--) {
        const double sum = mean_in_window(n, share, &first, v);
        const double potential = potential_of(kron, with->injected, with->low, with->high, k, sum);
        kron->potential[k] = potential;
        first.high = (mn_quad){first.low[3], first.high[0], first.high[1], first.high[2]};
        first.low = (mn_quad){potential, first.low[0], first.low[1], first.low[2]};
        share -= n + 1;
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
    const mn_kron_run *first = with->kron->schedule.run + begin;
    for (const mn_kron_run *run = with->kron->schedule.run + end; run-- > first;) {
        substitute_run(with, run);
    }
}

/* A part of a list, counted from the last one. */
static void substitute_part(void *context, int64_t index, int64_t thread)
{
    const substitution *with = context;
    const mn_kron_part *part = with->last - index;
    const uint64_t mode = mn_kron_fast_subnormals();
    (void)thread;
    substitute_runs(with, part->run, part->run_end);
    mn_kron_restore_subnormals(mode);
}

/* Level after level from the last one on; the parts of one do not know of each other. */
static void substitute_parts(substitution *with)
{
    const mn_kron_schedule *s = &with->kron->schedule;
    for (int64_t end = s->n_parts, begin; end > 0; end = begin) {
        begin = mn_kron_level_begin(s, end);
        with->last = &s->part[end - 1];
        mn_threads_run(with->kron->threads, substitute_part, with, end - begin);
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
    mn_threads_run(with->kron->threads, substitute_subtree, with, subtrees->n_subtrees);
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
    if (kron->subtrees != NULL) {
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
