/* Conductances of edges on their way into weights. Nearly every slot has one edge, or none where elimination alone
 * puts weights, so a slot is the conductance of its first edge, and what else there is is added. Each slot is a sum in
 * the order of its edges. */
#include "circuit/kron_assembly.h"

#include "base/vector.h"
#include "circuit/kron_lanes.h"
#include "circuit/kron_mesh.h"

/* ------------------------------------------------------------------ lists */

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

int mn_kron_assembly_init(mn_kron_schedule *s)
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

/* ------------------------------------------------------------------ sums */

/* Slots from `begin` to `end` - 1. */
MN_VECTOR static void take_first(int64_t begin, int64_t end, const int32_t *edge, const double *conductance,
                                 double *weight)
{
    int64_t q = begin;
    for (; q + MN_KRON_BATCH <= end; q += MN_KRON_BATCH) {
        const int32_t *e = edge + q;
        mn_quad x = {conductance[e[0]], conductance[e[1]], conductance[e[2]], conductance[e[3]]};
        mn_quad_flush(&x, MN_KRON_TINY);
        *(mn_quad *)(weight + q) = x;
    }
    for (; q < end; q++) {
        weight[q] = mn_kron_flush_one(conductance[edge[q]]);
    }
}

static void add_further(const mn_kron_schedule *s, int64_t begin, int64_t end, const double *conductance,
                        double *weight)
{
    for (int64_t i = begin; i < end; i++) {
        const int32_t e = s->further[i];
        weight[s->slot[e]] += mn_kron_flush_one(conductance[e]);
    }
}

void mn_kron_assemble_part(mn_kron *kron, const mn_kron_part *part, const double *conductance)
{
    const mn_kron_schedule *s = &kron->schedule;
    take_first(s->column[part->first], s->column[part->end], s->first_edge, conductance, kron->weight);
    for (int64_t i = part->empty; i < part->empty_end; i++) {
        kron->weight[s->empty[i]] = 0.0;
    }
    add_further(s, part->further, part->further_end, conductance, kron->weight);
}

void mn_kron_assemble_terminals(mn_kron *kron, const double *conductance)
{
    const mn_kron_schedule *s = &kron->schedule;
    mn_kron_mesh_clear(kron);
    add_further(s, s->n_parts > 0 ? s->part[s->n_parts - 1].further_end : 0, s->n_further, conductance, kron->weight);
}
