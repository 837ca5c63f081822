#include "circuit/kron_apart.h"

#include "base/threads.h"
#include "circuit/kron_arithmetic.h"

#include <string.h>

/* Nanoseconds, about, of an update, of an entry, and of one that only gets its conductance. Only ratios count. */
static const double UPDATE = 0.6, ENTRY = 1.0, CONDUCTANCE = 0.5;

/* Whether other parts are at hand in the round of part i: of its level, or, with the lowest one, those above it, which
 * get their conductances. */
static bool has_company(const mn_kron_schedule *s, int64_t i)
{
    return (s->part[i].level == 0 && s->n_parts > 1) || (i > 0 && s->part[i - 1].level == s->part[i].level) ||
           (i + 1 < s->n_parts && s->part[i + 1].level == s->part[i].level);
}

static bool is_inside(const mn_kron_schedule *s, const mn_kron_part *part, int32_t slot)
{
    return slot >= s->column[part->first] && slot < s->column[part->end];
}

/* Counts the updates of part i that land outside, and where `apart` is given, says where they go. */
static int64_t look_outside(const mn_kron_schedule *s, int64_t i, int64_t n, mn_kron_apart *apart)
{
    const mn_kron_part *part = &s->part[i];
    for (int64_t t = s->pair[part->first]; t < s->pair[part->end] && has_company(s, i); t++) {
        if (!is_inside(s, part, s->target[t])) {
            if (apart != NULL) {
                apart->slot[n] = s->target[t];
                apart->target[t] = (int32_t)(s->n_slots + n);
            }
            n++;
        }
    }
    return n;
}

/* What a part costs in the round of a level. */
static double cost_of(const mn_kron_schedule *s, const mn_kron_part *part, int32_t level)
{
    const double n_updates = (double)(s->pair[part->end] - s->pair[part->first]);
    const double n_entries = (double)(s->column[part->end] - s->column[part->first]);
    return part->level == level ? UPDATE * n_updates + ENTRY * n_entries : CONDUCTANCE * n_entries;
}

/* Where the parts of a round end that begins with part i. */
static int64_t round_end(const mn_kron_schedule *s, int64_t i)
{
    return i == 0 ? s->n_parts : mn_kron_level_end(s, i);
}

/* Deals out the parts of each level. */
static int deal(const mn_kron_schedule *s, mn_kron_apart *apart, int64_t n_threads)
{
    int64_t *begin = apart->begin, n = 0;
    int code = MN_OK;
    for (int64_t first = 0; first < s->n_parts && code == MN_OK; first = mn_kron_level_end(s, first)) {
        const int64_t end = round_end(s, first);
        mn_dealt *dealt = apart->dealt + n;
        for (int64_t i = first; i < end; i++) {
            const double cost = cost_of(s, &s->part[i], s->part[first].level);
            dealt[i - first] = (mn_dealt){.cost = cost, .task = (int32_t)i};
        }
        code = mn_deal(end - first, dealt, n_threads, begin);
        n += end - first;
        begin += n_threads + 1;
    }
    return code;
}

static int fill(mn_kron *kron, mn_kron_apart *apart)
{
    const mn_kron_schedule *s = &kron->schedule;
    mn_pool *pool = &apart->pool;
    const int64_t n_levels = s->n_parts > 0 ? s->part[s->n_parts - 1].level + 1 : 0;
    int64_t n = 0;
    apart->n_begin = mn_threads_most(kron->threads) + 1;
    for (int64_t i = 0; i < s->n_parts; i++) {
        n = look_outside(s, i, n, NULL);
    }
    if (s->n_slots + n > INT32_MAX) {
        return MN_ERR_TOO_LARGE; /* GCOV_EXCL_LINE: more memory than a schedule may have */
    }
    apart->target = mn_pool_alloc(pool, s->n_listed, sizeof(int32_t));
    apart->slot = mn_pool_alloc(pool, n, sizeof(int32_t));
    apart->first = mn_pool_alloc(pool, s->n_parts + 1, sizeof(int64_t));
    apart->dealt = mn_pool_alloc(pool, 2 * s->n_parts, sizeof(mn_dealt));
    apart->begin = mn_pool_alloc(pool, n_levels * apart->n_begin, sizeof(int64_t));
    double *weight = mn_pool_alloc(pool, s->n_slots + n + MN_KRON_LANES, sizeof(double));
    if (pool->code != MN_OK) {
        return pool->code;
    }
    memcpy(apart->target, s->target, (size_t)s->n_listed * sizeof(int32_t));
    n = 0;
    for (int64_t i = 0; i < s->n_parts; i++) {
        apart->first[i] = n;
        n = look_outside(s, i, n, apart);
    }
    apart->first[s->n_parts] = n;
    const int code = deal(s, apart, apart->n_begin - 1);
    if (code == MN_OK) {
        apart->plain = kron->weight;
        kron->weight = weight;
    }
    return code;
}

int mn_kron_apart_init(mn_kron *kron)
{
    if (kron->schedule.n_fronts > 0) {
        return MN_OK;
    }
    mn_kron_apart *apart = mn_alloc(1, sizeof *apart);
    if (apart == NULL) {
        return MN_ERR_NO_MEMORY;
    }
    const int code = fill(kron, apart);
    if (code != MN_OK) {
        mn_pool_free(&apart->pool);
        mn_dealloc(apart);
        return code;
    }
    kron->apart = apart;
    return MN_OK;
}

void mn_kron_apart_free(mn_kron *kron)
{
    if (kron->apart != NULL) {
        kron->weight = kron->apart->plain;
        mn_pool_free(&kron->apart->pool);
        mn_dealloc(kron->apart);
        kron->apart = NULL;
    }
}

void mn_kron_apart_clear(mn_kron *kron, int64_t part)
{
    const int64_t *first = kron->apart->first + part;
    memset(kron->weight + kron->schedule.n_slots + first[0], 0, (size_t)(first[1] - first[0]) * sizeof(double));
}

bool mn_kron_apart_is_used(const mn_kron *kron)
{
    return kron->apart != NULL && mn_threads_count(kron->threads) > 1;
}

mn_kron_deal mn_kron_apart_deal(const mn_kron *kron, int64_t first)
{
    const mn_kron_schedule *s = &kron->schedule;
    const int32_t level = s->part[first].level;
    const int64_t n_before = level == 0 ? 0 : s->n_parts + first - mn_kron_level_end(s, 0);
    return (mn_kron_deal){.dealt = kron->apart->dealt + n_before,
                          .begin = kron->apart->begin + level * kron->apart->n_begin};
}

void mn_kron_apart_add(mn_kron *kron, int64_t begin, int64_t end)
{
    const mn_kron_apart *apart = kron->apart;
    const double *update = kron->weight + kron->schedule.n_slots;
    for (int64_t i = apart->first[begin]; i < apart->first[end]; i++) {
        kron->weight[apart->slot[i]] += update[i];
    }
}
