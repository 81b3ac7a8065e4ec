import type { CniPlugin } from '../../src/sample/cni.ts';
import { ok } from '../../src/sample/reading.ts';
import type { FoldedStack } from '../../src/sample/stacks.ts';
import * as make from '../support/samples.ts';
import { type Case, finds, quiet, watch } from './case.ts';
import { type Line, logsOf, repeated } from './log-node.ts';
import { dockerNode, type NodeParts } from './node.ts';

const sandbox = make.idOf('c1');
const reserved = (kind: string, id = sandbox): Line[] =>
  repeated(
    6,
    15,
    10,
    'containerd[890]',
    `level=error msg="RunPodSandbox failed" error="rpc error: code = Unknown desc = failed to reserve ${kind} name \\"web_web-0_d_1_0\\": name \\"web_web-0_d_1_0\\" is reserved for \\"${id}\\""`,
  );

/** A node whose containerd runs these plugins, and whose log says this. */
const node = (
  plugins: (second: number) => readonly CniPlugin[],
  lines: readonly Line[] = [],
  parts: NodeParts = {},
): Case['scene'] => {
  const logs = ok(logsOf(lines), 3);
  return () =>
    watch((second) =>
      dockerNode(second, {
        ...parts,
        readings: {
          ...parts.readings,
          processes: ok(make.processes([], { cniPlugins: plugins(second) }), 9),
          logs,
        },
      }),
    );
};

const statting: FoldedStack = {
  count: 2,
  funcs: [
    ...['syscall.Syscall6', 'syscall.fstatat', 'syscall.Stat', 'os.statNolog', 'os.Stat'],
    'github.com/containerd/containerd/pkg/cri/opts.WithMounts.func1',
    'github.com/containerd/containerd/containers.NewContainer',
    'github.com/containerd/containerd/pkg/cri/server.(*criService).CreateContainer',
  ],
};

/** Creates of pods that do not end, and what they wait for. */
export const heldPodCreates: readonly Case[] = [
  {
    name: 'A CNI plugin waits for a file lock for five minutes, and the retries fail because the name is reserved',
    scene: node((second) => [make.cniPlugin(5010, { ageSeconds: 300 + second })], reserved('sandbox')),
    expected: [
      finds('hung-cni-plugin', { pids: [5010], containers: [sandbox] }),
      finds('name-reserved', { pids: [5010] }),
    ],
  },
  {
    name: 'Forty CNI plugins wait for their agent, which is gone',
    scene: node((second) =>
      Array.from({ length: 40 }, (_, n) =>
        make.cniPlugin(5100 + n, {
          comm: 'cilium-cni',
          waitsFor: null,
          waits: ['unix_stream_data_wait'],
          sandboxId: make.idOf((16 + n).toString(16)),
          pod: `shop/cart-${n}`,
          ageSeconds: 130 + n + second,
        }),
      ),
    ),
    expected: [finds('hung-cni-plugin')],
  },
  {
    name: 'A create waits for stat() of a dead volume, and its retries fail',
    scene: node(() => [], reserved('container', make.idOf('d4')), { containerdStacks: [statting] }),
    expected: [finds('name-reserved', { pids: [890] })],
  },
];

export const calmCreates: readonly Case[] = [
  quiet(
    'Thirty pods start at once, and their CNI plugins take half a minute',
    node((second) =>
      second > 30
        ? []
        : Array.from({ length: 30 }, (_, n) => make.cniPlugin(5200 + n, { ageSeconds: 20 + (second % 20) })),
    ),
  ),
  quiet('A create looks at its volumes at the moment of one read', () =>
    watch((second) => dockerNode(second, { containerdStacks: second < 20 ? [statting] : [] })),
  ),
];
