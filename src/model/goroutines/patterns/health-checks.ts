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
  signatures: [{ steps: ['daemon.(*cmdProbe).run'], states: ['chan receive', 'select'] }],
};

/** One for each probe that waits, so it is counted apart. */
export const healthProbeExec: Pattern = {
  id: 'health-probe-exec',
  title: 'Execs of health checks that wait for containerd to start them',
  meaning: 'containerd, or the shim of the container, does not answer the start. Look at health-probe.',
  versions: 'dockerd up to 29.7 at least',
  references: ['https://github.com/moby/moby/issues/52330'],
  harmless: false,
  noun: null,
  signatures: [{ steps: [gap, 'daemon.(*Daemon).ContainerExecStart', 'daemon.(*cmdProbe).run.func*'] }],
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
