/* Networks: validation, components and islands against a flood fill, paths against all paths of small networks. */
#include "check.h"
#include "memnet.h"

#include <limits.h>
#include <math.h>
#include <string.h>

enum { MAX_NODES = 12, MAX_EDGES = 24, MAX_ELECTRODES = 4 };

/* A random number below n, one for each (seed, index). */
static int64_t draw(uint64_t seed, uint64_t index, int64_t n)
{
    double u[2];

    mn_uniform2(seed, 1000, index, 0, u);
    return (int64_t)(u[0] * (double)n);
}

static int init(mn_network *network, int64_t n_nodes, int64_t n_edges, const int32_t *edges, const double *length,
                int64_t n_electrodes, const int32_t *electrode, mn_error *error)
{
    mn_error_clear(error);
    return mn_network_init(network, n_nodes, n_edges, edges, length, n_electrodes, electrode, error);
}

static void test_copies(check_count *count)
{
    int32_t edges[] = {0, 1, 2, 1, 3, 4};
    double length[] = {0.0, 0.5, 2.0};
    int32_t electrode[] = {0, -1, 1, -1, -1};
    mn_network network;
    mn_error error;

    NEED(init(&network, 5, 3, edges, length, 2, electrode, &error) == MN_OK);
    memset(edges, 0, sizeof edges);
    memset(length, 0, sizeof length);
    memset(electrode, 0, sizeof electrode);
    CHECK(count, network.n_nodes == 5 && network.n_edges == 3 && network.n_electrodes == 2);
    CHECK(count, network.a[0] == 0 && network.b[0] == 1 && network.a[1] == 2 && network.b[1] == 1);
    CHECK(count, network.a[2] == 3 && network.b[2] == 4);
    CHECK(count, network.length[0] == 0.0 && network.length[1] == 0.5 && network.length[2] == 2.0);
    CHECK(count, network.electrode[0] == 0 && network.electrode[1] == -1 && network.electrode[2] == 1);
    CHECK(count, network.component[0] == 0 && network.component[1] == 0 && network.component[2] == 0);
    CHECK(count, network.component[3] == 1 && network.component[4] == 1);
    CHECK(count, network.n_components == 2 && network.n_islands == 1 && network.n_island_nodes == 2);
    mn_network_free(&network);
    CHECK(count, network.a == NULL && network.component == NULL && network.n_nodes == 0);
    mn_network_free(&network);
}

static void test_bad_edges(check_count *count)
{
    const int32_t bad[][2] = {{1, 1}, {0, 3}, {-1, 0}, {0, -1}, {INT32_MAX, 0}, {INT32_MIN, 0}};
    mn_network network;
    mn_error error;

    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
        const int32_t edges[] = {0, 1, bad[k][0], bad[k][1], 7, 7};

        CHECK(count, init(&network, 3, 3, edges, NULL, 0, NULL, &error) == MN_ERR_BAD_EDGE);
        CHECK(count, error.code == MN_ERR_BAD_EDGE && error.edge == 1);
        CHECK(count, error.node == bad[k][0] && error.node_b == bad[k][1]);
        CHECK(count, network.a == NULL && network.n_nodes == 0);
        mn_network_free(&network);
    }
}

static void test_bad_arguments(check_count *count)
{
    const int32_t edges[] = {0, 1, 1, 2};
    const double bad[] = {(double)NAN, (double)INFINITY, -1e-300, -1.0};
    const int32_t above[] = {0, 1, 2};
    const int32_t below[] = {0, -2, 1};
    const int32_t skips[] = {0, -1, 2};
    mn_network network;
    mn_error error;

    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
        const double length[] = {0.25, bad[k]};

        CHECK(count, init(&network, 3, 2, edges, length, 0, NULL, &error) == MN_ERR_BAD_ARGUMENT);
        CHECK(count, error.edge == 1 && memcmp(&error.value, &bad[k], sizeof bad[k]) == 0);
    }
    CHECK(count, init(&network, 3, 2, edges, NULL, 2, above, &error) == MN_ERR_BAD_ARGUMENT);
    CHECK(count, error.node == 2 && error.electrode == 2);
    CHECK(count, init(&network, 3, 2, edges, NULL, 2, below, &error) == MN_ERR_BAD_ARGUMENT);
    CHECK(count, error.node == 1 && error.electrode == -2);
    CHECK(count, init(&network, 3, 2, edges, NULL, 3, skips, &error) == MN_ERR_BAD_ARGUMENT);
    CHECK(count, error.electrode == 1 && error.node == -1);
    CHECK(count, init(&network, 3, 2, edges, NULL, 1, NULL, &error) == MN_ERR_BAD_ARGUMENT);
    CHECK(count, error.electrode == 0);
    CHECK(count, init(&network, 0, 0, NULL, NULL, 0, NULL, &error) == MN_ERR_BAD_ARGUMENT);
    CHECK(count, init(&network, 3, -1, edges, NULL, 0, NULL, &error) == MN_ERR_BAD_ARGUMENT);
    CHECK(count, init(&network, 3, 2, edges, NULL, -1, NULL, &error) == MN_ERR_BAD_ARGUMENT);
    CHECK(count, init(&network, 3, 2, edges, NULL, 4, above, &error) == MN_ERR_BAD_ARGUMENT);
    CHECK(count, init(&network, INT64_C(1) + INT32_MAX, 0, NULL, NULL, 0, NULL, &error) == MN_ERR_TOO_LARGE);
    CHECK(count, init(&network, 3, INT64_C(1) + INT32_MAX, edges, NULL, 0, NULL, &error) == MN_ERR_TOO_LARGE);
    CHECK(count, mn_network_init(&network, 3, 2, edges, NULL, 1, NULL, NULL) == MN_ERR_BAD_ARGUMENT);
}

typedef struct {
    int64_t n_nodes, n_edges, n_electrodes;
    int32_t edges[2 * MAX_EDGES];
    double length[MAX_EDGES];
    int32_t electrode[MAX_NODES];
} sample;

static sample draw_sample(uint64_t seed)
{
    sample s = {0};

    s.n_nodes = 2 + draw(seed, 0, MAX_NODES - 1);
    s.n_edges = draw(seed, 1, s.n_nodes * 2);
    s.n_electrodes = draw(seed, 2, (s.n_nodes < MAX_ELECTRODES ? s.n_nodes : MAX_ELECTRODES) + 1);
    for (int64_t k = 0; k < s.n_edges; k++) {
        const int64_t a = draw(seed, (uint64_t)(100 + 3 * k), s.n_nodes);
        const int64_t b = draw(seed, (uint64_t)(101 + 3 * k), s.n_nodes - 1);

        s.edges[2 * k] = (int32_t)a;
        s.edges[2 * k + 1] = (int32_t)(b < a ? b : b + 1);
        s.length[k] = (double)draw(seed, (uint64_t)(102 + 3 * k), 1 << 20) / (1 << 20);
    }
    for (int64_t i = 0; i < s.n_nodes; i++) {
        s.electrode[i] = (int32_t)(draw(seed, (uint64_t)(10 + i), 2 * s.n_electrodes + 2) - s.n_electrodes - 2);
        s.electrode[i] = s.electrode[i] < 0 ? -1 : s.electrode[i];
    }
    for (int64_t e = 0; e < s.n_electrodes; e++) {
        s.electrode[s.n_nodes - 1 - e] = (int32_t)e;
    }
    return s;
}

static bool joined(const sample *s, int64_t k, int64_t i, int64_t j)
{
    const int32_t a = s->edges[2 * k];
    const int32_t b = s->edges[2 * k + 1];

    return (a == i && b == j) || (a == j && b == i);
}

/* Floods from every node that has no component yet. */
static int64_t flood(const sample *s, int32_t *component)
{
    int64_t n_components = 0;

    for (int64_t i = 0; i < s->n_nodes; i++) {
        component[i] = -1;
    }
    for (int64_t first = 0; first < s->n_nodes; first++) {
        if (component[first] >= 0) {
            continue;
        }
        component[first] = (int32_t)n_components;
        for (int64_t sweep = 0; sweep < s->n_nodes; sweep++) {
            for (int64_t i = 0; i < s->n_nodes; i++) {
                for (int64_t j = 0; j < s->n_nodes; j++) {
                    bool linked = s->electrode[i] >= 0 && s->electrode[i] == s->electrode[j];

                    for (int64_t k = 0; k < s->n_edges; k++) {
                        linked = linked || joined(s, k, i, j);
                    }
                    if (linked && component[i] == n_components) {
                        component[j] = (int32_t)n_components;
                    }
                }
            }
        }
        n_components++;
    }
    return n_components;
}

static void test_components(check_count *count)
{
    int64_t n_seen_islands = 0;

    for (uint64_t seed = 0; seed < 300; seed++) {
        const sample s = draw_sample(seed);
        int32_t component[MAX_NODES];
        bool held[MAX_NODES] = {false};
        int64_t n_islands = 0;
        int64_t n_island_nodes = 0;
        mn_network network;
        mn_error error;
        const int64_t n_components = flood(&s, component);

        NEED(init(&network, s.n_nodes, s.n_edges, s.edges, s.length, s.n_electrodes, s.electrode, &error) == MN_OK);
        for (int64_t i = 0; i < s.n_nodes; i++) {
            held[component[i]] = held[component[i]] || s.electrode[i] >= 0;
        }
        for (int64_t i = 0; i < s.n_nodes; i++) {
            n_island_nodes += held[component[i]] ? 0 : 1;
        }
        for (int64_t c = 0; c < n_components; c++) {
            n_islands += held[c] ? 0 : 1;
        }
        CHECK(count, network.n_components == n_components);
        CHECK(count, memcmp(network.component, component, (size_t)s.n_nodes * sizeof component[0]) == 0);
        CHECK(count, network.n_islands == n_islands && network.n_island_nodes == n_island_nodes);
        n_seen_islands += n_islands;
        mn_network_free(&network);
    }
    CHECK(count, n_seen_islands > 100);
}

typedef struct {
    const sample *s;
    double beta; /* 0 for no lengths */
    int32_t to;
    bool used[MAX_NODES]; /* by vertex */
    long double best;
    int64_t best_edges;
} walk;

static int32_t vertex_of(const sample *s, int32_t i)
{
    return s->electrode[i] >= 0 ? MAX_NODES + s->electrode[i] : i;
}

/* Tries every way on from vertex v that visits no vertex twice. */
static void walk_on(walk *w, bool *used, int32_t v, long double resistance, int64_t n_edges)
{
    if (v == MAX_NODES + w->to) {
        if (w->best_edges < 0 || resistance < w->best || (resistance == w->best && n_edges < w->best_edges)) {
            w->best = resistance;
            w->best_edges = n_edges;
        }
        return;
    }
    used[v] = true;
    for (int64_t k = 0; k < w->s->n_edges; k++) {
        for (int side = 0; side < 2; side++) {
            const int32_t a = vertex_of(w->s, w->s->edges[2 * k + side]);
            const int32_t b = vertex_of(w->s, w->s->edges[2 * k + 1 - side]);

            if (a == v && !used[b]) {
                walk_on(w, used, b, resistance + expl((long double)(w->beta * w->s->length[k])), n_edges + 1);
            }
        }
    }
    used[v] = false;
}

static void test_paths(check_count *count)
{
    int64_t n_found = 0;
    int64_t n_differ = 0;

    for (uint64_t seed = 0; seed < 400; seed++) {
        const sample s = draw_sample(seed);
        int64_t by_beta[2] = {-1, -1};

        for (int with_length = 0; with_length < 2 && s.n_electrodes >= 2; with_length++) {
            bool used[MAX_NODES + MAX_ELECTRODES] = {false};
            walk w = {.s = &s, .beta = with_length ? 20.0 : 0.0, .to = 1, .best_edges = -1};
            const double *length = with_length ? s.length : NULL;
            int64_t n_path = -7;
            mn_network network;
            mn_error error;

            NEED(init(&network, s.n_nodes, s.n_edges, s.edges, length, s.n_electrodes, s.electrode, &error) == MN_OK);
            walk_on(&w, used, MAX_NODES, 0.0L, 0);
            CHECK(count, mn_network_path(&network, 20.0, 0, 1, &n_path) == MN_OK && n_path == w.best_edges);
            CHECK(count, mn_network_path(&network, 20.0, 1, 0, &n_path) == MN_OK && n_path == w.best_edges);
            by_beta[with_length] = n_path;
            n_found += n_path > 0 ? 1 : 0;
            mn_network_free(&network);
        }
        n_differ += by_beta[0] != by_beta[1] ? 1 : 0;
    }
    CHECK(count, n_found > 200 && n_differ > 20);
}

/* Nodes 0 and 4 are the electrodes; 0-1 is a bottleneck, then 1-2 of e^50 or 1-3-2 of 2 e^10, then 2-4:
 * a sum in doubles cannot tell the two apart. 0-4 is a long gap beside them. */
static void test_wide_range(check_count *count)
{
    const int32_t edges[] = {0, 1, 1, 2, 1, 3, 3, 2, 2, 4, 0, 4};
    const int32_t electrode[] = {0, -1, -1, -1, 1};
    double length[] = {1.495, 0.25, 0.05, 0.05, 1.5, 1.5001};
    mn_network network;
    mn_error error;
    int64_t n_path = 0;

    NEED(init(&network, 5, 6, edges, length, 2, electrode, &error) == MN_OK);
    CHECK(count, mn_network_path(&network, 200.0, 0, 1, &n_path) == MN_OK && n_path == 4);
    CHECK(count, mn_network_path(&network, 200.0, 1, 0, &n_path) == MN_OK && n_path == 4);
    CHECK(count, mn_network_path(&network, 199.0, 0, 1, &n_path) == MN_OK && n_path == 1);
    CHECK(count, mn_network_path(&network, 0.0, 0, 1, &n_path) == MN_OK && n_path == 1);
    CHECK(count, mn_network_path(&network, 201.0, 0, 1, &n_path) == MN_OK && n_path == -1);
    CHECK(count, mn_network_path(&network, 1e300, 0, 1, &n_path) == MN_OK && n_path == -1);
    CHECK(count, mn_network_path(&network, 200.0, 1, 1, &n_path) == MN_OK && n_path == 0);
    CHECK(count, mn_network_path(&network, 200.0, 0, 2, &n_path) == MN_ERR_BAD_ARGUMENT);
    CHECK(count, mn_network_path(&network, 200.0, -1, 0, &n_path) == MN_ERR_BAD_ARGUMENT);
    CHECK(count, mn_network_path(&network, -1.0, 0, 1, &n_path) == MN_ERR_BAD_ARGUMENT);
    CHECK(count, mn_network_path(&network, (double)NAN, 0, 1, &n_path) == MN_ERR_BAD_ARGUMENT);
    CHECK(count, mn_network_path(&network, (double)INFINITY, 0, 1, &n_path) == MN_ERR_BAD_ARGUMENT);
    mn_network_free(&network);
}

/* N equal edges in a row against one edge of nearly N times their resistance: the sums must carry and not round. */
static void test_carry(check_count *count)
{
    enum { N = 1000 };
    int32_t edges[2 * (N + 1)];
    double length[N + 1];
    int32_t electrode[N + 1];
    mn_network network;
    mn_error error;
    int64_t n_path = 0;

    for (int32_t i = 0; i <= N; i++) {
        electrode[i] = i == 0 ? 0 : i == N ? 1 : -1;
        edges[2 * i] = i < N ? i : 0;
        edges[2 * i + 1] = i < N ? i + 1 : N;
        length[i] = 1.25;
    }
    for (int longer = 0; longer < 2; longer++) {
        length[N] = 1.25 + (log((double)N) + (longer ? 1e-6 : -1e-6)) / 200.0;
        NEED(init(&network, N + 1, N + 1, edges, length, 2, electrode, &error) == MN_OK);
        CHECK(count, mn_network_path(&network, 200.0, 0, 1, &n_path) == MN_OK && n_path == (longer ? N : 1));
        mn_network_free(&network);
    }
}

/* 1 + 1 against 2: the path of one edge counts, whichever end the search starts from. */
static void test_equal(check_count *count)
{
    const int32_t edges[] = {0, 1, 1, 2, 0, 2};
    const double length[] = {0.0, 0.0, log(2.0)};
    const int32_t electrode[] = {0, -1, 1};
    mn_network network;
    mn_error error;
    int64_t n_path = 0;

    NEED(mn_exp1(length[2]) == 2.0);
    NEED(init(&network, 3, 3, edges, length, 2, electrode, &error) == MN_OK);
    CHECK(count, mn_network_path(&network, 1.0, 0, 1, &n_path) == MN_OK && n_path == 1);
    CHECK(count, mn_network_path(&network, 1.0, 1, 0, &n_path) == MN_OK && n_path == 1);
    mn_network_free(&network);
}

enum { MANY_NODES = 400, MANY_EDGES = 1200 };

/* Bellman-Ford over nodes; electrodes 0 and 1 are the nodes 0 and 1. */
static int64_t relax_all(const int32_t *edges, const double *resistance)
{
    long double best[MANY_NODES];
    int64_t n_edges[MANY_NODES] = {0};
    bool changed = true;

    for (int64_t i = 0; i < MANY_NODES; i++) {
        best[i] = i == 0 ? 0.0L : (long double)INFINITY;
    }
    while (changed) {
        changed = false;
        for (int64_t k = 0; k < 2 * MANY_EDGES; k++) {
            const int32_t a = edges[k];
            const int32_t b = edges[k ^ 1];
            const long double through = best[a] + (long double)resistance[k / 2];

            if (through < best[b] || (through == best[b] && through < INFINITY && n_edges[a] + 1 < n_edges[b])) {
                best[b] = through;
                n_edges[b] = n_edges[a] + 1;
                changed = true;
            }
        }
    }
    return best[1] < INFINITY ? n_edges[1] : -1;
}

static void test_many_nodes(check_count *count)
{
    int64_t longest = 0;

    for (uint64_t seed = 0; seed < 20; seed++) {
        int32_t edges[2 * MANY_EDGES];
        double length[MANY_EDGES];
        double resistance[MANY_EDGES];
        int32_t electrode[MANY_NODES];
        int64_t n_path = 0;
        mn_network network;
        mn_error error;

        for (int32_t i = 0; i < MANY_NODES; i++) {
            electrode[i] = i < 2 ? i : -1;
        }
        for (uint64_t k = 0; k < MANY_EDGES; k++) {
            const int64_t a = draw(seed, 3 * k, MANY_NODES);
            const int64_t b = draw(seed, 3 * k + 1, MANY_NODES - 1);

            edges[2 * k] = (int32_t)a;
            edges[2 * k + 1] = (int32_t)(b < a ? b : b + 1);
            length[k] = (double)draw(seed, 3 * k + 2, 1 << 20) / (1 << 20);
            resistance[k] = exp(20.0 * length[k]);
        }
        NEED(init(&network, MANY_NODES, MANY_EDGES, edges, length, 2, electrode, &error) == MN_OK);
        CHECK(count, mn_network_path(&network, 20.0, 0, 1, &n_path) == MN_OK);
        CHECK(count, n_path == relax_all(edges, resistance));
        longest = n_path > longest ? n_path : longest;
        mn_network_free(&network);
    }
    CHECK(count, longest > 8);
}

int main(void)
{
    check_count count = {0};

    test_copies(&count);
    test_bad_edges(&count);
    test_bad_arguments(&count);
    test_components(&count);
    test_paths(&count);
    test_wide_range(&count);
    test_carry(&count);
    test_equal(&count);
    test_many_nodes(&count);
    return check_report(&count, "network");
}
