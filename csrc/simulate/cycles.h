/* Parameters that are drawn again in each cycle of a member: at its events, or where a state of it passes a level.
 *
 * The draw of a member has the number of its cycle as a counter, so it depends on nothing else. Events are noted as
 * they come (mn_cycles_note) and count at once; states are looked at when those of the next row are there
 * (mn_cycles_look). What was drawn stays when the step is good (keep) or goes without a trace (forget). */
#ifndef MN_CYCLES_H
#define MN_CYCLES_H

#include "memnet.h"

typedef struct {
    int64_t population, field; /* the parameter */
    int8_t kind;               /* of the events that begin a cycle; 0: any */
    int64_t state;             /* the state that begins one where it comes to be beyond the level; -1: events do */
    double level;
    bool above; /* beyond is above, else below */
    mn_distribution distribution;
    uint64_t seed, stream;
    const double *center; /* n: what is drawn around */
} mn_cycle_spec;

typedef struct {
    /* parameters */
    mn_cycle_spec spec; /* `center` is its own */
    int64_t n_members;
    /* state */
    int64_t *count;  /* n_members: cycles that have ended, the number of the draw */
    uint8_t *beyond; /* n_members: the state is beyond the level; NULL for events */
    /* of the last row that is kept */
    bool is_noted;  /* something differs from it */
    bool is_passed; /* some state has passed the level since */
    int64_t *count_kept;
    uint8_t *beyond_kept;
    double *value_kept;
} mn_cycle;

typedef struct mn_cycles {
    int64_t n;
    mn_cycle *cycle;
    mn_pool pool;
} mn_cycles;

/* Gives a simulation, which has none yet and compares no steps, its cycles; parameters are what was drawn for cycle 0.
 * Copies everything. Errors: BAD_ARGUMENT (error->noun, value), NO_MEMORY; the simulation then has none. */
int mn_simulation_cycle(mn_simulation *simulation, int64_t n_cycles, const mn_cycle_spec *spec,
                        mn_error *error) MN_CHECKED;
void mn_cycles_free(mn_simulation *simulation);

/* An event of a member of a population. Errors: SPREAD (error->model, noun, edge, value),
 * EMPTY_RANGE (error->model, noun, edge). */
int mn_cycles_note(mn_simulation *simulation, int64_t population, int32_t member, int8_t kind,
                   mn_error *error) MN_CHECKED;
/* All events of the step that a population has just computed. */
int mn_cycles_note_events(mn_simulation *simulation, mn_error *error) MN_CHECKED;
/* Looks at the states of the next row, in next[]. */
int mn_cycles_look(mn_simulation *simulation, mn_error *error) MN_CHECKED;
/* Whether a state has passed its level, so that parameters jump from this row to the next. */
bool mn_cycles_keep(mn_simulation *simulation);
void mn_cycles_forget(mn_simulation *simulation);
/* After a state was loaded: it is what is kept. */
void mn_cycles_loaded(mn_simulation *simulation);

#endif
