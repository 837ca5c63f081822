/* Listed fronts that are alike, four at a time: that they are, and that lanes give the bits of one front after the
 * other, whole and redone, with one thread and with several. */
#include "check.h"
#include "circuit/kron.h"
#include "circuit/kron_state.h"
#include "circuit/kron_tree.h"
#include "circuit/solver.h"
#include "memnet.h"
#include "dice.h"

#include <math.h>
#include <string.h>

typedef struct {
    mn_network network;
    mn_kron *kron;
    double *g;
    int32_t *changed;
} sample;

static void make(sample *x, int64_t n_nodes, int64_t n_edges, const int32_t *edges, int64_t n_electrodes,
                 const int32_t *electrode, const double *position)
{
    void *state;
    NEED(mn_network_init(&x->network, n_nodes, n_edges, edges, NULL, n_electrodes, electrode, NULL) == MN_OK);
    NEED(position == NULL || mn_network_place(&x->network, position, NULL) == MN_OK);
    NEED(mn_kron_init(&state, &x->network, MN_KRON_FRONTS_AUTO, MN_ORDER_AUTO, NULL, NULL) == MN_OK);
    x->kron = state;
    x->g = malloc((size_t)n_edges * sizeof(double));
    x->changed = malloc((size_t)n_edges * sizeof(int32_t));
    NEED(x->g != NULL && x->changed != NULL);
}

static void drop(sample *x)
{
    mn_kron_ops.free(x->kron);
    mn_network_free(&x->network);
    free(x->g);
    free(x->changed);
}

/* Nodes in rows and columns at places that straight cuts find, or without places; three electrodes. */
static void lattice(sample *x, int32_t side, mn_diagonals diagonals, bool placed)
{
    mn_lattice grid;
    NEED(mn_grid_init(&grid, side, side, diagonals, 5, NULL, NULL) == MN_OK);
    int32_t *electrode = malloc((size_t)grid.n_nodes * sizeof *electrode);
    double *position = malloc((size_t)(2 * grid.n_nodes) * sizeof *position);
    NEED(electrode != NULL && position != NULL);
    for (int32_t i = 0; i < grid.n_nodes; i++) {
        electrode[i] = i == 0 ? 0 : i == side - 1 ? 1 : i == side * side - 2 ? 2 : -1;
        position[2 * i] = i % side;
        position[2 * i + 1] = i / side;
    }
    make(x, grid.n_nodes, grid.n_edges, grid.edge, 3, electrode, placed ? position : NULL);
    free(electrode);
    free(position);
    mn_lattice_free(&grid);
}

/* Conductances over some decades, some of them 0: products fall below MN_KRON_TINY, totals are 0. */
static double draw(dice *d, double decades, double zeros)
{
    return roll(d) < zeros ? 0.0 : pow(10.0, -decades * roll(d));
}

static void draw_all(sample *x, dice *d, double decades, double zeros)
{
    for (int64_t e = 0; e < x->network.n_edges; e++) {
        x->g[e] = draw(d, decades, zeros);
    }
}

/* ------------------------------------------------------------------ structure */

static bool same_lists(const mn_kron_schedule *s, const mn_kron_front *f, const mn_kron_front *g)
{
    bool good = f->n_pivots == g->n_pivots && f->n_rows == g->n_rows && f->n_edges == g->n_edges;
    for (int64_t t = 0; t < f->n_pivots && good; t++) {
        good = s->length[f->first + t] == s->length[g->first + t];
    }
    for (int64_t t = s->pair[f->first]; t < s->pair[f->first + f->n_pivots] && good; t++) {
        good = s->target[t] == s->target[t - s->pair[f->first] + s->pair[g->first]];
    }
    for (int64_t e = 0; e < f->n_edges && good; e++) {
        good = s->slot[f->edge + e] == s->slot[g->edge + e];
    }
    return good;
}

/* Each front is in one quartet at most, with others that are like it, in their order; their rests lie apart. */
static void check_quartets(check_count *n, const mn_kron_schedule *s)
{
    int64_t n_members = 0, n_leaves = 0;
    bool good = true;
    for (int64_t i = 0; i < s->n_quartets; i++) {
        for (int lane = 0; lane < MN_KRON_BATCH; lane++) {
            const int32_t own = s->quartet[i].front[lane];
            const mn_kron_front *f = &s->front[own];
            good = good && f->quartet == i && f->listed && f->child < 0 && f->leaf == n_leaves;
            good = good && same_lists(s, f, &s->front[s->quartet[i].model]);
            good = good && (lane == 0 || own > s->quartet[i].front[lane - 1]);
            good = good && mn_kron_rest_size(f) + f->n_entries <= s->n_quartet;
            n_leaves += mn_kron_rest_size(f);
        }
        good = good && (i == 0 || s->quartet[i].front[0] > s->quartet[i - 1].front[0]);
    }
    for (int64_t i = 0; i < s->n_fronts; i++) {
        n_members += s->front[i].quartet >= 0;
    }
    CHECK(n, good && n_members == MN_KRON_BATCH * s->n_quartets && n_leaves == s->n_leaves);
}

/* ------------------------------------------------------------------ bits */

typedef struct {
    double *weight, *share, *total;
    int64_t n_dead;
} factor;

static factor copy(const mn_kron *kron)
{
    const mn_kron_schedule *s = &kron->schedule;
    const size_t n[3] = {(size_t)s->n_slots * 8, (size_t)s->n_entries * 8, (size_t)s->n_free * 8};
    factor f = {malloc(n[0]), malloc(n[1]), malloc(n[2]), kron->n_dead};
    NEED(f.weight != NULL && f.share != NULL && f.total != NULL);
    memcpy(f.weight, kron->weight, n[0]);
    memcpy(f.share, kron->share, n[1]);
    memcpy(f.total, kron->total, n[2]);
    return f;
}

static bool same(const double *a, const double *b, int64_t n)
{
    return memcmp(a, b, (size_t)n * sizeof(double)) == 0;
}

static void check_and_drop(check_count *n, const mn_kron *kron, factor *f)
{
    const mn_kron_schedule *s = &kron->schedule;
    CHECK(n, same(kron->weight, f->weight, s->n_slots));
    CHECK(n, same(kron->share, f->share, s->n_entries));
    CHECK(n, same(kron->total, f->total, s->n_free));
    CHECK(n, kron->n_dead == f->n_dead);
    free(f->weight);
    free(f->share);
    free(f->total);
}

/* The factor of the conductances by a schedule that has no quartets. */
static factor one_by_one(const sample *x)
{
    mn_kron *kron = x->kron;
    mn_kron_schedule *s = &kron->schedule;
    const int64_t n_quartets = s->n_quartets;
    int32_t *quartet = malloc((size_t)s->n_fronts * sizeof *quartet);
    NEED(quartet != NULL);
    for (int64_t i = 0; i < s->n_fronts; i++) {
        quartet[i] = s->front[i].quartet;
        s->front[i].quartet = -1;
    }
    s->n_quartets = 0;
    NEED(mn_kron_ops.factor(kron, x->g, NULL, -1, NULL, NULL) == MN_OK);
    s->n_quartets = n_quartets;
    for (int64_t i = 0; i < s->n_fronts; i++) {
        s->front[i].quartet = quartet[i];
    }
    free(quartet);
    return copy(kron);
}

static void check_factor(check_count *n, const sample *x)
{
    factor f = one_by_one(x);
    memset(x->kron->share, 0xff, (size_t)x->kron->schedule.n_entries * sizeof(double));
    NEED(mn_kron_ops.factor(x->kron, x->g, NULL, -1, NULL, NULL) == MN_OK);
    check_and_drop(n, x->kron, &f);
}

/* A few edges at a time get other conductances, which may be 0. */
static void check_changes(check_count *n, sample *x, dice *d, double decades)
{
    for (int turn = 0; turn < 4; turn++) {
        int64_t n_changed = 0;
        NEED(mn_kron_ops.factor(x->kron, x->g, NULL, turn == 0 ? 0 : -1, NULL, NULL) == MN_OK);
        for (int64_t e = turn; e < x->network.n_edges; e += turn == 3 ? 5 : 211) {
            x->g[e] = draw(d, decades, 0.2);
            x->changed[n_changed++] = (int32_t)e;
        }
        NEED(mn_kron_ops.factor(x->kron, x->g, NULL, n_changed, x->changed, NULL) == MN_OK);
        CHECK(n, x->kron->n_columns < x->kron->schedule.n_free || turn == 3);
        factor redone = copy(x->kron), whole = one_by_one(x);
        check_and_drop(n, x->kron, &redone);
        check_and_drop(n, x->kron, &whole);
    }
}

static void check_threads(check_count *n, const sample *x)
{
    for (int64_t n_threads = 2; n_threads <= 5; n_threads += 3) {
        mn_threads *threads = NULL;
        factor f = one_by_one(x);
        NEED(mn_threads_init(&threads, n_threads, NULL) == MN_OK);
        NEED(mn_kron_ops.use_threads(x->kron, threads) == MN_OK);
        NEED(mn_kron_ops.factor(x->kron, x->g, NULL, -1, NULL, NULL) == MN_OK);
        check_and_drop(n, x->kron, &f);
        NEED(mn_kron_ops.use_threads(x->kron, NULL) == MN_OK);
        mn_threads_free(threads);
    }
}

/* ------------------------------------------------------------------ networks */

static void check_sample(check_count *n, sample *x, uint64_t seed)
{
    static const double decades[] = {3.0, 130.0, 280.0};
    dice d = {seed, 0};
    check_quartets(n, &x->kron->schedule);
    for (int k = 0; k < 3; k++) {
        draw_all(x, &d, decades[k], k == 0 ? 0.0 : 0.2 * k);
        check_factor(n, x);
        check_threads(n, x);
        check_changes(n, x, &d, decades[k]);
    }
}

static void test_lattices(check_count *n)
{
    static const mn_diagonals diagonals[] = {MN_DIAGONALS_NONE, MN_DIAGONALS_BOTH};
    for (int placed = 0; placed < 2; placed++) {
        for (int k = 0; k < 2; k++) {
            sample x;
            lattice(&x, 64 - 3 * k, diagonals[k], placed != 0);
            const mn_kron_schedule *s = &x.kron->schedule;
            int64_t n_listed = 0;
            for (int64_t i = 0; i < s->n_fronts; i++) {
                n_listed += s->front[i].listed;
            }
            CHECK(n, s->n_fronts > 0 && s->n_quartets > 0);
            CHECK(n, !placed || k > 0 || MN_KRON_BATCH * s->n_quartets > n_listed / 2); /* cells repeat */
            check_sample(n, &x, (uint64_t)(10 * placed + k));
            drop(&x);
        }
    }
}

/* Edges between any two nodes, some of them twice, some to electrodes, islands: leaves that are hardly ever alike. */
static void test_random(check_count *n)
{
    enum { NODES = 700, EDGES = 1400 };
    for (uint64_t seed = 0; seed < 4; seed++) {
        dice d = {100 + seed, 0};
        int32_t edges[2 * EDGES], electrode[NODES];
        for (int32_t i = 0; i < NODES; i++) {
            electrode[i] = i < 3 ? i : -1;
        }
        for (int32_t e = 0; e < EDGES; e++) {
            edges[2 * e] = (int32_t)(roll(&d) * NODES);
            edges[2 * e + 1] = (edges[2 * e] + 1 + (int32_t)(roll(&d) * (NODES - 1))) % NODES;
        }
        memcpy(edges, edges + 2 * 20, 2 * 20 * sizeof *edges); /* parallel ones */
        sample x;
        make(&x, NODES, EDGES, edges, 3, electrode, NULL);
        CHECK(n, x.kron->schedule.n_fronts > 0);
        check_sample(n, &x, 200 + seed);
        drop(&x);
    }
}

int main(void)
{
    check_count n = {0, 0};
    test_lattices(&n);
    test_random(&n);
    return check_report(&n, "test_kron_quartets");
}
