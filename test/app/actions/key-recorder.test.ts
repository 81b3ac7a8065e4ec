import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KeyRecorder } from '../../../src/app/actions/key-recorder.ts';
import type { Sample } from '../../../src/sample/sample.ts';
import { openRecording } from '../../../src/wire/recording/reader.ts';
import type { RecorderState } from '../../../src/wire/recording/recorder.ts';
import { samplesOf } from '../../support/stories.ts';
import { waitFor } from '../../support/wait-for.ts';

const launcher = path.join(import.meta.dirname, '../../../bin/rtwatch');
let folder = '';
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-key-recorder-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const story = [...samplesOf({ seconds: 20, blocked: [] })].filter(({ readings }) => Object.keys(readings).length > 0);

async function* before(samples: readonly Sample[]): AsyncGenerator<Sample> {
  yield* samples;
}

function start(place: string, host: string, earlier: readonly Sample[] = []) {
  const states: RecorderState[] = [];
  const recorder = new KeyRecorder({ command: [launcher], folder: place });
  recorder.start(host, before(earlier), (state) => states.push(state));
  return { recorder, states };
}

describe('a recording by key', () => {
  test('begins with what came before, goes on with what comes, and says where it is', async () => {
    const { recorder, states } = start(path.join(folder, 'a/b'), 'node-7', story.slice(0, 10));
    expect(recorder.isOn).toBe(true);
    for (const sample of story.slice(10)) recorder.write(sample);
    await waitFor('the file', () => states.some(({ status }) => status === 'recording'));
    await recorder.stop();
    expect(recorder.isOn).toBe(false);
    const { status, samples, file } = states.at(-1) ?? {};
    expect({ status, samples }).toEqual({ status: 'ended', samples: story.length });
    expect(file).toMatch(/\/a\/b\/rtwatch-node-7-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.zst$/);
    expect(fs.statSync(path.join(folder, 'a/b')).mode & 0o777).toBe(0o700);
    const recording = await openRecording(file ?? '');
    const read: Sample[] = [];
    for await (const sample of recording.samplesFrom(0)) read.push(sample);
    await recording.close();
    expect(read).toEqual(story);
  });

  test('that cannot be written says why, and takes Samples all the same', async () => {
    const place = path.join(folder, 'file');
    fs.writeFileSync(place, '');
    const { recorder, states } = start(place, 'node-7');
    const failed = await waitFor('the failure', () => states.find(({ status }) => status === 'failed'));
    expect(failed.detail).toMatch(/cannot make .*file is not a directory/);
    expect(recorder.isOn).toBe(false);
    for (const sample of story) recorder.write(sample);
    await recorder.close();
  });

  test('can be ended before it has begun, and begun again', async () => {
    const { recorder, states } = start(path.join(folder, 'c'), 'node-7');
    await recorder.stop();
    expect(states.map(({ status }) => status)).toEqual(['ended']);
    recorder.start('node-8', before([]), (state) => states.push(state));
    await waitFor('the second', () => states.some(({ status }) => status === 'recording'));
    await recorder.close();
    expect(fs.readdirSync(path.join(folder, 'c'))).toEqual([expect.stringMatching(/^rtwatch-node-8-/)]);
  });

  test('takes no name of a node for a path', async () => {
    const { recorder } = start(folder, '../../etc/x\u001b[2J');
    expect(path.dirname(recorder.state?.file ?? '')).toBe(folder);
    expect(path.basename(recorder.state?.file ?? '')).toMatch(/^rtwatch-\.\.-\.\.-etc-x-2J-/);
    await recorder.close();
  });
});
