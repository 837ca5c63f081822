/* The Kron backend against an elimination in quad precision, on disc networks with nothing floored, conductances
 * exp(-200 L) over 87 decades and filaments of 10 S among them, and on lattices, which take fronts. */
#include "check.h"
#include "circuit/kron_state.h"
#include "memnet.h"
#include "quad_elimination.h"

#include <float.h>
#include <math.h>

#ifdef NO_QUAD

int main(void)
{
    printf("%-24s skipped: no quad precision here (0 networks compared)\n", "test_kron_quad");
    return 0;
}

#else

#include <string.h>

enum { MAX_ELECTRODES = 4 };

/* ------------------------------------------------------------------ disc networks */

typedef struct {
    mn_network network;
    mn_solver solver;
    double *g, *potential;
    quad *exact;
    int32_t *order; /* a permutation of the edges: the first ones are filaments */
} sample;

/* Makes electrode `id` of the groups with a disc centre inside a rectangle; false where another has one of them. */
static bool mark(const mn_discs *discs, const double rectangle[4], int32_t id, int32_t *electrode)
{
    bool apart = true;
    for (int64_t i = 0; i < discs->n_discs; i++) {
        const double x = discs->x[i], y = discs->y[i];
        if (x >= rectangle[0] && x <= rectangle[1] && y >= rectangle[2] && y <= rectangle[3]) {
            int32_t *label = &electrode[discs->group[i]];
            apart = apart && (*label < 0 || *label == id);
            *label = id;
        }
    }
    return apart;
}

/* Strips on the left and right edge; with four electrodes also on parts of the top and bottom edge. */
static bool sample_init(sample *s, uint64_t seed, int64_t n_electrodes)
{
    const mn_discs_options options = {.width = 200.0, .height = 200.0, .coverage = 0.65, .max_gap = 1.0, .seed = seed};
    const double strip[MAX_ELECTRODES][4] = {
        {0.0, 0.5, 0.0, 200.0}, {199.5, 200.0, 0.0, 200.0}, {90.0, 110.0, 199.5, 200.0}, {90.0, 110.0, 0.0, 0.5}};
    mn_discs discs;
    bool good = true;
    NEED(mn_discs_init(&discs, &options, NULL) == MN_OK);
    int32_t *electrode = malloc((size_t)discs.n_groups * sizeof *electrode);
    NEED(electrode != NULL);
    for (int64_t i = 0; i < discs.n_groups; i++) {
        electrode[i] = -1;
    }
    for (int32_t e = 0; e < n_electrodes; e++) {
        good = good && mark(&discs, strip[e], e, electrode);
    }
    if (good) {
        NEED(mn_network_init(&s->network, discs.n_groups, discs.n_gaps, discs.gap, discs.gap_length, n_electrodes,
                             electrode, NULL) == MN_OK);
        NEED(mn_solver_init(&s->solver, "kron", &s->network, false, NULL, NULL) == MN_OK);
        s->g = malloc((size_t)discs.n_gaps * sizeof(double));
        s->potential = malloc((size_t)discs.n_groups * sizeof(double));
        s->exact = malloc((size_t)discs.n_groups * sizeof(quad));
        s->order = malloc((size_t)discs.n_gaps * sizeof *s->order);
        NEED(s->g != NULL && s->potential != NULL && s->exact != NULL && s->order != NULL);
        mn_permutation(seed, 77, discs.n_gaps, s->order);
    }
    free(electrode);
    mn_discs_free(&discs);
    return good;
}

static void sample_free(sample *s)
{
    mn_solver_free(&s->solver);
    mn_network_free(&s->network);
    free(s->g);
    free(s->potential);
    free(s->exact);
    free(s->order);
}

static double relative_error(double x, quad exact)
{
    const quad difference = (quad)x - exact, size = exact < 0 ? -exact : exact;
    return x == 0.0 && exact == 0 ? 0.0 : (double)((difference < 0 ? -difference : difference) / size);
}

/* Largest residual of Kirchhoff's law at a free node in units of eps sum g (|v_a| + |v_b|), summed in quad. */
static double kirchhoff_ratio(const mn_network *w, const double *g, const double *v)
{
    quad *residual = calloc((size_t)w->n_nodes, sizeof *residual);
    double *size = calloc((size_t)w->n_nodes, sizeof *size);
    double worst = 0.0;
    NEED(residual != NULL && size != NULL);
    for (int64_t e = 0; e < w->n_edges; e++) {
        const int32_t a = w->a[e], b = w->b[e];
        const quad i = (quad)g[e] * ((quad)v[a] - (quad)v[b]);
        residual[a] += i;
        residual[b] -= i;
        size[a] += g[e] * (fabs(v[a]) + fabs(v[b]));
        size[b] += g[e] * (fabs(v[a]) + fabs(v[b]));
    }
    for (int64_t k = 0; k < w->n_nodes; k++) {
        if (w->electrode[k] < 0 && !isnan(v[k]) && size[k] > 0.0) {
            const double r = fabs((double)residual[k]) / (DBL_EPSILON * size[k]);
            worst = r > worst ? r : worst;
        }
    }
    free(residual);
    free(size);
    return worst;
}

typedef struct {
    double potential, current, kirchhoff, range;
    long networks;
} worst_case;

static double larger(double x, double y)
{
    return x > y ? x : y;
}

static void compare(check_count *n, sample *s, const double *voltage, worst_case *worst)
{
    const mn_network *w = &s->network;
    const uint8_t role[MAX_ELECTRODES] = {MN_VOLTAGE, MN_VOLTAGE, MN_VOLTAGE, MN_VOLTAGE};
    double current[MAX_ELECTRODES], low = DBL_MAX, high = 0.0, outside = 0.0, potential_error = 0.0,
                                    current_error = 0.0;
    quad exact_current[MAX_ELECTRODES];
    const mn_boundary boundary = {.role = role, .value = voltage};
    const mn_solution solution = {.potential = s->potential, .current = current};
    bool same_nodes = true;
    NEED(mn_solver_factor(&s->solver, s->g, NULL, -1, NULL, NULL) == MN_OK);
    NEED(mn_solver_solve(&s->solver, &boundary, NULL, NULL, &solution, NULL) == MN_OK);
    quad_solve(w, s->g, voltage, s->exact, exact_current, NULL);
    for (int64_t e = 0; e < w->n_electrodes; e++) {
        low = voltage[e] < low ? voltage[e] : low;
        high = larger(voltage[e], high);
        current_error = larger(current_error, relative_error(current[e], exact_current[e]));
    }
    for (int64_t i = 0; i < w->n_nodes; i++) {
        if (isnan(s->potential[i])) {
            same_nodes = same_nodes && isnan((double)s->exact[i]);
            continue;
        }
        outside = larger(outside, larger(low - s->potential[i], s->potential[i] - high));
        potential_error = larger(potential_error, relative_error(s->potential[i], s->exact[i]));
    }
    const double kirchhoff = kirchhoff_ratio(w, s->g, s->potential);
    CHECK(n, same_nodes);
    CHECK(n, potential_error <= 1e-13);
    CHECK(n, current_error <= 1e-13);
    CHECK(n, outside <= 4.0 * DBL_EPSILON * high);
    CHECK(n, kirchhoff <= 8.0);
    worst->potential = larger(worst->potential, potential_error);
    worst->current = larger(worst->current, current_error);
    worst->kirchhoff = larger(worst->kirchhoff, kirchhoff);
    worst->range = larger(worst->range, outside / (DBL_EPSILON * high));
    worst->networks++;
}

static void test_discs(check_count *n, uint64_t seed, int64_t n_electrodes, worst_case *worst)
{
    const double fraction[] = {0.01, 0.03, 0.1, 0.2, 0.3};
    const double voltage[][MAX_ELECTRODES] = {{3.0, 0.0, 0.0, 0.0}, {1.0, 0.25, 0.0, 2.0}};
    sample s;
    if (!sample_init(&s, seed, n_electrodes)) {
        return; /* a group spans two electrodes: this seed gives no network */
    }
    for (size_t f = 0; f < sizeof fraction / sizeof fraction[0]; f++) {
        for (int64_t e = 0; e < s.network.n_edges; e++) {
            s.g[e] = mn_exp1(-200.0 * s.network.length[e]);
        }
        for (int64_t k = 0; k < (int64_t)(fraction[f] * (double)s.network.n_edges); k++) {
            s.g[s.order[k]] = 10.0;
        }
        compare(n, &s, voltage[f % 2], worst);
    }
    sample_free(&s);
}

/* A lattice between two electrodes, with two more inside; conductances over `decades`, some of them 0. */
static void test_lattice(check_count *n, int32_t side, double decades, double zeros, worst_case *worst)
{
    const double voltage[] = {3.0, 0.0, 1.0, 2.0};
    mn_lattice lattice;
    sample s;
    NEED(mn_grid_init(&lattice, side, side, MN_DIAGONALS_RANDOM, 5, NULL, NULL) == MN_OK);
    int32_t *electrode = malloc((size_t)lattice.n_nodes * sizeof *electrode);
    NEED(electrode != NULL);
    for (int32_t i = 0; i < side * side; i++) {
        electrode[i] = i % side == 0 ? 0 : i % side == side - 1 ? 1 : -1;
    }
    electrode[side * side / 2 + side / 3] = 2;
    electrode[side * side / 3 + side / 2] = 3;
    NEED(mn_network_init(&s.network, lattice.n_nodes, lattice.n_edges, lattice.edge, NULL, 4, electrode, NULL) ==
         MN_OK);
    NEED(mn_solver_init(&s.solver, "kron", &s.network, false, NULL, NULL) == MN_OK);
    CHECK(n, ((const mn_kron *)s.solver.state)->schedule.n_fronts > 0);
    s.g = malloc((size_t)lattice.n_edges * sizeof(double));
    s.potential = malloc((size_t)lattice.n_nodes * sizeof(double));
    s.exact = malloc((size_t)lattice.n_nodes * sizeof(quad));
    s.order = NULL;
    NEED(s.g != NULL && s.potential != NULL && s.exact != NULL);
    for (int64_t e = 0; e < lattice.n_edges; e++) {
        double u[2];
        mn_uniform2(6, 0, (uint64_t)e, 0, u);
        s.g[e] = u[0] < zeros ? 0.0 : mn_exp1(-2.302585 * decades * u[1]);
    }
    compare(n, &s, voltage, worst);
    sample_free(&s);
    free(electrode);
    mn_lattice_free(&lattice);
}

int main(void)
{
    check_count n = {0, 0};
    worst_case lattices = {0.0, 0.0, 0.0, 0.0, 0};
    for (int32_t side = 30; side <= 45; side += 5) {
        test_lattice(&n, side, 2.0, 0.0, &lattices);
        test_lattice(&n, side, 60.0, 0.1, &lattices);
        test_lattice(&n, side, 280.0, 0.0, &lattices);
    }
    printf("%-24s %ld lattices; worst: potential %.2g, current %.2g, Kirchhoff %.2f eps\n", "test_kron_quad",
           lattices.networks, lattices.potential, lattices.current, lattices.kirchhoff);
    worst_case worst = {0.0, 0.0, 0.0, 0.0, 0};
    for (uint64_t seed = 1; seed <= 4; seed++) {
        test_discs(&n, seed, 2, &worst);
        test_discs(&n, seed, 4, &worst);
    }
    CHECK(&n, worst.networks >= 20);
    printf("%-24s %ld networks; worst: potential %.2g, current %.2g, outside the electrodes %.2g eps, "
           "Kirchhoff %.2f eps\n",
           "test_kron_quad", worst.networks, worst.potential, worst.current, worst.range, worst.kirchhoff);
    return check_report(&n, "test_kron_quad");
}

#endif
