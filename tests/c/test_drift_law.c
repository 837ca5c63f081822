/* Windowed drift at a constant voltage against closed forms. dt = integral of ds / S(s) is elementary for each of the
 * windows and terms alone; where the time can be written and its inverse cannot, the time it took is compared. */
#include "devices/linear_drift.h"
#include "population.h"

#include <math.h>

static const double starts[] = {-650.0, -90.0, -33.3, -7.0, -1.25, -0x1p-30, 0.0, 0.4, 2.0, 11.0, 45.0, 300.0};
static const double times[] = {1e-9, 1e-3, 0.37, 1.0, 6.5, 40.0, 700.0};

/* The law with only a push, both regions of 1 ohm: ds/dt = push times the window's steepness. */
static mn_drift_law plain(double window, double p, double push)
{
    return (mn_drift_law){.r_on = 1.0, .r_off = 1.0, .window = window, .p = p, .push = push};
}

/* ln(1 + exp(s)) */
static long double softplus(long double s)
{
    return s > 0.0L ? s + log1pl(expl(-s)) : log1pl(expl(s));
}

static bool near(double found, long double exact, long double tolerance)
{
    return fabsl((long double)found - exact) <= tolerance;
}

/* ------------------------------------------------------------------ states and logits */

static void test_place(check_count *count)
{
    for (double s = -744.0; s <= 700.0; s += 0.61) {
        double x, kept;
        mn_drift_place(s, &x, &kept);
        const double nearer = (double)(expl(-softplus(fabsl((long double)s))));
        const double exact = s < 0.0 ? nearer : 1.0 - nearer;
        CHECK(count, x >= 0.0 && x <= 1.0 && fabs(x - exact) <= 4e-16 * exact + 1e-323);
        CHECK(count, kept == (nearer < MN_CLEAR_OF_END ? s : 0.0));
        if (kept != 0.0) {
            CHECK(count, mn_drift_logit(x, kept) == s);
        } else { /* ds = dx / (x (1 - x)) */
            CHECK(count, fabs(mn_drift_logit(x, 0.0) - s) <= 4e-16 / (x * (1.0 - x)));
        }
    }
}

/* What was kept counts for its own state alone; an end is as far away as a double of the state can say. */
static void test_logit(check_count *count)
{
    CHECK(count, mn_drift_logit(0.5, -50.0) == 0.0);
    CHECK(count, fabs(mn_drift_logit(0.2, 0.0) - log(0.25)) <= 4e-16);
    CHECK(count, fabs(mn_drift_logit(0.2, 60.0) - log(0.25)) <= 4e-16);
    CHECK(count, mn_drift_logit(0.0, 0.0) == -MN_FARTHEST_LOGIT && mn_drift_logit(1.0, 0.0) == MN_FARTHEST_LOGIT);
    CHECK(count, mn_drift_logit(0.0, 50.0) == -MN_FARTHEST_LOGIT);
    CHECK(count, mn_drift_logit(1.0, 50.0) == 50.0 && mn_drift_logit(1.0, 44.0) == 44.0);
}

/* ------------------------------------------------------------------ pushed */

/* One resistance: strukov's window makes the logit's speed constant, joglekar's with p = 1 four times that. */
static void test_constant_speed(check_count *count)
{
    for (int window = STRUKOV; window <= JOGLEKAR; window++) {
        for (size_t k = 0; k < sizeof(starts) / sizeof(*starts); k++) {
            for (size_t j = 0; j < sizeof(times) / sizeof(*times); j++) {
                const double push = k % 2 ? -1.5 : 1.5, dt = times[j];
                const mn_drift_law law = plain(window, 1.0, push);
                const long double moved = (window == JOGLEKAR ? 4.0L : 1.0L) * (long double)push * (long double)dt;
                CHECK(count, near(mn_drift_after(&law, starts[k], dt), (long double)starts[k] + moved,
                                  1e-14L * (fabsl(moved) + 1.0L + fabsl((long double)starts[k]))));
            }
        }
    }
}

/* However long, and however far the logit gets. */
static void test_endless(check_count *count)
{
    const mn_drift_law up = plain(STRUKOV, 1.0, 1.0), down = plain(JOGLEKAR, 3.0, -1.0);
    CHECK(count, near(mn_drift_after(&up, 0.0, 1e250), 1e250L, 1e238L));
    CHECK(count, near(mn_drift_after(&down, 0.0, 1e250), -12e250L, 12e238L));
    CHECK(count, mn_drift_after(&up, 0.0, 1e306) >= 1e300);
    CHECK(count, mn_drift_after(&up, 3.0, 0.0) == 3.0);
}

/* Two resistances under strukov's window: push t = r_on ln(1 + e^s) - r_off ln(1 + e^-s). */
static void test_two_resistances(check_count *count)
{
    const long double r_on = 100.0L, r_off = 16e3L;
    for (size_t k = 0; k < sizeof(starts) / sizeof(*starts); k++) {
        for (size_t j = 0; j < sizeof(times) / sizeof(*times); j++) {
            const double push = (k + j) % 2 ? -3e3 : 3e3, s = starts[k], dt = times[j];
            mn_drift_law law = plain(STRUKOV, 1.0, push);
            law.r_on = (double)r_on;
            law.r_off = (double)r_off;
            const long double end = (long double)mn_drift_after(&law, s, dt), start = (long double)s;
            const long double time =
                r_on * (softplus(end) - softplus(start)) - r_off * (softplus(-end) - softplus(-start));
            CHECK(count, (end > start) == (push > 0.0));
            /* a logit has 52 bits, and takes at most r_off / push of time a unit */
            CHECK(count, fabsl(time / (long double)push - (long double)dt) <=
                             1e-12L * (long double)dt + 0x1p-51L * (1.0L + fabsl(end) + fabsl(start)) * r_off / 3e3L);
        }
    }
}

/* From deep in one tail to deep in the other in a single step: its panels, which are wide there, are narrow between. */
static void test_from_tail_to_tail(check_count *count)
{
    const mn_drift_law up = plain(JOGLEKAR, 2.0, 0.75), down = plain(JOGLEKAR, 2.0, -0.75);
    const double middle = 3.14159265358979323846; /* arctan's part of the way, in logits: 2 (pi / 4 + pi / 4) */
    CHECK(count, fabs(mn_drift_after(&up, -90.0, 40.0) - (-90.0 + 8.0 * 0.75 * 40.0 - middle)) <= 1e-8);
    CHECK(count, fabs(mn_drift_after(&down, 300.0, 700.0) - (300.0 - 8.0 * 0.75 * 700.0 + middle)) <= 1e-8);
}

/* joglekar, u = 2 x - 1 = tanh(s / 2): 2 push t = (artanh u + arctan u) / 2 for p = 2, and for p = 1/2, whose window is
 * a tent, -sign(u) ln(1 - |u|). */
static long double joglekar_time(double p, long double s)
{
    if (p == 2.0) {
        return 0.25L * (0.5L * s + atanl(tanhl(0.5L * s)));
    }
    return 0.5L * copysignl(softplus(fabsl(s)) - logl(2.0L), s);
}

static void test_joglekar(check_count *count)
{
    const double powers[2] = {2.0, 0.5};
    for (int n = 0; n < 2; n++) {
        for (size_t k = 0; k < sizeof(starts) / sizeof(*starts); k++) {
            for (size_t j = 0; j < sizeof(times) / sizeof(*times); j++) {
                const double push = (k + j) % 2 ? -0.75 : 0.75, s = starts[k], dt = times[j];
                const mn_drift_law law = plain(JOGLEKAR, powers[n], push);
                const double end = mn_drift_after(&law, s, dt);
                const long double time =
                    (joglekar_time(powers[n], (long double)end) - joglekar_time(powers[n], (long double)s)) /
                    (long double)push;
                const long double rounding = 0x1p-51L * (1.0L + fabsl((long double)end) + fabsl((long double)s));
                CHECK(count, (end > s) == (push > 0.0));
                CHECK(count, fabsl(time - (long double)dt) <= 1e-9L * (long double)dt + rounding);
            }
        }
    }
}

/* Half the time twice is the whole time, and the opposite push takes everything back. */
static void test_composes(check_count *count)
{
    for (int window = STRUKOV; window <= JOGLEKAR; window++) {
        for (size_t k = 0; k < sizeof(starts) / sizeof(*starts); k++) {
            mn_drift_law law = plain(window, 3.5, k % 3 ? 400.0 : -400.0);
            law.r_off = 160.0;
            const double half = mn_drift_after(&law, starts[k], 0.05), whole = mn_drift_after(&law, starts[k], 0.1);
            CHECK(count, fabs(mn_drift_after(&law, half, 0.05) - whole) <= 1e-9 * (1.0 + fabs(whole)));
            law.push = -law.push;
            CHECK(count, fabs(mn_drift_after(&law, whole, 0.1) - starts[k]) <= 1e-9 * (1.0 + fabs(starts[k])));
        }
    }
}

/* ------------------------------------------------------------------ forgetting */

/* Decay alone: x = x_0 exp(-decay t), whatever the window. */
static void test_decay(check_count *count)
{
    for (int window = STRUKOV; window <= JOGLEKAR; window++) {
        for (double s = -40.0; s <= 30.0; s += 3.7) {
            mn_drift_law law = plain(window, 2.0, 0.0);
            law.decay = 2.0;
            for (int j = 0; j < 5; j++) {
                const long double log_x = -softplus(-(long double)s) - 2.0L * (long double)times[j];
                const long double exact = log_x - logl(-expm1l(log_x));
                CHECK(count, near(mn_drift_after(&law, s, times[j]), exact, 1e-11L * (1.0L + fabsl(exact))));
            }
        }
    }
}

/* Pushed against the decay, x' = push x (1 - x) - decay x is logistic: x = k / (1 + (k / x_0 - 1) exp(-r t)) with
 * r = push - decay, and k = r / push its rest. */
static void test_logistic(check_count *count)
{
    const long double push = 5.0L, decay = 2.0L, r = push - decay, k = r / push;
    mn_drift_law law = plain(STRUKOV, 1.0, (double)push);
    law.decay = (double)decay;
    for (double s = -30.0; s <= 8.0; s += 1.3) {
        for (int j = 0; j < 5; j++) {
            const long double x_0 = expl(-softplus(-(long double)s)), t = (long double)times[j];
            const long double x = k / (1.0L + (k / x_0 - 1.0L) * expl(-r * t));
            CHECK(count, near(mn_drift_after(&law, s, times[j]), logl(x / (1.0L - x)), 1e-8L));
        }
    }
}

/* x' = rate (l - x) x (1 - x): rate t = ln(x) / l + ln(1 - x) / (1 - l) - ln|l - x| / (l (1 - l)). */
static long double relaxation_time(long double l, long double s)
{
    const long double x = expl(-softplus(-s));
    return -softplus(-s) / l - softplus(s) / (1.0L - l) - logl(fabsl(l - x)) / (l * (1.0L - l));
}

static void test_relaxation(check_count *count)
{
    const double l = 0.25, rate = 3.0;
    mn_drift_law law = plain(STRUKOV, 1.0, 0.0);
    law.level = l;
    law.rate = rate;
    for (double s = -30.0; s <= 30.0; s += 2.3) {
        for (int j = 0; j < 4; j++) { /* to where l - x is rounded away, time cannot be told from the end */
            const double end = mn_drift_after(&law, s, times[j]);
            const long double time =
                (relaxation_time((long double)l, (long double)end) - relaxation_time((long double)l, (long double)s)) /
                (long double)rate;
            CHECK(count, fabsl(time - (long double)times[j]) <= 1e-9L * (long double)times[j] + 1e-14L);
        }
    }
}

/* A rest is infinitely far in time: reached from both sides to rounding, never passed, and not left. */
static void test_rest(check_count *count)
{
    const double rest = log(0.25 / 0.75);
    mn_drift_law law = plain(JOGLEKAR, 2.0, 0.0);
    CHECK(count, mn_drift_after(&law, 1.5, 1e9) == 1.5);
    law.level = 0.25;
    law.rate = 3.0;
    for (double s = -12.0; s <= 12.0; s += 1.1) {
        const double soon = mn_drift_after(&law, s, 0.01), late = mn_drift_after(&law, s, 1e6);
        CHECK(count, s < rest ? soon > s && soon < rest : soon < s && soon > rest);
        CHECK(count, fabs(late - rest) <= 1e-12 && fabs(mn_drift_after(&law, late, 1e6) - rest) <= 1e-12);
    }
}

/* The window stands twice: over x (1 - x) as a function of the logit, from which a short step takes its drift. */
static void test_window(check_count *count)
{
    const double p[] = {0.3, 1.0, 2.5, 40.0}, dt = 1e-6;
    for (int window = STRUKOV; window <= JOGLEKAR; window++) {
        for (int k = 0; k < 4; k++) {
            const mn_drift_law law = plain(window, p[k], 1.0);
            for (double x = 0.01; x < 0.5; x += 0.0173) {
                const double f = (mn_drift_short(&law, x, dt) - mn_drift_short(&law, x, -dt)) / (2.0 * dt);
                CHECK(count, fabs(f - mn_drift_window(window, p[k], x)) <= 2e-8);
            }
        }
    }
}

/* ------------------------------------------------------------------ in a device */

static void make_drift(mn_population *population, double window, double decay, double x)
{
    const setting settings[5] = {
        {"window", window}, {"decay", decay}, {"x_initial", x}, {"r_off", 100.0}, {"r_on", 100.0}};
    mn_error error;
    NEED(make(population, "LinearDrift", 1, NULL, settings, 5, &error) == MN_OK);
}

static double step_to(mn_population *population, double dt, double v)
{
    step(population, dt, &v);
    return field_of(population, "x")[0];
}

/* The default mu / d^2 = 1e2 / (V s) moves the logit by 4e2 a volt and second; Euler's step would end far outside. */
static void test_device(check_count *count)
{
    mn_population population;
    make_drift(&population, JOGLEKAR, 0.0, 0.5);
    const double per_volt = 4.0 * mn_drift_per_charge(&population, 0) / 100.0;
    const double dt = 12.0 / per_volt;
    CHECK(count, fabs(step_to(&population, dt, 1.0) - 1.0 / (1.0 + exp(-12.0))) <= 1e-15);
    CHECK(count, step_to(&population, dt, 7.0) == 1.0);
    CHECK(count, fabs(field_of(&population, "logit")[0] - 96.0) <= 1e-12);
    CHECK(count, fabs(step_to(&population, dt, -8.0) - 0.5) <= 1e-12);
    mn_population_free(&population);
    make_drift(&population, STRUKOV, 2.0, 0.05);
    CHECK(count, fabs(step_to(&population, 1.5, 0.0) - 0.05 * exp(-3.0)) <= 1e-15);
    mn_population_free(&population);
    make_drift(&population, NONE, 2.0, 0.05); /* without a window Euler's step ends on the end */
    CHECK(count, step_to(&population, 1.5, 0.0) == 0.0);
    mn_population_free(&population);
}

int main(void)
{
    check_count count = {0, 0};
    test_place(&count);
    test_logit(&count);
    test_constant_speed(&count);
    test_endless(&count);
    test_two_resistances(&count);
    test_joglekar(&count);
    test_from_tail_to_tail(&count);
    test_composes(&count);
    test_decay(&count);
    test_logistic(&count);
    test_relaxation(&count);
    test_rest(&count);
    test_window(&count);
    test_device(&count);
    return check_report(&count, "drift law");
}
