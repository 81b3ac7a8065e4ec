import type {
  BlockDevice,
  CpuTicks,
  DiskCounters,
  DiskMount,
  DiskMounts,
  DisksValue,
  DiskTopology,
  IoPressure,
  PressureLine,
  RuntimeRoot,
  WriteBackCounters,
} from '../disks.ts';
import { bool, choice, list, nullable, number, object, reading, text } from './shape.ts';

const pressureLine = object<PressureLine>({ avg10: number, avg60: number, totalMicros: number });

/** `io.pressure` of a control group has the same form. */
export const ioPressure = object<IoPressure>({ some: pressureLine, full: nullable(pressureLine) });

const counters = object<DiskCounters>({
  name: text,
  device: text,
  reads: number,
  readSectors: number,
  readMs: number,
  writes: number,
  writtenSectors: number,
  writeMs: number,
  discards: nullable(number),
  flushes: nullable(number),
  flushMs: nullable(number),
  inFlight: number,
  busyMs: number,
  weightedMs: number,
});

const device = object<BlockDevice>({
  name: text,
  device: text,
  kind: choice('disk', 'partition', 'dm', 'md', 'loop'),
  label: nullable(text),
  level: nullable(text),
  missing: nullable(number),
  disk: nullable(text),
  slaves: list(text),
  readOnly: bool,
  rotational: nullable(bool),
});

const mount = object<DiskMount>({
  device: text,
  source: text,
  path: text,
  root: text,
  type: text,
  readOnly: bool,
  filesystemReadOnly: bool,
  stopped: bool,
});

const mounts = object<DiskMounts>({
  list: list(mount),
  more: number,
  roots: list(object<RuntimeRoot>({ of: choice('docker', 'podman', 'containerd', 'kubelet', 'crio'), path: text })),
  taskOverlays: object<DiskMounts['taskOverlays']>({ total: number, volatile: number }),
});

const writeBack = object<WriteBackCounters>({
  dirtiedBytes: number,
  writtenBytes: number,
  limitBytes: nullable(number),
  backgroundBytes: nullable(number),
});

export const disksValue = object<DisksValue>({
  pressure: reading(ioPressure),
  disks: list(counters),
  more: number,
  dirtyBytes: nullable(number),
  writebackBytes: nullable(number),
  procsBlocked: nullable(number),
  writeBack: nullable(writeBack),
  cpu: nullable(object<CpuTicks>({ ioWait: number, total: number })),
  topology: nullable(object<DiskTopology>({ devices: list(device), mounts: reading(mounts), more: number })),
});
