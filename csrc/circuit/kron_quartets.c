/* Fronts are alike where their columns are of the same lengths, and updates and edges land at the same places of their
 * blocks. One of each four then stands in each SIMD lane, and nothing but conductances and rests is taken apart. */
#include "circuit/kron_quartets.h"

#include "circuit/kron_tree.h"

#include <stdlib.h>
#include <string.h>

/* Larger ones would not stay in the first-level cache. */
enum { MOST_NUMBERS = 1024 };

/* Of a front: fronts that are alike have the same one, others hardly ever. */
typedef struct {
    uint64_t hash;
    int32_t front;
} print;

typedef struct {
    mn_kron_schedule *schedule;
    int64_t n_prints;
    print *print; /* n_fronts */
    int64_t *key; /* n_edges */
    mn_pool pool;
} forming;

static int forming_init(forming *form, mn_kron_schedule *schedule)
{
    *form = (forming){.schedule = schedule};
    form->print = mn_pool_alloc(&form->pool, schedule->n_fronts, sizeof(print));
    form->key = mn_pool_alloc(&form->pool, schedule->n_edges, sizeof(int64_t));
    return form->pool.code;
}

/* ------------------------------------------------------------------ which are alike */

static int by_key(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Edges of a front by slot, those of one slot in their order. */
static void sort_edges(const forming *form, const mn_kron_front *f)
{
    int32_t *slot = form->schedule->slot + f->edge, *edge = form->schedule->edge + f->edge;
    for (int64_t e = 0; e < f->n_edges; e++) {
        form->key[e] = (int64_t)slot[e] << 32 | edge[e];
    }
    qsort(form->key, (size_t)f->n_edges, sizeof *form->key, by_key);
    for (int64_t e = 0; e < f->n_edges; e++) {
        slot[e] = (int32_t)(form->key[e] >> 32);
        edge[e] = (int32_t)(form->key[e] & INT32_MAX);
    }
}

static int64_t n_updates(const mn_kron_schedule *s, const mn_kron_front *f)
{
    return s->pair[f->first + f->n_pivots] - s->pair[f->first];
}

static uint64_t mix(uint64_t hash, int64_t n, const int32_t *number)
{
    for (int64_t k = 0; k < n; k++) { /* Fowler, Noll and Vo */
        hash = (hash ^ (uint32_t)number[k]) * UINT64_C(0x100000001b3);
    }
    return hash;
}

static uint64_t hash_of(const mn_kron_schedule *s, const mn_kron_front *f)
{
    const uint64_t hash = mix(UINT64_C(0xcbf29ce484222325), f->n_pivots, s->length + f->first);
    return mix(mix(hash, n_updates(s, f), s->target + s->pair[f->first]), f->n_edges, s->slot + f->edge);
}

static bool same(int64_t n, const int32_t *a, const int32_t *b)
{
    return memcmp(a, b, (size_t)n * sizeof *a) == 0;
}

static bool are_alike(const mn_kron_schedule *s, const mn_kron_front *f, const mn_kron_front *g)
{
    return f->n_pivots == g->n_pivots && f->n_rows == g->n_rows && f->n_edges == g->n_edges &&
           same(f->n_pivots, s->length + f->first, s->length + g->first) &&
           same(n_updates(s, f), s->target + s->pair[f->first], s->target + s->pair[g->first]) &&
           same(f->n_edges, s->slot + f->edge, s->slot + g->edge);
}

static int by_hash(const void *a, const void *b)
{
    const print *x = a, *y = b;
    return x->hash != y->hash ? (x->hash > y->hash ? 1 : -1) : x->front - y->front;
}

static void find_prints(forming *form)
{
    const mn_kron_schedule *s = form->schedule;
    for (int32_t i = 0; i < s->n_fronts; i++) {
        const mn_kron_front *f = &s->front[i];
        if (f->listed && f->n_pivots > 1 && mn_kron_rest_size(f) + f->n_entries <= MOST_NUMBERS) {
            sort_edges(form, f);
            form->print[form->n_prints++] = (print){.hash = hash_of(s, f), .front = i};
        }
    }
    qsort(form->print, (size_t)form->n_prints, sizeof *form->print, by_hash);
}

/* Takes fronts with the hash of the first of `n` prints, those that are like it, as they come; returns how many prints
 * have that hash. */
static int64_t take_alike(mn_kron_schedule *s, int64_t n, const print *prints)
{
    mn_kron_quartet quartet = {.model = prints[0].front};
    int64_t k = 0, n_taken = 0;
    for (; k < n && prints[k].hash == prints[0].hash; k++) {
        if (are_alike(s, &s->front[prints[0].front], &s->front[prints[k].front])) {
            quartet.front[n_taken++] = prints[k].front;
        }
        if (n_taken == MN_KRON_BATCH) {
            s->quartet[s->n_quartets++] = quartet;
            n_taken = 0;
        }
    }
    return k;
}

static int by_front(const void *a, const void *b)
{
    const mn_kron_quartet *x = a, *y = b;
    return x->front[0] - y->front[0];
}

static void find_quartets(const forming *form)
{
    mn_kron_schedule *s = form->schedule;
    for (int64_t k = 0; k < form->n_prints;) {
        k += take_alike(s, form->n_prints - k, form->print + k);
    }
    qsort(s->quartet, (size_t)s->n_quartets, sizeof *s->quartet, by_front);
}

/* Says which fronts are in quartets, and where their rests wait. */
static void place_quartets(mn_kron_schedule *s)
{
    for (int64_t i = 0; i < s->n_quartets; i++) {
        for (int64_t lane = 0; lane < MN_KRON_BATCH; lane++) {
            mn_kron_front *f = &s->front[s->quartet[i].front[lane]];
            const int64_t n_rest = mn_kron_rest_size(f), n_numbers = n_rest + f->n_entries;
            f->quartet = (int32_t)i;
            f->leaf = s->n_leaves;
            s->n_leaves += n_rest;
            s->n_quartet = n_numbers > s->n_quartet ? n_numbers : s->n_quartet;
        }
    }
}

int mn_kron_quartets_form(mn_kron_schedule *schedule)
{
    forming form;
    int code = forming_init(&form, schedule);
    if (code == MN_OK) {
        find_prints(&form);
        schedule->quartet = mn_pool_alloc(&schedule->pool, form.n_prints / MN_KRON_BATCH, sizeof(mn_kron_quartet));
        code = schedule->pool.code;
    }
    if (code == MN_OK) {
        find_quartets(&form);
        place_quartets(schedule);
    }
    mn_pool_free(&form.pool);
    return code;
}
