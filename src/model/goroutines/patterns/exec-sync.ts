import { gap, type Pattern } from './pattern.ts';

const cri = (name: string): string[] =>
  ['server', 'sbserver'].flatMap((folder) => [`${folder}.${name}`, `${folder}.(*criService).${name}`]);

export const execSyncDrain: Pattern = {
  id: 'exec-sync-drain',
  title: 'ExecSync whose command has exited and whose output stays open',
  meaning:
    'The kubelet’s exec probe is over, but a child of its command still holds the output open. containerd drains it without ' +
    'an end by default: three goroutines and two fifos for each. Set drain_exec_sync_io_timeout (1.6.29, 1.7.0; off by ' +
    'default), update to 1.7.35, 2.0.12, 2.2.8 or 2.3.5, and fix the probe that leaves a child behind.',
  versions: 'containerd with CRI before 1.7.35, 2.0.12, 2.2.8, 2.3.5',
  references: [
    'https://github.com/advisories/GHSA-7jxh-36q5-gcqv',
    'https://github.com/containerd/containerd/issues/9668',
    'https://github.com/containerd/containerd/pull/7802',
  ],
  harmless: false,
  noun: null,
  signatures: [
    { steps: [gap, cri('drainExecSyncIO'), gap, cri('execInternal')] },
    { steps: [gap, cri('drainExecSyncIO')] },
  ],
};

export const execSyncReader: Pattern = {
  id: 'exec-sync-reader',
  title: 'Readers of the output of execs of the CRI',
  meaning: 'Two for each exec: its standard output and error. They end when every holder of the pipe has closed it.',
  versions: 'containerd with CRI',
  references: [],
  harmless: true,
  noun: null,
  signatures: [{ steps: [gap, 'fifo.(*fifo).Read', gap, 'io.(*ExecIO).Attach.func*'] }],
};

export const criAttach: Pattern = {
  id: 'cri-attach',
  title: 'Attaches to containers of pods that are open',
  meaning:
    'One for each `kubectl attach`. Up to 1.7.28, 2.0.6 and 2.1.4 it stays when its client has gone and the container prints ' +
    'nothing: memory grows with each attach. Fixed in 1.7.29, 2.0.7, 2.1.5 and 2.2.0.',
  versions: 'containerd with CRI',
  references: ['https://github.com/advisories/GHSA-m6hq-p25p-ffr2'],
  harmless: true,
  noun: null,
  signatures: [{ steps: [gap, 'io.(*ContainerIO).Attach', gap, cri('attachContainer')] }],
};

export const criResize: Pattern = {
  id: 'cri-resize',
  title: 'Resizes of terminals that no process reads',
  meaning:
    'A `kubectl exec -t` whose command did not start leaves one behind, with a megabyte of buffers. Fixed in 1.5.16 and 1.6.12.',
  versions: 'containerd with CRI before 1.5.16 and 1.6.12',
  references: ['https://github.com/advisories/GHSA-2qjp-425j-52j9'],
  harmless: false,
  noun: null,
  signatures: [{ steps: ['remotecommand.handleResizeEvents'], states: ['chan send'] }],
};
