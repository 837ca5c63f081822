/* What a step is worth: against closed forms, without a trace, and of which devices it can be said. */
#include "chain.h"
#include "simulate/step_check.h"

static const chain_options half_second = {.dt = 0.5};

/* A hillock at a constant voltage, by explicit Euler: dz/dt = ((mu / kappa) v / (D - z) - z) / tau. */
static double euler(double z, double v, double dt)
{
    return z + dt * (3.46e-5 / 3.8e-2 * v / (0.05 - z) - z) / 20.0;
}

static void test_hillock(check_count *count)
{
    for (double v = 0.25; v <= 4.0; v *= 2.0) {
        const chain_edge edges[1] = {{"Hillock", {{NULL, 0.0}}}};
        const double one = euler(0.0, v, 0.5), two = euler(euler(0.0, v, 0.25), v, 0.25);
        const double ratio = exp(200.0 * (two - one)); /* of conductances, both alpha exp(-beta (D - z)) */
        double found;
        chain c;
        chain_init(&c, 1, edges, constant(v), &half_second);
        CHECK(count, mn_simulation_check_step(&c.simulation, &found, &c.error) == MN_OK);
        CHECK(count, found > 0.0 && fabs(found - fabs(ratio - 1.0) / (ratio + 1.0)) <= 1e-13);
        chain_free(&c);
    }
}

/* A rate balance at a constant voltage is stepped exactly, so that its parts make the whole. */
static void test_exact_steps(check_count *count)
{
    const chain_edge edges[1] = {{"RateBalance", {{NULL, 0.0}}}};
    double found;
    chain c;
    chain_init(&c, 1, edges, constant(0.4), &half_second);
    CHECK(count, mn_simulation_check_step(&c.simulation, &found, &c.error) == MN_OK && found <= 1e-15);
    chain_free(&c);
}

/* Nothing stays of a comparison: rows, states, counters and events are those of a run without. */
static void test_no_trace(check_count *count)
{
    const chain_edge edges[3] = {
        {"Hillock", {{NULL, 0.0}}}, {"RateBalance", {{NULL, 0.0}}}, {"Resistor", {{"conductance", 1e-3}}}};
    chain plain, checked;
    chain_init(&plain, 3, edges, constant(2.0), &half_second);
    chain_init(&checked, 3, edges, constant(2.0), &half_second);
    for (int k = 0; k < 20; k++) {
        double found;
        NEED(chain_run(&plain, 1) == MN_OK && chain_run(&checked, 1) == MN_OK);
        const mn_counters before = checked.simulation.counters;
        CHECK(count, mn_simulation_check_step(&checked.simulation, &found, &checked.error) == MN_OK);
        CHECK(count, memcmp(&before, &checked.simulation.counters, sizeof(before)) == 0);
        CHECK(count, checked.simulation.step == plain.simulation.step && checked.simulation.options.dt == 0.5);
        CHECK(count, chain_field(&checked, 0, "z") == chain_field(&plain, 0, "z"));
        CHECK(count, chain_field(&checked, 1, "g") == chain_field(&plain, 1, "g"));
    }
    CHECK(count, mn_simulation_step_difference(&checked.simulation) == 0.0); /* of runs that compare by themselves */
    chain_free(&plain);
    chain_free(&checked);
}

/* A run that compares by itself finds what a comparison before its first step does, and what later jumps bring. */
static void test_watched_runs(check_count *count)
{
    const chain_edge edges[1] = {{"Hillock", {{NULL, 0.0}}}};
    const mn_wave pulse = {.kind = MN_WAVE_PULSES, .p = {0.5, 4.0, 9.0, 9.0, 1.0, 10.0}};
    double first;
    chain plain, watched;
    chain_init(&plain, 1, edges, pulse, &half_second);
    chain_init(&watched, 1, edges, pulse, &half_second);
    NEED(mn_simulation_check_step(&plain.simulation, &first, &plain.error) == MN_OK);
    CHECK(count, mn_simulation_watch_steps(&watched.simulation, &watched.error) == MN_OK);
    CHECK(count, chain_run(&watched, 15) == MN_OK && chain_run(&plain, 15) == MN_OK);
    CHECK(count, mn_simulation_step_difference(&watched.simulation) == first);
    CHECK(count, chain_run(&watched, 15) == MN_OK && chain_run(&plain, 15) == MN_OK);
    CHECK(count, mn_simulation_step_difference(&watched.simulation) > 4.0 * first);
    CHECK(count, chain_field(&watched, 0, "z") == chain_field(&plain, 0, "z"));
    CHECK(count, memcmp(&watched.simulation.counters, &plain.simulation.counters, sizeof(mn_counters)) == 0);
    chain_free(&plain);
    chain_free(&watched);
}

/* Devices of which the length of a step is a part are refused by name, adaptive steps as a whole. */
static void test_refusals(check_count *count)
{
    const chain_edge gap[1] = {{"TunnelGap", {{NULL, 0.0}}}};
    const chain_edge published[2] = {{"Resistor", {{NULL, 0.0}}}, {"RateBalance", {{"step", 1.0}}}};
    const chain_edge smooth[1] = {{"RateBalance", {{NULL, 0.0}}}};
    const chain_options adaptive = {.dt = 0.5, .rtol = 1e-3};
    double found = -1.0;
    chain c;
    chain_init(&c, 1, gap, constant(1.0), &half_second);
    CHECK(count, mn_simulation_check_smooth(&c.simulation, &c.error) == MN_ERR_NOT_SMOOTH);
    CHECK(count, strcmp(c.error.model, "TunnelGap") == 0);
    CHECK(count, mn_simulation_check_step(&c.simulation, &found, &c.error) == MN_ERR_NOT_SMOOTH);
    CHECK(count, mn_simulation_watch_steps(&c.simulation, &c.error) == MN_ERR_NOT_SMOOTH);
    CHECK(count, chain_run(&c, 2) == MN_OK);
    chain_free(&c);
    chain_init(&c, 2, published, constant(1.0), &half_second);
    CHECK(count, mn_simulation_check_step(&c.simulation, &found, &c.error) == MN_ERR_NOT_SMOOTH);
    CHECK(count, c.error.edge == 1 && c.error.value == 1.0 && strcmp(c.error.noun, "step") == 0);
    chain_free(&c);
    chain_init(&c, 1, smooth, constant(1.0), &adaptive);
    CHECK(count, mn_simulation_check_smooth(&c.simulation, &c.error) == MN_OK);
    CHECK(count, mn_simulation_check_step(&c.simulation, &found, &c.error) == MN_ERR_UNSUPPORTED && found == -1.0);
    CHECK(count, mn_simulation_watch_steps(&c.simulation, NULL) == MN_ERR_UNSUPPORTED);
    chain_free(&c);
}

int main(void)
{
    check_count count = {0, 0};
    test_hillock(&count);
    test_exact_steps(&count);
    test_no_trace(&count);
    test_watched_runs(&count);
    test_refusals(&count);
    return check_report(&count, "step_check");
}
