import fs from 'node:fs';
import tty from 'node:tty';
import { render } from 'ink';
import { App, type AppProps } from './app.tsx';
import { JobControl } from './job-control.tsx';

export interface ScreenOptions extends Omit<AppProps, 'write'> {
  /** Standard input carries Samples: the keys come from the terminal itself. */
  readonly stdinTaken: boolean;
}

/**
 * Draws until the screen is quit. The terminal is restored by Ink on every way out that a process can see: quit, signals, an
 * exception.
 */
export async function runScreen({ stdinTaken, ...props }: ScreenOptions): Promise<void> {
  // A terminal that went away takes the screen with it.
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
      // The caller made sure of a terminal; Ink would also ask whether this is a CI machine.
      interactive: true,
      maxFps: 20,
    },
  );
  await waitUntilExit();
}
