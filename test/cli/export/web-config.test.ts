import { describe, expect, test } from 'vitest';
import { parseWebConfig, WebConfigError } from '../../../src/cli/export/web-config.ts';

const hash = '$2y$10$EYXs8IwOEwxCZWqJMKWQ6OvMPwcwlNl7vSWXxHyhM.zqnWO9v9dn.';
const parse = (text: string) => parseWebConfig(text, '/etc/rtwatch');
const lineAndWords = (text: string): [number | null, string] => {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof WebConfigError) return [error.line, error.message];
    throw error;
  }
  return [null, 'nothing is wrong'];
};

describe('a web configuration file', () => {
  test('of exporter-toolkit is read, and its paths begin at the file', () => {
    const text = `# comment
tls_server_config:
  cert_file: server.crt
  key_file: /keys/server.key
  client_auth_type: RequireAndVerifyClientCert
  client_ca_file: ../ca.crt
  min_version: TLS13
basic_auth_users:
  prometheus: ${hash}
  "a user": '${hash}'
`;
    expect(parse(text)).toEqual({
      tls: {
        certFile: '/etc/rtwatch/server.crt',
        keyFile: '/keys/server.key',
        clientCaFile: '/etc/ca.crt',
        clientAuth: 'RequireAndVerifyClientCert',
        minVersion: 'TLSv1.3',
        maxVersion: 'TLSv1.3',
      },
      users: new Map([
        ['prometheus', hash],
        ['a user', hash],
      ]),
    });
  });

  test('that says nothing protects nothing', () => {
    for (const text of ['', '# nothing\n', 'basic_auth_users:\n', '{}']) {
      expect(parse(text)).toEqual({ tls: null, users: new Map() });
    }
    expect(parse('tls_server_config: {cert_file: a, key_file: b}').tls).toMatchObject({
      clientAuth: 'NoClientCert',
      minVersion: 'TLSv1.2',
    });
  });

  test.each([
    ['tls_server_confg: {}', 1, /^unknown key "tls_server_confg" in the file\. Known are tls_server_config, basic/],
    ['http_server_config:\n  http2: true', 1, /^unknown key "http_server_config"/],
    [
      'tls_server_config:\n  cert_file: a\n  key_file: b\n  cipher_suites: []',
      4,
      /^unknown key "cipher_suites" in tls_server_config/,
    ],
    ['tls_server_config:\n  cert_file: a', 2, /cert_file and key_file are both needed/],
    [
      'tls_server_config:\n  cert_file: a\n  key_file: b\n  min_version: TLS10',
      4,
      /min_version is "TLS10"; possible are TLS12, TLS13/,
    ],
    [
      'tls_server_config:\n  cert_file: a\n  key_file: b\n  client_auth_type: Maybe',
      4,
      /client_auth_type is "Maybe"; possible are NoClientCert/,
    ],
    [
      'tls_server_config:\n  cert_file: a\n  key_file: b\n  client_ca_file: c',
      2,
      /client_ca_file needs a client_auth_type/,
    ],
    [
      'tls_server_config:\n  cert_file: a\n  key_file: b\n  client_auth_type: RequireAndVerifyClientCert',
      2,
      /needs a client_ca_file/,
    ],
    [
      'tls_server_config:\n  cert_file: a\n  key_file: b\n  min_version: TLS13\n  max_version: TLS12',
      2,
      /min_version is above max_version/,
    ],
    ['tls_server_config:\n  cert_file: 7\n  key_file: b', 2, /cert_file is no text/],
    ['tls_server_config: server.crt', 1, /tls_server_config is no mapping/],
    ['- a\n- b', null, /the file is no mapping/],
    [`basic_auth_users:\n  ok: $2x$10$${'a'.repeat(53)}`, 2, /the password of ok is no bcrypt hash/],
    ['basic_auth_users:\n  ok: x\n  bad: secret', 2, /the password of ok is no bcrypt hash/],
    [`basic_auth_users:\n  a: ${hash}\n  a: ${hash}`, 3, /Map keys must be unique/],
    ['basic_auth_users: [', 1, /./],
  ])('with %j is refused, with its line', (text, line, words) => {
    expect(lineAndWords(text)).toEqual([line, expect.stringMatching(words)]);
  });

  test('does not tell a password that was written in the place of its hash', () => {
    expect(lineAndWords('basic_auth_users:\n  ann: hunter2')[1]).not.toContain('hunter2');
  });
});
