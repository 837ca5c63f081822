/* base: error messages, memory, random numbers. */
#include "check.h"
#include "memnet.h"

#include <math.h>
#include <string.h>

static bool message_is(const mn_error *error, const char *expected)
{
    char text[256];
    mn_error_message(error, text, sizeof text);
    if (strcmp(text, expected) != 0) {
        fprintf(stderr, "message is \"%s\"\n", text);
        return false;
    }
    return true;
}

static void test_error_codes(check_count *count)
{
    CHECK(count, MN_ERR_NO_MEMORY == -1);
    CHECK(count, MN_ERR_BUG == 1 - MN_N_ERRORS);
    CHECK(count, strcmp(mn_error_sentence(MN_OK), "ok") == 0);
    CHECK(count, strcmp(mn_error_sentence(MN_ERR_SINGULAR), "the system is singular") == 0);
    CHECK(count, strcmp(mn_error_exception(MN_ERR_SINGULAR), "ArithmeticError") == 0);
    CHECK(count, strcmp(mn_error_exception(MN_ERR_NO_MEMORY), "MemoryError") == 0);
    CHECK(count, strcmp(mn_error_exception(MN_ERR_CHECKPOINT_DAMAGED), "CheckpointError") == 0);
    CHECK(count, strcmp(mn_error_sentence(1), "unknown error") == 0);
    CHECK(count, strcmp(mn_error_sentence(-MN_N_ERRORS), "unknown error") == 0);
    CHECK(count, strcmp(mn_error_sentence(INT32_MIN), "unknown error") == 0);
    for (int code = MN_ERR_BUG; code < 0; code++) {
        CHECK(count, strcmp(mn_error_sentence(code), "unknown error") != 0);
        CHECK(count, strlen(mn_error_exception(code)) > 0);
    }
    CHECK(count, strcmp(mn_error_exception(1), "RuntimeError") == 0);
    CHECK(count, strcmp(mn_error_exception(-MN_N_ERRORS), "RuntimeError") == 0);
}

static void test_error_record(check_count *count)
{
    mn_error error;
    memset(&error, 7, sizeof error);
    mn_error_clear(&error);
    CHECK(count, error.code == MN_OK && error.step == -1 && isnan(error.time) && error.edge == -1 && error.node == -1);
    CHECK(count, error.node_b == -1 && error.electrode == -1 && isnan(error.value) && error.model == NULL);
    CHECK(count, error.noun == NULL && error.check == NULL && isnan(error.check_value) && error.check_unit == NULL);
    error.edge = 3;
    CHECK(count, mn_error_set(&error, MN_ERR_SINGULAR) == MN_ERR_SINGULAR);
    CHECK(count, error.code == MN_ERR_SINGULAR && error.edge == 3);
    CHECK(count, mn_error_set(NULL, MN_ERR_BUG) == MN_ERR_BUG);
    mn_error_clear(NULL);
}

static void test_error_messages(check_count *count)
{
    mn_error e;
    mn_error_clear(&e);
    CHECK(count, message_is(&e, "ok"));
    e.code = MN_ERR_NO_DRIVE;
    CHECK(count, message_is(&e, "no electrode is driven"));
    e.step = 7;
    CHECK(count, message_is(&e, "step 7: no electrode is driven"));

    mn_error_clear(&e);
    e.code = MN_ERR_CONDUCTANCE;
    e.step = 1204;
    e.edge = 812;
    e.node = 17;
    e.node_b = 93;
    e.model = "RateBalance";
    e.check = "eta_p";
    e.check_value = 38;
    e.check_unit = "1/V";
    e.noun = "conductance";
    e.value = -NAN;
    CHECK(count, message_is(&e, "step 1204: RateBalance.conductance of edge 812 (n17-n93) is nan; "
                                "check RateBalance.eta_p (38 1/V)"));
    e.model = NULL;
    e.noun = NULL;
    e.check = "RateBalance.eta_p";
    CHECK(count,
          message_is(&e, "step 1204: conductance of edge 812 (n17-n93) is nan; check RateBalance.eta_p (38 1/V)"));
    e.value = (double)INFINITY;
    e.check_value = NAN;
    e.node_b = -1;
    CHECK(count, message_is(&e, "step 1204: conductance of edge 812 is inf; check RateBalance.eta_p"));
    e.check_value = 0.5;
    e.check_unit = NULL;
    CHECK(count, message_is(&e, "step 1204: conductance of edge 812 is inf; check RateBalance.eta_p (0.5)"));

    mn_error_clear(&e);
    e.code = MN_ERR_NEGATIVE_CONDUCTANCE;
    e.edge = 4;
    e.value = -2.5e-7;
    CHECK(count, message_is(&e, "kron needs conductances >= 0; use solver=\"umfpack\" for negative ones: "
                                "conductance of edge 4 is -2.5e-07"));

    mn_error_clear(&e);
    e.code = MN_ERR_NOT_FINITE_POTENTIAL;
    CHECK(count, message_is(&e, "a potential is not finite"));
    e.node = 5;
    CHECK(count, message_is(&e, "potential of node 5 is nan"));

    mn_error_clear(&e);
    e.code = MN_ERR_NOT_FINITE_STATE;
    e.time = 0.25;
    e.model = "TunnelGap";
    e.noun = "d";
    e.edge = 1;
    CHECK(count, message_is(&e, "t = 0.25 s: TunnelGap.d of edge 1 is nan"));

    mn_error_clear(&e);
    e.code = MN_ERR_PARAMETER;
    e.model = "RateBalance";
    e.noun = "eta_p";
    CHECK(count, message_is(&e, "a parameter is outside its range: RateBalance.eta_p"));
    e.value = -1;
    CHECK(count, message_is(&e, "a parameter is outside its range: RateBalance.eta_p is -1"));
    e.noun = NULL;
    e.edge = 2;
    CHECK(count, message_is(&e, "a parameter is outside its range: RateBalance parameter of edge 2 is -1"));

    mn_error_clear(&e);
    e.code = MN_ERR_NOT_FINITE_STATE;
    e.edge = 2;
    e.value = (double)INFINITY;
    CHECK(count, message_is(&e, "state of edge 2 is inf"));
    e.code = MN_ERR_NOT_FINITE_DRIVE;
    e.edge = -1;
    e.electrode = 1;
    CHECK(count, message_is(&e, "drive of electrode 1 is inf"));
    e.code = MN_ERR_CURRENT_SUM;
    e.value = 3;
    CHECK(count, message_is(&e, "without a driven voltage the currents must sum to zero; drive one of the nodes at "
                                "0.0: value of electrode 1 is 3"));

    mn_error_clear(&e);
    e.code = MN_ERR_ENDLESS_EVENTS;
    e.time = 0.25;
    e.model = "Switch";
    e.edge = 3;
    CHECK(count, message_is(&e, "t = 0.25 s: a threshold is crossed again and again at one moment: Switch of edge 3"));
    e.edge = -1;
    e.time = NAN;
    e.code = MN_ERR_UNKNOWN_MODEL;
    CHECK(count, message_is(&e, "no device model of that name: Switch"));

    mn_error_clear(&e);
    e.code = MN_ERR_SPANNING;
    e.node = 12;
    e.electrode = 1;
    CHECK(count, message_is(&e, "a group spans from one electrode to another; try another seed: node 12, electrode 1"));

    mn_error_clear(&e);
    e.code = MN_ERR_UMFPACK;
    e.backend_status = -911;
    CHECK(count, message_is(&e, "UMFPACK failed (status -911)"));
    e.code = 99;
    CHECK(count, message_is(&e, "unknown error (status -911)"));
}

static void test_error_fits(check_count *count)
{
    mn_error e;
    mn_error_clear(&e);
    e.code = MN_ERR_NEGATIVE_CONDUCTANCE;
    e.step = INT64_MAX;
    e.edge = INT32_MAX;
    e.node = INT32_MAX;
    e.node_b = INT32_MAX;
    e.electrode = INT32_MAX;
    e.value = -1.2345678901234e-300;
    e.check = "conductance";
    e.check_value = -1.2345678901234e-300;
    char whole[512], text[512];
    mn_error_message(&e, whole, sizeof whole);
    size_t length = strlen(whole);
    CHECK(count, length > 200);
    for (size_t size = 0; size <= length + 2; size++) {
        memset(text, '#', sizeof text);
        mn_error_message(&e, text, size);
        size_t kept = size == 0 ? 0 : (size - 1 < length ? size - 1 : length);
        CHECK(count, text[size] == '#');
        CHECK(count, memcmp(text, whole, kept) == 0);
        CHECK(count, size == 0 || text[kept] == '\0');
    }
}

static void test_memory(check_count *count)
{
    int32_t *block = mn_alloc(1000, sizeof *block);
    NEED(block != NULL);
    int64_t n_zero = 0;
    for (int k = 0; k < 1000; k++) {
        n_zero += block[k] == 0;
        block[k] = k;
    }
    CHECK(count, n_zero == 1000);
    int32_t *larger = mn_realloc(block, 100000, sizeof *block);
    NEED(larger != NULL);
    int64_t n_kept = 0;
    for (int k = 0; k < 1000; k++) {
        n_kept += larger[k] == k;
    }
    CHECK(count, n_kept == 1000);
    CHECK(count, mn_realloc(larger, INT64_MAX, 8) == NULL);
    CHECK(count, mn_realloc(larger, -1, 8) == NULL);
    CHECK(count, larger[999] == 999);
    mn_dealloc(larger);
    void *none = mn_alloc(0, 8);
    CHECK(count, none != NULL);
    none = mn_realloc(none, 0, 8);
    CHECK(count, none != NULL);
    mn_dealloc(none);
    mn_dealloc(NULL);
    CHECK(count, mn_alloc(-1, 1) == NULL);
    CHECK(count, mn_alloc(INT64_MAX, 2) == NULL);
    CHECK(count, mn_alloc((INT64_C(1) << 61) + 1, 8) == NULL); /* 8 bytes where the product wraps */
    block = mn_realloc(NULL, 3, sizeof *block);
    CHECK(count, block != NULL);
    mn_dealloc(block);
}

/* Known answers published with Random123 (tests/kat_vectors); stream 0 leaves the seed as the key. */
static void test_philox_known(check_count *count)
{
    static const struct {
        uint64_t seed, index, step;
        uint32_t word[4];
    } known[] = {
        {0, 0, 0, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {UINT64_MAX, UINT64_MAX, UINT64_MAX, {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {0x299f31d0a4093822, 0x85a308d3243f6a88, 0x0370734413198a2e, {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    for (size_t k = 0; k < sizeof known / sizeof known[0]; k++) {
        uint32_t word[4];
        mn_philox(known[k].seed, 0, known[k].index, known[k].step, word);
        CHECK(count, memcmp(word, known[k].word, sizeof word) == 0);
    }
}

static void test_philox_inputs(check_count *count)
{
    uint32_t word[5][4];
    mn_philox(5, 6, 7, 8, word[0]);
    mn_philox(6, 6, 7, 8, word[1]);
    mn_philox(5, 7, 7, 8, word[2]);
    mn_philox(5, 6, 8, 8, word[3]);
    mn_philox(5, 6, 7, 9, word[4]);
    for (int a = 0; a < 5; a++) {
        for (int b = 0; b < a; b++) {
            CHECK(count, memcmp(word[a], word[b], sizeof word[a]) != 0);
        }
    }
    uint32_t swapped[4];
    mn_philox(6, 5, 7, 8, swapped);
    CHECK(count, memcmp(word[0], swapped, sizeof swapped) != 0);
}

static void test_uniform(check_count *count)
{
    double u[2];
    mn_uniform2(0, 0, 0, 0, u);
    CHECK(count, u[0] == (double)(UINT64_C(0xe169c58d6627e8d5) >> 11) / 9007199254740992.0);
    CHECK(count, u[1] == (double)(UINT64_C(0x9b00dbd8bc57ac4c) >> 11) / 9007199254740992.0);
    /* Mean, variance and the correlation of the two of 100,000 pairs, each within 5 of its standard deviations. */
    enum { N = 100000 };
    double sum[2] = {0, 0}, square[2] = {0, 0}, product = 0;
    bool inside = true;
    for (int k = 0; k < N; k++) {
        mn_uniform2(1, 2, (uint64_t)k, 3, u);
        for (int j = 0; j < 2; j++) {
            inside = inside && u[j] >= 0.0 && u[j] < 1.0;
            sum[j] += u[j] - 0.5;
            square[j] += (u[j] - 0.5) * (u[j] - 0.5);
        }
        product += (u[0] - 0.5) * (u[1] - 0.5);
    }
    CHECK(count, inside);
    for (int j = 0; j < 2; j++) {
        CHECK(count, fabs(sum[j] / N) < 5 * sqrt(1.0 / 12 / N));
        CHECK(count, fabs(square[j] / N - 1.0 / 12) < 5 * sqrt(1.0 / 180 / N));
    }
    CHECK(count, fabs(product / N) < 5 / 12.0 / sqrt(N));
}

static int ascending(const void *a, const void *b)
{
    double x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

/* Kolmogorov and Smirnov's distance from the normal distribution; with n numbers it passes 1.95 / sqrt(n) once in a
 * thousand. The seed is fixed, so this holds or it does not. */
static double distance_from_normal(double *z, int n)
{
    double distance = 0;
    qsort(z, (size_t)n, sizeof *z, ascending);
    for (int k = 0; k < n; k++) {
        double exact = 0.5 * erfc(-z[k] / sqrt(2.0));
        distance = fmax(distance, fmax((k + 1.0) / n - exact, exact - (double)k / n));
    }
    return distance;
}

/* Moments 1 to 6 of 200,000 numbers, against 0, 1, 0, 3, 0, 15 within four standard errors (the variance of z^m is
 * E z^2m - (E z^m)^2). */
static void test_normal(check_count *count)
{
    enum { N = 200000 };
    const double exact[13] = {1, 0, 1, 0, 3, 0, 15, 0, 105, 0, 945, 0, 10395};
    double *z = malloc(N * sizeof *z);
    double sum[7] = {0}, neighbours = 0, steps = 0, before = 0;
    NEED(z != NULL);
    for (int k = 0; k < N; k++) {
        z[k] = mn_normal(5, 9, (uint64_t)k, 3);
        neighbours += z[k] * before;
        before = z[k];
        steps += z[k] * mn_normal(5, 9, (uint64_t)k, 4);
        for (int m = 1; m < 7; m++) {
            sum[m] += pow(z[k], m) / N;
        }
    }
    for (int m = 1; m < 7; m++) {
        CHECK(count, fabs(sum[m] - exact[m]) <= 4 * sqrt((exact[2 * m] - exact[m] * exact[m]) / N));
    }
    CHECK(count, fabs(neighbours) <= 4 * sqrt(N) && fabs(steps) <= 4 * sqrt(N));
    double distance = distance_from_normal(z, N);
    CHECK(count, distance <= 1.95 / sqrt(N));
    CHECK(count, z[0] > -6 && z[0] < -4 && z[N - 1] > 4 && z[N - 1] < 6); /* sorted: the tails are there */
    printf("normal: distance %.2g of %d numbers, bound %.2g\n", distance, N, 1.95 / sqrt(N));
    free(z);
}

/* The same bits under every compiler and on every machine: a sum of all bits. */
static void test_normal_bits(check_count *count)
{
    uint64_t sum = 0;
    for (uint64_t k = 0; k < 100000; k++) {
        double z = mn_normal(k, 1, k * k, 7);
        uint64_t bits;
        memcpy(&bits, &z, sizeof bits);
        sum = sum * UINT64_C(6364136223846793005) + bits;
    }
    CHECK(count, sum == UINT64_C(0x5ac4366a5385ab90));
    if (sum != UINT64_C(0x5ac4366a5385ab90)) {
        fprintf(stderr, "sum of bits 0x%016llx\n", (unsigned long long)sum);
    }
}

static void test_permutation(check_count *count)
{
    enum { N = 1000 };
    int32_t p[N], q[N];
    int seen[N] = {0};
    mn_permutation(1, 2, N, p);
    for (int k = 0; k < N; k++) {
        NEED(p[k] >= 0 && p[k] < N);
        seen[p[k]]++;
    }
    int64_t n_once = 0;
    for (int k = 0; k < N; k++) {
        n_once += seen[k] == 1;
    }
    CHECK(count, n_once == N);
    mn_permutation(1, 2, N, q);
    CHECK(count, memcmp(p, q, sizeof p) == 0);
    mn_permutation(1, 3, N, q);
    CHECK(count, memcmp(p, q, sizeof p) != 0);
    mn_permutation(1, 2, 0, NULL);
    q[0] = -5;
    mn_permutation(1, 2, 1, q);
    CHECK(count, q[0] == 0);

    /* All 24 permutations of 4 alike: chi-square with 23 degrees of freedom, below 5e-6 of its upper tail (60). */
    enum { N_DRAWS = 48000 };
    int64_t hits[256] = {0};
    for (uint64_t seed = 0; seed < N_DRAWS; seed++) {
        mn_permutation(seed, 9, 4, p);
        hits[p[0] * 64 + p[1] * 16 + p[2] * 4 + p[3]]++;
    }
    double chi2 = 0, expected = N_DRAWS / 24.0;
    int n_found = 0;
    for (int k = 0; k < 256; k++) {
        if (hits[k] > 0) {
            chi2 += ((double)hits[k] - expected) * ((double)hits[k] - expected) / expected;
            n_found++;
        }
    }
    CHECK(count, n_found == 24);
    CHECK(count, chi2 < 60);
}

int main(void)
{
    check_count count = {0, 0};
    test_error_codes(&count);
    test_error_record(&count);
    test_error_messages(&count);
    test_error_fits(&count);
    test_memory(&count);
    test_philox_known(&count);
    test_philox_inputs(&count);
    test_uniform(&count);
    test_normal(&count);
    test_normal_bits(&count);
    test_permutation(&count);
    return check_report(&count, "base");
}
