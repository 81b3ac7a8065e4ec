import { countOf, plural } from '../base/counts.ts';
import { quote } from '../base/shell-word.ts';
import { listOf } from '../base/words.ts';
import { consequenceOf, type LeakReport } from '../model/mounts/explanation.ts';
import type { MountHolder } from '../model/mounts/holder.ts';
import { detachesMounts } from '../model/mounts/kernel.ts';
import { failsOtherwise, isBlocking, isBusyError, type LeakedMount } from '../model/mounts/leaks.ts';
import { freeSteps } from '../model/mounts/unmount-steps.ts';
import type { Parts } from './engine/parts.ts';
import { type Evidence, type Finding, noSubjects, type Remedy, rule } from './engine/rule.ts';

type Leak = LeakedMount & LeakReport;

/** How many mounts of one finding are described in full; the subjects name them all. */
const maxNamed = 4;
/** So many go into one command: the title has their number. */
const maxRemoved = 20;

/** A mount outlived its container, or the daemon that must unmount it cannot see it. */
export const leakedMount = rule({
  id: 'leaked-mount',
  needs: ['mounts', ['containers', 'shims']],
  uses: ['host'],
  // Shims name running containers; only the engine knows which of its layers belong to none.
  wholeWith: ['containers'],
  matters: true,
  judge: (given) => {
    // One backup job holds the mounts of a hundred containers: that is one thing to find, and to do.
    const groups = Map.groupBy(
      given.mounts.leaks,
      (leak) =>
        `${isBlocking(leak)} ${failsOtherwise(leak)} ${leak.reason} ${leak.holders.map(({ namespace }) => namespace).join(' ')}`,
    );
    return [...groups.values()].map((leaks) => findingOf(leaks as [Leak, ...Leak[]], given));
  },
});

function findingOf(leaks: readonly [Leak, ...Leak[]], around: Parts<'mounts' | 'host'>): Finding {
  const [first] = leaks;
  const blocking = isBlocking(first);
  const named = leaks.slice(0, maxNamed);
  const since = Math.max(...leaks.map(({ seconds }) => seconds));
  return {
    id: 'leaked-mount',
    severity: blocking ? 'critical' : 'warning',
    confidence: leaks.every(({ confidence }) => confidence === 'certain') ? 'certain' : 'likely',
    title: titleOf(leaks, blocking),
    summary: consequenceOf(leaks, around.host?.kernel ?? null),
    // How long it existed before rtwatch started is unknown.
    since: leaks.some(({ fromStart }) => fromStart) ? null : Math.round((around.at - since * 1000) / 1000) * 1000,
    evidence: [
      ...named.flatMap(evidenceOf),
      ...moreEvidence(leaks.length - named.length),
      ...errorEvidence(leaks),
      ...splitEvidence(first),
    ],
    subjects: {
      ...noSubjects,
      containers: leaks.flatMap(({ containerId }) => (containerId === null ? [] : [containerId])),
      pids: [...new Set(leaks.flatMap(({ holders }) => holders.flatMap(pidsOf)))],
      mounts: [...new Set(leaks.flatMap(({ paths }) => paths))],
    },
    ruledOut: ruledOut(first, around),
    remedies: first.reason === 'astray' ? [] : remediesOf(leaks, blocking),
    references: ['https://man7.org/linux/man-pages/man7/mount_namespaces.7.html'],
  };
}

/** What stops the removal, the removal, and then the copies that only keep disk space. */
function remediesOf(leaks: readonly [Leak, ...Leak[]], blocking: boolean): Remedy[] {
  const holders = leaks.flatMap((leak) => leak.holders);
  // Of another engine's the command is made that of its own (engine/node-commands.ts).
  const steps = (some: readonly MountHolder[]): Remedy[] => freeSteps(some, leaks[0].reason, () => true);
  if (!blocking) return steps(holders);
  const [stopping, keeping] = [true, false].map((stops) =>
    steps(holders.filter(({ blocksRemoval }) => blocksRemoval === stops)),
  );
  return [
    ...(stopping ?? []),
    ...removeAgain(leaks),
    ...(keeping ?? []).map((step) => ({ ...step, text: `Only for the disk space, not for the removal: ${step.text}` })),
  ];
}

/** The engine gave these up: it removes them when it is asked once more. */
function removeAgain(leaks: readonly Leak[]): Remedy[] {
  const ids = leaks.flatMap(({ containerId, containerState, listedBy }) =>
    containerId !== null && listedBy === 'GET /containers/json' && /^(removing|dead)$/.test(containerState)
      ? [quote(containerId.slice(0, 12))]
      : [],
  );
  if (ids.length === 0) return [];
  const text = `Then remove ${plural(ids.length, 'it', 'them')} again.`;
  return [{ text, command: `docker rm ${ids.slice(0, maxRemoved).join(' ')}`, risk: 'low' }];
}

function titleOf(leaks: readonly [Leak, ...Leak[]], blocking: boolean): string {
  const [first] = leaks;
  // What only keeps disk space does not stop the removal.
  const holders = blocking ? first.holders.filter(({ blocksRemoval }) => blocksRemoval) : first.holders;
  const who = listOf(holders.map(({ label }) => label));
  if (first.reason === 'network') {
    const be = plural(first.atLeast, 'is', 'are');
    return `${countOf(first.atLeast, 'network namespace')} of removed containers ${be} held by ${who}`;
  }
  const what = leaks.length === 1 ? `The mount of ${first.label} is` : `The mounts of ${leaks.length} containers are`;
  if (first.reason === 'astray') return `${what} out of the daemon’s sight, in the namespace of ${who}`;
  return `${what} held by ${who}${blocking ? ': removal fails' : ''}`;
}

function evidenceOf(leak: Leak): Evidence[] {
  const { holders, containerId, containerState, listedBy, lines, reason, paths, atLeast } = leak;
  const some = reason === 'network' && atLeast < paths.length ? `, at least ${atLeast} of no running container` : '';
  return [
    ...holders.map((holder) => ({
      source: `/proc/${holder.processes[0]?.pid ?? 'PID'}/mountinfo`,
      text: `${holder.label} (${processText(holder)}; mount namespace ${holder.namespace}) ${holder.count === 1 || holder.role !== 'shims' ? 'has' : 'have'} ${placesText(holder)}${some}${isBlocking(leak) && !holder.blocksRemoval ? '; this copy does not stop the removal' : ''}`,
    })),
    ...(containerId === null
      ? []
      : [
          {
            source: listedBy,
            text: `${containerId.slice(0, 12)}${containerId.startsWith(leak.label) ? '' : ` (${leak.label})`} is ${containerState}`,
          },
        ]),
    ...lines.map((text) => ({ source: 'logs', text })),
  ];
}

function placesText({ paths, staying, propagation }: MountHolder): string {
  const goes =
    staying.length === paths.length ? '' : `, ${paths.length - staying.length} of these goes away with its directory`;
  return `${listOf(paths, 8)} (${propagation}${goes})`;
}

function errorEvidence(leaks: readonly Leak[]): Evidence[] {
  const busy = leaks.find(({ error }) => error !== null && isBusyError(error));
  if (busy?.error == null) return [];
  return [{ source: `GET /containers/${busy.containerId?.slice(0, 12)}/json`, text: busy.error }];
}

/** `containerd-shim 22283, 22407 and 2 more` */
function processText({ processes, count: all }: MountHolder): string {
  const byComm = Map.groupBy(processes, ({ comm }) => comm);
  const named = [...byComm].map(
    ([comm, some]) =>
      `${comm} ${listOf(
        some.map(({ pid }) => String(pid)),
        8,
      )}`,
  );
  return `${listOf(named, 4)}${all > processes.length ? `, ${countOf(all, 'process', 'processes')} in all` : ''}`;
}

function splitEvidence({ split, holders }: Leak): Evidence[] {
  return split.map((text) => ({ source: `/proc/${holders[0]?.processes[0]?.pid ?? 'PID'}/ns/mnt`, text }));
}

function moreEvidence(more: number): Evidence[] {
  return more > 0 ? [{ source: '/proc/PID/mountinfo', text: `${more} more, held in the same namespaces` }] : [];
}

/** The holders; not all processes of the host. */
function pidsOf({ role, isEngine, processes }: MountHolder): number[] {
  return role === 'host' || isEngine ? [] : processes.map(({ pid }) => pid);
}

function ruledOut({ blocks, holders, reason }: Leak, { host, mounts }: Parts<'host' | 'mounts'>): Finding['ruledOut'] {
  const kernel = host?.kernel ?? null;
  const detaches = detachesMounts(kernel, mounts?.mayDetachMounts ?? null);
  const elsewhere = holders.some(({ isEngine }) => !isEngine);
  return [
    ...(detaches && elsewhere && reason !== 'network' && kernel !== null
      ? [
          {
            id: 'busy-in-another-namespace',
            because: `kernel ${kernel} detaches mounts of other namespaces when their directory is removed: they make no removal fail`,
          },
        ]
      : []),
    ...(blocks === 'space' && !elsewhere ? [{ id: 'failed-removal', because: 'no removal is under way' }] : []),
  ];
}
