import { runTerminal } from '../run-screen.tsx';
import type { TerminalProps } from '../terminal/terminal-props.ts';
import { FleetApp, type FleetAppProps } from './fleet-app.tsx';

interface FleetScreen extends Omit<FleetAppProps, keyof TerminalProps> {
  /** The terminal reports presses and the wheel of the mouse. */
  readonly mouse: boolean;
}

/** The screen of all nodes, until the reader quits. */
export async function runFleet({ mouse, ...props }: FleetScreen): Promise<void> {
  await runTerminal((terminal) => <FleetApp {...props} {...terminal} />, { mouse, stdinTaken: false });
}
