/* drive: the corners of every waveform, one after the other, against lists by hand. */
#include "check.h"
#include "drive/waveform.h"

#include <math.h>

static const double inf = (double)INFINITY;

/* Whether the last of the waves has these corners after t and up to `stop`, each with its kind, and then none before.
 */
static bool has_corners(int64_t n_waves, const mn_wave *wave, double t, double stop, int n, const mn_corner *expected)
{
    mn_drive drive;
    const int32_t root = (int32_t)n_waves - 1;
    NEED(mn_drive_init(&drive, 1, &root, n_waves, wave, NULL) == MN_OK);
    bool good = true;
    mn_corner corner = {.time = t, .jump = false};
    for (int k = 0; k <= n; k++) {
        corner = mn_wave_next_corner(&drive, root, corner.time);
        bool fits = k < n ? corner.time == expected[k].time && corner.jump == expected[k].jump : corner.time > stop;
        if (!fits) {
            fprintf(stderr, "corner %d: %.17g, jump %d\n", k, corner.time, corner.jump);
            good = false;
        }
    }
    mn_drive_free(&drive);
    return good;
}

static void test_leaves(check_count *count)
{
    double steps[] = {5, 6, 7, /* times: */ -1, 0.5, 4}, values[] = {1, 2, 4};
    double lines[] = {-1, 1, 1, 3, /* values: */ 2, -4, 5, 6}, point[] = {1, 5};
    const mn_wave constant = {.kind = MN_WAVE_CONSTANT, .p = {1}};
    CHECK(count, has_corners(1, &constant, -1e300, 1e300, 0, NULL));
    const mn_wave sine = {.kind = MN_WAVE_SINE, .p = {1, 1, 0, 0}};
    CHECK(count, has_corners(1, &sine, 0, 1e300, 0, NULL));
    const mn_wave triangle = {.kind = MN_WAVE_TRIANGLE, .p = {0, 1, 8, 0.25}};
    CHECK(count, has_corners(1, &triangle, -3, 8, 3, (mn_corner[]){{-2, false}, {2, false}, {6, false}}));
    const mn_wave pulses = {.kind = MN_WAVE_PULSES, .p = {0, 1, 3, 5, 2, 10}};
    CHECK(count, has_corners(1, &pulses, -1e9, 1e9, 4, (mn_corner[]){{10, true}, {13, true}, {18, true}, {21, true}}));
    CHECK(count, has_corners(1, &pulses, 13, 1e9, 2, (mn_corner[]){{18, true}, {21, true}}));
    const mn_wave stairs = {.kind = MN_WAVE_STEPS, .n_samples = 6, .samples = steps};
    CHECK(count, has_corners(1, &stairs, -5, 1e9, 2, (mn_corner[]){{0.5, true}, {4, true}}));
    mn_wave array = {.kind = MN_WAVE_ARRAY, .p = {0.5, 0}, .n_samples = 3, .samples = values};
    CHECK(count, has_corners(1, &array, -5, 1e9, 2, (mn_corner[]){{0.5, true}, {1, true}}));
    array.p[1] = 1;
    CHECK(count, has_corners(1, &array, -0.7, 0.9, 3, (mn_corner[]){{-0.5, true}, {0, true}, {0.5, true}}));
    array.n_samples = 1;
    CHECK(count, has_corners(1, &array, -5, 1e9, 0, NULL));
    mn_wave linear = {.kind = MN_WAVE_PIECEWISE_LINEAR, .n_samples = 8, .samples = lines};
    CHECK(count, has_corners(1, &linear, -5, 1e9, 3, (mn_corner[]){{-1, false}, {1, true}, {3, false}}));
    linear.n_samples = 2;
    linear.samples = point;
    CHECK(count, has_corners(1, &linear, -5, 1e9, 0, NULL));
}

static void test_nodes(check_count *count)
{
    int32_t both[] = {0, 1}, parts[] = {0, 2, 1}, one[] = {3};
    double durations[] = {4, 2.5, inf};
    const mn_wave wave[] = {
        {.kind = MN_WAVE_TRIANGLE, .p = {0, 1, 4, 0}},
        {.kind = MN_WAVE_PULSES, .p = {0, 1, 1, 2, inf, 0}},
        {.kind = MN_WAVE_SUM, .n_children = 2, .children = both},
        {.kind = MN_WAVE_CONCAT, .n_samples = 3, .samples = durations, .n_children = 3, .children = parts},
        {.kind = MN_WAVE_CURRENT, .n_children = 1, .children = one},
    };
    CHECK(count, has_corners(3, wave, 0, 4, 4, (mn_corner[]){{1, true}, {2, false}, {3, true}, {4, true}}));
    /* 0 to 4 s: the triangle; to 6.5 s: the sum; then the pulses */
    const mn_corner expected[] = {{-2, false}, {0, false},  {2, false},  {4, true},   {5, true},
                                  {6, false},  {6.5, true}, {7.5, true}, {9.5, true}, {10.5, true}};
    CHECK(count, has_corners(4, wave, -3, 12, 10, expected));
    CHECK(count, has_corners(5, wave, -3, 12, 10, expected));
    const mn_wave floating = {.kind = MN_WAVE_FLOATING};
    CHECK(count, has_corners(1, &floating, 0, 1e300, 0, NULL));
}

/* Whatever rounding does to the sum of a start and a corner, the next corner lies after the time that was asked for,
 * and none is named twice. */
static void test_progress(check_count *count)
{
    static const double start[] = {0.1, 1.0 / 3, 1e3 + 0.7, 123456.789, 1e9, 1e15, 1e17};
    for (size_t s = 0; s < sizeof start / sizeof start[0]; s++) {
        int32_t parts[] = {0, 1};
        double durations[] = {start[s], inf};
        const mn_wave wave[] = {
            {.kind = MN_WAVE_CONSTANT, .p = {0}},
            {.kind = MN_WAVE_TRIANGLE, .p = {0, 1, 0.2 + 1e-3 / 3, 0.1}},
            {.kind = MN_WAVE_CONCAT, .n_samples = 2, .samples = durations, .n_children = 2, .children = parts},
        };
        mn_drive drive;
        const int32_t root = 2;
        NEED(mn_drive_init(&drive, 1, &root, 3, wave, NULL) == MN_OK);
        double t = 0;
        int64_t n_wrong = 0;
        for (int k = 0; k < 1000; k++) {
            mn_corner corner = mn_wave_next_corner(&drive, root, t);
            n_wrong += !(corner.time > t);
            n_wrong += start[s] < 1e6 && k > 0 && corner.time - t < 0.02;
            t = corner.time;
        }
        CHECK(count, n_wrong == 0);
        mn_drive_free(&drive);
    }
}

/* Corners of a part that come out at one time are one, which jumps where any of them does; others stay apart. */
static void test_rounding(check_count *count)
{
    double samples[] = {0, 0, 0, 1}, durations[] = {0.7, inf}, lines[] = {0, 0.3, 0.5, /* values: */ 0, 1, 0};
    int32_t both[] = {0, 1}, parts[] = {0, 2};
    mn_wave wave[] = {
        {.kind = MN_WAVE_ARRAY, .p = {0.25, 0}, .n_samples = 4, .samples = samples},
        {.kind = MN_WAVE_TRIANGLE, .p = {0, 1, 0.3, 0.5}},
        {.kind = MN_WAVE_SUM, .n_children = 2, .children = both},
        {.kind = MN_WAVE_CONCAT, .n_samples = 2, .samples = durations, .n_children = 2, .children = parts},
    };
    const double before = nextafter(1.45, 0);
    CHECK(count, has_corners(4, wave, 1.4, 1.5, 2, (mn_corner[]){{before, false}, {1.45, true}}));
    durations[0] = 1;
    wave[0].p[0] = 0.1; /* 3 * 0.1 is not 0.3 */
    wave[1] = (mn_wave){.kind = MN_WAVE_PIECEWISE_LINEAR, .n_samples = 6, .samples = lines};
    CHECK(count, has_corners(4, wave, 1.25, 1.35, 1, (mn_corner[]){{1.3, true}}));
    CHECK(count, has_corners(3, wave, 0.25, 0.35, 2, (mn_corner[]){{0.3, false}, {3 * 0.1, true}}));
}

/* Times and periods at the ends of the range: a corner after the time or none, and always an end. */
static void test_extremes(check_count *count)
{
    double values[] = {1, 2};
    const mn_wave wave[] = {
        {.kind = MN_WAVE_TRIANGLE, .p = {0, 1, 1e-300, 0.3}},
        {.kind = MN_WAVE_TRIANGLE, .p = {0, 1, 1e300, 1e6}},
        {.kind = MN_WAVE_PULSES, .p = {0, 1, 1e-300, 1e-300, inf, -1e300}},
        {.kind = MN_WAVE_PULSES, .p = {0, 1, 1e300, 1e-300, 5, 1e300}},
        {.kind = MN_WAVE_ARRAY, .p = {1e-300, 1}, .n_samples = 2, .samples = values},
        {.kind = MN_WAVE_ARRAY, .p = {1e300, 0}, .n_samples = 2, .samples = values},
    };
    static const double time[] = {-1e300, -1, -1e-300, 0, 1e-300, 1, 1e16, 1e300};
    for (size_t w = 0; w < sizeof wave / sizeof wave[0]; w++) {
        mn_drive drive;
        const int32_t root = 0;
        NEED(mn_drive_init(&drive, 1, &root, 1, &wave[w], NULL) == MN_OK);
        for (size_t k = 0; k < sizeof time / sizeof time[0]; k++) {
            CHECK(count, mn_wave_next_corner(&drive, 0, time[k]).time > time[k]);
        }
        mn_drive_free(&drive);
    }
}

enum { POINTS = 3 };

/* A leaf with what its row has by default, and numbers that differ where there is none. */
static mn_wave example_of(mn_wave_kind kind, double *samples)
{
    const mn_waveform *form = &mn_waveforms[kind];
    mn_wave wave = {.kind = kind, .samples = samples};
    int n_numbers = 0;
    for (int k = 0; k < MN_ARGUMENTS && form->argument[k].kind != 0; k++) {
        const mn_argument *argument = &form->argument[k];
        if (argument->kind < MN_ARGUMENT_VALUES) {
            wave.p[n_numbers] = isnan(argument->initial) ? 1.0 + n_numbers : argument->initial;
            n_numbers++;
            continue;
        }
        for (int j = 0; j < POINTS; j++) { /* a time that may stand twice does */
            const bool twice = argument->kind == MN_ARGUMENT_TIMES_WITH_JUMPS && j == POINTS - 1;
            const double time = twice ? j - 1 : j, value = 1.0 + (double)j * (double)j;
            samples[wave.n_samples++] = argument->kind == MN_ARGUMENT_VALUES ? value : time;
        }
    }
    return wave;
}

static double value_at(const mn_drive *drive, double t)
{
    uint8_t role;
    return mn_wave_evaluate(drive, 0, t, &role);
}

/* At times of rows a jump counts as reached a little early; in an exact copy, for times between rows, it does not. */
static void test_exact_copies(check_count *count)
{
    const double early = 1e-10, soon = 1e-3; /* s */
    int64_t n_jumps = 0;
    for (int kind = 0; kind < MN_WAVE_N; kind++) {
        double samples[2 * POINTS];
        const int32_t root = 0;
        mn_drive drive, exact = {.n_electrodes = 0};
        if (mn_waveforms[kind].value == NULL) {
            continue;
        }
        const mn_wave wave = example_of((mn_wave_kind)kind, samples);
        NEED(mn_drive_init(&drive, 1, &root, 1, &wave, NULL) == MN_OK);
        NEED(mn_drive_copy_exact(&exact, &drive, NULL) == MN_OK);
        mn_corner corner = mn_wave_next_corner(&drive, 0, 0.0);
        for (int k = 0; k < 4 && isfinite(corner.time) && corner.jump; k++) {
            const double before = value_at(&drive, corner.time - soon), after = value_at(&drive, corner.time + soon);
            const double size = fabs(after - before);
            n_jumps += size > 0.1;
            CHECK(count, fabs(value_at(&drive, corner.time - early) - after) <= 0.05 * size);
            CHECK(count, fabs(value_at(&exact, corner.time - early) - before) <= 0.05 * size);
            CHECK(count, fabs(value_at(&exact, corner.time + early) - after) <= 0.05 * size);
            corner = mn_wave_next_corner(&drive, 0, corner.time);
        }
        mn_drive_free(&drive);
        mn_drive_free(&exact);
    }
    CHECK(count, n_jumps > 4);
}

int main(void)
{
    check_count count = {0, 0};
    test_leaves(&count);
    test_nodes(&count);
    test_progress(&count);
    test_rounding(&count);
    test_extremes(&count);
    test_exact_copies(&count);
    return check_report(&count, "corners");
}
