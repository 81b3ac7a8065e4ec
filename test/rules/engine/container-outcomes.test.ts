import { describe, expect, test } from 'vitest';
import { resolvedContainers } from '../../../src/rules/engine/container-outcomes.ts';
import type { ContainerValue } from '../../../src/sample/containers.ts';
import { absent, failed, ok } from '../../../src/sample/reading.ts';
import type { Readings, Sample } from '../../../src/sample/sample.ts';
import * as make from '../../support/samples.ts';
import { followed } from '../../support/scenes.ts';

const id = make.idOf('a1');
const processes = ok(make.processes([]), 1);
const shims = ok(make.shims(), 1);
const at = (second: number, readings: Readings): Sample => make.sampleAt(second, { processes, shims, ...readings });
const listed = (second: number, ...containers: ContainerValue[]): Sample =>
  at(second, { containers: ok(make.containers(containers), 1) });
const web1 = (change: Partial<ContainerValue> = {}): ContainerValue => make.container('a1', 'web-1', change);
const kill = make.pendingKill({ firstAt: make.noon - 60_000, lastAt: make.noon - 50_000 });
/** The same from one second to another. */
const during = (from: number, to: number, sample: (second: number) => Sample): Sample[] =>
  Array.from({ length: to - from + 1 }, (_, n) => sample(from + n));

const resolved = (...scene: readonly (readonly Sample[])[]) =>
  resolvedContainers(followed([listed(0, web1({ kill })), ...scene.flat()]).verdicts);
const ending = (change: Partial<ContainerValue>) => resolved(during(5, 12, (second) => listed(second, web1(change))));

describe('a container that was stuck', () => {
  test('and has ended is shown, with since when, until when and how', () => {
    expect(ending({ state: 'exited' })).toEqual([
      { id, name: 'web-1', since: make.noon - 60_000, until: make.noon + 5000, how: 'exited' },
    ]);
  });

  test('and is gone keeps its name', () => {
    expect(resolved(during(5, 12, (second) => listed(second)))).toMatchObject([{ id, name: 'web-1', how: 'removed' }]);
  });

  test('and runs on answers again', () => {
    expect(ending({})).toMatchObject([{ how: 'answers again' }]);
  });

  test('is shown once the finding about it is over, not before', () => {
    expect(resolved(during(5, 8, (second) => listed(second, web1({ state: 'exited' }))))).toEqual([]);
  });

  test('is shown for ten minutes', () => {
    const ended = during(5, 12, (second) => listed(second, web1({ state: 'exited' })));
    const later = (second: number) => [listed(second, web1({ state: 'exited' }))];
    expect(resolved(ended, later(604))).toHaveLength(1);
    expect(resolved(ended, later(606))).toEqual([]);
  });

  test('is not over because no source answers any more', () => {
    const silent = during(5, 300, (second) =>
      make.sampleAt(second, { containers: failed('no answer'), shims: failed('EACCES') }),
    );
    expect(resolved(silent)).toEqual([]);
  });

  test('and is so again was never over', () => {
    expect(
      resolved(
        during(5, 12, (second) => listed(second, web1())),
        [listed(13, web1({ kill }))],
      ),
    ).toEqual([]);
  });

  test('in two ways is shown once, from the first to the last', () => {
    const removing = { state: 'removing', status: 'Removal In Progress' } as const;
    const stuck = during(1, 60, (second) => listed(second, web1({ kill, ...removing })));
    const [only, ...others] = resolved(
      stuck,
      during(61, 70, (second) => listed(second)),
    );
    expect(others).toEqual([]);
    expect(only).toMatchObject({ since: make.noon - 60_000, until: make.noon + 61_000, how: 'removed' });
  });

  test('and is still stuck in another way is not over', () => {
    const dead = during(5, 15, (second) => listed(second, web1({ state: 'dead', status: 'Dead' })));
    expect(resolved(dead)).toEqual([]);
  });

  test('is one of fifty at most', () => {
    const many = Array.from({ length: 80 }, (_, n) =>
      make.container(n.toString(16).padStart(2, '0'), `c${n}`, { kill }),
    );
    expect(
      resolved(
        [listed(1, ...many)],
        during(2, 10, (second) => listed(second)),
      ),
    ).toHaveLength(50);
  });
});

test('a container stays stuck since the finding was opened, when later polls know less', () => {
  // The engine was restarted: its events are gone, the process in D is not.
  const blocked = make.blocked(4242, { containerId: id, killPending: true }, { offCpuSeconds: 12 });
  const later = at(9, { containers: ok(make.containers([web1()]), 1), processes: ok(make.processes([blocked]), 1) });
  const { model } = followed([listed(0, web1({ kill })), later]);
  expect(model.containers?.list[0]).toMatchObject({ stuck: true, stuckSince: make.noon - 60_000, stuckSeconds: 69 });
});

describe('without an engine', () => {
  const doomed = ok(make.processes([make.blocked(7, { killPending: true, containerId: id })]), 1);
  const containers = absent('no container engine');

  test('a container whose processes are gone has exited', () => {
    const { verdicts } = followed([
      ...during(0, 5, (second) => at(second, { containers, processes: doomed })),
      ...during(6, 15, (second) => at(second, { containers })),
    ]);
    expect(resolvedContainers(verdicts)).toMatchObject([{ id, how: 'exited' }]);
  });
});

describe('beside an engine that stopped answering', () => {
  test('the end of the trouble is seen, and how it ended is unknown', () => {
    const doomed = ok(make.processes([make.blocked(7, { killPending: true, containerId: id })]), 1);
    const containers = failed('no answer');
    const { verdicts } = followed([
      at(0, { containers: ok(make.containers([web1()]), 1), processes: doomed }),
      ...during(1, 5, (second) => at(second, { containers, processes: doomed })),
      ...during(6, 15, (second) => at(second, { containers })),
    ]);
    expect(resolvedContainers(verdicts)).toMatchObject([{ id, name: 'web-1', how: 'unknown' }]);
  });
});
