import { bboltLockHolder, bboltLockWaiter, boltDamaged } from './bbolt.ts';
import { buildRequest } from './builds.ts';
import { containerdCall, criCall, engineCall, listedLock, ttrpcCall } from './calls.ts';
import {
  channelSend,
  eventPublish,
  oomEventRead,
  overlayPeerSend,
  plegSend,
  reaperSend,
  reaperWait,
} from './channels.ts';
import { containerLockHolder, containerLockWaiter } from './container-lock.ts';
import { containerSize, layerUsage } from './container-size.ts';
import {
  cniPluginWait,
  criEventSend,
  crioAttach,
  crioStopLock,
  crioStopWait,
  mountStat,
  nriLockWaiter,
  pullSlotWait,
  snapshotGc,
  snapshotterCall,
  snapshotterLockWaiter,
} from './cri-calls.ts';
import { criStatusLockHolder, criStatusLockWaiter } from './cri-status-lock.ts';
import { containerdStart, dockerdStart, loadShims } from './daemon-start.ts';
import { criAttach, criResize, execSyncDrain, execSyncReader } from './exec-sync.ts';
import { execFifoWait, fifoOpen, startFifoWait } from './fifos.ts';
import { healthMonitor, healthProbe, healthProbeExec } from './health-checks.ts';
import {
  containerConfigSync,
  healthCheckStop,
  logDriverClose,
  logDriverDrain,
  logServerAway,
  networkRelease,
  streamDrain,
} from './held-at-exit.ts';
import { httpConnectionReader, httpHandler, httpIdleConnection, profileRequest } from './http.ts';
import { layerRemoval } from './layer-removal.ts';
import { awslogsCreate, logQueueFull, logServerWrite } from './log-servers.ts';
import { networkLockWaiter } from './network-locks.ts';
import {
  firewalldCall,
  netlinkRequest,
  otherPluginCall,
  systemdCall,
  udevWait,
  volumePluginCall,
} from './outside-calls.ts';
import {
  boltFileLock,
  childOutput,
  childWait,
  fileLockWait,
  mountPointStat,
  treeRemoval,
  unmountCall,
} from './path-calls.ts';
import type { Pattern } from './pattern.ts';
import { libpodLock, storageFileLock } from './podman.ts';
import { shimCall, shimLockWaiter, shimSend, shimUnmount, taskWait } from './shim.ts';
import { stateWait, waitRequest } from './state-wait.ts';
import { stopWaitsForExit } from './stop-waits-for-exit.ts';
import { dockerdStop, requestGroupWait, serverStop, swarmStop } from './stopping.ts';
import { attachWatch, eventStream, execOrAttachCopy, logFollow, logFollower, logReader, openExec } from './streams.ts';
import { swarmManagerCall } from './swarm.ts';
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
  logDriverDrain,
  streamDrain,
  networkRelease,
  networkLockWaiter,
  containerLockWaiter,
  containerConfigSync,
  healthCheckStop,
  containerSize,
  layerUsage,
  containerLockHolder,
  shimUnmount,
  shimLockWaiter,
  criEventSend,
  nriLockWaiter,
  snapshotGc,
  snapshotterCall,
  snapshotterLockWaiter,
  mountStat,
  cniPluginWait,
  crioStopLock,
  crioStopWait,
  crioAttach,
  pullSlotWait,
  criStatusLockWaiter,
  criStatusLockHolder,
  bboltLockWaiter,
  boltDamaged,
  bboltLockHolder,
  boltFileLock,
  loadShims,
  execFifoWait,
  fifoOpen,
  startFifoWait,
  healthProbe,
  healthProbeExec,
  execSyncDrain,
  execSyncReader,
  criAttach,
  criResize,
  logServerAway,
  logServerWrite,
  awslogsCreate,
  logQueueFull,
  overlayPeerSend,
  plegSend,
  reaperSend,
  oomEventRead,
  reaperWait,
  shimSend,
  shimCall,
  taskWait,
  ttrpcCall,
  taskExit,
  healthMonitor,
  layerRemoval,
  eventPublish,
  udevWait,
  volumePluginCall,
  otherPluginCall,
  swarmManagerCall,
  netlinkRequest,
  firewalldCall,
  systemdCall,
  mountPointStat,
  unmountCall,
  treeRemoval,
  childWait,
  childOutput,
  libpodLock,
  storageFileLock,
  fileLockWait,
  channelSend,
  criCall,
  containerdCall,
  engineCall,
  listedLock,
  swarmStop,
  dockerdStop,
  serverStop,
  buildRequest,
  requestGroupWait,
  dockerdStart,
  containerdStart,
  waitRequest,
  execOrAttachCopy,
  openExec,
  attachWatch,
  logFollower,
  logFollow,
  logReader,
  eventStream,
  httpConnectionReader,
  httpHandler,
  httpIdleConnection,
];
