/* A disk that remembers, or fails on demand: loaded before the C library (LD_PRELOAD) in a child process of a test, so
 * that the program under test runs as it is, with its own file operations.
 *
 *   SHIM_DIR    only files under this folder are concerned
 *   SHIM_LOG    record every operation that succeeds, in order, in this file (see `trace.rs` for the layout)
 *   SHIM_FAULT  full | write | sync: what fails (no room left; input/output error on write; on sync)
 *   SHIM_AT     the first operation of that kind to fail, from 1; later ones fail too, unless SHIM_ONCE is there
 *   SHIM_ROOM   nothing fails any more once this file exists
 *   SHIM_COUNT  write in this file, at exit, how many operations of that kind there were
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#define FDS_MAX 4096
enum { OPEN = 1, WRITE = 2, TRUNCATE = 3, SYNC = 4, RENAME = 5, UNLINK = 6, MKDIR = 7 };
enum { NOTHING, WATCHED, SHARED_MEMORY };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char watched[FDS_MAX];
static const char *dir, *log_path, *fault, *room, *count_path;
static long fail_at, seen;
static int log_fd = -1, ready;

#define REAL(result, name, ...) ((result(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name))

static void start(void) {
    if (ready) return;
    ready = 1;
    dir = getenv("SHIM_DIR");
    log_path = getenv("SHIM_LOG");
    fault = getenv("SHIM_FAULT");
    room = getenv("SHIM_ROOM");
    count_path = getenv("SHIM_COUNT");
    fail_at = getenv("SHIM_AT") ? atol(getenv("SHIM_AT")) : 0;
    if (log_path) log_fd = REAL(int, "open", const char *, int, ...)(log_path, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
}

static int kind_of(const char *path) {
    start();
    if (!dir || !path || strncmp(path, dir, strlen(dir)) != 0) return NOTHING;
    size_t len = strlen(path);
    return len > 4 && strcmp(path + len - 4, "-shm") == 0 ? SHARED_MEMORY : WATCHED;
}

static int kind_of_fd(int fd) { return fd >= 0 && fd < FDS_MAX ? watched[fd] : NOTHING; }

static void note(uint8_t kind, uint32_t fd, uint64_t a, const void *data, uint32_t len) {
    if (log_fd < 0) return;
    ssize_t (*put)(int, const void *, size_t) = REAL(ssize_t, "write", int, const void *, size_t);
    uint8_t head[17];
    head[0] = kind;
    memcpy(head + 1, &fd, 4);
    memcpy(head + 5, &a, 8);
    memcpy(head + 13, &len, 4);
    if (put(log_fd, head, sizeof head) != (ssize_t)sizeof head || put(log_fd, data, len) != (ssize_t)len) abort();
}

/* Whether this operation of a kind ("write", "sync" or "make") fails now. */
static int fails(const char *what) {
    if (!fault) return 0;
    int mine = strcmp(fault, "full") == 0 ? strcmp(what, "sync") != 0 : strcmp(fault, what) == 0;
    if (!mine) return 0;
    seen += 1;
    if (fail_at == 0 || seen < fail_at || (getenv("SHIM_ONCE") && seen > fail_at) || (room && access(room, F_OK) == 0)) return 0;
    errno = strcmp(fault, "full") == 0 ? ENOSPC : EIO;
    return 1;
}

__attribute__((destructor)) static void tell_count(void) {
    if (!count_path) return;
    FILE *file = fopen(count_path, "w");
    if (file) {
        fprintf(file, "%ld", seen);
        fclose(file);
    }
}

static int open_with(const char *name, const char *path, int flags, mode_t mode) {
    int kind = kind_of(path);
    pthread_mutex_lock(&lock);
    int made = kind && (flags & O_CREAT) && access(path, F_OK) != 0;
    int fd = made && fails("make") ? -1 : REAL(int, name, const char *, int, ...)(path, flags, mode);
    if (fd >= 0 && fd < FDS_MAX) watched[fd] = (char)kind;
    if (fd >= 0 && kind == WATCHED)
        note(OPEN, (uint32_t)fd, (uint64_t)made | ((flags & O_TRUNC) ? 2 : 0), path, (uint32_t)strlen(path));
    pthread_mutex_unlock(&lock);
    return fd;
}

#define OPENER(function)                                         \
    int function(const char *path, int flags, ...) {             \
        va_list list;                                            \
        va_start(list, flags);                                   \
        mode_t mode = (flags & O_CREAT) ? va_arg(list, mode_t) : 0; \
        va_end(list);                                            \
        return open_with(#function, path, flags, mode);          \
    }
OPENER(open)
OPENER(open64)

/* A full disk takes half of what comes first. */
static ssize_t put_at(int fd, const void *data, size_t len, off_t at) {
    ssize_t (*put)(int, const void *, size_t, off_t) = REAL(ssize_t, "pwrite64", int, const void *, size_t, off_t);
    pthread_mutex_lock(&lock);
    ssize_t done = -1;
    if (!fails("write")) done = put(fd, data, len, at);
    else if (errno == ENOSPC && seen == fail_at && len > 1) done = put(fd, data, len / 2, at);
    if (done > 0 && kind_of_fd(fd) == WATCHED) note(WRITE, (uint32_t)fd, (uint64_t)at, data, (uint32_t)done);
    int why = errno;
    pthread_mutex_unlock(&lock);
    errno = why;
    return done;
}

ssize_t pwrite(int fd, const void *data, size_t len, off_t at) {
    if (!kind_of_fd(fd)) return REAL(ssize_t, "pwrite", int, const void *, size_t, off_t)(fd, data, len, at);
    return put_at(fd, data, len, at);
}

ssize_t pwrite64(int fd, const void *data, size_t len, off_t at) {
    if (!kind_of_fd(fd)) return REAL(ssize_t, "pwrite64", int, const void *, size_t, off_t)(fd, data, len, at);
    return put_at(fd, data, len, at);
}

ssize_t write(int fd, const void *data, size_t len) {
    if (!kind_of_fd(fd)) return REAL(ssize_t, "write", int, const void *, size_t)(fd, data, len);
    off_t at = lseek(fd, 0, SEEK_CUR);
    ssize_t done = put_at(fd, data, len, at);
    if (done > 0) lseek(fd, at + done, SEEK_SET);
    return done;
}

static int truncate_with(const char *name, int fd, off_t len) {
    if (!kind_of_fd(fd)) return REAL(int, name, int, off_t)(fd, len);
    pthread_mutex_lock(&lock);
    int failed = fails("write") ? -1 : REAL(int, name, int, off_t)(fd, len);
    if (failed == 0 && kind_of_fd(fd) == WATCHED) note(TRUNCATE, (uint32_t)fd, (uint64_t)len, "", 0);
    pthread_mutex_unlock(&lock);
    return failed;
}
int ftruncate(int fd, off_t len) { return truncate_with("ftruncate", fd, len); }
int ftruncate64(int fd, off_t len) { return truncate_with("ftruncate64", fd, len); }

static int sync_with(const char *name, int fd) {
    if (!kind_of_fd(fd)) return REAL(int, name, int)(fd);
    pthread_mutex_lock(&lock);
    int failed = fails("sync") ? -1 : REAL(int, name, int)(fd);
    if (failed == 0 && kind_of_fd(fd) == WATCHED) note(SYNC, (uint32_t)fd, 0, "", 0);
    pthread_mutex_unlock(&lock);
    return failed;
}
int fsync(int fd) { return sync_with("fsync", fd); }
int fdatasync(int fd) { return sync_with("fdatasync", fd); }

int close(int fd) {
    if (fd >= 0 && fd < FDS_MAX) watched[fd] = NOTHING;
    return REAL(int, "close", int)(fd);
}

int rename(const char *from, const char *to) {
    int kind = kind_of(from);
    pthread_mutex_lock(&lock);
    int failed = kind && fails("make") ? -1 : REAL(int, "rename", const char *, const char *)(from, to);
    if (failed == 0 && kind == WATCHED) {
        char both[8192];
        int len = snprintf(both, sizeof both, "%s\n%s", from, to);
        note(RENAME, 0, 0, both, (uint32_t)len);
    }
    pthread_mutex_unlock(&lock);
    return failed;
}

int unlink(const char *path) {
    int failed = REAL(int, "unlink", const char *)(path);
    pthread_mutex_lock(&lock);
    if (failed == 0 && kind_of(path) == WATCHED) note(UNLINK, 0, 0, path, (uint32_t)strlen(path));
    pthread_mutex_unlock(&lock);
    return failed;
}

int mkdir(const char *path, mode_t mode) {
    int kind = kind_of(path);
    pthread_mutex_lock(&lock);
    int failed = kind && fails("make") ? -1 : REAL(int, "mkdir", const char *, mode_t)(path, mode);
    if (failed == 0 && kind == WATCHED) note(MKDIR, 0, 0, path, (uint32_t)strlen(path));
    pthread_mutex_unlock(&lock);
    return failed;
}
