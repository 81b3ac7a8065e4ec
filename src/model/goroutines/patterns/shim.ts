import { type FunctionNames, gap, lock, lockSubject, type Pattern } from './pattern.ts';

/** The connection to the shim: one for each shim, whatever calls it. */
const connection = [{ func: ['ttrpc.(*Client).dispatch', 'ttrpc.(*Client).Call'], word: 0 }];
const call: FunctionNames = ['ttrpc.(*Client).dispatch', 'ttrpc.(*Client).Call'];

const taskCalls: FunctionNames = [
  'Checkpoint',
  'CloseIO',
  'Connect',
  'Create',
  'Delete',
  'Exec',
  'Kill',
  'PID',
  'Pause',
  'Pids',
  'ResizePty',
  'Resume',
  'Shutdown',
  'Start',
  'State',
  'Stats',
  'Update',
  'delete',
].flatMap((method) => [
  `v1.(*shimClient).${method}`,
  `v2.(*ttrpctaskClient).${method}`,
  `v3.(*ttrpctaskClient).${method}`,
  `v2.(*shimTask).${method}`,
  `v2.(*process).${method}`,
  `task.(*taskClient).${method}`,
]);

/** An exit event is handled within 10 s and then retried: one dump may miss it, the log has it all the same. */
export const shimCall: Pattern = {
  id: 'shim-call',
  title: 'containerd waits for a shim to answer',
  meaning:
    'A call of containerd (delete, kill, state, …) that its shim has not answered. Short ones are normal. When they last, ' +
    'the shim itself is stuck, most often in unmount: look at the shim’s threads, and at the disk below.',
  versions: 'containerd with shim v2; ttrpc 1.0 and newer',
  references: [
    'https://github.com/containerd/containerd/issues/7496',
    'https://github.com/containerd/containerd/pull/8676',
  ],
  harmless: false,
  noun: 'shim',
  signatures: [{ steps: [call, gap, taskCalls], subject: connection }],
};

export const taskWait: Pattern = {
  id: 'task-wait',
  title: 'containerd waits for a task to exit',
  meaning: 'One or two for each running task. Normal.',
  versions: 'containerd with shim v2',
  references: [],
  harmless: true,
  noun: 'shim',
  signatures: [
    {
      steps: [call, gap, ['v2.(*shimTask).Wait', 'v2.(*process).Wait', 'task.(*taskClient).Wait']],
      subject: connection,
    },
  ],
};

export const shimUnmount: Pattern = {
  id: 'shim-unmount',
  title: 'A shim unmounts the file system of its container',
  meaning:
    'Unmounting an overlay writes all dirty pages of the file system below to the disk first, those of others too. On a ' +
    'slow or frozen disk the delete of the container waits here, and containerd with it. Way out: fewer writers, or the ' +
    'overlay mount option volatile (containerd 1.6.24, 1.7.4, 2.0).',
  versions: 'containerd-shim-runc-v1 and v2, all versions',
  references: [
    'https://github.com/containerd/containerd/pull/8676',
    'https://github.com/containerd/containerd/issues/7496',
    'https://github.com/containerd/containerd/issues/8931',
  ],
  harmless: false,
  noun: 'container',
  signatures: [
    {
      steps: [gap, 'unix.Unmount', gap, ['process.(*Init).delete', 'process.(*Init).Delete']],
      subject: [{ func: 'process.(*Init).delete', word: 0 }],
    },
  ],
};

export const shimLockWaiter: Pattern = {
  id: 'shim-lock-waiter',
  title: 'Calls in a shim that wait for the lock of its process',
  meaning:
    'State, kill and wait of this task have to wait until what holds the lock is done: look at shim-unmount in the same ' +
    'dump.',
  versions: 'containerd-shim-runc-v1 and v2',
  references: [],
  harmless: false,
  noun: 'process',
  signatures: [{ steps: [lock, ['process.(*Init).*', 'process.(*execProcess).*']], subject: lockSubject }],
};

export const shimSend: Pattern = {
  id: 'shim-send',
  title: 'Writes a call to a shim that does not read',
  meaning:
    'The buffer of the socket is full: the shim (or another server of ttrpc) hangs. All calls to it wait for the lock of this ' +
    'connection, those that have a deadline too, and so do lists of all containers. Find the shim, look at its threads, and ' +
    'kill it if it stays.',
  versions: 'containerd with ttrpc up to 1.2.7 at least',
  references: ['https://github.com/containerd/ttrpc/issues/174'],
  harmless: false,
  noun: 'shim',
  signatures: [
    {
      steps: [gap, ['net.(*conn).Write', 'net.(*UnixConn).Write'], gap, 'ttrpc.(*channel).send'],
      states: ['IO wait'],
      subject: connection,
    },
  ],
};
