/* The order in which listed columns are eliminated. Fill is that of the elimination tree, whichever of its orders is
 * taken, children before parents. So subtrees that fit into the second-level cache come one after the other, and inside
 * each the next columns are, of those whose children are done, several of equal length. */
#include "circuit/kron_batches.h"

#include "circuit/kron_arithmetic.h"

#include <string.h>

/* Memory of a part (bytes): half of a second-level cache of 1 MiB, as a step has other arrays, too. What is above the
 * parts is cut into parts again, and at the last of these levels is one. */
enum { PART_BYTES = 512 << 10, LEVELS = 4 };

/* Ready columns of one length, in the order in which they came. */
typedef struct {
    int32_t first, last;
    int64_t n;
} queue;

/* Work space: arrays of the analysis under other names. */
typedef struct {
    mn_kron_schedule *schedule;
    const int64_t *length; /* n_free: of the columns */
    const int32_t *parent; /* n_free */
    int32_t *next;         /* n_free: in a queue */
    int32_t *number;       /* n_free: the new ones */
    int32_t *waiting;      /* n_free: children that are to come */
    int32_t *level;        /* n_free: at which a column got into a part, -1 for not yet */
    int32_t *heir;         /* n_free: the child after which a column comes in one supernode, -1: none */
    int64_t *bytes;        /* n_free: of a subtree's columns that are left */
    mn_kron_part *part;    /* n_free: the first n_parts are there */
    mn_kron_run *run;      /* n_free: the first n_runs are there */
    int64_t n_parts, n_runs, n_rest;
    queue ready[MN_KRON_BATCH_ROWS + 1]; /* by length; of length 0: and of columns too long for batches */
    int32_t n_numbered;
    mn_pool pool; /* of waiting, heir, bytes, part and run */
} forming;

static int64_t kind_of(const forming *form, int64_t k)
{
    return form->length[k] <= MN_KRON_BATCH_ROWS ? form->length[k] : 0;
}

static void put(forming *form, int32_t k)
{
    queue *q = &form->ready[kind_of(form, k)];
    form->next[k] = -1;
    if (q->n == 0) {
        q->first = k;
    } else {
        form->next[q->last] = k;
    }
    q->last = k;
    q->n++;
}

/* Whether the parent of a column is in the same part. */
static bool has_parent_here(const forming *form, int64_t k)
{
    const int32_t p = form->parent[k];
    return p >= 0 && p < form->schedule->n_free && form->level[p] == form->level[k];
}

/* Whether the parent of a column, in the same part, has the rows of the column, and no others. */
static bool is_nested(const forming *form, int64_t k)
{
    return has_parent_here(form, k) && form->length[form->parent[k]] == form->length[k] - 1;
}

/* Its children are done. An heir waits until its parent waits for nobody else. */
static void make_ready(forming *form, int32_t k)
{
    const int32_t p = form->parent[k];
    if (!has_parent_here(form, k) || form->heir[p] != k || form->waiting[p] == 1) {
        put(form, k);
    }
}

/* A column has its number: its parent waits for one less. */
static void finish_column(forming *form, int32_t k)
{
    if (!has_parent_here(form, k)) {
        return;
    }
    const int32_t p = form->parent[k];
    form->waiting[p]--;
    form->heir[p] = form->heir[p] == k ? -1 : form->heir[p];
    const int32_t heir = form->heir[p];
    if (form->waiting[p] == 0) {
        make_ready(form, p);
    } else if (form->waiting[p] == 1 && heir >= 0 && form->waiting[heir] == 0) {
        put(form, heir);
    }
}

static int32_t take(forming *form, queue *q)
{
    const int32_t k = q->first;
    q->first = form->next[k];
    q->n--;
    return k;
}

static void number_column(forming *form, int32_t k, int32_t lanes)
{
    form->schedule->lanes[form->n_numbered] = (uint8_t)lanes;
    form->number[k] = form->n_numbered++;
}

/* n further columns of one length, at the end of a part. */
static void lengthen_run(forming *form, const mn_kron_part *part, int64_t length, int32_t n)
{
    mn_kron_run *last = form->n_runs > part->run ? &form->run[form->n_runs - 1] : NULL;
    if (last != NULL && last->length == length && last->lanes == n && last->rest < 0) {
        last->end += n;
    } else {
        form->run[form->n_runs++] = (mn_kron_run){
            .first = form->n_numbered, .end = form->n_numbered + n, .length = (int32_t)length, .lanes = n, .rest = -1};
    }
}

/* Gives the first `n` columns of a queue the next numbers; parents that then have waited long enough are ready. */
static void number_batch(forming *form, queue *q, int32_t n)
{
    int32_t taken[MN_KRON_BATCH];
    lengthen_run(form, &form->part[form->n_parts - 1], form->length[q->first], n);
    for (int32_t i = 0; i < n; i++) {
        taken[i] = take(form, q);
        number_column(form, taken[i], n);
    }
    for (int32_t i = 0; i < n; i++) {
        finish_column(form, taken[i]);
    }
}

/* The slots of a supernode whose last column has n entries. */
static int64_t rest_size(int64_t n)
{
    int64_t size = 0;
    for (int64_t q = n - 1; q > 0; q--) {
        size += (q + MN_KRON_BATCH - 1) / MN_KRON_BATCH * MN_KRON_BATCH;
    }
    return size;
}

/* Numbers a column and those of its ancestors that make a supernode with it. */
static void number_supernode(forming *form, int32_t k)
{
    mn_kron_run *run = &form->run[form->n_runs++];
    *run =
        (mn_kron_run){.first = form->n_numbered, .length = (int32_t)form->length[k], .lanes = 1, .rest = form->n_rest};
    number_column(form, k, 1);
    for (int32_t n = 1; n < MN_KRON_SUPERNODE_PIVOTS && is_nested(form, k) && form->waiting[form->parent[k]] == 1;
         n++) {
        k = form->parent[k];
        form->waiting[k] = 0;
        number_column(form, k, 1);
    }
    run->end = form->n_numbered;
    run->n_quads = (int32_t)(rest_size(form->length[k]) / MN_KRON_BATCH);
    form->n_rest += rest_size(form->length[k]);
    finish_column(form, k);
}

/* The next column of those that are too long for batches, have no entries, or are too few of one length. */
static void number_one(forming *form, queue *q)
{
    const int64_t n = form->length[q->first];
    if (n >= MN_KRON_LANES && n <= MN_KRON_SUPERNODE_ENTRIES) {
        number_supernode(form, take(form, q));
    } else {
        number_batch(form, q, 1);
    }
}

/* The longest queue; that of the batch before where it is long enough, so that the same code runs again. */
static queue *choose_queue(forming *form, queue *before)
{
    queue *longest = before;
    if (before != &form->ready[0] && before->n >= MN_KRON_BATCH) {
        return before;
    }
    for (int64_t n = 1; n <= MN_KRON_BATCH_ROWS; n++) {
        longest = form->ready[n].n > longest->n ? &form->ready[n] : longest;
    }
    return longest;
}

/* Numbers the columns of a part, which are those of this level from `begin` to `end` - 1. */
static void number_part(forming *form, int64_t begin, int64_t end, int32_t level)
{
    mn_kron_part *part = &form->part[form->n_parts++];
    part->first = form->n_numbered;
    part->run = form->n_runs;
    part->level = level;
    for (int64_t k = begin; k < end; k++) {
        if (form->level[k] == level && form->length[k] > MN_KRON_BATCH_ROWS && is_nested(form, k)) {
            form->heir[form->parent[k]] = (int32_t)k;
        }
    }
    for (int64_t k = begin; k < end; k++) {
        if (form->level[k] == level && form->waiting[k] == 0) {
            make_ready(form, (int32_t)k);
        }
    }
    queue *q = &form->ready[0];
    for (;;) {
        q = choose_queue(form, q);
        if (q->n >= MN_KRON_BATCH && q != &form->ready[0]) {
            number_batch(form, q, MN_KRON_BATCH);
        } else if (form->ready[0].n > 0) {
            number_one(form, &form->ready[0]);
        } else if (q->n > 0) {
            number_one(form, q);
        } else {
            break;
        }
    }
    part->end = form->n_numbered;
    part->run_end = form->n_runs;
}

static int64_t column_bytes(int64_t n)
{
    return 40 + 20 * n + 2 * n * (n - 1);
}

/* Puts subtrees of what is left into this level, each whole: those that fit, leaves in any case, at the last level
 * all. */
static void choose_level(forming *form, int32_t level)
{
    const int64_t n_free = form->schedule->n_free;
    for (int64_t k = 0; k < n_free; k++) {
        form->bytes[k] = 0;
        form->waiting[k] = 0;
    }
    for (int64_t k = 0; k < n_free; k++) {
        if (form->level[k] >= 0) {
            continue;
        }
        const bool is_leaf = form->bytes[k] == 0;
        form->bytes[k] += column_bytes(form->length[k]);
        form->level[k] = is_leaf || form->bytes[k] <= PART_BYTES || level == LEVELS - 1 ? level : -1;
        const int32_t p = form->parent[k];
        if (p >= 0 && p < n_free) {
            form->bytes[p] += form->bytes[k];
            form->waiting[p] += form->level[k] == level;
        }
    }
}

/* Neighbouring subtrees of this level share a part as long as they fit. */
static void number_level(forming *form, int32_t level)
{
    const int64_t n_free = form->schedule->n_free;
    int64_t bytes = 0, end = n_free;
    for (int64_t k = n_free - 1; k >= 0; k--) {
        const int32_t p = form->parent[k];
        if (form->level[k] != level || (p >= 0 && p < n_free && form->level[p] == level)) {
            continue;
        }
        if (bytes > 0 && bytes + form->bytes[k] > PART_BYTES && level < LEVELS - 1) {
            number_part(form, k + 1, end, level);
            bytes = 0;
            end = k + 1;
        }
        bytes += form->bytes[k];
    }
    if (bytes > 0) {
        number_part(form, 0, end, level);
    }
}

static int forming_init(forming *form, mn_kron_schedule *schedule, mn_kron_analysis *work)
{
    const int64_t n = schedule->n_free;
    *form = (forming){.schedule = schedule,
                      .length = work->cursor,
                      .parent = work->parent,
                      .next = work->next,
                      .number = work->where,
                      .level = work->head};
    form->waiting = mn_pool_alloc(&form->pool, n, sizeof(int32_t));
    form->heir = mn_pool_alloc(&form->pool, n, sizeof(int32_t));
    form->bytes = mn_pool_alloc(&form->pool, n, sizeof(int64_t));
    form->part = mn_pool_alloc(&form->pool, n, sizeof(mn_kron_part));
    form->run = mn_pool_alloc(&form->pool, n, sizeof(mn_kron_run));
    return form->pool.code;
}

static int keep_parts(const forming *form)
{
    mn_kron_schedule *schedule = form->schedule;
    schedule->part = mn_pool_alloc(&schedule->pool, form->n_parts, sizeof(mn_kron_part));
    schedule->run = mn_pool_alloc(&schedule->pool, form->n_runs, sizeof(mn_kron_run));
    if (schedule->pool.code != MN_OK) {
        return schedule->pool.code;
    }
    memcpy(schedule->part, form->part, (size_t)form->n_parts * sizeof(mn_kron_part));
    memcpy(schedule->run, form->run, (size_t)form->n_runs * sizeof(mn_kron_run));
    schedule->n_runs = form->n_runs;
    schedule->n_rest = form->n_rest;
    schedule->n_parts = form->n_parts;
    return MN_OK;
}

int mn_kron_batches_form(mn_kron_schedule *schedule, mn_kron_analysis *work)
{
    forming form;
    mn_kron_analysis_postorder(work, schedule->vertex);
    int code = forming_init(&form, schedule, work);
    for (int64_t k = 0; k < schedule->n_free && code == MN_OK; k++) {
        form.level[k] = form.heir[k] = -1;
    }
    for (int32_t level = 0; level < LEVELS && form.n_numbered < schedule->n_free && code == MN_OK; level++) {
        choose_level(&form, level);
        number_level(&form, level);
    }
    if (code == MN_OK) {
        code = keep_parts(&form);
    }
    if (code == MN_OK) {
        mn_kron_analysis_renumber(work, form.number, schedule->vertex);
    }
    mn_pool_free(&form.pool);
    return code;
}
