import type {
  ContainerChurn,
  ContainerInspect,
  ContainersValue,
  ContainerValue,
  InspectedMount,
  MadeWith,
  PendingKill,
  SentSignal,
} from '../containers.ts';
import {
  bool,
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

const kill = object<PendingKill>({
  firstAt: moment,
  lastAt: moment,
  count: number,
  attempts: number,
  signal: number,
  signals: list(object<SentSignal>({ signal: number, count: number, firstAt: moment, lastAt: moment })),
});

const inspect = object<ContainerInspect>({
  status: text,
  pid: number,
  error: text,
  startedAt: nullable(moment),
  stopTimeoutSeconds: nullable(number),
  init: bool,
  logDriver: nullable(text),
  logRotated: nullable(bool),
  restarts: optional(number),
  mergedDir: nullable(text),
  mounts: list(object<InspectedMount>({ type: text, source: text, destination: text, propagation: text })),
});

const container = object<ContainerValue>({
  id: text,
  name: text,
  image: text,
  state: text,
  status: text,
  createdAt: momentSeconds,
  labels: record(text),
  kill: nullable(kill),
  inspect: nullable(reading(inspect)),
  settings: optional(
    object<MadeWith>({ init: bool, logDriver: nullable(text), logRotated: nullable(bool), restarts: optional(number) }),
  ),
});

export const containersValue = object<ContainersValue>({
  listMs: number,
  events: reading(object<{ readonly seen: number }>({ seen: number })),
  containers: longList(container),
  inspected: number,
  churn: nullable(object<ContainerChurn>({ since: moment, created: number, died: number, destroyed: number })),
});
