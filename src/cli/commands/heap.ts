import fs from 'node:fs';
import { fileTrouble } from '../../base/file-trouble.ts';
import { readHeap } from '../../capture/heap/reader.ts';
import { fileProfile, heapProfile, type ProfileSource } from '../../capture/profile-source.ts';
import { type HeapReport, reportProfile } from '../../model/goroutines/heap.ts';
import { compareHeaps } from '../../model/goroutines/heap-growth.ts';
import type { HeapProfile } from '../../sample/heap.ts';
import { heapJson, heapText } from '../../view/report/heap.ts';
import { jsonText } from '../../view/report/json-text.ts';
import { daemonClient } from '../daemons/daemon-client.ts';
import { daemonTrouble } from '../daemons/daemon-trouble.ts';
import { minutesBetween } from '../daemons/dump-time.ts';
import { rowsOf } from '../options/options.ts';
import { exitCodes, ReportedError } from '../process/exit-codes.ts';
import type { GoroutinesOptions } from './goroutines.ts';

const maxRawFunctions = 300;

/** Summarises a Go heap by function, from a file, standard input or a daemon. */
export async function heap(input: string, options: Omit<GoroutinesOptions, 'full'>): Promise<void> {
  const source = await sourceOf(input, options);
  const profile = await read(source, input);
  const report = reportProfile(profile);
  const minutes =
    options.diff === undefined ? null : minutesBetween(options.diff, source.daemon === null ? input : null);
  const growth = options.diff === undefined ? null : compareHeaps(await earlier(options.diff), report, minutes);
  const { partial, error, rateBytes } = profile;
  const given = { name: source.daemon, report, growth, partial, error, rateBytes };
  if (options.raw) {
    const functions = report.functions.slice(0, maxRawFunctions);
    process.stdout.write(`${JSON.stringify({ ...given, report: { ...report, functions } })}\n`);
  } else if (options.json) process.stdout.write(`${jsonText(heapJson(given, rowsOf(options)), 2)}\n`);
  else process.stdout.write(heapText(given, rowsOf(options)));
}

async function earlier(file: string): Promise<HeapReport> {
  return reportProfile(await read(fileProfile(file), file));
}

async function sourceOf(input: string, options: GoroutinesOptions): Promise<ProfileSource> {
  if (input === '-' || fs.existsSync(input)) return fileProfile(input);
  if (input.includes('/')) throw new ReportedError(`${input}: there is no such file`, exitCodes.badUsage);
  try {
    return await heapProfile(daemonClient(input, options), input);
  } catch (error) {
    if (error instanceof ReportedError) throw error;
    throw daemonTrouble(`heap of ${input}`, input, error);
  }
}

async function read(source: ProfileSource, input: string): Promise<HeapProfile> {
  try {
    return await readHeap(source.chunks);
  } catch (error) {
    throw new ReportedError(`${input === '-' ? 'standard input' : input}: ${fileTrouble(error)}`, exitCodes.badInput);
  }
}
