/* Nested dissection: a list of parts, each of which is ordered or separated into further ones. */
#include "circuit/dissection.h"

#include "base/cancel.h"
#include "circuit/least_fill.h"
#include "circuit/minimum_degree.h"

#include <string.h>

enum {
    DEPTH = 64,        /* separations of separations; then minimum degree */
    MOST_BEHIND = 2048 /* neighbours behind a leaf; then minimum degree, too */
};

/* Vertices that stand together in the order, ascending. */
typedef struct {
    int32_t first, n;
    int32_t depth;
    uint64_t seed;
} part;

typedef struct {
    const mn_pattern *pattern;
    const mn_dissection_effort *effort;
    mn_cancel *cancel;
    int32_t *order;
    part *todo; /* parts do not overlap, so there are never more than vertices */
    int32_t n_todo;
    int32_t *place;  /* by vertex: where it stands in the part at hand, behind the part where it is not of it; or -1 */
    int32_t *behind; /* neighbours of the part that are eliminated later */
    int32_t *label, *count, *sorted;
    uint8_t *side;
    mn_pool pool;
} dissection;

/* ------------------------------------------------------------------ the graph of a part */

/* Numbers the vertices of a part and, behind them, its other neighbours; returns how many that are together. */
static int32_t number_part(dissection *work, const part *at)
{
    const mn_pattern *pattern = work->pattern;
    int32_t n = at->n;
    for (int32_t k = 0; k < at->n; k++) {
        work->place[work->order[at->first + k]] = k;
    }
    for (int32_t k = 0; k < at->n; k++) {
        const int32_t v = work->order[at->first + k];
        for (int32_t q = pattern->start[v]; q < pattern->start[v + 1]; q++) {
            const int32_t u = pattern->neighbour[q];
            if (work->place[u] < 0) {
                work->behind[n - at->n] = u;
                work->place[u] = n++;
            }
        }
    }
    return n;
}

static void forget_numbers(dissection *work, const part *at, int32_t n_all)
{
    for (int32_t k = 0; k < at->n; k++) {
        work->place[work->order[at->first + k]] = -1;
    }
    for (int32_t k = 0; k < n_all - at->n; k++) {
        work->place[work->behind[k]] = -1;
    }
}

/* The edges of a part, with those to numbers below n_most. */
static int build_graph(dissection *work, const part *at, int32_t n_most, mn_weighted_graph *graph, mn_pool *pool)
{
    const mn_pattern *pattern = work->pattern;
    int32_t m = 0;
    for (int32_t k = 0; k < at->n; k++) {
        const int32_t v = work->order[at->first + k];
        m += pattern->start[v + 1] - pattern->start[v];
    }
    graph->n = at->n;
    graph->start = mn_pool_alloc(pool, (int64_t)at->n + 1, sizeof(int32_t));
    graph->weight = mn_pool_alloc(pool, at->n, sizeof(int32_t));
    graph->neighbour = mn_pool_alloc(pool, m, sizeof(int32_t));
    graph->link = mn_pool_alloc(pool, m, sizeof(int32_t));
    if (pool->code != MN_OK) {
        return pool->code;
    }
    m = 0;
    for (int32_t k = 0; k < at->n; k++) {
        const int32_t v = work->order[at->first + k];
        graph->start[k] = m;
        graph->weight[k] = 1;
        for (int32_t q = pattern->start[v]; q < pattern->start[v + 1]; q++) {
            const int32_t u = work->place[pattern->neighbour[q]];
            if (u < n_most) {
                graph->neighbour[m] = u;
                graph->link[m++] = 1;
            }
        }
    }
    graph->start[at->n] = m;
    return MN_OK;
}

/* ------------------------------------------------------------------ what becomes of a part */

static void add_part(dissection *work, int32_t first, int32_t n, int32_t depth, uint64_t seed)
{
    if (n > 0) {
        work->todo[work->n_todo++] = (part){.first = first, .n = n, .depth = depth, .seed = seed};
    }
}

/* Sorts the vertices of a part by label, equals as they stood; count[l] is where label l then ends. */
static void sort_part(dissection *work, const part *at, int32_t n_labels)
{
    int32_t *vertex = work->order + at->first;
    memset(work->count, 0, ((size_t)n_labels + 1) * sizeof *work->count);
    for (int32_t k = 0; k < at->n; k++) {
        work->count[work->label[k] + 1]++;
    }
    for (int32_t l = 0; l < n_labels; l++) {
        work->count[l + 1] += work->count[l];
    }
    for (int32_t k = 0; k < at->n; k++) {
        work->sorted[work->count[work->label[k]]++] = vertex[k];
    }
    memcpy(vertex, work->sorted, (size_t)at->n * sizeof *vertex);
}

/* Labels the connected pieces in the order of their first vertices. */
static int32_t label_pieces(dissection *work, const mn_weighted_graph *graph)
{
    int32_t n_pieces = 0;
    memset(work->label, -1, (size_t)graph->n * sizeof *work->label);
    for (int32_t v = 0; v < graph->n; v++) {
        int32_t n = 0;
        if (work->label[v] >= 0) {
            continue;
        }
        work->label[v] = n_pieces;
        work->sorted[n++] = v;
        for (int32_t k = 0; k < n; k++) {
            for (int32_t q = graph->start[work->sorted[k]]; q < graph->start[work->sorted[k] + 1]; q++) {
                const int32_t u = graph->neighbour[q];
                if (work->label[u] < 0) {
                    work->label[u] = n_pieces;
                    work->sorted[n++] = u;
                }
            }
        }
        n_pieces++;
    }
    return n_pieces;
}

/* Puts the vertices of a part into an order of its own. */
static void take_order(dissection *work, const part *at, const int32_t *own)
{
    int32_t *vertex = work->order + at->first;
    for (int32_t k = 0; k < at->n; k++) {
        work->sorted[k] = vertex[own[k]];
    }
    memcpy(vertex, work->sorted, (size_t)at->n * sizeof *vertex);
}

static int order_by_degree(dissection *work, const part *at, const mn_weighted_graph *graph)
{
    const int code = mn_minimum_degree(at->n, graph->start, graph->neighbour, work->label);
    if (code == MN_OK) {
        take_order(work, at, work->label);
    }
    return code;
}

static int order_leaf(dissection *work, const part *at)
{
    mn_weighted_graph graph;
    mn_pool pool = {0};
    const int32_t n_all = number_part(work, at);
    const bool by_fill = n_all - at->n <= MOST_BEHIND;
    int code = build_graph(work, at, by_fill ? n_all : at->n, &graph, &pool);
    forget_numbers(work, at, n_all);
    if (code == MN_OK && by_fill) {
        code = mn_least_fill(at->n, n_all, graph.start, graph.neighbour, work->label);
        if (code == MN_OK) {
            take_order(work, at, work->label);
        }
    } else if (code == MN_OK) {
        code = order_by_degree(work, at, &graph);
    }
    mn_pool_free(&pool);
    return code;
}

/* A connected part: sides to do, and behind them the separator, as it stood; minimum degree where there is none. */
static int separate(dissection *work, const part *at, const mn_weighted_graph *graph)
{
    const int code =
        at->depth < DEPTH ? mn_separate(graph, at->seed, &work->effort->separator, work->cancel, work->side) : MN_OK;
    int32_t n[3] = {0, 0, 0};
    if (code != MN_OK) {
        return code;
    }
    for (int32_t k = 0; k < at->n && at->depth < DEPTH; k++) {
        work->label[k] = work->side[k];
        n[work->side[k]]++;
    }
    if (n[0] == 0 || n[1] == 0) {
        return order_by_degree(work, at, graph);
    }
    sort_part(work, at, 3);
    add_part(work, at->first, n[0], at->depth + 1, mn_shaken(2 * at->seed + 1));
    add_part(work, at->first + n[0], n[1], at->depth + 1, mn_shaken(2 * at->seed + 2));
    return MN_OK;
}

static int process(dissection *work, const part *at)
{
    mn_weighted_graph graph;
    mn_pool pool = {0};
    if (at->n <= work->effort->leaf) {
        return order_leaf(work, at);
    }
    const int32_t n_all = number_part(work, at);
    int code = build_graph(work, at, at->n, &graph, &pool);
    forget_numbers(work, at, n_all);
    if (code == MN_OK) {
        const int32_t n_pieces = label_pieces(work, &graph);
        if (n_pieces == 1) {
            code = separate(work, at, &graph);
        } else {
            sort_part(work, at, n_pieces);
            for (int32_t l = 0, first = 0; l < n_pieces; first = work->count[l++]) {
                add_part(work, at->first + first, work->count[l] - first, at->depth, mn_shaken(at->seed + (uint64_t)l));
            }
        }
    }
    mn_pool_free(&pool);
    return code;
}

static int dissection_init(dissection *work, int32_t n)
{
    work->todo = mn_pool_alloc(&work->pool, n, sizeof(part));
    work->place = mn_pool_alloc(&work->pool, n, sizeof(int32_t));
    work->behind = mn_pool_alloc(&work->pool, n, sizeof(int32_t));
    work->label = mn_pool_alloc(&work->pool, n, sizeof(int32_t));
    work->count = mn_pool_alloc(&work->pool, (int64_t)n + 4, sizeof(int32_t));
    work->sorted = mn_pool_alloc(&work->pool, n, sizeof(int32_t));
    work->side = mn_pool_alloc(&work->pool, n, sizeof(uint8_t));
    return work->pool.code;
}

int mn_dissect(const mn_pattern *rest, uint64_t seed, const mn_dissection_effort *effort, mn_cancel *cancel,
               int32_t *order, int32_t n_gone)
{
    dissection work = {.pattern = rest, .effort = effort, .cancel = cancel, .order = order};
    int code = dissection_init(&work, rest->n);
    if (code == MN_OK) {
        memset(work.place, -1, (size_t)rest->n * sizeof *work.place);
        add_part(&work, n_gone, rest->n_free - n_gone, 0, mn_shaken(seed));
    }
    while (code == MN_OK && work.n_todo > 0) {
        const part at = work.todo[--work.n_todo];
        code = mn_cancelled(cancel) ? MN_ERR_INTERRUPTED : process(&work, &at);
    }
    mn_pool_free(&work.pool);
    return code;
}
