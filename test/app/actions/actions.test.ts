import { expect, test } from 'vitest';
import { openActions } from '../../../src/app/actions/actions.ts';

/** A program that stands for rtwatch. */
const shell = (script: string): string[] => ['/bin/sh', '-c', script, 'rtwatch'];

test('an inspect is the program itself with the words of the command and the options', async () => {
  const actions = openActions(shell('echo "$@"'), ['--docker-host', 'unix:///x']);
  expect(await actions.inspect('abc')).toBe('inspect abc --docker-host unix:///x');
});

test('a dump names the endpoint that is known, and gives the outcome', async () => {
  const actions = openActions(shell('printf \'{"path":"%s","goroutines":1,"bytes":2,"truncated":false}\' "$*"'), []);
  expect((await actions.dump('containerd', 'unix:///run/debug.sock')).path).toBe(
    'dump containerd --json --progress --pprof containerd=unix:///run/debug.sock',
  );
  expect((await actions.dump('dockerd', null)).path).toBe('dump dockerd --json --progress');
});

test('what a command complained of is the reason', async () => {
  const actions = openActions(shell('echo "rtwatch: inspect of abc: no such container" >&2; exit 70'), []);
  await expect(actions.inspect('abc')).rejects.toThrow(/^inspect of abc: no such container$/);
});

test('a command that cannot be started is the reason', async () => {
  await expect(openActions(['/nowhere/node'], []).inspect('abc')).rejects.toThrow('ENOENT');
});
