/* MottChannel, written from its equations, which stand at the end: to_c() of its class. */
#include "devices/equation_model.h"
#include "equations/compiled.h"

static const mn_field fields[] = {
    {.name = "R_0",
     .unit = "ohm",
     .doc = "resistance of the channel as an insulator, rho_ins L/(pi r_ch^2)",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.142c000000000p+16,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "a",
     .unit = "1",
     .doc = "how much better the metal conducts, rho_ins/rho_met - 1",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0266666666666p+5,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "L",
     .unit = "m",
     .doc = "length of the channel",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.5798ee2308c3ap-26,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "r_ch",
     .unit = "m",
     .doc = "radius of the channel",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.01b2b29a4692bp-25,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "kappa",
     .unit = "W/(m K)",
     .doc = "thermal conductivity of the shell",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.8000000000000p+0,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "c_p",
     .unit = "J/(m^3 K)",
     .doc = "heat capacity of a volume",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.3d62000000000p+21,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "dh",
     .unit = "J/m^3",
     .doc = "latent heat of a volume",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.312d000000000p+27,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "dT",
     .unit = "K",
     .doc = "temperature of the transition above that of the surroundings",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.8600000000000p+9,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "u_0",
     .unit = "1",
     .doc = "u at the start",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0c6f7a0b5ed8dp-20,
     MN_RANGE(0x1.0c6f7a0b5ed8dp-20, 0x1.ffffde7210be9p-1, "[]")},
    {.name = "u",
     .unit = "1",
     .doc = "radius of the core, in units of r_ch",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x1.0c6f7a0b5ed8dp-20,
     MN_RANGE(0x1.0c6f7a0b5ed8dp-20, 0x1.ffffde7210be9p-1, "[]")},
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
        const double t3 = mn_do_MIN(in_0[k], 0x1.ffffde7210be9p-1, 0.0, 0.0, 0.0);
        const double t4 = mn_do_MAX(t3, 0x1.0c6f7a0b5ed8dp-20, 0.0, 0.0, 0.0);
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
static void conductance_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                          double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    const double *restrict in_1 = in[1] + first;
    const double *restrict in_2 = in[2] + first;
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    (void)row, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t5 = in_0[k] * in_0[k];
        const double t6 = in_1[k] * t5 + 0x1.0000000000000p+0;
        const double t7 = t6 / in_2[k];
        const double t8 = 0x0.0p+0;
        out_0[k] = t7;
        out_1[k] = t8;
    }
}

static void conductance(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[1][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        conductance_0(m, first, in, uniform, row, out);
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
    const double *restrict in_9 = in[9] + first;
    double *restrict row_0 = row[0];
    double *restrict row_1 = row[1];
    double *restrict row_2 = row[2];
    double *restrict row_4 = row[4];
    double *restrict row_5 = row[5];
    double *restrict row_6 = row[6];
    double *restrict row_7 = row[7];
    double *restrict row_9 = row[9];
    double *restrict row_10 = row[10];
    double *restrict row_12 = row[12];
    double *restrict row_13 = row[13];
    double *restrict row_14 = row[14];
    double *restrict row_15 = row[15];
    double *restrict row_16 = row[16];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t17 = in_0[k] * in_0[k];
        const double t18 = in_1[k] * t17 + 0x1.0000000000000p+0;
        const double t19 = t18 / in_2[k];
        const double t20 = t19 * in_3[k];
        const double t21 = 0x1.921fb54442d18p+2 * in_4[k];
        const double t22 = t21 * in_5[k];
        const double t23 = t22 * in_6[k];
        const double t24 = 0x1.0000000000000p+0 / in_0[k];
        const double t27 = 0x1.921fb54442d18p+1 * in_4[k];
        const double t28 = in_7[k] * in_7[k];
        const double t29 = t27 * t28;
        const double t30 = in_8[k] * in_6[k];
        const double t31 = 0x1.0000000000000p+0 - t17;
        const double t32 = 0x1.0000000000000p+1 * t17;
        const double t36 = 0x1.0000000000000p+1 * in_0[k];
        const double t40 = 0x1.0000000000000p+1 * in_9[k];
        const double t45 = in_0[k] + in_0[k];
        const double t46 = in_1[k] * t45;
        const double t47 = t46 / in_2[k];
        const double t48 = t47 * in_3[k];
        const double t49 = -t24;
        const double t50 = t49 / in_0[k];
        const double t51 = t50 / t24;
        const double t55 = -t45;
        const double t56 = 0x1.0000000000000p+1 * t45;
        const double t57 = t32 * t24;
        row_0[k] = t20;
        row_1[k] = t23;
        row_2[k] = t24;
        row_4[k] = t29;
        row_5[k] = t30;
        row_6[k] = t31;
        row_7[k] = t32;
        row_9[k] = t36;
        row_10[k] = t40;
        row_12[k] = t48;
        row_13[k] = t51;
        row_14[k] = t55;
        row_15[k] = t56;
        row_16[k] = t57;
    }
}

MN_VECTOR
static void advance_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                      double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    const double *restrict in_3 = in[3] + first;
    const double *restrict row_0 = row[0];
    const double *restrict row_1 = row[1];
    const double *restrict row_2 = row[2];
    const double *restrict row_3 = row[3];
    const double *restrict row_4 = row[4];
    const double *restrict row_5 = row[5];
    const double *restrict row_6 = row[6];
    const double *restrict row_7 = row[7];
    const double *restrict row_8 = row[8];
    const double *restrict row_9 = row[9];
    const double *restrict row_10 = row[10];
    const double *restrict row_12 = row[12];
    const double *restrict row_13 = row[13];
    const double *restrict row_14 = row[14];
    const double *restrict row_15 = row[15];
    const double *restrict row_16 = row[16];
    double *restrict row_11 = row[11];
    double *restrict row_17 = row[17];
    (void)out;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t26 = row_1[k] / row_3[k];
        const double t34 = row_7[k] * row_8[k] + row_6[k];
        const double t35 = row_5[k] * t34;
        const double t37 = row_8[k] * row_8[k];
        const double t38 = row_9[k] * t37;
        const double t39 = t35 / t38;
        const double t41 = row_10[k] * in_0[k] + t39;
        const double t42 = row_4[k] * t41;
        const double t43 = in_3[k] * row_0[k] - t26;
        const double t44 = t43 / t42;
        const double t52 = t26 * row_13[k];
        const double t53 = -t52;
        const double t54 = t53 / row_3[k];
        const double t58 = row_15[k] * row_8[k] + row_16[k];
        const double t59 = row_14[k] + t58;
        const double t60 = row_8[k] * row_2[k];
        const double t61 = row_2[k] * row_8[k] + t60;
        const double t62 = row_9[k] * t61;
        const double t63 = 0x1.0000000000000p+1 * t37 + t62;
        const double t64 = t39 * t63;
        const double t65 = row_5[k] * t59 - t64;
        const double t66 = t65 / t38;
        const double t67 = t66 + row_10[k];
        const double t68 = row_4[k] * t67;
        const double t69 = in_3[k] * row_12[k] - t54;
        const double t70 = t69 - t44 * t68;
        const double t71 = t70 / t42;
        const double t72 = t71 * uniform[0];
        row_11[k] = t44;
        row_17[k] = t72;
    }
}

MN_VECTOR
static void advance_2(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                      double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    const double *restrict row_11 = row[11];
    const double *restrict row_18 = row[18];
    double *restrict out_0 = out[0] + first;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t74 = uniform[0] * row_18[k];
        const double t75 = t74 * row_11[k] + in_0[k];
        const double t76 = mn_do_MIN(t75, 0x1.ffffde7210be9p-1, 0.0, 0.0, 0.0);
        const double t77 = mn_do_MAX(t76, 0x1.0c6f7a0b5ed8dp-20, 0.0, 0.0, 0.0);
        out_0[k] = t77;
    }
}

static void advance(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[19][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        advance_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_LOG, m, (const double *const[]){row[2]}, row[3]);
        mn_operation_run(MN_OPERATION_LOG, m, (const double *const[]){in[0] + first}, row[8]);
        advance_1(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_PHI1, m, (const double *const[]){row[17]}, row[18]);
        advance_2(m, first, in, uniform, row, out);
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
    double *restrict out_5 = out[5] + first;
    double *restrict row_0 = row[0];
    double *restrict row_1 = row[1];
    double *restrict row_3 = row[3];
    double *restrict row_4 = row[4];
    double *restrict row_5 = row[5];
    double *restrict row_6 = row[6];
    double *restrict row_8 = row[8];
    double *restrict row_9 = row[9];
    double *restrict row_10 = row[10];
    double *restrict row_11 = row[11];
    double *restrict row_12 = row[12];
    double *restrict row_13 = row[13];
    double *restrict row_14 = row[14];
    double *restrict row_15 = row[15];
    double *restrict row_16 = row[16];
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t17 = in_0[k] * in_0[k];
        const double t18 = in_1[k] * t17 + 0x1.0000000000000p+0;
        const double t19 = t18 / in_2[k];
        const double t20 = t19 * in_3[k];
        const double t21 = 0x1.921fb54442d18p+2 * in_4[k];
        const double t22 = t21 * in_5[k];
        const double t23 = t22 * in_6[k];
        const double t24 = 0x1.0000000000000p+0 / in_0[k];
        const double t27 = 0x1.921fb54442d18p+1 * in_4[k];
        const double t28 = in_7[k] * in_7[k];
        const double t29 = t27 * t28;
        const double t30 = in_8[k] * in_6[k];
        const double t31 = 0x1.0000000000000p+0 - t17;
        const double t32 = 0x1.0000000000000p+1 * t17;
        const double t36 = 0x1.0000000000000p+1 * in_0[k];
        const double t40 = 0x1.0000000000000p+1 * in_9[k];
        const double t45 = in_0[k] + in_0[k];
        const double t46 = in_1[k] * t45;
        const double t47 = t46 / in_2[k];
        const double t48 = t47 * in_3[k];
        const double t49 = -t24;
        const double t50 = t49 / in_0[k];
        const double t51 = t50 / t24;
        const double t55 = -t45;
        const double t56 = 0x1.0000000000000p+1 * t45;
        const double t57 = t32 * t24;
        const double t72 = mn_do_LESS_EQUAL(0x1.ffffde7210be9p-1, in_0[k], 0.0, 0.0, 0.0);
        const double t75 = mn_do_LESS_EQUAL(in_0[k], 0x1.0c6f7a0b5ed8dp-20, 0.0, 0.0, 0.0);
        const double t81 = in_3[k] * t19 + t20;
        out_1[k] = t19;
        out_0[k] = t20;
        row_0[k] = t23;
        row_1[k] = t24;
        row_3[k] = t29;
        row_4[k] = t30;
        row_5[k] = t31;
        row_6[k] = t32;
        row_8[k] = t36;
        row_9[k] = t40;
        out_5[k] = t48;
        row_10[k] = t51;
        row_11[k] = t55;
        row_12[k] = t56;
        row_13[k] = t57;
        row_14[k] = t72;
        row_15[k] = t75;
        row_16[k] = t81;
    }
}

MN_VECTOR
static void linearise_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    const double *restrict in_3 = in[3] + first;
    const double *restrict out_0 = out[0] + first;
    const double *restrict out_5 = out[5] + first;
    const double *restrict row_0 = row[0];
    const double *restrict row_1 = row[1];
    const double *restrict row_2 = row[2];
    const double *restrict row_3 = row[3];
    const double *restrict row_4 = row[4];
    const double *restrict row_5 = row[5];
    const double *restrict row_6 = row[6];
    const double *restrict row_7 = row[7];
    const double *restrict row_8 = row[8];
    const double *restrict row_9 = row[9];
    const double *restrict row_10 = row[10];
    const double *restrict row_11 = row[11];
    const double *restrict row_12 = row[12];
    const double *restrict row_13 = row[13];
    const double *restrict row_14 = row[14];
    const double *restrict row_15 = row[15];
    const double *restrict row_16 = row[16];
    double *restrict out_2 = out[2] + first;
    double *restrict out_3 = out[3] + first;
    double *restrict out_4 = out[4] + first;
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t26 = row_0[k] / row_2[k];
        const double t34 = row_6[k] * row_7[k] + row_5[k];
        const double t35 = row_4[k] * t34;
        const double t37 = row_7[k] * row_7[k];
        const double t38 = row_8[k] * t37;
        const double t39 = t35 / t38;
        const double t41 = row_9[k] * in_0[k] + t39;
        const double t42 = row_3[k] * t41;
        const double t43 = in_3[k] * out_0[k] - t26;
        const double t44 = t43 / t42;
        const double t52 = t26 * row_10[k];
        const double t53 = -t52;
        const double t54 = t53 / row_2[k];
        const double t58 = row_12[k] * row_7[k] + row_13[k];
        const double t59 = row_11[k] + t58;
        const double t60 = row_7[k] * row_1[k];
        const double t61 = row_1[k] * row_7[k] + t60;
        const double t62 = row_8[k] * t61;
        const double t63 = 0x1.0000000000000p+1 * t37 + t62;
        const double t64 = t39 * t63;
        const double t65 = row_4[k] * t59 - t64;
        const double t66 = t65 / t38;
        const double t67 = t66 + row_9[k];
        const double t68 = row_3[k] * t67;
        const double t69 = in_3[k] * out_5[k] - t54;
        const double t70 = t69 - t44 * t68;
        const double t71 = t70 / t42;
        const double t73 = mn_do_LESS(0x0.0p+0, t44, 0.0, 0.0, 0.0);
        const double t74 = mn_do_AND(row_14[k], t73, 0.0, 0.0, 0.0);
        const double t76 = mn_do_LESS(t44, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t77 = mn_do_AND(row_15[k], t76, 0.0, 0.0, 0.0);
        const double t78 = mn_do_OR(t74, t77, 0.0, 0.0, 0.0);
        const double t79 = mn_do_WHERE(t78, 0x0.0p+0, t44, 0.0, 0.0);
        const double t80 = mn_do_WHERE(t78, 0x0.0p+0, t71, 0.0, 0.0);
        const double t82 = row_16[k] / t42;
        const double t83 = mn_do_WHERE(t78, 0x0.0p+0, t82, 0.0, 0.0);
        out_2[k] = t79;
        out_3[k] = t80;
        out_4[k] = t83;
    }
}

static void linearise(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[17][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        linearise_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_LOG, m, (const double *const[]){row[1]}, row[2]);
        mn_operation_run(MN_OPERATION_LOG, m, (const double *const[]){in[0] + first}, row[7]);
        linearise_1(m, first, in, uniform, row, out);
    }
}

static const int16_t start_input[] = {8};
static const mn_program start_program = {.n_inputs = 1, .n_uniforms = 0, .n_outputs = 1};

static const int16_t conductance_input[] = {9, 1, 0};
static const mn_program conductance_program = {.n_inputs = 3, .n_uniforms = 0, .n_outputs = 2};

static const int16_t advance_input[] = {9, 1, 0, MN_INPUT_VOLTAGE, 2, 4, 7, 3, 5, 6};
static const int16_t advance_uniform[] = {MN_UNIFORM_STEP};
static const mn_program advance_program = {.n_inputs = 10, .n_uniforms = 1, .n_outputs = 1};

static const int16_t linearise_input[] = {9, 1, 0, MN_INPUT_VOLTAGE, 2, 4, 7, 3, 5, 6};
static const mn_program linearise_program = {.n_inputs = 10, .n_uniforms = 0, .n_outputs = 6};

const mn_equation_model mn_mott_channel = {
    .model =
        {
            .name = "MottChannel",
            .doc =
                "A channel that its own current heats over a transition to a metal. Its core of the radius u r_ch is a "
                "metal at the temperature of the transition, its shell an insulator through which heat flows out to "
                "the surroundings, dT colder: core and shell are resistances side by side, R_0/(1 + a u^2). What the "
                "current heats and does not flow out grows the core, by its latent heat and by what the shell then "
                "holds. The voltage of the steady channel falls with its current, between the two turning points u^2 = "
                "-1/(a W(-e/a)) of the branches -1 and 0 of Lambert's W, if and only if a > e^2.",
            .citation = "Pickett and Williams, Nanotechnology 2012, 23, 215202, doi 10.1088/0957-4484/23/21/215202; "
                        "Pickett, Medeiros-Ribeiro and Williams, Nat. Mater. 2013, 12, 114, doi 10.1038/nmat3510; the "
                        "defaults are memnet's, of the order of niobium dioxide's",
            .text = "doc A channel that its own current heats over a transition to a metal. Its core of the radius u "
                    "r_ch is a metal at the\n"
                    "doc temperature of the transition, its shell an insulator through which heat flows out to the "
                    "surroundings, dT colder: core\n"
                    "doc and shell are resistances side by side, R_0/(1 + a u^2). What the current heats and does not "
                    "flow out grows the core,\n"
                    "doc by its latent heat and by what the shell then holds. The voltage of the steady channel falls "
                    "with its current, between\n"
                    "doc the two turning points u^2 = -1/(a W(-e/a)) of the branches -1 and 0 of Lambert's W, if and "
                    "only if a > e^2.\n"
                    "source Pickett and Williams, Nanotechnology 2012, 23, 215202, doi 10.1088/0957-4484/23/21/215202; "
                    "Pickett,\n"
                    "source Medeiros-Ribeiro and Williams, Nat. Mater. 2013, 12, 114, doi 10.1038/nmat3510; the "
                    "defaults are memnet's, of the\n"
                    "source order of niobium dioxide's\n"
                    "\n"
                    "i     = (1 + a*u**2)/R_0*v\n"
                    "lost  = 2*pi*L*kappa*dT/log(1/u)\n"
                    "# What a shell of the logarithmic profile holds, c_p dT pi L r_ch^2 (1 - u^2)/(2 ln(1/u)), and "
                    "the core's latent heat, by u\n"
                    "dH_du = pi*L*r_ch**2*(c_p*dT*(1 - u**2 + 2*u**2*log(u))/(2*u*log(u)**2) + 2*dh*u)\n"
                    "du/dt = (v*i - lost)/dH_du\n"
                    "\n"
                    "parameter R_0   = 70.7 kohm in (0, inf)      : resistance of the channel as an insulator, rho_ins "
                    "L/(pi r_ch^2)\n"
                    "parameter a     = 32.3 in (0, inf)           : how much better the metal conducts, "
                    "rho_ins/rho_met - 1\n"
                    "parameter L     = 20 nm in (0, inf)          : length of the channel\n"
                    "parameter r_ch  = 30 nm in (0, inf)          : radius of the channel\n"
                    "parameter kappa = 1.5 W/(m K) in (0, inf)    : thermal conductivity of the shell\n"
                    "parameter c_p   = 2.6 MJ/(m^3 K) in [0, inf) : heat capacity of a volume\n"
                    "parameter dh    = 160 MJ/m^3 in (0, inf)     : latent heat of a volume\n"
                    "parameter dT    = 780 K in (0, inf)          : temperature of the transition above that of the "
                    "surroundings\n"
                    "parameter u_0   = 1e-6 in [1e-6, 0.999999]   : u at the start\n"
                    "\n"
                    "state u = u_0 in [1e-6, 0.999999]            : radius of the core, in units of r_ch\n",
            .check = "R_0",
            .flags = 0,
            .n_scratch = 0,
            .init = mn_equation_init,
            .conductance = mn_equation_conductance,
            .advance = mn_equation_advance,
            .linearise = mn_equation_linearise,
            MN_ARRAY(field, fields),
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
        },
};
