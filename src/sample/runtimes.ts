/**
 * A process of an OCI runtime (`runc`, `crun`), or of its set-up of a container, that lives longer than such a one does: they are
 * done in a second or two. In whatever state, for some hang asleep.
 */
export interface RuntimeProcess {
  readonly pid: number;
  /** Clock ticks after boot; with the pid, the identity of the process. */
  readonly starttime: number;
  readonly ppid: number;
  /** The parent's comm; null when it is gone. */
  readonly parentComm: string | null;
  /** `runc`, `runc:[2:INIT]`, `libnetwork-setke` */
  readonly comm: string;
  /** State letter of its leader. */
  readonly state: string;
  readonly ageSeconds: number;
  /** What it was told to do: `create`, `exec`, `kill`, …; `init` for the set-up; null when it may not be asked. */
  readonly command: string | null;
  /** It goes on as long as what it started, as `runc run` and an `exec` at a terminal do. */
  readonly attached: boolean;
  /** The container that it works for; null when that is not known. */
  readonly containerId: string | null;
  /** Kernel function it sleeps in; null without permission. */
  readonly wchan: string | null;
}
