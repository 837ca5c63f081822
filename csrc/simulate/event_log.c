/* The log of events that happened at a time of their own. */
#include "simulate/event_log.h"
#include "simulate/cycles.h"
#include "simulate/reactions.h"

#include <math.h>
#include <string.h>

/* A row of circuits that move a million times is asked for by mistake, or would never end. */
enum { FIRST = 4096, MOST = 1 << 20 };

int mn_event_log_reserve(mn_event_log *log, int64_t capacity)
{
    mn_event_log larger = {.n = log->n, .capacity = capacity > FIRST ? capacity : FIRST};
    mn_pool *pool = &larger.pool;
    larger.step = mn_pool_alloc(pool, larger.capacity, sizeof(*larger.step));
    larger.time = mn_pool_alloc(pool, larger.capacity, sizeof(*larger.time));
    larger.edge = mn_pool_alloc(pool, larger.capacity, sizeof(*larger.edge));
    larger.kind = mn_pool_alloc(pool, larger.capacity, sizeof(*larger.kind));
    if (pool->code != MN_OK) {
        const int code = pool->code;
        mn_pool_free(pool);
        return code;
    }
    if (log->n > 0) {
        const size_t n = (size_t)log->n;
        memcpy(larger.step, log->step, n * sizeof(*larger.step));
        memcpy(larger.time, log->time, n * sizeof(*larger.time));
        memcpy(larger.edge, log->edge, n * sizeof(*larger.edge));
        memcpy(larger.kind, log->kind, n * sizeof(*larger.kind));
    }
    mn_pool_free(&log->pool);
    *log = larger;
    return MN_OK;
}

int mn_event_log_grow(mn_simulation *simulation, mn_error *error)
{
    mn_event_log *log = &simulation->events;
    if (log->capacity >= MOST) {
        return mn_error_set(error, MN_ERR_EVENTS_FULL);
    }
    mn_error_clear(error);
    return mn_error_set(error, mn_event_log_reserve(log, 2 * log->capacity));
}

int mn_event_log_add(mn_simulation *simulation, int64_t p, mn_population *view, double t, mn_error *error)
{
    mn_event_log *log = &simulation->events;
    for (int64_t k = 0; k < view->n_events; k++) {
        const int32_t edge = view->edge[view->event_member[k]];
        if (log->n == log->capacity) {
            error->time = t;
            return mn_error_set(error, MN_ERR_EVENTS_FULL);
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

/* The name of an event of an edge, or NULL. */
static const char *name_of(const mn_simulation *simulation, int32_t edge, int8_t kind)
{
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_population *population = &simulation->population[p];
        const mn_device_model *model = population->model;
        for (int64_t k = 0; k < population->n; k++) {
            for (int64_t e = 0; population->edge[k] == edge && e < model->n_events; e++) {
                if (model->event[e].kind == kind) {
                    return model->event[e].name;
                }
            }
        }
    }
    return NULL;
}

int mn_event_log_explain(const mn_simulation *simulation, int code, double t, int64_t first, mn_error *error)
{
    const mn_event_log *log = &simulation->events;
    if (code != MN_ERR_CHARGE_LOOP) {
        return code;
    }
    error->time = t;
    int64_t cause = log->n - 1; /* the last, or the last at the edge whose charge has jumped most */
    while (cause > first && log->edge[cause] != error->edge) {
        cause--;
    }
    if (cause < first) {
        return code;
    }
    cause = log->edge[cause] == error->edge ? cause : log->n - 1;
    error->edge = log->edge[cause];
    error->check = NULL;
    return mn_error_refuse(error, MN_ERR_CHARGE_EVENT, name_of(simulation, error->edge, log->kind[cause]), NAN);
}
