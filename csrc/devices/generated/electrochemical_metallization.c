/* ElectrochemicalMetallization, written from its equations, which stand at the end: to_c() of its class. */
#include "devices/equation_model.h"
#include "equations/compiled.h"

static const mn_field fields[] = {
    {.name = "A",
     .unit = "m^2",
     .doc = "area of the filament",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.cd2b297d889bcp-54,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "L",
     .unit = "m",
     .doc = "gap without a filament",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.5798ee2308c3ap-26,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "x_min",
     .unit = "m",
     .doc = "gap of a bridge",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.b7cdfd9d7bdbbp-34,
     MN_RANGE(0x0.0p+0, INFINITY, "()"),
     .below = "L"},
    {.name = "R_s",
     .unit = "ohm",
     .doc = "resistance in series with the gap",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.3880000000000p+13,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "j_0",
     .unit = "A/m^2",
     .doc = "exchange current density",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.24f8000000000p+18,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "alpha",
     .unit = "1",
     .doc = "share of the voltage that drives the deposition, the charge transfer coefficient",
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
    {.name = "omega",
     .unit = "m^3",
     .doc = "volume of an atom of the metal",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.58cd0beda7ec9p-96,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "t_0",
     .unit = "s",
     .doc = "waiting time of a nucleus without a barrier",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.5798ee2308c3ap-27,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "dG",
     .unit = "J",
     .doc = "barrier of the nucleus",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.2ea4820d67843p-63,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "N_c",
     .unit = "1",
     .doc = "atoms of the nucleus",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.8000000000000p+1,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "alpha_nuc",
     .unit = "1",
     .doc = "charge transfer coefficient of the nucleus",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0000000000000p-1,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
    {.name = "kappa",
     .unit = "1/m",
     .doc = "decay of the electrons in the gap, sqrt(2 m dW)/hbar",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.f4add3fffffffp+32,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "R_K",
     .unit = "ohm",
     .doc = "h/e^2, the resistance of von Klitzing",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.93533ad42c3cap+14,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "x",
     .unit = "1",
     .doc = "gap before the filament, from 0 at x_min to 1 at L",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
    {.name = "n",
     .unit = "1",
     .doc = "how far the nucleus has come, which is there at 1",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "nucleus",
     .unit = "1",
     .doc = "1 where it is there",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
    {.name = "nucleated_holds",
     .unit = "1",
     .doc = "1 while the condition of nucleated holds",
     .kind = MN_FLAG,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
    {.name = "dissolved_holds",
     .unit = "1",
     .doc = "1 while the condition of dissolved holds",
     .kind = MN_FLAG,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
};

static const mn_event events[] = {{"nucleated", 1}, {"dissolved", 2}};

MN_VECTOR
static void start_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                    double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict out_2 = out[2] + first;
    double *restrict out_3 = out[3] + first;
    double *restrict out_4 = out[4] + first;
    (void)in, (void)row, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t2 = 0x1.0000000000000p+0;
        const double t3 = 0x0.0p+0;
        const double t4 = 0x0.0p+0;
        const double t5 = 0x0.0p+0;
        const double t6 = 0x0.0p+0;
        out_0[k] = t2;
        out_1[k] = t3;
        out_2[k] = t4;
        out_3[k] = t5;
        out_4[k] = t6;
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
    const double *restrict in_7 = in[7] + first;
    const double *restrict in_8 = in[8] + first;
    const double *restrict in_9 = in[9] + first;
    const double *restrict in_10 = in[10] + first;
    const double *restrict in_11 = in[11] + first;
    const double *restrict in_13 = in[13] + first;
    const double *restrict in_14 = in[14] + first;
    const double *restrict in_15 = in[15] + first;
    const double *restrict in_16 = in[16] + first;
    const double *restrict in_18 = in[18] + first;
    double *restrict out_4 = out[4] + first;
    double *restrict out_5 = out[5] + first;
    double *restrict out_6 = out[6] + first;
    double *restrict out_8 = out[8] + first;
    double *restrict out_9 = out[9] + first;
    double *restrict out_10 = out[10] + first;
    double *restrict out_11 = out[11] + first;
    double *restrict out_14 = out[14] + first;
    double *restrict out_15 = out[15] + first;
    double *restrict out_16 = out[16] + first;
    double *restrict out_18 = out[18] + first;
    double *restrict out_19 = out[19] + first;
    double *restrict out_20 = out[20] + first;
    double *restrict out_21 = out[21] + first;
    double *restrict row_0 = row[0];
    double *restrict row_1 = row[1];
    double *restrict row_4 = row[4];
    double *restrict row_5 = row[5];
    double *restrict row_10 = row[10];
    double *restrict row_11 = row[11];
    double *restrict row_16 = row[16];
    double *restrict row_17 = row[17];
    double *restrict row_18 = row[18];
    double *restrict row_19 = row[19];
    double *restrict row_20 = row[20];
    double *restrict row_21 = row[21];
    double *restrict row_29 = row[29];
    double *restrict row_30 = row[30];
    double *restrict row_31 = row[31];
    double *restrict row_32 = row[32];
    double *restrict row_33 = row[33];
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t29 = in_0[k] - in_1[k];
        const double t30 = t29 * in_2[k] + in_1[k];
        const double t31 = 0x1.8000000000000p+1 * in_3[k];
        const double t32 = t31 * in_4[k];
        const double t33 = 0x1.921fb54442d18p+3 * t30;
        const double t34 = t33 * in_5[k];
        const double t35 = t32 / t34;
        const double t36 = (-0x1.0000000000000p+1) * in_3[k];
        const double t37 = t36 * t30;
        const double t42 = in_8[k] * 0x1.7a4da290c1653p-63;
        const double t44 = 0x1.0b0e6d55e647cp-76 * in_9[k];
        const double t52 = 0x1.0000000000000p+0 - in_10[k];
        const double t53 = -t52;
        const double t60 = mn_do_LESS(0x1.0000000000000p-1, in_11[k], 0.0, 0.0, 0.0);
        const double t66 = -in_13[k];
        const double t68 = t42 * t29;
        const double t70 = mn_do_LESS(in_11[k], 0x1.0000000000000p-1, 0.0, 0.0, 0.0);
        const double t71 = mn_do_LESS(0x0.0p+0, in_7[k], 0.0, 0.0, 0.0);
        const double t72 = mn_do_AND(t70, t71, 0.0, 0.0, 0.0);
        const double t73 = in_14[k] + in_15[k];
        const double t74 = in_16[k] / t44;
        const double t104 = mn_do_LESS_EQUAL(0x1.0000000000000p+0, in_2[k], 0.0, 0.0, 0.0);
        const double t107 = mn_do_LESS_EQUAL(in_2[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t111 = mn_do_LESS_EQUAL(in_18[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t116 = 0x1.921fb54442d18p+3 * t29;
        const double t117 = t116 * in_5[k];
        const double t118 = t35 * t117;
        const double t119 = -t118;
        const double t120 = t119 / t34;
        const double t121 = t36 * t29;
        const double t164 = 0x0.0p+0;
        const double t165 = 0x0.0p+0;
        const double t166 = 0x0.0p+0;
        const double t167 = 0x0.0p+0;
        const double t168 = 0x0.0p+0;
        const double t169 = 0x0.0p+0;
        const double t170 = 0x0.0p+0;
        const double t171 = 0x0.0p+0;
        const double t172 = 0x0.0p+0;
        const double t173 = 0x0.0p+0;
        const double t174 = 0x0.0p+0;
        const double t175 = 0x0.0p+0;
        const double t176 = 0x0.0p+0;
        const double t177 = 0x0.0p+0;
        row_0[k] = t35;
        row_1[k] = t37;
        row_4[k] = t42;
        row_5[k] = t44;
        row_10[k] = t52;
        row_11[k] = t53;
        row_16[k] = t60;
        row_17[k] = t66;
        row_18[k] = t68;
        row_19[k] = t72;
        row_20[k] = t73;
        row_21[k] = t74;
        row_29[k] = t104;
        row_30[k] = t107;
        row_31[k] = t111;
        row_32[k] = t120;
        row_33[k] = t121;
        out_4[k] = t164;
        out_5[k] = t165;
        out_6[k] = t166;
        out_8[k] = t167;
        out_9[k] = t168;
        out_10[k] = t169;
        out_11[k] = t170;
        out_14[k] = t171;
        out_15[k] = t172;
        out_16[k] = t173;
        out_18[k] = t174;
        out_19[k] = t175;
        out_20[k] = t176;
        out_21[k] = t177;
    }
}

MN_VECTOR
static void linearise_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_6 = in[6] + first;
    const double *restrict in_7 = in[7] + first;
    const double *restrict in_10 = in[10] + first;
    const double *restrict row_0 = row[0];
    const double *restrict row_2 = row[2];
    const double *restrict row_4 = row[4];
    const double *restrict row_5 = row[5];
    const double *restrict row_10 = row[10];
    const double *restrict row_11 = row[11];
    const double *restrict row_20 = row[20];
    const double *restrict row_21 = row[21];
    const double *restrict row_32 = row[32];
    const double *restrict row_33 = row[33];
    double *restrict row_1 = row[1];
    double *restrict row_3 = row[3];
    double *restrict row_6 = row[6];
    double *restrict row_9 = row[9];
    double *restrict row_12 = row[12];
    double *restrict row_15 = row[15];
    double *restrict row_22 = row[22];
    double *restrict row_24 = row[24];
    double *restrict row_25 = row[25];
    double *restrict row_26 = row[26];
    double *restrict row_27 = row[27];
    double *restrict row_28 = row[28];
    double *restrict row_34 = row[34];
    double *restrict row_35 = row[35];
    double *restrict row_36 = row[36];
    double *restrict row_37 = row[37];
    double *restrict row_38 = row[38];
    double *restrict row_39 = row[39];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t39 = row_0[k] * row_2[k];
        const double t40 = in_6[k] * t39 + 0x1.0000000000000p+0;
        const double t41 = in_7[k] / t40;
        const double t43 = row_4[k] * t41;
        const double t45 = t43 / row_5[k];
        const double t46 = in_10[k] * t45;
        const double t47 = mn_do_MIN(t46, 0x1.9000000000000p+7, 0.0, 0.0, 0.0);
        const double t50 = t46 - t47;
        const double t54 = row_11[k] * t45;
        const double t55 = mn_do_MIN(t54, 0x1.9000000000000p+7, 0.0, 0.0, 0.0);
        const double t58 = row_10[k] * t45 + t55;
        const double t75 = row_20[k] * t45 - row_21[k];
        const double t76 = mn_do_MIN(t75, 0x1.5e00000000000p+9, 0.0, 0.0, 0.0);
        const double t80 = 0x1.0000000000000p+0 / t40;
        const double t81 = row_4[k] * t80;
        const double t82 = t81 / row_5[k];
        const double t83 = in_10[k] * t82;
        const double t84 = mn_do_LESS(t46, 0x1.9000000000000p+7, 0.0, 0.0, 0.0);
        const double t85 = mn_do_WHERE(t84, t83, 0x0.0p+0, 0.0, 0.0);
        const double t87 = t83 - t85;
        const double t91 = row_11[k] * t82;
        const double t92 = mn_do_LESS(t54, 0x1.9000000000000p+7, 0.0, 0.0, 0.0);
        const double t93 = mn_do_WHERE(t92, t91, 0x0.0p+0, 0.0, 0.0);
        const double t95 = row_10[k] * t82 + t93;
        const double t122 = row_2[k] * row_33[k];
        const double t123 = row_0[k] * t122;
        const double t124 = row_32[k] * row_2[k] + t123;
        const double t125 = in_6[k] * t124;
        const double t126 = t41 * t125;
        const double t127 = -t126;
        const double t128 = t127 / t40;
        const double t129 = row_4[k] * t128;
        const double t130 = t129 / row_5[k];
        const double t131 = in_10[k] * t130;
        const double t132 = mn_do_WHERE(t84, t131, 0x0.0p+0, 0.0, 0.0);
        const double t134 = t131 - t132;
        const double t138 = row_11[k] * t130;
        const double t139 = mn_do_WHERE(t92, t138, 0x0.0p+0, 0.0, 0.0);
        const double t141 = row_10[k] * t130 + t139;
        const double t154 = row_20[k] * t82;
        const double t155 = mn_do_LESS(t75, 0x1.5e00000000000p+9, 0.0, 0.0, 0.0);
        const double t156 = mn_do_WHERE(t155, t154, 0x0.0p+0, 0.0, 0.0);
        const double t161 = t39 * t128;
        const double t162 = t124 * t41 + t161;
        row_1[k] = t39;
        row_3[k] = t41;
        row_6[k] = t47;
        row_9[k] = t50;
        row_12[k] = t55;
        row_15[k] = t58;
        row_22[k] = t76;
        row_24[k] = t80;
        row_25[k] = t85;
        row_26[k] = t87;
        row_27[k] = t93;
        row_28[k] = t95;
        row_34[k] = t132;
        row_35[k] = t134;
        row_36[k] = t139;
        row_37[k] = t141;
        row_38[k] = t156;
        row_39[k] = t162;
    }
}

MN_VECTOR
static void linearise_2(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_4 = in[4] + first;
    const double *restrict in_12 = in[12] + first;
    const double *restrict in_17 = in[17] + first;
    const double *restrict row_1 = row[1];
    const double *restrict row_3 = row[3];
    const double *restrict row_7 = row[7];
    const double *restrict row_8 = row[8];
    const double *restrict row_9 = row[9];
    const double *restrict row_13 = row[13];
    const double *restrict row_14 = row[14];
    const double *restrict row_15 = row[15];
    const double *restrict row_16 = row[16];
    const double *restrict row_17 = row[17];
    const double *restrict row_18 = row[18];
    const double *restrict row_19 = row[19];
    const double *restrict row_23 = row[23];
    const double *restrict row_24 = row[24];
    const double *restrict row_25 = row[25];
    const double *restrict row_26 = row[26];
    const double *restrict row_27 = row[27];
    const double *restrict row_28 = row[28];
    const double *restrict row_29 = row[29];
    const double *restrict row_30 = row[30];
    const double *restrict row_31 = row[31];
    const double *restrict row_34 = row[34];
    const double *restrict row_35 = row[35];
    const double *restrict row_36 = row[36];
    const double *restrict row_37 = row[37];
    const double *restrict row_38 = row[38];
    const double *restrict row_39 = row[39];
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict out_2 = out[2] + first;
    double *restrict out_3 = out[3] + first;
    double *restrict out_7 = out[7] + first;
    double *restrict out_12 = out[12] + first;
    double *restrict out_13 = out[13] + first;
    double *restrict out_17 = out[17] + first;
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t51 = row_8[k] * row_9[k] + row_7[k];
        const double t59 = row_13[k] - row_14[k] * row_15[k];
        const double t61 = t51 - t59;
        const double t62 = in_12[k] * t61;
        const double t63 = mn_do_WHERE(row_16[k], t62, 0x0.0p+0, 0.0, 0.0);
        const double t64 = t63 * in_4[k];
        const double t65 = row_1[k] * row_3[k] + t64;
        const double t67 = row_17[k] * t63;
        const double t69 = t67 / row_18[k];
        const double t78 = row_23[k] / in_17[k];
        const double t79 = mn_do_WHERE(row_19[k], t78, 0x0.0p+0, 0.0, 0.0);
        const double t86 = row_8[k] * row_25[k];
        const double t88 = row_8[k] * row_26[k];
        const double t89 = t86 * row_9[k] + t88;
        const double t90 = t86 + t89;
        const double t94 = row_14[k] * row_27[k];
        const double t96 = row_14[k] * row_28[k];
        const double t97 = t94 * row_15[k] + t96;
        const double t98 = t94 - t97;
        const double t99 = t90 - t98;
        const double t100 = in_12[k] * t99;
        const double t101 = mn_do_WHERE(row_16[k], t100, 0x0.0p+0, 0.0, 0.0);
        const double t102 = t101 * in_4[k];
        const double t103 = row_1[k] * row_24[k] + t102;
        const double t105 = mn_do_LESS(0x0.0p+0, t69, 0.0, 0.0, 0.0);
        const double t106 = mn_do_AND(row_29[k], t105, 0.0, 0.0, 0.0);
        const double t108 = mn_do_LESS(t69, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t109 = mn_do_AND(row_30[k], t108, 0.0, 0.0, 0.0);
        const double t110 = mn_do_OR(t106, t109, 0.0, 0.0, 0.0);
        const double t112 = mn_do_LESS(t79, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t113 = mn_do_AND(row_31[k], t112, 0.0, 0.0, 0.0);
        const double t114 = mn_do_WHERE(t110, 0x0.0p+0, t69, 0.0, 0.0);
        const double t115 = mn_do_WHERE(t113, 0x0.0p+0, t79, 0.0, 0.0);
        const double t133 = row_8[k] * row_34[k];
        const double t135 = row_8[k] * row_35[k];
        const double t136 = t133 * row_9[k] + t135;
        const double t137 = t133 + t136;
        const double t140 = row_14[k] * row_36[k];
        const double t142 = row_14[k] * row_37[k];
        const double t143 = t140 * row_15[k] + t142;
        const double t144 = t140 - t143;
        const double t145 = t137 - t144;
        const double t146 = in_12[k] * t145;
        const double t147 = mn_do_WHERE(row_16[k], t146, 0x0.0p+0, 0.0, 0.0);
        const double t148 = row_17[k] * t147;
        const double t149 = t148 / row_18[k];
        const double t150 = mn_do_WHERE(t110, 0x0.0p+0, t149, 0.0, 0.0);
        const double t151 = row_17[k] * t101;
        const double t152 = t151 / row_18[k];
        const double t153 = mn_do_WHERE(t110, 0x0.0p+0, t152, 0.0, 0.0);
        const double t157 = row_23[k] * row_38[k];
        const double t158 = t157 / in_17[k];
        const double t159 = mn_do_WHERE(row_19[k], t158, 0x0.0p+0, 0.0, 0.0);
        const double t160 = mn_do_WHERE(t113, 0x0.0p+0, t159, 0.0, 0.0);
        const double t163 = t147 * in_4[k] + row_39[k];
        out_0[k] = t65;
        out_1[k] = t103;
        out_2[k] = t114;
        out_3[k] = t115;
        out_7[k] = t150;
        out_12[k] = t153;
        out_13[k] = t160;
        out_17[k] = t163;
    }
}

static void linearise(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[40][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        linearise_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[1]}, row[2]);
        linearise_1(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXPM1, m, (const double *const[]){row[6]}, row[7]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[6]}, row[8]);
        mn_operation_run(MN_OPERATION_EXPM1, m, (const double *const[]){row[12]}, row[13]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[12]}, row[14]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[22]}, row[23]);
        linearise_2(m, first, in, uniform, row, out);
    }
}

MN_VECTOR
static void crossing_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                       double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    const double *restrict in_1 = in[1] + first;
    const double *restrict in_2 = in[2] + first;
    const double *restrict in_3 = in[3] + first;
    const double *restrict in_4 = in[4] + first;
    const double *restrict in_5 = in[5] + first;
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    (void)row, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t10 = in_0[k] - 0x1.0000000000000p+0;
        const double t11 = mn_do_LESS(t10, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t12 = -t10;
        const double t13 = mn_do_MIN(t12, (-0x1.56e1fc2f8f359p-997), 0.0, 0.0, 0.0);
        const double t14 = mn_do_WHERE(t11, t12, t13, 0.0, 0.0);
        const double t15 = mn_do_WHERE(in_1[k], t14, t10, 0.0, 0.0);
        const double t16 = in_2[k] - 0x1.0000000000000p-1;
        const double t17 = in_3[k] - 0x1.0000000000000p+0;
        const double t18 = mn_do_MIN(t16, t17, 0.0, 0.0, 0.0);
        const double t19 = -in_4[k];
        const double t20 = mn_do_MIN(t18, t19, 0.0, 0.0, 0.0);
        const double t21 = mn_do_LESS(t20, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t22 = -t20;
        const double t23 = mn_do_MIN(t22, (-0x1.56e1fc2f8f359p-997), 0.0, 0.0, 0.0);
        const double t24 = mn_do_WHERE(t21, t22, t23, 0.0, 0.0);
        const double t25 = mn_do_WHERE(in_5[k], t24, t20, 0.0, 0.0);
        out_0[k] = t15;
        out_1[k] = t25;
    }
}

static void crossing(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[1][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        crossing_0(m, first, in, uniform, row, out);
    }
}

MN_VECTOR
static void jump_0_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                     double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict out_2 = out[2] + first;
    (void)row, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t3 = in_0[k];
        const double t4 = 0x0.0p+0;
        const double t5 = 0x1.0000000000000p+0;
        out_0[k] = t3;
        out_1[k] = t4;
        out_2[k] = t5;
    }
}

static void jump_0(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[1][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        jump_0_0(m, first, in, uniform, row, out);
    }
}

MN_VECTOR
static void jump_1_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                     double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    const double *restrict in_1 = in[1] + first;
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict out_2 = out[2] + first;
    (void)row, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t3 = in_0[k];
        const double t4 = in_1[k];
        const double t5 = 0x0.0p+0;
        out_0[k] = t3;
        out_1[k] = t4;
        out_2[k] = t5;
    }
}

static void jump_1(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[1][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        jump_1_0(m, first, in, uniform, row, out);
    }
}

static const mn_program start_program = {.n_inputs = 0, .n_uniforms = 0, .n_outputs = 5};

static const int16_t linearise_input[] = {1, 2, 15, 13, 0,  14, 3, MN_INPUT_VOLTAGE, 6, 7, 5, 17,
                                          4, 8, 11, 12, 10, 9,  16};
static const mn_program linearise_program = {.n_inputs = 19, .n_uniforms = 0, .n_outputs = 22};

static const int16_t crossing_input[] = {16, 18, 17, 15, MN_INPUT_VOLTAGE, 19};
static const mn_program crossing_program = {.n_inputs = 6, .n_uniforms = 0, .n_outputs = 2};

static const int16_t jump_0_input[] = {15};
static const mn_program jump_0_program = {.n_inputs = 1, .n_uniforms = 0, .n_outputs = 3};

static const int16_t jump_1_input[] = {15, 16};
static const mn_program jump_1_program = {.n_inputs = 2, .n_uniforms = 0, .n_outputs = 3};

static const mn_equations jumps[] = {{.program = &jump_0_program, .compiled = jump_0, .input = jump_0_input},
                                     {.program = &jump_1_program, .compiled = jump_1, .input = jump_1_input}};

const mn_equation_model mn_electrochemical_metallization = {
    .model =
        {
            .name = "ElectrochemicalMetallization",
            .doc = "A cell in which a filament of metal grows and dissolves. A positive voltage first makes a nucleus, "
                   "of N_c atoms, whose waiting time falls exponentially, by k_B T ln 10/((N_c + alpha_nuc) z e) a "
                   "decade; then the ions that deposit on it, by the law of Butler and Volmer, close the gap, at k_B T "
                   "ln 10/(alpha z e) a decade. A negative voltage opens it by the share 1 - alpha. Electrons tunnel "
                   "through the gap, in series with R_s; what R_s takes the gap does not have. Where the gap has its "
                   "full length again the nucleus is gone, event \"dissolved\"; \"nucleated\" is the other. Times are "
                   "means: the waiting does not vary. Exponents above 200 go on along the tangent.",
            .citation = "Menzel, Tappertzhofen, Waser and Valov, Phys. Chem. Chem. Phys. 2013, 15, 6945, for the three "
                        "steps; tunnelling at a small voltage: Simmons, J. Appl. Phys. 1963, 34, 1793, doi "
                        "10.1063/1.1702682; the defaults are memnet's, of the order of those for silver",
            .text =
                "doc A cell in which a filament of metal grows and dissolves. A positive voltage first makes a "
                "nucleus, of N_c atoms, whose\n"
                "doc waiting time falls exponentially, by k_B T ln 10/((N_c + alpha_nuc) z e) a decade; then the ions "
                "that deposit on it,\n"
                "doc by the law of Butler and Volmer, close the gap, at k_B T ln 10/(alpha z e) a decade. A negative "
                "voltage opens it by\n"
                "doc the share 1 - alpha. Electrons tunnel through the gap, in series with R_s; what R_s takes the gap "
                "does not have. Where\n"
                "doc the gap has its full length again the nucleus is gone, event \"dissolved\"; \"nucleated\" is the "
                "other. Times are means:\n"
                "doc the waiting does not vary. Exponents above 200 go on along the tangent.\n"
                "source Menzel, Tappertzhofen, Waser and Valov, Phys. Chem. Chem. Phys. 2013, 15, 6945, for the three\n"
                "source steps; tunnelling at a small voltage: Simmons, J. Appl. Phys. 1963, 34, 1793, doi "
                "10.1063/1.1702682; the defaults are\n"
                "source memnet's, of the order of those for silver\n"
                "\n"
                "i      = g_t*v_g + j*A\n"
                "# Electrons: a conductance, as the resistance of a thick film is no number\n"
                "g_t    = 3*kappa*A/(4*pi*gap*R_K)*exp(-2*kappa*gap)\n"
                "gap    = x_min + (L - x_min)*x\n"
                "v_g    = v/(1 + R_s*g_t)\n"
                "# Ions, from the first node to the filament\n"
                "j      = where(nucleus > 0.5, j_0*(grow - back), 0)\n"
                "grow   = expm1(ug) + exp(ug)*(alpha*u - ug)        # less 1, as back is, so that digits are kept next "
                "to 0 V\n"
                "back   = expm1(ud) - exp(ud)*((1 - alpha)*u + ud)\n"
                "u      = z*e_charge*v_g/(k_B*T)\n"
                "ug     = min(alpha*u, 200)\n"
                "ud     = min(-(1 - alpha)*u, 200)\n"
                "dx/dt  = -omega*j/(z*e_charge*(L - x_min))\n"
                "dn/dt  = where(nucleus < 0.5 and v > 0, exp(min((N_c + alpha_nuc)*u - dG/(k_B*T), 700))/t_0, 0)\n"
                "\n"
                "event nucleated when n >= 1: n = 0, nucleus = 1 : the nucleus is there, and the filament grows\n"
                "event dissolved when nucleus > 0.5 and x >= 1 and v < 0: nucleus = 0 : nothing is left of it\n"
                "\n"
                "parameter A         = 100 nm^2 in (0, inf)   : area of the filament\n"
                "parameter L         = 20 nm in (0, inf)      : gap without a filament\n"
                "parameter x_min     = 0.1 nm in (0, L)       : gap of a bridge\n"
                "parameter R_s       = 10 kohm in [0, inf)    : resistance in series with the gap\n"
                "parameter j_0       = 3e5 A/m^2 in (0, inf)  : exchange current density\n"
                "parameter alpha     = 0.5 in [0, 1]          : share of the voltage that drives the deposition, the "
                "charge transfer coefficient\n"
                "parameter z         = 1 in (0, inf)          : charge number of the ion\n"
                "parameter T         = 300 K in (0, inf)      : temperature\n"
                "parameter omega     = 1.7e-29 m^3 in (0, inf) : volume of an atom of the metal\n"
                "parameter t_0       = 10 ns in (0, inf)      : waiting time of a nucleus without a barrier\n"
                "parameter dG        = 0.8 eV in [0, inf)     : barrier of the nucleus\n"
                "parameter N_c       = 3 in [0, inf)          : atoms of the nucleus\n"
                "parameter alpha_nuc = 0.5 in [0, 1]          : charge transfer coefficient of the nucleus\n"
                "parameter kappa     = 8.4 1/nm in (0, inf)   : decay of the electrons in the gap, sqrt(2 m dW)/hbar\n"
                "parameter R_K       = 25812.80745 ohm in (0, inf) : h/e^2, the resistance of von Klitzing\n"
                "\n"
                "state x = 1 in [0, 1]     : gap before the filament, from 0 at x_min to 1 at L\n"
                "state n = 0 in [0, inf)   : how far the nucleus has come, which is there at 1\n"
                "state nucleus = 0 in [0, 1] : 1 where it is there\n",
            .check = "A",
            .flags = MN_IMPLICIT | MN_FALLS,
            .n_scratch = 2,
            .init = mn_equation_init,
            .linearise = mn_equation_linearise,
            .crossing = mn_equation_crossing,
            .cross = mn_equation_cross,
            MN_ARRAY(field, fields),
            MN_ARRAY(event, events),
        },
    .of =
        {
            [MN_EQUATIONS_START] = {.program = &start_program, .compiled = start},
            [MN_EQUATIONS_LINEARISE] = {.program = &linearise_program, .compiled = linearise, .input = linearise_input},
            [MN_EQUATIONS_CROSSING] = {.program = &crossing_program, .compiled = crossing, .input = crossing_input},
        },
    .jump = jumps,
    .n_located = 2,
};
