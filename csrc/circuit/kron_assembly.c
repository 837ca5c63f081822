/* Conductances of edges on their way into weights. Nearly every slot has one edge, or none where elimination alone
 * puts weights, so a slot is the conductance of its first edge, and what else there is is added. Each slot is a sum in
 * the order of its edges. */
#include "circuit/kron_assembly.h"

#include "base/vector.h"
#include "circuit/kron_lanes.h"
#include "circuit/kron_mesh.h"

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

static void clear(int64_t n, const int32_t *slot, double *weight)
{
    int64_t i = 0;
    for (; i + MN_KRON_BATCH <= n; i += MN_KRON_BATCH) {
        weight[slot[i]] = 0.0;
        weight[slot[i + 1]] = 0.0;
        weight[slot[i + 2]] = 0.0;
        weight[slot[i + 3]] = 0.0;
    }
    for (; i < n; i++) {
        weight[slot[i]] = 0.0;
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
    clear(part->empty_end - part->empty, s->empty + part->empty, kron->weight);
    add_further(s, part->further, part->further_end, conductance, kron->weight);
}

void mn_kron_assemble_terminals(mn_kron *kron, const double *conductance)
{
    const mn_kron_schedule *s = &kron->schedule;
    mn_kron_mesh_clear(kron);
    add_further(s, s->n_parts > 0 ? s->part[s->n_parts - 1].further_end : 0, s->n_further, conductance, kron->weight);
}
