/**
 * What looking at all mount namespaces costs: 1,000 real processes in 300 real mount namespaces of some 300 mounts each, a
 * first look and the looks after it, beside `grep -l` over the `mountinfo` of every process in the same run. Needs root.
 *
 *     bin/node test/bench/mounts.ts [--namespaces 300] [--processes 1000] [--mounts 300]
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { MountsCollector } from '../../src/collect/mounts/mounts.ts';
import { ProcessTable } from '../../src/collect/processes/table.ts';
import { liveRoots, World } from '../../src/collect/world.ts';
import type { MountNamespaceValue, MountsValue } from '../../src/sample/mounts.ts';
import { okValue } from '../../src/sample/reading.ts';
import { succeed } from '../engine/run.ts';
import { scriptArguments } from '../support/script-arguments.ts';
import { Group } from './group.ts';
import { processesInGroup } from './proc.ts';
import { Scratch } from './scratch.ts';
import { median } from './statistics.ts';
import { formatTable } from './table.ts';

const { values } = scriptArguments({
  options: {
    namespaces: { type: 'string', default: '300' },
    processes: { type: 'string', default: '1000' },
    mounts: { type: 'string', default: '300' },
  },
});
const namespaces = Number(values.namespaces);
const processes = Number(values.processes);
const mountsEach = Number(values.mounts);
/** Steady looks; a mount that appears has to be found within two. */
const looks = 6;
/** Younger processes are asked more often, as they may be on their way into their namespace. */
const settleSeconds = 11;
/** As the sampler runs (src/cli/process/self.ts). */
const flag = '--max-semi-space-size=1';
const needle = 'needle-7f3a';
/** Each look reads one namespace at least, however busy the machine is. */
const mostRounds = namespaces + 20;

/**
 * One namespace gets all mounts (layers, shared memory, bind mounts), and the others are copies of it, as the namespaces of
 * services are copies of the host's. The machine's own namespace is left as it is: everything goes with the processes.
 */
const script = `
set -e
[ "$5" = inside ] || exec unshare -m --propagation private sh "$0" "$1" "$2" "$3" "$4" inside
mount -t tmpfs bench "$1"
mount --make-shared "$1"
cd "$1"
mkdir lower
i=0
while [ $i -lt "$4" ]; do
  layer=$(printf '%064x' $i)
  case $((i % 3)) in
  0)
    mkdir -p overlay2/$layer/merged overlay2/$layer/diff overlay2/$layer/work
    mount -t overlay -o lowerdir=$1/lower,upperdir=$1/overlay2/$layer/diff,workdir=$1/overlay2/$layer/work overlay overlay2/$layer/merged ;;
  1)
    mkdir -p containers/$layer/mounts/shm
    mount -t tmpfs shm containers/$layer/mounts/shm ;;
  2)
    mkdir -p binds/$i
    mount --bind lower binds/$i ;;
  esac
  i=$((i + 1))
done
# A daemon by its name: its namespace is what the others are compared with.
cp "$(command -v sleep)" dockerd
./dockerd infinity &
i=0
while [ $i -lt "$2" ]; do
  # The lower numbers get one more, until all processes are there.
  count=$(($3 / $2 + (i < $3 % $2)))
  unshare -m --propagation slave sh -c 'while [ $1 -gt 1 ]; do sleep infinity & set -- $(($1 - 1)); done; exec sleep infinity' sh $count &
  i=$((i + 1))
done
`;

interface Cost {
  readonly wallMs: number;
  readonly cpuMs: number;
}

async function main(): Promise<void> {
  if (!process.execArgv.includes(flag)) {
    const { status } = spawnSync(process.execPath, [flag, import.meta.filename, ...process.argv.slice(2)], {
      stdio: 'inherit',
    });
    process.exitCode = status ?? 1;
    return;
  }
  if (process.getuid?.() !== 0) throw new Error('it makes mount namespaces, which only root may');
  const scratch = new Scratch();
  try {
    const folder = scratch.folder('node');
    const group = await startNode(scratch, folder);
    try {
      await measure(folder, group.pid);
    } finally {
      await group.close();
    }
  } finally {
    await scratch.close();
  }
}

/** The shell that holds the group runs the script in a file, as it has to start itself again in a namespace. */
async function startNode(scratch: Scratch, folder: string): Promise<Group> {
  const file = scratch.of('node.sh');
  fs.writeFileSync(file, `${script}\nwait\n`);
  const args = [file, folder, `${namespaces}`, `${processes}`, `${mountsEach}`];
  return Group.start('the mount namespaces', 'sh "$@" &', args);
}

async function measure(folder: string, group: number): Promise<void> {
  await untilAllSleep(group);
  const world = new World(liveRoots);
  const table = new ProcessTable(world);
  table.scan();
  const collector = new MountsCollector(world, table, os.release());
  const rssBefore = process.memoryUsage.rss();
  const first = look(() => collector.collect());
  await sleep(settleSeconds * 1000);
  // On a busy machine the first look's budget may not do for all.
  let settled = collector.collect();
  while (settled.namespaces.some(({ mounts }) => mounts.status === 'pending')) settled = collector.collect();
  check(settled);
  const steady = Array.from({ length: looks }, () => look(() => collector.collect()));
  const rssMiB = (process.memoryUsage.rss() - rssBefore) / 1024 ** 2;
  const rounds = await findNeedle(
    folder,
    collector,
    steady.slice(-2).map(({ value }) => value),
  );
  const grep = await grepMounts();
  const steadyCost = {
    wallMs: median(steady.map(({ wallMs }) => wallMs)),
    cpuMs: median(steady.map(({ cpuMs }) => cpuMs)),
  };
  const row = (name: string, cost: Cost, reads: number): string[] => [
    name,
    ...[cost.wallMs.toFixed(0), cost.cpuMs.toFixed(0), `${reads}`, (cost.cpuMs / grep.cpuMs).toFixed(2)],
  ];
  const mounts = first.value.namespaces.reduce((sum, { total }) => sum + total, 0);
  process.stdout.write(
    [
      `${first.value.namespaces.length} mount namespaces, ${mounts} mounts in them, ${table.entries.size} processes; Linux ${os.release()}`,
      formatTable([
        ['', 'ms', 'CPU ms', 'files read', 'CPU ratio'],
        row('first look', first, first.value.reads),
        row(`a look after it (median of ${looks})`, steadyCost, steady.at(-1)?.value.reads ?? 0),
        row('grep -l', grep, table.entries.size),
      ]),
      `per cent of a CPU, one look in 10 s: ${(steadyCost.cpuMs / 100).toFixed(2)}`,
      `a mount made in a foreign namespace was found after ${rounds} look(s)`,
      `the looks added ${rssMiB.toFixed(0)} MiB; a Sample's line ${(JSON.stringify(first.value).length / 1024 ** 2).toFixed(1)} MiB`,
      '',
    ].join('\n'),
  );
}

function look(collect: () => MountsValue): Cost & { value: MountsValue } {
  const cpu = process.cpuUsage();
  const started = performance.now();
  const value = collect();
  const wallMs = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  return { value, wallMs, cpuMs: (user + system) / 1000 };
}

/** All namespaces are there with all their mounts, or the figures would be of something else. */
function check({ namespaces: all }: MountsValue): void {
  // Of every three mounts two are a container's.
  const crowded = all.filter(
    ({ total, mounts, more = 0 }) =>
      total >= mountsEach && (okValue(mounts)?.length ?? 0) + more >= (mountsEach * 2) / 3,
  );
  if (crowded.length >= namespaces) return;
  throw new Error(`${crowded.length} of ${namespaces} namespaces were seen with their mounts`);
}

/**
 * Makes a private copy of a layer in a foreign namespace, and counts the looks until it is seen: the worst case, a namespace that
 * was read in the last of two looks.
 */
async function findNeedle(folder: string, collector: MountsCollector, last: readonly MountsValue[]): Promise<number> {
  const [before, after] = last.map(({ namespaces: all }) => all.filter(({ total }) => total >= mountsEach));
  const took = ({ mounts }: MountNamespaceValue): number => (mounts.status === 'ok' ? mounts.tookMs : 0);
  const justRead = after?.filter((one) => before?.some((same) => same.inode === one.inode && took(same) !== took(one)));
  const holder = justRead?.find(({ holders }) => holders.every(({ kind }) => kind === 'other'))?.holders.at(-1)?.pid;
  if (holder === undefined) throw new Error('no foreign namespace was read in the last of two looks');
  const target = `${folder}/overlay2/${needle}/merged`;
  const layer = `${folder}/overlay2/${'0'.repeat(64)}/merged`;
  const make = `mkdir -p ${target} && mount --bind ${layer} ${target} && mount --make-private ${target}`;
  await succeed('nsenter', ['-t', `${holder}`, '-m', 'sh', '-c', make]);
  // A look has a budget of time: the busier the machine, the fewer namespaces it reads.
  for (let rounds = 1; rounds <= mostRounds; rounds++) {
    const seen = collector
      .collect()
      .namespaces.filter(({ mounts }) => (okValue(mounts) ?? []).some(({ path }) => path === target));
    if (seen.length === 1) return rounds;
    if (seen.length > 1) throw new Error(`one mount was seen in ${seen.length} namespaces`);
  }
  throw new Error(`the mount was not found in ${mostRounds} looks`);
}

/** What an operator does: every process is read, however many share a namespace. */
async function grepMounts(): Promise<Cost> {
  const started = performance.now();
  const text = await succeed('sh', ['-c', `grep -ls ${needle} /proc/[0-9]*/mountinfo >/dev/null; times`]);
  const wallMs = performance.now() - started;
  const children = text.trim().split('\n').at(-1) ?? '';
  const cpuMs = [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1000,
    0,
  );
  return { wallMs, cpuMs };
}

async function untilAllSleep(group: number): Promise<void> {
  for (const until = Date.now() + 60_000; Date.now() < until; ) {
    const sleeping = processesInGroup(group).filter(({ pid }) => {
      try {
        return fs.readFileSync(`/proc/${pid}/comm`, 'utf8') === 'sleep\n';
      } catch {
        return false;
      }
    });
    if (sleeping.length >= processes) return;
    await sleep(100);
  }
  throw new Error(`${processes} processes in namespaces of their own did not come up`);
}

await main();
