import { gap, type Pattern } from './pattern.ts';

export const healthProbe: Pattern = {
  id: 'health-probe',
  title: 'Health checks that wait',
  meaning:
    'The probe of a health check starts an exec through containerd and waits for it. While containerd does not answer the ' +
    'start, the probe has no deadline: no further check of this container runs, and the health shown is old. Look at ' +
    'containerd and at the shim of the container.',
  versions: 'dockerd up to 29.7 at least',
  references: ['https://github.com/moby/moby/issues/52330'],
  harmless: false,
  noun: null,
  signatures: [
    { steps: ['daemon.(*cmdProbe).run'], states: ['chan receive', 'select'] },
    { steps: [gap, 'daemon.(*Daemon).ContainerExecStart', 'daemon.(*cmdProbe).run.func*'] },
  ],
};

export const healthMonitor: Pattern = {
  id: 'health-monitor',
  title: 'Monitors of health checks',
  meaning: 'One for each container with a health check. It waits for the next check, or for the probe that runs.',
  versions: 'dockerd',
  references: ['https://github.com/moby/moby/issues/52330'],
  harmless: true,
  noun: null,
  signatures: [{ steps: ['daemon.monitor'] }],
};
