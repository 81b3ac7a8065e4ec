import { formatBytes } from '../../base/bytes.ts';
import { formatCount } from '../../base/counts.ts';
import {
  kindOf,
  NoDumpFile,
  planSignalDump,
  programOf,
  type SignalPlan,
  SignalRefused,
  sendSignalDump,
} from '../../capture/signal-dump/signal-dump.ts';
import { chooseDaemon } from '../../collect/daemons/choice.ts';
import { type ProcessEntry, ProcessTable } from '../../collect/processes/table.ts';
import { World } from '../../collect/world.ts';
import type { CollectOptions } from '../options/options.ts';
import { exitCodes, ReportedError } from '../process/exit-codes.ts';
import { endpointOf } from './sample.ts';

export interface SignalDumpOptions extends CollectOptions {
  readonly json?: boolean;
  /** Send the signal; otherwise only say what it does. */
  readonly yes?: boolean;
  readonly pid?: string;
}

/** From the signal to the end of the count. */
const deadlineMs = 120_000;
const names = 'dockerd, containerd and containerd-shim';

/** Makes a daemon dump its goroutines with SIGUSR1 and prints the path. Needs `--yes`. */
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
        ? // The field of `dump --json`. Go cuts the debug page at 64 MiB, but not this dump.
          `${JSON.stringify({ ...dump, truncated: false })}\n`
        : `${dump.path}: ${formatCount(dump.goroutines)} goroutines, ${formatBytes(dump.bytes)}\n`,
    );
  } catch (error) {
    if (error instanceof SignalRefused) {
      throw new ReportedError(`no signal was sent: ${error.message}`, exitCodes.unknown);
    }
    if (error instanceof NoDumpFile) {
      throw new ReportedError(`${error.message}. Read such a log with rtwatch goroutines`, exitCodes.unknown);
    }
    throw error;
  }
}

function planText({ pid, will }: SignalPlan, daemon: string): string {
  return `${will.join('\n')}\nNo signal sent yet. To send it: rtwatch signal-dump ${daemon} --pid ${pid} --yes\n`;
}

function planJson({ name, pid, starttime, will }: SignalPlan): string {
  return `${JSON.stringify({ done: false, name, pid, starttime, will })}\n`;
}

/**
 * The process that the options name.
 *
 * @throws ReportedError if there is none, or more than one
 */
function findProcess(world: World, daemon: string, options: SignalDumpOptions): ProcessEntry {
  const table = new ProcessTable(world);
  table.scan();
  const fitting = named(world, table, daemon);
  if (options.pid !== undefined) {
    const found = fitting.find(({ stat }) => `${stat.pid}` === options.pid);
    if (found !== undefined) return found;
    throw new ReportedError(`no ${daemon} process has pid ${options.pid}`, exitCodes.badUsage);
  }
  const chosen = choose(world, table, daemon, fitting, options);
  if (chosen !== null) return chosen;
  const pids = fitting.map(({ stat }) => stat.pid);
  throw new ReportedError(
    pids.length === 0
      ? `no ${daemon} process. The signal is for ${names}`
      : pids.length === 1
        ? `${daemon} (pid ${pids[0]}) does not listen where it is asked. If it is meant, name it with --pid ${pids[0]}`
        : `several ${daemon} processes. Name one with --pid: ${pids.join(', ')}`,
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
  // Each container has a shim, so there is no default.
  if (kindOf(daemon) === 'shim') return fitting.length === 1 ? (fitting[0] ?? null) : null;
  const engine = new Map(options.pprof).get('dockerd') ?? endpointOf(options).url;
  const dockerd = chooseDaemon(world, table.named('dockerd'), { url: engine, dockerd: null });
  if (kindOf(daemon) === 'dockerd') return dockerd;
  return chooseDaemon(world, fitting, { url: new Map(options.pprof).get(daemon) ?? null, dockerd });
}

/** The processes of a program, by its name as the kernel keeps it (15 characters). */
function named(world: World, table: ProcessTable, daemon: string): ProcessEntry[] {
  const fitting = table.named(daemon.slice(0, 15)).filter(({ stat }) => {
    const program = programOf(world, stat);
    return program.startsWith(daemon) && kindOf(program) === kindOf(daemon);
  });
  // The name until Docker 18.06.
  return fitting.length === 0 && daemon === 'containerd' ? named(world, table, 'docker-containerd') : fitting;
}
