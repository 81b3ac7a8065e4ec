import { ok } from '../../src/sample/reading.ts';
import type { Readings } from '../../src/sample/sample.ts';
import type { ShimValue } from '../../src/sample/shims.ts';
import * as make from '../support/samples.ts';
import { type Case, finds, looks, quiet } from './case.ts';
import { dockerNode, shimPid as dockerShimPid } from './node.ts';
import { exited, trio, web1, web2 } from './parts.ts';
import { ended, podNode, shimPid } from './pods.ts';

const [, , batch] = trio;
const idle = { containers: [], childless: true } as const satisfies Partial<ShimValue>;
/** Its pod is not in the list any more. */
const removed: Parameters<typeof podNode>[1] = { sandboxes: [], containers: [] };

/** A node with Docker, one container of which has exited, and a shim of it beside the others. */
const dockerLeft = (second: number): Readings => {
  const containers = [web1, web2, ...(batch === undefined ? [] : [exited(batch)])];
  const node = dockerNode(second, { containers });
  const shims = node.shims?.status === 'ok' ? node.shims.value.shims : [];
  const left = make.shim(dockerShimPid(9), { bundleId: batch?.id ?? null, ...idle });
  return { ...node, shims: ok(make.shims({ shims: [...shims, left] }), 1) };
};

export const leakedShims: readonly Case[] = [
  {
    name: 'The bundle of a shim was removed while containerd was away, and its pod is gone',
    scene: () => looks(60, 2, (second) => podNode(second, removed, { ...idle, bundleGone: true })),
    expected: [finds('leaked-shim', { pids: [shimPid] })],
  },
  {
    name: 'The shim of a pod that has ended stays without a child',
    scene: () => looks(160, 4, (second) => podNode(second, ended, { ...idle, initGone: true })),
    expected: [finds('leaked-shim', { pids: [shimPid] })],
  },
  {
    name: 'The shim of an exited container of Docker stays without a child',
    scene: () => looks(160, 4, dockerLeft),
    expected: [finds('leaked-shim', { pids: [dockerShimPid(9)] })],
  },
];

export const keptShims: readonly Case[] = [
  quiet('A pod is started on a slow disk: its shim has no child for a minute and a half', () =>
    looks(200, 2, (second) =>
      second < 90 ? podNode(second, removed, { ...idle, pid: shimPid + 1 }) : podNode(second),
    ),
  ),
  quiet('A pod is removed, and its shim exits twelve seconds after its last process', () =>
    looks(160, 4, (second) =>
      second < 40
        ? podNode(second)
        : second < 52
          ? podNode(second, ended, { ...idle, bundleGone: true })
          : podNode(second, removed, {}, { shims: ok(make.shims(), 1) }),
    ),
  ),
  quiet('The pods of a node run in virtual machines, whose shims have no child', () =>
    looks(160, 4, (second) => podNode(second, {}, idle)),
  ),
  quiet('A task of ctr has exited, and is not deleted', () =>
    looks(160, 4, (second) => podNode(second, removed, { ...idle, runtimeNamespace: 'default' })),
  ),
];
