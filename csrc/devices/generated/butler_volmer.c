/* ButlerVolmer, written from its equations, which stand at the end: to_c() of its class. */
#include "devices/equation_model.h"
#include "equations/compiled.h"

static const mn_field fields[] = {
    {.name = "A",
     .unit = "m^2",
     .doc = "area of the interface",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.cd2b297d889bcp-54,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "j_0",
     .unit = "A/m^2",
     .doc = "exchange current density",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.24f8000000000p+18,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "alpha",
     .unit = "1",
     .doc = "share of the voltage that slows the way back, the charge transfer coefficient",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0000000000000p-1,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
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
    double *restrict row_0 = row[0];
    double *restrict row_1 = row[1];
    double *restrict row_2 = row[2];
    double *restrict row_4 = row[4];
    double *restrict row_6 = row[6];
    double *restrict row_7 = row[7];
    double *restrict row_8 = row[8];
    double *restrict row_9 = row[9];
    double *restrict row_10 = row[10];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t11 = 0x1.0000000000000p+0 - in_0[k];
        const double t12 = t11 * in_1[k];
        const double t13 = t12 * 0x1.7a4da290c1653p-63;
        const double t14 = t13 * in_2[k];
        const double t15 = 0x1.0b0e6d55e647cp-76 * in_3[k];
        const double t16 = t14 / t15;
        const double t17 = mn_do_MIN(t16, 0x1.9000000000000p+7, 0.0, 0.0, 0.0);
        const double t18 = -in_0[k];
        const double t19 = t18 * in_1[k];
        const double t20 = t19 * 0x1.7a4da290c1653p-63;
        const double t21 = t20 * in_2[k];
        const double t22 = t21 / t15;
        const double t23 = mn_do_MIN(t22, 0x1.9000000000000p+7, 0.0, 0.0, 0.0);
        const double t24 = in_4[k] * in_5[k];
        const double t26 = 0x1.0000000000000p+0 + t16;
        const double t27 = t26 - t17;
        const double t29 = 0x1.0000000000000p+0 + t22;
        const double t30 = t29 - t23;
        const double t34 = t13 / t15;
        const double t35 = mn_do_LESS(t16, 0x1.9000000000000p+7, 0.0, 0.0, 0.0);
        const double t36 = mn_do_WHERE(t35, t34, 0x0.0p+0, 0.0, 0.0);
        const double t37 = t20 / t15;
        const double t38 = mn_do_LESS(t22, 0x1.9000000000000p+7, 0.0, 0.0, 0.0);
        const double t39 = mn_do_WHERE(t38, t37, 0x0.0p+0, 0.0, 0.0);
        const double t41 = t34 - t36;
        const double t45 = t37 - t39;
        row_0[k] = t17;
        row_1[k] = t23;
        row_2[k] = t24;
        row_4[k] = t27;
        row_6[k] = t30;
        row_7[k] = t36;
        row_8[k] = t39;
        row_9[k] = t41;
        row_10[k] = t45;
    }
}

MN_VECTOR
static void linearise_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict row_2 = row[2];
    const double *restrict row_3 = row[3];
    const double *restrict row_4 = row[4];
    const double *restrict row_5 = row[5];
    const double *restrict row_6 = row[6];
    const double *restrict row_7 = row[7];
    const double *restrict row_8 = row[8];
    const double *restrict row_9 = row[9];
    const double *restrict row_10 = row[10];
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    (void)in, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t31 = row_5[k] * row_6[k];
        const double t32 = row_3[k] * row_4[k] - t31;
        const double t33 = row_2[k] * t32;
        const double t40 = row_3[k] * row_7[k];
        const double t42 = row_3[k] * row_9[k];
        const double t43 = t40 * row_4[k] + t42;
        const double t44 = row_5[k] * row_8[k];
        const double t46 = row_5[k] * row_10[k];
        const double t47 = t44 * row_6[k] + t46;
        const double t48 = t43 - t47;
        const double t49 = row_2[k] * t48;
        out_0[k] = t33;
        out_1[k] = t49;
    }
}

static void linearise(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[11][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        linearise_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[0]}, row[3]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[1]}, row[5]);
        linearise_1(m, first, in, uniform, row, out);
    }
}

static const int16_t linearise_input[] = {2, 3, MN_INPUT_VOLTAGE, 4, 0, 1};
static const mn_program linearise_program = {.n_inputs = 6, .n_uniforms = 0, .n_outputs = 2};

const mn_equation_model mn_butler_volmer = {
    .model =
        {
            .name = "ButlerVolmer",
            .doc = "An interface at which metal dissolves and ions deposit: the current of a reaction with a barrier "
                   "that the voltage across it lowers by the share 1 - alpha forwards and raises by alpha backwards. "
                   "Two equal ones with alpha = 1/2 in series carry 2 A j_0 sinh(z e V/(4 k_B T)). Exponents above 200 "
                   "go on along the tangent, so that no voltage overflows.",
            .citation = "Butler, Trans. Faraday Soc. 1924, 19, 729; Erdey-Gruz and Volmer, Z. Phys. Chem. 1930, 150A, "
                        "203; for switching cells: Menzel, Tappertzhofen, Waser and Valov, Phys. Chem. Chem. Phys. "
                        "2013, 15, 6945, doi 10.1039/c3cp50738f",
            .text = "doc An interface at which metal dissolves and ions deposit: the current of a reaction with a "
                    "barrier that the voltage across\n"
                    "doc it lowers by the share 1 - alpha forwards and raises by alpha backwards. Two equal ones with "
                    "alpha = 1/2 in series carry\n"
                    "doc 2 A j_0 sinh(z e V/(4 k_B T)). Exponents above 200 go on along the tangent, so that no "
                    "voltage overflows.\n"
                    "source Butler, Trans. Faraday Soc. 1924, 19, 729; Erdey-Gruz and Volmer, Z. Phys. Chem. 1930, "
                    "150A, 203; for switching cells:\n"
                    "source Menzel, Tappertzhofen, Waser and Valov, Phys. Chem. Chem. Phys. 2013, 15, 6945, doi "
                    "10.1039/c3cp50738f\n"
                    "\n"
                    "i  = A*j_0*(exp(uf)*(1 + f - uf) - exp(ub)*(1 + b - ub))\n"
                    "f  = (1 - alpha)*z*e_charge*v/(k_B*T)\n"
                    "b  = -alpha*z*e_charge*v/(k_B*T)\n"
                    "uf = min(f, 200)\n"
                    "ub = min(b, 200)\n"
                    "\n"
                    "parameter A     = 100 nm^2 in (0, inf)   : area of the interface\n"
                    "parameter j_0   = 3e5 A/m^2 in (0, inf)  : exchange current density\n"
                    "parameter alpha = 0.5 in [0, 1]          : share of the voltage that slows the way back, the "
                    "charge transfer coefficient\n"
                    "parameter z     = 1 in (0, inf)          : charge number of the ion\n"
                    "parameter T     = 300 K in (0, inf)      : temperature\n",
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
