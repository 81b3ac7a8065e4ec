import type Docker from 'dockerode';
import type { Endpoint } from './endpoint.ts';

/** The engine's API by dockerode, loaded when first needed: it is the slowest of all modules to load. */
export async function openEngine(endpoint: Endpoint): Promise<Docker> {
  const { default: Dockerode } = await import('dockerode');
  // docker-modem mixes DOCKER_HOST into whatever it is told; what it says has been considered already.
  const { DOCKER_HOST } = process.env;
  delete process.env['DOCKER_HOST'];
  try {
    return construct(Dockerode, endpoint);
  } finally {
    if (DOCKER_HOST !== undefined) process.env['DOCKER_HOST'] = DOCKER_HOST;
  }
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
        // As the docker client does: rtwatch never asks for a password.
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
