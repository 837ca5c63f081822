/* Private to csrc/devices: hooks of models whose members are closed or open, with the parameters r_on and r_off (ohm)
 * and the state `on`. */
#ifndef MN_TWO_RESISTANCES_H
#define MN_TWO_RESISTANCES_H

#include "devices/device.h"

void mn_two_resistances_conductance(mn_population *population, const mn_step *step);
void mn_two_resistances_linearise(mn_population *population, const mn_step *step, const mn_linear *linear);
/* Closes an open member, and opens a closed one. */
void mn_two_resistances_cross(mn_population *population, int32_t member, const mn_step *step);

#endif
