/* A voltage that a waveform sets, behind a resistance, between any two nodes. */
#include "devices/device.h"

enum { RESISTANCE, N_FIELDS };

static const mn_field fields[N_FIELDS] = {
    [RESISTANCE] = {"resistance", "ohm", MN_POSITIVE, .initial = 1.0, .doc = "resistance in series with the source"},
};

static void conductance(mn_population *population, const mn_step *step)
{
    for (int64_t k = 0; k < population->n; k++) {
        step->g[k] = 1.0 / population->field[RESISTANCE][k];
        step->i0[k] = -step->g[k] * step->signal;
    }
}

static void linearise(mn_population *population, const mn_step *step, const mn_linear *linear)
{
    for (int64_t k = 0; k < population->n; k++) {
        linear->i_v[k] = 1.0 / population->field[RESISTANCE][k];
        linear->i[k] = linear->i_v[k] * (step->v[k] - step->signal);
    }
}

const mn_device_model mn_voltage_source = {
    .name = "VoltageSource",
    .doc =
        "A voltage source e(t) in series with a resistance, between any two nodes: i = (v - e(t)) / resistance. As V "
        "n+ n- of SPICE: the first node of the edge is the positive one, and the current counts from it through the "
        "source to the second node, so that a source that delivers power has a negative current. Where an electrode "
        "can be driven, drive it: that source has no resistance.",
    .citation = "Thevenin's equivalent source; signs as in Nagel, SPICE2, Univ. of California, Berkeley, ERL-M520 "
                "(1975)",
    MN_ARRAY(field, fields),
    .flags = MN_HAS_SOURCE | MN_HAS_SIGNAL,
    .signal = {"voltage", "V", "voltage e(t) of the source, a waveform or a number", 1.0},
    .check = "resistance",
    .conductance = conductance,
    .linearise = linearise,
};
