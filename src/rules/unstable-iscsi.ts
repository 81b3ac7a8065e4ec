import type { LogsModel, LogTallyModel } from '../model/logs/logs.ts';
import { rule } from './engine/rule.ts';
import { hourMs, inLastHour, logFinding, namesIn, troubleIn } from './shared/log-trouble.ts';

/** A target that is restarted breaks each connection once or twice. */
const often = 5;
const many = 5;
/** A volume that is moved to another pod on the same node is detached and attached. */
const sessions = 3;
const atOnceMs = 30_000;
/** node.session.timeo.replacement_timeout and a little more: by then the kernel has given up, or the connection is back. */
const decidedMs = 150_000;

/** Connections to iSCSI targets break again and again, or many did just now and are not back. */
export const unstableIscsi = rule({
  id: 'unstable-iscsi',
  needs: ['logs'],
  uses: [],
  matters: false,
  judge: ({ logs, at }) => {
    const flapping = troubleIn(logs, ['iscsi-connection-error'], hourMs, (tally) => inLastHour(tally) >= often);
    const lost = troubleIn(logs, ['iscsi-connection-error'], decidedMs, (tally) => !isBack(logs, tally));
    const isLost = lost?.recent === true && lost.about.length >= many;
    const anew = troubleIn(logs, ['iscsi-logout'], hourMs, (tally) => isAnew(logs, tally));
    const trouble = flapping?.recent === true ? flapping : isLost ? lost : anew?.recent === true ? anew : null;
    if (trouble === null) return [];
    const names = namesIn(trouble.about);
    const title =
      trouble === flapping || trouble === anew
        ? `iSCSI ${trouble === anew ? 'sessions end and begin' : 'connections break'} again and again: ${names}`
        : `${trouble.about.length} iSCSI connections broke, and are not back: ${names}`;
    return [
      logFinding(trouble, at, {
        id: 'unstable-iscsi',
        severity: 'warning',
        title,
        past: title,
        summary:
          'While a connection is broken, its disks wait. Two nodes with one initiator name break each other’s connections; otherwise it is the target (of Longhorn: its instance manager) or the network to it.',
        remedies: [
          {
            text: 'See which target each session belongs to, and its state.',
            command: 'timeout 10 iscsiadm -m session -P 1',
            risk: 'none',
          },
          {
            text: 'Compare the initiator name with that of the other nodes: it must be this node’s alone.',
            command: 'cat /etc/iscsi/initiatorname.iscsi',
            risk: 'none',
          },
        ],
      }),
    ];
  },
});

/** The session of a target ended several times, and each time a new one began at once: nobody detached the volume. */
function isAnew({ tallies }: LogsModel, tally: LogTallyModel): boolean {
  const { about, lastAt } = tally;
  if (inLastHour(tally) < sessions || lastAt === null) return false;
  return tallies.some(
    (one) =>
      one.sign === 'iscsi-login' &&
      one.about === about &&
      inLastHour(one) >= sessions &&
      (one.lastAt ?? 0) >= lastAt &&
      (one.lastAt ?? 0) - lastAt <= atOnceMs,
  );
}

function isBack({ tallies }: LogsModel, { about, lastAt }: LogTallyModel): boolean {
  const number = /^connection(\d+):/.exec(about ?? '')?.[1];
  return tallies.some((one) => one.sign === 'iscsi-back' && one.about === number && (one.lastAt ?? 0) >= (lastAt ?? 0));
}
