import { bboltLockHolder, bboltLockWaiter } from './bbolt.ts';
import { containerLockHolder, containerLockWaiter } from './container-lock.ts';
import {
  cniPluginWait,
  criEventSend,
  crioStopLock,
  mountStat,
  nriLockWaiter,
  snapshotGc,
  snapshotterLockWaiter,
} from './cri-calls.ts';
import { criStatusLockHolder, criStatusLockWaiter } from './cri-status-lock.ts';
import { loadShims } from './daemon-start.ts';
import { criAttach, criResize, execSyncDrain, execSyncReader } from './exec-sync.ts';
import { execFifoWait, fifoOpen } from './fifos.ts';
import { healthMonitor, healthProbe, healthProbeExec } from './health-checks.ts';
import { containerConfigSync, healthCheckStop, logDriverClose, logServerAway, networkRelease } from './held-at-exit.ts';
import { httpConnectionReader, httpHandler, httpIdleConnection, profileRequest } from './http.ts';
import { layerRemoval } from './layer-removal.ts';
import { networkLockWaiter } from './network-locks.ts';
import type { Pattern } from './pattern.ts';
import { shimCall, shimLockWaiter, shimUnmount, taskWait } from './shim.ts';
import { stateWait, waitRequest } from './state-wait.ts';
import { stopWaitsForExit } from './stop-waits-for-exit.ts';
import { eventStream, execOrAttachCopy, logFollower, logReader, openExec } from './streams.ts';
import { taskExit } from './task-exit.ts';

/**
 * All known patterns. A goroutine counts for each that fits (a request that waits for the database while it holds the
 * status of a container is both); a group is called after the first, so those that explain others come before those that
 * are explained, and the most general last.
 */
export const patterns: readonly Pattern[] = [
  profileRequest,
  stopWaitsForExit,
  stateWait,
  logDriverClose,
  networkRelease,
  networkLockWaiter,
  containerLockWaiter,
  containerConfigSync,
  healthCheckStop,
  containerLockHolder,
  shimUnmount,
  shimLockWaiter,
  criEventSend,
  nriLockWaiter,
  snapshotGc,
  snapshotterLockWaiter,
  mountStat,
  cniPluginWait,
  crioStopLock,
  criStatusLockWaiter,
  criStatusLockHolder,
  bboltLockWaiter,
  bboltLockHolder,
  loadShims,
  execFifoWait,
  fifoOpen,
  healthProbe,
  healthProbeExec,
  execSyncDrain,
  execSyncReader,
  criAttach,
  criResize,
  logServerAway,
  shimCall,
  taskWait,
  taskExit,
  healthMonitor,
  layerRemoval,
  waitRequest,
  execOrAttachCopy,
  openExec,
  logFollower,
  logReader,
  eventStream,
  httpConnectionReader,
  httpHandler,
  httpIdleConnection,
];
