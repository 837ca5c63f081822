/* Hooks of models whose members are closed or open. */
#include "devices/two_resistances.h"

enum { CLOSED = 1, OPENED = -1 };

static void read_conductances(const mn_population *population, double *g)
{
    double *const *field = population->field;
    const double *r_on = field[mn_model_field(population->model, "r_on")];
    const double *r_off = field[mn_model_field(population->model, "r_off")];
    const double *on = field[mn_model_field(population->model, "on")];
    for (int64_t k = 0; k < population->n; k++) {
        g[k] = 1.0 / (on[k] != 0.0 ? r_on : r_off)[k];
    }
}

void mn_two_resistances_conductance(mn_population *population, const mn_step *step)
{
    read_conductances(population, step->g);
}

void mn_two_resistances_linearise(mn_population *population, const mn_step *step, const mn_linear *linear)
{
    const int64_t on = mn_model_field(population->model, "on");
    read_conductances(population, linear->i_v);
    for (int64_t k = 0; k < population->n; k++) {
        linear->i[k] = linear->i_v[k] * step->v[k];
        linear->f[on][k] = linear->f_x[on][k] = linear->f_v[on][k] = linear->i_x[on][k] = 0.0;
    }
}

void mn_two_resistances_cross(mn_population *population, int32_t member, const mn_step *step)
{
    (void)step;
    double *on = &population->field[mn_model_field(population->model, "on")][member];
    *on = *on != 0.0 ? 0.0 : 1.0;
    mn_population_event(population, member, *on != 0.0 ? CLOSED : OPENED);
}
