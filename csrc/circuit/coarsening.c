/* Heavy-edge matching, and the graph of the pairs. */
#include "circuit/coarsening.h"

#include <string.h>

enum { DEGREES = 256 }; /* and more: equal */

static int32_t degree(const mn_weighted_graph *graph, int32_t v)
{
    const int32_t d = graph->start[v + 1] - graph->start[v];
    return d < DEGREES ? d : DEGREES - 1;
}

/* Who chooses first: vertices with few neighbours, which find a partner least easily; equals are shuffled. */
static void shuffle(const mn_weighted_graph *graph, uint64_t seed, int32_t *shuffled, int32_t *order)
{
    int32_t count[DEGREES + 1] = {0};
    for (int32_t i = 0; i < graph->n; i++) {
        const int32_t j = mn_shaken_below(seed + (uint64_t)i, i + 1);
        shuffled[i] = shuffled[j];
        shuffled[j] = i;
        count[degree(graph, i) + 1]++;
    }
    for (int32_t d = 0; d < DEGREES; d++) {
        count[d + 1] += count[d];
    }
    for (int32_t i = 0; i < graph->n; i++) {
        order[count[degree(graph, shuffled[i])]++] = shuffled[i];
    }
}

/* Of the neighbours without a mate that of the heaviest edge; of equals the lightest, then the first. */
static int32_t choose_mate(const mn_weighted_graph *graph, int32_t v, int64_t heaviest, const int32_t *mate)
{
    int32_t best = -1, link = 0;
    for (int32_t q = graph->start[v]; q < graph->start[v + 1]; q++) {
        const int32_t u = graph->neighbour[q];
        if (mate[u] >= 0 || (int64_t)graph->weight[u] + graph->weight[v] > heaviest) {
            continue;
        }
        const int32_t lighter = best < 0 ? 1 : graph->weight[best] - graph->weight[u];
        if (best < 0 || graph->link[q] > link ||
            (graph->link[q] == link && (lighter > 0 || (lighter == 0 && u < best)))) {
            best = u;
            link = graph->link[q];
        }
    }
    return best < 0 ? v : best;
}

/* Adds the edges of fine vertex x to coarse vertex k, which begins at start[k]; `at` says where a neighbour stands. */
static int32_t add_edges(const mn_weighted_graph *fine, int32_t x, const int32_t *image, mn_weighted_graph *coarse,
                         int32_t k, int32_t m, int32_t *at)
{
    for (int32_t q = fine->start[x]; q < fine->start[x + 1]; q++) {
        const int32_t u = image[fine->neighbour[q]];
        if (u == k) {
            continue;
        }
        if (at[u] < coarse->start[k]) {
            at[u] = m;
            coarse->neighbour[m] = u;
            coarse->link[m++] = fine->link[q];
        } else {
            coarse->link[at[u]] += fine->link[q];
        }
    }
    return m;
}

static void join_pairs(const mn_weighted_graph *fine, const int32_t *mate, const int32_t *image,
                       mn_weighted_graph *coarse, int32_t *at)
{
    int32_t m = 0, k = 0;
    memset(at, -1, (size_t)coarse->n * sizeof *at);
    for (int32_t v = 0; v < fine->n; v++) {
        if (v > mate[v]) {
            continue;
        }
        coarse->start[k] = m;
        coarse->weight[k] = fine->weight[v];
        m = add_edges(fine, v, image, coarse, k, m, at);
        if (mate[v] != v) {
            coarse->weight[k] += fine->weight[mate[v]];
            m = add_edges(fine, mate[v], image, coarse, k, m, at);
        }
        k++;
    }
    coarse->start[k] = m;
}

int mn_coarsen(const mn_weighted_graph *fine, uint64_t seed, int64_t heaviest, mn_weighted_graph *coarse,
               int32_t *image, mn_pool *pool)
{
    const int32_t n = fine->n;
    int32_t n_coarse = 0;
    mn_pool work = {0};
    int32_t *shuffled = mn_pool_alloc(&work, n, sizeof(int32_t));
    int32_t *order = mn_pool_alloc(&work, n, sizeof(int32_t));
    int32_t *mate = mn_pool_alloc(&work, n, sizeof(int32_t));
    int code = work.code;
    if (code != MN_OK) {
        goto out;
    }
    shuffle(fine, seed, shuffled, order);
    memset(mate, -1, (size_t)n * sizeof *mate);
    for (int32_t k = 0; k < n; k++) {
        const int32_t v = order[k];
        if (mate[v] < 0) {
            mate[v] = choose_mate(fine, v, heaviest, mate);
            mate[mate[v]] = v;
        }
    }
    for (int32_t v = 0; v < n; v++) {
        image[v] = v <= mate[v] ? n_coarse++ : image[mate[v]];
    }
    coarse->n = n_coarse;
    coarse->start = mn_pool_alloc(pool, n_coarse + 1, sizeof(int32_t));
    coarse->weight = mn_pool_alloc(pool, n_coarse, sizeof(int32_t));
    coarse->neighbour = mn_pool_alloc(pool, fine->start[n], sizeof(int32_t));
    coarse->link = mn_pool_alloc(pool, fine->start[n], sizeof(int32_t));
    code = pool->code;
    if (code == MN_OK) {
        join_pairs(fine, mate, image, coarse, order);
    }
out:
    mn_pool_free(&work);
    return code;
}
