/* Private to csrc/simulate: steps of a fixed length of networks in which some edge follows its voltage at once, or has
 * a threshold. A row is the circuit at its time. From one row to the next go one or more steps: they end at corners of
 * the drive and where a threshold is reached. */
#ifndef MN_IMPLICIT_H
#define MN_IMPLICIT_H

#include "simulate/newton.h"

/* The circuit at some time, beside the states. */
typedef struct {
    double *potential; /* n_nodes (V) */
    double *charging;  /* n_edges (A): what charges carry */
    int8_t *side;      /* n_electrodes: which are at limits of their currents, as in mn_limits */
    double damped;     /* s: time to go in damped steps */
} mn_circuit_state;

typedef struct mn_implicit {
    /* state */
    mn_circuit_state row; /* at the next row that is to be written, if engine->has_row */
    /* scratch */
    mn_circuit_state now; /* between two rows; states are then in next[] of their populations */
    mn_drive drive;       /* the same that rows have, without their tolerance for times that were rounded */
    mn_drive *carried;    /* n_populations: the same of what devices carry */
    double *distance[2];  /* n_edges: to the next threshold at the start and at the end of a step */
    int32_t *n_crossed;   /* n_edges: how often since time has moved on */
    bool has_crossed;     /* any of them is not 0 */
} mn_implicit;

/* Part of a row. */
typedef struct {
    double t, h;  /* s: where it starts, and its length */
    double until; /* s: where the drive may jump; it is read before */
    bool last;    /* it ends at the row */
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
/* Where the drive is read for what comes after t: behind corners that rounding puts a little earlier or later, or at t.
 */
double mn_right_of(const mn_simulation *simulation, double t);
/* Of dt: how long steps are damped after a start, a jump or an event. */
#define MN_DAMPED 0.125

/* simulate/trapezoid.c */
/* How far from a jump at t the drive is read beside it (s): there rounding decides on which side a value is. */
double mn_beside_jump(const mn_simulation *simulation, double t);
/* All edges as they are now, at newton->t. */
void mn_implicit_look(mn_simulation *simulation);
/* Electrodes and devices at t as the drive is there; at `until` and later, as it was before. */
int mn_implicit_drive(mn_simulation *simulation, double t, double until, mn_error *error) MN_CHECKED;
/* Where the balance begins with electrodes at limits of their currents, and what has become of them; whether that is
 * something else. */
void mn_implicit_set_sides(mn_simulation *simulation);
bool mn_implicit_keep_sides(mn_simulation *simulation);
/* Tries a part: the balance at its end is in simulation->engine->newton. */
int mn_implicit_try(mn_simulation *simulation, const mn_part *part, mn_error *error) MN_CHECKED;
/* What was tried, and ends at `end` (s), is now. */
int mn_implicit_accept(mn_simulation *simulation, const mn_part *part, double end, mn_error *error) MN_CHECKED;

/* simulate/located.c */
/* Distances to thresholds as edges now are. */
void mn_crossings_look(mn_simulation *simulation);
/* Tries a part, and where thresholds are reached in it shortens it so that it ends at the first. */
int mn_crossings_try(mn_simulation *simulation, mn_part *part, bool *reached, mn_error *error) MN_CHECKED;
/* All that happens at t: what has reached its threshold crosses it, the currents find a balance, and so on. With
 * `reached`, thresholds are reached at t; else the drive has jumped. Errors: ENDLESS_EVENTS (error->edge, time). */
int mn_crossings_settle(mn_simulation *simulation, double t, bool reached, mn_error *error) MN_CHECKED;

#endif
