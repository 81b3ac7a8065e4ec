import type { LogsModel } from '../model/logs/logs.ts';
import type { ProcessesModel } from '../model/processes/processes.ts';
import { rule } from './engine/rule.ts';
import { logFinding, namesIn, troubleIn } from './shared/log-trouble.ts';

/** The kernel's default limit: a task that is reported twice has been in D since the first report. */
const reportedTwiceSeconds = 240;

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
    if (trouble === null) return [];
    const lines = logs.lines.filter(({ sign }) => sign === 'hung-task');
    const tasks = [...new Set(lines.map(({ comm, pid }) => `${comm ?? 'a task'} (pid ${pid})`))];
    const holders = logs.lines.filter(({ sign }) => sign === 'hung-task-holder');
    const [holder] = holders;
    const held =
      holder === undefined ? '' : ` The kernel names the likely holder of a lock: ${holder.comm} (pid ${holder.pid}).`;
    const goesOn = isKnownToGoOn(logs, processes);
    return [
      logFinding(trouble, at, {
        id: 'hung-task',
        severity: goesOn ? 'info' : 'warning',
        confidence: processes === null ? 'possible' : 'likely',
        title: `${goesOn ? 'The kernel reported hung tasks' : 'Tasks are hung in D state'}${tasks.length === 0 ? '' : `: ${namesIn(tasks)}`}`,
        past: `Tasks were hung in D state${tasks.length === 0 ? '' : `: ${namesIn(tasks)}`}`,
        summary: `The kernel reported tasks that stayed in uninterruptible sleep beyond its limit.${held} What they wait for is in the stack that follows each line.`,
        remedies: [
          { text: 'See what is in D now, and what it waits for.', command: 'rtwatch', risk: 'none' },
          {
            text: 'Have the kernel print all blocked tasks with their stacks.',
            command: 'echo w > /proc/sysrq-trigger',
            risk: 'low',
          },
        ],
        subjects: {
          pids: [...new Set([...lines, ...holders].flatMap(({ pid }) => pid ?? []))].slice(0, 20),
          devices: [...new Set([...lines, ...holders].flatMap(({ comm }) => devicesOf(comm ?? '')))],
        },
      }),
    ];
  },
});

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
