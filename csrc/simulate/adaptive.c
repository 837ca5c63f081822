/* From one row to the next by steps whose length follows from their errors (rosenbrock.c). Steps end at rows, and at
 * corners of the drive, between which it is smooth. */
#include "simulate/adaptive.h"

#include "circuit/solver.h"
#include "drive/waveform.h"
#include "simulate/newton.h"

#include <math.h>
#include <string.h>

static const double SAFETY = 0.9, LEAST = 0.2, MOST = 5.0;
static const double FIRST_SHARE = 0.1;   /* of what the rates allow: nothing is known of them yet */
static const double BEFORE_JUMP = 1e-13; /* of a row: where the drive before a jump is read */

/* ------------------------------------------------------------------ life */

static void alloc_members(mn_pool *pool, mn_adaptive_members *members, const mn_population *population)
{
    members->view = mn_view_alloc(pool, population);
    for (int place = 0; place < MN_POINTS; place++) {
        mn_point_alloc(pool, &members->point[place], population);
    }
    members->k1 = mn_alloc_states(pool, population);
    members->k2 = mn_alloc_states(pool, population);
    members->r = mn_alloc_states(pool, population);
    members->largest = mn_pool_alloc(pool, population->model->n_fields, sizeof(double));
    if (population->model->flags & MN_HAS_SIGNAL) {
        for (int k = 0; k < MN_RATES; k++) {
            members->i_t[k] = mn_pool_alloc(pool, population->n, sizeof(double));
            members->f_t[k] = mn_alloc_states(pool, population);
        }
    }
    if (population->model->flags & MN_HAS_CHARGE) {
        members->charge1 = mn_pool_alloc(pool, population->n, sizeof(double));
        members->charge2 = mn_pool_alloc(pool, population->n, sizeof(double));
    }
}

static void alloc_arrays(mn_pool *pool, mn_adaptive *adaptive, const mn_network *network)
{
    double **node[] = {&adaptive->k1, &adaptive->k2, &adaptive->k3, &adaptive->injected, &adaptive->around};
    double **electrode[] = {&adaptive->boundary, &adaptive->voltage, &adaptive->current};
    for (size_t k = 0; k < sizeof(node) / sizeof(node[0]); k++) {
        *node[k] = mn_pool_alloc(pool, network->n_nodes, sizeof(double));
    }
    for (size_t k = 0; k < sizeof(electrode) / sizeof(electrode[0]); k++) {
        *electrode[k] = mn_pool_alloc(pool, network->n_electrodes, sizeof(double));
    }
    for (int place = 0; place < MN_POINTS; place++) {
        adaptive->potential[place] = mn_pool_alloc(pool, network->n_nodes, sizeof(double));
        adaptive->into[place] = mn_pool_alloc(pool, network->n_nodes, sizeof(double));
        adaptive->value[place] = mn_pool_alloc(pool, network->n_electrodes, sizeof(double));
    }
    adaptive->node = mn_pool_alloc(pool, network->n_electrodes, sizeof(int32_t));
    adaptive->role = mn_pool_alloc(pool, network->n_electrodes, sizeof(uint8_t));
    adaptive->role_now = mn_pool_alloc(pool, network->n_electrodes, sizeof(uint8_t));
    adaptive->companion = mn_pool_alloc(pool, network->n_edges, sizeof(double));
}

static int copy_exactly(const mn_drive *drive, mn_drive *copy, mn_error *error)
{
    int code = mn_drive_init(copy, drive->n_electrodes, drive->root, drive->n_waves, drive->wave, error);
    if (code == MN_OK) {
        mn_drive_be_exact(copy);
    }
    return code;
}

static int copy_drives(mn_simulation *simulation, mn_error *error)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    int code = copy_exactly(&simulation->drive, &adaptive->drive, error);
    for (int64_t p = 0; p < simulation->n_populations && code == MN_OK; p++) {
        code = copy_exactly(&simulation->engine->members[p].carried, &adaptive->members[p].carried, error);
    }
    return code;
}

int mn_adaptive_init(mn_simulation *simulation, double rtol, mn_error *error)
{
    const mn_network *network = simulation->network;
    mn_pool *pool = &simulation->pool;
    mn_adaptive *adaptive = mn_pool_alloc(pool, 1, sizeof(*adaptive));
    if (adaptive == NULL) {
        return pool->code;
    }
    simulation->engine->adaptive = adaptive;
    adaptive->rtol = rtol;
    adaptive->is_linear = true;
    alloc_arrays(pool, adaptive, network);
    adaptive->members = mn_pool_alloc(pool, simulation->n_populations, sizeof(*adaptive->members));
    for (int64_t p = 0; p < simulation->n_populations && pool->code == MN_OK; p++) {
        const mn_population *population = &simulation->population[p];
        alloc_members(pool, &adaptive->members[p], population);
        adaptive->is_linear = adaptive->is_linear && !(population->model->flags & MN_IMPLICIT);
        adaptive->has_thresholds = adaptive->has_thresholds || population->model->crossing != NULL;
        adaptive->has_charge = adaptive->has_charge || (population->model->flags & MN_HAS_CHARGE);
    }
    for (int k = 0; k < 2 && adaptive->has_thresholds; k++) {
        adaptive->distance[k] = mn_pool_alloc(pool, network->n_edges, sizeof(double));
    }
    if (pool->code != MN_OK) {
        return pool->code;
    }
    for (int64_t n = 0; n < network->n_nodes; n++) {
        if (network->electrode[n] >= 0) {
            adaptive->node[network->electrode[n]] = (int32_t)n;
        }
    }
    int code = copy_drives(simulation, error);
    if (code == MN_OK) {
        code = mn_newton_init(simulation, error);
    }
    if (code != MN_OK) {
        return code;
    }
    return mn_solver_init(&adaptive->umfpack, "umfpack", network, false, simulation->options.cancel, error);
}

void mn_adaptive_free(mn_simulation *simulation)
{
    if (simulation->engine != NULL && simulation->engine->adaptive != NULL) {
        mn_solver_free(&simulation->engine->adaptive->umfpack);
        mn_drive_free(&simulation->engine->adaptive->drive);
        for (int64_t p = 0; simulation->engine->adaptive->members != NULL && p < simulation->n_populations; p++) {
            mn_drive_free(&simulation->engine->adaptive->members[p].carried);
        }
    }
}

/* ------------------------------------------------------------------ drive */

void mn_adaptive_read_drive(mn_simulation *simulation, mn_place place, double t, double until)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    const double margin = fabs(until) * 0x1p-50 + BEFORE_JUMP * simulation->options.dt;
    const double before = isfinite(until) ? until - margin : t, at = t < before ? t : before;
    mn_drive_evaluate(&adaptive->drive, at, adaptive->role_now, adaptive->value[place]);
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        mn_adaptive_members *members = &adaptive->members[p];
        uint8_t role;
        if (members->carried.n_electrodes > 0) {
            members->signal[place] = mn_wave_evaluate(&members->carried, members->carried.root[0], at, &role);
        }
    }
}

/* ------------------------------------------------------------------ what errors are measured by */

static void raise(double *largest, double value)
{
    *largest = fabs(value) > *largest ? fabs(value) : *largest;
}

/* Errors of voltages are measured by the largest so far, and by what the drive is to be until the next row: a drive
 * that starts at 0 is not followed to its last bit. */
static void note_drive(mn_simulation *simulation, double t)
{
    enum { SAMPLES = 8 };
    mn_adaptive *adaptive = simulation->engine->adaptive;
    for (int k = 1; k <= SAMPLES; k++) {
        double at = t + simulation->options.dt * k / SAMPLES;
        mn_drive_evaluate(&simulation->drive, at, adaptive->role_now, adaptive->value[MN_END]);
        for (int64_t e = 0; e < simulation->network->n_electrodes; e++) {
            raise(&adaptive->scale, adaptive->role_now[e] == MN_VOLTAGE ? adaptive->value[MN_END][e] : 0.0);
        }
    }
}

/* Voltages and states at the start count from now on. */
static void note_start(mn_simulation *simulation)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_adaptive_members *members = &adaptive->members[p];
        const mn_point *start = &members->point[MN_START];
        for (int64_t m = 0; m < members->view.n; m++) {
            raise(&adaptive->scale, start->v[m]);
        }
        for (int64_t f = 0; f < members->view.model->n_fields; f++) {
            for (int64_t m = 0; m < members->view.n && start->x[f] != NULL; m++) {
                raise(&members->largest[f], start->x[f][m]);
            }
        }
    }
}

/* A first step that changes nothing by more than a part of rtol, as the rates are. */
static double first_step(const mn_simulation *simulation)
{
    const mn_adaptive *adaptive = simulation->engine->adaptive;
    double fastest = 0.0;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_adaptive_members *members = &adaptive->members[p];
        const mn_linear *at = &members->point[MN_START].linear;
        for (int64_t f = 0; f < members->view.model->n_fields; f++) {
            for (int64_t m = 0; m < members->view.n && at->f[f] != NULL; m++) {
                double rate = fabs(at->f[f][m]) * mn_adaptive_weight(members, MN_START, f, m);
                fastest = rate > fastest ? rate : fastest;
            }
        }
        for (int64_t m = 0; m < members->view.n && members->charge1 != NULL; m++) {
            double current = simulation->engine->newton->members[p].charging[m]; /* as the currents were balanced */
            double rate = fabs(current / at->q_v[m]) / (adaptive->scale > 0.0 ? adaptive->scale : 1.0);
            fastest = rate > fastest ? rate : fastest;
        }
    }
    return fastest > 0.0 ? FIRST_SHARE * adaptive->rtol / fastest : INFINITY;
}

/* ------------------------------------------------------------------ from row to row */

/* The states at the start become those of the next row; charges are where the voltages have brought them. */
static void write_next(mn_simulation *simulation)
{
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        mn_population *population = &simulation->population[p];
        const mn_device_model *model = population->model;
        const mn_point *start = &simulation->engine->adaptive->members[p].point[MN_START];
        const size_t size = (size_t)population->n * sizeof(double);
        for (int64_t f = 0; f < model->n_fields; f++) {
            if (population->next[f] != NULL) {
                memcpy(population->next[f], start->x[f], size);
            }
        }
        if (model->flags & MN_HAS_CHARGE) {
            memcpy(population->next[mn_model_field(model, model->voltage_field)], start->v, size);
        }
    }
}

/* Everything at t begins from the drive in role_now, value_now, the potentials and the states at the start. */
static void begin(mn_simulation *simulation, double t)
{
    const mn_engine *engine = simulation->engine;
    mn_adaptive *adaptive = engine->adaptive;
    const size_t n_electrodes = (size_t)simulation->network->n_electrodes;
    memcpy(adaptive->role, engine->role_now, n_electrodes * sizeof(*adaptive->role));
    memcpy(adaptive->value[MN_START], engine->value_now, n_electrodes * sizeof(double));
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        adaptive->members[p].signal[MN_START] = engine->members[p].signal;
    }
    mn_adaptive_linearise(simulation, MN_START, t);
}

/* The circuit as it was solved at the present step. */
static void begin_row(mn_simulation *simulation, double t)
{
    mn_engine *engine = simulation->engine;
    const size_t n_electrodes = (size_t)simulation->network->n_electrodes;
    memcpy(engine->role_now, engine->role, n_electrodes * sizeof(*engine->role));
    memcpy(engine->value_now, engine->value, n_electrodes * sizeof(double));
    memcpy(engine->adaptive->potential[MN_START], simulation->potential,
           (size_t)simulation->network->n_nodes * sizeof(double));
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_population *population = &simulation->population[p];
        double **x = engine->adaptive->members[p].point[MN_START].x;
        for (int64_t f = 0; f < population->model->n_fields; f++) {
            if (x[f] != NULL) {
                memcpy(x[f], population->field[f], (size_t)population->n * sizeof(double));
            }
        }
    }
    begin(simulation, t);
    note_drive(simulation, t);
    note_start(simulation);
}

int mn_adaptive_settle(mn_simulation *simulation, double t, mn_error *error)
{
    mn_engine *engine = simulation->engine;
    mn_newton *newton = engine->newton;
    double *potential = engine->adaptive->potential[MN_START];
    const size_t size = (size_t)simulation->network->n_nodes * sizeof(double);
    mn_drive_evaluate(&simulation->drive, t, engine->role_now, engine->value_now);
    int code = mn_signals_read(simulation, t, error);
    if (code != MN_OK) {
        return code;
    }
    write_next(simulation);
    newton->solver = NULL; /* others use it between two calls */
    newton->t = t;
    memcpy(newton->potential, potential, size);
    code = mn_instant_balance(simulation, true, MN_CHARGES_HELD, error);
    if (code != MN_OK) {
        return code;
    }
    memcpy(potential, newton->potential, size);
    begin(simulation, t);
    engine->adaptive->h = 0.0;
    engine->adaptive->age = 0.0;
    return MN_OK;
}

/* What the next row starts from. */
static void finish(mn_simulation *simulation)
{
    mn_engine *engine = simulation->engine;
    write_next(simulation);
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        simulation->population[p].n_events = 0;
    }
    engine->has_factor = false;
    engine->n_changed = 0;
}

/* How a good step of a given error, in units of rtol, changes the length of the next one. One that a break cut short
 * leaves it. */
static double next_length(double h, double wanted, double size, bool cut)
{
    double grow = SAFETY / cbrt(size > 1e-10 ? size : 1e-10);
    grow = grow > MOST ? MOST : grow < LEAST ? LEAST : grow;
    return cut && grow > 1.0 && h * grow < wanted ? wanted : h * grow;
}

/* The next try is shorter. */
static int refuse(mn_simulation *simulation, const mn_adaptive_part *part, double size, mn_error *error)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    double shrink = isfinite(size) ? SAFETY / cbrt(size) : LEAST;
    simulation->step_counters.n_refused++;
    adaptive->h = part->h * (shrink < LEAST ? LEAST : shrink);
    return part->s + adaptive->h == part->s ? mn_error_set(error, MN_ERR_NOT_FINITE_STATE) : MN_OK;
}

/* Steps from `from` to `until`, between which the drive is smooth; at `until` it may jump. Times count from `from`:
 * after a jump a first step may be shorter than what the time itself can tell. */
static int advance_smooth(mn_simulation *simulation, double from, double until, bool jumps, mn_error *error)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    const double whole = until - from;
    mn_adaptive_part part = {.from = from, .s = 0.0, .edge = jumps ? until : INFINITY};
    while (part.s < whole) {
        double size, wanted = adaptive->h > 0.0 ? adaptive->h : first_step(simulation);
        bool last = part.s + wanted >= whole * (1.0 - 1e-12), reached = false;
        part.h = last ? whole - part.s : wanted;
        mn_adaptive_read_drive(simulation, MN_MIDDLE, from + part.s + 0.5 * part.h, part.edge);
        mn_adaptive_read_drive(simulation, MN_END, from + part.s + part.h, part.edge);
        int code = mn_adaptive_try(simulation, from + part.s, part.h, &size, error);
        if (code == MN_OK && !(size <= 1.0)) {
            code = refuse(simulation, &part, size, error);
            if (code == MN_OK) {
                continue;
            }
        }
        if (code == MN_OK && adaptive->has_thresholds) {
            code = mn_adaptive_locate(simulation, &part, &reached, error);
        }
        if (code != MN_OK) {
            return code;
        }
        mn_adaptive_accept(simulation, part.h);
        note_start(simulation);
        adaptive->h = next_length(part.h, wanted, size, last);
        part.s = last && !reached ? whole : part.s + part.h;
        if (reached) {
            code = mn_adaptive_cross(simulation, from + part.s, true, error);
        }
        if (code != MN_OK) {
            return code;
        }
    }
    return MN_OK;
}

static int advance(mn_simulation *simulation, mn_error *error)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    const double dt = simulation->options.dt, row = (double)(simulation->step + 1) * dt;
    double t = (double)simulation->step * dt;
    while (t < row) {
        mn_corner corner = mn_engine_next_corner(simulation, t);
        bool jumps = corner.time <= row && corner.jump;
        double until = corner.time < row ? corner.time : row;
        int code = advance_smooth(simulation, t, until, jumps, error);
        if (code == MN_OK && jumps && until < row) {
            code = mn_adaptive_settle(simulation, until, error);
        }
        if (code == MN_OK && jumps && until < row && adaptive->has_thresholds) {
            code = mn_adaptive_cross(simulation, until, false, error);
        }
        if (code != MN_OK) {
            return code;
        }
        adaptive->h = jumps ? 0.0 : adaptive->h;
        adaptive->age = jumps ? 0.0 : adaptive->age;
        t = until;
    }
    return MN_OK;
}

int mn_adaptive_advance(mn_simulation *simulation, mn_error *error)
{
    const int64_t n_events = simulation->events.n;
    begin_row(simulation, (double)simulation->step * simulation->options.dt);
    int code = advance(simulation, error);
    if (code != MN_OK) {
        simulation->events.n = n_events;
        return mn_engine_explain(simulation, code, error);
    }
    simulation->counters.n_events += simulation->events.n - n_events;
    finish(simulation);
    return MN_OK;
}
