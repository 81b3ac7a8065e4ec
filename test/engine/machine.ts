import type { Finding } from '../../src/rules/engine/rule.ts';

/** What the tests share with all that runs beside them: disks, memory and the kernel. */
const ofMachine: ReadonlySet<string> = new Set([
  ...['io-pressure', 'stalled-disk', 'disk-errors', 'filesystem-full', 'kernel-stall', 'kernel-limit-reached'],
  'kmem-accounting-leak',
]);
/** What another test's container may have: the kernel's log, control groups and mounts of the machine name it here too. */
const ofAnyContainer: ReadonlySet<string> = new Set([
  ...['frozen-filesystem', 'oom-kill', 'hung-task', 'thread-exhaustion', 'frozen-cgroup'],
]);

/**
 * What is wrong on the node of a test, whatever its machine is busy with.
 *
 * @param own ids of the test's own containers
 */
export function alarmsOf<F extends Pick<Finding, 'id' | 'severity' | 'subjects'>>(
  findings: readonly F[],
  own: readonly string[],
): F[] {
  return findings.filter(({ id, severity, subjects }) => {
    if (severity === 'info' || ofMachine.has(id)) return false;
    return !ofAnyContainer.has(id) || subjects.containers.some((container) => own.includes(container));
  });
}
