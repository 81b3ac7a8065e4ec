import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/**
 * Runs the engine tests in two lanes, each a node of its own (`apart`): they mostly wait, so that two of them take half the
 * time, and neither sees the other's processes and mounts. With arguments, which Vitest gets, one lane on this machine.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/engine/vitest.config.ts'];

/** Here what is longest, and a frozen control group: those are seen from all namespaces, also by the healthy nodes. */
const firstLane = [
  ...['healthy-mounts', 'healthy-churn', 'cri-churn', 'frozen-cgroup'],
  ...['held-runtime', 'mount-namespaces', 'bundle', 'disk-figures', 'daemon-figures', 'control-groups'],
];

const args = process.argv.slice(2);
process.exitCode = args.length > 0 ? await run('', process.execPath, [...vitest, ...args]) : await runLanes();

async function runLanes(): Promise<number> {
  const files = fs.globSync('test/engine/*.test.ts', { cwd: root });
  const first = firstLane.map((name) => `test/engine/${name}.test.ts`);
  const missing = first.filter((file) => !files.includes(file));
  if (missing.length > 0) throw new Error(`no such test: ${missing.join(', ')}`);
  const lanes = [first, files.filter((file) => !first.includes(file))];
  const unshare = [
    '--pid',
    '--fork',
    '--mount',
    '--mount-proc',
    `${root}test/engine/apart`,
    process.execPath,
    ...vitest,
  ];
  const statuses = await Promise.all(
    lanes.map((some, index) => run(`${index + 1}| `, 'unshare', [...unshare, ...some])),
  );
  return Math.max(...statuses);
}

/** Resolves with the exit status; a line says whose it is. */
function run(prefix: string, command: string, words: readonly string[]): Promise<number> {
  const started = performance.now();
  const child = spawn(command, words, { cwd: root, stdio: ['ignore', prefix === '' ? 'inherit' : 'pipe', 'inherit'] });
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on('line', (line) => process.stdout.write(`${prefix}${line}\n`));
  }
  return new Promise((resolve) =>
    child.on('close', (status) => {
      const seconds = Math.round((performance.now() - started) / 1000);
      process.stdout.write(`${prefix}took ${seconds} s, status ${status}\n`);
      resolve(status ?? 1);
    }),
  );
}
