import { expect, test } from 'vitest';
import { run } from '../../src/rules/engine/run.ts';
import { rules } from '../../src/rules/rules.ts';
import { absent, ok } from '../../src/sample/reading.ts';
import type { Readings } from '../../src/sample/sample.ts';
import * as make from '../support/samples.ts';
import * as scenes from '../support/scenes.ts';

/** A pod whose writer is held by a frozen filesystem, on a node with k3s and no Docker. */
const readings = (writerChange: Parameters<typeof make.blocked>[2] = {}): Readings => {
  const process = ok(make.daemonProcess({ pid: 890, ageSeconds: 9000 }), 1);
  const writer = make.blocked(
    4242,
    { containerId: make.idOf('a'), killPending: true, volumes: [make.volume('/data')] },
    { offCpuSeconds: 200, syscall: { number: 1, name: 'write', fd: 3, file: '/data/log' }, ...writerChange },
  );
  return {
    containers: absent('no container engine at unix:///var/run/docker.sock'),
    cri: ok(make.cri(), 1),
    daemons: ok(make.daemons(make.containerd({ name: 'containerd-k3s', process })), 1),
    processes: ok(make.processes([writer]), 1),
    shims: ok(make.shims(), 1),
  };
};

test('a finding about a pod names the runtime that lists it, and no engine', () => {
  const { findings } = run(rules, scenes.modelOf([0, 2].map((second) => make.sampleAt(second, readings()))));
  const found = findings.find(({ id }) => id === 'unkillable-container');
  const said = JSON.stringify(found);
  expect(said).toContain('Restarting containerd-k3s does not help: the kernel holds the process, not containerd-k3s.');
  expect(said).not.toContain('the engine');
});

test.each([
  ['that this user may not read', { wchan: null, stack: null, syscall: null }, 'See, as root, what it waits for'],
  ['that rtwatch does not know', { wchan: 'new_wait', stack: ['new_wait'] }, 'rtwatch does not know this function'],
])('a wait %s is told as that', (_, change, words) => {
  const model = scenes.modelOf([0, 2].map((second) => make.sampleAt(second, readings(change))));
  const found = run(rules, model).findings.find(({ id }) => id === 'unkillable-container');
  expect(found?.remedies[0]?.text).toContain(words);
});
