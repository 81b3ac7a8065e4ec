import fs from 'node:fs';

/** open(2) of the name alone: nothing is opened yet, so a device does nothing and a FIFO does not wait. Not among Node's constants. */
export const pathOnly = 0o10_000_000;

/** What a descriptor leads to, again: whatever is put in its place meanwhile is not opened. */
export const pathOf = (fd: number): string => `/proc/self/fd/${fd}`;

/**
 * Opens a file whose path another process chose, if it is a regular one: opening /dev/watchdog restarts the node, and a container may
 * make any device.
 *
 * @returns a descriptor; null for anything else
 * @throws the error of open(2), with its `code`
 */
export function openRegular(path: string, flags = 0): number | null {
  const { O_RDONLY, O_NONBLOCK, O_NOCTTY } = fs.constants;
  const name = fs.openSync(path, pathOnly | flags);
  try {
    return fs.fstatSync(name).isFile() ? fs.openSync(pathOf(name), O_RDONLY | O_NONBLOCK | O_NOCTTY) : null;
  } finally {
    fs.closeSync(name);
  }
}

/**
 * The text of such a file.
 *
 * @returns null when it is longer than `maxBytes`; nothing of what has no size: reading /proc/kmsg takes the lines from others
 * @throws the error of open(2) or read(2), with its `code`
 */
export function readRegular(path: string, maxBytes = 1024 * 1024): string | null {
  const fd = openRegular(path);
  if (fd === null) return null;
  try {
    const { size } = fs.fstatSync(fd);
    if (size > maxBytes) return null;
    const buffer = Buffer.alloc(size);
    let length = 0;
    while (length < size) {
      const got = fs.readSync(fd, buffer, length, size - length, null);
      if (got === 0) break;
      length += got;
    }
    return buffer.toString('utf8', 0, length);
  } finally {
    fs.closeSync(fd);
  }
}
