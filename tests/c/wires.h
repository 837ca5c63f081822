/* Wires that tests of them start from. */
#ifndef WIRES_H
#define WIRES_H

#include "check.h"
#include "memnet.h"

#include <math.h>

static inline mn_wires place(int64_t n, const double *end)
{
    mn_wires wires;
    mn_error error;

    mn_error_clear(&error);
    NEED(mn_wires_place(&wires, n, end, 0, NULL, &error) == MN_OK);
    return wires;
}

/* One pair of wires: whether they meet, and where. NAN: they do not. */
static inline mn_wires_options ordinary(void)
{
    return (mn_wires_options){.width = 100,
                              .height = 70,
                              .n_wires = 400,
                              .length = 12,
                              .length_sd = 4,
                              .spread = (double)INFINITY,
                              .seed = 5};
}

#endif
