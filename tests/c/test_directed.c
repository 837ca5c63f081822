/* A solver of networks in which edges carry what the voltage of another edge asks for, against a circuit by hand. */
#include "check.h"
#include "circuit/solver.h"

#include <math.h>

/* 1 V over 2 S to a free node, and from there to ground 3 S and 4 S times the voltage over the first edge:
 * 2 (1 - v) = 3 v + 4 (1 - v), so v = -2 V, and 6 A flow. With `scale` all conductances are so many times larger. */
static void test_a_divider(check_count *count, double scale)
{
    static const int32_t ends[4] = {0, 1, 1, 2}, electrode[3] = {0, -1, 1};
    static const mn_transfer transfer[1] = {{.edge = 1, .control = 0}};
    static const uint8_t role[2] = {MN_VOLTAGE, MN_VOLTAGE};
    static const double value[2] = {1.0, 0.0};
    const double conductance[2] = {2.0 * scale, 3.0 * scale}, by_control[1] = {4.0 * scale};
    const mn_boundary boundary = {.role = role, .value = value};
    double potential[3], voltage[2], current[2];
    const mn_solution solution = {.potential = potential, .voltage = voltage, .current = current};
    mn_network network;
    mn_solver solver;
    mn_error error;
    mn_error_clear(&error);
    NEED(mn_network_init(&network, 3, 2, ends, NULL, 2, electrode, &error) == MN_OK);
    NEED(mn_solver_init_directed(&solver, &network, 1, transfer, NULL, &error) == MN_OK);
    CHECK(count, mn_solver_factor_directed(&solver, conductance, by_control, &error) == MN_OK);
    CHECK(count, mn_solver_solve(&solver, &boundary, NULL, NULL, &solution, &error) == MN_OK);
    CHECK(count, fabs(potential[1] + 2.0) < 1e-14);
    CHECK(count, fabs(current[0] / scale - 6.0) < 1e-13 && fabs(current[1] / scale + 6.0) < 1e-13);
    const double bad[1] = {NAN};
    CHECK(count, mn_solver_factor_directed(&solver, conductance, bad, &error) == MN_ERR_CONDUCTANCE && error.edge == 1);
    mn_solver_free(&solver);
    mn_network_free(&network);
}

int main(void)
{
    check_count count = {0, 0};
    test_a_divider(&count, 1.0);
    test_a_divider(&count, 1e-150);
    test_a_divider(&count, 1e140);
    return check_report(&count, "directed");
}
