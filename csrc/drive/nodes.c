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

double mn_sum_value(const mn_drive *drive, const mn_wave *wave, double t, uint8_t *role)
{
    double sum = mn_wave_evaluate(drive, wave->children[0], t, role);
    for (int64_t k = 1; k < wave->n_children; k++) {
        sum += mn_wave_evaluate(drive, wave->children[k], t, role);
    }
    return sum;
}

mn_corner mn_corner_of_any(const mn_drive *drive, const mn_wave *wave, double t, double until)
{
    mn_corner first = mn_corner_none();
    for (int64_t k = 0; k < wave->n_children; k++) {
        mn_corner corner = mn_wave_corner_until(drive, wave->children[k], t, until);
        first.time = fmin(first.time, corner.time);
        first.jump = first.jump || corner.jump;
    }
    return first;
}

/* The part of `concat` at t, and its own time then. */
static int32_t part_at(const mn_wave *wave, double t, double *local)
{
    const double *start = wave->samples + wave->n_samples; /* mn_drive_init wrote them behind the durations */
    int64_t k = mn_interval_at(wave->n_children, start, wave->reached, t);
    *local = k > 0 && t < start[k] ? 0.0 : t - start[k];
    return wave->children[k];
}

double mn_concat_value(const mn_drive *drive, const mn_wave *wave, double t, uint8_t *role)
{
    double local;
    int32_t part = part_at(wave, t, &local);
    return mn_wave_evaluate(drive, part, local, role);
}

double mn_concat_limit(const mn_drive *drive, const mn_wave *wave, double t)
{
    double local;
    int32_t part = part_at(wave, t, &local);
    return mn_wave_limit(drive, part, local);
}

double mn_concat_period(const mn_drive *drive, const mn_wave *wave, double t)
{
    double local;
    int32_t part = part_at(wave, t, &local);
    return mn_wave_period(drive, part, local);
}

double mn_last_of_part(double begin, double t)
{
    double local = (t - begin) + 0.5 * (nextafter(t, INFINITY) - t);
    while (begin + local > t) { /* both loops: once or twice */
        local = nextafter(local, -INFINITY);
    }
    while (begin + nextafter(local, INFINITY) <= t) {
        local = nextafter(local, INFINITY);
    }
    return local;
}

mn_corner mn_concat_corner(const mn_drive *drive, const mn_wave *wave, double t, double until)
{
    const int64_t n = wave->n_children;
    const double *start = wave->samples + wave->n_samples;
    int64_t next = mn_first_after(n, start, 1, t);
    double begin = start[next - 1], end = next < n ? start[next] : INFINITY;
    /* what is nearer to the end than rounding is the end, as for mn_interval_at */
    double last = next < n ? mn_reached_from(n, start, wave->reached, next) : INFINITY;
    mn_corner corner = mn_wave_corner_until(drive, wave->children[next - 1], mn_last_of_part(begin, t),
                                            mn_last_of_part(begin, fmin(until, nextafter(last, -INFINITY))));
    corner.time += begin;
    corner.jump = corner.jump || end <= until;
    corner.time = corner.time < last ? corner.time : end;
    return corner;
}

double mn_current_value(const mn_drive *drive, const mn_wave *wave, double t, uint8_t *role)
{
    double value = mn_wave_evaluate(drive, wave->children[0], t, role);
    *role = *role == MN_VOLTAGE ? MN_CURRENT : *role;
    return value;
}

double mn_limited_value(const mn_drive *drive, const mn_wave *wave, double t, uint8_t *role)
{
    return mn_wave_evaluate(drive, wave->children[0], t, role);
}

double mn_limited_limit(const mn_drive *drive, const mn_wave *wave, double t)
{
    (void)drive;
    (void)t;
    return wave->p[0];
}
