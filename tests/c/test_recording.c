/* What a recorder takes, by hand: 2 V over a resistor of 1 ohm and a capacitor of 1 F in series, beside an island. */
#include "check.h"
#include "devices/device.h"
#include "memnet.h"

#include <math.h>
#include <string.h>

enum { N_NODES = 5, N_EDGES = 3, N_STEPS = 6 };

static const double volts = 2.0, dt = 0.25;

typedef struct {
    mn_network network;
    mn_simulation simulation;
    mn_error error;
} fixture;

/* Edges 0 (0-1) and 2 (3-4, which no electrode holds) are resistors, edge 1 (1-2) is the capacitor. */
static void start(fixture *f)
{
    static const int32_t edges[2 * N_EDGES] = {0, 1, 1, 2, 3, 4}, electrode[N_NODES] = {0, -1, 1, -1, -1};
    static const int32_t resistors[2] = {0, 2}, capacitors[1] = {1}, root[2] = {0, 1};
    static const double one[2] = {1.0, 1.0}, zero[1] = {0.0}, emf[2] = {0.0, 3.0};
    static const double *const resistor[2] = {one, emf}, *const capacitor[3] = {one, zero, zero};
    const mn_device_spec device[2] = {{.model = "Resistor", .n = 2, .edge = resistors, .parameter = resistor},
                                      {.model = "Capacitor", .n = 1, .edge = capacitors, .parameter = capacitor}};
    const mn_wave wave[2] = {{.kind = MN_WAVE_CONSTANT, .p = {2.0}}, {.kind = MN_WAVE_CONSTANT}};
    const mn_simulation_options options = {
        .solver = "kron", .dt = dt, .seed = 1, .incremental = true, .event_driven = true};
    NEED(mn_network_init(&f->network, N_NODES, N_EDGES, edges, NULL, 2, electrode, &f->error) == MN_OK);
    NEED(mn_simulation_init(&f->simulation, &f->network, 2, device, 2, wave, root, &options, &f->error) == MN_OK);
}

static void stop(fixture *f)
{
    mn_simulation_free(&f->simulation);
    mn_network_free(&f->network);
}

static void run(fixture *f, int64_t n)
{
    mn_reason reason;
    int64_t done;
    NEED(mn_simulation_run(&f->simulation, n, INFINITY, &reason, &done, &f->error) == MN_OK && done == n);
}

static bool near(double found, double exact)
{
    return fabs(found - exact) <= 1e-14;
}

/* The capacitor's voltage at the end of step n, by backward Euler: v_n+1 = (v_n + V dt) / (1 + dt). */
static double charged(int64_t n)
{
    return volts * (1.0 - pow(1.0 + dt, -(double)(n + 1)));
}

/* Adds a channel of the quantity over 0, 1, ..., width - 1. */
static mn_channel all_of(mn_quantity quantity, int64_t width)
{
    static int32_t first[N_NODES] = {0, 1, 2, 3, 4};
    return (mn_channel){.quantity = quantity, .width = width, .index = first, .every = 1, .population = 1};
}

static void test_quantities(check_count *count)
{
    static const int64_t width[MN_RECORD_N] = {2, 2, 2, 1, N_NODES, N_EDGES, N_EDGES, N_EDGES, 1, N_NODES};
    double rows[MN_RECORD_N][N_STEPS][N_NODES];
    fixture f;
    start(&f);
    for (int q = 0; q < MN_RECORD_N; q++) {
        mn_channel channel = all_of((mn_quantity)q, width[q]);
        channel.field = (int32_t)(f.simulation.population[1].model->n_fields - 1); /* the capacitor's v */
        NEED(mn_simulation_record(&f.simulation, &channel) == MN_OK);
        NEED(mn_simulation_bind(&f.simulation, q, &rows[q][0][0], N_STEPS) == MN_OK);
    }
    run(&f, N_STEPS);
    for (int64_t n = 0; n < N_STEPS; n++) {
        const double v = charged(n), i = volts - v;
        double row[MN_RECORD_N][N_NODES];
        for (int q = 0; q < MN_RECORD_N; q++) {
            memcpy(row[q], &rows[q][0][0] + n * width[q], (size_t)width[q] * sizeof(double));
        }
        CHECK(count, near(row[MN_RECORD_CURRENT][0], i) && near(row[MN_RECORD_CURRENT][1], -i));
        CHECK(count, row[MN_RECORD_VOLTAGE][0] == volts && row[MN_RECORD_VOLTAGE][1] == 0.0);
        CHECK(count, row[MN_RECORD_LIMITED][0] == 0.0 && row[MN_RECORD_LIMITED][1] == 0.0);
        CHECK(count, row[MN_RECORD_POTENTIAL][0] == volts && near(row[MN_RECORD_POTENTIAL][1], v));
        CHECK(count, row[MN_RECORD_POTENTIAL][2] == 0.0 && isnan(row[MN_RECORD_POTENTIAL][3]));
        CHECK(count, near(row[MN_RECORD_BRANCH_VOLTAGE][0], i) && near(row[MN_RECORD_BRANCH_VOLTAGE][1], v));
        CHECK(count, row[MN_RECORD_BRANCH_VOLTAGE][2] == 0.0); /* a device on an island sees 0 V, and nothing flows */
        CHECK(count, near(row[MN_RECORD_BRANCH_CURRENT][0], i) && near(row[MN_RECORD_BRANCH_CURRENT][1], i));
        CHECK(count, row[MN_RECORD_BRANCH_CURRENT][2] == 0.0);
        CHECK(count, row[MN_RECORD_EDGE_CONDUCTANCE][0] == 1.0 && row[MN_RECORD_EDGE_CONDUCTANCE][1] == 1.0 / dt);
        CHECK(count, near(row[MN_RECORD_CONDUCTANCE][0], 1.0 / (1.0 + dt)));        /* 1 ohm and dt / C in series */
        CHECK(count, near(row[MN_RECORD_STATE][0], n == 0 ? 0.0 : charged(n - 1))); /* as the step was solved */
        CHECK(count, near(row[MN_RECORD_MEMBER_CURRENT][0], i) && near(row[MN_RECORD_MEMBER_CURRENT][1], 0.0));
    }
    double branch[N_EDGES];
    mn_simulation_branch_voltage(&f.simulation, branch);
    CHECK(count, near(branch[0], volts - charged(N_STEPS - 1)) && near(branch[1], charged(N_STEPS - 1)));
    CHECK(count, branch[2] == 0.0);
    stop(&f);
}

static void test_bad_channels(check_count *count)
{
    int64_t level[2] = {3, 3};
    fixture f;
    start(&f);
    mn_channel bad[9];
    for (int k = 0; k < 9; k++) {
        bad[k] = all_of(MN_RECORD_POTENTIAL, 2);
    }
    bad[0] = all_of(MN_RECORD_POTENTIAL, -1);
    bad[1] = all_of(MN_RECORD_CURRENT, 3); /* the third of two electrodes */
    bad[2] = all_of(MN_RECORD_CONDUCTANCE, 2);
    bad[3] = all_of(MN_RECORD_N, 1);
    bad[4] = all_of(MN_RECORD_STATE, 1);
    bad[4].population = 2;
    bad[5] = all_of(MN_RECORD_STATE, 1);
    bad[5].field = 99;
    bad[6].index = NULL;
    bad[7].every = 0;
    bad[8].n_steps = 2;
    bad[8].steps = level; /* not ascending */
    for (int k = 0; k < 9; k++) {
        CHECK(count, mn_simulation_record(&f.simulation, &bad[k]) == MN_ERR_BAD_ARGUMENT);
    }
    CHECK(count, f.simulation.recorder.n_channels == 0);
    stop(&f);
}

static void test_bind_and_clear(check_count *count)
{
    double rows[N_STEPS][2], other[N_STEPS][2];
    fixture f;
    start(&f);
    mn_channel channel = all_of(MN_RECORD_CURRENT, 2);
    NEED(mn_simulation_record(&f.simulation, &channel) == MN_OK);
    CHECK(count, mn_simulation_bind(&f.simulation, 1, &rows[0][0], N_STEPS) == MN_ERR_BAD_ARGUMENT);
    CHECK(count, mn_simulation_bind(&f.simulation, -1, &rows[0][0], N_STEPS) == MN_ERR_BAD_ARGUMENT);
    CHECK(count, mn_simulation_bind(&f.simulation, 0, &rows[0][0], -1) == MN_ERR_BAD_ARGUMENT);
    CHECK(count, mn_simulation_bind(&f.simulation, 0, NULL, 1) == MN_ERR_BAD_ARGUMENT);
    NEED(mn_simulation_bind(&f.simulation, 0, &rows[0][0], N_STEPS) == MN_OK);
    run(&f, 2);
    NEED(mn_simulation_bind(&f.simulation, 0, &other[0][0], N_STEPS) == MN_OK);
    run(&f, 1);
    CHECK(count, near(rows[1][0], volts - charged(1)) && near(other[0][0], volts - charged(2)));
    CHECK(count, f.simulation.recorder.channel[0].n_rows == 1);
    mn_simulation_record_clear(&f.simulation);
    CHECK(count, f.simulation.recorder.n_channels == 0);
    other[1][0] = -7.0;
    run(&f, 2); /* nothing is written any more, and the run goes on */
    CHECK(count, other[1][0] == -7.0 && f.simulation.step == 5);
    stop(&f);
}

static void test_fields(check_count *count)
{
    const double value[2] = {1.0, 1.0};
    fixture f;
    start(&f);
    const int64_t n_fields = f.simulation.population[1].model->n_fields;
    CHECK(count, mn_simulation_field(&f.simulation, 1, n_fields - 1) == f.simulation.population[1].field[n_fields - 1]);
    CHECK(count, mn_simulation_field(&f.simulation, 0, 1)[1] == 3.0); /* the island's emf */
    const int64_t out[4][2] = {{-1, 0}, {2, 0}, {1, -1}, {1, n_fields}};
    for (int k = 0; k < 4; k++) {
        CHECK(count, mn_simulation_field(&f.simulation, out[k][0], out[k][1]) == NULL);
        CHECK(count,
              mn_simulation_set_field(&f.simulation, out[k][0], out[k][1], value, &f.error) == MN_ERR_BAD_ARGUMENT);
    }
    stop(&f);
}

/* A budget of no time ends a run after the step that it began. */
static void test_budget(check_count *count)
{
    mn_reason reason;
    int64_t done;
    fixture f;
    start(&f);
    CHECK(count, mn_simulation_run(&f.simulation, 9, 0.0, &reason, &done, &f.error) == MN_OK);
    CHECK(count, reason == MN_BUDGET && done == 1 && f.simulation.step == 1);
    stop(&f);
}

int main(void)
{
    check_count count = {0, 0};
    test_quantities(&count);
    test_bad_channels(&count);
    test_bind_and_clear(&count);
    test_fields(&count);
    test_budget(&count);
    return check_report(&count, "recording");
}
