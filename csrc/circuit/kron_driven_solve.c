/* Potentials and currents where all electrodes are driven by voltages.
 *
 * With the electrodes joined to one at a reference r, electrode f feeds g_kf (v_f - r) into its neighbour k, and
 *
 *     b_k = sum_f g_kf (v_f - r),     b_i += p_ki b_k,     v_k - r = sum_j p_kj (v_j - r) + b_k / W_k.
 *
 * What is fed and what is drawn are carried apart, so there is no subtraction before the end: v_k - r is exact to some
 * eps of sum_f h_kf |v_f - r|, its size, where h_kf are the shares of v_k = sum_f h_kf v_f.
 *
 * The current of electrode e is sum_f w_ef (v_e - v_f), with weights that nobody knows here. By Kirchhoff's law it is
 * what leaves any set S of nodes around e and no other electrode. S takes in what hangs together with e by edges of
 * which the potentials at both ends are too close for an exact difference: a line of a crossbar, mostly. The sum is
 * kept where the rounding of its terms, eps g (size_j + size_i), is a small part either of the current itself or of
 * sum_f w_ef |v_e - v_f|. The latter is at least sum P_j g_ji |v_e - v_i| over the edges from members j to nodes i
 * outside, where P_j is the part of walks from j that meet e before they leave S. On a tree in S, where walks may not
 * use other edges, P_j is found from the leaves up and then from e down. For an electrode at the reference S is e
 * alone, and the sum always as good as that. So while others are left, the reference moves to the first of them. */
#include "circuit/kron_driven_solve.h"

#include "circuit/boundary.h"
#include "circuit/kron_arithmetic.h"
#include "circuit/kron_solve.h"
#include "circuit/kron_substitute.h"

#include <string.h>

/* Ends of an edge are close where their difference is below this part of the sum of their sizes, */
#define CLOSE 0.0625
/* an edge holds them together if no other one of the second is this many times as strong, */
#define STRONGER 32.0
/* and so many times may sizes exceed a current, or the currents to all other electrodes. */
#define MOST_CANCELLED 32.0

static int64_t first_electrode(const mn_kron_driven *driven)
{
    return driven->network->n_nodes;
}

/* ------------------------------------------------------------------ potentials */

/* Whether some electrode is above the reference (sign 1) or below it (sign -1), or a current is injected. */
static bool may_feed(const mn_kron_driven *driven, double sign, bool injected)
{
    bool any = injected;
    for (int64_t e = first_electrode(driven); e < driven->n_places && !any; e++) {
        any = sign * driven->drop[e] > 0.0;
    }
    return any;
}

/* What electrodes above the reference feed (sign 1), or those below it draw (sign -1), with what is injected; false
 * where that is nothing. */
static bool feed(mn_kron_driven *driven, double sign, bool injected)
{
    const int32_t *vertex = driven->kron->schedule.vertex;
    const int64_t n_free = driven->kron->schedule.n_free, first = first_electrode(driven);
    double *b = driven->kron->current;
    bool any = false;
    if (!may_feed(driven, sign, injected)) {
        return false;
    }
    memset(b, 0, (size_t)(n_free + 1) * sizeof *b);
    for (int64_t e = first; e < driven->n_places; e++) {
        const double above = sign * driven->drop[e];
        for (int64_t q = driven->start[e]; q < driven->start[e + 1] && above > 0.0; q++) {
            const int32_t k = driven->other[q];
            b[k < first ? vertex[k] : n_free] += mn_kron_flush(driven->conductance[driven->edge[q]] * above);
            any = true;
        }
    }
    for (int64_t i = 0; i < first && injected; i++) {
        if (sign * driven->source[i] > 0.0) {
            b[vertex[i]] += sign * driven->source[i];
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
    const int64_t n = first_electrode(driven);
    const int32_t *vertex = driven->kron->schedule.vertex;
    const double *v = driven->kron->potential;
    double *drop = driven->drop, *size = driven->size;
    driven->has_drops = false;
    for (int64_t e = 0; e < driven->network->n_electrodes; e++) {
        drop[n + e] = boundary->value[e] - reference;
        size[n + e] = fabs(drop[n + e]);
    }
    const bool any = feed(driven, 1.0, injected);
    if (any) {
        find_potentials(driven->kron);
    }
    for (int64_t i = 0; i < n; i++) {
        drop[i] = size[i] = any ? v[vertex[i]] : 0.0;
    }
    if (feed(driven, -1.0, injected)) {
        find_potentials(driven->kron);
        for (int64_t i = 0; i < n; i++) {
            drop[i] -= v[vertex[i]];
            size[i] += v[vertex[i]];
        }
    }
}

/* ------------------------------------------------------------------ currents */

static double conductance_at(const mn_kron_driven *driven, int64_t q)
{
    return driven->conductance[driven->edge[q]];
}

/* The strongest edge of j (S). Kept, since all around a hub ask for it. */
static double strongest_at(const mn_kron_driven *driven, int32_t j)
{
    if (driven->strongest[j] < 0.0) {
        driven->strongest[j] = 0.0;
        for (int64_t r = driven->start[j]; r < driven->start[j + 1]; r++) {
            driven->strongest[j] = fmax(driven->strongest[j], conductance_at(driven, r));
        }
    }
    return driven->strongest[j];
}

/* Whether j, at index q of other[], goes with the set in which i is. */
static bool hold_together(const mn_kron_driven *driven, int32_t i, int64_t q)
{
    const int32_t j = driven->other[q];
    const double g = conductance_at(driven, q), difference = fabs(driven->drop[i] - driven->drop[j]);
    return g > 0.0 && difference <= CLOSE * (driven->size[i] + driven->size[j]) &&
           strongest_at(driven, j) <= STRONGER * g;
}

/* Members of the set around electrode e, itself the first, and how many they are. */
static int64_t gather_members(mn_kron_driven *driven, int32_t e)
{
    int32_t *member = driven->member, *owner = driven->owner;
    int64_t n = 1;
    member[0] = e;
    owner[e] = e;
    driven->from[e] = -1;
    for (int64_t m = 0; m < n && driven->drop[e] != 0.0; m++) {
        for (int64_t q = driven->start[member[m]]; q < driven->start[member[m] + 1]; q++) {
            const int32_t j = driven->other[q];
            if (j < first_electrode(driven) && owner[j] < 0 && hold_together(driven, member[m], q)) {
                owner[j] = e;
                driven->from[j] = (int32_t)q;
                member[n++] = j;
            }
        }
    }
    return n;
}

/* The difference of potentials along an edge out of the set, and what its rounding may be, in units of eps. */
typedef struct {
    double value, rounding;
} difference;

static difference difference_along(const mn_kron_driven *driven, const mn_boundary *boundary, int32_t i, int32_t j)
{
    const int64_t first = first_electrode(driven);
    if (i >= first && j >= first) {
        return (difference){boundary->value[i - first] - boundary->value[j - first], 0.0};
    }
    return (difference){driven->drop[i] - driven->drop[j], driven->size[i] + driven->size[j]};
}

/* What leaves the set (A). */
typedef struct {
    double current;
    double rounding; /* in units of eps */
    double apart;    /* an upper bound for what current_to_others() finds */
} leaving_sum;

static leaving_sum sum_leaving(const mn_kron_driven *driven, const mn_boundary *boundary, int64_t n)
{
    const int32_t e = driven->member[0];
    leaving_sum sum = {0.0, 0.0, 0.0};
    for (int64_t m = 0; m < n; m++) {
        const int32_t i = driven->member[m];
        sum.current -= driven->source[i];
        for (int64_t q = driven->start[i]; q < driven->start[i + 1]; q++) {
            if (driven->owner[driven->other[q]] != e) {
                const difference d = difference_along(driven, boundary, i, driven->other[q]);
                const double g = conductance_at(driven, q);
                sum.current += mn_kron_flush_signed(g * d.value);
                sum.rounding += g * d.rounding;
                sum.apart += g * fabs(driven->drop[e] - driven->drop[driven->other[q]]);
            }
        }
    }
    return sum;
}

/* Whether the edge at index q of other[], from member i, is one of the tree by which the members came. */
static bool is_in_tree(const mn_kron_driven *driven, int32_t i, int64_t q)
{
    const int32_t j = driven->other[q], e = driven->member[0];
    return driven->owner[j] == e &&
           (driven->from[j] == q || (i != e && driven->edge[driven->from[i]] == driven->edge[q]));
}

/* leaving[] of the members, from the last to the first. */
static void find_leaving(mn_kron_driven *driven, int64_t n)
{
    for (int64_t m = n - 1; m >= 0; m--) {
        const int32_t i = driven->member[m];
        double sum = 0.0;
        for (int64_t q = driven->start[i]; q < driven->start[i + 1]; q++) {
            const int32_t j = driven->other[q];
            const double g = conductance_at(driven, q);
            if (!is_in_tree(driven, i, q)) {
                sum += g;
            } else if (driven->from[j] == q) {
                sum += g * (driven->leaving[j] / (g + driven->leaving[j]));
            }
        }
        driven->leaving[i] = sum;
    }
}

/* A lower bound for sum_f w_ef |v_e - v_f| (A), from the set around e. */
static double current_to_others(mn_kron_driven *driven, int64_t n)
{
    const int32_t e = driven->member[0];
    double sum = 0.0;
    find_leaving(driven, n);
    driven->meets[e] = 1.0;
    for (int64_t m = 0; m < n; m++) {
        const int32_t i = driven->member[m];
        for (int64_t q = driven->start[i]; q < driven->start[i + 1]; q++) {
            const int32_t j = driven->other[q];
            const double g = conductance_at(driven, q);
            if (driven->owner[j] == e && driven->from[j] == q) {
                driven->meets[j] = driven->meets[i] * (g / (g + driven->leaving[j]));
            } else if (driven->owner[j] != e) {
                sum += driven->meets[i] * (g * fabs(driven->drop[e] - driven->drop[j]));
            }
        }
    }
    return sum;
}

/* Whether the current that leaves the set around electrode e is as good as promised. */
static bool find_current(mn_kron_driven *driven, const mn_boundary *boundary, int32_t e)
{
    const int64_t n = gather_members(driven, e);
    const leaving_sum sum = sum_leaving(driven, boundary, n);
    const double least = sum.rounding / MOST_CANCELLED;
    driven->current[e - first_electrode(driven)] = sum.current;
    return driven->drop[e] == 0.0 || least <= fabs(sum.current) ||
           (least <= sum.apart && least <= current_to_others(driven, n));
}

/* Those that are still to be found, from the potentials at hand. Returns the first that is not found even so, -1 for
 * none. */
static int64_t find_currents(mn_kron_driven *driven, const mn_boundary *boundary)
{
    int64_t first = -1;
    for (int64_t k = 0; k < driven->n_places; k++) {
        driven->owner[k] = -1;
    }
    for (int64_t e = 0; e < driven->network->n_electrodes; e++) {
        if (!driven->found[e]) {
            driven->found[e] = find_current(driven, boundary, (int32_t)(first_electrode(driven) + e));
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
    for (int64_t k = 0; k < driven->n_places; k++) {
        driven->strongest[k] = -1.0;
    }
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
    const int64_t first = first_electrode(driven);
    const int32_t *vertex = driven->kron->schedule.vertex;
    double sum = 0.0;
    if (driven->network->n_electrodes < 2) {
        return NAN;
    }
    driven->has_drops = false;
    for (int64_t k = first; k < driven->n_places; k++) {
        driven->drop[k] = k == first ? 0.0 : 1.0;
    }
    (void)feed(driven, 1.0, false);
    find_potentials(driven->kron);
    for (int64_t q = driven->start[first]; q < driven->start[first + 1]; q++) {
        const int32_t k = driven->other[q];
        sum += mn_kron_flush(conductance_at(driven, q) * (k < first ? driven->kron->potential[vertex[k]] : 1.0));
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
    memset(driven->source, 0, (size_t)driven->n_places * sizeof *driven->source);
    for (int64_t i = 0; i < driven->network->n_nodes && injected != NULL; i++) {
        driven->source[driven->place[i]] += injected[i];
    }
}

static int refuse_island_currents(const mn_kron_driven *driven, const double *injected, mn_error *error)
{
    for (int64_t i = 0; i < driven->network->n_nodes && injected != NULL; i++) {
        if (injected[i] != 0.0 && !driven->kron->reached[driven->kron->schedule.vertex[i]]) {
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
static double potential_of(const mn_kron_driven *driven, const drive_range *range, bool injected, int64_t i)
{
    const double v = range->reference + driven->drop[i], raised = v < range->low ? range->low : v;
    return injected ? v : raised > range->high ? range->high : raised;
}

static int write_potentials(const mn_kron_driven *driven, const mn_boundary *boundary, const drive_range *range,
                            bool injected, double *potential, mn_error *error)
{
    const int32_t *electrode = driven->network->electrode;
    for (int64_t i = 0; i < driven->network->n_nodes; i++) {
        const bool reached = driven->kron->reached[driven->kron->schedule.vertex[i]];
        const double v = electrode[i] < 0 ? potential_of(driven, range, injected, i) : boundary->value[electrode[i]];
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

/* drop[] and size[] about the first reference, which a call for currents may find as one for potentials left them. */
static void solve_drops(mn_kron_driven *driven, const mn_boundary *boundary, bool injected, double reference)
{
    const size_t n_bytes = (size_t)driven->network->n_electrodes * sizeof(double);
    if (driven->has_drops && !injected && memcmp(driven->value, boundary->value, n_bytes) == 0) {
        return;
    }
    solve_about(driven, boundary, injected, reference);
    memcpy(driven->value, boundary->value, n_bytes);
    driven->has_drops = !injected;
}

static int solve_and_write(mn_kron_driven *driven, const mn_boundary *boundary, const double *injected,
                           const mn_solution *solution, mn_error *error)
{
    const drive_range range = range_of(boundary, driven->network->n_electrodes);
    reach(driven->kron);
    load_sources(driven, injected);
    int code = refuse_island_currents(driven, injected, error);
    if (code == MN_OK && (solution->potential != NULL || solution->current != NULL)) {
        solve_drops(driven, boundary, injected != NULL, range.reference);
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
