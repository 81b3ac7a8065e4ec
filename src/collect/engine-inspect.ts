import type Docker from 'dockerode';
import { parseContainerInspect } from '../parse/engine/inspect.ts';
import type { ContainerInspect } from '../sample/containers.ts';
import { askEngine, readJson } from './engine-request.ts';

/** An answer is some ten thousand bytes; one with hundreds of mounts and labels ten times as many. */
const maxBytes = 8 * 1024 * 1024;

/**
 * Asks the engine for one container. The question may stay open for minutes.
 *
 * @throws when the connection fails, the engine has an error to tell, or the answer has another form
 */
export async function inspectContainer(engine: Docker, id: string, signal: AbortSignal): Promise<ContainerInspect> {
  const body = await askEngine(engine, `/containers/${id}/json`, signal);
  return parseContainerInspect(await readJson(body, 'the engine’s inspect', maxBytes));
}
