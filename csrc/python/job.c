#include "job.h"
#include "convert.h"

#include <pythread.h>
#include <string.h>

#define TICK INT64_C(20000)   /* us between two looks at Python's signals */
#define GRACE INT64_C(100000) /* us that a cancelled job has to end before it is abandoned */

enum { WORKING, DONE, ABANDONED };

/* A job under way: a block of its own, since it may outlive the call. */
typedef struct {
    core_job job;
    mn_cancel cancel;
    mn_error error;
    int code;
    atomic_int state;
    PyThread_type_lock ended; /* held until the call has ended */
    _Alignas(max_align_t) unsigned char arguments[];
} running;

static void running_free(running *run)
{
    for (int k = 0; k < CORE_OWNERS; k++) {
        Py_XDECREF(run->job.owner[k]);
    }
    if (run->ended != NULL) {
        PyThread_free_lock(run->ended);
    }
    PyMem_RawFree(run);
}

static void discard(running *run)
{
    if (run->job.discard != NULL) {
        run->job.discard(run->arguments);
    }
}

static mn_cancel *flag_of(running *run)
{
    return run->job.cancel != NULL ? run->job.cancel : &run->cancel;
}

/* The thread of a job. An abandoned one takes the GIL for the only time, to let go of what it held; where the
 * interpreter is ending it never gets it, and the memory goes with the process. */
static void work(void *given)
{
    running *run = given;
    int state = WORKING;
    run->code = run->job.run(run->arguments, flag_of(run), &run->error);
    if (atomic_compare_exchange_strong(&run->state, &state, DONE)) {
        PyThread_release_lock(run->ended); /* from here on the block is the waiting thread's */
        return;
    }
    const PyGILState_STATE gil = PyGILState_Ensure();
    discard(run);
    running_free(run);
    PyGILState_Release(gil);
}

static running *running_new(const core_job *job, const void *arguments)
{
    running *run = PyMem_RawCalloc(1, sizeof *run + job->size);
    if (run == NULL) {
        return NULL;
    }
    run->job = *job;
    memcpy(run->arguments, arguments, job->size);
    atomic_init(&run->cancel, false);
    atomic_init(&run->state, WORKING);
    mn_error_clear(&run->error);
    for (int k = 0; k < CORE_OWNERS; k++) {
        Py_XINCREF(job->owner[k]);
    }
    run->ended = PyThread_allocate_lock();
    if (run->ended == NULL || PyThread_acquire_lock(run->ended, NOWAIT_LOCK) != PY_LOCK_ACQUIRED) {
        running_free(run);
        return NULL;
    }
    return run;
}

/* Whether the job has ended, after at most so many microseconds without the GIL. */
static bool wait_for(running *run, int64_t microseconds, int wakes)
{
    PyLockStatus status;
    Py_BEGIN_ALLOW_THREADS;
    status = PyThread_acquire_lock_timed(run->ended, microseconds, wakes);
    Py_END_ALLOW_THREADS;
    return status == PY_LOCK_ACQUIRED;
}

/* An exception is set: whether the job has ended, so that its block is ours; otherwise it is on its own. */
static bool stop(running *run)
{
    int state = WORKING;
    atomic_store(flag_of(run), true);
    if (wait_for(run, run->job.waits ? -1 : GRACE, 0)) {
        return true;
    }
    if (atomic_compare_exchange_strong(&run->state, &state, ABANDONED)) {
        return false;
    }
    return wait_for(run, -1, 0); /* it ended just now, and is about to say so */
}

/* Without a thread, where it is short, or where no thread is to be had. */
static int run_directly(const core_job *job, void *arguments, mn_error *error)
{
    mn_cancel nobody;
    int code;
    atomic_init(&nobody, false);
    mn_cancel *cancel = job->cancel != NULL ? job->cancel : &nobody;
    if (job->work <= CORE_SHORT_WORK) {
        return job->run(arguments, cancel, error);
    }
    Py_BEGIN_ALLOW_THREADS;
    code = job->run(arguments, cancel, error);
    Py_END_ALLOW_THREADS;
    return code;
}

int core_job_run(const core_job *job, void *arguments, mn_error *error)
{
    running *run = job->work <= CORE_SHORT_WORK ? NULL : running_new(job, arguments);
    if (run == NULL || PyThread_start_new_thread(work, run) == PYTHREAD_INVALID_THREAD_ID) {
        if (run != NULL) {
            running_free(run);
        }
        return run_directly(job, arguments, error);
    }
    int raised = 0;
    while (raised == 0 && !wait_for(run, TICK, 1)) {
        raised = PyErr_CheckSignals();
    }
    if (raised != 0 && !stop(run)) {
        return CORE_RAISED;
    }
    if (raised != 0) {
        atomic_store(flag_of(run), false);
        discard(run);
    } else {
        memcpy(arguments, run->arguments, job->size);
        *error = run->error;
    }
    const int code = raised != 0 ? CORE_RAISED : run->code;
    running_free(run);
    return code;
}

PyObject *core_job_raise(const core_state *state, int code, const mn_error *error)
{
    return code == CORE_RAISED ? NULL : core_raise(state, code, error);
}

PyObject *core_job_fill(const core_job *job, void *arguments)
{
    mn_error error = mn_error_none();
    const int code = core_job_run(job, arguments, &error);
    if (code != MN_OK) {
        PyObject *raised = core_job_raise(core_state_of(Py_TYPE(job->owner[0])), code, &error);
        Py_DECREF(job->owner[0]);
        return raised;
    }
    return job->owner[0];
}
