/* Straight cuts through a lattice. Whether a node is on a cut is seen from its own place and from that of its farthest
 * neighbour below, so that edges are looked at once. */
#include "circuit/straight_cuts.h"

enum {
    LEAST = 100,  /* vertices; below, minimum degree has fewer updates */
    REACH = 4,    /* edges that span more columns or rows are none of a lattice */
    CROWD = 16,   /* vertices at one place, at most */
    SPARSE = 8,   /* of a full lattice at most one vertex in so many has fewer than three neighbours */
    DEPTH = 4 * 32 /* boxes that wait: two for each halving of a side */
};

/* One of the two coordinates, by vertex. */
typedef struct {
    int32_t *at;
    int32_t *low;  /* the least one of its free neighbours and itself */
    int32_t first; /* of all */
    int32_t n;     /* from the first to the last */
    int32_t reach; /* of edges */
} axis;

typedef struct {
    int32_t low[2], high[2]; /* columns and rows, the last ones not included */
} box;

typedef struct {
    const mn_network *network;
    const int32_t *vertex;
    int32_t n_free;
    axis axis[2];
    int32_t *degree;
    int32_t *start;  /* cells + 1: where the vertices of a cell begin */
    int32_t *member; /* by cell, row by row; -1 once one has its place in the order */
    int32_t *order;
    int32_t end; /* places of the order from here on are taken */
    mn_pool pool;
} cutting;

static int cutting_init(cutting *work)
{
    for (int k = 0; k < 2; k++) {
        work->axis[k].at = mn_pool_alloc(&work->pool, work->n_free, sizeof(int32_t));
        work->axis[k].low = mn_pool_alloc(&work->pool, work->n_free, sizeof(int32_t));
    }
    work->degree = mn_pool_alloc(&work->pool, work->n_free, sizeof(int32_t));
    work->member = mn_pool_alloc(&work->pool, work->n_free, sizeof(int32_t));
    return work->pool.code;
}

/* ------------------------------------------------------------------ what kind of lattice it is */

static void place_vertices(cutting *work)
{
    const mn_network *network = work->network;
    const int32_t *const place[2] = {network->column, network->row};
    for (int k = 0; k < 2; k++) {
        axis *along = &work->axis[k];
        int32_t last = 0;
        along->first = INT32_MAX;
        for (int64_t i = 0; i < network->n_nodes; i++) {
            const int32_t v = work->vertex[i], at = place[k][i];
            if (v < work->n_free) {
                along->at[v] = along->low[v] = at;
                along->first = at < along->first ? at : along->first;
                last = at > last ? at : last;
            }
        }
        along->n = last - along->first + 1;
    }
}

static void look_at_edge(axis *along, int32_t a, int32_t b)
{
    const int32_t low = along->at[a] < along->at[b] ? a : b, high = low == a ? b : a;
    const int32_t reach = along->at[high] - along->at[low];
    along->low[high] = along->at[low] < along->low[high] ? along->at[low] : along->low[high];
    along->reach = reach > along->reach ? reach : along->reach;
}

static void look_at_edges(cutting *work)
{
    for (int64_t e = 0; e < work->network->n_edges; e++) {
        const int32_t a = work->vertex[work->network->a[e]], b = work->vertex[work->network->b[e]];
        if (a < work->n_free) {
            work->degree[a]++;
        }
        if (b < work->n_free) {
            work->degree[b]++;
        }
        for (int k = 0; k < 2 && a < work->n_free && b < work->n_free; k++) {
            look_at_edge(&work->axis[k], a, b);
        }
    }
}

static bool is_full(const cutting *work)
{
    int64_t n_sparse = 0;
    for (int32_t v = 0; v < work->n_free; v++) {
        n_sparse += work->degree[v] < 3;
    }
    return n_sparse <= work->n_free / SPARSE && work->axis[0].reach <= REACH && work->axis[1].reach <= REACH;
}

/* ------------------------------------------------------------------ cells */

static int64_t cell_at(const cutting *work, int64_t column, int64_t row)
{
    return (row - work->axis[1].first) * work->axis[0].n + column - work->axis[0].first;
}

/* Lists the vertices of each cell; whether none is crowded. */
static bool fill_cells(cutting *work)
{
    const int64_t n_cells = (int64_t)work->axis[0].n * work->axis[1].n;
    int32_t end = 0, most = 0;
    for (int32_t v = 0; v < work->n_free; v++) {
        work->start[cell_at(work, work->axis[0].at[v], work->axis[1].at[v])]++;
    }
    for (int64_t c = 0; c < n_cells; c++) {
        most = work->start[c] > most ? work->start[c] : most;
        end += work->start[c];
        work->start[c] = end;
    }
    work->start[n_cells] = end;
    for (int32_t v = work->n_free - 1; v >= 0; v--) {
        work->member[--work->start[cell_at(work, work->axis[0].at[v], work->axis[1].at[v])]] = v;
    }
    return most <= CROWD;
}

/* ------------------------------------------------------------------ cuts */

/* Takes the vertices of a line of cells that have a neighbour below `cut` along axis k. Returns whether others stay. */
static bool take_line(cutting *work, const box *at, int k, int32_t line, int32_t cut)
{
    const int32_t *low = work->axis[k].low;
    bool left = false;
    for (int32_t across = at->high[1 - k] - 1; across >= at->low[1 - k]; across--) {
        const int64_t cell = k == 0 ? cell_at(work, line, across) : cell_at(work, across, line);
        for (int32_t q = work->start[cell + 1] - 1; q >= work->start[cell]; q--) {
            const int32_t v = work->member[q];
            if (v >= 0 && low[v] < cut) {
                work->order[--work->end] = v;
                work->member[q] = -1;
            } else {
                left = left || v >= 0;
            }
        }
    }
    return left;
}

/* Puts the vertices on a cut through the middle at the end, and what is on either side into two boxes. */
static void cut_box(cutting *work, const box *at, int k, box *below, box *above)
{
    const int32_t cut = at->low[k] + (at->high[k] - at->low[k]) / 2;
    *below = *above = *at;
    below->high[k] = above->low[k] = cut;
    for (int32_t line = cut; line < cut + work->axis[k].reach && line < at->high[k]; line++) {
        const bool left = take_line(work, at, k, line, cut);
        above->low[k] += !left && line == above->low[k];
    }
}

static void cut_all(cutting *work)
{
    const axis *x = &work->axis[0], *y = &work->axis[1];
    box todo[DEPTH] = {{.low = {x->first, y->first}, .high = {x->first + x->n, y->first + y->n}}};
    int n_todo = 1;
    while (n_todo > 0) {
        const box at = todo[--n_todo];
        const int64_t width = at.high[0] - at.low[0], height = at.high[1] - at.low[1];
        if (width <= 0 || height <= 0) {
            continue;
        }
        if (width == 1 && height == 1) {
            (void)take_line(work, &at, 0, at.low[0], INT32_MAX);
            continue;
        }
        const int k = height == 1 || (width > 1 && width * y->reach >= height * x->reach) ? 0 : 1;
        cut_box(work, &at, k, &todo[n_todo], &todo[n_todo + 1]); /* the upper one first: from the end on */
        n_todo += 2;
    }
}

int mn_straight_cuts(const mn_network *network, int64_t n_free, const int32_t *vertex, bool *found, int32_t *order)
{
    cutting work = {.network = network, .vertex = vertex, .n_free = (int32_t)n_free, .order = order};
    *found = false;
    if (network->column == NULL || n_free < LEAST) {
        return MN_OK;
    }
    int code = cutting_init(&work);
    if (code == MN_OK) {
        place_vertices(&work);
        look_at_edges(&work);
        *found = is_full(&work);
    }
    if (*found) {
        work.start = mn_pool_alloc(&work.pool, (int64_t)work.axis[0].n * work.axis[1].n + 1, sizeof(int32_t));
        code = work.pool.code;
        *found = code == MN_OK && fill_cells(&work);
    }
    if (*found) {
        work.end = work.n_free;
        cut_all(&work);
    }
    mn_pool_free(&work.pool);
    return code;
}
