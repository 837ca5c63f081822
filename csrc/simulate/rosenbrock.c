/* One adaptive step: the linearly implicit Rosenbrock-W pair of order 2(3) of Shampine and Reichelt (SIAM J. Sci.
 * Comput. 1997, 18, 1), "ode23s", on the network as a differential-algebraic system.
 *
 * Unknown are the potentials and the states. With d = 1/(2 + sqrt 2) and a step h a stage asks for rates k that satisfy
 *
 *     k_x = r + h d (f_x k_x + f_v k_v)                         each state of each edge
 *     sum over edges (q_v k_v + h d (i_v k_v + i_x k_x)) = R    each node
 *
 * The first gives k_x in terms of k_v, so that each edge is a companion, a conductance
 *
 *     i_v + sum_x i_x h d f_v / (1 - h d f_x) + q_v / (h d),
 *
 * beside a source, and a stage is one solve of the network's own Laplacian: one factorisation and three solves a step.
 * A charge that is not linear in v leaves a difference c between the charge that flowed and q(v), a constraint like
 * those of the nodes; it counts as -c / (h d) in R, and in the rate of the charge. */
#include "base/vector.h"
#include "circuit/solver.h"
#include "simulate/adaptive.h"

#include <math.h>
#include <string.h>

static const double D = 0.29289321881345248;  /* 1 / (2 + sqrt 2) */
static const double E32 = 7.4142135623730950; /* 6 + sqrt 2 */

/* ------------------------------------------------------------------ one stage */

/* Reads the states of linked edges at a point. */
static void read_links(mn_simulation *simulation, mn_place place)
{
    const mn_engine *engine = simulation->engine;
    for (int64_t p = 0; engine->has_links && p < simulation->n_populations; p++) {
        engine->members[p].states = engine->adaptive->members[p].point[place].x;
    }
    mn_links_read_states(simulation);
    for (int64_t p = 0; engine->has_links && p < simulation->n_populations; p++) {
        engine->members[p].states = simulation->population[p].field;
    }
}

void mn_adaptive_linearise(mn_simulation *simulation, mn_place place, double t)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    double *into = adaptive->into[place];
    memset(into, 0, (size_t)simulation->network->n_nodes * sizeof(*into));
    read_links(simulation, place);
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        mn_adaptive_members *members = &adaptive->members[p];
        mn_point *point = &members->point[place];
        simulation->engine->members[p].signal = members->signal[place];
        mn_point_linearise(simulation, p, &members->view, point, t, adaptive->potential[place]);
        mn_gather_currents(simulation, p, point->linear.i, into);
    }
}

/* 1 / (1 - h d f_x) of a state, and what that adds to the companions g. */
MN_VECTOR
static void add_companions(const mn_adaptive_members *members, int64_t f, double hd)
{
    const mn_linear *at = &members->point[MN_START].linear;
    const double *restrict f_x = at->f_x[f], *restrict f_v = at->f_v[f], *restrict i_x = at->i_x[f];
    double *restrict g = members->g, *restrict inverse = members->inverse[f];
    MN_INDEPENDENT
    for (int64_t m = 0; m < members->view.n; m++) {
        inverse[m] = 1.0 / (1.0 - hd * f_x[m]);
        g[m] += i_x[m] * hd * f_v[m] * inverse[m];
    }
}

/* The first member that no step of this length can have, since a state grows too fast or a number overflows, or -1. */
static int64_t find_impossible(const mn_adaptive_members *members)
{
    int64_t first = members->view.n;
    for (int64_t f = 0; f < members->view.model->n_fields; f++) {
        for (int64_t m = 0; m < first && members->inverse[f] != NULL; m++) {
            first = members->inverse[f][m] > 0.0 ? first : m;
        }
    }
    for (int64_t m = 0; m < first; m++) {
        first = isfinite(members->g[m]) ? first : m;
    }
    return first < members->view.n ? first : -1;
}

/* Companions of all edges for h d; false where a state grows so fast that h is too long for any. */
static bool set_companions(mn_simulation *simulation, double hd)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    bool possible = true;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_population *population = &simulation->population[p];
        const mn_adaptive_members *members = &adaptive->members[p];
        const mn_linear *at = &members->point[MN_START].linear;
        const bool is_charged = (population->model->flags & MN_HAS_CHARGE) != 0;
        for (int64_t m = 0; m < population->n; m++) {
            members->g[m] = at->i_v[m] + (is_charged ? at->q_v[m] / hd : 0.0);
        }
        for (int64_t f = 0; f < population->model->n_fields; f++) {
            if (members->inverse[f] != NULL) {
                add_companions(members, f, hd);
            }
        }
        const int64_t bad = find_impossible(members);
        adaptive->worst = possible && bad >= 0 ? population->edge[bad] : adaptive->worst;
        possible = possible && bad < 0;
        for (int64_t m = 0; m < population->n; m++) {
            adaptive->companion[population->edge[m]] = members->g[m];
        }
    }
    return possible;
}

static int factor(mn_simulation *simulation, mn_solver **solver, mn_error *error)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    *solver = &simulation->solver;
    for (int64_t e = 0; e < simulation->network->n_edges && *solver == &simulation->solver; e++) {
        *solver = adaptive->companion[e] < 0.0 ? &adaptive->umfpack : *solver;
    }
    simulation->step_counters.n_negative += *solver == &adaptive->umfpack;
    simulation->step_counters.n_factorisations++;
    return mn_solver_factor(*solver, adaptive->companion, NULL, -1, NULL, error);
}

/* Solves with `injected` and `boundary` for one number a node, 0 on islands. */
static int solve(mn_simulation *simulation, mn_solver *solver, double *k, mn_error *error)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    const int64_t n_nodes = simulation->network->n_nodes;
    double conductance;
    for (int64_t n = 0; n < n_nodes; n++) {
        adaptive->injected[n] = isnan(simulation->potential[n]) ? 0.0 : adaptive->injected[n];
    }
    const mn_boundary boundary = {.role = adaptive->role, .value = adaptive->boundary, .imag = NULL};
    const mn_solution solution = {
        .potential = k, .voltage = adaptive->voltage, .current = adaptive->current, .conductance = &conductance};
    simulation->step_counters.n_solves++;
    int code = mn_solver_solve(solver, &boundary, adaptive->injected, NULL, &solution, error);
    for (int64_t n = 0; n < n_nodes && code == MN_OK; n++) {
        k[n] = isnan(k[n]) ? 0.0 : k[n];
    }
    return code;
}

/* Adds to `injected` what the right-hand sides r of the states drive. */
static void inject_states(mn_simulation *simulation, int64_t p)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    const mn_members *ends = &simulation->engine->members[p];
    const mn_adaptive_members *members = &adaptive->members[p];
    const mn_linear *at = &members->point[MN_START].linear;
    for (int64_t f = 0; f < members->view.model->n_fields; f++) {
        for (int64_t m = 0; m < members->view.n && at->f[f] != NULL; m++) {
            double source = at->i_x[f][m] * members->r[f][m] * members->inverse[f][m];
            adaptive->injected[ends->a[m]] -= source;
            adaptive->injected[ends->b[m]] += source;
        }
    }
}

/* Solves a stage: from r of the states and R of the nodes (in `injected`), and rates of the electrodes in `boundary`,
 * the rates k of the potentials; r becomes those of the states. */
static int solve_stage(mn_simulation *simulation, mn_solver *solver, double hd, double *k, mn_error *error)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    for (int64_t n = 0; n < simulation->network->n_nodes; n++) {
        adaptive->injected[n] /= hd;
    }
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        inject_states(simulation, p);
    }
    int code = solve(simulation, solver, k, error);
    for (int64_t p = 0; p < simulation->n_populations && code == MN_OK; p++) {
        const mn_members *ends = &simulation->engine->members[p];
        mn_adaptive_members *members = &adaptive->members[p];
        const mn_linear *at = &members->point[MN_START].linear;
        for (int64_t f = 0; f < members->view.model->n_fields; f++) {
            for (int64_t m = 0; m < members->view.n && at->f[f] != NULL; m++) {
                double k_v = k[ends->a[m]] - k[ends->b[m]];
                members->r[f][m] = (members->r[f][m] + hd * at->f_v[f][m] * k_v) * members->inverse[f][m];
            }
        }
    }
    return code;
}

/* ------------------------------------------------------------------ right-hand sides */

/* Of the rates to the middle and to the end, what a stage asks for. They are differences, so that a stage meets what
 * is driven exactly; a W-method keeps its order. */
static double rate_of(double to_middle, double to_end, int stage)
{
    return stage == 1 ? to_middle : stage == 2 ? to_end - to_middle : 2.0 * to_end - to_middle;
}

/* What the electrodes ask of stage 1, 2 or 3 of a step h: rates of voltages (V/s), or of currents and what they leave
 * (A/s). */
static void set_boundary(const mn_simulation *simulation, double h, int stage)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    for (int64_t e = 0; e < simulation->network->n_electrodes; e++) {
        double start = adaptive->value[MN_START][e], middle = adaptive->value[MN_MIDDLE][e];
        double end = adaptive->value[MN_END][e];
        double rate = rate_of(2.0 * (middle - start) / h, (end - start) / h, stage);
        double left = stage == 1 ? start : stage == 2 ? middle : end + E32 * middle + 2.0 * start;
        adaptive->boundary[e] = adaptive->role[e] == MN_CURRENT ? rate + left / (h * D) : rate;
    }
}

/* How the waveform of a device moves its currents and states, all else being as it is at the start. The end's
 * linearisation serves as scratch. */
static void set_time_rates(mn_simulation *simulation, double t, double h)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        mn_adaptive_members *members = &adaptive->members[p];
        mn_population *view = &members->view;
        const mn_linear *now = &members->point[MN_START].linear, *then = &members->point[MN_END].linear;
        for (int k = 0; k < MN_RATES && members->f_t[k] != NULL; k++) {
            double after = k == MN_TO_MIDDLE ? 0.5 * h : h;
            double signal = members->signal[k == MN_TO_MIDDLE ? MN_MIDDLE : MN_END];
            mn_view_point(simulation, p, view, &members->point[MN_START]);
            mn_step step = mn_step_at(simulation, p, t + after, members->point[MN_START].v);
            step.signal = signal;
            view->model->linearise(view, &step, then);
            for (int64_t m = 0; m < view->n; m++) {
                members->i_t[k][m] = (then->i[m] - now->i[m]) / after;
            }
            for (int64_t f = 0; f < view->model->n_fields; f++) {
                for (int64_t m = 0; m < view->n && then->f[f] != NULL; m++) {
                    members->f_t[k][f][m] = (then->f[f][m] - now->f[f][m]) / after;
                }
            }
        }
    }
}

/* Adds to the right-hand sides of a stage what the waveform of a device does. */
static void add_time_rates(mn_simulation *simulation, int64_t p, double hd, int stage)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    const mn_members *ends = &simulation->engine->members[p];
    mn_adaptive_members *members = &adaptive->members[p];
    for (int64_t m = 0; m < members->view.n; m++) {
        double rate = rate_of(members->i_t[MN_TO_MIDDLE][m], members->i_t[MN_TO_END][m], stage);
        adaptive->injected[ends->a[m]] -= hd * rate;
        adaptive->injected[ends->b[m]] += hd * rate;
    }
    for (int64_t f = 0; f < members->view.model->n_fields; f++) {
        for (int64_t m = 0; m < members->view.n && members->r[f] != NULL; m++) {
            members->r[f][m] += hd * rate_of(members->f_t[MN_TO_MIDDLE][f][m], members->f_t[MN_TO_END][f][m], stage);
        }
    }
}

/* A state that stops half-way, at an end of its range or below a threshold, moves on as it began: with no rate there it
 * would stay where it was, before the end, in steps that may be as short as errors like. */
MN_VECTOR
static void set_state_side(const mn_adaptive_members *members, int64_t f, int stage)
{
    const double *restrict start = members->point[MN_START].linear.f[f];
    const double *restrict middle = members->point[MN_MIDDLE].linear.f[f];
    const double *restrict end = members->point[MN_END].linear.f[f];
    const double *restrict k1 = members->k1[f], *restrict k2 = members->k2[f];
    double *restrict r = members->r[f];
    MN_INDEPENDENT
    for (int64_t m = 0; m < members->view.n; m++) {
        double f1 = stage > 1 && middle[m] != 0.0 ? middle[m] : start[m];
        double second = f1 - k1[m], third = end[m] - E32 * (k2[m] - f1) - 2.0 * (k1[m] - start[m]);
        r[m] = stage == 1 ? start[m] : stage == 2 ? second : third;
    }
}

static void set_state_sides(const mn_adaptive_members *members, int stage)
{
    for (int64_t f = 0; f < members->view.model->n_fields; f++) {
        if (members->r[f] != NULL) {
            set_state_side(members, f, stage);
        }
    }
}

/* The charge that flowed until a point without having come to be q(v) there (C): c of the head of this file. */
static double unpaid(const mn_adaptive_members *members, mn_place place, double h, int64_t m)
{
    double flowed = place == MN_MIDDLE ? 0.5 * h * members->charge1[m] : h * members->charge2[m];
    return flowed - (members->point[place].linear.q[m] - members->point[MN_START].linear.q[m]);
}

/* What charges add to the right-hand side of a stage, at their edges. */
static double charge_side(const mn_adaptive_members *members, int stage, double h, int64_t m)
{
    double middle = unpaid(members, MN_MIDDLE, h, m) / (h * D);
    if (stage == 2) {
        return -members->charge1[m] - middle;
    }
    double end = unpaid(members, MN_END, h, m) / (h * D);
    return -2.0 * members->charge1[m] - E32 * (members->charge2[m] + middle) - end;
}

/* Right-hand sides of stage 1, 2 or 3: r of the states and R of the nodes. */
static void set_sides(mn_simulation *simulation, double h, int stage)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    const double *start = adaptive->into[MN_START], *middle = adaptive->into[MN_MIDDLE], *end = adaptive->into[MN_END];
    for (int64_t n = 0; n < simulation->network->n_nodes; n++) {
        adaptive->injected[n] = stage == 1   ? start[n]
                                : stage == 2 ? middle[n]
                                             : end[n] + E32 * middle[n] + 2.0 * start[n];
    }
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_members *ends = &simulation->engine->members[p];
        mn_adaptive_members *members = &adaptive->members[p];
        set_state_sides(members, stage);
        for (int64_t m = 0; m < members->view.n && members->charge1 != NULL && stage > 1; m++) {
            double side = charge_side(members, stage, h, m);
            adaptive->injected[ends->a[m]] += side;
            adaptive->injected[ends->b[m]] -= side;
        }
        if (members->i_t[MN_TO_MIDDLE] != NULL) {
            add_time_rates(simulation, p, h * D, stage);
        }
    }
}

/* Keeps the rates of stage 1, or adds those of stage 1 to those of stage 2. */
static void keep_rates(mn_simulation *simulation, double h, int stage)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_members *ends = &simulation->engine->members[p];
        mn_adaptive_members *members = &adaptive->members[p];
        const double *k = stage == 1 ? adaptive->k1 : adaptive->k2;
        for (int64_t m = 0; m < members->view.n && members->charge1 != NULL; m++) {
            double rate = members->point[MN_START].linear.q_v[m] * (k[ends->a[m]] - k[ends->b[m]]);
            if (stage == 1) {
                members->charge1[m] = rate;
            } else {
                members->charge2[m] = members->charge1[m] + rate - unpaid(members, MN_MIDDLE, h, m) / (h * D);
            }
        }
        for (int64_t f = 0; f < members->view.model->n_fields; f++) {
            for (int64_t m = 0; m < members->view.n && members->r[f] != NULL; m++) {
                if (stage == 1) {
                    members->k1[f][m] = members->r[f][m];
                } else {
                    members->k2[f][m] = members->k1[f][m] + members->r[f][m];
                }
            }
        }
    }
    for (int64_t n = 0; n < simulation->network->n_nodes && stage == 2; n++) {
        adaptive->k2[n] += adaptive->k1[n];
    }
}

/* x + h k of one state, in its range. */
MN_VECTOR
static void move_state(const mn_adaptive_members *members, int64_t f, mn_place place, double h)
{
    const double low = members->view.model->field[f].low, high = members->view.model->field[f].high;
    const double *restrict k = place == MN_END ? members->k2[f] : members->k1[f];
    const double *restrict from = members->point[MN_START].x[f];
    double *restrict to = members->point[place].x[f];
    MN_INDEPENDENT
    for (int64_t m = 0; m < members->view.n; m++) {
        double x = from[m] + h * k[m];
        double above = x < low ? low : x;
        to[m] = above > high ? high : above;
    }
}

/* x + h k of all states, and potentials. */
static void move(mn_simulation *simulation, mn_place place, double h)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    const double *k = place == MN_END ? adaptive->k2 : adaptive->k1;
    for (int64_t n = 0; n < simulation->network->n_nodes; n++) {
        adaptive->potential[place][n] = adaptive->potential[MN_START][n] + h * k[n];
    }
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_adaptive_members *members = &adaptive->members[p];
        for (int64_t f = 0; f < members->view.model->n_fields; f++) {
            if (members->r[f] != NULL) {
                move_state(members, f, place, h);
            }
        }
    }
}

/* ------------------------------------------------------------------ one step */

void mn_adaptive_see(mn_simulation *simulation, double h)
{
    (void)set_companions(simulation, h * D);
    mn_adaptive_sum_companions(simulation);
}

static int take_stage(mn_simulation *simulation, mn_solver *solver, double h, int stage, mn_error *error)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    double *k = stage == 1 ? adaptive->k1 : stage == 2 ? adaptive->k2 : adaptive->k3;
    set_boundary(simulation, h, stage);
    set_sides(simulation, h, stage);
    int code = solve_stage(simulation, solver, h * D, k, error);
    if (code == MN_OK && stage < 3) {
        keep_rates(simulation, h, stage);
    }
    return code;
}

/* Whether a solver fails of numbers that are too large or have no solution: a shorter step may have others. */
static bool overflowed(int code)
{
    return code == MN_ERR_CONDUCTANCE || code == MN_ERR_RANGE || code == MN_ERR_SINGULAR ||
           code == MN_ERR_NOT_FINITE_POTENTIAL || code == MN_ERR_NOT_FINITE_DRIVE;
}

int mn_adaptive_try(mn_simulation *simulation, double t, double h, double *size, mn_error *error)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    mn_solver *solver;
    *size = INFINITY;
    if (!set_companions(simulation, h * D)) {
        return MN_OK;
    }
    int code = factor(simulation, &solver, error);
    if (code == MN_OK && solver == &adaptive->umfpack && mn_adaptive_outgrown(simulation)) {
        return MN_OK;
    }
    if (code == MN_OK) {
        set_time_rates(simulation, t, h);
        code = take_stage(simulation, solver, h, 1, error);
    }
    if (code == MN_OK) {
        move(simulation, MN_MIDDLE, 0.5 * h);
        mn_adaptive_linearise(simulation, MN_MIDDLE, t + 0.5 * h);
        code = take_stage(simulation, solver, h, 2, error);
    }
    if (code == MN_OK) {
        move(simulation, MN_END, h);
        mn_adaptive_linearise(simulation, MN_END, t + h);
        code = take_stage(simulation, solver, h, 3, error);
    }
    if (code != MN_OK) {
        if (!overflowed(code)) {
            return code;
        }
        adaptive->worst = error->edge >= 0 ? error->edge : adaptive->worst;
        mn_error_clear(error);
        return MN_OK;
    }
    *size = mn_adaptive_error(simulation, h);
    return MN_OK;
}

static void swap(double **one, double **other)
{
    double *kept = *one;
    *one = *other;
    *other = kept;
}

void mn_adaptive_accept(mn_simulation *simulation, double h)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    swap(&adaptive->potential[MN_START], &adaptive->potential[MN_END]);
    swap(&adaptive->into[MN_START], &adaptive->into[MN_END]);
    swap(&adaptive->value[MN_START], &adaptive->value[MN_END]);
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        mn_point *point = adaptive->members[p].point;
        mn_point old = point[MN_START];
        point[MN_START] = point[MN_END];
        point[MN_END] = old;
        adaptive->members[p].signal[MN_START] = adaptive->members[p].signal[MN_END];
    }
    adaptive->age += h;
    simulation->step_counters.n_steps++;
}
