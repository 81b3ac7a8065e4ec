import type { IncomingMessage } from 'node:http';

/** Sends a GET to an engine's API and returns the answer, whatever its status. */
export type Engine = (path: string, signal: AbortSignal) => Promise<IncomingMessage>;

/** An error of the engine is a sentence or two. */
const maxErrorBytes = 8 * 1024;
/** How long the words of an error are waited for, once its status has come. */
const errorPatienceMs = 2000;
/** A proxy's page says nothing more beyond this. */
const maxWords = 300;
/**
 * Sends a request to the engine's API and returns the body as a stream.
 *
 * @param path with its query, such as `/containers/json?all=true`
 * @throws if the connection fails, the signal aborts, or the status is not 200; then with the engine's message
 */
export async function askEngine(engine: Engine, path: string, signal: AbortSignal): Promise<IncomingMessage> {
  const body = await engine(path, signal);
  if (body.statusCode === 200) return body;
  const words = withAdvice(await readError(body));
  const status = `HTTP code ${body.statusCode}`;
  throw Object.assign(new Error(words === '' ? status : `${status}: ${words}`), { statusCode: body.statusCode });
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

/**
 * The paths of rtwatch have no version, so that each engine answers with its own newest. Where an engine rejects one all the same
 * (Docker 29 below 1.44, 29.3 below 1.40), something in between has put it there.
 */
function withAdvice(words: string): string {
  if (!/client version [\d.]+ is too (?:old|new)/i.test(words)) return words;
  return `${words.replace(/[.\s]+$/, '')}. rtwatch requests no version: a proxy in between adds one. Ask the engine’s own socket (--docker-host)`;
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
