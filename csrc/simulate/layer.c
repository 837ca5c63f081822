/* Layers: after a start, a jump or an event charges may move in much less time than a step has, a diode's by powers of
 * ten of time. The trapezoidal rule and that of Alexander overshoot there, and a diode does not bring a charge back. So
 * a step that would is taken in parts, damped ones, as short as their errors ask for, until a whole step would do. */
#include "simulate/implicit.h"

#include <math.h>

enum { MOST_DAMPED = 500 };

/* How far a step in a layer may be off: of the largest voltage, or of the largest current. */
static const double AS_LONG = 0.999; /* of what is left: it is taken whole, and ends where it ought to */
static const double FINE = 1e-4;
/* How far a damped step elsewhere may be off: of the largest move of a charge, or of a current that is a state. */
static const double COARSE = 0.02;
/* The same of a whole step that ends a layer: less, as errors of the steps after it come to those of the layer. */
static const double COARSE_AFTER = 0.005;
/* Of the largest voltage or current: how far the rates at both ends of a trapezoidal step may take apart what moves. */
static const double BENT = 0.1;
static const double SAFETY = 0.9, SHRINKS = 0.5, GROWS = 5.0; /* from one length to the next */

/* ------------------------------------------------------------------ errors */

/* Of what charges or states do in a step: in V, or in A as what they change the current by. */
typedef struct {
    double off;   /* the largest error */
    double moved; /* the largest move */
    double scale; /* what counts */
} layer_error;

/* The rates (times h) of a step: at its start, and after each of its stages; with a factor to V or A. */
static void join(layer_error *error, mn_rule rule, double factor, double f0, double f1, double f2)
{
    double off = 0.5 * fabs(f2 - f0), moved = 0.5 * fabs(f0 + f2);
    if (rule == MN_ALEXANDER) {
        /* by the three rates, exact in lowest order where the equation is linear; and by two where the first is one of
         * something that is over at once */
        const double by_start = 2.0 / 3.0 * fabs(f1 - (1.0 - MN_STAGE) * f0 - MN_STAGE * f2);
        off = fmin(by_start, (1.0 - MN_STAGE) * fabs(f1 - f2));
        moved = fabs((1.0 - MN_STAGE) * f1 + MN_STAGE * f2);
    }
    error->off = fmax(error->off, fabs(factor) * off);
    error->moved = fmax(error->moved, fabs(factor) * moved);
}

static void join_charges(const mn_simulation *simulation, int64_t p, const mn_part *part, layer_error *error)
{
    const mn_newton_members *members = &simulation->engine->newton->members[p];
    const double *before = simulation->engine->implicit->now.charging;
    for (int64_t k = 0; k < members->view.n; k++) {
        const double q_v = members->point.linear.q_v[k];
        if (q_v > 0.0 && mn_is_trapezoidal(&simulation->population[p], k)) {
            const double f1 = members->before[k] / (2.0 - 1.0 / MN_STAGE);
            join(error, part->rule, part->h / q_v, before[members->view.edge[k]], f1, members->charging[k]);
        }
    }
}

static void join_states(const mn_simulation *simulation, int64_t p, const mn_part *part, layer_error *error)
{
    const mn_newton_members *members = &simulation->engine->newton->members[p];
    const double c = part->h * (part->rule == MN_ALEXANDER ? MN_STAGE : 0.5);
    for (int64_t f = 0; f < members->view.model->n_fields; f++) {
        const double *x = members->point.x[f], *base = members->base[f], *start = simulation->population[p].next[f];
        for (int64_t k = 0; k < members->view.n && x != NULL; k++) {
            const double of_base = (base[k] - start[k]) / (part->h - c), f2 = (x[k] - base[k]) / c;
            const double f0 = part->rule == MN_ALEXANDER ? members->rate[f][k] : of_base;
            join(error, part->rule, part->h * members->point.linear.i_x[f][k], f0, of_base, f2);
        }
    }
}

static double largest_of(const double *x, int64_t n)
{
    double largest = 0.0;
    for (int64_t k = 0; k < n; k++) {
        largest = fmax(largest, fabs(x[k])); /* of nan and a number the number */
    }
    return largest;
}

/* Errors of voltages and of currents in the step that was tried. */
static void read_errors(const mn_simulation *simulation, const mn_part *part, layer_error error[2])
{
    const mn_network *network = simulation->network;
    const mn_engine *engine = simulation->engine;
    const double before = largest_of(engine->implicit->now.potential, network->n_nodes);
    error[0] = (layer_error){.scale = fmax(before, engine->newton->scale)};
    error[1] = (layer_error){.scale = largest_of(engine->newton->current, network->n_edges)};
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_device_model *model = simulation->population[p].model;
        if (model->flags & MN_HAS_CHARGE) {
            join_charges(simulation, p, part, &error[0]);
        } else if (mn_follows(model)) {
            join_states(simulation, p, part, &error[1]);
        }
    }
}

/* ------------------------------------------------------------------ lengths */

void mn_layer_open(mn_simulation *simulation)
{
    simulation->engine->implicit->now.damped = simulation->options.dt;
    simulation->engine->implicit->n_damped = 0;
}

/* How much longer a damped step might be. */
static double growth_of(const layer_error error[2])
{
    const double large = fmax(error[0].off / (FINE * error[0].scale), error[1].off / (FINE * error[1].scale));
    return large > 0.0 ? SAFETY / cbrt(large) : GROWS;
}

/* Whether a damped step so many times longer would be off by too much: by more than a part of its move, too. */
static bool is_coarse(const layer_error error[2], double longer, double coarse)
{
    bool is = false;
    for (int k = 0; k < 2; k++) {
        const double off = error[k].off * longer * longer * longer;
        is = is || (off > FINE * error[k].scale && off > coarse * error[k].moved * longer);
    }
    return is;
}

/* Whether a step that was tried is refused, and the length of the damped one after it: 0 where none need be. `fine`: it
 * is in a layer. */
static bool judge(const mn_simulation *simulation, const mn_part *part, bool fine, double *next)
{
    layer_error error[2];
    read_errors(simulation, part, error);
    if (part->rule == MN_TRAPEZOID) {
        const bool bent = error[0].off > BENT * error[0].scale || error[1].off > BENT * error[1].scale;
        *next = bent ? part->h : 0.0;
        return bent;
    }
    const double growth = growth_of(error), longer = simulation->options.dt / part->h;
    if (fine ? growth < SAFETY : is_coarse(error, 1.0, COARSE)) {
        *next = part->h * fmin(growth, SHRINKS);
        return true;
    }
    const bool over = !fine || !is_coarse(error, longer, COARSE_AFTER);
    *next = over ? 0.0 : fmax(*next, part->h * fmin(growth, GROWS));
    return false;
}

int mn_layer_try(mn_simulation *simulation, mn_part *part, mn_error *error)
{
    mn_implicit *implicit = simulation->engine->implicit;
    const mn_part whole = *part;
    const double dt = simulation->options.dt;
    double next = implicit->now.damped;
    bool fine = next > 0.0 && next < dt, refused = true;
    part->rule = next > 0.0 ? MN_ALEXANDER : MN_TRAPEZOID;
    while (refused) {
        const mn_rule asked = part->rule;
        if (asked == MN_ALEXANDER && next < AS_LONG * whole.h) {
            part->h = next;
            part->last = false;
        }
        int code = mn_implicit_try(simulation, part, error);
        if (code != MN_OK) {
            return code;
        }
        if (part->rule == MN_BACKWARD) {
            next = asked == MN_BACKWARD ? 0.0 : dt;
            break;
        }
        refused = judge(simulation, part, fine, &next);
        simulation->step_counters.n_refused += refused;
        fine = fine || (refused && part->rule == MN_ALEXANDER);
        part->rule = MN_ALEXANDER;
        if (refused && ++implicit->n_damped > MOST_DAMPED) {
            *part = whole;
            part->rule = MN_BACKWARD;
        }
    }
    implicit->n_damped += next > 0.0;
    implicit->damped = next < dt || !fine ? next : 0.0;
    return MN_OK;
}
