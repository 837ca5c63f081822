/* Devices in series as one model: roots against closed forms and bisection, derivatives, and who may be a part. */
#include "devices/series.h"
#include "population.h"

#include <math.h>

enum { MAX_N = 64, MAX_FIELDS = 64 };

/* A linearisation of at most MAX_N members. */
typedef struct {
    double i[MAX_N], i_v[MAX_N], q[MAX_N], q_v[MAX_N], state[4][MAX_FIELDS][MAX_N];
    double *f[MAX_FIELDS], *f_x[MAX_FIELDS], *f_v[MAX_FIELDS], *i_x[MAX_FIELDS];
} linearisation;

static void linearise_linked(mn_population *population, const double *v, const double *linked_v, linearisation *linear)
{
    memset(linear, 0, sizeof(*linear));
    for (int64_t f = 0; f < population->model->n_fields; f++) {
        if (population->model->field[f].role == MN_STATE) {
            linear->f[f] = linear->state[0][f];
            linear->f_x[f] = linear->state[1][f];
            linear->f_v[f] = linear->state[2][f];
            linear->i_x[f] = linear->state[3][f];
        }
    }
    mn_linear of = {.i = linear->i,
                    .i_v = linear->i_v,
                    .q = linear->q,
                    .q_v = linear->q_v,
                    .f = linear->f,
                    .f_x = linear->f_x,
                    .f_v = linear->f_v,
                    .i_x = linear->i_x};
    population->model->linearise(population, &(mn_step){.v = v, .linked_v = linked_v}, &of);
}

static void linearise(mn_population *population, const double *v, linearisation *linear)
{
    linearise_linked(population, v, NULL, linear);
}

/* A model of parts by name. */
static mn_device_model *made_of(int64_t n_parts, const char *const *name)
{
    const mn_device_model *part[8];
    mn_device_model *made;
    mn_error error;
    NEED(n_parts <= 8);
    for (int64_t p = 0; p < n_parts; p++) {
        part[p] = mn_model_find(name[p]);
        NEED(part[p] != NULL);
    }
    NEED(mn_series_make(&made, n_parts, part, &error) == MN_OK);
    return made;
}

static int make_of(mn_population *population, const mn_device_model *model, int64_t n, const setting *settings,
                   int64_t n_settings, mn_error *error)
{
    double length[MAX_N];
    for (int64_t k = 0; k < MAX_N; k++) {
        length[k] = 0.02 + 0.01 * (double)k;
    }
    mn_error_clear(error);
    return make_model(population, model, n, length, settings, n_settings, error);
}

static bool is_near(double got, double wanted, double relative)
{
    return fabs(got - wanted) <= relative * fabs(wanted);
}

/* ------------------------------------------------------------------ roots */

/* 1, 2, 3, 4 ohm and their battery of 5 V: a divider. */
static void test_resistors(check_count *count)
{
    static const char *const name[4] = {"Resistor", "Resistor", "Resistor", "Resistor"};
    const setting settings[5] = {{"conductance_1", 1.0},
                                 {"conductance_2", 1.0 / 2.0},
                                 {"conductance_3", 1.0 / 3.0},
                                 {"conductance_4", 1.0 / 4.0},
                                 {"emf_3", 5.0}};
    const double v[4] = {10.0, -3.0, 0.0, 5.0};
    mn_device_model *made = made_of(4, name);
    mn_population population;
    mn_error error;
    static linearisation linear;
    NEED(make_of(&population, made, 4, settings, 5, &error) == MN_OK);
    linearise(&population, v, &linear);
    for (int64_t k = 0; k < 4; k++) {
        CHECK(count, is_near(linear.i[k], (v[k] - 5.0) / 10.0, 1e-14) && is_near(linear.i_v[k], 0.1, 1e-15));
    }
    CHECK(count, fabs(linear.i[3]) <= 1e-16);
    mn_population_free(&population);
    mn_series_free(made);
}

/* The selector's voltage for a current is v_0 asinh(i / i_0): the current is given, the voltage of the edge follows.
 * From what the resistor hardly feels to what the selector hardly feels, in both directions. */
static void test_selector_and_resistor(check_count *count)
{
    static const char *const orders[2][2] = {{"Selector", "Resistor"}, {"Resistor", "Selector"}};
    for (int order = 0; order < 2; order++) {
        for (double r = 1.0; r < 1e13; r *= 1e3) {
            const char *conductance = order == 0 ? "conductance_2" : "conductance_1";
            const setting settings[1] = {{conductance, 1.0 / r}};
            double v[MAX_N], i[MAX_N];
            mn_device_model *made = made_of(2, orders[order]);
            mn_population population;
            mn_error error;
            static linearisation linear;
            NEED(make_of(&population, made, MAX_N, settings, 1, &error) == MN_OK);
            for (int64_t k = 0; k < MAX_N; k++) {
                i[k] = (k % 2 == 0 ? 1.0 : -1.0) * pow(10.0, 0.25 * (double)k - 14.0);
                v[k] = r * i[k] + 0.1 * asinh(i[k] / 1e-9);
            }
            linearise(&population, v, &linear);
            for (int64_t k = 0; k < MAX_N; k++) {
                double slope = 1.0 / (r + 0.1 / hypot(i[k], 1e-9));
                CHECK(count, is_near(linear.i[k], i[k], 1e-13 + 4e-16 * fabs(v[k] / i[k]) * slope));
                CHECK(count, is_near(linear.i_v[k], slope, 1e-13 + 1e-14 * fabs(asinh(i[k] / 1e-9))));
            }
            mn_population_free(&population);
            mn_series_free(made);
        }
    }
}

/* Two equal diodes have half of the voltage each. */
static void test_two_diodes(check_count *count)
{
    static const char *const name[2] = {"Diode", "Diode"};
    const double v[6] = {1e-6, 0.01, -0.01, 0.1, 3.0, -40.0};
    const double scale = 300.15 * 1.380649e-23 / 1.602176634e-19;
    mn_device_model *made = made_of(2, name);
    mn_population population;
    mn_error error;
    NEED(make_of(&population, made, 6, NULL, 0, &error) == MN_OK);
    static linearisation linear;
    linearise(&population, v, &linear);
    for (int64_t k = 0; k < 6; k++) {
        CHECK(count, is_near(linear.i[k], 1e-14 * expm1(0.5 * v[k] / scale), 1e-12));
        CHECK(count, is_near(linear.i_v[k], 1e-14 * exp(0.5 * v[k] / scale) / (2.0 * scale), 1e-12));
    }
    mn_population_free(&population);
    mn_series_free(made);
}

/* An inductor carries its state whatever the voltage; what is left of the voltage moves it: L di/dt = v - R i. */
static void test_inductor_and_resistor(check_count *count)
{
    static const char *const name[2] = {"Inductor", "Resistor"};
    const setting settings[3] = {{"inductance_1", 0.5}, {"i_initial_1", 2.0}, {"conductance_2", 0.25}};
    const double v[3] = {3.0, 0.0, -100.0};
    mn_device_model *made = made_of(2, name);
    mn_population population;
    mn_error error;
    static linearisation linear;
    NEED(make_of(&population, made, 3, settings, 3, &error) == MN_OK);
    int64_t i = mn_model_field(made, "i_1");
    linearise(&population, v, &linear);
    for (int64_t k = 0; k < 3; k++) {
        CHECK(count, is_near(linear.i[k], 2.0, 1e-14) && linear.i_v[k] == 0.0 && linear.i_x[i][k] == 1.0);
        CHECK(count, is_near(linear.f[i][k], (v[k] - 8.0) / 0.5, 1e-14));
        CHECK(count, is_near(linear.f_v[i][k], 2.0, 1e-15) && is_near(linear.f_x[i][k], -8.0, 1e-15));
    }
    mn_population_free(&population);
    mn_series_free(made);
}

/* Cut in one place nothing flows; a current that no voltage of the other part carries is not a number. */
static void test_without_current(check_count *count)
{
    static const char *const cut[2] = {"Resistor", "Selector"}, *const against[2] = {"Inductor", "Diode"};
    const setting open = {"conductance_1", 0.0}, backwards = {"i_initial_1", -1.0};
    const double v[2] = {0.7, -0.7};
    mn_population population;
    mn_error error;
    static linearisation linear;
    mn_device_model *made = made_of(2, cut);
    NEED(make_of(&population, made, 2, &open, 1, &error) == MN_OK);
    linearise(&population, v, &linear);
    CHECK(count, linear.i[0] == 0.0 && linear.i[1] == 0.0 && linear.i_v[0] == 0.0);
    mn_population_free(&population);
    mn_series_free(made);
    made = made_of(2, against);
    NEED(make_of(&population, made, 2, &backwards, 1, &error) == MN_OK);
    linearise(&population, v, &linear);
    CHECK(count, isnan(linear.i[0]) && isnan(linear.i[1]));
    mn_population_free(&population);
    mn_series_free(made);
}

/* ------------------------------------------------------------------ derivatives */

enum { N = 8 };

static const double voltages[N] = {0.6, -0.45, 0.02, -0.03, 0.9, -1.3, 0.31, -0.72};

static void settle(mn_population *population)
{
    for (int64_t f = 0; f < population->model->n_fields; f++) {
        const mn_field *field = &population->model->field[f];
        for (int64_t k = 0; k < N && field->role == MN_STATE && field->high == 1.0; k++) {
            population->field[f][k] = 0.12 + 0.07 * (double)k + 0.01 * (double)f;
        }
    }
}

/* Central differences at three steps, extrapolated: by v (x = v), or by a state. */
static void slopes(mn_population *population, double *x, const double *v, int64_t f, double *i_slope, double *f_slope)
{
    static linearisation up, down;
    double i[3][N], rate[3][N] = {{0.0}}, old[N];
    memcpy(old, x, sizeof(old));
    for (int j = 0; j < 3; j++) {
        double part = 1e-3 / (double)(1 << j);
        for (int64_t k = 0; k < N; k++) {
            x[k] = old[k] * (1.0 + part);
        }
        linearise(population, v, &up);
        for (int64_t k = 0; k < N; k++) {
            x[k] = old[k] * (1.0 - part);
        }
        linearise(population, v, &down);
        for (int64_t k = 0; k < N; k++) {
            i[j][k] = (up.i[k] - down.i[k]) / (2.0 * part * old[k]);
            rate[j][k] = f < 0 ? 0.0 : (up.f[f][k] - down.f[f][k]) / (2.0 * part * old[k]);
        }
    }
    memcpy(x, old, sizeof(old));
    for (int64_t k = 0; k < N; k++) {
        i_slope[k] = (64.0 * i[2][k] - 20.0 * i[1][k] + i[0][k]) / 45.0;
        f_slope[k] = (64.0 * rate[2][k] - 20.0 * rate[1][k] + rate[0][k]) / 45.0;
    }
}

static void compare_state(check_count *count, mn_population *population, const linearisation *at, int64_t f)
{
    double v[N], i_slope[N], f_slope[N];
    memcpy(v, voltages, sizeof(v));
    slopes(population, v, v, f, i_slope, f_slope);
    for (int64_t k = 0; k < N; k++) {
        CHECK(count, fabs(at->f_v[f][k] - f_slope[k]) <= 1e-9 * (fabs(f_slope[k]) + fabs(at->f[f][k] / v[k])));
    }
    slopes(population, population->field[f], voltages, f, i_slope, f_slope);
    for (int64_t k = 0; k < N && population->field[f][k] != 0.0; k++) {
        double x = population->field[f][k];
        CHECK(count, fabs(at->i_x[f][k] - i_slope[k]) <= 1e-9 * (fabs(i_slope[k]) + fabs(at->i[k] / x)));
        CHECK(count, fabs(at->f_x[f][k] - f_slope[k]) <= 1e-9 * (fabs(f_slope[k]) + fabs(at->f[f][k] / x)));
    }
}

/* The same relations that tests/c/test_linearise.c asks of the models of the list. */
static void test_derivatives(check_count *count)
{
    static const struct {
        int64_t n;
        const char *name[3];
    } made_from[] = {{2, {"Selector", "RateBalance"}},
                     {2, {"RateBalance", "Selector"}},
                     {2, {"RateBalance", "RateBalance"}},
                     {2, {"LinearDrift", "Diode"}},
                     {2, {"Resistor", "TunnelSwitch"}},
                     {3, {"Selector", "LinearDrift", "Resistor"}},
                     {3, {"RateBalance", "Resistor", "Selector"}}};
    const setting settings[4] = {{"g_min_1", 0.1}, {"g_min_2", 0.1}, {"r_on_1", 2.0}, {"saturation_current_2", 1e-6}};
    for (size_t m = 0; m < sizeof(made_from) / sizeof(made_from[0]); m++) {
        mn_device_model *made = made_of(made_from[m].n, made_from[m].name);
        mn_population population;
        mn_error error;
        double v[N], i_slope[N], f_slope[N];
        static linearisation at;
        NEED(make_of(&population, made, N, settings, 4, &error) == MN_OK);
        settle(&population);
        memcpy(v, voltages, sizeof(v));
        linearise(&population, v, &at);
        slopes(&population, v, v, -1, i_slope, f_slope);
        for (int64_t k = 0; k < N; k++) {
            CHECK(count, fabs(at.i_v[k] - i_slope[k]) <= 1e-9 * (fabs(i_slope[k]) + fabs(at.i[k] / v[k])));
        }
        for (int64_t f = 0; f < made->n_fields; f++) {
            if (made->field[f].role == MN_STATE) {
                compare_state(count, &population, &at, f);
            }
        }
        mn_population_free(&population);
        mn_series_free(made);
    }
}

/* A member has the bits that it has alone, and what is left in scratch does not matter. */
static void test_bits(check_count *count)
{
    static const char *const name[3] = {"Selector", "RateBalance", "Diode"};
    mn_device_model *made = made_of(3, name);
    mn_population all, one;
    mn_error error;
    static linearisation together, alone;
    NEED(make_of(&all, made, N, NULL, 0, &error) == MN_OK && make_of(&one, made, 1, NULL, 0, &error) == MN_OK);
    settle(&all);
    for (int64_t s = 0; s < made->n_scratch; s++) {
        for (int64_t k = 0; k < N; k++) {
            all.scratch[s][k] = NAN;
        }
    }
    linearise(&all, voltages, &together);
    int64_t g = mn_model_field(made, "g_2");
    for (int64_t k = 0; k < N; k++) {
        one.field[g][0] = all.field[g][k];
        linearise(&one, &voltages[k], &alone);
        CHECK(count, alone.i[0] == together.i[k] && alone.i_v[0] == together.i_v[k]);
        CHECK(count, alone.f[g][0] == together.f[g][k] && alone.f_x[g][0] == together.f_x[g][k]);
        CHECK(count, alone.i_x[g][0] == together.i_x[g][k] && alone.f_v[g][0] == together.f_v[g][k]);
    }
    mn_population_free(&all);
    mn_population_free(&one);
    mn_series_free(made);
}

/* ------------------------------------------------------------------ thresholds */

/* A switch behind a resistor of its own open resistance: it sees half, until it closes. */
static void test_threshold(check_count *count)
{
    static const char *const name[3] = {"Resistor", "ThresholdSwitch", "Resistor"};
    const setting settings[6] = {{"conductance_1", 1.0 / 400.0},
                                 {"conductance_3", 1.0 / 600.0},
                                 {"v_on_2", 1.0},
                                 {"v_off_2", 0.25},
                                 {"r_on_2", 1000.0},
                                 {"r_off_2", 1000.0}};
    double v = 1.6, distance;
    mn_device_model *made = made_of(3, name);
    mn_population population;
    mn_error error;
    CHECK(count, made->crossing != NULL && made->cross != NULL);
    NEED(make_of(&population, made, 1, settings, 6, &error) == MN_OK);
    made->crossing(&population, &(mn_step){.v = &v}, &distance);
    CHECK(count, is_near(distance, -0.2, 1e-14));
    v = 2.0;
    made->crossing(&population, &(mn_step){.v = &v}, &distance);
    CHECK(count, fabs(distance) <= 1e-15);
    made->cross(&population, 0, &(mn_step){.v = &v});
    CHECK(count, population.n_events == 1 && population.event_kind[0] == 1 && population.event_member[0] == 0);
    CHECK(count, population.field[mn_model_field(made, "on_2")][0] == 1.0);
    made->crossing(&population, &(mn_step){.v = &v}, &distance);
    CHECK(count, is_near(distance, -0.75, 1e-14));
    mn_population_free(&population);
    mn_series_free(made);
}

/* Of two switches that one crosses which is there first. */
static void test_two_thresholds(check_count *count)
{
    static const char *const name[2] = {"ThresholdSwitch", "ThresholdSwitch"};
    const setting settings[2] = {{"v_on_1", 0.9}, {"v_on_2", 0.8}};
    double v = 1.7, distance;
    mn_device_model *made = made_of(2, name);
    mn_population population;
    mn_error error;
    NEED(make_of(&population, made, 1, settings, 2, &error) == MN_OK);
    made->crossing(&population, &(mn_step){.v = &v}, &distance);
    CHECK(count, is_near(distance, 0.05, 1e-13));
    made->cross(&population, 0, &(mn_step){.v = &v});
    CHECK(count, population.field[mn_model_field(made, "on_1")][0] == 0.0);
    CHECK(count, population.field[mn_model_field(made, "on_2")][0] == 1.0);
    mn_population_free(&population);
    mn_series_free(made);
}

/* ------------------------------------------------------------------ tables */

static void test_names(check_count *count)
{
    static const char *const name[2] = {"ThresholdSwitch", "TunnelSwitch"};
    mn_device_model *made = made_of(2, name);
    CHECK(count, strcmp(made->name, "series(ThresholdSwitch, TunnelSwitch)") == 0);
    CHECK(count, strstr(made->doc, "ThresholdSwitch, TunnelSwitch. They") != NULL);
    CHECK(count, strcmp(made->check, "r_on_1") == 0 && mn_model_field(made, "r_on_1") >= 0);
    CHECK(count, strcmp(made->field[mn_model_field(made, "v_off_1")].below, "v_on_1") == 0);
    CHECK(count, made->n_fields == mn_model_find(name[0])->n_fields + mn_model_find(name[1])->n_fields);
    CHECK(count, made->flags == (unsigned)MN_IMPLICIT && made->conductance == NULL && made->advance == NULL);
    for (int64_t f = 0; f < made->n_fields; f++) {
        CHECK(count, mn_model_field(made, made->field[f].name) == f);
    }
    mn_series_free(made);
    mn_series_free(NULL);
}

static void test_who_may_be_a_part(check_count *count)
{
    static const char *const asked[] = {"Capacitor",     "CubicResistor", "TunnelGap", "StochasticRateBalance",
                                        "VoltageSource", "TunnelSwitch"};
    const mn_device_model *part[2] = {mn_model_find("Resistor"), NULL};
    mn_device_model *made;
    mn_error error;
    for (size_t k = 0; k < sizeof(asked) / sizeof(asked[0]); k++) {
        part[1] = mn_model_find(asked[k]);
        bool may = strcmp(asked[k], "TunnelSwitch") == 0;
        int code = mn_series_make(&made, 2, part, &error);
        CHECK(count, may ? code == MN_OK : code == MN_ERR_SERIES_PART && strcmp(error.model, asked[k]) == 0);
        mn_series_free(made);
    }
    CHECK(count, mn_series_make(&made, 1, part, &error) == MN_ERR_BAD_ARGUMENT && made == NULL);
    CHECK(count, mn_series_make(&made, 2, part, NULL) != MN_ERR_BAD_ARGUMENT);
    mn_series_free(made);
}

/* Two resistors of 1 kohm behind each other and a transistor: saturated, at i = k/2 (v_gs - v_t)^2, cut off, and
 * reversed, in saturation behind a source that the resistors lift. */
static void test_link(check_count *count)
{
    static const char *const name[3] = {"Resistor", "Resistor", "Transistor"};
    const setting settings[2] = {{"conductance_1", 1e-3}, {"conductance_2", 1e-3}};
    const double v[3] = {2.0, 2.0, -2.0}, gate[3] = {2.0, 0.5, 0.0}, i[2] = {5e-5, 0.0};
    mn_device_model *made = made_of(3, name);
    mn_population population;
    linearisation linear;
    mn_error error;
    CHECK(count, made->flags == (unsigned)(MN_IMPLICIT | MN_HAS_LINK | MN_LINK_AT_END) && made->n_linked_states == 0);
    NEED(make_of(&population, made, 3, settings, 2, &error) == MN_OK);
    linearise_linked(&population, v, gate, &linear);
    for (int64_t k = 0; k < 2; k++) {
        CHECK(count, is_near(linear.i[k], i[k], 1e-14) && linear.i_v[k] == 0.0);
    }
    /* |i| = F(2 V - 2 kohm |i|) = 50 uA (1 - 2000 |i|)^2 */
    const double u = (-(1.0 + 0.2) + sqrt(1.2 * 1.2 - 0.04)) / 0.2;
    CHECK(count, is_near(linear.i[2], 5e-4 * u, 1e-12));
    mn_population_free(&population);
    mn_series_free(made);
    const mn_device_model *first[2] = {mn_model_find("Transistor"), mn_model_find("Resistor")};
    const mn_device_model *two[3] = {first[1], mn_model_find("Ecram"), first[0]};
    CHECK(count,
          mn_series_make(&made, 2, first, &error) == MN_ERR_SERIES_PART && strcmp(error.model, "Transistor") == 0);
    CHECK(count, mn_series_make(&made, 3, two, &error) == MN_ERR_SERIES_PART && strcmp(error.model, "Transistor") == 0);
    CHECK(count, mn_series_make(&made, 2, two, &error) == MN_OK && (made->flags & MN_HAS_LINK) != 0);
    mn_series_free(made);
}

/* Negative conductances, and steps that are no differential equation. */
static void test_refused_parameters(check_count *count)
{
    static const char *const name[2] = {"Resistor", "RateBalance"};
    const setting negative = {"conductance_1", -1.0}, published = {"step_2", 1.0}, range = {"eta_p_2", -1.0};
    mn_device_model *made = made_of(2, name);
    mn_population population;
    mn_error error;
    CHECK(count, make_of(&population, made, 2, &negative, 1, &error) == MN_ERR_SERIES_PART);
    CHECK(count, make_of(&population, made, 2, &published, 1, &error) == MN_ERR_SERIES_PART);
    CHECK(count, strcmp(error.model, made->name) == 0);
    CHECK(count, make_of(&population, made, 2, &range, 1, &error) == MN_ERR_PARAMETER);
    CHECK(count, strcmp(error.noun, "eta_p_2") == 0);
    mn_series_free(made);
}

int main(void)
{
    check_count count = {0, 0};
    test_resistors(&count);
    test_selector_and_resistor(&count);
    test_two_diodes(&count);
    test_inductor_and_resistor(&count);
    test_without_current(&count);
    test_derivatives(&count);
    test_bits(&count);
    test_threshold(&count);
    test_two_thresholds(&count);
    test_names(&count);
    test_who_may_be_a_part(&count);
    test_link(&count);
    test_refused_parameters(&count);
    return check_report(&count, "series");
}
