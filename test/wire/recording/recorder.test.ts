import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openRecording } from '../../../src/wire/recording/reader.ts';
import { openRecorder, type Recorder, type RecorderState } from '../../../src/wire/recording/recorder.ts';
import { sampleAt } from '../../support/samples.ts';
import { waitFor } from '../../support/wait-for.ts';
import { nodeStream } from './streams.ts';

const launcher = path.join(import.meta.dirname, '../../../bin/rtwatch');
let folder = '';

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-recorder-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

function open(file: string, ...command: string[]): { recorder: Recorder; states: RecorderState[] } {
  const states: RecorderState[] = [];
  const onState = (state: RecorderState): void => void states.push(state);
  const recorder = openRecorder({ command: command.length > 0 ? command : [launcher], file, args: [], onState });
  return { recorder, states };
}

async function countIn(file: string): Promise<number> {
  const recording = await openRecording(file);
  let count = 0;
  for await (const _ of recording.samplesFrom(0)) count++;
  expect(recording.damage().blocks).toBe(0);
  await recording.close();
  return count;
}

describe('a recorder', () => {
  test('writes what it is given, and says how much is safe', async () => {
    const file = path.join(folder, '--node.zst');
    const { recorder, states } = open(file);
    const samples = [...nodeStream({ containers: 5, seconds: 30 })];
    for (const sample of samples) recorder.write(sample);
    await waitFor('a flush', () => states.find((state) => state.samples > 0));
    const end = await recorder.close();
    expect(end).toEqual({
      status: 'ended',
      file,
      bytes: fs.statSync(file).size,
      samples: samples.length,
      dropped: 0,
      detail: null,
    });
    expect(await countIn(file)).toBe(91);
    recorder.write(sampleAt(99, {}));
    expect(await recorder.close()).toEqual(end);
  });

  test('says why it cannot write, and takes Samples all the same', async () => {
    const { recorder, states } = open(path.join(folder, 'none/node'));
    const failed = await waitFor('the failure', () => states.find(({ status }) => status === 'failed'));
    expect(failed.detail).toMatch(/cannot make .*: no directory .*none/);
    recorder.write(sampleAt(0, {}));
    expect((await recorder.close()).status).toBe('failed');
  });

  test('fails in words when its program cannot be started', async () => {
    const { recorder } = open(path.join(folder, 'node'), path.join(folder, 'no-such-program'));
    recorder.write(sampleAt(0, {}));
    expect(await recorder.close()).toMatchObject({ status: 'failed', detail: expect.stringContaining('ENOENT') });
  });

  test('lets go of a writer that hangs, in bounded memory', async () => {
    const hangs = path.join(folder, 'hangs');
    fs.writeFileSync(hangs, '#!/bin/sh\nexec sleep 60\n', { mode: 0o755 });
    const { recorder, states } = open(path.join(folder, 'node'), hangs);
    const [first] = nodeStream({ containers: 1, seconds: 1 });
    const large = { ...(first ?? sampleAt(0, {})), padding: 'x'.repeat(16 * 1024 * 1024) };
    for (let i = 0; i < 20; i++) recorder.write(large);
    expect(states.at(-1)).toMatchObject({ dropped: 16, detail: '16 samples dropped: the disk is too slow' });
    expect(await recorder.close(50)).toMatchObject({ status: 'failed', detail: expect.stringContaining('gave up') });
  });
});

describe('a writer that is killed', () => {
  test.each([0, 1, 2])(
    'leaves all that was flushed readable (round %i)',
    async (round) => {
      const file = path.join(folder, `node${['', '.gz', '.zst'][round]}`);
      const pidFile = path.join(folder, 'pid');
      const killable = path.join(folder, 'killable');
      fs.writeFileSync(killable, `#!/bin/sh\necho $$ > ${pidFile}\nexec ${launcher} "$@"\n`, { mode: 0o755 });
      const { recorder, states } = open(file, killable);
      const stream = nodeStream({ containers: 50, seconds: Number.POSITIVE_INFINITY });
      // Never the same moment: Samples are on their way, some are flushed and some are not.
      const killAfter = Math.floor(Math.random() * 300);
      let turns = 0;
      await waitFor('a flush, and a while', () => {
        for (let i = 0; i < 16; i++) recorder.write(stream.next().value ?? sampleAt(0, {}));
        return (states.at(-1)?.samples ?? 0) > 0 && turns++ > killAfter;
      });
      process.kill(Number(fs.readFileSync(pidFile, 'utf8')), 'SIGKILL');
      const end = await recorder.close();
      expect(end).toMatchObject({ status: 'failed', detail: 'the writer got SIGKILL' });
      // Three of eight lines tell something; the others are left out.
      expect(await countIn(file)).toBeGreaterThanOrEqual(Math.floor((end.samples * 3) / 8));
    },
    30_000,
  );
});
