import type { LogPatternId } from '../sample/log-patterns/patterns.ts';
import { rule } from './engine/rule.ts';
import { limits, openFiles } from './shared/kernel-limits.ts';
import { has, hourly, logFinding, namesIn, recentMs, troubleIn } from './shared/log-trouble.ts';

/** So many refused allocations of a container in an hour are no moment of load. Our own judgement. */
const manyRefusals = 3;

/** A table or a limit of the kernel is used up: connections, neighbours, processes of a control group, watches, descriptors. */
export const kernelLimitReached = rule({
  id: 'kernel-limit-reached',
  needs: ['logs'],
  uses: ['daemons', 'cgroups'],
  matters: false,
  judge: ({ logs, daemons, kernelMemory, at }) => {
    // Where the control groups are counted, kmem-accounting-leak judges them.
    const counted = kernelMemory !== null;
    const isLeak = kernelMemory?.verdict === 'failing' || kernelMemory?.verdict === 'leaking';
    const judged = limits
      .flatMap(({ ids }) => ids)
      .filter((id) => !(counted && ofGroups.includes(id)) && !(isLeak && id === 'kmem-cache-of-group'));
    const isHeldBack = logs.tallies.some(({ sign }) => sign === 'audit-backlog-full');
    const trouble = troubleIn(logs, judged, recentMs, ({ sign }) => sign !== 'audit-events-lost' || isHeldBack);
    if (trouble === null) return [];
    const noGroups = has(trouble, ...ofGroups);
    const noFiles = has(trouble, 'file-max-reached');
    const reached = limits.filter(({ ids }) => has(trouble, ...ids));
    // Those of a process are among those of the node.
    const named = reached.filter((limit) => !(limit === openFiles && noFiles));
    const whose = trouble.about.length === 0 ? trouble.containers : trouble.about;
    const where = whose.length === 0 ? '' : ` (${namesIn(whose)})`;
    const what = `${named.map((limit) => limit.what).join(', ')}${where}`;
    // Where the descriptors of the daemons are counted, fd-exhaustion judges them.
    const isKnown = daemons !== null && reached.every((limit) => limit === openFiles);
    // A moment in which nothing could be reclaimed, of one container.
    const isMoment =
      trouble.tallies.every(({ sign }) => sign === 'kmem-cache-of-group') &&
      hourly(trouble, 'kmem-cache-of-group') < manyRefusals;
    return [
      logFinding(trouble, at, {
        id: 'kernel-limit-reached',
        severity: noGroups || noFiles ? 'critical' : isKnown || isMoment ? 'info' : 'warning',
        confidence: 'certain',
        title: `A limit is reached: ${what}`,
        past: `A limit was reached: ${what}`,
        summary: noGroups
          ? 'The kernel refuses to make a control group: no container can be started.'
          : trouble.tallies.every(({ sign }) => sign === 'no-entropy')
            ? 'The kernel has not gathered enough randomness since the boot. The daemon waits for it, and does not start meanwhile.'
            : has(trouble, 'audit-events-lost') && reached.length === 1
              ? 'The kernel holds back system calls that are audited until there is room, and drops events. Everything on the node may be slow.'
              : reached.every(({ ids }) => ids.includes('bpf-jit-full'))
                ? 'The kernel compiles the seccomp filter of each container, and has no room for one more: containers and probes that run a program in one fail to start (errno 524).'
                : trouble.tallies.some(({ example = '' }) => example.startsWith('Failed to start cAdvisor'))
                  ? 'The kubelet watches the control groups of all containers (cAdvisor): without the watches it exits in its start.'
                  : 'What is over the limit is refused: connections are dropped, processes and threads cannot be started, or files cannot be opened.',
        remedies: [...new Set(reached.flatMap(({ remedies }) => remedies))],
      }),
    ];
  },
});

const ofGroups: readonly LogPatternId[] = ['memcg-ids-exhausted', 'cgroup-no-memory'];
