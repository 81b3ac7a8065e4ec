import { countOf } from '../base/counts.ts';
import { formatSeconds } from '../base/durations.ts';
import { quote } from '../base/shell-word.ts';
import { listOf } from '../base/words.ts';
import type { CgroupModel } from '../model/cgroups/cgroups.ts';
import type { ContainerModel } from '../model/containers/container.ts';
import type { ProcessModel } from '../model/processes/processes.ts';
import type { CgroupFreezer } from '../sample/cgroups.ts';
import type { Parts } from './engine/parts.ts';
import { type Evidence, type Finding, noSubjects, type Remedy, rule } from './engine/rule.ts';

/** Runtimes freeze for milliseconds (devices, kill --all), a commit for seconds. */
const longSeconds = 30;
/** A checkpoint of the kubelet or of Docker freezes as long as it writes the memory to disk: 100 GiB take minutes. */
const longCheckpointSeconds = 600;

/**
 * A container's processes are frozen by the cgroup freezer, and its engine does not list it as paused: nothing will thaw it.
 */
export const frozenCgroup = rule({
  id: 'frozen-cgroup',
  needs: [['processes', 'cgroups']],
  uses: ['containers', 'cri', 'shims'],
  matters: true,
  judge: (given) => frozenIn(given).map((frozen) => findingOf(frozen, given)),
});

interface Frozen {
  readonly containerId: string | null;
  readonly label: string | null;
  readonly freezer: CgroupFreezer | null;
  readonly processes: readonly ProcessModel[];
  readonly seconds: number;
  /** No list says whether it was paused on purpose. */
  readonly mayBePaused: boolean;
  /** Nor will one: it is no container of an engine or of the CRI. LXC, systemd, batch systems and `nerdctl pause` freeze on purpose. */
  readonly isOthers: boolean;
}

function frozenIn({
  processes,
  cgroups,
  containers,
  shims,
}: Parts<'processes' | 'cgroups' | 'containers' | 'shims'>): Frozen[] {
  const held = (processes?.list ?? []).filter(({ waits }) => waits?.kind === 'freezer');
  const groups = (cgroups?.containers ?? []).filter(({ freezer }) => freezer !== undefined);
  const keys = new Set([
    ...groups.map(({ containerId }) => containerId ?? ''),
    ...held.map(({ containerId }) => containerId ?? ''),
  ]);
  return [...keys].flatMap((key): Frozen[] => {
    const containerId = key === '' ? null : key;
    const container = containers?.list.find(({ id }) => id === containerId) ?? null;
    // An intended pause; podman's containers are not in our lists.
    const group = groups.find((one) => one.containerId === containerId);
    if (container?.listState === 'paused' || group?.path.includes('libpod') === true) return [];
    if (containerId !== null && isCheckpointed(containerId, processes)) return [];
    const own = held.filter((process) => process.containerId === containerId);
    const seconds = Math.max(0, ...own.map((process) => process.seconds), secondsOf(group));
    if (seconds < longSeconds) return [];
    const isPlain = shims?.plainNames?.some(({ id }) => id === containerId) === true;
    const isOthers = (containerId === null || isPlain || isWithoutPods(container)) && !own.some(isSetUp);
    const isUnlisted = container === null ? containers === null : container.listState === null;
    return [
      {
        containerId,
        label: container?.label ?? containerId?.slice(0, 12) ?? null,
        freezer: group?.freezer ?? null,
        processes: own,
        seconds,
        mayBePaused: isOthers || (isUnlisted && !own.some(isSetUp)),
        isOthers,
      },
    ];
  });
}

/** Of nerdctl or ctr: containerd's list of those has no states. */
function isWithoutPods(container: ContainerModel | null): boolean {
  return container !== null && container.runtime !== null && container.pod === null && !container.isSandbox;
}

function isCheckpointed(containerId: string, processes: Parts<'processes'>['processes']): boolean {
  return (processes?.runtimes ?? []).some(
    (one) => one.containerId === containerId && one.command === 'checkpoint' && one.ageSeconds < longCheckpointSeconds,
  );
}

/** A runc init is never frozen on purpose. */
function isSetUp({ comm }: ProcessModel): boolean {
  return comm.startsWith('runc:[');
}

function secondsOf(group: CgroupModel | undefined): number {
  return Math.max(group?.freezer?.offCpuSeconds ?? 0, group?.frozenSeconds ?? 0);
}

function findingOf(frozen: Frozen, given: Parts<'processes' | 'containers'>): Finding {
  const { containerId, label, freezer, processes, seconds, mayBePaused, isOthers } = frozen;
  const pids = processes.length > 0 ? processes.map(({ pid }) => pid) : [...(freezer?.pids ?? [])];
  const who = processes.length === 0 ? countOf(pids.length, 'process', 'processes') : listOf(processes.map(named), 4);
  const killed = processes.some(({ killPending }) => killPending);
  return {
    id: 'frozen-cgroup',
    severity: isOthers ? 'info' : mayBePaused ? 'warning' : 'critical',
    confidence: mayBePaused ? 'possible' : 'certain',
    title: `${label ?? who} is frozen by the cgroup freezer${mayBePaused ? '; whether it is paused is unknown' : ', and is not paused'}`,
    summary: `${who}${label === null ? '' : ` of ${label}`} ${pids.length === 1 ? 'has' : 'have'} been frozen by the cgroup freezer for ${formatSeconds(seconds)}${stateWords(freezer)}. ${reasonWords(frozen)}${killed ? ' SIGKILL is pending and works when the cgroup is thawed.' : ''}`,
    since: Math.round((given.at - seconds * 1000) / 1000) * 1000,
    evidence: evidenceOf(frozen),
    subjects: { ...noSubjects, containers: containerId === null ? [] : [containerId], pids },
    ruledOut: [
      ...(containerId !== null && given.containers !== null && !mayBePaused
        ? [{ id: 'paused', because: 'the engine does not list the container as paused' }]
        : []),
    ],
    remedies: [...(mayBePaused && !isOthers ? [listPaused] : []), ...remediesOf(frozen, pids)],
    references: [
      'https://docs.kernel.org/admin-guide/cgroup-v1/freezer-subsystem.html',
      'https://github.com/opencontainers/runc/issues/4481',
    ],
  };
}

function reasonWords({ processes, mayBePaused, isOthers }: Frozen): string {
  if (processes.some(isSetUp))
    return 'A runc init is never frozen on purpose: a runtime froze the cgroup and did not thaw it.';
  if (isOthers)
    return 'It is no container that an engine lists as paused or running: LXC, systemd, batch systems and nerdctl freeze on purpose.';
  return mayBePaused
    ? 'No list of containers says whether a pause was requested: the engine has not answered.'
    : 'No pause was requested: a runtime froze the cgroup and exited before it thawed it.';
}

const listPaused: Remedy = {
  text: 'See whether it was paused on purpose: then leave it.',
  command: 'docker ps --filter status=paused',
  risk: 'none',
};

function named({ comm, pid }: ProcessModel): string {
  return `${comm.startsWith('runc:[') ? 'runc init' : comm} (pid ${pid})`;
}

function stateWords(freezer: CgroupFreezer | null): string {
  if (freezer === null) return '';
  const whole = freezer.frozen ? '' : ' (some tasks are not frozen yet)';
  return `${freezer.self === false ? ', with a cgroup above its own' : ''}${whole}`;
}

function evidenceOf({ freezer, processes }: Frozen): Evidence[] {
  const state = freezer?.frozen === true ? 'frozen' : 'freezing';
  return [
    ...(freezer === null
      ? []
      : [
          {
            source: freezer.file,
            text: `${state}${freezer.self === null ? '' : `, set on ${freezer.self ? 'this cgroup' : 'a cgroup above it'}`}`,
          },
        ]),
    ...processes.slice(0, 8).map(({ pid, comm, state: letter, wchan, seconds }) => ({
      source: `/proc/${pid}/wchan`,
      text: `${comm}: state ${letter}, ${wchan ?? 'the freezer'}, for ${formatSeconds(seconds)}`,
    })),
  ];
}

function remediesOf({ freezer }: Frozen, pids: readonly number[]): Remedy[] {
  const [pid] = pids;
  const v2 = freezer?.file.endsWith('cgroup.freeze') === true;
  const file = freezer?.self === false ? null : (freezer?.file ?? null);
  return [
    file === null
      ? {
          text: 'Thaw its cgroup, or the one above it that is frozen: write THAWED to freezer.state (cgroup version 1), or 0 to cgroup.freeze (version 2).',
          command: `cat /proc/${pid}/cgroup`,
          risk: 'none',
        }
      : {
          text: `Thaw the cgroup: write ${v2 ? '0 to cgroup.freeze' : 'THAWED to freezer.state'}.`,
          command: `echo ${v2 ? '0' : 'THAWED'} > ${quote(file)}`,
          risk: 'low',
        },
    {
      text: 'If it does not thaw (Linux 5.15 with cgroup version 1), move the process to a thawed cgroup.',
      command: pid === undefined ? null : `echo ${pid} > /sys/fs/cgroup/${v2 ? '' : 'freezer/'}cgroup.procs`,
      risk: 'low',
    },
    {
      text: 'runc 1.0.0 left cgroups frozen; 1.0.1 does not. In any version, a runtime that is killed before it thaws leaves the cgroup frozen.',
      command: 'runc --version',
      risk: 'none',
    },
  ];
}
