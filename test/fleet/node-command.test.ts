import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hostOf, nodeCommand } from '../../src/fleet/node-command.ts';

test.each([
  ['node-1:9753', 'node-1'],
  ['node-1', 'node-1'],
  ['10.0.0.1:9753', '10.0.0.1'],
  ['[fd00::1]:9753', 'fd00::1'],
  ['fd00::1', 'fd00::1'],
])('the host of %s is %s', (instance, host) => {
  expect(hostOf(instance)).toBe(host);
});

test('a command gets the node, its instance and its cluster', () => {
  const node = { instance: 'node-1:9753', cluster: 'a' };
  const template = 'kubectl --context {cluster} exec {node} # {instance} {other}';
  expect(nodeCommand(template, node)).toEqual({
    command: 'kubectl --context a exec node-1 # node-1:9753 {other}',
  });
});

test('a label that is missing is said', () => {
  expect(nodeCommand('x {cluster}', { instance: 'a', cluster: null })).toEqual({
    trouble: 'the node has no label cluster',
  });
});

test.each(['-oProxyCommand=reboot', '$(reboot)', 'a;b', "a'b", 'a b', 'a\nb', '`x`', 'a&', '../x y'])(
  'a node named %s opens nothing',
  (instance) => {
    expect(nodeCommand('ssh {node}', { instance, cluster: null })).toHaveProperty('trouble');
  },
);

test('whatever a node is named, the command has one harmless word more', () => {
  fc.assert(
    fc.property(fc.string(), (instance) => {
      const found = nodeCommand('ssh {node} x', { instance, cluster: null });
      if ('command' in found) expect(found.command).toMatch(/^ssh [A-Za-z0-9_][\w.:@%+-]* x$/);
    }),
  );
});
