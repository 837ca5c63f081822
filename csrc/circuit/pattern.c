/* The pattern of a network: its edges listed at both ends, sorted by being turned over, and each kept once. */
#include "circuit/pattern.h"

/* Lists the edges at their first ends, or, where `neighbour` is NULL, counts them at start[end]. */
static void list_ends(const mn_network *network, const int32_t *vertex, int64_t n_free, int32_t *start,
                      int32_t *neighbour)
{
    for (int64_t e = 0; e < network->n_edges; e++) {
        const int32_t a = vertex[network->a[e]], b = vertex[network->b[e]];
        if (a == b || (a >= n_free && b >= n_free)) {
            continue;
        }
        if (neighbour == NULL) {
            start[a]++;
            start[b]++;
        } else {
            neighbour[--start[a]] = b;
            neighbour[--start[b]] = a;
        }
    }
}

/* Counts become ends. */
static void add_up(int32_t n, int32_t *start)
{
    int32_t end = 0;
    for (int32_t v = 0; v < n; v++) {
        end += start[v];
        start[v] = end;
    }
    start[n] = end;
}

/* Each vertex in ascending order enters the lists of its neighbours, once: those come out sorted. `filled` counts. */
static void turn_over(mn_pattern *pattern, const int32_t *start, const int32_t *neighbour, int32_t *filled)
{
    const int32_t n = pattern->n;
    int32_t m = 0;
    for (int32_t v = 0; v < n; v++) {
        for (int32_t q = start[v]; q < start[v + 1]; q++) {
            const int32_t u = neighbour[q], at = start[u] + filled[u];
            if (filled[u] == 0 || pattern->neighbour[at - 1] != v) {
                pattern->neighbour[at] = v;
                filled[u]++;
            }
        }
    }
    for (int32_t v = 0; v < n; v++) {
        pattern->start[v] = m;
        for (int32_t q = 0; q < filled[v]; q++) {
            pattern->neighbour[m++] = pattern->neighbour[start[v] + q];
        }
    }
    pattern->start[n] = m;
}

int mn_pattern_init(mn_pattern *pattern, const mn_network *network, int64_t n_free, const int32_t *vertex)
{
    const int64_t n = n_free + network->n_electrodes;
    mn_pool work = {0};
    *pattern = (mn_pattern){0};
    if (n >= INT32_MAX || network->n_edges > INT32_MAX / 2) {
        return MN_ERR_TOO_LARGE; /* GCOV_EXCL_LINE: 2^30 edges */
    }
    pattern->n_free = (int32_t)n_free;
    pattern->n = (int32_t)n;
    int32_t *start = mn_pool_alloc(&work, n + 1, sizeof(int32_t));
    int32_t *filled = mn_pool_alloc(&work, n, sizeof(int32_t));
    int32_t *neighbour = mn_pool_alloc(&work, 2 * network->n_edges, sizeof(int32_t));
    pattern->start = mn_pool_alloc(&pattern->pool, n + 1, sizeof(int32_t));
    pattern->neighbour = mn_pool_alloc(&pattern->pool, 2 * network->n_edges, sizeof(int32_t));
    const int code = work.code != MN_OK ? work.code : pattern->pool.code;
    if (code == MN_OK) {
        list_ends(network, vertex, n_free, start, NULL);
        add_up(pattern->n, start);
        list_ends(network, vertex, n_free, start, neighbour);
        turn_over(pattern, start, neighbour, filled);
    } else {
        mn_pattern_free(pattern);
    }
    mn_pool_free(&work);
    return code;
}

void mn_pattern_free(mn_pattern *pattern)
{
    mn_pool_free(&pattern->pool);
    *pattern = (mn_pattern){0};
}
