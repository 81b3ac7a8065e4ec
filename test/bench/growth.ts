/**
 * How cost grows: the screen and its sampler in a terminal, with more and more containers, mount namespaces and processes. CPU time and memory
 * of both, and the bytes between them. Seven runs, some five minutes; needs root and tmux.
 *
 *     bin/node test/bench/growth.ts [--warm-up 12] [--seconds 15] [--only containers,namespaces,processes] [--size 120x36]
 */
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { scriptArguments } from '../support/script-arguments.ts';
import { Group } from './group.ts';
import { listingEngine } from './listing-engine.ts';
import { checkPreconditions } from './preconditions.ts';
import { Scratch } from './scratch.ts';
import { startSleepers } from './sleepers.ts';
import { formatTable } from './table.ts';
import { Terminal } from './terminal.ts';
import { rtwatch, type Watcher } from './watchers.ts';
import { compare, look } from './window.ts';

const { values } = scriptArguments({
  options: {
    'warm-up': { type: 'string', default: '12' },
    seconds: { type: 'string', default: '15' },
    only: { type: 'string', default: 'containers,namespaces,processes' },
    size: { type: 'string', default: '120x36' },
  },
});
const [columns = 120, rows = 36] = values.size.split('x').map(Number);
const mebibyte = 1024 ** 2;
const firstDataMs = 60_000;

/** What makes a node larger. */
interface Load {
  /** Options of rtwatch. */
  readonly args: readonly string[];
  readonly close: () => Promise<void>;
}

const kinds: Readonly<
  Record<
    string,
    { readonly counts: readonly number[]; readonly start: (count: number, scratch: Scratch) => Promise<Load> }
  >
> = {
  containers: { counts: [50, 500, 2000], start: startEngine },
  namespaces: { counts: [300, 1000], start: startNamespaces },
  processes: { counts: [200, 10_000], start: startProcesses },
};

await main();

async function main(): Promise<void> {
  const names = values.only.split(',');
  const unknown = names.find((name) => kinds[name] === undefined);
  if (unknown !== undefined) throw new Error(`--only: "${unknown}" is none of ${Object.keys(kinds).join(', ')}`);
  await checkPreconditions(path.join(import.meta.dirname, '../../dist/main.js'), say);
  const scratch = new Scratch();
  const table = [['', 'screen, CPU %', 'sampler, CPU %', 'between, kB/s', 'screen, PSS MiB', 'sampler, PSS MiB']];
  try {
    const launcher = scratch.installProgram();
    for (const name of names) {
      for (const count of kinds[name]?.counts ?? []) {
        say(`${count} ${name}`);
        const load = await kinds[name]?.start(count, scratch);
        try {
          table.push([
            `${count.toLocaleString('en-US')} ${name}`,
            ...(await measure(scratch, launcher, load?.args ?? [])),
          ]);
        } finally {
          await load?.close();
        }
      }
    }
  } finally {
    process.stdout.write(`${formatTable(table)}\n`);
    await scratch.close();
  }
}

async function measure(scratch: Scratch, launcher: string, args: readonly string[]): Promise<string[]> {
  const plain = rtwatch(launcher, '');
  // Without a budget: what it would cost is measured, not what it is held to.
  const watcher: Watcher = { ...plain, command: [...plain.command, '--cpu-budget', '100', ...args] };
  const terminal = await Terminal.open(scratch, watcher.command, { columns, rows });
  try {
    const showsData = terminal.recording.find(watcher.firstData).then(() => true);
    await terminal.start();
    if (!(await Promise.race([showsData, sleep(firstDataMs, false, { ref: false })]))) {
      throw new Error(`no data; its screen:\n${await terminal.screen()}`);
    }
    await sleep(Number(values['warm-up']) * 1000);
    const before = look(terminal, watcher);
    const sampler = before.processes.find(({ part }) => part === 'sampler')?.stat.pid ?? 0;
    const written = writtenBytes(sampler);
    await sleep(Number(values.seconds) * 1000);
    const after = look(terminal, watcher);
    const betweenBytes = writtenBytes(sampler) - written;
    const { parts } = compare(before, after);
    return [
      ...parts.map(({ cpuPercent }) => cpuPercent.toFixed(2)),
      (betweenBytes / (after.at - before.at)).toFixed(1),
      ...parts.map(({ pssBytes }) => (pssBytes / mebibyte).toFixed(1)),
    ];
  } finally {
    await terminal.close();
  }
}

/** Its requests are among them, and are few (proc_pid_io(5)). */
function writtenBytes(pid: number): number {
  return Number(/^wchar: (\d+)$/m.exec(fs.readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1]);
}

async function startEngine(count: number, scratch: Scratch): Promise<Load> {
  const socket = scratch.of(`engine-${count}`);
  const server = listingEngine(count).listen(socket);
  await once(server, 'listening');
  return {
    args: ['--docker-host', `unix://${socket}`],
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function startProcesses(count: number): Promise<Load> {
  const group = await startSleepers(count);
  return { args: [], close: () => group.close() };
}

/** A process in each: copies of the machine's namespace, as those of services are. */
async function startNamespaces(count: number): Promise<Load> {
  const script = `
i=0
while [ $i -lt "$1" ]; do
  unshare -m --propagation slave sleep infinity &
  i=$((i + 1))
done
`;
  const group = await Group.start(`${count} mount namespaces`, script, [`${count}`]);
  return { args: [], close: () => group.close() };
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
