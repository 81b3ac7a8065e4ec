import { expect, test } from 'vitest';
import { isRuntime, mayBeCrun, parseRuntimeCommand } from '../../../src/parse/engine/runtime-command.ts';

const id = '7e'.repeat(32);
const line = (...words: readonly string[]): string => `${words.join('\0')}\0`;

test('a runtime is known by its name as the kernel cuts it', () => {
  for (const comm of [
    'runc',
    'docker-runc',
    'runc:[2:INIT]',
    'runc:[0:PARENT]',
    'crun',
    'youki',
    'youki:[1:INTER]',
    'libnetwork-setk',
  ]) {
    expect(isRuntime(comm)).toBe(true);
  }
  for (const comm of ['containerd', 'runcible', 'containerd-shim', 'sh', 'youki:[2:INIT]', 'krun'])
    expect(isRuntime(comm)).toBe(false);
});

test('a crun may have the name of the descriptor that it was executed from', () => {
  for (const comm of ['3', '12', 'memfd:crun_clon']) expect(mayBeCrun(comm)).toBe(true);
  for (const comm of ['3d', '2048', 'crunch', 'memfd:other']) expect(mayBeCrun(comm)).toBe(false);
  expect(parseRuntimeCommand(line('/usr/bin/crun', '--systemd-cgroup', 'kill', id, '9')).isCrun).toBe(true);
  for (const other of ['[libcrun:krun]', './3', 'runc', '/usr/bin/crunch'])
    expect(parseRuntimeCommand(line(other, 'run', id)).isCrun).toBe(false);
});

test('its command line shows what it does, and for whom', () => {
  const create = line('runc', '--root', '/run/runc', 'create', '--bundle', `/run/task/moby/${id}`, id);
  expect(parseRuntimeCommand(create)).toEqual({ command: 'create', attached: false, containerId: id, isCrun: false });
  expect(parseRuntimeCommand(line('runc', 'kill', '--all', id, '9'))).toMatchObject({
    command: 'kill',
    containerId: id,
  });
  expect(parseRuntimeCommand(line('runc', 'exec', '--process', '/tmp/p', '--detach', id)).attached).toBe(false);
  expect(parseRuntimeCommand(line('runc', 'exec', '-t', id, 'sh')).attached).toBe(true);
  expect(parseRuntimeCommand(line('runc', 'run', 'box'))).toEqual({
    command: 'run',
    attached: true,
    containerId: null,
    isCrun: false,
  });
  expect(parseRuntimeCommand('')).toEqual({ command: null, attached: false, containerId: null, isCrun: false });
});
