import os from 'node:os';
import { scriptArguments } from '../support/script-arguments.ts';
import { leastOfThirds, quantile, thirds } from './chaos-figures.ts';
import { type ChaosReport, runChaos } from './chaos-run.ts';

const usage = `usage: npm run chaos -- [--minutes 5] [--seed N] [--pids 3000] [--busy CORES]

Runs rtwatch in a terminal on a made-up node where everything goes wrong at random, and checks what it promises:
it does not crash, keys are answered, memory and descriptors do not grow, and nothing is left after quitting.
The same seed gives the same chain of events. Exit: 0 all kept, 1 not.`;

const { values } = scriptArguments(
  {
    options: {
      minutes: { type: 'string', default: '5' },
      seed: { type: 'string', default: `${Date.now() % 1_000_000}` },
      pids: { type: 'string', default: '3000' },
      busy: { type: 'string', default: `${os.cpus().length}` },
    },
  },
  usage,
);

const minutes = Number(values.minutes);
if (!(minutes > 0)) {
  process.stderr.write(`chaos: "${values.minutes}" is no number of minutes\n${usage}\n`);
  process.exit(64);
}
process.stdout.write(
  `chaos: ${minutes} min, seed ${values.seed}, ${values.pids} processes, ${values.busy} busy loops\n`,
);
const ended = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ended.abort());
const report = await runChaos({
  forMs: minutes * 60_000,
  seed: Number(values.seed),
  pids: Number(values.pids),
  busy: Number(values.busy),
  keyMs: 1000,
  signal: ended.signal,
  judgeMemory: minutes >= 4,
});
process.stdout.write(table(report));
process.exit(report.failures.length === 0 ? 0 : 1);

function table({ failures, keysMs, quitMs, screen, sampler, live, samplers, counts }: ChaosReport): string {
  const mebibytes = (values: readonly number[], { first, last } = thirds(values)): string => {
    const [from, to, most] = [first, last, quantile(values, 1)].map((bytes) => (bytes / 2 ** 20).toFixed(0));
    return `${from} → ${to} MiB, most ${most}`;
  };
  const living = (values: readonly number[]): string => mebibytes(values, leastOfThirds(values));
  const numbers = (values: readonly number[]): string => `${thirds(values).first} → ${thirds(values).last}`;
  const at = (share: number): string => quantile(keysMs, share).toFixed(0);
  const rows: readonly (readonly [string, string])[] = [
    ['events', [...counts].map(([name, count]) => `${name} ${count}`).join(', ')],
    ['keys answered', `${keysMs.length}, in ms: median ${at(0.5)}, 95 % ${at(0.95)}, 99 % ${at(0.99)}, most ${at(1)}`],
    ['within 200 ms', `${keysMs.filter((tookMs) => tookMs <= 200).length} of ${keysMs.length}`],
    ['quitting', quitMs === null ? 'did not' : `${quitMs.toFixed(0)} ms`],
    ['samplers', `${samplers} one after the other`],
    ['memory of the screen', `${mebibytes(screen.rssBytes)} (median of the first and of the last third)`],
    [
      'what lives in it',
      `${living(live.map(({ heapBytes }) => heapBytes))} (least of the thirds), in ${live.length} looks`,
    ],
    ['its buffers', living(live.map(({ bufferBytes }) => bufferBytes))],
    ['memory of the sampler', mebibytes(sampler.rssBytes)],
    ['descriptors', `screen ${numbers(screen.fds)}, sampler ${numbers(sampler.fds)}`],
    ...failures.map((failure) => ['NOT KEPT', failure] as const),
  ];
  return `${rows.map(([name, value]) => `${name.padEnd(22)} ${value}`).join('\n')}\n`;
}
