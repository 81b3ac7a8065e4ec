import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/rules/engine/rule.ts';
import { run } from '../../src/rules/engine/run.ts';
import { growingHeap } from '../../src/rules/growing-heap.ts';
import type { DaemonValue } from '../../src/sample/daemons.ts';
import { absent, ok } from '../../src/sample/reading.ts';
import type { StacksValue } from '../../src/sample/stacks.ts';
import * as make from '../support/samples.ts';
import * as scenes from '../support/scenes.ts';

const MiB = 1024 ** 2;
const judge = (scene: scenes.Scene): readonly Finding[] => run([growingHeap], scenes.modelOf(scene)).findings;

interface Rise {
  readonly heapMiB: number;
  readonly heapPerMinute: number;
  readonly rssMiB?: number;
  readonly rssPerMinute?: number;
  readonly seconds?: number;
  readonly memoryMiB?: number;
  readonly change?: (second: number) => Partial<DaemonValue>;
  readonly stacks?: (second: number) => StacksValue;
}

/** A dockerd whose figures rise by so many MiB a minute, looked at every five seconds. */
function rising({ heapMiB, heapPerMinute, ...rest }: Rise): scenes.Scene {
  const { rssMiB = 100, rssPerMinute = 0, seconds = 420, memoryMiB = 16_384, change = () => ({}), stacks } = rest;
  const heapAt = (second: number): number => Math.round((heapMiB + (second / 60) * heapPerMinute) * MiB);
  return Array.from({ length: Math.floor(seconds / 5) + 1 }, (_, n) => {
    const second = n * 5;
    const rssBytes = Math.round((rssMiB + (second / 60) * rssPerMinute) * MiB);
    return make.sampleAt(second, {
      daemons: ok(
        make.daemons(
          make.dockerd({
            heap: ok({ allocBytes: heapAt(second), inuseBytes: heapAt(second) }, 1),
            process: ok(make.daemonProcess({ rssBytes }), 1),
            ...change(second),
          }),
        ),
        1,
      ),
      host: ok(make.host({ memoryBytes: memoryMiB * MiB }), 1),
      ...(stacks === undefined ? {} : { stacks: ok(stacks(second), 1) }),
    });
  });
}

describe('a heap', () => {
  test('that is large and grows steadily is reported, with both figures', () => {
    const [first] = judge(rising({ heapMiB: 300, heapPerMinute: 4, rssMiB: 400, rssPerMinute: 4 }));
    expect(first).toMatchObject({
      severity: 'warning',
      title: 'The heap of dockerd grows by 4 MiB a minute',
      subjects: { daemons: ['dockerd'], pids: [901] },
    });
    expect(first?.evidence.map(({ text }) => text)).toEqual([
      'heap in use 328 MiB, 4 MiB more a minute',
      'resident 428 MiB, 4 MiB more a minute',
    ]);
  });

  test('that is small is not, unless it is a good part of the node or will fill it within a day', () => {
    expect(judge(rising({ heapMiB: 100, heapPerMinute: 4 }))).toEqual([]);
    expect(judge(rising({ heapMiB: 100, heapPerMinute: 4, memoryMiB: 2000 }))).toHaveLength(1);
    const [soon] = judge(rising({ heapMiB: 20, heapPerMinute: 20, memoryMiB: 16_000 }));
    expect(soon?.summary).toContain('fills the node’s memory in 13h 11m');
  });

  test('that grows by little, or for less than five minutes, is not', () => {
    expect(judge(rising({ heapMiB: 900, heapPerMinute: 0.9 }))).toEqual([]);
    expect(judge(rising({ heapMiB: 900, heapPerMinute: 9, seconds: 280 }))).toEqual([]);
  });

  test('that is collected again and again is not', () => {
    const sawtooth = (second: number): Partial<DaemonValue> => {
      const inuseBytes = (300 + (second % 120)) * MiB;
      return { heap: ok({ allocBytes: inuseBytes, inuseBytes }, 1) };
    };
    expect(judge(rising({ heapMiB: 0, heapPerMinute: 0, change: sawtooth }))).toEqual([]);
  });
});

describe('resident memory', () => {
  const silent = (): Partial<DaemonValue> => ({ heap: absent('no debug endpoint') });

  test('stands for a heap that is unknown', () => {
    expect(
      judge(rising({ heapMiB: 0, heapPerMinute: 0, rssMiB: 900, rssPerMinute: 30, change: silent })),
    ).toMatchObject([{ title: 'The memory of dockerd grows by 30 MiB a minute' }]);
  });

  test('that rises for some minutes only is a start of containers', () => {
    const brief = rising({ heapMiB: 0, heapPerMinute: 0, rssMiB: 900, rssPerMinute: 30, change: silent, seconds: 240 });
    expect(judge(brief)).toEqual([]);
  });

  test('beyond the heap is reported as that', () => {
    const [first] = judge(rising({ heapMiB: 50, heapPerMinute: 0, rssMiB: 900, rssPerMinute: 30 }));
    expect(first?.ruledOut).toMatchObject([{ id: 'go-heap' }]);
  });
});

describe('what it grows with', () => {
  test('is the pattern of goroutines that grows most', () => {
    const wait = ['github.com/docker/docker/container.(*State).Wait.func1'];
    const stacks = (second: number): StacksValue => ({
      daemons: [
        {
          daemon: 'dockerd',
          look: 1 + Math.floor(second / 30),
          stacks: ok({ total: 200 + second, groups: [{ count: 100 + second, funcs: wait }], rest: 0 }, 1),
        },
      ],
    });
    const [first] = judge(rising({ heapMiB: 300, heapPerMinute: 4, stacks }));
    expect(first?.summary).toMatch(/With it grow the goroutines of “.+”: 520 now, 60 more a minute\./);
  });

  test('is goroutines and connections where no stack is known, or neither', () => {
    const growing = (second: number): Partial<DaemonValue> => ({
      goroutines: ok(3000 + second, 1),
      process: ok(make.daemonProcess({ fds: 1600 + second, fdKinds: make.fdKinds({ accepted: 1520 }) }), 1),
    });
    expect(judge(rising({ heapMiB: 300, heapPerMinute: 4, change: growing }))[0]?.summary).toContain(
      'With it grow its goroutines, by 60 a minute, with 1,520 accepted connections.',
    );
    expect(judge(rising({ heapMiB: 300, heapPerMinute: 4 }))[0]?.summary).toContain('Its goroutines do not grow');
  });
});

test('a restart comes last, with what it does to the containers', () => {
  const [first] = judge(rising({ heapMiB: 300, heapPerMinute: 4 }));
  expect(first?.remedies.map(({ command }) => command)).toEqual([
    'rtwatch heap dockerd',
    'rtwatch goroutines dockerd',
    'systemctl restart docker',
  ]);
  expect(first?.remedies.at(-1)).toMatchObject({
    risk: 'high',
    text: expect.stringContaining('Live-restore is off here'),
  });
});

test('nothing is found on a healthy node, and nothing judged where the daemons are unknown', () => {
  expect(judge(scenes.healthy)).toEqual([]);
  expect(run([growingHeap], scenes.modelOf(scenes.broken)).unknown).toMatchObject([{ id: 'growing-heap' }]);
});
