import type Docker from 'dockerode';
import type { Endpoint } from './endpoint.ts';

/** The engine's API by dockerode, loaded when first needed: it is the slowest of all modules to load. */
export async function openEngine(endpoint: Endpoint): Promise<Docker> {
  const { default: Dockerode } = await import('dockerode');
  switch (endpoint.kind) {
    case 'unix':
      return new Dockerode({ socketPath: endpoint.socketPath });
    case 'ssh':
      return new Dockerode({ protocol: 'ssh', host: endpoint.host, port: endpoint.port, username: endpoint.user });
    case 'tcp':
      return new Dockerode({
        protocol: endpoint.tls === null ? 'http' : 'https',
        host: endpoint.host,
        port: endpoint.port,
        ...(endpoint.tls ?? {}),
      });
  }
}
