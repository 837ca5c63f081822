/* Potentials and currents from the factor: injected currents forward, the terminal mesh (kron_mesh.c), then
 * back-substitution. */
#include "circuit/kron_solve.h"

#include "base/vector.h"
#include "circuit/boundary.h"
#include "circuit/kron_arithmetic.h"
#include "circuit/kron_mesh.h"
#include "circuit/kron_substitute.h"

#include <string.h>

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

/* The same of all pivots, in order. */
MN_VECTOR
static void carry_forward(mn_kron *kron, const double *injected)
{
    const mn_kron_schedule *s = &kron->schedule;
    double *b = kron->current;
    memset(b, 0, (size_t)(s->n_free + s->n_electrodes) * sizeof(double));
    for (int64_t i = 0; i < s->n_nodes; i++) {
        b[s->vertex[i]] += injected[i];
    }
    for (int64_t k = 0; k < s->n_free; k++) {
        carry_column(s->length[k], s->lanes[k], kron->share + s->column[k], s->row + s->first_row[k], b[k], b);
    }
}

/* sum_j p_kj v_j of potentials that lie side by side, in lanes as W_k. */
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

/* Back-substitution of a front, whose columns find their potentials side by side. */
MN_VECTOR static void back_substitute_front(mn_kron *kron, bool injected, double low, double high,
                                            const mn_kron_front *f)
{
    const mn_kron_schedule *s = &kron->schedule;
    const int64_t n = (int64_t)f->n_pivots + f->n_rows;
    const int32_t *row = s->row + f->row;
    double *v = kron->panel;
    for (int64_t j = f->n_pivots; j < n; j++) {
        v[j] = kron->potential[row[j]];
    }
    for (int64_t t = f->n_pivots - 1; t >= 0; t--) {
        const int64_t k = f->first + t;
        const double sum = mean_side_by_side(n - t - 1, kron->share + s->column[k], v + t + 1);
        v[t] = kron->potential[k] = mn_kron_potential(kron, injected, low, high, k, sum);
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

static void solve_free(mn_kron *kron, bool injected)
{
    const mn_kron_schedule *s = &kron->schedule;
    double low, high;
    mn_kron_potential_range(kron, &low, &high);
    const mn_kron_substitution with = {.kron = kron, .injected = injected, .low = low, .high = high};
    if (s->n_fronts == 0) {
        mn_kron_substitute_runs(&with);
    }
    for (int64_t i = s->n_fronts - 1; i >= 0; i--) {
        const mn_kron_front *f = &s->front[i];
        if (f->listed) {
            mn_kron_substitute_columns(&with, f->first, f->first + f->n_pivots);
        } else {
            back_substitute_front(kron, injected, low, high, f);
        }
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

static void write_potentials(const mn_kron *kron, bool everywhere, double *potential)
{
    const mn_kron_schedule *s = &kron->schedule;
    for (int64_t i = 0; i < s->n_nodes; i++) {
        potential[i] = kron->potential[s->vertex[i]];
    }
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
        carry_forward(kron, injected);
    } else {
        memset(kron->current + s->n_free, 0, (size_t)s->n_electrodes * sizeof(double));
    }
    mn_kron_mesh_reduce(kron, boundary, reference, solution->conductance);
    mn_kron_mesh_solve(kron, boundary, reference);
    const bool everywhere = all_reached(kron);
    if (!everywhere) {
        reach_free(kron);
    } else if (injected != NULL) {
        reach_all_but_islands(kron);
    }
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
        solve_free(kron, injected != NULL);
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
