/* The linear system of UMFPACK, refined where its factorisation has lost digits.
 *
 * A diagonal entry of the matrix is a sum of admittances, in which small ones drown; what is left of them is the
 * relative error of the factor. The residual, which is computed edge by edge from differences of potentials, has the
 * small ones in full, so solving for it again and again (iterative refinement) brings potentials to the last bit and
 * beyond (`fine`), which the currents need, as long as a correction leaves less of an error than there was. How much
 * it leaves is measured at each factorisation with the potential 1 everywhere: it is what a cluster of nodes has that
 * hangs on others by small admittances alone, and for conductances >= 0 nothing is lost elsewhere; for others the
 * reciprocal condition number must vouch, too. Where too much is left the caller is told by an error bound. */
#include "circuit/umfpack_refine.h"

#include "base/cancel.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Below these nothing is refined, and results have the bits of UMFPACK. */
#define GOOD_CONTRACTION 1e-11
#define GOOD_LEAK 1e-10

/* Currents that have become this small beside sum |g| (|v_a| + |v_b|) after all corrections are 0. */
#define NO_CURRENT 1e-100

/* A correction this small beside the potentials is beyond what fine[] can hold. */
#define FINEST 1e-30

enum { REFINE_MOST = 10 };

/* The ends of an edge that is controlled, a and b, and of the one that controls it. */
typedef struct {
    int32_t a, b, from[2];
} ends;

static ends ends_of(const umfpack_state *u, int64_t k)
{
    const mn_network *network = u->network;
    const mn_transfer transfer = u->transfers.transfer[k];
    return (ends){u->vertex[network->a[transfer.edge]],
                  u->vertex[network->b[transfer.edge]],
                  {u->vertex[network->a[transfer.control]], u->vertex[network->b[transfer.control]]}};
}

/* What controls add to the matrix. */
static void assemble_transfers(umfpack_state *u)
{
    const int32_t *place = u->place + 2 * u->network->n_edges + u->n;
    for (int64_t k = 0; k < u->transfers.n; k++, place += 4) {
        const ends at = ends_of(u, k);
        for (int c = 0; c < 2 && at.a != at.b; c++) {
            const double t = c == 0 ? u->t[k] : -u->t[k];
            if (!u->known[at.a] && !u->known[at.from[c]]) {
                u->matrix[0][place[c]] += t;
            }
            if (!u->known[at.b] && !u->known[at.from[c]]) {
                u->matrix[0][place[2 + c]] -= t;
            }
        }
    }
}

/* What known vertices at `potential` drive through controls into others, added to right[]. */
static void move_controls(umfpack_state *u, const double *potential)
{
    for (int64_t k = 0; k < u->transfers.n; k++) {
        const ends at = ends_of(u, k);
        for (int c = 0; c < 2 && at.a != at.b; c++) {
            const int32_t from = at.from[c];
            const double t = c == 0 ? u->t[k] : -u->t[k], v = potential == NULL ? 1.0 : potential[from];
            const double i = u->known[from] ? t * v : 0.0;
            u->right[0][at.a] -= u->known[at.a] ? 0.0 : i;
            u->right[0][at.b] += u->known[at.b] ? 0.0 : i;
        }
    }
}

/* The matrix with rows and columns of known vertices replaced by those of the identity. */
static void assemble(umfpack_state *u, int part)
{
    const mn_network *network = u->network;
    const int64_t n_edges = network->n_edges;
    const int32_t *diagonal = u->place + 2 * n_edges;
    double *matrix = u->matrix[part];
    memset(matrix, 0, (size_t)u->start[u->n] * sizeof(double));
    for (int64_t e = 0; e < n_edges; e++) {
        const int32_t a = u->vertex[network->a[e]], b = u->vertex[network->b[e]];
        const double g = u->g[part][e];
        if (a == b) {
            continue;
        }
        if (!u->known[a]) {
            matrix[diagonal[a]] += g;
        }
        if (!u->known[b]) {
            matrix[diagonal[b]] += g;
        }
        if (!u->known[a] && !u->known[b]) {
            matrix[u->place[2 * e]] -= g;
            matrix[u->place[2 * e + 1]] -= g;
        }
    }
    if (part == 0) {
        assemble_transfers(u);
    }
    for (int32_t i = 0; i < u->n; i++) {
        if (u->known[i]) {
            matrix[diagonal[i]] = part == 0 ? 1.0 : 0.0;
        }
    }
}

static int solve_for(umfpack_state *u, double *const right[2], double *const x[2], mn_error *error)
{
    const double rcond = u->info[UMFPACK_RCOND]; /* a solve overwrites it */
    int status;
    if (u->is_complex) {
        status = umfpack_zi_solve(UMFPACK_A, u->start, u->index, u->matrix[0], u->matrix[1], x[0], x[1], right[0],
                                  right[1], u->numeric, u->control, u->info);
    } else {
        status = umfpack_di_solve(UMFPACK_A, u->start, u->index, u->matrix[0], x[0], right[0], u->numeric, u->control,
                                  u->info);
    }
    u->info[UMFPACK_RCOND] = rcond;
    return mn_umfpack_translate(status, error);
}

static double size_of(double *const x[2], int64_t i, int parts)
{
    return fabs(x[0][i]) + (parts == 2 ? fabs(x[1][i]) : 0.0);
}

static double largest(double *const x[2], int64_t n, int parts)
{
    double most = 0.0;
    for (int64_t i = 0; i < n; i++) {
        const double size = size_of(x, i, parts);
        most = size > most || isnan(size) ? size : most;
    }
    return most;
}

/* right[] holds the currents into unknown vertices; moves the given potentials to it. */
static void move_given(umfpack_state *u)
{
    for (int64_t e = 0; e < u->network->n_edges; e++) {
        const int32_t end[2] = {u->vertex[u->network->a[e]], u->vertex[u->network->b[e]]};
        const double gr = u->g[0][e], gi = u->is_complex ? u->g[1][e] : 0.0;
        for (int k = 0; k < 2; k++) {
            const int32_t i = end[k], j = end[1 - k];
            if (u->known[i] || !u->known[j]) {
                continue;
            }
            const double vi = u->is_complex ? u->given[1][j] : 0.0;
            u->right[0][i] += gr * u->given[0][j] - gi * vi;
            if (u->is_complex) {
                u->right[1][i] += gr * vi + gi * u->given[0][j];
            }
        }
    }
    move_controls(u, u->given[0]);
    for (int part = 0; part < mn_umfpack_parts(u); part++) {
        for (int32_t i = 0; i < u->n; i++) {
            u->right[part][i] = u->known[i] ? u->given[part][i] : u->right[part][i];
        }
    }
}

/* ------------------------------------------------------------------ factor */

/* What one correction leaves of the potential 1 everywhere: unknown vertices get what flows to them from known ones. */
static int measure_contraction(umfpack_state *u, mn_error *error)
{
    bool definite = !u->is_complex;
    for (int64_t e = 0; e < u->network->n_edges && definite; e++) {
        definite = u->g[0][e] >= 0.0;
    }
    for (int64_t k = 0; k < u->transfers.n && definite; k++) {
        definite = u->t[k] == 0.0;
    }
    for (int part = 0; part < mn_umfpack_parts(u); part++) {
        memset(u->right[part], 0, (size_t)u->n * sizeof(double));
        for (int64_t e = 0; e < u->network->n_edges; e++) {
            const int32_t a = u->vertex[u->network->a[e]], b = u->vertex[u->network->b[e]];
            if (u->known[a] != u->known[b]) {
                u->right[part][u->known[a] ? b : a] += u->g[part][e];
            }
        }
    }
    move_controls(u, NULL);
    const int code = solve_for(u, u->right, u->correction, error);
    u->contraction = definite ? 0.0 : 4.0 * DBL_EPSILON / u->info[UMFPACK_RCOND];
    for (int32_t i = 0; i < u->n && code == MN_OK; i++) {
        if (!u->known[i]) {
            const double left = fabs(u->correction[0][i] - 1.0) + (u->is_complex ? fabs(u->correction[1][i]) : 0.0);
            u->contraction = left > u->contraction || isnan(left) ? left : u->contraction;
        }
    }
    return code;
}

/* Makes `numeric` the factorisation for the vertices in wanted[]. */
static int ensure_numeric(umfpack_state *u, mn_error *error)
{
    int status;
    if (u->numeric != NULL && memcmp(u->known, u->wanted, (size_t)u->n) == 0) {
        return MN_OK;
    }
    if (mn_cancelled(u->cancel)) {
        return mn_error_set(error, MN_ERR_INTERRUPTED);
    }
    mn_umfpack_free_numeric(u);
    memcpy(u->known, u->wanted, (size_t)u->n);
    assemble(u, 0);
    if (u->is_complex) {
        assemble(u, 1);
        status = umfpack_zi_numeric(u->start, u->index, u->matrix[0], u->matrix[1], u->symbolic, &u->numeric,
                                    u->control, u->info);
    } else {
        status = umfpack_di_numeric(u->start, u->index, u->matrix[0], u->symbolic, &u->numeric, u->control, u->info);
    }
    int code = mn_umfpack_translate(status, error);
    if (code == MN_OK) {
        code = measure_contraction(u, error);
    }
    if (code != MN_OK) {
        mn_umfpack_free_numeric(u);
    }
    return code;
}

/* ------------------------------------------------------------------ residual and flows */

/* Current from vertex i to j through edge e. */
static void edge_flow(const umfpack_state *u, int64_t e, int64_t i, int64_t j, double flow[2])
{
    const double gr = u->g[0][e];
    const double vr = (u->potential[0][i] - u->potential[0][j]) + (u->fine[0][i] - u->fine[0][j]);
    flow[0] = gr * vr;
    flow[1] = 0.0;
    if (u->is_complex) {
        const double gi = u->g[1][e];
        const double vi = (u->potential[1][i] - u->potential[1][j]) + (u->fine[1][i] - u->fine[1][j]);
        flow[0] = gr * vr - gi * vi;
        flow[1] = gr * vi + gi * vr;
    }
}

/* What an edge carries because of the one that controls it, from a to b. */
static double transfer_flow(const umfpack_state *u, int64_t k, const ends *at)
{
    const int32_t c = at->from[0], d = at->from[1];
    return u->t[k] * ((u->potential[0][c] - u->potential[0][d]) + (u->fine[0][c] - u->fine[0][d]));
}

/* Row sums of the Laplacian at the electrodes: the current that leaves each into the network. Returns the sum of what
 * they are made of, whose rounding a sum that cancels has, too. */
static double find_flows(umfpack_state *u)
{
    const mn_network *network = u->network;
    double sizes = 0.0;
    for (int part = 0; part < mn_umfpack_parts(u); part++) {
        memset(u->flow[part], 0, (size_t)network->n_electrodes * sizeof(double));
    }
    for (int64_t e = 0; e < network->n_edges; e++) {
        const int32_t end[2] = {u->vertex[network->a[e]], u->vertex[network->b[e]]};
        for (int k = 0; k < 2; k++) {
            const int64_t i = end[k], j = end[1 - k], f = i - u->n_free;
            if (f < 0 || i == j) {
                continue;
            }
            double flow[2];
            edge_flow(u, e, i, j, flow);
            u->flow[0][f] += flow[0];
            if (u->is_complex) {
                u->flow[1][f] += flow[1];
            }
            sizes += fabs(flow[0]) + fabs(flow[1]);
        }
    }
    for (int64_t k = 0; k < u->transfers.n; k++) {
        const ends at = ends_of(u, k);
        const double flow = at.a == at.b ? 0.0 : transfer_flow(u, k, &at);
        if (at.a >= u->n_free) {
            u->flow[0][at.a - u->n_free] += flow;
        }
        if (at.b >= u->n_free) {
            u->flow[0][at.b - u->n_free] -= flow;
        }
        sizes += fabs(flow);
    }
    return sizes;
}

/* What does not balance at each unknown vertex, in right[]; the sum of its magnitudes bounds the error of any terminal
 * current, since no electrode gets more than all of it. *scale: sum |g| (|v_a| + |v_b|). */
static double find_residual(umfpack_state *u, double *scale)
{
    const int parts = mn_umfpack_parts(u);
    double leak = 0.0;
    *scale = 0.0;
    for (int part = 0; part < parts; part++) {
        memcpy(u->right[part], u->source[part], (size_t)u->n * sizeof(double));
    }
    for (int64_t e = 0; e < u->network->n_edges; e++) {
        const int32_t a = u->vertex[u->network->a[e]], b = u->vertex[u->network->b[e]];
        double flow[2];
        edge_flow(u, e, a, b, flow);
        for (int part = 0; part < parts && a != b; part++) {
            u->right[part][a] -= flow[part];
            u->right[part][b] += flow[part];
        }
        *scale += size_of(u->g, e, parts) * (size_of(u->potential, a, parts) + size_of(u->potential, b, parts));
    }
    for (int64_t k = 0; k < u->transfers.n; k++) {
        const ends at = ends_of(u, k);
        const double flow = at.a == at.b ? 0.0 : transfer_flow(u, k, &at);
        u->right[0][at.a] -= flow;
        u->right[0][at.b] += flow;
        *scale += fabs(u->t[k]) * (size_of(u->potential, at.from[0], parts) + size_of(u->potential, at.from[1], parts));
    }
    for (int32_t i = 0; i < u->n; i++) {
        for (int part = 0; part < parts && u->known[i]; part++) {
            u->right[part][i] = 0.0;
        }
        leak += size_of(u->right, i, parts);
    }
    return leak;
}

/* Error of the terminal currents beside the largest, or beside `least` times the scale of all. */
static double relative_leak(umfpack_state *u, double least)
{
    double scale;
    const double leak = find_residual(u, &scale);
    const double rounding = DBL_EPSILON * find_flows(u);
    const double flow = largest(u->flow, u->network->n_electrodes, mn_umfpack_parts(u));
    const double source = largest(u->source, u->n, mn_umfpack_parts(u));
    const double current = fmax(fmax(flow, source), least * scale);
    return leak + rounding > 0.0 ? (leak + rounding) / current : 0.0;
}

/* ------------------------------------------------------------------ refinement */

/* potential + fine takes the correction; potential stays the nearest double of the sum. */
static void apply_correction(umfpack_state *u)
{
    for (int part = 0; part < mn_umfpack_parts(u); part++) {
        for (int32_t i = 0; i < u->n; i++) {
            const double before = u->potential[part][i], change = u->fine[part][i] + u->correction[part][i];
            const double after = before + change, added = after - before;
            u->potential[part][i] = after;
            u->fine[part][i] = (before - (after - added)) + (change - added);
        }
    }
}

/* Corrects until corrections no longer shrink. right[] holds the residual. Sets error_bound. */
static int refine(umfpack_state *u, mn_error *error)
{
    const double voltage = largest(u->potential, u->n, mn_umfpack_parts(u));
    const double left = fmin(u->contraction, 1.0);
    double size = DBL_MAX, leak = 1.0;
    int n = 0;
    while (n < REFINE_MOST && (size > FINEST * voltage || leak > GOOD_LEAK)) {
        const int code = solve_for(u, u->right, u->correction, error);
        if (code != MN_OK) {
            return code;
        }
        const double next = largest(u->correction, u->n, mn_umfpack_parts(u));
        if (!(next < size)) {
            break;
        }
        apply_correction(u);
        size = next;
        n++;
        leak = relative_leak(u, n < REFINE_MOST ? 0.0 : NO_CURRENT);
    }
    const double remains = left < 0.5 ? size / (1.0 - left) : fmax(size, pow(left, n) * voltage);
    const double bound = fmax(voltage > 0.0 ? remains / voltage : 0.0, leak);
    u->error_bound = bound < 0.5 ? bound : INFINITY; /* no digit is left */
    return MN_OK;
}

int mn_umfpack_solve_system(umfpack_state *u, mn_error *error)
{
    int code = ensure_numeric(u, error);
    if (code != MN_OK) {
        return code;
    }
    for (int part = 0; part < mn_umfpack_parts(u); part++) {
        memset(u->fine[part], 0, (size_t)u->n * sizeof(double));
        memcpy(u->right[part], u->source[part], (size_t)u->n * sizeof(double));
    }
    move_given(u);
    code = solve_for(u, u->right, u->potential, error);
    if (code != MN_OK) {
        return code;
    }
    const double leak = relative_leak(u, 0.0);
    u->error_bound = fmax(u->contraction, leak);
    const bool good = u->contraction <= GOOD_CONTRACTION && leak <= GOOD_LEAK;
    return good ? MN_OK : refine(u, error);
}
