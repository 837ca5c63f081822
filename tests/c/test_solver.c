/* One test for every solver backend: closed forms by hand, and a dense long double elimination written on its own. */
#include "check.h"
#include "circuit.h"
#include "circuit/solver.h"
#include "memnet.h"

#include <math.h>
#include <string.h>

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
    }
    test_dispatch(&n);
    return check_report(&n, "solver");
}
