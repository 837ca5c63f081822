/* Private to csrc/simulate: from one row to the next by steps of a length that errors decide. */
#ifndef MN_ADAPTIVE_H
#define MN_ADAPTIVE_H

#include "simulate/points.h"

typedef struct {
    mn_population view;          /* the members; its states are those of a point */
    mn_point start, middle, end; /* of a step */
    double **k1, **k2;           /* rates of the states in a step's stages */
    double **r;                  /* right-hand sides of a stage */
} mn_adaptive_members;

typedef struct mn_adaptive {
    double rtol;
    double h;     /* s: length of the next step, 0 before the first and after a jump */
    double scale; /* V: largest voltage of an electrode so far */
    mn_adaptive_members *members;
    mn_drive drive;    /* the same that rows have, without their tolerance for times that were rounded */
    mn_solver umfpack; /* for steps with a negative companion */
    /* n_nodes */
    double *phi, *phi_stage, *k1, *k2, *k3;  /* potentials and their rates */
    double *into, *into_start, *into_middle; /* what edges carry into a node (A) */
    double *charging;                        /* what a rate of the potentials charges there (A) */
    double *injected;
    /* n_edges */
    double *companion; /* S */
    /* n_electrodes: drive at the start, in the middle and at the end of a step */
    uint8_t *role, *role_now;
    double *start, *middle, *end, *boundary;
    double *voltage, *current; /* of solutions, of no use otherwise */
} mn_adaptive;

int mn_adaptive_init(mn_simulation *simulation, double rtol, mn_error *error) MN_CHECKED;
void mn_adaptive_free(mn_simulation *simulation);
/* Writes next[] of every state: from the circuit as solved at the present step to the next one. */
int mn_adaptive_advance(mn_simulation *simulation, mn_error *error) MN_CHECKED;

#endif
