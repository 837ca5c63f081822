/* The filament that the Sydney group's junctions have in common. */
#include "devices/sydney.h"

#include "base/vector.h"

MN_VECTOR
void mn_sydney_move(const mn_population *population, int64_t decay, int64_t state, const mn_step *step, double *moved)
{
    const double *restrict ends = population->field[decay];
    const double *restrict lambda = population->field[state];
    const double *restrict v = step->v;
    const double dt = step->dt;
    const double *restrict v_set = population->field[V_SET];
    const double *restrict v_reset = population->field[V_RESET];
    const double *restrict b = population->field[B];
    const double *restrict lambda_max = population->field[LAMBDA_MAX];
    MN_INDEPENDENT
    for (int64_t k = 0; k < population->n; k++) {
        mn_filament filament = {v_set[k], v_reset[k], b[k], lambda_max[k]};
        double to_zero = mn_filament_moved(filament, lambda[k], v[k], dt);
        double past_zero = mn_filament_moved_past(filament, lambda[k], v[k], dt);
        moved[k] = ends[k] == PAST_ZERO ? past_zero : to_zero;
    }
}
