import type http from 'node:http';
import type { Socket } from 'node:net';
import { clean } from '../../view/text.ts';
import { exitCodes, ReportedError } from '../process/exit-codes.ts';
import type { Guard } from './guard.ts';
import { formatAddress, type ListenAddress } from './listen-address.ts';
import { type Page, type PageFacts, pageFor } from './pages.ts';

/** `import` would read all that the module exports, and with it load Node's own undici: 6 MiB. */
const { createServer } = process.getBuiltinModule('node:http');

/** A server that answers. */
export interface Listening {
  /** With the port that was chosen, if 0 was asked for. */
  readonly address: ListenAddress;
  /** Ends all connections. */
  readonly close: () => void;
}

/** A client that takes longer than this to send a request, or to take its answer, is cut off; milliseconds. */
interface Patience {
  readonly headersMs: number;
  readonly requestMs: number;
  /** Without a byte in either direction. */
  readonly idleMs: number;
}

const usualPatience: Patience = { headersMs: 5000, requestMs: 10_000, idleMs: 15_000 };
/** Prometheus asks once a minute at the longest, on a connection that it keeps. */
const keepAliveMs = 75_000;
/** How often it is checked who takes too long. */
const checksPerPatience = 5;
const mostHeaderBytes = 8192;
/** Far more than those who scrape a node. */
const mostConnections = 64;

/**
 * Serves the pages.
 *
 * @param guard the protection of a web configuration file; null for plain HTTP for all
 *
 * @throws ReportedError if it cannot listen there
 */
export async function serve(
  address: ListenAddress,
  facts: PageFacts,
  guard: Guard | null = null,
  patience: Patience = usualPatience,
): Promise<Listening> {
  const limits = {
    maxHeaderSize: mostHeaderBytes,
    headersTimeout: patience.headersMs,
    requestTimeout: patience.requestMs,
    keepAliveTimeout: keepAliveMs,
    connectionsCheckingInterval: patience.headersMs / checksPerPatience,
  };
  const server = guard === null ? createServer(limits) : guard.createServer(limits, patience.headersMs);
  server.timeout = patience.idleMs;
  const answer: http.RequestListener = (request, response) => {
    void respond(request, response, facts, guard);
  };
  server.on('request', answer);
  // Otherwise Node.js would ask for the body.
  server.on('checkContinue', answer);
  const sockets = limitConnections(server);
  await listen(server, address);
  server.on('error', () => {});
  const bound = server.address();
  return {
    address: { ...address, port: typeof bound === 'object' && bound !== null ? bound.port : address.port },
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

async function respond(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  facts: PageFacts,
  guard: Guard | null,
): Promise<void> {
  const page = await pageOrFault(request, facts, guard);
  const { status, type, body, headers } = page;
  const hasBody = request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length']) > 0;
  response.writeHead(status, {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...headers,
    // Nothing of it is read.
    ...(hasBody ? { Connection: 'close' } : {}),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
  if (hasBody) response.once('finish', () => request.socket.destroySoon());
}

/** A fault of one page must not end the process. */
async function pageOrFault(request: http.IncomingMessage, facts: PageFacts, guard: Guard | null): Promise<Page> {
  try {
    return (await guard?.refuse(request)) ?? (await pageFor(request, facts));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    process.stderr.write(`rtwatch: ${clean(`${request.url}: ${why}`)}\n`);
    return { status: 500, type: 'text/plain; charset=utf-8', body: 'a fault of rtwatch: see its log\n' };
  }
}

/** Above the limit the oldest connection goes: a crowd of silent ones does not keep out one that asks. */
function limitConnections(server: http.Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    if (sockets.size <= mostConnections) return;
    const [oldest] = sockets;
    if (oldest !== undefined) {
      sockets.delete(oldest);
      oldest.destroy();
    }
  });
  return sockets;
}

async function listen(server: http.Server, address: ListenAddress): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen({ host: address.host, port: address.port }, resolve);
  try {
    await promise;
  } catch (error) {
    throw new ReportedError(`--listen ${formatAddress(address)}: ${whyNot(error)}`, exitCodes.badUsage);
  } finally {
    server.off('error', reject);
  }
}

function whyNot(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'EADDRINUSE':
      return 'the port is in use. Stop what listens there, or name another port';
    case 'EADDRNOTAVAIL':
      return 'this machine does not have the address';
    case 'EACCES':
      return 'permission denied. Ports below 1024 need root';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'the name has no address';
    default:
      return message;
  }
}
