import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { scriptArguments } from '../support/script-arguments.ts';
import { type Failures, failuresIn, tableOf } from './failures.ts';

const usage = `usage: npm run flakes -- [--times 10] [--suite unit|reliability|engine] [--busy 2] [FILTER...]

Runs a suite again and again beside busy loops, and prints which tests failed how often. FILTER chooses files by a part
of their path. Exit: 0 none failed, 1 some did, 64 bad usage.`;

const configurations: Readonly<Record<string, string>> = {
  unit: 'test/vitest.config.ts',
  reliability: 'test/reliability/vitest.config.ts',
  engine: 'test/engine/vitest.config.ts',
};

const { values, positionals } = scriptArguments(
  {
    allowPositionals: true,
    options: {
      times: { type: 'string', default: '10' },
      suite: { type: 'string', default: 'unit' },
      busy: { type: 'string', default: '2' },
    },
  },
  usage,
);
const times = Number(values.times);
const busy = Number(values.busy);
const config = Object.hasOwn(configurations, values.suite) ? configurations[values.suite] : undefined;
if (!(Number.isInteger(times) && times > 0 && Number.isInteger(busy) && busy >= 0) || config === undefined) {
  process.stderr.write(
    `flakes: --times and --busy take whole numbers, --suite one of ${Object.keys(configurations).join(', ')}\n${usage}\n`,
  );
  process.exit(64);
}

const root = path.join(import.meta.dirname, '../..');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-flakes-'));
const loops = Array.from({ length: busy }, () => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }));
process.on('exit', endAll);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));

const all: Failures[] = [];
for (let n = 1; n <= times; n++) {
  const started = performance.now();
  const report = path.join(folder, `${n}.json`);
  await runOnce(config, report);
  const failures = failuresIn(fs.readFileSync(report, 'utf8'));
  all.push(failures);
  const seconds = Math.round((performance.now() - started) / 1000);
  process.stdout.write(
    `run ${n} of ${times}: ${failures.tests} tests, ${failures.failed.length} failed, ${seconds} s\n`,
  );
}
process.stdout.write(tableOf(all));
process.exit(all.every(({ failed }) => failed.length === 0) ? 0 : 1);

/** Resolves when vitest has ended, whatever it found. */
function runOnce(configuration: string, report: string): Promise<void> {
  const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
  const child: ChildProcess = spawn(
    process.execPath,
    [vitest, 'run', '--config', configuration, '--reporter=json', `--outputFile=${report}`, ...positionals],
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve());
  });
}

function endAll(): void {
  for (const loop of loops) loop.kill('SIGKILL');
  fs.rmSync(folder, { recursive: true, force: true });
}
