/* Elimination orders: every node once, updates counted as an elimination would find them, dissections whose separators
 * separate, whose order is the same on every machine, and that save what they promise. */
#include "check.h"
#include "circuit/dissection.h"
#include "circuit/elimination_count.h"
#include "circuit/kron.h"
#include "circuit/kron_state.h"
#include "circuit/ordering.h"
#include "network/kept.h"

#include <math.h>
#include <string.h>

enum { MOST_EDGES = 40000 };

typedef struct {
    int32_t n_nodes, n_edges, n_electrodes;
    int32_t edge[2 * MOST_EDGES];
    int32_t electrode[MOST_EDGES];
    bool is_placed;
    double position[2 * MOST_EDGES];
} graph;

static graph g; /* large for a stack */

static void start_graph(int32_t n_nodes, int32_t n_electrodes)
{
    g = (graph){.n_nodes = n_nodes, .n_electrodes = n_electrodes};
    for (int32_t v = 0; v < n_nodes; v++) {
        g.electrode[v] = v < n_nodes - n_electrodes ? -1 : v - (n_nodes - n_electrodes); /* the last nodes */
    }
}

static void add_edge(int32_t a, int32_t b)
{
    NEED(g.n_edges < MOST_EDGES);
    g.edge[2 * g.n_edges] = a;
    g.edge[2 * g.n_edges++ + 1] = b;
}

static void place(int32_t node, double x, double y)
{
    g.is_placed = true;
    g.position[2 * node] = x;
    g.position[2 * node + 1] = y;
}

static void make_path(int32_t n)
{
    start_graph(n, 1);
    for (int32_t v = 1; v < n; v++) {
        add_edge(v - 1, v);
    }
}

static void make_star(int32_t n)
{
    start_graph(n, 1);
    for (int32_t v = 1; v < n; v++) {
        add_edge(0, v);
    }
}

static void make_complete(int32_t n)
{
    start_graph(n, 2);
    for (int32_t a = 0; a < n; a++) {
        for (int32_t b = a + 1; b < n; b++) {
            add_edge(b, a);
        }
    }
}

/* Squares with both diagonals where `diagonals`; two electrodes at the sides. */
static void make_grid(int32_t side, bool diagonals)
{
    start_graph(side * side + 2, 2);
    for (int32_t y = 0; y < side; y++) {
        add_edge(side * side, y * side);
        add_edge(y * side + side - 1, side * side + 1);
        for (int32_t x = 0; x < side; x++) {
            const int32_t v = y * side + x;
            if (x + 1 < side) {
                add_edge(v, v + 1);
            }
            if (y + 1 < side) {
                add_edge(v, v + side);
            }
            if (diagonals && x + 1 < side && y + 1 < side) {
                add_edge(v, v + side + 1);
                add_edge(v + 1, v + side);
            }
        }
    }
}

/* n x n cells between segments of lines, and an electrode at the end of each line. */
static void make_crossbar(int32_t n)
{
    start_graph(2 * n * n + 2 * n, 2 * n);
    for (int32_t r = 0; r < n; r++) {
        add_edge(2 * n * n + r, r * n);
        add_edge(n * n + (n - 1) * n + r, 2 * n * n + n + r);
        for (int32_t c = 0; c < n; c++) {
            const int32_t word = r * n + c, bit = n * n + word;
            add_edge(word, bit);
            if (c + 1 < n) {
                add_edge(word, word + 1);
            }
            if (r + 1 < n) {
                add_edge(bit, bit + n);
            }
        }
    }
}

/* Many small pieces, repeated edges, nodes without any. */
static void make_random(int32_t n, int32_t n_edges, int32_t n_electrodes, uint64_t seed)
{
    start_graph(n, n_electrodes);
    for (int32_t e = 0; e < n_edges; e++) {
        const int32_t a = mn_shaken_below(seed + 2 * (uint64_t)e, n);
        const int32_t b = mn_shaken_below(seed + 2 * (uint64_t)e + 1, n);
        if (a != b) {
            add_edge(a, b);
        }
    }
}

static void make_network(mn_network *network)
{
    NEED(mn_network_init(network, g.n_nodes, g.n_edges, g.edge, NULL, g.n_electrodes, g.electrode, NULL) == MN_OK);
    if (g.is_placed) {
        NEED(mn_network_place(network, g.position, NULL) == MN_OK);
    }
}

/* ------------------------------------------------------------------ counts */

/* Pair updates of an elimination that is carried out, on a matrix of flags. */
static int64_t eliminate(const mn_pattern *pattern, const int32_t *order)
{
    const size_t n = (size_t)pattern->n;
    int64_t n_updates = 0;
    uint8_t *joined = calloc(n * n, 1), *gone = calloc(n, 1);
    int32_t *later = malloc(n * sizeof *later);
    NEED(joined != NULL && gone != NULL && later != NULL);
    for (int32_t v = 0; v < pattern->n; v++) {
        for (int32_t q = pattern->start[v]; q < pattern->start[v + 1]; q++) {
            joined[(size_t)v * n + (size_t)pattern->neighbour[q]] = 1;
        }
    }
    for (int32_t k = 0; k < pattern->n_free; k++) {
        const size_t v = (size_t)order[k];
        int32_t c = 0;
        gone[v] = 1;
        for (int32_t u = 0; u < pattern->n; u++) {
            if (joined[v * n + (size_t)u] && !gone[u]) {
                later[c++] = u;
            }
        }
        n_updates += (int64_t)c * (c - 1) / 2;
        for (int32_t a = 0; a < c; a++) {
            for (int32_t b = 0; b < c; b++) {
                joined[(size_t)later[a] * n + (size_t)later[b]] = a != b;
            }
        }
    }
    free(joined);
    free(gone);
    free(later);
    return n_updates;
}

/* An order of vertices from the numbers that mn_ordering gives to nodes; whether each free node has one. */
static bool order_of(const mn_network *network, mn_order wish, int32_t *order, int64_t *n_free)
{
    static int32_t vertex[MOST_EDGES], first[MOST_EDGES];
    int64_t n_before = 0, n_good = 0;
    NEED(mn_ordering(network, wish, NULL, n_free, vertex) == MN_OK);
    for (int64_t v = 0; v < network->n_nodes; v++) {
        first[v] = (int32_t)(network->electrode[v] < 0 ? n_before++ : 0);
    }
    memset(order, -1, (size_t)*n_free * sizeof *order);
    for (int64_t v = 0; v < network->n_nodes; v++) {
        if (network->electrode[v] >= 0) {
            n_good += vertex[v] == *n_free + network->electrode[v];
        } else if (vertex[v] >= 0 && vertex[v] < *n_free && order[vertex[v]] < 0) {
            order[vertex[v]] = first[v];
            n_good++;
        }
    }
    return n_before == *n_free && n_good == network->n_nodes;
}

static void number_nodes(const mn_network *network, int32_t *vertex, int64_t *n_free)
{
    *n_free = 0;
    for (int64_t v = 0; v < network->n_nodes; v++) {
        vertex[v] = (int32_t)(network->electrode[v] < 0 ? (*n_free)++ : 0);
    }
    for (int64_t v = 0; v < network->n_nodes; v++) {
        vertex[v] = network->electrode[v] < 0 ? vertex[v] : (int32_t)*n_free + network->electrode[v];
    }
}

static void make_pattern(const mn_network *network, mn_pattern *pattern)
{
    static int32_t vertex[MOST_EDGES];
    int64_t n_free;
    number_nodes(network, vertex, &n_free);
    NEED(mn_pattern_init(pattern, network, n_free, vertex) == MN_OK);
}

/* Updates by each wish; checks what orders must be. */
static void check_orders(check_count *n, int64_t n_updates[3])
{
    static int32_t order[MOST_EDGES];
    mn_network network;
    mn_pattern pattern;
    int64_t n_free;
    make_network(&network);
    make_pattern(&network, &pattern);
    for (int wish = 0; wish < 3; wish++) {
        CHECK(n, order_of(&network, (mn_order)wish, order, &n_free));
        n_updates[wish] = 0;
        if (n_free > 0) {
            CHECK(n, mn_count_updates(&pattern, order, &n_updates[wish]) == MN_OK);
            CHECK(n, pattern.n > 700 || n_updates[wish] == eliminate(&pattern, order));
        }
    }
    CHECK(n, n_updates[MN_ORDER_BEST] <= n_updates[MN_ORDER_FAST]);
    CHECK(n, n_updates[MN_ORDER_AUTO] <= n_updates[MN_ORDER_FAST]);
    mn_pattern_free(&pattern);
    mn_network_free(&network);
}

static void test_shapes(check_count *n)
{
    int64_t n_updates[3];
    start_graph(1, 1);
    check_orders(n, n_updates);
    start_graph(1, 0);
    check_orders(n, n_updates);
    start_graph(500, 0); /* no edges */
    check_orders(n, n_updates);
    make_path(2);
    check_orders(n, n_updates);
    make_path(3000);
    check_orders(n, n_updates);
    CHECK(n, n_updates[MN_ORDER_BEST] <= 3000);
    make_star(3000);
    check_orders(n, n_updates);
    CHECK(n, n_updates[MN_ORDER_BEST] == 0);
    make_complete(200);
    check_orders(n, n_updates);
    CHECK(n, n_updates[MN_ORDER_BEST] == n_updates[MN_ORDER_FAST]); /* no order helps */
    make_grid(24, true);
    check_orders(n, n_updates);
    make_crossbar(16);
    check_orders(n, n_updates);
    make_random(600, 500, 3, 1);
    check_orders(n, n_updates);
    make_random(12000, 9000, 5, 2);
    check_orders(n, n_updates);
    make_random(60, 2000, 59, 3); /* one free node, edges again and again */
    check_orders(n, n_updates);
    for (uint64_t seed = 0; seed < 25; seed++) {
        const int32_t size = 2 + mn_shaken_below(seed, 500);
        make_random(size, mn_shaken_below(seed + 1000, 4 * size), 1 + mn_shaken_below(seed + 2000, 3) % size,
                    seed << 32);
        check_orders(n, n_updates);
    }
}

/* Between bicliques every separator is a whole side, and halves of a clique do not exist. */
static void test_dense(check_count *n)
{
    int64_t n_updates[3];
    start_graph(302, 2);
    for (int32_t a = 0; a < 150; a++) {
        for (int32_t b = 150; b < 300; b++) {
            add_edge(a, b);
        }
    }
    add_edge(0, 300);
    add_edge(200, 301);
    check_orders(n, n_updates);
    start_graph(3102, 3000); /* more electrodes than nodes, each with all of them as neighbours of few */
    for (int32_t v = 0; v < 3000; v++) {
        add_edge(v % 102, 102 + v);
        add_edge((v + 1) % 102, 102 + v);
    }
    check_orders(n, n_updates);
}

/* ------------------------------------------------------------------ separators */

/* The graph with the free vertices of a pattern alone. */
static void free_graph(const mn_pattern *pattern, mn_weighted_graph *graph_of, mn_pool *pool)
{
    const int32_t n = pattern->n_free;
    int32_t m = 0;
    graph_of->n = n;
    graph_of->start = mn_pool_alloc(pool, n + 1, sizeof(int32_t));
    graph_of->weight = mn_pool_alloc(pool, n, sizeof(int32_t));
    graph_of->neighbour = mn_pool_alloc(pool, pattern->start[n], sizeof(int32_t));
    graph_of->link = mn_pool_alloc(pool, pattern->start[n], sizeof(int32_t));
    NEED(pool->code == MN_OK);
    for (int32_t v = 0; v < n; v++) {
        graph_of->start[v] = m;
        graph_of->weight[v] = 1;
        for (int32_t q = pattern->start[v]; q < pattern->start[v + 1]; q++) {
            if (pattern->neighbour[q] < n) {
                graph_of->neighbour[m] = pattern->neighbour[q];
                graph_of->link[m++] = 1;
            }
        }
    }
    graph_of->start[n] = m;
}

/* `least` is the best there is: found from four seeds of five, and nearly from the fifth. */
static void check_separator(check_count *n, int32_t least)
{
    int32_t n_least = 0;
    static uint8_t side[MOST_EDGES];
    const mn_separator_effort effort = {.band = 8, .n_cuts = 2, .n_growths = 8};
    mn_network network;
    mn_pattern pattern;
    mn_weighted_graph whole;
    mn_pool pool = {0};
    make_network(&network);
    make_pattern(&network, &pattern);
    free_graph(&pattern, &whole, &pool);
    for (uint64_t seed = 0; seed < 5; seed++) {
        int32_t count[3] = {0, 0, 0}, n_crossing = 0;
        CHECK(n, mn_separate(&whole, seed, &effort, NULL, side) == MN_OK);
        for (int32_t v = 0; v < whole.n; v++) {
            count[side[v]]++;
            for (int32_t q = whole.start[v]; q < whole.start[v + 1]; q++) {
                n_crossing += side[v] + side[whole.neighbour[q]] == 1;
            }
        }
        CHECK(n, n_crossing == 0);
        CHECK(n, 4 * count[MN_SEPARATOR] <= 5 * least);
        n_least += count[MN_SEPARATOR] <= least;
        CHECK(n, count[0] * 1000 <= whole.n * MN_MOST_ON_A_SIDE && count[1] * 1000 <= whole.n * MN_MOST_ON_A_SIDE);
    }
    CHECK(n, n_least >= 4);
    mn_cancel cancel;
    atomic_init(&cancel, true);
    CHECK(n, mn_separate(&whole, 0, &effort, &cancel, side) == MN_ERR_INTERRUPTED);
    mn_pool_free(&pool);
    mn_pattern_free(&pattern);
    mn_network_free(&network);
}

static void test_separators(check_count *n)
{
    make_grid(60, false);
    check_separator(n, 60); /* a line, or a corner */
    make_grid(60, true);
    check_separator(n, 60);
    make_crossbar(40);
    check_separator(n, 40);
    make_path(2000);
    check_separator(n, 1);
}

/* ------------------------------------------------------------------ the same order everywhere */

static uint64_t hash_of_dissection(uint64_t seed, int32_t leaf)
{
    static int32_t order[MOST_EDGES];
    const mn_dissection_effort effort = {.leaf = leaf, .separator = {.band = 6, .n_cuts = 2, .n_growths = 5}};
    mn_network network;
    mn_pattern pattern, rest;
    int32_t n_gone;
    uint64_t hash = 1;
    make_network(&network);
    make_pattern(&network, &pattern);
    NEED(mn_eliminate_small_stars(&pattern, &rest, order, &n_gone) == MN_OK);
    NEED(mn_dissect(&rest, seed, &effort, NULL, order, n_gone) == MN_OK);
    for (int32_t k = 0; k < pattern.n_free; k++) {
        hash = mn_shaken(hash ^ (uint64_t)order[k]);
    }
    mn_pattern_free(&rest);
    mn_pattern_free(&pattern);
    mn_network_free(&network);
    return hash;
}

/* Numbers that this test once printed: every compiler, option and processor must find them again. */
static void test_same_everywhere(check_count *n)
{
    make_crossbar(48);
    const uint64_t crossbar = hash_of_dissection(0, 100), other_seed = hash_of_dissection(1, 100);
    make_grid(70, true);
    const uint64_t grid = hash_of_dissection(0, 100), large_leaves = hash_of_dissection(0, 250);
    make_random(9000, 16000, 4, 7);
    const uint64_t random = hash_of_dissection(3, 60);
    CHECK(n, crossbar == UINT64_C(0x63efd253229314b6));
    CHECK(n, other_seed == UINT64_C(0x290ee429cdc1576e));
    CHECK(n, grid == UINT64_C(0x6c8fb34b693137e2));
    CHECK(n, large_leaves == UINT64_C(0x16f51d5bfe1645b7));
    CHECK(n, random == UINT64_C(0xec18bdcf269b027b));
}

/* ------------------------------------------------------------------ what they save */

static void test_savings(check_count *n)
{
    int64_t n_updates[3];
    make_crossbar(64); /* 7.4, 4.4, 3.9 million */
    check_orders(n, n_updates);
    CHECK(n, 100 * n_updates[MN_ORDER_AUTO] <= 65 * n_updates[MN_ORDER_FAST]);
    CHECK(n, 100 * n_updates[MN_ORDER_BEST] <= 57 * n_updates[MN_ORDER_FAST]);
    CHECK(n, n_updates[MN_ORDER_BEST] <= 4026088); /* the best order by straight cuts, from a dynamic programme */
    make_grid(130, false);
    check_orders(n, n_updates);
    CHECK(n, 100 * n_updates[MN_ORDER_AUTO] <= 85 * n_updates[MN_ORDER_FAST]);
    make_grid(20, false); /* thin: not tried */
    check_orders(n, n_updates);
    CHECK(n, n_updates[MN_ORDER_AUTO] == n_updates[MN_ORDER_FAST]);
}

/* ------------------------------------------------------------------ places */

/* Of the grids and crossbars above, shifted and stretched: only the order of coordinates matters. */
static void place_grid(int32_t side, double scale)
{
    for (int32_t v = 0; v < side * side; v++) {
        place(v, scale * (v % side) - 3.0, (v / side) / scale);
    }
}

static void place_crossbar(int32_t n)
{
    for (int32_t v = 0; v < 2 * n * n; v++) {
        place(v, v % n, -(double)(v / n % n)); /* -0 in the first row, as 0 elsewhere */
    }
    g.position[1] = 0.0;
}

static uint64_t hash_of_order(mn_order wish)
{
    static int32_t order[MOST_EDGES];
    mn_network network;
    int64_t n_free;
    uint64_t hash = 1;
    make_network(&network);
    NEED(order_of(&network, wish, order, &n_free));
    for (int64_t k = 0; k < n_free; k++) {
        hash = mn_shaken(hash ^ (uint64_t)order[k]);
    }
    mn_network_free(&network);
    return hash;
}

/* Cuts against minimum degree, and against dissections, which do not see places. */
static void test_places(check_count *n)
{
    int64_t without[3], n_updates[3];
    for (int32_t size = 8; size <= 64; size *= 2) {
        make_crossbar(size);
        check_orders(n, without);
        place_crossbar(size);
        check_orders(n, n_updates);
        CHECK(n, n_updates[MN_ORDER_FAST] <= without[MN_ORDER_FAST]);
        CHECK(n, n_updates[MN_ORDER_FAST] <= without[MN_ORDER_AUTO]);
        CHECK(n, n_updates[MN_ORDER_FAST] == n_updates[MN_ORDER_AUTO]);
    }
    CHECK(n, n_updates[MN_ORDER_FAST] <= 4026088); /* the best order by straight cuts, from a dynamic programme */
    make_grid(130, false);
    check_orders(n, without);
    place_grid(130, 0.1);
    check_orders(n, n_updates);
    CHECK(n, 100 * n_updates[MN_ORDER_FAST] <= 80 * without[MN_ORDER_FAST]);
    CHECK(n, n_updates[MN_ORDER_FAST] <= without[MN_ORDER_AUTO]);
    make_grid(40, true); /* with diagonals, cuts are one of the candidates */
    check_orders(n, without);
    place_grid(40, 2.0);
    check_orders(n, n_updates);
    CHECK(n, n_updates[MN_ORDER_FAST] == without[MN_ORDER_FAST]);
    CHECK(n, n_updates[MN_ORDER_BEST] <= without[MN_ORDER_BEST]);
}

/* Numbers that this test once printed, as above. */
static void test_places_everywhere(check_count *n)
{
    make_crossbar(48);
    place_crossbar(48);
    const uint64_t crossbar = hash_of_order(MN_ORDER_FAST);
    CHECK(n, crossbar == UINT64_C(0x833779ac4d907d5f));
    make_grid(70, false);
    place_grid(70, 1.0);
    const uint64_t grid = hash_of_order(MN_ORDER_FAST);
    CHECK(n, grid == UINT64_C(0xee78f07d03fe751b));
    place_grid(70, 1e-3);
    CHECK(n, hash_of_order(MN_ORDER_FAST) == grid);
    place_grid(70, 7.3);
    CHECK(n, hash_of_order(MN_ORDER_FAST) == grid);
}

/* Places that are none of a lattice leave the order as it is without them, and nothing is kept. */
static void check_useless(check_count *n, uint64_t without, bool is_kept)
{
    mn_network network;
    make_network(&network);
    CHECK(n, (network.column != NULL) == is_kept);
    CHECK(n, hash_of_order(MN_ORDER_FAST) == without);
    mn_network_free(&network);
}

static void test_useless_places(check_count *n)
{
    make_crossbar(16);
    const uint64_t without = hash_of_order(MN_ORDER_FAST);
    place_crossbar(16);
    CHECK(n, hash_of_order(MN_ORDER_FAST) != without);
    g.position[201] = NAN;
    check_useless(n, without, false);
    for (int32_t v = 0; v < g.n_nodes; v++) {
        place(v, 1.0, 1.0);
    }
    check_useless(n, without, true); /* one crowded cell */
    for (int32_t v = 0; v < g.n_nodes; v++) {
        place(v, v % 7 == 0 ? (double)INFINITY : (double)v, -(double)INFINITY);
    }
    check_useless(n, without, true); /* all in a row, where edges reach far */
    for (int32_t v = 0; v < g.n_nodes; v++) {
        place(v, 1e-3 * mn_shaken_below((uint64_t)v, 1000000), 1e3 * mn_shaken_below(7000 + (uint64_t)v, 1000000));
    }
    check_useless(n, without, false);
    make_grid(20, true);
    const uint64_t small = hash_of_order(MN_ORDER_FAST);
    place_grid(20, 1.0);
    check_useless(n, small, true);
    make_path(300); /* few neighbours */
    const uint64_t path = hash_of_order(MN_ORDER_FAST);
    for (int32_t v = 0; v < g.n_nodes; v++) {
        place(v, v, 0.0);
    }
    check_useless(n, path, true);
    start_graph(3, 3); /* electrodes alone */
    place(0, 1.0, 2.0);
    mn_network network;
    make_network(&network);
    CHECK(n, network.column == NULL);
    mn_network_free(&network);
}

/* ------------------------------------------------------------------ kept with the network */

static void test_kept(check_count *n)
{
    mn_network network;
    mn_solver solver[3];
    const mn_order wish[3] = {MN_ORDER_AUTO, MN_ORDER_AUTO, MN_ORDER_FAST};
    make_crossbar(20);
    make_network(&network);
    for (int keeps = 0; keeps < 2; keeps++) {
        for (int k = 0; k < 3; k++) {
            NEED(mn_solver_init_ordered(&solver[k], "kron", &network, false, wish[k], NULL, NULL) == MN_OK);
        }
        const mn_kron *const kron[3] = {solver[0].state, solver[1].state, solver[2].state};
        CHECK(n, (kron[0]->schedule.vertex == kron[1]->schedule.vertex) == (keeps == 1));
        CHECK(n, kron[0]->schedule.vertex != kron[2]->schedule.vertex);
        CHECK(n, kron[0]->schedule.n_updates < kron[2]->schedule.n_updates);
        CHECK(n, memcmp(kron[0]->schedule.vertex, kron[1]->schedule.vertex,
                        (size_t)network.n_nodes * sizeof(int32_t)) == 0);
        for (int k = 0; k < 3; k++) {
            mn_solver_free(&solver[k]);
        }
        NEED(mn_network_keep(&network) == MN_OK);
        NEED(mn_network_keep(&network) == MN_OK); /* no second time */
    }
    NEED(mn_solver_init(&solver[0], "kron", &network, true, NULL, NULL) == MN_OK); /* complex: its own schedule */
    mn_solver_free(&solver[0]);
    mn_network_free(&network);
}

int main(void)
{
    check_count n = {0, 0};
    test_shapes(&n);
    test_dense(&n);
    test_separators(&n);
    test_same_everywhere(&n);
    test_savings(&n);
    test_places(&n);
    test_places_everywhere(&n);
    test_useless_places(&n);
    test_kept(&n);
    return check_report(&n, "ordering");
}
