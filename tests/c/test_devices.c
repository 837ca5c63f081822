/* Device models against closed forms in extended precision, counts by hand, and each other's forms. */
#include "check.h"
#include "devices/device.h"

#include <math.h>
#include <string.h>

enum { MAX_PARAMETERS = 16 };

/* One population with the table's defaults but for those given by name; edges 0, 1, ... */
typedef struct {
    const char *name;
    double value;
} setting;

static int make(mn_population *population, const char *model_name, int64_t n, const double *length,
                const setting *settings, int64_t n_settings, mn_error *error)
{
    const mn_device_model *model = mn_model_find(model_name);
    double *values[MAX_PARAMETERS] = {NULL};
    const double *parameter[MAX_PARAMETERS] = {NULL};
    int64_t n_parameters = 0;
    NEED(model != NULL);
    int32_t *edge = malloc((size_t)n * sizeof(*edge));
    NEED(edge != NULL);
    for (int64_t k = 0; k < n; k++) {
        edge[k] = (int32_t)k;
    }
    for (int64_t f = 0; f < model->n_fields; f++) {
        if (model->field[f].role != MN_PARAMETER) {
            continue;
        }
        double value = model->field[f].initial;
        for (int64_t s = 0; s < n_settings; s++) {
            value = strcmp(settings[s].name, model->field[f].name) == 0 ? settings[s].value : value;
        }
        NEED(n_parameters < MAX_PARAMETERS);
        values[n_parameters] = malloc((size_t)n * sizeof(double));
        NEED(values[n_parameters] != NULL);
        for (int64_t k = 0; k < n; k++) {
            values[n_parameters][k] = value;
        }
        parameter[n_parameters] = values[n_parameters];
        n_parameters++;
    }
    mn_error_clear(error);
    int code = mn_population_init(population, model, n, edge, length, parameter, 1, 2, error);
    for (int64_t k = 0; k < n_parameters; k++) {
        free(values[k]);
    }
    free(edge);
    return code;
}

static double *field_of(mn_population *population, const char *name)
{
    int64_t f = mn_model_field(population->model, name);
    NEED(f >= 0);
    return population->field[f];
}

/* What the engine does when a whole step is good. */
static void commit(mn_population *population)
{
    for (int64_t f = 0; f < population->model->n_fields; f++) {
        if (population->next[f] != NULL) {
            double *old = population->field[f];
            population->field[f] = population->next[f];
            population->next[f] = old;
        }
    }
}

static void step(mn_population *population, double dt, const double *v)
{
    population->n_events = 0;
    population->model->advance(population, 0.0, dt, v);
    commit(population);
}

/* ------------------------------------------------------------------ tables and populations */

static void test_list(check_count *count)
{
    const char *names[] = {"TunnelGap",    "Hillock",      "RateBalance", "StochasticRateBalance",
                           "AtomicSwitch", "TunnelSwitch", "LinearDrift", "ShortLongTermDrift",
                           "Resistor",     "Capacitor"};
    CHECK(count, mn_model_count() == 10);
    for (int64_t k = 0; k < 10; k++) {
        CHECK(count, mn_model_get(k) != NULL && strcmp(mn_model_get(k)->name, names[k]) == 0);
        CHECK(count, mn_model_find(names[k]) == mn_model_get(k));
    }
    CHECK(count, mn_model_get(-1) == NULL);
    CHECK(count, mn_model_get(10) == NULL);
    CHECK(count, mn_model_find("tunnelgap") == NULL);
    CHECK(count, mn_model_find(NULL) == NULL);
    CHECK(count, mn_model_field(mn_model_find("Hillock"), "z") == 6);
    CHECK(count, mn_model_field(mn_model_find("Hillock"), "w") == -1);
}

static void test_names(check_count *count)
{
    const char *names[10][16] = {
        {"alpha", "beta", "g_on", "e_t", "i_t", "r_d", "r_w", "w0", "d_leak", "d_after_break", "field", "d", "w",
         "closed"},
        {"mu", "kappa", "alpha", "beta", "tau", "z_max_fraction", "z"},
        {"kappa_p0", "kappa_d0", "eta_p", "eta_d", "g_min", "g_max", "g_initial", "step", "g"},
        {"kappa_p0", "kappa_d0", "eta_p", "eta_d", "g_min", "g_max", "g_initial", "sigma", "jump_rate", "jump_exponent",
         "jump_low", "jump_high", "g"},
        {"v_set", "v_reset", "lambda_crit", "lambda_max", "b", "g_on", "g_off", "decay", "lambda"},
        {"v_set", "v_reset", "lambda_crit", "lambda_max", "b", "g_on", "g_off", "d_max", "phi", "a", "exponent",
         "prefactor", "switch_at", "decay", "lambda"},
        {"r_on", "r_off", "mu", "d", "window", "p", "v_threshold", "decay", "x_initial", "x", "logit"},
        {"r_on", "r_off", "mu", "d", "window", "p", "sigma", "theta", "a", "w_initial", "tau_initial", "eps_initial",
         "w", "tau", "eps", "logit"},
        {"conductance", "emf"},
        {"capacitance", "v_initial", "v"},
    };
    for (int64_t m = 0; m < 10; m++) {
        const mn_device_model *model = mn_model_get(m);
        int64_t n = 0;
        while (n < 16 && names[m][n] != NULL) {
            CHECK(count, n < model->n_fields && strcmp(model->field[n].name, names[m][n]) == 0);
            n++;
        }
        CHECK(count, model->n_fields == n);
    }
}

static void test_tables(check_count *count)
{
    for (int64_t m = 0; m < mn_model_count(); m++) {
        const mn_device_model *model = mn_model_get(m);
        CHECK(count, strlen(model->doc) > 40 && strlen(model->citation) > 10);
        CHECK(count, model->check == NULL || mn_model_field(model, model->check) >= 0);
        CHECK(count, (model->next_event == NULL) == (model->advance_active == NULL));
        CHECK(count, model->conductance != NULL);
        for (int64_t f = 0; f < model->n_fields; f++) {
            const mn_field *field = &model->field[f];
            CHECK(count, strlen(field->doc) > 10 && strlen(field->unit) > 0 && strlen(field->bounds) == 2);
            CHECK(count, field->low < field->high && mn_model_field(model, field->name) == f);
            CHECK(count, mn_field_allows(field, field->initial));
            CHECK(count, isnan(field->initial) == (field->otherwise != NULL));
            CHECK(count, (field->kind == MN_CHOICE) == (field->choices != NULL));
            CHECK(count, !mn_field_allows(field, INFINITY) && !mn_field_allows(field, -INFINITY));
        }
    }
}

/* Every value of a published set is one that its field takes, and what it was fitted with is a word of a choice. */
static void test_presets(check_count *count)
{
    int64_t n = 0;
    for (int64_t m = 0; m < mn_model_count(); m++) {
        const mn_device_model *model = mn_model_get(m);
        CHECK(count, (model->preset == NULL) == (model->n_presets == 0));
        for (int64_t p = 0; p < model->n_presets; p++) {
            const mn_preset *preset = &model->preset[p];
            CHECK(count, strlen(preset->name) > 2 && strlen(preset->doc) > 20 && strlen(preset->citation) > 20);
            CHECK(count, (preset->fitted_field == NULL) == (preset->fitted_choice == NULL));
            for (int64_t k = 0; k < preset->n_values; k++) {
                int64_t f = mn_model_field(model, preset->value[k].field);
                CHECK(count, f >= 0 && model->field[f].role == MN_PARAMETER);
                CHECK(count, f >= 0 && mn_field_allows(&model->field[f], preset->value[k].value));
                n++;
            }
            if (preset->fitted_field != NULL) {
                int64_t f = mn_model_field(model, preset->fitted_field);
                CHECK(count, f >= 0 && model->field[f].kind == MN_CHOICE &&
                                 strstr(model->field[f].choices, preset->fitted_choice) != NULL);
            }
        }
    }
    CHECK(count, n >= 7 * 6);
}

static void test_allows(check_count *count)
{
    mn_field field = {.kind = MN_REAL, .low = 0.0, .high = 1.0, .bounds = "[)"};
    CHECK(count, mn_field_allows(&field, 0.0) && mn_field_allows(&field, 0.999));
    CHECK(count, !mn_field_allows(&field, 1.0) && !mn_field_allows(&field, -1e-300));
    CHECK(count, !mn_field_allows(&field, NAN));
    field.bounds = "(]";
    CHECK(count, !mn_field_allows(&field, 0.0) && mn_field_allows(&field, 1e-300) && mn_field_allows(&field, 1.0));
    field.initial = NAN;
    CHECK(count, mn_field_allows(&field, NAN));
    field.role = MN_STATE;
    CHECK(count, !mn_field_allows(&field, NAN));
    mn_field choice = {.kind = MN_CHOICE, .low = 0.0, .high = 2.0, .bounds = "[]", .choices = "a|b|c"};
    CHECK(count, mn_field_allows(&choice, 2.0) && !mn_field_allows(&choice, 3.0) && !mn_field_allows(&choice, 0.5));
    mn_field flag = {.kind = MN_FLAG, .low = 0.0, .high = 1.0, .bounds = "[]"};
    CHECK(count, mn_field_allows(&flag, 1.0) && !mn_field_allows(&flag, 0.25));
}

static void test_population_errors(check_count *count)
{
    const double length[3] = {0.1, 0.2, 0.3};
    const double bad_length[3] = {0.1, 0.2, 0.0};
    mn_population population;
    mn_error error;
    CHECK(count, make(&population, "Hillock", 3, NULL, NULL, 0, &error) == MN_ERR_NEEDS_LENGTH);
    CHECK(count, error.edge == 0 && isnan(error.value));
    CHECK(count, make(&population, "TunnelGap", 3, bad_length, NULL, 0, &error) == MN_ERR_NEEDS_LENGTH);
    CHECK(count, error.edge == 2 && error.value == 0.0 && strcmp(error.model, "TunnelGap") == 0);
    CHECK(count, make(&population, "TunnelGap", 3, length, &(setting){"w0", 0.0}, 1, &error) == MN_ERR_PARAMETER);
    CHECK(count, strcmp(error.noun, "w0") == 0 && strcmp(error.model, "TunnelGap") == 0);
    CHECK(count, error.edge == 0 && error.value == 0.0);
    CHECK(count, make(&population, "TunnelGap", 3, length, &(setting){"field", 0.5}, 1, &error) == MN_ERR_PARAMETER);
    CHECK(count, make(&population, "RateBalance", 3, NULL, &(setting){"g_max", NAN}, 1, &error) == MN_ERR_PARAMETER);
    CHECK(count, make(&population, "Resistor", 3, NULL, &(setting){"emf", INFINITY}, 1, &error) == MN_ERR_PARAMETER);
    mn_population_free(&population); /* after a failed init, and once more */
    mn_population_free(&population);
}

static void test_population(check_count *count)
{
    const double length[4] = {0.1, 0.2, 0.3, 0.4}; /* of all edges of a network */
    const int32_t edge[2] = {1, 3};
    const double c[2] = {2.0, 3.0}, emf[2] = {0.5, -1.0};
    const double *parameter[2] = {c, emf};
    double g[2], i0[2];
    mn_population population;
    mn_error error;
    NEED(mn_population_init(&population, mn_model_find("Resistor"), 2, edge, length, parameter, 7, 8, &error) == MN_OK);
    CHECK(count, population.length[0] == 0.2 && population.length[1] == 0.4);
    CHECK(count, population.edge[0] == 1 && population.edge[1] == 3 && population.seed == 7 && population.stream == 8);
    CHECK(count, population.next[0] == NULL && population.next[1] == NULL);
    population.model->conductance(&population, 0.0, 1.0, NULL, g, i0);
    CHECK(count, g[0] == 2.0 && g[1] == 3.0);
    CHECK(count, i0[0] == -1.0 && i0[1] == 3.0); /* no current at v = emf: g v + i0 = 0 */
    mn_population_free(&population);
}

/* ------------------------------------------------------------------ rate balance */

/* The exact step in extended precision. */
static long double rate_balance_exact(long double kp0, long double kd0, long double etap, long double etad,
                                      long double v, long double dt, long double g)
{
    long double k_p = kp0 * expl(etap * v);
    long double k_d = kd0 * expl(-etad * v);
    long double x = (k_p + k_d) * dt;
    long double g_inf = kp0 > 0.0L ? 1.0L / (1.0L + kd0 / kp0 * expl(-(etap + etad) * v)) : 0.0L;
    return g_inf * -expm1l(-x) + g * expl(-x);
}

static void test_rate_balance_step(check_count *count)
{
    const double sets[5][4] = {{5e-4, 5e-2, 10.0, 10.0}, /* PNN25, then the published sets */
                               {8.422409820914783e-10, 0.048697579017353006, 0.19999370301178968, 158.02444821482402},
                               {2.555173332603108574e-6, 64.88388862524891465, 34.92155165334443012, 5.590601016803},
                               {1e-4, 0.5, 10.0, 1.0},
                               {5.217037178270165e-4, 37.93422536389374, 1.2922283233062284, 1.785933208836627}};
    const double dts[] = {1e-12, 1e-6, 0.05, 0.15, 1.0, 20.0, 1e3};
    const double starts[] = {0.0, 1e-9, 0.0099, 0.5, 1.0};
    double worst = 0.0;
    for (int s = 0; s < 5; s++) {
        mn_population population;
        mn_error error;
        const setting settings[4] = {
            {"kappa_p0", sets[s][0]}, {"kappa_d0", sets[s][1]}, {"eta_p", sets[s][2]}, {"eta_d", sets[s][3]}};
        NEED(make(&population, "RateBalance", 121, NULL, settings, 4, &error) == MN_OK);
        double v[121];
        v[0] = 0.0;
        for (int k = 1; k < 121; k++) {
            v[k] = (k % 2 ? 1.0 : -1.0) * 1e-3 * pow(10.0, 6.0 * (k - 1) / 119.0); /* 1 mV to 1 kV */
        }
        for (size_t d = 0; d < sizeof(dts) / sizeof(dts[0]); d++) {
            for (size_t b = 0; b < sizeof(starts) / sizeof(starts[0]); b++) {
                for (int k = 0; k < 121; k++) {
                    field_of(&population, "g")[k] = starts[b];
                }
                step(&population, dts[d], v);
                for (int k = 0; k < 121; k++) {
                    long double exact = rate_balance_exact(sets[s][0], sets[s][1], sets[s][2], sets[s][3],
                                                           fabsl((long double)v[k]), dts[d], starts[b]);
                    double got = field_of(&population, "g")[k];
                    double error_of = (double)(fabsl((long double)got - exact) / exact);
                    worst = exact > 1e-290L && error_of > worst ? error_of : worst;
                    CHECK(count, got >= 0.0 && got <= 1.0);
                }
            }
        }
        mn_population_free(&population);
    }
    printf("rate balance: largest relative error %.2g\n", worst);
    CHECK(count, worst <= 1e-12);
}

/* The exact step composes: a million steps of 1 us are one second. */
static void test_rate_balance_composes(check_count *count)
{
    mn_population population;
    mn_error error;
    const double v[2] = {0.0, -0.3};
    NEED(make(&population, "RateBalance", 2, NULL, &(setting){"g_initial", 0.5}, 1, &error) == MN_OK);
    for (int k = 0; k < 1000000; k++) {
        step(&population, 1e-6, v);
    }
    for (int k = 0; k < 2; k++) {
        double exact = (double)rate_balance_exact(5e-4L, 5e-2L, 10.0L, 10.0L, fabsl((long double)v[k]), 1.0L, 0.5L);
        CHECK(count, fabs(field_of(&population, "g")[k] - exact) <= 1e-12);
    }
    mn_population_free(&population);
}

static void test_rate_balance_edges(check_count *count)
{
    mn_population population;
    mn_error error;
    const double v[3] = {0.0, 0.3, 1000.0};
    const setting depression[2] = {{"kappa_p0", 0.0}, {"g_initial", 0.5}};
    NEED(make(&population, "RateBalance", 3, NULL, depression, 2, &error) == MN_OK);
    step(&population, 2.0, v);
    for (int k = 0; k < 3; k++) {
        double exact = (double)(0.5L * expl(-2.0L * 5e-2L * expl(-10.0L * (long double)v[k])));
        CHECK(count, fabs(field_of(&population, "g")[k] - exact) <= 1e-15);
    }
    mn_population_free(&population);
    const setting frozen[3] = {{"kappa_p0", 0.0}, {"kappa_d0", 0.0}, {"g_initial", 0.25}};
    NEED(make(&population, "RateBalance", 3, NULL, frozen, 3, &error) == MN_OK);
    step(&population, 2.0, v);
    for (int k = 0; k < 3; k++) {
        CHECK(count, field_of(&population, "g")[k] == 0.25);
    }
    mn_population_free(&population);
    const setting still[2] = {{"kappa_p0", 0.0}, {"kappa_d0", 0.0}}; /* no equilibrium to start from: 0 */
    NEED(make(&population, "RateBalance", 3, NULL, still, 2, &error) == MN_OK);
    CHECK(count, field_of(&population, "g")[0] == 0.0 && field_of(&population, "g_initial")[0] == 0.0);
    mn_population_free(&population);
    const setting insensitive[2] = {{"eta_p", 0.0}, {"eta_d", 0.0}};
    NEED(make(&population, "RateBalance", 3, NULL, insensitive, 2, &error) == MN_OK);
    CHECK(count, fabs(field_of(&population, "g_initial")[0] - 1.0 / 101.0) <= 1e-17);
    step(&population, 2.0, v);
    for (int k = 0; k < 3; k++) {
        CHECK(count, fabs(field_of(&population, "g")[k] - 1.0 / 101.0) <= 4e-18); /* the equilibrium at any voltage */
    }
    mn_population_free(&population);
}

static void test_rate_balance_published(check_count *count)
{
    mn_population population;
    mn_error error;
    const double v[3] = {0.0, 0.3, 1000.0};
    const setting settings[3] = {{"step", 1.0}, {"g_initial", 0.4}, {"g_min", 0.5}};
    NEED(make(&population, "RateBalance", 3, NULL, settings, 3, &error) == MN_OK);
    step(&population, 0.5, v);
    for (int k = 0; k < 3; k++) {
        long double k_p = 5e-4L * expl(10.0L * (long double)v[k]);
        long double k_d = 5e-2L * expl(-10.0L * (long double)v[k]);
        long double ratio = 100.0L * expl(-20.0L * (long double)v[k]); /* kD / kP */
        long double exact = (1.0L + ratio * 0.4L * expl(-(k_p + k_d) * 0.5L)) / (1.0L + ratio);
        CHECK(count, fabs(field_of(&population, "g")[k] - (double)exact) <= 1e-15);
    }
    double g[3];
    population.model->conductance(&population, 0.0, 1.0, v, g, NULL);
    CHECK(count, fabs(g[1] - 0.5 * (1.0 + field_of(&population, "g")[1])) <= 1e-15); /* between 0.5 and 1 S */
    CHECK(count, g[2] == 1.0);
    mn_population_free(&population);
}

/* ------------------------------------------------------------------ hillock */

static double hillock_at(double length, double v, double dt, int64_t n)
{
    mn_population population;
    mn_error error;
    NEED(make(&population, "Hillock", 1, &length, NULL, 0, &error) == MN_OK);
    for (int64_t k = 0; k < n; k++) {
        step(&population, dt, &v);
    }
    double z = field_of(&population, "z")[0];
    mn_population_free(&population);
    return z;
}

/* Classical Runge-Kutta in extended precision. */
static long double hillock_fine(long double length, long double v, long double end, int64_t n)
{
    const long double push = 3.46e-5L / 3.8e-2L * v;
    const long double tau = 20.0L;
    long double dt = end / (long double)n, z = 0.0L;
    for (int64_t k = 0; k < n; k++) {
        long double k1 = (push / (length - z) - z) / tau;
        long double k2 = (push / (length - (z + dt / 2 * k1)) - (z + dt / 2 * k1)) / tau;
        long double k3 = (push / (length - (z + dt / 2 * k2)) - (z + dt / 2 * k2)) / tau;
        long double k4 = (push / (length - (z + dt * k3)) - (z + dt * k3)) / tau;
        z += dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
    }
    return z;
}

static void test_hillock(check_count *count)
{
    const double length = 0.05, v = 0.2, push = 3.46e-5 / 3.8e-2 * 0.2;
    double exact = (double)hillock_fine(length, v, 16.0L, 4000);
    double error = hillock_at(length, v, 1.0, 16) - exact;
    for (int k = 1; k < 5; k++) { /* halving dt halves the error: order 1 */
        double halved = hillock_at(length, v, ldexp(1.0, -k), 16 << k) - exact;
        double order = log2(error / halved);
        CHECK(count, fabs(order - 1.0) <= 0.05);
        error = halved;
    }
    double z = hillock_at(length, -v, 1.0, 2000); /* z (D - z) = mu |v| / kappa, the smaller root */
    CHECK(count, fabs(z - (length - sqrt(length * length - 4.0 * push)) / 2.0) <= 1e-15);
    CHECK(count, hillock_at(0.02, v, 1.0, 2000) == 0.01); /* D < 2 sqrt(mu v / kappa) = 0.027 pd: runs to D/2 */
    CHECK(count, hillock_at(length, 0.0, 1.0, 100) == 0.0);
    CHECK(count, hillock_at(length, v, 1e6, 1) <= 0.025); /* any dt stays inside the clamp */
}

static void test_hillock_conductance(check_count *count)
{
    const double length[4] = {0.02, 0.3, 1.4999, 1.5001};
    double g[4];
    mn_population population;
    mn_error error;
    NEED(make(&population, "Hillock", 4, length, NULL, 0, &error) == MN_OK);
    field_of(&population, "z")[0] = 0.01;
    population.model->conductance(&population, 0.0, 1.0, NULL, g, NULL);
    CHECK(count, fabs(g[0] / (10.0 * exp(-2.0)) - 1.0) <= 1e-14);
    CHECK(count, fabs(g[1] / (10.0 * exp(-60.0)) - 1.0) <= 1e-13);
    CHECK(count, g[2] > 0.0 && g[3] == 0.0); /* beta D on either side of 300 */
    field_of(&population, "z")[0] = 7.0;     /* put there from outside: read through the clamp */
    population.model->conductance(&population, 0.0, 1.0, NULL, g, NULL);
    CHECK(count, fabs(g[0] / (10.0 * exp(-2.0)) - 1.0) <= 1e-14);
    mn_population_free(&population);
}

/* ------------------------------------------------------------------ tunnel gap */

/* Steps until the first event of one gap held at v, counted from the present state; the kind of the event. */
static int64_t steps_to_event(mn_population *population, double dt, double v, int8_t *kind)
{
    int64_t n = 0;
    do {
        step(population, dt, &v);
        n++;
    } while (population->n_events == 0 && n < 10000000);
    *kind = population->n_events == 1 ? population->event_kind[0] : 0;
    return n;
}

/* E = |v|/L: d grows by r_d (2/0.02 - 10) dt = 9e-5 pd a step, so 0.02 pd take ceil(222.2) = 223 steps. Closed at
 * 0.1 V: I = 1 A, w falls by 0.01 (1 - 0.01) = 9.9e-3 a step, so 1 takes ceil(101.01) = 102. */
static void test_gap_counts(check_count *count)
{
    const double length = 0.02;
    const double *d, *w, *closed;
    const setting gap = {"field", 1.0};
    int8_t kind = 0;
    double g = 0.0;
    mn_population population;
    mn_error error;
    NEED(make(&population, "TunnelGap", 1, &length, &gap, 1, &error) == MN_OK);
    CHECK(count, field_of(&population, "d")[0] == 0.0 && field_of(&population, "w")[0] == 1.0);
    population.model->conductance(&population, 0.0, 1.0, NULL, &g, NULL);
    CHECK(count, fabs(g / exp(-4.0) - 1.0) <= 1e-14);
    CHECK(count, steps_to_event(&population, 1.0, -2.0, &kind) == 223 && kind == 1);
    population.model->conductance(&population, 0.0, 1.0, NULL, &g, NULL);
    d = field_of(&population, "d"), w = field_of(&population, "w"), closed = field_of(&population, "closed");
    CHECK(count, g == 10.0 && d[0] == length && w[0] == 1.0 && closed[0] == 1.0);
    CHECK(count, steps_to_event(&population, 1.0, -0.1, &kind) == 102 && kind == -1);
    d = field_of(&population, "d"), w = field_of(&population, "w"), closed = field_of(&population, "closed");
    CHECK(count, d[0] == 0.0 && w[0] == 1.0 && closed[0] == 0.0);
    CHECK(count, steps_to_event(&population, 0.5, 2.0, &kind) == 445 && kind == 1); /* ceil(444.4) at half the step */
    mn_population_free(&population);
}

/* E = |v|/(L - d), from one half of L on: L = 0.5 pd, v = 6 V, r_d = 1e-3, d_n by hand. With u = L - d the step is
 * u -= r_d (6/u - 10) dt = 6e-3/u - 1e-2, from u = 0.25. */
static void test_gap_remaining(check_count *count)
{
    const double length = 0.5;
    const setting settings[3] = {{"r_d", 1e-3}, {"d_after_break", 0.5}, {"r_w", 1.0}};
    int8_t kind = 0;
    int64_t expected = 0;
    mn_population population;
    mn_error error;
    NEED(make(&population, "TunnelGap", 1, &length, settings, 3, &error) == MN_OK);
    field_of(&population, "closed")[0] = 1.0;
    CHECK(count, steps_to_event(&population, 1.0, 0.5, &kind) == 1 && kind == -1); /* I = 5 A: gone in one step */
    CHECK(count, field_of(&population, "d")[0] == 0.25);
    for (long double u = 0.25L; u > 0.0L; expected++) {
        u -= 6e-3L / u - 1e-2L;
    }
    CHECK(count, expected > 3 && expected < 20);
    CHECK(count, steps_to_event(&population, 1.0, 6.0, &kind) == expected && kind == 1);
    mn_population_free(&population);
}

/* The continuous growth law has a closed form: u du/dt = -r_d (v - E_T u), so with s = v/E_T the time from u = L to 0
 * is
 * (-L - s ln(1 - L/s)) / (r_d E_T). Steps of dt -> 0 must count that time. */
static void test_gap_closed_form(check_count *count)
{
    const double length = 0.1, v = 2.0, s = 0.2, dt = 1e-2;
    int8_t kind = 0;
    mn_population population;
    mn_error error;
    NEED(make(&population, "TunnelGap", 1, &length, &(setting){"r_d", 1e-4}, 1, &error) == MN_OK);
    double time = (-length - s * log(1.0 - length / s)) / (1e-4 * 10.0);
    int64_t n = steps_to_event(&population, dt, v, &kind);
    CHECK(count, kind == 1 && fabs((double)n * dt / time - 1.0) <= 1e-3);
    mn_population_free(&population);
}

static void test_gap_thresholds(check_count *count)
{
    const double length[5] = {0.25, 0.25, 0.25, 1.5001, 0.25};
    const double v[5] = {2.5, 2.5000001, 0.0, 2.0, 0.0009};
    mn_population population;
    mn_error error;
    NEED(make(&population, "TunnelGap", 5, length, &(setting){"d_leak", 0.1}, 1, &error) == MN_OK);
    double *d = field_of(&population, "d");
    d[2] = 0.1;
    field_of(&population, "closed")[4] = 1.0;
    CHECK(count, population.model->next_event(&population, 2.0, v) == 1);
    CHECK(count, population.n_active == 2 && population.active[0] == 1 && population.active[1] == 2);
    step(&population, 2.0, v);
    d = field_of(&population, "d");
    CHECK(count, population.n_events == 0);
    CHECK(count, d[0] == 0.0);                                       /* at E_T: nothing */
    CHECK(count, d[1] > 0.0 && fabs(d[1] / 8e-13 - 1.0) <= 1e-6);    /* r_d (E - E_T) dt = 1e-6 4e-7 2 */
    CHECK(count, fabs(d[2] / (0.1 * exp(-0.2)) - 1.0) <= 4e-16 * 2); /* the leak, exactly */
    CHECK(count, field_of(&population, "w")[4] == 1.0);              /* 9 mA < I_T */
    double g[5];
    population.model->conductance(&population, 0.0, 2.0, NULL, g, NULL);
    CHECK(count, g[3] == 0.0 && g[4] == 10.0 && g[2] == g[0]); /* a partly grown filament does not conduct */
    d[2] = 0.3;                                                /* put there from outside: closes without a field */
    step(&population, 2.0, v);
    CHECK(count, population.n_events == 1 && population.event_member[0] == 2 && population.event_kind[0] == 1);
    mn_population_free(&population);
    NEED(make(&population, "TunnelGap", 5, length, NULL, 0, &error) == MN_OK);
    field_of(&population, "d")[2] = 0.1; /* without a leak it stays */
    CHECK(count, population.model->next_event(&population, 2.0, v) == 1 && population.n_active == 1);
    CHECK(count, population.model->next_event(&population, 2.0, length) == INT64_MAX && population.n_active == 0);
    mn_population_free(&population);
}

/* One population stepped whole, another by its active members alone, at voltages held for a while: the same bits. */
static void test_gap_active(check_count *count)
{
    enum { N = 1000 };
    double length[N], v[N];
    const setting settings[4] = {{"r_d", 1e-4}, {"r_w", 0.3}, {"d_leak", 1e-2}, {"d_after_break", 0.3}};
    mn_population whole, part;
    mn_error error;
    int64_t n_events = 0;
    bool same = true;
    for (int32_t k = 0; k < N; k++) {
        double u[2];
        mn_uniform2(5, 0, (uint64_t)k, 0, u);
        length[k] = 0.01 + 0.3 * u[0];
    }
    NEED(make(&whole, "TunnelGap", N, length, settings, 4, &error) == MN_OK);
    NEED(make(&part, "TunnelGap", N, length, settings, 4, &error) == MN_OK);
    for (int32_t k = 0; k < N; k += 2) {
        field_of(&whole, "field")[k] = 1.0;
        field_of(&part, "field")[k] = 1.0;
    }
    for (int64_t t = 0; t < 600; t++) {
        if (t % 20 == 0 || whole.n_events > 0) {
            for (int32_t k = 0; k < N; k++) {
                double u[2];
                mn_uniform2(6, 0, (uint64_t)k, (uint64_t)t, u);
                v[k] = u[0] < 0.5 ? 0.0 : 6.0 * (u[1] - 0.5);
            }
            int64_t bound = part.model->next_event(&part, 1.0, v);
            CHECK(count, bound == 1 && part.n_active > 0 && part.n_active < N);
        }
        step(&whole, 1.0, v);
        part.n_events = 0;
        part.model->advance_active(&part, 0.0, 1.0, v);
        for (int64_t f = 0; f < part.model->n_fields; f++) {
            for (int64_t j = 0; part.next[f] != NULL && j < part.n_active; j++) {
                part.field[f][part.active[j]] = part.next[f][part.active[j]];
            }
            same = same && memcmp(whole.field[f], part.field[f], N * sizeof(double)) == 0;
        }
        same = same && whole.n_events == part.n_events &&
               memcmp(whole.event_member, part.event_member, (size_t)whole.n_events * sizeof(int32_t)) == 0 &&
               memcmp(whole.event_kind, part.event_kind, (size_t)whole.n_events) == 0;
        n_events += whole.n_events;
    }
    CHECK(count, same);
    CHECK(count, n_events > 100);
    mn_population_free(&whole);
    mn_population_free(&part);
}

/* ------------------------------------------------------------------ switches of the Sydney group */

/* Powers of two throughout, so that counts are exact. 1/8 V above v_set lambda grows by 2^-13 a step: 128 steps to
 * lambda_crit = 1/64, 192 to lambda_max. At 0 V it decays by b v_reset dt = 2^-15 a step: 256 steps back to
 * lambda_crit, where the junction is still on, one more to switch off, 768 in all to 0. */
static const setting switch_settings[5] = {
    {"v_set", 0x1p-7}, {"v_reset", 0x1p-8}, {"lambda_crit", 0x1p-6}, {"lambda_max", 0x3p-7}, {"b", 8.0}};

static void test_switch_counts(check_count *count)
{
    const double up = 0x1p-7 + 0x1p-3, dt = 0x1p-10;
    for (int sign = -1; sign <= 1; sign += 2) {
        int8_t kind = 0;
        double g = 0.0;
        mn_population population;
        mn_error error;
        NEED(make(&population, "AtomicSwitch", 1, NULL, switch_settings, 5, &error) == MN_OK);
        population.model->conductance(&population, 0.0, dt, NULL, &g, NULL);
        CHECK(count, g == 7.77e-8);
        CHECK(count, steps_to_event(&population, dt, sign * up, &kind) == 128 && kind == 1);
        CHECK(count, field_of(&population, "lambda")[0] == sign * 0x1p-6);
        population.model->conductance(&population, 0.0, dt, NULL, &g, NULL);
        CHECK(count, g == 7.77e-5);
        for (int k = 0; k < 70; k++) { /* 64 of them reach lambda_max, and there it stays */
            double v = sign * up;
            step(&population, dt, &v);
        }
        CHECK(count, field_of(&population, "lambda")[0] == sign * 0x3p-7);
        for (int k = 0; k < 3; k++) { /* from v_reset to v_set, both included, nothing moves */
            double v = k == 0 ? 0x1p-8 : k == 1 ? -0x1p-7 : 0x3p-9;
            CHECK(count, population.model->next_event(&population, dt, &v) == INT64_MAX && population.n_active == 0);
            step(&population, dt, &v);
            CHECK(count, field_of(&population, "lambda")[0] == sign * 0x3p-7);
        }
        CHECK(count, steps_to_event(&population, dt, 0.0, &kind) == 257 && kind == -1);
        population.model->conductance(&population, 0.0, dt, NULL, &g, NULL);
        CHECK(count, g == 7.77e-8);
        for (int64_t k = 257; k < 768; k++) {
            double v = 0.0;
            CHECK(count, sign * field_of(&population, "lambda")[0] > 0.0);
            step(&population, dt, &v);
        }
        double zero = 0.0;
        CHECK(count, memcmp(field_of(&population, "lambda"), &zero, sizeof zero) == 0);
        CHECK(count, population.model->next_event(&population, dt, &zero) == INT64_MAX);
        mn_population_free(&population);
    }
}

/* The other side's voltage takes a filament back through 0; decay stops at 0 where a step would pass it. */
static void test_switch_signs(check_count *count)
{
    const double dt = 0x1p-10;
    int8_t kind = 0;
    double v = 0.0;
    mn_population population;
    mn_error error;
    NEED(make(&population, "AtomicSwitch", 1, NULL, switch_settings, 5, &error) == MN_OK);
    field_of(&population, "lambda")[0] = 0x1p-6;
    CHECK(count, steps_to_event(&population, dt, -0x1p-7 - 0x1p-3, &kind) == 1 && kind == -1);
    CHECK(count, steps_to_event(&population, dt, -0x1p-7 - 0x1p-3, &kind) == 255 && kind == 1);
    field_of(&population, "lambda")[0] = -0x1p-16; /* half a step of decay */
    step(&population, dt, &v);
    CHECK(count, field_of(&population, "lambda")[0] == 0.0 && !signbit(field_of(&population, "lambda")[0]));
    mn_population_free(&population);
}

/* One population stepped whole, another by its active members alone: the same bits. */
static void test_switch_active(check_count *count)
{
    enum { N = 1000 };
    double v[N];
    mn_population whole, part;
    mn_error error;
    int64_t n_events = 0, n_resting = 0;
    bool same = true;
    NEED(make(&whole, "AtomicSwitch", N, NULL, NULL, 0, &error) == MN_OK);
    NEED(make(&part, "AtomicSwitch", N, NULL, NULL, 0, &error) == MN_OK);
    for (int64_t t = 0; t < 2000; t++) {
        if (t % 20 == 0 || whole.n_events > 0) {
            for (int32_t k = 0; k < N; k++) {
                double u[2];
                mn_uniform2(6, 0, (uint64_t)k, (uint64_t)(t / 200), u);
                v[k] = u[0] < 0.3 ? -0.0 : u[0] < 0.6 ? 0.007 : 0.2 * (u[1] - 0.5);
            }
            CHECK(count, part.model->next_event(&part, 1e-3, v) == 1 && part.n_active > 0);
            n_resting += N - part.n_active;
        }
        step(&whole, 1e-3, v);
        part.n_events = 0;
        part.model->advance_active(&part, 0.0, 1e-3, v);
        for (int64_t f = 0; f < part.model->n_fields; f++) {
            for (int64_t j = 0; part.next[f] != NULL && j < part.n_active; j++) {
                part.field[f][part.active[j]] = part.next[f][part.active[j]];
            }
            same = same && memcmp(whole.field[f], part.field[f], N * sizeof(double)) == 0;
        }
        same = same && whole.n_events == part.n_events &&
               memcmp(whole.event_member, part.event_member, (size_t)whole.n_events * sizeof(int32_t)) == 0 &&
               memcmp(whole.event_kind, part.event_kind, (size_t)whole.n_events) == 0;
        n_events += whole.n_events;
    }
    CHECK(count, same);
    CHECK(count, n_events > 100 && n_resting > 100);
    mn_population_free(&whole);
    mn_population_free(&part);
}

/* The four forms in extended precision, from no filament to one that bridges the gap. */
static void test_tunnel_switch(check_count *count)
{
    enum { N = 17 };
    double g[N];
    for (int form = 0; form < 4; form++) {
        const setting settings[2] = {{"exponent", form % 2}, {"prefactor", form / 2}};
        mn_population population;
        mn_error error;
        NEED(make(&population, "TunnelSwitch", N, NULL, settings, 2, &error) == MN_OK);
        for (int k = 0; k < N; k++) {
            field_of(&population, "lambda")[k] = (k % 2 ? -0.01 : 0.01) * k / 15.0;
        }
        population.model->conductance(&population, 0.0, 1e-3, NULL, g, NULL);
        for (int k = 0; k < N; k++) {
            long double d = k < 15 ? 5.0L * (15 - k) / 15.0L : 0.0L;
            long double power = 10.19L * d * (form % 2 ? sqrtl(0.81L) : 0.81L * 0.81L);
            long double before = form / 2 ? d * d : d;
            long double resistance = 2.0L / 0.17L * before / sqrtl(0.81L) * expl(power) / 4.71307e-5L;
            long double exact = 1.0L / (resistance + 1.0L / 7.77e-5L) + 7.77e-8L;
            CHECK(count, fabsl((long double)g[k] / exact - 1.0L) <= 1e-13L);
        }
        CHECK(count, fabs(g[16] / (7.77e-5 + 7.77e-8) - 1.0) <= 4e-16 && g[16] == g[15]);
        mn_population_free(&population);
    }
}

/* ------------------------------------------------------------------ linear drift */

/* One step by hand: r = 100 0.25 + 16000 0.75 = 12025 ohm, i = v / r, dx = 1e-14 100 / 1e-16 i f dt - decay x dt. With
 * a window it is exact: here that is Runge and Kutta's rule in 64 parts. */
static long double drift_rate(int window, long double p, long double x)
{
    long double f = window == 1 ? x * (1.0L - x) : 1.0L - powl(fabsl(2.0L * x - 1.0L), 2.0L * p);
    return 1e4L * 1.5L / (100.0L * x + 16e3L * (1.0L - x)) * f - 2.0L * x;
}

static long double drift_in_parts(int window, long double p, long double x, long double dt)
{
    for (int part = 0; part < 64; part++) {
        long double h = dt / 64.0L;
        long double a = drift_rate(window, p, x), b = drift_rate(window, p, x + 0.5L * h * a);
        long double c = drift_rate(window, p, x + 0.5L * h * b), d = drift_rate(window, p, x + h * c);
        x += h * (a + 2.0L * b + 2.0L * c + d) / 6.0L;
    }
    return x;
}

static void test_linear_drift_step(check_count *count)
{
    const double v = 1.5;
    const long double drift = 1e4L * 1.5L / 12025.0L * 1e-3L;
    const int windows[4] = {0, 1, 2, 2};
    const double p[4] = {1.0, 1.0, 1.0, 2.5};
    for (int k = 0; k < 8; k++) {
        const double dt = k < 4 ? 1e-3 : 0.1;
        const int kind = k % 4;
        if (kind == 0 && k > 0) {
            continue; /* Euler's step is tested once */
        }
        const setting settings[4] = {{"window", windows[kind]}, {"p", p[kind]}, {"x_initial", 0.25}, {"decay", 2.0}};
        double g = 0.0;
        mn_population population;
        mn_error error;
        NEED(make(&population, "LinearDrift", 1, NULL, settings, 4, &error) == MN_OK);
        population.model->conductance(&population, 0.0, dt, NULL, &g, NULL);
        CHECK(count, g == 1.0 / 12025.0);
        step(&population, dt, &v);
        long double exact = kind ? drift_in_parts(windows[kind], (long double)p[kind], 0.25L, (long double)dt)
                                 : 0.25L + drift - 2.0L * 0.25L * 1e-3L;
        long double off = fabsl((long double)field_of(&population, "x")[0] - exact);
        CHECK(count, off <= (kind == 0 ? 1e-16L : 1e-11L));
        mn_population_free(&population);
    }
}

/* At and below the threshold only the decay moves x; the ends of the device hold it. */
static void test_linear_drift_limits(check_count *count)
{
    const double v[4] = {0.55, -0.56, 1e6, -1e6};
    const setting settings[2] = {{"v_threshold", 0.55}, {"x_initial", 0.5}};
    mn_population population;
    mn_error error;
    NEED(make(&population, "LinearDrift", 4, NULL, settings, 2, &error) == MN_OK);
    step(&population, 1e-3, v);
    const double *x = field_of(&population, "x");
    CHECK(count, x[0] == 0.5 && x[1] < 0.5 && x[1] > 0.49 && x[2] == 1.0 && x[3] == 0.0);
    mn_population_free(&population);
    for (int window = 1; window < 3; window++) { /* both windows hold the boundary at the ends, for good */
        NEED(make(&population, "LinearDrift", 4, NULL, &(setting){"window", window}, 1, &error) == MN_OK);
        double *state = field_of(&population, "x");
        state[0] = 0.0, state[1] = 1.0, state[2] = 0.0, state[3] = 1.0;
        step(&population, 1e-3, v);
        x = field_of(&population, "x");
        CHECK(count, x[0] == 0.0 && x[1] == 1.0 && x[2] == 0.0 && x[3] == 1.0);
        mn_population_free(&population);
    }
}

/* ------------------------------------------------------------------ short- and long-term drift */

/* One step by hand, r and drift l as above: w to eps with the rate f / tau, and what is left of l f dt. The steps of
 * 1 ms take the series of 1 - exp(-x), those of 1 s the exponential. */
static void test_short_long_term_step(check_count *count)
{
    const double windows[3] = {0.0, 1.0, 2.0};
    const long double f[3] = {1.0L, 0.1875L, 0.75L}, l = 1e4L * 1.5L / 12025.0L; /* 1/s at 1.5 V */
    for (int k = 0; k < 6; k++) {
        const double v = k % 2 ? -0.3 : 1.5, dt = k < 3 ? 1e-3 : 0.25;
        const setting settings[7] = {{"window", windows[k % 3]},
                                     {"w_initial", 0.25},
                                     {"tau_initial", 0.5},
                                     {"eps_initial", 0.125},
                                     {"sigma", 0.25},
                                     {"theta", 0.0625},
                                     {"a", 0.75}};
        double g = 0.0;
        mn_population population;
        mn_error error;
        NEED(make(&population, "ShortLongTermDrift", 1, NULL, settings, 7, &error) == MN_OK);
        population.model->conductance(&population, 0.0, dt, NULL, &g, NULL);
        CHECK(count, g == 1.0 / 12025.0);
        step(&population, dt, &v);
        long double drift = l * (long double)v / 1.5L, time = (long double)dt;
        long double gone = -expm1l(-f[k % 3] * time / 0.5L);
        long double w = 0.25L + (0.125L - 0.25L) * gone + drift * 0.5L * gone;
        CHECK(count, fabsl((long double)field_of(&population, "w")[0] - w) <= 2e-16L);
        long double tau = 0.5L + 0.0625L * drift * 0.5L * time, eps = 0.125L + 0.25L * drift * f[k % 3] * time;
        CHECK(count, fabsl((long double)field_of(&population, "tau")[0] - tau) <= 2e-16L);
        CHECK(count, fabsl((long double)field_of(&population, "eps")[0] - eps) <= 2e-16L);
        mn_population_free(&population);
    }
}

/* However long the step and hard the drive, the states stay in their ranges; with tau = 0 the device forgets at once,
 * and where a window holds the boundary it does not even then. */
static void test_short_long_term_limits(check_count *count)
{
    const double v[5] = {0.0, 1e9, -1e9, 1e300, -1e300}, none[3] = {0.0, 0.0, 0.0};
    for (int window = 0; window < 3; window++) {
        mn_population population;
        mn_error error;
        NEED(make(&population, "ShortLongTermDrift", 5, NULL, &(setting){"window", window}, 1, &error) == MN_OK);
        for (int n = 0; n < 20; n++) {
            step(&population, n % 2 ? 1e-9 : 1e6, v);
            const double *w = field_of(&population, "w"), *eps = field_of(&population, "eps");
            const double *tau = field_of(&population, "tau");
            for (int k = 0; k < 5; k++) {
                CHECK(count, w[k] >= 0.0 && w[k] <= 1.0 && eps[k] >= 0.0 && eps[k] <= 1.0 && tau[k] >= 0.0);
            }
        }
        mn_population_free(&population);

        NEED(make(&population, "ShortLongTermDrift", 3, NULL, &(setting){"window", window}, 1, &error) == MN_OK);
        double *w = field_of(&population, "w"), *tau = field_of(&population, "tau");
        w[0] = 0.5, w[1] = 0.0, w[2] = 1.0, tau[0] = tau[1] = tau[2] = 0.0;
        step(&population, 1e-9, none);
        const double *now = field_of(&population, "w");
        CHECK(count, now[0] == 0.055 && now[1] == (window ? 0.0 : 0.055) && now[2] == (window ? 1.0 : 0.055));
        mn_population_free(&population);
    }
}

/* ------------------------------------------------------------------ capacitor */

/* Charged through R from E: backward Euler gives v_n = E - (E - v_0) (1 + dt/(R C))^-n. */
static void test_capacitor(check_count *count)
{
    const double r = 2.0, c = 0.5, e = 3.0, dt = 0.125;
    const setting settings[2] = {{"capacitance", c}, {"v_initial", -1.0}};
    double g, i0;
    mn_population population;
    mn_error error;
    NEED(make(&population, "Capacitor", 1, NULL, settings, 2, &error) == MN_OK);
    for (int n = 1; n <= 40; n++) {
        population.model->conductance(&population, 0.0, dt, NULL, &g, &i0);
        double v = (e / r - i0) / (g + 1.0 / r); /* (e - v)/r = g v + i0 */
        step(&population, dt, &v);
        double exact = e - (e + 1.0) * pow(1.0 + dt / (r * c), -n);
        CHECK(count, fabs(field_of(&population, "v")[0] - exact) <= 1e-14);
    }
    mn_population_free(&population);
}

int main(void)
{
    check_count count = {0, 0};
    test_list(&count);
    test_names(&count);
    test_tables(&count);
    test_presets(&count);
    test_allows(&count);
    test_population_errors(&count);
    test_population(&count);
    test_rate_balance_step(&count);
    test_rate_balance_composes(&count);
    test_rate_balance_edges(&count);
    test_rate_balance_published(&count);
    test_hillock(&count);
    test_hillock_conductance(&count);
    test_gap_counts(&count);
    test_gap_remaining(&count);
    test_gap_closed_form(&count);
    test_gap_thresholds(&count);
    test_gap_active(&count);
    test_switch_counts(&count);
    test_switch_signs(&count);
    test_switch_active(&count);
    test_tunnel_switch(&count);
    test_linear_drift_step(&count);
    test_linear_drift_limits(&count);
    test_short_long_term_step(&count);
    test_short_long_term_limits(&count);
    test_capacitor(&count);
    return check_report(&count, "devices");
}
