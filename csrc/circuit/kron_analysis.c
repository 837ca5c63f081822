/* The elimination tree of an order, and the rows of its columns. */
#include "circuit/kron_analysis.h"

#include "base/cancel.h"

#include <string.h>

static int alloc_analysis(mn_kron_analysis *work)
{
    mn_pool *pool = &work->pool;
    work->lower_start = mn_pool_alloc(pool, work->n_vertices + 1, sizeof(int64_t));
    work->lower = mn_pool_alloc(pool, work->network->n_edges, sizeof(int32_t));
    work->parent = mn_pool_alloc(pool, work->n_vertices, sizeof(int32_t));
    work->mark = mn_pool_alloc(pool, work->n_vertices, sizeof(int32_t));
    work->cursor = mn_pool_alloc(pool, work->n_free, sizeof(int64_t));
    work->head = mn_pool_alloc(pool, work->n_free, sizeof(int32_t));
    work->next = mn_pool_alloc(pool, work->n_free, sizeof(int32_t));
    work->where = mn_pool_alloc(pool, work->n_vertices, sizeof(int32_t));
    return pool->code;
}

static void list_lower_neighbours(mn_kron_analysis *work)
{
    int32_t low, high;
    memset(work->lower_start, 0, (size_t)(work->n_vertices + 1) * sizeof(int64_t));
    for (int64_t e = 0; e < work->network->n_edges; e++) {
        mn_kron_edge_vertices(work->network, work->vertex, e, &low, &high);
        if (low < work->n_free) {
            work->lower_start[high]++;
        }
    }
    int64_t end = 0;
    for (int64_t i = 0; i < work->n_vertices; i++) {
        end += work->lower_start[i];
        work->lower_start[i] = end;
    }
    work->lower_start[work->n_vertices] = end;
    for (int64_t e = work->network->n_edges - 1; e >= 0; e--) {
        mn_kron_edge_vertices(work->network, work->vertex, e, &low, &high);
        if (low < work->n_free) {
            work->lower[--work->lower_start[high]] = low;
        }
    }
}

/* Elimination tree with path compression (Liu 1986); mark[] holds the ancestors. */
static void find_parents(mn_kron_analysis *work)
{
    for (int64_t i = 0; i < work->n_vertices; i++) {
        work->parent[i] = -1;
        work->mark[i] = -1;
        for (int64_t q = work->lower_start[i]; q < work->lower_start[i + 1]; q++) {
            int32_t r = work->lower[q];
            while (work->mark[r] != -1 && work->mark[r] != i) {
                const int32_t ancestor = work->mark[r];
                work->mark[r] = (int32_t)i;
                r = ancestor;
            }
            if (work->mark[r] == -1) {
                work->mark[r] = (int32_t)i;
                work->parent[r] = (int32_t)i;
            }
        }
    }
}

/* Visits each entry (column r, row i) once, rows ascending: row i of the factor is the subtree of the elimination tree
 * between i's lower neighbours and i. Counts in cursor[], or, where `row` is given, writes at cursor[]. */
static int walk_rows(mn_kron_analysis *work, const uint8_t *step, int32_t *row, mn_cancel *cancel)
{
    for (int64_t i = 0; i < work->n_vertices; i++) {
        work->mark[i] = -1;
    }
    for (int64_t i = 0; i < work->n_vertices; i++) {
        if (mn_cancelled(cancel)) {
            return MN_ERR_INTERRUPTED;
        }
        work->mark[i] = (int32_t)i;
        for (int64_t q = work->lower_start[i]; q < work->lower_start[i + 1]; q++) {
            for (int32_t r = work->lower[q]; r >= 0 && r < work->n_free && work->mark[r] != i; r = work->parent[r]) {
                work->mark[r] = (int32_t)i;
                if (row != NULL) {
                    row[work->cursor[r]] = (int32_t)i;
                }
                work->cursor[r] += step == NULL ? 1 : step[r];
            }
        }
    }
    return MN_OK;
}

int mn_kron_analysis_init(mn_kron_analysis *work, const mn_network *network, int64_t n_free, const int32_t *vertex,
                          mn_cancel *cancel)
{
    *work = (mn_kron_analysis){
        .network = network, .vertex = vertex, .n_free = n_free, .n_vertices = n_free + network->n_electrodes};
    const int code = alloc_analysis(work);
    if (code != MN_OK) {
        return code;
    }
    list_lower_neighbours(work);
    find_parents(work);
    return walk_rows(work, NULL, NULL, cancel);
}

int mn_kron_analysis_rows(mn_kron_analysis *work, const uint8_t *step, int32_t *row, mn_cancel *cancel)
{
    return walk_rows(work, step, row, cancel);
}

void mn_kron_analysis_free(mn_kron_analysis *work)
{
    mn_pool_free(&work->pool);
    *work = (mn_kron_analysis){0};
}

/* ------------------------------------------------------------------ postorder */

static int32_t free_parent(const mn_kron_analysis *work, int64_t k)
{
    return work->parent[k] < work->n_free ? work->parent[k] : -1;
}

/* The children of each vertex, those of the longest columns last; mark[]: the one that is last. */
static void list_children(mn_kron_analysis *work)
{
    int32_t *last = work->mark;
    for (int64_t k = 0; k < work->n_free; k++) {
        work->head[k] = work->next[k] = last[k] = -1;
    }
    for (int64_t k = 0; k < work->n_free; k++) {
        const int32_t p = free_parent(work, k);
        if (p >= 0 && (last[p] < 0 || work->cursor[k] >= work->cursor[last[p]])) {
            last[p] = (int32_t)k;
        }
    }
    for (int64_t p = 0; p < work->n_free; p++) {
        work->head[p] = last[p];
    }
    for (int64_t k = work->n_free - 1; k >= 0; k--) {
        const int32_t p = free_parent(work, k);
        if (p >= 0 && last[p] != k) {
            work->next[k] = work->head[p];
            work->head[p] = (int32_t)k;
        }
    }
}

/* number[k]: place of vertex k in the postorder. Down to the first child that is left, else up. */
static void number_subtrees(mn_kron_analysis *work, int32_t *number)
{
    int32_t n = 0;
    for (int64_t root = 0; root < work->n_free; root++) {
        int32_t k = free_parent(work, root) < 0 ? (int32_t)root : -1;
        while (k >= 0) {
            const int32_t child = work->head[k];
            if (child >= 0) {
                work->head[k] = work->next[child];
                k = child;
            } else {
                number[k] = n++;
                k = free_parent(work, k);
            }
        }
    }
}

void mn_kron_analysis_renumber(mn_kron_analysis *work, const int32_t *number, int32_t *vertex)
{
    for (int64_t i = 0; i < work->network->n_nodes; i++) {
        vertex[i] = vertex[i] < work->n_free ? number[vertex[i]] : vertex[i];
    }
    for (int64_t k = 0; k < work->n_free; k++) { /* lengths and parents follow, by way of mark[] and next[] */
        work->next[number[k]] = (int32_t)work->cursor[k];
        work->mark[number[k]] = free_parent(work, k) < 0 ? work->parent[k] : number[work->parent[k]];
    }
    for (int64_t k = 0; k < work->n_free; k++) {
        work->cursor[k] = work->next[k];
        work->parent[k] = work->mark[k];
    }
    list_lower_neighbours(work);
}

void mn_kron_analysis_postorder(mn_kron_analysis *work, int32_t *vertex)
{
    int32_t *number = work->where;
    list_children(work);
    number_subtrees(work, number);
    mn_kron_analysis_renumber(work, number, vertex);
}
