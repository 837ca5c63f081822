/* Cutting the tree of fronts into subtrees, by an estimate of their work. */
#include "circuit/kron_subtrees.h"

#include "base/deal.h"
#include "base/threads.h"
#include "circuit/kron_tree.h"

/* Nanoseconds, about: of an update and an entry of a list, of an update in a front, of a number in a row of a pivot,
 * and of one that goes in and out. Only their ratios count. */
#define LIST_UPDATE 0.8
#define LIST_ENTRY 2.0
#define FRONT_UPDATE 0.08
#define FRONT_PIVOT 0.6
#define FRONT_NUMBER 0.5

/* Nobody waits for a subtree that is shorter than this share of what each thread has to do; and no thread is called for
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
    int32_t *open;    /* n_fronts: subtrees that may stay whole */
    int32_t *divided; /* n_fronts: the fronts above them, as they came */
    uint8_t *is_top;  /* n_fronts */
    mn_pool pool;
} cutting;

static double work_of_list(const mn_kron_schedule *s, const mn_kron_front *f)
{
    const int64_t end = f->first + f->n_pivots;
    return LIST_UPDATE * (double)(s->pair[end] - s->pair[f->first]) + LIST_ENTRY * (double)f->n_entries;
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
        cut->own[i] = f->quartet >= 0 ? 0.0 : f->listed ? work_of_list(s, f) : pivots_of_front(f) + rows_of_front(f);
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
        const double subtree = cut->subtree[i], shared = below / n;
        const double time = above + (subtree > shared ? subtree : shared);
        if (n_divided == 0 || time < least) {
            least = time;
            n_best = n_divided;
        }
        const mn_kron_front *f = &s->front[i];
        if (subtree < fine || subtree < LEAST_WORK || f->child < 0) {
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

/* ------------------------------------------------------------------ subtrees */

static bool is_root(const cutting *cut, int64_t i)
{
    const int32_t p = cut->schedule->front[i].parent;
    return !cut->is_top[i] && (p < 0 || cut->is_top[p]);
}

/* Brings subtrees into the order in which they are dealt out. */
static int deal(mn_kron_subtrees *subtrees, const mn_kron_subtree *listed, int64_t n_threads)
{
    const int64_t n = subtrees->n_subtrees;
    mn_dealt *dealt = mn_pool_alloc(&subtrees->pool, n, sizeof(mn_dealt));
    if (dealt == NULL) {
        return MN_ERR_NO_MEMORY;
    }
    for (int64_t k = 0; k < n; k++) {
        dealt[k] = (mn_dealt){.cost = listed[k].work, .task = (int32_t)k};
    }
    const int code = mn_deal(n, dealt, n_threads, subtrees->begin);
    for (int64_t k = 0; k < n && code == MN_OK; k++) {
        subtrees->subtree[k] = listed[dealt[k].task];
        subtrees->subtree_of[subtrees->subtree[k].last] = (int32_t)k;
    }
    return code;
}

static int list_subtrees(mn_kron_subtrees *subtrees, const cutting *cut)
{
    const mn_kron_schedule *s = cut->schedule;
    for (int64_t i = 0; i < s->n_fronts; i++) {
        subtrees->n_subtrees += is_root(cut, i);
        subtrees->n_top += is_root(cut, i) || cut->is_top[i];
    }
    mn_kron_subtree *listed = mn_pool_alloc(&subtrees->pool, subtrees->n_subtrees, sizeof(mn_kron_subtree));
    subtrees->subtree = mn_pool_alloc(&subtrees->pool, subtrees->n_subtrees, sizeof(mn_kron_subtree));
    subtrees->begin = mn_pool_alloc(&subtrees->pool, cut->n_threads + 1, sizeof(int64_t));
    subtrees->top = mn_pool_alloc(&subtrees->pool, subtrees->n_top, sizeof(int32_t));
    subtrees->subtree_of = mn_pool_alloc(&subtrees->pool, s->n_fronts, sizeof(int32_t));
    if (subtrees->pool.code != MN_OK) {
        return subtrees->pool.code;
    }
    int64_t n_rest = 0, n_subtrees = 0, n_top = 0;
    for (int64_t i = 0; i < s->n_fronts; i++) {
        subtrees->subtree_of[i] = -1;
        if (is_root(cut, i)) {
            listed[n_subtrees++] = (mn_kron_subtree){
                .first = (int32_t)i - cut->size[i] + 1, .last = (int32_t)i, .rest = n_rest, .work = cut->subtree[i]};
            n_rest += mn_kron_rest_size(&s->front[i]);
        }
        if (is_root(cut, i) || cut->is_top[i]) {
            subtrees->top[n_top++] = (int32_t)i;
        }
    }
    subtrees->rest = mn_pool_alloc(&subtrees->pool, n_rest, sizeof(double));
    return subtrees->pool.code == MN_OK ? deal(subtrees, listed, cut->n_threads) : subtrees->pool.code;
}

/* The largest front, and the most rests, of any subtree. */
static void measure(const mn_kron_schedule *s, const mn_kron_subtree *subtree, int64_t *stride, int64_t *n_block)
{
    for (int64_t i = subtree->first; i <= subtree->last; i++) {
        const mn_kron_front *f = &s->front[i];
        const int64_t own = f->listed ? 0 : mn_kron_front_stride(f);
        const int64_t columns = f->listed ? f->n_entries : 0;
        const int64_t end = f->block - s->front[subtree->first].block + mn_kron_rest_size(f) + columns;
        *stride = own > *stride ? own : *stride;
        *n_block = end > *n_block ? end : *n_block;
    }
}

/* Threads without a subtree have no space either. */
static int alloc_spaces(mn_kron_subtrees *subtrees, const mn_kron_schedule *s, int64_t n_threads)
{
    int64_t stride = 0, n_block = 0;
    for (int64_t k = 0; k < subtrees->n_subtrees; k++) {
        measure(s, &subtrees->subtree[k], &stride, &n_block);
    }
    subtrees->space = mn_pool_alloc(&subtrees->pool, n_threads, sizeof(mn_kron_space));
    for (int64_t k = 0; k < n_threads && subtrees->pool.code == MN_OK; k++) {
        mn_kron_space_alloc(&subtrees->space[k], &subtrees->pool, stride, n_block, s->n_quartet + s->n_longest);
    }
    return subtrees->pool.code;
}

static int fill(mn_kron_subtrees *subtrees, const mn_kron_schedule *s, int64_t n_threads)
{
    cutting cut;
    int code = cutting_init(&cut, s, n_threads);
    if (code == MN_OK) {
        estimate(&cut);
        divide(&cut);
        code = list_subtrees(subtrees, &cut);
    }
    mn_pool_free(&cut.pool);
    return code == MN_OK ? alloc_spaces(subtrees, s, n_threads) : code;
}

const mn_kron_subtrees *mn_kron_subtrees_used(const mn_kron *kron)
{
    return mn_threads_count(kron->threads) > 1 ? kron->subtrees : NULL;
}

int mn_kron_subtrees_init(mn_kron *kron)
{
    if (kron->schedule.n_fronts == 0) {
        return MN_OK;
    }
    kron->subtrees = mn_alloc(1, sizeof *kron->subtrees);
    if (kron->subtrees == NULL) {
        return MN_ERR_NO_MEMORY;
    }
    const int code = fill(kron->subtrees, &kron->schedule, mn_threads_most(kron->threads));
    if (code != MN_OK) {
        mn_kron_subtrees_free(kron);
    }
    return code;
}

void mn_kron_subtrees_free(mn_kron *kron)
{
    if (kron->subtrees != NULL) {
        mn_pool_free(&kron->subtrees->pool);
        mn_dealloc(kron->subtrees);
        kron->subtrees = NULL;
    }
}
