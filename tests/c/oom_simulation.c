/* Drives, populations, simulations and checkpoints without memory. */
#define _POSIX_C_SOURCE 200809L

#include "check.h"
#include "contract_models.h"
#include "devices/series.h"
#include "equation_models.h"
#include "oom.h"
#include "simulate/cycles.h"
#include "simulate/reactions.h"
#include "simulate/step_check.h"

#include <dirent.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ------------------------------------------------------------------ fingerprints */

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
        h = HASH(h, population->field[f], population->n * population->width[f]);
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

enum { MAX_FIELDS = 32, MAX_MODELS = 32 };

/* Models that the time loop steps by their own hooks on any edge, in the list, texts among them as they are compiled,
 * made for tests, and interpreted; how many there are. */
static int64_t list_models(const bench *b, const mn_device_model *model[MAX_MODELS])
{
    int64_t n = 0;
    for (int64_t m = 0; m < mn_model_count(); m++) {
        const mn_device_model *one = mn_model_get(m);
        if (one->conductance != NULL && one->crossing == NULL && (one->flags & MN_READS_INFLOW) == 0) {
            NEED(n < MAX_MODELS);
            model[n++] = one;
        }
    }
    for (int64_t m = 0; m < N_CONTRACT_MODELS; m++) {
        NEED(n < MAX_MODELS);
        model[n++] = contract_models[m];
    }
    NEED(n < MAX_MODELS);
    model[n++] = &b->equations.model;
    return n;
}

/* The edges e with e % n_models == index, and the default of every parameter. */
typedef struct {
    int64_t n;
    int32_t edge[MAX_EDGES], link[MAX_EDGES];
    double value[MAX_FIELDS][MAX_EDGES];
    const double *parameter[MAX_FIELDS];
} model_input;

static void fill_input(model_input *input, const bench *b, int64_t index, int64_t n_models,
                       const mn_device_model *model)
{
    input->n = 0;
    for (int64_t e = index; e < b->n_edges; e += n_models) {
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

static bool has_states(const mn_device_model *model, int64_t n, const char *const *name)
{
    for (int64_t j = 0; j < n; j++) {
        const int64_t field = mn_model_field(model, name[j]);
        if (field < 0 || model->field[field].role != MN_STATE) {
            return false;
        }
    }
    return true;
}

/* Links each member of a model to one of the next model on that has the states which it reads, perhaps its own. */
static void fill_links(model_input *input, int64_t index, int64_t n_models, const mn_device_model *const *model)
{
    const mn_device_model *self = model[index];
    int64_t other = index;
    while (!has_states(model[other], self->n_linked_states, self->linked_state)) {
        other = (other + 1) % n_models;
        NEED(other != index);
    }
    for (int64_t k = 0; k < input[index].n; k++) {
        input[index].link[k] = input[other].edge[(k + 1) % input[other].n];
    }
}

static int make_population(bench *b, mn_error *error)
{
    const mn_device_model *model = mn_model_get(0);
    model_input *input = malloc(sizeof *input);
    NEED(input != NULL);
    fill_input(input, b, 0, mn_model_count(), model);
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

static int make_series(bench *b, mn_error *error)
{
    const mn_device_model *part[3] = {mn_model_find("Selector"), mn_model_find("RateBalance"), mn_model_find("Diode")};
    return mn_series_make(&b->made, 3, part, error);
}

static void drop_series(bench *b)
{
    mn_series_free(b->made);
    b->made = NULL;
}

static uint64_t series_result(const bench *b)
{
    uint64_t h = hash(9, b->made->name, strlen(b->made->name));
    for (int64_t f = 0; f < b->made->n_fields; f++) {
        h = hash(h, b->made->field[f].name, strlen(b->made->field[f].name));
    }
    return h;
}

static int make_equations(bench *b, mn_error *error)
{
    b->equations = equation_trace();
    return mn_equation_model_init(&b->equations, error);
}

static uint64_t equations_result(const bench *b)
{
    const mn_device_model *model = &b->equations.model;
    return HASH(HASH(10, &model->n_blocks, 1), &model->n_scratch, 1);
}

/* ------------------------------------------------------------------ simulations */

static int make_with_threads(bench *b, int64_t n_threads, mn_error *error)
{
    const mn_device_model *model[MAX_MODELS];
    int64_t n_models = list_models(b, model);
    mn_device_spec spec[MAX_MODELS];
    model_input *input = malloc((size_t)n_models * sizeof *input);
    NEED(input != NULL);
    for (int64_t m = 0; m < n_models; m++) {
        fill_input(&input[m], b, m, n_models, model[m]);
    }
    for (int64_t m = 0; m < n_models; m++) {
        fill_links(input, m, n_models, model);
        spec[m] = (mn_device_spec){.model = model[m]->name,
                                   .made = mn_model_find(model[m]->name) == NULL ? model[m] : NULL,
                                   .n = input[m].n,
                                   .edge = input[m].edge,
                                   .parameter = input[m].parameter,
                                   .n_waves = model[m]->flags & MN_HAS_SIGNAL ? N_WAVES : 0,
                                   .wave = waves,
                                   .link = model[m]->flags & MN_HAS_LINK ? input[m].link : NULL};
    }
    const mn_simulation_options options = {.solver = b->solver_name,
                                           .dt = 0.25,
                                           .seed = 9,
                                           .incremental = true,
                                           .event_driven = true,
                                           .n_threads = n_threads};
    int code = mn_simulation_init(&b->simulation, &b->network, n_models, spec, N_WAVES, waves, roots, &options, error);
    free(input);
    return code;
}

static int make_simulation(bench *b, mn_error *error)
{
    return make_with_threads(b, 1, error);
}

static int make_with_three(bench *b, mn_error *error)
{
    return make_with_threads(b, 3, error);
}

enum { MAX_PARTS = 6 };

/* Models that share the edges, at their defaults but for what `adjust` says; adaptive where rtol > 0. */
typedef struct {
    const char *name[MAX_PARTS];
    int64_t n;
    double rtol;
    void (*adjust)(model_input *);
} model_list;

static int make_circuit(bench *b, const model_list *list, mn_error *error)
{
    mn_device_spec spec[MAX_PARTS];
    model_input *input = malloc((size_t)list->n * sizeof *input);
    NEED(input != NULL);
    for (int64_t m = 0; m < list->n; m++) {
        fill_input(&input[m], b, m, list->n, mn_model_find(list->name[m]));
    }
    if (list->adjust != NULL) {
        list->adjust(input);
    }
    for (int64_t m = 0; m < list->n; m++) {
        const mn_device_model *model = mn_model_find(list->name[m]);
        spec[m] = (mn_device_spec){.model = list->name[m],
                                   .n = input[m].n,
                                   .edge = input[m].edge,
                                   .parameter = input[m].parameter,
                                   .n_waves = model->flags & MN_HAS_SIGNAL ? N_WAVES : 0,
                                   .wave = waves};
    }
    const mn_simulation_options options = {.solver = b->solver_name, .dt = 0.25, .seed = 9, .rtol = list->rtol};
    int code = mn_simulation_init(&b->simulation, &b->network, list->n, spec, N_WAVES, waves, roots, &options, error);
    free(input);
    return code;
}

static void adjust_implicit(model_input *input)
{
    for (int64_t k = 0; k < input[1].n; k++) {
        input[1].value[2][k] = 1.0; /* the capacitors' method */
    }
    for (int64_t k = 0; k < input[3].n; k++) {
        input[3].value[0][k] = 0.2; /* the switches' v_on, v_off and r_on, so near that they do not toggle */
        input[3].value[1][k] = 0.02;
        input[3].value[2][k] = 5e5;
    }
    for (int64_t k = 0; k < input[4].n; k++) {
        input[4].value[0][k] = 1e12; /* the inductors' inductance: also currents that end in diodes fade slowly */
    }
}

/* Takes implicit steps, with thresholds that are reached. */
static int make_implicit(bench *b, mn_error *error)
{
    static const model_list list = {
        {"Resistor", "Capacitor", "Diode", "ThresholdSwitch", "Inductor", "Selector"}, 6, 0.0, adjust_implicit};
    return make_circuit(b, &list, error);
}

/* Takes adaptive steps, over jumps of what switches carry. */
static int make_adaptive(bench *b, mn_error *error)
{
    static const model_list list = {{"RateBalance", "Capacitor", "CubicResistor", "Switch", "Inductor"}, 5, 0.5, NULL};
    return make_circuit(b, &list, error);
}

/* The first model has the edge from the last node of the first row, where an electrode is at a constant voltage, and
 * the second all others. */
static void adjust_inflow(model_input *input)
{
    const int32_t edge = 2 * (SIDE - 1);
    const int64_t n_edges = input[0].n + input[1].n;
    input[0].n = 1;
    input[0].edge[0] = edge;
    input[1].n = 0;
    for (int32_t e = 0; e < n_edges; e++) {
        if (e != edge) {
            input[1].value[0][input[1].n] = input[1].value[0][0]; /* conductance */
            input[1].value[1][input[1].n] = input[1].value[1][0]; /* emf */
            input[1].edge[input[1].n++] = e;
        }
    }
}

/* Has a neuron that reads the current of an electrode. */
static int make_inflow(bench *b, mn_error *error)
{
    static const model_list list = {{"ElectrodeIntegrateAndFire", "Resistor"}, 2, 0.0, adjust_inflow};
    return make_circuit(b, &list, error);
}

/* Has plain steps that may be compared with shorter ones. */
static int make_smooth(bench *b, mn_error *error)
{
    static const model_list list = {{"RateBalance"}, 1, 0.0, NULL};
    return make_circuit(b, &list, error);
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

/* A network, and the interpreted model for its edges. */
static void with_equations(bench *b)
{
    mn_error error;
    NEED(make_equations(b, &error) == MN_OK);
    oom_with_network(b);
}

static void with_simulation(bench *b)
{
    mn_error error;
    memset(b->rows, 0, sizeof b->rows);
    with_equations(b);
    NEED(make_simulation(b, &error) == MN_OK);
}

static void with_implicit(bench *b)
{
    mn_error error;
    memset(b->rows, 0, sizeof b->rows);
    oom_with_network(b);
    NEED(make_implicit(b, &error) == MN_OK);
}

static void with_adaptive(bench *b)
{
    mn_error error;
    memset(b->rows, 0, sizeof b->rows);
    oom_with_network(b);
    NEED(make_adaptive(b, &error) == MN_OK);
}

static void with_smooth(bench *b)
{
    mn_error error;
    oom_with_network(b);
    NEED(make_smooth(b, &error) == MN_OK);
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

static void with_implicit_recording(bench *b)
{
    int32_t index[] = {0, 1, 2};
    const mn_channel channel = channel_of(MN_RECORD_CURRENT, 3, index);
    with_implicit(b);
    NEED(mn_simulation_record(&b->simulation, &channel) == MN_OK);
    NEED(mn_simulation_bind(&b->simulation, 0, b->rows, N_STEPS) == MN_OK);
}

static void with_left_recording(bench *b)
{
    int32_t index[] = {0, 1, 2};
    mn_channel channel = channel_of(MN_RECORD_CURRENT, 3, index);
    with_adaptive(b);
    channel.left = true;
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

/* A step alone: it solves so often that more would take minutes. */
static int run_one(bench *b, mn_error *error)
{
    return run_to(b, 1, error);
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

static int solve_static(bench *b, mn_error *error)
{
    return mn_simulation_solve_static(&b->simulation, error);
}

static int set_drive(bench *b, mn_error *error)
{
    return mn_simulation_set_drive(&b->simulation, N_WAVES, waves, other_roots, error);
}

/* No electrode floats, which is for another kind of solver. */
static int drive_all(bench *b, mn_error *error)
{
    static const int32_t driven[N_ELECTRODES] = {4, 0, 0};
    return mn_simulation_set_drive(&b->simulation, N_WAVES, waves, driven, error);
}

static int check_step(bench *b, mn_error *error)
{
    double difference;
    return mn_simulation_check_step(&b->simulation, &difference, error);
}

/* Of one simulation twice: what it would lend is its own. */
static int make_ensemble(bench *b, mn_error *error)
{
    mn_simulation *const list[] = {&b->simulation, &b->simulation};
    return mn_ensemble_init(&b->ensemble, 2, list, NULL, error);
}

static void drop_ensemble(bench *b)
{
    mn_ensemble_free(&b->ensemble);
}

static uint64_t ensemble_result(const bench *b)
{
    return HASH(HASH(11, &b->ensemble.n_columns, 1), &b->ensemble.loans.n, 1);
}

static int watch_steps(bench *b, mn_error *error)
{
    return mn_simulation_watch_steps(&b->simulation, error);
}

static int react(bench *b, mn_error *error)
{
    const uint8_t listens[MAX_EDGES] = {1};
    const mn_reaction_spec spec = {
        .kind = 1, .listens = listens, .electrode = 1, .wave = 1, .refractory = 1.0, .most = 5};
    return mn_simulation_react(&b->simulation, 1, &spec, N_WAVES, waves, error);
}

static void drop_reactions(bench *b)
{
    mn_reactions_free(&b->simulation);
}

static int cycle(bench *b, mn_error *error)
{
    const mn_population *population = &b->simulation.population[0];
    int64_t state = 0;
    while (state < population->model->n_fields - 1 && population->model->field[state].role != MN_STATE) {
        state++;
    }
    const mn_cycle_spec spec = {.state = population->model->field[state].role == MN_STATE ? state : -1,
                                .center = population->field[0]};
    return mn_simulation_cycle(&b->simulation, 1, &spec, error);
}

static void drop_cycles(bench *b)
{
    mn_cycles_free(&b->simulation);
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

/* ------------------------------------------------------------------ the cases */

const oom_entry oom_part_entries[] = {
    {"mn_drive_init", NULL, make_drive, drop_drive, NULL, drive_result, NULL, NULL, false, false},
    {"mn_population_init", NULL, make_population, drop_population, NULL, population_result, NULL, NULL, false, false},
    {"mn_equation_model_init", NULL, make_equations, NULL, NULL, equations_result, NULL, NULL, false, false},
    {"mn_series_make", NULL, make_series, drop_series, NULL, series_result, NULL, NULL, false, false},
};
const int64_t oom_n_part_entries = sizeof oom_part_entries / sizeof oom_part_entries[0];

const oom_entry oom_simulation_entries[] = {
    {"mn_simulation_init", with_equations, make_simulation, drop_simulation, oom_drop_network, simulation_hash, NULL,
     NULL, false, false},
    {"mn_simulation_init, threads", with_equations, make_with_three, drop_simulation, oom_drop_network, simulation_hash,
     NULL, NULL, false, false},
    {"mn_simulation_init, inflow", oom_with_network, make_inflow, drop_simulation, oom_drop_network, simulation_hash,
     NULL, NULL, false, false},
    {"mn_simulation_run", with_recording, run, NULL, drop_run, simulation_hash, NULL, NULL, true, false},
    {"mn_simulation_solve", with_run, solve_simulation, NULL, drop_run, simulation_hash, NULL, NULL, true, false},
    {"mn_simulation_set_drive", with_run, set_drive, NULL, drop_run, simulation_hash, simulation_hash, NULL, false,
     false},
    {"mn_simulation_set_drive, driven", with_run, drive_all, NULL, drop_run, simulation_hash, simulation_hash, NULL,
     false, false},
    {"mn_simulation_react", with_run, react, drop_reactions, drop_run, simulation_hash, simulation_hash, NULL, false,
     false},
    {"mn_simulation_cycle", with_run, cycle, drop_cycles, drop_run, simulation_hash, simulation_hash, NULL, false,
     false},
    {"mn_simulation_set_field", with_run, set_field, NULL, drop_run, simulation_hash, simulation_hash, NULL, false,
     false},
    {"mn_simulation_init, implicit", oom_with_network, make_implicit, drop_simulation, oom_drop_network,
     simulation_hash, NULL, NULL, false, false},
    {"mn_simulation_run, implicit", with_implicit_recording, run_one, NULL, drop_run, simulation_hash, NULL, NULL, true,
     false},
    {"mn_simulation_set_drive, implicit", with_implicit, set_drive, NULL, drop_run, simulation_hash, simulation_hash,
     NULL, false, false},
    {"mn_simulation_init, adaptive", oom_with_network, make_adaptive, drop_simulation, oom_drop_network,
     simulation_hash, NULL, NULL, false, false},
    {"mn_simulation_run, adaptive", with_left_recording, run_one, NULL, drop_run, simulation_hash, NULL, NULL, false,
     false},
    {"mn_simulation_set_drive, adaptive", with_adaptive, set_drive, NULL, drop_run, simulation_hash, simulation_hash,
     NULL, false, false},
    {"mn_simulation_check_step", with_smooth, check_step, NULL, drop_run, simulation_hash, simulation_hash, NULL, false,
     false},
    {"mn_ensemble_init", with_smooth, make_ensemble, drop_ensemble, drop_run, ensemble_result, simulation_hash, NULL,
     false, false},
    {"mn_simulation_watch_steps", with_smooth, watch_steps, NULL, drop_run, simulation_hash, simulation_hash, NULL,
     false, false},
    {"mn_simulation_solve_static", with_simulation, solve_static, NULL, drop_run, simulation_hash, NULL, NULL, false,
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
const int64_t oom_n_simulation_entries = sizeof oom_simulation_entries / sizeof oom_simulation_entries[0];
