/* The columns of a supernode are eliminated side by side in a panel, where each is followed by zeros: loops run over
 * whole vectors, and what is beyond the end adds 0. Every slot takes its updates one after the other in the order of
 * the columns. */
#include "circuit/kron_supernodes.h"

#include "base/vector.h"
#include "circuit/kron_lanes.h"

enum { PIVOTS = MN_KRON_SUPERNODE_PIVOTS, STRIDE = MN_KRON_SUPERNODE_ROWS + MN_KRON_LANES };
/* Places up to this many times eight have loops that end where compilers see it. */
enum { BLOCKS = 3 };

_Static_assert((int)PIVOTS <= (int)MN_KRON_LANES, "every column begins among the first lanes");

/* A row each column, and a place each row of the supernode but its first pivot: column t begins at place t, and is 0
 * before. So what is read lies as it was written, which processors need to pass it on at once. */
typedef struct {
    _Alignas(64) double weight[PIVOTS][STRIDE];
    double share[PIVOTS][STRIDE];
} panel;

/* Masks: from + 8 - t has the first t of eight lanes off, before + 8 - t all but these. */
static const int64_t from[2 * MN_KRON_LANES] = {0, 0, 0, 0, 0, 0, 0, 0, -1, -1, -1, -1, -1, -1, -1, -1};
static const int64_t before[2 * MN_KRON_LANES] = {-1, -1, -1, -1, -1, -1, -1, -1};

/* Four entries of column t from place j on, with the updates from the columns before it. */
MN_INLINE void load_four(panel *x, int64_t t, int64_t j, const double *weight, const int64_t *begin, const int64_t *end,
                         mn_quad *sum)
{
    mn_quad w = *(const mn_quad *)(weight + j);
    for (int64_t i = 0; i < t; i++) {
        const double a = x->weight[i][t - 1];
        const mn_quad factor = MN_QUAD(a), product = factor * *(const mn_quad *)(x->share[i] + j);
        mn_quad_add_flushed(&w, &product);
    }
    w = (mn_quad)((mn_quad_bits)w & *(const mn_quad_bits *)begin & *(const mn_quad_bits *)end);
    *(mn_quad *)(x->weight[t] + j) = w;
    *sum += w;
}

/* Lanes that begin with lane t, as mn_kron_join_lanes(). */
MN_INLINE double join_from(int64_t t, const mn_quad *low, const mn_quad *high)
{
    const double lane[MN_KRON_LANES] = {(*low)[0],  (*low)[1],  (*low)[2],  (*low)[3],
                                        (*high)[0], (*high)[1], (*high)[2], (*high)[3]};
    return ((lane[t % 8] + lane[(t + 1) % 8]) + (lane[(t + 2) % 8] + lane[(t + 3) % 8])) +
           ((lane[(t + 4) % 8] + lane[(t + 5) % 8]) + (lane[(t + 6) % 8] + lane[(t + 7) % 8]));
}

/* Column t up to place n, and its W_k. Entries of neighbours are read, too, and those of place j at weight[j]. */
MN_INLINE double load_column(panel *x, int64_t t, int64_t n, int64_t n_blocks, const double *weight)
{
    mn_quad low = MN_QUAD(0.0), high = MN_QUAD(0.0);
    for (int64_t j = 0; j < n_blocks * MN_KRON_LANES; j += MN_KRON_LANES) {
        const int64_t *begin = from + MN_KRON_LANES - (j == 0 ? t : 0);
        const int64_t *end = before + (n - j < MN_KRON_LANES ? MN_KRON_LANES - (n - j) : 0);
        load_four(x, t, j, weight, begin, end, &low);
        load_four(x, t, j + MN_KRON_BATCH, weight, begin + MN_KRON_BATCH, end + MN_KRON_BATCH, &high);
    }
    return n - t < MN_KRON_LANES ? mn_kron_total(n - t, x->weight[t] + t) : join_from(t, &low, &high);
}

/* As mn_kron_shares(), four zeros behind them. */
MN_INLINE void find_shares(panel *x, int64_t t, int64_t n_blocks, double total)
{
    const double one = total > 0.0 ? total : 1.0;
    const mn_quad divisor = MN_QUAD(one), zero = MN_QUAD(0.0);
    for (int64_t j = 0; j < n_blocks * MN_KRON_LANES; j += MN_KRON_BATCH) {
        mn_quad p = *(const mn_quad *)(x->weight[t] + j) / divisor;
        mn_quad_flush(&p, DBL_MIN);
        *(mn_quad *)(x->share[t] + j) = p;
    }
    *(mn_quad *)(x->share[t] + n_blocks * MN_KRON_LANES) = zero;
}

/* Updates of pairs of rows of the last of m columns, which end at place n. */
MN_INLINE void update_rest(const panel *x, int m, int64_t n, int64_t n_fours, const uint8_t (*pair)[2],
                           const int32_t *restrict target, double *restrict weight)
{
    for (int64_t f = 0; f < n_fours; f++, target += MN_KRON_BATCH) {
        const double *w = x->weight[0] + n - pair[f][0], *p = x->share[0] + n - pair[f][1];
        mn_quad sum = {weight[target[0]], weight[target[1]], weight[target[2]], weight[target[3]]};
        for (int t = 0; t < m; t++) {
            const double a = w[t * STRIDE];
            const mn_quad factor = MN_QUAD(a), product = factor * *(const mn_quad *)(p + t * STRIDE);
            mn_quad_add_flushed(&sum, &product);
        }
        weight[target[0]] = sum[0];
        weight[target[1]] = sum[1];
        weight[target[2]] = sum[2];
        weight[target[3]] = sum[3];
    }
}

/* Those of column t from the panel; some zeros follow. */
MN_INLINE void store_shares(const panel *x, int64_t t, int64_t n_blocks, double *share)
{
    for (int64_t j = 0; j < n_blocks * MN_KRON_LANES; j += MN_KRON_BATCH) {
        mn_quad p = *(const mn_quad *)(x->share[t] + t + j);
        mn_quad_flush(&p, DBL_MIN); /* once more: of a plain copy compilers make a call */
        *(mn_quad *)(share + j) = p;
    }
}

MN_INLINE bool eliminate_column(panel *x, int64_t t, int64_t n, int64_t n_blocks, const double *weight, double *all)
{
    const double total = load_column(x, t, n, n_blocks, weight);
    all[t] = total;
    find_shares(x, t, n_blocks, total);
    return total == 0.0;
}

MN_INLINE int64_t eliminate_columns(panel *x, int m, int64_t n, int64_t n_blocks, const double *weight, double *all)
{
    int64_t n_dead = eliminate_column(x, 0, n, n_blocks, weight, all);
    if (m > 1) {
        weight += n - 1;
        n_dead += eliminate_column(x, 1, n, n_blocks, weight, all);
    }
    if (m > 2) {
        weight += n - 2;
        n_dead += eliminate_column(x, 2, n, n_blocks, weight, all);
    }
    if (m > 3) {
        weight += n - 3;
        n_dead += eliminate_column(x, 3, n, n_blocks, weight, all);
    }
    return n_dead;
}

MN_INLINE void finish_by(const mn_kron *kron, const mn_kron_run *run, const panel *x, int m)
{
    const mn_kron_schedule *s = &kron->schedule;
    const int64_t n = run->length;
    double *share = kron->share + s->column[run->first];
    const int64_t n_blocks = (n + MN_KRON_LANES - 1) / MN_KRON_LANES;
    update_rest(x, m, n, run->n_fours, (const uint8_t(*)[2])s->pair_of_four, s->rest + run->rest, kron->weight);
    for (int64_t t = 0; t < m; t++) {
        store_shares(x, t, n_blocks, share);
        share += n - t;
    }
}

MN_INLINE int64_t eliminate_by(const mn_kron *kron, const mn_kron_run *run, panel *x, int m)
{
    const int64_t n = run->length, n_blocks = (n + MN_KRON_LANES - 1) / MN_KRON_LANES;
    const double *weight = kron->weight + kron->schedule.column[run->first];
    double *total = kron->total + run->first;
    switch (n_blocks) {
    case 1:
        return eliminate_columns(x, m, n, 1, weight, total);
    case 2:
        return eliminate_columns(x, m, n, 2, weight, total);
    case 3:
        return eliminate_columns(x, m, n, 3, weight, total);
    default:
        return eliminate_columns(x, m, n, n_blocks, weight, total);
    }
}

MN_INLINE int64_t eliminate(const mn_kron *kron, const mn_kron_run *run, panel *x)
{
    switch (run->end - run->first) {
    case 1:
        return eliminate_by(kron, run, x, 1);
    case 2:
        return eliminate_by(kron, run, x, 2);
    case 3:
        return eliminate_by(kron, run, x, 3);
    default:
        return eliminate_by(kron, run, x, 4);
    }
}

MN_INLINE void finish(const mn_kron *kron, const mn_kron_run *run, const panel *x)
{
    switch (run->end - run->first) {
    case 1:
        finish_by(kron, run, x, 1);
        break;
    case 2:
        finish_by(kron, run, x, 2);
        break;
    case 3:
        finish_by(kron, run, x, 3);
        break;
    default:
        finish_by(kron, run, x, 4);
        break;
    }
}

MN_VECTOR static int64_t eliminate_all(const mn_kron *kron, const mn_kron_run *run, const mn_kron_run *end)
{
    int64_t n_dead = 0;
#ifdef PIPE
    panel x[2];
    int i = 0;
    bool pending = false;
    for (; run < end; run++, i ^= 1) {
        if (pending && run->follows) { finish(kron, run - 1, &x[1-i]); pending = false; }
        n_dead += eliminate(kron, run, &x[i]);
        if (pending) finish(kron, run - 1, &x[1-i]);
        pending = true;
    }
    finish(kron, run - 1, &x[1-i]);
#else
    panel x;
    for (; run < end; run++) {
        n_dead += eliminate(kron, run, &x);
        finish(kron, run, &x);
    }
#endif
    return n_dead;
}

int64_t mn_kron_eliminate_supernodes(mn_kron *kron, const mn_kron_run *run, const mn_kron_run *end)
{
    return eliminate_all(kron, run, end);
}
