import { formatBytes } from '../base/bytes.ts';
import { formatCount } from '../base/counts.ts';
import { formatSeconds } from '../base/durations.ts';
import { quote } from '../base/shell-word.ts';
import type { DaemonModel } from '../model/daemons/daemons.ts';
import { secondsToLimit } from '../model/daemons/exhaustion.ts';
import type { Parts } from './engine/parts.ts';
import { type Evidence, type Finding, noSubjects, type Remedy, rule } from './engine/rule.ts';
import { type RestartParts, restartRemedy } from './shared/daemon-restart.ts';
import { stacksOf } from './shared/daemon-words.ts';

const largeBytes = 256 * 1024 ** 2;
/** Of the node’s memory. */
const largeShare = 0.05;
const soonSeconds = 86_400;
/** A gibibyte and a half in a day. */
const leastBytesPerMinute = 1024 ** 2;
/** The resident size of a Go program follows its heap by minutes: a shorter rise is one collection. */
const lastingMs = 300_000;
const manyGoroutines = 50;

/** A daemon takes more and more memory, and gives none back. */
export const growingHeap = rule({
  id: 'growing-heap',
  needs: ['daemons'],
  uses: ['stacks', 'containers', 'mounts', 'host'],
  matters: true,
  judge: (given) => given.daemons.flatMap((daemon) => ofDaemon(daemon, given)),
});

interface Growth {
  readonly what: 'heap' | 'memory';
  readonly bytes: number;
  readonly perMinute: number;
  /** Until it fills the node’s memory. */
  readonly seconds: number | null;
}

function ofDaemon(daemon: DaemonModel, given: Parts<'host' | 'stacks' | 'containers' | 'mounts'>): Finding[] {
  const { name, process } = daemon;
  const growth = growthOf(daemon, given);
  if (process === null || growth === null) return [];
  const { what, bytes, perMinute, seconds } = growth;
  const rate = `${formatBytes(perMinute)} a minute`;
  const ends =
    seconds === null || seconds >= soonSeconds * 7 ? '' : `, and fills the node’s memory in ${formatSeconds(seconds)}`;
  return [
    {
      id: 'growing-heap',
      severity: 'warning',
      confidence: 'likely',
      title: `The ${what} of ${name} grows by ${rate}`,
      summary: `${name} (pid ${process.pid}) has ${formatBytes(bytes)} ${what === 'heap' ? 'of heap' : 'resident'}, which grows steadily by ${rate}${ends}.${withText(daemon, given)}`,
      since: null,
      evidence: evidenceOf(daemon, given),
      subjects: { ...noSubjects, pids: [process.pid], daemons: [name] },
      ruledOut: ruledOut(daemon, what),
      remedies: remediesOf(daemon, given),
      references: ['https://pkg.go.dev/runtime#MemStats'],
    },
  ];
}

/** The heap if known, because it shows what is held; otherwise the resident size. */
function growthOf(daemon: DaemonModel, { host }: Parts<'host'>): Growth | null {
  const memoryBytes = host?.memoryBytes ?? null;
  const { heapBytes, heapBytesGrowthPerMinute, process, rssBytesGrowthPerMinute, fdSeries } = daemon;
  // Descriptors are read together with the resident size.
  const watchedMs = (fdSeries.at(-1)?.monoMs ?? 0) - (fdSeries[0]?.monoMs ?? 0);
  const rss = watchedMs >= lastingMs ? rssBytesGrowthPerMinute : null;
  const found: Growth[] = [
    { what: 'heap' as const, bytes: heapBytes, perMinute: heapBytesGrowthPerMinute },
    { what: 'memory' as const, bytes: process?.rssBytes ?? null, perMinute: rss },
  ].flatMap(({ what, bytes, perMinute }) =>
    bytes === null || perMinute === null || perMinute < leastBytesPerMinute
      ? []
      : [{ what, bytes, perMinute, seconds: secondsToLimit(bytes, memoryBytes, perMinute) }],
  );
  return found.find((growth) => isLarge(growth, memoryBytes)) ?? null;
}

function isLarge({ bytes, seconds }: Growth, memoryBytes: number | null): boolean {
  if (seconds !== null && seconds < soonSeconds) return true;
  return bytes >= largeBytes || (memoryBytes !== null && bytes >= memoryBytes * largeShare);
}

/** What grows with it: that is what holds the memory. */
function withText(daemon: DaemonModel, around: Parts<'stacks'>): string {
  const [first] = growingPatterns(daemon, around);
  if (first !== undefined) {
    return ` With it grow the goroutines of “${first.title}”: ${formatCount(first.count)} now, ${formatCount(first.perMinute)} more a minute.`;
  }
  const { goroutineGrowthPerMinute, fdKinds } = daemon;
  if (goroutineGrowthPerMinute !== null && goroutineGrowthPerMinute >= 1) {
    const connections = fdKinds?.accepted == null ? '' : `, with ${formatCount(fdKinds.accepted)} accepted connections`;
    return ` With it grow its goroutines, by ${formatCount(goroutineGrowthPerMinute)} a minute${connections}.`;
  }
  return goroutineGrowthPerMinute === 0 ? ' Its goroutines do not grow: something else holds it.' : '';
}

interface GrowingPattern {
  readonly title: string;
  readonly count: number;
  readonly perMinute: number;
}

function growingPatterns({ name }: DaemonModel, { stacks }: Parts<'stacks'>): GrowingPattern[] {
  const own = stacksOf(stacks, name);
  return (own?.patterns ?? [])
    .flatMap(({ id, count, perMinute }) => {
      const title = own?.report.patterns.find((pattern) => pattern.id === id)?.title ?? id;
      return perMinute !== null && perMinute > 0 ? [{ title, count, perMinute }] : [];
    })
    .sort((a, b) => b.perMinute - a.perMinute);
}

function evidenceOf(daemon: DaemonModel, around: Parts<'stacks'>): Evidence[] {
  const { name, process, heapBytes, heapBytesGrowthPerMinute, rssBytesGrowthPerMinute, fdKinds } = daemon;
  const patterns = growingPatterns(daemon, around);
  const [group] = stacksOf(around.stacks, name)?.report.groups ?? [];
  const leaf = group?.frames.find(({ func }) => !func.startsWith('runtime.'))?.func ?? null;
  return [
    ...(heapBytes === null
      ? []
      : [{ source: '/debug/vars', text: `heap in use ${formatBytes(heapBytes)}${growing(heapBytesGrowthPerMinute)}` }]),
    ...(process === null
      ? []
      : [
          {
            source: `/proc/${process.pid}/status`,
            text: `resident ${formatBytes(process.rssBytes)}${growing(rssBytesGrowthPerMinute)}`,
          },
        ]),
    ...patterns.slice(0, 3).map(({ title, count, perMinute }) => ({
      source: '/debug/pprof/goroutine',
      text: `${title}: ${formatCount(count)}, ${formatCount(perMinute)} more a minute`,
    })),
    ...(patterns.length === 0 && group !== undefined && leaf !== null && group.count >= manyGoroutines
      ? [
          {
            source: '/debug/pprof/goroutine',
            text: `${formatCount(group.count)} goroutines have one stack, in ${leaf}`,
          },
        ]
      : []),
    ...(fdKinds?.accepted == null
      ? []
      : [{ source: `/proc/${process?.pid}/fd`, text: `${formatCount(fdKinds.accepted)} accepted connections` }]),
  ];
}

function growing(perMinute: number | null): string {
  return perMinute === null || perMinute <= 0 ? '' : `, ${formatBytes(perMinute)} more a minute`;
}

function ruledOut({ heapBytes, heapBytesGrowthPerMinute }: DaemonModel, what: Growth['what']): Finding['ruledOut'] {
  if (what === 'heap' || heapBytes === null || heapBytesGrowthPerMinute === null) return [];
  return [{ id: 'go-heap', because: 'its Go heap does not grow as fast: stacks, or memory not yet given back, do' }];
}

function remediesOf(daemon: DaemonModel, around: RestartParts): Remedy[] {
  const restart = restartRemedy(
    daemon,
    around,
    `A restart of ${daemon.name} gives the memory back until it has grown again; write the profiles first.`,
  );
  return [
    { text: 'See what holds the memory.', command: `rtwatch heap ${quote(daemon.name)}`, risk: 'none' },
    { text: 'See which goroutines there are.', command: `rtwatch goroutines ${quote(daemon.name)}`, risk: 'none' },
    ...(restart === null ? [] : [restart]),
  ];
}
