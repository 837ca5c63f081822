/* The list of models, field validation, and populations: what is common to every device model. */
#include "devices/device.h"

#include <math.h>
#include <string.h>

const mn_event mn_switch_events[2] = {{"closed", 1}, {"opened", -1}};

int64_t mn_model_field(const mn_device_model *model, const char *name)
{
    for (int64_t f = 0; f < model->n_fields; f++) {
        if (strcmp(model->field[f].name, name) == 0) {
            return f;
        }
    }
    return -1;
}

bool mn_field_allows(const mn_field *field, double value)
{
    if (isnan(value)) {
        return field->role == MN_PARAMETER && isnan(field->initial);
    }
    if (field->kind != MN_REAL && value != floor(value)) {
        return false;
    }
    bool above = field->bounds[0] == '[' ? value >= field->low : value > field->low;
    bool below = field->bounds[1] == ']' ? value <= field->high : value < field->high;
    return above && below && !(field->bounds[2] == '0' && value == 0.0);
}

/* ------------------------------------------------------------------ populations */

static int allocate(mn_population *population)
{
    const mn_device_model *model = population->model;
    int64_t n = population->n;
    population->edge = mn_alloc(n, sizeof(*population->edge));
    const int64_t most_events = n * mn_model_at_once(model);
    population->event_member = mn_alloc(most_events, sizeof(*population->event_member));
    population->event_kind = mn_alloc(most_events, sizeof(*population->event_kind));
    population->active = mn_alloc(n, sizeof(*population->active));
    population->field = mn_alloc(model->n_fields, sizeof(*population->field));
    population->next = mn_alloc(model->n_fields, sizeof(*population->next));
    population->low = mn_alloc(model->n_fields, sizeof(*population->low));
    population->high = mn_alloc(model->n_fields, sizeof(*population->high));
    population->scratch = mn_alloc(model->n_scratch + model->n_blocks, sizeof(*population->scratch));
    if (population->edge == NULL || population->event_member == NULL || population->event_kind == NULL ||
        population->active == NULL || population->field == NULL || population->next == NULL ||
        population->low == NULL || population->high == NULL || population->scratch == NULL) {
        return MN_ERR_NO_MEMORY;
    }
    for (int64_t f = 0; f < model->n_fields; f++) {
        bool is_state = model->field[f].role != MN_PARAMETER;
        const int64_t n_numbers = n * population->width[f];
        population->field[f] = mn_alloc(n_numbers, sizeof(double));
        population->next[f] = is_state ? mn_alloc(n_numbers, sizeof(double)) : NULL;
        const bool has_range = model->field[f].own_range != NULL;
        population->low[f] = has_range ? mn_alloc(n, sizeof(double)) : NULL;
        population->high[f] = has_range ? mn_alloc(n, sizeof(double)) : NULL;
        if (population->field[f] == NULL || (is_state && population->next[f] == NULL) ||
            (has_range && (population->low[f] == NULL || population->high[f] == NULL))) {
            return MN_ERR_NO_MEMORY;
        }
    }
    for (int64_t k = 0; k < model->n_scratch + model->n_blocks; k++) {
        population->scratch[k] = mn_alloc(k < model->n_scratch || n < MN_BLOCK ? n : MN_BLOCK, sizeof(double));
        if (population->scratch[k] == NULL) {
            return MN_ERR_NO_MEMORY;
        }
    }
    return MN_OK;
}

/* Copies the members' lengths out of the network's array. */
static int copy_lengths(mn_population *population, const double *length, mn_error *error)
{
    bool needed = (population->model->flags & MN_NEEDS_LENGTH) != 0;
    if (length != NULL) {
        population->length = mn_alloc(population->n, sizeof(double));
        if (population->length == NULL) {
            return MN_ERR_NO_MEMORY;
        }
    }
    for (int64_t k = 0; k < population->n; k++) {
        int32_t edge = population->edge[k];
        double value = length == NULL ? NAN : length[edge];
        if (length != NULL) {
            population->length[k] = value;
        }
        if (needed && !(value > 0.0 && value < INFINITY)) {
            if (error != NULL) {
                error->model = population->model->name;
                error->noun = "length";
                error->edge = edge;
                error->value = value;
            }
            return MN_ERR_NEEDS_LENGTH;
        }
    }
    return MN_OK;
}

/* What the first member has of a parameter, in the order of parameters. */
static double first_value(const mn_device_model *model, const char *name, const double *const *parameter)
{
    int64_t index = 0;
    for (int64_t f = 0; f < mn_model_field(model, name); f++) {
        index += model->field[f].role == MN_PARAMETER;
    }
    return parameter[index][0];
}

/* How many numbers each field has for a member; where that is a parameter, which the table does not allow, 1 until the
 * parameter is refused. */
static int read_widths(mn_population *population, const double *const *parameter)
{
    const mn_device_model *model = population->model;
    population->width = mn_alloc(model->n_fields, sizeof(*population->width));
    if (population->width == NULL) {
        return MN_ERR_NO_MEMORY;
    }
    for (int64_t f = 0; f < model->n_fields; f++) {
        const mn_field *field = &model->field[f];
        population->width[f] = field->dimension == NULL ? 1 : field->width;
        if (field->width_field != NULL && population->n > 0) {
            const double width = first_value(model, field->width_field, parameter);
            const bool is_good = mn_field_allows(&model->field[mn_model_field(model, field->width_field)], width);
            population->width[f] = is_good ? (int64_t)width : 1;
        }
    }
    return MN_OK;
}

static int refuse(const mn_population *population, int64_t field, int64_t member, mn_error *error)
{
    if (error != NULL) {
        error->model = population->model->name;
        error->noun = population->model->field[field].name;
        error->edge = population->edge[member];
        error->value = population->field[field][member];
    }
    return MN_ERR_PARAMETER;
}

/* Parameters that must stay below others do. */
static int check_order(const mn_population *population, mn_error *error)
{
    const mn_device_model *model = population->model;
    for (int64_t f = 0; f < model->n_fields; f++) {
        int64_t other = model->field[f].below == NULL ? -1 : mn_model_field(model, model->field[f].below);
        for (int64_t k = 0; other >= 0 && k < population->n; k++) {
            if (!(population->field[f][k] < population->field[other][k])) {
                if (error != NULL) {
                    error->check = model->field[other].name;
                    error->check_value = population->field[other][k];
                    error->check_unit = model->field[other].unit;
                }
                return refuse(population, f, k, error);
            }
        }
    }
    return MN_OK;
}

/* Fills what init() reads: parameters as given, and states as the table has them. */
static int fill(mn_population *population, const double *const *parameter, mn_error *error)
{
    const mn_device_model *model = population->model;
    int64_t n_parameters = 0;
    for (int64_t f = 0; f < model->n_fields; f++) {
        if (model->field[f].role != MN_PARAMETER) {
            for (int64_t k = 0; k < population->n * population->width[f]; k++) {
                population->field[f][k] = model->field[f].initial;
            }
            continue;
        }
        const double *value = parameter[n_parameters++];
        for (int64_t k = 0; k < population->n; k++) {
            population->field[f][k] = value[k];
            const bool differs = model->field[f].kind == MN_COUNT && value[k] != value[0];
            if (differs || !mn_field_allows(&model->field[f], value[k])) {
                return refuse(population, f, k, error);
            }
        }
    }
    return check_order(population, error);
}

int mn_population_read_ranges(mn_population *population, int64_t first, int64_t n, mn_error *error)
{
    const mn_device_model *model = population->model;
    int code = model->check_together == NULL ? MN_OK : model->check_together(population, first, n, error);
    if (code != MN_OK || model->ranges == NULL) {
        return code;
    }
    model->ranges(population, first, n);
    for (int64_t f = 0; f < model->n_fields; f++) {
        for (int64_t k = first; k < first + n && population->low[f] != NULL; k++) {
            if (!(population->low[f][k] <= population->high[f][k])) {
                if (error != NULL) {
                    error->model = model->name;
                    error->noun = model->field[f].name;
                    error->edge = population->edge[k];
                }
                return mn_error_set(error, MN_ERR_EMPTY_RANGE);
            }
        }
    }
    return MN_OK;
}

int mn_population_init(mn_population *population, const mn_device_model *model, int64_t n, const int32_t *edge,
                       const double *length, const double *const *parameter, uint64_t seed, uint64_t stream,
                       mn_error *error)
{
    *population = (mn_population){.model = model, .n = n, .seed = seed, .stream = stream};
    int code = read_widths(population, parameter);
    code = code != MN_OK ? code : allocate(population);
    if (code != MN_OK) {
        goto out;
    }
    for (int64_t k = 0; k < n; k++) {
        population->edge[k] = edge[k];
    }
    code = copy_lengths(population, length, error);
    if (code != MN_OK) {
        goto out;
    }
    code = fill(population, parameter, error);
    code = code != MN_OK ? code : mn_population_read_ranges(population, 0, n, error);
    if (code != MN_OK) {
        goto out;
    }
    if (model->init != NULL) {
        code = model->init(population);
        if (code != MN_OK && error != NULL) {
            error->model = model->name;
        }
    }
    if (code == MN_OK) {
        mn_population_derive(population);
    }
out:
    if (code != MN_OK) {
        mn_population_free(population);
        return mn_error_set(error, code);
    }
    return MN_OK;
}

static void free_arrays(double **array, int64_t n)
{
    for (int64_t k = 0; array != NULL && k < n; k++) {
        mn_dealloc(array[k]);
    }
    mn_dealloc(array);
}

void mn_population_free(mn_population *population)
{
    int64_t n_fields = population->model == NULL ? 0 : population->model->n_fields;
    int64_t n_scratch = population->model == NULL ? 0 : population->model->n_scratch + population->model->n_blocks;
    free_arrays(population->field, n_fields);
    free_arrays(population->next, n_fields);
    free_arrays(population->low, n_fields);
    free_arrays(population->high, n_fields);
    free_arrays(population->scratch, n_scratch);
    mn_dealloc(population->width);
    mn_dealloc(population->edge);
    mn_dealloc(population->length);
    mn_dealloc(population->event_member);
    mn_dealloc(population->event_kind);
    mn_dealloc(population->active);
    if (population->release != NULL) {
        population->release(population->model);
    }
    *population = (mn_population){0};
}

/* ------------------------------------------------------------------ slices */

int mn_population_slice_init(mn_population *slice, const mn_population *population, mn_pool *pool)
{
    const mn_device_model *model = population->model;
    *slice = *population;
    slice->field = mn_pool_alloc(pool, model->n_fields, sizeof(*slice->field));
    slice->next = mn_pool_alloc(pool, model->n_fields, sizeof(*slice->next));
    slice->low = mn_pool_alloc(pool, model->n_fields, sizeof(*slice->low));
    slice->high = mn_pool_alloc(pool, model->n_fields, sizeof(*slice->high));
    return pool->code;
}

void mn_population_slice(mn_population *slice, const mn_population *population, int64_t first, int64_t n)
{
    slice->n = n;
    slice->edge = population->edge + first;
    slice->length = population->length == NULL ? NULL : population->length + first;
    slice->scratch = population->scratch;
    for (int64_t f = 0; f < population->model->n_fields; f++) {
        const int64_t at = first * population->width[f];
        slice->field[f] = population->field[f] + at;
        slice->next[f] = population->next[f] == NULL ? NULL : population->next[f] + at;
        slice->low[f] = population->low[f] == NULL ? NULL : population->low[f] + first;
        slice->high[f] = population->high[f] == NULL ? NULL : population->high[f] + first;
    }
    slice->n_events = 0;
    slice->event_member = population->event_member + population->n_events;
    slice->event_kind = population->event_kind + population->n_events;
}

void mn_population_take_events(mn_population *population, const mn_population *slice, int64_t first)
{
    for (int64_t k = 0; k < slice->n_events; k++) {
        slice->event_member[k] += (int32_t)first;
    }
    population->n_events += slice->n_events;
}
