/* Reactions as engines use them: what is noted, kept, forgotten and dropped, what drives and which corners that gives.
 */
#include "check.h"
#include "drive/waveform.h"
#include "simulate/engine.h"
#include "simulate/moment.h"
#include "simulate/newton.h"
#include "simulate/reactions.h"

#include <math.h>
#include <string.h>

enum { N_NODES = 3, N_EDGES = 2, N_REACTIONS = 2 };

typedef struct {
    mn_network network;
    mn_simulation simulation;
    mn_error error;
} fixture;

static double inf, values[8] = {0.0, 1.0, 4.0, 8.0, 2.0, 5.0, 0.0, 0.0}; /* of straight lines, after their times */

/* 1: 1 V for 2 s. 2: lines from (0, 2) and (1, 5) to (4, 0). */
static const mn_wave pulses[2] = {{.kind = MN_WAVE_PULSES, .p = {0.0, 1.0, 2.0, 9.0, 1.0, 0.0}},
                                  {.kind = MN_WAVE_PIECEWISE_LINEAR, .n_samples = 8, .samples = values}};

static mn_reaction_spec pulse(void)
{
    return (mn_reaction_spec){.population = 0, .kind = 1, .electrode = 1, .wave = 0, .delay = 0.5, .most = 3};
}

/* Two resistors between electrodes 0 and 1, and 1 and 2, at 7, 10 and 0 V; electrode 2 may float. */
static void start(fixture *f, bool floats)
{
    static const int32_t edges[2 * N_EDGES] = {0, 1, 1, 2}, electrode[N_NODES] = {0, 1, 2}, all[N_EDGES] = {0, 1};
    static const double one[N_EDGES] = {1.0, 1.0}, zero[N_EDGES] = {0.0, 0.0};
    static const double *const parameter[2] = {one, zero};
    const int32_t root[3] = {0, 1, floats ? -1 : 2};
    const mn_device_spec device = {.model = "Resistor", .n = N_EDGES, .edge = all, .parameter = parameter};
    const mn_wave wave[3] = {{.kind = MN_WAVE_CONSTANT, .p = {7.0}},
                             {.kind = MN_WAVE_CONSTANT, .p = {10.0}},
                             {.kind = MN_WAVE_CONSTANT, .p = {0.0}}};
    const mn_simulation_options options = {
        .solver = "kron", .dt = 0.25, .seed = 1, .incremental = true, .event_driven = true};
    NEED(mn_network_init(&f->network, N_NODES, N_EDGES, edges, NULL, 3, electrode, &f->error) == MN_OK);
    NEED(mn_simulation_init(&f->simulation, &f->network, 1, &device, 3, wave, root, &options, &f->error) == MN_OK);
}

static void stop(fixture *f)
{
    mn_simulation_free(&f->simulation);
    mn_network_free(&f->network);
}

static int react(fixture *f, int64_t n, const mn_reaction_spec *spec)
{
    return mn_simulation_react(&f->simulation, n, spec, 2, pulses, &f->error);
}

static int note(fixture *f, int32_t member, int8_t kind, double t)
{
    mn_error_clear(&f->error);
    return mn_reactions_note(&f->simulation, 0, member, kind, t, &f->error);
}

static double volts(const fixture *f, double t)
{
    uint8_t role[3];
    double value[3];
    mn_simulation_drive_at(&f->simulation, t, role, value);
    return value[1];
}

static bool next_is(const fixture *f, double t, double time, bool jump)
{
    const mn_corner corner = mn_engine_next_corner(&f->simulation, t);
    return corner.time == time && (corner.jump == jump || !isfinite(time));
}

static void test_a_pulse(check_count *count)
{
    const mn_reaction_spec spec = pulse();
    fixture f;
    start(&f, false);
    CHECK(count, !mn_reactions_any(&f.simulation) && next_is(&f, 0.0, inf, false));
    CHECK(count, react(&f, 1, &spec) == MN_OK && !mn_reactions_any(&f.simulation));
    CHECK(count, note(&f, 0, -1, 1.0) == MN_OK && !mn_reactions_any(&f.simulation)); /* of another kind */
    CHECK(count, note(&f, 1, 1, 1.0) == MN_OK && mn_reactions_any(&f.simulation));
    CHECK(count, volts(&f, 1.0) == 10.0 && volts(&f, 1.5) == 11.0 && volts(&f, 1.5 - 1e-12) == 11.0);
    CHECK(count, volts(&f, 3.4) == 11.0 && volts(&f, 3.5) == 10.0);
    CHECK(count, next_is(&f, 1.0, 1.5, true) && next_is(&f, 1.5, 3.5, true) && next_is(&f, 3.5, inf, false));
    double exact[3] = {0.0, 0.0, 0.0};
    mn_reactions_add(&f.simulation, 1.5 - 1e-12, 0.0, exact);
    CHECK(count, exact[1] == 0.0);
    mn_reactions_add(&f.simulation, 1.5, 0.0, exact);
    CHECK(count, exact[1] == 1.0);
    mn_reactions_keep(&f.simulation, 3.25);
    CHECK(count, mn_reactions_any(&f.simulation));
    mn_reactions_keep(&f.simulation, 3.5);
    CHECK(count, !mn_reactions_any(&f.simulation) && volts(&f, 2.0) == 10.0);
    CHECK(count, mn_simulation_verify(&f.simulation, &f.error) == MN_OK);
    CHECK(count, react(&f, 1, &spec) == MN_ERR_BAD_ARGUMENT); /* it has its reactions */
    stop(&f);
}

/* What a refused step has noted goes, refractory times included. */
static void test_forgetting(check_count *count)
{
    mn_reaction_spec spec = pulse();
    fixture f;
    start(&f, false);
    spec.refractory = 1.0;
    NEED(react(&f, 1, &spec) == MN_OK);
    CHECK(count, note(&f, 0, 1, 0.0) == MN_OK && note(&f, 1, 1, 0.25) == MN_OK);
    mn_reactions_keep(&f.simulation, 0.25);
    CHECK(count, note(&f, 0, 1, 0.5) == MN_OK && note(&f, 0, 1, 1.0) == MN_OK); /* only the second counts */
    CHECK(count, f.simulation.engine->reactions->n_live == 3 && volts(&f, 1.6) == 13.0);
    CHECK(count, note(&f, 1, 1, 2.0) == MN_ERR_REACTION_FULL && f.error.electrode == 1 && f.error.value == 3.0);
    mn_reactions_forget(&f.simulation);
    CHECK(count, f.simulation.engine->reactions->n_live == 2 && volts(&f, 1.6) == 12.0);
    CHECK(count, note(&f, 0, 1, 1.0) == MN_OK && f.simulation.engine->reactions->n_live == 3);
    stop(&f);
}

/* A pulse and straight lines at one electrode, by one rule. */
static void begin_both(fixture *f, mn_overlap rule)
{
    mn_reaction_spec both[N_REACTIONS] = {pulse(), pulse()};
    start(f, false);
    both[1] = (mn_reaction_spec){.kind = -1, .electrode = 1, .wave = 1, .most = 2};
    both[0].overlap = both[1].overlap = rule;
    NEED(react(f, N_REACTIONS, both) == MN_OK);
}

static void test_rules(check_count *count)
{
    fixture f;
    begin_both(&f, MN_OVERLAP_SUM);
    CHECK(count, note(&f, 0, -1, 0.0) == MN_OK && note(&f, 0, 1, 0.5) == MN_OK); /* lines from 0, a pulse from 1 */
    CHECK(count, volts(&f, 0.5) == 13.5 && volts(&f, 1.0) == 16.0 && next_is(&f, 0.0, 1.0, true));
    CHECK(count, next_is(&f, 1.0, 3.0, true) && next_is(&f, 3.0, 4.0, false));
    mn_reactions_keep(&f.simulation, 4.0); /* what is new is to be seen once, however short it is */
    CHECK(count, f.simulation.engine->reactions->n_live == 2);
    mn_reactions_keep(&f.simulation, 4.0); /* the last corner of the lines is at 8 */
    CHECK(count, f.simulation.engine->reactions->n_live == 1);
    stop(&f);
    begin_both(&f, MN_OVERLAP_LAST);
    CHECK(count, note(&f, 0, -1, 0.0) == MN_OK && note(&f, 0, 1, 0.5) == MN_OK);
    CHECK(count, volts(&f, 0.5) == 13.5 && volts(&f, 1.0) == 11.0 && volts(&f, 3.0) == 10.0);
    mn_reactions_keep(&f.simulation, 0.75);
    CHECK(count, f.simulation.engine->reactions->n_live == 2);
    mn_reactions_keep(&f.simulation, 1.0);
    CHECK(count, f.simulation.engine->reactions->n_live == 1 && volts(&f, 1.0) == 11.0);
    mn_reactions_keep(&f.simulation, 3.0);
    CHECK(count, !mn_reactions_any(&f.simulation));
    stop(&f);
    begin_both(&f, MN_OVERLAP_ERROR);
    CHECK(count, note(&f, 0, 1, 0.5) == MN_OK && note(&f, 0, -1, 1.0) == MN_ERR_REACTION_OVERLAP);
    CHECK(count, f.error.electrode == 1 && note(&f, 0, -1, 3.0) == MN_OK && note(&f, 0, 1, 10.6) == MN_OK);
    stop(&f);
}

/* Some hear all members, some the ones that they name. */
static void test_who_hears(check_count *count)
{
    static const uint8_t second[N_EDGES] = {0, 1}, both[N_EDGES] = {1, 1};
    mn_reaction_spec spec[4] = {pulse(), pulse(), pulse(), pulse()};
    fixture f;
    start(&f, false);
    spec[0].listens = second;
    spec[2].listens = both;
    spec[3].kind = -1;
    NEED(react(&f, 4, spec) == MN_OK);
    const mn_reaction *reaction = f.simulation.engine->reactions->reaction;
    CHECK(count, note(&f, 0, 1, 0.0) == MN_OK);
    CHECK(count, reaction[0].n == 0 && reaction[1].n == 1 && reaction[2].n == 1 && reaction[3].n == 0);
    CHECK(count, note(&f, 1, 1, 0.0) == MN_OK && note(&f, 0, -1, 0.0) == MN_OK);
    CHECK(count, reaction[0].n == 1 && reaction[1].n == 2 && reaction[2].n == 2 && reaction[3].n == 1);
    CHECK(count, mn_reactions_noted(&f.simulation) == 6);
    CHECK(count, note(&f, 1, 1, 0.0) == MN_OK && note(&f, 0, 1, 0.0) == MN_ERR_REACTION_FULL);
    mn_reactions_forget(&f.simulation);
    CHECK(count, mn_reactions_noted(&f.simulation) == 0 && !mn_reactions_any(&f.simulation));
    CHECK(count, mn_simulation_verify(&f.simulation, &f.error) == MN_OK);
    stop(&f);
}

static void test_what_is_refused(check_count *count)
{
    fixture f;
    for (int k = 0; k < 9; k++) {
        mn_reaction_spec spec[2] = {pulse(), pulse()};
        const char *const noun[] = {"population", "electrode", "wave",    "delay", "refractory",
                                    "most",       "overlap",   "overlap", "role"};
        start(&f, k == 8);
        spec[0].population = k == 0 ? 1 : 0;
        spec[0].electrode = k == 1 ? 3 : k == 8 ? 2 : 1;
        spec[1].electrode = k == 8 ? 2 : 1;
        spec[0].wave = k == 2 ? 2 : 0;
        spec[0].delay = k == 3 ? -1.0 : 0.0;
        spec[0].refractory = k == 4 ? (double)NAN : 0.0;
        spec[0].most = k == 5 ? 0 : 1;
        spec[0].overlap = k == 6 ? MN_OVERLAP_N : k == 7 ? MN_OVERLAP_LAST : MN_OVERLAP_SUM;
        CHECK(count, react(&f, 2, spec) == MN_ERR_BAD_ARGUMENT && strcmp(f.error.noun, noun[k]) == 0);
        CHECK(count, f.simulation.engine->reactions == NULL);
        stop(&f);
    }
    start(&f, false);
    CHECK(count, react(&f, -1, NULL) == MN_ERR_BAD_ARGUMENT && react(&f, 0, NULL) == MN_OK);
    const mn_wave currents[2] = {{.kind = MN_WAVE_CONSTANT, .p = {1.0}},
                                 {.kind = MN_WAVE_CURRENT, .n_children = 1, .children = (int32_t[]){0}}};
    mn_reaction_spec spec = pulse();
    spec.wave = 1;
    CHECK(count, mn_simulation_react(&f.simulation, 1, &spec, 2, currents, &f.error) == MN_ERR_BAD_ARGUMENT);
    NEED(react(&f, 1, &(mn_reaction_spec){.electrode = 1, .most = 1}) == MN_OK);
    const int32_t root[3] = {0, 1, 0};
    CHECK(count, mn_simulation_set_drive(&f.simulation, 2, currents, root, &f.error) == MN_ERR_BAD_ARGUMENT);
    CHECK(count, f.error.electrode == 1 && volts(&f, 0.0) == 10.0);
    stop(&f);
}

/* Bytes that were not written by a simulation are damage, and leave it as it was. */
static void test_damaged_checkpoints(check_count *count)
{
    mn_reaction_spec spec = pulse();
    fixture f;
    start(&f, false);
    spec.refractory = 1.0;
    NEED(react(&f, 1, &spec) == MN_OK && note(&f, 0, 1, 0.0) == MN_OK && note(&f, 1, 1, 0.25) == MN_OK);
    mn_reactions_keep(&f.simulation, 0.25);
    mn_reaction *reaction = &f.simulation.engine->reactions->reaction[0];
    const size_t size = mn_checkpoint_size(&f.simulation, 0);
    unsigned char *bytes = mn_alloc((int64_t)size, 1);
    NEED(bytes != NULL);
    for (int k = 0; k < 4; k++) {
        mn_checkpoint checkpoint;
        const int64_t n = reaction->n;
        const double second = reaction->start[1];
        reaction->n = k == 0 ? n : k == 1 ? -1 : k == 2 ? 4 : n;
        reaction->start[1] = k == 3 ? 0.25 : second;
        mn_checkpoint_encode(&f.simulation, NULL, 0, bytes);
        reaction->n = n;
        reaction->start[1] = second;
        NEED(mn_checkpoint_decode(&checkpoint, bytes, size, &f.error) == MN_OK);
        const int code = mn_checkpoint_restore(&checkpoint, &f.simulation, &f.error);
        CHECK(count, code == (k == 0 ? MN_OK : MN_ERR_CHECKPOINT_DAMAGED));
        CHECK(count, f.simulation.engine->reactions->n_live == 2 && reaction->last[1] == 0.25);
        mn_checkpoint_free(&checkpoint);
    }
    mn_dealloc(bytes);
    stop(&f);
}

/* When waveforms are over. */
static void test_ends(check_count *count)
{
    int32_t pair[2] = {0, 1}, turned[2] = {1, 0};
    double forever[2] = {3.0, inf};
    const mn_wave wave[] = {
        pulses[0],
        {.kind = MN_WAVE_CONSTANT, .p = {0.0}},
        {.kind = MN_WAVE_SUM, .n_children = 2, .children = pair},
        {.kind = MN_WAVE_CONCAT, .n_samples = 2, .samples = forever, .n_children = 2, .children = turned},
        pulses[1],
        {.kind = MN_WAVE_CONSTANT, .p = {1.0}},
        {.kind = MN_WAVE_SINE, .p = {1.0, 1.0, 0.0, 0.0}},
        {.kind = MN_WAVE_PULSES, .p = {0.0, 1.0, 2.0, 9.0, inf, 0.0}},
        {.kind = MN_WAVE_CONCAT, .n_samples = 2, .samples = forever, .n_children = 2, .children = (int32_t[]){6, 0}},
        {.kind = MN_WAVE_CONCAT, .n_samples = 2, .samples = forever, .n_children = 2, .children = (int32_t[]){0, 6}},
    };
    const double end[] = {2.0, 0.0, 2.0, 5.0, 8.0, inf, inf, inf, 5.0, inf};
    mn_drive drive;
    NEED(mn_drive_init(&drive, 0, NULL, 10, wave, NULL) == MN_OK);
    for (int32_t w = 0; w < 10; w++) {
        CHECK(count, mn_wave_end(&drive, w) == end[w]);
    }
    mn_drive_free(&drive);
}

/* Newton's method does not take limits, and says so: nothing is solved without them. */
static void test_limits(check_count *count)
{
    const mn_wave waves[4] = {{.kind = MN_WAVE_CONSTANT, .p = {7.0}},
                              {.kind = MN_WAVE_CONSTANT, .p = {10.0}},
                              {.kind = MN_WAVE_CONSTANT, .p = {0.0}},
                              {.kind = MN_WAVE_LIMITED, .p = {2.0}, .n_children = 1, .children = (int32_t[]){1}}};
    const int32_t root[3] = {0, 3, 2};
    fixture f;
    start(&f, false);
    NEED(mn_simulation_set_drive(&f.simulation, 4, waves, root, &f.error) == MN_OK);
    CHECK(count, mn_simulation_solve(&f.simulation, &f.error) == MN_OK && f.simulation.current[1] == 2.0);
    CHECK(count, mn_simulation_verify(&f.simulation, &f.error) == MN_OK);
    CHECK(count, mn_simulation_solve_static(&f.simulation, &f.error) == MN_OK && f.simulation.current[1] == 2.0);
    CHECK(count, f.simulation.engine->limits.side[1] == 1 && f.simulation.voltage[1] < 10.0);
    CHECK(count, mn_simulation_solve(&f.simulation, &f.error) == MN_OK && f.simulation.current[1] == 2.0);
    stop(&f);
}

int main(void)
{
    check_count count = {0, 0};
    inf = (double)INFINITY;
    test_a_pulse(&count);
    test_forgetting(&count);
    test_rules(&count);
    test_who_hears(&count);
    test_what_is_refused(&count);
    test_damaged_checkpoints(&count);
    test_ends(&count);
    test_limits(&count);
    return check_report(&count, "reactions");
}
