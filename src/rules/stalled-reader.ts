import { countOf, plural } from '../base/counts.ts';
import { listOf } from '../base/words.ts';
import type { StalledRead } from '../model/sampler-cost.ts';
import type { Parts } from './engine/parts.ts';
import { type Finding, noSubjects, type Remedy, rule } from './engine/rule.ts';

/** A file of the kernel did not answer rtwatch itself, which continues without it. */
export const stalledReader = rule({
  id: 'stalled-reader',
  needs: [],
  uses: ['processes'],
  matters: true,
  judge: (given) => {
    const hung = given.sampler.stalled.filter(({ source }) => source !== null);
    const left = given.sampler.stalled.filter(({ source }) => source === null);
    const [first] = hung;
    return [
      ...(first === undefined ? [] : [hanging([first, ...hung.slice(1)], given)]),
      ...(left.length === 0 ? [] : [leftOut(left)]),
    ];
  },
});

function hanging(reads: readonly [StalledRead, ...StalledRead[]], around: Parts<'processes'>): Finding {
  const [first] = reads;
  const more = reads.length - 1;
  const sinces = reads.flatMap(({ since }) => since ?? []);
  const sources = [...new Set(reads.filter(({ path }) => path === null).map(({ source }) => source))];
  // The files of a source that is quarantined as a whole are read again by the others.
  const out = reads.filter(({ path, source }) => path === null || !sources.includes(source));
  return {
    id: 'stalled-reader',
    severity: 'warning',
    confidence: 'certain',
    title: `${nameOf(first)} does not answer${more === 0 ? '' : `, and ${countOf(more, 'more read')}`}`,
    summary: `A read of ${nameOf(first)} hung in the kernel, and no signal ends it: rtwatch abandoned it and quarantined ${listOf([...new Set(out.map(outOf))])}. ps, pgrep, lsof and monitoring agents that read it hang as well.`,
    since: sinces.length === 0 ? null : Math.min(...sinces),
    evidence: reads.slice(0, 8).map((read) => ({
      source: read.path ?? `source ${read.source}`,
      text: `no answer while reading ${read.source}${processText(read)}`,
      ...(read.since === null ? {} : { at: read.since }),
    })),
    subjects: {
      ...noSubjects,
      containers: [...new Set(reads.flatMap(({ process }) => process?.containerId ?? []))],
      pids: [...new Set(reads.flatMap(({ process }) => process?.pid ?? []))],
    },
    ruledOut: [],
    remedies: [...inspectRemedy(reads, around), againRemedy(sources)],
    references: ['https://docs.kernel.org/filesystems/proc.html'],
  };
}

/** `/proc/42/cgroup of dd (pid 42)` */
function nameOf({ path, source, process }: StalledRead): string {
  if (path === null) return `What the source ${source} reads`;
  if (process === null) return path;
  return process.comm === null ? `${path}` : `${path} of ${process.comm} (pid ${process.pid})`;
}

function outOf({ path, source, process }: StalledRead): string {
  if (path === null) return `the whole source ${source}`;
  return process === null ? path : `all files of pid ${process.pid}`;
}

function processText({ process }: StalledRead): string {
  if (process === null) return '';
  const container = process.containerId === null ? '' : ` in container ${process.containerId.slice(0, 12)}`;
  return process.comm === null
    ? `; pid ${process.pid} was not in trouble before`
    : `; ${process.comm} (pid ${process.pid})${container}`;
}

/** `status` and `wchan` take none of the locks on which a reader waits; `cmdline`, `maps` and, before Linux 6.8, `cgroup` do. */
function inspectRemedy(reads: readonly StalledRead[], { processes }: Parts<'processes'>): Remedy[] {
  const pid = reads.find(({ process, path }) => process !== null && !/\/(?:status|wchan)$/.test(path ?? ''))?.process
    ?.pid;
  if (pid === undefined) {
    const blocked = processes?.list.find(({ state }) => state === 'D');
    return blocked === undefined
      ? []
      : [
          {
            text: `Look at what is blocked: ${blocked.comm} may hold the lock.`,
            command: `cat /proc/${blocked.pid}/stack`,
            risk: 'none',
          },
        ];
  }
  return [
    {
      text: 'See what the process waits for: these two files answer without its locks. Do not use ps, and do not read its cmdline or maps.',
      command: `cat /proc/${pid}/status /proc/${pid}/task/*/wchan`,
      risk: 'none',
    },
  ];
}

function againRemedy(sources: readonly (string | null)[]): Remedy {
  const missing =
    sources.length === 0 ? '' : ` Meanwhile what needs ${sources.join(', ')} is as old as its last sample.`;
  return {
    text: `End the wait that the file stands behind. The live screen tries again by itself, after three minutes and then less and less often; start it anew to have it at once.${missing}`,
    command: null,
    risk: 'none',
  };
}

function leftOut(reads: readonly StalledRead[]): Finding {
  const paths = reads.flatMap(({ path }) => path ?? []);
  return {
    id: 'stalled-reader',
    severity: 'info',
    confidence: 'certain',
    title: `${listOf(paths)} ${plural(paths.length, 'is', 'are')} not read (--avoid)`,
    summary: `The sampler does not read ${listOf(paths)}: faults there stay unseen.`,
    since: null,
    evidence: paths.slice(0, 8).map((path) => ({ source: path, text: 'not read (--avoid)' })),
    subjects: { ...noSubjects, pids: [...new Set(reads.flatMap(({ process }) => process?.pid ?? []))] },
    ruledOut: [],
    remedies: [],
    references: [],
  };
}
