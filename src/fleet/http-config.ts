import fs from 'node:fs/promises';
import path from 'node:path';
import type { SecureVersion } from 'node:tls';
import { parse, type Tags } from 'yaml';

/** How to reach an HTTP API, as promtool's `--http.config.file` says it. Files are read anew: tokens are replaced. */
export interface HttpConfig {
  /**
   * One after the other, and once for all that wait for it: a file that hangs holds one of the four threads that read files for good. Named
   * hosts are looked up on these threads too.
   */
  readonly read: () => Promise<HttpSettings>;
}

interface HttpSettings {
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsSettings;
}

interface TlsSettings {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
  readonly minVersion?: SecureVersion;
  readonly maxVersion?: SecureVersion;
}

/** The text is no HTTP configuration, or one that rtwatch cannot obey. */
export class BadHttpConfig extends Error {}

export const noHttpConfig: HttpConfig = { read: () => Promise.resolve({ headers: {}, tls: {} }) };

const known = ['basic_auth', 'authorization', 'bearer_token', 'bearer_token_file', 'tls_config'];
/** Settings of Prometheus that change nothing here, or not for the worse. */
const ignored = ['follow_redirects', 'enable_http2'];
const tlsVersions: Readonly<Record<string, SecureVersion>> = {
  TLS10: 'TLSv1',
  TLS11: 'TLSv1.1',
  TLS12: 'TLSv1.2',
  TLS13: 'TLSv1.3',
};

/**
 * @param folder to which the names of files are relative
 * @throws BadHttpConfig that names the setting
 */
export function parseHttpConfig(text: string, folder: string): HttpConfig {
  const whole = section(yamlOf(text), 'the file', [...known, ...ignored]) ?? {};
  const at = (file: string): string => path.resolve(folder, file);
  const authorization = authorizationOf(whole, at);
  const tls = tlsOf(whole, at);
  const read = async (): Promise<HttpSettings> => ({
    headers: authorization === null ? {} : { authorization: await authorization() },
    tls: await tls(),
  });
  let reading: Promise<HttpSettings> | null = null;
  const finished = (): void => {
    reading = null;
  };
  return {
    read: () => {
      if (reading === null) {
        reading = read();
        reading.then(finished, finished);
      }
      return reading;
    },
  };
}

type Settings = Readonly<Record<string, unknown>>;
type At = (file: string) => string;

function yamlOf(text: string): unknown {
  try {
    return parse(text, { customTags: (tags) => tags.filter((tag) => !isNumber(tag)) }) as unknown;
  } catch (error) {
    throw new BadHttpConfig(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
  }
}

/** Without numbers all is text as it stands, as in Go: the password 0123 is not 123. */
function isNumber(tag: Tags[number]): boolean {
  return typeof tag === 'object' && /:(?:int|float)$/.test(tag.tag);
}

/** A mapping with these settings only; null if it is absent. */
function section(value: unknown, name: string, settings: readonly string[]): Settings | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'object' || Array.isArray(value)) throw new BadHttpConfig(`${name} is no mapping`);
  const odd = Object.keys(value).find((key) => !settings.includes(key));
  if (odd !== undefined)
    throw new BadHttpConfig(`"${odd}" in ${name} is not supported. Known are: ${settings.join(', ')}`);
  return value as Settings;
}

function textOf(settings: Settings, name: string): string | null {
  const value = settings[name];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') throw new BadHttpConfig(`${name} is no text`);
  return value;
}

/** A secret that stands in the settings, or in a file. */
function secretOf(settings: Settings, name: string, file: string, at: At): (() => Promise<string>) | null {
  const [value, place] = [textOf(settings, name), textOf(settings, file)];
  if (value !== null && place !== null) throw new BadHttpConfig(`${name} and ${file} exclude each other`);
  if (value !== null) return () => Promise.resolve(value);
  return place === null ? null : async () => (await fs.readFile(at(place), 'utf8')).trim();
}

/** The value of the header Authorization; null for none. */
function authorizationOf(whole: Settings, at: At): (() => Promise<string>) | null {
  const basicNames = ['username', 'username_file', 'password', 'password_file'];
  const basic = section(whole['basic_auth'], 'basic_auth', basicNames);
  const bearer = section(whole['authorization'], 'authorization', ['type', 'credentials', 'credentials_file']);
  const old = secretOf(whole, 'bearer_token', 'bearer_token_file', at);
  if ([basic, bearer, old].filter((one) => one !== null).length > 1) {
    throw new BadHttpConfig('basic_auth, authorization and bearer_token exclude each other');
  }
  if (basic !== null) {
    const user = secretOf(basic, 'username', 'username_file', at);
    const password = secretOf(basic, 'password', 'password_file', at);
    return async () => {
      const pair = `${(await user?.()) ?? ''}:${(await password?.()) ?? ''}`;
      return `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
    };
  }
  if (bearer === null) return old === null ? null : async () => `Bearer ${await old()}`;
  const credentials = secretOf(bearer, 'credentials', 'credentials_file', at);
  const type = textOf(bearer, 'type') ?? 'Bearer';
  if (type.toLowerCase() === 'basic') throw new BadHttpConfig('authorization type Basic: use basic_auth');
  return credentials === null ? null : async () => `${type} ${await credentials()}`;
}

const tlsNames = ['ca', 'cert', 'key', 'ca_file', 'cert_file', 'key_file', 'server_name', 'insecure_skip_verify'];

function tlsOf(whole: Settings, at: At): () => Promise<TlsSettings> {
  const tls = section(whole['tls_config'], 'tls_config', [...tlsNames, 'min_version', 'max_version']) ?? {};
  const [ca, cert, key] = [
    secretOf(tls, 'ca', 'ca_file', at),
    secretOf(tls, 'cert', 'cert_file', at),
    secretOf(tls, 'key', 'key_file', at),
  ];
  const skips = tls['insecure_skip_verify'] ?? false;
  if (typeof skips !== 'boolean') throw new BadHttpConfig('insecure_skip_verify is neither true nor false');
  const servername = textOf(tls, 'server_name');
  const [minVersion, maxVersion] = [tlsVersion(tls, 'min_version'), tlsVersion(tls, 'max_version')];
  return async () => ({
    ...(ca === null ? {} : { ca: await ca() }),
    ...(cert === null ? {} : { cert: await cert() }),
    ...(key === null ? {} : { key: await key() }),
    ...(servername === null ? {} : { servername }),
    ...(skips ? { rejectUnauthorized: false } : {}),
    ...(minVersion === null ? {} : { minVersion }),
    ...(maxVersion === null ? {} : { maxVersion }),
  });
}

function tlsVersion(tls: Settings, name: string): SecureVersion | null {
  const text = textOf(tls, name);
  if (text === null) return null;
  const version = tlsVersions[text];
  if (version === undefined) throw new BadHttpConfig(`${name} is none of ${Object.keys(tlsVersions).join(', ')}`);
  return version;
}
