/* Private to csrc/simulate: electrodes that turn to the limits of their currents in adaptive steps, and back.
 *
 * A step keeps the kind of every electrode: at its voltage, or at its limit. Where at its end one belongs to the other
 * kind, the step is shortened to where it turns (thresholds.c), and the balance there says who is what. */
#ifndef MN_TURNS_H
#define MN_TURNS_H

#include "simulate/adaptive.h"

int mn_turns_init(mn_simulation *simulation) MN_CHECKED;
/* All electrodes are as the drive in role_now, value_now asks, but for those that the balance in `limits` has at
 * theirs.
 */
void mn_turns_begin(mn_simulation *simulation, const mn_limits *limits);
/* What drives at a place, from what is asked there. */
void mn_turns_read(mn_simulation *simulation, mn_place place);
/* How far electrodes are beyond what their kind allows, at the start or the end of a step, as distances of edges,
 * behind those. Errors: those of mn_adaptive_look; CHARGE_LOOP (error->electrode). */
int mn_turns_measure(mn_simulation *simulation, mn_place place, double t, mn_error *error) MN_CHECKED;
/* A balance was found: none is beyond. */
void mn_turns_forget(mn_simulation *simulation);
/* Electrodes have turned at t. Error: LIMITS (error->electrode, time). */
int mn_turns_count(mn_simulation *simulation, double t, mn_error *error) MN_CHECKED;

#endif
