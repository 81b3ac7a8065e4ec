import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/**
 * Runs the engine tests in three lanes, each a node of its own (`apart`): they mostly wait, so that three of them take little more
 * than a third of the time, and none sees the processes and mounts of another. What lanes share (control groups, the kernel's log
 * and counts, the disk) no test takes for its own: `alarmsOf` for findings, a lane for the rest. With arguments, which Vitest gets,
 * one lane on this machine.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/engine/vitest.config.ts'];

/** What is in none is in a lane of its own, with `memory-limit` and `terminal-life`: the one makes the OOM kills that the other must not see. */
const namedLanes = [
  // The healthy nodes, and a frozen control group, which is seen from all namespaces. Each has up to a hundred tasks, and a user may
  // have 128 inotify instances, of which a shim takes one for a task in control groups of version 2.
  ['healthy-mounts', 'healthy-churn', 'cri-churn', 'frozen-cgroup'],
  // A half of the others, by time.
  [
    ...['held-runtime', 'mount-namespaces', 'bundle', 'disk-figures', 'daemon-figures', 'control-groups'],
    ...['cri', 'cri-reading', 'cri-removal', 'cni', 'stuck-stop'],
  ],
];

const args = process.argv.slice(2);
process.exitCode = args.length > 0 ? await run('', process.execPath, [...vitest, ...args]) : await runLanes();

async function runLanes(): Promise<number> {
  const files = fs.globSync('test/engine/*.test.ts', { cwd: root });
  const named = namedLanes.map((names) => names.map((name) => `test/engine/${name}.test.ts`));
  const missing = named.flat().filter((file) => !files.includes(file));
  if (missing.length > 0) throw new Error(`no such test: ${missing.join(', ')}`);
  const lanes = [...named, files.filter((file) => !named.flat().includes(file))];
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
