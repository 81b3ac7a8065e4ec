import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { waitFor } from '../support/wait-for.ts';
import type { CriContainerd, Pod } from './cri-containerd.ts';
import { FrozenVolume } from './frozen-volume.ts';
import { processesOfContainer } from './proc.ts';

/** With a descriptor, which says on which filesystem it waits. */
const writeForEver = 'exec 3>/data/file; while :; do echo line >&3; sleep 0.05; done';

/** A fault of a node with pods, as `make-pod-worlds.ts` records it. */
export interface Fault {
  /** The finding to wait for; null for a node that stays healthy. */
  readonly id: string | null;
  /** Runs the containers of the pod; resolves with their ids. */
  readonly prepare: (node: CriContainerd, pod: Pod) => Promise<string[]>;
  readonly make: (node: CriContainerd, pod: Pod, ids: readonly string[]) => Promise<Made>;
}

interface Made {
  /** What the finding names. */
  readonly about: { readonly containers?: readonly string[]; readonly pids?: readonly number[] };
  readonly repair: () => Promise<unknown>;
}

/** By container. */
const volumes = new Map<string, FrozenVolume>();

const sleeper = async (node: CriContainerd, pod: Pod): Promise<string[]> => [
  await node.runContainer(pod, 'app', 'sleep 1000000'),
];

/** By name of the file. */
export const faults: Readonly<Record<string, Fault>> = {
  healthy: {
    id: null,
    prepare: sleeper,
    make: async (node) => {
      for (let n = 0; n < 4; n++) {
        const pod = await node.runPod(`job-${n}`);
        await node.runContainer(pod, 'app', n % 2 === 0 ? 'exit 0' : 'sleep 1000000');
        await node.removePod(pod);
      }
      return { about: {}, repair: async () => {} };
    },
  },
  'frozen-volume': {
    id: 'unkillable-container',
    prepare: async (node, pod) => {
      const volume = await FrozenVolume.make(node.scratch);
      const id = await node.runContainer(pod, 'writer', writeForEver, volume.path);
      await waitFor('the first write', () => fs.existsSync(`${volume.path}/file`));
      volumes.set(id, volume);
      return [id];
    },
    make: async (node, _, ids) => {
      const [id = ''] = ids;
      const volume = volumes.get(id);
      await volume?.freeze();
      await waitFor('a writer in D', () => processesOfContainer(id).some(({ state }) => state === 'D'));
      const stopping = node.stopContainer(id, 120_000);
      const repair = (): Promise<unknown> => {
        volume?.thaw();
        return stopping;
      };
      return { about: { containers: [id] }, repair };
    },
  },
  'stopped-shim': {
    id: 'container-status-lock',
    prepare: sleeper,
    make: async (node, pod, ids) => {
      const [id = ''] = ids;
      const shim = node.shimOf(pod);
      process.kill(shim, 'SIGSTOP');
      const updating = node.updateResources(id, 120_000);
      const repair = (): Promise<unknown> => {
        process.kill(shim, 'SIGCONT');
        return updating;
      };
      return { about: { containers: [id] }, repair };
    },
  },
  'stopped-containerd': {
    id: 'silent-daemon',
    prepare: sleeper,
    make: async (node) => {
      process.kill(node.pid, 'SIGSTOP');
      return { about: { pids: [node.pid] }, repair: async () => process.kill(node.pid, 'SIGCONT') };
    },
  },
  'leaked-shim': {
    id: 'leaked-shim',
    prepare: sleeper,
    make: async (node, pod, [id = '']) => {
      const shim = await node.leakShim(pod, [id]);
      const repair = async (): Promise<void> => {
        process.kill(shim, 'SIGKILL');
        await node.removePod(pod);
      };
      return { about: { pids: [shim] }, repair };
    },
  },
  'stuck-removal': {
    id: 'stuck-removal',
    prepare: sleeper,
    make: async (node, pod) => {
      const pinned = `${node.rootOf('sandboxes', pod.id)}/pinned`;
      fs.writeFileSync(pinned, '');
      execFileSync('chattr', ['+i', pinned]);
      for (let attempt = 0; attempt < 3; attempt++) await node.removePod(pod).catch(() => {});
      const repair = async (): Promise<void> => {
        execFileSync('chattr', ['-i', pinned]);
        await node.removePod(pod);
      };
      return { about: { containers: [pod.id] }, repair };
    },
  },
};
