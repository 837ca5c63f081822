/* A least vertex cut by a maximum flow in a band around a separator. */
#include "circuit/vertex_cut.h"

#include <string.h>

enum { UNBOUNDED = INT32_MAX / 2 };

int mn_vertex_cut_init(mn_vertex_cut *work, const mn_weighted_graph *largest, mn_pool *pool)
{
    const int64_t n = largest->n, n_points = 2 * n + 2;
    *work = (mn_vertex_cut){0};
    work->band = mn_pool_alloc(pool, n, sizeof(int32_t));
    work->place = mn_pool_alloc(pool, n, sizeof(int32_t));
    work->arc = mn_pool_alloc(pool, 2 * (largest->start[n] + 3 * n), sizeof(mn_arc));
    work->first = mn_pool_alloc(pool, n_points, sizeof(int32_t));
    work->current = mn_pool_alloc(pool, n_points, sizeof(int32_t));
    work->level = mn_pool_alloc(pool, n_points, sizeof(int32_t));
    work->queue = mn_pool_alloc(pool, n_points, sizeof(int32_t));
    work->path = mn_pool_alloc(pool, n_points, sizeof(int32_t));
    work->reached[0] = mn_pool_alloc(pool, n_points, sizeof(uint8_t));
    work->reached[1] = mn_pool_alloc(pool, n_points, sizeof(uint8_t));
    return pool->code;
}

/* ------------------------------------------------------------------ the band */

static void add_to_band(mn_vertex_cut *work, int32_t v)
{
    work->place[v] = work->n_band;
    work->band[work->n_band++] = v;
}

/* As far into a side as the other may grow, and no more than half of it. */
static void widen(const mn_separation *separation, int side, int width, mn_vertex_cut *work)
{
    const mn_weighted_graph *graph = separation->graph;
    const int64_t *const weight = separation->weight;
    int64_t room = mn_separation_limit(separation) - weight[1 - side] - weight[MN_SEPARATOR];
    room = room < weight[side] / 2 ? room : weight[side] / 2;
    int32_t from = 0, to = work->n_band; /* the separator, and what is left of the other side is no neighbour */
    for (int step = 0; step < width && from < to; step++) {
        const int32_t begin = work->n_band;
        for (int32_t i = from; i < to; i++) {
            const int32_t v = work->band[i];
            for (int32_t q = graph->start[v]; q < graph->start[v + 1]; q++) {
                const int32_t u = graph->neighbour[q];
                if (separation->side[u] != side || work->place[u] >= 0) {
                    continue;
                }
                if (graph->weight[u] > room) {
                    return;
                }
                room -= graph->weight[u];
                add_to_band(work, u);
            }
        }
        from = begin;
        to = work->n_band;
    }
}

static void find_band(const mn_separation *separation, int width, mn_vertex_cut *work)
{
    work->n_band = 0;
    memset(work->place, -1, (size_t)separation->graph->n * sizeof *work->place);
    for (int32_t v = 0; v < separation->graph->n; v++) {
        if (separation->side[v] == MN_SEPARATOR) {
            add_to_band(work, v);
        }
    }
    widen(separation, 0, width, work);
    widen(separation, 1, width, work);
}

static void join(mn_vertex_cut *work, int32_t a, int32_t b, int32_t room)
{
    const int32_t k = (int32_t)work->n_arcs;
    work->arc[k] = (mn_arc){.to = b, .room = room, .next = work->first[a]};
    work->arc[k + 1] = (mn_arc){.to = a, .room = 0, .next = work->first[b]};
    work->first[a] = k;
    work->first[b] = k + 1;
    work->n_arcs += 2;
}

/* Points 2 i and 2 i + 1 of a vertex, then the source (side 0) and the sink (side 1). */
static void build_arcs(const mn_separation *separation, mn_vertex_cut *work)
{
    const mn_weighted_graph *graph = separation->graph;
    const int32_t source = 2 * work->n_band, sink = source + 1;
    work->n_arcs = 0;
    work->meets[0] = work->meets[1] = false;
    memset(work->first, -1, ((size_t)sink + 1) * sizeof *work->first);
    for (int32_t i = 0; i < work->n_band; i++) {
        const int32_t v = work->band[i];
        bool touches[2] = {false, false};
        join(work, 2 * i, 2 * i + 1, graph->weight[v]);
        for (int32_t q = graph->start[v]; q < graph->start[v + 1]; q++) {
            const int32_t u = graph->neighbour[q];
            if (work->place[u] >= 0) {
                join(work, 2 * i + 1, 2 * work->place[u], UNBOUNDED);
            } else {
                touches[separation->side[u]] = true;
            }
        }
        if (touches[0]) {
            join(work, source, 2 * i, UNBOUNDED);
        }
        if (touches[1]) {
            join(work, 2 * i + 1, sink, UNBOUNDED);
        }
        work->meets[0] = work->meets[0] || touches[0];
        work->meets[1] = work->meets[1] || touches[1];
    }
}

/* ------------------------------------------------------------------ the flow */

/* Levels by breadth; whether the sink has one. */
static bool find_levels(mn_vertex_cut *work)
{
    const int32_t source = 2 * work->n_band, sink = source + 1;
    int32_t n = 0;
    for (int32_t i = 0; i <= sink; i++) {
        work->level[i] = -1;
        work->current[i] = work->first[i];
    }
    work->level[source] = 0;
    work->queue[n++] = source;
    for (int32_t k = 0; k < n && work->level[sink] < 0; k++) {
        const int32_t x = work->queue[k];
        for (int32_t e = work->first[x]; e >= 0; e = work->arc[e].next) {
            const int32_t y = work->arc[e].to;
            if (work->arc[e].room > 0 && work->level[y] < 0) {
                work->level[y] = work->level[x] + 1;
                work->queue[n++] = y;
            }
        }
    }
    return work->level[sink] >= 0;
}

/* Fills the path of n arcs; the first that is then full is where the search goes on. */
static int32_t fill_path(mn_vertex_cut *work, int32_t n, int64_t *flow)
{
    int32_t least = UNBOUNDED, full = 0;
    for (int32_t k = 0; k < n; k++) {
        const int32_t room = work->arc[work->path[k]].room;
        least = room < least ? room : least;
    }
    for (int32_t k = n - 1; k >= 0; k--) {
        mn_arc *arc = &work->arc[work->path[k]];
        arc->room -= least;
        work->arc[work->path[k] ^ 1].room += least;
        full = arc->room == 0 ? k : full;
    }
    *flow += least;
    return full;
}

/* All paths along these levels. */
static void fill_levels(mn_vertex_cut *work, int64_t *flow)
{
    const int32_t source = 2 * work->n_band, sink = source + 1;
    int32_t x = source, n = 0;
    while (true) {
        if (x == sink) {
            n = fill_path(work, n, flow);
            x = work->arc[work->path[n] ^ 1].to;
        }
        int32_t e = work->current[x];
        while (e >= 0 && (work->arc[e].room == 0 || work->level[work->arc[e].to] != work->level[x] + 1)) {
            e = work->arc[e].next;
        }
        work->current[x] = e;
        if (e >= 0) {
            work->path[n++] = e;
            x = work->arc[e].to;
        } else if (n > 0) {
            work->level[x] = -1;
            x = work->arc[work->path[--n] ^ 1].to;
        } else {
            return;
        }
    }
}

/* ------------------------------------------------------------------ the cut */

/* What can still be reached from the source (end 0), or can still reach the sink (end 1). */
static void find_reached(mn_vertex_cut *work, int end)
{
    const int32_t from = 2 * work->n_band + end;
    uint8_t *reached = work->reached[end];
    int32_t n = 0;
    memset(reached, 0, 2 * (size_t)work->n_band + 2);
    reached[from] = 1;
    work->queue[n++] = from;
    for (int32_t k = 0; k < n; k++) {
        for (int32_t e = work->first[work->queue[k]]; e >= 0; e = work->arc[e].next) {
            const int32_t y = work->arc[e].to;
            if (work->arc[end == 0 ? e : e ^ 1].room > 0 && !reached[y]) {
                reached[y] = 1;
                work->queue[n++] = y;
            }
        }
    }
}

/* Where vertex i of the band comes to lie by the cut next to an end. */
static int side_after(const mn_vertex_cut *work, int32_t i, int end)
{
    const uint8_t *reached = work->reached[end];
    const bool near = reached[2 * i + end], far = reached[2 * i + 1 - end];
    return !near ? 1 - end : far ? end : MN_SEPARATOR;
}

/* The sides' difference by the cut next to an end; -1 where it leaves nothing of a side. */
static int64_t gap_after(const mn_separation *separation, const mn_vertex_cut *work, int end)
{
    mn_separation after = *separation; /* its weights */
    for (int32_t i = 0; i < work->n_band; i++) {
        const int32_t v = work->band[i];
        after.weight[separation->side[v]] -= separation->graph->weight[v];
        after.weight[side_after(work, i, end)] += separation->graph->weight[v];
    }
    return after.weight[0] > 0 && after.weight[1] > 0 ? mn_separation_gap(&after) : -1;
}

bool mn_cut_vertices(mn_separation *separation, int width, mn_vertex_cut *work)
{
    const int64_t weight = separation->weight[MN_SEPARATOR];
    int64_t flow = 0;
    find_band(separation, width, work);
    build_arcs(separation, work);
    if (!work->meets[0] || !work->meets[1]) {
        return false;
    }
    while (flow < weight && find_levels(work)) { /* the old separator is a cut: no more can flow */
        fill_levels(work, &flow);
    }
    find_reached(work, 0);
    find_reached(work, 1);
    const int64_t gap[2] = {gap_after(separation, work, 0), gap_after(separation, work, 1)};
    const int end = gap[0] < 0 || (gap[1] >= 0 && gap[1] < gap[0]) ? 1 : 0;
    if (gap[end] < 0 || (flow == weight && gap[end] >= mn_separation_gap(separation))) {
        return false;
    }
    for (int32_t i = 0; i < work->n_band; i++) {
        mn_separation_move(separation, work->band[i], side_after(work, i, end));
    }
    return true;
}
