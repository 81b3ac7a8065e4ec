import type { ReadingOf, SourceName } from '../sample.ts';
import { cgroupsValue } from './cgroups.ts';
import { containersValue } from './containers.ts';
import { criValue } from './cri.ts';
import { daemonsValue } from './daemons.ts';
import { disksValue } from './disks.ts';
import { filesystemsValue } from './filesystems.ts';
import { hostValue } from './host.ts';
import { logsValue } from './logs.ts';
import { mountsValue } from './mounts.ts';
import { processesValue } from './processes.ts';
import { reading, type Shape } from './shape.ts';
import { shimsValue } from './shims.ts';
import { stacksValue } from './stacks.ts';
import { writersValue } from './writers.ts';

/** The shape of each source's reading. */
export const readingShapes: { readonly [N in SourceName]: Shape<ReadingOf<N>> } = {
  daemons: reading(daemonsValue),
  stacks: reading(stacksValue),
  containers: reading(containersValue),
  cri: reading(criValue),
  processes: reading(processesValue),
  shims: reading(shimsValue),
  mounts: reading(mountsValue),
  disks: reading(disksValue),
  filesystems: reading(filesystemsValue),
  writers: reading(writersValue),
  cgroups: reading(cgroupsValue),
  logs: reading(logsValue),
  host: reading(hostValue),
};
