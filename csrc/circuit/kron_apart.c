#include "circuit/kron_apart.h"

#include "circuit/kron_arithmetic.h"

#include <string.h>

/* Whether parts of the level of part i run side by side. */
static bool has_company(const mn_kron_schedule *s, int64_t i)
{
    return (i > 0 && s->part[i - 1].level == s->part[i].level) ||
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

static int fill(mn_kron *kron, mn_kron_apart *apart)
{
    const mn_kron_schedule *s = &kron->schedule;
    mn_pool *pool = &apart->pool;
    int64_t n = 0;
    for (int64_t i = 0; i < s->n_parts; i++) {
        n = look_outside(s, i, n, NULL);
    }
    if (s->n_slots + n > INT32_MAX) {
        return MN_ERR_TOO_LARGE; /* GCOV_EXCL_LINE: more memory than a schedule may have */
    }
    apart->target = mn_pool_alloc(pool, s->n_listed, sizeof(int32_t));
    apart->slot = mn_pool_alloc(pool, n, sizeof(int32_t));
    apart->first = mn_pool_alloc(pool, s->n_parts + 1, sizeof(int64_t));
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
    apart->plain = kron->weight;
    kron->weight = weight;
    kron->target = apart->target;
    return MN_OK;
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
        kron->target = kron->schedule.target;
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

void mn_kron_apart_add(mn_kron *kron, int64_t begin, int64_t end)
{
    const mn_kron_apart *apart = kron->apart;
    const double *update = kron->weight + kron->schedule.n_slots;
    for (int64_t i = apart->first[begin]; i < apart->first[end]; i++) {
        kron->weight[apart->slot[i]] += update[i];
    }
}
