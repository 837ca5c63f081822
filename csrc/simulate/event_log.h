/* Private to csrc/simulate: events that happened at a time of their own, inside a step. */
#ifndef MN_EVENT_LOG_H
#define MN_EVENT_LOG_H

#include "simulate/engine.h"

/* Makes room for as many events, those that are there stay. Errors: NO_MEMORY, and the log is as it was. */
int mn_event_log_reserve(mn_event_log *log, int64_t capacity) MN_CHECKED;

/* Twice the room, between two tries of a row that had too little. Errors: NO_MEMORY; EVENTS_FULL, there is enough. */
int mn_event_log_grow(mn_simulation *simulation, mn_error *error) MN_CHECKED;

/* Appends the events that members of population p have just had at t (s), which `view` lists, and notes them for
 * reactions; `view` then lists none. Errors: EVENTS_FULL, those of mn_reactions_note. */
int mn_event_log_add(mn_simulation *simulation, int64_t p, mn_population *view, double t, mn_error *error) MN_CHECKED;

/* The code of a balance at t (s) that was not found, after whatever was logged from event `first` on: where charges
 * cannot stay, the event that asks them to is named, CHARGE_EVENT, rather than what its jump has met. */
int mn_event_log_explain(const mn_simulation *simulation, int code, double t, int64_t first,
                         mn_error *error) MN_CHECKED;

#endif
