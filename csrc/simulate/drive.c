/* What is done to each electrode as a function of time: waveform expressions, checked once, evaluated every step. */
#include "memnet.h"

#include <math.h>
#include <string.h>

/* A boundary this close, as a part of its own period, counts as reached. */
static const double rounding = 1e-9;
/* Evaluation calls itself once a level. */
enum { MAX_DEPTH = 256 };

/* ------------------------------------------------------------------ evaluation */

static double triangle(const double *p, double t)
{
    double phase = t / p[2] + p[3];
    phase -= floor(phase);
    double rise = p[1] - p[0];
    /* from the nearer end, so that both ends come out exactly */
    if (phase < 0.25) {
        return p[0] + rise * (2.0 * phase);
    }
    if (phase > 0.75) {
        return p[0] + rise * (2.0 * (1.0 - phase));
    }
    return p[1] - rise * fabs(2.0 * phase - 1.0);
}

static double pulses(const double *p, double t)
{
    double period = p[2] + p[3];
    double phase = (t - p[5]) / period + rounding;
    double number = floor(phase);
    if (number < 0.0 || number >= p[4]) {
        return p[0];
    }
    return phase - number < p[2] / period ? p[1] : p[0];
}

/* The last k with start[k] reached, 0 before start[1]. The period of a start is the interval that it ends. */
static int64_t interval_at(int64_t n, const double *start, double t)
{
    int64_t low = 0, high = n; /* start[low] is reached or low is 0; start[high] is not reached or high is n */
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        if (t >= start[middle] - rounding * (start[middle] - start[middle - 1])) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

static double array_value(const mn_wave *wave, double t)
{
    double last = (double)(wave->n_samples - 1);
    double k = floor(t / wave->p[0] + rounding);
    if (wave->p[1] != 0.0) {
        k -= (last + 1.0) * floor(k / (last + 1.0));
    }
    k = k > 0.0 ? (k < last ? k : last) : 0.0;
    return wave->samples[(int64_t)k];
}

static double evaluate(const mn_drive *drive, int32_t index, double t, uint8_t *role)
{
    const mn_wave *wave = &drive->wave[index];
    const double *p = wave->p;
    *role = MN_VOLTAGE;
    switch (wave->kind) {
    case MN_WAVE_CONSTANT:
        return p[0];
    case MN_WAVE_TRIANGLE:
        return triangle(p, t);
    case MN_WAVE_SINE:
        return p[2] + p[0] * mn_sin_turns(p[1] * t + p[3]);
    case MN_WAVE_PULSES:
        return pulses(p, t);
    case MN_WAVE_STEPS: {
        int64_t n = wave->n_samples / 2;
        return wave->samples[interval_at(n, wave->samples + n, t)];
    }
    case MN_WAVE_ARRAY:
        return array_value(wave, t);
    case MN_WAVE_SUM: {
        double sum = evaluate(drive, wave->children[0], t, role);
        for (int64_t k = 1; k < wave->n_children; k++) {
            sum += evaluate(drive, wave->children[k], t, role);
        }
        return sum;
    }
    case MN_WAVE_CONCAT: {
        const double *start = wave->samples + wave->n_samples; /* filled by add_starts */
        int64_t k = interval_at(wave->n_children, start, t);
        double local = k > 0 && t < start[k] ? 0.0 : t - start[k];
        return evaluate(drive, wave->children[k], local, role);
    }
    case MN_WAVE_CURRENT: {
        double value = evaluate(drive, wave->children[0], t, role);
        *role = *role == MN_VOLTAGE ? MN_CURRENT : *role;
        return value;
    }
    case MN_WAVE_FLOATING:
    default:
        *role = MN_FLOATING;
        return 0.0;
    }
}

double mn_wave_evaluate(const mn_drive *drive, int32_t wave, double t, uint8_t *role)
{
    return evaluate(drive, wave, t, role);
}

void mn_drive_evaluate(const mn_drive *drive, double t, uint8_t *role, double *value)
{
    for (int64_t e = 0; e < drive->n_electrodes; e++) {
        if (drive->root[e] < 0) {
            role[e] = MN_FLOATING;
            value[e] = 0.0;
        } else {
            value[e] = evaluate(drive, drive->root[e], t, &role[e]);
        }
    }
}

/* ------------------------------------------------------------------ checks */

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

static void check_finite(int64_t n, const double *value, const char *const *name, finding *found)
{
    for (int64_t k = 0; k < n; k++) {
        wrong_unless(isfinite(value[k]), found, name[k], value[k]);
    }
}

static void check_triangle(const double *p, finding *found)
{
    static const char *const name[] = {"low", "high", "period", "phase"};
    check_finite(4, p, name, found);
    wrong_unless(p[2] > 0.0, found, "period", p[2]);
}

static void check_sine(const double *p, finding *found)
{
    static const char *const name[] = {"amplitude", "frequency", "offset", "phase"};
    check_finite(4, p, name, found);
    wrong_unless(p[1] > 0.0, found, "frequency", p[1]);
}

static void check_pulses(const double *p, finding *found)
{
    static const char *const name[] = {"low", "high", "length", "spacing"};
    check_finite(4, p, name, found);
    wrong_unless(p[2] > 0.0, found, "length", p[2]);
    wrong_unless(p[3] >= 0.0, found, "spacing", p[3]);
    wrong_unless(p[4] >= 0.0 && floor(p[4]) == p[4], found, "count", p[4]);
    wrong_unless(isfinite(p[5]), found, "start", p[5]);
}

static void check_values(int64_t n, const double *value, finding *found)
{
    for (int64_t k = 0; k < n; k++) {
        wrong_unless(isfinite(value[k]), found, "values", value[k]);
    }
}

static void check_steps(const mn_wave *wave, finding *found)
{
    int64_t n = wave->n_samples / 2;
    if (wrong_unless(2 * n == wave->n_samples, found, "samples", (double)wave->n_samples)) {
        return;
    }
    const double *time = wave->samples + n;
    check_values(n, wave->samples, found);
    for (int64_t k = 0; k < n; k++) {
        wrong_unless(isfinite(time[k]) && (k == 0 || time[k] > time[k - 1]), found, "times", time[k]);
    }
}

static void check_array(const mn_wave *wave, finding *found)
{
    const double *p = wave->p;
    wrong_unless(isfinite(p[0]) && p[0] > 0.0, found, "interval", p[0]);
    wrong_unless(p[1] == 0.0 || p[1] == 1.0, found, "repeat", p[1]);
    check_values(wave->n_samples, wave->samples, found);
}

static void check_concat(const mn_wave *wave, finding *found)
{
    if (wrong_unless(wave->n_samples == wave->n_children, found, "durations", (double)wave->n_samples)) {
        return;
    }
    for (int64_t k = 0; k < wave->n_samples; k++) {
        double duration = wave->samples[k];
        bool is_last = k == wave->n_samples - 1;
        wrong_unless(duration > 0.0 && (is_last || isfinite(duration)), found, "durations", duration);
    }
}

static void check_lists(const mn_wave *wave, int64_t index, finding *found)
{
    bool has_samples = wave->kind == MN_WAVE_STEPS || wave->kind == MN_WAVE_ARRAY || wave->kind == MN_WAVE_CONCAT;
    bool has_children = wave->kind == MN_WAVE_SUM || wave->kind == MN_WAVE_CONCAT;
    int64_t n_own = wave->kind == MN_WAVE_CURRENT ? 1 : 0;
    int64_t n = wave->n_samples, n_children = wave->n_children;
    wrong_unless(has_samples ? n > 0 && wave->samples != NULL : n == 0, found, "samples", (double)n);
    wrong_unless(has_children ? n_children > 0 : n_children == n_own, found, "children", (double)n_children);
    wrong_unless(n_children == 0 || wave->children != NULL, found, "children", (double)n_children);
    for (int64_t k = 0; found->what == NULL && k < n_children; k++) {
        int32_t child = wave->children[k];
        wrong_unless(child >= 0 && child < index, found, "children", (double)child);
    }
}

static void check_numbers(const mn_wave *wave, finding *found)
{
    switch (wave->kind) {
    case MN_WAVE_CONSTANT:
        wrong_unless(isfinite(wave->p[0]), found, "value", wave->p[0]);
        break;
    case MN_WAVE_TRIANGLE:
        check_triangle(wave->p, found);
        break;
    case MN_WAVE_SINE:
        check_sine(wave->p, found);
        break;
    case MN_WAVE_PULSES:
        check_pulses(wave->p, found);
        break;
    case MN_WAVE_STEPS:
        check_steps(wave, found);
        break;
    case MN_WAVE_ARRAY:
        check_array(wave, found);
        break;
    case MN_WAVE_CONCAT:
        check_concat(wave, found);
        break;
    case MN_WAVE_FLOATING:
    case MN_WAVE_SUM:
    case MN_WAVE_CURRENT:
        break;
    default:
        wrong_unless(false, found, "kind", (double)wave->kind);
        break;
    }
}

/* What is known of each wave: the roles it takes in its life, and how deep it is nested. */
typedef struct {
    uint8_t roles; /* bits 1 << mn_role */
    int16_t depth;
} wave_facts;

static void check_roles(const mn_wave *wave, int64_t index, wave_facts *facts, finding *found)
{
    unsigned roles = 0;
    int depth = 0;
    for (int64_t k = 0; k < wave->n_children; k++) {
        const wave_facts *child = &facts[wave->children[k]];
        roles |= child->roles;
        depth = child->depth > depth ? child->depth : depth;
    }
    if (wave->kind == MN_WAVE_SUM) {
        wrong_unless((roles & (roles - 1)) == 0, found, "role", NAN); /* two bits: two roles */
    } else if (wave->kind == MN_WAVE_CURRENT) {
        wrong_unless((roles & 1u << MN_CURRENT) == 0, found, "role", NAN);
        roles = (roles & 1u << MN_FLOATING) | ((roles & 1u << MN_VOLTAGE) != 0 ? 1u << MN_CURRENT : 0);
    } else if (wave->kind == MN_WAVE_FLOATING) {
        roles = 1u << MN_FLOATING;
    } else if (wave->kind != MN_WAVE_CONCAT) {
        roles = 1u << MN_VOLTAGE;
    }
    wrong_unless(depth < MAX_DEPTH, found, "depth", (double)depth);
    facts[index] = (wave_facts){.roles = (uint8_t)roles, .depth = (int16_t)(depth + 1)};
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
        check_lists(&wave[w], w, &found);
        if (found.what == NULL) {
            check_numbers(&wave[w], &found);
            check_roles(&wave[w], w, facts, &found);
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

/* ------------------------------------------------------------------ life */

/* When each part of a concatenation starts, after its durations. The sum carries its rounding error along (Neumaier
 * 1974), or 100,000 parts of 0.1 s would end 1e-8 s off, more than the boundaries allow. */
static void add_starts(mn_wave *wave)
{
    double *start = wave->samples + wave->n_samples;
    double sum = 0.0, lost = 0.0;
    for (int64_t k = 0; k < wave->n_samples; k++) {
        double duration = wave->samples[k];
        start[k] = sum + lost;
        double next = sum + duration;
        lost += sum >= duration ? (sum - next) + duration : (duration - next) + sum;
        sum = next;
    }
}

static int copy_wave(mn_wave *copy, const mn_wave *wave)
{
    *copy = *wave;
    copy->samples = NULL;
    copy->children = NULL;
    if (wave->n_samples > 0) {
        bool has_starts = wave->kind == MN_WAVE_CONCAT;
        copy->samples = mn_alloc(wave->n_samples, (has_starts ? 2 : 1) * sizeof(double));
        if (copy->samples == NULL) {
            return MN_ERR_NO_MEMORY;
        }
        memcpy(copy->samples, wave->samples, (size_t)wave->n_samples * sizeof(double));
        if (has_starts) {
            add_starts(copy);
        }
    }
    if (wave->n_children > 0) {
        copy->children = mn_alloc(wave->n_children, sizeof(int32_t));
        if (copy->children == NULL) {
            return MN_ERR_NO_MEMORY;
        }
        memcpy(copy->children, wave->children, (size_t)wave->n_children * sizeof(int32_t));
    }
    return MN_OK;
}

int mn_drive_init(mn_drive *drive, int64_t n_electrodes, const int32_t *root, int64_t n_waves, const mn_wave *wave,
                  mn_error *error)
{
    *drive = (mn_drive){.n_electrodes = 0, .n_waves = 0, .wave = NULL, .root = NULL};
    int code = check_roots(n_electrodes, root, n_waves, wave, error);
    if (code != MN_OK) {
        goto out;
    }
    code = check_waves(n_electrodes, root, n_waves, wave, error);
    if (code != MN_OK) {
        goto out;
    }
    drive->wave = mn_alloc(n_waves, sizeof *drive->wave);
    drive->root = mn_alloc(n_electrodes, sizeof *drive->root);
    if (drive->wave == NULL || drive->root == NULL) {
        code = mn_error_set(error, MN_ERR_NO_MEMORY);
        goto out;
    }
    drive->n_waves = n_waves;
    drive->n_electrodes = n_electrodes;
    if (n_electrodes > 0) {
        memcpy(drive->root, root, (size_t)n_electrodes * sizeof *root);
    }
    for (int64_t w = 0; w < n_waves; w++) {
        code = copy_wave(&drive->wave[w], &wave[w]);
        if (code != MN_OK) {
            code = mn_error_set(error, code);
            goto out;
        }
    }
out:
    if (code != MN_OK) {
        mn_drive_free(drive);
    }
    return code;
}

void mn_drive_free(mn_drive *drive)
{
    for (int64_t w = 0; w < drive->n_waves; w++) {
        mn_dealloc(drive->wave[w].samples);
        mn_dealloc(drive->wave[w].children);
    }
    mn_dealloc(drive->wave);
    mn_dealloc(drive->root);
    *drive = (mn_drive){.n_electrodes = 0, .n_waves = 0, .wave = NULL, .root = NULL};
}
