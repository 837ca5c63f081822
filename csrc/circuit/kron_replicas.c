/* The schedule run for eight replicas at once, one in each SIMD lane. A lane takes every operation in the order of the
 * scalar form, so its bits are those of a factor and a solve of its own. Electrodes are few and are solved one replica
 * at a time; a replica with nodes that zero conductances cut off goes the scalar way altogether. */
#include "circuit/kron_replicas.h"

#include "base/cancel.h"
#include "base/vector.h"
#include "circuit/boundary.h"
#include "circuit/kron_arithmetic.h"
#include "circuit/kron_factor.h"
#include "circuit/kron_solve.h"

#include <string.h>

enum { LANES = MN_KRON_REPLICAS, LINE = LANES * (int)sizeof(double) };

/* Fewer replicas than this cost more as a group with idle lanes than one by one. */
enum { LEAST_GROUP = 3 };

/* Work space beyond this is not worth it: replicas then go one by one. */
#define MAX_BYTES (INT64_C(2) << 30)

static bool in_lanes(const mn_kron *kron)
{
    const mn_kron_schedule *s = &kron->schedule;
    return s->n_fronts == 0 && LINE * (s->n_slots + s->n_free + s->n_electrodes + s->n_longest) <= MAX_BYTES;
}

static int alloc_group(mn_kron *kron)
{
    const mn_kron_schedule *s = &kron->schedule;
    mn_kron_replicas *group = &kron->replicas;
    const int64_t n_vertices = s->n_free + s->n_electrodes;
    if (group->block != NULL) {
        return MN_OK;
    }
    group->block = mn_alloc(s->n_slots + n_vertices + s->n_longest + 1, LINE);
    if (group->block == NULL) {
        return MN_ERR_NO_MEMORY;
    }
    const uintptr_t beyond = (uintptr_t)group->block % LINE; /* a multiple of a double's size */
    group->weight = group->block + (beyond == 0 ? 0 : (LINE - beyond) / sizeof(double));
    group->potential = group->weight + LANES * s->n_slots;
    group->star = group->potential + LANES * n_vertices;
    return MN_OK;
}

/* ------------------------------------------------------------------ lanes */

/* Vectors of gcc and clang: left to themselves, compilers turn few of these short loops into vector instructions. */
typedef double quad __attribute__((vector_size(32), may_alias));
typedef int64_t quad_bits __attribute__((vector_size(32), may_alias));

enum { HALVES = LANES / 4 };

/* One number a replica. */
typedef struct {
    quad half[HALVES];
} octet;

#define MN_INLINE static inline __attribute__((always_inline))

#define QUAD(x)                                                                                                        \
    {                                                                                                                  \
        (x), (x), (x), (x)                                                                                             \
    }

/* *sum += *x, those below MN_KRON_TINY as 0. */
MN_INLINE void add_flushed(quad *sum, const quad *x)
{
    const quad tiny = QUAD(MN_KRON_TINY);
    *sum += (quad)((quad_bits)*x & ~(quad_bits)(*x < tiny));
}

/* The same for numbers of any sign. */
MN_INLINE void add_flushed_signed(quad *sum, const quad *x)
{
    const quad tiny = QUAD(MN_KRON_TINY);
    const quad_bits magnitude = QUAD(INT64_MAX);
    *sum += (quad)((quad_bits)*x & ~(quad_bits)((quad)((quad_bits)*x & magnitude) < tiny));
}

/* *x = where ? *yes : *x */
MN_INLINE void choose(quad *x, const quad_bits *where, const quad *yes)
{
    *x = (quad)(((quad_bits)*x & ~*where) | ((quad_bits)*yes & *where));
}

/* As mn_kron_join_lanes(). */
MN_INLINE void join(octet *sum, const octet part[MN_KRON_LANES])
{
    for (int h = 0; h < HALVES; h++) {
        sum->half[h] = ((part[0].half[h] + part[1].half[h]) + (part[2].half[h] + part[3].half[h])) +
                       ((part[4].half[h] + part[5].half[h]) + (part[6].half[h] + part[7].half[h]));
    }
}

/* ------------------------------------------------------------------ elimination */

/* False where some conductance is not one that factor() takes. */
MN_VECTOR static bool add_conductances(const mn_kron_schedule *s, const double *const conductance[LANES], octet *weight)
{
    const double *g[LANES]; /* a copy that no store can change */
    const quad zero = QUAD(0.0), highest = QUAD(MN_KRON_HUGE);
    quad_bits good = QUAD(-1);
    memcpy(g, conductance, sizeof g);
    memset(weight, 0, (size_t)s->n_slots * LINE);
    for (int64_t e = 0; e < s->n_edges; e++) {
        octet *w = weight + s->slot[e];
        for (int h = 0; h < HALVES; h++) {
            const double *const *const own = g + 4 * h;
            const quad x = {own[0][e], own[1][e], own[2][e], own[3][e]};
            good &= (x >= zero) & (x <= highest);
            add_flushed(&w->half[h], &x);
        }
    }
    return (good[0] & good[1] & good[2] & good[3]) != 0;
}

/* W_k, in the order of mn_kron_total(). */
MN_INLINE void sum_column(int64_t n, const octet *star, octet *total)
{
    if (n < MN_KRON_LANES) {
        *total = (octet){0};
        for (int64_t q = 0; q < n; q++) {
            for (int h = 0; h < HALVES; h++) {
                total->half[h] += star[q].half[h];
            }
        }
        return;
    }
    octet part[MN_KRON_LANES] = {0};
    for (int64_t q = 0; q < n; q++) {
        for (int h = 0; h < HALVES; h++) {
            part[q % MN_KRON_LANES].half[h] += star[q].half[h];
        }
    }
    join(total, part);
}

/* Star-mesh transform of a column: its weights go to star[], the shares take their place. */
MN_INLINE void eliminate(int64_t n, octet *restrict star, octet *column, octet *weight, const int32_t *restrict target,
                         quad_bits *n_dead)
{
    const quad zero = QUAD(0.0), one = QUAD(1.0), normal = QUAD(DBL_MIN), huge = QUAD(0x1p60);
    octet divisor, least = {0};
    for (int64_t q = 0; q < n; q++) {
        for (int h = 0; h < HALVES; h++) { /* compilers copy an octet in smaller pieces than it is read in */
            star[q].half[h] = column[q].half[h];
        }
    }
    sum_column(n, star, &divisor);
    for (int h = 0; h < HALVES; h++) {
        const quad_bits dead = divisor.half[h] == zero, large = divisor.half[h] > huge;
        n_dead[h] -= dead;
        choose(&divisor.half[h], &dead, &one);
        choose(&least.half[h], &large, &normal); /* as mn_kron_shares() flushes */
    }
    for (int64_t q = 0; q < n; q++) {
        for (int h = 0; h < HALVES; h++) {
            const quad p = star[q].half[h] / divisor.half[h];
            column[q].half[h] = (quad)((quad_bits)p & ~(quad_bits)(p < least.half[h]));
        }
    }
    for (int64_t q = 0, t = 0; q + 1 < n; q++) {
        for (int64_t r = q + 1; r < n; r++, t++) {
            octet *w = weight + target[t];
            for (int h = 0; h < HALVES; h++) {
                const quad update = star[q].half[h] * column[r].half[h];
                add_flushed(&w->half[h], &update);
            }
        }
    }
}

MN_VECTOR static void eliminate_all(const mn_kron_schedule *s, octet *weight, octet *star, int64_t n_dead[LANES])
{
    quad_bits dead[HALVES] = {0};
    for (int64_t k = 0; k < s->n_free; k++) {
        const int64_t n = s->column[k + 1] - s->column[k];
        octet *column = weight + s->column[k];
        const int32_t *target = s->target + s->pair[k];
        switch (n) { /* one jump instead of loops that end unforeseen, as in the scalar form */
        case 1:
            eliminate(1, star, column, weight, target, dead);
            break;
        case 2:
            eliminate(2, star, column, weight, target, dead);
            break;
        case 3:
            eliminate(3, star, column, weight, target, dead);
            break;
        case 4:
            eliminate(4, star, column, weight, target, dead);
            break;
        default:
            eliminate(n, star, column, weight, target, dead);
            break;
        }
    }
    memcpy(n_dead, dead, sizeof dead);
}

/* ------------------------------------------------------------------ back-substitution */

/* sum_j p_kj v_j of a long column, summed as mn_kron_total() sums. */
MN_INLINE void mean_of_many(int64_t n, const octet *share, const int32_t *row, const octet *v, octet *mean)
{
    octet part[MN_KRON_LANES] = {0};
    for (int64_t q = 0; q < n; q++) {
        for (int h = 0; h < HALVES; h++) {
            const quad term = share[q].half[h] * v[row[q]].half[h];
            add_flushed_signed(&part[q % MN_KRON_LANES].half[h], &term);
        }
    }
    join(mean, part);
}

/* Potentials are held between low and high, as the scalar form holds them. */
MN_VECTOR static void back_substitute(const mn_kron_schedule *s, const octet *restrict share, const octet *low,
                                      const octet *high, octet *v)
{
    for (int64_t k = s->n_free - 1; k >= 0; k--) {
        const int64_t begin = s->column[k], n = s->column[k + 1] - begin;
        const octet *p = share + begin;
        const int32_t *row = s->row + begin;
        octet mean = {0};
        if (n >= MN_KRON_LANES) {
            mean_of_many(n, p, row, v, &mean);
        } else {
            for (int64_t q = 0; q < n; q++) {
                for (int h = 0; h < HALVES; h++) {
                    const quad term = p[q].half[h] * v[row[q]].half[h];
                    add_flushed_signed(&mean.half[h], &term);
                }
            }
        }
        for (int h = 0; h < HALVES; h++) {
            const quad_bits below = mean.half[h] < low->half[h];
            choose(&mean.half[h], &below, &low->half[h]);
            const quad_bits above = mean.half[h] > high->half[h];
            choose(&mean.half[h], &above, &high->half[h]);
            v[k].half[h] = mean.half[h];
        }
    }
}

/* ------------------------------------------------------------------ a group */

/* The replicas of a group; lanes beyond them repeat the last one. */
typedef struct {
    int64_t first;
    int64_t n;
    bool everywhere[LANES]; /* solved in its lane */
    double low[LANES], high[LANES];
} group_range;

static bool eliminate_group(mn_kron *kron, const group_range *range, const double *conductance)
{
    const mn_kron_schedule *s = &kron->schedule;
    mn_kron_replicas *group = &kron->replicas;
    const double *own[LANES];
    for (int64_t l = 0; l < LANES; l++) {
        own[l] = conductance + (range->first + (l < range->n ? l : range->n - 1)) * s->n_edges;
    }
    const uint64_t mode = mn_kron_fast_subnormals();
    const bool good = add_conductances(s, own, (octet *)group->weight);
    if (good) {
        eliminate_all(s, (octet *)group->weight, (octet *)group->star, group->n_dead);
    }
    mn_kron_restore_subnormals(mode);
    return good;
}

/* Electrodes of lane l from its terminal weights; their potentials go to the lane. */
static int solve_lane(mn_kron *kron, group_range *range, int64_t l, const mn_boundary *boundary,
                      const mn_solution *solution, mn_error *error)
{
    const mn_kron_schedule *s = &kron->schedule;
    const mn_kron_replicas *group = &kron->replicas;
    const mn_boundary own_boundary = mn_boundary_of(kron->network, boundary, range->first + l);
    const mn_solution own_solution = mn_solution_of(kron->network, solution, range->first + l);
    for (int64_t q = s->n_entries; q < s->n_slots; q++) {
        kron->weight[q] = group->weight[LANES * q + l];
    }
    kron->n_dead = group->n_dead[l];
    const int code = mn_kron_solve_electrodes(kron, &own_boundary, &own_solution, &range->everywhere[l], error);
    mn_kron_potential_range(kron, &range->low[l], &range->high[l]);
    for (int64_t k = s->n_free; k < s->n_free + s->n_electrodes; k++) {
        group->potential[LANES * k + l] = kron->potential[k];
    }
    if (code != MN_OK && error != NULL) {
        error->replica = range->first + l;
    }
    return code;
}

/* Rows of the replicas that were solved in their lanes. */
static void write_rows(const mn_kron *kron, const group_range *range, double *potential)
{
    const mn_kron_schedule *s = &kron->schedule;
    for (int64_t i = 0; i < s->n_nodes; i++) {
        const double *v = kron->replicas.potential + LANES * s->vertex[i];
        for (int64_t l = 0; l < range->n; l++) {
            if (range->everywhere[l]) {
                potential[(range->first + l) * s->n_nodes + i] = v[l];
            }
        }
    }
    for (int64_t l = 0; l < range->n; l++) {
        for (int64_t i = 0; range->everywhere[l] && i < s->n_island_nodes; i++) {
            potential[(range->first + l) * s->n_nodes + s->island_node[i]] = NAN;
        }
    }
}

static void solve_potentials(mn_kron *kron, const group_range *range, double *potential)
{
    const mn_kron_replicas *group = &kron->replicas;
    octet low, high;
    memcpy(&low, range->low, sizeof low);
    memcpy(&high, range->high, sizeof high);
    const uint64_t mode = mn_kron_fast_subnormals();
    back_substitute(&kron->schedule, (const octet *)group->weight, &low, &high, (octet *)group->potential);
    mn_kron_restore_subnormals(mode);
    write_rows(kron, range, potential);
}

/* One replica after the other in the scalar form. */
static int solve_each(mn_kron *kron, int64_t first, int64_t n, const double *conductance, const mn_boundary *boundary,
                      const mn_solution *solution, mn_error *error)
{
    int code = MN_OK;
    for (int64_t r = first; r < first + n && code == MN_OK; r++) {
        const mn_boundary own_boundary = mn_boundary_of(kron->network, boundary, r);
        const mn_solution own_solution = mn_solution_of(kron->network, solution, r);
        code = mn_kron_factor(kron, conductance + r * kron->schedule.n_edges, -1, NULL, error);
        if (code == MN_OK) {
            code = mn_kron_solve(kron, &own_boundary, NULL, &own_solution, error);
        }
        if (code != MN_OK && error != NULL) {
            error->replica = r;
        }
    }
    return code;
}

static int solve_group(mn_kron *kron, int64_t first, int64_t n, const double *conductance, const mn_boundary *boundary,
                       const mn_solution *solution, mn_error *error)
{
    group_range range = {.first = first, .n = n};
    int code = MN_OK;
    if (!eliminate_group(kron, &range, conductance)) {
        /* one by one it shows which replica is the first to fail, and why */
        return solve_each(kron, first, n, conductance, boundary, solution, error);
    }
    for (int64_t l = 0; l < n && code == MN_OK; l++) {
        code = solve_lane(kron, &range, l, boundary, solution, error);
        if (code == MN_OK && !range.everywhere[l]) {
            code = solve_each(kron, first + l, 1, conductance, boundary, solution, error);
        }
        range.n = code == MN_OK ? range.n : l; /* the rows before it are good */
    }
    if (solution->potential != NULL) {
        solve_potentials(kron, &range, solution->potential);
    }
    return code;
}

int mn_kron_solve_many(mn_kron *kron, int64_t n_replicas, const double *conductance, const mn_boundary *boundary,
                       const mn_solution *solution, mn_error *error)
{
    int code = MN_OK;
    const bool lanes = n_replicas >= LEAST_GROUP && in_lanes(kron);
    if (lanes) {
        code = mn_error_set(error, alloc_group(kron));
    }
    for (int64_t first = 0, n; first < n_replicas && code == MN_OK; first += n) {
        n = n_replicas - first < LANES ? n_replicas - first : LANES;
        if (mn_cancelled(kron->cancel)) {
            code = mn_error_set(error, MN_ERR_INTERRUPTED);
        } else if (lanes && n >= LEAST_GROUP) {
            code = solve_group(kron, first, n, conductance, boundary, solution, error);
        } else {
            code = solve_each(kron, first, n, conductance, boundary, solution, error);
        }
    }
    kron->has_factor = false;
    return code;
}
