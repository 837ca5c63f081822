/* One step against two of half its length, from the same state. */
#include "simulate/step_check.h"

#include "simulate/engine.h"

#include <math.h>
#include <string.h>

/* How often a run compares by itself: one comparison costs about five steps. */
enum { FREE_CHECKS = 4, STEPS_A_CHECK = 320 };
/* From which jump of the drive, and change of the network's conductance in one step, it is worth while; and how much
 * more than before earlier ones. */
static const double JUMP = 0.05, CHANGE = 0.15, MORE = 1.5;

typedef struct mn_step_check {
    unsigned char *state; /* what a comparison goes back to */
    double *edge;         /* n_edges: conductances after one step (S) */
    bool is_on;           /* runs compare by themselves */
    int64_t n_steps;      /* of them so far */
    int64_t n_checks;
    double difference; /* the largest that was found */
    double before;     /* conductance of the network in the step before (S) */
    double *value;     /* n_electrodes: values there (V or A) */
    double largest;    /* of them so far */
    double jump;       /* the largest, of values and of the conductance, before steps that were compared; relative */
    double change;
} mn_step_check;

/* ------------------------------------------------------------------ what may be compared */

/* `halves`: noise will do where halves of a step have that of the whole. */
static int check_smooth(const mn_population *population, bool halves, mn_error *error)
{
    const mn_device_model *model = population->model;
    const int64_t fixed = model->fixed_field == NULL ? -1 : mn_model_field(model, model->fixed_field);
    if (halves && (model->flags & MN_HALVES)) {
        return MN_OK;
    }
    if (model->linearise == NULL || (model->flags & MN_STOCHASTIC)) {
        error->model = model->name;
        return MN_ERR_NOT_SMOOTH;
    }
    for (int64_t k = 0; fixed >= 0 && k < population->n; k++) {
        if (population->field[fixed][k] != 0.0) {
            error->model = model->name;
            error->edge = population->edge[k];
            return mn_error_refuse(error, MN_ERR_NOT_SMOOTH, model->fixed_field, population->field[fixed][k]);
        }
    }
    return MN_OK;
}

static int check_all(const mn_simulation *simulation, bool halves, mn_error *error)
{
    int code = MN_OK;
    for (int64_t p = 0; p < simulation->n_populations && code == MN_OK; p++) {
        code = check_smooth(&simulation->population[p], halves, error);
    }
    return mn_error_set(error, code);
}

int mn_simulation_check_smooth(const mn_simulation *simulation, mn_error *error)
{
    mn_error unwanted;
    error = error == NULL ? &unwanted : error;
    mn_error_clear(error);
    return check_all(simulation, false, error);
}

static int prepare(mn_simulation *simulation, mn_error *error)
{
    mn_engine *engine = simulation->engine;
    mn_pool pool = {0};
    int code = check_all(simulation, true, error);
    if (code == MN_OK && engine->adaptive != NULL) {
        code = mn_error_set(error, MN_ERR_UNSUPPORTED);
    }
    if (code != MN_OK || engine->step_check != NULL) {
        return code;
    }
    mn_step_check *check = mn_pool_alloc(&pool, 1, sizeof(*check));
    /* another drive may have limits, whose sides are part of the state */
    int64_t size = (int64_t)mn_state_size(simulation) + 2 * simulation->network->n_electrodes;
    unsigned char *state = mn_pool_alloc(&pool, size, 1);
    double *edge = mn_pool_alloc(&pool, simulation->network->n_edges, sizeof(*edge));
    double *value = mn_pool_alloc(&pool, simulation->network->n_electrodes, sizeof(*value));
    if (pool.code != MN_OK) {
        code = mn_error_set(error, pool.code);
        mn_pool_free(&pool);
        return code;
    }
    mn_pool_join(&simulation->pool, &pool);
    check->value = value;
    check->state = state;
    check->edge = edge;
    engine->step_check = check;
    return MN_OK;
}

/* ------------------------------------------------------------------ the comparison */

/* Takes steps that leave no event, then solves for what comes of them. */
static int step_and_solve(mn_simulation *simulation, int64_t n_steps, mn_error *error)
{
    const int64_t n_events = simulation->events.n;
    int code = MN_OK;
    for (int64_t k = 0; k < n_steps && code == MN_OK; k++) {
        mn_reason reason;
        int64_t n_done;
        code = mn_simulation_run(simulation, 1, INFINITY, &reason, &n_done, error);
        simulation->events.n = n_events;
    }
    code = code == MN_OK ? mn_simulation_solve(simulation, error) : code;
    mn_engine_find_conductance(simulation);
    return code;
}

/* Whether the edges of a population count by themselves: what moves at random is to be seen behind a resistance, too.
 */
static bool counts_alone(const mn_population *population)
{
    return (population->model->flags & MN_HALVES) != 0;
}

/* How far the conductances of edges that count by themselves are from the mean with those of before. */
static double difference_of_edges(const mn_simulation *simulation)
{
    const double *edge = simulation->engine->step_check->edge, *now = simulation->conductance;
    double apart = 0.0, sum = 0.0;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_population *population = &simulation->population[p];
        if (!counts_alone(population)) {
            continue;
        }
        for (int64_t k = 0; k < population->n; k++) {
            const int32_t e = population->edge[k];
            apart += fabs(now[e] - edge[e]);
            sum += now[e] + edge[e];
        }
    }
    return apart > 0.0 ? apart / sum : 0.0;
}

/* How far the conductances of the network, G now, or those of its edges, are from the mean with those of before. */
static double difference(const mn_simulation *simulation, double before)
{
    const double *edge = simulation->engine->step_check->edge, now = simulation->terminal_conductance;
    double apart = fabs(now - before), sum = now + before;
    if (isnan(apart)) {
        apart = sum = 0.0;
        for (int64_t e = 0; e < simulation->network->n_edges; e++) {
            apart += fabs(simulation->conductance[e] - edge[e]);
            sum += simulation->conductance[e] + edge[e];
        }
    }
    return fmax(apart > 0.0 ? apart / fabs(sum) : 0.0, difference_of_edges(simulation));
}

/* Both ways from the state that was kept, to which it goes back in the end. */
static int compare(mn_simulation *simulation, double *found, mn_error *error)
{
    mn_step_check *check = simulation->engine->step_check;
    const double dt = simulation->options.dt;
    simulation->engine->part = MN_STEP_WHOLE;
    int code = step_and_solve(simulation, 1, error);
    const double whole = simulation->terminal_conductance;
    memcpy(check->edge, simulation->conductance, (size_t)simulation->network->n_edges * sizeof(*check->edge));
    mn_state_load(simulation, check->state);
    if (code == MN_OK) {
        simulation->step *= 2;
        simulation->options.dt = 0.5 * dt;
        simulation->engine->part = MN_STEP_HALF;
        code = step_and_solve(simulation, 2, error);
        *found = difference(simulation, whole);
        simulation->options.dt = dt;
        mn_state_load(simulation, check->state);
    }
    simulation->engine->part = MN_STEP_ALONE;
    return code;
}

static int check_now(mn_simulation *simulation, double *found, mn_error *error)
{
    mn_step_check *check = simulation->engine->step_check;
    const mn_recorder recorder = simulation->recorder;
    const mn_accuracy accuracy = simulation->accuracy;
    struct mn_controls *const controls = simulation->engine->controls;
    const bool was_on = check->is_on;
    check->is_on = false;
    simulation->engine->controls = NULL;
    simulation->recorder = (mn_recorder){.n_channels = 0, .channel = NULL};
    mn_state_save(simulation, check->state);
    int code = compare(simulation, found, error);
    simulation->recorder = recorder;
    simulation->accuracy = accuracy;
    check->is_on = was_on;
    simulation->engine->controls = controls;
    return code;
}

/* What the comparison left of a solution that was there. */
static int solve_again(mn_simulation *simulation, mn_error *error)
{
    const mn_counters counters = simulation->counters;
    int code = mn_simulation_solve(simulation, error);
    simulation->counters = counters;
    return code;
}

int mn_simulation_check_step(mn_simulation *simulation, double *found, mn_error *error)
{
    mn_error unwanted;
    error = error == NULL ? &unwanted : error;
    mn_error_clear(error);
    int code = prepare(simulation, error);
    if (code != MN_OK) {
        return code;
    }
    const bool was_solved = simulation->engine->has_solution;
    code = check_now(simulation, found, error);
    return code == MN_OK && was_solved ? solve_again(simulation, error) : code;
}

/* ------------------------------------------------------------------ runs that compare by themselves */

int mn_simulation_watch_steps(mn_simulation *simulation, mn_error *error)
{
    mn_error unwanted;
    error = error == NULL ? &unwanted : error;
    mn_error_clear(error);
    int code = prepare(simulation, error);
    if (code == MN_OK) {
        simulation->engine->step_check->is_on = !mn_simulation_locates_events(simulation);
    }
    return code;
}

double mn_simulation_step_difference(const mn_simulation *simulation)
{
    return simulation->engine->step_check == NULL ? 0.0 : simulation->engine->step_check->difference;
}

static double larger(double a, double b)
{
    return a > b ? a : b;
}

/* How much an electrode has jumped from `before`, beside the *largest value of any so far. */
static double find_jump(const mn_simulation *simulation, const double *before, double *largest)
{
    const double *value = simulation->engine->value;
    double jump = 0.0;
    for (int64_t e = 0; e < simulation->network->n_electrodes; e++) {
        *largest = larger(*largest, fabs(value[e]));
        jump = larger(jump, fabs(value[e] - before[e]));
    }
    return *largest > 0.0 ? jump / *largest : 0.0;
}

static double read_jump(const mn_simulation *simulation, mn_step_check *check)
{
    const double jump = find_jump(simulation, check->value, &check->largest);
    const size_t size = (size_t)simulation->network->n_electrodes * sizeof(*check->value);
    memcpy(check->value, simulation->engine->value, size);
    return jump;
}

/* The conductance of which a step may change much: of the network, or the sum over edges that count by themselves. */
static double moving_conductance(mn_simulation *simulation)
{
    double sum = 0.0;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_population *population = &simulation->population[p];
        if (!counts_alone(population)) {
            continue;
        }
        for (int64_t k = 0; k < population->n; k++) {
            sum += simulation->conductance[population->edge[k]];
        }
    }
    if (sum == 0.0) {
        mn_engine_find_conductance(simulation);
    }
    return sum > 0.0 ? sum : simulation->terminal_conductance;
}

/* Whether the step that begins here may do much: it is the first, an electrode has jumped, or the step before has
 * changed the conductance of the network; and clearly more so than before any step that was compared. */
static bool is_worthwhile(mn_simulation *simulation, mn_step_check *check, bool driven, bool allowed)
{
    const double now = moving_conductance(simulation), jump = driven ? read_jump(simulation, check) : 0.0;
    const double change = fabs(now - check->before) / (now + check->before);
    check->before = now;
    const bool is_more = jump > fmax(JUMP, MORE * check->jump) || change > fmax(CHANGE, MORE * check->change);
    if (!allowed || !(is_more || check->n_checks == 0)) {
        return false;
    }
    check->jump = fmax(check->jump, jump);
    check->change = check->n_checks > 0 ? fmax(check->change, change) : 0.0;
    return true;
}

bool mn_step_check_may_compare(const mn_simulation *simulation, bool driven)
{
    const mn_step_check *check = simulation->engine->step_check;
    if (check == NULL || !check->is_on) {
        return false;
    }
    double largest = check->largest;
    const double now = simulation->terminal_conductance;
    const double jump = driven ? find_jump(simulation, check->value, &largest) : 0.0;
    bool may = check->n_checks == 0 || jump > JUMP || !(fabs(now - check->before) / (now + check->before) <= CHANGE);
    for (int64_t p = 0; p < simulation->n_populations && !may; p++) {
        may = counts_alone(&simulation->population[p]);
    }
    return may;
}

int mn_step_check_look(mn_simulation *simulation, bool driven, mn_error *error)
{
    mn_step_check *check = simulation->engine->step_check;
    if (!check->is_on) {
        return MN_OK;
    }
    const int64_t allowed = FREE_CHECKS + check->n_steps / STEPS_A_CHECK;
    const bool is_first = check->n_steps == 0;
    check->n_steps++;
    if (!is_worthwhile(simulation, check, driven || is_first, check->n_checks < allowed)) {
        return MN_OK;
    }
    double found = 0.0;
    check->n_checks++;
    int code = check_now(simulation, &found, error);
    if (code == MN_ERR_INTERRUPTED) {
        return code;
    }
    mn_error_clear(error); /* what fails here fails in the step itself, or only in this comparison */
    check->difference = found > check->difference ? found : check->difference;
    return solve_again(simulation, error);
}
