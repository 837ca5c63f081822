/* Models that are differential equations: their linearisation against differences of itself, against what they are for
 * the circuit, and against their steps. */
#include "population.h"

#include <math.h>

enum { N = 10 };

/* Far from kinks: above and below the thresholds of defaults, of both signs. */
static const double voltages[N] = {0.6, -0.45, 0.002, -0.003, 0.9, -1.3, 0.31, -0.72, 0.0071, -0.0083};

/* The arrays of a linearisation of N members. */
typedef struct {
    mn_linear of;
    double i[N], i_v[N], q[N], q_v[N];
    double *f[MAX_PARAMETERS], *f_x[MAX_PARAMETERS], *f_v[MAX_PARAMETERS], *i_x[MAX_PARAMETERS];
    double state[4][MAX_PARAMETERS][N];
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
    }
    linear->of = (mn_linear){.i = linear->i,
                             .i_v = linear->i_v,
                             .q = linear->q,
                             .q_v = linear->q_v,
                             .f = linear->f,
                             .f_x = linear->f_x,
                             .f_v = linear->f_v,
                             .i_x = linear->i_x};
}

static void linearise(mn_population *population, const double *v, linearisation *linear)
{
    make_linear(linear, population->model);
    population->model->linearise(population, &(mn_step){.v = v}, &linear->of);
}

/* States that the model itself comes to, and inside the unit interval where that is the range. */
static void settle(mn_population *population)
{
    for (int n = 0; n < 8 && population->model->advance != NULL; n++) {
        step(population, 1e-3, voltages);
    }
    for (int64_t f = 0; f < population->model->n_fields; f++) {
        const mn_field *field = &population->model->field[f];
        for (int64_t k = 0; k < N && field->role == MN_STATE && field->high == 1.0; k++) {
            population->field[f][k] = 0.12 + 0.07 * (double)k;
        }
    }
}

/* Central differences at two steps, extrapolated. */
static double slope(double far_above, double above, double below, double far_below, double h)
{
    double coarse = (far_above - far_below) / (4.0 * h), fine = (above - below) / (2.0 * h);
    return (4.0 * fine - coarse) / 3.0;
}

static bool close_to(double got, double wanted, double scale)
{
    return fabs(got - wanted) <= 1e-9 * (fabs(wanted) + scale);
}

/* What changes with v or with a state is moved by `share` of itself. */
static double *moved(mn_population *population, int64_t f, double *v, const double *old, double share)
{
    double *x = f < 0 ? v : population->field[f];
    for (int64_t k = 0; k < N; k++) {
        x[k] = old[k] * (1.0 + share);
    }
    return x;
}

/* Derivatives by v (f < 0) or by the state f. */
static void compare_slopes(check_count *count, mn_population *population, int64_t f)
{
    static const double share[4] = {1e-3, 5e-4, -5e-4, -1e-3};
    const mn_device_model *model = population->model;
    static linearisation at[4], middle;
    double v[N], old[N];
    memcpy(v, voltages, sizeof(v));
    memcpy(old, f < 0 ? v : population->field[f], sizeof(old));
    linearise(population, v, &middle);
    for (int j = 0; j < 4; j++) {
        moved(population, f, v, old, share[j]);
        linearise(population, v, &at[j]);
    }
    memcpy(moved(population, f, v, old, 0.0), old, sizeof(old));
    for (int64_t k = 0; k < N; k++) {
        double h = 5e-4 * old[k];
        if (h == 0.0) {
            continue;
        }
        double i = slope(at[0].i[k], at[1].i[k], at[2].i[k], at[3].i[k], h);
        CHECK(count, close_to(f < 0 ? middle.i_v[k] : middle.i_x[f][k], i, fabs(middle.i[k] / old[k])));
        double q = slope(at[0].q[k], at[1].q[k], at[2].q[k], at[3].q[k], h);
        CHECK(count, f >= 0 || close_to(middle.q_v[k], q, 0.0));
        for (int64_t s = 0; s < model->n_fields; s++) {
            if (model->field[s].role == MN_STATE && (f < 0 || s == f)) {
                double rate = slope(at[0].f[s][k], at[1].f[s][k], at[2].f[s][k], at[3].f[s][k], h);
                double scale = fabs(middle.f[s][k] / old[k]);
                CHECK(count, close_to(f < 0 ? middle.f_v[s][k] : middle.f_x[s][k], rate, scale));
            }
        }
    }
}

/* The same current as the circuit has, and the same rates as short steps. */
static void compare_hooks(check_count *count, mn_population *population)
{
    static linearisation linear;
    const mn_device_model *model = population->model;
    double g[N], i0[N] = {0.0};
    linearise(population, voltages, &linear);
    conduct(population, 1.0, g, i0);
    for (int64_t k = 0; k < N && !(model->flags & MN_HAS_CHARGE); k++) {
        CHECK(count, fabs(linear.i[k] - (g[k] * voltages[k] + i0[k])) <= 1e-14 * fabs(linear.i[k]));
    }
    if (model->advance == NULL || (model->flags & MN_HAS_CHARGE)) {
        return;
    }
    const double dt = 1e-9;
    model->advance(population, &(mn_step){.dt = dt, .v = voltages});
    for (int64_t f = 0; f < model->n_fields; f++) {
        for (int64_t k = 0; k < N && model->field[f].role == MN_STATE; k++) {
            double x = population->field[f][k], rate = (population->next[f][k] - x) / dt;
            double rounding = 2.0 * 0x1p-52 * fabs(x) / dt;
            CHECK(count, fabs(linear.f[f][k] - rate) <= 1e-5 * fabs(rate) + rounding);
        }
    }
}

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
}

int main(void)
{
    check_count count = {0, 0};
    test_models(&count);
    return check_report(&count, "linearise");
}
