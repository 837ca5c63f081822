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
    double *restrict row_6 = row[6];
    double *restrict row_8 = row[8];
    double *restrict row_9 = row[9];
    double *restrict row_10 = row[10];
    double *restrict row_11 = row[11];
    double *restrict row_12 = row[12];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t11 = 0x1.0000000000000p+0 - in_0[k];
        const double t12 = t11 * in_1[k];
        const double t13 = t12 * in_2[k];
        const double t14 = 0x1.0b0e6d55e647cp-76 * in_3[k];
        const double t15 = t14 / 0x1.7a4da290c1653p-63;
        const double t16 = t13 / t15;
        const double t17 = mn_do_MIN(t16, 0x1.9000000000000p+7, 0.0, 0.0, 0.0);
        const double t18 = -in_0[k];
        const double t19 = t18 * in_1[k];
        const double t20 = t19 * in_2[k];
        const double t21 = t20 / t15;
        const double t22 = mn_do_MIN(t21, 0x1.9000000000000p+7, 0.0, 0.0, 0.0);
        const double t23 = in_4[k] * in_5[k];
        const double t28 = t16 - t17;
        const double t31 = t21 - t22;
        const double t34 = t12 / t15;
        const double t35 = mn_do_LESS(t16, 0x1.9000000000000p+7, 0.0, 0.0, 0.0);
        const double t36 = mn_do_WHERE(t35, t34, 0x0.0p+0, 0.0, 0.0);
        const double t37 = t19 / t15;
        const double t38 = mn_do_LESS(t21, 0x1.9000000000000p+7, 0.0, 0.0, 0.0);
        const double t39 = mn_do_WHERE(t38, t37, 0x0.0p+0, 0.0, 0.0);
        const double t43 = t34 - t36;
        const double t47 = t37 - t39;
        row_0[k] = t17;
        row_1[k] = t22;
        row_2[k] = t23;
        row_6[k] = t28;
        row_8[k] = t31;
        row_9[k] = t36;
        row_10[k] = t39;
        row_11[k] = t43;
        row_12[k] = t47;
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
    const double *restrict row_11 = row[11];
    const double *restrict row_12 = row[12];
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    (void)in, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t26 = row_3[k] - row_4[k];
        const double t29 = row_5[k] * row_6[k] + t26;
        const double t32 = t29 - row_7[k] * row_8[k];
        const double t33 = row_2[k] * t32;
        const double t40 = row_5[k] * row_9[k];
        const double t41 = row_7[k] * row_10[k];
        const double t42 = t40 - t41;
        const double t44 = row_5[k] * row_11[k];
        const double t45 = t40 * row_6[k] + t44;
        const double t46 = t42 + t45;
        const double t48 = row_7[k] * row_12[k];
        const double t49 = t41 * row_8[k] + t48;
        const double t50 = t46 - t49;
        const double t51 = row_2[k] * t50;
        out_0[k] = t33;
        out_1[k] = t51;
    }
}

static void linearise(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[13][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        linearise_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXPM1, m, (const double *const[]){row[0]}, row[3]);
        mn_operation_run(MN_OPERATION_EXPM1, m, (const double *const[]){row[1]}, row[4]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[0]}, row[5]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[1]}, row[7]);
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
            .citation =
                "Butler, Trans. Faraday Soc. 1924, 19, 729; Erdey-Gruz and Volmer, Z. Phys. Chem. 1930, 150A, 203; for "
                "switching cells: Menzel, Tappertzhofen, Waser and Valov, Phys. Chem. Chem. Phys. 2013, 15, 6945",
            .text = "doc An interface at which metal dissolves and ions deposit: the current of a reaction with a "
                    "barrier that the voltage across\n"
                    "doc it lowers by the share 1 - alpha forwards and raises by alpha backwards. Two equal ones with "
                    "alpha = 1/2 in series carry\n"
                    "doc 2 A j_0 sinh(z e V/(4 k_B T)). Exponents above 200 go on along the tangent, so that no "
                    "voltage overflows.\n"
                    "source Butler, Trans. Faraday Soc. 1924, 19, 729; Erdey-Gruz and Volmer, Z. Phys. Chem. 1930, "
                    "150A, 203; for switching cells:\n"
                    "source Menzel, Tappertzhofen, Waser and Valov, Phys. Chem. Chem. Phys. 2013, 15, 6945\n"
                    "\n"
                    "# exp(f) - exp(b), which keeps its digits next to 0 V\n"
                    "i  = A*j_0*(expm1(uf) - expm1(ub) + exp(uf)*(f - uf) - exp(ub)*(b - ub))\n"
                    "f  = (1 - alpha)*z*v/(k_B*T/e_charge)\n"
                    "b  = -alpha*z*v/(k_B*T/e_charge)\n"
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
