import { DebugClient } from '../../collect/daemons/debug-client.ts';
import { openEngine } from '../../collect/engine/client.ts';
import type { Endpoint } from '../../collect/engine/endpoint.ts';
import { askEngine as askOverModem } from '../../collect/engine/request.ts';
import type { Ask } from './daemon-talk.ts';

/** Questions to an engine, wherever it is. Over ssh, which only carries the API, by dockerode. */
export function askEngine(endpoint: Endpoint): { readonly ask: Ask; readonly close: () => void } {
  const client = DebugClient.forEngine(endpoint);
  if (client !== null) return { ask: (path, signal) => client.stream(path, signal), close: () => client.close() };
  const engine = openEngine(endpoint);
  engine.catch(() => {});
  return { ask: async (path, signal) => askOverModem(await engine, path, signal), close: () => {} };
}
