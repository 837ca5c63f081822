/* Networks of nanowires: straight sticks thrown at random, with a junction wherever two of them meet.
 *
 * Whether two wires meet is decided exactly. The ends of all wires are rounded to a square grid, a power of two that is
 * at most 2^-49 of the extent of the network, so coordinates are integers below 2^51 in units of the grid, differences
 * of them are exact in double precision, and a determinant of differences fits 128-bit integers. Most signs are known
 * from the determinant in double precision and its error bound; the others are computed in 128 bits. What is decided
 * is closed: wires that touch, with an end or along a stretch, have a junction. Wires that lie on one line and overlap
 * have theirs in the middle of the stretch that they share.
 *
 * Wire i has its centre at (width u0, height u1) for the pair of uniforms u of (seed, STREAM_CENTRE, i), its direction
 * and its length from streams of their own: with one seed and otherwise equal options the wires of a smaller network
 * are the first ones of a larger network. */
#include "base/cancel.h"
#include "memnet.h"
#include "network/pairs.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define STREAM_CENTRE UINT64_C(0x77697265)
#define STREAM_ANGLE UINT64_C(0x616e676c)
#define STREAM_LENGTH UINT64_C(0x6c656e67)
#define STREAM_SAMPLE UINT64_C(0x73616d70)
#define GRID_BITS 50        /* the extent is below 2^50 steps of the grid */
#define NORMAL_LIMIT 12.2   /* no normal() is larger: u >= 2^-53 in u^2 <= exp(-x^2 / 2) */
#define SHORTEST 8.0        /* steps of the grid: shorter mean lengths are refused */
#define CELL_SLACK 1e-6     /* in cells: covers the rounding of cell numbers up to 2^31 */
#define PAD_LIMIT 0x1p52    /* steps of the grid: largest coordinate of a pad */
#define ERROR_BOUND 0x1p-51 /* of a determinant p - q of exact differences, times |p| + |q| */

/* Bytes at the moment of most memory: of a wire (stick, seen, four cells, end, length, sorting), of its entry in a
 * cell, and of a junction (a list that doubles, then the results). */
#define WIRE_BYTES INT64_C(96)
#define ENTRY_BYTES INT64_C(4)
#define JUNCTION_BYTES INT64_C(56)
#define MAX_BYTES (INT64_C(16) << 30) /* where no other budget is given */
#define SAMPLE_SHARE 16               /* one wire in so many makes the sample that tells the number of junctions */
#define SAMPLE_LEAST 256
#define SAMPLE_MARGIN 2.0 /* wires a few of which are long make a sample uncertain; what is closer is found out */

__extension__ typedef __int128 wide;
__extension__ typedef unsigned __int128 uwide;

/* Coordinates in steps of the grid: integers. */
typedef struct {
    double x, y;
} point;

typedef struct {
    point p, q;
} stick;

typedef struct {
    double low;   /* steps of the grid */
    double scale; /* cells a step */
    int64_t n;
} cell_axis;

typedef struct {
    int64_t n;
    stick *stick; /* n */
    cell_axis x, y;
    int32_t *start; /* cells + 1: first entry of each cell */
    int32_t *entry; /* sticks by cell, ascending */
    int32_t *seen;  /* n: the last stick that this one was compared with */
    int64_t n_junctions;
    int64_t capacity;
    int32_t *junction; /* 2 n_junctions */

    /* budget */
    int64_t n_whole;        /* wires of the network that this is, or is a sample of */
    bool in_order;          /* wires that somebody gave: the first ones may be unlike the others */
    int64_t room;           /* bytes for entries and junctions */
    int64_t most_junctions; /* more are refused */
    double needed;          /* bytes, where something is refused */

    mn_cancel *cancel;
} builder;

/* ------------------------------------------------------------------ exact geometry */

static wide cross(double ax, double ay, double bx, double by)
{
    return (wide)(int64_t)ax * (int64_t)by - (wide)(int64_t)ay * (int64_t)bx;
}

static wide dot(double ax, double ay, double bx, double by)
{
    return (wide)(int64_t)ax * (int64_t)bx + (wide)(int64_t)ay * (int64_t)by;
}

static int sign(wide value)
{
    return (value > 0) - (value < 0);
}

/* The side of the line from p to q on which r is: 1 left, -1 right, 0 on it. */
static int orientation(point p, point q, point r)
{
    const double ax = q.x - p.x;
    const double ay = q.y - p.y;
    const double bx = r.x - p.x;
    const double by = r.y - p.y;
    const double left = ax * by;
    const double right = ay * bx;
    const double determinant = left - right;

    if (fabs(determinant) > ERROR_BOUND * (fabs(left) + fabs(right))) {
        return determinant > 0.0 ? 1 : -1;
    }
    return sign(cross(ax, ay, bx, by));
}

/* Whether the range between p and q and the one between r and s have a value in common. */
static bool ranges_meet(double p, double q, double r, double s)
{
    return (p > q ? p : q) >= (r < s ? r : s) && (r > s ? r : s) >= (p < q ? p : q);
}

static bool boxes_meet(const stick *a, const stick *b)
{
    return ranges_meet(a->p.x, a->q.x, b->p.x, b->q.x) && ranges_meet(a->p.y, a->q.y, b->p.y, b->q.y);
}

/* Whether two sticks whose boxes meet have a point in common. On one line the boxes alone decide. */
static bool sticks_meet(const stick *a, const stick *b)
{
    if (orientation(a->p, a->q, b->p) * orientation(a->p, a->q, b->q) > 0) {
        return false;
    }
    return orientation(b->p, b->q, a->p) * orientation(b->p, b->q, a->q) <= 0;
}

static double ratio(wide numerator, wide denominator)
{
    const double value = (double)numerator / (double)denominator;

    return fmin(fmax(value, 0.0), 1.0);
}

/* Place of a point on the line of a stick, as a fraction of the stick, within it. */
static double fraction_of(const stick *a, point r)
{
    const double dx = a->q.x - a->p.x;
    const double dy = a->q.y - a->p.y;

    return ratio(dot(dx, dy, r.x - a->p.x, r.y - a->p.y), dot(dx, dy, dx, dy));
}

/* Where two sticks that meet do so: as fractions of a and of b. */
static void meeting(const stick *a, const stick *b, double along[2])
{
    const double ax = a->q.x - a->p.x;
    const double ay = a->q.y - a->p.y;
    const double bx = b->q.x - b->p.x;
    const double by = b->q.y - b->p.y;
    const double cx = b->p.x - a->p.x;
    const double cy = b->p.y - a->p.y;
    const wide parallel = cross(ax, ay, bx, by);

    if (parallel != 0) {
        along[0] = ratio(cross(cx, cy, bx, by), parallel);
        along[1] = ratio(cross(cx, cy, ax, ay), parallel);
        return;
    }
    along[0] = 0.5 * (fraction_of(a, b->p) + fraction_of(a, b->q));
    along[1] = 0.5 * (fraction_of(b, a->p) + fraction_of(b, a->q));
}

/* ------------------------------------------------------------------ throwing wires */

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

static int check_options(const mn_wires_options *options, mn_error *error)
{
    if (!is_positive(options->width)) {
        return refuse(error, MN_ERR_BAD_ARGUMENT, "width", options->width);
    }
    if (!is_positive(options->height)) {
        return refuse(error, MN_ERR_BAD_ARGUMENT, "height", options->height);
    }
    if (options->n_wires < 1) {
        return refuse(error, MN_ERR_BAD_ARGUMENT, "n_wires", (double)options->n_wires);
    }
    if (options->n_wires >= INT32_MAX) {
        return refuse(error, MN_ERR_TOO_LARGE, "n_wires", (double)options->n_wires);
    }
    if (!is_positive(options->length)) {
        return refuse(error, MN_ERR_WIRE_LENGTH, "length", options->length);
    }
    if (!(isfinite(options->length_sd) && options->length_sd >= 0.0)) {
        return refuse(error, MN_ERR_BAD_ARGUMENT, "length_sd", options->length_sd);
    }
    if (!isfinite(options->direction)) {
        return refuse(error, MN_ERR_BAD_ARGUMENT, "direction", options->direction);
    }
    if (!(options->spread >= 0.0)) {
        return refuse(error, MN_ERR_BAD_ARGUMENT, "spread", options->spread);
    }
    if (options->max_bytes < 0) {
        return refuse(error, MN_ERR_BAD_ARGUMENT, "max_bytes", (double)options->max_bytes);
    }
    return MN_OK;
}

/* Sets the grid for coordinates up to `extent`. */
static int set_grid(mn_wires *wires, double extent, mn_error *error)
{
    int exponent = 0;

    if (!(extent > 0x1p-900 && extent < 0x1p900)) { /* so that squares of coordinates stay within range, too */
        return refuse(error, MN_ERR_BAD_ARGUMENT, "extent", extent);
    }
    (void)frexp(extent, &exponent);
    wires->grid = ldexp(1.0, exponent - GRID_BITS);
    return MN_OK;
}

/* Standard normal by the ratio of uniforms (Kinderman and Monahan 1977): v/u for (u, v) uniform in the region
 * u^2 <= exp(-(v/u)^2 / 2). *step counts the draws. */
static double normal(uint64_t seed, uint64_t stream, int64_t index, uint64_t *step)
{
    const double half_width = 0.8577638849607068; /* sqrt(2 / e) */

    for (;;) {
        double u[2];

        mn_uniform2(seed, stream, (uint64_t)index, (*step)++, u);
        const double x = (2.0 * u[1] - 1.0) * half_width / u[0];

        if (u[0] > 0.0 && u[0] * u[0] <= mn_exp1(-0.5 * x * x)) {
            return x;
        }
    }
}

static double draw_turns(const mn_wires_options *options, int64_t wire)
{
    double u[2];
    uint64_t step = 0;

    if (options->spread == 0.0) {
        return options->direction;
    }
    if (isfinite(options->spread)) {
        return options->direction + options->spread * normal(options->seed, STREAM_ANGLE, wire, &step);
    }
    mn_uniform2(options->seed, STREAM_ANGLE, (uint64_t)wire, 0, u);
    return 0.5 * u[0];
}

static bool has_no_length(const stick *a)
{
    return a->p.x == a->q.x && a->p.y == a->q.y;
}

/* Lengths that are not positive, or shorter than the grid can show, are drawn again. */
static int throw_wires(const mn_wires_options *options, double grid, builder *build)
{
    for (int64_t i = 0; i < build->n; i++) {
        if (mn_cancelled_at(build->cancel, i)) {
            return MN_ERR_INTERRUPTED;
        }
        const double turns = draw_turns(options, i);
        const double part = turns - floor(turns);
        const double half_x = 0.5 * mn_sin_turns(part + 0.25) / grid;
        const double half_y = 0.5 * mn_sin_turns(part) / grid;
        stick *a = &build->stick[i];
        uint64_t step = 0;
        double u[2];

        mn_uniform2(options->seed, STREAM_CENTRE, (uint64_t)i, 0, u);
        const double x = options->width * u[0] / grid;
        const double y = options->height * u[1] / grid;

        do {
            double length = options->length;

            if (options->length_sd > 0.0) {
                length += options->length_sd * normal(options->seed, STREAM_LENGTH, i, &step);
            }
            length = fmax(length, 0.0);
            a->p = (point){.x = rint(x - length * half_x), .y = rint(y - length * half_y)};
            a->q = (point){.x = rint(x + length * half_x), .y = rint(y + length * half_y)};
        } while (has_no_length(a));
    }
    return MN_OK;
}

static int take_ends(const mn_wires *wires, const double *end, builder *build, mn_error *error)
{
    for (int64_t i = 0; i < build->n; i++) {
        stick *a = &build->stick[i];

        a->p = (point){.x = rint(end[4 * i] / wires->grid), .y = rint(end[4 * i + 1] / wires->grid)};
        a->q = (point){.x = rint(end[4 * i + 2] / wires->grid), .y = rint(end[4 * i + 3] / wires->grid)};
        if (has_no_length(a)) {
            if (error != NULL) {
                error->node = (int32_t)i;
            }
            return mn_error_set(error, MN_ERR_WIRE_LENGTH);
        }
    }
    return MN_OK;
}

/* ------------------------------------------------------------------ memory */

static double pairs_of(int64_t n)
{
    return 0.5 * (double)n * (double)(n - 1);
}

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

    return pairs_of(options->n_wires) * fmin(share, 1.0);
}

/* Says how much may be found, or that the wires alone are too many. */
static int set_budget(builder *build, int64_t n_wires, int64_t max_bytes)
{
    build->n = n_wires;
    build->n_whole = n_wires;
    build->needed = (double)WIRE_BYTES * (double)n_wires;
    build->room = (max_bytes > 0 ? max_bytes : MAX_BYTES) - WIRE_BYTES * n_wires;
    build->most_junctions = build->room / JUNCTION_BYTES < INT32_MAX ? build->room / JUNCTION_BYTES : INT32_MAX;
    return build->room >= 0 ? MN_OK : MN_ERR_TOO_LARGE;
}

/* What the entries take is not there for junctions. */
static int take_entries(builder *build, int64_t n_entries)
{
    if (n_entries >= INT32_MAX || n_entries > build->room / ENTRY_BYTES) {
        build->needed = (double)WIRE_BYTES * (double)build->n_whole + (double)ENTRY_BYTES * (double)n_entries;
        return MN_ERR_TOO_LARGE;
    }
    const int64_t most = (build->room - ENTRY_BYTES * n_entries) / JUNCTION_BYTES;

    build->most_junctions = most < build->most_junctions ? most : build->most_junctions;
    return MN_OK;
}

/* One more junction than there may be, when the first n sticks are done: those of all are estimated. */
static int refuse_junctions(builder *build, int64_t n)
{
    const double found = (double)(build->n_junctions + 1);
    const double n_junctions = build->in_order ? found : found * (pairs_of(build->n_whole) / pairs_of(n));

    build->needed = (double)WIRE_BYTES * (double)build->n_whole + (double)JUNCTION_BYTES * n_junctions;
    return MN_ERR_TOO_LARGE;
}

/* ------------------------------------------------------------------ cells */

static cell_axis axis_of(double low, double high, double side, int64_t n_wires)
{
    const double n = fmin(floor((high - low) / side) + 1.0, (double)n_wires + 1.0);

    return (cell_axis){.low = low, .scale = n / fmax(high - low, 1.0), .n = (int64_t)n};
}

/* Cells about as long as a wire, and not more of them than wires: one wire crosses a few cells, and one that is much
 * longer than the others as many as it is long. */
static int make_cells(builder *build)
{
    point low = build->stick[0].p;
    point high = low;
    double sum = 0.0;

    for (int64_t i = 0; i < build->n; i++) {
        const stick *a = &build->stick[i];

        low = (point){.x = fmin(low.x, fmin(a->p.x, a->q.x)), .y = fmin(low.y, fmin(a->p.y, a->q.y))};
        high = (point){.x = fmax(high.x, fmax(a->p.x, a->q.x)), .y = fmax(high.y, fmax(a->p.y, a->q.y))};
        sum += fmax(fabs(a->q.x - a->p.x), fabs(a->q.y - a->p.y));
    }
    const double n = (double)build->n;
    const double spacing = sqrt((high.x - low.x) * ((high.y - low.y) / n));
    const double side = fmax(sum / n, spacing);

    build->x = axis_of(low.x, high.x, side, build->n);
    build->y = axis_of(low.y, high.y, side, build->n);
    build->start = mn_alloc(build->x.n * build->y.n + 1, sizeof *build->start);
    build->seen = mn_alloc(build->n, sizeof *build->seen);
    return build->start != NULL && build->seen != NULL ? MN_OK : MN_ERR_NO_MEMORY;
}

static int64_t cell_at(double at, int64_t n)
{
    return at < 0.0 ? 0 : at < (double)n ? (int64_t)at : n - 1;
}

typedef struct {
    double x, y, dx, dy;       /* lower end and way to the upper one, in cells */
    int64_t first_row, n_rows; /* rows of cells */
} path;

static path path_of(const builder *build, const stick *a)
{
    const point *lower = a->p.y <= a->q.y ? &a->p : &a->q;
    const point *upper = a->p.y <= a->q.y ? &a->q : &a->p;
    path way = {.x = (lower->x - build->x.low) * build->x.scale,
                .y = (lower->y - build->y.low) * build->y.scale,
                .dx = (upper->x - lower->x) * build->x.scale,
                .dy = (upper->y - lower->y) * build->y.scale};

    way.first_row = cell_at(way.y - CELL_SLACK, build->y.n);
    way.n_rows = cell_at(way.y + way.dy + CELL_SLACK, build->y.n) - way.first_row + 1;
    return way;
}

/* The cells first..last of one row that a stick may have a point in. The row is widened by the slack, so whatever
 * rounding does to a flat stick's height only moves it along its own cells. */
static void row_cells(const builder *build, const path *way, int64_t row, int64_t *first, int64_t *last)
{
    const double low = fmin(fmax((double)row - CELL_SLACK - way->y, 0.0), way->dy);
    const double high = fmin(fmax((double)row + 1.0 + CELL_SLACK - way->y, 0.0), way->dy);
    const bool whole = low <= 0.0 && high >= way->dy;
    const double x_low = way->x + (whole ? 0.0 : way->dx * (low / way->dy));
    const double x_high = way->x + (whole ? way->dx : way->dx * (high / way->dy));

    *first = row * build->x.n + cell_at(fmin(x_low, x_high) - CELL_SLACK, build->x.n);
    *last = row * build->x.n + cell_at(fmax(x_low, x_high) + CELL_SLACK, build->x.n);
}

/* Counting sort of (cell, stick): `start` holds the ends of the cells after the first pass, the starts in the end. */
static int fill_cells(builder *build)
{
    const int64_t n_cells = build->x.n * build->y.n;
    int64_t n_entries = 0;
    int64_t first = 0;
    int64_t last = 0;
    int status = MN_OK;

    for (int64_t i = 0; i < build->n; i++) {
        const path way = path_of(build, &build->stick[i]);

        for (int64_t r = 0; r < way.n_rows; r++) {
            row_cells(build, &way, way.first_row + r, &first, &last);
            n_entries += last - first + 1;
            status = mn_cancelled(build->cancel) ? MN_ERR_INTERRUPTED : take_entries(build, n_entries);
            if (status != MN_OK) {
                return status;
            }
            for (int64_t cell = first; cell <= last; cell++) {
                build->start[cell]++;
            }
        }
    }
    for (int64_t cell = 0; cell < n_cells; cell++) {
        build->start[cell + 1] += build->start[cell];
    }
    build->entry = mn_alloc(n_entries, sizeof *build->entry);
    if (build->entry == NULL) {
        return MN_ERR_NO_MEMORY;
    }
    for (int64_t i = build->n - 1; i >= 0; i--) {
        const path way = path_of(build, &build->stick[i]);

        for (int64_t r = 0; r < way.n_rows; r++) {
            row_cells(build, &way, way.first_row + r, &first, &last);
            for (int64_t cell = first; cell <= last; cell++) {
                build->entry[--build->start[cell]] = (int32_t)i;
            }
        }
    }
    return MN_OK;
}

/* ------------------------------------------------------------------ junctions */

static int keep_junction(builder *build, int64_t a, int64_t b)
{
    if (build->n_junctions == build->most_junctions) {
        return refuse_junctions(build, b + 1);
    }
    if (build->n_junctions == build->capacity) {
        const int64_t capacity = build->capacity < 1024 ? 1024 : 2 * build->capacity;
        int32_t *grown = mn_realloc(build->junction, capacity, 2 * sizeof *grown);

        if (grown == NULL) {
            return MN_ERR_NO_MEMORY;
        }
        build->junction = grown;
        build->capacity = capacity;
    }
    build->junction[2 * build->n_junctions] = (int32_t)a;
    build->junction[2 * build->n_junctions + 1] = (int32_t)b;
    build->n_junctions++;
    return MN_OK;
}

/* Compares stick i with those of lower number in one cell that it was not compared with yet. */
static int search_cell(builder *build, int64_t cell, int64_t i)
{
    const stick *a = &build->stick[i];

    if (mn_cancelled(build->cancel)) {
        return MN_ERR_INTERRUPTED;
    }
    for (int32_t k = build->start[cell]; build->entry[k] < i; k++) {
        const int32_t j = build->entry[k];
        const stick *b = &build->stick[j];

        if (build->seen[j] != (int32_t)i && boxes_meet(a, b)) {
            build->seen[j] = (int32_t)i;
            if (sticks_meet(b, a)) {
                const int status = keep_junction(build, j, i);

                if (status != MN_OK) {
                    return status;
                }
            }
        }
    }
    return MN_OK;
}

/* Stick i itself is in each of its cells and ends the search there. */
static int find_junctions(builder *build)
{
    for (int64_t i = 0; i < build->n; i++) {
        const path way = path_of(build, &build->stick[i]);
        int64_t first = 0;
        int64_t last = 0;

        for (int64_t r = 0; r < way.n_rows; r++) {
            row_cells(build, &way, way.first_row + r, &first, &last);
            for (int64_t cell = first; cell <= last; cell++) {
                const int status = search_cell(build, cell, i);

                if (status != MN_OK) {
                    return status;
                }
            }
        }
    }
    return MN_OK;
}

static int store_wires(const builder *build, mn_wires *wires)
{
    wires->end = mn_alloc(wires->n_wires, 4 * sizeof *wires->end);
    wires->length = mn_alloc(wires->n_wires, sizeof *wires->length);
    if (wires->end == NULL || wires->length == NULL) {
        return MN_ERR_NO_MEMORY;
    }
    for (int64_t i = 0; i < wires->n_wires; i++) {
        const stick *a = &build->stick[i];
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

static int store_junctions(builder *build, mn_wires *wires)
{
    const int status = mn_pairs_sort(build->n, build->n_junctions, build->junction);

    if (status != MN_OK) {
        return status;
    }
    wires->n_junctions = build->n_junctions;
    wires->junction = mn_alloc(build->n_junctions, 2 * sizeof *wires->junction);
    wires->along = mn_alloc(build->n_junctions, 2 * sizeof *wires->along);
    wires->point = mn_alloc(build->n_junctions, 2 * sizeof *wires->point);
    if (wires->junction == NULL || wires->along == NULL || wires->point == NULL) {
        return MN_ERR_NO_MEMORY;
    }
    for (int64_t k = 0; k < build->n_junctions; k++) {
        const stick *a = &build->stick[build->junction[2 * k]];
        const stick *b = &build->stick[build->junction[2 * k + 1]];
        double *along = &wires->along[2 * k];

        wires->junction[2 * k] = build->junction[2 * k];
        wires->junction[2 * k + 1] = build->junction[2 * k + 1];
        meeting(a, b, along);
        wires->point[2 * k] = (a->p.x + along[0] * (a->q.x - a->p.x)) * wires->grid;
        wires->point[2 * k + 1] = (a->p.y + along[0] * (a->q.y - a->p.y)) * wires->grid;
    }
    return MN_OK;
}

static void builder_free(builder *build)
{
    mn_dealloc(build->stick);
    mn_dealloc(build->start);
    mn_dealloc(build->entry);
    mn_dealloc(build->seen);
    mn_dealloc(build->junction);
}

/* From the sticks to the junctions. */
static int join_sticks(builder *build)
{
    int status = make_cells(build);

    if (status == MN_OK) {
        status = fill_cells(build);
    }
    for (int64_t i = 0; i < build->n && status == MN_OK; i++) {
        build->seen[i] = -1;
    }
    if (status == MN_OK) {
        status = find_junctions(build);
    }
    return status;
}

static int allocate_sticks(builder *build)
{
    build->stick = mn_alloc(build->n, sizeof *build->stick);
    return build->stick != NULL ? MN_OK : MN_ERR_NO_MEMORY;
}

/* One stick out of each stretch of the list, at random, so that no order of the wires misleads. */
static void draw_sample(const builder *build, builder *sample)
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
static int try_sample(builder *build, const mn_wires_options *options, double grid)
{
    const int64_t share = build->n / SAMPLE_SHARE;
    builder sample = {.n = share > SAMPLE_LEAST ? share : SAMPLE_LEAST, .n_whole = build->n, .cancel = build->cancel};

    if (2 * sample.n > build->n) {
        return MN_OK;
    }
    const double part = pairs_of(sample.n) / pairs_of(build->n);
    int status = allocate_sticks(&sample);

    sample.room = build->room;
    sample.most_junctions = (int64_t)(SAMPLE_MARGIN * part * (double)build->most_junctions);
    if (status == MN_OK && options != NULL) {
        status = throw_wires(options, grid, &sample);
    }
    if (status == MN_OK && options == NULL) {
        draw_sample(build, &sample);
    }
    if (status == MN_OK) {
        status = join_sticks(&sample);
    }
    build->needed = sample.needed;
    builder_free(&sample);
    return status;
}

static int store(builder *build, mn_wires *wires)
{
    wires->n_wires = build->n;
    const int status = store_wires(build, wires);

    return status == MN_OK ? store_junctions(build, wires) : status;
}

static int finish(builder *build, mn_wires *wires, int status, const char *check, mn_error *error)
{
    builder_free(build);
    if (status == MN_OK) {
        return MN_OK;
    }
    mn_wires_free(wires);
    if (status == MN_ERR_TOO_LARGE && error != NULL) {
        error->field = "memory in GB";
        error->value = rint(build->needed / 1e6) / 1e3;
        error->check = check;
    }
    return mn_error_set(error, status);
}

int mn_wires_init(mn_wires *wires, const mn_wires_options *options, mn_error *error)
{
    builder build = {.cancel = options->cancel};

    memset(wires, 0, sizeof *wires);
    int status = check_options(options, error);
    if (status == MN_OK) {
        const double longest = options->length + NORMAL_LIMIT * options->length_sd;

        status = set_grid(wires, fmax(options->width, options->height) + longest, error);
    }
    if (status == MN_OK && !(options->length >= SHORTEST * wires->grid)) {
        status = refuse(error, MN_ERR_WIRE_LENGTH, "length", options->length);
    }
    if (status != MN_OK) {
        return status;
    }
    status = set_budget(&build, options->n_wires, options->max_bytes);
    if (status == MN_OK && expected_junctions(options) > (double)build.most_junctions) {
        status = try_sample(&build, options, wires->grid);
    }
    if (status == MN_OK) {
        status = allocate_sticks(&build);
    }
    if (status == MN_OK) {
        status = throw_wires(options, wires->grid, &build);
    }
    if (status == MN_OK) {
        status = join_sticks(&build);
    }
    if (status == MN_OK) {
        status = store(&build, wires);
    }
    return finish(&build, wires, status, "n_wires, length and size", error);
}

/* Sets the grid for given ends. */
static int measure_ends(mn_wires *wires, int64_t n_wires, const double *end, mn_error *error)
{
    double extent = 0.0;

    for (int64_t k = 0; k < 4 * n_wires; k++) {
        if (!isfinite(end[k])) {
            return refuse(error, MN_ERR_BAD_ARGUMENT, "end", end[k]);
        }
        extent = fmax(extent, fabs(end[k]));
    }
    return extent > 0.0 ? set_grid(wires, extent, error) : mn_error_set(error, MN_ERR_WIRE_LENGTH);
}

int mn_wires_place(mn_wires *wires, int64_t n_wires, const double *end, int64_t max_bytes, mn_cancel *cancel,
                   mn_error *error)
{
    builder build = {.cancel = cancel};

    memset(wires, 0, sizeof *wires);
    if (n_wires < 1) {
        return refuse(error, MN_ERR_BAD_ARGUMENT, "n_wires", (double)n_wires);
    }
    if (n_wires >= INT32_MAX) {
        return refuse(error, MN_ERR_TOO_LARGE, "n_wires", (double)n_wires);
    }
    if (max_bytes < 0) {
        return refuse(error, MN_ERR_BAD_ARGUMENT, "max_bytes", (double)max_bytes);
    }
    int status = measure_ends(wires, n_wires, end, error);
    if (status != MN_OK) {
        return status;
    }
    status = set_budget(&build, n_wires, max_bytes);
    if (status == MN_OK) {
        status = allocate_sticks(&build);
    }
    if (status == MN_OK) {
        build.in_order = true;
        status = take_ends(wires, end, &build, error);
    }
    if (status == MN_OK && pairs_of(n_wires) > (double)build.most_junctions) {
        status = try_sample(&build, NULL, wires->grid);
    }
    if (status == MN_OK) {
        status = join_sticks(&build);
    }
    if (status == MN_OK) {
        status = store(&build, wires);
    }
    return finish(&build, wires, status, "the number and the length of the wires", error);
}

void mn_wires_free(mn_wires *wires)
{
    mn_dealloc(wires->end);
    mn_dealloc(wires->length);
    mn_dealloc(wires->junction);
    mn_dealloc(wires->along);
    mn_dealloc(wires->point);
    memset(wires, 0, sizeof *wires);
}

/* ------------------------------------------------------------------ pads */

static stick stick_of(const mn_wires *wires, int64_t i)
{
    const double *end = &wires->end[4 * i];

    return (stick){.p = {.x = end[0] / wires->grid, .y = end[1] / wires->grid},
                   .q = {.x = end[2] / wires->grid, .y = end[3] / wires->grid}};
}

static double on_grid(const mn_wires *wires, double at)
{
    return fmin(fmax(rint(at / wires->grid), -PAD_LIMIT), PAD_LIMIT);
}

/* A stick and a rectangle are apart if and only if the line of a side or that of the stick separates them. */
static bool meets_rectangle(const stick *a, const stick *diagonal)
{
    const point low = diagonal->p;
    const point high = diagonal->q;
    const point corner[4] = {low, {.x = high.x, .y = low.y}, high, {.x = low.x, .y = high.y}};
    int n_left = 0;
    int n_right = 0;

    if (!boxes_meet(a, diagonal)) {
        return false;
    }
    for (int k = 0; k < 4; k++) {
        const int side = orientation(a->p, a->q, corner[k]);

        n_left += side > 0;
        n_right += side < 0;
    }
    return n_left < 4 && n_right < 4;
}

/* Takes low <= from + t way <= high off the interval of t. */
static void clip(double from, double way, double low, double high, double inside[2])
{
    if (way != 0.0) {
        const double t = (low - from) / way;
        const double u = (high - from) / way;

        inside[0] = fmax(inside[0], fmin(t, u));
        inside[1] = fmin(inside[1], fmax(t, u));
    }
}

/* A touch so slight that rounding turns the interval round is a point. */
static void close_interval(double inside[2])
{
    if (inside[0] > inside[1]) {
        inside[0] = inside[1] = fmin(fmax(0.5 * (inside[0] + inside[1]), 0.0), 1.0);
    }
}

int mn_wires_rectangle(const mn_wires *wires, double x_low, double x_high, double y_low, double y_high, double *inside,
                       int64_t *n_touching)
{
    if (!(x_low <= x_high && y_low <= y_high)) {
        return MN_ERR_BAD_ARGUMENT;
    }
    const stick diagonal = {.p = {.x = on_grid(wires, x_low), .y = on_grid(wires, y_low)},
                            .q = {.x = on_grid(wires, x_high), .y = on_grid(wires, y_high)}};

    *n_touching = 0;
    for (int64_t i = 0; i < wires->n_wires; i++) {
        const stick a = stick_of(wires, i);
        double *part = &inside[2 * i];

        part[0] = part[1] = (double)NAN;
        if (meets_rectangle(&a, &diagonal)) {
            part[0] = 0.0;
            part[1] = 1.0;
            clip(a.p.x, a.q.x - a.p.x, diagonal.p.x, diagonal.q.x, part);
            clip(a.p.y, a.q.y - a.p.y, diagonal.p.y, diagonal.q.y, part);
            close_interval(part);
            (*n_touching)++;
        }
    }
    return MN_OK;
}

/* a * b in 256 bits, as high and low halves. */
static void product(uwide a, uwide b, uwide out[2])
{
    const uwide mask = UINT64_MAX;
    const uwide low = (a & mask) * (b & mask);
    const uwide middle = (a >> 64) * (b & mask) + (low >> 64);
    const uwide other = (a & mask) * (b >> 64) + (middle & mask);

    out[0] = (a >> 64) * (b >> 64) + (middle >> 64) + (other >> 64);
    out[1] = (other << 64) | (low & mask);
}

/* Whether a b <= c d. */
static bool at_most(uwide a, uwide b, uwide c, uwide d)
{
    uwide left[2];
    uwide right[2];

    product(a, b, left);
    product(c, d, right);
    return left[0] != right[0] ? left[0] < right[0] : left[1] <= right[1];
}

/* Whether the point of the stick nearest to the centre is within the radius. */
static bool meets_disc(const stick *a, point centre, double radius)
{
    const double dx = a->q.x - a->p.x;
    const double dy = a->q.y - a->p.y;
    const double cx = centre.x - a->p.x;
    const double cy = centre.y - a->p.y;
    const wide along = dot(dx, dy, cx, cy);
    const wide square = dot(dx, dy, dx, dy);
    const wide radius_square = (wide)(int64_t)radius * (int64_t)radius;

    if (along <= 0) {
        return dot(cx, cy, cx, cy) <= radius_square;
    }
    if (along >= square) {
        return dot(centre.x - a->q.x, centre.y - a->q.y, centre.x - a->q.x, centre.y - a->q.y) <= radius_square;
    }
    const wide distance = cross(dx, dy, cx, cy); /* times the length of the stick */
    const uwide size = (uwide)(distance < 0 ? -distance : distance);

    return at_most(size, size, (uwide)radius_square, (uwide)square);
}

int mn_wires_disc(const mn_wires *wires, double x, double y, double radius, double *inside, int64_t *n_touching)
{
    const double limit = PAD_LIMIT * wires->grid;

    if (!(fabs(x) <= limit && fabs(y) <= limit && radius >= 0.0 && radius <= limit)) {
        return MN_ERR_BAD_ARGUMENT;
    }
    const point centre = {.x = on_grid(wires, x), .y = on_grid(wires, y)};
    const double r = on_grid(wires, radius);

    *n_touching = 0;
    for (int64_t i = 0; i < wires->n_wires; i++) {
        const stick a = stick_of(wires, i);
        double *part = &inside[2 * i];

        part[0] = part[1] = (double)NAN;
        if (meets_disc(&a, centre, r)) {
            const double dx = a.q.x - a.p.x;
            const double dy = a.q.y - a.p.y;
            const double square = dx * dx + dy * dy;
            const double nearest = ((centre.x - a.p.x) * dx + (centre.y - a.p.y) * dy) / square;
            const double off = ((centre.x - a.p.x) * dy - (centre.y - a.p.y) * dx) / square;
            const double half = sqrt(fmax(r * r / square - off * off, 0.0));

            part[0] = fmax(nearest - half, 0.0);
            part[1] = fmin(nearest + half, 1.0);
            close_interval(part);
            (*n_touching)++;
        }
    }
    return MN_OK;
}
