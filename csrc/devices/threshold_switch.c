/* A volatile threshold switch: two resistances and a hysteresis between two voltages. */
#include "devices/two_resistances.h"

#include <math.h>

enum { V_ON, V_OFF, R_ON, R_OFF, ON_INITIAL, ON, N_FIELDS };

static const mn_field fields[N_FIELDS] = {
    [V_ON] = {"v_on", "V", MN_POSITIVE, .initial = 1.2, .doc = "|v| at which the open switch closes"},
    [V_OFF] = {"v_off", "V", MN_POSITIVE, .initial = 0.4, .below = "v_on",
               .doc = "|v| at which the closed switch opens, the hold voltage; below v_on"},
    [R_ON] = {"r_on", "ohm", MN_POSITIVE, .initial = 500.0, .doc = "resistance of the closed switch"},
    [R_OFF] = {"r_off", "ohm", MN_POSITIVE, .initial = 1e6, .doc = "resistance of the open switch"},
    [ON_INITIAL] = {"on_initial", "1", .kind = MN_FLAG, MN_UNIT_INTERVAL, .initial = 0.0,
                    .doc = "whether the switch is closed at the start"},
    [ON] = {"on", "1", .kind = MN_FLAG, .role = MN_STATE, MN_UNIT_INTERVAL, .initial = 0.0,
            .doc = "1 where the switch is closed, 0 where it is open"},
};

static int init(mn_population *population)
{
    for (int64_t k = 0; k < population->n; k++) {
        population->field[ON][k] = population->field[ON_INITIAL][k];
    }
    return MN_OK;
}

static void crossing(mn_population *population, const mn_step *step, double *distance)
{
    double *const *field = population->field;
    for (int64_t k = 0; k < population->n; k++) {
        double size = fabs(step->v[k]);
        distance[k] = field[ON][k] != 0.0 ? field[V_OFF][k] - size : size - field[V_ON][k];
    }
}

const mn_device_model mn_threshold_switch = {
    .name = "ThresholdSwitch",
    .doc = "A volatile threshold switch: r_off until |v| reaches v_on, then r_on until |v| has fallen to v_off < v_on. "
           "The sign of v does not matter. Behind a resistance and beside a capacitance it is a relaxation oscillator "
           "or a neuron. A step ends at the moment of a switch, in fixed and in adaptive runs, so its times do not "
           "depend on dt. Events: +1 closed, -1 opened.",
    .citation = "Pickett, Medeiros-Ribeiro and Williams, Nat. Mater. 2013, 12, 114, doi 10.1038/nmat3510, whose Mott "
                "memristors it idealises; Ovshinsky, Phys. Rev. Lett. 1968, 21, 1450, "
                "doi 10.1103/PhysRevLett.21.1450",
    MN_ARRAY(field, fields),
    .check = "r_on",
    MN_SWITCHES,
    .init = init,
    .conductance = mn_two_resistances_conductance,
    .linearise = mn_two_resistances_linearise,
    .crossing = crossing,
    .cross = mn_two_resistances_cross,
};
