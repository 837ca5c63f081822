#define _POSIX_C_SOURCE 200809L /* open, fsync, lstat, readlink */
#define _DARWIN_C_SOURCE        /* flock */
#include "base/file.h"

#include "base/cancel.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* MAX_LINKS is what Linux allows. A place is free unless another process is writing there at this moment. */
enum { MAX_PATH = 4096, MAX_LINKS = 40, N_PLACES = 100, MODE_BITS = 07777 };

/* Bytes written between two looks at the wish to stop. */
enum { MAX_WRITE = 1 << 24 };

/* memnet/base/files.py has the same law for what Python's writers make, whose place is a folder. Checkpoints are
 * written here, so that the library writes them whole without Python, too. */

/* Where a file is written before it is renamed. */
typedef struct {
    char target[MAX_PATH]; /* the file to replace, no link */
    char beside[MAX_PATH + 16];
    bool exists;
    struct stat old; /* of the target, where it exists */
    int file;        /* open on `beside`, locked; -1: none */
} place;

static int system_error(mn_error *error, int code, int reason)
{
    error->backend_status = reason;
    return mn_error_set(error, code);
}

/* ------------------------------------------------------------------ what to replace */

/* Replaces the last part of the path `link` by what the link says. */
static bool follow(char *link)
{
    char to[MAX_PATH];
    ssize_t length = readlink(link, to, sizeof(to) - 1);
    if (length < 0) {
        return false; /* GCOV_EXCL_LINE: the link went away meanwhile */
    }
    to[length] = '\0';
    char *slash = strrchr(link, '/');
    size_t folder_size = to[0] == '/' || slash == NULL ? 0 : (size_t)(slash - link) + 1;
    if (folder_size + (size_t)length >= MAX_PATH) {
        errno = ENAMETOOLONG;
        return false;
    }
    memcpy(link + folder_size, to, (size_t)length + 1);
    return true;
}

/* Follows links to the file to replace and looks at it. False with errno, EINVAL where it is no regular file. */
static bool resolve_target(place *at, const char *path)
{
    if (strlen(path) >= MAX_PATH) {
        errno = ENAMETOOLONG;
        return false;
    }
    memcpy(at->target, path, strlen(path) + 1);
    for (int k = 0; k <= MAX_LINKS; k++) {
        at->exists = lstat(at->target, &at->old) == 0;
        if (!at->exists) {
            return errno == ENOENT;
        }
        if (S_ISREG(at->old.st_mode)) {
            return access(at->target, W_OK) == 0;
        }
        if (!S_ISLNK(at->old.st_mode)) {
            errno = S_ISDIR(at->old.st_mode) ? EISDIR : EINVAL;
            return false;
        }
        if (!follow(at->target)) {
            return false;
        }
    }
    errno = ELOOP;
    return false;
}

/* ------------------------------------------------------------------ the file beside it */

/* Whether the open file is still the one of that name, and not one that its writer renamed or removed meanwhile. */
static bool has_name(int file, const char *name)
{
    struct stat here;
    struct stat there;
    return fstat(file, &here) == 0 && lstat(name, &there) == 0 && here.st_dev == there.st_dev &&
           here.st_ino == there.st_ino;
}

/* Removes a file that a process left which died: nobody holds its lock. */
static bool remove_stale(const char *name)
{
    int file = open(name, O_WRONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
    if (file < 0) {
        return false;
    }
    bool removed = flock(file, LOCK_EX | LOCK_NB) == 0 && has_name(file, name) && unlink(name) == 0;
    (void)close(file);
    return removed;
}

/* Makes and locks the file of that name. Where the system has no locks, having made it is enough. */
static int create(const char *name)
{
    int file = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file < 0) {
        return -1;
    }
    bool taken = flock(file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    if (taken || !has_name(file, name)) {
        (void)close(file);
        errno = EAGAIN;
        return -1;
    }
    return file;
}

/* Opens a new file beside the target. A file of a dead process is removed, one of a living process left alone. */
static bool create_beside(place *at)
{
    int first = 0;
    at->file = -1;
    for (int k = 0; k < N_PLACES && at->file < 0; k++) {
        int length = snprintf(at->beside, sizeof(at->beside), "%s.%d.tmp", at->target, k);
        if (length < 0 || (size_t)length >= sizeof(at->beside)) {
            errno = ENAMETOOLONG; /* GCOV_EXCL_LINE: beside has 16 bytes more than target */
            return false;         /* GCOV_EXCL_LINE: beside has 16 bytes more than target */
        }
        at->file = create(at->beside);
        if (at->file < 0 && errno == EEXIST && remove_stale(at->beside)) {
            at->file = create(at->beside);
        }
        first = k == 0 ? errno : first;
    }
    errno = first;
    return at->file >= 0;
}

/* Gives the new file the mode of the old one, and its owner where the system lets us. */
static bool take_over_mode(const place *at)
{
    if (!at->exists) {
        return true;
    }
    bool other = at->old.st_uid != geteuid() || at->old.st_gid != getegid();
    if (other && fchown(at->file, at->old.st_uid, at->old.st_gid) != 0 && errno != EPERM) {
        return false; /* GCOV_EXCL_LINE: a root whom fchown refuses */
    }
    return fchmod(at->file, at->old.st_mode & MODE_BITS) == 0;
}

static bool write_all(int file, const unsigned char *bytes, size_t size, mn_cancel *cancel)
{
    while (size > 0 && !mn_cancelled(cancel)) {
        ssize_t written = write(file, bytes, size < MAX_WRITE ? size : MAX_WRITE);
        if (written < 0 && errno == EINTR) {
            continue; /* GCOV_EXCL_LINE: a signal at this moment */
        }
        if (written <= 0) {
            return false;
        }
        bytes += written;
        size -= (size_t)written;
    }
    return true;
}

/* A rename is durable once its folder is on disk. A folder that cannot be flushed is not an error: the data are safe.
 */
static void flush_folder(place *at)
{
    char *slash = strrchr(at->target, '/');
    if (slash == NULL) {
        at->target[0] = '.';
        slash = at->target;
    }
    slash[1] = '\0';
    int folder = open(at->target, O_RDONLY | O_CLOEXEC);
    if (folder >= 0) {
        if (fsync(folder) != 0) {
            errno = 0; /* GCOV_EXCL_LINE: a disk that fails */
        }
        (void)close(folder);
    }
}

int mn_file_replace(const char *path, const unsigned char *bytes, size_t size, mn_cancel *cancel, mn_error *error)
{
    int code = MN_OK;
    place *at = mn_alloc(1, sizeof(*at));
    if (at == NULL) {
        return mn_error_set(error, MN_ERR_NO_MEMORY);
    }
    if (!resolve_target(at, path)) {
        code = errno == EINVAL ? MN_ERR_NOT_REGULAR : MN_ERR_CHECKPOINT_WRITE;
        code = system_error(error, code, errno);
        goto out;
    }
    if (!create_beside(at)) {
        code = system_error(error, MN_ERR_CHECKPOINT_WRITE, errno);
        goto out;
    }
    /* The lock goes with the file: renaming or removing comes before closing. */
    bool written = take_over_mode(at) && write_all(at->file, bytes, size, cancel) && fsync(at->file) == 0;
    if (mn_cancelled(cancel)) {
        code = mn_error_set(error, MN_ERR_INTERRUPTED);
    } else if (!written || rename(at->beside, at->target) != 0) {
        code = system_error(error, MN_ERR_CHECKPOINT_WRITE, errno);
    }
    if (code != MN_OK) {
        (void)unlink(at->beside);
        (void)close(at->file);
        goto out;
    }
    (void)close(at->file); /* fsync has said whether the data are safe */
    flush_folder(at);
out:
    mn_dealloc(at);
    return code;
}

/* ------------------------------------------------------------------ reading */

int mn_file_open(const char *path, int *file, size_t *size, mn_error *error)
{
    struct stat status;
    *file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC); /* a pipe that nobody writes to would keep us waiting */
    if (*file < 0) {
        return system_error(error, MN_ERR_CHECKPOINT_READ, errno);
    }
    int code = MN_OK;
    if (fstat(*file, &status) != 0) {
        code = system_error(error, MN_ERR_CHECKPOINT_READ, errno); /* GCOV_EXCL_LINE: fstat of an open file */
    } else if (S_ISDIR(status.st_mode)) {
        code = system_error(error, MN_ERR_CHECKPOINT_READ, EISDIR);
    } else if (!S_ISREG(status.st_mode)) {
        code = system_error(error, MN_ERR_NOT_REGULAR, EINVAL);
    }
    if (code != MN_OK) {
        (void)close(*file);
        *file = -1;
        return code;
    }
    *size = (size_t)status.st_size;
    return MN_OK;
}

int mn_file_read(int file, unsigned char *bytes, size_t size, size_t *n_read, mn_error *error)
{
    *n_read = 0;
    while (*n_read < size) {
        ssize_t n = read(file, bytes + *n_read, size - *n_read);
        if (n < 0 && errno == EINTR) {
            continue; /* GCOV_EXCL_LINE: a signal at this moment */
        }
        if (n < 0) {
            return system_error(error, MN_ERR_CHECKPOINT_READ, errno);
        }
        if (n == 0) {
            break;
        }
        *n_read += (size_t)n;
    }
    return MN_OK;
}
