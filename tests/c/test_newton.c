/* Newton's method for the potentials: roots against closed forms, companions, what it costs, and how it fails. */
#include "chain.h"
#include "simulate/engine.h"
#include "simulate/newton.h"

static bool is_near(double got, double wanted, double relative)
{
    return fabs(got - wanted) <= relative * fabs(wanted);
}

static const chain_options plain = {.dt = 1.0};

/* V_T at 300.15 K, and the current and the slope of a diode. */
static const double thermal = 300.15 * 1.380649e-23 / 1.602176634e-19;

static double diode(double v)
{
    return 1e-14 * expm1(v / thermal);
}

static double diode_slope(double v)
{
    return 1e-14 * exp(v / thermal) / thermal;
}

/* The voltage of a diode is that of its current; the drive is chosen to give it. */
static void test_diode(check_count *count)
{
    static const double current[6] = {-9e-15, 1e-15, 1e-9, 1e-3, 1.0, 40.0};
    for (int k = 0; k < 6; k++) {
        const double v = thermal * log1p(current[k] / 1e-14), volts = v + 10.0 * current[k];
        const chain_edge edges[2] = {{"Resistor", {{"conductance", 0.1}}}, {"Diode", {{NULL, 0.0}}}};
        chain c;
        chain_init(&c, 2, edges, constant(volts), &plain);
        CHECK(count, chain_solve(&c) == MN_OK);
        CHECK(count, is_near(c.simulation.potential[1], v, 1e-12));
        const double rounding = 8.0 * 0x1p-52 * 0.1 * (fabs(volts) + fabs(v));
        CHECK(count, fabs(c.simulation.current[0] - diode(v)) <= 1e-11 * fabs(current[k]) + rounding);
        CHECK(count, fabs(c.simulation.current[0] + c.simulation.current[1]) <= 1e-11 * fabs(current[k]) + rounding);
        /* what edges are to the solver: di/dv at the balance */
        const mn_newton *newton = c.simulation.engine->newton;
        CHECK(count, newton->slope[0] == 0.1 && is_near(newton->slope[1], diode_slope(v), 1e-10));
        CHECK(count, is_near(newton->companion[1], newton->slope[1], 1e-15));
        CHECK(count, c.simulation.step_counters.n_factorisations <= 60 && c.simulation.step_counters.n_negative == 0);
        chain_free(&c);
    }
}

/* At a balance that stands nothing is left to do: no factor, no solve, the same bits. */
static void test_found_is_found(check_count *count)
{
    const chain_edge edges[2] = {{"Resistor", {{"conductance", 0.1}}}, {"Diode", {{NULL, 0.0}}}};
    chain c;
    chain_init(&c, 2, edges, constant(1.0), &plain);
    NEED(chain_run(&c, 2) == MN_OK && chain_solve(&c) == MN_OK);
    const double v = c.simulation.potential[1];
    const int64_t n = c.simulation.step_counters.n_factorisations;
    CHECK(count, chain_run(&c, 10) == MN_OK && chain_solve(&c) == MN_OK);
    CHECK(count, c.simulation.potential[1] == v && c.simulation.step_counters.n_factorisations == n);
    chain_free(&c);
}

/* i = v^3/3 - v behind 0.5 ohm has one root, where its slope is negative for small drives: v + i/2 = V. */
static void test_negative_companion(check_count *count)
{
    const chain_edge edges[2] = {{"Resistor", {{"conductance", 2.0}}},
                                 {"CubicResistor", {{"g_1", -1.0}, {"g_2", 0.0}, {"g_3", 1.0 / 3.0}}}};
    for (double v = -2.5; v < 2.75; v += 0.25) {
        const double current = v * v * v / 3.0 - v;
        chain c;
        chain_init(&c, 2, edges, constant(v + 0.5 * current), &plain);
        CHECK(count, chain_solve(&c) == MN_OK);
        CHECK(count, fabs(c.simulation.potential[1] - v) <= 1e-13);
        CHECK(count, fabs(c.simulation.current[0] - current) <= 1e-13);
        CHECK(count, fabs(c.simulation.engine->newton->slope[1] - (v * v - 1.0)) <= 1e-12);
        CHECK(count, v * v >= 1.0 || v == 0.0 || c.simulation.step_counters.n_negative > 0);
        chain_free(&c);
    }
}

/* A diode lets no more than its saturation current through in reverse: where the rest should go is named. */
static void test_no_balance(check_count *count)
{
    const chain_edge edges[1] = {{"Diode", {{NULL, 0.0}}}};
    const chain_options options = {.dt = 1.0, .drives_current = true};
    const mn_wave pulse = {.kind = MN_WAVE_PULSES, .p = {1e-3, -1e-3, 9.0, 9.0, 1.0, 3.5}};
    chain c;
    chain_init(&c, 1, edges, pulse, &options);
    CHECK(count, chain_run(&c, 10) == MN_ERR_NO_BALANCE && c.simulation.step == 3);
    CHECK(count, c.error.node == 0);
    CHECK(count, is_near(fabs(c.error.value), 1e-3, 1e-2));
    CHECK(count, chain_run(&c, 1) == MN_ERR_NO_BALANCE && c.simulation.step == 3);
    chain_free(&c);
}

/* A capacitor across the electrodes cannot follow a jump of the drive, and says by how much it would have to. */
static void test_charge_loop(check_count *count)
{
    const mn_wave pulse = {.kind = MN_WAVE_PULSES, .p = {0.0, 2.0, 9.0, 9.0, 1.0, 3.5}};
    const chain_edge edges[1] = {{"Capacitor", {{"method", 1.0}}}};
    chain c;
    chain_init(&c, 1, edges, pulse, &plain);
    CHECK(count, chain_run(&c, 10) == MN_ERR_CHARGE_LOOP);
    CHECK(count, c.error.edge == 0 && is_near(fabs(c.error.value), 2.0, 1e-3));
    CHECK(count, c.simulation.step == 3 && chain_field(&c, 0, "v") == 0.0);
    CHECK(count, chain_run(&c, 1) == MN_ERR_CHARGE_LOOP && c.simulation.step == 3);
    chain_free(&c);
}

/* Nothing but capacitors reaches the node between them: at rest it has no potential. */
static void test_undefined_node(check_count *count)
{
    const chain_edge edges[2] = {{"Capacitor", {{"method", 1.0}}}, {"Capacitor", {{"method", 1.0}}}};
    chain c;
    chain_init(&c, 2, edges, constant(0.0), &plain);
    mn_error_clear(&c.error);
    CHECK(count, mn_simulation_solve_static(&c.simulation, &c.error) == MN_OK && isnan(c.simulation.potential[1]));
    chain_free(&c);
}

/* A flag stops the iteration; the simulation is as it was, and goes on to the bits of one that was left alone. */
static void test_cancelled(check_count *count)
{
    const chain_edge edges[2] = {{"Resistor", {{"conductance", 0.1}}}, {"Diode", {{NULL, 0.0}}}};
    mn_cancel stop = false;
    const chain_options stoppable = {.dt = 1.0, .cancel = &stop};
    chain c, alone;
    chain_init(&c, 2, edges, constant(5.0), &stoppable);
    chain_init(&alone, 2, edges, constant(5.0), &plain);
    stop = true;
    CHECK(count, chain_solve(&c) == MN_ERR_INTERRUPTED && c.simulation.step == 0 && !c.simulation.solved);
    stop = false;
    CHECK(count, chain_solve(&c) == MN_OK && chain_solve(&alone) == MN_OK);
    CHECK(count, c.simulation.potential[1] == alone.simulation.potential[1]);
    chain_free(&c);
    chain_free(&alone);
}

int main(void)
{
    check_count count = {0, 0};
    test_diode(&count);
    test_found_is_found(&count);
    test_negative_companion(&count);
    test_no_balance(&count);
    test_charge_loop(&count);
    test_undefined_node(&count);
    test_cancelled(&count);
    return check_report(&count, "newton");
}
