/* Private to csrc/simulate: beside which corners of the drive a moment lies, and how what drives moves there. */
#ifndef MN_MOMENT_H
#define MN_MOMENT_H

#include "simulate/engine.h"

/* How far from a time a corner may be (s) and still be at it. */
double mn_close_to(const mn_simulation *simulation, double t);
/* How far from a jump at t the drive is read beside it (s): there rounding decides on which side a value is. */
double mn_beside_jump(const mn_simulation *simulation, double t);
/* Where the drive is read for what comes after t: behind corners that rounding puts a little earlier or later, or at t.
 */
double mn_right_of(const mn_simulation *simulation, double t);
/* Where a waveform is read at the time t of a row, or of an event: behind its jumps there where steps are adaptive,
 * which end at them; else at t, since rows that are steps count boundaries as reached a little early. */
double mn_read_at(const mn_simulation *simulation, const mn_drive *drive, int32_t root, double t);
/* Role and value (n_electrodes) of each electrode there: its drive, and the waveforms that reactions run. */
void mn_simulation_drive_at(const mn_simulation *simulation, double t, uint8_t *role, double *value);
/* The limits of their currents there (A). */
void mn_simulation_limits_at(const mn_simulation *simulation, double t, double *limit);
/* How fast the values of all electrodes change (n_electrodes, V/s and A/s) right after t, or with `before` right before
 * it. */
void mn_drive_slopes(mn_simulation *simulation, double t, bool before, double *slope);

#endif
