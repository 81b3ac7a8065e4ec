import { formatSeconds } from '../base/durations.ts';
import type { DaemonModel } from '../model/daemons/daemons.ts';
import { type Finding, noSubjects, type Remedy, rule } from './engine/rule.ts';
import { silenceOf } from './shared/silence.ts';

/** `systemctl restart` takes a second; systemd starts a kubelet that fails again after ten (RestartSec of kubeadm's unit). */
const restartSeconds = 30;

/**
 * The kubelet is stopped, does not answer its health check, or is gone: the node becomes NotReady. A kubelet whose health check is
 * not reachable, on another port or in another network namespace, is not judged by it.
 */
export const silentKubelet = rule({
  id: 'silent-kubelet',
  needs: ['daemons'],
  uses: [],
  matters: false,
  judge: ({ daemons, at }) =>
    daemons.filter(({ kind }) => kind === 'kubelet').flatMap((kubelet) => judgeKubelet(kubelet, at)),
});

function judgeKubelet(kubelet: DaemonModel, at: number): Finding[] {
  const { process, ping, status, goneSeconds, lastPid } = kubelet;
  const pid = process?.pid ?? lastPid ?? 0;
  if (status === 'gone' && (goneSeconds ?? 0) >= restartSeconds) {
    return [
      finding(kubelet, at, {
        title: 'the kubelet is gone',
        why: `The kubelet (pid ${pid}) has exited and was not started again, for ${formatSeconds(goneSeconds ?? 0)} now.`,
        since: goneSeconds === null ? null : goneSeconds * 1000,
        evidence: [{ source: '/proc', text: 'no process named kubelet' }],
        remedies: [{ text: 'See why it exited, then start it.', command: 'systemctl start kubelet', risk: 'low' }],
      }),
    ];
  }
  if (process === null) return [];
  if (process.state === 'T' && ping.status !== 'ok') {
    return [
      finding(kubelet, at, {
        title: 'a signal stopped the kubelet',
        why: `A signal (SIGSTOP) stopped the kubelet (pid ${pid}, state T).`,
        since: ping.status === 'pending' ? ping.forMs : null,
        evidence: [{ source: `/proc/${pid}/stat`, text: 'the process is in state T: stopped by a signal' }],
        remedies: [{ text: 'Continue it.', command: `kill -CONT ${pid}`, risk: 'low' }],
      }),
    ];
  }
  const silence = silenceOf(kubelet);
  if (silence !== null) {
    return [
      finding(kubelet, at, {
        title: 'the kubelet does not answer its health check',
        why: `The kubelet (pid ${pid}) lives, but does not answer: ${silence.detail}.`,
        since: silence.forMs,
        evidence: [],
        remedies: restart,
      }),
    ];
  }
  if (ping.status !== 'failed' || !/HTTP 5\d\d/.test(ping.detail)) return [];
  return [
    finding(kubelet, at, {
      title: 'the kubelet’s health check fails: its sync loop does not advance',
      why: `The kubelet (pid ${pid}) answers its health check with an error: its sync loop has not advanced for minutes.`,
      since: null,
      evidence: [],
      remedies: restart,
    }),
  ];
}

/** Never a signal: SIGQUIT and SIGABRT end it, SIGUSR1 does nothing. */
const restart: readonly Remedy[] = [
  {
    text: 'Look for the cause in its log first: a runtime that does not answer, a mount that hangs. A restart loses its goroutines.',
    command: 'journalctl -u kubelet --since -10min',
    risk: 'none',
  },
  {
    text: 'Then restart it. Running containers go on.',
    command: 'systemctl restart kubelet',
    risk: 'low',
  },
];

interface Verdict {
  readonly title: string;
  readonly why: string;
  /** Milliseconds ago; null when unknown. */
  readonly since: number | null;
  readonly evidence: Finding['evidence'];
  readonly remedies: readonly Remedy[];
}

function finding({ process, ping }: DaemonModel, at: number, { title, why, since, ...rest }: Verdict): Finding {
  const asked = ping.status === 'failed' || ping.status === 'pending' ? [{ source: 'healthz', text: ping.detail }] : [];
  return {
    id: 'silent-kubelet',
    severity: 'critical',
    confidence: 'certain',
    title,
    summary: `${why} The node becomes NotReady after about 40s. Running containers go on; pods are neither started, stopped nor probed.`,
    since: since === null ? null : Math.round((at - since) / 1000) * 1000,
    evidence: [...rest.evidence, ...asked],
    subjects: { ...noSubjects, daemons: ['kubelet'], pids: process === null ? [] : [process.pid] },
    ruledOut: [],
    remedies: rest.remedies,
    references: ['https://kubernetes.io/docs/concepts/architecture/nodes/#condition'],
  };
}
