import fs from 'node:fs';
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
  const addon: { exports: unknown } = { exports: {} };
  try {
    process.dlopen(addon, sea.isSea() ? heldFile() : besideProgram());
  } catch {
    // Another machine, a filesystem from which nothing may be executed, or a runtime without addons.
    return null;
  }
  const { exports: unmap } = addon;
  return typeof unmap === 'function' ? () => void unmap() : null;
}

/** In the bundle it lies beside the program. */
function besideProgram(): string {
  const here = import.meta.dirname;
  const folder = import.meta.filename.endsWith('.ts') ? path.join(here, '../../../bin/pages') : here;
  return path.join(folder, `unmap-${process.arch}.node`);
}

/**
 * The executable's start code holds each library in a file without a name, and the addon as the last of them (bin/release/start/start.c). What lies
 * beside the executable may be anyone's.
 */
function heldFile(): string {
  const folder = '/proc/self/fd';
  const held = fs
    .readdirSync(folder)
    .filter((fd) => /^\/memfd:rtwatch-library|\/\.rtwatch-/.test(linkOf(`${folder}/${fd}`)));
  return `${folder}/${Math.max(...held.map(Number))}`;
}

/** Empty for a descriptor that is closed by now. */
function linkOf(file: string): string {
  try {
    return fs.readlinkSync(file);
  } catch {
    return '';
  }
}
