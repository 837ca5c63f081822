/* A switch that a waveform opens and closes. */
#include "devices/device.h"

#include <math.h>

enum { THRESHOLD, R_ON, R_OFF, ON, N_FIELDS };

enum { CLOSED = 1, OPENED = -1 };

static const mn_field fields[N_FIELDS] = {
    [THRESHOLD] = {"threshold", "V", MN_FINITE, .initial = 0.5,
                   .doc = "the switch is closed while the control is above it, and open while it is not"},
    [R_ON] = {"r_on", "ohm", MN_POSITIVE, .initial = 1.0, .doc = "resistance of the closed switch"},
    [R_OFF] = {"r_off", "ohm", MN_POSITIVE, .initial = 1e12, .doc = "resistance of the open switch"},
    [ON] = {"on", "1", .kind = MN_FLAG, .role = MN_STATE, MN_UNIT_INTERVAL, .initial = 0.0,
            .doc = "1 where the switch is closed, 0 where it is open"},
};

static inline double conductance_of(const mn_population *population, int64_t k)
{
    return 1.0 / population->field[population->field[ON][k] != 0.0 ? R_ON : R_OFF][k];
}

static void conductance(mn_population *population, const mn_step *step)
{
    for (int64_t k = 0; k < population->n; k++) {
        step->g[k] = conductance_of(population, k);
    }
}

static void linearise(mn_population *population, const mn_step *step, const mn_linear *linear)
{
    for (int64_t k = 0; k < population->n; k++) {
        linear->i_v[k] = conductance_of(population, k);
        linear->i[k] = linear->i_v[k] * step->v[k];
        linear->f[ON][k] = linear->f_x[ON][k] = linear->f_v[ON][k] = linear->i_x[ON][k] = 0.0;
    }
}

/* A control on the threshold has opened the switch and not closed it, so that it does not toggle there for ever. */
static void crossing(mn_population *population, const mn_step *step, double *distance)
{
    double *const *field = population->field;
    for (int64_t k = 0; k < population->n; k++) {
        double threshold = field[THRESHOLD][k];
        distance[k] = field[ON][k] != 0.0 ? threshold - step->signal : step->signal - nextafter(threshold, INFINITY);
    }
}

static void cross(mn_population *population, int32_t member, const mn_step *step)
{
    (void)step;
    double *on = &population->field[ON][member];
    *on = *on != 0.0 ? 0.0 : 1.0;
    mn_population_event(population, member, *on != 0.0 ? CLOSED : OPENED);
}

const mn_device_model mn_switch = {
    .name = "Switch",
    .doc =
        "A switch with a control: r_on while the control, a waveform, is above the threshold, else r_off. It is open "
        "before the first moment. A step ends where the control crosses the threshold, in fixed and in adaptive "
        "runs, so the times of a switch do not depend on dt. Events: +1 closed, -1 opened.",
    .citation = "Vladimirescu, The SPICE Book, Wiley, New York (1994): the voltage-controlled switch, here without "
                "hysteresis",
    MN_ARRAY(field, fields),
    MN_SWITCHES,
    .flags = MN_HAS_SIGNAL,
    .signal = {"control", "V", "what opens and closes the switch, a waveform or a number", 0.0},
    .check = "r_on",
    .conductance = conductance,
    .linearise = linearise,
    .crossing = crossing,
    .cross = cross,
};
