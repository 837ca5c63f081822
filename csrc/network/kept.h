/* What was found out about a network once and is kept with it, for all who work on it. */
#ifndef MN_KEPT_H
#define MN_KEPT_H

#include "memnet.h"

/* Places for what may be kept; who keeps says what lies where. */
enum { MN_KEPT_PLACES = 16 };

/* The head of whatever is kept. It never changes while it is. */
typedef struct mn_kept_item {
    void (*free)(struct mn_kept_item *item);
} mn_kept_item;

struct mn_kept {
    _Atomic(mn_kept_item *) item[MN_KEPT_PLACES]; /* solvers may be made in several threads at once */
};

/* What is kept at a place, NULL for nothing. It stays as long as the network. */
mn_kept_item *mn_kept_at(const mn_network *network, int place);
/* Keeps an item, which then belongs to the network, and returns it; or returns what another thread has kept there
 * first. The network must keep (mn_network_keep). */
mn_kept_item *mn_kept_put(const mn_network *network, int place, mn_kept_item *item);
void mn_kept_free(mn_network *network);

#endif
