import { RuntimeFinder } from '../../collect/cri/finder.ts';
import { runtimeName } from '../../collect/cri/runtime-name.ts';
import { DebugClient } from '../../collect/daemons/debug-client.ts';
import { findDebugSocket } from '../../collect/daemons/debug-socket.ts';
import { ProcessTable } from '../../collect/processes/table.ts';
import { World } from '../../collect/world.ts';
import { endpointOf } from '../commands/sample.ts';
import type { CollectOptions } from '../options/options.ts';
import { exitCodes, ReportedError } from '../process/exit-codes.ts';
import { engineGate } from './engine-gate.ts';

/**
 * A connection to a daemon's debug endpoint: the one named with `--pprof`, dockerd's own, or the debug socket that a
 * process of that name listens on.
 *
 * @throws ReportedError if none is known
 */
export function daemonClient(daemon: string, options: CollectOptions): DebugClient {
  const url = new Map(options.pprof).get(daemon);
  if (url !== undefined) return DebugClient.forUrl(url, engineGate(options));
  if (daemon === 'dockerd') {
    const client = DebugClient.forEngine(endpointOf(options), engineGate(options));
    if (client !== null) return client;
  } else {
    const found = debugSocketOf(daemon, options);
    if (found !== null) return found;
  }
  throw new ReportedError(`no debug endpoint of ${daemon} is known. ${wayTo(daemon)}`, exitCodes.badUsage);
}

function wayTo(daemon: string): string {
  if (daemon === 'podman')
    return 'Its service has none: kill -QUIT PID makes it write its goroutines into its log (journalctl -u podman) and exit; containers go on';
  const named = `ame it with --pprof ${daemon}=URL, as unix:///path/debug.sock or http://127.0.0.1:6060`;
  return daemon.startsWith('containerd')
    ? `Set [debug] address in containerd’s config.toml, or n${named}`
    : `N${named}`;
}

function debugSocketOf(daemon: string, { procfs, sysfs, rootfs }: CollectOptions): DebugClient | null {
  const world = new World({ procfs, sysfs, rootfs });
  const table = new ProcessTable(world);
  table.scan();
  const found = new RuntimeFinder(world, table).find();
  const own = found.find(({ kind, socket }) => daemon !== kind && runtimeName(kind, socket) === daemon);
  const crio = found.find(({ kind, socket }) => kind === 'crio' && runtimeName(kind, socket) === daemon);
  if (crio !== undefined) return DebugClient.forCrio(crio.socketPath);
  for (const { stat } of own === undefined ? table.named(daemon) : [own.entry]) {
    const url = findDebugSocket(world, stat.pid);
    if (url !== null) return DebugClient.forUrl(url);
  }
  return null;
}
