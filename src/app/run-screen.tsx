import fs from 'node:fs';
import tty from 'node:tty';
import { render } from 'ink';
import type { ReactNode } from 'react';
import { App, type AppProps } from './app.tsx';
import { JobControl } from './job-control.tsx';
import { ReplayApp, type ReplayProps } from './replay-app.tsx';

export interface ScreenOptions extends Omit<AppProps, 'write'> {
  /** Standard input carries Samples: the keys come from the terminal itself. */
  readonly stdinTaken: boolean;
}

/** Runs the live screen until it is quit. */
export async function runScreen({ stdinTaken, ...props }: ScreenOptions): Promise<void> {
  await run((write) => <App {...props} write={write} />, stdinTaken);
  // What is recorded is still on its way to the file.
  await props.recorder?.close();
}

/** Runs the screen over a recording until it is quit. */
export async function runReplay(props: Omit<ReplayProps, 'write'>): Promise<void> {
  await run((write) => <ReplayApp {...props} write={write} />, false);
}

/**
 * Draws until the screen is quit. The terminal is restored by Ink on every way out that a process can see: quit, signals, an
 * exception.
 */
async function run(draw: (write: (sequence: string) => void) => ReactNode, stdinTaken: boolean): Promise<void> {
  // A terminal that went away takes the screen with it.
  process.stdout.on('error', () => process.exit(0));
  const stdin = stdinTaken ? new tty.ReadStream(fs.openSync('/dev/tty', 'r')) : process.stdin;
  const { waitUntilExit } = render(<JobControl>{draw((sequence) => process.stdout.write(sequence))}</JobControl>, {
    stdin,
    alternateScreen: true,
    incrementalRendering: true,
    exitOnCtrlC: false,
    // The caller made sure of a terminal; Ink would also ask whether this is a CI machine.
    interactive: true,
    maxFps: 20,
  });
  await waitUntilExit();
}
