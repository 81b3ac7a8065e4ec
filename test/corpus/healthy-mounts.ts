import type { ContainerValue } from '../../src/sample/containers.ts';
import { ok } from '../../src/sample/reading.ts';
import * as make from '../support/samples.ts';
import { type Case, quiet, watch } from './case.ts';
import { dockerNode, initPid, layerOf, mergedOf, named } from './node.ts';
import { batch1, trio } from './parts.ts';

type Several = [ContainerValue, ...ContainerValue[]];

/** Copies of mounts that belong where they are. */
export const healthyMounts: readonly Case[] = [
  quiet('A node exporter that has the host’s / mounted', () =>
    watch((second) => {
      const [exporter, ...others] = named('node-exporter', 'web-1', 'web-2') as Several;
      return dockerNode(second, {
        containers: [exporter, ...others],
        namespaces: [
          make.namespace(
            '4026541000',
            others.map((container, index) =>
              make.mount(`/rootfs${mergedOf(container)}`, {
                layer: layerOf(container),
                device: `0:${61 + index}`,
                propagation: 'master',
              }),
            ),
            {
              rootLayer: layerOf(exporter),
              holders: [make.holder(initPid(0), 'node_exporter', { containerId: exporter.id })],
            },
          ),
        ],
      });
    }),
  ),
  quiet('Docker in Docker', () =>
    watch((second) => {
      const [dind, ...others] = named('dind', 'web-1') as Several;
      const inner = make.idOf('d1');
      return dockerNode(second, {
        containers: [dind, ...others],
        namespaces: [
          make.namespace(
            '4026541100',
            [make.mount('/var/lib/docker/overlay2/inner1/merged', { layer: 'inner1', device: '0:90' })],
            {
              rootLayer: layerOf(dind),
              processes: 3,
              holders: [
                make.holder(8001, 'dockerd', { kind: 'daemon', containerId: dind.id }),
                make.holder(8030, 'containerd-shim', { kind: 'shim', containerId: inner }),
              ],
            },
          ),
        ],
      });
    }),
  ),
  quiet('Services with PrivateTmp, which have copies of the containers’ mounts', () =>
    watch((second) =>
      dockerNode(second, {
        containers: trio,
        namespaces: [
          make.namespace(
            '4026541200',
            trio.map((container, index) =>
              make.mount(mergedOf(container), {
                layer: layerOf(container),
                device: `0:${60 + index}`,
                propagation: 'master',
              }),
            ),
            { holders: [make.holder(700, 'chronyd', { unit: 'chrony.service' })] },
          ),
        ],
      }),
    ),
  ),
  quiet('A snap, which has private copies of the containers’ mounts', () =>
    watch((second) =>
      dockerNode(second, {
        containers: trio,
        namespaces: [
          make.namespace(
            '4026541300',
            trio.map((container, index) =>
              make.mount(`/var/lib/snapd/hostfs${mergedOf(container)}`, {
                layer: layerOf(container),
                device: `0:${60 + index}`,
                propagation: 'private',
              }),
            ),
            { holders: [make.holder(812, 'lxd', { unit: 'snap.lxd.daemon.service' })] },
          ),
        ],
      }),
    ),
  ),
  quiet('dockerd was restarted in the host’s namespace; its containers went on', () =>
    watch((second) =>
      dockerNode(second, {
        dockerd: {
          settings: ok(make.settings({ liveRestore: true }), 3),
          process: ok(make.daemonProcess({ starttime: 350_000_000, ageSeconds: 300 + second }), 0.2),
        },
      }),
    ),
  ),
  quiet('A container with the host’s network, beside services that have copies of the others’ network namespaces', () =>
    watch((second) => {
      const readings = dockerNode(second, { containers: trio });
      const { mounts } = readings;
      if (mounts?.status !== 'ok') return readings;
      const [host, ...own] = mounts.value.namespaces;
      if (host?.mounts.status !== 'ok') return readings;
      const kept = host.mounts.value.filter(({ path }) => !path.endsWith(batch1.id.slice(0, 12)));
      const service = make.namespace(
        '4026541200',
        kept.map((one) => ({ ...one, propagation: 'master' as const })),
        { holders: [make.holder(700, 'chronyd', { unit: 'chrony.service' })] },
      );
      return {
        ...readings,
        mounts: ok({ ...mounts.value, namespaces: [{ ...host, mounts: ok(kept, 0.3) }, ...own, service] }, 2),
      };
    }),
  ),
  quiet('dockerd and its shims live in a mount namespace of their own; containers end with dockerd', () =>
    watch((second) => {
      const readings = dockerNode(second);
      const { mounts } = readings;
      if (mounts?.status !== 'ok') return readings;
      const namespaces = mounts.value.namespaces.map((one) => ({ ...one, host: false }));
      const outer = make.namespace('4026531840', [], {
        host: true,
        holders: [make.holder(1, 'systemd', { kind: 'init' })],
      });
      return { ...readings, mounts: ok({ ...mounts.value, namespaces: [outer, ...namespaces] }, 2) };
    }),
  ),
];
