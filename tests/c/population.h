/* Populations of one model, and their hooks as the engine calls them. */
#ifndef POPULATION_H
#define POPULATION_H

#include "check.h"
#include "devices/device.h"

#include <math.h>
#include <string.h>

enum { MAX_PARAMETERS = 64 };

/* A parameter by name. */
typedef struct {
    const char *name;
    double value;
} setting;

/* A population on edges 0, 1, ... with the table's defaults but for the parameters given. */
static inline int make_model(mn_population *population, const mn_device_model *model, int64_t n, const double *length,
                             const setting *settings, int64_t n_settings, mn_error *error)
{
    double *values[MAX_PARAMETERS] = {NULL};
    const double *parameter[MAX_PARAMETERS] = {NULL};
    int64_t n_parameters = 0;
    NEED(model != NULL);
    int32_t *edge = malloc((size_t)n * sizeof(*edge));
    NEED(edge != NULL);
    for (int64_t k = 0; k < n; k++) {
        edge[k] = (int32_t)k;
    }
    for (int64_t f = 0; f < model->n_fields; f++) {
        if (model->field[f].role != MN_PARAMETER) {
            continue;
        }
        double value = model->field[f].initial;
        for (int64_t s = 0; s < n_settings; s++) {
            value = strcmp(settings[s].name, model->field[f].name) == 0 ? settings[s].value : value;
        }
        NEED(n_parameters < MAX_PARAMETERS);
        values[n_parameters] = malloc((size_t)n * sizeof(double));
        NEED(values[n_parameters] != NULL);
        for (int64_t k = 0; k < n; k++) {
            values[n_parameters][k] = value;
        }
        parameter[n_parameters] = values[n_parameters];
        n_parameters++;
    }
    mn_error_clear(error);
    int code = mn_population_init(population, model, n, edge, length, parameter, 1, 2, error);
    for (int64_t k = 0; k < n_parameters; k++) {
        free(values[k]);
    }
    free(edge);
    return code;
}

/* The same of a model of the list. */
static inline int make(mn_population *population, const char *model_name, int64_t n, const double *length,
                       const setting *settings, int64_t n_settings, mn_error *error)
{
    return make_model(population, mn_model_find(model_name), n, length, settings, n_settings, error);
}

static inline double *field_of(mn_population *population, const char *name)
{
    int64_t f = mn_model_field(population->model, name);
    NEED(f >= 0);
    return population->field[f];
}

/* What the engine does when a whole step is good. */
static inline void commit(mn_population *population)
{
    for (int64_t f = 0; f < population->model->n_fields && population->model->advance != NULL; f++) {
        if (population->next[f] != NULL) {
            double *old = population->field[f];
            population->field[f] = population->next[f];
            population->next[f] = old;
        }
    }
}

/* What edges that read another one, or an electrode, see of it: no voltage, states that are 0, no current. */
enum { MOST_LINKED = 1024 };
static const double no_voltage[MOST_LINKED] = {0.0};
static const double *const no_states[] = {no_voltage, no_voltage, no_voltage, no_voltage};

static inline mn_step linked_step(const mn_population *population, double dt, const double *v)
{
    const bool links = (population->model->flags & MN_HAS_LINK) != 0;
    const bool inflow = (population->model->flags & MN_READS_INFLOW) != 0;
    NEED(!(links || inflow) || population->n <= MOST_LINKED);
    return (mn_step){.dt = dt,
                     .v = v,
                     .linked_v = links ? no_voltage : NULL,
                     .linked_x = links ? no_states : NULL,
                     .inflow = inflow ? no_voltage : NULL};
}

static inline void step(mn_population *population, double dt, const double *v)
{
    const mn_step step = linked_step(population, dt, v);
    population->n_events = 0;
    population->model->advance(population, &step);
    commit(population);
}

/* Steps until the first event of one device held at v, counted from the present state; the kind of the event. */
static inline int64_t steps_to_event(mn_population *population, double dt, double v, int8_t *kind)
{
    int64_t n = 0;
    do {
        step(population, dt, &v);
        n++;
    } while (population->n_events == 0 && n < 10000000);
    *kind = population->n_events == 1 ? population->event_kind[0] : 0;
    return n;
}

/* What the members are for the circuit; i0 may be NULL for a model without a source. */
static inline void conduct(mn_population *population, double dt, double *g, double *i0)
{
    mn_step step = linked_step(population, dt, NULL);
    step.g = g;
    step.i0 = i0;
    population->model->conductance(population, &step);
}

/* Lists the members that move at v, by the hook that the model has for it. */
static inline int64_t next_event(mn_population *population, double dt, const double *v)
{
    if (population->model->next_event != NULL) {
        return population->model->next_event(population, &(mn_step){.dt = dt, .v = v});
    }
    population->n_active = 0;
    for (int32_t k = 0; k < population->n; k++) {
        double bound;
        population->model->moves_above(population, 1, &k, &bound);
        if (fabs(v[k]) > bound) {
            population->active[population->n_active++] = k;
        }
    }
    return population->n_active == 0 ? INT64_MAX : 1;
}

#endif
