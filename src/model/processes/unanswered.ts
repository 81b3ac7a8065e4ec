import { isHolding, type ProcessModel } from './processes.ts';

/** A file server or a FUSE daemon that does not answer, with what waits for it. */
export interface UnansweredStorage {
  readonly kind: 'nfs' | 'network-filesystem' | 'fuse';
  /** The server; for FUSE the mountpoint. */
  readonly name: string;
  /** `nfs4`, `fuse.sshfs` */
  readonly type: string;
  readonly mountPoints: readonly string[];
  readonly sources: readonly string[];
  /** `major:minor` of the mounts. */
  readonly devices: readonly string[];
  /** The longest first. */
  readonly processes: readonly ProcessModel[];
}

/** Groups the processes in D by the server that they wait for: one server has many exports, and each many mounts. */
export function unansweredStorage(processes: readonly ProcessModel[]): UnansweredStorage[] {
  const found = processes.flatMap((process) => {
    const { kind, mount } = process.waits ?? {};
    if (mount == null || !isHolding(process)) return [];
    if (kind !== 'nfs' && kind !== 'network-filesystem' && kind !== 'fuse') return [];
    const key = kind === 'fuse' ? mount.device : `${kind} ${serverOf(mount.source)}`;
    return [{ process, kind, mount, key }];
  });
  return [...Map.groupBy(found, ({ key }) => key).values()].flatMap((members): UnansweredStorage[] => {
    const [first] = members;
    if (first === undefined) return [];
    const unique = (names: readonly string[]): string[] => [...new Set(names)].sort();
    return [
      {
        kind: first.kind,
        name: first.kind === 'fuse' ? first.mount.mountPoint : serverOf(first.mount.source),
        type: first.mount.type,
        mountPoints: unique(members.map(({ mount }) => mount.mountPoint)),
        sources: unique(members.map(({ mount }) => mount.source)),
        devices: unique(members.map(({ mount }) => mount.device)),
        processes: members.map(({ process }) => process).sort((a, b) => b.seconds - a.seconds || a.pid - b.pid),
      },
    ];
  });
}

/** Of `nas-1:/export`, `[fd00::1]:/export`, `//files/share` and `10.0.0.1:6789,10.0.0.2:6789:/`. */
function serverOf(source: string): string {
  const share = /^\/\/([^/]+)/.exec(source)?.[1];
  return share ?? /^(.+?):\//.exec(source)?.[1] ?? source;
}
