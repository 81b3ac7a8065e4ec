import { countOf } from '../base/counts.ts';
import type { DaemonHome } from '../model/mounts/daemon-namespaces.ts';
import { splitSentences } from '../model/mounts/explanation.ts';
import type { MountsModel } from '../model/mounts/mounts.ts';
import { type Evidence, type Finding, noSubjects, type Remedy, rule } from './engine/rule.ts';

/** MountFlags=slave and live-restore must not be combined. */
const pairIssue = 'https://github.com/moby/moby/issues/35873';

/**
 * A daemon is in another mount namespace than shims that it manages, or will be after its next restart: it can never unmount
 * what is mounted in the old one.
 */
export const splitMountNamespace = rule({
  id: 'split-mount-namespace',
  needs: ['mounts', 'daemons'],
  uses: [],
  matters: false,
  judge: ({ mounts }) =>
    mounts.homes.flatMap((home) => {
      if (home.left.length > 0) return [split(home, mounts)];
      // Without containers a restart leaves nothing behind.
      const willSplit = home.beside > 0 && home.outlived === true && isNewEachTime(home);
      return willSplit ? [comingSplit(home)] : [];
    }),
});

/** Its next start makes a namespace: the unit says so, or it lives in one that is not the host's. */
function isNewEachTime({ unitSetting, ownNamespace }: DaemonHome): boolean {
  return unitSetting !== null || ownNamespace;
}

function split(home: DaemonHome, { leaks }: MountsModel): Finding {
  const { name, pid, left, startedAt } = home;
  const shims = left.flatMap((one) => one.shims);
  const held = leaks.filter(({ holders }) =>
    holders.some(({ namespace }) => left.some((one) => one.namespace === namespace)),
  );
  return {
    id: 'split-mount-namespace',
    severity: 'warning',
    confidence: 'certain',
    title: `${name} and ${countOf(shims.length, 'shim')} live in different mount namespaces`,
    summary: `${name} was started in a new mount namespace: what is still mounted in the old one it cannot unmount, and the removal of these containers may fail or leave something behind.${isPair(home) ? ` ${home.unitSetting} and live-restore must not be combined.` : ''}`,
    since: home.older > 0 ? startedAt : null,
    evidence: evidenceOf(home),
    subjects: {
      ...noSubjects,
      containers: shims.flatMap(({ containerId }) => (containerId === null ? [] : [containerId])),
      pids: [pid, ...shims.map((shim) => shim.pid)],
      daemons: [name],
    },
    ruledOut:
      held.length === 0
        ? [
            {
              id: 'leaked-mount',
              because: 'nothing of a container that is gone is mounted in the old namespace so far',
            },
          ]
        : [],
    remedies: [
      {
        text: `The split ends with the last of these shims: restart their containers one by one (drain the node first), which starts them beside ${name}.`,
        command: null,
        risk: 'high',
      },
      ...settingRemedies(home),
    ],
    references: [pairIssue],
  };
}

function comingSplit(home: DaemonHome): Finding {
  const { name, beside, unitSetting, pid } = home;
  const keeps = name === 'dockerd' ? 'live-restore' : 'KillMode=process';
  return {
    id: 'split-mount-namespace',
    severity: 'warning',
    confidence: unitSetting === null ? 'possible' : 'likely',
    title: `The next restart of ${name} splits it from ${countOf(beside, 'shim')}`,
    summary: `${unitSetting === null ? `${name} does not live in the host’s mount namespace` : `${unitSetting} gives ${name} a new mount namespace at each start`}, and ${keeps} lets the containers live on in the old one, where it cannot unmount anything after that. The two must not be combined.`,
    since: null,
    evidence: evidenceOf(home),
    subjects: { ...noSubjects, pids: [pid], daemons: [name] },
    ruledOut: [],
    remedies: settingRemedies(home),
    references: [pairIssue],
  };
}

const isPair = ({ name, unitSetting, outlived }: DaemonHome): boolean =>
  name === 'dockerd' && unitSetting !== null && outlived === true;

function evidenceOf(home: DaemonHome): Evidence[] {
  const { name, pid, left, unit, unitSetting, outlived } = home;
  const [where, ...story] = splitSentences(home);
  return [
    { source: `/proc/${pid}/ns/mnt`, text: where ?? '' },
    ...(left.length > 0 && home.older > 0
      ? story.slice(0, 1).map((text) => ({ source: `/proc/${pid}/stat`, text }))
      : []),
    ...(unit === null || unitSetting === null
      ? []
      : [{ source: unit.files.join(', '), text: `${unit.unit}: ${unitSetting}` }]),
    ...(outlived !== true
      ? []
      : name === 'dockerd'
        ? [{ source: 'GET /info', text: 'live-restore is on' }]
        : [{ source: unit?.files.join(', ') ?? name, text: 'KillMode=process: shims outlive a restart' }]),
  ];
}

function settingRemedies({ unit, unitSetting, name }: DaemonHome): Remedy[] {
  const text =
    unitSetting === null
      ? `Start ${name} in the host’s mount namespace, or do not let containers outlive it.`
      : `Take ${unitSetting} out of ${unit?.unit}, or turn live-restore off: not both. It takes effect at the next restart, so stop the containers for that one.`;
  return [{ text, command: unit === null || unitSetting === null ? null : `systemctl edit ${unit.unit}`, risk: 'low' }];
}
