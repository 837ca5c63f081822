/* Dense fronts: columns that share their later rows (square lattices, crossbars with line resistance) are eliminated
 * together. Their weights to one another and to the r later rows are a dense panel already; the updates of the r later
 * rows among themselves are summed over the pivots in blocks, in pivot order, and then added to their columns, whose
 * positions are found on the way. Sum form as everywhere: no subtraction. */
#include "circuit/kron_front.h"

#include "base/vector.h"
#include "circuit/kron_arithmetic.h"

#include <string.h>

enum { BLOCK_ROWS = 4, BLOCK_COLUMNS = 8 };

/* Weights (a) and shares (p) of the front's pivots to its later rows, pivot by pivot, padded with zeros to `stride`;
 * `strip` takes BLOCK_ROWS rows of sums. */
typedef struct {
    int64_t n_pivots;
    int64_t n_rows;
    int64_t stride;
    const int32_t *row; /* n_rows: solver vertices */
    double *a;
    double *p;
    double *strip;
    bool flush; /* some product may fall below MN_KRON_TINY */
} dense_panel;

static int64_t padded(int64_t n)
{
    return (n + 2 * BLOCK_COLUMNS - 1) / BLOCK_COLUMNS * BLOCK_COLUMNS;
}

int64_t mn_kron_panel_size(const mn_kron_schedule *schedule)
{
    return schedule->n_fronts == 0 ? 0 : (2 * MN_KRON_PIVOTS + BLOCK_ROWS) * padded(schedule->n_longest);
}

/* Star-mesh transforms of the pivots, as far as they concern the front's own columns. */
MN_VECTOR static int64_t eliminate_pivots(mn_kron *kron, const mn_kron_front *front)
{
    const mn_kron_schedule *s = &kron->schedule;
    int64_t n_dead = 0;
    for (int64_t t = 0; t < front->n_pivots; t++) {
        const int64_t begin = s->column[front->first + t], n = s->column[front->first + t + 1] - begin;
        const double *star = kron->weight + begin;
        double *share = kron->share + begin;
        const double total = mn_kron_total(n, star);
        kron->total[front->first + t] = total;
        n_dead += total == 0.0;
        mn_kron_shares(n, star, total, share);
        for (int64_t q = 0; q + t + 1 < front->n_pivots; q++) {
            double *weight = kron->weight + s->column[front->first + t + 1 + q];
            MN_INDEPENDENT
            for (int64_t r = q + 1; r < n; r++) {
                weight[r - q - 1] += mn_kron_flush(star[q] * share[r]);
            }
        }
    }
    return n_dead;
}

static double smallest_positive(int64_t n, const double *x)
{
    double least = DBL_MAX;
    for (int64_t i = 0; i < n; i++) {
        least = x[i] > 0.0 && x[i] < least ? x[i] : least;
    }
    return least;
}

static dense_panel load_panel(mn_kron *kron, const mn_kron_front *front)
{
    const mn_kron_schedule *s = &kron->schedule;
    const int64_t last = front->first + front->n_pivots - 1;
    dense_panel d = {.n_pivots = front->n_pivots, .n_rows = s->column[last + 1] - s->column[last]};
    d.stride = padded(d.n_rows);
    d.row = s->row + s->column[last];
    d.a = kron->panel;
    d.p = d.a + d.n_pivots * d.stride;
    d.strip = d.p + d.n_pivots * d.stride;
    memset(d.a, 0, (size_t)(2 * d.n_pivots * d.stride) * sizeof(double));
    for (int64_t t = 0; t < d.n_pivots; t++) {
        const int64_t from = s->column[front->first + t] + d.n_pivots - 1 - t;
        memcpy(d.a + t * d.stride, kron->weight + from, (size_t)d.n_rows * sizeof(double));
        memcpy(d.p + t * d.stride, kron->share + from, (size_t)d.n_rows * sizeof(double));
    }
    const int64_t n = d.n_pivots * d.stride;
    d.flush = smallest_positive(n, d.a) * smallest_positive(n, d.p) < MN_KRON_TINY;
    return d;
}

/* strip[i][j] = sum over pivots of a_i p_j, for BLOCK_ROWS rows i from `row` on and every column j from `column` on.
 * The same bits however it is compiled: each sum runs over the pivots in order. */
static inline void sum_strip(const dense_panel *d, int64_t row, int64_t column, bool flush)
{
    for (int64_t j = column; j < d->n_rows; j += BLOCK_COLUMNS) {
        double sum[BLOCK_ROWS][BLOCK_COLUMNS] = {{0.0}};
        for (int64_t t = 0; t < d->n_pivots; t++) {
            const double *a = d->a + t * d->stride + row;
            const double *p = d->p + t * d->stride + j;
            for (int i = 0; i < BLOCK_ROWS; i++) {
                for (int c = 0; c < BLOCK_COLUMNS; c++) {
                    const double product = a[i] * p[c];
                    sum[i][c] += flush ? mn_kron_flush(product) : product;
                }
            }
        }
        for (int i = 0; i < BLOCK_ROWS; i++) {
            memcpy(d->strip + i * d->stride + j, sum[i], sizeof sum[i]);
        }
    }
}

MN_VECTOR static void sum_strip_plain(const dense_panel *d, int64_t row, int64_t column)
{
    sum_strip(d, row, column, false);
}

MN_VECTOR static void sum_strip_flushed(const dense_panel *d, int64_t row, int64_t column)
{
    sum_strip(d, row, column, true);
}

/* place[j]: where the front's row j > i stands in column `lead`, counted from its start. */
static void find_places(const mn_kron_schedule *s, const dense_panel *d, int64_t lead, int64_t i, int32_t *place)
{
    const int32_t *row = s->row + s->column[lead];
    int32_t q = 0;
    for (int64_t j = i + 1; j < d->n_rows; j++) {
        while (row[q] < d->row[j]) {
            q++;
        }
        place[j] = q++;
    }
}

/* Adds row i of the sums to its column; rows of one lead share the places, shifted by their distance from it. */
static void add_row(mn_kron *kron, const dense_panel *d, int64_t i, const double *sum, int64_t *lead)
{
    const mn_kron_schedule *s = &kron->schedule;
    const int64_t k = d->row[i];
    if (k >= s->n_free) {
        double *terminal = kron->weight + s->n_entries + (k - s->n_free) * s->n_electrodes;
        for (int64_t j = i + 1; j < d->n_rows; j++) {
            terminal[d->row[j] - s->n_free] += sum[j];
        }
        return;
    }
    if (s->lead[k] != *lead) {
        *lead = s->lead[k];
        find_places(s, d, *lead, i, kron->place);
    }
    double *weight = kron->weight + (s->column[k] - (k - *lead));
    MN_INDEPENDENT
    for (int64_t j = i + 1; j < d->n_rows; j++) {
        weight[kron->place[j]] += sum[j];
    }
}

int64_t mn_kron_eliminate_front(mn_kron *kron, const mn_kron_front *front)
{
    const int64_t n_dead = eliminate_pivots(kron, front);
    const dense_panel d = load_panel(kron, front);
    int64_t lead = -1;
    for (int64_t row = 0; row < d.n_rows; row += BLOCK_ROWS) {
        if (d.flush) {
            sum_strip_flushed(&d, row, row + 1);
        } else {
            sum_strip_plain(&d, row, row + 1);
        }
        for (int64_t i = row; i < row + BLOCK_ROWS && i < d.n_rows; i++) {
            add_row(kron, &d, i, d.strip + (i - row) * d.stride, &lead);
        }
    }
    return n_dead;
}
