import type { CgroupFreezer, CgroupsValue, CgroupUse, CgroupValue, KmemAccounting, MemoryCgroups } from '../cgroups.ts';
import { ioPressure } from './disks.ts';
import { bool, choice, list, nullable, number, object, optional, reading, text } from './shape.ts';

const group = object<CgroupValue>({
  path: text,
  containerId: nullable(text),
  ageMs: number,
  ioPressure: reading(ioPressure),
  io: nullable(object<NonNullable<CgroupValue['io']>>({ readBytes: number, writeBytes: number })),
  freezer: optional(
    object<CgroupFreezer>({
      frozen: bool,
      self: nullable(bool),
      file: text,
      pids: list(number),
      offCpuSeconds: nullable(number),
    }),
  ),
  use: optional(
    object<CgroupUse>({
      ageMs: number,
      cpuMicros: nullable(number),
      memoryBytes: nullable(number),
      memoryLimitBytes: nullable(number),
      pids: nullable(number),
      pidsLimit: nullable(number),
      oomKills: nullable(number),
    }),
  ),
});

const memory = object<MemoryCgroups>({
  counted: nullable(number),
  visible: nullable(number),
  dying: nullable(number),
  elsewhere: nullable(number),
  nokmem: bool,
  accounting: nullable(object<KmemAccounting>({ path: text, usageBytes: nullable(number), slabs: nullable(number) })),
});

export const cgroupsValue = object<CgroupsValue>({
  version: choice('v1', 'v2', 'hybrid'),
  groups: list(group),
  more: number,
  memory,
});
