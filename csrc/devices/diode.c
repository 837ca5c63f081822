/* The junction diode of Shockley, as SPICE has it without series resistance, charge and breakdown. */
#include "devices/device.h"
#include "devices/growth.h"

enum { SATURATION_CURRENT, IDEALITY, TEMPERATURE, G_MIN, N_FIELDS };

/* V/K: the Boltzmann constant over the elementary charge, both exact in the SI of 2019. */
static const double thermal_voltage_per_kelvin = 1.380649e-23 / 1.602176634e-19;

static const mn_field fields[N_FIELDS] = {
    [SATURATION_CURRENT] = {"saturation_current", "A", MN_POSITIVE, .initial = 1e-14,
                            .doc = "current I_s that flows in reverse at large voltages"},
    [IDEALITY] = {"ideality", "1", MN_POSITIVE, .initial = 1.0, .doc = "ideality factor n, the emission coefficient"},
    [TEMPERATURE] = {"temperature", "K", MN_POSITIVE, .initial = 300.15,
                     .doc = "temperature T of the thermal voltage V_T = k T / e; it does not change I_s"},
    [G_MIN] = {"g_min", "S", MN_NOT_NEGATIVE, .initial = 0.0,
               .doc =
                   "conductance beside the junction; circuits in which only diodes in reverse hold a node are better "
                   "conditioned with 1e-12, the default of SPICE"},
};

/* i = I_s (exp(v / (n V_T)) - 1) + g_min v */
static void linearise(mn_population *population, const mn_step *step, const mn_linear *linear)
{
    double *const *field = population->field;
    for (int64_t k = 0; k < population->n; k++) {
        double scale = field[IDEALITY][k] * thermal_voltage_per_kelvin * field[TEMPERATURE][k];
        mn_growth growth = mn_exp_minus_one(step->v[k] / scale);
        linear->i[k] = field[SATURATION_CURRENT][k] * growth.value + field[G_MIN][k] * step->v[k];
        linear->i_v[k] = field[SATURATION_CURRENT][k] * growth.slope / scale + field[G_MIN][k];
    }
}

const mn_device_model mn_diode = {
    .name = "Diode",
    .doc = "A junction diode, i = I_s (exp(v / (n V_T)) - 1) + g_min v with V_T = k T / e. It conducts from the first "
           "node of the edge to the second. Exponents above 200 go on along the tangent, so that no voltage overflows. "
           "It has no state, no capacitance, no series resistance and no breakdown.",
    .citation = "Shockley, Bell Syst. Tech. J. 1949, 28, 435, doi 10.1002/j.1538-7305.1949.tb03645.x",
    MN_ARRAY(field, fields),
    .flags = MN_IMPLICIT,
    .check = "g_min",
    .linearise = linearise,
};
