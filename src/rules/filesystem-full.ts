import { quote } from '../base/shell-word.ts';
import { rule, type Severity } from './engine/rule.ts';
import { has, hourly, type LogTrouble, logFinding, namesIn, troubleIn } from './shared/log-trouble.ts';

/** Someone may have made room since: half an hour without such a line says so on a busy node. */
const withinMs = 30 * 60_000;
const manyWrites = 3;

/** Writes fail because a filesystem, its inodes or a thin pool are used up, as the daemons and the kernel say. */
export const filesystemFull = rule({
  id: 'filesystem-full',
  needs: ['logs'],
  uses: [],
  matters: false,
  judge: ({ logs, at }) => {
    const trouble = troubleIn(
      logs,
      [
        'no-space',
        'thin-pool-full',
        'thin-pool-failed',
        'thin-pool-free-blocks',
        'thin-pool-low',
        'eviction-reclaim',
        'image-gc-failed',
        'image-disk-high',
      ],
      withinMs,
    );
    if (trouble === null) return [];
    const thin = has(trouble, 'thin-pool-full', 'thin-pool-failed', 'thin-pool-free-blocks');
    const paths = trouble.about.filter((name) => name.startsWith('/'));
    const roots = [...new Set(paths.map(rootOf))];
    return [
      logFinding(trouble, at, {
        id: 'filesystem-full',
        severity: severityOf(trouble, thin),
        confidence: thin || has(trouble, 'no-space') ? 'certain' : 'likely',
        ...titlesOf(trouble, thin, roots),
        summary: `${thin ? 'The thin pool of device-mapper has no free blocks, so writes to its volumes wait and then fail.' : 'Daemons cannot write what they must.'} Containers cannot be created, and running ones lose what they write.`,
        remedies: remediesOf(trouble, thin, roots),
        subjects: {
          mounts: roots,
          devices: trouble.tallies.flatMap(({ sign, about }) =>
            sign.startsWith('thin-pool') && about !== undefined && /^\d+:\d+$/.test(about) ? about : [],
          ),
        },
      }),
    ];
  },
});

function severityOf(trouble: LogTrouble, thin: boolean): Severity {
  if (thin || hourly(trouble, 'no-space') >= manyWrites) return 'critical';
  return has(trouble, 'no-space', 'thin-pool-low', 'eviction-reclaim', 'image-gc-failed') ? 'warning' : 'info';
}

function titlesOf(trouble: LogTrouble, thin: boolean, roots: readonly string[]): { title: string; past: string } {
  const where = roots.length === 0 ? '' : ` below ${namesIn(roots)}`;
  if (thin)
    return {
      title: `The thin pool is full: no data blocks are left${where === '' ? '' : `; no space left${where}`}`,
      past: 'A thin pool was full',
    };
  if (has(trouble, 'no-space'))
    return { title: `No space left on the filesystem${where}`, past: `No space was left on the filesystem${where}` };
  if (has(trouble, 'eviction-reclaim', 'image-gc-failed'))
    return { title: 'The node runs out of disk: the kubelet reclaims space', past: 'The kubelet reclaimed disk space' };
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
function rootOf(path: string): string {
  return /^\/(?:var\/lib|var\/log|run|mnt|data|opt|srv)\/[^/]+/.exec(path)?.[0] ?? (/^\/[^/]+/.exec(path)?.[0] || '/');
}
