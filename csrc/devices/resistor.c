/* A linear conductance, optionally in series with an ideal voltage source: the simplest model, and the one that makes
 * the source current path real. */
#include "devices/device.h"

#include <math.h>

enum { CONDUCTANCE, EMF, N_FIELDS };

static const mn_field fields[N_FIELDS] = {
    [CONDUCTANCE] = {"conductance", "S", MN_FINITE, .initial = 1.0,
                     .doc =
                         "conductance of the resistor; 0 takes the edge out, negative values need solver=\"umfpack\""},
    [EMF] = {"emf", "V", MN_FINITE, .initial = 0.0,
             .doc = "source voltage: the branch voltage at which no current flows"},
};

static void conductance(mn_population *population, const mn_step *step)
{
    const double *own = population->field[CONDUCTANCE];
    const double *emf = population->field[EMF];
    for (int64_t k = 0; k < population->n; k++) {
        step->g[k] = own[k];
        step->i0[k] = -own[k] * emf[k];
    }
}

static void linearise(mn_population *population, const mn_step *step, const mn_linear *linear)
{
    const double *own = population->field[CONDUCTANCE];
    const double *emf = population->field[EMF];
    for (int64_t k = 0; k < population->n; k++) {
        linear->i[k] = own[k] * (step->v[k] - emf[k]);
        linear->i_v[k] = own[k];
    }
}

const mn_device_model mn_resistor = {
    .name = "Resistor",
    .doc =
        "Ohm's law with an optional source: i = conductance (v - emf), where v is the voltage across the edge. It has "
        "no state. With an emf the edge drives current around any closed path through it, also where no electrode "
        "does.",
    .citation = "Ohm's law; a battery with internal resistance is the same element",
    MN_ARRAY(field, fields),
    .flags = MN_EVENT_DRIVEN | MN_HAS_SOURCE,
    .check = "conductance",
    .conductance = conductance,
    .linearise = linearise,
};
