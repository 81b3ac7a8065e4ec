import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Child, type ChildEnd, type ChildOptions } from '../../src/child/child.ts';
import { holdTime, pass } from '../collect/stand-in.ts';
import { waitFor } from '../support/wait-for.ts';
import { temporaryFolder } from '../support/world.ts';

const shell = (script: string): string[] => ['/bin/sh', '-c', script];

function start(options: ChildOptions): { child: Child; ends: ChildEnd[]; lines: string[] } {
  const ends: ChildEnd[] = [];
  const lines: string[] = [];
  const onLine = options.onBytes === undefined ? (line: string): void => void lines.push(line) : undefined;
  const child = new Child({
    ...(onLine === undefined ? {} : { onLine }),
    ...options,
    onEnd: (end) => ends.push(end),
  });
  return { child, ends, lines };
}

const endOf = ({ ends }: { ends: ChildEnd[] }): Promise<ChildEnd> => waitFor('the end', () => ends[0]);

describe('a child', () => {
  test('gives its lines, the last one without its newline too, and how it ended', async () => {
    const run = start({ command: shell('printf "one\\ntwo\\n\\nthree"; exit 3') });
    expect(await endOf(run)).toEqual({ kind: 'exited', code: 3, signal: null, error: null, complaint: null });
    expect(run.lines).toEqual(['one', 'two', 'three']);
    expect(run.child.isLeft).toBe(false);
  });

  test('is given its input, and read what it answers', async () => {
    const run = start({ command: ['cat'], hasInput: true });
    run.child.write('a\n');
    run.child.endInput('b\n');
    expect(await endOf(run)).toMatchObject({ kind: 'exited', code: 0 });
    expect(run.lines).toEqual(['a', 'b']);
  });

  test('says why it failed in the line that reports it', async () => {
    const stack = 'node:fs:1\\n  throw\\nTypeError: it is broken\\n    at x (y.js:1)\\n\\nNode.js v24\\n';
    expect(await endOf(start({ command: shell(`printf '${stack}' >&2; exit 1`) }))).toMatchObject({
      complaint: 'TypeError: it is broken',
    });
    expect(
      await endOf(start({ command: shell('echo first >&2; echo "rtwatch: no space" >&2; exit 74') })),
    ).toMatchObject({ code: 74, complaint: 'no space' });
  });

  test('that cannot be started fails with the reason', async () => {
    const run = start({ command: ['/no/such/program'], hasInput: true });
    run.child.write('x');
    expect(await endOf(run)).toMatchObject({ kind: 'failed', error: { message: expect.stringContaining('ENOENT') } });
    expect(run.child.isLeft).toBe(false);
  });

  test('that the kernel refuses to start fails with the reason', async () => {
    // E2BIG, as ENOMEM, is thrown by Node.js.
    const run = start({ command: ['true', 'x'.repeat(4 * 1024 ** 2)] });
    expect(await endOf(run)).toMatchObject({ kind: 'failed', error: { message: 'spawn E2BIG' } });
  });

  test('that has no descriptors for its streams fails with the reason, and can be abandoned', () => {
    const script = `
      import fs from 'node:fs';
      import { Child } from '${path.resolve('src/child/child.ts')}';
      try { for (;;) fs.openSync('/dev/null'); } catch {}
      const command = ['true'];
      new Child({ command }).abandon();
      new Child({ command, restMs: 30, onEnd: ({ kind, error }) => console.log(kind, error.code) });
    `;
    // Few descriptors, so that all are in use at once.
    const limited = ['-c', 'ulimit -n 64; exec "$0" "$@"', process.execPath, '--input-type=module', '-e', script];
    expect(execFileSync('/bin/sh', limited, { encoding: 'utf8' })).toBe('failed EMFILE\n');
  });

  test('that is stopped has a grace to exit, and is abandoned after it', async () => {
    const polite = start({ command: shell('trap "exit 4" TERM; echo ready; while :; do sleep 0.01; done') });
    await waitFor('its trap', () => polite.lines.length > 0);
    polite.child.stop(60_000);
    expect(await endOf(polite)).toMatchObject({ kind: 'exited', code: 4 });
    const stubborn = start({ command: shell('trap "" TERM; echo ready; while :; do sleep 0.01; done') });
    await waitFor('its trap', () => stubborn.lines.length > 0);
    stubborn.child.stop(50);
    expect(await endOf(stubborn)).toMatchObject({ kind: 'deadline' });
    await waitFor('its exit', () => !stubborn.child.isLeft);
  });

  test('that has exited and whose output another process holds is done with after the grace', async () => {
    const run = start({ command: shell('sleep 600 & echo $!') });
    const holder = await waitFor('its exit', () => (run.child.isLeft ? null : run.lines[0]));
    onTestFinished(() => void process.kill(Number(holder)));
    expect(run.ends).toEqual([]);
    run.child.stop(50);
    expect(await endOf(run)).toMatchObject({ kind: 'deadline' });
  });

  test('that a signal ended names it', async () => {
    expect(await endOf(start({ command: shell('kill -USR1 $$') }))).toMatchObject({
      kind: 'signal',
      signal: 'SIGUSR1',
    });
  });

  test('that ignores SIGTERM is ended by its deadline, once', async () => {
    const run = start({ command: shell('trap "" TERM; echo ready; while :; do sleep 0.05; done'), deadlineMs: 1500 });
    // On a busy machine the deadline may be first.
    await waitFor('its first line', () => run.lines[0] ?? run.ends[0]);
    run.child.signal('SIGTERM');
    expect(await endOf(run)).toMatchObject({ kind: 'deadline', code: null });
    await waitFor('the process to be gone', () => !run.child.isLeft);
    expect(run.ends).toHaveLength(1);
  });

  test('that is abandoned is gone at once, and not heard of again', async () => {
    const run = start({ command: shell('trap "" TERM; while :; do echo line; done') });
    await waitFor('a line', () => run.lines[0]);
    run.child.abandon();
    const heard = run.lines.length;
    await waitFor('the process to be gone', () => !run.child.isLeft);
    expect(run.lines).toHaveLength(heard);
    expect(run.ends).toEqual([]);
  });

  test('that floods standard output without a newline is ended in bounded memory', async () => {
    const run = start({ command: shell('tr "\\0" x < /dev/zero'), maxLineLength: 1_000_000 });
    expect(await endOf(run)).toMatchObject({
      kind: 'failed',
      error: { message: expect.stringContaining('line too long') },
    });
    await waitFor('the process to be gone', () => !run.child.isLeft);
  });

  test('that rests between reads gives the lines that were written meanwhile together', async () => {
    const folder = temporaryFolder();
    holdTime();
    const run = start({
      command: shell(`echo one; read go; echo two; echo three; touch ${folder}/written; read go; echo four; read end`),
      hasInput: true,
      restMs: 1000,
    });
    await waitFor('the first line', () => run.lines[0]);
    run.child.write('go\n');
    await waitFor('the next two to be written', () => fs.existsSync(`${folder}/written`));
    await pass(999);
    expect(run.lines).toEqual(['one']);
    await pass(1);
    await waitFor('the lines', () => run.lines.length === 3);
    // That read had what came meanwhile: it is no reason to rest again.
    run.child.write('go\n');
    await waitFor('the last line', () => run.lines.length === 4);
    run.child.endInput('end\n');
    await pass(1000);
    expect(await endOf(run)).toMatchObject({ kind: 'exited', code: 0 });
  });

  test('that floods standard error keeps its tail only', async () => {
    const run = start({
      command: shell('i=0; while [ $i -lt 3000 ]; do echo "complaint $i" >&2; i=$((i+1)); done; exit 1'),
    });
    expect((await endOf(run)).complaint).toBe('complaint 2999');
    expect(run.child.complaints.length).toBeLessThanOrEqual(4000);
  });

  test('that never reads its input does not block its parent, and says how much waits', async () => {
    const run = start({ command: ['sleep', '600'], hasInput: true });
    for (let i = 0; i < 20; i++) run.child.write('x'.repeat(100_000));
    expect(run.child.waitingBytes).toBeGreaterThan(1_000_000);
    run.child.abandon();
    await waitFor('the process to be gone', () => !run.child.isLeft);
    run.child.write('more');
    expect(run.ends).toEqual([]);
  });

  test('ends when what takes its lines throws', async () => {
    const run = start({
      command: shell('echo bad; exec sleep 600'),
      onLine: () => {
        throw new Error('not a Sample');
      },
    });
    expect(await endOf(run)).toMatchObject({ kind: 'failed', error: { message: 'not a Sample' } });
    await waitFor('the process to be gone', () => !run.child.isLeft);
  });
});
