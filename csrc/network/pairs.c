/* Lists of pairs of ids: sorted by two passes of a counting sort, second id first. */
#include "network/pairs.h"

#include <string.h>

/* One stable pass, by the first (0) or the second (1) id. offset (n_ids + 1) is work space. */
static void sort_pass(int64_t n_ids, int64_t n_pairs, const int32_t *pair, int by, int32_t *offset, int32_t *sorted)
{
    memset(offset, 0, (size_t)(n_ids + 1) * sizeof *offset);
    for (int64_t k = 0; k < n_pairs; k++) {
        offset[pair[2 * k + by] + 1]++;
    }
    for (int64_t id = 0; id < n_ids; id++) {
        offset[id + 1] += offset[id];
    }
    for (int64_t k = 0; k < n_pairs; k++) {
        const int64_t to = offset[pair[2 * k + by]]++;

        sorted[2 * to] = pair[2 * k];
        sorted[2 * to + 1] = pair[2 * k + 1];
    }
}

int mn_pairs_sort(int64_t n_ids, int64_t n_pairs, int32_t *pair)
{
    mn_pool pool = {0};
    int32_t *offset = mn_pool_alloc(&pool, n_ids + 1, sizeof *offset);
    int32_t *by_second = mn_pool_alloc(&pool, n_pairs, 2 * sizeof *by_second);
    const int code = pool.code;

    if (code == MN_OK) {
        sort_pass(n_ids, n_pairs, pair, 1, offset, by_second);
        sort_pass(n_ids, n_pairs, by_second, 0, offset, pair);
    }
    mn_pool_free(&pool);
    return code;
}
