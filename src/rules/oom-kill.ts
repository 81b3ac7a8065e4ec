import type { LogsModel } from '../model/logs/logs.ts';
import { type Finding, rule, type Severity } from './engine/rule.ts';
import { daemonsOfUnits } from './shared/daemons-of-logs.ts';
import {
  hourly,
  hourMs,
  type LogTrouble,
  type LogVerdict,
  logFinding,
  namesIn,
  troubleIn,
} from './shared/log-trouble.ts';

/** A container that is killed at its limit again and again is in a loop; once is its limit at work. */
const loops = 3;
/** Kernels before 4.20 do not say whose control group it was: several containers may share these. */
const unnamedLoops = 5;

/** The kernel killed processes because memory was used up: the node's, a daemon's, or a container's again and again. */
export const oomKill = rule({
  id: 'oom-kill',
  needs: ['logs'],
  uses: [],
  matters: false,
  judge: ({ logs, at }) => {
    const found = [...ofNode(logs, at), ...ofContainers(logs, at)];
    return found.length > 0 ? found : ofExcerpt(logs, at);
  },
});

/** Functions of mm/memcontrol.c in the stack of dump_header(): a limit was reached, and not the memory of the node used up. */
const ofLimit = /\bmem_cgroup_(?:oom_synchronize|out_of_memory|handle_over_high)|\btry_charge/;
/** dump_header() writes it all at once. */
const togetherMs = 2000;

/** The head of a report, without the line that names who was killed: the log is cut, or an excerpt. */
function ofExcerpt(logs: LogsModel, at: number): Finding[] {
  const trouble = troubleIn(logs, ['oom-invoked', 'oom-cpuset'], hourMs);
  if (trouble === null) return [];
  const heads = logs.lines.filter(({ sign }) => sign === 'oom-invoked');
  const who = namesIn([...new Set(heads.flatMap(({ comm }) => comm ?? []))]);
  const isLimit = logs.lines.some(
    (line) =>
      line.sign === 'kernel-stack-wait' &&
      ofLimit.test(line.text) &&
      heads.some((head) => line.n > head.n && Math.abs((line.at ?? 0) - (head.at ?? 0)) <= togetherMs),
  );
  const inside = trouble.containers.length === 0 ? '' : ` (${namesIn(trouble.containers)})`;
  return [
    logFinding(trouble, at, {
      id: 'oom-kill',
      severity: isLimit ? 'info' : 'warning',
      confidence: 'likely',
      title: isLimit
        ? `The OOM killer acted in the memory cgroup of a container${inside}`
        : `The OOM killer was invoked${who === '' ? '' : ` by ${who}`}: the node is probably out of memory`,
      past: 'The OOM killer was invoked',
      summary: isLimit
        ? 'A memory limit was reached. The line that names the process it killed is not in the log.'
        : 'The lines that name whose limit was reached, and which process was killed, are not in the log.',
      remedies: [
        {
          text: 'See the whole report: it names what was killed, and how much memory each process had.',
          command: "dmesg -T | grep -iE 'oom-kill|killed process' | tail",
          risk: 'none',
        },
      ],
    }),
  ];
}

function ofNode(logs: LogsModel, at: number): Finding[] {
  const trouble =
    troubleIn(logs, ['oom-kill-node', 'system-oom-event', 'unit-oom', 'eviction-memory'], hourMs) ??
    // It stands before the kernel's line of a kill, and says no more, unless a search printed it alone.
    troubleIn(logs, ['oom-global'], hourMs);
  if (trouble === null) return [];
  const killed = troubleIn(
    logs,
    ['unit-exited'],
    hourMs,
    ({ firstAt, lastAt, example }) => example?.includes('status=9/KILL') === true && isBeside(trouble, firstAt, lastAt),
  );
  const all = [...trouble.tallies, ...(killed?.tallies ?? [])];
  const units = all.flatMap(({ sign, about }) => (sign === 'unit-oom' || sign === 'unit-exited' ? (about ?? []) : []));
  const victims = trouble.recent ? daemonsKilled(logs, trouble) : [];
  // systemd names the OOM killer, or only the signal; the kernel names the process.
  const isNamed = victims.length > 0 || trouble.tallies.some(({ sign }) => sign === 'unit-oom');
  const daemons = units.length > 0 ? [...new Set(units)] : victims;
  const who = daemons.length > 0 ? ` ${namesIn(daemons)}` : '';
  return [
    logFinding({ ...trouble, tallies: all }, at, {
      id: 'oom-kill',
      severity: daemons.length > 0 ? 'critical' : 'warning',
      confidence: 'certain',
      title:
        daemons.length > 0
          ? isNamed
            ? `The OOM killer killed a process of${who}`
            : `The node is out of memory: the OOM killer kills processes, and${who} was killed`
          : 'The node is out of memory: the OOM killer or the kubelet kills processes',
      past: isNamed ? `The OOM killer killed a process of${who}` : 'The node was out of memory',
      summary: 'Memory of the whole node was used up, so the kernel or the kubelet killed processes.',
      remedies: [
        { text: 'See what uses the memory now.', command: 'rtwatch', risk: 'none' },
        {
          text: 'Give the pods memory limits and reserve memory for the daemons (system-reserved, kube-reserved).',
          command: null,
          risk: 'low',
        },
      ],
      subjects: { daemons: [...new Set([...daemonsOfUnits(units), ...victims])] },
    }),
  ];
}

const daemonNames = /^(?:dockerd|containerd|kubelet|kubelite|crio|k3s-(?:server|agent)|rke2)$/;

/** Daemons that the kernel names as what it killed, within the same hour. */
function daemonsKilled({ lines }: LogsModel, { lastAt }: LogTrouble): string[] {
  const since = (lastAt ?? 0) - hourMs;
  const killed = lines.filter(
    ({ sign, at }) => (sign === 'oom-kill-node' || sign === 'system-oom-event') && (at ?? since) >= since,
  );
  return [...new Set(killed.flatMap(({ comm }) => (comm !== undefined && daemonNames.test(comm) ? comm : [])))];
}

/** systemd notices at once that a main process is gone. Its clock and the kernel's are a second or two apart. */
const noticedMs = 10_000;
const apartMs = 2000;

/** Of the last kill of a unit, whether it follows one of the OOM killer. */
function isBeside({ firstAt, lastAt }: LogTrouble, first: number | null, last: number | null): boolean {
  if (firstAt === null || lastAt === null || first === null || last === null) return false;
  return last >= firstAt - apartMs && first <= lastAt + noticedMs;
}

function ofContainers(logs: LogsModel, at: number): Finding[] {
  const trouble = troubleIn(logs, ['oom-kill', 'oom-memcg', 'oom-not-reaped'], hourMs);
  if (trouble === null) return [];
  const victims = daemonsIn(logs, trouble);
  if (victims.length > 0 && trouble.recent) return [ofDaemon(logs, trouble, victims, at)];
  const stuck = hourly(trouble, 'oom-not-reaped') > 0;
  const most = Math.max(0, ...trouble.tallies.map((tally) => (tally.sign === 'oom-memcg' ? (tally.lastHour ?? 0) : 0)));
  const looping = most >= loops || (most === 0 && hourly(trouble, 'oom-kill') >= unnamedLoops);
  const severity: Severity = stuck || looping ? 'warning' : 'info';
  const chosen = trouble.recent ? chosenIn(logs, trouble) : [];
  return [logFinding(trouble, at, { severity, ...wordsOf(trouble, stuck, looping, chosen) })];
}

/** What the kernel chose to kill in the last hour. To 4.20 it may have killed a child of that instead. */
function chosenIn({ lines }: LogsModel, { lastAt }: LogTrouble): string[] {
  const since = (lastAt ?? 0) - hourMs;
  const killed = lines.filter(
    ({ sign, at, comm }) =>
      (sign === 'oom-kill' || sign === 'oom-memcg') && comm !== undefined && (at ?? since) >= since,
  );
  return [...new Set(killed.map(({ comm, pid }) => `${comm} (pid ${pid})`))];
}

/** Daemons that the kernel killed at the limit of their own control group: kubeReserved, MemoryMax of a unit. */
function daemonsIn({ lines }: LogsModel, { lastAt }: LogTrouble): string[] {
  const since = (lastAt ?? 0) - hourMs;
  const killed = lines.filter(({ sign, at }) => sign === 'oom-memcg' && (at ?? since) >= since);
  return [...new Set(killed.flatMap(({ comm }) => (comm !== undefined && daemonNames.test(comm) ? comm : [])))];
}

function ofDaemon(logs: LogsModel, trouble: LogTrouble, daemons: readonly string[], at: number): Finding {
  const who = namesIn(daemons);
  const groups = logs.lines.flatMap(({ sign, comm, text }) =>
    sign === 'oom-memcg' && daemons.includes(comm ?? '') ? (/oom_memcg=([^,\s]{1,200}),/.exec(text)?.[1] ?? []) : [],
  );
  const group = groups.length === 0 ? 'its own control group' : `the control group ${namesIn([...new Set(groups)])}`;
  return logFinding(trouble, at, {
    id: 'oom-kill',
    severity: 'critical',
    confidence: 'certain',
    title: `The OOM killer killed ${who}: the memory limit of ${group} was reached`,
    past: `The OOM killer killed ${who}`,
    summary:
      'The node may have free memory: the limit is that of the unit or slice of the daemon (MemoryMax, kubeReserved).',
    remedies: [
      {
        text: 'See the limit of its unit and of the slice above, and raise it (MemoryMax; kubeReserved and systemReserved of the kubelet).',
        command: `systemctl show ${daemons.map((name) => (name === 'dockerd' ? 'docker' : name)).join(' ')} -p MemoryMax -p Slice`,
        risk: 'none',
      },
    ],
    subjects: { daemons },
  });
}

function wordsOf(
  trouble: LogTrouble,
  stuck: boolean,
  looping: boolean,
  chosen: readonly string[],
): Omit<LogVerdict, 'severity'> {
  const guests = trouble.about.length === 0 ? [] : [`LXC guest ${namesIn(trouble.about)}`];
  const names = [...(trouble.containers.length === 0 ? [] : [namesIn(trouble.containers)]), ...guests].join(', ');
  const who = names === '' ? '' : ` (${names})`;
  const often = looping ? ' again and again' : '';
  const held = stuck
    ? ' A process that was chosen does not exit, so its memory stays: it is probably blocked in the kernel.'
    : '';
  return {
    id: 'oom-kill',
    confidence: 'certain',
    title: `The OOM killer acted in the memory cgroup of a container${often}${who}${stuck ? ', and a process does not exit' : ''}`,
    past: `The OOM killer acted in the memory cgroup of a container${who}`,
    summary: `A container used up its memory limit, and the kernel killed a process in it.${chosen.length === 0 ? '' : ` It chose ${namesIn(chosen)}.`}${held}`,
    remedies: [
      ...(stuck ? [{ text: 'Find what the process is blocked on.', command: 'rtwatch', risk: 'none' as const }] : []),
      { text: 'Raise the memory limit of the container, or find what leaks in it.', command: null, risk: 'low' },
    ],
  };
}
