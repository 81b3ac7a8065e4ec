import fs from 'node:fs';
import os from 'node:os';
import { skippedFilesystems } from '../../collect/filesystems/filesystems.ts';
import { pidNamespaceOf } from '../../collect/host.ts';
import { liveRoots, World } from '../../collect/world.ts';
import type { FilesystemsValue } from '../../sample/filesystems.ts';
import { clean } from '../../view/text.ts';
import { engineGate } from '../daemons/engine-gate.ts';
import { apiSockets, debugSockets, examine, type Facts } from '../doctor/examine.ts';
import { exitFlushed } from '../process/exit-flushed.ts';

/** Reports what this node lets rtwatch see. Exits with 0: it is about rtwatch, not about the node's health. */
export async function doctor({ json }: { readonly json?: boolean }): Promise<void> {
  const findings = examine(readFacts());
  const lines = findings.map(
    ({ ok, says, remedy }) =>
      `${ok ? 'ok  ' : 'not '} ${clean(says)}${remedy === null ? '' : `\n     ${clean(remedy)}`}\n`,
  );
  process.stdout.write(json ? `${JSON.stringify(findings, null, 2)}\n` : lines.join(''));
  await exitFlushed();
}

function readFacts(): Facts {
  const world = new World(liveRoots);
  const { env } = process;
  const gate = engineGate({ ...liveRoots });
  const proc = (world.tryText('/proc/self/mounts') ?? '').split('\n').find((line) => line.split(' ')[1] === '/proc');
  return {
    user: process.getuid?.() ?? 0,
    mayTrace: mayTrace(world.tryText('/proc/self/status') ?? ''),
    kernel: os.release(),
    procOptions: proc?.split(' ')[3]?.split(',') ?? [],
    pidNamespace: pidNamespaceOf(world),
    cgroups: cgroupsOf(),
    sockets: [...apiSockets, ...debugSockets].filter((socket) => fs.existsSync(socket)),
    asleep: gate('/run/docker.sock'),
    unasked: unaskedIn(world),
    isTerminal: process.stdout.isTTY ?? false,
    term: env['TERM'] ?? '',
    locale: env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '',
  };
}

function unaskedIn(world: World): FilesystemsValue['skipped'] {
  try {
    return skippedFilesystems(world, os.release());
  } catch {
    return [];
  }
}

/** CAP_SYS_PTRACE is bit 19 of the effective set (capabilities(7), proc_pid_status(5)). */
function mayTrace(status: string): boolean {
  const mask = /^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  return mask === undefined || (BigInt(`0x${mask}`) & (1n << 19n)) !== 0n;
}

function cgroupsOf(): 1 | 2 | null {
  if (fs.existsSync('/sys/fs/cgroup/cgroup.controllers')) return 2;
  return fs.existsSync('/sys/fs/cgroup/memory') ? 1 : null;
}
