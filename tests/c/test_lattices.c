/* Grids and random graphs. */
#include "check.h"
#include "memnet.h"

#include <math.h>
#include <string.h>

static bool has_edge(const mn_lattice *lattice, int32_t a, int32_t b)
{
    for (int64_t k = 0; k < lattice->n_edges; k++) {
        if (lattice->edge[2 * k] == a && lattice->edge[2 * k + 1] == b) {
            return true;
        }
    }
    return false;
}

static bool is_sorted(const mn_lattice *lattice)
{
    for (int64_t k = 0; k < lattice->n_edges; k++) {
        const int32_t *e = &lattice->edge[2 * k];

        if (e[0] < 0 || e[0] >= e[1] || e[1] >= lattice->n_nodes ||
            (k > 0 && (e[0] < e[-2] || (e[0] == e[-2] && e[1] <= e[-1])))) {
            return false;
        }
    }
    return true;
}

static void check_grid(check_count *count)
{
    const mn_diagonals kinds[] = {MN_DIAGONALS_NONE, MN_DIAGONALS_RANDOM, MN_DIAGONALS_BOTH};
    const int64_t n_edges[] = {5 * 6 + 4 * 7, 5 * 6 + 4 * 7 + 24, 5 * 6 + 4 * 7 + 48};
    int n_falling = 0;

    for (int k = 0; k < 3; k++) {
        mn_lattice lattice;
        mn_error error;

        mn_error_clear(&error);
        NEED(mn_grid_init(&lattice, 5, 7, kinds[k], 4, NULL, &error) == MN_OK);
        CHECK(count, lattice.n_nodes == 35 && lattice.n_edges == n_edges[k] && is_sorted(&lattice));
        for (int32_t i = 0; i < 35; i++) {
            const bool right = i % 7 < 6;
            const bool next = i < 28;

            CHECK(count, !right || has_edge(&lattice, i, i + 1));
            CHECK(count, !next || has_edge(&lattice, i, i + 7));
            if (right && next) {
                const int falling = has_edge(&lattice, i, i + 8) ? 1 : 0;
                const int rising = has_edge(&lattice, i + 1, i + 7) ? 1 : 0;

                CHECK(count, falling + rising == k);
                n_falling += k == 1 ? falling : 0;
            }
        }
        mn_lattice_free(&lattice);
    }
    CHECK(count, n_falling > 4 && n_falling < 20);
}

/* Every number of edges from none to all; each pair is as likely as any other. */
static void check_random_network(check_count *count)
{
    int64_t times[8][8] = {{0}};

    for (int64_t m = 0; m <= 28; m++) {
        mn_lattice lattice;
        mn_error error;

        mn_error_clear(&error);
        NEED(mn_random_network_init(&lattice, 8, (double)m / 4.0, (uint64_t)m, NULL, &error) == MN_OK);
        CHECK(count, lattice.n_nodes == 8 && lattice.n_edges == m && is_sorted(&lattice));
        mn_lattice_free(&lattice);
    }
    for (uint64_t seed = 0; seed < 4000; seed++) {
        mn_lattice lattice;
        mn_error error;

        mn_error_clear(&error);
        NEED(mn_random_network_init(&lattice, 8, seed % 2 == 0 ? 1.75 : 5.25, seed, NULL, &error) ==
             MN_OK); /* 7 or 21 */
        for (int64_t k = 0; k < lattice.n_edges; k++) {
            times[lattice.edge[2 * k]][lattice.edge[2 * k + 1]]++;
        }
        mn_lattice_free(&lattice);
    }
    for (int a = 0; a < 8; a++) {
        for (int b = a + 1; b < 8; b++) {
            CHECK(count, llabs(times[a][b] - 2000) < 5 * 28); /* sqrt(4000 * 3/16) = 27.4 */
        }
    }
}

int main(void)
{
    check_count count = {0};

    check_grid(&count);
    check_random_network(&count);
    return check_report(&count, "lattices");
}
