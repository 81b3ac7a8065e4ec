import type { LogsModel } from '../model/logs/logs.ts';
import type { LogLine } from '../sample/logs.ts';
import { type Finding, rule } from './engine/rule.ts';
import { has, hourMs, type LogTrouble, logFinding, namesIn, troubleOfBoot } from './shared/log-trouble.ts';

const dayMs = 24 * hourMs;
/** The lines of one report come at once. */
const reportMs = 2000;

/** The kernel itself had a fault: what it held stays held until the node is rebooted. */
export const kernelOops = rule({
  id: 'kernel-oops',
  needs: ['logs', 'host'],
  uses: [],
  matters: false,
  judge: ({ logs, upMs, at }) => {
    const trouble =
      troubleOfBoot(logs, ['kernel-oops', 'kernel-corruption'], dayMs, { upMs, at }) ??
      // The beginning of a report whose end is cut off.
      troubleOfBoot(logs, ['kernel-bad-access'], dayMs, { upMs, at });
    if (trouble === null) return [];
    if (has(trouble, 'kernel-corruption') && !has(trouble, 'kernel-oops'))
      return [damageFinding(trouble, logs.lines, at)];
    const { firstAt } = trouble;
    const faults = faultsOf(logs.lines);
    const tasks = tasksOf(
      faults,
      logs.lines.filter((line) => line.at === null || firstAt === null || line.at >= firstAt),
    );
    const processes = tasks.filter(({ pid }) => pid !== 0);
    const names = [...new Set(processes.map(({ comm, pid }) => `${comm} (pid ${pid})`))];
    const [place] = placesOf(faults, logs.lines);
    const where = place === undefined ? '' : ` It happened in ${place}().`;
    const idle = tasks.find(({ pid }) => pid === 0);
    if (idle !== undefined && names.length === 0) return [idleFinding(trouble, `${cpuOf(idle)}.${where}`, at)];
    const whom = names.length === 0 ? '' : ` in ${namesIn(names)}`;
    return [
      logFinding(trouble, at, {
        id: 'kernel-oops',
        severity: 'warning',
        confidence: 'certain',
        title: `The kernel had a fault (oops)${whom}`,
        past: `The kernel had a fault (oops)${whom}`,
        summary: hasPanicked(logs)
          ? `The kernel panicked then: the node stands still, or restarts after kernel.panic seconds.${where}`
          : `The kernel ended the task that ran there, without releasing the locks and references it held. What needs them hangs, and SIGKILL does not end that.${where}`,
        remedies: [
          {
            text: 'Save the kernel log: its first lines of the fault name the function and the module.',
            command: 'dmesg -T > dmesg.txt',
            risk: 'none',
          },
          {
            text: 'Drain the node and reboot it: nothing else releases what the fault left held. Then upgrade the kernel, or the module that is named.',
            command: null,
            risk: 'high',
          },
        ],
        subjects: { pids: [...new Set(processes.flatMap(({ pid }) => pid ?? []))].slice(0, 20) },
      }),
    ];
  },
});

const hasPanicked = ({ tallies }: LogsModel): boolean =>
  tallies.some(({ sign, about = '' }) => sign === 'kernel-panic' && about.startsWith('Fatal exception'));

/** No process ran: the idle task of a CPU, mostly interrupted. oops_end() and make_task_dead() panic then, whatever kernel.panic_on_oops is. */
function idleFinding(trouble: LogTrouble, where: string, at: number): Finding {
  return logFinding(trouble, at, {
    id: 'kernel-oops',
    severity: 'warning',
    confidence: 'certain',
    title: 'The kernel had a fault (oops) while no process ran, probably in an interrupt',
    past: 'The kernel had a fault (oops) while no process ran, probably in an interrupt',
    summary: `The kernel panics after such a fault: the node stands still, or restarts after kernel.panic seconds. No process is the cause. It was on ${where}`,
    remedies: [
      {
        text: 'Save what is left of the fault: its stack names the driver or the part of the kernel. A crash dump has more.',
        command: 'ls -l /var/crash /sys/fs/pstore; journalctl -k -b -1 | tail -n 200',
        risk: 'none',
      },
      {
        text: 'Upgrade the kernel, or the module that is named; drain the node until then if it comes again. Faults in ever different places are of bad memory.',
        command: null,
        risk: 'high',
      },
    ],
  });
}

/** `CPU: 1 PID: 0 Comm: swapper/1 Tainted: …`; to 3.9 there is only the name of the task. */
function cpuOf({ text, comm = '' }: LogLine): string {
  const number = /^CPU: (\d+) /.exec(text)?.[1] ?? /^swapper\/(\d+)$/.exec(comm)?.[1];
  return number === undefined ? 'an idle CPU' : `CPU ${number}`;
}

/** Damage that was found before it led to a fault. */
function damageFinding(trouble: LogTrouble, lines: readonly LogLine[], at: number): Finding {
  const damaged = lines.filter(({ sign }) => sign === 'kernel-corruption');
  const names = [...new Set(damaged.flatMap(({ comm }) => comm ?? []))];
  const whose = names.length === 0 ? '' : ` in a process of ${namesIn(names)}`;
  return logFinding(trouble, at, {
    id: 'kernel-oops',
    severity: 'warning',
    title: `The kernel found its own data corrupt${whose}: bad memory, or a fault of the kernel`,
    past: `The kernel found its own data corrupt${whose}`,
    summary:
      'A page, a list or a counter of the kernel cannot be right. Whatever else was overwritten is not known: hangs, crashes and wrong data may follow.',
    remedies: [
      {
        text: 'Save the kernel log.',
        command: 'dmesg -T > dmesg.txt',
        risk: 'none',
      },
      {
        text: 'Drain the node and reboot it. If it happens again on this node alone, test its memory; if on several, change the kernel or the modules that are not of it.',
        command: null,
        risk: 'high',
      },
    ],
  });
}

/** The line that numbers a fault, or the first one of it where that is cut off. */
function faultsOf(lines: readonly LogLine[]): LogLine[] {
  const numbered = lines.filter(({ sign }) => sign === 'kernel-oops');
  return numbered.length > 0 ? numbered : lines.filter(({ sign }) => sign === 'kernel-bad-access');
}

/** The line with the task follows the fault; a warning has such a line, too. */
function tasksOf(faults: readonly LogLine[], lines: readonly LogLine[]): LogLine[] {
  return lines.filter(
    (line) => ofTask(line) && faults.some((fault) => isNear(line, fault) && (line.n > fault.n || line === fault)),
  );
}

const ofTask = ({ sign, pid }: LogLine): boolean =>
  sign === 'kernel-report-task' || (sign === 'kernel-bad-access' && pid !== null);

/** The function stands before the fault to Linux 4.15, and after it since; a stall and a warning have one, too. */
function placesOf(faults: readonly LogLine[], lines: readonly LogLine[]): string[] {
  return lines
    .filter((line) => line.sign === 'kernel-report-place' && faults.some((fault) => isNear(line, fault)))
    .flatMap(({ text }) => /(?<place>[A-Za-z_][\w.]*)\+0x/.exec(text)?.groups?.['place'] ?? []);
}

const isNear = (line: LogLine, fault: LogLine): boolean =>
  Math.abs(line.n - fault.n) <= 2 && Math.abs((line.at ?? 0) - (fault.at ?? 0)) <= reportMs;
