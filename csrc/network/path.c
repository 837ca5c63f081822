/* The path of least resistance between two electrodes: Dijkstra's algorithm with a binary heap.
 *
 * Resistances exp(beta * length) of one network span far more decades than a double has digits: behind a long
 * gap short ones would be rounded away and the path depend on the end it starts from. Distances are exact: a
 * resistance in [1, e^300] is an integer multiple of 2^-52 below 2^433, and a sum of up to 2^31 of them fits in
 * fixed-point numbers of N_WORDS words. Of paths with equal resistance the one with the fewest edges counts. */
#include "memnet.h"

#include <math.h>
#include <string.h>

/* Gaps beyond carry no current (the solver's guarantees end there too): they count as absent. */
#define MAX_EXPONENT 300.0
#define N_WORDS 17

typedef struct {
    uint32_t word[N_WORDS]; /* units of 2^-52, least significant word first */
    int64_t n_edges;
} distance;

typedef struct {
    /* adjacency of vertices: a free node is its own vertex, an electrode is its first node */
    int32_t *vertex;    /* n_nodes */
    int64_t *start;     /* n_nodes + 2 */
    int32_t *neighbour; /* 2 n_edges */
    double *resistance; /* 2 n_edges */
    /* state of the search */
    distance *reached; /* n_nodes */
    int32_t *heap;     /* n_nodes: vertices, nearest first */
    int32_t *place;    /* n_nodes: place in the heap, or one of the two below */
    int64_t n_heap;
    mn_pool pool; /* of the arrays */
} search;

enum { NOT_SEEN = -1, DONE = -2 };

/* total + resistance and one more edge. The resistance is mantissa * 2^shift units, its two halves overlap words. */
static distance distance_add(const distance *total, double resistance)
{
    distance sum = *total;
    uint64_t bits = 0;
    uint64_t carry = 0;

    memcpy(&bits, &resistance, sizeof bits);
    const int shift = (int)(bits >> 52) - 1023;
    const uint64_t mantissa = (bits & ((UINT64_C(1) << 52) - 1)) | UINT64_C(1) << 52;
    const int low = shift / 32;
    const uint64_t half[2] = {(mantissa & UINT32_MAX) << shift % 32, (mantissa >> 32) << shift % 32};

    for (int k = low; k < N_WORDS && (k < low + 2 || carry != 0); k++) {
        carry += sum.word[k] + (k < low + 2 ? half[k - low] : 0);
        sum.word[k] = (uint32_t)(carry & UINT32_MAX);
        carry >>= 32;
    }
    sum.n_edges++;
    return sum;
}

static bool distance_less(const distance *p, const distance *q)
{
    for (int k = N_WORDS - 1; k >= 0; k--) {
        if (p->word[k] != q->word[k]) {
            return p->word[k] < q->word[k];
        }
    }
    return p->n_edges < q->n_edges;
}

static void heap_put(search *s, int64_t at, int32_t v)
{
    s->heap[at] = v;
    s->place[v] = (int32_t)at;
}

static void heap_rise(search *s, int64_t at)
{
    const int32_t v = s->heap[at];

    while (at > 0 && distance_less(&s->reached[v], &s->reached[s->heap[(at - 1) / 2]])) {
        heap_put(s, at, s->heap[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    heap_put(s, at, v);
}

static int32_t heap_pop(search *s)
{
    const int32_t nearest = s->heap[0];
    const int32_t v = s->heap[--s->n_heap];
    int64_t at = 0;

    for (int64_t child = 1; child < s->n_heap; child = 2 * at + 1) {
        if (child + 1 < s->n_heap && distance_less(&s->reached[s->heap[child + 1]], &s->reached[s->heap[child]])) {
            child++;
        }
        if (!distance_less(&s->reached[s->heap[child]], &s->reached[v])) {
            break;
        }
        heap_put(s, at, s->heap[child]);
        at = child;
    }
    heap_put(s, at, v);
    s->place[nearest] = DONE;
    return nearest;
}

static int search_alloc(search *s, const mn_network *network)
{
    const int64_t n = network->n_nodes;
    mn_pool *pool = &s->pool;

    s->vertex = mn_pool_alloc(pool, n, sizeof *s->vertex);
    s->start = mn_pool_alloc(pool, n + 2, sizeof *s->start);
    s->neighbour = mn_pool_alloc(pool, 2 * network->n_edges, sizeof *s->neighbour);
    s->resistance = mn_pool_alloc(pool, 2 * network->n_edges, sizeof *s->resistance);
    s->reached = mn_pool_alloc(pool, n, sizeof *s->reached);
    s->heap = mn_pool_alloc(pool, n, sizeof *s->heap);
    s->place = mn_pool_alloc(pool, n, sizeof *s->place);
    return pool->code;
}

/* The heap, which is still empty and has a place for every electrode, holds the electrodes' first nodes. */
static void find_vertices(search *s, const mn_network *network)
{
    int32_t *first = s->heap;

    for (int64_t e = 0; e < network->n_electrodes; e++) {
        first[e] = -1;
    }
    for (int32_t i = 0; i < network->n_nodes; i++) {
        const int32_t e = network->electrode[i];

        if (e >= 0 && first[e] < 0) {
            first[e] = i;
        }
        s->vertex[i] = e >= 0 ? first[e] : i;
        s->place[i] = NOT_SEEN;
    }
}

static bool edge_conducts(const mn_network *network, double beta, int64_t k)
{
    return network->length == NULL || beta * network->length[k] <= MAX_EXPONENT;
}

/* Counting sort of both directions of every edge by their vertex: counted in start[v + 2], filled at start[v + 1]. */
static void find_neighbours(search *s, const mn_network *network, double beta)
{
    for (int64_t k = 0; k < network->n_edges; k++) {
        if (edge_conducts(network, beta, k)) {
            s->start[s->vertex[network->a[k]] + 2]++;
            s->start[s->vertex[network->b[k]] + 2]++;
        }
    }
    for (int64_t v = 0; v < network->n_nodes; v++) {
        s->start[v + 2] += s->start[v + 1];
    }
    for (int64_t k = 0; k < network->n_edges; k++) {
        if (edge_conducts(network, beta, k)) {
            const int32_t end[2] = {s->vertex[network->a[k]], s->vertex[network->b[k]]};
            const double resistance = network->length != NULL ? fmax(1.0, mn_exp1(beta * network->length[k])) : 1.0;

            for (int side = 0; side < 2; side++) {
                const int64_t at = s->start[end[side] + 1]++;

                s->neighbour[at] = end[1 - side];
                s->resistance[at] = resistance;
            }
        }
    }
}

static void reach_neighbours(search *s, int32_t v)
{
    for (int64_t k = s->start[v]; k < s->start[v + 1]; k++) {
        const int32_t w = s->neighbour[k];

        if (s->place[w] == DONE) {
            continue;
        }
        const distance through = distance_add(&s->reached[v], s->resistance[k]);

        if (s->place[w] == NOT_SEEN) {
            heap_put(s, s->n_heap++, w);
        } else if (!distance_less(&through, &s->reached[w])) {
            continue;
        }
        s->reached[w] = through;
        heap_rise(s, s->place[w]);
    }
}

static int32_t electrode_vertex(const mn_network *network, int32_t electrode)
{
    int32_t v = 0;

    while (network->electrode[v] != electrode) {
        v++;
    }
    return v;
}

int mn_network_path(const mn_network *network, double beta, int32_t from, int32_t to, int64_t *n_path)
{
    search s = {0};
    int code = MN_OK;

    if (from < 0 || from >= network->n_electrodes || to < 0 || to >= network->n_electrodes ||
        (network->length != NULL && !(isfinite(beta) && beta >= 0.0))) {
        return MN_ERR_BAD_ARGUMENT;
    }
    const int32_t target = electrode_vertex(network, to);

    code = search_alloc(&s, network);
    if (code != MN_OK) {
        goto out;
    }
    find_vertices(&s, network);
    find_neighbours(&s, network, beta);
    heap_put(&s, s.n_heap++, electrode_vertex(network, from));
    *n_path = -1;
    while (s.n_heap > 0 && *n_path < 0) {
        const int32_t v = heap_pop(&s);

        if (v == target) {
            *n_path = s.reached[v].n_edges;
        }
        reach_neighbours(&s, v);
    }
out:
    mn_pool_free(&s.pool);
    return code;
}
