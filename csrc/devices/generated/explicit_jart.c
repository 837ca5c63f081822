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
    double *restrict row_36 = row[36];
    double *restrict row_37 = row[37];
    double *restrict row_38 = row[38];
    double *restrict row_41 = row[41];
    double *restrict row_42 = row[42];
    double *restrict row_45 = row[45];
    double *restrict row_46 = row[46];
    double *restrict row_47 = row[47];
    double *restrict row_48 = row[48];
    double *restrict row_49 = row[49];
    double *restrict row_50 = row[50];
    double *restrict row_51 = row[51];
    double *restrict row_53 = row[53];
    double *restrict row_54 = row[54];
    double *restrict row_55 = row[55];
    double *restrict row_56 = row[56];
    double *restrict row_60 = row[60];
    double *restrict row_61 = row[61];
    double *restrict row_62 = row[62];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t77 = in_0[k] / in_1[k];
        const double t78 = mn_do_MAX(t77, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t79 = mn_do_MIN(t78, 0x1.0000000000000p+1, 0.0, 0.0, 0.0);
        const double t80 = (-0x1.4f2170931012ap-4) * t79;
        const double t83 = 0x1.9330941c8216cp-3 - 0x1.65b63d3e4ef03p-6 * t79;
        const double t84 = 0x1.f4ccccccccccdp+2 * t79 + 0x1.b0a3d70a3d70ap+0;
        const double t85 = (-0x1.23315d701d9f5p-4) * t79;
        const double t88 = 0x1.20791c4b90215p-5 * t79 + 0x1.f4649906cca2ep-1;
        const double t89 = t79 * t79;
        const double t90 = 0x1.a543f1c75818cp-7 * t89 + t88;
        const double t91 = in_2[k] / in_3[k];
        const double t98 = 0x1.4d4aa10e02214p-4 * t79 + 0x1.dfc3b4f616723p-4;
        const double t99 = 0x1.3f1a5ca29845ep-5 * t79 + 0x1.e256ffc115df6p-1;
        const double t100 = 0x1.7ff9b56323bbcp-6 * t89 + t99;
        const double t101 = -t90;
        const double t111 = mn_do_MIN(t77, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t112 = mn_do_MAX(t111, (-0x1.0000000000000p+1), 0.0, 0.0, 0.0);
        const double t113 = t112 * t112;
        const double t114 = 0x1.3088874342da5p-18 * t113;
        const double t115 = 0x1.62570d2d0f2ccp-9 * t112 + t114;
        const double t116 = (-0x1.2ed916872b021p+0) * t115;
        const double t117 = 0x1.fb780346dc5d6p-1 * t112 + 0x1.0000000000000p+0;
        const double t118 = 0x1.c38327674d163p-2 * t113 + t117;
        const double t119 = t116 / t118;
        const double t120 = 0x1.b89ba5e353f7dp+2 - 0x1.2e0ded288ce70p-1 * t112;
        const double t121 = 0x1.14a38327674d1p-1 * t112;
        const double t124 = 0x1.b041af557631cp-15 * t113;
        const double t125 = 0x1.533d94b6050a3p-11 * t112 + t124;
        const double t126 = t112 - 0x1.7cffeb074a772p-1;
        const double t127 = t126 / 0x1.b1fb3fa6defc8p-2;
        const double t132 = t112 + 0x1.2fe5c91d14e3cp+0;
        const double t133 = t132 / 0x1.239192641b329p-1;
        const double t138 = t112 + 0x1.d352a84380885p-2;
        const double t139 = t138 / 0x1.6e5604189374cp+0;
        const double t162 = mn_do_ABS(in_0[k], 0.0, 0.0, 0.0, 0.0);
        const double t163 = t162 / in_1[k];
        const double t164 = t163 - 0x1.0000000000000p+1;
        const double t165 = mn_do_MAX(t164, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t166 = t165 / 0x1.0000000000000p+1;
        const double t167 = 0x1.0000000000000p+0 + t166;
        const double t180 = in_13[k] * in_13[k];
        const double t183 = in_14[k] * in_15[k];
        const double t188 = mn_do_LESS(in_0[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t194 = in_11[k] * 0x1.7a4da290c1653p-63;
        const double t197 = 0x1.921fb54442d18p+1 * in_19[k];
        const double t208 = mn_do_WHERE(t188, 0x1.0000000000000p+0, in_21[k], 0.0, 0.0);
        const double t218 = -in_19[k];
        const double t231 = 0x1.0000000000000p+0 / in_1[k];
        const double t232 = mn_do_LESS(0x0.0p+0, t77, 0.0, 0.0, 0.0);
        const double t233 = mn_do_WHERE(t232, t231, 0x0.0p+0, 0.0, 0.0);
        const double t234 = mn_do_LESS(t78, 0x1.0000000000000p+1, 0.0, 0.0, 0.0);
        const double t235 = mn_do_WHERE(t234, t233, 0x0.0p+0, 0.0, 0.0);
        const double t236 = (-0x1.4f2170931012ap-4) * t235;
        const double t240 = 0x1.65b63d3e4ef03p-6 * t235;
        const double t241 = -t240;
        const double t242 = (-0x1.23315d701d9f5p-4) * t235;
        const double t247 = t79 * t235;
        const double t248 = t235 * t79 + t247;
        const double t249 = 0x1.a543f1c75818cp-7 * t248;
        const double t250 = 0x1.20791c4b90215p-5 * t235 + t249;
        const double t251 = 0x1.4d4aa10e02214p-4 * t235;
        const double t252 = 0x1.7ff9b56323bbcp-6 * t248;
        const double t253 = 0x1.3f1a5ca29845ep-5 * t235 + t252;
        const double t254 = -t250;
        const double t255 = t251 / t98;
        const double t256 = t101 * t255;
        const double t269 = mn_do_LESS(t77, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t270 = mn_do_WHERE(t269, t231, 0x0.0p+0, 0.0, 0.0);
        const double t271 = mn_do_LESS((-0x1.0000000000000p+1), t111, 0.0, 0.0, 0.0);
        const double t272 = mn_do_WHERE(t271, t270, 0x0.0p+0, 0.0, 0.0);
        const double t273 = t112 * t272;
        const double t274 = t272 * t112 + t273;
        const double t275 = 0x1.3088874342da5p-18 * t274;
        const double t276 = 0x1.62570d2d0f2ccp-9 * t272 + t275;
        const double t277 = 0x1.c38327674d163p-2 * t274;
        const double t278 = 0x1.fb780346dc5d6p-1 * t272 + t277;
        const double t279 = t119 * t278;
        const double t280 = (-0x1.2ed916872b021p+0) * t276 - t279;
        const double t281 = t280 / t118;
        const double t282 = 0x1.2e0ded288ce70p-1 * t272;
        const double t283 = -t282;
        const double t284 = 0x1.14a38327674d1p-1 * t272;
        const double t287 = 0x1.b041af557631cp-15 * t274;
        const double t288 = 0x1.533d94b6050a3p-11 * t272 + t287;
        const double t289 = t272 / 0x1.b1fb3fa6defc8p-2;
        const double t294 = t272 / 0x1.239192641b329p-1;
        const double t299 = t272 / 0x1.6e5604189374cp+0;
        const double t328 = mn_do_WHERE(t188, (-0x1.0000000000000p+0), 0x1.0000000000000p+0, 0.0, 0.0);
        const double t329 = t328 / in_1[k];
        const double t330 = mn_do_LESS(0x0.0p+0, t164, 0.0, 0.0, 0.0);
        const double t331 = mn_do_WHERE(t330, t329, 0x0.0p+0, 0.0, 0.0);
        const double t332 = t331 / 0x1.0000000000000p+1;
        const double t335 = mn_do_LESS_EQUAL(0x1.0000000000000p+0, in_4[k], 0.0, 0.0, 0.0);
        const double t338 = mn_do_LESS_EQUAL(in_4[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        row_2[k] = t80;
        row_4[k] = t83;
        row_5[k] = t84;
        row_6[k] = t85;
        row_8[k] = t91;
        row_11[k] = t98;
        row_12[k] = t100;
        row_13[k] = t101;
        row_15[k] = t119;
        row_16[k] = t120;
        row_17[k] = t121;
        row_19[k] = t125;
        row_20[k] = t127;
        row_22[k] = t133;
        row_24[k] = t139;
        row_26[k] = t167;
        row_27[k] = t180;
        row_28[k] = t183;
        row_29[k] = t188;
        row_30[k] = t194;
        row_31[k] = t197;
        row_32[k] = t208;
        row_36[k] = t218;
        row_37[k] = t235;
        row_38[k] = t236;
        row_41[k] = t241;
        row_42[k] = t242;
        row_45[k] = t253;
        row_46[k] = t254;
        row_47[k] = t256;
        row_48[k] = t281;
        row_49[k] = t282;
        row_50[k] = t283;
        row_51[k] = t284;
        row_53[k] = t288;
        row_54[k] = t289;
        row_55[k] = t294;
        row_56[k] = t299;
        row_60[k] = t332;
        row_61[k] = t335;
        row_62[k] = t338;
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
    const double *restrict row_37 = row[37];
    const double *restrict row_38 = row[38];
    const double *restrict row_39 = row[39];
    const double *restrict row_42 = row[42];
    const double *restrict row_43 = row[43];
    const double *restrict row_51 = row[51];
    const double *restrict row_54 = row[54];
    const double *restrict row_55 = row[55];
    const double *restrict row_56 = row[56];
    double *restrict row_2 = row[2];
    double *restrict row_6 = row[6];
    double *restrict row_8 = row[8];
    double *restrict row_11 = row[11];
    double *restrict row_17 = row[17];
    double *restrict row_20 = row[20];
    double *restrict row_22 = row[22];
    double *restrict row_40 = row[40];
    double *restrict row_44 = row[44];
    double *restrict row_52 = row[52];
    double *restrict row_57 = row[57];
    double *restrict row_58 = row[58];
    double *restrict row_59 = row[59];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t82 = (-0x1.68f231e1239bep-10) * row_3[k];
        const double t87 = 0x1.8d2f1a9fbe76dp+6 * row_7[k] + row_5[k];
        const double t93 = in_4[k] * row_9[k];
        const double t123 = 0x1.7a12d77318fc5p+1 * row_18[k] + 0x1.43a0000000000p+11;
        const double t129 = 0x1.0000000000000p+0 + row_21[k];
        const double t130 = (-0x1.513e81450efdcp+3) / t129;
        const double t131 = 0x1.555810624dd2fp+3 + t130;
        const double t135 = 0x1.0000000000000p+0 + row_23[k];
        const double t136 = 0x1.807e28240b780p+1 / t135;
        const double t137 = 0x1.e083126e978d5p-2 + t136;
        const double t141 = 0x1.0000000000000p+0 + row_25[k];
        const double t142 = 0x1.6d4c985f06f69p+2 / t141;
        const double t143 = 0x1.f3dd97f62b6aep+1 + t142;
        const double t149 = -t131;
        const double t150 = -t137;
        const double t238 = row_39[k] * row_38[k];
        const double t239 = (-0x1.68f231e1239bep-10) * t238;
        const double t244 = row_43[k] * row_42[k];
        const double t245 = 0x1.8d2f1a9fbe76dp+6 * t244;
        const double t246 = 0x1.f4ccccccccccdp+2 * row_37[k] + t245;
        const double t285 = row_18[k] * row_51[k];
        const double t286 = 0x1.7a12d77318fc5p+1 * t285;
        const double t290 = row_21[k] * row_54[k];
        const double t291 = t130 * t290;
        const double t292 = -t291;
        const double t293 = t292 / t129;
        const double t295 = row_23[k] * row_55[k];
        const double t296 = t136 * t295;
        const double t297 = -t296;
        const double t298 = t297 / t135;
        const double t300 = row_25[k] * row_56[k];
        const double t301 = t142 * t300;
        const double t302 = -t301;
        const double t303 = t302 / t141;
        const double t311 = -t293;
        const double t312 = -t298;
        const double t313 = -t303;
        const double t314 = t150 * t313;
        row_2[k] = t82;
        row_6[k] = t87;
        row_8[k] = t93;
        row_11[k] = t123;
        row_17[k] = t143;
        row_20[k] = t149;
        row_22[k] = t150;
        row_40[k] = t239;
        row_44[k] = t246;
        row_52[k] = t286;
        row_57[k] = t311;
        row_58[k] = t312;
        row_59[k] = t314;
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
    const double *restrict row_22 = row[22];
    const double *restrict row_27 = row[27];
    double *restrict row_3 = row[3];
    double *restrict row_23 = row[23];
    double *restrict row_24 = row[24];
    double *restrict row_33 = row[33];
    double *restrict row_35 = row[35];
    double *restrict row_39 = row[39];
    double *restrict row_42 = row[42];
    double *restrict row_43 = row[43];
    double *restrict row_51 = row[51];
    double *restrict row_54 = row[54];
    double *restrict row_55 = row[55];
    double *restrict row_63 = row[63];
    double *restrict row_66 = row[66];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t95 = in_3[k] * row_10[k];
        const double t96 = t95 / in_5[k];
        const double t169 = in_7[k] + t95;
        const double t170 = t169 / 0x1.0000000000000p+1;
        const double t171 = t170 * in_8[k];
        const double t172 = t171 * in_9[k];
        const double t173 = in_10[k] * t95;
        const double t174 = t173 * row_9[k];
        const double t175 = t172 / t174;
        const double t176 = t95 * in_11[k];
        const double t177 = t176 * 0x1.7a4da290c1653p-63;
        const double t178 = t177 * in_12[k];
        const double t179 = t178 * 0x1.921fb54442d18p+1;
        const double t181 = t179 * row_27[k];
        const double t182 = in_10[k] / t181;
        const double t210 = t95 / in_2[k];
        const double t213 = in_3[k] / t95;
        const double t217 = (-0x1.0000000000000p+1) * t175;
        const double t343 = row_10[k] * row_9[k];
        const double t344 = in_3[k] * t343;
        const double t345 = t344 / in_5[k];
        const double t346 = t345 / t96;
        const double t347 = row_13[k] * t346;
        const double t354 = t346 / row_11[k];
        const double t357 = row_22[k] * t346;
        const double t368 = t344 / 0x1.0000000000000p+1;
        const double t369 = t368 * in_8[k];
        const double t370 = in_10[k] * t344;
        const double t371 = t370 * row_9[k];
        const double t372 = t175 * t371;
        const double t373 = t369 * in_9[k] - t372;
        const double t374 = t373 / t174;
        const double t375 = t344 * in_11[k];
        const double t376 = t375 * 0x1.7a4da290c1653p-63;
        const double t377 = t376 * in_12[k];
        const double t378 = t377 * 0x1.921fb54442d18p+1;
        const double t379 = t378 * row_27[k];
        const double t380 = t182 * t379;
        const double t381 = -t380;
        const double t382 = t381 / t181;
        const double t419 = t344 / in_2[k];
        const double t424 = t213 * t344;
        const double t425 = -t424;
        const double t426 = t425 / t95;
        const double t432 = (-0x1.0000000000000p+1) * t374;
        row_3[k] = t96;
        row_23[k] = t182;
        row_24[k] = t210;
        row_33[k] = t213;
        row_35[k] = t217;
        row_39[k] = t346;
        row_42[k] = t347;
        row_43[k] = t354;
        row_51[k] = t357;
        row_54[k] = t382;
        row_55[k] = t419;
        row_63[k] = t426;
        row_66[k] = t432;
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
    const double *restrict row_16 = row[16];
    const double *restrict row_17 = row[17];
    const double *restrict row_22 = row[22];
    const double *restrict row_25 = row[25];
    const double *restrict row_29 = row[29];
    const double *restrict row_34 = row[34];
    const double *restrict row_46 = row[46];
    const double *restrict row_47 = row[47];
    const double *restrict row_49 = row[49];
    const double *restrict row_52 = row[52];
    const double *restrict row_55 = row[55];
    const double *restrict row_56 = row[56];
    const double *restrict row_58 = row[58];
    const double *restrict row_59 = row[59];
    const double *restrict row_63 = row[63];
    const double *restrict row_64 = row[64];
    double *restrict row_3 = row[3];
    double *restrict row_9 = row[9];
    double *restrict row_18 = row[18];
    double *restrict row_24 = row[24];
    double *restrict row_27 = row[27];
    double *restrict row_33 = row[33];
    double *restrict row_38 = row[38];
    double *restrict row_65 = row[65];
    (void)in, (void)out, (void)uniform;
    (void)first;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t103 = row_5[k] + row_14[k];
        const double t104 = row_13[k] * t103;
        const double t144 = row_5[k] - row_16[k];
        const double t145 = t144 / row_11[k];
        const double t151 = row_5[k] - row_17[k];
        const double t152 = row_22[k] * t151;
        const double t212 = 0x1.0000000000000p+0 - row_25[k];
        const double t215 = 0x1.0000000000000p+0 - row_34[k];
        const double t216 = mn_do_WHERE(row_29[k], t212, t215, 0.0, 0.0);
        const double t257 = row_46[k] * t103 + row_47[k];
        const double t304 = row_49[k] - t145 * row_52[k];
        const double t305 = t304 / row_11[k];
        const double t315 = row_58[k] * t151 + row_59[k];
        const double t421 = 0x1.4000000000000p+3 * row_56[k];
        const double t422 = t421 * row_55[k];
        const double t423 = -t422;
        const double t428 = 0x1.4000000000000p+3 * row_64[k];
        const double t429 = t428 * row_63[k];
        const double t430 = -t429;
        const double t431 = mn_do_WHERE(row_29[k], t423, t430, 0.0, 0.0);
        row_3[k] = t104;
        row_9[k] = t145;
        row_18[k] = t152;
        row_24[k] = t216;
        row_27[k] = t257;
        row_33[k] = t305;
        row_38[k] = t315;
        row_65[k] = t431;
    }
}

MN_VECTOR
static void linearise_4(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict row_4 = row[4];
    const double *restrict row_5 = row[5];
    const double *restrict row_6 = row[6];
    const double *restrict row_7 = row[7];
    const double *restrict row_10 = row[10];
    const double *restrict row_12 = row[12];
    const double *restrict row_15 = row[15];
    const double *restrict row_16 = row[16];
    const double *restrict row_20 = row[20];
    const double *restrict row_21 = row[21];
    const double *restrict row_27 = row[27];
    const double *restrict row_33 = row[33];
    const double *restrict row_37 = row[37];
    const double *restrict row_38 = row[38];
    const double *restrict row_39 = row[39];
    const double *restrict row_41 = row[41];
    const double *restrict row_42 = row[42];
    const double *restrict row_43 = row[43];
    const double *restrict row_44 = row[44];
    const double *restrict row_48 = row[48];
    const double *restrict row_50 = row[50];
    const double *restrict row_51 = row[51];
    double *restrict row_3 = row[3];
    double *restrict row_9 = row[9];
    double *restrict row_11 = row[11];
    double *restrict row_14 = row[14];
    double *restrict row_17 = row[17];
    double *restrict row_18 = row[18];
    double *restrict row_22 = row[22];
    double *restrict row_25 = row[25];
    double *restrict row_34 = row[34];
    (void)in, (void)out, (void)uniform;
    (void)first;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t106 = row_6[k] * row_7[k] + row_4[k];
        const double t147 = (-0x1.4470000000000p+11) * row_10[k] + row_5[k];
        const double t148 = t147 - row_16[k];
        const double t154 = 0x1.df8f47304039bp-4 * row_21[k];
        const double t258 = row_7[k] * row_27[k];
        const double t259 = row_6[k] * t258;
        const double t260 = row_44[k] * row_7[k] + t259;
        const double t261 = row_41[k] + t260;
        const double t262 = t261 / t106;
        const double t263 = -t262;
        const double t307 = row_37[k] * row_33[k];
        const double t308 = (-0x1.4470000000000p+11) * t307 - row_50[k];
        const double t309 = row_15[k] * t308;
        const double t310 = row_48[k] * t148 + t309;
        const double t316 = row_21[k] * row_38[k];
        const double t317 = 0x1.df8f47304039bp-4 * t316;
        const double t318 = 0x1.0000000000000p+0 + t154;
        const double t319 = t317 / t318;
        const double t320 = row_20[k] * t319;
        const double t348 = row_7[k] * row_42[k];
        const double t349 = row_6[k] * t348;
        const double t350 = t349 / t106;
        const double t351 = -t350;
        const double t352 = t351 / row_12[k];
        const double t355 = row_37[k] * row_43[k];
        const double t356 = (-0x1.4470000000000p+11) * t355 + row_39[k];
        const double t358 = row_21[k] * row_51[k];
        const double t359 = 0x1.df8f47304039bp-4 * t358;
        const double t360 = t359 / t318;
        const double t361 = row_20[k] * t360;
        row_3[k] = t106;
        row_9[k] = t148;
        row_11[k] = t154;
        row_14[k] = t263;
        row_17[k] = t310;
        row_18[k] = t320;
        row_22[k] = t352;
        row_25[k] = t356;
        row_34[k] = t361;
    }
}

MN_VECTOR
static void linearise_5(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict row_8 = row[8];
    const double *restrict row_12 = row[12];
    const double *restrict row_13 = row[13];
    const double *restrict row_14 = row[14];
    const double *restrict row_18 = row[18];
    const double *restrict row_20 = row[20];
    const double *restrict row_45 = row[45];
    const double *restrict row_57 = row[57];
    double *restrict row_3 = row[3];
    double *restrict row_5 = row[5];
    double *restrict row_16 = row[16];
    double *restrict row_21 = row[21];
    (void)in, (void)out, (void)uniform;
    (void)first;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t108 = -row_8[k];
        const double t109 = t108 / row_12[k];
        const double t156 = row_20[k] * row_13[k];
        const double t264 = row_14[k] - t109 * row_45[k];
        const double t265 = t264 / row_12[k];
        const double t321 = row_57[k] * row_13[k] + row_18[k];
        row_3[k] = t109;
        row_5[k] = t156;
        row_16[k] = t265;
        row_21[k] = t321;
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
    const double *restrict row_6 = row[6];
    const double *restrict row_9 = row[9];
    const double *restrict row_15 = row[15];
    const double *restrict row_16 = row[16];
    const double *restrict row_17 = row[17];
    const double *restrict row_19 = row[19];
    const double *restrict row_21 = row[21];
    const double *restrict row_22 = row[22];
    const double *restrict row_23 = row[23];
    const double *restrict row_25 = row[25];
    const double *restrict row_26 = row[26];
    const double *restrict row_28 = row[28];
    const double *restrict row_29 = row[29];
    const double *restrict row_30 = row[30];
    const double *restrict row_31 = row[31];
    const double *restrict row_32 = row[32];
    const double *restrict row_34 = row[34];
    const double *restrict row_40 = row[40];
    const double *restrict row_53 = row[53];
    const double *restrict row_54 = row[54];
    const double *restrict row_60 = row[60];
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict out_5 = out[5] + first;
    double *restrict row_3 = row[3];
    double *restrict row_5 = row[5];
    double *restrict row_7 = row[7];
    double *restrict row_10 = row[10];
    double *restrict row_11 = row[11];
    double *restrict row_13 = row[13];
    double *restrict row_14 = row[14];
    double *restrict row_18 = row[18];
    double *restrict row_20 = row[20];
    double *restrict row_27 = row[27];
    double *restrict row_37 = row[37];
    double *restrict row_38 = row[38];
    double *restrict row_39 = row[39];
    double *restrict row_41 = row[41];
    double *restrict row_42 = row[42];
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t158 = row_19[k] * row_6[k];
        const double t159 = row_15[k] * row_9[k] + t158;
        const double t160 = row_2[k] * row_4[k] + t159;
        const double t161 = in_6[k] * t160;
        const double t168 = t161 * row_26[k];
        const double t184 = t168 * t168;
        const double t185 = row_28[k] * t184;
        const double t186 = t185 * in_16[k] + 0x1.0000000000000p+0;
        const double t187 = in_14[k] * t186 + in_17[k];
        const double t189 = t168 * row_23[k];
        const double t190 = t189 / in_10[k];
        const double t191 = in_0[k] - t168 * t187;
        const double t192 = t191 / in_18[k];
        const double t193 = mn_do_WHERE(row_29[k], t190, t192, 0.0, 0.0);
        const double t195 = row_30[k] * t193;
        const double t196 = t195 * in_8[k];
        const double t198 = t196 / row_31[k];
        const double t199 = mn_do_MIN(t198, 0x1.ff7ced916872bp-1, 0.0, 0.0, 0.0);
        const double t200 = mn_do_MAX(t199, (-0x1.ff7ced916872bp-1), 0.0, 0.0, 0.0);
        const double t201 = 0x1.0000000000000p+0 - t200 * t200;
        const double t202 = mn_do_SQRT(t201, 0.0, 0.0, 0.0, 0.0);
        const double t203 = t200 / t202;
        const double t206 = t168 * t191;
        const double t207 = t206 * in_20[k];
        const double t209 = t207 * row_32[k] + in_22[k];
        const double t220 = 0x1.0b0e6d55e647cp-76 * t209;
        const double t224 = in_19[k] * t200;
        const double t225 = t224 * 0x1.921fb54442d18p+1;
        const double t226 = t225 / 0x1.0000000000000p+1;
        const double t227 = t226 / t220;
        const double t266 = row_4[k] * row_16[k];
        const double t267 = row_2[k] * t266;
        const double t268 = row_40[k] * row_4[k] + t267;
        const double t322 = row_6[k] * row_21[k];
        const double t323 = row_19[k] * t322;
        const double t324 = row_53[k] * row_6[k] + t323;
        const double t325 = row_17[k] + t324;
        const double t326 = t268 + t325;
        const double t327 = in_6[k] * t326;
        const double t333 = t161 * row_60[k];
        const double t334 = t327 * row_26[k] + t333;
        const double t353 = row_4[k] * row_22[k];
        const double t362 = row_6[k] * row_34[k];
        const double t363 = row_19[k] * t362;
        const double t364 = row_15[k] * row_25[k] + t363;
        const double t365 = row_2[k] * t353 + t364;
        const double t366 = in_6[k] * t365;
        const double t367 = t366 * row_26[k];
        const double t383 = t168 * t367;
        const double t384 = t367 * t168 + t383;
        const double t385 = row_28[k] * t384;
        const double t386 = t385 * in_16[k];
        const double t387 = in_14[k] * t386;
        const double t388 = t168 * t387;
        const double t389 = t367 * t187 + t388;
        const double t390 = t168 * row_54[k];
        const double t391 = t367 * row_23[k] + t390;
        const double t392 = t391 / in_10[k];
        const double t393 = -t389;
        const double t394 = t393 / in_18[k];
        const double t395 = mn_do_WHERE(row_29[k], t392, t394, 0.0, 0.0);
        const double t396 = row_30[k] * t395;
        const double t397 = t396 * in_8[k];
        const double t398 = t397 / row_31[k];
        const double t399 = mn_do_LESS(t198, 0x1.ff7ced916872bp-1, 0.0, 0.0, 0.0);
        const double t400 = mn_do_WHERE(t399, t398, 0x0.0p+0, 0.0, 0.0);
        const double t401 = mn_do_LESS((-0x1.ff7ced916872bp-1), t199, 0.0, 0.0, 0.0);
        const double t402 = mn_do_WHERE(t401, t400, 0x0.0p+0, 0.0, 0.0);
        const double t403 = t200 * t402;
        const double t404 = t402 * t200 + t403;
        const double t405 = -t404;
        const double t406 = 0x1.0000000000000p+1 * t202;
        const double t407 = t405 / t406;
        const double t408 = t402 - t203 * t407;
        const double t409 = t408 / t202;
        const double t410 = t203 * t203 + 0x1.0000000000000p+0;
        const double t411 = t409 / t410;
        const double t412 = t200 * t411;
        const double t415 = t168 * t393;
        const double t416 = t367 * t191 + t415;
        const double t417 = t416 * in_20[k];
        const double t418 = t417 * row_32[k];
        const double t433 = 0x1.0b0e6d55e647cp-76 * t418;
        const double t440 = in_19[k] * t402;
        const double t441 = t440 * 0x1.921fb54442d18p+1;
        const double t442 = t441 / 0x1.0000000000000p+1;
        const double t443 = t442 - t227 * t433;
        const double t444 = t443 / t220;
        const double t452 = t168 * t334;
        const double t453 = t334 * t168 + t452;
        const double t454 = row_28[k] * t453;
        const double t455 = t454 * in_16[k];
        const double t456 = in_14[k] * t455;
        const double t457 = t168 * t456;
        const double t458 = t334 * t187 + t457;
        const double t459 = t334 * row_23[k];
        const double t460 = t459 / in_10[k];
        const double t461 = 0x1.0000000000000p+0 - t458;
        const double t462 = t461 / in_18[k];
        const double t463 = mn_do_WHERE(row_29[k], t460, t462, 0.0, 0.0);
        const double t464 = row_30[k] * t463;
        const double t465 = t464 * in_8[k];
        const double t466 = t465 / row_31[k];
        const double t467 = mn_do_WHERE(t399, t466, 0x0.0p+0, 0.0, 0.0);
        const double t468 = mn_do_WHERE(t401, t467, 0x0.0p+0, 0.0, 0.0);
        const double t469 = t200 * t468;
        const double t470 = t468 * t200 + t469;
        const double t471 = -t470;
        const double t472 = t471 / t406;
        const double t473 = t468 - t203 * t472;
        const double t474 = t473 / t202;
        const double t475 = t474 / t410;
        const double t476 = t200 * t475;
        const double t479 = t168 * t461;
        const double t480 = t334 * t191 + t479;
        const double t481 = t480 * in_20[k];
        const double t482 = t481 * row_32[k];
        const double t483 = 0x1.0b0e6d55e647cp-76 * t482;
        const double t489 = in_19[k] * t468;
        const double t490 = t489 * 0x1.921fb54442d18p+1;
        const double t491 = t490 / 0x1.0000000000000p+1;
        const double t492 = t491 - t227 * t483;
        const double t493 = t492 / t220;
        out_0[k] = t168;
        row_3[k] = t200;
        row_5[k] = t202;
        row_7[k] = t203;
        row_10[k] = t220;
        row_11[k] = t227;
        out_1[k] = t334;
        out_5[k] = t367;
        row_13[k] = t402;
        row_14[k] = t407;
        row_18[k] = t412;
        row_20[k] = t433;
        row_27[k] = t444;
        row_37[k] = t468;
        row_38[k] = t472;
        row_39[k] = t476;
        row_41[k] = t483;
        row_42[k] = t493;
    }
}

MN_VECTOR
static void linearise_7(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict row_3 = row[3];
    const double *restrict row_5 = row[5];
    const double *restrict row_8 = row[8];
    const double *restrict row_10 = row[10];
    const double *restrict row_13 = row[13];
    const double *restrict row_14 = row[14];
    const double *restrict row_18 = row[18];
    const double *restrict row_20 = row[20];
    const double *restrict row_27 = row[27];
    const double *restrict row_33 = row[33];
    const double *restrict row_36 = row[36];
    const double *restrict row_37 = row[37];
    const double *restrict row_38 = row[38];
    const double *restrict row_39 = row[39];
    const double *restrict row_41 = row[41];
    const double *restrict row_42 = row[42];
    double *restrict row_2 = row[2];
    double *restrict row_6 = row[6];
    double *restrict row_7 = row[7];
    double *restrict row_9 = row[9];
    double *restrict row_11 = row[11];
    (void)in, (void)out, (void)uniform;
    (void)first;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t205 = row_3[k] * row_8[k] + row_5[k];
        const double t219 = row_36[k] * t205;
        const double t221 = t219 / row_10[k];
        const double t413 = row_13[k] * row_8[k] + row_18[k];
        const double t414 = row_14[k] + t413;
        const double t434 = t221 * row_20[k];
        const double t435 = row_36[k] * t414 - t434;
        const double t436 = t435 / row_10[k];
        const double t446 = row_33[k] * row_27[k];
        const double t477 = row_37[k] * row_8[k] + row_39[k];
        const double t478 = row_38[k] + t477;
        const double t484 = t221 * row_41[k];
        const double t485 = row_36[k] * t478 - t484;
        const double t486 = t485 / row_10[k];
        const double t494 = row_33[k] * row_42[k];
        row_2[k] = t221;
        row_6[k] = t436;
        row_7[k] = t446;
        row_9[k] = t486;
        row_11[k] = t494;
    }
}

MN_VECTOR
static void linearise_8(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict row_4 = row[4];
    const double *restrict row_6 = row[6];
    const double *restrict row_7 = row[7];
    const double *restrict row_9 = row[9];
    const double *restrict row_11 = row[11];
    const double *restrict row_12 = row[12];
    const double *restrict row_24 = row[24];
    const double *restrict row_35 = row[35];
    const double *restrict row_61 = row[61];
    const double *restrict row_62 = row[62];
    const double *restrict row_65 = row[65];
    const double *restrict row_66 = row[66];
    double *restrict out_2 = out[2] + first;
    double *restrict out_3 = out[3] + first;
    double *restrict out_4 = out[4] + first;
    (void)in, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t223 = row_35[k] * row_4[k];
        const double t229 = t223 * row_12[k];
        const double t230 = t229 * row_24[k];
        const double t336 = mn_do_LESS(0x0.0p+0, t230, 0.0, 0.0, 0.0);
        const double t337 = mn_do_AND(row_61[k], t336, 0.0, 0.0, 0.0);
        const double t339 = mn_do_LESS(t230, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t340 = mn_do_AND(row_62[k], t339, 0.0, 0.0, 0.0);
        const double t341 = mn_do_OR(t337, t340, 0.0, 0.0, 0.0);
        const double t342 = mn_do_WHERE(t341, 0x0.0p+0, t230, 0.0, 0.0);
        const double t437 = row_4[k] * row_6[k];
        const double t438 = row_35[k] * t437;
        const double t439 = row_66[k] * row_4[k] + t438;
        const double t447 = t223 * row_7[k];
        const double t448 = t439 * row_12[k] + t447;
        const double t449 = t229 * row_65[k];
        const double t450 = t448 * row_24[k] + t449;
        const double t451 = mn_do_WHERE(t341, 0x0.0p+0, t450, 0.0, 0.0);
        const double t487 = row_4[k] * row_9[k];
        const double t488 = row_35[k] * t487;
        const double t495 = t223 * row_11[k];
        const double t496 = t488 * row_12[k] + t495;
        const double t497 = t496 * row_24[k];
        const double t498 = mn_do_WHERE(t341, 0x0.0p+0, t497, 0.0, 0.0);
        out_2[k] = t342;
        out_3[k] = t451;
        out_4[k] = t498;
    }
}

static void linearise(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[67][MN_PROGRAM_BLOCK];
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
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[2]}, row[39]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[6]}, row[43]);
        linearise_1(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[8]}, row[10]);
        linearise_2(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_LOG, m, (const double *const[]){row[3]}, row[5]);
        mn_operation_run(MN_OPERATION_POW, m, (const double *const[]){row[24], row[0]}, row[25]);
        mn_operation_run(MN_OPERATION_POW, m, (const double *const[]){row[33], row[0]}, row[34]);
        mn_operation_run(MN_OPERATION_POW, m, (const double *const[]){row[24], row[1]}, row[56]);
        mn_operation_run(MN_OPERATION_POW, m, (const double *const[]){row[33], row[1]}, row[64]);
        linearise_3(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[3]}, row[7]);
        mn_operation_run(MN_OPERATION_EXPM1, m, (const double *const[]){row[9]}, row[10]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[18]}, row[21]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[9]}, row[37]);
        linearise_4(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_LOG, m, (const double *const[]){row[3]}, row[8]);
        mn_operation_run(MN_OPERATION_LOG1P, m, (const double *const[]){row[11]}, row[13]);
        linearise_5(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[3]}, row[4]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[5]}, row[6]);
        linearise_6(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_ATAN, m, (const double *const[]){row[7]}, row[8]);
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
                "n11  = 1.0667e1 + (1.2812e-1 - 1.0667e1)/(1 + exp((vn - 7.4414e-1)/4.2381e-1))\n"
                "fit_n = n1*(-2.5955e3*expm1((y - n3)/n4) + y - n3) + n5*exp(-n11*log1p(n7*exp(-n10*(y - n9))))\n"
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
