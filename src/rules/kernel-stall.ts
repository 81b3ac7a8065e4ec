import { formatBytes } from '../base/bytes.ts';
import { countOf } from '../base/counts.ts';
import { formatSeconds } from '../base/durations.ts';
import type { LogsModel } from '../model/logs/logs.ts';
import type { LogLine } from '../sample/logs.ts';
import { type Remedy, rule } from './engine/rule.ts';
import { has, hourly, hourMs, logFinding, namesIn, recentMs, troubleIn } from './shared/log-trouble.ts';
import { pauseFinding, pauseOf } from './shared/paused-machine.ts';

const ofCpus = ['soft-lockup', 'workqueue-lockup', 'rcu-stall'] as const;

/** A virtual machine that was paused logs it once; a kernel that stalls keeps logging it. */
const again = 2;
/** Kernel code that lets nothing else run for this long does not come back. Our own judgement. */
const endlessSeconds = 60;
/** While a CPU stays held, the next report is due after two watchdog_thresh and one fifth of it more: 132 s at its maximum of 60. */
const nextReportMs = 150_000;

/** The kernel itself does not get on: a CPU is held, RCU does not advance, or memory for the kernel is not found. */
export const kernelStall = rule({
  id: 'kernel-stall',
  needs: ['logs'],
  uses: [],
  matters: false,
  judge: ({ logs, at }) => {
    const trouble = troubleIn(logs, [
      ...ofCpus,
      'allocation-deadlock',
      'page-allocation-stalled',
      'page-allocation-failed',
    ]);
    if (trouble === null) return [];
    const cpu = momentsIn(logs, hourly(trouble, ...ofCpus), (trouble.lastAt ?? 0) - hourMs);
    const memory = hourly(trouble, 'allocation-deadlock');
    const stalled = hourly(trouble, 'page-allocation-stalled');
    const isOfCpu = has(trouble, ...ofCpus);
    const { recent, lastAt, agoMs } = trouble;
    const recently = (lastAt ?? 0) + (agoMs ?? 0) - recentMs;
    const held = recent ? heldCpus(logs, recently) : [];
    const waiting = recent ? waitingWork(logs, recently) : 0;
    const pausedSeconds = recent && held.length === 0 ? pauseOf(logs, recently) : 0;
    if (pausedSeconds > 0) return [pauseFinding(trouble, pausedSeconds, at)];
    const pages = recent && !isOfCpu && !has(trouble, 'allocation-deadlock') ? outOfPages(logs, recently) : 0;
    const refused = recent && !isOfCpu ? refusedDaemon(logs, recently) : null;
    return [
      logFinding(trouble, at, {
        id: 'kernel-stall',
        severity:
          cpu >= again || memory >= again || stalled > 0 || pages >= again || refused !== null || held.length > 0
            ? 'warning'
            : 'info',
        ...(isOfCpu
          ? cpuWords(
              held,
              { seconds: waiting, where: poolsIn(trouble.about, waiting > 0) },
              has(trouble, 'soft-lockup', 'rcu-stall'),
              recent ? whoHeld(logs, recently) : null,
            )
          : pages > 0
            ? noPageWords
            : stalled > 0
              ? stalledWords
              : refused !== null
                ? refusedWords(refused)
                : memoryWords(has(trouble, 'allocation-deadlock'))),
        remedies: [
          { text: 'Look at the stacks that follow the lines.', command: 'dmesg -T', risk: 'none' },
          ...(held.length > 0 || waiting > 0 ? [reboot] : []),
          ...(pages > 0 || stalled > 0 ? [keepFree] : []),
          ...(!isOfCpu && pages === 0 && stalled === 0
            ? [
                {
                  text: 'Compact the memory of the node.',
                  command: 'echo 1 > /proc/sys/vm/compact_memory',
                  risk: 'low' as const,
                },
              ]
            : []),
        ],
      }),
    ];
  },
});

/** All CPUs of a virtual machine that was paused report within seconds of its resumption. */
const oneMomentMs = 10_000;

/** At how many separate moments CPUs were reported since then; so many lines, if they have no time. */
function momentsIn({ lines }: LogsModel, count: number, since: number): number {
  const times = lines.filter(({ sign }) => ofCpus.some((one) => one === sign)).map(({ at }) => at);
  if (count === 0 || times.length === 0 || times.some((at) => at === null)) return count;
  const recent = times
    .flatMap((at) => at ?? [])
    .filter((at) => at >= since)
    .sort((a, b) => a - b);
  return recent.filter((at, n) => n === 0 || at - (recent[n - 1] ?? 0) > oneMomentMs).length;
}

const keepFree: Remedy = {
  text: 'Find what uses the memory. If it is caches, have the kernel keep more memory free, for what cannot wait: raise vm.min_free_kbytes.',
  command: 'sysctl vm.min_free_kbytes; grep -E "MemFree|MemAvailable|Slab" /proc/meminfo; cat /proc/buddyinfo',
  risk: 'none',
};

const reboot: Remedy = {
  text: 'Drain the node and reboot it if the lines go on: no signal reaches what holds a CPU in the kernel, and its locks stay held.',
  command: null,
  risk: 'high',
};

interface HeldCpu {
  readonly cpu: string;
  readonly who: string;
  readonly seconds: number;
}

/** CPUs that the same task was reported to hold more than once, for a minute and longer, the last time since then; the longest first. */
function heldCpus({ lines }: LogsModel, since: number): HeldCpu[] {
  const lockups = lines.filter(({ sign, pid }) => sign === 'soft-lockup' && pid !== null);
  return [...Map.groupBy(lockups, ({ pid, text }) => `${cpuOf(text)} ${pid}`).values()]
    .map(newestRun)
    .filter((same) => same.length >= again && isSince(same.at(-1), since))
    .flatMap((same) => {
      const [first] = same;
      return first === undefined ? [] : { cpu: cpuOf(first.text), who: nameOf(first), seconds: secondsOf(same) };
    })
    .filter(({ seconds }) => seconds >= endlessSeconds)
    .sort((a, b) => b.seconds - a.seconds);
}

/** Reports that follow each other: a task can hold the same CPU again an hour later. One that counts from before the last is of the same. */
function newestRun(same: readonly LogLine[]): readonly LogLine[] {
  const start = same.findLastIndex(({ at, seconds = 0 }, n) => {
    const apart = (at ?? 0) - (same[n - 1]?.at ?? 0);
    return n > 0 && apart > nextReportMs && seconds * 1000 < apart;
  });
  return same.slice(Math.max(0, start));
}

const isSince = (line: LogLine | undefined, since: number): boolean => (line?.at ?? since) >= since;

/** `soft lockup - CPU#3 stuck`, `hard LOCKUP on cpu 3` */
function cpuOf(text: string): string {
  const number = /\bcpu[# ](\d+)/i.exec(text)?.[1];
  return number === undefined ? 'a CPU' : `CPU#${number}`;
}
const nameOf = ({ comm, pid }: LogLine): string => `${comm ?? 'a task'} (pid ${pid})`;

/** Newer kernels count from the first report on, older ones begin anew with each. */
function secondsOf(same: readonly LogLine[]): number {
  const times = same.flatMap(({ at }) => at ?? []);
  const apart = times.length === 0 ? 0 : (Math.max(...times) - Math.min(...times)) / 1000;
  return Math.max(apart, ...same.map(({ seconds }) => seconds ?? 0));
}

/** For how many seconds work of the kernel has waited, if for a minute and longer and reported more than once, the last time since then; else 0. */
function waitingWork({ lines }: LogsModel, since: number): number {
  const lockups = lines.filter(({ sign }) => sign === 'workqueue-lockup');
  const runs = [...Map.groupBy(lockups, ({ text }) => /pool [^!]*? stuck/.exec(text)?.[0]).values()].map(newestRun);
  const repeated = runs.filter((same) => same.length >= again && isSince(same.at(-1), since));
  const longest = Math.max(0, ...repeated.flat().map(({ seconds }) => seconds ?? 0));
  return longest >= endlessSeconds ? longest : 0;
}

/** @param isOfCpu CPUs or RCU are reported, too, and not only work that waits */
function cpuWords(
  held: readonly HeldCpu[],
  waiting: { readonly seconds: number; readonly where: string },
  isOfCpu: boolean,
  who: readonly string[] | null,
): Words {
  if (held.length > 0) return heldWords(held);
  if (waiting.seconds === 0 && isOfCpu) return passingWords(who);
  const time = waiting.seconds === 0 ? 'waits' : `has waited for ${formatSeconds(waiting.seconds)}`;
  return {
    title: `The kernel stalls: work of the kernel ${time}${waiting.where} (workqueue lockup)`,
    past: 'The kernel stalled',
    summary:
      'The threads that do it are held. Write-back, unmounts and releases of memory and devices may wait behind it.',
  };
}

/**
 * The CPUs of the pools of workers, as the kernel names them: `cpus=2`, `cpus=0-3`.
 *
 * @param isTimed a time is said of them, which is not that of each where there are several
 */
function poolsIn(about: readonly string[], isTimed: boolean): string {
  const pools = about.flatMap((name) => /^cpus=(.+)/.exec(name)?.[1] ?? []);
  if (pools.length === 0 || (isTimed && pools.length > 1)) return '';
  const isOne = pools.length === 1 && /^\d+$/.test(pools[0] ?? '');
  return ` on ${isOne ? 'CPU' : 'CPUs'} ${namesIn(pools)}`;
}

/** How many times not even one page was free: `order:0`. */
function outOfPages({ lines }: LogsModel, since: number): number {
  const failed = lines.filter(({ sign, at }) => sign === 'page-allocation-failed' && (at ?? since) >= since);
  return failed.filter(({ text }) => /\border:0\b/.test(text)).length;
}

/** `exe` is runc or dockerd that started itself anew. */
const daemonNames = /^(?:exe|dockerd|containerd|containerd-shim\S*|runc\S*|crun|conmon|kubelet|crio|podman)$/;

/**
 * The daemon or runtime whose own request failed, though the kernel could wait for it (GFP_KERNEL): the call got ENOMEM, as the one that makes a
 * veth does.
 */
function refusedDaemon({ lines }: LogsModel, since: number): LogLine | null {
  return (
    lines.findLast(
      ({ sign, at, comm, text }) =>
        sign === 'page-allocation-failed' &&
        (at ?? since) >= since &&
        daemonNames.test(comm ?? '') &&
        canWait.test(text) &&
        !/__GFP_NOWARN|__GFP_NORETRY/.test(text),
    ) ?? null
  );
}

/** Kernels before 4.6 write the number alone: 0xd0 are the bits of GFP_KERNEL, 0x20 is GFP_ATOMIC. */
const canWait = /\border:[1-9]\d*, mode:(?:\S*\(GFP_KERNEL\b|0x[0-9a-f]*d0$)/;

function refusedWords({ comm = 'a daemon', text }: LogLine): Words {
  const order = Number(/\border:(\d+)/.exec(text)?.[1] ?? 0);
  const size = formatBytes(4096 * 2 ** order);
  return {
    title: `Kernel memory is too fragmented for ${comm}: ${size} in one piece (order ${order}) were not found`,
    past: `Kernel memory was too fragmented for ${comm}`,
    summary: `A call of ${comm} failed with "cannot allocate memory", for example one that makes a network device of a container. There may be free memory, but not so much in one piece; no process was killed.`,
  };
}

const noPageWords: Words = {
  title: 'The kernel found no free memory page (page allocation failure of order 0)',
  past: 'The kernel found no free memory page',
  summary:
    'Not one page was free for a request that could not wait: most often a packet that arrived, which was then dropped. No process was killed for it.',
};

const stalledWords: Words = {
  title: 'The kernel has no memory to give: allocations wait for more than ten seconds',
  past: 'The kernel had no memory to give: allocations waited for more than ten seconds',
  summary:
    'Tasks that ask for memory reclaim it themselves, and get none: the node swaps or writes back, and everything on it is slow. The OOM killer may act next.',
};

type Words = Record<'title' | 'past' | 'summary', string>;

/** The CPUs that were reported since then, and by which task each is held; none: only RCU was. */
function whoHeld({ lines }: LogsModel, since: number): readonly string[] {
  const lockups = lines.filter((line) => line.sign === 'soft-lockup' && isSince(line, since));
  return [
    ...new Set(lockups.map((line) => `${cpuOf(line.text)}${line.comm === undefined ? '' : ` by ${nameOf(line)}`}`)),
  ];
}

/** @param who null: not recently, or not known */
function passingWords(who: readonly string[] | null): Words {
  const past = 'The kernel stalled';
  if (who?.length === 0) {
    return {
      title: 'The kernel stalls: RCU grace periods do not end (RCU stall)',
      past,
      summary:
        'A CPU or a task did not let RCU of the kernel advance for seconds: it looped in the kernel, or its virtual CPU did not run. What frees memory or removes devices waits for that. A paused virtual machine says so once.',
    };
  }
  const named = who === null ? '' : `: ${namesIn(who)}`;
  return {
    title: `The kernel stalls: CPUs are held in kernel code${named}`,
    past,
    summary:
      'A CPU ran kernel code for seconds without a pause, or did not pass a quiet state. A paused virtual machine says so once.',
  };
}

function heldWords([longest, ...others]: readonly HeldCpu[]): Words {
  const past = 'The kernel stalled';
  if (longest === undefined) return passingWords(null);
  const more = others.length === 0 ? '' : `, and ${countOf(others.length, 'more CPU')}`;
  return {
    title: `The kernel stalls: soft lockup of ${longest.cpu} for ${formatSeconds(longest.seconds)}, by ${longest.who}${more}`,
    past,
    summary: `A CPU that is held runs nothing else. What waits for it, or for a lock that its task holds, waits as long.${others.length === 0 ? '' : ` Held as well: ${namesIn(others.map(({ cpu, who }) => `${cpu} by ${who}`))}.`}`,
  };
}

function memoryWords(isRetried: boolean): Words {
  return isRetried
    ? {
        title: 'The kernel stalls: an allocation of kernel memory is retried endlessly',
        past: 'The kernel stalled',
        summary: 'Memory is fragmented: the kernel finds no piece that is large enough.',
      }
    : {
        title: 'The kernel could not allocate memory for itself',
        past: 'The kernel could not allocate memory for itself',
        summary:
          'One request failed, and what made it got an error or tried again; no process was killed for it. From order 1 on, free memory was too fragmented.',
      };
}
