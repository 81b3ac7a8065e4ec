import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { scriptArguments } from '../support/script-arguments.ts';

const usage = `usage: npm run fuzz -- [--minutes 5] [--seed N] [FILE...]

Runs the tests that use fast-check again and again, each round with a new seed, until the time is over. FILE chooses among them, by a
part of their path. --seed repeats one round. Prints the seed of each round. Exit: 0 all passed, 1 not.`;

const { values, positionals } = scriptArguments(
  {
    allowPositionals: true,
    options: {
      minutes: { type: 'string', default: '5' },
      seed: { type: 'string' },
    },
  },
  usage,
);
const minutes = Number(values.minutes);
if (!(minutes > 0)) {
  process.stderr.write(`fuzz: "${values.minutes}" is not a number of minutes\n${usage}\n`);
  process.exit(64);
}
const test = path.join(import.meta.dirname, '..');
const files = propertyTests().filter(
  (file) => positionals.length === 0 || positionals.some((part) => file.includes(part)),
);
if (files.length === 0) {
  process.stderr.write(`fuzz: no test with fast-check has ${positionals.join(' or ')} in its path\n`);
  process.exit(64);
}

const failed: number[] = [];
const end = Date.now() + minutes * 60_000;
do {
  const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
  process.stdout.write(`fuzz: seed ${seed}, ${files.length} files\n`);
  if ((await round(seed)) !== 0) {
    failed.push(seed);
    process.stdout.write(`fuzz: FAILED. Again: npm run fuzz -- --seed ${seed} ${positionals.join(' ')}\n`);
  }
} while (values.seed === undefined && Date.now() < end);
process.stdout.write(failed.length === 0 ? 'fuzz: all passed\n' : `fuzz: failed with the seeds ${failed.join(', ')}\n`);
process.exit(failed.length === 0 ? 0 : 1);

/** Tests of `npm test` that use fast-check themselves or through a file beside them. */
function propertyTests(): string[] {
  const sources = fs.readdirSync(test, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));
  const textOf = (file: string): string => fs.readFileSync(path.join(test, file), 'utf8');
  const users = new Set(sources.filter((file) => textOf(file).includes("from 'fast-check'")));
  const uses = (file: string): boolean =>
    users.has(file) ||
    [...textOf(file).matchAll(/from '(\.[^']+)'/g)].some(([, target = '']) =>
      users.has(path.join(path.dirname(file), target)),
    );
  return sources
    .filter((file) => /\.test\.tsx?$/.test(file) && !/^(reliability|engine)\//.test(file) && uses(file))
    .map((file) => `test/${file}`);
}

/** @returns the exit code of vitest */
function round(seed: number): Promise<number> {
  const vitest = path.join(test, '../node_modules/vitest/vitest.mjs');
  const child = spawn(
    process.execPath,
    [vitest, 'run', '--config', path.join(test, 'vitest.config.ts'), '--reporter=agent', ...files],
    {
      cwd: path.join(test, '..'),
      env: { ...process.env, FUZZ_SEED: `${seed}` },
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}
