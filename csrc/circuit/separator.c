/* Multilevel separators (Hendrickson and Leland 1995; Karypis and Kumar 1998): a coarse image is separated, and the
 * separator is refined on each finer one. */
#include "circuit/separator.h"

#include "base/cancel.h"
#include "circuit/coarsening.h"
#include "circuit/refinement.h"
#include "circuit/vertex_cut.h"

#include <string.h>

enum { LEVELS = 48, COARSEST = 40, PASSES = 2 };

typedef struct {
    const mn_separator_effort *effort;
    int top;
    mn_weighted_graph graph[LEVELS + 1]; /* from the finest to the coarsest */
    int32_t *image[LEVELS];              /* of the vertices of a level on the next */
    mn_refinement refinement;
    mn_vertex_cut cut;
    int32_t *queue;
    uint8_t *trial, *coarse;
    mn_pool pool;
} multilevel;

/* Until the graph is small, or pairs are few. No vertex may grow so heavy that the coarsest graph has no fair cut. */
static int coarsen(multilevel *work, uint64_t seed)
{
    const int64_t heaviest = (int64_t)work->graph[0].n * 3 / (2 * COARSEST) + 1;
    while (work->graph[work->top].n > COARSEST && work->top < LEVELS) {
        const int32_t n = work->graph[work->top].n;
        int32_t *image = work->image[work->top] = mn_pool_alloc(&work->pool, n, sizeof(int32_t));
        if (image == NULL) {
            return MN_ERR_NO_MEMORY;
        }
        const int code = mn_coarsen(&work->graph[work->top], mn_shaken(seed + (uint64_t)work->top), heaviest,
                                    &work->graph[work->top + 1], image, &work->pool);
        if (code != MN_OK) {
            return code;
        }
        work->top++;
        if (work->graph[work->top].n > n - n / 20) {
            break;
        }
    }
    return MN_OK;
}

/* Breadth first from a vertex until half the weight is on side 0; what borders on it is the separator. */
static void grow(mn_separation *separation, int32_t from, int32_t *queue)
{
    const mn_weighted_graph *graph = separation->graph;
    int32_t n = 0, next = 0;
    memset(separation->side, 1, (size_t)graph->n);
    mn_separation_weigh(separation);
    const int64_t total = separation->weight[1];
    mn_separation_move(separation, from, MN_SEPARATOR);
    queue[n++] = from;
    for (int32_t k = 0; 2 * separation->weight[0] < total; k++) {
        if (k == n) { /* a part is full */
            while (separation->side[next] != 1) {
                next++;
            }
            mn_separation_move(separation, next, MN_SEPARATOR);
            queue[n++] = next;
        }
        const int32_t v = queue[k];
        mn_separation_move(separation, v, 0);
        for (int32_t q = graph->start[v]; q < graph->start[v + 1]; q++) {
            const int32_t u = graph->neighbour[q];
            if (separation->side[u] == 1) {
                mn_separation_move(separation, u, MN_SEPARATOR);
                queue[n++] = u;
            }
        }
    }
}

/* First towards the lighter side. */
static void refine(mn_separation *separation, multilevel *work)
{
    for (int k = 0; k < PASSES; k++) {
        const int lighter = separation->weight[0] <= separation->weight[1] ? 0 : 1;
        mn_refine(separation, k % 2 == 0 ? lighter : 1 - lighter, &work->refinement);
    }
    for (int k = 0; k < work->effort->n_cuts; k++) {
        if (!mn_cut_vertices(separation, work->effort->band, &work->cut)) {
            break;
        }
    }
}

/* A light separator; equal sides are worth a quarter of a vertex, and what is too heavy on a side a hundred. */
static int64_t badness(const mn_separation *separation)
{
    const int64_t *const weight = separation->weight, total = weight[0] + weight[1] + weight[MN_SEPARATOR];
    const int64_t heavier = weight[0] > weight[1] ? weight[0] : weight[1];
    const int64_t over = heavier - mn_separation_limit(separation);
    if (weight[0] == 0 || weight[1] == 0) {
        return INT64_MAX;
    }
    return weight[MN_SEPARATOR] * 1000 + (over > 0 ? over * 100000 : 0) + mn_separation_gap(separation) * 250 / total;
}

static void separate_coarsest(multilevel *work, uint64_t seed, uint8_t *side)
{
    const mn_weighted_graph *coarsest = &work->graph[work->top];
    int64_t least = INT64_MAX;
    mn_separation trial = {.graph = coarsest, .side = work->trial};
    for (int k = 0; k < work->effort->n_growths; k++) {
        grow(&trial, mn_shaken_below(mn_shaken(seed) + (uint64_t)k, coarsest->n), work->queue);
        refine(&trial, work);
        const int64_t bad = badness(&trial);
        if (k == 0 || bad < least) {
            least = bad;
            memcpy(side, trial.side, (size_t)coarsest->n);
        }
    }
}

static int multilevel_init(multilevel *work, const mn_weighted_graph *graph)
{
    work->queue = mn_pool_alloc(&work->pool, graph->n, sizeof(int32_t));
    work->trial = mn_pool_alloc(&work->pool, graph->n, sizeof(uint8_t));
    work->coarse = mn_pool_alloc(&work->pool, graph->n, sizeof(uint8_t));
    int code = mn_refinement_init(&work->refinement, graph, &work->pool);
    if (code == MN_OK) {
        code = mn_vertex_cut_init(&work->cut, graph, &work->pool);
    }
    return code;
}

int mn_separate(const mn_weighted_graph *graph, uint64_t seed, const mn_separator_effort *effort, mn_cancel *cancel,
                uint8_t *side)
{
    multilevel work = {.effort = effort, .graph = {*graph}};
    int code = multilevel_init(&work, graph);
    if (code == MN_OK) {
        code = coarsen(&work, seed);
    }
    if (code != MN_OK) {
        goto out;
    }
    separate_coarsest(&work, seed, side);
    for (int level = work.top - 1; level >= 0; level--) {
        mn_separation fine = {.graph = &work.graph[level], .side = side};
        memcpy(work.coarse, side, (size_t)work.graph[level + 1].n);
        for (int32_t v = 0; v < fine.graph->n; v++) {
            side[v] = work.coarse[work.image[level][v]];
        }
        if (mn_cancelled(cancel)) {
            code = MN_ERR_INTERRUPTED;
            break;
        }
        mn_separation_weigh(&fine);
        refine(&fine, &work);
    }
out:
    mn_pool_free(&work.pool);
    return code;
}
