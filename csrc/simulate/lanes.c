#include "simulate/lanes.h"

#include "base/vector.h"
#include "circuit/kron_lanes.h"
#include "circuit/scaling.h"
#include "simulate/engine.h"
#include "simulate/watch.h"

#include <math.h>
#include <string.h>

enum { LANES = MN_MOST_TOGETHER, LINE = LANES * (int)sizeof(double) };

/* ------------------------------------------------------------------ life */

static bool same_members(const mn_simulation *one, const mn_simulation *other)
{
    bool same = one->n_populations == other->n_populations;
    for (int64_t p = 0; same && p < one->n_populations; p++) {
        const mn_population *mine = &one->population[p], *others = &other->population[p];
        same = mine->model == others->model && mine->n == others->n &&
               memcmp(mine->edge, others->edge, (size_t)mine->n * sizeof(*mine->edge)) == 0;
    }
    return same;
}

static bool possible(int64_t n, mn_simulation *const *simulation, const mn_together *together)
{
    bool all = together->possible;
    for (int64_t r = 0; all && r < n; r++) {
        const mn_engine *engine = simulation[r]->engine;
        all = !engine->has_source && !engine->has_links && same_members(simulation[0], simulation[r]) &&
              simulation[r]->options.event_driven == simulation[0]->options.event_driven;
    }
    return all;
}

/* n octets, the first of which begins a cache line. */
static double *alloc_octets(mn_pool *pool, int64_t n)
{
    double *octets = mn_pool_alloc(pool, LANES * (n + 1), sizeof(*octets));
    const uintptr_t beyond = (uintptr_t)octets % LINE; /* a multiple of a double's size */
    return octets == NULL || beyond == 0 ? octets : octets + (LINE - beyond) / sizeof(double);
}

static mn_lane_kind kind_of(const mn_simulation *simulation, int64_t p)
{
    const mn_device_model *model = simulation->population[p].model;
    const bool is_fixed = (model->flags & MN_EVENT_DRIVEN) != 0 && model->advance == NULL;
    const bool is_watched = simulation->engine->members[p].watch != NULL;
    return is_watched ? MN_LANES_WATCHED : is_fixed ? MN_LANES_FIXED : MN_LANES_VOLTAGES;
}

static void init_members(mn_lanes *lanes, const mn_simulation *simulation, int64_t p)
{
    const mn_population *population = &simulation->population[p];
    const mn_network *network = simulation->network;
    mn_lane_members *members = &lanes->members[p];
    members->kind = kind_of(simulation, p);
    members->n = population->n;
    members->a = mn_pool_alloc(&lanes->pool, population->n, sizeof(*members->a));
    members->b = mn_pool_alloc(&lanes->pool, population->n, sizeof(*members->b));
    members->edge = mn_pool_alloc(&lanes->pool, population->n, sizeof(*members->edge));
    for (int64_t k = 0; k < population->n && lanes->pool.code == MN_OK; k++) {
        const int32_t edge = population->edge[k];
        const bool is_island = simulation->engine->island_edge[edge] != 0;
        members->edge[k] = lanes->together.edge_place[edge];
        members->a[k] = lanes->together.place[network->a[edge]];
        members->b[k] = is_island ? members->a[k] : lanes->together.place[network->b[edge]];
    }
}

static void init_group(mn_lanes *lanes, int64_t g, int64_t n, mn_simulation *const *simulation)
{
    mn_lane_group *group = &lanes->group[g];
    mn_pool *pool = &lanes->pool;
    group->conductance = alloc_octets(pool, simulation[0]->network->n_edges);
    group->bound = mn_pool_alloc(pool, lanes->n_populations, sizeof(*group->bound));
    for (int64_t p = 0; p < lanes->n_populations && pool->code == MN_OK; p++) {
        if (lanes->members[p].kind == MN_LANES_WATCHED) {
            group->bound[p] = alloc_octets(pool, lanes->members[p].n);
        }
    }
    for (int64_t l = 0; l < LANES && LANES * g + l < n; l++) {
        mn_simulation *own = group->simulation[l] = simulation[LANES * g + l];
        own->engine->in_lanes = false;
        for (int64_t p = 0; p < own->n_populations; p++) {
            own->engine->members[p].bounds_in_lanes = false;
        }
    }
}

int mn_lanes_init(mn_lanes *lanes, int64_t n, mn_simulation *const *simulation, const mn_together *together)
{
    const mn_network *network = simulation[0]->network;
    *lanes = (mn_lanes){.together = *together, .n_populations = simulation[0]->n_populations};
    if (!possible(n, simulation, together)) {
        return MN_OK;
    }
    mn_pool *pool = &lanes->pool;
    const int64_t n_groups = (n + LANES - 1) / LANES;
    lanes->group = mn_pool_alloc(pool, n_groups, sizeof(*lanes->group));
    lanes->members = mn_pool_alloc(pool, lanes->n_populations, sizeof(*lanes->members));
    lanes->g = mn_pool_alloc(pool, LANES * MN_BLOCK, sizeof(*lanes->g));
    lanes->nobody = mn_pool_alloc(pool, network->n_edges + network->n_nodes, sizeof(*lanes->nobody));
    for (int64_t p = 0; p < lanes->n_populations && pool->code == MN_OK; p++) {
        init_members(lanes, simulation[0], p);
    }
    for (int64_t g = 0; g < n_groups && pool->code == MN_OK; g++) {
        init_group(lanes, g, n, simulation);
    }
    const int code = pool->code;
    if (code != MN_OK) {
        mn_lanes_free(lanes);
        return code;
    }
    lanes->n_groups = n_groups;
    return MN_OK;
}

void mn_lanes_free(mn_lanes *lanes)
{
    mn_pool_free(&lanes->pool);
    *lanes = (mn_lanes){0};
}

/* ------------------------------------------------------------------ conductances */

static bool has(unsigned lanes, int64_t l)
{
    return (lanes >> l & 1U) != 0;
}

/* All bits of the lanes in `which`, none of the others. */
static void spread(unsigned which, mn_quad_bits bits[MN_OCTET_HALVES])
{
    int64_t lane[LANES];
    for (int64_t l = 0; l < LANES; l++) {
        lane[l] = has(which, l) ? -1 : 0;
    }
    memcpy(bits, lane, sizeof lane);
}

/* Whether a conductance can be solved in lanes. */
static bool takes(double g)
{
    return g == 0.0 || (g >= MN_EVERYDAY_LEAST && g <= MN_EVERYDAY_MOST);
}

/* Members that lanes find anew, and where their numbers are. */
typedef struct {
    int64_t n;
    const int32_t *edge;
    const double *g[LANES];
    mn_quad_bits reads[MN_OCTET_HALVES];
    mn_quad_bits n_changed[MN_OCTET_HALVES];
    mn_quad_bits strange[MN_OCTET_HALVES]; /* some bit of a lane that cannot take some number */
} storing;

MN_VECTOR static void store_members(storing *from, mn_octet *conductance)
{
    const double *g[LANES]; /* copies that no store can change */
    mn_quad_bits reads[MN_OCTET_HALVES], n_changed[MN_OCTET_HALVES] = {MN_QUAD(0), MN_QUAD(0)};
    mn_quad_bits good[MN_OCTET_HALVES] = {MN_QUAD(-1), MN_QUAD(-1)};
    const mn_quad_aligned zero = MN_QUAD(0.0), lowest = MN_QUAD(MN_EVERYDAY_LEAST), highest = MN_QUAD(MN_EVERYDAY_MOST);
    memcpy(g, from->g, sizeof g);
    memcpy(reads, from->reads, sizeof reads);
    for (int64_t k = 0; k < from->n; k++) {
        mn_octet *line = conductance + from->edge[k];
        for (int h = 0; h < MN_OCTET_HALVES; h++) {
            const double *const *const own = g + 4 * h;
            const mn_quad_aligned x = {own[0][k], own[1][k], own[2][k], own[3][k]};
            good[h] &= (x == zero) | ((x >= lowest) & (x <= highest));
            n_changed[h] -= (line->half[h] != x) & reads[h];
            mn_quad_choose(&line->half[h], &reads[h], &x);
        }
    }
    for (int h = 0; h < MN_OCTET_HALVES; h++) {
        from->n_changed[h] += n_changed[h];
        from->strange[h] |= ~good[h] & reads[h];
    }
}

/* Asks the models of the simulations in `reading` for all members of population p. */
static void read_members(mn_lanes *lanes, mn_lane_group *group, int64_t p, unsigned reading)
{
    const mn_lane_members *members = &lanes->members[p];
    storing to = {.n_changed = {MN_QUAD(0), MN_QUAD(0)}, .strange = {MN_QUAD(0), MN_QUAD(0)}};
    int64_t n_changed[LANES], strange[LANES];
    spread(reading, to.reads);
    for (int64_t first = 0; first < members->n; first += MN_BLOCK) {
        to.n = members->n - first < MN_BLOCK ? members->n - first : MN_BLOCK;
        to.edge = members->edge + first;
        for (int64_t l = 0; l < LANES; l++) {
            to.g[l] = lanes->g + l * MN_BLOCK;
            if (has(reading, l)) {
                mn_step step = mn_step_from(mn_step_before(group->simulation[l], p), first);
                mn_population *slice = mn_members_slice(group->simulation[l], p, first, to.n);
                step.g = lanes->g + l * MN_BLOCK;
                slice->model->conductance(slice, &step);
            }
        }
        store_members(&to, (mn_octet *)group->conductance);
    }
    memcpy(n_changed, to.n_changed, sizeof n_changed);
    memcpy(strange, to.strange, sizeof strange);
    for (int64_t l = 0; l < LANES; l++) {
        group->n_changed[l] += n_changed[l];
        group->strange |= strange[l] != 0 ? 1U << l : 0U;
    }
}

/* Asks a model for the members that have just had an event. */
static void read_events(mn_lanes *lanes, mn_lane_group *group, int64_t p, int64_t l)
{
    mn_population *population = &group->simulation[l]->population[p];
    const mn_step step = mn_step_before(group->simulation[l], p);
    population->model->conductance_events(population, &step);
    for (int64_t j = 0; j < population->n_events; j++) {
        double *own = group->conductance + LANES * (int64_t)lanes->members[p].edge[population->event_member[j]] + l;
        group->n_changed[l] += *own != step.g[j];
        group->strange |= takes(step.g[j]) ? 0U : 1U << l;
        *own = step.g[j];
    }
}

static void read_population(mn_lanes *lanes, mn_lane_group *group, int64_t p, unsigned reading)
{
    unsigned dirty = 0;
    for (int64_t l = 0; l < LANES; l++) {
        if (has(reading, l)) {
            mn_members *members = &group->simulation[l]->engine->members[p];
            if (members->dirty) {
                members->dirty = false;
                dirty |= 1U << l;
            } else if (mn_engine_can_ask_events(&group->simulation[l]->population[p])) {
                read_events(lanes, group, p, l);
            }
        }
    }
    if (dirty != 0) {
        read_members(lanes, group, p, dirty);
    }
}

/* A simulation that has found its conductances without lanes brings them. */
static void bring(const mn_lanes *lanes, mn_lane_group *group, int64_t l)
{
    const mn_simulation *simulation = group->simulation[l];
    for (int64_t e = 0; e < simulation->network->n_edges; e++) {
        group->conductance[LANES * (int64_t)lanes->together.edge_place[e] + l] = simulation->conductance[e];
    }
    simulation->engine->in_lanes = true;
    group->n_changed[l] = 0;
    group->strange |= 1U << l; /* until somebody looks */
}

/* Whether a lane can take all conductances of a simulation. */
static bool takes_all(mn_lane_group *group, int64_t l)
{
    const int64_t n_edges = group->simulation[l]->network->n_edges;
    if (has(group->strange, l)) {
        int64_t e = 0;
        while (e < n_edges && takes(group->conductance[LANES * e + l])) {
            e++;
        }
        group->strange &= e < n_edges ? ~0U : ~(1U << l);
    }
    return !has(group->strange, l);
}

unsigned mn_lanes_read(mn_lanes *lanes, int64_t g, unsigned reading)
{
    mn_lane_group *group = &lanes->group[g];
    unsigned joining = 0;
    for (int64_t l = 0; l < LANES; l++) {
        if (has(reading, l) && !group->simulation[l]->engine->in_lanes) {
            bring(lanes, group, l);
        }
    }
    for (int64_t p = 0; p < lanes->n_populations; p++) {
        read_population(lanes, group, p, reading);
    }
    for (int64_t l = 0; l < LANES; l++) {
        if (has(reading, l) && mn_engine_joins(group->simulation[l], group->n_changed[l]) && takes_all(group, l)) {
            joining |= 1U << l;
        } else if (has(reading, l)) {
            mn_lanes_hand_over(lanes, g, l);
        }
    }
    mn_lanes_settle(lanes, g, ~joining);
    return joining;
}

void mn_lanes_hand_over(mn_lanes *lanes, int64_t g, int64_t l)
{
    mn_lane_group *group = &lanes->group[g];
    for (int64_t e = 0; e < group->simulation[l]->network->n_edges; e++) {
        const double new = group->conductance[LANES * (int64_t)lanes->together.edge_place[e] + l];
        mn_engine_store_conductance(group->simulation[l], (int32_t)e, new);
    }
    group->n_changed[l] = 0;
}

/* ------------------------------------------------------------------ what devices see of a solve */

/* Of members of one population. */
typedef struct {
    const mn_octet *potential;
    const mn_lane_members *members;
    const mn_octet *bound; /* n, where watched */
    unsigned solved;
    double *v[LANES]; /* n: that of nobody where a lane has no solution */
    int32_t *active[LANES];
    int64_t n_active[LANES];
} seeing;

MN_VECTOR static void see_voltages(const seeing *by)
{
    const mn_octet *potential = by->potential;
    const int32_t *a = by->members->a, *b = by->members->b;
    const int64_t n = by->members->n;
    double *v[LANES];
    memcpy(v, by->v, sizeof v);
    for (int64_t k = 0; k < n; k++) {
        for (int h = 0; h < MN_OCTET_HALVES; h++) {
            const mn_quad_aligned d = potential[a[k]].half[h] - potential[b[k]].half[h];
            double *const *const own = v + 4 * h;
            own[0][k] = d[0];
            own[1][k] = d[1];
            own[2][k] = d[2];
            own[3][k] = d[3];
        }
    }
}

typedef uint64_t quad_words __attribute__((vector_size(32)));

/* Bit LANES * i + l is set where member first + i moves in lane l, of n <= LANES members. */
MN_INLINE uint64_t find_moving(const seeing *by, int64_t first, int64_t n)
{
    const mn_octet *potential = by->potential, *bound = by->bound + first;
    const int32_t *a = by->members->a + first, *b = by->members->b + first;
    const mn_quad_bits magnitude = MN_QUAD(INT64_MAX);
    quad_words bit[MN_OCTET_HALVES] = {{1, 2, 4, 8}, {16, 32, 64, 128}}, moves = MN_QUAD(0);
    for (int64_t i = 0; i < n; i++) {
        for (int h = 0; h < MN_OCTET_HALVES; h++) {
            const mn_quad_aligned v = potential[a[i]].half[h] - potential[b[i]].half[h];
            const mn_quad_aligned size = (mn_quad_aligned)((mn_quad_bits)v & magnitude);
            moves |= (quad_words)(size > bound[i].half[h]) & bit[h];
            bit[h] <<= LANES;
        }
    }
    return (moves[0] | moves[1]) | (moves[2] | moves[3]);
}

MN_VECTOR static void list_moving(seeing *by)
{
    const double *potential = (const double *)by->potential;
    const int32_t *a = by->members->a, *b = by->members->b;
    const int64_t n = by->members->n;
    const uint64_t solved = by->solved * UINT64_C(0x0101010101010101); /* in each of eight members */
    for (int64_t first = 0; first < n; first += LANES) {
        uint64_t moving =
            (n - first < LANES ? find_moving(by, first, n - first) : find_moving(by, first, LANES)) & solved;
        for (; moving != 0; moving &= moving - 1) {
            const int place = __builtin_ctzll(moving), l = place % LANES;
            const int64_t k = first + place / LANES;
            by->v[l][k] = potential[LANES * (int64_t)a[k] + l] - potential[LANES * (int64_t)b[k] + l];
            by->active[l][by->n_active[l]++] = (int32_t)k;
        }
    }
}

/* Asks the model above which voltages members of lane l move: those that have moved, or all, where lanes know of none.
 */
static void renew_bounds(mn_lane_group *group, int64_t p, int64_t l)
{
    const mn_population *population = &group->simulation[l]->population[p];
    mn_members *members = &group->simulation[l]->engine->members[p];
    const bool all = !members->bounds_in_lanes;
    const int64_t n = all ? population->n : population->n_active;
    for (int64_t first = 0; first < n; first += MN_BLOCK) {
        const int64_t at_once = n - first < MN_BLOCK ? n - first : MN_BLOCK;
        int32_t member[MN_BLOCK];
        double bound[MN_BLOCK];
        for (int64_t k = 0; k < at_once; k++) {
            member[k] = all ? (int32_t)(first + k) : population->active[first + k];
        }
        population->model->moves_above(population, at_once, member, bound);
        for (int64_t k = 0; k < at_once; k++) {
            group->bound[p][LANES * (int64_t)member[k] + l] = bound[k];
        }
    }
    members->bounds_in_lanes = true;
    members->watch_is_stale = true;
}

static seeing look_at(const mn_lanes *lanes, const mn_lane_group *group, int64_t p, unsigned solved)
{
    seeing by = {.potential = (const mn_octet *)lanes->together.potential,
                 .members = &lanes->members[p],
                 .bound = (const mn_octet *)group->bound[p],
                 .solved = solved};
    for (int64_t l = 0; l < LANES; l++) {
        by.v[l] = has(solved, l) ? group->simulation[l]->engine->members[p].v : lanes->nobody;
        by.active[l] = has(solved, l) ? group->simulation[l]->population[p].active : NULL;
    }
    return by;
}

static void see_watched(const mn_lanes *lanes, mn_lane_group *group, int64_t p, unsigned solved)
{
    for (int64_t l = 0; l < LANES; l++) {
        const bool is_new = has(solved, l) && group->renewed_at[l] == group->simulation[l]->step;
        if (has(solved, l) && !(is_new && group->simulation[l]->engine->members[p].bounds_in_lanes)) {
            renew_bounds(group, p, l);
        }
    }
    seeing by = look_at(lanes, group, p, solved);
    list_moving(&by);
    for (int64_t l = 0; l < LANES; l++) {
        if (has(solved, l)) {
            group->simulation[l]->population[p].n_active = by.n_active[l];
        }
    }
}

void mn_lanes_see(mn_lanes *lanes, int64_t g, unsigned solved)
{
    mn_lane_group *group = &lanes->group[g];
    for (int64_t l = 0; l < LANES; l++) {
        if (has(solved, l)) {
            group->n_changed[l] = 0;
            group->is_late[l] = true;
        }
    }
    for (int64_t p = 0; p < lanes->n_populations; p++) {
        const mn_lane_kind kind = lanes->members[p].kind;
        if (kind == MN_LANES_WATCHED) {
            see_watched(lanes, group, p, solved);
        } else if (kind == MN_LANES_VOLTAGES) {
            const seeing by = look_at(lanes, group, p, solved);
            see_voltages(&by);
        }
        for (int64_t l = 0; l < LANES && kind == MN_LANES_VOLTAGES; l++) {
            if (has(solved, l)) {
                group->simulation[l]->engine->members[p].v_is_late = false;
                mn_engine_list_active(group->simulation[l], p);
            }
        }
    }
}

void mn_lanes_keep(mn_lanes *lanes, int64_t g, int64_t l)
{
    mn_lane_group *group = &lanes->group[g];
    const mn_simulation *simulation = group->simulation[l];
    for (int64_t p = 0; p < lanes->n_populations; p++) {
        if (lanes->members[p].kind == MN_LANES_WATCHED && simulation->engine->members[p].bounds_in_lanes) {
            renew_bounds(group, p, l);
        }
    }
    group->renewed_at[l] = simulation->step;
}

/* ------------------------------------------------------------------ arrays of a simulation */

/* to[l][i] = from[place[i]] in lane l. */
MN_VECTOR static void write_lanes(const mn_octet *from, const int32_t *place, int64_t n, double *const to[LANES])
{
    double *own[LANES];
    memcpy(own, to, sizeof own);
    for (int64_t i = 0; i < n; i++) {
        const mn_octet *line = from + place[i];
        for (int h = 0; h < MN_OCTET_HALVES; h++) {
            const mn_quad_aligned x = line->half[h];
            double *const *const quarter = own + 4 * h;
            quarter[0][i] = x[0];
            quarter[1][i] = x[1];
            quarter[2][i] = x[2];
            quarter[3][i] = x[3];
        }
    }
}

void mn_lanes_settle(mn_lanes *lanes, int64_t g, unsigned which)
{
    mn_lane_group *group = &lanes->group[g];
    const mn_network *network = group->simulation[0]->network;
    double *potential[LANES], *conductance[LANES];
    bool any = false;
    for (int64_t l = 0; l < LANES; l++) {
        const bool settles = has(which, l) && group->is_late[l];
        potential[l] = settles ? group->simulation[l]->potential : lanes->nobody;
        conductance[l] = settles ? group->simulation[l]->conductance : lanes->nobody;
        any = any || settles;
    }
    if (!any) {
        return;
    }
    write_lanes((const mn_octet *)lanes->together.potential, lanes->together.place, network->n_nodes, potential);
    write_lanes((const mn_octet *)group->conductance, lanes->together.edge_place, network->n_edges, conductance);
    for (int64_t l = 0; l < LANES; l++) {
        if (has(which, l) && group->is_late[l]) {
            group->is_late[l] = false;
            for (int64_t i = 0; i < lanes->together.n_island_nodes; i++) {
                potential[l][lanes->together.island_node[i]] = NAN;
            }
        }
    }
}

/* Their potentials of the solve before are still there where nobody was solved. Else they are lost, as a solve of their
 * own makes them anew, or fails and leaves nothing solved; what other lanes found there must not come after it. */
void mn_lanes_dismiss(mn_lanes *lanes, int64_t g, unsigned joined, unsigned solved)
{
    if (solved == 0) {
        mn_lanes_settle(lanes, g, joined);
    }
    for (int64_t l = 0; l < LANES; l++) {
        if (has(joined & ~solved, l)) {
            lanes->group[g].is_late[l] = false;
            mn_lanes_hand_over(lanes, g, l);
        }
    }
}
