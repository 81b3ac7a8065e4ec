import type { HostValue } from '../host.ts';
import { added, choice, list, nullable, number, object, optional, text } from './shape.ts';

export const hostValue = object<HostValue>({
  hostname: text,
  kernel: text,
  distribution: nullable(text),
  uptimeSeconds: number,
  cpus: number,
  memoryBytes: number,
  memoryAvailableBytes: number,
  pidNamespace: added(nullable(choice('host', 'nested')), null),
  missingRoots: optional(list(text)),
});
