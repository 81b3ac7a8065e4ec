import fs from 'node:fs';
import tty from 'node:tty';
import { render } from 'ink';
import { App, type AppProps } from './app.tsx';
import { JobControl } from './job-control.tsx';
import { MouseModes, mouseSwitch } from './mouse-modes.tsx';
import { TerminalInput } from './terminal-input.ts';

export interface ScreenOptions extends Omit<AppProps, 'write' | 'onTerminalEvent'> {
  /** The terminal reports presses and the wheel of the mouse. */
  readonly mouse: boolean;
  /** Standard input carries samples, so keys are read from the terminal. */
  readonly stdinTaken: boolean;
}

/**
 * Draws until the reader quits. Ink restores the terminal on every exit that a process can see: quit, signal, exception.
 */
export async function runScreen({ stdinTaken, mouse, ...props }: ScreenOptions): Promise<void> {
  // Without its terminal, the screen exits.
  process.stdout.on('error', () => process.exit(0));
  const input = new TerminalInput(stdinTaken ? new tty.ReadStream(fs.openSync('/dev/tty', 'r')) : process.stdin);
  const write = (sequence: string): void => void process.stdout.write(sequence);
  const setMouse = mouse ? mouseSwitch(write) : null;
  const app = <App {...props} write={write} onTerminalEvent={input.subscribe} />;
  const { waitUntilExit } = render(
    <JobControl mouse={setMouse}>{setMouse === null ? app : <MouseModes set={setMouse}>{app}</MouseModes>}</JobControl>,
    {
      // Of a stream Ink uses what `TerminalInput` has.
      stdin: input as unknown as NodeJS.ReadStream,
      alternateScreen: true,
      incrementalRendering: true,
      exitOnCtrlC: false,
      // The caller checked for a terminal; Ink would also check for CI.
      interactive: true,
      maxFps: 20,
    },
  );
  await waitUntilExit();
}
