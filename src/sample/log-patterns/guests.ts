import type { LogUnit } from '../logs.ts';
import type { LogPatterns } from './pattern.ts';

const units: readonly LogUnit[] = ['other'];
const guest = String.raw`(?<about>[\w.-]{1,64})`;

/** What follows from an error that was said before it. */
const consequence =
  '(?!The container failed|To get more|Additional information|Failed to (?:receive the|spawn|initialize|setup) ?(?:container|the)|Received container|An error occurred in another|Failed to run lxc\\.hook\\.post|Script exited|Command )';

/** LXC src/lxc/{log,start,lxccontainer,tools/lxc_start}.c from 2.0 to 6.0; PVE::LXC of Proxmox VE; LXD lxd/container_lxc.go and later. */
export const guestPatterns = {
  'guest-start-failed': {
    units: ['other', 'systemd'],
    group: 'node',
    severity: 'warning',
    rule: 'failed-guest',
    meaning: 'an LXC container did not start',
    hints: [
      ...(['the container failed to start', 'failed to spawn container', 'failed to initialize container'] as const),
      ...([
        'startup for container',
        'forkstart',
        'pve-container',
        'lxc-start',
        'control process exited',
        'main process exited',
      ] as const),
    ],
    patterns: [
      new RegExp(String.raw`\bFailed to (?:spawn|initialize) container \\*"${guest}`),
      new RegExp(String.raw`^lxc-start: ${guest}: [\w./]{1,40}: main: \d{1,5} The container failed to start`),
      new RegExp(`\\bstartup for container '${guest}' failed`),
      new RegExp(String.raw`\bforkstart ${guest} /\S{1,200} /\S{1,200}/lxc\.conf(?::|\\?')`),
      new RegExp(
        `(?<![\\w.@-])(?:pve-container|lxc)@${guest}\\.service: (?:Control|Main) process exited, code=exited, status=[1-9]`,
      ),
      /^lxc-start: [\w./]{1,40}: main: \d{1,5} The container failed to start/,
    ],
  },
  'guest-start-reason': {
    units,
    group: 'node',
    severity: 'info',
    rule: 'failed-guest',
    meaning: 'an error in the start of an LXC container',
    hints: ['lxc-start', 'conf.c:', 'network.c:', 'cgfsng.c:', 'utils.c:', 'lsm.c:'],
    patterns: [
      // In the journal, and in its own file.
      new RegExp(
        String.raw`^lxc-start: (?:[\w.-]{1,64}: )?[\w./-]{1,40}\.c: \w{1,60}: \d{1,5} (?<about>${consequence}[^\n]{1,160})`,
      ),
      new RegExp(
        String.raw`^lxc(?:-start)? (?:[\w.-]{1,64} )?\d{14}\.\d{3} ERROR {1,8}\w{1,20} - [\w./-]{1,40}\.c:\w{1,60}:\d{1,5} - (?<about>${consequence}[^\n]{1,160})`,
      ),
    ],
  },
  'guest-started': {
    units: ['systemd'],
    group: 'node',
    severity: 'info',
    rule: 'failed-guest',
    meaning: 'an LXC container was started',
    hints: ['lxc container: '],
    patterns: [new RegExp(`(?<!\\S)Started (?:[\\w.@-]{1,80} - )?(?:PVE )?LXC Container: ${guest}\\.`)],
  },
} as const satisfies LogPatterns;
