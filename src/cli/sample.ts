import { announceStart } from '../collect/announce-start.ts';
import { isEndpointNamed, resolveEndpoint } from '../collect/engine/endpoint.ts';
import { nodeClock } from '../collect/node-clock.ts';
import { Sampler } from '../collect/sampler.ts';
import { openSources } from '../collect/sources.ts';
import { ownCpuMs, Watchdog } from '../collect/watchdog.ts';
import { World } from '../collect/world.ts';
import type { Sample } from '../sample/sample.ts';
import { encodeSample } from '../wire/ndjson.ts';
import { exitCodes, ReportedError } from './exit-codes.ts';
import { LineOutput } from './line-output.ts';
import type { CollectOptions } from './options.ts';

export interface SampleOptions extends CollectOptions {
  readonly avoid: readonly string[];
  readonly announceAll?: boolean;
}

/** What waits for a reader that is slow: a few lines of a node with thousands of containers. */
const maxWaitingBytes = 2 * 1024 ** 2;

/** Looks at the node and writes Samples until standard output is closed or the process is ended. */
export async function sample(options: SampleOptions): Promise<void> {
  const world = new World({ procfs: options.procfs, sysfs: options.sysfs, rootfs: options.rootfs });
  world.avoided.push(...options.avoid);
  world.announceAll = options.announceAll ?? false;
  const ended = Promise.withResolvers<void>();
  // The reader went away: there is nobody left to look for.
  const output = new LineOutput((error) => process.stdout.emit('error', error));
  process.stdout.on('error', () => ended.resolve());
  const write = (sample: Sample): void => output.write(encodeSample(sample), sample.begin !== undefined);
  announceStart(world, write);
  const { sources, close } = openSources(world, {
    engine: endpointOf(options),
    engineNamed: isEndpointNamed(options.dockerHost, process.env),
    pprof: new Map(options.pprof),
    logs: options.log,
    intervalMs: options.interval,
    disabled: new Set(options.disable),
  });
  const sampler = new Sampler(sources, world, {
    intervalMs: options.interval,
    now: nodeClock(world),
    isBehind: () => output.waitingBytes > maxWaitingBytes,
    watchdog: new Watchdog({ budgetPercent: options.cpuBudget, now: () => performance.now(), cpuMs: ownCpuMs }),
    write,
  });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.once(signal, () => {
      process.exitCode = signal === 'SIGINT' ? 130 : exitCodes.ok;
      ended.resolve();
    });
  }
  sampler.start();
  await ended.promise;
  sampler.stop();
  close();
  // Requests on their way would keep the process for as long as their deadlines.
  process.exit();
}

/**
 * The engine's endpoint that the options ask for.
 *
 * @throws ReportedError when it makes no sense
 */
export function endpointOf({ dockerHost, rootfs }: CollectOptions): ReturnType<typeof resolveEndpoint> {
  try {
    return resolveEndpoint(dockerHost, rootfs, process.env);
  } catch (error) {
    throw new ReportedError(error instanceof Error ? error.message : String(error), exitCodes.badUsage);
  }
}
