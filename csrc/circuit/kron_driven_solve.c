/* Potentials and currents where all electrodes are driven by voltages.
 *
 * With the electrodes joined to one at a reference, electrode f feeds g_kf (v_f - reference) into its neighbour k, and
 *
 *     b_k = sum_f g_kf (v_f - reference),     b_i += p_ki b_k,     v_k - reference = sum_j p_kj (v_j - reference) + b_k / W_k.
 *
 * What is fed and what is drawn are carried apart, so there is no subtraction before the end: v_k - reference is exact
 * to some eps of sum_f h_kf |v_f - reference|, its size, where h_kf are the shares of v_k = sum_f h_kf v_f.
 *
 * The current of electrode e is sum_f w_ef (v_e - v_f), with weights that nobody knows here. By Kirchhoff's law it is
 * what leaves any set S of vertices around e and no other electrode. S takes in what hangs together with e by edges of
 * which the potentials at both ends are too close for an exact difference: a line of a crossbar, mostly. The sum is
 * kept where the rounding of its terms, eps g (size_i + size_j), is a small part either of the current itself, or of
 * sum_f w_ef |v_e - v_f|: that is at least sum g_ji P_j |v_e - v_i| over the edges that leave S, where P_j is the part
 * of a walk from j that meets e before it leaves S, and 1 - P_j is at most the resistance of a path from j to e times the
 * conductance that leaves S (Rayleigh's monotonicity). For an electrode at the reference S is e alone and the sum always
 * as good as that. So the others, if any are left, have the reference put to the potential of the first of them, and to
 * that of the next, until none is left. */
#include "circuit/kron_driven_solve.h"

#include "circuit/boundary.h"
#include "circuit/kron_arithmetic.h"
#include "circuit/kron_solve.h"

#include <string.h>

/* Ends of an edge are close where their difference is below this part of the sum of their sizes, */
#define CLOSE 0.0625
/* an edge holds them together if no other one of the second is this many times as strong, */
#define STRONGER 32.0
/* and so many times may sizes exceed a current, or the currents to all other electrodes. */
#define MOST_CANCELLED 32.0

static int64_t first_electrode(const mn_kron_driven *driven)
{
    return driven->kron->schedule.n_free;
}

/* ------------------------------------------------------------------ potentials */

/* What electrodes above the reference feed (sign 1), or those below it draw (sign -1), with what is injected; false
 * where that is nothing. */
static bool feed(mn_kron_driven *driven, double sign, bool injected)
{
    const int64_t n_free = first_electrode(driven);
    const double *drop = driven->drop, *source = driven->source;
    double *b = driven->kron->current;
    bool any = false;
    memset(b, 0, (size_t)(n_free + 1) * sizeof *b);
    for (int64_t e = n_free; e < driven->n_vertices; e++) {
        for (int64_t q = driven->start[e]; q < driven->start[e + 1] && sign * drop[e] > 0.0; q++) {
            b[driven->other[q] < n_free ? driven->other[q] : n_free] +=
                mn_kron_flush(driven->conductance[driven->edge[q]] * (sign * drop[e]));
            any = true;
        }
    }
    for (int64_t k = 0; k < n_free && injected; k++) {
        if (sign * source[k] > 0.0) {
            b[k] += sign * source[k];
            any = true;
        }
    }
    return any;
}

static void find_potentials(mn_kron *kron)
{
    kron->potential[kron->schedule.n_free] = 0.0;
    kron->reached[kron->schedule.n_free] = 1;
    mn_kron_carry_forward(kron);
    mn_kron_substitute(kron, true);
}

/* drop[] and size[] about a reference. */
static void solve_about(mn_kron_driven *driven, const mn_boundary *boundary, bool injected, double reference)
{
    const int64_t n_free = first_electrode(driven);
    const double *v = driven->kron->potential;
    double *drop = driven->drop, *size = driven->size;
    for (int64_t e = 0; e < driven->network->n_electrodes; e++) {
        drop[n_free + e] = boundary->value[e] - reference;
        size[n_free + e] = fabs(drop[n_free + e]);
    }
    memset(drop, 0, (size_t)n_free * sizeof *drop);
    memset(size, 0, (size_t)n_free * sizeof *size);
    if (feed(driven, 1.0, injected)) {
        find_potentials(driven->kron);
        memcpy(drop, v, (size_t)n_free * sizeof *drop);
        memcpy(size, v, (size_t)n_free * sizeof *size);
    }
    if (feed(driven, -1.0, injected)) {
        find_potentials(driven->kron);
        for (int64_t k = 0; k < n_free; k++) {
            drop[k] -= v[k];
            size[k] += v[k];
        }
    }
}

/* ------------------------------------------------------------------ currents */

/* What leaves a set of vertices. */
typedef struct {
    double current, rounding; /* (A), the latter in units of eps */
    double apart;             /* sum g_ji |v_e - v_i| (A) */
    double conductance, path; /* (S), (ohm) */
} cut;

static double strongest(const mn_kron_driven *driven, int32_t k)
{
    double most = 0.0;
    for (int64_t q = driven->start[k]; q < driven->start[k + 1]; q++) {
        const double g = driven->conductance[driven->edge[q]];
        most = g > most ? g : most;
    }
    return most;
}

static bool hold_together(const mn_kron_driven *driven, int32_t i, int32_t j, double g)
{
    const double difference = fabs(driven->drop[i] - driven->drop[j]);
    return g > 0.0 && difference <= CLOSE * (driven->size[i] + driven->size[j]) &&
           g * STRONGER >= strongest(driven, j);
}

/* Members of the set around vertex e, itself the first, and how many they are. */
static int64_t gather_members(mn_kron_driven *driven, int32_t e)
{
    int32_t *member = driven->member, *owner = driven->owner;
    int64_t n = 1;
    member[0] = e;
    owner[e] = e;
    driven->path[e] = 0.0;
    for (int64_t m = 0; m < n && driven->drop[e] != 0.0; m++) {
        const int32_t i = member[m];
        for (int64_t q = driven->start[i]; q < driven->start[i + 1]; q++) {
            const int32_t j = driven->other[q];
            const double g = driven->conductance[driven->edge[q]];
            if (j < first_electrode(driven) && owner[j] < 0 && hold_together(driven, i, j, g)) {
                owner[j] = e;
                driven->path[j] = driven->path[i] + 1.0 / g;
                member[n++] = j;
            }
        }
    }
    return n;
}

static void add_leaving(const mn_kron_driven *driven, const mn_boundary *boundary, int32_t e, int32_t i, cut *sum)
{
    const int64_t n_free = first_electrode(driven);
    const double *drop = driven->drop;
    for (int64_t q = driven->start[i]; q < driven->start[i + 1]; q++) {
        const int32_t j = driven->other[q];
        const double g = driven->conductance[driven->edge[q]];
        if (g == 0.0 || driven->owner[j] == e) {
            continue;
        }
        const bool given = i == e && j >= n_free; /* both potentials */
        const double difference =
            given ? boundary->value[e - n_free] - boundary->value[j - n_free] : drop[i] - drop[j];
        sum->current += mn_kron_flush_signed(g * difference);
        sum->rounding += given ? 0.0 : g * (driven->size[i] + driven->size[j]);
        sum->apart += g * fabs(drop[e] - drop[j]);
        sum->conductance += g;
    }
}

/* Whether the current that leaves the set around vertex e is as good as promised. */
static bool is_exact(const mn_kron_driven *driven, int32_t e, const cut *sum)
{
    const double to_others = sum->path * sum->conductance <= 0.5 ? 0.5 * sum->apart : 0.0;
    const double least = fmax(fabs(sum->current), to_others);
    return driven->drop[e] == 0.0 || sum->rounding <= MOST_CANCELLED * least;
}

static void try_current(mn_kron_driven *driven, const mn_boundary *boundary, int32_t e)
{
    cut sum = {0};
    const int64_t n = gather_members(driven, e);
    for (int64_t m = 0; m < n; m++) {
        const int32_t i = driven->member[m];
        sum.path = fmax(sum.path, driven->path[i]);
        sum.current -= driven->source[i];
        add_leaving(driven, boundary, e, i, &sum);
    }
    driven->current[e - first_electrode(driven)] = sum.current;
    driven->found[e - first_electrode(driven)] = is_exact(driven, e, &sum);
}

/* Those that are still to be found, from the potentials at hand. Returns the first that is not found even so, -1 for
 * none. */
static int64_t find_currents(mn_kron_driven *driven, const mn_boundary *boundary)
{
    const int64_t n_free = first_electrode(driven);
    int64_t first = -1;
    for (int64_t k = 0; k < driven->n_vertices; k++) {
        driven->owner[k] = -1;
    }
    for (int64_t e = 0; e < driven->network->n_electrodes; e++) {
        if (!driven->found[e]) {
            try_current(driven, boundary, (int32_t)(n_free + e));
            first = driven->found[e] || first >= 0 ? first : e;
        }
    }
    return first;
}

static int solve_currents(mn_kron_driven *driven, const mn_boundary *boundary, bool injected, double *current,
                          mn_error *error)
{
    const int64_t n = driven->network->n_electrodes;
    memset(driven->found, 0, (size_t)n * sizeof *driven->found);
    for (int64_t e = find_currents(driven, boundary); e >= 0; e = find_currents(driven, boundary)) {
        solve_about(driven, boundary, injected, boundary->value[e]);
    }
    for (int64_t e = 0; e < n; e++) {
        if (!isfinite(driven->current[e])) {
            return mn_boundary_fail(error, MN_ERR_NOT_FINITE_POTENTIAL, e, -1, driven->current[e]);
        }
        current[e] = driven->current[e];
    }
    return MN_OK;
}

/* ------------------------------------------------------------------ terminal conductance */

/* The current into the first electrode where all others are 1 V above it. */
static double terminal_conductance(mn_kron_driven *driven)
{
    const int64_t n_free = first_electrode(driven);
    double sum = 0.0;
    if (driven->network->n_electrodes < 2) {
        return NAN;
    }
    for (int64_t k = n_free; k < driven->n_vertices; k++) {
        driven->drop[k] = k == n_free ? 0.0 : 1.0;
    }
    if (feed(driven, 1.0, false)) {
        find_potentials(driven->kron);
    }
    for (int64_t q = driven->start[n_free]; q < driven->start[n_free + 1]; q++) {
        const int32_t k = driven->other[q];
        sum += mn_kron_flush(driven->conductance[driven->edge[q]] * (k < n_free ? driven->kron->potential[k] : 1.0));
    }
    return sum;
}

/* ------------------------------------------------------------------ checks and output */

static int check_roles(const mn_kron_driven *driven, const mn_boundary *boundary, const double *injected,
                       mn_error *error)
{
    int32_t reference;
    for (int64_t e = 0; e < driven->network->n_electrodes; e++) {
        if (boundary->role[e] != MN_VOLTAGE) {
            return mn_error_set(error, MN_ERR_UNSUPPORTED);
        }
    }
    return mn_boundary_check(driven->network, boundary, injected, NULL, &reference, error);
}

static void load_sources(mn_kron_driven *driven, const double *injected)
{
    memset(driven->source, 0, (size_t)driven->n_vertices * sizeof *driven->source);
    for (int64_t i = 0; i < driven->network->n_nodes && injected != NULL; i++) {
        driven->source[driven->vertex[i]] += injected[i];
    }
}

static int refuse_island_currents(const mn_kron_driven *driven, const double *injected, mn_error *error)
{
    for (int64_t i = 0; i < driven->network->n_nodes && injected != NULL; i++) {
        const int32_t k = driven->vertex[i];
        if (injected[i] != 0.0 && k < first_electrode(driven) && !driven->kron->reached[k]) {
            return mn_boundary_fail(error, MN_ERR_CURRENT_ISLAND, -1, i, injected[i]);
        }
    }
    return MN_OK;
}

typedef struct {
    double low, high, reference;
} drive_range;

/* The reference is the end of the range that is nearest to 0, or 0 inside: what is computed is then never larger than
 * the potentials themselves. */
static drive_range range_of(const mn_boundary *boundary, int64_t n_electrodes)
{
    drive_range range = {.low = boundary->value[0], .high = boundary->value[0]};
    for (int64_t e = 1; e < n_electrodes; e++) {
        range.low = fmin(range.low, boundary->value[e]);
        range.high = fmax(range.high, boundary->value[e]);
    }
    range.reference = range.low > 0.0 ? range.low : range.high < 0.0 ? range.high : 0.0;
    return range;
}

/* Nothing injected: held between the electrodes, as in kron_solve.c. */
static double potential_of(const mn_kron_driven *driven, const drive_range *range, bool injected, int32_t k)
{
    const double v = range->reference + driven->drop[k];
    return injected ? v : fmin(fmax(v, range->low), range->high);
}

static int write_potentials(const mn_kron_driven *driven, const mn_boundary *boundary, const drive_range *range,
                            bool injected, double *potential, mn_error *error)
{
    const int64_t n_free = first_electrode(driven);
    for (int64_t i = 0; i < driven->network->n_nodes; i++) {
        const int32_t k = driven->vertex[i];
        const bool is_free = k < n_free, reached = !is_free || driven->kron->reached[k];
        const double v = is_free ? potential_of(driven, range, injected, k) : boundary->value[k - n_free];
        if (reached && !isfinite(v)) {
            return mn_boundary_fail(error, MN_ERR_NOT_FINITE_POTENTIAL, -1, i, v);
        }
        potential[i] = reached ? v : (double)NAN;
    }
    return MN_OK;
}

/* Flags of all free vertices. */
static void reach(mn_kron *kron)
{
    kron->reached[kron->schedule.n_free] = 1;
    (void)mn_kron_reach(kron, true);
}

static int solve_and_write(mn_kron_driven *driven, const mn_boundary *boundary, const double *injected,
                           const mn_solution *solution, mn_error *error)
{
    const drive_range range = range_of(boundary, driven->network->n_electrodes);
    reach(driven->kron);
    load_sources(driven, injected);
    int code = refuse_island_currents(driven, injected, error);
    if (code == MN_OK) {
        solve_about(driven, boundary, injected != NULL, range.reference);
    }
    if (code == MN_OK && solution->potential != NULL) {
        code = write_potentials(driven, boundary, &range, injected != NULL, solution->potential, error);
    }
    if (code == MN_OK && solution->current != NULL) {
        code = solve_currents(driven, boundary, injected != NULL, solution->current, error);
    }
    if (solution->voltage != NULL) {
        memcpy(solution->voltage, boundary->value, (size_t)driven->network->n_electrodes * sizeof(double));
    }
    if (code == MN_OK && solution->conductance != NULL) {
        *solution->conductance = terminal_conductance(driven);
    }
    return code;
}

int mn_kron_driven_solve(mn_kron_driven *driven, const mn_boundary *boundary, const double *injected,
                         const mn_solution *solution, mn_error *error)
{
    int code = check_roles(driven, boundary, injected, error);
    if (code == MN_OK) {
        const uint64_t mode = mn_kron_fast_subnormals();
        code = solve_and_write(driven, boundary, injected, solution, error);
        mn_kron_restore_subnormals(mode);
    }
    return code;
}
