/* A simulation: a network, the devices on its edges, a drive, and the state that the time loop (step.c) moves. */
#include "circuit/solver.h"
#include "drive/waveform.h"
#include "simulate/adaptive.h"
#include "simulate/cycles.h"
#include "simulate/event_log.h"
#include "simulate/implicit.h"
#include "simulate/newton.h"
#include "simulate/readers.h"
#include "simulate/reactions.h"
#include "simulate/slices.h"
#include "simulate/step_check.h"
#include "simulate/watch.h"

#include <math.h>
#include <string.h>

/* Random streams of populations start here, apart from those that build networks and mixtures. */
enum { FIRST_POPULATION_STREAM = 1000 };

/* ------------------------------------------------------------------ checks */

static int check_options(const mn_simulation_options *options, mn_error *error)
{
    if (!isfinite(options->dt) || options->dt <= 0.0) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "dt", options->dt);
    }
    if (options->rtol != 0.0 && !(options->rtol >= MN_LEAST_RTOL && options->rtol <= MN_MOST_RTOL)) {
        return mn_error_refuse(error, MN_ERR_BAD_ARGUMENT, "rtol", options->rtol);
    }
    return MN_OK;
}

/* Every edge belongs to exactly one device, and each device's edges ascend. */
static int check_devices(const mn_network *network, int64_t n_devices, const mn_device_spec *device, mn_error *error)
{
    int code = MN_ERR_BAD_ARGUMENT;
    int64_t n_edges = 0;
    uint8_t *has_device = mn_alloc(network->n_edges, sizeof(*has_device));
    if (has_device == NULL) {
        return MN_ERR_NO_MEMORY;
    }
    error->noun = "devices";
    for (int64_t d = 0; d < n_devices; d++) {
        for (int64_t k = 0; k < device[d].n; k++) {
            int32_t edge = device[d].edge[k];
            error->edge = edge;
            if (edge < 0 || edge >= network->n_edges || (k > 0 && edge <= device[d].edge[k - 1]) || has_device[edge]) {
                goto out;
            }
            has_device[edge] = 1;
            n_edges++;
        }
    }
    error->edge = -1;
    if (n_edges < network->n_edges) {
        const uint8_t *hole = memchr(has_device, 0, (size_t)network->n_edges);
        error->edge = hole == NULL ? -1 : (int32_t)(hole - has_device);
        goto out;
    }
    error->noun = NULL;
    code = MN_OK;
out:
    mn_dealloc(has_device);
    return code;
}

/* ------------------------------------------------------------------ simulation */

static int alloc_results(mn_simulation *simulation, int64_t n_populations)
{
    const mn_network *network = simulation->network;
    mn_pool *pool = &simulation->pool;
    simulation->population = mn_pool_alloc(pool, n_populations, sizeof(*simulation->population));
    simulation->conductance = mn_pool_alloc(pool, network->n_edges, sizeof(double));
    simulation->potential = mn_pool_alloc(pool, network->n_nodes, sizeof(double));
    simulation->voltage = mn_pool_alloc(pool, network->n_electrodes, sizeof(double));
    simulation->current = mn_pool_alloc(pool, network->n_electrodes, sizeof(double));
    return pool->code;
}

static int add_population(mn_simulation *simulation, const mn_device_spec *device, int64_t index, mn_error *error)
{
    const mn_device_model *model = device->made != NULL ? device->made : mn_model_find(device->model);
    if (model == NULL) {
        error->model = device->model;
        return MN_ERR_UNKNOWN_MODEL;
    }
    simulation->n_populations = index + 1;
    int code = mn_population_init(&simulation->population[index], model, device->n, device->edge,
                                  simulation->network->length, device->parameter, simulation->options.seed,
                                  (uint64_t)(FIRST_POPULATION_STREAM + index), error);
    if (code == MN_OK) {
        code = mn_engine_add_members(simulation, index);
    }
    if (code == MN_OK) {
        code = mn_watch_init(simulation, index);
    }
    return code == MN_OK ? mn_signal_init(simulation, index, device, error) : code;
}

static int add_populations(mn_simulation *simulation, int64_t n_devices, const mn_device_spec *device, mn_error *error)
{
    int code = mn_engine_init(simulation, n_devices);
    if (code == MN_OK) {
        code = alloc_results(simulation, n_devices);
    }
    for (int64_t d = 0; d < n_devices && code == MN_OK; d++) {
        code = add_population(simulation, &device[d], d, error);
    }
    if (code == MN_OK) {
        code = mn_links_init(simulation, device, error);
    }
    if (code == MN_OK) {
        code = mn_engine_survey(simulation);
    }
    if (code == MN_OK) {
        code = mn_slices_init(simulation);
    }
    return code == MN_OK ? mn_event_log_reserve(&simulation->events, 2 * simulation->engine->max_events) : code;
}

/* Whether the solver of plain steps under a drive need only know electrodes that are driven by voltages. */
static bool wants_driven(const mn_simulation *simulation, const mn_drive *drive)
{
    return mn_drive_is_voltage(drive) && !(simulation->options.rtol > 0.0) && !mn_is_implicit(simulation);
}

static int make_solver(mn_simulation *simulation, const mn_drive *drive, const char *name, mn_solver *solver,
                       mn_error *error)
{
    const mn_simulation_options *options = &simulation->options;
    const int code =
        wants_driven(simulation, drive)
            ? mn_solver_init_driven(solver, name, simulation->network, options->order, options->cancel, error)
            : mn_solver_init_ordered(solver, name, simulation->network, false, options->order, options->cancel, error);
    return code == MN_OK ? mn_solver_use_threads(solver, simulation->threads, error) : code;
}

/* Another drive may want the other kind. Which one there is depends on the drive alone. */
static int change_solver(mn_simulation *simulation, const mn_drive *drive, mn_error *error)
{
    mn_solver *other = &simulation->other_solver;
    int code = MN_OK;
    if (wants_driven(simulation, drive) == wants_driven(simulation, &simulation->drive)) {
        return MN_OK;
    }
    if (other->state == NULL) {
        code = make_solver(simulation, drive, simulation->options.solver, other, error);
    }
    if (code != MN_OK) {
        mn_solver_free(other);
        return code;
    }
    mn_engine_find_conductance(simulation);
    const mn_solver solver = simulation->solver;
    simulation->solver = *other;
    simulation->other_solver = solver;
    mn_engine_outdate(simulation, MN_STALE_CONDUCTANCES);
    return MN_OK;
}

/* What steps that are not plain need. */
static int init_steps(mn_simulation *simulation, mn_error *error)
{
    const double rtol = simulation->options.rtol;
    if (rtol > 0.0) {
        const int code = mn_simulation_check_smooth(simulation, error);
        return code == MN_OK ? mn_adaptive_init(simulation, rtol, error) : code;
    }
    return mn_is_implicit(simulation) ? mn_implicit_init(simulation, error) : MN_OK;
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
    simulation->options.solver = NULL; /* the caller's text need not live as long */
    simulation->accuracy = mn_accuracy_none();
    int code = check_options(options, error);
    if (code != MN_OK) {
        goto out;
    }
    code = check_devices(network, n_devices, device, error);
    if (code != MN_OK) {
        goto out;
    }
    code = mn_threads_init(&simulation->threads, options->n_threads != 0 ? options->n_threads : 1, error);
    if (code != MN_OK) {
        goto out;
    }
    code = mn_drive_init(&simulation->drive, network->n_electrodes, root, n_waves, wave, error);
    if (code != MN_OK) {
        goto out;
    }
    code = add_populations(simulation, n_devices, device, error);
    if (code == MN_OK) {
        code = make_solver(simulation, &simulation->drive, options->solver, &simulation->solver, error);
    }
    if (code == MN_OK) {
        simulation->options.solver = simulation->solver.ops->name;
    }
    if (code == MN_OK) {
        code = init_steps(simulation, error);
    }
    if (code == MN_OK) {
        code = mn_inflow_init(simulation, error);
    }
    if (code == MN_OK) {
        mn_engine_look_at_drive(simulation);
        for (int64_t d = 0; d < n_devices; d++) { /* owned only now: where init fails they stay the caller's */
            simulation->population[d].release = device[d].release;
        }
    }
out:
    if (code != MN_OK) {
        mn_simulation_free(simulation);
    }
    return mn_error_set(error, code);
}

void mn_simulation_free(mn_simulation *simulation)
{
    mn_reactions_free(simulation);
    mn_cycles_free(simulation);
    mn_adaptive_free(simulation);
    mn_implicit_free(simulation);
    mn_newton_free(simulation);
    mn_readers_free(simulation);
    mn_slices_free(simulation);
    mn_engine_free(simulation);
    for (int64_t p = 0; simulation->population != NULL && p < simulation->n_populations; p++) {
        mn_population_free(&simulation->population[p]);
    }
    mn_recorder_free(&simulation->recorder);
    mn_drive_free(&simulation->drive);
    mn_solver_free(&simulation->solver);
    mn_solver_free(&simulation->other_solver);
    mn_threads_free(simulation->threads);
    mn_pool_free(&simulation->events.pool);
    mn_pool_free(&simulation->pool);
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
    if (code == MN_OK) {
        code = mn_reactions_check_drive(simulation, &drive, error);
    }
    if (code == MN_OK) {
        code = mn_inflow_check_drive(simulation, &drive, error);
    }
    if (code == MN_OK && simulation->engine->implicit != NULL) {
        code = mn_implicit_set_drive(simulation, &drive, error);
    }
    if (code == MN_OK && simulation->engine->adaptive != NULL) {
        code = mn_adaptive_set_drive(simulation, &drive, error);
    }
    if (code == MN_OK) {
        code = change_solver(simulation, &drive, error);
    }
    if (code != MN_OK) {
        mn_drive_free(&drive);
        return code;
    }
    mn_drive_free(&simulation->drive);
    simulation->drive = drive;
    mn_engine_look_at_drive(simulation);
    mn_engine_outdate(simulation, MN_STALE_SOLUTION);
    return MN_OK;
}

int mn_simulation_set_field(mn_simulation *simulation, int64_t population, int64_t field, const double *value,
                            mn_error *error)
{
    mn_error unwanted;
    error = error == NULL ? &unwanted : error;
    mn_error_clear(error);
    if (population < 0 || population >= simulation->n_populations || field < 0 ||
        field >= simulation->population[population].model->n_fields ||
        simulation->population[population].model->field[field].role == MN_OUTPUT) {
        return mn_error_set(error, MN_ERR_BAD_ARGUMENT);
    }
    mn_population *p = &simulation->population[population];
    const mn_field *description = &p->model->field[field];
    const int64_t width = p->width[field];
    for (int64_t k = 0; k < p->n * width; k++) {
        const bool is_own = p->low[field] == NULL || (value[k] >= p->low[field][k] && value[k] <= p->high[field][k]);
        /* nan stands for a default only before init has replaced it */
        const bool is_fixed = description->kind == MN_COUNT && value[k] != p->field[field][k / width];
        if (!isfinite(value[k]) || !mn_field_allows(description, value[k]) || !is_own || is_fixed) {
            error->model = p->model->name;
            error->edge = p->edge[k / width];
            return mn_error_refuse(error, MN_ERR_PARAMETER, description->name, value[k]);
        }
    }
    memcpy(p->field[field], value, (size_t)(p->n * width) * sizeof(*value));
    mn_population_renew(p);
    if (simulation->engine->adaptive != NULL) {
        mn_adaptive_restart(simulation);
    }
    mn_engine_outdate(simulation, MN_STALE_CONDUCTANCES);
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

const double *mn_simulation_low(const mn_simulation *simulation, int64_t population, int64_t field)
{
    const bool is_there = mn_simulation_field(simulation, population, field) != NULL;
    return is_there ? simulation->population[population].low[field] : NULL;
}

const double *mn_simulation_high(const mn_simulation *simulation, int64_t population, int64_t field)
{
    const bool is_there = mn_simulation_field(simulation, population, field) != NULL;
    return is_there ? simulation->population[population].high[field] : NULL;
}

void mn_simulation_branch_voltage(const mn_simulation *simulation, double *v)
{
    const mn_network *network = simulation->network;
    for (int64_t e = 0; e < network->n_edges; e++) {
        double difference = simulation->potential[network->a[e]] - simulation->potential[network->b[e]];
        v[e] = isnan(difference) ? 0.0 : difference;
    }
}

bool mn_simulation_locates_events(const mn_simulation *simulation)
{
    bool locates = false;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        locates = locates || simulation->population[p].model->crossing != NULL;
    }
    return locates;
}

void mn_simulation_events_clear(mn_simulation *simulation)
{
    simulation->events.n = 0;
}
