import { absent, ok } from '../../src/sample/reading.ts';
import * as make from '../support/samples.ts';
import { type Case, glance, mentions, quiet, watch } from './case.ts';
import { dockerNode, named, pressureAt } from './node.ts';
import { withoutEngine } from './parts.ts';
import { writtenDatabase } from './stacks.ts';

/** Nodes of many kinds. */
export const healthyNodes: readonly Case[] = [
  quiet('A Docker node with three containers, at a glance', () => glance((second) => dockerNode(second))),
  quiet('A Docker node with three containers, watched for longer', () => watch((second) => dockerNode(second))),
  quiet('A bare host without an engine', () => watch((second) => dockerNode(second, withoutEngine))),
  quiet('A host without dockerd on which podman runs containers', () =>
    watch((second) =>
      dockerNode(second, {
        ...withoutEngine,
        orphans: [make.containerTasks('9d', { initPid: 7001, count: 4 })],
        namespaces: [
          make.namespace('4026540900', [], {
            holders: [make.holder(7001, 'nginx', { containerId: make.idOf('9d') })],
          }),
        ],
        hostMounts: [
          make.mount('/var/lib/containers/storage/overlay/9d1c/merged', { layer: null, propagation: 'private' }),
        ],
      }),
    ),
  ),
  quiet('Docker without a container', () => watch((second) => dockerNode(second, { containers: [] }))),
  quiet('Docker with 54 containers', () =>
    watch((second) => dockerNode(second, { containers: named(...Array.from({ length: 54 }, (_, n) => `svc-${n}`)) })),
  ),
  quiet(
    'A Kubernetes node of dockershim',
    () =>
      watch((second) =>
        dockerNode(second, {
          containers: named(
            'k8s_POD_web-0_default_0f3c_0',
            'k8s_web_web-0_default_0f3c_0',
            'k8s_POD_coredns-5d78_kube-system_77aa_0',
            'k8s_coredns_coredns-5d78_kube-system_77aa_3',
          ),
          dockerd: { version: ok({ version: '19.03.15', goVersion: 'go1.13.15', product: null }, 1) },
        }),
      ),
    { expected: [mentions('outdated-engine')] },
  ),
  quiet('A Kubernetes node of containerd, without dockerd', () =>
    watch((second) => {
      const pod = make.idOf('5a');
      return dockerNode(second, {
        ...withoutEngine,
        containerd: {},
        containerdStacks: writtenDatabase,
        readings: {
          containers: absent('no container engine at unix:///var/run/docker.sock'),
          shims: ok(
            make.shims({
              shims: [
                make.shim(3000, {
                  runtimeNamespace: 'k8s.io',
                  bundleId: pod,
                  bundle: `/run/containerd/io.containerd.runtime.v2.task/k8s.io/${pod}`,
                  containers: [
                    make.containerTasks('5a', { initPid: 3010 }),
                    make.containerTasks('5b', { initPid: 3030, count: 6 }),
                  ],
                }),
              ],
            }),
            1,
          ),
        },
      });
    }),
  ),
  quiet('An image is pulled and unpacked on a fast disk', () =>
    watch((second) =>
      dockerNode(second, {
        disks: {
          disks: [
            make.disk('vda', {
              writes: 5000 + second * 900,
              writtenSectors: 400_000 + second * 400_000,
              writeMs: 9000 + second * 2500,
              busyMs: 8000 + second * 700,
              weightedMs: 12_000 + second * 2600,
              inFlight: 3,
            }),
          ],
          pressure: ok(pressureAt(second, 9, 4), 0.1),
          dirtyBytes: 300 * 1024 ** 2,
          writeBack: {
            dirtiedBytes: 9e9 + second * 200e6,
            writtenBytes: 8e9 + second * 200e6,
            limitBytes: 1024 ** 3,
            backgroundBytes: 512 * 1024 ** 2,
          },
        },
        processes: [
          make.blocked(
            9100 + second,
            { comm: 'docker-untar', ppid: 901, parentComm: 'dockerd' },
            { offCpuSeconds: 0.02, wchan: 'folio_wait_bit_common', stack: ['io_schedule', 'folio_wait_bit_common'] },
          ),
        ],
        writers: { processes: [make.writer(9100 + second, { comm: 'docker-untar', writeDelta: 900e6 })] },
      }),
    ),
  ),
  quiet('An old kernel without pressure stall information', () =>
    watch((second) =>
      dockerNode(second, {
        host: { kernel: '4.19.25', distribution: 'Debian GNU/Linux 10' },
        disks: {
          pressure: absent('this kernel has no pressure stall information'),
          cpu: { ioWait: 100_000 + second * 8, total: 90_000_000 + second * 800 },
        },
      }),
    ),
  ),
  quiet('A 3.10 kernel that boots with cgroup.memory=nokmem', () =>
    watch((second) =>
      dockerNode(second, {
        host: { kernel: '3.10.0-1127.el7.x86_64', distribution: 'CentOS Linux 7' },
        cgroups: {
          version: 'v1',
          memory: {
            counted: 127,
            visible: 120,
            dying: null,
            elsewhere: 131,
            nokmem: true,
            accounting: { path: '/docker/aa', usageBytes: 0, slabs: 0 },
          },
        },
        mountsValue: { mayDetachMounts: true },
        disks: { pressure: absent('this kernel has no pressure stall information') },
      }),
    ),
  ),
  quiet('A busy disk on which nobody waits', () =>
    watch((second) =>
      dockerNode(second, {
        disks: {
          disks: [
            make.disk('vda', {
              reads: 1000 + second * 9000,
              readSectors: 80_000 + second * 900_000,
              readMs: 900 + second * 4000,
              busyMs: 8000 + second * 990,
              weightedMs: 12_000 + second * 4100,
              inFlight: 4,
            }),
          ],
          pressure: ok(pressureAt(second, 6, 3), 0.1),
        },
      }),
    ),
  ),
  quiet('Much iowait, a short queue and quick requests on a kernel without pressure stall information', () =>
    watch((second) =>
      dockerNode(second, {
        host: { kernel: '4.19.25' },
        disks: {
          disks: [
            make.disk('vda', {
              reads: 1000 + second * 250,
              readSectors: 80_000 + second * 16_000,
              readMs: 900 + second * 3000,
              busyMs: 8000 + second * 940,
              weightedMs: 12_000 + second * 3000,
              inFlight: 3,
            }),
          ],
          pressure: absent('this kernel has no pressure stall information'),
          cpu: { ioWait: 100_000 + second * 480, total: 90_000_000 + second * 800 },
        },
      }),
    ),
  ),
  quiet('A hung task was logged a minute ago; the task runs again', () =>
    watch((second) => dockerNode(second, { logs: { tallies: [make.logTally('hung-task', null, { count: 3 })] } })),
  ),
];
