/* mn_solver_solve_many against one factor and solve a replica: the same bits, the same first failure. */
#include "check.h"
#include "memnet.h"
#include "circuit/kron.h"
#include "circuit/kron_state.h"
#include "circuit/solver.h"

#include <math.h>
#include <string.h>

enum { MAX_REPLICAS = 21 };

typedef struct {
    mn_network network;
    mn_solver solver;
    int64_t n_replicas;
    double *g; /* n_replicas x n_edges */
    uint8_t *role;
    double *value; /* n_replicas x n_electrodes */
} problem;

/* One set of rows for every replica. Rows that nobody wrote hold what rows_init left there. */
typedef struct {
    double *potential, *voltage, *current, *conductance;
    size_t n_nodes, n_electrodes;
} rows;

typedef struct {
    uint64_t seed;
    uint64_t count;
} dice;

static double roll(dice *d)
{
    double u[2];
    mn_uniform2(d->seed, 1, d->count++, 0, u);
    return u[0];
}

static int32_t pick(dice *d, int64_t n)
{
    return (int32_t)(roll(d) * (double)n);
}

/* ------------------------------------------------------------------ problems */

/* Any two nodes: islands where edges are few, several nodes in some electrodes, edges inside and between electrodes,
 * long columns where edges are many. */
static void problem_init(problem *p, dice *d, const char *backend, int64_t n_nodes, int64_t n_edges,
                         int64_t n_electrodes)
{
    int32_t *edges = malloc((size_t)(2 * n_edges) * sizeof *edges);
    int32_t *electrode = malloc((size_t)n_nodes * sizeof *electrode);
    NEED(edges != NULL && electrode != NULL);
    for (int64_t i = 0; i < n_nodes; i++) {
        electrode[i] = i < n_electrodes ? (int32_t)i : roll(d) < 0.03 ? pick(d, n_electrodes) : -1;
    }
    for (int64_t e = 0; e < n_edges; e++) {
        const int32_t a = pick(d, n_nodes), b = pick(d, n_nodes - 1);
        edges[2 * e] = a;
        edges[2 * e + 1] = b < a ? b : b + 1;
    }
    memset(p, 0, sizeof *p);
    p->g = calloc((size_t)(MAX_REPLICAS * n_edges), sizeof(double));
    p->role = calloc((size_t)n_electrodes, 1);
    p->value = calloc((size_t)(MAX_REPLICAS * n_electrodes), sizeof(double));
    NEED(p->g != NULL && p->role != NULL && p->value != NULL);
    NEED(mn_network_init(&p->network, n_nodes, n_edges, edges, NULL, n_electrodes, electrode, NULL) == MN_OK);
    NEED(mn_solver_init(&p->solver, backend, &p->network, false, NULL, NULL) == MN_OK);
    free(edges);
    free(electrode);
}

static void problem_free(problem *p)
{
    mn_solver_free(&p->solver);
    mn_network_free(&p->network);
    free(p->g);
    free(p->role);
    free(p->value);
}

/* Up to `decades` decades, now and then above 2^60 S; zeros in some replicas only, so that lanes of a group differ. */
static void fill_conductances(problem *p, dice *d, double decades, bool zeros, bool huge)
{
    const int64_t n = p->network.n_edges;
    for (int64_t r = 0; r < p->n_replicas; r++) {
        const double part = zeros && roll(d) < 0.3 ? 0.3 * roll(d) : 0.0;
        for (int64_t e = 0; e < n; e++) {
            const double g = 10.0 * mn_exp1(-roll(d) * decades * 2.302585092994046);
            p->g[r * n + e] = roll(d) < part ? 0.0 : huge && roll(d) < 0.1 ? g * 0x1p300 : g;
        }
    }
}

/* Any roles; with currents alone they sum to zero in every replica. */
static void fill_drives(problem *p, dice *d, bool voltages)
{
    const int64_t n = p->network.n_electrodes;
    for (int64_t k = 0; k < n; k++) {
        const double kind = roll(d);
        p->role[k] = kind < 0.3 ? MN_FLOATING : kind < 0.5 || !voltages ? MN_CURRENT : MN_VOLTAGE;
    }
    p->role[pick(d, n)] = voltages ? MN_VOLTAGE : MN_CURRENT;
    for (int64_t r = 0; r < p->n_replicas; r++) {
        double sum = 0.0;
        for (int64_t k = 0; k < n; k++) {
            p->value[r * n + k] = 4.0 * roll(d) - 2.0;
            sum += p->role[k] == MN_CURRENT ? p->value[r * n + k] : 0.0;
        }
        for (int64_t k = 0; k < n && !voltages; k++) {
            if (p->role[k] == MN_CURRENT) {
                p->value[r * n + k] -= sum;
                break;
            }
        }
    }
}

/* ------------------------------------------------------------------ rows */

static void rows_init(rows *s, const problem *p)
{
    s->n_nodes = (size_t)p->network.n_nodes;
    s->n_electrodes = (size_t)p->network.n_electrodes;
    s->potential = malloc(MAX_REPLICAS * s->n_nodes * sizeof(double));
    s->voltage = malloc(MAX_REPLICAS * s->n_electrodes * sizeof(double));
    s->current = malloc(MAX_REPLICAS * s->n_electrodes * sizeof(double));
    s->conductance = malloc(MAX_REPLICAS * sizeof(double));
    NEED(s->potential != NULL && s->voltage != NULL && s->current != NULL && s->conductance != NULL);
}

static void rows_free(rows *s)
{
    free(s->potential);
    free(s->voltage);
    free(s->current);
    free(s->conductance);
}

static mn_solution solution_of(const rows *s, size_t r)
{
    return (mn_solution){.potential = s->potential + r * s->n_nodes,
                         .voltage = s->voltage + r * s->n_electrodes,
                         .current = s->current + r * s->n_electrodes,
                         .conductance = s->conductance + r};
}

/* The first n rows; nan with any sign is nan. */
static bool same_numbers(const double *x, const double *y, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        if (memcmp(x + k, y + k, sizeof *x) != 0 && !(isnan(x[k]) && isnan(y[k]))) {
            return false;
        }
    }
    return true;
}

static bool same_rows(const rows *x, const rows *y, size_t n)
{
    return same_numbers(x->potential, y->potential, n * x->n_nodes) &&
           same_numbers(x->voltage, y->voltage, n * x->n_electrodes) &&
           same_numbers(x->current, y->current, n * x->n_electrodes) && same_numbers(x->conductance, y->conductance, n);
}

/* A factor and a solve for one replica after the other, until one fails; *n_good before it. */
static int solve_each(problem *p, const rows *s, size_t *n_good, mn_error *error)
{
    for (*n_good = 0; *n_good < (size_t)p->n_replicas; ++*n_good) {
        const size_t r = *n_good;
        const mn_boundary boundary = {.role = p->role, .value = p->value + r * s->n_electrodes};
        const mn_solution solution = solution_of(s, r);
        int code = mn_solver_factor(&p->solver, p->g + r * (size_t)p->network.n_edges, NULL, -1, NULL, error);
        if (code == MN_OK) {
            code = mn_solver_solve(&p->solver, &boundary, NULL, NULL, &solution, error);
        }
        if (code != MN_OK) {
            return code;
        }
    }
    return MN_OK;
}

static int solve_many(problem *p, const rows *s, mn_error *error)
{
    const mn_boundary boundary = {.role = p->role, .value = p->value};
    const mn_solution solution = solution_of(s, 0);
    return mn_solver_solve_many(&p->solver, p->n_replicas, p->g, &boundary, &solution, error);
}

typedef struct {
    long solved, failed, cut; /* cut: replicas in which some, but not all, nodes lack a potential */
} tally;

static void count_rows(tally *t, const rows *s, size_t n_good, bool failed)
{
    for (size_t r = 0; r < n_good; r++) {
        size_t n_nan = 0;
        for (size_t i = 0; i < s->n_nodes; i++) {
            n_nan += isnan(s->potential[r * s->n_nodes + i]) != 0;
        }
        t->cut += n_nan > 0 && n_nan < s->n_nodes;
    }
    t->solved += (long)n_good;
    t->failed += failed;
}

/* The same error, rows and, where one fails, place of failure. */
static void compare(check_count *n, problem *p, tally *t)
{
    rows one, many;
    mn_error one_error, many_error;
    size_t n_good;
    rows_init(&one, p);
    rows_init(&many, p);
    mn_error_clear(&one_error);
    mn_error_clear(&many_error);
    const int code = solve_each(p, &one, &n_good, &one_error);
    CHECK(n, solve_many(p, &many, &many_error) == code);
    CHECK(n, same_rows(&one, &many, n_good));
    if (code != MN_OK) {
        CHECK(n, many_error.replica == (int64_t)n_good && many_error.code == code);
        CHECK(n, many_error.edge == one_error.edge && many_error.electrode == one_error.electrode);
        CHECK(n, same_numbers(&many_error.value, &one_error.value, 1));
    } else {
        CHECK(n, many_error.replica == -1);
    }
    count_rows(t, &one, n_good, code != MN_OK);
    rows_free(&one);
    rows_free(&many);
}

/* ------------------------------------------------------------------ tests */

static void test_bits(check_count *n, const char *backend, int rounds)
{
    tally t = {0, 0, 0};
    for (uint64_t seed = 0; seed < (uint64_t)rounds; seed++) {
        dice d = {seed, 0};
        problem p;
        const int64_t n_nodes = 8 + pick(&d, 120);
        const double density = seed % 5 == 0 ? 6.0 : 0.8 + 1.2 * roll(&d);
        problem_init(&p, &d, backend, n_nodes, 1 + (int64_t)(density * (double)n_nodes), 1 + pick(&d, 5));
        for (int k = 0; k < 3; k++) { /* the work space is used again */
            p.n_replicas = 1 + pick(&d, MAX_REPLICAS);
            const bool wide = strcmp(backend, "kron") == 0;
            fill_conductances(&p, &d, wide ? (k == 0 ? 4.0 : 320.0) : 3.0, roll(&d) < 0.7, wide && k == 2);
            fill_drives(&p, &d, roll(&d) < 0.8);
            compare(n, &p, &t);
        }
        problem_free(&p);
    }
    CHECK(n, t.solved > 10 * rounds && t.failed > 0 && t.cut > 0);
}

/* Each remainder after whole groups, and nothing to do. */
static void test_remainders(check_count *n)
{
    dice d = {77, 0};
    tally t = {0, 0, 0};
    problem p;
    problem_init(&p, &d, "kron", 60, 140, 3);
    p.n_replicas = MAX_REPLICAS;
    fill_conductances(&p, &d, 30.0, false, false);
    fill_drives(&p, &d, true);
    memset(p.role, MN_VOLTAGE, 3);
    for (p.n_replicas = 0; p.n_replicas <= MAX_REPLICAS; p.n_replicas++) {
        compare(n, &p, &t);
    }
    CHECK(n, t.solved == MAX_REPLICAS * (MAX_REPLICAS + 1) / 2);
    problem_free(&p);
}

/* A conductance that is refused, in any lane; and the first of two failures of different kinds. */
static void test_refused(check_count *n, const char *backend)
{
    const double bad[] = {(double)NAN, (double)INFINITY, -1.0, -0x1p-1000};
    dice d = {5, 0};
    tally t = {0, 0, 0};
    problem p;
    problem_init(&p, &d, backend, 30, 70, 2);
    const int64_t n_bad = strcmp(backend, "kron") == 0 ? 4 : 2;
    for (int64_t k = 0; k < 17; k++) {
        p.n_replicas = 17;
        fill_conductances(&p, &d, 3.0, false, false);
        memset(p.role, MN_VOLTAGE, 2);
        for (int64_t i = 0; i < 34; i++) {
            p.value[i] = roll(&d);
        }
        p.g[k * 70 + 13] = bad[k % n_bad];
        compare(n, &p, &t);
        p.value[2 * (16 - k)] = NAN; /* refused by solve() */
        compare(n, &p, &t);
    }
    CHECK(n, t.failed == 34 && t.solved > 0);
    problem_free(&p);
}

/* Each array alone may be wanted. */
static void test_parts(check_count *n)
{
    dice d = {9, 0};
    problem p;
    rows all, part;
    size_t n_good;
    problem_init(&p, &d, "kron", 40, 90, 3);
    p.n_replicas = 11;
    fill_conductances(&p, &d, 10.0, false, false);
    memset(p.role, MN_VOLTAGE, 3);
    rows_init(&all, &p);
    rows_init(&part, &p);
    CHECK(n, solve_each(&p, &all, &n_good, NULL) == MN_OK);
    const mn_boundary boundary = {.role = p.role, .value = p.value};
    const mn_solution wanted[] = {{.potential = part.potential},
                                  {.voltage = part.voltage},
                                  {.current = part.current},
                                  {.conductance = part.conductance}};
    for (size_t k = 0; k < 4; k++) {
        CHECK(n, mn_solver_solve_many(&p.solver, 11, p.g, &boundary, &wanted[k], NULL) == MN_OK);
    }
    CHECK(n, same_rows(&all, &part, 11));
    const mn_solution imaginary = {.current = part.current, .current_imag = part.voltage};
    CHECK(n, mn_solver_solve_many(&p.solver, 11, p.g, &boundary, &imaginary, NULL) == MN_ERR_UNSUPPORTED);
    rows_free(&all);
    rows_free(&part);
    problem_free(&p);
}

/* No factor is left; the next one is a full one even where little is said to have changed. */
static void test_factor_afterwards(check_count *n)
{
    dice d = {11, 0};
    problem p;
    rows many, one, other;
    size_t n_good;
    const int32_t changed[] = {0};
    problem_init(&p, &d, "kron", 40, 90, 2);
    p.n_replicas = 9; /* a group, and one on its own */
    fill_conductances(&p, &d, 10.0, false, false);
    memset(p.role, MN_VOLTAGE, 2);
    p.value[0] = 1.0;
    rows_init(&many, &p);
    rows_init(&one, &p);
    rows_init(&other, &p);
    const mn_boundary boundary = {.role = p.role, .value = p.value};
    const mn_solution solution = solution_of(&one, 0);
    NEED(mn_solver_factor(&p.solver, p.g, NULL, 1, changed, NULL) == MN_OK);
    CHECK(n, solve_many(&p, &many, NULL) == MN_OK);
    CHECK(n, mn_solver_solve(&p.solver, &boundary, NULL, NULL, &solution, NULL) == MN_ERR_NO_FACTOR);
    CHECK(n, mn_solver_factor(&p.solver, p.g, NULL, 1, changed, NULL) == MN_OK);
    CHECK(n, mn_solver_solve(&p.solver, &boundary, NULL, NULL, &solution, NULL) == MN_OK);
    p.n_replicas = 1;
    CHECK(n, solve_each(&p, &other, &n_good, NULL) == MN_OK && same_rows(&one, &other, 1));
    rows_free(&many);
    rows_free(&one);
    rows_free(&other);
    problem_free(&p);
}

/* With fronts there are no lanes, and nothing else changes. */
static void test_fronts(check_count *n)
{
    dice d = {13, 0};
    tally t = {0, 0, 0};
    problem p;
    problem_init(&p, &d, "kron", 60, 400, 2);
    mn_kron_ops.free(p.solver.state);
    NEED(mn_kron_init(&p.solver.state, &p.network, MN_KRON_FRONTS_ALWAYS, MN_ORDER_FAST, NULL, NULL) == MN_OK);
    NEED(((const mn_kron *)p.solver.state)->schedule.n_fronts > 0);
    p.n_replicas = 10;
    fill_conductances(&p, &d, 10.0, true, false);
    memset(p.role, MN_VOLTAGE, 2);
    compare(n, &p, &t);
    CHECK(n, t.solved == 10 && ((const mn_kron *)p.solver.state)->replicas.weight == NULL);
    problem_free(&p);
}

static void test_message(check_count *n)
{
    char text[200];
    mn_error error;
    mn_error_clear(&error);
    error.replica = 12;
    error.edge = 3;
    error.value = -1.0;
    error.code = MN_ERR_NEGATIVE_CONDUCTANCE;
    mn_error_message(&error, text, sizeof text);
    CHECK(n, strncmp(text, "replica 12: ", 12) == 0 && strstr(text, "edge 3") != NULL);
}

int main(void)
{
    check_count n = {0, 0};
    test_bits(&n, "kron", 150);
    test_bits(&n, "umfpack", 12);
    test_remainders(&n);
    test_refused(&n, "kron");
    test_refused(&n, "umfpack");
    test_parts(&n);
    test_factor_afterwards(&n);
    test_fronts(&n);
    test_message(&n);
    return check_report(&n, "test_replicas");
}
