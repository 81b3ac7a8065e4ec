import * as make from '../support/samples.ts';
import { type Case, finds, mentions, quiet } from './case.ts';
import { type Line, logged, repeated } from './log-node.ts';
import { withoutEngine } from './parts.ts';

const id = make.idOf('d5');
const digest = `sha256:${'14200a60'.repeat(8)}`;
const dockerd = 'dockerd[800]';
const containerd = 'containerd[700]';
const udevd = 'systemd-udevd[337]';

const one = (name: string, lines: readonly Line[], rule: ReturnType<typeof finds>, parts = {}): Case => ({
  name,
  scene: logged(lines, parts),
  expected: [rule],
});

const missing = (msg: string): string =>
  `level=error msg=${JSON.stringify(msg)} error="rpc error: code = NotFound desc = failed to create containerd container: error unpacking image: failed to extract layer ${digest}: failed to get reader from content store: content digest ${digest}: not found"`;
const outOfSync = `level=warning msg="container kill failed because of 'container not found' or 'no such process': Cannot kill container ${id.slice(0, 15)}`;
const markedFailed = 'level=info msg="memberlist: Marking node-3-3b736f1d4651 as failed, suspect timeout reached"';
const notSent =
  'level=warning msg="Error while sending logs" error="Post https://splunk-ec:443/services/collector/event/1.0: context deadline exceeded" module=logger/splunk';
const noPlugin = 'level=warning msg="Unable to locate plugin: rancher-nfs, retrying in 30s"';
const vxlanExists = String.raw`level=error msg="fatal task error" error="starting container failed: subnet sandbox join failed for \"10.0.4.0/24\": error creating vxlan interface: file exists" module=node/agent/taskmanager`;
const ecs =
  "[INFO] DockerTimeoutError for 'docker stop' of container; ignoring state change; error: Could not transition to stopped; timed out after waiting 1m0s";
const notStarted = `level=error msg="containerd: start container" error="containerd: container did not start before the specified timeout" id=${id}`;
const stopping = (of: string): string => `level=info msg="Stopping container: ${of} (timeout: 30s)" id=b50aed30`;
const outdated = 'level=error msg="Bulk sync to node 88fb98ca9e1e timed out"';

const initDied =
  "runtime stderr: runc create failed: unable to start container process: can't get final child's PID from pipe: EOF";

/** Faults of public reports that only the logs tell. */
export const loggedReports: readonly Case[] = [
  // https://github.com/moby/moby/issues/27900
  one(
    'udev killed the worker of a device of device-mapper',
    [
      [60, udevd, 'worker [20020] /devices/virtual/block/dm-61 timeout; kill it'],
      [60, udevd, "seq 3667 '/devices/virtual/block/dm-61' killed"],
      [46, udevd, 'worker [20020] terminated by signal 9 (Killed)'],
    ],
    finds('udev-timeout'),
  ),
  // https://github.com/moby/moby/issues/29519
  one(
    'dockerd cannot start: its database is locked by the old one',
    [[40, dockerd, 'level=fatal msg="Error starting daemon: timeout"']],
    finds('crash-loop'),
    withoutEngine,
  ),
  // https://github.com/containers/podman/issues/27565, https://github.com/opencontainers/runc/issues/4905
  one(
    'conmon says that runc’s first process ended at once',
    [
      [900, 'conmon[2154175]', `conmon cdfba70f9e2dbb5a18c2 <nwarn>: ${initDied}`],
      [900, 'conmon[2154175]', 'conmon cdfba70f9e2dbb5a18c2 <error>: Failed to create container: exit status 1'],
      [20, 'conmon[23966]', `conmon d8e7b9fba2987d386bde <nwarn>: ${initDied}`],
    ],
    finds('denied-start'),
    withoutEngine,
  ),
  // https://github.com/goharbor/harbor/issues/3864
  one(
    'dockerd aborted, and systemd names its unit as it did on CentOS 7',
    [
      [40, 'dockerd', 'fatal error: concurrent map writes'],
      [39, 'systemd', 'docker.service: main process exited, code=exited, status=2/INVALIDARGUMENT'],
      [39, 'systemd', 'Unit docker.service entered failed state.'],
    ],
    finds('crash-loop', { daemons: ['dockerd'] }),
  ),
  one(
    'containerd aborted, and only its own lines are there',
    [[40, containerd, 'fatal error: concurrent map writes']],
    finds('crash-loop', { daemons: ['containerd'] }),
  ),
  // https://github.com/containerd/containerd/issues/10843
  one(
    'A layer of an image is not in the content store',
    repeated(3, 12, 5, containerd, missing('CreateContainer within sandbox for &ContainerMetadata{Name:main} failed')),
    finds('missing-content'),
  ),
  // https://github.com/moby/moby/issues/40330
  one('Overlay networks do not synchronise', repeated(6, 30, 10, dockerd, outdated), finds('overlay-sync')),
  // https://github.com/moby/moby/issues/32841
  one('Nodes of a swarm lose each other', repeated(4, 20, 10, dockerd, markedFailed), finds('overlay-sync')),
  // https://github.com/splunk/docker-logging-plugin/issues/55
  one('The splunk server does not answer', repeated(9, 60, 20, dockerd, notSent), finds('blocked-log-driver')),
  // https://github.com/rancher/rancher/issues/10304
  one('A volume plugin is not there', repeated(5, 30, 10, dockerd, noPlugin), finds('missing-plugin')),
  // https://github.com/docker/for-linux/issues/235
  one('Tasks cannot join an overlay network', repeated(4, 20, 10, dockerd, vxlanExists), finds('overlay-sync')),
  // https://github.com/aws/amazon-ecs-agent/issues/731
  one(
    'docker stop of the ECS agent does not end',
    repeated(4, 20, 5, 'ecs-agent', ecs),
    finds('engine-not-responding'),
  ),
  // https://github.com/moby/moby/issues/33828
  one('containerd 0.2 gives up on starts', repeated(4, 20, 5, dockerd, notStarted), finds('runtime-not-responding')),
  // https://github.com/moby/moby/issues/32827
  one(
    'dockerd, started by env, stops a container again and again that is gone',
    repeated(40, 1, 3, 'env[2655]', outOfSync),
    finds('failed-stop'),
    withoutEngine,
  ),
  // https://github.com/cri-o/cri-o/issues/7053
  one(
    'CRI-O is asked again and again to stop a container',
    repeated(4, 75, 5, 'crio[3673640]', stopping(id)),
    finds('failed-stop', { containers: [id] }),
    withoutEngine,
  ),
  // https://github.com/docker/for-linux/issues/517
  one(
    'dockerd of 18.09 gives up on its containerd',
    [
      [
        20,
        dockerd,
        'Failed to connect to containerd: failed to dial "/var/run/docker/containerd/docker-containerd.sock": context deadline exceeded',
      ],
    ],
    finds('crash-loop'),
    withoutEngine,
  ),
  one(
    'docker.service does not start, and its own reason is not there',
    [
      [21, 'systemd[1]', 'docker.service: Main process exited, code=exited, status=1/FAILURE'],
      [20, 'systemd[1]', 'Failed to start Docker Application Container Engine.'],
    ],
    finds('crash-loop', { daemons: ['dockerd'] }),
    withoutEngine,
  ),
  // https://github.com/moby/moby/issues/35266
  one(
    'The kernel finds a page table damaged',
    [[40, 'kernel', 'mm/memory.c:409: bad pmd ffff881055775210(80000006ad4008e7)']],
    finds('kernel-oops'),
  ),
];

/** Lines as those, of nodes that are well. */
export const calmReports: readonly Case[] = [
  quiet(
    'Somebody started a second dockerd, which refused',
    logged([[40, dockerd, 'failed to start daemon: error while opening volume store metadata database: timeout']]),
  ),
  quiet(
    'dockerd failed to start, and then started',
    logged(
      [
        [40, dockerd, 'failed to start daemon: error initializing graphdriver: no such device'],
        [20, dockerd, 'level=info msg="Daemon has completed initialization"'],
      ],
      withoutEngine,
    ),
  ),
  quiet(
    'docker.service did not start before its containerd, and then started',
    logged(
      [
        [40, 'systemd[1]', 'Failed to start docker.service - Docker Application Container Engine.'],
        [20, 'systemd[1]', 'Started docker.service - Docker Application Container Engine.'],
      ],
      withoutEngine,
    ),
  ),
  // https://github.com/cri-o/cri-o/issues/1767
  one(
    'systemctl status, pasted, says that CRI-O exited with an error',
    [
      [
        20,
        'systemd[1]',
        'Process: 1897 ExecStart=/usr/bin/crio $CRIO_STORAGE_OPTIONS $CRIO_NETWORK_OPTIONS (code=exited, status=1/FAILURE)',
      ],
    ],
    finds('crash-loop'),
    withoutEngine,
  ),
  quiet(
    'conmon starts health checks whose program is not in the image, and a container ends',
    logged(
      [
        [90, 'conmon[9]', 'conmon 90a1aa9dc23f95a46e5e <ninfo>: container 397582 exited with status 137'],
        ...([60, 30] as const).flatMap((ago): Line[] => [
          [
            ago,
            'conmon[9]',
            'conmon 90a1aa9dc23f95a46e5e <nwarn>: runtime stderr: exec failed: unable to start container process: exec: "wget": executable file not found in $PATH',
          ],
          [ago, 'conmon[9]', 'conmon 90a1aa9dc23f95a46e5e <error>: Failed to create container: exit status 255'],
        ]),
      ],
      withoutEngine,
    ),
  ),
  ...(
    [
      ['was stopped', 'ExecStart=/usr/bin/kubelet $KUBELET_ARGS (code=killed, signal=TERM)'],
      ['was stopped, and said so', 'ExecStart=/usr/bin/dockerd -H fd:// (code=exited, status=0/SUCCESS)'],
      [
        'runs, without the module it can do without',
        'ExecStartPre=/sbin/modprobe overlay (code=exited, status=1/FAILURE)',
      ],
      ['is of somebody else', 'ExecStart=/usr/sbin/nginx -g daemon on; (code=exited, status=1/FAILURE)'],
    ] as const
  ).map(([what, command]) =>
    quiet(
      `systemctl status, pasted, of a daemon that ${what}`,
      logged([[20, 'systemd[1]', `Process: 97 ${command}`]], withoutEngine),
    ),
  ),
  quiet(
    'CRI-O stops some containers, one of them asked twice because the kubelet was restarted',
    logged(
      [
        ...['a1', 'b2', 'c3', 'd4'].map((seed, n): Line => [200 - n * 40, 'crio[60]', stopping(make.idOf(seed))]),
        [30, 'crio[60]', stopping(make.idOf('a1'))],
      ],
      withoutEngine,
    ),
  ),
  quiet(
    'udev reports that a worker takes long, which finishes',
    logged(repeated(2, 60, 30, udevd, 'sdb: Worker [412] processing SEQNUM=3667 is taking a long time')),
  ),
  quiet(
    'The kubelet was stopped, and exited with an error',
    logged([[30, 'systemd[1]', 'kubelet.service: Main process exited, code=exited, status=1/FAILURE']]),
  ),
  quiet(
    'A service that is no runtime dies again and again',
    logged(repeated(9, 20, 5, 'systemd[1]', 'web.service: Main process exited, code=exited, status=2/INVALIDARGUMENT')),
  ),
  quiet(
    'Stops of three containers came just behind their exits',
    logged(
      ['a1', 'b2', 'c3'].map(
        (seed, n): Line => [
          300 - n * 60,
          dockerd,
          `level=warning msg="container kill failed because of 'container not found' or 'no such process': Cannot kill container ${make.idOf(seed)}: rpc error"`,
        ],
      ),
      withoutEngine,
    ),
  ),
  {
    name: 'One create found a layer gone, and the image was pulled again',
    scene: logged([
      [50, containerd, missing('CreateContainer within sandbox for &ContainerMetadata{Name:main} failed')],
    ]),
    expected: [mentions('missing-content')],
  },
  {
    name: 'A node of the swarm was restarted, and one synchronisation with it failed',
    scene: logged([[50, dockerd, outdated]]),
    expected: [mentions('overlay-sync')],
  },
  {
    name: 'One start was late, on a busy disk',
    scene: logged([[50, dockerd, notStarted]]),
    expected: [mentions('runtime-not-responding')],
  },
  {
    name: 'A node of the swarm was shut down',
    scene: logged([[50, dockerd, markedFailed]]),
    expected: [mentions('overlay-sync')],
  },
  {
    name: 'A log server was started again, and one send of logs failed',
    scene: logged([[50, dockerd, notSent]]),
    expected: [mentions('blocked-log-driver')],
  },
  {
    name: 'One task could not join an overlay network, and was started again',
    scene: logged([[50, dockerd, vxlanExists]]),
    expected: [mentions('overlay-sync')],
  },
  {
    name: 'A plugin started some seconds after dockerd',
    scene: logged(repeated(3, 2, 100, dockerd, noPlugin)),
    expected: [mentions('missing-plugin')],
  },
  {
    name: 'One stop of the ECS agent was late',
    scene: logged([[50, 'ecs-agent', ecs]]),
    expected: [mentions('engine-not-responding')],
  },
];
