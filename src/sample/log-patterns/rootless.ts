import type { LogUnit } from '../logs.ts';
import type { LogPatterns } from './pattern.ts';

/** Podman runs as the user’s own command or unit; crun and runc speak through it. */
const units: readonly LogUnit[] = ['other'];

/** Of a user: without one these are faults of a runtime that root runs. */
const ofUser = String.raw`(?:user\.slice/user-|/run/user/)(?<about>\d{1,10})`;

export const rootlessPatterns = {
  // podman pkg/rootless, storage pkg/idtools; shadow-utils newuidmap.c.
  'rootless-no-namespace': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'rootless-failure',
    meaning: 'Podman could not set up the user namespace of a user: newuidmap failed',
    hints: ['newuidmap', 'newgidmap'],
    patterns: [
      /\bnew[ug]idmap: (?<about>write to [ug]id_map failed: [^\n\\"]{1,60}|[ug]id range \[[^\]]{1,60}\] -> \[[^\]]{1,60}\) not allowed)/,
      /cannot set ?up namespace using \\*"?(?:\/[\w./-]{1,60}\/)?new[ug]idmap/,
      /(?<about>command required for rootless mode with multiple IDs): exec: \\*"new[ug]idmap/,
    ],
  },
  // crun src/libcrun/cgroup-systemd.c, sd_bus_call(): systemd asks for a password that nobody gives.
  'rootless-no-session': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'rootless-failure',
    meaning: 'a runtime of containers of a user may not ask systemd for a control group: the user has no session there',
    hints: ['interactive authentication required', '/bus: connect: '],
    patterns: [
      /(?:crun|runc|conmon|libpod|OCI|sd-bus call).{0,200}Interactive authentication required/,
      new RegExp(`(?:cgroup|OCI|systemd).{0,300}dial unix ${ofUser}/bus: connect: (?:connection refused|no such file)`),
    ],
  },
  // crun src/libcrun/utils.c up to 1.14; runc libcontainer/cgroups. cgroup_procs_write_permission() of the kernel.
  'rootless-cgroup-denied': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'rootless-failure',
    meaning: 'a process may not be moved into the control group of a container of a user',
    hints: ['cgroup.procs'],
    patterns: [
      new RegExp(
        String.raw`(?:writing file|write|open) [\x60'"]?/sys/fs/cgroup\S{0,40}${ofUser}\S{1,300}/cgroup\.procs[\x60'"]?: [Pp]ermission denied`,
      ),
    ],
  },
} as const satisfies LogPatterns;
