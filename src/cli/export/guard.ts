import type { IncomingMessage, Server, ServerOptions } from 'node:http';
import type https from 'node:https';
import type { TLSSocket } from 'node:tls';
import { BasicAuth } from './basic-auth.ts';
import type { Page } from './pages.ts';
import { WebConfigFile, type WebSecurity } from './web-config-file.ts';

/** TLS and passwords of the port. */
export interface Guard {
  readonly isTls: boolean;
  readonly createServer: (limits: ServerOptions, handshakeMs: number) => Server;
  /** What to answer instead of the page; null if it may be seen. */
  readonly refuse: (request: IncomingMessage) => Promise<Page | null>;
}

const plain = 'text/plain; charset=utf-8';
/** They say nothing of the node, and the kubelet has no password. */
const open = ['/healthz', '/readyz'];

/**
 * The protection that a web configuration file describes.
 *
 * @throws ReportedError if the file cannot be used
 */
export async function openGuard(file: string): Promise<Guard> {
  const auth = new BasicAuth();
  let server: https.Server | null = null;
  const config = await WebConfigFile.open(file, (security) => {
    server?.setSecureContext(secureContext(security));
  });
  return {
    isTls: config.security.tls !== null,
    createServer: (limits, handshakeMs) => {
      if (config.security.tls === null) return process.getBuiltinModule('node:http').createServer(limits);
      server = process.getBuiltinModule('node:https').createServer({
        ...limits,
        ...secureContext(config.security),
        ...clientCertificates(config.security),
        handshakeTimeout: handshakeMs,
      });
      server.on('connection', () => config.refresh());
      server.on('secureConnection', (socket) => {
        if (!isCertified(socket, config.security)) socket.destroy();
      });
      return server;
    },
    refuse: async ({ headers, url }) => {
      config.refresh();
      const { users } = config.security;
      if (users.size === 0 || open.includes(url ?? '')) return null;
      switch (await auth.check(headers.authorization, users)) {
        case 'right':
          return null;
        case 'wrong':
          return { status: 401, type: plain, body: 'unauthorized\n', headers: { 'WWW-Authenticate': 'Basic' } };
        case 'busy':
          return {
            status: 503,
            type: plain,
            body: 'too many passwords are being checked\n',
            headers: { 'Retry-After': '5' },
          };
      }
    },
  };
}

function secureContext({ tls, keys }: WebSecurity): https.ServerOptions {
  if (tls === null || keys === null) return {};
  const { minVersion, maxVersion } = tls;
  return { cert: keys.cert, key: keys.key, minVersion, maxVersion, ...(keys.ca === null ? {} : { ca: keys.ca }) };
}

function clientCertificates({ tls }: WebSecurity): https.ServerOptions {
  const kind = tls?.clientAuth ?? 'NoClientCert';
  // Of those that are rejected here the handshake fails; the others are judged when it is over.
  return { requestCert: kind !== 'NoClientCert', rejectUnauthorized: kind === 'RequireAndVerifyClientCert' };
}

function isCertified(socket: TLSSocket, { tls }: WebSecurity): boolean {
  const hasOne = socket.getPeerX509Certificate() !== undefined;
  switch (tls?.clientAuth) {
    case 'RequireAnyClientCert':
      return hasOne;
    case 'VerifyClientCertIfGiven':
      return !hasOne || socket.authorized;
    case 'RequireAndVerifyClientCert':
      return socket.authorized;
    default:
      return true;
  }
}
