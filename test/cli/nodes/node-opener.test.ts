import { expect, onTestFinished, test, vi } from 'vitest';
import { nodeOpener } from '../../../src/cli/nodes/node-opener.ts';
import type { FleetNode } from '../../../src/fleet/nodes.ts';

const node = (instance: string): FleetNode => ({
  key: instance,
  instance,
  cluster: null,
  worst: 'critical',
  blind: null,
  ageSeconds: null,
  findings: [],
  since: null,
  versions: [],
});

function quiet(): void {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  onTestFinished(() => write.mockRestore());
}

test('the command is shown as it runs', () => {
  const { commandFor } = nodeOpener('ssh {node} rtwatch sample | rtwatch watch -');
  expect(commandFor(node('node-1:9753'))).toBe('ssh node-1 rtwatch sample | rtwatch watch -');
  expect(commandFor(node('-x'))).toContain('is no name that a command may have');
});

test('a command that succeeds leaves nothing to say; one that fails says what it wrote', async () => {
  quiet();
  expect(await nodeOpener('test {node} = node-1').open(node('node-1:9753'))).toBeNull();
  const failing = nodeOpener('echo "ssh: no route to {node}" >&2; echo "rtwatch: no sample came" >&2; false');
  expect(await failing.open(node('node-1:9753'))).toBe('ssh: no route to node-1 · no sample came');
  expect(await nodeOpener('false {node}').open(node('node-1'))).toBe('"false node-1" failed');
});

test('rtwatch in the command is this program, which knows that it is inside of another screen', async () => {
  quiet();
  const opener = nodeOpener('test "$RTWATCH_INNER" = 1 && type rtwatch | grep -q function');
  expect(await opener.open(node('node-1'))).toBeNull();
});

test('a node with a name for no command runs nothing', async () => {
  expect(await nodeOpener('echo {node}').open(node('$(reboot)'))).toMatch(/^not opened: /);
});
