import { useEffect, useReducer, useRef } from 'react';
import type { RecordedFeed, TimeSnapshot } from '../../timeline/time-source.ts';
import type { Connection } from '../../view/terminal/connection.ts';
import { complaintSummary } from '../../wire/complaints.ts';
import type { LinkState } from '../../wire/link.ts';

interface Mark {
  readonly at: number;
  readonly cpuMs: number;
  readonly rssBytes: number;
}

const costWindowMs = 10_000;
const shortestCostMs = 2000;
/** Skip the start: loading the program is a one-time cost. */
const warmUpMs = 3000;

/** How samples arrive (updated also while none arrive), and the program's own cost. */
export function useConnection({ feed, timeline }: TimeSnapshot): Connection {
  const [, tick] = useReducer((count: number) => count + 1, 0);
  // Samples redraw the screen; without samples, count the seconds here.
  const counts = feed.kind === 'live' && (feed.link.status !== 'live' || timeline !== null);
  useEffect(() => {
    if (!counts) return undefined;
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, [counts]);

  const marks = useRef<Mark[]>([]);
  if (feed.kind === 'recorded') return ofRecording(feed);
  const ownPercent = ownCpuPercent(marks);
  const { cpuPercent, rssBytes } = feed.sampler;
  return {
    status: feed.link.status,
    ageSeconds: (performance.now() - feed.heardAt + feed.pastMs) / 1000,
    intervalMs: feed.intervalMs,
    trouble: troubleOf(feed.link),
    recordedBytes: feed.recordedBytes,
    selfCost:
      ownPercent === null || cpuPercent === null
        ? null
        : { cpuPercent: ownPercent + cpuPercent, rssBytes: (marks.current.at(-1)?.rssBytes ?? 0) + rssBytes },
  };
}

function ofRecording({ damage }: RecordedFeed): Connection {
  return { status: 'live', ageSeconds: 0, intervalMs: 0, trouble: damage, selfCost: null };
}

/** CPU of this process over the last seconds, in percent of a core. */
function ownCpuPercent(marks: { current: Mark[] }): number | null {
  const now = performance.now();
  if (process.uptime() * 1000 < warmUpMs) return null;
  const last = marks.current.at(-1);
  if (last === undefined || now - last.at >= 1000) {
    const cpu = process.cpuUsage();
    const mark = { at: now, cpuMs: (cpu.user + cpu.system) / 1000, rssBytes: process.memoryUsage.rss() };
    marks.current = [...marks.current.filter(({ at }) => now - at <= costWindowMs), mark];
  }
  const first = marks.current[0];
  const newest = marks.current.at(-1);
  if (first === undefined || newest === undefined || newest.at - first.at < shortestCostMs) return null;
  return ((newest.cpuMs - first.cpuMs) / (newest.at - first.at)) * 100;
}

function troubleOf({ status, hangsOn, quarantined, detail, complaints }: LinkState): string | null {
  if (status === 'ended') return detail;
  if (status === 'silent') {
    if (hangsOn !== null)
      return `the sampler hangs reading ${hangsOn.path ?? hangsOn.source}; it is replaced if this lasts`;
    return detail === null
      ? 'the sampler does not respond; it is replaced if this lasts'
      : `the sampler exited: ${detail}`;
  }
  if (quarantined.length === 0) return complaintSummary(complaints);
  return `quarantined because reading hung: ${quarantined.join(', ')}`;
}
