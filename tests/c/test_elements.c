/* Elements of circuits: their laws against closed forms, thresholds, and what the tables refuse. */
#include "devices/growth.h"
#include "population.h"

#include <math.h>

enum { N = 7 };

/* A linearisation of at most N members and one state. */
typedef struct {
    double i[N], i_v[N], state[4][N];
    double *f[MAX_PARAMETERS], *f_x[MAX_PARAMETERS], *f_v[MAX_PARAMETERS], *i_x[MAX_PARAMETERS];
} linearisation;

static void linearise(mn_population *population, const double *v, int64_t state, linearisation *linear)
{
    *linear = (linearisation){.i = {0.0}};
    if (state >= 0) {
        linear->f[state] = linear->state[0];
        linear->f_x[state] = linear->state[1];
        linear->f_v[state] = linear->state[2];
        linear->i_x[state] = linear->state[3];
    }
    double q[N] = {0.0}, q_v[N] = {0.0};
    mn_linear of = {.i = linear->i,
                    .i_v = linear->i_v,
                    .q = q,
                    .q_v = q_v,
                    .f = linear->f,
                    .f_x = linear->f_x,
                    .f_v = linear->f_v,
                    .i_x = linear->i_x};
    population->model->linearise(population, &(mn_step){.v = v}, &of);
}

static bool is_near(double got, double wanted, double relative)
{
    return fabs(got - wanted) <= relative * fabs(wanted);
}

/* libm as the judge: from exponents that expm1 and sinh are for, to those where exp is all of it. */
static void test_growth(check_count *count)
{
    for (double size = 1e-12; size < MN_LARGEST_EXPONENT; size *= 1.3) {
        for (double z = -size; z <= size; z += 2.0 * size) {
            CHECK(count, is_near(mn_exp_minus_one(z).value, expm1(z), 1e-15));
            CHECK(count, is_near(mn_exp_minus_one(z).slope, exp(z), 1e-15));
            CHECK(count, is_near(mn_sinh(z).value, sinh(z), 1e-15));
            CHECK(count, is_near(mn_sinh(z).slope, cosh(z), 1e-15));
        }
    }
    CHECK(count, mn_exp_minus_one(0.0).value == 0.0 && mn_sinh(0.0).value == 0.0);
}

/* Beyond the bound: the tangent, without a jump there, and finite for any voltage. */
static void test_growth_beyond(check_count *count)
{
    const double at = MN_LARGEST_EXPONENT, above = nextafter(at, INFINITY), top = exp(at);
    CHECK(count, is_near(mn_exp_minus_one(above).value, mn_exp_minus_one(at).value, 1e-13));
    CHECK(count, mn_exp_minus_one(above).slope == mn_exp_minus_one(at).slope);
    CHECK(count, is_near(mn_sinh(-above).value, mn_sinh(-at).value, 1e-13));
    CHECK(count, is_near(mn_exp_minus_one(at + 7.0).value, 8.0 * top, 1e-14));
    CHECK(count, is_near(mn_sinh(-at - 7.0).value, -4.0 * top, 1e-14));
    CHECK(count, isfinite(mn_exp_minus_one(1e200).value) && isfinite(mn_sinh(-1e200).value));
}

static void test_inductor(check_count *count)
{
    const setting settings[2] = {{"inductance", 0.25}, {"i_initial", -3.0}};
    const double v[2] = {2.0, -8.0};
    mn_population population;
    mn_error error;
    linearisation linear;
    NEED(make(&population, "Inductor", 2, NULL, settings, 2, &error) == MN_OK);
    int64_t i = mn_model_field(population.model, "i");
    linearise(&population, v, i, &linear);
    for (int64_t k = 0; k < 2; k++) {
        CHECK(count, linear.i[k] == -3.0 && linear.i_v[k] == 0.0 && linear.i_x[i][k] == 1.0);
        CHECK(count, linear.f[i][k] == v[k] / 0.25 && linear.f_v[i][k] == 4.0 && linear.f_x[i][k] == 0.0);
    }
    mn_population_free(&population);
}

/* 1 mA through 1e-14 A of saturation current at n V_T: v = n V_T ln(1 + i / I_s). */
static void test_diode(check_count *count)
{
    const double thermal = 8.617333262145179e-5 * 320.0, n = 1.7, i_s = 2e-13, g_min = 1e-9;
    const setting settings[4] = {
        {"saturation_current", i_s}, {"ideality", n}, {"temperature", 320.0}, {"g_min", g_min}};
    const double v[N] = {n * thermal * log1p(1e-3 / i_s), -5.0, 1e-9, -1e-9, 0.0, 100.0, -1e6};
    mn_population population;
    mn_error error;
    linearisation linear;
    NEED(make(&population, "Diode", N, NULL, settings, 4, &error) == MN_OK);
    linearise(&population, v, -1, &linear);
    CHECK(count, is_near(linear.i[0], 1e-3 + g_min * v[0], 1e-13));
    CHECK(count, is_near(linear.i_v[0], (1e-3 + i_s) / (n * thermal) + g_min, 1e-13));
    CHECK(count, is_near(linear.i[1], -i_s - 5.0 * g_min, 1e-15) && linear.i_v[1] == g_min);
    CHECK(count, is_near(linear.i[2], i_s * expm1(v[2] / (n * thermal)) + g_min * v[2], 1e-15));
    CHECK(count, is_near(linear.i[3], i_s * expm1(v[3] / (n * thermal)) + g_min * v[3], 1e-15));
    CHECK(count, linear.i[4] == 0.0);
    CHECK(count, isfinite(linear.i[5]) && isfinite(linear.i_v[5]) && linear.i[5] > 1e70);
    CHECK(count, is_near(linear.i[6], -1e-3, 1e-9));
    mn_population_free(&population);
}

/* sinh(10) and cosh(10) to every digit; odd to the bit. */
static void test_selector(check_count *count)
{
    const double v[N] = {1.0, -1.0, 1e-7, -1e-7, 0.0, 30.0, -30.0};
    mn_population population;
    mn_error error;
    linearisation linear;
    NEED(make(&population, "Selector", N, NULL, NULL, 0, &error) == MN_OK);
    linearise(&population, v, -1, &linear);
    CHECK(count, is_near(linear.i[0], 1e-9 * 11013.232874703393, 2e-15));
    CHECK(count, is_near(linear.i_v[0], 1e-8 * 11013.232920103323, 2e-15));
    CHECK(count, is_near(linear.i[2], 1e-15 * (1.0 + 1e-12 / 6.0), 1e-15));
    CHECK(count, linear.i[4] == 0.0 && linear.i_v[4] == 1e-8);
    for (int64_t k = 0; k < 7; k += k == 2 ? 3 : 2) {
        CHECK(count, linear.i[k] == -linear.i[k + 1] && linear.i_v[k] == linear.i_v[k + 1]);
    }
    CHECK(count, isfinite(linear.i[5]) && isfinite(linear.i_v[5]));
    mn_population_free(&population);
}

/* The cubic of FitzHugh: extrema -+2/3 at +-1, zeros at 0 and +-sqrt(3). */
static void test_cubic(check_count *count)
{
    const setting settings[3] = {{"g_1", -1.0}, {"g_2", 0.0}, {"g_3", 1.0 / 3.0}};
    const double v[5] = {1.0, -1.0, sqrt(3.0), 0.0, 2.0};
    mn_population population;
    mn_error error;
    linearisation linear;
    NEED(make(&population, "CubicResistor", 5, NULL, settings, 3, &error) == MN_OK);
    field_of(&population, "g_2")[4] = 0.5;
    linearise(&population, v, -1, &linear);
    CHECK(count, is_near(linear.i[0], -2.0 / 3.0, 1e-15) && linear.i_v[0] == 0.0);
    CHECK(count, is_near(linear.i[1], 2.0 / 3.0, 1e-15) && linear.i_v[1] == 0.0);
    CHECK(count, fabs(linear.i[2]) <= 1e-15 && is_near(linear.i_v[2], 2.0, 1e-15));
    CHECK(count, linear.i[3] == 0.0 && linear.i_v[3] == -1.0);
    CHECK(count, is_near(linear.i[4], 8.0 / 3.0, 1e-15) && is_near(linear.i_v[4], 5.0, 1e-15));
    mn_population_free(&population);
}

static double distance_of(mn_population *population, double v)
{
    double distance;
    population->model->crossing(population, &(mn_step){.v = &v}, &distance);
    return distance;
}

/* Up and down again on both sides: closes at v_on, opens at v_off, and nothing in between. */
static void test_threshold_switch(check_count *count)
{
    const setting settings[4] = {{"v_on", 1.0}, {"v_off", 0.5}, {"r_on", 50e3}, {"r_off", 10e6}};
    mn_population population;
    mn_error error;
    double g;
    NEED(make(&population, "ThresholdSwitch", 1, NULL, settings, 4, &error) == MN_OK);
    for (double side = 1.0; side >= -1.0; side -= 2.0) {
        conduct(&population, 1.0, &g, NULL);
        CHECK(count, g == 1.0 / 10e6);
        CHECK(count, is_near(distance_of(&population, side * 0.9), -0.1, 1e-15));
        CHECK(count, distance_of(&population, side * 0.4) < 0.0 && distance_of(&population, side) == 0.0);
        population.n_events = 0;
        population.model->cross(&population, 0, &(mn_step){.v = &side});
        CHECK(count, population.n_events == 1 && population.event_member[0] == 0 && population.event_kind[0] == 1);
        conduct(&population, 1.0, &g, NULL);
        CHECK(count, g == 1.0 / 50e3 && field_of(&population, "on")[0] == 1.0);
        CHECK(count, is_near(distance_of(&population, side * 0.7), -0.2, 1e-15));
        CHECK(count, distance_of(&population, side * 3.0) < 0.0 && distance_of(&population, side * 0.5) == 0.0);
        CHECK(count, is_near(distance_of(&population, side * -0.1), 0.4, 1e-15));
        population.n_events = 0;
        population.model->cross(&population, 0, &(mn_step){.v = &side});
        CHECK(count, population.event_kind[0] == -1 && field_of(&population, "on")[0] == 0.0);
    }
    mn_population_free(&population);
}

/* What must stay below something else is refused by its name, with its value and the first edge. */
static void test_order_of_thresholds(check_count *count)
{
    mn_population population;
    mn_error error;
    for (double v_off = 1.2; v_off < 2.0; v_off += 0.5) {
        const setting settings[2] = {{"v_on", 1.2}, {"v_off", v_off}};
        CHECK(count, make(&population, "ThresholdSwitch", 2, NULL, settings, 2, &error) == MN_ERR_PARAMETER);
        CHECK(count, strcmp(error.model, "ThresholdSwitch") == 0 && strcmp(error.noun, "v_off") == 0);
        CHECK(count, error.value == v_off && error.edge == 0);
    }
}

static void test_on_initial(check_count *count)
{
    const setting settings[1] = {{"on_initial", 1.0}};
    mn_population population;
    mn_error error;
    double g;
    NEED(make(&population, "ThresholdSwitch", 1, NULL, settings, 1, &error) == MN_OK);
    conduct(&population, 1.0, &g, NULL);
    CHECK(count, g == 1.0 / 500.0);
    mn_population_free(&population);
}

/* A source of 9 V behind 3 ohm: 9 V open, -3 A short, the power that it gives with a negative sign. */
static void test_voltage_source(check_count *count)
{
    const setting settings[1] = {{"resistance", 3.0}};
    double g, i0;
    mn_population population;
    mn_error error;
    NEED(make(&population, "VoltageSource", 1, NULL, settings, 1, &error) == MN_OK);
    population.model->conductance(&population, &(mn_step){.g = &g, .i0 = &i0, .signal = 9.0});
    CHECK(count, g == 1.0 / 3.0 && fabs(g * 9.0 + i0) <= 1e-15 && i0 == -3.0);
    population.model->conductance(&population, &(mn_step){.g = &g, .i0 = &i0, .signal = -9.0});
    CHECK(count, i0 == 3.0);
    mn_population_free(&population);
}

static void test_current_source(check_count *count)
{
    double g[2], i0[2];
    mn_population population;
    mn_error error;
    NEED(make(&population, "CurrentSource", 2, NULL, NULL, 0, &error) == MN_OK);
    population.model->conductance(&population, &(mn_step){.g = g, .i0 = i0, .signal = 2e-3});
    CHECK(count, g[0] == 0.0 && g[1] == 0.0 && i0[0] == 2e-3 && i0[1] == 2e-3);
    mn_population_free(&population);
}

static double distance_to(mn_population *population, double control)
{
    double distance;
    population->model->crossing(population, &(mn_step){.signal = control}, &distance);
    return distance;
}

/* Closed above the threshold, open on it and below: there is no control at which both are wanted. */
static void test_switch(check_count *count)
{
    const setting settings[3] = {{"threshold", 0.5}, {"r_on", 10.0}, {"r_off", 1e9}};
    double g;
    mn_population population;
    mn_error error;
    NEED(make(&population, "Switch", 1, NULL, settings, 3, &error) == MN_OK);
    conduct(&population, 1.0, &g, NULL);
    CHECK(count, g == 1e-9 && is_near(distance_to(&population, 0.25), -0.25, 1e-15));
    CHECK(count, distance_to(&population, 0.5) < 0.0 && distance_to(&population, nextafter(0.5, 1.0)) == 0.0);
    population.model->cross(&population, 0, &(mn_step){.signal = 1.0});
    CHECK(count, population.n_events == 1 && population.event_kind[0] == 1 && field_of(&population, "on")[0] == 1.0);
    conduct(&population, 1.0, &g, NULL);
    CHECK(count, g == 0.1 && distance_to(&population, 1.0) == -0.5);
    CHECK(count, distance_to(&population, nextafter(0.5, 1.0)) < 0.0 && distance_to(&population, 0.5) == 0.0);
    population.n_events = 0;
    population.model->cross(&population, 0, &(mn_step){.signal = 0.0});
    CHECK(count, population.event_kind[0] == -1 && field_of(&population, "on")[0] == 0.0);
    mn_population_free(&population);
}

/* What 0 would make meaningless. */
static void test_zeros_are_refused(check_count *count)
{
    static const char *const refused[][2] = {
        {"Inductor", "inductance"},   {"Capacitor", "capacitance"},    {"Diode", "saturation_current"},
        {"Diode", "ideality"},        {"Diode", "temperature"},        {"Selector", "i_0"},
        {"Selector", "v_0"},          {"ThresholdSwitch", "v_on"},     {"ThresholdSwitch", "v_off"},
        {"ThresholdSwitch", "r_off"}, {"ThresholdSwitch", "r_on"},     {"Switch", "r_on"},
        {"Switch", "r_off"},          {"VoltageSource", "resistance"},
    };
    mn_population population;
    mn_error error;
    for (size_t k = 0; k < sizeof(refused) / sizeof(refused[0]); k++) {
        for (double value = 0.0; value > -2.0; value -= 1.0) {
            const setting zero = {refused[k][1], value};
            CHECK(count, make(&population, refused[k][0], 1, NULL, &zero, 1, &error) == MN_ERR_PARAMETER);
            CHECK(count, strcmp(error.noun, refused[k][1]) == 0 && error.value == value);
        }
    }
}

int main(void)
{
    check_count count = {0, 0};
    test_growth(&count);
    test_growth_beyond(&count);
    test_inductor(&count);
    test_diode(&count);
    test_selector(&count);
    test_cubic(&count);
    test_threshold_switch(&count);
    test_order_of_thresholds(&count);
    test_on_initial(&count);
    test_voltage_source(&count);
    test_current_source(&count);
    test_switch(&count);
    test_zeros_are_refused(&count);
    return check_report(&count, "elements");
}
