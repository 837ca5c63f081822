/* The terminal mesh: what is left between the electrodes when the free nodes are eliminated. Electrodes whose potential
 * is not given are eliminated from it like nodes, MN_KRON_PANEL at a time, so that a row is read and written once for
 * so many of them; each weight takes its updates in the order of the pivots all the same.
 *
 * The weight between electrodes i < j stands in row i, column j; what stands below the diagonal means nothing. The row
 * of an eliminated electrode, a pivot, holds its shares p_fj instead, for every j, 0 for pivots before it. Where nobody
 * is eliminated, the terminal weights of the factor are the mesh. */
#include "circuit/kron_mesh.h"

#include "base/vector.h"
#include "circuit/kron_arithmetic.h"

#include <string.h>

/* Of the terminal weights nothing ever lands elsewhere, so the others are 0 from the start. */
void mn_kron_mesh_clear(mn_kron *kron)
{
    const mn_kron_schedule *s = &kron->schedule;
    const int64_t n = s->n_electrodes;
    for (int64_t i = 0; i < n; i++) {
        const int64_t first = s->terminal_first[i], size = s->terminal_end[i] - first;
        memset(kron->weight + s->n_inner + i * n + first, 0, (size_t)(size > 0 ? size : 0) * sizeof(double));
    }
    kron->weight[s->n_slots - 1] = 0.0;
}

static const double *terminal_weights(const mn_kron *kron)
{
    return kron->weight + kron->schedule.n_inner;
}

/* ------------------------------------------------------------------ elimination */

/* w_j += a_t p_tj for the pivots t of a panel, in their order. */
MN_VECTOR_WIDE static void add_updates(int64_t n, int64_t stride, const double *a, const double *restrict p,
                                       double *restrict w)
{
    const double a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3], a4 = a[4], a5 = a[5], a6 = a[6], a7 = a[7];
    for (int64_t j = 0; j < n; j++) {
        double sum = w[j] + mn_kron_flush(a0 * p[j]);
        sum += mn_kron_flush(a1 * p[stride + j]);
        sum += mn_kron_flush(a2 * p[2 * stride + j]);
        sum += mn_kron_flush(a3 * p[3 * stride + j]);
        sum += mn_kron_flush(a4 * p[4 * stride + j]);
        sum += mn_kron_flush(a5 * p[5 * stride + j]);
        sum += mn_kron_flush(a6 * p[6 * stride + j]);
        w[j] = sum + mn_kron_flush(a7 * p[7 * stride + j]);
    }
}

/* x_j += a p_j */
MN_VECTOR static void add_scaled(int64_t n, double a, const double *restrict p, double *restrict x)
{
    for (int64_t j = 0; j < n; j++) {
        x[j] += mn_kron_flush(a * p[j]);
    }
}

/* The weights of pivot f to the electrodes that are no pivots, 0 elsewhere. */
static void load_star(const mn_kron *kron, int64_t f, double *star)
{
    const int64_t n = kron->schedule.n_electrodes;
    for (int64_t j = 0; j < f; j++) {
        star[j] = kron->is_pivot[j] ? 0.0 : kron->mesh[j * n + f];
    }
    star[f] = 0.0;
    for (int64_t j = f + 1; j < n; j++) {
        star[j] = kron->is_pivot[j] ? 0.0 : kron->mesh[f * n + j];
    }
}

/* Star-mesh transforms of the panel's pivots as far as they concern its own stars. An update of the pair i < j is
 * w_fi p_fj. */
static void eliminate_pivots(mn_kron *kron, const int32_t *pivot, int64_t n_pivots)
{
    const int64_t n = kron->schedule.n_electrodes;
    for (int64_t t = 0; t < n_pivots; t++) {
        const double *star = kron->mesh_star + t * n;
        double *share = kron->mesh_share + t * n;
        double total = 0.0;
        for (int64_t j = 0; j < n; j++) {
            total += star[j];
        }
        const double divisor = total > 0.0 ? total : 1.0;
        for (int64_t j = 0; j < n; j++) {
            share[j] = mn_kron_flush(star[j] / divisor);
        }
        for (int64_t s = t + 1; s < n_pivots; s++) {
            const int64_t f = pivot[s];
            double *other = kron->mesh_star + s * n;
            add_scaled(f, share[f], star, other);
            add_scaled(n - f - 1, star[f], share + f + 1, other + f + 1);
            other[pivot[t]] = 0.0;
        }
        kron->mesh_total[pivot[t]] = total;
    }
}

static void eliminate_panel(mn_kron *kron, const int32_t *pivot, int64_t n_pivots)
{
    const int64_t n = kron->schedule.n_electrodes;
    memset(kron->mesh_star, 0, (size_t)(MN_KRON_PANEL * n) * sizeof(double));
    memset(kron->mesh_share, 0, (size_t)(MN_KRON_PANEL * n) * sizeof(double));
    for (int64_t t = 0; t < n_pivots; t++) {
        load_star(kron, pivot[t], kron->mesh_star + t * n);
    }
    eliminate_pivots(kron, pivot, n_pivots);
    for (int64_t t = 0; t < n_pivots; t++) {
        kron->is_pivot[pivot[t]] = 1;
        memcpy(kron->mesh + pivot[t] * n, kron->mesh_share + t * n, (size_t)n * sizeof(double));
    }
    for (int64_t i = 0; i + 1 < n; i++) {
        double a[MN_KRON_PANEL];
        bool touched = false;
        for (int64_t t = 0; t < MN_KRON_PANEL; t++) {
            a[t] = kron->mesh_star[t * n + i];
            touched = touched || a[t] > 0.0;
        }
        if (touched && !kron->is_pivot[i]) {
            add_updates(n - i - 1, n, a, kron->mesh_share + i + 1, kron->mesh + i * n + i + 1);
        }
    }
}

static void load_mesh(mn_kron *kron)
{
    const int64_t n = kron->schedule.n_electrodes;
    for (int64_t i = 0; i < n; i++) {
        memcpy(kron->mesh + i * n + i, terminal_weights(kron) + i * n + i, (size_t)(n - i) * sizeof(double));
    }
}

static void eliminate_role(mn_kron *kron, const mn_boundary *boundary, mn_role role, int32_t except)
{
    const int64_t first = kron->n_pivots;
    for (int64_t e = 0; e < kron->schedule.n_electrodes; e++) {
        if (boundary->role[e] == role && e != except) {
            kron->pivot[kron->n_pivots++] = (int32_t)e;
        }
    }
    if (first == 0 && kron->n_pivots > 0) {
        load_mesh(kron);
    }
    for (int64_t k = first; k < kron->n_pivots; k += MN_KRON_PANEL) {
        const int64_t n_left = kron->n_pivots - k;
        eliminate_panel(kron, kron->pivot + k, n_left < MN_KRON_PANEL ? n_left : MN_KRON_PANEL);
    }
}

/* From the first driven electrode to the other driven ones; the floating ones are eliminated. */
static double terminal_conductance(const mn_kron *kron, const mn_boundary *boundary)
{
    const int64_t n = kron->schedule.n_electrodes;
    const double *mesh = kron->n_pivots > 0 ? kron->mesh : terminal_weights(kron);
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
            sum += mesh[first * n + e];
        }
    }
    return n_driven < 2 ? (double)NAN : sum;
}

static void restore_all(mn_kron *kron)
{
    memset(kron->is_pivot, 0, (size_t)kron->schedule.n_electrodes);
    kron->n_pivots = 0;
}

void mn_kron_mesh_reduce(mn_kron *kron, const mn_boundary *boundary, int32_t reference, double *conductance)
{
    const bool floating_reference = reference >= 0 && boundary->role[reference] == MN_FLOATING;
    restore_all(kron);
    if (conductance != NULL && floating_reference) {
        eliminate_role(kron, boundary, MN_FLOATING, -1);
        *conductance = terminal_conductance(kron, boundary);
        restore_all(kron);
    }
    eliminate_role(kron, boundary, MN_FLOATING, reference);
    if (conductance != NULL && !floating_reference) {
        *conductance = terminal_conductance(kron, boundary);
    }
    eliminate_role(kron, boundary, MN_CURRENT, reference);
}

/* ------------------------------------------------------------------ potentials and currents */

void mn_kron_mesh_solve(mn_kron *kron, const mn_boundary *boundary, int32_t reference)
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
    for (int64_t k = 0; k < kron->n_pivots; k++) {
        const int64_t f = kron->pivot[k];
        for (int64_t j = 0; j < n && b[f] != 0.0; j++) {
            b[j] += mn_kron_flush_signed(kron->mesh[f * n + j] * b[f]);
        }
    }
    for (int64_t k = kron->n_pivots - 1; k >= 0; k--) {
        const int64_t f = kron->pivot[k];
        const double total = kron->mesh_total[f];
        double sum = total > 0.0 ? b[f] / total : 0.0;
        for (int64_t j = 0; j < n; j++) {
            sum += mn_kron_flush_signed(kron->mesh[f * n + j] * v[j]);
            reached[f] |= kron->mesh[f * n + j] > 0.0 && reached[j];
        }
        v[f] = sum;
    }
}

/* The currents x_j from one electrode at v_i to others, which are taken from the sums of those. */
MN_VECTOR_WIDE static void subtract_flows(int64_t n, double v_i, const double *restrict w, const double *restrict v,
                                          double *restrict x, double *restrict sum)
{
    for (int64_t j = 0; j < n; j++) {
        x[j] = mn_kron_flush_signed(w[j] * (v_i - v[j]));
        sum[j] -= x[j];
    }
}

/* Rows at hand, ascending, and the columns [begin, end) in which their flows are. */
typedef struct {
    int32_t row[MN_KRON_PANEL];
    int64_t n_rows, begin, end;
} mesh_panel;

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Adds the flows of some rows to their own sums, side by side: each sum is a chain of additions in the order of j. */
static void add_own_flows(int64_t n, const mesh_panel *panel, const double *flow, double *sum)
{
    const int32_t *row = panel->row;
    const int64_t n_rows = panel->n_rows, last = row[n_rows - 1];
    double own[MN_KRON_PANEL] = {0.0};
    for (int64_t r = 0; r < n_rows; r++) {
        own[r] = sum[row[r]];
        for (int64_t j = larger(row[r] + 1, panel->begin); j <= last && j < panel->end; j++) {
            own[r] += flow[r * n + j];
        }
    }
    for (int64_t j = larger(last + 1, panel->begin); j < panel->end; j++) {
        for (int64_t r = 0; r < MN_KRON_PANEL; r++) { /* of rows that are not there nobody reads the sum */
            own[r] += flow[r * n + j];
        }
    }
    for (int64_t r = 0; r < n_rows; r++) {
        sum[row[r]] = own[r];
    }
}

/* What flows from the rows of a panel, to the sums on both sides. */
static void add_flows(mn_kron *kron, const double *mesh, const mesh_panel *panel)
{
    const int64_t n = kron->schedule.n_electrodes;
    const double *v = kron->mesh_potential;
    double *sum = kron->mesh_flow;
    for (int64_t r = 0; r < panel->n_rows; r++) {
        const int64_t i = panel->row[r], j = larger(i + 1, panel->begin);
        if (j < panel->end) {
            subtract_flows(panel->end - j, v[i], mesh + i * n + j, v + j, kron->mesh_star + r * n + j, sum + j);
        }
    }
    add_own_flows(n, panel, kron->mesh_star, sum);
}

/* Weights of the other electrodes to pivots: nothing flows there any more. */
static void clear_pivots(mn_kron *kron)
{
    const int64_t n = kron->schedule.n_electrodes;
    for (int64_t i = 0; i < n && kron->n_pivots > 0; i++) {
        for (int64_t k = 0; !kron->is_pivot[i] && k < kron->n_pivots; k++) {
            kron->mesh[i * n + kron->pivot[k]] = 0.0;
        }
    }
}

/* Where in a row of the mesh weights can be: eliminated electrodes leave some between any two others. */
static int64_t first_of(const mn_kron *kron, int64_t i)
{
    return kron->n_pivots > 0 ? i + 1 : kron->schedule.terminal_first[i];
}

static int64_t end_of(const mn_kron *kron, int64_t i)
{
    return kron->n_pivots > 0 ? kron->schedule.n_electrodes : kron->schedule.terminal_end[i];
}

const double *mn_kron_mesh_flows(mn_kron *kron)
{
    const int64_t n = kron->schedule.n_electrodes;
    const double *mesh = kron->n_pivots > 0 ? kron->mesh : terminal_weights(kron);
    double *sum = kron->mesh_flow;
    mesh_panel panel = {.n_rows = 0, .begin = n, .end = 0};
    clear_pivots(kron);
    memset(kron->mesh_star, 0, (size_t)(MN_KRON_PANEL * n) * sizeof(double));
    for (int64_t e = 0; e < n; e++) {
        sum[e] = 0.0;
        kron->mesh_potential[e] = kron->is_pivot[e] ? 0.0 : kron->potential[kron->schedule.n_free + e];
    }
    for (int64_t i = 0; i < n; i++) {
        const bool is_row = !kron->is_pivot[i] && first_of(kron, i) < end_of(kron, i);
        if (is_row) {
            panel.row[panel.n_rows++] = (int32_t)i;
            panel.begin = first_of(kron, i) < panel.begin ? first_of(kron, i) : panel.begin;
            panel.end = larger(panel.end, end_of(kron, i));
        }
        if (panel.n_rows == MN_KRON_PANEL || (panel.n_rows > 0 && i == n - 1)) {
            add_flows(kron, mesh, &panel);
            panel = (mesh_panel){.n_rows = 0, .begin = n, .end = 0};
        }
    }
    return sum;
}
