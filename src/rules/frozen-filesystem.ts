import { countOf, plural } from '../base/counts.ts';
import { formatSeconds } from '../base/durations.ts';
import { quote } from '../base/shell-word.ts';
import { article, listOf } from '../base/words.ts';
import { type FrozenFilesystem, type FrozenPlace, frozenFilesystems } from '../model/disks/frozen.ts';
import type { Parts } from './engine/parts.ts';
import { type Finding, noSubjects, type Remedy, rule } from './engine/rule.ts';
import {
  containersOf,
  effectWords,
  type Held,
  heldBy,
  heldEvidence,
  heldSince,
  isLong,
  pidsOf,
  severityOf,
  stuckSentence,
} from './shared/root-causes.ts';

/** A frozen filesystem blocks all its writers: the cause of everything that hangs there, and of devices whose files are on it. */
export const frozenFilesystem = rule({
  id: 'frozen-filesystem',
  needs: ['processes'],
  uses: ['disks', 'containers', 'shims'],
  matters: false,
  judge: (given) =>
    frozenFilesystems(given.processes.list, given.disks).flatMap((frozen) => {
      const devices = devicesOf(frozen, given);
      const held = heldBy(frozen.processes, devices, given);
      return isLong(held) ? [findingOf(frozen, held, given)] : [];
    }),
});

/** Its own number, and those of what lives on it. */
function devicesOf({ place, above }: FrozenFilesystem, { disks }: Parts<'disks'>): string[] {
  const upper = (disks?.list ?? []).filter(({ name }) => above.includes(name));
  return [
    ...(place === null ? [] : [place.device]),
    ...upper.flatMap(({ device, mounts }) => [device, ...mounts.map((mount) => mount.device)]),
  ];
}

function findingOf(frozen: FrozenFilesystem, held: Held, given: Parts<'disks'>): Finding {
  const { place, above } = frozen;
  const name =
    place === null ? `The filesystem below ${above[0] ?? 'a loop device'}` : `${place.path} (${place.source})`;
  const effect = [effectWords(held), ...(above.length === 0 ? [] : [`${listOf(above, 3)} cannot write`])]
    .filter((text) => text !== '')
    .join(', ');
  const longest = Math.max(...held.processes.map(({ seconds }) => seconds));
  const type = place === null ? 'Its filesystem' : `${place.path}, ${article(place.type)} ${place.type} filesystem,`;
  const onIt =
    above.length === 0 ? '' : ` The file of ${above[0]} lies on it, so ${listOf(above, 3)} cannot write either.`;
  return {
    id: 'frozen-filesystem',
    severity: severityOf(held),
    confidence: place?.isNamed === true ? 'certain' : 'likely',
    title: `${name} is frozen${effect === '' ? '' : `: ${effect}`}`,
    summary: `${type} is frozen and blocks all writes. ${countOf(held.processes.length, 'process', 'processes')} ${plural(held.processes.length, 'has', 'have')} waited there for ${held.processes.length === 1 ? '' : 'up to '}${formatSeconds(longest)}.${onIt}${stuckSentence(held, 'it is thawed')}`,
    since: heldSince(held, given),
    evidence: [
      ...heldEvidence(held),
      ...(place !== null && above.length > 0
        ? [
            {
              source: `/sys/block/${above[0]}/loop/backing_file`,
              text: `the file of ${above[0]} lies on ${place.path}`,
            },
          ]
        : []),
    ],
    subjects: {
      ...noSubjects,
      containers: containersOf(held),
      pids: pidsOf(held),
      mounts: place === null ? [] : [place.path],
      devices: [...(place === null ? [] : [place.source]), ...above.map((upper) => `/dev/${upper}`)],
    },
    ruledOut: [
      ...(held.processes.some(({ killPending }) => killPending)
        ? [{ id: 'missing-kill', because: 'SIGKILL is already pending: killing again does nothing' }]
        : []),
    ],
    remedies: remediesOf(place, frozen, held),
    references: ['https://man7.org/linux/man-pages/man8/fsfreeze.8.html'],
  };
}

function remediesOf(place: FrozenPlace | null, { above }: FrozenFilesystem, { processes, stuck }: Held): Remedy[] {
  const restart: Remedy = {
    text: 'Do not restart the container daemons for this: the kernel holds the processes, and a new daemon may hang as well.',
    command: null,
    risk: 'none',
  };
  if (place === null) {
    const loop = above[0] ?? '';
    return [
      {
        text: `Find the filesystem that holds the file of ${loop}, and thaw it with fsfreeze -u, unless a snapshot or a backup is about to.`,
        command: `losetup --list /dev/${quote(loop)}`,
        risk: 'none',
      },
      restart,
    ];
  }
  const [first] = processes;
  const mounted = stuck.flatMap(({ blocker }) => blocker?.hostPath ?? [])[0];
  const inside = first === undefined ? place.path : `/proc/${first.pid}/root${place.path}`;
  const path = place.onHost ? place.path : (mounted ?? inside);
  return [
    {
      text: `Thaw ${place.path}, unless a snapshot or a backup froze it and is about to thaw it.`,
      command: `fsfreeze -u ${quote(path)}`,
      risk: 'low',
    },
    restart,
  ];
}
