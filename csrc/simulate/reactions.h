/* Reactions: events of devices that start waveforms at electrodes.
 *
 * Every way of stepping asks here what drives the electrodes: mn_simulation_drive_at (moment.h) in place of
 * mn_drive_evaluate at rows, and mn_reactions_add to it between them; mn_engine_next_corner knows of both. It notes
 * events as they come, in the order of time; what was noted counts at once, and stays when the step is good (keep) or
 * goes without a trace (forget). */
#ifndef MN_REACTIONS_H
#define MN_REACTIONS_H

#include "memnet.h"

/* What happens where a waveform starts on an electrode while another of reactions runs there, and its name. */
#define MN_OVERLAPS(X)                                                                                                 \
    X(SUM, "sum")   /* both count */                                                                                   \
    X(LAST, "last") /* the one that runs ends */                                                                       \
    X(ERROR, "error")

typedef enum {
#define MN_MEMBER(name, text) MN_OVERLAP_##name,
    MN_OVERLAPS(MN_MEMBER)
#undef MN_MEMBER
        MN_OVERLAP_N
} mn_overlap;

typedef struct {
    int64_t population;
    int8_t kind;            /* of the events that count; 0: any */
    const uint8_t *listens; /* members whose events count; NULL: all */
    int32_t electrode;
    int32_t wave;      /* of voltages, from its own t = 0 on; added to the drive of the electrode */
    double delay;      /* s, >= 0: from the event to its start */
    double refractory; /* s, >= 0: how long after an event that counted those of the same member do not */
    mn_overlap overlap;
    int64_t most; /* waveforms that may wait or run at a time, >= 1 */
} mn_reaction_spec;

typedef struct {
    /* parameters */
    mn_reaction_spec spec; /* `listens` is its own */
    double end;            /* s, of the waveform; infinite where it goes on for ever */
    double first;          /* s, its first corner after its start */
    int64_t n_members;
    /* state */
    int64_t n;     /* waveforms that wait or run */
    double *start; /* most (s), ascending */
    double *last;  /* n_members (s): event that counted last, -inf for none; NULL where nothing is refractory */
    /* what is not yet kept: the last n_noted */
    int64_t n_noted;
    int32_t *member;     /* most: whose event it was */
    double *last_before; /* most: its `last` before */
} mn_reaction;

/* Which reactions hear the events of a population, ascending: those that listen to each of its members, and those that
 * listen to one of them, member by member. */
typedef struct {
    int64_t n_all;
    int32_t *all;   /* n_all */
    int64_t *first; /* n_members + 1: where those of a member begin; NULL where there are none of any */
    int32_t *each;
} mn_listeners;

typedef struct mn_reactions {
    int64_t n;
    mn_reaction *reaction;
    mn_listeners *listeners; /* of each population */
    bool has_last;           /* at some electrode the last waveform alone counts */
    mn_drive waves;          /* of all reactions, for rows, whose times are rounded */
    mn_drive exact;          /* the same for times between rows */
    int64_t n_live;          /* waveforms that wait or run, of all, */
    int64_t n_noted;         /* and those of them that are not yet kept */
    double quiet;            /* s: none is over before */
    /* scratch, n_electrodes: which reaction has started a waveform last, -1 for none, and when */
    int32_t *latest;
    double *latest_start;
    mn_pool pool;
} mn_reactions;

/* Gives a simulation, which has none yet and compares no steps, its reactions. Copies everything. Errors: BAD_ARGUMENT
 * (error->electrode, noun, value), NO_MEMORY; the simulation then has none. */
int mn_simulation_react(mn_simulation *simulation, int64_t n_reactions, const mn_reaction_spec *spec, int64_t n_waves,
                        const mn_wave *wave, mn_error *error) MN_CHECKED;
void mn_reactions_free(mn_simulation *simulation);
/* Whether a drive leaves the electrodes of all reactions at voltages. Error: BAD_ARGUMENT (error->electrode). */
int mn_reactions_check_drive(const mn_simulation *simulation, const mn_drive *drive, mn_error *error) MN_CHECKED;

/* Adds the waveforms that run at t to the values (n_electrodes) of a drive; `reached` as in mn_wave: 0 between rows. */
void mn_reactions_add(const mn_simulation *simulation, double t, double reached, double *value);
/* Joins the first corner after t of all that wait or run to that of the drive; .jump as in mn_wave_corner_until. */
void mn_reactions_join_corner(const mn_simulation *simulation, double t, double until, mn_corner *first);
/* The shortest period (s) of what runs at t, as mn_drive_period. */
double mn_reactions_period(const mn_simulation *simulation, double t);
/* Whether any waveform waits or runs: else the drive alone counts. */
bool mn_reactions_any(const mn_simulation *simulation);

/* An event at t, no earlier than those noted before. Errors: REACTION_FULL, REACTION_OVERLAP (error->electrode). */
int mn_reactions_note(mn_simulation *simulation, int64_t population, int32_t member, int8_t kind, double t,
                      mn_error *error) MN_CHECKED;
/* The same for all events that the populations list. Where events are located the engine notes each at its own time. */
int mn_reactions_note_events(mn_simulation *simulation, double t, mn_error *error) MN_CHECKED;
/* How much was noted that is not yet kept. */
int64_t mn_reactions_noted(const mn_simulation *simulation);
/* The step is good: keeps what was noted, and drops what was over at t, a time at which the drive was asked for. */
void mn_reactions_keep(mn_simulation *simulation, double t);
/* Finds how many waveforms wait or run where they were put there from outside. */
void mn_reactions_count(mn_simulation *simulation);
/* Forgets what was noted since. */
void mn_reactions_forget(mn_simulation *simulation);

#endif
