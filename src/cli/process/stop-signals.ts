import { exitCodes } from './exit-codes.ts';

const interrupted = 130;

/** Calls `stop` with the exit code when a signal asks this process to stop. A second signal does not wait for the disk. */
export function onStopSignal(stop: (exitCode: number) => void): void {
  let isStopping = false;
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      const exitCode = signal === 'SIGINT' ? interrupted : exitCodes.ok;
      if (isStopping) process.exit(exitCode);
      isStopping = true;
      stop(exitCode);
    });
  }
}
