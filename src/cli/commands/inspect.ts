import { formatMs } from '../../base/durations.ts';
import { codeOf } from '../../base/system-error.ts';
import { CriInspector } from '../../capture/cri/inspect.ts';
import { fullId } from '../../capture/cri/named-container.ts';
import { openEngine, readInspect } from '../../collect/engine/client.ts';
import { type Endpoint, isEndpointNamed } from '../../collect/engine/endpoint.ts';
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
 * What its engine says of a container, as that puts it. An engine that was named is asked first: a name can be that of a pod's
 * container too. A whole id is only of one engine's, so that of a pod needs no answer of the named one.
 *
 * @throws ReportedError when no engine knows it, or none answers
 */
export async function inspected(container: string, options: CollectOptions): Promise<unknown> {
  const what = `inspect of ${container}`;
  const isNamed = isEndpointNamed(options.dockerHost, process.env);
  const inspector = criInspector(options);
  const isWhole = fullId.test(container);
  const running = isNamed && !isWhole ? null : await badInput(what, inspector.running(container));
  if (running !== null && !(isNamed && running.namespace === 'podman')) return running;
  const endpoint = endpointOf(options);
  const signal = AbortSignal.timeout(deadlineMs);
  try {
    return await readInspect(await openEngine(endpoint, engineGate(options)), container, signal);
  } catch (error) {
    if (error instanceof ReportedError) throw error;
    const trouble = troubleOf(what, endpoint, error, signal.aborted);
    // What its monitor and its files say, and why the engine says nothing.
    if (running !== null) return { ...running, statusError: trouble.message };
    const hasNone = isUnknown(error) || ((isAbsent(error) || meansNotAsked(codeOf(error))) && (!isNamed || isWhole));
    const other = hasNone && !signal.aborted ? await badInput(what, elsewhere(container, inspector, isNamed)) : null;
    if (other !== null) return other;
    if (inspector.hasRuntimes && isAbsent(error) && !isNamed)
      throw new ReportedError(`${what}: no container of that name or id`, exitCodes.badUsage);
    throw trouble;
  }
}

function criInspector({ procfs, sysfs, rootfs, cri }: CollectOptions): CriInspector {
  const world = new World({ procfs, sysfs, rootfs });
  const table = new ProcessTable(world);
  table.scan();
  return new CriInspector(world, table, { named: cri ?? [], reader: [...selfCommand(), 'read-part'] });
}

/** What a containerd, CRI-O or monitor knows of a container that the engine does not know. */
async function elsewhere(container: string, inspector: CriInspector, isNamed: boolean): Promise<unknown> {
  const running = isNamed ? await inspector.running(container) : null;
  return running ?? (inspector.hasRuntimes ? inspector.listed(container) : null);
}

async function badInput<T>(what: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw new ReportedError(`${what}: ${reasonOf(error)}`, exitCodes.badInput);
  }
}

function troubleOf(what: string, { url }: Endpoint, error: unknown, isLate: boolean): ReportedError {
  if (isLate) {
    const late = `no answer from ${url} within ${formatMs(deadlineMs)}: the daemon holds this container’s lock, or hangs`;
    return new ReportedError(`${what}: ${late}`, exitCodes.badInput);
  }
  if (isUnknown(error)) return new ReportedError(`${what}: ${reasonOf(error)}`, exitCodes.badUsage);
  if (!isAbsent(error) || !url.endsWith('/podman.sock')) return daemonTrouble(what, 'dockerd', error);
  const way = 'Start Podman’s service (systemctl start podman.socket), or name its socket with --docker-host URL';
  return new ReportedError(`${what}: ${reasonOf(error)}. ${way}`, exitCodes.badInput);
}

function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ECONNREFUSED'].includes(codeOf(error) ?? '');
}

/** 404: the engine has no such container. */
function isUnknown(error: unknown): boolean {
  return error instanceof Error && 'statusCode' in error && error.statusCode === 404;
}
