/* One test for every solver backend: closed forms by hand, and a dense long double elimination written on its own. */
#include "check.h"
#include "memnet.h"
#include "circuit/solver.h"

#include <math.h>
#include <string.h>

enum { MAX_NODES = 64, MAX_EDGES = 512, MAX_ELECTRODES = 8 };

static const char *const BACKENDS[] = {"kron", "umfpack"};

/* A small circuit under test with everything it gives back. */
typedef struct {
    mn_network network;
    mn_solver solver;
    mn_error error;
    uint8_t role[MAX_ELECTRODES];
    double value[MAX_ELECTRODES];
    double potential[MAX_NODES], voltage[MAX_ELECTRODES], current[MAX_ELECTRODES], conductance;
} circuit;

static bool near_to(double x, double y, double tolerance)
{
    return fabs(x - y) <= tolerance * (fabs(y) > 1.0 ? fabs(y) : 1.0);
}

/* electrodes: n_electrodes nodes, one each. */
static void circuit_init(circuit *c, const char *backend, int64_t n_nodes, int64_t n_edges, const int32_t *edges,
                         int64_t n_electrodes, const int32_t *electrodes)
{
    int32_t electrode[MAX_NODES];
    for (int64_t i = 0; i < n_nodes; i++) {
        electrode[i] = -1;
    }
    for (int64_t e = 0; e < n_electrodes; e++) {
        electrode[electrodes[e]] = (int32_t)e;
    }
    memset(c, 0, sizeof *c);
    mn_error_clear(&c->error);
    NEED(mn_network_init(&c->network, n_nodes, n_edges, edges, NULL, n_electrodes, electrode, &c->error) == MN_OK);
    NEED(mn_solver_init(&c->solver, backend, &c->network, false, NULL, &c->error) == MN_OK);
}

static void circuit_free(circuit *c)
{
    mn_solver_free(&c->solver);
    mn_network_free(&c->network);
}

static int factor(circuit *c, const double *g)
{
    return mn_solver_factor(&c->solver, g, NULL, -1, NULL, &c->error);
}

static int solve(circuit *c, const double *injected)
{
    const mn_boundary boundary = {.role = c->role, .value = c->value};
    const mn_solution solution = {
        .potential = c->potential, .voltage = c->voltage, .current = c->current, .conductance = &c->conductance};
    mn_error_clear(&c->error);
    return mn_solver_solve(&c->solver, &boundary, injected, NULL, &solution, &c->error);
}

static void drive(circuit *c, int64_t electrode, mn_role role, double value)
{
    c->role[electrode] = (uint8_t)role;
    c->value[electrode] = value;
}

/* ------------------------------------------------------------------ by hand */

static void test_chain(check_count *n, const char *backend)
{
    /* 0 - 1 - 2 - 3 with 1, 2 and 4 S: 1.75 ohm in all */
    const int32_t edges[] = {0, 1, 1, 2, 2, 3}, ends[] = {0, 3};
    const double g[] = {1.0, 2.0, 4.0};
    circuit c;
    circuit_init(&c, backend, 4, 3, edges, 2, ends);
    drive(&c, 0, MN_VOLTAGE, 3.5);
    drive(&c, 1, MN_VOLTAGE, 0.0);
    CHECK(n, factor(&c, g) == MN_OK);
    CHECK(n, solve(&c, NULL) == MN_OK);
    CHECK(n, near_to(c.potential[0], 3.5, 1e-15) && near_to(c.potential[3], 0.0, 1e-15));
    CHECK(n, near_to(c.potential[1], 1.5, 1e-14));
    CHECK(n, near_to(c.potential[2], 0.5, 1e-14));
    CHECK(n, near_to(c.current[0], 2.0, 1e-14) && near_to(c.current[1], -2.0, 1e-14));
    CHECK(n, near_to(c.conductance, 1.0 / 1.75, 1e-14));
    CHECK(n, c.voltage[0] == 3.5 && c.voltage[1] == 0.0);
    circuit_free(&c);
}

static void test_parallel_edges(check_count *n, const char *backend)
{
    /* three edges side by side, then one; one edge given the other way round */
    const int32_t edges[] = {0, 1, 1, 0, 0, 1, 1, 2}, ends[] = {0, 2};
    const double g[] = {1.0, 2.0, 3.0, 2.0};
    circuit c;
    circuit_init(&c, backend, 3, 4, edges, 2, ends);
    drive(&c, 0, MN_VOLTAGE, 1.0);
    drive(&c, 1, MN_VOLTAGE, 0.0);
    CHECK(n, factor(&c, g) == MN_OK && solve(&c, NULL) == MN_OK);
    CHECK(n, near_to(c.potential[1], 0.75, 1e-14));
    CHECK(n, near_to(c.conductance, 1.5, 1e-14));
    circuit_free(&c);
}

static void test_star(check_count *n, const char *backend)
{
    /* four electrodes around node 4: it sits at the mean weighted by conductance */
    const int32_t edges[] = {0, 4, 1, 4, 2, 4, 4, 3}, ends[] = {0, 1, 2, 3};
    const double g[] = {1.0, 2.0, 3.0, 4.0};
    double matrix[16];
    circuit c;
    circuit_init(&c, backend, 5, 4, edges, 4, ends);
    for (int64_t e = 0; e < 4; e++) {
        drive(&c, e, MN_VOLTAGE, (double)(e + 1));
    }
    CHECK(n, factor(&c, g) == MN_OK && solve(&c, NULL) == MN_OK);
    CHECK(n, near_to(c.potential[4], 3.0, 1e-14));
    for (int64_t e = 0; e < 4; e++) {
        CHECK(n, near_to(c.current[e], g[e] * ((double)(e + 1) - 3.0), 1e-13));
    }
    CHECK(n, mn_solver_terminal(&c.solver, matrix, &c.error) == MN_OK);
    for (int64_t i = 0; i < 4; i++) {
        double sum = 0.0;
        for (int64_t j = 0; j < 4; j++) {
            const double mesh = -g[i] * g[j] / 10.0; /* star-mesh */
            CHECK(n, near_to(matrix[4 * i + j], i == j ? g[i] + mesh : mesh, 1e-14));
            CHECK(n, near_to(matrix[4 * i + j], matrix[4 * j + i], 1e-15));
            sum += matrix[4 * i + j];
        }
        CHECK(n, fabs(sum) < 1e-15);
    }
    circuit_free(&c);
}

static void test_bridge(check_count *n, const char *backend)
{
    /* Wheatstone bridge, resistances R1..R4 and Rg: node 1 and 2 between 0 and 3 */
    const int32_t edges[] = {0, 1, 0, 2, 1, 3, 2, 3, 1, 2}, ends[] = {0, 3};
    const double r1 = 1.0, r2 = 2.0, r3 = 3.0, r4 = 4.0, rg = 5.0;
    const double g[] = {1 / r1, 1 / r2, 1 / r3, 1 / r4, 1 / rg};
    circuit c;
    circuit_init(&c, backend, 4, 5, edges, 2, ends);
    drive(&c, 0, MN_VOLTAGE, 10.0);
    drive(&c, 1, MN_VOLTAGE, 0.0);
    CHECK(n, factor(&c, g) == MN_OK && solve(&c, NULL) == MN_OK);
    /* bridge current from Thevenin: open-circuit voltage over source resistance plus Rg */
    const double open = 10.0 * (r3 / (r1 + r3) - r4 / (r2 + r4));
    const double source = r1 * r3 / (r1 + r3) + r2 * r4 / (r2 + r4);
    CHECK(n, near_to((c.potential[1] - c.potential[2]) / rg, open / (source + rg), 1e-13));
    /* balanced bridge: no current through Rg */
    const double balanced[] = {1.0, 0.5, 1.0 / 3.0, 1.0 / 6.0, 0.2};
    CHECK(n, factor(&c, balanced) == MN_OK && solve(&c, NULL) == MN_OK);
    CHECK(n, near_to(c.potential[1], 7.5, 1e-14) && near_to(c.potential[2], 7.5, 1e-14));
    circuit_free(&c);
}

static void test_floating_and_current(check_count *n, const char *backend)
{
    /* 0 - 3 - 1, 3 - 2: electrodes 0, 1, 2 on nodes 0, 1, 2 */
    const int32_t edges[] = {0, 3, 3, 1, 3, 2}, ends[] = {0, 1, 2};
    const double g[] = {1.0, 1.0, 4.0};
    circuit c;
    circuit_init(&c, backend, 4, 3, edges, 3, ends);
    CHECK(n, factor(&c, g) == MN_OK);
    drive(&c, 0, MN_VOLTAGE, 2.0);
    drive(&c, 1, MN_VOLTAGE, 0.0);
    drive(&c, 2, MN_FLOATING, 99.0);
    CHECK(n, solve(&c, NULL) == MN_OK);
    CHECK(n, near_to(c.voltage[2], 1.0, 1e-14) && near_to(c.potential[2], 1.0, 1e-14) && c.current[2] == 0.0);
    CHECK(n, near_to(c.conductance, 0.5, 1e-14));
    /* the same factor, 1 A into electrode 2: 1 + 1/2 above the middle of 2 and 0 V, and 1/4 ohm more */
    drive(&c, 2, MN_CURRENT, 1.0);
    CHECK(n, solve(&c, NULL) == MN_OK);
    CHECK(n, near_to(c.potential[3], 1.5, 1e-14));
    CHECK(n, near_to(c.voltage[2], 1.75, 1e-14));
    CHECK(n, c.current[2] == 1.0 && near_to(c.current[0], 0.5, 1e-14) && near_to(c.current[1], -1.5, 1e-14));
    CHECK(n, near_to(c.conductance, 5.0 / 6.0, 1e-14)); /* to electrodes 1 and 2 joined */
    /* read between 1 and 2, 0 floating */
    drive(&c, 0, MN_FLOATING, 0.0);
    drive(&c, 1, MN_VOLTAGE, 0.0);
    drive(&c, 2, MN_VOLTAGE, 1.0);
    CHECK(n, solve(&c, NULL) == MN_OK);
    CHECK(n, near_to(c.current[2], 0.8, 1e-14) && near_to(c.voltage[0], 0.8, 1e-14));
    /* currents only: the first electrode is at 0 V, driven or not */
    drive(&c, 0, MN_CURRENT, 1.0);
    drive(&c, 1, MN_CURRENT, -1.0);
    drive(&c, 2, MN_FLOATING, 0.0);
    CHECK(n, solve(&c, NULL) == MN_OK);
    CHECK(n, c.voltage[0] == 0.0 && near_to(c.voltage[1], -2.0, 1e-14) && near_to(c.voltage[2], -1.0, 1e-14));
    CHECK(n, c.current[0] == 1.0 && c.current[1] == -1.0 && near_to(c.conductance, 0.5, 1e-14));
    drive(&c, 0, MN_FLOATING, 0.0);
    drive(&c, 1, MN_CURRENT, -1.0);
    drive(&c, 2, MN_CURRENT, 1.0);
    CHECK(n, solve(&c, NULL) == MN_OK);
    CHECK(n, c.voltage[0] == 0.0 && near_to(c.voltage[1], -1.0, 1e-14) && near_to(c.voltage[2], 0.25, 1e-14));
    CHECK(n, c.current[0] == 0.0 && near_to(c.conductance, 0.8, 1e-14));
    /* one voltage holds the potential: the current has no way back but through it */
    drive(&c, 0, MN_VOLTAGE, 5.0);
    drive(&c, 1, MN_CURRENT, -1.0);
    drive(&c, 2, MN_FLOATING, 0.0);
    CHECK(n, solve(&c, NULL) == MN_OK);
    CHECK(n, near_to(c.voltage[1], 3.0, 1e-14) && near_to(c.current[0], 1.0, 1e-14));
    /* one driven electrode alone: everything at its potential, no conductance */
    drive(&c, 1, MN_FLOATING, 0.0);
    CHECK(n, solve(&c, NULL) == MN_OK);
    CHECK(n, near_to(c.potential[3], 5.0, 1e-15) && near_to(c.voltage[2], 5.0, 1e-15));
    CHECK(n, near_to(c.current[0], 0.0, 1e-14) && isnan(c.conductance));
    circuit_free(&c);
}

static void test_injected(check_count *n, const char *backend)
{
    /* 0 - 2 - 3 - 1, 1 S each, electrodes on 0 and 1 */
    const int32_t edges[] = {0, 2, 2, 3, 3, 1}, ends[] = {0, 1};
    const double g[] = {1.0, 1.0, 1.0};
    const double one[] = {0.0, 0.0, 3.0, 0.0};
    const double pair[] = {0.0, 0.0, 1.0, -1.0};
    const double at_electrodes[] = {0.5, 1.5, 0.0, 0.0};
    circuit c;
    circuit_init(&c, backend, 4, 3, edges, 2, ends);
    drive(&c, 0, MN_VOLTAGE, 0.0);
    drive(&c, 1, MN_VOLTAGE, 0.0);
    CHECK(n, factor(&c, g) == MN_OK);
    CHECK(n, solve(&c, one) == MN_OK); /* 3 A at a third of the way: 2 A leave by the near end */
    CHECK(n, near_to(c.potential[2], 2.0, 1e-14) && near_to(c.potential[3], 1.0, 1e-14));
    CHECK(n, near_to(c.current[0], -2.0, 1e-14) && near_to(c.current[1], -1.0, 1e-14));
    CHECK(n, solve(&c, pair) == MN_OK);
    CHECK(n, near_to(c.potential[2], 1.0 / 3.0, 1e-14) && near_to(c.potential[3], -1.0 / 3.0, 1e-14));
    /* at an electrode that is held, an injected current takes the place of the drive's own */
    CHECK(n, solve(&c, at_electrodes) == MN_OK);
    CHECK(n, near_to(c.current[0], -0.5, 1e-14) && near_to(c.current[1], -1.5, 1e-14));
    CHECK(n, near_to(c.potential[2], 0.0, 1e-14));
    /* and at a floating one it drives it */
    drive(&c, 1, MN_FLOATING, 0.0);
    CHECK(n, solve(&c, at_electrodes) == MN_OK);
    CHECK(n, near_to(c.voltage[1], 4.5, 1e-14) && near_to(c.current[0], -2.0, 1e-14) && c.current[1] == 0.0);
    /* no voltage at all: injected and driven currents together must vanish */
    drive(&c, 0, MN_CURRENT, -3.0);
    CHECK(n, solve(&c, one) == MN_OK);
    CHECK(n, c.voltage[0] == 0.0 && near_to(c.potential[2], 3.0, 1e-14) && near_to(c.voltage[1], 3.0, 1e-14));
    CHECK(n, solve(&c, pair) == MN_ERR_CURRENT_SUM && c.error.code == MN_ERR_CURRENT_SUM && c.error.value == -3.0);
    circuit_free(&c);
}

static void test_cut(check_count *n, const char *backend)
{
    /* 0 - 2 - 3 - 4 - 1 and an island 5 - 6; electrodes on 0 and 1 */
    const int32_t edges[] = {0, 2, 2, 3, 3, 4, 4, 1, 5, 6}, ends[] = {0, 1};
    const double whole[] = {1.0, 1.0, 1.0, 1.0, 1.0};
    const double cut[] = {1.0, 0.0, 0.0, 1.0, 0.0};
    const double dead[] = {0.0, 0.0, 0.0, 0.0, 0.0};
    double injected[7] = {0.0};
    circuit c;
    circuit_init(&c, backend, 7, 5, edges, 2, ends);
    drive(&c, 0, MN_VOLTAGE, 4.0);
    drive(&c, 1, MN_VOLTAGE, 0.0);
    CHECK(n, factor(&c, whole) == MN_OK && solve(&c, NULL) == MN_OK);
    CHECK(n, near_to(c.potential[3], 2.0, 1e-14) && near_to(c.current[0], 1.0, 1e-14));
    CHECK(n, isnan(c.potential[5]) && isnan(c.potential[6]));
    CHECK(n, factor(&c, cut) == MN_OK && solve(&c, NULL) == MN_OK);
    CHECK(n, near_to(c.potential[2], 4.0, 1e-15) && near_to(c.potential[4], 0.0, 1e-15) && isnan(c.potential[3]));
    CHECK(n, c.current[0] == 0.0 && c.current[1] == 0.0 && c.conductance == 0.0);
    CHECK(n, isnan(c.potential[5]) && isnan(c.potential[6]));
    /* a current into what is cut off, by node and by electrode */
    injected[3] = 1.0;
    CHECK(n, solve(&c, injected) == MN_ERR_CURRENT_ISLAND && c.error.node == 3 && c.error.value == 1.0);
    CHECK(n, factor(&c, whole) == MN_OK && solve(&c, injected) == MN_OK);
    injected[5] = 2.0;
    injected[6] = -2.0;
    CHECK(n, solve(&c, injected) == MN_ERR_CURRENT_ISLAND && c.error.node == 5);
    injected[5] = injected[6] = 0.0;
    CHECK(n, solve(&c, injected) == MN_OK && isnan(c.potential[5]));
    drive(&c, 1, MN_CURRENT, -1.0);
    CHECK(n, solve(&c, NULL) == MN_OK && near_to(c.voltage[1], 0.0, 1e-14));
    CHECK(n, factor(&c, cut) == MN_OK);
    CHECK(n, solve(&c, NULL) == MN_ERR_CURRENT_ISLAND && c.error.electrode == 1 && c.error.value == -1.0);
    drive(&c, 1, MN_CURRENT, 0.0);
    CHECK(n, solve(&c, NULL) == MN_OK && isnan(c.voltage[1]) && isnan(c.potential[4]) && c.potential[2] == 4.0);
    drive(&c, 1, MN_FLOATING, 0.0);
    CHECK(n, solve(&c, NULL) == MN_OK && isnan(c.voltage[1]) && c.current[1] == 0.0);
    /* no edge conducts */
    drive(&c, 1, MN_VOLTAGE, 1.0);
    CHECK(n, factor(&c, dead) == MN_OK && solve(&c, NULL) == MN_OK);
    CHECK(n, c.voltage[0] == 4.0 && c.voltage[1] == 1.0 && c.current[0] == 0.0 && c.conductance == 0.0);
    for (int i = 2; i < 7; i++) {
        CHECK(n, isnan(c.potential[i]));
    }
    /* currents that balance, but not in the reference's part */
    drive(&c, 0, MN_CURRENT, 1.0);
    drive(&c, 1, MN_CURRENT, -1.0);
    CHECK(n, solve(&c, NULL) == MN_ERR_CURRENT_ISLAND && c.error.electrode == 1);
    circuit_free(&c);
}

static void test_electrode_edges(check_count *n, const char *backend)
{
    /* electrode 0 has nodes 0 and 1, joined by an edge; an edge joins the electrodes; node 3 lies between */
    const int32_t edges[] = {0, 1, 0, 2, 1, 3, 3, 2};
    const int32_t electrode[] = {0, 0, 1, -1};
    const double g[] = {7.0, 2.0, 1.0, 1.0};
    const double changed[] = {9.0, 3.0, 1.0, 1.0};
    const int32_t which[] = {0, 1};
    circuit c;
    memset(&c, 0, sizeof c);
    NEED(mn_network_init(&c.network, 4, 4, edges, NULL, 2, electrode, &c.error) == MN_OK);
    NEED(mn_solver_init(&c.solver, backend, &c.network, false, NULL, &c.error) == MN_OK);
    drive(&c, 0, MN_VOLTAGE, 2.0);
    drive(&c, 1, MN_VOLTAGE, 0.0);
    CHECK(n, factor(&c, g) == MN_OK && solve(&c, NULL) == MN_OK);
    CHECK(n, near_to(c.current[0], 5.0, 1e-14) && near_to(c.potential[3], 1.0, 1e-14));
    CHECK(n, c.potential[0] == 2.0 && c.potential[1] == 2.0 && c.potential[2] == 0.0);
    CHECK(n, mn_solver_factor(&c.solver, changed, NULL, 2, which, &c.error) == MN_OK && solve(&c, NULL) == MN_OK);
    CHECK(n, near_to(c.current[0], 7.0, 1e-14));
    CHECK(n, mn_solver_factor(&c.solver, g, NULL, 2, which, &c.error) == MN_OK && solve(&c, NULL) == MN_OK);
    CHECK(n, near_to(c.current[0], 5.0, 1e-14));
    circuit_free(&c);
}

static void test_only_electrodes(check_count *n, const char *backend)
{
    const int32_t edges[] = {0, 1}, ends[] = {0, 1};
    const double g[] = {3.0};
    circuit c;
    circuit_init(&c, backend, 2, 1, edges, 2, ends);
    drive(&c, 0, MN_VOLTAGE, 1.0);
    CHECK(n, factor(&c, g) == MN_OK && solve(&c, NULL) == MN_OK);
    CHECK(n, c.voltage[1] == 1.0 && c.current[0] == 0.0);
    drive(&c, 1, MN_VOLTAGE, 0.0);
    CHECK(n, solve(&c, NULL) == MN_OK && c.current[0] == 3.0 && c.current[1] == -3.0);
    circuit_free(&c);
}

static void test_errors(check_count *n, const char *backend)
{
    const int32_t edges[] = {0, 1, 1, 2}, ends[] = {0, 2};
    const double good[] = {1.0, 1.0}, is_nan[] = {1.0, NAN}, is_inf[] = {INFINITY, 1.0};
    circuit c;
    circuit_init(&c, backend, 3, 2, edges, 2, ends);
    CHECK(n, solve(&c, NULL) == MN_ERR_NO_FACTOR); /* no factor yet */
    CHECK(n, factor(&c, is_nan) == MN_ERR_CONDUCTANCE && c.error.edge == 1 && isnan(c.error.value));
    CHECK(n, solve(&c, NULL) == MN_ERR_NO_FACTOR);
    CHECK(n, factor(&c, is_inf) == MN_ERR_CONDUCTANCE && c.error.edge == 0 && isinf(c.error.value));
    CHECK(n, factor(&c, good) == MN_OK);
    CHECK(n, solve(&c, NULL) == MN_ERR_NO_DRIVE);
    drive(&c, 0, MN_CURRENT, 1.0);
    CHECK(n, solve(&c, NULL) == MN_ERR_CURRENT_SUM);
    drive(&c, 0, MN_VOLTAGE, NAN);
    CHECK(n, solve(&c, NULL) == MN_ERR_NOT_FINITE_DRIVE && c.error.electrode == 0);
    drive(&c, 0, MN_VOLTAGE, 1.0);
    CHECK(n, solve(&c, NULL) == MN_OK);
    mn_solver_info info;
    mn_solver_info_get(&c.solver, &info);
    CHECK(n, info.n_free == 1 && info.n_entries > 0 && info.bytes > 0);
    mn_solver_free(&c.solver);
    mn_solver_free(&c.solver);
    CHECK(n, factor(&c, good) == MN_ERR_BUG);
    circuit_free(&c);
}

static void test_dispatch(check_count *n)
{
    const int32_t edge[] = {0, 1}, ends[] = {0, 1};
    const double negative[] = {-1.0};
    mn_network network;
    mn_solver solver;
    mn_error error;
    circuit c;
    mn_error_clear(&error);
    NEED(mn_network_init(&network, 2, 1, edge, NULL, 0, NULL, &error) == MN_OK);
    CHECK(n, mn_solver_init(&solver, "klu", &network, false, NULL, &error) == MN_ERR_UNKNOWN_SOLVER);
    CHECK(n, error.code == MN_ERR_UNKNOWN_SOLVER);
    mn_solver_free(&solver);
    CHECK(n, mn_solver_init(&solver, NULL, &network, false, NULL, &error) == MN_ERR_UNKNOWN_SOLVER);
    CHECK(n, mn_solver_init(&solver, "kron", &network, false, NULL, &error) == MN_ERR_NO_ELECTRODE);
    CHECK(n, mn_solver_init(&solver, "umfpack", &network, false, NULL, &error) == MN_ERR_NO_ELECTRODE);
    mn_network_free(&network);
    circuit_init(&c, "kron", 2, 1, edge, 2, ends);
    CHECK(n, factor(&c, negative) == MN_ERR_NEGATIVE_CONDUCTANCE && c.error.edge == 0 && c.error.value == -1.0);
    mn_solver_free(&c.solver);
    const double imag[] = {1.0};
    NEED(mn_solver_init(&c.solver, "kron", &c.network, true, NULL, &c.error) == MN_OK);
    CHECK(n, mn_solver_factor(&c.solver, negative, imag, -1, NULL, &c.error) == MN_ERR_NEGATIVE_CONDUCTANCE);
    mn_solver_free(&c.solver);
    NEED(mn_solver_init(&c.solver, "umfpack", &c.network, false, NULL, &c.error) == MN_OK);
    drive(&c, 0, MN_VOLTAGE, 1.0);
    drive(&c, 1, MN_VOLTAGE, 0.0);
    CHECK(n, factor(&c, negative) == MN_OK && solve(&c, NULL) == MN_OK && c.current[0] == -1.0);
    circuit_free(&c);
}

/* Node 2 between 1 S, -1 S and nothing else: its row sums to zero. */
static void test_singular(check_count *n)
{
    const int32_t edges[] = {0, 2, 2, 1}, ends[] = {0, 1};
    const double g[] = {1.0, -1.0};
    circuit c;
    circuit_init(&c, "umfpack", 3, 2, edges, 2, ends);
    drive(&c, 0, MN_VOLTAGE, 1.0);
    drive(&c, 1, MN_VOLTAGE, 0.0);
    CHECK(n, factor(&c, g) == MN_OK && solve(&c, NULL) == MN_ERR_SINGULAR && c.error.backend_status == 1);
    circuit_free(&c);
}

/* A resistor R = 2 in series with a capacitor of admittance j: the divider 1 / (1 + 2j), by hand. */
static void test_complex(check_count *n, const char *backend)
{
    const int32_t edges[] = {0, 2, 2, 1}, ends[] = {0, 1};
    const double g[] = {0.5, 0.0}, susceptance[] = {0.0, 1.0}, zero[] = {0.0, 0.0};
    double potential_imag[3], current_imag[2];
    circuit c;
    circuit_init(&c, backend, 3, 2, edges, 2, ends);
    mn_solver_free(&c.solver);
    NEED(mn_solver_init(&c.solver, backend, &c.network, true, NULL, &c.error) == MN_OK);
    drive(&c, 0, MN_VOLTAGE, 1.0);
    drive(&c, 1, MN_VOLTAGE, 0.0);
    const mn_boundary boundary = {.role = c.role, .value = c.value, .imag = zero};
    const mn_solution solution = {
        .potential = c.potential, .potential_imag = potential_imag, .current = c.current, .current_imag = current_imag};
    CHECK(n, mn_solver_factor(&c.solver, g, susceptance, -1, NULL, &c.error) == MN_OK);
    CHECK(n, mn_solver_solve(&c.solver, &boundary, NULL, NULL, &solution, &c.error) == MN_OK);
    CHECK(n, near_to(c.potential[2], 0.2, 1e-14) && near_to(potential_imag[2], -0.4, 1e-14));
    /* I = (1 - v) / 2 */
    CHECK(n, near_to(c.current[0], 0.4, 1e-14) && near_to(current_imag[0], 0.2, 1e-14));
    CHECK(n, near_to(c.current[1], -0.4, 1e-14) && near_to(current_imag[1], -0.2, 1e-14));
    circuit_free(&c);
}

/* Two capacitors whose admittances add up to more than a double holds, by a call that says which edges changed; and a
 * refusal names the number that is refused, also of a problem that is scaled. */
static void test_complex_far_from_1(check_count *n, const char *backend)
{
    const int32_t edges[] = {0, 2, 2, 1}, ends[] = {0, 1}, changed[] = {0, 1};
    const double none[] = {0.0, 0.0}, near_one[] = {1.0, 1.0}, far[] = {0x1.8p1023, 0x1.8p1023};
    const double negative[] = {1.0, -0x1p-600}, infinite[] = {1.0, INFINITY};
    double potential_imag[3], current_imag[2];
    circuit c;
    circuit_init(&c, backend, 3, 2, edges, 2, ends);
    mn_solver_free(&c.solver);
    NEED(mn_solver_init(&c.solver, backend, &c.network, true, NULL, &c.error) == MN_OK);
    drive(&c, 0, MN_VOLTAGE, 1.0);
    drive(&c, 1, MN_VOLTAGE, 0.0);
    const mn_boundary boundary = {.role = c.role, .value = c.value, .imag = none};
    const mn_solution solution = {
        .potential = c.potential, .potential_imag = potential_imag, .current = c.current, .current_imag = current_imag};
    NEED(mn_solver_factor(&c.solver, none, near_one, -1, NULL, &c.error) == MN_OK);
    CHECK(n, mn_solver_factor(&c.solver, none, far, 2, changed, &c.error) == MN_OK);
    CHECK(n, mn_solver_solve(&c.solver, &boundary, NULL, NULL, &solution, &c.error) == MN_OK);
    CHECK(n, near_to(c.potential[2], 0.5, 1e-14) && near_to(current_imag[0] / 0x1.8p1022, 1.0, 1e-14));
    CHECK(n, mn_solver_factor(&c.solver, far, infinite, -1, NULL, &c.error) == MN_ERR_CONDUCTANCE);
    CHECK(n, c.error.edge == 1 && c.error.value == INFINITY);
    if (strcmp(backend, "kron") == 0) {
        CHECK(n, mn_solver_factor(&c.solver, negative, near_one, -1, NULL, &c.error) == MN_ERR_NEGATIVE_CONDUCTANCE);
        CHECK(n, c.error.edge == 1 && c.error.value == -0x1p-600);
    }
    circuit_free(&c);
}

/* An inductor and a capacitor of susceptances b and -b meet at a node: nothing is left of their sum. */
static void test_resonance(check_count *n)
{
    const int32_t edges[] = {0, 2, 2, 1}, ends[] = {0, 1};
    const double g[] = {0.0, 0.0}, resonant[] = {0.7, -0.7}, near_by[] = {0.7, -0.7 - 0x1p-30}, zero[] = {0.0, 0.0};
    double potential_imag[3];
    mn_solver_info info;
    circuit c;
    circuit_init(&c, "kron", 3, 2, edges, 2, ends);
    mn_solver_free(&c.solver);
    NEED(mn_solver_init(&c.solver, "kron", &c.network, true, NULL, &c.error) == MN_OK);
    drive(&c, 0, MN_VOLTAGE, 1.0);
    drive(&c, 1, MN_VOLTAGE, 0.0);
    const mn_boundary boundary = {.role = c.role, .value = c.value, .imag = zero};
    const mn_solution solution = {.potential = c.potential, .potential_imag = potential_imag};
    CHECK(n, mn_solver_factor(&c.solver, g, resonant, -1, NULL, &c.error) == MN_ERR_SINGULAR);
    CHECK(n, mn_solver_solve(&c.solver, &boundary, NULL, NULL, &solution, &c.error) == MN_ERR_NO_FACTOR);
    CHECK(n, mn_solver_factor(&c.solver, g, near_by, -1, NULL, &c.error) == MN_OK);
    CHECK(n, mn_solver_solve(&c.solver, &boundary, NULL, NULL, &solution, &c.error) == MN_OK);
    mn_solver_info_get(&c.solver, &info);
    CHECK(n, info.ill_conditioned && info.error_bound > 1e-7 && info.error_bound < 1e-4);
    CHECK(n, near_to(c.potential[2], -0.7 * 0x1p30, 1e-4 * 0x1p30));
    circuit_free(&c);
}

/* ------------------------------------------------------------------ far from 1 */

/* A chain of three edges g, solved in numbers near 1 and in the same numbers times powers of two: the same bits with
 * kron; UMFPACK has rows of the identity between those of the network, and may take other pivots. */
static void test_scales(check_count *n, const char *backend)
{
    const int32_t edges[] = {0, 2, 2, 3, 3, 1}, ends[] = {0, 1};
    const double g[] = {0.3, 1.7, 2.5};
    const int siemens[] = {-1000, -700, 700, 1000}, volts[] = {0, -1000, -500, 400};
    circuit near_one, far;
    circuit_init(&near_one, backend, 4, 3, edges, 2, ends);
    circuit_init(&far, backend, 4, 3, edges, 2, ends);
    drive(&near_one, 0, MN_VOLTAGE, 1.3);
    drive(&near_one, 1, MN_VOLTAGE, -0.2);
    NEED(factor(&near_one, g) == MN_OK && solve(&near_one, NULL) == MN_OK);
    for (size_t i = 0; i < 16; i++) {
        const int s = siemens[i / 4], v = volts[i % 4];
        double scaled[3];
        for (int e = 0; e < 3; e++) {
            scaled[e] = ldexp(g[e], s);
        }
        drive(&far, 0, MN_VOLTAGE, ldexp(1.3, v));
        drive(&far, 1, MN_VOLTAGE, ldexp(-0.2, v));
        CHECK(n, factor(&far, scaled) == MN_OK);
        const int ret = solve(&far, NULL);
        if (s + v > 1023) {
            CHECK(n, ret == MN_ERR_NOT_FINITE_POTENTIAL);
            continue;
        }
        CHECK(n, ret == MN_OK);
        const double tolerance = strcmp(backend, "kron") == 0 ? 0.0 : 1e-14;
        for (int k = 0; k < 4; k++) {
            CHECK(n, near_to(ldexp(far.potential[k], -v), near_one.potential[k], tolerance));
        }
        if (s + v > -1022) {
            CHECK(n, near_to(ldexp(far.current[0], -s - v), near_one.current[0], tolerance));
        }
        CHECK(n, near_to(ldexp(far.conductance, -s), near_one.conductance, tolerance));
        mn_solver_info info;
        mn_solver_info_get(&far.solver, &info);
        CHECK(n, info.underflow == (s + v < -1022 && far.current[0] != near_one.current[0]));
    }
    circuit_free(&near_one);
    circuit_free(&far);
}

/* Too many decades for one solve: refused where the smallest matters, dropped where it lies beside larger ones. */
static void test_range(check_count *n, const char *backend)
{
    const int32_t edges[] = {0, 2, 2, 1, 2, 1}, ends[] = {0, 1};
    const double bridge[] = {1e-310, 1.0, 1.0}, beside[] = {1.0, 1.0, 1e-310};
    circuit c;
    circuit_init(&c, backend, 3, 3, edges, 2, ends);
    drive(&c, 0, MN_VOLTAGE, 1.0);
    drive(&c, 1, MN_VOLTAGE, 0.0);
    CHECK(n, factor(&c, bridge) == MN_ERR_RANGE && c.error.edge == 0 && c.error.value == 1e-310);
    CHECK(n, solve(&c, NULL) == MN_ERR_NO_FACTOR);
    CHECK(n, factor(&c, beside) == MN_OK && solve(&c, NULL) == MN_OK && c.potential[2] == 0.5);
    drive(&c, 0, MN_VOLTAGE, 1e300);
    drive(&c, 1, MN_VOLTAGE, 1e-300);
    CHECK(n, solve(&c, NULL) == MN_ERR_RANGE && c.error.electrode == 1 && c.error.value == 1e-300);
    circuit_free(&c);
}

/* A gather after conductances far from 1 have come and gone. */
static void test_scale_changes(check_count *n, const char *backend)
{
    const int32_t edges[] = {0, 2, 2, 3, 3, 1}, ends[] = {0, 1}, all[] = {0, 1, 2};
    const double near_one[] = {0.3, 1.7, 2.5}, far[] = {0.3, 1e-200, 2.5};
    circuit c;
    circuit_init(&c, backend, 4, 3, edges, 2, ends);
    drive(&c, 0, MN_VOLTAGE, 1.0);
    drive(&c, 1, MN_VOLTAGE, 0.0);
    NEED(factor(&c, near_one) == MN_OK && solve(&c, NULL) == MN_OK);
    const double first = c.potential[2];
    for (int64_t repeat = 0; repeat < 2; repeat++) {
        CHECK(n, mn_solver_factor(&c.solver, far, NULL, 1, all + 1, &c.error) == MN_OK && solve(&c, NULL) == MN_OK);
        CHECK(n, c.potential[2] == 1.0 && near_to(c.current[0], 1e-200, 1e-212));
        CHECK(n, mn_solver_factor(&c.solver, near_one, NULL, 1, all + 1, &c.error) == MN_OK);
        CHECK(n, solve(&c, NULL) == MN_OK && c.potential[2] == first);
    }
    circuit_free(&c);
}

/* ------------------------------------------------------------------ accuracy of umfpack */

/* Two nodes 1 S apart that hang on the electrodes by 3 w and w: near 0.75 V. */
static void test_ill_conditioned(check_count *n)
{
    const int32_t edges[] = {0, 2, 2, 3, 3, 1}, ends[] = {0, 1};
    mn_solver_info info;
    circuit c;
    circuit_init(&c, "umfpack", 4, 3, edges, 2, ends);
    drive(&c, 0, MN_VOLTAGE, 1.0);
    drive(&c, 1, MN_VOLTAGE, 0.0);
    for (double w = 1e-4; w > 1e-22; w *= 0.3) {
        const double g[] = {3.0 * w, 1.0, w};
        NEED(factor(&c, g) == MN_OK);
        const int ret = solve(&c, NULL);
        mn_solver_info_get(&c.solver, &info);
        if (ret == MN_OK) {
            const double series = 0.75 / (1.0 + 0.75 * w), potential = 1.0 - series / 3.0;
            const double wrong = fmax(fabs(c.potential[2] - potential), fabs(c.current[0] / (series * w) - 1.0));
            CHECK(n, wrong <= fmax(3.0 * info.error_bound, 1e-14));
            CHECK(n, info.ill_conditioned == (info.error_bound > 1e-10));
            CHECK(n, w < 1e-13 || info.error_bound < 1e-10);
            CHECK(n, w > 1e-17 || info.ill_conditioned);
        } else {
            CHECK(n, ret == MN_ERR_SINGULAR && w < 1e-15);
        }
    }
    circuit_free(&c);
}

/* ------------------------------------------------------------------ dense reference */

typedef struct {
    uint64_t seed;
    uint64_t count;
} dice;

static double roll(dice *d)
{
    double u[2];
    mn_uniform2(d->seed, 0, d->count++, 0, u);
    return u[0];
}

/* Gaussian elimination with partial pivoting of a x = b in long double. */
static void dense_solve(int64_t n, long double *a, long double *b)
{
    for (int64_t k = 0; k < n; k++) {
        int64_t pivot = k;
        for (int64_t i = k + 1; i < n; i++) {
            pivot = fabsl(a[i * n + k]) > fabsl(a[pivot * n + k]) ? i : pivot;
        }
        for (int64_t j = 0; j < n; j++) {
            const long double keep = a[k * n + j];
            a[k * n + j] = a[pivot * n + j];
            a[pivot * n + j] = keep;
        }
        const long double kept = b[k];
        b[k] = b[pivot];
        b[pivot] = kept;
        for (int64_t i = k + 1; i < n; i++) {
            const long double f = a[i * n + k] / a[k * n + k];
            for (int64_t j = k; j < n; j++) {
                a[i * n + j] -= f * a[k * n + j];
            }
            b[i] -= f * b[k];
        }
    }
    for (int64_t k = n - 1; k >= 0; k--) {
        for (int64_t j = k + 1; j < n; j++) {
            b[k] -= a[k * n + j] * b[j];
        }
        b[k] /= a[k * n + k];
    }
}

/* Potentials of the circuit's nodes by one dense system over nodes; electrode nodes are tied by unit rows. */
static void dense_potentials(const circuit *c, const double *g, const double *injected, double *potential)
{
    static const long double zero = 0.0L;
    const mn_network *w = &c->network;
    const int64_t n = w->n_nodes;
    long double *a = calloc((size_t)(n * n), sizeof *a), *b = calloc((size_t)n, sizeof *b);
    int64_t leader[MAX_ELECTRODES];
    NEED(a != NULL && b != NULL);
    for (int64_t e = 0; e < MAX_ELECTRODES; e++) {
        leader[e] = -1;
    }
    for (int64_t i = 0; i < n; i++) {
        if (w->electrode[i] >= 0 && leader[w->electrode[i]] < 0) {
            leader[w->electrode[i]] = i;
        }
    }
    for (int64_t e = 0; e < w->n_edges; e++) {
        const int64_t end[2] = {w->a[e], w->b[e]};
        for (int k = 0; k < 2; k++) {
            const int64_t own = w->electrode[end[k]] >= 0 ? leader[w->electrode[end[k]]] : end[k];
            a[own * n + end[k]] += g[e];
            a[own * n + end[1 - k]] -= g[e];
        }
    }
    for (int64_t i = 0; i < n; i++) {
        const int32_t e = w->electrode[i];
        b[e >= 0 ? leader[e] : i] += injected[i];
    }
    for (int64_t i = 0; i < n; i++) {
        const int32_t e = w->electrode[i];
        if (e < 0) {
            continue;
        }
        const bool leads = leader[e] == i;
        if (leads && c->role[e] != MN_VOLTAGE) {
            b[i] += c->role[e] == MN_CURRENT ? c->value[e] : 0.0;
            continue;
        }
        for (int64_t j = 0; j < n; j++) {
            a[i * n + j] = zero;
        }
        a[i * n + i] = 1.0L;
        a[i * n + leader[e]] -= leads ? 0.0L : 1.0L;
        b[i] = leads ? c->value[e] : 0.0L;
    }
    dense_solve(n, a, b);
    for (int64_t i = 0; i < n; i++) {
        potential[i] = (double)b[i];
    }
    free(a);
    free(b);
}

/* Random connected graphs with parallel edges, electrodes of several nodes, all roles, injected currents. */
static void test_random(check_count *n, const char *backend, uint64_t seed)
{
    dice d = {seed, 0};
    const int64_t n_nodes = 10 + (int64_t)(roll(&d) * 50), n_electrodes = 2 + (int64_t)(roll(&d) * 5);
    int64_t n_edges = 0;
    int32_t edges[2 * MAX_EDGES], electrode[MAX_NODES];
    double g[MAX_EDGES], injected[MAX_NODES], expected[MAX_NODES], largest = 1.0;
    circuit c;
    for (int64_t i = 1; i < n_nodes; i++, n_edges++) { /* a tree, then more */
        edges[2 * n_edges] = (int32_t)i;
        edges[2 * n_edges + 1] = (int32_t)(roll(&d) * (double)i);
    }
    for (int64_t k = (int64_t)(roll(&d) * 150); k > 0; k--) {
        const int32_t a = (int32_t)(roll(&d) * (double)n_nodes), b = (int32_t)(roll(&d) * (double)n_nodes);
        if (a != b) {
            edges[2 * n_edges] = a;
            edges[2 * n_edges++ + 1] = b;
        }
    }
    for (int64_t i = 0; i < n_nodes; i++) {
        electrode[i] = i < n_electrodes ? (int32_t)i : roll(&d) < 0.1 ? (int32_t)(roll(&d) * (double)n_electrodes) : -1;
        injected[i] = roll(&d) < 0.3 ? 2.0 * roll(&d) - 1.0 : 0.0;
    }
    memset(&c, 0, sizeof c);
    NEED(mn_network_init(&c.network, n_nodes, n_edges, edges, NULL, n_electrodes, electrode, &c.error) == MN_OK);
    NEED(mn_solver_init(&c.solver, backend, &c.network, false, NULL, &c.error) == MN_OK);
    for (int64_t e = 0; e < n_electrodes; e++) {
        drive(&c, e, e == 0 ? MN_VOLTAGE : (mn_role)(int)(roll(&d) * 3.0), 4.0 * roll(&d) - 2.0);
    }
    for (int64_t e = 0; e < n_edges; e++) {
        g[e] = 0.1 + roll(&d);
    }
    CHECK(n, factor(&c, g) == MN_OK && solve(&c, injected) == MN_OK);
    dense_potentials(&c, g, injected, expected);
    double worst = 0.0, sum = 0.0;
    for (int64_t i = 0; i < n_nodes; i++) {
        worst = fmax(worst, fabs(c.potential[i] - expected[i]));
        largest = fmax(largest, fabs(expected[i]));
        sum += injected[i];
    }
    for (int64_t e = 0; e < n_electrodes; e++) {
        sum += c.current[e];
    }
    CHECK(n, worst <= 1e-12 * largest);
    CHECK(n, fabs(sum) <= 1e-11 * largest); /* what goes in comes out */
    circuit_free(&c);
}

int main(void)
{
    check_count n = {0, 0};
    for (size_t k = 0; k < sizeof BACKENDS / sizeof BACKENDS[0]; k++) {
        test_chain(&n, BACKENDS[k]);
        test_parallel_edges(&n, BACKENDS[k]);
        test_star(&n, BACKENDS[k]);
        test_bridge(&n, BACKENDS[k]);
        test_floating_and_current(&n, BACKENDS[k]);
        test_injected(&n, BACKENDS[k]);
        test_cut(&n, BACKENDS[k]);
        test_electrode_edges(&n, BACKENDS[k]);
        test_only_electrodes(&n, BACKENDS[k]);
        test_errors(&n, BACKENDS[k]);
        test_complex(&n, BACKENDS[k]);
        test_complex_far_from_1(&n, BACKENDS[k]);
        test_scales(&n, BACKENDS[k]);
        test_range(&n, BACKENDS[k]);
        test_scale_changes(&n, BACKENDS[k]);
        for (uint64_t seed = 0; seed < 100; seed++) {
            test_random(&n, BACKENDS[k], seed);
        }
    }
    test_dispatch(&n);
    test_singular(&n);
    test_resonance(&n);
    test_ill_conditioned(&n);
    return check_report(&n, "test_solver");
}
