/* Loops of charges and driven voltages. What a charge carries there is q_v times the rate of its voltage, which the
 * drive decides, and what its states bring, q_x f; no balance of currents tells it: with the potentials of a moment, the
 * rates k of those potentials that charges join to two driven electrodes satisfy
 *
 *     sum over charges (q_v k_v + q_x f) = what else flows into the node,
 *
 * with the slopes of the drive at the electrodes: one solve with the capacitances q_v in the place of conductances. */
#include "network/sets.h"
#include "simulate/moment.h"
#include "simulate/newton.h"

#include <math.h>
#include <string.h>

static inline bool has_charge(const mn_simulation *simulation, int64_t p)
{
    return (simulation->population[p].model->flags & MN_HAS_CHARGE) != 0;
}

/* Which nodes and electrodes charges join: the root of each in newton->island. */
static void join_charged(mn_simulation *simulation)
{
    const mn_network *network = simulation->network;
    mn_newton *newton = simulation->engine->newton;
    mn_sets_init(network->n_nodes + network->n_electrodes, newton->island);
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_members *ends = &simulation->engine->members[p];
        for (int64_t k = 0; k < simulation->population[p].n && has_charge(simulation, p); k++) {
            mn_sets_join(newton->island, newton->slot[ends->a[k]], newton->slot[ends->b[k]]);
        }
    }
}

/* Counts, up to 2, what electrodes are in each set, in newton->is_open of its root; only those at voltages if asked.
 * Whether a set has two. */
static bool count_electrodes(mn_simulation *simulation, bool driven_only)
{
    const mn_network *network = simulation->network;
    mn_newton *newton = simulation->engine->newton;
    bool any = false;
    memset(newton->is_open, 0, (size_t)(network->n_nodes + network->n_electrodes) * sizeof(*newton->is_open));
    for (int64_t e = 0; e < network->n_electrodes; e++) {
        uint8_t *count = &newton->is_open[mn_sets_root(newton->island, (int32_t)(network->n_nodes + e))];
        *count += (uint8_t)(*count < 2 && (!driven_only || newton->role[e] == MN_VOLTAGE));
        any = any || *count == 2;
    }
    return any;
}

bool mn_charges_join_electrodes(mn_simulation *simulation)
{
    join_charged(simulation);
    return count_electrodes(simulation, false);
}

static inline bool is_in_loop(const mn_newton *newton, int32_t slot)
{
    return newton->is_open[newton->island[slot]] == 2;
}

/* What the states of a member bring to its charge while they move (A). */
static double of_states(const mn_newton_members *members, int64_t k)
{
    double rate = 0.0;
    for (int64_t f = 0; f < members->view.model->n_fields; f++) {
        const double q_x = members->point.x[f] == NULL ? 0.0 : members->point.linear.q_x[f][k];
        rate += q_x != 0.0 ? q_x * members->point.linear.f[f][k] : 0.0;
    }
    return rate;
}

/* The capacitances in loops, and what charges there carry out of each node as the balance has it, less what their
 * states bring: that is the same. */
static void read_loops(mn_simulation *simulation, double *capacitance, double *out)
{
    const mn_network *network = simulation->network;
    mn_newton *newton = simulation->engine->newton;
    memset(capacitance, 0, (size_t)network->n_edges * sizeof(double));
    memset(out, 0, (size_t)network->n_nodes * sizeof(double));
    for (int64_t k = 0; k < network->n_nodes + network->n_electrodes; k++) {
        newton->island[k] = mn_sets_root(newton->island, (int32_t)k);
    }
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        const mn_newton_members *members = &newton->members[p];
        const mn_members *ends = &simulation->engine->members[p];
        for (int64_t k = 0; k < members->view.n && has_charge(simulation, p); k++) {
            if (is_in_loop(newton, newton->slot[ends->a[k]])) {
                capacitance[members->view.edge[k]] = members->point.linear.q_v[k];
                const double moves = members->charging[k] - of_states(members, k);
                out[ends->a[k]] += moves;
                out[ends->b[k]] -= moves;
            }
        }
    }
}

/* What the charges in loops carry, from the rates of potentials. */
static void set_currents(mn_simulation *simulation, const double *rate)
{
    mn_newton *newton = simulation->engine->newton;
    for (int64_t p = 0; p < simulation->n_populations; p++) {
        mn_newton_members *members = &newton->members[p];
        const mn_members *ends = &simulation->engine->members[p];
        for (int64_t k = 0; k < members->view.n && has_charge(simulation, p); k++) {
            const int32_t a = ends->a[k], b = ends->b[k], edge = members->view.edge[k];
            if (!is_in_loop(newton, newton->slot[a])) {
                continue;
            }
            const double of_voltage = rate[a] - rate[b];
            const double of_rate = members->point.linear.q_v[k] * (isnan(of_voltage) ? 0.0 : of_voltage);
            const double current = of_rate + of_states(members, k);
            const double more = current - members->charging[k];
            members->before[k] = members->charging[k] = current;
            members->moved[k] = 0.0;
            newton->current[edge] += more;
            newton->into[a] -= more;
            newton->into[b] += more;
        }
    }
}

int mn_charge_loops_balance(mn_simulation *simulation, mn_error *error)
{
    const mn_network *network = simulation->network;
    mn_newton *newton = simulation->engine->newton;
    double *capacitance = newton->growth, *out = newton->old, *rate = newton->step;
    join_charged(simulation);
    if (!count_electrodes(simulation, true)) {
        return MN_OK;
    }
    read_loops(simulation, capacitance, out);
    mn_drive_slopes(simulation, newton->t, newton->is_before, newton->slopes);
    for (int64_t e = 0; e < network->n_electrodes; e++) {
        newton->boundary[e] = newton->role[e] == MN_VOLTAGE ? newton->slopes[e] : 0.0;
    }
    const mn_boundary boundary = {.role = newton->role, .value = newton->boundary};
    const mn_solution solution = {.potential = rate};
    mn_solver *solver = mn_newton_solver(simulation, capacitance);
    newton->solver = NULL;
    simulation->step_counters.n_factorisations++;
    simulation->step_counters.n_solves++;
    int code = mn_solver_factor(solver, capacitance, NULL, -1, NULL, error);
    if (code == MN_OK) {
        code = mn_solver_solve(solver, &boundary, out, NULL, &solution, error);
    }
    if (code == MN_OK) {
        set_currents(simulation, rate);
    }
    return code;
}
