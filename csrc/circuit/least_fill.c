/* Exact least local fill on rows of bits. */
#include "circuit/least_fill.h"

typedef struct {
    int32_t n, n_all, n_words;
    uint64_t *row;  /* n rows: who is joined to a vertex that is still there */
    int64_t *key;   /* n: pairs that its elimination would join, then its neighbours */
    uint8_t *state; /* n: WAITING, STALE (its key is out of date), GONE */
    int32_t *list;  /* n_all: neighbours of the vertex at hand */
    mn_pool pool;
} least_fill;

enum { WAITING, STALE, GONE };

static uint64_t *row_of(const least_fill *work, int32_t v)
{
    return work->row + (int64_t)v * work->n_words;
}

static void set_bit(uint64_t *row, int32_t u)
{
    row[u / 64] |= UINT64_C(1) << u % 64;
}

static void clear_bit(uint64_t *row, int32_t u)
{
    row[u / 64] &= ~(UINT64_C(1) << u % 64);
}

/* Ones in a word, without an instruction that not every processor has. */
static int32_t count_ones(uint64_t x)
{
    x -= (x >> 1) & UINT64_C(0x5555555555555555);
    x = (x & UINT64_C(0x3333333333333333)) + ((x >> 2) & UINT64_C(0x3333333333333333));
    x = (x + (x >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
    return (int32_t)((x * UINT64_C(0x0101010101010101)) >> 56);
}

/* The place of the last one bit of x > 0. */
static int32_t lowest_bit(uint64_t x)
{
    return count_ones((x & (~x + 1)) - 1);
}

static int32_t list_neighbours(const least_fill *work, int32_t v)
{
    const uint64_t *row = row_of(work, v);
    int32_t n = 0;
    for (int32_t k = 0; k < work->n_words; k++) {
        for (uint64_t bits = row[k]; bits != 0; bits &= bits - 1) {
            work->list[n++] = 64 * k + lowest_bit(bits);
        }
    }
    return n;
}

/* Pairs of neighbours that are joined are seen from both, but only from one where the other is from n on. */
static void find_key(least_fill *work, int32_t v)
{
    const uint64_t *row = row_of(work, v);
    const int32_t degree = list_neighbours(work, v);
    int64_t seen_inside = 0, seen = 0, inside = 0;
    for (; inside < degree && work->list[inside] < work->n; inside++) {
        const uint64_t *other = row_of(work, work->list[inside]);
        for (int32_t k = 0; k < work->n_words; k++) {
            seen += count_ones(row[k] & other[k]);
        }
        for (int64_t a = 0; a < inside; a++) {
            const int32_t u = work->list[a];
            seen_inside += (int64_t)(other[u / 64] >> u % 64 & 1);
        }
    }
    const int64_t outside = degree - inside;
    const int64_t pairs = (int64_t)degree * (degree - 1) / 2 - outside * (outside - 1) / 2;
    work->key[v] = (pairs - (seen - seen_inside)) * (INT64_C(1) << 32) + degree;
    work->state[v] = WAITING;
}

/* Joins the neighbours of v to each other, takes it out, and marks whose keys change: theirs, and those of who saw two
 * of them. */
static void eliminate(least_fill *work, int32_t v)
{
    const uint64_t *row = row_of(work, v);
    const int32_t degree = list_neighbours(work, v);
    work->state[v] = GONE;
    for (int32_t a = 0; a < degree && work->list[a] < work->n; a++) {
        uint64_t *other = row_of(work, work->list[a]);
        for (int32_t k = 0; k < work->n_words; k++) {
            other[k] |= row[k];
        }
        clear_bit(other, work->list[a]);
        clear_bit(other, v);
    }
    for (int32_t u = 0; u < work->n; u++) {
        const uint64_t *other = row_of(work, u);
        int32_t common = 0;
        for (int32_t k = 0; k < work->n_words && common < 2; k++) {
            common += count_ones(row[k] & other[k]);
        }
        const bool near = (row[u / 64] >> u % 64 & 1) != 0;
        work->state[u] = work->state[u] == WAITING && (near || common >= 2) ? STALE : work->state[u];
    }
}

static int32_t choose(least_fill *work)
{
    int32_t best = -1;
    for (int32_t v = 0; v < work->n; v++) {
        if (work->state[v] == STALE) {
            find_key(work, v);
        }
        if (work->state[v] == WAITING && (best < 0 || work->key[v] < work->key[best])) {
            best = v;
        }
    }
    return best;
}

int mn_least_fill(int32_t n, int32_t n_all, const int32_t *start, const int32_t *neighbour, int32_t *order)
{
    least_fill work = {.n = n, .n_all = n_all, .n_words = (n_all + 63) / 64};
    work.row = mn_pool_alloc(&work.pool, (int64_t)n * work.n_words, sizeof(uint64_t));
    work.key = mn_pool_alloc(&work.pool, n, sizeof(int64_t));
    work.state = mn_pool_alloc(&work.pool, n, sizeof(uint8_t));
    work.list = mn_pool_alloc(&work.pool, n_all, sizeof(int32_t));
    const int code = work.pool.code;
    for (int32_t v = 0; v < n && code == MN_OK; v++) {
        work.state[v] = STALE;
        for (int32_t q = start[v]; q < start[v + 1]; q++) {
            set_bit(row_of(&work, v), neighbour[q]);
            if (neighbour[q] < n) {
                set_bit(row_of(&work, neighbour[q]), v);
            }
        }
    }
    for (int32_t k = 0; k < n && code == MN_OK; k++) {
        order[k] = choose(&work);
        eliminate(&work, order[k]);
    }
    mn_pool_free(&work.pool);
    return code;
}
