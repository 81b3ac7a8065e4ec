import { countOf, plural } from '../base/counts.ts';
import type { ContainerModel } from '../model/containers/container.ts';
import type { DaemonModel } from '../model/daemons/daemons.ts';
import { type DefectTrigger, defectsOf, type EngineDefect } from '../model/daemons/engine-defects.ts';
import { unpackHint } from '../model/disks/volatile-hint.ts';
import type { Parts } from './engine/parts.ts';
import { type Finding, noSubjects, type Remedy, rule } from './engine/rule.ts';
import { restartDockerd } from './shared/daemon-words.ts';

/** The unmount of a container that ends takes a second or two on a busy disk. */
const longUnmountSeconds = 10;

/** A daemon is of a release with known defects that keep a node from getting well; a warning once one of them may hurt here. */
export const outdatedEngine = rule({
  id: 'outdated-engine',
  needs: ['daemons'],
  uses: ['containers', 'shims', 'cri', 'processes', 'mounts', 'disks', 'writers'],
  matters: false,
  judge: (given) => given.daemons.flatMap((daemon) => judgeDaemon(daemon, given)),
});

type Around = Parts<'daemons' | 'containers' | 'shims' | 'cri' | 'processes' | 'mounts' | 'disks' | 'writers'>;

function judgeDaemon(daemon: DaemonModel, around: Around): Finding[] {
  if (daemon.process === null) return [];
  // Another engine that answers Docker's API (Podman) has a name, releases and defects of its own.
  const product = daemon.isEngine ? daemon.name : (daemon.kind ?? daemon.name);
  const known = defectsOf(product, daemon.version).map((defect) => ({
    defect,
    near: nearBy(defect.trigger, daemon, around),
  }));
  const defects = known.filter(({ defect, near }) => near !== null || !defect.onlyWhenNear);
  const near = defects.filter((one) => one.near !== null);
  const [first] = near.length > 0 ? near : defects;
  if (first === undefined) return [];
  const { name, version } = daemon;
  return [
    {
      id: 'outdated-engine',
      severity: near.length > 0 ? 'warning' : 'info',
      confidence: 'certain',
      title: `${name} ${version} has ${countOf(defects.length, 'known defect')}${near.length === 0 ? '' : `, and ${near.length === 1 ? 'one matters' : `${near.length} matter`} here now`}`,
      summary: `${name} ${version} ${first.defect.does}${first.near === null ? '' : `; ${first.near}`}. Fixed in ${first.defect.fixedIn}.`,
      since: null,
      evidence: [
        { source: daemon.kind === 'crio' ? 'Version of the CRI' : 'GET /version', text: `${name} ${version}` },
        ...defects.map(({ defect, near }) => ({
          source: defect.references[0] ?? defect.id,
          text: `${defect.id}: ${defect.does} (fixed in ${defect.fixedIn})${near === null ? '' : `. Here: ${near}`}`,
        })),
      ],
      subjects: { ...noSubjects, pids: [daemon.process.pid], daemons: [name] },
      ruledOut: [],
      remedies: upgradeOf(
        name,
        defects.map(({ defect }) => defect),
        around,
      ),
      references: [...new Set(defects.flatMap(({ defect }) => defect.references))],
    },
  ];
}

/** What of this node makes the defect hurt now, in words; null when nothing does. */
function nearBy(trigger: DefectTrigger, daemon: DaemonModel, around: Around): string | null {
  const { mounts, disks, processes } = around;
  const containers = (around.containers?.list ?? []).filter((container) => !isOfOther(daemon, container));
  const stuck = containers.filter(({ stuckIn }) => stuckIn.includes('stop')).length;
  switch (trigger) {
    case 'unkillable-container':
      return stuck === 0 ? null : `${countOf(stuck, 'container')} cannot exit`;
    case 'held-lock': {
      const silent = containers.filter(({ evidence }) => evidence.some(({ kind }) => kind === 'inspect-silent')).length;
      return silent === 0 ? null : `inspect of ${countOf(silent, 'container')} hangs`;
    }
    case 'leaked-mount':
      return mounts === null || mounts.leaks.length === 0
        ? null
        : `${countOf(mounts.leaks.length, 'mount')} ${plural(mounts.leaks.length, 'has', 'have')} outlived the container`;
    case 'slow-unmount': {
      const long = new Set(
        (processes?.list ?? []).filter(({ seconds }) => seconds >= longUnmountSeconds).map(({ pid }) => pid),
      );
      const others = shimsOfOthers(daemon, around);
      const waits = unpackHint(around).waiters.filter(
        ({ call, pid }) => call === 'umount' && long.has(pid) && !others.has(pid),
      ).length;
      const last = disks?.flush?.state ?? 'measuring';
      return waits === 0
        ? null
        : `${countOf(waits, 'unmount')} ${plural(waits, 'waits', 'wait')} for dirty memory (${last})`;
    }
    case 'stop':
      return null;
  }
}

/** Another daemon is known to run it; a container that only the kernel shows may be of any. */
function isOfOther({ isEngine, kind, process }: DaemonModel, { runtime, from }: ContainerModel): boolean {
  if (isEngine) return runtime !== null;
  // dockerd's containers run below some containerd.
  if (runtime === null) return kind === 'crio' && from === 'engine';
  return runtime.pid !== null && runtime.pid !== process?.pid;
}

/** Pids of the shims of pods and containers that another containerd lists. */
function shimsOfOthers({ process }: DaemonModel, { shims, cri }: Around): ReadonlySet<number> {
  const listed = (cri?.runtimes ?? [])
    .filter(({ pid }) => pid !== null && pid !== process?.pid)
    .flatMap(({ sandboxes, containers }) => [...sandboxes, ...containers].map(({ id }) => id));
  const ids = new Set(listed);
  const theirs = (shims?.shims ?? []).filter(({ bundleId }) => bundleId !== null && ids.has(bundleId));
  return new Set(theirs.map(({ pid }) => pid));
}

function upgradeOf(name: string, defects: readonly EngineDefect[], around: Around): Remedy[] {
  const releases = [...new Set(defects.map(({ fixedIn }) => fixedIn))].join('; ');
  const upgrade = `Upgrade ${name} (fixed in ${releases}). A distribution may have backported a fix: read its changelog first.`;
  if (name !== 'dockerd') {
    return [
      {
        text: `${upgrade} Shims and containers outlive its restart where its unit says KillMode=process.`,
        command: null,
        risk: 'low',
      },
    ];
  }
  return restartDockerd(around, `${upgrade} That restarts it.`).map((remedy) => ({ ...remedy, command: null }));
}
