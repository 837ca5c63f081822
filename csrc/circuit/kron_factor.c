/* The numeric elimination in its two forms, with the same bits. Scatter runs through the whole schedule and adds each
 * pair update to its target. Gather redoes only columns that a change reaches: a column is its own edges plus the
 * updates that land in it, summed in the order in which a scatter adds them. */
#include "circuit/kron_factor.h"

#include "base/cancel.h"
#include "base/threads.h"
#include "base/vector.h"
#include "circuit/kron_apart.h"
#include "circuit/kron_arithmetic.h"
#include "circuit/kron_assembly.h"
#include "circuit/kron_columns.h"
#include "circuit/kron_front.h"
#include "circuit/kron_mesh.h"

#include <string.h>

/* A gather that has redone more than this part of the schedule's updates gives way to a scatter. */
#define GATHER_PART 5

/* That a thread looks at before it takes others. */
enum { EDGES_AT_ONCE = 4096 };

static inline bool same_bits(double x, double y)
{
    uint64_t a, b;
    memcpy(&a, &x, sizeof a);
    memcpy(&b, &y, sizeof b);
    return a == b;
}

/* An elimination by list. */
typedef struct {
    mn_kron *kron;
    const double *conductance;
    bool keep;
    int32_t level;     /* at hand */
    mn_kron_deal deal; /* of that level, if threads share it */
} elimination;

/* As long as nobody cancels. */
static void eliminate_part(const elimination *call, int64_t i)
{
    mn_kron *kron = call->kron;
    const mn_kron_part *part = &kron->schedule.part[i];
    if (!mn_cancelled(kron->cancel)) {
        kron->dead[i] = (int32_t)mn_kron_eliminate_runs(kron, part->run, part->run_end, call->keep);
    }
}

/* Part by part. What is above a part gets its conductances before the updates from below, and the lowest parts theirs
 * when they are at hand. */
static void eliminate_one_by_one(const elimination *call)
{
    mn_kron *kron = call->kron;
    const mn_kron_schedule *s = &kron->schedule;
    kron->target = s->target;
    for (int64_t i = s->n_parts - 1; i >= 0 && s->part[i].level > 0; i--) {
        mn_kron_assemble_part(kron, &s->part[i], call->conductance);
    }
    for (int64_t i = 0; i < s->n_parts; i++) {
        if (s->part[i].level == 0) {
            mn_kron_assemble_part(kron, &s->part[i], call->conductance);
        }
        eliminate_part(call, i);
    }
}

/* A part as it was dealt out. With the lowest level those above it get their conductances, too: no update comes to them
 * before the level is done. */
static void take_part(void *context, int64_t index, int64_t thread)
{
    const elimination *call = context;
    mn_kron *kron = call->kron;
    const int32_t i = call->deal.dealt[index].task;
    const mn_kron_part *part = &kron->schedule.part[i];
    const uint64_t mode = mn_kron_fast_subnormals();
    (void)thread;
    if (call->level == 0) {
        mn_kron_assemble_part(kron, part, call->conductance);
    }
    if (part->level == call->level) {
        mn_kron_apart_clear(kron, i);
        eliminate_part(call, i);
    }
    mn_kron_restore_subnormals(mode);
}

static void eliminate_side_by_side(elimination *call)
{
    mn_kron *kron = call->kron;
    const mn_kron_schedule *s = &kron->schedule;
    kron->target = kron->apart->target;
    for (int64_t begin = 0, end; begin < s->n_parts; begin = end) {
        end = mn_kron_level_end(s, begin);
        call->level = s->part[begin].level;
        call->deal = mn_kron_apart_deal(kron, begin);
        mn_threads_run_dealt(kron->threads, take_part, call, call->deal.begin);
        mn_kron_apart_add(kron, begin, end);
    }
}

static void eliminate_list(mn_kron *kron, const double *conductance, bool keep)
{
    const mn_kron_schedule *s = &kron->schedule;
    elimination call = {.kron = kron, .conductance = conductance, .keep = keep};
    mn_kron_assemble_terminals(kron, conductance);
    if (mn_kron_apart_is_used(kron)) {
        eliminate_side_by_side(&call);
    } else {
        eliminate_one_by_one(&call);
    }
    kron->n_dead = 0;
    for (int64_t i = 0; i < s->n_parts; i++) {
        kron->n_dead += kron->dead[i];
    }
}

/* False where kron->cancel stopped it: the factor is then unfinished. */
static bool finished(mn_kron *kron, uint64_t mode, bool keep)
{
    mn_kron_restore_subnormals(mode);
    /* Whoever cancels does not take it back during the call, so a look now sees what a look above saw. */
    const bool whole = !mn_cancelled(kron->cancel);
    kron->has_updates = keep && whole;
    return whole;
}

static bool scatter(mn_kron *kron, const double *conductance, bool keep)
{
    const uint64_t mode = mn_kron_fast_subnormals();
    eliminate_list(kron, conductance, keep);
    kron->n_columns = kron->schedule.n_free;
    return finished(kron, mode, keep);
}

/* ------------------------------------------------------------------ gather */

/* Turns the schedule around: owners of slots, edges by column, updates by the slot they land in (counting sorts, so
 * each list keeps the order of a scatter). */
static void build_owners(mn_kron *kron)
{
    const mn_kron_schedule *s = &kron->schedule;
    int32_t *owner = kron->gather.owner;
    for (int64_t k = 0; k < s->n_free; k++) {
        for (int64_t q = 0; q < s->length[k]; q++) {
            owner[mn_kron_entry(s, k, q)] = (int32_t)k;
        }
    }
    for (int64_t q = s->n_entries; q < s->n_slots; q++) {
        owner[q] = (int32_t)(s->n_free + (q - s->n_entries));
    }
}

/* Stable counting sort of 0..n-1 by key; start has one more element than there are keys and begins as 0. */
static void sort_by_key(int64_t n, int64_t n_keys, const int32_t *key, const int32_t *map, int32_t *start,
                        int32_t *sorted)
{
    int32_t end = 0;
    for (int64_t i = 0; i < n; i++) {
        start[map != NULL ? map[key[i]] : key[i]]++;
    }
    for (int64_t c = 0; c <= n_keys; c++) {
        end += c < n_keys ? start[c] : 0;
        start[c] = end;
    }
    for (int64_t i = n - 1; i >= 0; i--) {
        sorted[--start[map != NULL ? map[key[i]] : key[i]]] = (int32_t)i;
    }
}

static void build_lists(mn_kron *kron)
{
    const mn_kron_schedule *s = &kron->schedule;
    mn_kron_gather *g = &kron->gather;
    build_owners(kron);
    sort_by_key(s->n_edges, g->n_owners, s->slot, g->owner, g->edge_start, g->edge);
    sort_by_key(s->n_listed, s->n_slots, s->target, NULL, g->incoming_start, g->incoming);
    g->ready = true;
}

static inline void mark(uint64_t *dirty, int64_t c)
{
    dirty[c / 64] |= UINT64_C(1) << (c % 64);
}

/* The weights of owner c, every step-th slot, from its edges and the updates; whether any bit of them is new. */
static bool redo_weights(mn_kron *kron, const double *conductance, int64_t c, int64_t begin, int64_t end, int64_t step)
{
    const mn_kron_schedule *s = &kron->schedule;
    const mn_kron_gather *g = &kron->gather;
    double *column = kron->column;
    bool changed = false;
    memset(column, 0, (size_t)(end - begin) * sizeof(double));
    for (int64_t i = g->edge_start[c]; i < g->edge_start[c + 1]; i++) {
        column[s->slot[g->edge[i]] - begin] += mn_kron_flush_one(conductance[g->edge[i]]);
    }
    for (int64_t q = begin; q < end; q += step) {
        double w = column[q - begin];
        for (int64_t i = g->incoming_start[q]; i < g->incoming_start[q + 1]; i++) {
            w += kron->update[g->incoming[i]];
        }
        changed = changed || !same_bits(w, kron->weight[q]);
        kron->weight[q] = w;
    }
    return changed;
}

/* Shares of column k from its new weights. */
static void redo_shares(mn_kron *kron, int64_t k)
{
    const mn_kron_schedule *s = &kron->schedule;
    const int64_t n = s->length[k], step = s->lanes[k];
    const double *weight = kron->weight + s->column[k];
    double *share = kron->share + s->column[k], *column = kron->column;
    for (int64_t q = 0; q < n; q++) {
        column[q] = weight[q * step];
    }
    const double total = mn_kron_total(n, column);
    kron->n_dead += (total == 0.0) - (kron->total[k] == 0.0);
    kron->total[k] = total;
    mn_kron_shares(n, column, total, column);
    for (int64_t q = 0; q < n; q++) {
        share[q * step] = column[q];
    }
}

/* Pair updates of column k from its new weights; marks the owners of those that have new bits. */
static void redo_updates(mn_kron *kron, int64_t k)
{
    const mn_kron_schedule *s = &kron->schedule;
    const int64_t n = s->length[k], step = s->lanes[k];
    const double *weight = kron->weight + s->column[k];
    const double *share = kron->column; /* where redo_shares() has left them */
    int64_t t = s->pair[k];
    for (int64_t q = 0; q + 1 < n; q++) {
        const double w = weight[q * step];
        for (int64_t r = q + 1; r < n; r++, t++) {
            const double update = mn_kron_flush_one(w * share[r]);
            if (!same_bits(update, kron->update[t])) {
                kron->update[t] = update;
                mark(kron->gather.dirty, kron->gather.owner[s->target[t]]);
            }
        }
    }
}

static void redo_owner(mn_kron *kron, const double *conductance, int64_t c)
{
    const mn_kron_schedule *s = &kron->schedule;
    if (c >= s->n_free) {
        const int64_t slot = s->n_entries + (c - s->n_free);
        (void)redo_weights(kron, conductance, c, slot, slot + 1, 1);
    } else if (redo_weights(kron, conductance, c, s->column[c], mn_kron_entry(s, c, s->length[c]), s->lanes[c])) {
        redo_shares(kron, c);
        redo_updates(kron, c);
    }
}

/* Updates that redoing an owner takes in and gives out. */
static int64_t owner_work(const mn_kron *kron, int64_t c)
{
    const mn_kron_schedule *s = &kron->schedule;
    const int32_t *start = kron->gather.incoming_start;
    if (c >= s->n_free) {
        const int64_t slot = s->n_entries + (c - s->n_free);
        return 1 + start[slot + 1] - start[slot];
    }
    int64_t work = 1 + s->pair[c + 1] - s->pair[c];
    for (int64_t i = 0; i < s->length[c]; i++) {
        const int64_t q = mn_kron_entry(s, c, i);
        work += start[q + 1] - start[q];
    }
    return work;
}

/* Redoes what the changed edges reach. False where so much is reached that a scatter is cheaper: the factor is then
 * unfinished. */
static bool gather_changed(mn_kron *kron, const double *conductance, int64_t n_changed, const int32_t *changed)
{
    const mn_kron_schedule *s = &kron->schedule;
    mn_kron_gather *g = &kron->gather;
    const int64_t n_words = (g->n_owners + 63) / 64;
    int64_t work = (s->n_free + 2 * s->n_listed) / GATHER_PART;
    if (!g->ready) {
        build_lists(kron);
    }
    kron->n_columns = 0;
    if (!kron->has_updates || n_changed > work) {
        return false;
    }
    for (int64_t i = 0; i < n_changed; i++) {
        mark(g->dirty, g->owner[s->slot[changed[i]]]);
    }
    const uint64_t mode = mn_kron_fast_subnormals();
    for (int64_t word = 0; word < n_words; word++) {
        while (g->dirty[word] != 0 && work >= 0) {
            const int64_t c = word * 64 + __builtin_ctzll(g->dirty[word]);
            g->dirty[word] &= g->dirty[word] - 1;
            work -= owner_work(kron, c);
            redo_owner(kron, conductance, c);
            kron->n_columns++;
        }
    }
    mn_kron_restore_subnormals(mode);
    if (work < 0) {
        memset(g->dirty, 0, (size_t)n_words * sizeof(uint64_t));
        return false;
    }
    return true;
}

/* ------------------------------------------------------------------ the choice between the two */

static int refuse_conductance(mn_error *error, int64_t edge, double value)
{
    if (error != NULL) {
        error->edge = (int32_t)edge;
        error->value = value;
    }
    return mn_error_set(error, value < 0.0 && isfinite(value) ? MN_ERR_NEGATIVE_CONDUCTANCE : MN_ERR_CONDUCTANCE);
}

static inline bool allowed(double g)
{
    return g >= 0.0 && g <= MN_KRON_HUGE;
}

/* Above 0 where one is not allowed: a double, so that compilers turn the loop into vector instructions. */
MN_VECTOR static double any_refused(int64_t n, const double *conductance)
{
    double any = 0.0;
    for (int64_t e = 0; e < n; e++) {
        any = allowed(conductance[e]) ? any : 1.0;
    }
    return any;
}

typedef struct {
    const double *conductance;
    atomic_bool any_refused;
} inspection;

static void look_at_conductances(void *context, int64_t begin, int64_t end)
{
    inspection *of = context;
    if (any_refused(end - begin, of->conductance + begin) > 0.0) {
        atomic_store(&of->any_refused, true);
    }
}

static int check_conductances(const mn_kron *kron, const double *conductance, mn_error *error)
{
    inspection of = {.conductance = conductance};
    mn_threads_run_ranges(kron->threads, look_at_conductances, &of, kron->schedule.n_edges, EDGES_AT_ONCE);
    const bool bad = atomic_load(&of.any_refused);
    for (int64_t e = 0; bad && e < kron->schedule.n_edges; e++) {
        if (!allowed(conductance[e])) {
            return refuse_conductance(error, e, conductance[e]);
        }
    }
    return MN_OK;
}

static int check_changed(const double *conductance, int64_t n_changed, const int32_t *changed, mn_error *error)
{
    for (int64_t i = 0; i < n_changed; i++) {
        if (!allowed(conductance[changed[i]])) {
            return refuse_conductance(error, changed[i], conductance[changed[i]]);
        }
    }
    return MN_OK;
}

/* n_changed < 0: all may have. Keeping updates, or rests, costs a stream of writes: only for callers that say what has
 * changed (`keep`), or have before. */
static bool factor_list(mn_kron *kron, const double *conductance, int64_t n_changed, const int32_t *changed, bool keep)
{
    return (n_changed >= 0 && gather_changed(kron, conductance, n_changed, changed)) ||
           scatter(kron, conductance, keep || kron->gather.ready);
}

static bool factor_fronts(mn_kron *kron, const double *conductance, int64_t n_changed, const int32_t *changed,
                          bool keep)
{
    const uint64_t mode = mn_kron_fast_subnormals();
    kron->gather.ready = kron->gather.ready || keep;
    if (n_changed >= 0 && kron->has_updates) {
        mn_kron_redo_fronts(kron, conductance, n_changed, changed);
    } else {
        mn_kron_eliminate_fronts(kron, conductance, kron->gather.ready);
    }
    return finished(kron, mode, kron->gather.ready);
}

int mn_kron_factor(mn_kron *kron, const double *conductance, int64_t n_changed, const int32_t *changed, mn_error *error)
{
    const bool incremental = n_changed >= 0 && kron->has_factor;
    kron->has_factor = false;
    const int code = incremental ? check_changed(conductance, n_changed, changed, error)
                                 : check_conductances(kron, conductance, error);
    if (code != MN_OK) {
        return code;
    }
    const bool whole = kron->schedule.n_fronts > 0
                           ? factor_fronts(kron, conductance, incremental ? n_changed : -1, changed, n_changed >= 0)
                           : factor_list(kron, conductance, incremental ? n_changed : -1, changed, n_changed >= 0);
    kron->has_factor = whole;
    return whole ? MN_OK : mn_error_set(error, MN_ERR_INTERRUPTED);
}
