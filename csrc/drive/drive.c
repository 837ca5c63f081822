/* What is done to each electrode as a function of time: waveform expressions, checked once, evaluated every step. */
#include "drive/waveform.h"

#include <math.h>
#include <string.h>

/* ------------------------------------------------------------------ evaluation */

double mn_wave_evaluate(const mn_drive *drive, int32_t index, double t, uint8_t *role)
{
    const mn_wave *wave = &drive->wave[index];
    const mn_waveform *form = &mn_waveforms[wave->kind]; /* a kind that mn_drive_init has checked */
    if (form->value == NULL) {
        return form->node_value(drive, wave, t, role);
    }
    *role = MN_VOLTAGE;
    return form->value(wave, t);
}

double mn_wave_period(const mn_drive *drive, int32_t index, double t)
{
    const mn_wave *wave = &drive->wave[index];
    const mn_waveform *form = &mn_waveforms[wave->kind];
    if (form->period != NULL) {
        return form->period(drive, wave, t);
    }
    double shortest = INFINITY;
    for (int64_t k = 0; k < wave->n_children; k++) {
        shortest = fmin(shortest, mn_wave_period(drive, wave->children[k], t));
    }
    return shortest;
}

double mn_drive_period(const mn_drive *drive, double t)
{
    double shortest = INFINITY;
    for (int64_t e = 0; e < drive->n_electrodes; e++) {
        shortest = drive->root[e] < 0 ? shortest : fmin(shortest, mn_wave_period(drive, drive->root[e], t));
    }
    return shortest;
}

mn_corner mn_wave_corner_until(const mn_drive *drive, int32_t index, double t, double until)
{
    const mn_wave *wave = &drive->wave[index];
    const mn_waveform *form = &mn_waveforms[wave->kind];
    if (form->corner == NULL) {
        return form->node_corner(drive, wave, t, until);
    }
    mn_corner first = form->corner(wave, t), next = first;
    first.jump = false;
    /* Only samples, and a spike with its three, make corners of both kinds: else the first speaks for all. */
    for (int64_t k = 0; k <= wave->n_samples + 2 && next.time <= until && !first.jump; k++) {
        first.jump = next.jump;
        next = form->corner(wave, next.time);
    }
    return first;
}

mn_corner mn_wave_next_corner(const mn_drive *drive, int32_t index, double t)
{
    mn_corner first = mn_wave_corner_until(drive, index, t, t);
    return isfinite(first.time) ? mn_wave_corner_until(drive, index, t, first.time) : first;
}

mn_corner mn_drive_corner_until(const mn_drive *drive, double t, double until)
{
    mn_corner first = mn_corner_none();
    for (int64_t e = 0; e < drive->n_electrodes; e++) {
        if (drive->root[e] >= 0) {
            mn_corner corner = mn_wave_corner_until(drive, drive->root[e], t, until);
            first.time = fmin(first.time, corner.time);
            first.jump = first.jump || corner.jump;
        }
    }
    return first;
}

void mn_drive_evaluate(const mn_drive *drive, double t, uint8_t *role, double *value)
{
    for (int64_t e = 0; e < drive->n_electrodes; e++) {
        if (drive->root[e] < 0) {
            role[e] = MN_FLOATING;
            value[e] = 0.0;
        } else {
            value[e] = mn_wave_evaluate(drive, drive->root[e], t, &role[e]);
        }
    }
}

double mn_wave_limit(const mn_drive *drive, int32_t index, double t)
{
    const mn_wave *wave = &drive->wave[index];
    const mn_waveform *form = &mn_waveforms[wave->kind];
    return form->node_limit == NULL ? INFINITY : form->node_limit(drive, wave, t);
}

void mn_drive_limits(const mn_drive *drive, double t, double *limit)
{
    for (int64_t e = 0; e < drive->n_electrodes; e++) {
        limit[e] = drive->root[e] < 0 ? INFINITY : mn_wave_limit(drive, drive->root[e], t);
    }
}

/* ------------------------------------------------------------------ a life as a whole */

unsigned mn_wave_roles(const mn_drive *drive, int32_t index)
{
    const mn_wave *wave = &drive->wave[index];
    unsigned of_children = 0;
    for (int64_t k = 0; k < wave->n_children; k++) {
        of_children |= mn_wave_roles(drive, wave->children[k]);
    }
    return mn_waveform_roles(&mn_waveforms[wave->kind], of_children);
}

bool mn_drive_has_limits(const mn_drive *drive)
{
    bool has_limits = false;
    for (int64_t e = 0; e < drive->n_electrodes; e++) {
        has_limits =
            has_limits || (drive->root[e] >= 0 && (mn_wave_roles(drive, drive->root[e]) & 1u << MN_LIMITED) != 0);
    }
    return has_limits;
}

bool mn_drive_is_voltage(const mn_drive *drive)
{
    bool all = true;
    for (int64_t e = 0; e < drive->n_electrodes && all; e++) {
        all = drive->root[e] >= 0 && mn_wave_roles(drive, drive->root[e]) == 1u << MN_VOLTAGE;
    }
    return all;
}

/* Whether a wave is constant after its last corner. Of parts in a row the last one decides. */
static bool settles(const mn_drive *drive, int32_t index)
{
    const mn_wave *wave = &drive->wave[index];
    const mn_waveform *form = &mn_waveforms[wave->kind];
    bool in_a_row = form->argument[0].kind == MN_ARGUMENT_DURATIONS;
    bool all = form->flat || form->settles;
    for (int64_t k = in_a_row ? wave->n_children - 1 : 0; all && k < wave->n_children; k++) {
        all = settles(drive, wave->children[k]);
    }
    return all;
}

double mn_wave_end(const mn_drive *drive, int32_t index)
{
    uint8_t role;
    if (!settles(drive, index)) {
        return INFINITY;
    }
    double end = 0.0;
    mn_corner corner = mn_wave_next_corner(drive, index, nextafter(0.0, -1.0));
    for (int64_t k = 0; k < MN_MOST_CORNERS && isfinite(corner.time); k++) {
        end = corner.time;
        corner = mn_wave_next_corner(drive, index, end);
    }
    return !isfinite(corner.time) && mn_wave_evaluate(drive, index, end, &role) == 0.0 ? end : INFINITY;
}

/* ------------------------------------------------------------------ constant drives */

bool mn_drive_is_constant(const mn_drive *drive)
{
    bool is_constant = true;
    for (int64_t e = 0; e < drive->n_electrodes; e++) {
        is_constant = is_constant && (drive->root[e] < 0 || drive->wave[drive->root[e]].kind == MN_WAVE_CONSTANT);
    }
    return is_constant;
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
    bool has_starts = mn_waveforms[wave->kind].argument[0].kind == MN_ARGUMENT_DURATIONS;
    *copy = *wave;
    copy->reached = MN_REACHED;
    copy->samples = mn_alloc(wave->n_samples, (has_starts ? 2 : 1) * sizeof(double));
    copy->children = mn_alloc(wave->n_children, sizeof(int32_t));
    if (copy->samples == NULL || copy->children == NULL) {
        return MN_ERR_NO_MEMORY;
    }
    if (wave->n_samples > 0) {
        memcpy(copy->samples, wave->samples, (size_t)wave->n_samples * sizeof(double));
    }
    if (wave->n_children > 0) {
        memcpy(copy->children, wave->children, (size_t)wave->n_children * sizeof(int32_t));
    }
    if (has_starts) {
        add_starts(copy);
    }
    return MN_OK;
}

int mn_drive_init(mn_drive *drive, int64_t n_electrodes, const int32_t *root, int64_t n_waves, const mn_wave *wave,
                  mn_error *error)
{
    *drive = (mn_drive){.n_electrodes = 0, .n_waves = 0, .wave = NULL, .root = NULL};
    int code = mn_drive_check(n_electrodes, root, n_waves, wave, error);
    if (code != MN_OK) {
        return code;
    }
    drive->wave = mn_alloc(n_waves, sizeof *drive->wave);
    drive->root = mn_alloc(n_electrodes, sizeof *drive->root);
    code = drive->wave == NULL || drive->root == NULL ? MN_ERR_NO_MEMORY : MN_OK;
    if (code == MN_OK && n_electrodes > 0) {
        memcpy(drive->root, root, (size_t)n_electrodes * sizeof *root);
        drive->n_electrodes = n_electrodes;
    }
    while (code == MN_OK && drive->n_waves < n_waves) {
        int64_t w = drive->n_waves++;
        code = copy_wave(&drive->wave[w], &wave[w]);
    }
    if (code != MN_OK) {
        mn_drive_free(drive);
        return mn_error_set(error, code);
    }
    return MN_OK;
}

int mn_drive_copy_exact(mn_drive *copy, const mn_drive *drive, mn_error *error)
{
    mn_drive exact;
    int code = mn_drive_init(&exact, drive->n_electrodes, drive->root, drive->n_waves, drive->wave, error);
    if (code != MN_OK) {
        return code;
    }
    for (int64_t w = 0; w < exact.n_waves; w++) {
        exact.wave[w].reached = 0.0;
    }
    mn_drive_free(copy);
    *copy = exact;
    return MN_OK;
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
