import type { LogsModel } from '../model/logs/logs.ts';
import type { ProcessesModel } from '../model/processes/processes.ts';
import type { LogLine } from '../sample/logs.ts';
import { type Finding, type Remedy, rule } from './engine/rule.ts';
import { type HungStack, hungStacks } from './shared/hung-stacks.ts';
import { logFinding, namesIn, troubleIn } from './shared/log-trouble.ts';
import { remediesFor } from './shared/wait-remedies.ts';

/** The kernel's default limit: a task that is reported twice has been in D since the first report. */
const reportedTwiceSeconds = 240;
const betweenListsMs = 60_000;

/**
 * The kernel reported tasks in D. Where the processes are seen, they say better which are blocked now (`blocked-process`); a
 * task that the kernel reported more than once, and that is not seen, still counts.
 */
export const hungTask = rule({
  id: 'hung-task',
  needs: ['logs'],
  uses: ['processes'],
  matters: false,
  judge: ({ logs, processes, at }) => {
    const trouble = troubleIn(logs, ['hung-task', 'hung-task-holder']);
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
    const goesOn = isKnownToGoOn(logs, processes);
    const stacks = trouble.recent ? hungStacks(logs) : [];
    const [only, ...more] = stacks;
    const reason = only === undefined || more.length > 0 ? '' : `, in ${only.wait.text}`;
    return [
      logFinding(trouble, at, {
        id: 'hung-task',
        severity: goesOn ? 'info' : 'warning',
        confidence: processes === null ? 'possible' : 'likely',
        title: `${goesOn ? 'The kernel reported hung tasks' : 'Tasks are hung in D state'}${tasks.length === 0 ? '' : `: ${namesIn(tasks)}${reason}`}`,
        past: `Tasks were hung in D state${tasks.length === 0 ? '' : `: ${namesIn(tasks)}`}`,
        summary: `The kernel reported tasks that stayed in uninterruptible sleep beyond its limit.${held} ${stackWords(stacks)}`,
        remedies: [...stacks.slice(0, 2).flatMap(firstRemedy), ...remedies],
        subjects: {
          pids: [...new Set([...lines, ...holders].flatMap(({ pid }) => pid ?? []))].slice(0, 20),
          devices: [...new Set([...lines, ...holders].flatMap(({ comm }) => devicesOf(comm ?? '')))],
        },
      }),
    ];
  },
});

function stackWords(stacks: readonly HungStack[]): string {
  if (stacks.length === 0) return 'What they wait for is in the stack that follows each line.';
  return `Their stacks show ${namesIn(
    stacks.map(({ comm, pid, wait }) => `${wait.text} (${comm}, pid ${pid})`),
    4,
  )}.`;
}

function firstRemedy({ pid, wait }: HungStack): Remedy[] {
  return remediesFor({ pid, waits: wait, wchan: null, hostPath: null }).slice(0, 1);
}

/**
 * What somebody made the kernel print (sysrq w), without a report of its own. Each list has the tasks that wait for a disk just then; those
 * of two lists hang.
 */
function listedFinding(logs: LogsModel, processes: ProcessesModel | null, at: number): Finding | null {
  const trouble = troubleIn(logs, ['task-in-d']);
  if (trouble === null) return null;
  const all = logs.lines.filter(({ sign }) => sign === 'task-in-d');
  const again = [...Map.groupBy(all, ({ pid }) => pid).values()].filter(isInTwoLists).flat();
  const lines = again.length > 0 ? again : all;
  const seen = new Set(processes?.list.map(({ pid }) => pid));
  const hung = again.some(({ pid }) => pid !== null && !seen.has(pid));
  const names = namesIn(namesOf(lines));
  return logFinding(trouble, at, {
    id: 'hung-task',
    severity: hung ? 'warning' : 'info',
    confidence: 'possible',
    title: `${hung ? 'Tasks are hung in D state' : 'The kernel listed tasks in D state'}: ${names}`,
    past: `The kernel listed tasks in D state: ${names}`,
    summary:
      'The kernel was asked for the tasks in uninterruptible sleep. One that is in it for a moment is normal; one that is in the list a minute later, too, hangs. What they wait for is in the stack that follows each line.',
    remedies,
    subjects: { pids: [...new Set(lines.flatMap(({ pid }) => pid ?? []))].slice(0, 20) },
  });
}

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

function isKnownToGoOn({ lines }: LogsModel, processes: ProcessesModel | null): boolean {
  if (processes === null) return false;
  const blocked = new Set(processes.list.map(({ pid }) => pid));
  const hung = lines.filter(({ sign }) => sign === 'hung-task');
  // What is seen in D has a finding of its own.
  if (hung.some(({ pid }) => pid !== null && blocked.has(pid))) return true;
  const counts = Map.groupBy(hung, ({ pid }) => pid);
  const again = hung.some(
    ({ seconds = 0, pid }) => seconds >= reportedTwiceSeconds || (counts.get(pid)?.length ?? 0) > 1,
  );
  return !again;
}
