import { countOf } from '../base/counts.ts';
import { quote } from '../base/shell-word.ts';
import type { ContainerModel } from '../model/containers/containers.ts';
import type { Worker } from '../model/containers/workers.ts';
import type { Parts } from './engine/parts.ts';
import { type Evidence, type Finding, noSubjects, type Remedy, rule } from './engine/rule.ts';
import { stacksOf } from './shared/daemon-words.ts';
import { evidenceOf, ruledOutOf, sinceOf } from './shared/stuck-words.ts';
import { remediesFor } from './shared/wait-remedies.ts';

/** A container that the engine began to remove and did not finish removing. */
export const stuckRemoval = rule({
  id: 'stuck-removal',
  needs: ['containers'],
  uses: ['processes', 'daemons', 'stacks'],
  matters: true,
  judge: (given) =>
    given.containers.list
      .filter(({ stuckIn }) => stuckIn.includes('removal'))
      .map((container) => {
        const evidence = container.evidence.filter(({ phase }) => phase === 'removal');
        const cause = causeOf(container);
        const worker = workerOf(container);
        return {
          id: 'stuck-removal',
          severity: 'critical',
          confidence: evidence.some(({ strength }) => strength === 'proof') ? 'certain' : 'likely',
          title: `${container.label} cannot be removed${titleTail(cause, worker)}`,
          summary: worker === null ? summaryOf(container, cause) : heldSummary(container, worker, given),
          since: sinceOf(container, evidence),
          evidence: [...evidenceOf(container, evidence, given), ...workerEvidence(worker)],
          subjects: {
            ...noSubjects,
            containers: [container.id],
            pids: [...(worker === null ? [] : [worker.pid]), ...container.pids],
            mounts: [worker?.waits.mount?.mountPoint ?? (cause?.isBusy === true ? cause.path : null) ?? []].flat(),
            devices: worker?.waits.mount == null ? [] : [worker.waits.mount.source],
            daemons: worker === null ? [] : [worker.comm],
          },
          ruledOut: [...mountsRuledOut(cause), ...ruledOutOf(container, given)],
          remedies: worker === null ? remediesOf(container, cause) : heldRemedies(worker),
          references: cause === null ? [] : [cause.reference],
        };
      }),
});

/** The error names another reason: mounts that are held do not explain it. */
function mountsRuledOut(cause: Cause | null): Finding['ruledOut'] {
  if (cause === null || cause.isBusy) return [];
  return [{ id: 'leaked-mount', because: `the engine’s error is not EBUSY: ${cause.why}` }];
}

/** The engine as far as it is what holds the removal up. */
function workerOf({ worker, evidence }: ContainerModel): Worker | null {
  return evidence.some(({ kind }) => kind === 'daemon-blocked') ? worker : null;
}

function titleTail(cause: Cause | null, worker: Worker | null): string {
  if (cause !== null) return `: ${cause.title}`;
  if (worker === null) return '';
  return `: ${worker.comm} is blocked in the kernel`;
}

/** `batch-1 ← dockerd (pid 4242, 3 threads in D) ← unlinkat() on a frozen ext4 filesystem ← /data (/dev/loop0). …` */
function heldSummary(
  { label, status }: ContainerModel,
  { pid, comm, tids, waits }: Worker,
  { stacks }: Parts<'stacks'>,
): string {
  const threads = tids.length === 1 ? 'a thread in D' : `${tids.length} threads in D`;
  const mount = waits.mount === null ? [] : [`${waits.mount.mountPoint} (${waits.mount.source})`];
  const chain = [label, `${comm} (pid ${pid}, ${threads})`, waits.text, ...mount].join(' ← ');
  const waiting = waitersOf(stacks);
  const behind =
    waiting === 0 ? '' : ` ${countOf(waiting, 'request')} of ${comm} ${waiting === 1 ? 'waits' : 'wait'} for its lock.`;
  return `${chain}. The engine says “${status}”: its removal ends when this wait ends.${behind}`;
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

function heldRemedies({ pid, comm, waits }: Worker): Remedy[] {
  return [
    ...remediesFor({ pid, waits, hostPath: waits.mount?.mountPoint ?? null }),
    {
      text: `The removal then continues by itself. Restarting ${comm} does not help: the kernel holds its threads, and the process cannot exit.`,
      command: null,
      risk: 'none',
    },
  ];
}

/** What State.Error says, in our words. */
interface Cause {
  /** A mount somewhere is what stops it. */
  readonly isBusy: boolean;
  readonly title: string;
  readonly why: string;
  /** What could not be removed; null when the error names nothing. */
  readonly path: string | null;
  readonly remedy: Remedy;
  readonly reference: string;
}

function causeOf({ error }: ContainerModel): Cause | null {
  if (error === null) return null;
  const path = /(?:unlinkat|rmdir|remove|unlink|openfdat|lstat|open) (\/[^:]+):/.exec(error)?.[1] ?? null;
  const where = path ?? 'its filesystem';
  if (/device or resource busy/.test(error)) {
    return {
      isBusy: true,
      title: 'its filesystem is busy',
      why: `${where} is still mounted somewhere (EBUSY)`,
      path,
      remedy: {
        text: 'Find who still mounts it: a process in another mount namespace, or a copy of the mount elsewhere on the node. Unmount that, or stop its holder.',
        command: `grep -l ${quote(layerOf(path) ?? 'overlay')} /proc/[0-9]*/mountinfo`,
        risk: 'none',
      },
      reference: 'https://man7.org/linux/man-pages/man2/rmdir.2.html',
    };
  }
  if (/operation not permitted/.test(error)) {
    return {
      isBusy: false,
      title: 'a file is immutable or append-only',
      why: `${where} may not be deleted even by root (EPERM): it is immutable or append-only`,
      path,
      remedy: {
        text: 'Take the attributes i (immutable) and a (append-only) away.',
        command: path === null ? null : `lsattr -d ${quote(path)}; chattr -i -a ${quote(path)}`,
        risk: 'low',
      },
      reference: 'https://man7.org/linux/man-pages/man1/chattr.1.html',
    };
  }
  if (/read-only file system/.test(error)) {
    return {
      isBusy: false,
      title: 'its filesystem is read-only',
      why: `${where} is on a filesystem that became read-only (EROFS)`,
      path,
      remedy: {
        text: 'See why: the kernel remounts a filesystem so after errors.',
        command: 'dmesg --level=err,warn | tail -40',
        risk: 'none',
      },
      reference: 'https://man7.org/linux/man-pages/man8/mount.8.html',
    };
  }
  return null;
}

/** The name of the layer, which every copy of its mount carries. */
function layerOf(path: string | null): string | null {
  return /\/overlay2?\/([0-9a-z]+)(?:\/|$)/.exec(path ?? '')?.[1] ?? null;
}

function summaryOf({ label, status, listState, inspectState, error }: ContainerModel, cause: Cause | null): string {
  const differs =
    listState === 'removing' && inspectState === 'dead'
      ? 'The engine gave up the removal; its list still says removing'
      : `The engine says “${status}” of ${label}`;
  if (cause !== null) return `${differs}: ${cause.why}.`;
  return error === null ? `${differs}.` : `${differs}: ${error}.`;
}

function remediesOf({ id }: ContainerModel, cause: Cause | null): Remedy[] {
  const again: Remedy = {
    text: cause === null ? 'Free what holds it, then remove it again.' : 'Then remove it again.',
    command: `docker rm ${quote(id.slice(0, 12))}`,
    risk: 'low',
  };
  return cause === null ? [again] : [cause.remedy, again];
}
