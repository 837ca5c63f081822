/* Limits of currents: which electrodes are at theirs, with both backends, and what comes out. */
#include "circuit.h"
#include "circuit/limits.h"

/* Electrodes 0 to 3 behind 1 S each around node 4, which 1 S joins to electrode 4. */
static void build(circuit *c, const char *backend)
{
    static const int32_t edges[] = {0, 4, 1, 4, 2, 4, 3, 4, 4, 5}, electrodes[] = {0, 1, 2, 3, 5};
    const double g[] = {1.0, 1.0, 1.0, 1.0, 1.0};
    circuit_init(c, backend, 6, 5, edges, 5, electrodes);
    NEED(factor(c, g) == MN_OK);
    for (int e = 0; e < 5; e++) {
        drive(c, e, MN_VOLTAGE, 0.0);
    }
}

static int solve_limited(circuit *c, mn_limits *limits, const double *injected)
{
    const mn_boundary boundary = {.role = c->role, .value = c->value};
    const mn_solution solution = {
        .potential = c->potential, .voltage = c->voltage, .current = c->current, .conductance = &c->conductance};
    mn_error_clear(&c->error);
    return mn_limits_solve(limits, &c->solver, &boundary, injected, &solution, &c->error);
}

static void test_one(check_count *count, const char *backend)
{
    circuit c;
    mn_limits limits;
    build(&c, backend);
    NEED(mn_limits_init(&limits, 5) == MN_OK);
    drive(&c, 0, MN_VOLTAGE, 5.0);
    NEED(solve(&c, NULL) == MN_OK);
    const double free_current = c.current[0], conductance = c.conductance;
    CHECK(count, solve_limited(&c, &limits, NULL) == MN_OK && c.current[0] == free_current && limits.side[0] == 0);
    limits.limit[0] = 2.0; /* of 4 A */
    CHECK(count, solve_limited(&c, &limits, NULL) == MN_OK && c.current[0] == 2.0 && limits.side[0] == 1);
    CHECK(count, near_to(c.voltage[0], 2.5, 1e-12) && near_to(c.potential[0], 2.5, 1e-12));
    CHECK(count, near_to(c.conductance, conductance, 1e-12)); /* the port is the same */
    drive(&c, 0, MN_VOLTAGE, -5.0);
    CHECK(count, solve_limited(&c, &limits, NULL) == MN_OK && c.current[0] == -2.0 && limits.side[0] == -1);
    limits.limit[0] = 4.0; /* just reached */
    CHECK(count, solve_limited(&c, &limits, NULL) == MN_OK && near_to(c.current[0], -4.0, 1e-12));
    CHECK(count, near_to(c.voltage[0], -5.0, 1e-12));
    const double injected[6] = {0.0, 0.0, 0.0, 0.0, 10.0, 0.0};
    limits.limit[0] = 1.0;
    drive(&c, 0, MN_VOLTAGE, 0.0);
    CHECK(count, solve_limited(&c, &limits, injected) == MN_OK && c.current[0] == -1.0 && c.voltage[0] > 0.0);
    drive(&c, 0, MN_CURRENT, 3.0); /* a limit is of electrodes at voltages */
    CHECK(count, solve_limited(&c, &limits, NULL) == MN_OK && c.current[0] == 3.0 && limits.side[0] == 0);
    for (int e = 0; e < 5; e++) {
        drive(&c, e, MN_FLOATING, 0.0);
    }
    CHECK(count, solve_limited(&c, &limits, NULL) == MN_ERR_NO_DRIVE);
    mn_limits_free(&limits);
    mn_limits_free(&limits);
    circuit_free(&c);
}

/* One that goes to its limit makes another leave its own: with electrode 1 held at its limit electrode 0 would be above
 * the voltage that it was given. */
static void test_several(check_count *count, const char *backend)
{
    circuit c;
    mn_limits limits;
    build(&c, backend);
    NEED(mn_limits_init(&limits, 5) == MN_OK);
    for (int k = 0; k < 2000; k++) {
        double u[8];
        for (uint64_t j = 0; j < 4; j++) {
            mn_uniform2(1, 2, (uint64_t)k, j, u + 2 * j);
        }
        for (int e = 0; e < 4; e++) {
            drive(&c, e, MN_VOLTAGE, 2.0 * u[e] - 1.0);
            limits.limit[e] = 0.6 * u[4 + e] + 1e-3;
        }
        CHECK(count, solve_limited(&c, &limits, NULL) == MN_OK);
        bool good = true;
        for (int e = 0; e < 4; e++) {
            const double above = c.voltage[e] - c.value[e];
            good = good && fabs(c.current[e]) <= limits.limit[e] * (1.0 + 1e-12);
            good = good && (limits.side[e] == 0 ? above == 0.0 : above * limits.side[e] <= 1e-12);
            good = good && (limits.side[e] == 0 || c.current[e] == limits.side[e] * limits.limit[e]);
        }
        CHECK(count, good);
    }
    mn_limits_free(&limits);
    circuit_free(&c);
}

/* Where turning all at once does not end: the first that disagrees alone, to the same electrodes. */
static void test_one_at_a_time(check_count *count, const char *backend)
{
    circuit c;
    mn_limits limits;
    build(&c, backend);
    NEED(mn_limits_init(&limits, 5) == MN_OK);
    for (int e = 0; e < 4; e++) {
        drive(&c, e, MN_VOLTAGE, e < 2 ? 5.0 : -3.0 + e);
        limits.limit[e] = 0.5 * (e + 1);
    }
    CHECK(count, solve_limited(&c, &limits, NULL) == MN_OK);
    int8_t side[5];
    memcpy(side, limits.side, sizeof(side));
    const mn_boundary boundary = {.role = c.role, .value = c.value};
    const mn_boundary trial = {.role = limits.role, .value = limits.value};
    const mn_solution ends = {.voltage = limits.voltage, .current = limits.current};
    bool again = true;
    mn_limits_begin(&limits, &boundary);
    limits.n_rounds = 1000;
    while (again) {
        int8_t before[5];
        int n_turned = 0;
        memcpy(before, limits.side, sizeof(before));
        NEED(mn_solver_solve(&c.solver, &trial, NULL, NULL, &ends, &c.error) == MN_OK);
        CHECK(count, mn_limits_turn(&limits, &boundary, &again, &c.error) == MN_OK);
        for (int e = 0; e < 5; e++) {
            n_turned += before[e] != limits.side[e];
        }
        CHECK(count, n_turned == (again ? 1 : 0));
    }
    CHECK(count, memcmp(side, limits.side, sizeof(side)) == 0 && limits.n_rounds > 1002);
    mn_limits_free(&limits);
    circuit_free(&c);
}

/* Numbers that agree with nothing, as a law with several voltages for a current may give them: the rounds end, and say
 * whose they were. */
static void test_rounds_end(check_count *count)
{
    enum { E = 3, TURNS = 1 };
    const uint8_t role[E] = {MN_VOLTAGE, MN_VOLTAGE, MN_VOLTAGE};
    const double value[E] = {0.0, 2.0, 1.0};
    const mn_boundary boundary = {.role = role, .value = value};
    mn_limits limits;
    mn_error error;
    mn_error_clear(&error);
    NEED(mn_limits_init(&limits, E) == MN_OK);
    limits.limit[TURNS] = limits.limit[2] = 1.0;
    mn_limits_begin(&limits, &boundary);
    int code = MN_OK;
    for (bool again = true; again && code == MN_OK;) {
        const bool at_limit = limits.side[TURNS] != 0;
        limits.voltage[TURNS] = at_limit ? 3.0 : 2.0;
        limits.current[TURNS] = at_limit ? 1.0 : 5.0;
        code = mn_limits_turn(&limits, &boundary, &again, &error);
    }
    CHECK(count, code == MN_ERR_LIMITS && error.electrode == TURNS && limits.side[2] == 0);
    mn_limits_free(&limits);
}

int main(void)
{
    check_count count = {0, 0};
    for (int b = 0; b < 2; b++) {
        test_one(&count, BACKENDS[b]);
        test_several(&count, BACKENDS[b]);
        test_one_at_a_time(&count, BACKENDS[b]);
    }
    test_rounds_end(&count);
    return check_report(&count, "limits");
}
