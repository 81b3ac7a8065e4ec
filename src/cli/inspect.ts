import { formatMs } from '../base/durations.ts';
import { openEngine } from '../collect/engine/client.ts';
import { reasonOf } from '../collect/reason.ts';
import { jsonText } from '../view/report/json-text.ts';
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
    const reason = signal.aborted
      ? `no answer within ${formatMs(deadlineMs)}: the daemon holds this container's lock, or hangs`
      : reasonOf(error);
    throw new ReportedError(`inspect of ${container}: ${reason}`, exitCodes.ownFault);
  }
}
