/* Memtransistor, written from its equations, which stand at the end: to_c() of its class. */
#include "devices/equation_model.h"
#include "equations/compiled.h"

static const mn_field fields[] = {
    {.name = "k",
     .unit = "A/V^2",
     .doc = "transconductance parameter",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.4f8b588e368f1p-16,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "v_s",
     .unit = "V",
     .doc = "voltage over which the onset is smooth; below it the current falls by e in half of it",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.999999999999ap-4,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "V_low",
     .unit = "V",
     .doc = "threshold at x = 0, erased",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0000000000000p-1,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "V_high",
     .unit = "V",
     .doc = "threshold at x = 1, programmed",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.c000000000000p+1,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "V_program",
     .unit = "V",
     .doc = "gate voltage above which charge is trapped",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.4000000000000p+2,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "V_erase",
     .unit = "V",
     .doc = "gate voltage, as a positive number, below whose negative it is set free",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.4000000000000p+2,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "v_0",
     .unit = "V",
     .doc = "voltage over which the rates grow by e",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0000000000000p-1,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "r_0",
     .unit = "1/s",
     .doc = "scale of the rates",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.f400000000000p+9,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "x_initial",
     .unit = "1",
     .doc = "state at the start",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
    {.name = "x",
     .unit = "1",
     .doc = "trapped charge, as a share of what can be trapped",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
};

MN_VECTOR
static void start_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                    double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    double *restrict out_0 = out[0] + first;
    (void)row, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t3 = mn_do_MIN(in_0[k], 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t4 = mn_do_MAX(t3, 0x0.0p+0, 0.0, 0.0, 0.0);
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
    const double *restrict in_7 = in[7] + first;
    const double *restrict in_8 = in[8] + first;
    const double *restrict in_10 = in[10] + first;
    double *restrict out_4 = out[4] + first;
    double *restrict row_0 = row[0];
    double *restrict row_2 = row[2];
    double *restrict row_4 = row[4];
    double *restrict row_5 = row[5];
    double *restrict row_7 = row[7];
    double *restrict row_8 = row[8];
    double *restrict row_10 = row[10];
    double *restrict row_11 = row[11];
    double *restrict row_12 = row[12];
    double *restrict row_14 = row[14];
    double *restrict row_16 = row[16];
    double *restrict row_17 = row[17];
    double *restrict row_18 = row[18];
    double *restrict row_19 = row[19];
    double *restrict row_20 = row[20];
    double *restrict row_22 = row[22];
    double *restrict row_23 = row[23];
    double *restrict row_24 = row[24];
    double *restrict row_25 = row[25];
    double *restrict row_26 = row[26];
    double *restrict row_28 = row[28];
    double *restrict row_29 = row[29];
    double *restrict row_31 = row[31];
    double *restrict row_32 = row[32];
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t17 = in_0[k] - in_1[k];
        const double t18 = t17 * in_2[k] + in_1[k];
        const double t19 = in_3[k] - in_4[k];
        const double t20 = t19 - t18;
        const double t21 = t20 / in_5[k];
        const double t22 = -t21;
        const double t23 = mn_do_MIN(t22, 0x1.5e00000000000p+9, 0.0, 0.0, 0.0);
        const double t24 = mn_do_MAX(t23, (-0x1.5e00000000000p+9), 0.0, 0.0, 0.0);
        const double t28 = in_4[k] / in_5[k];
        const double t29 = mn_do_MIN(t28, 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t30 = mn_do_MAX(t29, (-0x1.0000000000000p+0), 0.0, 0.0, 0.0);
        const double t35 = in_3[k] - t18;
        const double t36 = t35 / in_5[k];
        const double t37 = mn_do_MAX(t36, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t38 = mn_do_ABS(t36, 0.0, 0.0, 0.0, 0.0);
        const double t39 = -t38;
        const double t44 = mn_do_MAX(t21, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t45 = mn_do_ABS(t21, 0.0, 0.0, 0.0, 0.0);
        const double t46 = -t45;
        const double t51 = in_6[k] / 0x1.0000000000000p+1;
        const double t52 = mn_do_ABS(in_4[k], 0.0, 0.0, 0.0, 0.0);
        const double t53 = mn_do_LESS(t52, in_5[k], 0.0, 0.0, 0.0);
        const double t60 = in_3[k] - in_7[k];
        const double t61 = t60 / in_8[k];
        const double t62 = mn_do_MIN(t61, 0x1.5e00000000000p+9, 0.0, 0.0, 0.0);
        const double t63 = mn_do_MAX(t62, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t67 = -in_10[k];
        const double t68 = t67 - in_3[k];
        const double t69 = t68 / in_8[k];
        const double t70 = mn_do_MIN(t69, 0x1.5e00000000000p+9, 0.0, 0.0, 0.0);
        const double t71 = mn_do_MAX(t70, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t75 = mn_do_LESS(in_7[k], in_3[k], 0.0, 0.0, 0.0);
        const double t76 = 0x1.0000000000000p+0 - in_2[k];
        const double t78 = mn_do_LESS(in_3[k], t67, 0.0, 0.0, 0.0);
        const double t83 = (-0x1.0000000000000p+0) / in_5[k];
        const double t84 = -t83;
        const double t85 = mn_do_LESS(t22, 0x1.5e00000000000p+9, 0.0, 0.0, 0.0);
        const double t86 = mn_do_WHERE(t85, t84, 0x0.0p+0, 0.0, 0.0);
        const double t87 = mn_do_LESS((-0x1.5e00000000000p+9), t23, 0.0, 0.0, 0.0);
        const double t88 = mn_do_WHERE(t87, t86, 0x0.0p+0, 0.0, 0.0);
        const double t93 = 0x1.0000000000000p+0 / in_5[k];
        const double t94 = mn_do_LESS(t28, 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t95 = mn_do_WHERE(t94, t93, 0x0.0p+0, 0.0, 0.0);
        const double t96 = mn_do_LESS((-0x1.0000000000000p+0), t29, 0.0, 0.0, 0.0);
        const double t97 = mn_do_WHERE(t96, t95, 0x0.0p+0, 0.0, 0.0);
        const double t105 = mn_do_LESS(0x0.0p+0, t21, 0.0, 0.0, 0.0);
        const double t106 = mn_do_WHERE(t105, t83, 0x0.0p+0, 0.0, 0.0);
        const double t107 = mn_do_LESS(t21, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t108 = mn_do_WHERE(t107, t84, t83, 0.0, 0.0);
        const double t109 = -t108;
        const double t122 = mn_do_LESS_EQUAL(0x1.0000000000000p+0, in_2[k], 0.0, 0.0, 0.0);
        const double t125 = mn_do_LESS_EQUAL(in_2[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t134 = -t17;
        const double t135 = t134 / in_5[k];
        const double t136 = -t135;
        const double t137 = mn_do_WHERE(t85, t136, 0x0.0p+0, 0.0, 0.0);
        const double t138 = mn_do_WHERE(t87, t137, 0x0.0p+0, 0.0, 0.0);
        const double t146 = mn_do_LESS(0x0.0p+0, t36, 0.0, 0.0, 0.0);
        const double t147 = mn_do_WHERE(t146, t135, 0x0.0p+0, 0.0, 0.0);
        const double t148 = mn_do_LESS(t36, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t149 = mn_do_WHERE(t148, t136, t135, 0.0, 0.0);
        const double t150 = -t149;
        const double t156 = mn_do_WHERE(t105, t135, 0x0.0p+0, 0.0, 0.0);
        const double t157 = mn_do_WHERE(t107, t136, t135, 0.0, 0.0);
        const double t158 = -t157;
        const double t173 = 0x0.0p+0;
        row_0[k] = t24;
        row_2[k] = t30;
        row_4[k] = t37;
        row_5[k] = t39;
        row_7[k] = t44;
        row_8[k] = t46;
        row_10[k] = t51;
        row_11[k] = t53;
        row_12[k] = t63;
        row_14[k] = t71;
        row_16[k] = t75;
        row_17[k] = t76;
        row_18[k] = t78;
        row_19[k] = t88;
        row_20[k] = t97;
        row_22[k] = t106;
        row_23[k] = t109;
        row_24[k] = t122;
        row_25[k] = t125;
        row_26[k] = t138;
        row_28[k] = t147;
        row_29[k] = t150;
        row_31[k] = t156;
        row_32[k] = t158;
        out_4[k] = t173;
    }
}

MN_VECTOR
static void linearise_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_2 = in[2] + first;
    const double *restrict in_5 = in[5] + first;
    const double *restrict in_9 = in[9] + first;
    const double *restrict row_1 = row[1];
    const double *restrict row_3 = row[3];
    const double *restrict row_6 = row[6];
    const double *restrict row_9 = row[9];
    const double *restrict row_13 = row[13];
    const double *restrict row_15 = row[15];
    const double *restrict row_16 = row[16];
    const double *restrict row_17 = row[17];
    const double *restrict row_18 = row[18];
    const double *restrict row_19 = row[19];
    const double *restrict row_20 = row[20];
    const double *restrict row_21 = row[21];
    const double *restrict row_22 = row[22];
    const double *restrict row_23 = row[23];
    const double *restrict row_24 = row[24];
    const double *restrict row_25 = row[25];
    const double *restrict row_26 = row[26];
    const double *restrict row_28 = row[28];
    const double *restrict row_29 = row[29];
    const double *restrict row_31 = row[31];
    const double *restrict row_32 = row[32];
    double *restrict out_2 = out[2] + first;
    double *restrict out_3 = out[3] + first;
    double *restrict row_0 = row[0];
    double *restrict row_12 = row[12];
    double *restrict row_14 = row[14];
    double *restrict row_27 = row[27];
    double *restrict row_30 = row[30];
    double *restrict row_33 = row[33];
    double *restrict row_34 = row[34];
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t26 = 0x1.0000000000000p+0 + row_1[k];
        const double t27 = 0x1.0000000000000p+0 / t26;
        const double t32 = row_3[k] * t27;
        const double t65 = row_13[k] - 0x1.0000000000000p+0;
        const double t66 = in_9[k] * t65;
        const double t73 = row_15[k] - 0x1.0000000000000p+0;
        const double t74 = in_9[k] * t73;
        const double t77 = t66 * row_17[k];
        const double t79 = -t74;
        const double t80 = t79 * in_2[k];
        const double t81 = mn_do_WHERE(row_18[k], t80, 0x0.0p+0, 0.0, 0.0);
        const double t82 = mn_do_WHERE(row_16[k], t77, t81, 0.0, 0.0);
        const double t89 = row_1[k] * row_19[k];
        const double t90 = t27 * t89;
        const double t91 = -t90;
        const double t92 = t91 / t26;
        const double t99 = row_21[k] * row_20[k];
        const double t100 = row_3[k] * t92;
        const double t101 = t99 * t27 + t100;
        const double t102 = 0x1.0000000000000p+0 + t32;
        const double t103 = t101 / t102;
        const double t104 = in_5[k] * t103;
        const double t110 = row_9[k] * row_23[k];
        const double t111 = 0x1.0000000000000p+0 + row_9[k];
        const double t112 = t110 / t111;
        const double t113 = row_22[k] + t112;
        const double t114 = in_5[k] * t113;
        const double t123 = mn_do_LESS(0x0.0p+0, t82, 0.0, 0.0, 0.0);
        const double t124 = mn_do_AND(row_24[k], t123, 0.0, 0.0, 0.0);
        const double t126 = mn_do_LESS(t82, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t127 = mn_do_AND(row_25[k], t126, 0.0, 0.0, 0.0);
        const double t128 = mn_do_OR(t124, t127, 0.0, 0.0, 0.0);
        const double t129 = mn_do_WHERE(t128, 0x0.0p+0, t82, 0.0, 0.0);
        const double t130 = -t66;
        const double t131 = mn_do_WHERE(row_18[k], t79, 0x0.0p+0, 0.0, 0.0);
        const double t132 = mn_do_WHERE(row_16[k], t130, t131, 0.0, 0.0);
        const double t133 = mn_do_WHERE(t128, 0x0.0p+0, t132, 0.0, 0.0);
        const double t139 = row_1[k] * row_26[k];
        const double t140 = t27 * t139;
        const double t141 = -t140;
        const double t142 = t141 / t26;
        const double t143 = row_3[k] * t142;
        const double t144 = t143 / t102;
        const double t145 = in_5[k] * t144;
        const double t151 = row_6[k] * row_29[k];
        const double t152 = 0x1.0000000000000p+0 + row_6[k];
        const double t153 = t151 / t152;
        const double t154 = row_28[k] + t153;
        const double t155 = in_5[k] * t154;
        const double t159 = row_9[k] * row_32[k];
        const double t160 = t159 / t111;
        const double t161 = row_31[k] + t160;
        const double t162 = in_5[k] * t161;
        const double t163 = t155 + t162;
        row_0[k] = t32;
        row_12[k] = t104;
        row_14[k] = t114;
        out_2[k] = t129;
        out_3[k] = t133;
        row_27[k] = t145;
        row_30[k] = t155;
        row_33[k] = t162;
        row_34[k] = t163;
    }
}

MN_VECTOR
static void linearise_2(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_5 = in[5] + first;
    const double *restrict row_2 = row[2];
    const double *restrict row_4 = row[4];
    const double *restrict row_5 = row[5];
    const double *restrict row_7 = row[7];
    const double *restrict row_8 = row[8];
    const double *restrict row_10 = row[10];
    const double *restrict row_11 = row[11];
    const double *restrict row_12 = row[12];
    const double *restrict row_14 = row[14];
    const double *restrict row_27 = row[27];
    const double *restrict row_30 = row[30];
    const double *restrict row_33 = row[33];
    const double *restrict row_34 = row[34];
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict out_5 = out[5] + first;
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t34 = in_5[k] * row_2[k];
        const double t42 = row_4[k] + row_5[k];
        const double t43 = in_5[k] * t42;
        const double t49 = row_7[k] + row_8[k];
        const double t50 = in_5[k] * t49;
        const double t54 = t43 + t50;
        const double t55 = t34 * t54;
        const double t56 = t50 * t50;
        const double t57 = t43 * t43 - t56;
        const double t58 = mn_do_WHERE(row_11[k], t55, t57, 0.0, 0.0);
        const double t59 = row_10[k] * t58;
        const double t115 = t34 * row_14[k];
        const double t116 = row_12[k] * t54 + t115;
        const double t117 = t50 * row_14[k];
        const double t118 = row_14[k] * t50 + t117;
        const double t119 = -t118;
        const double t120 = mn_do_WHERE(row_11[k], t116, t119, 0.0, 0.0);
        const double t121 = row_10[k] * t120;
        const double t164 = t34 * row_34[k];
        const double t165 = row_27[k] * t54 + t164;
        const double t166 = t43 * row_30[k];
        const double t167 = row_30[k] * t43 + t166;
        const double t168 = t50 * row_33[k];
        const double t169 = row_33[k] * t50 + t168;
        const double t170 = t167 - t169;
        const double t171 = mn_do_WHERE(row_11[k], t165, t170, 0.0, 0.0);
        const double t172 = row_10[k] * t171;
        out_0[k] = t59;
        out_1[k] = t121;
        out_5[k] = t172;
    }
}

static void linearise(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[35][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        linearise_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[0]}, row[1]);
        mn_operation_run(MN_OPERATION_EXPM1, m, (const double *const[]){row[2]}, row[3]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[5]}, row[6]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[8]}, row[9]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[12]}, row[13]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[14]}, row[15]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[2]}, row[21]);
        linearise_1(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_LOG1P, m, (const double *const[]){row[0]}, row[2]);
        mn_operation_run(MN_OPERATION_LOG1P, m, (const double *const[]){row[6]}, row[5]);
        mn_operation_run(MN_OPERATION_LOG1P, m, (const double *const[]){row[9]}, row[8]);
        linearise_2(m, first, in, uniform, row, out);
    }
}

static const int16_t start_input[] = {8};
static const mn_program start_program = {.n_inputs = 1, .n_uniforms = 0, .n_outputs = 1};

static const int16_t linearise_input[] = {3, 2, 9, MN_INPUT_LINKED_VOLTAGE, MN_INPUT_VOLTAGE, 1, 0, 4, 6, 7, 5};
static const mn_program linearise_program = {.n_inputs = 11, .n_uniforms = 0, .n_outputs = 6};

const mn_equation_model mn_memtransistor = {
    .model =
        {
            .name = "Memtransistor",
            .doc = "A transistor that remembers: charge trapped below its channel shifts the threshold V_T, and pulses "
                   "at the gate trap it and set it free. The edge runs from drain to source, `mn.link` names the edge "
                   "from gate to source. The channel is that of a transistor of level 1 with a smooth onset, i = k/2 "
                   "(F(v_gs)^2 - F(v_gd)^2), F of a voltage u being v_s ln(1 + exp((u - V_T)/v_s)): exponential below "
                   "the threshold, drain and source alike, and computed so that small voltages lose no digits. Gate "
                   "voltages between -V_erase and V_program read and leave x as it is. The form of the rates and all "
                   "numbers are ours. GatedMemristor is another kind, whose gate tunes how fast the voltage of the "
                   "channel switches it.",
            .citation = "Zheng et al., Hardware implementation of Bayesian network based on two-dimensional "
                        "memtransistors, Nat. Commun. 2022, 13, 5578, doi 10.1038/s41467-022-33053-x, where trapped "
                        "charge is the memory; smooth onset: Enz, Krummenacher and Vittoz, Analog Integr. Circuits "
                        "Signal Process. 1995, 8, 83, doi 10.1007/BF01239381",
            .text =
                "doc A transistor that remembers: charge trapped below its channel shifts the threshold V_T, and "
                "pulses at the gate trap it\n"
                "doc and set it free. The edge runs from drain to source, `mn.link` names the edge from gate to "
                "source. The channel is\n"
                "doc that of a transistor of level 1 with a smooth onset, i = k/2 (F(v_gs)^2 - F(v_gd)^2), F of a "
                "voltage u being\n"
                "doc v_s ln(1 + exp((u - V_T)/v_s)): exponential below the threshold, drain and source alike, and "
                "computed so that small\n"
                "doc voltages lose no digits. Gate voltages between -V_erase and V_program read and leave x as it is. "
                "The form of the rates and all numbers are ours. GatedMemristor\n"
                "doc is another kind, whose gate tunes how fast the voltage of the channel switches it.\n"
                "source Zheng et al., Hardware implementation of Bayesian network based on two-dimensional "
                "memtransistors, Nat. Commun.\n"
                "source 2022, 13, 5578, doi 10.1038/s41467-022-33053-x, where trapped charge is the memory; smooth "
                "onset: Enz,\n"
                "source Krummenacher and Vittoz, Analog Integr. Circuits Signal Process. 1995, 8, 83, doi "
                "10.1007/BF01239381\n"
                "\n"
                "i      = k/2*where(abs(v) < v_s, apart*(source + drain), source*source - drain*drain)\n"
                "apart  = v_s*log1p(expm1(max(min(v/v_s, 1), -1))*open)\n"
                "source = v_s*(max(over, 0) + log1p(exp(-abs(over))))\n"
                "drain  = v_s*(max(behind, 0) + log1p(exp(-abs(behind))))\n"
                "open   = 1/(1 + exp(max(min(-behind, 700), -700)))\n"
                "over   = (linked.v - V_T)/v_s\n"
                "behind = (linked.v - v - V_T)/v_s\n"
                "V_T    = V_low + (V_high - V_low)*x\n"
                "dx/dt  = where(linked.v > V_program, up*(1 - x), where(linked.v < -V_erase, -down*x, 0))\n"
                "up     = r_0*(exp(max(min((linked.v - V_program)/v_0, 700), 0)) - 1)\n"
                "down   = r_0*(exp(max(min((-V_erase - linked.v)/v_0, 700), 0)) - 1)\n"
                "\n"
                "parameter k         = 20 uA/V^2 in (0, inf)  : transconductance parameter\n"
                "parameter v_s       = 0.1 V in (0, inf)      : voltage over which the onset is smooth; below it the "
                "current falls by e in half of it\n"
                "parameter V_low     = 0.5 V                  : threshold at x = 0, erased\n"
                "parameter V_high    = 3.5 V                  : threshold at x = 1, programmed\n"
                "parameter V_program = 5 V in [0, inf)        : gate voltage above which charge is trapped\n"
                "parameter V_erase   = 5 V in [0, inf)        : gate voltage, as a positive number, below whose "
                "negative it is set free\n"
                "parameter v_0       = 0.5 V in (0, inf)      : voltage over which the rates grow by e\n"
                "parameter r_0       = 1000 1/s in [0, inf)   : scale of the rates\n"
                "parameter x_initial = 0 in [0, 1]            : state at the start\n"
                "\n"
                "state x = x_initial in [0, 1]                : trapped charge, as a share of what can be trapped\n",
            .check = "k",
            .flags = MN_IMPLICIT | MN_HAS_LINK | MN_FALLS,
            .n_scratch = 0,
            .init = mn_equation_init,
            .linearise = mn_equation_linearise,
            MN_ARRAY(field, fields),
        },
    .of =
        {
            [MN_EQUATIONS_START] = {.program = &start_program, .compiled = start, .input = start_input},
            [MN_EQUATIONS_LINEARISE] = {.program = &linearise_program, .compiled = linearise, .input = linearise_input},
        },
};
