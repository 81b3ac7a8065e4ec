import type { PromSeries } from '../../src/fleet/answer.ts';
import type { FleetQuestion } from '../../src/fleet/queries.ts';
import { trendRange } from '../../src/fleet/trends.ts';

/** 2026-11-29 12:00:00 UTC, milliseconds. */
export const noon = Date.UTC(2026, 10, 29, 12);
const noonSeconds = noon / 1000;

/** A node of a made fleet. */
export interface MadeNode {
  readonly instance: string;
  readonly cluster?: string;
  readonly findings?: readonly {
    readonly id: string;
    readonly severity?: string;
    readonly count?: number;
    /** Seconds before noon. */
    readonly ago?: number;
  }[];
  readonly blind?: 'down' | 'sampler' | 'stale';
  readonly dockerd?: string;
  readonly kernel?: string;
}

export interface MadeFleet {
  readonly sick: readonly MadeNode[];
  /** All nodes, the healthy ones too. */
  readonly total: number;
  /** How many of all nodes have a version of dockerd. */
  readonly versions?: Readonly<Record<string, number>>;
  readonly unjudged?: number;
}

const series = (labels: Readonly<Record<string, string>>, value: number): PromSeries => ({
  labels,
  points: [[noonSeconds, value]],
});

/** What Prometheus answers about a fleet. */
export function answersOf({ sick, total, versions = {}, unjudged }: MadeFleet): Record<FleetQuestion, PromSeries[]> {
  const nodeOf = ({ instance, cluster }: MadeNode) => ({ instance, ...(cluster === undefined ? {} : { cluster }) });
  return {
    findings: sick.flatMap((node) =>
      (node.findings ?? []).flatMap(({ id, severity = 'critical', count = 1, ago = 60 }) => {
        const labels = { ...nodeOf(node), id, severity, job: 'rtwatch' };
        return [
          series({ ...labels, __name__: 'rtwatch_finding' }, count),
          series({ ...labels, __name__: 'rtwatch_finding_since_seconds' }, noonSeconds - ago),
        ];
      }),
    ),
    'not seen': sick.flatMap((node) =>
      node.blind === undefined
        ? []
        : [series({ ...nodeOf(node), rtwatch_blind: node.blind }, node.blind === 'stale' ? 4000 : 0)],
    ),
    counts: [
      ...(total === 0 ? [] : [series({ rtwatch_count: 'nodes' }, total)]),
      ...(unjudged === undefined ? [] : [series({ rtwatch_count: 'unjudged' }, unjudged)]),
      ...Object.entries(versions).map(([version, count]) =>
        series({ rtwatch_count: 'versions', daemon: 'dockerd', version }, count),
      ),
    ],
    versions: sick.flatMap((node) => [
      ...(node.dockerd === undefined ? [] : [series({ ...nodeOf(node), daemon: 'dockerd', version: node.dockerd }, 1)]),
      ...(node.kernel === undefined ? [] : [series({ ...nodeOf(node), kernel: node.kernel }, 1)]),
    ]),
  };
}

/** An hour of goroutines and I/O pressure of some nodes, with gaps. */
export function trendAnswer(nodes: readonly MadeNode[]): PromSeries[] {
  const { start, step } = trendRange(noon);
  return nodes.flatMap(({ instance }, at) =>
    ['goroutines', 'io'].map((kind) => ({
      labels: { instance, rtwatch_trend: kind },
      points: Array.from({ length: 30 }, (_, index): [number, number] => [
        start + index * step,
        kind === 'io' ? ((index + at) % 10) / 10 : 100 + index * 20 * (at + 1),
      ]).filter((_, index) => index < 10 || index > 14),
    })),
  );
}

/** Five thousand nodes: a leak on 41 of them, all on one version; some leaked mounts, some not seen. */
export const largeFleet: MadeFleet = {
  total: 5000,
  unjudged: 12,
  versions: { '19.03.15': 120, '26.1.0': 4880 },
  sick: [
    ...Array.from({ length: 41 }, (_, index) => ({
      instance: `node-${String(index * 120 + 7).padStart(5, '0')}:9753`,
      findings: [
        { id: 'goroutine-leak-on-stop', ago: 400 + index * 60 },
        ...(index % 10 === 0 ? [{ id: 'stalled-disk', ago: 90_000 }] : []),
      ],
      dockerd: '19.03.15',
      kernel: '5.10.0',
    })),
    ...Array.from({ length: 9 }, (_, index) => ({
      instance: `node-${String(index * 500 + 3).padStart(5, '0')}:9753`,
      findings: [{ id: 'leaked-mount', severity: 'warning', count: 3, ago: 7200 }],
      dockerd: '26.1.0',
      kernel: '5.10.0',
    })),
    { instance: 'node-00011:9753', blind: 'down' },
    { instance: 'node-00012:9753', blind: 'stale', findings: [{ id: 'io-pressure', severity: 'warning', ago: 5000 }] },
    { instance: 'node-00013:9753', blind: 'sampler' },
  ],
};
