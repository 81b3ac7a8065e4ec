import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { noHttpConfig, parseHttpConfig } from '../../src/fleet/http-config.ts';
import { openPrometheus, type Prometheus } from '../../src/fleet/prometheus.ts';
import { answerBody, fakePrometheus } from '../support/fake-prometheus.ts';

const up = { labels: { __name__: 'up' }, points: [[1, 1] as const] };

function opened(url: URL, options: Partial<Parameters<typeof openPrometheus>[0]> = {}): Prometheus {
  const prometheus = openPrometheus({ url, config: noHttpConfig, deadlineMs: 60_000, ...options });
  onTestFinished(() => prometheus.close());
  return prometheus;
}

test('a query is a POST with a deadline for Prometheus too, below the path of the URL', async () => {
  const { url, asked } = await fakePrometheus(() => ({ body: answerBody([up]) }));
  const prometheus = opened(new URL('/mimir/prometheus/', url));
  expect(await prometheus.query('up')).toEqual({ series: [up], warning: null });
  expect(asked[0]?.path).toBe('/mimir/prometheus/api/v1/query');
  expect(Object.fromEntries(asked[0]?.form ?? [])).toEqual({ query: 'up', timeout: '60000ms' });
});

test('a path that begins with two slashes names no other host', async () => {
  const { url, asked } = await fakePrometheus(() => ({ body: answerBody([up]) }));
  await opened(new URL(`${url.origin}//other.example/prometheus`)).query('up');
  expect(asked[0]?.path).toBe('//other.example/prometheus/api/v1/query');
});

test('a range query has its start, end and step', async () => {
  const { url, asked } = await fakePrometheus(() => ({ body: answerBody([up], 'matrix') }));
  expect(await opened(url).queryRange('up', { start: 1, end: 3, step: 2 })).toEqual({ series: [up], warning: null });
  expect(asked[0]?.path).toBe('/api/v1/query_range');
  expect(Object.fromEntries(asked[0]?.form ?? [])).toMatchObject({ start: '1', end: '3', step: '2' });
});

test('an answer may be packed', async () => {
  const { url, asked } = await fakePrometheus(() => ({
    headers: { 'content-encoding': 'gzip' },
    body: gzipSync(answerBody([up])),
  }));
  expect(await opened(url).query('up')).toEqual({ series: [up], warning: null });
  expect(asked[0]?.headers['accept-encoding']).toBe('gzip');
});

test('the credentials of the configuration go with each query', async () => {
  const { url, asked } = await fakePrometheus(() => ({ body: answerBody([]) }));
  await opened(url, { config: parseHttpConfig('bearer_token: abc', '/') }).query('up');
  expect(asked[0]?.headers.authorization).toBe('Bearer abc');
});

test('no answer within the deadline is said', async () => {
  const { url } = await fakePrometheus(() => null);
  await expect(opened(url, { deadlineMs: 50 }).query('up')).rejects.toThrow('no answer within 50ms');
});

test('a file of the configuration that is never read is given up as well', async () => {
  const config = { read: () => new Promise<never>(() => {}) };
  await expect(opened(new URL('http://127.0.0.1:1'), { config, deadlineMs: 50 }).query('up')).rejects.toThrow(
    'no answer within 50ms',
  );
});

test('a body that never ends is given up as well', async () => {
  const { url } = await fakePrometheus(() => ({ headers: { 'content-length': 1000 }, body: '{' }));
  await expect(opened(url, { deadlineMs: 200 }).query('up')).rejects.toThrow('no answer within 200ms');
});

test.each([
  ['a login page', { body: '<html>', headers: { 'content-type': 'text/html' } }, 'HTTP 200 with text/html'],
  ['another server', { status: 404, body: 'not found' }, 'HTTP 404'],
  ['a refusal', { status: 401, body: '' }, 'HTTP 401: it wants other credentials. Give them with --http-config'],
  ['another place', { status: 302, body: '', headers: { location: 'https://x/' } }, 'it refers to https://x/'],
  ['broken packing', { body: 'no gzip', headers: { 'content-encoding': 'gzip' } }, 'incorrect header check'],
  [
    'a failed query',
    { status: 422, body: '{"status":"error","errorType":"execution","error":"too many samples"}' },
    'execution: too many samples',
  ],
])('%s is said', async (_, reply, words) => {
  const { url } = await fakePrometheus(() => reply);
  await expect(opened(url).query('up')).rejects.toThrow(words);
});

test('a server that is gone is said', async () => {
  await expect(opened(new URL('http://127.0.0.1:1')).query('up')).rejects.toThrow('ECONNREFUSED 127.0.0.1:1');
});
