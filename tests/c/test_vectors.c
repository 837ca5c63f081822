/* States that are vectors for each edge: particles that drift, and beads between whose events nothing is solved. */
#include "check.h"
#include "contract_models.h"
#include "memnet.h"
#include "simulate/engine.h"

#include <math.h>
#include <string.h>

enum { N_STEPS = 40, N = 2, MOST = 8 };

static const double dt = 0.5;
static const mn_wave waves[] = {{.kind = MN_WAVE_CONSTANT, .p = {1.0}}, {.kind = MN_WAVE_CONSTANT}};

typedef struct {
    mn_network network;
    mn_simulation simulation;
    mn_error error;
    int64_t width;
    double x[N_STEPS][N * MOST];
} bundle;

/* Edge 0 and, the other way round, edge 1, both between the same electrodes; the second moves twice as fast. */
static void start(bundle *b, const mn_device_model *model, bool event_driven)
{
    static const int32_t ends[2 * N] = {0, 1, 1, 0}, electrode[2] = {0, 1}, root[2] = {0, 1}, edge[N] = {0, 1};
    static const double rate[N] = {0.125, 0.25};
    static const double *const parameter[1] = {rate};
    const mn_simulation_options options = {
        .solver = "kron", .dt = dt, .incremental = true, .event_driven = event_driven};
    const mn_device_spec device = {.made = model, .n = N, .edge = edge, .parameter = parameter};
    NEED(mn_network_init(&b->network, 2, N, ends, NULL, 2, electrode, &b->error) == MN_OK);
    NEED(mn_simulation_init(&b->simulation, &b->network, 1, &device, 2, waves, root, &options, &b->error) == MN_OK);
    b->width = b->simulation.population[0].width[1];
}

static void stop(bundle *b)
{
    mn_simulation_free(&b->simulation);
    mn_network_free(&b->network);
}

static int run(bundle *b, int64_t n)
{
    int32_t index[N * MOST];
    for (int32_t k = 0; k < N * MOST; k++) {
        index[k] = k;
    }
    const mn_channel channel = {
        .quantity = MN_RECORD_STATE, .width = N * b->width, .index = index, .every = 1, .field = 1};
    mn_reason reason;
    int64_t n_done;
    mn_simulation_record_clear(&b->simulation);
    NEED(mn_simulation_record(&b->simulation, &channel) == MN_OK);
    NEED(mn_simulation_bind(&b->simulation, 0, &b->x[0][0], N_STEPS) == MN_OK);
    return mn_simulation_run(&b->simulation, n, INFINITY, &reason, &n_done, &b->error);
}

static double row(const bundle *b, int64_t step, int64_t k)
{
    return (&b->x[0][0])[step * N * b->width + k];
}

/* All numbers are multiples of powers of two: the same to the bit. */
static void test_drift(check_count *count)
{
    bundle b;
    double current;
    start(&b, &particles, true);
    CHECK(count, run(&b, N_STEPS) == MN_OK);
    for (int64_t step = 0; step < N_STEPS; step++) {
        for (int64_t k = 0; k < N * N_PARTICLES; k++) {
            int64_t j = k % N_PARTICLES;
            double speed = (k < N_PARTICLES ? 0.125 : -0.25) * (double)(j + 1);
            CHECK(count, row(&b, step, k) == 0.125 * (double)j + speed * dt * (double)step);
        }
    }
    current = 0.0;
    for (int64_t k = 0; k < N * N_PARTICLES; k++) {
        current += row(&b, N_STEPS - 1, k) * row(&b, N_STEPS - 1, k);
    }
    CHECK(count, fabs(b.simulation.current[0] - (2.0 + current)) <= 1e-13 * current);
    CHECK(count, mn_simulation_verify(&b.simulation, &b.error) == MN_OK);
    CHECK(count, mn_simulation_field(&b.simulation, 0, PARTICLES_X)[7] == 0.25 - 0.75 * dt * N_STEPS);
    stop(&b);
}

/* Beads whose steps are taken for active members alone, and those whose are not, agree; each that passes 1 counts. */
static void test_events(check_count *count)
{
    bundle one, other;
    start(&one, &beads, true);
    start(&other, &beads, false);
    CHECK(count, run(&one, N_STEPS) == MN_OK && run(&other, N_STEPS) == MN_OK);
    CHECK(count, memcmp(one.x, other.x, sizeof(double) * N_STEPS * N * N_BEADS) == 0);
    CHECK(count, one.simulation.events.n == N * N_BEADS && other.simulation.events.n == N * N_BEADS);
    CHECK(count, one.simulation.counters.n_solves < other.simulation.counters.n_solves);
    CHECK(count, one.simulation.current[0] == 2.0 + N * N_BEADS);
    CHECK(count, row(&one, N_STEPS - 1, 4) == 0.25 * 2.0 * dt * (N_STEPS - 1));
    CHECK(count, mn_simulation_verify(&one.simulation, &one.error) == MN_OK);
    stop(&other);
    stop(&one);
}

/* Restored and set as a whole; a number that is not allowed, or leaves the finite, is found wherever it stands. */
static void test_setting(check_count *count)
{
    static unsigned char bytes[4096];
    double places[N * N_PARTICLES];
    mn_checkpoint checkpoint;
    bundle b, again;
    start(&b, &particles, true);
    CHECK(count, run(&b, 7) == MN_OK);
    size_t size = mn_checkpoint_size(&b.simulation, 0);
    NEED(size <= sizeof(bytes));
    mn_checkpoint_encode(&b.simulation, NULL, 0, bytes);
    NEED(mn_checkpoint_decode(&checkpoint, bytes, size, &b.error) == MN_OK);
    start(&again, &particles, true);
    CHECK(count, mn_checkpoint_restore(&checkpoint, &again.simulation, &b.error) == MN_OK);
    CHECK(count, run(&b, 9) == MN_OK && run(&again, 9) == MN_OK);
    CHECK(count, memcmp(b.x, again.x, sizeof(double) * 9 * N * N_PARTICLES) == 0);
    for (int k = 0; k < N * N_PARTICLES; k++) {
        places[k] = (double)k;
    }
    CHECK(count, mn_simulation_set_field(&b.simulation, 0, PARTICLES_X, places, &b.error) == MN_OK);
    CHECK(count, run(&b, 1) == MN_OK && row(&b, 0, N * N_PARTICLES - 1) == N * N_PARTICLES - 1);
    places[8] = 101.0;
    CHECK(count, mn_simulation_set_field(&b.simulation, 0, PARTICLES_X, places, &b.error) == MN_ERR_PARAMETER);
    CHECK(count, b.error.edge == 1 && b.error.value == 101.0);
    mn_checkpoint_free(&checkpoint);
    stop(&again);
    stop(&b);
}

static void test_refused_steps(check_count *count, const mn_device_model *model, bool event_driven)
{
    bundle b;
    char text[200];
    double rate[N] = {0.125, INFINITY};
    start(&b, model, event_driven);
    b.simulation.population[0].field[0][1] = rate[1];
    CHECK(count, run(&b, 1) == MN_ERR_NOT_FINITE_STATE && b.simulation.step == 0);
    mn_error_message(&b.error, text, sizeof(text));
    CHECK(count, b.error.edge == 1 && strstr(text, "of edge 1 (n1-n0) is ") != NULL);
    stop(&b);
}

static void test_channels(check_count *count)
{
    int32_t index[1] = {N * N_PARTICLES};
    mn_channel channel = {.quantity = MN_RECORD_STATE, .width = 1, .index = index, .every = 1, .field = PARTICLES_X};
    bundle b;
    start(&b, &particles, true);
    CHECK(count, mn_simulation_record(&b.simulation, &channel) == MN_ERR_BAD_ARGUMENT);
    index[0] = N * N_PARTICLES - 1;
    CHECK(count, mn_simulation_record(&b.simulation, &channel) == MN_OK);
    stop(&b);
}

int main(void)
{
    check_count count = {0, 0};
    test_drift(&count);
    test_events(&count);
    test_setting(&count);
    test_refused_steps(&count, &particles, true);
    test_refused_steps(&count, &beads, true);
    test_refused_steps(&count, &beads, false);
    test_channels(&count);
    return check_report(&count, "vectors");
}
