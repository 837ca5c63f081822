/* A waveform: one row of waves.def. Which rows there are is known to no other file; docs/adding-a-waveform.md walks
 * through a new one. */
#ifndef MN_WAVEFORM_H
#define MN_WAVEFORM_H

#include "memnet.h"

#include <math.h>

enum { MN_ARGUMENTS = (int)(sizeof(((mn_wave *)0)->p) / sizeof(double)) };

/* Times and frequencies are at most this, and above 0 at least its reciprocal: no product or quotient overflows. */
#define MN_LARGEST_TIME 1e300

typedef enum {
    MN_ARGUMENT_NUMBER = 1,
    MN_ARGUMENT_COUNT, /* a whole number, or inf */
    MN_ARGUMENT_FLAG,
    MN_ARGUMENT_VALUES,           /* this and what follows: arrays of one length */
    MN_ARGUMENT_TIMES,            /* increasing */
    MN_ARGUMENT_TIMES_WITH_JUMPS, /* increasing, and each at most twice */
    MN_ARGUMENT_DURATIONS /* one a child, and the only argument; the last may be inf. Their starts follow them */
} mn_argument_kind;

/* Unit V: a value, in V or, below a current, in A; what a factor of the waveform multiplies. */
typedef struct {
    const char *name, *unit, *doc;
    mn_argument_kind kind; /* 0: there is none */
    double low, high;      /* the range of a number, both allowed; infinite ends are not */
    double initial;        /* default; nan: it must be given */
} mn_argument;

typedef enum {
    MN_GIVES_VOLTAGE = 0,
    MN_GIVES_FLOATING,
    MN_GIVES_CURRENT, /* of its child, which is a voltage or floats */
    MN_GIVES_LIMITED, /* its child, a voltage, as long as the current allows */
    MN_GIVES_EACH,    /* its children's, which may differ */
    MN_GIVES_COMMON   /* its children's, which must be one */
} mn_gives;

typedef enum { MN_NO_CHILD = 0, MN_ONE_CHILD, MN_CHILDREN } mn_has_children;

typedef double mn_leaf_value(const mn_wave *wave, double t);
typedef mn_corner mn_leaf_corner(const mn_wave *wave, double t);
/* *role is the role at t */
typedef double mn_node_value(const mn_drive *drive, const mn_wave *wave, double t, uint8_t *role);
/* The current (A) that may not be passed at t, infinite where there is none. */
typedef double mn_node_limit(const mn_drive *drive, const mn_wave *wave, double t);
/* .time is the first corner after t, .jump whether one that jumps is in (t, until]: rounding joins corners, and which
 * of them come out at one time only the outermost wave knows. */
typedef mn_corner mn_node_corner(const mn_drive *drive, const mn_wave *wave, double t, double until);

/* How long it takes to come back while it is smooth (s), at t: what looks at it less often may see nothing. */
typedef double mn_wave_period_at(const mn_drive *drive, const mn_wave *wave, double t);

typedef struct {
    const char *name; /* that of its function in mn.drive, and its word in files */
    const char *doc;
    const char *example, *answer;       /* a line of Python and what it prints */
    mn_argument argument[MN_ARGUMENTS]; /* those that it has, then zeros */
    bool flat;                          /* between its corners it is constant, where its children are */
    bool settles;                       /* so it is after the last of them; goes without saying where it is flat */
    mn_gives gives;
    mn_has_children children;
    mn_wave_period_at *period; /* NULL: only its children do, if any */
    /* A leaf's; NULL for a node. */
    mn_leaf_value *value;
    mn_leaf_corner *corner;
    /* A node's; NULL for a leaf. */
    mn_node_value *node_value;
    mn_node_corner *node_corner;
    mn_node_limit *node_limit; /* NULL where neither it nor a child has a limit */
} mn_waveform;

/* The rows by kind. */
extern const mn_waveform mn_waveforms[MN_WAVE_N];
/* The row of a kind, NULL outside the table. */
const mn_waveform *mn_waveform_get(int64_t kind);
/* How many arguments it has. */
int64_t mn_waveform_arguments(const mn_waveform *form);
/* Whether an argument is an array, and how many of them are. */
bool mn_argument_is_array(const mn_argument *argument);
int64_t mn_waveform_arrays(const mn_waveform *form);

/* A boundary this close, as a part of its own period, counts as reached. */
#define MN_REACHED 1e-9
/* Waveforms are nested at most this deep: every walk over one calls itself once a level. */
#define MN_WAVE_DEPTH 100

static inline mn_corner mn_corner_none(void)
{
    return (mn_corner){.time = INFINITY, .jump = false};
}
mn_corner mn_no_corner(const mn_wave *wave, double t);
/* A role of waveforms alone, beside those of mn_role: a voltage with a limit of the current. Evaluated it is
 * MN_VOLTAGE. */
enum { MN_LIMITED = MN_CURRENT + 1 };

/* The roles that a waveform takes in its life, bits 1 << mn_role and 1 << MN_LIMITED: of one of this form whose
 * children take `of_children`, and of one in a drive. */
unsigned mn_waveform_roles(const mn_waveform *form, unsigned of_children);
unsigned mn_wave_roles(const mn_drive *drive, int32_t index);
/* The time (s) from which on a waveform is 0 for ever; infinite where there is none, or none after MN_MOST_CORNERS
 * corners. */
#define MN_MOST_CORNERS 1000000
double mn_wave_end(const mn_drive *drive, int32_t index);
/* The current (A) that the electrode of a waveform may not pass at t, infinite where there is none; the same of each
 * electrode (n_electrodes); and whether any has one at any time. */
double mn_wave_limit(const mn_drive *drive, int32_t index, double t);
void mn_drive_limits(const mn_drive *drive, double t, double *limit);
bool mn_drive_has_limits(const mn_drive *drive);
/* Whether every electrode is driven by a voltage at all times, without a limit. */
bool mn_drive_is_voltage(const mn_drive *drive);
/* The last time of what begins at `begin` which comes out at t or before, rounded as begin + time is. */
double mn_last_of_part(double begin, double t);
/* The shortest time (s) in which a wave, or an electrode, comes back at t while it is smooth; infinite: none does. */
double mn_wave_period(const mn_drive *drive, int32_t index, double t);
double mn_drive_period(const mn_drive *drive, double t);
mn_wave_period_at mn_sine_period, mn_concat_period;
/* Makes *copy, zeros or a drive, the same drive, in which no boundary is reached before its time: for times between
 * rows, which are not rounded. Where that fails it stays what it was. Error: NO_MEMORY. */
int mn_drive_copy_exact(mn_drive *copy, const mn_drive *drive, mn_error *error) MN_CHECKED;
/* Whether every electrode floats for ever or has one voltage for ever. */
bool mn_drive_is_constant(const mn_drive *drive);
/* The first of time[from] ... time[n - 1] that lies after t, n where none does; times do not decrease. */
int64_t mn_first_after(int64_t n, const double *time, int64_t from, double t);
/* From when on start[k], k >= 1, counts as reached, and the last k that is, 0 before start[1]. The period of a start is
 * the shorter of the intervals beside it. */
double mn_reached_from(int64_t n, const double *start, double reached, int64_t k);
int64_t mn_interval_at(int64_t n, const double *start, double reached, double t);
/* mn_wave_next_corner as nodes ask their children: see mn_node_corner. */
mn_corner mn_wave_corner_until(const mn_drive *drive, int32_t index, double t, double until);
/* The same of all electrodes together. */
mn_corner mn_drive_corner_until(const mn_drive *drive, double t, double until);

/* What mn_drive_init demands of an expression: its errors. */
int mn_drive_check(int64_t n_electrodes, const int32_t *root, int64_t n_waves, const mn_wave *wave,
                   mn_error *error) MN_CHECKED;

#define MN_LEAF(kind, value, corner, ...)                                                                              \
    mn_leaf_value value;                                                                                               \
    mn_leaf_corner corner;
#define MN_NODE(kind, value, corner, ...)                                                                              \
    mn_node_value value;                                                                                               \
    mn_node_corner corner;
#define MN_NO_CORNER mn_no_corner
#include "drive/waves.def"
#undef MN_NO_CORNER
#undef MN_LEAF
#undef MN_NODE
mn_node_limit mn_concat_limit, mn_limited_limit;

#endif
