import { formatMs } from '../base/durations.ts';
import { openEngine } from '../collect/engine/client.ts';
import { reasonOf } from '../collect/reason.ts';
import { jsonText } from '../view/report/json-text.ts';
import { daemonTrouble } from './daemon-trouble.ts';
import { exitCodes, ReportedError } from './exit-codes.ts';
import type { CollectOptions } from './options.ts';
import { endpointOf } from './sample.ts';

/** An inspect that takes longer waits for the container's lock, possibly forever. */
const deadlineMs = 5000;

/** Prints the engine's inspect of a container. */
export async function inspect(container: string, options: CollectOptions): Promise<void> {
  const signal = AbortSignal.timeout(deadlineMs);
  try {
    const engine = await openEngine(endpointOf(options));
    const answer = await engine.getContainer(container).inspect({ abortSignal: signal });
    process.stdout.write(`${jsonText(answer)}\n`);
  } catch (error) {
    if (error instanceof ReportedError) throw error;
    throw troubleOf(`inspect of ${container}`, error, signal.aborted);
  }
}

function troubleOf(what: string, error: unknown, isLate: boolean): ReportedError {
  if (isLate) {
    const late = `no answer within ${formatMs(deadlineMs)}: the daemon holds this container's lock, or hangs`;
    return new ReportedError(`${what}: ${late}`, exitCodes.badInput);
  }
  const isUnknown = error instanceof Error && 'statusCode' in error && error.statusCode === 404;
  return isUnknown
    ? new ReportedError(`${what}: ${reasonOf(error)}`, exitCodes.badUsage)
    : daemonTrouble(what, 'dockerd', error);
}
