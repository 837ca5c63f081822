/* The log of events that happened at a time of their own. */
#include "simulate/event_log.h"
#include "simulate/cycles.h"
#include "simulate/reactions.h"

int mn_event_log_add(mn_simulation *simulation, int64_t p, mn_population *view, double t, mn_error *error)
{
    mn_event_log *log = &simulation->events;
    for (int64_t k = 0; k < view->n_events; k++) {
        const int32_t edge = view->edge[view->event_member[k]];
        if (log->n == log->capacity) {
            error->edge = edge;
            return mn_error_set(error, MN_ERR_ENDLESS_EVENTS);
        }
        log->step[log->n] = simulation->step;
        log->time[log->n] = t;
        log->edge[log->n] = edge;
        log->kind[log->n] = view->event_kind[k];
        log->n++;
        int code = mn_reactions_note(simulation, p, view->event_member[k], view->event_kind[k], t, error);
        if (code == MN_OK) {
            code = mn_cycles_note(simulation, p, view->event_member[k], view->event_kind[k], error);
        }
        if (code != MN_OK) {
            return code;
        }
    }
    view->n_events = 0;
    return MN_OK;
}
