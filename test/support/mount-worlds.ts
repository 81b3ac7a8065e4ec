import { kernelRelease } from '../../src/collect/host.ts';
import { MountsCollector } from '../../src/collect/mounts/mounts.ts';
import { ProcessTable } from '../../src/collect/processes/table.ts';
import type { ContainerValue } from '../../src/sample/containers.ts';
import type { DaemonValue } from '../../src/sample/daemons.ts';
import type { MountsValue } from '../../src/sample/mounts.ts';
import { ok } from '../../src/sample/reading.ts';
import type { Sample } from '../../src/sample/sample.ts';
import * as make from './samples.ts';
import type { Scene } from './scenes.ts';
import { capturedWorld } from './world.ts';

/** One look at the mounts of a captured node, by the real collector. */
export function mountsOf(name: string): MountsValue {
  const world = capturedWorld(name);
  const table = new ProcessTable(world);
  table.scan();
  return new MountsCollector(world, table, kernelRelease(world), () => 0).collect();
}

export interface NodeOptions {
  readonly mounts: MountsValue;
  readonly containers: readonly ContainerValue[];
  /** Pid and mount namespace of dockerd. */
  readonly dockerd: readonly [pid: number, namespace: string];
  readonly kernel?: string;
  readonly liveRestore?: boolean;
  readonly version?: string;
}

/** A node at a second, with an engine that answers. */
export function nodeAt(seconds: number, options: NodeOptions): Sample {
  const { mounts, containers, kernel = '6.18.44', liveRestore = false, version = '20.10.24' } = options;
  const [pid, mountNamespace] = options.dockerd;
  const dockerd: DaemonValue = make.dockerd({
    process: ok(make.daemonProcess({ pid, mountNamespace }), 0.2),
    version: ok({ version, goVersion: null, product: null }, 1),
    settings: ok(make.settings({ liveRestore }), 1),
  });
  return make.sampleAt(seconds, {
    daemons: ok(make.daemons(dockerd), 1),
    containers: ok(make.containers([...containers]), 3),
    shims: ok(make.shims(), 1),
    host: ok(make.host({ kernel }), 1),
    mounts: ok(mounts, 2),
  });
}

const busy = (container: string, path: string): string =>
  `container ${container}: driver "overlay2" failed to remove root filesystem: unlinkat ${path}: device or resource busy`;

/** A container whose removal failed, as the engine tells it: the list says removing for ever, inspect says dead. */
export function unremovable(id: string, name: string, layer: string): ContainerValue {
  const mergedDir = `/var/lib/docker/overlay2/${layer}/merged`;
  return make.container(id, name, {
    state: 'removing',
    status: 'Removal In Progress',
    inspect: ok(make.inspected({ status: 'dead', pid: 0, error: busy(id, mergedDir), mergedDir }), 3),
  });
}

const ids = {
  stupig: 'b8623033c748012c4b7b7cc636217c6e8137f6329d8dd3e73816d0383a8e9ac2',
  batch1: '7135cf69dc4e05c216351ac1158ae260d03c0f1a6cc30d90739701e0fa8205e8',
  web2: '109e4560f13696b42fa79f30c78ae47d15c2dfe8d3aa8d5e3d8783ad47ec93db',
  web3: '826a06754ed4b523d528980b0056bffcdce2da7676f9e9184d2493ecefb110f4',
  pod: 'e3e1d486d023473079b689899481b2a0a0a2f867785bd5f80317d7b5de442e78',
  cadvisor: '6531356bb8f509c14adf2d5eab7e43e5d8fa9d97b300f5f55ef87813aaf30217',
};
const layers = {
  stupig: '992a128390c81094e64eaa15767b3ded98d5cd1d06112d3474e5a234ff1bed03',
  batch1: 'e2e96a9e49f11cdf8afb97176e623ca556ddf179d61ce69e04830937956ea293',
  web2: '8e7b19c540ecea36243f6ab3fc7c7264b677e819bdb644d016b313d94389288c',
  web3: 'b5bc08f5204155334aecb362e15a8892dbe8d6ec655237d9c04f620c1791f8cc',
};
/** Its layer has a file that may not be deleted. */
const web3 = make.container(ids.web3, 'web-3', {
  state: 'removing',
  status: 'Removal In Progress',
  inspect: ok(
    make.inspected({
      status: 'dead',
      pid: 0,
      error: `unlinkat /var/lib/docker/overlay2/${layers.web3}/diff/pinned: operation not permitted`,
      mergedDir: `/var/lib/docker/overlay2/${layers.web3}/merged`,
    }),
    3,
  ),
});
const running = [
  make.container(ids.pod, 'k8s_POD_pod-976a0-5_default_f1e0_0'),
  make.container(ids.cadvisor, 'cadvisor'),
];

/** The captured node on which a backup job and a scanner hold containers' mounts. */
export const mountBusy = {
  ids,
  layers,
  dockerd: [9037, '4026531832'],
  /** All six run. */
  healthy: [
    ...running,
    make.container(ids.stupig, 'k8s_stupig_pod-976a0-5_default_f1e0_0'),
    make.container(ids.batch1, 'batch-1'),
    make.container(ids.web2, 'web-2'),
    make.container(ids.web3, 'web-3'),
  ],
  /** `docker rm -f` of four of them has failed; that of web-3 for another reason. */
  failed: [
    ...running,
    unremovable(ids.stupig, 'k8s_stupig_pod-976a0-5_default_f1e0_0', layers.stupig),
    unremovable(ids.batch1, 'batch-1', layers.batch1),
    unremovable(ids.web2, 'web-2', layers.web2),
    web3,
  ],
  /** The backup mount was taken away, and the removal tried again: only web-3 is left, for its immutable file. */
  later: [...running, web3],
} as const;

/** The report of a pod that stays Terminating, see the world’s README.txt. */
export const reported = {
  container: `41020461ed4d${'0a1b'.repeat(13)}`,
  layer: `e5dab77b${'2c3d'.repeat(14)}`,
  dockerd: [34836, '4026532630'],
  shims: [22283, 22407, 28454, 28530],
  others: ['a0a0', 'b0b1', 'c0c2', 'd0d3'].map((digits) => digits.repeat(16)),
} as const;

/** Eleven minutes after the restart: `docker rm -f` has failed. */
export function reportedNode(): Sample {
  return nodeAt(0, {
    mounts: mountsOf('kernel-3.10-mount-busy'),
    containers: [
      unremovable(reported.container, 'k8s_stupig_pod-976a0-5_default_f1e0_0', reported.layer),
      ...reported.others.map((id, index) => make.container(id, `k8s_app-${index}_pod-b22c1-${index}_default_0d2a_0`)),
    ],
    dockerd: reported.dockerd,
    kernel: '3.10.0-514.16.1.el7.x86_64',
    liveRestore: true,
    version: '18.06.3-ce',
  });
}

/** A captured node at a moment, with what its engine lists then. */
export const captured = (world: string, containers: NodeOptions['containers']): Scene => [
  nodeAt(0, { mounts: mountsOf(world), containers, dockerd: mountBusy.dockerd }),
];
