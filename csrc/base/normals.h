/* Normal numbers from counters, for many lanes at once: the words of mn_philox, and two numbers of two words each, by
 * the rules of kernels.h. */
#ifndef MN_NORMALS_H
#define MN_NORMALS_H

#include "base/turns.h"
#include "base/vector.h"

enum { MN_LANES = 8 };

/* Bijective, 0 to 0, and spreads each bit over the word: the finaliser of Steele, Lea and Flood's splitmix64 (2014). */
static inline uint64_t mn_mixed(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* The key of mn_philox. */
static inline uint64_t mn_philox_key(uint64_t seed, uint64_t stream)
{
    return seed ^ mn_mixed(stream);
}

/* The four words of mn_philox for a key in each lane, in place of the counters: index and draw, low words first. */
MN_KERNEL void mn_kernel_philox(uint64_t key, uint32_t (*restrict word)[MN_LANES])
{
    for (int l = 0; l < MN_LANES; l++) {
        uint32_t x0 = word[0][l], x1 = word[1][l], x2 = word[2][l], x3 = word[3][l];
        uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
        MN_UNROLLED_10
        for (int round = 0; round < 10; round++) {
            const uint64_t p0 = (uint64_t)x0 * UINT32_C(0xd2511f53), p1 = (uint64_t)x2 * UINT32_C(0xcd9e8d57);
            x0 = (uint32_t)(p1 >> 32) ^ x1 ^ k0;
            x1 = (uint32_t)p1;
            x2 = (uint32_t)(p0 >> 32) ^ x3 ^ k1;
            x3 = (uint32_t)p0;
            k0 += UINT32_C(0x9e3779b9);
            k1 += UINT32_C(0xbb67ae85);
        }
        word[0][l] = x0;
        word[1][l] = x1;
        word[2][l] = x2;
        word[3][l] = x3;
    }
}

/* A whole number below 2^32 as a double. */
MN_KERNEL double mn_kernel_of_word(uint32_t word)
{
    return mn_of_bits(word | UINT64_C(0x4330000000000000)) - 0x1p52;
}

/* Two independent numbers of the standard normal distribution from two words, within +-6.67 (Box and Muller 1958): the
 * radius is that of a uniform number in (0, 1], the direction that of one of 2^32. */
MN_KERNEL void mn_kernel_normal_pair(uint32_t of_radius, uint32_t of_direction, double *first, double *second)
{
    const double radius = sqrt(-2.0 * mn_kernel_log((mn_kernel_of_word(of_radius) + 1.0) * 0x1p-32));
    const uint32_t shifted = of_direction + (UINT32_C(1) << 29); /* quarter turns are then the nearest ones */
    const uint64_t quadrant = shifted >> 30;
    const double turns = (mn_kernel_of_word(shifted & UINT32_C(0x3fffffff)) - 0x1p29) * 0x1p-32;
    const double sine = mn_kernel_sin_small_turns(turns), cosine = mn_kernel_cos_small_turns(turns);
    const int is_odd = (shifted & (UINT32_C(1) << 30)) != 0;
    const double x = mn_choose(is_odd, sine, cosine), y = mn_choose(is_odd, cosine, sine);
    *first = radius * mn_of_bits(mn_bits(x) ^ ((quadrant + 1) & 2) << 62);
    *second = radius * mn_of_bits(mn_bits(y) ^ (quadrant & 2) << 62);
}

/* A pair in each lane. */
MN_KERNEL void mn_kernel_normals(const uint32_t *restrict of_radius, const uint32_t *restrict of_direction,
                                 double *restrict first, double *restrict second)
{
    for (int l = 0; l < MN_LANES; l++) {
        mn_kernel_normal_pair(of_radius[l], of_direction[l], &first[l], &second[l]);
    }
}

#endif
