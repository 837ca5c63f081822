/* A simulation: a network, the devices on its edges, a drive, and the state that the time loop (step.c) moves. */
#include "simulate/engine.h"
#include "solve/solver.h"

#include <math.h>
#include <string.h>

/* Random streams of populations start here, apart from those that build networks and mixtures. */
enum { FIRST_POPULATION_STREAM = 1000, MIN_EVENT_LOG = 4096 };

/* ------------------------------------------------------------------ checks */

static int check_options(const mn_simulation_options *options, mn_error *error)
{
    if (!isfinite(options->dt) || options->dt <= 0.0) {
        error->field = "dt";
        error->value = options->dt;
        return mn_error_set(error, MN_ERR_BAD_ARGUMENT);
    }
    return MN_OK;
}

/* Every edge belongs to exactly one device, and each device's edges ascend. */
static int check_devices(const mn_network *network, int64_t n_devices, const mn_device_spec *device, mn_error *error)
{
    int ret = MN_ERR_BAD_ARGUMENT;
    int64_t n_covered = 0;
    uint8_t *covered = mn_alloc(network->n_edges, sizeof(*covered));
    if (covered == NULL) {
        return mn_error_set(error, MN_ERR_NO_MEMORY);
    }
    error->field = "devices";
    for (int64_t d = 0; d < n_devices; d++) {
        for (int64_t k = 0; k < device[d].n; k++) {
            int32_t edge = device[d].edge[k];
            error->edge = edge;
            if (edge < 0 || edge >= network->n_edges || (k > 0 && edge <= device[d].edge[k - 1]) || covered[edge]) {
                goto out;
            }
            covered[edge] = 1;
            n_covered++;
        }
    }
    error->edge = -1;
    if (n_covered < network->n_edges) {
        const uint8_t *hole = memchr(covered, 0, (size_t)network->n_edges);
        error->edge = hole == NULL ? -1 : (int32_t)(hole - covered);
        goto out;
    }
    error->field = NULL;
    ret = MN_OK;
out:
    mn_dealloc(covered);
    return ret == MN_OK ? ret : mn_error_set(error, ret);
}

/* ------------------------------------------------------------------ members of one population */

static void members_free(mn_members *members)
{
    mn_dealloc(members->a);
    mn_dealloc(members->b);
    mn_dealloc(members->v);
    mn_dealloc(members->v_prev);
    memset(members, 0, sizeof(*members));
}

static int members_init(mn_members *members, const mn_network *network, const mn_population *population)
{
    int64_t n = population->n;
    members->a = mn_alloc(n, sizeof(*members->a));
    members->b = mn_alloc(n, sizeof(*members->b));
    members->v = mn_alloc(n, sizeof(*members->v));
    members->v_prev = mn_alloc(n, sizeof(*members->v_prev));
    if (members->a == NULL || members->b == NULL || members->v == NULL || members->v_prev == NULL) {
        return MN_ERR_NO_MEMORY;
    }
    for (int64_t k = 0; k < n; k++) {
        members->a[k] = network->a[population->edge[k]];
        members->b[k] = network->b[population->edge[k]];
    }
    members->dirty = true;
    return MN_OK;
}

static int add_population(mn_simulation *simulation, const mn_device_spec *device, int64_t index, mn_error *error)
{
    const mn_network *network = simulation->network;
    const mn_device_model *model = mn_model_find(device->model);
    if (model == NULL) {
        error->model = device->model;
        return mn_error_set(error, MN_ERR_UNKNOWN_MODEL);
    }
    simulation->n_populations = index + 1;
    int ret = mn_population_init(&simulation->population[index], model, device->n, device->edge, network->length,
                                 device->parameter, simulation->options.seed,
                                 (uint64_t)(FIRST_POPULATION_STREAM + index), error);
    if (ret == MN_OK) {
        ret = members_init(&simulation->engine->members[index], network, &simulation->population[index]);
    }
    return ret == MN_OK ? ret : mn_error_set(error, ret);
}

/* ------------------------------------------------------------------ engine */

static int engine_init(mn_simulation *simulation, int64_t n_devices)
{
    const mn_network *network = simulation->network;
    int64_t n_edges = network->n_edges;
    int64_t n_electrodes = network->n_electrodes;
    mn_engine *engine = mn_alloc(1, sizeof(*engine));
    simulation->engine = engine;
    if (engine == NULL) {
        return MN_ERR_NO_MEMORY;
    }
    engine->members = mn_alloc(n_devices, sizeof(*engine->members));
    engine->island_edge = mn_alloc(n_edges, sizeof(*engine->island_edge));
    engine->role = mn_alloc(n_electrodes, sizeof(*engine->role));
    engine->value = mn_alloc(n_electrodes, sizeof(*engine->value));
    engine->role_now = mn_alloc(n_electrodes, sizeof(*engine->role_now));
    engine->value_now = mn_alloc(n_electrodes, sizeof(*engine->value_now));
    engine->g = mn_alloc(n_edges, sizeof(*engine->g));
    engine->i0 = mn_alloc(n_edges, sizeof(*engine->i0));
    engine->changed = mn_alloc(n_edges, sizeof(*engine->changed));
    if (engine->members == NULL || engine->island_edge == NULL || engine->role == NULL || engine->value == NULL ||
        engine->role_now == NULL || engine->value_now == NULL || engine->g == NULL || engine->i0 == NULL ||
        engine->changed == NULL) {
        return MN_ERR_NO_MEMORY;
    }
    return MN_OK;
}

static void engine_free(mn_simulation *simulation)
{
    mn_engine *engine = simulation->engine;
    if (engine == NULL) {
        return;
    }
    for (int64_t p = 0; engine->members != NULL && p < simulation->n_populations; p++) {
        members_free(&engine->members[p]);
    }
    mn_dealloc(engine->members);
    mn_dealloc(engine->island_edge);
    mn_dealloc(engine->role);
    mn_dealloc(engine->value);
    mn_dealloc(engine->source);
    mn_dealloc(engine->role_now);
    mn_dealloc(engine->value_now);
    mn_dealloc(engine->g);
    mn_dealloc(engine->i0);
    mn_dealloc(engine->injected);
    mn_dealloc(engine->changed);
    mn_dealloc(engine->first_at_node);
    mn_dealloc(engine->edge_at_node);
    mn_dealloc(engine);
    simulation->engine = NULL;
}

/* Marks edges of components that hold no electrode. */
static int find_island_edges(mn_simulation *simulation)
{
    const mn_network *network = simulation->network;
    uint8_t *held = mn_alloc(network->n_components, sizeof(*held));
    if (held == NULL) {
        return MN_ERR_NO_MEMORY;
    }
    for (int64_t k = 0; k < network->n_nodes; k++) {
        if (network->electrode[k] >= 0) {
            held[network->component[k]] = 1;
        }
    }
    for (int64_t e = 0; e < network->n_edges; e++) {
        simulation->engine->island_edge[e] = !held[network->component[network->a[e]]];
    }
    mn_dealloc(held);
    return MN_OK;
}

/* What the loop needs to know of all models together: sources and the size of the event log. */
static int engine_survey(mn_simulation *simulation)
{
    mn_engine *engine = simulation->engine;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_population *population = &simulation->population[p];
        engine->has_source = engine->has_source || (population->model->flags & MN_HAS_SOURCE) != 0;
        engine->max_events += population->model->advance == NULL ? 0 : population->n;
    }
    if (engine->has_source) {
        engine->source = mn_alloc(simulation->network->n_edges, sizeof(*engine->source));
        engine->injected = mn_alloc(simulation->network->n_nodes, sizeof(*engine->injected));
        if (engine->source == NULL || engine->injected == NULL) {
            return MN_ERR_NO_MEMORY;
        }
    }
    mn_event_log *log = &simulation->events;
    log->capacity = 2 * engine->max_events > MIN_EVENT_LOG ? 2 * engine->max_events : MIN_EVENT_LOG;
    log->step = mn_alloc(log->capacity, sizeof(*log->step));
    log->edge = mn_alloc(log->capacity, sizeof(*log->edge));
    log->kind = mn_alloc(log->capacity, sizeof(*log->kind));
    if (log->step == NULL || log->edge == NULL || log->kind == NULL) {
        return MN_ERR_NO_MEMORY;
    }
    return find_island_edges(simulation);
}

/* ------------------------------------------------------------------ simulation */

static int results_init(mn_simulation *simulation)
{
    const mn_network *network = simulation->network;
    simulation->conductance = mn_alloc(network->n_edges, sizeof(double));
    simulation->potential = mn_alloc(network->n_nodes, sizeof(double));
    simulation->voltage = mn_alloc(network->n_electrodes, sizeof(double));
    simulation->current = mn_alloc(network->n_electrodes, sizeof(double));
    bool all = simulation->conductance != NULL && simulation->potential != NULL && simulation->voltage != NULL &&
               simulation->current != NULL;
    return all ? MN_OK : MN_ERR_NO_MEMORY;
}

int mn_simulation_init(mn_simulation *simulation, const mn_network *network, int64_t n_devices,
                       const mn_device_spec *device, int64_t n_waves, const mn_wave *wave, const int32_t *root,
                       const mn_simulation_options *options, mn_error *error)
{
    mn_error unwanted;
    error = error == NULL ? &unwanted : error;
    memset(simulation, 0, sizeof(*simulation));
    mn_error_clear(error);
    simulation->network = network;
    simulation->options = *options;
    simulation->accuracy = mn_accuracy_none();
    int ret = check_options(options, error);
    if (ret == MN_OK) {
        ret = check_devices(network, n_devices, device, error);
    }
    if (ret == MN_OK) {
        ret = mn_solver_init(&simulation->solver, options->solver, network, false, options->cancel, error);
    }
    simulation->options.solver = ret == MN_OK ? simulation->solver.ops->name : NULL;
    if (ret == MN_OK) {
        ret = mn_drive_init(&simulation->drive, network->n_electrodes, root, n_waves, wave, error);
    }
    if (ret == MN_OK) {
        ret = engine_init(simulation, n_devices);
    }
    if (ret == MN_OK) {
        simulation->population = mn_alloc(n_devices, sizeof(*simulation->population));
        ret = simulation->population == NULL ? MN_ERR_NO_MEMORY : results_init(simulation);
    }
    for (int64_t d = 0; d < n_devices && ret == MN_OK; d++) {
        ret = add_population(simulation, &device[d], d, error);
    }
    if (ret == MN_OK) {
        ret = engine_survey(simulation);
    }
    if (ret != MN_OK) {
        mn_simulation_free(simulation);
        return mn_error_set(error, ret);
    }
    return MN_OK;
}

void mn_simulation_free(mn_simulation *simulation)
{
    engine_free(simulation);
    for (int64_t p = 0; simulation->population != NULL && p < simulation->n_populations; p++) {
        mn_population_free(&simulation->population[p]);
    }
    mn_dealloc(simulation->population);
    mn_dealloc(simulation->conductance);
    mn_dealloc(simulation->potential);
    mn_dealloc(simulation->voltage);
    mn_dealloc(simulation->current);
    mn_dealloc(simulation->events.step);
    mn_dealloc(simulation->events.edge);
    mn_dealloc(simulation->events.kind);
    mn_recorder_free(&simulation->recorder);
    mn_drive_free(&simulation->drive);
    mn_solver_free(&simulation->solver);
    memset(simulation, 0, sizeof(*simulation));
}

int mn_simulation_set_drive(mn_simulation *simulation, int64_t n_waves, const mn_wave *wave, const int32_t *root,
                            mn_error *error)
{
    mn_error unwanted;
    error = error == NULL ? &unwanted : error;
    mn_drive drive;
    mn_error_clear(error);
    int code = mn_drive_init(&drive, simulation->network->n_electrodes, root, n_waves, wave, error);
    if (code != MN_OK) {
        mn_drive_free(&drive);
        return code;
    }
    mn_drive_free(&simulation->drive);
    simulation->drive = drive;
    simulation->engine->fresh = false;
    simulation->solved = false;
    return MN_OK;
}

int mn_simulation_set_field(mn_simulation *simulation, int64_t population, int64_t field, const double *value,
                            mn_error *error)
{
    mn_error unwanted;
    error = error == NULL ? &unwanted : error;
    mn_error_clear(error);
    if (population < 0 || population >= simulation->n_populations || field < 0 ||
        field >= simulation->population[population].model->n_fields) {
        return mn_error_set(error, MN_ERR_BAD_ARGUMENT);
    }
    mn_population *p = &simulation->population[population];
    const mn_field *description = &p->model->field[field];
    for (int64_t k = 0; k < p->n; k++) {
        /* nan stands for a default only before init has replaced it */
        if (!isfinite(value[k]) || !mn_field_allows(description, value[k])) {
            error->model = p->model->name;
            error->field = description->name;
            error->edge = p->edge[k];
            error->value = value[k];
            return mn_error_set(error, MN_ERR_PARAMETER);
        }
    }
    memcpy(p->field[field], value, (size_t)p->n * sizeof(*value));
    simulation->engine->members[population].dirty = true;
    simulation->engine->fresh = false;
    simulation->engine->factored = false;
    simulation->engine->n_changed = 0;
    simulation->solved = false;
    return MN_OK;
}

const double *mn_simulation_field(const mn_simulation *simulation, int64_t population, int64_t field)
{
    if (population < 0 || population >= simulation->n_populations || field < 0 ||
        field >= simulation->population[population].model->n_fields) {
        return NULL;
    }
    return simulation->population[population].field[field];
}

void mn_simulation_branch_voltage(const mn_simulation *simulation, double *v)
{
    const mn_network *network = simulation->network;
    for (int64_t e = 0; e < network->n_edges; e++) {
        double difference = simulation->potential[network->a[e]] - simulation->potential[network->b[e]];
        v[e] = isnan(difference) ? 0.0 : difference;
    }
}

void mn_simulation_events_clear(mn_simulation *simulation)
{
    simulation->events.n = 0;
}

/* ------------------------------------------------------------------ recording */

/* The edges at each node, for member currents. */
static int build_adjacency(mn_simulation *simulation)
{
    const mn_network *network = simulation->network;
    mn_engine *engine = simulation->engine;
    int64_t *fill = mn_alloc(network->n_nodes, sizeof(*fill));
    int64_t *first = mn_alloc(network->n_nodes + 1, sizeof(*first));
    int32_t *edge = mn_alloc(2 * network->n_edges, sizeof(*edge));
    if (fill == NULL || first == NULL || edge == NULL) {
        mn_dealloc(fill);
        mn_dealloc(first);
        mn_dealloc(edge);
        return MN_ERR_NO_MEMORY;
    }
    for (int64_t e = 0; e < network->n_edges; e++) {
        first[network->a[e] + 1]++;
        first[network->b[e] + 1]++;
    }
    for (int64_t k = 0; k < network->n_nodes; k++) {
        first[k + 1] += first[k];
        fill[k] = first[k];
    }
    for (int64_t e = 0; e < network->n_edges; e++) {
        edge[fill[network->a[e]]++] = (int32_t)e;
        edge[fill[network->b[e]]++] = (int32_t)e;
    }
    mn_dealloc(fill);
    engine->first_at_node = first;
    engine->edge_at_node = edge;
    return MN_OK;
}

/* How many things of its kind a channel may index. */
static int64_t index_limit(const mn_simulation *simulation, const mn_channel *channel)
{
    const mn_network *network = simulation->network;
    switch (channel->quantity) {
    case MN_RECORD_CURRENT:
    case MN_RECORD_VOLTAGE:
        return network->n_electrodes;
    case MN_RECORD_CONDUCTANCE:
        return 1;
    case MN_RECORD_POTENTIAL:
    case MN_RECORD_MEMBER_CURRENT:
        return network->n_nodes;
    case MN_RECORD_BRANCH_VOLTAGE:
    case MN_RECORD_BRANCH_CURRENT:
    case MN_RECORD_EDGE_CONDUCTANCE:
        return network->n_edges;
    case MN_RECORD_STATE:
        if (mn_simulation_field(simulation, channel->population, channel->field) != NULL) {
            return simulation->population[channel->population].n;
        }
        return -1;
    case MN_RECORD_N:
        break;
    }
    return -1;
}

int mn_simulation_record(mn_simulation *simulation, const mn_channel *channel)
{
    int64_t limit = index_limit(simulation, channel);
    if (limit < 0 || channel->width < 0 || channel->every < 1 || (channel->steps == NULL && channel->n_steps != 0) ||
        channel->n_steps < 0 || (channel->quantity == MN_RECORD_CONDUCTANCE && channel->width != 1)) {
        return MN_ERR_BAD_ARGUMENT;
    }
    for (int64_t k = 0; k < channel->width; k++) {
        if (channel->index == NULL || channel->index[k] < 0 || channel->index[k] >= limit) {
            return MN_ERR_BAD_ARGUMENT;
        }
    }
    for (int64_t k = 1; k < channel->n_steps; k++) {
        if (channel->steps[k] <= channel->steps[k - 1]) {
            return MN_ERR_BAD_ARGUMENT;
        }
    }
    if (channel->quantity == MN_RECORD_MEMBER_CURRENT && simulation->engine->first_at_node == NULL) {
        int code = build_adjacency(simulation);
        if (code != MN_OK) {
            return code;
        }
    }
    return mn_recorder_add(&simulation->recorder, channel);
}

int mn_simulation_bind(mn_simulation *simulation, int64_t k, double *rows, int64_t capacity)
{
    if (k < 0 || k >= simulation->recorder.n_channels || capacity < 0 || (rows == NULL && capacity > 0)) {
        return MN_ERR_BAD_ARGUMENT;
    }
    mn_channel *channel = &simulation->recorder.channel[k];
    channel->rows = rows;
    channel->capacity = capacity;
    channel->n_rows = 0;
    return MN_OK;
}

void mn_simulation_record_clear(mn_simulation *simulation)
{
    mn_recorder_free(&simulation->recorder);
}

/* ------------------------------------------------------------------ invariants */

/* Kept conductances of event-driven populations are those that the model gives now. */
static int verify_conductances(mn_simulation *simulation, int64_t index)
{
    mn_population *population = &simulation->population[index];
    const mn_step step = mn_step_before(simulation, index);
    population->model->conductance(population, &step);
    for (int64_t k = 0; k < population->n; k++) {
        mn_bug_unless(step.g[k] == simulation->conductance[population->edge[k]]);
    }
    return MN_OK;
}

static int verify_population(mn_simulation *simulation, int64_t index)
{
    mn_population *population = &simulation->population[index];
    const mn_members *members = &simulation->engine->members[index];
    const mn_network *network = simulation->network;
    mn_bug_unless(population->n_active >= 0 && population->n_active <= population->n);
    mn_bug_unless(population->n_events >= 0 && population->n_events <= population->n);
    for (int64_t k = 0; k < population->n; k++) {
        int32_t edge = population->edge[k];
        mn_bug_unless(edge >= 0 && edge < network->n_edges && (k == 0 || edge > population->edge[k - 1]));
        mn_bug_unless(members->a[k] == network->a[edge] && members->b[k] == network->b[edge]);
        for (int64_t f = 0; f < population->model->n_fields; f++) {
            mn_bug_unless(isfinite(population->field[f][k]));
            mn_bug_unless(mn_field_allows(&population->model->field[f], population->field[f][k]));
        }
    }
    if (simulation->engine->factored && !members->dirty && population->n_events == 0 &&
        (population->model->flags & MN_EVENT_DRIVEN) != 0) {
        return verify_conductances(simulation, index);
    }
    return MN_OK;
}

/* The solution that is kept is the one that a full factorisation gives, to the bit. */
static int verify_solution(mn_simulation *simulation, mn_error *error)
{
    int64_t n = simulation->network->n_electrodes;
    double *current = mn_alloc(n, sizeof(*current));
    if (current == NULL) {
        return MN_ERR_NO_MEMORY;
    }
    mn_boundary boundary = {.role = simulation->engine->role, .value = simulation->engine->value};
    mn_solution solution = {.current = current};
    int code = mn_solver_factor(&simulation->solver, simulation->conductance, NULL, -1, NULL, error);
    if (code == MN_OK) {
        const double *injected = simulation->engine->injects ? simulation->engine->injected : NULL;
        code = mn_solver_solve(&simulation->solver, &boundary, injected, NULL, &solution, error);
    }
    if (code == MN_OK && memcmp(current, simulation->current, (size_t)n * sizeof(*current)) != 0) {
        code = MN_ERR_BUG; /* GCOV_EXCL_LINE: a bug */
    }
    mn_dealloc(current);
    return code;
}

int mn_simulation_verify(mn_simulation *simulation, mn_error *error)
{
    mn_error unwanted;
    error = error == NULL ? &unwanted : error;
    mn_error_clear(error);
    mn_bug_unless(simulation->events.n >= 0 && simulation->events.n <= simulation->events.capacity);
    int64_t n = 0;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        n += simulation->population[p].n;
        int code = verify_population(simulation, p);
        if (code != MN_OK) {
            return mn_error_set(error, code); /* GCOV_EXCL_LINE: a bug */
        }
    }
    mn_bug_unless(n == simulation->network->n_edges);
    for (int64_t k = 0; k < simulation->recorder.n_channels; k++) {
        mn_bug_unless(simulation->recorder.channel[k].n_rows <= simulation->recorder.channel[k].capacity);
    }
    if (simulation->engine->factored && simulation->solved) {
        int code = verify_solution(simulation, error);
        return code == MN_OK ? MN_OK : mn_error_set(error, code);
    }
    return MN_OK;
}
