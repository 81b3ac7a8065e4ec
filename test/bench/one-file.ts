/**
 * What rtwatch costs as one file, plain and packed, beside the checkout: time from its start in a terminal to the first output and to the
 * first data of the node, memory, and size.
 *
 *     bin/node test/bench/one-file.ts [--release FOLDER] [--starts 7] [--seconds 20]
 *
 * FOLDER: what `npm run release` made. Starts take turns; memory is read of all at the same time, each with a runtime file of its own.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import manifest from '../../package.json' with { type: 'json' };
import { scriptArguments } from '../support/script-arguments.ts';
import { pssBytesOf } from './proc.ts';
import { Scratch } from './scratch.ts';
import { median, sum } from './statistics.ts';
import { formatTable } from './table.ts';
import { Terminal } from './terminal.ts';
import { rtwatch, type Watcher } from './watchers.ts';

const { version } = manifest;
const { values } = scriptArguments({
  options: { release: { type: 'string' }, starts: { type: 'string' }, seconds: { type: 'string' } },
});
const release = values.release ?? path.join(import.meta.dirname, '../../.cache/release', version);
const starts = Number(values.starts ?? 7);
const seconds = Number(values.seconds ?? 20);
const deadlineMs = 120_000;
const size = { columns: 120, rows: 36 };

/** A way to have rtwatch on a node. */
interface Form {
  readonly name: string;
  readonly watcher: Watcher;
  readonly bytes: number;
  /** Before each start. */
  readonly prepare?: () => void;
}

const scratch = new Scratch();
try {
  const forms = formsIn();
  process.stdout.write(`load before: ${loadNow()}\n\n`);
  const begun = await measureStarts(forms);
  const memory = await measureMemory(forms.filter(({ prepare }) => prepare === undefined));
  const rows = forms.map(({ name, bytes }) => {
    const { outputMs = [], dataMs = [] } = begun.get(name) ?? {};
    const cells = [bytes / 1024 ** 2, median(outputMs), median(dataMs), memory.get(name) ?? null];
    return { name, cells };
  });
  const base = rows[0]?.cells ?? [];
  const table = rows.map(({ name, cells }) => [name, ...cells.flatMap((cell, i) => figures(cell, base[i] ?? null))]);
  const titles = ['size, MiB', 'first output, ms', 'first data, ms', 'PSS, MiB'].flatMap((title) => [title, '×']);
  process.stdout.write(`${formatTable([['', ...titles], ...table])}\n\nload after: ${loadNow()}\n`);
} finally {
  await scratch.close();
}

function formsIn(): Form[] {
  const launcher = scratch.installProgram();
  const copy = (name: string, folder: string): string => {
    const to = path.join(scratch.folder(folder), 'rtwatch');
    fs.copyFileSync(path.join(release, name), to);
    return to;
  };
  const file = `rtwatch-linux-${process.arch}`;
  const [plain, packed] = [copy(file, 'plain'), copy(`${file}-packed`, 'packed')];
  const forget = (): void => {
    const folder = path.dirname(packed);
    for (const name of fs.readdirSync(folder)) if (name.startsWith('.')) fs.rmSync(path.join(folder, name));
  };
  const bytesIn = (file: string): number => fs.statSync(file).size;
  return [
    { name: 'checkout', watcher: rtwatch(launcher, version), bytes: bytesBelow(scratch.of('program')) },
    { name: 'one file', watcher: rtwatch(plain, version), bytes: bytesIn(plain) },
    { name: 'packed, first start', watcher: rtwatch(packed, version), bytes: bytesIn(packed), prepare: forget },
    { name: 'packed, later', watcher: rtwatch(packed, version), bytes: bytesIn(packed) },
  ];
}

function bytesBelow(folder: string): number {
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const stats = names.map((name) => fs.lstatSync(path.join(folder, name)));
  return sum(stats.filter((stat) => stat.isFile()).map((stat) => stat.size));
}

interface Starts {
  readonly outputMs: number[];
  readonly dataMs: number[];
}

async function measureStarts(forms: readonly Form[]): Promise<Map<string, Starts>> {
  const all = new Map<string, Starts>(forms.map(({ name }) => [name, { outputMs: [], dataMs: [] }]));
  // The first round brings the files into the page cache, and does not count.
  for (let round = 0; round <= starts; round++) {
    for (const { name, watcher, prepare } of forms) {
      prepare?.();
      const terminal = await Terminal.open(scratch, watcher.command, size);
      try {
        const startedAt = await terminal.start();
        const outputAt = await inTime(terminal.recording.find(/\S/), name);
        const dataAt = await inTime(terminal.recording.find(watcher.firstData), name);
        if (round === 0) continue;
        all.get(name)?.outputMs.push(outputAt - startedAt);
        all.get(name)?.dataMs.push(dataAt - startedAt);
      } finally {
        await terminal.close();
      }
    }
  }
  return all;
}

/** In MiB, screen and sampler together. */
async function measureMemory(forms: readonly Form[]): Promise<Map<string, number>> {
  const terminals: Terminal[] = [];
  try {
    for (const { watcher } of forms) {
      const terminal = await Terminal.open(scratch, watcher.command, size);
      terminals.push(terminal);
      await terminal.start();
      await inTime(terminal.recording.find(watcher.firstData), watcher.name);
    }
    await sleep(seconds * 1000);
    return new Map(
      forms.map(({ name, watcher }, i) => {
        const parts = watcher.processes(terminals[i]?.pid ?? 0);
        return [name, sum(parts.map(({ stat }) => pssBytesOf(stat.pid))) / 1024 ** 2];
      }),
    );
  } finally {
    for (const terminal of terminals) await terminal.close();
  }
}

async function inTime(found: Promise<number>, name: string): Promise<number> {
  const at = await Promise.race([found, sleep(deadlineMs, null, { ref: false })]);
  if (at === null) throw new Error(`${name} showed nothing within ${deadlineMs / 1000} s`);
  return at;
}

function figures(cell: number | null, base: number | null): string[] {
  if (cell === null || base === null) return ['', ''];
  return [cell.toFixed(cell < 1000 ? 1 : 0), (cell / base).toFixed(2)];
}

function loadNow(): string {
  return `${os
    .loadavg()
    .map((one) => one.toFixed(1))
    .join(' ')} on ${os.availableParallelism()} processors`;
}
