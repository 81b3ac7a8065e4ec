import { isHolding } from '../model/processes.ts';
import { evidenceOf, sinceOf } from './blocked-process.ts';
import { noSubjects, rule } from './rule.ts';

/** SIGKILL was delivered to a process of a container, and the kernel holds the process: killing again is useless. */
export const unkillableContainer = rule({
  id: 'unkillable-container',
  needs: ['processes'],
  matters: true,
  judge: ({ processes }, model) => {
    const doomed = processes.list.filter((process) => process.killPending && isHolding(process));
    const inContainers = Map.groupBy(doomed, (process) => process.containerId);
    return [...inContainers].flatMap(([id, [worst, ...others]]) => {
      if (id === null || worst === undefined) return [];
      const all = [worst, ...others];
      const name = worst.containerName ?? id.slice(0, 12);
      return [
        {
          id: 'unkillable-container',
          severity: 'critical',
          confidence: 'certain',
          title: `${name} cannot exit`,
          summary: `SIGKILL is pending on ${worst.comm} (pid ${worst.pid}) of ${name}, but it waits in the kernel${worst.wchan === null ? '' : ` in ${worst.wchan}`} and cannot end until that wait does.`,
          since: sinceOf(worst, model),
          evidence: all.flatMap(evidenceOf),
          subjects: { ...noSubjects, containers: [id], pids: all.map(({ pid }) => pid) },
          ruledOut: [],
          remedies: [
            {
              text: 'End the wait, not the process: thaw, remount or repair the filesystem or device it waits for. The kernel stack tells which.',
              command: `cat /proc/${worst.pid}/stack /proc/${worst.pid}/mountinfo`,
              risk: 'none',
            },
          ],
          references: ['https://man7.org/linux/man-pages/man5/proc_pid_status.5.html'],
        },
      ];
    });
  },
});
