/* Multiplying every conductance by one power of two, and every drive by another, is exact and changes no digit of any
 * result, only its exponent. So a problem in numbers such as 1e-290 S is solved as one in numbers that products and
 * quotients of any two leave inside the range of doubles. Everyday problems are not touched. */
#include "circuit/scaling.h"

#include "base/vector.h"
#include "network/sets.h"

#include <float.h>
#include <limits.h>
#include <math.h>

enum {
    HIGH_CONDUCTANCE = 400, /* exponents of the largest numbers after scaling */
    HIGH_VOLTAGE = 300,
    /* And of the smallest. A share of a node, g / sum g, must stay above 2^-1022 with many edges in the sum; products
     * are dropped below 2^-960. */
    LOW_CONDUCTANCE = HIGH_CONDUCTANCE - 990,
    LOW_VOLTAGE = -870
};

/* Exponents of the smallest and the largest of some numbers that are not 0, and where the smallest stands. */
typedef struct {
    int low, high;
    int64_t lowest;
    bool finite;
} span;

static const span NOTHING = {.low = INT_MAX, .high = INT_MIN, .lowest = -1, .finite = true};

static void stretch(span *s, double x, int unit, int64_t place)
{
    s->finite = s->finite && isfinite(x);
    if (x == 0.0 || !isfinite(x)) {
        return;
    }
    const int exponent = ilogb(x) - unit;
    s->high = exponent > s->high ? exponent : s->high;
    if (exponent < s->low) {
        s->low = exponent;
        s->lowest = place;
    }
}

int mn_scaling_init(mn_scaling **scaling, const mn_network *network, bool complex_values)
{
    mn_pool pool = {0};
    mn_scaling *s = mn_pool_alloc(&pool, 1, sizeof *s);
    if (s == NULL) {
        return MN_ERR_NO_MEMORY;
    }
    s->network = network;
    s->root = mn_pool_alloc(&pool, network->n_nodes + network->n_electrodes, sizeof(int32_t));
    for (int part = 0; part < (complex_values ? 2 : 1); part++) {
        s->conductance[part] = mn_pool_alloc(&pool, network->n_edges, sizeof(double));
        s->value[part] = mn_pool_alloc(&pool, network->n_electrodes, sizeof(double));
        s->injected[part] = mn_pool_alloc(&pool, network->n_nodes, sizeof(double));
    }
    const int code = pool.code;
    if (code != MN_OK) {
        mn_pool_free(&pool);
        return code;
    }
    s->pool = pool;
    *scaling = s;
    return MN_OK;
}

void mn_scaling_free(mn_scaling *scaling)
{
    if (scaling != NULL) {
        mn_pool pool = scaling->pool; /* in a block of its own */
        mn_pool_free(&pool);
    }
}

/* 1 where x is not an everyday number: a double, so that compilers turn loops over it into vector instructions. */
static inline double strange(double x)
{
    const double size = fabs(x);
    return (size == 0.0) | ((size >= MN_EVERYDAY_LEAST) & (size <= MN_EVERYDAY_MOST)) ? 0.0 : 1.0;
}

MN_VECTOR static double any_strange(int64_t n, const double *x)
{
    double any = 0.0;
    for (int64_t i = 0; i < n; i++) {
        any = strange(x[i]) > 0.0 ? 1.0 : any;
    }
    return any;
}

bool mn_everyday(int64_t n, const double *x)
{
    return x == NULL || any_strange(n, x) == 0.0;
}

bool mn_everyday_at(const double *x, int64_t n, const int32_t *index)
{
    double any = 0.0;
    for (int64_t i = 0; x != NULL && i < n; i++) {
        any = strange(x[index[i]]) > 0.0 ? 1.0 : any;
    }
    return any == 0.0;
}

/* ------------------------------------------------------------------ conductances */

/* The ends of an edge; the nodes of an electrode are one vertex. */
static int32_t find_part(mn_scaling *scaling, int32_t node)
{
    const int32_t e = scaling->network->electrode[node];
    return mn_sets_root(scaling->root, e < 0 ? node : (int32_t)scaling->network->n_nodes + e);
}

/* An edge that is not 0 in `given` but in `scaled`, between parts that no edge of `scaled` joins; -1 where there is
 * none. Then what became 0 lies beside larger conductances, and changes no digit. */
static int64_t find_lost_bridge(mn_scaling *scaling, const double *const given[2], const double *const scaled[2])
{
    const mn_network *network = scaling->network;
    mn_sets_init(network->n_nodes + network->n_electrodes, scaling->root);
    for (int64_t e = 0; e < network->n_edges; e++) {
        if (scaled[0][e] != 0.0 || (scaled[1] != NULL && scaled[1][e] != 0.0)) {
            mn_sets_join(scaling->root, find_part(scaling, network->a[e]), find_part(scaling, network->b[e]));
        }
    }
    for (int64_t e = 0; e < network->n_edges; e++) {
        if ((given[0][e] != 0.0 || (given[1] != NULL && given[1][e] != 0.0)) &&
            find_part(scaling, network->a[e]) != find_part(scaling, network->b[e])) {
            return e;
        }
    }
    return -1;
}

/* Negative ones are left for the backend to judge. */
static double scaled_conductance(double g, int shift)
{
    const double scaled = ldexp(g, shift);
    return scaled > 0.0 && scaled < ldexp(1.0, LOW_CONDUCTANCE) ? 0.0 : scaled;
}

int mn_scale_conductances(mn_scaling *scaling, const double *conductance, const double *imag, mn_error *error)
{
    const int64_t n = scaling->network->n_edges;
    const double *const given[2] = {conductance, imag};
    const double *const scaled[2] = {scaling->conductance[0], imag == NULL ? NULL : scaling->conductance[1]};
    span s = NOTHING;
    for (int part = 0; part < 2; part++) {
        for (int64_t e = 0; given[part] != NULL && e < n; e++) {
            stretch(&s, given[part][e], 0, e);
        }
    }
    scaling->shift = s.finite ? HIGH_CONDUCTANCE - s.high : 0;
    scaling->high = s.high;
    for (int part = 0; part < 2; part++) {
        for (int64_t e = 0; given[part] != NULL && e < n; e++) {
            const double g = given[part][e];
            scaling->conductance[part][e] = s.finite ? scaled_conductance(g, scaling->shift) : g;
        }
    }
    const int64_t lost =
        s.finite && s.low + scaling->shift < LOW_CONDUCTANCE ? find_lost_bridge(scaling, given, scaled) : -1;
    if (lost >= 0) {
        if (error != NULL) {
            error->edge = (int32_t)lost;
        }
        return mn_error_refuse(error, MN_ERR_RANGE, "conductance", conductance[lost]);
    }
    return MN_OK;
}

void mn_scaling_reset(mn_scaling *scaling)
{
    scaling->shift = 0;
    scaling->high = 0; /* everyday conductances are near 1 as seen from the ends of the range */
}

/* ------------------------------------------------------------------ drives and results */

/* In volts, which the largest conductance makes of a current. */
static span drive_span(const mn_scaling *scaling, const mn_boundary *boundary, const double *const injected[2])
{
    const mn_network *network = scaling->network;
    const double *const value[2] = {boundary->value, boundary->imag};
    span s = NOTHING;
    for (int part = 0; part < 2; part++) {
        for (int64_t e = 0; value[part] != NULL && e < network->n_electrodes; e++) {
            if (boundary->role[e] != MN_FLOATING) {
                stretch(&s, value[part][e], boundary->role[e] == MN_CURRENT ? scaling->high : 0, e);
            }
        }
        for (int64_t k = 0; injected[part] != NULL && k < network->n_nodes; k++) {
            stretch(&s, injected[part][k], scaling->high, network->n_electrodes + k);
        }
    }
    return s;
}

static int refuse_drive(const mn_scaling *scaling, const mn_boundary *boundary, const double *const injected[2],
                        int64_t place, mn_error *error)
{
    const int64_t node = place - scaling->network->n_electrodes;
    if (error != NULL) {
        error->electrode = node < 0 ? (int32_t)place : -1;
        error->node = node < 0 ? -1 : (int32_t)node;
    }
    const double *const real = node < 0 ? boundary->value + place : injected[0] == NULL ? NULL : injected[0] + node;
    return mn_error_refuse(error, MN_ERR_RANGE, "drive", real == NULL ? 0.0 : *real);
}

int mn_scale_drives(mn_scaling *scaling, const mn_boundary *boundary, const double *const injected[2], int *shift,
                    mn_error *error)
{
    const mn_network *network = scaling->network;
    const double *const value[2] = {boundary->value, boundary->imag};
    const span s = drive_span(scaling, boundary, injected);
    *shift = s.finite && s.high > INT_MIN ? HIGH_VOLTAGE - s.high : 0;
    if (s.finite && s.low < INT_MAX && s.low + *shift < LOW_VOLTAGE) {
        return refuse_drive(scaling, boundary, injected, s.lowest, error);
    }
    for (int part = 0; part < 2; part++) {
        for (int64_t e = 0; value[part] != NULL && e < network->n_electrodes; e++) {
            const int amperes = boundary->role[e] == MN_CURRENT ? scaling->shift : 0;
            scaling->value[part][e] = boundary->role[e] == MN_FLOATING ? 0.0 : ldexp(value[part][e], *shift + amperes);
        }
        for (int64_t k = 0; injected[part] != NULL && k < network->n_nodes; k++) {
            scaling->injected[part][k] = ldexp(injected[part][k], *shift + scaling->shift);
        }
    }
    return MN_OK;
}

/* x times 2^-shift; the index of the first number that this makes infinite, or -1. */
static int64_t unscale(int64_t n, int shift, double *x, bool *underflow)
{
    int64_t overflow = -1;
    for (int64_t i = n - 1; x != NULL && i >= 0; i--) {
        const double result = ldexp(x[i], -shift);
        *underflow = *underflow || (x[i] != 0.0 && fabs(result) < DBL_MIN && ldexp(result, shift) != x[i]);
        overflow = isfinite(x[i]) && !isfinite(result) ? i : overflow;
        x[i] = result;
    }
    return overflow;
}

static int refuse_overflow(mn_error *error, int64_t electrode, int64_t node, const char *noun)
{
    if (error != NULL) {
        error->electrode = (int32_t)electrode;
        error->node = (int32_t)node;
    }
    return mn_error_refuse(error, MN_ERR_NOT_FINITE_POTENTIAL, noun, INFINITY);
}

int mn_unscale_solution(const mn_scaling *scaling, int shift, const mn_solution *solution, bool *underflow,
                        mn_error *error)
{
    const mn_network *network = scaling->network;
    double *const potential[2] = {solution->potential, solution->potential_imag};
    double *const voltage[2] = {solution->voltage, solution->voltage_imag};
    double *const current[2] = {solution->current, solution->current_imag};
    int64_t electrode = -1, node = -1;
    int code = MN_OK;
    for (int part = 0; part < 2 && code == MN_OK; part++) {
        node = unscale(network->n_nodes, shift, potential[part], underflow);
        (void)unscale(network->n_electrodes, shift, voltage[part], underflow);
        electrode = unscale(network->n_electrodes, shift + scaling->shift, current[part], underflow);
        if (node >= 0) {
            code = refuse_overflow(error, -1, node, "potential");
        } else if (electrode >= 0) {
            code = refuse_overflow(error, electrode, -1, "current");
        }
    }
    if (code == MN_OK && unscale(1, scaling->shift, solution->conductance, underflow) >= 0) {
        code = refuse_overflow(error, -1, -1, "conductance");
    }
    return code;
}
