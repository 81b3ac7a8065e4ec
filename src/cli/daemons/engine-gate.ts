import { SocketActivation } from '../../collect/daemons/activation.ts';
import { isEndpointNamed } from '../../collect/engine/endpoint.ts';
import type { Gate } from '../../collect/engine/gate.ts';
import { ProcessTable } from '../../collect/processes/table.ts';
import { World } from '../../collect/world.ts';
import type { CollectOptions } from '../options/options.ts';

/** For a command that asks the engine once: no command starts a daemon by asking. */
export function engineGate({
  procfs,
  sysfs,
  rootfs,
  dockerHost,
}: Pick<CollectOptions, 'procfs' | 'sysfs' | 'rootfs' | 'dockerHost'>): Gate {
  const world = new World({ procfs, sysfs, rootfs });
  const table = new ProcessTable(world);
  table.scan();
  return new SocketActivation(world, table, { named: isEndpointNamed(dockerHost, process.env) }).gate;
}
