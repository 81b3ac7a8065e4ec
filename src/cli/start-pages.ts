import path from 'node:path';
import sea from 'node:sea';

/**
 * The function that unmaps the pages of files that this process has not changed (bin/pages/unmap.c); null where there is none. The runtime
 * maps 42 MiB of its file, half of them to start and to load the program. Unmapped, they are page cache that the kernel can
 * take at once where memory is short.
 *
 * Loaded at the start, with the program: a disk that does not respond later must not stop it.
 */
export function loadUnmap(): (() => void) | null {
  // It has no file of its own to load, and what lies beside it may be anyone's.
  if (sea.isSea()) return null;
  const here = import.meta.dirname;
  // In the bundle it lies beside the program.
  const folder = import.meta.filename.endsWith('.ts') ? path.join(here, '../../bin/pages') : here;
  const addon: { exports: unknown } = { exports: {} };
  try {
    process.dlopen(addon, path.join(folder, `unmap-${process.arch}.node`));
  } catch {
    // Another machine, a filesystem from which nothing may be executed, or a runtime without addons.
    return null;
  }
  const { exports: unmap } = addon;
  return typeof unmap === 'function' ? () => void unmap() : null;
}
