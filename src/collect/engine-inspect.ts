import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { parseContainerInspect } from '../parse/container-inspect.ts';
import type { ContainerInspect } from '../sample/containers.ts';

/** An answer is some ten thousand bytes; one with hundreds of mounts and labels ten times as many. */
const maxBytes = 8 * 1024 * 1024;

/**
 * Asks the engine for one container. The question may stay open for minutes, so the body is read here: dockerode's own
 * `inspect` never ends when the connection is cut after the headers.
 *
 * @throws when the connection fails, the engine has an error to tell, or the answer has another form
 */
export async function inspectContainer(engine: Docker, id: string, signal: AbortSignal): Promise<ContainerInspect> {
  const body = await new Promise<Readable>((resolve, reject) => {
    const path = `/containers/${id}/json?`;
    const statusCodes = { 200: true, 404: 'no such container', 500: 'server error' };
    engine.modem.dial(
      { path, method: 'GET', isStream: true, abortSignal: signal, statusCodes },
      (error: Error | null, stream: unknown) => (error === null ? resolve(stream as Readable) : reject(error)),
    );
  });
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new Error('the engine’s inspect has no end');
    chunks.push(chunk);
  }
  return parseContainerInspect(parseJson(Buffer.concat(chunks).toString()));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('the engine’s inspect is not JSON');
  }
}
