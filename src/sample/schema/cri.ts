import type { ContainerChurn } from '../containers.ts';
import type { CriContainer, CriRuntime, CriValue, DiskStatus, HeldStatus, PodSandbox } from '../cri.ts';
import {
  bool,
  choice,
  list,
  longList,
  moment,
  momentSeconds,
  nullable,
  number,
  object,
  optional,
  reading,
  record,
  text,
} from './shape.ts';

const sandbox = object<PodSandbox>({
  id: text,
  name: text,
  namespace: text,
  uid: text,
  attempt: number,
  ready: bool,
  createdAt: momentSeconds,
});

const container = object<CriContainer>({
  id: text,
  sandboxId: nullable(text),
  runtimeNamespace: text,
  name: text,
  image: text,
  state: choice('created', 'running', 'exited', 'unknown'),
  createdAt: momentSeconds,
  restarts: nullable(number),
  labels: record(text),
});

const diskStatus = object<DiskStatus>({
  containerId: text,
  createdAt: moment,
  startedAt: nullable(moment),
  finishedAt: nullable(moment),
  exitCode: nullable(number),
});

const answered = reading(object<{ readonly ms: number }>({ ms: number }));

const runtime = object<CriRuntime>({
  kind: choice('containerd', 'crio'),
  socket: text,
  pid: nullable(number),
  ping: answered,
  version: nullable(text),
  sandboxList: answered,
  containerList: answered,
  events: reading(object<{ readonly seen: number }>({ seen: number })),
  sandboxes: longList(sandbox),
  containers: longList(container),
  heldStatuses: list(object<HeldStatus>({ containerId: text, forMs: number })),
  churn: nullable(object<ContainerChurn>({ since: moment, created: number, died: number, destroyed: number })),
  storage: optional(object<NonNullable<CriRuntime['storage']>>({ root: text, driver: text })),
  diskStatuses: optional(list(diskStatus)),
});

export const criValue = object<CriValue>({ runtimes: list(runtime) });
