import type { ContainerValue } from '../../src/sample/containers.ts';
import type { DaemonValue } from '../../src/sample/daemons.ts';
import { ok, okValue, pending } from '../../src/sample/reading.ts';
import type { Readings } from '../../src/sample/sample.ts';
import type { ShimsValue } from '../../src/sample/shims.ts';
import * as make from '../support/samples.ts';
import { type Case, finds, glance, looks, quiet, watch } from './case.ts';
import { logged, repeated } from './log-node.ts';
import { dockerNode, initPid, type NodeParts, shimPid } from './node.ts';
import { batch1, exited, trio, web1, web2 } from './parts.ts';

const containerdOf = (ageSeconds: number, listens: boolean): Partial<DaemonValue> => ({
  process: ok(make.daemonProcess({ pid: 890, fds: 33, ageSeconds, listens }), 0.2),
});

/** A dockerd that was started so long ago and has not answered its ping since. */
const silentSince = (ageSeconds: number): Partial<DaemonValue> => {
  const waiting = pending(Math.min(ageSeconds, 60) * 1000, 'no answer yet');
  return {
    process: ok(make.daemonProcess({ starttime: 350_000_000, ageSeconds }), 0.2),
    ping: waiting,
    goroutines: waiting,
    heap: waiting,
    version: waiting,
    settings: waiting,
  };
};

/** A dockerd that is another process every so many seconds. */
const restartingEvery = (period: number, second: number): Partial<DaemonValue> => {
  const round = Math.floor(second / period);
  return {
    process: ok(
      make.daemonProcess({
        pid: 901 + round,
        starttime: 350_000_000 + round * period * 100,
        ageSeconds: second % period,
      }),
      0.2,
    ),
  };
};

/** The node with its shims changed. */
const withShims = (second: number, change: (shims: ShimsValue) => ShimsValue, parts: NodeParts = {}): Readings => {
  const node = dockerNode(second, parts);
  const shims = node.shims === undefined ? null : okValue(node.shims);
  return shims === null ? node : { ...node, shims: ok(change(shims), 1) };
};

const without =
  ({ id }: ContainerValue, orphans: ShimsValue['orphans'] = []) =>
  ({ shims }: ShimsValue): ShimsValue => ({ shims: shims.filter((shim) => shim.bundleId !== id), orphans });

/** Its init is gone, as `init.pid` tells. */
const initGone = { containers: [], initGone: true } as const;

export const faultyStarts: readonly Case[] = [
  {
    name: 'containerd hangs in its start for four minutes: a leftover shim is stopped',
    scene: () =>
      glance((second) =>
        dockerNode(second, {
          containerd: containerdOf(240 + second, false),
          shims: { [batch1.id]: { state: 'T' } },
        }),
      ),
    expected: [finds('hanging-start', { daemons: ['containerd'], pids: [890, shimPid(2)] })],
    mayAlso: ['unkillable-container', 'stalled-task-delete'],
  },
  {
    name: 'dockerd was started 200 s ago and has answered nothing since',
    scene: () => watch((second) => dockerNode(second, { dockerd: silentSince(100 + second) })),
    expected: [finds('hanging-start', { daemons: ['dockerd'], pids: [901] })],
  },
  {
    name: 'containerd does not come up, and the dockerd that was started with it waits',
    scene: () =>
      watch((second) =>
        dockerNode(second, { dockerd: silentSince(100 + second), containerd: containerdOf(101 + second, false) }),
      ),
    expected: [{ ...finds('hanging-start', { daemons: ['containerd', 'dockerd'] }), times: 1 }],
  },
  {
    name: 'dockerd is another process every 40 s',
    scene: () => looks(200, 2, (second) => dockerNode(second, { dockerd: restartingEvery(40, second) })),
    expected: [finds('crash-loop', { daemons: ['dockerd'] })],
  },
  {
    name: 'containerd is another process every 30 s, and systemd counts its restarts',
    scene: () => {
      const line = 'containerd.service: Scheduled restart job, restart counter is at 6.';
      const [sample] = logged(repeated(6, 30, 5, 'systemd[1]', line))();
      return looks(150, 2, (second) => ({
        ...dockerNode(second, { containerd: restartingEvery(30, second) }),
        ...(sample?.readings.logs === undefined ? {} : { logs: sample.readings.logs }),
      }));
    },
    expected: [{ ...finds('crash-loop', { daemons: ['containerd'] }), times: 1 }],
  },
  {
    name: 'The shim of a container was killed, and its processes run on',
    scene: () =>
      watch((second) => withShims(second, without(batch1, [make.containerTasks(batch1.id, { initPid: initPid(2) })]))),
    expected: [finds('lost-shim', { containers: [batch1.id], pids: [initPid(2)] })],
  },
  {
    name: 'The first process of a container is gone, its shim lives, and the engine says that it runs',
    scene: () => watch((second) => dockerNode(second, { shims: { [batch1.id]: initGone } })),
    expected: [finds('lost-shim', { containers: [batch1.id], pids: [shimPid(2)] })],
  },
  {
    name: 'Two containers are listed as running, and neither shim nor process of them is there',
    scene: () => watch((second) => withShims(second, (shims) => without(web2)(without(batch1)(shims)))),
    expected: [{ ...finds('lost-shim', { containers: [web2.id, batch1.id] }), times: 1 }],
  },
];

const thirty = Array.from({ length: 30 }, (_, n) => make.container((n + 16).toString(16), `burst-${n}`));

export const healthyStarts: readonly Case[] = [
  quiet('dockerd is restarted once, and restores its containers for 50 s', () =>
    looks(120, 2, (second) =>
      second < 60
        ? dockerNode(second)
        : dockerNode(second, {
            dockerd: second < 110 ? { ...silentSince(second - 60) } : restartingEvery(1000, second - 60),
          }),
    ),
  ),
  quiet('Someone tries a setting, and restarts dockerd twice', () =>
    looks(300, 4, (second) => dockerNode(second, { dockerd: restartingEvery(110, second) })),
  ),
  quiet('containerd was started 25 s ago and loads its plugins', () =>
    glance((second) => dockerNode(second, { containerd: containerdOf(25 + second, false) })),
  ),
  quiet('containerd was started a minute ago and listens', () =>
    watch((second) => dockerNode(second, { containerd: containerdOf(60 + second, true) })),
  ),
  quiet('A container exits: its first process is gone, and the list says so six seconds later', () =>
    watch((second) =>
      second < 94
        ? dockerNode(second)
        : dockerNode(
            second,
            second < 100 ? { shims: { [batch1.id]: initGone } } : { containers: [web1, web2, exited(batch1)] },
          ),
    ),
  ),
  quiet('Containers exit one after the other, and each is listed as running for four seconds more', () =>
    watch((second) => withShims(second, without(trio[Math.floor(second / 4) % 3] ?? batch1))),
  ),
  quiet('Thirty containers start at once: listed as running, their shims come second by second', () =>
    looks(40, 2, (second) => {
      const list = [...trio, ...thirty];
      return withShims(second, (shims) => ({ ...shims, shims: shims.shims.slice(0, 3 + second * 2) }), {
        containers: list,
      });
    }),
  ),
  quiet('podman runs containers, which have no shims', () =>
    watch((second) => withShims(second, () => ({ shims: [], orphans: trio.map(({ id }) => make.containerTasks(id)) }))),
  ),
  quiet('The processes of the node are not to be seen from rtwatch’s own container', () =>
    watch((second) => withShims(second, () => ({ shims: [], orphans: [] }))),
  ),
  quiet('A container is paused, and its shim sleeps', () =>
    watch((second) =>
      dockerNode(second, { containers: [web1, web2, { ...batch1, state: 'paused', status: 'Up 3 hours (Paused)' }] }),
    ),
  ),
];
