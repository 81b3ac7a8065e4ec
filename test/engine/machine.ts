import fs from 'node:fs';
import type { Finding } from '../../src/rules/engine/rule.ts';

/**
 * What the tests share with all that runs beside them, and no namespace keeps apart: the disks, their pressure, and the
 * kernel's memory groups. What only logs say is not among it: a test that asks for alarms gives the logs of its own daemons.
 */
const ofMachine: ReadonlySet<string> = new Set(['io-pressure', 'stalled-disk', 'kmem-accounting-leak']);
/** What another test's container may have: control groups, mounts and shims of the machine name it here too. */
const ofAnyContainer: ReadonlySet<string> = new Set([
  ...['frozen-filesystem', 'thread-exhaustion', 'frozen-cgroup', 'unkillable-container'],
]);

/**
 * What is wrong on the node of a test, whatever its machine is busy with. Of a watch or a report with `--log` of the test's own
 * daemons: the machine's log is of all that runs on it.
 *
 * @param own ids of the test's own containers
 */
export function alarmsOf<F extends Pick<Finding, 'id' | 'severity' | 'subjects'>>(
  findings: readonly F[],
  own: readonly string[],
): F[] {
  return findings.filter(({ id, severity, subjects }) => {
    if (severity === 'info' || ofMachine.has(id)) return false;
    if (id === 'filesystem-full' && subjects.mounts.some(isShort)) return false;
    return !ofAnyContainer.has(id) || subjects.containers.some((container) => own.includes(container));
  });
}

/** Whether the machine itself is short of space or inodes there; more than any threshold of the rule. */
function isShort(mount: string): boolean {
  const { bavail, blocks, ffree, files } = fs.statfsSync(mount);
  return bavail < blocks / 10 || ffree < files / 10;
}
