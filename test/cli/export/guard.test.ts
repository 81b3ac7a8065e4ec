import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import https from 'node:https';
import os from 'node:os';
import path from 'node:path';
import { hashSync } from 'bcryptjs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { openGuard } from '../../../src/cli/export/guard.ts';
import { type Listening, serve } from '../../../src/cli/export/server.ts';
import { waitFor } from '../../support/wait-for.ts';

let certificates = '';
let folder = '';
const open: (() => void)[] = [];
const said = vi.spyOn(process.stderr, 'write');

function makeCertificate(name: string): void {
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'],
    ...['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1'],
    ...['-keyout', path.join(certificates, `${name}.key`), '-out', path.join(certificates, `${name}.crt`)],
  ]);
  expect(made.status).toBe(0);
}

const pem = (file: string): Buffer => fs.readFileSync(path.join(certificates, file));

beforeAll(() => {
  certificates = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-certificates-'));
  for (const name of ['first', 'second', 'client']) makeCertificate(name);
});
afterAll(() => fs.rmSync(certificates, { recursive: true, force: true }));
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-guard-'));
  said.mockReset().mockReturnValue(true);
});
afterEach(() => {
  for (const close of open.splice(0)) close();
  fs.rmSync(folder, { recursive: true, force: true });
});

const write = (text: string): string => {
  const file = path.join(folder, 'web.yml');
  fs.writeFileSync(`${file}.new`, text);
  fs.renameSync(`${file}.new`, file);
  return file;
};

async function started(text: string): Promise<Listening> {
  const facts = { metrics: async () => 'up 1\n', notReady: () => null, version: '1' };
  const server = await serve({ host: '127.0.0.1', port: 0 }, facts, await openGuard(write(text)));
  open.push(server.close);
  return server;
}

interface Answer {
  readonly status: number;
  readonly name: string;
}

/** Over TLS: the status, and whose certificate the server has. An error is thrown. */
function ask({ address }: Listening, options: https.RequestOptions = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = https.get(
      { ...address, path: '/metrics', agent: false, rejectUnauthorized: false, ...options },
      (response) => {
        const { socket } = response as unknown as { readonly socket: import('node:tls').TLSSocket };
        const name = socket.getPeerCertificate().subject.CN;
        response.resume().on('end', () => resolve({ status: response.statusCode ?? 0, name: String(name) }));
        response.on('error', reject);
      },
    );
    request.on('error', reject);
  });
}

const tls = (more = '', name = 'first'): string =>
  `tls_server_config:\n  cert_file: ${certificates}/${name}.crt\n  key_file: ${certificates}/${name}.key\n${more}`;

describe('the guarded port', () => {
  test('speaks TLS from 1.2 on, and no plain HTTP', async () => {
    const server = await started(tls());
    expect(await ask(server)).toEqual({ status: 200, name: 'first' });
    expect(await ask(server, { ca: pem('first.crt'), rejectUnauthorized: true })).toMatchObject({ status: 200 });
    await expect(
      ask(server, { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' }),
    ).rejects.toThrow();
    await expect(fetch(`http://127.0.0.1:${server.address.port}/metrics`)).rejects.toThrow();
  });

  test.each([
    ['RequestClientCert', [200, 200, 200]],
    ['RequireAnyClientCert', ['refused', 200, 200]],
    ['VerifyClientCertIfGiven', [200, 'refused', 200]],
    ['RequireAndVerifyClientCert', ['refused', 'refused', 200]],
  ])('with %s takes no certificate, a foreign one and the right one as its name says', async (type, expected) => {
    const server = await started(tls(`  client_auth_type: ${type}\n  client_ca_file: ${certificates}/client.crt\n`));
    const clients = [
      {},
      { key: pem('second.key'), cert: pem('second.crt') },
      { key: pem('client.key'), cert: pem('client.crt') },
    ];
    const answers = await Promise.all(
      clients.map((one) =>
        ask(server, one).then(
          ({ status }) => status,
          () => 'refused',
        ),
      ),
    );
    expect(answers).toEqual(expected);
  });

  test('asks for a password, but not for whether it is healthy and ready', async () => {
    const server = await started(`basic_auth_users:\n  ann: ${hashSync('secret', 4)}\n`);
    const url = `http://127.0.0.1:${server.address.port}`;
    const status = async (page: string, headers = {}): Promise<number> =>
      (await fetch(`${url}${page}`, { headers })).status;
    const right = { Authorization: `Basic ${btoa('ann:secret')}` };
    expect(await status('/metrics', right)).toBe(200);
    expect(await status('/metrics')).toBe(401);
    expect(await status('/')).toBe(401);
    expect(await status('/metrics', { Authorization: `Basic ${btoa('ann:wrong')}` })).toBe(401);
    expect([await status('/healthz'), await status('/readyz')]).toEqual([200, 200]);
    expect((await fetch(`${url}/metrics`)).headers.get('www-authenticate')).toBe('Basic');
  });

  test('takes a new certificate and new passwords without a restart, and keeps the old ones when the new are invalid', async () => {
    const hash = hashSync('secret', 4);
    const server = await started(tls());
    expect(await ask(server)).toMatchObject({ status: 200, name: 'first' });
    write(`${tls('', 'second')}basic_auth_users:\n  ann: ${hash}\n`);
    await waitFor('the new file', async () => (await ask(server)).name === 'second');
    expect(await ask(server)).toMatchObject({ status: 401 });
    expect(await ask(server, { auth: 'ann:secret' })).toMatchObject({ status: 200 });
    write('tls_server_config: nonsense\n');
    await waitFor('the complaint', async () => {
      await ask(server);
      return said.mock.calls.join('').includes('web.yml:1: tls_server_config is no mapping. It stays as it was');
    });
    write(`${tls().replace('first.key', 'second.key')}basic_auth_users: {}\n`);
    await waitFor('the complaint', async () => {
      expect(await ask(server)).toMatchObject({ status: 401 });
      return said.mock.calls.join('').includes('key values mismatch. It stays as it was');
    });
    write('basic_auth_users: {}\n');
    await waitFor('the complaint', async () => {
      await ask(server);
      return said.mock.calls.join('').includes('that needs a restart');
    });
    expect(await ask(server)).toMatchObject({ status: 401, name: 'second' });
  });

  test('of a file that cannot be used is refused', async () => {
    await expect(openGuard(path.join(folder, 'none.yml'))).rejects.toMatchObject({
      exitCode: 64,
      message: expect.stringMatching(/^--web-config .*none\.yml: there is no such file/),
    });
    await expect(openGuard(write('a: b\n'))).rejects.toMatchObject({
      message: expect.stringMatching(/^--web-config .*web\.yml:1: unknown key "a"/),
    });
    const mixed = `  cert_file: ${certificates}/first.crt\n  key_file: ${certificates}/second.key\n`;
    await expect(openGuard(write(`tls_server_config:\n${mixed}`))).rejects.toMatchObject({
      exitCode: 64,
      message: expect.stringContaining('cert_file and key_file cannot be used together: key values mismatch'),
    });
    const noKey = write(`tls_server_config:\n  cert_file: ${certificates}/first.crt\n  key_file: none\n`);
    await expect(openGuard(noKey)).rejects.toMatchObject({
      exitCode: 64,
      message: expect.stringMatching(/web\.yml: .*\/none: there is no such file/),
    });
  });
});
