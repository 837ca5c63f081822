/* The tree of fronts. Columns that follow each other along the elimination tree become one front where that adds few
 * weights that are always 0 (relaxed supernodes, as Ashcraft and Grimes 1989). Subtrees whose columns are all short
 * stay lists of updates. */
#include "circuit/kron_tree.h"

#include "base/cancel.h"

#include <string.h>

/* Columns up to this length go into lists. */
enum { LIST_ROWS = 16 };

/* Fronts of up to so many pivots may consist to this part of zeros. */
static const struct {
    int64_t n_pivots;
    double zeros;
} RELAXED[] = {{4, 0.6}, {16, 0.16}, {INT32_MAX, 0.04}};

/* Work space: arrays of the analysis under other names. */
typedef struct {
    const int64_t *length; /* n_free: of the columns */
    const int32_t *parent; /* n_free */
    int32_t *is_short;     /* n_free: whether the column and all below it are short */
    int32_t *oldest;       /* n_free: the first of the subtree */
    mn_kron_front *front;  /* n_free: what there is so far */
    int64_t *zeros;        /* their weights that are always 0 */
    mn_pool pool;          /* of the last two */
} cutting;

static int cutting_init(cutting *cut, const mn_kron_analysis *work)
{
    *cut = (cutting){.length = work->cursor, .parent = work->parent, .is_short = work->mark, .oldest = work->head};
    cut->front = mn_pool_alloc(&cut->pool, work->n_free, sizeof(mn_kron_front));
    cut->zeros = mn_pool_alloc(&cut->pool, work->n_free, sizeof(int64_t));
    return cut->pool.code;
}

static void look_at_subtrees(const cutting *cut, int64_t n_free, bool all)
{
    for (int64_t k = 0; k < n_free; k++) {
        cut->is_short[k] = !all && cut->length[k] <= LIST_ROWS;
        cut->oldest[k] = (int32_t)k;
    }
    for (int64_t k = 0; k < n_free; k++) {
        const int32_t p = cut->parent[k];
        if (p >= 0 && p < n_free) {
            cut->is_short[p] = cut->is_short[p] && cut->is_short[k];
            cut->oldest[p] = cut->oldest[k] < cut->oldest[p] ? cut->oldest[k] : cut->oldest[p];
        }
    }
}

/* Whether two fronts, of which `lower` ends where `upper` begins, shall be one; *zeros, which is of both, grows by what
 * that adds. */
static bool joins(const cutting *cut, const mn_kron_front *lower, const mn_kron_front *upper, int64_t *zeros)
{
    if (lower->listed || cut->parent[lower->first + lower->n_pivots - 1] != upper->first) {
        return false;
    }
    const int64_t n_pivots = (int64_t)lower->n_pivots + upper->n_pivots;
    const int64_t size = n_pivots * (n_pivots - 1) / 2 + n_pivots * upper->n_rows;
    *zeros += ((int64_t)upper->n_pivots + upper->n_rows - lower->n_rows) * lower->n_pivots;
    size_t kind = 0;
    while (n_pivots > RELAXED[kind].n_pivots) {
        kind++;
    }
    return (double)*zeros <= RELAXED[kind].zeros * (double)size;
}

/* Returns the number of fronts. */
static int64_t cut_columns(const cutting *cut, int64_t n_free)
{
    mn_kron_front *front = cut->front;
    int64_t n = 0;
    for (int64_t k = 0; k < n_free; k++) {
        const int32_t p = cut->parent[k];
        if (cut->is_short[k] && p >= 0 && p < n_free && cut->is_short[p]) {
            continue;
        }
        const int32_t first = cut->is_short[k] ? cut->oldest[k] : (int32_t)k;
        front[n] = (mn_kron_front){.first = first, .n_pivots = (int32_t)k + 1 - first, .listed = cut->is_short[k] != 0};
        front[n].n_rows = (int32_t)cut->length[k];
        cut->zeros[n] = 0;
        for (; n > 0 && !front[n].listed; n--) {
            int64_t zeros = cut->zeros[n - 1] + cut->zeros[n];
            if (!joins(cut, &front[n - 1], &front[n], &zeros)) {
                break;
            }
            front[n - 1].n_pivots += front[n].n_pivots;
            front[n - 1].n_rows = front[n].n_rows;
            cut->zeros[n - 1] = zeros;
        }
        n++;
    }
    return n;
}

/* Where columns, pairs, rows and places begin. */
static void count_columns(mn_kron_schedule *schedule, const cutting *cut)
{
    int64_t n_entries = 0, n_listed = 0, n_rows = 0, n_places = 0;
    schedule->n_longest = 0;
    for (mn_kron_front *f = schedule->front; f < schedule->front + schedule->n_fronts; f++) {
        f->row = n_rows;
        f->place = n_places;
        for (int64_t t = 0, k = f->first; t < f->n_pivots; t++, k++) {
            const int64_t n = f->listed ? cut->length[k] : (int64_t)f->n_pivots - t - 1 + f->n_rows;
            schedule->column[k] = n_entries;
            schedule->length[k] = (int32_t)n;
            schedule->lanes[k] = 1;
            schedule->pair[k] = n_listed;
            schedule->first_row[k] = f->listed ? n_rows : f->row + t + 1;
            f->row = f->listed ? n_rows : f->row; /* at last that of the last column */
            n_rows += f->listed ? n : 0;
            n_entries += n;
            f->n_entries += n;
            n_listed += f->listed ? n * (n - 1) / 2 : 0;
            schedule->n_longest = n > schedule->n_longest ? n : schedule->n_longest;
        }
        n_rows += f->listed ? 0 : (int64_t)f->n_pivots + f->n_rows;
        n_places += f->n_rows;
    }
    schedule->column[schedule->n_free] = n_entries;
    schedule->pair[schedule->n_free] = n_listed;
    schedule->n_entries = n_entries;
    schedule->n_listed = n_listed;
    schedule->n_rows = n_rows;
    schedule->n_places = n_places;
}

/* front_of[k] is the front of column k. */
static void find_fronts(const mn_kron_schedule *schedule, int32_t *front_of)
{
    for (int64_t i = 0; i < schedule->n_fronts; i++) {
        for (int64_t t = 0; t < schedule->front[i].n_pivots; t++) {
            front_of[schedule->front[i].first + t] = (int32_t)i;
        }
    }
}

/* The parent of a front is that of its last column. */
static void link_fronts(mn_kron_schedule *schedule, const mn_kron_analysis *work, const int32_t *front_of)
{
    mn_kron_front *front = schedule->front;
    for (int64_t i = 0; i < schedule->n_fronts; i++) {
        front[i].parent = front[i].child = front[i].sibling = front[i].quartet = -1;
    }
    for (int64_t i = schedule->n_fronts - 1; i >= 0; i--) {
        const int32_t p = work->parent[front[i].first + front[i].n_pivots - 1];
        if (p >= 0 && p < schedule->n_free) {
            front[i].parent = front_of[p];
            front[i].sibling = front[front_of[p]].child;
            front[front_of[p]].child = (int32_t)i;
        }
    }
}

/* Rests lie on one another as fronts come, and those of its children are gone when a front leaves its own. */
static void stack_blocks(mn_kron_schedule *schedule)
{
    int64_t top = 0;
    for (mn_kron_front *f = schedule->front; f < schedule->front + schedule->n_fronts; f++) {
        f->block = f->child >= 0 ? schedule->front[f->child].block : top;
        int64_t end = f->block + mn_kron_rest_size(f);
        top = f->parent >= 0 ? end : f->block;
        if (f->listed) {
            end += f->n_entries;
        } else {
            const int64_t stride = mn_kron_front_stride(f);
            schedule->stride = stride > schedule->stride ? stride : schedule->stride;
        }
        schedule->n_block = end > schedule->n_block ? end : schedule->n_block;
        f->kept = schedule->n_kept;
        schedule->n_kept += mn_kron_rest_size(f);
    }
}

static int cut_tree(mn_kron_schedule *schedule, mn_kron_analysis *work, const cutting *cut, bool all)
{
    look_at_subtrees(cut, schedule->n_free, all);
    schedule->n_fronts = cut_columns(cut, schedule->n_free);
    schedule->front = mn_pool_alloc(&schedule->pool, schedule->n_fronts, sizeof(mn_kron_front));
    schedule->first_row = mn_pool_alloc(&schedule->pool, schedule->n_free, sizeof(int64_t));
    if (schedule->pool.code != MN_OK) {
        return schedule->pool.code;
    }
    memcpy(schedule->front, cut->front, (size_t)schedule->n_fronts * sizeof(mn_kron_front));
    count_columns(schedule, cut);
    find_fronts(schedule, work->where);
    link_fronts(schedule, work, work->where);
    stack_blocks(schedule);
    return MN_OK;
}

int mn_kron_tree_cut(mn_kron_schedule *schedule, mn_kron_analysis *work, bool all)
{
    cutting cut;
    mn_kron_analysis_postorder(work, schedule->vertex);
    int code = cutting_init(&cut, work);
    if (code == MN_OK) {
        code = cut_tree(schedule, work, &cut, all);
    }
    mn_pool_free(&cut.pool);
    return code;
}

int64_t mn_kron_tree_bytes(const mn_kron_schedule *schedule)
{
    return ((int64_t)sizeof(mn_kron_front) + 5) * schedule->n_fronts + 8 * schedule->n_free + 8 * schedule->n_edges +
           4 * schedule->n_rows + 4 * schedule->n_places +
           8 * (schedule->n_block + schedule->n_kept + schedule->stride * (schedule->stride + MN_KRON_PIVOTS));
}

/* ------------------------------------------------------------------ rows */

/* Where the first row of each column of a list, or of each front, is written next; pivots of fronts are written here.
 * mark[] is by column and head[] by front. */
static void start_rows(mn_kron_schedule *schedule, mn_kron_analysis *work)
{
    for (int64_t i = 0; i < work->n_vertices; i++) {
        work->mark[i] = -1;
    }
    for (int64_t i = 0; i < schedule->n_fronts; i++) {
        const mn_kron_front *f = &schedule->front[i];
        work->head[i] = -1;
        for (int64_t t = 0; t < f->n_pivots; t++) {
            work->cursor[f->first + t] = schedule->first_row[f->first + t];
            if (!f->listed) {
                schedule->row[f->row + t] = f->first + (int32_t)t;
            }
        }
        if (!f->listed) {
            work->cursor[f->first] = f->row + f->n_pivots;
        }
    }
}

/* Row i of the columns from k on up the elimination tree, as long as they are of the list of front f. Returns the first
 * vertex above them, i where all have the row already. */
static int32_t write_listed(mn_kron_schedule *schedule, mn_kron_analysis *work, const mn_kron_front *f, int32_t k,
                            int32_t i)
{
    while (k >= 0 && k < f->first + f->n_pivots && k != i) {
        if (work->mark[k] == i) {
            return i;
        }
        work->mark[k] = i;
        schedule->row[work->cursor[k]++] = i;
        k = work->parent[k];
    }
    return k;
}

/* Row i of the fronts from the one of column k on up to its own: those rows are those of a front's last column. */
static void write_row(mn_kron_schedule *schedule, mn_kron_analysis *work, const int32_t *front_of, int32_t k, int32_t i)
{
    const int32_t own = i < schedule->n_free ? front_of[i] : -1;
    if (schedule->front[front_of[k]].listed) {
        k = write_listed(schedule, work, &schedule->front[front_of[k]], k, i);
    }
    int32_t f = k >= 0 && k < schedule->n_free && k != i ? front_of[k] : own;
    while (f != own && f >= 0 && work->head[f] != i) {
        work->head[f] = i;
        schedule->row[work->cursor[schedule->front[f].first]++] = i;
        f = schedule->front[f].parent;
    }
}

static int fill_rows(mn_kron_schedule *schedule, mn_kron_analysis *work, const int32_t *front_of, mn_cancel *cancel)
{
    start_rows(schedule, work);
    for (int64_t i = 0; i < work->n_vertices; i++) {
        if (mn_cancelled(cancel)) {
            return MN_ERR_INTERRUPTED;
        }
        for (int64_t q = work->lower_start[i]; q < work->lower_start[i + 1]; q++) {
            write_row(schedule, work, front_of, work->lower[q], (int32_t)i);
        }
    }
    return MN_OK;
}

/* The rows between which a front leaves weights. */
static const int32_t *rows_of(const mn_kron_schedule *schedule, const mn_kron_front *f)
{
    return schedule->row + f->row + (f->listed ? 0 : f->n_pivots);
}

static void find_places(mn_kron_schedule *schedule, const mn_kron_front *f)
{
    const int32_t *row = rows_of(schedule, f);
    int32_t *place = schedule->place + f->place;
    if (f->parent < 0) {
        for (int64_t j = 0; j < f->n_rows; j++) {
            place[j] = row[j] - (int32_t)schedule->n_free;
        }
        return;
    }
    const mn_kron_front *parent = &schedule->front[f->parent];
    const int32_t *in_parent = schedule->row + parent->row;
    const int32_t empty = (int32_t)mn_kron_front_margin(parent) - parent->n_pivots;
    int32_t q = 0;
    for (int64_t j = 0; j < f->n_rows; j++) {
        while (in_parent[q] < row[j]) {
            q++;
        }
        place[j] = q < parent->n_pivots ? q : q + empty;
    }
}

/* ------------------------------------------------------------------ lists and edges */

/* Where the weights of column k begin in the block of its listed front. */
static int64_t column_in_block(const mn_kron_schedule *schedule, const mn_kron_front *f, int64_t k)
{
    return mn_kron_rest_size(f) + schedule->column[k] - schedule->column[f->first];
}

/* Updates of row i of a listed column with the n rows that follow it. */
static void list_updates(const mn_kron_schedule *schedule, const mn_kron_front *f, int32_t i, int64_t n,
                         const int32_t *row, int32_t *target)
{
    const int32_t *in;
    int64_t at;
    if (i < f->first + f->n_pivots) {
        in = schedule->row + schedule->first_row[i];
        at = column_in_block(schedule, f, i);
    } else {
        const int32_t *rows = rows_of(schedule, f);
        int64_t own = 0;
        for (at = 0; rows[own] < i; own++) {
            at += f->n_rows - own - 1;
        }
        in = rows + own + 1;
    }
    for (int64_t r = 0, q = 0; r < n; r++, q++) {
        while (in[q] < row[r]) {
            q++;
        }
        target[r] = (int32_t)(at + q);
    }
}

static void fill_lists(mn_kron_schedule *schedule)
{
    for (const mn_kron_front *f = schedule->front; f < schedule->front + schedule->n_fronts; f++) {
        for (int64_t k = f->first; f->listed && k < f->first + f->n_pivots; k++) {
            const int64_t n = schedule->column[k + 1] - schedule->column[k];
            const int32_t *row = schedule->row + schedule->first_row[k];
            int32_t *target = schedule->target + schedule->pair[k];
            for (int64_t q = 0; q + 1 < n; target += n - q - 1, q++) {
                list_updates(schedule, f, row[q], n - q - 1, row + q + 1, target);
            }
        }
    }
}

/* Index of `value` among ascending numbers. */
static int64_t find(const int32_t *number, int64_t n, int32_t value)
{
    int64_t first = 0, last = n - 1;
    while (first < last) {
        const int64_t middle = first + (last - first) / 2;
        if (number[middle] < value) {
            first = middle + 1;
        } else {
            last = middle;
        }
    }
    return first;
}

/* Where the weight between column `low` of front f and `high` stands. */
static int64_t slot_in_front(const mn_kron_schedule *schedule, const mn_kron_front *f, int32_t low, int32_t high)
{
    if (f->listed) {
        const int64_t n = schedule->column[low + 1] - schedule->column[low];
        return column_in_block(schedule, f, low) + find(schedule->row + schedule->first_row[low], n, high);
    }
    const int64_t q = find(schedule->row + f->row, (int64_t)f->n_pivots + f->n_rows, high);
    const int64_t empty = q < f->n_pivots ? 0 : mn_kron_front_margin(f) - f->n_pivots;
    return (low - f->first) * mn_kron_front_stride(f) + q + empty;
}

static int64_t slot_of_terminals(const mn_kron_schedule *schedule, int32_t low, int32_t high)
{
    const int64_t i = low - schedule->n_free, j = high - schedule->n_free;
    return i == j ? schedule->n_slots - 1 : i * schedule->n_electrodes + j;
}

static void sort_edges(mn_kron_schedule *schedule, const mn_kron_analysis *work, const int32_t *front_of)
{
    int32_t low, high;
    for (int64_t e = 0; e < schedule->n_edges; e++) {
        mn_kron_edge_vertices(work->network, schedule->vertex, e, &low, &high);
        if (low != high && low < schedule->n_free) {
            schedule->front[front_of[low]].n_edges++;
        }
    }
    int64_t end = 0;
    for (mn_kron_front *f = schedule->front; f < schedule->front + schedule->n_fronts; f++) {
        f->edge = end;
        end += f->n_edges;
        f->n_edges = 0;
    }
    for (int64_t e = 0; e < schedule->n_edges; e++) {
        mn_kron_edge_vertices(work->network, schedule->vertex, e, &low, &high);
        mn_kron_front *f = low < schedule->n_free && low != high ? &schedule->front[front_of[low]] : NULL;
        const int64_t at = f != NULL ? f->edge + f->n_edges++ : end++;
        schedule->edge[at] = (int32_t)e;
        schedule->owner[e] = f != NULL ? front_of[low] : (int32_t)schedule->n_fronts;
        schedule->slot[at] = low == high ? (int32_t)(schedule->n_slots - 1)
                             : f != NULL ? (int32_t)slot_in_front(schedule, f, low, high)
                                         : (int32_t)slot_of_terminals(schedule, low, high);
    }
}

int mn_kron_tree_fill(mn_kron_schedule *schedule, mn_kron_analysis *work, mn_cancel *cancel)
{
    find_fronts(schedule, work->where);
    const int code = fill_rows(schedule, work, work->where, cancel);
    if (code != MN_OK) {
        return code;
    }
    for (const mn_kron_front *f = schedule->front; f < schedule->front + schedule->n_fronts; f++) {
        find_places(schedule, f);
    }
    fill_lists(schedule);
    sort_edges(schedule, work, work->where);
    return MN_OK;
}
