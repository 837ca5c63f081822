/* The backend for electrodes that are all driven by voltages against an elimination in quad precision: crossbars with
 * lines, lattices and random graphs, whose edges may be parallel, join electrodes, be 0 or lead nowhere. */
#include "check.h"
#include "circuit/kron.h"
#include "circuit/kron_driven.h"
#include "memnet.h"
#include "quad_elimination.h"

#ifdef NO_QUAD

int main(void)
{
    printf("%-24s skipped: no quad precision here (0 networks compared)\n", "test_kron_driven");
    return 0;
}

#else

#include <string.h>

enum { MOST_ELECTRODES = 64 };

typedef struct {
    mn_network network;
    mn_solver driven, full; /* joined electrodes, and apart */
    double *g, *potential;
} sample;

static double uniform(uint64_t stream, int64_t k)
{
    double u[2];
    mn_uniform2(stream, 0, (uint64_t)k, 0, u);
    return u[0];
}

/* Both kinds, also where they do not pay. */
static void start(sample *s)
{
    const mn_network *w = &s->network;
    mn_solver *both[2] = {&s->driven, &s->full};
    for (int k = 0; k < 2; k++) {
        NEED(mn_solver_init(both[k], "kron", w, false, NULL, NULL) == MN_OK);
    }
    s->driven.ops->free(s->driven.state);
    s->driven.ops = &mn_kron_driven_ops;
    NEED(mn_kron_driven_init(&s->driven.state, w, true, MN_ORDER_FAST, NULL, NULL) == MN_OK);
    s->g = malloc((size_t)(w->n_edges + 1) * sizeof(double));
    s->potential = malloc((size_t)w->n_nodes * sizeof(double));
    NEED(s->g != NULL && s->potential != NULL);
}

static void stop(sample *s)
{
    mn_solver_free(&s->driven);
    mn_solver_free(&s->full);
    mn_network_free(&s->network);
    free(s->g);
    free(s->potential);
}

/* ------------------------------------------------------------------ networks */

/* Word line i has the nodes i n + j, bit line j the nodes n n + i n + j, then their electrodes. */
static void crossbar(sample *s, int32_t n, double line, double decades, uint64_t seed)
{
    const int32_t cells = n * n, n_nodes = 2 * cells + 2 * n;
    int32_t *edge = malloc((size_t)(2 * (cells + 2 * cells)) * sizeof *edge), *e = edge;
    int32_t *electrode = malloc((size_t)n_nodes * sizeof *electrode);
    NEED(edge != NULL && electrode != NULL);
    for (int32_t k = 0; k < n_nodes; k++) {
        electrode[k] = k < 2 * cells ? -1 : k - 2 * cells;
    }
    for (int32_t k = 0; k < cells; k++, e += 2) {
        e[0] = k;
        e[1] = cells + k;
    }
    for (int32_t k = 0; k < cells; k++, e += 4) {
        e[0] = k % n == 0 ? 2 * cells + k / n : k - 1;
        e[1] = k;
        e[2] = k / n == 0 ? 2 * cells + n + k : cells + k - n;
        e[3] = cells + k;
    }
    NEED(mn_network_init(&s->network, n_nodes, 3 * cells, edge, NULL, 2 * n, electrode, NULL) == MN_OK);
    start(s);
    for (int64_t k = 0; k < s->network.n_edges; k++) {
        s->g[k] = k < cells ? 1e-3 * mn_exp1(-2.302585 * decades * uniform(seed, k)) : line;
    }
    free(edge);
    free(electrode);
}

/* A lattice with electrodes of one node all over it. */
static void lattice(sample *s, int32_t side, int32_t n_electrodes, double decades, double zeros)
{
    mn_lattice grid;
    NEED(mn_grid_init(&grid, side, side, MN_DIAGONALS_RANDOM, 5, NULL, NULL) == MN_OK);
    int32_t *electrode = malloc((size_t)grid.n_nodes * sizeof *electrode);
    int32_t *place = malloc((size_t)grid.n_nodes * sizeof *place);
    NEED(electrode != NULL && place != NULL);
    mn_permutation(3, 1, grid.n_nodes, place);
    for (int64_t i = 0; i < grid.n_nodes; i++) {
        electrode[place[i]] = i < n_electrodes ? (int32_t)i : -1;
    }
    NEED(mn_network_init(&s->network, grid.n_nodes, grid.n_edges, grid.edge, NULL, n_electrodes, electrode, NULL) ==
         MN_OK);
    start(s);
    for (int64_t e = 0; e < grid.n_edges; e++) {
        s->g[e] = uniform(8, e) < zeros ? 0.0 : mn_exp1(-2.302585 * decades * uniform(6, e));
    }
    free(electrode);
    free(place);
    mn_lattice_free(&grid);
}

/* Edges between any two nodes, about half of them twice; electrodes of up to three nodes, the last one without edges;
 * the last ten free nodes are an island. */
static void random_graph(sample *s, uint64_t seed)
{
    enum { NODES = 90, ISLAND = 10, EDGES = 170, ELECTRODES = 12 };
    int32_t edge[2 * EDGES], electrode[NODES];
    for (int32_t i = 0; i < NODES; i++) {
        electrode[i] = i < 2 * (ELECTRODES - 1) ? i % (ELECTRODES - 1) : i == 30 ? 4 : i == 31 ? ELECTRODES - 1 : -1;
    }
    for (int32_t e = 0; e < EDGES; e++) {
        const bool on_island = e % 12 == 0, again = e > 30 && e % 12 != 1 && uniform(seed, 3 * e) < 0.3;
        const int32_t n = on_island ? ISLAND : NODES - ISLAND, first = on_island ? NODES - ISLAND : 0;
        int32_t *ends = edge + 2 * e;
        ends[0] = first + (int32_t)(uniform(seed, 3 * e + 1) * n);
        ends[1] = first + (int32_t)(uniform(seed, 3 * e + 2) * n);
        ends[0] = ends[0] == 31 ? 32 : ends[0];
        ends[1] = ends[1] == 31 ? 33 : ends[1];
        ends[1] = ends[1] == ends[0] ? first + (ends[0] - first + 5) % n : ends[1];
        if (again) {
            memcpy(ends, edge + 2 * (e - 7), 2 * sizeof *ends);
        }
        ends[1] = ends[1] == 31 ? 34 : ends[1];
    }
    NEED(mn_network_init(&s->network, NODES, EDGES, edge, NULL, ELECTRODES, electrode, NULL) == MN_OK);
    start(s);
    for (int64_t e = 0; e < EDGES; e++) {
        const double u = uniform(seed + 100, e);
        s->g[e] = u < 0.1 ? 0.0 : u < 0.2 ? 10.0 : mn_exp1(-2.302585 * 12.0 * uniform(seed + 200, e));
    }
}

/* ------------------------------------------------------------------ comparison */

typedef struct {
    double potential, current; /* of joined electrodes */
    double apart_current;      /* of the other solver */
    long drives;
} worst_case;

static double larger(double x, double y)
{
    return x > y ? x : y;
}

/* |x - exact| as a part of `size`; products below 2^-960 are 0 in the library. */
static double part_of(double x, quad exact, quad size)
{
    const quad difference = (quad)x - exact, distance = difference < 0 ? -difference : difference;
    return distance < 0x1p-950 ? 0.0 : (double)(distance / size);
}

/* What each potential and each current may be off by is a part of the sum of what electrodes contribute to it, which
 * for potentials of one sign is the potential itself. */
static void compare(check_count *n, sample *s, const double *voltage, worst_case *worst)
{
    const mn_network *w = &s->network;
    const int64_t n_electrodes = w->n_electrodes;
    uint8_t role[MOST_ELECTRODES];
    double current[MOST_ELECTRODES], full[MOST_ELECTRODES], size[MOST_ELECTRODES], G;
    quad exact_current[MOST_ELECTRODES], unused[MOST_ELECTRODES], apart[MOST_ELECTRODES], zero = 0;
    quad *exact = malloc(2 * (size_t)w->n_nodes * sizeof *exact), *exact_size = exact + w->n_nodes;
    const mn_boundary boundary = {.role = role, .value = voltage};
    const mn_solution solution = {.potential = s->potential, .current = current, .conductance = &G};
    const mn_solution of_full = {.current = full};
    double low = voltage[0], high = voltage[0], potential_error = 0.0, current_error = 0.0;
    bool same_nodes = true, inside = true;
    NEED(exact != NULL);
    memset(role, MN_VOLTAGE, sizeof role);
    NEED(mn_solver_factor(&s->driven, s->g, NULL, -1, NULL, NULL) == MN_OK);
    NEED(mn_solver_factor(&s->full, s->g, NULL, -1, NULL, NULL) == MN_OK);
    NEED(mn_solver_solve(&s->driven, &boundary, NULL, NULL, &solution, NULL) == MN_OK);
    NEED(mn_solver_solve(&s->full, &boundary, NULL, NULL, &of_full, NULL) == MN_OK);
    for (int64_t e = 0; e < n_electrodes; e++) {
        size[e] = fabs(voltage[e]);
        low = voltage[e] < low ? voltage[e] : low;
        high = larger(voltage[e], high);
    }
    quad_solve(w, s->g, size, exact_size, unused, NULL);
    quad_solve(w, s->g, voltage, exact, exact_current, apart);
    for (int64_t i = 0; i < w->n_nodes; i++) {
        if (isnan(s->potential[i]) || isnan((double)exact[i])) {
            same_nodes = same_nodes && isnan(s->potential[i]) && isnan((double)exact[i]);
            continue;
        }
        inside = inside && s->potential[i] >= low && s->potential[i] <= high;
        potential_error = larger(potential_error, part_of(s->potential[i], exact[i], exact_size[i]));
    }
    for (int64_t e = 0; e < n_electrodes; e++) {
        current_error = larger(current_error, part_of(current[e], exact_current[e], apart[e]));
        worst->apart_current = larger(worst->apart_current, part_of(full[e], exact_current[e], apart[e]));
        size[e] = e == 0 ? 0.0 : 1.0;
    }
    quad_solve(w, s->g, size, exact, unused, NULL);
    CHECK(n, same_nodes);
    CHECK(n, inside);
    CHECK(n, potential_error <= 1e-13);
    CHECK(n, current_error <= 1e-13);
    CHECK(n, part_of(G, zero - unused[0], zero - unused[0]) <= 1e-13);
    worst->potential = larger(worst->potential, potential_error);
    worst->current = larger(worst->current, current_error);
    worst->drives++;
    free(exact);
}

/* Reads, halves, thirds, anything of one sign and of both, a narrow range, all the same. */
static void compare_drives(check_count *n, sample *s, worst_case *worst)
{
    const int64_t n_electrodes = s->network.n_electrodes, half = n_electrodes / 2;
    double voltage[9][MOST_ELECTRODES];
    for (int64_t e = 0; e < n_electrodes; e++) {
        const double u = uniform(77, e);
        voltage[0][e] = e < half ? 0.1 + u : 0.0;
        voltage[1][e] = e == 1 ? 1.0 : e == half + 1 ? 0.0 : 0.5;
        voltage[2][e] = e == 1 ? 1.5 : e == half + 1 ? 0.0 : e < half ? 0.5 : 1.0;
        voltage[3][e] = u;
        voltage[4][e] = u - 0.5;
        voltage[5][e] = -3.0 - u;
        voltage[6][e] = e < half ? 0.7 : 5.0 + 1e-3 * u;
        voltage[7][e] = e < half ? u - 0.5 : 0.0;
        voltage[8][e] = 0.3;
    }
    for (int k = 0; k < 9; k++) {
        compare(n, s, voltage[k], worst);
    }
}

static void test_crossbars(check_count *n)
{
    worst_case worst = {0.0, 0.0, 0.0, 0};
    for (int32_t side = 4; side <= 14; side += 5) {
        for (int k = 0; k < 4; k++) {
            const double line[] = {1.0, 1e-2, 1e3, 1e-4}, decades[] = {2.0, 1.0, 8.0, 3.0};
            sample s;
            crossbar(&s, side, line[k], decades[k], (uint64_t)(side + k));
            compare_drives(n, &s, &worst);
            stop(&s);
        }
    }
    printf("%-24s %ld drives of crossbars; worst: potential %.2g, current %.2g, apart %.2g\n", "test_kron_driven",
           worst.drives, worst.potential, worst.current, worst.apart_current);
}

static void test_others(check_count *n)
{
    worst_case worst = {0.0, 0.0, 0.0, 0};
    for (uint64_t seed = 1; seed <= 12; seed++) {
        sample s;
        random_graph(&s, seed);
        compare_drives(n, &s, &worst);
        stop(&s);
    }
    for (int32_t side = 12; side <= 18; side += 6) {
        for (int k = 0; k < 3; k++) {
            const double decades[] = {2.0, 60.0, 200.0}, zeros[] = {0.0, 0.1, 0.0};
            sample s;
            lattice(&s, side, 2 * side, decades[k], zeros[k]);
            compare_drives(n, &s, &worst);
            stop(&s);
        }
    }
    printf("%-24s %ld drives of others; worst: potential %.2g, current %.2g, apart %.2g\n", "test_kron_driven",
           worst.drives, worst.potential, worst.current, worst.apart_current);
}

/* ------------------------------------------------------------------ bits, roles, sources */

/* A factor that says what has changed, and one that does not. */
static void test_changes(check_count *n)
{
    enum { SIDE = 12, CHANGED = 9 };
    sample s, again;
    int32_t changed[CHANGED];
    uint8_t role[2 * SIDE];
    double voltage[2 * SIDE], current[2 * SIDE], other[2 * SIDE];
    const mn_boundary boundary = {.role = role, .value = voltage};
    crossbar(&s, SIDE, 1.0, 2.0, 4);
    crossbar(&again, SIDE, 1.0, 2.0, 4);
    const mn_solution first = {.potential = s.potential, .current = current};
    const mn_solution second = {.potential = again.potential, .current = other};
    memset(role, MN_VOLTAGE, sizeof role);
    for (int64_t e = 0; e < 2 * SIDE; e++) {
        voltage[e] = uniform(5, e) - 0.3;
    }
    NEED(mn_solver_factor(&s.driven, s.g, NULL, 0, NULL, NULL) == MN_OK);
    for (int round = 0; round < 8; round++) {
        for (int32_t k = 0; k < CHANGED; k++) {
            changed[k] = (int32_t)(uniform(9, 100 * round + k) * SIDE * SIDE / CHANGED) + k * SIDE * SIDE / CHANGED;
            s.g[changed[k]] = again.g[changed[k]] = round % 3 == 2 ? 0.0 : uniform(10, 100 * round + k);
        }
        NEED(mn_solver_factor(&s.driven, s.g, NULL, CHANGED, changed, NULL) == MN_OK);
        NEED(mn_solver_factor(&again.driven, again.g, NULL, -1, NULL, NULL) == MN_OK);
        NEED(mn_solver_solve(&s.driven, &boundary, NULL, NULL, &first, NULL) == MN_OK);
        NEED(mn_solver_solve(&again.driven, &boundary, NULL, NULL, &second, NULL) == MN_OK);
        CHECK(n, memcmp(current, other, sizeof current) == 0);
        CHECK(n, memcmp(s.potential, again.potential, (size_t)s.network.n_nodes * sizeof(double)) == 0);
    }
    stop(&s);
    stop(&again);
}

/* With sources at nodes it agrees with the other solver; another role, an island with a source and imaginary parts are
 * refused. */
static void test_sources(check_count *n)
{
    sample s;
    uint8_t role[MOST_ELECTRODES];
    double voltage[MOST_ELECTRODES], current[MOST_ELECTRODES], other[MOST_ELECTRODES], injected[90] = {0.0}, v[90];
    const mn_boundary boundary = {.role = role, .value = voltage};
    mn_error error = mn_error_none();
    random_graph(&s, 3);
    const mn_solution first = {.potential = s.potential, .current = current, .voltage = NULL};
    const mn_solution second = {.potential = v, .current = other};
    bool near = true;
    memset(role, MN_VOLTAGE, sizeof role);
    for (int64_t e = 0; e < s.network.n_electrodes; e++) {
        voltage[e] = uniform(5, e);
    }
    for (int64_t k = 0; k < s.network.n_edges; k++) {
        s.g[k] = 0.1 + uniform(20, k);
    }
    injected[0] = 0.3;
    injected[40] = 1.0;
    injected[50] = -2.0;
    NEED(mn_solver_factor(&s.driven, s.g, NULL, -1, NULL, NULL) == MN_OK);
    NEED(mn_solver_factor(&s.full, s.g, NULL, -1, NULL, NULL) == MN_OK);
    CHECK(n, mn_solver_solve(&s.driven, &boundary, injected, NULL, &first, NULL) == MN_OK);
    CHECK(n, mn_solver_solve(&s.full, &boundary, injected, NULL, &second, NULL) == MN_OK);
    for (int64_t i = 0; i < s.network.n_nodes; i++) {
        near = near && (isnan(v[i]) ? isnan(s.potential[i]) : fabs(v[i] - s.potential[i]) < 1e-13);
    }
    for (int64_t e = 0; e < s.network.n_electrodes; e++) {
        near = near && fabs(current[e] - other[e]) < 1e-12;
    }
    CHECK(n, near);
    injected[85] = 1.0;
    CHECK(n, mn_solver_solve(&s.driven, &boundary, injected, NULL, &first, &error) == MN_ERR_CURRENT_ISLAND);
    CHECK(n, error.node == 85);
    role[2] = MN_FLOATING;
    CHECK(n, mn_solver_solve(&s.driven, &boundary, NULL, NULL, &first, &error) == MN_ERR_UNSUPPORTED);
    role[2] = MN_VOLTAGE;
    voltage[2] = NAN;
    CHECK(n, mn_solver_solve(&s.driven, &boundary, NULL, NULL, &first, &error) == MN_ERR_NOT_FINITE_DRIVE);
    CHECK(n, mn_solver_factor(&s.driven, s.g, s.g, -1, NULL, NULL) == MN_ERR_UNSUPPORTED);
    stop(&s);
}

/* It is there where many electrodes would ride in every front, and nowhere else. */
static void test_choice(check_count *n)
{
    sample large, small;
    mn_solver solver;
    crossbar(&large, 24, 1.0, 2.0, 1);
    lattice(&small, 24, 3, 2.0, 0.0);
    NEED(mn_solver_init_driven(&solver, "kron", &large.network, MN_ORDER_AUTO, NULL, NULL) == MN_OK);
    CHECK(n, mn_solver_is_driven(&solver));
    mn_solver_free(&solver);
    NEED(mn_solver_init_driven(&solver, "umfpack", &large.network, MN_ORDER_AUTO, NULL, NULL) == MN_OK);
    CHECK(n, !mn_solver_is_driven(&solver));
    mn_solver_free(&solver);
    NEED(mn_solver_init_driven(&solver, "kron", &small.network, MN_ORDER_AUTO, NULL, NULL) == MN_OK);
    CHECK(n, !mn_solver_is_driven(&solver));
    mn_solver_free(&solver);
    stop(&large);
    stop(&small);
}

int main(void)
{
    check_count n = {0, 0};
    test_changes(&n);
    test_sources(&n);
    test_choice(&n);
    test_crossbars(&n);
    test_others(&n);
    return check_report(&n, "test_kron_driven");
}

#endif
