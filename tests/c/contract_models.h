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

/* ------------------------------------------------------------------ one that reads another edge */

enum { FOLLOWER_G, FOLLOWER_TAU, FOLLOWER_X, FOLLOWER_N_FIELDS };

static const mn_field follower_fields[FOLLOWER_N_FIELDS] = {
    [FOLLOWER_G] = {"g", "S", MN_POSITIVE, .initial = 1.0, .doc = "conductance where nothing is followed"},
    [FOLLOWER_TAU] = {"tau", "s", MN_POSITIVE, .initial = 2.0, .doc = "time constant of following"},
    [FOLLOWER_X] = {"x", "V", .role = MN_STATE, MN_FINITE, .initial = 0.1, .doc = "voltage followed so far"}};

/* What it conducts shows the linked state now and the linked voltage of the step before. */
static void follower_conductance(mn_population *population, const mn_step *step)
{
    for (int64_t k = 0; k < population->n; k++) {
        double x = step->linked_x[0][k], v = step->linked_v[k];
        step->g[k] = population->field[FOLLOWER_G][k] * (1.0 + x * x + 2.0 * v * v);
    }
}

static void follower_advance(mn_population *population, const mn_step *step)
{
    for (int64_t k = 0; k < population->n; k++) {
        double x = population->field[FOLLOWER_X][k];
        population->next[FOLLOWER_X][k] = x + (step->linked_v[k] - x) * step->dt / population->field[FOLLOWER_TAU][k];
    }
}

static const char *const follower_linked[] = {"x"};

static const mn_device_model follower = {
    .name = "Follower",
    .doc = "A state that follows the voltage of another edge, whose own state decides what it conducts. For tests of "
           "the device contract.",
    .citation = "tests of the device contract",
    MN_ARRAY(field, follower_fields),
    .flags = MN_HAS_LINK,
    MN_ARRAY(linked_state, follower_linked),
    .check = "tau",
    .conductance = follower_conductance,
    .advance = follower_advance,
};

/* ------------------------------------------------------------------ two with vectors for states */

enum { PARTICLES_RATE, PARTICLES_X, PARTICLES_N_FIELDS };
enum { N_PARTICLES = 5, N_BEADS = 3 };

static const mn_field particles_fields[PARTICLES_N_FIELDS] = {
    [PARTICLES_RATE] = {"rate", "1/(V s)", MN_FINITE, .initial = 0.125, .doc = "how fast the first particle moves"},
    [PARTICLES_X] = {"x", "1", .role = MN_STATE, MN_RANGE(-100.0, 100.0, "[]"), .initial = 0.0,
                     .doc = "places of the particles", .dimension = "particle", .width = N_PARTICLES}};

/* Particle j of member m starts at j/8. */
static int particles_init(mn_population *population)
{
    for (int64_t k = 0; k < population->n * N_PARTICLES; k++) {
        population->field[PARTICLES_X][k] = 0.125 * (double)(k % N_PARTICLES);
    }
    return MN_OK;
}

static void particles_conductance(mn_population *population, const mn_step *step)
{
    for (int64_t k = 0; k < population->n; k++) {
        double sum = 1.0;
        for (int64_t j = 0; j < N_PARTICLES; j++) {
            double x = population->field[PARTICLES_X][k * N_PARTICLES + j];
            sum += x * x;
        }
        step->g[k] = sum;
    }
}

static void particles_advance(mn_population *population, const mn_step *step)
{
    for (int64_t k = 0; k < population->n; k++) {
        for (int64_t j = 0; j < N_PARTICLES; j++) {
            double moved = population->field[PARTICLES_RATE][k] * step->v[k] * step->dt * (double)(j + 1);
            population->next[PARTICLES_X][k * N_PARTICLES + j] =
                population->field[PARTICLES_X][k * N_PARTICLES + j] + moved;
        }
    }
}

static const mn_device_model particles = {
    .name = "Particles",
    .doc = "Particles that drift with the voltage, the second twice as fast as the first and so on. For tests of the "
           "device contract.",
    .citation = "tests of the device contract",
    MN_ARRAY(field, particles_fields),
    .check = "rate",
    .init = particles_init,
    .conductance = particles_conductance,
    .advance = particles_advance,
};

enum { BEADS_RATE, BEADS_Y, BEADS_N_FIELDS };

static const mn_field beads_fields[BEADS_N_FIELDS] = {
    [BEADS_RATE] = {"rate", "1/(V s)", MN_FINITE, .initial = 0.125, .doc = "how fast the first bead moves"},
    [BEADS_Y] = {"y", "1", .role = MN_STATE, MN_RANGE(0.0, 1e6, "[]"), .initial = 0.0, .doc = "places of the beads",
                 .dimension = "bead", .width = N_BEADS}};

/* Beads that have passed 1. */
static double beads_passed(const mn_population *population, double *const *field, int64_t k)
{
    double n = 0.0;
    for (int64_t j = 0; j < population->model->field[BEADS_Y].width; j++) {
        n += field[BEADS_Y][k * N_BEADS + j] >= 1.0 ? 1.0 : 0.0;
    }
    return n;
}

static void beads_conductance(mn_population *population, const mn_step *step)
{
    for (int64_t k = 0; k < population->n; k++) {
        step->g[k] = 1.0 + beads_passed(population, population->field, k);
    }
}

static void bead_advance(mn_population *population, int64_t k, const mn_step *step)
{
    for (int64_t j = 0; j < N_BEADS; j++) {
        double moved = population->field[BEADS_RATE][k] * fabs(step->v[k]) * step->dt * (double)(j + 1);
        population->next[BEADS_Y][k * N_BEADS + j] = population->field[BEADS_Y][k * N_BEADS + j] + moved;
    }
    if (beads_passed(population, population->next, k) > beads_passed(population, population->field, k)) {
        mn_population_event(population, (int32_t)k, 1);
    }
}

static void beads_advance(mn_population *population, const mn_step *step)
{
    for (int64_t k = 0; k < population->n; k++) {
        bead_advance(population, k, step);
    }
}

static void beads_advance_active(mn_population *population, const mn_step *step)
{
    for (int64_t k = 0; k < population->n_active; k++) {
        bead_advance(population, population->active[k], step);
    }
}

static int64_t beads_next_event(mn_population *population, const mn_step *step)
{
    population->n_active = 0;
    for (int64_t k = 0; k < population->n; k++) {
        if (step->v[k] != 0.0) {
            population->active[population->n_active++] = (int32_t)k;
        }
    }
    return population->n_active == 0 ? INT64_MAX : 1;
}

static const mn_device_model beads = {
    .name = "Beads",
    .doc = "Beads that move wherever there is a voltage; each that passes 1 adds 1 S. For tests of the device "
           "contract.",
    .citation = "tests of the device contract",
    MN_ARRAY(field, beads_fields),
    .flags = MN_EVENT_DRIVEN,
    .check = "rate",
    .conductance = beads_conductance,
    .advance = beads_advance,
    .next_event = beads_next_event,
    .advance_active = beads_advance_active,
};

static const mn_device_model *const contract_models[] = {&carried_source, &follower, &particles, &beads};
enum { N_CONTRACT_MODELS = sizeof(contract_models) / sizeof(contract_models[0]) };

#endif
