import fs from 'node:fs';
import http from 'node:http';
import type { Random } from './random.ts';

export type Mood = 'well' | 'mixed' | 'silent' | 'failing';

const containers = JSON.stringify(
  Array.from({ length: 40 }, (_, index) => ({
    Id: `${index}`.padStart(2, '0').padEnd(64, 'c0ffee'),
    Names: [`/web-${index}`],
    Image: 'busybox',
    State: index % 9 === 0 ? 'exited' : 'running',
    Status: 'Up 3 hours',
    Labels: {},
  })),
);
const inspect = JSON.stringify({ Id: 'c0ffee', State: { Status: 'running', Pid: 901 }, Mounts: [] });

/** What a daemon that is well answers, by the beginning of the path. */
const answers: readonly (readonly [path: RegExp, body: string])[] = [
  [/^(?:\/v[\d.]+)?\/_ping/, 'OK'],
  [/\/version$/, '{"Version":"20.10.24","ApiVersion":"1.41","Components":[]}'],
  [/\/info$/, '{"NGoroutines":60,"Containers":40,"LiveRestoreEnabled":true}'],
  [/\/containers\/json/, containers],
  [/\/containers\/[^/]+\/json/, inspect],
  [/\/debug\/vars/, '{"memstats":{"HeapAlloc":1000000,"HeapInuse":2000000,"HeapSys":4000000,"NumGC":3}}'],
  [/goroutine/, 'goroutine profile: total 60\n60 @ 0x1 0x2\n#\t0x1\tmain.wait+0x1\t/a/b.go:1\n\n'],
  [/\/debug\/pprof\/?/, '<html><a href="goroutine?debug=1">60 goroutine</a></html>'],
];

/** A daemon on a unix socket that is well, hangs, fails, cuts off or talks nonsense, as chance has it. */
export class ChaosDaemon {
  readonly socketPath: string;
  readonly #random: Random;
  readonly #server: http.Server;
  mood: Mood = 'well';

  constructor(socketPath: string, random: Random) {
    this.socketPath = socketPath;
    this.#random = random;
    this.#server = http.createServer((request, response) => this.#answer(request.url ?? '', response));
    this.#server.on('clientError', (_, socket) => socket.destroy());
    this.listen();
  }

  /** Is there, again. */
  listen(): void {
    if (this.#server.listening) return;
    fs.rmSync(this.socketPath, { force: true });
    this.#server.listen(this.socketPath);
  }

  /** Is gone, with all its connections. */
  vanish(): void {
    this.#server.closeAllConnections();
    if (this.#server.listening) this.#server.close();
  }

  #answer(url: string, response: http.ServerResponse): void {
    response.on('error', () => {});
    const misbehaves =
      this.mood === 'silent' || this.mood === 'failing' || (this.mood === 'mixed' && this.#random.chance(0.4));
    if (misbehaves) {
      this.#misbehave(response);
      return;
    }
    if (/\/events/.test(url)) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write(`{"Type":"container","Action":"start","Actor":{"ID":"${'c0'.repeat(32)}"},"time":1795000000}\n`);
      return;
    }
    const [, body] = answers.find(([path]) => path.test(url.split('?')[0] ?? '')) ?? [];
    response.writeHead(body === undefined ? 404 : 200).end(body ?? '{"message":"page not found"}');
  }

  #misbehave(response: http.ServerResponse): void {
    const way =
      this.mood === 'silent' ? 'hang' : this.#random.pick(['hang', 'fail', 'cut', 'nonsense', 'flood', 'slow']);
    switch (way) {
      case 'fail':
        response.writeHead(500).end('{"message":"\u001b[31mcontext deadline exceeded\u001b[2J"}');
        break;
      case 'cut':
        response.writeHead(200, { 'content-length': '1000000' });
        response.write('[{"Id":', () => response.destroy());
        break;
      case 'nonsense':
        response
          .writeHead(200)
          .end(String.fromCharCode(...Array.from({ length: 200 }, () => this.#random.between(1, 255))));
        break;
      case 'flood':
        response.writeHead(200);
        for (let piece = 0; piece < 16; piece++) response.write('x'.repeat(256 * 1024));
        response.end();
        break;
      case 'slow':
        setTimeout(() => response.writeHead(200).end('OK'), 3000).unref();
        break;
      default:
      // It never answers.
    }
  }
}
