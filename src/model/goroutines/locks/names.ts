import { shortName } from '../frames.ts';
import { isFunction, normalizeFunction } from '../function-name.ts';
import { containerLockUsers, daemon } from '../patterns/lock-users.ts';
import { receiverType } from './owner.ts';
import type { LockTally } from './tracker.ts';

/** A lock that has a name of its own, so that a sentence about it is plain; every other one is named by its type. */
interface NamedLock {
  readonly name: string;
  /** What wants it, as `isFunction` reads names. */
  readonly wanted: readonly string[];
  /** What takes it and then calls out, where no address joins the two. */
  readonly heldBelow: readonly string[];
  /** What is only called while it is held: with its object as an argument, it is inside the lock. */
  readonly calledWith?: readonly string[];
}

const containerHeldBelow = [
  ...daemon(
    'ProcessEvent',
    'handleContainerExit',
    'StateChanged',
    'killWithSignal',
    'containerStart',
    'Cleanup',
    'cleanupContainer',
    'stopHealthchecks',
  ),
  'container.(*Container).Reset',
  'container.(*Container).ToDisk',
  'container.(*Container).CheckpointTo',
];

/** daemon/{monitor,start,inspect,health}.go; `docker ps` has its lock while it lists (list.go) up to 17.06. */
const containerCalledWith = [
  ...daemon('Cleanup', 'stopHealthchecks', 'getInspectData', 'transformContainer'),
  'container.(*Container).Reset',
  'container.(*Container).ToDisk',
  'container.(*Container).CheckpointTo',
];

const namedLocks: readonly NamedLock[] = [
  {
    name: 'the lock of a container’s execs',
    wanted: ['exec.(*Store).*', 'container.(*ExecStore).*'],
    heldBelow: [],
  },
  { name: 'the lock of a container’s health', wanted: ['container.(*Health).*'], heldBelow: [] },
  {
    name: 'the lock of a container’s state',
    wanted: ['container.(*State).*'],
    heldBelow: containerHeldBelow,
    calledWith: containerCalledWith,
  },
  {
    name: 'the lock of a container',
    wanted: [...containerLockUsers, ...daemon('reducePsContainer', 'StateChanged', 'Containers'), 'daemon.func·*'],
    heldBelow: containerHeldBelow,
    calledWith: containerCalledWith,
  },
  {
    name: 'the lock of the network controller',
    wanted: ['libnetwork.(*controller).*', 'libnetwork.(*Controller).*'],
    heldBelow: [],
  },
  { name: 'the lock of a network', wanted: ['libnetwork.(*network).*', 'libnetwork.(*Network).*'], heldBelow: [] },
  {
    name: 'the lock of a network endpoint',
    wanted: ['libnetwork.(*endpoint).*', 'libnetwork.(*Endpoint).*'],
    heldBelow: [],
  },
  {
    name: 'the lock of a network sandbox',
    wanted: ['libnetwork.(*sandbox).*', 'libnetwork.(*Sandbox).*'],
    heldBelow: [],
  },
  { name: 'the lock of the layer store', wanted: ['layer.(*layerStore).*'], heldBelow: [] },
  {
    name: 'the lock of the shim’s task service',
    wanted: ['task.(*service).*', 'shim.(*Service).*', 'shim.(*service).*'],
    // https://github.com/containerd/containerd/issues/9103
    heldBelow: ['task.(*service).Create'],
  },
  {
    name: 'the lock of a shim’s process',
    wanted: ['process.(*Init).*', 'process.(*execProcess).*', 'proc.(*Init).*'],
    heldBelow: [],
  },
  {
    name: 'the write lock of a database (bolt)',
    wanted: ['bbolt.(*DB).beginRWTx', 'bolt.(*DB).beginRWTx'],
    heldBelow: ['bbolt.(*DB).Update', 'bolt.(*DB).Update'],
  },
  { name: 'the status lock of a CRI container', wanted: ['container.(*statusStorage).*'], heldBelow: [] },
  { name: 'the lock of the metrics', wanted: ['metrics.(*Namespace).*'], heldBelow: [] },
  { name: 'the operation lock of CRI-O', wanted: ['oci.(*Container).*', 'oci.(*runtimeOCI).*'], heldBelow: [] },
];

/** The entry for what wants a lock; null for one without a name. */
export function namedLock(func: string): NamedLock | null {
  const normal = normalizeFunction(func);
  return namedLocks.find(({ wanted }) => wanted.some((name) => isFunction(normal, name))) ?? null;
}

/** What a lock is called in a sentence. */
export function lockName(lock: LockTally): string {
  const [wanter] = [...lock.wanters.values()].sort((a, b) => b.count - a.count);
  if (wanter === undefined || wanter.func === '') return 'a lock';
  const named = namedLock(wanter.func);
  if (named !== null) return named.name;
  const type = [...lock.types][0] ?? receiverType(wanter.func);
  if (type === null) return `a lock wanted in ${shortName(wanter.func)}`;
  const plain = shortName(`${type}.x`)
    .slice(0, -2)
    .replace(/\(\*?([^()]+)\)$/, '$1');
  return `the lock of a ${plain}`;
}
