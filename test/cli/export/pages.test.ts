import { expect, test } from 'vitest';
import { formatFor, type Page, type PageFacts, pageFor } from '../../../src/cli/export/pages.ts';

const facts: PageFacts = { metrics: async (format) => `as ${format}\n`, notReady: () => null, version: '1.2.3' };
const ask = async (url: string, change: object = {}, known: Partial<PageFacts> = {}): Promise<Page> =>
  pageFor({ method: 'GET', url, headers: {}, ...change }, { ...facts, ...known });

test.each([
  [
    'Prometheus 2.42',
    'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
    'openmetrics',
  ],
  [
    'Prometheus 3',
    'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
    'openmetrics',
  ],
  ['one that prefers text', 'application/openmetrics-text;q=0.2, text/plain', 'text'],
  ['one that refuses OpenMetrics', 'application/openmetrics-text;q=0,*/*', 'text'],
  ['curl', '*/*', 'text'],
  ['a browser', 'text/html,application/xhtml+xml,*/*;q=0.8', 'text'],
  ['nothing', undefined, 'text'],
  ['nonsense', ';;q=,,q=x', 'text'],
])('%s gets the format that it asks for', (_, accept, format) => {
  expect(formatFor(accept)).toBe(format);
});

test('the metrics come in both formats, each with its type', async () => {
  expect(await ask('/metrics')).toMatchObject({
    status: 200,
    type: 'text/plain; version=0.0.4; charset=utf-8',
    body: 'as text\n',
  });
  expect(await ask('/metrics?debug=1', { headers: { accept: 'application/openmetrics-text' } })).toMatchObject({
    type: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
    body: 'as openmetrics\n',
  });
});

test('it is healthy also without the node, and ready with it', async () => {
  const blind = { notReady: () => 'no sample of the node yet' };
  expect(await ask('/healthz', {}, blind)).toMatchObject({ status: 200 });
  expect(await ask('/readyz', {}, blind)).toMatchObject({
    status: 503,
    body: 'not ready: no sample of the node yet\n',
  });
  expect(await ask('/readyz')).toMatchObject({ status: 200, body: 'ok\n' });
});

test('other methods and other paths are refused', async () => {
  for (const method of ['POST', 'PUT', 'DELETE', 'TRACE', 'OPTIONS']) {
    expect(await ask('/metrics', { method })).toMatchObject({ status: 405, headers: { Allow: 'GET, HEAD' } });
  }
  for (const url of ['/metrics/', '/../etc/passwd', '/constructor', '/__proto__', '', 'http://a/metrics', '*']) {
    expect(await ask(url), url).toMatchObject({ status: 404 });
  }
});

test('the start page leads to the others', async () => {
  const { body } = await ask('/');
  for (const [, path = ''] of body.matchAll(/href="([^"]+)"/g))
    expect(await ask(path), path).toMatchObject({ status: 200 });
  expect(body).toContain('1.2.3');
});
