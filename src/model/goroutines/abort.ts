import type { Goroutine } from '../../sample/goroutines.ts';
import { kindOf, shortName } from './frames.ts';

/** Why the Go runtime wrote a dump before it ended the program. */
export interface Abort {
  /** As Go wrote it: `fatal error: concurrent map writes`. */
  readonly message: string;
  /** What it means, and what to do. */
  readonly meaning: string;
  /** It was stopped by a signal to get the dump: no crash. */
  readonly isRequested: boolean;
  /** Only a request failed: the program runs on. */
  readonly isRecovered: boolean;
  /** The goroutine that was running; null if the dump does not show it. */
  readonly goroutine: number | null;
  /** Its functions without those of the runtime, from the one that failed out. */
  readonly path: readonly string[];
}

const maxPath = 4;

/** What the last message says, with the goroutine that ran then. */
export function abortOf(message: string, running: Goroutine | null): Abort {
  const kind = kinds.find(({ form }) => form.test(message)) ?? defect;
  const isCulprit = running !== null && kind.isOfOne !== false;
  const own = isCulprit
    ? sincePanic(running.frames).filter(({ func }) => kindOf(func) !== 'runtime' && func !== 'panic')
    : [];
  return {
    message,
    meaning: kind.meaning,
    isRequested: kind.isRequested ?? false,
    isRecovered: kind.isRecovered ?? false,
    goroutine: isCulprit ? running.id : null,
    path: own.slice(0, maxPath).map(({ func }) => shortName(func)),
  };
}

/** What recovers a panic stands nearer to the leaf than the panic itself. */
function sincePanic(frames: Goroutine['frames']): Goroutine['frames'] {
  return frames.slice(frames.findIndex(({ func }) => func === 'panic' || func === 'runtime.gopanic') + 1);
}

interface AbortKind {
  readonly form: RegExp;
  readonly meaning: string;
  readonly isRequested?: true;
  readonly isRecovered?: true;
  /** Not of the goroutine that happened to run. */
  readonly isOfOne?: false;
}

const newer = 'Look for a newer version, and report it with this stack if there is none.';

/** A panic, or a check of the runtime that failed. */
const defect: AbortKind = {
  form: /^/,
  meaning: `A defect of the program, not of the node. ${newer}`,
};

/** runtime/panic.go, runtime/proc.go, runtime/malloc.go and runtime/os_linux.go of Go 1.5 to 1.26. */
const kinds: readonly AbortKind[] = [
  {
    form: /^SIG(?:QUIT|ABRT)/,
    meaning:
      'A signal ended it: a person, systemd’s watchdog or another program wanted this dump. It is no crash by itself.',
    isRequested: true,
    isOfOne: false,
  },
  {
    form: /^http: panic serving /,
    meaning: `One request failed, and the program runs on (net/http recovers it). A lock that the request held may stay taken for ever. It is a defect of the program, not of the node. ${newer}`,
    isRecovered: true,
  },
  {
    form: /^panic: (?:assertion failed: )?(?:invalid page type|page (?:expected|\d)|cannot free page|freepages|invalid freelist|freelist: )/i,
    meaning:
      'Its database (bolt) is damaged, so that a restart does not help. Power loss or a fault of the disk damages it. The path says of which package it is.',
  },
  {
    form: /concurrent map/,
    meaning: `Two goroutines used one map at the same time: a defect of the program, not of the node. ${newer}`,
  },
  {
    form: /thread exhaustion|program exceeds/,
    meaning:
      'Each thread is blocked in a system call: most often in open() of a FIFO, or on a dead mount. The largest groups in state syscall say in which.',
    isOfOne: false,
  },
  {
    form: /newosproc|new OS thread|pthread_create/,
    meaning:
      'The kernel gave it no further thread: a limit is reached. Compare pids.max of its control group, its RLIMIT_NPROC, kernel.threads-max and kernel.pid_max with what is in use.',
    isOfOne: false,
  },
  {
    form: /netpollinit failed|(?:eventfd|pipe) failed/,
    meaning:
      'It could not make the descriptors that it waits on (epoll, eventfd or pipe): most often its limit of open files (RLIMIT_NOFILE), or that of the system (fs.file-max), is reached. The line before it has the error: 24 is the limit of the process (some versions print it as 18446744073709551592), 23 that of the system.',
    isOfOne: false,
  },
  {
    form: /netpoll failed|netpoll(?:Break|open|arm)/,
    meaning: `The descriptor that it waits on (epoll) does not work any more: most often the program closed it by mistake, which is error 9 in the line before. A defect of the program, not of the node. ${newer}`,
    isOfOne: false,
  },
  {
    form: /mlock failed/,
    meaning:
      'The kernel did not let it lock a page of memory: its limit of locked memory (RLIMIT_MEMLOCK, ulimit -l) is too low. Only programs made with Go 1.14 need it, on kernels from 5.2 on that are not 5.3.15, 5.4.2, 5.5 or later.',
    isOfOne: false,
  },
  {
    form: /crypto\/rand: /,
    meaning:
      'The kernel gave it no random data: getrandom(2) failed, as it does under a seccomp profile that forbids it.',
    isOfOne: false,
  },
  {
    form: /out of memory|cannot allocate memory|runtime: cannot (?:map|reserve|remap) |failed to reserve /,
    meaning:
      'The kernel gave it no memory: look at its limits (ulimit -v, cgroup), at vm.overcommit_memory, and at what it keeps (rtwatch heap).',
    isOfOne: false,
  },
  {
    form: /all goroutines are asleep|no goroutines \(main called/,
    meaning: `Every goroutine waits for another one: a deadlock in the program. ${newer}`,
    isOfOne: false,
  },
  {
    form: /stack overflow|stack exceeds/,
    meaning: `A function called itself without an end: a defect of the program, or data that is deeper than it allows. ${newer}`,
  },
  {
    form: /SIGBUS/,
    meaning:
      'A page of a file that it has mapped could not be read (SIGBUS): the disk or the network storage below it has a fault, or the file became shorter. The path says which file, bolt is a database. Look for I/O errors in the log of the kernel.',
  },
  {
    form: /^fatal error: fault\b|found bad pointer|unexpected fault address|sweep increased|bad sweep|invalid pointer found|marking free object|unexpected signal|SIGSEGV/,
    meaning:
      'Its memory was damaged: a defect in the program or in C code that it calls. If several programs crash so, test the memory of the node.',
  },
  // runtime.throw: the Go runtime checks itself. What users of maps and locks do wrong is above, or begins with the package's name.
  {
    form: /^fatal(?: error)?: (?!sync: )/,
    meaning:
      'The Go runtime found its own records damaged: by memory of the node that is faulty, by the kernel, or by C code or a race in the program. If it comes again, or other programs crash too, test the memory of the node.',
    isOfOne: false,
  },
];
