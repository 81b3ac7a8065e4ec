import type { Finding } from '../../src/rules/engine/rule.ts';

/** What the tests share with all that runs beside them: disks, memory, the kernel and its log. */
const ofMachine: ReadonlySet<string> = new Set([
  ...['io-pressure', 'stalled-disk', 'disk-errors', 'filesystem-full', 'frozen-filesystem', 'oom-kill', 'hung-task'],
  ...['kernel-stall', 'kernel-limit-reached', 'kmem-accounting-leak', 'thread-exhaustion', 'frozen-cgroup'],
]);

/** What is wrong on the node of a test, whatever its machine is busy with. */
export function alarmsOf<F extends Pick<Finding, 'id' | 'severity'>>(findings: readonly F[]): F[] {
  return findings.filter(({ id, severity }) => severity !== 'info' && !ofMachine.has(id));
}
