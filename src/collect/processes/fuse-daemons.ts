import type { FuseDaemon, ProcessValue } from '../../sample/processes.ts';
import { isKernelThread, type ProcessTable } from './table.ts';

const maxDaemons = 8;
/** The kernel cuts a task's name there. */
const maxComm = 15;

/**
 * The programs that serve the FUSE filesystems of blocked processes, as far as their name is that of the filesystem: `fuse.s3fs` is
 * served by `s3fs`. Nothing is read for it: the daemon may hang, too.
 */
export function fuseDaemonsOf(blocked: readonly ProcessValue[], { entries }: ProcessTable): FuseDaemon[] {
  const types = new Set(blocked.flatMap(({ volumes }) => volumes.map(({ type }) => type)));
  const names = new Map([...types].filter((type) => type.startsWith('fuse.')).map((type) => [commOf(type), type]));
  if (names.size === 0) return [];
  const found: FuseDaemon[] = [];
  for (const { stat } of entries.values()) {
    const type = names.get(stat.comm);
    if (type === undefined || isKernelThread(stat) || stat.state === 'Z') continue;
    found.push({ pid: stat.pid, comm: stat.comm, state: stat.state, type });
    if (found.length === maxDaemons) break;
  }
  return found;
}

const commOf = (type: string): string => type.slice('fuse.'.length).slice(0, maxComm);
