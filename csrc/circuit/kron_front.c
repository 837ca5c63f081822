/* Elimination front by front (multifrontal: Duff and Reid 1983, in sum form). A front takes the conductances of its
 * edges, then the rests of its children in their order, then the updates of its pivots in theirs; what lies between its
 * rows is its rest. Each weight is one sum in that order, however the updates are blocked. */
#include "circuit/kron_front.h"

#include "base/cancel.h"
#include "base/threads.h"
#include "base/vector.h"
#include "circuit/kron_arithmetic.h"
#include "circuit/kron_columns.h"
#include "circuit/kron_lanes.h"
#include "circuit/kron_leaves.h"
#include "circuit/kron_mesh.h"
#include "circuit/kron_subtrees.h"
#include "circuit/kron_tree.h"

#include <string.h>

enum {
    LINE = 8,          /* numbers in a row that are updated together, */
    ROWS = 4,          /* and rows */
    GROUP = 8,         /* pivots that update the other pivots' rows together */
    SHARED_ROWS = 32,  /* that one thread does at a time, where several share a front: */
    LEAST_SHARED = 192 /* one with so many rows */
};

/* Sums of blocks run in the widest vectors there are. Comparisons are made of four numbers at a time (kron_lanes.h), as
 * of eight only processors can that few have. */
typedef double line __attribute__((vector_size(64), may_alias));
typedef double pair __attribute__((vector_size(16), may_alias));

/* The front at hand. Row i holds the weights to what comes behind it; before that, in its first line, zeros. Pivots
 * have a row of shares, too. */
typedef struct {
    int64_t n_pivots;
    int64_t margin; /* where the rows begin */
    int64_t n;      /* where they end */
    int64_t stride;
    double *weight; /* n x stride */
    double *share;  /* MN_KRON_PIVOTS x stride: of the pivots from `base` on */
    int64_t base;
    double least;        /* product of a weight and a share of the pivots at hand, where it is not 0 */
    mn_threads *threads; /* that share it; NULL: it is one thread's */
} front;

/* ------------------------------------------------------------------ what goes in and comes out */

/* Where row i of a rest of n rows begins. */
MN_INLINE int64_t row_of_rest(int64_t n, int64_t i)
{
    return i * (n - 1) - i * (i - 1) / 2;
}

/* sum_ij += rest_ij at the places of the front's rows, for i from `begin` to `end` - 1. */
MN_INLINE void add_rest(int64_t n, int64_t begin, int64_t end, const double *restrict rest,
                        const int32_t *restrict place, double *restrict sum, int64_t stride)
{
    rest += row_of_rest(n, begin);
    for (int64_t i = begin; i < end && i + 1 < n; i++) {
        double *row = sum + place[i] * stride;
        int64_t j = i + 1;
        for (; j + 2 <= n; j += 2, rest += 2) {
            const double both[2] = {row[place[j]] + rest[0], row[place[j + 1]] + rest[1]};
            row[place[j]] = both[0];
            row[place[j + 1]] = both[1];
        }
        if (j < n) {
            row[place[j]] += *rest++;
        }
    }
}

static void add_edges(const mn_kron_schedule *s, const mn_kron_front *f, const double *conductance, double *weight)
{
    for (int64_t e = f->edge; e < f->edge + f->n_edges; e++) {
        weight[s->slot[e]] += mn_kron_flush_one(conductance[s->edge[e]]);
    }
}

/* Rows from `begin` to `end` - 1; the empty ones between pivots and rows stay as they are. Rows are short: calls of
 * memset() and memcpy() would cost more than what they do. */
MN_VECTOR static void clear(const front *d, int64_t begin, int64_t end)
{
    const mn_quad_aligned zero = MN_QUAD(0.0);
    for (int64_t i = begin; i < end; i++) {
        double *row = d->weight + i * d->stride;
        const bool is_empty = i >= d->n_pivots && i < d->margin;
        for (int64_t j = i / LINE * LINE; j < d->stride && !is_empty; j += LINE) {
            *(mn_quad_aligned *)(row + j) = zero;
            *(mn_quad_aligned *)(row + j + 4) = zero;
        }
    }
}

/* The rest, without the empty places: its rows from `begin` to `end` - 1. Whole lines, as long as what they write too
 * much is of rows that follow among these. */
MN_VECTOR static void store_rest(const front *d, int64_t begin, int64_t end, double *rest)
{
    enum { SHORT = 4 };
    rest += row_of_rest(d->n - d->margin, begin);
    for (int64_t i = d->margin + begin; i < d->margin + end; i++) {
        const int64_t n = d->n - i - 1;
        const double *row = d->weight + i * d->stride + i + 1;
        const bool by_lines = n > SHORT && i + 1 < d->margin + end;
        for (int64_t j = 0; j < n && by_lines; j += 4) {
            *(mn_quad *)(rest + j) = *(const mn_quad *)(row + j);
        }
        for (int64_t j = 0; j < n && !by_lines; j++) {
            rest[j] = row[j];
        }
        rest += n;
    }
}

/* n numbers, without a call: rows are short. */
MN_INLINE void copy_short(int64_t n, const double *restrict from, double *restrict to)
{
    int64_t j = 0;
    for (; j + 4 <= n; j += 4) {
        *(mn_quad *)(to + j) = *(const mn_quad *)(from + j);
    }
    for (; j < n; j++) {
        to[j] = from[j];
    }
}

MN_VECTOR static void store_shares(const front *d, int64_t end, double *share)
{
    const int64_t n_rows = d->n - d->margin;
    for (int64_t t = d->base; t < end; t++) {
        const double *row = d->share + (t - d->base) * d->stride;
        const int64_t n_pivots = d->n_pivots - t - 1;
        copy_short(n_pivots, row + t + 1, share);
        copy_short(n_rows, row + d->margin, share + n_pivots);
        share += n_pivots + n_rows;
    }
}

/* ------------------------------------------------------------------ pivots */

/* *least = 0 < *x < *least ? *x : *least */
MN_INLINE void choose_least(mn_quad_aligned *least, const mn_quad_aligned *x)
{
    const mn_quad_aligned zero = MN_QUAD(0.0);
    const mn_quad_bits where = (*x < *least) & (*x > zero);
    *least = (mn_quad_aligned)(((mn_quad_bits)*x & where) | ((mn_quad_bits)*least & ~where));
}

/* Updates of four numbers of row t by pivots from `first` to t - 1, one after the other. */
MN_INLINE void update_quad(const front *d, int64_t first, int64_t t, int64_t j, mn_quad_aligned *sum)
{
    const double *weight = d->weight + first * d->stride + t;
    const double *share = d->share + (first - d->base) * d->stride + j;
    *sum = *(const mn_quad_aligned *)(d->weight + t * d->stride + j);
    for (int64_t s = first; s < t; s++, weight += d->stride, share += d->stride) {
        const mn_quad_aligned product = *weight * *(const mn_quad_aligned *)share;
        mn_quad_add_flushed(sum, &product);
    }
}

/* Row t after the updates of the pivots before it in its group: its sum, in lanes, and its least weight above 0. */
MN_INLINE double finish_row(const front *d, int64_t first, int64_t t, double *least)
{
    const int64_t from = t / LINE * LINE;
    double *row = d->weight + t * d->stride;
    mn_quad_aligned lower = MN_QUAD(DBL_MAX), lanes[2] = {MN_QUAD(0.0), MN_QUAD(0.0)}, sum[2];
    double lane[LINE];
    for (int64_t j = from; j < d->stride; j += LINE) {
        update_quad(d, first, t, j, &sum[0]);
        update_quad(d, first, t, j + 4, &sum[1]);
        *(mn_quad_aligned *)(row + j) = sum[0];
        *(mn_quad_aligned *)(row + j + 4) = sum[1];
        if (j == from) { /* what comes before the row counts nowhere */
            memset(row + from, 0, (size_t)(t + 1 - from) * sizeof(double));
            sum[0] = *(const mn_quad_aligned *)(row + j);
            sum[1] = *(const mn_quad_aligned *)(row + j + 4);
        }
        for (int h = 0; h < 2; h++) {
            lanes[h] += sum[h];
            choose_least(&lower, &sum[h]);
        }
    }
    memcpy(lane, lanes, sizeof lane);
    *least = lower[0];
    for (int i = 1; i < 4; i++) {
        *least = lower[i] < *least ? lower[i] : *least;
    }
    return mn_kron_join_lanes(lane);
}

/* Star-mesh transforms of a group of pivots, among themselves; returns the number with W_k = 0. */
MN_VECTOR static int64_t eliminate_group(front *d, int64_t first, int64_t last, double *total)
{
    int64_t n_dead = 0;
    for (int64_t t = first; t < last; t++) {
        const int64_t from = t / LINE * LINE;
        double least;
        total[t] = finish_row(d, first, t, &least);
        n_dead += total[t] == 0.0;
        mn_kron_shares(d->stride - from, d->weight + t * d->stride + from, total[t],
                       d->share + (t - d->base) * d->stride + from);
        const double product = total[t] > 0.0 ? least * (least / total[t]) : DBL_MAX;
        d->least = product < d->least ? product : d->least;
    }
    return n_dead;
}

/* Updates of rows from `row` to `end` - 1 by pivots from `first` to `last` - 1, one after the other, by blocks of rows
 * and n_vectors vectors. Each form has vectors that its processors know: gcc keeps sums of others in memory. */
#define DEFINE_UPDATE(attributes, name, vector, n_vectors)                                                             \
    attributes static void name(const front *d, int64_t first, int64_t last, int64_t row, int64_t end)                 \
    {                                                                                                                  \
        enum { WIDTH = sizeof(vector) / sizeof(double) };                                                              \
        for (int64_t i = row; i < end; i += ROWS) {                                                                    \
            for (int64_t j = i / LINE * LINE; j < d->stride; j += (n_vectors)*WIDTH) {                                 \
                double *at = d->weight + i * d->stride + j;                                                            \
                const double *weight = d->weight + first * d->stride + i;                                              \
                const double *share = d->share + (first - d->base) * d->stride + j;                                    \
                vector sum[ROWS][n_vectors];                                                                           \
                for (int k = 0; k < ROWS * (n_vectors); k++) {                                                         \
                    const int r = k / (n_vectors), q = k % (n_vectors);                                                \
                    sum[r][q] = *(const vector *)(at + r * d->stride + q * WIDTH);                                     \
                }                                                                                                      \
                for (int64_t t = first; t < last; t++, weight += d->stride, share += d->stride) {                      \
                    for (int k = 0; k < ROWS * (n_vectors); k++) {                                                     \
                        const int r = k / (n_vectors), q = k % (n_vectors);                                            \
                        sum[r][q] += weight[r] * *(const vector *)(share + q * WIDTH);                                 \
                    }                                                                                                  \
                }                                                                                                      \
                for (int k = 0; k < ROWS * (n_vectors); k++) {                                                         \
                    const int r = k / (n_vectors), q = k % (n_vectors);                                                \
                    *(vector *)(at + r * d->stride + q * WIDTH) = sum[r][q];                                           \
                }                                                                                                      \
            }                                                                                                          \
        }                                                                                                              \
    }

DEFINE_UPDATE(MN_AVX512, update_lines, line, 1)
DEFINE_UPDATE(MN_AVX2, update_quads, mn_quad_aligned, 2)
DEFINE_UPDATE(, update_pairs, pair, 2)

static void update_plain(const front *d, int64_t first, int64_t last, int64_t row, int64_t end)
{
    if (MN_HAS("avx512f")) {
        update_lines(d, first, last, row, end);
    } else if (MN_HAS("avx2")) {
        update_quads(d, first, last, row, end);
    } else {
        update_pairs(d, first, last, row, end);
    }
}

/* The same where products may fall below MN_KRON_TINY. */
MN_VECTOR static void update_flushed(const front *d, int64_t first, int64_t last, int64_t row, int64_t end)
{
    for (int64_t i = row; i < end; i++) {
        for (int64_t j = i / LINE * LINE; j < d->stride; j += LINE / 2) {
            const double *weight = d->weight + first * d->stride + i;
            const double *share = d->share + (first - d->base) * d->stride + j;
            mn_quad_aligned sum = *(const mn_quad_aligned *)(d->weight + i * d->stride + j);
            for (int64_t t = first; t < last; t++, weight += d->stride, share += d->stride) {
                const mn_quad_aligned product = *weight * *(const mn_quad_aligned *)share;
                mn_quad_add_flushed(&sum, &product);
            }
            *(mn_quad_aligned *)(d->weight + i * d->stride + j) = sum;
        }
    }
}

static void update(const front *d, int64_t first, int64_t last, int64_t row, int64_t end)
{
    if (d->least < MN_KRON_TINY) {
        update_flushed(d, first, last, row, end);
    } else {
        update_plain(d, first, last, row, end);
    }
}

/* ------------------------------------------------------------------ what threads share of a front */

/* Tasks of so many rows each. */
static int64_t row_tasks(int64_t n_rows)
{
    return (n_rows + SHARED_ROWS - 1) / SHARED_ROWS;
}

static int64_t at_most(int64_t n, int64_t most)
{
    return n < most ? n : most;
}

/* What follows when a panel of pivots is done: their shares are stored, and all rows behind them updated. */
typedef struct {
    const front *d;
    int64_t end;   /* of the panel */
    double *share; /* where they go */
} panel;

static void finish_panel(void *context, int64_t index, int64_t thread)
{
    const panel *p = context;
    const front *d = p->d;
    const int64_t n_pivot_tasks = row_tasks(d->n_pivots - p->end);
    (void)thread;
    if (index == 0) {
        store_shares(d, p->end, p->share);
        return;
    }
    const uint64_t mode = mn_kron_fast_subnormals();
    if (index <= n_pivot_tasks) {
        const int64_t row = p->end + (index - 1) * SHARED_ROWS;
        update(d, d->base, p->end, row, at_most(row + SHARED_ROWS, d->n_pivots));
    } else {
        const int64_t row = d->margin + (index - 1 - n_pivot_tasks) * SHARED_ROWS;
        update(d, d->base, p->end, row, at_most(row + SHARED_ROWS, d->n));
    }
    mn_kron_restore_subnormals(mode);
}

static void end_panel(const front *d, int64_t end, double *share)
{
    if (d->threads != NULL) {
        panel p = {.d = d, .end = end, .share = share};
        mn_threads_run(d->threads, finish_panel, &p, 1 + row_tasks(d->n_pivots - end) + row_tasks(d->n - d->margin));
        return;
    }
    store_shares(d, end, share);
    if (end < d->n_pivots) {
        update(d, d->base, end, end, d->n_pivots);
    }
    update(d, d->base, end, d->margin, d->n);
}

static int64_t eliminate_pivots(front *d, double *total, double *share)
{
    int64_t n_dead = 0;
    for (int64_t base = 0, end; base < d->n_pivots; base = end) {
        end = at_most(base + MN_KRON_PIVOTS, d->n_pivots);
        d->base = base;
        d->least = DBL_MAX;
        for (int64_t t = base, last; t < end; t = last) {
            last = at_most(t + GROUP, end);
            n_dead += eliminate_group(d, t, last, total);
            update(d, t, last, last, end);
        }
        end_panel(d, end, share);
        share += (end - base) * (d->n_pivots - base - 1 + d->n - d->margin) - (end - base) * (end - base - 1) / 2;
    }
    return n_dead;
}

/* ------------------------------------------------------------------ the tree */

/* Where front i leaves its rest. */
static double *rest_in(const mn_kron *kron, const mn_kron_space *space, int64_t i)
{
    const mn_kron_front *f = &kron->schedule.front[i];
    return f->quartet >= 0 ? kron->leaves + f->leaf : space->block + (f->block - space->base);
}

/* Where it is when all subtrees are done, and their roots' are beside those of the fronts above. */
static const double *rest_above(const mn_kron *kron, int64_t i)
{
    const mn_kron_subtrees *subtrees = mn_kron_subtrees_used(kron);
    const int32_t k = subtrees == NULL ? -1 : subtrees->subtree_of[i];
    return k >= 0 ? subtrees->rest + subtrees->subtree[k].rest : rest_in(kron, &kron->space, i);
}

/* A front that is put together. */
typedef struct {
    const mn_kron *kron;
    const mn_kron_front *f;
    const mn_kron_space *space;
    bool kept; /* the rests of children are those that are kept */
    front d;
} assembly;

/* The first of n ascending places that is not before `place`. */
static int64_t first_from(int64_t n, const int32_t *place, int64_t from)
{
    int64_t first = 0;
    while (n > 0) {
        const int64_t half = n / 2;
        if (place[first + half] < from) {
            first += half + 1;
            n -= half + 1;
        } else {
            n = half;
        }
    }
    return first;
}

/* Adds what the children left to the rows from `begin` to `end` - 1. */
MN_VECTOR static void add_children(const assembly *a, int64_t begin, int64_t end)
{
    const mn_kron_schedule *s = &a->kron->schedule;
    const bool all = end - begin == a->d.n;
    for (int32_t c = a->f->child; c >= 0; c = s->front[c].sibling) {
        const mn_kron_front *child = &s->front[c];
        const int32_t *place = s->place + child->place;
        const double *rest = a->kept                       ? a->kron->kept + child->kept
                             : a->space == &a->kron->space ? rest_above(a->kron, c)
                                                           : rest_in(a->kron, a->space, c);
        add_rest(child->n_rows, all ? 0 : first_from(child->n_rows, place, begin),
                 all ? child->n_rows : first_from(child->n_rows, place, end), rest, place, a->d.weight, a->d.stride);
    }
}

static void clear_rows(void *context, int64_t index, int64_t thread)
{
    const assembly *a = context;
    (void)thread;
    clear(&a->d, index * SHARED_ROWS, at_most((index + 1) * SHARED_ROWS, a->d.n));
}

static void add_rows(void *context, int64_t index, int64_t thread)
{
    const assembly *a = context;
    const uint64_t mode = mn_kron_fast_subnormals();
    (void)thread;
    add_children(a, index * SHARED_ROWS, at_most((index + 1) * SHARED_ROWS, a->d.n));
    mn_kron_restore_subnormals(mode);
}

static void store_rows(void *context, int64_t index, int64_t thread)
{
    const assembly *a = context;
    (void)thread;
    store_rest(&a->d, index * SHARED_ROWS, at_most((index + 1) * SHARED_ROWS, a->d.n - a->d.margin),
               rest_in(a->kron, a->space, a->f - a->kron->schedule.front));
}

static void assemble(assembly *a, const double *conductance)
{
    const mn_kron_schedule *s = &a->kron->schedule;
    if (a->d.threads != NULL) {
        mn_threads_run(a->d.threads, clear_rows, a, row_tasks(a->d.n));
        add_edges(s, a->f, conductance, a->d.weight);
        mn_threads_run(a->d.threads, add_rows, a, row_tasks(a->d.n));
        return;
    }
    clear(&a->d, 0, a->d.n);
    add_edges(s, a->f, conductance, a->d.weight);
    add_children(a, 0, a->d.n);
}

static int64_t eliminate_front(mn_kron *kron, const mn_kron_space *space, const mn_kron_front *f,
                               const double *conductance, bool kept)
{
    const int64_t margin = mn_kron_front_margin(f), n = margin + f->n_rows;
    const bool shared = mn_kron_subtrees_used(kron) != NULL && space == &kron->space && n >= LEAST_SHARED;
    assembly a = {.kron = kron,
                  .f = f,
                  .space = space,
                  .kept = kept,
                  .d = {.n_pivots = f->n_pivots,
                        .margin = margin,
                        .n = n,
                        .stride = mn_kron_front_stride(f),
                        .weight = space->front,
                        .share = space->panel,
                        .threads = shared ? kron->threads : NULL}};
    assemble(&a, conductance);
    const int64_t n_dead =
        eliminate_pivots(&a.d, kron->total + f->first, kron->share + kron->schedule.column[f->first]);
    if (shared) {
        mn_threads_run(a.d.threads, store_rows, &a, row_tasks(f->n_rows));
    } else {
        store_rest(&a.d, 0, f->n_rows, rest_in(kron, space, f - kron->schedule.front));
    }
    return n_dead;
}

static int64_t eliminate_listed(mn_kron *kron, const mn_kron_space *space, const mn_kron_front *f,
                                const double *conductance)
{
    const mn_kron_schedule *s = &kron->schedule;
    const int64_t n_rest = mn_kron_rest_size(f);
    double *weight = rest_in(kron, space, f - s->front);
    memset(weight, 0, (size_t)(n_rest + f->n_entries) * sizeof(double));
    add_edges(s, f, conductance, weight);
    return mn_kron_eliminate_columns(kron, f->first, f->first + f->n_pivots, weight, n_rest - s->column[f->first]);
}

/* Leaves the rest of front i in the block; those of quartets are there already. */
static void eliminate(mn_kron *kron, const mn_kron_space *space, int64_t i, const double *conductance, bool kept)
{
    const mn_kron_front *f = &kron->schedule.front[i];
    if (f->quartet < 0) {
        kron->dead[i] = (int32_t)(f->listed ? eliminate_listed(kron, space, f, conductance)
                                            : eliminate_front(kron, space, f, conductance, kept));
    }
}

/* Whatever was kept before: that may be nothing yet. */
static void keep_rest(mn_kron *kron, const mn_kron_front *f, const double *rest)
{
    memcpy(kron->kept + f->kept, rest, (size_t)mn_kron_rest_size(f) * sizeof(double));
}

/* Whether a rest has new bits; they are then kept. */
static bool renew_rest(mn_kron *kron, const mn_kron_front *f, const double *rest)
{
    const bool is_new = memcmp(kron->kept + f->kept, rest, (size_t)mn_kron_rest_size(f) * sizeof(double)) != 0;
    if (is_new) {
        keep_rest(kron, f, rest);
    }
    return is_new;
}

static void add_to_terminals(mn_kron *kron, const mn_kron_front *f, const double *rest)
{
    const mn_kron_schedule *s = &kron->schedule;
    add_rest(f->n_rows, 0, f->n_rows, rest, s->place + f->place, kron->weight, s->n_electrodes);
}

/* Edges between electrodes, and those that carry no equation. */
static void add_other_edges(mn_kron *kron, const double *conductance)
{
    const mn_kron_schedule *s = &kron->schedule;
    const mn_kron_front *last = &s->front[s->n_fronts - 1];
    for (int64_t e = last->edge + last->n_edges; e < s->n_edges; e++) {
        kron->weight[s->slot[e]] += mn_kron_flush_one(conductance[s->edge[e]]);
    }
}

typedef struct {
    mn_kron *kron;
    const double *conductance;
    bool keep;
} elimination;

static void eliminate_subtree(void *context, int64_t index, int64_t thread)
{
    const elimination *call = context;
    mn_kron *kron = call->kron;
    const mn_kron_schedule *s = &kron->schedule;
    const mn_kron_subtree *subtree = &kron->subtrees->subtree[index];
    const uint64_t mode = mn_kron_fast_subnormals();
    mn_kron_space space = kron->subtrees->space[thread];
    space.base = s->front[subtree->first].block;
    for (int64_t i = subtree->first; i <= subtree->last && !mn_cancelled(kron->cancel); i++) {
        eliminate(kron, &space, i, call->conductance, false);
        if (call->keep) {
            keep_rest(kron, &s->front[i], rest_in(kron, &space, i));
        }
    }
    memcpy(kron->subtrees->rest + subtree->rest, rest_in(kron, &space, subtree->last),
           (size_t)mn_kron_rest_size(&s->front[subtree->last]) * sizeof(double));
    mn_kron_restore_subnormals(mode);
}

/* Front i of those that are left to one thread after the other, or the root of a subtree, which has been. */
static void eliminate_above(const elimination *call, int64_t i)
{
    mn_kron *kron = call->kron;
    const mn_kron_front *f = &kron->schedule.front[i];
    const mn_kron_subtrees *subtrees = mn_kron_subtrees_used(kron);
    if (subtrees == NULL && f->quartet >= 0 && kron->schedule.quartet[f->quartet].front[0] == i) {
        mn_kron_eliminate_quartet(kron, f->quartet, call->conductance);
    }
    if (subtrees == NULL || subtrees->subtree_of[i] < 0) {
        eliminate(kron, &kron->space, i, call->conductance, false);
        if (call->keep) {
            keep_rest(kron, f, rest_in(kron, &kron->space, i));
        }
    }
    if (f->parent < 0) {
        add_to_terminals(kron, f, rest_above(kron, i));
    }
}

void mn_kron_eliminate_fronts(mn_kron *kron, const double *conductance, bool keep)
{
    const mn_kron_schedule *s = &kron->schedule;
    const mn_kron_subtrees *subtrees = mn_kron_subtrees_used(kron);
    elimination call = {.kron = kron, .conductance = conductance, .keep = keep};
    mn_kron_mesh_clear(kron);
    add_other_edges(kron, conductance);
    if (subtrees != NULL) {
        mn_kron_eliminate_leaves(kron, conductance);
        mn_threads_run_dealt(kron->threads, eliminate_subtree, &call, subtrees->begin);
    }
    const int64_t n = subtrees == NULL ? s->n_fronts : subtrees->n_top;
    for (int64_t k = 0; k < n && !mn_cancelled(kron->cancel); k++) {
        eliminate_above(&call, subtrees == NULL ? k : subtrees->top[k]);
    }
    kron->n_dead = 0;
    for (int64_t i = 0; i < s->n_fronts; i++) {
        kron->n_dead += kron->dead[i];
    }
    kron->n_columns = s->n_free;
}

static void redo_terminals(mn_kron *kron, const double *conductance)
{
    const mn_kron_schedule *s = &kron->schedule;
    mn_kron_mesh_clear(kron);
    add_other_edges(kron, conductance);
    for (const mn_kron_front *f = s->front; f < s->front + s->n_fronts; f++) {
        if (f->parent < 0) {
            add_to_terminals(kron, f, kron->kept + f->kept);
        }
    }
}

void mn_kron_redo_fronts(mn_kron *kron, const double *conductance, int64_t n_changed, const int32_t *changed)
{
    const mn_kron_schedule *s = &kron->schedule;
    kron->n_columns = 0;
    memset(kron->redo, 0, (size_t)s->n_fronts + 1);
    for (int64_t e = 0; e < n_changed; e++) {
        kron->redo[s->owner[changed[e]]] = 1;
    }
    mn_kron_redo_leaves(kron, conductance);
    for (int64_t i = 0; i < s->n_fronts && !mn_cancelled(kron->cancel); i++) {
        const mn_kron_front *f = &s->front[i];
        if (kron->redo[i]) {
            kron->n_dead -= kron->dead[i];
            eliminate(kron, &kron->space, i, conductance, true);
            kron->n_dead += kron->dead[i];
            kron->n_columns += f->n_pivots;
            if (renew_rest(kron, f, rest_in(kron, &kron->space, i))) {
                kron->redo[f->parent < 0 ? s->n_fronts : f->parent] = 1;
            }
        }
    }
    if (kron->redo[s->n_fronts]) {
        redo_terminals(kron, conductance);
    }
}
