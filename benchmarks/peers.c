/* CHOLMOD and KLU on one pattern: analysed once, then factored and solved anew for other values. peers.py compiles this
 * and calls it beside memnet, in one process. */
#include <cholmod.h>
#include <klu.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { KLU = -1 }; /* beside CHOLMOD's orders; KLU's own is AMD */

typedef struct {
    int order;
    int32_t n;
    int32_t *start, *row;
    /* KLU: the whole matrix */
    klu_common klu;
    klu_symbolic *symbolic;
    klu_numeric *numeric;
    /* CHOLMOD: its upper triangle */
    cholmod_common common;
    cholmod_sparse matrix;
    cholmod_factor *factor;
    cholmod_dense right, *x, *y, *e;
} peer;

peer *peer_new(int order, int supernodal, int32_t n, const int32_t *start, const int32_t *row);
int peer_factor_and_solve(peer *self, double *value, double *right, double *x);
double peer_entries(const peer *self);
void peer_free(peer *self);

static int analyse_klu(peer *self)
{
    klu_defaults(&self->klu);
    self->symbolic = klu_analyze(self->n, self->start, self->row, &self->klu);
    return self->symbolic != NULL;
}

static int analyse_cholmod(peer *self, int supernodal)
{
    cholmod_common *common = &self->common;
    cholmod_start(common);
    common->nmethods = 1;
    common->method[0].ordering = self->order;
    common->postorder = 1;
    common->supernodal = supernodal ? CHOLMOD_SUPERNODAL : CHOLMOD_SIMPLICIAL;
    common->print = 0;
    self->matrix = (cholmod_sparse){.nrow = (size_t)self->n,
                                    .ncol = (size_t)self->n,
                                    .nzmax = (size_t)self->start[self->n],
                                    .p = self->start,
                                    .i = self->row,
                                    .stype = 1,
                                    .itype = CHOLMOD_INT,
                                    .xtype = CHOLMOD_PATTERN,
                                    .dtype = CHOLMOD_DOUBLE,
                                    .sorted = 1,
                                    .packed = 1};
    self->right = (cholmod_dense){.nrow = (size_t)self->n,
                                  .ncol = 1,
                                  .nzmax = (size_t)self->n,
                                  .d = (size_t)self->n,
                                  .xtype = CHOLMOD_REAL,
                                  .dtype = CHOLMOD_DOUBLE};
    self->factor = cholmod_analyze(&self->matrix, common);
    self->matrix.xtype = CHOLMOD_REAL;
    return self->factor != NULL;
}

/* order: KLU, or one of CHOLMOD's. The pattern has sorted columns; NULL where it cannot be analysed. */
peer *peer_new(int order, int supernodal, int32_t n, const int32_t *start, const int32_t *row)
{
    peer *self = calloc(1, sizeof *self);
    if (self == NULL) {
        return NULL;
    }
    const size_t starts = ((size_t)n + 1) * sizeof *start, rows = (size_t)start[n] * sizeof *row;
    self->order = order;
    self->n = n;
    self->start = malloc(starts);
    self->row = malloc(rows);
    if (self->start != NULL && self->row != NULL) {
        memcpy(self->start, start, starts);
        memcpy(self->row, row, rows);
        if (order == KLU ? analyse_klu(self) : analyse_cholmod(self, supernodal)) {
            return self;
        }
    }
    peer_free(self);
    return NULL;
}

/* The pivots are looked for once, as whoever steps a circuit with KLU does. */
static int klu_once(peer *self, double *value, double *x)
{
    if (self->numeric == NULL) {
        self->numeric = klu_factor(self->start, self->row, value, self->symbolic, &self->klu);
    } else if (!klu_refactor(self->start, self->row, value, self->symbolic, self->numeric, &self->klu)) {
        return 0;
    }
    return self->numeric != NULL && klu_solve(self->symbolic, self->numeric, self->n, 1, x, &self->klu);
}

static int cholmod_once(peer *self, double *value, double *right, double *x)
{
    self->matrix.x = value;
    self->right.x = right;
    if (!cholmod_factorize(&self->matrix, self->factor, &self->common) || self->common.status != CHOLMOD_OK ||
        !cholmod_solve2(CHOLMOD_A, self->factor, &self->right, NULL, &self->x, NULL, &self->y, &self->e,
                        &self->common)) {
        return 0;
    }
    memcpy(x, self->x->x, (size_t)self->n * sizeof *x);
    return 1;
}

/* 1, or 0 where the matrix cannot be factored. */
int peer_factor_and_solve(peer *self, double *value, double *right, double *x)
{
    if (self->order == KLU) {
        memcpy(x, right, (size_t)self->n * sizeof *x);
        return klu_once(self, value, x);
    }
    return cholmod_once(self, value, right, x);
}

/* Numbers in the factor: of L, and of U where there is one. */
double peer_entries(const peer *self)
{
    return self->order == KLU ? (self->numeric == NULL ? 0.0 : (double)self->numeric->lnz + (double)self->numeric->unz)
                              : self->common.lnz;
}

void peer_free(peer *self)
{
    if (self == NULL) {
        return;
    }
    if (self->order == KLU) {
        klu_free_numeric(&self->numeric, &self->klu);
        klu_free_symbolic(&self->symbolic, &self->klu);
    } else {
        cholmod_free_factor(&self->factor, &self->common);
        cholmod_free_dense(&self->x, &self->common);
        cholmod_free_dense(&self->y, &self->common);
        cholmod_free_dense(&self->e, &self->common);
        cholmod_finish(&self->common);
    }
    free(self->start);
    free(self->row);
    free(self);
}
