/* A call that is cancelled ends with MN_ERR_INTERRUPTED, leaves nothing behind, and another call goes on as ever. */
#include "check.h"
#include "memnet.h"

#include <math.h>
#include <string.h>

enum { SIDE = 40, N_WIRES = 300 };

typedef struct {
    mn_cancel cancel;
    mn_error error;
    mn_lattice lattice;
    mn_network network;
    double conductance[8 * SIDE * SIDE];
} fixture;

static void start(fixture *f)
{
    static const int32_t ends[2] = {0, SIDE * SIDE - 1};
    int32_t electrode[SIDE * SIDE];
    mn_error_clear(&f->error);
    NEED(mn_grid_init(&f->lattice, SIDE, SIDE, MN_DIAGONALS_BOTH, 1, NULL, &f->error) == MN_OK);
    memset(electrode, 0xff, sizeof electrode);
    electrode[ends[0]] = 0;
    electrode[ends[1]] = 1;
    NEED(mn_network_init(&f->network, f->lattice.n_nodes, f->lattice.n_edges, f->lattice.edge, NULL, 2, electrode,
                         &f->error) == MN_OK);
    for (int64_t e = 0; e < f->network.n_edges; e++) {
        f->conductance[e] = 1.0 + (double)(e % 7);
    }
    atomic_init(&f->cancel, true);
}

static void stop(fixture *f)
{
    mn_network_free(&f->network);
    mn_lattice_free(&f->lattice);
}

static void test_networks(check_count *count, fixture *f)
{
    mn_lattice lattice;
    mn_discs discs;
    mn_wires wires;
    double end[4 * N_WIRES];
    const mn_discs_options disc_options = {
        .width = 30, .height = 30, .coverage = 0.5, .max_gap = 1.0, .seed = 1, .cancel = &f->cancel};
    const mn_wires_options wire_options = {.width = 30,
                                           .height = 30,
                                           .n_wires = N_WIRES,
                                           .length = 10,
                                           .spread = (double)INFINITY,
                                           .seed = 1,
                                           .cancel = &f->cancel};
    for (int64_t k = 0; k < N_WIRES; k++) {
        const double wire[4] = {(double)k, 0.0, (double)k + 9.5, 10.0};
        memcpy(end + 4 * k, wire, sizeof wire);
    }
    CHECK(count, mn_grid_init(&lattice, 9, 9, MN_DIAGONALS_BOTH, 1, &f->cancel, &f->error) == MN_ERR_INTERRUPTED);
    CHECK(count, lattice.edge == NULL && f->error.code == MN_ERR_INTERRUPTED);
    CHECK(count, mn_random_network_init(&lattice, 90, 4.0, 1, &f->cancel, &f->error) == MN_ERR_INTERRUPTED);
    CHECK(count, mn_random_network_init(&lattice, 90, 88.0, 1, &f->cancel, &f->error) == MN_ERR_INTERRUPTED);
    CHECK(count, lattice.edge == NULL);
    CHECK(count, mn_discs_init(&discs, &disc_options, &f->error) == MN_ERR_INTERRUPTED && discs.x == NULL);
    CHECK(count, mn_wires_init(&wires, &wire_options, &f->error) == MN_ERR_INTERRUPTED && wires.end == NULL);
    CHECK(count, mn_wires_place(&wires, N_WIRES, end, 0, &f->cancel, &f->error) == MN_ERR_INTERRUPTED);
    CHECK(count, wires.end == NULL && wires.junction == NULL);
}

/* Conductance between the electrodes of a solver whose factor was cancelled on the way, or was not. */
static double conductance_of(check_count *count, fixture *f, const char *name, bool cancelled)
{
    static const uint8_t role[2] = {MN_VOLTAGE, MN_VOLTAGE};
    static const double value[2] = {1.0, 0.0};
    const mn_boundary boundary = {.role = role, .value = value};
    double found = 0.0;
    double matrix[4];
    const mn_solution solution = {.conductance = &found};
    mn_solver solver;
    atomic_store(&f->cancel, false);
    NEED(mn_solver_init(&solver, name, &f->network, false, &f->cancel, &f->error) == MN_OK);
    if (cancelled) {
        atomic_store(&f->cancel, true);
        int code = mn_solver_factor(&solver, f->conductance, NULL, -1, NULL, &f->error);
        if (code == MN_OK) { /* umfpack factors when it solves */
            code = mn_solver_solve(&solver, &boundary, NULL, NULL, &solution, &f->error);
        }
        CHECK(count, code == MN_ERR_INTERRUPTED);
        CHECK(count,
              mn_solver_solve_many(&solver, 1, f->conductance, &boundary, &solution, &f->error) == MN_ERR_INTERRUPTED);
        atomic_store(&f->cancel, false);
    }
    CHECK(count, mn_solver_factor(&solver, f->conductance, NULL, -1, NULL, &f->error) == MN_OK);
    CHECK(count, mn_solver_solve(&solver, &boundary, NULL, NULL, &solution, &f->error) == MN_OK);
    atomic_store(&f->cancel, true);
    CHECK(count, mn_solver_terminal(&solver, matrix, &f->error) == MN_ERR_INTERRUPTED);
    mn_solver_free(&solver);
    return found;
}

static void test_solver(check_count *count, fixture *f, const char *name)
{
    const double whole = conductance_of(count, f, name, false);
    const double after = conductance_of(count, f, name, true);
    CHECK(count, memcmp(&whole, &after, sizeof whole) == 0);
}

static void test_analysis(check_count *count, fixture *f)
{
    mn_solver solver;
    atomic_store(&f->cancel, true);
    CHECK(count, mn_solver_init(&solver, "kron", &f->network, false, &f->cancel, &f->error) == MN_ERR_INTERRUPTED);
    CHECK(count, solver.state == NULL);
    mn_solver_free(&solver);
}

int main(void)
{
    check_count count = {0};
    fixture f;
    start(&f);
    test_networks(&count, &f);
    test_analysis(&count, &f);
    test_solver(&count, &f, "kron");
    test_solver(&count, &f, "umfpack");
    stop(&f);
    return check_report(&count, "cancel");
}
