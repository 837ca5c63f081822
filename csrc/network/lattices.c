/* Networks that are graphs without geometry of their own: the square grid with diagonals that stands for a nanowire
 * network (Milano et al., Nature Materials 2022), and random graphs. */
#include "base/cancel.h"
#include "memnet.h"
#include "network/pairs.h"

#include <math.h>
#include <string.h>

#define STREAM_DIAGONALS UINT64_C(0x64696167)
#define STREAM_EDGES UINT64_C(0x65646765)

void mn_lattice_free(mn_lattice *lattice)
{
    mn_dealloc(lattice->edge);
    memset(lattice, 0, sizeof *lattice);
}

/* ------------------------------------------------------------------ grid */

/* One bit of (seed, cell). */
static bool falls(uint64_t seed, int64_t cell)
{
    uint32_t word[4];

    mn_philox(seed, STREAM_DIAGONALS, (uint64_t)cell, 0, word);
    return (word[0] & 1U) != 0;
}

static void add(mn_lattice *lattice, int64_t a, int64_t b)
{
    lattice->edge[2 * lattice->n_edges] = (int32_t)a;
    lattice->edge[2 * lattice->n_edges + 1] = (int32_t)b;
    lattice->n_edges++;
}

/* The edges from one node to nodes of higher number, in their order. A cell is named after its node of lowest number;
 * its falling diagonal starts there, its rising one at the next node of the row. */
static void add_neighbours(mn_lattice *lattice, int64_t columns, int64_t i, mn_diagonals diagonals, uint64_t seed)
{
    const bool has_left = i % columns > 0;
    const bool has_right = i % columns < columns - 1;
    const bool has_next = i + columns < lattice->n_nodes;
    const bool both = diagonals == MN_DIAGONALS_BOTH;
    const bool one = diagonals == MN_DIAGONALS_RANDOM;

    if (has_right) {
        add(lattice, i, i + 1);
    }
    if (has_next && has_left && (both || (one && !falls(seed, i - 1)))) {
        add(lattice, i, i + columns - 1);
    }
    if (has_next) {
        add(lattice, i, i + columns);
    }
    if (has_next && has_right && (both || (one && falls(seed, i)))) {
        add(lattice, i, i + columns + 1);
    }
}

int mn_grid_init(mn_lattice *lattice, int64_t rows, int64_t columns, mn_diagonals diagonals, uint64_t seed,
                 mn_cancel *cancel, mn_error *error)
{
    memset(lattice, 0, sizeof *lattice);
    if (rows < 1) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "rows", (double)rows);
    }
    if (columns < 1) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "columns", (double)columns);
    }
    if (diagonals != MN_DIAGONALS_NONE && diagonals != MN_DIAGONALS_RANDOM && diagonals != MN_DIAGONALS_BOTH) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "diagonals", (double)diagonals);
    }
    if ((double)rows * (double)columns > INT32_MAX / 4.0) {
        return mn_error_refuse(error, MN_ERR_TOO_LARGE, "rows", (double)rows);
    }
    const int64_t of_cells = diagonals == MN_DIAGONALS_NONE ? 0 : diagonals == MN_DIAGONALS_RANDOM ? 1 : 2;
    const int64_t n_edges = rows * (columns - 1) + (rows - 1) * columns + of_cells * (rows - 1) * (columns - 1);

    lattice->edge = mn_alloc(n_edges, 2 * sizeof *lattice->edge);
    if (lattice->edge == NULL) {
        return mn_error_set(error, MN_ERR_NO_MEMORY);
    }
    lattice->n_nodes = rows * columns;
    for (int64_t i = 0; i < lattice->n_nodes; i++) {
        if (mn_cancelled_at(cancel, i)) {
            mn_lattice_free(lattice);
            return mn_error_set(error, MN_ERR_INTERRUPTED);
        }
        add_neighbours(lattice, columns, i, diagonals, seed);
    }
    mn_bug_unless(lattice->n_edges == n_edges);
    return MN_OK;
}

/* ------------------------------------------------------------------ random graph */

/* A set of pairs a < b: open addressing in a table whose size is a power of two and at least twice the pairs. */
typedef struct {
    int64_t n_nodes;
    uint64_t mask;
    uint64_t *key; /* 1 + a n_nodes + b, 0 where empty */
} pair_set;

static uint64_t *place_of(const pair_set *set, int64_t a, int64_t b)
{
    const uint64_t key = 1 + (uint64_t)a * (uint64_t)set->n_nodes + (uint64_t)b;
    uint64_t at = (key * UINT64_C(0x9e3779b97f4a7c15)) >> 20;

    while (set->key[at & set->mask] != 0 && set->key[at & set->mask] != key) {
        at++;
    }
    return &set->key[at & set->mask];
}

static int pair_set_init(pair_set *set, int64_t n_nodes, int64_t n_pairs)
{
    int64_t size = 2;

    while (size < 2 * n_pairs) {
        size *= 2;
    }
    set->n_nodes = n_nodes;
    set->mask = (uint64_t)size - 1;
    set->key = mn_alloc(size, sizeof *set->key);
    return set->key != NULL ? MN_OK : MN_ERR_NO_MEMORY;
}

/* Draws different pairs until there are n_pairs; lists them in `pair` unless it is NULL. */
static int draw_pairs(pair_set *set, int64_t n_pairs, uint64_t seed, int32_t *pair, mn_cancel *cancel)
{
    int64_t n_drawn = 0;

    for (uint64_t draw = 0; n_drawn < n_pairs; draw++) {
        double u[2];

        if (mn_cancelled_at(cancel, (int64_t)draw)) {
            return MN_ERR_INTERRUPTED;
        }
        mn_uniform2(seed, STREAM_EDGES, draw, 0, u);
        const int64_t i = (int64_t)(u[0] * (double)set->n_nodes);
        const int64_t other = (int64_t)(u[1] * (double)(set->n_nodes - 1));
        const int64_t j = other < i ? other : other + 1;
        const int64_t a = i < j ? i : j;
        const int64_t b = i < j ? j : i;
        uint64_t *place = place_of(set, a, b);

        if (*place == 0) {
            *place = 1 + (uint64_t)a * (uint64_t)set->n_nodes + (uint64_t)b;
            if (pair != NULL) {
                pair[2 * n_drawn] = (int32_t)a;
                pair[2 * n_drawn + 1] = (int32_t)b;
            }
            n_drawn++;
        }
    }
    return MN_OK;
}

/* Lists the pairs that are not in the set. */
static int list_others(mn_lattice *lattice, const pair_set *set, mn_cancel *cancel)
{
    for (int64_t a = 0; a < lattice->n_nodes; a++) {
        if (mn_cancelled(cancel)) {
            return MN_ERR_INTERRUPTED; /* GCOV_EXCL_LINE: Ctrl-C at this moment */
        }
        for (int64_t b = a + 1; b < lattice->n_nodes; b++) {
            if (*place_of(set, a, b) == 0) {
                add(lattice, a, b);
            }
        }
    }
    return MN_OK;
}

/* Of a graph with more than half of all pairs the missing ones are drawn. */
static int draw_edges(mn_lattice *lattice, int64_t n_edges, int64_t n_pairs, uint64_t seed, mn_cancel *cancel)
{
    const int64_t n_nodes = lattice->n_nodes;
    const bool dense = n_edges > n_pairs / 2;
    pair_set set = {0};
    int code = pair_set_init(&set, n_nodes, dense ? n_pairs - n_edges : n_edges);

    if (code != MN_OK) {
        return code;
    }
    if (dense) {
        code = draw_pairs(&set, n_pairs - n_edges, seed, NULL, cancel);
        code = code == MN_OK ? list_others(lattice, &set, cancel) : code;
    } else {
        code = draw_pairs(&set, n_edges, seed, lattice->edge, cancel);
        lattice->n_edges = n_edges;
        code = code == MN_OK ? mn_pairs_sort(n_nodes, n_edges, lattice->edge) : code;
    }
    mn_dealloc(set.key);
    return code;
}

int mn_random_network_init(mn_lattice *lattice, int64_t n_nodes, double degree, uint64_t seed, mn_cancel *cancel,
                           mn_error *error)
{
    memset(lattice, 0, sizeof *lattice);
    if (n_nodes < 1) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "n_nodes", (double)n_nodes);
    }
    if (!(degree >= 0.0 && degree <= (double)(n_nodes - 1))) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "degree", degree);
    }
    if (n_nodes >= INT32_MAX || 0.5 * degree * (double)n_nodes >= (double)(INT32_MAX / 2)) {
        return mn_error_refuse(error, MN_ERR_TOO_LARGE, "n_nodes", (double)n_nodes);
    }
    const int64_t n_edges = (int64_t)(0.5 * degree * (double)n_nodes + 0.5);

    lattice->n_nodes = n_nodes;
    lattice->edge = mn_alloc(n_edges, 2 * sizeof *lattice->edge);
    const int code = lattice->edge != NULL ? draw_edges(lattice, n_edges, n_nodes * (n_nodes - 1) / 2, seed, cancel)
                                           : MN_ERR_NO_MEMORY;

    if (code != MN_OK) {
        mn_lattice_free(lattice);
        return mn_error_set(error, code);
    }
    return MN_OK;
}
