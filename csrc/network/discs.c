/* Networks of particles: discs of diameter 1 thrown at random, groups of those that overlap, gaps between groups
 * (PNN25). Disc i is at (width u0, height u1) for the pair of uniforms u of (seed, STREAM_DISCS, i), so with one seed
 * and box the discs of a lower coverage are the first ones of a higher coverage.
 *
 * Discs that just touch overlap: distances that round to 1 count as 1, so a gap has a length > 0. On a periodic axis
 * distances are those to the nearest image; the mean centre of a group is that of its coordinates inside the box, also
 * where the group reaches across the edge. */
#include "base/cancel.h"
#include "network/disc_builder.h"

#include <math.h>
#include <string.h>

#define STREAM_DISCS UINT64_C(0x64697363)
#define COVERAGE_LIMIT 0.6763

/* -ln(1 - p) = 2 atanh(p / (2 - p)) by its series, without libm so that every machine throws the same number. */
static double disc_count(const mn_discs_options *options)
{
    const double t = options->coverage / (2.0 - options->coverage);
    double sum = 0.0;

    for (int k = 32; k >= 0; k--) {
        sum = 1.0 / (2 * k + 1) + t * t * sum;
    }
    return 2.0 * t * sum * (4.0 / 3.14159265358979323846) * (options->width * options->height);
}

static bool is_positive(double value)
{
    return isfinite(value) && value > 0.0;
}

static int check_options(const mn_discs_options *options, mn_error *error)
{
    if (!is_positive(options->width)) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "width", options->width);
    }
    if (!is_positive(options->height)) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "height", options->height);
    }
    if (!is_positive(options->max_gap)) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "max_gap", options->max_gap);
    }
    if (!(options->coverage > 0.0 && options->coverage < COVERAGE_LIMIT)) {
        return mn_error_refuse(error, MN_ERR_COVERAGE, "coverage", options->coverage);
    }
    const double n = disc_count(options);

    if (n < 0.5) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "n_discs", n);
    }
    if (n + 0.5 >= (double)INT32_MAX) {
        return mn_error_refuse(error, MN_ERR_TOO_LARGE, "n_discs", n);
    }
    return MN_OK;
}

static int throw_discs(mn_discs *discs)
{
    const mn_discs_options *options = &discs->options;

    for (int64_t i = 0; i < discs->n_discs; i++) {
        double u[2];

        if (mn_cancelled_at(options->cancel, i)) {
            return MN_ERR_INTERRUPTED;
        }
        mn_uniform2(options->seed, STREAM_DISCS, (uint64_t)i, 0, u);
        discs->x[i] = options->width * u[0];
        discs->y[i] = options->height * u[1];
    }
    return MN_OK;
}

int mn_discs_init(mn_discs *discs, const mn_discs_options *options, mn_error *error)
{
    mn_disc_builder build = {0};
    mn_pool *pool = &discs->pool;

    memset(discs, 0, sizeof *discs);
    int code = check_options(options, error);
    if (code != MN_OK) {
        return code;
    }
    discs->options = *options;
    discs->n_discs = (int64_t)(disc_count(options) + 0.5);
    discs->x = mn_pool_alloc(pool, discs->n_discs, sizeof *discs->x);
    discs->y = mn_pool_alloc(pool, discs->n_discs, sizeof *discs->y);
    discs->group = mn_pool_alloc(pool, discs->n_discs, sizeof *discs->group);
    code = pool->code;
    if (code != MN_OK) {
        goto out;
    }
    code = throw_discs(discs);
    if (code != MN_OK) {
        goto out;
    }
    code = mn_disc_builder_init(&build, discs);
    if (code != MN_OK) {
        goto out;
    }
    code = mn_disc_builder_group(&build, discs);
    if (code != MN_OK) {
        goto out;
    }
    code = mn_disc_builder_gaps(&build, discs);
out:
    mn_disc_builder_free(&build);
    discs->options.cancel = NULL; /* it need not live as long */
    if (code != MN_OK) {
        mn_discs_free(discs);
    }
    return mn_error_set(error, code);
}

void mn_discs_free(mn_discs *discs)
{
    mn_pool_free(&discs->pool);
    memset(discs, 0, sizeof *discs);
}
