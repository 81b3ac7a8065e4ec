import { formatMs } from '../../base/durations.ts';
import { codeOf } from '../../base/system-error.ts';
import { CriInspector } from '../../capture/cri/inspect.ts';
import { openEngine, readInspect } from '../../collect/engine/client.ts';
import { isEndpointNamed } from '../../collect/engine/endpoint.ts';
import { meansNotAsked } from '../../collect/engine/gate.ts';
import { ProcessTable } from '../../collect/processes/table.ts';
import { reasonOf } from '../../collect/reason.ts';
import { World } from '../../collect/world.ts';
import { jsonText } from '../../view/report/json-text.ts';
import { daemonTrouble } from '../daemons/daemon-trouble.ts';
import { engineGate } from '../daemons/engine-gate.ts';
import type { CollectOptions } from '../options/options.ts';
import { exitCodes, ReportedError } from '../process/exit-codes.ts';
import { exitFlushed } from '../process/exit-flushed.ts';
import { selfCommand } from '../process/self.ts';
import { endpointOf } from './sample.ts';

/** An inspect that takes longer waits for the container's lock, possibly forever. */
const deadlineMs = 5000;

/** Prints what its engine says of a container: Docker’s inspect, or the CRI status with the OCI specification and log lines. */
export async function inspect(container: string, options: CollectOptions): Promise<void> {
  process.stdout.write(`${jsonText(await inspected(container, options))}\n`);
  // An answer that never came would keep its connection open.
  await exitFlushed(exitCodes.ok);
}

/**
 * What its engine says of a container, as that puts it.
 *
 * @throws ReportedError when no engine knows it, or none answers
 */
export async function inspected(container: string, options: CollectOptions): Promise<unknown> {
  const what = `inspect of ${container}`;
  const inspector = criInspector(options);
  const running = await badInput(what, inspector.running(container));
  return running ?? askEngine(container, options, inspector, what);
}

function criInspector({ procfs, sysfs, rootfs, cri }: CollectOptions): CriInspector {
  const world = new World({ procfs, sysfs, rootfs });
  const table = new ProcessTable(world);
  table.scan();
  return new CriInspector(world, table, { named: cri ?? [], reader: [...selfCommand(), 'read-part'] });
}

/** Where no engine is, or it does not know the container, a containerd or CRI-O may list it. */
async function askEngine(
  container: string,
  options: CollectOptions,
  inspector: CriInspector,
  what: string,
): Promise<unknown> {
  const signal = AbortSignal.timeout(deadlineMs);
  try {
    return await readInspect(await openEngine(endpointOf(options), engineGate(options)), container, signal);
  } catch (error) {
    if (error instanceof ReportedError) throw error;
    const hasNone = isAbsent(error) || isUnknown(error) || meansNotAsked(codeOf(error));
    const mayBeElsewhere = inspector.hasRuntimes && !signal.aborted && hasNone;
    const listed = mayBeElsewhere ? await badInput(what, inspector.listed(container)) : null;
    if (listed !== null) return listed;
    // An engine that was named has to be there.
    const isNamed = isEndpointNamed(options.dockerHost, process.env);
    if (mayBeElsewhere && isAbsent(error) && !isNamed)
      throw new ReportedError(`${what}: no container of that name or id`, exitCodes.badUsage);
    throw troubleOf(what, error, signal.aborted);
  }
}

async function badInput<T>(what: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw new ReportedError(`${what}: ${reasonOf(error)}`, exitCodes.badInput);
  }
}

function troubleOf(what: string, error: unknown, isLate: boolean): ReportedError {
  if (isLate) {
    const late = `no answer within ${formatMs(deadlineMs)}: the daemon holds this container's lock, or hangs`;
    return new ReportedError(`${what}: ${late}`, exitCodes.badInput);
  }
  return isUnknown(error)
    ? new ReportedError(`${what}: ${reasonOf(error)}`, exitCodes.badUsage)
    : daemonTrouble(what, 'dockerd', error);
}

function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ECONNREFUSED'].includes(codeOf(error) ?? '');
}

/** 404: the engine has no such container. */
function isUnknown(error: unknown): boolean {
  return error instanceof Error && 'statusCode' in error && error.statusCode === 404;
}
