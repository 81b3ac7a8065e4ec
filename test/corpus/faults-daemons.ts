import { absent, failed, ok, pending } from '../../src/sample/reading.ts';
import { lockedWhole } from '../support/locked-daemon.ts';
import * as make from '../support/samples.ts';
import { about, type Case, finds, glance, looks, watch } from './case.ts';
import { dockerNode } from './node.ts';
import { batch1, debian10Docker, frozenData, frozenWriter, noProcess, unanswered, web1, web2 } from './parts.ts';
import { explained, lockedLayers, lostStreams, stacksAt, stopsThatWait, unknownLeak, waitingProbes } from './stacks.ts';

const others = [web1, web2];

/** Daemons that leak, run out, or are silent. */
export const faultsOfDaemons: readonly Case[] = [
  {
    name: 'creates pile up behind the lock of the layer store, whose holder unmounts',
    scene: () => watch((second) => dockerNode(second, { dockerdStacks: lockedLayers(60) })),
    expected: [finds('lock-contention', { daemons: ['dockerd'] })],
  },
  {
    name: 'creates pile up behind the lock of the layer store, and a whole dump has the holder',
    scene: () =>
      watch((second) => {
        const readings = dockerNode(second, { dockerdStacks: lockedLayers(48) });
        return second === 62 ? explained(readings, lockedWhole(48)) : readings;
      }),
    expected: [finds('lock-contention', { daemons: ['dockerd'] })],
  },
  {
    name: 'some creates wait for the lock of the layer store, poll after poll',
    scene: () => watch((second) => dockerNode(second, { dockerdStacks: lockedLayers(12) })),
    expected: [finds('lock-contention', { daemons: ['dockerd'] })],
  },
  {
    name: 'health checks wait for a containerd that starts no exec',
    scene: () => watch((second) => dockerNode(second, { dockerdStacks: waitingProbes(300) })),
    expected: [finds('goroutine-growth', { daemons: ['dockerd'] })],
  },
  {
    name: 'a daemon has thousands of goroutines of an unknown kind',
    scene: () => watch((second) => dockerNode(second, { dockerdStacks: unknownLeak(7000) })),
    expected: [finds('goroutine-growth', { daemons: ['dockerd'] })],
  },
  {
    name: 'dockerd 19.03 leaks two goroutines and a connection with each stop of a container that cannot exit',
    scene: () =>
      watch((second) => {
        const stops = 120 + Math.floor(second / 5);
        return dockerNode(second, {
          containers: [...others, unanswered(batch1, 60)],
          dockerd: {
            ...debian10Docker,
            process: ok(
              make.daemonProcess({ fds: 65 + stops, fdKinds: make.fdKinds({ accepted: stops + 4, peerless: stops }) }),
              0.2,
            ),
          },
          dockerdStacks: stopsThatWait(stops),
          processes: [frozenWriter(28_816, batch1.id, second)],
          logs: {
            tallies: [
              make.logTally('direct-sigkill', batch1.id, {
                count: stops,
                firstAt: make.noon - 300_000,
                lastAt: make.noon - 3000,
                lastMinute: 12,
              }),
              make.logTally('stop-force', batch1.id, {
                count: stops,
                firstAt: make.noon - 300_000,
                lastAt: make.noon - 3000,
                lastMinute: 12,
              }),
            ],
          },
        });
      }),
    expected: [
      frozenData,
      finds('goroutine-leak-on-stop', { daemons: ['dockerd'] }),
      finds('unkillable-container', about(batch1)),
      finds('outdated-engine'),
    ],
    mayAlso: ['growing-heap'],
  },
  {
    name: 'dockerd 19.03 has leaked so many that its stacks are not asked for',
    scene: () =>
      watch((second) => {
        const stops = 14_000 + Math.floor(second / 5);
        const readings = dockerNode(second, {
          containers: [...others, unanswered(batch1, 60)],
          dockerd: {
            ...debian10Docker,
            goroutines: ok(34 + stops * 2, 2),
            process: ok(make.daemonProcess({ fds: 65 + stops, rssBytes: 900e6 }), 0.2),
          },
          processes: [frozenWriter(28_816, batch1.id, second)],
          logs: {
            tallies: [
              make.logTally('direct-sigkill', batch1.id, {
                count: 9000,
                firstAt: make.noon - 9e6,
                lastAt: make.noon - 3000,
                lastMinute: 12,
              }),
              make.logTally('stop-force', batch1.id, {
                count: 9000,
                firstAt: make.noon - 9e6,
                lastAt: make.noon - 3000,
                lastMinute: 12,
              }),
            ],
          },
        });
        const tooMany = absent('28,034 goroutines: reading them pauses the daemon, so press x');
        return { ...readings, stacks: ok({ daemons: [{ daemon: 'dockerd', look: 0, stacks: tooMany }] }, 1) };
      }),
    expected: [
      frozenData,
      finds('goroutine-leak-on-stop', { daemons: ['dockerd'] }),
      finds('unkillable-container', about(batch1)),
      finds('outdated-engine'),
    ],
    mayAlso: ['growing-heap'],
  },
  {
    name: 'dockerd has used 85 % of its descriptors',
    scene: () =>
      watch((second) =>
        dockerNode(second, { dockerd: { process: ok(make.daemonProcess({ fds: 3482, fdLimit: 4096 }), 0.2) } }),
      ),
    expected: [finds('fd-exhaustion', { daemons: ['dockerd'] })],
  },
  {
    name: 'dockerd will be out of descriptors in an hour',
    scene: () =>
      looks(420, 5, (second) =>
        dockerNode(second, {
          dockerd: { process: ok(make.daemonProcess({ fds: 600 + Math.floor(second / 2), fdLimit: 2000 }), 0.2) },
        }),
      ),
    expected: [finds('fd-exhaustion', { daemons: ['dockerd'] })],
  },
  {
    name: 'The node is out of file handles',
    scene: () =>
      watch((second) => {
        const readings = dockerNode(second);
        const { daemons } = readings;
        if (daemons?.status !== 'ok') return readings;
        return {
          ...readings,
          daemons: ok({ ...daemons.value, fileHandles: { allocated: 95_000, free: 0, max: 100_000 } }, 3),
        };
      }),
    expected: [finds('fd-exhaustion')],
  },
  {
    name: 'The heap of dockerd grows by 60 MiB a minute and is at 3 GiB',
    scene: () =>
      looks(900, 10, (second) =>
        dockerNode(second, {
          dockerd: {
            heap: ok({ allocBytes: 3e9, inuseBytes: (3072 + second) * 1024 ** 2 }, 2),
            process: ok(make.daemonProcess({ rssBytes: (3300 + second) * 1024 ** 2 }), 0.2),
          },
        }),
      ),
    expected: [finds('growing-heap', { daemons: ['dockerd'] })],
  },
  {
    name: 'dockerd does not hear containerd’s events',
    scene: () =>
      watch((second) =>
        dockerNode(second, {
          readings: { stacks: stacksAt(second, { dockerd: lostStreams(3, 0) }) },
          logs: {
            tallies: [
              make.logTally('event-stream-lost', null, { firstAt: make.noon - 90_000, lastAt: make.noon - 90_000 }),
            ],
          },
        }),
      ),
    expected: [finds('lost-event-stream', { daemons: ['dockerd'] })],
  },
  {
    name: 'dockerd lives and does not answer',
    scene: () =>
      watch((second) =>
        dockerNode(second, {
          dockerd: {
            ping: second < 10 ? ok({ ms: 2 }, 2) : failed('GET /_ping: no answer within 5s'),
            goroutines: second < 10 ? ok(49, 1) : pending(second * 1000, 'GET /debug/pprof/: no answer yet'),
          },
        }),
      ),
    expected: [finds('silent-daemon', { daemons: ['dockerd'] })],
  },
  {
    name: 'dockerd was there and is gone, its shims live on',
    scene: () => watch((second) => dockerNode(second, second < 10 ? {} : { dockerd: noProcess('dockerd') })),
    expected: [finds('silent-daemon', { daemons: ['dockerd'] })],
  },
  {
    name: 'Shims of Docker run, and there is neither dockerd nor containerd: seen at a glance',
    scene: () =>
      glance((second) =>
        dockerNode(second, {
          dockerd: noProcess('dockerd'),
          containerd: { ...noProcess('containerd'), endpoint: null },
          readings: {
            containers: absent('no container engine at unix:///var/run/docker.sock'),
            stacks: ok({ daemons: [] }, 0),
          },
        }),
      ),
    expected: [finds('silent-daemon', { daemons: ['dockerd'] })],
  },
  {
    name: 'containerd has used 96 % of its descriptors',
    scene: () =>
      watch((second) =>
        dockerNode(second, {
          containerd: { process: ok(make.daemonProcess({ pid: 890, fds: 983, fdLimit: 1024 }), 0.2) },
        }),
      ),
    expected: [finds('fd-exhaustion', { daemons: ['containerd'] })],
  },
];
