import fs from 'node:fs';

/** Says what the machine of the tests does not allow, in the output of the tests. */
export const say = (text: string): void => void process.stderr.write(`test/release: ${text}\n`);

/** Whether root here has all that root of a node has. A sandbox takes some away. */
export function hasAllCapabilities(): boolean {
  const last = Number(fs.readFileSync('/proc/sys/kernel/cap_last_cap', 'utf8'));
  const bounding = /^CapBnd:\s*(\w+)$/m.exec(fs.readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  return BigInt(`0x${bounding}`) === 2n ** BigInt(last + 1) - 1n;
}

/** --host, or --host=PID with a process of the same node where process 1 cannot be entered. */
export const hostOption = mayEnterFirst() ? '--host' : `--host=${process.pid}`;

/** Whether root may enter the namespaces of process 1. */
export function mayEnterFirst(): boolean {
  try {
    fs.readlinkSync('/proc/1/ns/mnt');
    return true;
  } catch {
    return false;
  }
}
