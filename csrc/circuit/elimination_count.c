/* Lengths of the columns of a factor from the elimination tree, and what they cost. */
#include "circuit/elimination_count.h"

/* All arrays go by rank: the place in the order, electrodes behind. */
typedef struct {
    const mn_pattern *pattern;
    const int32_t *order;
    int32_t *rank;     /* by vertex */
    int32_t *parent;   /* -1 at a root */
    int32_t *ancestor; /* some ancestor, as far up as was gone; itself at the root of what was joined */
    int32_t *post;     /* a postorder of the tree */
    int32_t *first;    /* place in `post` of the first descendant */
    int32_t *head, *next;
    int32_t *latest; /* `first` of the last leaf found in the row subtree of a vertex, plus one */
    int32_t *leaf;   /* that leaf, -1 before */
    int64_t *longer; /* difference of the length to the sum of those of the children */
    mn_pool pool;
} counting;

static int counting_init(counting *work, const mn_pattern *pattern, const int32_t *order)
{
    const int64_t n = pattern->n;
    int32_t **const arrays[] = {&work->rank, &work->parent, &work->ancestor, &work->post, &work->first,
                                &work->head, &work->next,   &work->latest,   &work->leaf};
    work->pattern = pattern;
    work->order = order;
    for (size_t k = 0; k < sizeof arrays / sizeof arrays[0]; k++) {
        *arrays[k] = mn_pool_alloc(&work->pool, n, sizeof(int32_t));
    }
    work->longer = mn_pool_alloc(&work->pool, n, sizeof(int64_t));
    if (work->pool.code != MN_OK) {
        return work->pool.code;
    }
    for (int32_t k = 0; k < pattern->n; k++) {
        work->rank[k < pattern->n_free ? order[k] : k] = k;
    }
    return MN_OK;
}

static int32_t vertex_at(const counting *work, int32_t rank)
{
    return rank < work->pattern->n_free ? work->order[rank] : rank;
}

/* Liu 1986, with path compression. */
static void find_tree(counting *work)
{
    const mn_pattern *pattern = work->pattern;
    for (int32_t i = 0; i < pattern->n; i++) {
        const int32_t v = vertex_at(work, i);
        work->parent[i] = work->ancestor[i] = -1;
        for (int32_t q = pattern->start[v]; q < pattern->start[v + 1]; q++) {
            int32_t r = work->rank[pattern->neighbour[q]];
            while (r < i && work->ancestor[r] != -1 && work->ancestor[r] != i) {
                const int32_t up = work->ancestor[r];
                work->ancestor[r] = i;
                r = up;
            }
            if (r < i && work->ancestor[r] == -1) {
                work->ancestor[r] = work->parent[r] = i;
            }
        }
    }
}

/* Children before parents, subtrees in one piece; `first` is found on the way. */
static void find_postorder(counting *work)
{
    const int32_t n = work->pattern->n;
    int32_t k = 0;
    for (int32_t i = 0; i < n; i++) {
        work->head[i] = work->first[i] = -1;
    }
    for (int32_t i = n - 1; i >= 0; i--) {
        if (work->parent[i] >= 0) {
            work->next[i] = work->head[work->parent[i]];
            work->head[work->parent[i]] = i;
        }
    }
    for (int32_t root = 0; root < n; root++) {
        int32_t i = work->parent[root] < 0 ? root : -1;
        while (i >= 0) {
            const int32_t child = work->head[i];
            if (work->first[i] < 0) {
                work->first[i] = k; /* nothing below it has its place yet */
            }
            if (child >= 0) {
                work->head[i] = work->next[child];
                i = child;
            } else {
                work->post[k++] = i;
                i = i == root ? -1 : work->parent[i];
            }
        }
    }
}

/* The root of what i was joined to. */
static int32_t find_root(counting *work, int32_t i)
{
    int32_t root = i;
    while (work->ancestor[root] != root) {
        root = work->ancestor[root];
    }
    while (i != root) {
        const int32_t up = work->ancestor[i];
        work->ancestor[i] = root;
        i = up;
    }
    return root;
}

/* Where j is a leaf of the subtree of row i, the path above it counts, from where the last leaf's path does not. */
static void add_leaf(counting *work, int32_t j, int32_t i)
{
    const int32_t before = work->leaf[i];
    if (work->first[j] < work->latest[i]) {
        return;
    }
    work->latest[i] = work->first[j] + 1;
    work->leaf[i] = j;
    work->longer[j]++;
    if (before >= 0) {
        work->longer[find_root(work, before)]--;
    }
}

static void find_lengths(counting *work)
{
    const mn_pattern *pattern = work->pattern;
    for (int32_t i = 0; i < pattern->n; i++) {
        work->ancestor[i] = i;
        work->latest[i] = 0;
        work->leaf[i] = -1;
    }
    for (int32_t k = 0; k < pattern->n; k++) {
        const int32_t j = work->post[k], v = vertex_at(work, j), parent = work->parent[j];
        work->longer[j] += work->first[j] == k; /* a leaf of the tree */
        if (parent >= 0) {
            work->longer[parent]--;
        }
        for (int32_t q = pattern->start[v]; q < pattern->start[v + 1]; q++) {
            const int32_t i = work->rank[pattern->neighbour[q]];
            if (i > j) {
                add_leaf(work, j, i);
            }
        }
        if (parent >= 0) {
            work->ancestor[j] = parent;
        }
    }
}

/* Lengths with the diagonal are now sums over subtrees. */
static int64_t sum_updates(counting *work)
{
    int64_t sum = 0;
    for (int32_t k = 0; k < work->pattern->n_free; k++) {
        const int64_t c = work->longer[k] - 1, updates = c * (c - 1) / 2;
        if (work->parent[k] >= 0) {
            work->longer[work->parent[k]] += work->longer[k];
        }
        sum = updates < MN_MANY_UPDATES - sum ? sum + updates : MN_MANY_UPDATES;
    }
    return sum;
}

int mn_count_updates(const mn_pattern *pattern, const int32_t *order, int64_t *n_updates)
{
    counting work = {0};
    const int code = counting_init(&work, pattern, order);
    if (code == MN_OK) {
        find_tree(&work);
        find_postorder(&work);
        find_lengths(&work);
        *n_updates = sum_updates(&work);
    }
    mn_pool_free(&work.pool);
    return code;
}
