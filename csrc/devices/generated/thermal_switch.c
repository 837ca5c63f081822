/* ThermalSwitch, written from its equations, which stand at the end: to_c() of its class. */
#include "devices/equation_model.h"
#include "equations/compiled.h"

static const mn_field fields[] = {
    {.name = "R_0",
     .unit = "ohm",
     .doc = "resistance of the insulator at infinite temperature",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.5f323a65dda49p-8,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "E_a",
     .unit = "K",
     .doc = "its activation energy over k_B",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.46479633482bfp+12,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "R_m",
     .unit = "ohm",
     .doc = "resistance of the metal",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.4194415f45e0bp+10,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "T_c",
     .unit = "K",
     .doc = "middle of the hysteresis",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.4cce4b76f6d76p+8,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "w",
     .unit = "K",
     .doc = "width of the hysteresis",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.cc63761c1102bp+2,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "beta",
     .unit = "1/K",
     .doc = "steepness of the transition",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.02dd0782804d7p-2,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "gamma",
     .unit = "1",
     .doc = "shape of the minor loops",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.e99c2e04b150dp-1,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "C_th",
     .unit = "J/K",
     .doc = "heat capacity",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.b487cca7b61d6p-35,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "S_th",
     .unit = "W/K",
     .doc = "thermal conductance to the surroundings",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.af25d1dc903e2p-13,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "T_base",
     .unit = "K",
     .doc = "temperature of the surroundings, between T_low and T_high",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.4500000000000p+8,
     MN_RANGE(0x0.0p+0, INFINITY, "()"),
     .below = "T_high"},
    {.name = "T_low",
     .unit = "K",
     .doc = "temperature below which R no longer changes",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.3100000000000p+8,
     MN_RANGE(0x0.0p+0, INFINITY, "()"),
     .below = "T_base"},
    {.name = "T_high",
     .unit = "K",
     .doc = "temperature above which R no longer changes",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.7200000000000p+8,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "rate_min",
     .unit = "K/s",
     .doc = "rate beyond which the temperature has turned; ours",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.f400000000000p+9,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "T",
     .unit = "K",
     .doc = "temperature",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "T_r",
     .unit = "K",
     .doc = "temperature at which it last turned",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "T_pr",
     .unit = "K",
     .doc = "by how much the other branch was shifted there; 0 on the major loop",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "delta",
     .unit = "1",
     .doc = "1 where it is heated, -1 where it is cooled",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(-0x1.0000000000000p+0, 0x1.0000000000000p+0, "[]")},
    {.name = "turned_holds",
     .unit = "1",
     .doc = "1 while the condition of turned holds",
     .kind = MN_FLAG,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
};

static const mn_preset_value values_0[] = {{"R_0", 0x1.5f323a65dda49p-8},   {"E_a", 0x1.46479633482bfp+12},
                                           {"R_m", 0x1.4194415f45e0bp+10},  {"T_c", 0x1.4cce4b76f6d76p+8},
                                           {"w", 0x1.cc63761c1102bp+2},     {"beta", 0x1.02dd0782804d7p-2},
                                           {"gamma", 0x1.e99c2e04b150dp-1}, {"C_th", 0x1.b487cca7b61d6p-35},
                                           {"S_th", 0x1.af25d1dc903e2p-13}, {"T_base", 0x1.4500000000000p+8}};

static const mn_preset presets[] = {
    {.name = "vo2",
     .doc = "a film of vanadium dioxide; a neuron behind 12 kohm beside 145.34619293 pF at 11 V",
     .citation = "code of Zhang et al. 2024",
     MN_ARRAY(value, values_0)},
};

static const mn_event events[] = {{"turned", 1}};

MN_VECTOR
static void start_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                    double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict out_2 = out[2] + first;
    double *restrict out_3 = out[3] + first;
    double *restrict out_4 = out[4] + first;
    (void)row, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t3 = mn_do_MAX(in_0[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t4 = t3;
        const double t5 = 0x0.0p+0;
        const double t6 = 0x1.0000000000000p+0;
        const double t7 = 0x0.0p+0;
        out_0[k] = t3;
        out_1[k] = t4;
        out_2[k] = t5;
        out_3[k] = t6;
        out_4[k] = t7;
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
    const double *restrict in_4 = in[4] + first;
    const double *restrict in_5 = in[5] + first;
    const double *restrict in_6 = in[6] + first;
    const double *restrict in_7 = in[7] + first;
    const double *restrict in_8 = in[8] + first;
    const double *restrict in_10 = in[10] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict row_0 = row[0];
    double *restrict row_2 = row[2];
    double *restrict row_4 = row[4];
    double *restrict row_5 = row[5];
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t18 = mn_do_MIN(in_0[k], in_1[k], 0.0, 0.0, 0.0);
        const double t19 = mn_do_MAX(t18, in_2[k], 0.0, 0.0, 0.0);
        const double t20 = t19 - in_3[k];
        const double t21 = mn_do_ABS(in_4[k], 0.0, 0.0, 0.0, 0.0);
        const double t22 = mn_do_LESS(0x0.0p+0, t21, 0.0, 0.0, 0.0);
        const double t23 = mn_do_WHERE(t22, in_4[k], in_5[k], 0.0, 0.0);
        const double t24 = t20 / t23;
        const double t25 = in_6[k] * t24;
        const double t29 = 0x1.3bd3cc9be45dep+3 - 0x1.921fb54442d18p+2 * t24;
        const double t33 = in_7[k] * in_5[k];
        const double t34 = t33 / 0x1.0000000000000p+1;
        const double t35 = t34 + in_8[k];
        const double t36 = t35 - t19;
        const double t42 = in_10[k] / t19;
        const double t47 = 0x0.0p+0;
        row_0[k] = t25;
        row_2[k] = t29;
        row_4[k] = t36;
        row_5[k] = t42;
        out_1[k] = t47;
    }
}

MN_VECTOR
static void conductance_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                          double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_4 = in[4] + first;
    const double *restrict in_9 = in[9] + first;
    const double *restrict in_11 = in[11] + first;
    const double *restrict row_1 = row[1];
    const double *restrict row_3 = row[3];
    const double *restrict row_4 = row[4];
    const double *restrict row_6 = row[6];
    double *restrict row_0 = row[0];
    double *restrict row_5 = row[5];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t27 = 0x1.0000000000000p+0 - row_1[k];
        const double t28 = t27 / 0x1.0000000000000p+1;
        const double t31 = 0x1.0000000000000p+0 + row_3[k];
        const double t32 = t28 * t31;
        const double t37 = row_4[k] - in_4[k] * t32;
        const double t38 = in_9[k] * t37;
        const double t44 = in_11[k] * row_6[k];
        row_0[k] = t38;
        row_5[k] = t44;
    }
}

MN_VECTOR
static void conductance_2(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                          double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_12 = in[12] + first;
    const double *restrict row_2 = row[2];
    const double *restrict row_5 = row[5];
    double *restrict out_0 = out[0] + first;
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t40 = 0x1.0000000000000p+0 + row_2[k];
        const double t41 = t40 / 0x1.0000000000000p+1;
        const double t45 = row_5[k] * t41 + in_12[k];
        const double t46 = 0x1.0000000000000p+0 / t45;
        out_0[k] = t46;
    }
}

static void conductance(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[7][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        conductance_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_SIN, m, (const double *const[]){row[0]}, row[1]);
        mn_operation_run(MN_OPERATION_TANH, m, (const double *const[]){row[2]}, row[3]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[5]}, row[6]);
        conductance_1(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_TANH, m, (const double *const[]){row[0]}, row[2]);
        conductance_2(m, first, in, uniform, row, out);
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
    const double *restrict in_10 = in[10] + first;
    const double *restrict in_13 = in[13] + first;
    const double *restrict in_14 = in[14] + first;
    const double *restrict in_17 = in[17] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict out_2 = out[2] + first;
    double *restrict out_3 = out[3] + first;
    double *restrict out_4 = out[4] + first;
    double *restrict row_0 = row[0];
    double *restrict row_2 = row[2];
    double *restrict row_4 = row[4];
    double *restrict row_5 = row[5];
    double *restrict row_7 = row[7];
    double *restrict row_8 = row[8];
    double *restrict row_9 = row[9];
    double *restrict row_11 = row[11];
    double *restrict row_13 = row[13];
    double *restrict row_16 = row[16];
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t25 = mn_do_MIN(in_0[k], in_1[k], 0.0, 0.0, 0.0);
        const double t26 = mn_do_MAX(t25, in_2[k], 0.0, 0.0, 0.0);
        const double t27 = t26 - in_3[k];
        const double t28 = mn_do_ABS(in_4[k], 0.0, 0.0, 0.0, 0.0);
        const double t29 = mn_do_LESS(0x0.0p+0, t28, 0.0, 0.0, 0.0);
        const double t30 = mn_do_WHERE(t29, in_4[k], in_5[k], 0.0, 0.0);
        const double t31 = t27 / t30;
        const double t32 = in_6[k] * t31;
        const double t36 = 0x1.3bd3cc9be45dep+3 - 0x1.921fb54442d18p+2 * t31;
        const double t40 = in_7[k] * in_5[k];
        const double t41 = t40 / 0x1.0000000000000p+1;
        const double t42 = t41 + in_8[k];
        const double t43 = t42 - t26;
        const double t49 = in_10[k] / t26;
        const double t53 = in_13[k] * in_13[k];
        const double t55 = in_0[k] - in_14[k];
        const double t58 = mn_do_LESS(in_0[k], in_1[k], 0.0, 0.0, 0.0);
        const double t59 = mn_do_WHERE(t58, 0x1.0000000000000p+0, 0x0.0p+0, 0.0, 0.0);
        const double t60 = mn_do_LESS(in_2[k], t25, 0.0, 0.0, 0.0);
        const double t61 = mn_do_WHERE(t60, t59, 0x0.0p+0, 0.0, 0.0);
        const double t62 = t61 / t30;
        const double t63 = in_6[k] * t62;
        const double t68 = 0x1.921fb54442d18p+2 * t62;
        const double t69 = -t68;
        const double t75 = -t61;
        const double t82 = t49 * t61;
        const double t83 = -t82;
        const double t84 = t83 / t26;
        const double t99 = mn_do_MAX(in_3[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t100 = mn_do_MIN(in_7[k], 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t101 = mn_do_MAX(t100, (-0x1.0000000000000p+0), 0.0, 0.0, 0.0);
        const double t102 = in_4[k];
        const double t103 = in_17[k];
        row_0[k] = t32;
        row_2[k] = t36;
        row_4[k] = t43;
        row_5[k] = t49;
        row_7[k] = t53;
        row_8[k] = t55;
        row_9[k] = t63;
        row_11[k] = t69;
        row_13[k] = t75;
        row_16[k] = t84;
        out_1[k] = t99;
        out_3[k] = t101;
        out_2[k] = t102;
        out_4[k] = t103;
    }
}

MN_VECTOR
static void advance_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                      double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_4 = in[4] + first;
    const double *restrict in_9 = in[9] + first;
    const double *restrict in_11 = in[11] + first;
    const double *restrict row_1 = row[1];
    const double *restrict row_3 = row[3];
    const double *restrict row_4 = row[4];
    const double *restrict row_6 = row[6];
    const double *restrict row_9 = row[9];
    const double *restrict row_10 = row[10];
    const double *restrict row_11 = row[11];
    const double *restrict row_12 = row[12];
    const double *restrict row_13 = row[13];
    const double *restrict row_16 = row[16];
    double *restrict row_0 = row[0];
    double *restrict row_5 = row[5];
    double *restrict row_14 = row[14];
    double *restrict row_17 = row[17];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t34 = 0x1.0000000000000p+0 - row_1[k];
        const double t35 = t34 / 0x1.0000000000000p+1;
        const double t38 = 0x1.0000000000000p+0 + row_3[k];
        const double t39 = t35 * t38;
        const double t44 = row_4[k] - in_4[k] * t39;
        const double t45 = in_9[k] * t44;
        const double t51 = in_11[k] * row_6[k];
        const double t65 = row_10[k] * row_9[k];
        const double t66 = -t65;
        const double t67 = t66 / 0x1.0000000000000p+1;
        const double t71 = row_12[k] * row_12[k];
        const double t72 = row_11[k] / t71;
        const double t73 = t35 * t72;
        const double t74 = t67 * t38 + t73;
        const double t76 = row_13[k] - in_4[k] * t74;
        const double t77 = in_9[k] * t76;
        const double t85 = row_6[k] * row_16[k];
        const double t86 = in_11[k] * t85;
        row_0[k] = t45;
        row_5[k] = t51;
        row_14[k] = t77;
        row_17[k] = t86;
    }
}

MN_VECTOR
static void advance_2(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                      double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_12 = in[12] + first;
    const double *restrict in_15 = in[15] + first;
    const double *restrict in_16 = in[16] + first;
    const double *restrict row_2 = row[2];
    const double *restrict row_5 = row[5];
    const double *restrict row_7 = row[7];
    const double *restrict row_8 = row[8];
    const double *restrict row_14 = row[14];
    const double *restrict row_15 = row[15];
    const double *restrict row_17 = row[17];
    double *restrict row_0 = row[0];
    double *restrict row_1 = row[1];
    (void)out;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t47 = 0x1.0000000000000p+0 + row_2[k];
        const double t48 = t47 / 0x1.0000000000000p+1;
        const double t52 = row_5[k] * t48 + in_12[k];
        const double t54 = row_7[k] / t52;
        const double t56 = t54 - in_15[k] * row_8[k];
        const double t57 = t56 / in_16[k];
        const double t79 = row_15[k] * row_15[k];
        const double t80 = row_14[k] / t79;
        const double t81 = t80 / 0x1.0000000000000p+1;
        const double t87 = row_5[k] * t81;
        const double t88 = row_17[k] * t48 + t87;
        const double t89 = t54 * t88;
        const double t90 = -t89;
        const double t91 = t90 / t52;
        const double t92 = t91 - in_15[k];
        const double t93 = t92 / in_16[k];
        const double t94 = t93 * uniform[0];
        row_0[k] = t57;
        row_1[k] = t94;
    }
}

MN_VECTOR
static void advance_3(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                      double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    const double *restrict row_0 = row[0];
    const double *restrict row_3 = row[3];
    double *restrict out_0 = out[0] + first;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t96 = uniform[0] * row_3[k];
        const double t97 = t96 * row_0[k] + in_0[k];
        const double t98 = mn_do_MAX(t97, 0x0.0p+0, 0.0, 0.0, 0.0);
        out_0[k] = t98;
    }
}

static void advance(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[18][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        advance_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_SIN, m, (const double *const[]){row[0]}, row[1]);
        mn_operation_run(MN_OPERATION_TANH, m, (const double *const[]){row[2]}, row[3]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[5]}, row[6]);
        mn_operation_run(MN_OPERATION_COS, m, (const double *const[]){row[0]}, row[10]);
        mn_operation_run(MN_OPERATION_COSH, m, (const double *const[]){row[2]}, row[12]);
        advance_1(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_TANH, m, (const double *const[]){row[0]}, row[2]);
        mn_operation_run(MN_OPERATION_COSH, m, (const double *const[]){row[0]}, row[15]);
        advance_2(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_PHI1, m, (const double *const[]){row[1]}, row[3]);
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
    const double *restrict in_4 = in[4] + first;
    const double *restrict in_5 = in[5] + first;
    const double *restrict in_6 = in[6] + first;
    const double *restrict in_7 = in[7] + first;
    const double *restrict in_8 = in[8] + first;
    const double *restrict in_9 = in[9] + first;
    const double *restrict in_10 = in[10] + first;
    const double *restrict in_13 = in[13] + first;
    const double *restrict in_14 = in[14] + first;
    double *restrict out_3 = out[3] + first;
    double *restrict out_4 = out[4] + first;
    double *restrict out_5 = out[5] + first;
    double *restrict out_6 = out[6] + first;
    double *restrict out_8 = out[8] + first;
    double *restrict out_9 = out[9] + first;
    double *restrict out_10 = out[10] + first;
    double *restrict out_11 = out[11] + first;
    double *restrict out_13 = out[13] + first;
    double *restrict out_14 = out[14] + first;
    double *restrict out_15 = out[15] + first;
    double *restrict out_16 = out[16] + first;
    double *restrict out_21 = out[21] + first;
    double *restrict row_0 = row[0];
    double *restrict row_2 = row[2];
    double *restrict row_4 = row[4];
    double *restrict row_5 = row[5];
    double *restrict row_7 = row[7];
    double *restrict row_8 = row[8];
    double *restrict row_9 = row[9];
    double *restrict row_11 = row[11];
    double *restrict row_13 = row[13];
    double *restrict row_16 = row[16];
    double *restrict row_18 = row[18];
    double *restrict row_19 = row[19];
    double *restrict row_20 = row[20];
    double *restrict row_21 = row[21];
    double *restrict row_23 = row[23];
    double *restrict row_24 = row[24];
    double *restrict row_26 = row[26];
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t23 = mn_do_MIN(in_0[k], in_1[k], 0.0, 0.0, 0.0);
        const double t24 = mn_do_MAX(t23, in_2[k], 0.0, 0.0, 0.0);
        const double t25 = t24 - in_3[k];
        const double t26 = mn_do_ABS(in_4[k], 0.0, 0.0, 0.0, 0.0);
        const double t27 = mn_do_LESS(0x0.0p+0, t26, 0.0, 0.0, 0.0);
        const double t28 = mn_do_WHERE(t27, in_4[k], in_5[k], 0.0, 0.0);
        const double t29 = t25 / t28;
        const double t30 = in_6[k] * t29;
        const double t34 = 0x1.3bd3cc9be45dep+3 - 0x1.921fb54442d18p+2 * t29;
        const double t38 = in_7[k] * in_5[k];
        const double t39 = t38 / 0x1.0000000000000p+1;
        const double t40 = t39 + in_8[k];
        const double t41 = t40 - t24;
        const double t47 = in_10[k] / t24;
        const double t52 = in_13[k] * in_13[k];
        const double t54 = in_0[k] - in_14[k];
        const double t58 = mn_do_LESS(in_0[k], in_1[k], 0.0, 0.0, 0.0);
        const double t59 = mn_do_WHERE(t58, 0x1.0000000000000p+0, 0x0.0p+0, 0.0, 0.0);
        const double t60 = mn_do_LESS(in_2[k], t23, 0.0, 0.0, 0.0);
        const double t61 = mn_do_WHERE(t60, t59, 0x0.0p+0, 0.0, 0.0);
        const double t62 = t61 / t28;
        const double t63 = in_6[k] * t62;
        const double t68 = 0x1.921fb54442d18p+2 * t62;
        const double t69 = -t68;
        const double t75 = -t61;
        const double t82 = t47 * t61;
        const double t83 = -t82;
        const double t84 = t83 / t24;
        const double t94 = mn_do_LESS_EQUAL(in_0[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t99 = in_13[k] + in_13[k];
        const double t106 = (-0x1.0000000000000p+0) / t28;
        const double t107 = in_6[k] * t106;
        const double t111 = 0x1.921fb54442d18p+2 * t106;
        const double t112 = -t111;
        const double t125 = mn_do_WHERE(t27, 0x1.0000000000000p+0, 0x0.0p+0, 0.0, 0.0);
        const double t126 = t29 * t125;
        const double t127 = -t126;
        const double t128 = t127 / t28;
        const double t129 = in_6[k] * t128;
        const double t133 = 0x1.921fb54442d18p+2 * t128;
        const double t134 = -t133;
        const double t147 = in_5[k] / 0x1.0000000000000p+1;
        const double t148 = in_9[k] * t147;
        const double t155 = 0x0.0p+0;
        const double t156 = 0x0.0p+0;
        const double t157 = 0x0.0p+0;
        const double t158 = 0x0.0p+0;
        const double t159 = 0x0.0p+0;
        const double t160 = 0x0.0p+0;
        const double t161 = 0x0.0p+0;
        const double t162 = 0x0.0p+0;
        const double t163 = 0x0.0p+0;
        const double t164 = 0x0.0p+0;
        const double t165 = 0x0.0p+0;
        const double t166 = 0x0.0p+0;
        const double t167 = 0x0.0p+0;
        row_0[k] = t30;
        row_2[k] = t34;
        row_4[k] = t41;
        row_5[k] = t47;
        row_7[k] = t52;
        row_8[k] = t54;
        row_9[k] = t63;
        row_11[k] = t69;
        row_13[k] = t75;
        row_16[k] = t84;
        row_18[k] = t94;
        row_19[k] = t99;
        row_20[k] = t107;
        row_21[k] = t112;
        row_23[k] = t129;
        row_24[k] = t134;
        row_26[k] = t148;
        out_3[k] = t155;
        out_4[k] = t156;
        out_5[k] = t157;
        out_6[k] = t158;
        out_8[k] = t159;
        out_9[k] = t160;
        out_10[k] = t161;
        out_11[k] = t162;
        out_13[k] = t163;
        out_14[k] = t164;
        out_15[k] = t165;
        out_16[k] = t166;
        out_21[k] = t167;
    }
}

MN_VECTOR
static void linearise_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_4 = in[4] + first;
    const double *restrict in_9 = in[9] + first;
    const double *restrict in_11 = in[11] + first;
    const double *restrict row_1 = row[1];
    const double *restrict row_3 = row[3];
    const double *restrict row_4 = row[4];
    const double *restrict row_6 = row[6];
    const double *restrict row_9 = row[9];
    const double *restrict row_10 = row[10];
    const double *restrict row_11 = row[11];
    const double *restrict row_12 = row[12];
    const double *restrict row_13 = row[13];
    const double *restrict row_16 = row[16];
    const double *restrict row_20 = row[20];
    const double *restrict row_21 = row[21];
    const double *restrict row_23 = row[23];
    const double *restrict row_24 = row[24];
    double *restrict row_0 = row[0];
    double *restrict row_5 = row[5];
    double *restrict row_14 = row[14];
    double *restrict row_17 = row[17];
    double *restrict row_22 = row[22];
    double *restrict row_25 = row[25];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t32 = 0x1.0000000000000p+0 - row_1[k];
        const double t33 = t32 / 0x1.0000000000000p+1;
        const double t36 = 0x1.0000000000000p+0 + row_3[k];
        const double t37 = t33 * t36;
        const double t42 = row_4[k] - in_4[k] * t37;
        const double t43 = in_9[k] * t42;
        const double t49 = in_11[k] * row_6[k];
        const double t65 = row_10[k] * row_9[k];
        const double t66 = -t65;
        const double t67 = t66 / 0x1.0000000000000p+1;
        const double t71 = row_12[k] * row_12[k];
        const double t72 = row_11[k] / t71;
        const double t73 = t33 * t72;
        const double t74 = t67 * t36 + t73;
        const double t76 = row_13[k] - in_4[k] * t74;
        const double t77 = in_9[k] * t76;
        const double t85 = row_6[k] * row_16[k];
        const double t86 = in_11[k] * t85;
        const double t108 = row_10[k] * row_20[k];
        const double t109 = -t108;
        const double t110 = t109 / 0x1.0000000000000p+1;
        const double t113 = row_21[k] / t71;
        const double t114 = t33 * t113;
        const double t115 = t110 * t36 + t114;
        const double t116 = in_4[k] * t115;
        const double t117 = -t116;
        const double t118 = in_9[k] * t117;
        const double t130 = row_10[k] * row_23[k];
        const double t131 = -t130;
        const double t132 = t131 / 0x1.0000000000000p+1;
        const double t135 = row_24[k] / t71;
        const double t136 = t33 * t135;
        const double t137 = t132 * t36 + t136;
        const double t138 = in_4[k] * t137 + t37;
        const double t139 = -t138;
        const double t140 = in_9[k] * t139;
        row_0[k] = t43;
        row_5[k] = t49;
        row_14[k] = t77;
        row_17[k] = t86;
        row_22[k] = t118;
        row_25[k] = t140;
    }
}

MN_VECTOR
static void linearise_2(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_12 = in[12] + first;
    const double *restrict in_13 = in[13] + first;
    const double *restrict in_15 = in[15] + first;
    const double *restrict in_16 = in[16] + first;
    const double *restrict row_2 = row[2];
    const double *restrict row_5 = row[5];
    const double *restrict row_7 = row[7];
    const double *restrict row_8 = row[8];
    const double *restrict row_14 = row[14];
    const double *restrict row_15 = row[15];
    const double *restrict row_17 = row[17];
    const double *restrict row_18 = row[18];
    const double *restrict row_19 = row[19];
    const double *restrict row_22 = row[22];
    const double *restrict row_25 = row[25];
    const double *restrict row_26 = row[26];
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict out_2 = out[2] + first;
    double *restrict out_7 = out[7] + first;
    double *restrict out_12 = out[12] + first;
    double *restrict out_17 = out[17] + first;
    double *restrict out_18 = out[18] + first;
    double *restrict out_19 = out[19] + first;
    double *restrict out_20 = out[20] + first;
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t45 = 0x1.0000000000000p+0 + row_2[k];
        const double t46 = t45 / 0x1.0000000000000p+1;
        const double t50 = row_5[k] * t46 + in_12[k];
        const double t51 = in_13[k] / t50;
        const double t53 = row_7[k] / t50;
        const double t55 = t53 - in_15[k] * row_8[k];
        const double t56 = t55 / in_16[k];
        const double t57 = 0x1.0000000000000p+0 / t50;
        const double t79 = row_15[k] * row_15[k];
        const double t80 = row_14[k] / t79;
        const double t81 = t80 / 0x1.0000000000000p+1;
        const double t87 = row_5[k] * t81;
        const double t88 = row_17[k] * t46 + t87;
        const double t89 = t53 * t88;
        const double t90 = -t89;
        const double t91 = t90 / t50;
        const double t92 = t91 - in_15[k];
        const double t93 = t92 / in_16[k];
        const double t95 = mn_do_LESS(t56, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t96 = mn_do_AND(row_18[k], t95, 0.0, 0.0, 0.0);
        const double t97 = mn_do_WHERE(t96, 0x0.0p+0, t56, 0.0, 0.0);
        const double t98 = mn_do_WHERE(t96, 0x0.0p+0, t93, 0.0, 0.0);
        const double t100 = row_19[k] / t50;
        const double t101 = t100 / in_16[k];
        const double t102 = mn_do_WHERE(t96, 0x0.0p+0, t101, 0.0, 0.0);
        const double t103 = t51 * t88;
        const double t104 = -t103;
        const double t105 = t104 / t50;
        const double t119 = row_22[k] / t79;
        const double t120 = t119 / 0x1.0000000000000p+1;
        const double t121 = row_5[k] * t120;
        const double t122 = t51 * t121;
        const double t123 = -t122;
        const double t124 = t123 / t50;
        const double t141 = row_25[k] / t79;
        const double t142 = t141 / 0x1.0000000000000p+1;
        const double t143 = row_5[k] * t142;
        const double t144 = t51 * t143;
        const double t145 = -t144;
        const double t146 = t145 / t50;
        const double t149 = row_26[k] / t79;
        const double t150 = t149 / 0x1.0000000000000p+1;
        const double t151 = row_5[k] * t150;
        const double t152 = t51 * t151;
        const double t153 = -t152;
        const double t154 = t153 / t50;
        out_0[k] = t51;
        out_1[k] = t57;
        out_2[k] = t97;
        out_7[k] = t98;
        out_12[k] = t102;
        out_17[k] = t105;
        out_18[k] = t124;
        out_19[k] = t146;
        out_20[k] = t154;
    }
}

static void linearise(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[27][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        linearise_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_SIN, m, (const double *const[]){row[0]}, row[1]);
        mn_operation_run(MN_OPERATION_TANH, m, (const double *const[]){row[2]}, row[3]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[5]}, row[6]);
        mn_operation_run(MN_OPERATION_COS, m, (const double *const[]){row[0]}, row[10]);
        mn_operation_run(MN_OPERATION_COSH, m, (const double *const[]){row[2]}, row[12]);
        linearise_1(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_TANH, m, (const double *const[]){row[0]}, row[2]);
        mn_operation_run(MN_OPERATION_COSH, m, (const double *const[]){row[0]}, row[15]);
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
    const double *restrict in_6 = in[6] + first;
    const double *restrict in_7 = in[7] + first;
    const double *restrict in_8 = in[8] + first;
    const double *restrict in_10 = in[10] + first;
    const double *restrict in_13 = in[13] + first;
    const double *restrict in_14 = in[14] + first;
    const double *restrict in_17 = in[17] + first;
    double *restrict row_0 = row[0];
    double *restrict row_2 = row[2];
    double *restrict row_4 = row[4];
    double *restrict row_5 = row[5];
    double *restrict row_7 = row[7];
    double *restrict row_8 = row[8];
    double *restrict row_9 = row[9];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t25 = mn_do_MIN(in_0[k], in_1[k], 0.0, 0.0, 0.0);
        const double t26 = mn_do_MAX(t25, in_2[k], 0.0, 0.0, 0.0);
        const double t27 = t26 - in_3[k];
        const double t28 = mn_do_ABS(in_4[k], 0.0, 0.0, 0.0, 0.0);
        const double t29 = mn_do_LESS(0x0.0p+0, t28, 0.0, 0.0, 0.0);
        const double t30 = mn_do_WHERE(t29, in_4[k], in_5[k], 0.0, 0.0);
        const double t31 = t27 / t30;
        const double t32 = in_6[k] * t31;
        const double t36 = 0x1.3bd3cc9be45dep+3 - 0x1.921fb54442d18p+2 * t31;
        const double t40 = in_7[k] * in_5[k];
        const double t41 = t40 / 0x1.0000000000000p+1;
        const double t42 = t41 + in_8[k];
        const double t43 = t42 - t26;
        const double t49 = in_10[k] / t26;
        const double t53 = in_13[k] * in_13[k];
        const double t55 = in_0[k] - in_14[k];
        const double t58 = -in_17[k];
        row_0[k] = t32;
        row_2[k] = t36;
        row_4[k] = t43;
        row_5[k] = t49;
        row_7[k] = t53;
        row_8[k] = t55;
        row_9[k] = t58;
    }
}

MN_VECTOR
static void crossing_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                       double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_4 = in[4] + first;
    const double *restrict in_9 = in[9] + first;
    const double *restrict in_11 = in[11] + first;
    const double *restrict row_1 = row[1];
    const double *restrict row_3 = row[3];
    const double *restrict row_4 = row[4];
    const double *restrict row_6 = row[6];
    double *restrict row_0 = row[0];
    double *restrict row_5 = row[5];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t34 = 0x1.0000000000000p+0 - row_1[k];
        const double t35 = t34 / 0x1.0000000000000p+1;
        const double t38 = 0x1.0000000000000p+0 + row_3[k];
        const double t39 = t35 * t38;
        const double t44 = row_4[k] - in_4[k] * t39;
        const double t45 = in_9[k] * t44;
        const double t51 = in_11[k] * row_6[k];
        row_0[k] = t45;
        row_5[k] = t51;
    }
}

MN_VECTOR
static void crossing_2(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                       double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_7 = in[7] + first;
    const double *restrict in_12 = in[12] + first;
    const double *restrict in_15 = in[15] + first;
    const double *restrict in_16 = in[16] + first;
    const double *restrict in_18 = in[18] + first;
    const double *restrict row_2 = row[2];
    const double *restrict row_5 = row[5];
    const double *restrict row_7 = row[7];
    const double *restrict row_8 = row[8];
    const double *restrict row_9 = row[9];
    double *restrict out_0 = out[0] + first;
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t47 = 0x1.0000000000000p+0 + row_2[k];
        const double t48 = t47 / 0x1.0000000000000p+1;
        const double t52 = row_5[k] * t48 + in_12[k];
        const double t54 = row_7[k] / t52;
        const double t56 = t54 - in_15[k] * row_8[k];
        const double t57 = t56 / in_16[k];
        const double t59 = row_9[k] - in_7[k] * t57;
        const double t60 = mn_do_LESS(t59, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t61 = -t59;
        const double t62 = mn_do_MIN(t61, (-0x1.56e1fc2f8f359p-997), 0.0, 0.0, 0.0);
        const double t63 = mn_do_WHERE(t60, t61, t62, 0.0, 0.0);
        const double t64 = mn_do_WHERE(in_18[k], t63, t59, 0.0, 0.0);
        out_0[k] = t64;
    }
}

static void crossing(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[10][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        crossing_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_SIN, m, (const double *const[]){row[0]}, row[1]);
        mn_operation_run(MN_OPERATION_TANH, m, (const double *const[]){row[2]}, row[3]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[5]}, row[6]);
        crossing_1(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_TANH, m, (const double *const[]){row[0]}, row[2]);
        crossing_2(m, first, in, uniform, row, out);
    }
}

MN_VECTOR
static void jump_0_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
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
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict out_3 = out[3] + first;
    double *restrict row_0 = row[0];
    double *restrict row_2 = row[2];
    double *restrict row_4 = row[4];
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t14 = mn_do_MIN(in_0[k], in_1[k], 0.0, 0.0, 0.0);
        const double t15 = mn_do_MAX(t14, in_2[k], 0.0, 0.0, 0.0);
        const double t16 = t15 - in_3[k];
        const double t17 = mn_do_ABS(in_4[k], 0.0, 0.0, 0.0, 0.0);
        const double t18 = mn_do_LESS(0x0.0p+0, t17, 0.0, 0.0, 0.0);
        const double t19 = mn_do_WHERE(t18, in_4[k], in_5[k], 0.0, 0.0);
        const double t20 = t16 / t19;
        const double t21 = in_6[k] * t20;
        const double t25 = 0x1.3bd3cc9be45dep+3 - 0x1.921fb54442d18p+2 * t20;
        const double t29 = in_7[k] * in_5[k];
        const double t30 = -in_7[k];
        const double t31 = mn_do_MIN(t30, 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t32 = mn_do_MAX(t31, (-0x1.0000000000000p+0), 0.0, 0.0, 0.0);
        const double t33 = mn_do_MAX(t15, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t35 = in_0[k];
        row_0[k] = t21;
        row_2[k] = t25;
        row_4[k] = t29;
        out_3[k] = t32;
        out_1[k] = t33;
        out_0[k] = t35;
    }
}

MN_VECTOR
static void jump_0_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                     double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_4 = in[4] + first;
    const double *restrict row_1 = row[1];
    const double *restrict row_3 = row[3];
    const double *restrict row_4 = row[4];
    double *restrict out_2 = out[2] + first;
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t23 = 0x1.0000000000000p+0 - row_1[k];
        const double t24 = t23 / 0x1.0000000000000p+1;
        const double t27 = 0x1.0000000000000p+0 + row_3[k];
        const double t28 = t24 * t27;
        const double t34 = in_4[k] * t28 - row_4[k];
        out_2[k] = t34;
    }
}

static void jump_0(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[5][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        jump_0_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_SIN, m, (const double *const[]){row[0]}, row[1]);
        mn_operation_run(MN_OPERATION_TANH, m, (const double *const[]){row[2]}, row[3]);
        jump_0_1(m, first, in, uniform, row, out);
    }
}

static const int16_t start_input[] = {9};
static const mn_program start_program = {.n_inputs = 1, .n_uniforms = 0, .n_outputs = 5};

static const int16_t conductance_input[] = {13, 11, 10, 14, 15, 4, 6, 16, 3, 5, 1, 0, 2};
static const mn_program conductance_program = {.n_inputs = 13, .n_uniforms = 0, .n_outputs = 2};

static const int16_t advance_input[] = {13, 11, 10, 14, 15, 4, 6, 16, 3, 5, 1, 0, 2, MN_INPUT_VOLTAGE, 9, 8, 7, 17};
static const int16_t advance_uniform[] = {MN_UNIFORM_STEP};
static const mn_program advance_program = {.n_inputs = 18, .n_uniforms = 1, .n_outputs = 5};

static const int16_t linearise_input[] = {13, 11, 10, 14, 15, 4, 6, 16, 3, 5, 1, 0, 2, MN_INPUT_VOLTAGE, 9, 8, 7};
static const mn_program linearise_program = {.n_inputs = 17, .n_uniforms = 0, .n_outputs = 22};

static const int16_t crossing_input[] = {13, 11, 10, 14, 15, 4, 6, 16, 3, 5, 1, 0, 2, MN_INPUT_VOLTAGE,
                                         9,  8,  7,  12, 17};
static const mn_program crossing_program = {.n_inputs = 19, .n_uniforms = 0, .n_outputs = 1};

static const int16_t jump_0_input[] = {13, 11, 10, 14, 15, 4, 6, 16};
static const mn_program jump_0_program = {.n_inputs = 8, .n_uniforms = 0, .n_outputs = 4};

static const mn_equations jumps[] = {{.program = &jump_0_program, .compiled = jump_0, .input = jump_0_input}};

const mn_equation_model mn_thermal_switch = {
    .model =
        {
            .name = "ThermalSwitch",
            .doc = "A film that its own current heats over a phase transition with hysteresis: an insulator with a "
                   "metal of resistance R_m in series, whose share g falls from 1 to 0 around T_c + w/2 when it is "
                   "heated, and comes back around T_c - w/2. Where the temperature turns within the hysteresis a minor "
                   "loop begins, which nears the major one. Beside a capacitance and behind a resistance it is a "
                   "neuron that spikes. Heat flows to the surroundings at T_base through S_th; neighbours and noise of "
                   "the source are left out. The temperature has turned, event \"turned\", where its rate has the "
                   "other sign and is beyond rate_min, so that what comes to rest does not turn for ever. R is that of "
                   "T_low and T_high beyond these.",
            .citation = "Zhang, Sipling, Qiu, Schuller and Di Ventra, Nat. Commun. 2024, 15, 6986, doi "
                        "10.1038/s41467-024-51254-4, arXiv 2312.12899, and its code, "
                        "yuanhangzhang98/collective_dynamics_neuristor",
            .text = "doc A film that its own current heats over a phase transition with hysteresis: an insulator with "
                    "a metal of resistance R_m\n"
                    "doc in series, whose share g falls from 1 to 0 around T_c + w/2 when it is heated, and comes back "
                    "around T_c - w/2. Where\n"
                    "doc the temperature turns within the hysteresis a minor loop begins, which nears the major one. "
                    "Beside a capacitance and\n"
                    "doc behind a resistance it is a neuron that spikes. Heat flows to the surroundings at T_base "
                    "through S_th; neighbours and\n"
                    "doc noise of the source are left out. The temperature has turned, event \"turned\", where its "
                    "rate has the other sign and is\n"
                    "doc beyond rate_min, so that what comes to rest does not turn for ever. R is that of T_low and "
                    "T_high beyond these.\n"
                    "source Zhang, Sipling, Qiu, Schuller and Di Ventra, Nat. Commun. 2024, 15, 6986, doi "
                    "10.1038/s41467-024-51254-4, arXiv\n"
                    "source 2312.12899, and its code, yuanhangzhang98/collective_dynamics_neuristor\n"
                    "\n"
                    "i     = v/R_T\n"
                    "R_T   = R_0*exp(E_a/T_R)*g + R_m\n"
                    "T_R   = max(min(T, T_high), T_low)\n"
                    "g     = (1 + tanh(beta*(delta*w/2 + T_c - T_R - shift)))/2\n"
                    "# What a minor loop adds to the temperature: T_pr where it begins, and less the farther it is "
                    "from there\n"
                    "shift = T_pr*near\n"
                    "near  = (1 - sin(gamma*x))/2*(1 + tanh(pi**2 - 2*pi*x))\n"
                    "x     = (T_R - T_r)/where(abs(T_pr) > 0, T_pr, w)\n"
                    "rate  = (v**2/R_T - S_th*(T - T_base))/C_th\n"
                    "dT/dt = rate\n"
                    "dT_r/dt   = 0\n"
                    "dT_pr/dt  = 0\n"
                    "ddelta/dt = 0\n"
                    "\n"
                    "# g does not jump: both branches are at the same g where delta w/2 - shift is the same\n"
                    "event turned when delta*rate < -rate_min: delta = -delta, T_r = T_R, T_pr = shift - delta*w : a "
                    "minor loop begins\n"
                    "\n"
                    "parameter R_0       = 5.35882879 mohm in (0, inf) : resistance of the insulator at infinite "
                    "temperature\n"
                    "parameter E_a       = 5220.47417 K in [0, inf)    : its activation energy over k_B\n"
                    "parameter R_m       = 1286.31649 ohm in (0, inf)  : resistance of the metal\n"
                    "parameter T_c       = 332.805839 K in (0, inf)    : middle of the hysteresis\n"
                    "parameter w         = 7.19357064 K in (0, inf)    : width of the hysteresis\n"
                    "parameter beta      = 0.252796285 1/K in (0, inf) : steepness of the transition\n"
                    "parameter gamma     = 0.956269682 in [0, inf)     : shape of the minor loops\n"
                    "parameter C_th      = 49.62776831 pJ/K in (0, inf) : heat capacity\n"
                    "parameter S_th      = 0.20558726 mW/K in (0, inf) : thermal conductance to the surroundings\n"
                    "parameter T_base    = 325 K in (0, T_high)        : temperature of the surroundings, between "
                    "T_low and T_high\n"
                    "parameter T_low     = 305 K in (0, T_base)        : temperature below which R no longer changes\n"
                    "parameter T_high    = 370 K in (0, inf)           : temperature above which R no longer changes\n"
                    "parameter rate_min  = 1e3 K/s in [0, inf)         : rate beyond which the temperature has turned; "
                    "ours\n"
                    "\n"
                    "state T     = T_base in [0, inf)  : temperature\n"
                    "state T_r   = T_base in [0, inf)  : temperature at which it last turned\n"
                    "state T_pr  = 0 K                 : by how much the other branch was shifted there; 0 on the "
                    "major loop\n"
                    "state delta = 1 in [-1, 1]        : 1 where it is heated, -1 where it is cooled\n"
                    "\n"
                    "preset vo2: R_0 = 5.35882879 mohm, E_a = 5220.47417 K, R_m = 1286.31649 ohm, T_c = 332.805839 K, "
                    "w = 7.19357064 K, beta = 0.252796285 1/K, gamma = 0.956269682, C_th = 49.62776831 pJ/K, S_th = "
                    "0.20558726 mW/K, T_base = 325 K : a film of vanadium dioxide; a neuron behind 12 kohm beside "
                    "145.34619293 pF at 11 V [code of Zhang et al. 2024]\n",
            .check = "R_0",
            .flags = 0,
            .n_scratch = 1,
            .init = mn_equation_init,
            .conductance = mn_equation_conductance,
            .advance = mn_equation_advance,
            .linearise = mn_equation_linearise,
            .crossing = mn_equation_crossing,
            .cross = mn_equation_cross,
            MN_ARRAY(field, fields),
            MN_ARRAY(preset, presets),
            MN_ARRAY(event, events),
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
            [MN_EQUATIONS_CROSSING] = {.program = &crossing_program, .compiled = crossing, .input = crossing_input},
        },
    .jump = jumps,
    .n_located = 1,
};
