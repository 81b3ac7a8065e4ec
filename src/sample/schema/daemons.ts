import type {
  DaemonProcess,
  DaemonsValue,
  DaemonValue,
  DaemonVersion,
  EngineSettings,
  FdKinds,
  FileHandles,
  GoHeap,
  OtherDaemon,
  PoolSpace,
  ThinPool,
} from '../daemons.ts';
import { added, bool, choice, flag, list, nullable, number, object, optional, reading, text } from './shape.ts';

const process = object<DaemonProcess>({
  pid: number,
  starttime: number,
  state: optional(text),
  ageSeconds: number,
  rssBytes: number,
  fds: nullable(number),
  fdLimit: nullable(number),
  threads: number,
  mountNamespace: nullable(text),
  listens: optional(bool),
  fdKinds: nullable(
    object<FdKinds>({
      sockets: number,
      unixSockets: nullable(number),
      accepted: nullable(number),
      peerless: nullable(number),
      pipes: number,
      files: number,
      anonymous: number,
      unseen: number,
    }),
  ),
});

const version = object<DaemonVersion>({
  version: text,
  goVersion: nullable(text),
  product: added(nullable(text), null),
});

const space = object<PoolSpace>({ usedBytes: number, totalBytes: number });

const settings = object<EngineSettings>({
  rootDir: text,
  liveRestore: bool,
  storageDriver: text,
  cgroupDriver: text,
  cgroupVersion: nullable(text),
  loggingDriver: text,
  debug: bool,
  pool: optional(object<ThinPool>({ name: text, data: space, metadata: nullable(space) })),
});

const daemon = object<DaemonValue>({
  name: text,
  process: reading(process),
  engine: optional(choice('podman')),
  startsOnRequest: optional(flag),
  endpoint: nullable(text),
  named: added(bool, false),
  goroutines: reading(number),
  heap: reading(object<GoHeap>({ allocBytes: number, inuseBytes: number })),
  version: reading(version),
  ping: reading(object<{ readonly ms: number }>({ ms: number })),
  settings: reading(settings),
});

export const daemonsValue = object<DaemonsValue>({
  daemons: list(daemon),
  fileHandles: nullable(object<FileHandles>({ allocated: number, free: number, max: number })),
  others: added(
    list(object<OtherDaemon>({ name: choice('dockerd', 'containerd'), pid: number, sockets: list(text) })),
    [],
  ),
});
