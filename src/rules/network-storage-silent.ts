import { kernelAtLeast } from '../base/kernel-release.ts';
import type { LogsModel } from '../model/logs/logs.ts';
import { type Finding, rule } from './engine/rule.ts';
import { localServerText } from './shared/local-server.ts';
import { type LogTrouble, logFinding, namesIn, recentMs, troubleIn } from './shared/log-trouble.ts';

/** A server of Ceph that is restarted is away for a few tries. Our own judgement. */
const manyTries = 10;
/** A cluster is upgraded one server after the other: several at once are the network, or the cluster. */
const manyServers = 3;
const againOfMany = 3;
/** While a connection fails it is tried again within 15 s from Linux 5.11 on, 5 min before; a syslog may be late. */
const nextTryMs = 60_000;
const nextTryOfOldKernelsMs = 360_000;

/** A file or block server does not answer: each process that uses it blocks in D. */
export const networkStorageSilent = rule({
  id: 'network-storage-silent',
  needs: ['logs'],
  uses: ['host'],
  matters: false,
  judge: ({ logs, host, at }) => {
    const evicted = troubleIn(
      logs,
      ['ceph-evicted'],
      recentMs,
      ({ about, lastAt }) => !hasRecovered(logs, about, lastAt),
    );
    if (evicted !== null) return [evictedFinding(evicted, at)];
    const nextTry = kernelAtLeast(host?.kernel ?? '', 5, 11) ? nextTryMs : nextTryOfOldKernelsMs;
    const tries = unreached(logs, nextTry) >= manyServers ? againOfMany : manyTries;
    const trouble = troubleIn(
      logs,
      ['nfs-not-responding', 'nfs-lease-failed', 'cifs-not-responding', 'rbd-error', 'ceph-hung', 'ceph-unreachable'],
      recentMs,
      ({ sign, about, lastAt, agoMs, count, lastHour }) =>
        !hasRecovered(logs, about, lastAt) &&
        (sign !== 'ceph-unreachable' || ((agoMs ?? 0) <= nextTry && (lastHour ?? count) >= tries)),
    );
    if (trouble === null) return [];
    const kinds = [...new Set(trouble.tallies.map(({ sign }) => kindOf(sign)))].join(' and ');
    const servers = trouble.about.map((name) => name.replace(/^\\+/, ''));
    const local = servers.map(localServerText).find((text) => text !== null);
    const who = servers.length === 0 ? '' : ` (${namesIn(servers)})`;
    return [
      logFinding(trouble, at, {
        id: 'network-storage-silent',
        severity: 'warning',
        confidence: 'certain',
        title: `Network storage does not respond: ${kinds}${who}`,
        past: `Network storage did not respond: ${kinds}${who}`,
        subjects: { devices: servers },
        summary:
          'The kernel’s requests to a storage server time out. Processes that touch its mounts block in D, and cannot be killed until it answers.',
        remedies: [
          local === undefined
            ? { text: 'Check the server and the network to it.', command: null, risk: 'none' }
            : { text: local, command: 'ss -tlnp', risk: 'none' },
          {
            text: 'When the server does not come back, unmount its mounts by force: what waits for them then fails instead of hanging.',
            command: 'umount -f -l MOUNTPOINT',
            risk: 'high',
          },
        ],
      }),
    ];
  },
});

/** How many servers of Ceph the kernel tries to connect to, more than a few times each. */
function unreached({ tallies }: LogsModel, withinMs: number): number {
  return tallies.filter(
    ({ sign, agoMs, count, lastHour }) =>
      sign === 'ceph-unreachable' && (agoMs ?? 0) <= withinMs && (lastHour ?? count) >= againOfMany,
  ).length;
}

function evictedFinding(trouble: LogTrouble, at: number): Finding {
  const servers = namesIn(trouble.about);
  return logFinding(trouble, at, {
    id: 'network-storage-silent',
    severity: 'warning',
    confidence: 'certain',
    title: `Ceph evicted this node: ${servers} rejects its session, and mounts of CephFS fail`,
    past: `Ceph evicted this node: ${servers} rejected its session`,
    subjects: { devices: trouble.about },
    summary:
      'The metadata server had closed the session of this node, which was silent for too long. What was not written is lost, and files of its mounts fail or block until they are mounted again.',
    remedies: [
      {
        text: 'See whether the cluster blocks the addresses of this node, and check the network between them.',
        command: 'ceph osd blocklist ls',
        risk: 'none',
      },
      {
        text: 'Stop the pods that use the mounts, unmount them by force and mount them again. The mount option recover_session=clean does so by itself, and loses what was not written as well.',
        command: 'umount -f -l MOUNTPOINT',
        risk: 'high',
      },
    ],
    references: ['https://docs.ceph.com/en/latest/cephfs/eviction/'],
  });
}

function hasRecovered({ tallies }: LogsModel, server: string | undefined, lastAt: number | null): boolean {
  // The client talks to one monitor at a time, whichever answers.
  const name = server !== undefined && /^mon\d/.test(server) ? 'mon' : server;
  return tallies.some(
    (tally) =>
      (tally.sign === 'nfs-recovered' || tally.sign === 'ceph-back') &&
      tally.about === name &&
      (tally.lastAt ?? 0) >= (lastAt ?? 0),
  );
}

function kindOf(sign: string): string {
  if (sign.startsWith('nfs')) return 'NFS server';
  return sign.startsWith('cifs') ? 'CIFS server' : 'Ceph';
}
