import { expect, test } from 'vitest';
import { runInForeground } from '../../src/child/foreground.ts';

const options = { env: process.env, input: null } as const;
const sh = (script: string) => runInForeground(['/bin/sh', '-c', script], options);

test('gives the exit code, and nothing more of a program that says nothing', async () => {
  expect(await sh('exit 3')).toEqual({ code: 3, left: false, complaints: [] });
  expect(await sh('exit 0')).toEqual({ code: 0, left: false, complaints: [] });
});

test('keeps the last lines of standard error', async () => {
  expect(await sh('printf "1\\n2\\n\\n3\\n  4\\n" >&2; exit 255')).toEqual({
    code: 255,
    left: false,
    complaints: ['2', '3', '4'],
  });
});

test('a program that a signal ends has no exit code', async () => {
  expect(await sh('kill -9 $$')).toEqual({ code: null, left: false, complaints: [] });
});

test('one that is stopped is not waited for, whatever it has started', async () => {
  const { left } = await sh('sleep 5 >/dev/null & kill -TERM $$');
  expect(left).toBe(true);
});

test('a program that does not exist is said', async () => {
  const { code, complaints } = await runInForeground(['/nonexistent/ssh'], options);
  expect(code).toBeNull();
  expect(complaints).toEqual([expect.stringContaining('ENOENT')]);
});

test('a program that the kernel refuses to start is said', async () => {
  const { code, complaints } = await runInForeground(['true', 'x'.repeat(4 * 1024 ** 2)], options);
  expect([code, complaints]).toEqual([null, ['spawn E2BIG']]);
});

test('Ctrl-C reaches this process without an end while the program runs, and its listener is gone afterwards', async () => {
  const before = process.listenerCount('SIGINT');
  const running = sh('exit 0');
  expect(process.listenerCount('SIGINT')).toBe(before + 1);
  await running;
  expect(process.listenerCount('SIGINT')).toBe(before);
});
