/* Private to csrc/simulate: populations in slices of consecutive members, which several threads take side by side. A
 * hook is told of a slice as of a population of its own. What a hook writes for a member follows from that member
 * alone, and events are in the order of members, so the bits are those of the whole. */
#ifndef MN_SLICES_H
#define MN_SLICES_H

#include "memnet.h"

/* Members of a slice, which is a task: so few that threads have about as many; and of what is cut into slices at all.
 */
enum { MN_SLICE = 1024, MN_LEAST_SLICED = 2 * MN_SLICE };

/* When populations and links are there: what slices take; nothing with one thread. Error: NO_MEMORY. */
int mn_slices_init(mn_simulation *simulation) MN_CHECKED;
void mn_slices_free(mn_simulation *simulation);
/* Whether there are several threads to take slices now. */
bool mn_slices_are_used(const mn_simulation *simulation);
/* Whether population p is large enough for several threads. */
bool mn_slices_pay(const mn_simulation *simulation, int64_t p);
/* What the members of population p conduct now, and their sources; edges whose conductance is new are listed in
 * engine->changed, as long as that has no more than `most`. */
void mn_slices_read(mn_simulation *simulation, int64_t p, int64_t most);
/* Branch voltages at the present potentials. */
void mn_slices_read_voltages(mn_simulation *simulation, int64_t p);
/* advance() of the whole population; whether all states that it wrote are finite. */
bool mn_slices_advance(mn_simulation *simulation, int64_t p);

/* One number for each slice of the largest population, free between these calls. */
int64_t *mn_slices_found(const mn_simulation *simulation);

#endif
