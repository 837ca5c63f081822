/* Counter-based random numbers: Philox 4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
 * 1, 2, 3" (SC11, 2011). A number depends on (seed, stream, index, draw) alone, never on the order of the calls. */
#include "memnet.h"
#include "base/normals.h"

#include <math.h>

/* Philox has 64 bits of key and 128 of counter. Index and draw are the counter, low words first, and the key is
 * seed xor mn_mixed(stream): different streams of a seed, and a stream of different seeds, never share a key. */
void mn_philox(uint64_t seed, uint64_t stream, uint64_t index, uint64_t draw, uint32_t word[4])
{
    uint64_t key = mn_philox_key(seed, stream);
    uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
    uint32_t x0 = (uint32_t)index, x1 = (uint32_t)(index >> 32);
    uint32_t x2 = (uint32_t)draw, x3 = (uint32_t)(draw >> 32);
    for (int round = 0; round < 10; round++) {
        uint64_t p0 = UINT64_C(0xd2511f53) * x0;
        uint64_t p1 = UINT64_C(0xcd9e8d57) * x2;
        x0 = (uint32_t)(p1 >> 32) ^ x1 ^ k0;
        x1 = (uint32_t)p1;
        x2 = (uint32_t)(p0 >> 32) ^ x3 ^ k1;
        x3 = (uint32_t)p0;
        k0 += UINT32_C(0x9e3779b9);
        k1 += UINT32_C(0xbb67ae85);
    }
    word[0] = x0;
    word[1] = x1;
    word[2] = x2;
    word[3] = x3;
}

void mn_uniform2(uint64_t seed, uint64_t stream, uint64_t index, uint64_t draw, double u[2])
{
    uint32_t word[4];
    mn_philox(seed, stream, index, draw, word);
    for (int k = 0; k < 2; k++) {
        uint64_t bits = (uint64_t)word[2 * k + 1] << 32 | word[2 * k];
        u[k] = (double)(bits >> 11) * 0x1p-53;
    }
}

/* Box and Muller 1958. 1 - u[0] is in (0, 1]; the cosine is a sine a quarter of a turn on. */
double mn_normal(uint64_t seed, uint64_t stream, uint64_t index, uint64_t draw)
{
    double u[2];
    mn_uniform2(seed, stream, index, draw, u);
    return sqrt(-2.0 * mn_log1(1.0 - u[0])) * mn_sin_turns(u[1] + 0.25);
}

/* Uniform in 0..bound-1 without bias: multiply and reject the few words that would favour some results (Lemire, "Fast
 * random integer generation in an interval", 2019). */
static uint32_t below(uint64_t seed, uint64_t stream, uint64_t index, uint32_t bound)
{
    uint32_t rejected = (0u - bound) % bound; /* 2^32 mod bound */
    uint32_t word[4];
    for (uint64_t draw = 0;; draw++) {
        mn_philox(seed, stream, index, draw, word);
        for (int k = 0; k < 4; k++) {
            uint64_t product = (uint64_t)word[k] * bound;
            if ((uint32_t)product >= rejected) {
                return (uint32_t)(product >> 32);
            }
        }
    }
}

void mn_permutation(uint64_t seed, uint64_t stream, int64_t n, int32_t *permutation)
{
    for (int64_t k = 0; k < n; k++) {
        permutation[k] = (int32_t)k;
    }
    for (int64_t k = n - 1; k > 0; k--) {
        uint32_t other = below(seed, stream, (uint64_t)k, (uint32_t)(k + 1));
        int32_t moved = permutation[k];
        permutation[k] = permutation[other];
        permutation[other] = moved;
    }
}
