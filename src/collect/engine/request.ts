import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type Docker from 'dockerode';

/** An error of the engine is a sentence or two. */
const maxErrorBytes = 8 * 1024;
/** How long the words of an error are waited for, once its status has come. */
const errorPatienceMs = 2000;
/** A proxy's page says nothing more beyond this. */
const maxWords = 300;
/** docker-modem reads what is no success itself, whatever its length and however long it takes; so here all are. */
const anyStatus = new Proxy<Record<string, true>>({}, { get: () => true });

/**
 * Sends a request to the engine's API and returns the body as a stream: dockerode reads bodies whole, however long they are,
 * and never returns if the connection is cut after the headers.
 *
 * @param path with its query, such as `/containers/json?all=true`
 * @throws if the connection fails, the signal aborts, or the status is not 200; then with the engine's message
 */
export async function askEngine(engine: Docker, path: string, signal: AbortSignal): Promise<IncomingMessage> {
  const modem = engine.modem as unknown as EngineModem;
  const body = await (modem.protocol === 'ssh' ? dial(engine, path, signal) : request(modem, path, signal));
  if (body.statusCode === 200) return body;
  const words = await readError(body);
  const status = `HTTP code ${body.statusCode}`;
  throw Object.assign(new Error(words === '' ? status : `${status}: ${words}`), { statusCode: body.statusCode });
}

/** Where dockerode would connect. */
interface EngineModem {
  readonly protocol: 'http' | 'https' | 'ssh';
  readonly socketPath?: string;
  readonly host?: string;
  readonly port?: number | string;
  readonly ca?: string | Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
}

/**
 * Without docker-modem: it follows a redirect of a unix socket to a host named `containers`, and does not catch the failure
 * of that (lib/http.js, redirectCallback).
 */
function request(modem: EngineModem, path: string, signal: AbortSignal): Promise<IncomingMessage> {
  const { protocol, socketPath, host, port, ca, cert, key } = modem;
  const where = socketPath === undefined ? { host, port, ca, cert, key } : { socketPath };
  return new Promise((resolve, reject) => {
    const question = (protocol === 'https' ? https : http).get({ ...where, path, signal });
    question.on('response', resolve);
    question.on('error', reject);
  });
}

function dial(engine: Docker, path: string, signal: AbortSignal): Promise<IncomingMessage> {
  // docker-modem takes the last character of a path with a query away.
  const question = `${path}${path.includes('?') ? '&' : '?'}`;
  return new Promise((resolve, reject) => {
    engine.modem.dial(
      { path: question, method: 'GET', isStream: true, abortSignal: signal, statusCodes: anyStatus },
      (error: Error | null, stream: unknown) => (error === null ? resolve(stream as IncomingMessage) : reject(error)),
    );
  });
}

/**
 * A body as JSON.
 *
 * @param what is read, for the words of a failure: `the engine’s inspect`
 * @throws when it is longer than so many bytes, is cut, or is not JSON
 */
export async function readJson(body: IncomingMessage, what: string, maxBytes: number): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new Error(`${what} is too large`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    throw new Error(`${what} is not JSON`);
  }
}

/** The words in the body of an error: `{"message": …}`, or the text; what came of it, when it does not end. */
async function readError(body: IncomingMessage): Promise<string> {
  const timer = setTimeout(() => body.destroy(), errorPatienceMs);
  let text = '';
  body.setEncoding('utf8');
  try {
    for await (const chunk of body) {
      text += chunk;
      if (text.length > maxErrorBytes) break;
    }
  } catch {
    // Cut, or given up: what arrived is returned.
  }
  clearTimeout(timer);
  return wordsOf(text.slice(0, maxErrorBytes)).slice(0, maxWords);
}

function wordsOf(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    if (typeof message === 'string') return message;
  } catch {
    // Not the engine's own: a proxy's page.
  }
  return text.split('\n')[0]?.trim() ?? '';
}
