/* Circular functions of any angle, one number at a time. Beyond MN_ANGLE_MOST quarter turns are taken off exactly, in
 * integers: the method of Payne and Hanek, "Radian reduction for trigonometric functions", 1983. */
#include "base/circular.h"
#include "base/vector.h"

enum { N_WORDS = 6 };

MN_VECTOR
bool mn_has_far_angle(int64_t n, const double *x)
{
    uint64_t some = 0;
    for (int64_t k = 0; k < n; k++) {
        some |= mn_bits(mn_choose(fabs(x[k]) > MN_ANGLE_MOST, 1.0, 0.0));
    }
    return some != 0;
}

/* 192 bits of 2 / pi from bit `first` on, where bit 1 is the first one after the point, lowest word first. */
static void window_of_two_over_pi(int64_t first, uint32_t word[N_WORDS])
{
    /* Two words before the point, then as many bits as the largest exponent asks for. */
    static const uint32_t two_over_pi[] = {
        0,          0,          0xa2f9836e, 0x4e441529, 0xfc2757d1, 0xf534ddc0, 0xdb629599, 0x3c439041, 0xfe5163ab,
        0xdebbc561, 0xb7246e3a, 0x424dd2e0, 0x06492eea, 0x09d1921c, 0xfe1deb1c, 0xb129a73e, 0xe88235f5, 0x2ebb4484,
        0xe99c7026, 0xb45f7e41, 0x3991d639, 0x835339f4, 0x9c845f8b, 0xbdf9283b, 0x1ff897ff, 0xde05980f, 0xef2f118b,
        0x5a0a6d1f, 0x6d367ecf, 0x27cb09b7, 0x4f463f66, 0x9e5fea2d, 0x7527bac7, 0xebe5f17b, 0x3d0739f7, 0x8a5292ea,
        0x6bfb5fb1, 0x1f8d5d08, 0x56033046, 0xfc7b6bab, 0xf0cfbc20, 0x9af4361d,
    };
    const int64_t start = first - 1 + 64, shift = start % 32;
    for (int k = 0; k < N_WORDS; k++) {
        const uint64_t high = two_over_pi[start / 32 + k], low = two_over_pi[start / 32 + k + 1];
        word[N_WORDS - 1 - k] = (uint32_t)((high << 32 | low) >> (32 - shift));
    }
}

/* product = word * factor, modulo 2^192. */
static void multiply(const uint32_t word[N_WORDS], uint64_t factor, uint32_t product[N_WORDS])
{
    const uint64_t low = factor & UINT32_MAX, high = factor >> 32;
    uint64_t carry = 0;
    for (int k = 0; k < N_WORDS; k++) {
        const uint64_t one = low * word[k], two = k > 0 ? high * word[k - 1] : 0;
        const uint64_t sum = carry + (one & UINT32_MAX) + (two & UINT32_MAX);
        product[k] = (uint32_t)sum;
        carry = (sum >> 32) + (one >> 32) + (two >> 32);
    }
}

/* x = m 2^e quarter turns times 2 / pi, modulo 4: bits of 2 / pi that make multiples of 4 of it are left out. With the
 * next 192 of them the product stands in units of 2^-190. */
static mn_angle far_angle(double x)
{
    const uint64_t bits = mn_bits(x);
    const int64_t e = (int64_t)(bits >> 52 & 2047) - 1075;
    const uint64_t m = (bits & UINT64_C(0xfffffffffffff)) | UINT64_C(1) << 52;
    uint32_t window[N_WORDS], turns[N_WORDS];
    window_of_two_over_pi(e - 1, window);
    multiply(window, m, turns);

    uint64_t quadrant = turns[N_WORDS - 1] >> 30;
    turns[N_WORDS - 1] &= UINT32_C(0x3fffffff);
    const bool is_above_half = turns[N_WORDS - 1] >> 29 != 0;
    if (is_above_half) { /* 1 less the fraction, to one unit */
        quadrant++;
        for (int k = 0; k < N_WORDS; k++) {
            turns[k] = ~turns[k];
        }
        turns[N_WORDS - 1] &= UINT32_C(0x3fffffff);
    }
    mn_double2 fraction = {0.0, 0.0};
    for (int k = N_WORDS - 1; k >= 0; k--) {
        mn_double2 sum = mn_double2_sum(fraction.high, ldexp((double)turns[k], 32 * k - 190));
        fraction = mn_double2_renormal(sum.high, sum.low + fraction.low);
    }
    mn_double2 r = mn_double2_product(fraction.high, 0x1.921fb54442d18p+0);
    r = mn_double2_renormal(r.high,
                            r.low + (fraction.high * 0x1.1a62633145c07p-54 + fraction.low * 0x1.921fb54442d18p+0));
    const bool is_negative = is_above_half != signbit(x);
    quadrant = signbit(x) ? 4 - quadrant : quadrant;
    return (mn_angle){
        .r = is_negative ? -r.high : r.high,
        .c = is_negative ? -r.low : r.low,
        .is_odd = (double)(quadrant & 1),
        .quadrant = quadrant & 3,
    };
}

double mn_sin1(double x)
{
    return fabs(x) > MN_ANGLE_MOST && isfinite(x) ? mn_kernel_sin_of(far_angle(x)) : mn_kernel_sin(x);
}

double mn_cos1(double x)
{
    return fabs(x) > MN_ANGLE_MOST && isfinite(x) ? mn_kernel_cos_of(far_angle(x)) : mn_kernel_cos(x);
}

double mn_tan1(double x)
{
    return fabs(x) > MN_ANGLE_MOST && isfinite(x) ? mn_kernel_tan_of(far_angle(x)) : mn_kernel_tan(x);
}
