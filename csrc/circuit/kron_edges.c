/* Which edges a slot of a list has. */
#include "circuit/kron_edges.h"

/* Counts of a slot's edges go to `count`, places of the last two lists to the parts. */
static void count_lists(mn_kron_schedule *s, int32_t *count)
{
    for (int64_t e = 0; e < s->n_edges; e++) {
        count[s->slot[e]]++;
    }
    s->n_empty = s->n_further = 0;
    for (int64_t i = 0; i < s->n_parts; i++) {
        mn_kron_part *part = &s->part[i];
        part->empty = s->n_empty;
        part->further = s->n_further;
        for (int64_t q = s->column[part->first]; q < s->column[part->end]; q++) {
            s->n_empty += count[q] == 0;
            s->n_further += count[q] > 1 ? count[q] - 1 : 0;
        }
        part->empty_end = s->n_empty;
        part->further_end = s->n_further;
    }
    for (int64_t q = s->n_entries; q < s->n_slots; q++) {
        s->n_further += count[q];
    }
}

/* next[q]: where the next further edge of slot q goes. */
static void fill_lists(mn_kron_schedule *s, int32_t *next)
{
    int32_t n_empty = 0, n_further = 0;
    for (int64_t q = 0; q < s->n_slots; q++) {
        const int32_t n = next[q];
        next[q] = n_further;
        if (q < s->n_entries) {
            s->first_edge[q] = n == 0 ? 0 : -1;
            n_further += n > 1 ? n - 1 : 0;
            if (n == 0) {
                s->empty[n_empty++] = (int32_t)q;
            }
        } else {
            n_further += n;
        }
    }
    for (int32_t e = 0; e < s->n_edges; e++) {
        const int32_t q = s->slot[e];
        if (q < s->n_entries && s->first_edge[q] < 0) {
            s->first_edge[q] = e;
        } else {
            s->further[next[q]++] = e;
        }
    }
}

int mn_kron_edges_list(mn_kron_schedule *s)
{
    int32_t *count = mn_alloc(s->n_slots, sizeof(int32_t));
    if (count == NULL) {
        return MN_ERR_NO_MEMORY;
    }
    count_lists(s, count);
    s->first_edge = mn_pool_alloc(&s->pool, s->n_entries, sizeof(int32_t));
    s->empty = mn_pool_alloc(&s->pool, s->n_empty, sizeof(int32_t));
    s->further = mn_pool_alloc(&s->pool, s->n_further, sizeof(int32_t));
    const int code = s->pool.code;
    if (code == MN_OK) {
        fill_lists(s, count);
    }
    mn_dealloc(count);
    return code;
}
