import type { DaemonValue } from '../../src/sample/daemons.ts';
import { absent, failed, ok, pending } from '../../src/sample/reading.ts';
import type { Readings } from '../../src/sample/sample.ts';
import * as make from '../support/samples.ts';
import { type Case, finds, quiet, watch } from './case.ts';
import { dockerNode } from './node.ts';
import { noProcess } from './parts.ts';

const pid = 1700;
const healthz = 'GET http://127.0.0.1:10248/healthz';

/** A node with Docker and a kubelet. */
function kubeletNode(second: number, kubelet: Partial<DaemonValue> = {}, state = 'S'): Readings {
  const node = dockerNode(second);
  const daemons = node.daemons?.status === 'ok' ? node.daemons.value.daemons : [];
  const own: DaemonValue = {
    ...make.containerd({ name: 'kubelet', endpoint: null }),
    process: ok(make.daemonProcess({ pid, ageSeconds: 90_000 + second, state }), 1),
    goroutines: absent('its debug pages need a client certificate'),
    heap: absent('its debug pages need a client certificate'),
    version: absent('only the engine’s API reports versions'),
    ping: ok({ ms: 1 }, 1),
    ...kubelet,
  };
  return { ...node, daemons: ok(make.daemons(...daemons, own), 3) };
}

export const faultsOfKubelet: readonly Case[] = [
  {
    name: 'A signal stopped the kubelet',
    scene: () =>
      watch((second) =>
        second < 10
          ? kubeletNode(second)
          : kubeletNode(second, { ping: pending(1000 + (second - 10) * 1000, `${healthz}: no answer yet`) }, 'T'),
      ),
    expected: [finds('silent-kubelet', { daemons: ['kubelet'], pids: [pid] })],
  },
  {
    name: 'The kubelet does not answer its health check',
    scene: () =>
      watch((second) =>
        second < 10 ? kubeletNode(second) : kubeletNode(second, { ping: failed(`${healthz}: no answer within 5s`) }),
      ),
    expected: [finds('silent-kubelet', { daemons: ['kubelet'], pids: [pid] })],
  },
  {
    name: 'The sync loop of the kubelet does not advance',
    scene: () => watch((second) => kubeletNode(second, { ping: failed(`${healthz}: HTTP 500`) })),
    expected: [finds('silent-kubelet', { daemons: ['kubelet'], pids: [pid] })],
  },
  {
    name: 'The kubelet has ended, and is not started again',
    scene: () => watch((second) => (second < 10 ? kubeletNode(second) : kubeletNode(second, noProcess('kubelet')))),
    expected: [finds('silent-kubelet', { daemons: ['kubelet'] })],
  },
];

export const healthyKubelet: readonly Case[] = [
  quiet('a kubelet that answers its health check', () => watch((second) => kubeletNode(second))),
  quiet('a kubelet whose health check is on another port, or in another network namespace', () =>
    watch((second) =>
      kubeletNode(second, { ping: absent(`${healthz}: nothing listens on 127.0.0.1:10248 (connection refused)`) }),
    ),
  ),
  quiet('a kubelet that is restarted', () =>
    watch((second) => (second >= 10 && second < 14 ? kubeletNode(second, noProcess('kubelet')) : kubeletNode(second))),
  ),
];
