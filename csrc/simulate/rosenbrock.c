/* One adaptive step: the linearly implicit Rosenbrock-W pair of order 2(3) of Shampine and Reichelt (SIAM J. Sci.
 * Comput. 1997, 18, 1), "ode23s", on the network as a differential-algebraic system.
 *
 * Unknown are the potentials and the states. With d = 1/(2 + sqrt 2) and a step h a stage asks for rates k that satisfy
 *
 *     k_x = r + h d (f_x k_x + f_v k_v)                         each state of each edge
 *     sum over edges (q_v k_v + q_x k_x + h d (i_v k_v + i_x k_x)) = R    each node
 *
 * The first gives k_x in terms of k_v, so that each edge is a companion, a conductance
 *
 *     i_v + sum_x (i_x + q_x / (h d)) h d f_v / (1 - h d f_x) + q_v / (h d),
 *
 * beside a source, and a stage is one solve of the network's own Laplacian: one factorisation and three solves a step.
 * An edge that reads another has further terms, h d i_u k_u and h d i_y k_y, of that edge's voltage and states, and the
 * states of its own h d f_u k_u. The solver then has a directed matrix (readers.h). Without these terms of the nodes'
 * equations, which no step forgives, a step would leave currents out of balance by its own length. What states of
 * linked edges do to the rates of others is left out: those are differential equations, and a W-method keeps its order.
 *
 * A charge that is not linear in v leaves a difference c between the charge that flowed and q(v), a constraint like
 * those of the nodes; it counts as -c / (h d) in R, and in the rate of the charge. */
#include "base/vector.h"
#include "circuit/solver.h"
#include "simulate/adaptive.h"
#include "simulate/readers.h"

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
    read_links(simulation, place);
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        mn_adaptive_members *members = &adaptive->members[p];
        mn_point *point = &members->point[place];
        simulation->engine->members[p].signal = members->signal[place];
        mn_point_linearise(simulation, p, &members->view, point, t, adaptive->potential[place]);
    }
}

/* The companions g without states. */
MN_VECTOR_WIDE
static void start_companions(const mn_adaptive_members *members, mn_run run, double hd)
{
    const mn_linear *at = &members->point[MN_START].linear;
    const double *restrict i_v = at->i_v + run.first, *restrict q_v = at->q_v + run.first;
    double *restrict g = members->g + run.first;
    const bool is_charged = members->charge1 != NULL;
    MN_INDEPENDENT
    for (int64_t m = 0; m < run.n; m++) {
        g[m] = is_charged ? i_v[m] + q_v[m] / hd : i_v[m];
    }
}

/* 1 / (1 - h d f_x) of a state, and what that adds to the companions g. */
MN_VECTOR_WIDE
static void add_companions(const mn_adaptive_members *members, int64_t f, mn_run run, double hd)
{
    const mn_linear *at = &members->point[MN_START].linear;
    const double *restrict f_x = at->f_x[f] + run.first, *restrict f_v = at->f_v[f] + run.first;
    const double *restrict i_x = at->i_x[f] + run.first;
    double *restrict g = members->g + run.first, *restrict inverse = members->inverse[f] + run.first;
    MN_INDEPENDENT
    for (int64_t m = 0; m < run.n; m++) {
        inverse[m] = 1.0 / (1.0 - hd * f_x[m]);
        g[m] += i_x[m] * hd * f_v[m] * inverse[m];
    }
    for (int64_t m = 0; m < run.n && at->q_x != NULL; m++) {
        g[m] += at->q_x[f][run.first + m] * f_v[m] * inverse[m];
    }
}

/* How many of n numbers are below 0, or none, or infinite. */
MN_VECTOR_WIDE
static int64_t count_strange(int64_t n, const double *restrict x)
{
    int64_t n_strange = 0;
    for (int64_t k = 0; k < n; k++) {
        n_strange += !(x[k] >= 0.0) | !(x[k] < INFINITY);
    }
    return n_strange;
}

/* The first member of a run that no step of this length can have, since a state grows too fast or a number overflows,
 * or -1. */
static int64_t find_impossible(const mn_adaptive_members *members, mn_run run)
{
    int64_t first = run.first + run.n;
    for (int64_t f = 0; f < members->view.model->n_fields; f++) {
        for (int64_t m = run.first; m < first && members->inverse[f] != NULL; m++) {
            first = members->inverse[f][m] > 0.0 ? first : m;
        }
    }
    for (int64_t m = run.first; m < first; m++) {
        first = isfinite(members->g[m]) ? first : m;
    }
    return first < run.first + run.n ? first : -1;
}

/* Companions of a run for h d; *strange, how many of them, or of what they are made of, are no everyday numbers. */
static void set_run(const mn_adaptive_members *members, mn_run run, double hd, int64_t *strange)
{
    start_companions(members, run, hd);
    *strange = 0;
    for (int64_t f = 0; f < members->view.model->n_fields; f++) {
        if (members->inverse[f] != NULL) {
            add_companions(members, f, run, hd);
            *strange += count_strange(run.n, members->inverse[f] + run.first);
        }
    }
    *strange += count_strange(run.n, members->g + run.first);
}

/* Companions of all edges for h d; false where a state grows so fast that h is too long for any. */
static bool set_companions(mn_simulation *simulation, double hd)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    bool possible = true;
    adaptive->has_negative = false;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_population *population = &simulation->population[p];
        const mn_adaptive_members *members = &adaptive->members[p];
        for (mn_run run = mn_first_run(population->n); run.n > 0; run = mn_next_run(run, population->n)) {
            int64_t strange;
            set_run(members, run, hd, &strange);
            const int64_t bad = strange > 0 && possible ? find_impossible(members, run) : -1;
            adaptive->worst = bad >= 0 ? population->edge[bad] : adaptive->worst;
            possible = possible && bad < 0;
            for (int64_t m = run.first; m < run.first + run.n; m++) {
                adaptive->companion[population->edge[m]] = members->g[m];
                adaptive->has_negative = adaptive->has_negative || (strange > 0 && members->g[m] < 0.0);
            }
        }
    }
    return possible;
}

/* How edges follow what they read, at the start. */
static void linearise_readers(mn_simulation *simulation, double t)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    read_links(simulation, MN_START);
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        mn_adaptive_members *members = &adaptive->members[p];
        if (simulation->engine->members[p].links != NULL) {
            simulation->engine->members[p].signal = members->signal[MN_START];
            mn_links_read_voltages(simulation, p, adaptive->potential[MN_START]);
            mn_view_point(simulation, p, &members->view, &members->point[MN_START]);
            mn_reader_linearise(simulation, p, &members->view, t, members->point[MN_START].v);
        }
    }
}

/* What a reader's own states make of the voltage that it reads. */
static double by_own_states(const mn_adaptive_members *members, const mn_reader *reader, int64_t m, double hd)
{
    const mn_linear *at = &members->point[MN_START].linear;
    double sum = 0.0;
    for (int64_t f = 0; f < members->view.model->n_fields; f++) {
        if (members->inverse[f] != NULL) {
            const double q_x = at->q_x == NULL ? 0.0 : at->q_x[f][m];
            sum += (at->i_x[f][m] * hd + q_x) * reader->f_u[f][m] * members->inverse[f][m];
        }
    }
    return sum;
}

/* Transfers of the readers of population p for h d: by the edge that is read, and by the one that this reads. */
static void set_transfers(mn_simulation *simulation, int64_t p, double hd)
{
    const mn_adaptive *adaptive = simulation->engine->adaptive;
    mn_readers *readers = simulation->engine->readers;
    const mn_reader *reader = &readers->reader[p];
    const mn_links *links = simulation->engine->members[p].links;
    const int64_t n = simulation->population[p].n, n_states = simulation->population[p].model->n_linked_states;
    for (int64_t k = 0; k < n; k++) {
        const int64_t q = links->population[k], m = links->member[k];
        const mn_adaptive_members *linked = &adaptive->members[q];
        double own = reader->i_u[k] + by_own_states(&adaptive->members[p], reader, k, hd), of_linked = 0.0;
        for (int64_t s = 0; s < n_states; s++) {
            const int32_t f = links->field[s * n + k];
            const double by_state = reader->i_y[s][k] * hd * linked->inverse[f][m];
            own += by_state * linked->point[MN_START].linear.f_v[f][m];
            of_linked += readers->reader[q].f_u != NULL ? by_state * readers->reader[q].f_u[f][m] : 0.0;
        }
        readers->conductance[reader->own + k] = own;
        if (reader->of_linked >= 0) {
            readers->conductance[reader->of_linked + k] = of_linked;
        }
    }
}

static int factor_directed(mn_simulation *simulation, mn_solver **solver, mn_error *error)
{
    *solver = &simulation->engine->readers->solver;
    return mn_solver_factor_directed(*solver, simulation->engine->adaptive->companion,
                                     simulation->engine->readers->conductance, error);
}

static int factor(mn_simulation *simulation, mn_solver **solver, mn_error *error)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    if (mn_readers_count(simulation->engine->readers)) {
        simulation->step_counters.n_factorisations++;
        return factor_directed(simulation, solver, error);
    }
    *solver = adaptive->has_negative ? &adaptive->umfpack : &simulation->solver;
    simulation->step_counters.n_negative += adaptive->has_negative;
    simulation->step_counters.n_factorisations++;
    return mn_solver_factor(*solver, adaptive->companion, NULL, -1, NULL, error);
}

/* Potentials that an island does not have make 0 of what its nodes would get; so do nodes whose number is none. */
MN_VECTOR_WIDE
static void clear_where_nan(int64_t n, const double *restrict given, double *restrict x)
{
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        x[k] = given[k] == given[k] ? x[k] : 0.0;
    }
}

MN_VECTOR_WIDE
static void clear_nan(int64_t n, double *restrict x)
{
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        x[k] = x[k] == x[k] ? x[k] : 0.0;
    }
}

/* Solves with `injected` and `boundary` for one number a node, 0 on islands. */
static int solve(mn_simulation *simulation, mn_solver *solver, double *k, mn_error *error)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    const int64_t n_nodes = simulation->network->n_nodes;
    double conductance;
    clear_where_nan(n_nodes, simulation->potential, adaptive->injected);
    const mn_boundary boundary = {.role = adaptive->role, .value = adaptive->boundary, .imag = NULL};
    const mn_solution solution = {
        .potential = k, .voltage = adaptive->voltage, .current = adaptive->current, .conductance = &conductance};
    simulation->step_counters.n_solves++;
    int code = mn_solver_solve(solver, &boundary, adaptive->injected, NULL, &solution, error);
    if (code == MN_OK) {
        clear_nan(n_nodes, k);
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

/* Adds to the right-hand side of a state what the waveform of a device does. */
static void add_time_rates(const mn_adaptive_members *members, int64_t f, mn_run run, double hd, int stage)
{
    const double *to_middle = members->f_t[MN_TO_MIDDLE][f], *to_end = members->f_t[MN_TO_END][f];
    for (int64_t m = run.first; m < run.first + run.n; m++) {
        members->r[f][m] += hd * rate_of(to_middle[m], to_end[m], stage);
    }
}

/* The right-hand side of a state of a member, whose rates are f at the start, in the middle and at the end. */
static inline double side_of(double start, double middle, double end, double k1, double k2, bool at_end, int stage)
{
    const double f1 = stage > 1 && middle != 0.0 ? middle : start;
    const double f2 = end == 0.0 && at_end ? f1 : end;
    const double second = f1 - k1, third = f2 - E32 * (k2 - f1) - 2.0 * (k1 - start);
    return stage == 1 ? start : stage == 2 ? second : third;
}

/* A state that stops half-way, at an end of its range or below a threshold, moves on as it began: with no rate there it
 * would stay where it was, before the end, in steps that may be as short as errors like. One that has come to an end of
 * its range is exact there, and no shorter step knows the jump of its rate any better. */
MN_VECTOR_WIDE
static void set_state_side(const mn_adaptive_members *members, int64_t f, mn_run run, int stage)
{
    const double *restrict start = members->point[MN_START].linear.f[f] + run.first;
    const double *restrict middle = members->point[MN_MIDDLE].linear.f[f] + run.first;
    const double *restrict end = members->point[MN_END].linear.f[f] + run.first;
    const double *restrict k1 = members->k1[f] + run.first, *restrict k2 = members->k2[f] + run.first;
    const double *restrict x = members->point[MN_END].x[f] + run.first;
    const mn_population *view = &members->view;
    double *restrict r = members->r[f] + run.first;
    if (view->low[f] != NULL) {
        const double *restrict low = view->low[f] + run.first, *restrict high = view->high[f] + run.first;
        MN_INDEPENDENT
        for (int64_t m = 0; m < run.n; m++) {
            r[m] = side_of(start[m], middle[m], end[m], k1[m], k2[m], x[m] == low[m] || x[m] == high[m], stage);
        }
        return;
    }
    const double low = view->model->field[f].low, high = view->model->field[f].high;
    MN_INDEPENDENT
    for (int64_t m = 0; m < run.n; m++) {
        r[m] = side_of(start[m], middle[m], end[m], k1[m], k2[m], x[m] == low || x[m] == high, stage);
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

/* What flows through the edges in the right-hand side R of a stage, by h d (A/s). */
MN_VECTOR_WIDE
static void set_flow(const mn_adaptive_members *members, mn_run run, double hd, int stage, double *restrict flow)
{
    const double *restrict start = members->point[MN_START].linear.i + run.first;
    const double *restrict middle = members->point[MN_MIDDLE].linear.i + run.first;
    const double *restrict end = members->point[MN_END].linear.i + run.first;
    const double each = 1.0 / hd;
    for (int64_t m = 0; m < run.n; m++) {
        double third = end[m] + E32 * middle[m] + 2.0 * start[m];
        flow[m] = each * (stage == 1 ? start[m] : stage == 2 ? middle[m] : third);
    }
}

/* Adds what the right-hand side r of a state drives. */
MN_VECTOR_WIDE
static void add_state_flow(const mn_adaptive_members *members, int64_t f, mn_run run, double *restrict flow)
{
    const double *restrict i_x = members->point[MN_START].linear.i_x[f] + run.first;
    const double *restrict inverse = members->inverse[f] + run.first, *restrict r = members->r[f] + run.first;
    MN_INDEPENDENT
    for (int64_t m = 0; m < run.n; m++) {
        flow[m] += i_x[m] * r[m] * inverse[m];
    }
}

/* Adds what it does to a charge. */
static void add_charge_flow(const mn_adaptive_members *members, int64_t f, mn_run run, double hd, double *flow)
{
    const double *q_x = members->point[MN_START].linear.q_x[f] + run.first;
    const double *inverse = members->inverse[f] + run.first, *r = members->r[f] + run.first;
    for (int64_t m = 0; m < run.n; m++) {
        flow[m] += q_x[m] / hd * r[m] * inverse[m];
    }
}

/* Right-hand sides r of the states of a run, and what its edges bring to those of the nodes. */
static void set_run_sides(const mn_adaptive_members *members, mn_run run, double h, int stage, double *flow)
{
    const double hd = h * D;
    const bool is_charged = members->charge1 != NULL && stage > 1, has_signal = members->i_t[MN_TO_MIDDLE] != NULL;
    set_flow(members, run, hd, stage, flow);
    for (int64_t m = 0; m < run.n && is_charged; m++) {
        flow[m] -= charge_side(members, stage, h, run.first + m) / hd;
    }
    for (int64_t m = 0; m < run.n && has_signal; m++) {
        const int64_t k = run.first + m;
        flow[m] += rate_of(members->i_t[MN_TO_MIDDLE][k], members->i_t[MN_TO_END][k], stage);
    }
    for (int64_t f = 0; f < members->view.model->n_fields; f++) {
        if (members->r[f] == NULL) {
            continue;
        }
        set_state_side(members, f, run, stage);
        if (has_signal) {
            add_time_rates(members, f, run, hd, stage);
        }
        add_state_flow(members, f, run, flow);
        if (members->point[MN_START].linear.q_x != NULL) {
            add_charge_flow(members, f, run, hd, flow);
        }
    }
}

/* Adds what the right-hand sides of linked states drive through the readers of population p. */
static void add_linked_flow(mn_simulation *simulation, int64_t p)
{
    const mn_adaptive *adaptive = simulation->engine->adaptive;
    const mn_reader *reader = &simulation->engine->readers->reader[p];
    const mn_members *ends = &simulation->engine->members[p];
    const int64_t n = simulation->population[p].n;
    for (int64_t k = 0; k < n; k++) {
        const mn_adaptive_members *linked = &adaptive->members[ends->links->population[k]];
        const int64_t m = ends->links->member[k];
        double flow = 0.0;
        for (int64_t s = 0; s < simulation->population[p].model->n_linked_states; s++) {
            const int32_t f = ends->links->field[s * n + k];
            flow += reader->i_y[s][k] * linked->r[f][m] * linked->inverse[f][m];
        }
        adaptive->injected[ends->a[k]] -= flow;
        adaptive->injected[ends->b[k]] += flow;
    }
}

/* Right-hand sides of stage 1, 2 or 3: r of the states, and what is injected into the nodes. */
static void set_sides(mn_simulation *simulation, double h, int stage)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    double flow[MN_RUN];
    memset(adaptive->injected, 0, (size_t)simulation->network->n_nodes * sizeof(double));
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_adaptive_members *members = &adaptive->members[p];
        const int64_t n = members->view.n;
        for (mn_run run = mn_first_run(n); run.n > 0; run = mn_next_run(run, n)) {
            set_run_sides(members, run, h, stage, flow);
            mn_gather_currents(simulation, p, run, flow, adaptive->injected);
        }
    }
    for (int64_t p = 0; p < simulation->n_populations && simulation->engine->readers != NULL; p++) {
        if (simulation->engine->members[p].links != NULL) {
            add_linked_flow(simulation, p);
        }
    }
}

/* ------------------------------------------------------------------ rates */

/* From the right-hand side r of a state and the rate of the voltage, the rate of the state. */
MN_VECTOR_WIDE
static void find_state_rate(const mn_adaptive_members *members, int64_t f, mn_run run, double hd,
                            const double *restrict k_v)
{
    const double *restrict f_v = members->point[MN_START].linear.f_v[f] + run.first;
    const double *restrict inverse = members->inverse[f] + run.first;
    double *restrict r = members->r[f] + run.first;
    MN_INDEPENDENT
    for (int64_t m = 0; m < run.n; m++) {
        r[m] = (r[m] + hd * f_v[m] * k_v[m]) * inverse[m];
    }
}

/* What the rates r of states do to a charge (A). */
static inline double rate_by_states(const mn_adaptive_members *members, int64_t m)
{
    double rate = 0.0;
    for (int64_t f = 0; f < members->view.model->n_fields; f++) {
        rate += members->r[f] == NULL ? 0.0 : members->point[MN_START].linear.q_x[f][m] * members->r[f][m];
    }
    return rate;
}

static void keep_charge_rates(const mn_adaptive_members *members, mn_run run, double h, int stage)
{
    for (int64_t m = run.first; m < run.first + run.n; m++) {
        double rate = members->point[MN_START].linear.q_v[m] * members->k_v[stage - 1][m] + rate_by_states(members, m);
        if (stage == 1) {
            members->charge1[m] = rate;
        } else {
            members->charge2[m] = members->charge1[m] + rate - unpaid(members, MN_MIDDLE, h, m) / (h * D);
        }
    }
}

MN_VECTOR_WIDE
static void add(int64_t n, const double *restrict x, const double *restrict y, double *restrict sum)
{
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        sum[k] = x[k] + y[k];
    }
}

MN_VECTOR_WIDE
static void add_to(int64_t n, const double *restrict x, double *restrict sum)
{
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        sum[k] += x[k];
    }
}

/* x + h k of one state, in its range. */
MN_VECTOR_WIDE
static void move_state(const mn_adaptive_members *members, int64_t f, mn_run run, mn_place place, double h)
{
    const mn_population *view = &members->view;
    const double *restrict k = (place == MN_END ? members->k2[f] : members->k1[f]) + run.first;
    const double *restrict from = members->point[MN_START].x[f] + run.first;
    double *restrict to = members->point[place].x[f] + run.first;
    if (view->low[f] != NULL) {
        const double *restrict low = view->low[f] + run.first, *restrict high = view->high[f] + run.first;
        MN_INDEPENDENT
        for (int64_t m = 0; m < run.n; m++) {
            to[m] = mn_bounded(from[m] + h * k[m], low[m], high[m]);
        }
        return;
    }
    const double low = view->model->field[f].low, high = view->model->field[f].high;
    MN_INDEPENDENT
    for (int64_t m = 0; m < run.n; m++) {
        to[m] = mn_bounded(from[m] + h * k[m], low, high);
    }
}

/* Keeps the rates of stage 1, or adds those of stage 1 to those of stage 2, and moves the states of a run to where the
 * next stage looks at them. */
static void keep_run_rates(const mn_adaptive_members *members, mn_run run, double h, int stage)
{
    const size_t size = (size_t)run.n * sizeof(double);
    if (members->charge1 != NULL) {
        keep_charge_rates(members, run, h, stage);
    }
    for (int64_t f = 0; f < members->view.model->n_fields; f++) {
        if (members->r[f] == NULL) {
            continue;
        }
        const double *r = members->r[f] + run.first;
        if (stage == 1) {
            memcpy(members->k1[f] + run.first, r, size);
        } else {
            add(run.n, members->k1[f] + run.first, r, members->k2[f] + run.first);
        }
        move_state(members, f, run, stage == 1 ? MN_MIDDLE : MN_END, stage == 1 ? 0.5 * h : h);
    }
    if (stage == 2) {
        add_to(run.n, members->k_v[0] + run.first, members->k_v[1] + run.first);
    }
}

/* Adds to the right-hand sides of the states of readers what the voltages that they read do. */
static void add_linked_rates(const mn_simulation *simulation, int64_t p, double hd, const double *k)
{
    const mn_adaptive_members *members = &simulation->engine->adaptive->members[p];
    const mn_reader *reader = &simulation->engine->readers->reader[p];
    const mn_network *network = simulation->network;
    const int32_t *edge = simulation->engine->members[p].links->edge;
    for (int64_t f = 0; f < members->view.model->n_fields; f++) {
        for (int64_t m = 0; m < members->view.n && members->r[f] != NULL; m++) {
            members->r[f][m] += hd * reader->f_u[f][m] * (k[network->a[edge[m]]] - k[network->b[edge[m]]]);
        }
    }
}

/* The rates of the edges of a population, from those of the potentials; after stages 1 and 2 also where the states go.
 */
static void find_rates(mn_simulation *simulation, int64_t p, double h, int stage)
{
    const mn_adaptive *adaptive = simulation->engine->adaptive;
    const mn_adaptive_members *members = &adaptive->members[p];
    const int64_t n = members->view.n;
    if (simulation->engine->readers != NULL && simulation->engine->members[p].links != NULL) {
        add_linked_rates(simulation, p, h * D, adaptive->k[stage - 1]);
    }
    for (mn_run run = mn_first_run(n); run.n > 0; run = mn_next_run(run, n)) {
        double *k_v = members->k_v[stage - 1] + run.first;
        mn_branch_differences(simulation, p, run, adaptive->k[stage - 1], k_v);
        for (int64_t f = 0; f < members->view.model->n_fields; f++) {
            if (members->r[f] != NULL) {
                find_state_rate(members, f, run, h * D, k_v);
            }
        }
        if (stage < 3) {
            keep_run_rates(members, run, h, stage);
        }
    }
}

MN_VECTOR_WIDE
static void move_by(int64_t n, const double *restrict from, double h, const double *restrict k, double *restrict to)
{
    MN_INDEPENDENT
    for (int64_t m = 0; m < n; m++) {
        to[m] = from[m] + h * k[m];
    }
}

/* Where stage 1 or 2 brings the potentials: x + h k. */
static void move_potentials(mn_simulation *simulation, double h, int stage)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    const int64_t n = simulation->network->n_nodes;
    if (stage == 1) {
        move_by(n, adaptive->potential[MN_START], 0.5 * h, adaptive->k[0], adaptive->potential[MN_MIDDLE]);
    } else {
        add_to(n, adaptive->k[0], adaptive->k[1]);
        move_by(n, adaptive->potential[MN_START], h, adaptive->k[1], adaptive->potential[MN_END]);
    }
}

/* ------------------------------------------------------------------ one step */

void mn_adaptive_see(mn_simulation *simulation, double h)
{
    (void)set_companions(simulation, h * D);
    mn_adaptive_sum_companions(simulation);
}

/* One stage, and where it brings potentials and states. */
static int take_stage(mn_simulation *simulation, mn_solver *solver, double h, int stage, mn_error *error)
{
    set_boundary(simulation, h, stage);
    set_sides(simulation, h, stage);
    int code = solve(simulation, solver, simulation->engine->adaptive->k[stage - 1], error);
    if (code != MN_OK) {
        return code;
    }
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        find_rates(simulation, p, h, stage);
    }
    if (stage < 3) {
        move_potentials(simulation, h, stage);
    }
    return MN_OK;
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
    if (simulation->engine->readers != NULL) {
        linearise_readers(simulation, t);
        for (int64_t p = 0; p < simulation->n_populations; p++) {
            if (simulation->engine->members[p].links != NULL) {
                set_transfers(simulation, p, h * D);
            }
        }
    }
    int code = factor(simulation, &solver, error);
    if (code == MN_OK && adaptive->has_negative && mn_adaptive_outgrown(simulation)) {
        return MN_OK;
    }
    if (code == MN_OK) {
        set_time_rates(simulation, t, h);
        code = take_stage(simulation, solver, h, 1, error);
    }
    if (code == MN_OK) {
        mn_adaptive_linearise(simulation, MN_MIDDLE, t + 0.5 * h);
        code = take_stage(simulation, solver, h, 2, error);
    }
    if (code == MN_OK) {
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
    swap(&adaptive->value[MN_START], &adaptive->value[MN_END]);
    swap(&adaptive->asked[MN_START], &adaptive->asked[MN_END]);
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        mn_point *point = adaptive->members[p].point;
        mn_point old = point[MN_START];
        point[MN_START] = point[MN_END];
        point[MN_END] = old;
        adaptive->members[p].signal[MN_START] = adaptive->members[p].signal[MN_END];
    }
    adaptive->age += h;
    adaptive->scale = adaptive->scale_at_end;
    simulation->step_counters.n_steps++;
}
