/* Errors of an adaptive step, from the third order of its pair: of each voltage, and of each state, added up over the
 * steps that remember them. */
#include "base/vector.h"
#include "simulate/adaptive.h"

#include <float.h>
#include <math.h>
#include <string.h>

static const double POTENTIAL_SHARE = 0.1; /* of the error of a potential that counts: states feel it in later steps */

static const double ADDS_UP = 0.6;    /* of each error that is remembered where things relax */
static const double OF_CHARGES = 1.5; /* how much more of a voltage's that charges remember: modes of many are slow */
static const double GROWS = 3.0;      /* where they run away, and errors with them */
static const double MOST_REMEMBERED = 1e5;
static const double SLOWLY = 0.1;      /* as fast as an edge between its neighbours relaxes the network, at least */
static const double OF_CURRENT = 1e-3; /* what of a current counts as little */
static const double OF_OWN = 0.1;      /* the least current beside a state's own, where a source drives that */
static const double FASTEST = 1e200;   /* 1/s: as good as infinite, but its product with a step is not */
static const double NOTHING = 1e-290;  /* [x], A: the inverse of what is smaller may be infinite */
static const double ROUNDS =
    64.0 * DBL_EPSILON;             /* of a voltage: what solving for it rounds, over the stages of a step */
static const double UNKNOWN = 1e-3; /* of the error that voltages may have: tells nothing of a state that they move */
static const double HELD = 1e150;   /* S: as good as infinite, but its square is not */
static const double SEES_HELD = 1e149; /* S: between two such nodes */

/* What errors of voltages are measured by (V): the largest so far, that at the end of the step included. */
static double largest_voltage(const mn_simulation *simulation)
{
    const mn_adaptive *adaptive = simulation->engine->adaptive;
    double scale = adaptive->scale;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        scale = mn_largest_magnitude(simulation->population[p].n, adaptive->members[p].point[MN_END].v, scale);
    }
    return scale;
}

/* A fraction, so that two are compared before one division. */
typedef struct {
    double above, below;
} fraction;

/* By how much a state x changes the conductance, relatively, from the current i_v v and its part i_x in that. Where
 * there is no such current, relative to the largest that it was; one that is a current of its own, as that of an
 * inductor, at least to `little` (A). From 0 it is not followed to its last bit. Where a source within the edge has the
 * state move the current without a voltage, i_v v goes through 0 beside a part that does not: there the current counts
 * as at least `share` of the state's own. */
static inline fraction weight(double current, double part, double x, double largest, double little, double share)
{
    const bool has_part = fabs(part) > NOTHING, has_current = fabs(current) > NOTHING;
    const double size = fabs(x) > largest ? fabs(x) : largest, known = size > NOTHING ? size : 1.0;
    const double own = size * fabs(part) > little ? size * fabs(part) : little;
    const double least = share * own, known_current = fabs(current) < least ? least : fabs(current);
    const double below = has_current ? known_current : own > NOTHING ? own : fabs(part);
    return (fraction){.above = has_part ? fabs(part) : 1.0, .below = has_part ? below : known};
}

static inline double share_of(const mn_adaptive_members *members)
{
    return members->has_source ? OF_OWN : 0.0;
}

/* A part of what a voltage drives through what an edge sees (A); 0 where its ends are held. */
static inline double little_of(double scale, double seen)
{
    return seen < SEES_HELD ? OF_CURRENT * scale * seen : 0.0;
}

/* How many steps like this one add their errors up: those since the last jump, as far as they are remembered where
 * things relax at a rate (1/s; below 0: they run away, and forget nothing). A network relaxes more slowly than its
 * parts. First, the inverse of how many are remembered. */
static inline double share_forgotten(double age, double h, double rate)
{
    return h * (1.0 / (age + h) + (rate > 0.0 ? rate * SLOWLY : 0.0));
}

static inline double steps_added(double remembered, double rate)
{
    return 1.0 + (rate >= 0.0 ? ADDS_UP : GROWS) * (remembered < MOST_REMEMBERED ? remembered : MOST_REMEMBERED);
}

/* All companions at each node. */
void mn_adaptive_sum_companions(const mn_simulation *simulation)
{
    const mn_network *network = simulation->network;
    mn_adaptive *adaptive = simulation->engine->adaptive;
    memset(adaptive->around, 0, (size_t)network->n_nodes * sizeof(double));
    for (int64_t e = 0; e < network->n_edges; e++) {
        adaptive->around[network->a[e]] += adaptive->companion[e];
        adaptive->around[network->b[e]] += adaptive->companion[e];
    }
    for (int64_t n = 0; n < network->n_nodes; n++) {
        int32_t e = network->electrode[n];
        if (e >= 0 && adaptive->role[e] == MN_VOLTAGE) {
            adaptive->around[n] = HELD;
        }
    }
}

bool mn_adaptive_outgrown(const mn_simulation *simulation)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    double *at_once = adaptive->k[2]; /* S: what each node has in a step of no length; above 0 with a charge */
    const int64_t n_nodes = simulation->network->n_nodes;
    memset(at_once, 0, (size_t)n_nodes * sizeof(double));
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_members *ends = &simulation->engine->members[p];
        const mn_adaptive_members *members = &adaptive->members[p];
        for (int64_t m = 0; m < members->view.n; m++) {
            double own = members->charge1 != NULL ? HELD : members->point[MN_START].linear.i_v[m];
            at_once[ends->a[m]] += own;
            at_once[ends->b[m]] += own;
        }
    }
    mn_adaptive_sum_companions(simulation);
    for (int64_t n = 0; n < n_nodes; n++) {
        if (at_once[n] > 0.0 && !(adaptive->around[n] > 0.0)) {
            return true;
        }
    }
    return false;
}

/* The conductance that an edge sees, of its nearest neighbours alone (S): of that at either end, in series. */
static inline double seen_of(double at_a, double at_b)
{
    return at_a > 0.0 && at_b > 0.0 ? at_a * at_b / (at_a + at_b) : 0.0;
}

double mn_adaptive_weight(const mn_simulation *simulation, const mn_adaptive_members *members, mn_place place,
                          int64_t f, int64_t m, double scale)
{
    const mn_point *at = &members->point[place];
    const mn_network *network = simulation->network;
    const double *around = simulation->engine->adaptive->around, own = members->g[m];
    const int32_t edge = members->view.edge[m];
    const double little = little_of(scale, seen_of(around[network->a[edge]] - own, around[network->b[edge]] - own));
    const double current = at->linear.i_v[m] * at->v[m];
    fraction counts =
        weight(current, at->linear.i_x[f][m], at->x[f][m], members->largest[f], little, share_of(members));
    return counts.above / counts.below;
}

/* Of the members of a run. */
typedef struct {
    double seen[MN_RUN];  /* the conductance that each sees (S) */
    double of_v[MN_RUN];  /* the error of its voltage (V) */
    double error[MN_RUN]; /* its largest error, relative */
} run_errors;

static void read_seen(const mn_simulation *simulation, int64_t p, mn_run run, double *restrict seen)
{
    const mn_adaptive *adaptive = simulation->engine->adaptive;
    const mn_members *ends = &simulation->engine->members[p];
    const int32_t *restrict a = ends->a + run.first, *restrict b = ends->b + run.first;
    const double *restrict around = adaptive->around, *restrict g = adaptive->members[p].g + run.first;
    MN_INDEPENDENT
    for (int64_t m = 0; m < run.n; m++) {
        seen[m] = seen_of(around[a[m]] - g[m], around[b[m]] - g[m]);
    }
}

/* The errors of the voltages, and what they count for by themselves. */
MN_VECTOR_WIDE
static void read_voltage_errors(const mn_adaptive_members *members, mn_run run, double h, double scale,
                                double *restrict of_v, double *restrict error)
{
    const double *restrict k1 = members->k_v[0] + run.first, *restrict k2 = members->k_v[1] + run.first;
    const double *restrict k3 = members->k_v[2] + run.first;
    const double share = h / 6.0, each = 1.0 / scale;
    MN_INDEPENDENT
    for (int64_t m = 0; m < run.n; m++) {
        of_v[m] = share * fabs(k1[m] - 2.0 * k2[m] + k3[m]);
        error[m] = of_v[m] * each;
    }
}

/* Where charges remember them. They run away where they see less than nothing. */
static void add_up_voltage_errors(const mn_simulation *simulation, int64_t p, mn_run run, double h, run_errors *errors)
{
    const mn_adaptive *adaptive = simulation->engine->adaptive;
    const mn_adaptive_members *members = &adaptive->members[p];
    const mn_members *ends = &simulation->engine->members[p];
    for (int64_t k = 0; k < run.n; k++) {
        const int64_t m = run.first + k;
        double at_a = adaptive->around[ends->a[m]] - members->g[m], at_b = adaptive->around[ends->b[m]] - members->g[m];
        double seen = at_a > 0.0 && at_b > 0.0 ? errors->seen[k] : fmin(at_a, at_b);
        double rate = seen / members->point[MN_END].linear.q_v[m];
        errors->error[k] *= OF_CHARGES * steps_added(1.0 / share_forgotten(adaptive->age, h, rate), rate);
    }
}

/* How fast a state relaxes, with the voltage that falls as it grows (1/s); below 0: it runs away. What sees nothing has
 * no such voltage, or one that runs away itself. */
static inline double rate_of_state(double f_x, double f_v, double i_x, double sees)
{
    double falls = sees == 0.0 ? 0.0 : f_v * i_x / sees, rate = falls - f_x;
    return rate < FASTEST ? rate : FASTEST;
}

/* What is lost of a rate as voltages of two signs cancel, such as an open cell's and its emf, or those of cells in
 * series. A state that moves no current counts beside itself alone, and may be nothing else: there a voltage is as
 * good as known where it is far below what errors of voltages may be. Cells of unlike conductances in series have more
 * than rounds: the last bits of a large one's current are a voltage of a small one. */
static inline double lost_of(double f_v, double v, double i_x, double unknown)
{
    const double rounds = ROUNDS * fabs(v);
    return fabs(f_v) * (fabs(i_x) > NOTHING || rounds > unknown ? rounds : unknown);
}

/* An error of a rate, 0 where that is but what is lost: no shorter step has less of it (nan stays). */
static inline double above_lost(double of_rate, double lost)
{
    return of_rate <= lost ? 0.0 : of_rate;
}

/* The larger of the errors of each member so far and that of a state, by itself and as it will feel that of the voltage
 * (nan counts as the largest). */
MN_VECTOR_WIDE
static void join_state_errors(const mn_simulation *simulation, const mn_adaptive_members *members, int64_t f,
                              mn_run run, double h, double scale, run_errors *errors)
{
    const mn_adaptive *adaptive = simulation->engine->adaptive;
    const int64_t from = run.first;
    const mn_point *start = &members->point[MN_START], *end = &members->point[MN_END];
    const double *restrict x0 = start->x[f] + from, *restrict x1 = end->x[f] + from;
    const double *restrict v0 = start->v + from, *restrict v1 = end->v + from;
    const double *restrict i_v0 = start->linear.i_v + from, *restrict i_v1 = end->linear.i_v + from;
    const double *restrict i_x0 = start->linear.i_x[f] + from, *restrict i_x1 = end->linear.i_x[f] + from;
    const double *restrict f_x0 = start->linear.f_x[f] + from, *restrict f_x1 = end->linear.f_x[f] + from;
    const double *restrict f_v0 = start->linear.f_v[f] + from, *restrict f_v1 = end->linear.f_v[f] + from;
    const double *restrict k1 = members->k1[f] + from, *restrict k2 = members->k2[f] + from;
    const double *restrict k3 = members->r[f] + from, *restrict f1 = end->linear.f[f] + from;
    const double *restrict seen = errors->seen, *restrict of_v = errors->of_v;
    double *restrict error = errors->error;
    const double most = members->largest[f], age = adaptive->age, share = h / 6.0, each = 1.0 / h;
    const double least = share_of(members), row = simulation->options.dt, unknown = UNKNOWN * adaptive->rtol * scale;
    MN_INDEPENDENT
    for (int64_t m = 0; m < run.n; m++) {
        double little = little_of(scale, seen[m]);
        /* Nobody knows how large a state is to be that was 0 until a threshold let it go: as large as in a row. */
        double leaves = most > 0.0 || x0[m] != 0.0 ? 0.0 : fabs(f1[m]) * row;
        double reached = fabs(x1[m]) > leaves ? x1[m] : leaves;
        fraction first = weight(i_v0[m] * v0[m], i_x0[m], x0[m], most, little, least);
        fraction last = weight(i_v1[m] * v1[m], i_x1[m], reached, most, little, least);
        bool falls = first.above * last.below > last.above * first.below;
        double counts_most = (falls ? first.above : last.above) / (falls ? first.below : last.below);
        double before = rate_of_state(f_x0[m], f_v0[m], i_x0[m], seen[m] + i_v0[m]);
        double after = rate_of_state(f_x1[m], f_v1[m], i_x1[m], seen[m] + i_v1[m]);
        double rate = before < after ? before : after;
        double forgotten = share_forgotten(age, h, rate), fades = each + fabs(f_x1[m]); /* 1/s: of a voltage */
        double inverse = 1.0 / (forgotten * fades);
        double lost = lost_of(f_v1[m], v1[m], i_x1[m], unknown);
        double bend = above_lost(fabs(k1[m] - 2.0 * k2[m] + k3[m]), lost);
        double of_x = share * bend * steps_added(inverse * fades, rate);
        double felt = POTENTIAL_SHARE * above_lost(of_v[m] * fabs(f_v1[m]), lost) * (inverse * forgotten);
        double counts = (felt < of_x || of_x != of_x ? of_x : felt) * counts_most;
        error[m] = counts > error[m] || counts != counts ? counts : error[m];
    }
}

/* Whether a member has no current, and its conductance is known by itself alone. */
static inline bool is_at_rest(const mn_point *at, int64_t m)
{
    return fabs(at->linear.i_v[m] * at->v[m]) <= NOTHING && at->linear.i_v[m] > 0.0;
}

MN_VECTOR_WIDE
static int64_t count_at_rest(const mn_point *at, mn_run run)
{
    const double *restrict i_v = at->linear.i_v + run.first, *restrict v = at->v + run.first;
    int64_t n = 0;
    for (int64_t m = 0; m < run.n; m++) {
        n += (fabs(i_v[m] * v[m]) <= NOTHING) & (i_v[m] > 0.0);
    }
    return n;
}

/* The only state of a member that has moved in the step, -1 where none or several have. */
static int64_t find_moved(const mn_adaptive_members *members, int64_t m)
{
    int64_t moved = -1, n_moved = 0;
    for (int64_t f = 0; f < members->view.model->n_fields; f++) {
        if (members->r[f] != NULL && members->point[MN_END].x[f][m] != members->point[MN_START].x[f][m]) {
            moved = f;
            n_moved++;
        }
    }
    return n_moved == 1 ? moved : -1;
}

/* The same for members whose current tells nothing of their conductance. What that does in the step tells it, where a
 * single state moves. */
static void join_errors_at_rest(const mn_adaptive *adaptive, const mn_adaptive_members *members, mn_run run, double h,
                                double *error)
{
    const mn_point *start = &members->point[MN_START], *end = &members->point[MN_END];
    const int64_t n = count_at_rest(end, run);
    for (int64_t m = run.first; m < run.first + run.n && n > 0; m++) {
        const int64_t moved = is_at_rest(start, m) && is_at_rest(end, m) ? find_moved(members, m) : -1;
        if (moved >= 0) {
            double before = start->linear.i_v[m], after = end->linear.i_v[m], rate = -end->linear.f_x[moved][m];
            double part = fabs(after - before) / fmin(before, after);
            double bend = members->k1[moved][m] - 2.0 * members->k2[moved][m] + members->r[moved][m];
            double of_x = h / 6.0 * fabs(bend) * steps_added(1.0 / share_forgotten(adaptive->age, h, rate), rate);
            double counts = part * of_x / fabs(end->x[moved][m] - start->x[moved][m]);
            error[m - run.first] = fmax(counts, error[m - run.first]);
        }
    }
}

/* The first of n numbers that is `wanted`, or nan. */
static int64_t find(int64_t n, const double *x, double wanted)
{
    int64_t m = 0;
    while (m < n && x[m] != wanted && x[m] == x[m]) {
        m++;
    }
    return m;
}

/* The largest error of a run, and of `largest`; where it is one of the run, whose edge has it. */
static double join_run(const mn_simulation *simulation, int64_t p, mn_run run, double h, double scale, double largest)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    const mn_adaptive_members *members = &adaptive->members[p];
    run_errors errors;
    read_seen(simulation, p, run, errors.seen);
    read_voltage_errors(members, run, h, scale, errors.of_v, errors.error);
    if (members->charge1 != NULL) {
        add_up_voltage_errors(simulation, p, run, h, &errors);
    }
    for (int64_t f = 0; f < members->view.model->n_fields; f++) {
        if (members->r[f] != NULL) {
            join_state_errors(simulation, members, f, run, h, scale, &errors);
        }
    }
    join_errors_at_rest(adaptive, members, run, h, errors.error);
    const double now = mn_largest_magnitude(run.n, errors.error, largest);
    if (!(now <= largest)) {
        adaptive->worst = members->view.edge[run.first + find(run.n, errors.error, now)];
    }
    return now;
}

double mn_adaptive_error(const mn_simulation *simulation, double h)
{
    mn_adaptive *adaptive = simulation->engine->adaptive;
    adaptive->scale_at_end = largest_voltage(simulation);
    const double scale = adaptive->scale_at_end > NOTHING ? adaptive->scale_at_end : 1.0;
    double largest = 0.0;
    mn_adaptive_sum_companions(simulation);
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const int64_t n = simulation->population[p].n;
        for (mn_run run = mn_first_run(n); run.n > 0 && !isnan(largest); run = mn_next_run(run, n)) {
            largest = join_run(simulation, p, run, h, scale, largest);
        }
    }
    return largest / adaptive->rtol;
}
