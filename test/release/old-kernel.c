// old-kernel MAX COMMAND...: system calls with a number above MAX do not exist (ENOSYS), as on an older x86-64 kernel. 313 is finit_module(), the
// last of Linux 3.10. Flags that came later, where the kernel refuses unknown ones, are refused too.
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ARGUMENT(n) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[n]))
#define NUMBER BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr))
#define FAIL(e) BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (e))
#define IS(n, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, n, yes, no)
#define ABOVE(n, yes, no) BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, n, yes, no)
#define HAS(n, yes, no) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, n, yes, no)

int main(int count, char **words) {
  if (count < 3) return 64;
  struct sock_filter filter[] = {
    NUMBER, ABOVE(atoi(words[1]), 0, 1), FAIL(ENOSYS),
    // O_TMPFILE (3.11): before, its bit is ignored, and the directory cannot be opened for writing.
    NUMBER, IS(SYS_openat, 0, 3), ARGUMENT(2), HAS(020000000, 0, 1), FAIL(EISDIR),
    // MADV_FREE (8, 4.5), and all above MADV_DODUMP (17) but hwpoison (100, 101).
    NUMBER, IS(SYS_madvise, 0, 5), ARGUMENT(2), IS(8, 2, 0), ABOVE(17, 0, 2), ABOVE(99, 1, 0), FAIL(EINVAL),
    // prctl() ends at 40 (PR_GET_TID_ADDRESS), but for Yama's.
    NUMBER, IS(SYS_prctl, 0, 4), ARGUMENT(0), ABOVE(40, 0, 2), IS(0x59616d61, 1, 0), FAIL(EINVAL),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = { sizeof filter / sizeof *filter, filter };
  // uname() says 2.6.x: OpenSSL reads /dev/urandom instead of getrandom() (3.17) only where the kernel has an old number.
  personality(UNAME26);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) return perror("seccomp"), 1;
  execvp(words[2], words + 2);
  return perror(words[2]), 127;
}
