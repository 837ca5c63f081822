/* The schedule of the elimination: which entries each column has and where its pair updates land. */
#include "circuit/kron_schedule.h"

#include "base/cancel.h"
#include "circuit/kron_batches.h"
#include "circuit/kron_edges.h"
#include "circuit/kron_quartets.h"
#include "circuit/kron_tree.h"
#include "circuit/ordering.h"

/* Two numbers for every MN_KRON_BATCH slots of the largest rest. */
enum { MN_KRON_REST_PAIRS = 2 * (MN_KRON_SUPERNODE_ENTRIES / MN_KRON_BATCH + 1) * MN_KRON_SUPERNODE_ENTRIES / 2 };

/* More than this is refused before it is allocated. */
#define MAX_BYTES (INT64_C(16) << 30)

/* Fronts pay from this size on, and from so many updates of a column on average. */
enum { FRONT_MEAN_UPDATES = 40, FRONT_UPDATES = 20000 };

/* From the lengths in cursor[]. */
static bool fronts_pay(const mn_kron_schedule *schedule)
{
    return schedule->n_updates >= FRONT_UPDATES && schedule->n_updates >= FRONT_MEAN_UPDATES * schedule->n_free;
}

static void count_updates(mn_kron_schedule *schedule, const mn_kron_analysis *work)
{
    for (int64_t k = 0; k < schedule->n_free; k++) {
        const int64_t n = work->cursor[k];
        schedule->n_updates += n * (n - 1) / 2;
        schedule->n_longest = n > schedule->n_longest ? n : schedule->n_longest;
        schedule->n_islands += n == 0;
    }
}

/* Column and pair starts of the list. */
static void count_columns(mn_kron_schedule *schedule, const mn_kron_analysis *work)
{
    int64_t n_entries = 0, n_listed = 0, first = 0; /* column of the batch at hand */
    for (int64_t k = 0; k < schedule->n_free; k++) {
        const int64_t n = work->cursor[k];
        const int64_t lane = k - first;
        schedule->length[k] = (int32_t)n;
        schedule->column[k] = n_entries + lane;
        schedule->pair[k] = n_listed;
        if (lane + 1 == schedule->lanes[k]) {
            n_entries += n * schedule->lanes[k];
            first = k + 1;
        }
        n_listed += n * (n - 1) / 2;
    }
    schedule->column[schedule->n_free] = n_entries;
    schedule->pair[schedule->n_free] = n_listed;
    schedule->n_entries = schedule->n_inner = schedule->n_rows = n_entries;
    schedule->n_listed = n_listed;
    schedule->first_row = schedule->column;
}

/* The memory that the backend will need. */
static int check_size(mn_kron_schedule *schedule, mn_error *error)
{
    const int64_t n_mesh = schedule->n_electrodes * schedule->n_electrodes;
    schedule->n_slots = schedule->n_inner + n_mesh + 1;
    const int64_t of_list = 8 * schedule->n_edges + 12 * schedule->n_slots + 4 * schedule->n_rows +
                            12 * schedule->n_listed + 8 * schedule->n_entries + 4 * schedule->n_rest +
                            (int64_t)sizeof(mn_kron_run) * schedule->n_runs +
                            (int64_t)sizeof(mn_kron_part) * schedule->n_parts;
    schedule->bytes = 4 * schedule->n_nodes + 4 * schedule->n_edges + 46 * schedule->n_free + 8 * schedule->n_entries +
                      8 * (schedule->n_slots + n_mesh) + 4 * schedule->n_listed +
                      (schedule->n_fronts > 0 ? mn_kron_tree_bytes(schedule) : of_list);
    if (schedule->n_slots > INT32_MAX || schedule->n_listed > INT32_MAX ||
        schedule->stride * schedule->stride > INT32_MAX || schedule->bytes > MAX_BYTES) {
        if (error != NULL) {                        /* GCOV_EXCL_LINE: more memory than MAX_BYTES */
            error->value = (double)schedule->bytes; /* GCOV_EXCL_LINE: more memory than MAX_BYTES */
        }
        return MN_ERR_TOO_LARGE; /* GCOV_EXCL_LINE: more memory than MAX_BYTES */
    }
    return MN_OK;
}

/* Puts column k into the list of the row it stands at; the pairs of electrodes that end it are written here. */
static void enlist_column(mn_kron_schedule *schedule, mn_kron_analysis *work, int64_t k)
{
    const int64_t step = schedule->lanes[k], end = mn_kron_entry(schedule, k, schedule->length[k]);
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
    const int64_t n = (end - at) / step;
    int64_t t = schedule->pair[k + 1] - n * (n - 1) / 2;
    for (int64_t q = at; q < end; q += step) {
        const int64_t i = schedule->row[q] - schedule->n_free;
        for (int64_t r = q + step; r < end; r += step) {
            const int64_t j = schedule->row[r] - schedule->n_free;
            schedule->target[t++] = (int32_t)(schedule->n_entries + i * schedule->n_electrodes + j);
        }
    }
}

/* Left-looking: when column i is at hand, every earlier column with row i finds the slots of its pairs (i, j) in it. */
static int find_targets(mn_kron_schedule *schedule, mn_kron_analysis *work, mn_cancel *cancel)
{
    for (int64_t k = 0; k < schedule->n_free; k++) {
        work->cursor[k] = schedule->column[k];
        work->head[k] = -1;
    }
    for (int64_t i = 0; i < schedule->n_free; i++) {
        if (mn_cancelled(cancel)) {
            return MN_ERR_INTERRUPTED; /* GCOV_EXCL_LINE: Ctrl-C at this moment */
        }
        for (int64_t q = 0; q < schedule->length[i]; q++) {
            const int64_t entry = mn_kron_entry(schedule, i, q);
            work->where[schedule->row[entry]] = (int32_t)entry;
        }
        for (int32_t k = work->head[i], following; k >= 0; k = following) {
            following = work->next[k];
            const int64_t step = schedule->lanes[k], end = mn_kron_entry(schedule, k, schedule->length[k]);
            const int64_t at = work->cursor[k];
            const int64_t n = (end - at) / step;
            int64_t t = schedule->pair[k + 1] - n * (n - 1) / 2;
            work->cursor[k] += step;
            for (int64_t q = at + step; q < end; q += step) {
                schedule->target[t++] = work->where[schedule->row[q]];
            }
            enlist_column(schedule, work, k);
        }
        enlist_column(schedule, work, i);
    }
    return MN_OK;
}

/* The slots of a supernode's rest, row by row. No two quads that follow each other are filled up with the same ones:
 * what a processor has just stored it reads late. */
static void list_rest(const mn_kron_schedule *schedule, const mn_kron_run *run)
{
    const int64_t last = run->end - 1, n = schedule->length[last];
    const int32_t *target = schedule->target + schedule->pair[last + 1];
    int32_t *rest = schedule->rest + run->rest;
    int64_t n_filled = 0;
    for (int64_t q = 1; q < n; q++) {
        target -= q;
        for (int64_t r = 0; r < q || r % MN_KRON_BATCH != 0; r++) {
            *rest++ = r < q ? target[r] : (int32_t)(schedule->column[run->first] + n_filled++ % run->length);
        }
    }
}

/* For supernodes of all lengths: those of shorter ones are the first. */
static int list_rest_pairs(mn_kron_schedule *schedule)
{
    int64_t n = 0;
    schedule->rest_pair = mn_pool_alloc(&schedule->pool, MN_KRON_REST_PAIRS, sizeof(uint8_t));
    if (schedule->rest_pair == NULL) {
        return MN_ERR_NO_MEMORY;
    }
    for (int q = 1; q < MN_KRON_SUPERNODE_ENTRIES; q++) {
        for (int r = 0; r < q; r += MN_KRON_BATCH) {
            schedule->rest_pair[n++] = (uint8_t)(q + 1);
            schedule->rest_pair[n++] = (uint8_t)(q - r);
        }
    }
    return MN_OK;
}

static void list_rests(const mn_kron_schedule *schedule)
{
    for (int64_t i = 0; i < schedule->n_runs; i++) {
        if (schedule->run[i].rest >= 0) {
            list_rest(schedule, &schedule->run[i]);
        }
    }
}

static void find_slots(mn_kron_schedule *schedule, const mn_network *network)
{
    for (int64_t e = 0; e < schedule->n_edges; e++) {
        int32_t low, high;
        mn_kron_edge_vertices(network, schedule->vertex, e, &low, &high);
        if (low == high) {
            schedule->slot[e] = (int32_t)(schedule->n_slots - 1);
        } else if (low >= schedule->n_free) {
            const int64_t i = low - schedule->n_free, j = high - schedule->n_free;
            schedule->slot[e] = (int32_t)(schedule->n_entries + i * schedule->n_electrodes + j);
        } else {
            int64_t first = 0, last = schedule->length[low] - 1;
            while (first < last) {
                const int64_t middle = first + (last - first) / 2;
                if (schedule->row[mn_kron_entry(schedule, low, middle)] < high) {
                    first = middle + 1;
                } else {
                    last = middle;
                }
            }
            schedule->slot[e] = (int32_t)mn_kron_entry(schedule, low, first);
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
        mn_kron_edge_vertices(network, schedule->vertex, e, &low, &high);
        if (low >= n_free && low < high) {
            join_terminals(schedule, low - n_free, high - n_free, high - n_free);
        }
    }
    for (int64_t k = 0; k < schedule->n_free; k++) {
        const int32_t *row = schedule->row + schedule->first_row[k];
        const int64_t step = schedule->lanes[k], last = (schedule->length[k] - 1) * step;
        for (int64_t q = last - step; q >= 0 && row[q] >= n_free; q -= step) {
            join_terminals(schedule, row[q] - n_free, row[q + step] - n_free, row[last] - n_free);
        }
    }
}

/* A vertex is on an island when its path up the elimination tree ends at a column without entries. */
static int list_island_nodes(mn_kron_schedule *schedule, mn_kron_analysis *work)
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

/* Columns, as a list or as a tree of fronts. */
static int analyse(mn_kron_schedule *schedule, mn_kron_analysis *work, const mn_network *network, mn_kron_fronts fronts,
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
    schedule->length = mn_pool_alloc(pool, schedule->n_free, sizeof(int32_t));
    schedule->lanes = mn_pool_alloc(pool, schedule->n_free, sizeof(uint8_t));
    code = pool->code;
    if (code != MN_OK) {
        return code;
    }
    code = mn_kron_analysis_init(work, network, schedule->n_free, schedule->vertex, cancel);
    if (code != MN_OK) {
        return code;
    }
    count_updates(schedule, work);
    if (fronts == MN_KRON_FRONTS_ALWAYS || (fronts == MN_KRON_FRONTS_AUTO && fronts_pay(schedule))) {
        return mn_kron_tree_cut(schedule, work, fronts == MN_KRON_FRONTS_ALWAYS);
    }
    code = mn_kron_batches_form(schedule, work);
    if (code == MN_OK) {
        count_columns(schedule, work);
    }
    return code;
}

/* Rows of the columns, targets of their updates, slots of the edges. */
static int fill_list(mn_kron_schedule *schedule, mn_kron_analysis *work, const mn_network *network, mn_cancel *cancel)
{
    for (int64_t k = 0; k < schedule->n_free; k++) {
        work->cursor[k] = schedule->column[k];
    }
    int code = mn_kron_analysis_rows(work, schedule->lanes, schedule->row, cancel);
    if (code != MN_OK) {
        return code;
    }
    code = find_targets(schedule, work, cancel);
    if (code != MN_OK) {
        return code;
    }
    list_rests(schedule);
    code = list_rest_pairs(schedule);
    if (code != MN_OK) {
        return code;
    }
    find_slots(schedule, network);
    return mn_kron_edges_list(schedule);
}

static int fill_tree(mn_kron_schedule *schedule, mn_kron_analysis *work, mn_cancel *cancel)
{
    const int code = mn_kron_tree_fill(schedule, work, cancel);
    return code == MN_OK ? mn_kron_quartets_form(schedule) : code;
}

static int fill(mn_kron_schedule *schedule, mn_kron_analysis *work, const mn_network *network, mn_cancel *cancel)
{
    mn_pool *pool = &schedule->pool;
    const bool tree = schedule->n_fronts > 0;
    schedule->row = mn_pool_alloc(pool, schedule->n_rows + MN_KRON_BATCH * 2, sizeof(int32_t));
    schedule->target = mn_pool_alloc(pool, schedule->n_listed, sizeof(int32_t));
    schedule->rest = mn_pool_alloc(pool, schedule->n_rest, sizeof(int32_t));
    schedule->slot = mn_pool_alloc(pool, schedule->n_edges, sizeof(int32_t));
    schedule->place = mn_pool_alloc(pool, schedule->n_places, sizeof(int32_t));
    schedule->edge = mn_pool_alloc(pool, tree ? schedule->n_edges : 0, sizeof(int32_t));
    schedule->owner = mn_pool_alloc(pool, tree ? schedule->n_edges : 0, sizeof(int32_t));
    schedule->terminal_first = mn_pool_alloc(pool, schedule->n_electrodes, sizeof(int32_t));
    schedule->terminal_end = mn_pool_alloc(pool, schedule->n_electrodes, sizeof(int32_t));
    int code = pool->code;
    if (code != MN_OK) {
        return code;
    }
    code = tree ? fill_tree(schedule, work, cancel) : fill_list(schedule, work, network, cancel);
    if (code != MN_OK) {
        return code;
    }
    find_terminals(schedule, network);
    return list_island_nodes(schedule, work);
}

int mn_kron_schedule_init(mn_kron_schedule *schedule, const mn_network *network, mn_kron_fronts fronts, mn_order order,
                          mn_cancel *cancel, mn_error *error)
{
    mn_kron_analysis work = {0};
    *schedule = (mn_kron_schedule){
        .n_nodes = network->n_nodes, .n_edges = network->n_edges, .n_electrodes = network->n_electrodes};
    int code = analyse(schedule, &work, network, fronts, order, cancel);
    if (code != MN_OK) {
        goto out;
    }
    code = check_size(schedule, error);
    if (code != MN_OK) {
        goto out;
    }
    code = fill(schedule, &work, network, cancel);
out:
    mn_kron_analysis_free(&work);
    return code == MN_OK ? MN_OK : mn_error_set(error, code);
}

void mn_kron_schedule_free(mn_kron_schedule *schedule)
{
    mn_pool_free(&schedule->pool);
    *schedule = (mn_kron_schedule){0};
}
