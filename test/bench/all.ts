/**
 * Every bench, one after the other, each in a process of its own; one that fails does not stop the others.
 *
 *     npm run bench [-- --only beside,sampler]
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { scriptArguments } from '../support/script-arguments.ts';

/** By name: flags of the runtime. `harm`, `mounts` and `growth` need root; `beside`, `run` and `growth` need tmux, the first two htop and btop. */
const benches: ReadonlyMap<string, readonly string[]> = new Map([
  ['beside', []],
  ['run', []],
  ['hour', ['--expose-gc', '--max-semi-space-size=1']],
  ['growth', []],
  ['hour-live', []],
  ['sampler', []],
  ['goroutine-dump', []],
  ['mounts', []],
  ['logs', []],
  ['cri', []],
  ['harm', []],
  ['fleet', []],
  ['export', []],
]);

const { values } = scriptArguments({ options: { only: { type: 'string' } } });
const names = values.only?.split(',') ?? [...benches.keys()];
const failed: string[] = [];
for (const name of names) {
  const flags = benches.get(name);
  if (flags === undefined) throw new Error(`--only: "${name}" is none of ${[...benches.keys()].join(', ')}`);
  process.stderr.write(`\n== ${name}\n`);
  const file = path.join(import.meta.dirname, `${name}.ts`);
  const { status } = spawnSync(process.execPath, [...flags, file], { stdio: 'inherit' });
  if (status !== 0) failed.push(name);
}
if (failed.length > 0) {
  process.stderr.write(`bench: failed: ${failed.join(', ')}\n`);
  process.exitCode = 1;
}
