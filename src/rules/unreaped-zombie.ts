import { formatCount } from '../base/counts.ts';
import { formatSeconds } from '../base/durations.ts';
import { quote } from '../base/shell-word.ts';
import { isInRange } from '../base/versions.ts';
import { isHolding, type ProcessModel } from '../model/processes/processes.ts';
import { initWays } from './engine/engine-commands.ts';
import type { Parts } from './engine/parts.ts';
import { type Finding, noSubjects, type Remedy, rule } from './engine/rule.ts';

const many = 3;
/** A parent that is busy reaps within a moment. */
const longSeconds = 10;
/** When they died is not known: so many are a pile as soon as the next poll finds them, too. */
const crowd = 100;
/** Polls are a second apart, more or less. */
const nextPollSeconds = 0.5;
/** The first has been there for this long and others came after it. */
const growingSeconds = 30;
const lastMinuteSeconds = 60;
/** As many as the subjects of a finding name. */
const maxPids = 50;

/** Dead processes pile up because their parent does not call wait(). */
export const unreapedZombie = rule({
  id: 'unreaped-zombie',
  needs: ['processes'],
  uses: ['containers', 'shims', 'daemons'],
  matters: false,
  judge: (given) =>
    [...Map.groupBy(given.processes.list.filter(isLeft), ({ ppid }) => ppid)]
      .filter(([parent, zombies]) => pileUp(zombies) && mayReap(parent, given))
      .map(([, zombies]) => findingOf(zombies.toSorted(byAge) as [ProcessModel, ...ProcessModel[]], given)),
});

/** Dead to the last thread, and not waiting for the kernel. */
function isLeft(process: ProcessModel): boolean {
  return process.state === 'Z' && !isHolding(process) && process.zombie !== null && !process.zombie.holds;
}

function pileUp(zombies: readonly ProcessModel[]): boolean {
  const ages = zombies.map(({ seconds }) => seconds).sort((a, b) => b - a);
  if ((ages[crowd - 1] ?? 0) >= nextPollSeconds) return true;
  return ages.length >= many && ((ages[many - 1] ?? 0) >= longSeconds || (ages[0] ?? 0) >= growingSeconds);
}

/** One that is itself held, stopped or dying reaps nothing, and that is what is wrong then. */
function mayReap(pid: number, { processes, shims }: Parts<'processes' | 'shims'>): boolean {
  const parent = [...(processes?.list ?? []), ...(processes?.sleepers ?? [])].find((process) => process.pid === pid);
  if (parent !== undefined && (parent.state !== 'Z' || isHolding(parent))) return false;
  const shim = shims?.shims.find((one) => one.pid === pid);
  return shim === undefined || (shim.state === 'S' && shim.waits.length === 0);
}

const byAge = (a: ProcessModel, b: ProcessModel): number => b.seconds - a.seconds || a.pid - b.pid;

function findingOf(
  zombies: readonly [ProcessModel, ...ProcessModel[]],
  around: Parts<'containers' | 'shims' | 'daemons'>,
): Finding {
  const [oldest] = zombies;
  const { ppid, zombie } = oldest;
  const parent = `${oldest.parentComm ?? 'a process'} (pid ${ppid})`;
  const inContainer = containerOf(zombies, around);
  const where = inContainer === null ? '' : ` in ${inContainer.name}`;
  const fresh = zombies.filter(({ seconds }) => seconds < lastMinuteSeconds).length;
  const isShim = around.shims?.shims.some(({ pid }) => pid === ppid) ?? false;
  const ofCrio = conmonsOfCrio(zombies, around);
  const isInit = zombie?.parentIsInit === true;
  const grows =
    oldest.seconds >= lastMinuteSeconds && fresh > 0 ? ` ${formatCount(fresh)} came in the last minute.` : '';
  return {
    id: 'unreaped-zombie',
    severity: 'warning',
    confidence: 'certain',
    title: `${formatCount(zombies.length)} zombies of ${parent}${where} are not reaped`,
    summary: `${formatCount(zombies.length)} dead processes${where} wait for ${parent} to reap them, the first for at least ${formatSeconds(oldest.seconds)}: ${zombie?.advice ?? 'its parent does not call wait()'}.${grows}${ofCrio === null ? '' : ` ${ofCrio}`} Each keeps its pid, and counts against the pids limit of its container.`,
    since: Math.round((around.at - oldest.seconds * 1000) / 1000) * 1000,
    evidence: [
      ...zombies.slice(0, 3).map((one) => ({
        source: `/proc/${one.pid}/stat`,
        text: `${one.comm}: state Z, parent ${ppid}, for at least ${formatSeconds(one.seconds)}`,
      })),
      ...(zombies.length > 3
        ? [{ source: '/proc', text: `${formatCount(zombies.length - 3)} more with that parent` }]
        : []),
      ...(isInit
        ? [{ source: `/proc/${ppid}/status`, text: 'the parent is the first process of its container (NSpid 1)' }]
        : []),
    ],
    subjects: {
      ...noSubjects,
      containers: inContainer === null ? [] : [inContainer.id],
      pids: [ppid, ...zombies.map(({ pid }) => pid).sort((a, b) => a - b)].slice(0, maxPids),
    },
    ruledOut: [
      { id: 'blocked-thread', because: 'no thread of them is in D: nothing but the parent keeps them' },
      { id: 'blocked-parent', because: 'the parent itself is not in D, stopped or dying' },
    ],
    remedies:
      ofCrio !== null ? crioRemedies : isShim ? shimRemedies(ppid) : remediesOf(ppid, isInit, inContainer?.id ?? null),
    references: [
      'https://man7.org/linux/man-pages/man2/wait.2.html',
      ...(ofCrio === null ? [] : ['https://github.com/cri-o/cri-o/pull/5500']),
      ...(isInit ? ['https://docs.docker.com/reference/cli/docker/container/run/#init'] : []),
    ],
  };
}

function containerOf(
  zombies: readonly ProcessModel[],
  { containers }: Parts<'containers'>,
): { readonly id: string; readonly name: string } | null {
  const found = zombies.find(({ containerId }) => containerId !== null);
  if (found?.containerId == null) return null;
  const id = found.containerId;
  return { id, name: found.containerName ?? containers?.list.find((one) => one.id === id)?.label ?? id.slice(0, 12) };
}

function remediesOf(parent: number, isInit: boolean, containerId: string | null): Remedy[] {
  const remind: Remedy = {
    text: 'Remind the parent: some programs reap when they get SIGCHLD, the others ignore it.',
    command: `kill -CHLD ${parent}`,
    risk: 'low',
  };
  if (containerId === null) {
    return [
      remind,
      { text: 'Repair or restart the parent: its zombies go when it exits.', command: null, risk: 'low' },
    ];
  }
  const restart: Remedy = {
    text: 'A restart of the container takes them away, and they come again.',
    command: `docker restart ${quote(containerId.slice(0, 12))}`,
    risk: 'high',
  };
  const init: Remedy = {
    text: `In the long run: run it with an init that reaps (${initWays}).`,
    command: null,
    risk: 'low',
  };
  const repair: Remedy = {
    text: 'In the long run: repair the parent, it must wait for its children; --init does not help.',
    command: null,
    risk: 'low',
  };
  return [remind, restart, isInit ? init : repair];
}

/** The conmon of each exec probe stays with CRI-O, which started it; null where something else is not reaped. */
function conmonsOfCrio([oldest]: readonly ProcessModel[], { daemons }: Parts<'daemons'>): string | null {
  if (oldest?.comm !== 'conmon' || oldest.parentComm !== 'crio') return null;
  const version = daemons?.find(({ process }) => process?.pid === oldest.ppid)?.version ?? null;
  const isOld = ranges.some((range) => isInRange(version, range) === true);
  const which = version === null ? '' : ` This is ${version}${isOld ? ', which has the fault' : ''}.`;
  return `CRI-O before 1.20.7, 1.21.5, 1.22.2 and 1.23.0 does not reap the conmon of an exec probe that times out.${which}`;
}

const ranges = [
  { from: null, before: '1.20.7' },
  { from: '1.21.0', before: '1.21.5' },
  { from: '1.22.0', before: '1.22.2' },
];

const crioRemedies: readonly Remedy[] = [
  {
    text: 'Restart CRI-O: its zombies go, and containers keep running under their conmon.',
    command: 'systemctl restart crio',
    risk: 'low',
  },
  { text: 'Upgrade CRI-O, and fix or relax the exec probes that time out.', command: null, risk: 'low' },
];

function shimRemedies(pid: number): Remedy[] {
  return [
    { text: 'See what its shim does: it ought to reap them.', command: `cat /proc/${pid}/task/*/wchan`, risk: 'none' },
  ];
}
