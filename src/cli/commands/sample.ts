import fs from 'node:fs';
import { announceStart } from '../../collect/announce-start.ts';
import { isEndpointNamed, resolveEndpoint } from '../../collect/engine/endpoint.ts';
import { nodeClock } from '../../collect/node-clock.ts';
import { ownCpuMs } from '../../collect/own-cpu.ts';
import { Sampler } from '../../collect/sampler.ts';
import { openSources } from '../../collect/sources.ts';
import { Watchdog } from '../../collect/watchdog.ts';
import { World } from '../../collect/world.ts';
import { type Sample, sourceNames } from '../../sample/sample.ts';
import { encodeSample } from '../../wire/ndjson.ts';
import { SampleEncoder } from '../../wire/sample-encoder.ts';
import type { CollectOptions } from '../options/options.ts';
import { exitCodes, ReportedError } from '../process/exit-codes.ts';
import { keepCodeSmall } from '../process/small-code.ts';
import { keepMemorySmall } from '../process/small-memory.ts';
import { LineOutput } from '../sampler/line-output.ts';

export interface SampleOptions extends CollectOptions {
  readonly avoid: readonly string[];
  /** Sources that hung: left out without a word, unlike those that the user disabled. */
  readonly skip: readonly string[];
  readonly announceAll?: boolean;
  readonly omitUnchanged?: boolean;
}

/** Buffer for a slow reader: a few lines of a node with thousands of containers. */
const maxWaitingBytes = 2 * 1024 ** 2;

/**
 * On a node where thousands of processes come and go half of the room in such a heap is holes; 200 calm processes lead to 20 MiB (docs/performance.md).
 */
const largeSamplerBytes = 22 * 1024 ** 2;

/** Samples the node and writes NDJSON until standard output closes or a signal arrives. */
export async function sample(options: SampleOptions): Promise<void> {
  volunteerForOutOfMemory();
  keepMemorySmall({ largeBytes: largeSamplerBytes });
  keepCodeSmall();
  const world = new World({ procfs: options.procfs, sysfs: options.sysfs, rootfs: options.rootfs });
  world.avoided.push(...options.avoid);
  world.announceAll = options.announceAll ?? false;
  const stopped = Promise.withResolvers<void>();
  // The reader went away: stop sampling.
  const output = new LineOutput((error) => process.stdout.emit('error', error));
  process.stdout.on('error', () => stopped.resolve());
  const encoder = options.omitUnchanged ? new SampleEncoder() : null;
  const write = (sample: Sample): void =>
    output.write(encoder?.encode(sample) ?? encodeSample(sample), sample.begin !== undefined);
  announceStart(world, write);
  const { sources, close } = openSources(world, {
    engine: endpointOf(options),
    engineNamed: isEndpointNamed(options.dockerHost, process.env),
    pprof: new Map(options.pprof),
    cri: options.cri ?? [],
    logs: options.log,
    intervalMs: options.interval,
    disabled: new Set(options.disable),
    skipped: new Set(sourceNames.filter((name) => options.skip.includes(name))),
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
      stopped.resolve();
    });
  }
  sampler.start();
  await stopped.promise;
  sampler.stop();
  close();
  // Pending requests would delay the exit until their deadlines.
  process.exit();
}

/**
 * Where memory runs out, the kernel kills this process before others, also before the screen, which is larger: the screen says so and starts
 * another one, and no process of the node pays for being watched (proc_pid_oom_score_adj(5)). Raising it needs no privilege.
 */
function volunteerForOutOfMemory(): void {
  try {
    fs.writeFileSync('/proc/self/oom_score_adj', '500');
  } catch {
    // Without /proc, or where a policy forbids it: the kernel decides by size.
  }
}

/**
 * The engine endpoint that the options name.
 *
 * @throws ReportedError if it is invalid
 */
export function endpointOf({ dockerHost, rootfs }: CollectOptions): ReturnType<typeof resolveEndpoint> {
  try {
    return resolveEndpoint(dockerHost, rootfs, process.env);
  } catch (error) {
    throw new ReportedError(error instanceof Error ? error.message : String(error), exitCodes.badUsage);
  }
}
