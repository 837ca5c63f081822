/* The Sydney group's junctions, against counts by hand and each other's forms. */
#include "population.h"

#include <math.h>

/* Powers of two throughout, so that counts are exact. 1/8 V above v_set lambda grows by 2^-13 a step: 128 steps to
 * lambda_crit = 1/64, 192 to lambda_max. At 0 V it decays by b v_reset dt = 2^-15 a step: 256 steps back to
 * lambda_crit, where the junction is still on, one more to switch off, 768 in all to 0. */
static const setting switch_settings[5] = {
    {"v_set", 0x1p-7}, {"v_reset", 0x1p-8}, {"lambda_crit", 0x1p-6}, {"lambda_max", 0x3p-7}, {"b", 8.0}};

static void test_switch_counts(check_count *count)
{
    const double up = 0x1p-7 + 0x1p-3, dt = 0x1p-10;
    for (int sign = -1; sign <= 1; sign += 2) {
        int8_t kind = 0;
        double g = 0.0;
        mn_population population;
        mn_error error;
        NEED(make(&population, "AtomicSwitch", 1, NULL, switch_settings, 5, &error) == MN_OK);
        conduct(&population, dt, &g, NULL);
        CHECK(count, g == 7.77e-8);
        CHECK(count, steps_to_event(&population, dt, sign * up, &kind) == 128 && kind == 1);
        CHECK(count, field_of(&population, "lambda")[0] == sign * 0x1p-6);
        conduct(&population, dt, &g, NULL);
        CHECK(count, g == 7.77e-5);
        for (int k = 0; k < 70; k++) { /* 64 of them reach lambda_max, and there it stays */
            double v = sign * up;
            step(&population, dt, &v);
        }
        CHECK(count, field_of(&population, "lambda")[0] == sign * 0x3p-7);
        for (int k = 0; k < 3; k++) { /* from v_reset to v_set, both included, nothing moves */
            double v = k == 0 ? 0x1p-8 : k == 1 ? -0x1p-7 : 0x3p-9;
            CHECK(count, next_event(&population, dt, &v) == INT64_MAX && population.n_active == 0);
            step(&population, dt, &v);
            CHECK(count, field_of(&population, "lambda")[0] == sign * 0x3p-7);
        }
        CHECK(count, steps_to_event(&population, dt, 0.0, &kind) == 257 && kind == -1);
        conduct(&population, dt, &g, NULL);
        CHECK(count, g == 7.77e-8);
        for (int64_t k = 257; k < 768; k++) {
            double v = 0.0;
            CHECK(count, sign * field_of(&population, "lambda")[0] > 0.0);
            step(&population, dt, &v);
        }
        double zero = 0.0;
        CHECK(count, memcmp(field_of(&population, "lambda"), &zero, sizeof zero) == 0);
        CHECK(count, next_event(&population, dt, &zero) == INT64_MAX);
        mn_population_free(&population);
    }
}

/* The other side's voltage takes a filament back through 0; decay stops at 0 where a step would pass it. */
static void test_switch_signs(check_count *count)
{
    const double dt = 0x1p-10;
    int8_t kind = 0;
    double v = 0.0;
    mn_population population;
    mn_error error;
    NEED(make(&population, "AtomicSwitch", 1, NULL, switch_settings, 5, &error) == MN_OK);
    field_of(&population, "lambda")[0] = 0x1p-6;
    CHECK(count, steps_to_event(&population, dt, -0x1p-7 - 0x1p-3, &kind) == 1 && kind == -1);
    CHECK(count, steps_to_event(&population, dt, -0x1p-7 - 0x1p-3, &kind) == 255 && kind == 1);
    field_of(&population, "lambda")[0] = -0x1p-16; /* half a step of decay */
    step(&population, dt, &v);
    CHECK(count, field_of(&population, "lambda")[0] == 0.0 && !signbit(field_of(&population, "lambda")[0]));
    mn_population_free(&population);
}

/* One population stepped whole, another by its active members alone: the same bits. */
static void test_switch_active(check_count *count)
{
    enum { N = 1000 };
    double v[N];
    mn_population whole, part;
    mn_error error;
    int64_t n_events = 0, n_resting = 0;
    bool same = true;
    NEED(make(&whole, "AtomicSwitch", N, NULL, NULL, 0, &error) == MN_OK);
    NEED(make(&part, "AtomicSwitch", N, NULL, NULL, 0, &error) == MN_OK);
    for (int64_t t = 0; t < 2000; t++) {
        if (t % 20 == 0 || whole.n_events > 0) {
            for (int32_t k = 0; k < N; k++) {
                double u[2];
                mn_uniform2(6, 0, (uint64_t)k, (uint64_t)(t / 200), u);
                v[k] = u[0] < 0.3 ? -0.0 : u[0] < 0.6 ? 0.007 : 0.2 * (u[1] - 0.5);
            }
            CHECK(count, next_event(&part, 1e-3, v) == 1 && part.n_active > 0);
            n_resting += N - part.n_active;
        }
        step(&whole, 1e-3, v);
        part.n_events = 0;
        part.model->advance_active(&part, &(mn_step){.dt = 1e-3, .v = v});
        for (int64_t f = 0; f < part.model->n_fields; f++) {
            for (int64_t j = 0; part.next[f] != NULL && j < part.n_active; j++) {
                part.field[f][part.active[j]] = part.next[f][part.active[j]];
            }
            same = same && memcmp(whole.field[f], part.field[f], N * sizeof(double)) == 0;
        }
        same = same && whole.n_events == part.n_events &&
               memcmp(whole.event_member, part.event_member, (size_t)whole.n_events * sizeof(int32_t)) == 0 &&
               memcmp(whole.event_kind, part.event_kind, (size_t)whole.n_events) == 0;
        n_events += whole.n_events;
    }
    CHECK(count, same);
    CHECK(count, n_events > 100 && n_resting > 100);
    mn_population_free(&whole);
    mn_population_free(&part);
}

/* The four forms in extended precision, from no filament to one that bridges the gap. */
static void test_tunnel_switch(check_count *count)
{
    enum { N = 17 };
    double g[N];
    for (int form = 0; form < 4; form++) {
        const setting settings[2] = {{"exponent", form % 2}, {"prefactor", form / 2}};
        mn_population population;
        mn_error error;
        NEED(make(&population, "TunnelSwitch", N, NULL, settings, 2, &error) == MN_OK);
        for (int k = 0; k < N; k++) {
            field_of(&population, "lambda")[k] = (k % 2 ? -0.01 : 0.01) * k / 15.0;
        }
        conduct(&population, 1e-3, g, NULL);
        for (int k = 0; k < N; k++) {
            long double d = k < 15 ? 5.0L * (15 - k) / 15.0L : 0.0L;
            long double power = 10.19L * d * (form % 2 ? sqrtl(0.81L) : 0.81L * 0.81L);
            long double before = form / 2 ? d * d : d;
            long double resistance = 2.0L / 0.17L * before / sqrtl(0.81L) * expl(power) / 4.71307e-5L;
            long double exact = 1.0L / (resistance + 1.0L / 7.77e-5L) + 7.77e-8L;
            CHECK(count, fabsl((long double)g[k] / exact - 1.0L) <= 1e-13L);
        }
        CHECK(count, fabs(g[16] / (7.77e-5 + 7.77e-8) - 1.0) <= 4e-16 && g[16] == g[15]);
        mn_population_free(&population);
    }
}

int main(void)
{
    check_count count = {0, 0};
    test_switch_counts(&count);
    test_switch_signs(&count);
    test_switch_active(&count);
    test_tunnel_switch(&count);
    return check_report(&count, "switches");
}
