/* The choice between several threads and one, on machines that are made up: it finds the faster way, follows when that
 * becomes the other one, is not fooled by steps that were disturbed, and its trials cost a small share of the time. */
#include "base/choice.h"
#include "check.h"

#include <math.h>

/* A machine: what a unit takes one way and the other (s), which way is faster for how long, and what disturbs it. */
typedef struct {
    double one, several; /* seconds a unit */
    double changes;   /* seconds after which what several threads take is that much less than one instead of more, and
                         back; INFINITY: never */
    double often, by; /* the part of units that something disturbs, and by how many seconds at most */
    uint64_t n_drawn;
} machine;

typedef struct {
    double taken, best; /* seconds that the units took, and would have the better way each */
    double with_several;
} outcome;

static double draw(machine *m)
{
    double u[2];
    mn_uniform2(3, 1, m->n_drawn++, 0, u);
    return u[0];
}

static double time_of(machine *m, bool several, double now)
{
    const bool turned = isfinite(m->changes) && fmod(now, 2.0 * m->changes) >= m->changes;
    const double time = !several ? m->one : turned ? m->one * m->one / m->several : m->several;
    return draw(m) < m->often ? time + m->by * draw(m) : time;
}

static outcome spend(machine *m, double seconds)
{
    mn_choice choice = mn_choice_start();
    outcome sum = {0.0, 0.0, 0.0};
    while (sum.taken < seconds) {
        const bool several = mn_choice_several(&choice);
        const uint64_t drawn = m->n_drawn;
        const double other = time_of(m, !several, sum.taken);
        m->n_drawn = drawn;
        const double time = time_of(m, several, sum.taken);
        mn_choice_tell(&choice, 1, time);
        sum.taken += time;
        sum.with_several += several ? time : 0.0;
        sum.best += time < other ? time : other;
    }
    return sum;
}

/* Steps from 10 us to 70 ms. */
static void test_steady(check_count *count)
{
    static const double units[] = {1e-5, 1e-4, 5e-4, 5e-3, 7e-2};
    static const double ratios[] = {0.5, 0.67, 0.85, 1.2, 2.5, 8.0};
    for (size_t k = 0; k < sizeof units / sizeof units[0]; k++) {
        for (size_t r = 0; r < sizeof ratios / sizeof ratios[0]; r++) {
            machine m = {.one = units[k], .several = units[k] * ratios[r], .changes = INFINITY};
            const outcome sum = spend(&m, fmax(5.0, 1000.0 * units[k]));
            CHECK(count, sum.taken <= 1.05 * sum.best);
        }
    }
}

/* Several threads take 0.6 of the time of one for a while, then 1.67 of it, and so on. */
static void test_changes(check_count *count)
{
    static const double often[] = {0.0, 0.02};
    for (size_t k = 0; k < sizeof often / sizeof often[0]; k++) {
        machine m = {.one = 6e-4, .several = 3.6e-4, .changes = 3.0, .often = often[k], .by = 4e-3};
        const outcome sum = spend(&m, 60.0);
        CHECK(count, sum.taken <= 1.1 * sum.best);
        CHECK(count, sum.with_several > 0.3 * sum.taken && sum.with_several < 0.7 * sum.taken);
    }
}

/* One step in twenty loses its processor for up to 4 ms, whichever way it goes. */
static void test_disturbed(check_count *count)
{
    machine slower = {.one = 6e-4, .several = 1.5e-3, .changes = INFINITY, .often = 0.05, .by = 4e-3};
    machine faster = {.one = 6e-4, .several = 3.6e-4, .changes = INFINITY, .often = 0.01, .by = 4e-3};
    const outcome with_slower = spend(&slower, 30.0), with_faster = spend(&faster, 30.0);
    CHECK(count, with_slower.taken <= 1.1 * with_slower.best);
    CHECK(count, with_faster.taken <= 1.1 * with_faster.best);
}

/* Nothing is learnt where nothing was done. */
static void test_nothing(check_count *count)
{
    mn_choice choice = mn_choice_start();
    bool several = true;
    for (int k = 0; k < 1000; k++) {
        mn_choice_tell(&choice, 0, 1.0);
        several = several && mn_choice_several(&choice);
    }
    CHECK(count, several && choice.spent == 0.0);
}

int main(void)
{
    check_count count = {0, 0};
    test_steady(&count);
    test_changes(&count);
    test_disturbed(&count);
    test_nothing(&count);
    return check_report(&count, "choice");
}
