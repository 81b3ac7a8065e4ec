import { quote } from '../base/shell-word.ts';
import { type Finding, rule } from './engine/rule.ts';
import {
  hasStopped,
  hourly,
  isAggregated,
  type LogTrouble,
  logFinding,
  namesIn,
  troubleIn,
} from './shared/log-trouble.ts';
import { startRemedies } from './shared/start-remedies.ts';

/** The kubelet tries again every few seconds: a moment of load fails once or twice. */
const again = 3;
/** The image is there, or it is not: its registry was asked already. */
const againForImage = 2;
/** The kubelet writes up to four lines of one try within a second, and containerd one more; it waits ten seconds and longer before the next. */
const linesOfTry = 5;
const tryMs = 5000;
const nextTryMs = 120_000;

/** The runtime cannot make the sandbox of a pod, for a reason other than its network. */
export const failedSandbox = rule({
  id: 'failed-sandbox',
  needs: ['logs'],
  uses: [],
  matters: false,
  judge: ({ logs, at }) => {
    const drivers = troubleIn(logs, ['cgroup-driver-mismatch']);
    if (drivers?.recent === true) return [mismatch(drivers, at)];
    // What a limit of the kernel refuses has a finding of its own (kernel-limit-reached).
    const trouble = troubleIn(
      logs,
      ['sandbox-create-failed'],
      undefined,
      ({ example = '' }) => !/seccomp filter.*errno 524/.test(example),
    );
    if (trouble === null) return [];
    const why = trouble.about.length === 0 ? '' : `: ${namesIn(trouble.about, 1)}`;
    // Ages of events are whole minutes; what the kubelet does after each try is counted.
    const anew = troubleIn(logs, ['sandbox-changed']);
    const retries = anew?.recent === true ? hourly(anew, 'sandbox-changed') : 0;
    const isImage = trouble.about.some((about) => about.includes('image'));
    const file = trouble.about
      .map((about) => /^open (\/\S+resolv\S*):/.exec(about)?.[1])
      .find((path) => path !== undefined);
    const isMemory = trouble.about.some((about) => about.includes('OOM-killed'));
    const isHypervisor = trouble.tallies.some(({ example = '' }) => /hypervisor|vsock|qemu|firecracker/i.test(example));
    return [
      logFinding({ ...trouble, recent: trouble.recent && !hasStopped(trouble, nextTryMs) }, at, {
        id: 'failed-sandbox',
        severity:
          isAggregated(trouble) || isAgain(trouble, isImage ? againForImage : again, retries) ? 'warning' : 'info',
        title: `Sandboxes of pods cannot be created${why}`,
        past: `Sandboxes of pods could not be created${why}`,
        summary: `The runtime fails before any container of the pod: the pod stays in ContainerCreating.${isHypervisor ? ' Each sandbox is a virtual machine, which does not start.' : ''}${isMemory ? ' Its memory limit is below what runc itself takes while it starts a container.' : ''}`,
        remedies: [
          file !== undefined
            ? {
                text: 'The kubelet copies this file into pods (resolvConf in its configuration), and it is gone: start what writes it, or name another.',
                command: `ls -l /etc/resolv.conf ${quote(file)}; systemctl status systemd-resolved --no-pager`,
                risk: 'none',
              }
            : isImage
              ? {
                  text: 'Every pod needs the sandbox image (pause). See whether it is there, and whether its registry is reached.',
                  command: 'timeout 10 crictl images | grep pause',
                  risk: 'none',
                }
              : {
                  text: isHypervisor
                    ? 'See whether the node has KVM and free memory, and what the shim of the runtime says.'
                    : isMemory
                      ? 'Raise the memory limit of the pod. The runtime names the pod.'
                      : 'Read what the runtime says of it.',
                  command: isHypervisor
                    ? 'ls -l /dev/kvm; free -m; journalctl -t kata -n 50 --no-pager'
                    : 'journalctl -u containerd -u crio -n 100 --no-pager',
                  risk: 'none',
                },
        ],
      }),
    ];
  },
});

/** It is so until somebody changes one of the two. */
function mismatch(trouble: LogTrouble, at: number): Finding {
  return logFinding(trouble, at, {
    id: 'failed-sandbox',
    severity: 'warning',
    title: 'Sandboxes of pods cannot be created: the kubelet and the runtime have different cgroup drivers',
    past: 'Sandboxes of pods could not be created: the cgroup drivers differed',
    summary:
      'The runtime has the driver systemd, the kubelet cgroupfs. No pod starts on this node; containers that run go on.',
    remedies: startRemedies(['cgroup driver']),
    confidence: 'certain',
    references: ['https://kubernetes.io/docs/setup/production-environment/container-runtimes/#cgroup-drivers'],
  });
}

function isAgain(trouble: LogTrouble, times: number, retries: number): boolean {
  const { firstAt, lastAt } = trouble;
  const lines = hourly(trouble, 'sandbox-create-failed');
  const isOneTry = firstAt !== null && lastAt !== null && lastAt - firstAt < tryMs && lines <= linesOfTry;
  return lines >= times && (!isOneTry || retries >= times);
}
