/* Long calls of the library, made so that Ctrl-C stops them and other threads go on meanwhile.
 *
 * A call that may take long works in a thread of its own, which touches no Python object. The thread that made the call
 * waits without the GIL and looks every few hundredths of a second whether Python has a signal to handle: in the main
 * thread its handlers then run as between any two bytecodes, in another thread nothing happens. Where a handler raises
 * (Ctrl-C), the job's flag is set, at which the library's own loops end at once. SuiteSparse cannot be stopped: what
 * has not ended after a short grace is abandoned. The exception is then raised without it, and the thread, which holds
 * a reference to everything that it works on, frees that when it comes to its end. */
#ifndef CORE_JOB_H
#define CORE_JOB_H

#include "core.h"

enum { CORE_OWNERS = 4 };
/* What core_job_run returns beside the library's codes, which are 0 and below. */
enum { CORE_RAISED = 1 };
/* Work (in core_job.work) up to which a call is made directly: less than two milliseconds. */
#define CORE_SHORT_WORK 1e6

typedef struct {
    /* The call. `arguments` is what it reads and what it writes, without Python. */
    int (*run)(void *arguments, mn_cancel *cancel, mn_error *error);
    /* Called with the GIL where the call ended after an exception was raised: frees what only `arguments` holds. May be
     * NULL. */
    void (*discard)(void *arguments);
    size_t size;                  /* bytes of the arguments */
    PyObject *owner[CORE_OWNERS]; /* objects whose memory the call touches; NULL for none */
    mn_cancel *cancel;            /* in an owner's memory; NULL: the job has one of its own */
    bool waits;                   /* is never abandoned, since its object goes on to be used */
    double work;                  /* about how many operations of a nanosecond the call takes */
} core_job;

/* Makes the call: MN_OK or an error of the library, with `error` filled; CORE_RAISED with an exception set, and then
 * the job has discarded the arguments, or will. Otherwise `arguments` is as the call left it. */
int core_job_run(const core_job *job, void *arguments, mn_error *error);

/* NULL with the exception of what core_job_run returned, which is not MN_OK. */
PyObject *core_job_raise(const core_state *state, int code, const mn_error *error);
/* The new object that a job fills, its first owner; NULL with an exception, and the object released. */
PyObject *core_job_fill(const core_job *job, void *arguments);

#endif
