import type { LogPatterns } from './pattern.ts';

/** What runc says of itself, through whatever started it. */
export const runcPatterns = {
  // runc libcontainer/process_linux.go, from 1.1 on and before; conmon src/conmon.c writes it behind "runtime stderr". Sandboxes: failed-sandbox.
  'runc-init-died': {
    units: ['other', 'dockerd', 'containerd', 'crio'],
    group: 'node',
    severity: 'warning',
    rule: 'denied-start',
    meaning: 'runc’s first process in a container ended before it gave its PID: the kernel refused it something',
    hints: ['s pid from pipe'],
    patterns: [
      /^(?!.*sandbox).*(?:runtime stderr: |OCI runtime |runc (?:create|run) failed).{0,300}(?:can't get|getting) (?:the )?final child's pid from pipe(?: caused)?:? ?[\\"]*EOF/i,
    ],
  },
} as const satisfies LogPatterns;
