/* Controls that lag: see control_loops.h. Here stands how the eigenvalue is found: by iterating on a vector, with the
 * matrix less the unit matrix. That leaves what no loop makes in [-1, 0], and what turns in a step beyond -sqrt 2 or
 * so, which stands out after few iterations. */
#include "simulate/control_loops.h"

#include "circuit/solver.h"
#include "simulate/engine.h"
#include "simulate/newton.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Looks: in the first steps, then in each so many (an odd number, since an oscillation may switch a control off in
 * every other step), and where a control has swung from side to side so often in a row and not less each time. */
enum { FIRST_STEPS = 8, STEPS_A_LOOK = 65, SWINGS = 4 };
/* Of iterations; after the fewer ones it is clear where there is nothing. */
enum { FEW = 6, MANY = 32 };
static const double HARMLESS = 1.2;
/* A swing that goes on as it is, to a law's own ends: its factor is 1, to what is left of how it came there. */
static const double AS_BEFORE = 1.0 - 1e-4;
/* Of the largest voltage: by how much controls are moved to see what that does. */
static const double MOVE = 1e-6;
/* sin^2 between two iterates that are one direction, and how well two have to give the third. */
static const double PARALLEL = 1e-12, CLOSE = 0.05;

typedef struct mn_controls {
    mn_control_loop found;
    int64_t looked; /* the step of the last look */
    /* n_populations, of those whose controls lag arrays of n, else NULL */
    double **before; /* V: the control in the step before */
    double **change; /* V: what it had changed by until then */
    double **swings; /* how often in a row that was from side to side, and not less than before */
    /* scratch */
    double **slope;            /* as above: of the current with the control (S) */
    double **moved;            /* as above: controls that are moved (V) */
    double *memory;            /* n_edges (S): C/dt */
    double *companion;         /* n_edges (S) */
    double *x[3];              /* n_nodes: the last iterates */
    double *injected;          /* n_nodes */
    double *value;             /* n_electrodes: 0 */
    double *voltage, *current; /* n_electrodes */
} mn_controls;

/* ------------------------------------------------------------------ life */

/* Those that follow their voltages read controls of the same moment. */
static bool lags(const mn_simulation *simulation, int64_t p)
{
    const mn_device_model *model = simulation->population[p].model;
    const bool follows = mn_follows(model) && simulation->engine->implicit != NULL;
    return simulation->engine->members[p].links != NULL && model->conductance != NULL && !follows;
}

static double **alloc_of_readers(mn_pool *pool, const mn_simulation *simulation)
{
    double **array = mn_pool_alloc(pool, simulation->n_populations, sizeof(*array));
    for (int64_t p = 0; p < simulation->n_populations && array != NULL; p++) {
        if (lags(simulation, p)) {
            array[p] = mn_pool_alloc(pool, simulation->population[p].n, sizeof(double));
        }
    }
    return array;
}

static mn_controls *alloc_controls(mn_pool *pool, const mn_simulation *simulation)
{
    const mn_network *network = simulation->network;
    mn_controls *controls = mn_pool_alloc(pool, 1, sizeof(*controls));
    if (controls == NULL) {
        return NULL;
    }
    controls->found = (mn_control_loop){.edge = -1};
    double ***const of_readers[] = {&controls->before, &controls->change, &controls->swings, &controls->slope,
                                    &controls->moved};
    for (size_t k = 0; k < sizeof(of_readers) / sizeof(of_readers[0]); k++) {
        *of_readers[k] = alloc_of_readers(pool, simulation);
    }
    controls->memory = mn_pool_alloc(pool, network->n_edges, sizeof(double));
    controls->companion = mn_pool_alloc(pool, network->n_edges, sizeof(double));
    for (int k = 0; k < 3; k++) {
        controls->x[k] = mn_pool_alloc(pool, network->n_nodes, sizeof(double));
    }
    controls->injected = mn_pool_alloc(pool, network->n_nodes, sizeof(double));
    controls->value = mn_pool_alloc(pool, network->n_electrodes, sizeof(double));
    controls->voltage = mn_pool_alloc(pool, network->n_electrodes, sizeof(double));
    controls->current = mn_pool_alloc(pool, network->n_electrodes, sizeof(double));
    return controls;
}

int mn_simulation_watch_controls(mn_simulation *simulation, mn_error *error)
{
    mn_engine *engine = simulation->engine;
    bool any = false;
    mn_error_clear(error);
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        any = any || lags(simulation, p);
    }
    if (!any || engine->adaptive != NULL || engine->controls != NULL) {
        return MN_OK;
    }
    mn_pool pool = {0};
    mn_controls *controls = alloc_controls(&pool, simulation);
    if (pool.code != MN_OK) {
        const int code = mn_error_set(error, pool.code);
        mn_pool_free(&pool);
        return code;
    }
    mn_pool_join(&simulation->pool, &pool);
    engine->controls = controls;
    return MN_OK;
}

mn_control_loop mn_simulation_control_loop(const mn_simulation *simulation)
{
    const mn_controls *controls = simulation->engine->controls;
    return controls == NULL ? (mn_control_loop){.edge = -1} : controls->found;
}

/* ------------------------------------------------------------------ what controls do */

/* The largest voltage of a control (V). */
static double largest_control(const mn_simulation *simulation)
{
    double largest = 0.0;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        for (int64_t k = 0; k < simulation->population[p].n && lags(simulation, p); k++) {
            largest = fmax(largest, fabs(simulation->engine->members[p].links->v[k]));
        }
    }
    return largest;
}

/* Currents of population p at the present branch voltages (A), if its controls were moved by so much (V), or with
 * `share` by so many times it. */
static void read_currents(mn_simulation *simulation, int64_t p, double move, const double *share, double *current)
{
    mn_engine *engine = simulation->engine;
    mn_population *population = &simulation->population[p];
    const mn_members *members = &engine->members[p];
    double *moved = engine->controls->moved[p];
    const bool has_source = (population->model->flags & MN_HAS_SOURCE) != 0;
    for (int64_t k = 0; k < population->n; k++) {
        moved[k] = members->links->v[k] + (share == NULL ? move : move * share[k]);
    }
    mn_step step = mn_step_before(simulation, p);
    step.v_prev = members->v;
    step.linked_v = moved;
    population->model->conductance(population, &step);
    for (int64_t k = 0; k < population->n; k++) {
        current[k] = engine->g[k] * members->v[k] + (has_source ? engine->i0[k] : 0.0);
    }
}

/* Slopes of the currents of population p with their controls: of the two one-sided ones the smaller, so that what
 * happens to stand at a kink or a jump counts as what it is beside it. */
static void read_slopes(mn_simulation *simulation, int64_t p, double move)
{
    const mn_controls *controls = simulation->engine->controls;
    double *slope = controls->slope[p];
    double *here = controls->companion, *above = controls->memory; /* not in use yet; n_edges have room for any n */
    read_currents(simulation, p, -move, NULL, slope);
    read_currents(simulation, p, 0.0, NULL, here);
    read_currents(simulation, p, move, NULL, above);
    for (int64_t k = 0; k < simulation->population[p].n; k++) {
        const double left = (here[k] - slope[k]) / move, right = (above[k] - here[k]) / move;
        slope[k] = fabs(left) < fabs(right) ? left : right;
    }
}

/* The same over all of the last change of the controls. */
static void read_chords(mn_simulation *simulation, int64_t p)
{
    const mn_controls *controls = simulation->engine->controls;
    double *slope = controls->slope[p], *here = controls->companion;
    const double *change = controls->change[p];
    read_currents(simulation, p, -1.0, change, slope);
    read_currents(simulation, p, 0.0, NULL, here);
    for (int64_t k = 0; k < simulation->population[p].n; k++) {
        slope[k] = change[k] == 0.0 ? 0.0 : (here[k] - slope[k]) / change[k];
    }
}

/* Both of all readers; whether any slope is not 0. */
static bool read_controls(mn_simulation *simulation, bool is_swinging)
{
    const mn_controls *controls = simulation->engine->controls;
    const double move = MOVE * largest_control(simulation);
    bool any = false;
    for (int64_t p = 0; p < simulation->n_populations && move > 0.0; p++) {
        double *slope = controls->slope[p];
        if (slope != NULL && is_swinging) {
            read_chords(simulation, p);
        } else if (slope != NULL) {
            read_slopes(simulation, p, move);
        }
        for (int64_t k = 0; slope != NULL && k < simulation->population[p].n; k++) {
            slope[k] = isfinite(slope[k]) ? slope[k] : 0.0;
            any = any || slope[k] != 0.0;
        }
    }
    return any;
}

/* What edges are in a step beside their controls: C/dt, and that beside di/dv. */
static void read_edges(const mn_simulation *simulation)
{
    const mn_controls *controls = simulation->engine->controls;
    const mn_newton *newton = simulation->engine->newton;
    const bool is_implicit = simulation->engine->implicit != NULL;
    const size_t size = (size_t)simulation->network->n_edges * sizeof(double);
    memcpy(controls->companion, simulation->conductance, size);
    memset(controls->memory, 0, size);
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_population *population = &simulation->population[p];
        for (int64_t k = 0; k < population->n && (population->model->flags & MN_HAS_CHARGE); k++) {
            const int32_t edge = population->edge[k];
            const double per_step = is_implicit ? newton->members[p].point.linear.q_v[k] / simulation->options.dt : 0.0;
            controls->memory[edge] = is_implicit ? per_step : simulation->conductance[edge];
            controls->companion[edge] += per_step;
        }
    }
}

/* ------------------------------------------------------------------ the iteration */

static double difference(const mn_simulation *simulation, const double *x, int32_t edge)
{
    return x[simulation->network->a[edge]] - x[simulation->network->b[edge]];
}

static void inject(const mn_simulation *simulation, int32_t edge, double current)
{
    double *injected = simulation->engine->controls->injected;
    injected[simulation->network->a[edge]] -= current;
    injected[simulation->network->b[edge]] += current;
}

/* Where an iteration starts: what readers bring, each by another share. */
static void inject_any(const mn_simulation *simulation)
{
    const mn_controls *controls = simulation->engine->controls;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        for (int64_t k = 0; controls->slope[p] != NULL && k < simulation->population[p].n; k++) {
            const int32_t edge = simulation->population[p].edge[k];
            const double share = 0.6180339887498949 * (double)(edge + 1);
            inject(simulation, edge, controls->slope[p][k] * (0.5 + share - floor(share)));
        }
    }
}

/* What a step drives into the nodes after potentials x. */
static void inject_step(const mn_simulation *simulation, const double *x)
{
    const mn_controls *controls = simulation->engine->controls;
    for (int64_t e = 0; e < simulation->network->n_edges; e++) {
        if (controls->memory[e] != 0.0) {
            inject(simulation, (int32_t)e, -controls->memory[e] * difference(simulation, x, (int32_t)e));
        }
    }
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_links *links = simulation->engine->members[p].links;
        for (int64_t k = 0; controls->slope[p] != NULL && k < simulation->population[p].n; k++) {
            const double control = difference(simulation, x, links->edge[k]);
            inject(simulation, simulation->population[p].edge[k], controls->slope[p][k] * control);
        }
    }
}

/* The potentials that come of what is injected while electrodes stay as they are; 0 on islands. */
static int solve(mn_simulation *simulation, mn_solver *solver, double *x, mn_error *error)
{
    const mn_controls *controls = simulation->engine->controls;
    const mn_engine *engine = simulation->engine;
    const int64_t n = simulation->network->n_nodes;
    double unwanted;
    for (int64_t k = 0; k < n; k++) {
        controls->injected[k] = isnan(simulation->potential[k]) ? 0.0 : controls->injected[k];
    }
    const mn_boundary boundary = {.role = engine->has_limits ? engine->limits.role : engine->role,
                                  .value = controls->value};
    const mn_solution solution = {
        .potential = x, .voltage = controls->voltage, .current = controls->current, .conductance = &unwanted};
    const int code = mn_solver_solve(solver, &boundary, controls->injected, NULL, &solution, error);
    for (int64_t k = 0; k < n && code == MN_OK; k++) {
        x[k] = isnan(x[k]) ? 0.0 : x[k];
    }
    return code;
}

static double product(int64_t n, const double *x, const double *y)
{
    double sum = 0.0;
    for (int64_t k = 0; k < n; k++) {
        sum += x[k] * y[k];
    }
    return sum;
}

/* Makes the norm of x 1, and returns what it was. */
static double normalise(int64_t n, double *x)
{
    const double norm = sqrt(product(n, x, x));
    for (int64_t k = 0; k < n && norm > 0.0; k++) {
        x[k] /= norm;
    }
    return norm;
}

/* One iteration: x[2] from x[1], which had grown by *norm from x[0]. */
static int iterate(mn_simulation *simulation, mn_solver *solver, double *norm, mn_error *error)
{
    mn_controls *controls = simulation->engine->controls;
    const int64_t n = simulation->network->n_nodes;
    double *oldest = controls->x[0];
    controls->x[0] = controls->x[1];
    controls->x[1] = controls->x[2];
    controls->x[2] = oldest;
    memset(controls->injected, 0, (size_t)n * sizeof(double));
    inject_step(simulation, controls->x[1]);
    const int code = solve(simulation, solver, controls->x[2], error);
    for (int64_t k = 0; k < n && code == MN_OK; k++) {
        controls->x[2][k] -= controls->x[1][k];
    }
    *norm = code == MN_OK ? normalise(n, controls->x[2]) : 0.0;
    return code;
}

/* How much an oscillation grows that is an eigenvector of re + i im; 0 where it is none of the steps. */
static double growth_of(double re, double im)
{
    return re < 0.0 ? hypot(re, im) : 0.0;
}

/* From three iterates, of which the last two grew by `before` and `norm`: of one eigenvalue, or of two that go
 * together, as a pair of complex ones does. */
static double read_growth(const mn_simulation *simulation, double before, double norm)
{
    const mn_controls *controls = simulation->engine->controls;
    const int64_t n = simulation->network->n_nodes;
    const double along = product(n, controls->x[0], controls->x[1]), across = 1.0 - along * along;
    const double last = product(n, controls->x[1], controls->x[2]), first = product(n, controls->x[0], controls->x[2]);
    if (across < PARALLEL) {
        return growth_of(1.0 + norm * last, 0.0);
    }
    /* norm before x2 = a before x1 + b x0, in the mean square */
    const double a = norm * (last - along * first) / across;
    const double b = norm * before * (first - along * last) / across;
    const double fitted = (last * last - 2.0 * along * last * first + first * first) / across;
    const double half = 0.5 * a, square = half * half + b;
    if (!(1.0 - fitted < CLOSE * CLOSE)) {
        return 0.0;
    }
    const double root = sqrt(fabs(square));
    return square < 0.0 ? growth_of(1.0 + half, root)
                        : fmax(growth_of(1.0 + half + root, 0.0), growth_of(1.0 + half - root, 0.0));
}

/* The growth of an oscillation, 0 where there is none, or none is found. */
static double find_growth(mn_simulation *simulation, mn_solver *solver, mn_error *error)
{
    mn_controls *controls = simulation->engine->controls;
    const int64_t n = simulation->network->n_nodes;
    double norm, before = 0.0;
    memset(controls->injected, 0, (size_t)n * sizeof(double));
    inject_any(simulation);
    int code = solve(simulation, solver, controls->x[2], error);
    norm = code == MN_OK ? normalise(n, controls->x[2]) : 0.0;
    for (int k = 0; k < MANY && norm > 0.0 && norm < DBL_MAX; k++) {
        before = norm;
        code = iterate(simulation, solver, &norm, error);
        if (code != MN_OK || (k >= FEW && norm < HARMLESS && before < HARMLESS)) {
            return 0.0;
        }
    }
    return norm > 0.0 && norm < DBL_MAX ? read_growth(simulation, before, norm) : 0.0;
}

/* The edge that has most part in the last iterate. */
static void name_edge(const mn_simulation *simulation, double growth)
{
    mn_controls *controls = simulation->engine->controls;
    double most = 0.0;
    controls->found.growth = growth;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_population *population = &simulation->population[p];
        for (int64_t k = 0; controls->slope[p] != NULL && k < population->n; k++) {
            const double control =
                difference(simulation, controls->x[2], simulation->engine->members[p].links->edge[k]);
            const double v = difference(simulation, controls->x[2], population->edge[k]);
            const double part = fabs(controls->slope[p][k] * control * v);
            if (part > most) {
                most = part;
                controls->found.edge = population->edge[k];
                controls->found.slope = controls->slope[p][k];
            }
        }
    }
}

/* Notes how controls change; whether one swings, and does not less than before. */
static bool note_swings(const mn_simulation *simulation)
{
    const mn_controls *controls = simulation->engine->controls;
    bool any = false;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_links *links = simulation->engine->members[p].links;
        double *before = controls->before[p], *change = controls->change[p], *count = controls->swings[p];
        for (int64_t k = 0; before != NULL && k < simulation->population[p].n; k++) {
            const double now = links->v[k] - before[k];
            const bool swings = now * change[k] < 0.0 && fabs(now) >= AS_BEFORE * fabs(change[k]);
            count[k] = swings ? count[k] + 1.0 : 0.0;
            any = any || count[k] >= SWINGS;
            before[k] = links->v[k];
            change[k] = now;
        }
    }
    return any;
}

/* Looks for a loop whose growth is above `least`, by the slopes of controls where they are, or over all of a swing. */
static void look(mn_simulation *simulation, bool is_swinging, double least)
{
    const mn_engine *engine = simulation->engine;
    mn_solver *solver = &simulation->solver;
    mn_error unwanted;
    mn_error_clear(&unwanted);
    if (!read_controls(simulation, is_swinging)) {
        return;
    }
    read_edges(simulation);
    if (engine->implicit != NULL) {
        solver = mn_newton_solver(simulation, engine->controls->companion);
        if (mn_solver_factor(solver, engine->controls->companion, NULL, -1, NULL, &unwanted) != MN_OK) {
            return;
        }
    }
    const double growth = find_growth(simulation, solver, &unwanted);
    if (growth > least) {
        name_edge(simulation, growth);
    }
}

void mn_controls_look(mn_simulation *simulation)
{
    mn_controls *controls = simulation->engine->controls;
    const int64_t step = simulation->step;
    const bool is_swinging = controls->found.edge < 0 && note_swings(simulation);
    if (controls->found.edge < 0 && (step < FIRST_STEPS || step % STEPS_A_LOOK == 0)) {
        look(simulation, false, 1.0);
    }
    if (controls->found.edge < 0 && is_swinging && step - controls->looked >= FIRST_STEPS) {
        controls->looked = step;
        look(simulation, true, AS_BEFORE);
    }
}
