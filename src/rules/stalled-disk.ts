import { plural } from '../base/counts.ts';
import { formatSeconds } from '../base/durations.ts';
import { quote } from '../base/shell-word.ts';
import { listOf } from '../base/words.ts';
import { frozenFilesystems } from '../model/disks/frozen.ts';
import { type StalledDisk, stalledDisks } from '../model/disks/stalled.ts';
import { diskWaitOf } from '../model/disks/waits.ts';
import { blockedPlace, diskPaths } from '../model/processes/blocked-places.ts';
import { isHolding, type ProcessModel } from '../model/processes/processes.ts';
import type { Given } from './engine/parts.ts';
import { type Finding, noSubjects, type Remedy, rule } from './engine/rule.ts';
import {
  containersOf,
  effectWords,
  heldBy,
  heldEvidence,
  pidsOf,
  severityOf,
  stuckSentence,
} from './shared/root-causes.ts';

/** A device holds requests and completes none: the cause of all that waits for it, and for the devices built on it. */
export const stalledDisk = rule({
  id: 'stalled-disk',
  needs: ['disks', 'processes'],
  uses: ['containers', 'shims'],
  matters: false,
  judge: (given) => stalledDisks(given.disks, given.processes.list).map((stalled) => findingOf(stalled, given)),
});

type Around = Given<'disks' | 'processes', 'containers' | 'shims'>;

function findingOf(stalled: StalledDisk, given: Around): Finding {
  const { disk, seconds, above } = stalled;
  const all = [disk, ...above];
  const held = heldBy(
    waitersOf(
      all.map(({ name }) => name),
      given,
    ),
    all.flatMap(numbersOf),
    given,
  );
  const roots = all.flatMap((one) => one.roots.map(({ path }) => path));
  const effect = effectWords(held);
  const upper =
    above.length === 0
      ? ''
      : ` ${listOf(
          above.map(({ name }) => name),
          3,
        )} ${plural(above.length, 'is', 'are')} built on it.`;
  const runtime =
    roots.length === 0
      ? ''
      : ` ${listOf(roots, 3)} ${plural(roots.length, 'is', 'are')} on it: nothing starts, stops or is pulled.`;
  return {
    id: 'stalled-disk',
    severity: roots.length > 0 ? 'critical' : severityOf(held),
    confidence: 'certain',
    title: `${disk.name} is not completing I/O (${disk.inFlight} in flight, 0 done in ${formatSeconds(seconds)})${effect === '' ? '' : `: ${effect}`}`,
    summary: `${disk.name} has ${disk.inFlight} ${plural(disk.inFlight, 'request', 'requests')} in flight and completed none for ${formatSeconds(seconds)}.${upper}${runtime}${stuckSentence(held, `${disk.name} completes I/O`)}`,
    since: Math.round((given.at - seconds * 1000) / 1000) * 1000,
    evidence: [
      {
        source: '/proc/diskstats',
        text: `${disk.name}: ${disk.inFlight} in flight, 0 done in ${formatSeconds(seconds)}`,
      },
      ...heldEvidence(held),
    ],
    subjects: {
      ...noSubjects,
      containers: containersOf(held),
      pids: pidsOf(held),
      mounts: all.flatMap(({ mounts }) => mounts.map(({ path }) => path)).slice(0, 8),
      devices: [...new Set(all.flatMap(diskPaths))],
    },
    ruledOut: [],
    remedies: remediesOf(stalled, given),
    references: ['https://docs.kernel.org/admin-guide/iostats.html'],
  };
}

function numbersOf({ device, mounts }: StalledDisk['disk']): string[] {
  return [device, ...mounts.map((mount) => mount.device)];
}

/** Those in D whose wait is at one of these devices. */
function waitersOf(names: readonly string[], { disks, processes }: Around): ProcessModel[] {
  return processes.list.filter((process) => {
    if (!isHolding(process) || diskWaitOf(process) !== 'disk') return false;
    const name = blockedPlace(process, disks)?.disk?.name;
    return name !== undefined && names.includes(name);
  });
}

function remediesOf({ disk }: StalledDisk, { disks, processes }: Around): Remedy[] {
  const below = frozenFilesystems(processes.list, disks).find(({ above }) => above.includes(disk.name))?.place ?? null;
  const restart: Remedy = {
    text: 'Do not restart the container daemons meanwhile: they write to disks too, and would hang as well.',
    command: null,
    risk: 'none',
  };
  if (below !== null) {
    return [
      {
        text: `Thaw ${below.path}: the file of ${disk.name} lies on it, and it is frozen.`,
        command: `fsfreeze -u ${quote(below.path)}`,
        risk: 'low',
      },
      restart,
    ];
  }
  const on = disk.backing === null ? listOf(disk.slaves, 4) : `${disk.backing.path} (${disk.backing.source})`;
  const base = on === '' ? '' : ` It is built on ${on}: look there first.`;
  return [
    {
      text: `See what the kernel says of ${disk.name}, and bring the device back: its requests wait until then.${base}`,
      command: 'dmesg --level=err,warn | tail -40',
      risk: 'none',
    },
    restart,
  ];
}
