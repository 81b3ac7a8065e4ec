import os from 'node:os';
import { Archive } from '../../capture/bundle/archive.ts';
import { gather } from '../../capture/bundle/gather.ts';
import { type BundleEntry, BundleParts, type MissingPart } from '../../capture/bundle/parts.ts';
import { World } from '../../collect/world.ts';
import type { LogsModel } from '../../model/logs/logs.ts';
import { derive, type Model } from '../../model/model.ts';
import { run } from '../../rules/engine/run.ts';
import { rules } from '../../rules/rules.ts';
import { manifestJson, manifestText } from '../../view/report/bundle-manifest.ts';
import { reportJson } from '../../view/report/json.ts';
import { reportText } from '../../view/report/text.ts';
import { clean } from '../../view/text.ts';
import { endpointOf } from '../commands/sample.ts';
import { version } from '../commands/version.ts';
import { engineGate } from '../daemons/engine-gate.ts';
import { passOn } from '../options/options.ts';
import type { MakeOptions } from './make-options.ts';
import { planBundle } from './plan.ts';
import { defaultPatienceMs, defaultSampleMs, sampleForBundle, type TakenSamples } from './samples.ts';
import { type Masks, masksFor } from './secrets.ts';

const defaultGatherMs = 18_000;

export interface Bundle {
  readonly path: string;
  /** Size of the archive. */
  readonly bytes: number;
  readonly entries: readonly BundleEntry[];
  readonly missing: readonly MissingPart[];
  readonly moreMissing: number;
}

/**
 * Writes a bundle: samples the node, then queries the daemons and reads the node's files in parallel, each with a deadline.
 * The manifest names what is missing.
 *
 * @throws CannotWrite, and ReportedError if the options make no sense
 */
export async function makeBundle(make: MakeOptions): Promise<Bundle> {
  const at = new Date();
  const started = performance.now();
  const engine = endpointOf(make.options);
  const archive = Archive.open(make.folder, make.compression, at);
  const giveUp = (): void => archive.abandon();
  make.signal?.addEventListener('abort', giveUp);
  try {
    const masks = masksFor(make.withSecrets);
    const { options, samplerCommand: command, onStep = () => {} } = make;
    onStep('sampling the node');
    const { sampleMs = defaultSampleMs, patienceMs = defaultPatienceMs } = make;
    const taken = await sampleForBundle({ options, command, mask: masks.sample, sampleMs, patienceMs });
    const model = derive(taken.history);
    const hostname = model.host?.hostname ?? os.hostname();
    archive.nameAfter(hostname);
    const parts = new BundleParts(archive, make.maxBytes);
    parts.onChange = () => make.onProgress?.(parts.entries.length, parts.bytes);
    addSamples(parts, taken, model);
    await gather(parts, {
      plan: planBundle(model, taken.history),
      engine,
      gate: engineGate(options),
      enginePages: new Map(options.pprof).get('dockerd') ?? null,
      filesCommand: [...make.command, 'bundle-files', ...passOn(options)],
      machineCommand: new World(options).live ? [...make.command, 'bundle-machine'] : null,
      full: make.full,
      hide: masks,
      onStep,
      deadlineMs: make.gatherMs ?? defaultGatherMs,
    });
    await parts.settle();
    const manifest = {
      hostname,
      at: at.getTime(),
      tookMs: performance.now() - started,
      versions: versionsOf(model),
      options: optionsOf(make, masks),
      withSecrets: make.withSecrets,
      entries: [...parts.entries],
      missing: parts.missing,
      moreMissing: parts.moreMissing,
    };
    void parts.addManifest('manifest.json', `${JSON.stringify(manifestJson(manifest), null, 2)}\n`);
    await parts.addManifest('MANIFEST.txt', manifestText(manifest));
    const { entries, missing, moreMissing } = parts;
    return { ...(await archive.finish()), entries, missing, moreMissing };
  } catch (error) {
    archive.abandon();
    throw error;
  } finally {
    make.signal?.removeEventListener('abort', giveUp);
  }
}

function addSamples(parts: BundleParts, { history, samples, count, left, state }: TakenSamples, model: Model): void {
  if (count === 0) {
    const why =
      state.hangsOn === null ? (state.detail ?? 'reason unknown') : `it hangs reading ${placeOf(state.hangsOn)}`;
    parts.miss('report and samples', `no sample: ${why}`);
    return;
  }
  const verdicts = run(rules, model);
  void parts.add('report.txt', reportText(model, verdicts), null);
  void parts.add('report.json', `${JSON.stringify(reportJson(model, verdicts, false), null, 2)}\n`, null);
  const more = left === 0 ? '' : `, ${left} more dropped`;
  void parts.add('samples.ndjson.gz', samples, null, `${count} Samples${more}`);
  const logs = logText(model.logs);
  if (logs !== null) void parts.add('logs/matched-lines.txt', logs, null);
  for (const { name, reading } of model.logs?.origins ?? []) {
    if (reading.status !== 'ok') parts.miss(`log lines of ${name}`, reading.detail);
  }
  for (const [name, { reading }] of Object.entries(history.sources)) {
    if (reading.status === 'failed' || reading.status === 'pending') parts.miss(`source ${name}`, reading.detail);
  }
  for (const path of state.quarantined) parts.miss(path, 'reading it hung; the sampler quarantined it');
  if (state.hangsOn !== null) parts.miss(placeOf(state.hangsOn), 'the sampler was still hanging on it');
}

const placeOf = ({ source, path }: { source: string; path?: string }): string => path ?? `the source ${source}`;

function logText(logs: LogsModel | null): string | null {
  if (logs === null || logs.lines.length === 0) return null;
  const lines = logs.lines.map(({ at, unit, sign, text }) => {
    const time = at === null ? '-' : new Date(at).toISOString();
    return clean(`${time} ${unit} [${sign}] ${text}`);
  });
  return `${lines.join('\n')}\n`;
}

function versionsOf({ host, daemons }: Model): Record<string, string> {
  const known = daemons.flatMap(({ name, version: its }) => (its === null ? [] : [[name, its] as const]));
  return {
    rtwatch: version,
    'Node.js': process.versions.node,
    ...(host === null ? {} : { Linux: host.kernel }),
    ...(host?.distribution ? { distribution: host.distribution } : {}),
    ...Object.fromEntries(known),
  };
}

function optionsOf({ options, full }: MakeOptions, { file }: Masks): string[] {
  // Of a URL, only the password is masked.
  return [...passOn(options), ...(full ? ['--full'] : [])].map((word) => file('proc/cmdline', word));
}
