/* Adaptive steps: the linearly implicit Rosenbrock-W pair of order 2(3) of Shampine and Reichelt (SIAM J. Sci. Comput.
 * 1997, 18, 1), "ode23s", on the network as a differential-algebraic system.
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
 */
#include "simulate/adaptive.h"

#include "circuit/solver.h"
#include "drive/waveform.h"

#include <math.h>
#include <string.h>

static const double D = 0.29289321881345248;  /* 1 / (2 + sqrt 2) */
static const double E32 = 7.4142135623730950; /* 6 + sqrt 2 */
static const double SAFETY = 0.9, LEAST = 0.2, MOST = 5.0;
static const double FIRST_SHARE = 0.1;     /* of what the rates allow: nothing is known of them yet */
static const double POTENTIAL_SHARE = 0.1; /* of the error of a potential that counts: states feel it in later steps */
static const double HARDLY = 0x1p-100;     /* of a row: the length of a jump */
static const double BEFORE_JUMP = 1e-13;   /* of a row: where the drive before a jump is read */

/* ------------------------------------------------------------------ life */

static void alloc_members(mn_pool *pool, mn_adaptive_members *members, const mn_population *population)
{
    members->view = mn_view_alloc(pool, population);
    mn_point_alloc(pool, &members->start, population);
    mn_point_alloc(pool, &members->middle, population);
    mn_point_alloc(pool, &members->end, population);
    members->k1 = mn_alloc_states(pool, population);
    members->k2 = mn_alloc_states(pool, population);
    members->r = mn_alloc_states(pool, population);
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
    double **node[] = {&adaptive->phi,      &adaptive->phi_stage, &adaptive->k1,         &adaptive->k2,
                       &adaptive->k3,       &adaptive->into,      &adaptive->into_start, &adaptive->into_middle,
                       &adaptive->charging, &adaptive->injected};
    for (int64_t k = 0; k < (int64_t)(sizeof(node) / sizeof(node[0])); k++) {
        *node[k] = mn_pool_alloc(pool, network->n_nodes, sizeof(double));
    }
    double **electrode[] = {&adaptive->start,    &adaptive->middle,  &adaptive->end,
                            &adaptive->boundary, &adaptive->voltage, &adaptive->current};
    for (int64_t k = 0; k < (int64_t)(sizeof(electrode) / sizeof(electrode[0])); k++) {
        *electrode[k] = mn_pool_alloc(pool, network->n_electrodes, sizeof(double));
    }
    adaptive->role = mn_pool_alloc(pool, network->n_electrodes, sizeof(uint8_t));
    adaptive->role_now = mn_pool_alloc(pool, network->n_electrodes, sizeof(uint8_t));
    adaptive->companion = mn_pool_alloc(pool, network->n_edges, sizeof(double));
    adaptive->members = mn_pool_alloc(pool, simulation->n_populations, sizeof(*adaptive->members));
    for (int64_t p = 0; p < simulation->n_populations && pool->code == MN_OK; p++) {
        alloc_members(pool, &adaptive->members[p], &simulation->population[p]);
    }
    if (pool->code != MN_OK) {
        return pool->code;
    }
    int code = mn_drive_init(&adaptive->drive, simulation->drive.n_electrodes, simulation->drive.root,
                             simulation->drive.n_waves, simulation->drive.wave, error);
    if (code != MN_OK) {
        return code;
    }
    mn_drive_be_exact(&adaptive->drive);
    return mn_solver_init(&adaptive->umfpack, "umfpack", network, false, simulation->options.cancel, error);
}

void mn_adaptive_free(mn_simulation *simulation)
{
    if (simulation->engine != NULL && simulation->engine->adaptive != NULL) {
        mn_solver_free(&simulation->engine->adaptive->umfpack);
        mn_drive_free(&simulation->engine->adaptive->drive);
    }
}

/* ------------------------------------------------------------------ points */

static mn_point *point_of(mn_adaptive_members *members, size_t which)
{
    return (mn_point *)((char *)members + which);
}

#define START offsetof(mn_adaptive_members, start)
#define MIDDLE offsetof(mn_adaptive_members, middle)
#define END offsetof(mn_adaptive_members, end)

/* Reads the states of linked edges at a point. */
static void read_links(mn_simulation *simulation, size_t which)
{
    const mn_engine *engine = simulation->engine;
    for (int64_t p = 0; engine->has_links && p < simulation->n_populations; p++) {
        engine->members[p].states = point_of(&engine->adaptive->members[p], which)->x;
    }
    mn_links_read_states(simulation);
    for (int64_t p = 0; engine->has_links && p < simulation->n_populations; p++) {
        engine->members[p].states = simulation->population[p].field;
    }
}

/* Linearises everything at the states of a point and at some potentials; `into` is what edges then carry into nodes. */
static void linearise(mn_simulation *simulation, size_t which, double t, const double *potential, double *into)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    memset(into, 0, (size_t)simulation->network->n_nodes * sizeof(*into));
    read_links(simulation, which);
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        mn_adaptive_members *members = &adaptive->members[p];
        mn_point *point = point_of(members, which);
        mn_point_linearise(simulation, p, &members->view, point, t, potential);
        mn_gather_currents(simulation, p, point->linear.i, into);
    }
}

/* ------------------------------------------------------------------ one stage */

/* Companions of all edges for a step h; false where a state grows so fast that h is too long for any. */
static bool companions(mn_simulation *simulation, double h)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    const double hd = h * D;
    bool positive = true;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_population *population = &simulation->population[p];
        const mn_linear *at = &adaptive->members[p].start.linear;
        for (int64_t k = 0; k < population->n; k++) {
            double g = at->i_v[k] + at->q_v[k] / hd;
            for (int64_t f = 0; f < population->model->n_fields; f++) {
                if (at->f[f] != NULL) {
                    double left = 1.0 - hd * at->f_x[f][k];
                    positive = positive && left > 0.0;
                    g += at->i_x[f][k] * hd * at->f_v[f][k] / left;
                }
            }
            adaptive->companion[population->edge[k]] = g;
        }
    }
    return positive;
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

/* Solves a stage: from r of the states and R of the nodes (in `injected`), and rates of the electrodes in `boundary`,
 * the rates k of the potentials; r becomes those of the states. */
static int solve_stage(mn_simulation *simulation, mn_solver *solver, double h, double *k, mn_error *error)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    const double hd = h * D;
    for (int64_t n = 0; n < simulation->network->n_nodes; n++) {
        adaptive->injected[n] /= hd;
    }
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_members *ends = &simulation->engine->members[p];
        mn_adaptive_members *members = &adaptive->members[p];
        const mn_linear *at = &members->start.linear;
        for (int64_t f = 0; f < members->view.model->n_fields; f++) {
            for (int64_t m = 0; m < members->view.n && at->f[f] != NULL; m++) {
                double source = at->i_x[f][m] * members->r[f][m] / (1.0 - hd * at->f_x[f][m]);
                adaptive->injected[ends->a[m]] -= source;
                adaptive->injected[ends->b[m]] += source;
            }
        }
    }
    for (int64_t n = 0; n < simulation->network->n_nodes; n++) {
        adaptive->injected[n] = isnan(simulation->potential[n]) ? 0.0 : adaptive->injected[n];
    }
    double conductance;
    mn_boundary boundary = {.role = adaptive->role, .value = adaptive->boundary, .imag = NULL};
    mn_solution solution = {
        .potential = k, .voltage = adaptive->voltage, .current = adaptive->current, .conductance = &conductance};
    int code = mn_solver_solve(solver, &boundary, adaptive->injected, NULL, &solution, error);
    simulation->step_counters.n_solves++;
    for (int64_t n = 0; n < simulation->network->n_nodes; n++) {
        k[n] = isnan(k[n]) ? 0.0 : k[n];
    }
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        mn_adaptive_members *members = &adaptive->members[p];
        const mn_linear *at = &members->start.linear;
        double *k_v = members->middle.linear.i_v; /* free in a stage */
        mn_branch_voltages(simulation, p, k, k_v);
        for (int64_t f = 0; f < members->view.model->n_fields; f++) {
            for (int64_t m = 0; m < members->view.n && at->f[f] != NULL; m++) {
                members->r[f][m] = (members->r[f][m] + hd * at->f_v[f][m] * k_v[m]) / (1.0 - hd * at->f_x[f][m]);
            }
        }
    }
    return code;
}

/* What rates k of the potentials charge at the nodes (A). */
static void charge(const mn_simulation *simulation, const double *k, double *charging)
{
    const mn_adaptive *adaptive = simulation->engine->adaptive;
    memset(charging, 0, (size_t)simulation->network->n_nodes * sizeof(*charging));
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_members *ends = &simulation->engine->members[p];
        const mn_linear *at = &adaptive->members[p].start.linear;
        if (!(adaptive->members[p].view.model->flags & MN_HAS_CHARGE)) {
            continue;
        }
        for (int64_t m = 0; m < adaptive->members[p].view.n; m++) {
            double current = at->q_v[m] * (k[ends->a[m]] - k[ends->b[m]]);
            charging[ends->a[m]] += current;
            charging[ends->b[m]] -= current;
        }
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
    mn_drive_evaluate(&adaptive->drive, t < before ? t : before, adaptive->role_now, value);
}

/* What the electrodes ask of stage 1, 2 or 3 of a step h: rates of voltages (V/s), or of currents and what they leave
 * (A/s). They are differences of the drive, so that a stage meets it exactly; a W-method keeps its order. */
static void set_boundary(const mn_simulation *simulation, double h, int stage)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    for (int64_t e = 0; e < simulation->network->n_electrodes; e++) {
        double start = adaptive->start[e], middle = adaptive->middle[e], end = adaptive->end[e];
        double first = 2.0 * (middle - start) / h, second = (end - start) / h;
        double rate = stage == 1 ? first : stage == 2 ? second - first : 2.0 * second - first;
        double left = stage == 1 ? start : stage == 2 ? middle : end + E32 * middle + 2.0 * start;
        adaptive->boundary[e] = adaptive->role[e] == MN_CURRENT ? rate + left / (h * D) : rate;
    }
}

/* ------------------------------------------------------------------ one step */

/* x + h k of all states and potentials, for a point. */
static void move(mn_simulation *simulation, size_t which, double h, bool second)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    const double *k = second ? adaptive->k2 : adaptive->k1;
    for (int64_t n = 0; n < simulation->network->n_nodes; n++) {
        adaptive->phi_stage[n] = adaptive->phi[n] + h * k[n];
    }
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        mn_adaptive_members *members = &adaptive->members[p];
        double **k_x = second ? members->k2 : members->k1;
        mn_point *point = point_of(members, which);
        for (int64_t f = 0; f < members->view.model->n_fields; f++) {
            const mn_field *field = &members->view.model->field[f];
            for (int64_t m = 0; m < members->view.n && point->x[f] != NULL; m++) {
                double x = members->start.x[f][m] + h * k_x[f][m];
                double above = x < field->low ? field->low : x;
                point->x[f][m] = above > field->high ? field->high : above;
            }
        }
    }
}

/* Right-hand sides of stage 1, 2 or 3: r of the states and R of the nodes. */
static void set_right_sides(mn_simulation *simulation, int stage)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    const int64_t n_nodes = simulation->network->n_nodes;
    if (stage == 1) {
        memcpy(adaptive->injected, adaptive->into_start, (size_t)n_nodes * sizeof(double));
    } else {
        charge(simulation, adaptive->k1, adaptive->charging);
        for (int64_t n = 0; n < n_nodes; n++) {
            adaptive->injected[n] = stage == 2 ? adaptive->into_middle[n] - adaptive->charging[n]
                                               : adaptive->into[n] + E32 * adaptive->into_middle[n] -
                                                     2.0 * (adaptive->charging[n] - adaptive->into_start[n]);
        }
    }
    if (stage == 3) {
        charge(simulation, adaptive->k2, adaptive->charging);
        for (int64_t n = 0; n < n_nodes; n++) {
            adaptive->injected[n] -= E32 * adaptive->charging[n];
        }
    }
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        mn_adaptive_members *members = &adaptive->members[p];
        for (int64_t f = 0; f < members->view.model->n_fields; f++) {
            for (int64_t m = 0; m < members->view.n && members->r[f] != NULL; m++) {
                double f0 = members->start.linear.f[f][m];
                if (stage == 1) {
                    members->r[f][m] = f0;
                } else if (stage == 2) {
                    members->r[f][m] = members->middle.linear.f[f][m] - members->k1[f][m];
                } else {
                    members->r[f][m] = members->end.linear.f[f][m] -
                                       E32 * (members->k2[f][m] - members->middle.linear.f[f][m]) -
                                       2.0 * (members->k1[f][m] - f0);
                }
            }
        }
    }
}

/* Keeps the rates of stage 1, or adds those of stage 1 to those of stage 2. */
static void keep_rates(mn_simulation *simulation, bool second)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    for (int64_t n = 0; n < simulation->network->n_nodes && second; n++) {
        adaptive->k2[n] += adaptive->k1[n];
    }
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        mn_adaptive_members *members = &adaptive->members[p];
        for (int64_t f = 0; f < members->view.model->n_fields; f++) {
            for (int64_t m = 0; m < members->view.n && members->r[f] != NULL; m++) {
                if (second) {
                    members->k2[f][m] = members->k1[f][m] + members->r[f][m];
                } else {
                    members->k1[f][m] = members->r[f][m];
                }
            }
        }
    }
}

/* How much a state counts: the relative change of the conductance by its own (1/[x]); where it has no part in that, of
 * itself. */
static double weight(const mn_point *point, int64_t f, int64_t m)
{
    const mn_linear *at = &point->linear;
    double current = fabs(at->i_v[m] * point->v[m]), part = fabs(at->i_x[f][m]), size = fabs(point->x[f][m]);
    if (part > 0.0 && current > 0.0) {
        return part / current;
    }
    return size > 0.0 ? 1.0 / size : 1.0;
}

/* Largest error of a step in units of rtol. nan where something overflowed. */
static double error_of(const mn_simulation *simulation, double h, double scale)
{
    const mn_adaptive *adaptive = simulation->engine->adaptive;
    double largest = 0.0;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_members *ends = &simulation->engine->members[p];
        const mn_adaptive_members *members = &adaptive->members[p];
        for (int64_t m = 0; m < members->view.n; m++) {
            int32_t a = ends->a[m], b = ends->b[m];
            double bend = (adaptive->k1[a] - adaptive->k1[b]) - 2.0 * (adaptive->k2[a] - adaptive->k2[b]) +
                          (adaptive->k3[a] - adaptive->k3[b]);
            double of_v = h / 6.0 * fabs(bend), size = of_v / scale;
            for (int64_t f = 0; f < members->view.model->n_fields; f++) {
                if (members->r[f] == NULL) {
                    continue;
                }
                double first = weight(&members->start, f, m), last = weight(&members->end, f, m);
                double counts = first > last ? first : last;
                double of_x = h / 6.0 * fabs(members->k1[f][m] - 2.0 * members->k2[f][m] + members->r[f][m]);
                const mn_linear *at = &members->end.linear;
                double memory = 1.0 / (1.0 / h + fabs(at->f_x[f][m])); /* s: how long a voltage is felt */
                double felt = POTENTIAL_SHARE * of_v * fabs(at->f_v[f][m]) * memory * counts;
                double sum = of_x * counts > felt ? of_x * counts : felt;
                size = sum > size || isnan(sum) ? sum : size;
            }
            largest = size > largest || isnan(size) ? size : largest;
            if (isnan(largest)) {
                return NAN;
            }
        }
    }
    return largest / adaptive->rtol;
}

/* Tries a step h from t under the drive that was read; *size is its error in units of rtol, nan or infinite where it
 * cannot be taken. */
static int try_step(mn_simulation *simulation, double t, double h, double *size, mn_error *error)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    mn_solver *solver;
    *size = INFINITY;
    if (!companions(simulation, h)) {
        return MN_OK;
    }
    int code = factor(simulation, &solver, error);
    if (code != MN_OK) {
        return code;
    }
    double bend = 0.0;
    for (int64_t e = 0; e < simulation->network->n_electrodes; e++) {
        if (adaptive->role[e] == MN_VOLTAGE) {
            bend = fmax(bend, fabs(adaptive->middle[e] - 0.5 * (adaptive->start[e] + adaptive->end[e])));
        }
    }
    set_boundary(simulation, h, 1);
    set_right_sides(simulation, 1);
    code = solve_stage(simulation, solver, h, adaptive->k1, error);
    if (code != MN_OK) {
        return code;
    }
    keep_rates(simulation, false);
    move(simulation, MIDDLE, 0.5 * h, false);
    linearise(simulation, MIDDLE, t + 0.5 * h, adaptive->phi_stage, adaptive->into_middle);
    set_boundary(simulation, h, 2);
    set_right_sides(simulation, 2);
    code = solve_stage(simulation, solver, h, adaptive->k2, error);
    if (code != MN_OK) {
        return code;
    }
    keep_rates(simulation, true);
    move(simulation, END, h, true);
    linearise(simulation, END, t + h, adaptive->phi_stage, adaptive->into);
    set_boundary(simulation, h, 3);
    set_right_sides(simulation, 3);
    code = solve_stage(simulation, solver, h, adaptive->k3, error);
    double potential_scale = adaptive->scale > 0.0 ? adaptive->scale : 1.0;
    *size = error_of(simulation, h, potential_scale);
    double drive = bend / potential_scale / adaptive->rtol;
    *size = drive > *size ? drive : *size;
    return code;
}

static void raise(double *scale, double value)
{
    *scale = fabs(value) > *scale ? fabs(value) : *scale;
}

/* Errors of voltages are measured by the largest so far, and by what the drive is to be until the next row: a drive
 * that starts at 0 is not followed to its last bit. */
static void note_drive(mn_simulation *simulation, double t)
{
    enum { SAMPLES = 8 };
    mn_adaptive *adaptive = simulation->engine->adaptive;
    for (int k = 1; k <= SAMPLES; k++) {
        double at = t + simulation->options.dt * k / SAMPLES;
        mn_drive_evaluate(&simulation->drive, at, adaptive->role_now, adaptive->end);
        for (int64_t e = 0; e < simulation->network->n_electrodes; e++) {
            raise(&adaptive->scale, adaptive->role_now[e] == MN_VOLTAGE ? adaptive->end[e] : 0.0);
        }
    }
}

static void note_voltages(mn_simulation *simulation)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_adaptive_members *members = &adaptive->members[p];
        for (int64_t m = 0; m < members->view.n; m++) {
            raise(&adaptive->scale, members->start.v[m]);
        }
    }
}

/* The end of a step becomes the start of the next one. */
static void accept(mn_simulation *simulation)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    double *phi = adaptive->phi, *into = adaptive->into_start, *start = adaptive->start;
    adaptive->phi = adaptive->phi_stage;
    adaptive->phi_stage = phi;
    adaptive->into_start = adaptive->into;
    adaptive->into = into;
    adaptive->start = adaptive->end;
    adaptive->end = start;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        mn_point old = adaptive->members[p].start;
        adaptive->members[p].start = adaptive->members[p].end;
        adaptive->members[p].end = old;
    }
    simulation->step_counters.n_steps++;
    note_voltages(simulation);
}

/* ------------------------------------------------------------------ from row to row */

static mn_corner next_corner(const mn_simulation *simulation, double t)
{
    mn_corner first = {.time = INFINITY, .jump = false};
    for (int64_t e = 0; e < simulation->network->n_electrodes; e++) {
        mn_corner one = mn_wave_next_corner(&simulation->drive, simulation->drive.root[e], t);
        bool jump = one.time == first.time && (one.jump || first.jump);
        first = one.time < first.time ? one : first;
        first.jump = first.jump || jump;
    }
    return first;
}

/* A first step that changes nothing by more than a part of rtol, as the rates are. */
static double first_step(const mn_simulation *simulation)
{
    const mn_adaptive *adaptive = simulation->engine->adaptive;
    double fastest = 0.0;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_adaptive_members *members = &adaptive->members[p];
        for (int64_t f = 0; f < members->view.model->n_fields; f++) {
            for (int64_t m = 0; m < members->view.n && members->r[f] != NULL; m++) {
                double rate = fabs(members->start.linear.f[f][m]) * weight(&members->start, f, m);
                fastest = rate > fastest ? rate : fastest;
            }
        }
    }
    return fastest > 0.0 ? FIRST_SHARE * adaptive->rtol / fastest : INFINITY;
}

/* Takes the potentials from one side of a jump of the drive at t to the other, in a step of hardly any length: nothing
 * but the electrodes, and what follows them at once, has time to move. */
static int jump(mn_simulation *simulation, double t, mn_error *error)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    const mn_network *network = simulation->network;
    double size;
    mn_drive_evaluate(&simulation->drive, t, adaptive->role, adaptive->end);
    for (int64_t n = 0; n < network->n_nodes; n++) {
        int32_t e = network->electrode[n];
        if (e >= 0) {
            adaptive->start[e] = adaptive->role[e] == MN_VOLTAGE ? adaptive->phi[n] : adaptive->end[e];
        }
    }
    for (int64_t e = 0; e < network->n_electrodes; e++) {
        adaptive->middle[e] = 0.5 * (adaptive->start[e] + adaptive->end[e]);
    }
    int code = try_step(simulation, t, HARDLY * simulation->options.dt, &size, error);
    if (code == MN_OK) {
        accept(simulation);
        adaptive->h = 0.0;
    }
    return code;
}

static void begin(mn_simulation *simulation, double t)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    const size_t n_electrodes = (size_t)simulation->network->n_electrodes;
    memcpy(adaptive->phi, simulation->potential, (size_t)simulation->network->n_nodes * sizeof(double));
    memcpy(adaptive->role, simulation->engine->role, n_electrodes * sizeof(*adaptive->role));
    memcpy(adaptive->start, simulation->engine->value, n_electrodes * sizeof(double));
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_population *population = &simulation->population[p];
        for (int64_t f = 0; f < population->model->n_fields; f++) {
            if (adaptive->members[p].start.x[f] != NULL) {
                memcpy(adaptive->members[p].start.x[f], population->field[f], (size_t)population->n * sizeof(double));
            }
        }
    }
    linearise(simulation, START, t, adaptive->phi, adaptive->into_start);
    note_drive(simulation, t);
    note_voltages(simulation);
}

static void finish(mn_simulation *simulation)
{
    const mn_adaptive *adaptive = simulation->engine->adaptive;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        mn_population *population = &simulation->population[p];
        population->n_events = 0;
        for (int64_t f = 0; f < population->model->n_fields; f++) {
            if (population->next[f] != NULL) {
                memcpy(population->next[f], adaptive->members[p].start.x[f], (size_t)population->n * sizeof(double));
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
    const double whole = until - from;
    double s = 0.0, size;
    adaptive->h = adaptive->h > 0.0 ? adaptive->h : first_step(simulation);
    while (s < whole) {
        bool last = s + adaptive->h >= whole * (1.0 - 1e-12);
        double h = last ? whole - s : adaptive->h;
        read_values(simulation, from + s + h, jumps ? until : INFINITY, adaptive->end);
        read_values(simulation, from + s + 0.5 * h, jumps ? until : INFINITY, adaptive->middle);
        int code = try_step(simulation, from + s, h, &size, error);
        if (code != MN_OK) {
            return code;
        }
        if (size <= 1.0) {
            accept(simulation);
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
        mn_corner corner = next_corner(simulation, t);
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
