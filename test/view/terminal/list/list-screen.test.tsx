import { renderToString } from 'ink';
import { describe, expect, test } from 'vitest';
import { type FleetSnapshot, fleetOf } from '../../../../src/fleet/fleet.ts';
import { questionNames } from '../../../../src/fleet/queries.ts';
import { trendRange, trendsOf } from '../../../../src/fleet/trends.ts';
import type { RemoteRow } from '../../../../src/remote/remote-row.ts';
import { fleetHeader } from '../../../../src/view/terminal/fleet/fleet-header.ts';
import { fleetPaneIds, fleetPanes } from '../../../../src/view/terminal/fleet/fleet-panes.ts';
import { ListScreen } from '../../../../src/view/terminal/list/list-screen.tsx';
import { initialListState, type ListState } from '../../../../src/view/terminal/list/list-state.ts';
import { remoteHeader, remotePane, remotePaneId } from '../../../../src/view/terminal/remote/remote-panes.ts';
import type { Theme } from '../../../../src/view/terminal/theme/theme.ts';
import { answersOf, largeFleet, type MadeFleet, noon, trendAnswer } from '../../../support/fleets.ts';
import { asciiTheme, fitting, plainTheme, sizeOf } from '../../../support/render.tsx';

const sizes = ['80x24', '120x36', '200x60'];
const fine = questionNames.map((name) => ({ name, answeredAt: noon, trouble: null, warning: null }));

function snapshotOf(made: MadeFleet | null, change: Partial<FleetSnapshot> = {}): FleetSnapshot {
  const trends = trendsOf(trendAnswer(made?.sick ?? []), trendRange(noon));
  const fleet = made === null ? null : fleetOf(answersOf(made), trends);
  return { system: 'Prometheus', fleet, at: noon, questions: fine, intervalMs: 15_000, paused: false, ...change };
}

function screenOf(
  snapshot: FleetSnapshot,
  size: string,
  change: Partial<ListState> = {},
  theme: Theme = plainTheme,
  lateMs = 0,
): string {
  const { columns } = sizeOf(size);
  const header = fleetHeader(snapshot, { theme, columns, address: 'prometheus:9090', lateMs });
  const panes = fleetPanes(snapshot, theme, ({ instance }) => `ssh ${instance}`);
  const state = { ...initialListState(fleetPaneIds.nodes), ...change };
  const screen = <ListScreen {...{ header, panes, state, theme }} size={sizeOf(size)} />;
  return fitting(renderToString(screen, { columns }), size);
}

const hostile: MadeFleet = {
  total: 3,
  sick: [
    { instance: '\u001b[31mred\u0007\u202e:9753', cluster: 'a\nb', findings: [{ id: 'x\u001b]0;title\u0007' }] },
    { instance: '節点一'.repeat(40), findings: [{ id: 'y'.repeat(300), severity: 'warning' }], dockerd: '\u009b2J' },
    { instance: '🙂🙂', blind: 'stale' },
  ],
};
const halfStale: MadeFleet = {
  total: 100,
  sick: Array.from({ length: 50 }, (_, at) => ({ instance: `node-${at + 10}:9753`, blind: 'stale' as const })),
};
const silent = questionNames.map((name) => ({
  name,
  answeredAt: null,
  trouble: 'no answer within 10s',
  warning: null,
}));
const late = fine.map((one) =>
  one.name === 'findings' ? { ...one, answeredAt: noon - 125_000, trouble: 'HTTP 502 with text/html' } : one,
);

describe.each([
  ['large', snapshotOf(largeFleet)],
  ['calm', snapshotOf({ sick: [], total: 5000 })],
  ['of no node', snapshotOf({ sick: [], total: 0 })],
  ['waiting', snapshotOf(null, { at: 0, questions: [] })],
  ['silent', snapshotOf(null, { questions: silent })],
  ['late', snapshotOf(largeFleet, { questions: late })],
  ['half stale', snapshotOf(halfStale)],
  ['hostile', snapshotOf(hostile)],
])('a fleet that is %s', (name, snapshot) => {
  test.each(sizes)('matches its snapshot at %s', async (size) => {
    const file = `../../../../snapshots/terminal/fleet/${name.replaceAll(' ', '-')}.${size}.txt`;
    await expect(screenOf(snapshot, size)).toMatchFileSnapshot(file);
  });

  test.each(['1x1', '20x5', '37x9', '79x23', '300x100'])('fits into %s', (size) => {
    screenOf(snapshot, size);
  });
});

const remoteRows: readonly RemoteRow[] = [
  {
    name: 'node-2',
    status: 'live',
    detail: null,
    silentMs: 200,
    unjudged: 0,
    worst: 'critical',
    at: noon,
    since: noon - 400_000,
    stuck: 2,
    goroutines: 5255,
    ioPressure: 41.2,
    findings: [
      { key: 'a', severity: 'critical', title: '/data (/dev/loop0) is frozen', summary: '12 processes wait for it.' },
      { key: 'b', severity: 'warning', title: 'dockerd leaks goroutines', summary: '41 for each stop.' },
    ],
  },
  {
    name: 'root@node-3',
    status: 'silent',
    detail: 'ssh: \u001b[31mNo route to host; tries again after 8s',
    silentMs: 61_000,
    unjudged: 0,
    worst: 'unknown',
    at: noon,
    since: null,
    stuck: 0,
    goroutines: 64,
    ioPressure: 0.1,
    findings: [],
  },
  {
    name: 'node-4',
    status: 'connecting',
    detail: null,
    silentMs: null,
    unjudged: 0,
    worst: 'unknown',
    at: 0,
    since: null,
    stuck: null,
    goroutines: null,
    ioPressure: null,
    findings: [],
  },
  {
    name: 'node-1',
    status: 'live',
    detail: null,
    silentMs: 200,
    unjudged: 0,
    worst: 'ok',
    at: noon,
    since: null,
    stuck: 0,
    goroutines: 64,
    ioPressure: 0.1,
    findings: [],
  },
  {
    name: 'node-5',
    status: 'live',
    detail: null,
    silentMs: 200,
    unjudged: 3,
    worst: 'unknown',
    at: noon,
    since: null,
    stuck: null,
    goroutines: null,
    ioPressure: null,
    findings: [],
  },
];

test.each([...sizes, '20x5', '79x23'])('several nodes over ssh match their snapshot at %s', async (size) => {
  const snapshot = { rows: remoteRows, paused: false };
  const panes = [remotePane(snapshot, plainTheme)];
  const header = remoteHeader(snapshot, sizeOf(size).columns);
  const state = initialListState(remotePaneId);
  const screen = <ListScreen {...{ header, panes, state }} theme={plainTheme} size={sizeOf(size)} />;
  const file = `../../../../snapshots/terminal/remote/nodes.${size}.txt`;
  await expect(fitting(renderToString(screen, { columns: sizeOf(size).columns }), size)).toMatchFileSnapshot(file);
});

test.each(sizes)('the page of a node matches its snapshot at %s', async (size) => {
  const page = { kind: 'details', pane: fleetPaneIds.nodes, key: '["node-04807:9753"]', scroll: 0 } as const;
  const file = `../../../../snapshots/terminal/fleet/details.${size}.txt`;
  await expect(screenOf(snapshotOf(largeFleet), size, { page })).toMatchFileSnapshot(file);
});

test('help matches its snapshot', async () => {
  const file = '../../../../snapshots/terminal/fleet/help.80x24.txt';
  await expect(screenOf(snapshotOf(largeFleet), '80x24', { page: { kind: 'help', scroll: 0 } })).toMatchFileSnapshot(
    file,
  );
});

test('in ASCII there is nothing else', () => {
  expect(screenOf(snapshotOf(hostile), '120x36', {}, asciiTheme)).toMatch(/^[\x20-\x7e\n]*$/);
});

test('a page whose row is gone says so', () => {
  const page = { kind: 'details', pane: fleetPaneIds.nodes, key: 'gone', scroll: 0 } as const;
  expect(screenOf(snapshotOf(largeFleet), '80x24', { page })).toContain('this is over');
});

test('an answer that is due is said', () => {
  expect(screenOf(snapshotOf(largeFleet), '120x36', {}, plainTheme, 31_000)).toContain('no answer for 31s');
});
