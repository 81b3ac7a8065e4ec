import type { Dispatcher, H2CClient } from 'undici';
import { FrameSplitter, frame } from './grpc-frames.ts';

/** One method of a gRPC service: its path, and how its messages look on the wire. */
export interface GrpcMethod<Q, A> {
  /** `/package.Service/Method` */
  readonly path: string;
  readonly encode: (question: Q) => Uint8Array;
  readonly decode: (bytes: Uint8Array) => A;
}

interface CallOptions {
  readonly signal: AbortSignal;
  /** The containerd namespace; containerd's own services need one, the CRI and the events do not. */
  readonly namespace?: string;
}

/** The server answered with a status that is not OK. */
export class GrpcError extends Error {
  /** https://grpc.github.io/grpc/core/md_doc_statuscodes.html */
  readonly grpcStatus: number;

  constructor(grpcStatus: number, message: string) {
    super(message === '' ? `gRPC status ${grpcStatus}` : message);
    this.grpcStatus = grpcStatus;
  }
}

/** The server has no such method or service. */
export const unimplemented = 12;

/** A server refuses to send more than 16 MiB (defaults.DefaultMaxSendMsgSize of containerd). */
const maxMessageBytes = 16 * 1024 * 1024;
const connectTimeoutMs = 5000;
const maxWords = 500;

/**
 * gRPC over a unix socket: one connection, kept for as long as this is used. A client that connects anew for each request
 * leaks memory in CRI-O (cri-o#9360).
 */
export class GrpcClient {
  readonly socketPath: string;
  #client: Promise<H2CClient> | null = null;

  constructor(socketPath: string) {
    this.socketPath = socketPath;
  }

  /**
   * Sends one request.
   *
   * @throws GrpcError when the server refuses; another error when there is no connection, the signal aborts, or the answer is
   *   not of this protocol
   */
  async call<Q, A>(method: GrpcMethod<Q, A>, question: Q, options: CallOptions): Promise<A> {
    let answer: Uint8Array | null = null;
    // Read to the end: the status comes after the message.
    for await (const message of this.#messages(method, question, options)) answer ??= message;
    if (answer === null) throw new Error('the answer has no message');
    return method.decode(answer);
  }

  /**
   * The messages of a stream, as they come. The headers come with the first of them: on a quiet node after minutes.
   *
   * @throws as `call`
   */
  async *stream<Q, A>(method: GrpcMethod<Q, A>, question: Q, options: CallOptions): AsyncGenerator<A> {
    for await (const message of this.#messages(method, question, options)) yield method.decode(message);
  }

  /** Loads the library, so that the first request can be timed like the others. */
  async prepare(): Promise<void> {
    await this.#open();
  }

  close(): void {
    this.#client?.then((client) => client.destroy()).catch(() => {});
    this.#client = null;
  }

  async *#messages<Q, A>(
    method: GrpcMethod<Q, A>,
    question: Q,
    { signal, namespace }: CallOptions,
  ): AsyncGenerator<Uint8Array> {
    const client = await this.#open();
    const answer = await client.request({
      method: 'POST',
      path: method.path,
      // CRI-O takes a connection for gRPC only by exactly this type (soheilhy/cmux, HTTP2HeaderField).
      headers: {
        'content-type': 'application/grpc',
        te: 'trailers',
        ...(namespace === undefined ? {} : { 'containerd-namespace': namespace }),
      },
      body: frame(method.encode(question)),
      signal,
    });
    if (answer.statusCode !== 200) {
      await answer.body.dump();
      throw new Error(`HTTP ${answer.statusCode}`);
    }
    const splitter = new FrameSplitter(maxMessageBytes);
    for await (const chunk of answer.body as AsyncIterable<Buffer>) yield* splitter.push(chunk);
    checkStatus(answer);
  }

  #open(): Promise<H2CClient> {
    this.#client ??= open(this.socketPath);
    return this.#client;
  }
}

/** In the trailers after a message; in the headers where there is none. */
function checkStatus({ headers, trailers }: Dispatcher.ResponseData): void {
  const fields = { ...headers, ...trailers };
  const status = Number(fields['grpc-status']);
  if (status === 0) return;
  if (!Number.isInteger(status)) throw new Error('the answer was cut off');
  throw new GrpcError(status, decodeWords(String(fields['grpc-message'] ?? '')).slice(0, maxWords));
}

/** Percent-encoded UTF-8 (gRPC over HTTP2, Status-Message). */
function decodeWords(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

async function open(socketPath: string): Promise<H2CClient> {
  const { H2CClient } = await import('undici');
  const options = {
    socketPath,
    connect: { socketPath, timeout: connectTimeoutMs },
    // A request has a signal of its own, and the stream of events is silent on a quiet node.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 600_000,
    // grpc-go ends a connection that pings more often than every five minutes (ENHANCE_YOUR_CALM); undici's default is one.
    h2Options: { pingInterval: 0 },
  };
  return new H2CClient('http://localhost', options);
}
