import { expect, test } from 'vitest';
import { compareRows, remoteRow } from '../../src/remote/remote-row.ts';
import { NodeFollower } from '../../src/timeline/node-follower.ts';
import { type LinkState, startingState } from '../../src/wire/link.ts';
import * as scenes from '../support/scenes.ts';

function row(scene: scenes.Scene | null, link: Partial<LinkState> = { status: 'live' }) {
  const follower = new NodeFollower();
  for (const sample of scene ?? []) follower.take(sample);
  return remoteRow('node-1', { ...follower.judge(), link: { ...startingState, ...link }, heardAt: 1000 }, 4000);
}

test('a sick node has its worst finding, since when, and its figures', () => {
  const sick = row(scenes.stopLeak);
  expect(sick).toMatchObject({ name: 'node-1', status: 'live', worst: 'critical', detail: null, silentMs: 3000 });
  expect(sick.findings.length).toBeGreaterThan(0);
  expect(sick.since).toBeLessThanOrEqual(sick.at);
  expect(sick.stuck).toBeGreaterThan(0);
  expect(sick.goroutines).toBeGreaterThan(0);
});

test('a healthy node has none', () => {
  expect(row(scenes.healthy)).toMatchObject({ worst: 'ok', since: null, findings: [], stuck: 0 });
});

test('a node that does not answer is not called fine; one that was critical stays so', () => {
  expect(row(null, {})).toMatchObject({ status: 'connecting', worst: 'unknown', silentMs: null });
  const silent = { status: 'silent', detail: 'ssh: no route' } as const;
  expect(row(scenes.healthy, silent)).toMatchObject({ status: 'silent', worst: 'unknown', detail: 'ssh: no route' });
  expect(row(scenes.stopLeak, silent)).toMatchObject({ status: 'silent', worst: 'critical' });
});

test('a node whose rules cannot be judged is not called fine', () => {
  expect(row(scenes.unanswered)).toMatchObject({ status: 'live', worst: 'unknown' });
  expect(row(scenes.unanswered).unjudged).toBeGreaterThan(0);
});

test('a sampler that hangs over there is said with its file', () => {
  const hangsOn = { source: 'mounts', path: '/proc/9/mountinfo' } as const;
  expect(row(scenes.healthy, { status: 'silent', hangsOn }).detail).toBe(
    'the sampler there hangs reading /proc/9/mountinfo',
  );
});

test('critical nodes come first, then those that are not seen, the healthy last', () => {
  const rows = [row(scenes.healthy), row(null, {}), row(scenes.stopLeak)];
  expect(rows.toSorted(compareRows).map(({ worst }) => worst)).toEqual(['critical', 'unknown', 'ok']);
});
