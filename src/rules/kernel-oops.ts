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
    const trouble = troubleOfBoot(logs, ['kernel-oops', 'kernel-corruption'], dayMs, { upMs, at });
    if (trouble === null) return [];
    const { firstAt } = trouble;
    const tasks = tasksOf(logs.lines.filter((line) => line.at === null || firstAt === null || line.at >= firstAt));
    const names = [...new Set(tasks.map(({ comm, pid }) => `${comm} (pid ${pid})`))];
    const [place] = placesOf(logs.lines);
    const where = place === undefined ? '' : ` It happened in ${place}().`;
    const whom = names.length === 0 ? '' : ` in ${namesIn(names)}`;
    if (!has(trouble, 'kernel-oops')) return [damageFinding(trouble, logs.lines, at)];
    return [
      logFinding(trouble, at, {
        id: 'kernel-oops',
        severity: 'warning',
        confidence: 'certain',
        title: `The kernel had a fault (oops)${whom}`,
        past: `The kernel had a fault (oops)${whom}`,
        summary: `The kernel ended the task that ran there, without releasing the locks and references it held. What needs them hangs, and SIGKILL does not end that.${where}`,
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
        subjects: { pids: [...new Set(tasks.flatMap(({ pid }) => pid ?? []))].slice(0, 20) },
      }),
    ];
  },
});

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

/** The line with the task follows the fault; a warning has such a line, too. */
function tasksOf(lines: readonly LogLine[]): LogLine[] {
  const faults = lines.filter(({ sign }) => sign === 'kernel-oops');
  return lines.filter(
    ({ sign, at, n }) =>
      sign === 'kernel-report-task' &&
      faults.some((fault) => n > fault.n && n - fault.n <= 2 && (at ?? 0) - (fault.at ?? 0) <= reportMs),
  );
}

/** The function stands before the fault to Linux 4.15, and after it since; a stall and a warning have one, too. */
function placesOf(lines: readonly LogLine[]): string[] {
  const faults = lines.filter(({ sign }) => sign === 'kernel-oops');
  return lines
    .filter(
      ({ sign, at, n }) =>
        sign === 'kernel-report-place' &&
        faults.some((fault) => Math.abs(n - fault.n) <= 2 && Math.abs((at ?? 0) - (fault.at ?? 0)) <= reportMs),
    )
    .flatMap(({ text }) => /(?<place>[A-Za-z_][\w.]*)\+0x/.exec(text)?.groups?.['place'] ?? []);
}
