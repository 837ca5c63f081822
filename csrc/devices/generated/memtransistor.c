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
    double *restrict row_3 = row[3];
    double *restrict row_5 = row[5];
    double *restrict row_6 = row[6];
    double *restrict row_8 = row[8];
    double *restrict row_9 = row[9];
    double *restrict row_11 = row[11];
    double *restrict row_12 = row[12];
    double *restrict row_14 = row[14];
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
    double *restrict row_27 = row[27];
    double *restrict row_28 = row[28];
    double *restrict row_29 = row[29];
    double *restrict row_30 = row[30];
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
        const double t28 = in_3[k] - t18;
        const double t29 = t28 / in_5[k];
        const double t30 = mn_do_MAX(t29, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t31 = mn_do_ABS(t29, 0.0, 0.0, 0.0, 0.0);
        const double t32 = -t31;
        const double t37 = mn_do_MAX(t21, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t38 = mn_do_ABS(t21, 0.0, 0.0, 0.0, 0.0);
        const double t39 = -t38;
        const double t44 = mn_do_ABS(in_4[k], 0.0, 0.0, 0.0, 0.0);
        const double t45 = mn_do_LESS(t44, in_5[k], 0.0, 0.0, 0.0);
        const double t46 = in_4[k] / in_5[k];
        const double t47 = mn_do_MIN(t46, 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t48 = mn_do_MAX(t47, (-0x1.0000000000000p+0), 0.0, 0.0, 0.0);
        const double t55 = in_6[k] / 0x1.0000000000000p+1;
        const double t59 = in_3[k] - in_7[k];
        const double t60 = t59 / in_8[k];
        const double t61 = mn_do_MIN(t60, 0x1.5e00000000000p+9, 0.0, 0.0, 0.0);
        const double t62 = mn_do_MAX(t61, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t66 = -in_10[k];
        const double t67 = t66 - in_3[k];
        const double t68 = t67 / in_8[k];
        const double t69 = mn_do_MIN(t68, 0x1.5e00000000000p+9, 0.0, 0.0, 0.0);
        const double t70 = mn_do_MAX(t69, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t74 = mn_do_LESS(in_7[k], in_3[k], 0.0, 0.0, 0.0);
        const double t75 = 0x1.0000000000000p+0 - in_2[k];
        const double t77 = mn_do_LESS(in_3[k], t66, 0.0, 0.0, 0.0);
        const double t82 = (-0x1.0000000000000p+0) / in_5[k];
        const double t83 = -t82;
        const double t84 = mn_do_LESS(t22, 0x1.5e00000000000p+9, 0.0, 0.0, 0.0);
        const double t85 = mn_do_WHERE(t84, t83, 0x0.0p+0, 0.0, 0.0);
        const double t86 = mn_do_LESS((-0x1.5e00000000000p+9), t23, 0.0, 0.0, 0.0);
        const double t87 = mn_do_WHERE(t86, t85, 0x0.0p+0, 0.0, 0.0);
        const double t92 = mn_do_LESS(0x0.0p+0, t21, 0.0, 0.0, 0.0);
        const double t93 = mn_do_WHERE(t92, t82, 0x0.0p+0, 0.0, 0.0);
        const double t94 = mn_do_LESS(t21, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t95 = mn_do_WHERE(t94, t83, t82, 0.0, 0.0);
        const double t96 = -t95;
        const double t102 = 0x1.0000000000000p+0 / in_5[k];
        const double t103 = mn_do_LESS(t46, 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t104 = mn_do_WHERE(t103, t102, 0x0.0p+0, 0.0, 0.0);
        const double t105 = mn_do_LESS((-0x1.0000000000000p+0), t47, 0.0, 0.0, 0.0);
        const double t106 = mn_do_WHERE(t105, t104, 0x0.0p+0, 0.0, 0.0);
        const double t119 = mn_do_LESS_EQUAL(0x1.0000000000000p+0, in_2[k], 0.0, 0.0, 0.0);
        const double t122 = mn_do_LESS_EQUAL(in_2[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t131 = -t17;
        const double t132 = t131 / in_5[k];
        const double t133 = -t132;
        const double t134 = mn_do_WHERE(t84, t133, 0x0.0p+0, 0.0, 0.0);
        const double t135 = mn_do_WHERE(t86, t134, 0x0.0p+0, 0.0, 0.0);
        const double t140 = mn_do_LESS(0x0.0p+0, t29, 0.0, 0.0, 0.0);
        const double t141 = mn_do_WHERE(t140, t132, 0x0.0p+0, 0.0, 0.0);
        const double t142 = mn_do_LESS(t29, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t143 = mn_do_WHERE(t142, t133, t132, 0.0, 0.0);
        const double t144 = -t143;
        const double t150 = mn_do_WHERE(t92, t132, 0x0.0p+0, 0.0, 0.0);
        const double t151 = mn_do_WHERE(t94, t133, t132, 0.0, 0.0);
        const double t152 = -t151;
        const double t166 = 0x0.0p+0;
        row_0[k] = t24;
        row_2[k] = t30;
        row_3[k] = t32;
        row_5[k] = t37;
        row_6[k] = t39;
        row_8[k] = t45;
        row_9[k] = t48;
        row_11[k] = t55;
        row_12[k] = t62;
        row_14[k] = t70;
        row_16[k] = t74;
        row_17[k] = t75;
        row_18[k] = t77;
        row_19[k] = t87;
        row_20[k] = t93;
        row_21[k] = t96;
        row_22[k] = t106;
        row_24[k] = t119;
        row_25[k] = t122;
        row_26[k] = t135;
        row_27[k] = t141;
        row_28[k] = t144;
        row_29[k] = t150;
        row_30[k] = t152;
        out_4[k] = t166;
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
    const double *restrict row_4 = row[4];
    const double *restrict row_7 = row[7];
    const double *restrict row_8 = row[8];
    const double *restrict row_10 = row[10];
    const double *restrict row_11 = row[11];
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
    const double *restrict row_27 = row[27];
    const double *restrict row_28 = row[28];
    const double *restrict row_29 = row[29];
    const double *restrict row_30 = row[30];
    double *restrict out_2 = out[2] + first;
    double *restrict out_3 = out[3] + first;
    double *restrict row_6 = row[6];
    double *restrict row_12 = row[12];
    double *restrict row_14 = row[14];
    double *restrict row_31 = row[31];
    double *restrict row_32 = row[32];
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t26 = 0x1.0000000000000p+0 + row_1[k];
        const double t27 = 0x1.0000000000000p+0 / t26;
        const double t50 = row_10[k] * t27;
        const double t64 = row_13[k] - 0x1.0000000000000p+0;
        const double t65 = in_9[k] * t64;
        const double t72 = row_15[k] - 0x1.0000000000000p+0;
        const double t73 = in_9[k] * t72;
        const double t76 = t65 * row_17[k];
        const double t78 = -t73;
        const double t79 = t78 * in_2[k];
        const double t80 = mn_do_WHERE(row_18[k], t79, 0x0.0p+0, 0.0, 0.0);
        const double t81 = mn_do_WHERE(row_16[k], t76, t80, 0.0, 0.0);
        const double t88 = row_1[k] * row_19[k];
        const double t89 = t27 * t88;
        const double t90 = -t89;
        const double t91 = t90 / t26;
        const double t97 = row_7[k] * row_21[k];
        const double t98 = 0x1.0000000000000p+0 + row_7[k];
        const double t99 = t97 / t98;
        const double t100 = row_20[k] + t99;
        const double t101 = in_5[k] * t100;
        const double t108 = row_23[k] * row_22[k];
        const double t109 = row_10[k] * t91;
        const double t110 = t108 * t27 + t109;
        const double t111 = 0x1.0000000000000p+0 + t50;
        const double t112 = t110 / t111;
        const double t113 = in_5[k] * t112;
        const double t114 = -t101;
        const double t115 = mn_do_WHERE(row_8[k], t113, t114, 0.0, 0.0);
        const double t116 = row_11[k] * t115;
        const double t120 = mn_do_LESS(0x0.0p+0, t81, 0.0, 0.0, 0.0);
        const double t121 = mn_do_AND(row_24[k], t120, 0.0, 0.0, 0.0);
        const double t123 = mn_do_LESS(t81, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t124 = mn_do_AND(row_25[k], t123, 0.0, 0.0, 0.0);
        const double t125 = mn_do_OR(t121, t124, 0.0, 0.0, 0.0);
        const double t126 = mn_do_WHERE(t125, 0x0.0p+0, t81, 0.0, 0.0);
        const double t127 = -t65;
        const double t128 = mn_do_WHERE(row_18[k], t78, 0x0.0p+0, 0.0, 0.0);
        const double t129 = mn_do_WHERE(row_16[k], t127, t128, 0.0, 0.0);
        const double t130 = mn_do_WHERE(t125, 0x0.0p+0, t129, 0.0, 0.0);
        const double t136 = row_1[k] * row_26[k];
        const double t137 = t27 * t136;
        const double t138 = -t137;
        const double t139 = t138 / t26;
        const double t145 = row_4[k] * row_28[k];
        const double t146 = 0x1.0000000000000p+0 + row_4[k];
        const double t147 = t145 / t146;
        const double t148 = row_27[k] + t147;
        const double t149 = in_5[k] * t148;
        const double t153 = row_7[k] * row_30[k];
        const double t154 = t153 / t98;
        const double t155 = row_29[k] + t154;
        const double t156 = in_5[k] * t155;
        const double t157 = row_10[k] * t139;
        const double t158 = t157 / t111;
        const double t159 = in_5[k] * t158;
        const double t160 = t149 - t156;
        const double t161 = mn_do_WHERE(row_8[k], t159, t160, 0.0, 0.0);
        const double t162 = row_11[k] * t161;
        const double t163 = t149 + t156;
        row_6[k] = t50;
        row_12[k] = t101;
        row_14[k] = t116;
        out_2[k] = t126;
        out_3[k] = t130;
        row_31[k] = t162;
        row_32[k] = t163;
    }
}

MN_VECTOR
static void linearise_2(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_5 = in[5] + first;
    const double *restrict row_0 = row[0];
    const double *restrict row_2 = row[2];
    const double *restrict row_3 = row[3];
    const double *restrict row_5 = row[5];
    const double *restrict row_8 = row[8];
    const double *restrict row_9 = row[9];
    const double *restrict row_11 = row[11];
    const double *restrict row_12 = row[12];
    const double *restrict row_14 = row[14];
    const double *restrict row_31 = row[31];
    const double *restrict row_32 = row[32];
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict out_5 = out[5] + first;
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t35 = row_2[k] + row_0[k];
        const double t36 = in_5[k] * t35;
        const double t42 = row_5[k] + row_3[k];
        const double t43 = in_5[k] * t42;
        const double t52 = in_5[k] * row_9[k];
        const double t53 = t36 - t43;
        const double t54 = mn_do_WHERE(row_8[k], t52, t53, 0.0, 0.0);
        const double t56 = row_11[k] * t54;
        const double t57 = t36 + t43;
        const double t58 = t56 * t57;
        const double t117 = t56 * row_12[k];
        const double t118 = row_14[k] * t57 + t117;
        const double t164 = t56 * row_32[k];
        const double t165 = row_31[k] * t57 + t164;
        out_0[k] = t58;
        out_1[k] = t118;
        out_5[k] = t165;
    }
}

static void linearise(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[33][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        linearise_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[0]}, row[1]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[3]}, row[4]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[6]}, row[7]);
        mn_operation_run(MN_OPERATION_EXPM1, m, (const double *const[]){row[9]}, row[10]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[12]}, row[13]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[14]}, row[15]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[9]}, row[23]);
        linearise_1(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_LOG1P, m, (const double *const[]){row[4]}, row[0]);
        mn_operation_run(MN_OPERATION_LOG1P, m, (const double *const[]){row[7]}, row[3]);
        mn_operation_run(MN_OPERATION_LOG1P, m, (const double *const[]){row[6]}, row[9]);
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
                "i      = k/2*apart*(source + drain)\n"
                "apart  = where(abs(v) < v_s, v_s*log1p(expm1(max(min(v/v_s, 1), -1))*open), source - drain)\n"
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
