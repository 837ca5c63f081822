#include "base/choice.h"

#include <math.h>
#include <string.h>

enum {
    MOST_UNITS = 64, /* a window is full with so many, however short */
    ENOUGH = 2       /* windows in a row that speak for the other way */
};

static const double WINDOW = 3e-3; /* seconds, and one unit at least, of a window */
static const double WARM = 2e-4;   /* seconds, and one unit at least, before shorter units are counted */
static const double GAIN = 0.95;   /* of the time of the way that is taken: what the other one has to stay below */
static const double LOST = 1.5;    /* times that of one thread: the rest of a window of several is not waited for */
static const double SHARE = 0.02;  /* of the time, for trials */
static const double LEAST = 5e-2;  /* seconds between two trials */

mn_choice mn_choice_start(void)
{
    return (mn_choice){.several = true};
}

bool mn_choice_several(const mn_choice *choice)
{
    return choice->several != choice->trial;
}

static void change_way(mn_choice *choice, bool several, bool trial)
{
    choice->several = several;
    choice->trial = trial;
    choice->warmed = choice->window = (mn_taken){0};
    choice->in_a_row = 0;
    choice->lost = 0.0;
}

/* Goes on in a way for so long that another trial, should it cost as much, costs its share. */
static void settle(mn_choice *choice, bool several)
{
    const double pause = choice->lost / SHARE;
    choice->pause = pause > LEAST ? pause : LEAST;
    choice->spent = 0.0;
    change_way(choice, several, false);
}

static double time_of_one(const mn_choice *choice)
{
    double least = INFINITY;
    for (int k = 0; k < MN_CHOICE_KEPT; k++) {
        least = choice->one[k] > 0.0 && choice->one[k] < least ? choice->one[k] : least;
    }
    return least;
}

/* A full window of one thread. */
static void judge_one(mn_choice *choice, double mean)
{
    memmove(choice->one, choice->one + 1, (MN_CHOICE_KEPT - 1) * sizeof choice->one[0]);
    choice->one[MN_CHOICE_KEPT - 1] = mean;
    if (choice->trial) {
        choice->lost = (double)(choice->warmed.n_units + choice->window.n_units) * (mean - choice->mean);
        settle(choice, mean >= GAIN * choice->mean);
    } else if (choice->spent >= choice->pause) {
        change_way(choice, false, true);
    }
    choice->window = (mn_taken){0};
}

/* A window of several threads. Where they are taken they go on until they are slower, and one thread is tried to know
 * its time; where they are tried they are taken when they are faster. */
static void judge_several(mn_choice *choice, double mean)
{
    const double one = time_of_one(choice);
    const bool other = choice->trial ? mean < GAIN * one : mean > one;
    if (one < INFINITY) {
        const double lost = choice->window.seconds - (double)choice->window.n_units * one;
        choice->lost = other == choice->trial ? 0.0 : choice->lost + lost;
    }
    choice->mean = mean;
    choice->window = (mn_taken){0};
    choice->in_a_row = other ? choice->in_a_row + 1 : 0;
    if (choice->in_a_row >= ENOUGH) {
        settle(choice, choice->trial);
    } else if (choice->trial && !other) {
        choice->lost += choice->warmed.seconds - (double)choice->warmed.n_units * one;
        settle(choice, false);
    } else if (!choice->trial && choice->spent >= choice->pause) {
        change_way(choice, true, true);
    }
}

/* Whether it is known what a unit takes, or that it takes too long. */
static bool is_clear(const mn_choice *choice)
{
    const mn_taken *window = &choice->window;
    const bool is_slow =
        mn_choice_several(choice) && window->seconds > LOST * (double)window->n_units * time_of_one(choice);
    return window->n_units >= MOST_UNITS || window->seconds >= WINDOW || is_slow;
}

void mn_choice_tell(mn_choice *choice, int64_t n_units, double seconds)
{
    if (n_units < 1) {
        return;
    }
    const bool is_long = seconds >= WINDOW && choice->mean > 0.0; /* not the very first one */
    const bool warm = is_long || (choice->warmed.n_units > 0 && choice->warmed.seconds >= WARM);
    mn_taken *taken = warm ? &choice->window : &choice->warmed;
    taken->n_units += n_units;
    taken->seconds += seconds;
    choice->spent += seconds;
    if (!warm || !is_clear(choice)) {
        return;
    }
    const double mean = choice->window.seconds / (double)choice->window.n_units;
    if (mn_choice_several(choice)) {
        judge_several(choice, mean);
    } else {
        judge_one(choice, mean);
    }
}
