import { type ReactNode, useInsertionEffect } from 'react';
import { startProgram } from '../../child/start.ts';
import { killedScript } from './killed-script.ts';

/**
 * Says in one line that the screen was killed, and by what. A process that SIGKILL ends can neither say so nor restore the terminal, so a small
 * one waits beside the screen. Without a shell, or where the kernel starts no process, there is none.
 */
export function KilledNotice({ children }: { readonly children: ReactNode }): ReactNode {
  useInsertionEffect(() => {
    const end = startWaiting();
    // An exit that unmounts nothing ends it as well.
    process.on('exit', end);
    return () => {
      process.off('exit', end);
      end();
    };
  }, []);
  return children;
}

/** @returns ends it */
function startWaiting(): () => void {
  // A session of its own: Ctrl-C and Ctrl-Z are for the screen, and it may set a terminal that is not its own (tcsetattr(3), SIGTTOU).
  const child = startProgram(['/bin/sh', '-c', killedScript, 'rtwatch'], {
    stdio: ['pipe', 'inherit', 'inherit'],
    detached: true,
  });
  child.on('error', () => {});
  child.stdin?.on('error', () => {});
  child.unref();
  return () => void child.kill('SIGKILL');
}
