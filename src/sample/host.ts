/** Facts about the node: read at start and then rarely. */
export interface HostValue {
  readonly hostname: string;
  /** From `uname -r`. */
  readonly kernel: string;
  readonly distribution: string | null;
  readonly uptimeSeconds: number;
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly memoryAvailableBytes: number;
  /**
   * The PID namespace of rtwatch: the kernel's first one, or one below it, in which processes outside are not visible. Null
   * if it cannot be known (a captured tree).
   */
  readonly pidNamespace: 'host' | 'nested' | null;
  /** Of `--sysfs` and `--rootfs`, those that name no directory that can be read: `--rootfs /host`. Absent if there are none. */
  readonly missingRoots?: readonly string[];
}
