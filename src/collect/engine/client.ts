import { parseContainerInspect } from '../../parse/engine/inspect.ts';
import { type ListedContainer, parseContainerList } from '../../parse/engine/list.ts';
import type { ContainerInspect } from '../../sample/containers.ts';
import { openDirect } from './direct.ts';
import type { Endpoint } from './endpoint.ts';
import type { Gate } from './gate.ts';
import { askEngine, type Engine, readJson } from './request.ts';

/** A container takes two to ten kilobytes of the list: this is for more than a node can run. */
const maxListBytes = 64 * 1024 * 1024;
/** An inspect is some ten thousand bytes; one with hundreds of mounts and labels ten times as many. */
const maxInspectBytes = 8 * 1024 * 1024;

/** The engine's API. Only ssh needs a library, which is loaded then: it is the slowest of all modules to load. */
export async function openEngine(endpoint: Endpoint, gate: Gate): Promise<Engine> {
  if (endpoint.kind !== 'ssh') return openDirect(endpoint, gate);
  const { openOverSsh } = await import('./ssh.ts');
  return openOverSsh(endpoint);
}

/**
 * Lists all containers of the engine.
 *
 * @throws if the connection fails, the engine reports an error, or the answer has another form
 */
export async function listContainers(engine: Engine, signal: AbortSignal): Promise<ListedContainer[]> {
  const body = await askEngine(engine, '/containers/json?all=true', signal);
  return parseContainerList(await readJson(body, 'the engine’s container list', maxListBytes));
}

/**
 * Inspects one container. The request may stay open for minutes.
 *
 * @throws as `listContainers`
 */
export async function inspectContainer(engine: Engine, id: string, signal: AbortSignal): Promise<ContainerInspect> {
  return parseContainerInspect(await readInspect(engine, id, signal));
}

/**
 * All that the engine says of a container.
 *
 * @param name or id
 * @throws as `listContainers`
 */
export async function readInspect(engine: Engine, name: string, signal: AbortSignal): Promise<unknown> {
  const body = await askEngine(engine, `/containers/${encodeURIComponent(name)}/json`, signal);
  return readJson(body, 'the engine’s inspect', maxInspectBytes);
}
