import { formatBytes } from '../../base/bytes.ts';
import { formatCount } from '../../base/counts.ts';
import { formatMs, formatSeconds } from '../../base/durations.ts';
import { formatDayTime } from '../../base/moments.ts';
import { utc } from '../../base/zone.ts';
import { clean } from '../text.ts';

/** The description of a bundle inside the bundle. */
export interface BundleManifest {
  readonly hostname: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly tookMs: number;
  /** By name: rtwatch, the runtime, the kernel, the daemons. */
  readonly versions: Readonly<Record<string, string>>;
  /** The options that it was made with. */
  readonly options: readonly string[];
  readonly withSecrets: boolean;
  readonly entries: readonly {
    readonly path: string;
    readonly bytes: number;
    readonly tookMs: number | null;
    readonly note: string | null;
  }[];
  readonly missing: readonly { readonly what: string; readonly because: string }[];
  /** How many more are missing than `missing` lists. */
  readonly moreMissing: number;
}

/** The bundle's `manifest.json`. Fields only get added. */
export function manifestJson(manifest: BundleManifest): object {
  const { at, ...rest } = manifest;
  return { schema: 1, takenAt: new Date(at).toISOString(), ...rest, tookMs: Math.round(manifest.tookMs) };
}

/** The bundle's `MANIFEST.txt`: what is in it, what is not and why. */
export function manifestText(manifest: BundleManifest): string {
  const { hostname, at, tookMs, versions, options, withSecrets, entries, missing, moreMissing } = manifest;
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  const sections = [
    [
      `${hostname}, ${formatDayTime(at, utc)}, taken in ${formatSeconds(tookMs / 1000)} by rtwatch bundle`,
      Object.entries(versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(' · '),
      ...(options.length === 0 ? [] : [`options: ${options.join(' ')}`]),
    ],
    withSecrets
      ? ['Secrets are included (--with-secrets). Share it with care.']
      : [
          'Secrets are hidden as …: values of environment variables, and any value whose name looks like a secret. Names can',
          'mislead: check the files before you share them.',
        ],
    [
      `Contents (${formatCount(entries.length)} files, ${formatBytes(bytes)}):`,
      ...entries.map(
        ({ path, bytes: size, tookMs: took, note }) =>
          `  ${formatBytes(size).padStart(9)}  ${(took === null ? '' : formatMs(took)).padStart(7)}  ${path}${note === null ? '' : `  (${note})`}`,
      ),
    ],
    missingLines(missing, moreMissing),
    [
      'Never taken: command lines, environments and memory maps of processes.',
      'To read it: rtwatch check --from samples.ndjson.gz · rtwatch goroutines FILE · rtwatch heap FILE',
    ],
  ];
  return `${sections.map((lines) => lines.map(clean).join('\n')).join('\n\n')}\n`;
}

function missingLines(missing: BundleManifest['missing'], more: number): string[] {
  if (missing.length === 0) return ['Nothing is missing.'];
  return [
    'Missing:',
    ...missing.map(({ what, because }) => `  ${what}: ${because}`),
    ...(more === 0 ? [] : [`  and ${formatCount(more)} more`]),
  ];
}
