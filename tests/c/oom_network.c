/* Networks, discs, wires and lattices without memory. */
#include "check.h"
#include "oom.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static uint64_t network_hash(const mn_network *network)
{
    uint64_t h = HASH(1, &network->n_components, 1);
    h = HASH(h, network->a, network->n_edges);
    h = HASH(h, network->b, network->n_edges);
    h = HASH(h, network->electrode, network->n_nodes);
    return HASH(h, network->component, network->n_nodes);
}

void oom_build_grid(bench *b)
{
    b->n_edges = 0;
    for (int32_t i = 0; i < N_GRID; i++) {
        const int32_t ends[] = {i % SIDE < SIDE - 1 ? i + 1 : -1, i + SIDE < N_GRID ? i + SIDE : -1};
        for (int k = 0; k < 2; k++) {
            if (ends[k] >= 0) {
                b->edge[2 * b->n_edges] = i;
                b->edge[2 * b->n_edges + 1] = ends[k];
                b->n_edges++;
            }
        }
        b->electrode[i] = i % SIDE == 0 ? 0 : (i % SIDE == SIDE - 1 ? 1 : (i == SIDE + 3 ? 2 : -1));
    }
    b->edge[2 * b->n_edges] = N_GRID;
    b->edge[2 * b->n_edges + 1] = N_GRID + 1;
    b->n_edges++;
    b->electrode[N_GRID] = b->electrode[N_GRID + 1] = -1;
    for (int64_t e = 0; e < b->n_edges; e++) {
        double u[2];
        mn_uniform2(5, 0, (uint64_t)e, 0, u);
        b->length[e] = 0.01 + 0.1 * u[0];
        b->conductance[e] = 0.5 + u[1];
    }
}

static int make_network(bench *b, mn_error *error)
{
    return mn_network_init(&b->network, N_NODES, b->n_edges, b->edge, b->length, N_ELECTRODES, b->electrode, error);
}

void oom_drop_network(bench *b)
{
    mn_network_free(&b->network);
}

uint64_t oom_network_result(const bench *b)
{
    return network_hash(&b->network);
}

void oom_with_network(bench *b)
{
    mn_error error;
    mn_error_clear(&error);
    NEED(make_network(b, &error) == MN_OK);
}

static int find_path(bench *b, mn_error *error)
{
    return mn_error_set(error, mn_network_path(&b->network, 40, 0, 1, &b->answer));
}

static uint64_t path_result(const bench *b)
{
    return (uint64_t)b->answer + network_hash(&b->network);
}

static int make_discs(bench *b, mn_error *error)
{
    const mn_discs_options options = {.width = 14, .height = 11, .coverage = 0.55, .max_gap = 1.0, .seed = 3};
    return mn_discs_init(&b->discs, &options, error);
}

static void drop_discs(bench *b)
{
    mn_discs_free(&b->discs);
}

static uint64_t discs_result(const bench *b)
{
    const mn_discs *d = &b->discs;
    uint64_t h = HASH(HASH(5, d->x, d->n_discs), d->group, d->n_discs);
    h = HASH(HASH(h, d->group_x, d->n_groups), d->gap, 2 * d->n_gaps);
    return HASH(h, d->gap_length, d->n_gaps);
}

static int make_wires(bench *b, mn_error *error)
{
    const mn_wires_options options = {
        .width = 40, .height = 30, .n_wires = 300, .length = 9, .length_sd = 3, .spread = (double)INFINITY, .seed = 3};
    return mn_wires_init(&b->wires, &options, error);
}

static int place_wires(bench *b, mn_error *error)
{
    const double end[] = {0, 0, 4, 4, 0, 4, 4, 0, 1, 0, 1, 5};
    return mn_wires_place(&b->wires, 3, end, 0, NULL, error);
}

/* A budget for which the bound on the junctions of a narrow box is too high, so that a sample is tried first. */
static int make_narrow_wires(bench *b, mn_error *error)
{
    const mn_wires_options options = {.width = 400,
                                      .height = 0.1,
                                      .n_wires = 600,
                                      .length = 9,
                                      .spread = (double)INFINITY,
                                      .seed = 3,
                                      .max_bytes = 600 * 96 + 56 * 30000};
    return mn_wires_init(&b->wires, &options, error);
}

static int place_many_wires(bench *b, mn_error *error)
{
    enum { N = 600 };
    double end[4 * N];

    for (int k = 0; k < N; k++) {
        memcpy(&end[4 * k], (const double[]){k % 20, k, k % 7, k + 3}, 4 * sizeof *end);
    }
    return mn_wires_place(&b->wires, N, end, N * 96 + 56 * 30000, NULL, error);
}

static void drop_wires(bench *b)
{
    mn_wires_free(&b->wires);
}

static uint64_t wires_result(const bench *b)
{
    const mn_wires *w = &b->wires;
    uint64_t h = HASH(HASH(7, w->end, 4 * w->n_wires), w->length, w->n_wires);
    h = HASH(HASH(h, w->junction, 2 * w->n_junctions), w->along, 2 * w->n_junctions);
    return HASH(h, w->point, 2 * w->n_junctions);
}

static int make_lattice(bench *b, mn_error *error)
{
    return mn_grid_init(&b->lattice, 7, 9, MN_DIAGONALS_RANDOM, 2, NULL, error);
}

static int make_sparse_network(bench *b, mn_error *error)
{
    return mn_random_network_init(&b->lattice, 40, 3.0, 2, NULL, error);
}

static int make_dense_network(bench *b, mn_error *error)
{
    return mn_random_network_init(&b->lattice, 12, 8.0, 2, NULL, error);
}

static void drop_lattice(bench *b)
{
    mn_lattice_free(&b->lattice);
}

static uint64_t lattice_result(const bench *b)
{
    return HASH(8, b->lattice.edge, 2 * b->lattice.n_edges);
}

const oom_entry oom_network_entries[] = {
    {"mn_network_init", NULL, make_network, oom_drop_network, NULL, oom_network_result, NULL, NULL, false, false},
    {"mn_network_path", oom_with_network, find_path, NULL, oom_drop_network, path_result, oom_network_result, NULL,
     false, false},
    {"mn_discs_init", NULL, make_discs, drop_discs, NULL, discs_result, NULL, NULL, false, false},
    {"mn_wires_init", NULL, make_wires, drop_wires, NULL, wires_result, NULL, NULL, false, false},
    {"mn_wires_init, sampled", NULL, make_narrow_wires, drop_wires, NULL, wires_result, NULL, NULL, false, false},
    {"mn_wires_place, sampled", NULL, place_many_wires, drop_wires, NULL, wires_result, NULL, NULL, false, false},
    {"mn_wires_place", NULL, place_wires, drop_wires, NULL, wires_result, NULL, NULL, false, false},
    {"mn_grid_init", NULL, make_lattice, drop_lattice, NULL, lattice_result, NULL, NULL, false, false},
    {"mn_random_network_init", NULL, make_sparse_network, drop_lattice, NULL, lattice_result, NULL, NULL, false, false},
    {"the same, dense", NULL, make_dense_network, drop_lattice, NULL, lattice_result, NULL, NULL, false, false},
};
const int64_t oom_n_network_entries = sizeof oom_network_entries / sizeof oom_network_entries[0];
