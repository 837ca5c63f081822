/* A linear capacitor, to the engine a charge q = C v; and as its backward-Euler companion, a conductance C/dt beside a
 * source current that remembers the voltage of the step before: unconditionally stable, of first order in dt. */
#include "devices/device.h"

#include <math.h>
#include <string.h>

enum { CAPACITANCE, V_INITIAL, METHOD, V, N_FIELDS };

enum { BACKWARD_EULER, TRAPEZOIDAL }; /* METHOD */

static const mn_field fields[N_FIELDS] = {
    [CAPACITANCE] = {"capacitance", "F", MN_POSITIVE, .initial = 1.0, .doc = "capacitance of the edge"},
    [V_INITIAL] = {"v_initial", "V", MN_FINITE, .initial = 0.0,
                   .doc = "voltage across the capacitor before the first step"},
    [METHOD] = {"method", "1", MN_WORDS("backward-euler|trapezoidal", TRAPEZOIDAL), .initial = BACKWARD_EULER,
                .added_later = true,
                .doc = "rule of fixed steps: \"backward-euler\", of first order in dt, which damps what is faster than "
                       "dt; \"trapezoidal\", of second order, with a damped step after each jump or event"},
    [V] = {"v", "V", .role = MN_STATE, MN_FINITE, .initial = 0.0,
           .doc = "voltage across the capacitor at the last step"},
};

static int init(mn_population *population)
{
    for (int64_t k = 0; k < population->n; k++) {
        population->field[V][k] = population->field[V_INITIAL][k];
    }
    return MN_OK;
}

/* i = C dv/dt, with dv/dt = (v - v_state) / dt over the step that is being solved. */
static void conductance(mn_population *population, const mn_step *step)
{
    const double *capacitance = population->field[CAPACITANCE];
    const double *v = population->field[V];
    for (int64_t k = 0; k < population->n; k++) {
        step->g[k] = capacitance[k] / step->dt;
        step->i0[k] = -step->g[k] * v[k];
    }
}

static void advance(mn_population *population, const mn_step *step)
{
    memcpy(population->next[V], step->v, (size_t)population->n * sizeof(double));
}

/* i = dq/dt with q = C v. Its state is the voltage of the last fixed step, which the charge does without. */
static void linearise(mn_population *population, const mn_step *step, const mn_linear *linear)
{
    const double *capacitance = population->field[CAPACITANCE];
    for (int64_t k = 0; k < population->n; k++) {
        linear->i[k] = linear->i_v[k] = 0.0;
        linear->q[k] = capacitance[k] * step->v[k];
        linear->q_v[k] = capacitance[k];
        linear->f[V][k] = linear->f_x[V][k] = linear->f_v[V][k] = linear->i_x[V][k] = 0.0;
    }
}

const mn_device_model mn_capacitor = {
    .name = "Capacitor",
    .doc = "A linear capacitor, i = C dv/dt. In fixed steps by backward Euler it is in each step a conductance C/dt "
           "with the source current -(C/dt) v of the step before. The row of step k holds the voltage at the end of an "
           "interval dt that started with the voltage of step k - 1 (v_initial before the first row). Choose dt well "
           "below R C: the error is of first order in dt, but no dt is unstable. With method=\"trapezoidal\" it is of "
           "second order, and the row of step k is the circuit at k dt, the first one with v_initial across the "
           "capacitor. Adaptive runs have no use for the choice.",
    .citation = "Nagel, SPICE2: a computer program to simulate semiconductor circuits, Univ. of California, Berkeley, "
                "ERL-M520 (1975)",
    MN_ARRAY(field, fields),
    .flags = MN_HAS_SOURCE | MN_HAS_CHARGE,
    .check = "capacitance",
    .voltage_field = "v",
    .rule_field = "method",
    .init = init,
    .conductance = conductance,
    .advance = advance,
    .linearise = linearise,
};
