import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { utc } from '../../../src/base/zone.ts';
import { FlightRecorder } from '../../../src/cli/export/flight-recorder.ts';
import { historyFrom } from '../../../src/cli/recording/recorded.ts';
import { derive } from '../../../src/model/model.ts';
import * as scenes from '../../support/scenes.ts';
import { waitFor } from '../../support/wait-for.ts';

const launcher = path.join(import.meta.dirname, '../../../bin/rtwatch');
let folder = '';
let recorder: FlightRecorder | null = null;
const said = vi.spyOn(process.stderr, 'write');

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-flight-'));
  said.mockReset().mockReturnValue(true);
});
afterEach(async () => {
  await recorder?.close();
  recorder = null;
  fs.rmSync(folder, { recursive: true, force: true });
});

const start = (into: string): FlightRecorder => {
  recorder = new FlightRecorder({
    command: [launcher],
    folder: into,
    maxSize: Number.POSITIVE_INFINITY,
    maxAge: null,
    retryMs: 20,
  });
  return recorder;
};

test('what it is given is in a file of the directory once it is closed', async () => {
  const flight = start(path.join(folder, 'new/er'));
  await waitFor('the recording', () => flight.known.isUp);
  for (const sample of scenes.healthy) flight.write(sample);
  await flight.close();
  const [name = ''] = fs.readdirSync(path.join(folder, 'new/er'));
  const history = await historyFrom(path.join(folder, 'new/er', name), undefined, utc);
  expect(derive(history)).toEqual(scenes.modelOf(scenes.healthy));
  expect(said.mock.calls.join('')).toMatch(/^rtwatch: recording to .*\.zst\n$/);
});

test('a directory that cannot be used is reported, and used as soon as it can', async () => {
  const into = path.join(folder, 'file');
  fs.writeFileSync(into, '');
  const flight = start(into);
  await waitFor('the report', () => said.mock.calls.join('').includes('not recording: no recordings can be kept in'));
  expect(flight.known.isUp).toBe(false);
  // Nothing to write to is no reason to stop.
  for (const sample of scenes.healthy) flight.write(sample);
  fs.rmSync(into);
  await waitFor('the recording', () => flight.known.isUp);
  expect(said.mock.calls.join('')).toMatch(/The metrics go on; the next try is in [\d.]+m?s\n/);
  await flight.close();
});
