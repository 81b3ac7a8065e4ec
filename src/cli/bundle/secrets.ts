import { hideUnitEnvironment } from '../../parse/systemd/unit-environment.ts';
import type { Sample } from '../../sample/sample.ts';
import { hideSecrets, hideSecretsInText } from '../../view/secrets.ts';

/** Masks secrets in the parts of a bundle. */
export interface Masks {
  readonly sample: (sample: Sample) => Sample;
  /** JSON from the engine. */
  readonly json: (value: unknown) => unknown;
  /** A file of the node, by its place in the bundle. */
  readonly file: (path: string, text: string) => string;
}

/** @param withSecrets keep everything as it is */
export function masksFor(withSecrets: boolean): Masks {
  if (withSecrets) return { sample: (sample) => sample, json: (value) => value, file: (_, text) => text };
  return { sample: (sample) => hideInTexts(sample) as Sample, json: hideSecrets, file: hideInFile };
}

/** Files that may hold secrets: arguments, device names with passwords, paths. The other files hold figures. */
const wordy = /^(?:proc\/cmdline|mounts\/|units\/|etc\/)/;
/** Text without any of these holds no secret. A cheap test: most texts of a sample are function names. */
const suspicious = /:\/\/|bearer|basic|pass|secret|token|key|credential|auth|dsn|last-applied-configuration/i;

function hideInFile(path: string, text: string): string {
  if (path.endsWith('.json')) return hideInJson(text);
  if (!wordy.test(path)) return text;
  return hideInText(path.startsWith('units/') ? hideUnitEnvironment(text) : text);
}

/** Settings that are not JSON are searched as text. */
function hideInJson(text: string): string {
  try {
    return `${JSON.stringify(hideSecrets(JSON.parse(text)), null, 2)}\n`;
  } catch {
    return hideInText(text);
  }
}

/** Line by line: no pattern may span two lines. */
function hideInText(text: string): string {
  return suspicious.test(text) ? text.split('\n').map(hideSecretsInText).join('\n') : text;
}

/** Every string of a sample: log lines, URLs, error messages. */
function hideInTexts(value: unknown): unknown {
  if (typeof value === 'string') return hideInText(value);
  if (Array.isArray(value)) return value.map(hideInTexts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, hideInTexts(inner)]));
}
