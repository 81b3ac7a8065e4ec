import { blockedProcess } from './blocked-process.ts';
import { containerLockContention } from './container-lock-contention.ts';
import type { Rule } from './engine/rule.ts';
import { fdExhaustion } from './fd-exhaustion.ts';
import { goroutineGrowth } from './goroutine-growth.ts';
import { goroutineLeakOnStop } from './goroutine-leak-on-stop.ts';
import { growingHeap } from './growing-heap.ts';
import { ioPressure } from './io-pressure.ts';
import { kmemAccountingLeak } from './kmem-accounting-leak.ts';
import { leakedMount } from './leaked-mount.ts';
import { lockContention } from './lock-contention.ts';
import { lostEventStream } from './lost-event-stream.ts';
import { metadataLockContention } from './metadata-lock-contention.ts';
import { outdatedEngine } from './outdated-engine.ts';
import { riskyConfiguration } from './risky-configuration.ts';
import { silentDaemon } from './silent-daemon.ts';
import { splitMountNamespace } from './split-mount-namespace.ts';
import { stalledReader } from './stalled-reader.ts';
import { stalledTaskDelete } from './stalled-task-delete.ts';
import { stuckRemoval } from './stuck-removal.ts';
import { unkillableContainer } from './unkillable-container.ts';
import { unreapedZombie } from './unreaped-zombie.ts';

/** Every rule there is. */
export const rules: readonly Rule[] = [
  unkillableContainer,
  stuckRemoval,
  stalledTaskDelete,
  metadataLockContention,
  containerLockContention,
  lockContention,
  goroutineLeakOnStop,
  goroutineGrowth,
  lostEventStream,
  silentDaemon,
  ioPressure,
  blockedProcess,
  leakedMount,
  splitMountNamespace,
  kmemAccountingLeak,
  fdExhaustion,
  growingHeap,
  unreapedZombie,
  stalledReader,
  outdatedEngine,
  riskyConfiguration,
];
