import { describe, expect, test, vi } from 'vitest';
import { listContainers, openEngine } from '../../../src/collect/engine/client.ts';
import { parseEndpoint } from '../../../src/collect/engine/endpoint.ts';
import { openDockerode } from '../../../src/collect/engine/ssh.ts';
import { reasonOf } from '../../../src/collect/reason.ts';
import { openGate } from '../../support/open-gate.ts';
import { answer, StandIn } from '../stand-in.ts';

interface Modem {
  readonly host?: string;
  readonly port?: number | string;
  readonly protocol?: string;
  readonly username?: string;
  readonly sshOptions?: { readonly agent?: string };
}

function modemOf(url: string): Modem {
  const endpoint = parseEndpoint(url, {});
  if (endpoint.kind !== 'ssh') throw new Error(`${url} is not over ssh`);
  return openDockerode(endpoint).modem as Modem;
}

test('a socket is asked by its path', async () => {
  const server = await StandIn.listen({ '/x': (_, response) => void response.end('here') });
  const engine = await openEngine(server.endpoint, openGate);
  expect((await engine('/x', AbortSignal.timeout(5000))).statusCode).toBe(200);
});

test('a socket that is not there is refused as by connect(2), and nothing is loaded for it', async () => {
  const engine = await openEngine(parseEndpoint('unix:///nowhere/docker.sock', {}), openGate);
  const refused = await engine('/x', AbortSignal.timeout(5000)).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'ENOENT', message: 'connect ENOENT /nowhere/docker.sock' });
  expect(reasonOf(refused)).toBe('no such socket: /nowhere/docker.sock');
});

test('a host is asked by its name and port', async () => {
  const engine = await openEngine(parseEndpoint('tcp://127.0.0.1:1', {}), openGate);
  const refused = await engine('/x', AbortSignal.timeout(5000)).catch((error: unknown) => error);
  expect(reasonOf(refused)).toBe('nothing listens on 127.0.0.1:1 (connection refused)');
});

describe('what was asked for is not mixed with DOCKER_HOST', () => {
  test('when that is another host', () => {
    vi.stubEnv('DOCKER_HOST', 'tcp://other:2375');
    const modem = modemOf('ssh://admin@node-1');
    vi.unstubAllEnvs();
    expect(modem).toMatchObject({ protocol: 'ssh', host: 'node-1', port: 22 });
  });

  test('when that is reached by ssh', () => {
    vi.stubEnv('DOCKER_HOST', 'ssh://admin@other:2200');
    const modem = modemOf('ssh://admin@node-1');
    vi.unstubAllEnvs();
    expect(modem).toMatchObject({ protocol: 'ssh', host: 'node-1', port: 22 });
  });

  test('when that is nonsense', () => {
    vi.stubEnv('DOCKER_HOST', 'tcp://other:port');
    try {
      expect(modemOf('ssh://admin@node-1')).toMatchObject({ host: 'node-1', port: 22 });
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

test('over ssh the agent gives the key, as it does for the docker client', () => {
  vi.stubEnv('SSH_AUTH_SOCK', '/tmp/agent.sock');
  const modem = modemOf('ssh://admin@node-1:2222');
  vi.unstubAllEnvs();
  expect(modem).toMatchObject({ protocol: 'ssh', host: 'node-1', port: 2222, username: 'admin' });
  expect(modem.sshOptions?.agent).toBe('/tmp/agent.sock');
});

test('an API version that an engine rejects is not rtwatch’s, which requests none', async () => {
  const tooOld = 'client version 1.24 is too old. Minimum supported API version is 1.44, please upgrade your client';
  const server = await StandIn.listen({ '/containers/json': answer(JSON.stringify({ message: tooOld }), 400) });
  const engine = await openEngine(server.endpoint, openGate);
  const refused = await listContainers(engine, AbortSignal.timeout(5000)).catch((error: unknown) => error);
  expect(reasonOf(refused)).toContain('1.24 is too old. Minimum supported API version is 1.44');
  expect(reasonOf(refused)).toContain('rtwatch requests no version: a proxy in between adds one');
  expect(server.asked).toEqual(['/containers/json?all=true']);
});
