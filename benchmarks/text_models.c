/* Steps of one population alone, without its circuit: text_models.py compiles this beside a text that it writes as C.
 */
#define _POSIX_C_SOURCE 200809L

#include "devices/equation_model.h"

#include <time.h>

enum { MOST_MEMBERS = 1 << 14 };

extern const mn_device_model mn_rate_balance;
extern const mn_equation_model mn_rate_balance_text;
/* What the interpreter runs, which files of C have not got. */
extern const mn_program *const text_program[MN_N_EQUATIONS];

int interpreted_model(mn_equation_model *self);
double advance_seconds(const mn_device_model *model, int64_t n, const double *const *parameter, const double *v,
                       double dt, int64_t n_steps, double *state);

int interpreted_model(mn_equation_model *self)
{
    mn_error error;
    *self = mn_rate_balance_text;
    for (int hook = 0; hook < MN_N_EQUATIONS; hook++) {
        self->of[hook].program = text_program[hook];
        self->of[hook].compiled = NULL;
    }
    return mn_equation_model_init(self, &error);
}

static double now(void)
{
    struct timespec at;
    (void)clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + 1e-9 * (double)at.tv_nsec;
}

/* The seconds that n_steps steps of n members take at the voltages v, and where the last field, a state, ends.
 * Negative: there is no such population. */
double advance_seconds(const mn_device_model *model, int64_t n, const double *const *parameter, const double *v,
                       double dt, int64_t n_steps, double *state)
{
    static int32_t edge[MOST_MEMBERS];
    mn_population population;
    mn_error error;
    for (int64_t k = 0; k < n && k < MOST_MEMBERS; k++) {
        edge[k] = (int32_t)k;
    }
    if (n > MOST_MEMBERS || mn_population_init(&population, model, n, edge, NULL, parameter, 1, 1, &error) != MN_OK) {
        return -1.0;
    }
    const int64_t last = model->n_fields - 1;
    const double began = now();
    for (int64_t k = 0; k < n_steps; k++) {
        const mn_step step = {.t = (double)k * dt, .dt = dt, .v = v};
        model->advance(&population, &step);
        double *const before = population.field[last];
        population.field[last] = population.next[last];
        population.next[last] = before;
    }
    const double seconds = now() - began;
    for (int64_t k = 0; k < n; k++) {
        state[k] = population.field[last][k];
    }
    mn_population_free(&population);
    return seconds;
}
