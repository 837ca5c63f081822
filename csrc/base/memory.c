#include "memnet.h"

#include <stdlib.h>

/* Whether count objects of `size` bytes have a size in bytes; never 0, so that NULL always means failure. */
static bool block_bytes(int64_t count, size_t size, size_t *bytes)
{
    if (count < 0 || (size > 0 && (uint64_t)count > (uint64_t)PTRDIFF_MAX / size)) {
        return false;
    }
    *bytes = (size_t)count * size;
    if (*bytes == 0) {
        *bytes = 1;
    }
    return true;
}

void *mn_alloc(int64_t count, size_t size)
{
    size_t bytes;
    return block_bytes(count, size, &bytes) ? calloc(1, bytes) : NULL;
}

void *mn_realloc(void *block, int64_t count, size_t size)
{
    size_t bytes;
    return block_bytes(count, size, &bytes) ? realloc(block, bytes) : NULL;
}

void mn_dealloc(void *block)
{
    free(block);
}
