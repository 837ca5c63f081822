/* Which edges cross their thresholds where several have reached them at one moment. */
#include "simulate/crossings.h"

#include <string.h>

/* How often an edge crosses while time stands still. */
enum { MOST_CROSSINGS = 16 };

void mn_crossings_alloc(mn_pool *pool, mn_crossings *crossings, int64_t n)
{
    crossings->before = mn_pool_alloc(pool, n, sizeof(double));
    crossings->after = mn_pool_alloc(pool, n, sizeof(double));
    crossings->n_crossed = mn_pool_alloc(pool, n, sizeof(*crossings->n_crossed));
    crossings->crosses = mn_pool_alloc(pool, n, sizeof(*crossings->crosses));
}

bool mn_any_reached(const mn_simulation *simulation, const mn_crossings *crossings)
{
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_population *population = &simulation->population[p];
        for (int64_t k = 0; k < population->n && population->model->crossing != NULL; k++) {
            if (mn_has_reached(crossings, population->edge[k])) {
                return true;
            }
        }
    }
    return false;
}

/* Marks all edges that have reached their thresholds; returns the one that has crossed least often, the first of such,
 * and how often that has which did so most often. */
static int32_t mark_reached(const mn_simulation *simulation, const mn_crossings *crossings, int32_t *most)
{
    int32_t first = -1;
    *most = 0;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_population *population = &simulation->population[p];
        for (int64_t k = 0; k < population->n && population->model->crossing != NULL; k++) {
            const int32_t edge = population->edge[k], n = crossings->n_crossed[edge];
            crossings->crosses[edge] = mn_has_reached(crossings, edge);
            if (!crossings->crosses[edge]) {
                continue;
            }
            const int32_t least = first < 0 ? n : crossings->n_crossed[first];
            first = first < 0 || n < least || (n == least && edge < first) ? edge : first;
            *most = n > *most ? n : *most;
        }
    }
    return first;
}

int mn_crossings_choose(const mn_simulation *simulation, const mn_crossings *crossings, double t, mn_error *error)
{
    const int64_t n_edges = simulation->network->n_edges;
    const size_t size = (size_t)n_edges * sizeof(*crossings->crosses);
    int32_t most;
    memset(crossings->crosses, 0, size);
    const int32_t first = mark_reached(simulation, crossings, &most);
    if (most > 0) {
        memset(crossings->crosses, 0, size);
        crossings->crosses[first] = 1;
    }
    for (int64_t e = 0; e < n_edges; e++) {
        crossings->n_crossed[e] += crossings->crosses[e];
        if (crossings->n_crossed[e] > MOST_CROSSINGS) {
            error->edge = (int32_t)e;
            error->time = t;
            return mn_error_set(error, MN_ERR_ENDLESS_EVENTS);
        }
    }
    return MN_OK;
}

void mn_crossings_forget(const mn_simulation *simulation, const mn_crossings *crossings)
{
    memset(crossings->n_crossed, 0, (size_t)simulation->network->n_edges * sizeof(*crossings->n_crossed));
}
