import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { waitFor } from '../support/wait-for.ts';
import { executable, reportStart } from './release.ts';
import { runCommand } from './root.ts';
import { hostOption, mayEnterFirst, say } from './sandbox.ts';

let node: ChildProcess | null = null;
afterEach(() => void node?.kill('SIGKILL'));

/** A node that is a container: namespaces of its own for processes, mounts and name. Its process 1, as seen from here. */
async function startNode(): Promise<number> {
  const script = 'hostname inner-node; exec sleep 300';
  node = spawn('unshare', ['--pid', '--fork', '--kill-child', '--mount-proc', '--uts', 'sh', '-c', script], {
    stdio: 'ignore',
  });
  const children = `/proc/${node.pid}/task/${node.pid}/children`;
  return waitFor('the node', () => {
    const pid = Number(fs.readFileSync(children, 'utf8'));
    return fs.readFileSync(`/proc/${pid}/comm`, 'utf8') === 'sleep\n' && pid;
  });
}

test('--host=PID enters the namespaces of a node that is a container, also for its processes', async () => {
  const pid = await startNode();
  const { stdout, stderr, status } = runCommand([executable(), `--host=${pid}`, 'check']);
  expect(stdout, stderr).toContain('inner-node');
  // No daemon runs in there, so that it may as well be any container.
  expect(stdout).toContain('not the host’s PID namespace');
  expect(status).toBe(3);
});

test('--host of the same namespaces changes nothing', () => {
  if (!mayEnterFirst())
    say('process 1 cannot be entered here: --host is tried as --host=PID, of a process of the same node');
  const { stdout, stderr } = runCommand([executable(), hostOption, 'check']);
  expect(stdout, stderr).toMatch(reportStart);
  expect(stdout).not.toContain('PID namespace');
});

test('--host of a process that is gone is an error', () => {
  expect(runCommand([executable(), '--host=4194304', 'check'])).toMatchObject({
    status: 70,
    stderr: expect.stringContaining('--host'),
  });
});
