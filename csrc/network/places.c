/* Places of nodes, as those of a lattice: columns and rows are numbered in the order of their coordinates. Coordinates
 * are only ever compared, so that every machine finds the same numbers. */
#include "memnet.h"

#include <math.h>
#include <string.h>

enum {
    CELLS_PER_NODE = 4, /* a lattice has at most so many places where a column and a row cross */
    SAMPLE = 4,         /* so many times the root of the number of nodes are looked at first */
    VALUES = 256        /* of a byte */
};

/* Coordinates as whole numbers of the same order, sorted byte by byte. */
typedef struct {
    uint64_t *key, *spare;
    int32_t *node, *spare_node;
    mn_pool pool;
} sorting;

static int sorting_init(sorting *work, int64_t n)
{
    *work = (sorting){0};
    work->key = mn_pool_alloc(&work->pool, n, sizeof(uint64_t));
    work->spare = mn_pool_alloc(&work->pool, n, sizeof(uint64_t));
    work->node = mn_pool_alloc(&work->pool, n, sizeof(int32_t));
    work->spare_node = mn_pool_alloc(&work->pool, n, sizeof(int32_t));
    return work->pool.code;
}

static uint64_t key_of(double x)
{
    const uint64_t sign = UINT64_C(1) << 63;
    uint64_t bits;
    x += 0.0; /* of -0 makes 0 */
    memcpy(&bits, &x, sizeof bits);
    return (bits & sign) != 0 ? ~bits : bits | sign;
}

/* One pass by a byte, equals as they stood. */
static void sort_by_byte(sorting *work, int64_t n, int shift)
{
    int64_t count[VALUES] = {0}, end = 0;
    for (int64_t i = 0; i < n; i++) {
        count[work->key[i] >> shift & (VALUES - 1)]++;
    }
    for (int v = 0; v < VALUES; v++) {
        const int64_t here = count[v];
        count[v] = end;
        end += here;
    }
    for (int64_t i = 0; i < n; i++) {
        const int64_t at = count[work->key[i] >> shift & (VALUES - 1)]++;
        work->spare[at] = work->key[i];
        work->spare_node[at] = work->node[i];
    }
    uint64_t *const key = work->key;
    int32_t *const node = work->node;
    work->key = work->spare;
    work->node = work->spare_node;
    work->spare = key;
    work->spare_node = node;
}

/* Lists the free ones of the first n nodes with their keys; how many there are, 0 where a coordinate is nan. *mixed:
 * the bits in which keys differ. */
static int64_t list_keys(sorting *work, const mn_network *network, int64_t n, const double *coordinate, uint64_t *mixed)
{
    int64_t n_listed = 0;
    *mixed = 0;
    for (int64_t i = 0; i < n; i++) {
        if (network->electrode[i] >= 0) {
            continue;
        }
        if (isnan(coordinate[2 * i])) {
            return 0;
        }
        work->key[n_listed] = key_of(coordinate[2 * i]);
        *mixed |= work->key[n_listed] ^ work->key[0];
        work->node[n_listed++] = (int32_t)i;
    }
    return n_listed;
}

/* Numbers the free ones of the first n nodes by one coordinate and returns how many different ones there are. */
static int64_t number_places(sorting *work, const mn_network *network, int64_t n, const double *coordinate,
                             int32_t *number)
{
    uint64_t mixed;
    const int64_t n_listed = list_keys(work, network, n, coordinate, &mixed);
    for (int shift = 0; shift < 64; shift += 8) {
        if ((mixed >> shift & (VALUES - 1)) != 0) {
            sort_by_byte(work, n_listed, shift);
        }
    }
    int32_t last = n_listed > 0 ? 0 : -1;
    for (int64_t i = 0; i < n_listed; i++) {
        last += i > 0 && work->key[i] != work->key[i - 1];
        number[work->node[i]] = last;
    }
    return (int64_t)last + 1;
}

/* Whether the first n nodes could be those of a lattice. */
static bool number_both(sorting *work, const mn_network *network, int64_t n, const double *position, int32_t *column,
                        int32_t *row)
{
    const int64_t n_columns = number_places(work, network, n, position, column);
    const int64_t n_rows = number_places(work, network, n, position + 1, row);
    return n_columns > 0 && n_rows > 0 && n_columns <= CELLS_PER_NODE * network->n_nodes / n_rows;
}

int mn_network_place(mn_network *network, const double *position, mn_error *error)
{
    const int64_t n = network->n_nodes;
    int64_t sample = 1;
    sorting work;
    mn_pool own = {0};
    while (sample < n && sample / SAMPLE * sample / SAMPLE < n) {
        sample *= 2;
    }
    sample = sample < n ? sample : n;
    int code = sorting_init(&work, sample);
    int32_t *column = mn_pool_alloc(&own, n, sizeof(int32_t));
    int32_t *row = mn_pool_alloc(&own, n, sizeof(int32_t));
    code = code != MN_OK ? code : own.code;
    bool is_lattice = code == MN_OK && number_both(&work, network, sample, position, column, row);
    if (is_lattice && sample < n) {
        mn_pool_free(&work.pool);
        code = sorting_init(&work, n);
        is_lattice = code == MN_OK && number_both(&work, network, n, position, column, row);
    }
    if (is_lattice) {
        network->column = column;
        network->row = row;
        mn_pool_join(&network->pool, &own);
    }
    mn_pool_free(&own);
    mn_pool_free(&work.pool);
    return mn_error_set(error, code);
}
