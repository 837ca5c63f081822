/* A device model: one constant descriptor in one C file, listed by one line in devices.def.
 *
 * From the field table come the Python class (keywords, defaults, validation, repr, docstring), the checkpoint, the
 * recorder's variable names and the tables in docs/models. docs/adding-a-device.md walks through a new one. */
#ifndef MN_DEVICE_H
#define MN_DEVICE_H

#include "memnet.h"

#include <math.h>

/* MN_COUNT: a parameter that is a whole number, one for all members of a population, for as long as it lives. */
typedef enum { MN_REAL, MN_CHOICE, MN_FLAG, MN_COUNT } mn_field_kind;
/* MN_OUTPUT: what follows from the states, for recorders and for conductance(): kept as a state, but never set. */
typedef enum { MN_PARAMETER, MN_STATE, MN_OUTPUT } mn_field_role;

typedef struct {
    const char *name; /* the paper's letters in ASCII */
    const char *unit; /* "1/V"; "1" for a number */
    const char *doc;
    mn_field_kind kind;
    mn_field_role role;
    double initial;        /* default of a parameter, start of a state; nan: `otherwise` says what is used */
    double low, high;      /* allowed range */
    const char *bounds;    /* "[]", "(]", "[)" or "()": whether low and high are allowed; "()0": a parameter but 0 */
    const char *choices;   /* MN_CHOICE: names separated by '|'; the value is the index */
    const char *otherwise; /* what a default of nan stands for, else NULL */
    /* a state that is a vector for each member: what its numbers are of, "particle", and how many, > 0, or the
     * parameter of kind MN_COUNT that says how many; else NULL, 0, NULL */
    const char *dimension;
    int64_t width;
    const char *width_field;
    const char *below; /* the parameter that this one must stay below, else NULL */
    /* a state of which each member has a range of its own, closed, within low and high: that range in words,
     * "[0, x_max]", else NULL; not of a vector */
    const char *own_range;
    bool added_later; /* a parameter that checkpoints and descriptions of runs had before it was there: these leave
                         it out at its default, those take it from the devices that they are restored into */
} mn_field;

/* What a field allows, for tables: {"tau", "s", MN_POSITIVE, .initial = 20.0, .doc = "time constant"}. */
#define MN_RANGE(from, to, which) .low = (from), .high = (to), .bounds = (which)
#define MN_POSITIVE MN_RANGE(0.0, INFINITY, "()")
#define MN_NOT_NEGATIVE MN_RANGE(0.0, INFINITY, "[)")
#define MN_FINITE MN_RANGE(-INFINITY, INFINITY, "()")
#define MN_UNIT_INTERVAL MN_RANGE(0.0, 1.0, "[]")
/* A choice between words, "a|b|c", of which `last` is the index of the last. */
#define MN_WORDS(words, last) .kind = MN_CHOICE, MN_RANGE(0.0, (double)(last), "[]"), .choices = (words)

/* A published set of parameters. What it does not give keeps its default. */
typedef struct {
    const char *field; /* a parameter; of a choice the value is the index */
    double value;
} mn_preset_value;

typedef struct {
    const char *name;
    const char *doc; /* what it describes, and what was decided where the source leaves a choice */
    const char *citation;
    const mn_preset_value *value;
    int64_t n_values;
    const char *fitted_field;  /* the choice that the set was fitted with where that is not the default, else NULL: */
    const char *fitted_choice; /* Python warns where a device is made from it with another */
} mn_preset;

/* A kind of event by its name, for reactions. */
typedef struct {
    const char *name;
    int8_t kind; /* as in event_kind; not 0, which stands for any */
} mn_event;

/* An array that is in sight as a member of a table, and its length: MN_ARRAY(field, fields) fills field, n_fields. */
#define MN_ARRAY(member, array) .member = (array), .n_##member##s = (int64_t)(sizeof(array) / sizeof((array)[0]))

/* The events of what is closed (+1) or open (-1), as a model's own. */
extern const mn_event mn_switch_events[2];
#define MN_SWITCHES .event = mn_switch_events, .n_events = 2

/* Flags of a model. */
enum {
    MN_EVENT_DRIVEN = 1 << 0, /* conductance and source current change only at events, which advance() reports */
    MN_HAS_SOURCE = 1 << 1,   /* conductance() fills i0 */
    MN_STOCHASTIC = 1 << 2,   /* draws from mn_philox with (seed, stream), (edge, step) */
    MN_NEEDS_LENGTH = 1 << 3, /* every edge must have a length > 0 */
    MN_HAS_CHARGE = 1 << 4,   /* linearise() gives a charge q: the current is i + dq/dt */
    MN_IMPLICIT = 1 << 5,   /* current and states at the end of a step follow the voltage there, however long the step:
                               Newton on linearise(); there is no conductance() and no advance() */
    MN_HAS_SIGNAL = 1 << 6, /* the device carries a waveform, which `signal` names: its value is mn_step.signal */
    MN_HAS_LINK = 1 << 7,   /* each member reads another edge, mn_device_spec.link: mn_step.linked_v and linked_x */
    MN_FALLS = 1 << 8,      /* at given states the current may fall where the voltage rises */
    MN_EVENTS_AT_STEPS = 1 << 9, /* in steps of a fixed length advance() does what crossing() and cross() do: thresholds
                                    are of states alone, and are looked at when a step ends */
    MN_LONG_STEPS = 1 << 10, /* how long advance() takes follows from parameters and dt: it looks at mn_step.cancel */
    MN_HALVES = 1 << 11, /* with MN_STOCHASTIC: both halves of a step have its noise where mn_step.part asks for it */
    MN_READS_INFLOW = 1 << 12, /* each member reads the current of the electrode at its first node, in advance() alone:
                                  mn_step.inflow. Plain steps of a fixed length; there is no linearise() */
    MN_LINK_AT_END = 1 << 13 /* with MN_HAS_LINK: the voltage that is read counts from the second node of the own edge,
                                so of devices in series only the last has it */
};

/* The waveform that a device carries, one for all its edges: an argument of the Python class. Its values alone count.
 */
typedef struct {
    const char *name; /* "control" */
    const char *unit; /* of its values: "V" */
    const char *doc;
    double initial; /* the constant that it is by default */
} mn_signal;

/* What the arrays of a block have room for, where there are so many members. */
enum { MN_BLOCK = 256 };

/* All edges that carry one device. Fields are arrays of n doubles, one array a field. */
struct mn_population {
    /* parameters */
    const mn_device_model *model;
    void (*release)(const mn_device_model *model); /* of a model that the population owns, else NULL */
    int64_t n;
    int32_t *edge;  /* n, ascending */
    double *length; /* n (pd), NULL where the network has none */
    uint64_t seed;
    uint64_t stream; /* its own random stream */
    /* state */
    double **field; /* n_fields arrays of n width: parameters, and states and outputs at the present step */
    double **next;  /* n_fields arrays, NULL for parameters: where advance() writes */
    /* n_fields: how many numbers each has for a member, which stand side by side: member k has [k width, (k + 1) width)
     * of field[] and next[] */
    int64_t *width;
    /* ranges of states with mn_field.own_range: n_fields arrays of n, NULL for other fields */
    double **low, **high;
    /* events of the step that advance() computes; room for n */
    int64_t n_events;
    int32_t *event_member;
    int8_t *event_kind;
    /* members whose state moves while voltages stay as they are; room for n, MN_EVENT_DRIVEN only */
    int64_t n_active;
    int32_t *active;
    /* scratch */
    double **scratch; /* n_scratch arrays of the model's own names, n_blocks others; nothing in them outlives a hook */
};

/* What a step is in a comparison of one with two of half its length, for models with MN_HALVES. */
typedef enum {
    MN_STEP_ALONE, /* in no comparison */
    MN_STEP_WHOLE, /* taken in as many sub-steps as its two halves together */
    MN_STEP_HALF   /* step 2 k or 2 k + 1 is a half of step k, with the noise that its sub-steps have there */
} mn_step_part;

/* What a hook is told of the step that it is part of. */
typedef struct {
    double t, dt;         /* s: where the step starts, and its length */
    const double *v;      /* n (V): branch voltages as just solved, for hooks that run after a solve, else NULL */
    const double *v_prev; /* n (V): of the step before, 0 at step 0, for hooks that run before a solve, else NULL */
    double *g, *i0;       /* what hooks that run before a solve write (S, and A from a to b: i = g v + i0), else NULL */
    mn_cancel *cancel; /* for advance() that takes long: where it is set the hook may end, and the step is not taken */
    mn_step_part part; /* for advance() of models with MN_HALVES */
    double signal;     /* value at t of the waveform that the device carries; 0 where it carries none */
    /* of the edge that each member is linked to, NULL without links: voltages (n, V), as v or v_prev are, and states at
     * the present step (n_linked_states arrays of n) */
    const double *linked_v;
    const double *const *linked_x;
    /* n (A), for advance() of models with MN_READS_INFLOW: what the electrode at the first node takes from the network,
     * as just solved; else NULL */
    const double *inflow;
} mn_step;

/* The members at their states and branch voltages: the current i(v, x) from a to b, the charge q(v, x), the rate
 * f(v, x) of each state, and their derivatives. Arrays of n; those of a state have its number, others are NULL. */
typedef struct {
    double *i, *i_v;                 /* A, S */
    double *q, *q_v;                 /* C, F; 0 without MN_HAS_CHARGE */
    double **f, **f_x, **f_v, **i_x; /* [x]/s, 1/s, [x]/(s V), A/[x] */
    double **q_x; /* C/[x]; NULL without MN_HAS_CHARGE; a model whose q follows no state leaves it 0 */
} mn_linear;

struct mn_device_model {
    const char *name; /* the Python class: "RateBalance" */
    const char *doc;  /* one paragraph */
    const char *citation;
    const char *text;     /* of a model from equations, else NULL */
    const char *identity; /* of a model made at run time: what tells it from others of its name; else NULL */
    const mn_field *field;
    int64_t n_fields;
    int64_t n_scratch; /* arrays that its hooks work in, numbered by an enum in its file */
    int64_t n_blocks;  /* further ones behind them, of at most MN_BLOCK numbers */
    int64_t n_at_once; /* events that one member can have at one step's end, where those are more than one */
    unsigned flags;
    mn_signal signal; /* with MN_HAS_SIGNAL */
    /* MN_HAS_LINK: the states that the linked edge must have, by name, each one number an edge. Not with
     * MN_EVENT_DRIVEN, whose conductances are asked at events alone. */
    const char *const *linked_state;
    int64_t n_linked_states;
    const char *check;       /* the parameter an error message points to */
    const mn_preset *preset; /* published parameter sets, or NULL */
    int64_t n_presets;
    const mn_event *event; /* the kinds of events that it reports, or NULL */
    int64_t n_events;
    const char *voltage_field; /* MN_HAS_CHARGE: the state that is the voltage of the charge. The engine writes it */
    const char *rule_field;  /* MN_HAS_CHARGE: the choice between backward Euler and the trapezoidal rule; NULL: that */
    const char *fixed_field; /* a choice of which only the first word is a differential equation, else NULL */

    /* Runs once, when parameters are filled and before step 0: writes field[] of the states that do not start at the
     * table's `initial`. Parameters that are nan by default are replaced here. Returns MN_OK, MN_ERR_PARAMETER or a
     * code of its own. NULL: there is nothing to write. */
    int (*init)(mn_population *population);
    /* Parameters of which each is in its range, but which do not go together: checks those of members `first` to
     * first + n - 1. Returns MN_OK or an error code, with the place in *error. Runs before init, and where parameters
     * are drawn again. NULL: there is nothing to check. */
    int (*check_together)(const mn_population *population, int64_t first, int64_t n, mn_error *error);
    /* Models with fields of role MN_OUTPUT: writes field[] of these, for all members, from the present states. Runs
     * after init, and whenever states or parameters have been set; in a step advance() writes next[] of them. */
    void (*derive)(mn_population *population);
    /* Models with states that have mn_field.own_range: writes low[] and high[] of these, from parameters and lengths,
     * for members `first` to first + n - 1. Runs before init, and whenever a parameter has changed. */
    void (*ranges)(mn_population *population, int64_t first, int64_t n);
    /* Runs before a solve: writes g (n) and, with MN_HAS_SOURCE, i0 (n) from the present state. Must not write to the
     * population's fields. A step may call it for slices of a population (mn_population_slice), as it may advance():
     * what a member gets depends on no other member. */
    void (*conductance)(mn_population *population, const mn_step *step);
    /* Runs after a solve: writes next[] of every state for every member from field[] and v, and appends events. The
     * engine swaps field and next only when the whole step is good. NULL: the model has no state. */
    void (*advance)(mn_population *population, const mn_step *step);
    /* MN_EVENT_DRIVEN models with a state, after a solve: lists in active[] the members whose state moves at v, and
     * returns a lower bound on the number of advances until the conductance may change (INT64_MAX where active[] is
     * empty). */
    int64_t (*next_event)(mn_population *population, const mn_step *step);
    /* MN_EVENT_DRIVEN models whose states move beyond a voltage, whatever its sign, in the place of next_event: writes
     * bound[j] (V) for member[j]. At the present states and parameters its state moves where |v| > bound[j], and stays
     * what it is to the last bit where not; below 0: it moves at any voltage, INFINITY: at none. The engine keeps the
     * bounds of members that have not moved, and lists active[] itself. */
    void (*moves_above)(const mn_population *population, int64_t n, const int32_t *member, double *bound);
    /* As advance, but only for the members in active[]: the same arithmetic, so the same bits. */
    void (*advance_active)(mn_population *population, const mn_step *step);
    /* Models that are differential equations, without vectors among their states: writes `linear` from the present
     * states and v. A state that its range holds has the rate 0. The same laws as conductance and advance, which
     * tests/c/test_linearise.c compares. NULL: a step of a fixed length is part of the model, or it has a random part.
     */
    void (*linearise)(mn_population *population, const mn_step *step, const mn_linear *linear);
    /* Models whose law changes at a threshold at which a step has to end: writes the signed distance (n) of each member
     * to its next one, in any unit that is continuous in time; >= 0: reached. At the present states, v and signal. */
    void (*crossing)(mn_population *population, const mn_step *step, double *distance);
    /* What happens to a member there: writes field[] of its states, and appends the event. Goes with crossing(). The
     * state `voltage_field` is the voltage of the charge then: where it is written, the circuit goes on from that. */
    void (*cross)(mn_population *population, int32_t member, const mn_step *step);
    /* MN_EVENT_DRIVEN models, optional: as conductance, but only for the members in event_member[], whose states have
     * just changed: g[j] and i0[j] belong to event_member[j]. The same arithmetic, so the same bits. */
    void (*conductance_events)(mn_population *population, const mn_step *step);
};

/* A device of a simulation: a model and the edges it sits on. */
struct mn_device_spec {
    const char *model;                            /* by its name in the list, or */
    const mn_device_model *made;                  /* one that was made at run time, which is in no list; else NULL */
    void (*release)(const mn_device_model *made); /* of `made`: the simulation owns it from a successful init on, and
                                                     calls this at its end; NULL: the caller's, and outlives it */
    int64_t n;
    const int32_t *edge;            /* n, ascending */
    const double *const *parameter; /* one pointer a field of role parameter, in table order: n values each */
    int64_t n_waves;
    const mn_wave *wave; /* MN_HAS_SIGNAL: the last is what the device carries, those it is made of stand before it;
                            none: a constant, the table's `initial` */
    const int32_t *link; /* MN_HAS_LINK: n, the edge that each reads, another than itself; else NULL */
};

/* Whether a step of a fixed length ends at the model's thresholds. */
static inline bool mn_model_cuts_steps(const mn_device_model *model)
{
    return model->crossing != NULL && (model->flags & MN_EVENTS_AT_STEPS) == 0;
}

/* The most events that one member can have in a call of advance() or cross(). */
static inline int64_t mn_model_at_once(const mn_device_model *model)
{
    return model->n_at_once > 1 ? model->n_at_once : 1;
}

/* One event of a member in the step being computed. */
static inline void mn_population_event(mn_population *population, int32_t member, int8_t kind)
{
    population->event_member[population->n_events] = member;
    population->event_kind[population->n_events] = kind;
    population->n_events++;
}

/* Allocates a population and copies edges, lengths and parameters (parameter[k], n values, belongs to the k-th field of
 * role parameter; `length` is the network's own array over all edges, or NULL), checks every value against the table,
 * then runs init. Errors: NEEDS_LENGTH, PARAMETER (error->model, noun, edge, value), NO_MEMORY; nothing stays
 * allocated then. */
int mn_population_init(mn_population *population, const mn_device_model *model, int64_t n, const int32_t *edge,
                       const double *length, const double *const *parameter, uint64_t seed, uint64_t stream,
                       mn_error *error) MN_CHECKED;
void mn_population_free(mn_population *population);
/* Reads own ranges of members `first` to first + n - 1 from their present parameters, and checks these together.
 * Errors: those of check_together, EMPTY_RANGE (error->model, noun, edge), where a low end is above the high one; the
 * ranges are then as the parameters say. */
int mn_population_read_ranges(mn_population *population, int64_t first, int64_t n, mn_error *error) MN_CHECKED;
/* Makes `slice` the members `first` to first + n - 1 of a population as one of their own, for the hooks conductance and
 * advance: what they write to states lands in the population. They find the same for a member in any slice, so a step
 * may go through a population slice by slice. All slices have one scratch, from its beginning. Events are appended to
 * those that the population has; mn_population_take_events counts them. `slice` has arrays of pointers of its own,
 * which mn_population_slice_init has made. */
int mn_population_slice_init(mn_population *slice, const mn_population *population, mn_pool *pool) MN_CHECKED;
void mn_population_slice(mn_population *slice, const mn_population *population, int64_t first, int64_t n);
void mn_population_take_events(mn_population *population, const mn_population *slice, int64_t first);
/* Outputs from the present states. */
static inline void mn_population_derive(mn_population *population)
{
    if (population->model->derive != NULL) {
        population->model->derive(population);
    }
}
/* What follows from parameters and states, which are known to be good, after some were set: ranges and outputs. */
static inline void mn_population_renew(mn_population *population)
{
    if (population->model->ranges != NULL) {
        population->model->ranges(population, 0, population->n);
    }
    mn_population_derive(population);
}

/* The range of a state of a member. */
static inline double mn_low_of(const mn_population *population, int64_t field, int64_t member)
{
    const double *own = population->low[field];
    return own != NULL ? own[member] : population->model->field[field].low;
}

static inline double mn_high_of(const mn_population *population, int64_t field, int64_t member)
{
    const double *own = population->high[field];
    return own != NULL ? own[member] : population->model->field[field].high;
}

/* x inside a range; nan stays nan. */
static inline double mn_bounded(double x, double low, double high)
{
    const double above = x < low ? low : x;
    return above > high ? high : above;
}

/* Whether a value is allowed for a field. nan is allowed for a parameter whose default is nan. */
bool mn_field_allows(const mn_field *field, double value);
/* Index of a field by name, -1 where there is none. */
int64_t mn_model_field(const mn_device_model *model, const char *name);

#endif
