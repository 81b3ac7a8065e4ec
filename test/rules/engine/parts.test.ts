import { describe, expect, expectTypeOf, test } from 'vitest';
import type { DisksModel } from '../../../src/model/disks/disks.ts';
import type { ProcessesModel } from '../../../src/model/processes/processes.ts';
import { type Given, missingSources, partsFrom } from '../../../src/rules/engine/parts.ts';
import { rule } from '../../../src/rules/engine/rule.ts';
import { run } from '../../../src/rules/engine/run.ts';
import { rules } from '../../../src/rules/rules.ts';
import { absent, failed, ok, pending } from '../../../src/sample/reading.ts';
import * as make from '../../support/samples.ts';
import * as scenes from '../../support/scenes.ts';

describe('what a rule is given', () => {
  type Some = Given<'processes' | readonly ['containers', 'shims'], 'disks'>;

  test('is there for what it needs, may be null for what it uses, and is nothing else', () => {
    expectTypeOf<Some['processes']>().toEqualTypeOf<ProcessesModel>();
    expectTypeOf<Some['disks']>().toEqualTypeOf<DisksModel | null>();
    expectTypeOf<null>().toExtend<Some['containers']>();
    expectTypeOf<keyof Some>().toEqualTypeOf<
      'at' | 'sampler' | 'processes' | 'containers' | 'containerSettings' | 'shims' | 'idleShims' | 'disks' | 'ioWindow'
    >();
  });

  test('holds no other part when it runs either', () => {
    const seen: string[][] = [];
    const curious = rule({
      id: 'curious',
      needs: ['processes'],
      uses: ['host'],
      matters: false,
      judge: (given) => {
        seen.push(Object.keys(given).sort());
        return [];
      },
    });
    run([curious], scenes.modelOf(scenes.healthy));
    expect(seen).toEqual([['at', 'host', 'processes', 'sampler', 'upMs']]);
  });

  test.each(rules.map((one) => [one.id, one] as const))('of %s names each source once', (_, { needs, uses }) => {
    const names = [...needs.flat(), ...uses];
    expect(names).toEqual([...new Set(names)]);
  });
});

describe('a source that is used', () => {
  const silentFor = (seconds: number) =>
    scenes.modelOf([...scenes.healthy, make.sampleAt(seconds, { containers: pending(seconds * 1000, 'no answer') })]);
  const containersOf = (model: ReturnType<typeof scenes.modelOf>, ...names: ('containers' | 'shims')[]) =>
    Reflect.get(partsFrom(names, model, missingSources(model)), 'containers');

  test('is passed by its last value for two minutes, then as null', () => {
    expect(containersOf(silentFor(60), 'containers')).not.toBeNull();
    expect(containersOf(silentFor(200), 'containers')).toBeNull();
  });

  test('may be stood in for by another that is declared', () => {
    const model = scenes.modelOf([
      make.sampleAt(0, {
        containers: failed('no answer'),
        processes: ok(make.processes([make.blocked(7, { killPending: true, containerId: make.idOf('a') })]), 1),
        shims: ok(make.shims(), 1),
      }),
    ]);
    expect(containersOf(model, 'containers')).toBeNull();
    expect(containersOf(model, 'containers', 'shims')).toMatchObject({ stuck: 1 });
  });
});

describe('a rule', () => {
  type Needs = readonly ('mounts' | readonly ['containers', 'shims'])[];
  const unknownOf = (readings: Parameters<typeof make.sampleAt>[1], ...needs: Needs) => {
    const needing = rule({ id: 'needing', needs, uses: [], matters: true, judge: () => [] });
    return run([needing], scenes.modelOf([make.sampleAt(0, readings)])).unknown.map(({ because }) => because);
  };
  const either = ['containers', 'shims'] as const;

  test('is unknown without what it needs, whether that failed, is awaited or was never read', () => {
    expect(unknownOf({ mounts: failed('EACCES') }, 'mounts')).toEqual(['mounts: EACCES']);
    expect(unknownOf({ mounts: pending(7000, 'no answer yet') }, 'mounts')).toEqual(['mounts: no answer yet']);
    expect(unknownOf({}, 'mounts')).toEqual(['mounts: no data yet']);
  });

  test('has nothing to find where what it needs is absent', () => {
    expect(unknownOf({ mounts: absent('none') }, 'mounts')).toEqual([]);
    expect(unknownOf({ containers: absent('none'), shims: absent('none') }, either)).toEqual([]);
  });

  test('names the one that failed when the other is only absent', () => {
    expect(unknownOf({ containers: absent('none'), shims: failed('EACCES') }, either)).toEqual(['shims: EACCES']);
  });
});
