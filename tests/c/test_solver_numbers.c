/* Solvers of numbers that are complex, far from 1, or close to a singular problem. */
#include "check.h"
#include "circuit.h"
#include "memnet.h"

#include <math.h>
#include <string.h>

/* ------------------------------------------------------------------ complex values */

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

/* ------------------------------------------------------------------ close to singular */

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

int main(void)
{
    check_count n = {0, 0};
    for (size_t k = 0; k < sizeof BACKENDS / sizeof BACKENDS[0]; k++) {
        test_complex(&n, BACKENDS[k]);
        test_complex_far_from_1(&n, BACKENDS[k]);
        test_scales(&n, BACKENDS[k]);
        test_range(&n, BACKENDS[k]);
        test_scale_changes(&n, BACKENDS[k]);
    }
    test_resonance(&n);
    test_singular(&n);
    test_ill_conditioned(&n);
    return check_report(&n, "solver, numbers");
}
