import fs from 'node:fs';
import type { Readable } from 'node:stream';
import type { buildConnector, Client } from 'undici';
import type { Endpoint, Tls } from '../engine/endpoint.ts';
import { type Gate, notAsked } from '../engine/gate.ts';
import { expectSocket } from '../engine/socket.ts';

/** Answers longer than this are cut off: counts and figures are a few kilobytes. */
const maxBodyBytes = 4 * 1024 * 1024;

/**
 * A keep-alive connection to a daemon's HTTP endpoint: one, with one request on it at a time, so that watching a daemon
 * costs it one connection and no more, whatever state it is in.
 */
export class DebugClient {
  /** As a person would type it. */
  readonly url: string;
  /** Whether the pages of net/http/pprof can be expected. CRI-O has only one, which lists every goroutine. */
  readonly hasPprof: boolean;
  readonly #connect: () => Promise<Client>;
  #client: Promise<Client> | null = null;

  private constructor(url: string, connect: () => Promise<Client>, hasPprof = true) {
    this.url = url;
    this.hasPprof = hasPprof;
    this.#connect = connect;
  }

  /**
   * For the socket of CRI-O's API, which speaks HTTP/1 too. Of its paths `/pause` and `/unpause` change the node, and
   * `/debug/heap` stops it.
   */
  static forCrio(socketPath: string): DebugClient {
    return new DebugClient(`unix://${socketPath}`, () => open('http://localhost', { socketPath }), false);
  }

  /** The page that lists each goroutine; of CRI-O since 1.32. */
  get goroutinesPath(): string {
    return this.hasPprof ? '/debug/pprof/goroutine?debug=2' : '/debug/goroutines';
  }

  /**
   * For `unix:///path`, `http://host:port` or `https://host:port`. Files in PEM form can follow, separated by commas:
   * `cert=`, `key=` of a client certificate and `ca=` of the server's issuer, as the kubelet needs them.
   *
   * @param gate null for a socket that was found with the process that listens on it
   * @throws when the URL has another form; a file that cannot be read fails the first request
   */
  static forUrl(url: string, gate: Gate | null = null): DebugClient {
    const socketPath = /^unix:\/\/(\/.+)$/.exec(url)?.[1];
    if (socketPath !== undefined) return new DebugClient(url, () => open('http://localhost', { socketPath, gate }));
    const [address = '', ...files] = url.split(',');
    if (!URL.canParse(address) || !/^https?:/.test(url)) {
      throw new Error(`"${url}" is not of the form unix:///path or http://host:port`);
    }
    const named = files.map(tlsFile);
    return new DebugClient(url, async () =>
      open(new URL(address).origin, named.length === 0 ? {} : { tls: readTls(named) }),
    );
  }

  /** For the engine's own endpoint; null over ssh, which only carries the API. */
  static forEngine(endpoint: Endpoint, gate: Gate): DebugClient | null {
    if (endpoint.kind === 'unix') return DebugClient.forUrl(endpoint.url, gate);
    if (endpoint.kind === 'ssh') return null;
    const { tls, host, port, url } = endpoint;
    return new DebugClient(url, () => open(`${tls === null ? 'http' : 'https'}://${host}:${port}`, { tls }));
  }

  /**
   * The body of a GET that succeeds.
   *
   * @throws when there is no connection, the status is not 200, the body is too long, or the signal aborts
   */
  async get(path: string, signal: AbortSignal): Promise<string> {
    let text = '';
    await this.read(path, { signal, maxBytes: maxBodyBytes }, (piece) => {
      text += piece;
    });
    return text;
  }

  /**
   * The body of a GET as text, piece by piece.
   *
   * @throws as `get`
   */
  async read(
    path: string,
    { signal, maxBytes }: { readonly signal: AbortSignal; readonly maxBytes: number },
    take: (piece: string) => void,
  ): Promise<void> {
    const body = await this.stream(path, signal);
    body.setEncoding('utf8');
    let length = 0;
    for await (const piece of body as AsyncIterable<string>) {
      length += piece.length;
      if (length > maxBytes) throw new Error(`more than ${maxBytes} bytes`);
      take(piece);
    }
  }

  /**
   * The body of a GET as it arrives.
   *
   * @throws as `get`
   */
  async stream(path: string, signal: AbortSignal): Promise<Readable> {
    const client = await this.#open();
    const { statusCode, body } = await client.request({ path, method: 'GET', signal });
    if (statusCode === 200) return body;
    await body.dump();
    throw Object.assign(new Error(`HTTP ${statusCode}`), { statusCode });
  }

  /** Loads what is needed, so that the first request can be timed like the others. */
  async prepare(): Promise<void> {
    try {
      await this.#open();
    } catch {
      // The request says why.
    }
  }

  async #open(): Promise<Client> {
    this.#client ??= this.#connect();
    try {
      return await this.#client;
    } catch (error) {
      // The socket can be there the next time.
      this.#client = null;
      throw error;
    }
  }

  close(): void {
    this.#client?.then((client) => client.destroy()).catch(() => {});
    this.#client = null;
  }
}

function tlsFile(text: string): readonly [name: string, file: string] {
  const [, name, file] = /^(cert|key|ca)=(\/.+)$/.exec(text) ?? [];
  if (name === undefined || file === undefined) throw new Error(`"${text}" is not cert=, key= or ca= with a file`);
  return [name, file];
}

function readTls(files: readonly (readonly [name: string, file: string])[]): Partial<Tls> {
  return Object.fromEntries(files.map(([name, file]) => [name, fs.readFileSync(file)]));
}

interface Via {
  readonly socketPath?: string;
  readonly gate?: Gate | null;
  readonly tls?: Partial<Tls> | null;
}

async function open(origin: string, { socketPath, gate = null, tls }: Via): Promise<Client> {
  if (socketPath !== undefined) expectSocket(socketPath);
  const { buildConnector, Client } = await import('undici');
  const options = { ...(socketPath === undefined ? {} : { socketPath }), ...(tls ?? {}) };
  return new Client(origin, {
    pipelining: 1,
    // Every request has its own signal; these only bound a forgotten one.
    headersTimeout: 120_000,
    bodyTimeout: 120_000,
    connect: socketPath === undefined || gate === null ? options : gated(buildConnector(options), gate, socketPath),
  });
}

/**
 * Asks right before connect(2), not before the request: when a connection is closed, the client opens another for the requests that
 * wait for it.
 */
function gated(connect: buildConnector.connector, gate: Gate, socketPath: string): buildConnector.connector {
  return (options, done) => {
    const reason = gate(socketPath);
    if (reason === null) connect(options, done);
    else done(notAsked(reason), null);
  };
}
