/* What solvers refuse, and complex currents into nodes: a chain 0 - 2 - 3 - 1 between electrodes on 0 and 1, node 2
 * also on nothing else, and an island 4 - 5. */
#include "check.h"
#include "memnet.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { N_NODES = 6, N_EDGES = 4, N_ELECTRODES = 2 };

static const char *const BACKENDS[] = {"kron", "umfpack"};
static const double ones[N_EDGES] = {1.0, 1.0, 1.0, 1.0};

typedef struct {
    mn_network network;
    mn_solver solver;
    mn_error error;
    uint8_t role[N_ELECTRODES];
    double value[N_ELECTRODES];
    double potential[2][N_NODES], voltage[2][N_ELECTRODES], current[2][N_ELECTRODES], conductance;
} circuit;

/* Electrodes at 0 V and at 0 V. */
static void start(circuit *c, const char *backend, bool is_complex)
{
    static const int32_t edges[2 * N_EDGES] = {0, 2, 2, 3, 3, 1, 4, 5}, electrode[N_NODES] = {0, 1, -1, -1, -1, -1};
    memset(c, 0, sizeof(*c));
    mn_error_clear(&c->error);
    c->role[0] = c->role[1] = MN_VOLTAGE;
    NEED(mn_network_init(&c->network, N_NODES, N_EDGES, edges, NULL, N_ELECTRODES, electrode, &c->error) == MN_OK);
    NEED(mn_solver_init(&c->solver, backend, &c->network, is_complex, NULL, &c->error) == MN_OK);
}

static void stop(circuit *c)
{
    mn_solver_free(&c->solver);
    mn_network_free(&c->network);
}

static int factor(circuit *c, const double *real, const double *imag)
{
    return mn_solver_factor(&c->solver, real, imag, -1, NULL, &c->error);
}

static int solve(circuit *c, const double *imag, const double *injected, const double *injected_imag)
{
    const mn_boundary boundary = {.role = c->role, .value = c->value, .imag = imag};
    const mn_solution solution = {.potential = c->potential[0],
                                  .potential_imag = c->potential[1],
                                  .voltage = c->voltage[0],
                                  .voltage_imag = c->voltage[1],
                                  .current = c->current[0],
                                  .current_imag = c->current[1],
                                  .conductance = &c->conductance};
    mn_error_clear(&c->error);
    return mn_solver_solve(&c->solver, &boundary, injected, injected_imag, &solution, &c->error);
}

static bool near(double found, double exact)
{
    return fabs(found - exact) <= 1e-14;
}

/* A solver made for real numbers takes no imaginary ones, whatever the scale. */
static void test_unsupported(check_count *count, const char *backend)
{
    const double small[N_EDGES] = {1e-200, 1e-200, 1e-200, 1e-200}, zero[N_NODES] = {0.0}, far[N_NODES] = {1e200};
    circuit c;
    start(&c, backend, false);
    CHECK(count, factor(&c, ones, ones) == MN_ERR_UNSUPPORTED);
    CHECK(count, factor(&c, small, small) == MN_ERR_UNSUPPORTED);
    CHECK(count, factor(&c, ones, NULL) == MN_OK);
    CHECK(count, solve(&c, zero, NULL, NULL) == MN_ERR_UNSUPPORTED);
    CHECK(count, solve(&c, NULL, NULL, zero) == MN_ERR_UNSUPPORTED);
    c.value[0] = 1e200;
    CHECK(count, solve(&c, zero, NULL, NULL) == MN_ERR_UNSUPPORTED);
    CHECK(count, solve(&c, NULL, NULL, far) == MN_ERR_UNSUPPORTED);
    const mn_boundary boundary = {.role = c.role, .value = c.value, .imag = zero};
    const mn_solution solution = {.current = c.current[0]};
    CHECK(count, mn_solver_solve_many(&c.solver, 1, ones, &boundary, &solution, &c.error) == MN_ERR_UNSUPPORTED);
    mn_solver_free(&c.solver);
    CHECK(count, mn_solver_solve_many(&c.solver, 1, ones, &boundary, &solution, &c.error) == MN_ERR_BUG);
    stop(&c);
}

static void test_bad_currents(check_count *count, const char *backend)
{
    const double bad[N_NODES] = {0.0, 0.0, 1.0, (double)NAN}, island[N_NODES] = {0.0, 0.0, 0.0, 0.0, 0.0, 2.0};
    const double far[N_NODES] = {0.0, 0.0, 1e200, 1e-200}, far_island[N_NODES] = {[5] = 2e200};
    circuit c;
    for (int is_complex = 0; is_complex < 2; is_complex++) {
        start(&c, backend, is_complex);
        NEED(factor(&c, ones, NULL) == MN_OK);
        CHECK(count, solve(&c, NULL, bad, NULL) == MN_ERR_NOT_FINITE_DRIVE && c.error.node == 3);
        CHECK(count, isnan(c.error.value));
        CHECK(count, solve(&c, NULL, island, NULL) == MN_ERR_CURRENT_ISLAND && c.error.node >= 4);
        CHECK(count, solve(&c, NULL, far, NULL) == MN_ERR_RANGE && c.error.node == 3 && c.error.value == 1e-200);
        CHECK(count, solve(&c, NULL, far_island, NULL) == MN_ERR_CURRENT_ISLAND && c.error.node == 5);
        c.role[0] = c.role[1] = MN_CURRENT;
        c.value[0] = 1e200, c.value[1] = -0.5e200; /* as the caller gave it, not as it was scaled */
        CHECK(count, solve(&c, NULL, NULL, NULL) == MN_ERR_CURRENT_SUM && fabs(c.error.value / 0.5e200 - 1.0) < 1e-15);
        if (is_complex) {
            c.role[0] = c.role[1] = MN_VOLTAGE;
            c.value[0] = c.value[1] = 0.0;
            CHECK(count, solve(&c, NULL, NULL, island) == MN_ERR_CURRENT_ISLAND && c.error.node >= 4);
        }
        stop(&c);
    }
}

/* The replica that is refused is named. */
static void test_bad_replicas(check_count *count, const char *backend)
{
    double g[9 * N_EDGES], value[9 * N_ELECTRODES] = {0.0}, current[9 * N_ELECTRODES];
    circuit c;
    start(&c, backend, false);
    for (int k = 0; k < 9 * N_EDGES; k++) {
        g[k] = 1.0;
    }
    value[7 * N_ELECTRODES] = (double)NAN;
    const mn_boundary boundary = {.role = c.role, .value = value};
    const mn_solution solution = {.current = current};
    CHECK(count, mn_solver_solve_many(&c.solver, 9, g, &boundary, &solution, &c.error) == MN_ERR_NOT_FINITE_DRIVE);
    CHECK(count, c.error.replica == 7 && c.error.electrode == 0);
    value[7 * N_ELECTRODES] = 0.0;
    c.role[0] = MN_FLOATING, c.role[1] = MN_FLOATING;
    mn_error_clear(&c.error);
    CHECK(count, mn_solver_solve_many(&c.solver, 9, g, &boundary, &solution, &c.error) == MN_ERR_NO_DRIVE);
    CHECK(count, c.error.replica == 0);
    stop(&c);
}

/* 3 A at a third of the way: with the currents, the conductances or both times 2^k, what follows is exact with them. */
static void test_scaled_currents(check_count *count, const char *backend)
{
    const int amperes[4] = {-800, 700, 0, 900}, siemens[4] = {0, 0, 700, 800};
    circuit c;
    start(&c, backend, false);
    for (int k = 0; k < 4; k++) {
        double g[N_EDGES], injected[N_NODES] = {0.0, 0.0, ldexp(3.0, amperes[k])};
        for (int e = 0; e < N_EDGES; e++) {
            g[e] = ldexp(1.0, siemens[k]);
        }
        CHECK(count, factor(&c, g, NULL) == MN_OK && solve(&c, NULL, injected, NULL) == MN_OK);
        CHECK(count, near(ldexp(c.potential[0][2], siemens[k] - amperes[k]), 2.0));
        CHECK(count,
              near(ldexp(c.current[0][0], -amperes[k]), -2.0) && near(ldexp(c.current[0][1], -amperes[k]), -1.0));
    }
    stop(&c);
}

/* What a double cannot hold is refused by its name, not given back as infinite. */
static void test_overflow(check_count *count, const char *backend)
{
    const double small[N_EDGES] = {1e-200, 1e-200, 1e-200, 1e-200}, injected[N_NODES] = {0.0, 0.0, 1e150};
    const double large[N_EDGES] = {DBL_MAX, DBL_MAX, DBL_MAX, DBL_MAX};
    circuit c;
    start(&c, backend, false);
    NEED(factor(&c, small, NULL) == MN_OK);
    CHECK(count, solve(&c, NULL, injected, NULL) == MN_ERR_NOT_FINITE_POTENTIAL && c.error.node == 2);
    CHECK(count, strcmp(c.error.noun, "potential") == 0);
    NEED(factor(&c, large, NULL) == MN_OK);
    c.value[0] = 4.0;
    CHECK(count, solve(&c, NULL, NULL, NULL) == MN_ERR_NOT_FINITE_POTENTIAL && strcmp(c.error.noun, "current") == 0);
    c.value[0] = 1e-3;
    CHECK(count, solve(&c, NULL, NULL, NULL) == MN_OK && near(c.current[0][0] / DBL_MAX, 1e-3 / 3.0));
    stop(&c);
}

/* Two electrodes that two edges of DBL_MAX join: no double is their conductance, though it is that of no current. */
static void test_conductance_overflow(check_count *count)
{
    const int32_t edges[4] = {0, 1, 0, 1}, electrode[2] = {0, 1};
    const double large[2] = {DBL_MAX, DBL_MAX};
    double current[2], conductance;
    circuit c;
    start(&c, "kron", false);
    stop(&c);
    NEED(mn_network_init(&c.network, 2, 2, edges, NULL, 2, electrode, &c.error) == MN_OK);
    NEED(mn_solver_init(&c.solver, "kron", &c.network, false, NULL, &c.error) == MN_OK);
    NEED(factor(&c, large, NULL) == MN_OK);
    c.value[0] = 1e-3;
    const mn_boundary boundary = {.role = c.role, .value = c.value};
    const mn_solution solution = {.current = current, .conductance = &conductance};
    mn_error_clear(&c.error);
    CHECK(count, mn_solver_solve(&c.solver, &boundary, NULL, NULL, &solution, &c.error) == MN_ERR_NOT_FINITE_POTENTIAL);
    CHECK(count, c.error.noun != NULL && strcmp(c.error.noun, "conductance") == 0);
    stop(&c);
}

/* Complex currents into nodes, by hand. Edges of admittance j: v = -j times what edges of 1 S give. */
static void test_complex_currents(check_count *count, const char *backend)
{
    const double real[N_NODES] = {0.0, 0.0, 3.0}, imag[N_NODES] = {0.0, 0.0, 0.0, 6.0}, zero[N_EDGES] = {0.0};
    const double at_ends[N_ELECTRODES] = {0.0, 0.0};
    circuit c;
    start(&c, backend, true);
    CHECK(count, factor(&c, ones, NULL) == MN_OK && solve(&c, at_ends, real, imag) == MN_OK);
    CHECK(count, near(c.potential[0][2], 2.0) && near(c.potential[0][3], 1.0));
    CHECK(count, near(c.potential[1][2], 2.0) && near(c.potential[1][3], 4.0));
    CHECK(count, near(c.current[0][0], -2.0) && near(c.current[1][0], -2.0));
    CHECK(count, near(c.current[0][1], -1.0) && near(c.current[1][1], -4.0));
    CHECK(count, isnan(c.potential[0][4]) && isnan(c.potential[1][5]) && isnan(c.conductance));
    CHECK(count, factor(&c, zero, ones) == MN_OK && solve(&c, at_ends, real, imag) == MN_OK);
    CHECK(count, near(c.potential[0][2], 2.0) && near(c.potential[0][3], 4.0));
    CHECK(count, near(c.potential[1][2], -2.0) && near(c.potential[1][3], -1.0));
    CHECK(count, near(c.current[0][0], -2.0) && near(c.current[1][0], -2.0));
    /* a current driven into an electrode that nothing holds, and one that its neighbour's voltage holds */
    c.role[0] = MN_CURRENT;
    c.value[0] = 1.5;
    CHECK(count, solve(&c, at_ends, NULL, NULL) == MN_OK);
    CHECK(count, near(c.voltage[0][0], 0.0) && near(c.voltage[1][0], -4.5) && near(c.current[0][1], -1.5));
    CHECK(count, factor(&c, zero, zero) == MN_OK && solve(&c, at_ends, NULL, NULL) == MN_ERR_CURRENT_ISLAND);
    CHECK(count, c.error.electrode == 0);
    stop(&c);
}

int main(void)
{
    check_count count = {0, 0};
    for (size_t k = 0; k < sizeof(BACKENDS) / sizeof(*BACKENDS); k++) {
        test_unsupported(&count, BACKENDS[k]);
        test_bad_currents(&count, BACKENDS[k]);
        test_bad_replicas(&count, BACKENDS[k]);
        test_scaled_currents(&count, BACKENDS[k]);
        test_overflow(&count, BACKENDS[k]);
        test_complex_currents(&count, BACKENDS[k]);
    }
    test_conductance_overflow(&count);
    return check_report(&count, "solver limits");
}
