import { formatMs } from '../../base/durations.ts';
import type { DaemonTalk } from './daemon-talk.ts';
import type { BundleParts } from './parts.ts';

/** A container whose inspect a bundle takes. */
export interface WantedInspect {
  /** 64 hexadecimal digits. */
  readonly id: string;
  /** How long an inspect of it has been open already, in milliseconds; null when none is. */
  readonly openMs: number | null;
}

/** Takes out of the engine's JSON what must not be handed on. */
type HideIn = (value: unknown) => unknown;

const deadlineMs = 4000;
const inspectDeadlineMs = 2500;
const maxBytes = 32 * 1024 * 1024;
/** Each inspect that is not answered stays open in the engine. */
const maxSilent = 3;

/**
 * What the engine says of itself, and its list of containers.
 *
 * @throws what the bundle's sink throws
 */
export async function gatherEngine(talk: DaemonTalk, parts: BundleParts, hide: HideIn): Promise<void> {
  await gather(talk, parts, hide, '/version', 'engine/version.json');
  await gather(talk, parts, hide, '/info', 'engine/info.json');
  await gather(talk, parts, hide, '/containers/json?all=1', 'engine/containers.json');
}

/**
 * The engine's inspect of each container. One that waits for its container's lock is not repeated.
 *
 * @throws what the bundle's sink throws
 */
export async function gatherInspects(
  talk: DaemonTalk,
  parts: BundleParts,
  hide: HideIn,
  wanted: readonly WantedInspect[],
): Promise<void> {
  let silent = 0;
  for (const { id, openMs } of wanted) {
    const file = `containers/${id}.json`;
    if (openMs !== null) {
      parts.miss(file, `an inspect has been open for ${formatMs(openMs)}; no second one sent`);
    } else if (silent >= maxSilent) {
      parts.miss(file, `${maxSilent} inspects got no answer; no more sent`);
    } else if (!(await gather(talk, parts, hide, `/containers/${id}/json`, file, inspectDeadlineMs))) {
      silent++;
      // It may be this container's lock alone.
      if (talk.answered) talk.forgive();
    }
  }
}

/** False when there was no answer in time. */
async function gather(
  talk: DaemonTalk,
  parts: BundleParts,
  hide: HideIn,
  path: string,
  file: string,
  ms = deadlineMs,
): Promise<boolean> {
  const answer = await talk.get(path, ms, maxBytes).catch((error: Error) => error);
  if (answer instanceof Error) {
    parts.miss(file, answer.message);
    return !('silent' in answer) || answer.silent !== true;
  }
  const value = answer.cut === null ? parseJson(answer.bytes) : undefined;
  // Cut JSON cannot be searched for secrets.
  if (value === undefined) parts.miss(file, answer.cut ?? 'the answer is not JSON');
  else await parts.add(file, `${JSON.stringify(hide(value), null, 2)}\n`, answer.tookMs);
  return true;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch {
    return undefined;
  }
}
