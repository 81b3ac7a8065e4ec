import type Docker from 'dockerode';
import { describe, expect, test, vi } from 'vitest';
import { openEngine } from '../../../src/collect/engine/client.ts';
import { parseEndpoint } from '../../../src/collect/engine/endpoint.ts';

interface Modem {
  readonly host?: string;
  readonly port?: number | string;
  readonly protocol?: string;
  readonly username?: string;
  readonly socketPath?: unknown;
  readonly sshOptions?: { readonly agent?: string };
}

async function modemOf(url: string): Promise<Modem> {
  const engine: Docker = await openEngine(parseEndpoint(url, {}));
  return engine.modem as Modem;
}

test('a socket is asked by its path', async () => {
  const modem = await modemOf('unix:///run/x/docker.sock');
  expect(modem).toMatchObject({ socketPath: '/run/x/docker.sock', protocol: 'http' });
  expect(modem.host).toBeUndefined();
});

test('a host is asked by its name and port', async () => {
  expect(await modemOf('tcp://node-1:2375')).toMatchObject({ host: 'node-1', port: 2375, protocol: 'http' });
});

describe('what was asked for is not mixed with DOCKER_HOST', () => {
  test('when that is another host', async () => {
    vi.stubEnv('DOCKER_HOST', 'tcp://other:2375');
    const modem = await modemOf('unix:///run/x/docker.sock');
    vi.unstubAllEnvs();
    expect(modem.host).toBeUndefined();
    expect(modem.socketPath).toBe('/run/x/docker.sock');
  });

  test('when that is reached by ssh', async () => {
    vi.stubEnv('DOCKER_HOST', 'ssh://admin@other');
    const modem = await modemOf('unix:///run/x/docker.sock');
    vi.unstubAllEnvs();
    expect(modem).toMatchObject({ protocol: 'http', socketPath: '/run/x/docker.sock' });
    expect(modem.host).toBeUndefined();
  });

  test('when that is nonsense', async () => {
    vi.stubEnv('DOCKER_HOST', 'tcp://other:port');
    try {
      expect(await modemOf('unix:///run/x/docker.sock')).toMatchObject({ socketPath: '/run/x/docker.sock' });
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

test('over ssh the agent gives the key, as it does for the docker client', async () => {
  vi.stubEnv('SSH_AUTH_SOCK', '/tmp/agent.sock');
  const modem = await modemOf('ssh://admin@node-1:2222');
  vi.unstubAllEnvs();
  expect(modem).toMatchObject({ protocol: 'ssh', host: 'node-1', port: 2222, username: 'admin' });
  expect(modem.sshOptions?.agent).toBe('/tmp/agent.sock');
});
