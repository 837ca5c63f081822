/* The binary junction of the Sydney group (atomicSwitch of NWNSIM: Hochstetter et al., Nat. Commun. 2021). Its filament
 * moves all the time, its conductance only when |lambda| passes lambda_crit. */
#include "devices/sydney.h"

enum { DECAY = N_COMMON, LAMBDA, N_FIELDS };

enum { MOVED, N_SCRATCH };

enum { CLOSES = 1, OPENS = -1 };

static const mn_field fields[N_FIELDS] = {
#include "devices/sydney.def"
    [DECAY] = MN_DECAY_FIELD,
    [LAMBDA] = {"lambda", "V s", .role = MN_STATE, MN_FINITE, .initial = 0.0,
                .doc = "flux that has gathered in the filament; its sign is that of the voltage it came from"},
};

static const mn_preset_value sydney_dc_2021[] = {
    {"v_set", 1e-2}, {"v_reset", 5e-3}, {"lambda_crit", 0.01}, {"lambda_max", 0.015},
    {"b", 10.0},     {"g_on", 7.77e-5}, {"g_off", 7.77e-8},
};

static const mn_preset_value sydney_dc_2021_stored[] = {
    {"v_set", 1e-2}, {"v_reset", 5e-3}, {"lambda_crit", 0.01}, {"lambda_max", 0.015},
    {"b", 10.0},     {"g_on", 7.77e-5}, {"g_off", 1e-8},
};

static const mn_preset_value sydney_fig3_2021[] = {
    {"v_set", 1e-2}, {"v_reset", 5e-3}, {"lambda_crit", 0.01}, {"lambda_max", 0.015},
    {"b", 1.0},      {"g_on", 7.77e-5}, {"g_off", 7.77e-8},
};

static const mn_preset_value sydney_ac_2021[] = {
    {"v_set", 1e-2}, {"v_reset", 1e-2}, {"lambda_crit", 0.01}, {"lambda_max", 0.015},
    {"b", 10.0},     {"g_on", 7.77e-5}, {"g_off", 1e-8},
};

static const mn_preset_value sydney_default_2021[] = {
    {"v_set", 1e-2}, {"v_reset", 1e-2}, {"lambda_crit", 0.01}, {"lambda_max", 0.015},
    {"b", 10.0},     {"g_on", 7.77e-5}, {"g_off", 7.77e-8},
};

static const mn_preset_value asn[] = {
    {"v_set", 1e-2}, {"v_reset", 1e-3}, {"lambda_crit", 0.1}, {"lambda_max", 0.15},
    {"b", 10.0},     {"g_on", 1e-4},    {"g_off", 1e-7},      {"decay", PAST_ZERO},
};

static const mn_preset presets[] = {
    {.name = "sydney-dc-2021",
     .doc = "junctions of the runs at constant voltage, the avalanches among them",
     .citation = "code of Hochstetter et al., Nat. Commun. 2021, doi 10.1038/s41467-021-24260-z, DC_Vsweep",
     .value = sydney_dc_2021,
     .n_values = MN_COUNT(sydney_dc_2021)},
    {.name = "sydney-dc-2021-stored",
     .doc = "the same with the g_off that the stored results of those runs fit, 1e-8 S: the script has another",
     .citation = "results stored with the code of Hochstetter et al., Nat. Commun. 2021, doi "
                 "10.1038/s41467-021-24260-z, DC, whose mean conductance at V* = 0.7 is 1.00e-8 S",
     .value = sydney_dc_2021_stored,
     .n_values = MN_COUNT(sydney_dc_2021_stored)},
    {.name = "sydney-fig3-2021",
     .doc = "junctions of the run at constant voltage in Fig. 3, whose filaments decay ten times slower",
     .citation = "code of Hochstetter et al., Nat. Commun. 2021, doi 10.1038/s41467-021-24260-z, fig_3",
     .value = sydney_fig3_2021,
     .n_values = MN_COUNT(sydney_fig3_2021)},
    {.name = "sydney-ac-2021",
     .doc =
         "junctions of the runs at alternating voltage in Fig. 6 and 7, v_reset = v_set and a smaller g_off, dt 0.5 ms",
     .citation = "code of Hochstetter et al., Nat. Commun. 2021, doi 10.1038/s41467-021-24260-z, runACAttractor",
     .value = sydney_ac_2021,
     .n_values = MN_COUNT(sydney_ac_2021)},
    {.name = "sydney-default-2021",
     .doc = "what the code takes where a run says nothing, v_reset = v_set",
     .citation = "code of Hochstetter et al., Nat. Commun. 2021, doi 10.1038/s41467-021-24260-z, initializeComponents",
     .value = sydney_default_2021,
     .n_values = MN_COUNT(sydney_default_2021)},
    {.name = "asn",
     .doc = "junctions of the group's other code, ten times slower, whose decay passes 0",
     .citation = "ASN_simulation, the Sydney group's code for atomic switch networks",
     .value = asn,
     .n_values = MN_COUNT(asn)},
};

static int init(mn_population *population)
{
    for (int64_t k = 0; k < population->n; k++) {
        population->field[LAMBDA][k] = 0.0;
    }
    return MN_OK;
}

static inline double conductance_of(const mn_population *population, int64_t k)
{
    double *const *field = population->field;
    return fabs(field[LAMBDA][k]) >= field[LAMBDA_CRIT][k] ? field[G_ON][k] : field[G_OFF][k];
}

static void conductance(mn_population *population, const mn_step *step)
{
    for (int64_t k = 0; k < population->n; k++) {
        step->g[k] = conductance_of(population, k);
    }
}

static void conductance_events(mn_population *population, const mn_step *step)
{
    for (int64_t j = 0; j < population->n_events; j++) {
        step->g[j] = conductance_of(population, population->event_member[j]);
    }
}

static inline void note_switching(mn_population *population, int64_t k)
{
    double critical = population->field[LAMBDA_CRIT][k];
    bool was_on = fabs(population->field[LAMBDA][k]) >= critical;
    bool is_on = fabs(population->next[LAMBDA][k]) >= critical;
    if (was_on != is_on) {
        mn_population_event(population, (int32_t)k, is_on ? CLOSES : OPENS);
    }
}

static void advance(mn_population *population, const mn_step *step)
{
    mn_sydney_move(population, DECAY, LAMBDA, step, population->next[LAMBDA]);
    for (int64_t k = 0; k < population->n; k++) {
        note_switching(population, k);
    }
}

/* A filament that a step does not move stays where it is as long as the voltage does. */
static int64_t next_event(mn_population *population, const mn_step *step)
{
    const double *lambda = population->field[LAMBDA];
    double *moved = population->scratch[MOVED];
    population->n_active = 0;
    mn_sydney_move(population, DECAY, LAMBDA, step, moved);
    for (int64_t k = 0; k < population->n; k++) {
        if (moved[k] != lambda[k] || signbit(moved[k]) != signbit(lambda[k])) {
            population->active[population->n_active] = (int32_t)k;
            population->n_active++;
        }
    }
    return population->n_active == 0 ? INT64_MAX : 1;
}

static void advance_active(mn_population *population, const mn_step *step)
{
    for (int64_t j = 0; j < population->n_active; j++) {
        int32_t k = population->active[j];
        population->next[LAMBDA][k] = mn_sydney_moved(population, DECAY, LAMBDA, k, step);
        note_switching(population, k);
    }
}

const mn_device_model mn_atomic_switch = {
    .name = "AtomicSwitch",
    .doc =
        "A junction of silver nanowires that is on or off. A filament gathers flux lambda: above v_set it grows to the "
        "side of the voltage, lambda += (|v| - v_set) sgn(v) dt; below v_reset it decays, lambda -= b (v_reset - |v|) "
        "sgn(lambda) dt, by default never past 0; |lambda| <= lambda_max. The junction conducts g_on where |lambda| >= "
        "lambda_crit, else g_off; both switchings are logged (+1 on, -1 off). Explicit Euler steps, in the order of "
        "the published code; 1 ms is its dt. At a constant voltage it switches on after lambda_crit / (|v| - v_set).",
    .citation = "Hochstetter et al., Nat. Commun. 2021, doi 10.1038/s41467-021-24260-z, and its code (atomicSwitch)",
    .field = fields,
    .n_fields = N_FIELDS,
    .n_scratch = N_SCRATCH,
    .flags = MN_EVENT_DRIVEN,
    .check = "lambda_crit",
    .preset = presets,
    .n_presets = MN_COUNT(presets),
    .init = init,
    .conductance = conductance,
    .advance = advance,
    .next_event = next_event,
    .advance_active = advance_active,
    .conductance_events = conductance_events,
};
