import { runTerminal } from '../run-screen.tsx';
import type { TerminalProps } from '../terminal/terminal-props.ts';
import { RemoteApp, type RemoteAppProps } from './remote-app.tsx';

interface RemoteScreen extends Omit<RemoteAppProps, keyof TerminalProps> {
  /** The terminal reports presses and the wheel of the mouse. */
  readonly mouse: boolean;
}

/** The screen of several nodes, until the reader quits. */
export async function runRemote({ mouse, ...props }: RemoteScreen): Promise<void> {
  await runTerminal((terminal) => <RemoteApp {...props} {...terminal} />, { mouse, stdinTaken: false });
}
