import { expect, test } from 'vitest';
import { type Sampling, sampleUntilAnswered } from '../../../src/cli/sampler/sampling.ts';
import { sourceNames } from '../../../src/sample/sample.ts';

/** A sampler that loads for so long, then writes Samples in which these sources are absent. */
function sample(loadMs: number, answering: readonly string[], change: Partial<Sampling> = {}) {
  const readings = Object.fromEntries(answering.map((name) => [name, { status: 'absent', detail: 'not here' }]));
  // The first three in one write: however busy the machine is, none of them is late behind the others.
  const script = `let seq = 0;
  const next = () => JSON.stringify({ v: 1, seq: seq++, at: Date.now(), monoMs: performance.now(),
    readings: seq > 1 ? ${JSON.stringify(readings)} : {}, sampler: { pid: 1, cpuMs: 1, rssBytes: 1 } }) + '\\n';
  setTimeout(() => {
    process.stdout.write(next() + next() + next());
    setInterval(() => process.stdout.write(next()), 20);
  }, ${loadMs})`;
  return sampleUntilAnswered({
    command: [process.execPath, '-e', script, '--'],
    args: [],
    intervalMs: 250,
    sampleMs: 40,
    patienceMs: 600_000,
    disabled: [],
    onSample: (taken) => taken,
    ...change,
  });
}

const answered = ({ history }: Awaited<ReturnType<typeof sample>>): string[] =>
  sourceNames.filter((name) => history.sources[name].reading.status === 'absent');

test('sampling ends when every source has answered, however long one may take', async () => {
  expect(answered(await sample(0, sourceNames))).toEqual(sourceNames);
});

test('a source that is disabled is not waited for', async () => {
  const all = sourceNames.filter((name) => name !== 'logs');
  expect(answered(await sample(0, all, { disabled: ['logs'] }))).toEqual(all);
});

test('sources have their time from the first Sample: a program that loads slowly takes none of it', async () => {
  const taken = await sample(700, ['processes'], { patienceMs: 300 });
  expect(answered(taken)).toEqual(['processes']);
});

test('a Sample that does not count adds nothing', async () => {
  const { history } = await sample(0, sourceNames, { patienceMs: 100, onSample: () => null });
  expect(history.monoMs).toBe(0);
});

test('a sampler that refuses its options ends it', async () => {
  const { state } = await sample(0, [], { command: [process.execPath, '-e', 'process.exit(64)', '--'] });
  expect(state.status).toBe('ended');
});
