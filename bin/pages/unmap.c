/*
 * An addon for Node.js: a function that unmaps the pages of files that the process has not changed. Nearly all are of the runtime's own file, and two
 * thirds were needed only to start. A page that is still needed is mapped again when it is used, from the page cache.
 *
 * It has no libc, so that it can be loaded into any Node.js, and of Node-API, which stays stable, it needs one function.
 */
#define IN_PROCESS
#include "../release/start/sys.h"

#if defined(__x86_64__)
enum { MADVISE = 28 };
#else
enum { MADVISE = 233 };
#endif
enum { DONTNEED = 4 };

/* What is known of the mapping that is read. */
struct mapping {
  u64 start, end;
  int isCandidate;
};

static char *number(char *text, u64 base, u64 *value) {
  for (*value = 0;; text++) {
    u64 digit = *text >= '0' && *text <= '9' ? *text - '0' : base == 16 && *text >= 'a' && *text <= 'f' ? *text - 'a' + 10 : 16;
    if (digit >= base) return text;
    *value = *value * base + digit;
  }
}

/*
 * A line of /proc/PID/smaps (proc_pid_smaps(5)): the head of a mapping, or one of its fields. A private mapping of a file that is not writable and
 * has no page of its own is what is in the file. One that was written to has: relocations, a breakpoint.
 */
static void take(struct mapping *now, char *line) {
  u64 value;
  if (*line < 'A' || *line > 'Z') {
    line = number(line, 16, &now->start);
    line = number(line + 1, 16, &now->end) + 1;
    now->isCandidate = line[1] == '-' && line[3] == 'p';
    /* The offset, the device, the inode: 0 without a file. */
    for (int spaces = 0; spaces < 3 && *line; line++) spaces += *line == ' ';
    number(line, 10, &value);
    now->isCandidate &= value != 0;
    return;
  }
  char *rest = after(line, "Anonymous:");
  if (!rest || !now->isCandidate) return;
  while (*rest == ' ') rest++;
  if (rest[0] == '0' && rest[1] == ' ') S(MADVISE, now->start, now->end - now->start, DONTNEED);
}

static void *unmap(void *env, void *call) {
  (void)env, (void)call;
  i64 file = S(OPENAT, CWD, "/proc/self/smaps", CLOEXEC);
  if (failed(file)) return 0;
  struct mapping now = {0};
  char read[4096], line[256];
  u64 used = 0;
  for (i64 got; (got = S(READ, file, read, sizeof read)) > 0;) {
    for (i64 i = 0; i < got; i++) {
      /* The end of a long path is not needed. */
      if (read[i] != '\n') {
        if (used < sizeof line - 1) line[used++] = read[i];
        continue;
      }
      line[used] = 0;
      take(&now, line);
      used = 0;
    }
  }
  S(CLOSE, file);
  return 0;
}

int napi_create_function(void *env, const char *name, u64 length, void *(*function)(void *, void *), void *data, void **result);

__attribute__((visibility("default"))) void *napi_register_module_v1(void *env, void *exports) {
  napi_create_function(env, "unmap", 5, unmap, 0, &exports);
  return exports;
}
