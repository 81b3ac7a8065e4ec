import http from 'node:http';
import { onTestFinished, vi } from 'vitest';
import { letEventsRun, waitFor } from '../support/wait-for.ts';
import { temporaryFolder } from '../support/world.ts';

export type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => void;

/** Takes the request and never answers. */
export const neverAnswer: Handler = () => {};

export const answer =
  (body: string, status = 200): Handler =>
  (_, response) => {
    response.writeHead(status).end(body);
  };

/** Promises more than it sends, then cuts the connection. */
export const cutOff =
  (body: string): Handler =>
  (_, response) => {
    response.writeHead(200, { 'content-length': '1000000' });
    response.write(body, () => response.destroy());
  };

/** An HTTP server on a unix socket, in the place of a daemon. Its routes can be changed while it runs. */
export class StandIn {
  readonly socketPath: string;
  /** What was asked so far, e.g. `/_ping`. */
  readonly asked: string[] = [];
  /** Questions without an answer, now and at most. */
  open = 0;
  mostOpen = 0;
  connections = 0;
  /** By path, without the query. */
  readonly routes: Record<string, Handler>;
  readonly #server: http.Server;

  private constructor(routes: Record<string, Handler>, socketPath: string) {
    this.routes = routes;
    this.socketPath = socketPath;
    this.#server = http.createServer((request, response) => {
      this.asked.push(request.url ?? '');
      this.mostOpen = Math.max(this.mostOpen, ++this.open);
      response.on('close', () => this.open--);
      (this.routes[this.#pathOf(request)] ?? answer('{"message":"page not found"}', 404))(request, response);
    });
    this.#server.on('connection', () => this.connections++);
  }

  static async listen(routes: Record<string, Handler>, socketPath = `${temporaryFolder()}/s`): Promise<StandIn> {
    const standIn = new StandIn(routes, socketPath);
    await new Promise<void>((resolve) => standIn.#server.listen(socketPath, resolve));
    onTestFinished(() => standIn.close());
    return standIn;
  }

  get url(): string {
    return `unix://${this.socketPath}`;
  }

  get endpoint(): { readonly kind: 'unix'; readonly url: string; readonly socketPath: string } {
    return { kind: 'unix', url: this.url, socketPath: this.socketPath };
  }

  /** How often a path was asked for. */
  count(path: string): number {
    return this.asked.filter((url) => url.split('?')[0] === path).length;
  }

  /** What a restart does to those who are connected. */
  dropConnections(): void {
    this.#server.closeAllConnections();
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #pathOf(request: http.IncomingMessage): string {
    return (request.url ?? '').split('?')[0] ?? '';
  }
}

/** From here on time passes only when the test says so; sockets work as ever. */
export function holdTime(): void {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance', 'Date'],
  });
  onTestFinished(() => {
    vi.useRealTimers();
  });
}

/** Lets held time pass, with turns for the sockets before and after. */
export async function pass(ms: number): Promise<void> {
  await letEventsRun();
  await vi.advanceTimersByTimeAsync(ms);
  await letEventsRun();
}

/** Looks, letting held time pass for as long as the look waits; at most half a second. */
export async function look<T>(collect: () => Promise<T>): Promise<T> {
  let settled = false;
  const started = performance.now();
  const answered = collect();
  const note = (): void => {
    settled = true;
  };
  answered.then(note, note);
  await letEventsRun();
  await waitFor('a look that ends within half a second', async () => {
    if (settled) return true;
    if (performance.now() - started >= 500) throw new Error('it still waits');
    await pass(10);
    return settled;
  });
  return answered;
}
