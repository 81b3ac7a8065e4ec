import type { LogUnit } from '../logs.ts';
import type { LogPatterns } from './pattern.ts';

const units: readonly LogUnit[] = ['kernel'];

/** fs/file_table.c, net/ipv4/tcp.c, net/core/dst.c from 3.10 to 6.18. */
export const kernelLimitPatterns = {
  'file-max-reached': {
    units,
    group: 'node',
    severity: 'critical',
    rule: 'kernel-limit-reached',
    meaning: 'the node has as many open files as fs.file-max allows: no program can open one',
    hints: ['file-max limit'],
    patterns: [/VFS: file-max limit (?<about>\d+) reached/],
  },
  // tcp_check_oom() and tcp_out_of_resources(): the third value of net.ipv4.tcp_mem.
  'tcp-memory-full': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'kernel-limit-reached',
    meaning: 'TCP has as much memory as net.ipv4.tcp_mem allows: connections stall or are reset',
    hints: ['consider tuning tcp_mem'],
    patterns: [/out of memory -- consider tuning tcp_mem/],
  },
  'tcp-orphans': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'kernel-limit-reached',
    meaning: 'too many closed TCP connections still wait for their peers: the kernel resets new ones',
    hints: ['too many orphaned sockets', 'too many of orphaned sockets'],
    patterns: [/too many (?:of )?orphaned sockets/],
  },
  // kernel/audit.c: each boot may lose some until auditd runs. Without auditd the hold queue overflows, and nothing waits.
  'audit-backlog-full': {
    units,
    group: 'node',
    severity: 'info',
    rule: 'kernel-limit-reached',
    meaning: 'the backlog of audit events is full: system calls wait for it, and events are lost',
    hints: ['audit_backlog_limit', 'backlog limit exceeded'],
    patterns: [/(?:^|\s)audit: (?:audit_backlog=\d+ > audit_backlog_limit=(?<about>\d+)|backlog limit exceeded)/],
  },
  // audit_log_lost() counts from the boot: what a boot loses until auditd runs has three digits.
  'audit-events-lost': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'kernel-limit-reached',
    meaning: 'audit events are lost by the thousand',
    hints: ['audit_lost'],
    patterns: [/(?:^|\s)audit: audit_lost=[1-9]\d{3,} /],
  },
  // dst_alloc(). Linux 6.3 removed the check (af6d10345ca7), some older stable releases too.
  'route-cache-full': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'kernel-limit-reached',
    meaning: 'the cache of routes is full: packets are dropped',
    hints: ['route cache is full'],
    patterns: [/Route cache is full: consider increasing sysctl (?<about>net\.ip\S{1,60}max_size)/],
  },
} as const satisfies LogPatterns;
