import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { DebugClient } from '../../../src/collect/daemons/debug-client.ts';
import type { Gate } from '../../../src/collect/engine/gate.ts';
import { meansAbsent, reasonOf } from '../../../src/collect/reason.ts';
import { openGate } from '../../support/open-gate.ts';
import { waitFor } from '../../support/wait-for.ts';
import { temporaryFolder } from '../../support/world.ts';
import { answer, cutOff, type Handler, neverAnswer, StandIn } from '../stand-in.ts';

const patient = (): AbortSignal => new AbortController().signal;

function clientOf(url: string, gate: Gate | null = null): DebugClient {
  const client = DebugClient.forUrl(url, gate);
  onTestFinished(() => client.close());
  return client;
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('it succeeded');
    },
    (error: unknown) => error,
  );
}

describe('a GET', () => {
  test('gives the body', async () => {
    const server = await StandIn.listen({ '/debug/vars': answer('{"memstats":{"Sys":"é"}}') });
    expect(await clientOf(server.url).get('/debug/vars', patient())).toBe('{"memstats":{"Sys":"é"}}');
  });

  test('fails with the status when it is not 200', async () => {
    const server = await StandIn.listen({ '/a': answer('no', 404), '/b': answer('moved', 301) });
    const client = clientOf(server.url);
    await expect(client.get('/a', patient())).rejects.toMatchObject({ message: 'HTTP 404', statusCode: 404 });
    await expect(client.get('/b', patient())).rejects.toThrow('HTTP 301');
  });

  test('fails when the body is longer than any that is expected', async () => {
    const server = await StandIn.listen({ '/x': answer('x'.repeat(5 * 1024 * 1024)) });
    await expect(clientOf(server.url).get('/x', patient())).rejects.toThrow('more than 4194304 bytes');
  });

  test('fails when the connection is cut in the body, and the next one succeeds', async () => {
    const server = await StandIn.listen({ '/x': cutOff('half'), '/y': answer('whole') });
    const client = clientOf(server.url);
    expect(reasonOf(await rejection(client.get('/x', patient())))).toBe('connection closed');
    expect(await client.get('/y', patient())).toBe('whole');
  });

  test('that waits for the connection of another opens no connection of its own where the gate is closed meanwhile', async () => {
    const reason = 'dockerd is stopping';
    let isStopping = false;
    const stop: Handler = (request) => {
      isStopping = true;
      request.socket.destroy();
    };
    const server = await StandIn.listen({ '/a': stop, '/b': answer('b') });
    const client = clientOf(server.url, () => (isStopping ? reason : null));
    const [first, second] = await Promise.all(['/a', '/b'].map((path) => rejection(client.get(path, patient()))));
    expect(reasonOf(first)).toBe('connection closed');
    expect(second).toMatchObject({ message: reason });
    expect(meansAbsent(second)).toBe(true);
    expect(server.connections).toBe(1);
    isStopping = false;
    expect(await client.get('/b', patient())).toBe('b');
  });

  test('ends when its signal aborts, before an answer and within one', async () => {
    const server = await StandIn.listen({
      '/x': neverAnswer,
      '/y': (_, response) => void response.writeHead(200).write('begun'),
      '/z': (_, response) => void response.writeHead(500).write('begun'),
    });
    const client = clientOf(server.url);
    for (const [index, path] of ['/x', '/y', '/z'].entries()) {
      const abort = new AbortController();
      const failed = rejection(client.get(path, abort.signal));
      await waitFor('the question', () => server.asked.length === index + 1);
      abort.abort();
      expect(await failed).toBeInstanceOf(Error);
    }
    await waitFor('the questions to be closed', () => server.open === 0);
  });

  test('says that nothing is there where no socket is', async () => {
    const socket = `${temporaryFolder()}/none.sock`;
    const error = await rejection(clientOf(`unix://${socket}`).get('/', patient()));
    expect(meansAbsent(error)).toBe(true);
    expect(reasonOf(error)).toBe(`no such socket: ${socket}`);
  });

  test('says that nothing listens on a socket that was left behind', async () => {
    const folder = temporaryFolder();
    const server = await StandIn.listen({}, `${folder}/a`);
    // A server that ends removes its socket; one that is killed does not.
    fs.linkSync(`${folder}/a`, `${folder}/b`);
    server.close();
    const error = await rejection(clientOf(`unix://${folder}/b`).get('/', patient()));
    expect(meansAbsent(error)).toBe(false);
    expect(reasonOf(error)).toBe(`nothing listens on ${folder}/b (connection refused)`);
  });
});

test('all questions take turns on one connection', async () => {
  const server = await StandIn.listen({ '/a': answer('a'), '/b': answer('b') });
  const client = clientOf(server.url);
  const paths = ['/a', '/b', '/a', '/b', '/a'];
  expect(await Promise.all(paths.map((path) => client.get(path, patient())))).toEqual(['a', 'b', 'a', 'b', 'a']);
  expect(server).toMatchObject({ connections: 1, mostOpen: 1, asked: paths });
});

test('a client that was closed can ask again', async () => {
  const server = await StandIn.listen({ '/a': answer('a') });
  const client = clientOf(server.url);
  await client.get('/a', patient());
  client.close();
  expect(await client.get('/a', patient())).toBe('a');
  expect(server.connections).toBe(2);
});

test('closing gives up what is open', async () => {
  const server = await StandIn.listen({ '/x': neverAnswer });
  const client = clientOf(server.url);
  const failed = rejection(client.get('/x', patient()));
  await waitFor('the question', () => server.open === 1);
  client.close();
  expect(await failed).toBeInstanceOf(Error);
  await waitFor('the connection to end', () => server.open === 0);
});

describe('an endpoint', () => {
  test.each(['', 'x', 'unix://', 'unix://relative', 'ftp://node', 'tcp://node:1', '/run/x.sock'])(
    '"%s" is refused',
    (url) => {
      expect(() => DebugClient.forUrl(url)).toThrow('is not of the form unix:///path or http://host:port');
    },
  );

  test('with a client certificate is the kubelet’s, by the files that were named', async () => {
    const folder = temporaryFolder();
    const made = spawnSync('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'],
      ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'],
      ...['-keyout', `${folder}/key.pem`, '-out', `${folder}/cert.pem`],
    ]);
    expect(made.status).toBe(0);
    const [key, cert] = [fs.readFileSync(`${folder}/key.pem`), fs.readFileSync(`${folder}/cert.pem`)];
    const server = https.createServer({ key, cert, ca: cert, requestCert: true, rejectUnauthorized: true }, (_, to) =>
      to.end('pages'),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const url = `https://localhost:${(server.address() as AddressInfo).port}`;
    const ca = `ca=${folder}/cert.pem`;
    const trusted = clientOf(`${url},cert=${folder}/cert.pem,key=${folder}/key.pem,${ca}`);
    expect(await trusted.get('/', patient())).toBe('pages');
    expect(await rejection(clientOf(`${url},${ca}`).get('/', patient()))).toBeInstanceOf(Error);
    expect(() => DebugClient.forUrl(`${url},password=x`)).toThrow('is not cert=, key= or ca= with a file');
    expect(reasonOf(await rejection(clientOf(`${url},key=/nowhere`).get('/', patient())))).toBe(
      '/nowhere is not there',
    );
  });

  test('of the engine carries the debug pages on a socket and on a host', () => {
    const tls = { ca: Buffer.from(''), cert: Buffer.from(''), key: Buffer.from('') };
    const tcp = { kind: 'tcp', url: 'tcp://node-1:2376', host: 'node-1', port: 2376, tls } as const;
    expect(DebugClient.forEngine({ kind: 'unix', url: 'unix:///x', socketPath: '/x' }, openGate)?.url).toBe(
      'unix:///x',
    );
    expect(DebugClient.forEngine(tcp, openGate)?.url).toBe('tcp://node-1:2376');
  });

  test('of the engine over ssh does not', () => {
    const ssh = { kind: 'ssh', url: 'ssh://a@b', host: 'b', port: 22, user: 'a' } as const;
    expect(DebugClient.forEngine(ssh, openGate)).toBeNull();
  });
});
