import { countOf, plural } from '../base/counts.ts';
import { formatSeconds } from '../base/durations.ts';
import { quote } from '../base/shell-word.ts';
import type { DaemonModel } from '../model/daemons/daemons.ts';
import { daemonKind } from '../model/daemons/kind.ts';
import { otherDaemonText } from '../model/daemons/others.ts';
import type { OtherDaemon } from '../sample/daemons.ts';
import type { ShimValue } from '../sample/shims.ts';
import type { Parts } from './engine/parts.ts';
import { type Evidence, type Finding, noSubjects, type Remedy, rule } from './engine/rule.ts';
import { journalOf, startUnitOf } from './shared/daemon-units.ts';
import { daemonNamed, restartDockerd } from './shared/daemon-words.ts';
import { type Silence, silenceOf, unseenSilenceOf } from './shared/silence.ts';
import { judgePodman } from './shared/silent-podman.ts';

/** dockerd, containerd or CRI-O runs but does not answer, or a daemon is gone, while containers that it manages may still run. */
export const silentDaemon = rule({
  id: 'silent-daemon',
  needs: ['daemons'],
  uses: ['containers', 'cri', 'processes', 'shims', 'mounts'],
  matters: true,
  judge: (given) =>
    given.daemons.flatMap((daemon) => {
      // What the kubelet's silence means is silent-kubelet's.
      if (daemon.kind === 'kubelet') return [];
      const silence = silenceOf(daemon);
      if (daemon.kind === 'podman') return judgePodman(daemon, silence, given.at);
      if (silence !== null) return [silent(daemon, silence, given)];
      const left = leftBehind(daemon, given);
      if (daemon.status === 'gone') return [gone(daemon, left ?? [], 'certain', given)];
      if (left !== null && left.length > 0) return [gone(daemon, left, certaintyOf(given), given)];
      const unseenSilence = unseenSilenceOf(daemon);
      return unseenSilence === null ? [] : [unseen(daemon, unseenSilence, given)];
    }),
});

type Around = Parts<'daemons' | 'otherDaemons' | 'containers' | 'processes' | 'mounts'>;

/**
 * The shims of a daemon that is not there: one alone would not be started. Null when it is there, or is not known not to be.
 * It may never have been seen: `rtwatch check` came after it died.
 */
function leftBehind(
  daemon: DaemonModel,
  { daemons, shims, mounts, otherDaemons }: Parts<'daemons' | 'shims' | 'mounts' | 'otherDaemons'>,
): readonly ShimValue[] | null {
  const isThere = daemon.status === 'running' || daemon.status === 'unknown' || daemon.status === 'elsewhere';
  if (isThere || shims === null) return null;
  // dockerd names the version of a containerd that has no process: it runs inside dockerd (feature embedded-containerd, 29.7).
  const hasEngine = daemonNamed(daemons, 'dockerd')?.status === 'running';
  if (daemon.kind === 'containerd' && daemon.status === 'absent' && daemon.version !== null && hasEngine) return null;
  const holders = (mounts?.list ?? []).flatMap(({ inode, holders }) => holders.map((holder) => ({ ...holder, inode })));
  const others = holders.filter(({ kind, comm }) => kind === 'daemon' && comm === daemon.name);
  // Another one on the node itself may be theirs. One in a container (docker in docker, kind) has those beside it.
  if (daemon.status !== 'gone' && others.some(({ containerId }) => containerId === null)) return null;
  if (daemon.status !== 'gone' && mounts === null && otherDaemons?.some(({ name }) => name === daemon.name))
    return null;
  const inner = new Set(others.map(({ inode }) => inode));
  const names = (daemons ?? []).map(({ name }) => name);
  const living = (daemons ?? []).filter(({ status }) => status === 'running');
  return shims.shims.filter(
    (shim) =>
      isOf(daemon, shim, names) &&
      !inner.has(shim.mountNamespace ?? '') &&
      !living.some(({ socket }) => isBeside(shim.bundle, socket)),
  );
}

/** dockerd's tasks are in the namespace moby; a shim of another engine's containerd has another name before 18.09. */
function isOf(
  { name, kind }: DaemonModel,
  { runtimeNamespace, comm, bundle }: ShimValue,
  names: readonly string[],
): boolean {
  if (kind === 'dockerd') return runtimeNamespace === 'moby';
  if (kind !== 'containerd' || !comm.startsWith('containerd-shim')) return false;
  // A containerd beside another is named by its place, which its state directory has in common: /run/k3s/containerd.
  const places = names.flatMap((one) => (one.startsWith('containerd-') ? [one.slice('containerd-'.length)] : []));
  const place = places.find((one) => bundle?.split('/').includes(one) === true);
  return name === (place === undefined ? 'containerd' : `containerd-${place}`);
}

/** `/run/k3s/containerd` and more of the path is the same: the state of a containerd is beside its socket. */
function isBeside(bundle: string | null, socket: string | null): boolean {
  const parts = (bundle ?? '').split('/');
  const shared = (socket ?? '')
    .replace('unix://', '')
    .split('/')
    .findIndex((part, index) => part !== parts[index]);
  return shared > leastShared;
}

/** The root, `run`, and the folder that all of a program share. */
const leastShared = 3;

/** Without the mount namespaces another daemon of that name, in a container, may have gone unseen. */
function certaintyOf({ mounts }: Parts<'mounts'>): Finding['confidence'] {
  return mounts === null ? 'likely' : 'certain';
}

function silent({ name, process, endpoint, socket }: DaemonModel, { detail, forMs }: Silence, around: Around): Finding {
  const pid = process?.pid ?? 0;
  const isStopped = process?.state === 'T';
  const held = around.processes?.list.find((one) => one.pid === pid && one.blockedTids !== null);
  return {
    id: 'silent-daemon',
    severity: 'critical',
    confidence: 'certain',
    title: `${name} does not answer${isStopped ? ': a signal stopped it' : ''}`,
    summary: `${name} (pid ${pid}) lives, but its API does not answer${forMs === null ? '' : `, for ${formatSeconds(forMs / 1000)} now`}: ${detail}. ${isStopped ? 'A signal (SIGSTOP) stopped the process. ' : ''}Running containers go on; nothing can be started, stopped or listed.`,
    since: forMs === null ? null : Math.round((around.at - forMs) / 1000) * 1000,
    evidence: [
      { source: socket ?? endpoint ?? name, text: detail },
      ...(isStopped ? [{ source: `/proc/${pid}/stat`, text: 'the process is in state T: stopped by a signal' }] : []),
      { source: `/proc/${pid}/stat`, text: `${name} was started ${formatSeconds(process?.ageSeconds ?? 0)} ago` },
      ...(held === undefined
        ? []
        : [
            {
              source: `/proc/${pid}/task`,
              text: `${countOf((held.blockedTids?.length ?? 0) + held.moreBlocked, 'thread')} in D: ${held.waits?.text ?? held.wchan ?? 'unknown'}`,
            },
          ]),
    ],
    subjects: { ...noSubjects, daemons: [name], pids: [pid] },
    ruledOut: [],
    remedies: isStopped
      ? [{ text: 'Continue it: it then answers what waits.', command: `kill -CONT ${pid}`, risk: 'low' }]
      : [
          {
            text: 'Take a goroutine dump before anything else: press d, or ask for it here. One that does not answer at all writes its goroutines to a file at SIGUSR1: press D.',
            command: `rtwatch dump ${quote(name)}`,
            risk: 'none',
          },
          ...(name === 'dockerd' ? restartDockerd(around, 'Then, and only with the dump kept, start it anew.') : []),
        ],
    references: name === 'dockerd' ? ['https://docs.docker.com/engine/daemon/live-restore/'] : [],
  };
}

/** Its process is not in this /proc: another host, another PID namespace, a proxy, or systemd, which listens for it. */
function unseen({ name, endpoint }: DaemonModel, { detail, forMs }: Silence, { at, otherDaemons }: Around): Finding {
  const socket = endpoint ?? name;
  const others = (otherDaemons ?? []).filter((other) => other.name === name);
  // That another one runs must not read as if none did.
  const process = `${name} process ${others.length === 0 ? 'is visible' : 'listens there'}`;
  const waits = forMs === null ? '' : `, for ${formatSeconds(forMs / 1000)} now`;
  return {
    id: 'silent-daemon',
    severity: 'critical',
    confidence: 'certain',
    title: `${socket} does not answer, and no ${process}`,
    summary: `The API at ${socket} does not answer${waits}: ${detail}. No ${process}. Nothing can be started, stopped or listed through it.`,
    since: forMs === null ? null : Math.round((at - forMs) / 1000) * 1000,
    evidence: [{ source: socket, text: detail }, ...processEvidence(name, others)],
    subjects: { ...noSubjects, daemons: [name] },
    ruledOut: [{ id: 'no-engine', because: 'where no process listens the connection is refused' }],
    remedies: [
      {
        text: 'Find the process that listens on the socket.',
        command:
          endpoint?.startsWith('unix://') === true
            ? `ss -xlp src ${quote(endpoint.slice('unix://'.length))}`
            : 'ss -ltnp',
        risk: 'none',
      },
    ],
    references: [],
  };
}

function gone(
  daemon: DaemonModel,
  left: readonly ShimValue[],
  confidence: Finding['confidence'],
  around: Around,
): Finding {
  const { name, lastPid, goneSeconds } = daemon;
  const alive =
    left.length === 0
      ? ''
      : `, and ${countOf(left.length, 'shim')} of its containers ${plural(left.length, 'lives', 'live')} on`;
  const who =
    lastPid === null ? `There is no ${name}` : `${name} (pid ${lastPid}) has exited and was not started again`;
  const go =
    left.length === 0
      ? ''
      : ` The containers go on without it; they cannot be stopped, removed or restarted through ${name === 'dockerd' ? 'Docker' : 'it'}, and ${name === 'dockerd' ? 'their exits go unnoticed' : 'no other can be started'}.`;
  return {
    id: 'silent-daemon',
    severity: 'critical',
    confidence,
    title: `${name} is gone${alive}`,
    summary: `${who}${alive}.${go}`,
    since: goneSeconds === null ? null : Math.round((around.at - goneSeconds * 1000) / 1000) * 1000,
    evidence: goneEvidence(daemon, left, around),
    subjects: {
      ...noSubjects,
      daemons: [name],
      pids: left.map(({ pid }) => pid),
      containers: left.flatMap(
        ({ bundleId, containers }) => bundleId ?? containers.map(({ containerId }) => containerId),
      ),
    },
    ruledOut: [],
    remedies: goneRemedies(name, left, around),
    references: name === 'dockerd' ? ['https://docs.docker.com/engine/daemon/live-restore/'] : [],
  };
}

function goneEvidence(
  { name, ping, endpoint }: DaemonModel,
  left: readonly ShimValue[],
  { otherDaemons }: Around,
): Evidence[] {
  const others = (otherDaemons ?? []).filter((other) => other.name === name);
  const namespaces = new Set(left.flatMap(({ mountNamespace }) => mountNamespace ?? []));
  const detail = ping.status === 'failed' || ping.status === 'pending' ? ping.detail : null;
  return [
    ...processEvidence(name, others),
    ...(left.length === 0
      ? []
      : [
          {
            source: '/proc/PID/cwd',
            text: `${countOf(left.length, 'shim')} (pids ${pidWords(left)}) ${plural(left.length, 'lives', 'live')}${namespaces.size === 0 ? '' : `, in mount namespace ${[...namespaces].join(', ')}`}`,
          },
        ]),
    ...(detail === null ? [] : [{ source: endpoint ?? name, text: detail }]),
  ];
}

/** Which processes of that name there are, though it is none of them. */
function processEvidence(name: string, others: readonly OtherDaemon[]): Evidence[] {
  return others.length === 0
    ? [{ source: '/proc', text: `no process ${daemonKind(name) === name ? 'named' : 'of'} ${name}` }]
    : others.map((other) => ({ source: `/proc/${other.pid}`, text: otherDaemonText(other) }));
}

function pidWords(left: readonly ShimValue[]): string {
  const pids = left.slice(0, 8).map(({ pid }) => pid);
  return `${pids.join(', ')}${left.length > pids.length ? ', …' : ''}`;
}

function goneRemedies(name: string, left: readonly ShimValue[], { daemons, mounts }: Around): Remedy[] {
  const bundle = left.find((shim) => shim.bundle !== null)?.bundle ?? null;
  const unit = startUnitOf(name, bundle);
  const host = mounts?.list.find((namespace) => namespace.host)?.inode ?? null;
  const elsewhere =
    host !== null && left.some(({ mountNamespace }) => mountNamespace !== null && mountNamespace !== host);
  const alone =
    (daemonNamed(daemons, 'dockerd')?.process ?? null) === null &&
    left.every(({ runtimeNamespace }) => runtimeNamespace === 'moby');
  const what =
    name !== 'dockerd'
      ? `Start it: it finds its shims again, and the containers go on.${alone && name === 'containerd' ? ' Where there is no unit of that name dockerd brings its own: start docker.' : ''}`
      : left.length === 0
        ? 'Start it. Running containers went on only if live-restore was set; otherwise they stopped with it.'
        : `Start it. With "live-restore": true in /etc/docker/daemon.json it takes the ${countOf(left.length, 'container')} over; without it dockerd stops them at its start.`;
  const split = elsewhere
    ? ' The shims live in another mount namespace than the host: a new one may not see their mounts (split-mount-namespace).'
    : '';
  return [
    { text: 'See why it exited.', command: journalOf(name, 100, bundle), risk: 'none' },
    {
      text: `${what}${split}`,
      command: unit === null ? null : `systemctl start ${quote(unit)}`,
      risk: name === 'dockerd' && left.length > 0 ? 'high' : 'low',
    },
  ];
}
