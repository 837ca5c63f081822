/* Loops over arrays that are worth compiling twice, for any x86-64 and for AVX2, or, where nothing but arithmetic fills
 * them, a third time for AVX-512. No form may use a fused multiply-add, so all give the same bits; the loader takes the
 * fastest one the processor has. Where the forms are functions of their own, MN_AVX512 and MN_AVX2, MN_HAS("avx512f")
 * and so on say whether it can run them. */
#ifndef MN_VECTOR_H
#define MN_VECTOR_H

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer) ||          \
    __has_feature(undefined_behavior_sanitizer)
#define MN_SANITIZED 1
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MN_SANITIZED 1
#endif

/* The choice is made by an ifunc, which needs glibc, and which runs before a sanitizer is ready. clang gives the chosen
 * function another name than the one other files call. With MN_ONE_FORM coverage counts each line once. */
#include <stdint.h> /* the first header of the C library says whether it is glibc */
#if defined(__x86_64__) && defined(__GLIBC__) && !defined(__clang__) && !defined(MN_SANITIZED) &&                      \
    !defined(MN_ONE_FORM) && defined(__has_attribute)
#if __has_attribute(target_clones)
#define MN_VECTOR __attribute__((target_clones("avx2", "default")))
#define MN_VECTOR_WIDE __attribute__((target_clones("avx512f", "avx2", "default")))
#define MN_AVX512 __attribute__((target("avx512f")))
#define MN_AVX2 __attribute__((target("avx2")))
#define MN_HAS(feature) __builtin_cpu_supports(feature)
#endif
#endif
#ifndef MN_VECTOR
#define MN_VECTOR
#define MN_VECTOR_WIDE
#define MN_AVX512
#define MN_AVX2
#define MN_HAS(feature) 0
#endif

/* No iteration of the loop that follows reads what another one writes. MN_INDEPENDENT_SHORT: and each is so short that
 * counting costs as much; clang unrolls such loops unasked. MN_UNROLLED_10: the ten iterations of a loop inside of one
 * that vectorises are written out. */
#if defined(__clang__)
#define MN_UNROLLED_10 _Pragma("clang loop unroll(full)")
#define MN_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#define MN_INDEPENDENT_SHORT MN_INDEPENDENT
#elif defined(__GNUC__)
#define MN_UNROLLED_10 _Pragma("GCC unroll 10")
#define MN_INDEPENDENT _Pragma("GCC ivdep")
#define MN_INDEPENDENT_SHORT _Pragma("GCC ivdep") _Pragma("GCC unroll 4")
#else
#define MN_UNROLLED_10
#define MN_INDEPENDENT
#define MN_INDEPENDENT_SHORT
#endif

#endif
