import type { LogUnit } from '../logs.ts';
import type { LogPatterns } from './pattern.ts';

const units: readonly LogUnit[] = ['dockerd', 'containerd', 'kubelet', 'crio'];

/**
 * The last output of a Go program: runtime/panic.go, runtime/proc.go. A panic that a server recovers from has another form.
 */
export const goPatterns = {
  'thread-limit': {
    units,
    group: 'node',
    severity: 'critical',
    rule: 'crash-loop',
    meaning: 'the Go runtime aborted a daemon that had too many threads',
    hints: ['program exceeds'],
    patterns: [/program exceeds (?<about>\d+-thread limit)/],
  },
  'go-fatal': {
    units,
    group: 'node',
    severity: 'critical',
    rule: 'crash-loop',
    meaning: 'the Go runtime aborted a daemon',
    hints: ['fatal error: ', 'fatal: morestack on g', 'panic during panic'],
    // The last two where the stack for them is damaged, or the report of another failure fails.
    patterns: [
      /^fatal error: (?<about>[^\n]{1,80})/,
      /^fatal: (?<about>morestack on g(?:0|signal))/,
      /^(?<about>panic during panic)(?![\w ])/,
    ],
  },
  // bolt's own checks of a page: a write that the disk lost, or two programs that had the file open.
  'database-damaged': {
    units,
    group: 'disk',
    severity: 'critical',
    rule: 'crash-loop',
    meaning: 'a daemon exited: its database (bolt) is damaged, so it cannot start',
    hints: ['panic: '],
    patterns: [
      /^panic: (?<about>(?:assertion failed: )?(?:invalid page type|page expected to be|page \d+(?::| already freed)|cannot free page|freepages: failed to get all reachable pages|invalid freelist page|freelist: )[^\n]{0,40})/i,
    ],
  },
  // logrus exits after a line of this level. k3s and RKE2 say the same of what ended while they stop.
  'daemon-fatal': {
    units: ['containerd', 'crio', 'kubelet'],
    level: 'fatal',
    group: 'node',
    severity: 'critical',
    rule: 'crash-loop',
    meaning: 'a daemon exited with a fatal error',
    hints: ['fata'],
    // crictl ends with this level too: `pulling image: rpc error`, `run pod sandbox: rpc error`.
    patterns: [
      /^(?!(?:pulling image|run pod sandbox): rpc error|.*(?:context canceled|exited: <nil>|Server closed|signal))(?<about>[^\n]{1,160})/i,
    ],
  },
  // k8s.io/apimachinery/pkg/util/runtime logs a panic and panics again. The API server recovers from those of a request that it gave up.
  'kubernetes-panic': {
    units: ['kubelet'],
    group: 'node',
    severity: 'critical',
    rule: 'crash-loop',
    meaning: 'the kubelet, or what holds it, panicked',
    hints: ['observed a panic'],
    patterns: [/Observed a panic.{0,80}?(?<about>runtime error: [^"\n(]{1,80})/],
  },
  'go-panic': {
    units,
    group: 'node',
    severity: 'critical',
    rule: 'crash-loop',
    meaning: 'a daemon exited with a panic',
    hints: ['panic: '],
    patterns: [/^panic: (?<about>[^\n]{1,80})/],
  },
} as const satisfies LogPatterns;
