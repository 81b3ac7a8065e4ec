import { countOf, plural } from '../base/counts.ts';
import { listOf } from '../base/words.ts';
import type { ContainerModel } from '../model/containers/container.ts';
import { type Finding, noSubjects, rule } from './engine/rule.ts';

/** A debugger or an administrator stops a process for a moment; nothing else stops a shim. */
const patienceMs = 10_000;

/** A signal stopped a shim whose containers still run: they cannot be stopped, exec'd into or removed, and their exits go unnoticed. */
export const stoppedShim = rule({
  id: 'stopped-shim',
  needs: [['containers', 'cri', 'shims']],
  uses: [],
  matters: false,
  judge: ({ containers, at }) => {
    const stopped = (containers?.list ?? []).filter((container) => isStopped(container, at));
    const groups = Map.groupBy(stopped, ({ shim }) => shim?.pid ?? 0);
    // A container that is stuck has its own finding.
    return [...groups]
      .filter(([, list]) => list.every(({ stuck }) => !stuck))
      .map(([pid, list]) => findingOf(pid, list));
  },
});

function isStopped({ shim, evidence }: ContainerModel, at: number): boolean {
  const since = evidence.find(({ kind }) => kind === 'shim-stopped')?.since ?? null;
  return shim?.state === 'T' && since !== null && at - since >= patienceMs;
}

function findingOf(pid: number, containers: readonly ContainerModel[]): Finding {
  const sinces = containers.flatMap(({ evidence }) =>
    evidence.flatMap(({ kind, since }) => (kind === 'shim-stopped' && since !== null ? [since] : [])),
  );
  const names = listOf(containers.map(({ label }) => label));
  return {
    id: 'stopped-shim',
    severity: 'warning',
    confidence: 'certain',
    title: `the shim of ${names} is stopped`,
    summary: `A signal stopped the shim (pid ${pid}, state T) of ${countOf(containers.length, 'container')}. ${plural(containers.length, 'It still runs', 'They still run')}, but cannot be stopped, removed or exec'd into, and an exit goes unnoticed.`,
    since: sinces.length === 0 ? null : Math.min(...sinces),
    evidence: [{ source: `/proc/${pid}/stat`, text: 'the shim is in state T: stopped by a signal' }],
    subjects: { ...noSubjects, containers: containers.map(({ id }) => id), pids: [pid] },
    ruledOut: [],
    remedies: [
      {
        text: 'Continue the shim: calls that wait for it then finish.',
        command: `kill -CONT ${pid}`,
        risk: 'low',
      },
    ],
    references: ['https://github.com/containerd/containerd/tree/main/core/runtime/v2'],
  };
}
