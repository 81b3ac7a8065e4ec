import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { PageFacts } from '../../../src/cli/export/pages.ts';
import { type Listening, serve } from '../../../src/cli/export/server.ts';
import { waitFor } from '../../support/wait-for.ts';

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

/** So much sooner than on a node, that a test need not wait. */
const soon = { headersMs: 300, requestMs: 600, idleMs: 900 };

async function started(facts: Partial<PageFacts> = {}): Promise<Listening> {
  const pages = { metrics: async () => 'up 1\n', notReady: () => null, version: '1.2.3', ...facts };
  const server = await serve({ host: '127.0.0.1', port: 0 }, pages, null, soon);
  open.push(server.close);
  return server;
}

interface Talk {
  readonly socket: net.Socket;
  readonly heard: () => string;
  readonly isOver: () => boolean;
}

function connect({ address }: Listening, text = ''): Talk {
  const socket = net.connect(address.port, address.host);
  let heard = '';
  let over = false;
  socket.setEncoding('utf8').on('data', (more: string) => {
    heard += more;
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    over = true;
  });
  if (text !== '') socket.write(text);
  open.push(() => socket.destroy());
  return { socket, heard: () => heard, isOver: () => over };
}

const get = (path: string, more = ''): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n${more}\r\n`;

async function answerTo(server: Listening, text: string): Promise<string> {
  const talk = connect(server, text);
  await waitFor('an answer', () => /\r\n\r\n/.test(talk.heard()) || talk.isOver());
  return talk.heard();
}

const established = '01';

/** The state of the server's end of a connection (proc_net_tcp); null if it is not there. The client cannot see it: it does not read. */
function stateOf({ address }: Listening, { localPort = 0 }: net.Socket): string | null {
  const hex = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0');
  const [from, to] = [`0100007F:${hex(address.port)}`, `0100007F:${hex(localPort)}`];
  const lines = fs.readFileSync('/proc/self/net/tcp', 'utf8').split('\n');
  const fields = lines.map((line) => line.trim().split(/\s+/));
  return fields.find(([, local, remote]) => local === from && remote === to)?.[3] ?? null;
}

describe('the port', () => {
  test('answers one request after the other on one connection', async () => {
    const server = await started();
    const talk = connect(server, get('/metrics'));
    await waitFor('the first answer', () => talk.heard().endsWith('up 1\n'));
    talk.socket.write(get('/healthz'));
    await waitFor('the second answer', () => talk.heard().endsWith('ok\n'));
    expect(talk.heard().match(/HTTP\/1.1 200 OK/g)).toHaveLength(2);
  });

  test('cuts off a client that sends nothing, or a header for ever, and answers others meanwhile', async () => {
    const server = await started();
    const silent = connect(server);
    const slow = connect(server, 'GET /metrics HTTP/1.1\r\n');
    const dripping = setInterval(() => slow.socket.write('X-A: b\r\n'), 20);
    open.push(() => clearInterval(dripping));
    expect(await answerTo(server, get('/metrics'))).toContain('200 OK');
    await waitFor('both to be cut off', () => silent.isOver() && slow.isOver());
    expect(slow.heard()).toContain('408 Request Timeout');
  });

  test('answers in the crowd of 1,000 connections that say nothing', async () => {
    const server = await started();
    const crowd = Array.from({ length: 1000 }, () => connect(server));
    expect(await answerTo(server, get('/metrics'))).toContain('200 OK');
    await waitFor('most of them to be closed', () => crowd.filter((one) => one.isOver()).length > 900);
    expect(await answerTo(server, get('/metrics'))).toContain('200 OK');
  });

  test('refuses headers of more than 8 kB, and a request that is none', async () => {
    const server = await started();
    expect(await answerTo(server, get('/metrics', `X-Long: ${'a'.repeat(9000)}\r\n`))).toContain(' 431 ');
    expect(await answerTo(server, get('/metrics', 'X-Many: b\r\n'.repeat(2000)))).toContain(' 431 ');
    expect(await answerTo(server, 'hello\r\n\r\n')).toContain(' 400 ');
    expect(await answerTo(server, get(`/${'a'.repeat(9000)}`))).toContain(' 431 ');
  });

  test('refuses other methods and paths', async () => {
    const server = await started();
    expect(await answerTo(server, 'DELETE /metrics HTTP/1.1\r\nHost: a\r\n\r\n')).toMatch(
      / 405 [\s\S]*Allow: GET, HEAD/,
    );
    expect(await answerTo(server, 'CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n')).not.toContain(' 200 ');
    expect(await answerTo(server, get('/../../etc/passwd'))).toContain(' 404 ');
    expect(await answerTo(server, 'HEAD /metrics HTTP/1.1\r\nHost: a\r\n\r\n')).toMatch(/200 OK[\s\S]*\r\n\r\n$/);
  });

  test('does not read the body of a request, and closes its connection', async () => {
    const server = await started();
    const much = 'a'.repeat(10_000);
    const bodies = [
      ['Content-Length: 1000000000\r\n', much],
      ['Transfer-Encoding: chunked\r\n', `${much.length.toString(16)}\r\n${much}\r\n`],
      ['Content-Length: 1000000000\r\nExpect: 100-continue\r\n', much],
    ] as const;
    for (const [header, body] of bodies) {
      const talk = connect(server, get('/metrics', header));
      const flood = setInterval(() => talk.socket.write(body), 5);
      await waitFor('the end of the connection', () => talk.isOver());
      clearInterval(flood);
      expect(talk.heard()).toMatch(/^HTTP\/1.1 200 OK[\s\S]*Connection: close/);
    }
  });

  test('cuts off a client that takes no answer', async () => {
    const server = await started({ metrics: async () => 'a'.repeat(50_000_000) });
    const { socket } = connect(server, get('/metrics'));
    socket.pause();
    socket.removeAllListeners('data');
    await waitFor('the connection', () => stateOf(server, socket) === established);
    await waitFor('the server to close it', () => stateOf(server, socket) !== established);
  });

  test('answers 500 where a page fails, and goes on', async () => {
    let fails = true;
    const server = await started({
      metrics: async () => {
        if (fails) throw new Error('a fault on purpose');
        return 'up 1\n';
      },
    });
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    expect(await answerTo(server, get('/metrics'))).toContain(' 500 ');
    expect(said.mock.calls.join()).toBe('rtwatch: /metrics: a fault on purpose\n');
    said.mockRestore();
    fails = false;
    expect(await answerTo(server, get('/metrics'))).toContain(' 200 ');
  });

  test('that is in use, or not of this machine, is refused for people', async () => {
    const other = http.createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    open.push(() => other.close());
    const { port } = other.address() as net.AddressInfo;
    const facts = { metrics: async () => '', notReady: () => null, version: '1' };
    await expect(serve({ host: '127.0.0.1', port }, facts)).rejects.toMatchObject({
      exitCode: 64,
      message: `--listen 127.0.0.1:${port}: the port is in use. Stop what listens there, or name another port`,
    });
    await expect(serve({ host: '192.0.2.1', port: 0 }, facts)).rejects.toMatchObject({
      message: '--listen 192.0.2.1:0: this machine does not have the address',
    });
  });
});
