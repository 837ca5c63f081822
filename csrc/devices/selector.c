/* A two-terminal selector: a current that grows exponentially with the voltage, in both directions alike. */
#include "devices/device.h"
#include "devices/growth.h"

enum { I_0, V_0, N_FIELDS };

static const mn_field fields[N_FIELDS] = {
    [I_0] = {"i_0", "A", MN_POSITIVE, .initial = 1e-9, .doc = "current scale: i_0 / v_0 is the conductance at 0 V"},
    [V_0] = {"v_0", "V", MN_POSITIVE, .initial = 0.1,
             .doc = "voltage scale: far above it the current grows by e every v_0"},
};

/* i = i_0 sinh(v / v_0) */
static void linearise(mn_population *population, const mn_step *step, const mn_linear *linear)
{
    double *const *field = population->field;
    for (int64_t k = 0; k < population->n; k++) {
        mn_growth growth = mn_sinh(step->v[k] / field[V_0][k]);
        linear->i[k] = field[I_0][k] * growth.value;
        linear->i_v[k] = field[I_0][k] * growth.slope / field[V_0][k];
    }
}

const mn_device_model mn_selector = {
    .name = "Selector",
    .doc =
        "A selector, i = i_0 sinh(v / v_0): what stands in series with each cell of a passive array so that half "
        "selected cells carry little. The same law is that of a pair of equal electrochemical interfaces in series "
        "(Butler and Volmer with a transfer coefficient of 1/2) and of hopping in a field. Exponents above 200 go on "
        "along the tangent, so that no voltage overflows. It has no state.",
    .citation = "Burr et al., J. Vac. Sci. Technol. B 2014, 32, 040802, doi 10.1116/1.4889999, which compares access "
                "devices for crossbars; the hyperbolic sine is the usual fit of their currents",
    MN_ARRAY(field, fields),
    .flags = MN_IMPLICIT,
    .check = "i_0",
    .linearise = linearise,
};
