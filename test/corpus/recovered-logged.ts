import { absent } from '../../src/sample/reading.ts';
import * as make from '../support/samples.ts';
import { type Case, finds, quiet } from './case.ts';
import { type Line, logged, repeated } from './log-node.ts';
import { withoutEngine } from './parts.ts';

const kubelet = 'kubelet[900]';
const containerd = 'containerd[700]';
const dockerd = 'dockerd[800]';
const idOf = (n: number): string => make.idOf(`d${n % 10}`);
const noContainers = {
  ...withoutEngine,
  readings: { ...withoutEngine.readings, shims: absent('no shims') },
};

const failedAdd = (n: number): string =>
  String.raw`level=error msg="RunPodSandbox failed" error="failed to setup network for sandbox \"${idOf(n)}\": plugin type=\"cilium-cni\" failed (add): unable to connect to Cilium agent"`;
const refused = (id: string): Line[] => [
  ...repeated(
    1,
    1,
    5,
    kubelet,
    `"RemoveContainer from runtime service failed" err="rpc error: code = Unknown desc = failed to set removing state for container \\"${id}\\": container is already in removing state" containerID="${id}"`,
  ),
  ...repeated(
    1,
    1,
    5,
    containerd,
    String.raw`level=error msg="RemoveContainer for \"${id}\" failed" error="failed to set removing state for container \"${id}\": container is already in removing state"`,
  ),
];
const later = (lines: readonly Line[], seconds: number): Line[] =>
  lines.map(([ago, program, message]): Line => [ago + seconds, program, message]);
const tenTimes = (apart: number, linesOf: (n: number) => readonly Line[]): Line[] =>
  Array.from({ length: 10 }, (_, n) => later(linesOf(n), n * apart)).flat();
const growing = 'device-mapper: thin: 253:4: growing the data device from 163840 to 196608 blocks';
const outOfSpace = 'device-mapper: thin: 253:4: switching pool to out-of-data-space (queue IO) mode';
const avoided = 'able to reduce resource pressure without evicting pods.';
const restart = (n: number): string => `kubelet.service: Scheduled restart job, restart counter is at ${n}.`;
const createOverdue = (sandbox: string): string =>
  `"CreateContainer in sandbox from runtime service failed" err="rpc error: code = DeadlineExceeded desc = context deadline exceeded" podSandboxID="${sandbox}"`;
const reserved = (n: number): string =>
  `"x" err="failed to reserve container name \\"web_${n}\\": name \\"web_${n}\\" is reserved for \\"${idOf(n)}\\""`;
const exitFailed = (id: string): string =>
  String.raw`level=error msg="failed to handle container TaskExit event container_id:\"${id}\" id:\"${id}\" pid:77" error="failed to stop container: failed to delete task: ttrpc: closed: unknown"`;
const lockup = (cpu: number): string => `watchdog: BUG: soft lockup - CPU#${cpu} stuck for 26s! [kworker/${cpu}:1:77]`;

/** What came back, or was no failure, on nodes that are well. */
export const recoveredLogged: readonly Case[] = [
  quiet(
    'Containers are killed that do not run any more, as each docker compose down does',
    logged(
      [
        ...repeated(
          20,
          60,
          5,
          dockerd,
          `level=error msg="Handler for POST /v1.41/containers/x/kill returned error: Cannot kill container: ${idOf(1)}: Container ${idOf(1)} is not running"`,
        ),
        ...repeated(
          9,
          60,
          7,
          dockerd,
          'level=error msg="Handler for POST /v1.43/containers/x/kill returned error: cannot kill container: 8c9b: No such container: 8c9b"',
        ),
      ],
      noContainers,
    ),
  ),
  quiet(
    'The kubelet removes containers that are being removed, or are gone',
    logged(
      [
        ...tenTimes(80, (n) => refused(idOf(n))),
        ...repeated(
          9,
          90,
          7,
          kubelet,
          `"Failed to remove container" err="failed to get container status: rpc error: code = NotFound desc = an error occurred when try to find container" containerID="${idOf(3)}"`,
        ),
      ],
      noContainers,
    ),
  ),
  quiet(
    'Pods start before the agent of the network, and run',
    logged(tenTimes(6, (n) => [[90, containerd, failedAdd(n)]])),
  ),
  quiet(
    'The kubelet was started again and again until kubeadm joined the node',
    logged(tenTimes(10, (n) => [[200, 'systemd[1]', restart(10 - n)]])),
  ),
  quiet(
    'The servers of Ceph are restarted one after another',
    logged([
      [300, 'kernel', 'libceph: osd3 down'],
      [260, 'kernel', 'libceph: osd3 up'],
      [200, 'kernel', 'libceph: mon1 (1)192.0.2.2:6789 session lost, hunting for new mon'],
      [199, 'kernel', 'libceph: mon0 (1)192.0.2.1:6789 session established'],
      [120, 'kernel', 'ceph: mds0 caps stale'],
      [100, 'kernel', 'ceph: mds0 caps renewed'],
    ]),
  ),
  quiet(
    'dmeventd extends a thin pool',
    logged([
      [300, 'kernel', 'device-mapper: thin: 253:4: reached low water mark for data device: sending event.'],
      [290, 'kernel', outOfSpace],
      [288, 'kernel', growing],
      [288, 'kernel', 'device-mapper: thin: 253:4: switching pool to write mode'],
    ]),
  ),
  quiet(
    'The kubelet removed unused images in time',
    logged([
      [900, kubelet, '"Eviction manager: attempting to reclaim" resourceName="ephemeral-storage"'],
      [880, kubelet, `"Eviction manager: ${avoided}" resourceName="ephemeral-storage"`],
    ]),
  ),
  quiet(
    'The passive paths of a disk array were asked for partitions',
    logged([
      [
        200,
        'kernel',
        'blk_update_request: I/O error, dev sdc, sector 0 op 0x0:(READ) flags 0x0 phys_seg 1 prio class 0',
      ],
      [200, 'kernel', 'Buffer I/O error on dev sdc, logical block 0, async page read'],
      [199, 'kernel', 'end_request: I/O error, dev sdd, sector 0'],
    ]),
  ),
  quiet(
    'qemu-nbd was disconnected while something looked for partitions',
    logged([
      [60, 'kernel', 'block nbd0: NBD_DISCONNECT'],
      [60, 'kernel', 'block nbd0: Disconnected due to user request.'],
      [59, 'kernel', 'I/O error, dev nbd0, sector 0 op 0x0:(READ) flags 0x0 phys_seg 1 prio class 2'],
    ]),
  ),
  quiet(
    'Creates took too long while many images were pulled, and worked at the second try',
    logged([
      ...tenTimes(1, (n) => [[500, kubelet, createOverdue(idOf(n))]]),
      ...tenTimes(1, (n) => [[480, kubelet, reserved(n)]]),
    ]),
  ),
  quiet(
    'iptables waited a second for its lock, three times in an hour',
    logged(
      repeated(
        3,
        1200,
        60,
        containerd,
        'Another app is currently holding the xtables lock; waiting (1s) for it to exit...',
      ),
    ),
  ),
  quiet(
    'An interrupt of an NVMe device was lost',
    logged([[300, 'kernel', 'nvme nvme0: I/O 35 QID 2 timeout, completion polled']]),
  ),
  quiet(
    'The exits of several containers were handled at the second try',
    logged(
      tenTimes(40, (n) => [[20, containerd, exitFailed(idOf(n))]]),
      noContainers,
    ),
  ),
  quiet(
    'A virtual machine with eight CPUs was paused for a snapshot',
    logged(Array.from({ length: 8 }, (_, cpu): Line => [100, 'kernel', lockup(cpu)])),
  ),
];

const sick = (name: string, rule: string, lines: readonly Line[], parts = {}): Case => ({
  name,
  scene: logged(lines, parts),
  expected: [finds(rule)],
});

/** The same lines, and no end. */
export const unrecoveredLogged: readonly Case[] = [
  sick(
    'The removal of one container never ends',
    'failed-removal',
    tenTimes(60, () => refused(idOf(1))),
    noContainers,
  ),
  sick(
    'The network plugin still fails for pods',
    'failed-network-setup',
    tenTimes(12, (n) => [[5, containerd, failedAdd(n)]]),
  ),
  sick(
    'The kubelet is restarted every two minutes',
    'crash-loop',
    tenTimes(120, (n) => [[100, 'systemd[1]', restart(10 - n)]]),
  ),
  sick('Creates of containers take too long again and again', 'runtime-not-responding', [
    ...tenTimes(140, (n) => [[100, kubelet, createOverdue(idOf(n))]]),
  ]),
  sick(
    'A name stays reserved',
    'name-reserved',
    tenTimes(15, () => [[20, kubelet, reserved(1)]]),
  ),
  sick('Interrupts of an NVMe device are lost all the time', 'disk-errors', [
    ...repeated(12, 30, 20, 'kernel', 'nvme nvme0: I/O 35 QID 2 timeout, completion polled'),
  ]),
  sick(
    'The kubelet of MicroK8s is in a crash loop',
    'crash-loop',
    tenTimes(10, (n) => [
      [
        5,
        'systemd[1]',
        `snap.microk8s.daemon-kubelite.service: Scheduled restart job, restart counter is at ${10 - n}.`,
      ],
    ]),
  ),
  sick('A server of Ceph went down again', 'network-storage-silent', [
    [300, 'kernel', 'libceph: osd3 down'],
    [260, 'kernel', 'libceph: osd3 up'],
    [100, 'kernel', 'libceph: osd3 down'],
  ]),
  sick('A thin pool is full again after it was extended', 'filesystem-full', [
    [288, 'kernel', growing],
    [100, 'kernel', outOfSpace],
  ]),
  sick('The kubelet has to reclaim disk space again', 'filesystem-full', [
    [880, kubelet, `"Eviction manager: ${avoided}" resourceName="ephemeral-storage"`],
    [100, kubelet, '"Eviction manager: attempting to reclaim" resourceName="ephemeral-storage"'],
  ]),
  sick('A disk fails at its first sector and at others', 'disk-errors', [
    [100, 'kernel', 'blk_update_request: I/O error, dev sdc, sector 0 op 0x0:(READ) flags 0x0 phys_seg 1 prio class 0'],
    [
      90,
      'kernel',
      'blk_update_request: I/O error, dev sdc, sector 5240 op 0x1:(WRITE) flags 0x0 phys_seg 1 prio class 0',
    ],
  ]),
  sick('CPUs are held, and half a minute later again', 'kernel-stall', [
    ...Array.from({ length: 4 }, (_, cpu): Line => [100, 'kernel', lockup(cpu)]),
    ...Array.from({ length: 4 }, (_, cpu): Line => [72, 'kernel', lockup(cpu)]),
  ]),
];
