/** What the node is: read at start and slowly after. */
export interface HostValue {
  readonly hostname: string;
  /** As `uname -r` says. */
  readonly kernel: string;
  readonly distribution: string | null;
  readonly uptimeSeconds: number;
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly memoryAvailableBytes: number;
  /**
   * The PID namespace that rtwatch looks from: the first one of the kernel, or one below it, where processes outside are not
   * visible. Null where it cannot be known (a captured tree).
   */
  readonly pidNamespace: 'host' | 'nested' | null;
}
