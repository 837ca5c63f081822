/* Yakopcic, written from its equations, which stand at the end: to_c() of its class. */
#include "devices/equation_model.h"
#include "equations/compiled.h"

static const mn_field fields[] = {
    {.name = "a_1",
     .unit = "A",
     .doc = "current scale for v > 0",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.5c28f5c28f5c3p-3,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "a_2",
     .unit = "A",
     .doc = "current scale for v < 0",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.5c28f5c28f5c3p-3,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "b",
     .unit = "1/V",
     .doc = "how fast the current grows with the voltage",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.999999999999ap-5,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "V_p",
     .unit = "V",
     .doc = "threshold of positive voltages",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.4cccccccccccdp-1,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "V_n",
     .unit = "V",
     .doc = "threshold of negative voltages, as a positive number",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.1eb851eb851ecp-1,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "V_e",
     .unit = "V",
     .doc = "over which the rate grows by e; the papers take 1 V without a symbol",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0000000000000p+0,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "A_p",
     .unit = "1/s",
     .doc = "rate scale for v > V_p",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.f400000000000p+11,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "A_n",
     .unit = "1/s",
     .doc = "rate scale for v < -V_n",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.f400000000000p+11,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "x_p",
     .unit = "1",
     .doc = "from which state on it goes up more slowly",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.3333333333333p-2,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[)")},
    {.name = "x_n",
     .unit = "1",
     .doc = "1 minus the state from which on it goes down more slowly",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0000000000000p-1,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[)")},
    {.name = "alpha_p",
     .unit = "1",
     .doc = "how much more slowly it goes up",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0000000000000p+0,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "alpha_n",
     .unit = "1",
     .doc = "how much more slowly it goes down",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.4000000000000p+2,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "eta",
     .unit = "1",
     .doc = "direction, 1 or -1; what a positive voltage does to x",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0000000000000p+0,
     MN_RANGE(-0x1.0000000000000p+0, 0x1.0000000000000p+0, "[]")},
    {.name = "x_initial",
     .unit = "1",
     .doc = "state at the start",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.c28f5c28f5c29p-4,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
    {.name = "x",
     .unit = "1",
     .doc = "how much of it conducts",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
};

static const mn_preset_value values_0[] = {
    {"a_1", 0x1.5c28f5c28f5c3p-3},     {"a_2", 0x1.5c28f5c28f5c3p-3},     {"b", 0x1.999999999999ap-5},
    {"V_p", 0x1.4cccccccccccdp-1},     {"V_n", 0x1.1eb851eb851ecp-1},     {"A_p", 0x1.f400000000000p+11},
    {"A_n", 0x1.f400000000000p+11},    {"x_p", 0x1.3333333333333p-2},     {"x_n", 0x1.0000000000000p-1},
    {"alpha_p", 0x1.0000000000000p+0}, {"alpha_n", 0x1.4000000000000p+2}, {"x_initial", 0x1.c28f5c28f5c29p-4},
    {"eta", 0x1.0000000000000p+0}};

static const mn_preset_value values_1[] = {
    {"a_1", 0x1.5c28f5c28f5c3p-3},     {"a_2", 0x1.5c28f5c28f5c3p-3},     {"b", 0x1.999999999999ap-5},
    {"V_p", 0x1.47ae147ae147bp-3},     {"V_n", 0x1.3333333333333p-3},     {"A_p", 0x1.f400000000000p+11},
    {"A_n", 0x1.f400000000000p+11},    {"x_p", 0x1.3333333333333p-2},     {"x_n", 0x1.0000000000000p-1},
    {"alpha_p", 0x1.0000000000000p+0}, {"alpha_n", 0x1.4000000000000p+2}, {"x_initial", 0x1.c28f5c28f5c29p-4},
    {"eta", 0x1.0000000000000p+0}};

static const mn_preset presets[] = {
    {.name = "knowm",
     .doc = "loops of 100 Hz and 0.75 V",
     .citation = "code of Knowm, memristor-models-4-all, Yakopcic/LTSpice/memristor_yakopcic.sub",
     MN_ARRAY(value, values_0)},
    {.name = "low-thresholds",
     .doc = "the same with the thresholds that the authors' own netlist has",
     .citation = "Yakopcic et al. 2013; the same numbers in code of Knowm as the alternative",
     MN_ARRAY(value, values_1)},
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
    const double *restrict in_8 = in[8] + first;
    const double *restrict in_10 = in[10] + first;
    const double *restrict in_11 = in[11] + first;
    const double *restrict in_12 = in[12] + first;
    const double *restrict in_13 = in[13] + first;
    const double *restrict in_14 = in[14] + first;
    double *restrict row_0 = row[0];
    double *restrict row_1 = row[1];
    double *restrict row_2 = row[2];
    double *restrict row_4 = row[4];
    double *restrict row_6 = row[6];
    double *restrict row_7 = row[7];
    double *restrict row_9 = row[9];
    double *restrict row_10 = row[10];
    double *restrict row_12 = row[12];
    double *restrict row_13 = row[13];
    double *restrict row_15 = row[15];
    double *restrict row_16 = row[16];
    double *restrict row_17 = row[17];
    double *restrict row_19 = row[19];
    double *restrict row_20 = row[20];
    double *restrict row_21 = row[21];
    double *restrict row_22 = row[22];
    double *restrict row_24 = row[24];
    double *restrict row_25 = row[25];
    double *restrict row_26 = row[26];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t19 = mn_do_LESS(in_0[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t20 = mn_do_WHERE(t19, in_1[k], in_2[k], 0.0, 0.0);
        const double t21 = t20 * in_3[k];
        const double t22 = in_4[k] * in_0[k];
        const double t25 = mn_do_ABS(in_0[k], 0.0, 0.0, 0.0, 0.0);
        const double t26 = t25 / in_5[k];
        const double t27 = mn_do_MIN(t26, 0x1.5e00000000000p+9, 0.0, 0.0, 0.0);
        const double t29 = mn_do_LESS(in_6[k], in_0[k], 0.0, 0.0, 0.0);
        const double t30 = in_6[k] / in_5[k];
        const double t34 = -in_8[k];
        const double t35 = mn_do_LESS(in_0[k], t34, 0.0, 0.0, 0.0);
        const double t36 = in_8[k] / in_5[k];
        const double t42 = -in_10[k];
        const double t43 = in_3[k] - in_11[k];
        const double t44 = t42 * t43;
        const double t46 = 0x1.0000000000000p+0 - in_3[k];
        const double t48 = 0x1.0000000000000p+0 - in_11[k];
        const double t50 = in_3[k] + in_12[k];
        const double t51 = t50 - 0x1.0000000000000p+0;
        const double t52 = in_13[k] * t51;
        const double t55 = 0x1.0000000000000p+0 - in_12[k];
        const double t57 = in_14[k] * in_0[k];
        const double t58 = mn_do_LESS_EQUAL(0x0.0p+0, t57, 0.0, 0.0, 0.0);
        const double t59 = mn_do_LESS_EQUAL(in_11[k], in_3[k], 0.0, 0.0, 0.0);
        const double t61 = mn_do_LESS_EQUAL(in_3[k], t55, 0.0, 0.0, 0.0);
        const double t69 = mn_do_LESS_EQUAL(0x1.0000000000000p+0, in_3[k], 0.0, 0.0, 0.0);
        const double t72 = mn_do_LESS_EQUAL(in_3[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t89 = mn_do_WHERE(t19, (-0x1.0000000000000p+0), 0x1.0000000000000p+0, 0.0, 0.0);
        const double t90 = t89 / in_5[k];
        const double t91 = mn_do_LESS(t26, 0x1.5e00000000000p+9, 0.0, 0.0, 0.0);
        const double t92 = mn_do_WHERE(t91, t90, 0x0.0p+0, 0.0, 0.0);
        row_0[k] = t20;
        row_1[k] = t21;
        row_2[k] = t22;
        row_4[k] = t27;
        row_6[k] = t29;
        row_7[k] = t30;
        row_9[k] = t35;
        row_10[k] = t36;
        row_12[k] = t42;
        row_13[k] = t44;
        row_15[k] = t46;
        row_16[k] = t48;
        row_17[k] = t52;
        row_19[k] = t55;
        row_20[k] = t58;
        row_21[k] = t59;
        row_22[k] = t61;
        row_24[k] = t69;
        row_25[k] = t72;
        row_26[k] = t92;
    }
}

MN_VECTOR
static void linearise_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_3 = in[3] + first;
    const double *restrict in_4 = in[4] + first;
    const double *restrict in_7 = in[7] + first;
    const double *restrict in_9 = in[9] + first;
    const double *restrict in_13 = in[13] + first;
    const double *restrict in_14 = in[14] + first;
    const double *restrict row_0 = row[0];
    const double *restrict row_1 = row[1];
    const double *restrict row_3 = row[3];
    const double *restrict row_5 = row[5];
    const double *restrict row_6 = row[6];
    const double *restrict row_8 = row[8];
    const double *restrict row_9 = row[9];
    const double *restrict row_11 = row[11];
    const double *restrict row_12 = row[12];
    const double *restrict row_14 = row[14];
    const double *restrict row_15 = row[15];
    const double *restrict row_16 = row[16];
    const double *restrict row_18 = row[18];
    const double *restrict row_19 = row[19];
    const double *restrict row_20 = row[20];
    const double *restrict row_21 = row[21];
    const double *restrict row_22 = row[22];
    const double *restrict row_23 = row[23];
    const double *restrict row_24 = row[24];
    const double *restrict row_25 = row[25];
    const double *restrict row_26 = row[26];
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict out_2 = out[2] + first;
    double *restrict out_3 = out[3] + first;
    double *restrict out_4 = out[4] + first;
    double *restrict out_5 = out[5] + first;
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t24 = row_1[k] * row_3[k];
        const double t32 = row_5[k] - row_8[k];
        const double t33 = in_7[k] * t32;
        const double t38 = row_11[k] - row_5[k];
        const double t39 = in_9[k] * t38;
        const double t40 = mn_do_WHERE(row_9[k], t39, 0x0.0p+0, 0.0, 0.0);
        const double t41 = mn_do_WHERE(row_6[k], t33, t40, 0.0, 0.0);
        const double t47 = row_14[k] * row_15[k];
        const double t49 = t47 / row_16[k];
        const double t54 = row_18[k] * in_3[k];
        const double t56 = t54 / row_19[k];
        const double t60 = mn_do_WHERE(row_21[k], t49, 0x1.0000000000000p+0, 0.0, 0.0);
        const double t62 = mn_do_WHERE(row_22[k], t56, 0x1.0000000000000p+0, 0.0, 0.0);
        const double t63 = mn_do_WHERE(row_20[k], t60, t62, 0.0, 0.0);
        const double t64 = in_14[k] * t41;
        const double t65 = t64 * t63;
        const double t67 = row_23[k] * in_4[k];
        const double t68 = row_1[k] * t67;
        const double t70 = mn_do_LESS(0x0.0p+0, t65, 0.0, 0.0, 0.0);
        const double t71 = mn_do_AND(row_24[k], t70, 0.0, 0.0, 0.0);
        const double t73 = mn_do_LESS(t65, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t74 = mn_do_AND(row_25[k], t73, 0.0, 0.0, 0.0);
        const double t75 = mn_do_OR(t71, t74, 0.0, 0.0, 0.0);
        const double t76 = mn_do_WHERE(t75, 0x0.0p+0, t65, 0.0, 0.0);
        const double t77 = row_14[k] * row_12[k];
        const double t78 = -row_14[k];
        const double t79 = t77 * row_15[k] + t78;
        const double t80 = t79 / row_16[k];
        const double t81 = row_18[k] * in_13[k];
        const double t82 = t81 * in_3[k] + row_18[k];
        const double t83 = t82 / row_19[k];
        const double t84 = mn_do_WHERE(row_21[k], t80, 0x0.0p+0, 0.0, 0.0);
        const double t85 = mn_do_WHERE(row_22[k], t83, 0x0.0p+0, 0.0, 0.0);
        const double t86 = mn_do_WHERE(row_20[k], t84, t85, 0.0, 0.0);
        const double t87 = t64 * t86;
        const double t88 = mn_do_WHERE(t75, 0x0.0p+0, t87, 0.0, 0.0);
        const double t93 = row_5[k] * row_26[k];
        const double t94 = in_7[k] * t93;
        const double t95 = -t93;
        const double t96 = in_9[k] * t95;
        const double t97 = mn_do_WHERE(row_9[k], t96, 0x0.0p+0, 0.0, 0.0);
        const double t98 = mn_do_WHERE(row_6[k], t94, t97, 0.0, 0.0);
        const double t99 = in_14[k] * t98;
        const double t100 = t99 * t63;
        const double t101 = mn_do_WHERE(t75, 0x0.0p+0, t100, 0.0, 0.0);
        const double t102 = row_0[k] * row_3[k];
        out_0[k] = t24;
        out_1[k] = t68;
        out_2[k] = t76;
        out_3[k] = t88;
        out_4[k] = t101;
        out_5[k] = t102;
    }
}

static void linearise(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[27][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        linearise_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_SINH, m, (const double *const[]){row[2]}, row[3]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[4]}, row[5]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[7]}, row[8]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[10]}, row[11]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[13]}, row[14]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[17]}, row[18]);
        mn_operation_run(MN_OPERATION_COSH, m, (const double *const[]){row[2]}, row[23]);
        linearise_1(m, first, in, uniform, row, out);
    }
}

static const int16_t start_input[] = {13};
static const mn_program start_program = {.n_inputs = 1, .n_uniforms = 0, .n_outputs = 1};

static const int16_t linearise_input[] = {MN_INPUT_VOLTAGE, 1, 0, 14, 2, 5, 3, 6, 4, 7, 10, 8, 9, 11, 12};
static const mn_program linearise_program = {.n_inputs = 15, .n_uniforms = 0, .n_outputs = 6};

const mn_equation_model mn_yakopcic = {
    .model =
        {
            .name = "Yakopcic",
            .doc = "The memristor of Yakopcic. Its current is a hyperbolic sine of the voltage, in proportion to the "
                   "state x, which moves where the voltage is beyond a threshold, and more slowly beyond x_p on its "
                   "way up, beyond 1 - x_n on its way down.",
            .citation = "Yakopcic, Taha, Subramanyam, Pino and Rogers, IEEE Electron Device Lett. 2011, 32, 1436, doi "
                        "10.1109/LED.2011.2163292; Yakopcic, Taha, Subramanyam and Pino, IEEE Trans. Comput.-Aided "
                        "Des. 2013, 32, 1201, doi 10.1109/TCAD.2013.2252057",
            .text =
                "doc The memristor of Yakopcic. Its current is a hyperbolic sine of the voltage, in proportion to the "
                "state x, which\n"
                "doc moves where the voltage is beyond a threshold, and more slowly beyond x_p on its way up, beyond 1 "
                "- x_n on its way\n"
                "doc down.\n"
                "source Yakopcic, Taha, Subramanyam, Pino and Rogers, IEEE Electron Device Lett. 2011, 32, 1436,\n"
                "source doi 10.1109/LED.2011.2163292; Yakopcic, Taha, Subramanyam and Pino, IEEE Trans. Comput.-Aided "
                "Des. 2013, 32, 1201,\n"
                "source doi 10.1109/TCAD.2013.2252057\n"
                "\n"
                "i      = where(v < 0, a_2, a_1)*x*sinh(b*v)\n"
                "dx/dt  = eta*moving*slowed\n"
                "moving = where(v > V_p, A_p*(grown - exp(V_p/V_e)), where(v < -V_n, A_n*(exp(V_n/V_e) - grown), 0))\n"
                "grown  = exp(min(abs(v)/V_e, 700))\n"
                "slowed = where(eta*v >= 0, where(x >= x_p, near_1, 1), where(x <= 1 - x_n, near_0, 1))\n"
                "near_1 = exp(-alpha_p*(x - x_p))*(1 - x)/(1 - x_p)\n"
                "near_0 = exp(alpha_n*(x + x_n - 1))*x/(1 - x_n)\n"
                "\n"
                "parameter a_1       = 0.17 A in (0, inf)      : current scale for v > 0\n"
                "parameter a_2       = 0.17 A in (0, inf)      : current scale for v < 0\n"
                "parameter b         = 0.05 1/V in (0, inf)    : how fast the current grows with the voltage\n"
                "parameter V_p       = 0.65 V in [0, inf)      : threshold of positive voltages\n"
                "parameter V_n       = 0.56 V in [0, inf)      : threshold of negative voltages, as a positive number\n"
                "parameter V_e       = 1 V in (0, inf)         : over which the rate grows by e; the papers take 1 V "
                "without a symbol\n"
                "parameter A_p       = 4000 1/s in [0, inf)    : rate scale for v > V_p\n"
                "parameter A_n       = 4000 1/s in [0, inf)    : rate scale for v < -V_n\n"
                "parameter x_p       = 0.3 in [0, 1)           : from which state on it goes up more slowly\n"
                "parameter x_n       = 0.5 in [0, 1)           : 1 minus the state from which on it goes down more "
                "slowly\n"
                "parameter alpha_p   = 1 in [0, inf)           : how much more slowly it goes up\n"
                "parameter alpha_n   = 5 in [0, inf)           : how much more slowly it goes down\n"
                "parameter eta       = 1 in [-1, 1]            : direction, 1 or -1; what a positive voltage does to "
                "x\n"
                "parameter x_initial = 0.11 in [0, 1]          : state at the start\n"
                "\n"
                "state x = x_initial in [0, 1]                 : how much of it conducts\n"
                "\n"
                "preset knowm: a_1 = 0.17 A, a_2 = 0.17 A, b = 0.05 1/V, V_p = 0.65 V, V_n = 0.56 V, A_p = 4000 1/s, "
                "A_n = 4000 1/s, x_p = 0.3, x_n = 0.5, alpha_p = 1, alpha_n = 5, x_initial = 0.11, eta = 1 : loops of "
                "100 Hz and 0.75 V [code of Knowm, memristor-models-4-all, Yakopcic/LTSpice/memristor_yakopcic.sub]\n"
                "preset low-thresholds: a_1 = 0.17 A, a_2 = 0.17 A, b = 0.05 1/V, V_p = 0.16 V, V_n = 0.15 V, A_p = "
                "4000 1/s, A_n = 4000 1/s, x_p = 0.3, x_n = 0.5, alpha_p = 1, alpha_n = 5, x_initial = 0.11, eta = 1 : "
                "the same with the thresholds that the authors' own netlist has [Yakopcic et al. 2013; the same "
                "numbers in code of Knowm as the alternative]\n",
            .check = "a_1",
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
