/* Kron reduction of complex admittances, g + i omega C and their like: the schedule of kron_schedule.h, one pivot after
 * the other, every electrode in a dense mesh.
 *
 * With real parts >= 0 and imaginary parts of one sign, no sum W_k = sum_j w_kj cancels: a Schur complement keeps the
 * quadrant that the matrix has (its numerical range is a cone), so potentials are as accurate as the real ones.
 * Imaginary parts of both signs cancel at a resonance and nowhere else. That is watched: each weight goes with the sum
 * of the magnitudes of all that was added to it, `size`, and the largest ratio sum_j size_kj / |W_k| of any pivot says
 * how many digits cancelled. An admittance with a negative real part is refused. */
#include "base/cancel.h"
#include "circuit/boundary.h"
#include "circuit/kron_kept.h"
#include "circuit/solver.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Own arithmetic instead of C's complex type, whose division differs from one runtime library to the next. */
typedef struct {
    double re, im;
} number;

typedef struct {
    number value;
    double size;
} weight;

/* A pivot's ratio up to here is that of sums which do not cancel; beyond, what it passes on has lost digits. */
#define FULL_DIGITS 16.0

typedef struct {
    const mn_network *network;
    mn_cancel *cancel;
    mn_kron_schedule schedule;
    /* the factor */
    bool has_factor;
    double cancellation; /* the largest ratio sum_j size_kj / |W_k| */
    weight *weight;      /* n_slots */
    number *share;       /* n_entries */
    number *total;       /* n_free */
    /* work space of solve() */
    double error_bound;
    number *potential;  /* vertices */
    number *current;    /* vertices */
    uint8_t *reached;   /* vertices */
    weight *mesh;       /* n_electrodes^2: symmetric */
    number *mesh_share; /* n_electrodes^2: of pivots */
    number *mesh_total;
    int64_t n_pivots;  /* electrodes eliminated from the mesh */
    int32_t *pivot;    /* n_pivots */
    uint8_t *is_pivot; /* n_electrodes */
    mn_pool pool;      /* of the arrays */
} complex_kron;

/* ------------------------------------------------------------------ numbers */

static inline bool is_zero(number x)
{
    return x.re == 0.0 && x.im == 0.0;
}

static inline double size_of(number x)
{
    return fabs(x.re) + fabs(x.im);
}

static inline void add(number *sum, number x)
{
    sum->re += x.re;
    sum->im += x.im;
}

static inline number difference(number x, number y)
{
    return (number){x.re - y.re, x.im - y.im};
}

static inline number product(number x, number y)
{
    return (number){x.re * y.re - x.im * y.im, x.re * y.im + x.im * y.re};
}

/* x / y, y != 0; y is brought near 1, so that its square neither overflows nor vanishes. */
static number quotient(number x, number y)
{
    const int shift = ilogb(fmax(fabs(y.re), fabs(y.im)));
    const number near = {scalbn(y.re, -shift), -scalbn(y.im, -shift)};
    const double square = near.re * near.re + near.im * near.im;
    const number p = product((number){scalbn(x.re, -shift), scalbn(x.im, -shift)}, near);
    return (number){p.re / square, p.im / square};
}

/* ------------------------------------------------------------------ life */

static void complex_free(void *state)
{
    complex_kron *kron = state;
    if (kron != NULL) {
        mn_kron_schedule_free(&kron->schedule);
        mn_pool_free(&kron->pool);
        mn_dealloc(kron);
    }
}

static int alloc_kron(complex_kron *kron)
{
    const mn_kron_schedule *s = &kron->schedule;
    const int64_t n = s->n_electrodes, n_vertices = s->n_free + n;
    mn_pool *pool = &kron->pool;
    kron->weight = mn_pool_alloc(pool, s->n_slots, sizeof(weight));
    kron->share = mn_pool_alloc(pool, s->n_entries, sizeof(number));
    kron->total = mn_pool_alloc(pool, s->n_free, sizeof(number));
    kron->potential = mn_pool_alloc(pool, n_vertices, sizeof(number));
    kron->current = mn_pool_alloc(pool, n_vertices, sizeof(number));
    kron->reached = mn_pool_alloc(pool, n_vertices, sizeof(uint8_t));
    kron->mesh = mn_pool_alloc(pool, n * n, sizeof(weight));
    kron->mesh_share = mn_pool_alloc(pool, n * n, sizeof(number));
    kron->mesh_total = mn_pool_alloc(pool, n, sizeof(number));
    kron->pivot = mn_pool_alloc(pool, n, sizeof(int32_t));
    kron->is_pivot = mn_pool_alloc(pool, n, sizeof(uint8_t));
    return pool->code;
}

static int complex_init(void **state, const mn_network *network, bool complex_values, mn_order order, mn_cancel *cancel,
                        mn_error *error)
{
    (void)complex_values; /* always */
    complex_kron *kron = mn_alloc(1, sizeof *kron);
    if (kron == NULL) {
        return mn_error_set(error, MN_ERR_NO_MEMORY);
    }
    kron->network = network;
    kron->cancel = cancel;
    int code = mn_kron_schedule_get(&kron->schedule, network, MN_KRON_FRONTS_NEVER, order, cancel, error);
    if (code != MN_OK) {
        goto out;
    }
    code = mn_error_set(error, alloc_kron(kron));
    if (code != MN_OK) {
        goto out;
    }
    *state = kron;
    kron = NULL;
out:
    complex_free(kron);
    return code;
}

/* ------------------------------------------------------------------ factor */

static int check_admittances(const complex_kron *kron, const double *conductance, const double *imag, mn_error *error)
{
    for (int64_t e = 0; e < kron->schedule.n_edges; e++) {
        const double b = imag == NULL ? 0.0 : imag[e];
        if (conductance[e] >= 0.0 && isfinite(conductance[e]) && isfinite(b)) {
            continue;
        }
        if (error != NULL) {
            error->edge = (int32_t)e;
            error->value = isfinite(b) ? conductance[e] : b;
        }
        const bool finite = isfinite(conductance[e]) && isfinite(b);
        return mn_error_set(error, finite ? MN_ERR_NEGATIVE_CONDUCTANCE : MN_ERR_CONDUCTANCE);
    }
    return MN_OK;
}

/* Adds an update to a weight; `lost` >= 1 is what the digits of its pivot have lost. */
static inline void add_update(weight *w, number update, double lost)
{
    add(&w->value, update);
    w->size += size_of(update) * lost;
}

/* Shares of a star of n weights, their sum, and the digits lost. False where the sum vanishes and the weights do not.
 */
static bool share_out(complex_kron *kron, int64_t n, int64_t step, const weight *star, number *share, number *total,
                      double *lost)
{
    double sizes = 0.0;
    *total = (number){0.0, 0.0};
    for (int64_t q = 0; q < n * step; q += step) {
        add(total, star[q].value);
        sizes += star[q].size;
    }
    const double ratio = sizes == 0.0 ? 1.0 : sizes / size_of(*total);
    if (!(ratio < 1.0 / DBL_EPSILON)) {
        return false;
    }
    kron->cancellation = ratio > kron->cancellation ? ratio : kron->cancellation;
    *lost = ratio > FULL_DIGITS ? ratio / FULL_DIGITS : 1.0;
    for (int64_t q = 0; q < n * step; q += step) {
        share[q] = sizes == 0.0 ? (number){0.0, 0.0} : quotient(star[q].value, *total);
    }
    return true;
}

static int eliminate_free(complex_kron *kron, mn_error *error)
{
    const mn_kron_schedule *s = &kron->schedule;
    for (int64_t k = 0; k < s->n_free; k++) {
        if (mn_cancelled(kron->cancel)) {
            return mn_error_set(error, MN_ERR_INTERRUPTED);
        }
        const int64_t n = s->length[k], step = s->lanes[k];
        const weight *star = kron->weight + s->column[k];
        number *share = kron->share + s->column[k];
        const int32_t *target = s->target + s->pair[k];
        double lost;
        if (!share_out(kron, n, step, star, share, &kron->total[k], &lost)) {
            return mn_error_set(error, MN_ERR_SINGULAR);
        }
        for (int64_t q = 0, t = 0; q < n * step; q += step) {
            for (int64_t r = q + step; r < n * step; r += step, t++) {
                add_update(&kron->weight[target[t]], product(star[q].value, share[r]), lost);
            }
        }
    }
    return MN_OK;
}

static int complex_factor(void *state, const double *conductance, const double *imag, int64_t n_changed,
                          const int32_t *changed, mn_error *error)
{
    complex_kron *kron = state;
    const mn_kron_schedule *s = &kron->schedule;
    (void)n_changed; /* every factor is a full one */
    (void)changed;
    kron->has_factor = false;
    kron->cancellation = 1.0;
    int code = check_admittances(kron, conductance, imag, error);
    if (code != MN_OK) {
        return code;
    }
    memset(kron->weight, 0, (size_t)s->n_slots * sizeof(weight));
    for (int64_t e = 0; e < s->n_edges; e++) {
        add_update(&kron->weight[s->slot[e]], (number){conductance[e], imag == NULL ? 0.0 : imag[e]}, 1.0);
    }
    code = eliminate_free(kron, error);
    kron->has_factor = code == MN_OK;
    return code;
}

/* ------------------------------------------------------------------ the terminal mesh */

static void load_mesh(complex_kron *kron)
{
    const int64_t n = kron->schedule.n_electrodes;
    const weight *terminal = kron->weight + kron->schedule.n_entries;
    for (int64_t i = 0; i < n; i++) {
        kron->mesh[i * n + i] = (weight){{0.0, 0.0}, 0.0};
        for (int64_t j = i + 1; j < n; j++) {
            kron->mesh[i * n + j] = kron->mesh[j * n + i] = terminal[i * n + j];
        }
    }
    memset(kron->is_pivot, 0, (size_t)n);
    kron->n_pivots = 0;
}

/* Its row and column become 0, so that nothing lands there any more. */
static int eliminate_electrode(complex_kron *kron, int64_t f, mn_error *error)
{
    const int64_t n = kron->schedule.n_electrodes;
    weight *star = kron->mesh + f * n;
    const number *share = kron->mesh_share + f * n;
    double lost;
    if (!share_out(kron, n, 1, star, kron->mesh_share + f * n, &kron->mesh_total[f], &lost)) {
        return mn_error_set(error, MN_ERR_SINGULAR);
    }
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = i + 1; j < n && !is_zero(star[i].value); j++) {
            add_update(&kron->mesh[i * n + j], product(star[i].value, share[j]), lost);
            kron->mesh[j * n + i] = kron->mesh[i * n + j];
        }
    }
    for (int64_t j = 0; j < n; j++) {
        star[j] = kron->mesh[j * n + f] = (weight){{0.0, 0.0}, 0.0};
    }
    kron->is_pivot[f] = 1;
    kron->pivot[kron->n_pivots++] = (int32_t)f;
    return MN_OK;
}

static int eliminate_role(complex_kron *kron, const mn_boundary *boundary, mn_role role, int32_t except,
                          mn_error *error)
{
    int code = MN_OK;
    for (int64_t e = 0; e < kron->schedule.n_electrodes && code == MN_OK; e++) {
        if (boundary->role[e] == role && e != except) {
            code = eliminate_electrode(kron, e, error);
        }
    }
    return code;
}

/* ------------------------------------------------------------------ solve */

static number given_at(const double *real, const double *imag, int64_t i)
{
    return (number){real == NULL ? 0.0 : real[i], imag == NULL ? 0.0 : imag[i]};
}

/* b_j += p_kj b_k, free pivots in order. */
static void carry_forward(complex_kron *kron, const double *injected, const double *injected_imag)
{
    const mn_kron_schedule *s = &kron->schedule;
    number *b = kron->current;
    memset(b, 0, (size_t)(s->n_free + s->n_electrodes) * sizeof(number));
    for (int64_t i = 0; i < s->n_nodes; i++) {
        add(&b[s->vertex[i]], given_at(injected, injected_imag, i));
    }
    for (int64_t k = 0; k < s->n_free; k++) {
        for (int64_t i = 0; i < s->length[k] && !is_zero(b[k]); i++) {
            const int64_t q = mn_kron_entry(s, k, i);
            add(&b[s->row[q]], product(kron->share[q], b[k]));
        }
    }
}

/* v_k = sum_j p_kj v_j + b_k / W_k, and whether a path of shares leads to a driven electrode. */
static void substitute(const number *share, const int32_t *row, int64_t n, int64_t step, number total, number current,
                       const number *v, const uint8_t *reached, number *potential, uint8_t *is_reached)
{
    number sum = is_zero(total) ? (number){0.0, 0.0} : quotient(current, total);
    uint8_t any = 0;
    for (int64_t q = 0; q < n * step; q += step) {
        const int64_t j = row == NULL ? q : row[q];
        add(&sum, product(share[q], v[j]));
        any |= !is_zero(share[q]) && reached[j];
    }
    *potential = sum;
    *is_reached = any;
}

static void solve_potentials(complex_kron *kron, const mn_boundary *boundary, int32_t reference)
{
    const mn_kron_schedule *s = &kron->schedule;
    const int64_t n = s->n_electrodes;
    number *v = kron->potential + s->n_free, *b = kron->current + s->n_free;
    uint8_t *reached = kron->reached + s->n_free;
    for (int64_t e = 0; e < n; e++) {
        const number value = given_at(boundary->value, boundary->imag, e);
        v[e] = boundary->role[e] == MN_VOLTAGE ? value : (number){0.0, 0.0};
        add(&b[e], boundary->role[e] == MN_CURRENT ? value : (number){0.0, 0.0});
        reached[e] = boundary->role[e] == MN_VOLTAGE || e == reference;
    }
    for (int64_t k = 0; k < kron->n_pivots; k++) {
        const int64_t f = kron->pivot[k];
        for (int64_t j = 0; j < n; j++) {
            add(&b[j], product(kron->mesh_share[f * n + j], b[f]));
        }
    }
    for (int64_t k = kron->n_pivots - 1; k >= 0; k--) {
        const int64_t f = kron->pivot[k];
        substitute(kron->mesh_share + f * n, NULL, n, 1, kron->mesh_total[f], b[f], v, reached, &v[f], &reached[f]);
    }
    for (int64_t k = s->n_free - 1; k >= 0; k--) {
        const int64_t begin = s->column[k];
        substitute(kron->share + begin, s->row + begin, s->length[k], s->lanes[k], kron->total[k], kron->current[k],
                   kron->potential, kron->reached, &kron->potential[k], &kron->reached[k]);
    }
}

static int refuse_island_currents(const complex_kron *kron, const mn_boundary *boundary, const double *injected,
                                  const double *injected_imag, mn_error *error)
{
    const mn_kron_schedule *s = &kron->schedule;
    for (int64_t e = 0; e < s->n_electrodes; e++) {
        const number value = given_at(boundary->value, boundary->imag, e);
        if (boundary->role[e] == MN_CURRENT && !is_zero(value) && !kron->reached[s->n_free + e]) {
            return mn_boundary_fail(error, MN_ERR_CURRENT_ISLAND, e, -1, value.re != 0.0 ? value.re : value.im);
        }
    }
    for (int64_t i = 0; i < s->n_nodes; i++) {
        const number value = given_at(injected, injected_imag, i);
        if (!is_zero(value) && !kron->reached[s->vertex[i]]) {
            return mn_boundary_fail(error, MN_ERR_CURRENT_ISLAND, -1, i, value.re != 0.0 ? value.re : value.im);
        }
    }
    return MN_OK;
}

static void put(double *real, double *imag, int64_t i, number x)
{
    if (real != NULL) {
        real[i] = x.re;
    }
    if (imag != NULL) {
        imag[i] = x.im;
    }
}

static int write_electrodes(const complex_kron *kron, const mn_boundary *boundary, const mn_solution *solution,
                            mn_error *error)
{
    const int64_t n = kron->schedule.n_electrodes, n_free = kron->schedule.n_free;
    const number *v = kron->potential + n_free, nothing = {NAN, NAN};
    for (int64_t e = 0; e < n; e++) {
        number sum = {0.0, 0.0};
        if (boundary->role[e] == MN_VOLTAGE) {
            for (int64_t j = 0; j < n; j++) {
                add(&sum, kron->is_pivot[j] ? (number){0.0, 0.0}
                                            : product(kron->mesh[e * n + j].value, difference(v[e], v[j])));
            }
            sum = difference(sum, kron->current[n_free + e]);
        } else if (boundary->role[e] == MN_CURRENT) {
            sum = given_at(boundary->value, boundary->imag, e);
        }
        if (!isfinite(size_of(sum)) || !isfinite(size_of(v[e]))) {
            return mn_boundary_fail(error, MN_ERR_NOT_FINITE_POTENTIAL, e, -1, (double)NAN);
        }
        put(solution->current, solution->current_imag, e, sum);
        put(solution->voltage, solution->voltage_imag, e, kron->reached[n_free + e] ? v[e] : nothing);
    }
    return MN_OK;
}

static int write_nodes(const complex_kron *kron, const mn_solution *solution, mn_error *error)
{
    const mn_kron_schedule *s = &kron->schedule;
    const number nothing = {NAN, NAN};
    for (int64_t i = 0; i < s->n_nodes; i++) {
        const int32_t k = s->vertex[i];
        if (kron->reached[k] && !isfinite(size_of(kron->potential[k]))) {
            return mn_boundary_fail(error, MN_ERR_NOT_FINITE_POTENTIAL, -1, i, (double)NAN);
        }
        put(solution->potential, solution->potential_imag, i, kron->reached[k] ? kron->potential[k] : nothing);
    }
    return MN_OK;
}

static int complex_solve(void *state, const mn_boundary *boundary, const double *injected, const double *injected_imag,
                         const mn_solution *solution, mn_error *error)
{
    complex_kron *kron = state;
    int32_t reference;
    if (!kron->has_factor) {
        return mn_error_set(error, MN_ERR_BUG); /* GCOV_EXCL_LINE: solver.c asks first */
    }
    int code = mn_boundary_check(kron->network, boundary, injected, injected_imag, &reference, error);
    if (code != MN_OK) {
        return code;
    }
    const double of_factor = kron->cancellation;
    carry_forward(kron, injected, injected_imag);
    load_mesh(kron);
    code = eliminate_role(kron, boundary, MN_FLOATING, reference, error);
    if (code == MN_OK) {
        code = eliminate_role(kron, boundary, MN_CURRENT, reference, error);
    }
    kron->error_bound = FULL_DIGITS * DBL_EPSILON * kron->cancellation;
    kron->cancellation = of_factor;
    if (code != MN_OK) {
        return code;
    }
    solve_potentials(kron, boundary, reference);
    code = refuse_island_currents(kron, boundary, injected, injected_imag, error);
    if (code != MN_OK) {
        return code;
    }
    code = write_electrodes(kron, boundary, solution, error);
    if (code != MN_OK) {
        return code;
    }
    if (solution->conductance != NULL) {
        *solution->conductance = NAN;
    }
    return write_nodes(kron, solution, error);
}

static void complex_info(const void *state, mn_solver_info *info)
{
    const complex_kron *kron = state;
    *info = (mn_solver_info){.n_free = kron->schedule.n_free,
                             .n_entries = kron->schedule.n_entries,
                             .n_updates = kron->schedule.n_updates,
                             .bytes = 2 * kron->schedule.bytes,
                             .n_columns = kron->schedule.n_free,
                             .rcond = NAN,
                             .error_bound = kron->error_bound};
}

const mn_solver_ops mn_kron_complex_ops = {
    .name = "kron",
    .takes_real = false,
    .takes_complex = true,
    .init = complex_init,
    .factor = complex_factor,
    .solve = complex_solve,
    .info = complex_info,
    .free = complex_free,
};
