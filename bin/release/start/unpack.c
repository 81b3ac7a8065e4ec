/* Where the packed executable starts: it unpacks the executable behind it once, and becomes it.
 *
 * The file is unpacked beside the packed one, or into the folder that RTWATCH_UNPACK names, as .rtwatch-ID (121 MB), and used again at
 * the next start if it belongs to this user or root and nobody else can write to it. Where that is not possible, and with
 * RTWATCH_UNPACK=memory, it is a file in memory, unpacked at each start.
 * The packing is LZMA (the .lzma format of xz): its decoder is small. Range coder, states and models are as in the LZMA specification. */
#include "sys.h"

/* Filled in by packed.ts, which knows this layout. */
struct conf { u64 magic, offset, packed, size, crc, id; };
__attribute__((section(".conf"), used)) const volatile struct conf conf = { 0x314b434150575452UL };

enum { STATES = 12, POSITIONS = 16, LITERALS = 0x300 << 3, END_MODEL = 14, DISTANCES = 1 + (1 << 7) - END_MODEL };

struct lengths { u16 choice, choice2, low[POSITIONS][8], middle[POSITIONS][8], high[256]; };
struct model {
  u16 literal[LITERALS], isMatch[STATES][POSITIONS], isRep[STATES], isRepG0[STATES], isRepG1[STATES], isRepG2[STATES];
  u16 isRep0Long[STATES][POSITIONS], slot[4][64], distance[DISTANCES], align[16];
  struct lengths match, rep;
};
struct coder { const u8 *in, *end; u32 range, code; };

static inline u32 bit(struct coder *c, u16 *p) {
  if (c->range < 1u << 24) {
    c->range <<= 8;
    c->code = c->code << 8 | (c->in < c->end ? *c->in : 0);
    c->in++;
  }
  u32 bound = (c->range >> 11) * *p;
  if (c->code < bound) {
    c->range = bound;
    *p += (2048 - *p) >> 5;
    return 0;
  }
  c->range -= bound;
  c->code -= bound;
  *p -= *p >> 5;
  return 1;
}

static u32 direct(struct coder *c, u32 bits) {
  u32 value = 0;
  while (bits--) {
    if (c->range < 1u << 24) {
      c->range <<= 8;
      c->code = c->code << 8 | (c->in < c->end ? *c->in : 0);
      c->in++;
    }
    c->range >>= 1;
    u32 is = c->code >= c->range;
    if (is) c->code -= c->range;
    value = value << 1 | is;
  }
  return value;
}

static u32 tree(struct coder *c, u16 *p, u32 bits) {
  u32 m = 1;
  for (u32 i = 0; i < bits; i++) m = m << 1 | bit(c, p + m);
  return m - (1u << bits);
}

static u32 reverseTree(struct coder *c, u16 *p, u32 bits) {
  u32 m = 1, value = 0;
  for (u32 i = 0; i < bits; i++) {
    u32 b = bit(c, p + m);
    m = m << 1 | b;
    value |= b << i;
  }
  return value;
}

static u32 lengthOf(struct coder *c, struct lengths *l, u32 position) {
  if (!bit(c, &l->choice)) return tree(c, l->low[position], 3);
  if (!bit(c, &l->choice2)) return 8 + tree(c, l->middle[position], 3);
  return 16 + tree(c, l->high, 8);
}

static u32 distanceOf(struct coder *c, struct model *m, u32 length) {
  u32 slot = tree(c, m->slot[length < 4 ? length : 3], 6);
  if (slot < 4) return slot;
  u32 bits = (slot >> 1) - 1, distance = (2 | (slot & 1)) << bits;
  if (slot < END_MODEL) return distance + reverseTree(c, m->distance + distance - slot, bits);
  distance += direct(c, bits - 4) << 4;
  return distance + reverseTree(c, m->align, 4);
}

/* 0 if the input is no LZMA stream of the parameters 3, 0, 2 that is `size` bytes long. */
static int decode(const u8 *in, u64 packed, u8 *out, u64 size) {
  struct model m;
  struct coder c = { in + 18, in + packed, 0xffffffff, 0 };
  u32 rep0 = 0, rep1 = 0, rep2 = 0, rep3 = 0, state = 0;
  u64 at = 0;
  if (packed < 18 || in[0] != 93 || in[13] != 0) return 0;
  for (int i = 14; i < 18; i++) c.code = c.code << 8 | in[i];
  for (u64 i = 0; i < sizeof m / 2; i++) ((volatile u16 *)&m)[i] = 1024;
  while (at < size) {
    if (c.in > c.end + 8) return 0;
    u32 position = at & 3, length;
    if (!bit(&c, &m.isMatch[state][position])) {
      u16 *p = m.literal + 0x300 * (at ? out[at - 1] >> 5 : 0);
      u32 symbol = 1;
      if (state >= 7) {
        u32 match = out[at - rep0 - 1];
        do {
          u32 matchBit = match >> 7 & 1, b = bit(&c, p + ((1 + matchBit) << 8) + symbol);
          match <<= 1;
          symbol = symbol << 1 | b;
          if (matchBit != b) break;
        } while (symbol < 0x100);
      }
      while (symbol < 0x100) symbol = symbol << 1 | bit(&c, p + symbol);
      out[at++] = symbol;
      state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
      continue;
    }
    if (!bit(&c, &m.isRep[state])) {
      rep3 = rep2, rep2 = rep1, rep1 = rep0;
      length = lengthOf(&c, &m.match, position);
      state = state < 7 ? 7 : 10;
      rep0 = distanceOf(&c, &m, length);
    } else {
      if (!bit(&c, &m.isRepG0[state])) {
        if (!bit(&c, &m.isRep0Long[state][position])) {
          if (rep0 >= at) return 0;
          state = state < 7 ? 9 : 11;
          out[at] = out[at - rep0 - 1];
          at++;
          continue;
        }
      } else {
        u32 distance;
        if (!bit(&c, &m.isRepG1[state])) distance = rep1;
        else {
          if (!bit(&c, &m.isRepG2[state])) distance = rep2;
          else distance = rep3, rep3 = rep2;
          rep2 = rep1;
        }
        rep1 = rep0;
        rep0 = distance;
      }
      length = lengthOf(&c, &m.rep, position);
      state = state < 7 ? 8 : 11;
    }
    length += 2;
    if (rep0 >= at || length > size - at) return 0;
    for (u8 *to = out + at, *end = to + length; to < end; to++) *to = to[-(i64)rep0 - 1];
    at += length;
  }
  return 1;
}

static u32 crcOf(const u8 *bytes, u64 size) {
  u32 table[256], crc = ~0u;
  for (u32 i = 0; i < 256; i++) {
    u32 v = i;
    for (int k = 0; k < 8; k++) v = v & 1 ? v >> 1 ^ 0xedb88320 : v >> 1;
    table[i] = v;
  }
  for (u64 i = 0; i < size; i++) crc = table[(crc ^ bytes[i]) & 0xff] ^ crc >> 8;
  return ~crc;
}

/* 0: no space for it. A mapping of a file without its space would end in SIGBUS. `path`: its name, if it has one. */
static int unpackTo(int fd, const char *path) {
  i64 reserved = S(FALLOCATE, fd, 0, 0, conf.size);
  if (reserved < 0 && reserved != -95 /* EOPNOTSUPP */ && reserved != -38 /* ENOSYS */) return 0;
  if (S(FTRUNCATE, fd, conf.size) < 0) return 0;
  i64 self = S(OPENAT, CWD, "/proc/self/exe", CLOEXEC);
  if (self < 0) die("/proc is not mounted");
  i64 in = S(MMAP, 0, conf.packed, PROT_R, PRIVATE, self, conf.offset), out = S(MMAP, 0, conf.size, PROT_R | PROT_W, SHARED, fd, 0);
  S(CLOSE, self);
  if (failed(in) || failed(out)) return 0;
  if (!decode((const u8 *)in, conf.packed, (u8 *)out, conf.size) || crcOf((const u8 *)out, conf.size) != conf.crc) {
    if (path) S(UNLINKAT, CWD, path, 0);
    die("its file is damaged. Copy it again");
  }
  S(MUNMAP, in, conf.packed);
  S(MUNMAP, out, conf.size);
  return S(FCHMOD, fd, 0700) == 0;
}

static void become(int fd, char **argv, char **env) {
  char path[64];
  putNumber(put(path, "/proc/self/fd/"), fd);
  S(EXECVE, path, argv, env);
}

/* What stat(2) says, in the layout of each machine. */
static int isOurs(int fd) {
  union { u64 words[18]; u32 halves[36]; } st;
  if (S(FSTAT, fd, &st) < 0) return 0;
#if defined(__x86_64__)
  u32 mode = st.halves[6], owner = st.halves[7];
#else
  u32 mode = st.halves[4], owner = st.halves[6];
#endif
  return (mode & 0170000) == 0100000 && !(mode & 022) && (owner == 0 || owner == S(GETEUID)) && st.words[6] == conf.size;
}

/* Flags of open() that differ between machines. */
#if defined(__x86_64__)
enum { NOFOLLOW = 0400000, TMPFILE = 020200000 };
#else
enum { NOFOLLOW = 0100000, TMPFILE = 020040000 };
#endif

static void becomeFile(const char *path, char **argv, char **env) {
  i64 fd = S(OPENAT, CWD, path, CLOEXEC | NOFOLLOW);
  if (fd < 0) return;
  if (isOurs(fd)) become(fd, argv, env);
  S(CLOSE, fd);
}

/* A filesystem mounted noexec takes the file, and does not let it be mapped as code. */
static int mayRun(int fd) {
  i64 at = S(MMAP, 0, 4096, PROT_R | PROT_X, PRIVATE, fd, 0);
  if (failed(at)) return 0;
  S(MUNMAP, at, 4096);
  return 1;
}

static void tryFolder(const char *folder, char **argv, char **env) {
  char path[4300], partial[4350], *p = put(put(path, folder), "/.rtwatch-");
  i64 own = S(GETPID);
  for (int i = 60; i >= 0; i -= 4) *p++ = "0123456789abcdef"[conf.id >> i & 15];
  *p = 0;
  becomeFile(path, argv, env);
  putNumber(put(put(partial, path), "."), own);
  /* It gets a name when it is complete, so that an interrupt leaves nothing: 2 is O_RDWR. Before Linux 3.11, and on a filesystem that cannot do
   * that, it has one from the start. */
  i64 fd = S(OPENAT, CWD, folder, TMPFILE | 2 | CLOEXEC, 0700);
  int named = fd < 0;
  if (named) fd = S(OPENAT, CWD, partial, 02 | 0100 | 0200 | CLOEXEC, 0700);
  if (fd < 0) return;
  int unpacked = mayRun(fd) && unpackTo(fd, named ? partial : 0);
  if (unpacked && !named) {
    char self[64];
    putNumber(put(self, "/proc/self/fd/"), fd);
    /* 0x400: AT_SYMLINK_FOLLOW. */
    named = unpacked = S(LINKAT, CWD, self, CWD, partial, 0x400) == 0;
  }
  S(CLOSE, fd);
  if (!unpacked || S(RENAMEAT, CWD, partial, CWD, path) < 0) {
    if (named) S(UNLINKAT, CWD, partial, 0);
    return;
  }
  becomeFile(path, argv, env);
}

static void tryMemory(char **argv, char **env) {
  /* 16: MFD_EXEC, which Linux knows since 6.3 and needs where vm.memfd_noexec is 1. */
  i64 fd = S(MEMFD, "rtwatch", 1 | 16);
  if (fd == -22) fd = S(MEMFD, "rtwatch", 1);
  if (fd >= 0 && unpackTo(fd, 0)) become(fd, argv, env);
}

__attribute__((used)) u64 go(u64 *sp) {
  char **argv = (char **)(sp + 1), **env = argv + sp[0] + 1, *given = variable(env, "RTWATCH_UNPACK=");
  char folder[4200];
  if (given && !*given) given = 0;
  int inMemory = given && after(given, "memory") && !given[6];
  if (!inMemory) {
    i64 n = 0;
    if (given) {
      n = length(given);
      if (n > 4096) die("RTWATCH_UNPACK is too long");
      put(folder, given);
    } else {
      n = S(READLINKAT, CWD, "/proc/self/exe", folder, 4096);
      if (n < 0) die("/proc is not mounted");
      folder[n] = 0;
      while (n > 0 && folder[n] != '/') folder[n--] = 0;
    }
    tryFolder(folder, argv, env);
    if (given) die("nothing can be unpacked to, or run from, the folder in RTWATCH_UNPACK");
  }
  tryMemory(argv, env);
  die(inMemory ? "it cannot be unpacked to memory. Name a folder: RTWATCH_UNPACK=DIR"
               : "its folder is not writable or mounted noexec, and it cannot be unpacked to memory. Name another folder: RTWATCH_UNPACK=DIR");
}
