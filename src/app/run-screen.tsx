import fs from 'node:fs';
import tty from 'node:tty';
import { render } from 'ink';
import type { ReactNode } from 'react';
import { App, type AppProps } from './app.tsx';
import { JobControl } from './terminal/job-control.tsx';
import { KilledNotice } from './terminal/killed-notice.tsx';
import { MouseModes, mouseSwitch } from './terminal/mouse-modes.tsx';
import { TerminalInput } from './terminal/terminal-input.ts';
import type { TerminalProps } from './terminal/terminal-props.ts';
import { wholeFrames } from './terminal/whole-frames.ts';

export interface ScreenOptions extends Omit<AppProps, keyof TerminalProps> {
  /** The terminal reports presses and the wheel of the mouse. */
  readonly mouse: boolean;
  /** Standard input carries samples, so keys are read from the terminal. */
  readonly stdinTaken: boolean;
}

/** The screen of one node, until the reader quits. */
export async function runScreen({ stdinTaken, mouse, ...props }: ScreenOptions): Promise<void> {
  await runTerminal((terminal) => <App {...props} {...terminal} />, {
    stdinTaken,
    mouse,
    isInner: props.isInner ?? false,
  });
}

/** How a screen uses the terminal. */
interface TerminalOptions extends Pick<ScreenOptions, 'mouse' | 'stdinTaken'> {
  /** Another screen waits for the terminal: it cannot be stopped with Ctrl-Z, because that one could not go on. */
  readonly isInner?: boolean;
}

/**
 * Draws until the reader quits. Ink restores the terminal on every exit that a process can see: quit, signal, exception.
 */
export async function runTerminal(
  screen: (terminal: TerminalProps) => ReactNode,
  { stdinTaken, mouse, isInner = false }: TerminalOptions,
): Promise<void> {
  // Without its terminal, the screen exits.
  process.stdout.on('error', () => process.exit(0));
  const { stdout } = process;
  stdout.write = wholeFrames(stdout.write.bind(stdout));
  const input = new TerminalInput(stdinTaken ? new tty.ReadStream(fs.openSync('/dev/tty', 'r')) : process.stdin);
  const write = (sequence: string): void => void process.stdout.write(sequence);
  const setMouse = mouse ? mouseSwitch(write) : null;
  const giveAway = async <T,>(use: () => Promise<T>): Promise<T> => {
    setMouse?.(false);
    // Ink reads no more, but a read that has begun would take the next key. It can be stopped once the stream knows that no one listens.
    await new Promise((resolve) => setImmediate(resolve));
    process.stdin.pause();
    try {
      return await use();
    } finally {
      setMouse?.(true);
    }
  };
  const drawn = screen({ write, onTerminalEvent: input.subscribe, giveAway });
  const app = setMouse === null ? drawn : <MouseModes set={setMouse}>{drawn}</MouseModes>;
  const outer = (
    <KilledNotice>
      <JobControl mouse={setMouse}>{app}</JobControl>
    </KilledNotice>
  );
  const { waitUntilExit } = render(isInner ? app : outer, {
    // Of a stream Ink uses what `TerminalInput` has.
    stdin: input as unknown as NodeJS.ReadStream,
    alternateScreen: true,
    incrementalRendering: true,
    exitOnCtrlC: false,
    // The caller checked for a terminal; Ink would also check for CI.
    interactive: true,
    maxFps: 20,
  });
  await waitUntilExit();
}
