import fs from 'node:fs';
import { fileTrouble } from '../../base/file-trouble.ts';
import { readGoroutines } from '../../capture/goroutines/reader.ts';
import { fileGoroutines, goroutineProfile, type ProfileSource } from '../../capture/profile-source.ts';
import { DumpAnalysis, type DumpReport } from '../../model/goroutines/analysis.ts';
import { compareDumps, withDeltas } from '../../model/goroutines/growth.ts';
import { minutesBetween } from '../daemons/dump-time.ts';
import { type CollectOptions, rowsOf } from '../options/options.ts';
import { exitCodes, ReportedError } from '../process/exit-codes.ts';

export interface GoroutinesOptions extends CollectOptions {
  readonly json?: boolean;
  readonly diff?: string;
  /** Rows. Default: by the form of the output. */
  readonly top?: number;
  readonly full?: boolean;
  /** Print the whole report in the form the screen reads. */
  readonly raw?: boolean;
}

/** Enough to scroll through. */
const maxRawGroups = 1000;

/** Groups and explains a goroutine dump from a file, standard input or a daemon. */
export async function goroutines(input: string, options: GoroutinesOptions): Promise<void> {
  const source = await sourceOf(input, options);
  const taken = await analyse(source, input);
  const earlier = options.diff === undefined ? null : await analyse(fileGoroutines(options.diff), options.diff);
  const minutes =
    options.diff === undefined ? null : minutesBetween(options.diff, source.daemon === null ? input : null);
  const report = earlier === null ? taken : withDeltas(earlier, taken);
  const growth = earlier === null ? null : compareDumps(earlier, taken, minutes);
  const given = { name: source.daemon, report, growth, note: source.note };
  if (options.raw) {
    const groups = report.groups.slice(0, maxRawGroups);
    process.stdout.write(`${JSON.stringify({ ...given, report: { ...report, groups } })}\n`);
  } else if (options.json) {
    const { goroutinesJson } = await import('../../view/report/goroutines-json.ts');
    const { jsonText } = await import('../../view/report/json-text.ts');
    process.stdout.write(`${jsonText(goroutinesJson(given, rowsOf(options)), 2)}\n`);
  } else {
    const { goroutinesText } = await import('../../view/report/goroutines.ts');
    process.stdout.write(goroutinesText(given, rowsOf(options)));
  }
}

async function sourceOf(input: string, options: GoroutinesOptions): Promise<ProfileSource> {
  if (input === '-' || fs.existsSync(input)) return fileGoroutines(input);
  if (input.includes('/')) throw new ReportedError(`${input}: there is no such file`, exitCodes.badUsage);
  const { daemonClient } = await import('../daemons/daemon-client.ts');
  try {
    return await goroutineProfile(daemonClient(input, options), input, options.full ?? false);
  } catch (error) {
    if (error instanceof ReportedError) throw error;
    const { daemonTrouble } = await import('../daemons/daemon-trouble.ts');
    throw daemonTrouble(`goroutines of ${input}`, input, error);
  }
}

async function analyse(source: ProfileSource, input: string): Promise<DumpReport> {
  const analysis = new DumpAnalysis();
  try {
    return analysis.finish(await readGoroutines(source.chunks, analysis));
  } catch (error) {
    throw new ReportedError(`${input === '-' ? 'standard input' : input}: ${fileTrouble(error)}`, exitCodes.badInput);
  }
}
