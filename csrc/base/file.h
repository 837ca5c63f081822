/* Files as the library reads and writes them: whole, and never half. */
#ifndef MN_FILE_H
#define MN_FILE_H

#include "memnet.h"

/* Replaces what stands at `path`, or makes it: written beside it, flushed, renamed, so that a crash leaves the old file
 * or the new one. Links are followed, the mode stays, and what is no regular file, or may not be written, is refused.
 * Errors: CHECKPOINT_WRITE (errno), NOT_REGULAR, NO_MEMORY, INTERRUPTED. */
int mn_file_replace(const char *path, const unsigned char *bytes, size_t size, mn_cancel *cancel,
                    mn_error *error) MN_CHECKED;

/* Opens a regular file for reading. Errors: CHECKPOINT_READ (errno), NOT_REGULAR. */
int mn_file_open(const char *path, int *file, size_t *size, mn_error *error) MN_CHECKED;

/* Reads the next `size` bytes; `n_read` is less where the file ends before. Error: CHECKPOINT_READ (errno). */
int mn_file_read(int file, unsigned char *bytes, size_t size, size_t *n_read, mn_error *error) MN_CHECKED;

#endif
