/* Private to csrc/simulate: from one row to the next by steps of a length that errors decide. */
#ifndef MN_ADAPTIVE_H
#define MN_ADAPTIVE_H

#include "simulate/points.h"

/* The points at which a step looks at the network. */
typedef enum { MN_START, MN_MIDDLE, MN_END, MN_POINTS } mn_place;

typedef struct {
    mn_population view; /* the members; its states are those of a point */
    mn_point point[MN_POINTS];
    double **k1, **k2;         /* rates of the states in stages 1 and 2 ([x]/s) */
    double **r;                /* right-hand sides of a stage, then its rates */
    double *charge1, *charge2; /* n (A): rates of the charges in stages 1 and 2; NULL without charges */
    double *largest;           /* n_fields: of each state, the largest magnitude so far */
} mn_adaptive_members;

typedef struct mn_adaptive {
    double rtol;
    bool is_linear; /* no edge has MN_IMPLICIT: currents are linear in the voltage */
    bool has_charge;
    double h;     /* s: length of the next step, 0 before the first and after a jump */
    double scale; /* V: largest voltage so far */
    mn_adaptive_members *members;
    mn_drive drive;    /* the same that rows have, without their tolerance for times that were rounded */
    mn_solver umfpack; /* for steps with a negative companion */
    /* n_nodes */
    double *potential[MN_POINTS], *into[MN_POINTS]; /* of each point: V, and what edges carry into a node there (A) */
    double *k1, *k2, *k3;                           /* rates of the potentials in the stages (V/s) */
    double *charging;                               /* what charges take from a node (A) */
    double *injected;
    /* n_edges */
    double *companion; /* S */
    /* n_electrodes */
    int32_t *node;            /* some node of each */
    double *value[MN_POINTS]; /* drive at each point */
    double *boundary;
    uint8_t *role, *role_now;
    double *voltage, *current; /* of solutions, of no use otherwise */
} mn_adaptive;

/* What simulate/adaptive.c asks of simulate/rosenbrock.c. */

/* Linearises all at the states and potentials of a point; fills `into`. */
void mn_adaptive_linearise(mn_simulation *simulation, mn_place place, double t);
/* Tries a step h from t under the drive in `value`; *size is its error in units of rtol, nan or infinite where it
 * cannot be taken. */
int mn_adaptive_try(mn_simulation *simulation, double t, double h, double *size, mn_error *error) MN_CHECKED;
/* The end of the step that was tried becomes the start of the next one. */
void mn_adaptive_accept(mn_simulation *simulation);
/* Finds the potentials at the start anew, where states and charges are held and electrodes have the values of the end:
 * what follows a jump at once. */
int mn_adaptive_settle(mn_simulation *simulation, double t, mn_error *error) MN_CHECKED;
/* How much a state counts: what its error is multiplied with (1/[x]). */
double mn_adaptive_weight(const mn_adaptive_members *members, mn_place place, int64_t f, int64_t m);

/* What the rest of the room asks of simulate/adaptive.c. */

int mn_adaptive_init(mn_simulation *simulation, double rtol, mn_error *error) MN_CHECKED;
void mn_adaptive_free(mn_simulation *simulation);
/* Writes next[] of every state: from the circuit as solved at the present step to the next one. */
int mn_adaptive_advance(mn_simulation *simulation, mn_error *error) MN_CHECKED;

#endif
