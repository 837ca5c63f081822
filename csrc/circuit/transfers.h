/* Edges that other edges control. */
#ifndef MN_TRANSFERS_H
#define MN_TRANSFERS_H

#include <stdint.h>

/* An edge that carries a conductance times the voltage of another one, `control`, beside its own current. */
typedef struct {
    int32_t edge, control;
} mn_transfer;

typedef struct {
    int64_t n;
    const mn_transfer *transfer; /* n */
} mn_transfers;

#endif
