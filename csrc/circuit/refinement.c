/* Passes of one-sided moves. */
#include "circuit/refinement.h"

enum { STALL = 50 }; /* moves without gain that end a pass */

int mn_refinement_init(mn_refinement *work, const mn_weighted_graph *largest, mn_pool *pool)
{
    const int64_t n = largest->n;
    *work = (mn_refinement){0};
    work->gain = mn_pool_alloc(pool, n, sizeof(int32_t));
    work->locked = mn_pool_alloc(pool, n, sizeof(int32_t));
    work->log = mn_pool_alloc(pool, 2 * n, sizeof(int32_t)); /* a vertex enters the separator and leaves it */
    work->from = mn_pool_alloc(pool, 2 * n, sizeof(uint8_t));
    /* a vertex when the pass begins or when it enters, and each of its neighbours once more when it enters */
    work->heap = mn_pool_alloc(pool, n + largest->start[n], sizeof(mn_move));
    return pool->code;
}

static void push(mn_refinement *work, int32_t v)
{
    const mn_move move = {work->gain[v] * (INT64_C(1) << 32) + work->n_entered++, v};
    int64_t i = work->n_heap++;
    for (; i > 0 && work->heap[(i - 1) / 2].key < move.key; i = (i - 1) / 2) {
        work->heap[i] = work->heap[(i - 1) / 2];
    }
    work->heap[i] = move;
}

static void pop(mn_refinement *work)
{
    const mn_move move = work->heap[--work->n_heap];
    int64_t i = 0;
    for (int64_t child = 1; child < work->n_heap; child = 2 * i + 1) {
        child += child + 1 < work->n_heap && work->heap[child + 1].key > work->heap[child].key;
        if (work->heap[child].key <= move.key) {
            break;
        }
        work->heap[i] = work->heap[child];
        i = child;
    }
    work->heap[i] = move;
}

/* The weight that the separator loses when v moves to a side. */
static void enter(const mn_separation *separation, int32_t v, int to, mn_refinement *work)
{
    const mn_weighted_graph *graph = separation->graph;
    int32_t gain = graph->weight[v];
    for (int32_t q = graph->start[v]; q < graph->start[v + 1]; q++) {
        const int32_t u = graph->neighbour[q];
        gain -= separation->side[u] == 1 - to ? graph->weight[u] : 0;
    }
    work->gain[v] = gain;
    push(work, v);
}

static int64_t note(const mn_separation *separation, int32_t v, int64_t n_log, mn_refinement *work)
{
    work->log[n_log] = v;
    work->from[n_log] = separation->side[v];
    return n_log + 1;
}

/* v leaves the separator; what it pulls in gains nothing any more for others in it. Returns the length of the log. */
static int64_t move(mn_separation *separation, int32_t v, int to, int64_t n_log, mn_refinement *work)
{
    const mn_weighted_graph *graph = separation->graph;
    n_log = note(separation, v, n_log, work);
    work->locked[v] = work->pass;
    mn_separation_move(separation, v, to);
    for (int32_t q = graph->start[v]; q < graph->start[v + 1]; q++) {
        const int32_t u = graph->neighbour[q];
        if (separation->side[u] != 1 - to) {
            continue;
        }
        n_log = note(separation, u, n_log, work);
        mn_separation_move(separation, u, MN_SEPARATOR);
        for (int32_t r = graph->start[u]; r < graph->start[u + 1]; r++) {
            const int32_t x = graph->neighbour[r];
            if (separation->side[x] == MN_SEPARATOR && work->locked[x] != work->pass) {
                work->gain[x] += graph->weight[u];
                push(work, x);
            }
        }
        enter(separation, u, to, work);
    }
    return n_log;
}

static bool is_stale(const mn_separation *separation, const mn_refinement *work, const mn_move *top)
{
    const int32_t v = top->vertex;
    return separation->side[v] != MN_SEPARATOR || work->locked[v] == work->pass ||
           work->gain[v] != (int32_t)(top->key >> 32);
}

static bool is_legal(const mn_separation *separation, int64_t limit)
{
    return separation->weight[0] <= limit && separation->weight[1] <= limit;
}

/* A separation within the limit beats others, then a light separator, then equal sides. */
static bool is_better(const mn_separation *now, const mn_separation *best, int64_t limit)
{
    const bool legal = is_legal(now, limit), was = is_legal(best, limit);
    const int64_t lighter = best->weight[MN_SEPARATOR] - now->weight[MN_SEPARATOR];
    return legal != was ? legal : lighter > 0 || (lighter == 0 && mn_separation_gap(now) < mn_separation_gap(best));
}

void mn_refine(mn_separation *separation, int to, mn_refinement *work)
{
    const mn_weighted_graph *graph = separation->graph;
    const int64_t limit = mn_separation_limit(separation);
    mn_separation best = *separation; /* its weights */
    int64_t n_log = 0, n_kept = 0;
    work->pass++;
    work->n_heap = 0;
    work->n_entered = 0;
    for (int32_t v = 0; v < graph->n; v++) {
        if (separation->side[v] == MN_SEPARATOR) {
            enter(separation, v, to, work);
        }
    }
    for (int32_t idle = 0; work->n_heap > 0 && idle <= STALL;) {
        const mn_move top = work->heap[0];
        const bool stale = is_stale(separation, work, &top);
        if (!stale && separation->weight[to] + graph->weight[top.vertex] > limit &&
            separation->weight[to] >= separation->weight[1 - to]) {
            break;
        }
        pop(work);
        if (stale) {
            continue;
        }
        n_log = move(separation, top.vertex, to, n_log, work);
        idle++;
        if (is_better(separation, &best, limit)) {
            best = *separation;
            n_kept = n_log;
            idle = 0;
        }
    }
    while (n_log > n_kept) {
        n_log--;
        mn_separation_move(separation, work->log[n_log], work->from[n_log]);
    }
}
