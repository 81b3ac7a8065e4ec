import { type ContainerEvent, parseContainerEvent } from '../../parse/engine/event.ts';
import { failed, ok, pending, type Reading } from '../../sample/reading.ts';
import { keepOpen } from '../keep-open.ts';
import { reasonOf } from '../reason.ts';
import { askEngine, type Engine } from './request.ts';

/** What changes the list, or answers a signal. Health checks and execs would only make noise. */
const actions = [
  ...['create', 'start', 'kill', 'die', 'stop', 'oom', 'restart'],
  ...['pause', 'unpause', 'rename', 'update', 'destroy'],
];
/** An event is some hundred bytes, or megabytes where labels are (each carries all labels of its container). */
const maxLineLength = 8 * 1024 * 1024;

interface EventStreamHandlers {
  /** The stream is open; the engine now sends the events it remembers (the last 256), then new ones. */
  readonly onOpen: () => void;
  readonly onEvent: (event: ContainerEvent) => void;
}

/** The engine's event stream, opened again with growing pauses whenever it ends. */
export class EventStream {
  #reading: Reading<{ seen: number }> | null = null;
  #openingSince = performance.now();
  readonly #engine: () => Promise<Engine>;
  readonly #handlers: EventStreamHandlers;
  readonly #stop = new AbortController();
  #seen = 0;

  constructor(engine: () => Promise<Engine>, handlers: EventStreamHandlers) {
    this.#engine = engine;
    this.#handlers = handlers;
  }

  /** Whether it is open, and how many events it has sent; while it opens, for how long. */
  get reading(): Reading<{ seen: number }> {
    return this.#reading ?? pending(performance.now() - this.#openingSince, 'the event stream is not open yet');
  }

  /** Runs until `close`; never rejects. */
  run(): Promise<void> {
    const onEnd = (error: unknown): void => {
      this.#reading = failed(
        error === null ? 'the engine closed the event stream' : `event stream: ${reasonOf(error)}`,
      );
    };
    return keepOpen({ follow: () => this.#follow(), onEnd }, this.#stop.signal);
  }

  close(): void {
    this.#stop.abort();
  }

  async #follow(): Promise<void> {
    this.#openingSince = performance.now();
    const engine = await this.#engine();
    // Any time in the past: the engine starts with what it still remembers.
    const query = new URLSearchParams({ since: '1', filters: JSON.stringify({ type: ['container'], event: actions }) });
    const stream = await askEngine(engine, `/events?${query}`, this.#stop.signal);
    this.#seen = 0;
    this.#reading = ok({ seen: 0 }, 0);
    this.#handlers.onOpen();
    let rest: string[] = [];
    let length = 0;
    stream.setEncoding('utf8');
    for await (const chunk of stream as AsyncIterable<string>) {
      const [first = '', ...others] = chunk.split('\n');
      rest.push(first);
      length += first.length;
      for (const line of others) {
        this.#take(rest.join(''));
        rest = [line];
        length = line.length;
      }
      if (length > maxLineLength) throw new Error('a line of the event stream is too long');
    }
  }

  #take(line: string): void {
    const event = parseContainerEvent(line);
    if (event === null) return;
    this.#reading = ok({ seen: ++this.#seen }, 0);
    this.#handlers.onEvent(event);
  }
}
