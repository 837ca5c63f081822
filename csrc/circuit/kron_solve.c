/* Potentials and currents from the factor: injected currents forward, the terminal mesh (kron_mesh.c), then
 * back-substitution. */
#include "circuit/kron_solve.h"

#include "base/threads.h"
#include "base/vector.h"
#include "circuit/boundary.h"
#include "circuit/kron_lanes.h"
#include "circuit/kron_mesh.h"
#include "circuit/kron_subtrees.h"

#include <string.h>

/* That a thread writes before it takes others. */
enum { NODES_AT_ONCE = 4096 };

/* ------------------------------------------------------------------ the free nodes */

/* b_j += p_kj b_k of one column: products first, in lanes. */
static inline void carry_column(int64_t n, int64_t step, const double *restrict share, const int32_t *restrict row,
                                double carried, double *restrict b)
{
    enum { LANES = MN_KRON_LANES / 2 };
    int64_t q = 0;
    for (; step == 1 && q + LANES <= n; q += LANES) {
        double product[LANES];
        for (int64_t i = 0; i < LANES; i++) {
            product[i] = mn_kron_flush_signed(share[q + i] * carried);
        }
        for (int64_t i = 0; i < LANES; i++) {
            b[row[q + i]] += product[i];
        }
    }
    for (; q < n; q++) {
        b[row[q * step]] += mn_kron_flush_signed(share[q * step] * carried);
    }
}

/* The same of pivots from `begin` to `end` - 1, in order. */
MN_VECTOR
static void carry_columns(mn_kron *kron, int64_t begin, int64_t end)
{
    const mn_kron_schedule *s = &kron->schedule;
    double *b = kron->current;
    for (int64_t k = begin; k < end; k++) {
        if (b[k] != 0.0) {
            carry_column(s->length[k], s->lanes[k], kron->share + s->column[k], s->row + s->first_row[k], b[k], b);
        }
    }
}

/* b_j += p_kj b_k of what lies side by side. */
static inline void carry_side_by_side(int64_t n, const double *restrict share, double carried, double *restrict b)
{
    for (int64_t j = 0; j < n; j++) {
        b[j] += mn_kron_flush_signed(share[j] * carried);
    }
}

/* The same of a front, whose currents meet side by side. */
MN_VECTOR static void carry_front(mn_kron *kron, const mn_kron_front *f)
{
    const mn_kron_schedule *s = &kron->schedule;
    const int64_t n = (int64_t)f->n_pivots + f->n_rows;
    const int32_t *row = s->row + f->row;
    double *b = kron->space.panel;
    bool any = false;
    for (int64_t t = 0; t < f->n_pivots; t++) {
        any = any || kron->current[f->first + t] != 0.0;
    }
    for (int64_t j = 0; j < n && any; j++) {
        b[j] = kron->current[row[j]];
    }
    for (int64_t t = 0; t < f->n_pivots && any; t++) {
        if (b[t] != 0.0) {
            carry_side_by_side(n - t - 1, kron->share + s->column[f->first + t], b[t], b + t + 1);
        }
    }
    for (int64_t j = 0; j < n && any; j++) {
        kron->current[row[j]] = b[j];
    }
}

void mn_kron_carry_forward(mn_kron *kron)
{
    const mn_kron_schedule *s = &kron->schedule;
    if (s->n_fronts == 0) {
        carry_columns(kron, 0, s->n_free);
    }
    for (const mn_kron_front *f = s->front; f < s->front + s->n_fronts; f++) {
        if (f->listed) {
            carry_columns(kron, f->first, f->first + f->n_pivots);
        } else {
            carry_front(kron, f);
        }
    }
}

static void inject(mn_kron *kron, const double *injected)
{
    const mn_kron_schedule *s = &kron->schedule;
    memset(kron->current, 0, (size_t)(s->n_free + s->n_electrodes) * sizeof(double));
    for (int64_t i = 0; i < s->n_nodes; i++) {
        kron->current[s->vertex[i]] += injected[i];
    }
    mn_kron_carry_forward(kron);
}

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

/* The same of potentials that lie side by side. */
static inline double mean_side_by_side(int64_t n, const double *restrict share, const double *restrict v)
{
    double lane[MN_KRON_LANES] = {0.0};
    int64_t q = 0;
    for (; q + MN_KRON_LANES <= n; q += MN_KRON_LANES) {
        for (int64_t i = 0; i < MN_KRON_LANES; i++) {
            lane[i] += mn_kron_flush_signed(share[q + i] * v[q + i]);
        }
    }
    for (int64_t i = 0; q < n; q++, i++) {
        lane[i] += mn_kron_flush_signed(share[q] * v[q]);
    }
    return mn_kron_join_lanes(lane);
}

/* v_k = sum_j p_kj v_j (+ b_k / W_k). Without injected currents a potential is a mean of later ones: held between low
 * and high, it keeps the maximum principle whatever the rounding of the shares' sum. */
static inline double potential_of(const mn_kron *kron, bool injected, double low, double high, int64_t k, double sum)
{
    if (injected) {
        return sum + (kron->total[k] > 0.0 ? kron->current[k] / kron->total[k] : 0.0);
    }
    sum = sum < low ? low : sum;
    return sum > high ? high : sum;
}

/* A back-substitution. */
typedef struct {
    const mn_kron *kron;
    bool injected;
    double low, high;
    const mn_kron_part *last; /* of the level at hand */
} substitution;

/* A batch of columns of n entries each, whose bits are those of one column after the other. */
MN_INLINE void substitute_batch(const substitution *with, int64_t k, int n, const double *share, const int32_t *row)
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
            v[k + i] = potential_of(with->kron, true, with->low, with->high, k + i, sum[i]);
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
MN_INLINE void substitute_batches(const substitution *with, const mn_kron_run *run, int n)
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

MN_INLINE void substitute_one(const substitution *with, int64_t k)
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
    v[k] = potential_of(kron, with->injected, with->low, with->high, k, sum);
}

MN_INLINE void substitute_run(const substitution *with, const mn_kron_run *run)
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

/* Those from `end` - 1 down to `begin`. */
MN_VECTOR static void substitute_runs(const substitution *with, int64_t begin, int64_t end)
{
    const mn_kron_run *first = with->kron->schedule.run + begin;
    for (const mn_kron_run *run = with->kron->schedule.run + end; run-- > first;) {
        substitute_run(with, run);
    }
}

/* Columns of a listed front. */
MN_VECTOR static void substitute_columns(const substitution *with, int64_t begin, int64_t end)
{
    for (int64_t k = end - 1; k >= begin; k--) {
        substitute_one(with, k);
    }
}

/* The same of a front, whose columns find their potentials side by side, in v. */
MN_VECTOR static void substitute_front(const substitution *with, const mn_kron_front *f, double *v)
{
    const mn_kron *kron = with->kron;
    const mn_kron_schedule *s = &kron->schedule;
    const int64_t n = (int64_t)f->n_pivots + f->n_rows;
    const int32_t *row = s->row + f->row;
    for (int64_t j = f->n_pivots; j < n; j++) {
        v[j] = kron->potential[row[j]];
    }
    for (int64_t t = f->n_pivots - 1; t >= 0; t--) {
        const int64_t k = f->first + t;
        const double sum = mean_side_by_side(n - t - 1, kron->share + s->column[k], v + t + 1);
        v[t] = kron->potential[k] = potential_of(kron, with->injected, with->low, with->high, k, sum);
    }
}

void mn_kron_potential_range(const mn_kron *kron, double *low, double *high)
{
    const mn_kron_schedule *s = &kron->schedule;
    *low = DBL_MAX;
    *high = -DBL_MAX;
    for (int64_t k = s->n_free; k < s->n_free + s->n_electrodes; k++) {
        if (kron->reached[k]) {
            *low = kron->potential[k] < *low ? kron->potential[k] : *low;
            *high = kron->potential[k] > *high ? kron->potential[k] : *high;
        }
    }
}

static void substitute(const substitution *with, int64_t i, double *v)
{
    const mn_kron_front *f = &with->kron->schedule.front[i];
    if (f->listed) {
        substitute_columns(with, f->first, f->first + f->n_pivots);
    } else {
        substitute_front(with, f, v);
    }
}

static void substitute_subtree(void *context, int64_t index, int64_t thread)
{
    const substitution *with = context;
    const mn_kron_subtrees *subtrees = with->kron->subtrees;
    const mn_kron_subtree *subtree = &subtrees->subtree[index];
    const uint64_t mode = mn_kron_fast_subnormals();
    for (int64_t i = subtree->last; i >= subtree->first; i--) {
        substitute(with, i, subtrees->space[thread].panel);
    }
    mn_kron_restore_subnormals(mode);
}

/* The fronts above all subtrees, then these side by side. */
static void substitute_subtrees(substitution *with)
{
    const mn_kron_subtrees *subtrees = with->kron->subtrees;
    for (int64_t k = subtrees->n_top - 1; k >= 0; k--) {
        if (subtrees->subtree_of[subtrees->top[k]] < 0) {
            substitute(with, subtrees->top[k], with->kron->space.panel);
        }
    }
    mn_threads_run(with->kron->threads, substitute_subtree, with, subtrees->n_subtrees);
}

/* A part of a list, counted from the last one. */
static void substitute_part(void *context, int64_t index, int64_t thread)
{
    const substitution *with = context;
    const mn_kron_part *part = with->last - index;
    const uint64_t mode = mn_kron_fast_subnormals();
    (void)thread;
    substitute_runs(with, part->run, part->run_end);
    mn_kron_restore_subnormals(mode);
}

/* Level after level from the last one on; the parts of one do not know of each other. */
static void substitute_parts(substitution *with)
{
    const mn_kron_schedule *s = &with->kron->schedule;
    for (int64_t end = s->n_parts, begin; end > 0; end = begin) {
        begin = mn_kron_level_begin(s, end);
        with->last = &s->part[end - 1];
        mn_threads_run(with->kron->threads, substitute_part, with, end - begin);
    }
}

void mn_kron_substitute(mn_kron *kron, bool injected)
{
    const mn_kron_schedule *s = &kron->schedule;
    substitution with = {.kron = kron, .injected = injected};
    mn_kron_potential_range(kron, &with.low, &with.high);
    if (kron->subtrees != NULL) {
        substitute_subtrees(&with);
        return;
    }
    if (s->n_fronts == 0) {
        substitute_parts(&with);
    }
    for (int64_t i = s->n_fronts - 1; i >= 0; i--) {
        substitute(&with, i, kron->space.panel);
    }
}

/* Reached by a path of shares > 0; the electrodes' flags are set. */
static void reach_free(mn_kron *kron)
{
    const mn_kron_schedule *s = &kron->schedule;
    for (int64_t k = s->n_free - 1; k >= 0; k--) {
        uint8_t reached = 0;
        const int32_t *row = s->row + s->first_row[k];
        const double *share = kron->share + s->column[k];
        for (int64_t i = 0; i < s->length[k] && !reached; i++) {
            const int64_t q = i * s->lanes[k];
            reached = share[q] > 0.0 && kron->reached[row[q]];
        }
        kron->reached[k] = reached;
    }
}

/* The same where all but islands are. */
static void reach_all_but_islands(mn_kron *kron)
{
    const mn_kron_schedule *s = &kron->schedule;
    memset(kron->reached, 1, (size_t)s->n_free);
    for (int64_t i = 0; i < s->n_island_nodes; i++) {
        kron->reached[s->vertex[s->island_node[i]]] = 0;
    }
}

/* Every electrode reached, and no free node cut off that edges connect: then only islands lack a potential. */
static bool all_reached(const mn_kron *kron)
{
    const mn_kron_schedule *s = &kron->schedule;
    bool reached = kron->n_dead == s->n_islands;
    for (int64_t k = s->n_free; k < s->n_free + s->n_electrodes; k++) {
        reached = reached && kron->reached[k];
    }
    return reached;
}

bool mn_kron_reach(mn_kron *kron, bool injected)
{
    const bool everywhere = all_reached(kron);
    if (!everywhere) {
        reach_free(kron);
    } else if (injected) {
        reach_all_but_islands(kron);
    }
    return everywhere;
}

/* ------------------------------------------------------------------ checks and output */

static int refuse_island_currents(const mn_kron *kron, const mn_boundary *boundary, const double *injected,
                                  bool everywhere, mn_error *error)
{
    const mn_kron_schedule *s = &kron->schedule;
    for (int64_t e = 0; e < s->n_electrodes; e++) {
        if (boundary->role[e] == MN_CURRENT && boundary->value[e] != 0.0 && !kron->reached[s->n_free + e]) {
            return mn_boundary_fail(error, MN_ERR_CURRENT_ISLAND, e, -1, boundary->value[e]);
        }
    }
    const int64_t n = injected == NULL ? 0 : everywhere ? s->n_island_nodes : s->n_nodes;
    for (int64_t k = 0; k < n; k++) {
        const int64_t i = everywhere ? s->island_node[k] : k;
        if (injected[i] != 0.0 && !kron->reached[s->vertex[i]]) {
            return mn_boundary_fail(error, MN_ERR_CURRENT_ISLAND, -1, i, injected[i]);
        }
    }
    return MN_OK;
}

/* Current into the network at each electrode: what leaves it through the mesh less what was injected at its nodes. */
static int electrode_currents(mn_kron *kron, const mn_boundary *boundary, double *current, mn_error *error)
{
    const double *v = kron->potential + kron->schedule.n_free;
    const double *b = kron->current + kron->schedule.n_free;
    const double *flow = mn_kron_mesh_flows(kron);
    for (int64_t e = 0; e < kron->schedule.n_electrodes; e++) {
        const double driven = boundary->role[e] == MN_CURRENT ? boundary->value[e] : 0.0;
        const double sum = boundary->role[e] == MN_VOLTAGE ? flow[e] - b[e] : driven;
        if (!isfinite(sum) || !isfinite(v[e])) {
            return mn_boundary_fail(error, MN_ERR_NOT_FINITE_POTENTIAL, e, -1, isfinite(sum) ? v[e] : sum);
        }
        if (current != NULL) {
            current[e] = sum;
        }
    }
    return MN_OK;
}

typedef struct {
    const mn_kron *kron;
    double *potential;
} output;

static void write_range(void *context, int64_t begin, int64_t end)
{
    const output *to = context;
    const int32_t *vertex = to->kron->schedule.vertex;
    for (int64_t i = begin; i < end; i++) {
        to->potential[i] = to->kron->potential[vertex[i]];
    }
}

static void write_potentials(const mn_kron *kron, bool everywhere, double *potential)
{
    const mn_kron_schedule *s = &kron->schedule;
    output to = {.kron = kron, .potential = potential};
    mn_threads_run_ranges(kron->threads, write_range, &to, s->n_nodes, NODES_AT_ONCE);
    for (int64_t i = 0; everywhere && i < s->n_island_nodes; i++) {
        potential[s->island_node[i]] = NAN;
    }
    for (int64_t i = 0; !everywhere && i < s->n_nodes; i++) {
        potential[i] = kron->reached[s->vertex[i]] ? potential[i] : (double)NAN;
    }
}

static void write_voltages(const mn_kron *kron, double *voltage)
{
    const mn_kron_schedule *s = &kron->schedule;
    for (int64_t e = 0; e < s->n_electrodes; e++) {
        voltage[e] = kron->reached[s->n_free + e] ? kron->potential[s->n_free + e] : (double)NAN;
    }
}

MN_VECTOR
static bool any_not_finite(int64_t n, const double *restrict x)
{
    int64_t n_finite = 0;
    for (int64_t k = 0; k < n; k++) {
        n_finite += fabs(x[k]) < INFINITY;
    }
    return n_finite < n;
}

/* Injected currents have both signs and may overflow; without them potentials lie between the electrodes'. */
static int check_potentials(const mn_kron *kron, const double *potential, bool everywhere, mn_error *error)
{
    const mn_kron_schedule *s = &kron->schedule;
    const bool strange = any_not_finite(s->n_free + s->n_electrodes, kron->potential);
    for (int64_t i = 0; i < s->n_nodes && strange; i++) {
        const int32_t k = s->vertex[i];
        if ((everywhere || kron->reached[k]) && !isfinite(kron->potential[k])) {
            return mn_boundary_fail(error, MN_ERR_NOT_FINITE_POTENTIAL, -1, i, potential[i]);
        }
    }
    return MN_OK;
}

static int solve_and_write(mn_kron *kron, const mn_boundary *boundary, const double *injected, int32_t reference,
                           const mn_solution *solution, mn_error *error)
{
    const mn_kron_schedule *s = &kron->schedule;
    if (injected != NULL) {
        inject(kron, injected);
    } else {
        memset(kron->current + s->n_free, 0, (size_t)s->n_electrodes * sizeof(double));
    }
    mn_kron_mesh_reduce(kron, boundary, reference, solution->conductance);
    mn_kron_mesh_solve(kron, boundary, reference);
    const bool everywhere = mn_kron_reach(kron, injected != NULL);
    int code = refuse_island_currents(kron, boundary, injected, everywhere, error);
    if (code != MN_OK) {
        return code;
    }
    code = electrode_currents(kron, boundary, solution->current, error);
    if (code != MN_OK) {
        return code;
    }
    if (solution->voltage != NULL) {
        write_voltages(kron, solution->voltage);
    }
    if (solution->potential != NULL) {
        mn_kron_substitute(kron, injected != NULL);
        write_potentials(kron, everywhere, solution->potential);
    }
    const bool may_overflow = injected != NULL && solution->potential != NULL;
    return may_overflow ? check_potentials(kron, solution->potential, everywhere, error) : MN_OK;
}

int mn_kron_solve(mn_kron *kron, const mn_boundary *boundary, const double *injected, const mn_solution *solution,
                  mn_error *error)
{
    int32_t reference;
    int code = mn_boundary_check(kron->network, boundary, injected, NULL, &reference, error);
    if (code == MN_OK) {
        const uint64_t mode = mn_kron_fast_subnormals();
        code = solve_and_write(kron, boundary, injected, reference, solution, error);
        mn_kron_restore_subnormals(mode);
    }
    return code;
}

int mn_kron_solve_electrodes(mn_kron *kron, const mn_boundary *boundary, const mn_solution *solution, bool *everywhere,
                             mn_error *error)
{
    const mn_kron_schedule *s = &kron->schedule;
    int32_t reference;
    *everywhere = false;
    int code = mn_boundary_check(kron->network, boundary, NULL, NULL, &reference, error);
    if (code != MN_OK) {
        return code;
    }
    memset(kron->current + s->n_free, 0, (size_t)s->n_electrodes * sizeof(double));
    mn_kron_mesh_reduce(kron, boundary, reference, solution->conductance);
    mn_kron_mesh_solve(kron, boundary, reference);
    *everywhere = all_reached(kron);
    if (!*everywhere) {
        return MN_OK;
    }
    code = electrode_currents(kron, boundary, solution->current, error);
    if (code == MN_OK && solution->voltage != NULL) {
        write_voltages(kron, solution->voltage);
    }
    return code;
}
