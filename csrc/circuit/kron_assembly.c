/* Conductances of edges on their way into weights. Nearly every slot has one edge, or none where elimination alone
 * puts weights, so a slot is 0 or the conductance of its first edge, and what else there is is added. Each slot is a
 * sum in the order of its edges. */
#include "circuit/kron_assembly.h"

#include "base/vector.h"
#include "circuit/kron_lanes.h"
#include "circuit/kron_mesh.h"

#include <string.h>

/* weight[slot[i]] = conductance[edge[i]] of n slots. */
MN_VECTOR static void take_first(int64_t n, const int32_t *slot, const int32_t *edge, const double *conductance,
                                 double *weight)
{
    int64_t i = 0;
    for (; i + MN_KRON_BATCH <= n; i += MN_KRON_BATCH) {
        const int32_t *e = edge + i;
        mn_quad x = {conductance[e[0]], conductance[e[1]], conductance[e[2]], conductance[e[3]]};
        mn_quad_flush(&x, MN_KRON_TINY);
        for (int64_t l = 0; l < MN_KRON_BATCH; l++) {
            weight[slot[i + l]] = x[l];
        }
    }
    for (; i < n; i++) {
        weight[slot[i]] = mn_kron_flush_one(conductance[edge[i]]);
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
    const int64_t begin = s->column[part->first], end = s->column[part->end];
    memset(kron->weight + begin, 0, (size_t)(end - begin) * sizeof(double));
    take_first(part->taken_end - part->taken, s->taken_slot + part->taken, s->taken_edge + part->taken, conductance,
               kron->weight);
    add_further(s, part->further, part->further_end, conductance, kron->weight);
}

void mn_kron_assemble_terminals(mn_kron *kron, const double *conductance)
{
    const mn_kron_schedule *s = &kron->schedule;
    mn_kron_mesh_clear(kron);
    add_further(s, s->n_parts > 0 ? s->part[s->n_parts - 1].further_end : 0, s->n_further, conductance, kron->weight);
}
