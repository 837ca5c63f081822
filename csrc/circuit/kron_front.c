/* Elimination front by front (multifrontal: Duff and Reid 1983, in sum form). A front takes the conductances of its
 * edges, then the rests of its children in their order, then the updates of its pivots in theirs; what lies between its
 * rows is its rest. Each weight is one sum in that order, however the updates are blocked. */
#include "circuit/kron_front.h"

#include "base/cancel.h"
#include "base/vector.h"
#include "circuit/kron_arithmetic.h"
#include "circuit/kron_columns.h"
#include "circuit/kron_tree.h"

#include <string.h>

enum {
    LINE = 8,  /* numbers in a row that are updated together, */
    ROWS = 4,  /* and rows */
    GROUP = 8, /* pivots that update the other pivots' rows together */
};

/* Vectors of gcc and clang: left to themselves, compilers turn sums of blocks into detours. */
typedef double line __attribute__((vector_size(64), may_alias));
typedef int64_t line_bits __attribute__((vector_size(64), may_alias));

#define MN_INLINE static inline __attribute__((always_inline))

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
    double least; /* product of a weight and a share of the pivots at hand, where it is not 0 */
} front;

/* ------------------------------------------------------------------ what goes in and comes out */

/* sum_ij += rest_ij at the places of the front's rows. */
MN_INLINE void add_rest(int64_t n, const double *restrict rest, const int32_t *restrict place, double *restrict sum,
                        int64_t stride)
{
    for (int64_t i = 0; i + 1 < n; i++) {
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

MN_INLINE void clear(const front *d)
{
    for (int64_t i = 0; i < d->n; i = i + 1 == d->n_pivots ? d->margin : i + 1) {
        const int64_t from = i / LINE * LINE;
        memset(d->weight + i * d->stride + from, 0, (size_t)(d->stride - from) * sizeof(double));
    }
}

/* The rest, without the empty places. */
static void store_rest(const front *d, double *rest)
{
    for (int64_t i = d->margin; i + 1 < d->n; i++) {
        const size_t n = (size_t)(d->n - i - 1);
        memcpy(rest, d->weight + i * d->stride + i + 1, n * sizeof(double));
        rest += n;
    }
}

static void store_shares(const front *d, int64_t end, double *share)
{
    for (int64_t t = d->base; t < end; t++) {
        const double *row = d->share + (t - d->base) * d->stride;
        const size_t n_pivots = (size_t)(d->n_pivots - t - 1), n_rows = (size_t)(d->n - d->margin);
        memcpy(share, row + t + 1, n_pivots * sizeof(double));
        memcpy(share + n_pivots, row + d->margin, n_rows * sizeof(double));
        share += n_pivots + n_rows;
    }
}

/* ------------------------------------------------------------------ pivots */

/* W_k, in lanes. */
MN_INLINE double sum_row(int64_t n, const double *weight)
{
    double lane[LINE] = {0.0};
    for (int64_t q = 0; q < n; q += LINE) {
        for (int64_t i = 0; i < LINE; i++) {
            lane[i] += weight[q + i];
        }
    }
    return mn_kron_join_lanes(lane);
}

MN_INLINE double least_positive(int64_t n, const double *x)
{
    double least = DBL_MAX;
    for (int64_t q = 0; q < n; q++) {
        const double at_hand = x[q] > 0.0 ? x[q] : DBL_MAX;
        least = at_hand < least ? at_hand : least;
    }
    return least;
}

/* Shares of pivot t. */
MN_INLINE double share_out(front *d, int64_t t)
{
    const int64_t from = t / LINE * LINE;
    double *weight = d->weight + t * d->stride + from;
    memset(weight, 0, (size_t)(t + 1 - from) * sizeof(double));
    const double total = sum_row(d->stride - from, weight);
    mn_kron_shares(d->stride - from, weight, total, d->share + (t - d->base) * d->stride + from);
    return total;
}

/* Updates of the later rows of a group of pivots by one of them. */
MN_INLINE void update_group(const front *d, int64_t t, int64_t end)
{
    const double *share = d->share + (t - d->base) * d->stride;
    for (int64_t i = t + 1; i < end; i++) {
        const double weight = d->weight[t * d->stride + i];
        double *row = d->weight + i * d->stride;
        for (int64_t j = i / LINE * LINE; j < d->stride; j++) {
            row[j] += mn_kron_flush(weight * share[j]);
        }
    }
}

/* Updates of rows from `row` to `end` - 1 by pivots from `first` to `last` - 1, one after the other. */
MN_INLINE void update_rows(const front *d, int64_t first, int64_t last, int64_t row, int64_t end, bool flush)
{
    const line tiny = {MN_KRON_TINY, MN_KRON_TINY, MN_KRON_TINY, MN_KRON_TINY,
                       MN_KRON_TINY, MN_KRON_TINY, MN_KRON_TINY, MN_KRON_TINY};
    for (int64_t i = row; i < end; i += ROWS) {
        for (int64_t j = i / LINE * LINE; j < d->stride; j += LINE) {
            double *at = d->weight + i * d->stride + j;
            const double *weight = d->weight + first * d->stride + i;
            const double *share = d->share + (first - d->base) * d->stride + j;
            line sum[ROWS];
            for (int r = 0; r < ROWS; r++) {
                sum[r] = *(const line *)(at + r * d->stride);
            }
            for (int64_t t = first; t < last; t++, weight += d->stride, share += d->stride) {
                const line shares = *(const line *)share;
                for (int r = 0; r < ROWS; r++) {
                    line product = weight[r] * shares;
                    product = flush ? (line)((line_bits)product & ~(line_bits)(product < tiny)) : product;
                    sum[r] += product;
                }
            }
            for (int r = 0; r < ROWS; r++) {
                *(line *)(at + r * d->stride) = sum[r];
            }
        }
    }
}

MN_VECTOR_WIDE static void update_plain(const front *d, int64_t first, int64_t last, int64_t row, int64_t end)
{
    update_rows(d, first, last, row, end, false);
}

MN_VECTOR_WIDE static void update_flushed(const front *d, int64_t first, int64_t last, int64_t row, int64_t end)
{
    update_rows(d, first, last, row, end, true);
}

static void update(const front *d, int64_t first, int64_t last, int64_t row, int64_t end)
{
    if (d->least < MN_KRON_TINY) {
        update_flushed(d, first, last, row, end);
    } else {
        update_plain(d, first, last, row, end);
    }
}

/* Star-mesh transforms of a group of pivots, among themselves; returns the number with W_k = 0. */
MN_VECTOR static int64_t eliminate_group(front *d, int64_t first, int64_t last, double *total)
{
    int64_t n_dead = 0;
    for (int64_t t = first; t < last; t++) {
        const int64_t from = t / LINE * LINE;
        total[t] = share_out(d, t);
        n_dead += total[t] == 0.0;
        const double weight = least_positive(d->stride - from, d->weight + t * d->stride + from);
        const double share = least_positive(d->stride - from, d->share + (t - d->base) * d->stride + from);
        d->least = weight * share < d->least ? weight * share : d->least;
        update_group(d, t, last);
    }
    return n_dead;
}

static int64_t eliminate_pivots(front *d, double *total, double *share)
{
    int64_t n_dead = 0;
    for (int64_t base = 0, end; base < d->n_pivots; base = end) {
        end = base + MN_KRON_PIVOTS < d->n_pivots ? base + MN_KRON_PIVOTS : d->n_pivots;
        d->base = base;
        d->least = DBL_MAX;
        for (int64_t t = base, last; t < end; t = last) {
            last = t + GROUP < end ? t + GROUP : end;
            n_dead += eliminate_group(d, t, last, total);
            update(d, t, last, last, end);
        }
        store_shares(d, end, share);
        share += (end - base) * (d->n_pivots - base - 1 + d->n - d->margin) - (end - base) * (end - base - 1) / 2;
        if (end < d->n_pivots) {
            update(d, base, end, end, d->n_pivots);
        }
        update(d, base, end, d->margin, d->n);
    }
    return n_dead;
}

/* ------------------------------------------------------------------ the tree */

MN_VECTOR static void assemble(const mn_kron *kron, const mn_kron_front *f, const double *conductance, const front *d)
{
    const mn_kron_schedule *s = &kron->schedule;
    clear(d);
    add_edges(s, f, conductance, d->weight);
    for (int32_t c = f->child; c >= 0; c = s->front[c].sibling) {
        const mn_kron_front *child = &s->front[c];
        add_rest(child->n_rows, kron->block + child->block, s->place + child->place, d->weight, d->stride);
    }
}

static int64_t eliminate_front(mn_kron *kron, const mn_kron_front *f, const double *conductance)
{
    front d = {.n_pivots = f->n_pivots,
               .margin = mn_kron_front_margin(f),
               .n = mn_kron_front_margin(f) + f->n_rows,
               .stride = mn_kron_front_stride(f),
               .weight = kron->front,
               .share = kron->panel};
    assemble(kron, f, conductance, &d);
    const int64_t n_dead = eliminate_pivots(&d, kron->total + f->first, kron->share + kron->schedule.column[f->first]);
    store_rest(&d, kron->block + f->block);
    return n_dead;
}

static int64_t eliminate_listed(mn_kron *kron, const mn_kron_front *f, const double *conductance)
{
    const mn_kron_schedule *s = &kron->schedule;
    const int64_t end = f->first + f->n_pivots, n_rest = mn_kron_rest_size(f);
    double *weight = kron->block + f->block;
    memset(weight, 0, (size_t)(n_rest + s->column[end] - s->column[f->first]) * sizeof(double));
    add_edges(s, f, conductance, weight);
    return mn_kron_eliminate_columns(kron, f->first, end, weight, n_rest - s->column[f->first], false);
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

void mn_kron_eliminate_fronts(mn_kron *kron, const double *conductance)
{
    const mn_kron_schedule *s = &kron->schedule;
    kron->n_dead = 0;
    add_other_edges(kron, conductance);
    for (const mn_kron_front *f = s->front; f < s->front + s->n_fronts && !mn_cancelled(kron->cancel); f++) {
        kron->n_dead += f->listed ? eliminate_listed(kron, f, conductance) : eliminate_front(kron, f, conductance);
        if (f->parent < 0) {
            add_rest(f->n_rows, kron->block + f->block, s->place + f->place, kron->weight, s->n_electrodes);
        }
    }
}
