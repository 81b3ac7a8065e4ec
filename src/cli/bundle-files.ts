import { readNodeFiles } from '../capture/bundle/node-files.ts';
import type { ReaderOrder } from '../capture/bundle/node-reader.ts';
import { World } from '../collect/world.ts';
import type { CollectOptions } from './options.ts';

/** What `bundle` runs as its child: reads the files that standard input asks for, a line of JSON before and after each. */
export async function bundleFiles({ procfs, sysfs, rootfs }: CollectOptions): Promise<void> {
  let order = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) order += chunk;
  const { wanted, skip } = JSON.parse(order) as ReaderOrder;
  for (const line of readNodeFiles(new World({ procfs, sysfs, rootfs }), wanted, new Set(skip))) {
    // A pipe takes it before the next read begins, which may never end.
    process.stdout.write(`${JSON.stringify(line)}\n`);
  }
}
