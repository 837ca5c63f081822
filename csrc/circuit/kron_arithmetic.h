/* Arithmetic of the Kron backend: sums in one order, and no subnormal numbers.
 *
 * Equal bits on every machine: sums run in one order, and every product below MN_KRON_TINY becomes 0 by an explicit
 * choice, so that no subnormal number arises, however the processor would treat one. That loses nothing: elimination
 * preserves effective conductance, so the largest weight of a node stays above the bottleneck of its widest path to the
 * electrodes divided by the number of nodes, and conductances of devices end far above (guarantee: exp(-300) S). */
#ifndef MN_KRON_ARITHMETIC_H
#define MN_KRON_ARITHMETIC_H

#include <float.h>
#include <math.h>
#include <stdint.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define MN_KRON_TINY 0x1p-960
/* The largest conductance taken: the sum over as many edges as 32-bit ids allow is then finite. */
#define MN_KRON_HUGE 0x1p960

/* In loops over arrays, which compilers vectorise. */
static inline double mn_kron_flush(double x)
{
    return x < MN_KRON_TINY ? 0.0 : x;
}

/* The same for numbers of any sign. */
static inline double mn_kron_flush_signed(double x)
{
    return fabs(x) < MN_KRON_TINY ? 0.0 : x;
}

/* As mn_kron_flush() for a number on its own: compilers would choose a jump or a detour through integer registers. */
static inline double mn_kron_flush_one(double x)
{
#if defined(__SSE2__)
    const __m128d v = _mm_set_sd(x);
    return _mm_cvtsd_f64(_mm_and_pd(v, _mm_cmpge_sd(v, _mm_set_sd(MN_KRON_TINY))));
#else
    return mn_kron_flush(x);
#endif
}

/* Long sums run in this many lanes: their rounding errors grow with the length of a lane, and Kirchhoff's law at a node
 * holds as well as its sums do. */
enum { MN_KRON_LANES = 8 };

static inline double mn_kron_join_lanes(const double lane[MN_KRON_LANES])
{
    return ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
}

/* W_k. */
static inline double mn_kron_total(int64_t n, const double *weight)
{
    double total = 0.0;
    if (n < MN_KRON_LANES) {
        for (int64_t q = 0; q < n; q++) {
            total += weight[q];
        }
        return total;
    }
    double lane[MN_KRON_LANES] = {0.0};
    int64_t q = 0;
    for (; q + MN_KRON_LANES <= n; q += MN_KRON_LANES) {
        for (int64_t i = 0; i < MN_KRON_LANES; i++) {
            lane[i] += weight[q + i];
        }
    }
    for (int64_t i = 0; q < n; q++, i++) {
        lane[i] += weight[q];
    }
    return mn_kron_join_lanes(lane);
}

/* p_kj = w_kj / W_k; all 0 where W_k = 0, so that nothing is carried on. A weight is 0 or at least MN_KRON_TINY, so a
 * share can be subnormal only where W_k is large: it is then 0. */
static inline void mn_kron_shares(int64_t n, const double *weight, double total, double *share)
{
    const double divisor = total > 0.0 ? total : 1.0;
    for (int64_t q = 0; q < n; q++) {
        share[q] = weight[q] / divisor;
    }
    for (int64_t q = 0; q < n && divisor > 0x1p60; q++) {
        share[q] = share[q] < DBL_MIN ? 0.0 : share[q];
    }
}

/* Subnormal operands and results as 0 while a kernel runs. The bits do not depend on it (see above); products that are
 * about to be flushed are then not slow on the way. */
static inline uint64_t mn_kron_fast_subnormals(void)
{
#if defined(__SSE2__)
    const unsigned mode = _mm_getcsr();
    _mm_setcsr(mode | 0x8040u); /* FTZ, DAZ */
    return mode;
#elif defined(__aarch64__)
    uint64_t mode;
    __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
    __asm__ volatile("msr fpcr, %0" : : "r"(mode | (UINT64_C(1) << 24))); /* FZ */
    return mode;
#else
    return 0;
#endif
}

static inline void mn_kron_restore_subnormals(uint64_t mode)
{
#if defined(__SSE2__)
    _mm_setcsr((unsigned)mode);
#elif defined(__aarch64__)
    __asm__ volatile("msr fpcr, %0" : : "r"(mode));
#else
    (void)mode;
#endif
}

#endif
