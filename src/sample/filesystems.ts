/** How full the filesystems are that the engines, the kubelet and the logs write to. */
export interface FilesystemsValue {
  readonly filesystems: readonly FilesystemValue[];
  /** Filesystems that are wanted and not asked, for statfs(2) on them can hang. */
  readonly skipped: readonly SkippedFilesystem[];
  /** Of the containers that a runtime lists; missing in recordings of before. */
  readonly containerLogs?: readonly ContainerLog[];
}

/** How large the log of a container is on the disk. */
export interface ContainerLog {
  /** Of the container. */
  readonly id: string;
  /** Of its file and the rotated ones together, by stat(2); null if unknown. */
  readonly bytes: number | null;
  /** Why it is unknown. */
  readonly because?: string;
}

export interface FilesystemValue {
  /** Where it is mounted, on the node. */
  readonly path: string;
  readonly source: string;
  /** `ext4`, `xfs`, `tmpfs`, … */
  readonly type: string;
  /** `major:minor` */
  readonly device: string;
  /** The directories of the engines and of the node that lie on it: `/var/lib/docker`, `/var/log`. */
  readonly holds: readonly string[];
  readonly totalBytes: number;
  /** Free for root: with the blocks that ext4 keeps back for it. */
  readonly freeBytes: number;
  /** Free for everyone. */
  readonly availableBytes: number;
  /** Null for a filesystem without a number of inodes (btrfs). */
  readonly inodes: InodeCount | null;
}

interface InodeCount {
  readonly total: number;
  readonly free: number;
}

interface SkippedFilesystem {
  readonly path: string;
  readonly type: string;
  readonly because: string;
}
