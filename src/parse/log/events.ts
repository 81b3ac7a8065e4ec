import type { LogUnit } from '../../sample/logs.ts';

/** What stands before the words of an event. */
interface EventPrefix {
  readonly length: number;
  readonly found: {
    readonly at: number | null;
    readonly unit: LogUnit | null;
    readonly times: number;
    readonly overMs: number;
  };
}

const ago = String.raw`(<unknown>|(?:\d{1,6}[smhdy]){1,3}|\d{1,6}y\d{1,3}d)`;
const age = String.raw`${ago}(?: \(x(\d{1,9}) over ([\ddhmsy]{1,12})\))?`;
const source = String.raw`([\w.-]{1,64})(?:, [\w.-]{1,253})?`;
/**
 * `kubectl describe`: TYPE REASON AGE FROM MESSAGE; the source is a component, with its node before Kubernetes 1.19. Some pages that
 * it is pasted to leave one space of several.
 */
const described = new RegExp(String.raw`^[ \t]{0,8}(Normal|Warning)[ \t]+(\w{1,64})[ \t]+${age}[ \t]+${source}[ \t]+`);
/** To Kubernetes 1.7: FIRSTSEEN LASTSEEN COUNT FROM SUBOBJECTPATH TYPE REASON MESSAGE. */
const counted = new RegExp(
  String.raw`^[ \t]{0,8}${ago}[ \t]+${ago}[ \t]+(\d{1,9})[ \t]+${source}[ \t]+(?:spec\.\S{1,200}[ \t]+)?(Normal|Warning)[ \t]+\w{1,64}[ \t]+`,
);
/** `kubectl get events`: LAST SEEN, TYPE, REASON, OBJECT, MESSAGE, after a namespace with -A. */
const listed = new RegExp(
  String.raw`^(?:[\w.-]{1,63} {2,})?${age} {2,}(Normal|Warning) {2,}(\w{1,64}) {2,}[a-z]{1,40}/\S{1,253} {2,}`,
);

/** The node problem detector hands on what it found in a log (config/*-monitor.json); `kubelet` writes of itself. */
const sources: ReadonlyMap<string, LogUnit> = new Map<string, LogUnit>([
  ['kubelet', 'kubelet'],
  ['kernel-monitor', 'kernel'],
  ['systemd-monitor', 'systemd'],
  ['docker-monitor', 'dockerd'],
  ['containerd-monitor', 'containerd'],
]);

/** A row of Kubernetes' table of events, as people paste it. A normal event belongs to no daemon. */
export function eventPrefix(message: string, nowMs: number): EventPrefix | null {
  const row = described.exec(message);
  if (row !== null) {
    const [whole, type, , seen = '', times, over, from] = row;
    return {
      length: whole.length,
      found: { at: before(nowMs, seen), unit: unitOf(type, from), ...repeats(times, over) },
    };
  }
  const old = counted.exec(message);
  if (old !== null) {
    const [whole, first = '', last = '', times, from, type] = old;
    const overMs = Math.max(0, (durationMs(first) ?? 0) - (durationMs(last) ?? 0));
    return {
      length: whole.length,
      found: { at: before(nowMs, last), unit: unitOf(type, from), times: Math.max(1, Number(times)), overMs },
    };
  }
  const [whole, seen = '', times, over, type] = listed.exec(message) ?? [];
  if (whole === undefined) return null;
  return {
    length: whole.length,
    found: { at: before(nowMs, seen), unit: type === 'Normal' ? 'other' : null, ...repeats(times, over) },
  };
}

const unitOf = (type: string | undefined, from = ''): LogUnit =>
  type === 'Normal' ? 'other' : (sources.get(from) ?? 'other');

const repeats = (times = '1', over = ''): { times: number; overMs: number } => ({
  times: Math.max(1, Number(times)),
  overMs: durationMs(over) ?? 0,
});

const unitMs: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  y: 31_536_000_000,
};

function before(nowMs: number, text: string): number | null {
  const ms = durationMs(text);
  return ms === null ? null : nowMs - ms;
}

/** `2m49s`, `5d1h`. */
function durationMs(text: string): number | null {
  const parts = [...text.matchAll(/(\d+)([smhdy])/g)];
  if (parts.length === 0) return null;
  return parts.reduce((sum, [, count, unit = 's']) => sum + Number(count) * (unitMs[unit] ?? 0), 0);
}
