/* Disjoint sets over 0..n-1 (union-find). The root of a set is its smallest element, so every parent stands before its
 * children: sets can be numbered by their first element in one pass without a search. */
#ifndef MN_SETS_H
#define MN_SETS_H

#include <stdint.h>

static inline void mn_sets_init(int64_t n, int32_t *parent)
{
    for (int64_t i = 0; i < n; i++) {
        parent[i] = (int32_t)i;
    }
}

static inline int32_t mn_sets_root(int32_t *parent, int32_t i)
{
    while (parent[i] != i) {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    return i;
}

static inline void mn_sets_join(int32_t *parent, int32_t i, int32_t j)
{
    const int32_t p = mn_sets_root(parent, i);
    const int32_t q = mn_sets_root(parent, j);

    if (p < q) {
        parent[q] = p;
    } else {
        parent[p] = q;
    }
}

/* Replaces each parent by the number of its set, sets numbered by their first element; returns how many there are. */
static inline int32_t mn_sets_number(int64_t n, int32_t *parent)
{
    int32_t n_sets = 0;

    for (int64_t i = 0; i < n; i++) {
        parent[i] = parent[i] == i ? n_sets++ : parent[parent[i]];
    }
    return n_sets;
}

#endif
