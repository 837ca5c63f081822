/* Solvers on random networks against dense elimination in long double. */
#include "check.h"
#include "circuit.h"
#include "memnet.h"
#include "dice.h"

#include <math.h>
#include <string.h>

/* Gaussian elimination with partial pivoting of a x = b in long double. */
static void dense_solve(int64_t n, long double *a, long double *b)
{
    for (int64_t k = 0; k < n; k++) {
        int64_t pivot = k;
        for (int64_t i = k + 1; i < n; i++) {
            pivot = fabsl(a[i * n + k]) > fabsl(a[pivot * n + k]) ? i : pivot;
        }
        for (int64_t j = 0; j < n; j++) {
            const long double keep = a[k * n + j];
            a[k * n + j] = a[pivot * n + j];
            a[pivot * n + j] = keep;
        }
        const long double kept = b[k];
        b[k] = b[pivot];
        b[pivot] = kept;
        for (int64_t i = k + 1; i < n; i++) {
            const long double f = a[i * n + k] / a[k * n + k];
            for (int64_t j = k; j < n; j++) {
                a[i * n + j] -= f * a[k * n + j];
            }
            b[i] -= f * b[k];
        }
    }
    for (int64_t k = n - 1; k >= 0; k--) {
        for (int64_t j = k + 1; j < n; j++) {
            b[k] -= a[k * n + j] * b[j];
        }
        b[k] /= a[k * n + k];
    }
}

/* Potentials of the circuit's nodes by one dense system over nodes; electrode nodes are tied by unit rows. */
static void dense_potentials(const circuit *c, const double *g, const double *injected, double *potential)
{
    static const long double zero = 0.0L;
    const mn_network *w = &c->network;
    const int64_t n = w->n_nodes;
    long double *a = calloc((size_t)(n * n), sizeof *a), *b = calloc((size_t)n, sizeof *b);
    int64_t leader[MAX_ELECTRODES];
    NEED(a != NULL && b != NULL);
    for (int64_t e = 0; e < MAX_ELECTRODES; e++) {
        leader[e] = -1;
    }
    for (int64_t i = 0; i < n; i++) {
        if (w->electrode[i] >= 0 && leader[w->electrode[i]] < 0) {
            leader[w->electrode[i]] = i;
        }
    }
    for (int64_t e = 0; e < w->n_edges; e++) {
        const int64_t end[2] = {w->a[e], w->b[e]};
        for (int k = 0; k < 2; k++) {
            const int64_t own = w->electrode[end[k]] >= 0 ? leader[w->electrode[end[k]]] : end[k];
            a[own * n + end[k]] += g[e];
            a[own * n + end[1 - k]] -= g[e];
        }
    }
    for (int64_t i = 0; i < n; i++) {
        const int32_t e = w->electrode[i];
        b[e >= 0 ? leader[e] : i] += injected[i];
    }
    for (int64_t i = 0; i < n; i++) {
        const int32_t e = w->electrode[i];
        if (e < 0) {
            continue;
        }
        const bool leads = leader[e] == i;
        if (leads && c->role[e] != MN_VOLTAGE) {
            b[i] += c->role[e] == MN_CURRENT ? c->value[e] : 0.0;
            continue;
        }
        for (int64_t j = 0; j < n; j++) {
            a[i * n + j] = zero;
        }
        a[i * n + i] = 1.0L;
        a[i * n + leader[e]] -= leads ? 0.0L : 1.0L;
        b[i] = leads ? c->value[e] : 0.0L;
    }
    dense_solve(n, a, b);
    for (int64_t i = 0; i < n; i++) {
        potential[i] = (double)b[i];
    }
    free(a);
    free(b);
}

/* Random connected graphs with parallel edges, electrodes of several nodes, all roles, injected currents. */
static void test_random(check_count *n, const char *backend, uint64_t seed)
{
    dice d = {seed, 0};
    const int64_t n_nodes = 10 + (int64_t)(roll(&d) * 50), n_electrodes = 2 + (int64_t)(roll(&d) * 5);
    int64_t n_edges = 0;
    int32_t edges[2 * MAX_EDGES], electrode[MAX_NODES];
    double g[MAX_EDGES], injected[MAX_NODES], expected[MAX_NODES], largest = 1.0;
    circuit c;
    for (int64_t i = 1; i < n_nodes; i++, n_edges++) { /* a tree, then more */
        edges[2 * n_edges] = (int32_t)i;
        edges[2 * n_edges + 1] = (int32_t)(roll(&d) * (double)i);
    }
    for (int64_t k = (int64_t)(roll(&d) * 150); k > 0; k--) {
        const int32_t a = (int32_t)(roll(&d) * (double)n_nodes), b = (int32_t)(roll(&d) * (double)n_nodes);
        if (a != b) {
            edges[2 * n_edges] = a;
            edges[2 * n_edges++ + 1] = b;
        }
    }
    for (int64_t i = 0; i < n_nodes; i++) {
        electrode[i] = i < n_electrodes ? (int32_t)i : roll(&d) < 0.1 ? (int32_t)(roll(&d) * (double)n_electrodes) : -1;
        injected[i] = roll(&d) < 0.3 ? 2.0 * roll(&d) - 1.0 : 0.0;
    }
    memset(&c, 0, sizeof c);
    NEED(mn_network_init(&c.network, n_nodes, n_edges, edges, NULL, n_electrodes, electrode, &c.error) == MN_OK);
    NEED(mn_solver_init(&c.solver, backend, &c.network, false, NULL, &c.error) == MN_OK);
    for (int64_t e = 0; e < n_electrodes; e++) {
        drive(&c, e, e == 0 ? MN_VOLTAGE : (mn_role)(int)(roll(&d) * 3.0), 4.0 * roll(&d) - 2.0);
    }
    for (int64_t e = 0; e < n_edges; e++) {
        g[e] = 0.1 + roll(&d);
    }
    CHECK(n, factor(&c, g) == MN_OK && solve(&c, injected) == MN_OK);
    dense_potentials(&c, g, injected, expected);
    double worst = 0.0, sum = 0.0;
    for (int64_t i = 0; i < n_nodes; i++) {
        worst = fmax(worst, fabs(c.potential[i] - expected[i]));
        largest = fmax(largest, fabs(expected[i]));
        sum += injected[i];
    }
    for (int64_t e = 0; e < n_electrodes; e++) {
        sum += c.current[e];
    }
    CHECK(n, worst <= 1e-12 * largest);
    CHECK(n, fabs(sum) <= 1e-11 * largest); /* what goes in comes out */
    circuit_free(&c);
}

int main(void)
{
    check_count n = {0, 0};
    for (size_t k = 0; k < sizeof BACKENDS / sizeof BACKENDS[0]; k++) {
        for (uint64_t seed = 0; seed < 100; seed++) {
            test_random(&n, BACKENDS[k], seed);
        }
    }
    return check_report(&n, "solver, random networks");
}
