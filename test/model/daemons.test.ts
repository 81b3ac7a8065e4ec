import { describe, expect, test } from 'vitest';
import { absent, failed, ok, pending } from '../../src/sample/reading.ts';
import * as make from '../support/samples.ts';
import { modelOf, restarted, type Scene } from '../support/scenes.ts';

const dockerdOf = (scene: Scene) => modelOf(scene).daemons.find(({ name }) => name === 'dockerd');
const at = (second: number, change: Parameters<typeof make.dockerd>[0]) =>
  make.sampleAt(second, { daemons: ok(make.daemons(make.dockerd(change)), 1) });

describe('a daemon', () => {
  test('keeps its goroutine counts, with a gap where one is missing', () => {
    const scene = [
      at(0, { goroutines: ok(60, 1) }),
      at(1, { goroutines: failed('HTTP 500') }),
      make.sampleAt(2, { daemons: failed('EIO') }),
      at(3, { goroutines: ok(70, 1) }),
    ];
    expect(dockerdOf(scene)?.goroutinesSeries).toEqual([60, null, null, 70]);
  });

  test('keeps two minutes of them and no more', () => {
    const scene = Array.from({ length: 200 }, (_, second) => at(second, { goroutines: ok(second, 1) }));
    const series = dockerdOf(scene)?.goroutinesSeries ?? [];
    expect(series).toHaveLength(120);
    expect(series.at(-1)).toBe(199);
  });

  test('is gone when it was there and no process is left, since the moment that was first seen', () => {
    const scene = [at(0, {}), at(5, { process: absent('none') }), at(9, { process: absent('none') })];
    expect(dockerdOf(scene)).toMatchObject({ status: 'gone', goneSeconds: 4, lastPid: 901 });
  });

  test('is absent when it was never there', () => {
    expect(dockerdOf([at(0, { process: absent('none') })])).toMatchObject({ status: 'absent', goneSeconds: null });
  });

  test('is not gone when its process could not be looked at', () => {
    const scene = [at(0, {}), at(1, { process: failed('EIO') })];
    expect(dockerdOf(scene)).toMatchObject({ status: 'unknown', goneSeconds: null });
  });

  test('that comes back as another process was restarted, and is not gone any more', () => {
    expect(dockerdOf(restarted)).toMatchObject({ status: 'running', goneSeconds: null, restartedSeconds: 12 });
  });

  test('with the pid of before but another start time was restarted too', () => {
    const scene = [at(0, {}), at(7, { process: ok(make.daemonProcess({ starttime: 99_999 }), 1) })];
    expect(dockerdOf(scene)?.restartedSeconds).toBe(0);
  });

  test('that does not answer yet is pending, not zero', () => {
    expect(dockerdOf([at(0, { goroutines: pending(3000, 'no answer yet') })])?.goroutines.status).toBe('pending');
  });
});
