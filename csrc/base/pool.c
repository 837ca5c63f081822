#include "memnet.h"

/* What stands before each block, as large as the alignment of any object. */
typedef struct {
    _Alignas(max_align_t) void *before; /* the head of the block allocated before, NULL at the first */
} head;

static void *add_block(mn_pool *pool, int64_t count, size_t size, bool zeroed)
{
    const int64_t for_head = (int64_t)(sizeof(head) / size + 1); /* objects that take the room of a head */
    if (pool->code != MN_OK) {
        return NULL;
    }
    head *block = NULL;
    if (count >= 0 && count <= INT64_MAX - for_head) {
        block = zeroed ? mn_alloc(count + for_head, size) : mn_realloc(NULL, count + for_head, size);
    }
    if (block == NULL) {
        pool->code = MN_ERR_NO_MEMORY;
        return NULL;
    }
    block->before = pool->last;
    pool->last = block;
    return block + 1;
}

void *mn_pool_alloc(mn_pool *pool, int64_t count, size_t size)
{
    return add_block(pool, count, size, true);
}

void *mn_pool_room(mn_pool *pool, int64_t count, size_t size)
{
    return add_block(pool, count, size, false);
}

void mn_pool_join(mn_pool *pool, mn_pool *more)
{
    head *first = more->last;
    while (first != NULL && first->before != NULL) {
        first = first->before;
    }
    if (first != NULL) {
        first->before = pool->last;
        pool->last = more->last;
    }
    *more = (mn_pool){0};
}

void mn_pool_free(mn_pool *pool)
{
    for (head *block = pool->last, *before; block != NULL; block = before) {
        before = block->before;
        mn_dealloc(block);
    }
    *pool = (mn_pool){0};
}
