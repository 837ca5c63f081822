/* The waveforms made of others: the value and the role of each at a time, and its next corner after one. */
#include "drive/waveform.h"

#include <math.h>

double mn_floating_value(const mn_drive *drive, const mn_wave *wave, double t, uint8_t *role)
{
    (void)drive;
    (void)wave;
    (void)t;
    *role = MN_FLOATING;
    return 0.0;
}

mn_corner mn_floating_corner(const mn_drive *drive, const mn_wave *wave, double t)
{
    (void)drive;
    return mn_no_corner(wave, t);
}

double mn_sum_value(const mn_drive *drive, const mn_wave *wave, double t, uint8_t *role)
{
    double sum = mn_wave_evaluate(drive, wave->children[0], t, role);
    for (int64_t k = 1; k < wave->n_children; k++) {
        sum += mn_wave_evaluate(drive, wave->children[k], t, role);
    }
    return sum;
}

mn_corner mn_sum_corner(const mn_drive *drive, const mn_wave *wave, double t)
{
    mn_corner first = mn_corner_none();
    for (int64_t k = 0; k < wave->n_children; k++) {
        mn_corner corner = mn_wave_next_corner(drive, wave->children[k], t);
        if (corner.time < first.time) {
            first = corner;
        } else if (corner.time == first.time) {
            first.jump = first.jump || corner.jump;
        }
    }
    return first;
}

/* When each part of a concatenation starts: mn_drive_init wrote it behind the durations. */
static const double *starts(const mn_wave *wave)
{
    return wave->samples + wave->n_samples;
}

double mn_concat_value(const mn_drive *drive, const mn_wave *wave, double t, uint8_t *role)
{
    const double *start = starts(wave);
    int64_t k = mn_interval_at(wave->n_children, start, t);
    double local = k > 0 && t < start[k] ? 0.0 : t - start[k];
    return mn_wave_evaluate(drive, wave->children[k], local, role);
}

mn_corner mn_concat_corner(const mn_drive *drive, const mn_wave *wave, double t)
{
    const double *start = starts(wave);
    int64_t next = mn_first_after(wave->n_children, start, 1, t);
    mn_corner end = {.time = next < wave->n_children ? start[next] : INFINITY, .jump = true};
    double begin = start[next - 1];
    mn_corner corner = mn_wave_next_corner(drive, wave->children[next - 1], t - begin);
    if (begin + corner.time <= t) {
        /* Rounding put t - begin before a corner that is at t: ask from the next number that t may be. */
        corner = mn_wave_next_corner(drive, wave->children[next - 1], nextafter(t, INFINITY) - begin);
    }
    corner.time += begin;
    /* what is nearer to the end than rounding is the end, as for mn_interval_at */
    double last = isfinite(end.time) ? end.time - MN_REACHED * (end.time - begin) : INFINITY;
    return corner.time > t && corner.time < last ? corner : end;
}

double mn_current_value(const mn_drive *drive, const mn_wave *wave, double t, uint8_t *role)
{
    double value = mn_wave_evaluate(drive, wave->children[0], t, role);
    *role = *role == MN_VOLTAGE ? MN_CURRENT : *role;
    return value;
}

mn_corner mn_current_corner(const mn_drive *drive, const mn_wave *wave, double t)
{
    return mn_wave_next_corner(drive, wave->children[0], t);
}
