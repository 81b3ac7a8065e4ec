import http from 'node:http';

/**
 * The body of a `GET` over a unix socket, on a connection of its own that is closed at once: what is asked is how much
 * the daemon has open.
 *
 * @throws when there is no answer within half a minute, or another one than 200
 */
export function ask(socketPath: string, path: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const signal = AbortSignal.timeout(30_000);
  const request = http.get({ socketPath, path, agent: false, signal, headers: { host: 'daemon' } }, (response) => {
    let body = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      body += chunk;
    });
    response.on('error', reject);
    response.on('end', () => {
      if (response.statusCode === 200) resolve(body);
      else reject(new Error(`GET ${path}: ${response.statusCode} ${body}`));
    });
  });
  request.on('error', reject);
  return promise;
}

/** The goroutine count that a Go daemon's pprof index page tells. */
export async function askGoroutines(socketPath: string): Promise<number> {
  const page = await ask(socketPath, '/debug/pprof/');
  const count = /(\d+)\D*goroutine\?debug=1/.exec(page)?.[1];
  if (count === undefined) throw new Error(`no goroutine count on the pprof index page:\n${page}`);
  return Number(count);
}
