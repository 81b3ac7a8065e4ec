import type { LogPatterns } from './pattern.ts';

/** What CRI-O logs of the stop of a container (server/container_stop.go). */
export const crioStopPatterns = {
  // Once a stop is what every node has. The kubelet asks again for a container that still runs.
  'crio-stopping': {
    units: ['crio'],
    group: 'stop',
    severity: 'info',
    rule: 'failed-stop',
    meaning: 'CRI-O was asked to stop a container: once is normal, again and again it does not stop',
    hints: ['stopping container: '],
    patterns: [/^Stopping container: (?<container>[0-9a-f]{64}) \(timeout: \d+s\)/],
  },
} as const satisfies LogPatterns;
