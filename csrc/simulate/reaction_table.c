/* The table of reactions: checked, copied, and given to a simulation. */
#include "drive/waveform.h"
#include "simulate/engine.h"
#include "simulate/reactions.h"

#include <math.h>
#include <string.h>

/* ------------------------------------------------------------------ checks */

static bool is_duration(double value)
{
    return value >= 0.0 && value <= MN_LARGEST_TIME;
}

static int check_numbers(const mn_simulation *simulation, const mn_reaction_spec *spec, int64_t n_waves,
                         mn_error *error)
{
    if (spec->population < 0 || spec->population >= simulation->n_populations) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "population", (double)spec->population);
    }
    if (spec->electrode < 0 || spec->electrode >= simulation->network->n_electrodes) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "electrode", (double)spec->electrode);
    }
    if (spec->wave < 0 || spec->wave >= n_waves) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "wave", (double)spec->wave);
    }
    if (!is_duration(spec->delay)) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "delay", spec->delay);
    }
    if (!is_duration(spec->refractory)) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "refractory", spec->refractory);
    }
    if (spec->most < 1) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "most", (double)spec->most);
    }
    return MN_OK;
}

/* An electrode has one rule, whichever reaction starts there. */
static int check_rules(int64_t n_reactions, const mn_reaction_spec *spec, mn_error *error)
{
    for (int64_t r = 0; r < n_reactions; r++) {
        bool good = (unsigned)spec[r].overlap < MN_OVERLAP_N;
        for (int64_t q = 0; q < r; q++) {
            good = good && (spec[q].electrode != spec[r].electrode || spec[q].overlap == spec[r].overlap);
        }
        if (!good) {
            error->electrode = spec[r].electrode;
            return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "overlap", (double)spec[r].overlap);
        }
    }
    return MN_OK;
}

static int refuse_role(int32_t electrode, mn_error *error)
{
    error->electrode = electrode;
    return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "role", NAN);
}

int mn_reactions_check_drive(const mn_simulation *simulation, const mn_drive *drive, mn_error *error)
{
    const mn_reactions *reactions = simulation->engine->reactions;
    for (int64_t r = 0; reactions != NULL && r < reactions->n; r++) {
        int32_t electrode = reactions->reaction[r].spec.electrode, root = drive->root[electrode];
        unsigned roles = root < 0 ? 1u << MN_FLOATING : mn_wave_roles(drive, root);
        if ((roles & (1u << MN_FLOATING | 1u << MN_CURRENT)) != 0) {
            return refuse_role(electrode, error);
        }
    }
    return MN_OK;
}

static int check_waves(const mn_reactions *reactions, mn_error *error)
{
    for (int64_t r = 0; r < reactions->n; r++) {
        if (mn_wave_roles(&reactions->waves, reactions->reaction[r].spec.wave) != 1u << MN_VOLTAGE) {
            return refuse_role(reactions->reaction[r].spec.electrode, error);
        }
    }
    return MN_OK;
}

/* ------------------------------------------------------------------ life */

static int init_reaction(mn_reactions *reactions, mn_reaction *reaction, const mn_reaction_spec *spec,
                         int64_t n_members)
{
    mn_pool *pool = &reactions->pool;
    uint8_t *listens = spec->listens == NULL ? NULL : mn_pool_alloc(pool, n_members, sizeof(*listens));
    reaction->spec = *spec;
    reaction->spec.listens = listens;
    reaction->n_members = n_members;
    reaction->start = mn_pool_alloc(pool, spec->most, sizeof(*reaction->start));
    reaction->member = mn_pool_alloc(pool, spec->most, sizeof(*reaction->member));
    if (spec->refractory > 0.0) {
        reaction->last = mn_pool_alloc(pool, n_members, sizeof(*reaction->last));
        reaction->last_before = mn_pool_alloc(pool, spec->most, sizeof(*reaction->last_before));
    }
    if (pool->code != MN_OK) {
        return pool->code;
    }
    for (int64_t k = 0; listens != NULL && k < n_members; k++) {
        listens[k] = spec->listens[k];
    }
    for (int64_t k = 0; reaction->last != NULL && k < n_members; k++) {
        reaction->last[k] = -INFINITY;
    }
    reaction->end = mn_wave_end(&reactions->waves, spec->wave);
    reaction->first = mn_wave_next_corner(&reactions->waves, spec->wave, 0.0).time;
    return MN_OK;
}

/* Whether a reaction hears a member of its population by name. */
static bool names(const mn_reaction *reaction, int64_t population, int64_t member)
{
    return reaction->spec.population == population && reaction->spec.listens != NULL &&
           reaction->spec.listens[member] != 0;
}

/* Fills the lists of those who name members, which have been counted at first[member + 1]. */
static int list_each(mn_reactions *reactions, int64_t population, int64_t n_members, mn_listeners *listeners)
{
    for (int64_t k = 0; k < n_members; k++) {
        listeners->first[k + 1] += listeners->first[k];
    }
    listeners->each = mn_pool_alloc(&reactions->pool, listeners->first[n_members], sizeof(*listeners->each));
    if (listeners->each == NULL) {
        return reactions->pool.code;
    }
    int64_t n = 0;
    for (int64_t k = 0; k < n_members; k++) {
        for (int64_t r = 0; r < reactions->n; r++) {
            if (names(&reactions->reaction[r], population, k)) {
                listeners->each[n++] = (int32_t)r;
            }
        }
    }
    return MN_OK;
}

/* Who hears the events of a population. */
static int init_listeners(mn_reactions *reactions, int64_t population, int64_t n_members)
{
    mn_pool *pool = &reactions->pool;
    mn_listeners *listeners = &reactions->listeners[population];
    bool has_each = false;
    listeners->all = mn_pool_alloc(pool, reactions->n, sizeof(*listeners->all));
    for (int64_t r = 0; r < reactions->n && listeners->all != NULL; r++) {
        const mn_reaction_spec *spec = &reactions->reaction[r].spec;
        has_each = has_each || (spec->population == population && spec->listens != NULL);
        if (spec->population == population && spec->listens == NULL) {
            listeners->all[listeners->n_all++] = (int32_t)r;
        }
    }
    if (!has_each) {
        return pool->code;
    }
    listeners->first = mn_pool_alloc(pool, n_members + 1, sizeof(*listeners->first));
    if (listeners->first == NULL) {
        return pool->code;
    }
    for (int64_t r = 0; r < reactions->n; r++) {
        for (int64_t k = 0; k < n_members; k++) {
            listeners->first[k + 1] += names(&reactions->reaction[r], population, k);
        }
    }
    return list_each(reactions, population, n_members, listeners);
}

static int init_all_listeners(const mn_simulation *simulation, mn_reactions *reactions)
{
    mn_pool *pool = &reactions->pool;
    reactions->listeners = mn_pool_alloc(pool, simulation->n_populations, sizeof(*reactions->listeners));
    for (int64_t p = 0; p < simulation->n_populations && pool->code == MN_OK; p++) {
        int code = init_listeners(reactions, p, simulation->population[p].n);
        if (code != MN_OK) {
            return code;
        }
    }
    return pool->code;
}

static int init_reactions(mn_simulation *simulation, mn_reactions *reactions, int64_t n_reactions,
                          const mn_reaction_spec *spec, int64_t n_waves, const mn_wave *wave, mn_error *error)
{
    int64_t n_electrodes = simulation->network->n_electrodes;
    mn_pool *pool = &reactions->pool;
    reactions->reaction = mn_pool_alloc(pool, n_reactions, sizeof(*reactions->reaction));
    reactions->latest = mn_pool_alloc(pool, n_electrodes, sizeof(*reactions->latest));
    reactions->latest_start = mn_pool_alloc(pool, n_electrodes, sizeof(*reactions->latest_start));
    if (pool->code != MN_OK) {
        return pool->code;
    }
    int code = mn_drive_init(&reactions->waves, 0, NULL, n_waves, wave, error);
    if (code == MN_OK) {
        code = mn_drive_copy_exact(&reactions->exact, &reactions->waves, error);
    }
    for (int64_t r = 0; r < n_reactions && code == MN_OK; r++) {
        code = check_numbers(simulation, &spec[r], n_waves, error);
        if (code == MN_OK) {
            reactions->n = r + 1;
            reactions->has_last = reactions->has_last || spec[r].overlap == MN_OVERLAP_LAST;
            code = init_reaction(reactions, &reactions->reaction[r], &spec[r],
                                 simulation->population[spec[r].population].n);
        }
    }
    if (code == MN_OK) {
        code = mn_error_set(error, init_all_listeners(simulation, reactions));
    }
    if (code == MN_OK) {
        code = check_rules(n_reactions, spec, error);
    }
    return code == MN_OK ? check_waves(reactions, error) : code;
}

int mn_simulation_react(mn_simulation *simulation, int64_t n_reactions, const mn_reaction_spec *spec, int64_t n_waves,
                        const mn_wave *wave, mn_error *error)
{
    mn_error unwanted;
    error = error == NULL ? &unwanted : error;
    mn_error_clear(error);
    if (n_reactions < 0 || simulation->engine->reactions != NULL || simulation->engine->step_check != NULL) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "reactions", (double)n_reactions);
    }
    if (n_reactions == 0) {
        return MN_OK;
    }
    mn_reactions *reactions = mn_alloc(1, sizeof(*reactions));
    if (reactions == NULL) {
        return mn_error_set(error, MN_ERR_NO_MEMORY);
    }
    simulation->engine->reactions = reactions;
    int code = init_reactions(simulation, reactions, n_reactions, spec, n_waves, wave, error);
    if (code == MN_OK) {
        code = mn_reactions_check_drive(simulation, &simulation->drive, error);
    }
    if (code != MN_OK) {
        mn_reactions_free(simulation);
    }
    return mn_error_set(error, code);
}

void mn_reactions_free(mn_simulation *simulation)
{
    mn_reactions *reactions = simulation->engine == NULL ? NULL : simulation->engine->reactions;
    if (reactions != NULL) {
        mn_drive_free(&reactions->waves);
        mn_drive_free(&reactions->exact);
        mn_pool_free(&reactions->pool);
        mn_dealloc(reactions);
        simulation->engine->reactions = NULL;
    }
}
