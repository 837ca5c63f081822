/* Cache lines for what is about to be written, where other threads have read them since: a store alone waits until all
 * of these have let go of the line, one line after the other, and many of them fetched beforehand wait side by side. */
#ifndef MN_FETCH_H
#define MN_FETCH_H

#include <stdint.h>

/* Only a hint: nothing is written, and processors that know no such thing do nothing. */
static inline void mn_fetch_to_write(const double *place)
{
#if defined(__x86_64__)
    __asm__ volatile("prefetchw %0" : : "m"(*place)); /* of the builtin compilers make one for reading here */
#else
    __builtin_prefetch(place, 1);
#endif
}

#endif
