import type { DaemonModel } from '../../model/daemons/daemons.ts';
import { okValue } from '../../sample/reading.ts';
import type { Known } from '../known.ts';
import { each, type Metric, type Series } from '../metric.ts';

/** A daemon has so long to answer before it counts as not responding, milliseconds: the deadline of its requests. */
const patienceMs = 5000;

/** Those that this node has, or had while rtwatch was running. */
const present = ({ model }: Known): readonly DaemonModel[] => model.daemons.filter(({ status }) => status !== 'absent');

const perDaemon =
  (value: (daemon: DaemonModel) => number | null): Metric['read'] =>
  (known): readonly Series[] =>
    each(present(known), ({ name }) => ({ daemon: name }), value);

export const daemonMetrics: readonly Metric[] = [
  {
    name: 'rtwatch_daemon_info',
    type: 'gauge',
    help: 'A container daemon of the node, with its version; empty while unknown',
    labels: ['daemon', 'version'],
    read: (known) =>
      each(
        present(known),
        ({ name, version }) => ({ daemon: name, version: version ?? '' }),
        () => 1,
      ),
  },
  {
    name: 'rtwatch_daemon_up',
    type: 'gauge',
    help: 'Whether the daemon runs, and answers its API where that is asked; 0 also when its process cannot be read',
    labels: ['daemon'],
    read: perDaemon((daemon) => Number(isUp(daemon))),
  },
  {
    name: 'rtwatch_daemon_goroutines',
    type: 'gauge',
    help: 'Goroutines, according to the debug endpoint of the daemon',
    labels: ['daemon'],
    read: perDaemon(({ goroutines }) => okValue(goroutines)),
  },
  {
    name: 'rtwatch_daemon_heap_bytes',
    type: 'gauge',
    help: 'Heap in use (HeapInuse of the Go runtime)',
    labels: ['daemon'],
    read: perDaemon(({ heapBytes }) => heapBytes),
  },
  {
    name: 'rtwatch_daemon_resident_memory_bytes',
    type: 'gauge',
    help: 'Resident memory of the process',
    labels: ['daemon'],
    read: perDaemon(({ process }) => process?.rssBytes ?? null),
  },
  {
    name: 'rtwatch_daemon_open_fds',
    type: 'gauge',
    help: 'Open file descriptors',
    labels: ['daemon'],
    read: perDaemon(({ process }) => process?.fds ?? null),
  },
  {
    name: 'rtwatch_daemon_max_fds',
    type: 'gauge',
    help: 'Limit of open file descriptors; absent when unlimited',
    labels: ['daemon'],
    read: perDaemon(({ process }) => process?.fdLimit ?? null),
  },
  {
    name: 'rtwatch_daemon_threads',
    type: 'gauge',
    help: 'Threads of the process',
    labels: ['daemon'],
    read: perDaemon(({ process }) => process?.threads ?? null),
  },
];

function isUp({ status, ping }: DaemonModel): boolean {
  if (status !== 'running' && status !== 'elsewhere') return false;
  return ping.status !== 'failed' && !(ping.status === 'pending' && ping.forMs >= patienceMs);
}
