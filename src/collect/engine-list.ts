import type Docker from 'dockerode';
import { type ListedContainer, parseContainerList } from '../parse/engine/list.ts';
import { askEngine, readJson } from './engine-request.ts';

/** A container takes two to ten kilobytes of it: this is for more than a node can run. */
const maxBytes = 64 * 1024 * 1024;

/**
 * Asks the engine for all its containers.
 *
 * @throws when the connection fails, the engine has an error to tell, or the answer has another form
 */
export async function listContainers(engine: Docker, signal: AbortSignal): Promise<ListedContainer[]> {
  const body = await askEngine(engine, '/containers/json?all=true', signal);
  return parseContainerList(await readJson(body, 'the engine’s container list', maxBytes));
}
