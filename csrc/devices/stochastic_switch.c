/* A switch that waits an exponential time which a voltage shortens exponentially. */
#include "devices/two_resistances.h"

#include <math.h>

enum { TAU0, V0, K_OFF, V_OFF, R_ON, R_OFF, ON_INITIAL, ON, HAZARD, NEEDED, SWITCHES, N_FIELDS };

enum { CLOSED = 1, OPENED = -1 };

static const mn_field fields[N_FIELDS] = {
    [TAU0] = {"tau0", "s", MN_POSITIVE, .initial = 1.0, .doc = "mean waiting time of the open switch at 0 V"},
    [V0] = {"V0", "V", MN_POSITIVE, .initial = 0.05, .doc = "voltage that makes it wait e times shorter"},
    [K_OFF] = {"k_off", "1/s", MN_NOT_NEGATIVE, .initial = 0.0,
               .doc = "rate at which the closed switch opens at 0 V; 0: it never does"},
    [V_OFF] = {"V_off", "V", MN_POSITIVE, .initial = 0.05, .doc = "negative voltage that opens it e times as fast"},
    [R_ON] = {"r_on", "ohm", MN_POSITIVE, .initial = 1e4, .doc = "resistance of the closed switch"},
    [R_OFF] = {"r_off", "ohm", MN_POSITIVE, .initial = 1e6, .doc = "resistance of the open switch"},
    [ON_INITIAL] = {"on_initial", "1", .kind = MN_FLAG, MN_UNIT_INTERVAL, .initial = 0.0,
                    .doc = "whether the switch is closed at the start"},
    [ON] = {"on", "1", .kind = MN_FLAG, .role = MN_STATE, MN_UNIT_INTERVAL, .initial = 0.0,
            .doc = "1 where the switch is closed, 0 where it is open"},
    [HAZARD] = {"hazard", "1", .role = MN_STATE, MN_NOT_NEGATIVE, .initial = 0.0,
                .doc = "what the rate has gathered since the last switch: its integral over time"},
    [NEEDED] = {"needed", "1", .role = MN_STATE, MN_NOT_NEGATIVE, .initial = 0.0,
                .doc = "hazard at which it switches next, drawn from the exponential distribution of mean 1"},
    [SWITCHES] = {"switches", "1", .role = MN_STATE, MN_NOT_NEGATIVE, .initial = 0.0,
                  .doc = "how often hazards were drawn anew: which number of the edge's stream comes next"},
};

/* The two rates at a voltage: of an open member, and of a closed one. */
static double rate_of(const mn_population *population, int64_t k, bool closed, double v)
{
    double *const *field = population->field;
    if (!closed) {
        return mn_exp1(v / field[V0][k]) / field[TAU0][k];
    }
    return field[K_OFF][k] > 0.0 ? field[K_OFF][k] * mn_exp1(-v / field[V_OFF][k]) : 0.0;
}

/* The hazard that a member needs after so many switches, and a uniform number beside it. */
static double draw(const mn_population *population, int64_t k, double switches, double *beside)
{
    double u[2];
    mn_uniform2(population->seed, population->stream, (uint64_t)population->edge[k], (uint64_t)switches, u);
    *beside = u[1];
    return -mn_log1(1.0 - u[0]);
}

static int init(mn_population *population)
{
    double beside;
    for (int64_t k = 0; k < population->n; k++) {
        population->field[ON][k] = population->field[ON_INITIAL][k];
        population->field[NEEDED][k] = draw(population, k, 0.0, &beside);
    }
    return MN_OK;
}

/* A member that has switched, with `left` of the step to go: whether it is back at the end. The two rates have the
 * probability of that in closed form, so that however long the step the law is that of many short ones. */
static bool comes_back(double away, double back, double left, double u)
{
    return back > 0.0 && u < back / (away + back) * (1.0 - mn_exp1(-(away + back) * left));
}

static void advance(mn_population *population, const mn_step *step)
{
    double *const *field = population->field, *const *next = population->next;
    for (int64_t k = 0; k < population->n; k++) {
        bool closed = field[ON][k] != 0.0;
        double away = rate_of(population, k, closed, step->v[k]), hazard = field[HAZARD][k] + away * step->dt;
        double needed = field[NEEDED][k], beside;
        bool reached = hazard >= needed;
        next[ON][k] = field[ON][k];
        next[HAZARD][k] = reached ? 0.0 : hazard;
        next[NEEDED][k] = needed;
        next[SWITCHES][k] = field[SWITCHES][k] + (reached ? 1.0 : 0.0);
        if (!reached) {
            continue;
        }
        next[NEEDED][k] = draw(population, k, next[SWITCHES][k], &beside);
        double left = step->dt - fmax(needed - field[HAZARD][k], 0.0) / away;
        if (!comes_back(away, rate_of(population, k, !closed, step->v[k]), left, beside)) {
            next[ON][k] = closed ? 0.0 : 1.0;
            mn_population_event(population, (int32_t)k, closed ? OPENED : CLOSED);
        }
    }
}

static void linearise(mn_population *population, const mn_step *step, const mn_linear *linear)
{
    mn_two_resistances_linearise(population, step, linear);
    for (int64_t k = 0; k < population->n; k++) {
        bool closed = population->field[ON][k] != 0.0;
        double rate = rate_of(population, k, closed, step->v[k]);
        linear->f[HAZARD][k] = rate;
        linear->f_v[HAZARD][k] = closed ? -rate / population->field[V_OFF][k] : rate / population->field[V0][k];
        linear->f_x[HAZARD][k] = linear->i_x[HAZARD][k] = 0.0;
        for (int64_t x = NEEDED; x <= SWITCHES; x++) {
            linear->f[x][k] = linear->f_x[x][k] = linear->f_v[x][k] = linear->i_x[x][k] = 0.0;
        }
    }
}

static void crossing(mn_population *population, const mn_step *step, double *distance)
{
    (void)step;
    for (int64_t k = 0; k < population->n; k++) {
        distance[k] = population->field[HAZARD][k] - population->field[NEEDED][k];
    }
}

static void cross(mn_population *population, int32_t member, const mn_step *step)
{
    double *const *field = population->field, beside;
    field[HAZARD][member] = 0.0;
    field[SWITCHES][member] += 1.0;
    field[NEEDED][member] = draw(population, member, field[SWITCHES][member], &beside);
    mn_two_resistances_cross(population, member, step);
}

const mn_device_model mn_stochastic_switch = {
    .name = "StochasticSwitch",
    .doc =
        "A switch that waits. Open, it closes after a time that is exponentially distributed with the mean tau0 "
        "exp(-v / V0); closed, it opens with the rate k_off exp(-v / V_off), by default never. So a pulse of the "
        "length T at the voltage v closes it with the probability 1 - exp(-T / tau), for any division of T into "
        "steps: a hazard gathers the rate, and the switch falls where it comes to a number drawn for the cycle. "
        "Fixed steps look for it at their end, adaptive ones find the moment. Draws depend on seed, device, edge and "
        "the number of switches before. Events: +1 closed, -1 opened.",
    .citation = "Gaba, Sheridan, Zhou, Choi and Lu, Nanoscale 2013, 5, 5872, doi 10.1039/c3nr01176c",
    MN_ARRAY(field, fields),
    .check = "V0",
    MN_SWITCHES,
    .flags = MN_EVENTS_AT_STEPS,
    .init = init,
    .conductance = mn_two_resistances_conductance,
    .advance = advance,
    .linearise = linearise,
    .crossing = crossing,
    .cross = cross,
};
