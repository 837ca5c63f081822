/* The waveforms of numbers: the value of each at a time, and its next corner after one. */
#include "drive/waveform.h"

#include "base/kernels.h"

#include <math.h>

/* ------------------------------------------------------------------ what several need */

mn_corner mn_no_corner(const mn_wave *wave, double t)
{
    (void)wave;
    (void)t;
    return mn_corner_none();
}

int64_t mn_first_after(int64_t n, const double *time, int64_t from, double t)
{
    int64_t low = from, high = n; /* what is before low is not after t, what is at high or later is */
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (time[middle] > t) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

/* How long before a boundary between intervals of these lengths it counts as reached: a part of the shorter one, but
 * the second, inf where there is none, leaves what the rounding of a step times dt needs. */
static double early(double reached, double before, double boundary, double after)
{
    return reached > 0.0 ? reached * fmin(before, fmax(after, 1e-15 / reached * fabs(boundary))) : 0.0;
}

double mn_reached_from(int64_t n, const double *start, double reached, int64_t k)
{
    double after = k + 1 < n ? start[k + 1] - start[k] : INFINITY;
    return start[k] - early(reached, start[k] - start[k - 1], start[k], after);
}

int64_t mn_interval_at(int64_t n, const double *start, double reached, double t)
{
    int64_t next = mn_first_after(n, start, 1, t);
    return next < n && t >= mn_reached_from(n, start, reached, next) ? next : next - 1;
}

/* The first of offset + period k, first <= k < end, after t, with its k; k = end where there is none, or where t is so
 * large that numbers lie further apart than periods. */
static double next_multiple(double offset, double period, double first, double end, double t, double *k)
{
    double guess = floor((t - offset) / period);
    *k = guess > first + 1.0 ? guess - 1.0 : first; /* rounding may have put the guess one too high */
    for (int tries = 0; tries < 4 && *k < end; tries++, *k += 1.0) {
        double time = offset + period * *k;
        if (time > t) {
            return time;
        }
    }
    *k = end;
    return INFINITY;
}

/* ------------------------------------------------------------------ the waveforms */

/* Their numbers, in the order of their rows. */
enum { CONSTANT_LEVEL };
enum { TRIANGLE_LOW, TRIANGLE_HIGH, TRIANGLE_PERIOD, TRIANGLE_PHASE };
enum { SINE_AMPLITUDE, SINE_FREQUENCY, SINE_OFFSET, SINE_PHASE };
enum { PULSES_LOW, PULSES_HIGH, PULSES_LENGTH, PULSES_SPACING, PULSES_COUNT, PULSES_START };
enum { ARRAY_DT, ARRAY_REPEATS };
enum { SPIKE_HIGH, SPIKE_LOW, SPIKE_RISE, SPIKE_FALL, SPIKE_BEFORE, SPIKE_AFTER };

double mn_constant_value(const mn_wave *wave, double t)
{
    (void)t;
    return wave->p[CONSTANT_LEVEL];
}

double mn_triangle_value(const mn_wave *wave, double t)
{
    const double *p = wave->p;
    double phase = t / p[TRIANGLE_PERIOD] + p[TRIANGLE_PHASE];
    phase -= floor(phase);
    double rise = p[TRIANGLE_HIGH] - p[TRIANGLE_LOW];
    /* from the nearer end, so that both ends come out exactly */
    if (phase < 0.25) {
        return p[TRIANGLE_LOW] + rise * (2.0 * phase);
    }
    if (phase > 0.75) {
        return p[TRIANGLE_LOW] + rise * (2.0 * (1.0 - phase));
    }
    return p[TRIANGLE_HIGH] - rise * fabs(2.0 * phase - 1.0);
}

mn_corner mn_triangle_corner(const mn_wave *wave, double t)
{
    const double *p = wave->p;
    double k;
    double time =
        next_multiple(-p[TRIANGLE_PHASE] * p[TRIANGLE_PERIOD], 0.5 * p[TRIANGLE_PERIOD], -INFINITY, INFINITY, t, &k);
    return (mn_corner){.time = time, .jump = false};
}

double mn_sine_value(const mn_wave *wave, double t)
{
    const double *p = wave->p;
    return p[SINE_OFFSET] + p[SINE_AMPLITUDE] * mn_sin_turns(p[SINE_FREQUENCY] * t + p[SINE_PHASE]);
}

double mn_sine_period(const mn_drive *drive, const mn_wave *wave, double t)
{
    (void)drive;
    (void)t;
    return wave->p[SINE_AMPLITUDE] == 0.0 ? INFINITY : 1.0 / wave->p[SINE_FREQUENCY];
}

double mn_pulses_value(const mn_wave *wave, double t)
{
    const double *p = wave->p;
    double period = p[PULSES_LENGTH] + p[PULSES_SPACING];
    double phase = (t - p[PULSES_START]) / period + wave->reached;
    double number = floor(phase);
    bool is_one = number >= 0.0 && number < p[PULSES_COUNT];
    return is_one && phase - number < p[PULSES_LENGTH] / period ? p[PULSES_HIGH] : p[PULSES_LOW];
}

mn_corner mn_pulses_corner(const mn_wave *wave, double t)
{
    const double *p = wave->p;
    double period = p[PULSES_LENGTH] + p[PULSES_SPACING], k;
    double rise = next_multiple(p[PULSES_START], period, 0.0, p[PULSES_COUNT], t, &k);
    double fall = k > 0.0 && isfinite(k) ? p[PULSES_START] + period * (k - 1.0) + p[PULSES_LENGTH] : INFINITY;
    return (mn_corner){.time = fall > t && fall < rise ? fall : rise, .jump = true};
}

double mn_steps_value(const mn_wave *wave, double t)
{
    int64_t n = wave->n_samples / 2;
    return wave->samples[mn_interval_at(n, wave->samples + n, wave->reached, t)];
}

mn_corner mn_steps_corner(const mn_wave *wave, double t)
{
    int64_t n = wave->n_samples / 2;
    const double *start = wave->samples + n;
    int64_t k = mn_first_after(n, start, 1, t);
    return k < n ? (mn_corner){.time = start[k], .jump = true} : mn_corner_none();
}

double mn_array_value(const mn_wave *wave, double t)
{
    double last = (double)(wave->n_samples - 1);
    double k = floor(t / wave->p[ARRAY_DT] + wave->reached);
    if (wave->p[ARRAY_REPEATS] != 0.0) {
        k -= (last + 1.0) * floor(k / (last + 1.0));
    }
    k = k > 0.0 ? (k < last ? k : last) : 0.0;
    return wave->samples[(int64_t)k];
}

mn_corner mn_array_corner(const mn_wave *wave, double t)
{
    bool repeats = wave->p[ARRAY_REPEATS] != 0.0;
    if (wave->n_samples == 1) {
        return mn_corner_none();
    }
    double k;
    double time = next_multiple(0.0, wave->p[ARRAY_DT], repeats ? -INFINITY : 1.0,
                                repeats ? INFINITY : (double)wave->n_samples, t, &k);
    return (mn_corner){.time = time, .jump = true};
}

double mn_piecewise_linear_value(const mn_wave *wave, double t)
{
    int64_t n = wave->n_samples / 2;
    const double *time = wave->samples, *value = wave->samples + n;
    int64_t k = mn_first_after(n, time, 0, t); /* the point after t */
    if (k == n) {
        return value[n - 1];
    }
    double length = k > 0 ? time[k] - time[k - 1] : fabs(time[0]), left = time[k] - t;
    bool jumps = k + 1 < n && time[k + 1] == time[k];
    double after = k + 2 < n ? time[k + 2] - time[k] : INFINITY;
    if (jumps && left <= early(wave->reached, length, time[k], after)) {
        return value[k + 1];
    }
    if (k == 0) {
        return value[0];
    }
    double rise = value[k] - value[k - 1];
    /* from the nearer end, so that both ends come out exactly */
    return left > 0.5 * length ? value[k - 1] + rise * ((t - time[k - 1]) / length) : value[k] - rise * (left / length);
}

mn_corner mn_piecewise_linear_corner(const mn_wave *wave, double t)
{
    int64_t n = wave->n_samples / 2;
    int64_t k = mn_first_after(n, wave->samples, 0, t);
    if (k == n || n == 1) {
        return mn_corner_none();
    }
    return (mn_corner){.time = wave->samples[k], .jump = k + 1 < n && wave->samples[k + 1] == wave->samples[k]};
}

/* What an exponential that fades by e in tau leaves a time after its start, less what it leaves at the end of the tail,
 * and 1 at the start: (e^(-gone/tau) - e^(-tail/tau))/(1 - e^(-tail/tau)). */
static double tail_of(double gone, double tau, double tail)
{
    double left = tail - gone;
    double share = tail / tau < 1e-200 ? left / tail : mn_kernel_expm1(-left / tau) / mn_kernel_expm1(-tail / tau);
    return mn_exp1(-gone / tau) * share;
}

double mn_spike_value(const mn_wave *wave, double t)
{
    const double *p = wave->p;
    double left = p[SPIKE_BEFORE] - t;
    if (left > early(wave->reached, p[SPIKE_BEFORE], p[SPIKE_BEFORE], p[SPIKE_AFTER])) {
        return t > 0.0 ? p[SPIKE_HIGH] * tail_of(left, p[SPIKE_RISE], p[SPIKE_BEFORE]) : 0.0;
    }
    double gone = fmax(-left, 0.0);
    return gone < p[SPIKE_AFTER] ? p[SPIKE_LOW] * tail_of(gone, p[SPIKE_FALL], p[SPIKE_AFTER]) : 0.0;
}

mn_corner mn_spike_corner(const mn_wave *wave, double t)
{
    const double *p = wave->p;
    double jump = p[SPIKE_BEFORE], end = jump + p[SPIKE_AFTER];
    if (t < jump) {
        return t < 0.0 ? (mn_corner){.time = 0.0, .jump = false} : (mn_corner){.time = jump, .jump = true};
    }
    return t < end ? (mn_corner){.time = end, .jump = false} : mn_corner_none();
}
