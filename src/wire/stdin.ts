import type { Readable } from 'node:stream';
import { Lines } from '../child/lines.ts';
import { type Link, type LinkHandlers, startingState } from './link.ts';
import { decodeSample } from './ndjson.ts';

/** Reads samples from a stream: `ssh node rtwatch sample | rtwatch watch -`. */
export function openStream(input: Readable, handlers: LinkHandlers): Link {
  const lines = new Lines();
  let live = false;
  const end = (detail: string): void => {
    input.destroy();
    handlers.onState({ ...startingState, status: 'ended', detail });
  };
  input.setEncoding('utf8');
  input.on('data', (chunk: string) => {
    try {
      for (const line of lines.feed(chunk)) {
        handlers.onSample(decodeSample(line));
        if (!live) handlers.onState({ ...startingState, status: 'live' });
        live = true;
      }
    } catch (error) {
      end(`standard input: ${error instanceof Error ? error.message : String(error)}`);
    }
  });
  input.on('end', () => end(live ? 'the samples ended' : 'no sample came'));
  input.on('error', (error) => end(error.message));
  return { close: () => input.destroy(), setInterval: null };
}
