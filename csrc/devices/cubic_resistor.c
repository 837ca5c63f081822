/* A current that is a cubic of the voltage: with g_1 < 0 the static negative resistance of van der Pol's oscillator. */
#include "devices/device.h"

enum { G_1, G_2, G_3, N_FIELDS };

static const mn_field fields[N_FIELDS] = {
    [G_1] = {"g_1", "S", MN_FINITE, .initial = 1.0, .doc = "conductance at 0 V"},
    [G_2] = {"g_2", "S/V", MN_FINITE, .initial = 0.0, .doc = "coefficient of v^2: what the two directions differ in"},
    [G_3] = {"g_3", "S/V^2", MN_FINITE, .initial = 0.0,
             .doc = "coefficient of v^3; where it is positive the current is bounded to no range of voltages"},
};

static const mn_preset_value fitzhugh[] = {{"g_1", -1.0}, {"g_2", 0.0}, {"g_3", 1.0 / 3.0}};

static const mn_preset presets[] = {
    {.name = "fitzhugh-1961",
     .doc = "the cubic v^3 / 3 - v of the BVP model, dx/dt = c (y + x - x^3 / 3 + z), x in V and without units in the "
            "paper; its extrema are at +-1 V",
     .citation = "FitzHugh, Biophys. J. 1961, 1, 445, doi 10.1016/S0006-3495(61)86902-6",
     MN_ARRAY(value, fitzhugh)},
};

/* i = g_1 v + g_2 v^2 + g_3 v^3 */
static void linearise(mn_population *population, const mn_step *step, const mn_linear *linear)
{
    double *const *field = population->field;
    for (int64_t k = 0; k < population->n; k++) {
        double g_1 = field[G_1][k], g_2 = field[G_2][k], g_3 = field[G_3][k], v = step->v[k];
        linear->i[k] = v * (g_1 + v * (g_2 + v * g_3));
        linear->i_v[k] = g_1 + v * (2.0 * g_2 + v * 3.0 * g_3);
    }
}

const mn_device_model mn_cubic_resistor = {
    .name = "CubicResistor",
    .doc = "A resistor with i = g_1 v + g_2 v^2 + g_3 v^3. With g_1 < 0 < g_3 its current falls between two voltages: "
           "the static negative resistance of the oscillators of van der Pol, FitzHugh and Nagumo, and the simplest "
           "form of a tunnel diode. Negative slopes make circuits that are bistable or oscillate. It has no state.",
    .citation = "van der Pol, Phil. Mag. 1926, 2, 978, doi 10.1080/14786442608564127; Nagumo, Arimoto and Yoshizawa, "
                "Proc. IRE 1962, 50, 2061, doi 10.1109/JRPROC.1962.288235",
    MN_ARRAY(field, fields),
    .flags = MN_IMPLICIT | MN_FALLS,
    .check = "g_1",
    MN_ARRAY(preset, presets),
    .linearise = linearise,
};
