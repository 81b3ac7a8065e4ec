import type { BundleName, ContainerTasks, PlainName, ShimsValue, ShimValue, TaskValue } from '../shims.ts';
import { bool, choice, flag, list, longList, nullable, number, object, optional, text } from './shape.ts';

const task = object<TaskValue>({
  pid: number,
  starttime: number,
  ppid: number,
  comm: text,
  state: text,
  threads: number,
  exiting: bool,
  killPending: bool,
  blockedThreads: number,
});

const containerTasks = object<ContainerTasks>({
  containerId: text,
  initPid: nullable(number),
  count: number,
  tasks: list(task),
});

const shim = object<ShimValue>({
  pid: number,
  starttime: number,
  ageSeconds: number,
  comm: text,
  state: text,
  waits: list(text),
  mountNamespace: nullable(text),
  bundle: nullable(text),
  runtimeNamespace: nullable(text),
  bundleId: nullable(text),
  initGone: optional(flag),
  childless: optional(flag),
  bundleGone: optional(flag),
  rssBytes: optional(number),
  ownSandbox: optional(flag),
  containers: list(containerTasks),
});

const name = object<BundleName>({
  id: text,
  pod: text,
  namespace: text,
  container: nullable(text),
  image: nullable(text),
});

const plainName = object<PlainName>({ id: text, name: text, engine: choice('podman', 'nerdctl') });

export const shimsValue = object<ShimsValue>({
  shims: list(shim),
  orphans: list(containerTasks),
  names: optional(longList(name)),
  plainNames: optional(longList(plainName)),
});
