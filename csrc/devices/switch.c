/* A switch that a waveform opens and closes. */
#include "devices/two_resistances.h"

#include <math.h>

enum { THRESHOLD, R_ON, R_OFF, ON, N_FIELDS };

static const mn_field fields[N_FIELDS] = {
    [THRESHOLD] = {"threshold", "V", MN_FINITE, .initial = 0.5,
                   .doc = "the switch is closed while the control is above it, and open while it is not"},
    [R_ON] = {"r_on", "ohm", MN_POSITIVE, .initial = 1.0, .doc = "resistance of the closed switch"},
    [R_OFF] = {"r_off", "ohm", MN_POSITIVE, .initial = 1e12, .doc = "resistance of the open switch"},
    [ON] = {"on", "1", .kind = MN_FLAG, .role = MN_STATE, MN_UNIT_INTERVAL, .initial = 0.0,
            .doc = "1 where the switch is closed, 0 where it is open"},
};

/* A control on the threshold has opened the switch and not closed it, so that it does not toggle there for ever. */
static void crossing(mn_population *population, const mn_step *step, double *distance)
{
    double *const *field = population->field;
    for (int64_t k = 0; k < population->n; k++) {
        double threshold = field[THRESHOLD][k];
        distance[k] = field[ON][k] != 0.0 ? threshold - step->signal : step->signal - nextafter(threshold, INFINITY);
    }
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
    .conductance = mn_two_resistances_conductance,
    .linearise = mn_two_resistances_linearise,
    .crossing = crossing,
    .cross = mn_two_resistances_cross,
};
