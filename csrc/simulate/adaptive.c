/* From one row to the next by steps whose length follows from their errors (rosenbrock.c). Steps end at rows, and at
 * corners of the drive, between which it is smooth. */
#include "simulate/adaptive.h"

#include "circuit/solver.h"
#include "drive/waveform.h"
#include "simulate/cycles.h"
#include "simulate/moment.h"
#include "simulate/newton.h"
#include "simulate/reactions.h"

#include <math.h>
#include <string.h>

enum { PATIENCE = 2 };      /* refusals before the start of a step is questioned */
enum { MOST_WALLS = 1000 }; /* steps that end where a law is no number, within the share of a part below */
static const double WALL_SHARE = 1e-3;
static const double SAFETY = 0.9, LEAST = 0.2, MOST = 5.0;
static const double FIRST_SHARE = 0.1;   /* of what the rates allow: nothing is known of them yet */
static const double OF_PERIOD = 0.25;    /* the longest step of a drive that oscillates */
static const double BESIDE_JUMP = 1e-13; /* of a row: where the drive beside a jump is read */
static const double SAME_TIME = 1e-9;    /* of a row: corners this close to a row, or to each other, are one moment */

/* ------------------------------------------------------------------ drive */

/* Where the drive is read at t: where it jumps at the edges of a part, behind the first and before the second. */
static double inside(const mn_simulation *simulation, double t, const mn_adaptive_part *part)
{
    const double margin = BESIDE_JUMP * simulation->options.dt, after = part->after, before = part->before;
    const double low = isfinite(after) ? after + fabs(after) * 0x1p-50 + margin : -INFINITY;
    const double high = isfinite(before) ? before - fabs(before) * 0x1p-50 - margin : INFINITY;
    const double from = t > low ? t : low;
    return from < high ? from : high;
}

/* What drives at t. */
static void read_drive(mn_simulation *simulation, mn_place place, double t, const mn_adaptive_part *part)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    const double at = inside(simulation, t, part);
    mn_drive_evaluate(&adaptive->drive, at, adaptive->role_now, adaptive->asked[place]);
    mn_reactions_add(simulation, at, 0.0, adaptive->asked[place]);
    mn_turns_read(simulation, place);
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        mn_adaptive_members *members = &adaptive->members[p];
        uint8_t role;
        if (members->carried.n_electrodes > 0) {
            members->signal[place] = mn_wave_evaluate(&members->carried, members->carried.root[0], at, &role);
        }
    }
}

void mn_adaptive_read_drive(mn_simulation *simulation, const mn_adaptive_part *part)
{
    const double t = part->from + part->s;
    read_drive(simulation, MN_MIDDLE, t + 0.5 * part->h, part);
    read_drive(simulation, MN_END, t + part->h, part);
}

void mn_adaptive_read_before(mn_simulation *simulation, double before)
{
    const mn_adaptive_part part = {.after = -INFINITY, .before = before};
    read_drive(simulation, MN_END, before, &part);
    mn_drive_limits(&simulation->engine->adaptive->drive, inside(simulation, before, &part),
                    simulation->engine->adaptive->limit);
}

double mn_adaptive_same_time(const mn_simulation *simulation, double row)
{
    return SAME_TIME * simulation->options.dt + fabs(row) * 0x1p-50;
}

/* ------------------------------------------------------------------ what errors are measured by */

static void raise(double *largest, double value)
{
    *largest = fabs(value) > *largest ? fabs(value) : *largest;
}

/* What the waveform of population p is at t, as the voltage at which nothing flows through its edges. */
static void note_source(mn_simulation *simulation, int64_t p, double t)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    mn_adaptive_members *members = &adaptive->members[p];
    mn_point *unused = &members->point[MN_END];
    double *signal = &simulation->engine->members[p].signal;
    const double now = *signal;
    uint8_t role;
    *signal = mn_wave_evaluate(&members->carried, members->carried.root[0], t, &role);
    memset(unused->v, 0, (size_t)members->view.n * sizeof(double));
    mn_view_point(simulation, p, &members->view, &members->point[MN_START]);
    const mn_step step = mn_step_at(simulation, p, t, unused->v);
    members->view.model->linearise(&members->view, &step, &unused->linear);
    for (int64_t m = 0; m < members->view.n; m++) {
        const double volts = unused->linear.i[m] / unused->linear.i_v[m];
        raise(&adaptive->scale, isfinite(volts) ? volts : 0.0);
    }
    *signal = now;
}

/* Whether the electrode is at what it is asked for at t, whatever flows. */
static bool is_held(const mn_simulation *simulation, int64_t e, double t)
{
    return simulation->engine->adaptive->role_now[e] == MN_VOLTAGE &&
           isinf(mn_wave_limit(&simulation->drive, simulation->drive.root[e], t));
}

/* Errors of voltages are measured by the largest so far, and by what the drive, and sources within edges, are to be
 * until the next row: a drive that starts at 0 is not followed to its last bit. */
static void note_drive(mn_simulation *simulation, double t)
{
    enum { SAMPLES = 8 };
    mn_adaptive *adaptive = simulation->engine->adaptive;
    for (int k = 1; k <= SAMPLES; k++) {
        const double at = t + simulation->options.dt * k / SAMPLES;
        mn_simulation_drive_at(simulation, at, adaptive->role_now, adaptive->value[MN_END]);
        for (int64_t e = 0; e < simulation->network->n_electrodes; e++) {
            raise(&adaptive->scale, is_held(simulation, e, at) ? adaptive->value[MN_END][e] : 0.0);
        }
        for (int64_t p = 0; p < simulation->n_populations; p++) {
            if (adaptive->members[p].carried.n_electrodes > 0) {
                note_source(simulation, p, at);
            }
        }
    }
}

/* Voltages at the start count from now on. */
static void note_voltages(mn_simulation *simulation)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_adaptive_members *members = &adaptive->members[p];
        adaptive->scale = mn_largest_magnitude(members->view.n, members->point[MN_START].v, adaptive->scale);
    }
}

/* The same of states. */
static void note_states(mn_simulation *simulation)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_adaptive_members *members = &adaptive->members[p];
        const mn_point *start = &members->point[MN_START];
        for (int64_t f = 0; f < members->view.model->n_fields; f++) {
            if (start->x[f] != NULL) {
                members->largest[f] = mn_largest_magnitude(members->view.n, start->x[f], members->largest[f]);
            }
        }
    }
}

/* A first step that changes nothing by more than a part of rtol, as the rates are. The edge of the fastest is the worst
 * so far: where its rate is infinite no step is short enough. */
static double first_step(mn_simulation *simulation)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    const double scale = adaptive->scale > 0.0 ? adaptive->scale : 1.0;
    double fastest = 0.0;
    mn_adaptive_see(simulation, simulation->options.dt);
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_adaptive_members *members = &adaptive->members[p];
        const mn_linear *at = &members->point[MN_START].linear;
        for (int64_t f = 0; f < members->view.model->n_fields; f++) {
            for (int64_t m = 0; m < members->view.n && at->f[f] != NULL; m++) {
                double rate = fabs(at->f[f][m]) * mn_adaptive_weight(simulation, members, MN_START, f, m, scale);
                adaptive->worst = rate > fastest ? members->view.edge[m] : adaptive->worst;
                fastest = rate > fastest ? rate : fastest;
            }
        }
        for (int64_t m = 0; m < members->view.n && members->charge1 != NULL; m++) {
            double current = simulation->engine->newton->members[p].charging[m]; /* as the currents were balanced */
            double rate = fabs(current / at->q_v[m]) / scale;
            fastest = rate > fastest ? rate : fastest;
        }
    }
    return fastest > 0.0 ? FIRST_SHARE * adaptive->rtol / fastest : INFINITY;
}

/* ------------------------------------------------------------------ from row to row */

/* The states at a place become those of the next row; charges are where the voltages have brought them. */
static void write_next(mn_simulation *simulation, mn_place place)
{
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        mn_population *population = &simulation->population[p];
        const mn_device_model *model = population->model;
        const mn_point *point = &simulation->engine->adaptive->members[p].point[place];
        const size_t size = (size_t)population->n * sizeof(double);
        for (int64_t f = 0; f < model->n_fields; f++) {
            if (population->next[f] != NULL) {
                memcpy(population->next[f], point->x[f], size);
            }
        }
        if (model->flags & MN_HAS_CHARGE) {
            memcpy(population->next[mn_model_field(model, model->voltage_field)], point->v, size);
        }
    }
}

/* Notes what a row that fails goes back to, or goes back: it leaves no trace, and the next try takes the same steps. */
static void remember(mn_simulation *simulation)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    adaptive->h_at_row = adaptive->h;
    adaptive->age_at_row = adaptive->age;
    adaptive->scale_at_row = adaptive->scale;
    memcpy(adaptive->side_at_row, adaptive->side, (size_t)simulation->network->n_electrodes * sizeof(*adaptive->side));
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_adaptive_members *members = &adaptive->members[p];
        memcpy(members->largest_at_row, members->largest, (size_t)members->view.model->n_fields * sizeof(double));
    }
}

static void go_back(mn_simulation *simulation)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    adaptive->h = adaptive->h_at_row;
    adaptive->age = adaptive->age_at_row;
    adaptive->scale = adaptive->scale_at_row;
    memcpy(adaptive->side, adaptive->side_at_row, (size_t)simulation->network->n_electrodes * sizeof(*adaptive->side));
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_adaptive_members *members = &adaptive->members[p];
        memcpy(members->largest, members->largest_at_row, (size_t)members->view.model->n_fields * sizeof(double));
    }
    mn_engine_outdate(simulation, MN_STALE_CONDUCTANCES);
}

/* Everything at t begins from the drive in role_now, value_now, the limits of the balance that was found with it, the
 * potentials and the states at the start. */
static void begin(mn_simulation *simulation, double t, const mn_limits *limits)
{
    const mn_engine *engine = simulation->engine;
    mn_turns_begin(simulation, limits);
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        engine->adaptive->members[p].signal[MN_START] = engine->members[p].signal;
    }
    mn_adaptive_linearise(simulation, MN_START, t);
}

/* The circuit as it was solved at the present step. An electrode may have turned in that. */
static void begin_row(mn_simulation *simulation, double t)
{
    mn_engine *engine = simulation->engine;
    const size_t n_electrodes = (size_t)simulation->network->n_electrodes;
    if (engine->has_limits && memcmp(engine->adaptive->side, engine->limits.side, n_electrodes) != 0) {
        mn_adaptive_restart(simulation);
    }
    engine->adaptive->turning_since = -INFINITY;
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
    begin(simulation, t, &engine->limits);
    note_drive(simulation, t);
    note_voltages(simulation);
    note_states(simulation);
}

/* The balance at a place, with the drive in role_now, value_now and the limits in newton->limits. */
static int balance(mn_simulation *simulation, mn_place place, double t, mn_error *error)
{
    mn_newton *newton = simulation->engine->newton;
    write_next(simulation, place);
    newton->solver = NULL; /* others use it between two calls */
    newton->t = t;
    memcpy(newton->potential, simulation->engine->adaptive->potential[place],
           (size_t)simulation->network->n_nodes * sizeof(double));
    return mn_instant_balance(simulation, true, MN_CHARGES_HELD, error);
}

/* Finds the potentials at the start anew, with the drive in role_now, value_now, and its limits. */
static int find_balance_of(mn_simulation *simulation, double t, mn_error *error)
{
    const mn_engine *engine = simulation->engine;
    mn_limits *limits = &engine->newton->limits;
    const size_t n_electrodes = (size_t)simulation->network->n_electrodes;
    memcpy(limits->limit, engine->adaptive->limit, n_electrodes * sizeof(double));
    memcpy(limits->side, engine->adaptive->side, n_electrodes * sizeof(*limits->side));
    int code = balance(simulation, MN_START, t, error);
    if (code == MN_OK) {
        memcpy(engine->adaptive->potential[MN_START], engine->newton->potential,
               (size_t)simulation->network->n_nodes * sizeof(double));
        begin(simulation, t, limits);
    }
    return code;
}

/* Asks for what a place is driven with: by role and value of the electrodes, and what devices carry there. */
static void ask(mn_simulation *simulation, mn_place place, const uint8_t *role, const double *value)
{
    mn_engine *engine = simulation->engine;
    const size_t n_electrodes = (size_t)simulation->network->n_electrodes;
    memcpy(engine->role_now, role, n_electrodes * sizeof(*role));
    memcpy(engine->value_now, value, n_electrodes * sizeof(double));
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        engine->members[p].signal = engine->adaptive->members[p].signal[place];
    }
}

/* The same with the drive as it is at the start. */
static int find_balance(mn_simulation *simulation, double t, mn_error *error)
{
    const mn_adaptive *adaptive = simulation->engine->adaptive;
    ask(simulation, MN_START, adaptive->role_asked, adaptive->asked[MN_START]);
    return find_balance_of(simulation, t, error);
}

int mn_adaptive_look(mn_simulation *simulation, mn_place place, double t, mn_error *error)
{
    const mn_adaptive *adaptive = simulation->engine->adaptive;
    mn_limits *limits = &simulation->engine->newton->limits;
    for (int64_t e = 0; e < simulation->network->n_electrodes; e++) {
        limits->limit[e] = INFINITY;
    }
    ask(simulation, place, adaptive->role, adaptive->value[place]);
    int code = balance(simulation, place, t, error);
    ask(simulation, MN_START, adaptive->role_asked, adaptive->asked[MN_START]);
    return code;
}

int mn_adaptive_settle(mn_simulation *simulation, double t, mn_error *error)
{
    mn_engine *engine = simulation->engine;
    mn_simulation_drive_at(simulation, t, engine->role_now, engine->value_now);
    mn_simulation_limits_at(simulation, t, engine->adaptive->limit);
    int code = mn_signals_read(simulation, t, error);
    if (code == MN_OK) {
        code = find_balance_of(simulation, t, error);
    }
    error->time = code == MN_ERR_CHARGE_LOOP ? t : error->time;
    mn_adaptive_restart(simulation);
    return code;
}

/* What the next row starts from. */
static void finish(mn_simulation *simulation)
{
    mn_engine *engine = simulation->engine;
    write_next(simulation, MN_START);
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

/* Whether steps creep at a point behind which a law is no number: they end when they are so short that rounding leaves
 * the states where they are, and time alone goes on. */
static bool creeps(mn_adaptive_part *part)
{
    if (part->n_walls == 0) {
        part->first_wall = part->s;
    }
    if (++part->n_walls < MOST_WALLS) {
        return false;
    }
    part->n_walls = 0;
    return part->s - part->first_wall < WALL_SHARE * part->whole;
}

/* The next try is shorter. A step leaves currents out of balance by part of its error, which the next one takes back
 * however short it is: that may be too much for any, and after some refusals the potentials at the start are brought to
 * where currents balance. */
static int refuse(mn_simulation *simulation, mn_adaptive_part *part, double size, int n_refused, mn_error *error)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    const double shrink = isfinite(size) ? SAFETY / cbrt(size) : LEAST;
    const double h = part->h * (shrink < LEAST ? LEAST : shrink), age = adaptive->age;
    simulation->step_counters.n_refused++;
    adaptive->h = h;
    if (part->s + h == part->s || (!isfinite(size) && creeps(part))) {
        error->time = part->from + part->s;
        error->edge = adaptive->worst;
        return mn_error_set(error, MN_ERR_LEAST_STEP);
    }
    if (n_refused != PATIENCE) {
        return MN_OK;
    }
    int code = find_balance(simulation, part->from + part->s, error);
    adaptive->h = h;
    adaptive->age = age;
    return code;
}

/* A step from standstill would go over whole periods of a drive that oscillates. */
static double longest_step(const mn_simulation *simulation, double t)
{
    const mn_adaptive *adaptive = simulation->engine->adaptive;
    double period = fmin(mn_drive_period(&adaptive->drive, t), mn_reactions_period(simulation, t));
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        period = fmin(period, mn_drive_period(&adaptive->members[p].carried, t));
    }
    return OF_PERIOD * period;
}

/* Steps through a part to its end, or until something happens in it that will start a waveform. */
static int advance_smooth(mn_simulation *simulation, mn_adaptive_part *part, mn_error *error)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    const double whole = part->whole;
    const double longest = longest_step(simulation, part->from + 0.5 * whole), until = part->from + whole;
    const int64_t n_noted = mn_reactions_noted(simulation);
    int n_refused = 0; /* one after the other */
    while (part->s < whole && mn_reactions_noted(simulation) == n_noted) {
        double size, wanted = fmin(adaptive->h > 0.0 ? adaptive->h : first_step(simulation), longest);
        bool last = part->s + wanted >= whole * (1.0 - 1e-12), reached = false;
        part->h = last ? whole - part->s : wanted;
        mn_adaptive_read_drive(simulation, part);
        int code = mn_adaptive_try(simulation, part->from + part->s, part->h, &size, error);
        if (code == MN_OK && !(size <= 1.0)) {
            code = refuse(simulation, part, size, ++n_refused, error);
            if (code == MN_OK) {
                continue;
            }
        }
        if (code == MN_OK && (adaptive->has_thresholds || simulation->engine->has_limits)) {
            code = mn_adaptive_locate(simulation, part, &reached, error);
        }
        if (code != MN_OK) {
            return code;
        }
        n_refused = 0;
        mn_adaptive_accept(simulation, part->h);
        note_states(simulation);
        adaptive->h = next_length(part->h, wanted, size, last);
        part->s = last && !reached ? whole : part->s + part->h;
        code = reached ? mn_adaptive_cross(simulation, fmin(part->from + part->s, until), true, error) : MN_OK;
        if (code != MN_OK) {
            return code;
        }
    }
    return MN_OK;
}

/* From one side of a jump at t to the other. */
static int jump(mn_simulation *simulation, double t, mn_error *error)
{
    int code = mn_adaptive_settle(simulation, t, error);
    bool has_thresholds = simulation->engine->adaptive->has_thresholds;
    return code == MN_OK && has_thresholds ? mn_adaptive_cross(simulation, t, false, error) : code;
}

/* Corners at t, or as good as there, are passed; where any of them jumps, the circuit goes to the other side. What
 * crosses its threshold there may make more of them. The first corner behind is left in *corner. */
static int pass_corners(mn_simulation *simulation, double t, double same, double *passed, bool jumps, mn_corner *corner,
                        mn_error *error)
{
    int64_t n_noted = -1;
    double from = t;
    while (mn_reactions_noted(simulation) != n_noted) {
        n_noted = mn_reactions_noted(simulation);
        *corner = mn_engine_next_moment(simulation, from, same);
        for (; corner->time <= t + same; *corner = mn_engine_next_moment(simulation, corner->time, same)) {
            *passed = from = corner->time;
            jumps = jumps || corner->jump;
        }
        int code = jumps ? jump(simulation, *passed, error) : MN_OK;
        if (code != MN_OK) {
            return code;
        }
        jumps = false;
    }
    return MN_OK;
}

static int advance(mn_simulation *simulation, mn_error *error)
{
    const double dt = simulation->options.dt, row = (double)(simulation->step + 1) * dt;
    const double same = mn_adaptive_same_time(simulation, row);
    double passed = -INFINITY, t = (double)simulation->step * dt; /* the last jump, and where a part begins */
    bool jumps = false;                                           /* there */
    while (t < row) {
        mn_corner corner = mn_corner_none();
        int code = pass_corners(simulation, t, same, &passed, jumps, &corner, error);
        const double until = corner.time >= row - same ? row : corner.time;
        jumps = corner.jump && corner.time <= row + same;
        mn_adaptive_part part = {
            .from = t, .whole = until - t, .after = passed, .before = jumps ? fmin(corner.time, row) : INFINITY};
        if (code == MN_OK) {
            code = advance_smooth(simulation, &part, error);
        }
        if (code != MN_OK) {
            return code;
        }
        const bool cut = part.s < until - t; /* what has jumped has settled, and there are new corners */
        t = cut ? fmin(t + part.s, until) : until;
        jumps = jumps && !cut;
        passed = jumps || cut ? t : passed;
    }
    if (jumps) {
        mn_adaptive_restart(simulation);
    }
    return MN_OK;
}

int mn_adaptive_advance(mn_simulation *simulation, mn_error *error)
{
    const int64_t n_events = simulation->events.n;
    remember(simulation);
    begin_row(simulation, (double)simulation->step * simulation->options.dt);
    int code = advance(simulation, error);
    finish(simulation);
    if (code == MN_OK) {
        code = mn_cycles_look(simulation, error);
    }
    if (code != MN_OK) {
        simulation->events.n = n_events;
        mn_reactions_forget(simulation);
        mn_cycles_forget(simulation);
        go_back(simulation);
        return mn_engine_explain(simulation, code, error);
    }
    simulation->counters.n_events += simulation->events.n - n_events;
    return MN_OK;
}
