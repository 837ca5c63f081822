/* Private to csrc/simulate: the work arrays of the step loop and what its files ask of each other. */
#ifndef MN_ENGINE_H
#define MN_ENGINE_H

#include "circuit/limits.h"
#include "circuit/solver.h"
#include "devices/device.h"
#include "memnet.h"

/* The other edge that each member of a population reads. */
typedef struct {
    int32_t *edge;                /* n */
    int32_t *population, *member; /* n: the same edge */
    int32_t *field;               /* n_linked_states times n: the field there that a state's name is */
    double *v, *v_prev;           /* n (V): its voltage, as in mn_members */
    double *v_kept;               /* n (V): what v_prev was before it was last kept */
    double **x;                   /* n_linked_states arrays of n: its states */
} mn_links;

/* A field that is a state, and of how many numbers for each member. */
typedef struct {
    int64_t field, width;
} mn_state_field;

/* What the loop keeps for one population, in the order of its members. */
typedef struct {
    mn_population slice;    /* members that the loop goes through while the nearest cache holds what they need */
    int32_t *a, *b;         /* ends of the member's edge */
    double *v;              /* branch voltages of the last solve; with a watch of active members alone */
    bool v_is_late;         /* v is read when members are advanced */
    double *v_prev;         /* of the step before, for companions and lagged nonlinearities */
    bool dirty;             /* conductances must be asked again before the next solve */
    mn_drive carried;       /* the waveform of the device, its only root; empty where it carries none */
    double signal;          /* its value at the present step */
    mn_links *links;        /* NULL where the members read no other edge */
    struct mn_watch *watch; /* NULL where the model does not say when members move; see simulate/watch.h */
    bool watch_is_stale;    /* states or parameters of any member may be others than it knows */
    bool bounds_in_lanes;   /* simulate/lanes.h knows above which voltages the members move */
    /* what the electrode at the first node of each member takes from the network (A), and which one that is; NULL where
     * the members read it not */
    double *inflow;
    int32_t *inflow_electrode;
    int64_t n_state_fields;
    mn_state_field *state_field;
    double **states; /* n_fields: where links find the states of this population, its field[] or those of a point */
} mn_members;

typedef struct mn_engine {
    /* parameters */
    bool has_source;
    bool has_long_steps;
    bool has_cut_steps;      /* some device cuts steps where it passes a threshold, nobody knows how often */
    bool has_constant_drive; /* of electrodes and devices, at every step; the loop need not ask again */
    bool has_limits;         /* of currents, at some time */
    bool has_signals;        /* some device carries a waveform */
    bool has_links;          /* some device reads other edges */
    bool has_inflow;         /* some device reads the current of an electrode */
    bool has_watches;        /* some device says above which voltage each of its members moves */
    int64_t max_events;      /* most events that one step can log */
    uint8_t *island_edge;    /* n_edges: no electrode in its component, so it carries nothing */
    /* state */
    mn_members *members; /* n_populations */
    uint8_t *role;       /* n_electrodes: the boundary of the last solve */
    double *value;
    double *limit;         /* n_electrodes (A): of the last solve, with has_limits */
    mn_limits limits;      /* of the last solve, with has_limits */
    double *source;        /* n_edges (A, a to b), NULL without sources */
    bool injects;          /* some source of the last solve is not 0 */
    bool has_factor;       /* the solver holds the factor of `conductance` */
    bool owes_currents;    /* the electrodes' currents of the last solve are still to be found, */
    bool owes_conductance; /* and the terminal conductance */
    bool in_lanes;         /* simulate/lanes.h has the conductances of all edges */
    bool has_solution;     /* potentials belong to the present conductances and boundary */
    /* scratch */
    uint8_t *role_now;
    double *value_now;
    double *g; /* n_edges */
    double *i0;
    double *injected;  /* n_nodes, NULL without sources */
    mn_step_part part; /* what the step that is taken is in a comparison */
    int64_t n_changed;
    int32_t *changed;               /* n_edges: edges whose conductance differs from the factor's */
    struct mn_reactions *reactions; /* NULL: none; see simulate/reactions.h */
    struct mn_cycles *cycles;       /* NULL: none; see simulate/cycles.h */
    struct mn_slices *slices;       /* NULL with one thread; see simulate/slices.h */
    /* edges at each node, built when a current at a node is first recorded */
    mn_pool adjacency;
    int64_t *first_at_node;           /* n_nodes + 1 */
    int32_t *edge_at_node;            /* 2 n_edges */
    struct mn_adaptive *adaptive;     /* NULL for steps of a fixed length */
    struct mn_step_check *step_check; /* NULL before the first */
    struct mn_readers *readers;       /* NULL: no device reads another edge, or no step asks how */
    struct mn_controls *controls;     /* NULL: nobody looks for controls that lag and are fed back */
    unsigned char *before_left;       /* left_size: what a row goes back to after a look at its left side */
    size_t left_size;
    bool has_left; /* channels have the left side of the present row */
    /* where edges are more than conductances with sources */
    struct mn_newton *newton;     /* NULL where none is */
    struct mn_implicit *implicit; /* NULL where steps of a fixed length need it not */
    uint8_t has_row;              /* implicit->row is the circuit at the present step; a byte, as in checkpoints */
} mn_engine;

/* Of the present step (s). */
static inline double mn_simulation_time(const mn_simulation *simulation)
{
    return (double)simulation->step * simulation->options.dt;
}

/* What the hooks of population p are told at time t and branch voltages v; signal and links are as last read. */
static inline mn_step mn_step_at(const mn_simulation *simulation, int64_t p, double t, const double *v)
{
    const mn_members *members = &simulation->engine->members[p];
    const mn_links *links = members->links;
    return (mn_step){.t = t,
                     .v = v,
                     .signal = members->signal,
                     .linked_v = links == NULL ? NULL : links->v,
                     .linked_x = links == NULL ? NULL : (const double *const *)links->x};
}

/* The same before a solve of the present step, and after it. */
static inline mn_step mn_step_before(const mn_simulation *simulation, int64_t p)
{
    const mn_engine *engine = simulation->engine;
    const mn_links *links = engine->members[p].links;
    return (mn_step){.t = mn_simulation_time(simulation),
                     .dt = simulation->options.dt,
                     .v_prev = engine->members[p].v_prev,
                     .g = engine->g,
                     .i0 = engine->i0,
                     .signal = engine->members[p].signal,
                     .linked_v = links == NULL ? NULL : links->v_prev,
                     .linked_x = links == NULL ? NULL : (const double *const *)links->x};
}

static inline mn_step mn_step_after(const mn_simulation *simulation, int64_t p)
{
    const mn_members *members = &simulation->engine->members[p];
    const mn_links *links = members->links;
    return (mn_step){.t = mn_simulation_time(simulation),
                     .dt = simulation->options.dt,
                     .v = members->v,
                     .cancel = simulation->options.cancel,
                     .part = simulation->engine->part,
                     .signal = members->signal,
                     .linked_v = links == NULL ? NULL : links->v,
                     .linked_x = links == NULL ? NULL : (const double *const *)links->x,
                     .inflow = members->inflow};
}

/* Whether steps are plain: the row is one solve, and the hook advance, if any, follows it. */
static inline bool mn_steps_are_plain(const mn_simulation *simulation)
{
    return simulation->engine->implicit == NULL && simulation->engine->adaptive == NULL;
}

/* How many members of population p the hooks conductance and advance are called for at once. What links read is in the
 * order of all members. */
static inline int64_t mn_members_at_once(const mn_simulation *simulation, int64_t p)
{
    return simulation->engine->members[p].links != NULL ? INT64_MAX : MN_BLOCK;
}

/* Members `first` to first + n - 1 of population p as a population, which is valid until the next call. */
static inline mn_population *mn_members_slice(mn_simulation *simulation, int64_t p, int64_t first, int64_t n)
{
    mn_population *population = &simulation->population[p], *slice = &simulation->engine->members[p].slice;
    if (n == population->n) {
        return population;
    }
    mn_population_slice(slice, population, first, n);
    return slice;
}

/* What hooks are told of members from `first` on; without links. */
static inline mn_step mn_step_from(mn_step step, int64_t first)
{
    step.v = step.v == NULL ? NULL : step.v + first;
    step.v_prev = step.v_prev == NULL ? NULL : step.v_prev + first;
    step.inflow = step.inflow == NULL ? NULL : step.inflow + first;
    return step;
}

/* Whether a step computes the next states of the listed members of a population alone. */
static inline bool mn_steps_active_only(const mn_simulation *simulation, const mn_population *population)
{
    return simulation->options.event_driven && population->model->advance_active != NULL;
}

/* What no longer holds: the solution, since the drive is another; or the conductances, and with them factor and
 * solution, since states or parameters are others or a solve has failed. */
typedef enum { MN_STALE_SOLUTION, MN_STALE_CONDUCTANCES } mn_stale;

/* simulate/engine.c */
int mn_engine_init(mn_simulation *simulation, int64_t n_populations) MN_CHECKED;
/* What the loop keeps for population `index`, which is there. */
int mn_engine_add_members(mn_simulation *simulation, int64_t index) MN_CHECKED;
/* When all populations are there: what the loop needs to know of them together, and the event log. */
int mn_engine_survey(mn_simulation *simulation) MN_CHECKED;
/* When there is a drive: what the loop needs to know of it. */
void mn_engine_look_at_drive(mn_simulation *simulation);
void mn_engine_free(mn_simulation *simulation);
/* The next step finds anew what no longer holds. */
void mn_engine_outdate(mn_simulation *simulation, mn_stale what);
/* The same after a step that is good, of what its events, or any move, have changed of population `index`. */
static inline void mn_engine_outdate_members(mn_simulation *simulation, int64_t index)
{
    mn_engine *engine = simulation->engine;
    mn_members *members = &engine->members[index];
    const mn_population *population = &simulation->population[index];
    bool event_driven = (population->model->flags & MN_EVENT_DRIVEN) != 0;
    if (!event_driven || population->model->conductance_events == NULL) {
        members->dirty = members->dirty || !event_driven || population->n_events > 0;
    }
    engine->has_solution = engine->has_solution && !members->dirty && population->n_events == 0;
}

/* simulate/signals.c */
/* The waveform of population `index`, which is there. Errors: those of mn_drive_init; a waveform for a model that takes
 * none. */
int mn_signal_init(mn_simulation *simulation, int64_t index, const mn_device_spec *device, mn_error *error) MN_CHECKED;
/* Evaluates the waveforms of all devices at t (s); where one has another value than before, the conductances of its
 * population and the solution are stale. Error: NOT_FINITE_DRIVE. */
int mn_signals_read(mn_simulation *simulation, double t, mn_error *error) MN_CHECKED;
/* The first corner after t (s) of any waveform, of an electrode, of a reaction or of a device. */
mn_corner mn_engine_next_corner(const mn_simulation *simulation, double t);
/* The same; .jump whether any does that is there or at most `close` later (s), as good as at one moment. */
mn_corner mn_engine_next_moment(const mn_simulation *simulation, double t, double close);

/* simulate/links.c */
/* The links of all populations, which are there. Error: LINK (error->model, noun, edge, value). */
int mn_links_init(mn_simulation *simulation, const mn_device_spec *device, mn_error *error) MN_CHECKED;
/* Reads the states of linked edges from `states` of their populations. */
void mn_links_read_states(mn_simulation *simulation);
/* Reads the voltages of the edges that population p is linked to, at node potentials; 0 on islands. */
void mn_links_read_voltages(mn_simulation *simulation, int64_t p, const double *potential);
/* The voltages of a step that is good become those of the step before. */
void mn_links_keep_voltages(mn_simulation *simulation);
/* They were not good: what was kept last is again what it was. */
void mn_links_restore_voltages(mn_simulation *simulation);

/* simulate/inflow.c */
/* Which electrode each member of a population with MN_READS_INFLOW reads, when drive and kind of steps are there.
 * Errors: INFLOW (error->model, edge), where its first node belongs to no electrode, or to one that may float;
 * INFLOW_STEPS. */
int mn_inflow_init(mn_simulation *simulation, mn_error *error) MN_CHECKED;
/* Whether a drive lets none of these float: INFLOW. */
int mn_inflow_check_drive(const mn_simulation *simulation, const mn_drive *drive, mn_error *error) MN_CHECKED;
/* Reads the currents of a solve. */
void mn_inflow_read(mn_simulation *simulation);

/* simulate/solve.c */
int mn_engine_solve(mn_simulation *simulation, mn_error *error) MN_CHECKED;
/* The same in two parts: what devices conduct now, and the solve. */
void mn_engine_read(mn_simulation *simulation);
int mn_engine_solve_read(mn_simulation *simulation, mn_error *error) MN_CHECKED;
/* Between these parts: whether another solver may take the second as one of several replicas, since nothing but
 * conductances and drives goes into it and most conductances, as n_changed of them are new; what that takes and where
 * it writes; and what follows where it was solved, by a factor of n_columns columns. `sees`: what devices see of a
 * solve is read from the arrays of the simulation; else somebody else does it. */
bool mn_engine_joins(mn_simulation *simulation, int64_t n_changed);
mn_replica mn_engine_replica(mn_simulation *simulation);
void mn_engine_accept(mn_simulation *simulation, int64_t n_columns, bool sees);
/* Their parts: whether the last step had events, after which the model can be asked for their members alone. */
static inline bool mn_engine_can_ask_events(const mn_population *population)
{
    return population->n_events > 0 && population->model->conductance_events != NULL;
}
/* Between two factorisations each edge is listed once at most: its population is asked whole, or at its events. Where
 * the list is full already, as it is taken to be where threads made none, a full factorisation follows. */
static inline void mn_engine_store_conductance(mn_simulation *simulation, int32_t edge, double g)
{
    mn_engine *engine = simulation->engine;
    if (simulation->conductance[edge] != g) {
        simulation->conductance[edge] = g;
        if (engine->n_changed < simulation->network->n_edges) {
            engine->changed[engine->n_changed++] = edge;
        }
    }
}
/* Asks the model of population p, which has no watch, whether anything moves while the voltages stay. */
void mn_engine_list_active(mn_simulation *simulation, int64_t p);
/* The electrodes' currents of the last solve, where it has left them: nan where a later factorisation has failed. */
void mn_engine_find_currents(mn_simulation *simulation);
/* The terminal conductance of the last solve, where the solver has left it: that takes as long as a solve. */
void mn_engine_find_conductance(mn_simulation *simulation);
/* Reads the branch voltages of members `first` to first + n - 1 of population p at the potentials of the last solve. */
void mn_members_read_voltages(mn_simulation *simulation, int64_t p, int64_t first, int64_t n);
/* Completes an error with what only the simulation knows: step and time, and of an edge its ends and model. A
 * time between two rows tells more than a step. */
int mn_engine_explain(const mn_simulation *simulation, int code, mn_error *error);

/* simulate/checkpoint.c: the state in memory, without a checksum. Loading it leaves events alone. */
size_t mn_state_size(const mn_simulation *simulation);
void mn_state_save(mn_simulation *simulation, unsigned char *bytes);
void mn_state_load(mn_simulation *simulation, const unsigned char *bytes);

/* simulate/step_check.c: where there is a step_check, compares steps from the circuit as just solved, if the step that
 * begins there may do much: it is the first, an electrode has jumped (`driven`: the drive differs from the one before),
 * or the last step has changed the conductance of the network. The circuit is then solved again. */
int mn_step_check_look(mn_simulation *simulation, bool driven, mn_error *error) MN_CHECKED;
/* False where that would neither compare nor read conductances of edges. */
bool mn_step_check_may_compare(const mn_simulation *simulation, bool driven);

/* simulate/control_loops.c: where engine->controls are there, looks now and then for a control that lags and is fed
 * back too much, in the circuit as just solved. */
void mn_controls_look(mn_simulation *simulation);

/* simulate/recorder.c */
int mn_recorder_add(mn_recorder *recorder, const mn_channel *channel) MN_CHECKED;
void mn_recorder_free(mn_recorder *recorder);
/* Whether each channel that wants step `step` has a row left. */
bool mn_recorder_has_room(const mn_recorder *recorder, int64_t step);
/* Whether one wants potentials, or conductances of edges, of step `step`. */
bool mn_recorder_wants_arrays(const mn_recorder *recorder, int64_t step);
/* Writes the rows of the present step; left ones that are written already only count from now on. */
void mn_recorder_write(mn_simulation *simulation);
/* Whether there is a channel of left sides, whether one wants step `step` and has room for it, and what they want of
 * the present one. */
bool mn_recorder_has_left(const mn_recorder *recorder);
bool mn_recorder_wants_left(const mn_recorder *recorder, int64_t step);
void mn_recorder_write_left(mn_simulation *simulation);

#endif
