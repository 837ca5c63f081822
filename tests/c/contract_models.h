/* Models that are in no list: what the device contract offers beyond what the models of the list use. */
#ifndef CONTRACT_MODELS_H
#define CONTRACT_MODELS_H

#include "devices/device.h"

/* ------------------------------------------------------------------ one that carries a waveform */

enum { SOURCE_RESISTANCE, SOURCE_N_FIELDS };

static const mn_field source_fields[SOURCE_N_FIELDS] = {
    [SOURCE_RESISTANCE] = {"resistance", "ohm", MN_POSITIVE, .initial = 0.5, .doc = "resistance in series"}};

static void source_conductance(mn_population *population, const mn_step *step)
{
    for (int64_t k = 0; k < population->n; k++) {
        step->g[k] = 1.0 / population->field[SOURCE_RESISTANCE][k];
        step->i0[k] = -step->signal / population->field[SOURCE_RESISTANCE][k];
    }
}

static const mn_device_model carried_source = {
    .name = "CarriedSource",
    .doc = "A source in series with a resistance, i = (v - voltage)/resistance. For tests of the device contract.",
    .citation = "Kirchhoff's voltage law",
    MN_ARRAY(field, source_fields),
    .flags = MN_EVENT_DRIVEN | MN_HAS_SOURCE | MN_HAS_SIGNAL,
    .signal = {"voltage", "V", .doc = "branch voltage at which no current flows", .initial = 0.25},
    .check = "resistance",
    .conductance = source_conductance,
};

#endif
