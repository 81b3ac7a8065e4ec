import { formatBytes } from '../base/bytes.ts';
import { quote } from '../base/shell-word.ts';
import { listOf } from '../base/words.ts';
import type { FilesystemModel } from '../model/filesystems/filesystems.ts';
import type { LogsModel, LogTallyModel } from '../model/logs/logs.ts';
import type { LogPatternId } from '../sample/log-patterns/patterns.ts';
import { type Finding, rule, type Severity } from './engine/rule.ts';
import { fullFilesystem, fullPool } from './shared/full-filesystems.ts';
import { largestLogs } from './shared/largest-logs.ts';
import { has, hourly, type LogTrouble, logFinding, namesIn, recentMs, troubleIn } from './shared/log-trouble.ts';

/** Space may have been freed since: on a busy node half an hour without such a line shows it. */
const withinMs = 30 * 60_000;
const manyWrites = 3;

/** A filesystem, its inodes or a thin pool are full, by statfs(2) and the engine, or by the logs of the daemons and the kernel. */
export const filesystemFull = rule({
  id: 'filesystem-full',
  needs: [['logs', 'filesystems']],
  uses: ['daemons', 'containers'],
  matters: false,
  judge: (given) => {
    const list = given.filesystems?.list ?? [];
    const engineRoot = given.daemons?.find(({ isEngine }) => isEngine)?.settings?.rootDir ?? null;
    const full = list
      .map((one) => fullFilesystem(one, largestLogs(given.containers, one.holds, engineRoot)))
      .filter((finding) => finding !== null);
    const pools = (given.daemons ?? []).map(fullPool).filter((finding) => finding !== null);
    const trouble =
      given.logs === null ? null : troubleIn(given.logs, patterns, withinMs, (tally) => !isBack(given.logs, tally));
    if (trouble === null) return [...full, ...pools];
    const logged = loggedFinding(trouble, list, given.at);
    const at = joinedWith(trouble, full, pools, list);
    if (at === null) return [...full, ...pools, logged];
    return [...full, ...pools].map((finding) =>
      finding === at
        ? { ...finding, since: logged.since, evidence: [...finding.evidence, ...logged.evidence] }
        : finding,
    );
  },
});

const patterns = [
  'no-space',
  'thin-pool-full',
  'thin-pool-failed',
  'thin-pool-free-blocks',
  'thin-pool-low',
  'eviction-reclaim',
  'image-gc-failed',
  'image-disk-high',
] as const;

/** What says that it is over: the pool was extended, by dmeventd or by hand; the kubelet found enough to remove. */
const backBy: Readonly<Record<string, LogPatternId>> = {
  'thin-pool-full': 'thin-pool-back',
  'thin-pool-low': 'thin-pool-back',
  'thin-pool-failed': 'thin-pool-back',
  'eviction-reclaim': 'eviction-avoided',
};

function isBack(logs: LogsModel | null, { sign, about, lastAt }: LogTallyModel): boolean {
  const by = backBy[sign];
  return (
    by !== undefined &&
    (logs?.tallies ?? []).some(
      (one) =>
        one.sign === by &&
        one.about === about &&
        (one.lastAt ?? 0) >= (lastAt ?? 0) &&
        // One that failed does not come back by growing alone.
        (sign !== 'thin-pool-failed' || /write mode/.test(one.example ?? '')),
    )
  );
}

const isThin = (trouble: LogTrouble): boolean =>
  has(trouble, 'thin-pool-full', 'thin-pool-failed', 'thin-pool-free-blocks');

const pathsOf = ({ about }: LogTrouble): string[] => about.filter((name) => name.startsWith('/'));

/** The finding that the log lines belong to: all their paths lie on its filesystem, or they name none and it is the only one. */
function joinedWith(
  trouble: LogTrouble,
  full: readonly Finding[],
  pools: readonly Finding[],
  list: readonly FilesystemModel[],
): Finding | null {
  if (!trouble.recent) return null;
  if (isThin(trouble)) return pools.length === 1 ? (pools[0] ?? null) : null;
  const paths = new Set(pathsOf(trouble).map((path) => filesystemOf(path, list)?.path));
  if (paths.size === 0) return full.length === 1 ? (full[0] ?? null) : null;
  return paths.size === 1
    ? (full.find(({ subjects }) => subjects.mounts.some((path) => paths.has(path))) ?? null)
    : null;
}

/**
 * The filesystem of a path, among those that were read. Other mounts are unknown: of the root filesystem only the directories
 * that are known to lie on it count.
 */
function filesystemOf(path: string, list: readonly FilesystemModel[]): FilesystemModel | null {
  const isBelow = (directory: string): boolean => path === directory || path.startsWith(`${directory}/`);
  const above = list.filter((one) => (one.path === '/' ? one.holds.some(isBelow) : isBelow(one.path)));
  return above.reduce<FilesystemModel | null>(
    (best, one) => (one.path.length > (best?.path.length ?? 0) ? one : best),
    null,
  );
}

function loggedFinding(trouble: LogTrouble, list: readonly FilesystemModel[], at: number): Finding {
  const thin = isThin(trouble);
  const roots = [...new Set(pathsOf(trouble).map(rootOf))];
  const now = thin ? [] : roots.flatMap((root) => filesystemOf(root, list) ?? []);
  const isRoomy = now.length > 0 && now.length === roots.length && now.every(hasRoom);
  const severity = severityOf(trouble, thin);
  const finding = logFinding(trouble, at, {
    id: 'filesystem-full',
    severity: isRoomy && severity === 'critical' ? 'warning' : severity,
    confidence: thin || has(trouble, 'no-space') ? 'certain' : 'likely',
    ...titlesOf(trouble, thin, roots),
    summary: `${thin ? 'The thin pool of device-mapper has no free blocks, so writes to its volumes block and then fail.' : 'Daemons cannot write.'} Containers cannot be created, and running ones lose data.${isRoomy ? roomWords(now) : ''}`,
    remedies: remediesOf(trouble, thin, roots),
    subjects: {
      mounts: roots,
      devices: trouble.tallies.flatMap(({ sign, about }) =>
        sign.startsWith('thin-pool') && about !== undefined && /^\d+:\d+$/.test(about) ? about : [],
      ),
    },
  });
  return isRoomy && (trouble.agoMs ?? 0) > recentMs ? { ...finding, severity: 'info' } : finding;
}

const hasRoom = ({ space, inodesLeft }: FilesystemModel): boolean => space === 'well' && inodesLeft === 'well';

function roomWords(now: readonly FilesystemModel[]): string {
  const free = [...new Set(now)].map(({ path, availableBytes }) => `${path} has ${formatBytes(availableBytes)} free`);
  return ` Now ${listOf(free)}: space was freed, or a quota is full.`;
}

function severityOf(trouble: LogTrouble, thin: boolean): Severity {
  if (thin || hourly(trouble, 'no-space') >= manyWrites) return 'critical';
  return has(trouble, 'no-space', 'thin-pool-low', 'eviction-reclaim', 'image-gc-failed') ? 'warning' : 'info';
}

function titlesOf(trouble: LogTrouble, thin: boolean, roots: readonly string[]): { title: string; past: string } {
  const where = roots.length === 0 ? '' : ` below ${namesIn(roots)}`;
  if (thin)
    return {
      title: `The thin pool is full: no data blocks are free${where === '' ? '' : `; no space left${where}`}`,
      past: 'A thin pool was full',
    };
  if (has(trouble, 'no-space'))
    return { title: `No space left on the filesystem${where}`, past: `No space was left on the filesystem${where}` };
  if (has(trouble, 'eviction-reclaim', 'image-gc-failed'))
    return {
      title: 'The node runs out of disk space: the kubelet reclaims some',
      past: 'The kubelet reclaimed disk space',
    };
  if (has(trouble, 'thin-pool-low'))
    return { title: 'A thin pool is nearly full', past: 'A thin pool was nearly full' };
  return {
    title: 'The image filesystem is over the kubelet’s high threshold',
    past: 'The image filesystem was over the kubelet’s high threshold',
  };
}

function remediesOf(trouble: LogTrouble, thin: boolean, roots: readonly string[]) {
  const [root = '/var/lib'] = roots;
  return [
    ...(thin || has(trouble, 'thin-pool-low')
      ? [
          {
            text: 'See how full the pool is, then extend it before anything else.',
            command: 'lvs -a -o+data_percent,metadata_percent',
            risk: 'none' as const,
          },
        ]
      : []),
    { text: 'Find what uses the space.', command: `du -xhd2 ${quote(root)} | sort -h | tail`, risk: 'none' as const },
    { text: 'Remove images that no container uses.', command: 'crictl rmi --prune', risk: 'low' as const },
  ];
}

/** `/var/lib/docker` of a path below it. */
function rootOf(named: string): string {
  const path = named.replace(/^\/var\/run\//, '/run/');
  return /^\/(?:var\/lib|var\/log|run|mnt|data|opt|srv)\/[^/]+/.exec(path)?.[0] ?? (/^\/[^/]+/.exec(path)?.[0] || '/');
}
