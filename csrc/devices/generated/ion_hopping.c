/* IonHopping, written from its equations, which stand at the end: to_c() of its class. */
#include "devices/equation_model.h"
#include "equations/compiled.h"

static const mn_field fields[] = {
    {.name = "A",
     .unit = "m^2",
     .doc = "area of the film",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.cd2b297d889bcp-54,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "L",
     .unit = "m",
     .doc = "thickness of the film",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.5798ee2308c3ap-26,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "j_0",
     .unit = "A/m^2",
     .doc = "current density at a field where the hyperbolic sine is 1",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.74876e8000000p+36,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "a",
     .unit = "m",
     .doc = "length of a hop",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.12e0be826d695p-31,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "z",
     .unit = "1",
     .doc = "charge number of the ion",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0000000000000p+0,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "T",
     .unit = "K",
     .doc = "temperature",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.2c00000000000p+8,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
};

MN_VECTOR
static void linearise_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    const double *restrict in_1 = in[1] + first;
    const double *restrict in_2 = in[2] + first;
    const double *restrict in_3 = in[3] + first;
    const double *restrict in_4 = in[4] + first;
    const double *restrict in_5 = in[5] + first;
    const double *restrict in_6 = in[6] + first;
    double *restrict row_0 = row[0];
    double *restrict row_1 = row[1];
    double *restrict row_3 = row[3];
    double *restrict row_5 = row[5];
    double *restrict row_6 = row[6];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t12 = in_0[k] * in_1[k];
        const double t13 = t12 * 0x1.7a4da290c1653p-63;
        const double t14 = t13 * in_2[k];
        const double t15 = 0x1.0b0e6d55e647cp-75 * in_3[k];
        const double t16 = t15 * in_4[k];
        const double t17 = t14 / t16;
        const double t18 = mn_do_MIN(t17, 0x1.9000000000000p+7, 0.0, 0.0, 0.0);
        const double t19 = mn_do_MAX(t18, (-0x1.9000000000000p+7), 0.0, 0.0, 0.0);
        const double t20 = in_5[k] * in_6[k];
        const double t22 = t17 - t19;
        const double t26 = t13 / t16;
        const double t27 = mn_do_LESS(t17, 0x1.9000000000000p+7, 0.0, 0.0, 0.0);
        const double t28 = mn_do_WHERE(t27, t26, 0x0.0p+0, 0.0, 0.0);
        const double t29 = mn_do_LESS((-0x1.9000000000000p+7), t18, 0.0, 0.0, 0.0);
        const double t30 = mn_do_WHERE(t29, t28, 0x0.0p+0, 0.0, 0.0);
        const double t31 = t26 - t30;
        row_0[k] = t19;
        row_1[k] = t20;
        row_3[k] = t22;
        row_5[k] = t30;
        row_6[k] = t31;
    }
}

MN_VECTOR
static void linearise_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict row_1 = row[1];
    const double *restrict row_2 = row[2];
    const double *restrict row_3 = row[3];
    const double *restrict row_4 = row[4];
    const double *restrict row_5 = row[5];
    const double *restrict row_6 = row[6];
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    (void)in, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t24 = row_3[k] * row_4[k] + row_2[k];
        const double t25 = row_1[k] * t24;
        const double t32 = row_2[k] * row_5[k];
        const double t33 = row_3[k] * t32;
        const double t34 = row_6[k] * row_4[k] + t33;
        const double t35 = row_4[k] * row_5[k] + t34;
        const double t36 = row_1[k] * t35;
        out_0[k] = t25;
        out_1[k] = t36;
    }
}

static void linearise(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[7][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        linearise_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_SINH, m, (const double *const[]){row[0]}, row[2]);
        mn_operation_run(MN_OPERATION_COSH, m, (const double *const[]){row[0]}, row[4]);
        linearise_1(m, first, in, uniform, row, out);
    }
}

static const int16_t linearise_input[] = {3, 4, MN_INPUT_VOLTAGE, 5, 1, 0, 2};
static const mn_program linearise_program = {.n_inputs = 7, .n_uniforms = 0, .n_outputs = 2};

const mn_equation_model mn_ion_hopping = {
    .model =
        {
            .name = "IonHopping",
            .doc = "A film through which ions hop over barriers that the field tilts: a conductance at small fields, "
                   "and exponential in them at large ones. Exponents above 200 go on along the tangent, so that no "
                   "voltage overflows.",
            .citation = "Mott and Gurney, Electronic Processes in Ionic Crystals, Oxford 1940; for switching cells: "
                        "Menzel, Tappertzhofen, Waser and Valov, Phys. Chem. Chem. Phys. 2013, 15, 6945",
            .text =
                "doc A film through which ions hop over barriers that the field tilts: a conductance at small fields, "
                "and exponential in\n"
                "doc them at large ones. Exponents above 200 go on along the tangent, so that no voltage overflows.\n"
                "source Mott and Gurney, Electronic Processes in Ionic Crystals, Oxford 1940; for switching cells:\n"
                "source Menzel, Tappertzhofen, Waser and Valov, Phys. Chem. Chem. Phys. 2013, 15, 6945\n"
                "\n"
                "i = A*j_0*(sinh(u) + (h - u)*cosh(u))\n"
                "h = a*z*e_charge*v/(2*k_B*T*L)\n"
                "u = max(min(h, 200), -200)\n"
                "\n"
                "parameter A   = 100 nm^2 in (0, inf)    : area of the film\n"
                "parameter L   = 20 nm in (0, inf)       : thickness of the film\n"
                "parameter j_0 = 1e11 A/m^2 in (0, inf)  : current density at a field where the hyperbolic sine is 1\n"
                "parameter a   = 0.5 nm in (0, inf)      : length of a hop\n"
                "parameter z   = 1 in (0, inf)           : charge number of the ion\n"
                "parameter T   = 300 K in (0, inf)       : temperature\n",
            .check = "A",
            .flags = MN_IMPLICIT | MN_FALLS,
            .n_scratch = 0,
            .linearise = mn_equation_linearise,
            MN_ARRAY(field, fields),
        },
    .of =
        {
            [MN_EQUATIONS_LINEARISE] = {.program = &linearise_program, .compiled = linearise, .input = linearise_input},
        },
};
