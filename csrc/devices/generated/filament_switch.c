/* FilamentSwitch, written from its equations, which stand at the end: to_c() of its class. */
#include "devices/equation_model.h"
#include "equations/compiled.h"

static const mn_field fields[] = {
    {.name = "R_on",
     .unit = "ohm",
     .doc = "resistance of a bridge, m = 1, of thickness S = 1",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.3880000000000p+15,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "R_off",
     .unit = "ohm",
     .doc = "resistance of an empty gap, m = 0",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.dcd6500000000p+29,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "mu",
     .unit = "1/(V s)",
     .doc = "how fast a voltage drives the filament",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.9000000000000p+6,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "gamma1",
     .unit = "1/s",
     .doc = "how fast the filament dissolves",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.9000000000000p+9,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "gamma2",
     .unit = "1/s",
     .doc = "how fast the residue dissolves",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.4000000000000p+3,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "gamma3",
     .unit = "1/s",
     .doc = "how fast a bridge gets thinner",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0000000000000p+2,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "theta",
     .unit = "1/(V s)",
     .doc = "how fast a voltage thickens a bridge",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.4000000000000p+3,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "alpha",
     .unit = "1",
     .doc = "gap at which the drive of a closing one stops growing",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.47ae147ae147bp-7,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "beta",
     .unit = "1/s",
     .doc = "how fast filament turns into residue",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.4000000000000p+6,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "lam",
     .unit = "1",
     .doc = "share of the gap over which the resistance falls by e",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.999999999999ap-4,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "sigma1",
     .unit = "1",
     .doc = "relative standard deviation of gamma1 at f = 1, of which the mean is taken",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "sigma2",
     .unit = "1",
     .doc = "relative standard deviation of gamma2 at r = 1, of which the mean is taken",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "dS_free",
     .unit = "1",
     .doc = "excess of the thickness over which a thinning bridge lets go of what is frozen; ours",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.ad7f29abcaf48p-24,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "r_initial",
     .unit = "1",
     .doc = "residue at the start, beside no filament",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
    {.name = "m",
     .unit = "1",
     .doc = "share of the gap that filament and residue cover together",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
    {.name = "r",
     .unit = "1",
     .doc = "residue, at most m",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
    {.name = "S",
     .unit = "1",
     .doc = "thickness of the bridge",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x1.0000000000000p+0,
     MN_RANGE(0x1.0000000000000p+0, INFINITY, "[)")},
};

static const mn_preset_value values_0[] = {{"R_on", 0x1.3880000000000p+15},
                                           {"R_off", 0x1.dcd6500000000p+29},
                                           {"mu", 0x1.9000000000000p+6},
                                           {"gamma1", 0x1.9000000000000p+9},
                                           {"gamma2", 0x1.4000000000000p+3},
                                           {"gamma3", 0x1.0000000000000p+2},
                                           {"theta", 0x1.4000000000000p+3},
                                           {"alpha", 0x1.47ae147ae147bp-7},
                                           {"beta", 0x1.4000000000000p+6},
                                           {"lam", 0x1.999999999999ap-4},
                                           {"sigma1", 0x0.0p+0},
                                           {"sigma2", 0x0.0p+0},
                                           {"r_initial", 0x1.999999999999ap-2}};

static const mn_preset_value values_1[] = {
    {"R_on", 0x1.3880000000000p+15},    {"R_off", 0x1.dcd6500000000p+29}, {"mu", 0x1.9000000000000p+6},
    {"gamma1", 0x1.9000000000000p+9},   {"gamma2", 0x1.4000000000000p+3}, {"gamma3", 0x1.0000000000000p+2},
    {"theta", 0x1.4000000000000p+3},    {"alpha", 0x1.47ae147ae147bp-7},  {"beta", 0x1.4000000000000p+6},
    {"lam", 0x1.999999999999ap-4},      {"sigma1", 0x1.4000000000000p+3}, {"sigma2", 0x0.0p+0},
    {"r_initial", 0x1.999999999999ap-2}};

static const mn_preset_value values_2[] = {
    {"R_on", 0x1.3880000000000p+12},    {"R_off", 0x1.7d78400000000p+26}, {"mu", 0x1.2c00000000000p+8},
    {"gamma1", 0x1.9000000000000p+7},   {"gamma2", 0x1.4000000000000p+4}, {"gamma3", 0x1.4000000000000p+3},
    {"theta", 0x1.9000000000000p+7},    {"alpha", 0x1.47ae147ae147bp-7},  {"beta", 0x1.4000000000000p+4},
    {"lam", 0x1.0000000000000p+0},      {"sigma1", 0x1.e000000000000p+4}, {"sigma2", 0x1.4000000000000p+3},
    {"r_initial", 0x1.999999999999ap-4}};

static const mn_preset presets[] = {
    {.name = "pulse",
     .doc = "pulses of 1 V behind 22 kohm, without the noise; the residue is the middle of the drawn 0.3 to 0.5",
     .citation = "code of Wang et al. 2024, PulseStimulation.py",
     MN_ARRAY(value, values_0)},
    {.name = "pulse-noise",
     .doc = "the same with what its noise does to the mean rate",
     .citation = "code of Wang et al. 2024, PulseStimulation.py",
     MN_ARRAY(value, values_1)},
    {.name = "neuron",
     .doc = "beside 6 nF, behind 150 kohm, at 1 V; without sigma1 it closes once and stays so",
     .citation = "code of Wang et al. 2024, OscillatoryNeuron.py",
     MN_ARRAY(value, values_2)},
};

MN_VECTOR
static void start_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                    double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict out_2 = out[2] + first;
    (void)row, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t3 = mn_do_MIN(in_0[k], 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t4 = mn_do_MAX(t3, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t5 = t4;
        const double t6 = 0x1.0000000000000p+0;
        out_0[k] = t4;
        out_1[k] = t5;
        out_2[k] = t6;
    }
}

static void start(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[1][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        start_0(m, first, in, uniform, row, out);
    }
}

MN_VECTOR
static void conductance_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                          double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    const double *restrict in_1 = in[1] + first;
    const double *restrict in_2 = in[2] + first;
    const double *restrict in_3 = in[3] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict row_0 = row[0];
    double *restrict row_1 = row[1];
    double *restrict row_3 = row[3];
    double *restrict row_5 = row[5];
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t8 = in_0[k] * in_1[k];
        const double t9 = in_2[k] * in_2[k];
        const double t10 = t8 / t9;
        const double t11 = -in_1[k];
        const double t12 = t11 / in_3[k];
        const double t15 = in_1[k] - 0x1.0000000000000p+0;
        const double t16 = t15 / in_3[k];
        const double t19 = (-0x1.0000000000000p+0) / in_3[k];
        const double t24 = 0x0.0p+0;
        row_0[k] = t10;
        row_1[k] = t12;
        row_3[k] = t16;
        row_5[k] = t19;
        out_1[k] = t24;
    }
}

MN_VECTOR
static void conductance_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                          double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_4 = in[4] + first;
    const double *restrict row_0 = row[0];
    const double *restrict row_2 = row[2];
    const double *restrict row_4 = row[4];
    const double *restrict row_6 = row[6];
    double *restrict out_0 = out[0] + first;
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t14 = in_4[k] * row_2[k];
        const double t18 = t14 * row_4[k];
        const double t21 = t18 / row_6[k];
        const double t22 = row_0[k] + t21;
        const double t23 = 0x1.0000000000000p+0 / t22;
        out_0[k] = t23;
    }
}

static void conductance(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[7][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        conductance_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[1]}, row[2]);
        mn_operation_run(MN_OPERATION_EXPM1, m, (const double *const[]){row[3]}, row[4]);
        mn_operation_run(MN_OPERATION_EXPM1, m, (const double *const[]){row[5]}, row[6]);
        conductance_1(m, first, in, uniform, row, out);
    }
}

MN_VECTOR
static void advance_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                      double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    const double *restrict in_1 = in[1] + first;
    const double *restrict in_2 = in[2] + first;
    const double *restrict in_3 = in[3] + first;
    const double *restrict in_4 = in[4] + first;
    const double *restrict in_5 = in[5] + first;
    const double *restrict in_6 = in[6] + first;
    const double *restrict in_7 = in[7] + first;
    const double *restrict in_8 = in[8] + first;
    const double *restrict in_9 = in[9] + first;
    const double *restrict in_10 = in[10] + first;
    const double *restrict in_11 = in[11] + first;
    const double *restrict in_12 = in[12] + first;
    double *restrict row_0 = row[0];
    double *restrict row_1 = row[1];
    double *restrict row_2 = row[2];
    double *restrict row_3 = row[3];
    double *restrict row_4 = row[4];
    double *restrict row_5 = row[5];
    double *restrict row_7 = row[7];
    double *restrict row_8 = row[8];
    double *restrict row_10 = row[10];
    double *restrict row_11 = row[11];
    double *restrict row_13 = row[13];
    double *restrict row_15 = row[15];
    double *restrict row_16 = row[16];
    double *restrict row_17 = row[17];
    double *restrict row_18 = row[18];
    double *restrict row_19 = row[19];
    double *restrict row_20 = row[20];
    double *restrict row_21 = row[21];
    double *restrict row_22 = row[22];
    double *restrict row_24 = row[24];
    double *restrict row_25 = row[25];
    double *restrict row_26 = row[26];
    double *restrict row_28 = row[28];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t21 = in_0[k] - in_1[k];
        const double t22 = mn_do_MAX(t21, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t23 = mn_do_ABS(in_2[k], 0.0, 0.0, 0.0, 0.0);
        const double t24 = in_3[k] * t23;
        const double t25 = in_4[k] + 0x1.0000000000000p+0;
        const double t26 = t25 - in_0[k];
        const double t27 = t24 / t26;
        const double t28 = in_5[k] * t22;
        const double t29 = t28 / 0x1.bcca54a7e5981p+0;
        const double t30 = mn_do_MAX(t29, 0x1.0624dd2f1a9fcp-10, 0.0, 0.0, 0.0);
        const double t31 = in_6[k] * in_1[k];
        const double t32 = t31 / 0x1.bcca54a7e5981p+0;
        const double t33 = mn_do_MAX(t32, 0x1.0624dd2f1a9fcp-10, 0.0, 0.0, 0.0);
        const double t34 = in_7[k] * in_1[k];
        const double t35 = (-0x1.0000000000000p+0) / t33;
        const double t40 = in_8[k] * t22;
        const double t41 = (-0x1.0000000000000p+0) / t30;
        const double t46 = in_9[k] * t23;
        const double t47 = 0x1.0000000000000p+0 - in_10[k];
        const double t49 = in_10[k] - 0x1.0000000000000p+0;
        const double t50 = mn_do_MIN(t49, 0x1.5e00000000000p+9, 0.0, 0.0, 0.0);
        const double t54 = t49 / in_12[k];
        const double t55 = 0x1.0000000000000p+0 - t54;
        const double t56 = mn_do_MAX(t55, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t61 = mn_do_LESS_EQUAL(0x1.0000000000000p+0, in_0[k], 0.0, 0.0, 0.0);
        const double t62 = mn_do_LESS(0x1.0000000000000p+0, in_10[k], 0.0, 0.0, 0.0);
        const double t66 = -in_11[k];
        const double t69 = mn_do_LESS(0x0.0p+0, t21, 0.0, 0.0, 0.0);
        const double t70 = mn_do_WHERE(t69, 0x1.0000000000000p+0, 0x0.0p+0, 0.0, 0.0);
        const double t71 = t27 / t26;
        const double t72 = in_5[k] * t70;
        const double t73 = t72 / 0x1.bcca54a7e5981p+0;
        const double t74 = mn_do_LESS(0x1.0624dd2f1a9fcp-10, t29, 0.0, 0.0, 0.0);
        const double t75 = mn_do_WHERE(t74, t73, 0x0.0p+0, 0.0, 0.0);
        const double t76 = in_8[k] * t70;
        const double t77 = t41 * t75;
        const double t78 = -t77;
        const double t79 = t78 / t30;
        const double t95 = mn_do_WHERE(t69, (-0x1.0000000000000p+0), 0x0.0p+0, 0.0, 0.0);
        const double t96 = in_6[k] / 0x1.bcca54a7e5981p+0;
        const double t97 = mn_do_LESS(0x1.0624dd2f1a9fcp-10, t32, 0.0, 0.0, 0.0);
        const double t98 = mn_do_WHERE(t97, t96, 0x0.0p+0, 0.0, 0.0);
        const double t99 = t35 * t98;
        const double t100 = -t99;
        const double t101 = t100 / t33;
        const double t118 = mn_do_LESS(t49, 0x1.5e00000000000p+9, 0.0, 0.0, 0.0);
        const double t119 = mn_do_WHERE(t118, 0x1.0000000000000p+0, 0x0.0p+0, 0.0, 0.0);
        row_0[k] = t22;
        row_1[k] = t27;
        row_2[k] = t30;
        row_3[k] = t33;
        row_4[k] = t34;
        row_5[k] = t35;
        row_7[k] = t40;
        row_8[k] = t41;
        row_10[k] = t46;
        row_11[k] = t47;
        row_13[k] = t50;
        row_15[k] = t56;
        row_16[k] = t61;
        row_17[k] = t62;
        row_18[k] = t66;
        row_19[k] = t71;
        row_20[k] = t75;
        row_21[k] = t76;
        row_22[k] = t79;
        row_24[k] = t95;
        row_25[k] = t98;
        row_26[k] = t101;
        row_28[k] = t119;
    }
}

MN_VECTOR
static void advance_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                      double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_11 = in[11] + first;
    const double *restrict row_2 = row[2];
    const double *restrict row_3 = row[3];
    const double *restrict row_6 = row[6];
    const double *restrict row_9 = row[9];
    const double *restrict row_10 = row[10];
    const double *restrict row_12 = row[12];
    const double *restrict row_14 = row[14];
    const double *restrict row_18 = row[18];
    const double *restrict row_22 = row[22];
    const double *restrict row_26 = row[26];
    const double *restrict row_28 = row[28];
    double *restrict row_11 = row[11];
    double *restrict row_13 = row[13];
    double *restrict row_23 = row[23];
    double *restrict row_27 = row[27];
    double *restrict row_29 = row[29];
    double *restrict row_30 = row[30];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t52 = in_11[k] * row_14[k];
        const double t53 = row_10[k] * row_12[k] - t52;
        const double t67 = row_18[k] * row_14[k];
        const double t80 = row_9[k] * row_22[k];
        const double t81 = 0x1.0000000000000p+0 + row_9[k];
        const double t82 = t80 / t81;
        const double t83 = row_2[k] * t82;
        const double t102 = row_6[k] * row_26[k];
        const double t103 = 0x1.0000000000000p+0 + row_6[k];
        const double t104 = t102 / t103;
        const double t105 = row_3[k] * t104;
        const double t117 = -row_12[k];
        const double t120 = row_14[k] * row_28[k];
        const double t121 = in_11[k] * t120;
        const double t122 = row_10[k] * t117 - t121;
        const double t124 = row_18[k] * t120;
        row_11[k] = t53;
        row_13[k] = t67;
        row_23[k] = t83;
        row_27[k] = t105;
        row_29[k] = t122;
        row_30[k] = t124;
    }
}

MN_VECTOR
static void advance_2(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                      double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_7 = in[7] + first;
    const double *restrict in_13 = in[13] + first;
    const double *restrict row_0 = row[0];
    const double *restrict row_1 = row[1];
    const double *restrict row_2 = row[2];
    const double *restrict row_3 = row[3];
    const double *restrict row_4 = row[4];
    const double *restrict row_5 = row[5];
    const double *restrict row_7 = row[7];
    const double *restrict row_8 = row[8];
    const double *restrict row_11 = row[11];
    const double *restrict row_13 = row[13];
    const double *restrict row_15 = row[15];
    const double *restrict row_16 = row[16];
    const double *restrict row_17 = row[17];
    const double *restrict row_19 = row[19];
    const double *restrict row_20 = row[20];
    const double *restrict row_21 = row[21];
    const double *restrict row_23 = row[23];
    const double *restrict row_24 = row[24];
    const double *restrict row_25 = row[25];
    const double *restrict row_27 = row[27];
    const double *restrict row_29 = row[29];
    const double *restrict row_30 = row[30];
    double *restrict row_6 = row[6];
    double *restrict row_9 = row[9];
    double *restrict row_10 = row[10];
    double *restrict row_12 = row[12];
    double *restrict row_18 = row[18];
    double *restrict row_26 = row[26];
    (void)out;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t38 = row_3[k] * row_5[k] + 0x1.0000000000000p+0;
        const double t39 = row_4[k] * t38;
        const double t44 = row_2[k] * row_8[k] + 0x1.0000000000000p+0;
        const double t45 = row_7[k] * t44 + t39;
        const double t57 = row_1[k] - t45;
        const double t58 = row_15[k] * t57;
        const double t59 = in_13[k] * row_0[k] - t39;
        const double t60 = row_15[k] * t59;
        const double t63 = mn_do_LESS_EQUAL(t45, row_1[k], 0.0, 0.0, 0.0);
        const double t64 = mn_do_OR(row_17[k], t63, 0.0, 0.0, 0.0);
        const double t65 = mn_do_WHERE(t64, row_11[k], 0x0.0p+0, 0.0, 0.0);
        const double t68 = mn_do_WHERE(row_16[k], t65, row_13[k], 0.0, 0.0);
        const double t84 = row_20[k] * row_8[k] + row_23[k];
        const double t85 = row_7[k] * t84;
        const double t86 = row_21[k] * t44 + t85;
        const double t87 = row_19[k] - t86;
        const double t88 = row_15[k] * t87;
        const double t89 = t88 * uniform[0];
        const double t106 = row_25[k] * row_5[k] + row_27[k];
        const double t107 = row_4[k] * t106;
        const double t108 = in_7[k] * t38 + t107;
        const double t109 = in_13[k] * row_24[k] - t108;
        const double t110 = row_15[k] * t109;
        const double t111 = t110 * uniform[0];
        const double t123 = mn_do_WHERE(t64, row_29[k], 0x0.0p+0, 0.0, 0.0);
        const double t125 = mn_do_WHERE(row_16[k], t123, row_30[k], 0.0, 0.0);
        const double t126 = t125 * uniform[0];
        row_6[k] = t58;
        row_9[k] = t60;
        row_10[k] = t68;
        row_12[k] = t89;
        row_18[k] = t111;
        row_26[k] = t126;
    }
}

MN_VECTOR
static void advance_3(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                      double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    const double *restrict in_1 = in[1] + first;
    const double *restrict in_10 = in[10] + first;
    const double *restrict row_6 = row[6];
    const double *restrict row_9 = row[9];
    const double *restrict row_10 = row[10];
    const double *restrict row_14 = row[14];
    const double *restrict row_22 = row[22];
    const double *restrict row_28 = row[28];
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict out_2 = out[2] + first;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t91 = uniform[0] * row_14[k];
        const double t92 = t91 * row_6[k] + in_0[k];
        const double t93 = mn_do_MIN(t92, 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t94 = mn_do_MAX(t93, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t113 = uniform[0] * row_22[k];
        const double t114 = t113 * row_9[k] + in_1[k];
        const double t115 = mn_do_MIN(t114, 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t116 = mn_do_MAX(t115, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t128 = uniform[0] * row_28[k];
        const double t129 = t128 * row_10[k] + in_10[k];
        const double t130 = mn_do_MAX(t129, 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        out_0[k] = t94;
        out_1[k] = t116;
        out_2[k] = t130;
    }
}

static void advance(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[31][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        advance_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[5]}, row[6]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[8]}, row[9]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[11]}, row[12]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[13]}, row[14]);
        advance_1(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_LOG1P, m, (const double *const[]){row[6]}, row[5]);
        mn_operation_run(MN_OPERATION_LOG1P, m, (const double *const[]){row[9]}, row[8]);
        advance_2(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_PHI1, m, (const double *const[]){row[12]}, row[14]);
        mn_operation_run(MN_OPERATION_PHI1, m, (const double *const[]){row[18]}, row[22]);
        mn_operation_run(MN_OPERATION_PHI1, m, (const double *const[]){row[26]}, row[28]);
        advance_3(m, first, in, uniform, row, out);
    }
}

MN_VECTOR
static void linearise_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    const double *restrict in_1 = in[1] + first;
    const double *restrict in_2 = in[2] + first;
    const double *restrict in_3 = in[3] + first;
    const double *restrict in_5 = in[5] + first;
    const double *restrict in_6 = in[6] + first;
    const double *restrict in_7 = in[7] + first;
    const double *restrict in_8 = in[8] + first;
    const double *restrict in_9 = in[9] + first;
    const double *restrict in_10 = in[10] + first;
    const double *restrict in_11 = in[11] + first;
    const double *restrict in_12 = in[12] + first;
    const double *restrict in_13 = in[13] + first;
    const double *restrict in_14 = in[14] + first;
    const double *restrict in_15 = in[15] + first;
    double *restrict out_9 = out[9] + first;
    double *restrict out_12 = out[12] + first;
    double *restrict row_0 = row[0];
    double *restrict row_1 = row[1];
    double *restrict row_3 = row[3];
    double *restrict row_5 = row[5];
    double *restrict row_7 = row[7];
    double *restrict row_8 = row[8];
    double *restrict row_9 = row[9];
    double *restrict row_10 = row[10];
    double *restrict row_11 = row[11];
    double *restrict row_12 = row[12];
    double *restrict row_14 = row[14];
    double *restrict row_15 = row[15];
    double *restrict row_17 = row[17];
    double *restrict row_18 = row[18];
    double *restrict row_20 = row[20];
    double *restrict row_22 = row[22];
    double *restrict row_23 = row[23];
    double *restrict row_24 = row[24];
    double *restrict row_25 = row[25];
    double *restrict row_26 = row[26];
    double *restrict row_27 = row[27];
    double *restrict row_28 = row[28];
    double *restrict row_29 = row[29];
    double *restrict row_30 = row[30];
    double *restrict row_31 = row[31];
    double *restrict row_32 = row[32];
    double *restrict row_33 = row[33];
    double *restrict row_36 = row[36];
    double *restrict row_37 = row[37];
    double *restrict row_38 = row[38];
    double *restrict row_39 = row[39];
    double *restrict row_40 = row[40];
    double *restrict row_41 = row[41];
    double *restrict row_43 = row[43];
    double *restrict row_44 = row[44];
    double *restrict row_46 = row[46];
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t23 = in_0[k] * in_1[k];
        const double t24 = in_2[k] * in_2[k];
        const double t25 = t23 / t24;
        const double t26 = -in_1[k];
        const double t27 = t26 / in_3[k];
        const double t30 = in_1[k] - 0x1.0000000000000p+0;
        const double t31 = t30 / in_3[k];
        const double t34 = (-0x1.0000000000000p+0) / in_3[k];
        const double t39 = in_1[k] - in_6[k];
        const double t40 = mn_do_MAX(t39, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t41 = mn_do_ABS(in_5[k], 0.0, 0.0, 0.0, 0.0);
        const double t42 = in_7[k] * t41;
        const double t43 = in_8[k] + 0x1.0000000000000p+0;
        const double t44 = t43 - in_1[k];
        const double t45 = t42 / t44;
        const double t46 = in_9[k] * t40;
        const double t47 = t46 / 0x1.bcca54a7e5981p+0;
        const double t48 = mn_do_MAX(t47, 0x1.0624dd2f1a9fcp-10, 0.0, 0.0, 0.0);
        const double t49 = in_10[k] * in_6[k];
        const double t50 = t49 / 0x1.bcca54a7e5981p+0;
        const double t51 = mn_do_MAX(t50, 0x1.0624dd2f1a9fcp-10, 0.0, 0.0, 0.0);
        const double t52 = in_11[k] * in_6[k];
        const double t53 = (-0x1.0000000000000p+0) / t51;
        const double t58 = in_12[k] * t40;
        const double t59 = (-0x1.0000000000000p+0) / t48;
        const double t64 = in_13[k] * t41;
        const double t65 = 0x1.0000000000000p+0 - in_2[k];
        const double t67 = in_2[k] - 0x1.0000000000000p+0;
        const double t68 = mn_do_MIN(t67, 0x1.5e00000000000p+9, 0.0, 0.0, 0.0);
        const double t72 = t67 / in_15[k];
        const double t73 = 0x1.0000000000000p+0 - t72;
        const double t74 = mn_do_MAX(t73, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t79 = mn_do_LESS_EQUAL(0x1.0000000000000p+0, in_1[k], 0.0, 0.0, 0.0);
        const double t80 = mn_do_LESS(0x1.0000000000000p+0, in_2[k], 0.0, 0.0, 0.0);
        const double t84 = -in_14[k];
        const double t88 = mn_do_LESS(0x0.0p+0, t39, 0.0, 0.0, 0.0);
        const double t89 = mn_do_WHERE(t88, 0x1.0000000000000p+0, 0x0.0p+0, 0.0, 0.0);
        const double t90 = t45 / t44;
        const double t91 = in_9[k] * t89;
        const double t92 = t91 / 0x1.bcca54a7e5981p+0;
        const double t93 = mn_do_LESS(0x1.0624dd2f1a9fcp-10, t47, 0.0, 0.0, 0.0);
        const double t94 = mn_do_WHERE(t93, t92, 0x0.0p+0, 0.0, 0.0);
        const double t95 = in_12[k] * t89;
        const double t96 = t59 * t94;
        const double t97 = -t96;
        const double t98 = t97 / t48;
        const double t108 = mn_do_WHERE(t88, (-0x1.0000000000000p+0), 0x0.0p+0, 0.0, 0.0);
        const double t109 = in_10[k] / 0x1.bcca54a7e5981p+0;
        const double t110 = mn_do_LESS(0x1.0624dd2f1a9fcp-10, t50, 0.0, 0.0, 0.0);
        const double t111 = mn_do_WHERE(t110, t109, 0x0.0p+0, 0.0, 0.0);
        const double t112 = t53 * t111;
        const double t113 = -t112;
        const double t114 = t113 / t51;
        const double t125 = mn_do_LESS(t67, 0x1.5e00000000000p+9, 0.0, 0.0, 0.0);
        const double t126 = mn_do_WHERE(t125, 0x1.0000000000000p+0, 0x0.0p+0, 0.0, 0.0);
        const double t135 = mn_do_LESS_EQUAL(in_1[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t139 = mn_do_LESS_EQUAL(0x1.0000000000000p+0, in_6[k], 0.0, 0.0, 0.0);
        const double t142 = mn_do_LESS_EQUAL(in_6[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t146 = mn_do_LESS_EQUAL(in_2[k], 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t155 = mn_do_LESS(in_5[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t156 = mn_do_WHERE(t155, (-0x1.0000000000000p+0), 0x1.0000000000000p+0, 0.0, 0.0);
        const double t157 = in_7[k] * t156;
        const double t158 = t157 / t44;
        const double t159 = t74 * t158;
        const double t161 = in_13[k] * t156;
        const double t166 = in_0[k] / t24;
        const double t169 = 0x1.0000000000000p+0 / in_3[k];
        const double t179 = in_2[k] + in_2[k];
        const double t180 = t25 * t179;
        const double t181 = -t180;
        const double t182 = t181 / t24;
        const double t186 = 0x0.0p+0;
        const double t187 = 0x0.0p+0;
        row_0[k] = t25;
        row_1[k] = t27;
        row_3[k] = t31;
        row_5[k] = t34;
        row_7[k] = t40;
        row_8[k] = t45;
        row_9[k] = t48;
        row_10[k] = t51;
        row_11[k] = t52;
        row_12[k] = t53;
        row_14[k] = t58;
        row_15[k] = t59;
        row_17[k] = t64;
        row_18[k] = t65;
        row_20[k] = t68;
        row_22[k] = t74;
        row_23[k] = t79;
        row_24[k] = t80;
        row_25[k] = t84;
        row_26[k] = t90;
        row_27[k] = t94;
        row_28[k] = t95;
        row_29[k] = t98;
        row_30[k] = t108;
        row_31[k] = t111;
        row_32[k] = t114;
        row_33[k] = t126;
        row_36[k] = t135;
        row_37[k] = t139;
        row_38[k] = t142;
        row_39[k] = t146;
        row_40[k] = t159;
        row_41[k] = t161;
        row_43[k] = t166;
        row_44[k] = t169;
        row_46[k] = t182;
        out_9[k] = t186;
        out_12[k] = t187;
    }
}

MN_VECTOR
static void linearise_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_4 = in[4] + first;
    const double *restrict in_5 = in[5] + first;
    const double *restrict in_14 = in[14] + first;
    const double *restrict row_0 = row[0];
    const double *restrict row_2 = row[2];
    const double *restrict row_4 = row[4];
    const double *restrict row_5 = row[5];
    const double *restrict row_6 = row[6];
    const double *restrict row_9 = row[9];
    const double *restrict row_10 = row[10];
    const double *restrict row_13 = row[13];
    const double *restrict row_16 = row[16];
    const double *restrict row_17 = row[17];
    const double *restrict row_19 = row[19];
    const double *restrict row_21 = row[21];
    const double *restrict row_25 = row[25];
    const double *restrict row_29 = row[29];
    const double *restrict row_32 = row[32];
    const double *restrict row_33 = row[33];
    const double *restrict row_41 = row[41];
    const double *restrict row_43 = row[43];
    const double *restrict row_44 = row[44];
    const double *restrict row_45 = row[45];
    const double *restrict row_46 = row[46];
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict out_11 = out[11] + first;
    double *restrict out_13 = out[13] + first;
    double *restrict row_12 = row[12];
    double *restrict row_15 = row[15];
    double *restrict row_18 = row[18];
    double *restrict row_20 = row[20];
    double *restrict row_34 = row[34];
    double *restrict row_35 = row[35];
    double *restrict row_42 = row[42];
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t29 = in_4[k] * row_2[k];
        const double t33 = t29 * row_4[k];
        const double t36 = t33 / row_6[k];
        const double t37 = row_0[k] + t36;
        const double t38 = in_5[k] / t37;
        const double t70 = in_14[k] * row_21[k];
        const double t71 = row_17[k] * row_19[k] - t70;
        const double t85 = row_25[k] * row_21[k];
        const double t87 = 0x1.0000000000000p+0 / t37;
        const double t99 = row_16[k] * row_29[k];
        const double t100 = 0x1.0000000000000p+0 + row_16[k];
        const double t101 = t99 / t100;
        const double t102 = row_9[k] * t101;
        const double t115 = row_13[k] * row_32[k];
        const double t116 = 0x1.0000000000000p+0 + row_13[k];
        const double t117 = t115 / t116;
        const double t118 = row_10[k] * t117;
        const double t124 = -row_19[k];
        const double t127 = row_21[k] * row_33[k];
        const double t128 = in_14[k] * t127;
        const double t129 = row_17[k] * t124 - t128;
        const double t131 = row_25[k] * t127;
        const double t162 = row_41[k] * row_19[k];
        const double t167 = row_2[k] * row_5[k];
        const double t168 = in_4[k] * t167;
        const double t171 = row_45[k] * row_44[k];
        const double t172 = t29 * t171;
        const double t173 = t168 * row_4[k] + t172;
        const double t174 = t173 / row_6[k];
        const double t175 = row_43[k] + t174;
        const double t176 = t38 * t175;
        const double t177 = -t176;
        const double t178 = t177 / t37;
        const double t183 = t38 * row_46[k];
        const double t184 = -t183;
        const double t185 = t184 / t37;
        out_0[k] = t38;
        row_12[k] = t71;
        row_15[k] = t85;
        out_1[k] = t87;
        row_18[k] = t102;
        row_20[k] = t118;
        row_34[k] = t129;
        row_35[k] = t131;
        row_42[k] = t162;
        out_11[k] = t178;
        out_13[k] = t185;
    }
}

MN_VECTOR
static void linearise_2(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_11 = in[11] + first;
    const double *restrict in_16 = in[16] + first;
    const double *restrict row_1 = row[1];
    const double *restrict row_3 = row[3];
    const double *restrict row_7 = row[7];
    const double *restrict row_8 = row[8];
    const double *restrict row_9 = row[9];
    const double *restrict row_10 = row[10];
    const double *restrict row_11 = row[11];
    const double *restrict row_12 = row[12];
    const double *restrict row_14 = row[14];
    const double *restrict row_15 = row[15];
    const double *restrict row_18 = row[18];
    const double *restrict row_20 = row[20];
    const double *restrict row_22 = row[22];
    const double *restrict row_23 = row[23];
    const double *restrict row_24 = row[24];
    const double *restrict row_26 = row[26];
    const double *restrict row_27 = row[27];
    const double *restrict row_28 = row[28];
    const double *restrict row_30 = row[30];
    const double *restrict row_31 = row[31];
    const double *restrict row_34 = row[34];
    const double *restrict row_35 = row[35];
    const double *restrict row_36 = row[36];
    const double *restrict row_37 = row[37];
    const double *restrict row_38 = row[38];
    const double *restrict row_39 = row[39];
    const double *restrict row_40 = row[40];
    const double *restrict row_42 = row[42];
    double *restrict out_2 = out[2] + first;
    double *restrict out_3 = out[3] + first;
    double *restrict out_4 = out[4] + first;
    double *restrict out_5 = out[5] + first;
    double *restrict out_6 = out[6] + first;
    double *restrict out_7 = out[7] + first;
    double *restrict out_8 = out[8] + first;
    double *restrict out_10 = out[10] + first;
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t56 = row_10[k] * row_1[k] + 0x1.0000000000000p+0;
        const double t57 = row_11[k] * t56;
        const double t62 = row_9[k] * row_3[k] + 0x1.0000000000000p+0;
        const double t63 = row_14[k] * t62 + t57;
        const double t75 = row_8[k] - t63;
        const double t76 = row_22[k] * t75;
        const double t77 = in_16[k] * row_7[k] - t57;
        const double t78 = row_22[k] * t77;
        const double t81 = mn_do_LESS_EQUAL(t63, row_8[k], 0.0, 0.0, 0.0);
        const double t82 = mn_do_OR(row_24[k], t81, 0.0, 0.0, 0.0);
        const double t83 = mn_do_WHERE(t82, row_12[k], 0x0.0p+0, 0.0, 0.0);
        const double t86 = mn_do_WHERE(row_23[k], t83, row_15[k], 0.0, 0.0);
        const double t103 = row_27[k] * row_3[k] + row_18[k];
        const double t104 = row_14[k] * t103;
        const double t105 = row_28[k] * t62 + t104;
        const double t106 = row_26[k] - t105;
        const double t107 = row_22[k] * t106;
        const double t119 = row_31[k] * row_1[k] + row_20[k];
        const double t120 = row_11[k] * t119;
        const double t121 = in_11[k] * t56 + t120;
        const double t122 = in_16[k] * row_30[k] - t121;
        const double t123 = row_22[k] * t122;
        const double t130 = mn_do_WHERE(t82, row_34[k], 0x0.0p+0, 0.0, 0.0);
        const double t132 = mn_do_WHERE(row_23[k], t130, row_35[k], 0.0, 0.0);
        const double t133 = mn_do_LESS(0x0.0p+0, t76, 0.0, 0.0, 0.0);
        const double t134 = mn_do_AND(row_23[k], t133, 0.0, 0.0, 0.0);
        const double t136 = mn_do_LESS(t76, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t137 = mn_do_AND(row_36[k], t136, 0.0, 0.0, 0.0);
        const double t138 = mn_do_OR(t134, t137, 0.0, 0.0, 0.0);
        const double t140 = mn_do_LESS(0x0.0p+0, t78, 0.0, 0.0, 0.0);
        const double t141 = mn_do_AND(row_37[k], t140, 0.0, 0.0, 0.0);
        const double t143 = mn_do_LESS(t78, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t144 = mn_do_AND(row_38[k], t143, 0.0, 0.0, 0.0);
        const double t145 = mn_do_OR(t141, t144, 0.0, 0.0, 0.0);
        const double t147 = mn_do_LESS(t86, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t148 = mn_do_AND(row_39[k], t147, 0.0, 0.0, 0.0);
        const double t149 = mn_do_WHERE(t138, 0x0.0p+0, t76, 0.0, 0.0);
        const double t150 = mn_do_WHERE(t145, 0x0.0p+0, t78, 0.0, 0.0);
        const double t151 = mn_do_WHERE(t148, 0x0.0p+0, t86, 0.0, 0.0);
        const double t152 = mn_do_WHERE(t138, 0x0.0p+0, t107, 0.0, 0.0);
        const double t153 = mn_do_WHERE(t145, 0x0.0p+0, t123, 0.0, 0.0);
        const double t154 = mn_do_WHERE(t148, 0x0.0p+0, t132, 0.0, 0.0);
        const double t160 = mn_do_WHERE(t138, 0x0.0p+0, row_40[k], 0.0, 0.0);
        const double t163 = mn_do_WHERE(t82, row_42[k], 0x0.0p+0, 0.0, 0.0);
        const double t164 = mn_do_WHERE(row_23[k], t163, 0x0.0p+0, 0.0, 0.0);
        const double t165 = mn_do_WHERE(t148, 0x0.0p+0, t164, 0.0, 0.0);
        out_2[k] = t149;
        out_3[k] = t150;
        out_4[k] = t151;
        out_5[k] = t152;
        out_6[k] = t153;
        out_7[k] = t154;
        out_8[k] = t160;
        out_10[k] = t165;
    }
}

static void linearise(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[47][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        linearise_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[1]}, row[2]);
        mn_operation_run(MN_OPERATION_EXPM1, m, (const double *const[]){row[3]}, row[4]);
        mn_operation_run(MN_OPERATION_EXPM1, m, (const double *const[]){row[5]}, row[6]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[12]}, row[13]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[15]}, row[16]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[18]}, row[19]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[20]}, row[21]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[3]}, row[45]);
        linearise_1(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_LOG1P, m, (const double *const[]){row[13]}, row[1]);
        mn_operation_run(MN_OPERATION_LOG1P, m, (const double *const[]){row[16]}, row[3]);
        linearise_2(m, first, in, uniform, row, out);
    }
}

static const int16_t start_input[] = {13};
static const mn_program start_program = {.n_inputs = 1, .n_uniforms = 0, .n_outputs = 3};

static const int16_t conductance_input[] = {0, 14, 16, 9, 1};
static const mn_program conductance_program = {.n_inputs = 5, .n_uniforms = 0, .n_outputs = 2};

static const int16_t advance_input[] = {14, 15, MN_INPUT_VOLTAGE, 2, 7, 10, 11, 4, 3, 6, 16, 5, 12, 8};
static const int16_t advance_uniform[] = {MN_UNIFORM_STEP};
static const mn_program advance_program = {.n_inputs = 14, .n_uniforms = 1, .n_outputs = 3};

static const int16_t linearise_input[] = {0, 14, 16, 9, 1, MN_INPUT_VOLTAGE, 15, 2, 7, 10, 11, 4, 3, 6, 5, 12, 8};
static const mn_program linearise_program = {.n_inputs = 17, .n_uniforms = 0, .n_outputs = 14};

const mn_equation_model mn_filament_switch = {
    .model =
        {
            .name = "FilamentSwitch",
            .doc = "A diffusive memristor in SI units. A voltage drives silver into a filament, which turns into "
                   "residue, and both dissolve. Together they cover the share m of the gap; where they bridge it, m = "
                   "1, and are driven further, the bridge thickens, S > 1, and nothing dissolves as long as it is "
                   "thicker than 1: than 1 + dS_free, a width that adaptive steps need. The filament of the source is "
                   "f = m - r here. The published sets have noise on gamma1 and gamma2 at each step, proportional to f "
                   "and r, and cut where a rate would be negative; sigma1 and sigma2 keep what that does to the mean "
                   "rates, within 1 %, and 0 leaves the bare law.",
            .citation = "Wang et al., A faithful and compact diffusive memristor model, IEEE Trans. Circuits Syst. "
                        "Artif. Intell. 2024, 1, 141, doi 10.1109/TCASAI.2024.3484370, and its code, "
                        "yanglab2021/DiffusiveMemristor; the mean of the cut noise is ours",
            .text =
                "doc A diffusive memristor in SI units. A voltage drives silver into a filament, which turns into "
                "residue, and both\n"
                "doc dissolve. Together they cover the share m of the gap; where they bridge it, m = 1, and are driven "
                "further, the bridge\n"
                "doc thickens, S > 1, and nothing dissolves as long as it is thicker than 1: than 1 + dS_free, a width "
                "that adaptive steps\n"
                "doc need. The filament of the source is f = m - r here.\n"
                "doc The published sets have noise on gamma1 and gamma2 at each step, proportional to f and r, and cut "
                "where a rate would be\n"
                "doc negative; sigma1 and sigma2 keep what that does to the mean rates, within 1 %, and 0 leaves the "
                "bare law.\n"
                "source Wang et al., A faithful and compact diffusive memristor model, IEEE Trans. Circuits Syst. "
                "Artif. Intell. 2024, 1, 141,\n"
                "source doi 10.1109/TCASAI.2024.3484370, and its code, yanglab2021/DiffusiveMemristor; the mean of the "
                "cut noise is ours\n"
                "\n"
                "i     = v/resistance\n"
                "resistance = R_on*m/S**2 + R_off*exp(-m/lam)*expm1((m - 1)/lam)/expm1(-1/lam)\n"
                "f     = max(m - r, 0)\n"
                "grows = mu*abs(v)/(alpha + 1 - m)\n"
                "fades = gamma1*f*(1 + b_1*log1p(exp(-1/b_1))) + fades_r\n"
                "fades_r = gamma2*r*(1 + b_2*log1p(exp(-1/b_2)))\n"
                "thick = theta*abs(v)*exp(1 - S) - gamma3*exp(min(S - 1, 700))\n"
                "# The mean of 1 + s z with normal z, negative values taken as 0: that of a logistic z with the same "
                "first two terms at large s\n"
                "b_1   = max(sigma1*f/(sqrt(2*pi)*log(2)), 1e-3)\n"
                "b_2   = max(sigma2*r/(sqrt(2*pi)*log(2)), 1e-3)\n"
                "\n"
                "# A bridge that dissolves faster than it is driven does not thicken: at m = 1, S = 1 only one of the "
                "two moves\n"
                "dS/dt = where(m >= 1, where(S > 1 or grows >= fades, thick, 0), -gamma3*exp(min(S - 1, 700)))\n"
                "dm/dt = free*(grows - fades)\n"
                "dr/dt = free*(beta*f - fades_r)\n"
                "free  = max(1 - (S - 1)/dS_free, 0)\n"
                "\n"
                "parameter R_on      = 40 kohm in (0, inf)     : resistance of a bridge, m = 1, of thickness S = 1\n"
                "parameter R_off     = 1 Gohm in (0, inf)      : resistance of an empty gap, m = 0\n"
                "parameter mu        = 100 1/(V s) in [0, inf) : how fast a voltage drives the filament\n"
                "parameter gamma1    = 800 1/s in [0, inf)     : how fast the filament dissolves\n"
                "parameter gamma2    = 10 1/s in [0, inf)      : how fast the residue dissolves\n"
                "parameter gamma3    = 4 1/s in [0, inf)       : how fast a bridge gets thinner\n"
                "parameter theta     = 10 1/(V s) in [0, inf)  : how fast a voltage thickens a bridge\n"
                "parameter alpha     = 0.01 in (0, inf)        : gap at which the drive of a closing one stops "
                "growing\n"
                "parameter beta      = 80 1/s in [0, inf)      : how fast filament turns into residue\n"
                "parameter lam       = 0.1 in (0, inf)         : share of the gap over which the resistance falls by "
                "e\n"
                "parameter sigma1    = 0 in [0, inf)           : relative standard deviation of gamma1 at f = 1, of "
                "which the mean is taken\n"
                "parameter sigma2    = 0 in [0, inf)           : relative standard deviation of gamma2 at r = 1, of "
                "which the mean is taken\n"
                "parameter dS_free   = 1e-7 in (0, inf)        : excess of the thickness over which a thinning bridge "
                "lets go of what is frozen; ours\n"
                "parameter r_initial = 0 in [0, 1]             : residue at the start, beside no filament\n"
                "\n"
                "state m = r_initial in [0, 1]                 : share of the gap that filament and residue cover "
                "together\n"
                "state r = r_initial in [0, 1]                 : residue, at most m\n"
                "state S = 1 in [1, inf)                       : thickness of the bridge\n"
                "\n"
                "preset pulse: R_on = 40 kohm, R_off = 1 Gohm, mu = 100 1/(V s), gamma1 = 800 1/s, gamma2 = 10 1/s, "
                "gamma3 = 4 1/s, theta = 10 1/(V s), alpha = 0.01, beta = 80 1/s, lam = 0.1, sigma1 = 0, sigma2 = 0, "
                "r_initial = 0.4 : pulses of 1 V behind 22 kohm, without the noise; the residue is the middle of the "
                "drawn 0.3 to 0.5 [code of Wang et al. 2024, PulseStimulation.py]\n"
                "preset pulse-noise: R_on = 40 kohm, R_off = 1 Gohm, mu = 100 1/(V s), gamma1 = 800 1/s, gamma2 = 10 "
                "1/s, gamma3 = 4 1/s, theta = 10 1/(V s), alpha = 0.01, beta = 80 1/s, lam = 0.1, sigma1 = 10, sigma2 "
                "= 0, r_initial = 0.4 : the same with what its noise does to the mean rate [code of Wang et al. 2024, "
                "PulseStimulation.py]\n"
                "preset neuron: R_on = 5 kohm, R_off = 100 Mohm, mu = 300 1/(V s), gamma1 = 200 1/s, gamma2 = 20 1/s, "
                "gamma3 = 10 1/s, theta = 200 1/(V s), alpha = 0.01, beta = 20 1/s, lam = 1, sigma1 = 30, sigma2 = 10, "
                "r_initial = 0.1 : beside 6 nF, behind 150 kohm, at 1 V; without sigma1 it closes once and stays so "
                "[code of Wang et al. 2024, OscillatoryNeuron.py]\n",
            .check = "R_on",
            .flags = 0,
            .n_scratch = 0,
            .init = mn_equation_init,
            .conductance = mn_equation_conductance,
            .advance = mn_equation_advance,
            .linearise = mn_equation_linearise,
            MN_ARRAY(field, fields),
            MN_ARRAY(preset, presets),
        },
    .of =
        {
            [MN_EQUATIONS_START] = {.program = &start_program, .compiled = start, .input = start_input},
            [MN_EQUATIONS_CONDUCTANCE] = {.program = &conductance_program,
                                          .compiled = conductance,
                                          .input = conductance_input},
            [MN_EQUATIONS_ADVANCE] =
                {.program = &advance_program, .compiled = advance, .input = advance_input, .uniform = advance_uniform},
            [MN_EQUATIONS_LINEARISE] = {.program = &linearise_program, .compiled = linearise, .input = linearise_input},
        },
};
