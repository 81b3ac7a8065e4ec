import type { LogPatterns } from './pattern.ts';

/** What starts and stops containers; `runc:[2:INIT]` is the first process of one before it executes its program. */
const runtime = '(?:runc|crun|youki|containerd|dockerd?|kubelet|crio|conmon|podman)';
const init = String.raw`comm="?(?:runc:\[\d:INIT\]|crun|youki)`;

/** security/apparmor/{ipc,domain,audit}.c and security/selinux/avc.c, as the kernel and auditd write it. */
export const kernelSecurityPatterns = {
  'signal-denied': {
    units: ['kernel'],
    group: 'stop',
    severity: 'warning',
    rule: 'denied-signal',
    meaning: 'AppArmor denied a signal between the runtime and a container',
    hints: ['apparmor'],
    patterns: [
      new RegExp(
        String.raw`apparmor="DENIED" operation="signal".*?profile="(?<about>[\w.+-]{1,80})".*?\bpid=(?<pid>\d+) comm="(?<comm>${runtime}[^"]{0,40})"`,
      ),
    ],
  },
  'apparmor-start-denied': {
    units: ['kernel'],
    group: 'node',
    severity: 'warning',
    rule: 'denied-start',
    meaning: 'AppArmor did not let a container change into its profile: it does not start',
    hints: ['change_onexec'],
    patterns: [
      new RegExp(
        String.raw`apparmor="DENIED" operation="change_onexec" .*?info="label not found".*? name="(?<about>[^"]{1,100})" pid=(?<pid>\d+) ${init}`,
      ),
      new RegExp(
        String.raw`apparmor="DENIED" operation="change_onexec" .*?pid=(?<pid>\d+) ${init}.*? target="(?<about>[^"]{1,100})"`,
      ),
    ],
  },
  // With permissive=1 it is only reported; Linux before 3.17 does not say which.
  'selinux-start-denied': {
    units: ['kernel'],
    group: 'node',
    severity: 'warning',
    rule: 'denied-start',
    meaning: 'SELinux did not let a container execute its first program: it does not start',
    hints: ['avc:  denied '],
    patterns: [
      new RegExp(
        String.raw`avc:  denied  \{[^}]{0,80}\b(?:entrypoint|transition)\b[^}]{0,80}\} for  pid=(?<pid>\d+) ${init}.*? path="(?<about>[^"]{1,100})"(?!.*permissive=1)`,
      ),
    ],
  },
} as const satisfies LogPatterns;
