import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { PromSeries } from '../../src/fleet/answer.ts';

/** How the server replies to one request. */
export interface Reply {
  readonly status?: number;
  readonly headers?: http.OutgoingHttpHeaders;
  readonly body: string | Buffer;
}

export interface AskedRequest {
  readonly path: string;
  readonly form: URLSearchParams;
  readonly headers: http.IncomingHttpHeaders;
}

export interface FakePrometheus {
  readonly url: URL;
  readonly asked: readonly AskedRequest[];
}

/** An HTTP server on a free port of the loopback for this test; null for a request that is never answered. */
export async function fakePrometheus(replyTo: (request: AskedRequest) => Reply | null): Promise<FakePrometheus> {
  const asked: AskedRequest[] = [];
  const server = http.createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (more: string) => {
      text += more;
    });
    request.on('end', () => {
      const one = { path: request.url ?? '', form: new URLSearchParams(text), headers: request.headers };
      asked.push(one);
      const reply = replyTo(one);
      if (reply === null) return;
      const type = { 'content-type': 'application/json' };
      response.writeHead(reply.status ?? 200, { ...type, ...reply.headers }).end(reply.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: new URL(`http://127.0.0.1:${port}`), asked };
}

/** The body of an answer of Prometheus. */
export function answerBody(series: readonly PromSeries[], resultType: 'vector' | 'matrix' = 'vector'): string {
  const result = series.map(({ labels, points }) => {
    const pairs = points.map(([at, value]) => [at, String(value ?? Number.NaN)]);
    return { metric: labels, ...(resultType === 'vector' ? { value: pairs[0] } : { values: pairs }) };
  });
  return JSON.stringify({ status: 'success', data: { resultType, result } });
}
