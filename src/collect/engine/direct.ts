import type { IncomingMessage } from 'node:http';
import type { Endpoint } from './endpoint.ts';
import { type Gate, pass } from './gate.ts';
import type { Engine } from './request.ts';
import { expectSocket } from './socket.ts';

type DirectEndpoint = Exclude<Endpoint, { readonly kind: 'ssh' }>;

/**
 * An engine on a socket or a port, by Node's own client. `import` of node:http would read all that it exports, and with
 * WebSocket loads an HTTP client that nothing here uses (4 MiB); and where there is no socket nothing is loaded at all.
 */
export function openDirect(endpoint: DirectEndpoint, gate: Gate): Engine {
  return (path, signal) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      if (endpoint.kind === 'unix') {
        expectSocket(endpoint.socketPath);
        pass(gate, endpoint.socketPath);
      }
      const { get } = process.getBuiltinModule(isEncrypted(endpoint) ? 'node:https' : 'node:http');
      const question = get({ ...addressOf(endpoint), path, signal });
      question.on('response', resolve);
      question.on('error', reject);
    });
}

const isEncrypted = (endpoint: DirectEndpoint): boolean => endpoint.kind === 'tcp' && endpoint.tls !== null;

function addressOf(endpoint: DirectEndpoint): object {
  if (endpoint.kind === 'unix') return { socketPath: endpoint.socketPath };
  const { host, port, tls } = endpoint;
  return { host, port, ...tls };
}
