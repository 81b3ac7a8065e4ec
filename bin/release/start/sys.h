/* System calls and small helpers for code without a libc. */
typedef unsigned long u64;
typedef unsigned int u32;
typedef unsigned short u16;
typedef unsigned char u8;
typedef long i64;

#if defined(__x86_64__)
enum {
  READ = 0, WRITE = 1, CLOSE = 3, FSTAT = 5, MMAP = 9, MUNMAP = 11, SIGPROCMASK = 14, PREAD = 17, GETPID = 39, CLONE = 56,
  EXIT = 231, WAIT4 = 61, KILL = 62, FTRUNCATE = 77, CHDIR = 80, GETEUID = 107, PRCTL = 157, OPENAT = 257, UNLINKAT = 263,
  RENAMEAT = 264, READLINKAT = 267, FCHMOD = 91, SETNS = 308, MEMFD = 319, EXECVE = 59, FALLOCATE = 285, LINKAT = 265,
  PRLIMIT = 302,
};
static inline i64 sys(i64 n, i64 a, i64 b, i64 c, i64 d, i64 e, i64 f) {
  i64 r;
  register i64 r10 __asm__("r10") = d;
  register i64 r8 __asm__("r8") = e;
  register i64 r9 __asm__("r9") = f;
  __asm__ volatile("syscall" : "=a"(r) : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9) : "rcx", "r11", "memory");
  return r;
}
#elif defined(__aarch64__)
enum {
  READ = 63, WRITE = 64, CLOSE = 57, FSTAT = 80, MMAP = 222, MUNMAP = 215, SIGPROCMASK = 135, PREAD = 67, GETPID = 172, CLONE = 220,
  EXIT = 94, WAIT4 = 260, KILL = 129, FTRUNCATE = 46, CHDIR = 49, GETEUID = 175, PRCTL = 167, OPENAT = 56, UNLINKAT = 35,
  RENAMEAT = 38, READLINKAT = 78, FCHMOD = 52, SETNS = 268, MEMFD = 279, EXECVE = 221, FALLOCATE = 47, LINKAT = 37,
  PRLIMIT = 261,
};
static inline i64 sys(i64 n, i64 a, i64 b, i64 c, i64 d, i64 e, i64 f) {
  register i64 x8 __asm__("x8") = n;
  register i64 x0 __asm__("x0") = a;
  register i64 x1 __asm__("x1") = b;
  register i64 x2 __asm__("x2") = c;
  register i64 x3 __asm__("x3") = d;
  register i64 x4 __asm__("x4") = e;
  register i64 x5 __asm__("x5") = f;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
  return x0;
}
#endif

/* A program, not code in one. */
#ifndef IN_PROCESS
/* The stack as the kernel left it goes to go(); execution continues at what it returns, with a stack that begins 16 bytes earlier. */
#if defined(__x86_64__)
__asm__(".section .text.start,\"ax\"\n.globl _start\n_start:\n xor %ebp,%ebp\n mov %rsp,%rdi\n lea -16(%rsp),%rbx\n mov %rbx,%rsp\n and $-16,%rsp\n"
        " call go\n mov %rbx,%rsp\n xor %edx,%edx\n jmp *%rax\n.text\n");
#elif defined(__aarch64__)
__asm__(".section .text.start,\"ax\"\n.globl _start\n_start:\n mov x0,sp\n sub x19,x0,#16\n mov sp,x19\n bl go\n mov x16,x0\n mov sp,x19\n"
        " mov x0,xzr\n br x16\n.text\n");
#endif
#endif

#define S(n, ...) sys_(n, ##__VA_ARGS__, 0, 0, 0, 0, 0, 0)
#define sys_(n, a, b, c, d, e, f, ...) sys(n, (i64)(a), (i64)(b), (i64)(c), (i64)(d), (i64)(e), (i64)(f))

enum { CLOEXEC = 02000000, CWD = -100, PROT_R = 1, PROT_W = 2, PROT_X = 4, SHARED = 1, PRIVATE = 2, FIXED = 0x10, ANONYMOUS = 0x20 };

static int failed(i64 result) { return result < 0 && result > -4096; }

static u64 length(const char *text) {
  u64 n = 0;
  while (text[n]) n++;
  return n;
}

/* Writes `from` at `to`, and returns where it ends. */
static char *put(char *to, const char *from) {
  while ((*to = *from)) to++, from++;
  return to;
}

static char *putNumber(char *to, u64 n) {
  char b[20];
  int i = 0;
  do b[i++] = '0' + n % 10;
  while (n /= 10);
  while (i) *to++ = b[--i];
  *to = 0;
  return to;
}

/* What follows `start` in `text`; 0 if it does not begin with it. */
static char *after(char *text, const char *start) {
  while (*start)
    if (*text++ != *start++) return 0;
  return text;
}

static char *variable(char **env, const char *nameAndSign) {
  for (; *env; env++) {
    char *value = after(*env, nameAndSign);
    if (value) return value;
  }
  return 0;
}

static void say(const char *text) { S(WRITE, 2, text, length(text)); }

__attribute__((noreturn)) static void die(const char *why) {
  say("rtwatch: cannot start: ");
  say(why);
  say("\n");
  for (;;) S(EXIT, 70);
}
