/* Private to csrc/simulate: the node potentials at which the currents of all edges balance, by Newton's method.
 *
 * An edge is one of two kinds. Plain ones (models with conductance()) are i = g v + i0 as long as an iteration lasts.
 * The others (MN_IMPLICIT, MN_HAS_CHARGE) follow their voltage through linearise(): a current i(v, x), states x = base
 * + c f(x, v), and a charge that brings i_q = before + (q(v) - start) / c. The times c tell an instant, where states
 * are held, from steps of any rule (instant.c, implicit.c). To the solver all edges are companions: conductances, and
 * what nodes lack of Kirchhoff's law as currents that are injected. */
#ifndef MN_NEWTON_H
#define MN_NEWTON_H

#include "simulate/points.h"

/* What charges do in an iteration. */
typedef enum {
    MN_CHARGES_KNOWN, /* i_q = before: of a balance that was found, for a look */
    MN_CHARGES_STEP,  /* i_q = before + (q - start) / c */
    MN_CHARGES_HELD,  /* q stays at `start`, and i_q is whatever current that takes */
    MN_CHARGES_OPEN   /* they carry nothing */
} mn_charges;

/* What an iteration knows of a population; of a plain one `view` alone is in use. */
typedef struct {
    mn_population view;          /* its states are those of `point` */
    mn_point point;              /* of the present iterate */
    double **base;               /* states: where they start */
    double **rate;               /* states: f where a damped step starts */
    double **old, **dx;          /* states: of the iterate before, and their step */
    double *start;               /* n (C): charges where they start */
    double *moved;               /* n (C): q - start, as a sum of steps, which has digits that q itself has not */
    double *before;              /* n (A) */
    double *c;                   /* n (s), of charges */
    double *charging;            /* n (A): i_q */
    double *old_moved, *dq, *dv; /* n (C, C, V) */
    bool has_source;             /* a state moves the current at no voltage: it may be a difference of larger ones */
} mn_newton_members;

typedef struct mn_newton {
    /* what is asked: states and charges as in `members`, and */
    double t; /* s */
    mn_charges charges;
    double c;       /* s, of states; 0: they are held */
    uint8_t *role;  /* n_electrodes: as the solver needs them, so that somebody is at a voltage */
    double *value;  /* n_electrodes (V, A) */
    double *g, *i0; /* n_edges: of plain edges */
    bool is_before; /* right before t, where the drive jumps or turns; else right after it */
    /* which electrodes are at limits of their currents: at first where the balance is looked for, then as it is */
    mn_limits limits;
    /* the iterate */
    mn_newton_members *members; /* n_populations */
    double *potential;          /* n_nodes (V), nan where nothing conducts to an electrode */
    double *current;            /* n_edges (A) */
    double *slope;              /* n_edges (S): di/dv at constant states and charges */
    double *companion;          /* n_edges (S) */
    bool has_followers;         /* some edge follows its voltage, or that of another edge */
    bool has_charge_loops;      /* charges join electrodes: what they carry may depend on how these are driven */
    bool settled;               /* states and charges are where the voltages want them */
    double unsettled;           /* the farthest that a state is from there, in what its rounding explains */
    double scale;               /* V: the largest potential */
    double hold;                /* s: the c of charges that are held; hardly a time */
    /* scratch */
    mn_solver umfpack;                 /* where a companion is negative */
    mn_solver *solver;                 /* the one that has the factor of `factored`, else NULL */
    double *factored;                  /* n_edges (S) */
    double *size;                      /* n_edges (A): rounding is measured by it */
    double *old, *step;                /* n_nodes (V) */
    double *into;                      /* n_nodes (A) */
    int32_t *slot;                     /* n_nodes: where a node counts below; an electrode counts as one node */
    double *lack, *tolerance, *weight; /* n_nodes + n_electrodes: A, A, S */
    int32_t *parent;                   /* n_nodes + n_electrodes: trees of what conductances join */
    const mn_drive *drive;             /* that of the electrodes as steps have it, exact; NULL without steps */
    double *slopes;                    /* n_electrodes (V/s): of the drive, as charge_loops.c has read them */
    double *mismatch;                  /* n_electrodes (V): what a driven voltage lacks */
    double *boundary;                  /* n_electrodes: their values in the solve of an iteration (V, A) */
    double *before;                    /* n_nodes (V): where the balance of a moment began */
    double *growth, *pull;             /* n_edges: see held_currents.c */
    double *of_island[5];              /* n_nodes + n_electrodes: the same */
    int32_t *island, *itself;          /* n_nodes + n_electrodes: the root of what conductances join; 0, 1, 2, ... */
    uint8_t *is_open;                  /* n_nodes + n_electrodes, of roots: rates of currents define the potential */
    mn_pool pool;                      /* of all this */
    double *published;                 /* n_edges (A, a to b): of the last solve, */
    uint8_t is_published;              /* if it was a balance */
    double *guess;                     /* n_nodes (V): of the last step, which a look at the next one leaves */
} mn_newton;

/* Whether the edges of a model follow their voltages. */
static inline bool mn_follows(const mn_device_model *model)
{
    return (model->flags & (MN_IMPLICIT | MN_HAS_CHARGE)) != 0;
}

/* simulate/newton.c */
/* The solver for conductances of which some may be negative: the simulation's own, or umfpack. */
mn_solver *mn_newton_solver(mn_simulation *simulation, const double *conductance);
/* Makes engine->newton where there is none. */
int mn_newton_init(mn_simulation *simulation, mn_error *error) MN_CHECKED;
void mn_newton_free(mn_simulation *simulation);
/* Roles and values of the electrodes from the engine's role_now and value_now. Errors: those of mn_boundary_check. */
int mn_newton_drive(mn_simulation *simulation, mn_error *error) MN_CHECKED;
/* Whether a population reads voltages of other edges as they were in the row before: plain ones in fixed steps. */
bool mn_newton_lags(const mn_simulation *simulation, int64_t p);
/* Asks a plain population for g and i0 at the states of its view. */
void mn_newton_ask(mn_simulation *simulation, int64_t p);
/* Reads voltages and states of linked edges as the iterate has them: members are told of them until the next call. */
void mn_newton_read_links(mn_simulation *simulation);
/* The same of any roles and values. */
int mn_newton_set_boundary(mn_simulation *simulation, const mn_boundary *boundary, mn_error *error) MN_CHECKED;
/* Finds the balance for those, from the potential and the points as they are. Errors: those of the solver; NO_BALANCE
 * (error->node, value: the current that it lacks), CHARGE_LOOP (error->edge, value: by how much its voltage would have
 * to jump). */
int mn_newton_balance_given(mn_simulation *simulation, mn_error *error) MN_CHECKED;

/* simulate/unresolved.c */
/* Whether currents balance where the rounding of some would hide what is driven; else a node at which they do not, and
 * what it lacks (A). */
bool mn_newton_adds_up(const mn_simulation *simulation, int32_t *node, double *lacks);

/* simulate/held_currents.c */
/* After a balance with states held: gives a potential to nodes that only currents that are held reach. Error:
 * CURRENT_CUT (error->node, value), where these do not sum to 0. */
int mn_held_currents_balance(mn_simulation *simulation, mn_error *error) MN_CHECKED;

/* simulate/charge_loops.c */
/* Whether charges alone join any two electrodes. */
bool mn_charges_join_electrodes(mn_simulation *simulation);
/* After a balance with charges held: what charges in loops with driven voltages carry. Errors: those of the solver. */
int mn_charge_loops_balance(mn_simulation *simulation, mn_error *error) MN_CHECKED;

/* simulate/compliance.c */
/* Finds the balance of what drives the engine now, with the limits of its currents: which electrodes are at theirs is
 * then in newton->limits. Errors: the same; LIMITS. */
int mn_newton_balance(mn_simulation *simulation, mn_error *error) MN_CHECKED;

/* simulate/companions.c */
/* What all edges are at the iterate, and what nodes lack. */
void mn_companions(mn_simulation *simulation);
/* The transfers of edges that read others, at the iterate; and what nodes lack, with what these edges will carry when
 * the states that they read are where they want to be: an array of n_nodes (A), until the next step. */
void mn_companions_read_transfers(mn_simulation *simulation);
const double *mn_companions_add_linked(mn_simulation *simulation);
/* The steps of states and charges that go with newton->step. */
void mn_companions_step(mn_simulation *simulation);

/* simulate/instant.c */
/* The balance of a moment at newton->t, at the states that all populations have, or are to have next. Roles
 * and values of the electrodes are read; newton->potential is the guess. */
int mn_instant_balance(mn_simulation *simulation, bool next, mn_charges charges, mn_error *error) MN_CHECKED;
/* Writes the balance to where results of a solve stand. */
void mn_newton_publish(mn_simulation *simulation);
/* The circuit at one moment: electrodes as engine->role_now and value_now say, states and charges held as the
 * populations have them, from newton->guess. Writes potential, voltage, current, conductance (of an
 * edge: di/dv), terminal_conductance, edge_current and the members' v, as mn_engine_solve does, which it calls where no
 * edge follows its voltage. Errors: as above, with step and time; nothing is written then. */
int mn_instant_solve(mn_simulation *simulation, mn_error *error) MN_CHECKED;

#endif
