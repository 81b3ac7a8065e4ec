import type { DetailLabel } from '../../export/known.ts';
import { clean } from '../../view/text.ts';
import type { LinkState } from '../../wire/link.ts';
import { openLive } from '../../wire/live.ts';
import type { Format } from '../export/exposition.ts';
import { Feed } from '../export/feed.ts';
import { FlightRecorder } from '../export/flight-recorder.ts';
import type { Guard } from '../export/guard.ts';
import { formatAddress, type ListenAddress } from '../export/listen-address.ts';
import { serve } from '../export/server.ts';
import { Textfile } from '../export/textfile.ts';
import { type CollectOptions, passOn } from '../options/options.ts';
import type { RecordingBounds } from '../options/recording-bounds.ts';
import { exitCodes, ReportedError } from '../process/exit-codes.ts';
import { samplerCommand, selfCommand } from '../process/self.ts';
import { keepCodeSmall } from '../process/small-code.ts';
import { keepMemorySmall } from '../process/small-memory.ts';
import { onStopSignal } from '../process/stop-signals.ts';
import { version } from './version.ts';

export interface ExportOptions extends CollectOptions, RecordingBounds {
  readonly listen?: ListenAddress;
  /** A web configuration file: TLS and passwords. */
  readonly webConfig?: string;
  /** A directory of node_exporter's textfile collector. */
  readonly textfile?: string;
  /** A directory of recordings. */
  readonly record?: string;
  readonly labels: readonly DetailLabel[];
}

/** Why it stops. */
interface End {
  readonly exitCode: number;
  /** Null if it was asked to. */
  readonly detail: string | null;
}

const usualAddress: ListenAddress = { host: '127.0.0.1', port: 9753 };

/**
 * Samples the node and exports what is known as metrics, until a signal.
 *
 * @throws ReportedError
 */
export async function exportMetrics(options: ExportOptions): Promise<void> {
  // The launcher of a checkout gives more flags; the single-file executable gets none.
  keepMemorySmall();
  keepCodeSmall();
  const { promise: over, resolve: end } = Promise.withResolvers<End>();
  onStopSignal((exitCode) => end({ exitCode, detail: null }));
  let feed: Feed | null = null;
  const metrics = (format: Format): Promise<string> => feed?.text(format) ?? Promise.resolve('');
  const address = options.listen ?? (options.textfile === undefined ? usualAddress : null);
  // No more: the page needs no password. Why no sample comes is in the log.
  const notReady = (): string | null => (feed?.hasBegun ? null : 'no sample of the node yet');
  const guard = address === null ? null : await guardOf(options);
  const server = address === null ? null : await serve(address, { version, metrics, notReady }, guard);
  const recorder = openFlightRecorder(options);
  feed = openFeed(options, recorder, end);
  const textfile = openTextfile(options, metrics, end);
  const scheme = guard?.isTls ? 'https' : 'http';
  if (server !== null) sayWhere(`${scheme}://${formatAddress(server.address)}/metrics`);
  if (process.getuid?.() !== 0) {
    process.stderr.write('rtwatch: not root: some of the node is not seen. rtwatch doctor says what\n');
  }
  const { exitCode, detail } = await over;
  server?.close();
  feed.close();
  await Promise.all([recorder?.close(), textfile?.close()]);
  if (detail !== null) throw new ReportedError(clean(detail), exitCode);
  // A sampler blocked in the kernel must not delay the exit.
  process.exit(exitCode);
}

function sayWhere(place: string): void {
  process.stderr.write(`rtwatch: metrics at ${clean(place)}. Ctrl-C stops it\n`);
}

/** Loaded only when it is asked for: most nodes answer Prometheus alone, on a network of their own. */
async function guardOf({ webConfig }: ExportOptions): Promise<Guard | null> {
  if (webConfig === undefined) return null;
  const { openGuard } = await import('../export/guard.ts');
  return openGuard(webConfig);
}

function openFlightRecorder({ record, maxSize, maxAge }: ExportOptions): FlightRecorder | null {
  return record === undefined ? null : new FlightRecorder({ command: selfCommand(), folder: record, maxSize, maxAge });
}

function openFeed(options: ExportOptions, recorder: FlightRecorder | null, end: (end: End) => void): Feed {
  const log = new LinkLog();
  const live = { command: samplerCommand(), args: passOn(options), intervalMs: options.interval };
  return new Feed({
    open: (handlers) => openLive(live, handlers),
    disabled: options.disable,
    labels: options.labels,
    onSample: (sample) => recorder?.write(sample),
    onState: (state) => {
      log.take(state);
      if (state.status === 'ended') end({ exitCode: exitCodes.badUsage, detail: state.detail });
    },
    recorder: () => recorder?.known ?? null,
  });
}

function openTextfile(
  { textfile }: ExportOptions,
  metrics: (format: Format) => Promise<string>,
  end: (end: End) => void,
): Textfile | null {
  if (textfile === undefined) return null;
  return new Textfile({
    command: selfCommand(),
    folder: textfile,
    text: () => metrics('text'),
    // Until then it is only what was asked for.
    onFirst: () => sayWhere(textfile),
    onUnusable: (detail) => end({ exitCode: exitCodes.cannotWrite, detail }),
  });
}

/** Says on standard error when the node is not seen any more, and when it is seen again. */
class LinkLog {
  #said = '';

  take({ status, hangsOn, detail }: LinkState): void {
    const what = hangsOn === null ? (detail ?? 'it exited') : `it hangs reading ${hangsOn.path ?? hangsOn.source}`;
    if (status === 'silent' && this.#said !== what) {
      this.#said = what;
      process.stderr.write(`rtwatch: the sampler does not respond: ${clean(what)}. Starting another one\n`);
    }
    if (status === 'live' && this.#said !== '') {
      this.#said = '';
      process.stderr.write('rtwatch: the sampler responds again\n');
    }
  }
}
