import { countOf, plural } from '../base/counts.ts';
import { formatSeconds } from '../base/durations.ts';
import { listOf } from '../base/words.ts';
import type { Blocker } from '../model/containers/blocker.ts';
import { diskWaitOf } from '../model/disks/waits.ts';
import { type BlockedGroup, groupBlocked } from '../model/processes/blocked-groups.ts';
import { isHolding, type ProcessModel } from '../model/processes/processes.ts';
import type { Parts } from './engine/parts.ts';
import { type Evidence, type Finding, noSubjects, type Remedy, rule } from './engine/rule.ts';
import { isLongWait } from './shared/long-waits.ts';
import { remediesFor } from './shared/wait-remedies.ts';

const maxNamed = 8;
/** As many as the subjects of a finding name. */
const maxPids = 100;

/** Processes have been in uninterruptible sleep for longer than any healthy read or write takes. */
export const blockedProcess = rule({
  id: 'blocked-process',
  needs: ['processes'],
  uses: ['containers', 'shims', 'disks'],
  matters: true,
  judge: (given) => {
    const elsewhere = namedByContainers(given);
    const blocked = given.processes.list.filter(
      (process) =>
        isHolding(process) && isLongWait(process) && !elsewhere.has(process.pid) && !isPaused(process, given),
    );
    return groupBlocked(blocked, given.disks).map((group) => findingOf(group, given));
  },
});

/** Those that block a container are part of that container's finding. */
function namedByContainers({ containers }: Parts<'containers'>): ReadonlySet<number> {
  const all = containers?.list ?? [];
  const stopping = all.filter(({ stuckIn }) => stuckIn.includes('stop'));
  const removing = all.filter(({ evidence }) => evidence.some(({ kind }) => kind === 'daemon-blocked'));
  return new Set([
    ...stopping.flatMap(({ blocker, pids }) => [...pids, ...(blocker === null ? [] : [blocker.pid])]),
    ...removing.flatMap(({ worker }) => worker?.pid ?? []),
  ]);
}

/**
 * The freezer of cgroup v1 (docker pause) holds tasks in D: in `__refrigerator`, and since Linux 6.1 where they slept. One that
 * waits for a disk does so whether its container is paused or not.
 */
function isPaused(process: ProcessModel, { containers }: Parts<'containers'>): boolean {
  if (process.waits?.kind === 'freezer') return true;
  const container = containers?.list.find(({ id }) => id === process.containerId);
  return container?.listState === 'paused' && diskWaitOf(process) === 'other';
}

function findingOf(group: BlockedGroup, given: Parts<'disks'>): Finding {
  const { processes, kernelThreads, place } = group;
  const all = [...processes, ...kernelThreads];
  const since = Math.min(...all.map((process) => sinceOf(process, given)));
  const lead = leadOf(group);
  const containers = [...new Set(processes.map(({ containerId }) => containerId))];
  const [only] = containers;
  const pids = all.map(({ pid }) => pid);
  return {
    id: 'blocked-process',
    // Threads of some drivers sleep so all their life.
    severity: processes.length === 0 && place === null && lead?.waits?.kind === 'unknown' ? 'info' : 'warning',
    confidence: 'certain',
    title: titleOf(group, lead),
    summary: summaryOf(group, lead),
    since,
    evidence: [
      ...(lead === null ? [] : evidenceOf(lead)),
      ...all
        .filter((process) => process !== lead)
        .slice(0, maxNamed)
        .map((process) => lineOf(process, group)),
      ...(all.length - 1 > maxNamed
        ? [{ source: '/proc', text: `${all.length - 1 - maxNamed} more wait for the same` }]
        : []),
      ...(place?.disk?.faults ?? []).map(({ text }) => ({
        source: '/proc/diskstats',
        text: `${place?.disk?.name}: ${text}`,
      })),
    ],
    subjects: {
      ...noSubjects,
      // The waiting processes change; the finding is the same while the place is.
      containers: containers.length === 1 && only != null ? [only] : [],
      pids: (place === null ? pids : pids.toSorted((a, b) => a - b)).slice(0, maxPids),
      mounts: place?.mountPoint == null ? [] : [place.mountPoint],
      devices: place?.devices ?? [],
    },
    ruledOut: ruledOut(all, given),
    remedies: remediesOf(lead),
    references: ['https://docs.kernel.org/admin-guide/sysctl/kernel.html#hung-task-timeout-secs'],
  };
}

/** The one with the most information about the wait. */
function leadOf({ processes, kernelThreads }: BlockedGroup): ProcessModel | null {
  const all = [...processes, ...kernelThreads];
  return (
    all.find(({ waits }) => waits?.mount != null) ??
    all.find(({ waits }) => waits?.kind !== 'unknown') ??
    all[0] ??
    null
  );
}

function titleOf(group: BlockedGroup, lead: ProcessModel | null): string {
  const { processes, kernelThreads, place } = group;
  const [first] = processes;
  const wait = lead?.waits == null || lead.waits.kind === 'unknown' ? '' : `: ${lead.waits.text}`;
  const at = place === null ? '' : ` at ${place.label}`;
  if (first === undefined) {
    const names = listOf(
      kernelThreads.map(({ comm }) => comm),
      3,
    );
    return `${kernelThreads.length === 1 ? 'A kernel thread is' : `${kernelThreads.length} kernel threads are`} blocked${at}: ${names}`;
  }
  const verb = plural(processes.length, 'is', 'are');
  const who = processes.length === 1 ? named(first) : names(processes);
  return `${who} ${verb} blocked in the kernel${place === null ? wait : at}`;
}

/** `5 processes (containerd, 3 × containerd-shim and dd)`, `3 processes of containerd-shim` */
function names(processes: readonly ProcessModel[]): string {
  const groups = [...Map.groupBy(processes, ({ comm }) => comm)];
  const all = countOf(processes.length, 'process', 'processes');
  const [only] = groups;
  if (groups.length === 1 && only !== undefined) return `${all} of ${only[0]}`;
  return `${all} (${listOf(groups.map(([comm, same]) => (same.length === 1 ? comm : `${same.length} × ${comm}`)))})`;
}

/** `dd (pid 4242) in web-1` */
function named({ comm, pid, containerId, containerName }: ProcessModel): string {
  return `${comm} (pid ${pid})${containerId === null ? '' : ` in ${containerName ?? containerId.slice(0, 12)}`}`;
}

function summaryOf({ processes, kernelThreads, place, supposed }: BlockedGroup, lead: ProcessModel | null): string {
  const all = [...processes, ...kernelThreads];
  const seconds = Math.max(...all.map((process) => process.seconds));
  const who = [
    ...(processes.length === 0 ? [] : [listOf(processes.map(named), 5)]),
    ...(kernelThreads.length === 0 ? [] : [countOf(kernelThreads.length, 'kernel thread')]),
  ].join(', and ');
  const what = lead?.waits == null || lead.waits.kind === 'unknown' ? (lead?.wchan ?? null) : lead.waits.text;
  const how = plural(all.length, 'has been', 'have been');
  const where = place === null ? '' : ` at ${place.label}`;
  const some = supposed.size === 0 ? '' : ` For ${supposed.size} of them the place is inferred from the kind of wait.`;
  return `${who} ${how} in uninterruptible sleep (D) for up to ${formatSeconds(seconds)}${where}${what === null ? '' : `, ${what === lead?.wchan ? `waiting in ${what}` : `in ${what}`}`}.${some}`;
}

/** When it began to wait, to the second: the same from one poll to the next. */
function sinceOf(process: ProcessModel, { at }: Parts): number {
  return Math.round((at - process.seconds * 1000) / 1000) * 1000;
}

function evidenceOf(process: ProcessModel): Evidence[] {
  const files = `/proc/${process.pid}`;
  return [
    { source: `${files}/stat`, text: stateText(process) },
    ...(process.wchan === null ? [] : [{ source: `${files}/wchan`, text: process.wchan }]),
    ...(process.killPending ? [{ source: `${files}/status`, text: 'SIGKILL pending' }] : []),
    ...(process.stack === null ? [] : [{ source: `${files}/stack`, text: process.stack.slice(0, 6).join(' < ') }]),
  ];
}

function stateText(process: ProcessModel): string {
  const how = process.secondsFrom === 'last-ran' ? 'has not run for' : 'for at least';
  const threads = process.blockedTids === null ? '' : `, threads in D: ${process.blockedTids.join(', ')}`;
  return `state ${process.state}, ${how} ${formatSeconds(process.seconds)}${threads}`;
}

function lineOf(process: ProcessModel, { supposed }: BlockedGroup): Evidence {
  const waits = process.waits;
  const what = waits === null || waits.kind === 'unknown' ? (process.wchan ?? 'unknown wait') : waits.text;
  const guess = supposed.has(process.pid) ? ' (which disk is unknown)' : '';
  return { source: `/proc/${process.pid}/stat`, text: `${named(process)}: ${stateText(process)}; ${what}${guess}` };
}

function ruledOut(all: readonly ProcessModel[], { disks }: Parts<'disks'>): Finding['ruledOut'] {
  const doomed = all.filter(({ killPending }) => killPending).length;
  const low = disks !== null && disks.pressure.status === 'ok' && disks.pressure.value.some.avg10 < 5;
  return [
    ...(doomed > 0 ? [{ id: 'missing-kill', because: 'SIGKILL is already pending: killing again does nothing' }] : []),
    ...(low ? [{ id: 'io-pressure', because: 'I/O pressure is low: it is no slow disk that they wait for' }] : []),
  ];
}

function remediesOf(lead: ProcessModel | null): Remedy[] {
  if (lead === null) return [];
  const { pid, comm, state, killPending, wchan, waits, kernelThread } = lead;
  if (kernelThread) {
    return [
      {
        text: 'See what the kernel says of the device it works for.',
        command: 'dmesg --level=err,warn | tail -40',
        risk: 'none',
      },
      { text: 'See what it waits for in its kernel stack.', command: `cat /proc/${pid}/stack`, risk: 'none' },
    ];
  }
  const blocker: Blocker = {
    pid,
    comm,
    state,
    killPending,
    wchan,
    waits,
    waitsText: waits?.text ?? '',
    hostPath: null,
  };
  return [...remediesFor(blocker), ...killRemedy(lead)];
}

/** The one wait in D that a signal ends. */
function killRemedy({ pid, comm, waits, killPending }: ProcessModel): Remedy[] {
  if (waits?.killable !== true || killPending) return [];
  return [
    {
      text: `Or kill ${comm}: this kind of wait ends with SIGKILL. What it has not written is lost.`,
      command: `kill -KILL ${pid}`,
      risk: 'high',
    },
  ];
}
