/* What a waveform expression must be, by the table of waveforms. */
#include "drive/waveform.h"

#include <math.h>

/* The first thing that is wrong: its name and value. */
typedef struct {
    const char *what;
    double value;
} finding;

static bool wrong_unless(bool good, finding *found, const char *what, double value)
{
    if (!good && found->what == NULL) {
        *found = (finding){.what = what, .value = value};
    }
    return !good;
}

static void check_number(const mn_argument *argument, double value, finding *found)
{
    bool good = value >= argument->low && value <= argument->high;
    if (argument->kind == MN_ARGUMENT_NUMBER) {
        good = good && isfinite(value);
    } else {
        good = good && floor(value) == value; /* inf is its own floor */
    }
    wrong_unless(good, found, argument->name, value);
}

/* Whether the k-th of some times may stand where it does. */
static bool is_in_order(mn_argument_kind kind, const double *time, int64_t k)
{
    if (k == 0 || kind == MN_ARGUMENT_VALUES) {
        return true;
    }
    bool repeats = time[k] == time[k - 1] && (k == 1 || time[k - 2] < time[k]);
    return time[k] > time[k - 1] || (kind == MN_ARGUMENT_TIMES_WITH_JUMPS && repeats);
}

static void check_array(const mn_argument *argument, int64_t n, const double *value, finding *found)
{
    for (int64_t k = 0; found->what == NULL && k < n; k++) {
        bool good = isfinite(value[k]) && value[k] >= argument->low && value[k] <= argument->high;
        if (argument->kind == MN_ARGUMENT_DURATIONS) {
            good = good || (k == n - 1 && value[k] == INFINITY);
        } else {
            good = good && is_in_order(argument->kind, value, k);
        }
        wrong_unless(good, found, argument->name, value[k]);
    }
}

/* Numbers and arrays of a wave whose lists have the right lengths. */
static void check_arguments(const mn_waveform *form, const mn_wave *wave, finding *found)
{
    int64_t n_numbers = 0, n_arrays = mn_waveform_arrays(form);
    int64_t n = n_arrays > 0 ? wave->n_samples / n_arrays : 0;
    const double *array = wave->samples;
    for (int64_t k = 0; k < mn_waveform_arguments(form); k++) {
        const mn_argument *one = &form->argument[k];
        if (mn_argument_is_array(one)) {
            check_array(one, n, array, found);
            array += n;
        } else {
            check_number(one, wave->p[n_numbers], found);
            n_numbers++;
        }
    }
}

static void check_lists(const mn_waveform *form, const mn_wave *wave, int64_t index, finding *found)
{
    int64_t n_arrays = mn_waveform_arrays(form), n = wave->n_samples, n_children = wave->n_children;
    bool good = n_arrays > 0 ? n > 0 && n % n_arrays == 0 && wave->samples != NULL : n == 0;
    wrong_unless(good, found, "samples", (double)n);
    good = form->children == MN_CHILDREN ? n_children > 0 : n_children == (form->children == MN_ONE_CHILD);
    wrong_unless(good && (n_children == 0 || wave->children != NULL), found, "children", (double)n_children);
    if (form->argument[0].kind == MN_ARGUMENT_DURATIONS) {
        wrong_unless(n == n_children, found, "durations", (double)n);
    }
    for (int64_t k = 0; found->what == NULL && k < n_children; k++) {
        int32_t child = wave->children[k];
        wrong_unless(child >= 0 && child < index, found, "children", (double)child);
    }
}

/* What is known of each wave: the roles it takes in its life, and how deep it is nested. */
typedef struct {
    uint8_t roles; /* bits 1 << mn_role */
    int16_t depth;
} wave_facts;

unsigned mn_waveform_roles(const mn_waveform *form, unsigned of_children)
{
    switch (form->gives) {
    case MN_GIVES_VOLTAGE:
        return 1u << MN_VOLTAGE;
    case MN_GIVES_FLOATING:
        return 1u << MN_FLOATING;
    case MN_GIVES_CURRENT:
        return (of_children & 1u << MN_FLOATING) | ((of_children & 1u << MN_VOLTAGE) != 0 ? 1u << MN_CURRENT : 0);
    case MN_GIVES_LIMITED:
        return 1u << MN_LIMITED;
    case MN_GIVES_EACH:
    case MN_GIVES_COMMON:
        break;
    }
    return of_children;
}

static void check_roles(const mn_waveform *form, const mn_wave *wave, int64_t index, wave_facts *facts, finding *found)
{
    unsigned roles = 0;
    int depth = 0;
    for (int64_t k = 0; k < wave->n_children; k++) {
        const wave_facts *child = &facts[wave->children[k]];
        roles |= child->roles;
        depth = child->depth > depth ? child->depth : depth;
    }
    bool good = true;
    if (form->gives == MN_GIVES_CURRENT) {
        good = (roles & (1u << MN_CURRENT | 1u << MN_LIMITED)) == 0;
    } else if (form->gives == MN_GIVES_LIMITED) {
        good = roles == 1u << MN_VOLTAGE;
    } else if (form->gives == MN_GIVES_COMMON) {
        good = (roles & (roles - 1)) == 0 && roles != 1u << MN_LIMITED; /* two bits: two roles */
    }
    wrong_unless(good, found, "role", NAN);
    wrong_unless(depth < MN_WAVE_DEPTH, found, "depth", (double)depth);
    facts[index] = (wave_facts){.roles = (uint8_t)mn_waveform_roles(form, roles), .depth = (int16_t)(depth + 1)};
}

/* The first electrode whose wave holds wave `bad`, -1 where there is none. Overwrites `holds` (n_waves). */
static int32_t electrode_of(int64_t n_electrodes, const int32_t *root, int64_t n_waves, const mn_wave *wave,
                            int64_t bad, wave_facts *holds)
{
    for (int64_t w = 0; w < n_waves; w++) {
        holds[w].roles = w == bad;
        for (int64_t k = 0; w > bad && wave[w].children != NULL && k < wave[w].n_children; k++) {
            int32_t child = wave[w].children[k]; /* of a later wave: not yet checked */
            if (child >= 0 && child < w && holds[child].roles != 0) {
                holds[w].roles = 1;
            }
        }
    }
    for (int64_t e = 0; e < n_electrodes; e++) {
        if (root[e] >= 0 && holds[root[e]].roles != 0) {
            return (int32_t)e;
        }
    }
    return -1;
}

static int refuse(mn_error *error, int64_t electrode, const finding *found)
{
    if (error != NULL) {
        error->electrode = (int32_t)electrode;
        error->noun = found->what;
        error->value = found->value;
    }
    return mn_error_set(error, MN_ERR_BAD_ARGUMENT);
}

static int check_waves(int64_t n_electrodes, const int32_t *root, int64_t n_waves, const mn_wave *wave, mn_error *error)
{
    int code = MN_OK;
    wave_facts *facts = mn_alloc(n_waves, sizeof *facts);
    if (facts == NULL) {
        return mn_error_set(error, MN_ERR_NO_MEMORY);
    }
    for (int64_t w = 0; code == MN_OK && w < n_waves; w++) {
        finding found = {.what = NULL, .value = NAN};
        const mn_waveform *form = mn_waveform_get(wave[w].kind);
        if (!wrong_unless(form != NULL, &found, "kind", (double)wave[w].kind)) {
            check_lists(form, &wave[w], w, &found);
        }
        if (found.what == NULL) {
            check_arguments(form, &wave[w], &found);
            check_roles(form, &wave[w], w, facts, &found);
        }
        if (found.what != NULL) {
            code = refuse(error, electrode_of(n_electrodes, root, n_waves, wave, w, facts), &found);
        }
    }
    mn_dealloc(facts);
    return code;
}

static int check_roots(int64_t n_electrodes, const int32_t *root, int64_t n_waves, const mn_wave *wave, mn_error *error)
{
    finding found = {.what = NULL, .value = NAN};
    wrong_unless(n_electrodes >= 0 && n_electrodes <= INT32_MAX, &found, "electrodes", (double)n_electrodes);
    wrong_unless(n_waves >= 0 && n_waves <= INT32_MAX, &found, "waves", (double)n_waves);
    wrong_unless(n_electrodes <= 0 || root != NULL, &found, "root", NAN);
    wrong_unless(n_waves <= 0 || wave != NULL, &found, "waves", (double)n_waves);
    if (found.what != NULL) {
        return refuse(error, -1, &found);
    }
    for (int64_t e = 0; e < n_electrodes; e++) {
        if (wrong_unless(root[e] >= -1 && root[e] < n_waves, &found, "root", (double)root[e])) {
            return refuse(error, e, &found);
        }
    }
    return MN_OK;
}

int mn_drive_check(int64_t n_electrodes, const int32_t *root, int64_t n_waves, const mn_wave *wave, mn_error *error)
{
    int code = check_roots(n_electrodes, root, n_waves, wave, error);
    return code == MN_OK ? check_waves(n_electrodes, root, n_waves, wave, error) : code;
}
