/* Exact elimination of vertices with at most two neighbours. */
#include "circuit/small_stars.h"

#include <string.h>

/* Rows longer than this are not searched: the centre of a star would be, once for each of its rays. */
enum { LONG_ROW = 64 };

typedef struct {
    int32_t n_free;
    const int32_t *start;
    int32_t *length;    /* n: of the rows of free vertices */
    int32_t *neighbour; /* rows, which shrink in place */
    int32_t *stack;     /* n_free: vertices that have become small after their turn */
    int32_t n_stack;
    uint8_t *gone, *waiting; /* n_free */
    mn_pool pool;
} reduction;

static bool is_small(const reduction *work, int32_t v)
{
    const int32_t *row = work->neighbour + work->start[v];
    bool small = !work->gone[v] && work->length[v] <= 2;
    for (int32_t q = 0; q < work->length[v] && small; q++) {
        small = row[q] >= work->n_free || work->length[row[q]] <= LONG_ROW;
    }
    return small;
}

/* In the row of u, v becomes `other`, or goes where that is there already or is u's only tie (-1). */
static void replace(reduction *work, int32_t u, int32_t v, int32_t other)
{
    int32_t *row = work->neighbour + work->start[u];
    int32_t at = 0;
    bool has = other < 0;
    for (int32_t q = 0; q < work->length[u]; q++) {
        at = row[q] == v ? q : at;
        has = has || row[q] == other;
    }
    if (!has) {
        row[at] = other;
        return;
    }
    row[at] = row[--work->length[u]];
    if (work->length[u] <= 2 && !work->waiting[u]) {
        work->waiting[u] = 1;
        work->stack[work->n_stack++] = u;
    }
}

static void eliminate(reduction *work, int32_t v, int32_t *order, int32_t *n_gone)
{
    const int32_t *row = work->neighbour + work->start[v];
    const int32_t n = work->length[v];
    work->gone[v] = 1;
    order[(*n_gone)++] = v;
    for (int32_t q = 0; q < n; q++) {
        if (row[q] < work->n_free) {
            replace(work, row[q], v, n == 2 ? row[1 - q] : -1);
        }
    }
}

static int reduction_init(reduction *work, const mn_pattern *pattern)
{
    const int32_t n = pattern->n, m = pattern->start[n];
    *work = (reduction){.n_free = pattern->n_free, .start = pattern->start};
    work->length = mn_pool_alloc(&work->pool, n, sizeof(int32_t));
    work->neighbour = mn_pool_alloc(&work->pool, m, sizeof(int32_t));
    work->stack = mn_pool_alloc(&work->pool, n, sizeof(int32_t));
    work->gone = mn_pool_alloc(&work->pool, n, sizeof(uint8_t));
    work->waiting = mn_pool_alloc(&work->pool, n, sizeof(uint8_t));
    if (work->pool.code != MN_OK) {
        return work->pool.code;
    }
    memcpy(work->neighbour, pattern->neighbour, (size_t)m * sizeof *work->neighbour);
    for (int32_t v = 0; v < n; v++) {
        work->length[v] = v < work->n_free ? pattern->start[v + 1] - pattern->start[v] : 0;
    }
    return MN_OK;
}

/* Each vertex has its turn, and, between turns, those that have become small. */
static int32_t eliminate_all(reduction *work, int32_t *order)
{
    int32_t n_gone = 0;
    for (int32_t v = 0; v < work->n_free; v++) {
        int32_t u = v;
        while (true) {
            if (is_small(work, u)) {
                eliminate(work, u, order, &n_gone);
            }
            if (work->n_stack == 0) {
                break;
            }
            u = work->stack[--work->n_stack];
            work->waiting[u] = 0;
        }
    }
    return n_gone;
}

int mn_eliminate_small_stars(const mn_pattern *pattern, mn_pattern *rest, int32_t *order, int32_t *n_gone)
{
    reduction work = {0};
    *rest = (mn_pattern){.n_free = pattern->n_free, .n = pattern->n};
    int code = reduction_init(&work, pattern);
    rest->start = mn_pool_alloc(&rest->pool, (int64_t)pattern->n + 1, sizeof(int32_t));
    rest->neighbour = mn_pool_alloc(&rest->pool, pattern->start[pattern->n], sizeof(int32_t));
    code = code != MN_OK ? code : rest->pool.code;
    if (code != MN_OK) {
        goto out;
    }
    int32_t n = *n_gone = eliminate_all(&work, order), m = 0;
    for (int32_t v = 0; v < pattern->n; v++) {
        const bool stays = v < pattern->n_free && !work.gone[v];
        rest->start[v] = m;
        for (int32_t q = 0; stays && q < work.length[v]; q++) {
            rest->neighbour[m++] = work.neighbour[work.start[v] + q];
        }
        if (stays) {
            order[n++] = v;
        }
    }
    rest->start[pattern->n] = m;
out:
    mn_pool_free(&work.pool);
    if (code != MN_OK) {
        mn_pattern_free(rest);
    }
    return code;
}
