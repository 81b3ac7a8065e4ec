import type { Model } from '../model/model.ts';
import { isHolding, type ProcessModel } from '../model/processes.ts';
import { type Evidence, noSubjects, rule } from './rule.ts';

/** Disks keep tasks in D for milliseconds. The kernel itself complains after 120 seconds (hung_task_timeout_secs). */
const longSeconds = 10;

/** A process has been in uninterruptible sleep for longer than any healthy read or write takes. */
export const blockedProcess = rule({
  id: 'blocked-process',
  needs: ['processes'],
  matters: true,
  judge: ({ processes }, model) =>
    processes.list
      .filter((process) => isHolding(process) && process.seconds >= longSeconds)
      // Those that hold up a container are told as that.
      .filter((process) => !(process.killPending && process.containerId !== null))
      .map((process) => {
        const where =
          process.containerId === null ? '' : ` in ${process.containerName ?? process.containerId.slice(0, 12)}`;
        return {
          id: 'blocked-process',
          severity: 'warning',
          confidence: 'certain',
          title: `${process.comm} (pid ${process.pid})${where} is blocked in the kernel`,
          summary: `${process.comm} (pid ${process.pid})${where} has been in uninterruptible sleep (D) for ${Math.round(process.seconds)} s${process.wchan === null ? '' : `, waiting in ${process.wchan}`}.`,
          since: sinceOf(process, model),
          evidence: evidenceOf(process),
          subjects: {
            ...noSubjects,
            containers: process.containerId === null ? [] : [process.containerId],
            pids: [process.pid],
          },
          ruledOut: [],
          remedies: [
            {
              text: 'See what it waits for in its kernel stack.',
              command: `cat /proc/${process.pid}/stack`,
              risk: 'none',
            },
          ],
          references: ['https://docs.kernel.org/admin-guide/sysctl/kernel.html#hung-task-timeout-secs'],
        };
      }),
});

/** When it began to wait, to the second: the same from one look to the next. */
export function sinceOf(process: ProcessModel, { at }: Model): number {
  return Math.round((at - process.seconds * 1000) / 1000) * 1000;
}

export function evidenceOf(process: ProcessModel): Evidence[] {
  const files = `/proc/${process.pid}`;
  const how = process.secondsFrom === 'last-ran' ? 'has not run for' : 'seen so for';
  const threads = process.blockedTids === null ? '' : `, threads in D: ${process.blockedTids.join(', ')}`;
  return [
    { source: `${files}/stat`, text: `state ${process.state}, ${how} ${Math.round(process.seconds)} s${threads}` },
    ...(process.wchan === null ? [] : [{ source: `${files}/wchan`, text: process.wchan }]),
    ...(process.killPending ? [{ source: `${files}/status`, text: 'SIGKILL pending' }] : []),
    ...(process.stack === null ? [] : [{ source: `${files}/stack`, text: process.stack.slice(0, 6).join(' < ') }]),
  ];
}
