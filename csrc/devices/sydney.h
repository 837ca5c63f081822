/* What the junctions of the Sydney group share: a filament that is known by its flux linkage lambda (V s), which grows
 * above one voltage and decays below another (NWNSIM: the code of Hochstetter et al., Nat. Commun. 2021). */
#ifndef MN_SYDNEY_H
#define MN_SYDNEY_H

#include "devices/device.h"

#include <math.h>

/* The first fields of their tables, filled by sydney.def. */
enum { V_SET, V_RESET, LAMBDA_CRIT, LAMBDA_MAX, B, G_ON, G_OFF, N_COMMON };

/* How a filament decays: it stops at 0, or its last step carries it past 0, as ASN_simulation codes it. */
enum { TO_ZERO, PAST_ZERO };

/* What moves one filament: a voltage above v_set grows it, one below v_reset lets it decay. */
typedef struct {
    double v_set, v_reset, b, lambda_max;
} mn_filament;

/* An explicit Euler step of one filament, in the order of the published code: growth to the side of v, then decay
 * towards 0 and never past it, then the bound. */
static inline double mn_filament_moved(mn_filament filament, double lambda, double v, double dt)
{
    double size = fabs(v);
    double growth = size > filament.v_set ? (size - filament.v_set) * dt : 0.0;
    double grown = lambda + copysign(growth, v);
    double decay = size < filament.v_reset ? filament.b * (filament.v_reset - size) * dt : 0.0;
    double left = fabs(grown) - decay;
    double kept = left < 0.0 ? 0.0 : left;
    double bounded = kept > filament.lambda_max ? filament.lambda_max : kept;
    return copysign(bounded, grown) + 0.0; /* 0 has no sign */
}

/* The same with a decay that may pass 0; one that is at 0 does not decay. The products are in the order of
 * ASN_simulation: near 0 the last bit decides to which side the next step goes. */
static inline double mn_filament_moved_past(mn_filament filament, double lambda, double v, double dt)
{
    double size = fabs(v);
    double growth = size > filament.v_set ? (size - filament.v_set) * dt : 0.0;
    double grown = lambda + copysign(growth, v);
    double decay = size < filament.v_reset && grown != 0.0 ? (filament.v_reset - size) * dt * filament.b : 0.0;
    double moved = grown - copysign(decay, grown);
    double bounded = fabs(moved) > filament.lambda_max ? filament.lambda_max : fabs(moved);
    return copysign(bounded, moved) + 0.0;
}

/* The next lambda of member k, bit for bit that of mn_sydney_move. */
static inline double mn_sydney_moved(const mn_population *population, int64_t decay, int64_t state, int64_t k,
                                     const mn_step *step)
{
    double *const *field = population->field;
    mn_filament filament = {
        .v_set = field[V_SET][k], .v_reset = field[V_RESET][k], .b = field[B][k], .lambda_max = field[LAMBDA_MAX][k]};
    double lambda = field[state][k], v = step->v[k];
    return field[decay][k] == PAST_ZERO ? mn_filament_moved_past(filament, lambda, v, step->dt)
                                        : mn_filament_moved(filament, lambda, v, step->dt);
}

/* Writes moved[] of every member from field[state]; field[decay] is TO_ZERO or PAST_ZERO. */
void mn_sydney_move(const mn_population *population, int64_t decay, int64_t state, const mn_step *step, double *moved);

#endif
