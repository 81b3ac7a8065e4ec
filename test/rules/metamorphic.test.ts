import { describe, expect, test } from 'vitest';
import { ShimsCollector } from '../../src/collect/containers/shims.ts';
import { kernelRelease } from '../../src/collect/host.ts';
import { MountsCollector } from '../../src/collect/mounts/mounts.ts';
import { ProcessesCollector } from '../../src/collect/processes/processes.ts';
import { ProcessTable } from '../../src/collect/processes/table.ts';
import { run } from '../../src/rules/engine/run.ts';
import { rules } from '../../src/rules/rules.ts';
import { ok, type Reading } from '../../src/sample/reading.ts';
import type { Sample } from '../../src/sample/sample.ts';
import { captured, mountBusy, reportedNode } from '../support/mount-worlds.ts';
import * as make from '../support/samples.ts';
import * as scenes from '../support/scenes.ts';
import { capturedWorld } from '../support/world.ts';

type Scene = scenes.Scene;

/** What the kernel tells of a captured node, over two polls. */
function kernelOf(name: string): Scene {
  const world = capturedWorld(name);
  const table = new ProcessTable(world, () => 0);
  const kernel = kernelRelease(world);
  const processes = new ProcessesCollector(world, table, kernel);
  const shims = new ShimsCollector(world, table);
  const mounts = new MountsCollector(world, table, kernel, () => 0);
  return [0, 20].map((second) =>
    make.sampleAt(second, {
      daemons: ok(make.daemons(make.dockerd(), make.containerd()), 1),
      containers: ok(make.containers([make.container('a1', 'web-1')]), 1),
      processes: ok(processes.collect(), 1),
      shims: ok(shims.collect(), 1),
      mounts: ok(mounts.collect(), 1),
    }),
  );
}

const nodes: Readonly<Record<string, Scene>> = {
  ...scenesWithSamples(),
  'captured: stop-leak': kernelOf('stop-leak'),
  'captured: containerd-hang': kernelOf('containerd-hang'),
  'captured: mount-leak': kernelOf('mount-leak-t2'),
  'captured: mount-busy, all well': captured('mount-busy-t0', mountBusy.healthy),
  'captured: mount-busy, removals failed': captured('mount-busy-t2', mountBusy.failed),
  'captured: 3.10, removal failed': [reportedNode()],
};

function scenesWithSamples(): Record<string, Scene> {
  const all = Object.entries(scenes as Readonly<Record<string, unknown>>);
  return Object.fromEntries(
    all.filter((entry): entry is [string, Scene] => Array.isArray(entry[1]) && entry[1].length > 0),
  );
}

/** What was judged, without words and in an order of its own: words name things in the order in which they are listed. */
function judged(scene: Scene, rename: (text: string) => string = (text) => text): unknown {
  const { findings, unknown } = run(rules, scenes.modelOf(scene));
  const essence = findings.map(({ id, severity, confidence, subjects, since, causes }) =>
    rename(
      JSON.stringify({
        id,
        severity,
        confidence,
        since,
        causes: causes.length,
        subjects: Object.values(subjects).map((names) => names.map(String).toSorted()),
      }),
    ),
  );
  // Renamed names sort otherwise.
  const sorted = essence.map((text) => {
    const { subjects, ...rest } = JSON.parse(text) as { subjects: string[][] };
    return JSON.stringify({ ...rest, subjects: subjects.map((names) => names.toSorted()) });
  });
  return { findings: sorted.toSorted(), unknown: unknown.map(({ id }) => id) };
}

type Values = { readonly [name: string]: Record<string, unknown> };

/** Each Sample with the values of its sources changed. */
const changed = (scene: Scene, change: (values: Values) => void): Scene =>
  scene.map((sample) => {
    const copy = structuredClone(sample) as Sample;
    const readings = Object.entries(copy.readings) as [string, Reading<Record<string, unknown>>][];
    change(
      Object.fromEntries(
        readings.flatMap(([name, reading]) => (reading.status === 'ok' ? [[name, reading.value]] : [])),
      ),
    );
    return copy;
  });

/** The lists whose order says nothing: of the engine, of readdir(3), of the kernel's tables. */
const unordered: readonly (readonly [source: string, list: string])[] = [
  ...(['containers', 'processes', 'shims', 'disks', 'cgroups'] as const).map(
    (name) => [name, name === 'cgroups' ? 'groups' : name] as const,
  ),
  ...[['mounts', 'namespaces'] as const, ['writers', 'processes'] as const, ['shims', 'orphans'] as const],
];

describe.each(Object.entries(nodes))('the verdicts of %s', (_, scene) => {
  test('do not depend on the order in which things are listed', () => {
    const reversed = changed(scene, (values) => {
      for (const [source, list] of unordered) (values[source]?.[list] as unknown[] | undefined)?.reverse();
    });
    expect(judged(reversed)).toEqual(judged(scene));
  });

  test('do not depend on what the ids of containers are', () => {
    const mirror = (digits: string): string =>
      digits.replaceAll(/[0-9a-f]/g, (digit) => (15 - Number.parseInt(digit, 16)).toString(16));
    const text = JSON.stringify(scene);
    const ids = [...new Set(text.match(/(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g) ?? [])];
    const rename = (text: string): string => {
      const names = new Map(ids.flatMap((id) => [id, id.slice(0, 12)].map((name) => [name, mirror(name)] as const)));
      return text.replaceAll(/(?<![0-9a-f])(?:[0-9a-f]{64}|[0-9a-f]{12})(?![0-9a-f])/g, (id) => names.get(id) ?? id);
    };
    expect(judged(JSON.parse(rename(text)) as Scene)).toEqual(judged(scene, rename));
  });

  test('do not depend on what the clock says', () => {
    const day = 86_400_000;
    const later = (value: unknown): unknown => {
      if (typeof value === 'number') return isMoment(value) ? value + 3 * day : value;
      if (Array.isArray(value)) return value.map(later);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, later(field)]));
    };
    const shifted = judged(later(scene) as Scene);
    expect(shifted).toEqual(
      judged(scene, (text) => text.replaceAll(/"since":(\d+)/g, (_, at) => `"since":${Number(at) + 3 * day}`)),
    );
  });

  test('stay as they are with a thousand healthy containers more', () => {
    const crowd = Array.from({ length: 1000 }, (_, n) =>
      make.container(`e${n.toString(16).padStart(3, '0')}d`, `crowd-${n}`),
    );
    const crowded = changed(scene, ({ containers, processes }) => {
      (containers?.['containers'] as unknown[] | undefined)?.push(...crowd);
      if (processes !== undefined) processes['total'] = Number(processes['total']) + crowd.length;
    });
    expect(judged(crowded)).toEqual(judged(scene));
  });
});

/** Milliseconds since 1970, of this year or near it. */
function isMoment(value: number): boolean {
  return Math.abs(value - make.noon) < 400 * 86_400_000;
}
