import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hideSecrets, hideSecretsInText } from '../../src/view/secrets.ts';

const shown = (value: unknown): string => JSON.stringify(hideSecrets(value));

describe('the secrets of an inspect', () => {
  test('are the values of all environment variables', () => {
    expect(hideSecrets({ Config: { Env: ['PATH=/bin', 'PASSWORD=hunter22', 'EMPTY=', 'ODD'] } })).toEqual({
      Config: { Env: ['PATH=…', 'PASSWORD=…', 'EMPTY=…', 'ODD=…'] },
    });
  });

  test('are labels and fields that are named like one', () => {
    const labels = {
      'com.example.db-password': 'hunter22',
      'vault.TOKEN': 'hunter22',
      'kubectl.kubernetes.io/last-applied-configuration': '{"x":"hunter22"}',
      'com.example.role': 'db',
      'org.opencontainers.image.authors': 'Ada',
    };
    const text = shown({
      Config: { Labels: labels },
      HostConfig: { LogConfig: { Config: { 'splunk-token': 'hunter22' } } },
    });
    expect(text).not.toContain('hunter22');
    expect(text).toContain('Ada');
    expect(text).toContain('"com.example.role":"db"');
  });

  test('are the values of options, beside the option or after it', () => {
    const text = shown({
      Args: ['--password', 'hunter22', '--api-key=hunter22', '--verbose', '--dsn', '--level', 'info'],
    });
    expect(text).not.toContain('hunter22');
    expect(text).toContain('--verbose');
    expect(text).toContain('"--level","info"');
  });

  test('are copies of a secret variable wherever they stand, also under another name', () => {
    const value = {
      Config: { Env: ['DB_PASSWORD=hunter22'], Cmd: ['run', '--with=hunter22'], Labels: { hunter22: 'x' } },
    };
    expect(shown(value)).not.toContain('hunter22');
  });

  test('do not include where the network namespace is', () => {
    const value = { NetworkSettings: { SandboxKey: '/var/run/docker/netns/abc' } };
    expect(hideSecrets(value)).toEqual(value);
  });
});

describe('the secrets of a text', () => {
  test.each([
    'postgres://app:hunter22@db:5432/x',
    'https://hunter22@github.com/a/b',
    'redis://:hunter22@cache',
    'amqp://u:hunt@er22@mq/',
    'curl -H "Authorization: Bearer hunter22" http://x',
    'Authorization: Basic hunter22==',
    'export TOKEN=hunter22; run',
    'run --client-secret hunter22 -v',
    "run --password='hunter22 with space'",
    '{"password": "hunter22"}',
    '{\\"apiKey\\":\\"hunter22\\"}',
    'PGPASSWORD=hunter22 psql',
    'auth_token: hunter22',
  ])('are gone from %s', (text) => {
    expect(hideSecretsInText(text)).not.toMatch(/hunter22|er22/);
    expect(hideSecretsInText(text)).toContain('…');
  });

  test.each([
    '/bin/sh -c exec sleep 99999',
    'http://host:8080/path',
    'dd if=/dev/zero of=/data bs=1M',
    'ssh root@host',
  ])('are none in %s', (text) => {
    expect(hideSecretsInText(text)).toBe(text);
  });

  test('never come through an option, whatever they are made of', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9!#%^*()_+./~]{8,20}$/);
    fc.assert(
      fc.property(secret, fc.constantFrom('password', 'DB_TOKEN', 'api-key', 'client_secret'), (value, name) => {
        for (const text of [`--${name}=${value}`, `${name}: "${value}"`, `--${name} ${value} --more`])
          expect(hideSecretsInText(text).replaceAll(name, '')).not.toContain(value);
      }),
    );
  });

  test('of any value leave something that can be shown', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.stringify(hideSecrets(value))).toBeTypeOf('string');
      }),
    );
  });
});
