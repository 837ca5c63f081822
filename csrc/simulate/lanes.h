/* Private to csrc/simulate: what simulations that step together have in SIMD lanes, eight of one group side by side.
 *
 * The conductances of all edges stay there from step to step, so that only those that devices find anew are brought
 * into order, and so do the voltages above which members move. Branch voltages are differences of potentials in lanes.
 * The arrays of a simulation get its potentials and conductances when somebody looks at them, and at the end of a
 * block of steps. */
#ifndef MN_LANES_H
#define MN_LANES_H

#include "circuit/solver.h"
#include "memnet.h"

/* How the members of a population learn of a solve. */
typedef enum { MN_LANES_FIXED, MN_LANES_VOLTAGES, MN_LANES_WATCHED } mn_lane_kind;

/* Of a population that all simulations have alike. */
typedef struct {
    mn_lane_kind kind;
    int64_t n;
    int32_t *a, *b; /* n: the ends of a member's edge, by their places among potentials; on an island twice the same */
    int32_t *edge;  /* n: its place among conductances */
} mn_lane_members;

typedef struct {
    mn_simulation *simulation[MN_MOST_TOGETHER]; /* NULL: a free lane */
    double *conductance;                         /* n_edges octets (S) */
    double **bound;                              /* n_populations, where watched: n octets (V) */
    int64_t n_changed[MN_MOST_TOGETHER];         /* conductances that are new since the last solve */
    unsigned strange;                            /* a bit where lanes cannot take some conductance, or could not */
    int64_t renewed_at[MN_MOST_TOGETHER];        /* bounds are those of the states of this step */
    bool is_late[MN_MOST_TOGETHER];              /* its own arrays have not yet what the last solve was of, and gave */
} mn_lane_group;

typedef struct mn_lanes {
    int64_t n_groups; /* 0: nothing lies in lanes */
    int64_t n_populations;
    mn_lane_group *group;
    mn_lane_members *members; /* n_populations */
    mn_together together;
    double *g;      /* MN_BLOCK for each lane: what a hook says of members that are at hand */
    double *nobody; /* of free lanes */
    mn_pool pool;
} mn_lanes;

/* Lanes of n simulations in groups of MN_MOST_TOGETHER; none where something else goes into their circuits, or is read
 * of these, than lanes have: sources, linked edges; or where devices are on other edges. Error: NO_MEMORY. */
int mn_lanes_init(mn_lanes *lanes, int64_t n, mn_simulation *const *simulation, const mn_together *together) MN_CHECKED;
void mn_lanes_free(mn_lanes *lanes);

/* What the devices of the simulations in `reading`, a bit for each lane, conduct now. Returns in which of these most is
 * new; the others have it in their own arrays, as after mn_engine_read(). */
unsigned mn_lanes_read(mn_lanes *lanes, int64_t group, unsigned reading);
/* After mn_lanes_read(): has a simulation that was not solved with others get what devices conduct in its own arrays.
 */
void mn_lanes_hand_over(mn_lanes *lanes, int64_t group, int64_t lane);
/* After a solve: simulations in `joined` that are not in `solved` take their steps without lanes. */
void mn_lanes_dismiss(mn_lanes *lanes, int64_t group, unsigned joined, unsigned solved);
/* After a solve of those in `solved`: branch voltages, and which members move. */
void mn_lanes_see(mn_lanes *lanes, int64_t group, unsigned solved);
/* After a step of a simulation: above which voltages those that have moved move now, while their states are at hand. */
void mn_lanes_keep(mn_lanes *lanes, int64_t group, int64_t lane);
/* Brings what is late into the arrays of the simulations in `which`. */
void mn_lanes_settle(mn_lanes *lanes, int64_t group, unsigned which);

#endif
