import type { LogUnit } from '../logs.ts';
import type { LogPatterns } from './pattern.ts';

const units: readonly LogUnit[] = ['crio', 'containerd', 'kubelet'];

/** What containerd's CRI service and CRI-O log about a name; the kubelet repeats it. */
export const namePatterns = {
  'name-reserved': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'name-reserved',
    meaning: 'a container or sandbox cannot be created: an earlier create of the same name still runs',
    hints: ['failed to reserve', 'error reserving', 'name is reserved', 'is reserved for'],
    patterns: [
      // The id that holds the name: that of the create that still runs.
      /failed to reserve (?:container|sandbox) name \\*"(?<about>[^"\\]{1,200})\\*": name .{1,210}? is reserved for \\*"(?<container>[0-9a-f]{64})/,
      /failed to reserve (?:container|sandbox) name \\*"(?<about>[^"\\]{1,200})\\*"/,
      /error reserving (?:ctr|pod) name (?<about>\S{1,200})(?: for id \S+)?: name is reserved/,
      /name (?:\\*"(?<about>[^"\\]{1,200})\\*" )?is reserved/,
    ],
  },
  'creation-unfinished': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'name-reserved',
    meaning: 'a create still runs; CRI-O names its stage',
    hints: ['not yet finished'],
    patterns: [
      /Creation of (?:container|sandbox) .*not yet finished\. Currently at stage (?<about>[a-z ]{1,60}?)(?:\.|,|$)/,
    ],
  },
} as const satisfies LogPatterns;
