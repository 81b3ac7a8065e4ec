/**
 * A process of an OCI runtime (`runc`, `crun`), or of its setup of a container, that has run for longer than a second or
 * two, which is all it needs. In any state: some hang in S.
 */
export interface RuntimeProcess {
  readonly pid: number;
  /** Clock ticks after boot; with the pid, the identity of the process. */
  readonly starttime: number;
  readonly ppid: number;
  /** The parent's comm; null if it is gone. */
  readonly parentComm: string | null;
  /** `runc`, `runc:[2:INIT]`, `libnetwork-setke` */
  readonly comm: string;
  /** State letter of its leader. */
  readonly state: string;
  readonly ageSeconds: number;
  /** Its subcommand: `create`, `exec`, `kill`, …; `init` for the setup; null if unreadable. */
  readonly command: string | null;
  /** It runs as long as what it started, as `runc run` and an `exec` at a terminal do. */
  readonly attached: boolean;
  /** The container that it works for; null if unknown. */
  readonly containerId: string | null;
  /** Kernel function it sleeps in; null without permission. */
  readonly wchan: string | null;
}
