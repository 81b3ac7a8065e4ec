import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { programEnv } from '../../support/program-env.ts';

const launcher = path.join(import.meta.dirname, '../../../bin/rtwatch');
const recordings = path.join(import.meta.dirname, '../../recordings/goroutines');
const env = programEnv();
const leak = (name: string): string => path.join(recordings, `stop-leak-${name}.gz`);

interface Output {
  readonly form: string;
  readonly total: number;
  readonly partial: boolean;
  readonly groups: readonly {
    readonly count: number;
    readonly delta: number | null;
    readonly pattern: string | null;
  }[];
  readonly patterns: readonly { readonly id: string; readonly count: number; readonly subjects: number | null }[];
}

const run = (...args: string[]): Output =>
  JSON.parse(execFileSync(launcher, ['goroutines', '--json', ...args], { env, encoding: 'utf8' })) as Output;

let folder = '';
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-goroutines-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

describe('rtwatch goroutines', () => {
  test.each(['t2.dockerd.debug1.txt', 't2.dockerd.debug2.txt', 't2.dockerd.pb'])(
    'finds the leak of a real dockerd in %s',
    (name) => {
      const { form, total, partial, patterns } = run(leak(name));
      expect({ total, partial }).toEqual({ total: 3097, partial: false });
      const stops = patterns.find(({ id }) => id === 'stop-waits-for-exit');
      expect(stops?.count).toBe(1520);
      // Only debug=2 tells arguments, and with them the containers.
      expect(stops?.subjects).toBe(form === 'debug2' ? 2 : null);
      expect(patterns.find(({ id }) => id === 'state-wait')?.count).toBe(1520);
    },
  );

  test('shows what grew since an earlier dump, of another form too', () => {
    const { groups } = run(leak('t2.dockerd.debug2.txt'), '--diff', leak('t1.dockerd.debug1.txt'), '--top', '2');
    expect(groups.map(({ count, delta }) => [count, delta])).toEqual([
      [1520, 1400],
      [1520, 1400],
    ]);
  });

  test('holds every group in its JSON, unless fewer are asked for', () => {
    const whole = run(leak('t2.dockerd.debug2.txt'));
    expect(whole.groups.length).toBeGreaterThan(20);
    expect(whole.groups.reduce((sum, { count }) => sum + count, 0)).toBe(whole.total);
    expect(run(leak('t2.dockerd.debug2.txt'), '--top', '3').groups).toHaveLength(3);
  });

  test('reads standard input, plain or gzipped', () => {
    const gzipped = fs.readFileSync(leak('t1.dockerd.debug2.txt'));
    for (const input of [gzipped, gunzipSync(gzipped)]) {
      const { stdout } = spawnSync(launcher, ['goroutines', '-', '--json'], { env, input, encoding: 'utf8' });
      expect((JSON.parse(stdout) as Output).total).toBe(297);
    }
  });

  test('names the chain of a containerd that hangs', () => {
    const { patterns } = run(path.join(recordings, 'containerd-hang-t1.containerd.debug2.txt.gz'));
    const counts = Object.fromEntries(patterns.map(({ id, count }) => [id, count]));
    expect(counts).toMatchObject({
      'bbolt-lock-holder': 1,
      'bbolt-lock-waiter': 5,
      'cri-status-lock-waiter': 1,
      'shim-call': 3,
    });
  });

  test('shows what is readable of a dump that is cut, and says that and where it is', () => {
    const whole = gunzipSync(fs.readFileSync(leak('t1.dockerd.debug2.txt')));
    const file = path.join(folder, 'cut.txt');
    fs.writeFileSync(file, whole.subarray(0, Math.floor(whole.length / 2)));
    const text = execFileSync(launcher, ['goroutines', file], { env, encoding: 'utf8' });
    expect(text).toMatch(/incomplete: .*line \d+/);
    expect(text).toContain('docker stop, kill or rm waits');
  });

  test('shows what is readable of a gzip that is cut', () => {
    const file = path.join(folder, 'cut.gz');
    const whole = fs.readFileSync(leak('t2.dockerd.debug2.txt'));
    fs.writeFileSync(file, whole.subarray(0, whole.length - 5000));
    expect(run(file)).toMatchObject({ partial: true });
  });

  test.each([
    [['/nowhere/dump.txt'], /no such file/, 64],
    [[import.meta.filename], /not a goroutine dump.*it begins with "import/, 65],
    [['/tmp'], /^rtwatch: \/tmp: it is a folder$/m, 65],
    [['kubelet'], /no debug endpoint of kubelet is known. Name it with --pprof kubelet=URL, .*http:/, 64],
    [['--top', '0'], /It must be a positive number.\nrtwatch: See rtwatch goroutines --help.\n$/, 64],
    [['--\u001b[31m'], /unknown option '--·\[31m'/, 64],
  ])('refuses %j in words that help', (args, words, code) => {
    const { status, stderr, stdout } = spawnSync(launcher, ['goroutines', ...args], { env, encoding: 'utf8' });
    expect(stderr).toMatch(words);
    expect({ status, stdout }).toEqual({ status: code, stdout: '' });
  });
});

describe('rtwatch heap', () => {
  test.each(['t2.dockerd.heap.pb', 't2.dockerd.heap.debug1.txt'])('gives the functions of %s', (name) => {
    const printed = JSON.parse(execFileSync(launcher, ['heap', '--json', leak(name)], { env, encoding: 'utf8' })) as {
      functions: { func: string; flat: { inuseBytes: number } }[];
    };
    const [first, second] = printed.functions;
    expect(printed.functions.length).toBeGreaterThan(20);
    expect([first?.func, second?.func]).toEqual(['bufio.NewReaderSize', 'bufio.NewWriterSize']);
    // As go tool pprof -top has it: 10280.05 kB.
    if (name.endsWith('.pb')) expect((first?.flat.inuseBytes ?? 0) / 1024).toBeCloseTo(10_280.05, 1);
  });
});
