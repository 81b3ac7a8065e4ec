import { parseMoment } from '../../base/parse-moment.ts';
import type { Zone } from '../../base/zone.ts';
import type { JournalRange } from '../../capture/logs/journal.ts';
import { readLog, UnreadableLog, writtenAt } from '../../capture/logs/read.ts';
import { emptyHistory, reduce } from '../../model/history.ts';
import { derive } from '../../model/model.ts';
import { LogDigest } from '../../parse/log/digest.ts';
import { unitOfLogFile } from '../../parse/log/unit.ts';
import type { Diagnosis } from '../../rules/engine/diagnosis.ts';
import type { Rule } from '../../rules/engine/rule.ts';
import { run } from '../../rules/engine/run.ts';
import { rules } from '../../rules/rules.ts';
import type { LogSummary } from '../../sample/log-summary.ts';
import { ok } from '../../sample/reading.ts';
import { wireVersion } from '../../sample/sample.ts';
import { jsonText } from '../../view/report/json-text.ts';
import { logsJson, logsText } from '../../view/report/logs.ts';
import { clean } from '../../view/text.ts';
import { chooseZone, type ZoneOptions } from '../options/zone.ts';
import { exitCodes, ReportedError } from '../process/exit-codes.ts';
import { exitFlushed } from '../process/exit-flushed.ts';

interface LogsOptions extends ZoneOptions {
  readonly json?: boolean;
  readonly container?: string;
  readonly since?: string;
  readonly until?: string;
}

/** Reads logs of any age, prints what their known lines mean and what follows, and ends with the code of the worst of it. */
export async function logs(names: readonly string[], options: LogsOptions): Promise<void> {
  const zone = chooseZone(options, process.env);
  const range = { since: momentOf('--since', options.since, zone), until: momentOf('--until', options.until, zone) };
  const digest = new LogDigest({ container: options.container ?? null, ...range });
  try {
    for (const name of names.length === 0 ? ['journal'] : names) await digestOne(digest, name, range);
  } catch (error) {
    if (error instanceof UnreadableLog) throw new ReportedError(error.message, exitCodes.badInput);
    throw error;
  }
  const summary = digest.summary();
  const findings = findingsOf(summary);
  process.stdout.write(
    options.json ? `${jsonText(logsJson(summary, findings), 2)}\n` : logsText(summary, findings, zone),
  );
  const has = (severity: string): boolean => findings.some((finding) => finding.severity === severity);
  await exitFlushed(has('critical') ? exitCodes.critical : has('warning') ? exitCodes.warning : exitCodes.ok);
}

function momentOf(option: string, text: string | undefined, zone: Zone): number | null {
  if (text === undefined) return null;
  const now = Date.now();
  const at = parseMoment(text, { from: now, to: now }, zone);
  if (at === null)
    throw new ReportedError(
      `${option} ${clean(text)}: not a time. Use 12:00:05, "2026-11-21 12:00:05" or -2h`,
      exitCodes.badUsage,
    );
  return at;
}

async function digestOne(digest: LogDigest, name: string, range: JournalRange): Promise<void> {
  let nowMs = writtenAt(name);
  for await (const { bytes, lines } of readLog(name, range)) {
    nowMs = Math.min(nowMs, datedIn(bytes) ?? nowMs);
    const clock = { nowMs, utcOffsetMinutes: -new Date(nowMs).getTimezoneOffset(), bootAtMs: null };
    digest.add({ bytes, lines }, name, unitOfLogFile(name), clock);
  }
}

/**
 * A time with a year in the last lines of a block, with a month of room: syslog and klog carry no year, and the file may have
 * been written years after its lines. Null when there is none.
 */
function datedIn(bytes: Uint8Array): number | null {
  const tail = Buffer.from(bytes.subarray(-datedBytes)).toString('latin1');
  const [last] = tail.match(/\b(?:19|20)\d\d-\d\d-\d\d[T ]\d\d:\d\d/g)?.slice(-1) ?? [];
  const at = last === undefined ? Number.NaN : Date.parse(`${last.replace(' ', 'T')}Z`);
  return Number.isFinite(at) ? at + monthMs : null;
}

const datedBytes = 4096;
const monthMs = 31 * 86_400_000;

/** The same rules as of `check`, which see only these logs; "now" is the newest line. */
function findingsOf({ tallies, newest, to }: LogSummary): readonly Diagnosis[] {
  const value = { origins: [], tallies, lines: newest, untold: 0 };
  const sample = {
    v: wireVersion,
    seq: 0,
    at: to ?? 0,
    monoMs: 0,
    readings: { logs: ok(value, 0) },
    sampler: { pid: 0, cpuMs: 0, rssBytes: 0 },
  };
  return run(fromLogs, derive(reduce(emptyHistory, sample))).findings;
}

/** Those that logs are enough for. When the node was booted is not known here: nothing is over by that. */
const fromLogs = rules
  .filter(
    ({ needs }) =>
      needs.flat().includes('logs') && needs.every((need) => need === 'host' || [need].flat().includes('logs')),
  )
  .map((one): Rule => ({ ...one, needs: one.needs.filter((need) => need !== 'host'), uses: [...one.uses, 'host'] }));
