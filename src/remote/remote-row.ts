import type { Diagnosis } from '../rules/engine/diagnosis.ts';
import { okValue } from '../sample/reading.ts';
import type { Judged } from '../timeline/node-follower.ts';
import type { LinkState } from '../wire/link.ts';

/** One node of several, in what a row shows. */
export interface RemoteRow {
  /** As the reader wrote it. */
  readonly name: string;
  /** `connecting` until the first Sample; `silent`: none comes, or the connection is lost. */
  readonly status: 'connecting' | 'live' | 'silent';
  /** Why it is not live; null if it is, or if nothing is known yet. */
  readonly detail: string | null;
  /** How long no Sample has come, milliseconds; null before the first. */
  readonly silentMs: number | null;
  readonly worst: 'critical' | 'warning' | 'ok' | 'unknown';
  /** Rules that matter and cannot be judged now. */
  readonly unjudged: number;
  /** Of the worst finding, milliseconds since 1970; null if unknown. */
  readonly since: number | null;
  /** By the clock of the node, milliseconds since 1970; 0 before the first Sample. */
  readonly at: number;
  /** Those that are true now and follow from no other, the worst first. */
  readonly findings: readonly Pick<Diagnosis, 'key' | 'severity' | 'title' | 'summary'>[];
  /** Containers; null if unknown. */
  readonly stuck: number | null;
  /** Of the daemon that has most; null if unknown. */
  readonly goroutines: number | null;
  /** Share of the last ten seconds in which a task waited for I/O, percent; null if unknown. */
  readonly ioPressure: number | null;
}

interface RemoteState extends Judged {
  readonly link: LinkState;
  readonly heardAt: number;
}

/** The order of what is worst: a node that is not seen may have anything. */
export const remoteRanks: Readonly<Record<RemoteRow['worst'], number>> = { critical: 0, unknown: 1, warning: 2, ok: 3 };

/** @param now by the clock of `heardAt`, milliseconds */
export function remoteRow(name: string, { model, verdicts, link, heardAt }: RemoteState, now: number): RemoteRow {
  const hasBegun = model.at !== 0;
  const status = link.status === 'live' ? 'live' : link.status === 'starting' ? 'connecting' : 'silent';
  const current = verdicts.findings.filter(({ lifecycle }) => (lifecycle?.state ?? 'found') === 'found');
  const roots = current.filter(({ causes, severity }) => causes.length === 0 && severity !== 'info');
  const first = roots.find(({ severity }) => severity === 'critical') ?? roots[0];
  const unjudged = verdicts.unknown.filter(({ matters }) => matters).length;
  const isKnown = hasBegun && status === 'live' && unjudged === 0;
  const goroutines = model.daemons.flatMap((daemon) => okValue(daemon.goroutines) ?? []);
  const pressure = model.disks === null ? null : okValue(model.disks.pressure);
  return {
    name,
    status,
    at: model.at,
    detail: status === 'live' ? null : hangText(link),
    unjudged,
    silentMs: hasBegun ? Math.max(0, now - heardAt) : null,
    worst:
      first?.severity === 'critical'
        ? 'critical'
        : !isKnown && (first === undefined || status !== 'live')
          ? 'unknown'
          : first === undefined
            ? 'ok'
            : 'warning',
    since: first === undefined ? null : (first.lifecycle?.openedAt ?? first.since),
    findings: roots.map(({ key, severity, title, summary }) => ({ key, severity, title, summary })),
    stuck: model.containers?.stuck ?? null,
    goroutines: goroutines.length === 0 ? null : Math.max(...goroutines),
    ioPressure: pressure?.some.avg10 ?? null,
  };
}

function hangText({ hangsOn, detail }: LinkState): string | null {
  return hangsOn === null ? detail : `the sampler there hangs reading ${hangsOn.path ?? hangsOn.source}`;
}

/** The worst first, then by name. */
export function compareRows(a: RemoteRow, b: RemoteRow): number {
  return remoteRanks[a.worst] - remoteRanks[b.worst] || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}
