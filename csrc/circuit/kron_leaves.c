/* Star-mesh transforms of four listed fronts that are alike, one in each SIMD lane. Each has the bits of
 * mn_kron_eliminate_columns(). */
#include "circuit/kron_leaves.h"

#include "base/cancel.h"
#include "base/threads.h"
#include "base/vector.h"
#include "circuit/kron_lanes.h"
#include "circuit/kron_subtrees.h"
#include "circuit/kron_tree.h"

enum { LANES = MN_KRON_BATCH, AT_ONCE = 16 /* quartets that a thread takes */ };

/* W_k, in the order of mn_kron_total(). */
MN_INLINE void sum_column(int64_t n, const double *star, mn_quad *total)
{
    mn_quad part[MN_KRON_LANES] = {MN_QUAD(0.0)};
    if (n < MN_KRON_LANES) {
        for (int64_t q = 0; q < n; q++) {
            part[0] += *(const mn_quad *)(star + LANES * q);
        }
        *total = part[0];
        return;
    }
    int64_t q = 0;
    for (; q + MN_KRON_LANES <= n; q += MN_KRON_LANES) {
        for (int64_t i = 0; i < MN_KRON_LANES; i++) {
            part[i] += *(const mn_quad *)(star + LANES * (q + i));
        }
    }
    for (int64_t i = 0; q < n; q++, i++) {
        part[i] += *(const mn_quad *)(star + LANES * q);
    }
    *total = ((part[0] + part[1]) + (part[2] + part[3])) + ((part[4] + part[5]) + (part[6] + part[7]));
}

/* One column of each front, whose weights in `star` become shares. Inlined with a constant n, its loops are unrolled.
 */
MN_INLINE void transform(int64_t n, const double *restrict star, double *const share[LANES], double *restrict p,
                         double *restrict weight, const int32_t *restrict target, mn_quad *total, mn_quad_bits *n_dead)
{
    const mn_quad zero = MN_QUAD(0.0), one = MN_QUAD(1.0);
    mn_quad divisor;
    sum_column(n, star, &divisor);
    *total = divisor;
    const mn_quad_bits dead = divisor == zero;
    *n_dead -= dead;
    mn_quad_choose(&divisor, &dead, &one);
    for (int64_t q = 0; q < n; q++) { /* only large totals leave shares below DBL_MIN: as mn_kron_shares() has it */
        mn_quad shares = *(const mn_quad *)(star + LANES * q) / divisor;
        mn_quad_flush(&shares, DBL_MIN);
        *(mn_quad *)(p + LANES * q) = shares;
        for (int64_t lane = 0; lane < LANES; lane++) {
            share[lane][q] = shares[lane];
        }
    }
    for (int64_t q = 0; q + 1 < n; q++) {
        const mn_quad w = *(const mn_quad *)(star + LANES * q);
        for (int64_t r = q + 1; r < n; r++) {
            double *at = weight + LANES * (int64_t)*target++;
            mn_quad sum = *(const mn_quad *)at;
            const mn_quad product = w * *(const mn_quad *)(p + LANES * r);
            mn_quad_add_flushed(&sum, &product);
            *(mn_quad *)at = sum;
        }
    }
}

/* The same: short columns are most of them. */
MN_INLINE void transform_columns(int64_t n, const double *star, double *const share[LANES], double *p, double *weight,
                                 const int32_t *target, mn_quad *total, mn_quad_bits *n_dead)
{
    switch (n) { /* loops that end where compilers see it */
    case 3:
        transform(3, star, share, p, weight, target, total, n_dead);
        break;
    case 4:
        transform(4, star, share, p, weight, target, total, n_dead);
        break;
    case 5:
        transform(5, star, share, p, weight, target, total, n_dead);
        break;
    default:
        transform(n, star, share, p, weight, target, total, n_dead);
        break;
    }
}

/* The weights of the edges, and zeros. */
MN_INLINE void put_edges(const mn_kron_schedule *s, const mn_kron_quartet *quartet, const double *conductance,
                         double *weight)
{
    const mn_kron_front *f = &s->front[quartet->model];
    const int32_t *slot = s->slot + f->edge, *edge[LANES];
    const int64_t n = LANES * (mn_kron_rest_size(f) + f->n_entries);
    const mn_quad zero = MN_QUAD(0.0);
    for (int64_t q = 0; q < n; q += LANES) {
        *(mn_quad *)(weight + q) = zero;
    }
    for (int64_t lane = 0; lane < LANES; lane++) {
        edge[lane] = s->edge + s->front[quartet->front[lane]].edge;
    }
    for (int64_t e = 0; e < f->n_edges; e++) {
        const mn_quad g = {conductance[edge[0][e]], conductance[edge[1][e]], conductance[edge[2][e]],
                           conductance[edge[3][e]]};
        mn_quad_add_flushed((mn_quad *)(weight + LANES * (int64_t)slot[e]), &g);
    }
}

/* Each front's rest, side by side. */
MN_INLINE void take_rests(int64_t n, const double *weight, double *rest)
{
    for (int64_t lane = 0; lane < LANES; lane++, weight++, rest += n) {
        int64_t q = 0;
        for (; q + LANES <= n; q += LANES) {
            const double *from = weight + LANES * q;
            *(mn_quad *)(rest + q) = (mn_quad){from[0], from[LANES], from[2 * LANES], from[3 * LANES]};
        }
        for (; q < n; q++) {
            rest[q] = weight[LANES * q];
        }
    }
}

MN_VECTOR static void eliminate(mn_kron *kron, const mn_kron_quartet *quartet, const double *conductance,
                                double *weight)
{
    const mn_kron_schedule *s = &kron->schedule;
    const mn_kron_front *f = &s->front[quartet->model], *first = &s->front[quartet->front[0]];
    const int64_t n_rest = mn_kron_rest_size(f);
    const double *star = weight + LANES * n_rest;
    double *p = weight + LANES * s->n_quartet, *share[LANES], *total[LANES];
    const int32_t *target = s->target + s->pair[f->first];
    mn_quad_bits n_dead = MN_QUAD(0);
    for (int64_t lane = 0; lane < LANES; lane++) {
        const int64_t k = s->front[quartet->front[lane]].first;
        total[lane] = kron->total + k;
        share[lane] = kron->share + s->column[k];
    }
    put_edges(s, quartet, conductance, weight);
    for (int64_t t = 0; t < f->n_pivots; t++) {
        const int64_t n = s->length[f->first + t];
        mn_quad sum;
        transform_columns(n, star, share, p, weight, target, &sum, &n_dead);
        for (int64_t lane = 0; lane < LANES; lane++) {
            total[lane][t] = sum[lane];
            share[lane] += n;
        }
        star += LANES * n;
        target += n * (n - 1) / 2;
    }
    take_rests(n_rest, weight, kron->leaves + first->leaf);
    for (int64_t lane = 0; lane < LANES; lane++) {
        kron->dead[quartet->front[lane]] = (int32_t)n_dead[lane];
    }
}

/* ------------------------------------------------------------------ all of them */

typedef struct {
    mn_kron *kron;
    const double *conductance;
} elimination;

static void eliminate_some(void *context, int64_t index, int64_t thread)
{
    const elimination *call = context;
    mn_kron *kron = call->kron;
    const mn_kron_schedule *s = &kron->schedule;
    double *weight = kron->subtrees == NULL ? kron->space.quartet : kron->subtrees->space[thread].quartet;
    const uint64_t mode = mn_kron_fast_subnormals();
    for (int64_t i = AT_ONCE * index; i < AT_ONCE * (index + 1) && i < s->n_quartets; i++) {
        if (!mn_cancelled(kron->cancel)) {
            eliminate(kron, &s->quartet[i], call->conductance, weight);
        }
    }
    mn_kron_restore_subnormals(mode);
}

void mn_kron_eliminate_quartet(mn_kron *kron, int64_t i, const double *conductance)
{
    eliminate(kron, &kron->schedule.quartet[i], conductance, kron->space.quartet);
}

void mn_kron_eliminate_leaves(mn_kron *kron, const double *conductance)
{
    elimination call = {.kron = kron, .conductance = conductance};
    mn_threads_run(kron->threads, eliminate_some, &call, (kron->schedule.n_quartets + AT_ONCE - 1) / AT_ONCE);
}

static int64_t count_dead(const mn_kron *kron, const mn_kron_quartet *quartet)
{
    int64_t n = 0;
    for (int64_t lane = 0; lane < LANES; lane++) {
        n += kron->dead[quartet->front[lane]];
    }
    return n;
}

void mn_kron_redo_leaves(mn_kron *kron, const double *conductance)
{
    const mn_kron_schedule *s = &kron->schedule;
    for (const mn_kron_quartet *q = s->quartet; q < s->quartet + s->n_quartets && !mn_cancelled(kron->cancel); q++) {
        const uint8_t *redo = kron->redo;
        if (redo[q->front[0]] | redo[q->front[1]] | redo[q->front[2]] | redo[q->front[3]]) {
            kron->n_dead -= count_dead(kron, q);
            eliminate(kron, q, conductance, kron->space.quartet);
            kron->n_dead += count_dead(kron, q);
        }
    }
}
