import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseEndpoint, resolveEndpoint } from '../../../src/collect/engine/endpoint.ts';
import { Tree, temporaryFolder } from '../../support/world.ts';

describe('an endpoint of the form', () => {
  test('unix:///path is a socket', () => {
    expect(parseEndpoint('unix:///run/user/1000/docker.sock', {})).toEqual({
      kind: 'unix',
      url: 'unix:///run/user/1000/docker.sock',
      socketPath: '/run/user/1000/docker.sock',
    });
  });

  test.each([
    ['tcp://10.0.0.7:2375', '10.0.0.7', 2375],
    ['tcp://node-1', 'node-1', 2375],
    ['http://node-1:8080', 'node-1', 8080],
    ['http://node-1:80', 'node-1', 80],
    ['tcp://[fd00::7]:2375', '[fd00::7]', 2375],
    ['tcp://node-1:2375/', 'node-1', 2375],
  ])('%s is plain', (url, host, port) => {
    expect(parseEndpoint(url, {})).toEqual({ kind: 'tcp', url, host, port, tls: null });
  });

  test.each([
    ['ssh://admin@node-1', 'node-1', 22, 'admin'],
    ['ssh://admin@node-1:2222', 'node-1', 2222, 'admin'],
    ['ssh://node-1', 'node-1', 22, os.userInfo().username],
  ])('%s is ssh', (url, host, port, user) => {
    expect(parseEndpoint(url, {})).toEqual({ kind: 'ssh', url, host, port, user });
  });

  test.each([
    '',
    'docker.sock',
    '/var/run/docker.sock',
    'unix://',
    'unix://relative.sock',
    'unix:/run/docker.sock',
    'tcp://',
    'ssh://',
    'npipe:////./pipe/docker_engine',
    'fd://',
    'node-1:2375',
    'tcp://node-1:port',
    'tcp://node-1:99999',
  ])('"%s" is refused, with the forms that are known', (url) => {
    expect(() => parseEndpoint(url, {})).toThrow(
      `docker host "${url}" is not of the form unix:///path, tcp://host:port or ssh://user@host`,
    );
  });
});

describe('with TLS', () => {
  const certificates = (...names: string[]): string => {
    const folder = temporaryFolder();
    for (const name of names) fs.writeFileSync(`${folder}/${name}`, name);
    return folder;
  };

  test('the three certificates are read, and the port is another', () => {
    const env = { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: certificates('ca.pem', 'cert.pem', 'key.pem') };
    expect(parseEndpoint('tcp://node-1', env)).toEqual({
      kind: 'tcp',
      url: 'tcp://node-1',
      host: 'node-1',
      port: 2376,
      tls: { ca: Buffer.from('ca.pem'), cert: Buffer.from('cert.pem'), key: Buffer.from('key.pem') },
    });
  });

  test('https asks for it by itself, and keeps the port that is given', () => {
    const env = { DOCKER_CERT_PATH: certificates('ca.pem', 'cert.pem', 'key.pem') };
    expect(parseEndpoint('https://node-1:8443', env)).toMatchObject({ port: 8443, tls: { ca: expect.any(Buffer) } });
    expect(parseEndpoint('https://node-1:443', env)).toMatchObject({ port: 443 });
    expect(parseEndpoint('https://node-1', env)).toMatchObject({ port: 2376 });
  });

  test('a certificate that is missing is named', () => {
    const folder = certificates('ca.pem', 'cert.pem');
    const env = { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: folder };
    expect(() => parseEndpoint('tcp://node-1', env)).toThrow(`${folder}/key.pem cannot be read`);
  });

  test('a socket needs none', () => {
    expect(parseEndpoint('unix:///run/docker.sock', { DOCKER_TLS_VERIFY: '1' })).toMatchObject({ kind: 'unix' });
  });

  test('an empty variable asks for nothing', () => {
    expect(parseEndpoint('tcp://node-1', { DOCKER_TLS_VERIFY: '' })).toMatchObject({ port: 2375, tls: null });
  });
});

/** A folder as `docker context` keeps it. */
function dockerConfig(config: unknown, contexts: Readonly<Record<string, unknown>> = {}): string {
  const folder = temporaryFolder();
  fs.writeFileSync(`${folder}/config.json`, typeof config === 'string' ? config : JSON.stringify(config));
  for (const [name, meta] of Object.entries(contexts)) {
    const digest = createHash('sha256').update(name).digest('hex');
    fs.mkdirSync(`${folder}/contexts/meta/${digest}`, { recursive: true });
    fs.writeFileSync(`${folder}/contexts/meta/${digest}/meta.json`, JSON.stringify(meta));
  }
  return folder;
}

const remote = { Name: 'remote', Endpoints: { docker: { Host: 'ssh://admin@node-7', SkipTLSVerify: false } } };
const rootless = { Name: 'rootless', Endpoints: { docker: { Host: 'unix:///run/user/7/docker.sock' } } };

describe('the endpoint is', () => {
  const contexts = (): string => dockerConfig({ currentContext: 'remote' }, { remote, rootless });

  test('what was asked for, before all else', () => {
    const env = { DOCKER_HOST: 'tcp://other:1', DOCKER_CONFIG: contexts() };
    expect(resolveEndpoint('unix:///x.sock', '/', env)).toMatchObject({ socketPath: '/x.sock' });
  });

  test('DOCKER_HOST, before any context', () => {
    const env = { DOCKER_HOST: 'unix:///h.sock', DOCKER_CONTEXT: 'rootless', DOCKER_CONFIG: contexts() };
    expect(resolveEndpoint(undefined, '/', env)).toMatchObject({ socketPath: '/h.sock' });
  });

  test('that of DOCKER_CONTEXT, before the one in use', () => {
    const env = { DOCKER_HOST: '', DOCKER_CONTEXT: 'rootless', DOCKER_CONFIG: contexts() };
    expect(resolveEndpoint(undefined, '/', env)).toMatchObject({ socketPath: '/run/user/7/docker.sock' });
  });

  test('that of the context in use', () => {
    expect(resolveEndpoint(undefined, '/', { DOCKER_CONFIG: contexts() })).toMatchObject({
      kind: 'ssh',
      host: 'node-7',
      user: 'admin',
    });
  });

  test('that of the context in use, with its own certificates', () => {
    const folder = dockerConfig(
      { currentContext: 'far' },
      { far: { Endpoints: { docker: { Host: 'tcp://node-9:2376' } } } },
    );
    const digest = createHash('sha256').update('far').digest('hex');
    const certificates = `${folder}/contexts/tls/${digest}/docker`;
    fs.mkdirSync(certificates, { recursive: true });
    for (const name of ['ca', 'cert', 'key']) fs.writeFileSync(`${certificates}/${name}.pem`, `its ${name}`);
    const endpoint = resolveEndpoint(undefined, '/', { DOCKER_CONFIG: folder });
    expect(endpoint).toMatchObject({ kind: 'tcp', host: 'node-9', tls: { cert: Buffer.from('its cert') } });
  });

  test.each([
    ['the context is the default one', { currentContext: 'default' }],
    ['no context is in use', { auths: {} }],
    ['the context has no name', { currentContext: '' }],
    ['the configuration is no JSON', '{'],
    ['the configuration is no object', 'null'],
  ])('the default socket when %s', (_, config) => {
    expect(resolveEndpoint(undefined, '/', { DOCKER_CONFIG: dockerConfig(config) })).toEqual({
      kind: 'unix',
      url: 'unix:///var/run/docker.sock',
      socketPath: '/var/run/docker.sock',
    });
  });

  test('the default socket when DOCKER_CONTEXT says default, whatever is in use', () => {
    const env = { DOCKER_CONTEXT: 'default', DOCKER_CONFIG: contexts() };
    expect(resolveEndpoint(undefined, '/', env)).toMatchObject({ socketPath: '/var/run/docker.sock' });
  });

  test.each([
    ['that is not there', {}],
    ['without an endpoint of docker', { Endpoints: { kubernetes: {} } }],
    ['whose host is no word', { Endpoints: { docker: { Host: 7 } } }],
  ])('refused, by name, with a context %s', (what, meta) => {
    const folder = dockerConfig({ currentContext: 'broken' }, what === 'that is not there' ? {} : { broken: meta });
    expect(() => resolveEndpoint(undefined, '/', { DOCKER_CONFIG: folder })).toThrow(
      `docker context "broken" has no readable endpoint in ${folder}`,
    );
  });
});

describe('below the node’s root', () => {
  const env = { DOCKER_CONFIG: '/nonexistent' };

  test('the socket is looked for in /run first, because /var/run is a link that leads out', () => {
    const tree = new Tree().write('run/docker.sock', '').write('var/run/docker.sock', '');
    expect(resolveEndpoint(undefined, tree.rootfs, env)).toMatchObject({
      socketPath: `${tree.rootfs}/run/docker.sock`,
    });
  });

  test('it is found in /var/run where there is no /run', () => {
    const tree = new Tree().write('var/run/docker.sock', '');
    expect(resolveEndpoint(undefined, tree.rootfs, env)).toMatchObject({
      socketPath: `${tree.rootfs}/var/run/docker.sock`,
    });
  });

  test('it is named where it would be when there is none', () => {
    const { rootfs } = new Tree();
    expect(resolveEndpoint(undefined, rootfs, env)).toMatchObject({ url: `unix://${rootfs}/run/docker.sock` });
    // A URL of a unix socket has a whole path.
    const relative = path.relative(process.cwd(), rootfs);
    expect(resolveEndpoint(undefined, relative, env)).toMatchObject({ url: `unix://${rootfs}/run/docker.sock` });
  });
});
