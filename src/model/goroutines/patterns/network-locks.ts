import { lock, lockSubject, type Pattern } from './pattern.ts';

const types = [
  'controller',
  'Controller',
  'network',
  'Network',
  'endpoint',
  'Endpoint',
  'sandbox',
  'Sandbox',
  'resolver',
  'Resolver',
];

export const networkLockWaiter: Pattern = {
  id: 'network-lock-waiter',
  title: 'Waits for a lock of the network code in dockerd',
  meaning:
    'Containers do not start or stop, network commands and DNS queries of containers (ResolveName) hang. Two paths take the ' +
    'locks of controller and network in opposite order: fixed in 23.0.0 and 20.10.27. Only a restart of dockerd resolves ' +
    'a deadlock.',
  versions: 'dockerd before 20.10.27 and 23.0.0',
  references: [
    'https://github.com/moby/libnetwork/issues/2649',
    'https://github.com/moby/moby/pull/42545',
    'https://github.com/moby/moby/pull/42569',
    'https://github.com/moby/moby/pull/46693',
  ],
  harmless: false,
  noun: 'lock',
  signatures: [{ steps: [lock, types.map((type) => `libnetwork.(*${type}).*`)], subject: lockSubject }],
};
