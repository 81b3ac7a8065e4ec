import type {
  ContainerMount,
  LayerOwner,
  MountNamespaceValue,
  MountsValue,
  NamespaceHolder,
  UnitSettings,
} from '../mounts.ts';
import { bool, choice, flag, list, nullable, number, object, optional, reading, text } from './shape.ts';

const propagation = choice('shared', 'master', 'private');

const holder = object<NamespaceHolder>({
  pid: number,
  comm: text,
  starttime: number,
  ageSeconds: number,
  kind: choice('init', 'daemon', 'shim', 'other'),
  containerId: nullable(text),
  unit: nullable(text),
});

const mount = object<ContainerMount>({
  path: text,
  type: choice('overlay', 'shm', 'nsfs', 'secret', 'volume'),
  device: text,
  propagation,
  containerId: nullable(text),
  layer: nullable(text),
  podUid: nullable(text),
  netNamespace: nullable(text),
  deleted: bool,
});

const namespace = object<MountNamespaceValue>({
  inode: text,
  host: bool,
  processes: number,
  holders: list(holder),
  total: number,
  rootLayer: nullable(text),
  mounts: reading(list(mount)),
  ageMs: optional(number),
  more: optional(number),
});

const unit = object<UnitSettings>({
  unit: text,
  mountFlags: nullable(text),
  namespaced: list(text),
  killMode: nullable(text),
  files: list(text),
});

export const mountsValue = object<MountsValue>({
  namespaces: list(namespace),
  unreadable: number,
  layers: reading(list(object<LayerOwner>({ layer: text, containerId: text, gone: optional(flag) }))),
  goneSnapshots: optional(list(text)),
  mayDetachMounts: nullable(bool),
  units: list(unit),
  reads: number,
});
