import type { Readable } from 'node:stream';
import { DebugClient } from '../../collect/daemons/debug-client.ts';
import type { Endpoint } from '../../collect/endpoint.ts';
import { openEngine } from '../../collect/engine-client.ts';
import type { Ask } from './daemon-talk.ts';

/** Questions to an engine, wherever it is. Over ssh, which only carries the API, by dockerode. */
export function askEngine(endpoint: Endpoint): { readonly ask: Ask; readonly close: () => void } {
  const client = DebugClient.forEngine(endpoint);
  if (client !== null) return { ask: (path, signal) => client.stream(path, signal), close: () => client.close() };
  const engine = openEngine(endpoint);
  engine.catch(() => {});
  return {
    ask: async (path, signal) => {
      const { modem } = await engine;
      // The modem takes a path that ends in a question mark, and would else send options as a body.
      const options = { path: path.includes('?') ? path : `${path}?`, method: 'GET', isStream: true };
      return new Promise<Readable>((resolve, reject) => {
        modem.dial(
          { ...options, abortSignal: signal, statusCodes: { 200: true, 404: 'not found', 500: 'server error' } },
          (error: Error | null, stream: unknown) => (error === null ? resolve(stream as Readable) : reject(error)),
        );
      });
    },
    close: () => {},
  };
}
