/* Private to csrc/simulate: steps of a fixed length of networks in which some edge follows its voltage at once, or has
 * a threshold. A row is the circuit at its time. From one row to the next go one or more steps: they end at corners of
 * the drive and where a threshold is reached. */
#ifndef MN_IMPLICIT_H
#define MN_IMPLICIT_H

#include "simulate/crossings.h"
#include "simulate/newton.h"

/* The circuit at some time, beside the states. */
typedef struct {
    double *potential; /* n_nodes (V) */
    double *charging;  /* n_edges (A): what charges carry */
    int8_t *side;      /* n_electrodes: which are at limits of their currents, as in mn_limits */
    double damped;     /* s: length of the next step, which is damped; dt: the first one after an event; 0: it is not */
} mn_circuit_state;

typedef struct mn_implicit {
    /* state */
    mn_circuit_state row; /* at the next row that is to be written, if engine->has_row */
    /* scratch */
    mn_circuit_state now;   /* between two rows; states are then in next[] of their populations */
    mn_drive drive;         /* the same that rows have, without their tolerance for times that were rounded */
    mn_drive *carried;      /* n_populations: the same of what devices carry */
    mn_crossings crossings; /* n_edges: of the start and the end of a step */
    bool has_crossed;       /* some edge has since time has moved on */
    double damped;          /* s: as in mn_circuit_state, after what is being tried */
    int64_t n_damped;       /* damped steps of the present row since the last event */
    int n_turns;            /* of electrodes, located since the row began */
} mn_implicit;

/* How a step goes. */
typedef enum {
    MN_TRAPEZOID,
    MN_ALEXANDER, /* damps what is faster than the step, and is of second order, too; but it may overshoot */
    MN_BACKWARD   /* backward Euler: overshoots nowhere, and is of first order */
} mn_rule;

/* Part of a row. */
typedef struct {
    double t, h;  /* s: where it starts, and its length */
    double until; /* s: where the drive may jump; it is read before */
    bool last;    /* it ends at the row */
    bool bends;   /* it ends at a corner of the drive */
    bool jumps;   /* which jumps there */
    mn_rule rule;
} mn_part;

/* simulate/implicit.c: what the step loop asks. */
/* Whether a simulation takes its fixed steps in this way. */
bool mn_is_implicit(const mn_simulation *simulation);
int mn_implicit_init(mn_simulation *simulation, mn_error *error) MN_CHECKED;
void mn_implicit_free(mn_simulation *simulation);
/* Takes over another drive; where that fails the old one stays. */
int mn_implicit_set_drive(mn_simulation *simulation, const mn_drive *drive, mn_error *error) MN_CHECKED;
/* The circuit at the present row: finds it where it is not known, and writes it to where results stand. */
int mn_implicit_solve(mn_simulation *simulation, mn_error *error) MN_CHECKED;
/* The same for a look: what crosses a threshold there does so in the step that begins there, not now. */
int mn_implicit_peek(mn_simulation *simulation, mn_error *error) MN_CHECKED;
/* From the present row to the next: writes next[] of every state, logs events. After an error all is as before. */
int mn_implicit_advance(mn_simulation *simulation, mn_error *error) MN_CHECKED;
/* Makes the next row the present one: nothing can fail any more. */
void mn_implicit_commit(mn_simulation *simulation);
/* 1 - 1/sqrt 2, of a step: both stages of Alexander's rule are so long. */
#define MN_STAGE 0.29289321881345248
/* Whether charge k of a population has asked for steps of second order. */
static inline bool mn_is_trapezoidal(const mn_population *population, int64_t k)
{
    const char *name = population->model->rule_field;
    return name == NULL || population->field[mn_model_field(population->model, name)][k] != 0.0;
}

/* simulate/trapezoid.c */
/* All edges as they are now, at newton->t. */
void mn_implicit_look(mn_simulation *simulation);
/* Electrodes and devices at t as the drive is there; at `until` and later, as it was before. */
int mn_implicit_drive(mn_simulation *simulation, double t, double until, mn_error *error) MN_CHECKED;
/* Where the balance begins with electrodes at limits of their currents, and what has become of them; whether that is
 * something else. */
void mn_implicit_set_sides(mn_simulation *simulation);
bool mn_implicit_keep_sides(mn_simulation *simulation);
/* Whether a part that was tried would turn any; how far it goes beyond where the first one does, below 0 where it does
 * not reach that (a part of limits and voltages). */
bool mn_implicit_turns(const mn_simulation *simulation);
double mn_implicit_beyond_turn(const mn_simulation *simulation);
/* Tries a part by its rule, or by one that damps where an electrode turns to a limit of its current or a model jumps in
 * it, which then is its rule: the balance at its end is in simulation->engine->newton. */
int mn_implicit_try(mn_simulation *simulation, mn_part *part, mn_error *error) MN_CHECKED;
/* What was tried, and ends at `end` (s), is now. */
int mn_implicit_accept(mn_simulation *simulation, double end, mn_error *error) MN_CHECKED;

/* simulate/layer.c */
/* Chooses the rule of a part, shortens it where something moves in much less time, and tries it. */
int mn_layer_try(mn_simulation *simulation, mn_part *part, mn_error *error) MN_CHECKED;
/* Lets the next step be the first one after an event. */
void mn_layer_open(mn_simulation *simulation);

/* simulate/located.c */
/* Distances to thresholds as edges now are. */
void mn_crossings_look(mn_simulation *simulation);
/* Tries a part as mn_layer_try does, and where thresholds are reached in it, or electrodes turn to limits of their
 * currents or back, shortens it so that it ends at the first of all; *reached, whether that is a threshold. */
int mn_crossings_try(mn_simulation *simulation, mn_part *part, bool *reached, mn_error *error) MN_CHECKED;
/* All that happens at t: what has reached its threshold crosses it, the currents find a balance, and so on. With
 * `reached`, thresholds are reached at t; else the drive has jumped. Errors: ENDLESS_EVENTS (error->edge, time). */
int mn_crossings_settle(mn_simulation *simulation, double t, bool reached, mn_error *error) MN_CHECKED;

#endif
