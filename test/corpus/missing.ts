import { absent, failed, ok, pending } from '../../src/sample/reading.ts';
import type { SourceName } from '../../src/sample/sample.ts';
import * as make from '../support/samples.ts';
import { type Case, finds, watch } from './case.ts';
import { dockerNode } from './node.ts';
import { batch1, frozenData, frozenWriter, slowDisk, unanswered, web1, web2 } from './parts.ts';

/** A healthy node, of which one source tells nothing. */
const without = (source: SourceName, ...unknown: readonly string[]): Case => ({
  name: `A healthy node of which ${source} cannot be read`,
  scene: () =>
    watch((second) => dockerNode(second, { readings: { [source]: failed(`${source}: permission denied`) } })),
  expected: [],
  unknown,
});

/** Where rtwatch cannot look it says so: it neither alarms nor calls the node healthy. */
export const missing: readonly Case[] = [
  without('processes', 'blocked-process', 'unkillable-container'),
  without('containers', 'stuck-removal'),
  without('mounts', 'leaked-mount', 'split-mount-namespace'),
  without('disks', 'io-pressure'),
  without('daemons', 'silent-daemon'),
  without('shims'),
  without('stacks'),
  without('logs'),
  without('cgroups'),
  without('filesystems'),
  without('writers'),
  without('host'),
  {
    name: 'Nothing has answered yet',
    scene: () => [
      make.sampleAt(
        0,
        Object.fromEntries(
          ['daemons', 'containers', 'processes', 'mounts', 'disks', 'host'].map((name) => [
            name,
            pending(900, 'no answer yet'),
          ]),
        ),
      ),
    ],
    expected: [],
    unknown: ['blocked-process', 'unkillable-container', 'stuck-removal', 'leaked-mount', 'silent-daemon'],
  },
  {
    name: 'The engine’s list fails, and the kernel shows a process on which SIGKILL is pending',
    scene: () =>
      watch((second) =>
        dockerNode(second, {
          processes: [frozenWriter(28_816, batch1.id, second)],
          readings: { containers: failed('GET /containers/json: permission denied (run as root)') },
        }),
      ),
    expected: [frozenData, finds('unkillable-container', { pids: [28_816] })],
    unknown: ['stuck-removal'],
  },
  {
    name: 'Neither the engine nor the shims tell of containers, and SIGKILL is pending on a process',
    scene: () =>
      watch((second) =>
        dockerNode(second, {
          processes: [frozenWriter(28_816, batch1.id, second)],
          readings: {
            containers: failed('GET /containers/json: permission denied (run as root)'),
            shims: failed('/proc: permission denied'),
          },
        }),
      ),
    expected: [frozenData, finds('blocked-process', { pids: [28_816] })],
    unknown: ['unkillable-container', 'stuck-removal', 'leaked-mount'],
  },
  {
    name: 'No stacks, no kernel stack and no log: a container that SIGKILL did not end is still found',
    scene: () =>
      watch((second) =>
        dockerNode(second, {
          containers: [web1, web2, unanswered(batch1)],
          processes: [
            make.blocked(
              28_816,
              { containerId: batch1.id, killPending: true },
              { stack: null, wchan: null, offCpuSeconds: null, syscall: null },
            ),
          ],
          readings: {
            stacks: ok({ daemons: [{ daemon: 'dockerd', look: 0, stacks: absent('no debug pages') }] }, 1),
            logs: absent('no log was found (name one with --log)'),
          },
        }),
      ),
    expected: [finds('unkillable-container', { containers: [batch1.id] })],
  },
  {
    name: 'The disks are slow, and nobody may look into processes and writers',
    scene: () =>
      watch((second) =>
        dockerNode(second, {
          disks: slowDisk(second),
          readings: { processes: failed('/proc: EACCES'), writers: failed('/proc: EACCES') },
        }),
      ),
    expected: [finds('io-pressure', { devices: ['/dev/vda'] })],
    unknown: ['blocked-process'],
  },
  {
    name: 'Descriptors and heap of the daemons are not told',
    scene: () =>
      watch((second) =>
        dockerNode(second, {
          dockerd: {
            heap: failed('GET /debug/vars: HTTP 403'),
            goroutines: failed('GET /debug/pprof/: HTTP 403'),
            process: ok(make.daemonProcess({ fds: null, fdLimit: null }), 0.2),
          },
          readings: { stacks: failed('GET /debug/pprof/goroutine?debug=1: HTTP 403') },
        }),
      ),
    expected: [],
  },
];
