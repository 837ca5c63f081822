/* Potentials and currents from the factor: injected currents forward, the terminal mesh (kron_mesh.c), then
 * back-substitution. */
#include "circuit/kron_solve.h"

#include "base/threads.h"
#include "base/vector.h"
#include "circuit/boundary.h"
#include "circuit/kron_arithmetic.h"
#include "circuit/kron_mesh.h"
#include "circuit/kron_substitute.h"

#include <string.h>

/* That a thread writes before it takes others. */
enum { NODES_AT_ONCE = 2048 };

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
        return;
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
