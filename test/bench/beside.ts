/**
 * rtwatch, htop and btop in a terminal each, all at the same time, beside sleeping processes: all see the same node, and what else the
 * machine does disturbs all alike. One table: CPU time of screen and sampler, of htop and btop, and memory.
 *
 *     bin/node test/bench/beside.ts [--processes 200,2000,10000] [--size 120x36] [--warm-up 60] [--seconds 40]
 *
 * Needs htop, btop and tmux (`apt-get install htop btop tmux`); without btop its column is missing.
 */
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { scriptArguments } from '../support/script-arguments.ts';
import { describeMachine } from './machine.ts';
import { checkPreconditions } from './preconditions.ts';
import { Scratch } from './scratch.ts';
import { startSleepers } from './sleepers.ts';
import { formatTable } from './table.ts';
import { Terminal } from './terminal.ts';
import { findWatchers, rtwatchName, type Watcher } from './watchers.ts';
import { compare, type Look, look, type WindowCost } from './window.ts';

const { values } = scriptArguments({
  options: {
    processes: { type: 'string', default: '200,2000,10000' },
    size: { type: 'string', default: '120x36' },
    'warm-up': { type: 'string', default: '60' },
    seconds: { type: 'string', default: '40' },
  },
});
const [columns = 120, rows = 36] = values.size.split('x').map(Number);
const size = { columns, rows };
const warmUpSeconds = Number(values['warm-up']);
const seconds = Number(values.seconds);
const firstDataMs = 60_000;
const mebibyte = 1024 ** 2;

interface Running {
  readonly watcher: Watcher;
  readonly terminal: Terminal;
}

await main();

async function main(): Promise<void> {
  await checkPreconditions(path.join(import.meta.dirname, '../../dist/main.js'), say);
  const scratch = new Scratch();
  try {
    const watchers = await findWatchers(scratch, scratch.installProgram());
    const others = watchers.map(({ name }) => name).filter((name) => name !== rtwatchName);
    const ratios = others.map((name) => `/${name}`);
    const cpu = [['CPU, % of a core', rtwatchName, 'screen', 'sampler', ...others, ...ratios, 'all else']];
    const memory = [['PSS, MiB', rtwatchName, 'screen', 'sampler', ...others]];
    for (const sleeping of values.processes.split(',').map(Number)) {
      const costs = await measureBeside(sleeping, scratch, watchers);
      const own = costOf(costs, rtwatchName);
      const all = others.map((name) => costOf(costs, name));
      const used = [...costs.values()].reduce((sum, { cpuPercent }) => sum + cpuPercent, 0);
      cpu.push([
        sleeping.toLocaleString('en-US'),
        ...[own, ...own.parts, ...all].map(({ cpuPercent }) => cpuPercent.toFixed(2)),
        ...all.map(({ cpuPercent }) => (own.cpuPercent / cpuPercent).toFixed(2)),
        Math.max(0, own.othersCpuPercent + own.cpuPercent - used).toFixed(0),
      ]);
      memory.push([
        sleeping.toLocaleString('en-US'),
        ...[own, ...own.parts, ...all].map(({ pssBytes }) => (pssBytes / mebibyte).toFixed(1)),
      ]);
    }
    const { date, kernel, cpus, cpuModel, node, processes } = await describeMachine();
    process.stdout.write(
      [
        `${watchers.map(({ name, version }) => `${name} ${version}`).join(', ')}; ${date.slice(0, 16).replace('T', ' ')} UTC`,
        `Linux ${kernel}, ${cpus} × ${cpuModel}, Node.js ${node}; terminals of ${values.size}; ${processes} processes beside the sleeping ones`,
        `one window of ${seconds} s for all at the same time, ${warmUpSeconds} s after their start; each refreshes once a second`,
        '',
        `${formatTable(cpu)}\n\n${formatTable(memory)}\n`,
      ].join('\n'),
    );
  } finally {
    await scratch.close();
  }
}

async function measureBeside(
  sleeping: number,
  scratch: Scratch,
  watchers: readonly Watcher[],
): Promise<Map<string, WindowCost>> {
  say(`starting ${sleeping} sleeping processes`);
  const sleepers = await startSleepers(sleeping);
  const running: Running[] = [];
  try {
    for (const watcher of watchers) {
      const terminal = await Terminal.open(scratch, watcher.command, size);
      running.push({ watcher, terminal });
      await startIn(terminal, watcher);
    }
    say(`${sleeping} sleeping: warming up for ${warmUpSeconds} s, then ${seconds} s`);
    await sleep(warmUpSeconds * 1000);
    const before = running.map(({ watcher, terminal }): [Running, Look] => [
      { watcher, terminal },
      look(terminal, watcher),
    ]);
    await sleep(seconds * 1000);
    return new Map(before.map(([{ watcher, terminal }, was]) => [watcher.name, compare(was, look(terminal, watcher))]));
  } finally {
    for (const { terminal } of running) await terminal.close();
    await sleepers.close();
  }
}

async function startIn(terminal: Terminal, { name, firstData }: Watcher): Promise<void> {
  const showsData = terminal.recording.find(firstData).then(() => true);
  await terminal.start();
  if (await Promise.race([showsData, sleep(firstDataMs, false, { ref: false })])) return;
  throw new Error(`${name} shows no data; its screen:\n${await terminal.screen()}`);
}

function costOf(costs: ReadonlyMap<string, WindowCost>, name: string): WindowCost {
  const cost = costs.get(name);
  if (cost === undefined) throw new Error(`${name} was not measured`);
  return cost;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
