import { gap, type Pattern } from './pattern.ts';

export const profileRequest: Pattern = {
  id: 'profile-request',
  title: 'The request that asked for this dump',
  meaning: 'It is there because a profile was read.',
  versions: 'any Go program',
  references: [],
  harmless: true,
  noun: null,
  signatures: [
    { steps: [gap, 'runtime/pprof.(*Profile).WriteTo'] },
    { steps: [gap, 'runtime/pprof.writeGoroutineStacks'] },
  ],
};

export const httpHandler: Pattern = {
  id: 'http-handler',
  title: 'HTTP requests that are being answered',
  meaning:
    'Each holds a connection, its file descriptor and the buffers of it. A few are normal; a number that only grows ' +
    'means that requests do not finish, and the group they are in says what they wait for.',
  versions: 'any Go program',
  references: [],
  harmless: true,
  noun: null,
  signatures: [
    {
      steps: [gap, 'net/http.serverHandler.ServeHTTP', 'net/http.(*conn).serve'],
    },
    { steps: [gap, 'net/http.serverHandler.ServeHTTP', gap, 'net/http.(*http2serverConn).runHandler'] },
    // A profile of debug=1 shows 32 frames of a stack, before Go 1.23: the server's end may be missing.
    { steps: [gap, 'server/middleware.VersionMiddleware.WrapHandler.func*'] },
  ],
};

export const httpIdleConnection: Pattern = {
  id: 'http-idle-connection',
  title: 'HTTP connections that wait for the next request',
  meaning: 'Clients that keep their connection open. Normal, while their number stays small.',
  versions: 'any Go program',
  references: [],
  harmless: true,
  noun: null,
  signatures: [
    { steps: [gap, 'net/http.(*conn).readRequest', 'net/http.(*conn).serve'] },
    { steps: [gap, 'bufio.(*Reader).Peek', 'net/http.(*conn).serve'] },
  ],
};

export const httpConnectionReader: Pattern = {
  id: 'http-connection-reader',
  title: 'Clients that still wait for their answer',
  meaning:
    'One for each request whose client is still connected. A handler without one has lost its client: ' +
    'no client gets its answer.',
  versions: 'any Go program',
  references: [],
  harmless: true,
  noun: null,
  signatures: [{ steps: [gap, 'net/http.(*connReader).backgroundRead'] }],
};
