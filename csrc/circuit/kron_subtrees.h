/* What threads do side by side where there are fronts: subtrees of their tree, and then the fronts above these, one
 * after the other, by blocks of rows where they are large. Each weight is the same sum as with one thread. */
#ifndef MN_KRON_SUBTREES_H
#define MN_KRON_SUBTREES_H

#include "circuit/kron_state.h"

/* Fronts of one subtree, the last of which is its root. */
typedef struct {
    int32_t first, last;
    int64_t rest; /* where that of the root is in rest[] */
    double work;
} mn_kron_subtree;

typedef struct mn_kron_subtrees {
    int64_t n_subtrees;
    mn_kron_subtree *subtree; /* as they are dealt out to threads */
    int64_t *begin;           /* n_threads + 1: where those of a thread begin */
    int64_t n_top;
    int32_t *top;         /* n_top: roots of subtrees and the fronts above them, ascending */
    int32_t *subtree_of;  /* n_fronts: the subtree of which it is the root, -1: none */
    double *rest;         /* of all roots */
    mn_kron_space *space; /* one a thread */
    mn_pool pool;
} mn_kron_subtrees;

/* Cuts the tree for kron->threads; kron->subtrees stays NULL where there are no fronts. Error: NO_MEMORY. */
int mn_kron_subtrees_init(mn_kron *kron) MN_CHECKED;
void mn_kron_subtrees_free(mn_kron *kron);
/* kron->subtrees, NULL while one thread does all. */
const mn_kron_subtrees *mn_kron_subtrees_used(const mn_kron *kron);

#endif
