/* Models that are differential equations: their linearisation against differences of itself, against what they are for
 * the circuit, and against their steps. */
#include "population.h"

#include <math.h>

enum { N = 10 };

/* Far from kinks: above and below the thresholds of defaults, of both signs. */
static const double voltages[N] = {0.6, -0.45, 0.002, -0.003, 0.9, -1.3, 0.31, -0.72, 0.0071, -0.0083};

/* Of the edges that models with links read: a channel that is cut off, saturated, linear, or reversed. */
static const double linked[N] = {1.7, 1.6, 0.4, 2.5, 1.5, -0.2, 3.1, 1.8, 1.001, 1.2};
/* The states of those edges, for models that read one. */
static const double *const linked_x[] = {(const double[N]){0.1, -0.2, 0.3, 0.4, -0.5, 0.6, 0.7, -0.8, 0.9, 0.05}};
/* What devices that carry a waveform see of it. */
#define SIGNAL 0.3

/* The arrays of a linearisation of N members. */
typedef struct {
    mn_linear of;
    double i[N], i_v[N], q[N], q_v[N];
    double *f[MAX_PARAMETERS], *f_x[MAX_PARAMETERS], *f_v[MAX_PARAMETERS], *i_x[MAX_PARAMETERS], *q_x[MAX_PARAMETERS];
    double state[5][MAX_PARAMETERS][N];
} linearisation;

static void make_linear(linearisation *linear, const mn_device_model *model)
{
    *linear = (linearisation){.of = {0}};
    for (int64_t f = 0; f < model->n_fields; f++) {
        bool is_state = model->field[f].role == MN_STATE;
        linear->f[f] = is_state ? linear->state[0][f] : NULL;
        linear->f_x[f] = is_state ? linear->state[1][f] : NULL;
        linear->f_v[f] = is_state ? linear->state[2][f] : NULL;
        linear->i_x[f] = is_state ? linear->state[3][f] : NULL;
        linear->q_x[f] = is_state ? linear->state[4][f] : NULL;
    }
    linear->of = (mn_linear){.i = linear->i,
                             .i_v = linear->i_v,
                             .q = linear->q,
                             .q_v = linear->q_v,
                             .f = linear->f,
                             .f_x = linear->f_x,
                             .f_v = linear->f_v,
                             .i_x = linear->i_x,
                             .q_x = linear->q_x};
}

static void linearise(mn_population *population, const double *v, linearisation *linear)
{
    make_linear(linear, population->model);
    population->model->linearise(
        population, &(mn_step){.v = v, .signal = SIGNAL, .linked_v = linked, .linked_x = linked_x}, &linear->of);
}

/* States that the model itself comes to; some of each where it has no steps of its own, and inside their range, no two
 * equal, where that is the unit interval or begins above 0. Models with thresholds are left where they start, on one
 * side of them. */
static void settle(mn_population *population)
{
    bool has_steps = population->model->advance != NULL, has_sides = population->model->crossing != NULL;
    for (int n = 0; n < 8 && has_steps; n++) {
        step(population, 1e-3, voltages);
    }
    double apart = 0.0;
    for (int64_t f = population->model->n_fields - 1; f >= 0; f--) {
        const mn_field *field = &population->model->field[f];
        bool is_above = field->low > 0.0, is_set = field->high == 1.0 || is_above || !has_steps;
        if (field->role == MN_STATE && !has_sides && is_set) {
            for (int64_t k = 0; k < N; k++) {
                population->field[f][k] = is_above ? 1.5 * field->low : 0.12 + 0.07 * (double)k + apart;
            }
            apart += 0.02;
        }
    }
}

enum { N_SHARES = 6 };

/* Where differences are taken, as shares of what is moved. */
static const double share[N_SHARES] = {5e-4, 2.5e-4, 1.25e-4, -1.25e-4, -2.5e-4, -5e-4};

/* Central differences at three steps, the smallest of half width h, extrapolated. */
static double slope(const double value[N_SHARES], double h)
{
    double coarse = (value[0] - value[5]) / (8.0 * h), middle = (value[1] - value[4]) / (4.0 * h);
    double fine = (value[2] - value[3]) / (2.0 * h);
    double first = (4.0 * middle - coarse) / 3.0, second = (4.0 * fine - middle) / 3.0;
    return (16.0 * second - first) / 15.0;
}

static bool close_to(double got, double wanted, double scale)
{
    return fabs(got - wanted) <= 1e-9 * (fabs(wanted) + scale);
}

/* What changes with v or with a state is moved by `part` of itself. */
static void move(mn_population *population, int64_t f, double *v, const double *old, double part)
{
    double *x = f < 0 ? v : population->field[f];
    for (int64_t k = 0; k < N; k++) {
        x[k] = old[k] * (1.0 + part);
    }
}

/* Derivatives by v (f < 0) or by the state f of one member. */
static void compare_member(check_count *count, const mn_device_model *model, int64_t f, int64_t k,
                           const linearisation at[N_SHARES], const linearisation *middle, double old)
{
    double i[N_SHARES], q[N_SHARES], rate[N_SHARES], h = share[2] * old;
    for (int j = 0; j < N_SHARES; j++) {
        i[j] = at[j].i[k];
        q[j] = at[j].q[k];
    }
    CHECK(count, close_to(f < 0 ? middle->i_v[k] : middle->i_x[f][k], slope(i, h), fabs(middle->i[k] / old)));
    CHECK(count, f >= 0 || close_to(middle->q_v[k], slope(q, h), 0.0));
    for (int64_t s = 0; s < model->n_fields; s++) {
        if (model->field[s].role == MN_STATE && (f < 0 || s == f)) {
            for (int j = 0; j < N_SHARES; j++) {
                rate[j] = at[j].f[s][k];
            }
            double scale = fabs(middle->f[s][k] / old);
            CHECK(count, close_to(f < 0 ? middle->f_v[s][k] : middle->f_x[s][k], slope(rate, h), scale));
        }
    }
}

/* Derivatives by v (f < 0) or by the state f. */
static void compare_slopes(check_count *count, mn_population *population, int64_t f)
{
    static linearisation at[N_SHARES], middle;
    double v[N], old[N];
    memcpy(v, voltages, sizeof(v));
    memcpy(old, f < 0 ? v : population->field[f], sizeof(old));
    linearise(population, v, &middle);
    for (int j = 0; j < N_SHARES; j++) {
        move(population, f, v, old, share[j]);
        linearise(population, v, &at[j]);
    }
    memcpy(f < 0 ? v : population->field[f], old, sizeof(old));
    for (int64_t k = 0; k < N; k++) {
        if (old[k] != 0.0) {
            compare_member(count, population->model, f, k, at, &middle, old[k]);
        }
    }
}

/* Whether a member has had an event in the step, at which states jump. */
static bool has_jumped(const mn_population *population, int64_t k)
{
    bool jumped = false;
    for (int64_t j = 0; j < population->n_events; j++) {
        jumped = jumped || population->event_member[j] == k;
    }
    return jumped;
}

/* The same current as the circuit has, and the same rates as short steps. */
static void compare_hooks(check_count *count, mn_population *population)
{
    static linearisation linear;
    const mn_device_model *model = population->model;
    double g[N], i0[N] = {0.0};
    if (model->flags & MN_IMPLICIT) {
        CHECK(count, model->conductance == NULL && model->advance == NULL);
        return;
    }
    linearise(population, voltages, &linear);
    model->conductance(
        population,
        &(mn_step){.dt = 1.0, .g = g, .i0 = i0, .signal = SIGNAL, .linked_v = linked, .linked_x = linked_x});
    for (int64_t k = 0; k < N && !(model->flags & MN_HAS_CHARGE); k++) {
        CHECK(count, fabs(linear.i[k] - (g[k] * voltages[k] + i0[k])) <= 1e-14 * fabs(linear.i[k]));
    }
    if (model->advance == NULL || (model->flags & MN_HAS_CHARGE)) {
        return;
    }
    const double dt = 1e-9;
    population->n_events = 0;
    model->advance(population, &(mn_step){.dt = dt, .v = voltages, .linked_v = linked, .linked_x = linked_x});
    for (int64_t f = 0; f < model->n_fields; f++) {
        for (int64_t k = 0; k < N && model->field[f].role == MN_STATE; k++) {
            double x = population->field[f][k], rate = (population->next[f][k] - x) / dt;
            double rounding = 2.0 * 0x1p-52 * fabs(x) / dt;
            const double next = population->next[f][k];
            bool arrived = next == model->field[f].low || next == model->field[f].high; /* sooner than in dt */
            const double z = linear.f_x[f][k] * dt; /* a rate that changes with x has this mean over dt: */
            const double mean = linear.f[f][k] * (z == 0.0 ? 1.0 : expm1(z) / z);
            CHECK(count, arrived || has_jumped(population, k) || fabs(mean - rate) <= 1e-5 * fabs(mean) + rounding);
        }
    }
}

/* What defaults leave out. */
static const struct {
    const char *model;
    setting parameter;
} further[] = {
    {"CubicResistor", {"g_2", -2.0}},        {"CubicResistor", {"g_3", 0.7}}, {"Diode", {"g_min", 1e-3}},
    {"Diode", {"saturation_current", 1e-6}}, {"Selector", {"v_0", 0.01}},     {"ThresholdSwitch", {"on_initial", 1.0}},
    {"Transistor", {"modulation", 0.1}},
};

static void test_model(check_count *count, const mn_device_model *model, const setting *choice)
{
    double length[N];
    mn_population population;
    mn_error error;
    for (int64_t k = 0; k < N; k++) {
        length[k] = 0.02 + 0.01 * (double)k;
    }
    NEED(make(&population, model->name, N, length, choice, choice == NULL ? 0 : 1, &error) == MN_OK);
    settle(&population);
    compare_hooks(count, &population);
    compare_slopes(count, &population, -1);
    for (int64_t f = 0; f < model->n_fields; f++) {
        if (model->field[f].role == MN_STATE) {
            compare_slopes(count, &population, f);
        }
    }
    mn_population_free(&population);
}

/* Every model with its defaults, and with each word of each of its choices. */
static void test_models(check_count *count)
{
    int64_t n = 0;
    for (int64_t m = 0; m < mn_model_count(); m++) {
        const mn_device_model *model = mn_model_get(m);
        if (model->linearise == NULL) {
            continue;
        }
        n++;
        test_model(count, model, NULL);
        for (int64_t f = 0; f < model->n_fields; f++) {
            bool is_fixed = model->fixed_field != NULL && strcmp(model->fixed_field, model->field[f].name) == 0;
            if (model->field[f].kind != MN_CHOICE || is_fixed) {
                continue;
            }
            for (double word = 1.0; word <= model->field[f].high; word++) {
                test_model(count, model, &(setting){model->field[f].name, word});
            }
        }
    }
    CHECK(count, n > 0);
    for (size_t k = 0; k < sizeof(further) / sizeof(further[0]); k++) {
        test_model(count, mn_model_find(further[k].model), &further[k].parameter);
    }
}

int main(void)
{
    check_count count = {0, 0};
    test_models(&count);
    return check_report(&count, "linearise");
}
