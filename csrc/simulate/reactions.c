/* Events of devices that start waveforms at electrodes: which run, what they add, and their corners. */
#include "simulate/reactions.h"

#include "drive/waveform.h"
#include "simulate/engine.h"

#include <math.h>
#include <string.h>

/* ------------------------------------------------------------------ one waveform */

/* A time at which waveforms are looked at, and how early boundaries count as reached, as in mn_wave: rows are rounded,
 * but adaptive steps know where corners are. */
typedef struct {
    double t;
    double reached;
} moment;

static moment row_at(const mn_simulation *simulation, double t)
{
    return (moment){.t = t, .reached = simulation->engine->adaptive == NULL ? MN_REACHED : 0.0};
}

/* Starts count as reached as early as the parts of a concatenation: here after the delay, and before the first corner
 * of the waveform. */
static bool starts_early(const mn_reaction *reaction, double start, moment now)
{
    const double bounds[3] = {start - reaction->spec.delay, start, start + reaction->first};
    return now.t >= mn_reached_from(3, bounds, now.reached, 1);
}

static inline bool has_started(const mn_reaction *reaction, double start, moment now)
{
    return now.t >= start || starts_early(reaction, start, now);
}

/* Its own time at a moment; between rows the last one that rounds to it, so that no corner at that moment is ahead. */
static double time_in(double start, moment now)
{
    const double exact = now.reached > 0.0 ? now.t - start : mn_last_of_part(start, now.t);
    return now.t > start ? exact : 0.0;
}

static bool is_over(const mn_reaction *reaction, double start, moment now)
{
    return has_started(reaction, start, now) && time_in(start, now) >= reaction->end;
}

/* A time before which it is not over, rounding and early starts included. */
static double not_over_before(const mn_reaction *reaction, double start)
{
    const double end = reaction->end;
    return isfinite(end) ? start + end - 4.0 * MN_REACHED * (fabs(start) + end) : INFINITY;
}

/* How many of its waveforms have started; they stand first. */
static int64_t count_started(const mn_reaction *reaction, moment now)
{
    int64_t n = reaction->n;
    while (n > 0 && !has_started(reaction, reaction->start[n - 1], now)) {
        n--;
    }
    return n;
}

/* ------------------------------------------------------------------ all of them */

bool mn_reactions_any(const mn_simulation *simulation)
{
    const mn_reactions *reactions = simulation->engine->reactions;
    return reactions != NULL && reactions->n_live > 0;
}

/* Fills latest[] and latest_start[] of the electrodes at which only the last waveform counts. Of two that start at one
 * time it is that of the later reaction. */
static void find_latest(const mn_reactions *reactions, moment now)
{
    for (int64_t r = 0; r < reactions->n; r++) {
        reactions->latest[reactions->reaction[r].spec.electrode] = -1;
    }
    for (int64_t r = 0; r < reactions->n; r++) {
        const mn_reaction *reaction = &reactions->reaction[r];
        int64_t n = reaction->spec.overlap == MN_OVERLAP_LAST ? count_started(reaction, now) : 0;
        int32_t e = reaction->spec.electrode;
        if (n > 0 && (reactions->latest[e] < 0 || reaction->start[n - 1] >= reactions->latest_start[e])) {
            reactions->latest[e] = (int32_t)r;
            reactions->latest_start[e] = reaction->start[n - 1];
        }
    }
}

/* What a reaction adds to its electrode, its waveforms in the order of their starts: those from number `first` on that
 * have started, `n`, and are not over. */
static double added_by(const mn_drive *waves, const mn_reaction *reaction, int64_t first, int64_t n, moment now)
{
    uint8_t role;
    double sum = 0.0;
    for (int64_t k = first; k < n; k++) {
        const double t = time_in(reaction->start[k], now);
        if (t < reaction->end) {
            sum += mn_wave_evaluate(waves, reaction->spec.wave, t, &role);
        }
    }
    return sum;
}

void mn_reactions_add(const mn_simulation *simulation, double t, double reached, double *value)
{
    const mn_reactions *reactions = simulation->engine->reactions;
    const moment now = {.t = t, .reached = reached};
    if (!mn_reactions_any(simulation)) {
        return;
    }
    if (reactions->has_last) {
        find_latest(reactions, now);
    }
    const mn_drive *waves = reached > 0.0 ? &reactions->waves : &reactions->exact;
    for (int64_t r = 0; r < reactions->n; r++) {
        const mn_reaction *reaction = &reactions->reaction[r];
        const int64_t n = reaction->n == 0 ? 0 : count_started(reaction, now);
        const int32_t e = reaction->spec.electrode;
        const bool only_last = reaction->spec.overlap == MN_OVERLAP_LAST;
        if (n > 0 && (!only_last || reactions->latest[e] == r)) {
            value[e] += added_by(waves, reaction, only_last ? n - 1 : 0, n, now);
        }
    }
}

/* ------------------------------------------------------------------ corners */

static void join(mn_corner *first, mn_corner corner)
{
    first->time = fmin(first->time, corner.time);
    first->jump = first->jump || corner.jump;
}

void mn_reactions_join_corner(const mn_simulation *simulation, double t, double until, mn_corner *first)
{
    const mn_reactions *reactions = simulation->engine->reactions;
    for (int64_t r = 0; reactions != NULL && r < reactions->n; r++) {
        const mn_reaction *reaction = &reactions->reaction[r];
        for (int64_t k = 0; k < reaction->n; k++) {
            double start = reaction->start[k];
            mn_corner corner = {.time = start, .jump = start <= until};
            if (start <= t && reaction->first == INFINITY) {
                continue; /* it has none */
            }
            if (start <= t) {
                corner = mn_wave_corner_until(&reactions->waves, reaction->spec.wave, mn_last_of_part(start, t),
                                              mn_last_of_part(start, until));
                corner.time += start;
            }
            join(first, corner);
        }
    }
}

double mn_reactions_period(const mn_simulation *simulation, double t)
{
    const mn_reactions *reactions = simulation->engine->reactions;
    double period = INFINITY;
    for (int64_t r = 0; reactions != NULL && r < reactions->n; r++) {
        const mn_reaction *reaction = &reactions->reaction[r];
        for (int64_t k = 0; k < reaction->n; k++) {
            const double since = t - reaction->start[k];
            if (since >= 0.0 && since < reaction->end) {
                period = fmin(period, mn_wave_period(&reactions->exact, reaction->spec.wave, since));
            }
        }
    }
    return period;
}

/* ------------------------------------------------------------------ events */

/* Whether two waveforms of such ends would run at the same time; less than rounding is none. */
static bool overlap(double start, double end, double other, double other_end)
{
    double shorter = fmin(end, other_end);
    double slack = isfinite(shorter) ? MN_REACHED * shorter : 0.0;
    return start + slack < other + other_end && other + slack < start + end;
}

/* Whether some waveform on the electrode of a reaction meets one of its own that starts then. */
static bool meets_another(const mn_reactions *reactions, const mn_reaction *mine, double start)
{
    for (int64_t r = 0; r < reactions->n; r++) {
        const mn_reaction *other = &reactions->reaction[r];
        for (int64_t k = 0; other->spec.electrode == mine->spec.electrode && k < other->n; k++) {
            if (overlap(start, mine->end, other->start[k], other->end)) {
                return true;
            }
        }
    }
    return false;
}

/* Whether an event of a member that a reaction listens to counts. */
static bool counts(const mn_reaction *reaction, int32_t member, int8_t kind, double t)
{
    const mn_reaction_spec *spec = &reaction->spec;
    if (spec->kind != 0 && spec->kind != kind) {
        return false;
    }
    return reaction->last == NULL || t - reaction->last[member] >= spec->refractory * (1.0 - MN_REACHED);
}

static int start_one(mn_reactions *reactions, mn_reaction *reaction, int32_t member, double t, mn_error *error)
{
    double start = t + reaction->spec.delay;
    error->electrode = reaction->spec.electrode;
    if (reaction->n == reaction->spec.most) {
        return mn_error_refuse(error, MN_ERR_REACTION_FULL, "most", (double)reaction->spec.most);
    }
    if (reaction->spec.overlap == MN_OVERLAP_ERROR && meets_another(reactions, reaction, start)) {
        return mn_error_set(error, MN_ERR_REACTION_OVERLAP);
    }
    error->electrode = -1;
    mn_bug_unless(reaction->n == 0 || start >= reaction->start[reaction->n - 1]);
    reaction->start[reaction->n] = start;
    reaction->member[reaction->n] = member;
    if (reaction->last != NULL) {
        reaction->last_before[reaction->n] = reaction->last[member];
        reaction->last[member] = t;
    }
    reaction->n++;
    reaction->n_noted++;
    reactions->n_live++;
    reactions->n_noted++;
    return MN_OK;
}

int mn_reactions_note(mn_simulation *simulation, int64_t population, int32_t member, int8_t kind, double t,
                      mn_error *error)
{
    mn_reactions *reactions = simulation->engine->reactions;
    if (reactions == NULL) {
        return MN_OK;
    }
    const mn_listeners *listeners = &reactions->listeners[population];
    int64_t k = listeners->first == NULL ? 0 : listeners->first[member], j = 0;
    const int64_t end = listeners->first == NULL ? 0 : listeners->first[member + 1];
    while (k < end || j < listeners->n_all) { /* in the order of their numbers */
        const bool is_each = j == listeners->n_all || (k < end && listeners->each[k] < listeners->all[j]);
        mn_reaction *reaction = &reactions->reaction[is_each ? listeners->each[k++] : listeners->all[j++]];
        int code = counts(reaction, member, kind, t) ? start_one(reactions, reaction, member, t, error) : MN_OK;
        if (code != MN_OK) {
            return code;
        }
    }
    return MN_OK;
}

int mn_reactions_note_events(mn_simulation *simulation, double t, mn_error *error)
{
    for (int64_t p = 0; simulation->engine->reactions != NULL && p < simulation->n_populations; p++) {
        const mn_population *population = &simulation->population[p];
        for (int64_t k = 0; k < population->n_events; k++) {
            int code =
                mn_reactions_note(simulation, p, population->event_member[k], population->event_kind[k], t, error);
            if (code != MN_OK) {
                return code;
            }
        }
    }
    return MN_OK;
}

int64_t mn_reactions_noted(const mn_simulation *simulation)
{
    const mn_reactions *reactions = simulation->engine->reactions;
    return reactions == NULL ? 0 : reactions->n_noted;
}

/* Drops its first n waveforms. */
static void drop(mn_reactions *reactions, mn_reaction *reaction, int64_t n)
{
    reaction->n -= n;
    reactions->n_live -= n;
    memmove(reaction->start, reaction->start + n, (size_t)reaction->n * sizeof(*reaction->start));
    memset(reaction->start + reaction->n, 0, (size_t)n * sizeof(*reaction->start));
}

void mn_reactions_keep(mn_simulation *simulation, double t)
{
    mn_reactions *reactions = simulation->engine->reactions;
    if (!mn_reactions_any(simulation) || (reactions->n_noted == 0 && t < reactions->quiet)) {
        return;
    }
    const moment now = row_at(simulation, t);
    find_latest(reactions, now);
    reactions->n_noted = 0;
    reactions->quiet = reactions->has_last ? -INFINITY : INFINITY;
    for (int64_t r = 0; r < reactions->n; r++) {
        mn_reaction *reaction = &reactions->reaction[r];
        int64_t n = 0, n_old = reaction->n - reaction->n_noted; /* the new ones no drive has shown yet */
        reaction->n_noted = 0;
        if (reaction->spec.overlap == MN_OVERLAP_LAST) { /* what a later one has ended is over, too */
            n = count_started(reaction, now);
            n -= n > 0 && reactions->latest[reaction->spec.electrode] == r;
        }
        while (n < n_old && is_over(reaction, reaction->start[n], now)) {
            n++;
        }
        if (n > 0) {
            drop(reactions, reaction, n);
        }
        for (int64_t k = 0; k < reaction->n; k++) {
            reactions->quiet = fmin(reactions->quiet, not_over_before(reaction, reaction->start[k]));
        }
    }
}

void mn_reactions_count(mn_simulation *simulation)
{
    mn_reactions *reactions = simulation->engine->reactions;
    int64_t n_live = 0;
    if (reactions == NULL) {
        return;
    }
    for (int64_t r = 0; r < reactions->n; r++) {
        n_live += reactions->reaction[r].n;
        reactions->reaction[r].n_noted = 0;
    }
    reactions->n_live = n_live;
    reactions->n_noted = 0;
    reactions->quiet = -INFINITY;
}

void mn_reactions_forget(mn_simulation *simulation)
{
    mn_reactions *reactions = simulation->engine->reactions;
    for (int64_t r = 0; reactions != NULL && reactions->n_noted > 0 && r < reactions->n; r++) {
        mn_reaction *reaction = &reactions->reaction[r];
        for (; reaction->n_noted > 0; reaction->n_noted--) {
            reaction->n--;
            reactions->n_live--;
            reactions->n_noted--;
            reaction->start[reaction->n] = 0.0;
            if (reaction->last != NULL) {
                reaction->last[reaction->member[reaction->n]] = reaction->last_before[reaction->n];
            }
        }
    }
}
