import path from 'node:path';
import { isMap, isScalar, LineCounter, parseDocument, type YAMLMap } from 'yaml';

/** Who may ask, and how the connection is protected: the web configuration file of Prometheus' exporters (exporter-toolkit). */
export interface WebConfig {
  /** Null for plain HTTP. */
  readonly tls: TlsConfig | null;
  /** bcrypt hashes by user; empty if no password is needed. */
  readonly users: ReadonlyMap<string, string>;
}

/** Paths are absolute. */
export interface TlsConfig {
  readonly certFile: string;
  readonly keyFile: string;
  readonly clientCaFile: string | null;
  readonly clientAuth: ClientAuth;
  readonly minVersion: TlsVersion;
  readonly maxVersion: TlsVersion;
}

const clientAuths = [
  'NoClientCert',
  'RequestClientCert',
  'RequireAnyClientCert',
  'VerifyClientCertIfGiven',
  'RequireAndVerifyClientCert',
] as const;
type ClientAuth = (typeof clientAuths)[number];

const versions = { TLS12: 'TLSv1.2', TLS13: 'TLSv1.3' } as const;
type TlsVersion = (typeof versions)[keyof typeof versions];

/** What is wrong in the file, and where. */
export class WebConfigError extends Error {
  /** From 1; null if it is about all of the file. */
  readonly line: number | null;

  constructor(message: string, line: number | null) {
    super(message);
    this.line = line;
  }
}

const topKeys = ['tls_server_config', 'basic_auth_users'] as const;
const tlsKeys = ['cert_file', 'key_file', 'client_ca_file', 'client_auth_type', 'min_version', 'max_version'] as const;
const bcryptHash = /^\$2[aby]?\$(?:0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/;

/**
 * Parses a web configuration file. A key that exporter-toolkit knows and rtwatch does not is refused like an unknown one: a protection
 * that is configured must not be silently absent.
 *
 * @param folder of the file: relative paths in it begin there
 * @throws WebConfigError
 */
export function parseWebConfig(text: string, folder: string): WebConfig {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined)
    throw new WebConfigError(error.message, error.linePos?.[0].line ?? lines.linePos(error.pos[0]).line);
  if (document.contents === null) return { tls: null, users: new Map() };
  const top = new Section(document.contents, 'the file', lines);
  top.allow(topKeys);
  const tls = top.section('tls_server_config');
  const users = top.section('basic_auth_users');
  return { tls: tls === null ? null : tlsOf(tls, folder), users: users === null ? new Map() : usersOf(users) };
}

function tlsOf(section: Section, folder: string): TlsConfig {
  section.allow(tlsKeys);
  const file = (key: string): string | null => {
    const name = section.text(key);
    return name === null ? null : path.resolve(folder, name);
  };
  const certFile = file('cert_file');
  const keyFile = file('key_file');
  if (certFile === null || keyFile === null) section.fail('cert_file and key_file are both needed');
  const clientCaFile = file('client_ca_file');
  const clientAuth = section.choice('client_auth_type', clientAuths) ?? 'NoClientCert';
  if (clientCaFile !== null && clientAuth === 'NoClientCert') {
    section.fail('client_ca_file needs a client_auth_type, as RequireAndVerifyClientCert');
  }
  if (clientCaFile === null && clientAuth.includes('Verify')) section.fail(`${clientAuth} needs a client_ca_file`);
  const names = Object.keys(versions) as (keyof typeof versions)[];
  const minVersion = versions[section.choice('min_version', names) ?? 'TLS12'];
  const maxVersion = versions[section.choice('max_version', names) ?? 'TLS13'];
  if (minVersion > maxVersion) section.fail('min_version is above max_version');
  return { certFile, keyFile, clientCaFile, clientAuth, minVersion, maxVersion };
}

function usersOf(section: Section): ReadonlyMap<string, string> {
  return new Map(
    section.keys.map((user) => {
      const hash = section.text(user) ?? '';
      if (!bcryptHash.test(hash))
        section.fail(`the password of ${user} is no bcrypt hash, as htpasswd -nBC 10 "" makes it`, user);
      return [user, hash];
    }),
  );
}

/** A mapping of the file. */
class Section {
  readonly #map: YAMLMap;
  readonly #name: string;
  readonly #lines: LineCounter;

  constructor(node: unknown, name: string, lines: LineCounter) {
    this.#name = name;
    this.#lines = lines;
    if (!isMap(node)) throw new WebConfigError(`${name} is no mapping`, null);
    this.#map = node;
  }

  get keys(): readonly string[] {
    return this.#map.items.map(({ key }) => String(isScalar(key) ? key.value : key));
  }

  allow(known: readonly string[]): void {
    const odd = this.keys.find((key) => !known.includes(key));
    if (odd !== undefined) this.fail(`unknown key "${odd}" in ${this.#name}. Known are ${known.join(', ')}`, odd);
  }

  section(key: string): Section | null {
    const value: unknown = this.#map.get(key);
    if (value === undefined || value === null) return null;
    if (!isMap(value)) this.fail(`${key} is no mapping`, key);
    return new Section(value, key, this.#lines);
  }

  text(key: string): string | null {
    const value: unknown = this.#map.get(key);
    if (value === undefined || value === null || value === '') return null;
    if (typeof value !== 'string') this.fail(`${key} is no text`, key);
    return value;
  }

  choice<const C extends string>(key: string, choices: readonly C[]): C | null {
    const text = this.text(key);
    if (text === null) return null;
    const found = choices.find((one) => one === text);
    if (found === undefined) this.fail(`${key} is "${text}"; possible are ${choices.join(', ')}`, key);
    return found ?? null;
  }

  fail(message: string, key?: string): never {
    const pair = this.#map.items.find((item) => String(isScalar(item.key) ? item.key.value : item.key) === key);
    const node: unknown = pair?.key ?? this.#map;
    const start = (node as { readonly range?: readonly number[] | null }).range?.[0];
    throw new WebConfigError(message, start === undefined ? null : this.#lines.linePos(start).line);
  }
}
