import { gap, type Pattern, type Step } from './pattern.ts';

/** Calls to another daemon, with the client's own names: what they wait for is in that daemon, not in this dump. */
const brief = 'Short ones are normal.';
const unary: Step = ['grpc.invoke', 'grpc.Invoke', 'grpc.(*ClientConn).Invoke'];

/** pkg/kubelet/remote up to 1.18, pkg/kubelet/cri/remote from 1.19, k8s.io/cri-client/pkg from 1.31. */
const criClient: Step = ['remote', 'pkg'].flatMap((folder) =>
  ['RemoteRuntimeService', 'remoteRuntimeService', 'RemoteImageService', 'remoteImageService'].map(
    (type) => `${folder}.(*${type}).*`,
  ),
);

export const criCall: Pattern = {
  id: 'cri-call',
  title: 'The kubelet waits for the container runtime to answer (CRI)',
  meaning:
    'containerd or CRI-O has not answered a call about pods or containers. Most have a deadline of two minutes and come again: PLEG ' +
    `is then not healthy and the node NotReady; statistics have none up to 1.26. Take the dump of the runtime. ${brief}`,
  versions: 'kubelet',
  references: [
    'https://github.com/kubernetes/kubernetes/issues/98044',
    'https://github.com/kubernetes/kubernetes/issues/106919',
  ],
  harmless: true,
  briefMinutes: 1,
  noun: null,
  signatures: [{ steps: [gap, unary, gap, criClient] }],
};

/** Of the clients of the task service, all but Wait, which lasts as long as its task. */
const taskMethods = [
  'Create',
  'Start',
  'Delete',
  'Kill',
  'Exec',
  'Get',
  'List',
  'Pause',
  'Resume',
  'CloseIO',
  'Update',
];
const containerdClient: Step = [
  ...taskMethods.map((method) => `v1.(*tasksClient).${method}`),
  ...['containersClient', 'snapshotsClient', 'leasesClient', 'contentClient', 'imagesClient', 'namespacesClient'].map(
    (type) => `v1.(*${type}).*`,
  ),
  ...['CreateContainer', 'UpdateContainer', 'Signal', 'AddProcess', 'UpdateProcess', 'State', 'Stats'].map(
    (method) => `types.(*aPIClient).${method}`,
  ),
];

export const containerdCall: Pattern = {
  id: 'containerd-call',
  title: 'Waits for containerd to answer',
  meaning:
    'A call over gRPC (start, kill, delete, exec, …) without an answer: containerd or the shim behind it is stuck, and what the ' +
    `caller holds stays locked. Take the dump of containerd. ${brief}`,
  versions: 'dockerd 1.11 on, nerdctl, ctr, cri-containerd',
  references: ['https://github.com/moby/moby/issues/27761', 'https://github.com/moby/moby/issues/52330'],
  harmless: true,
  briefMinutes: 1,
  noun: null,
  unless: ['container-lock-holder', 'health-probe-exec'],
  signatures: [{ steps: [gap, unary, gap, containerdClient] }],
};

export const engineCall: Pattern = {
  id: 'engine-call',
  title: 'Waits for the API of the Docker engine to answer',
  meaning:
    'This is a client of dockerd (docker, the kubelet up to 1.23, an agent): the request was sent, and dockerd has not answered. ' +
    `Look at dockerd, and take its dump. ${brief}`,
  versions: 'clients of docker/docker/client',
  references: ['https://github.com/moby/moby/issues/43376'],
  harmless: true,
  briefMinutes: 2,
  noun: null,
  signatures: [
    {
      steps: [
        'http.(*persistConn).roundTrip',
        gap,
        ['client.(*Client).doRequest', 'client.(*Client).sendClientRequest'],
      ],
    },
  ],
};

export const ttrpcCall: Pattern = {
  id: 'ttrpc-call',
  title: 'Waits for the answer of a ttrpc server, most often a shim',
  meaning:
    'What was called is not in the stack. A Wait lasts as long as its task, which is normal; any other call is short, and one ' +
    'that lasts means that the shim is stuck.',
  versions: 'containerd',
  references: ['https://github.com/containerd/containerd/issues/13692'],
  harmless: true,
  noun: 'shim',
  unless: ['shim-call', 'task-wait', 'shim-send', 'nri-lock-waiter', 'load-shims'],
  signatures: [
    {
      steps: [['ttrpc.(*Client).dispatch', 'ttrpc.(*Client).Call']],
      subject: [{ func: ['ttrpc.(*Client).dispatch', 'ttrpc.(*Client).Call'], word: 0 }],
    },
  ],
};

/** A row of a listing, which has no stacks: a whole stack has the semaphore below it. */
export const listedLock: Pattern = {
  id: 'listed-lock',
  title: 'In Lock or RLock: nearly all of these wait for a lock',
  meaning:
    'A listing without stacks does not show which lock. Functions of the program with about the same number are those that want ' +
    'it. A dump with debug=2 shows the lock and its holder.',
  versions: 'any Go program',
  references: [],
  harmless: true,
  noun: null,
  signatures: [{ steps: [['sync.(*Mutex).Lock', 'sync.(*RWMutex).RLock']], states: [] }],
};
