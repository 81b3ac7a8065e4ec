import type http from 'node:http';
import type { Handler } from '../stand-in.ts';

/** The container API of an engine, as a test scripts it. */
export class EngineScript {
  list: unknown[] = [];
  /** What the engine remembers, and tells to whoever opens the stream. */
  past: object[] = [];
  /** The streams that are open. */
  readonly streams: http.ServerResponse[] = [];
  /** The query of each time a stream was opened. */
  readonly opened: URLSearchParams[] = [];
  readonly routes: Record<string, Handler> = {
    '/containers/json': (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(this.list));
    },
    '/events': (request, response) => {
      this.opened.push(new URL(request.url ?? '', 'http://x').searchParams);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.flushHeaders();
      for (const event of this.past) response.write(`${JSON.stringify(event)}\n`);
      this.streams.push(response);
    },
  };

  /** Something happens now: those who listen are told, and the engine remembers it. */
  emit(event: object): void {
    this.past.push(event);
    for (const stream of this.streams) stream.write(`${JSON.stringify(event)}\n`);
  }

  /** The engine ends; whether it closes its streams or cuts them. */
  drop(how: 'end' | 'destroy'): void {
    for (const stream of this.streams.splice(0)) stream[how]();
  }
}

export const containerEvent = (id: string, action: string, at: number, attributes: object = {}): object => ({
  Type: 'container',
  Action: action,
  Actor: { ID: id, Attributes: { name: 'web-1', ...attributes } },
  time: Math.floor(at / 1000),
  timeNano: at * 1e6,
});

export const listed = (id: string, change: object = {}): object => ({
  Id: id,
  Names: [`/c-${id.slice(0, 4)}`],
  Image: 'busybox',
  Created: 1795241900,
  State: 'running',
  Status: 'Up 3 hours',
  Labels: {},
  ...change,
});
