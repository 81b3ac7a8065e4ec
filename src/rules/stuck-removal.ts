import { countOf } from '../base/counts.ts';
import { quote } from '../base/shell-word.ts';
import type { ContainerModel } from '../model/containers/container.ts';
import type { Worker } from '../model/containers/workers.ts';
import type { Parts } from './engine/parts.ts';
import { type Evidence, type Finding, type Remedy, rule, type Subjects } from './engine/rule.ts';
import { stacksOf } from './shared/daemon-words.ts';
import { type RemovalCause, removalCause } from './shared/removal-cause.ts';
import { managerOf } from './shared/runtime-words.ts';
import { evidenceOf, ruledOutOf, sinceOf } from './shared/stuck-words.ts';
import { remediesFor } from './shared/wait-remedies.ts';

/** A container that the engine began to remove and did not finish removing; or a pod that its runtime cannot stop or remove. */
export const stuckRemoval = rule({
  id: 'stuck-removal',
  needs: [['containers', 'cri']],
  uses: ['processes', 'daemons', 'stacks', 'shims'],
  matters: true,
  judge: (given) =>
    (given.containers?.list ?? [])
      .filter(({ stuckIn }) => stuckIn.includes('removal'))
      .map((container) => findingOf(container, given)),
});

type Around = Parts<'containers' | 'cri' | 'processes' | 'daemons' | 'stacks' | 'shims'>;

function findingOf(container: ContainerModel, given: Around): Finding {
  const evidence = container.evidence.filter(({ phase }) => phase === 'removal');
  const cause = removalCause(container);
  const worker = workerOf(container);
  return {
    id: 'stuck-removal',
    severity: 'critical',
    confidence: evidence.some(({ strength }) => strength === 'proof') ? 'certain' : 'likely',
    title: `${container.isSandbox ? `pod ${container.namespace}/${container.pod}` : container.label} cannot be removed${titleTail(cause, worker)}`,
    summary:
      worker !== null
        ? heldSummary(container, worker, given)
        : container.runtime === null
          ? summaryOf(container, cause)
          : podSummary(container, cause, given),
    since: sinceOf(container, evidence),
    evidence: [...evidenceOf(container, evidence, given), ...workerEvidence(worker)],
    subjects: subjectsOf(container, worker, cause),
    ruledOut: [...mountsRuledOut(cause), ...ruledOutOf(container, given)],
    remedies: worker === null ? remediesOf(container, cause) : heldRemedies(worker),
    references: cause === null ? [] : [cause.reference],
  };
}

function subjectsOf({ id, pids }: ContainerModel, worker: Worker | null, cause: RemovalCause | null): Subjects {
  const mount = worker?.waits.mount ?? null;
  const path = mount?.mountPoint ?? (cause?.isBusy === true ? cause.path : null);
  return {
    containers: [id],
    pids: worker === null ? pids : [worker.pid, ...pids],
    mounts: path === null ? [] : [path],
    devices: mount === null ? [] : [mount.source],
    daemons: worker === null ? [] : [worker.comm],
  };
}

/** The error names another reason: mounts that are held do not explain it. */
function mountsRuledOut(cause: RemovalCause | null): Finding['ruledOut'] {
  if (cause === null || cause.isBusy) return [];
  return [{ id: 'leaked-mount', because: `the error is not EBUSY: ${cause.why}` }];
}

/** The engine as far as it is what holds the removal up. */
function workerOf({ worker, evidence }: ContainerModel): Worker | null {
  return evidence.some(({ kind }) => kind === 'daemon-blocked') ? worker : null;
}

function titleTail(cause: RemovalCause | null, worker: Worker | null): string {
  if (cause !== null) return `: ${cause.title}`;
  if (worker === null) return '';
  return `: ${worker.comm} is blocked in the kernel`;
}

/** `batch-1 ← dockerd (pid 4242, 3 threads in D) ← unlinkat() on a frozen ext4 filesystem ← /data (/dev/loop0). …` */
function heldSummary(
  { label, status, runtime }: ContainerModel,
  { pid, comm, tids, waits }: Worker,
  { stacks }: Parts<'stacks'>,
): string {
  const threads = tids.length === 1 ? 'a thread in D' : `${tids.length} threads in D`;
  const mount = waits.mount === null ? [] : [`${waits.mount.mountPoint} (${waits.mount.source})`];
  const chain = [label, `${comm} (pid ${pid}, ${threads})`, waits.text, ...mount].join(' ← ');
  const waiting = waitersOf(stacks);
  const behind =
    waiting === 0 ? '' : ` ${countOf(waiting, 'request')} of ${comm} ${waiting === 1 ? 'waits' : 'wait'} for its lock.`;
  const says = runtime === null ? `The engine says “${status}”: its` : 'Its';
  return `${chain}. ${says} removal ends when this wait ends.${behind}`;
}

/** Requests that wait for the lock of a container, which its removal holds. */
function waitersOf(stacks: Parts<'stacks'>['stacks']): number {
  return stacksOf(stacks, 'dockerd')?.patterns.find(({ id }) => id === 'container-lock-waiter')?.count ?? 0;
}

function workerEvidence(worker: Worker | null): Evidence[] {
  if (worker === null) return [];
  const { pid, tids, wchan, stack } = worker;
  const files = `/proc/${pid}/task/${tids[0]}`;
  return [
    ...(wchan === null ? [] : [{ source: `${files}/wchan`, text: wchan }]),
    ...(stack === null ? [] : [{ source: `${files}/stack`, text: stack.slice(0, 6).join(' < ') }]),
  ];
}

function heldRemedies({ pid, comm, waits, wchan }: Worker): Remedy[] {
  return [
    ...remediesFor({ pid, waits, wchan, hostPath: waits.mount?.mountPoint ?? null }),
    {
      text: `The removal then continues by itself. Restarting ${comm} does not help: the kernel holds its threads, and the process cannot exit.`,
      command: null,
      risk: 'none',
    },
  ];
}

function summaryOf(
  { label, status, listState, inspectState, error }: ContainerModel,
  cause: RemovalCause | null,
): string {
  const differs =
    listState === 'removing' && inspectState === 'dead'
      ? `dockerd gave up the removal; docker ps still shows “${status}”`
      : `The engine says “${status}” of ${label}`;
  if (cause !== null) return `${differs}: ${cause.why}.`;
  return error === null ? `${differs}.` : `${differs}: ${error}.`;
}

/** What the runtime of a pod lists, and what stays. It removes again only when the kubelet requests it. */
function podSummary(container: ContainerModel, cause: RemovalCause | null, given: Parts<'daemons'>): string {
  const { label, status, state, error, attempts, attemptedBy, shim, evidence, isSandbox } = container;
  const who = managerOf(container, given);
  const listed = `${who} lists ${isSandbox ? 'the sandbox' : label} as ${state} (${status}).`;
  const why = cause !== null ? ` ${cause.why}.` : error !== null ? ` ${error}.` : '';
  const outlived = evidence.find(({ kind }) => kind === 'outlived-sandbox');
  const held = shim?.state === 'T' ? ` A signal stopped its shim (pid ${shim.pid}).` : '';
  const left = outlived === undefined ? '' : ` Its pod has exited, but its shim or processes are still there.${held}`;
  const again = attemptedBy === 'the kubelet' ? ' The kubelet tries again until it works.' : '';
  return `${listed}${why}${left}${attempts === 0 ? '' : ` ${countOf(attempts, 'attempt')} failed.`}${again}`;
}

function podRemedies({ id, shim, isSandbox }: ContainerModel, cause: RemovalCause | null): Remedy[] {
  const again = `The kubelet then removes it by itself. Without a kubelet: crictl ${isSandbox ? 'rmp' : 'rm'} -f ${id.slice(0, 12)}`;
  return [
    ...(cause === null ? [] : [cause.remedy]),
    ...(shim?.state === 'T'
      ? [{ text: 'Continue the stopped shim.', command: `kill -CONT ${shim.pid}`, risk: 'low' as const }]
      : cause === null && shim !== null
        ? [
            {
              text: 'See what the shim and the processes below it wait for.',
              command: `cat /proc/${shim.pid}/task/*/wchan; cat /proc/${shim.pid}/task/*/children`,
              risk: 'none' as const,
            },
          ]
        : []),
    { text: again, command: null, risk: 'low' },
  ];
}

function remediesOf(container: ContainerModel, cause: RemovalCause | null): Remedy[] {
  if (container.runtime !== null) return podRemedies(container, cause);
  const { id } = container;
  const again: Remedy = {
    text: cause === null ? 'Free what holds it, then remove it again.' : 'Then remove it again.',
    command: `docker rm ${quote(id.slice(0, 12))}`,
    risk: 'low',
  };
  return cause === null ? [again] : [cause.remedy, again];
}
