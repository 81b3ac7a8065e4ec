/* Where the single-file executable starts: Node.js's own ELF file, to which this code, glibc's ld.so and its libraries are appended.
 *
 * The kernel maps the file as a static program (PT_INTERP is gone) and starts this code. It maps ld.so from the file as the kernel would
 * have (fs/binfmt_elf.c), gives ld.so names for the libraries that it can open, corrects the auxiliary vector, and continues in ld.so.
 * Nothing is unpacked, and nothing of the node's own libc is used. ld.so is shown other program headers than the kernel: with the
 * PT_INTERP that it insists on, and with the note that holds the program.
 * No libc, no relocations, no writable data: start.ld makes one flat piece of code of it. */
#include "sys.h"

#define LIBRARIES 10
/* Filled in by one-file.ts, which knows this layout. */
struct conf {
  u64 magic, entry, ldso, phdr, phnum, count;
  struct { u64 offset, size, name; } library[LIBRARIES]; /* name: the address of its DT_NEEDED string */
};
__attribute__((section(".conf"), used)) const volatile struct conf conf = { 0x3130454c49464e4fUL };

struct ehdr { u8 id[16]; u16 type, machine; u32 version; u64 entry, phoff, shoff; u32 flags; u16 ehsize, phentsize, phnum; };
struct phdr { u32 type, flags; u64 offset, vaddr, paddr, filesz, memsz, align; };
enum { AT_NULL = 0, AT_PHDR = 3, AT_PHNUM = 5, AT_PAGESZ = 6, AT_BASE = 7, AT_ENTRY = 9 };

/* Copies a piece of the program's file to an empty one. 0: no space, or not usable. */
static int fill(int fd, int self, u64 offset, u64 size, u64 page) {
  u64 from = offset & ~(page - 1), mapped = size + offset - from, done = 0;
  i64 at = S(MMAP, 0, mapped, PROT_R, PRIVATE, self, from);
  if (failed(at)) return 0;
  while (done < size) {
    i64 n = S(WRITE, fd, at + (offset - from) + done, size - done);
    if (n <= 0) break;
    done += n;
  }
  S(MUNMAP, at, mapped);
  if (done < size) return 0;
  /* A filesystem mounted noexec takes the file, and does not let it be mapped as code. */
  at = S(MMAP, 0, page, PROT_R | PROT_X, PRIVATE, fd, 0);
  if (failed(at)) return 0;
  S(MUNMAP, at, page);
  return 1;
}

/* A file without a name that holds a library: in memory, else (before Linux 3.17) an unlinked one. */
static int hold(int self, u64 offset, u64 size, u64 page, char **env) {
  i64 own = S(GETPID);
  /* 8: MFD_NOEXEC_SEAL, without which Linux 6.3 logs a warning. It forbids execve(), not mapping as code. */
  i64 fd = S(MEMFD, "rtwatch-library", 1 | 8);
  if (fd < 0) fd = S(MEMFD, "rtwatch-library", 1);
  if (fd >= 0) {
    if (fill(fd, self, offset, size, page)) return fd;
    S(CLOSE, fd);
  }
  for (int i = 0; i < 6; i++) {
    const char *folder = i == 0 ? variable(env, "TMPDIR=") : i == 1 ? "/dev/shm" : i == 2 ? "/run" : i == 3 ? "/tmp" : i == 4 ? "/var/tmp" : ".";
    char path[4200];
    if (!folder || length(folder) > 4000) continue;
    char *p = put(put(path, folder), "/.rtwatch-");
    putNumber(put(putNumber(p, own), "-"), offset);
    /* O_RDWR | O_CREAT | O_EXCL, which follows no link. */
    fd = S(OPENAT, CWD, path, 02 | 0100 | 0200 | CLOEXEC, 0600);
    if (fd < 0) continue;
    S(UNLINKAT, CWD, path, 0);
    if (fill(fd, self, offset, size, page)) return fd;
    S(CLOSE, fd);
  }
  return -1;
}

static int enter(const char *pid, const char *kind, i64 flag) {
  char path[64], *p = put(path, "/proc/");
  for (int i = 0; pid[i] >= '0' && pid[i] <= '9' && i < 10; i++) *p++ = pid[i];
  put(put(p, "/ns/"), kind);
  i64 fd = S(OPENAT, CWD, path, CLOEXEC);
  if (fd < 0) return 0;
  i64 result = S(SETNS, fd, flag);
  S(CLOSE, fd);
  return result == 0;
}

/* A PID namespace is that of children only: the parent waits, stops and exits as its child does. */
static void becomeChild(void) {
  i64 child = S(CLONE, 17 /* SIGCHLD */);
  if (child < 0) die("--host: no process can be started");
  if (child == 0) {
    S(PRCTL, 1 /* PR_SET_PDEATHSIG */, 15);
    return;
  }
  /* The terminal sends these to both: INT, QUIT, TSTP. */
  u64 blocked = 1 << 1 | 1 << 2 | 1 << 19;
  S(SIGPROCMASK, 0, &blocked, 0, 8);
  for (;;) {
    int status = 0;
    i64 got = S(WAIT4, child, &status, 2 /* WUNTRACED */, 0);
    if (got == -4 /* EINTR */) continue;
    if (got != child) S(EXIT, 70);
    if ((status & 0xff) == 0x7f) {
      i64 own = S(GETPID);
      S(KILL, own, 19 /* SIGSTOP */);
      S(KILL, child, 18 /* SIGCONT */);
    } else S(EXIT, status & 0x7f ? 128 + (status & 0x7f) : status >> 8 & 0xff);
  }
}

/* --host, --host=PID, as the first argument: from a container that sees the node's processes into the mounts of process 1, or of PID where
 * the node is a container itself. Nothing of the container's own root is needed. Name and network are only shown, so they may fail. */
static void enterHost(const char *given) {
  const char *pid = *given ? given + 1 : "1";
  i64 pidns = -1;
  if (*given) {
    char path[64], *p = put(path, "/proc/");
    for (int i = 0; pid[i] >= '0' && pid[i] <= '9' && i < 10; i++) *p++ = pid[i];
    put(p, "/ns/pid");
    pidns = S(OPENAT, CWD, path, CLOEXEC);
  }
  enter(pid, "uts", 0x04000000);
  enter(pid, "net", 0x40000000);
  if (!enter(pid, "mnt", 0x00020000))
    die("--host: the mounts of that process cannot be entered. Run the container with --privileged and --pid=host, the pod with hostPID");
  S(CHDIR, "/");
  if (pidns >= 0) {
    if (S(SETNS, pidns, 0x20000000) == 0) becomeChild();
    S(CLOSE, pidns);
  }
}

/* With fewer open files Node.js aborts, or its children do: bin/rtwatch. It raises the soft limit itself, but not before it has opened some. */
static void raiseFiles(void) {
  enum { NOFILE = 7, LEAST = 64, WANTED = 1024 };
  struct { u64 soft, hard; } limit;
  if (S(PRLIMIT, 0, NOFILE, 0, &limit) < 0 || limit.soft >= LEAST) return;
  u64 files = limit.hard;
  if (limit.hard < LEAST) limit.hard = WANTED;
  limit.soft = limit.hard < WANTED ? limit.hard : WANTED;
  if (S(PRLIMIT, 0, NOFILE, &limit, 0) == 0) return;
  char why[128];
  put(putNumber(put(why, "only "), files), " files may be open here, too few for Node.js. Raise the limit, as root: ulimit -n 1024");
  die(why);
}

/* As binfmt_elf maps an interpreter. Returns where it is. */
static i64 mapLoader(int self, u64 page, u64 *start) {
  union { struct ehdr h; u8 bytes[1024]; } head;
  if (S(PREAD, self, &head, sizeof head, conf.ldso) != sizeof head || head.h.phoff + head.h.phnum * sizeof(struct phdr) > sizeof head)
    die("its file is damaged");
  struct phdr *ph = (struct phdr *)(head.bytes + head.h.phoff);
  u64 end = 0;
  for (int i = 0; i < head.h.phnum; i++)
    if (ph[i].type == 1 && ph[i].vaddr + ph[i].memsz > end) end = ph[i].vaddr + ph[i].memsz;
  i64 at = S(MMAP, 0, end + 65536, 0, PRIVATE | ANONYMOUS, -1, 0);
  if (failed(at)) die("no memory");
  at = (at + 65535) & ~65535L;
  for (int i = 0; i < head.h.phnum; i++) {
    if (ph[i].type != 1) continue;
    int prot = (ph[i].flags & 4 ? PROT_R : 0) | (ph[i].flags & 2 ? PROT_W : 0) | (ph[i].flags & 1 ? PROT_X : 0);
    u64 from = ph[i].vaddr & ~(page - 1), lead = ph[i].vaddr - from;
    u64 fileEnd = ph[i].vaddr + ph[i].filesz, memoryEnd = ph[i].vaddr + ph[i].memsz;
    if (failed(S(MMAP, at + from, ph[i].filesz + lead, prot, PRIVATE | FIXED, self, conf.ldso + ph[i].offset - lead)))
      die("its file cannot be mapped");
    if (memoryEnd <= fileEnd) continue;
    u64 next = (fileEnd + page - 1) & ~(page - 1);
    for (volatile char *p = (char *)at + fileEnd; p < (char *)at + next; p++) *p = 0;
    if (memoryEnd > next) S(MMAP, at + next, memoryEnd - next, prot, PRIVATE | FIXED | ANONYMOUS, -1, 0);
  }
  *start = at + head.h.entry;
  return at;
}

/* Two more variables of the environment, at its front: the arguments move into the 16 bytes before them. They must be known before libc
 * starts; what the user set comes later and wins. */
static void addVariables(u64 *sp, const char *first, const char *second) {
  u64 argc = sp[0], *to = sp - 2;
  for (u64 i = 0; i <= argc; i++) to[i] = sp[i];
  to[argc + 1] = 0;
  to[argc + 2] = (u64)first;
  to[argc + 3] = (u64)second;
}

__attribute__((used)) u64 go(u64 *sp) {
  u64 argc = sp[0];
  char **argv = (char **)(sp + 1), **env = argv + argc + 1, **e = env;
  while (*e) e++;
  u64 *aux = (u64 *)(e + 1), page = 4096, *base = 0, *entry = 0;
  for (u64 *a = aux; a[0] != AT_NULL; a += 2) {
    if (a[0] == AT_PAGESZ) page = a[1];
    if (a[0] == AT_BASE) base = a + 1;
    if (a[0] == AT_ENTRY) entry = a + 1;
    if (a[0] == AT_PHDR) a[1] = conf.phdr;
    if (a[0] == AT_PHNUM) a[1] = conf.phnum;
  }
  if (!base || !entry) die("the kernel gives no AT_BASE");
  raiseFiles();
  i64 self = S(OPENAT, CWD, "/proc/self/exe", CLOEXEC);
  if (self < 0) die("/proc is not mounted");

  char *host = argc > 1 ? after(argv[1], "--host") : 0;
  if (host && (!*host || (*host == '=' && host[1] >= '1' && host[1] <= '9'))) enterHost(host);

  /* As a child it is started as /proc/self/exe, which would name it "exe". */
  S(PRCTL, 15 /* PR_SET_NAME */, "rtwatch");
  /* Variables for other Node.js programs, and for the loader of this machine, are not for this program. */
  for (char **v = env; *v; v++)
    if (after(*v, "NODE_") || after(*v, "LD_")) (*v)[0] = '_';

  for (u64 i = 0; i < conf.count; i++) {
    int fd = hold(self, conf.library[i].offset, conf.library[i].size, page, env);
    if (fd < 0) die("no place for its libraries: it needs memfd_create(), or a writable directory that is not mounted noexec (TMPDIR names one)");
    putNumber(put((char *)conf.library[i].name, "/proc/self/fd/"), fd);
  }
  /* Why: bin/rtwatch. */
  addVariables(sp, "MALLOC_ARENA_MAX=1", "MALLOC_TRIM_THRESHOLD_=131072");
  u64 start;
  *base = mapLoader(self, page, &start);
  *entry = conf.entry;
  S(CLOSE, self);
  return start;
}
