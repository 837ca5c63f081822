/* Files are replaced whole or not at all, and only where a regular file stands or nothing does. */
#define _DEFAULT_SOURCE /* flock, mkdtemp, symlink */
#include "base/file.h"
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    char folder[64];
    char file[96];   /* folder/file */
    char other[96];  /* folder/other */
    char beside[96]; /* where `file` is written first */
} names;

static const unsigned char OLD[] = "old";
static const unsigned char NEW[] = "new and longer";

static int replace(const char *path, const unsigned char *bytes, size_t size, int *reason)
{
    mn_error error;
    mn_error_clear(&error);
    int code = mn_file_replace(path, bytes, size, NULL, &error);
    *reason = error.backend_status;
    return code;
}

static bool holds(const char *path, const unsigned char *bytes, size_t size)
{
    unsigned char found[64];
    mn_error error;
    int file;
    size_t length;
    size_t got;
    if (mn_file_open(path, &file, &length, &error) != MN_OK) {
        return false;
    }
    bool same = length == size && mn_file_read(file, found, sizeof(found), &got, &error) == MN_OK && got == size &&
                memcmp(found, bytes, size) == 0;
    return close(file) == 0 && same;
}

static void make_file(const char *path, int mode)
{
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    NEED(file >= 0 && write(file, OLD, sizeof(OLD)) == (ssize_t)sizeof(OLD) && fchmod(file, (mode_t)mode) == 0);
    NEED(close(file) == 0);
}

static void test_replace(check_count *count, const names *at)
{
    struct stat status;
    int reason;
    CHECK(count, replace(at->file, OLD, sizeof(OLD), &reason) == MN_OK);
    CHECK(count, holds(at->file, OLD, sizeof(OLD)));
    NEED(chmod(at->file, 0640) == 0);
    CHECK(count, replace(at->file, NEW, sizeof(NEW), &reason) == MN_OK);
    CHECK(count, holds(at->file, NEW, sizeof(NEW)));
    CHECK(count, stat(at->file, &status) == 0 && (status.st_mode & 07777) == 0640);
    CHECK(count, replace(at->file, NEW, 0, &reason) == MN_OK && holds(at->file, NEW, 0));
    CHECK(count, access(at->beside, F_OK) != 0);
    NEED(unlink(at->file) == 0);
}

static void test_links(check_count *count, const names *at)
{
    struct stat status;
    int reason;
    make_file(at->other, 0600);
    NEED(symlink("other", at->file) == 0);
    CHECK(count, replace(at->file, NEW, sizeof(NEW), &reason) == MN_OK);
    CHECK(count, lstat(at->file, &status) == 0 && S_ISLNK(status.st_mode));
    CHECK(count, holds(at->other, NEW, sizeof(NEW)));
    NEED(unlink(at->other) == 0);
    CHECK(count, replace(at->file, OLD, sizeof(OLD), &reason) == MN_OK); /* a link to nothing makes the file */
    CHECK(count, holds(at->other, OLD, sizeof(OLD)));
    NEED(unlink(at->file) == 0 && symlink(at->other, at->file) == 0);
    CHECK(count, replace(at->file, NEW, sizeof(NEW), &reason) == MN_OK && holds(at->other, NEW, sizeof(NEW)));
    NEED(unlink(at->file) == 0 && unlink(at->other) == 0 && symlink("file", at->file) == 0);
    CHECK(count, replace(at->file, NEW, sizeof(NEW), &reason) == MN_ERR_CHECKPOINT_WRITE && reason == ELOOP);
    NEED(unlink(at->file) == 0);
}

static void test_refused(check_count *count, const names *at)
{
    char path[8192];
    struct stat status;
    int reason;
    CHECK(count, replace(at->folder, NEW, sizeof(NEW), &reason) == MN_ERR_CHECKPOINT_WRITE && reason == EISDIR);
    CHECK(count, replace("/dev/null", NEW, sizeof(NEW), &reason) == MN_ERR_NOT_REGULAR && reason == EINVAL);
    NEED(mkfifo(at->file, 0600) == 0);
    CHECK(count, replace(at->file, NEW, sizeof(NEW), &reason) == MN_ERR_NOT_REGULAR);
    CHECK(count, lstat(at->file, &status) == 0 && S_ISFIFO(status.st_mode));
    NEED(unlink(at->file) == 0);
    NEED(snprintf(path, sizeof(path), "%s/none/file", at->folder) > 0);
    CHECK(count, replace(path, NEW, sizeof(NEW), &reason) == MN_ERR_CHECKPOINT_WRITE && reason == ENOENT);
    CHECK(count, replace("", NEW, sizeof(NEW), &reason) == MN_ERR_CHECKPOINT_WRITE && reason == ENOENT);
    memset(path, 'x', sizeof(path) - 1);
    path[sizeof(path) - 1] = '\0';
    CHECK(count, replace(path, NEW, sizeof(NEW), &reason) == MN_ERR_CHECKPOINT_WRITE && reason == ENAMETOOLONG);
    make_file(at->file, 0400);
    if (geteuid() != 0) { /* root may write everything */
        CHECK(count, replace(at->file, NEW, sizeof(NEW), &reason) == MN_ERR_CHECKPOINT_WRITE && reason == EACCES);
    }
    CHECK(count, holds(at->file, OLD, sizeof(OLD)));
    NEED(unlink(at->file) == 0);
}

/* A file that a dead process left is removed; one that is being written stays, and another place is used. */
static void test_beside(check_count *count, const names *at)
{
    int reason;
    make_file(at->beside, 0400);
    CHECK(count, replace(at->file, NEW, sizeof(NEW), &reason) == MN_OK && holds(at->file, NEW, sizeof(NEW)));
    CHECK(count, access(at->beside, F_OK) != 0);
    make_file(at->beside, 0600);
    int file = open(at->beside, O_WRONLY);
    NEED(file >= 0 && flock(file, LOCK_EX) == 0);
    CHECK(count, replace(at->file, OLD, sizeof(OLD), &reason) == MN_OK && holds(at->file, OLD, sizeof(OLD)));
    CHECK(count, holds(at->beside, OLD, sizeof(OLD)));
    NEED(close(file) == 0 && unlink(at->beside) == 0 && mkdir(at->beside, 0700) == 0);
    CHECK(count, replace(at->file, NEW, sizeof(NEW), &reason) == MN_OK && holds(at->file, NEW, sizeof(NEW)));
    NEED(rmdir(at->beside) == 0 && unlink(at->file) == 0);
}

/* A link's text fits, but not behind the name of its folder. */
static void test_long_links(check_count *count, const names *at)
{
    static char text[4096];
    int reason;
    memset(text, 'x', sizeof(text) - 1);
    NEED(symlink(text, at->file) == 0);
    CHECK(count, replace(at->file, NEW, sizeof(NEW), &reason) == MN_ERR_CHECKPOINT_WRITE && reason == ENAMETOOLONG);
    NEED(unlink(at->file) == 0);
}

/* A folder at each place where the file could be written first: no file, and the reason of the first place. */
static void test_no_place(check_count *count, const names *at)
{
    char path[128];
    int reason;
    for (int k = 0; k < 100; k++) {
        NEED(snprintf(path, sizeof(path), "%s.%d.tmp", at->file, k) > 0 && mkdir(path, 0700) == 0);
    }
    CHECK(count, replace(at->file, NEW, sizeof(NEW), &reason) == MN_ERR_CHECKPOINT_WRITE && reason == EISDIR);
    CHECK(count, access(at->file, F_OK) != 0);
    for (int k = 0; k < 100; k++) {
        NEED(snprintf(path, sizeof(path), "%s.%d.tmp", at->file, k) > 0 && rmdir(path) == 0);
    }
}

/* A name without a folder is one in the working folder. */
static void test_bare_name(check_count *count, const names *at)
{
    char before[4096];
    int reason;
    NEED(getcwd(before, sizeof(before)) != NULL && chdir(at->folder) == 0);
    CHECK(count, replace("file", NEW, sizeof(NEW), &reason) == MN_OK);
    CHECK(count, holds(at->file, NEW, sizeof(NEW)));
    NEED(symlink("file", "other") == 0);
    CHECK(count, replace("other", OLD, sizeof(OLD), &reason) == MN_OK && holds(at->file, OLD, sizeof(OLD)));
    NEED(unlink("file") == 0 && unlink("other") == 0 && chdir(before) == 0);
}

/* Where the disk is full, here because no file may grow past 4 bytes, the old file stays, and nothing beside it. */
static void test_full(check_count *count, const names *at)
{
    struct rlimit before, least;
    int reason;
    make_file(at->file, 0600);
    NEED(getrlimit(RLIMIT_FSIZE, &before) == 0 && signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    least = (struct rlimit){.rlim_cur = sizeof(OLD), .rlim_max = before.rlim_max};
    NEED(setrlimit(RLIMIT_FSIZE, &least) == 0);
    int code = replace(at->file, NEW, sizeof(NEW), &reason);
    NEED(setrlimit(RLIMIT_FSIZE, &before) == 0 && signal(SIGXFSZ, SIG_DFL) != SIG_ERR);
    CHECK(count, code == MN_ERR_CHECKPOINT_WRITE && reason == EFBIG);
    CHECK(count, holds(at->file, OLD, sizeof(OLD)) && access(at->beside, F_OK) != 0);
    NEED(unlink(at->file) == 0);
}

/* A wish to stop leaves the old file. */
static void test_cancelled(check_count *count, const names *at)
{
    mn_cancel cancel;
    mn_error error;
    mn_error_clear(&error);
    atomic_init(&cancel, true);
    make_file(at->file, 0600);
    CHECK(count, mn_file_replace(at->file, NEW, sizeof(NEW), &cancel, &error) == MN_ERR_INTERRUPTED);
    CHECK(count, holds(at->file, OLD, sizeof(OLD)) && access(at->beside, F_OK) != 0);
    NEED(unlink(at->file) == 0);
}

/* What was opened and is no file any more says why it cannot be read. */
static void test_unreadable(check_count *count, const names *at)
{
    unsigned char byte;
    size_t n_read;
    mn_error error;
    mn_error_clear(&error);
    int folder = open(at->folder, O_RDONLY);
    NEED(folder >= 0);
    CHECK(count, mn_file_read(folder, &byte, 1, &n_read, &error) == MN_ERR_CHECKPOINT_READ && n_read == 0);
    CHECK(count, error.backend_status == EISDIR);
    NEED(close(folder) == 0);
}

int main(void)
{
    check_count count = {0};
    names at;
    NEED(snprintf(at.folder, sizeof(at.folder), "/tmp/memnet-file-XXXXXX") > 0 && mkdtemp(at.folder) != NULL);
    NEED(snprintf(at.file, sizeof(at.file), "%s/file", at.folder) > 0);
    NEED(snprintf(at.other, sizeof(at.other), "%s/other", at.folder) > 0);
    NEED(snprintf(at.beside, sizeof(at.beside), "%s/file.0.tmp", at.folder) > 0);
    test_replace(&count, &at);
    test_links(&count, &at);
    test_refused(&count, &at);
    test_beside(&count, &at);
    test_long_links(&count, &at);
    test_no_place(&count, &at);
    test_bare_name(&count, &at);
    test_full(&count, &at);
    test_cancelled(&count, &at);
    test_unreadable(&count, &at);
    CHECK(&count, rmdir(at.folder) == 0); /* nothing was left behind */
    return check_report(&count, "files");
}
