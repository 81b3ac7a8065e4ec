import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { allMetrics, familiesOf, latency } from '../../src/export/families.ts';
import type { Known } from '../../src/export/known.ts';
import type { DaemonValue } from '../../src/sample/daemons.ts';
import { failed, ok, pending } from '../../src/sample/reading.ts';
import { knownOf } from '../support/known.ts';
import * as make from '../support/samples.ts';
import * as scenes from '../support/scenes.ts';

const docs = fs.readFileSync(path.join(import.meta.dirname, '../../docs/fleet.md'), 'utf8');

/** The values of a metric by its labels, as `{severity=critical}`; null if it is not there. */
function valuesOf(known: Known, name: string): Record<string, number> | null {
  const family = familiesOf(known).find((one) => one.name === name);
  if (family === undefined) return null;
  return Object.fromEntries(
    family.series.map(({ labels, value }) => [
      Object.entries(labels)
        .map(([label, text]) => `${label}=${text}`)
        .join(','),
      value,
    ]),
  );
}

const seriesOf = (known: Known): number => familiesOf(known).reduce((sum, { series }) => sum + series.length, 0);
/** Of one daemon: a bucket for each bound and for all, sum and count. */
const seriesOfLatency = latency.buckets.length + 3;

describe('the metrics', () => {
  test('are those of docs/fleet.md, in its order and its words', () => {
    const rows = allMetrics.map(({ name, type, help, labels }) => {
      const named = labels.length === 0 ? '' : labels.map((label) => `\`${label}\``).join(', ');
      return `| \`${name}\` | ${named} | ${type} | ${help} |`;
    });
    expect(docs.split('\n').filter((line) => line.startsWith('| `rtwatch_'))).toEqual(rows);
  });

  test('have names by the conventions of Prometheus, each once', () => {
    const names = allMetrics.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, type, help, labels } of allMetrics) {
      expect(name).toMatch(/^rtwatch_[a-z][a-z_]*[a-z]$/);
      expect(name.endsWith('_total'), name).toBe(type === 'counter');
      expect(help, name).toMatch(/^[^\s].*[^.\s]$/);
      for (const label of labels) expect(['le', 'instance', 'job', 'pid']).not.toContain(label);
    }
  });

  test.each(Object.entries(scenes).filter(([, scene]) => Array.isArray(scene)))(
    'of the node "%s" have no series twice, all labels, and only finite values',
    (_, scene) => {
      const wrong = familiesOf(knownOf(scene as scenes.Scene, { labels: ['containers'] })).filter(
        ({ labels, series }) => {
          const keys = new Set(series.map((one) => JSON.stringify(one.labels)));
          const fits = series.every((one) => Object.keys(one.labels).join() === labels.join());
          return keys.size !== series.length || !fits || !series.every(({ value }) => Number.isFinite(value));
        },
      );
      expect(wrong).toEqual([]);
    },
  );

  test('of a healthy node are at most 150 series', () => {
    const known = knownOf(scenes.healthy);
    const daemons = known.model.daemons.length;
    expect(seriesOf(known)).toBeGreaterThan(60);
    expect(seriesOf(known) + daemons * seriesOfLatency).toBeLessThanOrEqual(150);
  });

  test('of a healthy node say that all is well', () => {
    const known = knownOf(scenes.healthy);
    expect(valuesOf(known, 'rtwatch_finding')).toBeNull();
    expect(valuesOf(known, 'rtwatch_findings')).toEqual({
      'severity=critical': 0,
      'severity=warning': 0,
      'severity=info': 0,
    });
    expect(valuesOf(known, 'rtwatch_daemon_up')).toEqual({ 'daemon=dockerd': 1, 'daemon=containerd': 1 });
    const answering = known.model.sources
      .filter(({ status }) => status === 'ok')
      .map(({ name }) => [`source=${name}`, 1]);
    expect(answering.length).toBeGreaterThan(9);
    expect(valuesOf(known, 'rtwatch_source_up')).toMatchObject(Object.fromEntries(answering));
    expect(Object.values(valuesOf(known, 'rtwatch_containers_stuck') ?? {}).every((count) => count === 0)).toBe(true);
    expect(valuesOf(known, 'rtwatch_containers')).toMatchObject({ 'state=running': 2, 'state=exited': 1 });
    expect(valuesOf(known, 'rtwatch_series_dropped')).toEqual({ '': 0 });
  });

  test('of a sick node name its findings, since when, and what is stuck', () => {
    const known = knownOf(scenes.stopLeak);
    const findings = valuesOf(known, 'rtwatch_finding') ?? {};
    expect(findings).toMatchObject({ 'id=unkillable-container,severity=critical': expect.any(Number) });
    expect(Object.keys(valuesOf(known, 'rtwatch_finding_since_seconds') ?? {})).toEqual(Object.keys(findings));
    for (const since of Object.values(valuesOf(known, 'rtwatch_finding_since_seconds') ?? {})) {
      expect(since).toBeGreaterThan(make.noon / 1000 - 40 * 86_400);
      expect(since).toBeLessThanOrEqual(known.model.at / 1000);
    }
    const bySeverity = valuesOf(known, 'rtwatch_findings') ?? {};
    expect(Object.values(bySeverity).reduce((a, b) => a + b, 0)).toBe(known.verdicts.findings.length);
    const stuck = Object.values(valuesOf(known, 'rtwatch_containers_stuck') ?? {}).reduce((a, b) => a + b, 0);
    expect(stuck).toBe(known.model.containers?.stuck);
    expect(stuck).toBeGreaterThan(0);
    expect(valuesOf(known, 'rtwatch_processes_blocked')?.['']).toBeGreaterThan(0);
    expect(valuesOf(known, 'rtwatch_process_blocked_seconds')?.['']).toBeGreaterThan(0);
  });

  test('of a node that is not seen are there, and say so', () => {
    const nothingYet = knownOf([], { sampler: { isUp: false, restarts: 3, cpuSeconds: 0 } });
    expect(valuesOf(nothingYet, 'rtwatch_sampler_up')).toEqual({ '': 0 });
    expect(valuesOf(nothingYet, 'rtwatch_last_sample_timestamp_seconds')).toBeNull();
    expect(new Set(Object.values(valuesOf(nothingYet, 'rtwatch_source_up') ?? {}))).toEqual(new Set([0]));
    expect(valuesOf(nothingYet, 'rtwatch_rules_unjudged')?.['']).toBeGreaterThan(0);
    expect(valuesOf(nothingYet, 'rtwatch_sampler_restarts_total')).toEqual({ '': 3 });
    const hangs = knownOf(scenes.healthy, { sampler: { isUp: false, restarts: 1, cpuSeconds: 1 } });
    expect(new Set(Object.values(valuesOf(hangs, 'rtwatch_source_up') ?? {}))).toEqual(new Set([0]));
    expect(valuesOf(hangs, 'rtwatch_last_sample_timestamp_seconds')).toEqual({ '': hangs.model.at / 1000 });
    // What was known stays, with its age.
    expect(valuesOf(hangs, 'rtwatch_daemon_goroutines')).not.toBeNull();
  });

  test('of a daemon that is gone or does not answer say that it is down', () => {
    expect(valuesOf(knownOf(scenes.gone), 'rtwatch_daemon_up')).toMatchObject({ 'daemon=dockerd': 0 });
    const pinged = (ping: DaemonValue['ping']): Known =>
      knownOf(scenes.twice({ daemons: ok(make.daemons(make.dockerd({ ping })), 1) }));
    expect(valuesOf(pinged(failed('no answer within 5s')), 'rtwatch_daemon_up')).toEqual({ 'daemon=dockerd': 0 });
    expect(valuesOf(pinged(pending(6000, 'GET /_ping')), 'rtwatch_daemon_up')).toEqual({ 'daemon=dockerd': 0 });
    expect(valuesOf(pinged(pending(400, 'GET /_ping')), 'rtwatch_daemon_up')).toEqual({ 'daemon=dockerd': 1 });
  });

  test('of a node of which rights are missing say how many processes are not seen', () => {
    expect(valuesOf(knownOf(scenes.healthy), 'rtwatch_processes_unreadable')).toMatchObject({ 'part=state': 0 });
    const hidden = scenes.twice({ processes: ok({ ...make.processes([]), unreadable: 31 }, 1) });
    expect(valuesOf(knownOf(hidden), 'rtwatch_processes_unreadable')).toEqual({ 'part=state': 31 });
  });

  test('have no series for a source that the user disabled', () => {
    const disabled = knownOf(scenes.healthy, { disabled: ['mounts'] });
    expect(valuesOf(disabled, 'rtwatch_source_up')).not.toHaveProperty('source=mounts');
    expect(valuesOf(disabled, 'rtwatch_source_up')).toHaveProperty('source=disks');
  });

  test('name a container only when asked, at most fifty, and count the rest', () => {
    expect(valuesOf(knownOf(scenes.stopLeak), 'rtwatch_container_stuck_seconds')).toBeNull();
    const named = valuesOf(knownOf(scenes.stopLeak, { labels: ['containers'] }), 'rtwatch_container_stuck_seconds');
    expect(Object.keys(named ?? {}).length).toBe(knownOf(scenes.stopLeak).model.containers?.stuck);
    const { model, ...rest } = knownOf(scenes.stopLeak, { labels: ['containers'] });
    const one = model.containers?.list.find(({ stuck }) => stuck);
    if (model.containers === null || one === undefined) throw new Error('nothing is stuck');
    const list = Array.from({ length: 73 }, (_, index) => ({ ...one, label: `web-${index}` }));
    const many = { ...rest, model: { ...model, containers: { ...model.containers, list } } };
    expect(Object.keys(valuesOf(many, 'rtwatch_container_stuck_seconds') ?? {})).toHaveLength(50);
    expect(valuesOf(many, 'rtwatch_series_dropped')).toEqual({ '': 23 });
    const twins = { ...rest, model: { ...model, containers: { ...model.containers, list: [one, one] } } };
    expect(Object.keys(valuesOf(twins, 'rtwatch_container_stuck_seconds') ?? {})).toHaveLength(1);
    expect(valuesOf(twins, 'rtwatch_series_dropped')).toEqual({ '': 0 });
  });

  test('of the recorder are there only with a recording', () => {
    expect(valuesOf(knownOf(scenes.healthy), 'rtwatch_recorder_up')).toBeNull();
    const known = knownOf(scenes.healthy, { recorder: { isUp: false, droppedSamples: 7 } });
    expect(valuesOf(known, 'rtwatch_recorder_up')).toEqual({ '': 0 });
    expect(valuesOf(known, 'rtwatch_recorder_dropped_samples_total')).toEqual({ '': 7 });
  });
});
