import type Docker from 'dockerode';
import { parseContainerInspect } from '../../parse/engine/inspect.ts';
import { type ListedContainer, parseContainerList } from '../../parse/engine/list.ts';
import type { ContainerInspect } from '../../sample/containers.ts';
import type { Endpoint } from './endpoint.ts';
import { askEngine, readJson } from './request.ts';

/** A container takes two to ten kilobytes of the list: this is for more than a node can run. */
const maxListBytes = 64 * 1024 * 1024;
/** An inspect is some ten thousand bytes; one with hundreds of mounts and labels ten times as many. */
const maxInspectBytes = 8 * 1024 * 1024;

/** The engine's API by dockerode, loaded when first needed: it is the slowest of all modules to load. */
export async function openEngine(endpoint: Endpoint): Promise<Docker> {
  const { default: Dockerode } = await import('dockerode');
  // docker-modem adds DOCKER_HOST to its options; that variable has been considered already.
  const { DOCKER_HOST } = process.env;
  delete process.env['DOCKER_HOST'];
  try {
    return construct(Dockerode, endpoint);
  } finally {
    if (DOCKER_HOST !== undefined) process.env['DOCKER_HOST'] = DOCKER_HOST;
  }
}

/**
 * Lists all containers of the engine.
 *
 * @throws if the connection fails, the engine reports an error, or the answer has another form
 */
export async function listContainers(engine: Docker, signal: AbortSignal): Promise<ListedContainer[]> {
  const body = await askEngine(engine, '/containers/json?all=true', signal);
  return parseContainerList(await readJson(body, 'the engine’s container list', maxListBytes));
}

/**
 * Inspects one container. The request may stay open for minutes.
 *
 * @throws as `listContainers`
 */
export async function inspectContainer(engine: Docker, id: string, signal: AbortSignal): Promise<ContainerInspect> {
  const body = await askEngine(engine, `/containers/${id}/json`, signal);
  return parseContainerInspect(await readJson(body, 'the engine’s inspect', maxInspectBytes));
}

function construct(Dockerode: typeof Docker, endpoint: Endpoint): Docker {
  switch (endpoint.kind) {
    case 'unix':
      return new Dockerode({ socketPath: endpoint.socketPath });
    case 'ssh':
      return new Dockerode({
        protocol: 'ssh',
        host: endpoint.host,
        port: endpoint.port,
        username: endpoint.user,
        // As the docker client does: rtwatch never prompts for a password.
        sshOptions: { agent: process.env['SSH_AUTH_SOCK'] ?? '' },
      });
    case 'tcp':
      return new Dockerode({
        protocol: endpoint.tls === null ? 'http' : 'https',
        host: endpoint.host,
        port: endpoint.port,
        ...(endpoint.tls ?? {}),
      });
  }
}
