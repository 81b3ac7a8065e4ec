import type { LogPatternId } from '../../sample/log-patterns/patterns.ts';
import type { LogTrouble } from './log-trouble.ts';

/** The folders of daemons that lines of these patterns are about, those named most often first: `/var/lib/kubelet` of what is below it. */
export function dataFoldersIn({ tallies }: LogTrouble, ...ids: readonly LogPatternId[]): string[] {
  const paths = tallies.flatMap(({ sign, about }) =>
    ids.some((id) => id === sign) && about !== undefined ? [about] : [],
  );
  return [...new Set(paths.map(folderOf))];
}

function folderOf(path: string): string {
  const parts = path.split('/');
  return parts.slice(0, path.startsWith('/run/') ? 3 : 4).join('/');
}
