/* The field-effect transistor of Shichman and Hodges, level 1 of SPICE, as a difference of two equal functions: drain
 * and source may change places. */
#include "devices/device.h"

enum { K, V_T, MODULATION, POLARITY, N_FIELDS };

static const mn_field fields[N_FIELDS] = {
    [K] = {"k", "A/V^2", MN_POSITIVE, .initial = 1e-4,
           .doc = "transconductance parameter: mobility, gate capacitance per area and width over length, multiplied"},
    [V_T] = {"v_t", "V", MN_FINITE, .initial = 1.0,
             .doc = "threshold voltage between gate and source above which the channel conducts"},
    [MODULATION] = {"modulation", "1/V", MN_NOT_NEGATIVE, .initial = 0.0,
                    .doc = "channel-length modulation lambda: relative growth of the current with the voltage"},
    [POLARITY] = {"polarity", "1", MN_WORDS("n|p", 1), .initial = 0.0,
                  .doc = "the carriers of the channel; a p-channel is an n-channel with all voltages and the current "
                         "reversed, so that v_t is minus the threshold that is written for it"},
};

/* i = (F(v_gs) - F(v_gd)) (1 + lambda |v|) with F(u) = k/2 max(u - v_T, 0)^2 and v_gd = v_gs - v. */
static void linearise(mn_population *population, const mn_step *step, const mn_linear *linear)
{
    double *const *field = population->field;
    for (int64_t m = 0; m < population->n; m++) {
        double sign = field[POLARITY][m] == 0.0 ? 1.0 : -1.0;
        double v = sign * step->v[m], over = sign * step->linked_v[m] - field[V_T][m];
        double source = over > 0.0 ? over : 0.0, drain = over - v > 0.0 ? over - v : 0.0;
        double difference = source > 0.0 && drain > 0.0 ? v : source - drain; /* to the last bit of v */
        double current = 0.5 * field[K][m] * difference * (source + drain);
        double grown = 1.0 + field[MODULATION][m] * fabs(v);
        linear->i[m] = sign * current * grown;
        linear->i_v[m] = field[K][m] * drain * grown + field[MODULATION][m] * fabs(current);
    }
}

const mn_device_model mn_transistor = {
    .name = "Transistor",
    .doc =
        "A field-effect transistor of level 1, i = (F(v_gs) - F(v_gd)) (1 + lambda |v|) with F(u) = k/2 max(u - v_t, "
        "0)^2. Its edge runs from drain to source, and v_gs is the voltage of another edge, from gate to source, "
        "which `mn.link` names: a Resistor of conductance 0 is enough. Linear, saturated, cut off and reversed, "
        "where drain and source change places, are one formula. The gate takes no current.",
    .citation = "Shichman and Hodges, IEEE J. Solid-State Circuits 1968, 3, 285, doi 10.1109/JSSC.1968.1049902",
    MN_ARRAY(field, fields),
    .flags = MN_IMPLICIT | MN_HAS_LINK | MN_LINK_AT_END,
    .check = "k",
    .linearise = linearise,
};
