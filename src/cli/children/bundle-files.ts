import { readNodeFiles } from '../../capture/bundle/node-files.ts';
import type { ReaderOrder } from '../../capture/bundle/node-reader.ts';
import { World } from '../../collect/world.ts';
import type { CollectOptions } from '../options/options.ts';

/** The child of `bundle`: reads the files listed on standard input, and writes a line of JSON before and after each. */
export async function bundleFiles({ procfs, sysfs, rootfs }: CollectOptions): Promise<void> {
  let order = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) order += chunk;
  const { wanted, skip } = JSON.parse(order) as ReaderOrder;
  for (const line of readNodeFiles(new World({ procfs, sysfs, rootfs }), wanted, new Set(skip))) {
    // The line must be in the pipe before the next read, which may hang.
    process.stdout.write(`${JSON.stringify(line)}\n`);
  }
}
