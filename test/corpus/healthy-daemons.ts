import { absent, failed, ok, pending } from '../../src/sample/reading.ts';
import * as make from '../support/samples.ts';
import { type Case, looks, mentions, quiet, watch } from './case.ts';
import { dockerNode, named } from './node.ts';
import { debian10Docker, noProcess, sigterm, trio, web1, web2 } from './parts.ts';
import { dockerdStacks, gracefulStops, stacksAt } from './stacks.ts';

const many = named(...Array.from({ length: 30 }, (_, n) => `pod-${n}`));

/** What daemons do when all is well. */
export const healthyDaemons: readonly Case[] = [
  quiet(
    'Looked at without root: what may not be read is not made up',
    () =>
      watch((second) =>
        dockerNode(second, {
          dockerd: {
            process: ok(make.daemonProcess({ fds: null, fdLimit: null, mountNamespace: null }), 0.2),
          },
          readings: {
            containers: failed('GET /containers/json: permission denied (run as root)'),
            mounts: ok(make.mounts([], { unreadable: 410, layers: failed('/var/lib/docker: permission denied') }), 2),
          },
        }),
      ),
    { unknown: ['stuck-removal'] },
  ),
  quiet('Clients that hold their connections open, and docker wait', () =>
    watch((second) =>
      dockerNode(second, {
        dockerd: {
          process: ok(
            make.daemonProcess({
              fds: 420,
              fdKinds: make.fdKinds({ accepted: 360, unixSockets: 367, sockets: 370, peerless: 0 }),
            }),
            0.2,
          ),
        },
        dockerdStacks: [
          {
            count: 340,
            funcs: ['internal/poll.(*FD).Read', 'net.(*conn).Read', 'net/http.(*connReader).backgroundRead'],
          },
          { count: 40, funcs: ['github.com/docker/docker/container.(*State).Wait.func1'] },
          {
            count: 40,
            funcs: [
              'github.com/docker/docker/api/server/router/container.(*containerRouter).postContainersWait',
              'net/http.serverHandler.ServeHTTP',
              'net/http.(*conn).serve',
            ],
          },
        ],
      }),
    ),
  ),
  quiet('Old signs in the logs, long over', () =>
    watch((second) => {
      const longAgo = { count: 40, firstAt: make.noon - 9e6, lastAt: make.noon - 7.2e6, lastMinute: 0 };
      return dockerNode(second, {
        containers: trio,
        logs: {
          tallies: [
            make.logTally('direct-sigkill', web1.id, longAgo),
            make.logTally('task-exit-failed', web2.id, longAgo),
            make.logTally('event-stream-lost', null, longAgo),
            make.logTally('pleg-unhealthy', null, longAgo),
            make.logTally('hung-task', null, longAgo),
          ],
        },
      });
    }),
  ),
  quiet('The heap of a daemon comes and goes', () =>
    watch((second) =>
      dockerNode(second, {
        dockerd: {
          heap: ok({ allocBytes: 3e8, inuseBytes: (300 + (second % 40) * 4) * 1024 ** 2 }, 2),
          process: ok(make.daemonProcess({ rssBytes: 640 * 1024 ** 2 }), 0.2),
        },
      }),
    ),
  ),
  quiet(
    'docker compose down of 14 containers on dockerd 19.03, five seconds in',
    () =>
      looks(8, 1, (second) =>
        dockerNode(second, {
          containers: many.slice(0, 14).map((one) => ({ ...one, kill: sigterm(make.noon - 5000) })),
          dockerd: debian10Docker,
          dockerdStacks: gracefulStops(14),
        }),
      ),
    { mayAlso: ['outdated-engine'] },
  ),
  quiet(
    'A node is drained: 30 containers are in their grace of 30 s on dockerd 19.03',
    () =>
      looks(40, 2, (second) =>
        dockerNode(second, {
          containers: many.map((one) => (second < 20 ? one : { ...one, kill: sigterm(make.noon + 20_000) })),
          dockerd: debian10Docker,
          dockerdStacks: second < 20 ? [] : gracefulStops(30),
        }),
      ),
    { mayAlso: ['outdated-engine'] },
  ),
  quiet('dockerd 17.06 follows one event stream, as it always did', () =>
    watch((second) =>
      dockerNode(second, {
        dockerd: { version: ok({ version: '17.06.2-ce', goVersion: 'go1.8.3', product: null }, 1) },
        readings: {
          stacks: stacksAt(second, {
            dockerd: [
              { count: 1, funcs: ['github.com/docker/docker/libcontainerd.(*remote).handleEventStream'] },
              ...dockerdStacks(3).slice(1),
            ],
          }),
        },
      }),
    ),
  ),
  quiet('dockerd is asked over ssh, on another machine', () =>
    watch((second) =>
      dockerNode(second, {
        dockerd: { process: absent('no dockerd process'), endpoint: 'ssh://node-9' },
        containerd: { ...noProcess('containerd'), endpoint: null },
        readings: {
          shims: ok(make.shims(), 1),
          mounts: ok(
            make.mounts([make.namespace('4026531841', [], { host: true, holders: [make.holder(1, 'systemd')] })]),
            2,
          ),
        },
      }),
    ),
  ),
  quiet('The engine’s socket may not be opened', () =>
    watch((second) =>
      dockerNode(second, {
        dockerd: {
          ping: failed('GET /_ping: permission denied (run as root)'),
          goroutines: failed('GET /debug/pprof/: permission denied (run as root)'),
        },
      }),
    ),
  ),
  quiet('dockerd was started twenty seconds ago, and restores its containers', () =>
    looks(8, 1, (second) =>
      dockerNode(second, {
        dockerd: {
          process: ok(make.daemonProcess({ ageSeconds: 14 + second }), 0.2),
          ping: pending(7000 + second * 1000, 'GET /_ping: no answer yet'),
          goroutines: pending(7000 + second * 1000, 'GET /debug/pprof/: no answer yet'),
        },
      }),
    ),
  ),
  quiet('dockerd warms up after a start: its heap grows from 20 to 90 MiB', () =>
    looks(420, 5, (second) =>
      dockerNode(second, {
        dockerd: {
          process: ok(make.daemonProcess({ ageSeconds: 60 + second, rssBytes: (90 + second / 6) * 1024 ** 2 }), 0.2),
          heap: ok({ allocBytes: 2e7, inuseBytes: (20 + second / 6) * 1024 ** 2 }, 2),
        },
      }),
    ),
  ),
  quiet(
    'dockerd 23.0.3, which stops containers at once when their client goes away',
    () =>
      watch((second) =>
        dockerNode(second, {
          dockerd: { version: ok({ version: '23.0.3', goVersion: 'go1.19.7', product: null }, 1) },
        }),
      ),
    { expected: [mentions('outdated-engine')] },
  ),
  quiet(
    'Containers whose logs grow without end',
    () =>
      watch((second) =>
        dockerNode(second, {
          containers: trio.map((one) => ({
            ...one,
            inspect: ok(make.inspected({ pid: 4242, logRotated: false }), 3),
          })),
        }),
      ),
    { expected: [mentions('risky-configuration')] },
  ),
];
