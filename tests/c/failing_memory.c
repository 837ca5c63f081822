#include "failing_memory.h"
#include "memnet.h"

#include <SuiteSparse_config.h>
#include <stdlib.h>

/* Whether the call that is being made has to fail. */
static bool fails(void)
{
    failing_memory.n_calls++;
    bool failed =
        failing_memory.fail_at > 0 && (failing_memory.from_then ? failing_memory.n_calls >= failing_memory.fail_at
                                                                : failing_memory.n_calls == failing_memory.fail_at);
    failing_memory.n_failed += failed;
    return failed;
}

static void *counted(void *block)
{
    failing_memory.n_live += block != NULL;
    return block;
}

static void *failing_calloc(size_t count, size_t size)
{
    return fails() ? NULL : counted(calloc(count, size));
}

static void *failing_malloc(size_t size)
{
    return fails() ? NULL : counted(malloc(size));
}

static void *failing_realloc(void *block, size_t size)
{
    if (fails()) {
        return NULL;
    }
    return block == NULL ? counted(malloc(size)) : realloc(block, size);
}

static void counting_free(void *block)
{
    failing_memory.n_live -= block != NULL;
    free(block);
}

void failing_memory_install(void)
{
#if SUITESPARSE_MAIN_VERSION > 5
    SuiteSparse_config_malloc_func_set(failing_malloc);
    SuiteSparse_config_calloc_func_set(failing_calloc);
    SuiteSparse_config_realloc_func_set(failing_realloc);
    SuiteSparse_config_free_func_set(counting_free);
#else
    SuiteSparse_config.malloc_func = failing_malloc;
    SuiteSparse_config.calloc_func = failing_calloc;
    SuiteSparse_config.realloc_func = failing_realloc;
    SuiteSparse_config.free_func = counting_free;
#endif
}

void failing_memory_arm(int64_t fail_at, bool from_then)
{
    failing_memory.n_calls = 0;
    failing_memory.n_failed = 0;
    failing_memory.fail_at = fail_at;
    failing_memory.from_then = from_then;
}

/* Sizes that base/memory refuses are refused before they count. */
static bool is_size(int64_t count, size_t size)
{
    return count >= 0 && (size == 0 || (uint64_t)count <= (uint64_t)PTRDIFF_MAX / size);
}

static size_t at_least_one(int64_t count, size_t size)
{
    size_t bytes = (size_t)count * size;
    return bytes > 0 ? bytes : 1;
}

void *mn_alloc(int64_t count, size_t size)
{
    return is_size(count, size) ? failing_calloc(1, at_least_one(count, size)) : NULL;
}

void *mn_realloc(void *block, int64_t count, size_t size)
{
    return is_size(count, size) ? failing_realloc(block, at_least_one(count, size)) : NULL;
}

void mn_dealloc(void *block)
{
    counting_free(block);
}
