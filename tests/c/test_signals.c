/* Waveforms that devices carry, and models that are made at run time, in a divider that a closed form gives. */
#include "check.h"
#include "contract_models.h"
#include "memnet.h"
#include "simulate/engine.h"

#include <math.h>
#include <string.h>

enum { N_STEPS = 40 };

static const double dt = 0.25;

static int n_released;

static void count_release(const mn_device_model *model)
{
    n_released += model == &carried_source;
}

/* What two devices carry: pulses of 0.5 V on 1 V, and a sine around 2 V, which is a sum. */
static int32_t terms[2] = {0, 1};
static const mn_wave pulses[] = {{.kind = MN_WAVE_PULSES, .p = {1.0, 1.5, 1.0, 2.0, INFINITY, 0.5}}};
static const mn_wave sine[] = {{.kind = MN_WAVE_SINE, .p = {1.0, 0.125, 0.0, 0.0}},
                               {.kind = MN_WAVE_CONSTANT, .p = {2.0}},
                               {.kind = MN_WAVE_SUM, .n_children = 2, .children = terms}};
static const mn_wave ground[] = {{.kind = MN_WAVE_CONSTANT}};

typedef struct {
    mn_network network;
    mn_simulation simulation;
    mn_error error;
} divider;

/* Electrode 0 at node 0 - the source - node 1 - a resistor of 1.5 ohm - node 2, electrode 1; both electrodes at 0 V. */
static int start(divider *d, int64_t n_waves, const mn_wave *wave, bool event_driven)
{
    static const int32_t edges[4] = {0, 1, 1, 2}, electrode[3] = {0, -1, 1}, root[2] = {0, 0}, edge[2] = {0, 1};
    static const double half[1] = {0.5}, other[1] = {1.0 / 1.5}, none[1] = {0.0};
    static const double *const source[1] = {half}, *const resistor[2] = {other, none};
    const mn_simulation_options options = {
        .solver = "kron", .dt = dt, .incremental = true, .event_driven = event_driven};
    const mn_device_spec device[2] = {{.made = &carried_source,
                                       .release = count_release,
                                       .n = 1,
                                       .edge = &edge[0],
                                       .parameter = source,
                                       .n_waves = n_waves,
                                       .wave = wave},
                                      {.model = "Resistor", .n = 1, .edge = &edge[1], .parameter = resistor}};
    mn_error_clear(&d->error);
    NEED(mn_network_init(&d->network, 3, 2, edges, NULL, 2, electrode, &d->error) == MN_OK);
    return mn_simulation_init(&d->simulation, &d->network, 2, device, 1, ground, root, &options, &d->error);
}

static void stop(divider *d)
{
    mn_simulation_free(&d->simulation);
    mn_network_free(&d->network);
}

static void run(divider *d, int64_t n, double *rows)
{
    static int32_t node[1] = {1};
    const mn_channel channel = {.quantity = MN_RECORD_POTENTIAL, .width = 1, .index = node, .every = 1};
    mn_reason reason;
    int64_t n_done;
    if (d->simulation.recorder.n_channels == 0) {
        NEED(mn_simulation_record(&d->simulation, &channel) == MN_OK);
        NEED(mn_simulation_bind(&d->simulation, 0, rows, N_STEPS) == MN_OK);
    }
    NEED(mn_simulation_run(&d->simulation, n, INFINITY, &reason, &n_done, &d->error) == MN_OK && n_done == n);
}

/* v(1) = -voltage R/(R + r): the edge goes from node 0 to node 1. */
static double potential_at(double voltage)
{
    return -voltage * 1.5 / (1.5 + 0.5);
}

static double pulses_at(int64_t step)
{
    double phase = fmod((double)step * dt - 0.5 + 3.0, 3.0);
    return (double)step * dt >= 0.5 && phase < 1.0 ? 1.5 : 1.0;
}

static void test_values(check_count *count)
{
    divider d;
    double rows[N_STEPS];
    NEED(start(&d, 1, pulses, true) == MN_OK);
    run(&d, N_STEPS, rows);
    int64_t n_values = 1;
    for (int64_t k = 0; k < N_STEPS; k++) {
        CHECK(count, fabs(rows[k] - potential_at(pulses_at(k))) <= 1e-15);
        n_values += k > 0 && pulses_at(k) != pulses_at(k - 1);
    }
    CHECK(count, d.simulation.counters.n_solves == n_values && n_values > 4);
    CHECK(count, mn_simulation_verify(&d.simulation, &d.error) == MN_OK);
    stop(&d);
    NEED(start(&d, 3, sine, true) == MN_OK);
    run(&d, N_STEPS, rows);
    for (int64_t k = 0; k < N_STEPS; k++) {
        double exact = 2.0 + sin(2.0 * 3.14159265358979323846 * 0.125 * dt * (double)k);
        CHECK(count, fabs(rows[k] - potential_at(exact)) <= 1e-15 * 8.0);
    }
    stop(&d);
    NEED(start(&d, 0, NULL, true) == MN_OK); /* the table's own */
    run(&d, 3, rows);
    CHECK(count, fabs(rows[2] - potential_at(0.25)) <= 1e-16 && d.simulation.counters.n_solves == 1);
    stop(&d);
}

/* The same bits whatever is skipped, however the run is cut, looked at, or kept in the middle. */
static void test_bits(check_count *count)
{
    divider d, other;
    double rows[N_STEPS], again[N_STEPS], rest[N_STEPS];
    mn_checkpoint checkpoint;
    static unsigned char bytes[4096];
    NEED(start(&d, 3, sine, true) == MN_OK && start(&other, 3, sine, false) == MN_OK);
    run(&d, N_STEPS, rows);
    for (int64_t k = 0; k < N_STEPS; k += 8) {
        NEED(mn_simulation_solve(&other.simulation, &other.error) == MN_OK);
        run(&other, 8, again);
    }
    CHECK(count, memcmp(rows, again, sizeof(rows)) == 0);
    stop(&d);
    NEED(start(&d, 3, sine, true) == MN_OK);
    run(&d, 17, again);
    size_t size = mn_checkpoint_size(&d.simulation, 0);
    NEED(size <= sizeof(bytes));
    mn_checkpoint_encode(&d.simulation, NULL, 0, bytes);
    stop(&other);
    NEED(mn_checkpoint_decode(&checkpoint, bytes, size, &d.error) == MN_OK);
    NEED(start(&other, 3, sine, true) == MN_OK);
    CHECK(count, mn_checkpoint_restore(&checkpoint, &other.simulation, &d.error) == MN_OK);
    run(&other, N_STEPS - 17, rest);
    CHECK(count, memcmp(rows + 17, rest, (N_STEPS - 17) * sizeof(*rows)) == 0);
    stop(&other);
    NEED(start(&other, 1, pulses, true) == MN_OK); /* another waveform is another simulation */
    CHECK(count, mn_checkpoint_restore(&checkpoint, &other.simulation, &other.error) == MN_ERR_CHECKPOINT_MISMATCH);
    mn_checkpoint_free(&checkpoint);
    stop(&other);
    stop(&d);
}

/* Another drive of the electrodes leaves the devices alone, and the corners of both count. */
static void test_drive(check_count *count)
{
    static const mn_wave one[] = {{.kind = MN_WAVE_TRIANGLE, .p = {1.0, 1.0, 2.8, 0.0}}};
    static const int32_t root[2] = {0, 0};
    divider d;
    double rows[N_STEPS];
    NEED(start(&d, 1, pulses, true) == MN_OK);
    run(&d, 2, rows);
    NEED(mn_simulation_set_drive(&d.simulation, 1, one, root, &d.error) == MN_OK);
    run(&d, 3, rows);
    CHECK(count, fabs(rows[4] - (1.0 + potential_at(1.5))) <= 1e-15);
    mn_corner corner = mn_engine_next_corner(&d.simulation, 0.5);
    CHECK(count, corner.time == 1.4 && !corner.jump);
    corner = mn_engine_next_corner(&d.simulation, corner.time);
    CHECK(count, corner.time == 1.5 && corner.jump);
    stop(&d);
    NEED(start(&d, 3, sine, true) == MN_OK);
    CHECK(count, mn_engine_next_corner(&d.simulation, 0.0).time == INFINITY);
    stop(&d);
}

static void test_refusals(check_count *count)
{
    static const mn_wave bad[] = {{.kind = MN_WAVE_CONSTANT, .p = {INFINITY}}};
    static double huge[4] = {0.0, 1.7e308, 0.0, 1.0};
    static int32_t twice[2] = {0, 0};
    const mn_wave overflow[] = {{.kind = MN_WAVE_STEPS, .n_samples = 4, .samples = huge},
                                {.kind = MN_WAVE_SUM, .n_children = 2, .children = twice}};
    const int32_t root[2] = {0, 0};
    const mn_simulation_options options = {.solver = "kron", .dt = dt};
    char text[200];
    double rows[N_STEPS];
    divider d;
    mn_reason reason;
    int64_t n_done;
    n_released = 0;
    CHECK(count, start(&d, 1, bad, true) == MN_ERR_BAD_ARGUMENT && n_released == 0);
    mn_error_message(&d.error, text, sizeof(text));
    CHECK(count, strstr(text, "CarriedSource.value is inf") != NULL && strstr(text, "electrode") == NULL);
    stop(&d);
    NEED(start(&d, 2, overflow, true) == MN_OK);
    run(&d, 4, rows);
    CHECK(count, mn_simulation_run(&d.simulation, 1, INFINITY, &reason, &n_done, &d.error) == MN_ERR_NOT_FINITE_DRIVE);
    mn_error_message(&d.error, text, sizeof(text));
    CHECK(count, strcmp(text, "step 4: CarriedSource.voltage is inf") == 0);
    CHECK(count, mn_simulation_solve(&d.simulation, &d.error) == MN_ERR_NOT_FINITE_DRIVE && d.simulation.step == 4);
    stop(&d);
    CHECK(count, n_released == 1); /* by the one simulation that was made */
    const double one[2] = {1.0, 1.0}, none[2] = {0.0, 0.0}, *const parameter[2] = {one, none};
    const int32_t edge[2] = {0, 1};
    const mn_device_spec deaf = {
        .model = "Resistor", .n = 2, .edge = edge, .parameter = parameter, .n_waves = 1, .wave = pulses};
    NEED(start(&d, 1, pulses, true) == MN_OK);
    mn_simulation_free(&d.simulation);
    CHECK(count, n_released == 2);
    CHECK(count, mn_simulation_init(&d.simulation, &d.network, 1, &deaf, 1, ground, root, &options, &d.error) ==
                     MN_ERR_BAD_ARGUMENT);
    mn_error_message(&d.error, text, sizeof(text));
    CHECK(count, strstr(text, "Resistor.waves is 1") != NULL);
    stop(&d);
}

int main(void)
{
    check_count count = {0, 0};
    test_values(&count);
    test_bits(&count);
    test_drive(&count);
    test_refusals(&count);
    return check_report(&count, "signals");
}
