import { quote } from '../base/shell-word.ts';
import type { ContainerModel } from '../model/containers/containers.ts';
import { noSubjects, type Remedy, rule } from './engine/rule.ts';
import { evidenceOf, ruledOutOf, sinceOf } from './shared/stuck-words.ts';

/** A container that the engine began to remove and did not finish removing. */
export const stuckRemoval = rule({
  id: 'stuck-removal',
  needs: ['containers'],
  uses: ['processes', 'daemons'],
  matters: true,
  judge: (given) =>
    given.containers.list
      .filter(({ stuckIn }) => stuckIn.includes('removal'))
      .map((container) => {
        const evidence = container.evidence.filter(({ phase }) => phase === 'removal');
        const cause = causeOf(container);
        return {
          id: 'stuck-removal',
          severity: 'critical',
          confidence: evidence.some(({ strength }) => strength === 'proof') ? 'certain' : 'likely',
          title: `${container.label} cannot be removed${cause === null ? '' : `: ${cause.title}`}`,
          summary: summaryOf(container, cause),
          since: sinceOf(container, evidence),
          evidence: evidenceOf(container, evidence, given),
          subjects: {
            ...noSubjects,
            containers: [container.id],
            pids: container.pids,
            mounts: cause?.path == null ? [] : [cause.path],
          },
          ruledOut: ruledOutOf(container, given),
          remedies: remediesOf(container, cause),
          references: ['https://docs.docker.com/engine/daemon/troubleshoot/#daemon'],
        };
      }),
});

/** What State.Error says, in our words. */
interface Cause {
  readonly title: string;
  readonly why: string;
  /** What could not be removed; null when the error names nothing. */
  readonly path: string | null;
  readonly remedy: Remedy;
}

function causeOf({ error }: ContainerModel): Cause | null {
  if (error === null) return null;
  const path = /(?:unlinkat|rmdir|remove|unlink|openfdat|lstat|open) (\/[^:]+):/.exec(error)?.[1] ?? null;
  const where = path ?? 'its filesystem';
  if (/device or resource busy/.test(error)) {
    return {
      title: 'its filesystem is busy',
      why: `${where} is still mounted somewhere (EBUSY)`,
      path,
      remedy: {
        text: 'Find who still mounts it: a process in another mount namespace, or a copy of the mount elsewhere on the node. Unmount that, or end its holder.',
        command: `grep -l ${layerOf(path) ?? 'overlay'} /proc/[0-9]*/mountinfo`,
        risk: 'none',
      },
    };
  }
  if (/operation not permitted/.test(error)) {
    return {
      title: 'a file may not be deleted',
      why: `${where} may not be deleted even by root (EPERM): it is immutable or append-only`,
      path,
      remedy: {
        text: 'See its attributes; chattr -i (or -a) takes them away.',
        command: path === null ? null : `lsattr -d ${quote(path)}`,
        risk: 'none',
      },
    };
  }
  if (/read-only file system/.test(error)) {
    return {
      title: 'its filesystem is read-only',
      why: `${where} is on a filesystem that became read-only (EROFS)`,
      path,
      remedy: {
        text: 'See why: the kernel remounts a filesystem so after errors.',
        command: 'dmesg --level=err,warn | tail -40',
        risk: 'none',
      },
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
      ? 'The engine gave the removal up; its list goes on saying removing, which is not updated'
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
