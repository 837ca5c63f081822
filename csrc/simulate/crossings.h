/* Private to csrc/simulate: edges that have reached their thresholds at one moment, and which of them cross. */
#ifndef MN_CROSSINGS_H
#define MN_CROSSINGS_H

#include "simulate/engine.h"

/* Distances to thresholds (n_edges; behind them those of others that look for them) before and after, and how often
 * edges have crossed since time has moved on. */
typedef struct {
    double *before, *after;
    int32_t *n_crossed;
    uint8_t *crosses; /* n_edges: which do so next */
} mn_crossings;

void mn_crossings_alloc(mn_pool *pool, mn_crossings *crossings, int64_t n);

/* Whether an edge is at its threshold: beyond it, or exactly there and not so before. */
static inline bool mn_has_reached(const mn_crossings *crossings, int64_t edge)
{
    const double before = crossings->before[edge], after = crossings->after[edge];
    return after > 0.0 || (after == 0.0 && before < 0.0);
}

bool mn_any_reached(const mn_simulation *simulation, const mn_crossings *crossings);
/* Marks those that cross next: all that have reached their thresholds, and from where one would do so again, one by
 * one, the ones first that have crossed least often. Two that cross together may go round for ever where one of them
 * alone comes to rest. Errors: ENDLESS_EVENTS at t (error->edge, time), where that does not help. */
int mn_crossings_choose(const mn_simulation *simulation, const mn_crossings *crossings, double t,
                        mn_error *error) MN_CHECKED;
/* Time moves on, by so much that what crosses then does so at another moment. */
void mn_crossings_forget(const mn_simulation *simulation, const mn_crossings *crossings);

#endif
