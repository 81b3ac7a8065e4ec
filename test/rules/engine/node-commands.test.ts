import { expect, test } from 'vitest';
import { onThisNode } from '../../../src/rules/engine/node-commands.ts';
import { type Finding, noSubjects } from '../../../src/rules/engine/rule.ts';
import { ok } from '../../../src/sample/reading.ts';
import * as make from '../../support/samples.ts';
import { modelOf } from '../../support/scenes.ts';

const commandOn = (distribution: string | null, command: string): string | null | undefined => {
  const finding = { subjects: noSubjects, remedies: [{ text: 'Do it.', command, risk: 'low' }] } as unknown as Finding;
  const node = modelOf([make.sampleAt(0, { host: ok(make.host({ distribution }), 1) })]);
  return onThisNode(finding, node).remedies[0]?.command;
};

test.each([
  ['Ubuntu 22.04.4 LTS', 'systemctl restart docker', 'systemctl restart docker'],
  ['Alpine Linux v3.19', 'systemctl restart docker', 'rc-service docker restart'],
  ['Alpine Linux v3.19', 'systemctl reset-failed docker && systemctl start docker', null],
  ['Alpine Linux v3.19', 'journalctl -u docker -n 100 --no-pager', null],
  ['Alpine Linux v3.19', 'crictl rmi --prune', 'crictl rmi --prune'],
  ['Talos (v1.10.3)', 'crictl rmi --prune', null],
  ['Talos (v1.10.3)', 'systemctl restart kubelet', 'talosctl service kubelet restart'],
  ['Talos (v1.10.3)', 'journalctl -u kubelet --since -10min', 'talosctl logs kubelet'],
  ['Talos (v1.10.3)', 'systemctl restart containerd', null],
  ['Talos (v1.10.3)', 'cat /proc/1/stack', 'cat /proc/1/stack'],
])('on %s, %s', (distribution, command, expected) => {
  expect(commandOn(distribution, command)).toBe(expected);
});

test('a node of an unknown distribution keeps its commands', () => {
  expect(commandOn(null, 'systemctl restart docker')).toBe('systemctl restart docker');
});
