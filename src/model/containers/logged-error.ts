import type { LogLine } from '../../sample/logs.ts';

/** Lines that say of one container or sandbox why a call about it failed. */
const failedCalls: ReadonlySet<string> = new Set([
  ...['container-removal-failed', 'sandbox-removal-failed', 'sandbox-stop-failed'],
  ...['kubelet-remove-failed', 'kubelet-sandbox-stop-failed'],
]);

/**
 * Why a removal failed, as the newest line about it says, of containerd or the kubelet; null when no line of the last ten minutes
 * says it.
 *
 * @param at now, milliseconds since 1970
 */
export function loggedError(lines: readonly LogLine[], at: number): string | null {
  const line = lines.findLast((one) => failedCalls.has(one.sign) && one.at !== null && at - one.at <= 600_000);
  // A line as it is remembered has the error behind its message: `RemoveContainer for "<id>" failed: rpc error: …`.
  const text = / failed: (?:rpc error: code = \w+ desc = )?(.+)$/.exec(line?.text ?? '')?.[1];
  return text?.replace(/\\+"/g, '"') ?? null;
}
