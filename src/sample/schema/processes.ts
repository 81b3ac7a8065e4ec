import type { CniPlugin } from '../cni.ts';
import type { BlockedTask, FuseDaemon, ProcessesValue, ProcessValue, SyscallValue, VolumeMount } from '../processes.ts';
import type { RuntimeProcess } from '../runtimes.ts';
import { bool, flag, list, nullable, number, object, optional, text } from './shape.ts';

const blockedTask = object<BlockedTask>({
  tid: number,
  comm: text,
  wchan: nullable(text),
  stack: nullable(list(text)),
  offCpuSeconds: nullable(number),
  switches: optional(number),
  syscall: nullable(object<SyscallValue>({ number, name: nullable(text), fd: nullable(number), file: nullable(text) })),
});

const volume = object<VolumeMount>({
  mountPoint: text,
  root: text,
  source: text,
  type: text,
  device: text,
  readOnly: bool,
});

const process = object<ProcessValue>({
  pid: number,
  starttime: number,
  comm: text,
  state: text,
  ppid: number,
  parentComm: nullable(text),
  parentIsInit: nullable(bool),
  nsPid: nullable(number),
  kernelThread: bool,
  exiting: bool,
  threads: number,
  killPending: bool,
  containerId: nullable(text),
  blocked: list(blockedTask),
  moreBlocked: optional(number),
  volumes: list(volume),
});

const runtime = object<RuntimeProcess>({
  pid: number,
  starttime: number,
  ppid: number,
  parentComm: nullable(text),
  comm: text,
  state: text,
  ageSeconds: number,
  command: nullable(text),
  attached: bool,
  containerId: nullable(text),
  wchan: nullable(text),
});

const cniPlugin = object<CniPlugin>({
  pid: number,
  starttime: number,
  comm: text,
  ppid: number,
  parentComm: text,
  state: text,
  ageSeconds: number,
  command: nullable(text),
  sandboxId: nullable(text),
  pod: nullable(text),
  waitsFor: nullable(text),
  waits: list(text),
});

const fuseDaemon = object<FuseDaemon>({ pid: number, comm: text, state: text, type: text });

export const processesValue = object<ProcessesValue>({
  uptimeSeconds: number,
  total: number,
  unreadable: number,
  partial: optional(flag),
  processes: list(process),
  more: number,
  runtimes: optional(list(runtime)),
  cniPlugins: optional(list(cniPlugin)),
  fuseDaemons: optional(list(fuseDaemon)),
});
