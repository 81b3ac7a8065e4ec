import { type Case, finds, mentions, quiet } from './case.ts';
import { type Line, logged, repeated } from './log-node.ts';

const containerd = 'containerd[700]';
const denied = (operation: string, profile: string, comm: string): string =>
  `audit: type=1400 audit(1719000000.1:71): apparmor="DENIED" operation="${operation}" class="${operation}" profile="${profile}" pid=4242 comm="${comm}" requested_mask="receive" denied_mask="receive" signal=kill peer="runc"`;
const stalled = 'level=error msg="cancel pulling image registry.example/app:1 because of no progress in 5m0s"';

const paused = `level=error msg="CreateContainer within sandbox failed" error="failed to get sandbox container task: no running task found: task ${'5d'.repeat(32)} not found: not found"`;

const one = (name: string, lines: readonly Line[], rule: ReturnType<typeof finds>): Case => ({
  name,
  scene: logged(lines),
  expected: [rule],
});

/** Faults of pods that only the logs tell. */
export const loggedOfPods: readonly Case[] = [
  one(
    'AppArmor denies the signals of runc to the first processes of containers',
    repeated(4, 30, 10, 'kernel', denied('signal', 'cri-containerd.apparmor.d', 'runc')),
    finds('denied-signal'),
  ),
  one(
    'Image pulls get no byte, and are cancelled again and again',
    repeated(4, 330, 20, containerd, stalled),
    finds('stalled-pull'),
  ),
  one(
    'The pause process of a pod was killed, and containers are created in its dead sandbox again and again',
    repeated(8, 15, 10, containerd, paused),
    finds('dead-sandbox'),
  ),
];

export const calmOfPods: readonly Case[] = [
  quiet(
    'AppArmor denies what programs in containers try: a signal to a neighbour, a read, a mount',
    logged([
      ...repeated(5, 30, 10, 'kernel', denied('signal', 'docker-default', 'pkill')),
      ...repeated(5, 30, 12, 'kernel', denied('mount', 'cri-containerd.apparmor.d', 'runc')),
    ]),
  ),
  {
    name: 'The sandbox of one pod died, and the pod was made anew',
    scene: logged(repeated(2, 10, 400, containerd, paused)),
    expected: [mentions('dead-sandbox')],
  },
  {
    name: 'One image pull is cancelled, and the next goes through',
    scene: logged(repeated(1, 60, 600, containerd, stalled)),
    expected: [mentions('stalled-pull')],
  },
];
