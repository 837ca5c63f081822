/* Networks of nanowires: straight sticks thrown at random, with a junction wherever two of them meet.
 * Whether two meet is decided exactly (sticks.h).
 *
 * Wire i has its centre at (width u0, height u1) for the pair of uniforms u of (seed, STREAM_CENTRE, i), its direction
 * and its length from streams of their own: with one seed and otherwise equal options the wires of a smaller network
 * are the first ones of a larger network. */
#include "base/cancel.h"
#include "memnet.h"
#include "network/junctions.h"
#include "network/pairs.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define STREAM_CENTRE UINT64_C(0x77697265)
#define STREAM_ANGLE UINT64_C(0x616e676c)
#define STREAM_LENGTH UINT64_C(0x6c656e67)
#define STREAM_SAMPLE UINT64_C(0x73616d70)
#define GRID_BITS 50      /* the extent is below 2^50 units of the grid */
#define NORMAL_LIMIT 12.2 /* no normal() is larger: u >= 2^-53 in u^2 <= exp(-x^2 / 2) */
#define SHORTEST 8.0      /* units of the grid: shorter mean lengths are refused */
#define SAMPLE_SHARE 16   /* one wire in so many makes the sample that tells the number of junctions */
#define SAMPLE_LEAST 256
#define SAMPLE_MARGIN 2.0 /* wires a few of which are long make a sample uncertain; what is closer is searched */

/* ------------------------------------------------------------------ throwing wires */

static bool is_positive(double value)
{
    return isfinite(value) && value > 0.0;
}

static int check_options(const mn_wires_options *options, mn_error *error)
{
    if (!is_positive(options->width)) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "width", options->width);
    }
    if (!is_positive(options->height)) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "height", options->height);
    }
    if (options->n_wires < 1) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "n_wires", (double)options->n_wires);
    }
    if (options->n_wires >= INT32_MAX) {
        return mn_error_refuse(error, MN_ERR_TOO_LARGE, "n_wires", (double)options->n_wires);
    }
    if (!is_positive(options->length)) {
        return mn_error_refuse(error, MN_ERR_WIRE_LENGTH, "length", options->length);
    }
    if (!(isfinite(options->length_sd) && options->length_sd >= 0.0)) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "length_sd", options->length_sd);
    }
    if (!isfinite(options->direction)) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "direction", options->direction);
    }
    if (!(options->spread >= 0.0)) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "spread", options->spread);
    }
    if (options->max_bytes < 0) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "max_bytes", (double)options->max_bytes);
    }
    return MN_OK;
}

/* Sets the grid for coordinates up to `extent`. */
static int set_grid(mn_wires *wires, double extent, mn_error *error)
{
    int exponent = 0;

    if (!(extent > 0x1p-900 && extent < 0x1p900)) { /* so that squares of coordinates stay within range, too */
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "extent", extent);
    }
    (void)frexp(extent, &exponent);
    wires->grid = ldexp(1.0, exponent - GRID_BITS);
    return MN_OK;
}

/* Standard normal by the ratio of uniforms (Kinderman and Monahan 1977): v/u for (u, v) uniform in the region
 * u^2 <= exp(-(v/u)^2 / 2). *draw counts them. */
static double normal(uint64_t seed, uint64_t stream, int64_t index, uint64_t *draw)
{
    const double half_width = 0.8577638849607068; /* sqrt(2 / e) */

    for (;;) {
        double u[2];

        mn_uniform2(seed, stream, (uint64_t)index, (*draw)++, u);
        const double x = (2.0 * u[1] - 1.0) * half_width / u[0];

        if (u[0] > 0.0 && u[0] * u[0] <= mn_exp1(-0.5 * x * x)) {
            return x;
        }
    }
}

static double draw_turns(const mn_wires_options *options, int64_t wire)
{
    double u[2];
    uint64_t draw = 0;

    if (options->spread == 0.0) {
        return options->direction;
    }
    if (isfinite(options->spread)) {
        return options->direction + options->spread * normal(options->seed, STREAM_ANGLE, wire, &draw);
    }
    mn_uniform2(options->seed, STREAM_ANGLE, (uint64_t)wire, 0, u);
    return 0.5 * u[0];
}

static bool has_no_length(const mn_stick *a)
{
    return a->p.x == a->q.x && a->p.y == a->q.y;
}

/* Lengths that are not positive, or shorter than the grid can show, are drawn again. */
static int throw_wires(const mn_wires_options *options, double grid, mn_wire_builder *build)
{
    for (int64_t i = 0; i < build->n; i++) {
        if (mn_cancelled_at(build->cancel, i)) {
            return MN_ERR_INTERRUPTED;
        }
        const double turns = draw_turns(options, i);
        const double part = turns - floor(turns);
        const double half_x = 0.5 * mn_sin_turns(part + 0.25) / grid;
        const double half_y = 0.5 * mn_sin_turns(part) / grid;
        mn_stick *a = &build->stick[i];
        uint64_t draw = 0;
        double u[2];

        mn_uniform2(options->seed, STREAM_CENTRE, (uint64_t)i, 0, u);
        const double x = options->width * u[0] / grid;
        const double y = options->height * u[1] / grid;

        do {
            double length = options->length;

            if (options->length_sd > 0.0) {
                length += options->length_sd * normal(options->seed, STREAM_LENGTH, i, &draw);
            }
            length = fmax(length, 0.0);
            a->p = (mn_point){.x = rint(x - length * half_x), .y = rint(y - length * half_y)};
            a->q = (mn_point){.x = rint(x + length * half_x), .y = rint(y + length * half_y)};
        } while (has_no_length(a));
    }
    return MN_OK;
}

static int take_ends(const mn_wires *wires, const double *end, mn_wire_builder *build, mn_error *error)
{
    for (int64_t i = 0; i < build->n; i++) {
        mn_stick *a = &build->stick[i];

        a->p = (mn_point){.x = rint(end[4 * i] / wires->grid), .y = rint(end[4 * i + 1] / wires->grid)};
        a->q = (mn_point){.x = rint(end[4 * i + 2] / wires->grid), .y = rint(end[4 * i + 3] / wires->grid)};
        if (has_no_length(a)) {
            if (error != NULL) {
                error->node = (int32_t)i;
            }
            return mn_error_set(error, MN_ERR_WIRE_LENGTH);
        }
    }
    return MN_OK;
}

/* ------------------------------------------------------------------ making a network */

/* At least what the mean number of junctions is. Two sticks meet if and only if the difference of their centres lies in
 * the parallelogram that they span, of area l1 l2 |sin a| for an angle a between them. The density of that difference
 * is nowhere above 1 / (width height), so a pair meets with a probability of at most E[l]^2 E|sin a| / (width height),
 * and at most 1. E|sin a| is 2 / pi where every direction is as likely, and never more; for normal directions it is at
 * most E|a| = 2 sigma / sqrt(pi). Cutting normal lengths at zero adds at most sqrt(2 / pi) of their deviation to the
 * mean. */
static double expected_junctions(const mn_wires_options *options)
{
    const double length = options->length + 0.8 * options->length_sd;
    const double sine = fmin(0.6366197723675814, 7.0898154036220641 * options->spread); /* 2 / pi, 4 sqrt(pi) turns */
    const double share = sine * (length / options->width) * (length / options->height);

    return mn_pairs_of(options->n_wires) * fmin(share, 1.0);
}

static int store_wires(const mn_wire_builder *build, mn_wires *wires)
{
    wires->end = mn_pool_alloc(&wires->pool, wires->n_wires, 4 * sizeof *wires->end);
    wires->length = mn_pool_alloc(&wires->pool, wires->n_wires, sizeof *wires->length);
    if (wires->pool.code != MN_OK) {
        return wires->pool.code;
    }
    for (int64_t i = 0; i < wires->n_wires; i++) {
        const mn_stick *a = &build->stick[i];
        const double dx = a->q.x - a->p.x;
        const double dy = a->q.y - a->p.y;

        wires->end[4 * i] = a->p.x * wires->grid;
        wires->end[4 * i + 1] = a->p.y * wires->grid;
        wires->end[4 * i + 2] = a->q.x * wires->grid;
        wires->end[4 * i + 3] = a->q.y * wires->grid;
        wires->length[i] = sqrt(dx * dx + dy * dy) * wires->grid;
    }
    return MN_OK;
}

static int store_junctions(mn_wire_builder *build, mn_wires *wires)
{
    const int code = mn_pairs_sort(build->n, build->n_junctions, build->junction);

    if (code != MN_OK) {
        return code;
    }
    wires->n_junctions = build->n_junctions;
    wires->junction = mn_pool_alloc(&wires->pool, build->n_junctions, 2 * sizeof *wires->junction);
    wires->along = mn_pool_alloc(&wires->pool, build->n_junctions, 2 * sizeof *wires->along);
    wires->point = mn_pool_alloc(&wires->pool, build->n_junctions, 2 * sizeof *wires->point);
    if (wires->pool.code != MN_OK) {
        return wires->pool.code;
    }
    for (int64_t k = 0; k < build->n_junctions; k++) {
        const mn_stick *a = &build->stick[build->junction[2 * k]];
        const mn_stick *b = &build->stick[build->junction[2 * k + 1]];
        double *along = &wires->along[2 * k];

        wires->junction[2 * k] = build->junction[2 * k];
        wires->junction[2 * k + 1] = build->junction[2 * k + 1];
        mn_meeting(a, b, along);
        wires->point[2 * k] = (a->p.x + along[0] * (a->q.x - a->p.x)) * wires->grid;
        wires->point[2 * k + 1] = (a->p.y + along[0] * (a->q.y - a->p.y)) * wires->grid;
    }
    return MN_OK;
}

static int alloc_sticks(mn_wire_builder *build)
{
    build->stick = mn_pool_alloc(&build->pool, build->n, sizeof *build->stick);
    return build->pool.code;
}

/* One stick out of each stretch of the list, at random, so that no order of the wires misleads. */
static void draw_sample(const mn_wire_builder *build, mn_wire_builder *sample)
{
    const double stretch = (double)build->n / (double)sample->n;

    for (int64_t k = 0; k < sample->n; k++) {
        double u[2];

        mn_uniform2(0, STREAM_SAMPLE, (uint64_t)k, 0, u);
        const int64_t i = (int64_t)(((double)k + u[0]) * stretch);

        sample->stick[k] = build->stick[i < build->n ? i : build->n - 1];
    }
}

/* Whether a sample of the wires tells that all have far too many junctions, which is known much sooner. Wires that are
 * thrown (options) need not be there yet: the first ones are a sample. */
static int try_sample(mn_wire_builder *build, const mn_wires_options *options, double grid)
{
    const int64_t share = build->n / SAMPLE_SHARE;
    mn_wire_builder sample = {
        .n = share > SAMPLE_LEAST ? share : SAMPLE_LEAST, .n_whole = build->n, .cancel = build->cancel};

    if (2 * sample.n > build->n) {
        return MN_OK;
    }
    const double part = mn_pairs_of(sample.n) / mn_pairs_of(build->n);
    int code = alloc_sticks(&sample);
    if (code != MN_OK) {
        goto out;
    }
    sample.room = build->room;
    sample.most_junctions = (int64_t)(SAMPLE_MARGIN * part * (double)build->most_junctions);
    if (options == NULL) {
        draw_sample(build, &sample);
    } else {
        code = throw_wires(options, grid, &sample);
        if (code != MN_OK) {
            goto out;
        }
    }
    code = mn_wire_builder_join(&sample);
out:
    build->needed = sample.needed;
    mn_wire_builder_free(&sample);
    return code;
}

static int join_and_store(mn_wire_builder *build, mn_wires *wires)
{
    int code = mn_wire_builder_join(build);
    if (code != MN_OK) {
        return code;
    }
    wires->n_wires = build->n;
    code = store_wires(build, wires);
    return code == MN_OK ? store_junctions(build, wires) : code;
}

/* Releases what made the network, and the network where that failed. */
static int finish(mn_wire_builder *build, mn_wires *wires, int code, const char *check, mn_error *error)
{
    mn_wire_builder_free(build);
    if (code != MN_OK) {
        mn_wires_free(wires);
    }
    if (code == MN_ERR_TOO_LARGE && error != NULL) {
        error->check = check;
        return mn_error_refuse(error, code, "memory in GB", rint(build->needed / 1e6) / 1e3);
    }
    return mn_error_set(error, code);
}

int mn_wires_init(mn_wires *wires, const mn_wires_options *options, mn_error *error)
{
    mn_wire_builder build = {.cancel = options->cancel};
    const double longest = options->length + NORMAL_LIMIT * options->length_sd;

    memset(wires, 0, sizeof *wires);
    int code = check_options(options, error);
    if (code != MN_OK) {
        return code;
    }
    code = set_grid(wires, fmax(options->width, options->height) + longest, error);
    if (code != MN_OK) {
        return code;
    }
    if (!(options->length >= SHORTEST * wires->grid)) {
        return mn_error_refuse(error, MN_ERR_WIRE_LENGTH, "length", options->length);
    }
    code = mn_wire_builder_budget(&build, options->n_wires, options->max_bytes);
    if (code != MN_OK) {
        goto out;
    }
    if (expected_junctions(options) > (double)build.most_junctions) {
        code = try_sample(&build, options, wires->grid);
        if (code != MN_OK) {
            goto out;
        }
    }
    code = alloc_sticks(&build);
    if (code != MN_OK) {
        goto out;
    }
    code = throw_wires(options, wires->grid, &build);
    if (code != MN_OK) {
        goto out;
    }
    code = join_and_store(&build, wires);
out:
    return finish(&build, wires, code, "n_wires, length and size", error);
}

/* Sets the grid for given ends. */
static int measure_ends(mn_wires *wires, int64_t n_wires, const double *end, mn_error *error)
{
    double extent = 0.0;

    for (int64_t k = 0; k < 4 * n_wires; k++) {
        if (!isfinite(end[k])) {
            return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "end", end[k]);
        }
        extent = fmax(extent, fabs(end[k]));
    }
    return extent > 0.0 ? set_grid(wires, extent, error) : mn_error_set(error, MN_ERR_WIRE_LENGTH);
}

int mn_wires_place(mn_wires *wires, int64_t n_wires, const double *end, int64_t max_bytes, mn_cancel *cancel,
                   mn_error *error)
{
    mn_wire_builder build = {.cancel = cancel};

    memset(wires, 0, sizeof *wires);
    if (n_wires < 1) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "n_wires", (double)n_wires);
    }
    if (n_wires >= INT32_MAX) {
        return mn_error_refuse(error, MN_ERR_TOO_LARGE, "n_wires", (double)n_wires);
    }
    if (max_bytes < 0) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "max_bytes", (double)max_bytes);
    }
    int code = measure_ends(wires, n_wires, end, error);
    if (code != MN_OK) {
        return code;
    }
    code = mn_wire_builder_budget(&build, n_wires, max_bytes);
    if (code != MN_OK) {
        goto out;
    }
    code = alloc_sticks(&build);
    if (code != MN_OK) {
        goto out;
    }
    build.in_order = true;
    code = take_ends(wires, end, &build, error);
    if (code != MN_OK) {
        goto out;
    }
    if (mn_pairs_of(n_wires) > (double)build.most_junctions) {
        code = try_sample(&build, NULL, wires->grid);
        if (code != MN_OK) {
            goto out;
        }
    }
    code = join_and_store(&build, wires);
out:
    return finish(&build, wires, code, "the number and the length of the wires", error);
}

void mn_wires_free(mn_wires *wires)
{
    mn_pool_free(&wires->pool);
    memset(wires, 0, sizeof *wires);
}
