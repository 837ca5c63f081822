/* Parameters that are drawn again: checked, copied, and drawn. */
#include "simulate/cycles.h"

#include "simulate/engine.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* ------------------------------------------------------------------ checks */

static int check(const mn_simulation *simulation, const mn_cycle_spec *spec, mn_error *error)
{
    if (spec->population < 0 || spec->population >= simulation->n_populations) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "population", (double)spec->population);
    }
    const mn_device_model *model = simulation->population[spec->population].model;
    if (spec->field < 0 || spec->field >= model->n_fields || model->field[spec->field].role != MN_PARAMETER ||
        model->field[spec->field].kind != MN_REAL) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "field", (double)spec->field);
    }
    if (spec->state >= model->n_fields || (spec->state >= 0 && (model->field[spec->state].role == MN_PARAMETER ||
                                                                model->field[spec->state].dimension != NULL))) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "state", (double)spec->state);
    }
    if (!isfinite(spec->level)) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "level", spec->level);
    }
    if (!(spec->distribution.size >= 0.0 && isfinite(spec->distribution.size))) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "size", spec->distribution.size);
    }
    return MN_OK;
}

/* ------------------------------------------------------------------ life */

static bool is_beyond(const mn_cycle_spec *spec, double x)
{
    return spec->above ? x > spec->level : x < spec->level;
}

static int init_cycle(mn_cycles *cycles, mn_cycle *cycle, const mn_cycle_spec *spec, const mn_population *population)
{
    const int64_t n = population->n;
    double *center = mn_pool_alloc(&cycles->pool, n, sizeof(*center));
    cycle->spec = *spec;
    cycle->spec.center = center;
    cycle->n_members = n;
    cycle->count = mn_pool_alloc(&cycles->pool, n, sizeof(*cycle->count));
    cycle->count_kept = mn_pool_alloc(&cycles->pool, n, sizeof(*cycle->count_kept));
    cycle->value_kept = mn_pool_alloc(&cycles->pool, n, sizeof(*cycle->value_kept));
    if (spec->state >= 0) {
        cycle->beyond = mn_pool_alloc(&cycles->pool, n, sizeof(*cycle->beyond));
        cycle->beyond_kept = mn_pool_alloc(&cycles->pool, n, sizeof(*cycle->beyond_kept));
    }
    if (cycles->pool.code != MN_OK) {
        return cycles->pool.code;
    }
    for (int64_t k = 0; k < n; k++) {
        center[k] = spec->center[k];
        if (cycle->beyond != NULL) {
            cycle->beyond[k] = is_beyond(spec, population->field[spec->state][k]);
        }
    }
    return MN_OK;
}

int mn_simulation_cycle(mn_simulation *simulation, int64_t n_cycles, const mn_cycle_spec *spec, mn_error *error)
{
    mn_error unwanted;
    error = error == NULL ? &unwanted : error;
    mn_error_clear(error);
    if (n_cycles < 0 || simulation->engine->cycles != NULL || simulation->engine->step_check != NULL) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "cycles", (double)n_cycles);
    }
    if (n_cycles == 0) {
        return MN_OK;
    }
    mn_cycles *cycles = mn_alloc(1, sizeof(*cycles));
    if (cycles == NULL) {
        return mn_error_set(error, MN_ERR_NO_MEMORY);
    }
    simulation->engine->cycles = cycles;
    cycles->cycle = mn_pool_alloc(&cycles->pool, n_cycles, sizeof(*cycles->cycle));
    int code = cycles->pool.code;
    for (int64_t c = 0; c < n_cycles && code == MN_OK; c++) {
        code = check(simulation, &spec[c], error);
        if (code == MN_OK) {
            code = init_cycle(cycles, &cycles->cycle[c], &spec[c], &simulation->population[spec[c].population]);
            cycles->n = c + 1;
        }
    }
    if (code != MN_OK) {
        mn_cycles_free(simulation);
        return mn_error_set(error, code);
    }
    mn_cycles_loaded(simulation);
    return MN_OK;
}

void mn_cycles_free(mn_simulation *simulation)
{
    mn_cycles *cycles = simulation->engine == NULL ? NULL : simulation->engine->cycles;
    if (cycles != NULL) {
        mn_pool_free(&cycles->pool);
        mn_dealloc(cycles);
        simulation->engine->cycles = NULL;
    }
}

/* ------------------------------------------------------------------ draws */

/* The closed range of a parameter of a member: the table's, and what is beside it where parameters are in an order. */
static void range_of(const mn_population *population, int64_t f, int64_t k, double *low, double *high)
{
    const mn_device_model *model = population->model;
    const mn_field *field = &model->field[f];
    *low = field->bounds[0] == '[' ? field->low : nextafter(field->low, INFINITY);
    *high = field->bounds[1] == ']' ? field->high : nextafter(field->high, -INFINITY);
    for (int64_t other = 0; other < model->n_fields; other++) {
        if (field->below != NULL && strcmp(field->below, model->field[other].name) == 0) {
            *high = fmin(*high, nextafter(population->field[other][k], -INFINITY));
        }
        if (model->field[other].below != NULL && strcmp(model->field[other].below, field->name) == 0) {
            *low = fmax(*low, nextafter(population->field[other][k], INFINITY));
        }
    }
}

/* Begins the next cycle of a member. */
static int begin(mn_simulation *simulation, mn_cycle *cycle, int64_t member, mn_error *error)
{
    const mn_cycle_spec *spec = &cycle->spec;
    mn_population *population = &simulation->population[spec->population];
    double low, high;
    cycle->is_noted = true;
    cycle->count[member]++;
    simulation->engine->members[spec->population].dirty = true;
    range_of(population, spec->field, member, &low, &high);
    const mn_counter counter = {.seed = spec->seed,
                                .stream = spec->stream,
                                .draw = (uint64_t)cycle->count[member],
                                .edge = population->edge[member]};
    const double value = mn_draw(&spec->distribution, &counter, spec->center[member], low, high);
    if (isnan(value)) {
        error->model = population->model->name;
        error->edge = population->edge[member];
        return mn_error_refuse(error, MN_ERR_SPREAD, population->model->field[spec->field].name, spec->center[member]);
    }
    population->field[spec->field][member] = value;
    return mn_population_read_ranges(population, member, 1, error);
}

int mn_cycles_note(mn_simulation *simulation, int64_t population, int32_t member, int8_t kind, mn_error *error)
{
    mn_cycles *cycles = simulation->engine->cycles;
    int code = MN_OK;
    for (int64_t c = 0; cycles != NULL && c < cycles->n && code == MN_OK; c++) {
        const mn_cycle_spec *spec = &cycles->cycle[c].spec;
        if (spec->state < 0 && spec->population == population && (spec->kind == 0 || spec->kind == kind)) {
            code = begin(simulation, &cycles->cycle[c], member, error);
        }
    }
    return code;
}

int mn_cycles_note_events(mn_simulation *simulation, mn_error *error)
{
    int code = MN_OK;
    for (int64_t p = 0; simulation->engine->cycles != NULL && p < simulation->n_populations; p++) {
        const mn_population *population = &simulation->population[p];
        for (int64_t k = 0; k < population->n_events && code == MN_OK; k++) {
            code = mn_cycles_note(simulation, p, population->event_member[k], population->event_kind[k], error);
        }
    }
    return code;
}

/* Looks at the state of one member. */
static int look_at(mn_simulation *simulation, mn_cycle *cycle, int64_t member, mn_error *error)
{
    const mn_cycle_spec *spec = &cycle->spec;
    const uint8_t beyond = is_beyond(spec, simulation->population[spec->population].next[spec->state][member]);
    if (beyond == cycle->beyond[member]) {
        return MN_OK;
    }
    cycle->is_noted = true;
    cycle->beyond[member] = beyond;
    if (!beyond) {
        return MN_OK;
    }
    cycle->is_passed = true;
    return begin(simulation, cycle, member, error);
}

int mn_cycles_look(mn_simulation *simulation, mn_error *error)
{
    mn_engine *engine = simulation->engine;
    int code = MN_OK;
    for (int64_t c = 0; engine->cycles != NULL && c < engine->cycles->n; c++) {
        mn_cycle *cycle = &engine->cycles->cycle[c];
        const mn_population *population = &simulation->population[cycle->spec.population];
        const bool listed = mn_steps_active_only(simulation, population);
        const int64_t n = cycle->beyond == NULL ? 0 : listed ? population->n_active : population->n;
        for (int64_t k = 0; k < n && code == MN_OK; k++) {
            code = look_at(simulation, cycle, listed ? population->active[k] : k, error);
        }
    }
    return code;
}

/* ------------------------------------------------------------------ rows */

static void copy(mn_cycle *cycle, double *value, bool back)
{
    const size_t n = (size_t)cycle->n_members;
    memcpy(back ? cycle->count : cycle->count_kept, back ? cycle->count_kept : cycle->count, n * sizeof(int64_t));
    memcpy(back ? value : cycle->value_kept, back ? cycle->value_kept : value, n * sizeof(double));
    if (cycle->beyond != NULL) {
        memcpy(back ? cycle->beyond : cycle->beyond_kept, back ? cycle->beyond_kept : cycle->beyond, n);
    }
    cycle->is_noted = cycle->is_passed = false;
}

static double *value_of(const mn_simulation *simulation, const mn_cycle *cycle)
{
    return simulation->population[cycle->spec.population].field[cycle->spec.field];
}

bool mn_cycles_keep(mn_simulation *simulation)
{
    mn_engine *engine = simulation->engine;
    bool passed = false;
    for (int64_t c = 0; engine->cycles != NULL && c < engine->cycles->n; c++) {
        mn_cycle *cycle = &engine->cycles->cycle[c];
        passed = passed || cycle->is_passed;
        if (cycle->is_noted) {
            copy(cycle, value_of(simulation, cycle), false);
            mn_population_derive(&simulation->population[cycle->spec.population]);
        }
    }
    if (passed) { /* between two rows: the circuit of the next one is found anew */
        engine->has_solution = false;
        engine->has_row = 0;
    }
    return passed;
}

void mn_cycles_forget(mn_simulation *simulation)
{
    mn_cycles *cycles = simulation->engine->cycles;
    for (int64_t c = 0; cycles != NULL && c < cycles->n; c++) {
        if (cycles->cycle[c].is_noted) {
            copy(&cycles->cycle[c], value_of(simulation, &cycles->cycle[c]), true);
            mn_population_renew(&simulation->population[cycles->cycle[c].spec.population]);
        }
    }
}

void mn_cycles_loaded(mn_simulation *simulation)
{
    mn_cycles *cycles = simulation->engine->cycles;
    for (int64_t c = 0; cycles != NULL && c < cycles->n; c++) {
        copy(&cycles->cycle[c], value_of(simulation, &cycles->cycle[c]), false);
    }
}
