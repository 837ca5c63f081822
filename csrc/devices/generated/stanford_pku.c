/* StanfordPKU, written from its equations, which stand at the end: to_c() of its class. */
#include "devices/equation_model.h"
#include "equations/compiled.h"

static const mn_field fields[] = {
    {.name = "I_0",
     .unit = "A",
     .doc = "current scale at no gap",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0624dd2f1a9fcp-10,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "g_0",
     .unit = "m",
     .doc = "gap over which the current falls by e",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.12e0be826d695p-32,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "V_0",
     .unit = "V",
     .doc = "voltage scale of the current",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0000000000000p-2,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "nu_0",
     .unit = "m/s",
     .doc = "speed of the tip without a barrier",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.4000000000000p+3,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "E_a",
     .unit = "J",
     .doc = "activation energy of a hop",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.c5f6c3141b463p-64,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "a_0",
     .unit = "m",
     .doc = "length of a hop",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.12e0be826d695p-32,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "t_ox",
     .unit = "m",
     .doc = "thickness of the oxide",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.9c511dc3a41dfp-27,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "T_0",
     .unit = "K",
     .doc = "temperature around it",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.2a00000000000p+8,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "R_th",
     .unit = "K/W",
     .doc = "thermal resistance",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0680000000000p+11,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "gamma_0",
     .unit = "1",
     .doc = "local enhancement of the field at no gap",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0000000000000p+4,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "beta",
     .unit = "1",
     .doc = "how much of that a gap g_1 takes away, with its third power",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.999999999999ap-1,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "g_1",
     .unit = "m",
     .doc = "gap that beta is told for",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.12e0be826d695p-30,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "F_min",
     .unit = "V/m",
     .doc = "enhanced field below which nothing moves",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.4dc9380000000p+30,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "dF_min",
     .unit = "V/m",
     .doc = "over which e times as much moves; ours",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.3880000000000p+13,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "gap_min",
     .unit = "m",
     .doc = "smallest gap",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.b7cdfd9d7bdbbp-33,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "gap_max",
     .unit = "m",
     .doc = "largest gap",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.d34add7753996p-30,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "gap_initial",
     .unit = "m",
     .doc = "gap at the start",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.b7cdfd9d7bdbbp-33,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "x",
     .unit = "1",
     .doc = "the gap, from 0 at gap_min to 1 at gap_max",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
};

static const mn_preset_value values_0[] = {
    {"I_0", 0x1.0624dd2f1a9fcp-10},     {"g_0", 0x1.12e0be826d695p-32},     {"V_0", 0x1.0000000000000p-2},
    {"nu_0", 0x1.4000000000000p+3},     {"E_a", 0x1.c5f6c3141b463p-64},     {"a_0", 0x1.12e0be826d695p-32},
    {"t_ox", 0x1.9c511dc3a41dfp-27},    {"T_0", 0x1.2a00000000000p+8},      {"R_th", 0x1.0680000000000p+11},
    {"gamma_0", 0x1.0000000000000p+4},  {"beta", 0x1.999999999999ap-1},     {"F_min", 0x1.4dc9380000000p+30},
    {"gap_min", 0x1.b7cdfd9d7bdbbp-33}, {"gap_max", 0x1.d34add7753996p-30}, {"gap_initial", 0x1.b7cdfd9d7bdbbp-33}};

static const mn_preset presets[] = {
    {.name = "memtorch",
     .doc = "gaps from its 542 and 218,586 ohm at 0.1 V, rounded; loops of 10 Hz and 1.5 V",
     .citation = "Lammie et al., MemTorch, Neurocomputing 2022, 485, 124, whose code has them",
     MN_ARRAY(value, values_0)},
};

MN_VECTOR
static void start_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                    double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    const double *restrict in_1 = in[1] + first;
    const double *restrict in_2 = in[2] + first;
    double *restrict out_0 = out[0] + first;
    (void)row, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t5 = in_0[k] - in_1[k];
        const double t6 = in_2[k] - in_1[k];
        const double t7 = t6 / t5;
        const double t8 = mn_do_MIN(t7, 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t9 = mn_do_MAX(t8, 0x0.0p+0, 0.0, 0.0, 0.0);
        out_0[k] = t9;
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
static void linearise_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    const double *restrict in_1 = in[1] + first;
    const double *restrict in_2 = in[2] + first;
    const double *restrict in_3 = in[3] + first;
    const double *restrict in_4 = in[4] + first;
    const double *restrict in_5 = in[5] + first;
    const double *restrict in_9 = in[9] + first;
    const double *restrict in_10 = in[10] + first;
    const double *restrict in_11 = in[11] + first;
    const double *restrict in_12 = in[12] + first;
    const double *restrict in_13 = in[13] + first;
    const double *restrict in_14 = in[14] + first;
    const double *restrict in_15 = in[15] + first;
    const double *restrict in_16 = in[16] + first;
    const double *restrict in_17 = in[17] + first;
    double *restrict row_0 = row[0];
    double *restrict row_1 = row[1];
    double *restrict row_2 = row[2];
    double *restrict row_5 = row[5];
    double *restrict row_7 = row[7];
    double *restrict row_8 = row[8];
    double *restrict row_9 = row[9];
    double *restrict row_10 = row[10];
    double *restrict row_12 = row[12];
    double *restrict row_13 = row[13];
    double *restrict row_16 = row[16];
    double *restrict row_17 = row[17];
    double *restrict row_18 = row[18];
    double *restrict row_19 = row[19];
    double *restrict row_20 = row[20];
    double *restrict row_21 = row[21];
    double *restrict row_22 = row[22];
    double *restrict row_27 = row[27];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t27 = in_0[k] - in_1[k];
        const double t28 = t27 * in_2[k] + in_1[k];
        const double t29 = in_3[k] / in_4[k];
        const double t30 = mn_do_MIN(t29, 0x1.9000000000000p+7, 0.0, 0.0, 0.0);
        const double t31 = mn_do_MAX(t30, (-0x1.9000000000000p+7), 0.0, 0.0, 0.0);
        const double t32 = -t28;
        const double t33 = t32 / in_5[k];
        const double t37 = t29 - t31;
        const double t44 = t28 / in_9[k];
        const double t45 = t44 * t44;
        const double t46 = t45 * t44;
        const double t47 = in_11[k] - in_10[k] * t46;
        const double t48 = t47 * in_12[k];
        const double t49 = t48 * 0x1.7a4da290c1653p-63;
        const double t50 = t49 * in_3[k];
        const double t51 = in_13[k] * 0x1.0b0e6d55e647cp-76;
        const double t54 = mn_do_ABS(in_3[k], 0.0, 0.0, 0.0, 0.0);
        const double t55 = t47 * t54;
        const double t56 = t55 / in_13[k];
        const double t57 = in_14[k] - t56;
        const double t58 = t57 / in_15[k];
        const double t59 = mn_do_MIN(t58, 0x1.9000000000000p+7, 0.0, 0.0, 0.0);
        const double t63 = -in_16[k];
        const double t64 = -in_17[k];
        const double t75 = 0x1.0000000000000p+0 / in_4[k];
        const double t76 = mn_do_LESS(t29, 0x1.9000000000000p+7, 0.0, 0.0, 0.0);
        const double t77 = mn_do_WHERE(t76, t75, 0x0.0p+0, 0.0, 0.0);
        const double t78 = mn_do_LESS((-0x1.9000000000000p+7), t30, 0.0, 0.0, 0.0);
        const double t79 = mn_do_WHERE(t78, t77, 0x0.0p+0, 0.0, 0.0);
        const double t80 = t75 - t79;
        const double t86 = mn_do_LESS_EQUAL(0x1.0000000000000p+0, in_2[k], 0.0, 0.0, 0.0);
        const double t89 = mn_do_LESS_EQUAL(in_2[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t94 = -t27;
        const double t95 = t94 / in_5[k];
        const double t104 = t27 / in_9[k];
        const double t105 = t44 * t104;
        const double t106 = t104 * t44 + t105;
        const double t107 = t45 * t104;
        const double t108 = t106 * t44 + t107;
        const double t109 = in_10[k] * t108;
        const double t110 = -t109;
        const double t111 = t110 * in_12[k];
        const double t112 = t111 * 0x1.7a4da290c1653p-63;
        const double t117 = t110 * t54;
        const double t118 = t117 / in_13[k];
        const double t119 = -t118;
        const double t120 = t119 / in_15[k];
        const double t121 = mn_do_LESS(t58, 0x1.9000000000000p+7, 0.0, 0.0, 0.0);
        const double t122 = mn_do_WHERE(t121, t120, 0x0.0p+0, 0.0, 0.0);
        const double t152 = mn_do_LESS(in_3[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t153 = mn_do_WHERE(t152, (-0x1.0000000000000p+0), 0x1.0000000000000p+0, 0.0, 0.0);
        const double t154 = t47 * t153;
        const double t155 = t154 / in_13[k];
        const double t156 = -t155;
        const double t157 = t156 / in_15[k];
        const double t158 = mn_do_WHERE(t121, t157, 0x0.0p+0, 0.0, 0.0);
        row_0[k] = t27;
        row_1[k] = t31;
        row_2[k] = t33;
        row_5[k] = t37;
        row_7[k] = t49;
        row_8[k] = t50;
        row_9[k] = t51;
        row_10[k] = t59;
        row_12[k] = t63;
        row_13[k] = t64;
        row_16[k] = t79;
        row_17[k] = t80;
        row_18[k] = t86;
        row_19[k] = t89;
        row_20[k] = t95;
        row_21[k] = t112;
        row_22[k] = t122;
        row_27[k] = t158;
    }
}

MN_VECTOR
static void linearise_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_3 = in[3] + first;
    const double *restrict in_6 = in[6] + first;
    const double *restrict in_7 = in[7] + first;
    const double *restrict in_8 = in[8] + first;
    const double *restrict row_3 = row[3];
    const double *restrict row_4 = row[4];
    const double *restrict row_5 = row[5];
    const double *restrict row_6 = row[6];
    const double *restrict row_7 = row[7];
    const double *restrict row_8 = row[8];
    const double *restrict row_9 = row[9];
    const double *restrict row_11 = row[11];
    const double *restrict row_13 = row[13];
    const double *restrict row_16 = row[16];
    const double *restrict row_17 = row[17];
    const double *restrict row_20 = row[20];
    const double *restrict row_21 = row[21];
    const double *restrict row_22 = row[22];
    const double *restrict row_27 = row[27];
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict out_5 = out[5] + first;
    double *restrict row_1 = row[1];
    double *restrict row_2 = row[2];
    double *restrict row_14 = row[14];
    double *restrict row_23 = row[23];
    double *restrict row_24 = row[24];
    double *restrict row_25 = row[25];
    double *restrict row_28 = row[28];
    double *restrict row_29 = row[29];
    double *restrict row_30 = row[30];
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t35 = in_6[k] * row_3[k];
        const double t39 = row_5[k] * row_6[k] + row_4[k];
        const double t40 = t35 * t39;
        const double t41 = in_3[k] * t40;
        const double t42 = mn_do_ABS(t41, 0.0, 0.0, 0.0, 0.0);
        const double t43 = t42 * in_7[k] + in_8[k];
        const double t52 = row_9[k] * t43;
        const double t53 = row_8[k] / t52;
        const double t61 = 0x1.0000000000000p+0 + row_11[k];
        const double t62 = 0x1.0000000000000p+0 / t61;
        const double t65 = 0x1.0b0e6d55e647cp-76 * t43;
        const double t66 = row_13[k] / t65;
        const double t69 = mn_do_MIN(t53, 0x1.5e00000000000p+9, 0.0, 0.0, 0.0);
        const double t70 = mn_do_MAX(t69, (-0x1.5e00000000000p+9), 0.0, 0.0, 0.0);
        const double t81 = row_4[k] * row_16[k];
        const double t82 = row_5[k] * t81;
        const double t83 = row_17[k] * row_6[k] + t82;
        const double t84 = row_6[k] * row_16[k] + t83;
        const double t85 = t35 * t84;
        const double t96 = row_3[k] * row_20[k];
        const double t97 = in_6[k] * t96;
        const double t98 = t97 * t39;
        const double t99 = in_3[k] * t98;
        const double t100 = mn_do_LESS(t41, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t101 = -t99;
        const double t102 = mn_do_WHERE(t100, t101, t99, 0.0, 0.0);
        const double t103 = t102 * in_7[k];
        const double t113 = row_9[k] * t103;
        const double t114 = t53 * t113;
        const double t115 = row_21[k] * in_3[k] - t114;
        const double t116 = t115 / t52;
        const double t123 = row_11[k] * row_22[k];
        const double t124 = t62 * t123;
        const double t125 = -t124;
        const double t126 = t125 / t61;
        const double t127 = 0x1.0b0e6d55e647cp-76 * t103;
        const double t128 = t66 * t127;
        const double t129 = -t128;
        const double t130 = t129 / t65;
        const double t133 = mn_do_LESS(t53, 0x1.5e00000000000p+9, 0.0, 0.0, 0.0);
        const double t134 = mn_do_WHERE(t133, t116, 0x0.0p+0, 0.0, 0.0);
        const double t135 = mn_do_LESS((-0x1.5e00000000000p+9), t69, 0.0, 0.0, 0.0);
        const double t136 = mn_do_WHERE(t135, t134, 0x0.0p+0, 0.0, 0.0);
        const double t145 = in_3[k] * t85 + t40;
        const double t146 = -t145;
        const double t147 = mn_do_WHERE(t100, t146, t145, 0.0, 0.0);
        const double t148 = t147 * in_7[k];
        const double t149 = row_9[k] * t148;
        const double t150 = row_7[k] - t53 * t149;
        const double t151 = t150 / t52;
        const double t159 = row_11[k] * row_27[k];
        const double t160 = t62 * t159;
        const double t161 = -t160;
        const double t162 = t161 / t61;
        const double t163 = 0x1.0b0e6d55e647cp-76 * t148;
        const double t164 = t66 * t163;
        const double t165 = -t164;
        const double t166 = t165 / t65;
        const double t169 = mn_do_WHERE(t133, t151, 0x0.0p+0, 0.0, 0.0);
        const double t170 = mn_do_WHERE(t135, t169, 0x0.0p+0, 0.0, 0.0);
        out_0[k] = t40;
        row_1[k] = t62;
        row_2[k] = t66;
        row_14[k] = t70;
        out_1[k] = t85;
        out_5[k] = t98;
        row_23[k] = t126;
        row_24[k] = t130;
        row_25[k] = t136;
        row_28[k] = t162;
        row_29[k] = t166;
        row_30[k] = t170;
    }
}

MN_VECTOR
static void linearise_2(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict row_0 = row[0];
    const double *restrict row_1 = row[1];
    const double *restrict row_10 = row[10];
    const double *restrict row_12 = row[12];
    const double *restrict row_15 = row[15];
    const double *restrict row_18 = row[18];
    const double *restrict row_19 = row[19];
    const double *restrict row_23 = row[23];
    const double *restrict row_24 = row[24];
    const double *restrict row_25 = row[25];
    const double *restrict row_26 = row[26];
    const double *restrict row_28 = row[28];
    const double *restrict row_29 = row[29];
    const double *restrict row_30 = row[30];
    double *restrict out_2 = out[2] + first;
    double *restrict out_3 = out[3] + first;
    double *restrict out_4 = out[4] + first;
    (void)in, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t68 = row_12[k] * row_10[k];
        const double t72 = t68 * row_15[k];
        const double t73 = t72 * row_1[k];
        const double t74 = t73 / row_0[k];
        const double t87 = mn_do_LESS(0x0.0p+0, t74, 0.0, 0.0, 0.0);
        const double t88 = mn_do_AND(row_18[k], t87, 0.0, 0.0, 0.0);
        const double t90 = mn_do_LESS(t74, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t91 = mn_do_AND(row_19[k], t90, 0.0, 0.0, 0.0);
        const double t92 = mn_do_OR(t88, t91, 0.0, 0.0, 0.0);
        const double t93 = mn_do_WHERE(t92, 0x0.0p+0, t74, 0.0, 0.0);
        const double t131 = row_10[k] * row_24[k];
        const double t132 = row_12[k] * t131;
        const double t138 = row_26[k] * row_25[k];
        const double t139 = t68 * t138;
        const double t140 = t132 * row_15[k] + t139;
        const double t141 = t72 * row_23[k];
        const double t142 = t140 * row_1[k] + t141;
        const double t143 = t142 / row_0[k];
        const double t144 = mn_do_WHERE(t92, 0x0.0p+0, t143, 0.0, 0.0);
        const double t167 = row_10[k] * row_29[k];
        const double t168 = row_12[k] * t167;
        const double t171 = row_26[k] * row_30[k];
        const double t172 = t68 * t171;
        const double t173 = t168 * row_15[k] + t172;
        const double t174 = t72 * row_28[k];
        const double t175 = t173 * row_1[k] + t174;
        const double t176 = t175 / row_0[k];
        const double t177 = mn_do_WHERE(t92, 0x0.0p+0, t176, 0.0, 0.0);
        out_2[k] = t93;
        out_3[k] = t144;
        out_4[k] = t177;
    }
}

static void linearise(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[31][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        linearise_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[2]}, row[3]);
        mn_operation_run(MN_OPERATION_SINH, m, (const double *const[]){row[1]}, row[4]);
        mn_operation_run(MN_OPERATION_COSH, m, (const double *const[]){row[1]}, row[6]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[10]}, row[11]);
        linearise_1(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[2]}, row[10]);
        mn_operation_run(MN_OPERATION_SINH, m, (const double *const[]){row[14]}, row[15]);
        mn_operation_run(MN_OPERATION_COSH, m, (const double *const[]){row[14]}, row[26]);
        linearise_2(m, first, in, uniform, row, out);
    }
}

static const int16_t start_input[] = {15, 14, 16};
static const mn_program start_program = {.n_inputs = 3, .n_uniforms = 0, .n_outputs = 1};

static const int16_t linearise_input[] = {15, 14, 17, MN_INPUT_VOLTAGE, 2, 1, 0, 8, 7, 11, 10, 9, 5, 6, 12, 13, 3, 4};
static const mn_program linearise_program = {.n_inputs = 18, .n_uniforms = 0, .n_outputs = 6};

const mn_equation_model mn_stanford_pku = {
    .model =
        {
            .name = "StanfordPKU",
            .doc = "The filament of a metal oxide with a gap at its tip (Stanford and PKU). The current falls "
                   "exponentially with the gap and grows as a hyperbolic sine of the voltage; the gap shrinks and "
                   "grows by thermally activated hops in the field, which the current itself warms. Below the field "
                   "F_min nothing moves; a growing gap comes back to that threshold and goes along it as long as the "
                   "voltage rises, so here it is a step of the width dF_min, which steps of a solver can follow, where "
                   "the source jumps. The random part of the model is left out. Exponents of the current above 200 go "
                   "on along the tangent, so that no voltage overflows.",
            .citation = "Jiang, Wu, Yu, Yang, Song, Karim and Wong, IEEE Trans. Electron Devices 2016, 63, 1884, doi "
                        "10.1109/TED.2016.2545412",
            .text = "doc The filament of a metal oxide with a gap at its tip (Stanford and PKU). The current falls "
                    "exponentially with the gap\n"
                    "doc and grows as a hyperbolic sine of the voltage; the gap shrinks and grows by thermally "
                    "activated hops in the field,\n"
                    "doc which the current itself warms. Below the field F_min nothing moves; a growing gap comes back "
                    "to that threshold and\n"
                    "doc goes along it as long as the voltage rises, so here it is a step of the width dF_min, which "
                    "steps of a solver can\n"
                    "doc follow, where the source jumps. The random part of the model is left out.\n"
                    "doc Exponents of the current above 200 go on along the tangent, so that no voltage overflows.\n"
                    "source Jiang, Wu, Yu, Yang, Song, Karim and Wong, IEEE Trans. Electron Devices 2016, 63, 1884,\n"
                    "source doi 10.1109/TED.2016.2545412\n"
                    "\n"
                    "i       = I_0*exp(-gap/g_0)*(sinh(u) + (v/V_0 - u)*cosh(u))\n"
                    "u       = max(min(v/V_0, 200), -200)\n"
                    "speed   = -nu_0*exp(-E_a/(k_B*T))*sinh(max(min(hop, 700), -700))*moves\n"
                    "dx/dt   = speed/(gap_max - gap_min)\n"
                    "gap     = gap_min + (gap_max - gap_min)*x\n"
                    "hop     = gamma*a_0*e_charge*v/(t_ox*k_B*T)\n"
                    "T       = T_0 + abs(v*i)*R_th\n"
                    "moves   = 1/(1 + exp(min((F_min - gamma*abs(v)/t_ox)/dF_min, 200)))\n"
                    "gamma   = gamma_0 - beta*(gap/g_1)**3\n"
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
                    "parameter beta        = 0.8 in [0, inf)           : how much of that a gap g_1 takes away, with "
                    "its third power\n"
                    "parameter g_1         = 1 nm in (0, inf)          : gap that beta is told for\n"
                    "parameter F_min       = 1.4e9 V/m in [0, inf)     : enhanced field below which nothing moves\n"
                    "parameter dF_min      = 1e4 V/m in (0, inf)       : over which e times as much moves; ours\n"
                    "parameter gap_min     = 0.2 nm in (0, inf)        : smallest gap\n"
                    "parameter gap_max     = 1.7 nm in (0, inf)        : largest gap\n"
                    "parameter gap_initial = 0.2 nm in (0, inf)        : gap at the start\n"
                    "\n"
                    "state x = (gap_initial - gap_min)/(gap_max - gap_min) in [0, 1] : the gap, from 0 at gap_min to 1 "
                    "at gap_max\n"
                    "\n"
                    "preset memtorch: I_0 = 1 mA, g_0 = 0.25 nm, V_0 = 0.25 V, nu_0 = 10 m/s, E_a = 0.6 eV, a_0 = 0.25 "
                    "nm, t_ox = 12 nm, T_0 = 298 K, R_th = 2.1e3 K/W, gamma_0 = 16, beta = 0.8, F_min = 1.4e9 V/m, "
                    "gap_min = 0.2 nm, gap_max = 1.7 nm, gap_initial = 0.2 nm : gaps from its 542 and 218,586 ohm at "
                    "0.1 V, rounded; loops of 10 Hz and 1.5 V [Lammie et al., MemTorch, Neurocomputing 2022, 485, 124, "
                    "whose code has them]\n",
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
