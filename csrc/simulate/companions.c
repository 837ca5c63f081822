/* What edges are for one iteration of Newton's method: their currents, and how these follow the potentials. */
#include "simulate/newton.h"
#include "simulate/readers.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define EPSILON 0x1p-52
/* Sums of a few numbers are off by so many times what they are made of. */
#define ROUNDING (16.0 * EPSILON)
/* Charges that are held are conductances so many times the largest other one, the smallest of them: little enough for
 * small conductances beside them to keep their digits. Each iteration makes what a charge has moved so much smaller. */
#define STIFF 0x1p12
/* Slopes may cancel, or be none: the largest conductance counts as at least this share of the largest current over the
 * largest voltage. */
#define LEAST_SHARE 0x1p-4
/* Which is at least so large (V): all may be at 0 V yet. */
#define LEAST_VOLTAGE 1e-3
/* Of the largest conductance: what a solve cannot carry beside it. */
#define LOST 0x1p-980
/* Beside numbers that have lost their digits because they are so small (A). */
#define LEAST 0x1p-1000

/* What the rounding of an edge's voltage is measured by (V); nan where an end has no potential. */
static inline double ends_of(const mn_simulation *simulation, int32_t edge)
{
    const double *potential = simulation->engine->newton->potential;
    return fabs(potential[simulation->network->a[edge]]) + fabs(potential[simulation->network->b[edge]]);
}

/* ------------------------------------------------------------------ states */

/* Where x = base + c f(x, v) wants a state: how far that is, 0 within rounding, and how it follows itself and v. */
typedef struct {
    double lack;     /* [x] */
    double rounding; /* [x]: what it may be and is taken for 0 */
    double left;     /* 1 - c f_x */
    double gain;     /* [x]/V: c f_v */
    bool held;       /* at an end of its range, or altogether: it follows nothing */
} state_want;

/* `ends`: what the rounding of v is measured by (V). */
static inline state_want want_of(const mn_newton_members *members, int64_t f, int64_t k, double c, double ends)
{
    const double low = mn_low_of(&members->view, f, k), high = mn_high_of(&members->view, f, k);
    const mn_linear *linear = &members->point.linear;
    const double x = members->point.x[f][k], base = members->base[f][k], moved = c * linear->f[f][k];
    state_want want = {.left = 1.0 - c * linear->f_x[f][k], .gain = c * linear->f_v[f][k]};
    double wanted = base + moved;
    if ((x == low || x == high) && moved == 0.0) {
        wanted = x; /* its range holds it */
    }
    if (wanted < low || wanted > high) {
        wanted = wanted < low ? low : high;
        want = (state_want){.left = 1.0, .held = true};
    }
    /* What f moves by from one double to the next: nearer no state can be. */
    const double last_digits = fabs(want.left) * (fabs(x) + DBL_MIN);
    want.rounding = ROUNDING * (fabs(x) + fabs(base) + fabs(moved) + fabs(want.gain) * ends + last_digits);
    want.lack = fabs(wanted - x) <= want.rounding ? 0.0 : wanted - x;
    return want;
}

static void note_lack(mn_newton *newton, const state_want *want)
{
    if (want->lack != 0.0) {
        const double times = fabs(want->lack) / want->rounding;
        newton->settled = false;
        newton->unsettled = isnan(times) ? (double)INFINITY : fmax(newton->unsettled, times);
    }
}

/* ------------------------------------------------------------------ edges */

/* Where next to nothing flows, the last digits of a solve are still something beside it. */
static inline double noise_of(const mn_newton *newton, double companion)
{
    return EPSILON * fabs(companion) * newton->scale;
}

static void plain_edges(mn_simulation *simulation, int64_t p)
{
    mn_newton *newton = simulation->engine->newton;
    const mn_population *population = &simulation->population[p];
    mn_newton_members *members = &newton->members[p];
    mn_branch_voltages(simulation, p, newton->potential, members->point.v);
    if (simulation->engine->members[p].links != NULL) { /* what others are has changed since it was asked */
        mn_newton_ask(simulation, p);
    }
    for (int64_t k = 0; k < population->n; k++) {
        const int32_t edge = population->edge[k];
        const double g = newton->g[edge], ends = ends_of(simulation, edge);
        newton->slope[edge] = newton->companion[edge] = g;
        newton->current[edge] = isnan(ends) ? 0.0 : g * members->point.v[k] + newton->i0[edge];
        newton->size[edge] = isnan(ends) ? 0.0 : fabs(g) * ends + fabs(newton->i0[edge]) + noise_of(newton, g);
    }
}

/* i(v, x), with the states where they want to be to first order. */
static void static_edges(mn_simulation *simulation, int64_t p)
{
    mn_newton *newton = simulation->engine->newton;
    mn_newton_members *members = &newton->members[p];
    const mn_linear *linear = &members->point.linear;
    const mn_device_model *model = members->view.model;
    bool has_state = false;
    mn_point_linearise(simulation, p, &members->view, &members->point, newton->t, newton->potential);
    for (int64_t k = 0; k < members->view.n; k++) {
        const int32_t edge = members->view.edge[k];
        const double ends = ends_of(simulation, edge);
        double i = linear->i[k], g = linear->i_v[k], parts = 0.0;
        newton->slope[edge] = g;
        for (int64_t f = 0; f < model->n_fields; f++) {
            has_state = has_state || members->point.x[f] != NULL;
            if (members->has_source && members->point.x[f] != NULL) {
                parts += fabs(linear->i_x[f][k] * members->point.x[f][k]);
            }
            if (members->point.x[f] != NULL && newton->c > 0.0) {
                const state_want want = want_of(members, f, k, newton->c, isnan(ends) ? 0.0 : ends);
                note_lack(newton, &want);
                i += linear->i_x[f][k] * want.lack / want.left;
                g += linear->i_x[f][k] * want.gain / want.left;
            }
        }
        if (g == 0.0 && i != 0.0 && !has_state && members->point.v[k] != 0.0) {
            g = fabs(i / members->point.v[k]); /* so far in reverse that its slope is 0: it still conducts */
        }
        const bool stays = has_state && g == 0.0; /* whatever its ends are */
        newton->companion[edge] = g;
        newton->current[edge] = isnan(ends) && !stays ? 0.0 : i;
        newton->size[edge] = isnan(ends) ? fabs(newton->current[edge])
                                         : fabs(i) + parts + fabs(linear->i_v[k]) * ends + noise_of(newton, g);
    }
}

/* What states bring to the charge of a member while they go to where they want to be (C), and its slope in v (F). */
static void add_state_charges(const mn_simulation *simulation, const mn_newton_members *members, int64_t k,
                              double *moves, double *slope)
{
    const double c = simulation->engine->newton->c, ends = ends_of(simulation, members->view.edge[k]);
    for (int64_t f = 0; f < members->view.model->n_fields && c > 0.0; f++) {
        const double q_x = members->point.x[f] == NULL ? 0.0 : members->point.linear.q_x[f][k];
        if (q_x != 0.0) {
            const state_want want = want_of(members, f, k, c, isnan(ends) ? 0.0 : ends);
            *moves += q_x * want.lack / want.left;
            *slope += q_x * want.gain / want.left;
        }
    }
}

/* A charge that no voltage holds, q_v = 0, carries what its states bring while they move: adds that, and its slope. */
static void add_state_currents(mn_newton *newton, mn_newton_members *members, int64_t k)
{
    const int32_t edge = members->view.edge[k];
    for (int64_t f = 0; f < members->view.model->n_fields; f++) {
        const double q_x = members->point.x[f] == NULL ? 0.0 : members->point.linear.q_x[f][k];
        if (q_x != 0.0) {
            members->charging[k] += q_x * members->point.linear.f[f][k];
            newton->companion[edge] += q_x * members->point.linear.f_v[f][k];
            newton->size[edge] += fabs(q_x * members->point.linear.f[f][k]);
        }
    }
}

/* Adds what charges bring. `moved` is corrected where q says more than rounding. */
static void charge_edges(mn_simulation *simulation, int64_t p)
{
    mn_newton *newton = simulation->engine->newton;
    mn_newton_members *members = &newton->members[p];
    const mn_linear *linear = &members->point.linear;
    for (int64_t k = 0; k < members->view.n; k++) {
        const int32_t edge = members->view.edge[k];
        const double q = linear->q[k], q_v = linear->q_v[k], start = members->start[k];
        const double c = newton->charges == MN_CHARGES_HELD ? newton->hold : members->c[k];
        const double ends = ends_of(simulation, edge);
        double moves = 0.0, slope = q_v;
        members->charging[k] = isnan(ends) ? 0.0 : members->before[k];
        if (newton->charges != MN_CHARGES_KNOWN) {
            add_state_charges(simulation, members, k, &moves, &slope);
            newton->companion[edge] += slope / c;
        }
        if (isnan(ends) || newton->charges == MN_CHARGES_KNOWN) {
            newton->current[edge] += members->charging[k];
            continue;
        }
        const double missed = (q - start) - members->moved[k];
        const double rounding = ROUNDING * (fabs(q_v) * ends + fabs(q) + fabs(start));
        members->moved[k] += fabs(missed) > rounding ? missed : 0.0;
        members->charging[k] += members->moved[k] / c;
        if (newton->charges == MN_CHARGES_HELD && q_v == 0.0) {
            add_state_currents(newton, members, k);
        }
        newton->current[edge] += members->charging[k] + moves / c;
        newton->size[edge] += fabs(members->before[k]) + fabs(members->moved[k] / c) + noise_of(newton, q_v / c);
        newton->settled = newton->settled && (newton->charges == MN_CHARGES_STEP ||
                                              fabs(members->moved[k]) <= ROUNDING * fabs(q_v) * newton->scale);
    }
}

/* ------------------------------------------------------------------ all of them */

/* The largest current of an edge or an electrode. */
static double largest_current(const mn_simulation *simulation)
{
    const mn_newton *newton = simulation->engine->newton;
    double largest = 0.0;
    for (int64_t e = 0; e < simulation->network->n_edges; e++) {
        largest = fmax(largest, fabs(newton->current[e]));
    }
    for (int64_t e = 0; e < simulation->network->n_electrodes; e++) {
        largest = newton->role[e] == MN_CURRENT ? fmax(largest, fabs(newton->value[e])) : largest;
    }
    return largest;
}

/* The time in which charges that are held may move: so short that they do not. */
static void choose_hold(mn_simulation *simulation)
{
    mn_newton *newton = simulation->engine->newton;
    double largest = 0.0, smallest = INFINITY;
    for (int64_t e = 0; e < simulation->network->n_edges; e++) {
        largest = fmax(largest, fabs(newton->companion[e]));
    }
    if (largest > 0.0) {
        largest = fmax(largest, LEAST_SHARE * largest_current(simulation) / fmax(newton->scale, LEAST_VOLTAGE));
    }
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_newton_members *members = &newton->members[p];
        for (int64_t k = 0; k < members->view.n && (members->view.model->flags & MN_HAS_CHARGE); k++) {
            const double q_v = fabs(members->point.linear.q_v[k]);
            smallest = q_v > 0.0 && q_v < smallest ? q_v : smallest;
        }
    }
    newton->hold = isfinite(smallest) ? smallest / (STIFF * (largest > 0.0 ? largest : 1.0)) : 1.0;
}

/* What the rounding of a voltage is to edges that read it, by the transfers of the last step. */
static void add_linked_rounding(mn_simulation *simulation)
{
    const mn_network *network = simulation->network;
    const mn_readers *readers = simulation->engine->readers;
    mn_newton *newton = simulation->engine->newton;
    for (int64_t k = 0; readers != NULL && k < readers->n_transfers; k++) {
        const int32_t edge = readers->transfer[k].edge;
        const double ends = ends_of(simulation, readers->transfer[k].control);
        const double rounding = isnan(ends) ? 0.0 : ROUNDING * fabs(readers->conductance[k]) * ends;
        newton->tolerance[newton->slot[network->a[edge]]] += rounding;
        newton->tolerance[newton->slot[network->b[edge]]] += rounding;
    }
}

/* What each node lacks of Kirchhoff's law, and how much of that may be rounding. */
static void sum_at_nodes(mn_simulation *simulation)
{
    const mn_network *network = simulation->network;
    mn_newton *newton = simulation->engine->newton;
    const int64_t n_slots = network->n_nodes + network->n_electrodes;
    memset(newton->into, 0, (size_t)network->n_nodes * sizeof(double));
    memset(newton->lack, 0, (size_t)n_slots * sizeof(double));
    for (int64_t k = 0; k < n_slots; k++) {
        newton->tolerance[k] = LEAST;
    }
    for (int64_t e = 0; e < network->n_edges; e++) {
        newton->into[network->a[e]] -= newton->current[e];
        newton->into[network->b[e]] += newton->current[e];
        newton->tolerance[newton->slot[network->a[e]]] += ROUNDING * newton->size[e];
        newton->tolerance[newton->slot[network->b[e]]] += ROUNDING * newton->size[e];
    }
    add_linked_rounding(simulation);
    for (int64_t k = 0; k < network->n_nodes; k++) {
        newton->into[k] = isnan(newton->potential[k]) ? 0.0 : newton->into[k];
        newton->lack[newton->slot[k]] += newton->into[k];
    }
    for (int64_t e = 0; e < network->n_electrodes; e++) {
        const int64_t slot = network->n_nodes + e;
        if (newton->role[e] == MN_CURRENT) {
            newton->lack[slot] += newton->value[e];
            newton->tolerance[slot] += ROUNDING * fabs(newton->value[e]);
        } else if (newton->role[e] == MN_VOLTAGE) {
            newton->lack[slot] = 0.0;
        }
    }
}

/* Leaves out what no solve carries beside the largest: a diode in reverse conducts by powers of ten less than anything
 * else does, and what is in balance does not hang on it. */
static void drop_lost(const mn_simulation *simulation)
{
    double *companion = simulation->engine->newton->companion, largest = 0.0;
    const int64_t n = simulation->network->n_edges;
    for (int64_t e = 0; e < n; e++) {
        largest = fmax(largest, fabs(companion[e]));
    }
    const double least = isfinite(largest) ? LOST * largest : 0.0;
    for (int64_t e = 0; e < n; e++) {
        companion[e] = fabs(companion[e]) < least ? 0.0 : companion[e];
    }
}

/* The largest potential. */
static double scale_of(const mn_simulation *simulation)
{
    double scale = 0.0;
    for (int64_t k = 0; k < simulation->network->n_nodes; k++) {
        scale = fmax(scale, fabs(simulation->engine->newton->potential[k])); /* of nan and a number the number */
    }
    return scale;
}

void mn_companions(mn_simulation *simulation)
{
    mn_newton *newton = simulation->engine->newton;
    newton->settled = true;
    newton->unsettled = 0.0;
    newton->scale = scale_of(simulation);
    mn_newton_read_links(simulation);
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        if (mn_follows(simulation->population[p].model)) {
            static_edges(simulation, p);
        } else {
            plain_edges(simulation, p);
        }
    }
    if (newton->charges == MN_CHARGES_HELD && newton->hold == 0.0) {
        choose_hold(simulation);
    }
    for (int64_t p = 0; p < simulation->n_populations && newton->charges != MN_CHARGES_OPEN; p++) {
        if (simulation->population[p].model->flags & MN_HAS_CHARGE) {
            charge_edges(simulation, p);
        }
    }
    drop_lost(simulation);
    sum_at_nodes(simulation);
}

/* ------------------------------------------------------------------ what is read of others */

/* How state f of member k of population p goes on where it may: see state_want. Plain edges hold theirs. */
static state_want want_at(const mn_simulation *simulation, int64_t p, int64_t f, int64_t k)
{
    const mn_newton *newton = simulation->engine->newton;
    const mn_newton_members *members = &newton->members[p];
    const double ends = ends_of(simulation, members->view.edge[k]);
    if (newton->c == 0.0 || !mn_follows(members->view.model) || members->point.x[f] == NULL) {
        return (state_want){.left = 1.0, .held = true};
    }
    return want_of(members, f, k, newton->c, isnan(ends) ? 0.0 : ends);
}

/* What state f of member k does with the voltage that it reads ([x]/V). */
static double gain_by_linked(const mn_simulation *simulation, int64_t p, int64_t f, int64_t k, const state_want *want)
{
    const mn_reader *reader = &simulation->engine->readers->reader[p];
    const bool reads = simulation->engine->members[p].links != NULL && !want->held;
    return reads ? simulation->engine->newton->c * reader->f_u[f][k] / want->left : 0.0;
}

/* Transfers of member k of population p, which reads another: by that edge, and by the one that this reads. */
static void read_transfer(mn_simulation *simulation, int64_t p, int64_t k)
{
    mn_readers *readers = simulation->engine->readers;
    const mn_reader *reader = &readers->reader[p];
    const mn_newton_members *members = &simulation->engine->newton->members[p];
    const mn_links *links = simulation->engine->members[p].links;
    const mn_device_model *model = members->view.model;
    double own = reader->i_u[k], of_linked = 0.0;
    for (int64_t f = 0; f < model->n_fields; f++) {
        if (members->point.x[f] != NULL && mn_follows(model)) {
            const state_want want = want_at(simulation, p, f, k);
            own += members->point.linear.i_x[f][k] * gain_by_linked(simulation, p, f, k, &want);
        }
    }
    for (int64_t s = 0; s < model->n_linked_states; s++) {
        const int64_t q = links->population[k], m = links->member[k], f = links->field[s * members->view.n + k];
        const state_want want = want_at(simulation, q, f, m);
        own += reader->i_y[s][k] * want.gain / want.left;
        of_linked += reader->i_y[s][k] * gain_by_linked(simulation, q, f, m, &want);
    }
    readers->conductance[reader->own + k] = own;
    if (reader->of_linked >= 0) {
        readers->conductance[reader->of_linked + k] = of_linked;
    }
}

void mn_companions_read_transfers(mn_simulation *simulation)
{
    mn_newton *newton = simulation->engine->newton;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        mn_newton_members *members = &newton->members[p];
        if (simulation->engine->members[p].links != NULL && members->view.model->linearise != NULL) {
            mn_reader_linearise(simulation, p, &members->view, newton->t, members->point.v);
        }
    }
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const bool reads = simulation->engine->members[p].links != NULL;
        if (reads && mn_newton_lags(simulation, p)) {
            const mn_reader *reader = &simulation->engine->readers->reader[p];
            memset(reader->i_u, 0, (size_t)simulation->population[p].n * sizeof(double));
        }
        for (int64_t k = 0; k < simulation->population[p].n && reads; k++) {
            read_transfer(simulation, p, k);
        }
    }
}

const double *mn_companions_add_linked(mn_simulation *simulation)
{
    const mn_network *network = simulation->network;
    mn_newton *newton = simulation->engine->newton;
    if (simulation->engine->readers == NULL) {
        return newton->into;
    }
    double *into = newton->old; /* free until the step is taken */
    memcpy(into, newton->into, (size_t)network->n_nodes * sizeof(double));
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_population *population = &simulation->population[p];
        const mn_links *links = simulation->engine->members[p].links;
        const mn_reader *reader = &simulation->engine->readers->reader[p];
        for (int64_t s = 0; s < population->model->n_linked_states; s++) {
            for (int64_t k = 0; k < population->n; k++) {
                const int32_t a = network->a[population->edge[k]], b = network->b[population->edge[k]];
                const state_want want =
                    want_at(simulation, links->population[k], links->field[s * population->n + k], links->member[k]);
                const double flow = reader->i_y[s][k] * want.lack / want.left;
                into[a] -= isnan(newton->potential[a]) ? 0.0 : flow;
                into[b] += isnan(newton->potential[b]) ? 0.0 : flow;
            }
        }
    }
    return into;
}

/* ------------------------------------------------------------------ steps */

/* By how much the voltage of an edge goes (V); 0 where an end has none. */
static double step_of(const mn_newton *newton, const mn_network *network, int32_t edge)
{
    const double step = newton->step[network->a[edge]] - newton->step[network->b[edge]];
    return isnan(step) ? 0.0 : step;
}

void mn_companions_step(mn_simulation *simulation)
{
    mn_newton *newton = simulation->engine->newton;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        mn_newton_members *members = &newton->members[p];
        const mn_device_model *model = members->view.model;
        if (!mn_follows(model)) {
            continue;
        }
        const bool has_charge = (model->flags & MN_HAS_CHARGE) != 0;
        const mn_links *links = simulation->engine->members[p].links;
        mn_branch_voltages(simulation, p, newton->step, members->dv);
        for (int64_t k = 0; k < members->view.n; k++) {
            members->dq[k] = members->dv[k] * members->point.linear.q_v[k];
        }
        for (int64_t f = 0; f < model->n_fields && newton->c > 0.0; f++) {
            for (int64_t k = 0; k < members->view.n && members->point.x[f] != NULL; k++) {
                const double ends = ends_of(simulation, members->view.edge[k]);
                const state_want want = want_of(members, f, k, newton->c, isnan(ends) ? 0.0 : ends);
                members->dx[f][k] = (want.lack + want.gain * members->dv[k]) / want.left;
                if (links != NULL) {
                    const double step = step_of(newton, simulation->network, links->edge[k]);
                    members->dx[f][k] += gain_by_linked(simulation, p, f, k, &want) * step;
                }
                const double q_x = has_charge ? members->point.linear.q_x[f][k] : 0.0;
                members->dq[k] += q_x != 0.0 ? q_x * members->dx[f][k] : 0.0;
            }
        }
    }
}
