import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Sample } from '../../src/sample/sample.ts';
import { NodeFollower } from '../../src/timeline/node-follower.ts';
import { reportJson } from '../../src/view/report/json.ts';
import { reportText } from '../../src/view/report/text.ts';
import { decodeSample, encodeSample } from '../../src/wire/ndjson.ts';
import { RecordingEncoder } from '../../src/wire/recording/lines.ts';
import { openStream } from '../../src/wire/stdin.ts';
import { anySamples } from '../support/any-sample.ts';
import { decodeLoneLine } from '../support/decode-line.ts';

/** What comes of a stream on standard input. */
async function throughStdin(text: string): Promise<{ samples: Sample[]; complaints: number }> {
  const samples: Sample[] = [];
  let complaints = 0;
  const ended = Promise.withResolvers<void>();
  openStream(Readable.from([text]), {
    onSample: (sample) => samples.push(sample),
    onState: (state) => {
      complaints = state.complaints.length;
      if (state.status === 'ended') ended.resolve();
    },
  });
  await ended.promise;
  return { samples, complaints };
}

test('any Sample comes back as it was: from our own pipe, through a foreign door, from a recording on standard input', async () => {
  await fc.assert(
    fc.asyncProperty(anySamples, async (samples) => {
      const encoder = new RecordingEncoder();
      for (const sample of samples) {
        const line = encodeSample(sample);
        expect(decodeSample(line)).toEqual(sample);
        expect(decodeLoneLine(line)).toEqual({ sample, misfits: [], carried: false });
      }
      const recording = samples.map((sample) => encoder.begin(sample) + encoder.add(sample)).join('') + encoder.end();
      // Those without readings are dropped by the filter.
      const { samples: back, complaints } = await throughStdin(recording);
      const withReadings = (all: readonly Sample[]): Sample[] =>
        all.filter(({ readings }) => Object.keys(readings).length > 0);
      expect({ samples: withReadings(back), complaints }).toEqual({ samples: withReadings(samples), complaints: 0 });
    }),
    { numRuns: 60 },
  );
});

test('no Sample of the right shape makes the model, the rules or a report throw', () => {
  fc.assert(
    fc.property(anySamples, (samples) => {
      const follower = new NodeFollower();
      for (const sample of samples) {
        follower.take(sample);
        const { model, verdicts } = follower.judge();
        reportText(model, verdicts);
        reportJson(model, verdicts, true);
      }
    }),
    { numRuns: 100 },
  );
});
