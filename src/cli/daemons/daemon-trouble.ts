import { codeOf } from '../../base/system-error.ts';
import { meansNotAsked } from '../../collect/engine/gate.ts';
import { reasonOf } from '../../collect/reason.ts';
import { exitCodes, ReportedError } from '../process/exit-codes.ts';

/**
 * A daemon that could not be read, as an error of the command: no fault of rtwatch, so the exit code is that of input that
 * cannot be read.
 *
 * @param what the request, for a person: `goroutine dump of dockerd`
 * @param daemon its name, as `--pprof` takes it
 */
export function daemonTrouble(what: string, daemon: string, error: unknown): ReportedError {
  return new ReportedError(`${what}: ${reasonOf(error)}${wayOut(daemon, error)}`, exitCodes.badInput);
}

/** What to do where nothing listens; other reasons name their way out themselves. */
function wayOut(daemon: string, error: unknown): string {
  if (meansNotAsked(codeOf(error))) return daemon === 'dockerd' ? '. Start it first: systemctl start docker' : '';
  if (!['ENOENT', 'ECONNREFUSED'].includes(codeOf(error) ?? '')) return '';
  const where = daemon === 'dockerd' ? '--docker-host URL' : `--pprof ${daemon}=URL`;
  return `. Start ${daemon}, or name its socket with ${where}`;
}
