import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { utc } from '../../../src/base/zone.ts';
import { parseSize } from '../../../src/cli/options/size.ts';
import { historyFrom, momentOf } from '../../../src/cli/recording/recorded.ts';
import { emptyHistory, reduce } from '../../../src/model/history.ts';
import { derive } from '../../../src/model/model.ts';
import { run } from '../../../src/rules/engine/run.ts';
import { rules } from '../../../src/rules/rules.ts';
import type { Sample } from '../../../src/sample/sample.ts';
import { reportJson } from '../../../src/view/report/json.ts';
import { decodeSample, encodeSample } from '../../../src/wire/ndjson.ts';
import { openRecording } from '../../../src/wire/recording/reader.ts';
import { noon, sampleAt } from '../../support/samples.ts';
import * as scenes from '../../support/scenes.ts';
import { waitFor } from '../../support/wait-for.ts';

const launcher = path.join(import.meta.dirname, '../../../bin/rtwatch');
const earlier = path.join(import.meta.dirname, '../../recordings/wire-v1');
let folder = '';
let file = '';

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-record-'));
  file = path.join(folder, 'node.zst');
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

const rtwatch = (args: readonly string[], input = ''): { code: number | null; out: string; err: string } => {
  const { status, stdout, stderr } = spawnSync(launcher, args, { input, encoding: 'utf8', timeout: 100_000 });
  return { code: status, out: stdout, err: stderr };
};
const streamOf = (scene: scenes.Scene): string => scene.map(encodeSample).join('');

/** A node without a process, so that the machine that runs the tests is not looked at. */
function emptyNode(): string[] {
  const procfs = path.join(folder, 'proc');
  fs.mkdirSync(procfs);
  fs.writeFileSync(`${procfs}/uptime`, '5000.00 9000.00\n');
  fs.writeFileSync(`${procfs}/stat`, 'cpu0 1 0 0 0 0 0 0 0 0 0\nbtime 1795000000\nprocs_blocked 0\n');
  return ['--procfs', procfs, '--sysfs', procfs, '--rootfs', procfs, '--docker-host', `unix://${folder}/none.sock`];
}

describe('rtwatch record', () => {
  test('records this node for a time, and says what it wrote', async () => {
    const { code, out, err } = rtwatch(['record', file, '--for', '2s', ...emptyNode()]);
    expect(err).toMatch(
      /recording to .*node\.zst\. Ctrl-C stops it\nrtwatch: .*node\.zst: \d+ samples of [\d.]+m?s, .*\n$/,
    );
    expect({ code, out }).toEqual({ code: 0, out: '' });
    const recording = await openRecording(file);
    expect(recording.to).toBeGreaterThanOrEqual(recording.from);
    await recording.close();
  });

  test('ends with Ctrl-C, which the terminal sends to its children too, with all in the file', async () => {
    const child = spawn(launcher, ['record', file, ...emptyNode()], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said: string[] = [];
    child.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
    const ended = new Promise((resolve) => child.on('close', (code, signal) => resolve(code ?? signal)));
    await waitFor('the first flush', () => fs.existsSync(file) && fs.statSync(file).size > 500);
    process.kill(-(child.pid ?? 0), 'SIGINT');
    expect(await ended).toBe(130);
    expect(said.join('')).toMatch(/: \d+ samples of /);
    expect(await historyFrom(file, undefined, utc)).toMatchObject({ at: expect.any(Number) });
  });

  test('records what another node sends', async () => {
    const { code } = rtwatch(['record', file, '-'], streamOf(scenes.stopLeak));
    expect(code).toBe(0);
    expect(derive(await historyFrom(file, undefined, utc))).toEqual(
      derive(scenes.stopLeak.reduce(reduce, emptyHistory)),
    );
  });

  test.each([
    ['a file that is there', () => file, 74, /node\.zst: file exists; not overwriting/],
    ['a directory that is not', () => path.join(folder, 'none/node'), 74, /no directory .*none/],
  ])('to %s cannot write', (_, target, exitCode, words) => {
    fs.writeFileSync(file, 'mine');
    const { code, err } = rtwatch(['record', target(), '-', '--for', '1h'], streamOf(scenes.healthy));
    expect({ code, err }).toEqual({ code: exitCode, err: expect.stringMatching(words) });
    expect(fs.readFileSync(file, 'utf8')).toBe('mine');
  });

  test.each([
    [['--max-size', '12'], /It must be at least 4MB/],
    [['--max-size', 'much'], /It is not a size such as 500MB or 2GiB, or none/],
    [['--max-age', 'old'], /It is not a duration/],
    [['--for', 'ever'], /It is not a duration/],
    [['stdin'], /unexpected argument "stdin"/],
  ])('with %j is bad usage', (args, words) => {
    expect(rtwatch(['record', file, ...args])).toMatchObject({ code: 64, err: expect.stringMatching(words) });
  });

  test('leaves out a reading of the wrong shape, says which, and records the rest', async () => {
    const wrong = { ...sampleAt(9, {}), readings: { host: 7, logs: { status: 'absent', detail: 'none' } } };
    const { code, err } = rtwatch(['record', file, '-'], streamOf([...scenes.healthy, wrong as unknown as Sample]));
    expect(code).toBe(65);
    expect(err).toContain(
      `rtwatch: standard input, line ${scenes.healthy.length + 1}: readings.host: a reading (ok, absent, failed or pending) is expected, there is 7. The reading is skipped.\n`,
    );
    const history = await historyFrom(file, undefined, utc);
    expect([history.sources.logs.reading.status, history.sources.disks.reading.status]).toEqual(['absent', 'ok']);
  });

  test('of something that is no stream of Samples says so', () => {
    const { code, err } = rtwatch(['record', file, '-'], 'hello\u001b[31m\n');
    expect(code).toBe(65);
    expect(err).toContain('standard input: ');
    expect(err).not.toContain('\u001b');
  });
});

test('sizes are given as people write them', () => {
  expect(['4000000', '500MB', '1.5 GB', '2GiB', '64M', '1g', 'none'].map(parseSize)).toEqual([
    4e6,
    500e6,
    1.5e9,
    2 * 2 ** 30,
    64 * 2 ** 20,
    2 ** 30,
    Number.POSITIVE_INFINITY,
  ]);
});

describe('rtwatch check --from', () => {
  test.each(['recording.ndjson', 'recording.ndjson.gz', 'recording.ndjson.zst', 'stream.ndjson.gz'])(
    'a recording reports what the poll itself did: %s',
    (name) => {
      const lines = zlib
        .gunzipSync(fs.readFileSync(path.join(earlier, 'stream.ndjson.gz')))
        .toString()
        .trim()
        .split('\n');
      const model = derive(lines.map(decodeSample).reduce(reduce, emptyHistory));
      const { code, out } = rtwatch(['check', '--json', '--from', path.join(earlier, name)]);
      expect(code).toBe(2);
      expect(JSON.parse(out)).toEqual(JSON.parse(JSON.stringify(reportJson(model, run(rules, model), false))));
    },
  );

  test('reports a moment of it', async () => {
    fs.writeFileSync(file, streamOf(scenes.stopLeak));
    for (const time of ['2026-11-21T12:00:03Z', '2026-11-21T12:00:03', '12:00:03', '-5s']) {
      expect((await historyFrom(file, time, utc)).at, time).toBe(noon + 3000);
    }
    expect((await historyFrom(file, undefined, utc)).at).toBe(noon + 8000);
  });

  test.each([
    [['check', '--from', '-'], /-: a recording is read from a file, not from standard input/],
    [['check', '--from', 'no-such-file'], /no-such-file cannot be read: there is no such file/],
    [['check', '--at', '12:00'], /--at needs --from FILE/],
  ])('%j is bad usage', (args, words) => {
    expect(rtwatch(args)).toMatchObject({ code: 64, out: '', err: expect.stringMatching(words) });
  });

  test('a file that is no recording is bad input', () => {
    const { code, out, err } = rtwatch(['check', '--from', launcher]);
    expect({ code, out, err }).toEqual({ code: 65, out: '', err: expect.stringMatching(/no samples in it/) });
  });

  test('a reading of the wrong shape is skipped, named, and changes the exit code; the rest is reported', () => {
    const lines = streamOf(scenes.stopLeak).trimEnd().split('\n');
    const at = lines.findIndex((line) => line.includes('"disks":[{'));
    const wrong = (lines[at] ?? '').replace(/"readMs":\d+/, '"readMs":"\\u001b[31m"');
    fs.writeFileSync(file, `${lines.with(at, wrong).join('\n')}\n`);
    const { code, out, err } = rtwatch(['check', '--from', file]);
    expect(code).toBe(65);
    expect(out).toContain('unkillable');
    expect(err).toMatch(
      /^rtwatch: \S+node\.zst, line \d+: readings\.disks\.value\.disks\[0\]\.readMs: a number is expected, there is "\\u001b\[31m"\. The reading is skipped\.\n$/,
    );
  });

  test('says what was damaged', async () => {
    const text = streamOf(scenes.stopLeak);
    fs.writeFileSync(file, `${text.slice(0, 3000)}\u001b[31m\n${text.slice(3000)}`);
    const { code, err } = rtwatch(['check', '--from', file]);
    expect(code).toBe(2);
    expect(err).toMatch(/node\.zst: 1 block is damaged, the rest was read \(line \d: this is not JSON\)\n$/);
  });
});

describe('a moment', () => {
  const range = { path: 'node.zst', from: noon - 86_400_000, to: noon + 5000 };

  test('without a day is the last one that is recorded', () => {
    expect(momentOf('12:00:05', range, utc)).toBe(noon + 5000);
    expect(momentOf('12:01', range, utc)).toBe(noon + 60_000 - 86_400_000);
    expect(momentOf('-1.5h', range, utc)).toBe(noon + 5000 - 5_400_000);
    expect(momentOf('2026-11-21T13:00:00+02:00', range, utc)).toBe(noon - 3_600_000);
  });

  test.each(['yesterday', '25:00', '12:60', '-5x', '2026-13-01T00:00Z', '-99999999999999h', ''])(
    'is not %j',
    (time) => {
      expect(() => momentOf(time, range, utc)).toThrow('not a time. Use');
    },
  );

  test('that was not recorded is refused with what was', () => {
    expect(() => momentOf('-2000m', range, utc)).toThrow(
      'node.zst holds 2026-11-20 12:00:00Z to 2026-11-21 12:00:05Z; 2026-11-20 02:40:05Z is not in it',
    );
  });
});
