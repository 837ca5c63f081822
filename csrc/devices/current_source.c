/* A current that a waveform sets, between any two nodes. */
#include "devices/device.h"

static void conductance(mn_population *population, const mn_step *step)
{
    for (int64_t k = 0; k < population->n; k++) {
        step->g[k] = 0.0;
        step->i0[k] = step->signal;
    }
}

static void linearise(mn_population *population, const mn_step *step, const mn_linear *linear)
{
    for (int64_t k = 0; k < population->n; k++) {
        linear->i[k] = step->signal;
        linear->i_v[k] = 0.0;
    }
}

const mn_device_model mn_current_source = {
    .name = "CurrentSource",
    .doc = "A current source between any two nodes: i = current(t), whatever the voltage. As I n+ n- of SPICE: the "
           "current counts from the first node of the edge through the source to the second, so that a positive one is "
           "taken out of the first node and driven into the second. Each of its nodes needs another path on which the "
           "current returns.",
    .citation = "Norton's equivalent source; signs as in Nagel, SPICE2, Univ. of California, Berkeley, ERL-M520 (1975)",
    .flags = MN_HAS_SOURCE | MN_HAS_SIGNAL,
    .signal = {"current", "A", "current from the first node of the edge to the second, a waveform or a number", 0.0},
    .conductance = conductance,
    .linearise = linearise,
};
