import fs from 'node:fs';
import tty from 'node:tty';
import { render } from 'ink';
import { App, type AppProps } from './app.tsx';
import { JobControl } from './job-control.tsx';

export interface ScreenOptions extends Omit<AppProps, 'write'> {
  /** Standard input carries samples, so keys are read from the terminal. */
  readonly stdinTaken: boolean;
}

/**
 * Draws until the reader quits. Ink restores the terminal on every exit that a process can see: quit, signal, exception.
 */
export async function runScreen({ stdinTaken, ...props }: ScreenOptions): Promise<void> {
  // Without its terminal, the screen exits.
  process.stdout.on('error', () => process.exit(0));
  const stdin = stdinTaken ? new tty.ReadStream(fs.openSync('/dev/tty', 'r')) : process.stdin;
  const { waitUntilExit } = render(
    <JobControl>
      <App {...props} write={(sequence) => process.stdout.write(sequence)} />
    </JobControl>,
    {
      stdin,
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
