import type { DetailLabel } from '../export/known.ts';
import { clean } from '../view/text.ts';
import type { LinkState } from '../wire/link.ts';
import { openLive } from '../wire/live.ts';
import { exitCodes, ReportedError } from './exit-codes.ts';
import { Feed } from './export/feed.ts';
import { formatAddress, type ListenAddress } from './export/listen-address.ts';
import { serve } from './export/server.ts';
import { type CollectOptions, passOn } from './options.ts';
import { samplerCommand } from './self.ts';
import { onStopSignal } from './stop-signals.ts';
import { version } from './version.ts';

export interface ExportOptions extends CollectOptions {
  readonly listen: ListenAddress;
  readonly labels: readonly DetailLabel[];
}

/** Why it stops. */
interface End {
  readonly exitCode: number;
  /** Null if it was asked to. */
  readonly detail: string | null;
}

/** Samples the node and exports what is known as metrics, until a signal. */
export async function exportMetrics(options: ExportOptions): Promise<void> {
  const over = Promise.withResolvers<End>();
  onStopSignal((exitCode) => over.resolve({ exitCode, detail: null }));
  let feed: Feed | null = null;
  const server = await serve(options.listen, {
    version,
    metrics: (format) => feed?.text(format) ?? Promise.resolve(''),
    notReady: () => (feed?.hasBegun ? null : (feed?.state.detail ?? 'no sample of the node yet')),
  });
  const log = new LinkLog();
  feed = new Feed({
    open: (handlers) =>
      openLive({ command: samplerCommand(), args: passOn(options), intervalMs: options.interval }, handlers),
    disabled: options.disable,
    labels: options.labels,
    onSample: () => {},
    onState: (state) => {
      log.take(state);
      if (state.status === 'ended') over.resolve({ exitCode: exitCodes.badUsage, detail: state.detail });
    },
    recorder: () => null,
  });
  process.stderr.write(`rtwatch: metrics at http://${formatAddress(server.address)}/metrics. Ctrl-C stops it\n`);
  const { exitCode, detail } = await over.promise;
  server.close();
  feed.close();
  if (detail !== null) throw new ReportedError(clean(detail), exitCode);
  // A sampler blocked in the kernel must not delay the exit.
  process.exit(exitCode);
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
