import { blindSpots } from '../../model/blind-spots.ts';
import type { Model } from '../../model/model.ts';
import type { Verdicts } from '../../rules/engine/run.ts';

/** The result of `check` in one word. It sets the exit code, as monitoring plugins do. */
export type Overall = 'ok' | 'warning' | 'critical' | 'unknown';

/** The verdict in a word. Nothing found is `ok` only where something was seen and no rule that matters is unknown. */
export function overall(model: Model, { findings, unknown }: Verdicts): Overall {
  const has = (severity: string): boolean => findings.some((finding) => finding.severity === severity);
  if (has('critical')) return 'critical';
  if (has('warning')) return 'warning';
  const silent = model.sources.every(({ status }) => status !== 'ok');
  const blind = blindSpots(model).length > 0;
  return silent || blind || unknown.some(({ matters }) => matters) ? 'unknown' : 'ok';
}
