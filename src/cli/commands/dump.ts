import { formatBytes } from '../../base/bytes.ts';
import { formatCount } from '../../base/counts.ts';
import { dumpGoroutines } from '../../capture/goroutines/dump.ts';
import { daemonClient } from '../daemons/daemon-client.ts';
import { daemonTrouble } from '../daemons/daemon-trouble.ts';
import { writeTrouble } from '../daemons/write-trouble.ts';
import type { CollectOptions } from '../options/options.ts';
import { exitCodes, ReportedError } from '../process/exit-codes.ts';
import { defaultDumpDir } from '../settings/dump-dir.ts';

export interface DumpOptions extends CollectOptions {
  readonly json?: boolean;
  /** Print progress as JSON, twice a second. */
  readonly progress?: boolean;
}

const progressMs = 500;

/** Writes all goroutines of a daemon to a file and says where. */
export async function dump(daemon: string, options: DumpOptions): Promise<void> {
  const client = daemonClient(daemon, options);
  const folder = options.dumpDir ?? defaultDumpDir(process.env);
  try {
    const outcome = await dumpGoroutines(client, daemon, folder, options.progress ? sayProgress() : undefined);
    const { path: file, goroutines, bytes, truncated } = outcome;
    const cut = truncated ? ' (cut at 64 MiB: Go’s limit for this page)' : '';
    process.stdout.write(
      options.json
        ? `${JSON.stringify(outcome)}\n`
        : `${file}: ${formatCount(goroutines)} goroutines, ${formatBytes(bytes)}${cut}\n`,
    );
  } catch (error) {
    const trouble = writeTrouble(error, folder);
    if (trouble !== null) throw new ReportedError(`goroutine dump of ${daemon}: ${trouble}`, exitCodes.cannotWrite);
    throw daemonTrouble(`goroutine dump of ${daemon}`, daemon, error);
  } finally {
    client.close();
  }
}

function sayProgress(): (bytes: number, goroutines: number) => void {
  let saidAt = performance.now();
  return (bytes, goroutines) => {
    if (performance.now() - saidAt < progressMs) return;
    saidAt = performance.now();
    process.stdout.write(`${JSON.stringify({ bytes, goroutines })}\n`);
  };
}
