import { type Case, finds, quiet } from './case.ts';
import { type Line, logged, repeated } from './log-node.ts';

const kubelet = 'kubelet[900]';
const containerd = 'containerd[700]';
const k3s = 'k3s[910]';

const one = (name: string, lines: readonly Line[], rule: ReturnType<typeof finds>): Case => ({
  name,
  scene: logged(lines),
  expected: [rule],
});

const swap =
  'E1121 11:58:20.123456     900 run.go:72] "command failed" err="failed to run Kubelet: running with swap on is not supported"';
const restarted = (n: number): string => `kubelet.service: Scheduled restart job, restart counter is at ${n}.`;
const unrecovered = String.raw`level=fatal msg="Failed to run CRI service" error="failed to recover state: failed to get metadata for stored sandbox \"4ea7\": not found"`;

/** Nodes of Kubernetes whose faults only the logs tell. */
export const faultsOfLoggedNodes: readonly Case[] = [
  one(
    'The kubelet does not start, because swap is on',
    [...repeated(5, 10, 12, kubelet, swap), [1, 'systemd[1]', restarted(5)]],
    finds('crash-loop', { daemons: ['kubelet'] }),
  ),
  one(
    'containerd cannot recover the state of a sandbox, and exits',
    repeated(3, 6, 2, containerd, unrecovered),
    finds('crash-loop', { daemons: ['containerd'] }),
  ),
];

/** The same words on nodes that are well. */
export const healthyLoggedNodes: readonly Case[] = [
  quiet(
    'The kubelet failed to start until swap was off',
    logged([...repeated(3, 10, 120, kubelet, swap), [60, kubelet, '"Starting kubelet main sync loop"']]),
  ),
  quiet(
    'k3s came up after its datastore was reached',
    logged([
      [
        90,
        k3s,
        'level=fatal msg="starting kubernetes: preparing server: failed to get CA certs: dial tcp: i/o timeout"',
      ],
      [40, k3s, 'level=info msg="k3s is up and running"'],
    ]),
  ),
  quiet('k3s is stopped', logged([[20, k3s, 'level=fatal msg="kubelet exited: context canceled"']])),
];
