#include "circuit/kron_kept.h"

#include "circuit/joined_electrodes.h"
#include "network/kept.h"

/* Fronts, and one more kind: with all electrodes joined. */
enum { FRONTS = 3, KINDS = FRONTS + 1, ORDERS = 3 };
_Static_assert(KINDS *ORDERS <= MN_KEPT_PLACES, "one place for each kind of schedule");

typedef struct {
    mn_kept_item item; /* first: what the network holds */
    mn_kron_schedule schedule;
} kept_schedule;

static void free_kept(mn_kept_item *item)
{
    kept_schedule *kept = (kept_schedule *)item;
    mn_kron_schedule_free(&kept->schedule);
    mn_dealloc(kept);
}

/* The arrays of a kept schedule, which stay the network's. */
static void borrow(mn_kron_schedule *schedule, const mn_kept_item *item)
{
    *schedule = ((const kept_schedule *)item)->schedule;
    schedule->pool = (mn_pool){0};
}

static int make_schedule(mn_kron_schedule *schedule, const mn_network *network, int kind, mn_order order,
                         mn_cancel *cancel, mn_error *error)
{
    return kind == FRONTS ? mn_joined_schedule_init(schedule, network, order, cancel, error)
                          : mn_kron_schedule_init(schedule, network, (mn_kron_fronts)kind, order, cancel, error);
}

static int get_schedule(mn_kron_schedule *schedule, const mn_network *network, int kind, mn_order order,
                        mn_cancel *cancel, mn_error *error)
{
    const int place = (int)order * KINDS + kind;
    mn_kept_item *item = mn_kept_at(network, place);
    if (item != NULL) {
        borrow(schedule, item);
        return MN_OK;
    }
    if (network->kept == NULL) {
        return make_schedule(schedule, network, kind, order, cancel, error);
    }
    *schedule = (mn_kron_schedule){0};
    kept_schedule *made = mn_alloc(1, sizeof *made);
    if (made == NULL) {
        return mn_error_set(error, MN_ERR_NO_MEMORY);
    }
    made->item.free = free_kept;
    const int code = make_schedule(&made->schedule, network, kind, order, cancel, error);
    if (code != MN_OK) {
        free_kept(&made->item);
        return code;
    }
    item = mn_kept_put(network, place, &made->item);
    borrow(schedule, item);
    if (item != &made->item) {
        free_kept(&made->item); /* GCOV_EXCL_LINE: another thread was faster */
    }
    return MN_OK;
}

int mn_kron_schedule_get(mn_kron_schedule *schedule, const mn_network *network, mn_kron_fronts fronts, mn_order order,
                         mn_cancel *cancel, mn_error *error)
{
    return get_schedule(schedule, network, (int)fronts, order, cancel, error);
}

int mn_kron_schedule_get_joined(mn_kron_schedule *schedule, const mn_network *network, mn_order order,
                                mn_cancel *cancel, mn_error *error)
{
    return get_schedule(schedule, network, FRONTS, order, cancel, error);
}
