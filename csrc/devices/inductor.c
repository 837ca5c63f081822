/* A linear inductor: its current is a state that the voltage moves. */
#include "devices/device.h"

enum { INDUCTANCE, I_INITIAL, I, N_FIELDS };

static const mn_field fields[N_FIELDS] = {
    [INDUCTANCE] = {"inductance", "H", MN_POSITIVE, .initial = 1.0, .doc = "inductance of the edge"},
    [I_INITIAL] = {"i_initial", "A", MN_FINITE, .initial = 0.0,
                   .doc = "current from the first node of the edge to the second at the start"},
    [I] = {"i", "A", .role = MN_STATE, MN_FINITE, .initial = 0.0,
           .doc = "current from the first node of the edge to the second"},
};

static int init(mn_population *population)
{
    for (int64_t k = 0; k < population->n; k++) {
        population->field[I][k] = population->field[I_INITIAL][k];
    }
    return MN_OK;
}

/* v = L di/dt */
static void linearise(mn_population *population, const mn_step *step, const mn_linear *linear)
{
    double *const *field = population->field;
    for (int64_t k = 0; k < population->n; k++) {
        double inductance = field[INDUCTANCE][k];
        linear->i[k] = field[I][k];
        linear->i_v[k] = 0.0;
        linear->f[I][k] = step->v[k] / inductance;
        linear->f_x[I][k] = 0.0;
        linear->f_v[I][k] = 1.0 / inductance;
        linear->i_x[I][k] = 1.0;
    }
}

const mn_device_model mn_inductor = {
    .name = "Inductor",
    .doc = "A linear inductor, v = L di/dt. Its current, from the first node of the edge to the second, is its state: "
           "it goes on through jumps of the drive, and at the first moment it is i_initial. A node that only inductors "
           "reach has the potential at which the rates of their currents balance. In fixed steps the trapezoidal rule, "
           "of second order "
           "in dt.",
    .citation = "Nagel, SPICE2: a computer program to simulate semiconductor circuits, Univ. of California, Berkeley, "
                "ERL-M520 (1975)",
    MN_ARRAY(field, fields),
    .flags = MN_IMPLICIT,
    .check = "inductance",
    .init = init,
    .linearise = linearise,
};
