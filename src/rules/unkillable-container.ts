import { formatTimes } from '../base/counts.ts';
import { quote } from '../base/shell-word.ts';
import type { Blocker } from '../model/containers/blocker.ts';
import type { ContainerModel } from '../model/containers/container.ts';
import type { Parts } from './engine/parts.ts';
import { noSubjects, type Remedy, rule, type Subjects } from './engine/rule.ts';
import { managerOf, managerStart, managerWords } from './shared/runtime-words.ts';
import { chainOf, evidenceOf, ruledOutOf, sinceOf } from './shared/stuck-words.ts';
import { remediesFor } from './shared/wait-remedies.ts';

/**
 * A stop was requested for a container, and it cannot exit: a task of it is blocked in the kernel, or the process that
 * should kill it does not answer.
 */
export const unkillableContainer = rule({
  id: 'unkillable-container',
  needs: ['processes', ['containers', 'shims']],
  uses: ['daemons'],
  matters: true,
  judge: (given) =>
    (given.containers?.list ?? [])
      .filter(({ stuckIn }) => stuckIn.includes('stop'))
      .map((container) => {
        const evidence = container.evidence.filter(({ phase }) => phase === 'stop');
        return {
          id: 'unkillable-container',
          severity: 'critical',
          confidence: evidence.some(({ strength }) => strength === 'proof') ? 'certain' : 'likely',
          title: titleOf(container, given),
          summary: summaryOf(container, given),
          since: sinceOf(container, evidence),
          evidence: evidenceOf(container, evidence, given),
          subjects: subjectsOf(container),
          ruledOut: ruledOutOf(container, given),
          remedies: remediesOf(container, given),
          references: [
            'https://man7.org/linux/man-pages/man5/proc_pid_status.5.html',
            'https://github.com/moby/moby/pull/42956',
          ],
        };
      }),
});

function titleOf(container: ContainerModel, given: Parts<'daemons'>): string {
  const { label, evidence, blocker } = container;
  const asked = evidence.some(({ kind }) => ['kill-pending', 'kill-unanswered', 'stop-unanswered'].includes(kind));
  return asked || blocker !== null
    ? `${label} cannot exit`
    : `${label} does not answer ${managerWords(container, given)}`;
}

function summaryOf(container: ContainerModel, given: Parts<'daemons'>): string {
  const { blocker, shim, attempts, attemptedBy } = container;
  const asked =
    attempts === 0
      ? ''
      : ` It was asked to stop ${formatTimes(attempts)}${attemptedBy === null ? '' : by(attemptedBy)}.`;
  if (blocker !== null) {
    const held = blocker.killPending
      ? 'SIGKILL is pending: killing it again does nothing. Fix what it waits for.'
      : 'The kernel holds the process: no signal ends this wait. Fix what it waits for.';
    return `${chainOf(container)}. ${held}${asked}`;
  }
  if (shim?.state === 'T') {
    return `${chainOf(container)}. ${managerStart(container, given)} reaches the container only through its shim, and a signal stopped that one.${asked}`;
  }
  if (shim?.state === 'D')
    return `${chainOf(container)}. ${managerStart(container, given)} reaches the container only through its shim, which the kernel holds.${asked}`;
  const [first] = container.evidence;
  return `${container.label}: ${first?.text ?? 'it should have exited'}.${asked}`;
}

function subjectsOf({ id, pids, blocker, shim }: ContainerModel): Subjects {
  const mount = blocker?.waits?.mount ?? null;
  return {
    ...noSubjects,
    containers: [id],
    pids: [
      ...new Set([...(blocker === null ? [] : [blocker.pid]), ...pids, ...(shim?.state === 'T' ? [shim.pid] : [])]),
    ],
    mounts: mount === null ? [] : [mount.mountPoint],
    devices: mount === null ? [] : [mount.source],
  };
}

function remediesOf(container: ContainerModel, given: Parts<'daemons'>): Remedy[] {
  const { blocker, shim } = container;
  if (blocker !== null) return [...remediesFor(blocker), whenItEnds(container, blocker, given)];
  if (shim?.state === 'T') {
    return [
      {
        text: 'Let the shim continue; what waits for it then finishes by itself.',
        command: `kill -CONT ${shim.pid}`,
        risk: 'low',
      },
    ];
  }
  if (shim?.state === 'D') {
    return [
      {
        text: 'See what the shim waits for in its kernel stack.',
        command: `cat /proc/${shim.pid}/task/*/stack`,
        risk: 'none',
      },
    ];
  }
  return [
    {
      text: 'See which goroutine holds it, and what that one waits for.',
      command: `rtwatch goroutines ${quote(managerOf(container, given))}`,
      risk: 'none',
    },
  ];
}

function whenItEnds(container: ContainerModel, { killPending }: Blocker, given: Parts<'daemons'>): Remedy {
  const { attemptedBy } = container;
  const who = managerWords(container, given);
  const then = killPending ? 'The container then exits by itself: SIGKILL is already pending.' : 'Then stop it again.';
  const kubelet = attemptedBy === 'the kubelet' ? ' The kubelet retries until it does.' : '';
  return {
    text: `${then}${kubelet} Restarting ${who} does not help: the kernel holds the process, not ${who}.`,
    command: null,
    risk: 'none',
  };
}

function by(who: NonNullable<ContainerModel['attemptedBy']>): string {
  return who === 'the kubelet' ? ' by the kubelet' : ` ${who}`;
}
