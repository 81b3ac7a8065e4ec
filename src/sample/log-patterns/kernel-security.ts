import type { LogPatterns } from './pattern.ts';

/** security/apparmor/{ipc,audit}.c, as the kernel and auditd write it. */
export const kernelSecurityPatterns = {
  'signal-denied': {
    units: ['kernel'],
    group: 'stop',
    severity: 'warning',
    rule: 'denied-signal',
    meaning: 'AppArmor denied a signal between the runtime and a container',
    hints: ['apparmor'],
    patterns: [
      /apparmor="DENIED" operation="signal".*?profile="(?<about>[\w.+-]{1,80})".*?\bpid=(?<pid>\d+) comm="(?<comm>(?:runc|crun|containerd|dockerd)[^"]{0,40})"/,
    ],
  },
} as const satisfies LogPatterns;
