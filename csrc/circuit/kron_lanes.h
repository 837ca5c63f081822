/* Four numbers at a time: of a batch of columns, of a row of a front, of replicas. Vectors of gcc and clang: left to
 * themselves, compilers turn few of these short loops into vector instructions. Each lane takes every operation in the
 * order of the scalar form. */
#ifndef MN_KRON_LANES_H
#define MN_KRON_LANES_H

#include "circuit/kron_arithmetic.h"
#include "circuit/kron_plan.h"

typedef double mn_quad __attribute__((vector_size(32), may_alias, aligned(8)));
typedef double mn_quad_aligned __attribute__((vector_size(32), may_alias));
typedef int64_t mn_quad_bits __attribute__((vector_size(32), may_alias, aligned(8)));

_Static_assert(MN_KRON_BATCH * sizeof(double) == sizeof(mn_quad), "a batch fills the lanes");
_Static_assert((int)MN_KRON_BATCH_ROWS < (int)MN_KRON_LANES, "W_k of a batch is a sum of one term after the other");

#define MN_QUAD(x)                                                                                                     \
    {                                                                                                                  \
        (x), (x), (x), (x)                                                                                             \
    }

#define MN_INLINE static inline __attribute__((always_inline))

/* One number for each of MN_MOST_TOGETHER replicas. */
enum { MN_OCTET_HALVES = 2 };
typedef struct {
    mn_quad_aligned half[MN_OCTET_HALVES];
} mn_octet;

/* *x = *x < least ? 0 : *x */
MN_INLINE void mn_quad_flush(mn_quad *x, double least)
{
    const mn_quad bound = MN_QUAD(least);
    *x = (mn_quad)((mn_quad_bits)*x & ~(mn_quad_bits)(*x < bound));
}

/* *x = |*x| < least ? 0 : *x */
MN_INLINE void mn_quad_flush_signed(mn_quad *x, double least)
{
    const mn_quad bound = MN_QUAD(least);
    const mn_quad_bits magnitude = MN_QUAD(INT64_MAX);
    const mn_quad size = (mn_quad)((mn_quad_bits)*x & magnitude);
    *x = (mn_quad)((mn_quad_bits)*x & ~(mn_quad_bits)(size < bound));
}

/* *sum += *x, those below MN_KRON_TINY as 0. */
MN_INLINE void mn_quad_add_flushed(mn_quad *sum, const mn_quad *x)
{
    const mn_quad tiny = MN_QUAD(MN_KRON_TINY);
    *sum += (mn_quad)((mn_quad_bits)*x & ~(mn_quad_bits)(*x < tiny));
}

/* The same for numbers of any sign. */
MN_INLINE void mn_quad_add_flushed_signed(mn_quad *sum, const mn_quad *x)
{
    mn_quad term = *x;
    mn_quad_flush_signed(&term, MN_KRON_TINY);
    *sum += term;
}

/* *x = where ? *yes : *x */
MN_INLINE void mn_quad_choose(mn_quad *x, const mn_quad_bits *where, const mn_quad *yes)
{
    *x = (mn_quad)(((mn_quad_bits)*x & ~*where) | ((mn_quad_bits)*yes & *where));
}

#endif
