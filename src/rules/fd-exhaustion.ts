import { formatCount, formatDecimal } from '../base/counts.ts';
import { formatSeconds } from '../base/durations.ts';
import { formatPercent } from '../base/percent.ts';
import { quote } from '../base/shell-word.ts';
import type { DaemonModel } from '../model/daemons/daemons.ts';
import type { FdKinds, FileHandles } from '../sample/daemons.ts';
import type { Parts } from './engine/parts.ts';
import { type Evidence, type Finding, noSubjects, type Remedy, rule, type Severity } from './engine/rule.ts';
import { type RestartParts, restartRemedy } from './shared/daemon-restart.ts';

/** Shares of a daemon’s own limit, and (as node-exporter’s alarms have them) of the node’s. */
const own = { warning: 0.8, critical: 0.9 } as const;
const node = { warning: 0.7, critical: 0.9 } as const;
const soonSeconds = { warning: 86_400, critical: 3600 } as const;
/** Far from the limit a minute of growth is a few containers that start: there it must last. */
const halfUsed = 0.5;
const lastingMs = 300_000;
/** Slower than this it is no leak of requests. */
const leastPerMinute = 0.5;

/** A daemon, or the node, runs out of file descriptors: accept(2) fails then, and nothing answers any more. */
export const fdExhaustion = rule({
  id: 'fd-exhaustion',
  needs: ['daemons'],
  uses: ['containers', 'mounts'],
  matters: true,
  judge: (given) => [
    ...given.daemons.flatMap((daemon) => ofDaemon(daemon, given)),
    ...(given.fileHandles === null ? [] : ofNode(given.fileHandles)),
  ],
});

function ofDaemon(daemon: DaemonModel, given: Parts<'fileHandles' | 'containers' | 'mounts'>): Finding[] {
  const { process, name } = daemon;
  if (process?.fds == null || process.fdLimit === null || process.fdLimit <= 0) return [];
  const { fds, fdLimit, pid } = process;
  const share = fds / fdLimit;
  const seconds = isLeaking(daemon, share) ? daemon.fdExhaustionSeconds : null;
  const severity = worse(level(share, own), soon(seconds));
  if (severity === null) return [];
  const use = `${formatCount(fds)} of ${formatCount(fdLimit)} file descriptors`;
  const when = seconds === null ? '' : `, and reaches its limit in ${formatSeconds(seconds)}`;
  return [
    {
      id: 'fd-exhaustion',
      severity,
      confidence: level(share, own) === null ? 'likely' : 'certain',
      title:
        share >= own.warning
          ? `${name} has used ${formatPercent(share * 100)} of its file descriptors`
          : `${name} runs out of file descriptors in ${formatSeconds(seconds ?? 0)}`,
      summary: `${name} (pid ${pid}) has ${use} open${when}: without one it accepts no connection, starts no container and opens no log.${growthText(daemon)}`,
      since: null,
      evidence: [
        { source: `/proc/${pid}/fd`, text: `${use} (${formatPercent(share * 100)})` },
        ...kindEvidence(daemon),
        ...growthEvidence(daemon),
      ],
      subjects: { ...noSubjects, pids: [pid], daemons: [name] },
      ruledOut: ruledOut(given),
      remedies: remediesOf(daemon, given),
      references: ['https://man7.org/linux/man-pages/man2/getrlimit.2.html'],
    },
  ];
}

function ofNode({ allocated, free, max }: FileHandles): Finding[] {
  const used = allocated - free;
  const severity = max <= 0 ? null : level(used / max, node);
  if (severity === null) return [];
  const use = `${formatCount(used)} of ${formatCount(max)}`;
  return [
    {
      id: 'fd-exhaustion',
      severity,
      confidence: 'certain',
      title: `The node has used ${formatPercent((used / max) * 100)} of its open files`,
      summary: `${use} open files of the whole node are used: when none is left, open(2) fails with ENFILE in every process without privileges.`,
      since: null,
      evidence: [{ source: '/proc/sys/fs/file-nr', text: `${use} used` }],
      subjects: noSubjects,
      ruledOut: [],
      remedies: [
        { text: 'Allow more for now.', command: `sysctl -w fs.file-max=${max * 2}`, risk: 'low' },
        {
          text: 'See who holds them (links in /proc are counted, nothing is opened).',
          command:
            'for p in /proc/[0-9]*; do echo "$(ls $p/fd 2>/dev/null | wc -l) $p $(cat $p/comm 2>/dev/null)"; done | sort -rn | head',
          risk: 'none',
        },
      ],
      references: ['https://docs.kernel.org/admin-guide/sysctl/fs.html#file-max-file-nr'],
    },
  ];
}

function level(share: number, limits: { readonly warning: number; readonly critical: number }): Severity | null {
  return share >= limits.critical ? 'critical' : share >= limits.warning ? 'warning' : null;
}

function soon(seconds: number | null): Severity | null {
  if (seconds === null || seconds >= soonSeconds.warning) return null;
  return seconds < soonSeconds.critical ? 'critical' : 'warning';
}

function worse(a: Severity | null, b: Severity | null): Severity | null {
  return a === 'critical' || b === null ? a : b === 'critical' ? b : (a ?? b);
}

function isLeaking({ fdGrowthPerMinute, fdSeries }: DaemonModel, share: number): boolean {
  if (fdGrowthPerMinute === null || fdGrowthPerMinute < leastPerMinute) return false;
  const watchedMs = (fdSeries.at(-1)?.monoMs ?? 0) - (fdSeries[0]?.monoMs ?? 0);
  return share >= halfUsed || watchedMs >= lastingMs;
}

function growthText({ goroutinesPerFd }: DaemonModel): string {
  if (goroutinesPerFd === null) return '';
  const pair = formatDecimal(goroutinesPerFd);
  return ` With each new descriptor come ${pair} goroutines: requests that never finish.`;
}

function growthEvidence({ process, fdGrowthPerMinute, goroutineGrowthPerMinute, fdSeries }: DaemonModel): Evidence[] {
  if (fdGrowthPerMinute === null || fdGrowthPerMinute < leastPerMinute) return [];
  const minutes = formatSeconds(((fdSeries.at(-1)?.monoMs ?? 0) - (fdSeries[0]?.monoMs ?? 0)) / 1000);
  const goroutines =
    goroutineGrowthPerMinute !== null && goroutineGrowthPerMinute > 0
      ? `, goroutines by ${formatCount(goroutineGrowthPerMinute)}`
      : '';
  return [
    {
      source: `/proc/${process?.pid}/fd`,
      text: `grows by ${formatDecimal(fdGrowthPerMinute)} a minute${goroutines} (watched for ${minutes})`,
    },
  ];
}

function kindEvidence({ process, fdKinds }: DaemonModel): Evidence[] {
  if (fdKinds === null) return [];
  return [{ source: `/proc/${process?.pid}/fd/*`, text: kindText(fdKinds) }];
}

function kindText({ sockets, accepted, peerless, pipes, files, anonymous, unseen }: FdKinds): string {
  const gone = peerless === null || peerless === 0 ? '' : `, ${formatCount(peerless)} of them without a peer any more`;
  const connections = accepted === null ? '' : ` (${formatCount(accepted)} accepted connections${gone})`;
  return [
    `${formatCount(sockets)} sockets${connections}`,
    `${formatCount(pipes)} pipes`,
    `${formatCount(files)} files`,
    `${formatCount(anonymous)} others`,
    ...(unseen === 0 ? [] : [`${formatCount(unseen)} not read`]),
  ].join(', ');
}

function ruledOut({ fileHandles }: Parts<'fileHandles'>): Finding['ruledOut'] {
  if (fileHandles === null || fileHandles.max <= 0) return [];
  const share = ((fileHandles.allocated - fileHandles.free) / fileHandles.max) * 100;
  if (share >= node.warning * 100) return [];
  return [{ id: 'node-files', because: `the node as a whole has used ${formatPercent(share)} of its open files` }];
}

function remediesOf(daemon: DaemonModel, around: RestartParts): Remedy[] {
  const { name, process } = daemon;
  if (process?.fdLimit == null) return [];
  const more = Math.min(1_048_576, process.fdLimit * 2);
  const restart = restartRemedy(
    daemon,
    around,
    `A restart of ${name} closes them all, and they come again while the cause lasts.`,
  );
  return [
    ...(more > process.fdLimit
      ? [
          {
            text: 'Give it more for now: it takes effect at once, and nothing is restarted.',
            command: `prlimit --pid ${process.pid} --nofile=${more}:${more}`,
            risk: 'low' as const,
          },
        ]
      : []),
    { text: 'See which goroutines hold them.', command: `rtwatch goroutines ${quote(name)}`, risk: 'none' },
    ...(restart === null ? [] : [restart]),
  ];
}
