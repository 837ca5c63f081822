/* Which edges a slot of a list has. */
#include "circuit/kron_edges.h"

/* Counts of a slot's edges go to `count`, places of the last two lists to the parts. */
static void count_lists(mn_kron_schedule *s, int32_t *count)
{
    for (int64_t e = 0; e < s->n_edges; e++) {
        count[s->slot[e]]++;
    }
    s->n_taken = s->n_further = 0;
    for (int64_t i = 0; i < s->n_parts; i++) {
        mn_kron_part *part = &s->part[i];
        part->taken = s->n_taken;
        part->further = s->n_further;
        for (int64_t q = s->column[part->first]; q < s->column[part->end]; q++) {
            s->n_taken += count[q] > 0;
            s->n_further += count[q] > 1 ? count[q] - 1 : 0;
        }
        part->taken_end = s->n_taken;
        part->further_end = s->n_further;
    }
    for (int64_t q = s->n_entries; q < s->n_slots; q++) {
        s->n_further += count[q];
    }
}

/* next[q]: how many edges slot q has; then where the next one goes, in `further`, or, below 0, in taken_edge. */
static void fill_lists(mn_kron_schedule *s, int32_t *next, int32_t *first)
{
    int32_t n_taken = 0, n_further = 0;
    for (int64_t q = 0; q < s->n_slots; q++) {
        const bool taken = q < s->n_entries && next[q] > 0;
        const int32_t n = next[q] - taken;
        first[q] = taken ? n_taken : -1;
        if (taken) {
            s->taken_slot[n_taken++] = (int32_t)q;
        }
        next[q] = n_further;
        n_further += n;
    }
    for (int32_t e = 0; e < s->n_edges; e++) {
        const int32_t q = s->slot[e];
        if (first[q] >= 0) {
            s->taken_edge[first[q]] = e;
            first[q] = -1;
        } else {
            s->further[next[q]++] = e;
        }
    }
}

int mn_kron_edges_list(mn_kron_schedule *s)
{
    int32_t *count = mn_alloc(2 * s->n_slots, sizeof(int32_t));
    if (count == NULL) {
        return MN_ERR_NO_MEMORY;
    }
    count_lists(s, count);
    s->taken_slot = mn_pool_alloc(&s->pool, s->n_taken, sizeof(int32_t));
    s->taken_edge = mn_pool_alloc(&s->pool, s->n_taken, sizeof(int32_t));
    s->further = mn_pool_alloc(&s->pool, s->n_further, sizeof(int32_t));
    const int code = s->pool.code;
    if (code == MN_OK) {
        fill_lists(s, count, count + s->n_slots);
    }
    mn_dealloc(count);
    return code;
}
