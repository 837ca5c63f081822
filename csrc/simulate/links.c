/* Links: the edge that a member reads beside its own (mn_device_spec.link), its voltage and the states that the model's
 * table names, gathered in the order of the members. */
#include "simulate/engine.h"

#include <math.h>
#include <string.h>

/* Which population and member an edge is. */
typedef struct {
    int32_t *population, *member; /* n_edges */
} edge_map;

static int make_map(const mn_simulation *simulation, edge_map *map)
{
    const int64_t n_edges = simulation->network->n_edges;
    map->population = mn_alloc(n_edges, sizeof(*map->population));
    map->member = mn_alloc(n_edges, sizeof(*map->member));
    if (map->population == NULL || map->member == NULL) {
        return MN_ERR_NO_MEMORY;
    }
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        for (int64_t k = 0; k < simulation->population[p].n; k++) {
            map->population[simulation->population[p].edge[k]] = (int32_t)p;
            map->member[simulation->population[p].edge[k]] = (int32_t)k;
        }
    }
    return MN_OK;
}

static int refuse(const mn_population *population, const char *noun, int32_t edge, double value, mn_error *error)
{
    error->model = population->model->name;
    error->edge = edge;
    return mn_error_refuse(error, MN_ERR_LINK, noun, value);
}

static mn_links *alloc_links(mn_pool *pool, const mn_population *population)
{
    const int64_t n = population->n, n_states = population->model->n_linked_states;
    mn_links *links = mn_pool_alloc(pool, 1, sizeof(*links));
    if (links == NULL) {
        return NULL;
    }
    links->edge = mn_pool_alloc(pool, n, sizeof(*links->edge));
    links->population = mn_pool_alloc(pool, n, sizeof(*links->population));
    links->member = mn_pool_alloc(pool, n, sizeof(*links->member));
    links->field = mn_pool_alloc(pool, n * n_states, sizeof(*links->field));
    links->v = mn_pool_alloc(pool, n, sizeof(double));
    links->v_prev = mn_pool_alloc(pool, n, sizeof(double));
    links->v_kept = mn_pool_alloc(pool, n, sizeof(double));
    links->x = mn_pool_alloc(pool, n_states, sizeof(*links->x));
    for (int64_t s = 0; s < n_states && links->x != NULL; s++) {
        links->x[s] = mn_pool_alloc(pool, n, sizeof(double));
    }
    return links;
}

/* Links one member to an edge: that edge has to be another one, with all the states that are read, one number each. */
static int link_member(const mn_simulation *simulation, const mn_population *population, mn_links *links,
                       const edge_map *map, int64_t k, int32_t edge, mn_error *error)
{
    const mn_device_model *model = population->model;
    if (edge < 0 || edge >= simulation->network->n_edges || edge == population->edge[k]) {
        return refuse(population, "link", population->edge[k], (double)edge, error);
    }
    links->edge[k] = edge;
    links->population[k] = map->population[edge];
    links->member[k] = map->member[edge];
    const mn_device_model *other = simulation->population[links->population[k]].model;
    for (int64_t s = 0; s < model->n_linked_states; s++) {
        int64_t f = mn_model_field(other, model->linked_state[s]);
        if (f < 0 || other->field[f].role == MN_PARAMETER || other->field[f].dimension != NULL) {
            return refuse(population, model->linked_state[s], edge, NAN, error);
        }
        links->field[s * population->n + k] = (int32_t)f;
    }
    return MN_OK;
}

static int link_population(mn_simulation *simulation, int64_t p, const int32_t *edge, const edge_map *map,
                           mn_error *error)
{
    const mn_population *population = &simulation->population[p];
    mn_links *links = alloc_links(&simulation->pool, population);
    int code = simulation->pool.code;
    for (int64_t k = 0; code == MN_OK && k < population->n; k++) {
        code = link_member(simulation, population, links, map, k, edge[k], error);
    }
    simulation->engine->members[p].links = links;
    simulation->engine->has_links = true;
    return code;
}

int mn_links_init(mn_simulation *simulation, const mn_device_spec *device, mn_error *error)
{
    edge_map map = {NULL, NULL};
    int code = MN_OK;
    for (int64_t p = 0; p < simulation->n_populations && code == MN_OK; p++) {
        const mn_population *population = &simulation->population[p];
        bool reads = (population->model->flags & MN_HAS_LINK) != 0;
        if (reads != (device[p].link != NULL)) {
            error->model = population->model->name;
            code = mn_error_refuse(error, MN_ERR_LINK, "link", NAN);
        } else if (reads) {
            code = map.population == NULL ? make_map(simulation, &map) : MN_OK;
            code = code == MN_OK ? link_population(simulation, p, device[p].link, &map, error) : code;
        }
    }
    mn_dealloc(map.population);
    mn_dealloc(map.member);
    return code;
}

void mn_links_read_states(mn_simulation *simulation)
{
    for (int64_t p = 0; simulation->engine->has_links && p < simulation->n_populations; p++) {
        const mn_links *links = simulation->engine->members[p].links;
        const int64_t n = simulation->population[p].n;
        for (int64_t s = 0; links != NULL && s < simulation->population[p].model->n_linked_states; s++) {
            const int32_t *field = links->field + s * n;
            for (int64_t k = 0; k < n; k++) {
                links->x[s][k] = simulation->engine->members[links->population[k]].states[field[k]][links->member[k]];
            }
        }
    }
}

void mn_links_read_voltages(mn_simulation *simulation, int64_t p, const double *potential)
{
    const mn_network *network = simulation->network;
    const mn_links *links = simulation->engine->members[p].links;
    for (int64_t k = 0; links != NULL && k < simulation->population[p].n; k++) {
        double difference = potential[network->a[links->edge[k]]] - potential[network->b[links->edge[k]]];
        links->v[k] = isnan(difference) ? 0.0 : difference;
    }
}

static void swap(mn_links *links)
{
    double *kept = links->v_kept;
    links->v_kept = links->v_prev;
    links->v_prev = kept;
}

void mn_links_keep_voltages(mn_simulation *simulation)
{
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        mn_links *links = simulation->engine->members[p].links;
        if (links != NULL) { /* not swapped with v: the next step may have no solve */
            swap(links);
            memcpy(links->v_prev, links->v, (size_t)simulation->population[p].n * sizeof(double));
        }
    }
}

void mn_links_restore_voltages(mn_simulation *simulation)
{
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        if (simulation->engine->members[p].links != NULL) {
            swap(simulation->engine->members[p].links);
        }
    }
}
