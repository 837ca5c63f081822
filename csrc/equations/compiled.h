/* What compiled programs need. */
#ifndef MN_COMPILED_H
#define MN_COMPILED_H

#include "base/vector.h"
#include "equations/operations.h"
#include "equations/program.h"

/* A row of one number, for functions whose operand it is. */
static inline void mn_fill(double *row, double x)
{
    for (int64_t k = 0; k < MN_PROGRAM_BLOCK; k++) {
        row[k] = x;
    }
}

#endif
