import { Child } from '../../child/child.ts';

// On a node with a load of hundreds a program takes longer than ten seconds to start.
const deadlineMs = 30_000;

/**
 * Writes a file in a child process: the disk may be the one that hangs.
 *
 * @param command starts the program that writes its standard input to the file whose path is added
 * @returns rejects with the reason
 */
export function writeFile(command: readonly string[], file: string, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = new Child({
      command: [...command, file],
      hasInput: true,
      deadlineMs,
      onEnd: ({ kind, code, error, complaint }) => {
        if (code === 0) resolve();
        else if (kind === 'deadline') reject(new Error(`${file} was not written within 30s`));
        else reject(error ?? new Error(complaint ?? `${file} cannot be written`));
      },
    });
    child.write(text);
    child.endInput();
  });
}
