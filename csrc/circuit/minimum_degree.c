#include "circuit/minimum_degree.h"

#include <amd.h>

int mn_minimum_degree(int32_t n, const int32_t *start, const int32_t *neighbour, int32_t *order)
{
    const int status = amd_order(n, start, neighbour, order, NULL, NULL);
    if (status == AMD_OK || status == AMD_OK_BUT_JUMBLED) {
        return MN_OK;
    }
    return status == AMD_OUT_OF_MEMORY ? MN_ERR_NO_MEMORY : MN_ERR_BUG;
}
