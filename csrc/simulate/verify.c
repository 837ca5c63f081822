/* The invariants of a simulation, for tests. */
#include "simulate/engine.h"
#include "simulate/reactions.h"
#include "simulate/watch.h"

#include <math.h>
#include <string.h>

/* Kept conductances of event-driven populations are those that the model gives now. */
static int verify_conductances(mn_simulation *simulation, int64_t index)
{
    mn_population *population = &simulation->population[index];
    const mn_step step = mn_step_before(simulation, index);
    population->model->conductance(population, &step);
    for (int64_t k = 0; k < population->n; k++) {
        mn_bug_unless(step.g[k] == simulation->conductance[population->edge[k]]);
    }
    return MN_OK;
}

/* Outputs are those of the present states, to the bit. next[] holds nothing between two steps. */
static int verify_outputs(mn_population *population)
{
    const mn_device_model *model = population->model;
    for (int pass = 0; pass < 2 && model->derive != NULL; pass++) {
        for (int64_t f = 0; f < model->n_fields; f++) {
            const size_t size = (size_t)(population->n * population->width[f]) * sizeof(double);
            if (model->field[f].role == MN_OUTPUT && pass == 0) {
                memcpy(population->next[f], population->field[f], size);
            } else if (model->field[f].role == MN_OUTPUT) {
                mn_bug_unless(memcmp(population->next[f], population->field[f], size) == 0);
            }
        }
        mn_population_derive(population);
    }
    return MN_OK;
}

static int verify_population(mn_simulation *simulation, int64_t index)
{
    mn_population *population = &simulation->population[index];
    const mn_members *members = &simulation->engine->members[index];
    const mn_network *network = simulation->network;
    mn_bug_unless(population->n_active >= 0 && population->n_active <= population->n);
    mn_bug_unless(population->n_events >= 0 && population->n_events <= population->n);
    for (int64_t k = 0; k < population->n; k++) {
        int32_t edge = population->edge[k];
        mn_bug_unless(edge >= 0 && edge < network->n_edges && (k == 0 || edge > population->edge[k - 1]));
        mn_bug_unless(members->a[k] == network->a[edge] && members->b[k] == network->b[edge]);
        if (members->links != NULL) {
            const mn_population *other = &simulation->population[members->links->population[k]];
            mn_bug_unless(other->edge[members->links->member[k]] == members->links->edge[k]);
        }
    }
    for (int64_t f = 0; f < population->model->n_fields; f++) {
        const mn_field *field = &population->model->field[f];
        for (int64_t k = 0; k < population->n * population->width[f]; k++) {
            mn_bug_unless(isfinite(population->field[f][k]) && mn_field_allows(field, population->field[f][k]));
        }
    }
    int code = verify_outputs(population);
    code = code == MN_OK ? mn_watch_verify(simulation, index) : code;
    if (code == MN_OK && simulation->engine->has_factor && !members->dirty && population->n_events == 0 &&
        (population->model->flags & MN_EVENT_DRIVEN) != 0) {
        code = verify_conductances(simulation, index);
    }
    return code;
}

/* The solution that is kept is the one that a full factorisation gives, to the bit. */
static int verify_solution(mn_simulation *simulation, mn_error *error)
{
    int64_t n = simulation->network->n_electrodes;
    double *current = mn_alloc(n, sizeof(*current));
    if (current == NULL) {
        return MN_ERR_NO_MEMORY;
    }
    const mn_engine *engine = simulation->engine;
    mn_boundary boundary = {.role = engine->role, .value = engine->value};
    if (engine->has_limits) {
        boundary = (mn_boundary){.role = engine->limits.role, .value = engine->limits.value};
    }
    mn_solution solution = {.current = current};
    mn_engine_find_currents(simulation);
    int code = mn_solver_factor(&simulation->solver, simulation->conductance, NULL, -1, NULL, error);
    if (code == MN_OK) {
        const double *injected = simulation->engine->injects ? simulation->engine->injected : NULL;
        code = mn_solver_solve(&simulation->solver, &boundary, injected, NULL, &solution, error);
    }
    if (code == MN_OK && memcmp(current, simulation->current, (size_t)n * sizeof(*current)) != 0) {
        code = MN_ERR_BUG; /* GCOV_EXCL_LINE: a bug */
    }
    mn_dealloc(current);
    return code;
}

/* Between two steps everything is kept, and waveforms stand in the order of their starts. */
static int verify_reactions(const mn_simulation *simulation)
{
    const mn_reactions *reactions = simulation->engine->reactions;
    int64_t n_live = 0;
    for (int64_t r = 0; reactions != NULL && r < reactions->n; r++) {
        const mn_reaction *reaction = &reactions->reaction[r];
        mn_bug_unless(reaction->n >= 0 && reaction->n <= reaction->spec.most && reaction->n_noted == 0);
        for (int64_t k = 0; k < reaction->n; k++) {
            mn_bug_unless(k == 0 || reaction->start[k] >= reaction->start[k - 1]);
            mn_bug_unless(reactions->quiet <= reaction->start[k] + reaction->end);
        }
        n_live += reaction->n;
    }
    mn_bug_unless(reactions == NULL || (reactions->n_live == n_live && reactions->n_noted == 0));
    return MN_OK;
}

int mn_simulation_verify(mn_simulation *simulation, mn_error *error)
{
    mn_error unwanted;
    error = error == NULL ? &unwanted : error;
    mn_error_clear(error);
    mn_bug_unless(simulation->events.n >= 0 && simulation->events.n <= simulation->events.capacity);
    int64_t n = 0;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        n += simulation->population[p].n;
        int code = verify_population(simulation, p);
        if (code != MN_OK) {
            return mn_error_set(error, code); /* GCOV_EXCL_LINE: a bug */
        }
    }
    mn_bug_unless(n == simulation->network->n_edges);
    for (int64_t k = 0; k < simulation->recorder.n_channels; k++) {
        mn_bug_unless(simulation->recorder.channel[k].n_rows <= simulation->recorder.channel[k].capacity);
    }
    int code = verify_reactions(simulation);
    if (code == MN_OK && simulation->engine->has_factor && simulation->solved) {
        code = verify_solution(simulation, error);
    }
    return code == MN_OK ? MN_OK : mn_error_set(error, code);
}
