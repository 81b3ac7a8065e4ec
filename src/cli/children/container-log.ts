import { noFileOf } from '../../capture/logs/no-file.ts';
import { LogFile } from '../../collect/logs/file.ts';
import { pause } from '../../collect/pause.ts';
import { World } from '../../collect/world.ts';
import { parseContainerLog } from '../../parse/log/container-line.ts';
import type { ContainerLogLine, ContainerLogReport } from '../../sample/container-log.ts';
import { inspected } from '../commands/inspect.ts';
import type { CollectOptions } from '../options/options.ts';
import { exitCodes, ReportedError } from '../process/exit-codes.ts';

const periodMs = 1000;
/** More than a page holds; a line longer than a screen is cut. */
const maxLines = 500;
const maxText = 2000;

/**
 * Follows a container's own log file and prints its newest lines as JSON each second, until standard output closes. A second
 * without a line means that a read hangs.
 */
export async function containerLog(container: string, options: CollectOptions): Promise<void> {
  const path = logPathOf(await inspected(container, options), container);
  const { procfs, sysfs, rootfs } = options;
  const world = new World({ procfs, sysfs, rootfs });
  const stop = new AbortController();
  process.stdout.on('error', () => stop.abort());
  let lines: ContainerLogLine[] = [];
  const file = new LogFile(world, world.host(path), (bytes) => {
    lines = [...lines, ...parseContainerLog(bytes.toString('utf8')).slice(-maxLines)].slice(-maxLines);
  });
  while (!stop.signal.aborted) {
    while (file.step());
    const { reading } = file;
    const report: ContainerLogReport = {
      path,
      lines: lines.map((line) => ({ ...line, text: line.text.slice(0, maxText) })),
      trouble: reading.status === 'ok' || reading.status === 'absent' ? null : reading.detail,
    };
    lines = [];
    process.stdout.write(`${JSON.stringify(report)}\n`);
    await pause(periodMs, stop.signal);
  }
  process.exit(exitCodes.ok);
}

/** Where its engine writes its log: `status.logPath` of the CRI, `LogPath` of Docker. */
function logPathOf(answer: unknown, container: string): string {
  const { Id, LogPath, HostConfig, status, logPath, logError } = answer as {
    Id?: string;
    LogPath?: string;
    HostConfig?: { LogConfig?: { Type?: string } };
    status?: { logPath?: string } | null;
    logPath?: string | null;
    logError?: string | null;
  };
  const path = LogPath || logPath || status?.logPath || '';
  if (path !== '') return path;
  const driver = HostConfig?.LogConfig?.Type;
  const why = driver === undefined ? (logError ?? 'its log path is unknown') : noFileOf(driver, Id ?? null);
  throw new ReportedError(`log of ${container}: ${why}`, exitCodes.badInput);
}
