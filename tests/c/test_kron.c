/* The Kron backend: scatter against gather bit for bit, and properties that hold whatever the conductances. */
#include "check.h"
#include "memnet.h"
#include "circuit/kron.h"
#include "circuit/kron_state.h"
#include "circuit/solver.h"
#include "dice.h"

#include <math.h>
#include <string.h>

typedef struct {
    int64_t n_nodes;
    int64_t n_edges;
    int64_t n_electrodes;
    int32_t *edges;
    int32_t *electrode;
    double *g;
} graph;

static void graph_alloc(graph *w, int64_t n_nodes, int64_t n_edges, int64_t n_electrodes)
{
    w->n_nodes = n_nodes;
    w->n_edges = n_edges;
    w->n_electrodes = n_electrodes;
    w->edges = malloc((size_t)(2 * n_edges) * sizeof *w->edges);
    w->electrode = malloc((size_t)n_nodes * sizeof *w->electrode);
    w->g = malloc((size_t)n_edges * sizeof *w->g);
    NEED(w->edges != NULL && w->electrode != NULL && w->g != NULL);
    for (int64_t i = 0; i < n_nodes; i++) {
        w->electrode[i] = i < n_electrodes ? (int32_t)i : -1;
    }
}

static void graph_free(graph *w)
{
    free(w->edges);
    free(w->electrode);
    free(w->g);
}

static void join(graph *w, int64_t e, int64_t a, int64_t b)
{
    w->edges[2 * e] = (int32_t)a;
    w->edges[2 * e + 1] = (int32_t)b;
}

/* Any two nodes; some edges inside an electrode, some between electrodes, some twice; islands where there are few. */
static void random_graph(graph *w, dice *d, int64_t n_nodes, int64_t n_edges, int64_t n_electrodes)
{
    graph_alloc(w, n_nodes, n_edges, n_electrodes);
    for (int64_t i = n_electrodes; i < n_nodes; i++) {
        w->electrode[i] = roll(d) < 0.05 ? pick(d, n_electrodes) : -1;
    }
    for (int64_t e = 0; e < n_edges; e++) {
        const int32_t a = pick(d, n_nodes), b = pick(d, n_nodes - 1);
        join(w, e, a, b < a ? b : b + 1);
    }
}

static void tree_graph(graph *w, dice *d, int64_t n_nodes)
{
    graph_alloc(w, n_nodes, n_nodes - 1, 3);
    for (int64_t i = 1; i < n_nodes; i++) {
        join(w, i - 1, i, pick(d, i));
    }
}

/* A square lattice whose left and right columns are the electrodes. */
static void grid_graph(graph *w, int64_t side)
{
    graph_alloc(w, side * side, 2 * side * (side - 1), 2);
    int64_t e = 0;
    for (int64_t i = 0; i < side * side; i++) {
        const int64_t x = i % side, y = i / side;
        w->electrode[i] = x == 0 ? 0 : x == side - 1 ? 1 : -1;
        if (x + 1 < side) {
            join(w, e++, i, i + 1);
        }
        if (y + 1 < side) {
            join(w, e++, i, i + side);
        }
    }
}

/* Zero now and then, otherwise any of 130 decades. */
static double any_conductance(dice *d)
{
    return roll(d) < 0.1 ? 0.0 : 10.0 * mn_exp1(-roll(d) * 300.0);
}

typedef struct {
    mn_network network;
    mn_solver solver;
    double *potential, *current, *matrix, conductance;
} instance;

static void instance_init(instance *s, const graph *w)
{
    NEED(mn_network_init(&s->network, w->n_nodes, w->n_edges, w->edges, NULL, w->n_electrodes, w->electrode, NULL) ==
         MN_OK);
    NEED(mn_solver_init(&s->solver, "kron", &s->network, false, NULL, NULL) == MN_OK);
    s->potential = malloc((size_t)w->n_nodes * sizeof(double));
    s->current = malloc((size_t)w->n_electrodes * sizeof(double));
    s->matrix = malloc((size_t)(w->n_electrodes * w->n_electrodes) * sizeof(double));
    NEED(s->potential != NULL && s->current != NULL && s->matrix != NULL);
}

static void instance_init_as(instance *s, const graph *w, mn_kron_fronts fronts)
{
    instance_init(s, w);
    mn_kron_ops.free(s->solver.state);
    NEED(mn_kron_init(&s->solver.state, &s->network, fronts, MN_ORDER_FAST, NULL, NULL) == MN_OK);
}

static void instance_free(instance *s)
{
    mn_solver_free(&s->solver);
    mn_network_free(&s->network);
    free(s->potential);
    free(s->current);
    free(s->matrix);
}

static void instance_solve(instance *s)
{
    uint8_t role[8];
    double value[8];
    for (int k = 0; k < 8; k++) {
        role[k] = k == 2 ? MN_FLOATING : MN_VOLTAGE;
        value[k] = k == 0 ? 3.0 : k == 3 ? 1.0 : 0.0;
    }
    const mn_boundary boundary = {.role = role, .value = value};
    const mn_solution solution = {.potential = s->potential, .current = s->current, .conductance = &s->conductance};
    NEED(mn_solver_solve(&s->solver, &boundary, NULL, NULL, &solution, NULL) == MN_OK);
    NEED(mn_solver_terminal(&s->solver, s->matrix, NULL) == MN_OK);
}

/* A random change of about n edges; some changes are none. */
static int64_t change(graph *w, dice *d, int64_t n, int32_t *changed)
{
    const int64_t n_changed = pick(d, n + 1);
    for (int64_t i = 0; i < n_changed; i++) {
        changed[i] = pick(d, w->n_edges);
        const double kind = roll(d);
        w->g[changed[i]] = kind < 0.2 ? w->g[changed[i]] : kind < 0.5 ? 10.0 : any_conductance(d);
    }
    return n_changed;
}

/* One solver is told what changed, a second one factors anew each round: every result must have the same bits. */
static void test_same_bits(check_count *n, graph *w, dice *d, int rounds, int64_t n_change, mn_kron_fronts fronts)
{
    instance gather, scatter;
    int32_t *changed = malloc((size_t)(n_change + 1) * sizeof *changed);
    int64_t fewest = INT64_MAX;
    NEED(changed != NULL);
    instance_init_as(&gather, w, fronts);
    instance_init_as(&scatter, w, fronts);
    for (int64_t e = 0; e < w->n_edges; e++) {
        w->g[e] = any_conductance(d);
    }
    bool same = true;
    for (int round = 0; round < rounds; round++) {
        const int64_t n_changed = round == 0 ? -1 : change(w, d, n_change, changed);
        mn_solver_info info;
        NEED(mn_solver_factor(&gather.solver, w->g, NULL, round == 7 ? -1 : n_changed, changed, NULL) == MN_OK);
        NEED(mn_solver_factor(&scatter.solver, w->g, NULL, -1, NULL, NULL) == MN_OK);
        instance_solve(&gather);
        instance_solve(&scatter);
        mn_solver_info_get(&gather.solver, &info);
        fewest = info.n_columns < fewest ? info.n_columns : fewest;
        const size_t nn = (size_t)w->n_nodes, ne = (size_t)w->n_electrodes;
        same = same && memcmp(gather.potential, scatter.potential, nn * sizeof(double)) == 0;
        same = same && memcmp(gather.current, scatter.current, ne * sizeof(double)) == 0;
        same = same && memcmp(gather.matrix, scatter.matrix, ne * ne * sizeof(double)) == 0;
        same = same && memcmp(&gather.conductance, &scatter.conductance, sizeof(double)) == 0;
    }
    CHECK(n, same);
    CHECK(n, fewest < w->n_nodes / 4); /* the gather was used */
    instance_free(&gather);
    instance_free(&scatter);
    free(changed);
}

static void test_bits_of_graphs(check_count *n)
{
    const mn_kron_fronts kinds[] = {MN_KRON_FRONTS_NEVER, MN_KRON_FRONTS_ALWAYS};
    for (uint64_t seed = 0; seed < 24; seed++) {
        const mn_kron_fronts fronts = kinds[seed % 2];
        const int64_t size = 60 + 10 * (int64_t)seed;
        dice d = {seed, 0};
        graph w;
        random_graph(&w, &d, size, size * 3 / 2, 2 + (int64_t)seed % 5);
        test_same_bits(n, &w, &d, 60, 3, fronts);
        graph_free(&w);
        tree_graph(&w, &d, 200);
        test_same_bits(n, &w, &d, 60, 2, fronts);
        graph_free(&w);
        grid_graph(&w, 12);
        test_same_bits(n, &w, &d, 60, 3, fronts);
        graph_free(&w);
    }
}

/* A lattice that takes fronts by itself, with lists below them. One change reaches a path to the root; where a front
 * comes out as it was, it ends there. */
static void test_bits_of_fronts(check_count *n)
{
    dice d = {3, 0};
    graph w;
    instance s;
    mn_solver_info info;
    const int32_t changed[] = {17};
    grid_graph(&w, 60);
    test_same_bits(n, &w, &d, 30, 3, MN_KRON_FRONTS_AUTO);
    for (int64_t e = 0; e < w.n_edges; e++) {
        w.g[e] = 1.0 + roll(&d);
    }
    instance_init(&s, &w);
    const mn_kron_schedule *schedule = &((mn_kron *)s.solver.state)->schedule;
    int64_t n_listed = 0;
    for (int64_t i = 0; i < schedule->n_fronts; i++) {
        n_listed += schedule->front[i].listed;
    }
    CHECK(n, n_listed > 0 && n_listed < schedule->n_fronts);
    for (int64_t time = 0; time < 2; time++) { /* from the second on it knows that it will be told */
        NEED(mn_solver_factor(&s.solver, w.g, NULL, 1, changed, NULL) == MN_OK);
    }
    w.g[changed[0]] *= 2.0;
    NEED(mn_solver_factor(&s.solver, w.g, NULL, 1, changed, NULL) == MN_OK);
    mn_solver_info_get(&s.solver, &info);
    CHECK(n, info.n_columns > 0 && info.n_columns < w.n_nodes / 4);
    const int64_t n_columns = info.n_columns;
    NEED(mn_solver_factor(&s.solver, w.g, NULL, 1, changed, NULL) == MN_OK);
    mn_solver_info_get(&s.solver, &info);
    CHECK(n, info.n_columns > 0 && info.n_columns < n_columns);
    instance_free(&s);
    graph_free(&w);
}

/* Conductances over 130 decades, half of them islands of filaments: the maximum principle, and currents that balance.
 */
static void test_wide_range(check_count *n)
{
    for (uint64_t seed = 100; seed < 130; seed++) {
        dice d = {seed, 0};
        graph w;
        instance s;
        random_graph(&w, &d, 300, 700, 4);
        instance_init(&s, &w);
        for (int64_t e = 0; e < w.n_edges; e++) {
            w.g[e] = roll(&d) < 0.4 ? 10.0 : mn_exp1(-300.0 * roll(&d));
        }
        NEED(mn_solver_factor(&s.solver, w.g, NULL, -1, NULL, NULL) == MN_OK);
        instance_solve(&s);
        double low = 3.0, high = 0.0, sum = 0.0, size = 0.0;
        int64_t n_nan = 0;
        for (int64_t i = 0; i < w.n_nodes; i++) {
            n_nan += isnan(s.potential[i]);
            low = s.potential[i] < low ? s.potential[i] : low;
            high = s.potential[i] > high ? s.potential[i] : high;
        }
        for (int64_t e = 0; e < w.n_electrodes; e++) {
            sum += s.current[e];
            size += fabs(s.current[e]);
        }
        CHECK(n, low >= 0.0 && high <= 3.0);
        CHECK(n, fabs(sum) <= 1e-14 * size);
        CHECK(n, n_nan == s.network.n_island_nodes);
        instance_free(&s);
        graph_free(&w);
    }
}

/* A chain of tiny conductances, by hand: v at link k of m is the sum of resistances behind it over the whole. */
static void test_tiny_chain(check_count *n)
{
    enum { LINKS = 20 };
    graph w;
    instance s;
    graph_alloc(&w, LINKS + 1, LINKS, 2);
    w.electrode[1] = -1;
    w.electrode[LINKS] = 1;
    double behind = 0.0, whole = 0.0;
    for (int64_t e = 0; e < LINKS; e++) {
        join(&w, e, e, e + 1);
        w.g[e] = e % 3 == 0 ? 10.0 : (double)(e + 1) * 1e-130;
        whole += 1.0 / w.g[e];
    }
    instance_init(&s, &w);
    NEED(mn_solver_factor(&s.solver, w.g, NULL, -1, NULL, NULL) == MN_OK);
    instance_solve(&s);
    for (int64_t e = LINKS - 1; e >= 0; e--) {
        behind += 1.0 / w.g[e];
        CHECK(n, fabs(s.potential[e] - 3.0 * behind / whole) <= 2e-15 * (3.0 * behind / whole));
    }
    CHECK(n, fabs(s.current[0] * whole - 3.0) <= 1e-14);
    CHECK(n, s.current[0] == -s.current[1]);
    CHECK(n, fabs(s.conductance * whole - 1.0) <= 1e-14);
    instance_free(&s);
    graph_free(&w);
}

/* A failed factor leaves none; the next call redoes everything, even when it names no change. */
static void test_failed_factor(check_count *n)
{
    dice d = {5, 0};
    graph w;
    instance s, other;
    const int32_t which[] = {4};
    random_graph(&w, &d, 40, 90, 3);
    instance_init(&s, &w);
    instance_init(&other, &w);
    for (int64_t e = 0; e < w.n_edges; e++) {
        w.g[e] = 1.0 + roll(&d);
    }
    NEED(mn_solver_factor(&s.solver, w.g, NULL, 0, NULL, NULL) == MN_OK);
    w.g[4] = -1.0;
    mn_error error;
    mn_error_clear(&error);
    CHECK(n, mn_solver_factor(&s.solver, w.g, NULL, 1, which, &error) == MN_ERR_NEGATIVE_CONDUCTANCE);
    CHECK(n, error.edge == 4 && error.value == -1.0);
    w.g[4] = 3.0;
    w.g[5] = 4.0; /* not named below */
    NEED(mn_solver_factor(&s.solver, w.g, NULL, 0, NULL, NULL) == MN_OK);
    NEED(mn_solver_factor(&other.solver, w.g, NULL, -1, NULL, NULL) == MN_OK);
    instance_solve(&s);
    instance_solve(&other);
    CHECK(n, memcmp(s.potential, other.potential, (size_t)w.n_nodes * sizeof(double)) == 0);
    instance_free(&s);
    instance_free(&other);
    graph_free(&w);
}

/* Largest relative difference of potentials, currents and terminal conductance between two schedules. */
static double difference(const graph *w, const instance *s, const instance *t)
{
    double worst = fabs(s->conductance - t->conductance) / t->conductance;
    for (int64_t i = 0; i < w->n_nodes; i++) {
        const double d = s->potential[i] == t->potential[i] || isnan(t->potential[i])
                             ? 0.0
                             : fabs(s->potential[i] / t->potential[i] - 1.0);
        worst = d > worst || isnan(d) ? d : worst;
    }
    for (int64_t e = 0; e < w->n_electrodes; e++) {
        const double d = fabs(s->current[e] - t->current[e]) / fabs(t->current[0]);
        worst = d > worst || isnan(d) ? d : worst;
    }
    return worst;
}

/* Fronts against the list of pair updates, conductances over `decades`; some zero, so that parts are cut off. */
static void test_fronts(check_count *n, const graph *w, dice *d, double decades, double zeros)
{
    instance dense, list;
    instance_init_as(&dense, w, MN_KRON_FRONTS_ALWAYS);
    instance_init_as(&list, w, MN_KRON_FRONTS_NEVER);
    CHECK(n, ((mn_kron *)dense.solver.state)->schedule.n_fronts > 0);
    CHECK(n, ((mn_kron *)list.solver.state)->schedule.n_fronts == 0);
    for (int64_t e = 0; e < w->n_edges; e++) {
        w->g[e] = roll(d) < zeros ? 0.0 : roll(d) < 0.3 ? 10.0 : mn_exp1(-2.302585 * decades * roll(d));
    }
    NEED(mn_solver_factor(&list.solver, w->g, NULL, -1, NULL, NULL) == MN_OK);
    instance_solve(&list);
    for (int repeat = 0; repeat < 2; repeat++) { /* the second time by a list of changes, which is empty */
        const int32_t none = 0;
        NEED(mn_solver_factor(&dense.solver, w->g, NULL, repeat - 1, &none, NULL) == MN_OK);
        instance_solve(&dense);
        bool same_nodes = true;
        for (int64_t i = 0; i < w->n_nodes; i++) {
            same_nodes = same_nodes && isnan(dense.potential[i]) == isnan(list.potential[i]);
        }
        CHECK(n, same_nodes);
        CHECK(n, difference(w, &dense, &list) <= 1e-13);
    }
    instance_free(&dense);
    instance_free(&list);
}

static void test_fronts_and_lists(check_count *n)
{
    for (uint64_t seed = 0; seed < 4; seed++) {
        dice d = {seed, 0};
        graph w;
        grid_graph(&w, 20 + 13 * (int64_t)seed);
        test_fronts(n, &w, &d, 1.0, 0.0);
        test_fronts(n, &w, &d, 120.0, 0.0);
        test_fronts(n, &w, &d, 280.0, 0.0); /* products fall below MN_KRON_TINY */
        test_fronts(n, &w, &d, 3.0, 0.3);
        graph_free(&w);
        random_graph(&w, &d, 150, 1500, 5);
        test_fronts(n, &w, &d, 2.0, 0.1);
        graph_free(&w);
    }
}

/* Kirchhoff's law at every free node of a lattice with columns of hundreds of entries: 8 eps sum g (|v_a| + |v_b|). */
static void test_kirchhoff(check_count *n, int64_t side, double decades)
{
    dice d = {9, 0};
    graph w;
    instance s;
    grid_graph(&w, side);
    instance_init(&s, &w);
    long double *residual = calloc((size_t)w.n_nodes, sizeof *residual);
    double *size = calloc((size_t)w.n_nodes, sizeof *size), worst = 0.0;
    NEED(residual != NULL && size != NULL);
    for (int64_t e = 0; e < w.n_edges; e++) {
        w.g[e] = mn_exp1(-2.302585 * decades * roll(&d));
    }
    NEED(mn_solver_factor(&s.solver, w.g, NULL, -1, NULL, NULL) == MN_OK);
    instance_solve(&s);
    for (int64_t e = 0; e < w.n_edges; e++) {
        const int32_t a = w.edges[2 * e], b = w.edges[2 * e + 1];
        const long double i = (long double)w.g[e] * ((long double)s.potential[a] - (long double)s.potential[b]);
        const double scale = w.g[e] * (fabs(s.potential[a]) + fabs(s.potential[b]));
        residual[a] += i;
        residual[b] -= i;
        size[a] += scale;
        size[b] += scale;
    }
    for (int64_t i = 0; i < w.n_nodes; i++) {
        const double r = w.electrode[i] < 0 ? (double)fabsl(residual[i]) / size[i] : 0.0;
        worst = r > worst || isnan(r) ? r : worst;
    }
    CHECK(n, worst <= 8.0 * 0x1p-52);
    free(residual);
    free(size);
    instance_free(&s);
    graph_free(&w);
}

/* A large lattice takes fronts by itself, a network of the same size with few loops does not. */
static void test_choice_of_fronts(check_count *n)
{
    dice d = {1, 0};
    graph w;
    instance s;
    grid_graph(&w, 60);
    instance_init(&s, &w);
    CHECK(n, ((mn_kron *)s.solver.state)->schedule.n_fronts > 0);
    instance_free(&s);
    graph_free(&w);
    tree_graph(&w, &d, 3600);
    instance_init(&s, &w);
    CHECK(n, ((mn_kron *)s.solver.state)->schedule.n_fronts == 0);
    instance_free(&s);
    graph_free(&w);
}

enum { N_TERMINALS = 43, N_GIVEN = 4 };

/* Electrodes that float or take a current against the same nodes as free ones: another order of elimination. */
static void test_floating_electrodes(check_count *n, uint64_t seed, bool currents)
{
    const int32_t given[N_GIVEN] = {3, 17, 18, 40};
    dice d = {seed, 0};
    graph w;
    instance many, few;
    uint8_t role[N_TERMINALS] = {0}, all_given[N_GIVEN];
    double value[N_TERMINALS] = {0.0}, given_value[N_GIVEN], injected[120] = {0.0}, worst = 0.0;
    random_graph(&w, &d, 120, 600, N_TERMINALS);
    for (int64_t i = N_TERMINALS; i < 120; i++) {
        w.electrode[i] = -1;
    }
    for (int64_t e = 0; e < w.n_edges; e++) {
        w.g[e] = mn_exp1(-200.0 * roll(&d));
    }
    for (int64_t k = 0; k < N_TERMINALS && currents; k += 5) {
        role[k] = MN_CURRENT;
        injected[k] = value[k] = roll(&d);
    }
    instance_init(&many, &w);
    for (int64_t i = 0; i < N_TERMINALS; i++) {
        w.electrode[i] = -1;
    }
    for (int32_t k = 0; k < N_GIVEN; k++) {
        role[given[k]] = all_given[k] = MN_VOLTAGE;
        value[given[k]] = given_value[k] = roll(&d);
        injected[given[k]] = 0.0;
        w.electrode[given[k]] = k;
    }
    w.n_electrodes = N_GIVEN;
    instance_init(&few, &w);
    NEED(mn_solver_factor(&many.solver, w.g, NULL, -1, NULL, NULL) == MN_OK);
    NEED(mn_solver_factor(&few.solver, w.g, NULL, -1, NULL, NULL) == MN_OK);
    const mn_boundary of_many = {.role = role, .value = value}, of_few = {.role = all_given, .value = given_value};
    const mn_solution by_many = {.potential = many.potential, .current = many.current};
    const mn_solution by_few = {.potential = few.potential, .current = few.current};
    NEED(mn_solver_solve(&many.solver, &of_many, NULL, NULL, &by_many, NULL) == MN_OK);
    NEED(mn_solver_solve(&few.solver, &of_few, currents ? injected : NULL, NULL, &by_few, NULL) == MN_OK);
    for (int64_t i = 0; i < 120; i++) {
        worst = fmax(worst, fabs(many.potential[i] / few.potential[i] - 1.0));
    }
    for (int64_t k = 0; k < N_GIVEN && !currents; k++) {
        worst = fmax(worst, fabs(many.current[given[k]] / few.current[k] - 1.0));
    }
    CHECK(n, worst <= (currents ? 1e-12 : 1e-13));
    instance_free(&many);
    instance_free(&few);
    graph_free(&w);
}

/* Every node an electrode, every one driven: each current is the sum of its edges in the order of the electrodes. */
static void test_all_driven(check_count *n, int64_t side)
{
    dice d = {(uint64_t)side, 0};
    graph w;
    instance s;
    uint8_t role[40];
    double value[40];
    int64_t e = 0;
    NEED(side <= 40);
    graph_alloc(&w, side, side * (side - 1) / 2, side);
    for (int64_t i = 0; i < side; i++) {
        role[i] = MN_VOLTAGE;
        value[i] = roll(&d);
        for (int64_t j = i + 1; j < side; j++, e++) {
            w.g[e] = roll(&d) < 0.3 ? 0.0 : roll(&d);
            join(&w, e, i, j);
        }
    }
    instance_init(&s, &w);
    NEED(mn_solver_factor(&s.solver, w.g, NULL, -1, NULL, NULL) == MN_OK);
    const mn_boundary boundary = {.role = role, .value = value};
    const mn_solution solution = {.current = s.current};
    NEED(mn_solver_solve(&s.solver, &boundary, NULL, NULL, &solution, NULL) == MN_OK);
    for (int64_t i = 0; i < side; i++) {
        double sum = 0.0;
        for (int64_t j = 0; j < side; j++) {
            const int64_t low = i < j ? i : j, high = i < j ? j : i;
            if (i != j) {
                sum += w.g[low * side - low * (low + 1) / 2 + high - low - 1] * (value[i] - value[j]);
            }
        }
        CHECK(n, sum == s.current[i]);
    }
    instance_free(&s);
    graph_free(&w);
}

int main(void)
{
    check_count n = {0, 0};
    test_bits_of_graphs(&n);
    test_bits_of_fronts(&n);
    test_wide_range(&n);
    test_tiny_chain(&n);
    test_failed_factor(&n);
    test_fronts_and_lists(&n);
    test_choice_of_fronts(&n);
    test_kirchhoff(&n, 120, 0.0);
    test_kirchhoff(&n, 120, 1.0);
    test_kirchhoff(&n, 120, 13.0);
    for (uint64_t seed = 0; seed < 10; seed++) {
        test_floating_electrodes(&n, seed, false);
        test_floating_electrodes(&n, seed, true);
    }
    for (int64_t side = 2; side < 27; side++) {
        test_all_driven(&n, side);
    }
    return check_report(&n, "test_kron");
}
