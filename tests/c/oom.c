/* Every allocation of every public entry point fails once, SuiteSparse's included: alone, and with all that follow. The
 * code is MN_ERR_NO_MEMORY, nothing leaks, nothing that must stay is changed, and a second try gives the result of a
 * run without failure, bit for bit. `make check-oom` runs this; it is linked with failing_memory.c. */
#define _POSIX_C_SOURCE 200809L

#include "check.h"
#include "devices/device.h"
#include "failing_memory.h"
#include "memnet.h"
#include "circuit/ordering.h"
#include "circuit/solver.h"

#include <dirent.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

failing_memory_state failing_memory;

enum { SIDE = 8, N_GRID = SIDE * SIDE, N_NODES = N_GRID + 2, MAX_EDGES = 2 * N_GRID, N_ELECTRODES = 3, N_STEPS = 12 };

/* What the cases work on: a square grid between two electrodes, with a third, floating one and an island. */
typedef struct {
    const char *solver_name;
    bool complex_values;
    char folder[64];
    char path[80];
    int64_t n_edges;
    int32_t edge[2 * MAX_EDGES];
    double length[MAX_EDGES];
    int32_t electrode[N_NODES];
    double conductance[MAX_EDGES];
    double rows[4 * N_STEPS];
    mn_network network, other_network;
    mn_discs discs;
    int32_t *disc_electrode;
    mn_wires wires;
    mn_lattice lattice;
    int64_t found;
    mn_solver solver;
    mn_drive drive;
    mn_population population;
    mn_simulation simulation;
    mn_checkpoint checkpoint;
    double potential[N_NODES], potential_imag[N_NODES], current[N_ELECTRODES], current_imag[N_ELECTRODES];
    double matrix[N_ELECTRODES * N_ELECTRODES];
    double terminal;
} bench;

/* ------------------------------------------------------------------ fingerprints */

static uint64_t hash(uint64_t before, const void *bytes, size_t size) /* FNV-1a */
{
    const unsigned char *byte = bytes;
    for (size_t k = 0; k < size; k++) {
        before = (before ^ byte[k]) * UINT64_C(0x100000001b3);
    }
    return before;
}

#define HASH(before, array, n) hash(before, array, (size_t)(n) * sizeof *(array))

static uint64_t network_hash(const mn_network *network)
{
    uint64_t h = HASH(1, &network->n_components, 1);
    h = HASH(h, network->a, network->n_edges);
    h = HASH(h, network->b, network->n_edges);
    h = HASH(h, network->electrode, network->n_nodes);
    return HASH(h, network->component, network->n_nodes);
}

static uint64_t drive_hash(const mn_drive *drive)
{
    uint64_t h = HASH(2, &drive->n_waves, 1);
    for (int k = 0; k < 50; k++) {
        uint8_t role[N_ELECTRODES];
        double value[N_ELECTRODES];
        mn_drive_evaluate(drive, 0.25 * k, role, value);
        h = HASH(HASH(h, role, N_ELECTRODES), value, N_ELECTRODES);
    }
    return h;
}

static uint64_t population_hash(uint64_t h, const mn_population *population)
{
    h = HASH(h, population->edge, population->n);
    for (int64_t f = 0; f < population->model->n_fields; f++) {
        h = HASH(h, population->field[f], population->n);
    }
    return h;
}

/* Everything that a failed call has to leave as it was. */
static uint64_t simulation_hash(const bench *b)
{
    const mn_simulation *s = &b->simulation;
    uint64_t h = hash(drive_hash(&s->drive), &s->step, sizeof s->step);
    for (int64_t k = 0; k < s->n_populations; k++) {
        h = population_hash(h, &s->population[k]);
    }
    h = HASH(HASH(h, &s->solved, 1), &s->recorder.n_channels, 1);
    h = HASH(h, s->potential, s->network->n_nodes);
    h = HASH(h, s->current, N_ELECTRODES);
    h = HASH(h, s->conductance, s->network->n_edges);
    h = HASH(h, s->events.step, s->events.n);
    h = HASH(h, s->events.edge, s->events.n);
    for (int64_t k = 0; k < s->recorder.n_channels; k++) {
        const mn_channel *c = &s->recorder.channel[k];
        h = HASH(HASH(h, &c->quantity, 1), c->index, c->width);
        h = HASH(HASH(h, &c->n_rows, 1), c->steps, c->steps != NULL ? c->n_steps : 0);
    }
    return HASH(h, b->rows, 4 * N_STEPS);
}

static uint64_t solution_hash(const bench *b)
{
    uint64_t h = HASH(3, b->potential, N_NODES);
    h = HASH(h, b->current, N_ELECTRODES);
    h = HASH(h, b->potential_imag, N_NODES);
    return HASH(h, b->current_imag, N_ELECTRODES);
}

static uint64_t file_hash(const bench *b)
{
    unsigned char bytes[4096];
    uint64_t h = 4;
    FILE *file = fopen(b->path, "rb");
    for (size_t n = 1; file != NULL && n > 0;) {
        n = fread(bytes, 1, sizeof bytes, file);
        h = hash(h, bytes, n);
    }
    if (file != NULL) {
        fclose(file);
    }
    DIR *folder = opendir(b->folder); /* a temporary file left behind shows here */
    NEED(folder != NULL);
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        h += 1;
    }
    closedir(folder);
    return h;
}

/* ------------------------------------------------------------------ network and discs */

static void build_grid(bench *b)
{
    b->n_edges = 0;
    for (int32_t i = 0; i < N_GRID; i++) {
        const int32_t ends[] = {i % SIDE < SIDE - 1 ? i + 1 : -1, i + SIDE < N_GRID ? i + SIDE : -1};
        for (int k = 0; k < 2; k++) {
            if (ends[k] >= 0) {
                b->edge[2 * b->n_edges] = i;
                b->edge[2 * b->n_edges + 1] = ends[k];
                b->n_edges++;
            }
        }
        b->electrode[i] = i % SIDE == 0 ? 0 : (i % SIDE == SIDE - 1 ? 1 : (i == SIDE + 3 ? 2 : -1));
    }
    b->edge[2 * b->n_edges] = N_GRID;
    b->edge[2 * b->n_edges + 1] = N_GRID + 1;
    b->n_edges++;
    b->electrode[N_GRID] = b->electrode[N_GRID + 1] = -1;
    for (int64_t e = 0; e < b->n_edges; e++) {
        double u[2];
        mn_uniform2(5, 0, (uint64_t)e, 0, u);
        b->length[e] = 0.01 + 0.1 * u[0];
        b->conductance[e] = 0.5 + u[1];
    }
}

static int make_network(bench *b, mn_error *error)
{
    return mn_network_init(&b->network, N_NODES, b->n_edges, b->edge, b->length, N_ELECTRODES, b->electrode, error);
}

static void drop_network(bench *b)
{
    mn_network_free(&b->network);
}

static uint64_t network_result(const bench *b)
{
    return network_hash(&b->network);
}

static void with_network(bench *b)
{
    mn_error error;
    mn_error_clear(&error);
    NEED(make_network(b, &error) == MN_OK);
}

static int find_path(bench *b, mn_error *error)
{
    return mn_error_set(error, mn_network_path(&b->network, 40, 0, 1, &b->found));
}

static uint64_t path_result(const bench *b)
{
    return (uint64_t)b->found + network_hash(&b->network);
}

static int make_discs(bench *b, mn_error *error)
{
    const mn_discs_options options = {.width = 14, .height = 11, .coverage = 0.55, .max_gap = 1.0, .seed = 3};
    return mn_discs_init(&b->discs, &options, error);
}

static void drop_discs(bench *b)
{
    mn_discs_free(&b->discs);
}

static uint64_t discs_result(const bench *b)
{
    const mn_discs *d = &b->discs;
    uint64_t h = HASH(HASH(5, d->x, d->n_discs), d->group, d->n_discs);
    h = HASH(HASH(h, d->group_x, d->n_groups), d->gap, 2 * d->n_gaps);
    return HASH(h, d->gap_length, d->n_gaps);
}

static int make_wires(bench *b, mn_error *error)
{
    const mn_wires_options options = {
        .width = 40, .height = 30, .n_wires = 300, .length = 9, .length_sd = 3, .spread = (double)INFINITY, .seed = 3};
    return mn_wires_init(&b->wires, &options, error);
}

static int place_wires(bench *b, mn_error *error)
{
    const double end[] = {0, 0, 4, 4, 0, 4, 4, 0, 1, 0, 1, 5};
    return mn_wires_place(&b->wires, 3, end, 0, NULL, error);
}

/* A budget for which the bound on the junctions of a narrow box is too high, so that a sample is tried first. */
static int make_narrow_wires(bench *b, mn_error *error)
{
    const mn_wires_options options = {.width = 400,
                                      .height = 0.1,
                                      .n_wires = 600,
                                      .length = 9,
                                      .spread = (double)INFINITY,
                                      .seed = 3,
                                      .max_bytes = 600 * 96 + 56 * 30000};
    return mn_wires_init(&b->wires, &options, error);
}

static int place_many_wires(bench *b, mn_error *error)
{
    enum { N = 600 };
    double end[4 * N];

    for (int k = 0; k < N; k++) {
        memcpy(&end[4 * k], (const double[]){k % 20, k, k % 7, k + 3}, 4 * sizeof *end);
    }
    return mn_wires_place(&b->wires, N, end, N * 96 + 56 * 30000, NULL, error);
}

static void drop_wires(bench *b)
{
    mn_wires_free(&b->wires);
}

static uint64_t wires_result(const bench *b)
{
    const mn_wires *w = &b->wires;
    uint64_t h = HASH(HASH(7, w->end, 4 * w->n_wires), w->length, w->n_wires);
    h = HASH(HASH(h, w->junction, 2 * w->n_junctions), w->along, 2 * w->n_junctions);
    return HASH(h, w->point, 2 * w->n_junctions);
}

static int make_lattice(bench *b, mn_error *error)
{
    return mn_grid_init(&b->lattice, 7, 9, MN_DIAGONALS_RANDOM, 2, NULL, error);
}

static int make_sparse_network(bench *b, mn_error *error)
{
    return mn_random_network_init(&b->lattice, 40, 3.0, 2, NULL, error);
}

static int make_dense_network(bench *b, mn_error *error)
{
    return mn_random_network_init(&b->lattice, 12, 8.0, 2, NULL, error);
}

static void drop_lattice(bench *b)
{
    mn_lattice_free(&b->lattice);
}

static uint64_t lattice_result(const bench *b)
{
    return HASH(8, b->lattice.edge, 2 * b->lattice.n_edges);
}

static void with_discs(bench *b)
{
    mn_error error;
    NEED(make_discs(b, &error) == MN_OK);
    b->disc_electrode = malloc((size_t)b->discs.n_groups * sizeof *b->disc_electrode);
    NEED(b->disc_electrode != NULL);
    memset(b->disc_electrode, -1, (size_t)b->discs.n_groups * sizeof *b->disc_electrode);
}

static int mark_discs(bench *b, mn_error *error)
{
    return mn_discs_electrode(&b->discs, 0, 0.5, 0, 11, 0, b->disc_electrode, &b->found, error);
}

static uint64_t marks_result(const bench *b)
{
    return HASH(6, b->disc_electrode, b->discs.n_groups);
}

static void drop_marked_discs(bench *b)
{
    free(b->disc_electrode);
    mn_discs_free(&b->discs);
}

/* ------------------------------------------------------------------ solvers */

static int order_nodes(bench *b, mn_error *error)
{
    int32_t vertex[N_NODES];
    int code = mn_error_set(error, mn_ordering(&b->network, &b->found, vertex));
    if (code == MN_OK) {
        b->found = (int64_t)HASH(7, vertex, N_NODES);
    }
    return code;
}

static int make_solver(bench *b, mn_error *error)
{
    return mn_solver_init(&b->solver, b->solver_name, &b->network, b->complex_values, NULL, error);
}

static void drop_solver(bench *b)
{
    mn_solver_free(&b->solver);
}

static int factor(bench *b, mn_error *error)
{
    return mn_solver_factor(&b->solver, b->conductance, b->complex_values ? b->length : NULL, -1, NULL, error);
}

static int solve(bench *b, mn_error *error)
{
    const uint8_t role[] = {MN_VOLTAGE, MN_VOLTAGE, MN_FLOATING};
    const double value[] = {1, 0, 0}, imag[] = {0.5, 0, 0};
    const mn_boundary boundary = {role, value, b->complex_values ? imag : NULL};
    const mn_solution solution = {.potential = b->potential,
                                  .potential_imag = b->complex_values ? b->potential_imag : NULL,
                                  .current = b->current,
                                  .current_imag = b->complex_values ? b->current_imag : NULL,
                                  .conductance = b->complex_values ? NULL : &b->terminal};
    return mn_solver_solve(&b->solver, &boundary, NULL, NULL, &solution, error);
}

enum { N_REPLICAS = 11 };

/* More than a group, from the bench's conductances; b->found stands for all potentials. */
static int solve_many(bench *b, mn_error *error)
{
    const uint8_t role[] = {MN_VOLTAGE, MN_VOLTAGE, MN_FLOATING};
    double *g = malloc((size_t)(N_REPLICAS * b->n_edges) * sizeof *g);
    double *potential = malloc(N_REPLICAS * N_NODES * sizeof *potential);
    double value[N_REPLICAS * N_ELECTRODES] = {0};
    NEED(g != NULL && potential != NULL);
    for (int64_t k = 0; k < N_REPLICAS * b->n_edges; k++) {
        g[k] = b->conductance[k % b->n_edges] * (double)(1 + k / b->n_edges % 3);
    }
    for (int64_t r = 0; r < N_REPLICAS; r++) {
        value[N_ELECTRODES * r] = (double)(1 + r);
    }
    const mn_boundary boundary = {.role = role, .value = value};
    const mn_solution solution = {.potential = potential};
    const int code = mn_solver_solve_many(&b->solver, N_REPLICAS, g, &boundary, &solution, error);
    b->found = code == MN_OK ? (int64_t)HASH(8, potential, N_REPLICAS * N_NODES) : 0;
    free(g);
    free(potential);
    return code;
}

static int terminal(bench *b, mn_error *error)
{
    return mn_solver_terminal(&b->solver, b->matrix, error);
}

static uint64_t solved_result(const bench *b)
{
    return solution_hash(b);
}

/* The solution shows that the factor is right. */
static uint64_t factor_result(const bench *b)
{
    bench *scratch = malloc(sizeof *scratch);
    NEED(scratch != NULL);
    *scratch = *b;
    NEED(solve(scratch, NULL) == MN_OK);
    uint64_t h = solution_hash(scratch);
    free(scratch);
    return h;
}

static uint64_t solver_result(const bench *b)
{
    bench *scratch = malloc(sizeof *scratch);
    NEED(scratch != NULL);
    *scratch = *b;
    NEED(factor(scratch, NULL) == MN_OK);
    uint64_t h = factor_result(scratch);
    free(scratch);
    return h;
}

static uint64_t terminal_result(const bench *b)
{
    return HASH(factor_result(b), b->matrix, N_ELECTRODES * N_ELECTRODES);
}

static uint64_t found_result(const bench *b)
{
    return (uint64_t)b->found;
}

static bool is_usable(bench *b)
{
    return factor(b, NULL) == MN_OK && solve(b, NULL) == MN_OK;
}

static void with_solver(bench *b)
{
    mn_error error;
    with_network(b);
    NEED(make_solver(b, &error) == MN_OK);
}

static void with_factor(bench *b)
{
    mn_error error;
    with_solver(b);
    NEED(factor(b, &error) == MN_OK);
}

static void drop_factor(bench *b)
{
    mn_solver_free(&b->solver);
    mn_solver_free(&b->solver);
    mn_network_free(&b->network);
}

/* A failed factor leaves none. */
static bool has_no_factor(bench *b)
{
    return solve(b, NULL) == MN_ERR_NO_FACTOR;
}

/* ------------------------------------------------------------------ drives and populations */

static double step_samples[] = {0.1, 3, 0.5, 0, 1, 2};
static double part_durations[] = {4, (double)INFINITY};
static int32_t parts[] = {1, 2}, terms[] = {3, 0};
static const mn_wave waves[] = {
    {.kind = MN_WAVE_CONSTANT, .p = {0.25}},
    {.kind = MN_WAVE_STEPS, .n_samples = 6, .samples = step_samples},
    {.kind = MN_WAVE_TRIANGLE, .p = {0, 2, 3, 0}},
    {.kind = MN_WAVE_CONCAT, .n_samples = 2, .samples = part_durations, .n_children = 2, .children = parts},
    {.kind = MN_WAVE_SUM, .n_children = 2, .children = terms},
};
enum { N_WAVES = sizeof waves / sizeof waves[0] };
static const int32_t roots[N_ELECTRODES] = {4, 0, -1}, other_roots[N_ELECTRODES] = {0, 4, -1};

static int make_drive(bench *b, mn_error *error)
{
    return mn_drive_init(&b->drive, N_ELECTRODES, roots, N_WAVES, waves, error);
}

static void drop_drive(bench *b)
{
    mn_drive_free(&b->drive);
}

static uint64_t drive_result(const bench *b)
{
    return drive_hash(&b->drive);
}

enum { MAX_FIELDS = 32, MAX_MODELS = 16 };

/* The edges e with e % n_models == index, and the default of every parameter. */
typedef struct {
    int64_t n;
    int32_t edge[MAX_EDGES];
    double value[MAX_FIELDS][MAX_EDGES];
    const double *parameter[MAX_FIELDS];
} model_input;

static void fill_input(model_input *input, const bench *b, int64_t index, const mn_device_model *model)
{
    input->n = 0;
    for (int64_t e = index; e < b->n_edges; e += mn_model_count()) {
        input->edge[input->n++] = (int32_t)e;
    }
    int64_t n_parameters = 0;
    for (int64_t f = 0; f < model->n_fields; f++) {
        if (model->field[f].role == MN_PARAMETER) {
            NEED(n_parameters < MAX_FIELDS);
            for (int64_t k = 0; k < input->n; k++) {
                input->value[n_parameters][k] = model->field[f].initial;
            }
            input->parameter[n_parameters] = input->value[n_parameters];
            n_parameters++;
        }
    }
}

static int make_population(bench *b, mn_error *error)
{
    const mn_device_model *model = mn_model_get(0);
    model_input *input = malloc(sizeof *input);
    NEED(input != NULL);
    fill_input(input, b, 0, model);
    int code =
        mn_population_init(&b->population, model, input->n, input->edge, b->length, input->parameter, 1, 2, error);
    free(input);
    return code;
}

static void drop_population(bench *b)
{
    mn_population_free(&b->population);
}

static uint64_t population_result(const bench *b)
{
    return population_hash(8, &b->population);
}

/* ------------------------------------------------------------------ simulations */

static int make_simulation(bench *b, mn_error *error)
{
    int64_t n_models = mn_model_count();
    NEED(n_models <= MAX_MODELS);
    mn_device_spec spec[MAX_MODELS];
    model_input *input = malloc((size_t)n_models * sizeof *input);
    NEED(input != NULL);
    for (int64_t m = 0; m < n_models; m++) {
        fill_input(&input[m], b, m, mn_model_get(m));
        spec[m] = (mn_device_spec){
            .model = mn_model_get(m)->name, .n = input[m].n, .edge = input[m].edge, .parameter = input[m].parameter};
    }
    const mn_simulation_options options = {
        .solver = b->solver_name, .dt = 0.25, .seed = 9, .incremental = true, .event_driven = true};
    int code = mn_simulation_init(&b->simulation, &b->network, n_models, spec, N_WAVES, waves, roots, &options, error);
    free(input);
    return code;
}

static void drop_simulation(bench *b)
{
    mn_simulation_free(&b->simulation);
}

static void drop_run(bench *b)
{
    mn_simulation_free(&b->simulation);
    mn_simulation_free(&b->simulation);
    mn_network_free(&b->network);
}

static void with_simulation(bench *b)
{
    mn_error error;
    memset(b->rows, 0, sizeof b->rows);
    with_network(b);
    NEED(make_simulation(b, &error) == MN_OK);
}

static mn_channel channel_of(mn_quantity quantity, int64_t width, int32_t *index)
{
    return (mn_channel){.quantity = quantity, .width = width, .index = index, .every = 1};
}

static void with_recording(bench *b)
{
    int32_t index[] = {0, 1, 2};
    const mn_channel channel = channel_of(MN_RECORD_CURRENT, 3, index);
    with_simulation(b);
    NEED(mn_simulation_record(&b->simulation, &channel) == MN_OK);
    NEED(mn_simulation_bind(&b->simulation, 0, b->rows, N_STEPS) == MN_OK);
}

static int run_to(bench *b, int64_t step, mn_error *error)
{
    mn_reason reason;
    int64_t n_done;
    return mn_simulation_run(&b->simulation, step - b->simulation.step, (double)INFINITY, &reason, &n_done, error);
}

/* Goes on from where the failure was, so that a second try ends where a run without failure ends. */
static int run(bench *b, mn_error *error)
{
    return run_to(b, N_STEPS, error);
}

static void with_run(bench *b)
{
    mn_error error;
    with_recording(b);
    NEED(run_to(b, N_STEPS / 2, &error) == MN_OK);
}

static int solve_simulation(bench *b, mn_error *error)
{
    return mn_simulation_solve(&b->simulation, error);
}

static int set_drive(bench *b, mn_error *error)
{
    return mn_simulation_set_drive(&b->simulation, N_WAVES, waves, other_roots, error);
}

static int set_field(bench *b, mn_error *error)
{
    const mn_population *population = &b->simulation.population[0];
    double value[MAX_EDGES];
    memcpy(value, population->field[0], (size_t)population->n * sizeof *value);
    return mn_simulation_set_field(&b->simulation, 0, 0, value, error);
}

static int record(bench *b, mn_error *error)
{
    int32_t node[] = {SIDE, 2 * SIDE}; /* of electrode 0 */
    int64_t steps[] = {1, 8};
    mn_channel channel = channel_of(MN_RECORD_MEMBER_CURRENT, 2, node);
    channel.steps = steps;
    channel.n_steps = 2;
    return mn_error_set(error, mn_simulation_record(&b->simulation, &channel));
}

static int verify(bench *b, mn_error *error)
{
    return mn_simulation_verify(&b->simulation, error);
}

/* ------------------------------------------------------------------ checkpoints */

static int write_checkpoint(bench *b, mn_error *error)
{
    return mn_checkpoint_write(&b->simulation, b->path, "a note", 6, error);
}

/* An old file stands at the path, of an earlier step. */
static void with_old_checkpoint(bench *b)
{
    mn_error error;
    with_run(b);
    NEED(write_checkpoint(b, &error) == MN_OK);
    NEED(run(b, &error) == MN_OK);
}

static void drop_files(bench *b)
{
    mn_checkpoint_free(&b->checkpoint);
    mn_checkpoint_free(&b->checkpoint);
    drop_run(b);
    NEED(unlink(b->path) == 0);
}

static int read_checkpoint(bench *b, mn_error *error)
{
    return mn_checkpoint_init(&b->checkpoint, b->path, error);
}

static int decode_checkpoint(bench *b, mn_error *error)
{
    unsigned char bytes[1 << 16];
    NEED(mn_checkpoint_size(&b->simulation, 6) <= sizeof(bytes));
    mn_checkpoint_encode(&b->simulation, "a note", 6, bytes);
    return mn_checkpoint_decode(&b->checkpoint, bytes, mn_checkpoint_size(&b->simulation, 6), error);
}

static void drop_checkpoint(bench *b)
{
    mn_checkpoint_free(&b->checkpoint);
}

static uint64_t checkpoint_result(const bench *b)
{
    return HASH(file_hash(b), b->checkpoint.bytes, b->checkpoint.size);
}

static void with_read_checkpoint(bench *b)
{
    mn_error error;
    with_old_checkpoint(b);
    NEED(read_checkpoint(b, &error) == MN_OK);
}

static int restore(bench *b, mn_error *error)
{
    return mn_checkpoint_restore(&b->checkpoint, &b->simulation, error);
}

/* ------------------------------------------------------------------ the runs */

typedef struct {
    const char *name;
    void (*before)(bench *);
    int (*act)(bench *, mn_error *);
    void (*undo)(bench *);             /* frees what a failed or a good act may have made */
    void (*after)(bench *);            /* frees what `before` made */
    uint64_t (*result)(const bench *); /* after success */
    uint64_t (*kept)(const bench *);   /* must not change in a failed act; NULL: no promise */
    bool (*is_left_right)(bench *);    /* after a failed act; NULL: no promise */
    bool kron_allocates_nothing;       /* promised */
    bool real_only;
} entry;

static const entry plain_entries[] = {
    {"mn_network_init", NULL, make_network, drop_network, NULL, network_result, NULL, NULL, false, false},
    {"mn_network_path", with_network, find_path, NULL, drop_network, path_result, network_result, NULL, false, false},
    {"mn_discs_init", NULL, make_discs, drop_discs, NULL, discs_result, NULL, NULL, false, false},
    {"mn_discs_electrode", with_discs, mark_discs, NULL, drop_marked_discs, marks_result, marks_result, NULL, false,
     false},
    {"mn_wires_init", NULL, make_wires, drop_wires, NULL, wires_result, NULL, NULL, false, false},
    {"mn_wires_init, sampled", NULL, make_narrow_wires, drop_wires, NULL, wires_result, NULL, NULL, false, false},
    {"mn_wires_place, sampled", NULL, place_many_wires, drop_wires, NULL, wires_result, NULL, NULL, false, false},
    {"mn_wires_place", NULL, place_wires, drop_wires, NULL, wires_result, NULL, NULL, false, false},
    {"mn_grid_init", NULL, make_lattice, drop_lattice, NULL, lattice_result, NULL, NULL, false, false},
    {"mn_random_network_init", NULL, make_sparse_network, drop_lattice, NULL, lattice_result, NULL, NULL, false, false},
    {"the same, dense", NULL, make_dense_network, drop_lattice, NULL, lattice_result, NULL, NULL, false, false},
    {"mn_drive_init", NULL, make_drive, drop_drive, NULL, drive_result, NULL, NULL, false, false},
    {"mn_population_init", NULL, make_population, drop_population, NULL, population_result, NULL, NULL, false, false},
    {"mn_ordering", with_network, order_nodes, NULL, drop_network, found_result, network_result, NULL, false, false},
};

static const entry solver_entries[] = {
    {"mn_solver_init", with_network, make_solver, drop_solver, drop_network, solver_result, NULL, NULL, false, false},
    {"mn_solver_factor", with_factor, factor, NULL, drop_factor, factor_result, NULL, has_no_factor, true, false},
    {"mn_solver_solve", with_factor, solve, NULL, drop_factor, solved_result, NULL, NULL, true, false},
    {"mn_solver_solve_many", with_factor, solve_many, NULL, drop_factor, found_result, NULL, is_usable, false, true},
    {"mn_solver_terminal", with_factor, terminal, NULL, drop_factor, terminal_result, NULL, NULL, false, true},
};

static const entry simulation_entries[] = {
    {"mn_simulation_init", with_network, make_simulation, drop_simulation, drop_network, simulation_hash, NULL, NULL,
     false, false},
    {"mn_simulation_run", with_recording, run, NULL, drop_run, simulation_hash, NULL, NULL, true, false},
    {"mn_simulation_solve", with_run, solve_simulation, NULL, drop_run, simulation_hash, NULL, NULL, true, false},
    {"mn_simulation_set_drive", with_run, set_drive, NULL, drop_run, simulation_hash, simulation_hash, NULL, false,
     false},
    {"mn_simulation_set_field", with_run, set_field, NULL, drop_run, simulation_hash, simulation_hash, NULL, false,
     false},
    {"mn_simulation_record", with_run, record, NULL, drop_run, simulation_hash, simulation_hash, NULL, false, false},
    {"mn_simulation_verify", with_run, verify, NULL, drop_run, simulation_hash, simulation_hash, NULL, false, false},
    {"mn_checkpoint_write", with_old_checkpoint, write_checkpoint, NULL, drop_files, file_hash, file_hash, NULL, false,
     false},
    {"mn_checkpoint_init", with_old_checkpoint, read_checkpoint, drop_checkpoint, drop_files, checkpoint_result, NULL,
     NULL, false, false},
    {"mn_checkpoint_decode", with_old_checkpoint, decode_checkpoint, drop_checkpoint, drop_files, checkpoint_result,
     NULL, NULL, false, false},
    {"mn_checkpoint_restore", with_read_checkpoint, restore, NULL, drop_files, simulation_hash, simulation_hash, NULL,
     false, false},
};

typedef struct {
    check_count checks;
    int64_t n_points;
    int64_t n_recovered; /* UMFPACK may go on with less memory, or try again */
} tally;

static void undo_twice(const entry *e, bench *b)
{
    if (e->undo != NULL) {
        e->undo(b);
        e->undo(b);
    }
}

static void drop_all(const entry *e, bench *b)
{
    undo_twice(e, b);
    if (e->after != NULL) {
        e->after(b);
    }
}

/* After an act that failed: what must hold, and a second try. */
static void check_failure(const entry *e, bench *b, uint64_t kept, uint64_t expected, check_count *count)
{
    CHECK(count, e->kept == NULL || e->kept(b) == kept);
    CHECK(count, e->is_left_right == NULL || e->is_left_right(b));
    undo_twice(e, b);
    mn_error error;
    mn_error_clear(&error);
    bool is_good = e->act(b, &error) == MN_OK;
    CHECK(count, is_good);
    CHECK(count, is_good && e->result(b) == expected);
}

/* One act with one failure; false where the act makes fewer than fail_at allocations, so that none failed. */
static bool try_point(const entry *e, bench *b, int64_t fail_at, bool from_then, uint64_t expected, tally *t)
{
    check_count *count = &t->checks;
    int64_t n_live = failing_memory.n_live;
    mn_error error;
    if (e->before != NULL) {
        e->before(b);
    }
    uint64_t kept = e->kept != NULL ? e->kept(b) : 0;
    mn_error_clear(&error);
    failing_memory_arm(fail_at, from_then);
    int code = e->act(b, &error);
    bool failed = failing_memory.n_failed > 0;
    failing_memory_arm(0, false);

    if (code == MN_OK) {
        CHECK(count, !failed || strcmp(b->solver_name, "umfpack") == 0);
        CHECK(count, e->result(b) == expected);
        t->n_recovered += failed;
    } else {
        CHECK(count, failed);
        CHECK(count, code == MN_ERR_NO_MEMORY);
        CHECK(count, error.code == MN_ERR_NO_MEMORY);
        check_failure(e, b, kept, expected, count);
    }
    drop_all(e, b);
    CHECK(count, failing_memory.n_live == n_live);
    return failed;
}

/* The result without a failure, and how many allocations it takes. */
static int64_t count_points(const entry *e, bench *b, uint64_t *expected)
{
    mn_error error;
    if (e->before != NULL) {
        e->before(b);
    }
    mn_error_clear(&error);
    failing_memory_arm(0, false);
    NEED(e->act(b, &error) == MN_OK);
    int64_t n_points = failing_memory.n_calls;
    *expected = e->result(b);
    drop_all(e, b);
    return n_points;
}

static void try_entry(const entry *e, bench *b, const char *label, tally *total)
{
    tally t = {.n_points = 0};
    uint64_t expected;
    int64_t n_points = count_points(e, b, &expected);
    CHECK(&t.checks, !e->kron_allocates_nothing || n_points == 0 || strcmp(b->solver_name, "kron") != 0);
    for (int from_then = 0; from_then < 2; from_then++) {
        int64_t k = 1;
        while (try_point(e, b, k, from_then, expected, &t)) {
            k++;
        }
        CHECK(&t.checks, k - 1 >= n_points);
        t.n_points += k - 1;
    }
    printf("%-24s %-16s %5" PRId64 " failures, %3" PRId64 " recovered from%s\n", e->name, label, t.n_points,
           t.n_recovered, t.checks.failed > 0 ? ", WRONG" : "");
    total->n_points += t.n_points;
    total->n_recovered += t.n_recovered;
    total->checks.passed += t.checks.passed;
    total->checks.failed += t.checks.failed;
}

static void try_entries(int64_t n, const entry *list, bench *b, const char *solver, bool complex_values, tally *total)
{
    b->solver_name = solver != NULL ? solver : "";
    b->complex_values = complex_values;
    char label[32];
    snprintf(label, sizeof label, "%s%s", b->solver_name, complex_values ? " complex" : "");
    for (int64_t k = 0; k < n; k++) {
        if (!complex_values || !list[k].real_only) {
            try_entry(&list[k], b, label, total);
        }
    }
}

int main(void)
{
    enum {
        N_PLAIN = sizeof plain_entries / sizeof plain_entries[0],
        N_SOLVER = sizeof solver_entries / sizeof solver_entries[0],
        N_SIMULATION = sizeof simulation_entries / sizeof simulation_entries[0]
    };
    tally total = {.n_points = 0};
    bench *b = calloc(1, sizeof *b);
    NEED(b != NULL);
    strcpy(b->folder, "/tmp/memnet-oom-XXXXXX");
    NEED(mkdtemp(b->folder) != NULL);
    snprintf(b->path, sizeof b->path, "%s/checkpoint", b->folder);
    failing_memory_install();
    build_grid(b);
    try_entries(N_PLAIN, plain_entries, b, NULL, false, &total);
    try_entries(N_SOLVER, solver_entries, b, "kron", false, &total);
    try_entries(N_SOLVER, solver_entries, b, "umfpack", false, &total);
    try_entries(N_SOLVER, solver_entries, b, "kron", true, &total);
    try_entries(N_SOLVER, solver_entries, b, "umfpack", true, &total);
    try_entries(N_SIMULATION, simulation_entries, b, "kron", false, &total);
    try_entries(N_SIMULATION, simulation_entries, b, "umfpack", false, &total);
    CHECK(&total.checks, failing_memory.n_live == 0);
    CHECK(&total.checks, rmdir(b->folder) == 0);
    free(b);
    printf("%" PRId64 " allocation failures tried, %" PRId64 " recovered from\n", total.n_points, total.n_recovered);
    return check_report(&total.checks, "out of memory");
}
