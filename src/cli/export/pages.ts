import type { IncomingMessage } from 'node:http';
import { contentTypes, type Format } from './exposition.ts';

/** What a page is made from. */
export interface PageFacts {
  readonly metrics: (format: Format) => Promise<string>;
  /** Null when there is something to say of the node, otherwise why not. */
  readonly notReady: () => string | null;
  readonly version: string;
}

export interface Page {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const plain = 'text/plain; charset=utf-8';
const text = (status: number, body: string, headers = {}): Page => ({
  status,
  type: plain,
  body: `${body}\n`,
  headers,
});

type Request = Pick<IncomingMessage, 'method' | 'url' | 'headers'>;

const pages: Readonly<Record<string, (facts: PageFacts, request: Request) => Page | Promise<Page>>> = {
  '/metrics': async ({ metrics }, { headers }) => {
    const format = formatFor(headers.accept);
    return { status: 200, type: contentTypes[format], body: await metrics(format) };
  },
  // A sampler that hangs is a finding, and no reason to start this process again.
  '/healthz': () => text(200, 'ok'),
  '/readyz': ({ notReady }) => {
    const why = notReady();
    return why === null ? text(200, 'ok') : text(503, `not ready: ${why}`);
  },
  '/': ({ version }) => ({ status: 200, type: 'text/html; charset=utf-8', body: startPage(version) }),
};

/** Answers a request. The body of the request is of no interest. */
export function pageFor(request: Request, facts: PageFacts): Page | Promise<Page> {
  const [path = ''] = (request.url ?? '').split('?');
  const page = Object.hasOwn(pages, path) ? pages[path] : undefined;
  if (page === undefined) return text(404, 'not found; see /metrics');
  if (request.method !== 'GET' && request.method !== 'HEAD') return text(405, 'only GET', { Allow: 'GET, HEAD' });
  return page(facts, request);
}

/** OpenMetrics for those that ask for it, and prefer nothing to it; classic text for all others. */
export function formatFor(accept: string | undefined): Format {
  let openmetrics = 0;
  let other = 0;
  for (const range of (accept ?? '').toLowerCase().split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
    const weight = Number(parameters.find((one) => one.startsWith('q='))?.slice(2) ?? 1);
    if (type === 'application/openmetrics-text') openmetrics = Math.max(openmetrics, weight || 0);
    else if (type === 'text/plain') other = Math.max(other, weight || 0);
  }
  return openmetrics > 0 && openmetrics >= other ? 'openmetrics' : 'text';
}

const startPage = (version: string): string => `<!doctype html>
<html lang="en"><head><title>rtwatch</title></head><body>
<h1>rtwatch ${version}</h1>
<ul><li><a href="/metrics">/metrics</a></li><li><a href="/healthz">/healthz</a></li><li><a href="/readyz">/readyz</a></li></ul>
</body></html>
`;
