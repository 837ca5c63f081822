/* FilmSwitch, written from its equations, which stand at the end: to_c() of its class. */
#include "devices/equation_model.h"
#include "equations/compiled.h"

static const mn_field fields[] = {
    {.name = "area",
     .unit = "m^2",
     .doc = "area of the electrodes",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.19799812dea11p-40,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "thickness",
     .unit = "m",
     .doc = "thickness of the film",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.5798ee2308c3ap-26,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "layer",
     .unit = "m",
     .doc = "thickness of what switches of it, at most all",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.12e0be826d695p-29,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "sigma_on",
     .unit = "S/m",
     .doc = "conductivity of the layer at x = 1",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.999999999999ap-4,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "sigma_off",
     .unit = "S/m",
     .doc = "conductivity of the layer at x = 0",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.0624dd2f1a9fcp-10,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "sigma_film",
     .unit = "S/m",
     .doc = "conductivity of the film beside the layer",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.f400000000000p+9,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "mu",
     .unit = "m^2/(V s)",
     .doc = "mobility of the ions at a small field",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.70ef54646d497p-57,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "E_0",
     .unit = "V/m",
     .doc = "field beyond which they hop exponentially faster, 2 k_B T over charge and length of a hop",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.7d78400000000p+25,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "x_initial",
     .unit = "1",
     .doc = "donors at the start",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
    {.name = "x",
     .unit = "1",
     .doc = "donors in the layer, as a share of what it can hold",
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
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    (void)row, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t8 = mn_do_MIN(in_0[k], in_1[k], 0.0, 0.0, 0.0);
        const double t9 = in_2[k] - in_3[k];
        const double t10 = t9 * in_4[k] + in_3[k];
        const double t11 = t8 / t10;
        const double t12 = in_1[k] - t8;
        const double t13 = t12 / in_5[k];
        const double t14 = t11 + t13;
        const double t15 = in_6[k] / t14;
        const double t16 = 0x0.0p+0;
        out_0[k] = t15;
        out_1[k] = t16;
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
    double *restrict row_0 = row[0];
    double *restrict row_1 = row[1];
    double *restrict row_2 = row[2];
    double *restrict row_4 = row[4];
    double *restrict row_6 = row[6];
    double *restrict row_7 = row[7];
    (void)out, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t14 = mn_do_MIN(in_0[k], in_1[k], 0.0, 0.0, 0.0);
        const double t15 = in_2[k] - in_3[k];
        const double t16 = t15 * in_4[k] + in_3[k];
        const double t17 = in_1[k] - t14;
        const double t18 = t17 * t16;
        const double t19 = t18 / in_5[k];
        const double t20 = t14 + t19;
        const double t21 = in_6[k] / t20;
        const double t22 = t21 / in_7[k];
        const double t23 = mn_do_MIN(t22, 0x1.9000000000000p+7, 0.0, 0.0, 0.0);
        const double t24 = mn_do_MAX(t23, (-0x1.9000000000000p+7), 0.0, 0.0, 0.0);
        const double t25 = in_8[k] * in_7[k];
        const double t27 = t22 - t24;
        const double t32 = t17 * t15;
        const double t33 = t32 / in_5[k];
        const double t34 = t21 * t33;
        const double t35 = -t34;
        const double t36 = t35 / t20;
        const double t37 = t36 / in_7[k];
        const double t38 = mn_do_LESS(t22, 0x1.9000000000000p+7, 0.0, 0.0, 0.0);
        const double t39 = mn_do_WHERE(t38, t37, 0x0.0p+0, 0.0, 0.0);
        const double t40 = mn_do_LESS((-0x1.9000000000000p+7), t23, 0.0, 0.0, 0.0);
        const double t41 = mn_do_WHERE(t40, t39, 0x0.0p+0, 0.0, 0.0);
        const double t42 = t37 - t41;
        row_0[k] = t14;
        row_1[k] = t24;
        row_2[k] = t25;
        row_4[k] = t27;
        row_6[k] = t41;
        row_7[k] = t42;
    }
}

MN_VECTOR
static void advance_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                      double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict row_0 = row[0];
    const double *restrict row_2 = row[2];
    const double *restrict row_3 = row[3];
    const double *restrict row_4 = row[4];
    const double *restrict row_5 = row[5];
    const double *restrict row_6 = row[6];
    const double *restrict row_7 = row[7];
    double *restrict row_1 = row[1];
    double *restrict row_8 = row[8];
    (void)in, (void)out;
    (void)first;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t29 = row_4[k] * row_5[k] + row_3[k];
        const double t30 = row_2[k] * t29;
        const double t31 = t30 / row_0[k];
        const double t43 = row_3[k] * row_6[k];
        const double t44 = row_4[k] * t43;
        const double t45 = row_7[k] * row_5[k] + t44;
        const double t46 = row_5[k] * row_6[k] + t45;
        const double t47 = row_2[k] * t46;
        const double t48 = t47 / row_0[k];
        const double t49 = t48 * uniform[0];
        row_1[k] = t31;
        row_8[k] = t49;
    }
}

MN_VECTOR
static void advance_2(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                      double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_4 = in[4] + first;
    const double *restrict row_1 = row[1];
    const double *restrict row_9 = row[9];
    double *restrict out_0 = out[0] + first;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t51 = uniform[0] * row_9[k];
        const double t52 = t51 * row_1[k] + in_4[k];
        const double t53 = mn_do_MIN(t52, 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t54 = mn_do_MAX(t53, 0x0.0p+0, 0.0, 0.0, 0.0);
        out_0[k] = t54;
    }
}

static void advance(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[10][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        advance_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_SINH, m, (const double *const[]){row[1]}, row[3]);
        mn_operation_run(MN_OPERATION_COSH, m, (const double *const[]){row[1]}, row[5]);
        advance_1(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_PHI1, m, (const double *const[]){row[8]}, row[9]);
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
    double *restrict row_2 = row[2];
    double *restrict row_4 = row[4];
    double *restrict row_6 = row[6];
    double *restrict row_7 = row[7];
    double *restrict row_8 = row[8];
    double *restrict row_9 = row[9];
    double *restrict row_10 = row[10];
    double *restrict row_11 = row[11];
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t14 = mn_do_MIN(in_0[k], in_1[k], 0.0, 0.0, 0.0);
        const double t15 = in_2[k] - in_3[k];
        const double t16 = t15 * in_4[k] + in_3[k];
        const double t17 = in_5[k] * in_6[k];
        const double t18 = t14 / t16;
        const double t19 = in_1[k] - t14;
        const double t20 = t19 / in_7[k];
        const double t21 = t18 + t20;
        const double t22 = t17 / t21;
        const double t23 = t19 * t16;
        const double t24 = t23 / in_7[k];
        const double t25 = t14 + t24;
        const double t26 = in_5[k] / t25;
        const double t27 = t26 / in_8[k];
        const double t28 = mn_do_MIN(t27, 0x1.9000000000000p+7, 0.0, 0.0, 0.0);
        const double t29 = mn_do_MAX(t28, (-0x1.9000000000000p+7), 0.0, 0.0, 0.0);
        const double t30 = in_9[k] * in_8[k];
        const double t32 = t27 - t29;
        const double t37 = in_6[k] / t21;
        const double t38 = t19 * t15;
        const double t39 = t38 / in_7[k];
        const double t40 = t26 * t39;
        const double t41 = -t40;
        const double t42 = t41 / t25;
        const double t43 = t42 / in_8[k];
        const double t44 = mn_do_LESS(t27, 0x1.9000000000000p+7, 0.0, 0.0, 0.0);
        const double t45 = mn_do_WHERE(t44, t43, 0x0.0p+0, 0.0, 0.0);
        const double t46 = mn_do_LESS((-0x1.9000000000000p+7), t28, 0.0, 0.0, 0.0);
        const double t47 = mn_do_WHERE(t46, t45, 0x0.0p+0, 0.0, 0.0);
        const double t48 = t43 - t47;
        const double t55 = mn_do_LESS_EQUAL(0x1.0000000000000p+0, in_4[k], 0.0, 0.0, 0.0);
        const double t58 = mn_do_LESS_EQUAL(in_4[k], 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t64 = 0x1.0000000000000p+0 / t25;
        const double t65 = t64 / in_8[k];
        const double t66 = mn_do_WHERE(t44, t65, 0x0.0p+0, 0.0, 0.0);
        const double t67 = mn_do_WHERE(t46, t66, 0x0.0p+0, 0.0, 0.0);
        const double t68 = t65 - t67;
        const double t76 = t18 * t15;
        const double t77 = -t76;
        const double t78 = t77 / t16;
        const double t79 = t22 * t78;
        const double t80 = -t79;
        const double t81 = t80 / t21;
        row_0[k] = t14;
        out_0[k] = t22;
        row_1[k] = t29;
        row_2[k] = t30;
        row_4[k] = t32;
        out_1[k] = t37;
        row_6[k] = t47;
        row_7[k] = t48;
        row_8[k] = t55;
        row_9[k] = t58;
        row_10[k] = t67;
        row_11[k] = t68;
        out_5[k] = t81;
    }
}

MN_VECTOR
static void linearise_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                        double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict row_0 = row[0];
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
    double *restrict out_2 = out[2] + first;
    double *restrict out_3 = out[3] + first;
    double *restrict out_4 = out[4] + first;
    (void)in, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t34 = row_4[k] * row_5[k] + row_3[k];
        const double t35 = row_2[k] * t34;
        const double t36 = t35 / row_0[k];
        const double t49 = row_3[k] * row_6[k];
        const double t50 = row_4[k] * t49;
        const double t51 = row_7[k] * row_5[k] + t50;
        const double t52 = row_5[k] * row_6[k] + t51;
        const double t53 = row_2[k] * t52;
        const double t54 = t53 / row_0[k];
        const double t56 = mn_do_LESS(0x0.0p+0, t36, 0.0, 0.0, 0.0);
        const double t57 = mn_do_AND(row_8[k], t56, 0.0, 0.0, 0.0);
        const double t59 = mn_do_LESS(t36, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t60 = mn_do_AND(row_9[k], t59, 0.0, 0.0, 0.0);
        const double t61 = mn_do_OR(t57, t60, 0.0, 0.0, 0.0);
        const double t62 = mn_do_WHERE(t61, 0x0.0p+0, t36, 0.0, 0.0);
        const double t63 = mn_do_WHERE(t61, 0x0.0p+0, t54, 0.0, 0.0);
        const double t69 = row_3[k] * row_10[k];
        const double t70 = row_4[k] * t69;
        const double t71 = row_11[k] * row_5[k] + t70;
        const double t72 = row_5[k] * row_10[k] + t71;
        const double t73 = row_2[k] * t72;
        const double t74 = t73 / row_0[k];
        const double t75 = mn_do_WHERE(t61, 0x0.0p+0, t74, 0.0, 0.0);
        out_2[k] = t62;
        out_3[k] = t63;
        out_4[k] = t75;
    }
}

static void linearise(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[12][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        linearise_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_SINH, m, (const double *const[]){row[1]}, row[3]);
        mn_operation_run(MN_OPERATION_COSH, m, (const double *const[]){row[1]}, row[5]);
        linearise_1(m, first, in, uniform, row, out);
    }
}

static const int16_t start_input[] = {8};
static const mn_program start_program = {.n_inputs = 1, .n_uniforms = 0, .n_outputs = 1};

static const int16_t conductance_input[] = {2, 1, 3, 4, 9, 5, 0};
static const mn_program conductance_program = {.n_inputs = 7, .n_uniforms = 0, .n_outputs = 2};

static const int16_t advance_input[] = {2, 1, 3, 4, 9, 5, MN_INPUT_VOLTAGE, 7, 6};
static const int16_t advance_uniform[] = {MN_UNIFORM_STEP};
static const mn_program advance_program = {.n_inputs = 9, .n_uniforms = 1, .n_outputs = 1};

static const int16_t linearise_input[] = {2, 1, 3, 4, 9, MN_INPUT_VOLTAGE, 0, 5, 7, 6};
static const mn_program linearise_program = {.n_inputs = 10, .n_uniforms = 0, .n_outputs = 6};

const mn_equation_model mn_film_switch = {
    .model =
        {
            .name = "FilmSwitch",
            .doc = "A film that conducts under the whole of its electrodes, and of which a layer at one of them "
                   "switches: ions bring donors into the layer under a positive voltage, and take them away under a "
                   "negative one. A layer thinner than the film is an interface: resistances go as 1/area and hardly "
                   "know the thickness, nor does the time to switch. With layer at or beyond the thickness the whole "
                   "volume switches: resistances go as thickness/area, and the time at a small voltage as thickness^2. "
                   "A filament, ElectrochemicalMetallization, does not know the area of the cell. Ions move at mu "
                   "times the field as long as that is small beside E_0, and exponentially faster beyond. Exponents "
                   "above 200 go on along the tangent.",
            .citation = "Chen, Zhang, Tappertzhofen, Yang and Valov, Adv. Mater. 2023, doi 10.1002/adma.202301924, "
                        "figure 8 e and f, which print no equation; hops: Mott and Gurney, Electronic Processes in "
                        "Ionic Crystals, Oxford 1940; the defaults are memnet's",
            .text = "doc A film that conducts under the whole of its electrodes, and of which a layer at one of them "
                    "switches: ions bring donors\n"
                    "doc into the layer under a positive voltage, and take them away under a negative one. A layer "
                    "thinner than the film is an\n"
                    "doc interface: resistances go as 1/area and hardly know the thickness, nor does the time to "
                    "switch. With layer at or beyond\n"
                    "doc the thickness the whole volume switches: resistances go as thickness/area, and the time at a "
                    "small voltage as thickness^2.\n"
                    "doc A filament, ElectrochemicalMetallization, does not know the area of the cell. Ions move at mu "
                    "times the field as long as\n"
                    "doc that is small beside E_0, and exponentially faster beyond. Exponents above 200 go on along "
                    "the tangent.\n"
                    "source Chen, Zhang, Tappertzhofen, Yang and Valov, Adv. Mater. 2023, doi 10.1002/adma.202301924, "
                    "figure 8 e and f, which print\n"
                    "source no equation; hops: Mott and Gurney, Electronic Processes in Ionic Crystals, Oxford 1940; "
                    "the defaults are memnet's\n"
                    "\n"
                    "i     = v*area/(depth/sigma + (thickness - depth)/sigma_film)\n"
                    "depth = min(layer, thickness)\n"
                    "sigma = sigma_off + (sigma_on - sigma_off)*x\n"
                    "# The field in the layer, as a share of E_0\n"
                    "e     = v/(depth + (thickness - depth)*sigma/sigma_film)/E_0\n"
                    "u     = max(min(e, 200), -200)\n"
                    "dx/dt = mu*E_0*(sinh(u) + (e - u)*cosh(u))/depth\n"
                    "\n"
                    "parameter area       = 1 um^2 in (0, inf)        : area of the electrodes\n"
                    "parameter thickness  = 20 nm in (0, inf)         : thickness of the film\n"
                    "parameter layer      = 2 nm in (0, inf)          : thickness of what switches of it, at most all\n"
                    "parameter sigma_on   = 0.1 S/m in (0, inf)       : conductivity of the layer at x = 1\n"
                    "parameter sigma_off  = 1 mS/m in (0, inf)        : conductivity of the layer at x = 0\n"
                    "parameter sigma_film = 1 kS/m in (0, inf)        : conductivity of the film beside the layer\n"
                    "parameter mu         = 1e-17 m^2/(V s) in [0, inf) : mobility of the ions at a small field\n"
                    "parameter E_0        = 50 MV/m in (0, inf)       : field beyond which they hop exponentially "
                    "faster, 2 k_B T over charge and length of a hop\n"
                    "parameter x_initial  = 0 in [0, 1]               : donors at the start\n"
                    "\n"
                    "state x = x_initial in [0, 1]                    : donors in the layer, as a share of what it can "
                    "hold\n",
            .check = "area",
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
