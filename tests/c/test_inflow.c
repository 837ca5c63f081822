/* Devices that read the current of the electrode at their first node: a grid of two rows and two columns, stepped by
 * hand beside. */
#include "check.h"
#include "devices/device.h"
#include "memnet.h"
#include "simulate/engine.h"

#include <math.h>
#include <string.h>

enum { N_STEPS = 12, N_CROSSINGS = 4, N_READERS = 2, N_EDGES = N_CROSSINGS + N_READERS + 1 };
enum { ROW, COLUMN = 2, PAIR = 3, N_ELECTRODES = 5, N_NODES = 6 };

/* ------------------------------------------------------------------ a model that adds up what it reads */

enum { READER_RATE, READER_X, READER_N_FIELDS };

static const mn_field reader_fields[READER_N_FIELDS] = {
    [READER_RATE] = {"rate", "1/(A s)", MN_POSITIVE, .initial = 1.0, .doc = "how fast the state takes it up"},
    [READER_X] = {"x", "1", .role = MN_STATE, MN_FINITE, .initial = 0.0, .doc = "current added up"}};

/* It conducts as its state says, so that what it reads is in the circuit of the next step. */
static void reader_conductance(mn_population *population, const mn_step *step)
{
    for (int64_t k = 0; k < population->n; k++) {
        step->g[k] = 1.0 + population->field[READER_X][k] * population->field[READER_X][k];
    }
}

static void reader_advance(mn_population *population, const mn_step *step)
{
    for (int64_t k = 0; k < population->n; k++) {
        population->next[READER_X][k] =
            population->field[READER_X][k] + population->field[READER_RATE][k] * step->dt * step->inflow[k];
    }
}

static const mn_device_model reader = {
    .name = "Reader",
    .doc = "A conductance that follows the current of an electrode. For tests of the device contract.",
    .citation = "tests of the device contract",
    MN_ARRAY(field, reader_fields),
    .flags = MN_READS_INFLOW,
    .check = "rate",
    .conductance = reader_conductance,
    .advance = reader_advance,
};

/* ------------------------------------------------------------------ a grid */

/* Rows 0 and 1 are driven. Columns: node 2, which is an electrode at 0 V, and nodes 3 and 4, which are one electrode at
 * 0.25 V. Readers stand from nodes 2 and 4 to node 5, an electrode at -0.5 V; an edge joins nodes 3 and 5. */
static const int32_t ends[2 * N_EDGES] = {0, 2, 0, 3, 1, 2, 1, 4, 2, 5, 4, 5, 3, 5};
static const int32_t electrode[N_NODES] = {ROW, ROW + 1, COLUMN, PAIR, PAIR, PAIR + 1};
static const mn_wave waves[N_ELECTRODES] = {{.kind = MN_WAVE_TRIANGLE, .p = {0.0, 1.0, 3.0, 0.0}},
                                            {.kind = MN_WAVE_CONSTANT, .p = {0.5}},
                                            {.kind = MN_WAVE_CONSTANT},
                                            {.kind = MN_WAVE_CONSTANT, .p = {0.25}},
                                            {.kind = MN_WAVE_CONSTANT, .p = {-0.5}}};
static const int32_t all_driven[N_ELECTRODES] = {0, 1, 2, 3, 4};
static const double dt = 0.125, g = 2.0;

typedef struct {
    mn_network network;
    mn_simulation simulation;
    mn_error error;
    double x[N_STEPS][N_READERS];
} grid;

/* With readers, and conductances g of another model in the other edges, adaptive where rtol > 0. */
static int start(grid *self, const int32_t *reads, const char *others, const int32_t *root, double rtol)
{
    int32_t rest[N_EDGES];
    double conductance[N_EDGES];
    static const double none[N_EDGES] = {0.0}, one[N_READERS] = {1.0, 1.0};
    const double *const parameter[3] = {conductance, none, none}, *const rate[1] = {one};
    const mn_simulation_options options = {.solver = "kron", .dt = dt, .rtol = rtol};
    int64_t n_rest = 0;
    for (int32_t e = 0; e < N_EDGES; e++) {
        if (e != reads[0] && e != reads[1]) {
            conductance[n_rest] = g;
            rest[n_rest++] = e;
        }
    }
    const mn_device_spec device[2] = {{.made = &reader, .n = N_READERS, .edge = reads, .parameter = rate},
                                      {.model = others, .n = n_rest, .edge = rest, .parameter = parameter}};
    mn_error_clear(&self->error);
    NEED(mn_network_init(&self->network, N_NODES, N_EDGES, ends, NULL, N_ELECTRODES, electrode, &self->error) == MN_OK);
    return mn_simulation_init(&self->simulation, &self->network, 2, device, N_ELECTRODES, waves, root, &options,
                              &self->error);
}

static void stop(grid *self)
{
    mn_simulation_free(&self->simulation);
    mn_network_free(&self->network);
}

static const int32_t columns[N_READERS] = {4, 5};

/* Runs and records the states of the rows from the present step on. */
static void run(grid *self, int64_t n)
{
    static int32_t member[N_READERS] = {0, 1};
    const mn_channel channel = {
        .quantity = MN_RECORD_STATE, .width = N_READERS, .index = member, .every = 1, .field = READER_X};
    const int64_t first = self->simulation.step;
    int64_t n_done;
    mn_reason reason;
    mn_simulation_record_clear(&self->simulation);
    NEED(mn_simulation_record(&self->simulation, &channel) == MN_OK);
    NEED(mn_simulation_bind(&self->simulation, 0, &self->x[first][0], N_STEPS - first) == MN_OK);
    NEED(mn_simulation_run(&self->simulation, n, INFINITY, &reason, &n_done, &self->error) == MN_OK && n_done == n);
}

/* ------------------------------------------------------------------ what is read */

/* The same by hand: electrodes hold all nodes. What an electrode takes comes to all its nodes, by its own readers too,
 * and is counted from the network to the electrode. */
static void test_values(check_count *count)
{
    grid self;
    double x[N_READERS] = {0.0, 0.0};
    NEED(start(&self, columns, "Resistor", all_driven, 0.0) == MN_OK);
    run(&self, N_STEPS);
    for (int64_t step = 0; step < N_STEPS; step++) {
        const double phase = fmod((double)step * dt, 3.0) / 3.0, top = phase < 0.5 ? 2.0 * phase : 2.0 * (1.0 - phase);
        const double to_column = g * top + g * 0.5 + (1.0 + x[0] * x[0]) * -0.5;
        const double to_pair = g * (top - 0.25) + g * (0.5 - 0.25) + (1.0 + x[1] * x[1] + g) * -0.75;
        CHECK(count, fabs(self.x[step][0] - x[0]) <= 1e-14 && fabs(self.x[step][1] - x[1]) <= 1e-14);
        x[0] += dt * to_column;
        x[1] += dt * to_pair;
    }
    CHECK(count, fabs(x[0]) > 0.05 && fabs(x[1]) > 0.05);
    CHECK(count, mn_simulation_verify(&self.simulation, &self.error) == MN_OK);
    stop(&self);
}

/* The same bits in pieces, after a look, and from a checkpoint. */
static void test_bits(check_count *count)
{
    static unsigned char bytes[4096];
    grid whole, self;
    mn_checkpoint checkpoint;
    NEED(start(&whole, columns, "Resistor", all_driven, 0.0) == MN_OK);
    NEED(start(&self, columns, "Resistor", all_driven, 0.0) == MN_OK);
    run(&whole, N_STEPS);
    for (int64_t k = 0; k < 5; k++) {
        run(&self, 1);
        NEED(mn_simulation_solve(&self.simulation, &self.error) == MN_OK);
    }
    const size_t size = mn_checkpoint_size(&self.simulation, 0);
    NEED(size <= sizeof(bytes));
    mn_checkpoint_encode(&self.simulation, NULL, 0, bytes);
    run(&self, N_STEPS - 5);
    CHECK(count, memcmp(whole.x, self.x, sizeof(self.x)) == 0);
    stop(&self);
    memset(&self.x[5], 0, sizeof(self.x) - 5 * sizeof(self.x[0]));
    NEED(start(&self, columns, "Resistor", all_driven, 0.0) == MN_OK);
    NEED(mn_checkpoint_decode(&checkpoint, bytes, size, &self.error) == MN_OK);
    NEED(mn_checkpoint_restore(&checkpoint, &self.simulation, &self.error) == MN_OK);
    run(&self, N_STEPS - 5);
    CHECK(count, memcmp(whole.x, self.x, sizeof(self.x)) == 0);
    mn_checkpoint_free(&checkpoint);
    stop(&self);
    stop(&whole);
}

/* ------------------------------------------------------------------ what is refused */

/* Whether readers on some edges are, beside some other devices and with some drive, and for which reason. */
static bool refuses(const int32_t *reads, const char *others, const int32_t *root, double rtol, int reason,
                    const char *finding)
{
    char text[600];
    grid self;
    const int code = start(&self, reads, others, root, rtol);
    mn_error_message(&self.error, text, sizeof(text));
    stop(&self);
    return code == reason && strstr(text, finding) != NULL;
}

static void test_refusals(check_count *count)
{
    static const int32_t floats[N_ELECTRODES] = {0, 1, 2, -1, 4};
    CHECK(count, refuses(columns, "Resistor", floats, 0.0, MN_ERR_INFLOW, "Reader of edge 5"));
    CHECK(count, refuses(columns, "CubicResistor", all_driven, 0.0, MN_ERR_INFLOW_STEPS, "Reader"));
    CHECK(count, refuses(columns, "Resistor", all_driven, 1e-3, MN_ERR_NOT_SMOOTH, "Reader"));
}

/* A first node that belongs to no electrode, in a network of one edge from node 1 to node 0. */
static void test_free_nodes(check_count *count)
{
    static const int32_t pair[2] = {1, 0}, at[2] = {0, -1}, root[1] = {0}, edge[1] = {0};
    static const double one[1] = {1.0};
    static const double *const rate[1] = {one};
    const mn_simulation_options options = {.solver = "kron", .dt = dt};
    const mn_device_spec device[1] = {{.made = &reader, .n = 1, .edge = edge, .parameter = rate}};
    grid self;
    mn_error_clear(&self.error);
    NEED(mn_network_init(&self.network, 2, 1, pair, NULL, 1, at, &self.error) == MN_OK);
    CHECK(count, mn_simulation_init(&self.simulation, &self.network, 1, device, 1, waves, root, &options,
                                    &self.error) == MN_ERR_INFLOW);
    CHECK(count, self.error.edge == 0 && self.error.node == 1 && self.error.node_b == 0);
    stop(&self);
}

/* A drive that is set later and refused: the old one stays. */
static void test_drives(check_count *count)
{
    static const int32_t floats[N_ELECTRODES] = {0, 1, -1, 3, 4};
    grid self, other;
    NEED(start(&self, columns, "Resistor", all_driven, 0.0) == MN_OK);
    NEED(start(&other, columns, "Resistor", all_driven, 0.0) == MN_OK);
    run(&self, 3);
    CHECK(count, mn_simulation_set_drive(&self.simulation, N_ELECTRODES, waves, floats, &self.error) == MN_ERR_INFLOW);
    CHECK(count, self.error.electrode == COLUMN && self.error.edge == 4);
    run(&self, N_STEPS - 3);
    run(&other, N_STEPS);
    CHECK(count, memcmp(&self.x, &other.x, sizeof(self.x)) == 0);
    stop(&other);
    stop(&self);
}

int main(void)
{
    check_count count = {0, 0};
    test_values(&count);
    test_bits(&count);
    test_refusals(&count);
    test_free_nodes(&count);
    test_drives(&count);
    return check_report(&count, "inflow");
}
