/* The schedule of the elimination: which entries each column has and where its pair updates land. */
#include "circuit/kron_schedule.h"

#include "base/cancel.h"
#include "circuit/ordering.h"

/* More than this is refused before it is allocated. */
#define MAX_BYTES (INT64_C(16) << 30)

/* Dense fronts pay from this size on. They keep no updates, so they are taken only where a gather has little to offer:
 * where they hold at least half of the updates, and a column has so many on average that a change reaches most of the
 * work anyway. Measured: lattices and dense wires are on one side of these marks, disc networks on the other. */
enum { FRONT_PIVOTS = 2, FRONT_ROWS = 24, FRONT_MEAN_UPDATES = 80, FRONT_UPDATES = 20000 };

/* Work space of the analysis. Vertices count free nodes and electrodes. */
typedef struct {
    int64_t n_vertices;
    int64_t *lower_start; /* n_vertices + 1 */
    int32_t *lower;       /* free neighbours that are eliminated before the vertex */
    int32_t *parent;      /* n_vertices: first later vertex in the column, -1 for none (elimination tree) */
    int32_t *mark;        /* n_vertices */
    int64_t *cursor;      /* n_free */
    int32_t *head;        /* n_free: list of columns that stand at a row */
    int32_t *next;        /* n_free */
    int32_t *where;       /* n_vertices: slot of each row in the column at hand */
    mn_pool pool;         /* of the arrays */
} analysis;

static int analysis_init(analysis *work, int64_t n_vertices, int64_t n_free, int64_t n_edges)
{
    mn_pool *pool = &work->pool;
    work->n_vertices = n_vertices;
    work->lower_start = mn_pool_alloc(pool, n_vertices + 1, sizeof(int64_t));
    work->lower = mn_pool_alloc(pool, n_edges, sizeof(int32_t));
    work->parent = mn_pool_alloc(pool, n_vertices, sizeof(int32_t));
    work->mark = mn_pool_alloc(pool, n_vertices, sizeof(int32_t));
    work->cursor = mn_pool_alloc(pool, n_free, sizeof(int64_t));
    work->head = mn_pool_alloc(pool, n_free, sizeof(int32_t));
    work->next = mn_pool_alloc(pool, n_free, sizeof(int32_t));
    work->where = mn_pool_alloc(pool, n_vertices, sizeof(int32_t));
    return pool->code;
}

static void edge_vertices(const mn_kron_schedule *schedule, const mn_network *network, int64_t e, int32_t *low,
                          int32_t *high)
{
    const int32_t a = schedule->vertex[network->a[e]], b = schedule->vertex[network->b[e]];
    *low = a < b ? a : b;
    *high = a < b ? b : a;
}

static void list_lower_neighbours(analysis *work, const mn_kron_schedule *schedule, const mn_network *network)
{
    int32_t low, high;
    for (int64_t e = 0; e < network->n_edges; e++) {
        edge_vertices(schedule, network, e, &low, &high);
        if (low < schedule->n_free) {
            work->lower_start[high]++;
        }
    }
    int64_t end = 0;
    for (int64_t i = 0; i < work->n_vertices; i++) {
        end += work->lower_start[i];
        work->lower_start[i] = end;
    }
    work->lower_start[work->n_vertices] = end;
    for (int64_t e = network->n_edges - 1; e >= 0; e--) {
        edge_vertices(schedule, network, e, &low, &high);
        if (low < schedule->n_free) {
            work->lower[--work->lower_start[high]] = low;
        }
    }
}

/* Elimination tree with path compression (Liu 1986); mark[] holds the ancestors. */
static void find_parents(analysis *work)
{
    for (int64_t i = 0; i < work->n_vertices; i++) {
        work->parent[i] = -1;
        work->mark[i] = -1;
        for (int64_t q = work->lower_start[i]; q < work->lower_start[i + 1]; q++) {
            int32_t r = work->lower[q];
            while (work->mark[r] != -1 && work->mark[r] != i) {
                const int32_t ancestor = work->mark[r];
                work->mark[r] = (int32_t)i;
                r = ancestor;
            }
            if (work->mark[r] == -1) {
                work->mark[r] = (int32_t)i;
                work->parent[r] = (int32_t)i;
            }
        }
    }
}

/* Visits each entry (column r, row i) once, rows ascending: row i of the factor is the subtree of the elimination tree
 * between i's lower neighbours and i. Counts in cursor[], or, where `row` is given, writes at cursor[]. */
static int walk_rows(analysis *work, int64_t n_free, int32_t *row, mn_cancel *cancel)
{
    for (int64_t i = 0; i < work->n_vertices; i++) {
        work->mark[i] = -1;
    }
    for (int64_t i = 0; i < work->n_vertices; i++) {
        if (mn_cancelled(cancel)) {
            return MN_ERR_INTERRUPTED;
        }
        work->mark[i] = (int32_t)i;
        for (int64_t q = work->lower_start[i]; q < work->lower_start[i + 1]; q++) {
            for (int32_t r = work->lower[q]; r >= 0 && r < n_free && work->mark[r] != i; r = work->parent[r]) {
                work->mark[r] = (int32_t)i;
                if (row != NULL) {
                    row[work->cursor[r]] = (int32_t)i;
                }
                work->cursor[r]++;
            }
        }
    }
    return MN_OK;
}

/* From the lengths in cursor[]: the columns whose rows are those of the one before, less itself. */
static void find_leads(mn_kron_schedule *schedule, const analysis *work)
{
    for (int64_t k = 0; k < schedule->n_free; k++) {
        const bool follows = k > 0 && work->parent[k - 1] == k && work->cursor[k - 1] == work->cursor[k] + 1;
        schedule->lead[k] = follows ? schedule->lead[k - 1] : (int32_t)k;
    }
}

/* Cuts runs of matching columns into even pieces of at most MN_KRON_PIVOTS; those large enough are fronts. Counts
 * them, and writes them where `front` is given. Returns the number of their updates. */
static int64_t cut_fronts(const mn_kron_schedule *schedule, const analysis *work, bool all, int64_t *n_fronts,
                          mn_kron_front *front)
{
    int64_t n_updates = 0;
    *n_fronts = 0;
    for (int64_t k = 0, end; k < schedule->n_free; k = end) {
        for (end = k + 1; end < schedule->n_free && schedule->lead[end] == k; end++) {
        }
        int64_t n_pieces = (end - k + MN_KRON_PIVOTS - 1) / MN_KRON_PIVOTS;
        for (int64_t first = k; first < end; n_pieces--) {
            const int64_t m = (end - first + n_pieces - 1) / n_pieces, n = work->cursor[first];
            if (all ? m > 1 : m >= FRONT_PIVOTS && n >= FRONT_ROWS) {
                if (front != NULL) {
                    front[*n_fronts] = (mn_kron_front){(int32_t)first, (int32_t)m};
                }
                ++*n_fronts;
                for (int64_t t = 0; t < m; t++) {
                    n_updates += (n - t) * (n - t - 1) / 2;
                }
            }
            first += m;
        }
    }
    return n_updates;
}

static int choose_fronts(mn_kron_schedule *schedule, const analysis *work, mn_kron_fronts fronts)
{
    int64_t n_updates = 0;
    find_leads(schedule, work);
    for (int64_t k = 0; k < schedule->n_free; k++) {
        n_updates += work->cursor[k] * (work->cursor[k] - 1) / 2;
    }
    schedule->n_updates = n_updates;
    const bool all = fronts == MN_KRON_FRONTS_ALWAYS;
    const int64_t n_dense = cut_fronts(schedule, work, all, &schedule->n_fronts, NULL);
    const bool pays =
        n_updates >= FRONT_UPDATES && n_updates >= FRONT_MEAN_UPDATES * schedule->n_free && 2 * n_dense >= n_updates;
    if (fronts == MN_KRON_FRONTS_NEVER || (!all && !pays)) {
        schedule->n_fronts = 0;
        return MN_OK;
    }
    schedule->n_listed = n_updates - n_dense;
    schedule->front = mn_pool_alloc(&schedule->pool, schedule->n_fronts, sizeof(mn_kron_front));
    if (schedule->front == NULL) {
        return MN_ERR_NO_MEMORY;
    }
    (void)cut_fronts(schedule, work, all, &schedule->n_fronts, schedule->front);
    return MN_OK;
}

/* Column and pair starts, counts and the memory that the backend will need. */
static int count_schedule(mn_kron_schedule *schedule, const analysis *work, mn_error *error)
{
    int64_t n_entries = 0, n_listed = 0, f = 0;
    for (int64_t k = 0; k < schedule->n_free; k++) {
        const int64_t n = work->cursor[k];
        while (f < schedule->n_fronts && k >= schedule->front[f].first + schedule->front[f].n_pivots) {
            f++;
        }
        const bool dense = f < schedule->n_fronts && k >= schedule->front[f].first;
        schedule->column[k] = n_entries;
        schedule->pair[k] = n_listed;
        n_entries += n;
        n_listed += dense ? 0 : n * (n - 1) / 2;
        schedule->n_longest = n > schedule->n_longest ? n : schedule->n_longest;
        schedule->n_islands += n == 0;
    }
    schedule->column[schedule->n_free] = n_entries;
    schedule->pair[schedule->n_free] = n_listed;
    schedule->n_entries = n_entries;
    schedule->n_listed = n_listed;
    schedule->n_slots = n_entries + schedule->n_electrodes * schedule->n_electrodes + 1;
    const int64_t lists = schedule->n_fronts > 0 ? 0 : 8 * schedule->n_edges + 8 * schedule->n_slots + 12 * n_listed;
    schedule->bytes = 4 * schedule->n_nodes + 4 * schedule->n_edges + 42 * schedule->n_free + 12 * n_entries +
                      8 * (schedule->n_slots + schedule->n_electrodes * schedule->n_electrodes) + 4 * n_listed + lists;
    if (schedule->n_slots > INT32_MAX || n_listed > INT32_MAX || schedule->bytes > MAX_BYTES) {
        if (error != NULL) {                        /* GCOV_EXCL_LINE: more memory than MAX_BYTES */
            error->value = (double)schedule->bytes; /* GCOV_EXCL_LINE: more memory than MAX_BYTES */
        }
        return MN_ERR_TOO_LARGE; /* GCOV_EXCL_LINE: more memory than MAX_BYTES */
    }
    return MN_OK;
}

/* Puts column k into the list of the row it stands at; the pairs of electrodes that end it are written here. */
static void enlist_column(mn_kron_schedule *schedule, analysis *work, int64_t k)
{
    const int64_t end = schedule->column[k + 1];
    const int64_t at = work->cursor[k];
    if (schedule->pair[k] == schedule->pair[k + 1]) {
        return;
    }
    if (at < end && schedule->row[at] < schedule->n_free) {
        const int32_t i = schedule->row[at];
        work->next[k] = work->head[i];
        work->head[i] = (int32_t)k;
        return;
    }
    const int64_t n = end - at;
    int64_t t = schedule->pair[k + 1] - n * (n - 1) / 2;
    for (int64_t q = at; q < end; q++) {
        const int64_t i = schedule->row[q] - schedule->n_free;
        for (int64_t r = q + 1; r < end; r++) {
            const int64_t j = schedule->row[r] - schedule->n_free;
            schedule->target[t++] = (int32_t)(schedule->n_entries + i * schedule->n_electrodes + j);
        }
    }
}

/* Left-looking: when column i is at hand, every earlier column with row i finds the slots of its pairs (i, j) in it. */
static int find_targets(mn_kron_schedule *schedule, analysis *work, mn_cancel *cancel)
{
    for (int64_t k = 0; k < schedule->n_free; k++) {
        work->cursor[k] = schedule->column[k];
        work->head[k] = -1;
    }
    for (int64_t i = 0; i < schedule->n_free; i++) {
        if (mn_cancelled(cancel)) {
            return MN_ERR_INTERRUPTED; /* GCOV_EXCL_LINE: Ctrl-C at this moment */
        }
        for (int64_t q = schedule->column[i]; q < schedule->column[i + 1]; q++) {
            work->where[schedule->row[q]] = (int32_t)q;
        }
        for (int32_t k = work->head[i], following; k >= 0; k = following) {
            following = work->next[k];
            const int64_t end = schedule->column[k + 1];
            const int64_t at = work->cursor[k]++;
            const int64_t n = end - at;
            int64_t t = schedule->pair[k + 1] - n * (n - 1) / 2;
            for (int64_t q = at + 1; q < end; q++) {
                schedule->target[t++] = work->where[schedule->row[q]];
            }
            enlist_column(schedule, work, k);
        }
        enlist_column(schedule, work, i);
    }
    return MN_OK;
}

static void find_slots(mn_kron_schedule *schedule, const mn_network *network)
{
    for (int64_t e = 0; e < schedule->n_edges; e++) {
        int32_t low, high;
        edge_vertices(schedule, network, e, &low, &high);
        if (low == high) {
            schedule->slot[e] = (int32_t)(schedule->n_slots - 1);
        } else if (low >= schedule->n_free) {
            const int64_t i = low - schedule->n_free, j = high - schedule->n_free;
            schedule->slot[e] = (int32_t)(schedule->n_entries + i * schedule->n_electrodes + j);
        } else {
            int64_t first = schedule->column[low], last = schedule->column[low + 1] - 1;
            while (first < last) {
                const int64_t middle = first + (last - first) / 2;
                if (schedule->row[middle] < high) {
                    first = middle + 1;
                } else {
                    last = middle;
                }
            }
            schedule->slot[e] = (int32_t)first;
        }
    }
}

static void join_terminals(mn_kron_schedule *schedule, int32_t i, int32_t first, int32_t last)
{
    int32_t *begin = &schedule->terminal_first[i], *end = &schedule->terminal_end[i];
    *begin = first < *begin ? first : *begin;
    *end = last + 1 > *end ? last + 1 : *end;
}

/* Electrodes that meet: at an edge, or as neighbours of a node when it is eliminated. */
static void find_terminals(mn_kron_schedule *schedule, const mn_network *network)
{
    const int32_t n_free = (int32_t)schedule->n_free;
    for (int64_t i = 0; i < schedule->n_electrodes; i++) {
        schedule->terminal_first[i] = (int32_t)schedule->n_electrodes;
        schedule->terminal_end[i] = 0;
    }
    for (int64_t e = 0; e < schedule->n_edges; e++) {
        int32_t low, high;
        edge_vertices(schedule, network, e, &low, &high);
        if (low >= n_free && low < high) {
            join_terminals(schedule, low - n_free, high - n_free, high - n_free);
        }
    }
    for (int64_t k = 0; k < schedule->n_free; k++) {
        const int64_t begin = schedule->column[k], last = schedule->column[k + 1] - 1;
        for (int64_t q = last - 1; q >= begin && schedule->row[q] >= n_free; q--) {
            join_terminals(schedule, schedule->row[q] - n_free, schedule->row[q + 1] - n_free,
                           schedule->row[last] - n_free);
        }
    }
}

/* A vertex is on an island when its path up the elimination tree ends at a column without entries. */
static int list_island_nodes(mn_kron_schedule *schedule, analysis *work)
{
    for (int64_t k = schedule->n_free - 1; k >= 0; k--) {
        const int32_t parent = work->parent[k];
        work->mark[k] = parent < 0 || (parent < schedule->n_free && work->mark[parent]);
    }
    for (int64_t i = 0; i < schedule->n_nodes; i++) {
        const int32_t k = schedule->vertex[i];
        schedule->n_island_nodes += k < schedule->n_free && work->mark[k];
    }
    schedule->island_node = mn_pool_alloc(&schedule->pool, schedule->n_island_nodes, sizeof(int32_t));
    if (schedule->island_node == NULL) {
        return MN_ERR_NO_MEMORY;
    }
    int64_t n = 0;
    for (int64_t i = 0; i < schedule->n_nodes; i++) {
        const int32_t k = schedule->vertex[i];
        if (k < schedule->n_free && work->mark[k]) {
            schedule->island_node[n++] = (int32_t)i;
        }
    }
    return MN_OK;
}

/* Columns, their lengths in work->cursor[], and dense fronts. */
static int analyse(mn_kron_schedule *schedule, analysis *work, const mn_network *network, mn_kron_fronts fronts,
                   mn_order order, mn_cancel *cancel)
{
    mn_pool *pool = &schedule->pool;
    schedule->vertex = mn_pool_alloc(pool, network->n_nodes, sizeof(int32_t));
    int code = pool->code;
    if (code != MN_OK) {
        return code;
    }
    code = mn_ordering(network, order, cancel, &schedule->n_free, schedule->vertex);
    if (code != MN_OK) {
        return code;
    }
    schedule->column = mn_pool_alloc(pool, schedule->n_free + 1, sizeof(int64_t));
    schedule->pair = mn_pool_alloc(pool, schedule->n_free + 1, sizeof(int64_t));
    schedule->lead = mn_pool_alloc(pool, schedule->n_free, sizeof(int32_t));
    code = pool->code;
    if (code != MN_OK) {
        return code;
    }
    code = analysis_init(work, schedule->n_free + network->n_electrodes, schedule->n_free, network->n_edges);
    if (code != MN_OK) {
        return code;
    }
    list_lower_neighbours(work, schedule, network);
    find_parents(work);
    code = walk_rows(work, schedule->n_free, NULL, cancel);
    if (code != MN_OK) {
        return code;
    }
    return choose_fronts(schedule, work, fronts);
}

/* Rows of the columns, targets of their updates, slots of the edges. */
static int fill(mn_kron_schedule *schedule, analysis *work, const mn_network *network, mn_cancel *cancel)
{
    mn_pool *pool = &schedule->pool;
    schedule->row = mn_pool_alloc(pool, schedule->n_entries, sizeof(int32_t));
    schedule->target = mn_pool_alloc(pool, schedule->n_listed, sizeof(int32_t));
    schedule->slot = mn_pool_alloc(pool, schedule->n_edges, sizeof(int32_t));
    schedule->terminal_first = mn_pool_alloc(pool, schedule->n_electrodes, sizeof(int32_t));
    schedule->terminal_end = mn_pool_alloc(pool, schedule->n_electrodes, sizeof(int32_t));
    int code = pool->code;
    if (code != MN_OK) {
        return code;
    }
    for (int64_t k = 0; k < schedule->n_free; k++) {
        work->cursor[k] = schedule->column[k];
    }
    code = walk_rows(work, schedule->n_free, schedule->row, cancel);
    if (code != MN_OK) {
        return code;
    }
    code = find_targets(schedule, work, cancel);
    if (code != MN_OK) {
        return code;
    }
    find_slots(schedule, network);
    find_terminals(schedule, network);
    return list_island_nodes(schedule, work);
}

int mn_kron_schedule_init(mn_kron_schedule *schedule, const mn_network *network, mn_kron_fronts fronts, mn_order order,
                          mn_cancel *cancel, mn_error *error)
{
    analysis work = {0};
    *schedule = (mn_kron_schedule){
        .n_nodes = network->n_nodes, .n_edges = network->n_edges, .n_electrodes = network->n_electrodes};
    int code = analyse(schedule, &work, network, fronts, order, cancel);
    if (code != MN_OK) {
        goto out;
    }
    code = count_schedule(schedule, &work, error);
    if (code != MN_OK) {
        goto out;
    }
    code = fill(schedule, &work, network, cancel);
out:
    mn_pool_free(&work.pool);
    return code == MN_OK ? MN_OK : mn_error_set(error, code);
}

void mn_kron_schedule_free(mn_kron_schedule *schedule)
{
    mn_pool_free(&schedule->pool);
    *schedule = (mn_kron_schedule){0};
}
