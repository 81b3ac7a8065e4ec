import type http from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { formatBytes } from '../base/bytes.ts';
import { formatMs } from '../base/durations.ts';
import { BadAnswer, type PromAnswer, parseAnswer } from './answer.ts';
import type { HttpConfig } from './http-config.ts';
import type { TrendRange } from './trends.ts';

/** Prometheus' HTTP API, as far as it is asked here. Both reject with the reason. */
export interface Prometheus {
  readonly query: (query: string) => Promise<PromAnswer>;
  readonly queryRange: (query: string, range: TrendRange) => Promise<PromAnswer>;
  /** Closes idle connections. */
  readonly close: () => void;
}

interface PrometheusOptions {
  /** Of the API, with or without a path: `http://prometheus:9090`, `https://mimir/prometheus`. */
  readonly url: URL;
  readonly config: HttpConfig;
  readonly deadlineMs: number;
}

/** Five thousand sick nodes with three findings each take 6 MiB. */
const maxBytes = 64 * 1024 * 1024;

/** Opens nothing yet. Queries are POST requests: a selector of many nodes is longer than a URL may be. */
export function openPrometheus({ url, config, deadlineMs }: PrometheusOptions): Prometheus {
  // `import` would read all that the module exports, and with it load Node's own undici: 6 MiB.
  const library = process.getBuiltinModule(url.protocol === 'https:' ? 'node:https' : 'node:http');
  const agent = new library.Agent({ keepAlive: true, maxSockets: 6 });
  const ask = async (path: string, fields: Readonly<Record<string, string>>): Promise<PromAnswer> => {
    const signal = AbortSignal.timeout(deadlineMs);
    // Prometheus gives up then as well: nothing goes on for a reader that has gone.
    const body = new URLSearchParams({ ...fields, timeout: `${deadlineMs}ms` }).toString();
    try {
      const { headers, tls } = await before(signal, config.read());
      const target = new URL(url);
      // Set, not resolved: a path that begins with // would name another host, which would get the password.
      target.pathname = `${url.pathname.replace(/\/+$/, '')}/api/v1/${path}`;
      const request = library.request(target, {
        method: 'POST',
        agent,
        signal,
        ...tls,
        headers: {
          ...headers,
          accept: 'application/json',
          'accept-encoding': 'gzip',
          'content-type': 'application/x-www-form-urlencoded',
        },
      });
      const response = await answerOf(request, body);
      const text = await textOf(response);
      return parseAnswered(text, response);
    } catch (error) {
      if (signal.aborted) throw new Error(`no answer within ${formatMs(deadlineMs)}`, { cause: error });
      throw error;
    }
  };
  return {
    query: (query) => ask('query', { query }),
    queryRange: (query, { start, end, step }) =>
      ask('query_range', { query, start: String(start), end: String(end), step: String(step) }),
    close: () => agent.destroy(),
  };
}

/** Rejects when the signal comes first: the disk with the file of a token may hang. */
function before<T>(signal: AbortSignal, known: Promise<T>): Promise<T> {
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('too late')), { once: true });
  });
  return Promise.race([known, late]);
}

function answerOf(request: http.ClientRequest, body: string): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on('response', resolve);
    request.on('error', reject);
    request.end(body);
  });
}

async function textOf(response: http.IncomingMessage): Promise<string> {
  const isPacked = response.headers['content-encoding'] === 'gzip';
  const plain: Readable = isPacked ? response.pipe(createGunzip()) : response;
  if (isPacked) response.on('error', (error) => plain.destroy(error));
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of plain as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      response.destroy();
      throw new Error(`the answer is larger than ${formatBytes(maxBytes)}`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseAnswered(text: string, { statusCode = 0, headers }: http.IncomingMessage): PromAnswer {
  const { location } = headers;
  if (statusCode >= 300 && statusCode < 400) {
    throw new BadAnswer(`HTTP ${statusCode}: it refers to ${location ?? 'another address'}. Use that address`);
  }
  if (statusCode === 401 || statusCode === 403) {
    throw new BadAnswer(`HTTP ${statusCode}: it wants other credentials. Give them with --http-config`);
  }
  return parseAnswer(text, statusCode, headers['content-type'] ?? null);
}
