#include "network/kept.h"

int mn_network_keep(mn_network *network)
{
    if (network->kept == NULL) {
        network->kept = mn_alloc(1, sizeof(*network->kept)); /* not of the pool, which never forgets a failure */
    }
    return network->kept != NULL ? MN_OK : MN_ERR_NO_MEMORY;
}

mn_kept_item *mn_kept_at(const mn_network *network, int place)
{
    return network->kept == NULL ? NULL : atomic_load_explicit(&network->kept->item[place], memory_order_acquire);
}

mn_kept_item *mn_kept_put(const mn_network *network, int place, mn_kept_item *item)
{
    mn_kept_item *found = NULL;
    const bool is_first = atomic_compare_exchange_strong_explicit(&network->kept->item[place], &found, item,
                                                                  memory_order_acq_rel, memory_order_acquire);
    return is_first ? item : found;
}

void mn_kept_free(mn_network *network)
{
    for (int place = 0; network->kept != NULL && place < MN_KEPT_PLACES; place++) {
        mn_kept_item *item = mn_kept_at(network, place);
        if (item != NULL) {
            item->free(item);
        }
    }
    mn_dealloc(network->kept);
    network->kept = NULL;
}
