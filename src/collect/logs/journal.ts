import { codeOf } from '../../base/system-error.ts';
import { Child, type ChildEnd } from '../../child/child.ts';
import type { LogProgress } from '../../sample/logs.ts';
import { absent, failed, ok, pending, type Reading } from '../../sample/reading.ts';
import { LogBlocks } from './blocks.ts';

interface LogJournalOptions {
  /** The journal's folder when it is not this machine's own; null for that. */
  readonly directory: string | null;
  /** Gets whole lines of `journalctl -o json`, some at a time. */
  readonly take: (bytes: Buffer) => void;
  /** The program. */
  readonly command?: string;
}

/** At the start: some hours of a calm node. */
const backlogLines = 20_000;
/** An entry is about 600 bytes, so this is the whole backlog. */
const backlogBytes = 16 * 1024 ** 2;
/** Between two polls afterwards; what exceeds it is skipped. */
const bytesPerPoll = 2 * 1024 ** 2;
/** An empty journal says nothing; a slow one has begun by then. */
const silenceMs = 5000;
/** The backlog comes without pauses: after one this long it is over. */
const pauseMs = 150;
const shortestBackOffMs = 1000;
const longestBackOffMs = 60_000;
const maxReasonLength = 300;

const units = [
  ...['docker', 'containerd', 'crio', 'kubelet', 'cri-docker', 'snap.docker.dockerd'],
  ...['snap.microk8s.daemon-kubelite', 'snap.microk8s.daemon-containerd'],
  ...['snap.k8s.kubelet', 'snap.k8s.containerd'],
  ...['k3s', 'k3s-agent', 'rke2-server', 'rke2-agent', 'k0scontroller', 'k0sworker'],
  ...['multipathd', 'iscsid', 'lxcfs'],
];

/**
 * Follows the journal through journalctl, a separate process: when it hangs, nothing here does. It is started again, with
 * growing pauses, whenever it exits.
 */
export class LogJournal {
  readonly #options: LogJournalOptions;
  readonly #blocks = new LogBlocks();
  readonly #progress = { lines: 0, bytes: 0, skippedBytes: 0 };
  #child: Child | null = null;
  #restart: NodeJS.Timeout | undefined;
  #startedAt = performance.now();
  #lastDataAt = Number.NEGATIVE_INFINITY;
  #settled = false;
  #allowedBytes = backlogBytes;
  #backOffMs = shortestBackOffMs;
  #outcome: Reading<never> | null = null;
  /** The newest child, whose standard error says what is wrong. */
  #complained: Child | null = null;
  /** journalctl before systemd 236 (CentOS 7 has 219) cannot leave fields out. */
  #knowsOutputFields = true;
  /** The newest entry that was read: a second run begins after it. */
  #cursor: string | null = null;
  #closed = false;

  constructor(options: LogJournalOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#closed) return;
    this.#startedAt = performance.now();
    const { command = 'journalctl', directory } = this.#options;
    const options = { directory, outputFields: this.#knowsOutputFields, cursor: this.#cursor };
    this.#child = new Child({
      command: [command, ...journalArguments(options)],
      onBytes: (bytes) => this.#receive(bytes),
      onEnd: (end) => this.#ended(end),
    });
    this.#complained = this.#child;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#restart);
    this.#child?.abandon();
    this.#child = null;
  }

  /** The progress so far. Begins a new poll: there is room for as much again. */
  poll(): Reading<LogProgress> {
    const now = performance.now();
    const quiet = now - this.#lastDataAt > pauseMs;
    if (!this.#settled && ((this.#progress.lines > 0 && quiet) || now - this.#startedAt > silenceMs)) {
      this.#settled = this.#child !== null && (this.#progress.lines > 0 || this.#said === '');
    }
    if (this.#settled) this.#allowedBytes = bytesPerPoll;
    // It was started again and is quiet: nothing is wrong any more.
    if (this.#child !== null && this.#said === '' && now - this.#startedAt > silenceMs) this.#outcome = null;
    if (this.#outcome !== null) return this.#outcome;
    if (this.#settled) return ok({ ...this.#progress }, 0);
    if (now - this.#startedAt > silenceMs && this.#said !== '') return failed(this.#reason('it shows nothing'));
    return pending(now - this.#startedAt, 'journalctl is still running');
  }

  get #said(): string {
    return this.#complained?.complaints ?? '';
  }

  #receive(bytes: Buffer): void {
    this.#lastDataAt = performance.now();
    this.#outcome = null;
    if (bytes.length > this.#allowedBytes) {
      this.#progress.skippedBytes += bytes.length;
      this.#blocks.reset(true);
      return;
    }
    this.#allowedBytes -= bytes.length;
    this.#progress.bytes += bytes.length;
    const block = this.#blocks.take(bytes);
    this.#progress.lines += block.lines;
    if (block.lines === 0) return;
    const last = block.bytes.toString('utf8', block.bytes.lastIndexOf('\n') + 1);
    this.#cursor = /"__CURSOR" ?: ?"([^"\\]{1,400})"/.exec(last)?.[1] ?? this.#cursor;
    this.#options.take(block.bytes);
  }

  #ended({ error, code, signal }: ChildEnd): void {
    this.#child = null;
    this.#blocks.reset();
    if (codeOf(error) === 'ENOENT') {
      this.#outcome = absent('journalctl is not installed');
      return;
    }
    if (this.#knowsOutputFields && /unrecognized option.*output-fields/.test(this.#said)) {
      this.#knowsOutputFields = false;
      this.start();
      return;
    }
    // The journal was emptied, or is another one now.
    if (/cursor/i.test(this.#said)) this.#cursor = null;
    this.#outcome = failed(
      this.#reason(error?.message ?? (signal === null ? `exited with code ${code}` : `killed by ${signal}`)),
    );
    // One that lasted was healthy: journald was restarted, and is soon back.
    if (performance.now() - this.#startedAt > longestBackOffMs) this.#backOffMs = shortestBackOffMs;
    this.#restart = setTimeout(() => this.start(), this.#backOffMs);
    this.#backOffMs = Math.min(longestBackOffMs, this.#backOffMs * 2);
  }

  #reason(how: string): string {
    const said = (this.#said.trim().split('\n').at(-1) ?? '').slice(-maxReasonLength);
    const remedy = /permission|not seeing messages/i.test(this.#said) ? ' (run as root)' : '';
    return `journalctl: ${said === '' ? how : said}${remedy}`;
  }
}

/**
 * The filter for journalctl: the daemons' own messages (over standard error; containers' output that dockerd's journald
 * driver writes under the same unit has another transport), the kernel's, and systemd's about the daemons.
 */
function journalArguments(options: {
  readonly directory: string | null;
  readonly outputFields: boolean;
  readonly cursor: string | null;
}): string[] {
  const { directory, outputFields, cursor } = options;
  return [
    // Not --since: with it, --lines is no bound, and a noisy node's day is millions of entries.
    ...['--output=json', '--no-pager', '--follow', `--lines=${backlogLines}`],
    ...(outputFields ? ['--output-fields=MESSAGE,_SYSTEMD_UNIT,SYSLOG_IDENTIFIER,_TRANSPORT,_PID'] : []),
    ...(directory === null ? [] : [`--directory=${directory}`]),
    ...(cursor === null ? [] : [`--after-cursor=${cursor}`]),
    ...['_TRANSPORT=stdout', ...units.map((unit) => `_SYSTEMD_UNIT=${unit}.service`)],
    ...['+', '_TRANSPORT=kernel'],
    // It writes through syslog(3): https://dbus.freedesktop.org/doc/dbus-daemon.1.html, --syslog-only.
    ...['+', '_SYSTEMD_UNIT=dbus.service', 'SYSLOG_IDENTIFIER=dbus-daemon'],
    // What udev gave up on: a device that nobody confirms.
    ...['+', '_SYSTEMD_UNIT=systemd-udevd.service', 'PRIORITY=3'],
    // What systemd says of these units: that they crashed, were killed, or are started again.
    ...['+', '_PID=1', ...units.map((unit) => `UNIT=${unit}.service`)],
  ];
}
