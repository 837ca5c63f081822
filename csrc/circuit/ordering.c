/* Candidates for the elimination order, their updates counted. */
#include "circuit/ordering.h"

#include "circuit/dissection.h"
#include "circuit/elimination_count.h"
#include "circuit/minimum_degree.h"
#include "circuit/straight_cuts.h"

#include <string.h>

/* MN_ORDER_AUTO tries dissection where an elimination by minimum degree has so many updates a vertex that it may soon
 * pay, and takes it where it has at most so many per cent of them: small gains leave results as they were. */
enum { WORTHWHILE = 64, WORTH_TAKING = 85 };

/* Work arrays of one dissection count points and arcs of flows in 32 bits. */
#define LARGEST (INT32_MAX / 8)

static const mn_dissection_effort quick = {.leaf = 100, .separator = {.band = 4, .n_cuts = 1, .n_growths = 4}};
static const mn_dissection_effort thorough[] = {
    {.leaf = 100, .separator = {.band = 8, .n_cuts = 2, .n_growths = 8}},
    {.leaf = 250, .separator = {.band = 8, .n_cuts = 2, .n_growths = 8}},
};
enum { N_THOROUGH = 4 }; /* candidates of MN_ORDER_BEST */

/* Numbers the free nodes in node order and writes one vertex an electrode behind them. */
static int64_t number_vertices(const mn_network *network, int32_t *vertex)
{
    int64_t n_free = 0;
    for (int64_t i = 0; i < network->n_nodes; i++) {
        if (network->electrode[i] < 0) {
            vertex[i] = (int32_t)n_free++;
        }
    }
    for (int64_t i = 0; i < network->n_nodes; i++) {
        if (network->electrode[i] >= 0) {
            vertex[i] = (int32_t)n_free + network->electrode[i];
        }
    }
    return n_free;
}

/* The edges between free nodes, each once, by columns. Repeated edges stay: AMD copes. */
static void list_columns(const mn_network *network, int64_t n_free, const int32_t *vertex, int32_t *start,
                         int32_t *index)
{
    int64_t n_pairs = 0;
    for (int64_t e = 0; e < network->n_edges; e++) {
        const int32_t a = vertex[network->a[e]], b = vertex[network->b[e]];
        if (a < n_free && b < n_free) {
            start[a]++;
            n_pairs++;
        }
    }
    int32_t end = 0;
    for (int64_t i = 0; i <= n_free; i++) {
        end += i < n_free ? start[i] : 0;
        start[i] = end;
    }
    for (int64_t e = network->n_edges - 1; e >= 0 && n_pairs > 0; e--) {
        const int32_t a = vertex[network->a[e]], b = vertex[network->b[e]];
        if (a < n_free && b < n_free) {
            index[--start[a]] = b;
            n_pairs--;
        }
    }
}

static int order_by_degree(const mn_network *network, int64_t n_free, const int32_t *vertex, int32_t *order)
{
    mn_pool pool = {0};
    int32_t *start = mn_pool_alloc(&pool, n_free + 1, sizeof(int32_t));
    int32_t *index = mn_pool_alloc(&pool, network->n_edges, sizeof(int32_t));
    int code = pool.code;
    if (code == MN_OK) {
        list_columns(network, n_free, vertex, start, index);
        code = mn_minimum_degree((int32_t)n_free, start, index, order);
    }
    mn_pool_free(&pool);
    return code;
}

typedef struct {
    const mn_pattern *pattern;
    mn_pattern rest;
    int32_t n_gone;
    int32_t *first; /* what mn_eliminate_small_stars left, with which each dissection begins */
    int32_t *trial;
    int32_t *best;
    int64_t n_updates; /* of the best */
    mn_cancel *cancel;
    mn_pool pool;
} choice;

/* Takes an order where it has at most `per_cent` of the updates that the best so far has. */
static int try_order(choice *work, const int32_t *trial, int64_t per_cent)
{
    int64_t n_updates;
    const int code = mn_count_updates(work->pattern, trial, &n_updates);
    if (code == MN_OK && n_updates < work->n_updates / 100 * per_cent + work->n_updates % 100 * per_cent / 100) {
        memcpy(work->best, trial, (size_t)work->pattern->n_free * sizeof *trial);
        work->n_updates = n_updates;
    }
    return code;
}

static int try_dissection(choice *work, uint64_t seed, const mn_dissection_effort *effort, int64_t per_cent)
{
    memcpy(work->trial, work->first, (size_t)work->pattern->n_free * sizeof *work->trial);
    const int code = mn_dissect(&work->rest, seed, effort, work->cancel, work->trial, work->n_gone);
    return code == MN_OK ? try_order(work, work->trial, per_cent) : code;
}

static int try_dissections(choice *work, mn_order order)
{
    work->first = mn_pool_alloc(&work->pool, work->pattern->n_free, sizeof(int32_t));
    work->trial = mn_pool_alloc(&work->pool, work->pattern->n_free, sizeof(int32_t));
    int code = work->pool.code;
    if (code == MN_OK) {
        code = mn_eliminate_small_stars(work->pattern, &work->rest, work->first, &work->n_gone);
    }
    if (code == MN_OK && order == MN_ORDER_AUTO) {
        code = try_dissection(work, 0, &quick, WORTH_TAKING);
    }
    for (int k = 0; k < N_THOROUGH && code == MN_OK && order == MN_ORDER_BEST; k++) {
        code = try_dissection(work, (uint64_t)k, &thorough[k % 2], 100);
    }
    mn_pattern_free(&work->rest);
    mn_pool_free(&work->pool);
    return code;
}

/* Replaces the order where another one is better: `other`, unless that is NULL, or a dissection. */
static int improve(const mn_network *network, mn_order order, mn_cancel *cancel, int64_t n_free, const int32_t *vertex,
                   const int32_t *other, int32_t *best)
{
    mn_pattern pattern;
    choice work = {.pattern = &pattern, .best = best, .cancel = cancel};
    int code = mn_pattern_init(&pattern, network, n_free, vertex);
    if (code != MN_OK) {
        return code;
    }
    code = mn_count_updates(&pattern, best, &work.n_updates);
    if (code == MN_OK && other != NULL) {
        code = try_order(&work, other, order == MN_ORDER_AUTO ? WORTH_TAKING : 100);
    }
    if (code == MN_OK && (order == MN_ORDER_BEST || work.n_updates > WORTHWHILE * n_free)) {
        code = try_dissections(&work, order);
    }
    mn_pattern_free(&pattern);
    return code;
}

/* Straight cuts are taken as they are where nothing is better; else they are one of the candidates. */
static int choose(const mn_network *network, mn_order order, mn_cancel *cancel, int64_t n_free, const int32_t *vertex,
                  int32_t *best)
{
    mn_pool pool = {0};
    mn_cuts cuts;
    const bool small = network->n_edges <= LARGEST && network->n_nodes <= LARGEST;
    int32_t *other = mn_pool_alloc(&pool, n_free, sizeof(int32_t));
    int code = pool.code;
    if (code == MN_OK) {
        code = mn_straight_cuts(network, n_free, vertex, &cuts, other);
    }
    if (code != MN_OK) {
        goto out;
    }
    if (cuts == MN_CUTS_BEST) {
        memcpy(best, other, (size_t)n_free * sizeof *best);
    }
    if (cuts != MN_CUTS_BEST || order == MN_ORDER_BEST) {
        code = order_by_degree(network, n_free, vertex, cuts == MN_CUTS_BEST ? other : best);
    }
    if (code == MN_OK && small && (order == MN_ORDER_BEST || (order == MN_ORDER_AUTO && cuts != MN_CUTS_BEST))) {
        code = improve(network, order, cancel, n_free, vertex, cuts == MN_CUTS_NONE ? NULL : other, best);
    }
out:
    mn_pool_free(&pool);
    return code;
}

int mn_ordering(const mn_network *network, mn_order order, mn_cancel *cancel, int64_t *n_free, int32_t *vertex)
{
    const int64_t n = number_vertices(network, vertex);

    *n_free = n;
    if (n == 0) {
        return MN_OK;
    }
    if (network->n_edges > INT32_MAX || network->n_nodes + network->n_electrodes > INT32_MAX) {
        return MN_ERR_TOO_LARGE; /* GCOV_EXCL_LINE: 2^31 nodes or edges */
    }
    mn_pool pool = {0};
    int32_t *best = mn_pool_alloc(&pool, n, sizeof(int32_t));
    int32_t *rank = mn_pool_alloc(&pool, n, sizeof(int32_t));
    int code = pool.code;
    if (code == MN_OK) {
        code = choose(network, order, cancel, n, vertex, best);
    }
    for (int64_t k = 0; k < n && code == MN_OK; k++) {
        rank[best[k]] = (int32_t)k;
    }
    for (int64_t i = 0; i < network->n_nodes && code == MN_OK; i++) {
        if (network->electrode[i] < 0) {
            vertex[i] = rank[vertex[i]];
        }
    }
    mn_pool_free(&pool);
    return code;
}
