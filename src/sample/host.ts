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
}
