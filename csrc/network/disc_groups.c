/* Groups of discs that overlap. Discs are sorted into cells, whose particles stand together, and joined with those of
 * the cells around them. */
#include "network/disc_builder.h"

#include "base/cancel.h"
#include "network/sets.h"

#include <float.h>

#define LARGEST_TOUCHING (1.0 + DBL_EPSILON) /* the largest square whose root rounds to 1 */
#define CELL_SLACK 1e-6                      /* in cells: covers the rounding of cell numbers up to 2^31 */

/* ------------------------------------------------------------------ cells */

/* At most one cell a disc in the whole box, so that sparse and narrow boxes do not need more memory than dense ones. */
static mn_disc_axis axis_of(double size, bool periodic, double side, int64_t n_discs)
{
    const double n = fmin(size / (side * (1.0 + CELL_SLACK)), (double)n_discs);

    return (mn_disc_axis){.size = size, .image = periodic ? size : (double)INFINITY, .n = n < 1.0 ? 1 : (int64_t)n};
}

int64_t mn_disc_cell(const mn_disc_axis *axis, double at)
{
    const int64_t cell = (int64_t)(at / axis->size * (double)axis->n);

    return cell < axis->n ? cell : axis->n - 1;
}

int64_t mn_disc_range(const mn_disc_axis *axis, double distance)
{
    const double range = ceil(distance / axis->size * (double)axis->n + CELL_SLACK);

    return range < (double)axis->n ? (int64_t)range : axis->n;
}

/* The cells within `range` of a cell, each once, as one or two intervals low..high-1. Returns how many. */
static int axis_window(const mn_disc_axis *axis, int64_t cell, int64_t range, int64_t low[2], int64_t high[2])
{
    const bool periodic = isfinite(axis->image);
    const int64_t before = cell - range;
    const int64_t after = cell + range + 1;

    low[0] = before > 0 ? before : 0;
    high[0] = after < axis->n ? after : axis->n;
    if (periodic && after - before >= axis->n) {
        low[0] = 0;
        high[0] = axis->n;
    } else if (periodic && (before < 0 || after > axis->n)) {
        low[1] = before < 0 ? before + axis->n : 0;
        high[1] = before < 0 ? axis->n : after - axis->n;
        return 2;
    }
    return 1;
}

int64_t mn_disc_near(const mn_disc_builder *build, int64_t cell_x, int64_t cell_y, int64_t range_x, int64_t range_y)
{
    int64_t low_x[2], high_x[2], low_y[2], high_y[2];
    const int n_x = axis_window(&build->x, cell_x, range_x, low_x, high_x);
    const int n_y = axis_window(&build->y, cell_y, range_y, low_y, high_y);
    int64_t n = 0;

    for (int part_y = 0; part_y < n_y; part_y++) {
        for (int64_t row = low_y[part_y]; row < high_y[part_y]; row++) {
            for (int part_x = 0; part_x < n_x; part_x++) {
                build->near[n].low = build->start[row * build->x.n + low_x[part_x]];
                build->near[n].high = build->start[row * build->x.n + high_x[part_x]];
                n++;
            }
        }
    }
    return n;
}

/* Counting sort; `set` holds the cell of each disc meanwhile. */
static void sort_by_cell(mn_disc_builder *build, const mn_discs *discs)
{
    const int64_t n_cells = build->x.n * build->y.n;

    for (int64_t i = 0; i < build->n; i++) {
        const int64_t cell = mn_disc_cell(&build->y, discs->y[i]) * build->x.n + mn_disc_cell(&build->x, discs->x[i]);

        build->set[i] = (int32_t)cell;
        build->start[cell]++;
    }
    for (int64_t cell = 0; cell < n_cells; cell++) {
        build->start[cell + 1] += build->start[cell];
    }
    for (int64_t i = build->n - 1; i >= 0; i--) {
        const int32_t at = --build->start[build->set[i]];

        build->particle[at] = (mn_particle){.x = discs->x[i], .y = discs->y[i], .disc = (int32_t)i, .group = -1};
    }
}

/* ------------------------------------------------------------------ groups */

static int join_overlapping(mn_disc_builder *build)
{
    const int64_t range_x = mn_disc_range(&build->x, 1.0);
    const int64_t range_y = mn_disc_range(&build->y, 1.0);

    mn_sets_init(build->n, build->set);
    for (int64_t cell = 0; cell < build->x.n * build->y.n; cell++) {
        if (mn_cancelled(build->cancel)) {
            return MN_ERR_INTERRUPTED; /* GCOV_EXCL_LINE: Ctrl-C at this moment */
        }
        const int64_t n_near = mn_disc_near(build, cell % build->x.n, cell / build->x.n, range_x, range_y);

        for (int32_t i = build->start[cell]; i < build->start[cell + 1]; i++) {
            for (int64_t k = 0; k < n_near; k++) {
                const int32_t first = build->near[k].low > i ? build->near[k].low : i + 1;

                for (int32_t j = first; j < build->near[k].high; j++) {
                    if (mn_square_distance(build, &build->particle[i], &build->particle[j]) <= LARGEST_TOUCHING) {
                        mn_sets_join(build->set, i, j);
                    }
                }
            }
        }
    }
    build->n_groups = mn_sets_number(build->n, build->set);
    return MN_OK;
}

/* Numbers the groups by their first disc and takes their mean centres. `slot` holds the group of each set,
 * `set_particle` the set of each disc meanwhile. */
static void number_groups(mn_disc_builder *build, mn_discs *discs)
{
    int32_t *group_of = build->slot;
    int32_t n_groups = 0;

    for (int64_t k = 0; k < build->n; k++) {
        build->set_particle[build->particle[k].disc] = build->set[k];
    }
    for (int64_t g = 0; g < build->n_groups; g++) {
        group_of[g] = -1;
    }
    for (int64_t i = 0; i < build->n; i++) {
        int32_t *group = &group_of[build->set_particle[i]];

        *group = *group < 0 ? n_groups++ : *group;
        discs->group[i] = *group;
        discs->group_x[*group] += discs->x[i];
        discs->group_y[*group] += discs->y[i];
    }
    for (int64_t k = 0; k < build->n; k++) {
        build->particle[k].group = group_of[build->set[k]];
        build->set_start[build->set[k] + 1]++;
    }
    for (int64_t s = 0; s < build->n_groups; s++) {
        const double n_discs = build->set_start[s + 1];

        discs->group_x[group_of[s]] /= n_discs;
        discs->group_y[group_of[s]] /= n_discs;
        build->set_start[s + 1] += build->set_start[s];
    }
}

/* Lists the particles of each set in their order. */
static void list_sets(mn_disc_builder *build)
{
    for (int64_t k = build->n - 1; k >= 0; k--) {
        build->set_particle[--build->set_start[build->set[k] + 1]] = (int32_t)k;
    }
    for (int64_t s = 0; s < build->n_groups; s++) {
        build->set_start[s] = build->set_start[s + 1];
    }
    build->set_start[build->n_groups] = (int32_t)build->n;
    for (int64_t g = 0; g < build->n_groups; g++) {
        build->slot[g] = -1;
    }
}

/* ------------------------------------------------------------------ life */

int mn_disc_builder_init(mn_disc_builder *build, const mn_discs *discs)
{
    const mn_discs_options *options = &discs->options;
    const int64_t n = discs->n_discs;
    const double side = fmax(1.0, sqrt(options->width * options->height / (double)n));
    mn_pool *pool = &build->pool;

    build->n = n;
    build->cancel = options->cancel;
    build->x = axis_of(options->width, options->periodic_x, side, n);
    build->y = axis_of(options->height, options->periodic_y, side, n);
    build->particle = mn_pool_alloc(pool, n, sizeof *build->particle);
    build->start = mn_pool_alloc(pool, build->x.n * build->y.n + 1, sizeof *build->start);
    build->set = mn_pool_alloc(pool, n, sizeof *build->set);
    build->near = mn_pool_alloc(pool, 2 * build->y.n, sizeof *build->near);
    build->set_particle = mn_pool_alloc(pool, n, sizeof *build->set_particle);
    return pool->code;
}

void mn_disc_builder_free(mn_disc_builder *build)
{
    mn_pool_free(&build->pool);
    mn_dealloc(build->link);
}

static int alloc_groups(mn_disc_builder *build, mn_discs *discs)
{
    discs->n_groups = build->n_groups;
    discs->group_x = mn_pool_alloc(&discs->pool, build->n_groups, sizeof *discs->group_x);
    discs->group_y = mn_pool_alloc(&discs->pool, build->n_groups, sizeof *discs->group_y);
    build->set_start = mn_pool_alloc(&build->pool, build->n_groups + 1, sizeof *build->set_start);
    build->slot = mn_pool_alloc(&build->pool, build->n_groups, sizeof *build->slot);
    return discs->pool.code != MN_OK ? discs->pool.code : build->pool.code;
}

int mn_disc_builder_group(mn_disc_builder *build, mn_discs *discs)
{
    sort_by_cell(build, discs);
    int code = join_overlapping(build);
    if (code != MN_OK) {
        return code;
    }
    code = alloc_groups(build, discs);
    if (code != MN_OK) {
        return code;
    }
    number_groups(build, discs);
    list_sets(build);
    return MN_OK;
}
