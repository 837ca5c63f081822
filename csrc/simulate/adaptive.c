/* From one row to the next by steps whose length follows from their errors (rosenbrock.c). Steps end at rows, and at
 * corners of the drive, between which it is smooth. */
#include "simulate/adaptive.h"

#include "circuit/solver.h"
#include "drive/waveform.h"
#include "simulate/newton.h"
#include "simulate/reactions.h"

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
    if (population->model->flags & MN_HAS_CHARGE) {
        members->charge1 = mn_pool_alloc(pool, population->n, sizeof(double));
        members->charge2 = mn_pool_alloc(pool, population->n, sizeof(double));
    }
}

static void alloc_arrays(mn_pool *pool, mn_adaptive *adaptive, const mn_network *network)
{
    double **node[] = {&adaptive->k1, &adaptive->k2, &adaptive->k3, &adaptive->charging, &adaptive->injected};
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

static int copy_drive(mn_simulation *simulation, mn_drive *copy, mn_error *error)
{
    const mn_drive *drive = &simulation->drive;
    int code = mn_drive_init(copy, drive->n_electrodes, drive->root, drive->n_waves, drive->wave, error);
    if (code == MN_OK) {
        mn_drive_be_exact(copy);
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
        adaptive->has_charge = adaptive->has_charge || (population->model->flags & MN_HAS_CHARGE);
    }
    if (pool->code != MN_OK) {
        return pool->code;
    }
    for (int64_t n = 0; n < network->n_nodes; n++) {
        if (network->electrode[n] >= 0) {
            adaptive->node[network->electrode[n]] = (int32_t)n;
        }
    }
    int code = copy_drive(simulation, &adaptive->drive, error);
    if (code == MN_OK && (adaptive->has_charge || !adaptive->is_linear)) {
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
    }
}

/* ------------------------------------------------------------------ drive */

/* Values of all electrodes at t, of a drive that is smooth until `until` and may jump there: at the very end those from
 * which it jumps. */
static void read_values(const mn_simulation *simulation, double t, double until, double *value)
{
    const mn_adaptive *adaptive = simulation->engine->adaptive;
    const double margin = fabs(until) * 0x1p-50 + BEFORE_JUMP * simulation->options.dt;
    const double before = isfinite(until) ? until - margin : t;
    const double at = t < before ? t : before;
    mn_drive_evaluate(&adaptive->drive, at, adaptive->role_now, value);
    mn_reactions_add(simulation, at, 0.0, value);
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
        mn_simulation_drive_at(simulation, at, adaptive->role_now, adaptive->value[MN_END]);
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
    }
    return fastest > 0.0 ? FIRST_SHARE * adaptive->rtol / fastest : INFINITY;
}

/* ------------------------------------------------------------------ from row to row */

/* Takes the potentials from one side of a jump of the drive at t to the other. */
static int jump(mn_simulation *simulation, double t, mn_error *error)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    mn_simulation_drive_at(simulation, t, adaptive->role, adaptive->value[MN_END]);
    adaptive->h = 0.0;
    return mn_adaptive_settle(simulation, t, error);
}

static void begin(mn_simulation *simulation, double t)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    const size_t n_electrodes = (size_t)simulation->network->n_electrodes;
    memcpy(adaptive->potential[MN_START], simulation->potential, (size_t)simulation->network->n_nodes * sizeof(double));
    memcpy(adaptive->role, simulation->engine->role, n_electrodes * sizeof(*adaptive->role));
    memcpy(adaptive->value[MN_START], simulation->engine->value, n_electrodes * sizeof(double));
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_population *population = &simulation->population[p];
        double **x = adaptive->members[p].point[MN_START].x;
        for (int64_t f = 0; f < population->model->n_fields; f++) {
            if (x[f] != NULL) {
                memcpy(x[f], population->field[f], (size_t)population->n * sizeof(double));
            }
        }
    }
    mn_adaptive_linearise(simulation, MN_START, t);
    note_drive(simulation, t);
    note_start(simulation);
}

static void finish(mn_simulation *simulation)
{
    const mn_adaptive *adaptive = simulation->engine->adaptive;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        mn_population *population = &simulation->population[p];
        double **x = adaptive->members[p].point[MN_START].x;
        population->n_events = 0;
        for (int64_t f = 0; f < population->model->n_fields; f++) {
            if (population->next[f] != NULL) {
                memcpy(population->next[f], x[f], (size_t)population->n * sizeof(double));
            }
        }
    }
    simulation->engine->has_factor = false;
    simulation->engine->n_changed = 0;
}

/* How a good step of a given error, in units of rtol, changes the length of the next one. One that a break cut short
 * leaves it. */
static double next_length(double h, double wanted, double size, bool cut)
{
    double grow = SAFETY / cbrt(size > 1e-10 ? size : 1e-10);
    grow = grow > MOST ? MOST : grow < LEAST ? LEAST : grow;
    return cut && grow > 1.0 && h * grow < wanted ? wanted : h * grow;
}

/* Steps from `from` to `until`, between which the drive is smooth; at `until` it may jump. Times count from `from`:
 * after a jump a first step may be shorter than what the time itself can tell. */
static int advance_smooth(mn_simulation *simulation, double from, double until, bool jumps, mn_error *error)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    const double whole = until - from, edge = jumps ? until : INFINITY;
    double s = 0.0, size;
    adaptive->h = adaptive->h > 0.0 ? adaptive->h : first_step(simulation);
    while (s < whole) {
        bool last = s + adaptive->h >= whole * (1.0 - 1e-12);
        double h = last ? whole - s : adaptive->h;
        read_values(simulation, from + s + 0.5 * h, edge, adaptive->value[MN_MIDDLE]);
        read_values(simulation, from + s + h, edge, adaptive->value[MN_END]);
        int code = mn_adaptive_try(simulation, from + s, h, &size, error);
        if (code != MN_OK) {
            return code;
        }
        if (size <= 1.0) {
            mn_adaptive_accept(simulation);
            note_start(simulation);
            adaptive->h = next_length(h, adaptive->h, size, last);
            s = last ? whole : s + h;
            continue;
        }
        simulation->step_counters.n_refused++;
        double shrink = isfinite(size) ? SAFETY / cbrt(size) : LEAST;
        adaptive->h = h * (shrink < LEAST ? LEAST : shrink);
        if (s + adaptive->h == s) {
            return mn_error_set(error, MN_ERR_NOT_FINITE_STATE);
        }
    }
    return MN_OK;
}

int mn_adaptive_advance(mn_simulation *simulation, mn_error *error)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    const double dt = simulation->options.dt, row = (double)(simulation->step + 1) * dt;
    double t = (double)simulation->step * dt;
    begin(simulation, t);
    while (t < row) {
        mn_corner corner = mn_simulation_next_corner(simulation, t);
        bool jumps = corner.time <= row && corner.jump;
        double until = corner.time < row ? corner.time : row;
        int code = advance_smooth(simulation, t, until, jumps, error);
        if (code == MN_OK && jumps && until < row) {
            code = jump(simulation, until, error);
        }
        if (code != MN_OK) {
            return code;
        }
        adaptive->h = jumps ? 0.0 : adaptive->h;
        t = until;
    }
    finish(simulation);
    return MN_OK;
}
