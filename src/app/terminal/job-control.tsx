import { useApp, useInput } from 'ink';
import { type ReactNode, useEffect, useRef } from 'react';
import type { SetMouse } from './mouse-modes.tsx';

interface JobControlProps {
  /** Null without reports of the mouse. */
  readonly mouse: SetMouse | null;
  readonly children: ReactNode;
}

/**
 * Ctrl-Z and SIGTSTP: restores the terminal, stops the process, and redraws after `fg` (SIGCONT). In raw mode Ctrl-Z is
 * only a character, and a process stopped by the kernel leaves the terminal raw, without cursor, on the alternate screen.
 */
export function JobControl({ mouse, children }: JobControlProps): ReactNode {
  const { suspendTerminal } = useApp();
  const isStopping = useRef(false);

  const stop = (): void => {
    if (isStopping.current) return;
    isStopping.current = true;
    const stopped = async (): Promise<void> => {
      const resumed = new Promise<void>((resolve) => process.once('SIGCONT', () => resolve()));
      mouse?.(false);
      process.kill(process.pid, 'SIGSTOP');
      await resumed;
      mouse?.(true);
    };
    void suspendTerminal(stopped).finally(() => {
      isStopping.current = false;
    });
  };

  useInput((input, key) => {
    if (key.ctrl && input === 'z') stop();
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: once; what it uses does not change
  useEffect(() => {
    process.on('SIGTSTP', stop);
    return () => void process.off('SIGTSTP', stop);
  }, []);
  return children;
}
