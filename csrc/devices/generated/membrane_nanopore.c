/* MembraneNanopore, written from its equations, which stand at the end: to_c() of its class. */
#include "devices/equation_model.h"
#include "equations/compiled.h"

static const mn_field fields[] = {
    {.name = "g_L",
     .unit = "S",
     .doc = "conductance of the closed pore",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.ad7f29abcaf48p-24,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "g_H",
     .unit = "S",
     .doc = "conductance of the open pore",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0c6f7a0b5ed8dp-20,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "E_0",
     .unit = "V",
     .doc = "voltage without a current",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x0.0p+0,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "C_m",
     .unit = "F",
     .doc = "capacitance",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.5fd7fe1796495p-37,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "V_m",
     .unit = "V",
     .doc = "steepness of the opening",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.999999999999ap-4,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "V_A",
     .unit = "V",
     .doc = "onset of activation",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0000000000000p+0,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "V_D",
     .unit = "V",
     .doc = "onset of deactivation",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x0.0p+0,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "n_A",
     .unit = "1",
     .doc = "ideality factor of activation; n_D = n_A/(n_A - 1) may be given and must agree",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0000000000000p+1,
     MN_RANGE(0x1.0000000000000p+0, INFINITY, "()")},
    {.name = "tau_0",
     .unit = "s",
     .doc = "time of activation at V_A, and of deactivation at V_D",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0624dd2f1a9fcp-11,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "v_initial",
     .unit = "V",
     .doc = "voltage at the start, at which it rested before",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x0.0p+0,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "x",
     .unit = "1",
     .doc = "share of open paths",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
    {.name = "v_q",
     .unit = "V",
     .doc = "voltage of the charge at the last step",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(-INFINITY, INFINITY, "()")},
};

static const mn_preset_value values_0[] = {
    {"g_L", 0x1.ad7f29abcaf48p-24}, {"g_H", 0x1.0c6f7a0b5ed8dp-20}, {"E_0", 0x0.0p+0},
    {"C_m", 0x1.b7cdfd9d7bdbbp-35}, {"V_m", 0x1.999999999999ap-3},  {"V_A", 0x1.999999999999ap-4},
    {"V_D", -0x1.3333333333333p-2}, {"n_A", 0x1.0000000000000p+1},  {"tau_0", 0x1.0624dd2f1a9fcp-10}};

static const mn_preset_value values_1[] = {
    {"g_L", 0x1.ad7f29abcaf48p-24}, {"g_H", 0x1.0c6f7a0b5ed8dp-20}, {"E_0", 0x0.0p+0},
    {"C_m", 0x1.5fd7fe1796495p-37}, {"V_m", 0x1.999999999999ap-3},  {"V_A", 0x1.999999999999ap-4},
    {"V_D", -0x1.3333333333333p-2}, {"n_A", 0x1.0000000000000p+1},  {"tau_0", 0x1.0624dd2f1a9fcp-10}};

static const mn_preset_value values_2[] = {
    {"g_L", 0x1.ad7f29abcaf48p-24}, {"g_H", 0x1.0c6f7a0b5ed8dp-20}, {"E_0", 0x0.0p+0},
    {"C_m", 0x1.19799812dea11p-40}, {"V_m", 0x1.999999999999ap-4},  {"V_A", 0x1.3333333333333p-2},
    {"V_D", -0x1.999999999999ap-2}, {"n_A", 0x1.8000000000000p+0},  {"tau_0", 0x1.0624dd2f1a9fcp-10}};

static const mn_preset presets[] = {
    {.name = "figure-26",
     .doc = "transients behind a conductance of 5 uS; V_B = -0.1 V",
     .citation = "Bisquert, Adv. Phys. Res. 2024, figure 26",
     MN_ARRAY(value, values_0)},
    {.name = "figure-27",
     .doc = "transients behind a conductance of 1 uS; V_B = -0.1 V",
     .citation = "Bisquert, Adv. Phys. Res. 2024, figure 27",
     MN_ARRAY(value, values_1)},
    {.name = "figure-28",
     .doc = "impedance; n_D is 3, as that of the caption, 2, is in no detailed balance; E_0 and a conductance of 10 uS "
            "in series are ours",
     .citation = "Bisquert, Adv. Phys. Res. 2024, figure 28",
     MN_ARRAY(value, values_2)},
};

MN_VECTOR
static void start_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                    double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    const double *restrict in_1 = in[1] + first;
    const double *restrict in_2 = in[2] + first;
    const double *restrict in_3 = in[3] + first;
    const double *restrict in_4 = in[4] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict row_0 = row[0];
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t8 = in_0[k] - 0x1.0000000000000p+0;
        const double t9 = in_0[k] / t8;
        const double t10 = in_1[k] / in_0[k];
        const double t11 = in_2[k] / t9;
        const double t12 = t10 + t11;
        const double t13 = in_3[k] - t12;
        const double t14 = -t13;
        const double t15 = t14 / in_4[k];
        const double t16 = mn_do_MIN(t15, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t22 = in_3[k];
        row_0[k] = t16;
        out_1[k] = t22;
    }
}

MN_VECTOR
static void start_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                    double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict row_1 = row[1];
    double *restrict out_0 = out[0] + first;
    (void)in, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t18 = 0x1.0000000000000p+0 + row_1[k];
        const double t19 = 0x1.0000000000000p+0 / t18;
        const double t20 = mn_do_MIN(t19, 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t21 = mn_do_MAX(t20, 0x0.0p+0, 0.0, 0.0, 0.0);
        out_0[k] = t21;
    }
}

static void start(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[2][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        start_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[0]}, row[1]);
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
    const double *restrict in_5 = in[5] + first;
    const double *restrict in_6 = in[6] + first;
    const double *restrict in_7 = in[7] + first;
    const double *restrict in_8 = in[8] + first;
    const double *restrict in_9 = in[9] + first;
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict out_2 = out[2] + first;
    double *restrict out_3 = out[3] + first;
    double *restrict out_5 = out[5] + first;
    double *restrict out_7 = out[7] + first;
    double *restrict out_9 = out[9] + first;
    double *restrict out_10 = out[10] + first;
    double *restrict out_11 = out[11] + first;
    double *restrict out_12 = out[12] + first;
    double *restrict out_13 = out[13] + first;
    double *restrict row_0 = row[0];
    double *restrict row_2 = row[2];
    double *restrict row_4 = row[4];
    double *restrict row_6 = row[6];
    double *restrict row_7 = row[7];
    double *restrict row_8 = row[8];
    double *restrict row_9 = row[9];
    double *restrict row_10 = row[10];
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t15 = in_0[k] - in_1[k];
        const double t16 = t15 * in_2[k] + in_1[k];
        const double t17 = in_3[k] - in_4[k];
        const double t18 = t16 * t17;
        const double t19 = in_5[k] * in_3[k];
        const double t20 = in_6[k] - 0x1.0000000000000p+0;
        const double t21 = in_6[k] / t20;
        const double t22 = in_7[k] / in_6[k];
        const double t23 = in_8[k] / t21;
        const double t24 = t22 + t23;
        const double t25 = in_3[k] - t24;
        const double t26 = -t25;
        const double t27 = t26 / in_9[k];
        const double t28 = mn_do_MIN(t27, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t32 = in_3[k] - in_7[k];
        const double t33 = in_6[k] * in_9[k];
        const double t34 = t32 / t33;
        const double t35 = mn_do_MIN(t34, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t37 = in_3[k] - in_8[k];
        const double t38 = -t37;
        const double t39 = t21 * in_9[k];
        const double t40 = t38 / t39;
        const double t41 = mn_do_MIN(t40, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t47 = mn_do_LESS_EQUAL(0x1.0000000000000p+0, in_2[k], 0.0, 0.0, 0.0);
        const double t50 = mn_do_LESS_EQUAL(in_2[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t57 = (-0x1.0000000000000p+0) / in_9[k];
        const double t58 = mn_do_LESS(t27, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t59 = mn_do_WHERE(t58, t57, 0x0.0p+0, 0.0, 0.0);
        const double t64 = 0x1.0000000000000p+0 / t33;
        const double t65 = mn_do_LESS(t34, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t66 = mn_do_WHERE(t65, t64, 0x0.0p+0, 0.0, 0.0);
        const double t67 = (-0x1.0000000000000p+0) / t39;
        const double t68 = mn_do_LESS(t40, 0x1.f400000000000p+8, 0.0, 0.0, 0.0);
        const double t69 = mn_do_WHERE(t68, t67, 0x0.0p+0, 0.0, 0.0);
        const double t78 = t15 * t17;
        const double t79 = in_5[k];
        const double t80 = 0x0.0p+0;
        const double t81 = 0x0.0p+0;
        const double t82 = 0x0.0p+0;
        const double t83 = 0x0.0p+0;
        const double t84 = 0x0.0p+0;
        const double t85 = 0x0.0p+0;
        out_1[k] = t16;
        out_0[k] = t18;
        out_2[k] = t19;
        row_0[k] = t28;
        row_2[k] = t35;
        row_4[k] = t41;
        row_6[k] = t47;
        row_7[k] = t50;
        row_8[k] = t59;
        row_9[k] = t66;
        row_10[k] = t69;
        out_10[k] = t78;
        out_3[k] = t79;
        out_5[k] = t80;
        out_7[k] = t81;
        out_9[k] = t82;
        out_11[k] = t83;
        out_12[k] = t84;
        out_13[k] = t85;
    }
}

MN_VECTOR
static void linearise_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_2 = in[2] + first;
    const double *restrict in_10 = in[10] + first;
    const double *restrict row_1 = row[1];
    const double *restrict row_3 = row[3];
    const double *restrict row_5 = row[5];
    const double *restrict row_6 = row[6];
    const double *restrict row_7 = row[7];
    const double *restrict row_8 = row[8];
    const double *restrict row_9 = row[9];
    const double *restrict row_10 = row[10];
    double *restrict out_4 = out[4] + first;
    double *restrict out_6 = out[6] + first;
    double *restrict out_8 = out[8] + first;
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t30 = 0x1.0000000000000p+0 + row_1[k];
        const double t31 = 0x1.0000000000000p+0 / t30;
        const double t43 = row_3[k] + row_5[k];
        const double t44 = in_10[k] / t43;
        const double t45 = t31 - in_2[k];
        const double t46 = t45 / t44;
        const double t48 = mn_do_LESS(0x0.0p+0, t46, 0.0, 0.0, 0.0);
        const double t49 = mn_do_AND(row_6[k], t48, 0.0, 0.0, 0.0);
        const double t51 = mn_do_LESS(t46, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t52 = mn_do_AND(row_7[k], t51, 0.0, 0.0, 0.0);
        const double t53 = mn_do_OR(t49, t52, 0.0, 0.0, 0.0);
        const double t54 = mn_do_WHERE(t53, 0x0.0p+0, t46, 0.0, 0.0);
        const double t55 = (-0x1.0000000000000p+0) / t44;
        const double t56 = mn_do_WHERE(t53, 0x0.0p+0, t55, 0.0, 0.0);
        const double t60 = row_1[k] * row_8[k];
        const double t61 = t31 * t60;
        const double t62 = -t61;
        const double t63 = t62 / t30;
        const double t70 = row_5[k] * row_10[k];
        const double t71 = row_3[k] * row_9[k] + t70;
        const double t72 = t44 * t71;
        const double t73 = -t72;
        const double t74 = t73 / t43;
        const double t75 = t63 - t46 * t74;
        const double t76 = t75 / t44;
        const double t77 = mn_do_WHERE(t53, 0x0.0p+0, t76, 0.0, 0.0);
        out_4[k] = t54;
        out_6[k] = t56;
        out_8[k] = t77;
    }
}

static void linearise(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[11][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        linearise_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[0]}, row[1]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[2]}, row[3]);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[4]}, row[5]);
        linearise_1(m, first, in, uniform, row, out);
    }
}

static const int16_t start_input[] = {7, 5, 6, 9, 4};
static const mn_program start_program = {.n_inputs = 5, .n_uniforms = 0, .n_outputs = 2};

static const int16_t linearise_input[] = {1, 0, 10, MN_INPUT_VOLTAGE, 2, 3, 7, 5, 6, 4, 8};
static const mn_program linearise_program = {.n_inputs = 11, .n_uniforms = 0, .n_outputs = 14};

const mn_equation_model mn_membrane_nanopore = {
    .model =
        {
            .name = "MembraneNanopore",
            .doc = "A rectifying nanopore (`Nanopore`) with the capacitance C_m of the membrane around it on the same "
                   "edge: what changes slowly opens its loop as an inductor does, C_m as a capacitor, and the loop "
                   "crosses where both balance. A resistance in series is an element of its own. A pore without C_m is "
                   "a `Nanopore`, whose steps cost less.",
            .citation = "Bisquert, Adv. Phys. Res. 2024, doi 10.1002/apxr.202400029, equations 33 to 58",
            .text =
                "doc A rectifying nanopore (`Nanopore`) with the capacitance C_m of the membrane around it on the same "
                "edge: what changes\n"
                "doc slowly opens its loop as an inductor does, C_m as a capacitor, and the loop crosses where both "
                "balance. A resistance in\n"
                "doc series is an element of its own. A pore without C_m is a `Nanopore`, whose steps cost less.\n"
                "source Bisquert, Adv. Phys. Res. 2024, doi 10.1002/apxr.202400029, equations 33 to 58\n"
                "\n"
                "i     = (g_L + (g_H - g_L)*x)*(v - E_0)\n"
                "q     = C_m*v\n"
                "dx/dt = (x_eq - x)/tau_k\n"
                "x_eq  = 1/(1 + exp(min(-(v - V_B)/V_m, 500)))\n"
                "tau_k = tau_0/(exp(min((v - V_A)/(n_A*V_m), 500)) + exp(min(-(v - V_D)/(n_D*V_m), 500)))\n"
                "V_B   = V_A/n_A + V_D/n_D\n"
                "n_D   = n_A/(n_A - 1)\n"
                "\n"
                "parameter g_L       = 0.1 uS in (0, inf)    : conductance of the closed pore\n"
                "parameter g_H       = 1 uS in (0, inf)      : conductance of the open pore\n"
                "parameter E_0       = 0 V                   : voltage without a current\n"
                "parameter C_m       = 0.01 nF in (0, inf)   : capacitance\n"
                "parameter V_m       = 0.1 V in (0, inf)     : steepness of the opening\n"
                "parameter V_A       = 1 V                   : onset of activation\n"
                "parameter V_D       = 0 V                   : onset of deactivation\n"
                "parameter n_A       = 2 in (1, inf)         : ideality factor of activation; n_D = n_A/(n_A - 1) may "
                "be given and must agree\n"
                "parameter tau_0     = 0.5 ms in (0, inf)    : time of activation at V_A, and of deactivation at V_D\n"
                "parameter v_initial = 0 V                   : voltage at the start, at which it rested before\n"
                "\n"
                "state x = 1/(1 + exp(min(-(v_initial - V_B)/V_m, 500))) in [0, 1] : share of open paths\n"
                "\n"
                "preset figure-26: g_L = 0.1 uS, g_H = 1 uS, E_0 = 0 V, C_m = 0.05 nF, V_m = 0.2 V, V_A = 0.1 V, V_D = "
                "-0.3 V, n_A = 2, tau_0 = 1 ms : transients behind a conductance of 5 uS; V_B = -0.1 V [Bisquert, Adv. "
                "Phys. Res. 2024, figure 26]\n"
                "preset figure-27: g_L = 0.1 uS, g_H = 1 uS, E_0 = 0 V, C_m = 0.01 nF, V_m = 0.2 V, V_A = 0.1 V, V_D = "
                "-0.3 V, n_A = 2, tau_0 = 1 ms : transients behind a conductance of 1 uS; V_B = -0.1 V [Bisquert, Adv. "
                "Phys. Res. 2024, figure 27]\n"
                "preset figure-28: g_L = 0.1 uS, g_H = 1 uS, E_0 = 0 V, C_m = 0.001 nF, V_m = 0.1 V, V_A = 0.3 V, V_D "
                "= -0.4 V, n_A = 1.5, tau_0 = 1 ms : impedance; n_D is 3, as that of the caption, 2, is in no detailed "
                "balance; E_0 and a conductance of 10 uS in series are ours [Bisquert, Adv. Phys. Res. 2024, figure "
                "28]\n",
            .check = "g_L",
            .voltage_field = "v_q",
            .flags = MN_HAS_CHARGE | MN_IMPLICIT,
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
