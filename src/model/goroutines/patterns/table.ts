import { bboltLockHolder, bboltLockWaiter } from './bbolt.ts';
import { containerLockHolder, containerLockWaiter } from './container-lock.ts';
import { criStatusLockHolder, criStatusLockWaiter } from './cri-status-lock.ts';
import { httpConnectionReader, httpHandler, httpIdleConnection, profileRequest } from './http.ts';
import { layerRemoval } from './layer-removal.ts';
import type { Pattern } from './pattern.ts';
import { shimCall, shimLockWaiter, shimUnmount, taskWait } from './shim.ts';
import { stateWait, waitRequest } from './state-wait.ts';
import { stopWaitsForExit } from './stop-waits-for-exit.ts';
import { eventStream, execOrAttachCopy, logFollower, logReader } from './streams.ts';
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
  containerLockWaiter,
  containerLockHolder,
  shimUnmount,
  shimLockWaiter,
  criStatusLockWaiter,
  criStatusLockHolder,
  bboltLockWaiter,
  bboltLockHolder,
  shimCall,
  taskWait,
  taskExit,
  layerRemoval,
  waitRequest,
  execOrAttachCopy,
  logFollower,
  logReader,
  eventStream,
  httpConnectionReader,
  httpHandler,
  httpIdleConnection,
];
