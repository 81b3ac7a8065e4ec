import { countOf, formatCount, plural } from '../../base/counts.ts';
import { formatAgo, formatMs } from '../../base/durations.ts';
import { listOf } from '../../base/words.ts';
import type { LogTally } from '../../sample/logs.ts';
import type { LogsModel } from '../logs/logs.ts';
import type { DaemonHome } from './daemon-namespaces.ts';
import type { MountHolder } from './holder.ts';
import { failsOtherwise, isBlocking, isBusyError, type LeakedMount } from './leaks.ts';

/** Words for a leak, one sentence each. */
export interface LeakReport {
  /** How it came about, as far as it is known. */
  readonly why: readonly string[];
  /** The part of `why` that is about daemons and shims in different namespaces. */
  readonly split: readonly string[];
  /** What it does to the node. */
  readonly consequence: string;
  /** Lines of the logs that it explains. */
  readonly lines: readonly string[];
}

interface WhyInput {
  readonly homes: readonly DaemonHome[];
  readonly logs: LogsModel | null;
  /** When the mounts were read, milliseconds since 1970. */
  readonly polledAt: number;
  readonly kernel: string | null;
}

/** Adds to each leak why it is held, and what frees it. */
export function explainLeaks(leaks: readonly LeakedMount[], input: WhyInput): (LeakedMount & LeakReport)[] {
  return leaks.map((leak) => {
    const split = splitOf(leak, input);
    const others = leak.holders.filter(
      ({ role, namespace }) => !(role === 'shims' && split?.left.some((one) => one.namespace === namespace)),
    );
    const sentences = split === undefined ? [] : splitSentences(split);
    const lines = linesOf(leak, input);
    return {
      ...leak,
      why: [...sentences, ...others.map(holderSentence)],
      split: sentences,
      consequence: consequenceOf([{ ...leak, lines }], input.kernel),
      lines,
    };
  });
}

/** The daemon that left the holders behind. */
function splitOf({ holders }: LeakedMount, { homes }: WhyInput): DaemonHome | undefined {
  const namespaces = new Set(holders.map(({ namespace }) => namespace));
  return homes.find(({ left }) => left.some(({ namespace }) => namespaces.has(namespace)));
}

/** How a daemon came to live apart from its shims. */
export function splitSentences(home: DaemonHome): string[] {
  const { name, pid, namespace, startedAt, left, older, unitSetting, unit, outlived } = home;
  const shims = left.reduce((sum, one) => sum + one.shims.length, 0);
  const where = left.map(
    (one) => `${countOf(one.shims.length, 'shim')} (pid ${listOf(pidsOf(one.shims), 16)}) in ${one.namespace}`,
  );
  const setting =
    unitSetting === null
      ? home.ownNamespace
        ? [`${name} does not live in the host’s mount namespace; each restart may give it another one.`]
        : []
      : [
          `${unit?.unit} sets ${unitSetting} (${unit?.files.join(', ')}), which gives ${name} a new mount namespace at each start.`,
        ];
  const keeper = name === 'dockerd' ? 'live-restore' : 'KillMode=process';
  return [
    `${name} (pid ${pid}) lives in mount namespace ${namespace}, ${listOf(where)}.`,
    ...(older > 0
      ? [
          `${older === shims ? (shims === 1 ? 'The shim is' : `All ${formatCount(shims)} shims are`) : `${formatCount(older)} of the ${formatCount(shims)} shims are`} older than ${name}, by up to ${formatMs(startedAt - Math.min(...left.map((one) => one.startedAt[0])))}.`,
        ]
      : []),
    ...setting,
    ...(outlived === true && left.length > 0
      ? [`Meanwhile ${keeper} let the containers live on in the old namespace.`]
      : []),
    ...(outlived === true && unitSetting !== null && name === 'dockerd'
      ? [`${unitSetting} and live-restore must not be combined (moby issue 35873).`]
      : []),
  ];
}

const pidsOf = (shims: readonly { readonly pid: number }[]): string[] => shims.map(({ pid }) => String(pid));

function holderSentence({ label, isEngine, role, propagation, namespace, paths }: MountHolder): string {
  const where = paths.length === 1 ? (paths[0] ?? '') : `${paths.length} paths`;
  if (isEngine)
    return `In the daemon’s own namespace it is also mounted on ${where}, ${propagationWords[propagation]}.`;
  const who = role === 'host' ? 'The host’s namespace' : `The namespace of ${label}`;
  return `${who} (${namespace}) has it on ${where}, ${propagationWords[propagation]}.`;
}

/** Why it did not go away with the original (mount_namespaces(7)). */
const propagationWords = {
  private: 'a private mount: unmounts elsewhere do not reach it',
  master: 'a slave mount whose master is gone',
  shared: 'a shared mount of its own peer group',
};

type LoggedLeak = LeakedMount & Pick<LeakReport, 'lines'>;

/** @param leaks with the same holders, and for the same reason; not empty */
export function consequenceOf(leaks: readonly [LoggedLeak, ...LoggedLeak[]], kernel: string | null): string {
  const [{ blocks, reason, containerState, atLeast }] = leaks;
  const whose = whoseOf(leaks);
  switch (blocks) {
    case 'removal':
      return removalText(leaks, kernel);
    case 'space':
      return containerState === 'gone'
        ? `The disk space of ${whose} is not given back as long as the mount is held.`
        : `The filesystem of ${whose} stays mounted, and its disk space in use, as long as the mount is held.`;
    case 'network':
      return `${countOf(atLeast, 'network namespace')} of containers that are gone ${plural(atLeast, 'lives', 'live')} on, with ${plural(atLeast, 'its', 'their')} interfaces and memory.`;
    case 'nothing':
      return reason === 'astray'
        ? `Nothing yet: ${whose} can be removed, because this kernel detaches the mount when its directory is removed.`
        : 'Nothing yet.';
  }
}

/** Says EBUSY only of those of which the engine or its log said it. */
function removalText(leaks: readonly [LoggedLeak, ...LoggedLeak[]], kernel: string | null): string {
  const [first] = leaks;
  const because = first.holders.some(({ isEngine }) => isEngine)
    ? 'a directory cannot be removed while it is mounted in the mount namespace of its remover'
    : `kernel ${kernel} refuses to remove a directory that any namespace has mounted`;
  if (failsOtherwise(first)) {
    return `The removal of ${whoseOf(leaks)} fails for another reason. Without that it would fail with EBUSY: ${because}.`;
  }
  if (!isBlocking(first)) return `The removal of ${whoseOf(leaks)} will fail with EBUSY: ${because}.`;
  const busy = leaks.filter(saysBusy);
  const open = leaks.filter((leak) => !saysBusy(leak));
  if (busy.length === 0) {
    return `The removal of ${whoseOf(leaks)} cannot finish; its error is not known: ${because}.`;
  }
  const others = open.length === 0 ? '' : ` The error of ${whoseOf(open)} is not known; the cause is there too.`;
  return `The removal of ${whoseOf(busy)} fails with EBUSY: ${because}.${others}`;
}

function saysBusy({ error, lines }: LoggedLeak): boolean {
  return (error !== null && isBusyError(error)) || lines.some((line) => line.startsWith('device-busy'));
}

function whoseOf(leaks: readonly LeakedMount[]): string {
  const labels = leaks.map(({ label }) => label);
  return leaks.length === 1 ? listOf(labels) : `${leaks.length} containers (${listOf(labels, 6)})`;
}

const mountSigns = ['device-busy', 'unmount-failed', 'removal-failed', 'netns-lost', 'rootfs-missing'];

function linesOf({ containerId, layer, label }: LeakedMount, { logs, polledAt }: WhyInput): string[] {
  const isAbout = ({ container }: LogTally): boolean =>
    container !== null &&
    (container === layer ||
      container === label ||
      (container.length >= 12 && containerId?.startsWith(container) === true));
  return (logs?.tallies ?? [])
    .filter((tally) => mountSigns.includes(tally.sign) && isAbout(tally))
    .map(
      ({ sign, count: times, lastAt }) =>
        `${sign}: ${countOf(times, 'line')}${lastAt === null ? '' : `, the last ${formatAgo((polledAt - lastAt) / 1000)}`}`,
    );
}
