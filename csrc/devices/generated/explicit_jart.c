/* ExplicitJART, written from its equations, which stand at the end: to_c() of its class. */
#include "devices/equation_model.h"
#include "equations/compiled.h"

static const mn_field fields[] = {
    {.name = "r",
     .unit = "m",
     .doc = "radius of the filament, for which the fit is",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.828c0be769dc1p-25,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "l",
     .unit = "m",
     .doc = "length of the disc, for which the fit is",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.b7cdfd9d7bdbbp-32,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "N_min",
     .unit = "1/m^3",
     .doc = "least concentration of vacancies in the disc",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.52d02c7e14af6p+79,
     MN_RANGE(0x0.0p+0, INFINITY, "()"),
     .below = "N_max"},
    {.name = "N_max",
     .unit = "1/m^3",
     .doc = "largest concentration of vacancies in the disc",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.9d971e4fe8402p+90,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "N_0",
     .unit = "1/m^3",
     .doc = "concentration at the start",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.a784379d99db4p+79,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "N_plug",
     .unit = "1/m^3",
     .doc = "concentration of vacancies in the plug",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.9d971e4fe8402p+90,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "a",
     .unit = "m",
     .doc = "length of a hop",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.12e0be826d695p-32,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "nu_0",
     .unit = "Hz",
     .doc = "attempt frequency",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.2309ce5400000p+44,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "dW",
     .unit = "J",
     .doc = "barrier of a hop",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.feb59b769eaf1p-63,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "z",
     .unit = "1",
     .doc = "charge number of a vacancy",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0000000000000p+1,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "l_cell",
     .unit = "m",
     .doc = "length of disc and plug",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.9c511dc3a41dfp-29,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "mu_n",
     .unit = "m^2/(V s)",
     .doc = "mobility of electrons",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0c6f7a0b5ed8dp-18,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "R_TiOx",
     .unit = "ohm",
     .doc = "resistance of the layer of titanium oxide",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.4500000000000p+9,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "R_line",
     .unit = "ohm",
     .doc = "resistance of the lines without a current",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.679f318fc5048p+9,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "R_th_line",
     .unit = "K/W",
     .doc = "thermal resistance of the lines",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.61677851eb852p+16,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "alpha_line",
     .unit = "1/K",
     .doc = "temperature coefficient of the lines",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.00e6afcce1c58p-8,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "T_0",
     .unit = "K",
     .doc = "ambient temperature",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.2500000000000p+8,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "R_th",
     .unit = "K/W",
     .doc = "thermal resistance of the filament",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.dfbc800000000p+23,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "s_reset",
     .unit = "1",
     .doc = "share of it that counts where v > 0",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.147ae147ae148p-2,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "N_fit",
     .unit = "1/m^3",
     .doc = "concentration that the fit counts from",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.52d02c7e14af6p+78,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "volt",
     .unit = "V",
     .doc = "unit of voltages in the fit",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0000000000000p+0,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "amp",
     .unit = "A",
     .doc = "unit of currents in the fit",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0000000000000p+0,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "x",
     .unit = "1",
     .doc = "concentration of vacancies in the disc, the logarithm from 0 at N_min to 1 at N_max",
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
    const double *restrict in_1 = in[1] + first;
    const double *restrict in_2 = in[2] + first;
    double *restrict row_0 = row[0];
    double *restrict row_2 = row[2];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t5 = in_0[k] / in_1[k];
        const double t7 = in_2[k] / in_1[k];
        row_0[k] = t5;
        row_2[k] = t7;
    }
}

MN_VECTOR
static void start_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                    double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict row_1 = row[1];
    const double *restrict row_3 = row[3];
    double *restrict out_0 = out[0] + first;
    (void)in, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t9 = row_3[k] / row_1[k];
        const double t10 = mn_do_MIN(t9, 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t11 = mn_do_MAX(t10, 0x0.0p+0, 0.0, 0.0, 0.0);
        out_0[k] = t11;
    }
}

static void start(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[4][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        start_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_LOG, m, (const double *const[]){row[0]}, row[1]);
        mn_operation_run(MN_OPERATION_LOG, m, (const double *const[]){row[2]}, row[3]);
        start_1(m, first, in, uniform, row, out);
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
    const double *restrict in_11 = in[11] + first;
    const double *restrict in_13 = in[13] + first;
    const double *restrict in_14 = in[14] + first;
    const double *restrict in_15 = in[15] + first;
    const double *restrict in_19 = in[19] + first;
    const double *restrict in_21 = in[21] + first;
    double *restrict row_2 = row[2];
    double *restrict row_4 = row[4];
    double *restrict row_5 = row[5];
    double *restrict row_6 = row[6];
    double *restrict row_8 = row[8];
    double *restrict row_11 = row[11];
    double *restrict row_12 = row[12];
    double *restrict row_13 = row[13];
    double *restrict row_15 = row[15];
    double *restrict row_16 = row[16];
    double *restrict row_17 = row[17];
    double *restrict row_19 = row[19];
    double *restrict row_20 = row[20];
    double *restrict row_22 = row[22];
    double *restrict row_24 = row[24];
    double *restrict row_26 = row[26];
    double *restrict row_27 = row[27];
    double *restrict row_28 = row[28];
    double *restrict row_29 = row[29];
    double *restrict row_30 = row[30];
    double *restrict row_31 = row[31];
    double *restrict row_32 = row[32];
    double *restrict row_35 = row[35];
    double *restrict row_36 = row[36];
    double *restrict row_37 = row[37];
    double *restrict row_40 = row[40];
    double *restrict row_41 = row[41];
    double *restrict row_44 = row[44];
    double *restrict row_45 = row[45];
    double *restrict row_46 = row[46];
    double *restrict row_47 = row[47];
    double *restrict row_48 = row[48];
    double *restrict row_49 = row[49];
    double *restrict row_51 = row[51];
    double *restrict row_52 = row[52];
    double *restrict row_53 = row[53];
    double *restrict row_54 = row[54];
    double *restrict row_58 = row[58];
    double *restrict row_59 = row[59];
    double *restrict row_60 = row[60];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t84 = in_0[k] / in_1[k];
        const double t85 = mn_do_MAX(t84, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t86 = mn_do_MIN(t85, 0x1.0000000000000p+1, 0.0, 0.0, 0.0);
        const double t87 = (-0x1.4f2170931012ap-4) * t86;
        const double t90 = 0x1.9330941c8216cp-3 - 0x1.65b63d3e4ef03p-6 * t86;
        const double t91 = 0x1.f4ccccccccccdp+2 * t86 + 0x1.b0a3d70a3d70ap+0;
        const double t92 = (-0x1.23315d701d9f5p-4) * t86;
        const double t95 = 0x1.20791c4b90215p-5 * t86 + 0x1.f4649906cca2ep-1;
        const double t96 = t86 * t86;
        const double t97 = 0x1.a543f1c75818cp-7 * t96 + t95;
        const double t98 = in_2[k] / in_3[k];
        const double t105 = 0x1.4d4aa10e02214p-4 * t86 + 0x1.dfc3b4f616723p-4;
        const double t106 = 0x1.3f1a5ca29845ep-5 * t86 + 0x1.e256ffc115df6p-1;
        const double t107 = 0x1.7ff9b56323bbcp-6 * t96 + t106;
        const double t108 = -t97;
        const double t118 = mn_do_MIN(t84, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t119 = mn_do_MAX(t118, (-0x1.0000000000000p+1), 0.0, 0.0, 0.0);
        const double t120 = t119 * t119;
        const double t121 = 0x1.3088874342da5p-18 * t120;
        const double t122 = 0x1.62570d2d0f2ccp-9 * t119 + t121;
        const double t123 = (-0x1.2ed916872b021p+0) * t122;
        const double t124 = 0x1.fb780346dc5d6p-1 * t119 + 0x1.0000000000000p+0;
        const double t125 = 0x1.c38327674d163p-2 * t120 + t124;
        const double t126 = t123 / t125;
        const double t127 = 0x1.b89ba5e353f7dp+2 - 0x1.2e0ded288ce70p-1 * t119;
        const double t128 = 0x1.14a38327674d1p-1 * t119;
        const double t152 = 0x1.b041af557631cp-15 * t120;
        const double t153 = 0x1.533d94b6050a3p-11 * t119 + t152;
        const double t154 = t119 - 0x1.7cffeb074a772p-1;
        const double t155 = t154 / 0x1.b1fb3fa6defc8p-2;
        const double t160 = t119 + 0x1.2fe5c91d14e3cp+0;
        const double t161 = t160 / 0x1.239192641b329p-1;
        const double t166 = t119 + 0x1.d352a84380885p-2;
        const double t167 = t166 / 0x1.6e5604189374cp+0;
        const double t185 = mn_do_ABS(in_0[k], 0.0, 0.0, 0.0, 0.0);
        const double t186 = t185 / in_1[k];
        const double t187 = t186 - 0x1.0000000000000p+1;
        const double t188 = mn_do_MAX(t187, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t189 = t188 / 0x1.0000000000000p+1;
        const double t190 = 0x1.0000000000000p+0 + t189;
        const double t203 = in_13[k] * in_13[k];
        const double t206 = in_14[k] * in_15[k];
        const double t211 = mn_do_LESS(in_0[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t217 = in_11[k] * 0x1.7a4da290c1653p-63;
        const double t220 = 0x1.921fb54442d18p+1 * in_19[k];
        const double t231 = mn_do_WHERE(t211, 0x1.0000000000000p+0, in_21[k], 0.0, 0.0);
        const double t241 = -in_19[k];
        const double t254 = 0x1.0000000000000p+0 / in_1[k];
        const double t255 = mn_do_LESS(0x0.0p+0, t84, 0.0, 0.0, 0.0);
        const double t256 = mn_do_WHERE(t255, t254, 0x0.0p+0, 0.0, 0.0);
        const double t257 = mn_do_LESS(t85, 0x1.0000000000000p+1, 0.0, 0.0, 0.0);
        const double t258 = mn_do_WHERE(t257, t256, 0x0.0p+0, 0.0, 0.0);
        const double t259 = (-0x1.4f2170931012ap-4) * t258;
        const double t263 = 0x1.65b63d3e4ef03p-6 * t258;
        const double t264 = -t263;
        const double t265 = (-0x1.23315d701d9f5p-4) * t258;
        const double t270 = t86 * t258;
        const double t271 = t258 * t86 + t270;
        const double t272 = 0x1.a543f1c75818cp-7 * t271;
        const double t273 = 0x1.20791c4b90215p-5 * t258 + t272;
        const double t274 = 0x1.4d4aa10e02214p-4 * t258;
        const double t275 = 0x1.7ff9b56323bbcp-6 * t271;
        const double t276 = 0x1.3f1a5ca29845ep-5 * t258 + t275;
        const double t277 = -t273;
        const double t278 = t274 / t105;
        const double t279 = t108 * t278;
        const double t292 = mn_do_LESS(t84, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t293 = mn_do_WHERE(t292, t254, 0x0.0p+0, 0.0, 0.0);
        const double t294 = mn_do_LESS((-0x1.0000000000000p+1), t118, 0.0, 0.0, 0.0);
        const double t295 = mn_do_WHERE(t294, t293, 0x0.0p+0, 0.0, 0.0);
        const double t296 = t119 * t295;
        const double t297 = t295 * t119 + t296;
        const double t298 = 0x1.3088874342da5p-18 * t297;
        const double t299 = 0x1.62570d2d0f2ccp-9 * t295 + t298;
        const double t300 = 0x1.c38327674d163p-2 * t297;
        const double t301 = 0x1.fb780346dc5d6p-1 * t295 + t300;
        const double t302 = t126 * t301;
        const double t303 = (-0x1.2ed916872b021p+0) * t299 - t302;
        const double t304 = t303 / t125;
        const double t305 = 0x1.14a38327674d1p-1 * t295;
        const double t336 = 0x1.b041af557631cp-15 * t297;
        const double t337 = 0x1.533d94b6050a3p-11 * t295 + t336;
        const double t338 = t295 / 0x1.b1fb3fa6defc8p-2;
        const double t343 = t295 / 0x1.239192641b329p-1;
        const double t348 = t295 / 0x1.6e5604189374cp+0;
        const double t372 = mn_do_WHERE(t211, (-0x1.0000000000000p+0), 0x1.0000000000000p+0, 0.0, 0.0);
        const double t373 = t372 / in_1[k];
        const double t374 = mn_do_LESS(0x0.0p+0, t187, 0.0, 0.0, 0.0);
        const double t375 = mn_do_WHERE(t374, t373, 0x0.0p+0, 0.0, 0.0);
        const double t376 = t375 / 0x1.0000000000000p+1;
        const double t379 = mn_do_LESS_EQUAL(0x1.0000000000000p+0, in_4[k], 0.0, 0.0, 0.0);
        const double t382 = mn_do_LESS_EQUAL(in_4[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        row_2[k] = t87;
        row_4[k] = t90;
        row_5[k] = t91;
        row_6[k] = t92;
        row_8[k] = t98;
        row_11[k] = t105;
        row_12[k] = t107;
        row_13[k] = t108;
        row_15[k] = t126;
        row_16[k] = t127;
        row_17[k] = t128;
        row_19[k] = t153;
        row_20[k] = t155;
        row_22[k] = t161;
        row_24[k] = t167;
        row_26[k] = t190;
        row_27[k] = t203;
        row_28[k] = t206;
        row_29[k] = t211;
        row_30[k] = t217;
        row_31[k] = t220;
        row_32[k] = t231;
        row_35[k] = t241;
        row_36[k] = t258;
        row_37[k] = t259;
        row_40[k] = t264;
        row_41[k] = t265;
        row_44[k] = t276;
        row_45[k] = t277;
        row_46[k] = t279;
        row_47[k] = t295;
        row_48[k] = t304;
        row_49[k] = t305;
        row_51[k] = t337;
        row_52[k] = t338;
        row_53[k] = t343;
        row_54[k] = t348;
        row_58[k] = t376;
        row_59[k] = t379;
        row_60[k] = t382;
    }
}

MN_VECTOR
static void linearise_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_4 = in[4] + first;
    const double *restrict row_3 = row[3];
    const double *restrict row_5 = row[5];
    const double *restrict row_7 = row[7];
    const double *restrict row_9 = row[9];
    const double *restrict row_18 = row[18];
    const double *restrict row_21 = row[21];
    const double *restrict row_23 = row[23];
    const double *restrict row_25 = row[25];
    const double *restrict row_36 = row[36];
    const double *restrict row_37 = row[37];
    const double *restrict row_38 = row[38];
    const double *restrict row_41 = row[41];
    const double *restrict row_42 = row[42];
    const double *restrict row_49 = row[49];
    const double *restrict row_52 = row[52];
    const double *restrict row_53 = row[53];
    const double *restrict row_54 = row[54];
    double *restrict row_2 = row[2];
    double *restrict row_6 = row[6];
    double *restrict row_8 = row[8];
    double *restrict row_11 = row[11];
    double *restrict row_17 = row[17];
    double *restrict row_20 = row[20];
    double *restrict row_22 = row[22];
    double *restrict row_24 = row[24];
    double *restrict row_39 = row[39];
    double *restrict row_43 = row[43];
    double *restrict row_50 = row[50];
    double *restrict row_55 = row[55];
    double *restrict row_56 = row[56];
    double *restrict row_57 = row[57];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t89 = (-0x1.68f231e1239bep-10) * row_3[k];
        const double t94 = 0x1.8d2f1a9fbe76dp+6 * row_7[k] + row_5[k];
        const double t100 = in_4[k] * row_9[k];
        const double t130 = 0x1.7a12d77318fc5p+1 * row_18[k];
        const double t131 = 0x1.43a0000000000p+11 + t130;
        const double t134 = t130 - 0x1.a000000000000p+2;
        const double t157 = 0x1.555810624dd2fp+3 * row_21[k] + 0x1.0663c74fb54a0p-3;
        const double t158 = 0x1.0000000000000p+0 + row_21[k];
        const double t159 = t157 / t158;
        const double t163 = 0x1.0000000000000p+0 + row_23[k];
        const double t164 = 0x1.807e28240b780p+1 / t163;
        const double t165 = 0x1.e083126e978d5p-2 + t164;
        const double t169 = 0x1.0000000000000p+0 + row_25[k];
        const double t170 = 0x1.6d4c985f06f69p+2 / t169;
        const double t171 = 0x1.f3dd97f62b6aep+1 + t170;
        const double t172 = -t159;
        const double t173 = -t165;
        const double t261 = row_38[k] * row_37[k];
        const double t262 = (-0x1.68f231e1239bep-10) * t261;
        const double t267 = row_42[k] * row_41[k];
        const double t268 = 0x1.8d2f1a9fbe76dp+6 * t267;
        const double t269 = 0x1.f4ccccccccccdp+2 * row_36[k] + t268;
        const double t306 = row_18[k] * row_49[k];
        const double t307 = 0x1.7a12d77318fc5p+1 * t306;
        const double t339 = row_21[k] * row_52[k];
        const double t340 = t159 * t339;
        const double t341 = 0x1.555810624dd2fp+3 * t339 - t340;
        const double t342 = t341 / t158;
        const double t344 = row_23[k] * row_53[k];
        const double t345 = t164 * t344;
        const double t346 = -t345;
        const double t347 = t346 / t163;
        const double t349 = row_25[k] * row_54[k];
        const double t350 = t170 * t349;
        const double t351 = -t350;
        const double t352 = t351 / t169;
        const double t355 = -t342;
        const double t356 = -t347;
        const double t357 = -t352;
        const double t358 = t173 * t357;
        row_2[k] = t89;
        row_6[k] = t94;
        row_8[k] = t100;
        row_11[k] = t131;
        row_17[k] = t134;
        row_20[k] = t171;
        row_22[k] = t172;
        row_24[k] = t173;
        row_39[k] = t262;
        row_43[k] = t269;
        row_50[k] = t307;
        row_55[k] = t355;
        row_56[k] = t356;
        row_57[k] = t358;
    }
}

MN_VECTOR
static void linearise_2(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_2 = in[2] + first;
    const double *restrict in_3 = in[3] + first;
    const double *restrict in_5 = in[5] + first;
    const double *restrict in_7 = in[7] + first;
    const double *restrict in_8 = in[8] + first;
    const double *restrict in_9 = in[9] + first;
    const double *restrict in_10 = in[10] + first;
    const double *restrict in_11 = in[11] + first;
    const double *restrict in_12 = in[12] + first;
    const double *restrict row_9 = row[9];
    const double *restrict row_10 = row[10];
    const double *restrict row_11 = row[11];
    const double *restrict row_13 = row[13];
    const double *restrict row_24 = row[24];
    const double *restrict row_27 = row[27];
    double *restrict row_3 = row[3];
    double *restrict row_18 = row[18];
    double *restrict row_21 = row[21];
    double *restrict row_25 = row[25];
    double *restrict row_34 = row[34];
    double *restrict row_37 = row[37];
    double *restrict row_38 = row[38];
    double *restrict row_41 = row[41];
    double *restrict row_42 = row[42];
    double *restrict row_49 = row[49];
    double *restrict row_52 = row[52];
    double *restrict row_53 = row[53];
    double *restrict row_54 = row[54];
    double *restrict row_62 = row[62];
    double *restrict row_63 = row[63];
    double *restrict row_64 = row[64];
    double *restrict row_66 = row[66];
    double *restrict row_69 = row[69];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t102 = in_3[k] * row_10[k];
        const double t103 = t102 / in_5[k];
        const double t192 = in_7[k] + t102;
        const double t193 = t192 / 0x1.0000000000000p+1;
        const double t194 = t193 * in_8[k];
        const double t195 = t194 * in_9[k];
        const double t196 = in_10[k] * t102;
        const double t197 = t196 * row_9[k];
        const double t198 = t195 / t197;
        const double t199 = t102 * in_11[k];
        const double t200 = t199 * 0x1.7a4da290c1653p-63;
        const double t201 = t200 * in_12[k];
        const double t202 = t201 * 0x1.921fb54442d18p+1;
        const double t204 = t202 * row_27[k];
        const double t205 = in_10[k] / t204;
        const double t233 = t102 / in_2[k];
        const double t236 = in_3[k] / t102;
        const double t240 = (-0x1.0000000000000p+1) * t198;
        const double t387 = row_10[k] * row_9[k];
        const double t388 = in_3[k] * t387;
        const double t389 = t388 / in_5[k];
        const double t390 = t389 / t103;
        const double t391 = row_13[k] * t390;
        const double t398 = t390 / row_11[k];
        const double t403 = t398 / 0x1.8000000000000p+1;
        const double t404 = t398 / 0x1.0000000000000p+2;
        const double t405 = t398 / 0x1.4000000000000p+2;
        const double t406 = t398 / 0x1.8000000000000p+2;
        const double t407 = t398 / 0x1.c000000000000p+2;
        const double t408 = t398 / 0x1.0000000000000p+3;
        const double t422 = row_24[k] * t390;
        const double t433 = t388 / 0x1.0000000000000p+1;
        const double t434 = t433 * in_8[k];
        const double t435 = in_10[k] * t388;
        const double t436 = t435 * row_9[k];
        const double t437 = t198 * t436;
        const double t438 = t434 * in_9[k] - t437;
        const double t439 = t438 / t197;
        const double t440 = t388 * in_11[k];
        const double t441 = t440 * 0x1.7a4da290c1653p-63;
        const double t442 = t441 * in_12[k];
        const double t443 = t442 * 0x1.921fb54442d18p+1;
        const double t444 = t443 * row_27[k];
        const double t445 = t205 * t444;
        const double t446 = -t445;
        const double t447 = t446 / t204;
        const double t484 = t388 / in_2[k];
        const double t489 = t236 * t388;
        const double t490 = -t489;
        const double t491 = t490 / t102;
        const double t497 = (-0x1.0000000000000p+1) * t439;
        row_3[k] = t103;
        row_18[k] = t205;
        row_21[k] = t233;
        row_25[k] = t236;
        row_34[k] = t240;
        row_37[k] = t391;
        row_38[k] = t398;
        row_41[k] = t403;
        row_42[k] = t404;
        row_49[k] = t405;
        row_52[k] = t406;
        row_53[k] = t407;
        row_54[k] = t408;
        row_62[k] = t422;
        row_63[k] = t447;
        row_64[k] = t484;
        row_66[k] = t491;
        row_69[k] = t497;
    }
}

MN_VECTOR
static void linearise_3(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict row_5 = row[5];
    const double *restrict row_11 = row[11];
    const double *restrict row_13 = row[13];
    const double *restrict row_14 = row[14];
    const double *restrict row_15 = row[15];
    const double *restrict row_16 = row[16];
    const double *restrict row_17 = row[17];
    const double *restrict row_20 = row[20];
    const double *restrict row_23 = row[23];
    const double *restrict row_24 = row[24];
    const double *restrict row_29 = row[29];
    const double *restrict row_33 = row[33];
    const double *restrict row_38 = row[38];
    const double *restrict row_41 = row[41];
    const double *restrict row_42 = row[42];
    const double *restrict row_45 = row[45];
    const double *restrict row_46 = row[46];
    const double *restrict row_47 = row[47];
    const double *restrict row_48 = row[48];
    const double *restrict row_49 = row[49];
    const double *restrict row_50 = row[50];
    const double *restrict row_52 = row[52];
    const double *restrict row_53 = row[53];
    const double *restrict row_54 = row[54];
    const double *restrict row_56 = row[56];
    const double *restrict row_57 = row[57];
    const double *restrict row_64 = row[64];
    const double *restrict row_65 = row[65];
    const double *restrict row_66 = row[66];
    const double *restrict row_67 = row[67];
    double *restrict row_3 = row[3];
    double *restrict row_8 = row[8];
    double *restrict row_9 = row[9];
    double *restrict row_21 = row[21];
    double *restrict row_25 = row[25];
    double *restrict row_27 = row[27];
    double *restrict row_36 = row[36];
    double *restrict row_61 = row[61];
    double *restrict row_68 = row[68];
    (void)in, (void)out, (void)uniform;
    (void)first;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t110 = row_5[k] + row_14[k];
        const double t111 = row_13[k] * t110;
        const double t132 = row_5[k] - row_16[k];
        const double t133 = t132 / row_11[k];
        const double t135 = t133 * t133;
        const double t136 = 0x1.4470000000000p+11 * t135;
        const double t137 = t136 / 0x1.0000000000000p+1;
        const double t138 = t133 / 0x1.8000000000000p+1;
        const double t139 = t133 / 0x1.0000000000000p+2;
        const double t140 = t133 / 0x1.4000000000000p+2;
        const double t141 = t133 / 0x1.8000000000000p+2;
        const double t142 = t133 / 0x1.c000000000000p+2;
        const double t143 = t133 / 0x1.0000000000000p+3;
        const double t144 = 0x1.0000000000000p+0 + t143;
        const double t145 = t142 * t144 + 0x1.0000000000000p+0;
        const double t146 = t141 * t145 + 0x1.0000000000000p+0;
        const double t147 = t140 * t146 + 0x1.0000000000000p+0;
        const double t148 = t139 * t147 + 0x1.0000000000000p+0;
        const double t149 = t138 * t148 + 0x1.0000000000000p+0;
        const double t150 = t137 * t149;
        const double t151 = row_17[k] * t133 - t150;
        const double t174 = row_5[k] - row_20[k];
        const double t175 = row_24[k] * t174;
        const double t235 = 0x1.0000000000000p+0 - row_23[k];
        const double t238 = 0x1.0000000000000p+0 - row_33[k];
        const double t239 = mn_do_WHERE(row_29[k], t235, t238, 0.0, 0.0);
        const double t280 = row_45[k] * t110 + row_46[k];
        const double t308 = t133 * row_50[k];
        const double t309 = 0x1.2e0ded288ce70p-1 * row_47[k] - t308;
        const double t310 = t309 / row_11[k];
        const double t311 = row_17[k] * t310;
        const double t312 = row_50[k] * t133 + t311;
        const double t313 = t133 * t310;
        const double t314 = t310 * t133 + t313;
        const double t315 = 0x1.4470000000000p+11 * t314;
        const double t316 = t315 / 0x1.0000000000000p+1;
        const double t317 = t310 / 0x1.8000000000000p+1;
        const double t318 = t310 / 0x1.0000000000000p+2;
        const double t319 = t310 / 0x1.4000000000000p+2;
        const double t320 = t310 / 0x1.8000000000000p+2;
        const double t321 = t310 / 0x1.c000000000000p+2;
        const double t322 = t310 / 0x1.0000000000000p+3;
        const double t323 = t142 * t322;
        const double t324 = t321 * t144 + t323;
        const double t325 = t141 * t324;
        const double t326 = t320 * t145 + t325;
        const double t327 = t140 * t326;
        const double t328 = t319 * t146 + t327;
        const double t329 = t139 * t328;
        const double t330 = t318 * t147 + t329;
        const double t331 = t138 * t330;
        const double t332 = t317 * t148 + t331;
        const double t333 = t137 * t332;
        const double t334 = t316 * t149 + t333;
        const double t335 = t312 - t334;
        const double t353 = row_15[k] * t335;
        const double t354 = row_48[k] * t151 + t353;
        const double t359 = row_56[k] * t174 + row_57[k];
        const double t399 = t133 * row_38[k];
        const double t400 = row_38[k] * t133 + t399;
        const double t401 = 0x1.4470000000000p+11 * t400;
        const double t402 = t401 / 0x1.0000000000000p+1;
        const double t409 = t142 * row_54[k];
        const double t410 = row_53[k] * t144 + t409;
        const double t411 = t141 * t410;
        const double t412 = row_52[k] * t145 + t411;
        const double t413 = t140 * t412;
        const double t414 = row_49[k] * t146 + t413;
        const double t415 = t139 * t414;
        const double t416 = row_42[k] * t147 + t415;
        const double t417 = t138 * t416;
        const double t418 = row_41[k] * t148 + t417;
        const double t419 = t137 * t418;
        const double t420 = t402 * t149 + t419;
        const double t421 = row_17[k] * row_38[k] - t420;
        const double t486 = 0x1.4000000000000p+3 * row_65[k];
        const double t487 = t486 * row_64[k];
        const double t488 = -t487;
        const double t493 = 0x1.4000000000000p+3 * row_67[k];
        const double t494 = t493 * row_66[k];
        const double t495 = -t494;
        const double t496 = mn_do_WHERE(row_29[k], t488, t495, 0.0, 0.0);
        row_3[k] = t111;
        row_8[k] = t151;
        row_9[k] = t175;
        row_21[k] = t239;
        row_25[k] = t280;
        row_27[k] = t354;
        row_36[k] = t359;
        row_61[k] = t421;
        row_68[k] = t496;
    }
}

MN_VECTOR
static void linearise_4(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict row_4 = row[4];
    const double *restrict row_6 = row[6];
    const double *restrict row_7 = row[7];
    const double *restrict row_10 = row[10];
    const double *restrict row_12 = row[12];
    const double *restrict row_22 = row[22];
    const double *restrict row_25 = row[25];
    const double *restrict row_36 = row[36];
    const double *restrict row_37 = row[37];
    const double *restrict row_40 = row[40];
    const double *restrict row_43 = row[43];
    const double *restrict row_62 = row[62];
    double *restrict row_3 = row[3];
    double *restrict row_9 = row[9];
    double *restrict row_13 = row[13];
    double *restrict row_16 = row[16];
    double *restrict row_20 = row[20];
    double *restrict row_23 = row[23];
    (void)in, (void)out, (void)uniform;
    (void)first;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t113 = row_6[k] * row_7[k] + row_4[k];
        const double t177 = 0x1.df8f47304039bp-4 * row_10[k];
        const double t281 = row_7[k] * row_25[k];
        const double t282 = row_6[k] * t281;
        const double t283 = row_43[k] * row_7[k] + t282;
        const double t284 = row_40[k] + t283;
        const double t285 = t284 / t113;
        const double t286 = -t285;
        const double t360 = row_10[k] * row_36[k];
        const double t361 = 0x1.df8f47304039bp-4 * t360;
        const double t362 = 0x1.0000000000000p+0 + t177;
        const double t363 = t361 / t362;
        const double t364 = row_22[k] * t363;
        const double t392 = row_7[k] * row_37[k];
        const double t393 = row_6[k] * t392;
        const double t394 = t393 / t113;
        const double t395 = -t394;
        const double t396 = t395 / row_12[k];
        const double t423 = row_10[k] * row_62[k];
        const double t424 = 0x1.df8f47304039bp-4 * t423;
        const double t425 = t424 / t362;
        const double t426 = row_22[k] * t425;
        row_3[k] = t113;
        row_9[k] = t177;
        row_13[k] = t286;
        row_16[k] = t364;
        row_20[k] = t396;
        row_23[k] = t426;
    }
}

MN_VECTOR
static void linearise_5(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict row_5 = row[5];
    const double *restrict row_11 = row[11];
    const double *restrict row_12 = row[12];
    const double *restrict row_13 = row[13];
    const double *restrict row_16 = row[16];
    const double *restrict row_22 = row[22];
    const double *restrict row_44 = row[44];
    const double *restrict row_55 = row[55];
    double *restrict row_3 = row[3];
    double *restrict row_6 = row[6];
    double *restrict row_14 = row[14];
    double *restrict row_17 = row[17];
    (void)in, (void)out, (void)uniform;
    (void)first;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t115 = -row_5[k];
        const double t116 = t115 / row_12[k];
        const double t179 = row_22[k] * row_11[k];
        const double t287 = row_13[k] - t116 * row_44[k];
        const double t288 = t287 / row_12[k];
        const double t365 = row_55[k] * row_11[k] + row_16[k];
        row_3[k] = t116;
        row_6[k] = t179;
        row_14[k] = t288;
        row_17[k] = t365;
    }
}

MN_VECTOR
static void linearise_6(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    const double *restrict in_6 = in[6] + first;
    const double *restrict in_8 = in[8] + first;
    const double *restrict in_10 = in[10] + first;
    const double *restrict in_14 = in[14] + first;
    const double *restrict in_16 = in[16] + first;
    const double *restrict in_17 = in[17] + first;
    const double *restrict in_18 = in[18] + first;
    const double *restrict in_19 = in[19] + first;
    const double *restrict in_20 = in[20] + first;
    const double *restrict in_22 = in[22] + first;
    const double *restrict row_2 = row[2];
    const double *restrict row_4 = row[4];
    const double *restrict row_7 = row[7];
    const double *restrict row_8 = row[8];
    const double *restrict row_14 = row[14];
    const double *restrict row_15 = row[15];
    const double *restrict row_17 = row[17];
    const double *restrict row_18 = row[18];
    const double *restrict row_19 = row[19];
    const double *restrict row_20 = row[20];
    const double *restrict row_23 = row[23];
    const double *restrict row_26 = row[26];
    const double *restrict row_27 = row[27];
    const double *restrict row_28 = row[28];
    const double *restrict row_29 = row[29];
    const double *restrict row_30 = row[30];
    const double *restrict row_31 = row[31];
    const double *restrict row_32 = row[32];
    const double *restrict row_39 = row[39];
    const double *restrict row_51 = row[51];
    const double *restrict row_58 = row[58];
    const double *restrict row_61 = row[61];
    const double *restrict row_63 = row[63];
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict out_5 = out[5] + first;
    double *restrict row_3 = row[3];
    double *restrict row_5 = row[5];
    double *restrict row_6 = row[6];
    double *restrict row_10 = row[10];
    double *restrict row_11 = row[11];
    double *restrict row_13 = row[13];
    double *restrict row_16 = row[16];
    double *restrict row_22 = row[22];
    double *restrict row_24 = row[24];
    double *restrict row_25 = row[25];
    double *restrict row_36 = row[36];
    double *restrict row_37 = row[37];
    double *restrict row_38 = row[38];
    double *restrict row_40 = row[40];
    double *restrict row_41 = row[41];
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t181 = row_19[k] * row_7[k];
        const double t182 = row_15[k] * row_8[k] + t181;
        const double t183 = row_2[k] * row_4[k] + t182;
        const double t184 = in_6[k] * t183;
        const double t191 = t184 * row_26[k];
        const double t207 = t191 * t191;
        const double t208 = row_28[k] * t207;
        const double t209 = t208 * in_16[k] + 0x1.0000000000000p+0;
        const double t210 = in_14[k] * t209 + in_17[k];
        const double t212 = t191 * row_18[k];
        const double t213 = t212 / in_10[k];
        const double t214 = in_0[k] - t191 * t210;
        const double t215 = t214 / in_18[k];
        const double t216 = mn_do_WHERE(row_29[k], t213, t215, 0.0, 0.0);
        const double t218 = row_30[k] * t216;
        const double t219 = t218 * in_8[k];
        const double t221 = t219 / row_31[k];
        const double t222 = mn_do_MIN(t221, 0x1.ff7ced916872bp-1, 0.0, 0.0, 0.0);
        const double t223 = mn_do_MAX(t222, (-0x1.ff7ced916872bp-1), 0.0, 0.0, 0.0);
        const double t224 = 0x1.0000000000000p+0 - t223 * t223;
        const double t225 = mn_do_SQRT(t224, 0.0, 0.0, 0.0, 0.0);
        const double t226 = t223 / t225;
        const double t229 = t191 * t214;
        const double t230 = t229 * in_20[k];
        const double t232 = t230 * row_32[k] + in_22[k];
        const double t243 = 0x1.0b0e6d55e647cp-76 * t232;
        const double t247 = in_19[k] * t223;
        const double t248 = t247 * 0x1.921fb54442d18p+1;
        const double t249 = t248 / 0x1.0000000000000p+1;
        const double t250 = t249 / t243;
        const double t289 = row_4[k] * row_14[k];
        const double t290 = row_2[k] * t289;
        const double t291 = row_39[k] * row_4[k] + t290;
        const double t366 = row_7[k] * row_17[k];
        const double t367 = row_19[k] * t366;
        const double t368 = row_51[k] * row_7[k] + t367;
        const double t369 = row_27[k] + t368;
        const double t370 = t291 + t369;
        const double t371 = in_6[k] * t370;
        const double t377 = t184 * row_58[k];
        const double t378 = t371 * row_26[k] + t377;
        const double t397 = row_4[k] * row_20[k];
        const double t427 = row_7[k] * row_23[k];
        const double t428 = row_19[k] * t427;
        const double t429 = row_15[k] * row_61[k] + t428;
        const double t430 = row_2[k] * t397 + t429;
        const double t431 = in_6[k] * t430;
        const double t432 = t431 * row_26[k];
        const double t448 = t191 * t432;
        const double t449 = t432 * t191 + t448;
        const double t450 = row_28[k] * t449;
        const double t451 = t450 * in_16[k];
        const double t452 = in_14[k] * t451;
        const double t453 = t191 * t452;
        const double t454 = t432 * t210 + t453;
        const double t455 = t191 * row_63[k];
        const double t456 = t432 * row_18[k] + t455;
        const double t457 = t456 / in_10[k];
        const double t458 = -t454;
        const double t459 = t458 / in_18[k];
        const double t460 = mn_do_WHERE(row_29[k], t457, t459, 0.0, 0.0);
        const double t461 = row_30[k] * t460;
        const double t462 = t461 * in_8[k];
        const double t463 = t462 / row_31[k];
        const double t464 = mn_do_LESS(t221, 0x1.ff7ced916872bp-1, 0.0, 0.0, 0.0);
        const double t465 = mn_do_WHERE(t464, t463, 0x0.0p+0, 0.0, 0.0);
        const double t466 = mn_do_LESS((-0x1.ff7ced916872bp-1), t222, 0.0, 0.0, 0.0);
        const double t467 = mn_do_WHERE(t466, t465, 0x0.0p+0, 0.0, 0.0);
        const double t468 = t223 * t467;
        const double t469 = t467 * t223 + t468;
        const double t470 = -t469;
        const double t471 = 0x1.0000000000000p+1 * t225;
        const double t472 = t470 / t471;
        const double t473 = t467 - t226 * t472;
        const double t474 = t473 / t225;
        const double t475 = t226 * t226 + 0x1.0000000000000p+0;
        const double t476 = t474 / t475;
        const double t477 = t223 * t476;
        const double t480 = t191 * t458;
        const double t481 = t432 * t214 + t480;
        const double t482 = t481 * in_20[k];
        const double t483 = t482 * row_32[k];
        const double t498 = 0x1.0b0e6d55e647cp-76 * t483;
        const double t505 = in_19[k] * t467;
        const double t506 = t505 * 0x1.921fb54442d18p+1;
        const double t507 = t506 / 0x1.0000000000000p+1;
        const double t508 = t507 - t250 * t498;
        const double t509 = t508 / t243;
        const double t517 = t191 * t378;
        const double t518 = t378 * t191 + t517;
        const double t519 = row_28[k] * t518;
        const double t520 = t519 * in_16[k];
        const double t521 = in_14[k] * t520;
        const double t522 = t191 * t521;
        const double t523 = t378 * t210 + t522;
        const double t524 = t378 * row_18[k];
        const double t525 = t524 / in_10[k];
        const double t526 = 0x1.0000000000000p+0 - t523;
        const double t527 = t526 / in_18[k];
        const double t528 = mn_do_WHERE(row_29[k], t525, t527, 0.0, 0.0);
        const double t529 = row_30[k] * t528;
        const double t530 = t529 * in_8[k];
        const double t531 = t530 / row_31[k];
        const double t532 = mn_do_WHERE(t464, t531, 0x0.0p+0, 0.0, 0.0);
        const double t533 = mn_do_WHERE(t466, t532, 0x0.0p+0, 0.0, 0.0);
        const double t534 = t223 * t533;
        const double t535 = t533 * t223 + t534;
        const double t536 = -t535;
        const double t537 = t536 / t471;
        const double t538 = t533 - t226 * t537;
        const double t539 = t538 / t225;
        const double t540 = t539 / t475;
        const double t541 = t223 * t540;
        const double t544 = t191 * t526;
        const double t545 = t378 * t214 + t544;
        const double t546 = t545 * in_20[k];
        const double t547 = t546 * row_32[k];
        const double t548 = 0x1.0b0e6d55e647cp-76 * t547;
        const double t554 = in_19[k] * t533;
        const double t555 = t554 * 0x1.921fb54442d18p+1;
        const double t556 = t555 / 0x1.0000000000000p+1;
        const double t557 = t556 - t250 * t548;
        const double t558 = t557 / t243;
        out_0[k] = t191;
        row_3[k] = t223;
        row_5[k] = t225;
        row_6[k] = t226;
        row_10[k] = t243;
        row_11[k] = t250;
        out_1[k] = t378;
        out_5[k] = t432;
        row_13[k] = t467;
        row_16[k] = t472;
        row_22[k] = t477;
        row_24[k] = t498;
        row_25[k] = t509;
        row_36[k] = t533;
        row_37[k] = t537;
        row_38[k] = t541;
        row_40[k] = t548;
        row_41[k] = t558;
    }
}

MN_VECTOR
static void linearise_7(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict row_3 = row[3];
    const double *restrict row_5 = row[5];
    const double *restrict row_9 = row[9];
    const double *restrict row_10 = row[10];
    const double *restrict row_13 = row[13];
    const double *restrict row_16 = row[16];
    const double *restrict row_22 = row[22];
    const double *restrict row_24 = row[24];
    const double *restrict row_25 = row[25];
    const double *restrict row_33 = row[33];
    const double *restrict row_35 = row[35];
    const double *restrict row_36 = row[36];
    const double *restrict row_37 = row[37];
    const double *restrict row_38 = row[38];
    const double *restrict row_40 = row[40];
    const double *restrict row_41 = row[41];
    double *restrict row_2 = row[2];
    double *restrict row_6 = row[6];
    double *restrict row_7 = row[7];
    double *restrict row_8 = row[8];
    double *restrict row_11 = row[11];
    (void)in, (void)out, (void)uniform;
    (void)first;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t228 = row_3[k] * row_9[k] + row_5[k];
        const double t242 = row_35[k] * t228;
        const double t244 = t242 / row_10[k];
        const double t478 = row_13[k] * row_9[k] + row_22[k];
        const double t479 = row_16[k] + t478;
        const double t499 = t244 * row_24[k];
        const double t500 = row_35[k] * t479 - t499;
        const double t501 = t500 / row_10[k];
        const double t511 = row_33[k] * row_25[k];
        const double t542 = row_36[k] * row_9[k] + row_38[k];
        const double t543 = row_37[k] + t542;
        const double t549 = t244 * row_40[k];
        const double t550 = row_35[k] * t543 - t549;
        const double t551 = t550 / row_10[k];
        const double t559 = row_33[k] * row_41[k];
        row_2[k] = t244;
        row_6[k] = t501;
        row_7[k] = t511;
        row_8[k] = t551;
        row_11[k] = t559;
    }
}

MN_VECTOR
static void linearise_8(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict row_4 = row[4];
    const double *restrict row_6 = row[6];
    const double *restrict row_7 = row[7];
    const double *restrict row_8 = row[8];
    const double *restrict row_11 = row[11];
    const double *restrict row_12 = row[12];
    const double *restrict row_21 = row[21];
    const double *restrict row_34 = row[34];
    const double *restrict row_59 = row[59];
    const double *restrict row_60 = row[60];
    const double *restrict row_68 = row[68];
    const double *restrict row_69 = row[69];
    double *restrict out_2 = out[2] + first;
    double *restrict out_3 = out[3] + first;
    double *restrict out_4 = out[4] + first;
    (void)in, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t246 = row_34[k] * row_4[k];
        const double t252 = t246 * row_12[k];
        const double t253 = t252 * row_21[k];
        const double t380 = mn_do_LESS(0x0.0p+0, t253, 0.0, 0.0, 0.0);
        const double t381 = mn_do_AND(row_59[k], t380, 0.0, 0.0, 0.0);
        const double t383 = mn_do_LESS(t253, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t384 = mn_do_AND(row_60[k], t383, 0.0, 0.0, 0.0);
        const double t385 = mn_do_OR(t381, t384, 0.0, 0.0, 0.0);
        const double t386 = mn_do_WHERE(t385, 0x0.0p+0, t253, 0.0, 0.0);
        const double t502 = row_4[k] * row_6[k];
        const double t503 = row_34[k] * t502;
        const double t504 = row_69[k] * row_4[k] + t503;
        const double t512 = t246 * row_7[k];
        const double t513 = t504 * row_12[k] + t512;
        const double t514 = t252 * row_68[k];
        const double t515 = t513 * row_21[k] + t514;
        const double t516 = mn_do_WHERE(t385, 0x0.0p+0, t515, 0.0, 0.0);
        const double t552 = row_4[k] * row_8[k];
        const double t553 = row_34[k] * t552;
        const double t560 = t246 * row_11[k];
        const double t561 = t553 * row_12[k] + t560;
        const double t562 = t561 * row_21[k];
        const double t563 = mn_do_WHERE(t385, 0x0.0p+0, t562, 0.0, 0.0);
        out_2[k] = t386;
        out_3[k] = t516;
        out_4[k] = t563;
    }
}

static void linearise(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[70][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    mn_fill(row[0], 0x1.4000000000000p+3);
    mn_fill(row[1], 0x1.2000000000000p+3);
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        linearise_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXPM1, m, (const double *const[]){row[2]}, row[3]);
        mn_operation_run(MN_OPERATION_EXPM1, m, (const double *const[]){row[6]}, row[7]);
        mn_operation_run(MN_OPERATION_LOG, m, (const double *const[]){row[8]}, row[9]);
        mn_operation_run(MN_OPERATION_LOG, m, (const double *const[]){row[11]}, row[14]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[17]}, row[18]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[20]}, row[21]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[22]}, row[23]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[24]}, row[25]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[2]}, row[38]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[6]}, row[42]);
        linearise_1(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[8]}, row[10]);
        linearise_2(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_LOG, m, (const double *const[]){row[3]}, row[5]);
        mn_operation_run(MN_OPERATION_POW, m, (const double *const[]){row[21], row[0]}, row[23]);
        mn_operation_run(MN_OPERATION_POW, m, (const double *const[]){row[25], row[0]}, row[33]);
        mn_operation_run(MN_OPERATION_POW, m, (const double *const[]){row[21], row[1]}, row[65]);
        mn_operation_run(MN_OPERATION_POW, m, (const double *const[]){row[25], row[1]}, row[67]);
        linearise_3(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[3]}, row[7]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[9]}, row[10]);
        linearise_4(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_LOG, m, (const double *const[]){row[3]}, row[5]);
        mn_operation_run(MN_OPERATION_LOG1P, m, (const double *const[]){row[9]}, row[11]);
        linearise_5(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[3]}, row[4]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[6]}, row[7]);
        linearise_6(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_ATAN, m, (const double *const[]){row[6]}, row[9]);
        mn_operation_run(MN_OPERATION_SINH, m, (const double *const[]){row[11]}, row[12]);
        mn_operation_run(MN_OPERATION_COSH, m, (const double *const[]){row[11]}, row[33]);
        linearise_7(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[2]}, row[4]);
        linearise_8(m, first, in, uniform, row, out);
    }
}

static const int16_t start_input[] = {3, 2, 4};
static const mn_program start_program = {.n_inputs = 3, .n_uniforms = 0, .n_outputs = 1};

static const int16_t linearise_input[] = {
    MN_INPUT_VOLTAGE, 20, 3, 2, 22, 19, 21, 5, 6, 7, 1, 9, 11, 0, 13, 15, 14, 12, 10, 8, 17, 18, 16};
static const mn_program linearise_program = {.n_inputs = 23, .n_uniforms = 0, .n_outputs = 6};

const mn_equation_model mn_explicit_jart = {
    .model =
        {
            .name = "ExplicitJART",
            .doc =
                "The filament of an oxide whose vacancies move, by valence change: the explicit form of the model JART "
                "VCM v1b. Its current is a fit to what that model has for a filament of the radius r and a disc of the "
                "length l, and needs no inner equation. Vacancies hop between a plug and the disc before the Schottky "
                "electrode, warmed by the current: a negative voltage brings them in, which is the set, and a positive "
                "one takes them away. The first node is the active electrode. The fit holds between -2 and 2 V, beyond "
                "which its conductance stays; how it varies with r and l in the source is left out.",
            .citation = "Ntinas et al., SMACD 2023, doi 10.1109/SMACD58065.2023.10192107, and its code, "
                        "vntinas/JART-TUD-VCM-memristor-model; the model that it fits: Bengel et al., IEEE Trans. "
                        "Circuits Syst. I 2020, 67, 4618, doi 10.1109/TCSI.2020.3018502",
            .text =
                "doc The filament of an oxide whose vacancies move, by valence change: the explicit form of the model "
                "JART VCM v1b. Its\n"
                "doc current is a fit to what that model has for a filament of the radius r and a disc of the length "
                "l, and needs no inner\n"
                "doc equation. Vacancies hop between a plug and the disc before the Schottky electrode, warmed by the "
                "current: a negative\n"
                "doc voltage brings them in, which is the set, and a positive one takes them away. The first node is "
                "the active electrode.\n"
                "doc The fit holds between -2 and 2 V, beyond which its conductance stays; how it varies with r and l "
                "in the source is left out.\n"
                "source Ntinas et al., SMACD 2023, doi 10.1109/SMACD58065.2023.10192107, and its code,\n"
                "source vntinas/JART-TUD-VCM-memristor-model; the model that it fits: Bengel et al., IEEE Trans. "
                "Circuits Syst. I 2020, 67,\n"
                "source 4618, doi 10.1109/TCSI.2020.3018502\n"
                "\n"
                "i    = amp*(fit_p + fit_n)*(1 + max(abs(v)/volt - 2, 0)/2)\n"
                "N    = N_min*exp(x*log(N_max/N_min))\n"
                "y    = log(N/N_fit)\n"
                "# The fit for positive voltages\n"
                "vp   = min(max(v/volt, 0), 2)\n"
                "p5   = -1.3769e-3*expm1(-8.1819e-2*vp)\n"
                "p6   = 1.9687e-1 - 2.1833e-2*vp\n"
                "p7   = 1.69 + 7.8250*vp + 9.9296e1*expm1(-7.1092e-2*vp)\n"
                "p8   = 1.1713e-1 + 8.1370e-2*vp\n"
                "p10  = 9.7733e-1 + 3.5214e-2*vp + 1.2856e-2*vp**2\n"
                "p11  = 9.4207e-1 + 3.8953e-2*vp + 2.3436e-2*vp**2\n"
                "fit_p = p5*exp(-log(p6 + p7*exp(-p10*(y + log(p8))))/p11)\n"
                "# The fit for negative voltages\n"
                "vn   = max(min(v/volt, 0), -2)\n"
                "n1   = -1.1830*(2.7034e-3*vn + 4.5379e-6*vn**2)/(1 + 9.9115e-1*vn + 4.4093e-1*vn**2)\n"
                "n3   = 6.8845 - 5.8995e-1*vn\n"
                "n4   = 2.5890e3 + 2.9537*exp(5.4031e-1*vn)\n"
                "n5   = 6.4705e-4*vn + 5.1529e-5*vn**2\n"
                "n7   = 1.1708e-1\n"
                "n9   = 3.9052 + (9.6130 - 3.9052)/(1 + exp((vn + 4.5637e-1)/1.4310))\n"
                "n10  = 4.6925e-1 + (3.4731 - 4.6925e-1)/(1 + exp((vn + 1.1871)/5.6947e-1))\n"
                "n11  = (1.2812e-1 + 1.0667e1*w11)/(1 + w11)\n"
                "w11  = exp((vn - 7.4414e-1)/4.2381e-1)\n"
                "# bend = y - n3 - 2.5955e3*expm1(u), where all but a thousandth cancels: its linear part, and "
                "expm1(u) - u as a series\n"
                "bend = (2.9537*exp(5.4031e-1*vn) - 6.5)*u - 2.5955e3*u**2/2*(1 + u/3*(1 + u/4*(1 + u/5*(1 + u/6*(1 + "
                "u/7*(1 + u/8))))))\n"
                "u    = (y - n3)/n4\n"
                "fit_n = n1*bend + n5*exp(-n11*log1p(n7*exp(-n10*(y - n9))))\n"
                "\n"
                "# Vacancies that hop in the field over the barrier dW, at the temperature T\n"
                "dx/dt  = -2*hops*exp(-dW*half/(k_B*T))*sinh(dW*gamma*pi/2/(k_B*T))*limit\n"
                "hops   = (N_plug + N)/2*a*nu_0/(l*N*log(N_max/N_min))\n"
                "half   = root + gamma*atan(gamma/root)\n"
                "root   = sqrt(1 - gamma**2)\n"
                "gamma  = max(min(z*e_charge*field*a/(pi*dW), 0.999), -0.999)\n"
                "field  = where(v < 0, i*R_disc/l, (v - v_s)/l_cell)\n"
                "v_s    = i*(R_TiOx + R_line*(1 + R_line*alpha_line*i**2*R_th_line))\n"
                "R_disc = l/(N*z*e_charge*mu_n*pi*r**2)\n"
                "T      = T_0 + i*(v - v_s)*R_th*where(v < 0, 1, s_reset)\n"
                "limit  = where(v < 0, 1 - (N/N_max)**10, 1 - (N_min/N)**10)\n"
                "\n"
                "parameter r         = 45 nm in (0, inf)             : radius of the filament, for which the fit is\n"
                "parameter l         = 0.4 nm in (0, inf)            : length of the disc, for which the fit is\n"
                "parameter N_min     = 8e23 1/m^3 in (0, N_max)      : least concentration of vacancies in the disc\n"
                "parameter N_max     = 2e27 1/m^3 in (0, inf)        : largest concentration of vacancies in the disc\n"
                "parameter N_0       = 1e24 1/m^3 in (0, inf)        : concentration at the start\n"
                "parameter N_plug    = 2e27 1/m^3 in (0, inf)        : concentration of vacancies in the plug\n"
                "parameter a         = 0.25 nm in (0, inf)           : length of a hop\n"
                "parameter nu_0      = 20 THz in (0, inf)            : attempt frequency\n"
                "parameter dW        = 1.35 eV in (0, inf)           : barrier of a hop\n"
                "parameter z         = 2 in (0, inf)                 : charge number of a vacancy\n"
                "parameter l_cell    = 3 nm in (0, inf)              : length of disc and plug\n"
                "parameter mu_n      = 4e-6 m^2/(V s) in (0, inf)    : mobility of electrons\n"
                "parameter R_TiOx    = 650 ohm in [0, inf)           : resistance of the layer of titanium oxide\n"
                "parameter R_line    = 719.2437 ohm in [0, inf)      : resistance of the lines without a current\n"
                "parameter R_th_line = 90471.47 K/W in [0, inf)      : thermal resistance of the lines\n"
                "parameter alpha_line = 3.92e-3 1/K in [0, inf)      : temperature coefficient of the lines\n"
                "parameter T_0       = 293 K in (0, inf)             : ambient temperature\n"
                "parameter R_th      = 15.72e6 K/W in [0, inf)       : thermal resistance of the filament\n"
                "parameter s_reset   = 0.27 in [0, inf)              : share of it that counts where v > 0\n"
                "parameter N_fit     = 4e23 1/m^3 in (0, inf)        : concentration that the fit counts from\n"
                "parameter volt      = 1 V in (0, inf)               : unit of voltages in the fit\n"
                "parameter amp       = 1 A in (0, inf)               : unit of currents in the fit\n"
                "\n"
                "state x = log(N_0/N_min)/log(N_max/N_min) in [0, 1] : concentration of vacancies in the disc, the "
                "logarithm from 0 at N_min to 1 at N_max\n",
            .check = "r",
            .flags = MN_IMPLICIT | MN_FALLS,
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
