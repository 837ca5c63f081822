/* StanfordPKU, written from its equations, which stand at the end: to_c() of its class. */
#include "devices/equation_model.h"
#include "equations/compiled.h"

static const mn_field fields[] = {
    {.name = "I_0", .unit = "A", .doc = "current scale at no gap", .kind = MN_REAL, .role = MN_PARAMETER, .initial = 0x1.0624dd2f1a9fcp-10, MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "g_0", .unit = "m", .doc = "gap over which the current falls by e", .kind = MN_REAL, .role = MN_PARAMETER, .initial = 0x1.12e0be826d695p-32, MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "V_0", .unit = "V", .doc = "voltage scale of the current", .kind = MN_REAL, .role = MN_PARAMETER, .initial = 0x1.0000000000000p-2, MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "nu_0", .unit = "m/s", .doc = "speed of the tip without a barrier", .kind = MN_REAL, .role = MN_PARAMETER, .initial = 0x1.4000000000000p+3, MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "E_a", .unit = "J", .doc = "activation energy of a hop", .kind = MN_REAL, .role = MN_PARAMETER, .initial = 0x1.c5f6c3141b463p-64, MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "a_0", .unit = "m", .doc = "length of a hop", .kind = MN_REAL, .role = MN_PARAMETER, .initial = 0x1.12e0be826d695p-32, MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "t_ox", .unit = "m", .doc = "thickness of the oxide", .kind = MN_REAL, .role = MN_PARAMETER, .initial = 0x1.9c511dc3a41e0p-27, MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "T_0", .unit = "K", .doc = "temperature around it", .kind = MN_REAL, .role = MN_PARAMETER, .initial = 0x1.2a00000000000p+8, MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "R_th", .unit = "K/W", .doc = "thermal resistance", .kind = MN_REAL, .role = MN_PARAMETER, .initial = 0x1.0680000000000p+11, MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "gamma_0", .unit = "1", .doc = "local enhancement of the field at no gap", .kind = MN_REAL, .role = MN_PARAMETER, .initial = 0x1.0000000000000p+4, MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "beta", .unit = "1", .doc = "how much of that a gap g_1 takes away, with its third power", .kind = MN_REAL, .role = MN_PARAMETER, .initial = 0x1.999999999999ap-1, MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "g_1", .unit = "m", .doc = "gap that beta is told for", .kind = MN_REAL, .role = MN_PARAMETER, .initial = 0x1.12e0be826d695p-30, MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "F_min", .unit = "V/m", .doc = "enhanced field below which nothing moves", .kind = MN_REAL, .role = MN_PARAMETER, .initial = 0x1.4dc9380000000p+30, MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "gap_min", .unit = "m", .doc = "least gap", .kind = MN_REAL, .role = MN_PARAMETER, .initial = 0x1.b7cdfd9d7bdbcp-33, MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "gap_max", .unit = "m", .doc = "largest gap", .kind = MN_REAL, .role = MN_PARAMETER, .initial = 0x1.d34add7753997p-30, MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "gap_initial", .unit = "m", .doc = "gap at the start", .kind = MN_REAL, .role = MN_PARAMETER, .initial = 0x1.b7cdfd9d7bdbcp-33, MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "gap", .unit = "m", .doc = "gap between the tip and the electrode", .kind = MN_REAL, .role = MN_STATE, .initial = 0x0.0p+0, MN_RANGE(-INFINITY, INFINITY, "()")},
};

static const mn_preset_value values_0[] = {{"I_0", 0x1.0624dd2f1a9fcp-10}, {"g_0", 0x1.12e0be826d695p-32}, {"V_0", 0x1.0000000000000p-2}, {"nu_0", 0x1.4000000000000p+3}, {"E_a", 0x1.c5f6c3141b463p-64}, {"a_0", 0x1.12e0be826d695p-32}, {"t_ox", 0x1.9c511dc3a41e0p-27}, {"T_0", 0x1.2a00000000000p+8}, {"R_th", 0x1.0680000000000p+11}, {"gamma_0", 0x1.0000000000000p+4}, {"beta", 0x1.999999999999ap-1}, {"F_min", 0x1.4dc9380000000p+30}, {"gap_min", 0x1.b7cdfd9d7bdbcp-33}, {"gap_max", 0x1.d34add7753997p-30}, {"gap_initial", 0x1.b7cdfd9d7bdbcp-33}};

static const mn_preset presets[] = {
    {.name = "memtorch", .doc = "gaps from its 542 and 218,586 ohm at 0.1 V, rounded; loops of 10 Hz and 1.5 V", .citation = "Lammie et al., MemTorch, Neurocomputing 2022, 485, 124, whose code has them", MN_ARRAY(value, values_0)},
};

MN_VECTOR
static void start_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform, double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    const double *restrict in_1 = in[1] + first;
    const double *restrict in_2 = in[2] + first;
    double *restrict out_0 = out[0] + first;
    (void)row, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t3 = mn_do_MIN(in_0[k], in_1[k], 0.0, 0.0, 0.0);
        const double t4 = mn_do_MAX(t3, in_2[k], 0.0, 0.0, 0.0);
        out_0[k] = t4;
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
static void linearise_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform, double (*row)[MN_PROGRAM_BLOCK], double *const *out)
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
    const double *restrict in_12 = in[12] + first;
    const double *restrict in_13 = in[13] + first;
    const double *restrict in_14 = in[14] + first;
    const double *restrict in_15 = in[15] + first;
    const double *restrict in_16 = in[16] + first;
    double *restrict row_0 = row[0];
    double *restrict row_1 = row[1];
    double *restrict row_4 = row[4];
    double *restrict row_6 = row[6];
    double *restrict row_7 = row[7];
    double *restrict row_8 = row[8];
    double *restrict row_9 = row[9];
    double *restrict row_10 = row[10];
    double *restrict row_13 = row[13];
    double *restrict row_14 = row[14];
    double *restrict row_15 = row[15];
    double *restrict row_16 = row[16];
    double *restrict row_17 = row[17];
    double *restrict row_18 = row[18];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t26 = in_0[k] / in_1[k];
        const double t27 = mn_do_MIN(t26, 0x1.9000000000000p+7, 0.0, 0.0, 0.0);
        const double t28 = mn_do_MAX(t27, (-0x1.9000000000000p+7), 0.0, 0.0, 0.0);
        const double t29 = -in_2[k];
        const double t30 = t29 / in_3[k];
        const double t34 = t26 - t28;
        const double t38 = in_2[k] / in_5[k];
        const double t39 = t38 * t38;
        const double t40 = t39 * t38;
        const double t41 = in_7[k] - in_6[k] * t40;
        const double t42 = mn_do_ABS(in_0[k], 0.0, 0.0, 0.0, 0.0);
        const double t43 = t41 * t42;
        const double t44 = t43 / in_8[k];
        const double t45 = mn_do_LESS(t44, in_9[k], 0.0, 0.0, 0.0);
        const double t46 = mn_do_WHERE(t45, 0x0.0p+0, t41, 0.0, 0.0);
        const double t50 = t46 * in_12[k];
        const double t51 = t50 * 0x1.7a4da290c1653p-63;
        const double t52 = t51 * in_0[k];
        const double t53 = in_8[k] * 0x1.0b0e6d55e647cp-76;
        const double t56 = -in_13[k];
        const double t57 = -in_14[k];
        const double t66 = 0x1.0000000000000p+0 / in_1[k];
        const double t67 = mn_do_LESS(t26, 0x1.9000000000000p+7, 0.0, 0.0, 0.0);
        const double t68 = mn_do_WHERE(t67, t66, 0x0.0p+0, 0.0, 0.0);
        const double t69 = mn_do_LESS((-0x1.9000000000000p+7), t27, 0.0, 0.0, 0.0);
        const double t70 = mn_do_WHERE(t69, t68, 0x0.0p+0, 0.0, 0.0);
        const double t71 = t66 - t70;
        const double t77 = mn_do_LESS_EQUAL(in_15[k], in_2[k], 0.0, 0.0, 0.0);
        const double t80 = mn_do_LESS_EQUAL(in_2[k], in_16[k], 0.0, 0.0, 0.0);
        const double t85 = (-0x1.0000000000000p+0) / in_3[k];
        const double t89 = 0x1.0000000000000p+0 / in_5[k];
        const double t90 = t38 * t89;
        const double t91 = t89 * t38 + t90;
        const double t92 = t39 * t89;
        const double t93 = t91 * t38 + t92;
        const double t94 = in_6[k] * t93;
        const double t95 = -t94;
        const double t96 = mn_do_WHERE(t45, 0x0.0p+0, t95, 0.0, 0.0);
        const double t102 = t96 * in_12[k];
        const double t103 = t102 * 0x1.7a4da290c1653p-63;
        row_0[k] = t28;
        row_1[k] = t30;
        row_4[k] = t34;
        row_6[k] = t51;
        row_7[k] = t52;
        row_8[k] = t53;
        row_9[k] = t56;
        row_10[k] = t57;
        row_13[k] = t70;
        row_14[k] = t71;
        row_15[k] = t77;
        row_16[k] = t80;
        row_17[k] = t85;
        row_18[k] = t103;
    }
}

MN_VECTOR
static void linearise_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform, double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    const double *restrict in_4 = in[4] + first;
    const double *restrict in_10 = in[10] + first;
    const double *restrict in_11 = in[11] + first;
    const double *restrict row_2 = row[2];
    const double *restrict row_3 = row[3];
    const double *restrict row_4 = row[4];
    const double *restrict row_5 = row[5];
    const double *restrict row_6 = row[6];
    const double *restrict row_7 = row[7];
    const double *restrict row_8 = row[8];
    const double *restrict row_10 = row[10];
    const double *restrict row_13 = row[13];
    const double *restrict row_14 = row[14];
    const double *restrict row_17 = row[17];
    const double *restrict row_18 = row[18];
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict out_5 = out[5] + first;
    double *restrict row_0 = row[0];
    double *restrict row_11 = row[11];
    double *restrict row_19 = row[19];
    double *restrict row_20 = row[20];
    double *restrict row_22 = row[22];
    double *restrict row_23 = row[23];
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t32 = in_4[k] * row_2[k];
        const double t36 = row_4[k] * row_5[k] + row_3[k];
        const double t37 = t32 * t36;
        const double t47 = in_0[k] * t37;
        const double t48 = mn_do_ABS(t47, 0.0, 0.0, 0.0, 0.0);
        const double t49 = t48 * in_10[k] + in_11[k];
        const double t54 = row_8[k] * t49;
        const double t55 = row_7[k] / t54;
        const double t58 = 0x1.0b0e6d55e647cp-76 * t49;
        const double t59 = row_10[k] / t58;
        const double t62 = mn_do_MIN(t55, 0x1.5e00000000000p+9, 0.0, 0.0, 0.0);
        const double t63 = mn_do_MAX(t62, (-0x1.5e00000000000p+9), 0.0, 0.0, 0.0);
        const double t72 = row_3[k] * row_13[k];
        const double t73 = row_4[k] * t72;
        const double t74 = row_14[k] * row_5[k] + t73;
        const double t75 = row_5[k] * row_13[k] + t74;
        const double t76 = t32 * t75;
        const double t86 = row_2[k] * row_17[k];
        const double t87 = in_4[k] * t86;
        const double t88 = t87 * t36;
        const double t97 = in_0[k] * t88;
        const double t98 = mn_do_LESS(t47, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t99 = -t97;
        const double t100 = mn_do_WHERE(t98, t99, t97, 0.0, 0.0);
        const double t101 = t100 * in_10[k];
        const double t104 = row_8[k] * t101;
        const double t105 = t55 * t104;
        const double t106 = row_18[k] * in_0[k] - t105;
        const double t107 = t106 / t54;
        const double t108 = 0x1.0b0e6d55e647cp-76 * t101;
        const double t109 = t59 * t108;
        const double t110 = -t109;
        const double t111 = t110 / t58;
        const double t114 = mn_do_LESS(t55, 0x1.5e00000000000p+9, 0.0, 0.0, 0.0);
        const double t115 = mn_do_WHERE(t114, t107, 0x0.0p+0, 0.0, 0.0);
        const double t116 = mn_do_LESS((-0x1.5e00000000000p+9), t62, 0.0, 0.0, 0.0);
        const double t117 = mn_do_WHERE(t116, t115, 0x0.0p+0, 0.0, 0.0);
        const double t123 = in_0[k] * t76 + t37;
        const double t124 = -t123;
        const double t125 = mn_do_WHERE(t98, t124, t123, 0.0, 0.0);
        const double t126 = t125 * in_10[k];
        const double t127 = row_8[k] * t126;
        const double t128 = row_6[k] - t55 * t127;
        const double t129 = t128 / t54;
        const double t130 = 0x1.0b0e6d55e647cp-76 * t126;
        const double t131 = t59 * t130;
        const double t132 = -t131;
        const double t133 = t132 / t58;
        const double t136 = mn_do_WHERE(t114, t129, 0x0.0p+0, 0.0, 0.0);
        const double t137 = mn_do_WHERE(t116, t136, 0x0.0p+0, 0.0, 0.0);
        out_0[k] = t37;
        row_0[k] = t59;
        row_11[k] = t63;
        out_1[k] = t76;
        out_5[k] = t88;
        row_19[k] = t111;
        row_20[k] = t117;
        row_22[k] = t133;
        row_23[k] = t137;
    }
}

MN_VECTOR
static void linearise_2(const int64_t n, const int64_t first, const double *const *in, const double *uniform, double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict row_1 = row[1];
    const double *restrict row_9 = row[9];
    const double *restrict row_12 = row[12];
    const double *restrict row_15 = row[15];
    const double *restrict row_16 = row[16];
    const double *restrict row_19 = row[19];
    const double *restrict row_20 = row[20];
    const double *restrict row_21 = row[21];
    const double *restrict row_22 = row[22];
    const double *restrict row_23 = row[23];
    double *restrict out_2 = out[2] + first;
    double *restrict out_3 = out[3] + first;
    double *restrict out_4 = out[4] + first;
    (void)in, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t61 = row_9[k] * row_1[k];
        const double t65 = t61 * row_12[k];
        const double t78 = mn_do_LESS(0x0.0p+0, t65, 0.0, 0.0, 0.0);
        const double t79 = mn_do_AND(row_15[k], t78, 0.0, 0.0, 0.0);
        const double t81 = mn_do_LESS(t65, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t82 = mn_do_AND(row_16[k], t81, 0.0, 0.0, 0.0);
        const double t83 = mn_do_OR(t79, t82, 0.0, 0.0, 0.0);
        const double t84 = mn_do_WHERE(t83, 0x0.0p+0, t65, 0.0, 0.0);
        const double t112 = row_1[k] * row_19[k];
        const double t113 = row_9[k] * t112;
        const double t119 = row_21[k] * row_20[k];
        const double t120 = t61 * t119;
        const double t121 = t113 * row_12[k] + t120;
        const double t122 = mn_do_WHERE(t83, 0x0.0p+0, t121, 0.0, 0.0);
        const double t134 = row_1[k] * row_22[k];
        const double t135 = row_9[k] * t134;
        const double t138 = row_21[k] * row_23[k];
        const double t139 = t61 * t138;
        const double t140 = t135 * row_12[k] + t139;
        const double t141 = mn_do_WHERE(t83, 0x0.0p+0, t140, 0.0, 0.0);
        out_2[k] = t84;
        out_3[k] = t122;
        out_4[k] = t141;
    }
}

static void linearise(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[24][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        linearise_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[1]}, row[2]);
        mn_operation_run(MN_OPERATION_SINH, m, (const double *const[]){row[0]}, row[3]);
        mn_operation_run(MN_OPERATION_COSH, m, (const double *const[]){row[0]}, row[5]);
        linearise_1(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[0]}, row[1]);
        mn_operation_run(MN_OPERATION_SINH, m, (const double *const[]){row[11]}, row[12]);
        mn_operation_run(MN_OPERATION_COSH, m, (const double *const[]){row[11]}, row[21]);
        linearise_2(m, first, in, uniform, row, out);
    }
}

static const int16_t start_input[] = {15, 14, 13};
static const mn_program start_program = {.n_inputs = 3, .n_uniforms = 0, .n_outputs = 1};

static const int16_t linearise_input[] = {MN_INPUT_VOLTAGE, 2, 16, 1, 0, 11, 10, 9, 6, 12, 8, 7, 5, 3, 4, 14, 13};
static const mn_program linearise_program = {.n_inputs = 17, .n_uniforms = 0, .n_outputs = 6};

const mn_equation_model mn_stanford_pku = {
    .model =
        {
            .name = "StanfordPKU",
            .doc = "The filament of a metal oxide with a gap at its tip (Stanford and PKU). The current falls exponentially with the gap and grows as a hyperbolic sine of the voltage; the gap shrinks and grows by thermally activated hops in the field, which the current itself warms. Below the field F_min nothing moves. The random part of the model is left out. Exponents of the current above 200 go on along the tangent, so that no voltage overflows.",
            .citation = "Jiang, Wu, Yu, Yang, Song, Karim and Wong, IEEE Trans. Electron Devices 2016, 63, 1884, doi 10.1109/TED.2016.2545412",
            .text = "doc The filament of a metal oxide with a gap at its tip (Stanford and PKU). The current falls exponentially with the gap\n"
    "doc and grows as a hyperbolic sine of the voltage; the gap shrinks and grows by thermally activated hops in the field,\n"
    "doc which the current itself warms. Below the field F_min nothing moves. The random part of the model is left out.\n"
    "doc Exponents of the current above 200 go on along the tangent, so that no voltage overflows.\n"
    "source Jiang, Wu, Yu, Yang, Song, Karim and Wong, IEEE Trans. Electron Devices 2016, 63, 1884,\n"
    "source doi 10.1109/TED.2016.2545412\n"
    "\n"
    "i       = I_0*exp(-gap/g_0)*(sinh(u) + (v/V_0 - u)*cosh(u))\n"
    "u       = max(min(v/V_0, 200), -200)\n"
    "dgap/dt = -nu_0*exp(-E_a/(k_B*T))*sinh(max(min(hop, 700), -700))\n"
    "hop     = gamma*a_0*e_charge*v/(t_ox*k_B*T)\n"
    "T       = T_0 + abs(v*i)*R_th\n"
    "gamma   = where(local*abs(v)/t_ox < F_min, 0, local)\n"
    "local   = gamma_0 - beta*(gap/g_1)**3\n"
    "\n"
    "parameter I_0         = 1 mA in (0, inf)          : current scale at no gap\n"
    "parameter g_0         = 0.25 nm in (0, inf)       : gap over which the current falls by e\n"
    "parameter V_0         = 0.25 V in (0, inf)        : voltage scale of the current\n"
    "parameter nu_0        = 10 m/s in [0, inf)        : speed of the tip without a barrier\n"
    "parameter E_a         = 0.6 eV in [0, inf)        : activation energy of a hop\n"
    "parameter a_0         = 0.25 nm in (0, inf)       : length of a hop\n"
    "parameter t_ox        = 12 nm in (0, inf)         : thickness of the oxide\n"
    "parameter T_0         = 298 K in (0, inf)         : temperature around it\n"
    "parameter R_th        = 2.1e3 K/W in [0, inf)     : thermal resistance\n"
    "parameter gamma_0     = 16 in [0, inf)            : local enhancement of the field at no gap\n"
    "parameter beta        = 0.8 in [0, inf)           : how much of that a gap g_1 takes away, with its third power\n"
    "parameter g_1         = 1 nm in (0, inf)          : gap that beta is told for\n"
    "parameter F_min       = 1.4e9 V/m in [0, inf)     : enhanced field below which nothing moves\n"
    "parameter gap_min     = 0.2 nm in (0, inf)        : least gap\n"
    "parameter gap_max     = 1.7 nm in (0, inf)        : largest gap\n"
    "parameter gap_initial = 0.2 nm in (0, inf)        : gap at the start\n"
    "\n"
    "state gap = gap_initial in [gap_min, gap_max]     : gap between the tip and the electrode\n"
    "\n"
    "preset memtorch: I_0 = 1 mA, g_0 = 0.25 nm, V_0 = 0.25 V, nu_0 = 10 m/s, E_a = 0.6 eV, a_0 = 0.25 nm, t_ox = 12 nm, T_0 = 298 K, R_th = 2.1e3 K/W, gamma_0 = 16, beta = 0.8, F_min = 1.4e9 V/m, gap_min = 0.2 nm, gap_max = 1.7 nm, gap_initial = 0.2 nm : gaps from its 542 and 218,586 ohm at 0.1 V, rounded; loops of 10 Hz and 1.5 V [Lammie et al., MemTorch, Neurocomputing 2022, 485, 124, whose code has them]\n",
            .check = "I_0",
            .flags = MN_IMPLICIT | MN_FALLS,
            .n_scratch = 0,
            .init = mn_equation_init,
            .linearise = mn_equation_linearise,
            MN_ARRAY(field, fields),
            MN_ARRAY(preset, presets),
        },
    .of =
        {
            [MN_EQUATIONS_START] = {.program = &start_program, .compiled = start, .input = start_input},
            [MN_EQUATIONS_LINEARISE] = {.program = &linearise_program, .compiled = linearise, .input = linearise_input},
        },
};
