/* drive: every waveform by hand, boundaries at rounded times, corners, what is refused. */
#include "check.h"
#include "memnet.h"

#include <math.h>
#include <string.h>

static const double inf = (double)INFINITY;

static mn_wave leaf(mn_wave_kind kind, double a, double b, double c, double d)
{
    return (mn_wave){.kind = kind, .p = {a, b, c, d, 0, 0}};
}

static mn_wave pulse_wave(double low, double high, double length, double spacing, double n, double start)
{
    return (mn_wave){.kind = MN_WAVE_PULSES, .p = {low, high, length, spacing, n, start}};
}

static mn_wave parent(mn_wave_kind kind, int64_t n_children, int32_t *children, double *durations)
{
    return (mn_wave){.kind = kind,
                     .n_samples = durations != NULL ? n_children : 0,
                     .samples = durations,
                     .n_children = n_children,
                     .children = children};
}

static mn_wave sampled(mn_wave_kind kind, double interval, double repeat, int64_t n, double *samples)
{
    return (mn_wave){.kind = kind, .p = {interval, repeat}, .n_samples = n, .samples = samples};
}

/* The drive of one electrode by the last of the waves. */
static mn_drive drive_of(int64_t n, const mn_wave *wave)
{
    mn_drive drive;
    mn_error error;
    int32_t root = (int32_t)n - 1;
    mn_error_clear(&error);
    NEED(mn_drive_init(&drive, 1, &root, n, wave, &error) == MN_OK);
    return drive;
}

static bool is_at(const mn_drive *drive, double t, mn_role role, double value)
{
    uint8_t found_role;
    double found;
    mn_drive_evaluate(drive, t, &found_role, &found);
    if (found_role != role || fabs(found - value) > 1e-14 * (1 + fabs(value))) {
        fprintf(stderr, "t = %.17g: role %d, value %.17g\n", t, found_role, found);
        return false;
    }
    return true;
}

static void test_constant_and_floating(check_count *count)
{
    const mn_wave wave[] = {leaf(MN_WAVE_CONSTANT, 3, 0, 0, 0), leaf(MN_WAVE_FLOATING, 0, 0, 0, 0),
                            leaf(MN_WAVE_CONSTANT, -0.5, 0, 0, 0)};
    const int32_t root[] = {2, -1, 0, 1, 0};
    mn_drive drive;
    uint8_t role[5];
    double value[5];
    NEED(mn_drive_init(&drive, 5, root, 3, wave, NULL) == MN_OK);
    mn_drive_evaluate(&drive, 17.5, role, value);
    CHECK(count, role[0] == MN_VOLTAGE && value[0] == -0.5);
    CHECK(count, role[1] == MN_FLOATING && value[1] == 0.0);
    CHECK(count, role[2] == MN_VOLTAGE && value[2] == 3.0);
    CHECK(count, role[3] == MN_FLOATING && value[3] == 0.0);
    CHECK(count, role[4] == MN_VOLTAGE && value[4] == 3.0);
    CHECK(count, mn_wave_evaluate(&drive, 2, 0, role) == -0.5 && role[0] == MN_VOLTAGE);
    mn_drive_free(&drive);
    mn_drive_free(&drive);
    CHECK(count, drive.wave == NULL && drive.root == NULL && drive.n_waves == 0);
}

static void test_triangle(check_count *count)
{
    const mn_wave wave = leaf(MN_WAVE_TRIANGLE, -1, 3, 8, 0);
    mn_drive drive = drive_of(1, &wave);
    const double value[] = {-1, 0, 1, 2, 3, 2, 1, 0}; /* each second of a period, by hand */
    for (int t = -16; t < 24; t++) {
        CHECK(count, is_at(&drive, t, MN_VOLTAGE, value[(t + 16) % 8]));
    }
    CHECK(count, is_at(&drive, 0.25, MN_VOLTAGE, -0.75));
    CHECK(count, is_at(&drive, 7.75, MN_VOLTAGE, -0.75));
    /* continuous: a small step in time is a small step in voltage, of slope 1 V/s */
    uint8_t role;
    for (int k = 0; k < 4000; k++) {
        double t = 0.005 * k;
        double difference = mn_wave_evaluate(&drive, 0, t + 1e-6, &role) - mn_wave_evaluate(&drive, 0, t, &role);
        CHECK(count, fabs(difference) < 1.001e-6);
    }
    mn_drive_free(&drive);

    const mn_wave shifted = leaf(MN_WAVE_TRIANGLE, 0.1, 0.7, 200, 0.5);
    drive = drive_of(1, &shifted);
    CHECK(count, mn_wave_evaluate(&drive, 0, 0, &role) == 0.7);
    CHECK(count, mn_wave_evaluate(&drive, 0, 100, &role) == 0.1);
    CHECK(count, is_at(&drive, 150, MN_VOLTAGE, 0.4));
    mn_drive_free(&drive);
}

static void test_sine(check_count *count)
{
    const mn_wave wave = leaf(MN_WAVE_SINE, 2, 50, 0.5, 0);
    mn_drive drive = drive_of(1, &wave);
    CHECK(count, is_at(&drive, 0, MN_VOLTAGE, 0.5));
    CHECK(count, is_at(&drive, 0.005, MN_VOLTAGE, 2.5));
    CHECK(count, is_at(&drive, 0.015, MN_VOLTAGE, -1.5));
    CHECK(count, is_at(&drive, 0.02 / 12, MN_VOLTAGE, 1.5));
    mn_drive_free(&drive);
    const mn_wave shifted = leaf(MN_WAVE_SINE, 2, 50, 0.5, 0.25);
    drive = drive_of(1, &shifted);
    CHECK(count, is_at(&drive, 0, MN_VOLTAGE, 2.5));
    CHECK(count, is_at(&drive, 0.01, MN_VOLTAGE, -1.5));
    mn_drive_free(&drive);
}

static void test_pulses(check_count *count)
{
    const mn_wave wave = pulse_wave(0.25, 2, 3, 5, 2, 10);
    mn_drive drive = drive_of(1, &wave);
    for (int t = -5; t < 40; t++) { /* 10..12 and 18..20 are high */
        bool is_high = (t >= 10 && t < 13) || (t >= 18 && t < 21);
        CHECK(count, is_at(&drive, t, MN_VOLTAGE, is_high ? 2 : 0.25));
        CHECK(count, is_at(&drive, t + 0.5, MN_VOLTAGE, is_high ? 2 : 0.25));
    }
    CHECK(count, is_at(&drive, 10 - 0.5e-9 * 8, MN_VOLTAGE, 2)); /* within 1e-9 of its period: reached */
    CHECK(count, is_at(&drive, 10 - 2e-9 * 8, MN_VOLTAGE, 0.25));
    CHECK(count, is_at(&drive, 13 - 0.5e-9 * 8, MN_VOLTAGE, 0.25));
    CHECK(count, is_at(&drive, 13 - 2e-9 * 8, MN_VOLTAGE, 2));
    mn_drive_free(&drive);

    const mn_wave for_ever = pulse_wave(0, 1, 1, 1e-9, inf, 0); /* no spacing that shows: high for ever */
    drive = drive_of(1, &for_ever);
    CHECK(count, is_at(&drive, -1, MN_VOLTAGE, 0));
    CHECK(count, is_at(&drive, 0, MN_VOLTAGE, 1));
    CHECK(count, is_at(&drive, 123456.75, MN_VOLTAGE, 1));
    mn_drive_free(&drive);
}

/* Integer steps tell when a pulse is on; step * dt must agree however it is rounded. */
static void test_pulses_at_rounded_times(check_count *count)
{
    static const struct {
        double dt, length, spacing;
        int64_t n_length, n_spacing;
    } trial[] = {{0.1, 0.3, 0.7, 3, 7},       {0.05, 0.15, 0.35, 3, 7}, {0.05, 0.6, 0.1, 12, 2},
                 {1e-3, 3e-3, 4e-3, 3, 4},    {1e-9, 7e-9, 1e-9, 7, 1}, {1.0 / 3, 1, 2.0 / 3, 3, 2},
                 {2e-6, 1e-4, 3e-4, 50, 150}, {0.1, 0.1, 0.1, 1, 1}};
    for (size_t k = 0; k < sizeof trial / sizeof trial[0]; k++) {
        const mn_wave wave = pulse_wave(0, 1, trial[k].length, trial[k].spacing, inf, 0);
        mn_drive drive = drive_of(1, &wave);
        int64_t n_wrong = 0, n_period = trial[k].n_length + trial[k].n_spacing;
        for (int64_t step = 0; step < 300000; step++) {
            uint8_t role;
            double value = mn_wave_evaluate(&drive, 0, (double)step * trial[k].dt, &role);
            n_wrong += value != (step % n_period < trial[k].n_length ? 1.0 : 0.0);
        }
        CHECK(count, n_wrong == 0);
        mn_drive_free(&drive);
    }
}

static void test_steps(check_count *count)
{
    double samples[] = {5, 6, 7, 8, /* times: */ 0, 0.3, 0.7, 10};
    const mn_wave wave = sampled(MN_WAVE_STEPS, 0, 0, 8, samples);
    mn_drive drive = drive_of(1, &wave);
    CHECK(count, is_at(&drive, -1000, MN_VOLTAGE, 5));
    CHECK(count, is_at(&drive, 0, MN_VOLTAGE, 5));
    CHECK(count, is_at(&drive, 0.29, MN_VOLTAGE, 5));
    CHECK(count, is_at(&drive, 3 * 0.1, MN_VOLTAGE, 6));
    CHECK(count, is_at(&drive, 0.3, MN_VOLTAGE, 6));
    CHECK(count, is_at(&drive, 7 * 0.1, MN_VOLTAGE, 7));
    CHECK(count, is_at(&drive, 0.7 - 2e-10, MN_VOLTAGE, 7)); /* 1e-9 of the 0.4 s before it */
    CHECK(count, is_at(&drive, 0.7 - 8e-10, MN_VOLTAGE, 6));
    CHECK(count, is_at(&drive, 9.99, MN_VOLTAGE, 7));
    CHECK(count, is_at(&drive, 10, MN_VOLTAGE, 8));
    CHECK(count, is_at(&drive, 1e9, MN_VOLTAGE, 8));
    samples[0] = 55; /* the drive has its own copy */
    CHECK(count, is_at(&drive, 0, MN_VOLTAGE, 5));
    mn_drive_free(&drive);
    double one[] = {4, 100};
    const mn_wave single = sampled(MN_WAVE_STEPS, 0, 0, 2, one);
    drive = drive_of(1, &single);
    CHECK(count, is_at(&drive, 0, MN_VOLTAGE, 4));
    CHECK(count, is_at(&drive, 200, MN_VOLTAGE, 4));
    mn_drive_free(&drive);
}

static void test_array(check_count *count)
{
    double samples[] = {1, 2, 4};
    for (int repeat = 0; repeat < 2; repeat++) {
        const mn_wave wave = sampled(MN_WAVE_ARRAY, 0.1, repeat, 3, samples);
        mn_drive drive = drive_of(1, &wave);
        int64_t n_wrong = 0;
        for (int64_t step = 0; step < 100000; step++) {
            uint8_t role;
            double value = mn_wave_evaluate(&drive, 0, (double)step * 0.05, &role); /* two steps a sample */
            int64_t k = step / 2;
            n_wrong += value != samples[repeat ? k % 3 : (k < 2 ? k : 2)];
        }
        CHECK(count, n_wrong == 0);
        CHECK(count, is_at(&drive, -0.05, MN_VOLTAGE, repeat ? 4 : 1));
        uint8_t role;
        double late = mn_wave_evaluate(&drive, 0, 1e300, &role); /* which sample is lost in rounding, but it is one */
        CHECK(count, late == 4 || (repeat && (late == 1 || late == 2)));
        mn_drive_free(&drive);
    }
}

static void test_piecewise_linear(check_count *count)
{
    double samples[] = {-1, 1, 1, 3, 7, /* values: */ 2, -4, 5, 6, 6};
    const mn_wave wave = sampled(MN_WAVE_PIECEWISE_LINEAR, 0, 0, 10, samples);
    mn_drive drive = drive_of(1, &wave);
    const double expected[][2] = {{-1e9, 2},   {-1, 2}, {-0.5, 0.5}, {0.9, -3.7}, {1, 5},  {1.5, 5.25},
                                  {2.5, 5.75}, {3, 6},  {5, 6},      {7, 6},      {1e9, 6}};
    for (size_t k = 0; k < sizeof expected / sizeof expected[0]; k++) {
        CHECK(count, is_at(&drive, expected[k][0], MN_VOLTAGE, expected[k][1]));
    }
    CHECK(count, is_at(&drive, 1 - 1e-9, MN_VOLTAGE, 5)); /* 1e-9 of the 2 s before it */
    CHECK(count, is_at(&drive, 1 - 4e-9, MN_VOLTAGE, -4 + 3 * 4e-9));
    mn_drive_free(&drive);
    double at_once[] = {0.7, 0.7, /* values: */ 1, 2};
    const mn_wave jump = sampled(MN_WAVE_PIECEWISE_LINEAR, 0, 0, 4, at_once);
    drive = drive_of(1, &jump);
    CHECK(count, is_at(&drive, 0.7 - 1e-9, MN_VOLTAGE, 1));
    CHECK(count, is_at(&drive, nextafter(0.7, 0), MN_VOLTAGE, 2)); /* 1e-9 of its time */
    mn_drive_free(&drive);
}

static void test_sum(check_count *count)
{
    int32_t children[] = {0, 1, 0}, outer[] = {3, 2}, one[] = {4};
    const mn_wave wave[] = {leaf(MN_WAVE_CONSTANT, 1.5, 0, 0, 0), pulse_wave(0, 10, 1, 1, inf, 0),
                            leaf(MN_WAVE_CONSTANT, 100, 0, 0, 0), parent(MN_WAVE_SUM, 3, children, NULL),
                            parent(MN_WAVE_SUM, 2, outer, NULL),  parent(MN_WAVE_CURRENT, 1, one, NULL)};
    mn_drive drive = drive_of(5, wave);
    CHECK(count, is_at(&drive, 0.5, MN_VOLTAGE, 113));
    CHECK(count, is_at(&drive, 1.5, MN_VOLTAGE, 103));
    mn_drive_free(&drive);
    drive = drive_of(6, wave);
    CHECK(count, is_at(&drive, 0.5, MN_CURRENT, 113));
    mn_drive_free(&drive);
}

/* A voltage for 100 s, then floating for 50 s, then a current: roles change, and each part starts at its own 0. */
static void test_concat_roles(check_count *count)
{
    int32_t of_current[] = {2}, parts[] = {0, 1, 3};
    double durations[] = {100, 50, inf};
    const mn_wave wave[] = {leaf(MN_WAVE_TRIANGLE, 0, 2, 40, 0), leaf(MN_WAVE_FLOATING, 0, 0, 0, 0),
                            pulse_wave(0, 1e-6, 1, 1, inf, 0), parent(MN_WAVE_CURRENT, 1, of_current, NULL),
                            parent(MN_WAVE_CONCAT, 3, parts, durations)};
    mn_drive drive = drive_of(5, wave);
    CHECK(count, is_at(&drive, -10, MN_VOLTAGE, 1));
    CHECK(count, is_at(&drive, 0, MN_VOLTAGE, 0));
    CHECK(count, is_at(&drive, 60, MN_VOLTAGE, 2));
    CHECK(count, is_at(&drive, 99, MN_VOLTAGE, 1.9)); /* 19 s into a period: rising */
    CHECK(count, is_at(&drive, 100, MN_FLOATING, 0));
    CHECK(count, is_at(&drive, 149.9, MN_FLOATING, 0));
    CHECK(count, is_at(&drive, 150 - 1e-8, MN_CURRENT, 1e-6)); /* rounded: at the start of the part, not before */
    CHECK(count, is_at(&drive, 150, MN_CURRENT, 1e-6));
    CHECK(count, is_at(&drive, 151.25, MN_CURRENT, 0));
    CHECK(count, is_at(&drive, 1e6 + 0.5, MN_CURRENT, 1e-6));
    mn_drive_free(&drive);
}

static void test_concat_nested(check_count *count)
{
    int32_t inner[] = {0, 1}, outer[] = {2, 0, 2};
    double inner_durations[] = {1, 2}, outer_durations[] = {4, 3, 2};
    const mn_wave wave[] = {leaf(MN_WAVE_CONSTANT, 10, 0, 0, 0), leaf(MN_WAVE_CONSTANT, 20, 0, 0, 0),
                            parent(MN_WAVE_CONCAT, 2, inner, inner_durations),
                            parent(MN_WAVE_CONCAT, 3, outer, outer_durations)};
    mn_drive drive = drive_of(4, wave);
    /* 4 s of the inner one, whose last part goes on; 3 s of 10; the inner one again, whose last part goes on */
    const double value[] = {10, 20, 20, 20, 10, 10, 10, 10, 20, 20, 20, 20};
    for (int t = 0; t < 12; t++) {
        CHECK(count, is_at(&drive, t, MN_VOLTAGE, value[t]));
        CHECK(count, is_at(&drive, t + 0.75, MN_VOLTAGE, value[t]));
    }
    mn_drive_free(&drive);
}

/* 100,000 parts of 0.1 s: each is on at its own step. */
static void test_concat_long(check_count *count)
{
    enum { N = 100000 };
    int32_t *children = malloc(N * sizeof *children);
    double *durations = malloc(N * sizeof *durations);
    NEED(children != NULL && durations != NULL);
    for (int k = 0; k < N; k++) {
        children[k] = k % 2;
        durations[k] = 0.1;
    }
    const mn_wave wave[] = {leaf(MN_WAVE_CONSTANT, 0, 0, 0, 0), leaf(MN_WAVE_CONSTANT, 1, 0, 0, 0),
                            parent(MN_WAVE_CONCAT, N, children, durations)};
    mn_drive drive = drive_of(3, wave);
    int64_t n_wrong = 0;
    for (int k = 0; k < N; k++) {
        uint8_t role;
        n_wrong += mn_wave_evaluate(&drive, 2, k * 0.1, &role) != k % 2;
    }
    CHECK(count, n_wrong == 0);
    mn_drive_free(&drive);
    free(children);
    free(durations);
}

/* Whether electrode 1, driven by the last wave, is refused for `what`; the message names the electrode. */
static bool is_refused(int64_t n, const mn_wave *wave, const char *what)
{
    mn_drive drive;
    mn_error error;
    const int32_t root[] = {-1, (int32_t)n - 1};
    mn_error_clear(&error);
    int code = mn_drive_init(&drive, 2, root, n, wave, &error);
    bool good = code == MN_ERR_BAD_ARGUMENT && error.code == code && error.electrode == 1 && error.noun != NULL &&
                strcmp(error.noun, what) == 0 && drive.wave == NULL && drive.root == NULL;
    if (!good) {
        fprintf(stderr, "code %d, electrode %d, field %s\n", code, error.electrode, error.noun);
    }
    mn_drive_free(&drive);
    return good && mn_drive_init(&drive, 2, root, n, wave, NULL) == MN_ERR_BAD_ARGUMENT;
}

static void test_refused_numbers(check_count *count)
{
    static const struct {
        mn_wave wave;
        const char *what;
    } bad[] = {
        {{.kind = MN_WAVE_CONSTANT, .p = {NAN}}, "value"},
        {{.kind = MN_WAVE_CONSTANT, .p = {INFINITY}}, "value"},
        {{.kind = MN_WAVE_TRIANGLE, .p = {NAN, 1, 1, 0}}, "low"},
        {{.kind = MN_WAVE_TRIANGLE, .p = {0, INFINITY, 1, 0}}, "high"},
        {{.kind = MN_WAVE_TRIANGLE, .p = {0, 1, -1, 0}}, "period"},
        {{.kind = MN_WAVE_TRIANGLE, .p = {0, 1, 0, 0}}, "period"},
        {{.kind = MN_WAVE_TRIANGLE, .p = {0, 1, INFINITY, 0}}, "period"},
        {{.kind = MN_WAVE_TRIANGLE, .p = {0, 1, 1, NAN}}, "phase"},
        {{.kind = MN_WAVE_SINE, .p = {NAN, 1, 0, 0}}, "amplitude"},
        {{.kind = MN_WAVE_SINE, .p = {1, 0, 0, 0}}, "frequency"},
        {{.kind = MN_WAVE_SINE, .p = {1, -2, 0, 0}}, "frequency"},
        {{.kind = MN_WAVE_SINE, .p = {1, 1, NAN, 0}}, "offset"},
        {{.kind = MN_WAVE_PULSES, .p = {0, NAN, 1, 1, 1, 0}}, "high"},
        {{.kind = MN_WAVE_PULSES, .p = {0, 1, 0, 1, 1, 0}}, "length"},
        {{.kind = MN_WAVE_PULSES, .p = {0, 1, 1, -1, 1, 0}}, "spacing"},
        {{.kind = MN_WAVE_PULSES, .p = {0, 1, 1, 0, 1, 0}}, "spacing"},
        {{.kind = MN_WAVE_PULSES, .p = {0, 1, 1, 1, NAN, 0}}, "count"},
        {{.kind = MN_WAVE_PULSES, .p = {0, 1, 1, 1, 1.5, 0}}, "count"},
        {{.kind = MN_WAVE_PULSES, .p = {0, 1, 1, 1, -1, 0}}, "count"},
        {{.kind = MN_WAVE_PULSES, .p = {0, 1, 1, 1, 0, 0}}, "count"},
        {{.kind = MN_WAVE_PULSES, .p = {0, 1, 1, 1, 1, INFINITY}}, "start"},
        {{.kind = MN_WAVE_N}, "kind"},
        {{.kind = (mn_wave_kind)99}, "kind"},
        {{.kind = MN_WAVE_STEPS}, "samples"},
        {{.kind = MN_WAVE_ARRAY, .p = {1, 0}, .n_samples = 2}, "samples"},
        {{.kind = MN_WAVE_ARRAY, .p = {1, 0}, .n_samples = -2}, "samples"},
        {{.kind = MN_WAVE_SUM}, "children"},
        {{.kind = MN_WAVE_CURRENT}, "children"},
        {{.kind = MN_WAVE_CONSTANT, .n_children = -1}, "children"},
    };
    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
        CHECK(count, is_refused(1, &bad[k].wave, bad[k].what));
    }
}

static void test_refused_samples(check_count *count)
{
    double equal[] = {1, 2, 0.5, 0.5}, holes[] = {1, NAN, 0, 1}, late[] = {1, 2, 0, INFINITY};
    mn_wave wave = sampled(MN_WAVE_STEPS, 0, 0, 4, equal);
    CHECK(count, is_refused(1, &wave, "times"));
    wave.samples = holes;
    CHECK(count, is_refused(1, &wave, "values"));
    wave.samples = late;
    CHECK(count, is_refused(1, &wave, "times"));
    wave.n_samples = 3;
    CHECK(count, is_refused(1, &wave, "samples"));
    wave = sampled(MN_WAVE_ARRAY, 1, 0, 4, holes);
    CHECK(count, is_refused(1, &wave, "values"));
    wave = sampled(MN_WAVE_ARRAY, 0, 0, 4, equal);
    CHECK(count, is_refused(1, &wave, "dt"));
    wave = sampled(MN_WAVE_ARRAY, 1, 2, 4, equal);
    CHECK(count, is_refused(1, &wave, "repeat"));
    double thrice[] = {1, 1, 1, 0, 0, 0}, back[] = {1, 0, 5, 5}, bare[] = {0, 1, 5, INFINITY};
    wave = sampled(MN_WAVE_PIECEWISE_LINEAR, 0, 0, 6, thrice);
    CHECK(count, is_refused(1, &wave, "times"));
    wave = sampled(MN_WAVE_PIECEWISE_LINEAR, 0, 0, 4, back);
    CHECK(count, is_refused(1, &wave, "times"));
    wave.samples = bare;
    CHECK(count, is_refused(1, &wave, "values"));
    wave.n_samples = 3;
    CHECK(count, is_refused(1, &wave, "samples"));
}

static void test_refused_expressions(check_count *count)
{
    int32_t both[] = {0, 2}, first[] = {0}, itself[] = {3}, negative[] = {-1}, later[] = {7}, current[] = {2};
    double two[] = {1, 1}, unending[] = {inf, 1}, zero[] = {0, 1};
    mn_wave wave[] = {leaf(MN_WAVE_CONSTANT, 1, 0, 0, 0), leaf(MN_WAVE_FLOATING, 0, 0, 0, 0),
                      parent(MN_WAVE_CURRENT, 1, first, NULL), parent(MN_WAVE_SUM, 2, both, NULL)};
    CHECK(count, is_refused(4, wave, "role")); /* a voltage plus a current */
    both[1] = 1;
    CHECK(count, is_refused(4, wave, "role")); /* a voltage plus nothing */
    wave[3] = parent(MN_WAVE_CURRENT, 1, current, NULL);
    CHECK(count, is_refused(4, wave, "role")); /* a current of a current */
    wave[3] = parent(MN_WAVE_SUM, 1, itself, NULL);
    CHECK(count, is_refused(4, wave, "children"));
    wave[3].children = negative;
    CHECK(count, is_refused(4, wave, "children"));
    wave[3].children = later;
    CHECK(count, is_refused(4, wave, "children"));
    wave[3] = parent(MN_WAVE_CONCAT, 2, both, unending);
    CHECK(count, is_refused(4, wave, "durations"));
    wave[3] = parent(MN_WAVE_CONCAT, 2, both, zero);
    CHECK(count, is_refused(4, wave, "durations"));
    wave[3] = parent(MN_WAVE_CONCAT, 2, both, two);
    wave[3].n_samples = 1;
    CHECK(count, is_refused(4, wave, "durations"));
    wave[3] = parent(MN_WAVE_CONCAT, 0, NULL, NULL);
    CHECK(count, is_refused(4, wave, "samples"));

    /* A sum of a concatenation that is a voltage and then a current. */
    int32_t parts[] = {0, 2}, sum_of[] = {0, 3};
    mn_wave changing[] = {wave[0], wave[1], wave[2], parent(MN_WAVE_CONCAT, 2, parts, two),
                          parent(MN_WAVE_SUM, 2, sum_of, NULL)};
    CHECK(count, is_refused(5, changing, "role"));

    /* What is wrong deep inside is told of the electrode that it belongs to. */
    int32_t of_deep[] = {0}, of_middle[] = {1};
    mn_wave deep[] = {leaf(MN_WAVE_TRIANGLE, 0, 1, -5, 0), parent(MN_WAVE_SUM, 1, of_deep, NULL),
                      parent(MN_WAVE_CURRENT, 1, of_middle, NULL)};
    CHECK(count, is_refused(3, deep, "period"));
}

static void test_refused_roots(check_count *count)
{
    const mn_wave wave = leaf(MN_WAVE_CONSTANT, 1, 0, 0, 0);
    mn_drive drive;
    mn_error error;
    mn_error_clear(&error);
    CHECK(count, mn_drive_init(&drive, 2, (const int32_t[]){0, 1}, 1, &wave, &error) == MN_ERR_BAD_ARGUMENT);
    CHECK(count, error.electrode == 1 && error.value == 1.0 && strcmp(error.noun, "root") == 0);
    CHECK(count, mn_drive_init(&drive, 2, (const int32_t[]){-2, 0}, 1, &wave, &error) == MN_ERR_BAD_ARGUMENT);
    CHECK(count, error.electrode == 0 && error.value == -2.0);
    CHECK(count, mn_drive_init(&drive, 1, (const int32_t[]){0}, 0, NULL, &error) == MN_ERR_BAD_ARGUMENT);
    CHECK(count, mn_drive_init(&drive, -1, NULL, 1, &wave, &error) == MN_ERR_BAD_ARGUMENT);
    CHECK(count, mn_drive_init(&drive, 1, (const int32_t[]){-1}, -1, NULL, &error) == MN_ERR_BAD_ARGUMENT);
    CHECK(count, mn_drive_init(&drive, 1, (const int32_t[]){0}, 1, NULL, &error) == MN_ERR_BAD_ARGUMENT);
    CHECK(count, mn_drive_init(&drive, 1, (const int32_t[]){-1}, 0, NULL, &error) == MN_OK);
    CHECK(count, is_at(&drive, 0, MN_FLOATING, 0));
    mn_drive_free(&drive);
    CHECK(count, mn_drive_init(&drive, 0, NULL, 0, NULL, &error) == MN_OK);
    mn_drive_evaluate(&drive, 0, NULL, NULL);
    mn_drive_free(&drive);
}

/* A chain of sums is evaluated up to a depth that no stack minds, and refused beyond. */
static void test_depth(check_count *count)
{
    enum { N = 101 };
    mn_wave wave[N];
    int32_t child[N];
    wave[0] = leaf(MN_WAVE_CONSTANT, 7, 0, 0, 0);
    for (int k = 1; k < N; k++) {
        child[k] = k - 1;
        wave[k] = parent(MN_WAVE_SUM, 1, &child[k], NULL);
    }
    mn_drive drive = drive_of(N - 1, wave);
    CHECK(count, is_at(&drive, 0, MN_VOLTAGE, 7));
    mn_drive_free(&drive);
    CHECK(count, is_refused(N, wave, "depth"));
}

int main(void)
{
    check_count count = {0, 0};
    test_constant_and_floating(&count);
    test_triangle(&count);
    test_sine(&count);
    test_pulses(&count);
    test_pulses_at_rounded_times(&count);
    test_steps(&count);
    test_array(&count);
    test_piecewise_linear(&count);
    test_sum(&count);
    test_concat_roles(&count);
    test_concat_nested(&count);
    test_concat_long(&count);
    test_refused_numbers(&count);
    test_refused_samples(&count);
    test_refused_expressions(&count);
    test_refused_roots(&count);
    test_depth(&count);
    return check_report(&count, "drive");
}
