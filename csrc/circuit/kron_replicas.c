/* The schedule run for eight replicas at once, one in each SIMD lane. A lane takes every operation in the order of the
 * scalar form, so its bits are those of a factor and a solve of its own. Electrodes are few and are solved one replica
 * at a time; a replica with nodes that zero conductances cut off goes the scalar way altogether. */
#include "circuit/kron_replicas.h"

#include "base/cancel.h"
#include "base/vector.h"
#include "circuit/boundary.h"
#include "circuit/kron_arithmetic.h"
#include "circuit/kron_factor.h"
#include "circuit/kron_lanes.h"
#include "circuit/kron_solve.h"
#include "circuit/kron_substitute.h"
#include "circuit/scaling.h"

#include <string.h>

enum { LANES = MN_MOST_TOGETHER, LINE = LANES * (int)sizeof(double) };

/* Fewer replicas than this cost more as a group with idle lanes than one by one. */
enum { LEAST_GROUP = 3 };

/* Work space beyond this is not worth it: replicas then go one by one. */
#define MAX_BYTES (INT64_C(2) << 30)

static bool in_lanes(const mn_kron *kron)
{
    const mn_kron_schedule *s = &kron->schedule;
    return s->n_fronts == 0 && LINE * (s->n_slots + s->n_free + s->n_electrodes + s->n_longest) <= MAX_BYTES;
}

/* Edges in the order of the slots that they are the first of, then the others in the order in which these are added. */
static void place_edges(const mn_kron_schedule *s, mn_kron_replicas *group)
{
    int32_t next = 0;
    for (int64_t q = 0, empty = 0; q < s->n_entries; q++) {
        if (empty < s->n_empty && s->empty[empty] == q) {
            group->first_place[q] = next > 0 ? next - 1 : 0;
            empty++;
        } else {
            group->edge_place[s->first_edge[q]] = next;
            group->first_place[q] = next++;
        }
    }
    for (int64_t i = 0; i < s->n_further; i++) {
        group->edge_place[s->further[i]] = next++;
    }
}

static int alloc_group(mn_kron *kron)
{
    const mn_kron_schedule *s = &kron->schedule;
    mn_kron_replicas *group = &kron->replicas;
    mn_pool *pool = &group->pool;
    const int64_t n_vertices = s->n_free + s->n_electrodes;
    if (group->weight != NULL) {
        return MN_OK;
    }
    double *block = mn_pool_alloc(pool, LANES * (s->n_slots + n_vertices + s->n_longest + 1), sizeof(double));
    group->edge_place = mn_pool_room(pool, s->n_edges, sizeof(*group->edge_place));
    group->first_place = mn_pool_room(pool, s->n_entries, sizeof(*group->first_place));
    if (pool->code != MN_OK) {
        const int code = pool->code;
        mn_pool_free(pool);
        *group = (mn_kron_replicas){0};
        return code;
    }
    const uintptr_t beyond = (uintptr_t)block % LINE; /* a multiple of a double's size */
    group->weight = block + (beyond == 0 ? 0 : (LINE - beyond) / sizeof(double));
    group->potential = group->weight + LANES * s->n_slots;
    group->star = group->potential + LANES * n_vertices;
    place_edges(s, group);
    return MN_OK;
}

/* ------------------------------------------------------------------ lanes */

enum { HALVES = MN_OCTET_HALVES };

_Static_assert(sizeof(mn_octet) == LINE, "an octet has a lane for each replica");

/* As mn_kron_join_lanes(). */
MN_INLINE void join(mn_octet *sum, const mn_octet part[MN_KRON_LANES])
{
    for (int h = 0; h < HALVES; h++) {
        sum->half[h] = ((part[0].half[h] + part[1].half[h]) + (part[2].half[h] + part[3].half[h])) +
                       ((part[4].half[h] + part[5].half[h]) + (part[6].half[h] + part[7].half[h]));
    }
}

/* ------------------------------------------------------------------ elimination */

/* False where some conductance is not one that factor() takes as it is: negative, not finite, or to be scaled. */
MN_VECTOR static bool add_conductances(const mn_kron_schedule *s, const double *const conductance[LANES],
                                       mn_octet *weight)
{
    const double *g[LANES]; /* a copy that no store can change */
    const mn_quad_aligned zero = MN_QUAD(0.0), lowest = MN_QUAD(MN_EVERYDAY_LEAST), highest = MN_QUAD(MN_EVERYDAY_MOST);
    mn_quad_bits good = MN_QUAD(-1);
    memcpy(g, conductance, sizeof g);
    memset(weight, 0, (size_t)s->n_slots * LINE);
    for (int64_t e = 0; e < s->n_edges; e++) {
        mn_octet *w = weight + s->slot[e];
        for (int h = 0; h < HALVES; h++) {
            const double *const *const own = g + 4 * h;
            const mn_quad_aligned x = {own[0][e], own[1][e], own[2][e], own[3][e]};
            good &= (x == zero) | ((x >= lowest) & (x <= highest));
            w->half[h] += x; /* none of them is so small that it would be flushed */
        }
    }
    return (good[0] & good[1] & good[2] & good[3]) != 0;
}

/* Conductances that lie in lanes, `x`, and are good. Nearly every slot has one edge or none, as in
 * circuit/kron_assembly.c. */
MN_VECTOR static void take_conductances(const mn_kron *kron, const mn_octet *x, mn_octet *weight)
{
    const mn_kron_schedule *s = &kron->schedule;
    const int32_t *first = kron->replicas.first_place;
    const mn_quad_aligned zero = MN_QUAD(0.0);
    for (int64_t q = 0; q < s->n_entries; q++) {
        for (int h = 0; h < HALVES; h++) {
            weight[q].half[h] = zero + x[first[q]].half[h]; /* never -0.0, as in a sum */
        }
    }
    for (int64_t i = 0; i < s->n_empty; i++) {
        weight[s->empty[i]] = (mn_octet){0};
    }
    memset(weight + s->n_entries, 0, (size_t)(s->n_slots - s->n_entries) * LINE);
    x += s->n_edges - s->n_further;
    for (int64_t i = 0; i < s->n_further; i++) {
        mn_octet *w = weight + s->slot[s->further[i]];
        for (int h = 0; h < HALVES; h++) {
            w->half[h] += x[i].half[h];
        }
    }
}

/* W_k, in the order of mn_kron_total(). */
MN_INLINE void sum_column(int64_t n, const mn_octet *star, mn_octet *total)
{
    if (n < MN_KRON_LANES) {
        *total = (mn_octet){0};
        for (int64_t q = 0; q < n; q++) {
            for (int h = 0; h < HALVES; h++) {
                total->half[h] += star[q].half[h];
            }
        }
        return;
    }
    mn_octet part[MN_KRON_LANES] = {0};
    for (int64_t q = 0; q < n; q++) {
        for (int h = 0; h < HALVES; h++) {
            part[q % MN_KRON_LANES].half[h] += star[q].half[h];
        }
    }
    join(total, part);
}

/* A column of one weight, whose share is 1 by any division: 0 where it is cut off. */
MN_INLINE void eliminate_end(mn_octet *column, mn_quad_bits *n_dead)
{
    const mn_quad_aligned zero = MN_QUAD(0.0), one = MN_QUAD(1.0);
    for (int h = 0; h < HALVES; h++) {
        const mn_quad_bits dead = column->half[h] == zero;
        n_dead[h] -= dead;
        column->half[h] = (mn_quad_aligned)((mn_quad_bits)one & ~dead);
    }
}

/* Star-mesh transform of a column, whose weights are `step` apart: they go to star[], the shares take their place. */
MN_INLINE void eliminate(int64_t n, int64_t step, mn_octet *restrict star, mn_octet *column, mn_octet *weight,
                         const int32_t *restrict target, mn_quad_bits *n_dead)
{
    const mn_quad_aligned zero = MN_QUAD(0.0), one = MN_QUAD(1.0), normal = MN_QUAD(DBL_MIN), huge = MN_QUAD(0x1p60);
    mn_octet divisor, least = {0};
    for (int64_t q = 0; q < n; q++) {
        for (int h = 0; h < HALVES; h++) { /* compilers copy an octet in smaller pieces than it is read in */
            star[q].half[h] = column[q * step].half[h];
        }
    }
    sum_column(n, star, &divisor);
    for (int h = 0; h < HALVES; h++) {
        const mn_quad_bits dead = divisor.half[h] == zero, large = divisor.half[h] > huge;
        n_dead[h] -= dead;
        mn_quad_choose(&divisor.half[h], &dead, &one);
        mn_quad_choose(&least.half[h], &large, &normal); /* as mn_kron_shares() flushes */
    }
    for (int64_t q = 0; q < n; q++) {
        for (int h = 0; h < HALVES; h++) {
            const mn_quad_aligned p = star[q].half[h] / divisor.half[h];
            column[q * step].half[h] = (mn_quad_aligned)((mn_quad_bits)p & ~(mn_quad_bits)(p < least.half[h]));
        }
    }
    for (int64_t q = 0, t = 0; q + 1 < n; q++) {
        for (int64_t r = q + 1; r < n; r++, t++) {
            mn_octet *w = weight + target[t];
            for (int h = 0; h < HALVES; h++) {
                const mn_quad_aligned update = star[q].half[h] * column[r * step].half[h];
                mn_quad_add_flushed(&w->half[h], &update);
            }
        }
    }
}

MN_VECTOR static void eliminate_all(const mn_kron_schedule *s, mn_octet *weight, mn_octet *star, int64_t n_dead[LANES])
{
    mn_quad_bits dead[HALVES] = {0};
    for (int64_t k = 0; k < s->n_free; k++) {
        const int64_t n = s->length[k], step = s->lanes[k];
        mn_octet *column = weight + s->column[k];
        const int32_t *target = s->target + s->pair[k];
        switch (n) { /* one jump instead of loops that end unforeseen, as in the scalar form */
        case 1:
            eliminate_end(column, dead);
            break;
        case 2:
            eliminate(2, step, star, column, weight, target, dead);
            break;
        case 3:
            eliminate(3, step, star, column, weight, target, dead);
            break;
        case 4:
            eliminate(4, step, star, column, weight, target, dead);
            break;
        default:
            eliminate(n, step, star, column, weight, target, dead);
            break;
        }
    }
    memcpy(n_dead, dead, sizeof dead);
}

/* ------------------------------------------------------------------ back-substitution */

/* sum_j p_kj v_j of a long column, summed as mn_kron_total() sums. */
MN_INLINE void mean_of_many(int64_t n, const mn_octet *share, const int32_t *row, const mn_octet *v, mn_octet *mean)
{
    mn_octet part[MN_KRON_LANES] = {0};
    for (int64_t q = 0; q < n; q++) {
        for (int h = 0; h < HALVES; h++) {
            const mn_quad_aligned term = share[q].half[h] * v[row[q]].half[h];
            mn_quad_add_flushed_signed(&part[q % MN_KRON_LANES].half[h], &term);
        }
    }
    join(mean, part);
}

/* Potentials are held between low and high, as the scalar form holds them. */
MN_VECTOR static void back_substitute(const mn_kron_schedule *s, const mn_octet *restrict share, const mn_octet *low,
                                      const mn_octet *high, mn_octet *v)
{
    for (int64_t k = s->n_free - 1; k >= 0; k--) {
        const int64_t begin = s->column[k], n = s->length[k], step = s->lanes[k];
        const mn_octet *p = share + begin;
        const int32_t *row = s->row + begin;
        mn_octet mean = {0};
        if (n >= MN_KRON_LANES) {
            mean_of_many(n, p, row, v, &mean);
        } else {
            for (int64_t q = 0; q < n; q++) {
                for (int h = 0; h < HALVES; h++) {
                    const mn_quad_aligned term = p[q * step].half[h] * v[row[q * step]].half[h];
                    mn_quad_add_flushed_signed(&mean.half[h], &term);
                }
            }
        }
        for (int h = 0; h < HALVES; h++) {
            const mn_quad_bits below = mean.half[h] < low->half[h];
            mn_quad_choose(&mean.half[h], &below, &low->half[h]);
            const mn_quad_bits above = mean.half[h] > high->half[h];
            mn_quad_choose(&mean.half[h], &above, &high->half[h]);
            v[k].half[h] = mean.half[h];
        }
    }
}

/* ------------------------------------------------------------------ a group */

/* What lanes need to know of their replicas. Without conductances in lanes those beyond n repeat the last one. */
typedef struct {
    int64_t n;
    mn_replica *replica; /* n */
    const double *lanes; /* NULL: each replica has its own conductances */
    double low[LANES], high[LANES];
} replica_group;

static bool assemble_own(mn_kron *kron, const replica_group *group)
{
    const double *own[LANES];
    for (int64_t l = 0; l < LANES; l++) {
        own[l] = group->replica[l < group->n ? l : group->n - 1].conductance;
    }
    return add_conductances(&kron->schedule, own, (mn_octet *)kron->replicas.weight);
}

static bool eliminate_group(mn_kron *kron, const replica_group *group)
{
    mn_kron_replicas *work = &kron->replicas;
    const uint64_t mode = mn_kron_fast_subnormals();
    bool good = true;
    if (group->lanes == NULL) {
        good = assemble_own(kron, group);
    } else {
        take_conductances(kron, (const mn_octet *)group->lanes, (mn_octet *)work->weight);
    }
    if (good) {
        eliminate_all(&kron->schedule, (mn_octet *)work->weight, (mn_octet *)work->star, work->n_dead);
    }
    mn_kron_restore_subnormals(mode);
    return good;
}

/* Electrodes of lane l from its terminal weights; their potentials go to the lane. */
static void solve_lane(mn_kron *kron, replica_group *group, int64_t l)
{
    const mn_kron_schedule *s = &kron->schedule;
    const mn_kron_replicas *work = &kron->replicas;
    mn_replica *replica = &group->replica[l];
    for (int64_t q = s->n_entries; q < s->n_slots; q++) {
        kron->weight[q] = work->weight[LANES * q + l];
    }
    kron->n_dead = work->n_dead[l];
    bool everywhere;
    const int code = mn_kron_solve_electrodes(kron, &replica->boundary, &replica->solution, &everywhere, NULL);
    replica->is_solved = code == MN_OK && everywhere;
    if (!replica->is_solved) {
        return;
    }
    mn_kron_potential_range(kron, &group->low[l], &group->high[l]);
    for (int64_t k = s->n_free; k < s->n_free + s->n_electrodes; k++) {
        work->potential[LANES * k + l] = kron->potential[k];
    }
}

/* Potentials of the nodes of one replica from its lane. */
static void write_lane(const mn_kron *kron, int64_t l, double *restrict potential)
{
    const mn_kron_schedule *s = &kron->schedule;
    const double *restrict v = kron->replicas.potential + l;
    for (int64_t i = 0; i < s->n_nodes; i++) {
        potential[i] = v[LANES * (int64_t)s->vertex[i]];
    }
    for (int64_t i = 0; i < s->n_island_nodes; i++) {
        potential[s->island_node[i]] = NAN;
    }
}

static void solve_potentials(mn_kron *kron, const replica_group *group)
{
    mn_octet low, high;
    memcpy(&low, group->low, sizeof low);
    memcpy(&high, group->high, sizeof high);
    const uint64_t mode = mn_kron_fast_subnormals();
    back_substitute(&kron->schedule, (const mn_octet *)kron->replicas.weight, &low, &high,
                    (mn_octet *)kron->replicas.potential);
    mn_kron_restore_subnormals(mode);
    for (int64_t l = 0; l < group->n; l++) {
        if (group->replica[l].is_solved && group->replica[l].solution.potential != NULL) {
            write_lane(kron, l, group->replica[l].solution.potential);
        }
    }
}

int mn_kron_prepare_together(mn_kron *kron, mn_together *together)
{
    const int code = in_lanes(kron) ? alloc_group(kron) : MN_OK;
    *together = (mn_together){.possible = code == MN_OK && in_lanes(kron),
                              .place = kron->schedule.vertex,
                              .potential = kron->replicas.potential,
                              .edge_place = kron->replicas.edge_place,
                              .n_island_nodes = kron->schedule.n_island_nodes,
                              .island_node = kron->schedule.island_node};
    return code;
}

void mn_kron_solve_together(mn_kron *kron, int64_t n, mn_replica *replica, const double *lanes)
{
    replica_group group = {.n = n, .replica = replica, .lanes = lanes};
    bool potentials = false;
    int64_t n_wanted = 0;
    for (int64_t l = 0; l < n; l++) {
        replica[l].is_solved = false;
        n_wanted += !replica[l].is_idle;
    }
    kron->has_factor = false;
    if (n_wanted < LEAST_GROUP || !eliminate_group(kron, &group)) {
        return;
    }
    for (int64_t l = 0; l < n; l++) {
        if (!replica[l].is_idle) {
            solve_lane(kron, &group, l);
        }
        potentials = potentials || (replica[l].is_solved && (lanes != NULL || replica[l].solution.potential != NULL));
    }
    if (potentials) {
        solve_potentials(kron, &group);
    }
}

/* ------------------------------------------------------------------ rows of replicas */

/* One replica in the scalar form. */
static int solve_one(mn_kron *kron, const mn_replica *replica, int64_t number, mn_error *error)
{
    int code = mn_kron_factor(kron, replica->conductance, -1, NULL, error);
    if (code == MN_OK) {
        code = mn_kron_solve(kron, &replica->boundary, NULL, &replica->solution, error);
    }
    if (code != MN_OK && error != NULL) {
        error->replica = number;
    }
    return code;
}

int mn_kron_solve_many(mn_kron *kron, int64_t n_replicas, const double *conductance, const mn_boundary *boundary,
                       const mn_solution *solution, mn_error *error)
{
    mn_together together = {.possible = false};
    int code = n_replicas < LEAST_GROUP ? MN_OK : mn_error_set(error, mn_kron_prepare_together(kron, &together));
    for (int64_t first = 0, n; first < n_replicas && code == MN_OK; first += n) {
        mn_replica replica[LANES];
        n = n_replicas - first < LANES ? n_replicas - first : LANES;
        for (int64_t l = 0; l < n; l++) {
            replica[l] = (mn_replica){.conductance = conductance + (first + l) * kron->schedule.n_edges,
                                      .boundary = mn_boundary_of(kron->network, boundary, first + l),
                                      .solution = mn_solution_of(kron->network, solution, first + l)};
        }
        if (mn_cancelled(kron->cancel)) {
            code = mn_error_set(error, MN_ERR_INTERRUPTED);
        } else if (together.possible) {
            mn_kron_solve_together(kron, n, replica, NULL);
        }
        for (int64_t l = 0; l < n && code == MN_OK; l++) { /* here it shows which is the first to fail, and why */
            code = replica[l].is_solved ? MN_OK : solve_one(kron, &replica[l], first + l, error);
        }
    }
    kron->has_factor = false;
    return code;
}
