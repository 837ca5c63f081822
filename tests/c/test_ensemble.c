/* Simulations that take their steps together have the bits of those that take them alone; one that fails, or is
 * cancelled, leaves the others as they are. */
#include "check.h"
#include "devices/device.h"
#include "memnet.h"
#include "simulate/engine.h"
#include "simulate/ensemble.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

enum { SIDE = 6, N_NODES = SIDE * SIDE, MAX_EDGES = 2 * SIDE * SIDE, N = 11, MAX_PARAMETERS = 32 };

typedef struct {
    mn_network network;
    mn_simulation together[N], alone[N];
    mn_simulation *list[N];
    mn_ensemble ensemble;
    mn_cancel cancel;
    mn_error error;
} bench;

/* Half the edges have one model, half the other, at their defaults, edge after edge; all lengths are 0.01. */
static void simulation_init(mn_simulation *simulation, const mn_network *network, const char *const model[2], double v,
                            uint64_t seed, mn_order order, mn_cancel *cancel)
{
    double value[MAX_PARAMETERS][MAX_EDGES];
    const double *parameter[2][MAX_PARAMETERS];
    int32_t edge[2][MAX_EDGES];
    mn_device_spec spec[2];
    int64_t used = 0;
    for (int64_t m = 0; m < 2; m++) {
        const mn_device_model *one = mn_model_find(model[m]);
        int64_t n = 0, n_parameters = 0;
        for (int32_t e = (int32_t)m; e < network->n_edges; e += 2) {
            edge[m][n++] = e;
        }
        for (int64_t f = 0; f < one->n_fields; f++) {
            if (one->field[f].role == MN_PARAMETER) {
                NEED(used < MAX_PARAMETERS);
                for (int64_t k = 0; k < n; k++) {
                    value[used][k] = one->field[f].initial;
                }
                parameter[m][n_parameters++] = value[used++];
            }
        }
        spec[m] = (mn_device_spec){.model = model[m], .n = n, .edge = edge[m], .parameter = parameter[m]};
    }
    const mn_wave wave[2] = {{.kind = MN_WAVE_CONSTANT, .p = {v}}, {.kind = MN_WAVE_CONSTANT}};
    const int32_t root[2] = {0, 1};
    const mn_simulation_options options = {.solver = "kron",
                                           .dt = 1.0,
                                           .seed = seed,
                                           .incremental = true,
                                           .event_driven = true,
                                           .cancel = cancel,
                                           .order = order};
    NEED(mn_simulation_init(simulation, network, 2, spec, 2, wave, root, &options, NULL) == MN_OK);
}

static void network_init(mn_network *network)
{
    int32_t edge[2 * MAX_EDGES], electrode[N_NODES];
    double length[MAX_EDGES];
    int64_t n = 0;
    for (int32_t k = 0; k < N_NODES; k++) {
        electrode[k] = k == 0 ? 0 : k == N_NODES - 1 ? 1 : -1;
        for (int32_t step = 1; step <= SIDE; step += SIDE - 1) {
            if (step == 1 ? k % SIDE < SIDE - 1 : k + SIDE < N_NODES) {
                length[n] = 0.01;
                edge[2 * n] = k;
                edge[2 * n + 1] = k + step;
                n++;
            }
        }
    }
    NEED(mn_network_init(network, N_NODES, n, edge, length, 2, electrode, NULL) == MN_OK);
}

static void bench_init(bench *b, const char *first, const char *second, mn_order order)
{
    const char *const model[2] = {first, second};
    memset(b, 0, sizeof *b);
    network_init(&b->network);
    for (int64_t r = 0; r < N; r++) {
        const double v = 0.3 + 0.1 * (double)r;
        simulation_init(&b->together[r], &b->network, model, v, (uint64_t)r, order, &b->cancel);
        simulation_init(&b->alone[r], &b->network, model, v, (uint64_t)r, order, NULL);
        b->list[r] = &b->together[r];
    }
    NEED(mn_ensemble_init(&b->ensemble, N, b->list, NULL, &b->error) == MN_OK);
}

static void bench_free(bench *b)
{
    mn_ensemble_free(&b->ensemble);
    mn_ensemble_free(&b->ensemble);
    for (int64_t r = 0; r < N; r++) {
        mn_simulation_free(&b->together[r]);
        mn_simulation_free(&b->alone[r]);
    }
    mn_network_free(&b->network);
}

static bool same(const mn_simulation *one, const mn_simulation *other)
{
    bool same = one->step == other->step && one->events.n == other->events.n &&
                memcmp(one->potential, other->potential, N_NODES * sizeof(double)) == 0 &&
                memcmp(one->current, other->current, 2 * sizeof(double)) == 0;
    for (int64_t p = 0; p < one->n_populations; p++) {
        const mn_population *x = &one->population[p], *y = &other->population[p];
        for (int64_t f = 0; f < x->model->n_fields; f++) {
            same = same && memcmp(x->field[f], y->field[f], (size_t)(x->n * x->width[f]) * sizeof(double)) == 0;
        }
    }
    return same;
}

static void run_alone(mn_simulation *simulation, int64_t n_steps)
{
    mn_reason reason;
    int64_t done;
    NEED(mn_simulation_run(simulation, n_steps, INFINITY, &reason, &done, NULL) == MN_OK && done == n_steps);
}

/* In several calls, some of which have no time for more than a step of a group or two. */
static void run_together(check_count *n, bench *b, int64_t until, double budget)
{
    mn_reason reason = MN_BUDGET;
    for (int k = 0; k < 100000 && reason == MN_BUDGET; k++) {
        CHECK(n, mn_ensemble_run(&b->ensemble, until, budget, &reason, &b->error) == MN_OK);
        for (int64_t r = 0; r < N; r++) {
            mn_simulation_events_clear(&b->together[r]);
        }
    }
    CHECK(n, reason == MN_DONE);
}

static void test_bits(check_count *n, const char *first, const char *second, mn_order order, double budget)
{
    bench *b = malloc(sizeof *b);
    NEED(b != NULL);
    bench_init(b, first, second, order);
    run_together(n, b, 30, budget);
    run_together(n, b, 75, INFINITY);
    run_together(n, b, 75, INFINITY);
    for (int64_t r = 0; r < N; r++) {
        run_alone(&b->alone[r], 75);
        mn_simulation_events_clear(&b->alone[r]);
        CHECK(n, same(&b->together[r], &b->alone[r]));
        CHECK(n, b->together[r].counters.n_solves == b->alone[r].counters.n_solves);
        CHECK(n, mn_simulation_verify(&b->together[r], &b->error) == MN_OK);
    }
    mn_ensemble_free(&b->ensemble); /* each goes on alone, with arrays of its own */
    for (int64_t r = 0; r < N; r++) {
        run_alone(&b->together[r], 10);
        run_alone(&b->alone[r], 10);
        CHECK(n, same(&b->together[r], &b->alone[r]));
    }
    bench_free(b);
    free(b);
}

/* A replica whose drive is taken away, and one that is cancelled. */
static void test_failures(check_count *n)
{
    const int32_t floating[2] = {-1, -1};
    mn_reason reason;
    bench *b = malloc(sizeof *b);
    NEED(b != NULL);
    bench_init(b, "RateBalance", "RateBalance", MN_ORDER_AUTO);
    run_together(n, b, 5, INFINITY);
    NEED(mn_simulation_set_drive(&b->together[9], 0, NULL, floating, NULL) == MN_OK);
    run_together(n, b, 20, INFINITY);
    for (int64_t r = 0; r < N; r++) {
        const mn_outcome *outcome = &b->ensemble.outcome[r];
        CHECK(n, outcome->code == (r == 9 ? MN_ERR_NO_DRIVE : MN_OK));
        CHECK(n, b->together[r].step == (r == 9 ? 5 : 20));
    }
    CHECK(n, b->ensemble.outcome[9].error.replica == 9);
    atomic_store(&b->cancel, true);
    CHECK(n, mn_ensemble_run(&b->ensemble, 30, INFINITY, &reason, &b->error) == MN_ERR_INTERRUPTED);
    atomic_store(&b->cancel, false);
    run_together(n, b, 30, INFINITY);
    run_alone(&b->alone[4], 30);
    CHECK(n, same(&b->together[4], &b->alone[4]));
    bench_free(b);
    free(b);
}

/* Between two rounds some replicas take steps of their own, get another drive, or go back to a state they had. */
static void test_between(check_count *n)
{
    const mn_wave wave[2] = {{.kind = MN_WAVE_CONSTANT, .p = {0.7}}, {.kind = MN_WAVE_CONSTANT}};
    const int32_t root[2] = {0, 1};
    bench *b = malloc(sizeof *b);
    NEED(b != NULL);
    bench_init(b, "TunnelGap", "RateBalance", MN_ORDER_AUTO);
    unsigned char *state = malloc(mn_state_size(&b->together[5]));
    NEED(state != NULL);
    run_together(n, b, 20, INFINITY);
    mn_state_save(&b->together[5], state);
    run_together(n, b, 40, INFINITY);
    mn_state_load(&b->together[5], state);
    run_alone(&b->together[2], 3);
    mn_simulation_events_clear(&b->together[2]);
    NEED(mn_simulation_set_drive(&b->together[7], 2, wave, root, NULL) == MN_OK);
    run_together(n, b, 41, INFINITY);
    run_together(n, b, 60, INFINITY);
    for (int64_t r = 0; r < N; r++) {
        run_alone(&b->alone[r], 40);
        if (r == 7) {
            NEED(mn_simulation_set_drive(&b->alone[r], 2, wave, root, NULL) == MN_OK);
        }
        run_alone(&b->alone[r], 20);
        b->alone[r].events.n = b->together[r].events.n = 0;
        CHECK(n, same(&b->together[r], &b->alone[r]));
        CHECK(n, mn_simulation_verify(&b->together[r], &b->error) == MN_OK);
    }
    free(state);
    bench_free(b);
    free(b);
}

/* One row of each kind: lanes bring what they have into the arrays of a simulation when it is recorded. */
static void test_rows(check_count *n)
{
    const mn_quantity quantity[3] = {MN_RECORD_POTENTIAL, MN_RECORD_EDGE_CONDUCTANCE, MN_RECORD_BRANCH_CURRENT};
    int32_t index[3] = {3, 20, 11};
    double row[2][N][3][30];
    bench *b = malloc(sizeof *b);
    NEED(b != NULL);
    bench_init(b, "TunnelGap", "RateBalance", MN_ORDER_AUTO);
    for (int64_t r = 0; r < N; r += 2) { /* others are not looked at */
        for (int64_t q = 0; q < 3; q++) {
            const mn_channel channel = {.quantity = quantity[q], .width = 1, .index = &index[q], .every = q + 1};
            NEED(mn_simulation_record(&b->together[r], &channel) == MN_OK);
            NEED(mn_simulation_record(&b->alone[r], &channel) == MN_OK);
            NEED(mn_simulation_bind(&b->together[r], q, row[0][r][q], 30) == MN_OK);
            NEED(mn_simulation_bind(&b->alone[r], q, row[1][r][q], 30) == MN_OK);
        }
    }
    run_together(n, b, 30, INFINITY);
    for (int64_t r = 0; r < N; r += 2) {
        run_alone(&b->alone[r], 30);
        for (int64_t q = 0; q < 3; q++) {
            const size_t size = (size_t)(29 / (q + 1) + 1) * sizeof(double);
            CHECK(n, memcmp(row[0][r][q], row[1][r][q], size) == 0);
        }
    }
    bench_free(b);
    free(b);
}

static void test_arguments(check_count *n)
{
    mn_ensemble ensemble;
    mn_error error;
    mn_network chain;
    mn_simulation other;
    bench *b = malloc(sizeof *b);
    NEED(b != NULL);
    const int32_t edges[4] = {0, 1, 1, 2}, electrode[3] = {0, -1, 1};
    const double length[2] = {0.01, 0.01};
    const char *const model[2] = {"RateBalance", "RateBalance"};
    bench_init(b, "RateBalance", "RateBalance", MN_ORDER_AUTO);
    NEED(mn_network_init(&chain, 3, 2, edges, length, 2, electrode, NULL) == MN_OK);
    simulation_init(&other, &chain, model, 1.0, 1, MN_ORDER_AUTO, NULL);
    b->list[3] = &other;
    CHECK(n, mn_ensemble_init(&ensemble, 0, b->list, NULL, &error) == MN_ERR_BAD_ARGUMENT);
    CHECK(n, mn_ensemble_init(&ensemble, N, b->list, NULL, &error) == MN_ERR_BAD_ARGUMENT);
    mn_simulation_free(&other);
    mn_network_free(&chain);
    bench_free(b);
    free(b);
}

int main(void)
{
    check_count n = {0, 0};
    test_bits(&n, "RateBalance", "RateBalance", MN_ORDER_AUTO, 0.0001);
    test_bits(&n, "TunnelGap", "RateBalance", MN_ORDER_AUTO, INFINITY);
    test_bits(&n, "TunnelGap", "TunnelGap", MN_ORDER_AUTO, INFINITY);
    test_bits(&n, "Resistor", "RateBalance", MN_ORDER_AUTO, INFINITY);
    test_bits(&n, "Diode", "RateBalance", MN_ORDER_AUTO, INFINITY);
    test_bits(&n, "RateBalance", "RateBalance", MN_ORDER_BEST, INFINITY);
    test_failures(&n);
    test_between(&n);
    test_rows(&n);
    test_arguments(&n);
    return check_report(&n, "ensemble");
}
