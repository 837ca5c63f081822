/* Private to csrc/simulate: from one row to the next by steps of a length that errors decide. */
#ifndef MN_ADAPTIVE_H
#define MN_ADAPTIVE_H

#include "simulate/crossings.h"
#include "simulate/points.h"

/* The points at which a step looks at the network. */
typedef enum { MN_START, MN_MIDDLE, MN_END, MN_POINTS } mn_place;
/* Rates of what changes with time of itself: from the start to the middle, and to the end. */
enum { MN_TO_MIDDLE, MN_TO_END, MN_RATES };
enum { MN_STAGES = 3 };

typedef struct {
    mn_population view; /* the members; its states are those of a point */
    mn_point point[MN_POINTS];
    double **k1, **k2;         /* rates of the states in stages 1 and 2 ([x]/s) */
    double **r;                /* right-hand sides of a stage, then its rates */
    double **inverse;          /* of each state: 1 / (1 - h d f_x) */
    double *g;                 /* n (S): companions */
    double *k_v[MN_STAGES];    /* n (V/s): rates of the voltages in the stages, as those of the potentials */
    double *charge1, *charge2; /* n (A): rates of the charges in stages 1 and 2; NULL without charges */
    double *largest;           /* n_fields: of each state, the largest magnitude so far */
    double *largest_at_row;    /* n_fields: the same when the row began */
    bool has_source;           /* a state moves the current of an edge at no voltage, as where a battery is in it */
    /* of a waveform that the device carries */
    mn_drive carried; /* an exact copy */
    double signal[MN_POINTS];
    double *i_t[MN_RATES], **f_t[MN_RATES]; /* how it moves currents and states (A/s, [x]/s2); NULL without one */
} mn_adaptive_members;

typedef struct mn_adaptive {
    double rtol;
    bool has_thresholds;
    double h;                                  /* s: length of the next step, 0 before the first and after a jump */
    bool has_negative;                         /* some companion is */
    double age;                                /* s: since the start, or the last jump */
    double scale, scale_at_end;                /* V: largest voltage so far, and with the step that was tried */
    double h_at_row, age_at_row, scale_at_row; /* the same when the row began: what a row that fails goes back to */
    int32_t worst; /* edge of the largest error of the last step that could be judged, -1 before */
    mn_adaptive_members *members;
    mn_drive drive;    /* the same that rows have, without their tolerance for times that were rounded */
    mn_solver umfpack; /* for steps with a negative companion */
    /* n_nodes */
    double *potential[MN_POINTS]; /* of each point (V) */
    double *k[MN_STAGES];         /* rates of the potentials in the stages (V/s); in the second with the first's */
    double *injected;
    double *around; /* companions at a node (S) */
    /* n_edges */
    double *companion;      /* S */
    mn_crossings crossings; /* n_edges + n_electrodes: to thresholds and turns, of the start and the end of a step */
    /* n_electrodes */
    double *asked[MN_POINTS]; /* the drive at each point */
    double *value[MN_POINTS]; /* what drives there: that, or the limit of a current */
    double *boundary;
    uint8_t *role_asked, *role, *role_now;
    double *limit;              /* A; infinite where there is none */
    int8_t *side, *side_at_row; /* at which limit each is, as in mn_limits; the same when the row began */
    int32_t *n_turned;          /* how often since `turning_since` (s) */
    double turning_since;
    double *voltage, *current; /* of solutions, and of ends of steps */
} mn_adaptive;

/* What simulate/adaptive.c asks of simulate/rosenbrock.c. */

/* Linearises all at the states and potentials of a point; */
void mn_adaptive_linearise(mn_simulation *simulation, mn_place place, double t);
/* Tries a step h from t under the drive in `value`; *size is its error in units of rtol, nan or infinite where it
 * cannot be taken. */
int mn_adaptive_try(mn_simulation *simulation, double t, double h, double *size, mn_error *error) MN_CHECKED;
/* The end of the step that was tried becomes the start of the next one. */
void mn_adaptive_accept(mn_simulation *simulation, double h);
/* What edges see of each other in a step h (s) from the start. */
void mn_adaptive_see(mn_simulation *simulation, double h);

/* What both ask of simulate/step_error.c. */

/* Largest error of the step that was tried, in units of rtol; nan where something overflowed. */
double mn_adaptive_error(const mn_simulation *simulation, double h);
/* All companions at each node, as they were last set. */
void mn_adaptive_sum_companions(const mn_simulation *simulation);
/* Whether something at a node grows so fast, in the step that companions stand for, that it would come out with the
 * other sign: the companions there have a sum below 0, which is above 0 in a short step. */
bool mn_adaptive_outgrown(const mn_simulation *simulation);
/* How much a state counts: what its error is multiplied with (1/[x]). By how much it changes the conductance,
 * relatively; where it has no part in that, relative to the largest that it was, or to what counts as little beside
 * voltages of `scale` (V). */
double mn_adaptive_weight(const mn_simulation *simulation, const mn_adaptive_members *members, mn_place place,
                          int64_t f, int64_t m, double scale);

/* What it asks of simulate/thresholds.c. */

/* A step of length h that begins s after `from`, in a part of a row, so long as `whole`, in which the drive is smooth.
 * It may jump at `after` and at `before`, which are infinite where it does not, and else the ends of the part, or as
 * good as these. Times count from the start of the part: after a jump a step may be shorter than what the time itself
 * can tell. */
typedef struct {
    double from, whole, s, h;
    double after, before;
    int n_walls;       /* steps since first_wall that ended where a law is no number */
    double first_wall; /* an s */
} mn_adaptive_part;

/* Shortens the step that was tried so that it ends where the first threshold is reached, if any is. */
int mn_adaptive_locate(mn_simulation *simulation, mn_adaptive_part *part, bool *reached, mn_error *error) MN_CHECKED;
/* Whatever has reached its threshold at t crosses it; then the currents find a balance, and so on. With `located`, what
 * that it was found by mn_adaptive_locate. Errors: ENDLESS_EVENTS (error->edge, time); LIMITS. */
int mn_adaptive_cross(mn_simulation *simulation, double t, bool located, mn_error *error) MN_CHECKED;
/* The same at the present row, as it was solved. */
int mn_adaptive_cross_row(mn_simulation *simulation, mn_error *error) MN_CHECKED;

/* What they ask of simulate/turns.c: electrodes that turn to the limits of their currents, and back. A step keeps the
 * kind of every electrode: at its voltage, or at its limit. Where at its end one belongs to the other kind, the step is
 * shortened to where it turns, and the balance there says who is what. */

int mn_turns_init(mn_simulation *simulation) MN_CHECKED;
/* All electrodes are as the drive in role_now, value_now asks, but for those at theirs in the balance of `limits`. */
void mn_turns_begin(mn_simulation *simulation, const mn_limits *limits);
/* What drives at a place, from what is asked there. */
void mn_turns_read(mn_simulation *simulation, mn_place place);
/* How far electrodes are beyond what their kind allows, at the start or the end of a step, as distances of edges,
 * behind those. Errors: those of mn_adaptive_look. */
int mn_turns_measure(mn_simulation *simulation, mn_place place, double t, mn_error *error) MN_CHECKED;
/* A balance was found: none is beyond. */
void mn_turns_forget(mn_simulation *simulation);
/* Electrodes have turned at t. Error: LIMITS (error->electrode, time). */
int mn_turns_count(mn_simulation *simulation, double t, mn_error *error) MN_CHECKED;

/* What thresholds and turns ask of simulate/adaptive.c. */

/* What drives in the middle and at the end of a step. */
void mn_adaptive_read_drive(mn_simulation *simulation, const mn_adaptive_part *part);
/* Finds the balance at a place with states and charges held, and electrodes driven as they are, in engine->newton. */
int mn_adaptive_look(mn_simulation *simulation, mn_place place, double t, mn_error *error) MN_CHECKED;
/* Finds the potentials at the start anew, at t, where states and charges are held: what follows a jump at once. */
int mn_adaptive_settle(mn_simulation *simulation, double t, mn_error *error) MN_CHECKED;

/* What the rest of the room asks of simulate/adaptive.c. */

int mn_adaptive_init(mn_simulation *simulation, double rtol, mn_error *error) MN_CHECKED;
void mn_adaptive_free(mn_simulation *simulation);
/* Writes next[] of every state: from the circuit as solved at the present step to the next one. */
int mn_adaptive_advance(mn_simulation *simulation, mn_error *error) MN_CHECKED;
/* Reads the drive right before a jump: role_now, what is asked at the end of a step, and limits. */
void mn_adaptive_read_before(mn_simulation *simulation, double before);
/* How far a corner may be from a row (s) and still be at it. */
double mn_adaptive_same_time(const mn_simulation *simulation, double row);
/* Takes over the drive that the simulation is to have; on an error the old one stays. */
int mn_adaptive_set_drive(mn_simulation *simulation, const mn_drive *drive, mn_error *error) MN_CHECKED;
/* States or the drive are others: nothing is known of the next step. */
void mn_adaptive_restart(mn_simulation *simulation);

#endif
