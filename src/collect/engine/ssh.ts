import type { IncomingMessage } from 'node:http';
import Docker from 'dockerode';
import type { Endpoint } from './endpoint.ts';
import type { Engine } from './request.ts';

/** docker-modem reads what is no success itself, whatever its length and however long it takes; so here all are. */
const anyStatus = new Proxy<Record<string, true>>({}, { get: () => true });

/** An engine over ssh. */
export function openOverSsh(endpoint: Extract<Endpoint, { readonly kind: 'ssh' }>): Engine {
  const { modem } = openDockerode(endpoint);
  return (path, signal) => {
    // docker-modem takes the last character of a path with a query away.
    const question = `${path}${path.includes('?') ? '&' : '?'}`;
    return new Promise((resolve, reject) => {
      modem.dial(
        { path: question, method: 'GET', isStream: true, abortSignal: signal, statusCodes: anyStatus },
        (error: Error | null, stream: unknown) => (error === null ? resolve(stream as IncomingMessage) : reject(error)),
      );
    });
  };
}

/** Only its connection is used: it reads bodies whole, and never returns if the connection is cut after the headers. */
export function openDockerode({ host, port, user }: Extract<Endpoint, { readonly kind: 'ssh' }>): Docker {
  // docker-modem adds DOCKER_HOST to its options; that variable has been considered already.
  const { DOCKER_HOST } = process.env;
  delete process.env['DOCKER_HOST'];
  try {
    return new Docker({
      protocol: 'ssh',
      host,
      port,
      username: user,
      // As the docker client does: rtwatch never prompts for a password.
      sshOptions: { agent: process.env['SSH_AUTH_SOCK'] ?? '' },
    });
  } finally {
    if (DOCKER_HOST !== undefined) process.env['DOCKER_HOST'] = DOCKER_HOST;
  }
}
