import { gap, type Pattern } from './pattern.ts';

export const fifoOpen: Pattern = {
  id: 'fifo-open',
  title: 'Waits in open() of a fifo that no process opens on the other side',
  meaning:
    'Each holds a thread of the program until the other side comes. At 10,000 threads Go aborts it ("program exceeds ' +
    '10000-thread limit"). The other side is gone: a client that was cancelled, or a shim that died.',
  versions: 'containerd and its shims; containerd up to 2.3.4 does not raise the limit',
  references: ['https://github.com/containerd/containerd/issues/13952'],
  harmless: false,
  noun: null,
  signatures: [{ steps: [gap, 'os.OpenFile', gap, 'fifo.openFifo.func*'] }],
};

export const execFifoWait: Pattern = {
  id: 'exec-fifo-wait',
  title: 'A shim starts an exec and waits to open its fifo',
  meaning:
    'The other side of the fifo is gone: dockerd or the client cancelled the exec, a health check for example. The shim ' +
    'holds its lock meanwhile, so every call to this shim waits.',
  versions: 'containerd-shim of docker 17.12 to 18.03 (v1); newer ones wait with a deadline of the caller',
  references: ['https://github.com/moby/moby/issues/36661'],
  harmless: false,
  noun: 'exec',
  signatures: [
    {
      steps: [
        gap,
        'fifo.OpenFifo',
        gap,
        ['proc.copyPipes', 'process.copyPipes'],
        gap,
        ['proc.(*execProcess).start', 'process.(*execProcess).start'],
      ],
      subject: [{ func: ['proc.(*execProcess).start', 'process.(*execProcess).start'], word: 0 }],
    },
  ],
};

/** libcontainer/container_linux.go of the runc of that report: Exec opens exec.fifo, which the init of the container opens when it is ready. */
export const startFifoWait: Pattern = {
  id: 'start-fifo-wait',
  title: 'runc start waits for the init of its container to open exec.fifo',
  meaning:
    'The init of the container (runc init) has not come so far, or is gone: look at its process and what it waits for. The call that ' +
    'started runc waits too. Short ones are normal.',
  versions: 'runc of containerd 1.0',
  references: ['https://github.com/containerd/containerd/issues/1882'],
  harmless: true,
  briefMinutes: 1,
  noun: null,
  signatures: [{ steps: [gap, 'os.OpenFile', 'libcontainer.(*linuxContainer).exec'] }],
};
