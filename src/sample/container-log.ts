/** One line of a container's own log. */
export interface ContainerLogLine {
  /** Milliseconds since 1970; null if the line carries no time. */
  readonly at: number | null;
  /** `stdout` or `stderr`; null if the line does not say. */
  readonly stream: string | null;
  readonly text: string;
}

/** What is read of a container's own log on request. Not a part of any Sample. */
export interface ContainerLogReport {
  /** The file, as the node names it. */
  readonly path: string;
  /** Since the last report, the newest last. */
  readonly lines: readonly ContainerLogLine[];
  /** Why the file cannot be read now. */
  readonly trouble: string | null;
}
