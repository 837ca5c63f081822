/* Back-substitution of listed columns, in the batches of their elimination, last ones first. */
#include "circuit/kron_substitute.h"

#include "base/vector.h"
#include "circuit/kron_lanes.h"

/* sum_j p_kj v_j of a long column, in lanes as its W_k. */
static inline double mean_of_many(int64_t n, const double *restrict share, const int32_t *restrict row,
                                  const double *restrict v)
{
    double lane[MN_KRON_LANES] = {0.0};
    int64_t q = 0;
    for (; q + MN_KRON_LANES <= n; q += MN_KRON_LANES) {
        for (int64_t i = 0; i < MN_KRON_LANES; i++) {
            lane[i] += mn_kron_flush_signed(share[q + i] * v[row[q + i]]);
        }
    }
    for (int64_t i = 0; q < n; q++, i++) {
        lane[i] += mn_kron_flush_signed(share[q] * v[row[q]]);
    }
    return mn_kron_join_lanes(lane);
}

/* A batch of columns of n entries each, whose bits are those of one column after the other. */
MN_INLINE void substitute_batch(const mn_kron_substitution *with, int64_t k, int n, const double *share,
                                const int32_t *row)
{
    const mn_quad least = MN_QUAD(with->low), most = MN_QUAD(with->high);
    double *v = with->kron->potential;
    mn_quad sum = MN_QUAD(0.0);
    for (int q = 0; q < n; q++, share += MN_KRON_BATCH, row += MN_KRON_BATCH) {
        mn_quad term = {v[row[0]], v[row[1]], v[row[2]], v[row[3]]};
        term *= *(const mn_quad *)share;
        mn_quad_flush_signed(&term, MN_KRON_TINY);
        sum += term;
    }
    if (with->injected) {
        for (int64_t i = 0; i < MN_KRON_BATCH; i++) {
            v[k + i] = mn_kron_potential(with->kron, true, with->low, with->high, k + i, sum[i]);
        }
        return;
    }
    const mn_quad_bits below = sum < least;
    mn_quad_choose(&sum, &below, &least);
    const mn_quad_bits above = sum > most;
    mn_quad_choose(&sum, &above, &most);
    *(mn_quad *)(v + k) = sum;
}

/* Batches of columns of n entries. */
MN_INLINE void substitute_batches(const mn_kron_substitution *with, const mn_kron_run *run, int n)
{
    const mn_kron_schedule *s = &with->kron->schedule;
    const int64_t last = run->end - MN_KRON_BATCH;
    const double *share = with->kron->share + s->column[last];
    const int32_t *row = s->row + s->first_row[last];
    for (int64_t k = last; k >= run->first; k -= MN_KRON_BATCH) {
        substitute_batch(with, k, n, share, row);
        share -= MN_KRON_BATCH * n;
        row -= MN_KRON_BATCH * n;
    }
}

MN_INLINE void substitute_one(const mn_kron_substitution *with, int64_t k)
{
    const mn_kron *kron = with->kron;
    const mn_kron_schedule *s = &kron->schedule;
    const int64_t n = s->length[k];
    const double *share = kron->share + s->column[k];
    const int32_t *row = s->row + s->first_row[k];
    double *v = kron->potential;
    double sum = 0.0;
    if (n >= MN_KRON_LANES) {
        sum = mean_of_many(n, share, row, v);
    } else {
        for (int64_t q = 0; q < n; q++) {
            sum += mn_kron_flush_signed(share[q] * v[row[q]]);
        }
    }
    v[k] = mn_kron_potential(kron, with->injected, with->low, with->high, k, sum);
}

MN_INLINE void substitute_run(const mn_kron_substitution *with, const mn_kron_run *run)
{
    if (run->lanes == 1) {
        for (int64_t k = run->end - 1; k >= run->first; k--) {
            substitute_one(with, k);
        }
        return;
    }
    switch (run->length) {
    case 1:
        substitute_batches(with, run, 1);
        break;
    case 2:
        substitute_batches(with, run, 2);
        break;
    case 3:
        substitute_batches(with, run, 3);
        break;
    case 4:
        substitute_batches(with, run, 4);
        break;
    default:
        substitute_batches(with, run, run->length);
        break;
    }
}

MN_VECTOR static void substitute_runs(const mn_kron_substitution *with)
{
    const mn_kron_schedule *s = &with->kron->schedule;
    for (const mn_kron_run *run = s->run + s->n_runs; run-- > s->run;) {
        substitute_run(with, run);
    }
}

/* Columns of a listed front. */
MN_VECTOR static void substitute_columns(const mn_kron_substitution *with, int64_t begin, int64_t end)
{
    for (int64_t k = end - 1; k >= begin; k--) {
        substitute_one(with, k);
    }
}

void mn_kron_substitute_runs(const mn_kron_substitution *with)
{
    substitute_runs(with);
}

void mn_kron_substitute_columns(const mn_kron_substitution *with, int64_t begin, int64_t end)
{
    substitute_columns(with, begin, end);
}
