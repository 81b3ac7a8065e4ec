/** Faults by themselves, also if the daemon runs since: not a start that was tried until it worked. */
export const faults = [
  'unit-gave-up',
  'containerd-start-timeout',
  'thread-limit',
  'go-fatal',
  'go-panic',
  'database-damaged',
  'start-failed',
  'kubelet-start-failed',
  'daemon-fatal',
  'lxd-start-failed',
  'dqlite-start-failed',
  'containerd-start-failed',
  'kubernetes-panic',
  'unit-watchdog',
] as const;

/** All of which say that a daemon crashed, was killed or restarted, or does not start. */
export const crashes = [
  ...faults,
  'unit-restart',
  'supervisor-exited',
  'talos-service-exited',
  'unit-start-timeout',
  'unit-start-failed',
  'unit-status-failed',
  'unit-stop-timeout',
  'containerd-exited',
  'containerd-replaced',
  'containerd-started',
] as const;

/** Whose `about` says why a daemon exited. */
export const reasons = new Set<string>([
  'kubelet-start-failed',
  'daemon-fatal',
  'lxd-start-failed',
  'dqlite-start-failed',
  'containerd-start-failed',
]);

/** Whose `about` is the program’s last message. */
export const aborts = new Set<string>(['go-fatal', 'go-panic', 'kubernetes-panic', 'database-damaged']);
