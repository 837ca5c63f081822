/* Whichever threads take a step, all of them, one, or now these and then that, a simulation has the bits of one thread:
 * by fronts and by lists, with members of two models in slices and events. */
#include "base/threads.h"
#include "check.h"
#include "devices/device.h"
#include "memnet.h"

#include <math.h>
#include <string.h>

enum { MAX_FIELDS = 16, N_STEPS = 24, N_POPULATIONS = 2, N_THREADS = 3 };

static const char *const models[N_POPULATIONS] = {"RateBalance", "TunnelGap"};

typedef struct {
    mn_lattice lattice;
    mn_network network;
    mn_simulation simulation;
    int32_t *electrode;
    double *value[N_POPULATIONS][MAX_FIELDS], *length;
    int32_t *edge[N_POPULATIONS];
    mn_pool pool;
} fixture;

/* Of two edges each, one in turn; all members have the parameters that a model begins with. */
static mn_device_spec population_of(fixture *f, int p, const double **parameter)
{
    const mn_device_model *model = mn_model_find(models[p]);
    const int64_t n_edges = f->lattice.n_edges, n = (n_edges + 1 - p) / 2;
    int64_t n_parameters = 0;
    NEED(model != NULL && model->n_fields <= MAX_FIELDS);
    f->edge[p] = mn_pool_alloc(&f->pool, n, sizeof(int32_t));
    NEED(f->edge[p] != NULL);
    for (int64_t k = 0; k < n; k++) {
        f->edge[p][k] = (int32_t)(2 * k + p);
    }
    for (int64_t i = 0; i < model->n_fields; i++) {
        if (model->field[i].role != MN_PARAMETER) {
            continue;
        }
        double *value = mn_pool_alloc(&f->pool, n, sizeof(double));
        NEED(value != NULL);
        for (int64_t k = 0; k < n; k++) {
            value[k] = model->field[i].initial;
        }
        parameter[n_parameters++] = value;
    }
    return (mn_device_spec){.model = models[p], .n = n, .edge = f->edge[p], .parameter = parameter};
}

/* From the first column of a lattice to the last one. */
static void start(fixture *f, int64_t rows, int64_t columns, int64_t n_threads)
{
    const double *parameter[N_POPULATIONS][MAX_FIELDS];
    const mn_wave wave[2] = {{.kind = MN_WAVE_CONSTANT, .p = {40.0}}, {.kind = MN_WAVE_CONSTANT}};
    const int32_t root[2] = {0, 1};
    const mn_simulation_options options = {.solver = "kron",
                                           .order = MN_ORDER_FAST,
                                           .dt = 1.0,
                                           .seed = 7,
                                           .incremental = true,
                                           .event_driven = true,
                                           .n_threads = n_threads};
    memset(f, 0, sizeof *f);
    NEED(mn_grid_init(&f->lattice, rows, columns, MN_DIAGONALS_BOTH, 1, NULL, NULL) == MN_OK);
    f->electrode = mn_pool_alloc(&f->pool, f->lattice.n_nodes, sizeof(int32_t));
    f->length = mn_pool_alloc(&f->pool, f->lattice.n_edges, sizeof(double));
    NEED(f->pool.code == MN_OK);
    for (int64_t i = 0; i < f->lattice.n_nodes; i++) {
        f->electrode[i] = i % columns == 0 ? 0 : i % columns == columns - 1 ? 1 : -1;
    }
    for (int64_t e = 0; e < f->lattice.n_edges; e++) {
        double u[2];
        mn_uniform2(5, 0, (uint64_t)e, 0, u);
        f->length[e] = 0.005 + 0.1 * u[0];
    }
    NEED(mn_network_init(&f->network, f->lattice.n_nodes, f->lattice.n_edges, f->lattice.edge, f->length, 2,
                         f->electrode, NULL) == MN_OK);
    const mn_device_spec device[N_POPULATIONS] = {population_of(f, 0, parameter[0]), population_of(f, 1, parameter[1])};
    NEED(mn_simulation_init(&f->simulation, &f->network, N_POPULATIONS, device, 2, wave, root, &options, NULL) ==
         MN_OK);
}

static void stop(fixture *f)
{
    mn_simulation_free(&f->simulation);
    mn_network_free(&f->network);
    mn_lattice_free(&f->lattice);
    mn_pool_free(&f->pool);
}

static bool same_fields(const mn_population *one, const mn_population *several)
{
    bool same = true;
    for (int64_t f = 0; f < one->model->n_fields; f++) {
        const size_t size = (size_t)(one->n * one->width[f]) * sizeof(double);
        same = same && memcmp(one->field[f], several->field[f], size) == 0;
    }
    return same;
}

static bool same(const mn_simulation *one, const mn_simulation *several)
{
    const mn_network *network = one->network;
    bool same = memcmp(one->potential, several->potential, (size_t)network->n_nodes * sizeof(double)) == 0 &&
                memcmp(one->conductance, several->conductance, (size_t)network->n_edges * sizeof(double)) == 0 &&
                memcmp(one->current, several->current, (size_t)network->n_electrodes * sizeof(double)) == 0 &&
                memcmp(&one->counters, &several->counters, sizeof one->counters) == 0 &&
                one->events.n == several->events.n &&
                memcmp(one->events.edge, several->events.edge, (size_t)one->events.n * sizeof(int32_t)) == 0;
    for (int64_t p = 0; p < one->n_populations; p++) {
        same = same && same_fields(&one->population[p], &several->population[p]);
    }
    return same;
}

static void step(mn_simulation *simulation)
{
    mn_reason reason;
    int64_t done;
    NEED(mn_simulation_run(simulation, 1, INFINITY, &reason, &done, NULL) == MN_OK && done == 1);
}

/* Returns how many events there were. */
static int64_t check_way(check_count *count, int64_t rows, int64_t columns, mn_way way)
{
    fixture one, several;
    bool all_same = true;
    start(&one, rows, columns, 1);
    start(&several, rows, columns, N_THREADS);
    mn_threads_force(several.simulation.threads, way);
    for (int k = 0; k < N_STEPS; k++) {
        step(&one.simulation);
        step(&several.simulation);
        all_same = all_same && same(&one.simulation, &several.simulation);
    }
    CHECK(count, all_same);
    const int64_t n_events = one.simulation.events.n;
    stop(&one);
    stop(&several);
    return n_events;
}

int main(void)
{
    static const mn_way ways[] = {MN_WAY_FASTER, MN_WAY_ALL, MN_WAY_ONE, MN_WAY_IN_TURN};
    check_count count = {0, 0};
    int64_t n_events = 0;
    for (size_t k = 0; k < sizeof ways / sizeof ways[0]; k++) {
        n_events += check_way(&count, 60, 60, ways[k]);  /* fronts */
        n_events += check_way(&count, 4, 2500, ways[k]); /* a list in parts */
    }
    CHECK(&count, n_events > 0);
    return check_report(&count, "ways");
}
