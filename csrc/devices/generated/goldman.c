/* Goldman, written from its equations, which stand at the end: to_c() of its class. */
#include "devices/equation_model.h"
#include "equations/compiled.h"

static const mn_field fields[] = {
    {.name = "P",
     .unit = "m^3/s",
     .doc = "permeability times area",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.203af9ee75616p-50,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "z",
     .unit = "1",
     .doc = "charges of an ion, with sign",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0000000000000p+0,
     MN_RANGE(-INFINITY, INFINITY, "()0")},
    {.name = "c_a",
     .unit = "mol/m^3",
     .doc = "concentration at the first end of the edge (mol/m^3 is mmol/l)",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.1800000000000p+7,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "c_b",
     .unit = "mol/m^3",
     .doc = "concentration at the second end",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.4000000000000p+2,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "T",
     .unit = "K",
     .doc = "temperature",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.3600000000000p+8,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
};

static const mn_preset_value values_0[] = {{"z", 0x1.0000000000000p+0},
                                           {"c_a", 0x1.8000000000000p+3},
                                           {"c_b", 0x1.2200000000000p+7},
                                           {"T", 0x1.3600000000000p+8}};

static const mn_preset_value values_1[] = {{"z", 0x1.0000000000000p+0},
                                           {"c_a", 0x1.2c00000000000p+7},
                                           {"c_b", 0x1.2000000000000p+2},
                                           {"T", 0x1.3600000000000p+8}};

static const mn_preset_value values_2[] = {{"z", -0x1.0000000000000p+0},
                                           {"c_a", 0x1.4000000000000p+3},
                                           {"c_b", 0x1.cc00000000000p+6},
                                           {"T", 0x1.3600000000000p+8}};

static const mn_preset_value values_3[] = {{"z", 0x1.0000000000000p+1},
                                           {"c_a", 0x1.a36e2eb1c432dp-14},
                                           {"c_b", 0x1.8000000000000p+0},
                                           {"T", 0x1.3600000000000p+8}};

static const mn_preset_value values_4[] = {{"z", -0x1.0000000000000p+0},
                                           {"c_a", 0x1.4000000000000p+3},
                                           {"c_b", 0x1.9000000000000p+4},
                                           {"T", 0x1.3600000000000p+8}};

static const mn_preset presets[] = {
    {.name = "sodium",
     .doc = "from the inside of a cell to its outside",
     .citation = "Adv. Mater. 2023, doi 10.1002/adma.202301924, table 1",
     MN_ARRAY(value, values_0)},
    {.name = "potassium",
     .doc = "from the inside of a cell to its outside",
     .citation = "Adv. Mater. 2023, doi 10.1002/adma.202301924, table 1",
     MN_ARRAY(value, values_1)},
    {.name = "chloride",
     .doc = "from the inside of a cell to its outside",
     .citation = "Adv. Mater. 2023, doi 10.1002/adma.202301924, table 1",
     MN_ARRAY(value, values_2)},
    {.name = "calcium",
     .doc = "from the inside of a cell to its outside",
     .citation = "Adv. Mater. 2023, doi 10.1002/adma.202301924, table 1",
     MN_ARRAY(value, values_3)},
    {.name = "bicarbonate",
     .doc = "from the inside of a cell to its outside",
     .citation = "Adv. Mater. 2023, doi 10.1002/adma.202301924, table 1",
     MN_ARRAY(value, values_4)},
};

MN_VECTOR
static void linearise_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    const double *restrict in_1 = in[1] + first;
    const double *restrict in_2 = in[2] + first;
    const double *restrict in_3 = in[3] + first;
    double *restrict row_0 = row[0];
    double *restrict row_1 = row[1];
    double *restrict row_2 = row[2];
    double *restrict row_3 = row[3];
    double *restrict row_4 = row[4];
    double *restrict row_6 = row[6];
    double *restrict row_7 = row[7];
    double *restrict row_9 = row[9];
    double *restrict row_10 = row[10];
    double *restrict row_11 = row[11];
    double *restrict row_12 = row[12];
    double *restrict row_13 = row[13];
    double *restrict row_15 = row[15];
    double *restrict row_16 = row[16];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t16 = in_0[k] * 0x1.78e555060882cp+16;
        const double t17 = t16 * in_1[k];
        const double t18 = 0x1.0a1013e8990bep+3 * in_2[k];
        const double t19 = t17 / t18;
        const double t20 = t19 * t19;
        const double t21 = t20 / 0x1.d880000000000p+14;
        const double t22 = 0x1.6c16c16c16c17p-10 - t21;
        const double t23 = 0x1.5555555555555p-4 - t20 * t22;
        const double t24 = t20 * t23 + 0x1.0000000000000p+0;
        const double t25 = mn_do_ABS(t19, 0.0, 0.0, 0.0, 0.0);
        const double t26 = mn_do_LESS(t25, 0x1.999999999999ap-4, 0.0, 0.0, 0.0);
        const double t27 = t19 / 0x1.0000000000000p+1;
        const double t28 = t24 + t27;
        const double t29 = -t19;
        const double t30 = mn_do_MIN(t29, 0x1.5e00000000000p+9, 0.0, 0.0, 0.0);
        const double t34 = t24 - t27;
        const double t35 = mn_do_MIN(t19, 0x1.5e00000000000p+9, 0.0, 0.0, 0.0);
        const double t39 = in_3[k] * in_0[k];
        const double t40 = t39 * 0x1.78e555060882cp+16;
        const double t44 = t16 / t18;
        const double t45 = t19 * t44;
        const double t46 = t44 * t19 + t45;
        const double t47 = t46 / 0x1.d880000000000p+14;
        const double t48 = -t47;
        const double t49 = t20 * t48;
        const double t50 = t46 * t22 + t49;
        const double t51 = -t50;
        const double t52 = t20 * t51;
        const double t53 = t46 * t23 + t52;
        const double t54 = -t44;
        const double t55 = t44 / 0x1.0000000000000p+1;
        const double t56 = t53 + t55;
        const double t57 = mn_do_LESS(t29, 0x1.5e00000000000p+9, 0.0, 0.0, 0.0);
        const double t58 = mn_do_WHERE(t57, t54, 0x0.0p+0, 0.0, 0.0);
        const double t64 = t53 - t55;
        const double t65 = mn_do_LESS(t19, 0x1.5e00000000000p+9, 0.0, 0.0, 0.0);
        const double t66 = mn_do_WHERE(t65, t44, 0x0.0p+0, 0.0, 0.0);
        row_0[k] = t19;
        row_1[k] = t26;
        row_2[k] = t28;
        row_3[k] = t29;
        row_4[k] = t30;
        row_6[k] = t34;
        row_7[k] = t35;
        row_9[k] = t40;
        row_10[k] = t44;
        row_11[k] = t54;
        row_12[k] = t56;
        row_13[k] = t58;
        row_15[k] = t64;
        row_16[k] = t66;
    }
}

MN_VECTOR
static void linearise_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_4 = in[4] + first;
    const double *restrict in_5 = in[5] + first;
    const double *restrict row_0 = row[0];
    const double *restrict row_1 = row[1];
    const double *restrict row_2 = row[2];
    const double *restrict row_3 = row[3];
    const double *restrict row_5 = row[5];
    const double *restrict row_6 = row[6];
    const double *restrict row_8 = row[8];
    const double *restrict row_9 = row[9];
    const double *restrict row_10 = row[10];
    const double *restrict row_11 = row[11];
    const double *restrict row_12 = row[12];
    const double *restrict row_13 = row[13];
    const double *restrict row_14 = row[14];
    const double *restrict row_15 = row[15];
    const double *restrict row_16 = row[16];
    const double *restrict row_17 = row[17];
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t32 = row_3[k] / row_5[k];
        const double t33 = mn_do_WHERE(row_1[k], row_2[k], t32, 0.0, 0.0);
        const double t37 = row_0[k] / row_8[k];
        const double t38 = mn_do_WHERE(row_1[k], row_6[k], t37, 0.0, 0.0);
        const double t41 = in_4[k] * t38;
        const double t42 = in_5[k] * t33 - t41;
        const double t43 = row_9[k] * t42;
        const double t60 = row_14[k] * row_13[k];
        const double t61 = row_11[k] - t32 * t60;
        const double t62 = t61 / row_5[k];
        const double t63 = mn_do_WHERE(row_1[k], row_12[k], t62, 0.0, 0.0);
        const double t68 = row_17[k] * row_16[k];
        const double t69 = row_10[k] - t37 * t68;
        const double t70 = t69 / row_8[k];
        const double t71 = mn_do_WHERE(row_1[k], row_15[k], t70, 0.0, 0.0);
        const double t72 = in_4[k] * t71;
        const double t73 = in_5[k] * t63 - t72;
        const double t74 = row_9[k] * t73;
        out_0[k] = t43;
        out_1[k] = t74;
    }
}

static void linearise(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[18][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        linearise_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXPM1, m, (const double *const[]){row[4]}, row[5]);
        mn_operation_run(MN_OPERATION_EXPM1, m, (const double *const[]){row[7]}, row[8]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[4]}, row[14]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[7]}, row[17]);
        linearise_1(m, first, in, uniform, row, out);
    }
}

static const int16_t linearise_input[] = {1, MN_INPUT_VOLTAGE, 4, 0, 3, 2};
static const mn_program linearise_program = {.n_inputs = 6, .n_uniforms = 0, .n_outputs = 2};

const mn_equation_model mn_goldman = {
    .model =
        {
            .name = "Goldman",
            .doc = "A membrane or pore that one kind of ion crosses, with other concentrations at its two ends: the "
                   "equation of Goldman, Hodgkin and Katz. It rectifies, as ions flow more easily from the side that "
                   "has more of them, and carries a current at 0 V; at the Nernst voltage k T/(z e) log(c_b/c_a) it "
                   "carries none.",
            .citation = "Goldman, J. Gen. Physiol. 1943, 27, 37, doi 10.1085/jgp.27.1.37; Hodgkin and Katz, J. "
                        "Physiol. 1949, 108, 37, doi 10.1113/jphysiol.1949.sp004310",
            .text = "doc A membrane or pore that one kind of ion crosses, with other concentrations at its two ends: "
                    "the equation of Goldman,\n"
                    "doc Hodgkin and Katz. It rectifies, as ions flow more easily from the side that has more of them, "
                    "and carries a current at\n"
                    "doc 0 V; at the Nernst voltage k T/(z e) log(c_b/c_a) it carries none.\n"
                    "source Goldman, J. Gen. Physiol. 1943, 27, 37, doi 10.1085/jgp.27.1.37; Hodgkin and Katz, J. "
                    "Physiol. 1949, 108, 37,\n"
                    "source doi 10.1113/jphysiol.1949.sp004310\n"
                    "\n"
                    "i       = P*z*F*(c_a*from_a - c_b*from_b)\n"
                    "u       = z*F*v/(R*T)\n"
                    "from_a  = where(abs(u) < 0.1, even + u/2, -u/expm1(min(-u, 700)))   # u/(1 - exp(-u))\n"
                    "from_b  = where(abs(u) < 0.1, even - u/2, u/expm1(min(u, 700)))     # u/(exp(u) - 1)\n"
                    "even    = 1 + u**2*(1/12 - u**2*(1/720 - u**2/30240))\n"
                    "\n"
                    "parameter P   = 1e-15 m^3/s in (0, inf)      : permeability times area\n"
                    "parameter z   = 1 in (-inf, inf) without 0   : charges of an ion, with sign\n"
                    "parameter c_a = 140 mol/m^3 in [0, inf)      : concentration at the first end of the edge "
                    "(mol/m^3 is mmol/l)\n"
                    "parameter c_b = 5 mol/m^3 in [0, inf)        : concentration at the second end\n"
                    "parameter T   = 310 K in (0, inf)            : temperature\n"
                    "\n"
                    "preset sodium:      z = 1, c_a = 12 mol/m^3, c_b = 145 mol/m^3, T = 310 K : from the inside of a "
                    "cell to its outside [Adv. Mater. 2023, doi 10.1002/adma.202301924, table 1]\n"
                    "preset potassium:   z = 1, c_a = 150 mol/m^3, c_b = 4.5 mol/m^3, T = 310 K : from the inside of a "
                    "cell to its outside [Adv. Mater. 2023, doi 10.1002/adma.202301924, table 1]\n"
                    "preset chloride:    z = -1, c_a = 10 mol/m^3, c_b = 115 mol/m^3, T = 310 K : from the inside of a "
                    "cell to its outside [Adv. Mater. 2023, doi 10.1002/adma.202301924, table 1]\n"
                    "preset calcium:     z = 2, c_a = 0.0001 mol/m^3, c_b = 1.5 mol/m^3, T = 310 K : from the inside "
                    "of a cell to its outside [Adv. Mater. 2023, doi 10.1002/adma.202301924, table 1]\n"
                    "preset bicarbonate: z = -1, c_a = 10 mol/m^3, c_b = 25 mol/m^3, T = 310 K : from the inside of a "
                    "cell to its outside [Adv. Mater. 2023, doi 10.1002/adma.202301924, table 1]\n",
            .check = "P",
            .flags = MN_IMPLICIT | MN_FALLS,
            .n_scratch = 0,
            .linearise = mn_equation_linearise,
            MN_ARRAY(field, fields),
            MN_ARRAY(preset, presets),
        },
    .of =
        {
            [MN_EQUATIONS_LINEARISE] = {.program = &linearise_program, .compiled = linearise, .input = linearise_input},
        },
};
