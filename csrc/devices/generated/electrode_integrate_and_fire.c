/* ElectrodeIntegrateAndFire, written from its equations, which stand at the end: to_c() of its class. */
#include "devices/equation_model.h"
#include "equations/compiled.h"

static const mn_field fields[] = {
    {.name = "C_m",
     .unit = "F",
     .doc = "capacitance of the membrane",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.34f677ecb65edp-32,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "g_L",
     .unit = "S",
     .doc = "conductance of the leak",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x1.01b2b29a4692bp-25,
     MN_RANGE(0x0.0p+0, INFINITY, "()")},
    {.name = "E_L",
     .unit = "V",
     .doc = "where the leak alone would rest",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = -0x1.212d77318fc50p-4,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "V_T",
     .unit = "V",
     .doc = "voltage at which it fires",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = -0x1.9ce075f6fd220p-5,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "V_r",
     .unit = "V",
     .doc = "voltage after a spike",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = -0x1.212d77318fc50p-4,
     MN_RANGE(-INFINITY, INFINITY, "()"),
     .below = "V_T"},
    {.name = "t_ref",
     .unit = "s",
     .doc = "refractory time",
     .kind = MN_REAL,
     .role = MN_PARAMETER,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "u",
     .unit = "V",
     .doc = "voltage of the membrane",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(-INFINITY, INFINITY, "()")},
    {.name = "age",
     .unit = "s",
     .doc = "time since the last spike, else since the start",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, INFINITY, "[)")},
    {.name = "resting",
     .unit = "1",
     .doc = "1 while it is refractory",
     .kind = MN_REAL,
     .role = MN_STATE,
     .initial = 0x0.0p+0,
     MN_RANGE(0x0.0p+0, 0x1.0000000000000p+0, "[]")},
};

static const mn_event events[] = {{"spike", 1}, {"recovered", 2}};

MN_VECTOR
static void start_0(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                    double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_0 = in[0] + first;
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    double *restrict out_2 = out[2] + first;
    (void)row, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t2 = in_0[k];
        const double t3 = 0x0.0p+0;
        const double t4 = 0x0.0p+0;
        out_0[k] = t2;
        out_1[k] = t3;
        out_2[k] = t4;
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
    double *restrict out_0 = out[0] + first;
    double *restrict out_1 = out[1] + first;
    (void)in, (void)row, (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t1 = 0x0.0p+0;
        const double t2 = 0x0.0p+0;
        out_0[k] = t1;
        out_1[k] = t2;
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
    double *restrict row_1 = row[1];
    double *restrict row_2 = row[2];
    double *restrict row_3 = row[3];
    double *restrict row_4 = row[4];
    double *restrict row_5 = row[5];
    double *restrict row_6 = row[6];
    double *restrict row_7 = row[7];
    double *restrict row_8 = row[8];
    double *restrict row_10 = row[10];
    double *restrict row_11 = row[11];
    double *restrict row_12 = row[12];
    double *restrict row_13 = row[13];
    double *restrict row_14 = row[14];
    (void)out;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t15 = in_0[k] / in_1[k];
        const double t16 = in_2[k] + t15;
        const double t17 = in_3[k] / in_1[k];
        const double t18 = t16 - in_4[k];
        const double t19 = t16 - in_5[k];
        const double t20 = mn_do_LESS(0x0.0p+0, in_6[k], 0.0, 0.0, 0.0);
        const double t21 = in_7[k] - t16;
        const double t22 = t19 / t17;
        const double t23 = mn_do_WHERE(t20, 0x0.0p+0, t22, 0.0, 0.0);
        const double t24 = (-0x1.0000000000000p+0) / t17;
        const double t25 = mn_do_WHERE(t20, 0x0.0p+0, t24, 0.0, 0.0);
        const double t26 = t16 / t17;
        const double t27 = mn_do_WHERE(t20, 0x0.0p+0, t26, 0.0, 0.0);
        const double t29 = in_8[k] + uniform[0];
        const double t30 = mn_do_MAX(t29, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t31 = mn_do_LESS(in_6[k], 0x1.0000000000000p-1, 0.0, 0.0, 0.0);
        const double t34 = mn_do_LESS(0x0.0p+0, in_9[k], 0.0, 0.0, 0.0);
        const double t41 = t30 - in_9[k];
        const double t42 = mn_do_MAX(t41, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t50 = mn_do_WHERE(t34, 0x1.0000000000000p+0, 0x0.0p+0, 0.0, 0.0);
        const double t54 = mn_do_MIN(t50, 0x1.0000000000000p+0, 0.0, 0.0, 0.0);
        const double t55 = mn_do_MAX(t54, 0x0.0p+0, 0.0, 0.0, 0.0);
        row_1[k] = t16;
        row_2[k] = t17;
        row_3[k] = t18;
        row_4[k] = t20;
        row_5[k] = t21;
        row_6[k] = t23;
        row_7[k] = t25;
        row_8[k] = t27;
        row_10[k] = t30;
        row_11[k] = t31;
        row_12[k] = t34;
        row_13[k] = t42;
        row_14[k] = t55;
    }
}

MN_VECTOR
static void advance_1(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                      double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_4 = in[4] + first;
    const double *restrict in_6 = in[6] + first;
    const double *restrict row_1 = row[1];
    const double *restrict row_3 = row[3];
    const double *restrict row_9 = row[9];
    const double *restrict row_11 = row[11];
    const double *restrict row_14 = row[14];
    double *restrict out_3 = out[3] + first;
    double *restrict row_6 = row[6];
    double *restrict row_8 = row[8];
    double *restrict row_15 = row[15];
    double *restrict row_16 = row[16];
    double *restrict row_17 = row[17];
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t32 = mn_do_LESS(in_4[k], row_9[k], 0.0, 0.0, 0.0);
        const double t33 = mn_do_AND(row_11[k], t32, 0.0, 0.0, 0.0);
        const double t35 = row_1[k] - row_9[k];
        const double t36 = row_3[k] / t35;
        const double t39 = mn_do_LESS(row_9[k], row_1[k], 0.0, 0.0, 0.0);
        const double t56 = mn_do_WHERE(t33, row_14[k], in_6[k], 0.0, 0.0);
        const double t58 = mn_do_LESS(0x1.0000000000000p-1, t56, 0.0, 0.0, 0.0);
        const double t68 = mn_do_LESS(0x0.0p+0, t56, 0.0, 0.0, 0.0);
        out_3[k] = t33;
        row_6[k] = t36;
        row_8[k] = t39;
        row_15[k] = t56;
        row_16[k] = t58;
        row_17[k] = t68;
    }
}

MN_VECTOR
static void advance_2(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                      double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_9 = in[9] + first;
    const double *restrict out_3 = out[3] + first;
    const double *restrict row_2 = row[2];
    const double *restrict row_4 = row[4];
    const double *restrict row_7 = row[7];
    const double *restrict row_8 = row[8];
    const double *restrict row_10 = row[10];
    const double *restrict row_13 = row[13];
    const double *restrict row_15 = row[15];
    const double *restrict row_16 = row[16];
    double *restrict out_1 = out[1] + first;
    double *restrict out_2 = out[2] + first;
    double *restrict out_4 = out[4] + first;
    double *restrict row_6 = row[6];
    double *restrict row_14 = row[14];
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t38 = row_2[k] * row_7[k];
        const double t40 = mn_do_WHERE(row_8[k], t38, 0x0.0p+0, 0.0, 0.0);
        const double t43 = mn_do_WHERE(row_4[k], row_13[k], t40, 0.0, 0.0);
        const double t44 = -t43;
        const double t45 = t44 / row_2[k];
        const double t52 = mn_do_MAX(t40, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t53 = mn_do_WHERE(out_3[k], t52, row_10[k], 0.0, 0.0);
        const double t57 = mn_do_LESS_EQUAL(in_9[k], t53, 0.0, 0.0, 0.0);
        const double t59 = mn_do_AND(row_16[k], t57, 0.0, 0.0, 0.0);
        const double t66 = t53 - in_9[k];
        const double t67 = mn_do_MAX(t66, 0x0.0p+0, 0.0, 0.0, 0.0);
        const double t76 = mn_do_WHERE(t59, 0x0.0p+0, row_15[k], 0.0, 0.0);
        row_6[k] = t45;
        out_1[k] = t53;
        out_4[k] = t59;
        row_14[k] = t67;
        out_2[k] = t76;
    }
}

MN_VECTOR
static void advance_3(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                      double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_4 = in[4] + first;
    const double *restrict in_7 = in[7] + first;
    const double *restrict out_3 = out[3] + first;
    const double *restrict row_1 = row[1];
    const double *restrict row_3 = row[3];
    const double *restrict row_5 = row[5];
    const double *restrict row_9 = row[9];
    const double *restrict row_11 = row[11];
    const double *restrict row_12 = row[12];
    double *restrict row_4 = row[4];
    double *restrict row_6 = row[6];
    double *restrict row_8 = row[8];
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t47 = row_5[k] * row_11[k] + row_1[k];
        const double t48 = mn_do_MIN(t47, in_4[k], 0.0, 0.0, 0.0);
        const double t49 = mn_do_WHERE(row_12[k], in_7[k], t48, 0.0, 0.0);
        const double t51 = mn_do_WHERE(out_3[k], t49, row_9[k], 0.0, 0.0);
        const double t60 = row_1[k] - t51;
        const double t61 = row_3[k] / t60;
        const double t64 = mn_do_LESS(t51, row_1[k], 0.0, 0.0, 0.0);
        row_4[k] = t51;
        row_6[k] = t61;
        row_8[k] = t64;
    }
}

MN_VECTOR
static void advance_4(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                      double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict row_2 = row[2];
    const double *restrict row_7 = row[7];
    const double *restrict row_8 = row[8];
    const double *restrict row_14 = row[14];
    const double *restrict row_17 = row[17];
    double *restrict row_3 = row[3];
    (void)in, (void)out, (void)uniform;
    (void)first;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t63 = row_2[k] * row_7[k];
        const double t65 = mn_do_WHERE(row_8[k], t63, 0x0.0p+0, 0.0, 0.0);
        const double t69 = mn_do_WHERE(row_17[k], row_14[k], t65, 0.0, 0.0);
        const double t70 = -t69;
        const double t71 = t70 / row_2[k];
        row_3[k] = t71;
    }
}

MN_VECTOR
static void advance_5(const int64_t n, const int64_t first, const double *const *in, const double *uniform,
                      double (*row)[MN_PROGRAM_BLOCK], double *const *out)
{
    const double *restrict in_4 = in[4] + first;
    const double *restrict out_4 = out[4] + first;
    const double *restrict row_1 = row[1];
    const double *restrict row_4 = row[4];
    const double *restrict row_5 = row[5];
    const double *restrict row_6 = row[6];
    double *restrict out_0 = out[0] + first;
    (void)uniform;
    MN_INDEPENDENT
    for (int64_t k = 0; k < n; k++) {
        const double t73 = row_5[k] * row_6[k] + row_1[k];
        const double t74 = mn_do_MIN(t73, in_4[k], 0.0, 0.0, 0.0);
        const double t75 = mn_do_WHERE(out_4[k], t74, row_4[k], 0.0, 0.0);
        out_0[k] = t75;
    }
}

static void advance(int64_t n, const double *const *in, const double *uniform, double *const *out)
{
    double row[18][MN_PROGRAM_BLOCK];
    (void)row, (void)in, (void)uniform;
    mn_fill(row[0], uniform[0]);
    for (int64_t first = 0; first < n; first += MN_PROGRAM_BLOCK) {
        const int64_t left = n - first, m = left < MN_PROGRAM_BLOCK ? left : MN_PROGRAM_BLOCK;
        advance_0(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_RELAX, m, (const double *const[]){in[5] + first, row[0], row[7], row[6], row[8]},
                         row[9]);
        advance_1(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_LOG, m, (const double *const[]){row[6]}, row[7]);
        advance_2(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[6]}, row[11]);
        advance_3(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_LOG, m, (const double *const[]){row[6]}, row[7]);
        advance_4(m, first, in, uniform, row, out);
        mn_operation_run(MN_OPERATION_EXP, m, (const double *const[]){row[3]}, row[6]);
        advance_5(m, first, in, uniform, row, out);
    }
}

static const int16_t start_input[] = {4};
static const mn_program start_program = {.n_inputs = 1, .n_uniforms = 0, .n_outputs = 3};

static const mn_program conductance_program = {.n_inputs = 0, .n_uniforms = 0, .n_outputs = 2};

static const int16_t advance_input[] = {MN_INPUT_INFLOW, 1, 2, 0, 3, 6, 8, 4, 7, 5};
static const int16_t advance_uniform[] = {MN_UNIFORM_STEP};
static const mn_program advance_program = {.n_inputs = 10, .n_uniforms = 1, .n_outputs = 5};

const mn_equation_model mn_electrode_integrate_and_fire = {
    .model =
        {
            .name = "ElectrodeIntegrateAndFire",
            .doc = "A neuron at virtual ground, as an amplifier makes it: an edge from the electrode at which a column "
                   "of synapses ends, and which its drive holds at 0 V, to any other node. It carries nothing; the "
                   "current that the electrode takes from the network charges a membrane u that the circuit does not "
                   "see. Where u passes V_T it jumps to V_r, and stays there for t_ref. Steps of a fixed length hold "
                   "the current; the membrane is exact under it: the passage of V_T and the end of the refractory time "
                   "are found within the step, and the rest of the step goes on from there. An event is noted at the "
                   "start of the step in which it is, and age says how long before the end of the step it was; there "
                   "is one spike at most in a step. The events are those of IntegrateAndFire. V_r stays below V_T.",
            .citation = "Lapicque, J. Physiol. Pathol. Gen. 1907, 9, 620; as equation 20 of Chen, Zhang, "
                        "Tappertzhofen, Yang and Valov, Adv. Mater. 2023, doi 10.1002/adma.202301924, with a reset",
            .text = "doc A neuron at virtual ground, as an amplifier makes it: an edge from the electrode at which a "
                    "column of synapses ends,\n"
                    "doc and which its drive holds at 0 V, to any other node. It carries nothing; the current that the "
                    "electrode takes from the\n"
                    "doc network charges a membrane u that the circuit does not see. Where u passes V_T it jumps to "
                    "V_r, and stays there for\n"
                    "doc t_ref. Steps of a fixed length hold the current; the membrane is exact under it: the passage "
                    "of V_T and the end of the\n"
                    "doc refractory time are found within the step, and the rest of the step goes on from there. An "
                    "event is noted at the start\n"
                    "doc of the step in which it is, and age says how long before the end of the step it was; there is "
                    "one spike at most in a\n"
                    "doc step. The events are those of IntegrateAndFire. V_r stays below V_T.\n"
                    "source Lapicque, J. Physiol. Pathol. Gen. 1907, 9, 620; as equation 20 of\n"
                    "source Chen, Zhang, Tappertzhofen, Yang and Valov, Adv. Mater. 2023, doi 10.1002/adma.202301924, "
                    "with a reset\n"
                    "\n"
                    "i        = 0\n"
                    "du/dt    = where(resting > 0, 0, (u_inf - u)/tau)\n"
                    "dage/dt  = 1\n"
                    "\n"
                    "u_inf = E_L + inflow/g_L                                           # where the current takes it\n"
                    "tau   = C_m/g_L\n"
                    "late  = where(u_inf > u, tau*log((u_inf - V_T)/(u_inf - u)), 0)    # how long ago u passed V_T\n"
                    "since = where(resting > 0, max(age - t_ref, 0), late)              # how long ago V_r let it go\n"
                    "again = min(u_inf + (V_r - u_inf)*exp(-since/tau), V_T)            # where it is since then\n"
                    "\n"
                    "event spike each step when resting < 0.5 and u > V_T: u = where(t_ref > 0, V_r, again), age = "
                    "late, resting = where(t_ref > 0, 1, 0) : it fires\n"
                    "event recovered each step when resting > 0.5 and age >= t_ref: u = again, resting = 0 : it may "
                    "fire again\n"
                    "\n"
                    "parameter C_m   = 281 pF in (0, inf)      : capacitance of the membrane\n"
                    "parameter g_L   = 30 nS in (0, inf)       : conductance of the leak\n"
                    "parameter E_L   = -70.6 mV                : where the leak alone would rest\n"
                    "parameter V_T   = -50.4 mV                : voltage at which it fires\n"
                    "parameter V_r   = -70.6 mV in (-inf, V_T) : voltage after a spike\n"
                    "parameter t_ref = 0 ms in [0, inf)        : refractory time\n"
                    "\n"
                    "state u       = V_r             : voltage of the membrane\n"
                    "state age     = 0 s in [0, inf) : time since the last spike, else since the start\n"
                    "state resting = 0 in [0, 1]     : 1 while it is refractory\n",
            .check = "C_m",
            .flags = MN_READS_INFLOW,
            .n_scratch = 2,
            .n_at_once = 2,
            .init = mn_equation_init,
            .conductance = mn_equation_conductance,
            .advance = mn_equation_advance,
            MN_ARRAY(field, fields),
            MN_ARRAY(event, events),
        },
    .of =
        {
            [MN_EQUATIONS_START] = {.program = &start_program, .compiled = start, .input = start_input},
            [MN_EQUATIONS_CONDUCTANCE] = {.program = &conductance_program, .compiled = conductance},
            [MN_EQUATIONS_ADVANCE] =
                {.program = &advance_program, .compiled = advance, .input = advance_input, .uniform = advance_uniform},
        },
    .n_at_steps = 2,
};
