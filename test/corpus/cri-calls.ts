import type { FoldedStack } from '../../src/sample/stacks.ts';
import * as make from '../support/samples.ts';
import { type Case, finds, quiet, watch } from './case.ts';
import { dockerNode } from './node.ts';

const containerd = 'github.com/containerd/containerd/';
const served = 'google.golang.org/grpc.(*Server).processUnaryRPC';
const group = (count: number, ...funcs: string[]): FoldedStack => ({ count, funcs });
const locked = ['sync.runtime_SemacquireMutex', 'sync.(*Mutex).lockSlow', 'sync.(*Mutex).Lock'];

const send = (count: number): FoldedStack =>
  group(
    count,
    `${containerd}v2/internal/eventq.(*EventQueue[...]).Send`,
    `${containerd}v2/internal/cri/server.(*criService).generateAndSendContainerEvent`,
    `${containerd}v2/internal/cri/server.(*criService).RemoveContainer`,
    served,
  );
const collecting = group(
  1,
  'syscall.unlinkat',
  'os.RemoveAll',
  `${containerd}v2/core/metadata.(*snapshotter).pruneBranch`,
  `${containerd}v2/core/metadata.(*snapshotter).garbageCollect`,
);
const preparing = (count: number): FoldedStack =>
  group(count, ...locked, `${containerd}v2/core/metadata.(*snapshotter).createSnapshot`, served);
const nri = (count: number): FoldedStack =>
  group(count, ...locked, `${containerd}v2/internal/nri.(*local).RunPodSandbox`, served);
const deleting = group(
  1,
  'github.com/containerd/ttrpc.(*Client).dispatch',
  'github.com/containerd/ttrpc.(*Client).Call',
  `${containerd}runtime/v2.(*shimTask).delete`,
  `${containerd}pkg/cri/server.handleContainerExit`,
);
const attached = (count: number): FoldedStack =>
  group(
    count,
    'sync.runtime_SemacquireWaitGroup',
    'sync.(*WaitGroup).Wait',
    `${containerd}pkg/cri/io.(*ContainerIO).Attach`,
    `${containerd}pkg/cri/server.(*criService).attachContainer`,
    `${containerd}pkg/cri/server.(*streamRuntime).Attach`,
  );
/** Between the first read of the goroutines and the second. */
const until = 20;

export const heldUpCalls: readonly Case[] = [
  {
    name: 'A client of GetContainerEvents does not read, and removals of pods wait for it',
    scene: () => watch((second) => dockerNode(second, { containerdStacks: [send(4)] })),
    expected: [finds('stopped-event-queue', { daemons: ['containerd'] })],
  },
  {
    name: 'The garbage collection of snapshots does not end, and starts of pods wait for its lock',
    scene: () => watch((second) => dockerNode(second, { containerdStacks: [collecting, preparing(6)] })),
    expected: [finds('snapshot-gc-lock', { daemons: ['containerd'] })],
  },
  {
    name: 'An NRI plugin does not answer, and calls about pods wait',
    scene: () => watch((second) => dockerNode(second, { containerdStacks: [nri(8)] })),
    expected: [finds('nri-lock', { daemons: ['containerd'] })],
  },
  {
    name: 'Attaches whose clients have gone stay in containerd',
    scene: () => watch((second) => dockerNode(second, { containerdStacks: [attached(180)] })),
    expected: [finds('goroutine-growth', { daemons: ['containerd'] })],
  },
];

export const calmCalls: readonly Case[] = [
  quiet('Pods come and go all the time: each read of the goroutines meets a task that is being deleted', () => {
    const churn = { since: make.noon - 600_000, created: 200, died: 200, destroyed: 200 };
    return watch((second) => dockerNode(second, { containerdStacks: [deleting], containersValue: { churn } }));
  }),
  quiet('An event is being handed over at the moment of one read', () =>
    watch((second) => dockerNode(second, { containerdStacks: second < until ? [send(1)] : [] })),
  ),
  quiet('The garbage collection of snapshots is at work, and no call waits', () =>
    watch((second) => dockerNode(second, { containerdStacks: [collecting] })),
  ),
  quiet('Three people are attached to containers', () =>
    watch((second) => dockerNode(second, { containerdStacks: [attached(3)] })),
  ),
  quiet('Two calls take their turn at NRI', () =>
    watch((second) => dockerNode(second, { containerdStacks: [nri(2)] })),
  ),
];
