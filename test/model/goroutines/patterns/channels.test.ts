import { describe, expect, test } from 'vitest';
import { containerd, docker, goroutine, report } from '../goroutine.ts';

const reap = [
  `${containerd}reaper.Reap(0xc4200a4000, 0x0)`,
  'main.handleSignals(0xc42009e500)',
  'main.executeShim(0x0)',
  'main.main()',
];
const publish = [
  `${containerd}reaper.(*Monitor).Wait(0x7fe5d0)`,
  'main.(*remoteEventsPublisher).Publish(0xc4200668d0)',
  `${containerd}linux/shim.(*Service).forward(0xc4200bc0c0)`,
];
const found = (dump: ReturnType<typeof report>): unknown =>
  dump.patterns.map(({ id, harmless, overdueMinutes }) => [id, harmless, overdueMinutes]);

describe('a send that lasts', () => {
  // https://github.com/moby/moby/issues/40145
  test('of the goroutine that reaps in a shim, and the publisher that waits to be reaped', () => {
    const dump = report([
      goroutine(reap, { id: 1, state: 'chan send', waitMinutes: 2632 }),
      goroutine(publish, { id: 10, state: 'chan receive', waitMinutes: 2632 }),
    ]);
    expect(found(dump)).toEqual([
      ['reaper-send', false, 2632],
      ['reaper-wait', false, 2632],
    ]);
  });

  test('of any program', () => {
    const dump = report([goroutine(['main.work.func1'], { state: 'chan send', waitMinutes: 90 })]);
    expect(found(dump)).toEqual([['channel-send', false, 90]]);
  });

  // https://github.com/moby/moby/issues/42314
  test('of an event to a queue that is not read', () => {
    const stack = [
      `${docker}vendor/github.com/docker/go-events.(*Broadcaster).Write(0xc00c6e4550)`,
      `${docker}vendor/github.com/docker/swarmkit/watch.(*Queue).Publish(...)`,
      `${docker}vendor/github.com/docker/swarmkit/manager/logbroker.(*subscription).watch(0xc00822a000)`,
    ];
    expect(found(report([goroutine(stack, { state: 'select', waitMinutes: 968 })]))).toEqual([
      ['event-publish', false, 968],
    ]);
  });
});

describe('a program that waits for itself, by a send on its own queue', () => {
  const overlay = `${docker}vendor/github.com/docker/libnetwork/drivers/overlay.(*driver)`;

  // https://github.com/moby/libnetwork/issues/2508
  test('is a dockerd with an overlay network', () => {
    const stack = [`${overlay}.peerInit(0x1)`, `${overlay}.peerAddOp(0x1)`, `${overlay}.peerOpRoutine(0x1)`];
    expect(found(report([goroutine(stack, { state: 'chan send', waitMinutes: 1570 })]))).toEqual([
      ['overlay-peer-send', false, 1570],
    ]);
    expect(found(report([goroutine([`${overlay}.peerOpRoutine(0x1)`], { state: 'select', waitMinutes: 90 })]))).toEqual(
      [],
    );
  });

  // https://github.com/kubernetes/kubernetes/issues/72482
  test('is a kubelet whose PLEG is unhealthy', () => {
    const relist = 'k8s.io/kubernetes/pkg/kubelet/pleg.(*GenericPLEG).relist';
    expect(found(report([goroutine([relist], { state: 'chan send', waitMinutes: 1140 })]))).toEqual([
      ['pleg-send', false, 1140],
    ]);
    expect(found(report([goroutine([relist], { state: 'runnable' })]))).toEqual([]);
  });
});

describe('no trouble is', () => {
  test('a send of a moment', () => {
    const dump = report([
      goroutine(reap, { id: 1, state: 'chan send' }),
      goroutine(['main.work.func1'], { state: 'chan send', waitMinutes: 1 }),
    ]);
    expect(dump.patterns.every(({ harmless }) => harmless)).toBe(true);
  });

  test('a shim that waits for signals, or a goroutine whose form has no state', () => {
    const idle = ['main.handleSignals(0xc42009e500)', 'main.executeShim(0x0)', 'main.main()'];
    expect(report([goroutine(idle, { id: 1, state: 'select', waitMinutes: 12844 })]).patterns).toEqual([]);
    expect(report([goroutine(['main.work.func1'], { id: null, state: null })]).patterns).toEqual([]);
  });
});
