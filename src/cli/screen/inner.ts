/** Set for a screen that another one opened, and that returns to it. */
export const isInnerVariable = 'RTWATCH_INNER';

/**
 * Waits until the stream has something to read: until then ssh may ask for a password on the terminal.
 *
 * @returns false if it ended without anything
 */
export function hasInput(input: NodeJS.ReadableStream): Promise<boolean> {
  return new Promise((resolve) => {
    const done = (found: boolean): void => {
      input.off('readable', readable);
      input.off('end', end);
      input.off('error', end);
      resolve(found);
    };
    const readable = (): void => {
      const chunk = input.read();
      // At the end of the stream nothing is read.
      if (chunk === null) return;
      input.unshift(chunk);
      done(true);
    };
    const end = (): void => done(false);
    input.on('readable', readable);
    input.on('end', end);
    input.on('error', end);
  });
}
