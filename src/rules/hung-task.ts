import type { DaemonModel } from '../model/daemons/daemons.ts';
import type { LogsModel, LogTallyModel } from '../model/logs/logs.ts';
import type { ProcessesModel } from '../model/processes/processes.ts';
import type { LogLine } from '../sample/logs.ts';
import { type Finding, type Remedy, rule } from './engine/rule.ts';
import { type HungStack, hungStacks, isTogether } from './shared/hung-stacks.ts';
import { threadWords } from './shared/kernel-threads.ts';
import { hourMs, isOfOtherBoot, type LogTrouble, logFinding, namesIn, troubleIn } from './shared/log-trouble.ts';
import { remediesFor } from './shared/wait-remedies.ts';

/** The kernel's default limit: a task that is reported twice has been in D since the first report. */
const reportedTwiceSeconds = 240;
const betweenListsMs = 60_000;
const dayMs = 24 * hourMs;

/**
 * The kernel reported tasks in D. Where the processes are seen, they say better which are blocked now (`blocked-process`); a
 * task that the kernel reported more than once, and that is not seen, still counts.
 */
export const hungTask = rule({
  id: 'hung-task',
  needs: ['logs'],
  uses: ['processes', 'host', 'daemons'],
  matters: false,
  judge: ({ logs, processes, daemons, upMs, at }) => {
    const panicked = beforePanic(logs);
    const trouble = panicked ?? troubleIn(logs, signs);
    if (trouble?.recent !== true) {
      const listed = listedFinding(logs, processes, at);
      if (listed !== null) return [listed];
    }
    if (trouble === null) return [];
    const lines = logs.lines.filter(({ sign }) => sign === 'hung-task');
    const tasks = namesOf(lines);
    const holders = logs.lines.filter(({ sign }) => sign === 'hung-task-holder');
    const [holder] = holders;
    const held =
      holder === undefined ? '' : ` The kernel names the likely holder of a lock: ${holder.comm} (pid ${holder.pid}).`;
    const now =
      panicked !== null
        ? 'panicked'
        : isOfOtherBoot(trouble, upMs, at)
          ? 'unknown'
          : nowOf(logs, processes, daemons ?? []);
    const isOver = now === 'over' || now === 'in D';
    const names = tasks.length === 0 ? '' : `: ${namesIn(tasks)}`;
    const stacks = trouble.recent ? stacksOf(logs, lines) : [];
    const syncing = syncingArrays(logs);
    const workers = logs.lines.filter(({ sign }) => sign === 'kernel-worker');
    const [only, ...more] = stacks;
    const isOfNamed = only !== undefined && more.length === 0 && pidsOf(lines).has(only.pid);
    const reason = isOfNamed ? `, in ${only.text}` : '';
    return [
      logFinding(trouble, at, {
        id: 'hung-task',
        severity: isOver ? 'info' : 'warning',
        confidence: processes === null ? 'possible' : 'likely',
        title: `${titles[now]}${names}${tasks.length === 0 ? '' : reason}`,
        past: `Tasks were hung in D state${names}`,
        summary: `The kernel reported tasks that stayed in uninterruptible sleep beyond its limit. ${nowWords[now]}${held} ${stackWords(stacks)}${stacks.length === 0 ? threadWords(lines) : ''}${syncWords(syncing)}`,
        remedies:
          panicked === null
            ? [...stacks.slice(0, 2).flatMap(firstRemedy), ...(syncing.length === 0 ? [] : [slowSync]), ...remedies]
            : [ofPanickedBoot],
        subjects: {
          pids: [...pidsOf([...lines, ...holders])].slice(0, 20),
          devices: [
            ...new Set([
              ...[...lines, ...holders].flatMap(({ comm }) => devicesOf(comm ?? '')),
              ...workers.flatMap(({ device }) => device ?? []),
              ...syncing,
            ]),
          ],
        },
      }),
    ];
  },
});

const signs = ['hung-task', 'hung-task-holder'] as const;

/**
 * The tasks that made the kernel panic (kernel.hung_task_panic): the node that boots then has none of them, and whether they hang now is
 * no question. The log may go on with the next boot.
 */
function beforePanic(logs: LogsModel): LogTrouble | null {
  const panic = troubleIn(logs, ['kernel-panic'], dayMs, ({ about = '' }) => about.startsWith('hung_task: '));
  if (panic?.recent !== true) return null;
  const panicAgoMs = panic.agoMs ?? 0;
  const isBefore = ({ agoMs }: LogTallyModel): boolean => agoMs === null || agoMs >= panicAgoMs;
  const trouble = troubleIn(logs, signs, panicAgoMs + hourMs, isBefore);
  return trouble?.recent === true ? trouble : null;
}

/** Of an excerpt whose first and last lines are cut off the stack of another task may be all there is. */
function stacksOf(logs: LogsModel, lines: readonly LogLine[]): HungStack[] {
  const stacks = hungStacks(logs, pidsOf(lines));
  return stacks.length > 0 ? stacks : hungStacks(logs, pidsOf(logs.lines.filter(({ sign }) => sign === 'task-in-d')));
}

const pidsOf = (lines: readonly LogLine[]): ReadonlySet<number> => new Set(lines.flatMap(({ pid }) => pid ?? []));

function stackWords(stacks: readonly HungStack[]): string {
  if (stacks.length === 0) return 'What they wait for is in the stack that follows each line.';
  return `Their stacks show ${namesIn(
    stacks.map(({ comm, pid, text, device }) => `${text} (${comm}, pid ${pid}${device === null ? '' : `, ${device}`})`),
    4,
  )}.`;
}

function firstRemedy({ pid, wait }: HungStack): Remedy[] {
  return wait === null ? [] : remediesFor({ pid, waits: wait, wchan: null, hostPath: null }).slice(0, 1);
}

/**
 * What somebody made the kernel print (sysrq w), without a report of its own. Each list has the tasks that wait for a disk just then; those
 * of two lists hang.
 */
function listedFinding(logs: LogsModel, processes: ProcessesModel | null, at: number): Finding | null {
  const trouble = troubleIn(logs, ['task-in-d']);
  if (trouble === null) return null;
  const all = logs.lines.filter((line) => line.sign === 'task-in-d' && !isOfReport(line, logs));
  if (all.length === 0) return null;
  const again = [...Map.groupBy(all, ({ pid }) => pid).values()].filter(isInTwoLists).flat();
  const lines = again.length > 0 ? again : all;
  const seen = tasksIn(processes);
  const hung = again.some(({ pid }) => pid !== null && !seen.has(pid));
  const names = namesIn(namesOf(lines));
  const stacks = trouble.recent ? hungStacks(logs, pidsOf(lines)) : [];
  return logFinding(trouble, at, {
    id: 'hung-task',
    severity: hung ? 'warning' : 'info',
    confidence: 'possible',
    title: `${hung ? 'Tasks are hung in D state' : 'The kernel listed tasks in D state'}: ${names}`,
    past: `The kernel listed tasks in D state: ${names}`,
    summary: `The kernel was asked for the tasks in uninterruptible sleep. One that is in it for a moment is normal; one that is in the list a minute later, too, hangs. ${stackWords(stacks)}`,
    remedies: [...(hung ? stacks.slice(0, 2).flatMap(firstRemedy) : []), ...remedies],
    subjects: { pids: [...pidsOf(lines)].slice(0, 20) },
  });
}

/** The kernel prints the line of a list after each report of a hung task, too. */
const isOfReport = (listed: LogLine, { lines }: LogsModel): boolean =>
  lines.some((line) => line.sign === 'hung-task' && line.pid === listed.pid && isTogether(listed, line));

function isInTwoLists(lines: readonly LogLine[]): boolean {
  const times = lines.flatMap(({ at }) => at ?? []);
  return times.length > 1 && Math.max(...times) - Math.min(...times) >= betweenListsMs;
}

const namesOf = (lines: readonly LogLine[]): string[] => [
  ...new Set(lines.map(({ comm, pid }) => `${comm ?? 'a task'} (pid ${pid})`)),
];

const remedies: readonly Remedy[] = [
  { text: 'See what is in D now, and what it waits for.', command: 'rtwatch', risk: 'none' },
  {
    text: 'Have the kernel print all blocked tasks with their stacks.',
    command: 'echo w > /proc/sysrq-trigger',
    risk: 'low',
  },
];

const ofPanickedBoot: Remedy = {
  text: 'See in the log of the boot that panicked which tasks hung, and their stacks.',
  command: 'journalctl -k -b -1 -n 200 --no-pager',
  risk: 'none',
};

/** RAID arrays that are read through or rebuilt at the end of the log. */
function syncingArrays({ lines }: LogsModel): readonly string[] {
  const arrays = new Set<string>();
  for (const { sign, device } of lines) {
    if (device === undefined) continue;
    if (sign === 'raid-sync-started') arrays.add(device);
    else if (sign === 'raid-sync-ended') arrays.delete(device);
  }
  return [...arrays];
}

function syncWords(arrays: readonly string[]): string {
  if (arrays.length === 0) return '';
  return ` Meanwhile ${namesIn(arrays)} is read through or rebuilt (md): what uses its disks may wait behind that.`;
}

const slowSync: Remedy = {
  text: 'See how far it is, and lower the speed of the check or resync (KiB/s for each disk).',
  command: 'cat /proc/mdstat; sysctl dev.raid.speed_limit_max',
  risk: 'none',
};

/** Threads of filesystems carry the name of their device, as `jbd2/sda1-8` and `xfsaild/dm-0` do; its disk counts too. */
function devicesOf(comm: string): string[] {
  const name = /^(?:jbd2|xfsaild|xfs-[a-z]+|f2fs_\w+)\/([a-z][\w-]*?)(?:-\d+)?$/.exec(
    comm.replace(/\/dm-(\d+).*$/, '/dm$1'),
  )?.[1];
  if (name === undefined) return [];
  const device = name.replace(/^dm(\d+)$/, 'dm-$1');
  const disk = /^(.*\d)p\d+$/.exec(device)?.[1] ?? /^([shv]d[a-z]+)\d+$/.exec(device)?.[1];
  return disk === undefined ? [device] : [device, disk];
}

/** The kernel names tasks: what it calls a pid may be that of a thread. */
function tasksIn(processes: ProcessesModel | null): ReadonlySet<number> {
  return new Set(processes?.list.flatMap(({ pid, blockedTids }) => [pid, ...(blockedTids ?? [])]));
}

type Now = 'unknown' | 'unseen' | 'in D' | 'again' | 'over' | 'panicked';

/** Only what the kernel reported more than once is known to hang still. */
const titles: Readonly<Record<Now, string>> = {
  unknown: 'The kernel reported hung tasks',
  unseen: 'The kernel reported hung tasks',
  'in D': 'The kernel reported hung tasks',
  again: 'Tasks are hung in D state',
  over: 'The kernel reported hung tasks',
  panicked: 'Tasks hung until the kernel panicked',
};

/** A log alone says what was; the processes, where they are seen, whether it goes on. */
const nowWords: Readonly<Record<Now, string>> = {
  unknown: 'Whether they still hang, a log alone does not say.',
  unseen: 'Whether they still hang is unknown: not all processes of the node are seen.',
  'in D': 'Of these, some are in D now.',
  again: 'It reported one of them more than once.',
  over: 'None of them is in D now.',
  panicked: 'The kernel is set to panic then, and did.',
};

function nowOf({ lines }: LogsModel, processes: ProcessesModel | null, daemons: readonly DaemonModel[]): Now {
  if (processes === null) return 'unknown';
  const blocked = tasksIn(processes);
  const hung = lines.filter(({ sign }) => sign === 'hung-task');
  // What is seen in D has a finding of its own.
  if (hung.some(({ pid }) => pid !== null && blocked.has(pid))) return 'in D';
  const counts = Map.groupBy(hung, ({ pid }) => pid);
  const again = hung.some(
    ({ seconds = 0, pid }) => seconds >= reportedTwiceSeconds || (counts.get(pid)?.length ?? 0) > 1,
  );
  if (again) return 'again';
  // A daemon that hung and is seen at work again is one that the others waited with.
  const works = hung.some(({ comm }) => daemons.some(({ name }) => name === comm));
  return processes.partial && !works ? 'unseen' : 'over';
}
