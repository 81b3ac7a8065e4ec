import { render } from 'ink-testing-library';
import type { Actions } from '../../src/app/actions/actions.ts';
import type { KeyRecorder } from '../../src/app/actions/key-recorder.ts';
import { App } from '../../src/app/app.tsx';
import { splitInput } from '../../src/app/terminal/split-input.ts';
import type { TerminalEvent } from '../../src/app/terminal/terminal-input.ts';
import { zoneOf } from '../../src/base/zone.ts';
import { LiveSource } from '../../src/timeline/live-source.ts';
import type { LinkHandlers } from '../../src/wire/link.ts';
import { startingState } from '../../src/wire/link.ts';
import { nothingKept, plainText, plainTheme } from './render.tsx';
import type * as scenes from './scenes.ts';
import { waitFor } from './wait-for.ts';

export const escapeKey = '\u001b';
export const enter = '\r';

let unmount = (): void => {};
/** Takes down the app that was opened last. */
export const closeApp = (): void => unmount();

export interface Opened {
  readonly press: (keys: string) => void;
  /** Waits for a frame that holds a text. */
  readonly shows: (text: string | RegExp) => Promise<string>;
  /** Focuses the containers: while something is wrong, the findings have the focus first. */
  readonly onContainers: () => Promise<void>;
  readonly frame: () => string;
  /** All there were. */
  readonly frames: () => readonly string[];
  readonly feed: LinkHandlers;
  readonly intervals: number[];
  readonly closed: () => boolean;
  /** What the terminal was sent besides frames. */
  readonly written: readonly string[];
}

/**
 * The app on a link that the test feeds.
 *
 * @param trouble what could not be read at the start
 */
export function openApp(
  scene: scenes.Scene,
  actions: Actions | null = null,
  recorder: KeyRecorder | null = null,
  trouble: string | null = null,
): Opened {
  let feed: LinkHandlers | undefined;
  let closed = false;
  const intervals: number[] = [];
  const written: string[] = [];
  const listeners = new Set<(event: TerminalEvent) => void>();
  const openLink = (handlers: LinkHandlers) => {
    feed = handlers;
    handlers.onState({ ...startingState, status: 'live' });
    for (const sample of scene) handlers.onSample(sample);
    return {
      close: () => {
        closed = true;
      },
      setInterval: (ms: number) => intervals.push(ms),
    };
  };
  const app = render(
    <App
      source={new LiveSource({ open: openLink, recorder, intervalMs: 1000 })}
      actions={actions}
      theme={{ ...plainTheme, otherZone: zoneOf(() => 540) }}
      printTo={{ folder: '/nonexistent', command: [] }}
      kept={{ ...nothingKept, trouble }}
      write={(sequence) => written.push(sequence)}
      onTerminalEvent={(listener) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      }}
    />,
  );
  unmount = app.unmount;
  const frame = (): string => plainText(app.lastFrame() ?? '');
  // As `TerminalInput` divides what a terminal sends.
  const press = (keys: string): void => {
    const { pieces, pending } = splitInput(keys);
    for (const piece of pieces) {
      if (piece.kind === 'text') app.stdin.write(piece.text);
      else for (const listener of listeners) listener(piece);
    }
    if (pending !== '') app.stdin.write(pending);
  };
  const shows = (text: string | RegExp): Promise<string> =>
    waitFor(
      `a frame with ${text}\n${frame()}`,
      () => (typeof text === 'string' ? frame().includes(text) : text.test(frame())) && frame(),
    );
  return {
    press,
    shows,
    onContainers: async () => {
      await shows('kube-system/');
      press('2');
      await shows(/▸.*kube-system\/fluentd/);
    },
    frame,
    frames: () => app.frames,
    get feed(): LinkHandlers {
      if (feed === undefined) throw new Error('the link was not opened');
      return feed;
    },
    intervals,
    closed: () => closed,
    written,
  };
}

/** A node on which each action fails. */
export const refused: Actions = {
  goroutines: () => Promise.reject(new Error('HTTP 404')),
  heap: () => Promise.reject(new Error('HTTP 404')),
  planSignalDump: () =>
    Promise.resolve({ pid: 901, will: ['SIGUSR1 goes to dockerd (pid 901).', 'It writes its stacks and goes on.'] }),
  signalDump: () => Promise.reject(new Error('no file came')),
  // As the commands say it, with their subject.
  dump: (daemon) => Promise.reject(new Error(`goroutine dump of ${daemon}: connection refused`)),
  bundle: () => Promise.reject(new Error('bundle: disk full')),
  inspect: () => Promise.reject(new Error('no answer within 5s')),
  followLog: () => () => {},
};
