/* Where sticks meet: they are sorted into cells, and compared with those in the same cells. What that takes is counted
 * beforehand and on the way, so that too many are refused before they are there. */
#include "network/junctions.h"

#include "base/cancel.h"

#include <string.h>

#define CELL_SLACK 1e-6 /* in cells: covers the rounding of cell numbers up to 2^31 */

/* Bytes at the moment of most memory: of a wire (stick, seen, four cells, end, length, sorting), of its entry in a
 * cell, and of a junction (a list that doubles, then the results). */
#define WIRE_BYTES INT64_C(96)
#define ENTRY_BYTES INT64_C(4)
#define JUNCTION_BYTES INT64_C(56)
#define MAX_BYTES (INT64_C(16) << 30) /* where no other budget is given */

/* ------------------------------------------------------------------ memory */

int mn_wire_builder_budget(mn_wire_builder *build, int64_t n_wires, int64_t max_bytes)
{
    build->n = n_wires;
    build->n_whole = n_wires;
    build->needed = (double)WIRE_BYTES * (double)n_wires;
    build->room = (max_bytes > 0 ? max_bytes : MAX_BYTES) - WIRE_BYTES * n_wires;
    build->most_junctions = build->room / JUNCTION_BYTES < INT32_MAX ? build->room / JUNCTION_BYTES : INT32_MAX;
    return build->room >= 0 ? MN_OK : MN_ERR_TOO_LARGE;
}

/* What the entries take is not there for junctions. */
static int take_entries(mn_wire_builder *build, int64_t n_entries)
{
    if (n_entries >= INT32_MAX || n_entries > build->room / ENTRY_BYTES) {
        build->needed = (double)WIRE_BYTES * (double)build->n_whole + (double)ENTRY_BYTES * (double)n_entries;
        return MN_ERR_TOO_LARGE;
    }
    const int64_t most = (build->room - ENTRY_BYTES * n_entries) / JUNCTION_BYTES;

    build->most_junctions = most < build->most_junctions ? most : build->most_junctions;
    return MN_OK;
}

/* One more junction than there may be, when the first n_done sticks are done: those of all are estimated. */
static int refuse_junctions(mn_wire_builder *build, int64_t n_done)
{
    const double n = (double)(build->n_junctions + 1);
    const double n_junctions = build->in_order ? n : n * (mn_pairs_of(build->n_whole) / mn_pairs_of(n_done));

    build->needed = (double)WIRE_BYTES * (double)build->n_whole + (double)JUNCTION_BYTES * n_junctions;
    return MN_ERR_TOO_LARGE;
}

/* ------------------------------------------------------------------ cells */

static mn_cell_axis axis_of(double low, double high, double side, int64_t n_wires)
{
    const double n = fmin(floor((high - low) / side) + 1.0, (double)n_wires + 1.0);

    return (mn_cell_axis){.low = low, .scale = n / fmax(high - low, 1.0), .n = (int64_t)n};
}

/* Cells about as long as a wire, and not more of them than wires: one wire crosses a few cells, and one that is much
 * longer than the others as many as it is long. */
static int make_cells(mn_wire_builder *build)
{
    mn_point low = build->stick[0].p;
    mn_point high = low;
    double sum = 0.0;

    for (int64_t i = 0; i < build->n; i++) {
        const mn_stick *a = &build->stick[i];

        low = (mn_point){.x = fmin(low.x, fmin(a->p.x, a->q.x)), .y = fmin(low.y, fmin(a->p.y, a->q.y))};
        high = (mn_point){.x = fmax(high.x, fmax(a->p.x, a->q.x)), .y = fmax(high.y, fmax(a->p.y, a->q.y))};
        sum += fmax(fabs(a->q.x - a->p.x), fabs(a->q.y - a->p.y));
    }
    const double n = (double)build->n;
    const double spacing = sqrt((high.x - low.x) * ((high.y - low.y) / n));
    const double side = fmax(sum / n, spacing);

    build->x = axis_of(low.x, high.x, side, build->n);
    build->y = axis_of(low.y, high.y, side, build->n);
    build->start = mn_pool_alloc(&build->pool, build->x.n * build->y.n + 1, sizeof *build->start);
    build->seen = mn_pool_alloc(&build->pool, build->n, sizeof *build->seen);
    return build->pool.code;
}

static int64_t cell_at(double at, int64_t n)
{
    return at < 0.0 ? 0 : at < (double)n ? (int64_t)at : n - 1;
}

typedef struct {
    double x, y, dx, dy;       /* lower end and way to the upper one, in cells */
    int64_t first_row, n_rows; /* rows of cells */
} path;

static path path_of(const mn_wire_builder *build, const mn_stick *a)
{
    const mn_point *lower = a->p.y <= a->q.y ? &a->p : &a->q;
    const mn_point *upper = a->p.y <= a->q.y ? &a->q : &a->p;
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
static void row_cells(const mn_wire_builder *build, const path *way, int64_t row, int64_t *first, int64_t *last)
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
static int fill_cells(mn_wire_builder *build)
{
    const int64_t n_cells = build->x.n * build->y.n;
    int64_t n_entries = 0;
    int64_t first = 0;
    int64_t last = 0;
    int code = MN_OK;

    for (int64_t i = 0; i < build->n; i++) {
        const path way = path_of(build, &build->stick[i]);

        for (int64_t r = 0; r < way.n_rows; r++) {
            row_cells(build, &way, way.first_row + r, &first, &last);
            n_entries += last - first + 1;
            code = mn_cancelled(build->cancel) ? MN_ERR_INTERRUPTED : take_entries(build, n_entries);
            if (code != MN_OK) {
                return code;
            }
            for (int64_t cell = first; cell <= last; cell++) {
                build->start[cell]++;
            }
        }
    }
    for (int64_t cell = 0; cell < n_cells; cell++) {
        build->start[cell + 1] += build->start[cell];
    }
    build->entry = mn_pool_alloc(&build->pool, n_entries, sizeof *build->entry);
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

static int store_junction(mn_wire_builder *build, int64_t a, int64_t b)
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
static int search_cell(mn_wire_builder *build, int64_t cell, int64_t i)
{
    const mn_stick *a = &build->stick[i];

    if (mn_cancelled(build->cancel)) {
        return MN_ERR_INTERRUPTED;
    }
    for (int32_t k = build->start[cell]; build->entry[k] < i; k++) {
        const int32_t j = build->entry[k];
        const mn_stick *b = &build->stick[j];

        if (build->seen[j] != (int32_t)i && mn_boxes_meet(a, b)) {
            build->seen[j] = (int32_t)i;
            if (mn_sticks_meet(b, a)) {
                const int code = store_junction(build, j, i);

                if (code != MN_OK) {
                    return code;
                }
            }
        }
    }
    return MN_OK;
}

/* Stick i itself is in each of its cells and ends the search there. */
static int search_cells(mn_wire_builder *build)
{
    for (int64_t i = 0; i < build->n; i++) {
        const path way = path_of(build, &build->stick[i]);
        int64_t first = 0;
        int64_t last = 0;

        for (int64_t r = 0; r < way.n_rows; r++) {
            row_cells(build, &way, way.first_row + r, &first, &last);
            for (int64_t cell = first; cell <= last; cell++) {
                const int code = search_cell(build, cell, i);

                if (code != MN_OK) {
                    return code;
                }
            }
        }
    }
    return MN_OK;
}

void mn_wire_builder_free(mn_wire_builder *build)
{
    mn_pool_free(&build->pool);
    mn_dealloc(build->junction);
}

int mn_wire_builder_join(mn_wire_builder *build)
{
    int code = make_cells(build);
    if (code != MN_OK) {
        return code;
    }
    code = fill_cells(build);
    if (code != MN_OK) {
        return code;
    }
    for (int64_t i = 0; i < build->n; i++) {
        build->seen[i] = -1;
    }
    return search_cells(build);
}
