import type http from 'node:http';
import zlib from 'node:zlib';
import { answer, type Handler, neverAnswer } from '../collect/stand-in.ts';

/** Sends its headers, and then a byte a second, for as long as someone reads. */
export const trickle: Handler = (_, response) => {
  response.writeHead(200);
  response.flushHeaders();
  const timer = setInterval(() => response.write('x'), 1000);
  response.on('close', () => clearInterval(timer));
};

/** Never ends its body: as much as the other side takes. */
export const endless =
  (nextChunk: () => string): Handler =>
  (_, response) => {
    const more = (): void => {
      while (!response.destroyed && response.write(nextChunk()));
    };
    response.writeHead(200);
    response.on('drain', more);
    more();
  };

/** Half of a gzipped answer that nobody asked to be gzipped. */
const truncatedGzip: Handler = (_, response) => {
  const whole = zlib.gzipSync(JSON.stringify({ Version: '1', memstats: {}, list: 'x'.repeat(5000) }));
  response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'application/json' });
  response.end(whole.subarray(0, whole.length / 2));
};

/** Answers well, but only after so long. */
export const late =
  (ms: number, handler: Handler): Handler =>
  (request, response) => {
    const timer = setTimeout(() => handler(request, response), ms);
    response.on('close', () => clearTimeout(timer));
  };

/** The connection is cut in the middle of the answer. */
const cut: Handler = (_, response) => {
  response.writeHead(200);
  response.write('{"Version":', () => response.socket?.destroy());
};

/** Closes what it has told, each time after one event. */
export const oneEventAtATime =
  (event: object): Handler =>
  (_, response) => {
    response.writeHead(200).end(`${JSON.stringify(event)}\n`);
  };

const type =
  (contentType: string, body: string | Buffer): Handler =>
  (_, response) => {
    response.writeHead(200, { 'content-type': contentType }).end(body);
  };

const garbage = Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7919) % 256));
const hugeNumbers = `{"memstats":{"HeapAlloc":1e999,"HeapInuse":-1e999,"Sys":1e999,"NumGC":1e999},"NGoroutines":1e999,"Version":1e999}`;
const redirect: Handler = (request: http.IncomingMessage, response) => {
  response.writeHead(302, { location: request.url ?? '/' }).end();
};

/** What a daemon, or whatever sits on its socket, can answer to everything; none of it is an answer. */
export const misbehaviours: Readonly<Record<string, Handler>> = {
  'accepts and is silent': neverAnswer,
  'sends headers and then a byte a second': trickle,
  'answers after every deadline': late(30_000, answer('OK')),
  'cuts gzip off that nobody asked for': truncatedGzip,
  'answers with a web page': type('text/html', `<!DOCTYPE html><html>${'<p>Bad gateway</p>'.repeat(500)}</html>`),
  'answers with garbage': type('application/json', garbage),
  'answers with nothing at all': type('application/json', ''),
  'answers with numbers that are none': type('application/json', hugeNumbers),
  'answers with a list in a list in a list': type('application/json', '['.repeat(100_000) + ']'.repeat(100_000)),
  'answers with objects in objects': type('application/json', '{"a":'.repeat(50_000)),
  'knows no page (404)': answer('{"message":"page not found"}', 404),
  'fails at everything (500)': answer('{"message":"write /run: no space left on device"}', 500),
  'fails without an end (500)': trickle500,
  'sends everyone elsewhere, and back (302)': redirect,
  'cuts the connection in the middle of the answer': cut,
  'hangs up at once': (_, response) => response.socket?.destroy(),
};

function trickle500(request: http.IncomingMessage, response: http.ServerResponse): void {
  response.statusCode = 500;
  const writeHead = response.writeHead.bind(response);
  response.writeHead = ((status: number) => writeHead(status === 200 ? 500 : status)) as typeof response.writeHead;
  trickle(request, response);
}
