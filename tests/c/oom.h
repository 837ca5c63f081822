/* What the cases of `make check-oom` work on and what they are: oom.c tries them, oom_*.c list them. */
#ifndef OOM_H
#define OOM_H

#include "devices/equation_model.h"
#include "memnet.h"
#include "simulate/ensemble.h"

enum { SIDE = 8, N_GRID = SIDE * SIDE, N_NODES = N_GRID + 2, MAX_EDGES = 2 * N_GRID, N_ELECTRODES = 3, N_STEPS = 12 };

/* What the cases work on: a square grid between two electrodes, with a third, floating one and an island. */
typedef struct {
    const char *solver_name;
    bool complex_values;
    char folder[64];
    char path[80];
    int64_t n_edges;
    int32_t edge[2 * MAX_EDGES];
    double length[MAX_EDGES];
    int32_t electrode[N_NODES];
    double conductance[MAX_EDGES];
    double rows[4 * N_STEPS];
    mn_network network, other_network;
    mn_discs discs;
    mn_wires wires;
    mn_lattice lattice;
    int64_t answer; /* of what gives a number */
    mn_solver solver;
    mn_threads *threads;
    mn_drive drive;
    mn_population population;
    mn_device_model *made;
    mn_equation_model equations; /* interpreted */
    mn_simulation simulation;
    mn_ensemble ensemble;
    mn_checkpoint checkpoint;
    double potential[N_NODES], potential_imag[N_NODES], current[N_ELECTRODES], current_imag[N_ELECTRODES];
    double matrix[N_ELECTRODES * N_ELECTRODES];
    double terminal;
} bench;

/* A case. */
typedef struct {
    const char *name;
    void (*before)(bench *);
    int (*act)(bench *, mn_error *);
    void (*undo)(bench *);             /* frees what a failed or a good act may have made */
    void (*after)(bench *);            /* frees what `before` made */
    uint64_t (*result)(const bench *); /* after success */
    uint64_t (*keeps)(const bench *);  /* must not change in a failed act; NULL: no promise */
    bool (*is_left_right)(bench *);    /* after a failed act; NULL: no promise */
    bool kron_allocates_nothing;       /* promised */
    bool real_only;
} oom_entry;

static inline uint64_t hash(uint64_t before, const void *bytes, size_t size) /* FNV-1a */
{
    const unsigned char *byte = bytes;
    for (size_t k = 0; k < size; k++) {
        before = (before ^ byte[k]) * UINT64_C(0x100000001b3);
    }
    return before;
}

#define HASH(before, array, n) hash(before, array, (size_t)(n) * sizeof *(array))

/* oom_network.c */
extern const oom_entry oom_network_entries[];
extern const int64_t oom_n_network_entries;
void oom_build_grid(bench *b);
void oom_with_network(bench *b);
void oom_drop_network(bench *b);
uint64_t oom_network_result(const bench *b);

/* oom_solver.c */
extern const oom_entry oom_solver_entries[];
extern const int64_t oom_n_solver_entries;

/* oom_simulation.c: drives and populations alone, then simulations and their checkpoints */
extern const oom_entry oom_part_entries[], oom_simulation_entries[];
extern const int64_t oom_n_part_entries, oom_n_simulation_entries;

#endif
