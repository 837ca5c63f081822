/* Devices in series on one edge, as a model that is made at run time: no node of the circuit lies between them. */
#ifndef MN_SERIES_H
#define MN_SERIES_H

#include "devices/device.h"

/* A model of two or more models in series, in the order from the first node of the edge to the second. Its fields are
 * those of the parts, named with the number of the part behind: g_2 is g of the second; its events are those of the
 * parts, one a name; its link is that of a part. What each part may be: it has linearise(), no charge, no waveform, no
 * noise, and a current that does not fall where its voltage rises; at most one reads another edge, the last one where
 * the model has MN_LINK_AT_END (else SERIES_PART, with error->model the part). Where a part is a text, which may fall,
 * its currents are looked at when a population begins, with what is read at 0; states that make them fall later leave
 * one of several divisions of the voltage. The parts must outlive it. Errors: BAD_ARGUMENT (fewer than two, too many
 * kinds of events), NO_MEMORY. */
int mn_series_make(mn_device_model **made, int64_t n_parts, const mn_device_model *const *part,
                   mn_error *error) MN_CHECKED;
void mn_series_free(mn_device_model *made); /* NULL is allowed */

#endif
