/* Networks of particles: discs of diameter 1 thrown at random, groups of those that overlap, gaps between groups
 * (PNN25). Disc i is at (width u0, height u1) for the pair of uniforms u of (seed, STREAM_DISCS, i), so with one seed
 * and box the discs of a lower coverage are the first ones of a higher coverage.
 *
 * Discs that just touch overlap: distances that round to 1 count as 1, so a gap has a length > 0. On a periodic axis
 * distances are those to the nearest image; the mean centre of a group is that of its coordinates inside the box, also
 * where the group reaches across the edge. */
#include "base/cancel.h"
#include "memnet.h"
#include "network/sets.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define STREAM_DISCS UINT64_C(0x64697363)
#define COVERAGE_LIMIT 0.6763
#define LARGEST_TOUCHING (1.0 + DBL_EPSILON) /* the largest square whose root rounds to 1 */
#define CELL_SLACK 1e-6                      /* in cells: covers the rounding of cell numbers up to 2^31 */

typedef struct {
    double size;  /* pd */
    double image; /* distance to the next image: the size, inf where the axis is open */
    int64_t n;    /* cells, which tile the box exactly and are longer than 1 pd */
} cell_axis;

typedef struct {
    double x, y;
    int32_t disc;
    int32_t group;
} particle;

typedef struct {
    int32_t low, high; /* particles low..high-1 */
} segment;

typedef struct {
    double square; /* of the shortest distance */
    int32_t a, b;
    int32_t disc_a, disc_b;
} link;

typedef struct {
    cell_axis x, y;
    int64_t n;
    particle *particle; /* n, sorted by cell; cells of one row stand in a row */
    int32_t *start;     /* cells + 1: first particle of each cell */
    int32_t *set;       /* n: union-find parent, then groups numbered by their first particle */
    segment *near;      /* 2 y.n: particles of the cells around one cell */
    int64_t n_groups;
    int32_t *member_start; /* n_groups + 1 */
    int32_t *member;       /* n: particles by set */
    int32_t *slot;         /* n_groups: the link to this group that was found last */
    int64_t n_links;
    int64_t link_capacity;
    link *link;
    mn_cancel *cancel;
} builder;

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

static int refuse(mn_error *error, int code, const char *field, double value)
{
    if (error != NULL) {
        error->field = field;
        error->value = value;
    }
    return mn_error_set(error, code);
}

static bool is_positive(double value)
{
    return isfinite(value) && value > 0.0;
}

static int check_options(const mn_discs_options *options, mn_error *error)
{
    if (!is_positive(options->width)) {
        return refuse(error, MN_ERR_BAD_ARGUMENT, "width", options->width);
    }
    if (!is_positive(options->height)) {
        return refuse(error, MN_ERR_BAD_ARGUMENT, "height", options->height);
    }
    if (!is_positive(options->max_gap)) {
        return refuse(error, MN_ERR_BAD_ARGUMENT, "max_gap", options->max_gap);
    }
    if (!(options->coverage > 0.0 && options->coverage < COVERAGE_LIMIT)) {
        return refuse(error, MN_ERR_COVERAGE, "coverage", options->coverage);
    }
    const double n = disc_count(options);

    if (n < 0.5) {
        return refuse(error, MN_ERR_BAD_ARGUMENT, "n_discs", n);
    }
    if (n + 0.5 >= (double)INT32_MAX) {
        return refuse(error, MN_ERR_TOO_LARGE, "n_discs", n);
    }
    return MN_OK;
}

/* At most one cell a disc in the whole box, so that sparse and narrow boxes do not need more memory than dense ones. */
static cell_axis axis_of(double size, bool periodic, double side, int64_t n_discs)
{
    const double n = fmin(size / (side * (1.0 + CELL_SLACK)), (double)n_discs);

    return (cell_axis){.size = size, .image = periodic ? size : (double)INFINITY, .n = n < 1.0 ? 1 : (int64_t)n};
}

static int64_t axis_cell(const cell_axis *axis, double at)
{
    const int64_t cell = (int64_t)(at / axis->size * (double)axis->n);

    return cell < axis->n ? cell : axis->n - 1;
}

static int64_t axis_range(const cell_axis *axis, double distance)
{
    const double range = ceil(distance / axis->size * (double)axis->n + CELL_SLACK);

    return range < (double)axis->n ? (int64_t)range : axis->n;
}

/* The cells within `range` of a cell, each once, as one or two intervals low..high-1. Returns how many. */
static int axis_window(const cell_axis *axis, int64_t cell, int64_t range, int64_t low[2], int64_t high[2])
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

static double square_distance(const builder *build, const particle *p, const particle *q)
{
    double dx = fabs(p->x - q->x);
    double dy = fabs(p->y - q->y);

    dx = build->x.image - dx < dx ? build->x.image - dx : dx;
    dy = build->y.image - dy < dy ? build->y.image - dy : dy;
    return dx * dx + dy * dy;
}

static int64_t find_near(const builder *build, int64_t cell_x, int64_t cell_y, int64_t range_x, int64_t range_y)
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

/* Counting sort; `set` holds the cell of each disc meanwhile. */
static void sort_by_cell(builder *build, const mn_discs *discs)
{
    const int64_t n_cells = build->x.n * build->y.n;

    for (int64_t i = 0; i < build->n; i++) {
        const int64_t cell = axis_cell(&build->y, discs->y[i]) * build->x.n + axis_cell(&build->x, discs->x[i]);

        build->set[i] = (int32_t)cell;
        build->start[cell]++;
    }
    for (int64_t cell = 0; cell < n_cells; cell++) {
        build->start[cell + 1] += build->start[cell];
    }
    for (int64_t i = build->n - 1; i >= 0; i--) {
        const int32_t at = --build->start[build->set[i]];

        build->particle[at] = (particle){.x = discs->x[i], .y = discs->y[i], .disc = (int32_t)i, .group = -1};
    }
}

static int join_overlapping(builder *build)
{
    const int64_t range_x = axis_range(&build->x, 1.0);
    const int64_t range_y = axis_range(&build->y, 1.0);

    mn_sets_init(build->n, build->set);
    for (int64_t cell = 0; cell < build->x.n * build->y.n; cell++) {
        if (mn_cancelled(build->cancel)) {
            return MN_ERR_INTERRUPTED; /* GCOV_EXCL_LINE: Ctrl-C at this moment */
        }
        const int64_t n_near = find_near(build, cell % build->x.n, cell / build->x.n, range_x, range_y);

        for (int32_t i = build->start[cell]; i < build->start[cell + 1]; i++) {
            for (int64_t k = 0; k < n_near; k++) {
                const int32_t first = build->near[k].low > i ? build->near[k].low : i + 1;

                for (int32_t j = first; j < build->near[k].high; j++) {
                    if (square_distance(build, &build->particle[i], &build->particle[j]) <= LARGEST_TOUCHING) {
                        mn_sets_join(build->set, i, j);
                    }
                }
            }
        }
    }
    build->n_groups = mn_sets_number(build->n, build->set);
    return MN_OK;
}

/* Numbers the groups by their first disc and takes their mean centres. `slot` holds the group of each set, `member`
 * the set of each disc meanwhile. */
static void number_groups(builder *build, mn_discs *discs)
{
    int32_t *group_of = build->slot;
    int32_t n_groups = 0;

    for (int64_t k = 0; k < build->n; k++) {
        build->member[build->particle[k].disc] = build->set[k];
    }
    for (int64_t g = 0; g < build->n_groups; g++) {
        group_of[g] = -1;
    }
    for (int64_t i = 0; i < build->n; i++) {
        int32_t *group = &group_of[build->member[i]];

        *group = *group < 0 ? n_groups++ : *group;
        discs->group[i] = *group;
        discs->group_x[*group] += discs->x[i];
        discs->group_y[*group] += discs->y[i];
    }
    for (int64_t k = 0; k < build->n; k++) {
        build->particle[k].group = group_of[build->set[k]];
        build->member_start[build->set[k] + 1]++;
    }
    for (int64_t s = 0; s < build->n_groups; s++) {
        const double n_members = build->member_start[s + 1];

        discs->group_x[group_of[s]] /= n_members;
        discs->group_y[group_of[s]] /= n_members;
        build->member_start[s + 1] += build->member_start[s];
    }
}

/* Lists the particles of each set in their order. */
static void list_members(builder *build)
{
    for (int64_t k = build->n - 1; k >= 0; k--) {
        build->member[--build->member_start[build->set[k] + 1]] = (int32_t)k;
    }
    for (int64_t s = 0; s < build->n_groups; s++) {
        build->member_start[s] = build->member_start[s + 1];
    }
    build->member_start[build->n_groups] = (int32_t)build->n;
    for (int64_t g = 0; g < build->n_groups; g++) {
        build->slot[g] = -1;
    }
}

static bool is_shorter(const link *p, const link *q)
{
    if (p->square != q->square) {
        return p->square < q->square;
    }
    return p->disc_a != q->disc_a ? p->disc_a < q->disc_a : p->disc_b < q->disc_b;
}

/* Keeps the shortest link of a pair of groups; links from `first` on start at the same group. */
static int keep_link(builder *build, int64_t first, link found)
{
    if (build->slot[found.b] >= first) {
        link *kept = &build->link[build->slot[found.b]];

        *kept = is_shorter(&found, kept) ? found : *kept;
        return MN_OK;
    }
    if (build->n_links == build->link_capacity) {
        const int64_t capacity = build->link_capacity < 1024 ? 1024 : 2 * build->link_capacity;
        link *grown = mn_realloc(build->link, capacity, sizeof *grown);

        if (grown == NULL) {
            return MN_ERR_NO_MEMORY;
        }
        build->link = grown;
        build->link_capacity = capacity;
    }
    if (build->n_links == INT32_MAX) {
        return MN_ERR_TOO_LARGE; /* GCOV_EXCL_LINE: 2^31 gaps */
    }
    build->slot[found.b] = (int32_t)build->n_links;
    build->link[build->n_links++] = found;
    return MN_OK;
}

/* Looks for groups of higher number around one particle. The square of the limit is rounded up. */
static int link_particle(builder *build, int64_t first, const particle *p, int64_t n_near, double limit)
{
    for (int64_t k = 0; k < n_near; k++) {
        if (mn_cancelled(build->cancel)) {
            return MN_ERR_INTERRUPTED;
        }
        for (int32_t j = build->near[k].low; j < build->near[k].high; j++) {
            const particle *q = &build->particle[j];

            if (q->group > p->group) {
                const double square = square_distance(build, p, q);

                if (square <= limit) {
                    const int status = keep_link(
                        build, first,
                        (link){.square = square, .a = p->group, .b = q->group, .disc_a = p->disc, .disc_b = q->disc});

                    if (status != MN_OK) {
                        return status;
                    }
                }
            }
        }
    }
    return MN_OK;
}

/* Group by group, in the order of the sets, whose neighbours in this order are neighbours in memory. */
static int find_links(builder *build, double max_gap)
{
    const double limit = (1.0 + max_gap) * (1.0 + max_gap) * (1.0 + 8.0 * DBL_EPSILON);
    const int64_t range_x = axis_range(&build->x, 1.0 + max_gap);
    const int64_t range_y = axis_range(&build->y, 1.0 + max_gap);
    int64_t n_kept = 0;

    for (int64_t s = 0; s < build->n_groups; s++) {
        const int64_t first = build->n_links;
        int64_t last_cell = -1;
        int64_t n_near = 0;

        for (int32_t k = build->member_start[s]; k < build->member_start[s + 1]; k++) {
            const particle *p = &build->particle[build->member[k]];
            const int64_t cell_x = axis_cell(&build->x, p->x);
            const int64_t cell_y = axis_cell(&build->y, p->y);

            if (cell_y * build->x.n + cell_x != last_cell) {
                last_cell = cell_y * build->x.n + cell_x;
                n_near = find_near(build, cell_x, cell_y, range_x, range_y);
            }
            const int status = link_particle(build, first, p, n_near, limit);

            if (status != MN_OK) {
                return status;
            }
        }
    }
    for (int64_t k = 0; k < build->n_links; k++) {
        if (sqrt(build->link[k].square) - 1.0 < max_gap) {
            build->link[n_kept++] = build->link[k];
        }
    }
    build->n_links = n_kept;
    return MN_OK;
}

/* One pass of a stable counting sort: order_out lists `order` by group a or b. offset (n_groups + 1) is work space. */
static void sort_links(const builder *build, bool by_b, const int32_t *order, int32_t *offset, int32_t *order_out)
{
    memset(offset, 0, (size_t)(build->n_groups + 1) * sizeof *offset);
    for (int64_t k = 0; k < build->n_links; k++) {
        offset[(by_b ? build->link[k].b : build->link[k].a) + 1]++;
    }
    for (int64_t g = 0; g < build->n_groups; g++) {
        offset[g + 1] += offset[g];
    }
    for (int64_t k = 0; k < build->n_links; k++) {
        const link *at = &build->link[order != NULL ? order[k] : k];

        order_out[offset[by_b ? at->b : at->a]++] = order != NULL ? order[k] : (int32_t)k;
    }
}

static int store_gaps(builder *build, mn_discs *discs)
{
    int32_t *by_b = mn_alloc(build->n_links, sizeof *by_b);
    int32_t *order = mn_alloc(build->n_links, sizeof *order);

    discs->gap = mn_alloc(2 * build->n_links, sizeof *discs->gap);
    discs->gap_disc = mn_alloc(2 * build->n_links, sizeof *discs->gap_disc);
    discs->gap_length = mn_alloc(build->n_links, sizeof *discs->gap_length);
    const bool allocated =
        by_b != NULL && order != NULL && discs->gap != NULL && discs->gap_disc != NULL && discs->gap_length != NULL;

    if (allocated) {
        sort_links(build, true, NULL, build->member_start, by_b);
        sort_links(build, false, by_b, build->member_start, order);
        discs->n_gaps = build->n_links;
        for (int64_t k = 0; k < build->n_links; k++) {
            const link *at = &build->link[order[k]];

            discs->gap[2 * k] = at->a;
            discs->gap[2 * k + 1] = at->b;
            discs->gap_disc[2 * k] = at->disc_a;
            discs->gap_disc[2 * k + 1] = at->disc_b;
            discs->gap_length[k] = sqrt(at->square) - 1.0;
        }
    }
    mn_dealloc(by_b);
    mn_dealloc(order);
    return allocated ? MN_OK : MN_ERR_NO_MEMORY;
}

static int alloc_discs(builder *build, mn_discs *discs)
{
    const mn_discs_options *options = &discs->options;
    const int64_t n = discs->n_discs;
    const double side = fmax(1.0, sqrt(options->width * options->height / (double)n));

    build->n = n;
    build->x = axis_of(options->width, options->periodic_x, side, n);
    build->y = axis_of(options->height, options->periodic_y, side, n);
    discs->x = mn_alloc(n, sizeof *discs->x);
    discs->y = mn_alloc(n, sizeof *discs->y);
    discs->group = mn_alloc(n, sizeof *discs->group);
    build->particle = mn_alloc(n, sizeof *build->particle);
    build->start = mn_alloc(build->x.n * build->y.n + 1, sizeof *build->start);
    build->set = mn_alloc(n, sizeof *build->set);
    build->near = mn_alloc(2 * build->y.n, sizeof *build->near);
    build->member = mn_alloc(n, sizeof *build->member);
    if (discs->x == NULL || discs->y == NULL || discs->group == NULL || build->particle == NULL ||
        build->start == NULL || build->set == NULL || build->near == NULL || build->member == NULL) {
        return MN_ERR_NO_MEMORY;
    }
    return MN_OK;
}

static int alloc_groups(builder *build, mn_discs *discs)
{
    discs->n_groups = build->n_groups;
    discs->group_x = mn_alloc(build->n_groups, sizeof *discs->group_x);
    discs->group_y = mn_alloc(build->n_groups, sizeof *discs->group_y);
    build->member_start = mn_alloc(build->n_groups + 1, sizeof *build->member_start);
    build->slot = mn_alloc(build->n_groups, sizeof *build->slot);
    if (discs->group_x == NULL || discs->group_y == NULL || build->member_start == NULL || build->slot == NULL) {
        return MN_ERR_NO_MEMORY;
    }
    return MN_OK;
}

static void builder_free(builder *build)
{
    mn_dealloc(build->particle);
    mn_dealloc(build->start);
    mn_dealloc(build->set);
    mn_dealloc(build->near);
    mn_dealloc(build->member_start);
    mn_dealloc(build->member);
    mn_dealloc(build->slot);
    mn_dealloc(build->link);
}

int mn_discs_init(mn_discs *discs, const mn_discs_options *options, mn_error *error)
{
    builder build = {0};
    int status = MN_OK;

    memset(discs, 0, sizeof *discs);
    status = check_options(options, error);
    if (status != MN_OK) {
        return status;
    }
    discs->options = *options;
    build.cancel = options->cancel;
    discs->n_discs = (int64_t)(disc_count(options) + 0.5);
    status = alloc_discs(&build, discs);
    if (status != MN_OK) {
        goto out;
    }
    status = throw_discs(discs);
    if (status == MN_OK) {
        sort_by_cell(&build, discs);
        status = join_overlapping(&build);
    }
    if (status == MN_OK) {
        status = alloc_groups(&build, discs);
    }
    if (status != MN_OK) {
        goto out;
    }
    number_groups(&build, discs);
    list_members(&build);
    status = find_links(&build, options->max_gap);
    if (status == MN_OK) {
        status = store_gaps(&build, discs);
    }
out:
    builder_free(&build);
    discs->options.cancel = NULL; /* it need not live as long */
    if (status != MN_OK) {
        mn_discs_free(discs);
        return mn_error_set(error, status);
    }
    return MN_OK;
}

void mn_discs_free(mn_discs *discs)
{
    mn_dealloc(discs->x);
    mn_dealloc(discs->y);
    mn_dealloc(discs->group);
    mn_dealloc(discs->group_x);
    mn_dealloc(discs->group_y);
    mn_dealloc(discs->gap);
    mn_dealloc(discs->gap_disc);
    mn_dealloc(discs->gap_length);
    memset(discs, 0, sizeof *discs);
}

/* Where it fails no label is changed. *n_members: groups with this label after the call. */
int mn_discs_electrode(const mn_discs *discs, double x_low, double x_high, double y_low, double y_high, int32_t id,
                       int32_t *electrode, int64_t *n_members, mn_error *error)
{
    if (id < 0 || isnan(x_low) || isnan(x_high) || isnan(y_low) || isnan(y_high)) {
        return mn_error_set(error, MN_ERR_BAD_ARGUMENT);
    }
    for (int pass = 0; pass < 2; pass++) {
        for (int64_t i = 0; i < discs->n_discs; i++) {
            const int32_t group = discs->group[i];

            if (!(x_low <= discs->x[i] && discs->x[i] <= x_high && y_low <= discs->y[i] && discs->y[i] <= y_high)) {
                continue;
            }
            if (electrode[group] >= 0 && electrode[group] != id) {
                if (error != NULL) {
                    error->node = group;
                    error->electrode = electrode[group];
                }
                return mn_error_set(error, MN_ERR_SPANNING);
            }
            if (pass == 1) {
                electrode[group] = id;
            }
        }
    }
    *n_members = 0;
    for (int64_t g = 0; g < discs->n_groups; g++) {
        *n_members += electrode[g] == id ? 1 : 0;
    }
    return MN_OK;
}
