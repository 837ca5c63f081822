/* Straight cuts through a lattice. Whether a node is on a cut is seen from its own place and from that of its farthest
 * neighbour below, so that edges are looked at once. */
#include "circuit/straight_cuts.h"

enum {
    LEAST = 100,         /* vertices; below, minimum degree has fewer updates */
    LEAST_TURNED = 2500, /* the same where cuts go along the diagonals */
    REACH = 8,           /* edges that span more columns or rows are none of a lattice */
    CROWD = 16,          /* vertices at one place, at most */
    SPARSE = 8,          /* of a full lattice at most one vertex in so many has fewer than three neighbours */
    CELLS = 8,           /* for a vertex, on average, where the lattice is turned */
    DEPTH = 2 * 32 + 1   /* boxes that wait: one for each halving of a side, and the one at hand */
};

/* Cuts are best where the mean numbers of vertices on one along either axis have a product of at most so many per cent
 * of all vertices: 50 in crossbars, and along the diagonals of square grids. */
enum { LEAN = 60 };

/* One of the two coordinates, by vertex. */
typedef struct {
    int32_t *at;
    int32_t *low;  /* the least one of its free neighbours and itself */
    int32_t first; /* of all */
    int32_t n;     /* from the first to the last */
    int32_t reach; /* of edges */
    int64_t n_cut; /* vertices on cuts, one between any two coordinates that follow each other */
} axis;

typedef struct {
    int32_t low[2], high[2]; /* the last ones not included */
} box;

typedef struct {
    const mn_network *network;
    const int32_t *vertex;
    int32_t n_free;
    axis axis[2];
    int32_t *start;  /* cells + 1: where the vertices of a cell begin */
    int32_t *member; /* by cell; -1 once one has its place in the order */
    int32_t *order;
    int32_t end; /* places of the order from here on are taken */
    mn_pool pool;
} cutting;

static int cutting_init(cutting *work)
{
    for (int k = 0; k < 2; k++) {
        work->axis[k].at = mn_pool_room(&work->pool, work->n_free, sizeof(int32_t));
        work->axis[k].low = mn_pool_room(&work->pool, work->n_free, sizeof(int32_t));
    }
    work->member = mn_pool_room(&work->pool, work->n_free, sizeof(int32_t));
    return work->pool.code;
}

/* ------------------------------------------------------------------ what kind of lattice it is */

/* Whether few vertices have fewer than three neighbours: what is left of others goes by minimum degree. */
static bool is_full(cutting *work)
{
    const mn_network *network = work->network;
    int32_t *degree = work->member, n_sparse = 0; /* no members yet */
    for (int32_t v = 0; v < work->n_free; v++) {
        degree[v] = 0;
    }
    for (int64_t e = 0; e < network->n_edges; e++) {
        const int32_t a = work->vertex[network->a[e]], b = work->vertex[network->b[e]];
        if (a < work->n_free) {
            degree[a]++;
        }
        if (b < work->n_free) {
            degree[b]++;
        }
    }
    for (int32_t v = 0; v < work->n_free; v++) {
        n_sparse += degree[v] < 3;
    }
    return n_sparse <= work->n_free / SPARSE;
}

/* Coordinates along the lattice, or along its diagonals. */
static void place_vertices(cutting *work, bool turned)
{
    const mn_network *network = work->network;
    int32_t low[2] = {INT32_MAX, INT32_MAX}, high[2] = {INT32_MIN, INT32_MIN};
    for (int64_t i = 0; i < network->n_nodes; i++) {
        const int32_t v = work->vertex[i], x = network->column[i], y = network->row[i];
        const int32_t at[2] = {turned ? x + y : x, turned ? x - y : y};
        for (int k = 0; k < 2 && v < work->n_free; k++) {
            work->axis[k].at[v] = work->axis[k].low[v] = at[k];
            low[k] = at[k] < low[k] ? at[k] : low[k];
            high[k] = at[k] > high[k] ? at[k] : high[k];
        }
    }
    for (int k = 0; k < 2; k++) {
        work->axis[k].first = low[k];
        work->axis[k].n = high[k] - low[k] + 1;
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
    const mn_network *network = work->network;
    work->axis[0].reach = work->axis[1].reach = 0;
    for (int64_t e = 0; e < network->n_edges; e++) {
        const int32_t a = work->vertex[network->a[e]], b = work->vertex[network->b[e]];
        if (a < work->n_free && b < work->n_free) {
            look_at_edge(&work->axis[0], a, b);
            look_at_edge(&work->axis[1], a, b);
        }
    }
    for (int k = 0; k < 2; k++) {
        work->axis[k].n_cut = 0;
        for (int32_t v = 0; v < work->n_free; v++) {
            work->axis[k].n_cut += work->axis[k].at[v] - work->axis[k].low[v];
        }
    }
}

/* How many per cent of the vertices, in a lattice that covers so many cells, lie on a cut times one across it. */
static double cut_part(const cutting *work, double n_cells)
{
    return 100.0 * (double)work->axis[0].n_cut * (double)work->axis[1].n_cut / (n_cells * work->n_free);
}

/* Finds the axes along which cuts go through fewer vertices. */
static mn_cuts find_axes(cutting *work)
{
    place_vertices(work, false);
    look_at_edges(work);
    const double n_cells = (double)work->axis[0].n * work->axis[1].n, straight = cut_part(work, n_cells);
    const double n_turned = (double)work->axis[0].n + work->axis[1].n;
    double part = straight;
    bool turned = false;
    if (straight > LEAN && n_turned * n_turned <= CELLS * (double)work->n_free) {
        place_vertices(work, true);
        look_at_edges(work);
        part = cut_part(work, 2.0 * n_cells);
        turned = part < straight;
        if (!turned) {
            part = straight;
            place_vertices(work, false);
            look_at_edges(work);
        }
    }
    if (work->axis[0].reach > REACH || work->axis[1].reach > REACH) {
        return MN_CUTS_NONE;
    }
    return part <= LEAN && work->n_free >= (turned ? LEAST_TURNED : LEAST) ? MN_CUTS_BEST : MN_CUTS_AS_GOOD;
}

/* ------------------------------------------------------------------ cells */

static int64_t cell_at(const cutting *work, int64_t at, int64_t across)
{
    return (across - work->axis[1].first) * work->axis[0].n + at - work->axis[0].first;
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
    box todo[DEPTH + 1] = {{.low = {x->first, y->first}, .high = {x->first + x->n, y->first + y->n}}};
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

int mn_straight_cuts(const mn_network *network, int64_t n_free, const int32_t *vertex, mn_cuts *found, int32_t *order)
{
    cutting work = {.network = network, .vertex = vertex, .n_free = (int32_t)n_free, .order = order};
    *found = MN_CUTS_NONE;
    if (network->column == NULL || n_free < LEAST) {
        return MN_OK;
    }
    int code = cutting_init(&work);
    if (code != MN_OK || !is_full(&work)) {
        goto out;
    }
    const mn_cuts kind = find_axes(&work);
    if (kind == MN_CUTS_NONE) {
        goto out;
    }
    work.start = mn_pool_alloc(&work.pool, (int64_t)work.axis[0].n * work.axis[1].n + 1, sizeof(int32_t));
    code = work.pool.code;
    if (code == MN_OK && fill_cells(&work)) {
        work.end = work.n_free;
        cut_all(&work);
        *found = kind;
    }
out:
    mn_pool_free(&work.pool);
    return code;
}
