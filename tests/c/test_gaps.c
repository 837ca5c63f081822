/* Devices in gaps, against counts by hand, closed forms, fine steps and each other's forms. */
#include "population.h"

#include <math.h>

/* ------------------------------------------------------------------ hillock */

static double hillock_at(double length, double v, double dt, int64_t n)
{
    mn_population population;
    mn_error error;
    NEED(make(&population, "Hillock", 1, &length, NULL, 0, &error) == MN_OK);
    for (int64_t k = 0; k < n; k++) {
        step(&population, dt, &v);
    }
    double z = field_of(&population, "z")[0];
    mn_population_free(&population);
    return z;
}

/* Classical Runge-Kutta in extended precision. */
static long double hillock_fine(long double length, long double v, long double end, int64_t n)
{
    const long double push = 3.46e-5L / 3.8e-2L * v;
    const long double tau = 20.0L;
    long double dt = end / (long double)n, z = 0.0L;
    for (int64_t k = 0; k < n; k++) {
        long double k1 = (push / (length - z) - z) / tau;
        long double k2 = (push / (length - (z + dt / 2 * k1)) - (z + dt / 2 * k1)) / tau;
        long double k3 = (push / (length - (z + dt / 2 * k2)) - (z + dt / 2 * k2)) / tau;
        long double k4 = (push / (length - (z + dt * k3)) - (z + dt * k3)) / tau;
        z += dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
    }
    return z;
}

static void test_hillock(check_count *count)
{
    const double length = 0.05, v = 0.2, push = 3.46e-5 / 3.8e-2 * 0.2;
    double exact = (double)hillock_fine(length, v, 16.0L, 4000);
    double error = hillock_at(length, v, 1.0, 16) - exact;
    for (int k = 1; k < 5; k++) { /* halving dt halves the error: order 1 */
        double halved = hillock_at(length, v, ldexp(1.0, -k), 16 << k) - exact;
        double order = log2(error / halved);
        CHECK(count, fabs(order - 1.0) <= 0.05);
        error = halved;
    }
    double z = hillock_at(length, -v, 1.0, 2000); /* z (D - z) = mu |v| / kappa, the smaller root */
    CHECK(count, fabs(z - (length - sqrt(length * length - 4.0 * push)) / 2.0) <= 1e-15);
    CHECK(count, hillock_at(0.02, v, 1.0, 2000) == 0.01); /* D < 2 sqrt(mu v / kappa) = 0.027 pd: runs to D/2 */
    CHECK(count, hillock_at(length, 0.0, 1.0, 100) == 0.0);
    CHECK(count, hillock_at(length, v, 1e6, 1) <= 0.025); /* any dt stays inside the clamp */
}

static void test_hillock_conductance(check_count *count)
{
    const double length[4] = {0.02, 0.3, 1.4999, 1.5001};
    double g[4];
    mn_population population;
    mn_error error;
    NEED(make(&population, "Hillock", 4, length, NULL, 0, &error) == MN_OK);
    field_of(&population, "z")[0] = 0.01;
    conduct(&population, 1.0, g, NULL);
    CHECK(count, fabs(g[0] / (10.0 * exp(-2.0)) - 1.0) <= 1e-14);
    CHECK(count, fabs(g[1] / (10.0 * exp(-60.0)) - 1.0) <= 1e-13);
    CHECK(count, g[2] > 0.0 && g[3] == 0.0); /* beta D on either side of 300 */
    field_of(&population, "z")[0] = 7.0;     /* put there from outside: read through the clamp */
    conduct(&population, 1.0, g, NULL);
    CHECK(count, fabs(g[0] / (10.0 * exp(-2.0)) - 1.0) <= 1e-14);
    mn_population_free(&population);
}

/* ------------------------------------------------------------------ tunnel gap */

/* E = |v|/L: d grows by r_d (2/0.02 - 10) dt = 9e-5 pd a step, so 0.02 pd take ceil(222.2) = 223 steps. Closed at
 * 0.1 V: I = 1 A, w falls by 0.01 (1 - 0.01) = 9.9e-3 a step, so 1 takes ceil(101.01) = 102. */
static void test_gap_counts(check_count *count)
{
    const double length = 0.02;
    const double *d, *w, *closed;
    const setting gap = {"field", 1.0};
    int8_t kind = 0;
    double g = 0.0;
    mn_population population;
    mn_error error;
    NEED(make(&population, "TunnelGap", 1, &length, &gap, 1, &error) == MN_OK);
    CHECK(count, field_of(&population, "d")[0] == 0.0 && field_of(&population, "w")[0] == 1.0);
    conduct(&population, 1.0, &g, NULL);
    CHECK(count, fabs(g / exp(-4.0) - 1.0) <= 1e-14);
    CHECK(count, steps_to_event(&population, 1.0, -2.0, &kind) == 223 && kind == 1);
    conduct(&population, 1.0, &g, NULL);
    d = field_of(&population, "d"), w = field_of(&population, "w"), closed = field_of(&population, "closed");
    CHECK(count, g == 10.0 && d[0] == length && w[0] == 1.0 && closed[0] == 1.0);
    CHECK(count, steps_to_event(&population, 1.0, -0.1, &kind) == 102 && kind == -1);
    d = field_of(&population, "d"), w = field_of(&population, "w"), closed = field_of(&population, "closed");
    CHECK(count, d[0] == 0.0 && w[0] == 1.0 && closed[0] == 0.0);
    CHECK(count, steps_to_event(&population, 0.5, 2.0, &kind) == 445 && kind == 1); /* ceil(444.4) at half the step */
    mn_population_free(&population);
}

/* E = |v|/(L - d), from one half of L on: L = 0.5 pd, v = 6 V, r_d = 1e-3, d_n by hand. With u = L - d the step is
 * u -= r_d (6/u - 10) dt = 6e-3/u - 1e-2, from u = 0.25. */
static void test_gap_remaining(check_count *count)
{
    const double length = 0.5;
    const setting settings[3] = {{"r_d", 1e-3}, {"d_after_break", 0.5}, {"r_w", 1.0}};
    int8_t kind = 0;
    int64_t expected = 0;
    mn_population population;
    mn_error error;
    NEED(make(&population, "TunnelGap", 1, &length, settings, 3, &error) == MN_OK);
    field_of(&population, "closed")[0] = 1.0;
    CHECK(count, steps_to_event(&population, 1.0, 0.5, &kind) == 1 && kind == -1); /* I = 5 A: gone in one step */
    CHECK(count, field_of(&population, "d")[0] == 0.25);
    for (long double u = 0.25L; u > 0.0L; expected++) {
        u -= 6e-3L / u - 1e-2L;
    }
    CHECK(count, expected > 3 && expected < 20);
    CHECK(count, steps_to_event(&population, 1.0, 6.0, &kind) == expected && kind == 1);
    mn_population_free(&population);
}

/* The continuous growth law has a closed form: u du/dt = -r_d (v - E_T u), so with s = v/E_T the time from u = L to 0
 * is
 * (-L - s ln(1 - L/s)) / (r_d E_T). Steps of dt -> 0 must count that time. */
static void test_gap_closed_form(check_count *count)
{
    const double length = 0.1, v = 2.0, s = 0.2, dt = 1e-2;
    int8_t kind = 0;
    mn_population population;
    mn_error error;
    NEED(make(&population, "TunnelGap", 1, &length, &(setting){"r_d", 1e-4}, 1, &error) == MN_OK);
    double time = (-length - s * log(1.0 - length / s)) / (1e-4 * 10.0);
    int64_t n = steps_to_event(&population, dt, v, &kind);
    CHECK(count, kind == 1 && fabs((double)n * dt / time - 1.0) <= 1e-3);
    mn_population_free(&population);
}

static void test_gap_thresholds(check_count *count)
{
    const double length[5] = {0.25, 0.25, 0.25, 1.5001, 0.25};
    const double v[5] = {2.5, 2.5000001, 0.0, 2.0, 0.0009};
    mn_population population;
    mn_error error;
    NEED(make(&population, "TunnelGap", 5, length, &(setting){"d_leak", 0.1}, 1, &error) == MN_OK);
    double *d = field_of(&population, "d");
    d[2] = 0.1;
    field_of(&population, "closed")[4] = 1.0;
    CHECK(count, next_event(&population, 2.0, v) == 1);
    CHECK(count, population.n_active == 2 && population.active[0] == 1 && population.active[1] == 2);
    step(&population, 2.0, v);
    d = field_of(&population, "d");
    CHECK(count, population.n_events == 0);
    CHECK(count, d[0] == 0.0);                                       /* at E_T: nothing */
    CHECK(count, d[1] > 0.0 && fabs(d[1] / 8e-13 - 1.0) <= 1e-6);    /* r_d (E - E_T) dt = 1e-6 4e-7 2 */
    CHECK(count, fabs(d[2] / (0.1 * exp(-0.2)) - 1.0) <= 4e-16 * 2); /* the leak, exactly */
    CHECK(count, field_of(&population, "w")[4] == 1.0);              /* 9 mA < I_T */
    double g[5];
    conduct(&population, 2.0, g, NULL);
    CHECK(count, g[3] == 0.0 && g[4] == 10.0 && g[2] == g[0]); /* a partly grown filament does not conduct */
    d[2] = 0.3;                                                /* put there from outside: closes without a field */
    step(&population, 2.0, v);
    CHECK(count, population.n_events == 1 && population.event_member[0] == 2 && population.event_kind[0] == 1);
    mn_population_free(&population);
    NEED(make(&population, "TunnelGap", 5, length, NULL, 0, &error) == MN_OK);
    field_of(&population, "d")[2] = 0.1; /* without a leak it stays */
    CHECK(count, next_event(&population, 2.0, v) == 1 && population.n_active == 1);
    CHECK(count, next_event(&population, 2.0, length) == INT64_MAX && population.n_active == 0);
    mn_population_free(&population);
}

/* A closed gap moves at the voltage after its bound, not at the bound: for any current and conductance. */
static void test_gap_bounds(check_count *count)
{
    static const double conductance[6] = {10.0, 1e-300, 1e300, 0.0, 5e-324, 3.0};
    static const double current[6] = {0.0, 5e-324, 0.01, 1e-310, 1e300, 7.0};
    const double length = 0.1, dt = 1.0;
    mn_population population;
    mn_error error;
    for (int32_t k = 0; k < 236; k++) {
        double u[2], bound, next;
        const int32_t member = 0;
        mn_uniform2(8, 0, (uint64_t)k, 0, u);
        const double g = k < 36 ? conductance[k / 6] : 20.0 * u[0], i = k < 36 ? current[k % 6] : u[1];
        const setting settings[3] = {{"g_on", g}, {"i_t", i}, {"r_w", 1e-3}};
        NEED(make(&population, "TunnelGap", 1, &length, settings, 3, &error) == MN_OK);
        field_of(&population, "closed")[0] = 1.0;
        population.model->moves_above(&population, 1, &member, &bound);
        next = nextafter(bound, INFINITY);
        CHECK(count, bound >= 0.0 && g * bound <= i && (next == INFINITY || g * next > i));
        CHECK(count, next_event(&population, dt, &bound) == INT64_MAX);
        mn_population_free(&population);
    }
}

/* One population stepped whole, another by its active members alone, at voltages held for a while: the same bits. */
static void test_gap_active(check_count *count)
{
    enum { N = 1000 };
    double length[N], v[N];
    const setting settings[4] = {{"r_d", 1e-4}, {"r_w", 0.3}, {"d_leak", 1e-2}, {"d_after_break", 0.3}};
    mn_population whole, part;
    mn_error error;
    int64_t n_events = 0;
    bool same = true;
    for (int32_t k = 0; k < N; k++) {
        double u[2];
        mn_uniform2(5, 0, (uint64_t)k, 0, u);
        length[k] = 0.01 + 0.3 * u[0];
    }
    NEED(make(&whole, "TunnelGap", N, length, settings, 4, &error) == MN_OK);
    NEED(make(&part, "TunnelGap", N, length, settings, 4, &error) == MN_OK);
    for (int32_t k = 0; k < N; k += 2) {
        field_of(&whole, "field")[k] = 1.0;
        field_of(&part, "field")[k] = 1.0;
    }
    for (int64_t t = 0; t < 600; t++) {
        if (t % 20 == 0 || whole.n_events > 0) {
            for (int32_t k = 0; k < N; k++) {
                double u[2];
                mn_uniform2(6, 0, (uint64_t)k, (uint64_t)t, u);
                v[k] = u[0] < 0.5 ? 0.0 : 6.0 * (u[1] - 0.5);
            }
            int64_t bound = next_event(&part, 1.0, v);
            CHECK(count, bound == 1 && part.n_active > 0 && part.n_active < N);
        }
        step(&whole, 1.0, v);
        part.n_events = 0;
        part.model->advance_active(&part, &(mn_step){.dt = 1.0, .v = v});
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
    CHECK(count, n_events > 100);
    mn_population_free(&whole);
    mn_population_free(&part);
}

int main(void)
{
    check_count count = {0, 0};
    test_hillock(&count);
    test_hillock_conductance(&count);
    test_gap_counts(&count);
    test_gap_remaining(&count);
    test_gap_closed_form(&count);
    test_gap_thresholds(&count);
    test_gap_bounds(&count);
    test_gap_active(&count);
    return check_report(&count, "gaps");
}
