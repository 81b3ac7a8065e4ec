import { formatMs } from '../../base/durations.ts';
import { Child } from '../../child/child.ts';
import type { ContainerLogReport } from '../../sample/container-log.ts';
import { type OwnLine, type OwnLog, unreadLog } from '../../view/terminal/pages/own-log.ts';

/** The child first asks an engine for the path, within its own deadline; then it says something each second. */
const firstSilenceMs = 12_000;
const silenceMs = 3000;
const maxLines = 500;

/**
 * Follows a container's own log in a process of its own: a read of it that hangs in the kernel costs that process, which is
 * abandoned with the page.
 *
 * @param command how to run that process
 * @returns ends it
 */
export function followContainerLog(command: readonly string[], onChange: (log: OwnLog) => void): () => void {
  let log = unreadLog;
  let count = 0;
  let heardAt = performance.now();
  const change = (changed: Partial<OwnLog>): void => {
    log = { ...log, ...changed };
    onChange(log);
  };
  const timer = setInterval(() => {
    const silentMs = performance.now() - heardAt;
    if (silentMs > (log.path === null ? firstSilenceMs : silenceMs))
      change({ trouble: `no answer from its filesystem for ${formatMs(Math.floor(silentMs / 1000) * 1000)}` });
  }, 1000);
  const child = new Child({
    command,
    onLine: (text) => {
      heardAt = performance.now();
      const { path, lines, trouble } = JSON.parse(text) as ContainerLogReport;
      if (path === log.path && lines.length === 0 && trouble === log.trouble) return;
      const added = lines.map(
        ({ at, stream, text }): OwnLine => ({
          n: count++,
          at,
          origin: path,
          unit: 'other',
          sign: stream ?? '',
          container: null,
          pid: null,
          text,
          isOwn: true,
        }),
      );
      change({ path, lines: [...log.lines, ...added].slice(-maxLines), trouble });
    },
    onEnd: ({ error, code, complaint }) => {
      clearInterval(timer);
      change({ trouble: complaint ?? error?.message ?? `reading it exited with code ${code}` });
    },
  });
  return () => {
    clearInterval(timer);
    child.abandon();
  };
}
