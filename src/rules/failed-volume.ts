import { quote } from '../base/shell-word.ts';
import type { LogsModel, LogTallyModel } from '../model/logs/logs.ts';
import { type Remedy, rule } from './engine/rule.ts';
import {
  has,
  hasStopped,
  hourly,
  hourMs,
  type LogTrouble,
  logFinding,
  namesIn,
  troubleIn,
} from './shared/log-trouble.ts';

/** In a rolling update a volume is still attached elsewhere for some seconds. */
const lastsMs = 120_000;
const again = 3;
/** The kubelet doubles its pause between two tries up to two minutes. */
const nextTryMs = 150_000;

/** What took minutes by itself, or is so until somebody changes it. */
const waited = /external-attacher|[Cc]onnection timed out|no mds server is up|access denied|Permission denied/;

const attaching = ['volume-attach-failed'] as const;
const mounting = ['volume-mount-failed', 'mount-failed'] as const;

const signs = [...attaching, ...mounting, 'csi-driver-missing', 'volume-wait-timeout'] as const;

/** The pod of a CSI driver comes with the node: its image is pulled first. */
const driverStartsMs = 300_000;

/** A volume of a pod is neither attached nor mounted: the pod does not start. */
export const failedVolume = rule({
  id: 'failed-volume',
  needs: ['logs'],
  uses: [],
  matters: false,
  judge: ({ logs, at }) => {
    const isStill = (tally: LogTallyModel): boolean => !isReady(logs, tally);
    const recent = troubleIn(logs, signs, undefined, isStill);
    // Of a volume that another node has, the event comes once; that the pod waits, every two minutes.
    const trouble = recent?.recent === true ? troubleIn(logs, signs, hourMs, isStill) : recent;
    if (trouble === null) return [];
    const isAttached = !has(trouble, ...attaching);
    const which = namesIn(trouble.about, 2);
    const what = isAttached ? 'mounted' : 'attached';
    const names = which === '' ? '' : `: ${which}`;
    return [
      logFinding({ ...trouble, recent: trouble.recent && !hasStopped(trouble, nextTryMs) }, at, {
        id: 'failed-volume',
        severity: lasts(trouble) ? 'warning' : 'info',
        title: `A volume of a pod cannot be ${what}${names}`,
        past: `A volume of a pod could not be ${what}${names}`,
        summary: `The pod stays in ContainerCreating until its volume is ${what}. ${reasonOf(trouble)}`,
        remedies: isAttached ? mountRemedies(trouble) : attachRemedies(trouble),
      }),
    ];
  },
});

/** It was attached or mounted afterwards; of a pod that waited, any volume was. */
function isReady({ tallies }: LogsModel, { sign, about, lastAt }: LogTallyModel): boolean {
  return tallies.some(
    (one) =>
      one.sign === 'volume-ready' &&
      (one.about === about || sign === 'volume-wait-timeout') &&
      (one.lastAt ?? 0) >= (lastAt ?? 0),
  );
}

function lasts(trouble: LogTrouble): boolean {
  const { firstAt, lastAt } = trouble;
  if (has(trouble, 'volume-wait-timeout') || waited.test(textOf(trouble))) return true;
  if (hourly(trouble, 'csi-driver-missing') >= again && firstAt !== null && (lastAt ?? 0) - firstAt >= driverStartsMs) {
    return true;
  }
  if (hourly(trouble, ...attaching, ...mounting) < 2) return false;
  return hourly(trouble, ...mounting) >= again || firstAt === null || (lastAt ?? 0) - firstAt >= lastsMs;
}

const textOf = ({ tallies }: LogTrouble): string => tallies.map(({ example = '' }) => example).join('\n');

function reasonOf(trouble: LogTrouble): string {
  const text = textOf(trouble);
  if (/Multi-Attach error|already (?:exclusively )?attached/.test(text)) {
    return 'It is still attached to another node, which must give it back first: a node that is down does not.';
  }
  if (has(trouble, 'csi-driver-missing')) {
    return 'Its CSI driver has not registered with this kubelet: the driver’s pod does not run on this node, or mounts the directory of another kubelet.';
  }
  if (has(trouble, 'mount-failed')) return 'What mount says is that of the file server, or of the device.';
  return 'Its driver (CSI) or the storage behind it says why.';
}

function attachRemedies(trouble: LogTrouble): Remedy[] {
  const [name] = trouble.about.filter((about) => !about.startsWith('mount'));
  return [
    {
      text: 'See which node has it, and whether that node is up.',
      command: `kubectl get volumeattachments${name === undefined ? '' : ` | grep -F ${quote(name)}`}`,
      risk: 'none',
    },
    {
      text: 'If that node is switched off for good, mark it so: Kubernetes then detaches its volumes. On a node that still runs, this can damage the data.',
      command: 'kubectl taint nodes NODE node.kubernetes.io/out-of-service=nodeshutdown:NoExecute',
      risk: 'high',
    },
  ];
}

function mountRemedies(trouble: LogTrouble): Remedy[] {
  const isNfs = /mount\.nfs/.test(textOf(trouble));
  return [
    isNfs
      ? {
          text: 'See whether the file server is reached from this node, and exports the path to it.',
          command: 'showmount -e SERVER; nc -zv SERVER 2049',
          risk: 'none',
        }
      : {
          text: 'See what the kernel says of the device or the file server.',
          command: 'dmesg -T | tail -50',
          risk: 'none',
        },
    {
      text: 'Read the log of the CSI driver’s pod on this node.',
      command: 'timeout 10 crictl ps | grep -i csi',
      risk: 'none',
    },
  ];
}
