import { countOf } from '../base/counts.ts';
import { formatSeconds } from '../base/durations.ts';
import { quote } from '../base/shell-word.ts';
import { listOf } from '../base/words.ts';
import type { ContainerModel } from '../model/containers/container.ts';
import type { CriRuntime } from '../sample/cri.ts';
import type { Parts } from './engine/parts.ts';
import { type Evidence, type Finding, noSubjects, type Remedy, rule } from './engine/rule.ts';

/** A list takes milliseconds; one that is open for so long waits for a lock. */
const patienceMs = 4000;

/**
 * The status lock of one container is held, so that the list of all of them hangs. The kubelet requests the same list every
 * second: after three minutes (its PLEG threshold) the node is NotReady.
 */
export const containerStatusLock = rule({
  id: 'container-status-lock',
  needs: [],
  uses: ['cri', 'daemons', 'shims'],
  matters: true,
  judge: (given) => (given.cri?.runtimes ?? []).filter(hangs).map((runtime) => findingOf(runtime, given)),
});

type Around = Parts<'daemons' | 'containers'>;

/** Its list waits for a lock: its ping and its list of pods still answer. */
function hangs({ ping, sandboxList, containerList }: CriRuntime): boolean {
  return (
    ping.status === 'ok' &&
    sandboxList.status === 'ok' &&
    containerList.status === 'pending' &&
    containerList.forMs >= patienceMs
  );
}

function findingOf(runtime: CriRuntime, around: Around): Finding {
  const { containerList, heldStatuses, socket, pid, kind } = runtime;
  const forMs = containerList.status === 'pending' ? containerList.forMs : 0;
  const daemon = around.daemons?.find(({ process }) => process !== null && process.pid === pid)?.name ?? kind;
  const held = heldStatuses.map(({ containerId }) => containerId);
  const containers = held.flatMap((id) => around.containers?.list.find((one) => one.id === id) ?? []);
  const stopped = containers.flatMap(({ shim }) => (shim?.state === 'T' ? [shim.pid] : []));
  const names = held.map((id) => containers.find((one) => one.id === id)?.label ?? id.slice(0, 12));
  const whose = held.length === 0 ? 'a container' : listOf(names);
  return {
    id: 'container-status-lock',
    severity: 'critical',
    confidence: held.length === 0 ? 'likely' : 'certain',
    title: `${daemon} cannot list containers: the status of ${whose} is locked`,
    summary: `ListContainers has not answered for ${formatSeconds(forMs / 1000)}, while ${daemon} answers Version and lists its pods. It waits for the status lock of ${whose}. ${holderWords(containers, stopped)} The kubelet makes the same request every second: it reports the node as NotReady after three minutes.`,
    since: Math.round((around.at - forMs) / 1000) * 1000,
    evidence: evidenceOf(runtime, containers, names),
    subjects: { ...noSubjects, containers: held, pids: stopped, daemons: [daemon] },
    ruledOut: [{ id: 'silent-daemon', because: `${daemon} answers Version and ListPodSandbox on ${socket}` }],
    remedies: remediesOf(daemon, stopped),
    references: [
      'https://github.com/containerd/containerd/issues/12680',
      'https://github.com/containerd/containerd/issues/10583',
    ],
  };
}

/** containerd holds the lock while it calls the shim (container_update_resources.go, 1.6 to 2.3). */
function holderWords(containers: readonly ContainerModel[], stopped: readonly number[]): string {
  if (stopped.length > 0) {
    return `Its shim (pid ${stopped.join(', ')}) is stopped by a signal; an UpdateContainerResources that waits for the shim holds the lock.`;
  }
  const blocked = containers.flatMap(({ shim }) => (shim?.state === 'D' ? [shim.pid] : []));
  if (blocked.length > 0) return `Its shim (pid ${blocked.join(', ')}) is blocked in the kernel.`;
  return 'The holder is probably an UpdateContainerResources that waits for the shim, or a write of the status to a slow disk.';
}

function evidenceOf(
  { containerList, heldStatuses, socket, ping }: CriRuntime,
  containers: readonly ContainerModel[],
  names: readonly string[],
): Evidence[] {
  const listMs = containerList.status === 'pending' ? containerList.forMs : 0;
  return [
    { source: socket, text: `ListContainers: no answer for ${formatSeconds(listMs / 1000)}` },
    ...heldStatuses.map(({ forMs }, index) => ({
      source: socket,
      text: `ContainerStatus of ${names[index]}: no answer for ${formatSeconds(forMs / 1000)}`,
    })),
    ...(ping.status === 'ok' ? [{ source: socket, text: 'Version and ListPodSandbox answer' }] : []),
    ...containers.flatMap(({ shim }) =>
      shim === null ? [] : [{ source: `/proc/${shim.pid}/stat`, text: `the shim is in state ${shim.state}` }],
    ),
  ];
}

function remediesOf(daemon: string, stopped: readonly number[]): Remedy[] {
  return [
    ...(stopped.length === 0
      ? []
      : [
          {
            text: `Continue the ${stopped.length === 1 ? 'shim' : countOf(stopped.length, 'shim')}: the lock is then released, and the list answers.`,
            command: `kill -CONT ${stopped.join(' ')}`,
            risk: 'low' as const,
          },
        ]),
    {
      text: 'Find the holder of the lock: search the goroutines for UpdateSync.',
      command: `rtwatch goroutines ${quote(daemon)}`,
      risk: 'none',
    },
  ];
}
