import { formatBytes } from '../base/bytes.ts';
import { formatCount } from '../base/counts.ts';
import {
  kindOf,
  NoDumpFile,
  planSignalDump,
  programOf,
  type SignalPlan,
  SignalRefused,
  sendSignalDump,
} from '../capture/signal-dump/signal-dump.ts';
import { chooseDaemon } from '../collect/daemons/choice.ts';
import { type ProcessEntry, ProcessTable } from '../collect/processes/table.ts';
import { World } from '../collect/world.ts';
import { exitCodes, ReportedError } from './exit-codes.ts';
import type { CollectOptions } from './options.ts';
import { endpointOf } from './sample.ts';

export interface SignalDumpOptions extends CollectOptions {
  readonly json?: boolean;
  /** Without it, it only says what it would do. */
  readonly yes?: boolean;
  readonly pid?: string;
}

/** From the signal to the end of the count. */
const deadlineMs = 120_000;
const names = 'dockerd, containerd and containerd-shim';

/** Has a daemon write its goroutines down by SIGUSR1, and says where it did. Asks for a yes first. */
export async function signalDump(daemon: string, options: SignalDumpOptions): Promise<void> {
  const world = new World({ procfs: options.procfs, sysfs: options.sysfs, rootfs: options.rootfs });
  const entry = findProcess(world, daemon, options);
  try {
    const plan = planSignalDump(world, entry);
    if (!options.yes) {
      process.stdout.write(options.json ? planJson(plan) : planText(plan, daemon));
      return;
    }
    const dump = await sendSignalDump(world, plan, AbortSignal.timeout(deadlineMs));
    process.stdout.write(
      options.json
        ? // As of a dump over the debug page, which Go cuts off at 64 MiB: this one it does not.
          `${JSON.stringify({ ...dump, truncated: false })}\n`
        : `${dump.path}: ${formatCount(dump.goroutines)} goroutines, ${formatBytes(dump.bytes)}\n`,
    );
  } catch (error) {
    if (error instanceof SignalRefused) throw new ReportedError(`no signal was sent: ${error.message}`);
    if (error instanceof NoDumpFile) {
      throw new ReportedError(`${error.message} (rtwatch goroutines reads such a log)`, exitCodes.unknown);
    }
    throw error;
  }
}

function planText({ pid, will }: SignalPlan, daemon: string): string {
  return `${will.join('\n')}\nNothing was done yet. To do it: rtwatch signal-dump ${daemon} --pid ${pid} --yes\n`;
}

function planJson({ name, pid, starttime, will }: SignalPlan): string {
  return `${JSON.stringify({ done: false, name, pid, starttime, will })}\n`;
}

/**
 * The process that is meant.
 *
 * @throws ReportedError when there is none, or which one cannot be told
 */
function findProcess(world: World, daemon: string, options: SignalDumpOptions): ProcessEntry {
  const table = new ProcessTable(world);
  table.scan();
  const fitting = named(world, table, daemon);
  if (options.pid !== undefined) {
    const told = fitting.find(({ stat }) => `${stat.pid}` === options.pid);
    if (told !== undefined) return told;
    throw new ReportedError(`there is no ${daemon} with the pid ${options.pid}`, exitCodes.badUsage);
  }
  const chosen = choose(world, table, daemon, fitting, options);
  if (chosen !== null) return chosen;
  const pids = fitting.map(({ stat }) => stat.pid);
  throw new ReportedError(
    pids.length === 0
      ? `there is no process ${daemon}; the signal is for ${names}`
      : `which ${daemon} is meant? name one with --pid: ${pids.join(', ')}`,
    exitCodes.badUsage,
  );
}

function choose(
  world: World,
  table: ProcessTable,
  daemon: string,
  fitting: readonly ProcessEntry[],
  options: SignalDumpOptions,
): ProcessEntry | null {
  // Each container has a shim: none of them is meant more than another.
  if (kindOf(daemon) === 'shim') return fitting.length === 1 ? (fitting[0] ?? null) : null;
  const engine = new Map(options.pprof).get('dockerd') ?? endpointOf(options).url;
  const dockerd = chooseDaemon(world, table.named('dockerd'), { url: engine, dockerd: null });
  if (kindOf(daemon) === 'dockerd') return dockerd;
  return chooseDaemon(world, fitting, { url: new Map(options.pprof).get(daemon) ?? null, dockerd });
}

/** The processes of a program, by its whole name or the beginning that the kernel keeps (15 characters). */
function named(world: World, table: ProcessTable, daemon: string): ProcessEntry[] {
  const fitting = table.named(daemon.slice(0, 15)).filter(({ stat }) => {
    const program = programOf(world, stat);
    return program.startsWith(daemon) && kindOf(program) === kindOf(daemon);
  });
  // Its name until Docker 18.06.
  return fitting.length === 0 && daemon === 'containerd' ? named(world, table, 'docker-containerd') : fitting;
}
