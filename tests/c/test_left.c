/* Rows at which the drive jumps, on both sides of the jump: a divider, a capacitor, and what does not change. */
#include "chain.h"

enum { N_ROWS = 8 };

static const chain_options adaptive = {.dt = 0.1, .rtol = 1e-3};

/* 1 V, and 5 V from `start` on for 0.2 s. */
static mn_wave pulse_from(double start)
{
    return (mn_wave){.kind = MN_WAVE_PULSES, .p = {1.0, 5.0, 0.2, 9.0, 1.0, start}};
}

typedef struct {
    double left[N_ROWS][3], right[N_ROWS][3];
    double left_current[N_ROWS][2], right_current[N_ROWS][2];
} rows;

static void record(chain *c, int64_t k, mn_quantity quantity, int64_t width, bool left, double *to)
{
    static int32_t all[3] = {0, 1, 2};
    const mn_channel channel = {.quantity = quantity, .width = width, .index = all, .every = 1, .left = left};
    NEED(mn_simulation_record(&c->simulation, &channel) == MN_OK);
    NEED(mn_simulation_bind(&c->simulation, k, to, N_ROWS) == MN_OK);
}

static void run(const chain_edge *edges, mn_wave drive, rows *found)
{
    chain c;
    chain_init(&c, 2, edges, drive, &adaptive);
    record(&c, 0, MN_RECORD_POTENTIAL, 3, true, &found->left[0][0]);
    record(&c, 1, MN_RECORD_POTENTIAL, 3, false, &found->right[0][0]);
    record(&c, 2, MN_RECORD_CURRENT, 2, true, &found->left_current[0][0]);
    record(&c, 3, MN_RECORD_CURRENT, 2, false, &found->right_current[0][0]);
    NEED(chain_run(&c, N_ROWS) == MN_OK);
    chain_free(&c);
}

/* The jumps are at rows 3 and 5, whatever the rounding of 3 dt and of their own times is. */
static void test_divider(check_count *count)
{
    static const chain_edge edges[2] = {{"Resistor", {{"conductance", 1.0}}}, {"Resistor", {{"conductance", 3.0}}}};
    const double starts[4] = {0.3, 3 * 0.1, 0.1 + 0.2, 0.3 - 1e-16};
    for (int k = 0; k < 4; k++) {
        rows found;
        run(edges, pulse_from(starts[k]), &found);
        for (int row = 0; row < N_ROWS; row++) {
            const double before = row > 3 && row <= 5 ? 5.0 : 1.0, after = row >= 3 && row < 5 ? 5.0 : 1.0;
            CHECK(count, found.left[row][0] == before && found.right[row][0] == after);
            CHECK(count, fabs(found.left[row][1] - 0.25 * before) <= 1e-15);
            CHECK(count, fabs(found.right[row][1] - 0.25 * after) <= 4e-15);
            CHECK(count, fabs(found.left_current[row][0] - 0.75 * before) <= 4e-15);
            CHECK(count, fabs(found.right_current[row][0] - 0.75 * after) <= 4e-15);
        }
    }
}

/* The charge stays, and with it the voltage of the capacitor; what flows jumps with the drive. */
static void test_capacitor(check_count *count)
{
    static const chain_edge edges[2] = {{"Resistor", {{"conductance", 2.0}}},
                                        {"Capacitor", {{"capacitance", 0.2}, {"v_initial", 0.5}}}};
    rows found;
    run(edges, pulse_from(0.3), &found);
    for (int row = 0; row < N_ROWS; row++) {
        const double up = row == 3 ? 4.0 : row == 5 ? -4.0 : 0.0;
        CHECK(count, fabs(found.left[row][1] - found.right[row][1]) <= 1e-14);
        CHECK(count, fabs(found.right_current[row][0] - found.left_current[row][0] - 2.0 * up) <= 1e-13);
    }
    CHECK(count, found.left[3][1] > 0.5 && found.left[5][1] > found.left[3][1]);
}

/* Rows that no jump is at, and rows after jumps, have the bits of a run that records no left sides. */
static void test_others_stay(check_count *count)
{
    static const chain_edge edges[2] = {{"RateBalance", {{NULL, 0.0}}}, {"Resistor", {{"conductance", 0.1}}}};
    double alone[N_ROWS][3];
    rows found;
    chain c;
    run(edges, pulse_from(0.3), &found);
    chain_init(&c, 2, edges, pulse_from(0.3), &adaptive);
    record(&c, 0, MN_RECORD_POTENTIAL, 3, false, &alone[0][0]);
    NEED(chain_run(&c, N_ROWS) == MN_OK);
    CHECK(count, memcmp(alone, found.right, sizeof(alone)) == 0);
    for (int row = 0; row < N_ROWS; row++) {
        const bool same = memcmp(found.left[row], found.right[row], sizeof(found.left[row])) == 0;
        CHECK(count, same == (row != 3 && row != 5));
    }
    chain_free(&c);
}

int main(void)
{
    check_count count = {0, 0};
    test_divider(&count);
    test_capacitor(&count);
    test_others_stay(&count);
    return check_report(&count, "left");
}
