/* Private to csrc/simulate: events that happened at a time of their own, inside a step. */
#ifndef MN_EVENT_LOG_H
#define MN_EVENT_LOG_H

#include "simulate/engine.h"

/* Appends the events that members of population p have just had at t (s), which `view` lists, and notes them for
 * reactions; `view` then lists none. Errors: ENDLESS_EVENTS where the log is full, those of mn_reactions_note. */
int mn_event_log_add(mn_simulation *simulation, int64_t p, mn_population *view, double t, mn_error *error) MN_CHECKED;

#endif
