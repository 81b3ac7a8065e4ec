import fs from 'node:fs/promises';
import path from 'node:path';
import { fileTrouble } from '../../base/file-trouble.ts';
import { clean } from '../../view/text.ts';
import { exitCodes, ReportedError } from '../process/exit-codes.ts';
import { parseWebConfig, type TlsConfig, type WebConfig, WebConfigError } from './web-config.ts';

/** The protection of the port, with the content of the files that it names. */
export interface WebSecurity extends WebConfig {
  readonly keys: TlsKeys | null;
}

interface TlsKeys {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly ca: Buffer | null;
}

interface Loaded {
  readonly security: WebSecurity;
  /** Of all its files; another text when one of them changed. */
  readonly version: string;
}

/** As often as a change is looked for at most, milliseconds. */
const checkEveryMs = 1000;

/** A web configuration file, read again when it or a file that it names changes. */
export class WebConfigFile {
  readonly #file: string;
  readonly #onChange: (security: WebSecurity) => void;
  #loaded: Loaded;
  #checkedAt = performance.now();
  #isChecking = false;
  #said = '';

  private constructor(file: string, loaded: Loaded, onChange: (security: WebSecurity) => void) {
    this.#file = file;
    this.#loaded = loaded;
    this.#onChange = onChange;
  }

  /** @throws ReportedError */
  static async open(file: string, onChange: (security: WebSecurity) => void): Promise<WebConfigFile> {
    try {
      return new WebConfigFile(file, await load(file), onChange);
    } catch (error) {
      throw new ReportedError(`--web-config ${wordsOf(file, error)}`, exitCodes.badUsage);
    }
  }

  get security(): WebSecurity {
    return this.#loaded.security;
  }

  /** Looks for a change without being waited for: the disk may hang. An invalid file changes nothing, and is reported. */
  refresh(): void {
    const now = performance.now();
    if (this.#isChecking || now - this.#checkedAt < checkEveryMs) return;
    this.#isChecking = true;
    this.#checkedAt = now;
    void this.#check().finally(() => {
      this.#isChecking = false;
    });
  }

  async #check(): Promise<void> {
    try {
      const { security, version } = this.#loaded;
      if ((await versionOf(filesOf(this.#file, security.tls))) === version) return;
      const loaded = await load(this.#file);
      const { tls } = loaded.security;
      if (tls?.clientAuth !== security.tls?.clientAuth || tls?.minVersion !== security.tls?.minVersion) {
        throw new WebConfigError(
          'TLS is turned on or off, or asks clients for another certificate: that needs a restart',
          null,
        );
      }
      this.#loaded = loaded;
      this.#onChange(loaded.security);
      this.#say('read again');
    } catch (error) {
      this.#say(`${wordsOf(this.#file, error)}. It stays as it was`);
    }
  }

  /** Once, until it changes. */
  #say(what: string): void {
    if (what !== this.#said) process.stderr.write(`rtwatch: web configuration: ${what}\n`);
    this.#said = what === 'read again' ? '' : what;
  }
}

async function load(file: string): Promise<Loaded> {
  const config = parseWebConfig(await fs.readFile(file, 'utf8'), path.dirname(path.resolve(file)));
  const { tls } = config;
  const version = await versionOf(filesOf(file, tls));
  const keys = tls && {
    cert: await fs.readFile(tls.certFile),
    key: await fs.readFile(tls.keyFile),
    ca: tls.clientCaFile === null ? null : await fs.readFile(tls.clientCaFile),
  };
  if (keys !== null) tryKeys(keys);
  return { security: { ...config, keys }, version };
}

/** The two files are replaced one after the other: for a moment the key is not that of the certificate. */
function tryKeys({ cert, key, ca }: TlsKeys): void {
  try {
    process.getBuiltinModule('node:tls').createSecureContext({ cert, key, ...(ca === null ? {} : { ca }) });
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^.*:/, '') : String(error);
    throw new WebConfigError(`cert_file and key_file cannot be used together: ${why}`, null);
  }
}

const filesOf = (file: string, tls: TlsConfig | null): string[] =>
  [file, tls?.certFile, tls?.keyFile, tls?.clientCaFile].filter((one) => one !== undefined && one !== null);

async function versionOf(files: readonly string[]): Promise<string> {
  const stats = await Promise.all(files.map((file) => fs.stat(file)));
  return stats.map(({ dev, ino, size, mtimeMs }) => [dev, ino, size, mtimeMs].join(':')).join(' ');
}

function wordsOf(file: string, error: unknown): string {
  if (error instanceof WebConfigError && error.line !== null)
    return `${clean(file)}:${error.line}: ${clean(error.message)}`;
  // Of the certificate that it names, not of itself.
  const named = error instanceof Error && 'path' in error && error.path !== file ? `${error.path}: ` : '';
  return clean(`${file}: ${named}${fileTrouble(error)}`);
}
