/* Potentials and currents from the factor: injected currents forward, the terminal mesh, then back-substitution. */
#include "boundary.h"
#include "kron.h"

#include <float.h>
#include <math.h>
#include <string.h>

static inline double flush_signed(double x)
{
    return fabs(x) < MN_KRON_TINY ? 0.0 : x;
}

/* ------------------------------------------------------------------ the terminal mesh */

/* Copies the terminal weights (upper triangle) to a full symmetric matrix; nobody is gone. */
static void load_mesh(mn_kron *kron, int64_t *n_gone)
{
    const int64_t n = kron->schedule.n_electrodes;
    const double *terminal = kron->weight + kron->schedule.n_entries;
    for (int64_t i = 0; i < n; i++) {
        kron->mesh[i * n + i] = 0.0;
        kron->gone[i] = 0;
        for (int64_t j = i + 1; j < n; j++) {
            kron->mesh[i * n + j] = terminal[i * n + j];
            kron->mesh[j * n + i] = terminal[i * n + j];
        }
    }
    *n_gone = 0;
}

/* Star-mesh transform of electrode f. Its row then holds the shares p_fj, 0 for those gone before. */
static void eliminate_electrode(mn_kron *kron, int64_t f, int64_t *n_gone)
{
    const int64_t n = kron->schedule.n_electrodes;
    double *mesh = kron->mesh;
    double *star = mesh + f * n;
    double total = 0.0;
    for (int64_t j = 0; j < n; j++) {
        total += star[j];
    }
    const double divisor = total > 0.0 ? total : 1.0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = i + 1; j < n && star[i] > 0.0; j++) {
            if (star[j] > 0.0) {
                mesh[i * n + j] += mn_kron_flush(star[i] * mn_kron_flush(star[j] / divisor));
                mesh[j * n + i] = mesh[i * n + j];
            }
        }
    }
    for (int64_t j = 0; j < n; j++) {
        mesh[j * n + f] = kron->gone[j] ? mesh[j * n + f] : 0.0; /* a row that is gone keeps its shares */
        star[j] = mn_kron_flush(star[j] / divisor);
    }
    kron->mesh_total[f] = total;
    kron->gone[f] = 1;
    kron->mesh_order[(*n_gone)++] = (int32_t)f;
}

static void eliminate_role(mn_kron *kron, const mn_boundary *boundary, mn_role role, int32_t except, int64_t *n_gone)
{
    for (int64_t e = 0; e < kron->schedule.n_electrodes; e++) {
        if (boundary->role[e] == role && e != except) {
            eliminate_electrode(kron, e, n_gone);
        }
    }
}

/* From the first driven electrode to the other driven ones; the floating ones are gone. */
static double terminal_conductance(const mn_kron *kron, const mn_boundary *boundary)
{
    const int64_t n = kron->schedule.n_electrodes;
    int64_t first = -1, n_driven = 0;
    double sum = 0.0;
    for (int64_t e = 0; e < n; e++) {
        if (boundary->role[e] == MN_FLOATING) {
            continue;
        }
        n_driven++;
        if (first < 0) {
            first = e;
        } else {
            sum += kron->mesh[first * n + e];
        }
    }
    return n_driven < 2 ? (double)NAN : sum;
}

/* Eliminates every electrode whose potential is not given; *conductance on the way, where it is wanted. */
static void reduce_mesh(mn_kron *kron, const mn_boundary *boundary, int32_t reference, double *conductance,
                        int64_t *n_gone)
{
    const bool floating_reference = reference >= 0 && boundary->role[reference] == MN_FLOATING;
    load_mesh(kron, n_gone);
    if (conductance != NULL && floating_reference) {
        eliminate_role(kron, boundary, MN_FLOATING, -1, n_gone);
        *conductance = terminal_conductance(kron, boundary);
        load_mesh(kron, n_gone);
    }
    eliminate_role(kron, boundary, MN_FLOATING, reference, n_gone);
    if (conductance != NULL && !floating_reference) {
        *conductance = terminal_conductance(kron, boundary);
    }
    eliminate_role(kron, boundary, MN_CURRENT, reference, n_gone);
}

/* Potentials of the electrodes from what is given and from the currents that arrive at those that are gone. */
static void solve_mesh(mn_kron *kron, const mn_boundary *boundary, int32_t reference, int64_t n_gone)
{
    const int64_t n = kron->schedule.n_electrodes;
    double *v = kron->potential + kron->schedule.n_free;
    double *b = kron->current + kron->schedule.n_free;
    uint8_t *reached = kron->reached + kron->schedule.n_free;
    for (int64_t e = 0; e < n; e++) {
        v[e] = boundary->role[e] == MN_VOLTAGE ? boundary->value[e] : 0.0;
        b[e] += boundary->role[e] == MN_CURRENT ? boundary->value[e] : 0.0;
        reached[e] = boundary->role[e] == MN_VOLTAGE || e == reference;
    }
    for (int64_t k = 0; k < n_gone; k++) {
        const int64_t f = kron->mesh_order[k];
        for (int64_t j = 0; j < n && b[f] != 0.0; j++) {
            b[j] += flush_signed(kron->mesh[f * n + j] * b[f]);
        }
    }
    for (int64_t k = n_gone - 1; k >= 0; k--) {
        const int64_t f = kron->mesh_order[k];
        const double total = kron->mesh_total[f];
        double sum = total > 0.0 ? b[f] / total : 0.0;
        for (int64_t j = 0; j < n; j++) {
            sum += flush_signed(kron->mesh[f * n + j] * v[j]);
            reached[f] |= kron->mesh[f * n + j] > 0.0 && reached[j];
        }
        v[f] = sum;
    }
}

/* ------------------------------------------------------------------ the free nodes */

/* b_j += p_kj b_k, pivots in order. */
static void carry_forward(mn_kron *kron, const double *injected)
{
    const mn_kron_schedule *s = &kron->schedule;
    double *b = kron->current;
    memset(b, 0, (size_t)(s->n_free + s->n_electrodes) * sizeof(double));
    for (int64_t i = 0; i < s->n_nodes; i++) {
        b[s->vertex[i]] += injected[i];
    }
    for (int64_t k = 0; k < s->n_free; k++) {
        for (int64_t q = s->column[k]; q < s->column[k + 1]; q++) {
            b[s->row[q]] += flush_signed(kron->share[q] * b[k]);
        }
    }
}

/* sum_j p_kj v_j of a long column, in lanes as its W_k. Kept apart, so that the loop for short ones stays small. */
static __attribute__((noinline)) double mean_of_many(int64_t n, const double *share, const int32_t *row,
                                                     const double *v)
{
    double lane[MN_KRON_LANES] = {0.0};
    int64_t q = 0;
    for (; q + MN_KRON_LANES <= n; q += MN_KRON_LANES) {
        for (int64_t i = 0; i < MN_KRON_LANES; i++) {
            lane[i] += flush_signed(share[q + i] * v[row[q + i]]);
        }
    }
    for (int64_t i = 0; q < n; q++, i++) {
        lane[i] += flush_signed(share[q] * v[row[q]]);
    }
    return mn_kron_join_lanes(lane);
}

/* v_k = sum_j p_kj v_j (+ b_k / W_k). Without injected currents a potential is a mean of later ones: held between low
 * and high, it keeps the maximum principle whatever the rounding of the shares' sum. */
static inline void back_substitute(mn_kron *kron, bool injected, double low, double high)
{
    const mn_kron_schedule *s = &kron->schedule;
    double *v = kron->potential;
    for (int64_t k = s->n_free - 1; k >= 0; k--) {
        const int64_t begin = s->column[k], end = s->column[k + 1];
        double sum = 0.0;
        if (end - begin >= MN_KRON_LANES) {
            sum = mean_of_many(end - begin, kron->share + begin, s->row + begin, v);
        } else {
            for (int64_t q = begin; q < end; q++) {
                sum += flush_signed(kron->share[q] * v[s->row[q]]);
            }
        }
        if (injected) {
            sum += kron->total[k] > 0.0 ? kron->current[k] / kron->total[k] : 0.0;
        } else {
            sum = sum < low ? low : sum;
            sum = sum > high ? high : sum;
        }
        v[k] = sum;
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
    double low, high;
    mn_kron_potential_range(kron, &low, &high);
    if (injected) {
        back_substitute(kron, true, low, high);
    } else {
        back_substitute(kron, false, low, high);
    }
}

/* Reached by a path of shares > 0; the electrodes' flags are set. */
static void reach_free(mn_kron *kron)
{
    const mn_kron_schedule *s = &kron->schedule;
    for (int64_t k = s->n_free - 1; k >= 0; k--) {
        uint8_t reached = 0;
        for (int64_t q = s->column[k]; q < s->column[k + 1] && !reached; q++) {
            reached = kron->share[q] > 0.0 && kron->reached[s->row[q]];
        }
        kron->reached[k] = reached;
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
                                  mn_error *error)
{
    const mn_kron_schedule *s = &kron->schedule;
    for (int64_t e = 0; e < s->n_electrodes; e++) {
        if (boundary->role[e] == MN_CURRENT && boundary->value[e] != 0.0 && !kron->reached[s->n_free + e]) {
            return mn_boundary_fail(error, MN_ERR_CURRENT_ISLAND, e, -1, boundary->value[e]);
        }
    }
    for (int64_t i = 0; injected != NULL && i < s->n_nodes; i++) {
        if (injected[i] != 0.0 && !kron->reached[s->vertex[i]]) {
            return mn_boundary_fail(error, MN_ERR_CURRENT_ISLAND, -1, i, injected[i]);
        }
    }
    return MN_OK;
}

/* Current into the network at each electrode: what leaves it through the mesh less what was injected at its nodes. */
static int electrode_currents(const mn_kron *kron, const mn_boundary *boundary, double *current, mn_error *error)
{
    const int64_t n = kron->schedule.n_electrodes;
    const double *v = kron->potential + kron->schedule.n_free;
    const double *b = kron->current + kron->schedule.n_free;
    for (int64_t e = 0; e < n; e++) {
        double sum = 0.0;
        if (boundary->role[e] == MN_VOLTAGE) {
            for (int64_t j = 0; j < n; j++) {
                sum += kron->gone[j] ? 0.0 : flush_signed(kron->mesh[e * n + j] * (v[e] - v[j]));
            }
            sum -= b[e];
        } else if (boundary->role[e] == MN_CURRENT) {
            sum = boundary->value[e];
        }
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

/* Injected currents have both signs and may overflow; without them potentials lie between the electrodes'. */
static int check_potentials(const mn_kron *kron, const double *potential, bool everywhere, mn_error *error)
{
    const mn_kron_schedule *s = &kron->schedule;
    for (int64_t i = 0; i < s->n_nodes; i++) {
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
    int64_t n_gone = 0;
    if (injected != NULL) {
        carry_forward(kron, injected);
    } else {
        memset(kron->current + s->n_free, 0, (size_t)s->n_electrodes * sizeof(double));
    }
    reduce_mesh(kron, boundary, reference, solution->conductance, &n_gone);
    solve_mesh(kron, boundary, reference, n_gone);
    const bool everywhere = all_reached(kron);
    /* An injected current may sit on an island, which the fast path does not look at. */
    if (!everywhere || (injected != NULL && s->n_islands > 0)) {
        reach_free(kron);
    } else {
        memset(kron->reached, 1, injected != NULL ? (size_t)s->n_free : 0);
    }
    int ret = refuse_island_currents(kron, boundary, injected, error);
    if (ret == MN_OK) {
        ret = electrode_currents(kron, boundary, solution->current, error);
    }
    if (ret == MN_OK && solution->voltage != NULL) {
        write_voltages(kron, solution->voltage);
    }
    if (ret == MN_OK && solution->potential != NULL) {
        solve_free(kron, injected != NULL);
        write_potentials(kron, everywhere, solution->potential);
        if (injected != NULL) {
            ret = check_potentials(kron, solution->potential, everywhere, error);
        }
    }
    return ret;
}

int mn_kron_solve(mn_kron *kron, const mn_boundary *boundary, const double *injected, const mn_solution *solution,
                  mn_error *error)
{
    int32_t reference;
    int ret = mn_boundary_check(kron->network, boundary, injected, NULL, &reference, error);
    if (ret == MN_OK) {
        const uint64_t mode = mn_kron_fast_subnormals();
        ret = solve_and_write(kron, boundary, injected, reference, solution, error);
        mn_kron_restore_subnormals(mode);
    }
    return ret;
}

int mn_kron_solve_electrodes(mn_kron *kron, const mn_boundary *boundary, const mn_solution *solution, bool *everywhere,
                             mn_error *error)
{
    const mn_kron_schedule *s = &kron->schedule;
    int64_t n_gone = 0;
    int32_t reference;
    *everywhere = false;
    int ret = mn_boundary_check(kron->network, boundary, NULL, NULL, &reference, error);
    if (ret != MN_OK) {
        return ret;
    }
    memset(kron->current + s->n_free, 0, (size_t)s->n_electrodes * sizeof(double));
    reduce_mesh(kron, boundary, reference, solution->conductance, &n_gone);
    solve_mesh(kron, boundary, reference, n_gone);
    *everywhere = all_reached(kron);
    if (*everywhere) {
        ret = electrode_currents(kron, boundary, solution->current, error);
    }
    if (*everywhere && ret == MN_OK && solution->voltage != NULL) {
        write_voltages(kron, solution->voltage);
    }
    return ret;
}
