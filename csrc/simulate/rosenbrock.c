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
#include "circuit/solver.h"
#include "simulate/adaptive.h"

#include <math.h>
#include <string.h>

static const double D = 0.29289321881345248;  /* 1 / (2 + sqrt 2) */
static const double E32 = 7.4142135623730950; /* 6 + sqrt 2 */
static const double POTENTIAL_SHARE = 0.1; /* of the error of a potential that counts: states feel it in later steps */

/* ------------------------------------------------------------------ one stage */

void mn_adaptive_linearise(mn_simulation *simulation, mn_place place, double t)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    double *into = adaptive->into[place];
    memset(into, 0, (size_t)simulation->network->n_nodes * sizeof(*into));
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        mn_adaptive_members *members = &adaptive->members[p];
        mn_point *point = &members->point[place];
        mn_point_linearise(simulation, p, &members->view, point, t, adaptive->potential[place]);
        mn_gather_currents(simulation, p, point->linear.i, into);
    }
}

/* Companions of all edges for h d; false where a state grows so fast that h is too long for any. */
static bool set_companions(mn_simulation *simulation, double hd)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    bool possible = true;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_population *population = &simulation->population[p];
        const mn_linear *at = &adaptive->members[p].point[MN_START].linear;
        bool is_charged = (population->model->flags & MN_HAS_CHARGE) != 0;
        for (int64_t k = 0; k < population->n; k++) {
            double g = at->i_v[k] + (is_charged ? at->q_v[k] / hd : 0.0);
            for (int64_t f = 0; f < population->model->n_fields; f++) {
                if (at->f[f] != NULL) {
                    double left = 1.0 - hd * at->f_x[f][k];
                    possible = possible && left > 0.0;
                    g += at->i_x[f][k] * hd * at->f_v[f][k] / left;
                }
            }
            possible = possible && isfinite(g);
            adaptive->companion[population->edge[k]] = g;
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
static void inject_states(mn_simulation *simulation, int64_t p, double hd)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    const mn_members *ends = &simulation->engine->members[p];
    const mn_adaptive_members *members = &adaptive->members[p];
    const mn_linear *at = &members->point[MN_START].linear;
    for (int64_t f = 0; f < members->view.model->n_fields; f++) {
        for (int64_t m = 0; m < members->view.n && at->f[f] != NULL; m++) {
            double source = at->i_x[f][m] * members->r[f][m] / (1.0 - hd * at->f_x[f][m]);
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
        inject_states(simulation, p, hd);
    }
    int code = solve(simulation, solver, k, error);
    for (int64_t p = 0; p < simulation->n_populations && code == MN_OK; p++) {
        const mn_members *ends = &simulation->engine->members[p];
        mn_adaptive_members *members = &adaptive->members[p];
        const mn_linear *at = &members->point[MN_START].linear;
        for (int64_t f = 0; f < members->view.model->n_fields; f++) {
            for (int64_t m = 0; m < members->view.n && at->f[f] != NULL; m++) {
                double k_v = k[ends->a[m]] - k[ends->b[m]];
                members->r[f][m] = (members->r[f][m] + hd * at->f_v[f][m] * k_v) / (1.0 - hd * at->f_x[f][m]);
            }
        }
    }
    return code;
}

/* ------------------------------------------------------------------ right-hand sides */

/* What the electrodes ask of stage 1, 2 or 3 of a step h: rates of voltages (V/s), or of currents and what they leave
 * (A/s). They are differences of the drive, so that a stage meets it exactly; a W-method keeps its order. */
static void set_boundary(const mn_simulation *simulation, double h, int stage)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    for (int64_t e = 0; e < simulation->network->n_electrodes; e++) {
        double start = adaptive->value[MN_START][e], middle = adaptive->value[MN_MIDDLE][e];
        double end = adaptive->value[MN_END][e];
        double first = 2.0 * (middle - start) / h, second = (end - start) / h;
        double rate = stage == 1 ? first : stage == 2 ? second - first : 2.0 * second - first;
        double left = stage == 1 ? start : stage == 2 ? middle : end + E32 * middle + 2.0 * start;
        adaptive->boundary[e] = adaptive->role[e] == MN_CURRENT ? rate + left / (h * D) : rate;
    }
}

static void set_state_sides(mn_adaptive_members *members, int stage)
{
    double **start = members->point[MN_START].linear.f, **middle = members->point[MN_MIDDLE].linear.f;
    double **end = members->point[MN_END].linear.f;
    for (int64_t f = 0; f < members->view.model->n_fields; f++) {
        for (int64_t m = 0; m < members->view.n && members->r[f] != NULL; m++) {
            double f0 = start[f][m], k1 = members->k1[f][m], k2 = members->k2[f][m];
            members->r[f][m] = stage == 1   ? f0
                               : stage == 2 ? middle[f][m] - k1
                                            : end[f][m] - E32 * (k2 - middle[f][m]) - 2.0 * (k1 - f0);
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

/* x + h k of all states, in their ranges, and potentials. */
static void move(mn_simulation *simulation, mn_place place, double h)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    const double *k = place == MN_END ? adaptive->k2 : adaptive->k1;
    for (int64_t n = 0; n < simulation->network->n_nodes; n++) {
        adaptive->potential[place][n] = adaptive->potential[MN_START][n] + h * k[n];
    }
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        mn_adaptive_members *members = &adaptive->members[p];
        double **k_x = place == MN_END ? members->k2 : members->k1;
        for (int64_t f = 0; f < members->view.model->n_fields; f++) {
            const mn_field *field = &members->view.model->field[f];
            for (int64_t m = 0; m < members->view.n && k_x[f] != NULL; m++) {
                double x = members->point[MN_START].x[f][m] + h * k_x[f][m];
                double above = x < field->low ? field->low : x;
                members->point[place].x[f][m] = above > field->high ? field->high : above;
            }
        }
    }
}

/* ------------------------------------------------------------------ errors */

/* By how much the state changes the conductance, relatively; where it has no part in that, relative to the largest that
 * it was. */
double mn_adaptive_weight(const mn_adaptive_members *members, mn_place place, int64_t f, int64_t m)
{
    const mn_point *point = &members->point[place];
    double current = fabs(point->linear.i_v[m] * point->v[m]), part = fabs(point->linear.i_x[f][m]);
    if (part > 0.0 && current > 0.0) {
        return part / current;
    }
    double here = fabs(point->x[f][m]), size = here > members->largest[f] ? here : members->largest[f];
    return size > 0.0 ? 1.0 / size : 1.0;
}

/* Error of member m: of its states, and of its voltage, of_v (V), by itself and as its states will feel it. */
static double member_error(const mn_adaptive_members *members, int64_t m, double h, double of_v, double scale)
{
    const mn_linear *at = &members->point[MN_END].linear;
    double largest = of_v / scale;
    for (int64_t f = 0; f < members->view.model->n_fields; f++) {
        if (members->r[f] == NULL) {
            continue;
        }
        double first = mn_adaptive_weight(members, MN_START, f, m), last = mn_adaptive_weight(members, MN_END, f, m);
        double counts = first > last ? first : last;
        double of_x = h / 6.0 * fabs(members->k1[f][m] - 2.0 * members->k2[f][m] + members->r[f][m]);
        double memory = 1.0 / (1.0 / h + fabs(at->f_x[f][m])); /* s: how long a voltage is felt */
        double felt = POTENTIAL_SHARE * of_v * fabs(at->f_v[f][m]) * memory;
        double error = (of_x > felt ? of_x : felt) * counts;
        largest = error > largest || isnan(error) ? error : largest;
    }
    return largest;
}

/* Largest error of a step in units of rtol. nan where something overflowed. */
static double step_error(const mn_simulation *simulation, double h, double scale)
{
    const mn_adaptive *adaptive = simulation->engine->adaptive;
    const double *k1 = adaptive->k1, *k2 = adaptive->k2, *k3 = adaptive->k3;
    double largest = 0.0;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_members *ends = &simulation->engine->members[p];
        const mn_adaptive_members *members = &adaptive->members[p];
        for (int64_t m = 0; m < members->view.n && !isnan(largest); m++) {
            int32_t a = ends->a[m], b = ends->b[m];
            double bend = (k1[a] - k1[b]) - 2.0 * (k2[a] - k2[b]) + (k3[a] - k3[b]);
            double error = member_error(members, m, h, h / 6.0 * fabs(bend), scale);
            largest = error > largest || isnan(error) ? error : largest;
        }
    }
    return largest / adaptive->rtol;
}

/* How far the drive is from a straight line in this step, in units of rtol. */
static double drive_error(const mn_adaptive *adaptive, int64_t n_electrodes, double scale)
{
    double bend = 0.0;
    for (int64_t e = 0; e < n_electrodes; e++) {
        double straight = 0.5 * (adaptive->value[MN_START][e] + adaptive->value[MN_END][e]);
        double off = fabs(adaptive->value[MN_MIDDLE][e] - straight);
        bend = adaptive->role[e] == MN_VOLTAGE && off > bend ? off : bend;
    }
    return bend / scale / adaptive->rtol;
}

/* ------------------------------------------------------------------ one step */

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

int mn_adaptive_try(mn_simulation *simulation, double t, double h, double *size, mn_error *error)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    mn_solver *solver;
    *size = INFINITY;
    if (!set_companions(simulation, h * D)) {
        return MN_OK;
    }
    int code = factor(simulation, &solver, error);
    if (code == MN_OK) {
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
        return code;
    }
    double scale = adaptive->scale > 0.0 ? adaptive->scale : 1.0;
    double states = step_error(simulation, h, scale);
    double drive = drive_error(adaptive, simulation->network->n_electrodes, scale);
    *size = drive > states ? drive : states;
    return MN_OK;
}

static void swap(double **one, double **other)
{
    double *kept = *one;
    *one = *other;
    *other = kept;
}

void mn_adaptive_accept(mn_simulation *simulation)
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
    }
    simulation->step_counters.n_steps++;
}

/* ------------------------------------------------------------------ one moment */

/* A time in which no charge and no state moves, as a part of a row: it keeps charges where they are. */
static const double MOMENT = 0x1p-60;
enum { MOST_NEWTON = 100, MOST_HALVINGS = 20 };

/* Largest current that does not balance at a node that is free (A). */
static double imbalance(const mn_simulation *simulation)
{
    const mn_adaptive *adaptive = simulation->engine->adaptive;
    double largest = 0.0;
    for (int64_t n = 0; n < simulation->network->n_nodes; n++) {
        int32_t e = simulation->network->electrode[n];
        if (e < 0 && !isnan(simulation->potential[n])) {
            largest = fmax(largest, fabs(adaptive->into[MN_START][n] - adaptive->charging[n]));
        }
    }
    return largest;
}

/* Moves the potentials of the start by `share` of k1, and what charges take with them. */
static void shift(mn_simulation *simulation, double t, double hd, double share)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_members *ends = &simulation->engine->members[p];
        const mn_adaptive_members *members = &adaptive->members[p];
        for (int64_t m = 0; m < members->view.n && members->charge1 != NULL; m++) {
            double dv = share * (adaptive->k1[ends->a[m]] - adaptive->k1[ends->b[m]]);
            double current = members->point[MN_START].linear.q_v[m] / hd * dv;
            adaptive->charging[ends->a[m]] += current;
            adaptive->charging[ends->b[m]] -= current;
        }
    }
    for (int64_t n = 0; n < simulation->network->n_nodes; n++) {
        adaptive->potential[MN_START][n] += share * adaptive->k1[n];
    }
    mn_adaptive_linearise(simulation, MN_START, t);
}

/* One Newton step at a moment; *moved is the largest change of a potential (V). A step that leaves more out of balance
 * than there was is halved, but for the first one, in which the electrodes jump. */
static int newton(mn_simulation *simulation, double t, bool first, double *moved, mn_error *error)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    const double hd = MOMENT * simulation->options.dt;
    mn_solver *solver;
    if (!set_companions(simulation, hd)) {
        return MN_ERR_NOT_FINITE_STATE;
    }
    for (int64_t e = 0; e < simulation->network->n_electrodes; e++) {
        double value = adaptive->value[MN_END][e];
        bool is_voltage = adaptive->role[e] == MN_VOLTAGE;
        adaptive->boundary[e] = is_voltage ? value - adaptive->potential[MN_START][adaptive->node[e]] : value;
    }
    for (int64_t n = 0; n < simulation->network->n_nodes; n++) {
        adaptive->injected[n] = adaptive->into[MN_START][n] - adaptive->charging[n];
    }
    int code = factor(simulation, &solver, error);
    if (code == MN_OK) {
        code = solve(simulation, solver, adaptive->k1, error);
    }
    if (code != MN_OK) {
        return code;
    }
    double before = first || adaptive->is_linear ? INFINITY : imbalance(simulation);
    *moved = 0.0;
    for (int64_t n = 0; n < simulation->network->n_nodes; n++) {
        *moved = fmax(*moved, fabs(adaptive->k1[n]));
    }
    shift(simulation, t, hd, 1.0);
    double left = 1.0;
    for (int k = 0; k < MOST_HALVINGS && !(imbalance(simulation) <= 2.0 * before); k++) {
        left *= 0.5;
        shift(simulation, t, hd, -left);
    }
    return MN_OK;
}

int mn_adaptive_settle(mn_simulation *simulation, double t, mn_error *error)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    double moved = INFINITY, before;
    memset(adaptive->charging, 0, (size_t)simulation->network->n_nodes * sizeof(double));
    for (int k = 0; k < MOST_NEWTON; k++) {
        before = moved;
        int code = newton(simulation, t, k == 0, &moved, error);
        bool still = moved <= 0x1p-40 * adaptive->scale || (moved <= 1e-9 * adaptive->scale && moved >= before);
        if (code != MN_OK || adaptive->is_linear || still) {
            swap(&adaptive->value[MN_START], &adaptive->value[MN_END]);
            return code;
        }
    }
    return MN_ERR_NOT_FINITE_STATE;
}
