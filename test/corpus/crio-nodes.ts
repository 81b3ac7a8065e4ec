import type { CriContainer } from '../../src/sample/cri.ts';
import type { ContainerMount, MountNamespaceValue } from '../../src/sample/mounts.ts';
import { absent, ok } from '../../src/sample/reading.ts';
import type { Readings } from '../../src/sample/sample.ts';
import * as make from '../support/samples.ts';
import { type Case, finds, quiet, watch } from './case.ts';
import { dockerNode } from './node.ts';
import { withoutEngine } from './parts.ts';

const crioPid = 950;
const conmonPid = 6000;
const app = make.idOf('a');
const layer = make.idOf('1a');
const place = (root = ''): string => `${root}/var/lib/containers/storage/overlay/${layer}/merged`;

interface CrioParts {
  readonly containers?: readonly CriContainer[];
  /** Its container's processes are there. */
  readonly runs?: boolean;
  /** The container's layer where CRI-O has it. */
  readonly mounted?: boolean;
  /** Copies of it in the namespace of another program. */
  readonly copies?: readonly ContainerMount[];
  readonly crio?: Parameters<typeof make.cri>[0];
  readonly readings?: Readings;
}

/** A node of a cluster with CRI-O alone, as its sources have it: no CRI-O was there to take it from. */
function crioNode(second: number, parts: CrioParts = {}): Readings {
  const { containers = [make.criContainer('a')], runs = true, mounted = runs, copies = [] } = parts;
  const socket = 'unix:///var/run/crio/crio.sock';
  const crio = make.containerd({
    name: 'crio',
    endpoint: null,
    version: absent('only the engine’s API reports versions'),
    process: ok(make.daemonProcess({ pid: crioPid, mountNamespace: '1' }), 0.2),
    goroutines: absent('no debug socket'),
    heap: absent('no debug socket'),
  });
  const mount = make.mount(place(), { layer, device: '0:70', propagation: 'shared' });
  const namespaces: MountNamespaceValue[] = [
    make.namespace('1', mounted ? [mount] : [], {
      host: true,
      holders: [make.holder(1, 'systemd', { kind: 'init' }), make.holder(crioPid, 'crio', { kind: 'daemon' })],
    }),
    make.namespace('2', [...copies], { holders: [make.holder(10_695, 'scan-agent', { unit: 'scan-agent.service' })] }),
    ...(runs
      ? [
          make.namespace('3', [], {
            rootLayer: layer,
            holders: [make.holder(conmonPid + 19, 'app', { containerId: app })],
          }),
        ]
      : []),
  ];
  const conmon = make.shim(conmonPid, {
    comm: 'conmon',
    runtimeNamespace: 'cri-o',
    bundleId: app,
    containers: [make.containerTasks('a', { initPid: conmonPid + 19 })],
  });
  return dockerNode(second, {
    ...withoutEngine,
    readings: {
      ...withoutEngine.readings,
      daemons: ok(make.daemons(crio), 3),
      cri: ok(
        make.cri({
          kind: 'crio',
          socket,
          pid: crioPid,
          version: '1.36.3',
          containers,
          events: absent('CRI-O has no events that can be read without taking them from the kubelet'),
          storage: { root: '/var/lib/containers/storage', driver: 'overlay' },
          ...parts.crio,
        }),
        4,
      ),
      shims: ok(make.shims({ shims: runs ? [conmon] : [] }), 1),
      mounts: ok(make.mounts(namespaces, { layers: ok([{ layer, containerId: app }], 1) }), 3),
      ...parts.readings,
    },
  });
}

const copy = make.mount(place('/mnt/scan'), { layer, device: '0:70', propagation: 'private' });
const exited = [make.criContainer('a', { state: 'exited' })];

export const faultsOfCrio: readonly Case[] = [
  {
    name: 'A scanner holds the mount of a container of CRI-O that was removed',
    scene: () =>
      watch((second) =>
        second < 10
          ? crioNode(second, { copies: [copy] })
          : crioNode(second, { runs: false, containers: [], copies: [copy] }),
      ),
    expected: [finds('leaked-mount', { containers: [app], pids: [10_695], mounts: [place('/mnt/scan')] })],
  },
  {
    name: 'A scanner holds the mount of a container of CRI-O that has exited',
    scene: () =>
      watch((second) =>
        second < 10
          ? crioNode(second, { copies: [copy] })
          : crioNode(second, { runs: false, containers: exited, copies: [copy] }),
      ),
    expected: [finds('leaked-mount', { containers: [app], pids: [10_695] })],
  },
];

export const healthyCrio: readonly Case[] = [
  quiet('CRI-O lists its pods and containers, and a scanner has copies of their mounts', () =>
    watch((second) => crioNode(second, { copies: [copy] })),
  ),
  quiet('A container of CRI-O has exited, and its pod is kept', () =>
    watch((second) => crioNode(second, { runs: false, containers: exited })),
  ),
  quiet('Podman has a container beside CRI-O, and its layer is mounted', () =>
    watch((second) =>
      crioNode(second, {
        copies: [make.mount(place().replace(layer, make.idOf('2b')), { layer: make.idOf('2b'), device: '0:71' })],
      }),
    ),
  ),
];
