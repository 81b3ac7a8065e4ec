import type { LogUnit } from '../logs.ts';
import type { LogPatterns } from './pattern.ts';

const units: readonly LogUnit[] = ['kernel'];

/** Servers of files: fs/{nfs,smb} from 3.10 to 6.18. */
export const kernelFileServerPatterns = {
  'nfs-not-responding': {
    units,
    group: 'disk',
    severity: 'warning',
    rule: 'network-storage-silent',
    meaning: 'an NFS server does not answer; processes that use it block',
    hints: ['not responding'],
    patterns: [/nfs: server (?<about>\S+) not responding/],
  },
  // fs/nfs/nfs4state.c, nfs4_handle_reclaim_lease_error(): the server answers and refuses, or what answers is a proxy without one.
  'nfs-lease-failed': {
    units,
    group: 'disk',
    severity: 'warning',
    rule: 'network-storage-silent',
    meaning: 'an NFS server refuses the client’s lease, or cannot be reached for it; files of its mounts fail or block',
    hints: ['failed on nfsv4 server'],
    patterns: [/NFS: state manager: [\w ]{1,40} failed on NFSv4 server (?<about>\S+) with error \d+/],
  },
  'nfs-recovered': {
    units,
    group: 'disk',
    severity: 'info',
    rule: 'network-storage-silent',
    meaning: 'an NFS server answers again',
    hints: ['nfs: server'],
    patterns: [/nfs: server (?<about>\S+) OK\b/],
  },
  'cifs-not-responding': {
    units,
    group: 'disk',
    severity: 'warning',
    rule: 'network-storage-silent',
    meaning: 'a CIFS server does not answer; processes that use it block',
    hints: ['has not responded in'],
    patterns: [
      /CIFS: .*?(?<about>\\{1,4}[\w.:-]+)\S* has not responded in (?<seconds>\d+) seconds/,
      /server (?<about>\S+) has not responded in (?<seconds>\d+) seconds/i,
    ],
  },
} as const satisfies LogPatterns;
