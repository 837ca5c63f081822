/* Cutting the tree of fronts into parts, whose work is estimated. */
#include "circuit/kron_parts.h"

#include "base/threads.h"
#include "circuit/kron_tree.h"

#include <stdlib.h>
#include <string.h>

/* Nanoseconds, about: of an update and an entry of a list, of an update in a front, of a number in a row of a pivot,
 * and of one that goes in and out. Only their ratios count. */
#define LIST_UPDATE 0.8
#define LIST_ENTRY 2.0
#define FRONT_UPDATE 0.08
#define FRONT_PIVOT 0.6
#define FRONT_NUMBER 0.5

/* Nobody waits for a part that is shorter than this share of what each thread has to do; and no thread is called for
 * less (ns). */
enum { FINE = 16 };
#define LEAST_WORK 3e4

/* Work space of the cut. */
typedef struct {
    const mn_kron_schedule *schedule;
    int64_t n_threads;
    double *own;      /* n_fronts (ns) */
    double *subtree;  /* n_fronts (ns) */
    int32_t *size;    /* n_fronts: fronts of a subtree */
    int32_t *open;    /* n_fronts: subtrees that may be parts */
    int32_t *divided; /* n_fronts: the fronts above them, as they came */
    uint8_t *is_top;  /* n_fronts */
    mn_pool pool;
} cutting;

static double work_of_list(const mn_kron_schedule *s, const mn_kron_front *f)
{
    const int64_t end = f->first + f->n_pivots;
    return LIST_UPDATE * (double)(s->pair[end] - s->pair[f->first]) +
           LIST_ENTRY * (double)(s->column[end] - s->column[f->first]);
}

/* What only one thread can do of a front, and what several can where it is large. */
static double pivots_of_front(const mn_kron_front *f)
{
    return FRONT_PIVOT * (double)f->n_pivots * (double)mn_kron_front_stride(f);
}

static double rows_of_front(const mn_kron_front *f)
{
    const double p = (double)f->n_pivots, n = (double)mn_kron_front_stride(f);
    return FRONT_UPDATE * p * (n * n - n * p + p * p / 3.0) / 2.0 + FRONT_NUMBER * n * n;
}

static void estimate(cutting *cut)
{
    const mn_kron_schedule *s = cut->schedule;
    for (int64_t i = 0; i < s->n_fronts; i++) {
        const mn_kron_front *f = &s->front[i];
        cut->own[i] = f->listed ? work_of_list(s, f) : pivots_of_front(f) + rows_of_front(f);
    }
    for (int64_t i = 0; i < s->n_fronts; i++) { /* children before parents */
        const int32_t p = s->front[i].parent;
        cut->subtree[i] += cut->own[i];
        cut->size[i]++;
        if (p >= 0) {
            cut->subtree[p] += cut->subtree[i];
            cut->size[p] += cut->size[i];
        }
    }
}

static int64_t longest(const cutting *cut, int64_t n_open)
{
    int64_t k = 0;
    for (int64_t j = 1; j < n_open; j++) {
        k = cut->subtree[cut->open[j]] > cut->subtree[cut->open[k]] ? j : k;
    }
    return k;
}

/* Divides the longest subtree, its root going to the top and its children being subtrees, again and again; keeps what
 * would take the least time. */
static void divide(cutting *cut)
{
    const mn_kron_schedule *s = cut->schedule;
    const double n = (double)cut->n_threads;
    int64_t n_open = 0, n_divided = 0, n_best = 0;
    double below = 0.0, above = 0.0, least = 0.0;
    for (int64_t i = 0; i < s->n_fronts; i++) {
        if (s->front[i].parent < 0) {
            cut->open[n_open++] = (int32_t)i;
            below += cut->subtree[i];
        }
    }
    const double fine = below / (FINE * n);
    while (n_open > 0) {
        const int64_t k = longest(cut, n_open);
        const int32_t i = cut->open[k];
        const double part = cut->subtree[i], shared = below / n;
        const double time = above + (part > shared ? part : shared);
        if (n_divided == 0 || time < least) {
            least = time;
            n_best = n_divided;
        }
        const mn_kron_front *f = &s->front[i];
        if (part < fine || part < LEAST_WORK || f->child < 0) {
            break;
        }
        below -= cut->own[i];
        above += f->listed ? cut->own[i] : pivots_of_front(f) + rows_of_front(f) / n;
        cut->divided[n_divided++] = i;
        cut->open[k] = cut->open[--n_open];
        for (int32_t c = f->child; c >= 0; c = s->front[c].sibling) {
            cut->open[n_open++] = c;
        }
    }
    for (int64_t k = 0; k < n_best; k++) {
        cut->is_top[cut->divided[k]] = 1;
    }
}

static int cutting_init(cutting *cut, const mn_kron_schedule *schedule, int64_t n_threads)
{
    const int64_t n = schedule->n_fronts;
    *cut = (cutting){.schedule = schedule, .n_threads = n_threads};
    cut->own = mn_pool_alloc(&cut->pool, n, sizeof(double));
    cut->subtree = mn_pool_alloc(&cut->pool, n, sizeof(double));
    cut->size = mn_pool_alloc(&cut->pool, n, sizeof(int32_t));
    cut->open = mn_pool_alloc(&cut->pool, n, sizeof(int32_t));
    cut->divided = mn_pool_alloc(&cut->pool, n, sizeof(int32_t));
    cut->is_top = mn_pool_alloc(&cut->pool, n, sizeof(uint8_t));
    return cut->pool.code;
}

/* ------------------------------------------------------------------ parts */

static int by_work(const void *a, const void *b)
{
    const mn_kron_part *x = a, *y = b;
    return x->work > y->work ? -1 : x->work < y->work ? 1 : x->first - y->first;
}

static bool is_root(const cutting *cut, int64_t i)
{
    const int32_t p = cut->schedule->front[i].parent;
    return !cut->is_top[i] && (p < 0 || cut->is_top[p]);
}

static int list_parts(mn_kron_parts *parts, const cutting *cut)
{
    const mn_kron_schedule *s = cut->schedule;
    for (int64_t i = 0; i < s->n_fronts; i++) {
        parts->n_parts += is_root(cut, i);
        parts->n_top += is_root(cut, i) || cut->is_top[i];
    }
    parts->part = mn_pool_alloc(&parts->pool, parts->n_parts, sizeof(mn_kron_part));
    parts->top = mn_pool_alloc(&parts->pool, parts->n_top, sizeof(int32_t));
    parts->part_of = mn_pool_alloc(&parts->pool, s->n_fronts, sizeof(int32_t));
    if (parts->pool.code != MN_OK) {
        return parts->pool.code;
    }
    int64_t n_rest = 0, n_parts = 0, n_top = 0;
    for (int64_t i = 0; i < s->n_fronts; i++) {
        parts->part_of[i] = -1;
        if (is_root(cut, i)) {
            parts->part[n_parts++] = (mn_kron_part){
                .first = (int32_t)i - cut->size[i] + 1, .last = (int32_t)i, .rest = n_rest, .work = cut->subtree[i]};
            n_rest += mn_kron_rest_size(&s->front[i]);
        }
        if (is_root(cut, i) || cut->is_top[i]) {
            parts->top[n_top++] = (int32_t)i;
        }
    }
    qsort(parts->part, (size_t)n_parts, sizeof *parts->part, by_work);
    for (int64_t k = 0; k < n_parts; k++) {
        parts->part_of[parts->part[k].last] = (int32_t)k;
    }
    parts->rest = mn_pool_alloc(&parts->pool, n_rest, sizeof(double));
    return parts->pool.code;
}

/* The largest front, and the most rests, of any part. */
static void measure(const mn_kron_schedule *s, const mn_kron_part *part, int64_t *stride, int64_t *n_block)
{
    for (int64_t i = part->first; i <= part->last; i++) {
        const mn_kron_front *f = &s->front[i];
        const int64_t own = f->listed ? 0 : mn_kron_front_stride(f);
        const int64_t columns = f->listed ? s->column[f->first + f->n_pivots] - s->column[f->first] : 0;
        const int64_t end = f->block - s->front[part->first].block + mn_kron_rest_size(f) + columns;
        *stride = own > *stride ? own : *stride;
        *n_block = end > *n_block ? end : *n_block;
    }
}

/* Threads without a part have no space either. */
static int alloc_spaces(mn_kron_parts *parts, const mn_kron_schedule *s, int64_t n_threads)
{
    int64_t stride = 0, n_block = 0;
    for (int64_t k = 0; k < parts->n_parts; k++) {
        measure(s, &parts->part[k], &stride, &n_block);
    }
    parts->space = mn_pool_alloc(&parts->pool, n_threads, sizeof(mn_kron_space));
    for (int64_t k = 0; k < n_threads && parts->pool.code == MN_OK; k++) {
        mn_kron_space_alloc(&parts->space[k], &parts->pool, stride, n_block);
    }
    return parts->pool.code;
}

int mn_kron_parts_init(mn_kron *kron, mn_threads *threads)
{
    const mn_kron_schedule *s = &kron->schedule;
    const int64_t n_threads = mn_threads_count(threads);
    mn_kron_parts_free(kron);
    if (n_threads == 1 || s->n_fronts == 0) {
        return MN_OK;
    }
    cutting cut;
    mn_kron_parts *parts = mn_alloc(1, sizeof *parts);
    int code = parts == NULL ? MN_ERR_NO_MEMORY : MN_OK;
    if (code == MN_OK) {
        code = cutting_init(&cut, s, n_threads);
        if (code == MN_OK) {
            estimate(&cut);
            divide(&cut);
            code = list_parts(parts, &cut);
        }
        mn_pool_free(&cut.pool);
    }
    if (code == MN_OK) {
        code = alloc_spaces(parts, s, n_threads);
    }
    kron->parts = parts;
    if (code != MN_OK) {
        mn_kron_parts_free(kron);
        return code;
    }
    parts->threads = threads;
    return MN_OK;
}

void mn_kron_parts_free(mn_kron *kron)
{
    if (kron->parts != NULL) {
        mn_pool_free(&kron->parts->pool);
        mn_dealloc(kron->parts);
        kron->parts = NULL;
    }
}
