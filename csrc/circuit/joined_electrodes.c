#include "circuit/joined_electrodes.h"

#include "circuit/elimination_count.h"

/* The updates of the schedule's order where each electrode is a vertex. */
static int count_apart(mn_kron_schedule *schedule, const mn_network *network, int32_t *vertex, int32_t *order)
{
    mn_pattern pattern;
    for (int64_t i = 0; i < network->n_nodes; i++) {
        const int32_t e = network->electrode[i];
        vertex[i] = e < 0 ? schedule->vertex[i] : (int32_t)schedule->n_free + e;
    }
    for (int64_t k = 0; k < schedule->n_free; k++) {
        order[k] = (int32_t)k;
    }
    int code = mn_pattern_init(&pattern, network, schedule->n_free, vertex);
    if (code == MN_OK) {
        code = mn_count_updates(&pattern, order, &schedule->n_apart);
        mn_pattern_free(&pattern);
    }
    return code;
}

int mn_joined_schedule_init(mn_kron_schedule *schedule, const mn_network *network, mn_order order, mn_cancel *cancel,
                            mn_error *error)
{
    mn_pool pool = {0};
    mn_network joined = *network;
    int32_t *vertex = mn_pool_alloc(&pool, network->n_nodes, sizeof(int32_t));
    int32_t *identity = mn_pool_alloc(&pool, network->n_nodes, sizeof(int32_t));
    joined.electrode = mn_pool_alloc(&pool, network->n_nodes, sizeof(int32_t));
    joined.n_electrodes = 1;
    joined.kept = NULL;
    *schedule = (mn_kron_schedule){0};
    int code = mn_error_set(error, pool.code);
    if (code != MN_OK) {
        goto out;
    }
    for (int64_t i = 0; i < network->n_nodes; i++) {
        joined.electrode[i] = network->electrode[i] < 0 ? -1 : 0;
    }
    code = mn_kron_schedule_init(schedule, &joined, MN_KRON_FRONTS_AUTO, order, cancel, error);
    if (code == MN_OK) {
        code = mn_error_set(error, count_apart(schedule, network, vertex, identity));
    }
    if (code != MN_OK) {
        mn_kron_schedule_free(schedule);
    }
out:
    mn_pool_free(&pool);
    return code;
}
