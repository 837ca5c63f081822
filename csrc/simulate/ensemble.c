/* Steps of several simulations side by side: what is their own one after the other, the solves in lanes. */
#include "simulate/ensemble.h"

#include "circuit/solver.h"
#include "simulate/engine.h"
#include "simulate/step.h"

#include <string.h>

enum { GROUP = MN_MOST_TOGETHER };

/* Steps between two looks at the clock, and at what pays. */
enum { BLOCK = 16 };

/* Lanes pay where one circuit in so many steps is solved in them, or would be. Where they did not, so many blocks go by
 * before they are tried again: whether zero conductances cut nodes off, which no lane solves, is known only then. */
enum { LEAST_SHARE = 4, REST = 8 };

/* ------------------------------------------------------------------ life */

/* Made apart, networks may be equal without being one. */
static bool same_network(const mn_network *one, const mn_network *other)
{
    const size_t n_edges = (size_t)one->n_edges, n_nodes = (size_t)one->n_nodes;
    return one == other ||
           (one->n_nodes == other->n_nodes && one->n_edges == other->n_edges &&
            one->n_electrodes == other->n_electrodes && memcmp(one->a, other->a, n_edges * sizeof(*one->a)) == 0 &&
            memcmp(one->b, other->b, n_edges * sizeof(*one->b)) == 0 &&
            memcmp(one->electrode, other->electrode, n_nodes * sizeof(*one->electrode)) == 0);
}

/* A solver for all, where several may be solved together. */
static int init_solver(mn_ensemble *ensemble, mn_cancel *cancel, mn_error *error)
{
    const mn_simulation *first = ensemble->simulation[0];
    bool possible = ensemble->n > 1;
    for (int64_t r = 0; r < ensemble->n && possible; r++) {
        const mn_simulation *simulation = ensemble->simulation[r];
        possible = mn_steps_plainly(simulation) && simulation->solver.ops == first->solver.ops &&
                   simulation->options.order == first->options.order &&
                   simulation->solver.ops->prepare_together != NULL;
    }
    if (!possible) {
        return MN_OK;
    }
    int code = mn_solver_init_ordered(&ensemble->solver, first->options.solver, first->network, false,
                                      first->options.order, cancel, error);
    mn_together together = {.possible = false};
    if (code == MN_OK) {
        code = mn_solver_prepare_together(&ensemble->solver, &together, error);
    }
    if (code != MN_OK || !together.possible) {
        mn_solver_free(&ensemble->solver);
        return code;
    }
    mn_solver_info info;
    mn_solver_info_get(&ensemble->solver, &info);
    ensemble->n_columns = info.n_free;
    code = mn_loans_init(&ensemble->loans, ensemble->n, ensemble->simulation);
    if (code == MN_OK) {
        code = mn_lanes_init(&ensemble->lanes, ensemble->n, ensemble->simulation, &together);
    }
    return mn_error_set(error, code);
}

int mn_ensemble_init(mn_ensemble *ensemble, int64_t n, mn_simulation *const *simulation, mn_cancel *cancel,
                     mn_error *error)
{
    *ensemble = (mn_ensemble){.n = n};
    if (n < 1) {
        return mn_error_set(error, MN_ERR_BAD_ARGUMENT);
    }
    mn_pool *pool = &ensemble->pool;
    mn_simulation **own = mn_pool_alloc(pool, n, sizeof(*own));
    ensemble->outcome = mn_pool_alloc(pool, n, sizeof(*ensemble->outcome));
    ensemble->group = mn_pool_alloc(pool, (n + GROUP - 1) / GROUP, sizeof(*ensemble->group));
    int code = mn_error_set(error, pool->code);
    for (int64_t r = 0; r < n && code == MN_OK; r++) {
        own[r] = simulation[r];
        mn_error_clear(&ensemble->outcome[r].error);
        code = same_network(simulation[0]->network, simulation[r]->network) ? MN_OK
                                                                            : mn_error_set(error, MN_ERR_BAD_ARGUMENT);
    }
    ensemble->simulation = own;
    if (code == MN_OK) {
        code = init_solver(ensemble, cancel, error);
    }
    if (code != MN_OK) {
        mn_ensemble_free(ensemble);
    }
    return code;
}

void mn_ensemble_free(mn_ensemble *ensemble)
{
    mn_lanes_free(&ensemble->lanes);
    mn_loans_free(&ensemble->loans);
    mn_solver_free(&ensemble->solver);
    mn_pool_free(&ensemble->pool);
    memset(ensemble, 0, sizeof(*ensemble));
}

/* ------------------------------------------------------------------ one step of a group */

/* The replicas of a group that take a step, by their places in the ensemble. */
typedef struct {
    int64_t n;
    int64_t place[GROUP];
    mn_step_begun begun[GROUP];
} taking;

static void fail(mn_ensemble *ensemble, int64_t r, int code)
{
    ensemble->outcome[r].code = code;
    ensemble->outcome[r].error.replica = r;
}

/* Lists those that have steps to take, and begins these. */
static void begin_steps(mn_ensemble *ensemble, int64_t first, int64_t until, taking *steps)
{
    const int64_t end = first + GROUP < ensemble->n ? first + GROUP : ensemble->n;
    steps->n = 0;
    for (int64_t r = first; r < end; r++) {
        mn_outcome *outcome = &ensemble->outcome[r];
        mn_simulation *simulation = ensemble->simulation[r];
        if (outcome->code != MN_OK || simulation->step >= until) {
            continue;
        }
        mn_error_clear(&outcome->error);
        const int code = mn_step_begin(simulation, &steps->begun[steps->n], &outcome->error);
        if (code == MN_OK) {
            steps->place[steps->n++] = r;
        } else {
            fail(ensemble, r, code);
        }
    }
}

/* Circuits that are solved together: those of the steps k, by their places among the replicas, each with what it takes
 * and gives. */
typedef struct {
    int64_t n;
    mn_replica replica[GROUP];
    int64_t step[GROUP]; /* -1: nobody's */
} joining;

/* Each with its own conductances, side by side. */
static void join_own(mn_ensemble *ensemble, const taking *steps, joining *joined)
{
    for (int64_t k = 0; k < steps->n; k++) {
        mn_simulation *simulation = ensemble->simulation[steps->place[k]];
        if (steps->begun[k].solves) {
            mn_engine_read(simulation);
            if (mn_engine_joins(simulation, simulation->engine->n_changed)) {
                joined->step[joined->n] = k;
                joined->replica[joined->n++] = mn_engine_replica(simulation);
            }
        }
    }
    mn_solver_solve_together(&ensemble->solver, joined->n, joined->replica, NULL);
}

/* Each in the lane that is its own for ever. */
static void join_lanes(mn_ensemble *ensemble, int64_t first, const taking *steps, joining *joined)
{
    mn_lanes *lanes = &ensemble->lanes;
    unsigned reading = 0, solved = 0;
    for (int64_t k = 0; k < steps->n; k++) {
        reading |= steps->begun[k].solves ? 1U << (steps->place[k] - first) : 0U;
    }
    const unsigned join = reading == 0 ? 0U : mn_lanes_read(lanes, first / GROUP, reading);
    joined->n = GROUP;
    for (int64_t l = 0; l < GROUP; l++) {
        joined->replica[l] = (mn_replica){.is_idle = true};
        joined->step[l] = -1;
    }
    for (int64_t k = 0; k < steps->n; k++) {
        const int64_t l = steps->place[k] - first;
        if ((join >> l & 1U) != 0) {
            joined->step[l] = k;
            joined->replica[l] = mn_engine_replica(ensemble->simulation[steps->place[k]]);
            joined->replica[l].solution.potential = NULL; /* late */
        }
    }
    if (join != 0) {
        mn_solver_solve_together(&ensemble->solver, GROUP, joined->replica, lanes->group[first / GROUP].conductance);
    }
    for (int64_t l = 0; l < GROUP; l++) {
        solved |= joined->replica[l].is_solved ? 1U << l : 0U;
    }
    mn_lanes_dismiss(lanes, first / GROUP, join, solved);
}

/* Whether somebody looks at potentials or conductances of edges before the next solve. */
static bool is_looked_at(const mn_simulation *simulation, bool driven)
{
    const mn_engine *engine = simulation->engine;
    return mn_step_check_may_compare(simulation, driven) || engine->reactions != NULL || engine->cycles != NULL ||
           mn_recorder_wants_arrays(&simulation->recorder, simulation->step);
}

static void accept(mn_ensemble *ensemble, int64_t first, const taking *steps, const joining *joined)
{
    const bool in_lanes = ensemble->lanes.n_groups > 0;
    unsigned solved = 0, looked_at = 0;
    for (int64_t l = 0; l < joined->n; l++) {
        if (joined->replica[l].is_solved) {
            mn_simulation *simulation = ensemble->simulation[steps->place[joined->step[l]]];
            mn_engine_accept(simulation, ensemble->n_columns, !in_lanes);
            solved |= 1U << l;
            looked_at |= is_looked_at(simulation, steps->begun[joined->step[l]].changed) ? 1U << l : 0U;
        }
    }
    if (in_lanes) {
        mn_lanes_see(&ensemble->lanes, first / GROUP, solved);
        mn_lanes_settle(&ensemble->lanes, first / GROUP, looked_at);
    }
}

/* Solves circuits, together where several join; returns how many were. */
static int64_t solve_circuits(mn_ensemble *ensemble, int64_t first, const taking *steps)
{
    joining joined = {.n = 0};
    bool is_solved[GROUP] = {false};
    int64_t n_solved = 0;
    if (ensemble->lanes.n_groups > 0) {
        join_lanes(ensemble, first, steps, &joined);
    } else {
        join_own(ensemble, steps, &joined);
    }
    accept(ensemble, first, steps, &joined);
    for (int64_t l = 0; l < joined.n; l++) {
        if (joined.replica[l].is_solved) {
            is_solved[joined.step[l]] = true;
            n_solved++;
        }
    }
    for (int64_t k = 0; k < steps->n; k++) {
        const int64_t r = steps->place[k];
        if (steps->begun[k].solves && !is_solved[k]) {
            const int code = mn_engine_solve_read(ensemble->simulation[r], &ensemble->outcome[r].error);
            if (code != MN_OK) {
                fail(ensemble, r, code);
            }
        }
    }
    return n_solved;
}

/* Returns how many circuits were solved in lanes. */
static int64_t take_step(mn_ensemble *ensemble, int64_t first, int64_t until)
{
    taking steps;
    begin_steps(ensemble, first, until, &steps);
    const int64_t n_solved = solve_circuits(ensemble, first, &steps);
    for (int64_t k = 0; k < steps.n; k++) {
        const int64_t r = steps.place[k];
        mn_outcome *outcome = &ensemble->outcome[r];
        if (outcome->code == MN_OK) {
            const int code = mn_step_end(ensemble->simulation[r], &steps.begun[k], &outcome->error);
            if (code != MN_OK) {
                fail(ensemble, r, code);
            } else if (ensemble->lanes.n_groups > 0) {
                mn_lanes_keep(&ensemble->lanes, first / GROUP, r - first);
            }
        }
    }
    return n_solved;
}

/* ------------------------------------------------------------------ blocks of steps */

/* Whether every replica of a group that goes on has room for events, and *any of them is there. */
static bool has_room(const mn_ensemble *ensemble, int64_t first, int64_t until, bool *any)
{
    bool room = true;
    *any = false;
    for (int64_t r = first; r < first + GROUP && r < ensemble->n; r++) {
        const mn_simulation *simulation = ensemble->simulation[r];
        if (ensemble->outcome[r].code == MN_OK && simulation->step < until) {
            *any = true;
            room = room && mn_step_has_room(simulation);
        }
    }
    return room;
}

/* A block of steps of each, one after the other; returns how many circuits lanes might have solved. */
static int64_t run_apart(mn_ensemble *ensemble, int64_t first, int64_t until, double deadline)
{
    int64_t n_columns = 0;
    for (int64_t r = first; r < first + GROUP && r < ensemble->n; r++) {
        mn_simulation *simulation = ensemble->simulation[r];
        const int64_t left = until - simulation->step, before = simulation->counters.n_columns;
        mn_reason reason;
        int64_t n_done;
        if (ensemble->outcome[r].code == MN_OK && left > 0) {
            const int code = mn_simulation_run(simulation, left < BLOCK ? left : BLOCK, deadline - mn_clock(), &reason,
                                               &n_done, &ensemble->outcome[r].error);
            n_columns += simulation->counters.n_columns - before;
            if (code != MN_OK) {
                fail(ensemble, r, code);
            }
        }
    }
    return ensemble->n_columns > 0 ? n_columns / ensemble->n_columns : 0;
}

/* Potentials that are late are lost when another group is solved. */
static void settle(mn_ensemble *ensemble, int64_t first)
{
    if (ensemble->lanes.n_groups > 0) {
        mn_lanes_settle(&ensemble->lanes, first / GROUP, ~0U);
    }
}

static int64_t count_steps(const mn_ensemble *ensemble, int64_t first)
{
    int64_t n_steps = 0;
    for (int64_t r = first; r < first + GROUP && r < ensemble->n; r++) {
        n_steps += ensemble->simulation[r]->step;
    }
    return n_steps;
}

/* A block of steps of a group, and how it takes the next one. */
static void run_block(mn_ensemble *ensemble, int64_t first, int64_t until, double deadline)
{
    mn_ensemble_group *group = &ensemble->group[first / GROUP];
    const int64_t before = count_steps(ensemble, first);
    int64_t n_solved = 0;
    if (ensemble->solver.state == NULL || group->apart) {
        settle(ensemble, first);
        n_solved = run_apart(ensemble, first, until, deadline);
        group->n_rest--;
    } else {
        bool any = true;
        for (int k = 0; k < BLOCK && has_room(ensemble, first, until, &any) && any; k++) {
            n_solved += take_step(ensemble, first, until);
            any = mn_clock() < deadline;
        }
        group->n_rest = REST;
    }
    group->apart =
        n_solved * LEAST_SHARE < count_steps(ensemble, first) - before || (group->apart && group->n_rest > 0);
}

/* Whether some simulation was cancelled: that is no failure of its own. */
static bool take_back_interrupts(mn_ensemble *ensemble)
{
    bool any = false;
    for (int64_t r = 0; r < ensemble->n; r++) {
        if (ensemble->outcome[r].code == MN_ERR_INTERRUPTED) {
            ensemble->outcome[r].code = MN_OK;
            any = true;
        }
    }
    return any;
}

int mn_ensemble_run(mn_ensemble *ensemble, int64_t until, double budget, mn_reason *reason, mn_error *error)
{
    const double deadline = mn_clock() + budget;
    *reason = MN_DONE;
    for (int64_t first = 0; first < ensemble->n && *reason == MN_DONE; first += GROUP) {
        bool any = true, room = has_room(ensemble, first, until, &any);
        while (any && room && mn_clock() < deadline) {
            run_block(ensemble, first, until, deadline);
            if (take_back_interrupts(ensemble)) {
                settle(ensemble, first);
                return mn_error_set(error, MN_ERR_INTERRUPTED);
            }
            room = has_room(ensemble, first, until, &any);
        }
        settle(ensemble, first);
        *reason = any ? MN_BUDGET : MN_DONE;
    }
    return MN_OK;
}
