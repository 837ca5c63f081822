/* What every device model says of itself, and populations. */
#include "population.h"

#include <ctype.h>
#include <math.h>

/* Whether a name can be a Python class. */
static bool is_class_name(const char *name)
{
    const char *letter = name;
    while (isalnum((unsigned char)*letter)) {
        letter++;
    }
    return isupper((unsigned char)*name) && *letter == '\0';
}

static void test_list(check_count *count)
{
    const int64_t n = mn_model_count();
    for (int64_t m = 0; m < n; m++) {
        CHECK(count, is_class_name(mn_model_get(m)->name));
        CHECK(count, mn_model_find(mn_model_get(m)->name) == mn_model_get(m)); /* so no name is there twice */
    }
    CHECK(count, n > 0 && mn_model_get(-1) == NULL && mn_model_get(n) == NULL);
    CHECK(count, mn_model_find("tunnelgap") == NULL && mn_model_find(NULL) == NULL);
    CHECK(count, mn_model_field(mn_model_find("Hillock"), "w") == -1);
}

static int64_t n_words(const char *words)
{
    int64_t n = 1;
    for (; *words != '\0'; words++) {
        n += *words == '|';
    }
    return n;
}

static void test_tables(check_count *count)
{
    for (int64_t m = 0; m < mn_model_count(); m++) {
        const mn_device_model *model = mn_model_get(m);
        bool is_told = strlen(model->doc) > 40 && strlen(model->citation) > 10;
        CHECK(count, is_told);
        if (!is_told) {
            printf("%s needs a paragraph in .doc and a source in .citation\n", model->name);
        }
        CHECK(count, model->check == NULL || mn_model_field(model, model->check) >= 0);
        CHECK(count, (model->next_event != NULL) + (model->moves_above != NULL) == (model->advance_active != NULL));
        CHECK(count, (model->conductance == NULL) == ((model->flags & MN_IMPLICIT) != 0));
        CHECK(count, !(model->flags & MN_IMPLICIT) || (model->linearise != NULL && model->advance == NULL));
        CHECK(count, (model->crossing == NULL) == (model->cross == NULL));
        CHECK(count, model->fixed_field == NULL || mn_model_field(model, model->fixed_field) >= 0);
        CHECK(count, !(model->flags & MN_HAS_CHARGE) || model->linearise != NULL);
        for (int64_t f = 0; f < model->n_fields; f++) {
            const mn_field *field = &model->field[f];
            CHECK(count, strlen(field->doc) > 10 && strlen(field->unit) > 0 && strlen(field->bounds) >= 2);
            CHECK(count, field->bounds[2] == '\0' || field->role == MN_PARAMETER);
            CHECK(count, field->low < field->high && mn_model_field(model, field->name) == f);
            CHECK(count, mn_field_allows(field, field->initial));
            CHECK(count, isnan(field->initial) == (field->otherwise != NULL));
            CHECK(count, (field->kind == MN_CHOICE) == (field->choices != NULL));
            CHECK(count, field->choices == NULL || (double)n_words(field->choices) == field->high + 1.0);
            CHECK(count, field->kind == MN_REAL || field->kind == MN_COUNT ||
                             (field->low == 0.0 && strcmp(field->bounds, "[]") == 0));
            CHECK(count, field->kind != MN_COUNT || (field->role == MN_PARAMETER && field->low == floor(field->low)));
            CHECK(count, field->role != MN_OUTPUT || model->derive != NULL);
            CHECK(count, (field->dimension == NULL) == (field->width == 0));
            if (field->width_field != NULL) {
                int64_t told = mn_model_field(model, field->width_field);
                CHECK(count, told >= 0 && model->field[told].kind == MN_COUNT && model->field[told].low >= 1.0 &&
                                 model->field[told].high == (double)field->width);
            }
            CHECK(count, !mn_field_allows(field, INFINITY) && !mn_field_allows(field, -INFINITY));
            CHECK(count, field->below == NULL || mn_model_field(model, field->below) >= 0);
            CHECK(count, field->role == MN_PARAMETER || (field->below == NULL && !field->added_later));
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
    CHECK(count, n > 0);
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
    const mn_field no_zero = {.kind = MN_REAL, .low = -1.0, .high = 1.0, .bounds = "()0"};
    CHECK(count, mn_field_allows(&no_zero, 1e-300) && mn_field_allows(&no_zero, -0.5));
    CHECK(count, !mn_field_allows(&no_zero, 0.0) && !mn_field_allows(&no_zero, -0.0));
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
    conduct(&population, 1.0, g, i0);
    CHECK(count, g[0] == 2.0 && g[1] == 3.0);
    CHECK(count, i0[0] == -1.0 && i0[1] == 3.0); /* no current at v = emf: g v + i0 = 0 */
    mn_population_free(&population);
}

/* ------------------------------------------------------------------ hooks */

/* Members of a model with its defaults, in gaps of different lengths. */
static void make_default(mn_population *population, const mn_device_model *model, int64_t n, double *length)
{
    mn_error error;
    for (int64_t k = 0; k < n; k++) {
        length[k] = 0.02 + 0.01 * (double)k;
    }
    NEED(make(population, model->name, n, length, NULL, 0, &error) == MN_OK);
}

static void poison_scratch(mn_population *population)
{
    for (int64_t s = 0; s < population->model->n_scratch; s++) {
        for (int64_t k = 0; k < population->n; k++) {
            population->scratch[s][k] = NAN;
        }
    }
}

static bool same_fields(const mn_population *one, const mn_population *other)
{
    bool same = true;
    for (int64_t f = 0; f < one->model->n_fields; f++) {
        same = same && memcmp(one->field[f], other->field[f], (size_t)one->n * sizeof(double)) == 0;
    }
    return same;
}

/* Of every model: hooks leave the present state alone, and nothing that they put into scratch matters to the next one.
 * Of two populations that keep equal bits one has its scratch taken away between hooks, and one is asked twice. */
static void test_hooks(check_count *count)
{
    enum { N = 9 };
    const double v[N] = {0.0, -0.005, 0.2, -0.7, 3.0, -12.0, 0.011, 1.0, -2.5};
    double length[N], g[N], g_again[N], i0[N] = {0.0}, i0_again[N] = {0.0};
    for (int64_t m = 0; m < mn_model_count(); m++) {
        const mn_device_model *model = mn_model_get(m);
        mn_population one, other;
        bool same = true;
        if (model->flags & MN_IMPLICIT) {
            continue; /* has none of these hooks */
        }
        make_default(&one, model, N, length);
        make_default(&other, model, N, length);
        for (int n = 0; n < 20; n++) {
            mn_step now = linked_step(&one, 1e-3, v);
            now.t = n * 1e-3;
            conduct(&one, 1e-3, g, i0);
            poison_scratch(&other);
            conduct(&other, 1e-3, g_again, i0_again);
            conduct(&other, 1e-3, g_again, i0_again);
            same = same && memcmp(g, g_again, sizeof(g)) == 0 && memcmp(i0, i0_again, sizeof(i0)) == 0;
            if (model->advance != NULL) {
                one.n_events = other.n_events = 0;
                model->advance(&one, &now);
                poison_scratch(&other);
                model->advance(&other, &now);
                other.n_events = 0;
                model->advance(&other, &now);
                same = same && one.n_events == other.n_events;
            }
            same = same && same_fields(&one, &other); /* what was, ... */
            commit(&one);
            commit(&other);
            same = same && same_fields(&one, &other); /* ... and what is now */
        }
        CHECK(count, same);
        mn_population_free(&one);
        mn_population_free(&other);
    }
}

int main(void)
{
    check_count count = {0, 0};
    test_list(&count);
    test_tables(&count);
    test_presets(&count);
    test_allows(&count);
    test_population_errors(&count);
    test_population(&count);
    test_hooks(&count);
    return check_report(&count, "devices");
}
