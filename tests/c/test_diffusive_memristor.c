/* Diffusive memristors against closed forms; that lanes know nothing of each other; normal numbers in lanes. */
#include "base/normals.h"
#include "population.h"

#include <math.h>

enum { N_EDGES = 19, MOST = 128 };

static void make_particles(mn_population *population, int64_t n_edges, double n, const setting *more, int64_t n_more)
{
    setting settings[8] = {{"n", n}};
    mn_error error;
    for (int64_t k = 0; k < n_more; k++) {
        settings[k + 1] = more[k];
    }
    NEED(make(population, "DiffusiveMemristor", n_edges, NULL, settings, n_more + 1, &error) == MN_OK);
}

/* ------------------------------------------------------------------ resistance */

static void test_resistance(check_count *count)
{
    mn_population one;
    make_particles(&one, 1, 1.0, NULL, 0);
    for (int k = -10; k <= 10; k++) {
        field_of(&one, "x")[0] = 0.1 * k;
        one.model->derive(&one);
        long double want = 2.0L * expl(5.0L) * coshl(5.0L * (long double)(0.1 * k));
        CHECK(count, fabsl((long double)field_of(&one, "r")[0] / want - 1.0L) < 1e-14L);
        CHECK(count, fabs(field_of(&one, "largest_gap")[0] - (1.0 + fabs(0.1 * k))) < 1e-15);
        double g;
        conduct(&one, 1.0, &g, NULL);
        CHECK(count, g == 1.0 / field_of(&one, "r")[0]);
    }
    mn_population_free(&one);
    for (int n = 1; n <= MOST; n++) { /* equal gaps, from right to left */
        make_particles(&one, 1, n, NULL, 0);
        for (int j = 0; j < n; j++) {
            field_of(&one, "x")[j] = 1.0 - 2.0 * (j + 1) / (n + 1);
        }
        one.model->derive(&one);
        long double want = (n + 1) * expl(10.0L / (n + 1));
        CHECK(count, fabsl((long double)field_of(&one, "r")[0] / want - 1.0L) < 2e-14L);
        CHECK(count, fabs(field_of(&one, "largest_gap")[0] - 2.0 / (n + 1)) < 1e-15);
        mn_population_free(&one);
    }
}

/* ------------------------------------------------------------------ steps */

/* Free particles that a voltage drives from mirror to mirror, and heat that knows its closed form. */
static void test_closed_forms(check_count *count)
{
    const setting free_ones[] = {{"w_i", 0.0}, {"w_p", 0.0}, {"theta0", 0.0}, {"c_t", 0.0}, {"substep", 0.25}};
    mn_population free_one, frozen;
    make_particles(&free_one, 1, 3.0, free_ones, 5);
    double *x = field_of(&free_one, "x");
    x[0] = -1.0, x[1] = 0.25, x[2] = 1.0;
    double place[3] = {-1.0, 0.25, 1.0};
    for (int k = 0; k < 50; k++) {
        const double v = 13.0; /* 13 9 / 30 = 3.9 in a second */
        step(&free_one, 1.0, &v);
        for (int j = 0; j < 3; j++) {
            for (int part = 0; part < 4; part++) {
                place[j] += 0.25 / 30.0 * 9.0 * 13.0;
                place[j] = place[j] > 1.0 ? 2.0 - place[j] : place[j];
            }
            CHECK(count, fabs(field_of(&free_one, "x")[j] - place[j]) < 1e-13);
        }
    }
    CHECK(count, field_of(&free_one, "theta")[0] == 0.0);
    mn_population_free(&free_one);

    const setting heavy[] = {{"eta", 1e30}, {"kappa", 3.0}};
    make_particles(&frozen, 1, 40.0, heavy, 2);
    const double v = 1.5, hot = 20.0 * v * v / field_of(&frozen, "r")[0];
    for (int k = 1; k <= 40; k++) {
        step(&frozen, 0.1, &v);
        long double want = 0.45L - (long double)hot * expm1l(-0.3L * k);
        CHECK(count, fabsl((long double)field_of(&frozen, "theta")[0] / want - 1.0L) < 1e-12L);
    }
    mn_population_free(&frozen);
}

/* Each edge has the bits that it has alone, wherever its lane is and whatever the others do. */
static void test_lanes(check_count *count)
{
    mn_population all, alone;
    mn_error error;
    double v[N_EDGES], one_value[MAX_PARAMETERS], *x;
    const double *parameter[MAX_PARAMETERS];
    make_particles(&all, N_EDGES, 9.0, NULL, 0);
    int64_t n_parameters = 0;
    for (int64_t f = 0; f < all.model->n_fields; f++) {
        if (all.model->field[f].role == MN_PARAMETER) {
            one_value[n_parameters] = f == 0 ? 9.0 : all.model->field[f].initial;
            parameter[n_parameters] = &one_value[n_parameters];
            n_parameters++;
        }
    }
    for (int k = 0; k < N_EDGES; k++) {
        v[k] = 0.5 * k - 3.0;
        field_of(&all, "substep")[k] = 2e-3 / (1 + k % 4); /* lanes end at different sub-steps */
        field_of(&all, "potential")[k] = k % 3 == 1;
    }
    for (int t = 0; t < 20; t++) {
        step(&all, 0.01, v);
    }
    for (int32_t k = 0; k < N_EDGES; k++) {
        NEED(mn_population_init(&alone, all.model, 1, &k, NULL, parameter, 1, 77, &error) == MN_OK);
        field_of(&alone, "substep")[0] = field_of(&all, "substep")[k];
        field_of(&alone, "potential")[0] = field_of(&all, "potential")[k];
        for (int t = 0; t < 20; t++) {
            step(&alone, 0.01, &v[k]);
        }
        x = field_of(&all, "x") + (ptrdiff_t)k * 9;
        CHECK(count, memcmp(x, field_of(&alone, "x"), 9 * sizeof(double)) == 0);
        CHECK(count, field_of(&all, "theta")[k] == field_of(&alone, "theta")[0]);
        CHECK(count, field_of(&all, "r")[k] == field_of(&alone, "r")[0]);
        CHECK(count, field_of(&all, "largest_gap")[k] == field_of(&alone, "largest_gap")[0]);
        mn_population_free(&alone);
    }
    mn_population_free(&all);
}

/* ------------------------------------------------------------------ refusals */

static void test_refusals(check_count *count)
{
    mn_population population;
    mn_error error;
    char text[300];
    const setting n_bad[] = {{"n", 2.5}}, narrow[] = {{"lam", 1e-3}}, slow[] = {{"substep", 1.0}};
    CHECK(count, make(&population, "DiffusiveMemristor", 2, NULL, n_bad, 1, &error) == MN_ERR_PARAMETER);
    CHECK(count, make(&population, "DiffusiveMemristor", 2, NULL, narrow, 1, &error) == MN_ERR_OVERFLOW);
    CHECK(count, make(&population, "DiffusiveMemristor", 2, NULL, slow, 1, &error) == MN_ERR_LONG_SUBSTEP);
    mn_error_message(&error, text, sizeof(text));
    CHECK(count, strstr(text, "DiffusiveMemristor.substep of edge 0 is 1, must be at most 0.0168795") != NULL);
    CHECK(count, text[strlen(text) - 1] == 's');

    const int32_t edge[2] = {0, 1};
    const double *parameter[MAX_PARAMETERS];
    double pair[MAX_PARAMETERS][2];
    const mn_device_model *model = mn_model_find("DiffusiveMemristor");
    int64_t n_parameters = 0;
    for (int64_t f = 0; f < model->n_fields; f++) {
        if (model->field[f].role == MN_PARAMETER) {
            pair[n_parameters][0] = pair[n_parameters][1] = model->field[f].initial;
            parameter[n_parameters] = pair[n_parameters];
            n_parameters++;
        }
    }
    pair[0][1] = 39.0; /* a count is one for all members */
    CHECK(count, mn_population_init(&population, model, 2, edge, NULL, parameter, 0, 0, &error) == MN_ERR_PARAMETER);
    CHECK(count, error.edge == 1 && error.value == 39.0 && strcmp(error.noun, "n") == 0);
}

/* ------------------------------------------------------------------ normal numbers */

static void test_normals(check_count *count)
{
    double sum = 0.0, square = 0.0, fourth = 0.0, product = 0.0, largest = 0.0;
    const int64_t n_blocks = 20000;
    for (int64_t block = 0; block < n_blocks; block++) {
        uint32_t word[4][MN_LANES];
        double normal[4][MN_LANES];
        for (uint32_t l = 0; l < MN_LANES; l++) {
            word[0][l] = l, word[1][l] = 5, word[2][l] = (uint32_t)block, word[3][l] = 7;
        }
        mn_kernel_philox(mn_philox_key(3, 4), word);
        for (uint32_t l = 0; l < MN_LANES && block < 100; l++) {
            uint32_t want[4];
            mn_philox(3, 4, l | UINT64_C(5) << 32, (uint64_t)block | UINT64_C(7) << 32, want);
            CHECK(count,
                  want[0] == word[0][l] && want[1] == word[1][l] && want[2] == word[2][l] && want[3] == word[3][l]);
        }
        mn_kernel_normals(word[0], word[1], normal[0], normal[1]);
        mn_kernel_normals(word[2], word[3], normal[2], normal[3]);
        for (int l = 0; l < MN_LANES; l++) {
            for (int k = 0; k < 4; k++) {
                double z = normal[k][l];
                sum += z, square += z * z, fourth += z * z * z * z;
                product += z * normal[(k + 1) % 4][l];
                largest = fmax(largest, fabs(z));
            }
        }
    }
    const double n = 4.0 * MN_LANES * (double)n_blocks;
    CHECK(count, fabs(sum / n) < 4.0 / sqrt(n) && fabs(product / n) < 4.0 / sqrt(n));
    CHECK(count, fabs(square / n - 1.0) < 4.0 * sqrt(2.0 / n) && fabs(fourth / n - 3.0) < 4.0 * sqrt(96.0 / n));
    CHECK(count, largest > 4.5 && largest < 6.67);
    double first, second;
    mn_kernel_normal_pair(UINT32_MAX, 0, &first, &second); /* the last radius is 0 */
    CHECK(count, first == 0.0 && second == 0.0);
    mn_kernel_normal_pair(0, 1u << 30, &first, &second); /* the first one is the largest, a quarter turn on */
    CHECK(count, fabs(first) < 1e-15 && fabs(second - sqrt(64.0 * log(2.0))) < 1e-14);
}

int main(void)
{
    check_count count = {0, 0};
    test_resistance(&count);
    test_closed_forms(&count);
    test_lanes(&count);
    test_refusals(&count);
    test_normals(&count);
    return check_report(&count, "diffusive memristor");
}
