/* The binary junction of the Sydney group (atomicSwitch of NWNSIM: Hochstetter et al., Nat. Commun. 2021). Its filament
 * moves all the time, its conductance only when |lambda| passes lambda_crit. */
#include "devices/sydney.h"

enum { DECAY = N_COMMON, LAMBDA, N_FIELDS };

enum { MOVED, N_SCRATCH };

enum { CLOSES = 1, OPENS = -1 };

static const mn_field fields[N_FIELDS] = {
#include "devices/sydney.def"
};

/* It has no tunnel barrier to add to the values and to the words of the presets. */
#define BARRIER(power)
#define AS_CODED ""
#define OF_ASN ", ten times slower, whose decay passes 0"
#include "devices/sydney_presets.def"

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
    MN_ARRAY(field, fields),
    .n_scratch = N_SCRATCH,
    .flags = MN_EVENT_DRIVEN,
    .check = "lambda_crit",
    MN_ARRAY(preset, presets),
    MN_SWITCHES,
    .conductance = conductance,
    .advance = advance,
    .next_event = next_event,
    .advance_active = advance_active,
    .conductance_events = conductance_events,
};
