/**
 * A CNI plugin that a runtime started for the network of one pod, and that has run for longer than that takes. In any state: most
 * that hang sleep, for a file lock or for their agent.
 */
export interface CniPlugin {
  readonly pid: number;
  /** Clock ticks after boot; with the pid, the identity of the process. */
  readonly starttime: number;
  /** `bridge`, `calico`, `cilium-cni`; cut to 15 characters. */
  readonly comm: string;
  /** The process that started it: a containerd, CRI-O, cri-dockerd, an old kubelet. */
  readonly ppid: number;
  readonly parentComm: string;
  /** State letter of its leader. */
  readonly state: string;
  readonly ageSeconds: number;
  /** `ADD`, `DEL`, `CHECK`, `STATUS`; null if its environment is unreadable. */
  readonly command: string | null;
  /** The sandbox whose network it is; null if unknown. */
  readonly sandboxId: string | null;
  /** `namespace/name`; null if unknown. */
  readonly pod: string | null;
  /** The plugin that it started and waits for in turn, the innermost: `host-local`; null if none. */
  readonly waitsFor: string | null;
  /** Kernel functions its threads sleep in, or those of the plugin that it waits for; without those in which any idle thread sleeps. */
  readonly waits: readonly string[];
}
