import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { BadHttpConfig, parseHttpConfig } from '../../src/fleet/http-config.ts';

const settings = (text: string, folder = '/') => parseHttpConfig(text, folder).read();
const headers = async (text: string, folder?: string) => (await settings(text, folder)).headers;

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-http-config-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), text);
  return folder;
}

test('an empty file asks for nothing', async () => {
  expect(await settings('')).toEqual({ headers: {}, tls: {} });
});

test('basic_auth gives user and password, also from files beside the file', async () => {
  expect(await headers('basic_auth: {username: ann, password: "se:cret"}')).toEqual({
    authorization: `Basic ${Buffer.from('ann:se:cret').toString('base64')}`,
  });
  const folder = folderWith({ secret: 'word\n' });
  expect(await headers('basic_auth:\n  username: ann\n  password_file: secret\n', folder)).toEqual({
    authorization: `Basic ${Buffer.from('ann:word').toString('base64')}`,
  });
});

test('a password of digits is text as it stands', async () => {
  expect(await headers('basic_auth: {username: 007, password: 1e5}')).toEqual({
    authorization: `Basic ${Buffer.from('007:1e5').toString('base64')}`,
  });
});

test('authorization gives a token, and reads its file anew for each request', async () => {
  expect(await headers('authorization: {credentials: abc}')).toEqual({ authorization: 'Bearer abc' });
  expect(await headers('authorization: {type: Token, credentials: abc}')).toEqual({ authorization: 'Token abc' });
  expect(await headers('bearer_token: abc')).toEqual({ authorization: 'Bearer abc' });
  const folder = folderWith({ token: 'one\n' });
  const config = parseHttpConfig('authorization: {credentials_file: token}', folder);
  expect((await config.read()).headers).toEqual({ authorization: 'Bearer one' });
  fs.writeFileSync(path.join(folder, 'token'), 'two\n');
  expect((await config.read()).headers).toEqual({ authorization: 'Bearer two' });
});

test('files are read one after the other, and once for all that wait', async () => {
  const folder = folderWith({ 'ca.pem': 'CA' });
  const token = path.join(folder, 'token');
  // Its read hangs until somebody writes.
  execFileSync('mkfifo', [token]);
  const config = parseHttpConfig('{bearer_token_file: token, tls_config: {ca_file: ca.pem}}', folder);
  const first = config.read();
  expect(config.read()).toBe(first);
  fs.writeFileSync(token, 'one\n');
  expect(await first).toEqual({ headers: { authorization: 'Bearer one' }, tls: { ca: 'CA' } });
  const second = config.read();
  fs.writeFileSync(token, 'two\n');
  expect((await second).headers).toEqual({ authorization: 'Bearer two' });
  fs.rmSync(token);
  await expect(config.read()).rejects.toThrow('ENOENT');
  fs.writeFileSync(token, 'three\n');
  expect((await config.read()).headers).toEqual({ authorization: 'Bearer three' });
});

test('tls_config gives files, name and versions', async () => {
  const folder = folderWith({ 'ca.pem': 'CA' });
  const text = 'tls_config: {ca_file: ca.pem, server_name: prom, min_version: TLS12, insecure_skip_verify: true}';
  expect((await settings(text, folder)).tls).toEqual({
    ca: 'CA',
    servername: 'prom',
    minVersion: 'TLSv1.2',
    rejectUnauthorized: false,
  });
});

test('a file that is not there is named when it is read', async () => {
  await expect(headers('bearer_token_file: gone', folderWith({}))).rejects.toThrow('gone');
});

describe('what cannot be obeyed is refused', () => {
  test.each([
    ['oauth2: {client_id: x}', '"oauth2" in the file is not supported'],
    ['basic_auth: {user: ann}', '"user" in basic_auth is not supported'],
    ['basic_auth: ann', 'basic_auth is no mapping'],
    ['- a', 'the file is no mapping'],
    ['basic_auth: {password: a, password_file: b}', 'password and password_file exclude each other'],
    ['{basic_auth: {username: a}, authorization: {credentials: b}}', 'exclude each other'],
    ['authorization: {type: Basic, credentials: x}', 'use basic_auth'],
    ['tls_config: {insecure_skip_verify: 1}', 'neither true nor false'],
    ['tls_config: {min_version: SSL3}', 'min_version is none of TLS10'],
    ['bearer_token: [a]', 'bearer_token is no text'],
    ['a: [', 'Flow sequence'],
  ])('%s', (text, words) => {
    expect(() => parseHttpConfig(text, '/')).toThrow(BadHttpConfig);
    expect(() => parseHttpConfig(text, '/')).toThrow(words);
  });
});
