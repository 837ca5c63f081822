/* Networks in quad precision, for the errors of others: exact.py compiles this.
 *
 * An edge has a conductance; a node is free or driven. What is solved is sum_j g_ij (v_j - v_i) + injected_i = 0 at
 * each free node. Elimination is in sum form, without a subtraction: w_ij += w_ki w_kj / d_k with d_k the sum of what
 * is left at k. It shares nothing with the library but that formula (Kron, 1939). */
#include <stdint.h>
#include <stdlib.h>

typedef __float128 quad;

typedef struct {
    int64_t n;            /* free nodes */
    int64_t *start, *end; /* of the columns */
    int64_t *at;          /* where a column's next row is */
    int64_t capacity, used;
    int32_t *row;
    quad *weight;
    quad *total, *ground, *source; /* of a node: all, and towards driven nodes: sum g, sum g V */
    int32_t *head, *next;          /* columns whose next row is this */
    int32_t *touched;
    quad *sum;
    uint8_t *mark;
} elimination;

int64_t exact_solve(int64_t n, int64_t n_edges, const int32_t *a, const int32_t *b, const double *g, int64_t n_all,
                    const double *voltage, double *high, double *low);
void exact_residual(int64_t n_edges, const int32_t *a, const int32_t *b, const double *g, int64_t n_all,
                    const double *high, const double *low, double *flow);

static int before(const void *x, const void *y)
{
    const int32_t i = *(const int32_t *)x, j = *(const int32_t *)y;
    return (i > j) - (i < j);
}

static void elimination_free(elimination *e)
{
    free(e->start);
    free(e->end);
    free(e->at);
    free(e->row);
    free(e->weight);
    free(e->total);
    free(e->ground);
    free(e->source);
    free(e->head);
    free(e->next);
    free(e->touched);
    free(e->sum);
    free(e->mark);
}

static int elimination_init(elimination *e, int64_t n)
{
    const size_t m = (size_t)n + 1;
    *e = (elimination){.n = n, .capacity = 8 * (int64_t)m};
    e->start = calloc(m, sizeof *e->start);
    e->end = calloc(m, sizeof *e->end);
    e->at = calloc(m, sizeof *e->at);
    e->row = malloc((size_t)e->capacity * sizeof *e->row);
    e->weight = malloc((size_t)e->capacity * sizeof *e->weight);
    e->total = calloc(m, sizeof *e->total);
    e->ground = calloc(m, sizeof *e->ground);
    e->source = calloc(m, sizeof *e->source);
    e->head = malloc(m * sizeof *e->head);
    e->next = malloc(m * sizeof *e->next);
    e->touched = malloc(m * sizeof *e->touched);
    e->sum = calloc(m, sizeof *e->sum);
    e->mark = calloc(m, 1);
    for (int64_t k = 0; e->head != NULL && k < n; k++) {
        e->head[k] = -1;
    }
    return e->start && e->end && e->at && e->row && e->weight && e->total && e->ground && e->source && e->head &&
           e->next && e->touched && e->sum && e->mark;
}

static int reserve(elimination *e, int64_t more)
{
    if (e->used + more > e->capacity) {
        e->capacity = 2 * e->capacity + more;
        int32_t *row = realloc(e->row, (size_t)e->capacity * sizeof *row);
        e->row = row != NULL ? row : e->row;
        quad *weight = realloc(e->weight, (size_t)e->capacity * sizeof *weight);
        e->weight = weight != NULL ? weight : e->weight;
        return row != NULL && weight != NULL;
    }
    return 1;
}

static int64_t add(elimination *e, int64_t n_touched, int32_t row, quad weight)
{
    if (!e->mark[row]) {
        e->mark[row] = 1;
        e->sum[row] = 0;
        e->touched[n_touched++] = row;
    }
    e->sum[row] += weight;
    return n_touched;
}

/* A column waits for the node that is its next row. */
static void wait_for(elimination *e, int32_t column)
{
    if (e->at[column] < e->end[column]) {
        const int32_t row = e->row[e->at[column]];
        e->next[column] = e->head[row];
        e->head[row] = column;
    }
}

/* What earlier columns add to column k; what was counted is the updates. */
static int64_t gather(elimination *e, int32_t k, int64_t *n_touched)
{
    int64_t updates = 0;
    for (int32_t j = e->head[k], after; j >= 0; j = after) {
        after = e->next[j];
        const quad factor = e->weight[e->at[j]] / e->total[j];
        for (int64_t q = e->at[j] + 1; q < e->end[j]; q++) {
            *n_touched = add(e, *n_touched, e->row[q], factor * e->weight[q]);
        }
        updates += e->end[j] - e->at[j];
        e->ground[k] += factor * e->ground[j];
        e->source[k] += factor * e->source[j];
        e->at[j]++;
        wait_for(e, j);
    }
    return updates;
}

static int store(elimination *e, int32_t k, int64_t n_touched)
{
    if (!reserve(e, n_touched)) {
        return 0;
    }
    qsort(e->touched, (size_t)n_touched, sizeof *e->touched, before);
    e->start[k] = e->at[k] = e->used;
    e->total[k] = e->ground[k];
    for (int64_t q = 0; q < n_touched; q++) {
        const int32_t row = e->touched[q];
        e->row[e->used] = row;
        e->weight[e->used++] = e->sum[row];
        e->total[k] += e->sum[row];
        e->mark[row] = 0;
    }
    e->end[k] = e->used;
    wait_for(e, k);
    return 1;
}

/* Edges of each free node towards later ones, by counting. */
typedef struct {
    int64_t *start;
    int32_t *to;
    double *g;
} edges;

static int edges_init(edges *s, int64_t n, int64_t n_edges, const int32_t *a, const int32_t *b, const double *g)
{
    s->start = calloc((size_t)n + 2, sizeof *s->start);
    s->to = malloc(((size_t)n_edges + 1) * sizeof *s->to);
    s->g = malloc(((size_t)n_edges + 1) * sizeof *s->g);
    if (s->start == NULL || s->to == NULL || s->g == NULL) {
        return 0;
    }
    for (int pass = 0; pass < 2; pass++) {
        for (int64_t i = 0; i < n_edges; i++) {
            const int32_t from = a[i] < b[i] ? a[i] : b[i], to = a[i] < b[i] ? b[i] : a[i];
            if (from < n && from != to && g[i] > 0.0) {
                if (pass == 0) {
                    s->start[from + 2]++;
                } else {
                    s->to[s->start[from + 1]] = to;
                    s->g[s->start[from + 1]++] = g[i];
                }
            }
        }
        for (int64_t k = 0; pass == 0 && k < n; k++) {
            s->start[k + 2] += s->start[k + 1];
        }
    }
    return 1;
}

static int64_t eliminate(elimination *e, const edges *s, const double *voltage)
{
    int64_t updates = 0;
    for (int32_t k = 0; k < e->n; k++) {
        int64_t n_touched = 0;
        for (int64_t q = s->start[k]; q < s->start[k + 1]; q++) {
            if (s->to[q] < e->n) {
                n_touched = add(e, n_touched, s->to[q], s->g[q]);
            } else {
                e->ground[k] += s->g[q];
                e->source[k] += (quad)s->g[q] * voltage[s->to[q]];
            }
        }
        updates += gather(e, k, &n_touched);
        if (!store(e, k, n_touched)) {
            return -1;
        }
    }
    return updates;
}

/* Potentials of nodes numbered in the order of elimination, the n free ones before the driven, as high + low (V). The
 * voltages (V) are those of the driven nodes, not negative. Returns the updates, or -1 without memory. */
int64_t exact_solve(int64_t n, int64_t n_edges, const int32_t *a, const int32_t *b, const double *g, int64_t n_all,
                    const double *voltage, double *high, double *low)
{
    elimination e;
    edges s;
    int64_t updates = -1;
    if (elimination_init(&e, n) & edges_init(&s, n, n_edges, a, b, g)) {
        updates = eliminate(&e, &s, voltage);
    }
    for (int64_t i = n; i < n_all; i++) {
        high[i] = voltage[i];
        low[i] = 0.0;
    }
    for (int64_t k = n - 1; k >= 0 && updates >= 0; k--) {
        quad sum = e.source[k];
        for (int64_t q = e.start[k]; q < e.end[k]; q++) {
            sum += e.weight[q] * e.sum[e.row[q]];
        }
        e.sum[k] = sum / e.total[k];
        high[k] = (double)e.sum[k];
        low[k] = (double)(e.sum[k] - high[k]);
    }
    elimination_free(&e);
    free(s.start);
    free(s.to);
    free(s.g);
    return updates;
}

/* Currents into each node, sum_j g_ij (v_j - v_i), from potentials high + low, summed in quad precision. */
void exact_residual(int64_t n_edges, const int32_t *a, const int32_t *b, const double *g, int64_t n_all,
                    const double *high, const double *low, double *flow)
{
    quad *sum = calloc((size_t)n_all + 1, sizeof *sum);
    for (int64_t i = 0; sum != NULL && i < n_edges; i++) {
        const quad across = ((quad)high[a[i]] - high[b[i]]) + ((quad)low[a[i]] - low[b[i]]);
        sum[b[i]] += g[i] * across;
        sum[a[i]] -= g[i] * across;
    }
    for (int64_t k = 0; k < n_all; k++) {
        flow[k] = sum == NULL ? 0.0 / 0.0 : (double)sum[k];
    }
    free(sum);
}
