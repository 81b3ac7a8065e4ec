import { gap, lock, lockSubject, type Pattern } from './pattern.ts';

export const criEventSend: Pattern = {
  id: 'cri-event-send',
  title: 'Waits to hand an event of the CRI to a subscriber',
  meaning:
    'A client has opened GetContainerEvents and does not read it: its queue of a hundred events is full, and creates, starts, ' +
    'removals and exits of pods wait behind it. Ending that client resolves it.',
  versions: 'containerd 2.0 to 2.3 at least',
  references: ['https://github.com/containerd/containerd/tree/v2.1.4/internal/eventq'],
  harmless: false,
  noun: null,
  signatures: [{ steps: [gap, 'eventq.(*EventQueue).Send'] }, { steps: [gap, 'eventq.eventSubscription.publish'] }],
};

export const snapshotGc: Pattern = {
  id: 'snapshot-gc',
  title: 'Removes snapshots that nothing uses',
  meaning:
    'The garbage collection of snapshots holds the lock of its snapshotter while it removes directories, or waits for a proxy ' +
    'snapshotter (soci, stargz, nydus): no pod can be started meanwhile, and the node stays Ready.',
  versions: 'containerd up to 2.3 at least',
  references: ['https://github.com/containerd/containerd/issues/13798'],
  harmless: true,
  noun: null,
  signatures: [{ steps: [gap, ['metadata.(*snapshotter).pruneBranch', 'metadata.(*snapshotter).garbageCollect']] }],
};

export const snapshotterCall: Pattern = {
  id: 'snapshotter-call',
  title: 'Waits for the program of a snapshotter to answer',
  meaning:
    'A proxy snapshotter (nydus, stargz, soci) is a program of its own, called over gRPC without a deadline. It hangs, or waits for ' +
    'its registry or its FUSE daemon: look at its process and its log. Pulls, starts and removals wait. Short ones are normal.',
  versions: 'containerd',
  references: [
    'https://github.com/containerd/nydus-snapshotter/issues/602',
    'https://github.com/containerd/containerd/issues/13798',
  ],
  harmless: true,
  briefMinutes: 5,
  noun: null,
  signatures: [{ steps: [gap, ['grpc.invoke', 'grpc.(*ClientConn).Invoke'], gap, 'proxy.(*proxySnapshotter).*'] }],
};

export const snapshotterLockWaiter: Pattern = {
  id: 'snapshotter-lock-waiter',
  title: 'Waits for the lock of a snapshotter',
  meaning:
    'Starts of pods and unpacking of images wait for the garbage collection of snapshots (snapshot-gc), which holds it.',
  versions: 'containerd up to 2.3 at least',
  references: [],
  harmless: false,
  noun: 'lock',
  unless: ['snapshot-gc'],
  signatures: [{ steps: [lock, 'metadata.(*snapshotter).*'], subject: lockSubject }],
};

export const nriLockWaiter: Pattern = {
  id: 'nri-lock-waiter',
  title: 'Waits for the lock of NRI',
  meaning:
    'Calls about pods wait for the one lock of NRI, which is held during the calls of its plugins: a plugin that does not ' +
    'answer, or that itself waits for containerd, stops every start and stop of pods.',
  versions: 'containerd 1.7 on; a known deadlock is fixed in 1.7.16 and 2.0.0',
  references: [
    'https://github.com/containerd/containerd/issues/10085',
    'https://github.com/containerd/containerd/issues/13733',
  ],
  harmless: false,
  noun: 'lock',
  signatures: [{ steps: [lock, ['nri.(*local).*', 'adaptation.(*Adaptation).*']], subject: lockSubject }],
};

export const mountStat: Pattern = {
  id: 'mount-stat',
  title: 'Waits for stat() of a volume of a container to be created',
  meaning:
    'CreateContainer looks at each volume on the node, and this one does not answer: a dead NFS or CSI mount. The create holds ' +
    'the name of its container, so that each retry fails with “name is reserved”.',
  versions: 'containerd up to 2.3 at least',
  references: [
    'https://github.com/containerd/containerd/issues/10828',
    'https://github.com/containerd/containerd/issues/13867',
  ],
  harmless: false,
  noun: null,
  signatures: [
    {
      steps: [
        ['syscall.Stat', 'syscall.stat', 'syscall.Lstat', 'syscall.fstatat', 'syscall.Syscall6'],
        gap,
        'opts.WithMounts.func*',
      ],
    },
  ],
};

export const cniPluginWait: Pattern = {
  id: 'cni-plugin-wait',
  title: 'Waits for a CNI plugin',
  meaning:
    'A pod’s network is set up or taken down by a program, which takes a second or two. One that stays holds up the pod.',
  versions: 'containerd and CRI-O',
  references: [
    'https://github.com/containerd/containerd/issues/4666',
    'https://github.com/containernetworking/plugins/issues/561',
  ],
  harmless: true,
  noun: null,
  signatures: [{ steps: [gap, 'exec.(*Cmd).Wait', gap, 'invoke.(*RawExec).ExecPlugin'] }],
};

export const crioStopLock: Pattern = {
  id: 'crio-stop-lock',
  title: 'Waits to change the timeout of a stop in CRI-O',
  meaning:
    'Repeated stops of one container wait for its first, which waits for a process in D. Fixed in 1.31.11, 1.32.7, 1.33.3 and ' +
    '1.34.0, not in all cases.',
  versions: 'CRI-O',
  references: ['https://github.com/cri-o/cri-o/pull/9256', 'https://github.com/cri-o/cri-o/issues/9754'],
  harmless: false,
  noun: null,
  signatures: [{ steps: ['oci.(*Container).WaitOnStopTimeout'], states: ['chan send', 'select'] }],
};

export const crioStopWait: Pattern = {
  id: 'crio-stop-wait',
  title: 'A stop in CRI-O waits for its container to exit',
  meaning:
    'It lasts for the grace period of the pod, and then for as long as a process of the container cannot be killed (in D). Up to ' +
    '1.23 it holds the operation lock of the container all the time: status calls wait too. Look at the container’s processes.',
  versions: 'CRI-O',
  references: ['https://github.com/cri-o/cri-o/issues/6865', 'https://github.com/cri-o/cri-o/pull/9256'],
  harmless: true,
  briefMinutes: 10,
  noun: null,
  signatures: [
    {
      steps: [
        gap,
        [
          'oci.WaitContainerStop',
          'oci.(*runtimeOCI).waitContainerStop',
          'oci.(*runtimeOCI).WaitContainerStop',
          'oci.(*runtimeOCI).StopLoopForContainer',
        ],
      ],
    },
  ],
};

export const pullSlotWait: Pattern = {
  id: 'pull-slot-wait',
  title: 'A download of an image waits for a free slot of its registry',
  meaning:
    'Only so many layers are fetched at a time (max_concurrent_downloads). Slots that take minutes are those of a slow or silent ' +
    'registry. In 2.1.0 to 2.1.3 a pull that fails can keep its slot for ever, until no pull starts any more: update to 2.1.4, ' +
    'and restart containerd.',
  versions: 'containerd',
  references: ['https://github.com/containerd/containerd/pull/12126'],
  harmless: true,
  briefMinutes: 10,
  noun: null,
  signatures: [{ steps: [gap, 'semaphore.(*Weighted).Acquire', gap, 'docker.dockerFetcher.open'] }],
};

export const crioAttach: Pattern = {
  id: 'crio-attach',
  title: 'Attaches in CRI-O that are open',
  meaning:
    'Up to three goroutines for each. From 1.30 on one can stay when its client has gone or its container was killed: memory ' +
    'grows with each attach.',
  versions: 'CRI-O',
  references: ['https://github.com/cri-o/cri-o/pull/9954'],
  harmless: true,
  noun: null,
  signatures: [{ steps: [gap, ['oci.(*runtimeOCI).AttachContainer', 'oci.(*runtimeOCI).AttachContainer.func*']] }],
};
