import fs from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import zlib from 'node:zlib';
import { expect, test } from 'vitest';
import { utc } from '../../../src/base/zone.ts';
import { historyFrom } from '../../../src/cli/recording/recorded.ts';
import { emptyHistory, type History, reduce } from '../../../src/model/history.ts';
import { derive } from '../../../src/model/model.ts';
import { run } from '../../../src/rules/engine/run.ts';
import { rules } from '../../../src/rules/rules.ts';
import { NodeFollower } from '../../../src/timeline/node-follower.ts';
import { reportJson } from '../../../src/view/report/json.ts';
import { reportText } from '../../../src/view/report/text.ts';
import { openStream } from '../../../src/wire/stdin.ts';

const demo = path.join(import.meta.dirname, '../../../demo/stop.zst');

/** As `check` reports, from what was followed. */
function reportOf(history: History, follower: NodeFollower): { readonly json: object; readonly text: string } {
  const model = derive(history);
  const verdicts = { ...run(rules, model), resolved: follower.judge().verdicts.resolved ?? [] };
  return { json: reportJson(model, verdicts, true), text: reportText(model, verdicts) };
}

async function ofFile(): Promise<ReturnType<typeof reportOf>> {
  const follower = new NodeFollower();
  return reportOf(await historyFrom(demo, undefined, utc, { onSample: (sample) => follower.take(sample) }), follower);
}

async function ofStream(input: Readable): Promise<ReturnType<typeof reportOf>> {
  const follower = new NodeFollower();
  let history = emptyHistory;
  const { promise, resolve } = Promise.withResolvers<void>();
  openStream(input, {
    onSample: (sample) => {
      follower.take(sample);
      history = reduce(history, sample);
    },
    onState: ({ status }) => {
      if (status === 'ended') resolve();
    },
  });
  await promise;
  return reportOf(history, follower);
}

/** What `zstdcat` writes: Node's decoder knows neither a second frame nor one without data (RFC 8878, 3.1.2). */
function* zstdcat(file: Buffer): Generator<Buffer> {
  const marker = Buffer.from('rtwatch\x01', 'latin1');
  for (let at = file.indexOf(marker); at !== -1; ) {
    const next = file.indexOf(marker, at + 1);
    // The marker's number and length are before its text.
    const length = file.readUInt32LE(at - 4);
    yield zlib.zstdDecompressSync(file.subarray(at + length, next === -1 ? file.length : next - 8));
    at = next;
  }
}

test('zstdcat of a recording, piped in, gives the report of the recording', async () => {
  const stream = Readable.from(zstdcat(fs.readFileSync(demo)));
  expect(await ofStream(stream)).toEqual(await ofFile());
});
