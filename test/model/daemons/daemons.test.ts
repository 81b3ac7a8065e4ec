import { describe, expect, test } from 'vitest';
import { absent, failed, ok, pending } from '../../../src/sample/reading.ts';
import * as make from '../../support/samples.ts';
import { modelOf, restarted, type Scene } from '../../support/scenes.ts';

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
    const scene = [at(0, {}), at(5, make.goneDaemon), at(9, make.goneDaemon)];
    expect(dockerdOf(scene)).toMatchObject({ status: 'gone', goneSeconds: 4, lastPid: 901 });
  });

  test('is absent when it was never there', () => {
    expect(dockerdOf([at(0, make.goneDaemon)])).toMatchObject({ status: 'absent', goneSeconds: null });
  });

  test('that answers without a process in this /proc is elsewhere, and never gone', () => {
    const answers = { ...make.goneDaemon, goroutines: ok(64, 1) };
    for (const scene of [[at(0, answers)], [at(0, {}), at(5, answers), at(9, answers)]]) {
      expect(dockerdOf(scene)).toMatchObject({
        status: 'elsewhere',
        goneSeconds: null,
        detail: expect.stringContaining('answers, but its process was not found in /proc'),
      });
    }
  });

  test('of pods that answers on its socket without a process in this /proc is elsewhere too', () => {
    const scene = [
      make.sampleAt(0, {
        daemons: ok(make.daemons(make.containerd({ ...make.goneDaemon, version: absent('no engine') })), 1),
        cri: ok(make.cri({ pid: null }), 1),
      }),
    ];
    expect(modelOf(scene).daemons[0]).toMatchObject({
      name: 'containerd',
      status: 'elsewhere',
      version: 'v1.7.24',
      socket: 'unix:///run/containerd/containerd.sock',
      detail: expect.stringContaining('hidepid'),
    });
  });

  test('that is not Docker’s has the name it gives itself, also while it says nothing', () => {
    const other = {
      ...make.goneDaemon,
      version: ok({ version: '1.0', goVersion: null, product: 'Other Engine' }, 1),
    };
    const silent = { ...make.goneDaemon, version: failed('GET /version: no answer within 5s') };
    const [engine] = modelOf([at(0, other), at(1, silent)]).daemons;
    expect(engine).toMatchObject({ name: 'Other Engine', kind: 'dockerd', isEngine: true });
  });

  test('that is Podman’s service is podman by its process, by its socket and by its answer', () => {
    const version = failed('GET /version: no answer within 5s');
    const said = ok({ version: '4.3.1', goVersion: null, product: 'Podman Engine' }, 1);
    for (const scene of [
      [at(0, { engine: 'podman', version })],
      [at(0, { engine: 'podman', version }), at(1, { version })],
      [at(0, { version: said }), at(1, { version })],
    ])
      expect(modelOf(scene).daemons[0]).toMatchObject({ name: 'podman', kind: 'podman', isEngine: true });
  });

  test('is not gone when its process could not be read', () => {
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

describe('a daemon that leaks', () => {
  /** A descriptor and two goroutines for each stop, one every five seconds. */
  const leaking = (seconds: number): Scene =>
    Array.from({ length: seconds + 1 }, (_, second) =>
      make.sampleAt(second, {
        host: ok(make.host({ memoryBytes: 4 * 1024 ** 3 }), 1),
        daemons: ok(
          make.daemons(
            make.dockerd({
              goroutines: ok(60 + Math.floor(second / 5) * 2, 1),
              process: ok(
                make.daemonProcess({
                  fds: 54 + Math.floor(second / 5),
                  fdLimit: 20_000,
                  rssBytes: 1024 ** 3 + second * 1024 ** 2,
                }),
                1,
              ),
            }),
          ),
          1,
        ),
      }),
    );

  test('shows by how much a minute, and when its limit and the memory of the node are reached', () => {
    const daemon = dockerdOf(leaking(320));
    expect(daemon?.fdGrowthPerMinute).toBeCloseTo(12, 0);
    expect(daemon?.goroutineGrowthPerMinute).toBeCloseTo(24, 0);
    expect(daemon?.goroutinesPerFd).toBeCloseTo(2, 1);
    expect(daemon?.rssBytesGrowthPerMinute).toBeCloseTo(60 * 1024 ** 2, -5);
    // (20,000 - 118) / 12 a minute; (3 GiB - 320 MiB) / 60 MiB a minute.
    expect(daemon?.fdExhaustionSeconds).toBeGreaterThan(95_000);
    expect(daemon?.fdExhaustionSeconds).toBeLessThan(105_000);
    expect(daemon?.rssExhaustionSeconds).toBeCloseTo(2752, -2);
  });

  test('says nothing of its memory within five minutes: an idle Go program may not have collected yet', () => {
    const daemon = dockerdOf(leaking(120));
    expect(daemon?.fdGrowthPerMinute).toBeCloseTo(12, 0);
    expect(daemon).toMatchObject({ rssBytesGrowthPerMinute: null, rssExhaustionSeconds: null });
  });

  test('says nothing of it within half a minute', () => {
    expect(dockerdOf(leaking(25))).toMatchObject({
      fdGrowthPerMinute: null,
      fdExhaustionSeconds: null,
      rssExhaustionSeconds: null,
      goroutinesPerFd: null,
    });
  });

  test('begins anew when it was started again', () => {
    const again = make.sampleAt(121, {
      daemons: ok(make.daemons(make.dockerd({ process: ok(make.daemonProcess({ pid: 7, fds: 30 }), 1) })), 1),
    });
    expect(dockerdOf([...leaking(120), again])).toMatchObject({ fdGrowthPerMinute: null, fdSeries: [{ value: 30 }] });
  });

  test('grows no more when it is gone', () => {
    const scene = [...leaking(120), at(121, { process: absent('none') })];
    expect(dockerdOf(scene)).toMatchObject({ fdGrowthPerMinute: null, rssBytesGrowthPerMinute: null });
  });
});

describe('the settings of an engine', () => {
  const daemon = make.settings({ liveRestore: true, rootDir: '/data' });

  test('stay known while a later question about them fails', () => {
    const scene = [at(0, { settings: ok(daemon, 9) }), at(1, { settings: failed('no answer within 5s') })];
    expect(dockerdOf(scene)?.settings).toEqual(daemon);
  });

  test('are forgotten with its process', () => {
    const scene = [
      at(0, { settings: ok(daemon, 9) }),
      at(1, { process: ok(make.daemonProcess({ pid: 7 }), 1), settings: pending(0, 'not requested yet') }),
    ];
    expect(dockerdOf(scene)?.settings).toBeNull();
  });
});

test('the open files of the node are reported beside the daemons', () => {
  expect(modelOf([at(0, {})]).fileHandles).toEqual({ allocated: 4224, free: 0, max: 1_620_000 });
});
