import { okValue } from '../../sample/reading.ts';
import type { SourceValues } from '../../sample/sample.ts';
import type { StalledProcess } from '../sampler-cost.ts';
import type { Tracked } from '../tracked.ts';

type Sources = { readonly [N in 'processes' | 'daemons' | 'shims']: Tracked<SourceValues[N]> };

/** The name and container of a process, by the newest values of the sources; null if none of them has it. */
export function whoIs(pid: number, sources: Sources): Pick<StalledProcess, 'comm' | 'containerId'> | null {
  const process = sources.processes.value?.processes.find((one) => one.pid === pid);
  if (process !== undefined) return { comm: process.comm, containerId: process.containerId };
  const daemon = sources.daemons.value?.daemons.find((one) => okValue(one.process)?.pid === pid);
  if (daemon !== undefined) return { comm: daemon.name, containerId: null };
  const shim = sources.shims.value?.shims.find((one) => one.pid === pid);
  if (shim !== undefined) return { comm: shim.comm, containerId: null };
  const containers = [
    ...(sources.shims.value?.shims.flatMap((one) => one.containers) ?? []),
    ...(sources.shims.value?.orphans ?? []),
  ];
  for (const { containerId, tasks } of containers) {
    const task = tasks.find((one) => one.pid === pid);
    if (task !== undefined) return { comm: task.comm, containerId };
  }
  return null;
}
