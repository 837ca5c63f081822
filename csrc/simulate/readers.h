/* Private to csrc/simulate: how what an edge carries, and how its states move, follows the edge that it reads. To the
 * solver such an edge is its companion, and beside that a transfer: a conductance times the voltage of the other. */
#ifndef MN_READERS_H
#define MN_READERS_H

#include "circuit/solver.h"
#include "simulate/points.h"

/* Of a population whose members read other edges. */
typedef struct {
    int64_t own;           /* the transfer of member 0, by the edge that it reads; those of the others follow */
    int64_t of_linked;     /* the same by the edge that this one reads, where it does; -1: no states are read */
    double *i_u;           /* n (S): slopes of currents with the linked voltages */
    double **f_u;          /* those of the rates of states */
    double **i_y;          /* n_linked_states arrays of n: slopes of currents with linked states (A/[y]) */
    mn_point beside[2];    /* scratch: below and above what is read */
    double *moved[2];      /* n: the same of what is read */
    const double **states; /* n_linked_states: what hooks are told while one is moved */
} mn_reader;

typedef struct mn_readers {
    int64_t n_transfers;
    mn_transfer *transfer;
    double *conductance; /* n_transfers (S) */
    mn_reader *reader;   /* n_populations; of those that read nothing all is 0 */
    mn_solver solver;
    mn_pool pool;
} mn_readers;

/* Makes engine->readers, which stays NULL where no device reads another edge. */
int mn_readers_init(mn_simulation *simulation, mn_error *error) MN_CHECKED;
void mn_readers_free(mn_simulation *simulation);
/* Finds the slopes of population p, which reads others, at the states of `view`, its voltages v, and what was last read
 * of others. */
void mn_reader_linearise(mn_simulation *simulation, int64_t p, mn_population *view, double t, const double *v);
/* Whether any transfer is not 0. */
bool mn_readers_count(const mn_readers *readers);

#endif
